//! Blocks about meetings, plans to review, and a partner's own actions.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{Block, Line, MOST};
use crate::due::family_words;
use crate::{Casework, Result, time};

#[derive(sqlx::FromRow)]
struct MeetingRow {
    id: String,
    kind: String,
    held_at: DateTime<Utc>,
    place: Option<String>,
    family_id: Id<ids::Family>,
    family_name: String,
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    id: String,
    kind: String,
    started_on: NaiveDate,
    due_at: Option<DateTime<Utc>>,
    family_id: Id<ids::Family>,
    family_name: String,
}

#[derive(sqlx::FromRow)]
struct ActionRow {
    id: String,
    what: String,
    due_on: NaiveDate,
    family_id: Id<ids::Family>,
}

impl Casework {
    /// Meetings to which the viewer is invited, in the next two weeks.
    pub(super) async fn meetings_block(&self, viewer: &Viewer) -> Result<Block> {
        let now = Utc::now();
        let values = args![
            viewer.principal.worker,
            now - Duration::hours(3),
            now + Duration::days(14)
        ];
        let sql = |open: String| {
            format!(
                "select m.id, m.kind, m.held_at, m.place, m.family_id, f.name as family_name \
             from meeting m join family f on f.id = m.family_id \
             where m.state = 'planned' and m.held_at between $2 and $3 \
             and exists (select 1 from meeting_person i where i.meeting_id = m.id and i.worker_id = $1) \
             and exists (select 1 from family_member fm where fm.family_id = m.family_id \
             and fm.left_on is null and {open}) order by m.held_at, m.id limit {MOST}"
            )
        };
        let rows = self
            .behind_gate(
                viewer,
                (Asked::index("home"), "fm.person_id"),
                values,
                sql,
                |row: &MeetingRow| format!("family:{}", row.family_id),
            )
            .await?;
        let lines = rows.iter().map(|row| Line {
            text: self.label("meeting-kinds", &row.kind),
            href: format!("/meetings/{}", row.id),
            about: family_words(&row.family_name),
            note: row.place.clone().unwrap_or_default(),
            clock: Some(("on-time", plain::date_time(time::local(row.held_at)))),
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "You are invited to no meeting in the next 14 days.".into(),
            ..Block::default()
        })
    }

    /// Open plans of children the viewer is involved with, the next review first.
    pub(super) async fn reviews_due_block(&self, viewer: &Viewer) -> Result<Block> {
        let values = args![viewer.principal.worker, viewer.today];
        let sql = |open: String| {
            format!(
                "select distinct p.id, p.kind, p.started_on, p.family_id, f.name as family_name, \
             (select min(c.due_at) from clock c where c.about_kind = 'plan' and c.about_id = p.id \
             and c.done_at is null) as due_at \
             from involvement i join plan_subject s on s.person_id = i.person_id \
             join plan p on p.id = s.plan_id join family f on f.id = p.family_id \
             where i.worker_id = $1 and (i.ended_on is null or i.ended_on > $2) \
             and p.state = 'open' and {open} order by due_at, p.started_on, p.id limit {MOST}"
            )
        };
        let rows = self
            .behind_gate(
                viewer,
                (Asked::to_read("home"), "i.person_id"),
                values,
                sql,
                |row: &ReviewRow| format!("family:{}", row.family_id),
            )
            .await?;
        let now = Utc::now();
        let lines = rows.iter().map(|row| Line {
            text: crate::header::status_words(&row.kind),
            href: format!("/plans/{}", row.id),
            about: family_words(&row.family_name),
            note: format!("Since {}", plain::date(row.started_on)),
            clock: row.due_at.map(|at| {
                let day = time::local(at).date();
                let state = if at < now { "late" } else { "on-time" };
                (state, format!("review {}", plain::near(day, viewer.today)))
            }),
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "No plan that you chair is open.".into(),
            more: viewer
                .can("people.search")
                .then(|| ("Find a child".into(), "/find".into())),
            wide: true,
            ..Block::default()
        })
    }

    /// Partners without an account to be reminded of their actions (R003-26).
    pub(super) async fn messages_block(&self, viewer: &Viewer) -> Result<Option<Block>> {
        if !viewer.can("case.record") {
            return Ok(None);
        }
        let rows = self.to_remind(viewer, "home").await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let lines = rows.iter().map(|row| Line {
            text: format!("Remind {}", row.owner),
            href: format!("/actions/{}/remind", row.action),
            about: row.family_name.clone(),
            note: row.what.clone(),
            clock: Some(("due-soon", row.due.clone())),
        });
        Ok(Some(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            ..Block::default()
        }))
    }

    /// A partner's own open actions: what they promised, and nothing more of
    /// the record. Owning an action is no tie to a child, so the bars stand
    /// here by name.
    pub(super) async fn actions_block(&self, viewer: &Viewer) -> Result<Block> {
        let found: Vec<ActionRow> = self
            .store()
            .read_db()
            .all(
                "select a.id, a.what, a.due_on, a.family_id from action a \
                 join plan p on p.id = a.plan_id where a.owner_worker_id = $1 \
                 and p.state = 'open' and a.state in ('to_do', 'under_way') \
                 and not exists (select 1 from plan_subject s join restriction r \
                  on r.person_id = s.person_id and r.ended_at is null where s.plan_id = p.id \
                  and not exists (select 1 from restriction_allow l \
                  where l.restriction_id = r.id and l.worker_id = $1)) \
                 and not exists (select 1 from plan_subject s join conflict k \
                  on k.person_id = s.person_id and k.ended_at is null \
                  where s.plan_id = p.id and k.worker_id = $1) \
                 order by a.due_on, a.id limit 20",
                args![viewer.principal.worker],
            )
            .await?;
        let rows = self
            .gate()
            .listed(viewer, "home", found, |row| {
                vec![format!("family:{}", row.family_id)]
            })
            .await?;
        let lines = rows.iter().map(|row| Line {
            text: row.what.clone(),
            href: format!("/actions/{}", row.id),
            clock: Some((
                if row.due_on < viewer.today {
                    "late"
                } else {
                    "on-time"
                },
                format!("by {}", plain::short_date(row.due_on)),
            )),
            ..Line::default()
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "You have no open action. To tell us about a child, use the forms below.".into(),
            wide: true,
            ..Block::default()
        })
    }
}
