//! The dashboard of carers (R002-08): what runs out, what was missed, where
//! there is room, who is on the way to panel. And the capacity in numbers
//! (R002-35).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::works_with_carers;
use crate::care::board::due_words;
use crate::{Casework, Error, Result, time};

/// How many rows a page shows.
pub const ON_PAGE: i64 = 50;

/// Which households.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// Something runs out or was missed.
    #[default]
    Due,
    /// The viewer's own.
    Mine,
    /// With room for a child now.
    Free,
    /// On the way to a decision.
    Applying,
    /// An allegation or concern is open.
    Concern,
    /// All that have not ended.
    All,
}

impl Which {
    /// Every choice with its word in the address and its label.
    pub const ALL: [(Which, &'static str, &'static str); 6] = [
        (Which::Due, "", "Running out or missed"),
        (Which::Mine, "mine", "Those I support"),
        (Which::Free, "free", "With room for a child"),
        (Which::Applying, "applying", "On the way to a decision"),
        (Which::Concern, "concern", "With an open concern"),
        (Which::All, "all", "All"),
    ];

    /// The choice with this word; the first for a word that is none.
    pub fn of(word: &str) -> Which {
        let found = Which::ALL.iter().find(|(_, code, _)| *code == word);
        found.map_or(Which::Due, |(which, _, _)| *which)
    }
}

/// One household.
#[derive(Debug, Clone)]
pub struct CarerRow {
    /// The household.
    pub id: Id<ids::Carer>,
    /// Its family, for the journal.
    pub family: Id<ids::Family>,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub stage: String,
    /// "2 places, 1 free"; empty before the approval.
    pub places: String,
    /// Not free until.
    pub away: Option<String>,
    /// What is late or soon due: title, state, words.
    pub due: Vec<(String, &'static str, String)>,
    /// A concern is open.
    pub concern: bool,
    /// Its worker.
    pub worker: Option<String>,
}

/// The dashboard.
#[derive(Debug, Clone)]
pub struct CarerBoard {
    /// The households.
    pub rows: Listed<CarerRow>,
    /// How many this choice has.
    pub of: i64,
    /// All approved foster households of the council in numbers.
    pub numbers: CarerNumbers,
}

/// The capacity of the council's own foster carers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CarerNumbers {
    /// Approved households.
    pub households: i64,
    /// Places in their terms.
    pub places: i64,
    /// Places that a child fills.
    pub taken: i64,
    /// Places free now.
    pub free: i64,
    /// Empty places of households that cannot take a child now.
    pub closed: i64,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Carer>,
    family_id: Id<ids::Family>,
    name: String,
    stage: String,
    places: Option<i64>,
    taken: i64,
    away_until: Option<NaiveDate>,
    concern: bool,
    worker: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Many {
    n: i64,
}

/// The children who live with a household now.
const TAKEN: &str =
    "(select count(*) from placement h where h.carer_id = c.id and h.ended_on is null)";
const PLACES: &str =
    "(select t.places from carer_terms t where t.carer_id = c.id and t.until is null)";
const CONCERN: &str =
    "exists (select 1 from carer_concern n where n.carer_id = c.id and n.closed_on is null)";
const CLOCKS: &str = "k.family_id = c.family_id and k.done_at is null and k.about_kind in \
     ('carer', 'carer_check', 'carer_concern', 'panel_item', 'match')";

impl Casework {
    /// Until when the dashboard looks ahead: 90 days.
    pub fn carer_horizon(&self) -> DateTime<Utc> {
        let days = self
            .pack()
            .standard("carer-away-warning", time::today())
            .map_or(90, packs::Standard::days);
        time::end_of(time::today() + Days::new(days.unsigned_abs()))
    }

