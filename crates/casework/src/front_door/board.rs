//! The front door board: what waits, oldest first within priority, with how
//! long it has been where it is and the time that is left (R003-04).

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer, args};
use vocabulary::{BirthDate, Id, ids};

use super::{ToldChild, for_how_long, route_label};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

/// How many rows the board shows; a filter finds the rest.
pub const MOST: usize = 100;

/// Which contacts to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those that the viewer screens.
    pub mine: bool,
    /// Only those that nobody screens yet.
    pub unassigned: bool,
    /// Only those of this route.
    pub route: Option<String>,
    /// Only those with this team.
    pub team: Option<Id<ids::Team>>,
    /// Only those at immediate risk.
    pub urgent: bool,
}

/// One contact that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The contact.
    pub id: Id<ids::Contact>,
    /// The reference that the referrer has.
    pub reference: String,
    /// 1 immediate risk, 2 today, 3 usual.
    pub priority: i64,
    /// "In screening 3h 20m", "Not opened 12m".
    pub stage: String,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// How it came in.
    pub route: String,
    /// Who told us, in words.
    pub from: String,
    /// The children: identified by name and age, or as told.
    pub children: Vec<String>,
    /// Whether every child is identified.
    pub identified: bool,
    /// Where the child lives, as told.
    pub postcode: Option<String>,
    /// The team that the postcode suggests, or that holds it.
    pub team: Option<String>,
    /// Who screens it.
    pub screener: Option<String>,
    /// The time that is left: the clock that runs out first.
    pub clock: Option<ClockView>,
    whose: Vec<String>,
}

/// The board as shown.
#[derive(Debug, Clone)]
pub struct Board {
    /// What waits, first things first.
    pub waiting: Listed<Waiting>,
    /// How many more there are than are shown.
    pub more: usize,
    /// The day in numbers.
    pub today: Today,
}

/// The day at the front door in numbers, and the last four weeks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Today {
    /// Came in today.
    pub received: i64,
    /// Decided today.
    pub decided: i64,
    /// Came in within 28 days.
    pub in_28_days: i64,
    /// Of these, from a family or a young person themselves (R000-23).
    pub from_families: i64,
    /// Professional referrers who were to be told within 28 days, and were or are late.
    pub to_tell: i64,
    /// Of these, told in time (R001-11).
    pub told_in_time: i64,
}

impl Today {
    /// A share in per cent, or nothing of nothing.
    pub fn share(part: i64, of: i64) -> Option<i64> {
        (of > 0).then(|| (100 * part + of / 2) / of)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Id<ids::Contact>,
    reference: String,
    route: String,
    state: String,
    priority: i64,
    received_at: DateTime<Utc>,
    referrer_name: Option<String>,
    referrer_role: Option<String>,
    referrer_agency: Option<String>,
    postcode: Option<String>,
    screening_started_at: Option<DateTime<Utc>>,
    team_id: Option<Id<ids::Team>>,
    team: Option<String>,
    screener: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    contact_id: Id<ids::Contact>,
    told: serde_json::Value,
    person_id: Option<Id<ids::Person>>,
    given: Option<String>,
    known_as: Option<String>,
    family_name: Option<String>,
    born_on: Option<NaiveDate>,
}

impl Casework {
    /// The board. Needs `contact.screen`. A contact about a child whose record
    /// is barred to the viewer is not on it.
    pub async fn board(&self, viewer: &Viewer, filter: &Filter) -> Result<Board> {
        if !viewer.can("contact.screen") {
            return Err(Error::NotFound);
        }
        let mut rows = self.waiting_rows(viewer, filter).await?;
        let more = rows.len().saturating_sub(MOST);
        rows.truncate(MOST);
        Ok(Board {
            waiting: self.show_waiting(viewer, "front-door", rows).await?,
            more,
            today: self.front_door_today(viewer).await?,
        })
    }

