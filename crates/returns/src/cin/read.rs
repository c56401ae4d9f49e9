//! Reads a census message child by child, whatever state it is in.
//!
//! What is wrong is noted with line and column, and reading goes on: a
//! doubled or unknown element is passed over, a date in another shape is
//! understood, and a child that is no XML loses itself and no other.

use std::io::Read;

use super::model::{Child, Date, Header, Message, Text};
use super::read_records::Part;
use super::xml::{Broken, Events, Node};
use crate::core::dates::{Shape, any_shape, iso};
use crate::core::problem::Problem;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Outside,
    Message,
    Children,
    Done,
}

/// How many records of each table were begun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Children, and so rows of ChildIdentifiers.
    pub identifiers: usize,
    /// Rows of ChildCharacteristics.
    pub characteristics: usize,
    /// Rows of Disabilities.
    pub disabilities: usize,
    /// Rows of CINdetails.
    pub details: usize,
    /// Rows of Assessments.
    pub assessments: usize,
    /// Rows of AssessmentFactorsList.
    pub factors: usize,
    /// Rows of CINplanDates.
    pub plans: usize,
    /// Rows of Section47.
    pub section47: usize,
    /// Rows of ChildProtectionPlans.
    pub protection: usize,
    /// Rows of Reviews.
    pub reviews: usize,
}

/// Reads one message.
pub struct Reader<R: Read> {
    pub(super) events: Events<R>,
    level: Level,
    header: Option<Header>,
    pub(super) counts: Counts,
    children: u64,
}

impl<R: Read> Reader<R> {
    /// Begins to read; `file` is the name for problems.
    pub fn new(file: &str, inner: R) -> Self {
        Self {
            events: Events::new(file, inner),
            level: Level::Outside,
            header: None,
            counts: Counts::default(),
            children: 0,
        }
    }

    /// The header, known once the first child was asked for.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// How many records were begun so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// What went wrong, with the number of problems of the same kinds beyond
    /// those kept.
    pub fn into_problems(mut self) -> (Vec<Problem>, u64) {
        self.events.finish();
        let mut problems = self.events.problems;
        problems.sort_by(|a, b| a.place.cmp(&b.place));
        (problems, self.events.more_problems)
    }

    /// The next child that can be understood; `None` at the end.
    pub fn next_child(&mut self) -> Option<Child> {
        while self.level != Level::Done {
            match self.step() {
                Ok(Some(child)) => {
                    self.children += 1;
                    return Some(child);
                }
                Ok(None) => {}
                Err(Broken) => {
                    self.level = if self.events.skip_to_child() {
                        Level::Children
                    } else {
                        Level::Done
                    };
                }
            }
        }
        if self.children == 0 && self.events.problems.is_empty() {
            let message = "There is no <Child> in this message: was the right file exported?";
            self.events.problem("empty", true, message.to_owned());
        }
        None
    }

    fn step(&mut self) -> Result<Option<Child>, Broken> {
        let node = self.events.next()?;
        let name = self.events.name.as_str();
        match (self.level, node) {
            (Level::Outside, Node::Start) if name == "Message" => self.level = Level::Message,
            (Level::Outside, Node::Start) => {
                let message = format!(
                    "The file begins with <{name}>. A CIN census begins with <Message>: was the right file exported?"
                );
                self.events.problem("root", true, message);
                return Err(Broken);
            }
            (Level::Outside, Node::Text) if !self.events.text.trim().is_empty() => {
                let what = if self.events.text.starts_with("PK") {
                    "This is a spreadsheet or a zip file and no XML. Export the census as XML"
                } else {
                    "This is no XML: it does not begin with <. Export the census as XML"
                };
                self.events.problem("not xml", true, what.to_owned());
                return Err(Broken);
            }
            (Level::Outside, Node::Eof) => {
                let message = "The file is empty: export the census again";
                self.events.problem("empty", true, message.to_owned());
                self.level = Level::Done;
            }
            (Level::Message, Node::Start) => match name {
                "Header" => {
                    if self.children > 0 {
                        let message = "The header stands after the children; it must come first";
                        self.events.problem("order", false, message.to_owned());
                    }
                    let header = self.read_header()?;
                    if self.header.is_some() {
                        let message = "There is a second <Header>; the first one counts";
                        self.events.problem("doubled", false, message.to_owned());
                    } else {
                        self.header = Some(header);
                    }
                }
                "Children" => self.level = Level::Children,
                _ => self.unknown("Message")?,
            },
            (Level::Message, Node::End) => self.level = Level::Done,
            (Level::Children, Node::Start) => match name {
                "Child" => return self.read_child().map(Some),
                _ => self.unknown("Children")?,
            },
            (Level::Children, Node::End) if name == "Message" => {
                let message = "</Children> is missing before </Message>";
                self.events.problem("end", true, message.to_owned());
                self.level = Level::Done;
            }
            (Level::Children, Node::End) => self.level = Level::Message,
            (Level::Message | Level::Children, Node::Eof) => {
                let place = if self.level == Level::Message {
                    "Message"
                } else {
                    "Children"
                };
                self.cut_short(place);
                self.level = Level::Done;
            }
            (Level::Message | Level::Children, Node::Text) => self.stray("Message"),
            (Level::Outside, _) | (Level::Done, _) => {}
        }
        Ok(None)
    }

