//! Restricted records: a reason, a list of who may open it, and a review within
//! 90 days. For everyone else the record is absent, whatever they are to it.

use chrono::{Days, NaiveDate};
use packs::{Finding, Severity};
use record::model::{Person, Restriction, RestrictionAllow};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Listed, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::{Casework, Error, Result};

/// After how many days somebody asks whether it is still needed.
pub(super) const REVIEW: Days = Days::new(90);

/// Somebody who could be on the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Someone {
    /// The worker.
    pub id: Id<ids::Worker>,
    /// Name.
    pub name: String,
    /// Post.
    pub job_title: String,
}

/// The page of one record's restriction.
#[derive(Debug)]
pub struct RestrictionView {
    /// The person.
    pub person: Guarded<Person>,
    /// The restriction in force.
    pub now: Option<Restriction>,
    /// Who set it, by name.
    pub set_by: String,
    /// Who may open the record.
    pub allowed: Vec<String>,
    /// Who can be put on the list.
    pub candidates: Vec<Someone>,
}

/// A new restriction.
#[derive(Debug, Clone)]
pub struct NewRestriction {
    /// A code of the pack's list of reasons.
    pub reason: String,
    /// Who may open it, besides whoever restricts it.
    pub allow: Vec<Id<ids::Worker>>,
    /// The form's token.
    pub once: String,
}

/// A restriction for the list of those to review.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RestrictionRow {
    /// The restriction.
    pub id: Id<ids::Restriction>,
    /// Whose.
    pub person_id: Id<ids::Person>,
    /// A code of the pack's list.
    pub reason: String,
    /// Review by.
    pub review_on: NaiveDate,
}

impl RestrictionRow {
    /// The reference that is read out on the telephone.
    pub fn reference(&self) -> String {
        self.person_id.as_str()[28..].to_uppercase()
    }

    /// "by 3 March 2027", and how near that is.
    pub fn due(&self, today: NaiveDate) -> String {
        format!(
            "{} ({})",
            plain::date(self.review_on),
            plain::near(self.review_on, today)
        )
    }
}

