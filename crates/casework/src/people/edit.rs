//! Changing what is known of a person: the particulars, and what every small
//! page about a person needs. A changed name keeps the one before; addresses,
//! names, ways to reach them, languages and ties have modules of their own.

use packs::{Answers, Form};
use record::model::{Person, PersonKind, PersonName};
use record::submissions::Once;
use record::{Asked, Guarded, Tx, Viewer};
use serde_json::json;
use vocabulary::{Id, ids};

use super::add::{NewAddress, NewPerson};
use super::names::index_again;
use crate::sharing::is_withheld;
use crate::{Casework, Error, Result, time};

/// The fields of the form `person` that have a page of their own once the
/// person is there.
const OWN_PAGE: [&str; 6] = [
    "address",
    "postcode",
    "phone",
    "email",
    "language",
    "interpreter",
];

impl Casework {
    /// A person whose particulars, names, addresses and ties the viewer may
    /// change: those who write in the record, and the front door while a contact
    /// about them is open.
    pub async fn person_to_edit(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        page: &str,
    ) -> Result<Guarded<Person>> {
        let person = self
            .gate()
            .person(viewer, id, Asked::to_correct(page))
            .await?
            .ok_or(Error::NotFound)?;
        may_change(viewer)?;
        Ok(person)
    }

    /// The person's particulars as answers of the form `person`.
    pub fn particulars(&self, person: &Person) -> Answers {
        let mut answers = Answers::new();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        answers.set("kind", person.kind.as_str());
        answers.set("given", person.given.clone());
        answers.set("family", person.family_name.clone());
        answers.set("known_as", text(&person.known_as));
        if let Some(born) = person.born_on {
            answers.set("born", born.to_string());
        }
        answers.set("born_kind", text(&person.born_kind));
        answers.set("sex", text(&person.sex));
        answers.set("gender", text(&person.gender));
        answers.set("pronouns", text(&person.pronouns));
        answers.set("ethnicity", text(&person.ethnicity));
        answers.set("nhs_number", text(&person.nhs_number));
        answers.set("upn", text(&person.upn));
        answers.set("no_upn", text(&person.no_upn));
        answers.set_list("disabilities", codes(person));
        answers.set("communication", text(&person.communication));
        answers.set("going_well", text(&person.going_well));
        answers
    }

    /// The form `person` without what has a page of its own: addresses, ways
    /// to reach them, and languages are recorded once, with their history.
    pub fn particulars_form(&self) -> Result<Form> {
        let mut form = self.form("person")?.clone();
        for section in &mut form.sections {
            section
                .fields
                .retain(|field| !OWN_PAGE.contains(&field.name.as_str()));
        }
        Ok(form)
    }

    /// Saves the particulars. A changed name keeps the earlier one, so that
    /// they are still found by it.
    pub async fn save_particulars(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        version: i64,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.edit").await?;
        stop_on(self.particulars_form()?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        let before: Person = tx.get(id).await?;
        let mut person = before.clone();
        person.version = version;
        fill(&mut person, answers);
        let renamed = (&before.given, &before.family_name) != (&person.given, &person.family_name);
        if renamed && !(before.given.is_empty() && before.family_name.is_empty()) {
            let former = PersonName {
                id: Id::new(),
                person_id: id,
                kind: "former".into(),
                given: before.given.clone(),
                family_name: before.family_name.clone(),
                started_on: None,
                ended_on: Some(viewer.today),
                wrong_reason: None,
                version: 1,
            };
            tx.insert(&former).await?;
        }
        if person.nhs_number.is_some() && is_withheld(&mut tx, id).await? {
            return Err(Error::finding(
                "nhs_number",
                "NHS number",
                "The number of this child is withheld, so none is written here. A manager can give it back under “What was shared”",
            ));
        }
        if person != before {
            tx.update(&mut person).await?;
            index_again(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

pub(super) fn may_change(viewer: &Viewer) -> Result<()> {
    if viewer.can("case.record") || viewer.can("people.create") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your role can read this record but not change it. Ask the lead worker.".into(),
    ))
}

/// Findings that stop; warnings never do.
pub(super) fn stop_on(findings: Vec<packs::Finding>) -> Result<()> {
    let stop: Vec<packs::Finding> = findings
        .into_iter()
        .filter(|f| f.severity == packs::Severity::Stop)
        .collect();
    if stop.is_empty() {
        Ok(())
    } else {
        Err(Error::Findings(stop))
    }
}

pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The codes of a person's disabilities, as they were chosen.
fn codes(person: &Person) -> Vec<&str> {
    let listed = person
        .disabilities
        .as_ref()
        .and_then(|list| list.as_array());
    listed
        .into_iter()
        .flatten()
        .filter_map(|code| code.as_str())
        .collect()
}

/// What the form `person` says, as a new person.
pub fn new_person(answers: &Answers) -> NewPerson {
    let kind = answers.text("kind").parse().unwrap_or(PersonKind::Child);
    let place = filled(answers.text("address")).or_else(|| filled(answers.text("postcode")));
    NewPerson {
        kind,
        given: answers.text("given").trim().to_owned(),
        family_name: answers.text("family").trim().to_owned(),
        known_as: filled(answers.text("known_as")),
        pronouns: filled(answers.text("pronouns")),
        sex: filled(answers.text("sex")),
        gender: filled(answers.text("gender")),
        born_on: answers.date("born"),
        born_kind: filled(answers.text("born_kind")),
        ethnicity: filled(answers.text("ethnicity")),
        first_language: filled(answers.text("language")),
        interpreter: answers.text("interpreter") == "yes",
        communication: filled(answers.text("communication")),
        nhs_number: filled(answers.text("nhs_number")),
        upn: filled(answers.text("upn")),
        no_upn: filled(answers.text("no_upn")),
        disabilities: Some(answers.list("disabilities"))
            .filter(|codes| !codes.is_empty())
            .map(|codes| codes.into_iter().map(str::to_owned).collect()),
        address: place.map(|_| NewAddress {
            line1: answers.text("address").to_owned(),
            postcode: filled(answers.text("postcode")),
            started_on: Some(time::today()),
            ..NewAddress::default()
        }),
        phone: filled(answers.text("phone")),
        email: filled(answers.text("email")),
        ..NewPerson::default()
    }
}

/// Puts the form's answers into a record that is there already.
fn fill(person: &mut Person, answers: &Answers) {
    let new = new_person(answers);
    person.kind = new.kind;
    person.given = new.given;
    person.family_name = new.family_name;
    person.known_as = new.known_as;
    person.pronouns = new.pronouns;
    person.sex = new.sex;
    person.gender = new.gender;
    person.born_on = new.born_on;
    person.born_kind = new.born_kind;
    person.ethnicity = new.ethnicity;
    person.communication = new.communication;
    person.nhs_number = new.nhs_number;
    person.upn = new.upn;
    person.no_upn = new.no_upn;
    person.disabilities = new.disabilities.map(|codes| json!(codes));
    person.going_well = filled(answers.text("going_well"));
}

/// Claims the form's token: a second press of the button finds its work done.
pub(super) async fn claim(tx: &mut Tx, once: &str, person: Id<ids::Person>) -> Result<()> {
    match tx.once(once, &format!("/people/{person}")).await? {
        Once::Again { location } => Err(Error::Already(location)),
        Once::First => Ok(()),
    }
}
