//! Recording a meeting: who took part, what was said, what was decided; for a
//! review also what is different for the child. The clock of the review that
//! was held stops before the next one starts.

use chrono::{DateTime, Utc};
use packs::{Answers, Finding, Form, MeetingDef, Need, Severity};
use record::model::{Action, ActionState, Decision, Meeting, MeetingPerson, MeetingState, Plan};
use record::{Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::plan::{attendance, fill, held_at};
use super::{FORM, MeetingSeen, REVIEW_FORM, REVIEW_IN_CARE, REVIEWS};
use crate::plans::{about, case, claim, some, stops};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// The form on which a kind of meeting is recorded. A review asks what the
    /// pack's review form asks as well, all on one page.
    pub fn meeting_form(&self, kind: &str) -> Result<Form> {
        let mut form = self.form(FORM)?.clone();
        if kind == "child_in_need_review" {
            let review = self.form(REVIEW_FORM)?;
            let asked_there = |name: &str| review.field(name).is_some();
            for section in &mut form.sections {
                // One question once: the review's own wording of it stays.
                section
                    .fields
                    .retain(|f| f.name != "decision" && !asked_there(&f.name));
            }
            form.sections.extend(review.sections.clone());
        }
        let own = self
            .pack()
            .meeting(kind, time::today())
            .and_then(|def| def.form.as_deref());
        if let Some(own) = own {
            form.sections.extend(self.form(own)?.sections.clone());
        }
        Ok(form)
    }

    /// What the record starts from: what was planned, nobody's part filled in.
    pub async fn meeting_to_record(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
    ) -> Result<(MeetingSeen, Answers)> {
        let seen = self
            .meeting_to_change(viewer, id, "record a meeting")
            .await?;
        its_own_page(&seen.meeting.kind)?;
        let people = self.people_of(id).await?;
        let mut answers = Answers::new();
        let meeting = &seen.meeting;
        answers.set("kind", meeting.kind.clone());
        answers.set(
            "when",
            time::local(meeting.held_at)
                .format("%Y-%m-%dT%H:%M")
                .to_string(),
        );
        answers.set("place", meeting.place.clone().unwrap_or_default());
        answers.set("record", meeting.discussion.clone().unwrap_or_default());
        answers.set("decision", meeting.decision.clone().unwrap_or_default());
        answers.set_groups("people", people.into_iter().map(row_answers).collect());
        Ok((seen, answers))
    }

    /// Records the meeting as held. Recorded again it is corrected, and its
    /// clocks stay as they are.
    pub async fn record_meeting(
        &self,
        viewer: &Viewer,
        id: Id<ids::Meeting>,
        answers: &Answers,
        once: &str,
    ) -> Result<Option<Id<ids::Plan>>> {
        let MeetingSeen {
            mut meeting,
            plan,
            child,
            ..
        } = self
            .meeting_to_change(viewer, id, "record a meeting")
            .await?;
        its_own_page(&meeting.kind)?;
        its_own_page(answers.text("kind"))?;
        let form = self.meeting_form(answers.text("kind"))?;
        stops(form.check(answers, None))?;
        if let Some(def) = self.pack().meeting(answers.text("kind"), time::today()) {
            stops(empty_places(def, answers))?;
        }
        let at = held_at(answers)?;
        if at > time::end_of(time::today()) {
            return Err(Error::finding(
                "when",
                "When?",
                "The meeting is still to come. Record it when it has been held, or put the day right",
            ));
        }
        let people = self.people_of(id).await?;
        let known = self.family_known(viewer, meeting.family_id).await?;
        let first_time = meeting.state != MeetingState::Held;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/meetings/{id}")).await?;
        meeting.kind = answers.text("kind").to_owned();
        meeting.held_at = at;
        meeting.place = some(answers.text("place"));
        meeting.state = MeetingState::Held;
        meeting.discussion = some(answers.text("record"));
        meeting.decision = decision_words(&form, answers);
        tx.update(&mut meeting).await?;
        let mut rows = people;
        for posted in answers.groups("people") {
            take_part(&mut tx, &meeting, &mut rows, &posted, &known).await?;
        }
        if let Some(words) = some(answers.text("childs_words")) {
            let name = child.name();
            let mut said = Answers::new();
            said.set("name", name);
            said.set("views", words);
            take_part(&mut tx, &meeting, &mut rows, &said, &known).await?;
        }
        if let Some(plan) = &plan {
            if form.field("direction").is_some() {
                let def = self.pack().meeting(&meeting.kind, time::today());
                let asked_on = def.and_then(|def| def.form.as_deref());
                let asked = (asked_on.unwrap_or(REVIEW_FORM), &form);
                tx.insert(&review(viewer, plan, child.id, answers, asked, at))
                    .await?;
            }
            if first_time && REVIEWS.contains(&meeting.kind.as_str()) {
                self.turn_clocks(&mut tx, plan, child.id, &meeting).await?;
            } else if first_time {
                self.turn_clocks_of(&mut tx, plan, child.id, &meeting)
                    .await?;
            }
            if first_time {
                agree(&mut tx, viewer, plan, answers).await?;
            }
            self.plan_next(&mut tx, viewer, plan, answers, &known)
                .await?;
        }
        tx.drop_draft(viewer.principal.worker, &format!("held:{id}"))
            .await?;
        tx.commit().await?;
        Ok(plan.map(|p| p.id))
    }

    /// Stops the clock that asked for this meeting, then starts the next: a
    /// clock that recurs must never run twice. A meeting recorded after a
    /// later one was held leaves the later one's clock alone.
    async fn turn_clocks(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        child: Id<ids::Person>,
        meeting: &Meeting,
    ) -> Result<()> {
        let (pack, at) = (self.pack(), meeting.held_at);
        let id = plan.id.to_string();
        for event in ["meeting.first_held", "meeting.review_held"] {
            if event == "meeting.review_held" && later_held(tx, plan.id, meeting).await? {
                return Ok(());
            }
            clocks::stop(tx, pack, event, at, "plan", &id).await?;
            for step in steps_before(tx, plan).await? {
                clocks::stop(tx, pack, event, at, "step", &step).await?;
            }
        }
        let about = about(plan, child);
        clocks::start_where(tx, pack, "meeting.held", at, &about, &case(plan)).await
    }

    /// The same for any other meeting of a plan that the pack has clocks for: a
    /// core group stops the clock that asked for it and starts the next.
    async fn turn_clocks_of(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        child: Id<ids::Person>,
        meeting: &Meeting,
    ) -> Result<()> {
        let (pack, at) = (self.pack(), meeting.held_at);
        let event = format!("meeting.{}.held", meeting.kind);
        if later_of_kind(tx, plan.id, meeting).await? {
            return Ok(());
        }
        let children = crate::plans::subjects(tx, plan.id).await?;
        clocks::stop_of(tx, pack, &event, at, &children).await?;
        let about = about(plan, child);
        clocks::start_where(tx, pack, &event, at, &about, &case(plan)).await
    }

    /// The next meeting, if a day was named and none is planned on it.
    async fn plan_next(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        plan: &Plan,
        answers: &Answers,
        known: &[crate::plans::network::Known],
    ) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Planned {
            held_at: DateTime<Utc>,
        }
        let Some(day) = answers.date("next") else {
            return Ok(());
        };
        let planned: Vec<Planned> = tx
            .all(
                "select held_at from meeting where plan_id = $1 and state = 'planned'",
                args![plan.id],
            )
            .await?;
        if planned.iter().any(|m| time::local(m.held_at).date() == day) {
            return Ok(());
        }
        tx.insert(&Meeting {
            id: Id::new(),
            kind: match plan.kind.as_str() {
                "early_help" => "team_around_family",
                _ => "child_in_need_review",
            }
            .into(),
            family_id: plan.family_id,
            plan_id: Some(plan.id),
            held_at: time::start_of(day),
            place: None,
            state: MeetingState::Planned,
            purpose: None,
            discussion: None,
            decision: None,
            interpreter: (!super::languages(known).is_empty()).then(|| "needed".to_owned()),
            chaired_by: None,
            made_by: viewer.principal.worker,
            version: 1,
        })
        .await?;
        Ok(())
    }
}

