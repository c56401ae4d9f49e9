//! The files of a pack as they are written: what keys each kind of file may
//! have. Unknown keys are refused. What must be pointed at when it is wrong is
//! kept with its place in the file.

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

type Text = Spanned<String>;

/// Declares the shape of a file: the head that every file has, and its own.
macro_rules! file {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            pub id: Text,
            pub title: String,
            pub version: Spanned<Datetime>,
            pub until: Option<Spanned<Datetime>>,
            pub source: Text,
            pub strength: Text,
            $($(#[$attribute])* pub $field: $type,)*
        }

        impl RawFile for $name {
            fn head(&self) -> RawHead<'_> {
                RawHead {
                    id: &self.id,
                    title: &self.title,
                    version: &self.version,
                    until: self.until.as_ref(),
                    source: &self.source,
                    strength: &self.strength,
                }
            }
        }
    };
}

/// Declares the shape of a part of a file.
macro_rules! part {
    ($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$attribute])* pub $field: $type,)*
        }
    };
}

/// The head of any file, borrowed.
pub struct RawHead<'a> {
    pub id: &'a Text,
    pub title: &'a str,
    pub version: &'a Spanned<Datetime>,
    pub until: Option<&'a Spanned<Datetime>>,
    pub source: &'a Text,
    pub strength: &'a Text,
}

/// A file with a head.
pub trait RawFile: serde::de::DeserializeOwned {
    fn head(&self) -> RawHead<'_>;
}

