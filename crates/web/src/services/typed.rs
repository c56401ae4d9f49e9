//! What somebody looks for, as it stands in the address of their search: so
//! that it can be kept, shared and gone back to. No full postcode, number or
//! e-mail address ever stands there.

use directory::postcodes::{MILE, Postcodes};
use directory::search::{Catalogue, How, NEEDS, Near, Order, Scope, Wanted, scrub};
use packs::{Door, DoorSort};
use url::form_urlencoded::Serializer;

use super::words::Words;
use crate::ui::FieldError;

/// How far, in miles.
pub(super) const DISTANCES: [&str; 5] = ["1", "2", "5", "10", "20"];
/// The parts of a day, as minutes after midnight.
pub(super) const TIMES: [(&str, u16, u16); 3] = [
    ("morning", 0, 720),
    ("afternoon", 720, 1020),
    ("evening", 1020, 1440),
];
pub(super) const WAYS: [(&str, How); 3] = [
    ("place", How::InPerson),
    ("online", How::Online),
    ("phone", How::Telephone),
];
/// Saturday and Sunday.
const WEEKEND: u8 = 0b110_0000;

/// The fields as they stand in the address.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// The door's address.
    pub base: String,
    pub q: String,
    pub near: String,
    pub within: String,
    pub age: String,
    pub day: String,
    pub time: String,
    pub language: String,
    pub free: bool,
    pub send: bool,
    pub map: bool,
    pub access: Vec<String>,
    pub how: Vec<String>,
    pub terms: Vec<String>,
    pub page: usize,
    /// Something private was typed and taken out.
    pub taken: bool,
    /// The directory knows none of the words, so they stand in no address:
    /// they may be a name.
    pub unknown: bool,
}

impl Typed {
    /// Reads what was sent, without what is private in it.
    pub fn read(base: &str, pairs: &[(String, String)]) -> Typed {
        let one = |name: &str| {
            let found = pairs.iter().find(|(n, _)| n == name);
            found.map_or_else(String::new, |(_, v)| v.trim().to_owned())
        };
        let many = |name: &str| -> Vec<String> {
            let all = pairs
                .iter()
                .filter(|(n, v)| n == name && !v.trim().is_empty());
            all.map(|(_, v)| start(v.trim()).to_owned())
                .take(40)
                .collect()
        };
        let (words, place) = (scrub(&one("q")), scrub(&one("near")));
        // Of a whole address, or of words with a postcode in them, the sector
        // is what search needs.
        let code = place.postcode.as_ref().or(match place.text.as_str() {
            "" => words.postcode.as_ref(),
            _ => None,
        });
        Typed {
            base: base.to_owned(),
            near: code.map_or(place.text.clone(), |c| c.sector().to_owned()),
            taken: words.taken || place.taken,
            unknown: false,
            q: words.text,
            within: one("within"),
            age: one("age"),
            day: one("day"),
            time: one("time"),
            language: one("language"),
            free: !one("free").is_empty(),
            send: !one("send").is_empty(),
            map: one("view") == "map",
            access: many("access"),
            how: many("how"),
            terms: many("category"),
            page: one("page").parse().unwrap_or(1).max(1),
        }
    }

    /// The address of this search, at a page of its results.
    pub fn address(&self, page: usize) -> String {
        let mut out = Serializer::new(String::new());
        let plain = [
            ("q", if self.unknown { "" } else { start(&self.q) }),
            ("near", start(&self.near)),
            ("within", start(&self.within)),
            ("age", start(&self.age)),
            ("day", start(&self.day)),
            ("time", start(&self.time)),
            ("language", start(&self.language)),
            ("free", yes(self.free)),
            ("send", yes(self.send)),
        ];
        for (name, value) in plain.into_iter().filter(|(_, v)| !v.is_empty()) {
            out.append_pair(name, value);
        }
        let lists = [
            ("access", &self.access),
            ("how", &self.how),
            ("category", &self.terms),
        ];
        for (name, values) in lists {
            for value in values {
                out.append_pair(name, value);
            }
        }
        if page > 1 {
            out.append_pair("page", &page.to_string());
        }
        if self.map {
            out.append_pair("view", "map");
        }
        match out.finish() {
            query if query.is_empty() => self.base.clone(),
            query => format!("{}?{query}", self.base),
        }
    }

    /// The same address with one thing more.
    pub fn address_with(&self, name: &str, value: &str) -> String {
        let address = self.address(self.page);
        let join = if address.contains('?') { '&' } else { '?' };
        format!("{address}{join}{name}={value}")
    }

    /// Whether any of the choices under "More choices" is made.
    pub fn narrowed(&self) -> bool {
        let said = [&self.day, &self.time, &self.language];
        let lists = [&self.access, &self.how, &self.terms];
        said.iter().any(|s| !s.is_empty())
            || lists.iter().any(|l| !l.is_empty())
            || self.free
            || self.send
    }

