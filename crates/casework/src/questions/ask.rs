//! Asking: who may be asked about a child, and the question itself.

use packs::Answers;
use record::model::{IndexLook, Involvement, Person, Question, QuestionMessage};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::{FORM, PAGE};
use crate::asking::{Asking, Done, Sheet, claim, said};
use crate::people::network::lower_first;
use crate::{Casework, Error, Result};

/// How long a look at the index lets somebody ask about the child.
const HOURS: i64 = 24;

/// Whether the viewer may ask about a child at all: whoever works with children
/// here, or confirms who they are.
pub fn asks_about(viewer: &Viewer) -> bool {
    [
        "case.record",
        "case.review",
        "contact.screen",
        "case.oversee",
        crate::index::CAPABILITY,
    ]
    .iter()
    .any(|capability| viewer.can(capability))
}

/// A question about to be asked from the index: the form, and what the child is
/// called there.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The form.
    pub sheet: Sheet,
    /// The child's name.
    pub name: String,
    child: Id<ids::Person>,
}

/// Somebody who can be asked: what stands for them in the form, and in words.
struct Whom {
    key: String,
    name: String,
    worker: Option<Id<ids::Worker>>,
    team: Option<Id<ids::Team>>,
}

impl Casework {
    /// The page that asks about a child whom the viewer may see.
    pub async fn ask_question(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        if !asks_about(viewer) {
            return Err(Error::NotFound);
        }
        let child = self
            .gate()
            .person(viewer, child, Asked::index(PAGE))
            .await?
            .filter(|p| p.kind != record::model::PersonKind::Adult)
            .ok_or(Error::NotFound)?;
        let address = format!("/people/{}/questions/new", child.id);
        let back = format!("/people/{}/questions", child.id);
        self.question_form(viewer, child, address, back).await
    }

    async fn question_form(
        &self,
        viewer: &Viewer,
        child: Guarded<Person>,
        address: String,
        back: String,
    ) -> Result<Asking> {
        let whom = self.whom_to_ask(viewer, child.id).await?;
        let mut asking = Asking::new(self.form(FORM)?, child, address, back);
        asking.title = format!("Ask about {}", asking.child.name());
        asking.button = format!("Send the question about {}", asking.child.first_name());
        asking.offer("who", choices(&whom));
        Ok(asking)
    }

    /// Asks.
    pub async fn send_question(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_question(viewer, child).await?;
        asking.check(answers)?;
        self.put_question(viewer, child, answers, once, &asking.draft())
            .await
    }

    /// The page that asks about a child whom a practitioner has just found at
    /// the index, from the look that is on record.
    pub async fn ask_from_index(&self, viewer: &Viewer, look: Id<ids::Part>) -> Result<Asker> {
        let me = viewer.principal.worker;
        let since = chrono::Utc::now() - chrono::Duration::hours(HOURS);
        let looks: Vec<IndexLook> = self
            .rows_of(
                "id = $1 and worker_id = $2 and looked_at > $3",
                args![look, me, since],
            )
            .await?;
        let look = looks.into_iter().next().ok_or(Error::NotFound)?;
        if !viewer.can(crate::index::CAPABILITY) {
            return Err(Error::NotFound);
        }
        let lent = crate::index::lent(viewer);
        let child = self
            .gate()
            .person(&lent, look.person_id, Asked::index(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let address = format!("/index/{}/ask", look.id);
        let name = child.name();
        let id = child.id;
        let asking = self
            .question_form(&lent, child, address, "/index".into())
            .await?;
        Ok(Asker {
            sheet: asking.sheet,
            name,
            child: id,
        })
    }

    /// Asks from the index, and lets the asker come back to the answer.
    pub async fn send_from_index(
        &self,
        viewer: &Viewer,
        look: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asker = self.ask_from_index(viewer, look).await?;
        asker.sheet.check(answers)?;
        self.put_question(viewer, asker.child, answers, once, &asker.sheet.draft())
            .await
    }

    async fn put_question(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
        draft: &str,
    ) -> Result<Done> {
        let whom = self.whom_to_ask(viewer, child).await?;
        let chosen = whom.into_iter().find(|w| w.key == answers.text("who"));
        let Some(whom) = chosen else {
            return Err(Error::finding(
                "who",
                "Whom do you ask?",
                "Choose whom you ask",
            ));
        };
        let words = said(answers, "words").unwrap_or_default();
        let me = viewer.principal.worker;
        let signature = self.signature(me).await?;
        let id = Id::new();
        let path = format!("/questions/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path).await?;
        let now = tx.now();
        tx.insert(&Question {
            id,
            person_id: child,
            asked_by: me,
            asked_as: signature.clone(),
            to_worker: whom.worker,
            to_team: whom.team,
            to_name: whom.name.clone(),
            topic: crate::plans::goals::short(&words),
            waits_for: "asked".into(),
            asked_at: now,
            moved_at: now,
            version: 1,
        })
        .await?;
        write(&mut tx, id, child, (me, signature), words).await?;
        self.let_in(&mut tx, me, child, "Asked a question about them")
            .await?;
        if let Some(other) = whom.worker {
            self.let_in(&mut tx, other, child, "Was asked a question about them")
                .await?;
        }
        tx.drop_draft(me, draft).await?;
        tx.commit().await?;
        Ok(Done::new(format!("Sent to {}.", whom.name), path))
    }

    /// Who can be asked about a child: those who work with it and sign in, the
    /// lead first, then the front door. A service that is not named is asked
    /// through the lead.
    async fn whom_to_ask(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Vec<Whom>> {
        let columns: Vec<String> = Involvement::COLUMNS
            .iter()
            .map(|c| format!("i.{c}"))
            .collect();
        let sql = format!(
            "select {} from involvement i join worker w on w.id = i.worker_id and w.active \
             where i.person_id = $1 and i.ended_on is null and not i.sensitive \
             and i.worker_id <> $2 and not exists (select 1 from conflict c \
              where c.worker_id = i.worker_id and c.person_id = i.person_id and c.ended_at is null) \
             order by i.lead desc, i.role = 'allocated' desc, i.started_on, i.id",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let me = viewer.principal.worker;
        let there: Vec<Involvement> = db.all(AssertSqlSafe(sql), args![child, me]).await?;
        let mut whom: Vec<Whom> = Vec::new();
        for row in there {
            if whom.iter().any(|w| w.worker == row.worker_id) {
                continue;
            }
            let lead = if row.lead { " (leads)" } else { "" };
            whom.push(Whom {
                key: format!("worker:{}", row.id),
                name: format!("{}, {}{lead}", row.name, lower_first(&row.job_title)),
                worker: row.worker_id,
                team: None,
            });
        }
        let teams = self.teams().await?;
        let door = teams.iter().find(|t| t.kind == "front_door");
        whom.extend(door.map(|team| Whom {
            key: "front_door".into(),
            name: team.name.clone(),
            worker: None,
            team: Some(team.id),
        }));
        Ok(whom)
    }
}

fn choices(whom: &[Whom]) -> Vec<(String, String)> {
    whom.iter()
        .map(|w| (w.key.clone(), w.name.clone()))
        .collect()
}

/// Writes one message.
pub(super) async fn write(
    tx: &mut Tx,
    question: Id<ids::Part>,
    child: Id<ids::Person>,
    (by, written_as): (Id<ids::Worker>, String),
    words: String,
) -> Result<()> {
    tx.insert(&QuestionMessage {
        id: Id::new(),
        question_id: question,
        person_id: child,
        written_by: by,
        written_as,
        words,
        written_at: tx.now(),
        version: 1,
    })
    .await?;
    Ok(())
}
