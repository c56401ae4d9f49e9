//! What is written about leaving care, and the clocks that it starts and stops.

use chrono::{Datelike, Months, NaiveDate};
use record::model::{
    Involvement, Leaver, LeaverContact, LeaverOffer, Plan, PlanState, PlanSubject, Worker,
};
use record::{Tx, args};
use serde_json::{Map, Value as Json};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Decided};
use crate::care::Filled;
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

const ADVISER: &str = "Personal adviser";
/// The parts of a life that the assessment and the plan go through.
const PARTS: [&str; 10] = [
    "home",
    "learning",
    "work",
    "money",
    "health",
    "people",
    "identity",
    "skills",
    "if_not",
    "childs_words",
];

impl Casework {
    pub(super) async fn start_leaving(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        leaver: Option<Leaver>,
    ) -> Result<String> {
        let child = form.child();
        let since = form.day("on")?;
        let adviser: Id<ids::Worker> = form.text("adviser").parse().map_err(|_| Error::NotFound)?;
        let worker: Worker = tx.get(adviser).await?;
        let status = form.text("status").to_owned();
        let new = leaver.is_none();
        let before = leaver.as_ref().and_then(|l| l.adviser_id);
        let mut row = leaver.unwrap_or(Leaver {
            id: Id::new(),
            person_id: child.id,
            status: status.clone(),
            since,
            adviser_id: None,
            words: None,
            assessed_on: None,
            assessment: None,
            planned_on: None,
            plan_id: None,
            pathway: None,
            housed_on: None,
            ended_on: None,
            version: 1,
        });
        row.status = status;
        row.since = since;
        row.adviser_id = Some(adviser);
        row.words = form.said("words");
        match new {
            true => tx.insert(&row).await?,
            false => tx.update(&mut row).await?,
        }
        if before != Some(adviser) {
            self.change_adviser(tx, &row, &worker, since).await?;
        }
        if new {
            self.start_leaver_clocks(tx, &row, child.born_on).await?;
            let source = ("leaver", row.id.to_string());
            let wording = format!("{} became personal adviser", worker.name);
            asking::propose(tx, child.id, since, "worker", &wording, source).await?;
        }
        Ok(format!("{} is the personal adviser.", worker.name))
    }

    /// The adviser works with the young person, and so can see the record.
    async fn change_adviser(
        &self,
        tx: &mut Tx,
        row: &Leaver,
        worker: &Worker,
        since: NaiveDate,
    ) -> Result<()> {
        let earlier: Vec<Involvement> = asking::rows(
            tx,
            "person_id = $1 and job_title = 'Personal adviser' and ended_on is null",
            args![row.person_id],
        )
        .await?;
        for mut one in earlier {
            one.ended_on = Some(since.max(one.started_on));
            one.change_reason = Some("Another personal adviser was named".into());
            tx.update(&mut one).await?;
        }
        Ok(tx
            .insert(&Involvement {
                id: Id::new(),
                person_id: row.person_id,
                worker_id: Some(worker.id),
                team_id: None,
                role: "other".into(),
                name: worker.name.clone(),
                job_title: ADVISER.into(),
                agency: "social_care".into(),
                phone: worker.phone.clone(),
                email: worker.email.clone(),
                lead: false,
                sensitive: false,
                started_on: since,
                ended_on: None,
                change_reason: None,
                version: 1,
            })
            .await?)
    }

    async fn start_leaver_clocks(
        &self,
        tx: &mut Tx,
        row: &Leaver,
        born: Option<NaiveDate>,
    ) -> Result<()> {
        let pack = self.pack();
        let at = time::start_of(row.since);
        // In care the clock of the assessment may wait already.
        let known: Vec<record::model::Clock> = asking::rows(
            tx,
            "person_id = $1 and rule = 'leaver-assessment'",
            args![row.person_id],
        )
        .await?;
        if known.is_empty() && row.status == "eligible" {
            let about = self.about_leaver(row, "needs").await?;
            clocks::start(tx, pack, "leaver.eligible", at, &about).await?;
        }
        let about = self.about_leaver(row, "in-touch").await?;
        clocks::start(tx, pack, "leaver.reached", at, &about).await?;
        // The offer must be whole by the 18th birthday (R004-12).
        if let Some(born) = born.filter(|b| row.since < *b + Months::new(18 * 12)) {
            let seventeen = born + Months::new(17 * 12);
            let about = self.about_leaver(row, "offer").await?;
            clocks::start(
                tx,
                pack,
                "leaver.seventeen",
                time::start_of(seventeen),
                &about,
            )
            .await?;
        }
        Ok(())
    }

