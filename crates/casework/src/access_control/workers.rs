//! Workers for whoever administers: adding one, leaving, a new password. Leaving
//! ends every session at once, and lists what must be given to somebody else.

use chrono::NaiveDate;
use packs::{Finding, Severity};
use record::model::Worker;
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use crate::sign_in::hash_password;
use crate::{Casework, Error, Result};

/// A worker in the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct WorkerRow {
    /// The worker.
    pub id: Id<ids::Worker>,
    /// Name.
    pub name: String,
    /// The name to sign in with.
    pub username: String,
    /// Post.
    pub job_title: String,
    /// Team, by name.
    pub team_name: Option<String>,
    /// May sign in.
    pub active: bool,
    /// Last day, once known.
    pub ends_on: Option<NaiveDate>,
}

/// One worker's page.
#[derive(Debug, Clone)]
pub struct WorkerView {
    /// The worker.
    pub worker: Worker,
    /// Their role in words.
    pub role: String,
    /// Team, by name.
    pub team: String,
    /// How many children they hold: a number, nobody's name.
    pub children: i64,
    /// How many texts they have not finished.
    pub drafts: i64,
    /// How many sessions are open.
    pub sessions: i64,
    /// "1 address, told on 3 March 2027"; empty if none is kept. Never which.
    pub homes: String,
}

/// A new worker as typed.
#[derive(Debug, Clone, Default)]
pub struct NewWorker {
    /// Name.
    pub name: String,
    /// The name to sign in with.
    pub username: String,
    /// Post.
    pub job_title: String,
    /// A role of the pack.
    pub role: String,
    /// A team's id.
    pub team: String,
    /// Work telephone.
    pub phone: String,
    /// Work email.
    pub email: String,
    /// Part of full time, in per cent.
    pub percent: String,
    /// In the first year after qualifying.
    pub newly_qualified: bool,
    /// The number under which Social Work England registers them, if it does.
    pub social_work_number: String,
    /// The form's token.
    pub once: String,
}

impl Casework {
    fn administers(&self, viewer: &Viewer) -> Result<()> {
        if viewer.can("admin.workers") {
            Ok(())
        } else {
            Err(Error::NotFound)
        }
    }

    /// Everybody, by name; `part` narrows it to names that hold it.
    pub async fn worker_list(&self, viewer: &Viewer, part: &str) -> Result<Vec<WorkerRow>> {
        self.administers(viewer)?;
        let like = format!("%{}%", part.trim().to_lowercase().replace(['%', '_'], " "));
        Ok(self
            .store()
            .read_db()
            .all(
                "select w.id, w.name, w.username, w.job_title, t.name as team_name, w.active, \
                 w.ends_on from worker w left join team t on t.id = w.team_id \
                 where lower(w.name) like $1 or w.username like $1 \
                 order by w.active desc, w.name, w.id limit 300",
                args![like],
            )
            .await?)
    }

    /// One worker for whoever administers: numbers of what they hold, no names.
    pub async fn worker_view(&self, viewer: &Viewer, id: Id<ids::Worker>) -> Result<WorkerView> {
        #[derive(sqlx::FromRow)]
        struct Counts {
            children: i64,
            drafts: i64,
            sessions: i64,
        }
        self.administers(viewer)?;
        let worker = self.worker(id).await?.ok_or(Error::NotFound)?;
        let (counted, more) = self.gate().may_count(viewer, "i.person_id", 3);
        let mut values = args![id, viewer.today];
        values.extend(more);
        let sql = format!(
            "select (select count(*) from involvement i where i.worker_id = $1 \
             and i.role = 'allocated' and (i.ended_on is null or i.ended_on > $2) \
             and {counted}) as children, \
             (select count(*) from draft where worker_id = $1) as drafts, \
             (select count(*) from session where worker_id = $1 and ended_at is null) as sessions"
        );
        let db = self.store().read_db();
        let counts: Counts = db.one(AssertSqlSafe(sql), values).await?;
        let role = self.pack().role(&worker.role, viewer.today);
        let team = match worker.team_id {
            Some(team) => self.team(team).await?,
            None => None,
        };
        Ok(WorkerView {
            role: role.map_or_else(|| worker.role.clone(), |r| r.title.clone()),
            team: team.map_or_else(String::new, |t| t.name),
            children: counts.children,
            drafts: counts.drafts,
            sessions: counts.sessions,
            homes: self.homes_kept(viewer, id).await?.unwrap_or_default(),
            worker,
        })
    }

