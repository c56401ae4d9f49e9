//! Opening a restricted record in an emergency (R001-27; security: T2, T11): for
//! the few whose post has the right, one record, one hour, with a reason and the
//! password again. Its list and information governance learn of it at once, and
//! whoever looks after restricted records checks it.
//!
//! Nothing is searched: the record's reference, or its names and date of birth
//! exactly. Whatever does not fit, is not restricted, is known to the worker
//! privately or was sealed by an adoption is answered in the same words, and
//! each try is on record.

use chrono::{Duration, NaiveDate};
use packs::{Answers, Finding, Severity};
use record::journal::{Deed, Event};
use record::model::AccessGrant;
use record::{AssertSqlSafe, Entity, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::asking::claim;
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks};

/// The right to do so.
pub const RIGHT: &str = "access.override";
/// The form.
pub const FORM: &str = "override";
/// How long it lasts; it ends sooner at signing out.
const LASTS: Duration = Duration::hours(1);
const NONE: &str = "No restricted record fits exactly what you wrote. Check it, or ask whoever looks after restricted records. That you asked is written down";

/// Which record is meant.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// The last eight characters of its id.
    pub reference: String,
    /// First name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Date of birth.
    pub born: Option<NaiveDate>,
}

impl Sought {
    /// What the form says.
    pub fn of(answers: &Answers) -> Sought {
        let text = |name: &str| answers.text(name).trim().to_owned();
        Sought {
            reference: text("reference").to_lowercase(),
            given: text("given"),
            family: text("family"),
            born: answers.date("born"),
        }
    }
}

#[derive(sqlx::FromRow)]
struct Restricted {
    id: Id<ids::Person>,
}

impl Casework {
    /// Whether the viewer may override a restriction at all: the page is absent
    /// for everybody else.
    pub fn may_override(&self, viewer: &Viewer) -> Result<()> {
        match viewer.can(RIGHT) {
            true => Ok(()),
            false => Err(Error::NotFound),
        }
    }

    /// Opens one restricted record for an hour.
    pub async fn override_restriction(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        password: &str,
        once: &str,
    ) -> Result<Id<ids::Person>> {
        self.may_override(viewer)?;
        let mut findings = self.form(FORM)?.check(answers, None);
        let stop = |field: &str, message: &str| Finding {
            field: field.into(),
            label: field.into(),
            message: message.into(),
            severity: Severity::Stop,
        };
        let sought = Sought::of(answers);
        let whole = !sought.given.is_empty() && !sought.family.is_empty() && sought.born.is_some();
        if sought.reference.is_empty() && !whole {
            let message = "Write the reference, or both names and the date of birth";
            findings.push(stop("reference", message));
        }
        if password.is_empty() {
            findings.push(stop("password", "Enter your password"));
        }
        if findings.is_empty() && !self.proves_again(viewer, password, "an override").await? {
            findings.push(stop("password", "This is not your password"));
        }
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let reason = answers.text("reason").trim().to_owned();
        let Some(person) = self.restricted_that_fits(viewer, &sought).await? else {
            let mut event = Event::new(Deed::Refused, "page", "override");
            event.because = Some("No restricted record fits, or it must not be opened.".into());
            event.plain = Some(json!({ "page": "override" }));
            let mut tx = self.store().begin(&viewer.actor()).await?;
            tx.note(event).await?;
            tx.commit().await?;
            return Err(Error::Findings(vec![stop("reference", NONE)]));
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/people/{person}")).await?;
        tx.because_of(&reason);
        let now = tx.now();
        let grant = AccessGrant {
            id: Id::new(),
            kind: "override".into(),
            worker_id: viewer.principal.worker,
            person_id: person,
            section: "record".into(),
            reason,
            starts_at: now,
            ends_at: now + LASTS,
            ended_at: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
        };
        tx.insert(&grant).await?;
        let about = About {
            kind: "access_grant",
            id: grant.id.to_string(),
            person: Some(person),
            path: format!("/access/{}", grant.id),
            ..About::default()
        };
        clocks::start(&mut tx, self.pack(), "break_glass.used", now, &about).await?;
        tx.commit().await?;
        Ok(person)
    }

    /// The one restricted record that fits exactly and may be opened so. A
    /// record that an adoption closed is none: nobody overrides that.
    async fn restricted_that_fits(
        &self,
        viewer: &Viewer,
        sought: &Sought,
    ) -> Result<Option<Id<ids::Person>>> {
        let (fits, mut values) = match sought.reference.is_empty() {
            false => ("substr(p.id, 29) = $1", args![&sought.reference]),
            true => (
                "lower(p.given) = lower($1) and lower(p.family_name) = lower($2) \
                 and p.born_on = $3",
                args![&sought.given, &sought.family, sought.born],
            ),
        };
        values.push(viewer.principal.worker.into());
        let me = values.len();
        let sql = format!(
            "select p.id from person p where {fits} \
             and exists (select 1 from restriction z where z.person_id = p.id \
              and z.ended_at is null) \
             and not exists (select 1 from restriction s where s.person_id = p.id \
              and s.ended_at is null and s.reason in ('{}', '{}')) \
             and not exists (select 1 from conflict k where k.person_id = p.id \
              and k.worker_id = ${me} and k.ended_at is null) limit 2",
            record::BEFORE,
            record::AFTER
        );
        let db = self.store().read_db();
        let found: Vec<Restricted> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(match found.as_slice() {
            [one] => Some(one.id),
            _ => None,
        })
    }

    /// Ends the viewer's emergency accesses of these kinds now: when they are
    /// done, and an override always when they sign out.
    pub async fn end_emergencies(&self, viewer: &Viewer, kinds: &[&str]) -> Result<()> {
        let columns = AccessGrant::COLUMNS.join(", ");
        let sql = format!(
            "select {columns} from access_grant where worker_id = $1 and ended_at is null \
             and ends_at > $2 and kind in ('break_glass', 'override')"
        );
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let now = tx.now();
        let open: Vec<AccessGrant> = tx
            .all(AssertSqlSafe(sql), args![viewer.principal.worker, now])
            .await?;
        for mut grant in open {
            if kinds.contains(&grant.kind.as_str()) {
                grant.ended_at = Some(now);
                tx.update(&mut grant).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}
