//! Blocks about the viewer's own work: what waits, drafts, children.

use chrono::{DateTime, NaiveDate, Utc};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{Block, Line, MOST};
use crate::due::family_words;
use crate::header::status_words;
use crate::{Casework, Result, time};

#[derive(sqlx::FromRow)]
struct WaitingRow {
    what: String,
    id: String,
    kind: String,
    family_id: Id<ids::Family>,
    family_name: String,
    on_day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
    words: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    kind: record::model::PersonKind,
    status: Option<String>,
    seen_at: Option<DateTime<Utc>>,
    next_at: Option<DateTime<Utc>>,
    next_title: Option<String>,
}

impl Casework {
    fn summary(page: &str) -> Asked<'_> {
        Asked {
            section: access::Section::Summary,
            ..Asked::to_read(page)
        }
    }

    /// Sent back to me, my open actions, late actions of others in plans that I
    /// lead (R003-26), and answers that partners gave.
    pub(super) async fn waiting_block(&self, viewer: &Viewer) -> Result<Block> {
        let fortnight = viewer.today + chrono::Days::new(14);
        let week_ago = time::start_of(viewer.today - chrono::Days::new(7));
        let values = args![viewer.principal.worker, fortnight, week_ago, viewer.today];
        let sql = |open: String| {
            format!(
                "select x.*, f.name as family_name from ( \
             select 'sent_back' as what, s.id, s.kind, s.family_id, cast(null as date) as on_day, \
              s.settled_at as at, s.settled_words as words from step s \
              where s.worker_id = $1 and s.state = 'sent_back' \
             union all \
             select 'action', a.id, a.agency, a.family_id, a.due_on, null, a.what from action a \
              where a.owner_worker_id = $1 and a.state in ('to_do', 'under_way') and a.due_on <= $2 \
             union all \
             select 'late', a.id, a.owner, a.family_id, a.due_on, null, a.what \
              from plan p join action a on a.plan_id = p.id \
              where p.worker_id = $1 and p.state = 'open' and a.state in ('to_do', 'under_way') \
              and a.due_on < $4 and (a.owner_worker_id is null or a.owner_worker_id <> $1) \
             union all \
             select 'answer', p.id, u.state, u.family_id, null, u.said_at, u.words \
              from plan p join action a on a.plan_id = p.id join action_update u on u.action_id = a.id \
              where p.worker_id = $1 and p.state = 'open' and u.worker_id is null \
              and u.said_at >= $3 \
             ) x join family f on f.id = x.family_id \
             where exists (select 1 from family_member fm where fm.family_id = x.family_id \
             and fm.left_on is null and {open}) \
             order by case x.what when 'sent_back' then 0 when 'action' then 1 when 'late' then 2 else 3 end, \
             x.on_day, x.at limit 20"
            )
        };
        let rows = self
            .behind_gate(
                viewer,
                (Self::summary("home"), "fm.person_id"),
                values,
                sql,
                |row: &WaitingRow| format!("family:{}", row.family_id),
            )
            .await?;
        let mut lines = self.question_lines(viewer).await?;
        lines.extend(rows.iter().map(|row| self.waiting_line(row, viewer)));
        Ok(Block {
            count: Some(lines.len() as i64),
            lines,
            empty: "Nothing waits for you.".into(),
            ..Block::default()
        })
    }

    /// What the census would find in the records of the viewer's children, a
    /// click from where it is mended.
    pub(super) async fn data_block(&self, viewer: &Viewer) -> Result<Block> {
        let rows = self.to_mend(viewer, "home", MOST).await?;
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: rows
                .iter()
                .map(|row| Line {
                    text: row.what.clone(),
                    href: row.path.clone(),
                    about: row.name.clone(),
                    note: row.mend.clone(),
                    clock: row.must.then(|| ("late", "must be put right".to_owned())),
                })
                .collect(),
            empty: "Nothing in your children’s records needs mending for the census.".into(),
            more: Some(("All of your data".into(), "/your-data".into())),
            ..Block::default()
        })
    }

    /// Questions about children: those in which it is my turn, then those where
    /// I wait (R001-09).
    async fn question_lines(&self, viewer: &Viewer) -> Result<Vec<Line>> {
        let questions = self.my_questions(viewer, "home").await?;
        let lines = questions.iter().take(MOST as usize).map(|q| Line {
            text: match q.mine {
                true => format!("A question: {}", q.topic),
                false => format!("You asked: {}", q.topic),
            },
            href: format!("/questions/{}", q.id),
            about: q.child.clone(),
            note: q.between.clone(),
            clock: q.mine.then(|| ("due-soon", "your turn".to_owned())),
        });
        Ok(lines.collect())
    }

    /// The same as a block of its own, for posts without one of what waits.
    pub(super) async fn questions_block(&self, viewer: &Viewer) -> Result<Block> {
        let lines = self.question_lines(viewer).await?;
        Ok(Block {
            count: Some(lines.len() as i64),
            lines,
            empty: "No question waits for you.".into(),
            more: Some(("All questions".into(), "/questions".into())),
            ..Block::default()
        })
    }

    fn waiting_line(&self, row: &WaitingRow, viewer: &Viewer) -> Line {
        let words = row.words.clone().unwrap_or_default();
        let family = family_words(&row.family_name);
        match row.what.as_str() {
            "sent_back" => Line {
                text: format!("{}: sent back", self.waiting_step_title(&row.kind, viewer)),
                href: format!("/steps/{}", row.id),
                about: family,
                note: words,
                ..Line::default()
            },
            "action" => {
                let late = row.on_day.is_some_and(|day| day < viewer.today);
                let day = row.on_day.map(|day| {
                    let near = plain::near(day, viewer.today);
                    let state = if late { "late" } else { "due-soon" };
                    (state, format!("by {}, {near}", plain::short_date(day)))
                });
                Line {
                    text: words,
                    href: format!("/actions/{}", row.id),
                    about: family,
                    clock: day,
                    ..Line::default()
                }
            }
            "late" => Line {
                text: words,
                href: format!("/actions/{}", row.id),
                about: family,
                note: format!("{} answers for it", row.kind),
                clock: row.on_day.map(|day| {
                    let late = plain::days_left((day - viewer.today).num_days());
                    ("late", late)
                }),
            },
            _ => Line {
                text: "A partner answered".into(),
                href: format!("/plans/{}", row.id),
                about: family,
                note: words,
                ..Line::default()
            },
        }
    }

    /// A step's title in the pack.
    pub(super) fn waiting_step_title(&self, kind: &str, viewer: &Viewer) -> String {
        self.pack()
            .step(kind, viewer.today)
            .map_or_else(|| kind.replace('-', " "), |def| def.title.clone())
    }

    /// Steps that wait for this manager, never their own (R003-23).
    pub(super) async fn authorise_block(&self, viewer: &Viewer) -> Result<Block> {
        let mut values = args![viewer.principal.worker];
        let mut whose = "w.supervisor_id = $1".to_owned();
        for team in &viewer.principal.teams_supervised {
            values.push(team.into());
            whose = format!("{whose} or s.team_id = ${}", values.len());
        }
        let sql = |open: String| {
            format!(
                "select 'authorise' as what, s.id, s.kind, s.family_id, f.name as family_name, \
             cast(null as date) as on_day, s.submitted_at as at, w.name as words \
             from step s join family f on f.id = s.family_id \
             left join worker w on w.id = s.submitted_by \
             where s.state = 'submitted' and s.submitted_by <> $1 and ({whose}) \
             and exists (select 1 from family_member fm where fm.family_id = s.family_id \
             and fm.left_on is null and {open}) order by s.submitted_at, s.id limit {MOST}"
            )
        };
        let rows = self
            .behind_gate(
                viewer,
                (Self::summary("home"), "fm.person_id"),
                values,
                sql,
                |row: &WaitingRow| format!("family:{}", row.family_id),
            )
            .await?;
        let lines = rows.iter().map(|row| Line {
            text: self.waiting_step_title(&row.kind, viewer),
            href: format!("/steps/{}/authorise", row.id),
            about: family_words(&row.family_name),
            note: match (&row.words, row.at) {
                (Some(worker), Some(at)) => {
                    format!("From {worker}, {}", plain::date(time::local(at).date()))
                }
                _ => String::new(),
            },
            ..Line::default()
        });
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: lines.collect(),
            empty: "Nothing waits for you to authorise.".into(),
            more: Some(("See the team".into(), "/team".into())),
            wide: true,
            ..Block::default()
        })
    }

    /// Unfinished writing; the link leads to where it was left (UX28).
    pub(super) async fn drafts_block(&self, viewer: &Viewer) -> Result<Block> {
        let drafts = self.my_drafts(viewer).await?;
        let lines = drafts.iter().take(MOST as usize).map(|draft| {
            let saved = time::local(draft.saved_at);
            Line {
                text: draft.title.clone(),
                href: draft.path.clone(),
                note: match draft.refused {
                    true => "Kept because somebody else saved first".into(),
                    false => format!("Saved {}", plain::date_time(saved)),
                },
                ..Line::default()
            }
        });
        Ok(Block {
            count: Some(drafts.len() as i64),
            lines: lines.collect(),
            empty: "You have no unfinished writing.".into(),
            ..Block::default()
        })
    }

    /// My children: last seen, next due.
    pub(super) async fn children_block(&self, viewer: &Viewer) -> Result<Block> {
        let values = args![viewer.principal.worker, viewer.today, true];
        let sql = |open: String| {
            format!(
                "select i.person_id, p.given, p.known_as, p.family_name, p.born_on, p.kind, p.status, \
             (select max(n.happened_at) from note n where n.person_id = p.id and n.seen = $3) as seen_at, \
             c.due_at as next_at, c.title as next_title \
             from involvement i join person p on p.id = i.person_id \
             left join clock c on c.id = (select k.id from clock k where k.done_at is null \
              and k.worker_id = $1 and (k.person_id = p.id or (k.person_id is null and k.family_id in \
              (select m.family_id from family_member m where m.person_id = p.id and m.left_on is null))) \
              order by k.due_at limit 1) \
             where i.worker_id = $1 and i.role = 'allocated' and i.started_on <= $2 \
             and (i.ended_on is null or i.ended_on > $2) and {open} \
             order by case when c.due_at is null then 1 else 0 end, c.due_at, p.family_name, p.born_on \
             limit 60"
            )
        };
        let rows = self
            .behind_gate(
                viewer,
                (Self::summary("home"), "i.person_id"),
                values,
                sql,
                |row: &ChildRow| format!("person:{}", row.person_id),
            )
            .await?;
        let now = Utc::now();
        Ok(Block {
            count: Some(rows.len() as i64),
            lines: rows
                .iter()
                .map(|row| child_line(row, viewer.today, now))
                .collect(),
            empty: "No child is allocated to you.".into(),
            more: viewer
                .can("people.search")
                .then(|| ("Find a child".into(), "/find".into())),
            wide: true,
            ..Block::default()
        })
    }
}

