//! Choosing a service for a plan: the directory is asked with the words of the
//! plan's first goal and the child's age, so that a worker need not type.

use chrono::Days;
use directory::assurance::Standing;
use directory::search::{Catalogue, Found, Hit, Wanted};
use packs::Answers;
use record::model::{Action, ActionState, Person, ServiceReferral, UnmetNeed};
use record::{Listed, Viewer, args};
use vocabulary::{BirthDate, Id, ids, plain};

use super::whom::{self, Someone};
use super::{about, path};
use crate::asking::{self, Asking, Done, said};
use crate::plans::PlanSeen;
use crate::{Casework, Error, Result, clocks, time};

/// How many services are shown.
const SHOWN: usize = 8;
/// Days until the service should have given help or said no: the date of the
/// action on the plan, the same as the clock of the result.
const DAYS: u64 = 28;

/// Services that may fit.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// Whom it may be for: everybody of the family, the children first.
    pub people: Listed<Someone>,
    /// The words that were asked with.
    pub text: String,
    /// Those that can be trusted, the best first.
    pub fit: Vec<Choice>,
    /// Those that nobody checked lately: to ring first, and not recommended.
    pub unchecked: Vec<Choice>,
}

/// A service that may fit.
#[derive(Debug, Clone)]
pub struct Choice {
    /// In the directory.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who gives it.
    pub owner: String,
    /// Why it is there, in short sentences.
    pub why: Vec<String>,
    /// "Checked 3 March 2026", "Not checked since 3 March 2025".
    pub checked: String,
}

impl Casework {
    /// Services for the children of a plan. Without words the first goal that
    /// is worked on is asked with, and where that finds nothing the child's age.
    ///
    /// # Errors
    /// As [`Casework::plan_to_change`].
    pub async fn services_for(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        text: Option<&str>,
    ) -> Result<Choices> {
        let seen = self.plan_to_change(viewer, plan, "choose-service").await?;
        let text = match text {
            Some(text) => text.trim().chars().take(120).collect(),
            None => {
                let goals = self.goal_names(&seen).await?;
                goals.into_iter().next().map_or_else(String::new, |g| g.1)
            }
        };
        let catalogue = self.catalogue().await?;
        let mut wanted = Wanted {
            text: text.clone(),
            ages: ages_of(&seen.child),
            ..Wanted::default()
        };
        let mut found = catalogue.find(&wanted);
        if found.hits.is_empty() {
            wanted.text.clear();
            found = catalogue.find(&wanted);
        }
        let of = |trusted: bool| -> Vec<Choice> {
            let fits = |hit: &&Hit| (hit.standing < Standing::NotCheckedSince) == trusted;
            let mut hits: Vec<&Hit> = found.hits.iter().filter(fits).collect();
            if wanted.text.is_empty() {
                // Without words only the age tells services apart: those that
                // say for whom they are come first.
                hits.sort_by_key(|hit| !says_for_whom(&catalogue, hit));
            }
            let hits = hits.into_iter().take(SHOWN);
            hits.filter_map(|hit| choice(&catalogue, &wanted, &found, hit))
                .collect()
        };
        let people = self.of_the_family(viewer, &seen).await?;
        Ok(Choices {
            people,
            fit: of(true),
            unchecked: of(false),
            text,
            seen,
        })
    }

