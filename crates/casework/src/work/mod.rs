//! "My work": what each role's home page is made of, as the pack's `roles.toml`
//! orders it, at most seven blocks (R001-42, R004-37). What is late stands first
//! and is seen without a click (UX01).
//!
//! A block of the pack that belongs to a part of the service which is not built
//! yet is left out: an empty promise is worse than nothing.

mod blocks;
mod care;
mod carers;
mod counts;
mod front_door;
mod mine;
mod plans;

pub use counts::{CountRow, few, few_in_all};

use chrono::{DateTime, Duration, Utc};
use record::{Asked, AssertSqlSafe, Listed, Row, Value, Viewer};

use crate::access_control::{EmergencyUse, UnusualRow};
use crate::due::{DueRow, Whose};
use crate::front_door::board::Waiting;
use crate::front_door::telling::ToTell;
use crate::{Casework, Result, time};

/// A line of a block. It always leads somewhere.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// The words of the link.
    pub text: String,
    /// Where the work is done.
    pub href: String,
    /// Whom it is about, after the link.
    pub about: String,
    /// A second line in smaller words: the rule, when they were last seen.
    pub note: String,
    /// A clock's state and words; empty when there is none.
    pub clock: Option<(&'static str, String)>,
}

/// A block of the home page.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// The pack's id, for the heading's id.
    pub id: String,
    /// The pack's title.
    pub title: String,
    /// How many there are, where counting helps.
    pub count: Option<i64>,
    /// The lines.
    pub lines: Vec<Line>,
    /// What stands there when there are none.
    pub empty: String,
    /// One link under the lines.
    pub more: Option<(String, String)>,
    /// It takes the whole width of the page.
    pub wide: bool,
}

/// The home page.
#[derive(Debug, Clone)]
pub struct Home {
    /// Emergency looks at children whom the viewer works with, not yet checked.
    pub notices: Listed<EmergencyUse>,
    /// Looks of the viewer's own staff that nothing explains.
    pub unusual: Listed<UnusualRow>,
    /// Contacts at immediate risk that nobody has decided yet (R003-07).
    pub danger: Listed<Waiting>,
    /// The blocks in the pack's order.
    pub blocks: Vec<Block>,
}

/// The most lines a block shows.
const MOST: i64 = 12;

impl Casework {
    /// The viewer's home page.
    pub async fn home(&self, viewer: &Viewer) -> Result<Home> {
        let role = self.pack().role(&viewer.principal.role, viewer.today);
        let wanted: Vec<String> = role.map(|r| r.home.clone()).unwrap_or_default();
        let tied = viewer.can("case.record") || viewer.can("case.allocate");
        let notices = if tied {
            self.emergency_notices(viewer).await?
        } else {
            Listed::default()
        };
        let manages = viewer.can("case.authorise") || !viewer.principal.teams_supervised.is_empty();
        let unusual = match manages {
            true => self.unusual_notices(viewer).await?,
            false => Listed::default(),
        };
        let danger = self.at_immediate_risk(viewer).await?;
        // One question serves both blocks of what is due.
        let has = |id: &str| wanted.iter().any(|w| w == id);
        let due = if has("due-today") || has("next-seven-days") {
            let until = time::end_of(viewer.today) + Duration::days(7);
            let shared = viewer.can("contact.screen") && !viewer.can("case.allocate");
            self.due(viewer, Whose::Mine(shared), until, 80, "home")
                .await?
        } else {
            Listed::default()
        };
        let hear = if has("referrers-to-tell") || has("cross-border") {
            self.waiting_for_us_and_them(viewer).await?
        } else {
            Listed::default()
        };
        let mut blocks = Vec::new();
        for id in &wanted {
            if let Some(mut block) = self.block(viewer, id, &due, &hear).await? {
                let named = self
                    .pack()
                    .roles(viewer.today)
                    .and_then(|roles| roles.blocks.iter().find(|b| b.id == *id));
                block.title = named.map_or_else(|| id.clone(), |b| b.title.clone());
                block.id = id.clone();
                blocks.push(block);
            }
        }
        Ok(Home {
            notices,
            unusual,
            danger,
            blocks,
        })
    }