    fn cut_short(&mut self, inside: &str) {
        let message = format!(
            "The file ends in the middle of <{inside}>: it was cut short. Export it again; what could be read was checked"
        );
        self.events.problem("cut", true, message);
    }

    fn stray(&mut self, inside: &str) {
        if !self.events.text.trim().is_empty() {
            let text: String = self.events.text.trim().chars().take(40).collect();
            let message = format!("The text \"{text}\" stands between the elements of <{inside}>");
            self.events.problem("stray", false, message);
        }
    }

    pub(super) fn unknown(&mut self, inside: &str) -> Result<(), Broken> {
        let name = self.events.name.clone();
        let hint = if name == "PreProceedingsandFGDM" {
            " It is announced for the census of 2026-27"
        } else {
            ""
        };
        let message = format!("<{name}> is not part of <{inside}>; it was passed over.{hint}");
        self.events
            .problem(&format!("unknown {name}"), false, message);
        self.pass_over()
    }

    /// Passes over the element that has just started.
    pub(super) fn pass_over(&mut self) -> Result<(), Broken> {
        let mut depth = 1u32;
        while depth > 0 {
            match self.events.next()? {
                Node::Start => depth += 1,
                Node::End => depth -= 1,
                Node::Text => {}
                Node::Eof => {
                    let name = self.events.name.clone();
                    self.cut_short(&name);
                    return Err(Broken);
                }
            }
        }
        Ok(())
    }

    /// Goes through the elements inside a container that has just started.
    pub(super) fn each(
        &mut self,
        container: &'static str,
        parts: &[Part],
        mut on: impl FnMut(&mut Self, &'static str) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let mut seen = 0u32;
        let mut last = 0;
        loop {
            match self.events.next()? {
                Node::Start => {
                    let name = self.events.name.as_str();
                    let Some(at) = parts.iter().position(|(part, _)| *part == name) else {
                        self.unknown(container)?;
                        continue;
                    };
                    let (part, many) = parts[at];
                    let bit = 1u32 << at;
                    if seen & bit != 0 && !many {
                        let message = format!(
                            "<{part}> stands twice in this <{container}>; the first one counts"
                        );
                        self.events.problem("doubled", false, message);
                        self.pass_over()?;
                        continue;
                    }
                    seen |= bit;
                    if at < last {
                        let before = parts[last].0;
                        let message =
                            format!("<{part}> must stand before <{before}> in <{container}>");
                        self.events.problem("order", false, message);
                    }
                    last = last.max(at);
                    on(self, part)?;
                }
                Node::End if self.events.name == container => return Ok(()),
                Node::End => {
                    let message = format!(
                        "</{}> stands where </{container}> should end; this child was passed over",
                        self.events.name
                    );
                    self.events.problem("end", true, message);
                    return Err(Broken);
                }
                Node::Text => self.stray(container),
                Node::Eof => {
                    self.cut_short(container);
                    return Err(Broken);
                }
            }
        }
    }

    /// The value of an element that has just started.
    pub(super) fn leaf(&mut self, name: &'static str) -> Result<Text, Broken> {
        let at = self.events.at;
        let mut value = String::new();
        loop {
            match self.events.next()? {
                Node::Text => value.push_str(&self.events.text),
                Node::End if self.events.name == name => break,
                Node::End => {
                    let message = format!(
                        "</{}> stands where </{name}> should end; this child was passed over",
                        self.events.name
                    );
                    self.events.problem("end", true, message);
                    return Err(Broken);
                }
                Node::Start => self.unknown(name)?,
                Node::Eof => {
                    self.cut_short(name);
                    return Err(Broken);
                }
            }
        }
        self.events.at = at;
        let trimmed = value.trim();
        if trimmed.is_empty() {
            let message =
                format!("<{name}> is empty: leave the element out when there is no value");
            self.events
                .problem(&format!("empty {name}"), false, message);
            return Ok(None);
        }
        Ok(Some(trimmed.into()))
    }

    /// A date in an element that has just started.
    pub(super) fn date(&mut self, name: &'static str) -> Result<Date, Broken> {
        let text = self.leaf(name)?;
        let Some(written) = text.as_deref() else {
            return Ok(Date::default());
        };
        if let Some(day) = iso(written) {
            return Ok(Date {
                text,
                day: Some(day),
            });
        }
        let understood = any_shape(written);
        let shown: String = written.chars().take(40).collect();
        let message = match understood {
            Some((day, Shape::Slashes | Shape::Plain | Shape::WithTime | Shape::Iso)) => {
                format!(
                    "{name} is \"{shown}\"; write it as {}",
                    day.format("%Y-%m-%d")
                )
            }
            None => format!("{name} is \"{shown}\", which is not a date: write it as YYYY-MM-DD"),
        };
        self.events.problem(&format!("date {name}"), false, message);
        Ok(Date {
            text,
            day: understood.map(|(day, _)| day),
        })
    }
}

/// Reads a whole message into memory: for small returns and for tests.
pub fn read_all(file: &str, inner: impl Read) -> (Message, Vec<Problem>) {
    let mut reader = Reader::new(file, inner);
    let mut children = Vec::new();
    while let Some(child) = reader.next_child() {
        children.push(child);
    }
    let header = reader.header.take();
    let (problems, _) = reader.into_problems();
    (Message { header, children }, problems)
}
