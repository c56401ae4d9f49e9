//! The three kinds of matters, each as a table: where it may stand, which page
//! comes when, and which event of the clocks that is.

/// An allegation, a complaint or a serious incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatterKind {
    /// Somebody who works with children may have harmed one.
    Allegation,
    /// A complaint under the Children Act.
    Complaint,
    /// A child died or was seriously harmed.
    Incident,
}

/// From which day the clocks count that a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// From the day on the page.
    Here,
    /// From the day on which it was known.
    Known,
    /// From the day of an earlier page.
    Page(&'static str),
}

/// One page about a matter, with one form on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatterStep {
    /// The last part of its address.
    pub word: &'static str,
    /// The pack's form.
    pub form: &'static str,
    /// The words of the link that leads there.
    pub link: &'static str,
    /// Where the matter must stand.
    pub(crate) from: &'static [&'static str],
    /// Where it stands afterwards; nothing if that does not change.
    pub(crate) to: Option<&'static str>,
    /// What it stops and starts.
    pub(crate) event: &'static str,
    /// From when what it starts is counted.
    pub(crate) since: From,
    /// An answer that is an event of its own: field, value, event.
    pub(crate) also: Option<(&'static str, &'static str, &'static str)>,
}

const fn step(
    word: &'static str,
    form: &'static str,
    link: &'static str,
    from: &'static [&'static str],
    to: Option<&'static str>,
    event: &'static str,
) -> MatterStep {
    MatterStep {
        word,
        form,
        link,
        from,
        to,
        event,
        since: From::Here,
        also: None,
    }
}

/// The word of the page that ends a matter.
pub(crate) const END: &str = "end";

const ALLEGATION: &[MatterStep] = &[
    MatterStep {
        also: Some(("decision", "meeting", "allegation.meeting_wanted")),
        ..step(
            "decision",
            "allegation-evaluation",
            "Decide what happens",
            &["told"],
            Some("open"),
            "allegation.evaluated",
        )
    },
    MatterStep {
        also: Some(("on", "", "allegation.reviewed")),
        ..step(
            "meeting",
            "allegation-meeting",
            "Record an allegations meeting",
            &["open"],
            None,
            "allegation.met",
        )
    },
    step(
        "review",
        "allegation-review",
        "Say where it stands",
        &["open"],
        None,
        "allegation.reviewed",
    ),
    step(
        END,
        "allegation-end",
        "Settle it with an outcome",
        &["told", "open"],
        Some("closed"),
        "allegation.closed",
    ),
];

const COMPLAINT: &[MatterStep] = &[
    MatterStep {
        since: From::Known,
        ..step(
            "more-time",
            "complaint-extend",
            "Take more time (stage 1)",
            &["stage_1"],
            None,
            "complaint.stage_1_extended",
        )
    },
    step(
        "answer",
        "complaint-answer",
        "Our answer (stage 1)",
        &["stage_1"],
        Some("answered_1"),
        "complaint.stage_1_answered",
    ),
    step(
        "stage-2",
        "complaint-stage-2",
        "Stage 2 was asked for",
        &["stage_1", "answered_1"],
        Some("stage_2"),
        "complaint.stage_2_asked",
    ),
    MatterStep {
        since: From::Page("stage-2"),
        ..step(
            "more-time-2",
            "complaint-extend",
            "Take more time (stage 2)",
            &["stage_2"],
            None,
            "complaint.stage_2_extended",
        )
    },
    step(
        "answer-2",
        "complaint-answer",
        "Our answer (stage 2)",
        &["stage_2"],
        Some("answered_2"),
        "complaint.stage_2_answered",
    ),
    step(
        "stage-3",
        "complaint-stage-3",
        "Stage 3 was asked for",
        &["answered_2"],
        Some("stage_3"),
        "complaint.stage_3_asked",
    ),
    step(
        "panel",
        "complaint-panel",
        "The review panel met",
        &["stage_3"],
        Some("panel_met"),
        "complaint.panel_met",
    ),
    step(
        "panel-report",
        "complaint-panel-report",
        "The panel’s report was sent",
        &["panel_met"],
        Some("panel_reported"),
        "complaint.panel_reported",
    ),
    step(
        "response",
        "complaint-response",
        "Our response to the panel",
        &["panel_reported"],
        Some("responded"),
        "complaint.responded",
    ),
    step(
        END,
        "complaint-end",
        "The complaint ended",
        &[
            "stage_1",
            "answered_1",
            "stage_2",
            "answered_2",
            "stage_3",
            "panel_met",
            "panel_reported",
            "responded",
        ],
        Some("closed"),
        "complaint.ended",
    ),
];

