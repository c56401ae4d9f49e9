//! All children in care whom the viewer may see: where they live, what is due,
//! and the numbers of the whole council.

use chrono::{DateTime, Days, NaiveDate, Utc};
use record::{Asked, AssertSqlSafe, Listed, Value, Viewer, args};
use vocabulary::{BirthDate, Id, ids, plain};

use crate::{Casework, Error, Result, time};

/// How many rows a page shows.
pub const ON_PAGE: i64 = 60;

/// Which children to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// All.
    #[default]
    All,
    /// Those whose reviews the viewer chairs.
    Mine,
    /// Those who live outside our area.
    Outside,
    /// Those outside, where the council of the area has not been told.
    NotTold,
    /// Those who came alone.
    Alone,
    /// Those whose leave to remain ends within six months (R000-41).
    Leave,
    /// A visit is late.
    Visits,
    /// A review is late.
    Reviews,
    /// Two reviews, and no plan for a permanent home.
    Permanence,
    /// In a home that should be registered and is not (R003-34).
    Unregistered,
}

impl Which {
    /// Every choice with its word in the address and its label.
    pub const ALL: [(Which, &'static str, &'static str); 10] = [
        (Which::All, "", "All children in care"),
        (Which::Mine, "mine", "Reviews that I chair"),
        (Which::Visits, "visits", "A visit is late"),
        (Which::Reviews, "reviews", "A review is late"),
        (
            Which::Permanence,
            "permanence",
            "No plan for a permanent home by the second review",
        ),
        (Which::Outside, "outside", "Living outside our area"),
        (
            Which::NotTold,
            "not-told",
            "Outside, and the council there not told",
        ),
        (Which::Alone, "alone", "Came alone"),
        (
            Which::Leave,
            "leave",
            "Leave to remain ends within 6 months",
        ),
        (
            Which::Unregistered,
            "unregistered",
            "In a home that is not registered",
        ),
    ];

    /// The choice with this word; all of them for a word that is none.
    pub fn of(word: &str) -> Which {
        let found = Which::ALL.iter().find(|(_, code, _)| *code == word);
        found.map_or(Which::All, |(which, _, _)| *which)
    }
}

/// One child.
#[derive(Debug, Clone)]
pub struct InCare {
    /// The child.
    pub id: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// "since 4 March 2025, care order".
    pub since: String,
    /// The kind of home, and where.
    pub home: String,
    /// "Outside, 31 miles".
    pub place: String,
    /// Came alone.
    pub alone: bool,
    /// The next visit: state and words.
    pub visit: Option<(&'static str, String)>,
    /// The next review.
    pub review: Option<(&'static str, String)>,
    /// The plan for a permanent home.
    pub permanence: String,
    /// Allocated worker.
    pub worker: Option<String>,
}

/// The list and the numbers.
#[derive(Debug, Clone)]
pub struct CareBoard {
    /// The children.
    pub rows: Listed<InCare>,
    /// How many this choice has.
    pub of: i64,
    /// The whole council, for those who may see counts.
    pub numbers: Option<CareNumbers>,
}

/// The whole council in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct CareNumbers {
    /// Children in care today.
    pub in_care: i64,
    /// Of these, living outside our area.
    pub outside: i64,
    /// Of these, who came alone to seek asylum.
    pub alone: i64,
}

impl CareNumbers {
    /// A share in per cent with one decimal: "70.3".
    pub fn share(&self, part: i64) -> String {
        if self.in_care == 0 {
            return "0.0".into();
        }
        let tenths = (part * 1000 + self.in_care / 2) / self.in_care;
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    started_on: NaiveDate,
    permanence: String,
    legal_status: String,
    home: String,
    outside: Option<bool>,
    miles: Option<i64>,
    alone: bool,
    visit: Option<DateTime<Utc>>,
    review: Option<DateTime<Utc>>,
    worker: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Many {
    n: i64,
}

const FROM: &str = "from care c join person p on p.id = c.person_id \
    join care_episode e on e.care_id = c.id and e.ended_on is null \
    join placement h on h.id = e.placement_id";

const ALONE: &str = "exists (select 1 from unaccompanied u where u.person_id = c.person_id and u.ceased_on is null)";

fn due(rules: &str) -> String {
    format!(
        "(select min(k.due_at) from clock k where k.person_id = c.person_id \
         and k.done_at is null and k.rule like '{rules}')"
    )
}

impl Casework {
    /// Children in care whom the viewer may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children in care.
    pub async fn care_board(&self, viewer: &Viewer, which: Which, page: i64) -> Result<CareBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let (open, mut values) = self
            .gate()
            .may_see(viewer, Asked::to_read("in-care"), "p.id", 1);
        let now = Utc::now();
        let mut add = |value: Value| {
            values.push(value);
            values.len()
        };
        let only = match which {
            Which::All => String::new(),
            Which::Mine => format!(" and c.iro_id = ${}", add(viewer.principal.worker.into())),
            Which::Outside => format!(" and h.outside = ${}", add(true.into())),
            Which::NotTold => format!(
                " and h.outside = ${} and not exists (select 1 from placement_told t \
                 where t.placement_id = h.id and t.whom = 'area')",
                add(true.into())
            ),
            Which::Alone => format!(" and {ALONE}"),
            Which::Leave => {
                let until = time::today() + Days::new(180);
                format!(
                    " and exists (select 1 from unaccompanied u where u.person_id = c.person_id \
                     and u.leave_ends <= ${})",
                    add(until.into())
                )
            }
            Which::Visits => format!(" and {} < ${}", due("care-visit%"), add(now.into())),
            Which::Reviews => format!(" and {} < ${}", due("care-review%"), add(now.into())),
            Which::Permanence => " and c.permanence = 'none' and 2 <= (select count(*) \
                from care_review r where r.care_id = c.id)"
                .to_owned(),
            Which::Unregistered => format!(" and h.registered = ${}", add(false.into())),
        };
        let condition = format!("c.ended_on is null and {open}{only}");
        let count = format!("select count(*) as n {FROM} where {condition}");
        let db = self.store().read_db();
        let of: Many = db.one(AssertSqlSafe(count), values.clone()).await?;
        values.extend(args![ON_PAGE, (page.max(1) - 1) * ON_PAGE]);
        let n = values.len();
        let first = match which {
            Which::Mine | Which::Reviews => "review",
            _ => "visit",
        };
        let sql = format!(
            "select p.id, p.given, p.known_as, p.family_name, p.born_on, c.started_on, \
             c.permanence, e.legal_status, h.home, h.outside, h.miles, {ALONE} as alone, \
             {} as visit, {} as review, \
             (select i.name from involvement i where i.person_id = p.id and i.role = 'allocated' \
              and i.ended_on is null order by i.started_on desc limit 1) as worker \
             {FROM} where {condition} order by {first} nulls last, p.id limit ${} offset ${n}",
            due("care-visit%"),
            due("care-review%"),
            n - 1
        );
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| self.in_care(f)).collect();
        let rows = self
            .gate()
            .listed(viewer, "in-care", rows, |row: &InCare| {
                vec![format!("person:{}", row.id)]
            })
            .await?;
        let numbers = match viewer.can("data.view_counts") || viewer.can("case.oversee") {
            true => Some(self.care_numbers(viewer).await?),
            false => None,
        };
        Ok(CareBoard {
            rows,
            of: of.n,
            numbers,
        })
    }

