//! Who a child of a file is: the one whom an earlier file brought under the
//! same number, one with the same pupil number and date of birth, or someone
//! new. Nobody is ever merged.

use chrono::NaiveDate;
use record::model::{Person, PersonKind, PersonName};
use record::{AssertSqlSafe, Entity, Tx, args};
use serde_json::json;
use vocabulary::{Id, Upn, ids};

use super::{History, Origin, Refused};
use crate::import::Error;
use crate::people::NewPerson;
use crate::{Casework, find};

/// What a file says of a child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Described {
    /// Where it stands in the file.
    pub record: String,
    /// The council's own number.
    pub number: String,
    pub upn: Option<String>,
    pub born: Option<NaiveDate>,
    /// A baby who was not born at the end of the file.
    pub expected: Option<NaiveDate>,
    pub died: Option<NaiveDate>,
    pub sex: Option<String>,
    pub ethnicity: Option<String>,
    /// Why there is no pupil number.
    pub no_upn: Option<String>,
    /// Codes of disabilities; NONE alone says that there is none.
    pub disabilities: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Known {
    source: String,
    person_id: Id<ids::Person>,
    born_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct Of {
    family_id: Id<ids::Family>,
}

impl Casework {
    /// The child of a file and their family. Both are made where there is
    /// none; what the record lacks is filled in.
    pub(super) async fn child_of_file(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        mut told: Described,
        report: &mut History,
    ) -> Result<(Id<ids::Person>, Id<ids::Family>), Error> {
        self.sound(&mut told, report);
        let reason = format!(
            "Import of {}: {}, {}",
            origin.file,
            told.record,
            origin.title()
        );
        tx.because_of(&reason);
        let (own, found) = self.known_child(tx, origin, &told).await?;
        let tally = report.kinds.entry("children").or_default();
        let child = match found {
            Some(child) => {
                if self.fill_in(tx, child, &told).await? {
                    tally.changed += 1;
                } else {
                    tally.same += 1;
                }
                report.found += usize::from(!own);
                child
            }
            None => {
                tally.added += 1;
                self.add_person(tx, &new_person(&told), None, true)
                    .await?
                    .id
            }
        };
        if !own {
            let now = tx.now();
            tx.run(
                "insert into imported (source, source_key, digest, person_id, imported_at) \
                 values ($1, $2, 'history', $3, $4)",
                args![origin.source(), &told.number, child, now],
            )
            .await?;
        }
        let family = self.family_of_child(tx, child, &told).await?;
        Ok((child, family))
    }

    /// Leaves out what cannot be right, and says so.
    fn sound(&self, told: &mut Described, report: &mut History) {
        let (record, number) = (told.record.clone(), told.number.clone());
        let mut leave_out = |field: &str, value: String, why: &str| {
            report.refused.push(Refused {
                record: record.clone(),
                child: number.clone(),
                field: field.to_owned(),
                value,
                why: why.to_owned(),
                rest_taken: true,
            });
        };
        if let Some(upn) = told.upn.take_if(|upn| upn.parse::<Upn>().is_err()) {
            leave_out("UPN", upn, "This is no pupil number: it was left out");
        }
        let sexes = ["M", "F", "U"];
        if let Some(sex) = told.sex.take_if(|sex| !sexes.contains(&sex.as_str())) {
            leave_out("Sex", sex, "Write M, F or U: it was left out");
        }
        let known = |set: &str, code: &str| {
            let list = self.pack().codes(set, crate::time::today());
            list.is_some_and(|list| list.code(code).is_some())
        };
        let (right, wrong): (Vec<_>, Vec<_>) = std::mem::take(&mut told.disabilities)
            .into_iter()
            .partition(|code| code == "NONE" || known("disability", code));
        told.disabilities = right;
        for code in wrong {
            let why = "This code is not in the list of disabilities: it was left out";
            leave_out("Disability", code, why);
        }
        if let Some(code) = told.no_upn.take_if(|code| !known("upn-unknown", code)) {
            let why = "This code says nothing about a pupil number: it was left out";
            leave_out("UPNunknown", code, why);
        }
        if let Some(code) = told.ethnicity.take_if(|code| !known("ethnicity", code)) {
            // Nobody is asked of a baby who is not born.
            if code != "NOBT" {
                leave_out(
                    "Ethnicity",
                    code,
                    "This code is not in the list of ethnicities: it was left out",
                );
            }
        }
    }

    /// Whether this return brought the child before, and the child, by the
    /// council's own number, else by the pupil number.
    async fn known_child(
        &self,
        tx: &mut Tx,
        origin: &Origin,
        told: &Described,
    ) -> Result<(bool, Option<Id<ids::Person>>), Error> {
        let known: Vec<Known> = tx
            .all(
                "select i.source, i.person_id, p.born_on from imported i \
                 join person p on p.id = i.person_id where i.source_key = $1 \
                 and i.source in ('cin-census', 'ssda903', $2) order by i.source",
                args![&told.number, &origin.people],
            )
            .await?;
        if let Some(own) = known.iter().find(|k| k.source == origin.source()) {
            return Ok((true, Some(own.person_id)));
        }
        // The same number of another file, unless the births disagree: then
        // it is a number of another kind.
        let born = told.born.or(told.expected);
        let agrees = |k: &&Known| k.born_on.is_none() || born.is_none() || k.born_on == born;
        if let Some(other) = known.iter().find(agrees) {
            return Ok((false, Some(other.person_id)));
        }
        let (Some(upn), Some(born)) = (&told.upn, told.born) else {
            return Ok((false, None));
        };
        // Never into a restricted record: that of a child who was adopted has
        // their old number.
        let same: Vec<Known> = tx
            .all(
                "select '' as source, p.id as person_id, p.born_on from person p \
                 where p.upn = $1 and p.born_on = $2 and not exists (select 1 from restriction r \
                 where r.person_id = p.id and r.ended_at is null)",
                args![upn, born],
            )
            .await?;
        Ok((
            false,
            match same.as_slice() {
                [one] => Some(one.person_id),
                _ => None,
            },
        ))
    }

    /// Fills in what the record lacks. What it has is left as it is.
    async fn fill_in(
        &self,
        tx: &mut Tx,
        id: Id<ids::Person>,
        told: &Described,
    ) -> Result<bool, Error> {
        let before: Person = tx.get(id).await?;
        let mut person = before.clone();
        if person.kind == PersonKind::Expected && told.born.is_some() {
            person.kind = PersonKind::Child;
            person.born_on = told.born;
            person.born_kind = Some("exact".into());
        }
        person.born_on = person.born_on.or(told.born);
        person.died_on = person.died_on.or(told.died);
        person.upn = person.upn.or_else(|| told.upn.clone());
        person.sex = match person.sex.as_deref() {
            None | Some("U") => told.sex.clone().or(person.sex),
            Some(_) => person.sex,
        };
        person.ethnicity = person.ethnicity.or_else(|| told.ethnicity.clone());
        if person.upn.is_none() {
            person.no_upn = person.no_upn.or_else(|| told.no_upn.clone());
        }
        let disabilities = (!told.disabilities.is_empty()).then(|| json!(told.disabilities));
        person.disabilities = person.disabilities.or(disabilities);
        if person == before {
            return Ok(false);
        }
        tx.update(&mut person).await?;
        let sql = format!(
            "select {} from person_name where person_id = $1",
            PersonName::COLUMNS.join(", ")
        );
        let also: Vec<PersonName> = tx.all(AssertSqlSafe(sql), args![id]).await?;
        find::index_person(tx, &person, &also).await?;
        Ok(true)
    }

    /// The family in whose record the work stands: the child's own, else a new
    /// one, because a return knows no families.
    async fn family_of_child(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        told: &Described,
    ) -> Result<Id<ids::Family>, Error> {
        let of: Option<Of> = tx
            .maybe(
                "select family_id from family_member where person_id = $1 and left_on is null \
                 order by household desc, id limit 1",
                args![child],
            )
            .await?;
        if let Some(of) = of {
            return Ok(of.family_id);
        }
        let family = self.new_family(tx, &called(&told.number)).await?;
        self.join_family(tx, child, family.id, true).await?;
        Ok(family.id)
    }
}

/// What a child without a name is called: a return has no names.
fn called(number: &str) -> String {
    format!("Child {number}")
}

fn new_person(told: &Described) -> NewPerson {
    NewPerson {
        kind: match (told.born, told.expected) {
            (None, Some(_)) => PersonKind::Expected,
            _ => PersonKind::Child,
        },
        described_as: Some(called(&told.number)),
        born_on: told.born.or(told.expected),
        sex: told.sex.clone(),
        ethnicity: told.ethnicity.clone(),
        upn: told.upn.clone(),
        no_upn: told.no_upn.clone().filter(|_| told.upn.is_none()),
        disabilities: Some(told.disabilities.clone()).filter(|all| !all.is_empty()),
        ..NewPerson::default()
    }
}
