//! An allegation, a complaint and a serious incident about the child of a
//! [`super::Scene`]: open to posts, and to no tie with the child.

use record::model::Matter;
use serde_json::json;
use vocabulary::Id;

use super::writer::Writer;
use crate::matters::kinds::MatterKind;
use crate::testing::id_of;
use crate::time;

/// Kind, where it stands, a page that is open there, the form it came on, and
/// what the two are called in an address.
const EACH: [(MatterKind, &str, &str, &str, [&str; 2]); 3] = [
    (
        MatterKind::Allegation,
        "told",
        "decision",
        "allegation-report",
        ["allegation", "allegation_page"],
    ),
    (
        MatterKind::Complaint,
        "stage_1",
        "answer",
        "complaint-new",
        ["complaint", "complaint_page"],
    ),
    (
        MatterKind::Incident,
        "known",
        "notified",
        "incident-new",
        ["incident", "incident_page"],
    ),
];

impl Writer {
    /// One of each kind.
    pub(super) async fn matters(&mut self) {
        for (kind, state, page, form, [name, page_name]) in EACH {
            let version = self.pack.form(form, time::today());
            let version = version.expect("the form of a matter").version;
            let matter = Matter {
                id: Id::new(),
                kind: kind.word().into(),
                state: state.into(),
                known_on: time::today(),
                title: self.words(),
                about_worker_id: None,
                person_id: Some(self.child),
                child_name: Some(format!("Wren {}", self.standing.name())),
                words: self.words(),
                form: form.into(),
                form_version: version.to_string(),
                answers: json!({}),
                officer_id: None,
                outcome: None,
                closed_on: None,
                told_by: id_of("jo.socialworker"),
                told_at: self.now,
                version: 1,
            };
            self.put(&matter).await;
            self.know(name, &matter.id);
            self.ids.push((page_name, page.to_owned()));
        }
    }
}
