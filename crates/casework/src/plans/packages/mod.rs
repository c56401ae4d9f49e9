//! Packages of support: several services for one family with one set of goals,
//! from a day to a day, looked at again with the family (R000-17).
//!
//! A package belongs to a plan of any kind, and who may see the plan may see
//! it. Each of its services stands for itself; the package ends only when each
//! of them has an outcome.

pub mod view;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{SupportPackage, SupportPart, SupportReview};
use record::{Asked, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::{PlanSeen, about as about_plan};
use crate::asking::{self, Asking, Done, past_day, said};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// What the clocks of a package say that they are about.
pub(crate) const KIND: &str = "package";

/// The states of a service that are an outcome.
const OUTCOMES: [&str; 3] = ["completed", "stopped", "not_taken_up"];

/// The pages of one form each about a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PackageForm {
    /// One more service.
    Service,
    /// A look at the whole with the family.
    Review,
    /// It ended.
    End,
}

impl PackageForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [PackageForm; 3] = [PackageForm::Service, PackageForm::Review, PackageForm::End];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            PackageForm::Service => "services",
            PackageForm::Review => "review",
            PackageForm::End => "end",
        }
    }

    /// The pack's form.
    pub fn form(self) -> &'static str {
        match self {
            PackageForm::Service => "package-service",
            PackageForm::Review => "package-review",
            PackageForm::End => "package-end",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            PackageForm::Service => "Add a service",
            PackageForm::Review => "Look at it with the family",
            PackageForm::End => "It ended",
        }
    }
}

/// A package on a plan that the viewer may see.
#[derive(Debug, Clone)]
pub struct PackageSeen {
    /// The plan and its children.
    pub plan: PlanSeen,
    /// The row.
    pub row: SupportPackage,
}

/// The page of a package.
pub fn path(id: Id<ids::Package>) -> String {
    format!("/packages/{id}")
}

/// Whether a service of a package has an outcome.
pub fn has_outcome(part: &SupportPart) -> bool {
    OUTCOMES.contains(&part.state.as_str())
}

impl Casework {
    /// The page on which a package is put together, with the goals of the plan
    /// to choose from.
    ///
    /// # Errors
    /// As [`Casework::plan_to_change`].
    pub async fn ask_package(&self, viewer: &Viewer, plan: Id<ids::Plan>) -> Result<Asking> {
        let seen = self.plan_to_change(viewer, plan, "package-start").await?;
        let goals = self.goal_names(&seen).await?;
        let (address, back) = (format!("/plans/{plan}/packages/new"), plans_path(plan));
        let names = seen.names();
        let mut asking = Asking::new(self.form("package-start")?, seen.child, address, back);
        asking.title = format!("A package of support for {names}");
        asking.button = format!("Save the package for {names}");
        match goals.is_empty() {
            true => {
                for section in &mut asking.form.sections {
                    section.fields.retain(|f| f.name != "goals");
                }
            }
            false => asking.offer("goals", goals),
        }
        asking.day("starts", viewer.today);
        Ok(asking)
    }

