//! What a worker does about an enquiry: sends the service its link, notes what
//! it said on the telephone, moves it to another service, says what came of it,
//! puts it to a child whom they may see.

use chrono::{Duration, NaiveDate};
use packs::Answers;
use record::model::{Enquiry, EnquiryMove, ServiceLink};
use record::{Asked, AssertSqlSafe, Guarded, Tx, Value, Viewer, args};
use vocabulary::{BirthDate, Id, ids, plain};

use super::{KIND, answers_of, path};
use crate::asking::{self, Done, Sheet, said};
use crate::post::Mailed;
use crate::referring::answer::Onward;
use crate::referring::letters::{News, TO_SERVICE};
use crate::referring::links::{self, NewLink, SERVICE_DAYS, Whose};
use crate::referring::standing::{Said, Standing, Stands, Teller};
use crate::{Casework, Error, Result, time};

/// The pages of one form each about an enquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnquiryForm {
    /// What the service said.
    Answer,
    /// Another service takes it over.
    Move,
    /// Whether help came.
    Result,
    /// It is put to a known child.
    Child,
}

impl EnquiryForm {
    /// Every page, in the order in which they are offered.
    pub const ALL: [EnquiryForm; 4] = [
        EnquiryForm::Answer,
        EnquiryForm::Move,
        EnquiryForm::Result,
        EnquiryForm::Child,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            EnquiryForm::Answer => "answer",
            EnquiryForm::Move => "move",
            EnquiryForm::Result => "result",
            EnquiryForm::Child => "child",
        }
    }

    fn form(self) -> &'static str {
        match self {
            EnquiryForm::Answer => "service-answer",
            EnquiryForm::Move => "service-move",
            EnquiryForm::Result => "service-result",
            EnquiryForm::Child => "enquiry-child",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            EnquiryForm::Answer => "What the service said",
            EnquiryForm::Move => "Another service takes it over",
            EnquiryForm::Result => "Did the family get help?",
            EnquiryForm::Child => "Put it to a child whom we know",
        }
    }

    /// Those that make sense now.
    pub(super) fn open(row: &Enquiry, place: &Standing) -> Vec<EnquiryForm> {
        let fits = |form: &EnquiryForm| match form {
            EnquiryForm::Answer => place.result.is_none() && !place.may_follow().is_empty(),
            EnquiryForm::Move => place.waits(),
            EnquiryForm::Result => place.result.is_none(),
            EnquiryForm::Child => row.person_id.is_none() && !row.word_hash.is_empty(),
        };
        EnquiryForm::ALL.into_iter().filter(fits).collect()
    }
}

/// A link for a service that was just made. The token is nowhere else.
#[derive(Debug, Clone)]
pub struct SentLink {
    /// What became of the mail with it.
    pub mailed: Mailed,
    /// The address to send.
    pub address: String,
    /// The letter's subject.
    pub subject: String,
    /// The letter's text.
    pub body: String,
    /// "5 December 2026".
    pub until: String,
}

impl SentLink {
    /// A link with the letter around it.
    pub(crate) fn new(
        mailed: Mailed,
        address: String,
        (subject, body): (String, String),
        link: &ServiceLink,
    ) -> SentLink {
        SentLink {
            mailed,
            subject,
            body: body.replace("{link}", &address),
            until: plain::date(time::local(link.ends_at).date()),
            address,
        }
    }
}

impl Casework {
    async fn enquiry_to_change(
        &self,
        viewer: &Viewer,
        id: Id<ids::Enquiry>,
        page: &str,
    ) -> Result<Guarded<Enquiry>> {
        let row = self
            .gate()
            .enquiry(viewer, id, Asked::to_write(page))
            .await?
            .ok_or(Error::NotFound)?;
        match self.gate().looks_after(viewer, KIND) {
            true => Ok(row),
            false => {
                let why = "Only those who look after requests to services write here. Ask early help to add it.";
                Err(Error::Refused(why.into()))
            }
        }
    }

