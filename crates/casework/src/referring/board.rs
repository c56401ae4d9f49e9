//! One referral on its page, and the board of them all: of which it is not
//! known whether the family got help, who waits longest, and what there is none
//! of.

use chrono::{Days, NaiveDate};
use record::model::{ServiceLink, ServiceMove, ServiceReferral};
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::standing::Stands;
use super::{KIND, ReferralForm, ReferralSeen, is_settled};
use crate::care::board::{name_and_age, sees_boards};
use crate::clocks::ClockView;
use crate::enquiries::board::link_words;
use crate::plans::columns;
use crate::{Casework, Error, Result, time};

/// Everything on the page of a referral.
#[derive(Debug, Clone)]
pub struct ReferralPage {
    /// The referral and its plan.
    pub seen: ReferralSeen,
    /// "On the waiting list, since 3 March 2026".
    pub stands: String,
    /// Whom it is for: "Maya Kerr and Layla Kerr".
    pub whom: String,
    /// About how long the wait is, as the service says.
    pub wait: Option<String>,
    /// The links of the service: to whom, and until when they open.
    pub links: Vec<String>,
    /// A link may be made for the service.
    pub may_send: bool,
    /// The first day, in words.
    pub asked: String,
    /// "In part, 3 April 2026. ..."
    pub result: Option<String>,
    /// Each move from one service to another, the last one first.
    pub moves: Vec<String>,
    /// Running clocks.
    pub clocks: Vec<ClockView>,
    /// The pages that may be opened now.
    pub forms: Vec<ReferralForm>,
}

/// A referral as a row.
#[derive(Debug, Clone)]
pub struct ReferralRow {
    /// The referral.
    pub id: Id<ids::ServiceReferral>,
    /// The child, for the journal.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// The service.
    pub service: String,
    /// "Asked 3 March 2026, 6 weeks ago".
    pub asked: String,
    /// How many weeks ago.
    pub weeks: i64,
    /// "On the waiting list".
    pub state: String,
    /// Whether it waits for the service.
    pub waits: bool,
    /// Whether its result is overdue.
    pub unknown: bool,
}

/// The board.
#[derive(Debug, Clone)]
pub struct ReferralBoard {
    /// Every referral without a result, the longest first.
    pub rows: Listed<ReferralRow>,
    /// How many of them should have a result by now (R002-34).
    pub unknown: usize,
    /// The rule of that, in the pack's words.
    pub rule: String,
    /// Who waits, by weeks since the first day.
    pub bands: Vec<(String, usize)>,
    /// Unmet needs of a year: need, why, how many; the most first.
    pub unmet: Vec<(String, String, i64)>,
    /// Whether the viewer may move a whole list.
    pub hands_over: bool,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: ServiceReferral,
    given: String,
    known_as: Option<String>,
    surname: String,
    born_on: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct Lacking {
    need: String,
    why: String,
    n: i64,
}

impl Casework {
    /// The page of one referral.
    ///
    /// # Errors
    /// As [`Casework::service_referral`].
    pub async fn referral_page(
        &self,
        viewer: &Viewer,
        id: Id<ids::ServiceReferral>,
    ) -> Result<ReferralPage> {
        let seen = self
            .service_referral(viewer, id, Asked::to_read("service-referral"))
            .await?;
        let moves: Vec<ServiceMove> = self
            .rows_of(
                "referral_id = $1 order by moved_on desc, id desc",
                args![id],
            )
            .await?;
        let links: Vec<ServiceLink> = self
            .rows_of(
                "about_kind = 'service_referral' and about_id = $1 \
                 order by made_at desc, id desc limit 20",
                args![id],
            )
            .await?;
        let mails = self.mails_about(id.as_str()).await?;
        let whom = self.referred_names(viewer, &seen.row).await?;
        let row = &seen.row;
        let place = row.standing();
        let state = self.label("service-state", &row.state);
        let writes = !is_settled(row) && self.may_plan(viewer, &seen.plan.child);
        Ok(ReferralPage {
            stands: format!("{state}, since {}", plain::date(row.state_on)),
            whom: match whom.is_empty() {
                true => seen.child(),
                false => whom,
            },
            wait: row.wait_words.clone().filter(|_| row.state == "waiting"),
            links: links.iter().map(|l| link_words(l, &mails)).collect(),
            may_send: writes && !place.is_over(),
            asked: plain::date(row.asked_on),
            result: self.result_words(row),
            moves: moves.into_iter().map(move_words).collect(),
            clocks: self.clocks_about(KIND, id).await?,
            forms: match writes {
                true => ReferralForm::open(&place),
                false => Vec::new(),
            },
            seen,
        })
    }