    /// Adds a worker, who can sign in today with the password that is given
    /// back: it is shown once and kept nowhere.
    pub async fn add_worker(
        &self,
        viewer: &Viewer,
        new: &NewWorker,
    ) -> Result<(Id<ids::Worker>, String)> {
        self.administers(viewer)?;
        let username = new.username.trim().to_lowercase();
        let findings = self.problems(viewer, new, &username).await?;
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let password = new_password();
        let id = Id::new();
        let worker = Worker {
            id,
            username,
            name: new.name.trim().to_owned(),
            job_title: new.job_title.trim().to_owned(),
            role: new.role.clone(),
            team_id: new.team.parse().ok(),
            agency: "social_care".into(),
            phone: filled(&new.phone),
            email: filled(&new.email),
            fte_hundredths: percent(&new.percent).unwrap_or(100),
            newly_qualified: new.newly_qualified,
            supervisor_id: match new.team.parse().ok() {
                Some(team) => self.team(team).await?.and_then(|t| t.manager_id),
                None => None,
            },
            starts_on: viewer.today,
            ends_on: None,
            active: true,
            password_hash: hash_password(&password)?,
            social_work_number: registered(&new.social_work_number),
            version: 1,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = "/access/workers".to_owned();
        if let Once::Again { location } = tx.once(&new.once, &location).await? {
            return Err(Error::Already(location));
        }
        tx.insert(&worker).await?;
        tx.commit().await?;
        Ok((id, password))
    }

    async fn problems(
        &self,
        viewer: &Viewer,
        new: &NewWorker,
        username: &str,
    ) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        let mut stop = |field: &str, message: &str| {
            findings.push(Finding {
                field: field.into(),
                label: String::new(),
                message: message.into(),
                severity: Severity::Stop,
            });
        };
        if new.name.trim().is_empty() {
            stop("name", "Write the worker’s name");
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if username.len() < 3 || !username.chars().all(plain) {
            stop(
                "username",
                "A username has at least 3 letters, numbers, dots or hyphens",
            );
        }
        if new.job_title.trim().is_empty() {
            stop("job_title", "Write the worker’s post");
        }
        if self.pack().role(&new.role, viewer.today).is_none() {
            stop("role", "Choose what the worker does");
        }
        if !new.percent.trim().is_empty() && percent(&new.percent).is_none() {
            stop("percent", "Part of full time is a number from 1 to 100");
        }
        if registered(&new.social_work_number).is_some_and(|number| !is_number(&number)) {
            stop("social_work_number", NUMBER);
        }
        let team: Option<Id<ids::Team>> = new.team.parse().ok();
        let known = match team {
            Some(team) => self.team(team).await?.is_some(),
            None => false,
        };
        if !known {
            stop("team", "Choose the worker’s team");
        }
        let taken = format!(
            "select {} from worker where username = $1",
            Worker::COLUMNS.join(", ")
        );
        let other: Option<Worker> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(taken), args![username])
            .await?;
        if other.is_some() {
            stop(
                "username",
                "Somebody has this username already. Choose another",
            );
        }
        Ok(findings)
    }

