//! "Something is wrong here": anybody says so on the page of a service, without
//! an account; an editor answers in the time that the pack sets; the answer
//! stands behind a link, and goes by mail to whoever left an address.

use chrono::Utc;
use packs::Answers;
use record::model::{DirectoryChange, DirectoryReport};
use record::sessions::token_hash;
use record::{Actor, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::changes::keeper;
use super::decide::stops;
use super::suggest::{self, suggested};
use crate::asking::{Done, Sheet, said};
use crate::{Casework, Error, Result, post, time};

/// What the public fills in.
pub const WRONG: &str = "service-wrong";
/// What the editor answers on.
const ANSWER: &str = "service-wrong-answer";
/// Where marks of reports are at home.
const PLACE: &str = "directory report";

/// A report in a list.
#[derive(Debug, Clone)]
pub struct ReportLine {
    /// The report.
    pub id: Id<ids::Report>,
    /// The name of the service.
    pub name: String,
    /// What is wrong.
    pub what: String,
    /// "due Friday 27 November", "2 working days late".
    pub due: String,
    /// The state of its clock.
    pub clock: &'static str,
}

/// A report on its page.
#[derive(Debug, Clone)]
pub struct ReportSeen {
    /// What the list says.
    pub line: ReportLine,
    /// The service; empty for one that is missing and not added yet.
    pub service: String,
    /// A service is missing: what they wrote of it.
    pub suggested: Option<Vec<(String, String)>>,
    /// Entries that may be it: id and words.
    pub like: Vec<(String, String)>,
    /// The new entry waits for a colleague: the change.
    pub waits: Option<Id<ids::Change>>,
    /// In their words.
    pub words: String,
    /// They want an answer by mail.
    pub by_mail: bool,
    /// When it came.
    pub came: String,
    /// What they were told, when it is answered.
    pub answered: String,
    /// The form to answer on; none when it is answered.
    pub sheet: Option<Sheet>,
}

/// What whoever reported sees behind their link.
#[derive(Debug, Clone)]
pub struct Told {
    /// The name of the service.
    pub name: String,
    /// The service; empty when they suggested one that is not there yet.
    pub service: String,
    /// They suggested a service that was missing.
    pub missing: bool,
    /// When it came.
    pub came: String,
    /// Until when it is answered.
    pub by: String,
    /// The answer; empty until there is one.
    pub answer: String,
}

/// What the public sends: of a service, or of one that is missing.
pub(super) struct Came<'a> {
    /// The service; none when it is missing.
    pub service: Option<&'a str>,
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub what: String,
    /// In their words.
    pub words: Option<String>,
    /// What they wrote of a missing one.
    pub suggested: Option<serde_json::Value>,
    /// How to reach whoever sent it, to be forgotten.
    pub reply: Option<String>,
}

fn answer_form(row: &DirectoryReport) -> &'static str {
    match row.suggested {
        Some(_) => suggest::ANSWER,
        None => ANSWER,
    }
}

impl Casework {
    /// Takes a report about a service that families see. Gives the token behind
    /// which its answer will stand.
    ///
    /// # Errors
    /// `NotFound` when families do not see the service; findings.
    pub async fn report_service(&self, id: &str, answers: &Answers) -> Result<String> {
        let catalogue = self.catalogue().await?;
        let entry = catalogue.directory.public(id, catalogue.today);
        let entry = entry.ok_or(Error::NotFound)?;
        stops(self.form(WRONG)?.check(answers, None))?;
        self.keep_report(Came {
            service: Some(id),
            name: entry.service.name.clone(),
            what: answers.text("what").to_owned(),
            words: said(answers, "words"),
            suggested: None,
            reply: said(answers, "reply"),
        })
        .await
    }