    /// Contacts at immediate risk that are not decided: for the manager's home
    /// page (R003-07). A manager of teams gets those of these teams and those
    /// whose place is not known.
    pub async fn at_immediate_risk(&self, viewer: &Viewer) -> Result<Listed<Waiting>> {
        if !viewer.can("contact.decide") {
            return self.show_waiting(viewer, "home", Vec::new()).await;
        }
        let urgent = Filter {
            urgent: true,
            ..Filter::default()
        };
        let mut rows = self.waiting_rows(viewer, &urgent).await?;
        let mine = &viewer.principal.teams_supervised;
        rows.retain(|row| mine.is_empty() || row.team_id.is_none_or(|team| mine.contains(&team)));
        self.show_waiting(viewer, "home", rows).await
    }

    async fn show_waiting(
        &self,
        viewer: &Viewer,
        page: &str,
        rows: Vec<Row>,
    ) -> Result<Listed<Waiting>> {
        let ids: Vec<Id<ids::Contact>> = rows.iter().map(|row| row.id).collect();
        let mut children = self.board_children(&ids).await?;
        let mut clocks = self.board_clocks(&ids).await?;
        let now = Utc::now();
        let waiting = rows
            .into_iter()
            .map(|row| {
                let told = children.remove(&row.id).unwrap_or_default();
                let clock = clocks.remove(&row.id);
                row.shown(told, clock, now)
            })
            .collect();
        let listed = self
            .gate()
            .listed(viewer, page, waiting, |w: &Waiting| w.whose.clone());
        Ok(listed.await?)
    }