/// A review in care asks for more than a meeting does, and turns clocks of its
/// own: it is recorded on a page of its own.
fn its_own_page(kind: &str) -> Result<()> {
    if kind != REVIEW_IN_CARE {
        return Ok(());
    }
    Err(Error::Refused(
        "A review in care is recorded on the child’s page “Home and care”, under “Record a review”. Those who were invited here are found there again.".into(),
    ))
}

/// Places without which the meeting is not what it is called: nobody of these
/// agencies came (R000-14).
fn empty_places(def: &MeetingDef, answers: &Answers) -> Vec<Finding> {
    let people = answers.groups("people");
    let came: Vec<&str> = people
        .iter()
        .filter(|p| p.text("took_part") == "came")
        .map(|p| p.text("agency"))
        .collect();
    let must = def.partners.iter().filter(|p| p.need == Need::Must);
    must.filter(|p| !p.agencies.iter().any(|agency| came.contains(&agency.as_str())))
        .map(|p| Finding {
            field: "people".into(),
            label: "People".into(),
            message: format!(
                "{} must take part: {}. Add who came, with their agency, or choose another kind of meeting",
                p.title,
                p.why.to_lowercase()
            ),
            severity: Severity::Stop,
        })
        .collect()
}

/// The actions that were agreed, where the meeting's own form asks for them:
/// each with what, who, which agency, by when and how we will know.
async fn agree(tx: &mut Tx, viewer: &Viewer, plan: &Plan, answers: &Answers) -> Result<()> {
    for item in answers.groups("actions") {
        let Some(due_on) = item.date("due") else {
            continue;
        };
        tx.insert(&Action {
            id: Id::new(),
            plan_id: plan.id,
            family_id: plan.family_id,
            goal_id: None,
            what: item.text("what").to_owned(),
            agency: item.text("agency").to_owned(),
            owner: item.text("owner").to_owned(),
            owner_worker_id: None,
            owner_email: None,
            due_on,
            measure: item.text("measure").to_owned(),
            state: ActionState::ToDo,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            settled_on: None,
            version: 1,
        })
        .await?;
    }
    Ok(())
}

