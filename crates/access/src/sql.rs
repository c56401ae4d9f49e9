//! The same rules as conditions a database applies, for lists and for facts.
//!
//! [`may_see`] filters a list in one query; [`facts`] fetches what
//! [`crate::Policy::decide`] needs for one person. Both are plain SQL for SQLite and
//! PostgreSQL, with every id, date and instant bound. A property test holds
//! `may_see` equal to `decide`.
//!
//! Dates: an involvement and a household place end *on* their end date, that day
//! no longer counting; a worker's last day still counts. Instants: a grant holds
//! from its start until just before its end.

use crate::facts::{Moment, Principal, TieKind};
use crate::policy::Policy;
use crate::section::{Purpose, Section};
use chrono::{DateTime, NaiveDate, Utc};
use vocabulary::Id;
use vocabulary::ids::{Person, Team};

/// A value to bind to a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// An id.
    Text(String),
    /// A day in England.
    Date(NaiveDate),
    /// An instant.
    Time(DateTime<Utc>),
}

/// A piece of SQL and the values of its placeholders, in order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text. For [`may_see`] a condition in brackets; for [`facts`] a query.
    pub sql: String,
    /// The values, the first belonging to the first placeholder given.
    pub values: Vec<Value>,
}

/// States in which a contact is open at the front door.
const OPEN: &str = "('new', 'screening', 'mash')";

/// The condition under which `who` may use `section` of the person whose id
/// stands in `person`, a column such as `"p.id"`.
///
/// `first` is the number of the first placeholder to use: 1, or one more than
/// the placeholders the query already has. Inner tables have the aliases `tied`,
/// `theirs`, `asked`, `door`, `granted`, `place`, `kin`, `closed`, `listed`,
/// `connected` and `me`; do not use them outside.
pub fn may_see(
    policy: &Policy,
    who: &Principal,
    purpose: Purpose,
    section: Section,
    moment: Moment,
    person: &'static str,
    first: usize,
) -> Piece {
    let mut write = Writer::new(who, moment, first);
    let ties = match who.active && policy.never(who).is_none() {
        true => write.ties(policy, purpose, section, person),
        false => Vec::new(),
    };
    if ties.is_empty() {
        // No rule can apply, so nobody is in the list.
        return Piece {
            sql: "(1 = 0)".to_owned(),
            values: Vec::new(),
        };
    }
    let (at_work, unbarred) = (write.at_work(), write.unbarred(person));
    let ties = ties.join("\n    OR ");
    let sql = match write.overridden(policy, purpose, section, person) {
        None => format!("({at_work}\n  AND {unbarred}\n  AND ({ties}))"),
        Some(overridden) => {
            format!("({at_work}\n  AND (({unbarred}\n  AND ({ties}))\n  OR ({overridden})))")
        }
    };
    Piece {
        sql,
        values: write.values,
    }
}

/// The condition under which something stands between `who` and the person in
/// `person`, whatever ties there are: the worker has left, a personal
/// connection, or a restriction that does not name them. As in
/// [`crate::Facts::bar`].
pub fn barred(who: &Principal, moment: Moment, person: &'static str, first: usize) -> Piece {
    let mut write = Writer::new(who, moment, first);
    let (at_work, unbarred) = (write.at_work(), write.unbarred(person));
    Piece {
        sql: format!("(NOT ({at_work} AND {unbarred}))"),
        values: write.values,
    }
}

/// A query for every tie and bar between `who` and one person, in the columns
/// `fact`, `through`, `section` (text) and `until` (instant) of
/// [`crate::FactRow`]. Standing ties need no row.
pub fn facts(who: &Principal, person: &Id<Person>, moment: Moment, first: usize) -> Piece {
    let mut write = Writer::new(who, moment, first);
    let p = write.bind(Value::Text(person.to_string()));
    let mut parts = Vec::new();
    let row = |fact: &str, through: Option<&str>, when: String| {
        let through = through.map_or("NULL".to_owned(), |word| format!("'{word}'"));
        format!(
            "SELECT '{fact}' AS fact, CAST({through} AS text) AS through, \
             CAST(NULL AS text) AS section, CAST(NULL AS timestamptz) AS until\n WHERE {when}"
        )
    };
    parts.push(row("left", None, format!("NOT {}", write.at_work())));
    parts.push(row("conflict", None, write.connected(&p)));
    parts.push(row("restricted", None, write.restricted(&p, "NOT ")));
    parts.push(row("restricted_allowed", None, write.restricted(&p, "")));
    for kind in TieKind::INVOLVED {
        if let Some(when) = write.involved(&[kind], &p) {
            parts.push(row(kind.as_str(), None, when));
        }
    }
    for kind in TieKind::CARRIERS {
        if let Some(when) = write.household(&[kind], &p) {
            parts.push(row("family", Some(kind.as_str()), when));
        }
    }
    parts.push(row("open_contact", None, write.at_the_door(&p)));
    let live = write.live_grant(&p);
    parts.push(format!(
        "SELECT granted.kind, NULL, granted.section, granted.ends_at\n \
         FROM access_grant granted WHERE {live}"
    ));
    Piece {
        sql: parts.join("\nUNION ALL\n"),
        values: write.values,
    }
}