    async fn waiting_rows(&self, viewer: &Viewer, filter: &Filter) -> Result<Vec<Row>> {
        let asked = Asked::index("front-door");
        let (condition, values) = self.gate().may_see(viewer, asked, "cc.person_id", 1);
        let mut values: Vec<Value> = values;
        let mut only = String::new();
        if filter.mine {
            values.push(viewer.principal.worker.into());
            only.push_str(&format!(" and c.screener_id = ${}", values.len()));
        } else if filter.unassigned {
            only.push_str(" and c.screener_id is null");
        }
        if filter.urgent {
            only.push_str(" and c.priority = 1");
        }
        if let Some(route) = &filter.route {
            values.push(route.clone().into());
            only.push_str(&format!(" and c.route = ${}", values.len()));
        }
        if let Some(team) = filter.team {
            values.push(team.into());
            only.push_str(&format!(" and c.team_id = ${}", values.len()));
        }
        let sql = format!(
            "select c.id, c.reference, c.route, c.state, c.priority, c.received_at, \
             c.referrer_name, c.referrer_role, c.referrer_agency, c.postcode, \
             c.screening_started_at, c.team_id, t.name as team, w.name as screener from contact c \
             left join team t on t.id = c.team_id left join worker w on w.id = c.screener_id \
             where c.state <> 'decided' and not exists (select 1 from contact_child cc \
             where cc.contact_id = c.id and cc.person_id is not null and not ({condition})){only} \
             order by c.priority, c.received_at, c.id limit 1000"
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    async fn board_children(
        &self,
        contacts: &[Id<ids::Contact>],
    ) -> Result<HashMap<Id<ids::Contact>, Vec<ChildRow>>> {
        let mut by_contact: HashMap<Id<ids::Contact>, Vec<ChildRow>> = HashMap::new();
        if contacts.is_empty() {
            return Ok(by_contact);
        }
        let (list, values) = in_list(contacts, 1);
        let sql = format!(
            "select cc.contact_id, cc.told, cc.person_id, p.given, p.known_as, p.family_name, \
             p.born_on from contact_child cc left join person p on p.id = cc.person_id \
             where cc.contact_id in ({list}) order by cc.id"
        );
        let rows: Vec<ChildRow> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        for row in rows {
            by_contact.entry(row.contact_id).or_default().push(row);
        }
        Ok(by_contact)
    }

    /// The clock of each contact that runs out first.
    async fn board_clocks(
        &self,
        contacts: &[Id<ids::Contact>],
    ) -> Result<HashMap<Id<ids::Contact>, ClockView>> {
        if contacts.is_empty() {
            return Ok(HashMap::new());
        }
        let (list, values) = in_list(contacts, 1);
        let sql = format!(
            "select {} from clock where about_kind = 'contact' and done_at is null \
             and about_id in ({list}) order by due_at desc",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        // The last one put in is the first one due.
        Ok(clocks
            .iter()
            .filter_map(|c| Some((c.contact_id?, ClockView::of(c, self.pack()))))
            .collect())
    }

    /// The numbers of the board. A contact about a child whose record is barred
    /// to the viewer is in none of them.
    async fn front_door_today(&self, viewer: &Viewer) -> Result<Today> {
        let now = Utc::now();
        let since = now - Duration::days(28);
        let mut values = args![time::start_of(time::today()), since, now];
        let (counted, more) = self.gate().may_count_contacts(viewer, 4);
        values.extend(more);
        let sql = format!(
            "select (select count(*) from contact c where c.received_at >= $1 \
              and {counted}) as received, \
             (select count(*) from contact c where c.decided_at >= $1 and {counted}) as decided, \
             (select count(*) from contact c where c.received_at >= $2 \
              and {counted}) as in_28_days, \
             (select count(*) from contact c where c.received_at >= $2 \
              and c.source in ('1A', '1C') and {counted}) as from_families, \
             (select count(*) from clock k join contact c on c.id = k.contact_id \
              where k.rule = 'tell-referrer' and k.started_at >= $2 \
              and c.source not in ('1A', '1B', '1C', '1D', '9', '10') \
              and (k.done_at is not null or k.due_at < $3) and {counted}) as to_tell, \
             (select count(*) from clock k join contact c on c.id = k.contact_id \
              where k.rule = 'tell-referrer' and k.started_at >= $2 \
              and c.source not in ('1A', '1B', '1C', '1D', '9', '10') \
              and k.done_at <= k.due_at and {counted}) as told_in_time"
        );
        let db = self.store().read_db();
        Ok(db.one(AssertSqlSafe(sql), values).await?)
    }
}

impl Row {
    fn shown(self, told: Vec<ChildRow>, clock: Option<ClockView>, now: DateTime<Utc>) -> Waiting {
        let stage = match (self.state.as_str(), self.screening_started_at) {
            ("screening", Some(since)) => format!("In screening {}", for_how_long(since, now)),
            _ => format!("Not opened {}", for_how_long(self.received_at, now)),
        };
        let from = [
            self.referrer_name,
            self.referrer_agency.or(self.referrer_role),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
        let mut whose = vec![format!("contact:{}", self.id)];
        whose.extend(
            told.iter()
                .filter_map(|child| Some(format!("person:{}", child.person_id?))),
        );
        Waiting {
            id: self.id,
            reference: self.reference,
            priority: self.priority,
            stage,
            received_at: self.received_at,
            route: route_label(&self.route),
            from,
            identified: !told.is_empty() && told.iter().all(|child| child.person_id.is_some()),
            children: told.iter().map(ChildRow::words).collect(),
            postcode: self.postcode,
            team: self.team,
            screener: self.screener,
            clock,
            whose,
        }
    }
}

impl ChildRow {
    fn words(&self) -> String {
        if self.person_id.is_none() {
            return ToldChild::read(&self.told).words();
        }
        let first = self
            .known_as
            .as_deref()
            .filter(|name| !name.is_empty())
            .or(self.given.as_deref())
            .unwrap_or_default();
        let name = format!(
            "{first} {}",
            self.family_name.as_deref().unwrap_or_default()
        );
        match self.born_on {
            Some(day) => format!(
                "{}, {}",
                name.trim(),
                BirthDate::exact(day).words_on(time::today())
            ),
            None => name.trim().to_owned(),
        }
    }
}

/// Placeholders and values for `in (...)`, from `$first` on.
pub(super) fn in_list<T>(ids: &[Id<T>], first: usize) -> (String, Vec<Value>) {
    let places: Vec<String> = (0..ids.len()).map(|i| format!("${}", first + i)).collect();
    let values = ids.iter().map(|id| Value::from(id.to_string())).collect();
    (places.join(", "), values)
}