    /// Keeps what the public sent until somebody answers. Gives the token
    /// behind which the answer will stand.
    pub(super) async fn keep_report(&self, came: Came<'_>) -> Result<String> {
        let days = self.upkeep()?.answer_working_days;
        let report: Id<ids::Report> = Id::new();
        let mut tx = self.store().begin(&Actor::public(report.as_str())).await?;
        let row = DirectoryReport {
            id: report,
            entry: match came.service {
                Some(id) => format!("service/{id}"),
                None => format!("suggestion/{report}"),
            },
            name: came.name,
            what: came.what,
            words: came.words,
            suggested: came.suggested,
            reply: came.reply,
            made_at: tx.now(),
            answer_by: self
                .pack()
                .working_days()
                .add_working_days(time::today(), days),
            outcome: None,
            answer: None,
            answered_by: None,
            answered_at: None,
            version: 1,
        };
        tx.insert(&row).await?;
        tx.commit().await?;
        Ok(self.report_token(report))
    }

    pub(super) fn report_token(&self, id: Id<ids::Report>) -> String {
        format!("{id}.{}", self.store().mark(PLACE, id.as_str()))
    }

    /// What whoever reported sees: the answer, or until when it comes.
    ///
    /// # Errors
    /// `NotFound` for every other token.
    pub async fn told_about(&self, token: &str) -> Result<Told> {
        let (id, _) = token.split_once('.').ok_or(Error::NotFound)?;
        let id: Id<ids::Report> = id.parse().map_err(|_| Error::NotFound)?;
        if token_hash(token) != token_hash(&self.report_token(id)) {
            return Err(Error::NotFound);
        }
        let row = self.report_row(id).await?;
        let catalogue = self.catalogue().await?;
        Ok(Told {
            service: row
                .entry
                .strip_prefix("service/")
                .filter(|id| catalogue.directory.public(id, catalogue.today).is_some())
                .unwrap_or_default()
                .to_owned(),
            missing: row.suggested.is_some(),
            came: plain::date(time::local(row.made_at).date()),
            by: plain::date_with_day(row.answer_by),
            answer: row.answer.unwrap_or_default(),
            name: row.name,
        })
    }

    pub(super) async fn report_row(&self, id: Id<ids::Report>) -> Result<DirectoryReport> {
        let rows: Vec<DirectoryReport> = self.rows_of("id = $1", args![id]).await?;
        rows.into_iter().next().ok_or(Error::NotFound)
    }

    /// Reports without an answer, the most urgent first.
    pub(super) async fn open_reports(&self, most: i64) -> Result<Vec<ReportLine>> {
        let rows: Vec<DirectoryReport> = self
            .rows_of(
                "answered_at is null order by answer_by, made_at limit $1",
                args![most],
            )
            .await?;
        rows.iter().map(|row| self.report_line(row)).collect()
    }

    fn report_line(&self, row: &DirectoryReport) -> Result<ReportLine> {
        let field = self.form(WRONG)?.field("what");
        let options = field.and_then(|f| f.kind.options());
        let today = time::today();
        let days = self.pack().working_days();
        let left = match row.answer_by >= today {
            true => days.between(today, row.answer_by),
            false => -days.between(row.answer_by, today).max(1),
        };
        let (clock, due) = match left {
            0 => ("due-today", "today".to_owned()),
            1 => ("due-soon", plain::working_days_left(left)),
            n if n < 0 => ("late", plain::working_days_left(left)),
            _ => ("on-time", plain::working_days_left(left)),
        };
        Ok(ReportLine {
            id: row.id,
            name: row.name.clone(),
            what: match row.what.as_str() {
                suggest::WHAT => "It is missing here".into(),
                what => options.map_or(what, |o| o.label(what)).to_owned(),
            },
            due,
            clock,
        })
    }

