//! Blocks about clocks and about the team, and those that need no question.

use chrono::{DateTime, Datelike, Utc};
use record::{AssertSqlSafe, Listed, Viewer, args};
use vocabulary::plain;

use super::{Block, Line, MOST, before, line};
use crate::allocation::points_words;
use crate::due::{DueRow, Whose};
use crate::{Casework, Result, time};

/// What is late, then what is due today.
pub(super) fn due_today(due: &Listed<DueRow>, tonight: DateTime<Utc>) -> Block {
    let rows: Vec<&DueRow> = due.iter().filter(|row| before(row, tonight)).collect();
    Block {
        count: Some(rows.len() as i64),
        lines: rows.into_iter().map(line).collect(),
        empty: "Nothing is late and nothing is due today.".into(),
        wide: true,
        ..Block::default()
    }
}

/// What is due in the seven days after today.
pub(super) fn next_days(due: &Listed<DueRow>, tonight: DateTime<Utc>) -> Block {
    let rows: Vec<&DueRow> = due.iter().filter(|row| !before(row, tonight)).collect();
    Block {
        count: Some(rows.len() as i64),
        lines: rows.into_iter().take(MOST as usize).map(line).collect(),
        empty: "Nothing is due in the next 7 days.".into(),
        ..Block::default()
    }
}

/// The ways in for partners.
pub(super) fn send_contact() -> Block {
    let way = |text: &str, href: &str, note: &str| Line {
        text: text.into(),
        href: href.into(),
        note: note.into(),
        ..Line::default()
    };
    Block {
        lines: vec![
            way(
                "Tell us as the police",
                "/tell-us/police",
                "A report about a child, with its risk level",
            ),
            way(
                "Tell us as a school or health service",
                "/tell-us/school",
                "For leads for safeguarding and their deputies",
            ),
            way(
                "Start early help for a child",
                "/tell-us/early-help",
                "With the family’s consent, in about three minutes",
            ),
        ],
        ..Block::default()
    }
}

/// The way to the child index.
pub(super) fn who_is_this() -> Block {
    Block {
        lines: vec![Line {
            text: "Confirm who a child is".into(),
            href: "/index".into(),
            note: "And who works with them, with their telephone. You are asked why".into(),
            ..Line::default()
        }],
        ..Block::default()
    }
}

impl Casework {
    pub(super) async fn team_clocks_block(&self, viewer: &Viewer) -> Result<Block> {
        let teams = &viewer.principal.teams_supervised;
        let until = time::end_of(viewer.today);
        let rows = self
            .due(viewer, Whose::Teams(teams), until, MOST, "home")
            .await?;
        let lines = rows.iter().map(|row| {
            let mut line = line(row);
            if let Some(worker) = &row.worker {
                line.about = format!("{}, {worker}", line.about);
            }
            line
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "Nothing is late in the team.".into(),
            more: Some(("All that is late in my team".into(), "/team#late".into())),
            wide: true,
            ..Block::default()
        })
    }

