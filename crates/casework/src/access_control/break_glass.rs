//! Emergency access: a reason of at least 20 characters opens one record for 24
//! hours, the owners are told at once, and somebody else checks it within one
//! working day (security: T11).

use chrono::{DateTime, Duration, Utc};
use packs::{Answers, Finding, Severity};
use record::model::{AccessGrant, Person};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Listed, Value, Viewer, args};
use vocabulary::{Id, ids};

use super::looks::{LookRow, row};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks};

/// How long an emergency access lasts.
const LASTS: Duration = Duration::hours(24);
/// What stands in place of a reason for whoever checks looks and is not on the
/// list of the restricted record.
const NOT_ON_LIST: &str = "The record is restricted, and its list reads the reason. Whoever looks after restricted records checks this one.";

/// Whether the page offers emergency access.
#[derive(Debug)]
pub enum OpenFor {
    /// The record is open to the viewer already: go there.
    Already,
    /// Only the index is: a reason opens it.
    Reason(Box<Guarded<Person>>),
}

/// One use of emergency access, for whoever checks it.
#[derive(Debug, Clone)]
pub struct EmergencyUse {
    /// The access.
    pub id: Id<ids::Grant>,
    /// The record's reference: the last eight characters of its id.
    pub reference: String,
    /// The person's name, only for those who work with them.
    pub person: Option<(Id<ids::Person>, String)>,
    /// Who used it.
    pub worker: String,
    /// The reason they gave.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it opens the record.
    pub until: DateTime<Utc>,
    /// Who checked it, when, and what they said.
    pub reviewed: Option<Reviewed>,
    /// The viewer used it, so somebody else checks it.
    pub own: bool,
    /// The record is restricted, and was opened all the same.
    pub overridden: bool,
    /// The viewer learns of it and is not on the record's list: others check it.
    pub for_its_list: bool,
    /// Whose record, for the journal.
    subject: Id<ids::Person>,
}

impl EmergencyUse {
    fn about(&self) -> Vec<String> {
        vec![format!("person:{}", self.subject)]
    }
}

/// What a check said.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In words.
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    grant: AccessGrant,
    worker_name: String,
    reviewer: Option<String>,
    given: Option<String>,
    known_as: Option<String>,
    surname: Option<String>,
    barred: bool,
}

