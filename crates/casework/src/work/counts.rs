//! Numbers without names: for the analyst, the councillor and the head of
//! service. A number from 1 to 4 is not shown as it is, because a small number
//! in a small place can name a child.

use std::collections::BTreeMap;

use record::{Asked, AssertSqlSafe, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{Block, Line};
use crate::header::status_words;
use crate::{Casework, Error, Result};

/// One number.
#[derive(Debug, Clone)]
pub struct CountRow {
    /// The team, by name.
    pub team: String,
    /// What the work is.
    pub status: String,
    /// How many children.
    pub children: i64,
}

/// "12", "fewer than 5", "0".
pub fn few(n: i64) -> String {
    match n {
        1..=4 => "fewer than 5".into(),
        n => plain::number(n),
    }
}

/// A sum of numbers that are shown beside it with [`few`]: to the nearest 5
/// when one of them is hidden, or the sum less the others would tell it.
pub fn few_in_all(parts: &[i64]) -> String {
    let sum: i64 = parts.iter().sum();
    let hidden = parts.len() > 1 && parts.iter().any(|n| (1..=4).contains(n));
    match sum {
        5.. if hidden => format!("about {}", plain::number((sum + 2) / 5 * 5)),
        sum => few(sum),
    }
}

/// A team's pressure in numbers, as far as the viewer may see the children:
/// a restricted record is in no number of somebody who is not on its list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Pressure {
    /// The team.
    pub id: Id<ids::Team>,
    /// Its name.
    pub name: String,
    /// Children with a worker.
    children: i64,
    /// Full-time workers who hold children, in hundredths.
    fte: i64,
    /// Referrals without a worker.
    waiting: i64,
    /// Clocks that are late.
    pub late: i64,
}

impl Pressure {
    /// "60 children, 10.0 for each full-time worker, fewer than 5 not
    /// allocated". A mean of few children would tell how many they are.
    pub fn words(&self) -> String {
        let mut words = vec![format!("{} children", few(self.children))];
        if self.fte > 0 && self.children >= 5 {
            let mean = self.children as f64 * 100.0 / self.fte as f64;
            words.push(format!("{mean:.1} for each full-time worker"));
        }
        if self.waiting > 0 {
            words.push(format!("{} not allocated yet", few(self.waiting)));
        }
        words.join(", ")
    }

    /// "12 late", "fewer than 5 late", if anything is.
    pub fn late_words(&self) -> Option<String> {
        (self.late > 0).then(|| format!("{} late", few(self.late)))
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    team: Option<String>,
    status: Option<String>,
    n: i64,
}

impl Casework {
    /// Children by team and by what their work is: numbers, nobody's name. A
    /// record that is closed to the viewer is in none of them.
    pub async fn counts(&self, viewer: &Viewer) -> Result<Vec<CountRow>> {
        if !viewer.can("data.view_counts") {
            return Err(Error::NotFound);
        }
        let (counted, more) = self.gate().may_count(viewer, "p.id", 2);
        let mut values = args![viewer.today];
        values.extend(more);
        let sql = format!(
            "select t.name as team, p.status, count(distinct p.id) as n from involvement i \
             join person p on p.id = i.person_id left join team t on t.id = i.team_id \
             where i.role = 'allocated' and (i.ended_on is null or i.ended_on > $1) \
             and {counted} group by t.name, p.status order by t.name, p.status"
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(found
            .into_iter()
            .map(|f| CountRow {
                team: f.team.unwrap_or_else(|| "No team".into()),
                status: f
                    .status
                    .map_or_else(|| "Not yet decided".into(), |s| status_words(&s)),
                children: f.n,
            })
            .collect())
    }

    pub(super) async fn counts_block(&self, viewer: &Viewer) -> Result<Block> {
        let rows = self.counts(viewer).await?;
        let mut by_status: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in rows {
            by_status.entry(row.status).or_default().push(row.children);
        }
        let mut by_status: Vec<(String, Vec<i64>)> = by_status.into_iter().collect();
        by_status.sort_by_key(|(_, teams)| -teams.iter().sum::<i64>());
        Ok(Block {
            lines: by_status
                .into_iter()
                .map(|(status, teams)| Line {
                    text: status,
                    href: "/counts".into(),
                    about: format!("{} children", few_in_all(&teams)),
                    ..Line::default()
                })
                .collect(),
            empty: "No child has a worker yet.".into(),
            more: Some(("All counts, and a file of them".into(), "/counts".into())),
            wide: true,
            ..Block::default()
        })
    }

    /// Each locality team's numbers, for whoever oversees the service.
    pub(super) async fn team_pressure(&self, viewer: &Viewer) -> Result<Vec<Pressure>> {
        if !viewer.can("case.oversee") {
            return Err(Error::NotFound);
        }
        let mut values = args![viewer.today, true, chrono::Utc::now()];
        let summary = Asked {
            section: access::Section::Summary,
            ..Asked::to_read("home")
        };
        let mut open = |column| {
            let next = values.len() + 1;
            let (sql, more) = self.gate().may_see(viewer, summary, column, next);
            values.extend(more);
            sql
        };
        let (allocated, referred) = (open("i.person_id"), open("x.person_id"));
        let visible = self.visible(viewer, "home", &mut values);
        let sql = format!(
            "select t.id, t.name, \
             (select count(distinct i.person_id) from involvement i where i.team_id = t.id \
              and i.role = 'allocated' and (i.ended_on is null or i.ended_on > $1) \
              and {allocated}) as children, \
             cast(coalesce((select sum(w.fte_hundredths) from worker w where w.team_id = t.id \
              and w.active = $2 and exists (select 1 from involvement h where h.worker_id = w.id \
              and h.role = 'allocated' and (h.ended_on is null or h.ended_on > $1))), 0) as bigint) as fte, \
             (select count(*) from step s where s.team_id = t.id and s.kind = 'referral' \
              and s.state = 'open' and s.worker_id is null and exists (select 1 from step_subject x \
              where x.step_id = s.id and {referred})) as waiting, \
             (select count(*) from clock c where c.team_id = t.id and c.done_at is null \
              and c.due_at < $3 and {visible}) as late \
             from team t where t.kind = 'locality' order by late desc, t.name"
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), values).await?)
    }
}