    /// Somebody leaves. From this moment they can open nothing (T4); what they
    /// hold is listed for their manager to give to others.
    pub async fn worker_leaves(
        &self,
        viewer: &Viewer,
        id: Id<ids::Worker>,
        why: &str,
    ) -> Result<()> {
        self.administers(viewer)?;
        if id == viewer.principal.worker {
            return Err(Error::Refused(
                "You cannot end your own access. Ask another administrator.".into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if !why.trim().is_empty() {
            tx.because_of(why.trim());
        }
        let mut worker: Worker = tx.get(id).await?;
        worker.active = false;
        worker.ends_on = Some(viewer.today);
        tx.update(&mut worker).await?;
        tx.commit().await?;
        self.store().end_sessions_of(&viewer.actor(), id).await?;
        self.forget_homes(viewer, id).await
    }

    /// A new password for somebody, shown once. Their sessions end.
    pub async fn reset_password(&self, viewer: &Viewer, id: Id<ids::Worker>) -> Result<String> {
        self.administers(viewer)?;
        let password = new_password();
        let hash = hash_password(&password)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of("A new password was asked for");
        let mut worker: Worker = tx.get(id).await?;
        worker.password_hash = hash;
        tx.update(&mut worker).await?;
        tx.commit().await?;
        self.store().end_sessions_of(&viewer.actor(), id).await?;
        Ok(password)
    }

    /// Sets the number under which Social Work England registers a worker; an
    /// empty one takes it away.
    ///
    /// # Errors
    /// `NotFound` when the viewer does not administer workers; findings when it
    /// is no such number.
    pub async fn set_social_work_number(
        &self,
        viewer: &Viewer,
        id: Id<ids::Worker>,
        typed: &str,
    ) -> Result<()> {
        self.administers(viewer)?;
        let number = registered(typed);
        if number.as_deref().is_some_and(|number| !is_number(number)) {
            return Err(Error::finding("social_work_number", "Number", NUMBER));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut worker: Worker = tx.get(id).await?;
        worker.social_work_number = number;
        tx.update(&mut worker).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes the viewer's own password.
    pub async fn change_password(&self, viewer: &Viewer, old: &str, new: &str) -> Result<()> {
        if new.chars().count() < 12 {
            let message = "A password has at least 12 characters. Three words are easy to remember";
            return Err(Error::finding("new", "New password", message));
        }
        if !self.proves_again(viewer, old, "a new password").await? {
            return Err(Error::finding(
                "old",
                "Your password now",
                "This is not your password",
            ));
        }
        let hash = hash_password(new)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut worker: Worker = tx.get(viewer.principal.worker).await?;
        worker.password_hash = hash;
        tx.update(&mut worker).await?;
        tx.commit().await?;
        self.store()
            .end_sessions_of(&viewer.actor(), viewer.principal.worker)
            .await?;
        Ok(())
    }

    /// Whether the viewer may open a person's record, for a link that would
    /// otherwise be a trap.
    pub async fn opens(&self, viewer: &Viewer, person: Id<ids::Person>) -> Result<bool> {
        Ok(self
            .gate()
            .would_allow(viewer, person, Asked::to_read("link"))
            .await?)
    }
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// What is wrong with a number of registration.
const NUMBER: &str = "A Social Work England number is SW and digits, such as SW0012345";

/// A number of registration as it is kept: without spaces, in capitals.
fn registered(typed: &str) -> Option<String> {
    let kept: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    Some(kept.to_uppercase()).filter(|number| !number.is_empty())
}

/// Whether it has the form of one; a payload takes at most 12 characters.
fn is_number(number: &str) -> bool {
    let digits = number.strip_prefix("SW").unwrap_or_default();
    (1..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn percent(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%');
    text.parse().ok().filter(|n| (1..=100).contains(n))
}

/// Four groups that can be read out on the telephone: about 80 random bits,
/// without letters that look like one another.
fn new_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
    let chance: [u8; 16] = rand::random();
    let groups: Vec<String> = chance
        .chunks(4)
        .map(|chunk| {
            let letters = chunk.iter().map(|b| LETTERS[usize::from(b % 32)] as char);
            letters.collect()
        })
        .collect();
    groups.join("-")
}
