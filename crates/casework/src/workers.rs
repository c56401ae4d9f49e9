//! Teams and workers: who is who. Not personal data of families, so no look is
//! recorded; what a worker holds is for the allocation area.

use record::model::{Team, Worker};
use record::{AssertSqlSafe, Entity, args};
use vocabulary::{Id, Postcode, ids};

use crate::{Casework, Result, time};

impl Casework {
    /// One worker.
    pub async fn worker(&self, id: Id<ids::Worker>) -> Result<Option<Worker>> {
        let sql = format!(
            "select {} from worker where id = $1",
            Worker::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?)
    }

    /// The name of a worker for a page; "Someone who has left" cannot happen,
    /// because workers are never deleted.
    pub async fn worker_name(&self, id: Id<ids::Worker>) -> Result<String> {
        Ok(self
            .worker(id)
            .await?
            .map_or_else(|| "Not known".to_owned(), |w| w.name))
    }

    /// All teams, by name.
    pub async fn teams(&self) -> Result<Vec<Team>> {
        let sql = format!(
            "select {} from team order by name",
            Team::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), vec![])
            .await?)
    }

    /// One team.
    pub async fn team(&self, id: Id<ids::Team>) -> Result<Option<Team>> {
        let sql = format!(
            "select {} from team where id = $1",
            Team::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?)
    }

    /// Those of a team who are at work today, by name.
    pub async fn workers_of(&self, team: Id<ids::Team>) -> Result<Vec<Worker>> {
        let columns = Worker::COLUMNS.join(", ");
        let sql = format!(
            "select {columns} from worker where team_id = $1 and active = $2 \
             and starts_on <= $3 and (ends_on is null or ends_on >= $3) order by name"
        );
        let values = args![team, true, time::today()];
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    /// The locality team whose cover holds a postcode (R000-21): by sector
    /// first ("LK1 4"), then by outcode ("LK1").
    pub async fn team_for_postcode(&self, postcode: &Postcode) -> Result<Option<Team>> {
        let (sector, outcode) = (
            postcode.sector().to_string(),
            postcode.outcode().to_string(),
        );
        let covers = |team: &Team, place: &str| {
            team.cover
                .as_array()
                .is_some_and(|list| list.iter().any(|c| c.as_str() == Some(place)))
        };
        let teams: Vec<Team> = self
            .teams()
            .await?
            .into_iter()
            .filter(|t| t.kind == "locality")
            .collect();
        let by_sector = teams.iter().find(|t| covers(t, &sector));
        Ok(by_sector
            .or_else(|| teams.iter().find(|t| covers(t, &outcode)))
            .cloned())
    }
}
