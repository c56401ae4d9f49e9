//! Answers of people without an account, kept between the pages of a public
//! form. Sealed, known only by an opaque cookie, and gone two hours after the
//! last page: a shared telephone must not give away what was typed on it.
//! They are not journalled; the contact that is made of them is.

use chrono::{DateTime, Duration, Utc};

use crate::sessions::{new_token, token_hash};
use crate::tx::{Actor, Tx};
use crate::{Result, Store, args};

/// How long answers are kept after the last page.
pub const KEPT: Duration = Duration::hours(2);

/// What is kept under a cookie.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicAnswers {
    /// The answers so far; after sending, what the last page shows.
    pub body: serde_json::Value,
    /// Whether they have been sent.
    pub sent: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    body: String,
    sent_at: Option<DateTime<Utc>>,
}

fn place(hash: &str, form: &str) -> String {
    format!("public/{form}/{hash}")
}

impl Store {
    /// Keeps answers under a cookie, or under a new one when there is none that
    /// is still good for this form. Says which cookie it is.
    pub async fn keep_public_answers(
        &self,
        token: Option<&str>,
        form: &str,
        body: &serde_json::Value,
    ) -> Result<String> {
        let known = match token {
            Some(token) => self.public_answers(token, form).await?,
            None => None,
        };
        let token = match (token, known) {
            (Some(token), Some(known)) if !known.sent => token.to_owned(),
            _ => new_token(),
        };
        let hash = token_hash(&token);
        let sealed = self
            .keys()
            .seal(&place(&hash, form), &serde_json::to_vec(body)?)?;
        let mut tx = self.begin(&Actor::system("public")).await?;
        let now = tx.now();
        tx.run(
            "delete from public_answers where saved_at < $1",
            args![now - KEPT],
        )
        .await?;
        tx.run(
            "insert into public_answers (token_hash, form, body, saved_at) \
             values ($1, $2, $3, $4) on conflict (token_hash) do update set \
             body = excluded.body, saved_at = excluded.saved_at \
             where public_answers.sent_at is null",
            args![hash, form, sealed, now],
        )
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// What is kept under a cookie for a form; nothing once two hours are over.
    pub async fn public_answers(&self, token: &str, form: &str) -> Result<Option<PublicAnswers>> {
        let hash = token_hash(token);
        let row: Option<Row> = self
            .read_db()
            .maybe(
                "select body, sent_at from public_answers \
                 where token_hash = $1 and form = $2 and saved_at >= $3",
                args![&hash, form, Utc::now() - KEPT],
            )
            .await?;
        row.map(|row| {
            let text = self.keys().open(&place(&hash, form), &row.body)?;
            Ok(PublicAnswers {
                body: serde_json::from_slice(&text)?,
                sent: row.sent_at.is_some(),
            })
        })
        .transpose()
    }

    /// Forgets what is kept under a cookie: its owner left the page quickly.
    pub async fn forget_public_answers(&self, token: &str) -> Result<()> {
        let mut tx = self.begin(&Actor::system("public")).await?;
        tx.run(
            "delete from public_answers where token_hash = $1",
            args![token_hash(token)],
        )
        .await?;
        tx.commit().await
    }
}

impl Tx {
    /// Marks answers as sent, in the transaction that makes the contact, and
    /// keeps only what the last page shows. False if they were sent before or
    /// are gone: then nothing must be made.
    pub async fn public_answers_sent(
        &mut self,
        token: &str,
        form: &str,
        shown: &serde_json::Value,
    ) -> Result<bool> {
        let hash = token_hash(token);
        let sealed = self
            .keys()
            .seal(&place(&hash, form), &serde_json::to_vec(shown)?)?;
        let now = self.now();
        let rows = self
            .run(
                "update public_answers set body = $3, sent_at = $4, saved_at = $4 \
                 where token_hash = $1 and form = $2 and sent_at is null",
                args![hash, form, sealed, now],
            )
            .await?;
        Ok(rows == 1)
    }
}