    /// Puts a package together; the clock of its first look runs from its
    /// first day.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_package(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_package(viewer, plan).await?;
        asking.check(answers)?;
        let starts_on = answers
            .date("starts")
            .ok_or_else(|| Error::finding("starts", "From when?", "Write the day"))?;
        let seen = self.plan_to_change(viewer, plan, "package-start").await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let row = SupportPackage {
            id: Id::new(),
            plan_id: plan,
            family_id: seen.plan.family_id,
            name: answers.text("name").trim().to_owned(),
            aim: answers.text("aim").trim().to_owned(),
            goals: json!(answers.list("goals")),
            starts_on,
            state: "open".into(),
            ended_on: None,
            outcome: None,
            end_words: None,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        asking::claim(&mut tx, once, &path(row.id)).await?;
        tx.insert(&row).await?;
        for service in answers.groups("services") {
            let part = part_of(viewer, &row, &service, &tx);
            tx.insert(&part).await?;
        }
        let about = about(&seen, &row);
        let at = time::start_of(starts_on);
        clocks::start(&mut tx, self.pack(), "package.started", at, &about).await?;
        let wording = "A package of support began";
        told(&mut tx, &seen, &row, starts_on, wording).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("The package is saved.", path(row.id)))
    }

    /// A package behind the gate of its plan.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn package_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Package>,
        asked: Asked<'_>,
    ) -> Result<PackageSeen> {
        let rows: Vec<SupportPackage> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let plan = self.plan_seen(viewer, row.plan_id, asked, None).await?;
        Ok(PackageSeen { plan, row })
    }

    /// A package that this viewer is about to change.
    async fn package_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Package>,
        page: &str,
    ) -> Result<PackageSeen> {
        let rows: Vec<SupportPackage> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let plan = self.plan_to_change(viewer, row.plan_id, page).await?;
        if row.state != "open" {
            let why = "This package has ended, and what it says stays as it was. Put together a new one on the plan.";
            return Err(Error::Refused(why.into()));
        }
        Ok(PackageSeen { plan, row })
    }

    /// One of the pages about a package.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] once it or
    /// its plan has ended, or while a service of it has no outcome yet.
    pub async fn ask_of_package(
        &self,
        viewer: &Viewer,
        id: Id<ids::Package>,
        what: PackageForm,
    ) -> Result<Asking> {
        let seen = self.package_to_change(viewer, id, what.form()).await?;
        if what == PackageForm::End {
            self.every_service_has_ended(&seen.row).await?;
        }
        let address = format!("{}/{}", path(id), what.word());
        let names = seen.plan.names();
        let mut asking = Asking::new(self.form(what.form())?, seen.plan.child, address, path(id));
        asking.title = format!("{}: {}", seen.row.name, what.link().to_lowercase());
        asking.button = format!("Save for {names}");
        asking.day("on", viewer.today);
        Ok(asking)
    }

    /// Saves one of the pages about a package.
    ///
    /// # Errors
    /// As [`Casework::ask_of_package`]; [`Error::Findings`] when something
    /// must be put right.
    pub async fn save_of_package(
        &self,
        viewer: &Viewer,
        id: Id<ids::Package>,
        what: PackageForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_of_package(viewer, id, what).await?;
        asking.check(answers)?;
        let seen = self.package_to_change(viewer, id, what.form()).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &path(id)).await?;
        let words = match what {
            PackageForm::Service => {
                let part = part_of(viewer, &seen.row, answers, &tx);
                tx.insert(&part).await?;
                "The service is added."
            }
            PackageForm::Review => {
                self.package_reviewed(&mut tx, viewer, &seen, answers)
                    .await?
            }
            PackageForm::End => self.package_ended(&mut tx, viewer, &seen, answers).await?,
        };
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, path(id)))
    }

    async fn package_reviewed(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &PackageSeen,
        answers: &Answers,
    ) -> Result<&'static str> {
        let day = not_before(answers, viewer.today, &seen.row)?;
        let review = SupportReview {
            id: Id::new(),
            package_id: seen.row.id,
            family_id: seen.row.family_id,
            reviewed_on: day,
            family_words: said(answers, "family_words"),
            words: answers.text("words").trim().to_owned(),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&review).await?;
        let later: Vec<SupportReview> = asking::rows(
            tx,
            "package_id = $1 and reviewed_on > $2",
            args![seen.row.id, day],
        )
        .await?;
        // A look that is written down late does not turn the clock back.
        if later.is_empty() {
            let (at, id) = (time::start_of(day), seen.row.id.to_string());
            clocks::stop(tx, self.pack(), "package.reviewed", at, KIND, &id).await?;
            let about = about(&seen.plan, &seen.row);
            clocks::start(tx, self.pack(), "package.reviewed", at, &about).await?;
        }
        Ok("The review is saved.")
    }

    async fn package_ended(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &PackageSeen,
        answers: &Answers,
    ) -> Result<&'static str> {
        let day = not_before(answers, viewer.today, &seen.row)?;
        let mut row: SupportPackage = tx.get(seen.row.id).await?;
        row.state = "ended".into();
        row.ended_on = Some(day);
        row.outcome = said(answers, "outcome");
        row.end_words = said(answers, "words");
        tx.update(&mut row).await?;
        clocks::stop_all(tx, tx.now(), KIND, row.id.as_str()).await?;
        let outcome = self.label(
            "package-outcome",
            row.outcome.as_deref().unwrap_or_default(),
        );
        let wording = format!("A package of support ended: {}", outcome.to_lowercase());
        told(tx, &seen.plan, &row, day, &wording).await?;
        Ok("The package has ended.")
    }

    /// The hard gate of R000-17.
    async fn every_service_has_ended(&self, row: &SupportPackage) -> Result<()> {
        let parts: Vec<SupportPart> = self
            .rows_of("package_id = $1 order by id", args![row.id])
            .await?;
        let open: Vec<String> = parts
            .iter()
            .filter(|p| !has_outcome(p))
            .map(|p| p.service.clone())
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "A package ends when each of its services has an outcome, so that nobody is left waiting for one. Say first what came of: {}.",
            plain::list(&open)
        )))
    }

    /// The page on which it is said how one service goes.
    ///
    /// # Errors
    /// As [`Casework::ask_of_package`].
    pub async fn ask_package_part(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<Asking> {
        let (asking, _, _) = self.part_to_change(viewer, id).await?;
        Ok(asking)
    }

    async fn part_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
    ) -> Result<(Asking, PackageSeen, SupportPart)> {
        let rows: Vec<SupportPart> = self.rows_of("id = $1", args![id]).await?;
        let part = rows.into_iter().next().ok_or(Error::NotFound)?;
        let seen = self
            .package_to_change(viewer, part.package_id, "package-part")
            .await?;
        let (address, back) = (format!("/package-services/{id}"), path(part.package_id));
        let child = seen.plan.child.clone();
        let mut asking = Asking::new(self.form("package-part")?, child, address, back);
        asking.title = format!("{}: how does it go?", part.service);
        asking.words = format!("From {}.", part.provider);
        asking.button = format!("Save for {}", seen.plan.names());
        asking.answers.set("state", part.state.clone());
        asking.day("on", viewer.today);
        Ok((asking, seen, part))
    }

    /// Says where one service of a package stands.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_package_part(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (asking, seen, part) = self.part_to_change(viewer, id).await?;
        asking.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut row: SupportPart = tx.get(part.id).await?;
        row.state = answers.text("state").to_owned();
        row.since = day;
        // What nobody took up can have helped nobody.
        let given = has_outcome(&row) && row.state != "not_taken_up";
        row.helped = said(answers, "helped").filter(|_| given);
        // What was said before stays in the row's history.
        row.words = said(answers, "words").or(row.words);
        tx.update(&mut row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "{}: {}.",
            row.service,
            self.label("package-part-state", &row.state).to_lowercase()
        );
        Ok(Done::new(words, path(seen.row.id)))
    }
}

