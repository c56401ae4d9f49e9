//! Joining two records of one person, and taking them apart again. Nothing is
//! moved and nothing is lost: the record that is written on takes over the
//! names, so that a search leads to it; the other stays whole beside it, says
//! where the work goes on, and is found by no search. Parting gives both back.

use packs::Answers;
use record::journal::{Deed, Event};
use record::model::{Merged, Person, PersonName, PossibleDuplicate};
use record::{Asked, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, NhsNumber, ids, plain};

use crate::asking::{Asking, Done, claim, rows, said};
use crate::{Casework, Error, Result, find, time};

/// The form of a join.
const FORM: &str = "merge";
/// The form of a parting.
const PART: &str = "part-records";
/// The page, for the journal.
const PAGE: &str = "people.duplicates";

/// A record that belongs to another, as a page says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The join.
    pub id: Id<ids::Part>,
    /// The other record.
    pub other: Id<ids::Person>,
    /// The record of the page is the one that is written on.
    pub kept: bool,
    /// Since when.
    pub since: String,
    /// How somebody knew.
    pub reason: String,
}

impl Casework {
    /// The records that are joined with a person's, for whoever has passed the
    /// gate for that person. Only ids: the other has its own gate.
    pub async fn joined_with(&self, person: &Guarded<Person>) -> Result<Vec<Joined>> {
        let open: Vec<Merged> = self
            .rows_of(
                "parted_at is null and (kept_id = $1 or other_id = $1) order by merged_at, id",
                args![person.id],
            )
            .await?;
        Ok(open
            .into_iter()
            .map(|m| Joined {
                id: m.id,
                kept: m.kept_id == person.id,
                other: match m.kept_id == person.id {
                    true => m.other_id,
                    false => m.kept_id,
                },
                since: plain::date(time::local(m.merged_at).date()),
                reason: m.reason,
            })
            .collect())
    }

