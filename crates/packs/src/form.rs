//! The form model: sections of fields, as a pack's file declares them. A form
//! asks and explains; what the answers mean is the business of casework.

use chrono::NaiveDate;

use crate::dated::dated;
use crate::problem::Place;

dated! {
    /// A form in one version.
    pub struct Form {
        /// Words at the top of the form.
        pub intro: String,
        /// How many answers in codes (not narrative) it may insist on. The
        /// loader counts and refuses a form that asks for more.
        pub budget: Option<usize>,
        /// The sections; for the public, one page each.
        pub sections: Vec<Section>,
    }
}

/// A section of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Its id within the form.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Questions to think with, beside the box.
    pub prompt: String,
    /// Longer help, shown folded.
    pub help: String,
    /// A warning that must be seen before anything else ("call 999").
    pub warning: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// Whether the whole section may be left out for a child.
    pub optional: bool,
    /// When to show it; always, if none.
    pub show_if: Option<Condition>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name among the answers.
    pub name: String,
    /// The question.
    pub label: String,
    /// A line of help under the question.
    pub hint: String,
    /// What kind of answer it takes.
    pub kind: Kind,
    /// Whether it must be answered.
    pub required: Required,
    /// Why we ask, for the person who answers.
    pub why: String,
    /// What to say when a needed answer is missing.
    pub missing: String,
    /// The fact the answer records, such as "assessment.factors".
    pub fact: Option<String>,
    /// When to ask it; always, if none.
    pub show_if: Option<Condition>,
    /// The HTML autocomplete word, for questions about the person typing.
    pub autocomplete: Option<String>,
    /// The longest answer in characters, where a limit truly exists.
    pub max_length: Option<usize>,
    /// The shortest answer in characters, where a reason must be a reason.
    pub min_length: Option<usize>,
    /// The height of a text box in lines.
    pub rows: Option<u32>,
    /// Where it is written.
    pub place: Place,
}

/// What kind of answer a field takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One line.
    Text,
    /// As many words as it takes.
    Narrative,
    /// A day, in three boxes.
    Date,
    /// A day and a time.
    DateTime,
    /// A whole number with its bounds.
    Number {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postcode.
    Postcode,
    /// An NHS number.
    NhsNumber,
    /// "yes" or "no".
    YesNo,
    /// One of a few, all in view.
    Radios(Options),
    /// Any of a few.
    Checkboxes(Options),
    /// One of many.
    Select(Options),
    /// People of the family, by their ids.
    People {
        /// Who is offered.
        who: Who,
        /// Whether several may be chosen.
        many: bool,
    },
    /// A set of fields that repeats.
    Group {
        /// The fields of each.
        fields: Vec<Field>,
        /// How many at most.
        max: usize,
        /// What one of them is called: "child".
        noun: String,
    },
}

/// Which people a field offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The children of the family.
    Children,
    /// The adults.
    Adults,
    /// Everyone.
    Everyone,
}

/// The choices of a field, from a code set or its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The code set they come from.
    pub codes: Option<String>,
    /// The choices, also those that may no longer be chosen.
    pub choices: Vec<Choice>,
}

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A line of help under it.
    pub hint: String,
    /// A heading for a long list.
    pub group: String,
    /// Chosen alone or not at all.
    pub alone: bool,
    /// The first day it may be chosen.
    pub from: Option<NaiveDate>,
    /// The last day it may be chosen.
    pub to: Option<NaiveDate>,
}

/// Whether an answer is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Required {
    /// It may be left out.
    #[default]
    No,
    /// It stops the form; only where law, safety or a return demands it.
    Yes,
    /// It may be left out with a reason, kept under [`Field::reason_name`].
    Warn {
        /// The question for the reason: "Is nothing uncertain?"
        ask: String,
    },
}

/// Shows a field or a section only after certain answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field whose answer counts: of the same group, or of the form.
    pub field: String,
    /// The answers that show it.
    pub any: Vec<String>,
}

impl Options {
    /// The words for a value; the value itself when it is none of the choices.
    pub fn label<'a>(&'a self, value: &'a str) -> &'a str {
        self.choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or(value, |c| &c.label)
    }

    /// The choices that may be chosen on a day.
    pub fn on(&self, day: NaiveDate) -> impl Iterator<Item = &Choice> {
        self.choices.iter().filter(move |choice| {
            choice.from.is_none_or(|from| from <= day) && choice.to.is_none_or(|to| day <= to)
        })
    }
}

impl Kind {
    /// The word for the kind in a pack's file.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Narrative => "narrative",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Number { .. } => "number",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::NhsNumber => "nhs_number",
            Self::YesNo => "yes_no",
            Self::Radios(_) => "radios",
            Self::Checkboxes(_) => "checkboxes",
            Self::Select(_) => "select",
            Self::People { .. } => "people",
            Self::Group { .. } => "group",
        }
    }

    /// The choices, where the kind has any.
    pub fn options(&self) -> Option<&Options> {
        match self {
            Self::Radios(options) | Self::Checkboxes(options) | Self::Select(options) => {
                Some(options)
            }
            _ => None,
        }
    }

    /// What an answer holds, whatever it looks like on the page: radios and a
    /// select both hold one choice.
    pub fn holds(&self) -> &'static str {
        match self {
            Self::Radios(_) | Self::Select(_) => "one choice",
            Self::Checkboxes(_) => "several choices",
            Self::Narrative | Self::Text => "text",
            other => other.word(),
        }
    }

    /// Whether the answer is a list of texts.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Checkboxes(_) | Self::People { many: true, .. })
    }
}

impl Field {
    /// The name under which the reason for a missing answer is kept.
    pub fn reason_name(&self) -> String {
        format!("{}_reason", self.name)
    }

    /// The fields of a repeating group; none for other kinds.
    pub fn group_fields(&self) -> &[Field] {
        match &self.kind {
            Kind::Group { fields, .. } => fields,
            _ => &[],
        }
    }
}

impl Form {
    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// The field with this name, not looking inside groups.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().find(|field| field.name == name)
    }

    /// All fields in order, not looking inside groups.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields)
    }

    /// How many answers other than narrative the form insists on when nothing
    /// special is answered: what its budget counts.
    pub fn insists_on(&self) -> usize {
        let counts = |field: &&Field| {
            field.required == Required::Yes
                && field.show_if.is_none()
                && !matches!(field.kind, Kind::Narrative)
        };
        let always = self
            .sections
            .iter()
            .filter(|section| section.show_if.is_none());
        always
            .flat_map(|section| &section.fields)
            .map(|field| match &field.kind {
                Kind::Group { fields, .. } if field.required == Required::Yes => {
                    fields.iter().filter(counts).count()
                }
                _ => usize::from(counts(&field)),
            })
            .sum()
    }
}
