//! The block of an independent reviewing officer: the children whose reviews
//! they chair, the next review first.

use record::Viewer;

use super::{Block, Line, MOST};
use crate::care::board::Which;
use crate::{Casework, Result};

impl Casework {
    /// Children in care whose reviews the viewer chairs, the next first.
    pub(super) async fn reviews_in_care_block(&self, viewer: &Viewer) -> Result<Block> {
        let board = self.care_board(viewer, Which::Mine, 1).await?;
        let lines = board.rows.iter().take(MOST as usize).map(|row| Line {
            text: row.name.clone(),
            href: format!("/people/{}/care", row.id),
            about: row.since.clone(),
            note: match row.permanence.as_str() {
                "Not decided yet" => "No plan for a permanent home".into(),
                plan => plan.to_owned(),
            },
            clock: row.review.clone(),
        });
        Ok(Block {
            count: Some(board.of),
            lines: lines.collect(),
            empty: "You chair no child’s reviews yet.".into(),
            more: Some((
                "All whose reviews I chair".into(),
                "/in-care?show=mine".into(),
            )),
            ..Block::default()
        })
    }
}
