//! The words of the public pages in the reader's language, from the pack; in
//! English where it has none.

use chrono::NaiveDate;
use directory::search::{Because, english};
use packs::{Door, Pack};

use crate::ui::{Frame, FrameWords};

/// The words of one language.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pack: Pack,
    code: String,
    day: NaiveDate,
}

/// A language that the reader may choose.
pub(super) struct Tongue {
    pub code: String,
    pub name: String,
    pub chosen: bool,
}

impl Words {
    /// The words of a language; English when the pack has no such language.
    pub fn of(pack: &Pack, code: &str, day: NaiveDate) -> Words {
        let known = pack.language(code, day).is_some();
        Words {
            pack: pack.clone(),
            code: if known { code } else { "en" }.to_owned(),
            day,
        }
    }

    /// "pl".
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether the words of services, which are English, need to say so.
    pub fn is_english(&self) -> bool {
        self.code == "en"
    }

    /// The words of a key.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        let own = self.own(&self.code, key).or_else(|| self.own("en", key));
        own.unwrap_or_else(|| english(key))
    }

    fn own(&self, code: &str, key: &str) -> Option<&str> {
        let language = self.pack.language(code, self.day)?;
        language.words.get(key).map(String::as_str)
    }

    /// The words of a key with its gaps filled.
    pub fn fill(&self, key: &str, gaps: &[(&str, &str)]) -> String {
        let mut text = self.say(key).to_owned();
        for (name, value) in gaps {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The words of a key with a number in its gap `n`.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.fill(key, &[("n", &n.to_string())])
    }

    /// A door's own words in this language, or as the pack's English has them.
    pub fn of_door<'a>(&'a self, door: &'a Door, what: &str, english: &'a str) -> &'a str {
        let key = format!("door.{}.{what}", door.id);
        self.own(&self.code, &key).unwrap_or(english)
    }

    /// A reason in words.
    pub fn because(&self, reason: &Because) -> String {
        reason.say(&|key| self.say(key).to_owned())
    }

    /// The languages to choose from; none when there is only one.
    pub fn tongues(&self) -> Vec<Tongue> {
        let all = self.pack.languages(self.day).map(|l| Tongue {
            code: l.id.clone(),
            name: l.title.clone(),
            chosen: l.id == self.code,
        });
        let all: Vec<Tongue> = all.collect();
        if all.len() > 1 { all } else { Vec::new() }
    }

    /// A public page's frame in this language.
    pub fn frame(&self, service: &str, title: impl Into<String>) -> Frame {
        let mut frame = Frame::public(service, title);
        if self.is_english() {
            return frame;
        }
        let say = |key| std::borrow::Cow::Owned(self.say(key).to_owned());
        frame.words = FrameWords {
            skip: say("frame.skip"),
            exit: say("frame.exit"),
            emergency: say("frame.emergency"),
            problem: say("frame.problem"),
            help: say("frame.help"),
            accessibility: say("frame.accessibility"),
            privacy: say("frame.privacy"),
        };
        let own = self.pack.language(&self.code, self.day);
        frame.right_to_left = own.is_some_and(|l| l.right_to_left);
        frame.language = self.code.clone();
        frame
    }
}
