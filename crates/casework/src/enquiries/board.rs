//! What families ask of services, for those who look after it: what waits for a
//! worker, for a service, for a place, and of which nobody knows yet whether
//! help came (R002-34); and one of them on its page.

use record::model::{Enquiry, EnquiryMove, Mail, ServiceLink};
use record::{Asked, AssertSqlSafe, Guarded, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::desk::EnquiryForm;
use super::{KIND, answers_of, asker_words, safe_words};
use crate::clocks::ClockView;
use crate::plans::columns;
use crate::referring::letters::TO_SERVICE;
use crate::referring::links::opens;
use crate::referring::standing::{Stands, Teller};
use crate::{Casework, Error, Result, post, time};

/// An enquiry as a row.
#[derive(Debug, Clone)]
pub struct EnquiryRow {
    /// The enquiry.
    pub id: Id<ids::Enquiry>,
    /// To quote.
    pub reference: String,
    /// "A parent: Perdita Thorn".
    pub who: String,
    /// The service.
    pub service: String,
    /// "3 March 2026, 6 weeks ago".
    pub asked: String,
    /// How many weeks ago.
    pub weeks: i64,
    /// "On the waiting list".
    pub state: String,
    /// It waits for the service.
    pub waits: bool,
    /// A worker must do something first: "A child of 11 asks alone", "Send it
    /// to the service".
    pub to_do: Option<String>,
    /// It should be known by now whether help came.
    pub unknown: bool,
    /// The front door has it too.
    pub danger: bool,
    /// The child to whom it was put, for the journal.
    person: Option<Id<ids::Person>>,
}

/// The board.
#[derive(Debug, Clone)]
pub struct EnquiryBoard {
    /// Those of which it is not known whether help came, the longest first.
    pub rows: Listed<EnquiryRow>,
    /// How many a worker must do something about.
    pub to_do: usize,
    /// How many should be known by now.
    pub unknown: usize,
    /// The rule of that, in the pack's words.
    pub rule: String,
    /// Who waits, by weeks since the first day.
    pub bands: Vec<(String, usize)>,
    /// What came of those that were settled in the last year: label and number.
    pub came: Vec<(String, i64)>,
}

/// One enquiry on its page.
#[derive(Debug, Clone)]
pub struct EnquiryPage {
    /// The row.
    pub row: Guarded<Enquiry>,
    /// Who asks.
    pub who: String,
    /// Everything that was said: question and answer.
    pub lines: Vec<(String, String)>,
    /// How to be in touch safely.
    pub safe: Vec<String>,
    /// What the service may read.
    pub shares: &'static str,
    /// The first day, in words.
    pub asked: String,
    /// "On the waiting list, since 3 March 2026".
    pub stands: String,
    /// "The family says: Yes, 3 April 2026."
    pub result: Option<String>,
    /// Each move from one service to another, the last first.
    pub moves: Vec<String>,
    /// The links of the service: to whom, and until when they open.
    pub links: Vec<String>,
    /// Mails to whoever asked, the last first.
    pub mails: Vec<String>,
    /// Running clocks.
    pub clocks: Vec<ClockView>,
    /// The pages that may be opened now.
    pub forms: Vec<EnquiryForm>,
    /// A link may be made for the service.
    pub may_send: bool,
    /// Until when it is kept.
    pub kept: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Enquiry,
    sent: bool,
}

impl Casework {
    /// The board of enquiries.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not look after them.
    pub async fn enquiry_board(&self, viewer: &Viewer) -> Result<EnquiryBoard> {
        let (open, values) = self
            .gate()
            .may_see_enquiries(viewer, 1)
            .ok_or(Error::NotFound)?;
        let sql = format!(
            "select {}, exists (select 1 from service_link l where l.about_kind = 'enquiry' \
             and l.about_id = e.id and l.whose = 'service' and l.withdrawn_at is null \
             and not exists (select 1 from mail m where m.link_id = l.id \
             and m.state in ('failed', 'refused', 'bounced'))) as sent \
             from enquiry e where e.result is null and {open} \
             order by e.asked_on, e.id limit 300",
            columns::<Enquiry>("e")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows: Vec<EnquiryRow> = found.into_iter().map(|f| self.enquiry_row(f)).collect();
        let rows = self
            .gate()
            .listed(viewer, "requests", rows, |row| {
                let person = row.person.map(|id| format!("person:{id}"));
                person
                    .into_iter()
                    .chain([format!("enquiry:{}", row.id)])
                    .collect()
            })
            .await?;
        let waits = rows.iter().filter(|r| r.waits).map(|r| r.weeks);
        Ok(EnquiryBoard {
            to_do: rows.iter().filter(|r| r.to_do.is_some()).count(),
            unknown: rows.iter().filter(|r| r.unknown).count(),
            rule: self.result_rule(),
            bands: self.bands().count(waits),
            came: self.what_came(viewer).await?,
            rows,
        })
    }

    fn enquiry_row(&self, found: Found) -> EnquiryRow {
        let (row, place) = (&found.row, found.row.standing());
        let weeks = (time::today() - row.asked_on).num_days() / 7;
        let ago = match weeks {
            0 => "this week".to_owned(),
            n => format!("{} ago", plain::count(n, "week", "weeks")),
        };
        let unsent = row.state == "asked" && !found.sent;
        EnquiryRow {
            to_do: match &row.held {
                Some(why) => Some(why.clone()),
                None => unsent.then(|| "Send it to the service".to_owned()),
            },
            who: format!(
                "{}: {}",
                asker_words(row),
                answers_of(row).text("caller_name")
            ),
            asked: format!("{}, {ago}", plain::date(row.asked_on)),
            weeks,
            state: self.label("service-state", &row.state),
            waits: place.queues(),
            unknown: self.result_is_late(row.asked_on),
            danger: row.danger,
            person: row.person_id,
            reference: row.reference.clone(),
            service: row.service.clone(),
            id: row.id,
        }
    }

    /// What came of the enquiries of a year that the viewer may see, counted:
    /// names nobody.
    async fn what_came(&self, viewer: &Viewer) -> Result<Vec<(String, i64)>> {
        #[derive(sqlx::FromRow)]
        struct Came {
            result: String,
            n: i64,
        }
        let since = time::today() - chrono::Days::new(365);
        let (open, more) = self
            .gate()
            .may_see_enquiries(viewer, 2)
            .ok_or(Error::NotFound)?;
        let mut values = args![since];
        values.extend(more);
        let sql = format!(
            "select e.result, count(*) as n from enquiry e where e.result is not null \
             and e.result_on >= $1 and {open} group by e.result order by count(*) desc, e.result"
        );
        let db = self.store().read_db();
        let rows: Vec<Came> = db.all(AssertSqlSafe(sql), values).await?;
        let label = |r: Came| (self.label("service-result", &r.result), r.n);
        Ok(rows.into_iter().map(label).collect())
    }

    /// One enquiry.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn enquiry_page(&self, viewer: &Viewer, id: Id<ids::Enquiry>) -> Result<EnquiryPage> {
        let row = self
            .gate()
            .enquiry(viewer, id, Asked::to_read("request"))
            .await?
            .ok_or(Error::NotFound)?;
        let moves: Vec<EnquiryMove> = self
            .rows_of("enquiry_id = $1 order by moved_on desc, id desc", args![id])
            .await?;
        let links: Vec<ServiceLink> = self
            .rows_of(
                "about_kind = 'enquiry' and about_id = $1 and whose = 'service' \
                 order by made_at desc, id desc limit 20",
                args![id],
            )
            .await?;
        let mails = self.mails_about(id.as_str()).await?;
        let place = row.standing();
        let state = self.label("service-state", &row.state);
        let works = self.gate().looks_after(viewer, KIND);
        let forms = match works {
            true => EnquiryForm::open(&row, &place),
            false => Vec::new(),
        };
        Ok(EnquiryPage {
            who: format!(
                "{}: {}",
                asker_words(&row),
                answers_of(&row).text("caller_name")
            ),
            lines: self.lines_of(&row, |_| true),
            safe: safe_words(&row),
            shares: match row.shares.as_str() {
                "less" => "Only who asks, and how to reach them",
                _ => "Everything but what is said of danger and of agreement",
            },
            asked: plain::date(row.asked_on),
            stands: format!("{state}, since {}", plain::date(row.state_on)),
            result: row.result.as_deref().map(|result| {
                let label = self.label("service-result", result);
                let day = row.result_on.map(plain::date).unwrap_or_default();
                let says = Teller::says(row.result_by.as_deref());
                format!(
                    "{says}: {label}, {day}. {}",
                    row.words.as_deref().unwrap_or_default()
                )
            }),
            moves: moves
                .into_iter()
                .map(|m| {
                    let day = plain::date(m.moved_on);
                    format!(
                        "{day}: from {} to {}, {}. {}",
                        m.from_service, m.to_service, m.to_provider, m.why
                    )
                })
                .collect(),
            links: links.iter().map(|l| link_words(l, &mails)).collect(),
            mails: mails
                .iter()
                .filter(|m| m.kind != TO_SERVICE)
                .map(|m| format!("“{}”: {}", m.subject, post::words_of(m)))
                .collect(),
            clocks: self.clocks_about(KIND, id).await?,
            may_send: works && !place.is_over() && place.result.is_none(),
            kept: row.keep_until.map(plain::date),
            forms,
            row,
        })
    }
}

pub(crate) fn link_words(link: &ServiceLink, mails: &[Mail]) -> String {
    let to = link.sent_to.as_deref().unwrap_or("the service");
    let day = |at: chrono::DateTime<chrono::Utc>| plain::date(time::local(at).date());
    let state = match (link.withdrawn_at, link.answered_at) {
        (Some(at), _) => format!("withdrawn on {}", day(at)),
        (None, _) if !opens(link, chrono::Utc::now()) => {
            format!("ran out on {}", day(link.ends_at))
        }
        (None, Some(at)) => format!("answered on {}, opens until {}", day(at), day(link.ends_at)),
        (None, None) => format!("not answered yet, opens until {}", day(link.ends_at)),
    };
    let mail = mails.iter().find(|m| m.link_id == Some(link.id));
    let mail = mail.map_or_else(String::new, |m| format!(". Email: {}", post::words_of(m)));
    format!("{to}, made on {}: {state}{mail}", day(link.made_at))
}
