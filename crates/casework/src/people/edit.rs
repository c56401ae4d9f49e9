//! Changing what is known of a person: particulars, names, addresses, ways to
//! reach them, relationships, a place in a family, and what is said about a
//! possible duplicate. Earlier names and addresses stay.

use chrono::NaiveDate;
use packs::Answers;
use record::model::{
    Address, Chronology, ChronologyState, Person, PersonKind, PersonName, PossibleDuplicate, Reach,
    Relationship,
};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::add::{NewAddress, NewPerson};
use crate::find::{self, Match, Wanted};
use crate::{Casework, Error, Listed, Result, time};

/// What makes two records look like one from how many per cent: shown before
/// someone is added, never in the way.
const SHOW: u8 = 72;

impl Casework {
    /// A person whom the viewer may change.
    pub async fn person_to_edit(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        page: &str,
    ) -> Result<Guarded<Person>> {
        let person = self
            .gate()
            .person(viewer, id, Asked::to_write(page))
            .await?
            .ok_or(Error::NotFound)?;
        may_change(viewer)?;
        Ok(person)
    }

    /// The person's particulars as answers of the form `person`.
    pub async fn particulars(&self, person: &Guarded<Person>) -> Result<Answers> {
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
        answers.set("language", text(&person.first_language));
        answers.set("interpreter", if person.interpreter { "yes" } else { "" });
        answers.set("communication", text(&person.communication));
        answers.set("going_well", text(&person.going_well));
        for reach in self.reach_of(person.id).await? {
            if answers.text(&reach.kind).is_empty() {
                answers.set(reach.kind.clone(), reach.value);
            }
        }
        Ok(answers)
    }

