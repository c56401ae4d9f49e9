//! One arrangement on its page: what is known, what is due, every visit.

use record::model::{PrivateFostering, PrivateFosteringVisit};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{ArrangementForm, ArrangementSeen, KIND, WRITES, ends_by_age, notice_words};
use crate::clocks::ClockView;
use crate::{Casework, Result};

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct ArrangementPage {
    /// The arrangement and its child.
    pub seen: ArrangementSeen,
    /// What is known, each with its heading.
    pub facts: Vec<(&'static str, String)>,
    /// Running clocks, the first due first.
    pub clocks: Vec<ClockView>,
    /// Every visit, the last one first.
    pub visits: Vec<VisitRow>,
    /// The pages that may be opened now.
    pub forms: Vec<ArrangementForm>,
}

/// A visit as a row.
#[derive(Debug, Clone)]
pub struct VisitRow {
    /// "4 March 2026".
    pub when: String,
    /// Seen, and alone or why not.
    pub seen: String,
    /// The child was not well looked after.
    pub worry: bool,
    /// The report.
    pub words: String,
    /// What the child said.
    pub childs_words: Option<String>,
    /// What is agreed.
    pub next: Option<String>,
}

impl Casework {
    /// The page of one arrangement.
    ///
    /// # Errors
    /// As [`Casework::arrangement`].
    pub async fn arrangement_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::Arrangement>,
    ) -> Result<ArrangementPage> {
        let seen = self
            .arrangement(viewer, id, Asked::to_read("private-fostering"))
            .await?;
        let visits: Vec<PrivateFosteringVisit> = self
            .rows_of(
                "arrangement_id = $1 order by visited_on desc, id desc",
                args![id],
            )
            .await?;
        let may_write = seen.row.state == "open" && WRITES.iter().any(|c| viewer.can(c));
        Ok(ArrangementPage {
            facts: self.arrangement_facts(&seen),
            clocks: self.clocks_about(KIND, id).await?,
            visits: visits.into_iter().map(visit_row).collect(),
            forms: if may_write {
                ArrangementForm::ALL.to_vec()
            } else {
                Vec::new()
            },
            seen,
        })
    }

    fn arrangement_facts(&self, seen: &ArrangementSeen) -> Vec<(&'static str, String)> {
        let row = &seen.row;
        let by = self.label("private-fostering-told-by", &row.told_by);
        let lives = match &row.relation {
            Some(relation) => format!("{}, {relation}", row.carer),
            None => row.carer.clone(),
        };
        let mut facts = vec![
            ("Lives with", lives),
            ("Since", plain::date(row.starts_on)),
            (
                "We were told",
                format!("{}. {by}. {}", plain::date(row.told_on), notice_words(row)),
            ),
            ("Why", row.why.clone()),
        ];
        let mut add = |title, words: Option<String>| {
            if let Some(words) = words {
                facts.push((title, words));
            }
        };
        add("Area", row.place.clone());
        add("What the child says", row.childs_words.clone());
        add("Meant to last until", row.until.map(plain::date));
        add("Over by age", over_by_age(row, seen.child.born_on));
        add("Suitable", Some(self.decision_words(row)));
        add(
            "Ended",
            row.ended_on.map(|day| {
                let why = row.end_why.as_deref().unwrap_or_default();
                let why = self.label("private-fostering-end", why);
                let words = row.end_words.as_deref().unwrap_or_default();
                format!("{}. {why}. {words}", plain::date(day))
            }),
        );
        facts
    }

    /// What was decided, or that nothing is.
    pub(super) fn decision_words(&self, row: &PrivateFostering) -> String {
        match (&row.decision, row.decided_on) {
            (Some(code), Some(day)) => {
                let label = self.label("private-fostering-decision", code);
                let words = row.decision_words.as_deref().unwrap_or_default();
                format!("{label} ({}). {words}", plain::date(day))
            }
            _ => "Not decided yet".into(),
        }
    }
}

/// "16 on 4 March 2027".
pub(super) fn over_by_age(
    row: &PrivateFostering,
    born: Option<chrono::NaiveDate>,
) -> Option<String> {
    let years = if row.disabled { 18 } else { 16 };
    born.map(|born| {
        format!(
            "{years} on {}",
            plain::date(ends_by_age(born, row.disabled))
        )
    })
}

fn visit_row(visit: PrivateFosteringVisit) -> VisitRow {
    VisitRow {
        when: plain::date(visit.visited_on),
        seen: match (visit.seen, visit.alone.as_deref()) {
            (false, _) => format!("Not seen. {}", visit.why_not.unwrap_or_default()),
            (true, Some("yes")) => "Seen alone".into(),
            (true, Some("chose_not")) => "Seen; did not want to talk alone".into(),
            (true, Some("too_young")) => "Seen; too young to talk alone".into(),
            (true, _) => "Seen, but not alone".into(),
        },
        worry: visit.satisfactory == Some(false),
        words: visit.words,
        childs_words: visit.childs_words,
        next: visit.next,
    }
}
