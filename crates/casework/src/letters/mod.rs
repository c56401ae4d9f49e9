//! Letters to children and families: a first draft from the pack with the
//! child's name, what was decided and what happens next, edited, kept and
//! printed (UX15). A letter is kept as it is; a new one is written instead.
//!
//! One hard gate, because a child's safety stands behind it: a letter is never
//! printed for an address that is protected or not safe to write to (R002-10).

mod start;

use record::model::{Address, Letter, Person};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

pub use start::{LetterStart, Recipient};

use crate::{Casework, Error, Result, time};

/// A letter about to be kept.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// The child in whose record it stands.
    pub person: Id<ids::Person>,
    /// To whom.
    pub to: Id<ids::Person>,
    /// The decision it is about.
    pub decision: Option<Id<ids::Decision>>,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The form's token.
    pub once: String,
}

/// A letter as its page shows it.
#[derive(Debug, Clone)]
pub struct LetterSeen {
    /// The letter.
    pub letter: Letter,
    /// The child in whose record it stands.
    pub person: Guarded<Person>,
    /// To whom, by name.
    pub to: String,
    /// "4 May 2026, by Jo Larch".
    pub made: String,
    /// Whether it may go by post, and where to.
    pub post: Post,
    /// "Given by hand on 4 May 2026"; empty while it was not given.
    pub given: String,
}

/// Whether a letter may go by post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Post {
    /// It may: the lines of the address.
    To(Vec<String>),
    /// It may not, and why, in words that do not give the place away.
    Never(String),
}

/// A letter in a list.
#[derive(Debug, Clone)]
pub struct LetterLine {
    /// The letter.
    pub id: Id<ids::Message>,
    /// Its subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// When it was written, by whom, and how it was given.
    pub when: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    letter: Letter,
    author: String,
}

