//! Looks that nothing in the work explains (security: T1): somebody of the same
//! name, a neighbour, no tie to the person, at night, again and again. They are
//! found by reading the journal on (every hour, and when somebody asks), listed
//! for information governance by reference, told to the looker's manager, and
//! marked as checked with a note. The list obeys the gate, and showing it is
//! itself a look.

mod reading;

use chrono::{DateTime, Days, NaiveDate, Utc};
use record::model::UnusualLook;
use record::{AssertSqlSafe, Entity, Listed, Value, Viewer, args};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result};

/// How much must come together before a person is asked to check it.
const ENOUGH: u8 = 3;

/// What is unusual about a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// The worker and the person have the same family name.
    SameName,
    /// The worker lives, or lived, where the person does or did.
    SameAddress,
    /// They have, or had, the same postcode.
    SamePostcode,
    /// The record was closed to the worker, who tried to open it.
    Refused,
    /// At night, at a weekend, or on a bank holiday.
    OutOfHours,
    /// Several times in one day.
    Again,
    /// One of many people whom the worker looked at that day.
    ManyPeople,
}

impl Sign {
    const ALL: [Sign; 7] = [
        Sign::SameName,
        Sign::SameAddress,
        Sign::SamePostcode,
        Sign::Refused,
        Sign::OutOfHours,
        Sign::Again,
        Sign::ManyPeople,
    ];

    fn word(self) -> &'static str {
        match self {
            Sign::SameName => "same_name",
            Sign::SameAddress => "same_address",
            Sign::SamePostcode => "same_postcode",
            Sign::Refused => "refused",
            Sign::OutOfHours => "out_of_hours",
            Sign::Again => "again",
            Sign::ManyPeople => "many_people",
        }
    }

    /// In a sentence, for the page.
    pub fn words(self) -> &'static str {
        match self {
            Sign::SameName => "The worker has the same family name",
            Sign::SameAddress => "The worker lives, or lived, at an address of this record",
            Sign::SamePostcode => "The worker has, or had, a postcode of this record",
            Sign::Refused => "The record was closed to the worker",
            Sign::OutOfHours => "Outside working hours",
            Sign::Again => "Several times in one day",
            Sign::ManyPeople => "The worker looked at many people that day",
        }
    }

    /// Alone only a name or a home is enough; the others must come together.
    fn weight(self) -> u8 {
        match self {
            Sign::SameName | Sign::SameAddress | Sign::SamePostcode => ENOUGH,
            Sign::Again | Sign::ManyPeople => 2,
            Sign::Refused | Sign::OutOfHours => 1,
        }
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The look was part of the work.
    Work,
    /// The wrong record was opened by mistake.
    Mistake,
    /// Nothing explains it: the manager and information governance go on.
    Concern,
}

impl Outcome {
    /// Each with the words of the page.
    pub const ALL: [(Outcome, &'static str); 3] = [
        (Outcome::Work, "It was part of the work"),
        (Outcome::Mistake, "The wrong record was opened by mistake"),
        (
            Outcome::Concern,
            "Nothing explains it: their manager acts on it",
        ),
    ];

    /// The word in the database and in the form.
    pub fn word(self) -> &'static str {
        match self {
            Outcome::Work => "work",
            Outcome::Mistake => "mistake",
            Outcome::Concern => "concern",
        }
    }

    /// In a sentence.
    pub fn words(self) -> &'static str {
        let found = Outcome::ALL.into_iter().find(|(one, _)| *one == self);
        found.map_or("", |(_, words)| words)
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Outcome> {
        let mut all = Outcome::ALL.into_iter().map(|(one, _)| one);
        all.find(|one| one.word() == word)
    }
}

/// One line of the page.
#[derive(Debug, Clone)]
pub struct UnusualRow {
    /// The row.
    pub id: Id<ids::Part>,
    /// Who looked.
    pub worker: String,
    /// The record's reference: the last eight characters of its id.
    pub reference: String,
    /// The day.
    pub day: NaiveDate,
    /// What is unusual, in sentences.
    pub signs: Vec<&'static str>,
    /// How many looks.
    pub looks: i64,
    /// The first of them.
    pub first_at: DateTime<Utc>,
    /// Who checked it, when, and what they found.
    pub reviewed: Option<super::Reviewed>,
    /// What the check came to.
    pub outcome: Option<Outcome>,
    /// The viewer looked, so somebody else checks it.
    pub own: bool,
    subject: Id<ids::Person>,
}

