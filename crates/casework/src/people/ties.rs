//! How people belong together: recording it, changing it, ending it with its
//! day and reason, and saying that it was never so. Nothing is deleted: what
//! was recorded stays in the list and in the journal.

use chrono::NaiveDate;
use packs::{Answers, Form, Kind};
use record::model::{Person, Relationship};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::couple;
use super::edit::{claim, filled, stop_on};
use super::kept::{Kept, between, lines, never};
use crate::{Casework, Error, Result};

/// A tie between two people, before it is changed.
#[derive(Debug, Clone)]
pub struct TieToChange {
    /// Whose page it is.
    pub person: Guarded<Person>,
    /// The tie.
    pub row: Relationship,
    /// What it is, in words: "Mother: Dana Quill".
    pub words: String,
    /// What the form asks about this kind of tie.
    pub form: Form,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Relationship,
    given: String,
    surname: String,
    known_as: Option<String>,
    described_as: Option<String>,
}

impl Found {
    fn name(&self) -> String {
        let given = self.known_as.as_deref().filter(|n| !n.is_empty());
        let name = format!("{} {}", given.unwrap_or(&self.given), self.surname);
        match name.trim() {
            "" => self
                .described_as
                .clone()
                .unwrap_or_else(|| "Name not known".into()),
            name => name.to_owned(),
        }
    }
}

impl Casework {
    /// Every tie of a person to people whom the viewer may know of, those that
    /// hold first, with those that ended and those that were never so.
    pub async fn ties_of(&self, viewer: &Viewer, person: &Guarded<Person>) -> Result<Vec<Kept>> {
        let found = self.ties_found(viewer, person).await?;
        let mut kept: Vec<Kept> = found.iter().map(|f| self.tie(f, person.id)).collect();
        kept.sort_by_key(|one| !one.current);
        Ok(kept)
    }

    async fn ties_found(&self, viewer: &Viewer, person: &Guarded<Person>) -> Result<Vec<Found>> {
        let page = "people.relationships";
        let (may_see, more) = self.gate().may_see(viewer, Asked::index(page), "p.id", 2);
        let columns: Vec<String> = Relationship::COLUMNS
            .iter()
            .map(|c| format!("r.{c}"))
            .collect();
        let sql = format!(
            "select {}, p.given, p.family_name as surname, p.known_as, p.described_as \
             from relationship r join person p \
             on p.id = case when r.from_id = $1 then r.to_id else r.from_id end \
             where (r.from_id = $1 or r.to_id = $1) and {may_see} \
             order by r.ended_on desc, r.started_on desc, r.id",
            columns.join(", ")
        );
        let mut values = args![person.id];
        values.extend(more);
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let about = |f: &Found| {
            let other = match f.row.from_id == person.id {
                true => f.row.to_id,
                false => f.row.from_id,
            };
            vec![format!("person:{other}")]
        };
        let listed = self.gate().listed(viewer, page, found, about).await?;
        Ok(listed.into_iter().collect())
    }

    fn tie(&self, found: &Found, person: Id<ids::Person>) -> Kept {
        let row = &found.row;
        let what = match row.from_id == person {
            // The word is what the other is to the person.
            false => self.label("relationships", &row.kind),
            true => self.inverse_label(&row.kind),
        };
        let standing = row.standing.as_deref().map_or("", couple::standing_words);
        let responsibility = match row.parental_responsibility {
            Some(true) => "Parental responsibility",
            Some(false) => "No parental responsibility",
            None => "",
        };
        let ended = match (&row.wrong_reason, &row.end_reason) {
            (Some(reason), _) => never(reason),
            (None, Some(reason)) => format!("Ended: {reason}"),
            (None, None) => String::new(),
        };
        Kept {
            id: row.id.to_string(),
            title: format!("{what}: {}", found.name()),
            lines: lines([
                [standing.to_owned(), between(row.started_on, row.ended_on)]
                    .into_iter()
                    .filter(|w| !w.is_empty())
                    .collect::<Vec<_>>()
                    .join(", "),
                responsibility.to_owned(),
                closeness_words(row.closeness.as_deref()).to_owned(),
                ended,
            ]),
            current: row.ended_on.is_none() && row.wrong_reason.is_none(),
            ..Kept::default()
        }
    }