file! {
    /// `pack.toml`.
    RawAbout {}
}
file! {
    /// `forms/*.toml`.
    RawForm {
        #[serde(default)] intro: String,
        budget: Option<Spanned<usize>>,
        #[serde(default)] section: Vec<RawSection>,
    }
}
part! { RawSection {
    id: Text,
    title: String,
    #[serde(default)] prompt: String,
    #[serde(default)] help: String,
    #[serde(default)] warning: String,
    #[serde(default)] optional: bool,
    show_if: Option<RawCondition>,
    #[serde(default)] field: Vec<RawField>,
} }
part! { RawCondition {
    field: Text,
    equals: Option<Text>,
    #[serde(default)] any: Vec<Text>,
} }
part! { RawField {
    name: Text,
    label: String,
    #[serde(default)] hint: String,
    kind: Text,
    required: Option<Text>,
    #[serde(default)] ask: String,
    #[serde(default)] why: String,
    #[serde(default)] missing: String,
    fact: Option<String>,
    show_if: Option<RawCondition>,
    autocomplete: Option<String>,
    max_length: Option<usize>,
    min_length: Option<usize>,
    rows: Option<u32>,
    codes: Option<Text>,
    #[serde(default)] options: Vec<RawOption>,
    min: Option<i64>,
    max: Option<i64>,
    who: Option<Text>,
    many: Option<bool>,
    noun: Option<String>,
    #[serde(default)] field: Vec<RawField>,
} }
part! { RawOption {
    value: Text,
    label: String,
    #[serde(default)] hint: String,
    #[serde(default)] alone: bool,
} }
file! {
    /// `steps/*.toml`.
    RawStep {
        form: Text,
        subjects: Text,
        clock: Option<Text>,
        authorise: Option<RawAuthorise>,
        #[serde(default)] outcome: Vec<RawOutcome>,
        #[serde(default)] skip_with_reason: bool,
        #[serde(default)] exemplar: String,
    }
}
part! { RawAuthorise {
    capability: Text,
    not_author: bool,
} }
part! { RawOutcome {
    id: Text,
    title: String,
    #[serde(default)] hint: String,
    #[serde(default)] next: Vec<Text>,
    #[serde(default)] start: Vec<Text>,
} }
file! {
    /// `clocks/*.toml`.
    RawClock {
        rule: String,
        step: Option<Text>,
        // One text or a list of them.
        trigger: Spanned<toml::Value>,
        stop: Spanned<toml::Value>,
        when: Option<Spanned<toml::Table>>,
        amount: Spanned<u32>,
        unit: Text,
        #[serde(default)] warn_before: u32,
    }
}
file! {
    /// `meetings/*.toml`.
    RawMeeting {
        #[serde(default)] hint: String,
        #[serde(default)] plans: Vec<Text>,
        form: Option<Text>,
        reports_before: Option<u32>,
        quorum: Option<RawQuorum>,
        #[serde(default)] partner: Vec<RawPartner>,
    }
}
part! { RawQuorum {
    agencies: Spanned<u32>,
    rule: String,
} }
part! { RawPartner {
    id: Text,
    title: String,
    agencies: Vec<Text>,
    need: Text,
    #[serde(default)] why: String,
} }
file! {
    /// `processes/*.toml`.
    RawProcess {
        #[serde(default)] intro: String,
        #[serde(default)] steps: Vec<Text>,
        #[serde(default)] meetings: Vec<Text>,
        #[serde(default)] clocks: Vec<Text>,
    }
}
file! {
    /// `standards/*.toml`.
    RawStandard {
        rule: String,
        amount: u32,
        unit: Text,
    }
}
file! {
    /// `thresholds/*.toml`.
    RawThreshold {
        #[serde(default)] intro: String,
        level: Vec<RawLevel>,
    }
}
part! { RawLevel {
    id: Text,
    number: u8,
    title: String,
    summary: String,
    #[serde(default)] indicator: Vec<RawIndicator>,
} }
part! { RawIndicator {
    id: Text,
    text: String,
    domain: Text,
} }
file! {
    /// `roles.toml`.
    RawRoles {
        #[serde(default)] capability: Vec<RawNamed>,
        #[serde(default)] block: Vec<RawNamed>,
        #[serde(default)] role: Vec<RawRole>,
    }
}
part! { RawNamed {
    id: Text,
    title: String,
} }
part! { RawRole {
    id: Text,
    title: String,
    #[serde(default)] capabilities: Vec<Text>,
    #[serde(default)] home: Vec<Text>,
} }
file! {
    /// `codes/*.toml`.
    RawCodes {
        #[serde(default)] code: Vec<RawCode>,
    }
}
part! { RawCode {
    code: Text,
    label: String,
    #[serde(default)] hint: String,
    #[serde(default)] official: String,
    #[serde(default)] group: String,
    inverse: Option<Text>,
    from: Option<Spanned<Datetime>>,
    to: Option<Spanned<Datetime>>,
    #[serde(default)] alone: bool,
    #[serde(default)] asks_parental_responsibility: bool,
} }
file! {
    /// `workload.toml`.
    RawWorkload {
        court: f64,
        sibling_share: Spanned<f64>,
        new_allocation: f64,
        new_allocation_weeks: i64,
        complexity_most: f64,
        newly_qualified_percent: f64,
        points: Vec<RawPoints>,
        #[serde(default)] travel: Vec<RawPoints>,
        ceiling: Vec<RawCeiling>,
    }
}
part! { RawPoints {
    id: Text,
    title: String,
    points: f64,
} }
part! { RawCeiling {
    role: Text,
    points: f64,
    children: u32,
} }
file! {
    /// `calendar.toml`.
    RawCalendar {
        #[serde(default)] closed: Vec<RawClosed>,
    }
}
part! { RawClosed {
    date: Spanned<Datetime>,
    name: String,
} }
file! {
    /// `letters/*.toml`.
    RawLetter {
        subject: Text,
        body: Text,
        #[serde(default)] gaps: Vec<String>,
    }
}
file! {
    /// `directory/upkeep.toml`.
    RawUpkeep {
        ask_after: Spanned<Vec<u64>>,
        say_so_after: Spanned<u64>,
        lower_after: Spanned<u64>,
        unpublish_after: Spanned<u64>,
        link_days: u32,
        answer_working_days: u32,
        forget_after: u32,
        dead_after: u32,
        second_person: bool,
        #[serde(default)] at_once: Vec<String>,
        #[serde(default)] cycle: Vec<RawUpkeepCycle>,
    }
}
part! { RawUpkeepCycle {
    id: Text,
    title: String,
    months: Spanned<u32>,
    #[serde(default)] categories: Vec<String>,
} }
file! {
    /// `directory/synonyms.toml`.
    RawSynonyms {
        groups: Vec<Spanned<Vec<String>>>,
    }
}
file! {
    /// `doors/*.toml`.
    RawDoor {
        address: Text,
        name: String,
        #[serde(default)] intro: String,
        order: i64,
        #[serde(default)] categories: Vec<String>,
        ages: Option<Spanned<Vec<f64>>>,
        sort: Option<Text>,
        #[serde(default)] exit: bool,
        #[serde(default)] exit_categories: Vec<String>,
        #[serde(default)] comments: bool,
        #[serde(default)] topic: Vec<RawTopic>,
        #[serde(default)] note: Vec<RawNote>,
    }
}
part! { RawTopic {
    label: String,
    ask: String,
} }
part! { RawNote {
    title: String,
    text: String,
} }
file! {
    /// `languages/*.toml`.
    RawLanguage {
        #[serde(default)] right_to_left: bool,
        #[serde(default)] words: std::collections::BTreeMap<String, String>,
    }
}
file! {
    /// `directory/needs.toml`.
    RawNeeds {
        #[serde(default)] need: Vec<RawNeed>,
    }
}
part! { RawNeed {
    code: Text,
    #[serde(default)] words: Vec<String>,
    #[serde(default)] categories: Vec<String>,
} }
