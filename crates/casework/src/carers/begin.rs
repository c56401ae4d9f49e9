//! A household begins: somebody asks about fostering or adopting, and gets a
//! record, a worker and the clock of the first visit.

use packs::Answers;
use record::model::{Carer, CarerPerson, Involvement, PersonKind};
use record::{Tx, Viewer};
use vocabulary::{Id, Postcode, ids, plain};

use super::Filled;
use crate::asking::{self, Done, Sheet, past_day, said};
use crate::people::{NewAddress, NewPerson};
use crate::{Casework, Error, Result};

/// What is asked of a new household.
const FORM: &str = "carer-enquiry";

impl Casework {
    /// The page on which an enquiry is taken.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not work with carers.
    pub fn ask_enquiry(&self, viewer: &Viewer) -> Result<Sheet> {
        if !viewer.can("carers.record") {
            return Err(Error::NotFound);
        }
        let mut sheet = Sheet::new(self.form(FORM)?, "/carers/new".into(), "/carers".into());
        sheet.button = "Save the enquiry".into();
        sheet.day("on", viewer.today);
        Ok(sheet)
    }

    /// Opens a household. Whoever takes the enquiry is its worker until
    /// somebody else is.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_enquiry(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_enquiry(viewer)?;
        sheet.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let postcode = match said(answers, "postcode") {
            None => None,
            Some(typed) => {
                let read: Postcode = typed.parse().map_err(|_| {
                    let message = "Write the whole postcode, such as LK1 4AB";
                    Error::finding("postcode", "Postcode", message)
                })?;
                Some(read.to_string())
            }
        };
        let mut wanted = vec![(answers.text("given"), answers.text("family_name"), "born")];
        match (said(answers, "given2"), said(answers, "family_name2")) {
            (None, None) => {}
            (Some(_), Some(_)) => {
                wanted.push((
                    answers.text("given2"),
                    answers.text("family_name2"),
                    "born2",
                ));
            }
            _ => {
                let message = "Write both names of the second carer, or neither";
                return Err(Error::finding("given2", "Second carer", message));
            }
        }
        let name = name_of(&wanted);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, "/carers").await?;
        let family = self.new_family(&mut tx, &name).await?;
        let carer = Carer {
            id: Id::new(),
            kind: answers.text("kind").to_owned(),
            family_id: family.id,
            name,
            stage: "enquiry".into(),
            stage_on: day,
            enquired_on: day,
            approved_on: None,
            ended_on: None,
            end_reason: None,
            away_until: None,
            away_why: None,
            worker_id: Some(viewer.principal.worker),
            team_id: viewer.principal.team,
            postcode: postcode.clone(),
            version: 1,
        };
        tx.insert(&carer).await?;
        for (given, family_name, born) in wanted {
            let new = NewPerson {
                kind: PersonKind::Adult,
                given: given.trim().to_owned(),
                family_name: family_name.trim().to_owned(),
                born_on: answers.date(born),
                address: said(answers, "line1").map(|line1| NewAddress {
                    line1,
                    town: said(answers, "town"),
                    postcode: postcode.clone(),
                    started_on: Some(day),
                    ..NewAddress::default()
                }),
                phone: said(answers, "phone"),
                ..NewPerson::default()
            };
            let person = self
                .add_person(&mut tx, &new, Some(family.id), true)
                .await?;
            self.join_household(&mut tx, &carer, person.id, "carer", day)
                .await?;
            self.support(&mut tx, viewer, &carer, person.id).await?;
        }
        if super::is_foster(&carer) {
            self.carer_event(&mut tx, &carer, "carer.enquired", day, "first-visit")
                .await?;
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = format!("{} have a record now.", carer.name);
        Ok(Done::new(words, format!("/carers/{}", carer.id)))
    }

    /// Somebody more in the household.
    pub(super) async fn add_to_household(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let carer = &form.seen.carer;
        let role = form.text("role");
        let new = NewPerson {
            kind: match role {
                "child" => PersonKind::Child,
                _ => PersonKind::Adult,
            },
            given: form.text("given").to_owned(),
            family_name: form.text("family_name").to_owned(),
            born_on: form.answers.date("born"),
            ..NewPerson::default()
        };
        let person = self
            .add_person(tx, &new, Some(carer.family_id), true)
            .await?;
        let since = form.answers.date("since").unwrap_or(form.viewer.today);
        self.join_household(tx, carer, person.id, role, since)
            .await?;
        if role == "carer" {
            self.support(tx, form.viewer, carer, person.id).await?;
        }
        Ok(format!("{} is in the household now.", person.name()))
    }

    pub(crate) async fn join_household(
        &self,
        tx: &mut Tx,
        carer: &Carer,
        person: Id<ids::Person>,
        role: &str,
        since: chrono::NaiveDate,
    ) -> Result<()> {
        let row = CarerPerson {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            person_id: person,
            role: role.to_owned(),
            since,
            until: None,
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }

    /// The viewer supports this carer: the tie by which the gate lets them in.
    async fn support(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        carer: &Carer,
        person: Id<ids::Person>,
    ) -> Result<()> {
        let worker = self.worker(viewer.principal.worker).await?;
        let row = Involvement {
            id: Id::new(),
            person_id: person,
            worker_id: Some(viewer.principal.worker),
            team_id: carer.team_id,
            role: "allocated".into(),
            name: viewer.name.clone(),
            job_title: worker.as_ref().map_or_else(
                || "Supervising social worker".into(),
                |w| w.job_title.clone(),
            ),
            agency: "social_care".into(),
            phone: worker.as_ref().and_then(|w| w.phone.clone()),
            email: worker.and_then(|w| w.email),
            lead: true,
            sensitive: false,
            started_on: carer.enquired_on,
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }
}

/// "Wren and Sol Tarn", "Wren Tarn and Sol Beck".
fn name_of(people: &[(&str, &str, &str)]) -> String {
    match people {
        [(one, name, _), (two, same, _)] if name.trim() == same.trim() => {
            format!("{} and {} {}", one.trim(), two.trim(), name.trim())
        }
        people => {
            let names: Vec<String> = people
                .iter()
                .map(|(given, name, _)| format!("{} {}", given.trim(), name.trim()))
                .collect();
            plain::list(&names)
        }
    }
}
