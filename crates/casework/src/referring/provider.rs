//! The page behind a service's link, for referrals of workers and for what
//! families ask alike: what consent allows to be read, and what may be answered
//! next. No account; every look and every answer is on record.

use chrono::NaiveTime;
use packs::{Answers, Form};
use record::Tx;
use record::journal::{Deed, Event};
use record::model::{Action, Enquiry, Person, ServiceLink, ServiceReferral, Worker};
use vocabulary::plain;

use super::answer::said_of;
use super::letters::News;
use super::links::Whose;
use super::standing::{Said, Standing, Stands, Teller};
use super::{KIND, Speaker, links::answered};
use crate::asking::Sheet;
use crate::{Casework, Error, Result, enquiries, time};

/// The form that a service fills in.
pub const FORM: &str = "provider-answer";

/// What the page behind a service's link shows.
#[derive(Debug, Clone)]
pub struct ForService {
    /// The service.
    pub service: String,
    /// When it was first asked.
    pub asked: String,
    /// "On the waiting list, since 3 March 2026".
    pub stands: String,
    /// By when an answer is hoped for; nothing once there is one.
    pub answer_by: Option<String>,
    /// What it may read: question and answer.
    pub lines: Vec<(String, String)>,
    /// How to be in touch safely, to be read before anything else.
    pub safe: Vec<String>,
    /// Whom to ask, and their telephone.
    pub ask: (String, String),
    /// What may be answered now; nothing when it is over.
    pub form: Option<Form>,
    /// What is filled in already.
    pub answers: Answers,
    /// Until when the link opens.
    pub until: String,
    /// The council has a worker for the family, who asked for it.
    pub by_worker: bool,
}

/// What a link is about.
enum About {
    Referral(Box<ServiceReferral>),
    Enquiry(Box<Enquiry>),
}

impl About {
    async fn of(tx: &mut Tx, link: &ServiceLink) -> Result<About> {
        Ok(match link.about_kind.as_str() {
            KIND => About::Referral(Box::new(tx.get(&link.about_id).await?)),
            enquiries::KIND => About::Enquiry(Box::new(tx.get(&link.about_id).await?)),
            _ => return Err(Error::NotFound),
        })
    }

    fn standing(&self) -> Standing {
        match self {
            About::Referral(row) => row.standing(),
            About::Enquiry(row) => row.standing(),
        }
    }
}

impl Casework {
    /// What a service's link shows. The look is on record before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every token that does not open.
    pub async fn for_service(&self, token: &str) -> Result<ForService> {
        let (mut tx, link) = self.open_service_link(token, Whose::Service).await?;
        let about = About::of(&mut tx, &link).await?;
        let place = about.standing();
        let mut look = Event::new(Deed::Looked, "service_link", link.id);
        look.purpose = Some("look".into());
        look.because = Some("They hold the link of the service that was asked.".into());
        let (lines, safe, ask, by_worker) = match &about {
            About::Referral(row) => {
                look.subjects = vec![
                    format!("person:{}", row.person_id),
                    format!("family:{}", row.family_id),
                ];
                let (lines, ask) = self.of_referral(&mut tx, row, &link).await?;
                (lines, Vec::new(), ask, true)
            }
            About::Enquiry(row) => {
                look.subjects = vec![format!("enquiry:{}", row.id)];
                let phone = self.front_door_phone().await?;
                (
                    self.may_be_read(row),
                    enquiries::safe_words(row),
                    (self.name().to_owned(), phone),
                    false,
                )
            }
        };
        tx.note(look).await?;
        tx.commit().await?;
        let state = self.label("service-state", &place.state);
        let mut answers = Answers::new();
        answers.set("on", time::today().to_string());
        let start = place.asked_on.and_time(NaiveTime::MIN);
        let due = self.pack().due("service-answer", start);
        let answer_by = due.filter(|_| place.state == "asked");
        Ok(ForService {
            asked: plain::date(place.asked_on),
            stands: format!("{state}, since {}", plain::date(place.state_on)),
            answer_by: answer_by.map(|due| plain::date_with_day(due.at.date())),
            form: self.may_be_answered(&place)?,
            service: place.service,
            lines,
            safe,
            ask,
            answers,
            until: plain::date(time::local(link.ends_at).date()),
            by_worker,
        })
    }

    /// Takes the answer of a service.
    ///
    /// # Errors
    /// As [`Casework::for_service`]; [`Error::Findings`] changes nothing.
    pub async fn service_says(&self, token: &str, answers: &Answers) -> Result<()> {
        let (mut tx, link) = self.open_service_link(token, Whose::Service).await?;
        let about = About::of(&mut tx, &link).await?;
        let place = about.standing();
        let form = self.may_be_answered(&place)?.ok_or_else(over)?;
        let mut findings = form.check(answers, None);
        findings.retain(|f| f.severity == packs::Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let mut said = Said::read(answers, time::today())?;
        // What nobody could find out stays open: the family is asked.
        said.result = said.result.filter(|result| result != "not_known");
        let day = said.on;
        match about {
            About::Referral(row) => {
                let row = said_of(&mut tx, row.id, said, Teller::Service).await?;
                let by = Speaker::service(&row.provider);
                self.tell_answer(&mut tx, &row, day, &by).await?;
            }
            About::Enquiry(mut row) => {
                self.enquiry_says(&mut tx, &mut row, said, Teller::Service)
                    .await?;
                self.mail_the_asker(&mut tx, &row, News::Moved).await?;
            }
        }
        answered(&mut tx, link).await?;
        Ok(tx.commit().await?)
    }

    /// The form with only what may come next; nothing when it is over.
    fn may_be_answered(&self, place: &Standing) -> Result<Option<Form>> {
        let next = place.may_follow();
        if next.is_empty() {
            return Ok(None);
        }
        let mut sheet = Sheet::new(self.form(FORM)?, String::new(), String::new());
        sheet.keep_only("state", next);
        Ok(Some(sheet.form))
    }

    /// Of a referral on a plan a service reads what is asked of it, and whom to
    /// ring: the child's worker knows how to reach the family.
    async fn of_referral(
        &self,
        tx: &mut Tx,
        row: &ServiceReferral,
        link: &ServiceLink,
    ) -> Result<(Vec<(String, String)>, (String, String))> {
        let action: Action = tx.get(row.action_id).await?;
        let mut people: Vec<Person> = Vec::new();
        for id in super::whom(tx, row).await? {
            people.push(tx.get(id).await?);
        }
        let worker: Worker = tx.get(link.made_by.unwrap_or(row.made_by)).await?;
        let lines = vec![
            (
                "Who it is for".to_owned(),
                crate::plans::links::initials(&people),
            ),
            ("What is asked for".to_owned(), action.measure),
        ];
        let phone = worker.phone.unwrap_or_default();
        Ok((lines, (worker.name, phone)))
    }
}

fn over() -> Error {
    let message = "Nothing more can be answered here: it has ended. Ring if that is wrong";
    Error::finding("state", "What happens?", message)
}