    /// A report on its page.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory.
    pub async fn directory_report(
        &self,
        viewer: &Viewer,
        id: Id<ids::Report>,
    ) -> Result<ReportSeen> {
        keeper(viewer)?;
        let row = self.report_row(id).await?;
        let line = self.report_line(&row)?;
        let sheet = match row.answered_at {
            Some(_) => None,
            None => {
                let form = self.form(answer_form(&row))?;
                let address = format!("/directory/reports/{id}");
                let mut sheet = Sheet::new(form, address, "/directory".into());
                sheet.button = "Send the answer".into();
                Some(sheet)
            }
        };
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let told = suggested(&row);
        let service = row.entry.strip_prefix("service/");
        let there = service.filter(|id| directory.entry(id).is_some());
        let waits = match (service, there) {
            (Some(_), None) => {
                let rows: Vec<DirectoryChange> = self
                    .rows_of(
                        "entry = $1 and state = 'waiting' order by made_at limit 1",
                        args![row.entry.clone()],
                    )
                    .await?;
                rows.first().map(|change| change.id)
            }
            _ => None,
        };
        let like = match (&told, there) {
            (Some(told), None) => self.like_suggestion(directory, told),
            _ => Vec::new(),
        };
        let suggested = told.map(|told| self.suggestion_lines(&told)).transpose()?;
        Ok(ReportSeen {
            line,
            service: there.unwrap_or_default().to_owned(),
            suggested,
            like,
            waits,
            words: row.words.unwrap_or_default(),
            by_mail: row.reply.is_some(),
            came: plain::date_time(time::local(row.made_at)),
            answered: row.answer.unwrap_or_default(),
            sheet,
        })
    }

    /// Answers a report. The answer stands behind its link; by mail too, if they
    /// left an address and mails are sent.
    ///
    /// # Errors
    /// Findings; `Refused` when it was answered meanwhile.
    pub async fn answer_report(
        &self,
        viewer: &Viewer,
        id: Id<ids::Report>,
        answers: &Answers,
    ) -> Result<Done> {
        keeper(viewer)?;
        let form = answer_form(&self.report_row(id).await?);
        stops(self.form(form)?.check(answers, None))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut row: DirectoryReport = tx.get(id).await?;
        if row.answered_at.is_some() {
            return Err(Error::Refused("This is answered already.".into()));
        }
        row.outcome = said(answers, "outcome");
        row.answer = said(answers, "answer");
        row.answered_by = Some(viewer.principal.worker);
        row.answered_at = Some(tx.now());
        tx.update(&mut row).await?;
        let mails = self.sends_mail();
        if let (Some(to), Some(answer), true) = (&row.reply, &row.answer, mails) {
            let words = [
                ("service", row.name.as_str()),
                ("answer", answer),
                ("council", self.name()),
            ];
            let letter = match row.suggested {
                Some(_) => "service-missing-answer",
                None => "service-report-answer",
            };
            let (subject, body) = self.directory_letter(letter, &words)?;
            let mail = post::NewMail {
                about: row.id.as_str(),
                kind: letter,
                entry: &row.entry,
                to,
                subject,
                body,
                link: None,
            };
            post::write(&mut tx, mail).await?;
        }
        tx.drop_draft(viewer.principal.worker, &format!("directory:reports:{id}"))
            .await?;
        tx.commit().await?;
        let words = match (&row.reply, mails) {
            (None, _) => "Answered. They find it behind their link.",
            (Some(_), true) => "Answered. They get it by email too.",
            (Some(_), false) => {
                "Answered. No emails are sent from here: they find it behind their link."
            }
        };
        Ok(Done::new(words, "/directory"))
    }

    /// Forgets how to reach those whose reports were answered long enough ago.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn forget_reporters(&self) -> Result<usize> {
        let before = Utc::now() - chrono::Duration::days(self.upkeep()?.forget_after);
        let rows: Vec<DirectoryReport> = self
            .rows_of(
                "reply is not null and answered_at is not null and answered_at < $1",
                args![before],
            )
            .await?;
        let forgotten = rows.len();
        for row in rows {
            let mut tx = self.store().begin(&Actor::system("upkeep")).await?;
            let mut row: DirectoryReport = tx.get(row.id).await?;
            row.reply = None;
            tx.update(&mut row).await?;
            let mails: Vec<record::model::Mail> =
                crate::asking::rows(&mut tx, "about = $1", args![row.id.as_str().to_owned()])
                    .await?;
            for mut mail in mails {
                mail.to_address = String::new();
                tx.update(&mut mail).await?;
            }
            tx.commit().await?;
        }
        Ok(forgotten)
    }
}
