//! Reads the XML form of the SSDA903 (root EXPSSDA903, one CHILD element a
//! child) into the same tables as the CSV files, event by event, without
//! keeping the document. Social workers and deprivation of liberty have no
//! place in the XML: their tables stay absent.

use std::io::{self, BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::child::Tables;
use super::csv_in::damage;
use super::data::TableData;
use super::tables::{Field, Table};
use super::troubles::Troubles;

/// Groups of HEADER that are rows of a table of their own.
const GROUPS: [(&str, Table); 5] = [
    ("AREVIEW", Table::Reviews),
    ("OC2", Table::OC2),
    ("PERMANENCE", Table::PrevPerm),
    ("AMISSING", Table::Missing),
    ("AD_PLACED", Table::PlacedAdoption),
];

/// One CHILD element as it is read.
#[derive(Default)]
struct Element {
    header: Vec<(Field, String)>,
    groups: Vec<(Table, Vec<(Field, String)>)>,
}

/// The most that may stand between two tags.
const LONGEST_TEXT: usize = 8 << 20;

/// Reads a document. What stands before a fault is kept.
pub fn read(file: &str, source: impl Read, last: bool, troubles: &mut Troubles) -> Tables {
    let mut tables: Tables = Tables::default();
    for table in Table::ALL {
        if !matches!(table, Table::SWEpisodes | Table::DoLo) {
            let mut data = TableData::complete(table, last);
            if table == Table::Header {
                data.now_has(Field::UASC);
            }
            tables[table as usize] = Some(data);
        }
    }
    let mut reader = Reader::from_reader(BufReader::new(Bounded { source, run: 0 }));
    let mut buffer = Vec::new();
    let mut line = 1u64;
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut child: Option<Element> = None;
    let mut root = false;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => {
                troubles.stop(
                    file,
                    line,
                    format!("This is not well-formed XML: {error}. What came before was read"),
                );
                break;
            }
        };
        let place = (file, line, 0);
        line += inside(&event).matches('\n').count() as u64;
        match event {
            Event::Start(tag) => {
                let name = local(tag.name().as_ref());
                if path.is_empty() {
                    root = true;
                    if name != "EXPSSDA903" {
                        troubles.note("root", place, || {
                            format!("The document begins with \"{name}\", not with EXPSSDA903: is it an SSDA903 return?")
                        });
                    }
                }
                match name.as_str() {
                    "CHILD" if path.len() == 1 => child = Some(Element::default()),
                    "EPISODE" => open(&mut child, Table::Episodes),
                    name => {
                        if let Some((_, table)) = GROUPS.iter().find(|(group, _)| *group == name) {
                            open(&mut child, *table);
                        }
                    }
                }
                value.clear();
                path.push(name);
            }
            Event::Text(piece) => value.push_str(&piece),
            Event::CData(piece) => value.push_str(&piece),
            Event::GeneralRef(name) => value.push(entity(&name)),
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                if name == "CHILD" && path.len() == 1 {
                    if let Some(child) = child.take() {
                        keep(child, &mut tables);
                    }
                } else if let Some(child) = &mut child {
                    close(child, &name, &path, value.trim(), place, troubles);
                }
                value.clear();
            }
            Event::Eof => {
                if !path.is_empty() || !root {
                    troubles.stop(file, line, "The document ends too early: part of it is missing. What came before was read".to_owned());
                }
                break;
            }
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
    if let Some(child) = child {
        keep(child, &mut tables);
    }
    for data in tables.iter_mut().flatten() {
        data.shrink();
    }
    tables
}

/// What stands between the marks of an event.
fn inside<'e>(event: &'e Event<'_>) -> &'e str {
    match event {
        Event::Start(tag) | Event::Empty(tag) => tag,
        Event::End(tag) => tag,
        Event::Text(text) | Event::Comment(text) | Event::DocType(text) => text,
        Event::CData(text) => text,
        Event::PI(text) => text,
        Event::Decl(_) | Event::GeneralRef(_) | Event::Eof => "",
    }
}

/// A source that refuses to bring eight megabytes without a tag.
struct Bounded<R> {
    source: R,
    run: usize,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.run = match buffer[..count].iter().rposition(|c| *c == b'<') {
            Some(at) => count - at,
            None => self.run + count,
        };
        if self.run > LONGEST_TEXT {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "eight megabytes without a tag",
            ));
        }
        Ok(count)
    }
}

fn local(name: &str) -> String {
    name.rsplit(':')
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase()
}

fn entity(name: &str) -> char {
    match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => '\u{fffd}',
    }
}

fn open(child: &mut Option<Element>, table: Table) {
    if let Some(child) = child {
        child.groups.push((table, Vec::new()));
    }
}

fn close(
    child: &mut Element,
    name: &str,
    path: &[String],
    value: &str,
    place: (&str, u64, u64),
    troubles: &mut Troubles,
) {
    let parent = path.last().map_or("", String::as_str);
    let in_group = parent == "EPISODE" || GROUPS.iter().any(|(group, _)| *group == parent);
    let container =
        matches!(name, "HEADER" | "EPISODE") || GROUPS.iter().any(|(group, _)| *group == name);
    if container || value.is_empty() {
        return;
    }
    let Some(field) = Field::from_name(name) else {
        troubles.note("unknown element", place, || {
            format!("The element {name} does not belong here and was not read")
        });
        return;
    };
    damage(field, value, place, troubles);
    match child.groups.last_mut() {
        Some((_, fields)) if in_group => fields.push((field, value.to_owned())),
        _ => child.header.push((field, value.to_owned())),
    }
}

/// Makes rows of a child.
fn keep(child: Element, tables: &mut Tables) {
    let value = |field: Field| {
        let found = child.header.iter().find(|(known, _)| *known == field);
        found.map(|(_, value)| value.as_str())
    };
    let mut row = |table: Table, own: &[(Field, String)]| {
        if let Some(data) = &mut tables[table as usize] {
            let row = data.push();
            let columns = table.columns().iter().chain(table.extra_columns());
            for field in columns.filter(|field| !field.is_derived()) {
                let own = own.iter().find(|(known, _)| known == field);
                let value = own
                    .map(|(_, value)| value.as_str())
                    .or_else(|| value(*field));
                // A value too long for its cell keeps its beginning.
                if data.set(row, *field, value.unwrap_or_default()).is_err() {
                    continue;
                }
            }
        }
    };
    row(Table::Header, &[]);
    let some = |fields: &[Field]| fields.iter().any(|field| value(*field).is_some());
    use Field::*;
    if value(UASC) == Some("1") || value(DUC).is_some() {
        row(Table::UASC, &[]);
    }
    if some(&[IN_TOUCH, ACTIV, ACCOM]) {
        row(Table::OC3, &[]);
    }
    if some(&[
        DATE_INT,
        DATE_MATCH,
        FOSTER_CARE,
        NB_ADOPTR,
        SEX_ADOPTR,
        LS_ADOPTR,
    ]) {
        row(Table::AD1, &[]);
    }
    for (table, own) in &child.groups {
        row(*table, own);
    }
}
