//! Running clocks: started and stopped by what happens, by the rules of the
//! pack. A clock warns, explains and asks for a reason. It never blocks.

use chrono::{DateTime, Duration, Utc};
use packs::{Circumstances, ClockRule, ClockState, Due, Pack, Unit};
use record::model::Clock;
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids};

use crate::{Casework, Result, time};

/// What a clock is about, and whose it is.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// contact, step, plan, action, meeting, told, access_grant.
    pub kind: &'static str,
    /// Which one.
    pub id: String,
    /// The child.
    pub person: Option<Id<ids::Person>>,
    /// The family.
    pub family: Option<Id<ids::Family>>,
    /// The contact.
    pub contact: Option<Id<ids::Contact>>,
    /// Whose team's.
    pub team: Option<Id<ids::Team>>,
    /// Whose.
    pub worker: Option<Id<ids::Worker>>,
    /// Where the work is done.
    pub path: String,
}

/// Starts every clock that an event starts, by the rules in force on that day.
/// A clock that depends on something does not run: see [`start_where`].
pub async fn start(
    tx: &mut Tx,
    pack: &Pack,
    trigger: &str,
    at: DateTime<Utc>,
    about: &About,
) -> Result<()> {
    start_where(tx, pack, trigger, at, about, &Circumstances::default()).await
}

/// The same, with what is the case: the kind of plan, how urgent a check is.
pub async fn start_where(
    tx: &mut Tx,
    pack: &Pack,
    trigger: &str,
    at: DateTime<Utc>,
    about: &About,
    case: &Circumstances,
) -> Result<()> {
    let day = time::local(at).date();
    for rule in pack.clocks_started_by(trigger, day) {
        if rule.runs_under(case) {
            start_rule(tx, pack, rule, at, about).await?;
        }
    }
    Ok(())
}

/// Starts the clock of one rule.
pub async fn start_rule(
    tx: &mut Tx,
    pack: &Pack,
    rule: &ClockRule,
    at: DateTime<Utc>,
    about: &About,
) -> Result<()> {
    tx.insert(&clock_of(Id::new(), pack, rule, at, about))
        .await?;
    Ok(())
}

/// A clock of one rule as it starts: for what brings in work that began
/// elsewhere.
pub fn clock_of(
    id: Id<ids::Clock>,
    pack: &Pack,
    rule: &ClockRule,
    at: DateTime<Utc>,
    about: &About,
) -> Clock {
    let (due, due_at) = due_of(rule, at, pack);
    Clock {
        id,
        rule: rule.id.clone(),
        rule_version: due.version.to_string(),
        title: rule.title.clone(),
        about_kind: about.kind.to_owned(),
        about_id: about.id.clone(),
        person_id: about.person,
        family_id: about.family,
        contact_id: about.contact,
        team_id: about.team,
        worker_id: about.worker,
        path: about.path.clone(),
        started_at: at,
        due_at,
        done_at: None,
        late_reason: None,
        late_agreed_by: None,
        late_recorded_at: None,
        version: 1,
    }
}

/// When what started at a moment is due: as the clock on the wall shows it,
/// and the moment. Hours are hours that pass: in the night in which summer time
/// begins or ends, four of them are four, whatever the wall shows.
fn due_of(rule: &ClockRule, at: DateTime<Utc>, pack: &Pack) -> (Due, DateTime<Utc>) {
    let start = time::local(at);
    let mut due = rule.due(start, pack.working_days());
    if due.unit != Unit::Hours {
        let moment = time::from_local(due.at);
        return (due, moment);
    }
    let (passes, warns) = (due.at - start, due.warn_from - start);
    due.at = time::local(at + passes);
    due.warn_from = time::local(at + warns);
    (due, at + passes)
}

/// Stops every clock about one thing that an event stops.
pub async fn stop(
    tx: &mut Tx,
    pack: &Pack,
    event: &str,
    at: DateTime<Utc>,
    kind: &str,
    id: &str,
) -> Result<()> {
    let stopped: Vec<String> = pack
        .clocks(time::local(at).date())
        .filter(|rule| rule.is_stopped_by(event))
        .map(|rule| rule.id.clone())
        .collect();
    for mut clock in running(tx, kind, id).await? {
        if stopped.contains(&clock.rule) {
            clock.done_at = Some(at);
            tx.update(&mut clock).await?;
        }
    }
    Ok(())
}