/// One person's part. Those who were invited are found again by name; others
/// are added; nobody is taken out.
pub(crate) async fn take_part(
    tx: &mut Tx,
    meeting: &Meeting,
    rows: &mut Vec<MeetingPerson>,
    posted: &Answers,
    known: &[crate::plans::network::Known],
) -> Result<()> {
    let name = posted.text("name");
    let part = posted.text("took_part");
    let found = rows.iter().position(|r| r.name.eq_ignore_ascii_case(name));
    let mut row = match found {
        Some(i) => rows[i].clone(),
        None => {
            let mut row = attendance(meeting, name, posted.text("agency"));
            if let Some(known) = known.iter().find(|k| k.name.eq_ignore_ascii_case(name)) {
                fill(&mut row, known);
            }
            row
        }
    };
    row.invited |= part == "invited";
    if ["came", "sent_views", "absent"].contains(&part) {
        row.came = Some(part.to_owned());
    }
    row.absent_why = (part == "absent")
        .then(|| some(posted.text("absent_why")))
        .flatten()
        .or(row.absent_why.filter(|_| part.is_empty()));
    if let Some(views) = some(posted.text("views")) {
        row.views = Some(views);
    }
    match found {
        Some(i) if rows[i] != row => {
            tx.update(&mut row).await?;
            rows[i] = row;
        }
        Some(_) => {}
        None => {
            tx.insert(&row).await?;
            rows.push(row);
        }
    }
    Ok(())
}