/// Writes conditions for one worker at one moment, sharing placeholders.
struct Writer<'a> {
    who: &'a Principal,
    moment: Moment,
    first: usize,
    values: Vec<Value>,
}

impl<'a> Writer<'a> {
    fn new(who: &'a Principal, moment: Moment, first: usize) -> Self {
        Writer {
            who,
            moment,
            first,
            values: Vec::new(),
        }
    }

    /// The placeholder for `value`: one number for each distinct value.
    fn bind(&mut self, value: Value) -> String {
        let place = self
            .values
            .iter()
            .position(|v| *v == value)
            .unwrap_or_else(|| {
                self.values.push(value);
                self.values.len() - 1
            });
        format!("${}", self.first + place)
    }

    fn me(&mut self) -> String {
        self.bind(Value::Text(self.who.worker.to_string()))
    }

    fn today(&mut self) -> String {
        self.bind(Value::Date(self.moment.today))
    }

    fn now(&mut self) -> String {
        self.bind(Value::Time(self.moment.at))
    }

    fn team(&mut self, team: &Id<Team>) -> String {
        self.bind(Value::Text(team.to_string()))
    }

    /// `column` lies ahead or is empty: the row has not ended.
    fn not_ended(column: &str, now: &str) -> String {
        format!("({column} IS NULL OR {column} > {now})")
    }

    /// One condition for each way the policy opens the section.
    fn ties(
        &mut self,
        policy: &Policy,
        purpose: Purpose,
        section: Section,
        person: &str,
    ) -> Vec<String> {
        let who = self.who;
        let rules = || {
            policy
                .rules
                .iter()
                .filter(|r| r.serves(who, purpose) && r.opens.contains(&section))
        };
        let opens = |kind: TieKind| rules().any(|r| r.tie == kind);
        if TieKind::STANDING.into_iter().any(opens) {
            return vec!["1 = 1".to_owned()];
        }
        let mut ways = Vec::new();
        let held: Vec<TieKind> = TieKind::INVOLVED
            .into_iter()
            .filter(|k| opens(*k))
            .collect();
        ways.extend(self.involved(&held, person));
        let through: Vec<TieKind> = TieKind::CARRIERS
            .into_iter()
            .filter(|k| policy.usable(who, purpose, *k))
            .filter(|k| rules().any(|r| r.tie == TieKind::Family && r.through.contains(k)))
            .collect();
        ways.extend(self.household(&through, person));
        if opens(TieKind::OpenContact) {
            ways.push(self.at_the_door(person));
        }
        let kinds: Vec<&str> = TieKind::GRANTED
            .into_iter()
            .filter(|k| opens(*k))
            .map(TieKind::as_str)
            .collect();
        if !kinds.is_empty() {
            let live = self.live_grant(person);
            let enough = Section::ALL.into_iter().filter(|s| s.reaches(section));
            ways.push(format!(
                "EXISTS (SELECT 1 FROM access_grant granted WHERE {live} \
                 AND granted.kind IN {} AND granted.section IN {})",
                words(kinds),
                words(enough.map(Section::as_str)),
            ));
        }
        ways
    }

    /// A live override opens `section`, whatever restriction there is, unless a
    /// personal connection bars it; `None` when no rule gives this worker one.
    fn overridden(
        &mut self,
        policy: &Policy,
        purpose: Purpose,
        section: Section,
        person: &str,
    ) -> Option<String> {
        let who = self.who;
        let mut rules = policy.rules.iter();
        let opens = rules.any(|r| {
            r.tie == TieKind::Override && r.serves(who, purpose) && r.opens.contains(&section)
        });
        if !opens {
            return None;
        }
        let (live, connected) = (self.live_grant(person), self.connected(person));
        let enough = Section::ALL.into_iter().filter(|s| s.reaches(section));
        Some(format!(
            "NOT {connected} AND EXISTS (SELECT 1 FROM access_grant granted WHERE {live} \
             AND granted.kind = '{}' AND granted.section IN {})",
            TieKind::Override.as_str(),
            words(enough.map(Section::as_str)),
        ))
    }

