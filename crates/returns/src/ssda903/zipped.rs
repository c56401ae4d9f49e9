//! A return in one zip file: the CSV files of this year, and last year's in a
//! folder "prev". What a zip file says of its own sizes is not believed.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::read::Named;

/// The most that the files of one zip may hold together, unpacked.
pub const MOST_BYTES: u64 = 512 << 20;
/// The most files that one zip may hold.
const MOST_FILES: usize = 1_000;

/// Whether these bytes are the beginning of a zip file.
pub fn is_zip(beginning: &[u8]) -> bool {
    beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"PK\x05\x06")
}

/// Whether a name with folders is that of a file of last year: it lies in a
/// folder "prev".
pub fn is_last_years(name: &str) -> bool {
    let mut folders = name.split(['/', '\\']).rev().skip(1);
    folders.any(|folder| folder.eq_ignore_ascii_case("prev"))
}

/// Unpacks a zip file in memory: this year's files and last year's.
///
/// # Errors
/// It is no whole zip file, is locked with a password, or holds more than
/// [`MOST_BYTES`]; says what to do.
pub fn unpack(bytes: &[u8]) -> Result<(Vec<Named>, Vec<Named>), String> {
    let broken = |error: &dyn std::fmt::Display| {
        format!("The zip file cannot be read ({error}): make it again, without a password")
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > MOST_FILES {
        return Err(format!(
            "The zip file holds {} files: put only the files of one return in it",
            archive.len()
        ));
    }
    let (mut this, mut last) = (Vec::new(), Vec::new());
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|e| broken(&e))?;
        let name = file.name().map_err(|e| broken(&e))?.into_owned();
        let wanted = [".csv", ".xml"]
            .iter()
            .any(|end| name.to_ascii_lowercase().ends_with(end));
        // What Apple's computers put beside each file.
        let shadow = name.split('/').any(|part| part == "__MACOSX");
        if file.is_dir() || !wanted || shadow {
            continue;
        }
        let content = limited(&mut file, left).map_err(|e| broken(&e))?;
        let Some(content) = content else {
            return Err("The zip file holds more than 512 MB: this is no return".to_owned());
        };
        left -= content.len() as u64;
        let old = is_last_years(&name);
        let own = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        let name = if old {
            format!("prev/{own}")
        } else {
            own.to_owned()
        };
        if old { &mut last } else { &mut this }.push(Named { name, content });
    }
    if this.is_empty() {
        return Err("The zip file holds no CSV or XML file of this year's return".to_owned());
    }
    Ok((this, last))
}

/// What a reader gives, if it is no more than so many bytes.
fn limited(source: &mut impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    source.take(most + 1).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= most).then_some(content))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn this_years_and_last_years_files_are_told_apart() {
        let bytes = zipped(&[
            ("2026/header.csv", b"CHILD\n"),
            ("2026/prev/header.csv", b"CHILD,SEX\n"),
            ("2026/notes.txt", b"not of the return"),
            ("__MACOSX/2026/header.csv", b"\0\0"),
        ]);
        assert!(is_zip(&bytes));
        let (this, last) = unpack(&bytes).unwrap();
        assert_eq!((this.len(), last.len()), (1, 1));
        assert_eq!(this[0].name, "header.csv");
        assert_eq!(last[0].name, "prev/header.csv");
        assert_eq!(last[0].content, b"CHILD,SEX\n");
    }

    #[test]
    fn what_is_no_return_is_refused_in_words() {
        let none = unpack(&zipped(&[("a.txt", b"x")])).unwrap_err();
        assert!(none.contains("no CSV or XML"), "{none}");
        let whole = zipped(&[("header.csv", b"CHILD\n1\n")]);
        let cut = unpack(&whole[..whole.len() / 2]).unwrap_err();
        assert!(cut.contains("cannot be read"), "{cut}");
        assert!(limited(&mut io::repeat(b'x'), 10).unwrap().is_none());
    }
}