/// Stops every clock of these children that an event stops, whatever started
/// it: an enquiry, a conference, an earlier visit. A rule that has been
/// replaced since is stopped as it was when its clock began.
pub async fn stop_of(
    tx: &mut Tx,
    pack: &Pack,
    event: &str,
    at: DateTime<Utc>,
    children: &[Id<ids::Person>],
) -> Result<()> {
    let sql = format!(
        "select {} from clock where person_id = $1 and done_at is null",
        Clock::COLUMNS.join(", ")
    );
    for child in children {
        let running: Vec<Clock> = tx.all(AssertSqlSafe(sql.clone()), args![*child]).await?;
        for mut clock in running {
            let rule = pack.clock(&clock.rule, time::local(clock.started_at).date());
            if rule.is_some_and(|rule| rule.is_stopped_by(event)) {
                clock.done_at = Some(at);
                tx.update(&mut clock).await?;
            }
        }
    }
    Ok(())
}

/// Stops every clock about one thing: it was closed, skipped or passed on.
pub async fn stop_all(tx: &mut Tx, at: DateTime<Utc>, kind: &str, id: &str) -> Result<()> {
    for mut clock in running(tx, kind, id).await? {
        clock.done_at = Some(at);
        tx.update(&mut clock).await?;
    }
    Ok(())
}

/// Hands the running clocks about one thing to another worker and team.
pub async fn hand_over(
    tx: &mut Tx,
    kind: &str,
    id: &str,
    team: Option<Id<ids::Team>>,
    worker: Option<Id<ids::Worker>>,
) -> Result<()> {
    for mut clock in running(tx, kind, id).await? {
        clock.team_id = team;
        clock.worker_id = worker;
        tx.update(&mut clock).await?;
    }
    Ok(())
}

/// What starts the clock of immediate risk.
const IMMEDIATE_RISK: &str = "contact.immediate_risk";

/// Hands the running clock of immediate risk on from a referral to the work
/// that follows from it: having a worker is not yet having acted (R003-07).
pub async fn carry_risk(tx: &mut Tx, pack: &Pack, from: Id<ids::Step>, to: &About) -> Result<()> {
    for mut clock in running(tx, "step", from.as_str()).await? {
        if is_of_risk(&clock, pack) {
            clock.about_kind = to.kind.to_owned();
            clock.about_id = to.id.clone();
            clock.path = to.path.clone();
            clock.team_id = to.team;
            clock.worker_id = to.worker;
            tx.update(&mut clock).await?;
        }
    }
    Ok(())
}

/// Stops the clocks of a whole family that an event stops, such as that of
/// immediate risk when one of its children was seen. Clocks of one child are
/// left to [`stop_of`]. What happened before a clock started does not stop it;
/// people write times to the minute.
pub async fn stop_of_family(
    tx: &mut Tx,
    pack: &Pack,
    event: &str,
    at: DateTime<Utc>,
    family: Id<ids::Family>,
) -> Result<()> {
    let sql = format!(
        "select {} from clock where family_id = $1 and person_id is null and done_at is null",
        Clock::COLUMNS.join(", ")
    );
    let running: Vec<Clock> = tx.all(AssertSqlSafe(sql), args![family]).await?;
    for mut clock in running {
        let rule = pack.clock(&clock.rule, time::local(clock.started_at).date());
        let stops = rule.is_some_and(|rule| rule.is_stopped_by(event));
        if stops && at + Duration::minutes(1) > clock.started_at {
            clock.done_at = Some(at);
            tx.update(&mut clock).await?;
        }
    }
    Ok(())
}

fn is_of_risk(clock: &Clock, pack: &Pack) -> bool {
    pack.clock(&clock.rule, time::local(clock.started_at).date())
        .is_some_and(|rule| rule.is_started_by(IMMEDIATE_RISK))
}