    pub(super) async fn save_needs(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut row: Leaver,
    ) -> Result<String> {
        let day = form.day("on")?;
        row.assessed_on = Some(day);
        row.assessment = Some(parts(form));
        tx.update(&mut row).await?;
        let at = time::start_of(day);
        self.stop_for(tx, &row, "leaver.assessed", at).await?;
        let about = self.about_leaver(&row, "plan").await?;
        clocks::start(tx, self.pack(), "leaver.assessed", at, &about).await?;
        Ok("The assessment is saved. The pathway plan is next.".into())
    }

    pub(super) async fn save_pathway(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut row: Leaver,
    ) -> Result<String> {
        let day = form.day("on")?;
        let family = self.family_of(row.person_id).await?;
        if row.plan_id.is_none()
            && let Some(family) = family
        {
            row.plan_id = Some(self.pathway_row(tx, form, family, &row, day).await?);
        }
        row.planned_on = Some(day);
        row.pathway = Some(parts(form));
        tx.update(&mut row).await?;
        let decided = Decided {
            kind: "leaving_care",
            outcome: match form.text("kind") {
                "review" => "Pathway plan reviewed",
                _ => "Pathway plan made",
            },
            why: form.text("home"),
            asking: form.asking,
            answers: form.answers,
            family,
        };
        asking::decide(tx, form.viewer, decided).await?;
        let at = time::start_of(day);
        self.stop_for(tx, &row, "pathway_plan.made", at).await?;
        let about = self.about_leaver(&row, "plan").await?;
        clocks::start(tx, self.pack(), "pathway_plan.made", at, &about).await?;
        Ok("The pathway plan is saved. It is reviewed every 6 months.".into())
    }

    /// The plan's own page holds goals and actions, as for any plan (R001-30).
    async fn pathway_row(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        family: Id<ids::Family>,
        row: &Leaver,
        day: NaiveDate,
    ) -> Result<Id<ids::Plan>> {
        let open: Vec<Plan> = asking::rows(
            tx,
            "state = 'open' and kind = 'care_leaver' and exists (select 1 from plan_subject s \
             where s.plan_id = plan.id and s.person_id = $1)",
            args![row.person_id],
        )
        .await?;
        if let Some(plan) = open.first() {
            return Ok(plan.id);
        }
        let plan = Plan {
            id: Id::new(),
            kind: "care_leaver".into(),
            family_id: family,
            step_id: None,
            worker_id: row.adviser_id,
            team_id: form.viewer.principal.team,
            state: PlanState::Open,
            started_on: day,
            ended_on: None,
            end_reason: None,
            different: None,
            summary: form.said("home"),
            version: 1,
        };
        tx.insert(&plan).await?;
        tx.insert(&PlanSubject {
            id: Id::new(),
            plan_id: plan.id,
            person_id: row.person_id,
            version: 1,
        })
        .await?;
        // The pathway plan holds the care plan of a young person who is still in
        // care (SI 2010/959, regulation 43), so its goals go on here.
        let before = ["in_care", "child_in_need", "early_help"];
        self.plans_give_way(tx, &plan, &[row.person_id], &before, time::start_of(day))
            .await?;
        Ok(plan.id)
    }

    pub(super) async fn save_in_touch(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        row: Leaver,
    ) -> Result<String> {
        let day = form.day("on")?;
        let how = form.text("how").to_owned();
        tx.insert(&contact(form, &row, day, &how, form.said("suitable")))
            .await?;
        let at = time::start_of(day);
        let reached = how != "tried";
        if reached {
            self.stop_for(tx, &row, "leaver.reached", at).await?;
            let about = self.about_leaver(&row, "in-touch").await?;
            clocks::start(tx, self.pack(), "leaver.reached", at, &about).await?;
        }
        if how == "visit" && row.housed_on.is_some() {
            self.stop_for(tx, &row, "adviser.visited", at).await?;
            let about = self.about_leaver(&row, "in-touch").await?;
            clocks::start(tx, self.pack(), "adviser.visited", at, &about).await?;
        }
        let window = birthday_window(form.child().born_on, day);
        Ok(match (reached, window) {
            (false, _) => "Saved. The clock goes on: try again soon.".into(),
            (true, true) => "Saved. It is near the birthday: the yearly return takes it.".into(),
            (true, false) => "Saved.".into(),
        })
    }

