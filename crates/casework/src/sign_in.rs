//! Signing in: who someone is, and what their role lets them do today.

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::sync::OnceLock;

use argon2::Argon2;
use chrono::NaiveDate;
use record::journal::{Deed, Event};
use record::model::Worker;
use record::sessions::Found;
use record::{AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result, time};

/// What a session's cookie says.
#[derive(Debug, Clone)]
pub enum Session {
    /// Someone is signed in.
    Open(Box<Viewer>),
    /// It was this worker's and has run out.
    RunOut(Id<ids::Worker>),
    /// Nobody is signed in.
    None,
}

/// Hashes a password with Argon2id at the library's recommended cost.
pub fn hash_password(password: &str) -> Result<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| {
            Error::Record(record::Error::Settings(format!(
                "the password could not be hashed: {e}"
            )))
        })
}

/// A hash that nobody's password fits, so that an unknown name takes as long
/// to refuse as a wrong password.
fn nobody() -> String {
    static NOBODY: OnceLock<String> = OnceLock::new();
    NOBODY
        .get_or_init(|| {
            hash_password(&record::sessions::new_token()).unwrap_or_else(|problem| {
                tracing::error!(%problem, "an unknown name will be refused faster than a wrong password");
                String::new()
            })
        })
        .clone()
}

impl Casework {
    /// Signs someone in. The answer is the session's token for the cookie, or
    /// nothing: an unknown name, a wrong password, someone who has left and
    /// someone who has not started all look the same.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<Option<String>> {
        let worker = self.worker_by_username(username.trim()).await?;
        let hash = worker
            .as_ref()
            .map_or_else(nobody, |w| w.password_hash.clone());
        let fits = fits(hash, password).await?;
        match worker {
            Some(worker) if fits && at_work(&worker, time::today()) => {
                Ok(Some(self.store().start_session(worker.id).await?))
            }
            _ => {
                self.store().sign_in_failed(username).await?;
                Ok(None)
            }
        }
    }

    /// Whether the password is the viewer's own: asked for again before a
    /// sensitive act, because a screen left open or a stolen cookie is not the
    /// worker (security: T5, T11). The answer is on record either way.
    pub async fn proves_again(&self, viewer: &Viewer, password: &str, act: &str) -> Result<bool> {
        let worker = self.worker(viewer.principal.worker).await?;
        let worker = worker.ok_or(Error::NotFound)?;
        let right = fits(worker.password_hash, password).await?;
        let deed = match right {
            true => Deed::ProvedAgain,
            false => Deed::NotProved,
        };
        let mut event = Event::new(deed, "worker", worker.id);
        event.plain = Some(serde_json::json!({ "before": act }));
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.note(event).await?;
        tx.commit().await?;
        Ok(right)
    }

    /// Who holds a session's token. Asked at every request, so that someone
    /// who leaves has no access from the next request on (S7).
    pub async fn session(&self, token: &str) -> Result<Session> {
        match self.store().find_session(token).await? {
            Found::None => Ok(Session::None),
            Found::RunOut { worker } => Ok(Session::RunOut(worker)),
            Found::Open {
                worker,
                manages,
                session,
                emergency,
            } => Ok(match self.as_viewer(*worker, manages, Some(session)) {
                Some(viewer) => Session::Open(Box::new(Viewer {
                    emergency,
                    ..viewer
                })),
                None => Session::None,
            }),
        }
    }

    /// A worker as a viewer, if they are at work today.
    pub async fn viewer(
        &self,
        worker: Id<ids::Worker>,
        session: Option<String>,
    ) -> Result<Option<Viewer>> {
        #[derive(sqlx::FromRow)]
        struct Managed {
            id: Id<ids::Team>,
        }
        let Some(worker) = self.worker(worker).await? else {
            return Ok(None);
        };
        let managed: Vec<Managed> = self
            .store()
            .read_db()
            .all(
                "select id from team where manager_id = $1",
                args![worker.id],
            )
            .await?;
        let manages = managed.into_iter().map(|team| team.id).collect();
        Ok(self.as_viewer(worker, manages, session))
    }

    fn as_viewer(
        &self,
        worker: Worker,
        manages: Vec<Id<ids::Team>>,
        session: Option<String>,
    ) -> Option<Viewer> {
        let today = time::today();
        if !at_work(&worker, today) {
            return None;
        }
        let Some(role) = self.pack().role(&worker.role, today) else {
            tracing::error!(
                role = worker.role,
                "a worker has a role that the pack does not know"
            );
            return None;
        };
        Some(Viewer {
            principal: access::Principal {
                worker: worker.id,
                role: worker.role.clone(),
                capabilities: role.capabilities.iter().cloned().collect(),
                team: worker.team_id,
                teams_supervised: manages,
                active: true,
            },
            session,
            name: worker.name,
            today,
            emergency: None,
        })
    }

    async fn worker_by_username(&self, username: &str) -> Result<Option<Worker>> {
        let sql = format!(
            "select {} from worker where username = $1",
            Worker::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![username.to_lowercase()])
            .await?)
    }
}

/// Whether a password is the one of a hash.
async fn fits(hash: String, password: &str) -> Result<bool> {
    let password = password.to_owned();
    // Hashing is meant to be slow: it must not hold up the other requests.
    tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .map_err(|e| Error::Record(record::Error::Settings(e.to_string())))
}

fn at_work(worker: &Worker, today: NaiveDate) -> bool {
    worker.active && worker.starts_on <= today && worker.ends_on.is_none_or(|end| end >= today)
}