/// Ends the packages of a plan that ended, inside its transaction. What has no
/// outcome then keeps none: nothing is made up.
pub(crate) async fn end_with_plan(tx: &mut Tx, plan: Id<ids::Plan>) -> Result<()> {
    let open: Vec<SupportPackage> =
        asking::rows(tx, "plan_id = $1 and state = 'open'", args![plan]).await?;
    for mut row in open {
        row.state = "ended".into();
        row.ended_on = Some(time::local(tx.now()).date());
        row.end_words = Some("It ended with the plan.".into());
        tx.update(&mut row).await?;
        clocks::stop_all(tx, tx.now(), KIND, row.id.as_str()).await?;
    }
    Ok(())
}

fn plans_path(plan: Id<ids::Plan>) -> String {
    format!("/plans/{plan}")
}

fn part_of(viewer: &Viewer, row: &SupportPackage, typed: &Answers, tx: &Tx) -> SupportPart {
    SupportPart {
        id: Id::new(),
        package_id: row.id,
        family_id: row.family_id,
        service: typed.text("service").trim().to_owned(),
        provider: typed.text("provider").trim().to_owned(),
        how_much: said(typed, "how_much"),
        state: "waiting".into(),
        since: time::local(tx.now()).date(),
        helped: None,
        words: None,
        made_by: viewer.principal.worker,
        made_at: tx.now(),
        version: 1,
    }
}

fn about(seen: &PlanSeen, row: &SupportPackage) -> About {
    About {
        kind: KIND,
        id: row.id.to_string(),
        path: path(row.id),
        ..about_plan(&seen.plan, seen.child.id)
    }
}

fn not_before(answers: &Answers, today: NaiveDate, row: &SupportPackage) -> Result<NaiveDate> {
    let day = past_day(answers, "on", today)?;
    if day < row.starts_on {
        let from = plain::date(row.starts_on);
        let message = format!("Write a day from {from} on, when the package began");
        return Err(Error::finding("on", "When?", &message));
    }
    Ok(day)
}

/// Proposes the event to the chronology of each child.
async fn told(
    tx: &mut Tx,
    seen: &PlanSeen,
    row: &SupportPackage,
    day: NaiveDate,
    wording: &str,
) -> Result<()> {
    for child in &seen.children {
        let source = ("support_package", row.id.to_string());
        asking::propose(tx, child.id, day, "plan", wording, source).await?;
    }
    Ok(())
}
