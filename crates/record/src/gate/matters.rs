//! Asking for an allegation, a complaint or a serious incident: open only to
//! those whose post deals with that kind, and never to the worker whom it is
//! about, nor to who has a personal connection with the child.

use std::collections::BTreeSet;

use access::{Facts, Level};
use vocabulary::{Id, ids};

use super::{Asked, Gate, Guarded, Viewer};
use crate::db::{AssertSqlSafe, Value};
use crate::entity::Entity;
use crate::model::Matter;
use crate::{Result, args};

/// A matter with what may stand between it and the viewer.
#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    matter: Matter,
    knows: bool,
}

/// The viewer, `$1` of the statement, declared a connection with the child.
const KNOWS: &str = "exists (select 1 from conflict k where k.worker_id = $1 \
     and k.person_id = m.person_id and k.ended_at is null)";

impl Gate {
    /// One matter of a kind. `None` if there is no such matter or the viewer
    /// may not see it: nobody can tell which.
    pub async fn matter(
        &self,
        viewer: &Viewer,
        id: Id<ids::Matter>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Matter>>> {
        let sql = format!(
            "select {}, {KNOWS} as knows from matter m where m.id = $2",
            columns()
        );
        let found: Option<Found> = self
            .store
            .read_db()
            .maybe(AssertSqlSafe(sql), args![viewer.principal.worker, id])
            .await?;
        let Some(Found { matter, knows }) = found else {
            return Ok(None);
        };
        let (who, kind) = (&viewer.principal, matter.kind.as_str());
        let subjects = vec![format!("matter:{id}")];
        match self
            .policy
            .decide_matter(who, kind, matter.about_worker_id, knows)
        {
            Err(because) => {
                self.refused(viewer, asked, "matter", id.as_str(), because, subjects)
                    .await?;
                Ok(None)
            }
            Ok(because) => {
                self.looked(viewer, asked, "matter", id.as_str(), because, subjects)
                    .await?;
                Ok(Some(Guarded {
                    because: because.to_owned(),
                    value: matter,
                    level: Level::Full,
                    facts: Facts::default(),
                }))
            }
        }
    }

    /// Those matters of a kind that the viewer may see, as the condition on a
    /// table `m` allows them; `None` when the post deals with none. `$1` is the
    /// viewer, and the next free place is `$2`.
    pub fn may_see_matters(&self, viewer: &Viewer, kind: &str) -> Option<(String, Vec<Value>)> {
        self.policy
            .decide_matter(&viewer.principal, kind, None, false)
            .ok()?;
        let sql = format!("(m.about_worker_id is null or m.about_worker_id <> $1) and not {KNOWS}");
        Some((sql, args![viewer.principal.worker]))
    }

    /// The capabilities that deal with a kind of matter.
    pub fn deals_with_matters(&self, kind: &str) -> BTreeSet<String> {
        let rules = self.policy.matters.iter().filter(|rule| rule.kind == kind);
        rules.flat_map(|rule| rule.needs.iter().cloned()).collect()
    }
}

fn columns() -> String {
    let columns: Vec<String> = Matter::COLUMNS.iter().map(|c| format!("m.{c}")).collect();
    columns.join(", ")
}
