//! XML as a plain run of nodes with names, texts and places. Knows nothing of
//! the census; keeps what goes wrong as problems and can pick up again at the
//! next child after something that is no XML.

use std::collections::HashMap;
use std::io::Read;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::core::problem::{Place, Problem};
use crate::core::source::{Encoding, Source};

/// How many problems of one kind are kept with their places.
const KEEP_OF_A_KIND: u32 = 50;

/// What comes next. Its name or text stands in [`Events`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    Start,
    End,
    Text,
    Eof,
}

/// The piece being read cannot be understood; the problem is noted.
#[derive(Debug)]
pub(super) struct Broken;

/// The nodes of a file.
pub(super) struct Events<R: Read> {
    file: String,
    reader: Option<Reader<Source<R>>>,
    buffer: Vec<u8>,
    /// The name of the element that starts or ends, without prefix.
    pub name: String,
    /// The text of a text node.
    pub text: String,
    /// Where the node begins.
    pub at: (u64, u64),
    pub problems: Vec<Problem>,
    pub more_problems: u64,
    kinds: HashMap<String, u32>,
    finished: bool,
}

impl<R: Read> Events<R> {
    pub fn new(file: &str, inner: R) -> Self {
        Self {
            file: file.to_owned(),
            reader: Some(fresh(Source::new(inner))),
            buffer: Vec::new(),
            name: String::new(),
            text: String::new(),
            at: (1, 1),
            problems: Vec::new(),
            more_problems: 0,
            kinds: HashMap::new(),
            finished: false,
        }
    }

    /// Notes a problem at the present node. Problems of one kind are kept up
    /// to a number and counted after that; those that stop reading always.
    pub fn problem(&mut self, kind: &str, stops: bool, message: String) {
        self.problem_at(self.at, kind, stops, message);
    }

    fn problem_at(&mut self, at: (u64, u64), kind: &str, stops: bool, message: String) {
        let seen = self.kinds.entry(kind.to_owned()).or_default();
        *seen += 1;
        if *seen > KEEP_OF_A_KIND && !(stops && *seen < 1000) {
            self.more_problems += 1;
            return;
        }
        self.problems.push(Problem {
            place: Place {
                file: self.file.clone(),
                line: at.0,
                column: at.1,
            },
            message,
            stops,
        });
    }

    /// The next node. Comments, instructions and blank text are passed over.
    pub fn next(&mut self) -> Result<Node, Broken> {
        loop {
            let Some(reader) = self.reader.as_mut() else {
                return Ok(Node::Eof);
            };
            reader.get_mut().mark();
            self.at = reader.get_ref().position();
            self.buffer.clear();
            let event = match reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => {
                    let message = in_words(&error);
                    self.problem("xml", true, message);
                    return Err(Broken);
                }
            };
            let name = &mut self.name;
            let text = &mut self.text;
            let told = match event {
                Event::Start(start) => {
                    name.clear();
                    name.push_str(start.local_name().as_ref());
                    let prefixed = start.name().as_ref().contains(':');
                    if !prefixed && !start.attributes_raw().contains("xmlns") {
                        return Ok(Node::Start);
                    }
                    Told::Namespace
                }
                Event::End(end) => {
                    name.clear();
                    name.push_str(end.local_name().as_ref());
                    return Ok(Node::End);
                }
                Event::Text(piece) => {
                    text.clear();
                    text.push_str(&piece.xml10_content());
                    return Ok(Node::Text);
                }
                Event::CData(piece) => {
                    text.clear();
                    text.push_str(&piece.xml10_content());
                    return Ok(Node::Text);
                }
                Event::GeneralRef(reference) => {
                    text.clear();
                    if let Ok(Some(letter)) = reference.resolve_char_ref() {
                        text.push(letter);
                        return Ok(Node::Text);
                    }
                    let known = match reference.xml10_content().as_ref() {
                        "amp" => Ok('&'),
                        "lt" => Ok('<'),
                        "gt" => Ok('>'),
                        "quot" => Ok('"'),
                        "apos" => Ok('\''),
                        other => Err(other.to_owned()),
                    };
                    match known {
                        Ok(letter) => {
                            text.push(letter);
                            return Ok(Node::Text);
                        }
                        Err(other) => Told::Entity(other),
                    }
                }
                Event::Decl(declaration) => match declaration.encoding() {
                    Some(Ok(encoding)) if !encoding.eq_ignore_ascii_case("utf-8") => {
                        Told::Declared(encoding.into_owned())
                    }
                    _ => continue,
                },
                Event::Eof => return Ok(Node::Eof),
                _ => continue,
            };
            match told {
                Told::Namespace => {
                    let message = format!(
                        "<{}> carries a namespace. The census has none: leave out xmlns and prefixes",
                        self.name
                    );
                    if !self.kinds.contains_key("namespace") {
                        self.problem("namespace", false, message);
                    }
                    return Ok(Node::Start);
                }
                Told::Entity(entity) => {
                    self.text = format!("&{entity};");
                    let message = format!("&{entity}; is not known here. Write & itself as &amp;");
                    self.problem("entity", false, message);
                    return Ok(Node::Text);
                }
                Told::Declared(encoding) => {
                    let message = format!(
                        "The file says that it is written in {encoding}. The census wants UTF-8: export it so"
                    );
                    self.problem("declared", false, message);
                }
            }
        }
    }

    /// Passes over everything until the next `<Child>`. `false` at the end.
    pub fn skip_to_child(&mut self) -> bool {
        let Some(reader) = self.reader.take() else {
            return false;
        };
        let mut source = reader.into_inner();
        match source.skip_to(b"<Child>") {
            Ok(found) => {
                self.reader = Some(fresh(source));
                found
            }
            Err(error) => {
                self.problem_at(
                    source.position(),
                    "file",
                    true,
                    format!("The file cannot be read further: {error}"),
                );
                false
            }
        }
    }

    /// Notes what only the end shows: the encoding.
    pub fn finish(&mut self) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        let Some(source) = self.reader.as_ref().map(Reader::get_ref) else {
            return;
        };
        let (odd, first, encoding) = (source.odd, source.first_odd, source.encoding());
        if let Some(first) = first {
            let message = format!(
                "Here begin characters that are not UTF-8 (count: {odd}); they were read as Windows-1252. Export the file as UTF-8"
            );
            self.problem_at(first, "odd", false, message);
        }
        if encoding != Encoding::Utf8 {
            let message = "The file is written in UTF-16. The census wants UTF-8: export it so";
            self.problem_at((1, 1), "utf16", false, message.to_owned());
        }
    }
}

enum Told {
    Namespace,
    Entity(String),
    Declared(String),
}

fn fresh<R: Read>(source: Source<R>) -> Reader<Source<R>> {
    let mut reader = Reader::from_reader(source);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

/// The library's error in words for an analyst.
fn in_words(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            "More than 1 MB here without a new tag: this cannot be a census. Look for a missing < or a file glued in".to_owned()
        }
        quick_xml::Error::Io(error) => format!("The file cannot be read further: {error}"),
        other => format!("This is no XML from here: {other}. Look for a missing < or > or a file that was cut short"),
    }
}