    /// Households whom the viewer may see: foster carers, or adopters.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not work with them.
    pub async fn carer_board(
        &self,
        viewer: &Viewer,
        kind: &str,
        which: Which,
        page: i64,
    ) -> Result<CarerBoard> {
        if !works_with_carers(viewer) {
            return Err(Error::NotFound);
        }
        let mut values: Vec<Value> = args![kind, self.carer_horizon(), viewer.today];
        let (open, more) =
            self.gate()
                .may_see(viewer, Asked::to_read("carers"), "p.id", values.len() + 1);
        values.extend(more);
        let only = match which {
            Which::Due => {
                format!("and exists (select 1 from clock k where {CLOCKS} and k.due_at <= $2)")
            }
            Which::Mine => {
                values.push(viewer.principal.worker.into());
                format!("and c.worker_id = ${}", values.len())
            }
            Which::Free => format!(
                "and c.stage = 'approved' and {PLACES} > {TAKEN} \
                 and (c.away_until is null or c.away_until <= $3)"
            ),
            Which::Applying => "and c.stage <> 'approved'".to_owned(),
            Which::Concern => format!("and {CONCERN}"),
            Which::All => String::new(),
        };
        let from = "from carer c where c.kind = $1 and c.ended_on is null";
        let visible = format!(
            "exists (select 1 from carer_person q where q.carer_id = c.id and q.role = 'carer' \
             and q.until is null) and not exists (select 1 from carer_person q join person p \
             on p.id = q.person_id where q.carer_id = c.id and q.role = 'carer' \
             and q.until is null and not {open})"
        );
        let next = format!("(select min(k.due_at) from clock k where {CLOCKS} and k.due_at <= $2)");
        let condition = format!("{visible} {only}");
        let db = self.store().read_db();
        let count = format!(
            "select count(*) as n from (select c.id, {next} as due, \
             case when c.away_until > $3 then 1 else 0 end as away {from} and {condition}) as counted"
        );
        let of: Many = db.one(AssertSqlSafe(count), values.clone()).await?;
        values.extend(args![ON_PAGE, (page.max(1) - 1) * ON_PAGE]);
        let n = values.len();
        let sql = format!(
            "select c.id, c.family_id, c.name, c.stage, {PLACES} as places, {TAKEN} as taken, \
             case when c.away_until > $3 then c.away_until else null end as away_until, \
             {CONCERN} as concern, w.name as worker {} and {condition} \
             order by {next} nulls last, c.name, c.id limit ${} offset ${n}",
            from.replace(
                "from carer c",
                "from carer c left join worker w on w.id = c.worker_id"
            ),
            n - 1
        );
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let mut due = self.due_of_carers(viewer, &found).await?;
        let rows: Vec<CarerRow> = found
            .into_iter()
            .map(|f| CarerRow {
                due: due.remove(&f.family_id.to_string()).unwrap_or_default(),
                places: places(f.places.filter(|_| kind == "foster"), f.taken),
                away: f
                    .away_until
                    .map(|day| format!("Not free until {}", plain::date(day))),
                stage: self.label("carer-stage", &f.stage),
                id: f.id,
                family: f.family_id,
                name: f.name,
                concern: f.concern,
                worker: f.worker,
            })
            .collect();
        let rows = self
            .gate()
            .listed(viewer, "carers", rows, |row: &CarerRow| {
                vec![format!("family:{}", row.family)]
            })
            .await?;
        Ok(CarerBoard {
            rows,
            of: of.n,
            numbers: self.carer_numbers().await?,
        })
    }

    /// What is late or due within the horizon, of these households. One
    /// statement. Whom it is about is named to those who may know them.
    async fn due_of_carers(
        &self,
        viewer: &Viewer,
        found: &[Found],
    ) -> Result<BTreeMap<String, Vec<(String, &'static str, String)>>> {
        let mut by_family: BTreeMap<String, Vec<(String, &'static str, String)>> = BTreeMap::new();
        if found.is_empty() {
            return Ok(by_family);
        }
        let mut values: Vec<Value> = args![self.carer_horizon()];
        let places: Vec<String> = found
            .iter()
            .map(|f| {
                values.push(f.family_id.into());
                format!("${}", values.len())
            })
            .collect();
        #[derive(sqlx::FromRow)]
        struct Running {
            #[sqlx(flatten)]
            clock: Clock,
            given: Option<String>,
        }
        let columns: Vec<String> = Clock::COLUMNS.iter().map(|c| format!("k.{c}")).collect();
        let (counted, more) = self
            .gate()
            .may_count(viewer, "k.person_id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select {}, p.given from clock k \
             left join person p on p.id = k.person_id and {counted} \
             where k.done_at is null and k.due_at <= $1 and k.about_kind in \
             ('carer', 'carer_check', 'carer_concern', 'panel_item', 'match') \
             and k.family_id in ({}) order by k.due_at",
            columns.join(", "),
            places.join(", ")
        );
        let db = self.store().read_db();
        let running: Vec<Running> = db.all(AssertSqlSafe(sql), values).await?;
        for row in running {
            let Some(family) = row.clock.family_id else {
                continue;
            };
            let (state, words) = due_words(row.clock.due_at);
            let title = match row.given {
                Some(given) => format!("{}: {given}", row.clock.title),
                None => row.clock.title,
            };
            by_family
                .entry(family.to_string())
                .or_default()
                .push((title, state, words));
        }
        Ok(by_family)
    }

    /// The whole council in numbers: nobody's record, so no look (R002-35). A
    /// place that a child fills is full for everybody, whoever they are: nobody
    /// is sent to a bed that is taken.
    pub async fn carer_numbers(&self) -> Result<CarerNumbers> {
        #[derive(sqlx::FromRow)]
        struct One {
            places: Option<i64>,
            taken: i64,
            away_until: Option<NaiveDate>,
        }
        let sql = format!(
            "select {PLACES} as places, {TAKEN} as taken, c.away_until from carer c \
             where c.kind = 'foster' and c.stage = 'approved' and c.ended_on is null"
        );
        let rows: Vec<One> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![])
            .await?;
        let today = time::today();
        let mut numbers = CarerNumbers::default();
        for row in rows {
            let places = row.places.unwrap_or(0);
            let empty = (places - row.taken).max(0);
            numbers.households += 1;
            numbers.places += places;
            numbers.taken += row.taken;
            match row.away_until.is_some_and(|day| day > today) {
                true => numbers.closed += empty,
                false => numbers.free += empty,
            }
        }
        Ok(numbers)
    }
}

fn places(places: Option<i64>, taken: i64) -> String {
    match places {
        None => String::new(),
        Some(places) => format!(
            "{}, {} free",
            plain::count(places, "place", "places"),
            (places - taken).max(0)
        ),
    }
}
