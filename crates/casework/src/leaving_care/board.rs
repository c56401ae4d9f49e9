//! All young people who leave or have left care and whom the viewer may see,
//! with what is due; and those in care who are near sixteen and have no
//! adviser yet (R001-41).

use chrono::{DateTime, Months, NaiveDate, Utc};
use record::{Asked, AssertSqlSafe, Listed, Value, Viewer, args};
use vocabulary::{Id, ids};

use crate::care::board::{due_words, name_and_age, sees_boards};
use crate::{Casework, Error, Result, time};

/// How many rows a page shows.
pub const ON_PAGE: i64 = 60;

/// Which young people to show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    /// All.
    #[default]
    All,
    /// Those whose adviser the viewer is.
    Mine,
    /// Not in touch, or the clock has run out.
    NotInTouch,
    /// The home does not suit, or is not known.
    Home,
    /// No education, work or training.
    Activity,
    /// Something is late.
    Late,
    /// 18 or older, and part of the offer was never made (R004-12).
    Offer,
}

impl Which {
    /// Every choice with its word in the address and its label.
    pub const ALL: [(Which, &'static str, &'static str); 7] = [
        (Which::All, "", "Everybody"),
        (Which::Mine, "mine", "Whose adviser I am"),
        (Which::NotInTouch, "not-in-touch", "Not in touch"),
        (Which::Home, "home", "No suitable home"),
        (
            Which::Activity,
            "activity",
            "No education, work or training",
        ),
        (Which::Late, "late", "Something is late"),
        (Which::Offer, "offer", "18, and not everything was offered"),
    ];

    /// The choice with this word; all of them for a word that is none.
    pub fn of(word: &str) -> Which {
        let found = Which::ALL.iter().find(|(_, code, _)| *code == word);
        found.map_or(Which::All, |(which, _, _)| *which)
    }
}