    async fn reach_of(&self, person: Id<ids::Person>) -> Result<Vec<Reach>> {
        let sql = format!(
            "select {} from reach where person_id = $1 and ended_on is null order by id",
            Reach::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![person])
            .await?)
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
        let form = self.form("person")?;
        stop_on(form.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{id}");
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        let before: Person = tx.get(id).await?;
        let mut person = before.clone();
        person.version = version;
        fill(&mut person, answers);
        let mut also = names_of(&mut tx, id).await?;
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
                version: 1,
            };
            tx.insert(&former).await?;
            also.push(former);
        }
        if person != before {
            tx.update(&mut person).await?;
            find::index_person(&mut tx, &person, &also).await?;
        }
        for kind in ["phone", "email"] {
            change_reach(&mut tx, id, kind, answers.text(kind).trim(), viewer.today).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Records where someone lives. A new home ends the one before it and
    /// proposes the move to the chronology.
    pub async fn save_address(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.address").await?;
        let form = self.form("address")?;
        stop_on(form.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{id}");
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        let since = answers.date("since").unwrap_or(viewer.today);
        let new = NewAddress {
            kind: answers.text("kind").to_owned(),
            line1: answers.text("line1").to_owned(),
            line2: None,
            town: filled(answers.text("town")),
            postcode: filled(answers.text("postcode")),
            ward: None,
            started_on: Some(since),
            protected: answers.has("safety", "protected"),
            safe_to_write: !answers.has("safety", "unsafe") && !answers.has("safety", "protected"),
            unsafe_reason: filled(answers.text("why")),
        };
        let mut moved = false;
        if matches!(new.kind.as_str(), "home" | "temporary" | "placement") {
            moved = end_homes(&mut tx, id, since).await?;
        }
        self.add_address(&mut tx, id, &new).await?;
        if moved {
            propose_move(&mut tx, id, since, new.protected).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Records how two people belong together: `other` is the `kind` of the
    /// person.
    pub async fn save_relationship(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let page = "people.relationship";
        self.person_to_edit(viewer, id, page).await?;
        stop_on(self.form("relationship")?.check(answers, None))?;
        let other: Id<ids::Person> = answers
            .text("other")
            .parse()
            .map_err(|_| Error::finding("other", "With whom?", "Choose the other person"))?;
        if other == id {
            let message = "Choose another person: nobody is related to themselves";
            return Err(Error::finding("other", "With whom?", message));
        }
        self.gate()
            .person(viewer, other, Asked::index(page))
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{id}");
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        let row = relationship(id, other, answers);
        tx.insert(&row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whom the viewer may know of and who may be the same person as someone
    /// about to be added, best first.
    pub async fn alike(&self, viewer: &Viewer, wanted: &Wanted) -> Result<Vec<Match>> {
        let found = self.find(viewer, wanted, "people.alike").await?;
        Ok(likely(found))
    }

    /// Adds someone new to a family.
    pub async fn add_to_family(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        self.family_to_edit(viewer, family).await?;
        stop_on(self.form("person")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/families/{family}")).await? {
            return Err(Error::Already(location));
        }
        let household = answers.text("lives") != "elsewhere";
        let person = self
            .add_person(&mut tx, &new_person(answers), Some(family), household)
            .await?;
        tx.commit().await?;
        Ok(person.id)
    }

    /// Adds someone who is known already to a family.
    pub async fn join(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        person: Id<ids::Person>,
        household: bool,
        once: &str,
    ) -> Result<()> {
        self.family_to_edit(viewer, family).await?;
        self.gate()
            .person(viewer, person, Asked::index("family.join"))
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/families/{family}")).await? {
            return Err(Error::Already(location));
        }
        self.join_family(&mut tx, person, family, household).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Adds a person with a family of their own.
    pub async fn add_alone(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        if !viewer.can("people.create") {
            return Err(Error::NotFound);
        }
        stop_on(self.form("person")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let new = new_person(answers);
        let name = match new.family_name.trim() {
            "" => new.given.clone(),
            name => name.to_owned(),
        };
        let family = self.new_family(&mut tx, &name).await?;
        let person = self
            .add_person(&mut tx, &new, Some(family.id), true)
            .await?;
        let location = format!("/people/{}", person.id);
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        tx.commit().await?;
        Ok(person.id)
    }

    async fn family_to_edit(&self, viewer: &Viewer, family: Id<ids::Family>) -> Result<()> {
        self.gate()
            .family(viewer, family, Asked::to_write("family.add"))
            .await?
            .ok_or(Error::NotFound)?;
        may_change(viewer)
    }

    /// Says what a possible duplicate is. "same" is recorded for the people who
    /// merge records; nothing is merged here. "not_the_same" is remembered.
    pub async fn settle_duplicate(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        duplicate: Id<ids::Part>,
        answer: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.duplicates").await?;
        if !matches!(answer, "same" | "not_the_same") {
            return Err(Error::finding(
                "answer",
                "Answer",
                "Say if it is the same person",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: PossibleDuplicate = tx.get(duplicate).await?;
        if (row.person_id != id && row.other_id != id) || row.for_shield_team {
            return Err(Error::NotFound);
        }
        row.settled_as = Some(answer.to_owned());
        row.settled_by = Some(viewer.principal.worker);
        row.settled_at = Some(tx.now());
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The matches that are likely enough to ask about.
fn likely(found: Listed<Match>) -> Vec<Match> {
    found
        .into_iter()
        .filter(|m| m.likely >= SHOW)
        .take(5)
        .collect()
}

fn may_change(viewer: &Viewer) -> Result<()> {
    if viewer.can("case.record") || viewer.can("people.create") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your role can read this record but not change it. Ask the lead worker.".into(),
    ))
}

/// Findings that stop; warnings never do.
fn stop_on(findings: Vec<packs::Finding>) -> Result<()> {
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

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
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
    person.first_language = new.first_language;
    person.interpreter = new.interpreter;
    person.communication = new.communication;
    person.nhs_number = new.nhs_number;
    person.upn = new.upn;
    person.going_well = filled(answers.text("going_well"));
}

async fn names_of(tx: &mut Tx, person: Id<ids::Person>) -> Result<Vec<PersonName>> {
    let sql = format!(
        "select {} from person_name where person_id = $1",
        PersonName::COLUMNS.join(", ")
    );
    Ok(tx.all(AssertSqlSafe(sql), args![person]).await?)
}

/// Ends the number before and records the new one, when it changed.
async fn change_reach(
    tx: &mut Tx,
    person: Id<ids::Person>,
    kind: &str,
    value: &str,
    today: NaiveDate,
) -> Result<()> {
    let sql = format!(
        "select {} from reach where person_id = $1 and kind = $2 and ended_on is null order by id",
        Reach::COLUMNS.join(", ")
    );
    let before: Vec<Reach> = tx.all(AssertSqlSafe(sql), args![person, kind]).await?;
    if before.first().is_some_and(|r| r.value == value) || (before.is_empty() && value.is_empty()) {
        return Ok(());
    }
    if let Some(mut first) = before.into_iter().next() {
        first.ended_on = Some(today);
        tx.update(&mut first).await?;
    }
    if !value.is_empty() {
        tx.insert(&Reach {
            id: Id::new(),
            person_id: person,
            kind: kind.to_owned(),
            value: value.to_owned(),
            safe: true,
            note: None,
            ended_on: None,
            version: 1,
        })
        .await?;
    }
    Ok(())
}

/// Ends the homes that had not ended; says whether there was one.
async fn end_homes(tx: &mut Tx, person: Id<ids::Person>, since: NaiveDate) -> Result<bool> {
    let sql = format!(
        "select {} from address where person_id = $1 and ended_on is null \
         and kind in ('home', 'temporary', 'placement')",
        Address::COLUMNS.join(", ")
    );
    let homes: Vec<Address> = tx.all(AssertSqlSafe(sql), args![person]).await?;
    let any = !homes.is_empty();
    for mut home in homes {
        home.ended_on = Some(since);
        tx.update(&mut home).await?;
    }
    Ok(any)
}

async fn propose_move(
    tx: &mut Tx,
    person: Id<ids::Person>,
    since: NaiveDate,
    protected: bool,
) -> Result<()> {
    // The chronology is read more widely than a protected address.
    let wording = if protected {
        "Moved to a protected address"
    } else {
        "Moved home"
    };
    tx.insert(&Chronology {
        id: Id::new(),
        person_id: person,
        happened_on: since,
        kind: "move".into(),
        wording: wording.into(),
        response: None,
        impact: None,
        significance: None,
        state: ChronologyState::Proposed,
        source_kind: Some("person".into()),
        source_id: Some(person.to_string()),
        reported_by: None,
        made_at: tx.now(),
        settled_by: None,
        settled_at: None,
        version: 1,
    })
    .await?;
    Ok(())
}

fn relationship(id: Id<ids::Person>, other: Id<ids::Person>, answers: &Answers) -> Relationship {
    Relationship {
        id: Id::new(),
        from_id: other,
        to_id: id,
        kind: answers.text("kind").to_owned(),
        parental_responsibility: match answers.text("parental_responsibility") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        standing: None,
        closeness: match answers.text("quality") {
            "broken" => Some("distant".into()),
            other => filled(other),
        },
        started_on: answers.date("from"),
        ended_on: answers.date("to"),
        version: 1,
    }
}
