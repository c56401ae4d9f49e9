//! What families say of the local offer, and what the council answers and
//! does (SI 2014/1530 regulation 56: comments are asked for, published with the
//! answer at least once a year, and never so that anybody can be known). A
//! comment comes without a name, is read by whoever keeps the directory, and
//! is published in words that tell of nobody, or not at all, with a reason.

use chrono::{Days, NaiveDate};
use directory::search::scrub;
use record::model::OfferComment;
use record::submissions::Once;
use record::{Actor, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::{Casework, Error, Result, time};

/// The longest comment, in characters.
pub const LONGEST: usize = 4_000;
/// After so many days without a publication whoever keeps the offer is told.
const A_YEAR: u64 = 365;

/// A comment as anybody reads it.
#[derive(Debug, Clone)]
pub struct Said {
    /// "November 2026".
    pub when: String,
    /// What was said.
    pub words: String,
    /// What the council says; empty while it has not answered.
    pub answer: String,
    /// What is done about it; may be empty.
    pub action: String,
}

/// Why a comment could not be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was written, or far too much.
    Length,
    /// There is a number, an e-mail address or a postcode in it.
    Private,
}

/// A comment for whoever moderates.
#[derive(Debug, Clone)]
pub struct Line {
    /// The comment.
    pub id: Id<ids::Part>,
    /// "Waits since 3 March 2026", "Published 4 March 2026".
    pub stands: String,
    /// Its first words.
    pub begins: String,
}

/// All comments for whoever moderates.
#[derive(Debug, Clone, Default)]
pub struct Board {
    /// Waiting, the oldest first.
    pub waiting: Vec<Line>,
    /// Published, the newest first.
    pub published: Vec<Line>,
    /// How many were not published.
    pub refused: usize,
    /// Nothing was published for a year, or ever.
    pub due: bool,
}

/// What was decided about a comment.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// It is published.
    pub publish: bool,
    /// The words as anybody may read them.
    pub published: String,
    /// What the council says.
    pub answer: String,
    /// What is done about it.
    pub action: String,
    /// Why it is not published.
    pub why_not: String,
}

/// Whether somebody moderates: who keeps the directory, and who answers for
/// the service.
pub fn may_moderate(viewer: &Viewer) -> bool {
    viewer.can("directory.keep") || viewer.can("case.oversee")
}

impl Casework {
    /// Takes a comment from anybody.
    ///
    /// # Errors
    /// When the record cannot be written. What is wrong with the words comes
    /// back as `Ok(Some(..))`, so that they can be shown again.
    pub async fn send_comment(&self, door: &str, words: &str, once: &str) -> Result<Option<Wrong>> {
        let words = words.trim();
        if words.chars().count() < 3 || words.chars().count() > LONGEST {
            return Ok(Some(Wrong::Length));
        }
        if scrub(words).taken {
            return Ok(Some(Wrong::Private));
        }
        let mut tx = self.store().begin(&Actor::system("public")).await?;
        if let Once::Again { .. } = tx.once(once, "/local-offer/comments").await? {
            return Ok(None);
        }
        tx.insert(&OfferComment {
            id: Id::new(),
            door: door.to_owned(),
            words: Some(words.to_owned()),
            made_on: time::today(),
            state: "waiting".into(),
            published: None,
            answer: None,
            action: None,
            refused_why: None,
            decided_on: None,
            decided_by: None,
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(None)
    }

    /// What is published, the newest first.
    ///
    /// # Errors
    /// When the record cannot be read.
    pub async fn published_comments(&self, door: &str) -> Result<Vec<Said>> {
        let rows = self
            .comments("door = $1 and state = 'published'", door)
            .await?;
        let text = |words: Option<String>| words.unwrap_or_default();
        Ok(rows
            .into_iter()
            .map(|row| Said {
                when: row.made_on.format("%B %Y").to_string(),
                words: text(row.published),
                answer: text(row.answer),
                action: text(row.action),
            })
            .collect())
    }

    async fn comments(&self, which: &'static str, value: &str) -> Result<Vec<OfferComment>> {
        let sql = format!(
            "select {} from offer_comment where {which} order by made_on desc, id desc limit 400",
            OfferComment::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), args![value]).await?)
    }

    /// All comments, for whoever moderates.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub async fn comment_board(&self, viewer: &Viewer) -> Result<Board> {
        if !may_moderate(viewer) {
            return Err(Error::NotFound);
        }
        let rows = self.comments("state <> $1", "").await?;
        let mut board = Board::default();
        let mut last: Option<NaiveDate> = None;
        for row in rows {
            match row.state.as_str() {
                "waiting" => board.waiting.insert(0, line(&row)),
                "published" => {
                    last = last.max(row.decided_on);
                    board.published.push(line(&row));
                }
                _ => board.refused += 1,
            }
        }
        board.due = last.is_none_or(|day| day + Days::new(A_YEAR) < time::today());
        Ok(board)
    }

    /// One comment, for whoever moderates.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else, and when there is none.
    pub async fn comment(&self, viewer: &Viewer, id: &str) -> Result<OfferComment> {
        if !may_moderate(viewer) {
            return Err(Error::NotFound);
        }
        let rows = self.comments("id = $1", id).await?;
        rows.into_iter().next().ok_or(Error::NotFound)
    }

    /// Publishes a comment with its answer, or does not, with a reason. One
    /// that is published may be answered again; words that are not published
    /// are removed.
    ///
    /// # Errors
    /// [`Error::Refused`] with what is missing, [`Error::Stale`] when somebody
    /// else was quicker.
    pub async fn decide_comment(
        &self,
        viewer: &Viewer,
        id: &str,
        version: i64,
        decision: &Decision,
    ) -> Result<()> {
        let mut row = self.comment(viewer, id).await?;
        if row.version != version {
            return Err(Error::Stale);
        }
        let text = |words: &str| Some(words.trim().to_owned()).filter(|w| !w.is_empty());
        if decision.publish {
            let published = text(&decision.published);
            let Some(words) = published else {
                return Err(Error::Refused("Write the words that are published.".into()));
            };
            let all = [&words, &decision.answer, &decision.action];
            if all.iter().any(|w| scrub(w).taken) {
                return Err(Error::Refused(
                    "There is a telephone number, an e-mail address or a postcode in these words. \
                     Take it out: nobody may be known from what is published."
                        .into(),
                ));
            }
            row.published = Some(words);
            row.answer = text(&decision.answer);
            row.action = text(&decision.action);
            row.refused_why = None;
            row.state = "published".into();
        } else {
            let Some(why) = text(&decision.why_not) else {
                return Err(Error::Refused("Say why it is not published.".into()));
            };
            row.refused_why = Some(why);
            row.words = None;
            row.published = None;
            row.state = "refused".into();
        }
        row.decided_on = Some(time::today());
        row.decided_by = Some(viewer.principal.worker);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }
}

fn line(row: &OfferComment) -> Line {
    let words = row.published.as_deref().or(row.words.as_deref());
    let words = words.unwrap_or_default();
    let begins: String = words.chars().take(90).collect();
    let day = |d: Option<NaiveDate>| d.map(plain::date).unwrap_or_default();
    Line {
        id: row.id,
        stands: match row.state.as_str() {
            "published" if row.answer.is_none() => {
                format!("Published {}, not answered yet", day(row.decided_on))
            }
            "published" => format!("Published {}", day(row.decided_on)),
            _ => format!("Waits since {}", plain::date(row.made_on)),
        },
        begins: match words.chars().count() > 90 {
            true => format!("{begins} …"),
            false => begins,
        },
    }
}