    async fn block(
        &self,
        viewer: &Viewer,
        id: &str,
        due: &Listed<DueRow>,
        hear: &Listed<ToTell>,
    ) -> Result<Option<Block>> {
        let tonight = time::end_of(viewer.today);
        Ok(Some(match id {
            "due-today" => blocks::due_today(due, tonight),
            "next-seven-days" => blocks::next_days(due, tonight),
            "waiting-for-me" => self.waiting_block(viewer).await?,
            "drafts" => self.drafts_block(viewer).await?,
            "my-children" => self.children_block(viewer).await?,
            "early-help" => Block {
                more: Some(("Early help board".into(), "/early-help".into())),
                ..self.children_block(viewer).await?
            },
            "learning" => self.learning_block(viewer),
            "your-data" => self.data_block(viewer).await?,
            "front-door" => self.front_door_block(viewer).await?,
            "referrers-to-tell" => front_door::to_tell(hear),
            "cross-border" => front_door::passed(hear),
            "to-authorise" => self.authorise_block(viewer).await?,
            "unallocated" => self.unallocated_block(viewer).await?,
            "caseloads" => self.caseloads_block(viewer).await?,
            "team-clocks" if viewer.can("case.allocate") => self.team_clocks_block(viewer).await?,
            "break-glass" if viewer.can("access.review") => self.reviews_block(viewer).await?,
            "shield" if viewer.principal.keeps_shields() => self.shield_block(viewer).await?,
            "workers" if viewer.can("admin.workers") => self.workers_block(viewer).await?,
            "pack" => self.pack_block(viewer),
            "counts" if viewer.can("data.view_counts") => self.counts_block(viewer).await?,
            "meetings" => self.meetings_block(viewer).await?,
            "reviews-in-care" => self.reviews_in_care_block(viewer).await?,
            "plans-to-review" => self.reviews_due_block(viewer).await?,
            "my-actions" => self.actions_block(viewer).await?,
            "questions" => self.questions_block(viewer).await?,
            "send-contact" => blocks::send_contact(),
            "who-is-this" if viewer.can(crate::index::CAPABILITY) => blocks::who_is_this(),
            "service-pressure" => self.pressure_block(viewer).await?,
            // Nothing to send is no block: the page stays quiet.
            "messages" => return self.messages_block(viewer).await,
            "carers" if viewer.can("carers.record") => self.carers_block(viewer).await?,
            "sealed" if viewer.can("adoption.keep") => self.sealed_block(viewer).await?,
            "panels" => self.panels_block(viewer).await?,
            "to-decide" => self.to_decide_block(viewer).await?,
            _ => return Ok(None),
        }))
    }
}

impl Casework {
    /// Rows of one question for a block, kept to what the viewer may see, with
    /// the look at them on record. `person` is the column that holds the
    /// person; `sql` gets the condition to keep; `whose` says whom a row is
    /// about, as the journal writes it.
    async fn behind_gate<T: Row>(
        &self,
        viewer: &Viewer,
        (asked, person): (Asked<'_>, &'static str),
        mut values: Vec<Value>,
        sql: impl FnOnce(String) -> String,
        whose: impl Fn(&T) -> String,
    ) -> Result<Listed<T>> {
        let (open, more) = self.gate().may_see(viewer, asked, person, values.len() + 1);
        values.extend(more);
        let found: Vec<T> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql(open)), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, asked.page, found, |row| vec![whose(row)]);
        Ok(listed.await?)
    }
}

/// A clock as a line: what is due, about whom, and by which rule.
fn line(row: &DueRow) -> Line {
    let mut note = match row.clock.rule.is_empty() {
        true => String::new(),
        false => format!("Rule: {}", row.clock.rule),
    };
    if let Some(reason) = &row.clock.late_reason {
        note = format!("{note}. Reason given: {reason}");
    }
    Line {
        text: row.clock.title.clone(),
        href: row.clock.path.clone(),
        about: row.about.clone(),
        note,
        clock: Some((row.clock.state, row.clock.words.clone())),
    }
}

fn before(row: &DueRow, moment: DateTime<Utc>) -> bool {
    row.clock.due_at <= moment
}
