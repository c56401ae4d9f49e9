//! Sends the mails that the record holds, over SMTP, until the program stops.

use std::time::Duration;

use anyhow::{Context, Result};
use casework::Casework;
use casework::post::ToSend;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{SmtpTransport, Transport};

/// How often it is looked for mails.
const EVERY: Duration = Duration::from_secs(20);
/// How long a mail server may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server, and who the mails are from.
#[derive(Clone)]
pub struct Post {
    transport: SmtpTransport,
    from: Mailbox,
    /// What links begin with.
    base: String,
}

impl Post {
    /// From the address of a mail server, such as
    /// `smtp://name:password@mail.example:587?tls=required`, and of the sender.
    ///
    /// # Errors
    /// What is wrong with either, in words.
    pub fn new(server: &str, from: &str, base: &str) -> Result<Post> {
        let transport = SmtpTransport::from_url(server)
            .context(
                "The mail server is not understood. Write it like smtp://mail.example:587?tls=required \
                 or smtps://name:password@mail.example",
            )?
            .timeout(Some(PATIENCE))
            .build();
        let from = from
            .parse()
            .context("The sender is no email address. Write it like directory@larkmere.example")?;
        Ok(Post {
            transport,
            from,
            base: base.trim_end_matches('/').to_owned(),
        })
    }

    /// Sends what waits, again and again.
    pub async fn run(self, casework: Casework) {
        let mut ticks = tokio::time::interval(EVERY);
        loop {
            ticks.tick().await;
            if let Err(problem) = self.send_waiting(&casework).await {
                tracing::error!(%problem, "mails could not be sent");
            }
        }
    }

    /// Sends what waits now; gives how many were taken.
    ///
    /// # Errors
    /// When the record fails. A mail that is not taken is no error here: it is
    /// kept with what the server said.
    pub async fn send_waiting(&self, casework: &Casework) -> Result<usize> {
        let mut taken = 0;
        while let Some(mail) = casework.next_mail(&self.base).await? {
            let id = mail.id;
            let post = self.clone();
            let sent = tokio::task::spawn_blocking(move || post.send(&mail)).await?;
            match sent {
                Ok(()) => {
                    casework.mail_sent(id).await?;
                    taken += 1;
                }
                Err(refused) => {
                    tracing::warn!(problem = refused.words, "a mail was not taken");
                    casework
                        .mail_failed(id, &refused.words, refused.for_good)
                        .await?;
                }
            }
        }
        Ok(taken)
    }

    fn send(&self, mail: &ToSend) -> Result<(), Refused> {
        let never = |words: String| Refused {
            words,
            for_good: true,
        };
        let to: Mailbox = mail
            .to
            .parse()
            .map_err(|_| never(format!("“{}” is no email address", mail.to)))?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.replace(['\r', '\n'], " "))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body.clone())
            .map_err(|problem| never(problem.to_string()))?;
        match self.transport.send(&message) {
            Ok(_) => Ok(()),
            Err(problem) => Err(Refused {
                for_good: problem.is_permanent(),
                words: match problem.status() {
                    Some(code) => format!("The mail server said {code}: {problem}"),
                    None => format!("The mail server cannot be reached: {problem}"),
                },
            }),
        }
    }
}

/// A mail was not taken.
struct Refused {
    words: String,
    for_good: bool,
}

#[cfg(test)]
#[path = "post_tests.rs"]
mod tests;
