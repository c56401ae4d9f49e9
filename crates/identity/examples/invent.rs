//! Writes invented records with their truth: `invent CHILDREN SEED NOISE FOLDER`.

use std::io::{BufWriter, Write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let (n, seed, noise): (usize, u64, f64) =
        (args[1].parse()?, args[2].parse()?, args[3].parse()?);
    identity::invent::write_records(std::path::Path::new(&args[4]), n, seed, noise)?;
    BufWriter::new(std::io::stdout()).write_all(b"done\n")?;
    Ok(())
}
