//! What the field templates see: words and choices, already decided.

use askama::Template;

/// One question, ready to be written as HTML. `id` is also the posted name.
#[derive(Template)]
#[template(path = "forms/field.html")]
pub(super) struct FieldView {
    pub id: String,
    pub label: String,
    pub optional: bool,
    pub hint: String,
    pub why: String,
    pub error: String,
    /// A warning, and the box for the reason, when the answer was left out.
    pub nudge: Option<Nudge>,
    pub when: Option<When>,
    pub input: Input,
}

/// "Is nothing uncertain?" and the reason given.
pub(super) struct Nudge {
    pub ask: String,
    pub name: String,
    pub reason: String,
    /// Whether it is asked now; otherwise only a reason given is shown.
    pub asked: bool,
}

/// When a question is asked.
pub(super) struct When {
    /// The posted name of the question it hangs on.
    pub field: String,
    /// The answers that show it, joined by "|".
    pub values: String,
    /// The same in words, for pages without script.
    pub words: String,
}

/// The control itself.
pub(super) enum Input {
    Line {
        kind: &'static str,
        mode: &'static str,
        class: &'static str,
        autocomplete: String,
        spellcheck: bool,
        value: String,
        /// Words that the browser offers while typing.
        list: Vec<String>,
    },
    Area {
        rows: u32,
        max: Option<usize>,
        value: String,
        prompts: Vec<String>,
    },
    Date {
        parts: [String; 3],
        time: Option<String>,
        birthday: bool,
    },
    Choice {
        many: bool,
        inline: bool,
        choices: Vec<ChoiceView>,
        /// Said when there is nobody to choose from.
        none: &'static str,
    },
    Select {
        groups: Vec<(String, Vec<ChoiceView>)>,
        autocomplete: String,
    },
    Group {
        noun: String,
        items: Vec<String>,
        template: String,
        max: usize,
    },
}

/// One choice of radios, checkboxes or a select.
#[derive(Clone)]
pub(super) struct ChoiceView {
    pub value: String,
    pub label: String,
    pub hint: String,
    /// A heading that starts with this choice.
    pub heading: String,
    pub alone: bool,
    pub chosen: bool,
}

/// One section around its fields.
#[derive(Template)]
#[template(path = "forms/section.html")]
pub(super) struct SectionView {
    pub id: String,
    pub title: Option<String>,
    pub warning: String,
    pub prompts: Vec<String>,
    pub help: String,
    pub when: Option<When>,
    pub fields: Vec<String>,
}

impl FieldView {
    /// The ids of hint and message, for `aria-describedby`; empty if none.
    pub fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        if !self.error.is_empty() {
            ids.push(format!("{}-error", self.id));
        }
        if matches!(self.input, Input::Area { max: Some(_), .. }) {
            ids.push(format!("{}-info", self.id));
        }
        ids.join(" ")
    }

    /// Whether the question repeats.
    pub fn is_group(&self) -> bool {
        matches!(self.input, Input::Group { .. })
    }
}
