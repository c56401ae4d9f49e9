//! Blocks of those who work with carers: what runs out or was missed, the next
//! panels, and what waits for a decision after one.

use record::Viewer;
use vocabulary::plain;

use super::{Block, Line, MOST};
use crate::carers::board::Which;
use crate::{Casework, Result, time};

impl Casework {
    /// The viewer's households with something late or soon due.
    pub(super) async fn carers_block(&self, viewer: &Viewer) -> Result<Block> {
        let kind = match viewer.can("adoption.seal") {
            true => "adopt",
            false => "foster",
        };
        let here = match kind {
            "adopt" => "/adopters",
            _ => "/carers",
        };
        let board = self.carer_board(viewer, kind, Which::Due, 1).await?;
        let lines = board.rows.iter().take(MOST as usize).map(|row| {
            let first = row.due.first();
            Line {
                text: row.name.clone(),
                href: format!("/carers/{}", row.id),
                about: first.map(|(title, ..)| title.clone()).unwrap_or_default(),
                note: match row.due.len() {
                    0 | 1 => String::new(),
                    n => format!("and {} more", n - 1),
                },
                clock: first.map(|(_, state, words)| (*state, words.clone())),
            }
        });
        Ok(Block {
            count: Some(board.of),
            lines: lines.collect(),
            empty: "Nothing runs out within 90 days.".into(),
            more: Some(("All of them".into(), here.into())),
            wide: true,
            ..Block::default()
        })
    }

    /// Records of adopted children that the viewer keeps.
    pub(super) async fn sealed_block(&self, viewer: &Viewer) -> Result<Block> {
        let rows = self.sealed_records(viewer).await?;
        Ok(Block {
            count: Some(rows.len() as i64),
            empty: "No record is sealed yet.".into(),
            more: Some(("Sealed records".into(), "/sealed".into())),
            ..Block::default()
        })
    }

    /// The panels that are planned, and those whose decisions are open.
    pub(super) async fn panels_block(&self, viewer: &Viewer) -> Result<Block> {
        let panels = self.panels(viewer).await?;
        let open = panels
            .iter()
            .filter(|p| p.state == "planned" || p.waiting > 0);
        let lines = open.take(MOST as usize).map(|p| Line {
            text: plain::date_time(time::local(p.held_at)),
            href: format!("/panels/{}", p.id),
            about: match p.kind.as_str() {
                "adopt" => "adoption".into(),
                _ => "fostering and permanence".into(),
            },
            note: format!(
                "{} before it",
                plain::count(p.items, "household", "households")
            ),
            clock: None,
        });
        Ok(Block {
            lines: lines.collect(),
            empty: "No panel is planned.".into(),
            more: Some(("All panels".into(), "/panels".into())),
            ..Block::default()
        })
    }

    /// What waits for the viewer's decision after a panel.
    pub(super) async fn to_decide_block(&self, viewer: &Viewer) -> Result<Block> {
        let rows = self.to_decide(viewer).await?;
        let lines = rows.iter().take(MOST as usize).map(|row| Line {
            text: row.name.clone(),
            href: format!("/panel-items/{}", row.id),
            about: crate::people::network::lower_first(&row.kind),
            note: format!("The panel recommends: {}", row.recommendation),
            clock: row.due.clone(),
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "Nothing waits for a decision.".into(),
            wide: true,
            ..Block::default()
        })
    }
}
