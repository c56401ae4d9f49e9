//! Questions as lists: in the work list of both ends, and on the child's page.

use record::model::{Person, Question};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Listed, Value, Viewer, args};
use vocabulary::{Id, ids};

use super::one::state_of;
use super::{End, PAGE, asks_about, end_of};
use crate::{Casework, Error, Result};

/// One question of a list.
#[derive(Debug, Clone)]
pub struct QuestionLine {
    /// Which.
    pub id: Id<ids::Part>,
    /// The child's name; empty on the child's own page.
    pub child: String,
    /// The beginning of the question.
    pub topic: String,
    /// Who asked whom.
    pub between: String,
    /// Whose turn it is, in words.
    pub state: String,
    /// It is the viewer's turn.
    pub mine: bool,
    /// When something was last written.
    pub moved_at: chrono::DateTime<chrono::Utc>,
    person: Id<ids::Person>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Question,
    given: String,
    known_as: Option<String>,
    surname: String,
    worked: i64,
}

impl Casework {
    /// The questions in which it is the viewer's turn, then those where they
    /// wait, the last fifty. Children who are barred to the viewer are in
    /// neither.
    pub async fn my_questions(&self, viewer: &Viewer, page: &str) -> Result<Listed<QuestionLine>> {
        let mut values: Vec<Value> = args![viewer.principal.worker];
        let mut mine = "q.asked_by = $1 or q.to_worker = $1".to_owned();
        if let Some(team) = viewer
            .principal
            .team
            .filter(|_| viewer.can("contact.screen"))
        {
            values.push(team.into());
            mine = format!("{mine} or q.to_team = $2");
        }
        let asked = Asked::index(page);
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", values.len() + 1);
        values.extend(more);
        let columns: Vec<String> = Question::COLUMNS.iter().map(|c| format!("q.{c}")).collect();
        let sql = format!(
            "select {}, p.given, p.known_as, p.family_name as surname, \
             (select count(*) from involvement i where i.person_id = q.person_id \
              and i.worker_id = $1 and i.ended_on is not null) - (select count(*) from \
              involvement i where i.person_id = q.person_id and i.worker_id = $1 \
              and i.ended_on is null) as worked from question q join person p on p.id = q.person_id where q.waits_for <> 'nobody' and ({mine}) \
             and {open} order by q.moved_at desc, q.id limit 50",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let mut lines: Vec<QuestionLine> = found
            .into_iter()
            .map(|f| {
                let given = f.known_as.filter(|n| !n.is_empty()).unwrap_or(f.given);
                let name = format!("{given} {}", f.surname).trim().to_owned();
                let theirs = f.row.asked_by != viewer.principal.worker;
                let mut line = line(viewer, f.row, name);
                // Whose work has ended learns that somebody wrote, not what.
                if theirs && f.worked > 0 {
                    line.topic = "A question from when you worked with them".to_owned();
                }
                line
            })
            .collect();
        lines.sort_by_key(|l| !l.mine);
        let about = |l: &QuestionLine| vec![format!("person:{}", l.person)];
        Ok(self.gate().listed(viewer, page, lines, about).await?)
    }

    /// The questions about a child: all of them for whoever reads the record,
    /// their own for the others.
    pub async fn questions_of(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
    ) -> Result<(Guarded<Person>, bool, Vec<QuestionLine>)> {
        let read = Asked::to_read(PAGE);
        let child = self
            .gate()
            .person_at_best(viewer, child, &[read, Asked::index(PAGE)])
            .await?
            .ok_or(Error::NotFound)?;
        let reads = self.gate().allows(viewer, &child, read);
        if !reads && !asks_about(viewer) {
            return Err(Error::NotFound);
        }
        let rows: Vec<Question> = self
            .rows_of(
                "person_id = $1 order by case when waits_for = 'nobody' then 1 else 0 end, \
                 moved_at desc, id",
                args![child.id],
            )
            .await?;
        let lines = rows
            .into_iter()
            .filter(|q| reads || end_of(viewer, q).is_some())
            .map(|q| line(viewer, q, String::new()))
            .collect();
        Ok((child, reads, lines))
    }
}

fn line(viewer: &Viewer, row: Question, child: String) -> QuestionLine {
    let turn = match end_of(viewer, &row) {
        Some(End::Asker) => "asker",
        Some(End::Asked) => "asked",
        None => "",
    };
    QuestionLine {
        id: row.id,
        child,
        between: format!("{} asked {}", row.asked_as, row.to_name),
        state: state_of(&row),
        mine: row.waits_for == turn,
        moved_at: row.moved_at,
        person: row.person_id,
        topic: row.topic,
    }
}