    pub(super) async fn unallocated_block(&self, viewer: &Viewer) -> Result<Block> {
        let teams = &viewer.principal.teams_supervised;
        let rows = self.unallocated(viewer, teams, "home").await?;
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: rows
                .iter()
                .take(MOST as usize)
                .map(|row| Line {
                    text: format!("Allocate {}", row.name),
                    href: format!("/allocate/{}", row.family),
                    about: row.children.clone(),
                    note: row.why.clone(),
                    ..Line::default()
                })
                .collect(),
            empty: "Every family of the team has a worker.".into(),
            more: Some(("See the team".into(), "/team".into())),
            ..Block::default()
        })
    }

    pub(super) async fn caseloads_block(&self, viewer: &Viewer) -> Result<Block> {
        let teams = &viewer.principal.teams_supervised;
        if teams.is_empty() {
            // The head of service sees each team under "Where the pressure is".
            return Ok(Block {
                empty: "Open a team to see what each worker holds.".into(),
                more: Some(("See all teams".into(), "/team".into())),
                ..Block::default()
            });
        }
        let loads = self.caseloads(viewer, teams).await?;
        let lines = loads
            .iter()
            .filter(|load| load.counts(self.holds_cases(&load.worker.role, viewer.today)))
            .map(|load| Line {
                text: load.worker.name.clone(),
                href: format!("/team#w{}", load.worker.id),
                about: format!(
                    "{}, {} points",
                    plain::count(load.children(), "child", "children"),
                    points_words(load.points)
                ),
                clock: load.over().map(|over| ("due-soon", over)),
                ..Line::default()
            });
        Ok(Block {
            lines: lines.take(MOST as usize).collect(),
            empty: match viewer.can("case.oversee") {
                true => "Open a team to see what each worker holds.".into(),
                false => "Nobody in the team holds children.".into(),
            },
            more: Some(("See who holds what".into(), "/team".into())),
            ..Block::default()
        })
    }

    /// Teams under pressure, from numbers alone.
    pub(super) async fn pressure_block(&self, viewer: &Viewer) -> Result<Block> {
        let rows = self.team_pressure(viewer).await?;
        Ok(Block {
            lines: rows
                .iter()
                .map(|row| Line {
                    text: row.name.clone(),
                    href: format!("/team/{}", row.id),
                    about: row.words(),
                    clock: row.late_words().map(|words| ("late", words)),
                    ..Line::default()
                })
                .collect(),
            empty: "There are no locality teams.".into(),
            more: Some(("See all teams".into(), "/team".into())),
            wide: true,
            ..Block::default()
        })
    }

    pub(super) async fn reviews_block(&self, viewer: &Viewer) -> Result<Block> {
        let uses = self.emergency_uses(viewer, "home").await?;
        let open: Vec<Line> = uses
            .iter()
            .filter(|one| one.reviewed.is_none() && !one.own)
            .take(MOST as usize)
            .map(|one| Line {
                text: format!("Check the look at record {}", one.reference),
                href: format!("/access/{}", one.id),
                about: one.worker.clone(),
                note: format!("{}: {}", plain::date_time(time::local(one.at)), one.reason),
                ..Line::default()
            })
            .collect();
        Ok(Block {
            count: Some(open.len() as i64),
            lines: open,
            empty: "No emergency look waits to be checked.".into(),
            more: Some(("All access reviews".into(), "/access".into())),
            wide: true,
            ..Block::default()
        })
    }

    pub(super) async fn shield_block(&self, viewer: &Viewer) -> Result<Block> {
        let pairs = self.shielded_pairs(viewer, "home").await?;
        let lines = pairs.iter().take(MOST as usize).map(|pair| Line {
            text: format!("{} and {}", pair.sides[0].name, pair.sides[1].name),
            href: "/access/shield".into(),
            about: format!("{} in 100", pair.score),
            note: plain::date_time(time::local(pair.raised_at)),
            ..Line::default()
        });
        Ok(Block {
            count: Some(pairs.len() as i64),
            lines: lines.collect(),
            empty: "No pair of records waits for an answer.".into(),
            more: Some(("See the pairs".into(), "/access/shield".into())),
            wide: true,
            ..Block::default()
        })
    }

    pub(super) async fn workers_block(&self, viewer: &Viewer) -> Result<Block> {
        #[derive(sqlx::FromRow)]
        struct Counts {
            here: i64,
            left_with_work: i64,
        }
        let (counted, more) = self.gate().may_count(viewer, "i.person_id", 3);
        let mut values = args![true, viewer.today];
        values.extend(more);
        let sql = format!(
            "select (select count(*) from worker where active = $1) as here, \
             (select count(distinct w.id) from worker w join involvement i on i.worker_id = w.id \
             where w.active <> $1 and i.role = 'allocated' \
             and (i.ended_on is null or i.ended_on > $2) and {counted}) as left_with_work"
        );
        let db = self.store().read_db();
        let counts: Counts = db.one(AssertSqlSafe(sql), values).await?;
        let way = |text: &str, href: &str, note: String| Line {
            text: text.into(),
            href: href.into(),
            note,
            ..Line::default()
        };
        Ok(Block {
            lines: vec![
                way(
                    "Look after workers",
                    "/access/workers",
                    format!(
                        "{} can sign in",
                        plain::count(counts.here, "worker", "workers")
                    ),
                ),
                way(
                    "Add a worker",
                    "/access/workers/new",
                    match counts.left_with_work {
                        0 => String::new(),
                        n => format!(
                            "{} left and still hold children: their managers see whom to allocate",
                            plain::count(n, "worker has", "workers have")
                        ),
                    },
                ),
            ],
            ..Block::default()
        })
    }

    pub(super) fn pack_block(&self, viewer: &Viewer) -> Block {
        let warnings = self.pack().warnings().len() as i64;
        let note = match warnings {
            0 => "No warnings".to_owned(),
            n => plain::count(n, "warning", "warnings"),
        };
        Block {
            lines: vec![Line {
                text: self.pack().title().to_owned(),
                href: "/help/practice".into(),
                about: plain::count(
                    self.pack().clocks(viewer.today).count() as i64,
                    "clock",
                    "clocks",
                ),
                note,
                ..Line::default()
            }],
            ..Block::default()
        }
    }

    /// One thing to learn, another each week.
    pub(super) fn learning_block(&self, viewer: &Viewer) -> Block {
        let codes = self.pack().codes("learning", viewer.today);
        let items: Vec<&packs::Code> =
            codes.map_or_else(Vec::new, |c| c.on(viewer.today).collect());
        let week = viewer.today.iso_week().week() as usize;
        let item = items.get(week % items.len().max(1));
        Block {
            lines: item
                .map(|item| Line {
                    text: item.label.clone(),
                    href: "/help/learning".into(),
                    note: item.hint.clone(),
                    ..Line::default()
                })
                .into_iter()
                .collect(),
            empty: "There is nothing here this week.".into(),
            ..Block::default()
        }
    }
}