/// Records why a clock is or will be late, and who agreed.
pub async fn give_reason(
    tx: &mut Tx,
    clock: Id<ids::Clock>,
    reason: &str,
    agreed_by: Option<Id<ids::Worker>>,
) -> Result<()> {
    let mut clock: Clock = tx.get(clock).await?;
    clock.late_reason = Some(reason.to_owned());
    clock.late_agreed_by = agreed_by;
    clock.late_recorded_at = Some(tx.now());
    tx.update(&mut clock).await?;
    Ok(())
}

async fn running(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<Clock>> {
    let sql = format!(
        "select {} from clock where about_kind = $1 and about_id = $2 and done_at is null",
        Clock::COLUMNS.join(", ")
    );
    Ok(tx.all(AssertSqlSafe(sql), args![kind, id]).await?)
}

impl Casework {
    /// The clocks that run about one thing, as its page shows them, the first
    /// due first. Whoever asks has passed the gate for the thing.
    pub(crate) async fn clocks_about(
        &self,
        kind: &str,
        id: impl ToString,
    ) -> Result<Vec<ClockView>> {
        let running: Vec<Clock> = self
            .rows_of(
                "about_kind = $1 and about_id = $2 and done_at is null order by due_at, id",
                args![kind, id.to_string()],
            )
            .await?;
        Ok(running
            .iter()
            .map(|clock| ClockView::of(clock, self.pack()))
            .collect())
    }
}

/// A clock as a page shows it: state, words, rule and source.
#[derive(Debug, Clone)]
pub struct ClockView {
    /// The clock.
    pub id: Id<ids::Clock>,
    /// What is due.
    pub title: String,
    /// on-time, due-soon, due-today, late or done: for the colour, which only
    /// repeats the words.
    pub state: &'static str,
    /// "due Friday 27 November, in 3 working days", "2 days late".
    pub words: String,
    /// The rule in words.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// How strong that source is, in words.
    pub strength: String,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// Why it is late.
    pub late_reason: Option<String>,
    /// Where the work is done.
    pub path: String,
}

impl ClockView {
    /// Shows a clock as it stands now.
    pub fn of(clock: &Clock, pack: &Pack) -> ClockView {
        let started = time::local(clock.started_at);
        let rule = pack.clock(&clock.rule, started.date());
        let due = rule.map(|rule| due_of(rule, clock.started_at, pack).0);
        let now = time::now_local();
        let (state, words) = match (clock.done_at, &due) {
            (Some(done), _) if done <= clock.due_at => ("done", "done in time".to_owned()),
            (Some(_), _) => ("done", "done late".to_owned()),
            (None, Some(due)) => (word(&due.state(now, pack.working_days())), words(due, pack)),
            (None, None) if clock.due_at < Utc::now() => ("late", "late".to_owned()),
            (None, None) => ("on-time", "running".to_owned()),
        };
        ClockView {
            id: clock.id,
            title: clock.title.clone(),
            state,
            words,
            rule: due.as_ref().map(|d| d.rule.clone()).unwrap_or_default(),
            source: due.as_ref().map(|d| d.source.clone()).unwrap_or_default(),
            strength: due
                .as_ref()
                .map(|d| d.strength.label().to_owned())
                .unwrap_or_default(),
            due_at: clock.due_at,
            done_at: clock.done_at,
            late_reason: clock.late_reason.clone(),
            path: clock.path.clone(),
        }
    }

    /// Whether it is past due and not done.
    pub fn is_late(&self) -> bool {
        self.state == "late"
    }

    /// What the rule rests on: its source and how strong that is. A source
    /// that begins with its strength ("Local choice; ...") says it once.
    pub fn grounds(&self) -> String {
        match self.source.starts_with(&self.strength) {
            true => self.source.clone(),
            false => format!("{}; {}", self.source, self.strength),
        }
    }
}

fn words(due: &Due, pack: &Pack) -> String {
    due.words(time::now_local(), pack.working_days())
}

fn word(state: &ClockState) -> &'static str {
    match state {
        ClockState::OnTime => "on-time",
        ClockState::DueSoon => "due-soon",
        ClockState::DueToday => "due-today",
        ClockState::Late { .. } => "late",
    }
}