    /// Refers somebody of the family to a service, the plan's child where nobody
    /// is named; `who` are ids of [`Choices::people`]. It is an action of the
    /// plan, whose owner is the service, with the clocks of its answer and of
    /// what came of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a service that is not published, or somebody who
    /// is not of the family.
    pub async fn refer_to_service(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        service: &str,
        who: &[&str],
        once: &str,
    ) -> Result<Done> {
        let seen = self.plan_to_change(viewer, plan, "choose-service").await?;
        let people = self.chosen(viewer, &seen, who).await?;
        let whom: Vec<String> = people.iter().map(|(_, name)| name.clone()).collect();
        let child = plain::list(&whom);
        let first = people.first().map_or(seen.child.id, |(id, _)| *id);
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.public(service, catalogue.today);
        let entry = entry.ok_or(Error::NotFound)?;
        let name = entry.service.name.clone();
        let provider = owner_of(&catalogue, entry.service.organization_id.as_deref());
        let provider = match provider.is_empty() {
            true => name.clone(),
            false => provider,
        };
        let today = viewer.today;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let id = Id::new();
        asking::claim(&mut tx, once, &path(id)).await?;
        let open: Vec<ServiceReferral> = asking::rows(
            &mut tx,
            "plan_id = $1 and service_id = $2 and result is null and state in ('asked', 'accepted', 'waiting')",
            args![plan, service],
        )
        .await?;
        if let Some(open) = open.first() {
            return Err(Error::Already(path(open.id)));
        }
        let gets = if people.len() == 1 { "gets" } else { "get" };
        let action = Action {
            id: Id::new(),
            plan_id: plan,
            family_id: seen.plan.family_id,
            goal_id: None,
            what: format!("Help from {name} for {child}"),
            // The directory does not say which kind of agency its owners are.
            agency: "other".into(),
            owner: provider.clone(),
            owner_worker_id: None,
            owner_email: entry.service.email.clone(),
            due_on: today + Days::new(DAYS),
            measure: format!("{child} {gets} the help, and the family says if it is any good"),
            state: ActionState::ToDo,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            settled_on: None,
            version: 1,
        };
        tx.insert(&action).await?;
        let row = ServiceReferral {
            id,
            plan_id: plan,
            action_id: action.id,
            family_id: seen.plan.family_id,
            person_id: first,
            service_id: Some(service.to_owned()),
            service: name.clone(),
            provider,
            asked_on: today,
            state: "asked".into(),
            state_on: today,
            declined_why: None,
            wait_words: None,
            started_on: None,
            ended_on: None,
            result: None,
            result_on: None,
            result_by: None,
            words: None,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        let ids: Vec<Id<ids::Person>> = people.iter().map(|(id, _)| *id).collect();
        whom::write(&mut tx, row.id, &ids).await?;
        let at = time::start_of(today);
        clocks::start(
            &mut tx,
            self.pack(),
            "service.asked",
            at,
            &about(&seen, &row),
        )
        .await?;
        tx.commit().await?;
        Ok(Done::new(format!("{name} is on the plan."), path(row.id)))
    }

    /// Those who were chosen, each with their first name.
    async fn chosen(
        &self,
        viewer: &Viewer,
        seen: &PlanSeen,
        who: &[&str],
    ) -> Result<Vec<(Id<ids::Person>, String)>> {
        let own = (seen.child.id, seen.child.first_name());
        if who.is_empty() || who == [own.0.as_str()] {
            return Ok(vec![own]);
        }
        let family = self.of_the_family(viewer, seen).await?;
        let mut people: Vec<(Id<ids::Person>, String)> = family
            .iter()
            .filter(|p| who.contains(&p.id.as_str()))
            .map(|p| (p.id, p.first_name()))
            .collect();
        people.dedup_by_key(|(id, _)| *id);
        match people.len() == who.len() {
            true => Ok(people),
            false => Err(Error::NotFound),
        }
    }

    /// The page on which it is noted that nothing fits.
    ///
    /// # Errors
    /// As [`Casework::plan_to_change`].
    pub async fn ask_unmet(&self, viewer: &Viewer, plan: Id<ids::Plan>) -> Result<Asking> {
        let seen = self.plan_to_change(viewer, plan, "unmet-need").await?;
        let (address, back) = (
            format!("/plans/{plan}/unmet-need"),
            format!("/plans/{plan}/services"),
        );
        let name = seen.child.first_name();
        let mut asking = Asking::new(self.form("unmet-need")?, seen.child, address, back);
        asking.title = format!("No service fits {name}");
        asking.words =
            "It is counted with what others lack, for those who plan and buy services.".into();
        asking.button = format!("Save for {name}");
        Ok(asking)
    }

    /// Notes that nothing fits.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_unmet(
        &self,
        viewer: &Viewer,
        plan: Id<ids::Plan>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_unmet(viewer, plan).await?;
        asking.check(answers)?;
        let seen = self.plan_to_change(viewer, plan, "unmet-need").await?;
        let to = format!("/plans/{plan}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &to).await?;
        let row = UnmetNeed {
            id: Id::new(),
            plan_id: plan,
            family_id: seen.plan.family_id,
            person_id: seen.child.id,
            need: answers.text("need").to_owned(),
            why: answers.text("why").to_owned(),
            words: said(answers, "words"),
            noted_on: viewer.today,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("It is counted as an unmet need.", to))
    }
}

/// The age of a child as the directory asks for it.
fn ages_of(child: &Person) -> Option<(f64, f64)> {
    let years = BirthDate::exact(child.born_on?).years_on(time::today())?;
    let years = f64::from(years);
    Some((years, years + 0.999))
}

fn says_for_whom(catalogue: &Catalogue, hit: &Hit) -> bool {
    let service = catalogue.entry(hit).map(|entry| &entry.service);
    service.is_some_and(|s| s.minimum_age.is_some() || s.maximum_age.is_some())
}

fn owner_of(catalogue: &Catalogue, id: Option<&str>) -> String {
    let found = id.and_then(|id| catalogue.directory.organization(id));
    found.map_or_else(String::new, |owner| owner.name.clone())
}

fn choice(catalogue: &Catalogue, wanted: &Wanted, found: &Found, hit: &Hit) -> Option<Choice> {
    let entry = catalogue.entry(hit)?;
    Some(Choice {
        id: entry.service.id.clone(),
        name: entry.service.name.clone(),
        owner: owner_of(catalogue, entry.service.organization_id.as_deref()),
        why: catalogue.why(wanted, found, hit),
        checked: entry.upkeep.words(catalogue.today),
    })
}
