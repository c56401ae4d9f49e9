//! The NHS number of a child, withheld: taken out of the person's own row, so
//! that no page, search, list, file or return can hold it, and kept aside for
//! the day on which it comes back.

use chrono::Days;
use packs::Answers;
use record::model::{NumberWithheld, Person, PersonName};
use record::{Asked, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{PAGE, path};
use crate::asking::{Asking, Done, claim, rows, said};
use crate::{Casework, Error, Result, find, time};

/// Who may withhold a number: whoever decides who may open a record.
pub(super) const NEEDS: &str = "case.allocate";
/// When it is looked at again.
const REVIEW: Days = Days::new(90);

/// A number that is withheld, without the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// When it is looked at again.
    pub review: String,
    /// That day has passed.
    pub overdue: bool,
}

/// Whether a person's number is withheld: then none may be written.
pub(crate) async fn is_withheld(tx: &mut Tx, person: Id<ids::Person>) -> Result<bool> {
    let open: Vec<NumberWithheld> =
        rows(tx, "person_id = $1 and ended_at is null", args![person]).await?;
    Ok(!open.is_empty())
}

impl Casework {
    pub(super) async fn number_withheld(
        &self,
        person: Id<ids::Person>,
    ) -> Result<Option<Withheld>> {
        let open: Vec<NumberWithheld> = self
            .rows_of("person_id = $1 and ended_at is null", args![person])
            .await?;
        Ok(open.into_iter().next().map(|row| Withheld {
            since: plain::date(time::local(row.set_at).date()),
            review: plain::date(row.review_on),
            overdue: row.review_on < time::today(),
            reason: row.reason,
        }))
    }

    /// The page that withholds a child's number, or gives it back.
    pub async fn ask_number(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let child = self
            .gate()
            .person(viewer, child, Asked::to_write(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        if !viewer.can(NEEDS) {
            return Err(Error::Refused(
                "A manager decides to withhold a number. Ask yours.".into(),
            ));
        }
        let withheld = self.number_withheld(child.id).await?.is_some();
        if !withheld && child.nhs_number.is_none() {
            return Err(Error::Refused(
                "There is no NHS number on this record.".into(),
            ));
        }
        let form = match withheld {
            true => "number-back",
            false => "withhold-number",
        };
        let (address, back) = (format!("{}/number", path(child.id)), path(child.id));
        let mut asking = Asking::new(self.form(form)?, child, address, back);
        asking.button = match withheld {
            true => format!("Give back the number of {}", asking.child.first_name()),
            false => format!("Withhold the number of {}", asking.child.first_name()),
        };
        Ok(asking)
    }

    /// Withholds the number, or gives it back, with the reason.
    pub async fn change_number(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_number(viewer, child).await?;
        asking.check(answers)?;
        let reason = said(answers, "reason").unwrap_or_default();
        let me = viewer.principal.worker;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(child)).await?;
        tx.because_of(&reason);
        let now = tx.now();
        let mut person: Person = tx.get(child).await?;
        let open: Vec<NumberWithheld> =
            rows(&mut tx, "person_id = $1 and ended_at is null", args![child]).await?;
        let words = match (open.into_iter().next(), person.nhs_number.take()) {
            (Some(mut row), _) => {
                person.nhs_number = Some(row.number.clone());
                row.ended_by = Some(me);
                row.ended_at = Some(now);
                row.end_reason = Some(reason);
                tx.update(&mut row).await?;
                "The number is back."
            }
            (None, Some(number)) => {
                let row = NumberWithheld {
                    id: Id::new(),
                    person_id: child,
                    number,
                    reason,
                    set_by: me,
                    set_at: now,
                    review_on: viewer.today + REVIEW,
                    ended_by: None,
                    ended_at: None,
                    end_reason: None,
                    version: 1,
                };
                tx.insert(&row).await?;
                "The number is withheld: nowhere shown, found by or sent."
            }
            (None, None) => return Err(Error::NotFound),
        };
        tx.update(&mut person).await?;
        let names: Vec<PersonName> = rows(&mut tx, "person_id = $1", args![child]).await?;
        find::index_person(&mut tx, &person, &names).await?;
        tx.drop_draft(me, &asking.draft()).await?;
        tx.commit().await?;
        Ok(Done::new(words, path(child)))
    }
}