    /// One of the pages about an enquiry.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] when it makes
    /// no sense any more.
    pub async fn ask_of_enquiry(
        &self,
        viewer: &Viewer,
        id: Id<ids::Enquiry>,
        what: EnquiryForm,
    ) -> Result<Sheet> {
        let row = self.enquiry_to_change(viewer, id, what.form()).await?;
        let place = row.standing();
        if !EnquiryForm::open(&row, &place).contains(&what) {
            let why = "Nothing more can be written here: look at where the request stands now.";
            return Err(Error::Refused(why.into()));
        }
        let address = format!("{}/{}", path(id), what.word());
        let mut sheet = Sheet::new(self.form(what.form())?, address, path(id));
        sheet.title = format!(
            "{}, {}: {}",
            row.service,
            row.reference,
            what.link().to_lowercase()
        );
        sheet.day("on", viewer.today);
        match what {
            EnquiryForm::Answer => sheet.keep_only("state", place.may_follow()),
            EnquiryForm::Child => {
                let known = self.may_be_the_child(viewer, &row).await?;
                if known.is_empty() {
                    let why = "No child whose record is open to you has a family name that was given here. Ask the child’s own worker to do it, if there is one: nothing is opened for a request.";
                    return Err(Error::Refused(why.into()));
                }
                sheet.offer("child", known);
            }
            _ => {}
        }
        Ok(sheet)
    }