impl Casework {
    /// The looks that nothing in the work explains, as far as the journal was
    /// read: those to check, then the last ones that were checked.
    pub async fn unusual_looks(&self, viewer: &Viewer) -> Result<Listed<UnusualRow>> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let order = "case when u.reviewed_at is null then 0 else 1 end, u.day desc, u.id limit 100";
        self.unusual_where(viewer, "1 = 1", Vec::new(), order, "unusual looks")
            .await
    }

    /// What the viewer's own staff looked at that nothing explains: not checked
    /// yet, or checked and left to the manager. The instant notice on the
    /// manager's home page, by reference.
    pub async fn unusual_notices(&self, viewer: &Viewer) -> Result<Listed<UnusualRow>> {
        let since = viewer.today - Days::new(30);
        let mut values = args![viewer.principal.worker, since];
        let mut theirs = "w.supervisor_id = $1".to_owned();
        for team in &viewer.principal.teams_supervised {
            values.push(team.into());
            theirs = format!("{theirs} or w.team_id = ${}", values.len());
        }
        let mine = format!(
            "u.worker_id <> $1 and u.day >= $2 and ({theirs}) \
             and (u.reviewed_at is null or u.outcome = 'concern')"
        );
        let order = "u.day desc, u.id limit 5";
        self.unusual_where(viewer, &mine, values, order, "home")
            .await
    }

    async fn unusual_where(
        &self,
        viewer: &Viewer,
        condition: &str,
        mut values: Vec<Value>,
        order: &str,
        page: &str,
    ) -> Result<Listed<UnusualRow>> {
        let first = values.len() + 1;
        let (barred, more) = self.gate().barred(viewer, "u.person_id", first);
        values.extend(more);
        let columns: Vec<String> = UnusualLook::COLUMNS
            .iter()
            .map(|c| format!("u.{c}"))
            .collect();
        #[derive(sqlx::FromRow)]
        struct Found {
            #[sqlx(flatten)]
            row: UnusualLook,
            worker: String,
            reviewer: Option<String>,
        }
        let sql = format!(
            "select {}, w.name as worker, r.name as reviewer from unusual_look u \
             join worker w on w.id = u.worker_id left join worker r on r.id = u.reviewed_by \
             where {condition} and not {barred} order by {order}",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| UnusualRow {
            id: f.row.id,
            worker: f.worker,
            reference: f.row.person_id.as_str()[28..].to_uppercase(),
            day: f.row.day,
            signs: in_words(&f.row.signs),
            looks: f.row.looks,
            first_at: f.row.first_at,
            own: f.row.worker_id == viewer.principal.worker,
            subject: f.row.person_id,
            outcome: f.row.outcome.as_deref().and_then(Outcome::parse),
            reviewed: match (f.row.reviewed_at, f.reviewer) {
                (Some(at), Some(by)) => Some(super::Reviewed {
                    by,
                    at,
                    words: f.row.review_note.unwrap_or_default(),
                }),
                _ => None,
            },
        });
        let about = |row: &UnusualRow| vec![format!("person:{}", row.subject)];
        Ok(self
            .gate()
            .listed(viewer, page, rows.collect(), about)
            .await?)
    }

    /// Marks a look as checked, with what it came to and what was found. Nobody
    /// checks their own.
    pub async fn review_unusual(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        outcome: &str,
        words: &str,
    ) -> Result<()> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: UnusualLook = tx.get(id).await?;
        if self.gate().is_barred(viewer, row.person_id).await? {
            return Err(Error::NotFound);
        }
        if row.worker_id == viewer.principal.worker {
            return Err(Error::Refused(
                "This was your own look, so somebody else must check it.".into(),
            ));
        }
        if words.trim().chars().count() < 10 {
            let message = "Write what you found: why did they look, and what happens now?";
            return Err(Error::finding(
                &format!("words-{id}"),
                "What you found",
                message,
            ));
        }
        let Some(outcome) = Outcome::parse(outcome) else {
            let message = "Say what the check came to";
            return Err(Error::finding(
                &format!("outcome-{id}"),
                "What the check came to",
                message,
            ));
        };
        row.outcome = Some(outcome.word().to_owned());
        row.reviewed_by = Some(viewer.principal.worker);
        row.reviewed_at = Some(tx.now());
        row.review_note = Some(words.trim().to_owned());
        tx.because_of(words.trim());
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }
}

fn in_words(signs: &serde_json::Value) -> Vec<&'static str> {
    let kept: Vec<&str> = signs
        .as_array()
        .map(|list| list.iter().filter_map(|v| v.as_str()).collect())
        .unwrap_or_default();
    Sign::ALL
        .into_iter()
        .filter(|sign| kept.contains(&sign.word()))
        .map(Sign::words)
        .collect()
}