    /// The whole council in numbers: nobody's record, so no look. A record that
    /// is closed to the viewer is in none of them.
    pub async fn care_numbers(&self, viewer: &Viewer) -> Result<CareNumbers> {
        let (counted, more) = self.gate().may_count(viewer, "p.id", 2);
        let mut values = args![true];
        values.extend(more);
        let sql = format!(
            "select count(*) as in_care, \
             sum(case when h.outside = $1 then 1 else 0 end) as outside, \
             sum(case when {ALONE} then 1 else 0 end) as alone {FROM} \
             where c.ended_on is null and {counted}"
        );
        #[derive(sqlx::FromRow)]
        struct Sums {
            in_care: i64,
            outside: Option<i64>,
            alone: Option<i64>,
        }
        let sums: Sums = self
            .store()
            .read_db()
            .one(AssertSqlSafe(sql), values)
            .await?;
        Ok(CareNumbers {
            in_care: sums.in_care,
            outside: sums.outside.unwrap_or(0),
            alone: sums.alone.unwrap_or(0),
        })
    }

    fn in_care(&self, found: Found) -> InCare {
        let place = match (found.outside, found.miles) {
            (Some(true), Some(n)) => format!("Outside, {}", plain::count(n, "mile", "miles")),
            (Some(true), None) => "Outside".into(),
            (Some(false), _) => "In our area".into(),
            (None, _) => "Not known".into(),
        };
        InCare {
            id: found.id,
            name: name_and_age(
                &found.given,
                found.known_as.as_deref(),
                &found.family_name,
                found.born_on,
            ),
            since: format!(
                "{}, {}",
                plain::date(found.started_on),
                self.label("care-legal-status", &found.legal_status)
            ),
            home: self.label("care-home", &found.home),
            place,
            alone: found.alone,
            visit: found.visit.map(due_words),
            review: found.review.map(due_words),
            permanence: self.label("care-permanence", &found.permanence),
            worker: found.worker,
        }
    }
}

/// Whether a post works with boards of children at all.
pub(crate) fn sees_boards(viewer: &Viewer) -> bool {
    [
        "case.record",
        "case.review",
        "case.allocate",
        "case.oversee",
    ]
    .iter()
    .any(|capability| viewer.can(capability))
}

/// "Maya Kerr, 13".
pub(crate) fn name_and_age(
    given: &str,
    known_as: Option<&str>,
    family: &str,
    born: Option<NaiveDate>,
) -> String {
    let first = known_as.filter(|n| !n.is_empty()).unwrap_or(given);
    let name = format!("{first} {family}");
    let name = match name.trim() {
        "" => "Name not known",
        name => name,
    };
    match born {
        Some(day) => format!("{name}, {}", BirthDate::exact(day).words_on(time::today())),
        None => name.to_owned(),
    }
}

/// When something is due, as a state for the colour and as words.
pub(crate) fn due_words(at: DateTime<Utc>) -> (&'static str, String) {
    let (day, today) = (time::local(at).date(), time::today());
    let left = (day - today).num_days();
    let state = match left {
        i64::MIN..=-1 => "late",
        0 if at < Utc::now() => "late",
        0 => "due-today",
        1..=7 => "due-soon",
        _ => "on-time",
    };
    let words = match left {
        29.. => plain::date(day),
        _ => format!("{}, {}", plain::short_date(day), plain::days_left(left)),
    };
    (state, words)
}