    /// Saves one of the pages about an enquiry.
    ///
    /// # Errors
    /// As [`Casework::ask_of_enquiry`]; [`Error::Findings`].
    pub async fn save_of_enquiry(
        &self,
        viewer: &Viewer,
        id: Id<ids::Enquiry>,
        what: EnquiryForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_of_enquiry(viewer, id, what).await?;
        sheet.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &path(id)).await?;
        let mut row: Enquiry = tx.get(id).await?;
        let words = match what {
            EnquiryForm::Answer => {
                let said = Said::read(answers, viewer.today)?;
                self.enquiry_says(&mut tx, &mut row, said, Teller::Worker)
                    .await?;
                self.mail_the_asker(&mut tx, &row, News::Moved).await?;
                "Saved. The family sees it on its page."
            }
            EnquiryForm::Move => {
                let onward = Onward::read(answers, viewer.today)?;
                self.enquiry_moved(&mut tx, viewer, &mut row, &onward)
                    .await?;
                "It moved. The first day stays."
            }
            EnquiryForm::Result => {
                let (result, words) = (answers.text("result"), said(answers, "words"));
                self.enquiry_helped(&mut tx, &mut row, result, words, Teller::Worker)
                    .await?;
                "Saved. It counts for the service and for what we learn."
            }
            EnquiryForm::Child => {
                let why = answers.text("why").trim();
                tx.because_of(why);
                row.person_id = answers.text("child").parse().ok();
                tx.update(&mut row).await?;
                "It is put to the child. Whoever may see the child now sees it."
            }
        };
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, path(id)))
    }

    /// Children with a family name that was given, whose record the viewer may
    /// write in: id, and name with age.
    async fn may_be_the_child(
        &self,
        viewer: &Viewer,
        row: &Enquiry,
    ) -> Result<Vec<(String, String)>> {
        #[derive(sqlx::FromRow)]
        struct Known {
            id: Id<ids::Person>,
            given: String,
            family_name: String,
            born_on: Option<NaiveDate>,
        }
        let answers = answers_of(row);
        let last = |text: &str| text.split_whitespace().next_back().map(str::to_lowercase);
        let mut names: Vec<String> = answers
            .groups("children")
            .iter()
            .filter_map(|child| last(child.text("family")))
            .chain(last(answers.text("caller_name")))
            .chain(last(answers.text("adult")))
            .collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
        let mut values: Vec<Value> = names.iter().map(|n| Value::from(n.as_str())).collect();
        let asked = Asked::to_write("enquiry-child");
        let (open, more) = self.gate().may_see(viewer, asked, "p.id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select p.id, p.given, p.family_name, p.born_on from person p \
             where p.kind <> 'adult' and lower(p.family_name) in ({}) and {open} \
             order by p.given, p.id limit 40",
            places.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Known> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = self
            .gate()
            .listed(viewer, "enquiry-child", rows, |p| {
                vec![format!("person:{}", p.id)]
            })
            .await?;
        let words = |p: Known| {
            let age = p
                .born_on
                .map(|day| BirthDate::exact(day).words_on(time::today()));
            let name = format!("{} {}", p.given, p.family_name);
            (
                p.id.to_string(),
                [Some(name), age]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", "),
            )
        };
        Ok(rows.into_iter().map(words).collect())
    }

    /// Makes the link of the service, with its letter; an earlier one stops
    /// working. What held it back is done with. `site` is the address of this
    /// service, such as `https://throughline.example`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] once it is over.
    pub async fn send_to_service(
        &self,
        viewer: &Viewer,
        id: Id<ids::Enquiry>,
        site: &str,
        once: &str,
    ) -> Result<SentLink> {
        let row = self.enquiry_to_change(viewer, id, "request").await?;
        let place = row.standing();
        if place.is_over() || place.result.is_some() {
            let why = "This request is over, so there is nothing to ask the service.";
            return Err(Error::Refused(why.into()));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &path(id)).await?;
        let mut kept: Enquiry = tx.get(id).await?;
        if kept.held.take().is_some() {
            tx.update(&mut kept).await?;
        }
        links::withdraw(&mut tx, KIND, id.as_str()).await?;
        let (token, link) = links::make(
            self.store(),
            &mut tx,
            NewLink {
                whose: Whose::Service,
                kind: KIND,
                about: id.to_string(),
                sent_to: row.provider_email.clone().or(Some(row.provider.clone())),
                made_by: Some(viewer.principal.worker),
                opens_for: Duration::days(SERVICE_DAYS),
            },
        )
        .await?;
        let letter = self.service_letter(&row.service, &row.reference, row.asked_on, &link)?;
        let to = row.provider_email.as_deref();
        let mailed = self
            .mail_link(&mut tx, &link, TO_SERVICE, to, &letter)
            .await?;
        tx.commit().await?;
        let address = format!("{site}/service-answer/{token}");
        Ok(SentLink::new(mailed, address, letter, &link))
    }

    /// Puts another service in the place of the one before; the first day
    /// stays. The one that takes it over is asked by mail where the directory
    /// knows it, and whoever asked learns that something happened.
    pub(crate) async fn enquiry_moved(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        row: &mut Enquiry,
        onward: &Onward,
    ) -> Result<()> {
        let step = EnquiryMove {
            id: Id::new(),
            enquiry_id: row.id,
            moved_on: onward.day,
            from_service: row.service.clone(),
            to_service: onward.service.clone(),
            to_provider: onward.provider.clone(),
            why: onward.why.clone(),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&step).await?;
        let mut place = row.standing();
        place.goes_to(onward);
        row.stand(place);
        row.provider_email = None;
        if let Some((id, email)) = self.service_named(&onward.service).await? {
            row.service_id = Some(id);
            row.provider_email = email;
        }
        tx.update(row).await?;
        // Whoever had it before has no more to say about it, or to read.
        links::withdraw(tx, KIND, row.id.as_str()).await?;
        let by = Some(viewer.principal.worker);
        self.mail_the_service(tx, row, by).await?;
        self.mail_the_asker(tx, row, News::Moved).await?;
        Ok(())
    }
}

/// Enquiries of a service that wait for it, inside a transaction.
pub(crate) async fn enquiries_waiting_for(tx: &mut Tx, service: &str) -> Result<Vec<Enquiry>> {
    asking::rows(
        tx,
        "service = $1 and result is null and state in ('asked', 'accepted', 'waiting')",
        args![service],
    )
    .await
}
