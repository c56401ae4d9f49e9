//! One question with its messages: who may read it, write back, and say that
//! it is answered.

use chrono::{DateTime, Utc};
use packs::Answers;
use record::model::{Person, Question, QuestionMessage};
use record::{Asked, Guarded, Viewer, args};
use vocabulary::{Id, ids};

use super::{ANSWER, End, PAGE, end_of};
use crate::asking::{Sheet, claim, said};
use crate::{Casework, Error, Result};

/// One message as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// "Jo Larch, social worker".
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The words.
    pub words: String,
    /// The viewer wrote it.
    pub mine: bool,
}

/// A question as its page shows it.
#[derive(Debug)]
pub struct QuestionView {
    /// Which.
    pub id: Id<ids::Part>,
    /// The child.
    pub child: Guarded<Person>,
    /// The viewer may read the child's record, so the page has its header.
    pub reads: bool,
    /// "Noor Hazelgrove, lead for safeguarding, asked Jo Larch, social worker".
    pub between: String,
    /// The viewer reads all of it; else only what they wrote themselves, because
    /// their work with the child has ended.
    pub whole: bool,
    /// The messages, the first first.
    pub messages: Vec<MessageView>,
    /// "Waits for Jo Larch", "Answered", "Over".
    pub state: String,
    /// The viewer may write back: they are on one side of it.
    pub may_write: bool,
    /// The viewer may say that it is over: they asked, and it was answered.
    pub may_end: bool,
    /// The form.
    pub sheet: Sheet,
}

impl Casework {
    /// One question, for those on both sides and for whoever reads the child's
    /// record. A child who is barred to the viewer bars it too. Somebody on one
    /// side whose work with the child has ended sees their own words alone.
    pub async fn question(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<QuestionView> {
        let rows: Vec<Question> = self.rows_of("id = $1", args![id]).await?;
        let question = rows.into_iter().next().ok_or(Error::NotFound)?;
        let end = end_of(viewer, &question);
        let read = Asked::to_read(PAGE);
        let asked = match end {
            Some(_) => vec![read, Asked::index(PAGE)],
            None => vec![read],
        };
        let child = self
            .gate()
            .person_at_best(viewer, question.person_id, &asked)
            .await?
            .ok_or(Error::NotFound)?;
        let messages: Vec<QuestionMessage> = self
            .rows_of("question_id = $1 order by written_at, id", args![id])
            .await?;
        let me = viewer.principal.worker;
        let whole = self.reads_all(viewer, &question, &child).await?;
        let first = child.first_name();
        let mut sheet = Sheet::new(
            self.form(ANSWER)?,
            format!("/questions/{id}"),
            format!("/people/{}/questions", child.id),
        );
        sheet.button = format!("Send about {first}");
        Ok(QuestionView {
            id,
            reads: self.gate().allows(viewer, &child, read),
            between: format!("{} asked {}", question.asked_as, question.to_name),
            state: state_of(&question),
            may_write: whole && end.is_some(),
            may_end: whole && end == Some(End::Asker) && question.waits_for == "asker",
            whole,
            messages: messages
                .into_iter()
                .filter(|m| whole || m.written_by == me)
                .map(|m| MessageView {
                    by: m.written_as,
                    at: m.written_at,
                    mine: m.written_by == me,
                    words: m.words,
                })
                .collect(),
            child,
            sheet,
        })
    }

    /// Writes back: then it is the other side's turn.
    pub async fn write_back(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let seen = self.question(viewer, id).await?;
        if !seen.may_write {
            return Err(Error::Refused(
                "Only the two who talk write here. Ask a question of your own.".into(),
            ));
        }
        seen.sheet.check(answers)?;
        let words = said(answers, "words").unwrap_or_default();
        let me = viewer.principal.worker;
        let signature = self.signature(me).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/questions/{id}")).await?;
        let mut question: Question = tx.get(id).await?;
        question.waits_for = match end_of(viewer, &question) {
            Some(End::Asker) => "asked",
            _ => "asker",
        }
        .into();
        question.moved_at = tx.now();
        tx.update(&mut question).await?;
        super::ask::write(&mut tx, id, question.person_id, (me, signature), words).await?;
        tx.drop_draft(me, &seen.sheet.draft()).await?;
        Ok(tx.commit().await?)
    }

    /// Says that the question is answered: it leaves both work lists and stays
    /// in the record.
    pub async fn end_question(&self, viewer: &Viewer, id: Id<ids::Part>, once: &str) -> Result<()> {
        let seen = self.question(viewer, id).await?;
        if !seen.may_end {
            return Err(Error::Refused(
                "Whoever asked says that it is answered, after an answer came.".into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/questions/{id}")).await?;
        let mut question: Question = tx.get(id).await?;
        question.waits_for = "nobody".into();
        tx.update(&mut question).await?;
        Ok(tx.commit().await?)
    }
}

/// Whose turn it is, in words.
pub(super) fn state_of(question: &Question) -> String {
    match question.waits_for.as_str() {
        "asked" => format!("Waits for {}", question.to_name),
        "asker" => "Answered".to_owned(),
        _ => "Answered, and over".to_owned(),
    }
}
