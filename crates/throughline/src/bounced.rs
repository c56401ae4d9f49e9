//! `throughline mail`: mails that came back. A mail server that took a mail and
//! could not deliver it sends a report (RFC 3464) to the sender's mailbox; read
//! here, the address is marked as one that does not work.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use mail_parser::{MessageParser, MimeHeaders};

use crate::council;
use crate::serve::Options;

/// What to do with mails.
#[derive(Subcommand)]
pub enum MailCommand {
    /// Read reports of mails that came back, and mark their addresses
    Bounced(Box<Bounced>),
}

/// Options of `throughline mail bounced`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  throughline mail bounced report.eml --config council.toml
  throughline mail bounced /var/mail/directory/new --config council.toml

A folder is read file by file, as a Maildir keeps them. What is no report of a
failed delivery is left alone, so a whole mailbox may be given. Nothing is
deleted. The address stands on the directory's board and on the fix list until
a mail to it is taken again.")]
pub struct Bounced {
    /// Mails as files, or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// A configuration file in TOML
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Failed {
    address: String,
    words: String,
}

impl MailCommand {
    /// Runs it.
    pub async fn run(self) -> Result<ExitCode> {
        match self {
            MailCommand::Bounced(bounced) => bounced.run().await,
        }
    }
}

impl Bounced {
    async fn run(self) -> Result<ExitCode> {
        let mut failed = Vec::new();
        let mut others = 0;
        for path in files(&self.paths)? {
            let bytes = std::fs::read(&path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            let found = failures(&bytes);
            others += usize::from(found.is_empty());
            failed.extend(found);
        }
        let options = self.options.with_file(self.config.as_deref())?;
        let casework = council::open(&options.place()?).await?;
        let mut marked = 0;
        let mut done = Ok(());
        for one in &failed {
            match casework.mail_bounced(&one.address, &one.words).await {
                Ok(true) => {
                    marked += 1;
                    println!("{}: {}", one.address, one.words);
                }
                Ok(false) => println!("{}: no mail of ours went there", one.address),
                Err(problem) => {
                    done = Err(problem);
                    break;
                }
            }
        }
        casework.store().close().await?;
        done?;
        println!("{marked} marked; {others} files were no report of a failed delivery.");
        Ok(ExitCode::SUCCESS)
    }
}

/// The files that are named, and those in the folders that are named.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in paths {
        if !path.is_dir() {
            all.push(path.clone());
            continue;
        }
        let folder = |path: &Path| format!("{} cannot be read", path.display());
        for entry in std::fs::read_dir(path).with_context(|| folder(path))? {
            let found = entry.with_context(|| folder(path))?.path();
            if found.is_file() {
                all.push(found);
            }
        }
    }
    all.sort();
    Ok(all)
}

/// The deliveries that a mail reports as failed; none for any other mail.
fn failures(mail: &[u8]) -> Vec<Failed> {
    let Some(message) = MessageParser::default().parse(mail) else {
        return Vec::new();
    };
    let is_report = |part: &&mail_parser::MessagePart<'_>| {
        part.content_type().is_some_and(|kind| {
            let below = kind.c_subtype.as_deref().unwrap_or_default();
            kind.c_type.eq_ignore_ascii_case("message")
                && below.to_ascii_lowercase().ends_with("delivery-status")
        })
    };
    message
        .parts
        .iter()
        .filter(is_report)
        .flat_map(|part| recipients(&String::from_utf8_lossy(part.contents())))
        .collect()
}

/// One block of fields for each receiver, after one for the whole mail.
fn recipients(report: &str) -> Vec<Failed> {
    let text = report.replace("\r\n", "\n");
    text.split("\n\n").filter_map(recipient).collect()
}

fn recipient(block: &str) -> Option<Failed> {
    // A line that begins with a space goes on with the one before.
    let whole = block.replace("\n ", " ").replace("\n\t", " ");
    let field = |name: &str| {
        whole.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim()
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    // "rfc822; somebody@example.org": what stands before says how it is written.
    let after = |text: String| match text.split_once(';') {
        Some((_, rest)) => rest.trim().trim_matches(['<', '>']).to_owned(),
        None => text,
    };
    if !field("Action")?.eq_ignore_ascii_case("failed") {
        return None;
    }
    let address = field("Original-Recipient").or_else(|| field("Final-Recipient"))?;
    let status = field("Status").unwrap_or_default();
    let said = field("Diagnostic-Code").map(after).unwrap_or_default();
    let words = ["It came back:", status.as_str(), said.as_str()];
    let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
    Some(Failed {
        address: after(address),
        words: words.join(" "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "From: MAILER-DAEMON@mail.example\r\n\
        To: directory@larkmere.example\r\n\
        Subject: Undelivered\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=\"x\"\r\n\
        \r\n\
        --x\r\n\
        Content-Type: text/plain\r\n\
        \r\n\
        It could not be delivered.\r\n\
        --x\r\n\
        Content-Type: message/delivery-status\r\n\
        \r\n\
        Reporting-MTA: dns; mail.example\r\n\
        \r\n\
        Final-Recipient: rfc822; nobody@harbour.example\r\n\
        Action: failed\r\n\
        Status: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 5.1.1\r\n no such mailbox\r\n\
        \r\n\
        Final-Recipient: rfc822; later@harbour.example\r\n\
        Action: delayed\r\n\
        Status: 4.4.1\r\n\
        \r\n\
        --x\r\n\
        Content-Type: text/rfc822-headers\r\n\
        \r\n\
        Subject: Is this still right?\r\n\
        --x--\r\n";

    #[test]
    fn a_report_names_the_address_that_failed_and_not_the_one_that_waits() {
        let found = failures(REPORT.as_bytes());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].address, "nobody@harbour.example");
        assert_eq!(
            found[0].words,
            "It came back: 5.1.1 550 5.1.1 no such mailbox"
        );
    }

    #[test]
    fn any_other_mail_marks_nobody() {
        let mail = "From: a@b.example\r\nSubject: Action: failed\r\n\r\n\
            Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\n";
        assert!(failures(mail.as_bytes()).is_empty());
        assert!(failures(b"").is_empty());
    }
}