    pub(super) async fn save_leaver_home(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        mut row: Leaver,
    ) -> Result<String> {
        let day = form.day("on")?;
        row.housed_on = Some(day);
        tx.update(&mut row).await?;
        let suitable: Vec<String> = ["landlord", "wishes", "work"]
            .iter()
            .filter_map(|part| form.said(part))
            .collect();
        let suitable = Some(suitable.join("\n\n")).filter(|s| !s.is_empty());
        tx.insert(&contact(form, &row, day, "home", suitable))
            .await?;
        let at = time::start_of(day);
        let about = self.about_leaver(&row, "in-touch").await?;
        clocks::start(tx, self.pack(), "leaver.housed", at, &about).await?;
        let source = ("leaver", row.id.to_string());
        let wording = "Moved into a home of their own that we provide";
        asking::propose(tx, row.person_id, day, "move", wording, source).await?;
        Ok("The home is saved. Visit within 7 days.".into())
    }

    pub(super) async fn save_offer(
        &self,
        tx: &mut Tx,
        form: &Filled<'_>,
        row: &Leaver,
    ) -> Result<String> {
        tx.insert(&LeaverOffer {
            id: Id::new(),
            leaver_id: row.id,
            person_id: row.person_id,
            what: form.text("what").to_owned(),
            department: form.text("department").to_owned(),
            state: form.text("state").to_owned(),
            happened_on: form.day("on")?,
            words: form.said("words"),
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        let made: Vec<LeaverOffer> = asking::rows(tx, "leaver_id = $1", args![row.id]).await?;
        let waiting = self.offer_waiting(made.iter().map(|o| o.what.as_str()));
        if waiting.is_empty() {
            let now = tx.now();
            self.stop_for(tx, row, "leaver.offered", now).await?;
            return Ok("Saved. The whole offer has been made.".into());
        }
        Ok(format!(
            "Saved. {} of the offer still to be made.",
            plain::count(waiting.len() as i64, "part", "parts")
        ))
    }

    /// The parts of the council's offer that have not been made, as codes.
    pub(super) fn offer_waiting<'a>(&self, made: impl Iterator<Item = &'a str>) -> Vec<String> {
        let made: Vec<&str> = made.collect();
        let codes = self.pack().codes("leaver-offer", time::today());
        codes
            .into_iter()
            .flat_map(|set| &set.codes)
            .filter(|code| !made.contains(&code.code.as_str()))
            .map(|code| code.code.clone())
            .collect()
    }

    /// Stops what an event stops: clocks that began in care as well.
    async fn stop_for(
        &self,
        tx: &mut Tx,
        row: &Leaver,
        event: &str,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<()> {
        let (pack, child) = (self.pack(), row.person_id.to_string());
        clocks::stop(tx, pack, event, at, "leaver", &child).await
    }

    async fn about_leaver(&self, row: &Leaver, page: &str) -> Result<About> {
        let path = format!("/people/{}/leaving-care/{page}", row.person_id);
        let mut about = self
            .about_child(row.person_id, "leaver", row.person_id.as_str(), path)
            .await?;
        about.worker = row.adviser_id.or(about.worker);
        Ok(about)
    }
}

fn contact(
    form: &Filled<'_>,
    row: &Leaver,
    day: NaiveDate,
    how: &str,
    suitable: Option<String>,
) -> LeaverContact {
    LeaverContact {
        id: Id::new(),
        leaver_id: row.id,
        person_id: row.person_id,
        happened_on: day,
        how: how.to_owned(),
        in_touch: form.said("in_touch").unwrap_or_else(|| "YES".into()),
        home: form.said("home"),
        suitable,
        activity: form.said("activity"),
        words: form.said("words"),
        made_by: form.viewer.principal.worker,
        version: 1,
    }
}

/// What was written for each part of a life.
fn parts(form: &Filled<'_>) -> Json {
    let said: Map<String, Json> = PARTS
        .iter()
        .filter_map(|part| Some(((*part).to_owned(), form.said(part)?.into())))
        .collect();
    said.into()
}

/// Whether a day falls into the window in which the yearly return asks about
/// care leavers: three months before a birthday to one month after.
pub fn birthday_window(born: Option<NaiveDate>, day: NaiveDate) -> bool {
    let Some(born) = born else { return false };
    [day.year(), day.year() + 1].into_iter().any(|year| {
        let years = u32::try_from(year - born.year()).unwrap_or(0);
        let birthday = born + Months::new(years * 12);
        (17..=21).contains(&years)
            && day >= birthday - Months::new(3)
            && day <= birthday + Months::new(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_three_months_before_to_one_month_after_a_birthday() {
        let born: NaiveDate = "2007-02-10".parse().unwrap();
        for (day, inside) in [
            ("2025-11-10", true),
            ("2025-11-09", false),
            ("2026-03-10", true),
            ("2026-03-11", false),
            ("2022-02-10", false),
        ] {
            assert_eq!(
                birthday_window(Some(born), day.parse().unwrap()),
                inside,
                "{day}"
            );
        }
    }
}
