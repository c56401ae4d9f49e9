//! Children under five with whom social care works and who have no health
//! visitor (R000-37): a gap that nobody sees in one record.

use chrono::{Months, NaiveDate};
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids};

use crate::care::board::{name_and_age, sees_boards};
use crate::{Casework, Error, Result};

/// A child without a health visitor.
#[derive(Debug, Clone)]
pub struct NoVisitor {
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 3".
    pub name: String,
    /// Where the work with them stands.
    pub status: String,
    /// Whose work it is.
    pub worker: Option<String>,
    /// Who had visited them, until when.
    pub last: Option<String>,
}

/// The board.
#[derive(Debug, Clone)]
pub struct VisitorBoard {
    /// Children without a health visitor, the youngest first.
    pub rows: Listed<NoVisitor>,
    /// How many children under five the viewer may see, with one or without.
    pub under_five: i64,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    surname: String,
    born_on: Option<NaiveDate>,
    status: Option<String>,
    worker: Option<String>,
    last: Option<String>,
}

/// A health visitor among the involvements `i`. Their post is words that people
/// type; the sensitive ones count too, without being shown.
const VISITOR: &str = "lower(i.job_title) like '%health visitor%'";

impl Casework {
    /// The children under five whom the viewer may see, whose work is open and
    /// who have no health visitor.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn visitor_board(&self, viewer: &Viewer) -> Result<VisitorBoard> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let page = "no health visitor";
        let youngest = viewer.today - Months::new(60);
        let mut values = args![youngest, viewer.today];
        let (open, more) = self.gate().may_see(viewer, Asked::to_read(page), "p.id", 3);
        values.extend(more);
        let under_five = format!(
            "p.kind = 'child' and p.born_on > $1 and p.born_on <= $2 and p.died_on is null \
             and p.status is not null and p.status <> 'closed' and {open}"
        );
        let db = self.store().read_db();
        let sql = format!("select count(*) as n from person p where {under_five}");
        let count: Count = db.one(AssertSqlSafe(sql), values.clone()).await?;
        let sql = format!(
            "select p.id, p.given, p.known_as, p.family_name as surname, p.born_on, p.status, \
             (select w.name from involvement i join worker w on w.id = i.worker_id \
              where i.person_id = p.id and i.role = 'allocated' and i.ended_on is null \
              order by i.started_on desc limit 1) as worker, \
             (select i.name from involvement i where i.person_id = p.id and {VISITOR} \
              and not i.sensitive order by i.ended_on desc limit 1) as last \
             from person p where {under_five} and not exists (select 1 from involvement i \
              where i.person_id = p.id and {VISITOR} and (i.ended_on is null or i.ended_on > $2)) \
             order by p.born_on desc, p.id limit 300"
        );
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let rows = found.into_iter().map(|f| NoVisitor {
            name: name_and_age(&f.given, f.known_as.as_deref(), &f.surname, f.born_on),
            status: f
                .status
                .as_deref()
                .map(crate::header::status_words)
                .unwrap_or_default(),
            worker: f.worker,
            last: f.last,
            person: f.id,
        });
        let about = |row: &NoVisitor| vec![format!("person:{}", row.person)];
        Ok(VisitorBoard {
            rows: self
                .gate()
                .listed(viewer, page, rows.collect(), about)
                .await?,
            under_five: count.n,
        })
    }
}
