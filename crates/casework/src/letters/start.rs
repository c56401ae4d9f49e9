//! What a letter starts from: the pack's words for the age of its reader, with
//! the decision in the words that were written for the child.

use record::model::{Person, PersonKind};
use record::{Asked, Guarded, Viewer};
use vocabulary::{Id, ids, plain};

use super::may_write;
use crate::people::related::Related;
use crate::steps::{DecisionCard, DecisionPage};
use crate::{Casework, Error, Result, time};

/// Under this age a child gets the letter that is read together.
const YOUNG: i32 = 11;

/// A letter before it is written.
#[derive(Debug, Clone)]
pub struct LetterStart {
    /// The child in whose record it stands.
    pub person: Guarded<Person>,
    /// To whom.
    pub to: Recipient,
    /// Who else it could be to.
    pub others: Vec<Recipient>,
    /// The pack's letter.
    pub kind: String,
    /// The decision it is about.
    pub decision: Option<Id<ids::Decision>>,
    /// The first draft of the subject.
    pub subject: String,
    /// The first draft of the text.
    pub body: String,
    /// Needs of the reader: "Interpreter needed: Arabic".
    pub needs: Vec<String>,
}

/// Somebody to whom a letter may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub id: Id<ids::Person>,
    /// First name.
    pub name: String,
}

impl Casework {
    /// What a letter in a child's record starts from: to the child, or to
    /// somebody of the family whom the viewer may see.
    pub async fn letter_to_write(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        to: Option<Id<ids::Person>>,
        decision: Option<Id<ids::Decision>>,
    ) -> Result<LetterStart> {
        let person = self
            .gate()
            .person(viewer, person, Asked::to_write("letter"))
            .await?
            .ok_or(Error::NotFound)?;
        may_write(viewer)?;
        let related = self.related(viewer, &person).await?;
        let all = recipients(&person, &related);
        let wanted = to.unwrap_or(person.id);
        let Some(found) = all.iter().find(|r| r.id == wanted).cloned() else {
            return Err(Error::NotFound);
        };
        let reader = self
            .gate()
            .person(viewer, wanted, Asked::index("letter"))
            .await?
            .ok_or(Error::NotFound)?;
        let card = match decision {
            Some(id) => {
                let page = self.decision_page(viewer, id).await?;
                if !page.is_about(person.id) && !related.iter().any(|r| page.is_about(r.id)) {
                    return Err(Error::NotFound);
                }
                Some(page.card)
            }
            None => None,
        };
        self.start_of(viewer, person, &related, (&found, &reader), card.as_ref())
            .await
    }

    /// What a letter to a person about a decision of theirs starts from, for
    /// the decision's own page, which has passed the gate. Nothing if the
    /// viewer does not write letters about them.
    pub async fn letter_about(
        &self,
        viewer: &Viewer,
        page: &DecisionPage,
    ) -> Result<Option<LetterStart>> {
        let person = page.person.clone();
        let writes = self
            .gate()
            .allows(viewer, &person, Asked::to_write("letter"));
        if !writes || may_write(viewer).is_err() {
            return Ok(None);
        }
        let related = self.related(viewer, &person).await?;
        let to = Recipient {
            id: person.id,
            name: person.first_name(),
        };
        let reader = person.clone();
        self.start_of(viewer, person, &related, (&to, &reader), Some(&page.card))
            .await
            .map(Some)
    }

    async fn start_of(
        &self,
        viewer: &Viewer,
        person: Guarded<Person>,
        related: &[Related],
        (to, reader): (&Recipient, &Person),
        card: Option<&DecisionCard>,
    ) -> Result<LetterStart> {
        let kind = kind_of(reader);
        let (subject, body) = self.first_draft(viewer, kind, reader, card).await?;
        Ok(LetterStart {
            needs: self.needs(reader),
            others: recipients(&person, related)
                .into_iter()
                .filter(|r| r.id != to.id)
                .collect(),
            to: Recipient {
                id: to.id,
                name: reader.first_name(),
            },
            kind: kind.to_owned(),
            decision: card.map(|card| card.id),
            subject,
            body,
            person,
        })
    }

    async fn first_draft(
        &self,
        viewer: &Viewer,
        kind: &str,
        reader: &Person,
        card: Option<&DecisionCard>,
    ) -> Result<(String, String)> {
        let broken = |what: String| Error::Record(record::Error::Settings(what));
        let letter = self.pack().letter(kind, time::today()).ok_or_else(|| {
            broken(format!(
                "the practice pack has no letter \"{kind}\" in force today"
            ))
        })?;
        let me = self.worker(viewer.principal.worker).await?;
        let phone = me.and_then(|w| w.phone);
        let day = match card {
            Some(card) => plain::date(time::local(card.at).date()),
            None => plain::date(viewer.today),
        };
        let gap = |words: &str| format!("[{words}]");
        // The words that were written for the child stand for the decision.
        let decision = card
            .and_then(|card| card.child_words.clone())
            .unwrap_or_else(|| gap("what we decided, in plain words"));
        let name = reader.first_name();
        let words = [
            ("name", name.as_str()),
            ("day", &day),
            ("decision", &decision),
            ("why", &gap("why, in one or two sentences")),
            ("next", &gap("what happens next, and when")),
            ("worker", &viewer.name),
            ("phone", phone.as_deref().unwrap_or("the council")),
            ("council", self.name()),
        ];
        letter.fill(&words).map_err(|e| broken(e.to_string()))
    }
}

/// To whom a letter in a person's record may go: to them, and to the living of
/// their family whom the viewer may see.
fn recipients(person: &Person, related: &[Related]) -> Vec<Recipient> {
    let me = Recipient {
        id: person.id,
        name: person.first_name(),
    };
    let living = related.iter().filter(|r| !r.died);
    let others = living.map(|r| Recipient {
        id: r.id,
        name: r.name.clone(),
    });
    [me].into_iter().chain(others).collect()
}

/// The pack's letter for a reader's age.
fn kind_of(reader: &Person) -> &'static str {
    let years = reader.birth_date().and_then(|b| b.years_on(time::today()));
    match (reader.kind, years) {
        (PersonKind::Adult, _) => "letter-to-family",
        (_, Some(years)) if years < YOUNG => "letter-to-young-child",
        _ => "letter-to-child",
    }
}
