//! One note, as it stands and as it stood before each correction.

use access::Section;
use chrono::{DateTime, Utc};
use record::model::{Note, Person};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use super::{Circle, is_late};
use crate::{Casework, Error, Result};

/// A note with everything that its page says.
#[derive(Debug, Clone)]
pub struct NoteSeen {
    /// In whose record it stands.
    pub person: Guarded<Person>,
    /// The family around them.
    pub circle: Circle,
    /// The note.
    pub note: Note,
    /// Who wrote it.
    pub author: String,
    /// The goal of the plan that a visit served.
    pub goal: Option<String>,
    /// Written down more than a day after it happened.
    pub late: bool,
    /// The same note in the records of brothers and sisters.
    pub copies: Vec<Copy>,
    /// What it said before each correction, oldest first.
    pub earlier: Vec<Version>,
    /// The viewer may correct it.
    pub corrects: bool,
}

/// The same note in a brother's or sister's record.
#[derive(Debug, Clone)]
pub struct Copy {
    /// That row.
    pub note: Id<ids::Note>,
    /// Whose record.
    pub person: Id<ids::Person>,
    /// First name.
    pub name: String,
    /// The viewer may correct it, and it still says the same.
    pub corrects: bool,
}

/// A note as it stood.
#[derive(Debug, Clone)]
pub struct Version {
    /// The shared words.
    pub words: String,
    /// The words for this child alone.
    pub only_here: Option<String>,
    /// When it was then said to have happened.
    pub happened_at: DateTime<Utc>,
    /// Until when it stood so.
    pub until: DateTime<Utc>,
    /// Who changed it.
    pub changed_by: String,
    /// Why.
    pub why: String,
}

#[derive(sqlx::FromRow)]
struct Names {
    author: String,
    goal: Option<String>,
}

#[derive(sqlx::FromRow)]
struct CopyRow {
    id: Id<ids::Note>,
    person_id: Id<ids::Person>,
    words: String,
}

impl Casework {
    /// One note for someone who may see it. A sensitive note is absent for
    /// those without that section.
    pub async fn note(&self, viewer: &Viewer, id: Id<ids::Note>) -> Result<NoteSeen> {
        let note = self.note_row(id).await?;
        let person = self
            .person_of(viewer, &note, Asked::to_read("note"))
            .await?;
        let circle = self.circle(viewer, &person, "note").await?;
        let names: Names = self
            .store()
            .read_db()
            .one(
                "select w.name as author, (select wording from goal where id = $2) as goal \
                 from worker w where w.id = $1",
                args![note.author_id, note.goal_id],
            )
            .await?;
        Ok(NoteSeen {
            corrects: circle.me.writes && viewer.can("case.record"),
            copies: self.copies(&note, &circle).await?,
            earlier: self.earlier(&person, &note).await?,
            author: names.author,
            goal: names.goal,
            late: is_late(note.happened_at, note.recorded_at),
            person,
            circle,
            note,
        })
    }

    /// The row, to find out whose it is; nothing of it may be shown before
    /// [`Casework::person_of`] said so.
    pub(super) async fn note_row(&self, id: Id<ids::Note>) -> Result<Note> {
        let sql = format!(
            "select {} from note where id = $1",
            Note::COLUMNS.join(", ")
        );
        self.store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?
            .ok_or(Error::NotFound)
    }

    /// Passes the gate for a note: of its person, and of sensitive matters if
    /// the note is sensitive.
    pub(super) async fn person_of(
        &self,
        viewer: &Viewer,
        note: &Note,
        asked: Asked<'_>,
    ) -> Result<Guarded<Person>> {
        let asked = match note.sensitive {
            true => Asked {
                section: Section::Sensitive,
                ..asked
            },
            false => asked,
        };
        self.gate()
            .person(viewer, note.person_id, asked)
            .await?
            .ok_or(Error::NotFound)
    }

    /// The copies in the records of those whom the viewer may see; a sensitive
    /// note shows none, because its reader may not reach theirs.
    async fn copies(&self, note: &Note, circle: &Circle) -> Result<Vec<Copy>> {
        let rows: Vec<CopyRow> = self
            .store()
            .read_db()
            .all(
                "select id, person_id, words from note where group_id = $1 and id <> $2 \
                 and not sensitive order by id",
                args![note.group_id, note.id],
            )
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let member = circle.member(row.person_id)?;
                Some(Copy {
                    note: row.id,
                    person: row.person_id,
                    name: member.first_name.clone(),
                    corrects: member.writes && row.words == note.words,
                })
            })
            .collect())
    }

    /// What the note said before each correction: from the journal, where
    /// nobody can change it.
    async fn earlier(&self, person: &Guarded<Person>, note: &Note) -> Result<Vec<Version>> {
        if note.corrected_at.is_none() {
            return Ok(Vec::new());
        }
        let changes = self
            .gate()
            .changes_of_row(person, "note", note.id.as_str())
            .await?;
        let mut versions = Vec::new();
        for pair in changes.windows(2) {
            let (was, next) = (&pair[0], &pair[1]);
            let Some(was) = was.content.as_ref().and_then(|c| read(&c["after"])) else {
                continue;
            };
            let by = match next.actor.parse() {
                Ok(worker) => self.worker_name(worker).await?,
                Err(_) => "The program".to_owned(),
            };
            versions.push(Version {
                words: was.words,
                only_here: was.only_here,
                happened_at: was.happened_at,
                until: next.recorded_at.parse().unwrap_or(note.recorded_at),
                changed_by: by,
                why: next.why.clone().unwrap_or_default(),
            });
        }
        Ok(versions)
    }
}

fn read(after: &Json) -> Option<Note> {
    match serde_json::from_value(after.clone()) {
        Ok(note) => Some(note),
        Err(problem) => {
            tracing::error!(%problem, "a journalled note cannot be read");
            None
        }
    }
}