/// One young person.
#[derive(Debug, Clone)]
pub struct LeaverRow {
    /// Who.
    pub id: Id<ids::Person>,
    /// "Idris Kerr, 18".
    pub name: String,
    /// Their standing; that there is no adviser yet, for those near sixteen.
    pub status: String,
    /// The adviser.
    pub adviser: Option<String>,
    /// In touch.
    pub in_touch: String,
    /// Where they live.
    pub home: String,
    /// What they do.
    pub activity: String,
    /// What is due first.
    pub due: Option<(&'static str, String)>,
    /// What that is.
    pub due_what: Option<String>,
    /// So many parts of the offer were not made.
    pub offer_waits: i64,
}

/// The list and its numbers.
#[derive(Debug, Clone)]
pub struct LeaverBoard {
    /// The young people.
    pub rows: Listed<LeaverRow>,
    /// How many this choice has.
    pub of: i64,
    /// Those in care who are near sixteen and have no adviser.
    pub coming: Listed<LeaverRow>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    status: String,
    adviser: Option<String>,
    in_touch: Option<String>,
    home: Option<String>,
    activity: Option<String>,
    due: Option<DateTime<Utc>>,
    title: Option<String>,
    offered: i64,
}

#[derive(sqlx::FromRow)]
struct Many {
    n: i64,
}

fn last(column: &str) -> String {
    format!(
        "(select x.{column} from leaver_contact x where x.leaver_id = l.id \
         and x.{column} is not null order by x.happened_on desc, x.id desc limit 1)"
    )
}

const FIRST_CLOCK: &str = "left join clock k on k.id = (select y.id from clock y \
    where y.person_id = l.person_id and y.about_kind = 'leaver' and y.done_at is null \
    order by y.due_at, y.id limit 1)";

impl Casework {
    /// Young people whom the viewer may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn leaver_board(
        &self,
        viewer: &Viewer,
        which: Which,
        page: i64,
    ) -> Result<LeaverBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let (open, mut values) =
            self.gate()
                .may_see(viewer, Asked::to_read("leaving-care"), "p.id", 1);
        let mut add = |value: Value| {
            values.push(value);
            values.len()
        };
        let parts = self.offer_parts();
        let only = match which {
            Which::All => String::new(),
            Which::Mine => format!(
                " and l.adviser_id = ${}",
                add(viewer.principal.worker.into())
            ),
            Which::NotInTouch => format!(
                " and (coalesce({}, 'NO') = 'NO' or exists (select 1 from clock o \
                 where o.person_id = l.person_id and o.rule = 'leaver-in-touch' \
                 and o.done_at is null and o.due_at < ${}))",
                last("in_touch"),
                add(Utc::now().into())
            ),
            Which::Home => format!(" and coalesce({}, '0') not like '%1'", last("home")),
            Which::Activity => format!(
                " and coalesce({}, '0') in ('0', 'G4', 'G5', 'G6')",
                last("activity")
            ),
            Which::Late => format!(" and k.due_at < ${}", add(Utc::now().into())),
            Which::Offer => {
                let born = time::today() - Months::new(18 * 12);
                let day = add(born.into());
                let all = add(parts.into());
                format!(
                    " and p.born_on <= ${day} and (select count(distinct z.what) from \
                     leaver_offer z where z.leaver_id = l.id) < ${all}"
                )
            }
        };
        let from = format!(
            "from leaver l join person p on p.id = l.person_id {FIRST_CLOCK} \
             where l.ended_on is null and {open}{only}"
        );
        let db = self.store().read_db();
        let count = format!("select count(*) as n {from}");
        let of: Many = db.one(AssertSqlSafe(count), values.clone()).await?;
        values.extend(args![ON_PAGE, (page.max(1) - 1) * ON_PAGE]);
        let n = values.len();
        let sql = format!(
            "select p.id, p.given, p.known_as, p.family_name, p.born_on, l.status, \
             (select w.name from worker w where w.id = l.adviser_id) as adviser, \
             {} as in_touch, {} as home, {} as activity, k.due_at as due, k.title, \
             (select count(distinct z.what) from leaver_offer z where z.leaver_id = l.id) as offered \
             {from} order by due nulls last, p.id limit ${} offset ${n}",
            last("in_touch"),
            last("home"),
            last("activity"),
            n - 1
        );
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| self.leaver_row(f, parts));
        Ok(LeaverBoard {
            rows: self.leaver_rows(viewer, rows.collect()).await?,
            of: of.n,
            coming: match (which, page) {
                (Which::All, ..=1) => self.near_sixteen(viewer).await?,
                _ => Listed::default(),
            },
        })
    }

    /// How many parts the council's offer has.
    fn offer_parts(&self) -> i64 {
        let codes = self.pack().codes("leaver-offer", time::today());
        codes.map_or(0, |set| i64::try_from(set.codes.len()).unwrap_or(0))
    }

    /// Children in care from 15 years and 9 months on without an adviser.
    async fn near_sixteen(&self, viewer: &Viewer) -> Result<Listed<LeaverRow>> {
        let mut values = args![time::today() - Months::new(15 * 12 + 9)];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("leaving-care"), "p.id", 2);
        values.extend(more);
        let sql = format!(
            "select p.id, p.given, p.known_as, p.family_name, p.born_on, 'coming' as status, \
             cast(null as text) as adviser, cast(null as text) as in_touch, \
             cast(null as text) as home, cast(null as text) as activity, k.due_at as due, k.title, \
             cast(0 as bigint) as offered \
             from care c join person p on p.id = c.person_id \
             left join clock k on k.id = (select y.id from clock y where y.person_id = c.person_id \
             and y.rule = 'leaver-assessment' and y.done_at is null limit 1) \
             where c.ended_on is null and p.born_on <= $1 and not exists \
             (select 1 from leaver l where l.person_id = c.person_id) and {open} \
             order by p.born_on, p.id limit 60"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found.into_iter().map(|f| self.leaver_row(f, 0)).collect();
        self.leaver_rows(viewer, rows).await
    }

    async fn leaver_rows(
        &self,
        viewer: &Viewer,
        rows: Vec<LeaverRow>,
    ) -> Result<Listed<LeaverRow>> {
        Ok(self
            .gate()
            .listed(viewer, "leaving-care", rows, |row| {
                vec![format!("person:{}", row.id)]
            })
            .await?)
    }

    fn leaver_row(&self, found: Found, parts: i64) -> LeaverRow {
        let label = |set: &str, code: Option<String>| {
            code.map_or_else(|| "Not written down".into(), |code| self.label(set, &code))
        };
        LeaverRow {
            id: found.id,
            name: name_and_age(
                &found.given,
                found.known_as.as_deref(),
                &found.family_name,
                found.born_on,
            ),
            status: match found.status.as_str() {
                "coming" => "In care, no adviser yet".into(),
                status => short(&self.label("leaver-status", status)),
            },
            adviser: found.adviser,
            in_touch: label("leaver-in-touch", found.in_touch),
            home: label("leaver-home", found.home),
            activity: label("leaver-activity", found.activity),
            due: found.due.map(due_words),
            due_what: found.title,
            offer_waits: (parts - found.offered).max(0),
        }
    }
}

/// The words before the colon: the rest explains the law.
fn short(label: &str) -> String {
    label.split(':').next().unwrap_or(label).to_owned()
}
