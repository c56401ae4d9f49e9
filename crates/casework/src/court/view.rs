//! One case on a page: where it stands, its weeks, hearings, papers and delays.

use record::model::{Clock, CourtCase, CourtDelay, CourtTask, Hearing};
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{CaseSeen, CourtForm};
use crate::care::board::due_words;
use crate::care::view::Said;
use crate::clocks::ClockView;
use crate::{Casework, Result, time};

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct CasePage {
    /// The case and its children.
    pub seen: CaseSeen,
    /// Where it stands.
    pub state: &'static str,
    /// "Week 14 of 26", when it is in court.
    pub weeks: Option<Weeks>,
    /// What was done so far, the first thing first.
    pub steps: Vec<Said>,
    /// Running clocks.
    pub clocks: Vec<ClockView>,
    /// Hearings, the next first.
    pub hearings: Vec<HearingRow>,
    /// Assessments and papers.
    pub tasks: Vec<TaskRow>,
    /// Delays.
    pub delays: Vec<Said>,
    /// How many weeks the delays cost together.
    pub lost: i64,
    /// The pages that fit where the case stands.
    pub forms: Vec<CourtForm>,
}

/// How long proceedings last, beside the twenty-six weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// Whole weeks from issue to the end, or to today (R004-22).
    pub weeks: i64,
    /// on-time, due-soon, late: for the colour, which only repeats the words.
    pub state: &'static str,
    /// "Week 14 of 26", "31 weeks, 5 over".
    pub words: String,
}

/// A hearing as a row.
#[derive(Debug, Clone)]
pub struct HearingRow {
    /// Which one.
    pub kind: String,
    /// When.
    pub when: String,
    /// To come, held, put off.
    pub state: &'static str,
    /// What the court decided.
    pub words: Option<String>,
}

/// A paper as a row.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// What.
    pub what: String,
    /// Who does it.
    pub owner: String,
    /// The clock's state and words.
    pub due: (&'static str, String),
}

/// The limit of proceedings, in weeks.
pub const LIMIT: i64 = 26;

/// The weeks of a case in court; nothing before issue.
pub fn weeks(case: &CourtCase) -> Option<Weeks> {
    let until = case.ended_on.unwrap_or_else(time::today);
    let weeks = (until - case.issued_on?).num_days() / 7;
    let (state, words) = match (weeks, case.ended_on) {
        (n, Some(_)) if n > LIMIT => (
            "late",
            format!("{}, {} over", plain::count(n, "week", "weeks"), n - LIMIT),
        ),
        (n, Some(_)) => ("done", plain::count(n, "week", "weeks")),
        (n, None) if n > LIMIT => ("late", format!("Week {n}, {} over", n - LIMIT)),
        (n, None) if n >= 20 => ("due-soon", format!("Week {n} of {LIMIT}")),
        (n, None) => ("on-time", format!("Week {n} of {LIMIT}")),
    };
    Some(Weeks {
        weeks,
        state,
        words,
    })
}

/// Where a case stands, in words.
pub fn state_words(case: &CourtCase) -> &'static str {
    match (case.state.as_str(), case.outcome.as_deref()) {
        ("gateway", _) => "After the legal gateway",
        ("pre_proceedings", _) => "Pre-proceedings",
        ("issued", _) => "In court",
        (_, Some("not_now")) => "The threshold was not met",
        (_, Some("stopped")) => "Ended without court",
        _ => "Ended",
    }
}

