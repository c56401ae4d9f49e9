//! What happens in a case after the gateway, and the clocks that it moves.

use chrono::{DateTime, Utc};
use record::Tx;
use record::model::{CourtCase, CourtChild, CourtDelay, CourtTask, Hearing};
use serde_json::json;
use vocabulary::{Id, plain};

use crate::asking::{self, Decided};
use crate::care::Filled;
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    pub(super) async fn send_letter(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut case: CourtCase,
    ) -> Result<String> {
        let day = form.day("on")?;
        case.state = "pre_proceedings".into();
        case.letter_on = Some(day);
        case.letter_to = form.said("to");
        case.letter_words = form.said("words");
        tx.update(&mut case).await?;
        let at = time::start_of(day);
        self.stop_case_clocks(tx, &case, "court.letter_sent", at)
            .await?;
        let about = self.about_case(&case, form.child().id).await?;
        clocks::start(tx, self.pack(), "court.letter_sent", at, &about).await?;
        Ok("The letter is saved. Meet the parents and their lawyers.".into())
    }

    pub(super) async fn hold_meeting(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut case: CourtCase,
    ) -> Result<String> {
        let day = form.day("on")?;
        case.state = "pre_proceedings".into();
        case.met_on = Some(day);
        case.met_words = form.said("words");
        let result = form.text("result").to_owned();
        let stops = result == "stop";
        if stops {
            case.state = "ended".into();
            case.ended_on = Some(day);
            case.outcome = Some("stopped".into());
            case.outcome_words = form.said("words");
        }
        tx.update(&mut case).await?;
        let at = time::start_of(day);
        self.stop_case_clocks(tx, &case, "court.meeting_held", at)
            .await?;
        if stops {
            clocks::stop_all(tx, at, "court", case.id.as_str()).await?;
        }
        self.decide_case(tx, form, &case, "Meeting before proceedings")
            .await?;
        Ok(match result.as_str() {
            "stop" => "Pre-proceedings have ended. The plan for the children goes on.".into(),
            "issue" => "Saved. Say here when proceedings are issued.".into(),
            _ => "The meeting is saved. Pre-proceedings go on.".into(),
        })
    }

    pub(super) async fn issue(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut case: CourtCase,
    ) -> Result<String> {
        let day = form.day("on")?;
        if case.gateway_on.is_some_and(|gateway| day < gateway) {
            return Err(Error::finding(
                "on",
                "When was it issued?",
                "Write a day after the legal gateway",
            ));
        }
        case.state = "issued".into();
        case.issued_on = Some(day);
        case.number = form.said("number");
        case.court = form.said("court");
        case.seeks = form.said("seeks");
        case.papers = json!(form.answers.list("papers"));
        tx.update(&mut case).await?;
        let at = time::start_of(day);
        self.stop_case_clocks(tx, &case, "court.pre_proceedings_ended", at)
            .await?;
        self.stop_case_clocks(tx, &case, "court.letter_sent", at)
            .await?;
        self.stop_case_clocks(tx, &case, "court.meeting_held", at)
            .await?;
        let about = self.about_case(&case, form.child().id).await?;
        clocks::start(tx, self.pack(), "court.issued", at, &about).await?;
        self.for_each_child(tx, &case, day, "Care proceedings were issued")
            .await?;
        Ok("Proceedings are issued. Twenty-six weeks are running.".into())
    }

    pub(super) async fn add_hearing(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        case: &CourtCase,
    ) -> Result<String> {
        let state = form.text("held").to_owned();
        let day = form
            .answers
            .date("on")
            .ok_or_else(|| Error::finding("on", "When?", "Write the day, such as 27 3 2026"))?;
        if state == "held" && day > form.viewer.today {
            return Err(Error::finding(
                "on",
                "When?",
                "A hearing that has been held is not in the future",
            ));
        }
        let known: Vec<Hearing> = asking::rows(
            tx,
            "case_id = $1 and kind = $2 and state = 'planned' order by listed_on",
            record::args![case.id, form.text("kind")],
        )
        .await?;
        // A hearing that was listed before is the same hearing now.
        match known.into_iter().next() {
            Some(mut known) if state != "planned" => {
                known.listed_on = day;
                known.state = state.clone();
                known.words = form.said("words");
                tx.update(&mut known).await?;
            }
            _ => {
                tx.insert(&hearing(
                    case,
                    form.text("kind"),
                    day,
                    &state,
                    form.said("words"),
                ))
                .await?;
            }
        }
        if let Some(next) = form.answers.date("next_on").filter(|next| *next > day) {
            tx.insert(&hearing(case, "other", next, "planned", None))
                .await?;
        }
        if state == "held" && form.text("kind") == "cmh" {
            let at = time::start_of(day);
            self.stop_case_clocks(tx, case, "court.case_management_held", at)
                .await?;
        }
        Ok(match state.as_str() {
            "moved" => "Saved. Add the delay: who can put it right, and how many weeks it costs.",
            _ => "The hearing is saved.",
        }
        .into())
    }

    pub(super) async fn add_court_task(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        case: &CourtCase,
    ) -> Result<String> {
        let due_on = form.answers.date("due_on").ok_or_else(|| {
            Error::finding("due_on", "By when?", "Write the day, such as 27 3 2026")
        })?;
        let what = form.text("what").to_owned();
        let known: Vec<CourtTask> = asking::rows(
            tx,
            "case_id = $1 and what = $2 and done_on is null",
            record::args![case.id, what.clone()],
        )
        .await?;
        match known.into_iter().next() {
            Some(mut known) => {
                known.owner = form.text("owner").to_owned();
                known.due_on = due_on;
                known.done_on = form.answers.date("done_on");
                tx.update(&mut known).await?;
            }
            None => {
                tx.insert(&CourtTask {
                    id: Id::new(),
                    case_id: case.id,
                    family_id: case.family_id,
                    what,
                    owner: form.text("owner").to_owned(),
                    due_on,
                    done_on: form.answers.date("done_on"),
                    version: 1,
                })
                .await?;
            }
        }
        Ok("Saved.".into())
    }

    pub(super) async fn add_delay(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        case: &CourtCase,
    ) -> Result<String> {
        let weeks = form.text("weeks").parse().unwrap_or(0);
        tx.because_of(form.text("words"));
        tx.insert(&CourtDelay {
            id: Id::new(),
            case_id: case.id,
            family_id: case.family_id,
            reason: form.text("reason").to_owned(),
            owner: form.text("owner").to_owned(),
            since: form.day("on")?,
            weeks,
            words: form.text("words").to_owned(),
            agreed_by: form.said("agreed_by"),
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        Ok(format!(
            "The delay is saved: {}, and {} can put it right.",
            plain::count(weeks, "week", "weeks"),
            form.text("owner")
        ))
    }

    pub(super) async fn stop_case(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut case: CourtCase,
    ) -> Result<String> {
        let day = form.day("on")?;
        case.state = "ended".into();
        case.ended_on = Some(day);
        case.outcome = Some("stopped".into());
        case.outcome_words = form.said("words");
        tx.update(&mut case).await?;
        clocks::stop_all(tx, time::start_of(day), "court", case.id.as_str()).await?;
        self.decide_case(tx, form, &case, "Pre-proceedings ended without court")
            .await?;
        Ok("Pre-proceedings have ended. The plan for the children goes on.".into())
    }

    pub(super) async fn end_case(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut case: CourtCase,
    ) -> Result<String> {
        let day = form.day("on")?;
        let outcome = form.text("outcome").to_owned();
        case.state = "ended".into();
        case.ended_on = Some(day);
        case.outcome = Some(outcome.clone());
        case.outcome_words = form.said("words");
        tx.update(&mut case).await?;
        clocks::stop_all(tx, time::start_of(day), "court", case.id.as_str()).await?;
        let label = self.label("court-outcome", &outcome);
        self.decide_case(tx, form, &case, &format!("The court: {label}"))
            .await?;
        let wording = format!("Care proceedings ended: {label}");
        self.for_each_child(tx, &case, day, &wording).await?;
        Ok(match outcome.as_str() {
            "care_order" | "placement_order" => {
                "Proceedings have ended. Change the legal status of each child in care now."
            }
            _ => "Proceedings have ended. Plan the help that goes on.",
        }
        .into())
    }

    async fn decide_case(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        case: &CourtCase,
        outcome: &str,
    ) -> Result<()> {
        let decided = Decided {
            kind: "court",
            outcome,
            why: form.text("words"),
            asking: form.asking,
            answers: form.answers,
            family: Some(case.family_id),
        };
        asking::decide(tx, form.viewer, decided).await
    }

    async fn for_each_child(
        &self,
        tx: &mut Tx,
        case: &CourtCase,
        day: chrono::NaiveDate,
        wording: &str,
    ) -> Result<()> {
        let children: Vec<CourtChild> =
            asking::rows(tx, "case_id = $1", record::args![case.id]).await?;
        for child in children {
            let source = ("court_case", case.id.to_string());
            asking::propose(tx, child.person_id, day, "plan", wording, source).await?;
        }
        Ok(())
    }

    async fn stop_case_clocks(
        &self,
        tx: &mut Tx,
        case: &CourtCase,
        event: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        clocks::stop(tx, self.pack(), event, at, "court", case.id.as_str()).await
    }
}

fn hearing(
    case: &CourtCase,
    kind: &str,
    day: chrono::NaiveDate,
    state: &str,
    words: Option<String>,
) -> Hearing {
    Hearing {
        id: Id::new(),
        case_id: case.id,
        family_id: case.family_id,
        kind: kind.to_owned(),
        listed_on: day,
        state: state.to_owned(),
        words,
        version: 1,
    }
}