    /// Whether anything is looked for at all.
    pub fn asked(&self) -> bool {
        !(self.q.is_empty() && self.near.is_empty() && self.age.is_empty()) || self.narrowed()
    }

    /// What to look for behind this door, and what could not be read.
    pub fn wanted(
        &self,
        door: &Door,
        send: &[String],
        catalogue: &Catalogue,
        postcodes: &Postcodes,
        words: &Words,
    ) -> (Wanted, Vec<FieldError>) {
        let mut errors = Vec::new();
        let near = self.place(postcodes, words, &mut errors);
        let age: Option<f64> = match self.age.as_str() {
            "" => None,
            text => match text.parse() {
                Ok(age) if (0.0..=25.0).contains(&age) => Some(age),
                _ => {
                    errors.push(FieldError::new("age", words.say("find.age.wrong")));
                    None
                }
            },
        };
        let mut terms = Vec::new();
        if !self.terms.is_empty() {
            terms.push(self.terms.clone());
        }
        if self.send {
            terms.push(catalogue.terms_named(send));
        }
        let time = TIMES.iter().find(|(id, ..)| *id == self.time);
        let how = WAYS
            .iter()
            .filter(|(id, _)| self.how.iter().any(|h| h == id));
        let categories = &door.categories;
        let wanted = Wanted {
            text: start(&self.q).to_owned(),
            terms,
            ages: age.map(|a| (a, a + 0.999)),
            free: self.free,
            days: match self.day.as_str() {
                "weekend" => WEEKEND,
                day => day
                    .parse::<u8>()
                    .ok()
                    .filter(|d| *d < 7)
                    .map_or(0, |d| 1 << d),
            },
            from: time.map(|(_, from, _)| *from),
            to: time.map(|(.., to)| *to),
            language: Some(self.language.clone()).filter(|l| !l.is_empty()),
            access: NEEDS
                .iter()
                .filter(|need| self.access.iter().any(|a| a == need.id))
                .map(|need| need.id.to_owned())
                .collect(),
            how: how.map(|(_, how)| *how).collect(),
            scope: Some(Scope {
                terms: (!categories.is_empty()).then(|| catalogue.terms_named(categories)),
                ages: door.ages,
            }),
            near,
            order: match door.sort {
                DoorSort::Name if self.q.is_empty() => Order::Name,
                DoorSort::Name | DoorSort::Nearest => Order::Best,
            },
            ..Wanted::default()
        };
        (wanted, errors)
    }

    fn place(
        &self,
        postcodes: &Postcodes,
        words: &Words,
        errors: &mut Vec<FieldError>,
    ) -> Option<Near> {
        if self.near.is_empty() {
            return None;
        }
        let Some(found) = postcodes.find_area(&self.near) else {
            errors.push(FieldError::new("near", words.say("find.near.wrong")));
            return None;
        };
        let miles: Option<f64> = self.within.parse().ok().filter(|m: &f64| m.is_finite());
        Some(Near {
            point: found.point,
            // A sector stands in the address: never more than "about".
            about: true,
            council: found.council,
            within: miles.map(|m| m * MILE),
            called: self.near.to_uppercase(),
        })
    }

    /// This search with one choice less, each with its name: for whoever found
    /// nothing.
    pub fn with_less(&self, words: &Words) -> Vec<(String, Typed)> {
        let mut all: Vec<(String, Typed)> = Vec::new();
        let mut less = |label: &str, change: &dyn Fn(&mut Typed)| {
            let mut next = self.clone();
            next.page = 1;
            change(&mut next);
            if next.address(1) != self.address(1) {
                all.push((label.to_owned(), next));
            }
        };
        less(words.say("find.far.any"), &|t| t.within.clear());
        less(words.say("find.less.age"), &|t| t.age.clear());
        less(words.say("find.less.when"), &|t| {
            t.day.clear();
            t.time.clear();
        });
        less(words.say("find.less.language"), &|t| t.language.clear());
        less(words.say("find.less.access"), &|t| t.access.clear());
        less(words.say("find.less.free"), &|t| t.free = false);
        less(words.say("find.less.how"), &|t| t.how.clear());
        less(words.say("find.less.categories"), &|t| {
            t.terms.clear();
            t.send = false;
        });
        less(words.say("find.less.words"), &|t| t.q.clear());
        all
    }
}

/// As much of a text as is looked for: a page that could not read it still
/// gives back the whole.
pub(super) fn start(text: &str) -> &str {
    let end = text.char_indices().nth(120).map(|(at, _)| at);
    &text[..end.unwrap_or(text.len())]
}

fn yes(set: bool) -> &'static str {
    if set { "yes" } else { "" }
}