impl Casework {
    /// The page of one case.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if there is none for this viewer.
    pub async fn case_page(&self, viewer: &Viewer, id: Id<ids::CourtCase>) -> Result<CasePage> {
        let seen = self.case_seen(viewer, id, Asked::to_read("court")).await?;
        let hearings: Vec<Hearing> = self
            .rows_of("case_id = $1 order by listed_on desc, id desc", args![id])
            .await?;
        let tasks: Vec<CourtTask> = self
            .rows_of("case_id = $1 order by due_on, id", args![id])
            .await?;
        let delays: Vec<CourtDelay> = self
            .rows_of("case_id = $1 order by since desc, id desc", args![id])
            .await?;
        let sql = format!(
            "select {} from clock where about_kind = 'court' and about_id = $1 \
             and done_at is null order by due_at, id",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?;
        let writes = viewer.can("case.record");
        Ok(CasePage {
            state: state_words(&seen.case),
            weeks: weeks(&seen.case),
            steps: self.steps_of(&seen.case),
            clocks: clocks
                .iter()
                .map(|c| ClockView::of(c, self.pack()))
                .collect(),
            hearings: hearings
                .into_iter()
                .map(|h| HearingRow {
                    kind: self.label("hearing-kinds", &h.kind),
                    when: plain::date_with_day(h.listed_on),
                    state: match h.state.as_str() {
                        "held" => "Held",
                        "moved" => "Put off",
                        _ => "To come",
                    },
                    words: h.words,
                })
                .collect(),
            tasks: tasks
                .into_iter()
                .map(|t| TaskRow {
                    due: match t.done_on {
                        Some(day) => ("done", format!("done {}", plain::date(day))),
                        None => due_words(time::end_of(t.due_on)),
                    },
                    what: t.what,
                    owner: t.owner,
                })
                .collect(),
            lost: delays.iter().map(|d| d.weeks).sum(),
            delays: delays
                .into_iter()
                .map(|d| Said {
                    when: plain::date(d.since),
                    title: format!(
                        "{}: {}. {} can put it right",
                        self.label("court-delay", &d.reason),
                        plain::count(d.weeks, "week", "weeks"),
                        d.owner
                    ),
                    words: d.words,
                })
                .collect(),
            forms: CourtForm::ALL
                .into_iter()
                .filter(|form| writes && form.fits(&seen.case.state))
                .collect(),
            seen,
        })
    }

    fn steps_of(&self, case: &CourtCase) -> Vec<Said> {
        let mut steps = Vec::new();
        let mut add = |day: Option<chrono::NaiveDate>, title: &str, words: &Option<String>| {
            if let Some(day) = day {
                steps.push(Said {
                    when: plain::date(day),
                    title: title.to_owned(),
                    words: words.clone().unwrap_or_default(),
                });
            }
        };
        add(case.gateway_on, "Legal gateway", &case.gateway_words);
        add(
            case.letter_on,
            "Letter before proceedings",
            &case.letter_words,
        );
        add(case.met_on, "Meeting before proceedings", &case.met_words);
        let issued = case
            .seeks
            .as_ref()
            .map(|seeks| format!("We ask for: {seeks}"));
        add(case.issued_on, "Proceedings issued", &issued);
        let how = case.outcome.as_deref().map_or("Ended", |code| match code {
            "not_now" => "The threshold was not met",
            "stopped" => "Ended without court",
            _ => "Proceedings ended",
        });
        let words = match (&case.outcome, &case.outcome_words) {
            (Some(code), Some(words)) if !matches!(code.as_str(), "not_now" | "stopped") => {
                Some(format!("{}. {words}", self.label("court-outcome", code)))
            }
            (_, words) => words.clone(),
        };
        add(case.ended_on, how, &words);
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn case(issued_days_ago: u64, ended_days_ago: Option<u64>) -> CourtCase {
        let day = |ago: u64| time::today() - Days::new(ago);
        CourtCase {
            id: Id::new(),
            family_id: Id::new(),
            state: "issued".into(),
            gateway_on: None,
            gateway_words: None,
            letter_on: None,
            letter_to: None,
            letter_words: None,
            met_on: None,
            met_words: None,
            issued_on: Some(day(issued_days_ago)),
            number: None,
            court: None,
            seeks: None,
            papers: serde_json::json!([]),
            ended_on: ended_days_ago.map(day),
            outcome: None,
            outcome_words: None,
            lawyer: None,
            worker_id: None,
            team_id: None,
            version: 1,
        }
    }

    /// R004-22: weeks from issue to the final order, or to today if open.
    #[test]
    fn r004_22_weeks_run_from_issue_to_the_end_or_to_today() {
        for (issued, ended, count, state) in [
            (0, None, 0, "on-time"),
            (13 * 7, None, 13, "on-time"),
            (20 * 7, None, 20, "due-soon"),
            (26 * 7 + 6, None, 26, "due-soon"),
            (27 * 7, None, 27, "late"),
            (40 * 7, Some(20 * 7), 20, "done"),
            (40 * 7, Some(7), 39, "late"),
        ] {
            let found = weeks(&case(issued, ended)).expect("in court");
            assert_eq!(
                (found.weeks, found.state),
                (count, state),
                "{}",
                found.words
            );
        }
    }
}