    /// A tie that holds, to be changed or ended.
    pub async fn tie_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        tie: Id<ids::Relationship>,
    ) -> Result<TieToChange> {
        let person = self
            .person_to_edit(viewer, id, "people.relationship")
            .await?;
        let found = self.ties_found(viewer, &person).await?;
        let found = found
            .into_iter()
            .find(|f| f.row.id == tie)
            .ok_or(Error::NotFound)?;
        if found.row.ended_on.is_some() {
            return Err(Error::Refused(
                "This has ended already. If that is wrong, add it again with its days: the history shows both.".into(),
            ));
        }
        Ok(TieToChange {
            words: self.tie(&found, id).title,
            form: self.tie_form(&found.row)?,
            row: found.row,
            person,
        })
    }

    /// The form asks a couple how they live, and only where it can be about
    /// parental responsibility.
    fn tie_form(&self, row: &Relationship) -> Result<Form> {
        let mut form = self.form("relationship-change")?.clone();
        let couple = couple::COUPLES.contains(&row.kind.as_str());
        let codes = self.pack().codes("relationships", crate::time::today());
        let asks = |kind: &str| {
            codes
                .and_then(|set| set.code(kind))
                .is_some_and(|code| code.asks_parental_responsibility)
        };
        for section in &mut form.sections {
            for field in &mut section.fields {
                if let ("what", Kind::Radios(options)) = (field.name.as_str(), &mut field.kind) {
                    options
                        .choices
                        .retain(|choice| match choice.value.as_str() {
                            "standing" => couple,
                            "responsibility" => asks(&row.kind),
                            _ => true,
                        });
                }
            }
        }
        Ok(form)
    }

    /// Records how two people belong together: `other` is the `kind` of the
    /// person.
    pub async fn save_relationship(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let page = "people.relationship";
        self.person_to_edit(viewer, id, page).await?;
        stop_on(self.form("relationship")?.check(answers, None))?;
        let other: Id<ids::Person> = answers
            .text("other")
            .parse()
            .map_err(|_| Error::finding("other", "With whom?", "Choose the other person"))?;
        if other == id {
            let message = "Choose another person: nobody is related to themselves";
            return Err(Error::finding("other", "With whom?", message));
        }
        self.gate()
            .person(viewer, other, Asked::index(page))
            .await?
            .ok_or(Error::NotFound)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        tx.insert(&relationship(id, other, answers)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Changes a tie: how a couple lives, who has parental responsibility, how
    /// it is between them, that it ended, or that it was never so.
    pub async fn change_tie(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        tie: Id<ids::Relationship>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let found = self.tie_to_change(viewer, id, tie).await?;
        stop_on(found.form.check(answers, None))?;
        let on = day_of(answers, "on", viewer.today, found.row.started_on)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        let reason = answers.text("reason").trim().to_owned();
        if !reason.is_empty() {
            tx.because_of(&reason);
        }
        let mut row: Relationship = tx.get(tie).await?;
        match answers.text("what") {
            "standing" => return stand(tx, row, answers.text("standing"), on).await,
            "responsibility" => {
                row.parental_responsibility = known(answers.text("parental_responsibility"));
            }
            "between" => row.closeness = closeness(answers.text("quality")),
            "ended" => {
                row.ended_on = Some(on);
                row.end_reason = Some(reason);
            }
            _ => {
                row.ended_on = Some(viewer.today);
                row.wrong_reason = Some(reason);
            }
        }
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A couple lives another way from a day on: what was before ends that day and
/// stays, so that the dates of both are known.
async fn stand(mut tx: Tx, mut before: Relationship, standing: &str, on: NaiveDate) -> Result<()> {
    let after = Relationship {
        id: Id::new(),
        standing: Some(standing.to_owned()),
        started_on: Some(on),
        version: 1,
        ..before.clone()
    };
    before.ended_on = Some(on);
    tx.update(&mut before).await?;
    tx.insert(&after).await?;
    tx.commit().await?;
    Ok(())
}

/// A day that was typed, else today; never in the future and never before what
/// it ends began.
pub(super) fn day_of(
    answers: &Answers,
    field: &str,
    today: NaiveDate,
    began: Option<NaiveDate>,
) -> Result<NaiveDate> {
    let day = answers.date(field).unwrap_or(today);
    if day > today {
        return Err(Error::finding(
            field,
            "Day",
            "The day must be today or before: write what has happened, not what is planned",
        ));
    }
    if let Some(began) = began.filter(|began| day < *began) {
        let message = format!(
            "The day must not be before {}, when it began",
            vocabulary::plain::date(began)
        );
        return Err(Error::finding(field, "Day", &message));
    }
    Ok(day)
}

fn known(answer: &str) -> Option<bool> {
    match answer {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn closeness(quality: &str) -> Option<String> {
    match quality {
        "broken" => Some("distant".into()),
        "usual" => None,
        other => filled(other),
    }
}

fn closeness_words(code: Option<&str>) -> &'static str {
    match code {
        Some("close") => "Close to each other",
        Some("distant" | "broken") => "Distant",
        Some("conflict") => "In conflict",
        _ => "",
    }
}

fn relationship(id: Id<ids::Person>, other: Id<ids::Person>, answers: &Answers) -> Relationship {
    let kind = answers.text("kind").to_owned();
    Relationship {
        id: Id::new(),
        from_id: other,
        to_id: id,
        parental_responsibility: known(answers.text("parental_responsibility")),
        standing: filled(answers.text("standing"))
            .filter(|_| couple::COUPLES.contains(&kind.as_str())),
        closeness: closeness(answers.text("quality")),
        started_on: answers.date("from"),
        ended_on: answers.date("to"),
        end_reason: None,
        wrong_reason: None,
        version: 1,
        kind,
    }
}