impl Casework {
    /// Whether somebody may open a record in an emergency. Absent for whoever
    /// has no such right, and for a record that is barred to them.
    pub async fn emergency_page(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<OpenFor> {
        if !viewer.can("access.break_glass") {
            return Err(Error::NotFound);
        }
        let seen = self
            .gate()
            .person(viewer, person, Asked::index("break-glass"))
            .await?
            .ok_or(Error::NotFound)?;
        let open = self
            .gate()
            .allows(viewer, &seen, Asked::to_read("break-glass"));
        Ok(if open {
            OpenFor::Already
        } else {
            OpenFor::Reason(Box::new(seen))
        })
    }

    /// Opens a record in an emergency. The reason is checked by the pack's
    /// form, and the worker gives their password again: it is one of the few
    /// hard gates.
    pub async fn break_glass(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        answers: &Answers,
        password: &str,
        once: &str,
    ) -> Result<()> {
        let OpenFor::Reason(seen) = self.emergency_page(viewer, person).await? else {
            return Ok(());
        };
        let mut findings = self.form("break-glass")?.check(answers, None);
        let proof = match password {
            "" => Some("Enter your password"),
            _ if !findings.is_empty() => None,
            _ if self
                .proves_again(viewer, password, "emergency access")
                .await? =>
            {
                None
            }
            _ => Some("This is not your password"),
        };
        findings.extend(proof.map(|message| Finding {
            field: "password".into(),
            label: "Your password".into(),
            message: message.into(),
            severity: Severity::Stop,
        }));
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let reason = answers.text("reason").trim().to_owned();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/people/{person}");
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        tx.because_of(&reason);
        let now = tx.now();
        let grant = AccessGrant {
            id: Id::new(),
            kind: "break_glass".into(),
            worker_id: viewer.principal.worker,
            person_id: seen.id,
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
            person: Some(seen.id),
            path: format!("/access/{}", grant.id),
            ..About::default()
        };
        clocks::start(&mut tx, self.pack(), "break_glass.used", now, &about).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Uses of emergency access that concern the viewer as the child's
    /// allocated worker, or as their manager, and that nobody has checked: the
    /// instant notice on their home page.
    pub async fn emergency_notices(&self, viewer: &Viewer) -> Result<Listed<EmergencyUse>> {
        let mut values: Vec<Value> = args![viewer.principal.worker, viewer.today];
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read("home")
        };
        let (open, more) = self.gate().may_see(viewer, asked, "g.person_id", 3);
        values.extend(more);
        let mut mine = "i.worker_id = $1 or x.supervisor_id = $1".to_owned();
        for team in &viewer.principal.teams_supervised {
            values.push(team.into());
            mine = format!(
                "{mine} or x.team_id = ${0} or i.team_id = ${0}",
                values.len()
            );
        }
        let sql = format!(
            "select {}, (1 = 0) as barred from access_grant g join worker w on w.id = g.worker_id \
             left join worker r on r.id = g.reviewed_by join person p on p.id = g.person_id \
             where g.kind in ('break_glass', 'override') and g.reviewed_at is null \
             and g.worker_id <> $1 and (exists (select 1 from restriction z \
             join restriction_allow l on l.restriction_id = z.id where z.person_id = g.person_id \
             and z.ended_at is null and l.worker_id = $1 and g.kind = 'override') or exists (select 1 from involvement i left join worker x on x.id = i.worker_id \
             where i.person_id = g.person_id and i.role = 'allocated' \
             and (i.ended_on is null or i.ended_on > $2) and ({mine}))) and {open} \
             order by g.starts_at desc limit 10",
            columns(true)
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found.into_iter().map(|f| used(f, viewer, true)).collect();
        Ok(self
            .gate()
            .listed(viewer, "home", rows, EmergencyUse::about)
            .await?)
    }

    /// All uses that wait for a check, then the last ones that were checked.
    /// By reference and reason: whoever checks need not read the record. A
    /// reason may name people, so who is barred from the person (a personal
    /// connection, a record that was restricted since) does not see the use:
    /// somebody else checks it, of a restricted record those who look after it.
    pub async fn emergency_uses(
        &self,
        viewer: &Viewer,
        page: &str,
    ) -> Result<Listed<EmergencyUse>> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let (barred, mut values) = self.gate().barred(viewer, "g.person_id", 1);
        let told = told(viewer, &mut values);
        let sql = format!(
            "select {}, {barred} as barred from access_grant g join worker w on w.id = g.worker_id \
             left join worker r on r.id = g.reviewed_by \
             where g.kind in ('break_glass', 'override') \
             and (not {barred} or {told}) order by case when g.reviewed_at is null then 0 else 1 end, g.starts_at desc limit 60",
            columns(false)
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found.into_iter().map(|f| used(f, viewer, false)).collect();
        // A reference and a reason are about somebody: showing them is a look.
        Ok(self
            .gate()
            .listed(viewer, page, rows, EmergencyUse::about)
            .await?)
    }

    /// One use with every look that was made under it.
    pub async fn emergency_use(
        &self,
        viewer: &Viewer,
        grant: Id<ids::Grant>,
    ) -> Result<(EmergencyUse, Vec<LookRow>)> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let mut values = args![grant];
        let (barred, more) = self.gate().barred(viewer, "g.person_id", 2);
        values.extend(more);
        let told = told(viewer, &mut values);
        let sql = format!(
            "select {}, {barred} as barred from access_grant g join worker w on w.id = g.worker_id \
             left join worker r on r.id = g.reviewed_by \
             where g.kind in ('break_glass', 'override') and g.id = $1 \
             and (not {barred} or {told})",
            columns(false)
        );
        let found: Option<Found> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), values)
            .await?;
        let found = found.ok_or(Error::NotFound)?;
        let entries = self.gate().looks_under(&found.grant).await?;
        let names = self.names_of_actors(&entries).await?;
        let looks = entries.iter().filter_map(|e| row(e, &names)).collect();
        let rows = vec![used(found, viewer, false)];
        let listed = self
            .gate()
            .listed(viewer, "access", rows, EmergencyUse::about)
            .await?;
        let shown = listed.into_iter().next().ok_or(Error::NotFound)?;
        Ok((shown, looks))
    }

    /// Closes a use with words. Nobody checks their own.
    pub async fn review_emergency(
        &self,
        viewer: &Viewer,
        grant: Id<ids::Grant>,
        words: &str,
    ) -> Result<()> {
        if !viewer.can("access.review") {
            return Err(Error::NotFound);
        }
        let row: Vec<AccessGrant> = self.rows_of("id = $1", args![grant]).await?;
        let row = row.into_iter().next().ok_or(Error::NotFound)?;
        let overridden = row.kind == "override";
        if self.gate().is_barred(viewer, row.person_id).await? {
            // Who learns of an override and may not read its reason sees it, and
            // leaves it to those who look after restricted records.
            self.emergency_use(viewer, grant).await?;
            return Err(Error::Refused(NOT_ON_LIST.into()));
        }
        if row.kind != "break_glass" && !overridden {
            return Err(Error::NotFound);
        }
        if row.worker_id == viewer.principal.worker {
            return Err(Error::Refused(
                "You opened this record yourself, so somebody else must check it.".into(),
            ));
        }
        if words.trim().chars().count() < 10 {
            let message = "Write what you found: was it needed, and what happens now?";
            return Err(Error::finding("words", "What you found", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: AccessGrant = tx.get(grant).await?;
        let now = tx.now();
        row.reviewed_by = Some(viewer.principal.worker);
        row.reviewed_at = Some(now);
        row.review_note = Some(words.trim().to_owned());
        tx.because_of(words.trim());
        tx.update(&mut row).await?;
        let id = grant.to_string();
        clocks::stop(
            &mut tx,
            self.pack(),
            "break_glass.reviewed",
            now,
            "access_grant",
            &id,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The condition that the viewer is told of an override although they are not
/// on the record's list: by reference, without the reason, and never of somebody
/// whom they know privately.
fn told(viewer: &Viewer, values: &mut Vec<Value>) -> String {
    values.push(viewer.principal.worker.into());
    format!(
        "(g.kind = 'override' and not exists (select 1 from conflict known \
         where known.person_id = g.person_id and known.ended_at is null \
         and known.worker_id = ${}))",
        values.len()
    )
}

fn columns(named: bool) -> String {
    let grant: Vec<String> = AccessGrant::COLUMNS
        .iter()
        .map(|c| format!("g.{c}"))
        .collect();
    let person = if named {
        "p.given, p.known_as, p.family_name as surname"
    } else {
        "cast(null as text) as given, cast(null as text) as known_as, \
         cast(null as text) as surname"
    };
    format!(
        "{}, w.name as worker_name, r.name as reviewer, {person}",
        grant.join(", ")
    )
}

fn used(found: Found, viewer: &Viewer, named: bool) -> EmergencyUse {
    let grant = found.grant;
    let given = found.known_as.filter(|n| !n.is_empty()).or(found.given);
    let name = format!(
        "{} {}",
        given.unwrap_or_default(),
        found.surname.unwrap_or_default()
    );
    EmergencyUse {
        id: grant.id,
        reference: grant.person_id.as_str()[28..].to_uppercase(),
        person: named.then(|| (grant.person_id, name.trim().to_owned())),
        worker: found.worker_name,
        own: grant.worker_id == viewer.principal.worker,
        subject: grant.person_id,
        overridden: grant.kind == "override",
        for_its_list: found.barred,
        reason: match found.barred {
            true => NOT_ON_LIST.to_owned(),
            false => grant.reason,
        },
        at: grant.starts_at,
        until: grant.ends_at,
        reviewed: match (grant.reviewed_at, found.reviewer) {
            (Some(at), Some(by)) => Some(Reviewed {
                by,
                at,
                words: match found.barred {
                    true => String::new(),
                    false => grant.review_note.unwrap_or_default(),
                },
            }),
            _ => None,
        },
    }
}
