//! Ways to reach someone: a telephone number or an e-mail address, whose it is,
//! if it is safe, if a message may be left, and when. Answers are choices, so
//! that a list can show them and a letter or a call can obey them.

use packs::{Answers, Form};
use record::model::{Person, Reach};
use record::{AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::edit::{claim, filled, stop_on};
use super::kept::{Kept, between, lines, never};
use crate::{Casework, Error, Result};

impl Casework {
    /// Every way to reach a person, those in use first.
    pub async fn reach_kept(&self, person: &Guarded<Person>) -> Result<Vec<Kept>> {
        let sql = format!(
            "select {} from reach where person_id = $1 order by ended_on desc, kind desc, id",
            Reach::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Reach> = db.all(AssertSqlSafe(sql), args![person.id]).await?;
        let form = self.form("reach")?;
        let mut kept: Vec<Kept> = rows.iter().map(|row| shown(row, form)).collect();
        kept.sort_by_key(|one| !one.current);
        Ok(kept)
    }

    /// Adds a way to reach a person, or puts one in the place of `instead`.
    pub async fn save_reach(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        instead: Option<Id<ids::Part>>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.reach").await?;
        stop_on(self.form("reach")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Some(part) = instead {
            let mut before = of(&mut tx, id, part).await?;
            before.ended_on = Some(viewer.today);
            tx.update(&mut before).await?;
        }
        claim(&mut tx, once, id).await?;
        let kind = answers.text("kind").to_owned();
        let row = Reach {
            id: Id::new(),
            person_id: id,
            value: answers.text(&kind).trim().to_owned(),
            safe: answers.text("safe") != "no",
            asked: Some(answers.text("safe") != "ask"),
            place: filled(answers.text("place")),
            messages: filled(answers.text("messages")),
            best_time: filled(&answers.list("best_time").join(",")),
            note: filled(answers.text("note")),
            started_on: Some(viewer.today),
            ended_on: None,
            wrong_reason: None,
            version: 1,
            kind,
        };
        tx.insert(&row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What a way to reach someone says now, for the form that changes it.
    pub async fn reach_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        part: Id<ids::Part>,
    ) -> Result<(Guarded<Person>, Answers)> {
        let person = self.person_to_edit(viewer, id, "people.reach").await?;
        let sql = format!(
            "select {} from reach where id = $1 and person_id = $2 and ended_on is null",
            Reach::COLUMNS.join(", ")
        );
        let found: Option<Reach> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![part, id])
            .await?;
        let row = found.ok_or(Error::NotFound)?;
        let mut answers = Answers::new();
        answers.set("kind", row.kind.clone());
        answers.set(row.kind, row.value);
        let safe = match (row.safe, row.asked) {
            (false, _) => "no",
            (true, Some(true)) => "yes",
            (true, _) => "ask",
        };
        answers.set("safe", safe);
        for (name, value) in [
            ("place", row.place),
            ("messages", row.messages),
            ("note", row.note),
        ] {
            answers.set(name, value.unwrap_or_default());
        }
        let times = row.best_time.unwrap_or_default();
        let times = times.split(',').filter(|t| !t.is_empty());
        answers.set_list("best_time", times.map(str::to_owned));
        Ok((person, answers))
    }

    /// Ends a way to reach someone: it does not work, is not safe any more, or
    /// was never theirs.
    pub async fn end_reach(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        part: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.person_to_edit(viewer, id, "people.reach").await?;
        stop_on(self.form("reach-end")?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row = of(&mut tx, id, part).await?;
        claim(&mut tx, once, id).await?;
        match answers.text("what") {
            // It stays in the list, so that nobody tries it.
            "unsafe" => (row.safe, row.asked) = (false, Some(true)),
            "ended" => row.ended_on = Some(viewer.today),
            _ => {
                row.ended_on = Some(viewer.today);
                row.wrong_reason = Some("written by mistake".into());
            }
        }
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn of(tx: &mut Tx, person: Id<ids::Person>, part: Id<ids::Part>) -> Result<Reach> {
    let found: Option<Reach> = tx.find(part.as_str()).await?;
    found
        .filter(|row| row.person_id == person && row.ended_on.is_none())
        .ok_or(Error::NotFound)
}

/// How to use it, in the words of the form's own choices: "May we leave a
/// message? Only a text message".
pub(crate) fn use_words(form: &Form, name: &str, value: Option<&str>) -> String {
    let label = |code: &str| {
        let field = form.field(name);
        let options = field.and_then(|f| f.kind.options());
        options.map_or_else(|| code.to_owned(), |o| o.label(code).to_owned())
    };
    let codes = value.unwrap_or_default();
    let words: Vec<String> = codes
        .split(',')
        .filter(|c| !c.is_empty())
        .map(label)
        .collect();
    words.join(", ")
}

fn shown(row: &Reach, form: &Form) -> Kept {
    let messages = match row.messages.as_deref() {
        Some("no") => "Do not leave a message".to_owned(),
        Some(_) => format!(
            "Messages: {}",
            super::network::lower_first(&use_words(form, "messages", row.messages.as_deref()))
        ),
        None => String::new(),
    };
    let times = use_words(form, "best_time", row.best_time.as_deref());
    let scheme = if row.kind == "email" {
        format!("mailto:{}", row.value)
    } else {
        let digits: String = row
            .value
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        format!("tel:{digits}")
    };
    Kept {
        id: row.id.to_string(),
        title: row.value.clone(),
        lines: lines([
            use_words(form, "place", row.place.as_deref()),
            messages,
            if times.is_empty() {
                times
            } else {
                format!("Good time: {}", super::network::lower_first(&times))
            },
            match (row.safe, row.asked) {
                (true, Some(true)) => "Safe to use".to_owned(),
                (true, _) => "Nobody has asked yet if it is safe".to_owned(),
                (false, _) => String::new(),
            },
            row.note.clone().unwrap_or_default(),
            between(row.started_on, row.ended_on),
            row.wrong_reason.as_deref().map_or_else(String::new, never),
        ]),
        alert: (!row.safe).then(|| "Not safe to use".to_owned()),
        current: row.ended_on.is_none(),
        link: (row.safe && row.ended_on.is_none()).then(|| (scheme, row.value.clone())),
    }
}
