//! The front door on a home page: how many contacts wait and how long the
//! oldest, who waits to hear from us, and whom we wait to hear from.

use chrono::{DateTime, Utc};
use record::{Asked, AssertSqlSafe, Viewer};
use vocabulary::plain;

use super::{Block, Line};
use crate::front_door::telling::ToTell;
use crate::{Casework, Result, time};

#[derive(sqlx::FromRow)]
struct Found {
    priority: i64,
    n: i64,
    oldest: Option<DateTime<Utc>>,
}

/// Referrers who have not been told what was decided (R001-11).
pub(super) fn to_tell(rows: &[ToTell]) -> Block {
    Block {
        empty: "Everyone who told us has heard what we decided.".into(),
        ..hearing(rows, false, "/tell", |row| row.outcome.clone())
    }
}

/// Contacts that another council has not yet said that it has (R000-09).
pub(super) fn passed(rows: &[ToTell]) -> Block {
    Block {
        empty: "Every other council has said that it has what we passed on.".into(),
        ..hearing(rows, true, "#other-council", |row| {
            format!("{}, has not answered", row.reference)
        })
    }
}

fn hearing(rows: &[ToTell], passed: bool, page: &str, note: impl Fn(&ToTell) -> String) -> Block {
    let line = |row: &ToTell| Line {
        text: row.who.clone(),
        href: format!("/contacts/{}{page}", row.contact),
        note: note(row),
        clock: Some((row.clock.state, row.clock.words.clone())),
        ..Line::default()
    };
    let lines: Vec<Line> = rows
        .iter()
        .filter(|row| row.passed == passed)
        .map(line)
        .collect();
    Block {
        count: Some(lines.len() as i64),
        lines,
        ..Block::default()
    }
}

impl Casework {
    pub(super) async fn front_door_block(&self, viewer: &Viewer) -> Result<Block> {
        let (open, values) = self
            .gate()
            .may_see(viewer, Asked::index("home"), "cc.person_id", 1);
        let sql = format!(
            "select c.priority, count(*) as n, min(c.received_at) as oldest from contact c \
             where c.state in ('new', 'screening') and not exists (select 1 from contact_child cc \
             where cc.contact_id = c.id and cc.person_id is not null and not {open}) \
             group by c.priority order by c.priority"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let total = found.iter().map(|f| f.n).sum();
        let lines = found.into_iter().map(|f| {
            let (text, state) = match f.priority {
                1 => ("Immediate risk", "late"),
                2 => ("Today", "due-today"),
                _ => ("Usual", "on-time"),
            };
            Line {
                text: text.into(),
                href: "/front-door".into(),
                about: plain::count(f.n, "contact", "contacts"),
                clock: f.oldest.map(|at| {
                    let at = time::local(at);
                    (state, format!("oldest from {}", plain::date_time(at)))
                }),
                ..Line::default()
            }
        });
        Ok(Block {
            count: Some(total),
            lines: lines.collect(),
            empty: "No contact waits.".into(),
            more: Some(("Open the front door board".into(), "/front-door".into())),
            wide: true,
            ..Block::default()
        })
    }
}
