//! Front doors, languages and needs.

use crate::build::{Builder, Refers};
use crate::dated::Head;
use crate::front::{Door, DoorSort, Language, NeedWords, Needs, Note, Topic};
use crate::raw::*;

impl Builder<'_> {
    pub fn door(&mut self, raw: &RawDoor, head: Head) -> Door {
        let address = raw.address.get_ref();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let known = [
            "/services",
            "/local-offer",
            "/start-for-life",
            "/young-people",
        ];
        let own = address
            .strip_prefix("/doors/")
            .is_some_and(|name| !name.is_empty() && name.chars().all(plain));
        if !own && !known.contains(&address.as_str()) {
            self.problem(
                &raw.address,
                format!("no front door opens at “{address}”"),
                format!(
                    "Use one of {}, or /doors/ and a word in small letters",
                    known.join(", ")
                ),
            );
        }
        let sorts = [("nearest", DoorSort::Nearest), ("name", DoorSort::Name)];
        let sort = raw
            .sort
            .as_ref()
            .and_then(|sort| self.one_of("an order", sort, &sorts));
        let ages = raw.ages.as_ref().and_then(|ages| match ages.get_ref()[..] {
            [from, to] if from <= to => Some((from, to)),
            _ => {
                self.problem(
                    ages,
                    "the ages are not two years, the lower one first",
                    "Write ages = [0, 2]",
                );
                None
            }
        });
        Door {
            address: address.clone(),
            name: raw.name.clone(),
            intro: raw.intro.clone(),
            order: raw.order,
            categories: raw.categories.clone(),
            ages,
            sort: sort.unwrap_or_default(),
            exit: raw.exit,
            exit_categories: raw.exit_categories.clone(),
            comments: raw.comments,
            topics: raw
                .topic
                .iter()
                .map(|t| Topic {
                    label: t.label.clone(),
                    ask: t.ask.clone(),
                })
                .collect(),
            notes: raw
                .note
                .iter()
                .map(|n| Note {
                    title: n.title.clone(),
                    text: n.text.clone(),
                })
                .collect(),
            ..Door::headed(head)
        }
    }

    pub fn language(&mut self, raw: &RawLanguage, head: Head) -> Language {
        Language {
            right_to_left: raw.right_to_left,
            words: raw
                .words
                .iter()
                .map(|(key, words)| (key.clone(), words.trim().to_owned()))
                .filter(|(_, words)| !words.is_empty())
                .collect(),
            ..Language::headed(head)
        }
    }

    pub fn needs(&mut self, raw: &RawNeeds, head: Head) -> Needs {
        self.unique("need", raw.need.iter().map(|need| &need.code));
        let mut needs = Vec::new();
        for need in &raw.need {
            let place = self.place(&need.code);
            let code = need.code.get_ref().clone();
            self.references
                .push((Refers::UnmetNeed, code.clone(), place));
            needs.push(NeedWords {
                code,
                words: need.words.clone(),
                categories: need.categories.clone(),
            });
        }
        Needs {
            needs,
            ..Needs::headed(head)
        }
    }
}
