//! What an event is called: the record's codes in people's words.

use crate::{Casework, time};

/// The title of an event of the timeline.
pub(super) fn of(casework: &Casework, kind: &str, what: &str, detail: &str) -> String {
    match kind {
        "visit" => match what {
            "alone" => "Visit: seen, alone".into(),
            "seen" => "Visit: seen".into(),
            _ => "Visit: not seen".into(),
        },
        "note" => "Note".into(),
        "supervision" => "Supervision".into(),
        "message" => "Message".into(),
        "contact" => format!("Contact {}", route(what)),
        "told" => match detail {
            "" => "Told about the decision".into(),
            who => format!("{who} told {}", how(what)),
        },
        "decision" => decision(casework, what, detail),
        "step" => step(casework, what, detail),
        "plan" => format!(
            "{} {}",
            plan(detail),
            if what == "ended" { "ended" } else { "began" }
        ),
        "action" => format!("Action {}: {detail}", action(what)),
        "meeting" => meeting(casework, what, detail),
        "worker" => match (what, detail) {
            ("ended", _) => "No longer working with them".into(),
            (_, "allocated") => "New lead worker".into(),
            _ => "Now working with them".into(),
        },
        "address" => match what {
            "home" => "New home".into(),
            other => format!("New address: {}", spoken(other)),
        },
        "question" => "Question between practitioners".into(),
        "sharing" => match what {
            "shared" => format!("Shared with {detail}"),
            _ => format!("Not shared with {detail}"),
        },
        "life" => "Significant event".into(),
        other => sentence(other),
    }
}

fn route(route: &str) -> &'static str {
    match route {
        "public" => "from the family or the public",
        "school" => "from a school",
        "police" => "from the police",
        "phone" => "by telephone",
        "council" => "from another council",
        _ => "at the front door",
    }
}

fn how(how: &str) -> &'static str {
    match how {
        "phone" => "by telephone",
        "email" => "by e-mail",
        "letter" => "by letter",
        "in_person" => "in person",
        "secure_link" => "by secure link",
        _ => "about the decision",
    }
}

fn decision(casework: &Casework, what: &str, outcome: &str) -> String {
    let outcome = outcome_words(casework, outcome);
    match what {
        "threshold" => format!("Decision at the front door: {outcome}"),
        "authorisation" => format!("Manager’s decision: {outcome}"),
        "allocation" => format!("Allocated: {outcome}"),
        "closure" => format!("Closed: {outcome}"),
        other => format!("{}: {outcome}", sentence(other)),
    }
}

/// An outcome's label, from whichever form or step of the pack offers it.
fn outcome_words(casework: &Casework, outcome: &str) -> String {
    let today = time::today();
    let in_forms = casework
        .pack()
        .forms()
        .flat_map(|form| form.fields())
        .filter(|field| matches!(field.name.as_str(), "outcome" | "decision"))
        .filter_map(|field| field.kind.options())
        .flat_map(|options| &options.choices)
        .find(|choice| choice.value == outcome)
        .map(|choice| choice.label.clone());
    let in_steps = || {
        casework
            .pack()
            .steps(today)
            .flat_map(|step| &step.outcomes)
            .find(|o| o.id == outcome)
            .map(|o| o.title.clone())
    };
    in_forms
        .or_else(in_steps)
        .map_or_else(|| spoken(outcome), |label| lower_first(&label))
}

fn step(casework: &Casework, what: &str, kind: &str) -> String {
    let title = casework
        .pack()
        .step(kind, time::today())
        .map_or_else(|| sentence(kind), |step| step.title.clone());
    match what {
        "started" => format!("{title}: begun"),
        "submitted" => format!("{title}: sent to the manager"),
        "done" => format!("{title}: authorised"),
        "sent_back" => format!("{title}: sent back"),
        "skipped" => format!("{title}: not needed"),
        other => format!("{title}: {}", spoken(other)),
    }
}

fn plan(kind: &str) -> String {
    format!("{} plan", sentence(kind))
}

fn action(state: &str) -> &'static str {
    match state {
        "done" => "done",
        "under_way" => "under way",
        "cannot" => "cannot be done",
        _ => "not begun",
    }
}

fn meeting(casework: &Casework, state: &str, kind: &str) -> String {
    let title = casework.label("meeting-kinds", kind);
    match state {
        "planned" => format!("{title}, planned"),
        "cancelled" => format!("{title}, called off"),
        _ => title,
    }
}

/// A code as words: "sent_back" is "sent back".
fn spoken(code: &str) -> String {
    code.replace(['_', '-'], " ")
}

fn sentence(code: &str) -> String {
    let words = spoken(code);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + letters.as_str()
        }
        _ => label.to_owned(),
    }
}