    fn result_words(&self, row: &ServiceReferral) -> Option<String> {
        let label = self.label("service-result", row.result.as_deref()?);
        let day = row.result_on.map(plain::date).unwrap_or_default();
        let words = row.words.as_deref().or(row.declined_why.as_deref());
        let by = match row.result_by.as_deref() {
            Some("service") => " (the service says)",
            _ => "",
        };
        Some(format!("{label}, {day}{by}. {}", words.unwrap_or_default()))
    }

    /// The board of the children whom the viewer may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn referral_board(&self, viewer: &Viewer) -> Result<ReferralBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let (open, values) =
            self.gate()
                .may_see(viewer, Asked::to_read("service-referrals"), "p.id", 1);
        let sql = format!(
            "select {}, p.given, p.known_as, p.family_name as surname, p.born_on \
             from service_referral r join person p on p.id = r.person_id \
             where r.result is null and {open} order by r.asked_on, r.id limit 300",
            columns::<ServiceReferral>("r")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows: Vec<ReferralRow> = found.into_iter().map(|f| self.referral_row(f)).collect();
        let rows = self
            .gate()
            .listed(viewer, "service-referrals", rows, |row| {
                vec![format!("person:{}", row.person)]
            })
            .await?;
        let waits = rows.iter().filter(|r| r.waits).map(|r| r.weeks);
        Ok(ReferralBoard {
            unknown: rows.iter().filter(|r| r.unknown).count(),
            rule: self.result_rule(),
            bands: self.bands().count(waits),
            unmet: self.unmet_needs(viewer).await?,
            hands_over: viewer.can("case.allocate"),
            rows,
        })
    }

    /// R002-16: needs for which there was no service, counted by kind.
    async fn unmet_needs(&self, viewer: &Viewer) -> Result<Vec<(String, String, i64)>> {
        let (open, more) =
            self.gate()
                .may_see(viewer, Asked::to_read("service-referrals"), "p.id", 2);
        let mut values = args![time::today() - Days::new(365)];
        values.extend(more);
        let sql = format!(
            "select u.need, u.why, count(*) as n from unmet_need u \
             join person p on p.id = u.person_id where u.noted_on >= $1 and {open} \
             group by u.need, u.why order by count(*) desc, u.need, u.why limit 40"
        );
        let db = self.store().read_db();
        let rows: Vec<Lacking> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(rows
            .into_iter()
            .map(|r| {
                (
                    self.label("unmet-need", &r.need),
                    self.label("unmet-why", &r.why),
                    r.n,
                )
            })
            .collect())
    }

    fn referral_row(&self, found: Found) -> ReferralRow {
        let row = found.row;
        let weeks = (time::today() - row.asked_on).num_days() / 7;
        let ago = match weeks {
            0 => "this week".to_owned(),
            1 => "1 week ago".to_owned(),
            n => format!("{n} weeks ago"),
        };
        ReferralRow {
            name: name_and_age(
                &found.given,
                found.known_as.as_deref(),
                &found.surname,
                found.born_on,
            ),
            asked: format!("{}, {ago}", plain::date(row.asked_on)),
            weeks,
            state: self.label("service-state", &row.state),
            waits: row.standing().queues(),
            unknown: self.result_is_late(row.asked_on),
            person: row.person_id,
            service: row.service,
            id: row.id,
        }
    }
}

fn move_words(row: ServiceMove) -> String {
    format!(
        "{}: from {} to {}, {}. {}",
        plain::date(row.moved_on),
        row.from_service,
        row.to_service,
        row.to_provider,
        row.why
    )
}