    /// A current involvement with `person` gives one of `kinds`; `None` when
    /// this worker can have none of them.
    fn involved(&mut self, kinds: &[TieKind], person: &str) -> Option<String> {
        let mut ways = Vec::new();
        let roles = kinds.iter().filter_map(|kind| match kind {
            TieKind::Allocated => Some("allocated"),
            TieKind::CoWorker => Some("co_worker"),
            TieKind::Involved => Some("other"),
            TieKind::Supervising => Some("supervisor"),
            _ => None,
        });
        let roles: Vec<&str> = roles.collect();
        if !roles.is_empty() {
            let me = self.me();
            ways.push(format!(
                "(tied.worker_id = {me} AND tied.role IN {})",
                words(roles)
            ));
        }
        if kinds.contains(&TieKind::TeamHolds)
            && let Some(team) = &self.who.team
        {
            let team = self.team(team);
            ways.push(format!("tied.team_id = {team}"));
        }
        if kinds.contains(&TieKind::Supervising) {
            let mut whose = format!("theirs.supervisor_id = {}", self.me());
            let teams: Vec<String> = self
                .who
                .teams_supervised
                .iter()
                .map(|t| self.team(t))
                .collect();
            if !teams.is_empty() {
                let teams = teams.join(", ");
                ways.push(format!("tied.team_id IN ({teams})"));
                whose = format!("{whose} OR theirs.team_id IN ({teams})");
            }
            ways.push(format!(
                "tied.worker_id IN (SELECT theirs.id FROM worker theirs WHERE {whose})"
            ));
        }
        if ways.is_empty() {
            return None;
        }
        let today = self.today();
        Some(format!(
            "EXISTS (SELECT 1 FROM involvement tied WHERE tied.person_id = {person} \
             AND tied.started_on <= {today} AND {} AND ({}))",
            Self::not_ended("tied.ended_on", &today),
            ways.join(" OR "),
        ))
    }

    /// `person` shares a household with somebody this worker is tied to by one
    /// of `kinds`. A tie to somebody whose own record is barred reaches nobody.
    fn household(&mut self, kinds: &[TieKind], person: &str) -> Option<String> {
        let mut ways: Vec<String> = Vec::new();
        ways.extend(self.involved(kinds, "kin.person_id"));
        if kinds.contains(&TieKind::OpenContact) {
            ways.push(self.at_the_door("kin.person_id"));
        }
        if ways.is_empty() {
            return None;
        }
        let tied = format!("({})", ways.join(" OR "));
        let unbarred = self.unbarred("kin.person_id");
        let today = self.today();
        Some(format!(
            "EXISTS (SELECT 1 FROM family_member place JOIN family_member kin \
             ON kin.family_id = place.family_id AND kin.person_id <> place.person_id \
             WHERE place.person_id = {person} AND {} AND {} AND {tied} AND {unbarred})",
            Self::not_ended("place.left_on", &today),
            Self::not_ended("kin.left_on", &today),
        ))
    }

    /// The person is on a contact that is open at the front door.
    fn at_the_door(&mut self, person: &str) -> String {
        format!(
            "EXISTS (SELECT 1 FROM contact_child asked JOIN contact door \
             ON door.id = asked.contact_id WHERE asked.person_id = {person} \
             AND door.state IN {OPEN})"
        )
    }

    /// The conditions on a row of `access_grant granted` that is live.
    fn live_grant(&mut self, person: &str) -> String {
        let (me, now) = (self.me(), self.now());
        format!(
            "granted.person_id = {person} AND granted.worker_id = {me} \
             AND granted.starts_at <= {now} AND granted.ends_at > {now} AND {}",
            Self::not_ended("granted.ended_at", &now),
        )
    }

    /// The worker's own row says that they work here today. Asked of the
    /// database each time, so that leaving takes effect at the next look.
    fn at_work(&mut self) -> String {
        let (worker, today) = (self.me(), self.today());
        format!(
            "EXISTS (SELECT 1 FROM worker me WHERE me.id = {worker} AND me.active \
             AND me.starts_on <= {today} AND (me.ends_on IS NULL OR me.ends_on >= {today}))"
        )
    }

    /// Neither a personal connection nor a restriction stands in the way.
    fn unbarred(&mut self, person: &str) -> String {
        format!(
            "NOT {}\n  AND NOT {}",
            self.connected(person),
            self.restricted(person, "NOT ")
        )
    }

    fn connected(&mut self, person: &str) -> String {
        let (me, now) = (self.me(), self.now());
        format!(
            "EXISTS (SELECT 1 FROM conflict connected WHERE connected.person_id = {person} \
             AND connected.worker_id = {me} AND {})",
            Self::not_ended("connected.ended_at", &now),
        )
    }

    /// A restriction in force whose list does (`""`) or does not (`"NOT "`)
    /// name the worker. Whoever looks after restricted records is on each.
    fn restricted(&mut self, person: &str, listed: &str) -> String {
        let now = self.now();
        let named = match (self.who.keeps_shields(), listed) {
            (true, "") => "1 = 1".to_owned(),
            (true, _) => "1 = 0".to_owned(),
            (false, listed) => format!(
                "{listed}EXISTS (SELECT 1 FROM restriction_allow listed \
                 WHERE listed.restriction_id = closed.id AND listed.worker_id = {})",
                self.me()
            ),
        };
        format!(
            "EXISTS (SELECT 1 FROM restriction closed WHERE closed.person_id = {person} \
             AND {} AND {named})",
            Self::not_ended("closed.ended_at", &now),
        )
    }
}

/// A list of our own fixed words: `('index', 'summary')`.
fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(|w| format!("'{w}'")).collect();
    format!("({})", quoted.join(", "))
}
