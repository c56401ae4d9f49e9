//! The early help board: what was asked for and is not taken up yet, and each
//! family with what is next for it, those that wait longest first.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use packs::Pack;
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::CAPABILITY;
use crate::clocks::ClockView;
use crate::front_door::ToldChild;
use crate::{Casework, Error, Result, time};

/// How many families the board shows.
pub const MOST: i64 = 200;
const PAGE: &str = "early help board";

/// What is next for a family, in the order of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Next {
    /// The family took its consent back, or said no.
    Withdrawn,
    /// The family has not said yet.
    Consent,
    /// Nobody leads.
    Lead,
    /// The front door decides on a step up.
    SteppingUp,
    /// The assessment is being written.
    Assessment,
    /// Assessed, and no plan yet.
    Plan,
    /// A meeting is due within a week, or late.
    Meeting,
    /// It goes on.
    GoingOn,
}

impl Next {
    /// All, in the order of the board.
    pub const ALL: [Next; 8] = [
        Next::Withdrawn,
        Next::Consent,
        Next::Lead,
        Next::SteppingUp,
        Next::Assessment,
        Next::Plan,
        Next::Meeting,
        Next::GoingOn,
    ];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Next::Withdrawn => "Consent taken back or refused",
            Next::Consent => "Waiting for consent",
            Next::Lead => "Stuck without a lead practitioner",
            Next::SteppingUp => "Social care decides",
            Next::Assessment => "Being assessed",
            Next::Plan => "Assessed, no plan yet",
            Next::Meeting => "Team around the family due",
            Next::GoingOn => "Going on",
        }
    }

    /// The word in the address of a filter.
    pub fn code(self) -> &'static str {
        match self {
            Next::Withdrawn => "withdrawn",
            Next::Consent => "consent",
            Next::Lead => "lead",
            Next::SteppingUp => "stepping-up",
            Next::Assessment => "assessment",
            Next::Plan => "plan",
            Next::Meeting => "meeting",
            Next::GoingOn => "going-on",
        }
    }
}

/// A family on the board.
#[derive(Debug, Clone)]
pub struct HelpRow {
    /// The period of early help.
    pub id: Id<ids::Part>,
    /// "Maya and Idris Kerr".
    pub names: String,
    /// What is next.
    pub next: Next,
    /// Who leads, or that nobody does.
    pub lead: Option<String>,
    /// "Since 3 March 2026, 41 days".
    pub since: String,
    /// The clock that runs out first.
    pub clock: Option<ClockView>,
    people: Vec<Id<ids::Person>>,
}

/// A request that nobody took up yet.
#[derive(Debug, Clone)]
pub struct Request {
    /// The contact.
    pub id: Id<ids::Contact>,
    /// Its reference.
    pub reference: String,
    /// The children as told.
    pub children: String,
    /// Who asks.
    pub from: String,
    /// What the family says, as told.
    pub consent: &'static str,
    /// How long it waits: "2 days".
    pub waits: String,
}

/// The board.
#[derive(Debug, Clone)]
pub struct HelpBoard {
    /// Requests, the oldest first.
    pub requests: Listed<Request>,
    /// Families, by what is next and how long they wait.
    pub rows: Listed<HelpRow>,
    /// Median days from the start to the first meeting or finished action, of
    /// the last year, and of how many families (R001-19).
    pub first_help: Option<(i64, usize)>,
}

impl HelpBoard {
    /// The families for whom this is next.
    pub fn of(&self, next: Next) -> Vec<&HelpRow> {
        self.rows.iter().filter(|row| row.next == next).collect()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<ids::Part>,
    began_on: NaiveDate,
    plan_id: Option<Id<ids::Plan>>,
    step_id: Option<Id<ids::Step>>,
    step_state: Option<String>,
    waits_for: Option<String>,
    said: Option<String>,
    lead: Option<String>,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    surname: String,
}

#[derive(sqlx::FromRow)]
struct Asked1 {
    id: Id<ids::Contact>,
    reference: String,
    referrer_name: Option<String>,
    referrer_agency: Option<String>,
    answers: serde_json::Value,
    received_at: DateTime<Utc>,
}

impl Casework {
    /// The board: of the viewer's early help teams, or of all for those who
    /// oversee the service. At most six statements.
    pub async fn early_help_board(&self, viewer: &Viewer) -> Result<HelpBoard> {
        if !viewer.can(CAPABILITY) {
            return Err(Error::NotFound);
        }
        let mut teams: Vec<Id<ids::Team>> = viewer.principal.teams_supervised.clone();
        teams.extend(viewer.principal.team);
        let mine = (!viewer.can("case.oversee")).then_some(teams.as_slice());
        let rows = self.help_rows(viewer, mine).await?;
        let clocks = self.help_clocks(&rows).await?;
        let rows = shown(rows, clocks, self.pack());
        let rows = self
            .gate()
            .listed(viewer, PAGE, rows, |row: &HelpRow| {
                row.people.iter().map(|id| format!("person:{id}")).collect()
            })
            .await?;
        Ok(HelpBoard {
            requests: self.help_requests(viewer).await?,
            first_help: self.days_to_first_help(mine).await?,
            rows,
        })
    }