fn child_line(row: &ChildRow, today: NaiveDate, now: DateTime<Utc>) -> Line {
    let given = row.known_as.as_deref().filter(|n| !n.is_empty());
    let name = format!("{} {}", given.unwrap_or(&row.given), row.family_name);
    let age = row
        .born_on
        .map(|day| vocabulary::BirthDate::exact(day).words_on(today));
    let expected = row.kind == record::model::PersonKind::Expected;
    let seen = match row.seen_at {
        _ if expected => "Not born yet".to_owned(),
        Some(at) => {
            let day = time::local(at).date();
            format!(
                "Last seen {}, {}",
                plain::short_date(day),
                plain::near(day, today)
            )
        }
        None => "Not yet seen".to_owned(),
    };
    let status = row.status.as_deref().map(status_words);
    let about = match (expected, age) {
        (false, Some(age)) => age,
        _ => String::new(),
    };
    Line {
        text: name.trim().to_owned(),
        href: format!("/people/{}", row.person_id),
        about: [about, status.unwrap_or_default()]
            .into_iter()
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        note: seen,
        clock: row.next_at.map(|at| {
            let day = time::local(at).date();
            let state = if at < now {
                "late"
            } else if day == today {
                "due-today"
            } else {
                "on-time"
            };
            let title = row.next_title.clone().unwrap_or_default();
            (state, format!("{title}: {}", plain::near(day, today)))
        }),
    }
}
