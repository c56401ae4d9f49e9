//! One referral on its page, and the board of them all: of which it is not
//! known whether the family got help, who waits longest, and what there is none
//! of.

use chrono::{Days, NaiveDate};
use record::model::{ServiceMove, ServiceReferral};
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{KIND, ReferralForm, ReferralSeen, is_settled};
use crate::care::board::{name_and_age, sees_boards};
use crate::clocks::ClockView;
use crate::plans::columns;
use crate::{Casework, Error, Result, time};

/// After so many days without a result a referral stands on the board
/// (R002-34).
const UNKNOWN_AFTER: i64 = 28;
/// The bands of a queue by weeks, each up to and without the next.
const BANDS: [(i64, &str); 4] = [
    (0, "Under 4 weeks"),
    (4, "4 to 12 weeks"),
    (12, "12 to 26 weeks"),
    (26, "26 weeks and more"),
];

/// Everything on the page of a referral.
#[derive(Debug, Clone)]
pub struct ReferralPage {
    /// The referral and its plan.
    pub seen: ReferralSeen,
    /// "On the waiting list, since 3 March 2026".
    pub stands: String,
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
    /// How many of them have had no result for 28 days.
    pub unknown: usize,
    /// Who waits, by weeks since the first day.
    pub bands: Vec<(&'static str, usize)>,
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
        let row = &seen.row;
        let state = self.label("service-state", &row.state);
        let writes = !is_settled(row) && self.may_plan(viewer, &seen.plan.child);
        Ok(ReferralPage {
            stands: format!("{state}, since {}", plain::date(row.state_on)),
            asked: plain::date(row.asked_on),
            result: self.result_words(row),
            moves: moves.into_iter().map(move_words).collect(),
            clocks: self.clocks_about(KIND, id).await?,
            forms: match writes {
                true => ReferralForm::ALL.to_vec(),
                false => Vec::new(),
            },
            seen,
        })
    }

    fn result_words(&self, row: &ServiceReferral) -> Option<String> {
        let label = self.label("service-result", row.result.as_deref()?);
        let day = row.result_on.map(plain::date).unwrap_or_default();
        let words = row.words.as_deref().or(row.declined_why.as_deref());
        Some(format!("{label}, {day}. {}", words.unwrap_or_default()))
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
        let bands = BANDS.iter().enumerate().map(|(i, (from, words))| {
            let to = BANDS.get(i + 1).map_or(i64::MAX, |next| next.0);
            let inside = |r: &&ReferralRow| r.waits && (*from..to).contains(&r.weeks);
            (*words, rows.iter().filter(inside).count())
        });
        Ok(ReferralBoard {
            unknown: rows.iter().filter(|r| r.unknown).count(),
            bands: bands.collect(),
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
        let days = (time::today() - row.asked_on).num_days();
        let weeks = days / 7;
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
            waits: matches!(row.state.as_str(), "asked" | "waiting"),
            unknown: days > UNKNOWN_AFTER,
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