const INCIDENT: &[MatterStep] = &[
    step(
        "notified",
        "incident-notified",
        "The national panel was told",
        &["known"],
        Some("notified"),
        "incident.notified",
    ),
    step(
        "rapid-review",
        "incident-review",
        "Record the rapid review",
        &["notified"],
        Some("reviewed"),
        "incident.reviewed",
    ),
    step(
        END,
        "incident-end",
        "It is settled",
        &["known", "notified", "reviewed"],
        Some("closed"),
        "incident.settled",
    ),
];

/// Where a matter may stand, in words.
const STATES: &[(&str, &str)] = &[
    ("told", "Just told"),
    ("open", "Being looked into"),
    ("stage_1", "Stage 1"),
    ("answered_1", "Stage 1 answered"),
    ("stage_2", "Stage 2: investigation"),
    ("answered_2", "Stage 2 answered"),
    ("stage_3", "Stage 3: waits for the panel"),
    ("panel_met", "The panel met"),
    ("panel_reported", "The panel reported"),
    ("responded", "Panel answered"),
    ("known", "To be notified"),
    ("notified", "Notified"),
    ("reviewed", "Rapid review done"),
    ("closed", "Settled"),
];

/// Where a matter stands, in words.
pub fn state_words(state: &str) -> &'static str {
    let found = STATES.iter().find(|(word, _)| *word == state);
    found.map_or("Not known", |(_, words)| words)
}

impl MatterKind {
    /// Every kind.
    pub const ALL: [MatterKind; 3] = [
        MatterKind::Allegation,
        MatterKind::Complaint,
        MatterKind::Incident,
    ];

    /// The word in the record and in the access policy.
    pub fn word(self) -> &'static str {
        match self {
            MatterKind::Allegation => "allegation",
            MatterKind::Complaint => "complaint",
            MatterKind::Incident => "incident",
        }
    }

    /// The first part of its addresses.
    pub fn folder(self) -> &'static str {
        match self {
            MatterKind::Allegation => "allegations",
            MatterKind::Complaint => "complaints",
            MatterKind::Incident => "serious-incidents",
        }
    }

    /// The name of its board.
    pub fn board(self) -> &'static str {
        match self {
            MatterKind::Allegation => "Allegations",
            MatterKind::Complaint => "Complaints",
            MatterKind::Incident => "Serious incidents",
        }
    }

    /// One of it, in words.
    pub fn one(self) -> &'static str {
        match self {
            MatterKind::Allegation => "Allegation",
            MatterKind::Complaint => "Complaint",
            MatterKind::Incident => "Serious incident",
        }
    }

    /// The form on which it is told, the link that leads there, and its button.
    pub fn telling(self) -> (&'static str, &'static str, &'static str) {
        match self {
            MatterKind::Allegation => (
                "allegation-report",
                "Tell the designated officer of an allegation",
                "Tell the designated officer",
            ),
            MatterKind::Complaint => ("complaint-new", "Take a complaint", "Save the complaint"),
            MatterKind::Incident => (
                "incident-new",
                "Tell of a serious incident",
                "Save the serious incident",
            ),
        }
    }

    /// Where it stands at first, the event from the day on which it was known,
    /// and the event of now.
    pub(crate) fn begins(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            MatterKind::Allegation => ("told", "allegation.known", Some("allegation.told")),
            MatterKind::Complaint => ("stage_1", "complaint.made", None),
            MatterKind::Incident => ("known", "incident.known", None),
        }
    }

    /// Every page about it after it was told, in the order in which they are
    /// offered.
    pub fn steps(self) -> &'static [MatterStep] {
        match self {
            MatterKind::Allegation => ALLEGATION,
            MatterKind::Complaint => COMPLAINT,
            MatterKind::Incident => INCIDENT,
        }
    }

    /// The page with this word.
    pub fn step(self, word: &str) -> Option<&'static MatterStep> {
        self.steps().iter().find(|step| step.word == word)
    }

    /// The code set of its outcomes.
    pub(crate) fn outcomes(self) -> &'static str {
        match self {
            MatterKind::Allegation => "allegation-outcome",
            MatterKind::Complaint => "complaint-outcome",
            MatterKind::Incident => "incident-outcome",
        }
    }
}