impl Casework {
    /// Keeps a letter as it was written.
    pub async fn keep_letter(&self, viewer: &Viewer, new: &NewLetter) -> Result<Id<ids::Message>> {
        let start = self
            .letter_to_write(viewer, new.person, Some(new.to), new.decision)
            .await?;
        let (subject, body) = (new.subject.trim(), new.body.trim());
        if subject.is_empty() {
            let message = "Write what the letter is about";
            return Err(Error::finding("subject", "Subject", message));
        }
        if body.is_empty() {
            return Err(Error::finding("body", "Letter", "Write the letter"));
        }
        if let Some(gap) = body
            .split('[')
            .nth(1)
            .and_then(|rest| rest.split(']').next())
        {
            let message = format!("Write your own words in place of “[{gap}]”");
            return Err(Error::finding("body", "Letter", &message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let id: Id<ids::Message> = Id::new();
        if let Once::Again { location } = tx.once(&new.once, &format!("/letters/{id}")).await? {
            return Err(Error::Already(location));
        }
        tx.insert(&Letter {
            id,
            person_id: start.person.id,
            to_id: start.to.id,
            decision_id: new.decision,
            kind: start.kind.clone(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            given: None,
            given_by: None,
            given_at: None,
            version: 1,
        })
        .await?;
        let draft = draft_of(new.person, new.decision);
        tx.drop_draft(viewer.principal.worker, &draft).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// A letter, for someone who may see the child it is about.
    pub async fn letter_seen(&self, viewer: &Viewer, id: Id<ids::Message>) -> Result<LetterSeen> {
        let found = self.letters_where("l.id = $1", id.as_str()).await?;
        let Found { letter, author } = found.into_iter().next().ok_or(Error::NotFound)?;
        let person = self
            .gate()
            .person(viewer, letter.person_id, Asked::to_read("letter"))
            .await?
            .ok_or(Error::NotFound)?;
        let to = self
            .gate()
            .person(viewer, letter.to_id, Asked::index("letter"))
            .await?
            .ok_or(Error::NotFound)?;
        let post = self.post_to(&to).await?;
        Ok(LetterSeen {
            to: to.name(),
            made: format!(
                "{}, by {author}",
                plain::date(time::local(letter.made_at).date())
            ),
            given: given_words(&letter),
            post,
            letter,
            person,
        })
    }

    /// Where a letter to somebody may go. Of their present addresses the one
    /// for letters counts, else their home; none that is not safe.
    pub(crate) async fn post_to(&self, to: &Person) -> Result<Post> {
        let sql = format!(
            "select {} from address where person_id = $1 and ended_on is null \
             and wrong_reason is null and kind <> 'other_parent' \
             order by case kind when 'correspondence' then 0 else 1 end, started_on desc, id desc",
            Address::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Address> = db.all(AssertSqlSafe(sql), args![to.id]).await?;
        let Some(row) = rows.into_iter().next() else {
            return Ok(Post::Never(format!(
                "No address is recorded for {}.",
                to.name()
            )));
        };
        let name = to.first_name();
        if row.protected {
            return Ok(Post::Never(format!(
                "The address of {name} is protected: someone must not learn it. A letter with it on paper could give it away, so this letter is not printed for post. Give it by hand in a safe place, or read it out."
            )));
        }
        if !row.safe_to_write {
            let why = row.unsafe_reason.unwrap_or_default();
            return Ok(Post::Never(
                format!("It is not safe to write to the address of {name}. {why} This letter is not printed for post. Give it by hand in a safe place, or read it out.")
                    .replace("  ", " "),
            ));
        }
        let lines = [Some(row.line1), row.line2, row.town, row.postcode];
        let lines = lines.into_iter().flatten().filter(|l| !l.trim().is_empty());
        Ok(Post::To(std::iter::once(to.name()).chain(lines).collect()))
    }

    /// Records how a letter reached whom it is for. By post only where it is
    /// safe: the gate stands here too, whatever a page offered.
    pub async fn give_letter(
        &self,
        viewer: &Viewer,
        id: Id<ids::Message>,
        how: &str,
        once: &str,
    ) -> Result<()> {
        let seen = self.letter_seen(viewer, id).await?;
        may_write(viewer)?;
        // Whoever reads the record because of an open contact does not write it.
        self.gate()
            .person(viewer, seen.letter.person_id, Asked::to_write("letter"))
            .await?
            .ok_or(Error::NotFound)?;
        if !["post", "hand", "read_aloud"].contains(&how) {
            return Err(Error::finding("how", "How?", "Say how it was given"));
        }
        if let ("post", Post::Never(why)) = (how, &seen.post) {
            return Err(Error::Refused(why.clone()));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let location = format!("/letters/{id}");
        if let Once::Again { location } = tx.once(once, &location).await? {
            return Err(Error::Already(location));
        }
        let mut row: Letter = tx.get(id).await?;
        row.given = Some(how.to_owned());
        row.given_by = Some(viewer.principal.worker);
        row.given_at = Some(tx.now());
        tx.update(&mut row).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The letters in a child's record, the newest first.
    pub async fn letters_of(&self, person: &Guarded<Person>) -> Result<Vec<LetterLine>> {
        #[derive(sqlx::FromRow)]
        struct Name {
            id: Id<ids::Person>,
            given: String,
        }
        let found = self
            .letters_where("l.person_id = $1", person.id.as_str())
            .await?;
        let names: Vec<Name> = self
            .store()
            .read_db()
            .all(
                "select distinct p.id, p.given from letter l join person p on p.id = l.to_id \
                 where l.person_id = $1",
                args![person.id],
            )
            .await?;
        Ok(found
            .into_iter()
            .map(|Found { letter, author }| {
                let day = plain::date(time::local(letter.made_at).date());
                let given = given_words(&letter);
                let to = names.iter().find(|n| n.id == letter.to_id);
                LetterLine {
                    id: letter.id,
                    to: to.map_or_else(String::new, |n| n.given.clone()),
                    when: match given.as_str() {
                        "" => format!("{day}, by {author}, not given yet"),
                        given => format!("{day}, by {author}, {}", given.to_lowercase()),
                    },
                    subject: letter.subject,
                }
            })
            .collect())
    }

    async fn letters_where(&self, condition: &'static str, id: &str) -> Result<Vec<Found>> {
        let columns: Vec<String> = Letter::COLUMNS.iter().map(|c| format!("l.{c}")).collect();
        let sql = format!(
            "select {}, w.name as author from letter l join worker w on w.id = l.made_by \
             where {condition} order by l.made_at desc, l.id desc",
            columns.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), args![id]).await?)
    }
}

/// Where the draft of a letter is kept while it is being written.
pub fn draft_of(person: Id<ids::Person>, decision: Option<Id<ids::Decision>>) -> String {
    match decision {
        Some(decision) => format!("letter:{person}:{decision}"),
        None => format!("letter:{person}"),
    }
}

fn may_write(viewer: &Viewer) -> Result<()> {
    if viewer.can("case.record") {
        return Ok(());
    }
    Err(Error::Refused(
        "Your post reads letters but does not write them. Ask the child’s worker.".into(),
    ))
}

fn given_words(letter: &Letter) -> String {
    let how = match letter.given.as_deref() {
        Some("post") => "Sent by post",
        Some("hand") => "Given by hand",
        Some("read_aloud") => "Read out",
        _ => return String::new(),
    };
    let day = letter
        .given_at
        .map(|at| plain::date(time::local(at).date()));
    format!("{how} on {}", day.unwrap_or_default())
}