    /// Both records of a possibility that the viewer may correct. One with a
    /// restricted record is for the shield team and not here.
    async fn both(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        duplicate: Id<ids::Part>,
    ) -> Result<(Guarded<Person>, Guarded<Person>)> {
        let pairs: Vec<PossibleDuplicate> = self.rows_of("id = $1", args![duplicate]).await?;
        let pair = pairs.into_iter().find(|p| !p.for_shield_team);
        let pair = pair.ok_or(Error::NotFound)?;
        let other = match id {
            id if id == pair.person_id => pair.other_id,
            id if id == pair.other_id => pair.person_id,
            _ => return Err(Error::NotFound),
        };
        let here = self.person_to_edit(viewer, id, PAGE).await?;
        let there = self
            .gate()
            .person(viewer, other, Asked::to_correct(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        Ok((here, there))
    }

    /// The page that joins two records.
    pub async fn ask_merge(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        duplicate: Id<ids::Part>,
    ) -> Result<(Asking, Guarded<Person>)> {
        let (here, there) = self.both(viewer, id, duplicate).await?;
        let address = format!("/people/{id}/duplicates/{duplicate}/merge");
        let back = format!("/people/{id}/duplicates");
        let words = |p: &Guarded<Person>, which: &str| {
            let born = p.birth_date().map_or_else(String::new, |b| b.date_words());
            let opened = plain::date(time::local(p.created_at).date());
            (
                p.id.to_string(),
                format!("{which}: {}, born {born}, opened {opened}", p.name()),
            )
        };
        let choices = vec![words(&here, "This record"), words(&there, "The other")];
        let mut asking = Asking::new(self.form(FORM)?, here, address, back);
        asking.title = format!("Join two records of {}", asking.child.name());
        asking.button = "Join the two records".into();
        asking.offer("keep", choices);
        Ok((asking, there))
    }

    /// Joins two records of one person.
    pub async fn merge(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        duplicate: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (asking, there) = self.ask_merge(viewer, id, duplicate).await?;
        asking.check(answers)?;
        let (here, there) = (asking.child.clone(), there);
        let (kept, other) = match answers.text("keep") == there.id.to_string() {
            true => (there, here),
            false => (here, there),
        };
        two_numbers(&kept, &other)?;
        let reason = said(answers, "reason").unwrap_or_default();
        let me = viewer.principal.worker;
        let path = format!("/people/{}", kept.id);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path).await?;
        tx.because_of(&reason);
        let chained: Vec<Merged> = rows(
            &mut tx,
            "parted_at is null and (other_id = $1 or other_id = $2 or kept_id = $2)",
            args![kept.id, other.id],
        )
        .await?;
        if !chained.is_empty() {
            return Err(Error::finding(
                "keep",
                "Which record is written on?",
                "One of them is joined with a third record already. Open that one first",
            ));
        }
        let names = take_names(&mut tx, &kept, &other).await?;
        let row = Merged {
            id: Id::new(),
            kept_id: kept.id,
            other_id: other.id,
            reason,
            names: json!(names),
            merged_by: me,
            merged_at: tx.now(),
            parted_by: None,
            parted_at: None,
            part_reason: None,
            version: 1,
        };
        tx.insert(&row).await?;
        trail(&mut tx, &row).await?;
        let mut pair: PossibleDuplicate = tx.get(duplicate).await?;
        pair.settled_as = Some("same".into());
        pair.settled_by = Some(me);
        pair.settled_at = Some(tx.now());
        tx.update(&mut pair).await?;
        keys_again(&mut tx, &kept).await?;
        tx.run(
            "delete from person_key where person_id = $1",
            args![other.id],
        )
        .await?;
        tx.drop_draft(me, &asking.draft()).await?;
        tx.commit().await?;
        let words = "The two records are joined. Nothing was lost, and they can be taken apart.";
        Ok(Done::new(words, path))
    }

    /// The page that takes two records apart again.
    pub async fn ask_part(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        join: Id<ids::Part>,
    ) -> Result<(Asking, Merged)> {
        let open: Vec<Merged> = self
            .rows_of(
                "id = $1 and parted_at is null and kept_id = $2",
                args![join, id],
            )
            .await?;
        let row = open.into_iter().next().ok_or(Error::NotFound)?;
        let kept = self.person_to_edit(viewer, id, PAGE).await?;
        self.gate()
            .person(viewer, row.other_id, Asked::to_correct(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let address = format!("/people/{id}/part/{join}");
        let back = format!("/people/{id}");
        let mut asking = Asking::new(self.form(PART)?, kept, address, back);
        asking.title = format!("Take two records of {} apart", asking.child.name());
        asking.button = "Take them apart".into();
        Ok((asking, row))
    }

    /// Takes two records apart again: each is as it was, and they are not asked
    /// about again.
    pub async fn part(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        join: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (asking, mut row) = self.ask_part(viewer, id, join).await?;
        asking.check(answers)?;
        let reason = said(answers, "reason").unwrap_or_default();
        let me = viewer.principal.worker;
        let path = format!("/people/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path).await?;
        tx.because_of(&reason);
        let now = tx.now();
        let taken: Vec<String> = serde_json::from_value(row.names.clone()).unwrap_or_default();
        for name in taken {
            let mut name: PersonName = tx.get(name).await?;
            name.wrong_reason = Some(format!("Two people after all: {reason}"));
            name.ended_on = Some(viewer.today);
            tx.update(&mut name).await?;
        }
        row.parted_by = Some(me);
        row.parted_at = Some(now);
        row.part_reason = Some(reason);
        tx.update(&mut row).await?;
        trail(&mut tx, &row).await?;
        let pairs: Vec<PossibleDuplicate> = rows(
            &mut tx,
            "(person_id = $1 and other_id = $2) or (person_id = $2 and other_id = $1)",
            args![row.kept_id, row.other_id],
        )
        .await?;
        for mut pair in pairs {
            pair.settled_as = Some("not_the_same".into());
            pair.settled_by = Some(me);
            pair.settled_at = Some(now);
            tx.update(&mut pair).await?;
        }
        for person in [row.kept_id, row.other_id] {
            let person: Person = tx.get(person).await?;
            keys_again(&mut tx, &person).await?;
        }
        tx.drop_draft(me, &asking.draft()).await?;
        tx.commit().await?;
        Ok(Done::new(
            "The two records are two again, each as it was.",
            path,
        ))
    }
}

/// Two different numbers with right check digits are two people, whatever else
/// fits: one of them is wrong and is put right first.
fn two_numbers(a: &Person, b: &Person) -> Result<()> {
    let valid = |p: &Person| -> Option<String> {
        let number: NhsNumber = p.nhs_number.as_deref()?.parse().ok()?;
        Some(number.digits())
    };
    match (valid(a), valid(b)) {
        (Some(a), Some(b)) if a != b => Err(Error::finding(
            "keep",
            "Which record is written on?",
            "They have two different NHS numbers, so they are two people, or one number is wrong. Put the number right first",
        )),
        _ => Ok(()),
    }
}

/// Gives the kept record the names of the other, as far as it has not got them;
/// returns their ids.
async fn take_names(tx: &mut Tx, kept: &Person, other: &Person) -> Result<Vec<String>> {
    let theirs = "person_id = $1 and wrong_reason is null order by id";
    let mine: Vec<PersonName> = rows(tx, theirs, args![kept.id]).await?;
    let also: Vec<PersonName> = rows(tx, theirs, args![other.id]).await?;
    let mut wanted = vec![(other.given.clone(), other.family_name.clone())];
    wanted.extend(also.into_iter().map(|n| (n.given, n.family_name)));
    let mut known = vec![(kept.given.clone(), kept.family_name.clone())];
    known.extend(mine.into_iter().map(|n| (n.given, n.family_name)));
    let mut taken = Vec::new();
    for (given, family_name) in wanted {
        let name = (given.clone(), family_name.clone());
        if known.contains(&name) || (given.is_empty() && family_name.is_empty()) {
            continue;
        }
        known.push(name);
        let row = PersonName {
            id: Id::new(),
            person_id: kept.id,
            kind: "alias".into(),
            given,
            family_name,
            started_on: None,
            ended_on: None,
            wrong_reason: None,
            version: 1,
        };
        tx.insert(&row).await?;
        taken.push(row.id.to_string());
    }
    Ok(taken)
}

/// The other record's own history says it too.
async fn trail(tx: &mut Tx, row: &Merged) -> Result<()> {
    let mut event = Event::new(Deed::Changed, "merged", row.id);
    event.subjects = vec![format!("person:{}", row.other_id)];
    Ok(tx.note(event).await?)
}

async fn keys_again(tx: &mut Tx, person: &Person) -> Result<()> {
    let names: Vec<PersonName> = rows(
        tx,
        "person_id = $1 and wrong_reason is null",
        args![person.id],
    )
    .await?;
    find::index_person(tx, person, &names).await
}
