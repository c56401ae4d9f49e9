//! A new person, and a new family. Possible duplicates are raised for someone
//! to settle; nothing is ever merged or refused because of them.

use chrono::NaiveDate;
use record::model::{
    Address, Family, FamilyMember, Person, PersonKind, PersonName, PossibleDuplicate, Reach,
};
use record::{Tx, args};
use serde_json::json;
use vocabulary::{Id, Postcode, ids};

use crate::find::{self, Wanted};
use crate::{Casework, Result, time};

/// What is known of someone new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Child, adult or expected.
    pub kind: PersonKind,
    /// Given names; may be empty.
    pub given: String,
    /// Family name; may be empty.
    pub family_name: String,
    /// What they like to be called.
    pub known_as: Option<String>,
    /// Words for someone whose name is not known: "boy, about 4".
    pub described_as: Option<String>,
    /// Pronouns.
    pub pronouns: Option<String>,
    /// Sex, a code of codes/sex.
    pub sex: Option<String>,
    /// Gender in their own words.
    pub gender: Option<String>,
    /// Date of birth, or the date a baby is expected.
    pub born_on: Option<NaiveDate>,
    /// exact, estimated, assessed or expected.
    pub born_kind: Option<String>,
    /// Ethnicity, a code of codes/ethnicity.
    pub ethnicity: Option<String>,
    /// First language.
    pub first_language: Option<String>,
    /// Needs an interpreter.
    pub interpreter: bool,
    /// Communication needs, in words.
    pub communication: Option<String>,
    /// NHS number.
    pub nhs_number: Option<String>,
    /// Unique pupil number.
    pub upn: Option<String>,
    /// Why there is none, a code of codes/upn-unknown.
    pub no_upn: Option<String>,
    /// Disabilities, codes of codes/disability; nothing when nobody asked.
    pub disabilities: Option<Vec<String>>,
    /// School.
    pub school_id: Option<Id<ids::Organisation>>,
    /// Where they live.
    pub address: Option<NewAddress>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Other names, so that they are found by them.
    pub also: Vec<NewName>,
}

impl Default for NewPerson {
    fn default() -> NewPerson {
        NewPerson {
            kind: PersonKind::Child,
            given: String::new(),
            family_name: String::new(),
            known_as: None,
            described_as: None,
            pronouns: None,
            sex: None,
            gender: None,
            born_on: None,
            born_kind: None,
            ethnicity: None,
            first_language: None,
            interpreter: false,
            communication: None,
            nhs_number: None,
            upn: None,
            no_upn: None,
            disabilities: None,
            school_id: None,
            address: None,
            phone: None,
            email: None,
            also: Vec::new(),
        }
    }
}

impl NewPerson {
    /// What a search for the same person would ask.
    pub fn wanted(&self) -> Wanted {
        let numbers: Vec<&str> = [&self.nhs_number, &self.upn]
            .into_iter()
            .filter_map(|n| n.as_deref())
            .collect();
        Wanted {
            given: self.given.clone(),
            family: self.family_name.clone(),
            born: self.born_on,
            postcode: self
                .address
                .as_ref()
                .filter(|a| !a.protected)
                .and_then(|a| a.postcode.clone())
                .unwrap_or_default(),
            text: numbers.join(" "),
        }
    }
}

/// An address to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAddress {
    /// home, placement, temporary, correspondence, other_parent.
    pub kind: String,
    /// First line.
    pub line1: String,
    /// Second line.
    pub line2: Option<String>,
    /// Town.
    pub town: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Ward.
    pub ward: Option<String>,
    /// From.
    pub started_on: Option<NaiveDate>,
    /// A place that someone must not learn.
    pub protected: bool,
    /// Letters may be sent here.
    pub safe_to_write: bool,
    /// Why letters may not be sent here.
    pub unsafe_reason: Option<String>,
}

impl Default for NewAddress {
    fn default() -> NewAddress {
        NewAddress {
            kind: "home".into(),
            line1: String::new(),
            line2: None,
            town: None,
            postcode: None,
            ward: None,
            started_on: None,
            protected: false,
            safe_to_write: true,
            unsafe_reason: None,
        }
    }
}

/// Another name that a person has or had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// birth, former, alias or preferred.
    pub kind: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family_name: String,
}

impl Casework {
    /// Adds a person: row, names, address, ways to reach them, a place in a
    /// family, search keys. Records that may be about the same person are
    /// raised for someone to settle, never merged; a restricted one is raised
    /// for the shield team alone.
    pub async fn add_person(
        &self,
        tx: &mut Tx,
        new: &NewPerson,
        family: Option<Id<ids::Family>>,
        household: bool,
    ) -> Result<Person> {
        let person = row(new, tx);
        tx.insert(&person).await?;
        let mut also = Vec::new();
        for name in &new.also {
            let name = PersonName {
                id: Id::new(),
                person_id: person.id,
                kind: name.kind.clone(),
                given: name.given.clone(),
                family_name: name.family_name.clone(),
                started_on: None,
                ended_on: None,
                wrong_reason: None,
                version: 1,
            };
            tx.insert(&name).await?;
            also.push(name);
        }
        if let Some(address) = &new.address {
            self.add_address(tx, person.id, address).await?;
        }
        for (kind, value) in [("phone", &new.phone), ("email", &new.email)] {
            if let Some(value) = value.as_deref().filter(|v| !v.trim().is_empty()) {
                let reach = Reach {
                    id: Id::new(),
                    person_id: person.id,
                    kind: kind.into(),
                    value: value.trim().to_owned(),
                    safe: true,
                    note: None,
                    ended_on: None,
                    asked: None,
                    place: None,
                    messages: None,
                    best_time: None,
                    started_on: None,
                    wrong_reason: None,
                    version: 1,
                };
                tx.insert(&reach).await?;
            }
        }
        if let Some(family) = family {
            self.join_family(tx, person.id, family, household).await?;
        }
        raise_duplicates(tx, &person, &new.wanted()).await?;
        find::index_person(tx, &person, &also).await?;
        Ok(person)
    }