fn row_answers(row: MeetingPerson) -> Answers {
    let mut answers = Answers::new();
    answers.set("name", row.name);
    answers.set("agency", row.agency);
    answers.set("took_part", row.came.unwrap_or_default());
    answers.set("absent_why", row.absent_why.unwrap_or_default());
    answers.set("views", row.views.unwrap_or_default());
    answers
}

/// What was decided: of a review its outcome with the reason.
fn decision_words(form: &Form, answers: &Answers) -> Option<String> {
    let Some(outcome) = form.field("outcome").and_then(|f| f.kind.options()) else {
        return some(answers.text("decision"));
    };
    let label = outcome.label(answers.text("outcome"));
    Some(match some(answers.text("why")) {
        Some(why) => format!("{label}. {why}"),
        None => label.to_owned(),
    })
}

fn review(
    viewer: &Viewer,
    plan: &Plan,
    child: Id<ids::Person>,
    answers: &Answers,
    (asked_on, form): (&str, &Form),
    at: DateTime<Utc>,
) -> Decision {
    let mut kept = answers.clone().into_map();
    kept.shift_remove("people");
    kept.insert("plan".into(), plan.id.to_string().into());
    let why = some(answers.text("why")).unwrap_or_else(|| answers.text("changed").to_owned());
    Decision {
        id: Id::new(),
        kind: "review".into(),
        contact_id: None,
        family_id: Some(plan.family_id),
        person_id: Some(child),
        step_id: None,
        level: None,
        indicators: json!([]),
        outcome: answers.text("outcome").to_owned(),
        rationale: why,
        considered: some(answers.text("changed")),
        alternatives: None,
        child_words: None,
        guide_version: None,
        form: Some(asked_on.into()),
        form_version: Some(form.version.to_string()),
        answers: kept.into(),
        decided_by: viewer.principal.worker,
        decided_at: at,
        version: 1,
    }
}

async fn later_held(tx: &mut Tx, plan: Id<ids::Plan>, meeting: &Meeting) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Later {
        n: i64,
    }
    let later: Option<Later> = tx
        .maybe(
            "select count(*) as n from meeting where plan_id = $1 and state = 'held' and id <> $2 \
             and kind in ('child_in_need_first', 'child_in_need_review') and held_at > $3",
            args![plan, meeting.id, meeting.held_at],
        )
        .await?;
    Ok(later.is_some_and(|l| l.n > 0))
}

/// Whether a later meeting of the same kind was held already.
async fn later_of_kind(tx: &mut Tx, plan: Id<ids::Plan>, meeting: &Meeting) -> Result<bool> {
    #[derive(sqlx::FromRow)]
    struct Later {
        n: i64,
    }
    let later: Option<Later> = tx
        .maybe(
            "select count(*) as n from meeting where plan_id = $1 and state = 'held' and id <> $2 \
             and kind = $3 and held_at > $4",
            args![plan, meeting.id, meeting.kind.clone(), meeting.held_at],
        )
        .await?;
    Ok(later.is_some_and(|l| l.n > 0))
}

/// The steps whose clocks ask for the first meeting: the assessment the plan
/// came from, and the pack's step of the plan itself.
async fn steps_before(tx: &mut Tx, plan: &Plan) -> Result<Vec<String>> {
    #[derive(sqlx::FromRow)]
    struct Before {
        id: Id<ids::Step>,
    }
    let sql = "select distinct s.id from step s join step_subject x on x.step_id = s.id \
               join plan_subject p on p.person_id = x.person_id where p.plan_id = $1 \
               and s.family_id = $2 \
               and s.kind in ('child-and-family-assessment', 'child-in-need-plan')";
    let rows: Vec<Before> = tx.all(sql, args![plan.id, plan.family_id]).await?;
    Ok(rows.into_iter().map(|r| r.id.to_string()).collect())
}