impl Casework {
    /// The restriction of a record, for a manager who works with the person.
    pub async fn restriction(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<RestrictionView> {
        if !viewer.can("case.allocate") {
            return Err(Error::NotFound);
        }
        let seen = self
            .gate()
            .person(viewer, person, Asked::to_write("restrict"))
            .await?
            .ok_or(Error::NotFound)?;
        let db = self.store().read_db();
        let sql = format!(
            "select {} from restriction where person_id = $1 and ended_at is null \
             order by set_at desc limit 1",
            Restriction::COLUMNS.join(", ")
        );
        let now: Option<Restriction> = db.maybe(AssertSqlSafe(sql), args![person]).await?;
        let allowed: Vec<Someone> = match &now {
            Some(now) => {
                db.all(
                    "select w.id, w.name, w.job_title from restriction_allow a \
                     join worker w on w.id = a.worker_id where a.restriction_id = $1 \
                     order by w.name",
                    args![now.id],
                )
                .await?
            }
            None => Vec::new(),
        };
        // Those who could need it: whoever works with the child, their teams,
        // and whoever oversees the service.
        let candidates: Vec<Someone> = db
            .all(
                "select distinct w.id, w.name, w.job_title from worker w where w.active = $2 \
                 and w.id <> $3 and (w.role = 'head_of_service' \
                 or w.id in (select worker_id from involvement where person_id = $1 \
                  and (ended_on is null or ended_on > $4) and worker_id is not null) \
                 or w.team_id in (select team_id from involvement where person_id = $1 \
                  and (ended_on is null or ended_on > $4) and team_id is not null)) \
                 order by w.name limit 60",
                args![person, true, viewer.principal.worker, viewer.today],
            )
            .await?;
        Ok(RestrictionView {
            person: seen,
            set_by: match &now {
                Some(now) => self.who_restricted(&now.set_by).await?,
                None => String::new(),
            },
            now,
            allowed: allowed
                .into_iter()
                .map(|w| format!("{}, {}", w.name, w.job_title.to_lowercase()))
                .collect(),
            candidates,
        })
    }

    /// The name of who set a restriction: a worker, or the system for whom an
    /// order of a court did it.
    async fn who_restricted(&self, set_by: &str) -> Result<String> {
        match set_by.parse::<Id<ids::Worker>>() {
            Ok(worker) => self.worker_name(worker).await,
            Err(_) => Ok(match set_by.strip_prefix("system:") {
                Some(what) => format!("The system ({what})"),
                None => set_by.to_owned(),
            }),
        }
    }

    /// Restricts a record. Whoever does it stays on the list, or the record
    /// would be lost to everyone.
    pub async fn restrict(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        wanted: &NewRestriction,
    ) -> Result<()> {
        let view = self.restriction(viewer, person).await?;
        if view.now.is_some() {
            return Err(Error::Refused("This record is restricted already.".into()));
        }
        let known = self
            .pack()
            .codes("restriction-reason", viewer.today)
            .is_some_and(|codes| codes.code(&wanted.reason).is_some());
        if !known {
            return Err(Error::Findings(vec![Finding {
                field: "reason".into(),
                label: "Reason".into(),
                message: "Choose why the record is restricted".into(),
                severity: Severity::Stop,
            }]));
        }
        let mut allow: Vec<Id<ids::Worker>> = view
            .candidates
            .iter()
            .map(|someone| someone.id)
            .filter(|id| wanted.allow.contains(id))
            .collect();
        allow.push(viewer.principal.worker);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{person}/restrict");
        if let Once::Again { location } = tx.once(&wanted.once, &location).await? {
            return Err(Error::Already(location));
        }
        let now = tx.now();
        let row = Restriction {
            id: Id::new(),
            person_id: person,
            reason: wanted.reason.clone(),
            set_by: viewer.actor().who,
            set_at: now,
            review_on: viewer.today + REVIEW,
            ended_at: None,
            version: 1,
        };
        tx.insert(&row).await?;
        for worker_id in allow {
            tx.insert(&RestrictionAllow {
                id: Id::new(),
                restriction_id: row.id,
                worker_id,
                version: 1,
            })
            .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Lifts the restriction of a record, with the reason.
    pub async fn lift_restriction(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        why: &str,
    ) -> Result<()> {
        let view = self.restriction(viewer, person).await?;
        let mut row = view.now.ok_or(Error::NotFound)?;
        if row.reason == record::BEFORE || row.reason == record::AFTER {
            let why = "An adoption closed this record, and nobody can open it to all again: the law keeps who a child was apart from who they are (Adoption and Children Act 2002, sections 56 to 65). A keeper of adoption records can let another worker in.";
            return Err(Error::Refused(why.into()));
        }
        let mut tx = self.reasoned(viewer, why).await?;
        row.ended_at = Some(tx.now());
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the restriction for another 90 days, with the reason.
    pub async fn keep_restriction(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        why: &str,
    ) -> Result<()> {
        let view = self.restriction(viewer, person).await?;
        let mut row = view.now.ok_or(Error::NotFound)?;
        let mut tx = self.reasoned(viewer, why).await?;
        row.review_on = viewer.today + REVIEW;
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Restrictions whose review is near or past, by reference.
    pub async fn restrictions_to_review(&self, viewer: &Viewer) -> Result<Listed<RestrictionRow>> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let rows: Vec<RestrictionRow> = self
            .store()
            .read_db()
            .all(
                "select id, person_id, reason, review_on from restriction \
                 where ended_at is null and review_on <= $1 order by review_on limit 100",
                args![viewer.today + Days::new(14)],
            )
            .await?;
        Ok(self
            .gate()
            .listed(viewer, "access", rows, |row| {
                vec![format!("person:{}", row.person_id)]
            })
            .await?)
    }

    async fn reasoned(&self, viewer: &Viewer, why: &str) -> Result<Tx> {
        if why.trim().chars().count() < 10 {
            let message = "Write why, in a sentence";
            return Err(Error::finding("why", "Why", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of(why.trim());
        Ok(tx)
    }
}