    /// Opens a family. What it is called is for lists: usually the family name
    /// of the children.
    pub async fn new_family(&self, tx: &mut Tx, name: &str) -> Result<Family> {
        let family = Family {
            id: Id::new(),
            name: name.trim().to_owned(),
            created_at: tx.now(),
            version: 1,
        };
        tx.insert(&family).await?;
        Ok(family)
    }

    /// Gives someone a place in a family. Being in it already changes nothing.
    pub async fn join_family(
        &self,
        tx: &mut Tx,
        person: Id<ids::Person>,
        family: Id<ids::Family>,
        household: bool,
    ) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct There {
            #[sqlx(rename = "id")]
            _id: String,
        }
        let there: Option<There> = tx
            .maybe(
                "select id from family_member \
                 where family_id = $1 and person_id = $2 and left_on is null",
                args![family, person],
            )
            .await?;
        if there.is_some() {
            return Ok(());
        }
        tx.insert(&FamilyMember {
            id: Id::new(),
            family_id: family,
            person_id: person,
            household,
            joined_on: Some(time::local(tx.now()).date()),
            left_on: None,
            version: 1,
        })
        .await?;
        Ok(())
    }

    /// Records an address, with the locality team that covers its postcode.
    pub(crate) async fn add_address(
        &self,
        tx: &mut Tx,
        person: Id<ids::Person>,
        new: &NewAddress,
    ) -> Result<Address> {
        let postcode: Option<Postcode> = new.postcode.as_deref().and_then(|p| p.parse().ok());
        let team = match &postcode {
            Some(postcode) => self.team_for_postcode(postcode).await?.map(|t| t.id),
            None => None,
        };
        let address = Address {
            id: Id::new(),
            person_id: person,
            kind: new.kind.clone(),
            line1: new.line1.trim().to_owned(),
            line2: new.line2.clone(),
            town: new.town.clone(),
            // A postcode of no known shape (another country, half of one) is
            // kept as it was written.
            postcode: postcode
                .map(|p| p.to_string())
                .or_else(|| new.postcode.clone()),
            ward: new.ward.clone(),
            team_id: team,
            started_on: new.started_on,
            ended_on: None,
            protected: new.protected,
            safe_to_write: new.safe_to_write,
            unsafe_reason: new.unsafe_reason.clone(),
            wrong_reason: None,
            version: 1,
        };
        tx.insert(&address).await?;
        Ok(address)
    }
}

fn row(new: &NewPerson, tx: &Tx) -> Person {
    let born_kind = new.born_kind.clone().or_else(|| {
        new.born_on.map(|_| {
            match new.kind {
                PersonKind::Expected => "expected",
                _ => "exact",
            }
            .to_owned()
        })
    });
    Person {
        id: Id::new(),
        kind: new.kind,
        given: new.given.trim().to_owned(),
        family_name: new.family_name.trim().to_owned(),
        known_as: new.known_as.clone(),
        described_as: new.described_as.clone(),
        pronouns: new.pronouns.clone(),
        sex: new.sex.clone(),
        gender: new.gender.clone(),
        born_on: new.born_on,
        born_kind,
        died_on: None,
        ethnicity: new.ethnicity.clone(),
        religion: None,
        first_language: new.first_language.clone(),
        interpreter: new.interpreter,
        communication: new.communication.clone(),
        nhs_number: new.nhs_number.clone(),
        upn: new.upn.clone(),
        no_upn: new.no_upn.clone(),
        disabilities: new.disabilities.as_ref().map(|codes| json!(codes)),
        school_id: new.school_id,
        going_well: None,
        status: None,
        created_at: tx.now(),
        version: 1,
    }
}

/// Raises what may be the same person, once for each pair.
pub(crate) async fn raise_duplicates(
    tx: &mut Tx,
    person: &Person,
    wanted: &Wanted,
) -> Result<usize> {
    #[derive(sqlx::FromRow)]
    struct Pair {
        person_id: Id<ids::Person>,
        other_id: Id<ids::Person>,
    }
    let found = find::duplicates(tx, wanted, person.id).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let known: Vec<Pair> = tx
        .all(
            "select person_id, other_id from possible_duplicate \
             where person_id = $1 or other_id = $1",
            args![person.id],
        )
        .await?;
    let mut raised = 0;
    for duplicate in found {
        let pair_known = known
            .iter()
            .any(|p| p.person_id == duplicate.other || p.other_id == duplicate.other);
        if pair_known {
            continue;
        }
        tx.insert(&PossibleDuplicate {
            id: Id::new(),
            person_id: person.id,
            other_id: duplicate.other,
            because: duplicate.because.into(),
            score: i64::from(duplicate.likely),
            raised_at: tx.now(),
            settled_as: None,
            settled_by: None,
            settled_at: None,
            for_shield_team: duplicate.restricted,
            version: 1,
        })
        .await?;
        raised += 1;
    }
    Ok(raised)
}
