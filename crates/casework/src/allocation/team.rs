//! A team as its manager sees it: who holds what, what it weighs, what waits,
//! what is late, and how long families keep their worker.

use chrono::{DateTime, Utc};
use record::model::Team;
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids};

use super::caseload::{Caseload, mix};
use super::unallocated::Waiting;
use crate::due::{DueRow, Whose};
use crate::{Casework, Error, Result};

/// One worker of the team.
#[derive(Debug, Clone)]
pub struct TeamRow {
    /// Their caseload.
    pub load: Caseload,
    /// Whether they count in the mean.
    pub counts: bool,
}

/// A draft of somebody in the team: never its words.
#[derive(Debug, Clone)]
pub struct TeamDraft {
    /// Whose.
    pub worker: String,
    /// What is being written; names nobody.
    pub title: String,
    /// When it was begun.
    pub started_at: DateTime<Utc>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct TeamPage {
    /// The team.
    pub team: Team,
    /// Its workers.
    pub rows: Vec<TeamRow>,
    /// Children held by the team.
    pub children: i64,
    /// Full-time workers who hold children, in hundredths.
    pub fte_hundredths: i64,
    /// Children for each full-time worker, to one decimal; nothing if there is
    /// no such worker (R000-20).
    pub mean: Option<String>,
    /// All children by what their work is (R003-28).
    pub mix: Vec<(String, i64)>,
    /// What waits for a worker.
    pub waiting: Listed<Waiting>,
    /// What is late.
    pub late: Listed<DueRow>,
    /// Unfinished writing, the oldest first.
    pub drafts: Vec<TeamDraft>,
    /// Children with three or more workers in the last 12 months (R000-22).
    pub three_workers: i64,
    /// Children with the same worker for 12 months or more.
    pub same_worker_year: i64,
}

impl TeamPage {
    /// "6.0": full-time workers to one decimal.
    pub fn fte(&self) -> String {
        format!("{:.1}", self.fte_hundredths as f64 / 100.0)
    }
}

impl Casework {
    /// A team's page: for its manager, and for whoever oversees the service.
    pub async fn team_page(&self, viewer: &Viewer, team: Id<ids::Team>) -> Result<TeamPage> {
        let mine = viewer.principal.teams_supervised.contains(&team);
        if !(viewer.can("case.allocate") && (mine || viewer.can("case.oversee"))) {
            return Err(Error::NotFound);
        }
        let team = self.team(team).await?.ok_or(Error::NotFound)?;
        let loads = self.caseloads(viewer, &[team.id]).await?;
        let shown = self
            .gate()
            .listed(viewer, "team", loads, |load| {
                let children = load.held.iter();
                children
                    .map(|held| format!("person:{}", held.person_id))
                    .collect()
            })
            .await?;
        let rows: Vec<TeamRow> = shown
            .into_iter()
            .map(|load| TeamRow {
                counts: load.counts(self.holds_cases(&load.worker.role, viewer.today)),
                load,
            })
            .collect();
        let children: i64 = rows.iter().map(|r| r.load.children()).sum();
        let counted = rows.iter().filter(|r| r.counts);
        let fte_hundredths: i64 = counted.map(|r| r.load.worker.fte_hundredths).sum();
        let year_ago = viewer.today - chrono::Days::new(365);
        let held = || rows.iter().flat_map(|r| r.load.held.iter());
        let same_worker_year = held().filter(|h| h.started_on <= year_ago).count() as i64;
        let names: Vec<(Id<ids::Worker>, String)> = rows
            .iter()
            .map(|r| (r.load.worker.id, r.load.worker.name.clone()))
            .collect();
        let drafts = self.store().draft_ages(team.id).await?;
        Ok(TeamPage {
            mean: (fte_hundredths > 0)
                .then(|| format!("{:.1}", children as f64 * 100.0 / fte_hundredths as f64)),
            children,
            fte_hundredths,
            mix: mix(held()),
            waiting: self.unallocated(viewer, &[team.id], "team").await?,
            late: self
                .due(viewer, Whose::Teams(&[team.id]), Utc::now(), 40, "team")
                .await?,
            drafts: drafts
                .into_iter()
                .map(|draft| TeamDraft {
                    worker: names
                        .iter()
                        .find(|(id, _)| *id == draft.worker_id)
                        .map_or_else(|| "Somebody who has left".into(), |(_, n)| n.clone()),
                    title: draft.title,
                    started_at: draft.started_at,
                    saved_at: draft.saved_at,
                })
                .collect(),
            three_workers: self.many_workers(viewer, team.id).await?,
            same_worker_year,
            rows,
            team,
        })
    }

    /// How many of a team's children had three or more workers in a year.
    async fn many_workers(&self, viewer: &Viewer, team: Id<ids::Team>) -> Result<i64> {
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read("team")
        };
        let mut values = args![team, viewer.today, viewer.today - chrono::Days::new(365)];
        let (open, more) = self.gate().may_see(viewer, asked, "i.person_id", 4);
        values.extend(more);
        let sql = format!(
            "select count(*) as n from (select before.person_id from involvement i \
             join involvement before on before.person_id = i.person_id \
             and before.role = 'allocated' and before.worker_id is not null \
             and (before.ended_on is null or before.ended_on > $3) \
             where i.role = 'allocated' and i.team_id = $1 \
             and (i.ended_on is null or i.ended_on > $2) and {open} \
             group by before.person_id having count(distinct before.worker_id) >= 3) many"
        );
        let count: Count = self
            .store()
            .read_db()
            .one(AssertSqlSafe(sql), values)
            .await?;
        Ok(count.n)
    }
}