    async fn help_rows(&self, viewer: &Viewer, mine: Option<&[Id<ids::Team>]>) -> Result<Vec<Row>> {
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read(PAGE)
        };
        let mut values: Vec<Value> = vec![MOST.into()];
        let teams = in_teams("h.team_id", mine, &mut values);
        let (open, more) = self
            .gate()
            .may_see(viewer, asked, "c.person_id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select h.id, h.began_on, h.plan_id, h.step_id, s.state as step_state, \
             u.state as waits_for, (select n.said from consent n where n.early_help_id = h.id \
               order by n.recorded_at desc, n.id desc limit 1) as said, \
             (select min(i.name) from involvement i where i.person_id = c.person_id \
               and i.lead and i.ended_on is null and not i.sensitive) as lead, \
             c.person_id, p.given, p.known_as, p.family_name as surname \
             from early_help h join early_help_child c on c.early_help_id = h.id \
             join person p on p.id = c.person_id left join step s on s.id = h.step_id \
             left join contact u on u.id = h.step_up_id \
             where h.state = 'open' and {teams} and {open} \
             order by h.began_on, h.id, c.id limit $1"
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    /// The clock that runs out first, for each period.
    async fn help_clocks(&self, rows: &[Row]) -> Result<HashMap<String, Clock>> {
        let mut about: Vec<String> = Vec::new();
        for row in rows {
            about.push(row.id.to_string());
            about.extend(row.plan_id.map(|id| id.to_string()));
            about.extend(row.step_id.map(|id| id.to_string()));
        }
        about.sort();
        about.dedup();
        if about.is_empty() {
            return Ok(HashMap::new());
        }
        let places: Vec<String> = (1..=about.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from clock where done_at is null and about_id in ({}) \
             and about_kind in ('early_help', 'step', 'plan') order by due_at desc",
            Clock::COLUMNS.join(", "),
            places.join(", ")
        );
        let values = about.into_iter().map(Value::from).collect();
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        // The earliest is read last, and stays.
        Ok(clocks
            .into_iter()
            .map(|c| (c.about_id.clone(), c))
            .collect())
    }

    /// Requests are for anybody in early help to take up, whichever team.
    async fn help_requests(&self, viewer: &Viewer) -> Result<Listed<Request>> {
        let asked = Asked::index(PAGE);
        let (named, values) = self.gate().may_see(viewer, asked, "cc.person_id", 1);
        let sql = format!(
            "select c.id, c.reference, c.referrer_name, c.referrer_agency, c.answers, \
             c.received_at from contact c where c.route = 'early_help' \
             and c.state <> 'decided' and not exists (select 1 from contact_child cc \
             where cc.contact_id = c.id and cc.person_id is not null and not {named}) \
             order by c.received_at limit 100"
        );
        let rows: Vec<Asked1> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = rows.into_iter().map(request).collect();
        Ok(self
            .gate()
            .listed(viewer, PAGE, rows, |r: &Request| {
                vec![format!("contact:{}", r.id)]
            })
            .await?)
    }

    /// Days from the start to the first thing that helped: a meeting of the
    /// team, or an action that was done. Of those that began in the last year.
    async fn days_to_first_help(
        &self,
        mine: Option<&[Id<ids::Team>]>,
    ) -> Result<Option<(i64, usize)>> {
        #[derive(sqlx::FromRow)]
        struct First {
            began_on: NaiveDate,
            met: Option<DateTime<Utc>>,
            done: Option<NaiveDate>,
        }
        let since = time::today() - chrono::Duration::days(365);
        let mut values: Vec<Value> = args![since];
        let teams = in_teams("h.team_id", mine, &mut values);
        let sql = format!(
            "select h.began_on, (select min(m.held_at) from meeting m where m.plan_id = h.plan_id \
               and m.state = 'held') as met, (select min(a.settled_on) from action a \
               where a.plan_id = h.plan_id and a.state = 'done') as done \
             from early_help h where h.began_on >= $1 and h.plan_id is not null and {teams}"
        );
        let rows: Vec<First> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let mut days: Vec<i64> = rows
            .into_iter()
            .filter_map(|row| {
                let met = row.met.map(|at| time::local(at).date());
                let first = [met, row.done].into_iter().flatten().min()?;
                Some((first - row.began_on).num_days().max(0))
            })
            .collect();
        days.sort_unstable();
        Ok(median(&days).map(|middle| (middle, days.len())))
    }
}

/// The middle of sorted numbers; of an even count the mean of the two middles,
/// rounded up at a half.
fn median(sorted: &[i64]) -> Option<i64> {
    let n = sorted.len();
    match n {
        0 => None,
        _ if n % 2 == 1 => Some(sorted[n / 2]),
        _ => Some((sorted[n / 2 - 1] + sorted[n / 2] + 1) / 2),
    }
}

/// A condition that a column holds one of these teams; all if there are none
/// to choose from.
fn in_teams(column: &str, teams: Option<&[Id<ids::Team>]>, values: &mut Vec<Value>) -> String {
    let Some(teams) = teams else {
        return "1 = 1".into();
    };
    if teams.is_empty() {
        return "1 = 0".into();
    }
    let first = values.len() + 1;
    values.extend(teams.iter().map(Value::from));
    let places: Vec<String> = (first..first + teams.len())
        .map(|n| format!("${n}"))
        .collect();
    format!("{column} in ({})", places.join(", "))
}

fn shown(rows: Vec<Row>, clocks: HashMap<String, Clock>, pack: &Pack) -> Vec<HelpRow> {
    let today = time::today();
    let mut all: Vec<HelpRow> = Vec::new();
    let mut last_names: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for row in rows {
        let first = row
            .known_as
            .clone()
            .filter(|n| !n.is_empty())
            .unwrap_or_else(|| row.given.clone());
        let names = last_names.entry(row.id.to_string()).or_default();
        names.push((first, row.surname.clone()));
        if let Some(again) = all.iter_mut().find(|r| r.id == row.id) {
            again.people.push(row.person_id);
            again.names = family_names(names);
            continue;
        }
        let ids = [
            Some(row.id.to_string()),
            row.plan_id.map(|id| id.to_string()),
            row.step_id.map(|id| id.to_string()),
        ];
        let clock = ids
            .into_iter()
            .flatten()
            .filter_map(|id| clocks.get(&id))
            .min_by_key(|clock| clock.due_at)
            .map(|clock| ClockView::of(clock, pack));
        let days = (today - row.began_on).num_days();
        all.push(HelpRow {
            next: next(&row, clock.as_ref()),
            names: family_names(names),
            since: format!(
                "{}, {}",
                plain::date(row.began_on),
                plain::count(days, "day", "days")
            ),
            people: vec![row.person_id],
            lead: row.lead,
            id: row.id,
            clock,
        });
    }
    all.sort_by_key(|row| row.next);
    all
}

/// "Maya and Idris Kerr", "Maya Kerr and Sami Stone".
fn family_names(names: &[(String, String)]) -> String {
    let one = names.iter().all(|(_, family)| *family == names[0].1);
    let words: Vec<String> = names
        .iter()
        .map(|(given, family)| match one {
            true => given.clone(),
            false => format!("{given} {family}"),
        })
        .collect();
    match one {
        true => format!("{} {}", plain::list(&words), names[0].1),
        false => plain::list(&words),
    }
}

fn next(row: &Row, clock: Option<&ClockView>) -> Next {
    let writing = matches!(row.step_state.as_deref(), Some("open" | "sent_back"));
    match row.said.as_deref() {
        Some("withdrawn" | "refused") => return Next::Withdrawn,
        Some("given") => {}
        _ => return Next::Consent,
    }
    if row.waits_for.as_deref().is_some_and(|s| s != "decided") {
        return Next::SteppingUp;
    }
    if row.lead.is_none() {
        return Next::Lead;
    }
    match row.plan_id {
        None if writing => Next::Assessment,
        None => Next::Plan,
        Some(_) if clock.is_some_and(|c| c.state != "on-time") => Next::Meeting,
        Some(_) => Next::GoingOn,
    }
}

fn request(row: Asked1) -> Request {
    let answers = packs::Answers::from_map(row.answers.as_object().cloned().unwrap_or_default());
    let children: Vec<String> = answers
        .groups("children")
        .iter()
        .map(|child| {
            ToldChild {
                given: child.text("given").to_owned(),
                family: child.text("family").to_owned(),
                born: child
                    .date("born")
                    .map_or_else(String::new, |day| day.to_string()),
                school: String::new(),
            }
            .words()
        })
        .collect();
    let from = [row.referrer_name, row.referrer_agency];
    let from: Vec<String> = from.into_iter().flatten().collect();
    Request {
        id: row.id,
        reference: row.reference,
        children: plain::list(&children),
        from: from.join(", "),
        consent: super::consent_words(answers.text("consent")),
        waits: crate::front_door::for_how_long(row.received_at, Utc::now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_hand_calculated_one() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7]), Some(7));
        assert_eq!(median(&[3, 9, 40]), Some(9));
        assert_eq!(median(&[3, 9, 12, 40]), Some(11));
    }

    #[test]
    fn brothers_and_sisters_share_a_line() {
        let of = |pairs: &[(&str, &str)]| {
            let pairs: Vec<(String, String)> = pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect();
            family_names(&pairs)
        };
        assert_eq!(
            of(&[("Maya", "Kerr"), ("Idris", "Kerr")]),
            "Maya and Idris Kerr"
        );
        assert_eq!(
            of(&[("Maya", "Kerr"), ("Sami", "Stone")]),
            "Maya Kerr and Sami Stone"
        );
    }
}
