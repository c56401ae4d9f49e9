//! What a step-down stands on: evidence with its days, and what became of the
//! step-downs before (R004-23, R004-25).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Person, Watch, WatchState};
use record::{AssertSqlSafe, Entity, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids, plain};

use crate::{Casework, Result, time};

/// A step-down before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// "Maya was stepped down in May 2024 and needed more help again in August
    /// 2024".
    pub words: String,
    /// What would have brought the plan back, as it was written then.
    pub bring_back: String,
    /// Whether it did come back.
    pub back: bool,
}

/// How many days lie between the first and the last piece of evidence.
pub fn span_of(answers: &Answers) -> i64 {
    let days: Vec<NaiveDate> = answers
        .groups("evidence_for")
        .iter()
        .filter_map(|one| one.date("on"))
        .collect();
    match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) => (*last - *first).num_days(),
        _ => 0,
    }
}

impl Casework {
    /// The step-downs of some children before, the newest first. The caller
    /// has passed the gate for each of them.
    pub(crate) async fn earlier_step_downs(&self, children: &[Person]) -> Result<Vec<Earlier>> {
        let places: Vec<String> = (1..=children.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from watch where person_id in ({}) order by began_on desc",
            Watch::COLUMNS.join(", "),
            places.join(", ")
        );
        let values = children.iter().map(|child| child.id.into()).collect();
        let rows: Vec<Watch> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(rows.into_iter().map(|row| earlier(row, children)).collect())
    }

    /// The step-down of a child that a manager authorised since the plan
    /// began: the step, what comes after, and what would bring the plan back.
    pub(crate) async fn authorised_step_down(
        &self,
        child: Id<ids::Person>,
        plan: Option<Id<ids::Plan>>,
    ) -> Result<Option<(Id<ids::Step>, String, String)>> {
        #[derive(sqlx::FromRow)]
        struct Found {
            id: Id<ids::Step>,
        }
        let found: Option<Found> = self
            .store()
            .read_db()
            .maybe(
                "select s.id from step s join step_subject x on x.step_id = s.id \
                 join plan p on p.id = $2 where x.person_id = $1 and s.kind = 'step-down' \
                 and s.state = 'done' and s.outcome = 'step_down' and s.started_on >= p.started_on \
                 order by s.id desc limit 1",
                args![child, plan],
            )
            .await?;
        let Some(found) = found else { return Ok(None) };
        let answers = self.answers_of(found.id).await?;
        let to = answers.text("to").to_owned();
        let bring_back = answers.text("bring_back").to_owned();
        Ok(Some((found.id, to, bring_back)))
    }

    /// Everything answered in a step.
    pub(crate) async fn answers_of(&self, step: Id<ids::Step>) -> Result<Answers> {
        #[derive(sqlx::FromRow)]
        struct Section {
            answers: Json,
        }
        let rows: Vec<Section> = self
            .store()
            .read_db()
            .all(
                "select answers from step_section where step_id = $1",
                args![step],
            )
            .await?;
        let mut all = serde_json::Map::new();
        for row in rows {
            all.extend(row.answers.as_object().cloned().unwrap_or_default());
        }
        Ok(Answers::from_map(all))
    }
}

fn earlier(row: Watch, children: &[Person]) -> Earlier {
    let name = children
        .iter()
        .find(|child| child.id == row.person_id)
        .map_or_else(|| "The child".to_owned(), Person::first_name);
    let since = month(row.began_on);
    let words = match (row.state, row.back_on) {
        (WatchState::Back, Some(day)) => format!(
            "{name} was stepped down in {since} and needed more help again in {}",
            month(day)
        ),
        (WatchState::Ended, _) => {
            format!("{name} was stepped down in {since}, and it lasted the year")
        }
        _ => format!(
            "{name} was stepped down in {since}, {} ago",
            plain::lasting(row.began_on, time::today())
        ),
    };
    Earlier {
        words,
        bring_back: row.bring_back,
        back: row.state == WatchState::Back,
    }
}

/// "May 2024".
fn month(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}
