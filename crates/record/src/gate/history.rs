//! What the journal tells of a record: as it was known, who changed it, who
//! looked.

use access::TieKind;
use chrono::{DateTime, Utc};
use vocabulary::{Id, ids};

use super::{FamilySeen, Gate, Guarded};
use crate::entity::Entity;
use crate::journal::history::Entry;
use crate::journal::moment;
use crate::model::{AccessGrant, Person};
use crate::time_travel::Known;
use crate::{Result, Tx, args};

/// One look at one person, for whoever checks looks and may not read records.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LookMade {
    /// When, RFC 3339.
    pub recorded_at: String,
    /// `looked` or `refused`.
    pub action: String,
    /// The access decision's reason.
    pub because: Option<String>,
    /// `person:ID`.
    pub subject: String,
}

/// A worker who looked at people on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct LookedOn {
    /// The worker's id.
    pub actor: String,
    /// The day, `2026-11-22`, in UTC.
    pub day: String,
}

#[derive(sqlx::FromRow)]
struct ReadTo {
    writer: String,
    seq: i64,
    read_to: i64,
}

impl Gate {
    /// Rows as they were known at a moment, of a person the viewer may see.
    pub async fn as_known<E: Entity, T>(
        &self,
        _seen: &Guarded<T>,
        ids: &[&str],
        at: DateTime<Utc>,
    ) -> Result<Vec<E>> {
        self.store.as_known(ids, at).await
    }

    /// Everything about a person, and about the family they are seen in with
    /// those of its members whom the viewer may see, as it was known at a
    /// moment: rows of these tables. The caller picks those about the person.
    pub async fn known_then(
        &self,
        seen: &Guarded<Person>,
        family: Option<&Guarded<FamilySeen>>,
        kinds: &[&'static str],
        at: DateTime<Utc>,
    ) -> Result<Known> {
        let mut subjects = vec![format!("person:{}", seen.id)];
        if let Some(family) = family {
            subjects.push(format!("family:{}", family.family.id));
            let others = family.members.iter().filter(|(_, p)| p.id != seen.id);
            subjects.extend(others.map(|(_, p)| format!("person:{}", p.id)));
        }
        self.store.known(&subjects, kinds, at).await
    }

    /// The looks that were made under one emergency access, oldest first: when
    /// and which page, never what was read. For whoever checks it, who may not
    /// open the record themselves.
    pub async fn looks_under(&self, grant: &AccessGrant) -> Result<Vec<Entry>> {
        let until = grant.ended_at.unwrap_or(grant.ends_at).min(grant.ends_at);
        self.store
            .looks_by(
                grant.worker_id.as_str(),
                &format!("person:{}", grant.person_id),
                &moment(grant.starts_at),
                &moment(until),
            )
            .await
    }

    /// Which workers looked at people on which day (UTC) in the part of the
    /// journal that `reader` has not read yet, at most `most` events of each
    /// chain. The same transaction says how far it was read.
    pub async fn lookers_since(
        &self,
        tx: &mut Tx,
        reader: &str,
        most: i64,
    ) -> Result<Vec<LookedOn>> {
        let heads: Vec<ReadTo> = tx
            .all(
                "select j.writer, max(j.seq) as seq, coalesce((select r.seq from journal_read r \
                 where r.reader = $1 and r.writer = j.writer), 0) as read_to \
                 from journal j group by j.writer order by j.writer",
                args![reader],
            )
            .await?;
        let mut found = Vec::new();
        for head in heads.into_iter().filter(|h| h.seq > h.read_to) {
            let to = head.seq.min(head.read_to + most);
            let rows: Vec<LookedOn> = tx
                .all(
                    "select distinct j.actor, substr(j.recorded_at, 1, 10) as day from journal j \
                     where j.writer = $1 and j.seq > $2 and j.seq <= $3 \
                     and j.action in ('looked', 'refused') and j.actor not like '%:%'",
                    args![&head.writer, head.read_to, to],
                )
                .await?;
            found.extend(rows);
            tx.run(
                "insert into journal_read (reader, writer, seq) values ($1, $2, $3) \
                 on conflict (reader, writer) do update set seq = excluded.seq",
                args![reader, &head.writer, to],
            )
            .await?;
        }
        Ok(found)
    }

    /// The looks of one worker at people between two moments, and the tries
    /// that were refused, in order.
    pub async fn looks_made(
        &self,
        tx: &mut Tx,
        worker: &str,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<LookMade>> {
        tx.all(
            "select j.recorded_at, j.action, j.because, s.subject from journal j \
             join journal_subject s on s.writer = j.writer and s.seq = j.seq \
             where j.actor = $1 and j.recorded_at >= $2 and j.recorded_at < $3 \
             and j.action in ('looked', 'refused') and s.subject like 'person:%' \
             order by j.recorded_at",
            args![worker, moment(from), moment(until)],
        )
        .await
    }

    /// Whether the reason that a look was recorded with is one of the work: a
    /// tie to the person, not the post alone, and not a refusal.
    pub fn is_of_the_work(&self, because: &str) -> bool {
        let emergency = [TieKind::BreakGlass, TieKind::Override];
        let by_post = |tie: TieKind| TieKind::STANDING.contains(&tie) || emergency.contains(&tie);
        let mut rules = self.policy.rules.iter();
        let refused = [
            &self.policy.no_tie,
            &self.policy.left,
            &self.policy.conflict,
            &self.policy.restricted,
        ];
        let of_post = rules.any(|rule| by_post(rule.tie) && rule.because == because);
        !of_post && !refused.into_iter().any(|words| words == because)
    }

    /// Every change of one row of a person the viewer may see, oldest first.
    pub async fn changes_of_row<T>(
        &self,
        _seen: &Guarded<T>,
        kind: &str,
        id: &str,
    ) -> Result<Vec<Entry>> {
        self.store.changes_of_row(kind, id).await
    }

    /// Who has looked at a record, newest first.
    pub async fn looks_at(&self, person: &Guarded<Person>, limit: i64) -> Result<Vec<Entry>> {
        self.store
            .looks_at(&[format!("person:{}", person.id)], limit)
            .await
    }

    /// Who has looked at a record between two moments, oldest first, so many at
    /// most: for the list that is given to the family.
    pub async fn looks_between(
        &self,
        person: &Guarded<Person>,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let subject = format!("person:{}", person.id);
        self.store
            .looks_between(&subject, &moment(from), &moment(until), limit)
            .await
    }

    /// The tie that a look was decided on, from the reason in the journal.
    pub fn tie_of(&self, because: &str) -> Option<TieKind> {
        let mut rules = self.policy.rules.iter();
        rules
            .find(|rule| rule.because == because)
            .map(|rule| rule.tie)
    }

    /// What is written about the families of a person, newest first. The caller
    /// picks what concerns the person.
    pub async fn changes_of_families(
        &self,
        _seen: &Guarded<Person>,
        families: &[Id<ids::Family>],
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let subjects: Vec<String> = families.iter().map(|id| format!("family:{id}")).collect();
        self.store.changes_of(&subjects, limit).await
    }

    /// Who has changed a record, newest first.
    pub async fn changes_of(&self, person: &Guarded<Person>, limit: i64) -> Result<Vec<Entry>> {
        self.store
            .changes_of(&[format!("person:{}", person.id)], limit)
            .await
    }
}
