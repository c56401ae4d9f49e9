//! Children who are missing or away: logged in four clicks, on the board at
//! once, back again, and heard within 72 hours (R002-05, UX22). What comes up
//! in interviews grows into patterns of places and people; a panel looks at
//! exploitation (R002-11).

pub mod board;
mod interview;
pub mod panel;
pub mod patterns;

use chrono::{DateTime, Days, NaiveDate, Utc};
use packs::{Answers, Form};
use record::model::{Missing, Person};
use record::{Asked, AssertSqlSafe, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Done, past_moment, said};
use crate::care::board::{name_and_age, sees_boards};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// Whose post logs a missing child.
const LOGS: [&str; 4] = [
    "case.record",
    "case.review",
    "contact.screen",
    "case.oversee",
];

/// From how many times in [`WINDOW`] days a strategy discussion is suggested.
const OFTEN: i64 = 3;
const WINDOW: u64 = 90;

/// The form on which a child is logged.
#[derive(Debug, Clone)]
pub struct LogForm {
    /// The child, when the page is the child's own.
    pub child: Option<Guarded<Person>>,
    /// The form, with the children to choose from.
    pub form: Form,
    /// What is filled in: now.
    pub answers: Answers,
}

/// A time missing with its child, for the pages about it.
#[derive(Debug, Clone)]
pub struct MissingSeen {
    /// The child.
    pub child: Guarded<Person>,
    /// The row.
    pub missing: Missing,
    /// How often in the last 90 days, this time included.
    pub often: i64,
}

impl MissingSeen {
    /// Whether it is time to think of a strategy discussion.
    pub fn suggests_strategy(&self) -> bool {
        self.often >= OFTEN || self.missing.exploitation.as_deref() == Some("strong")
    }

    /// Whether the child is away now.
    pub fn is_open(&self) -> bool {
        self.missing.ended_at.is_none()
    }

    /// What came of the interview, in words.
    pub fn interview_words(&self) -> &'static str {
        match self.missing.interview.as_str() {
            "held" => "The child talked to somebody",
            "refused" => "The child did not want to",
            "decided_not" => "It was decided not to hold one",
            "due" => "Not held yet",
            _ => "Due when the child is back",
        }
    }
}

#[derive(sqlx::FromRow)]
struct Candidate {
    id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
}

impl Casework {
    /// The form on which a missing child is logged: on the board, where the
    /// child is chosen, or on the child's own page.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record, or the board, is not.
    pub async fn missing_form(
        &self,
        viewer: &Viewer,
        child: Option<Id<ids::Person>>,
    ) -> Result<LogForm> {
        let mut form = self.form("missing-log")?.clone();
        let mut answers = Answers::new();
        answers.set(
            "since",
            time::now_local().format("%Y-%m-%dT%H:%M").to_string(),
        );
        let child = match child {
            Some(id) => {
                let child = self
                    .child_to_write(viewer, id, "missing-log", &LOGS)
                    .await?;
                for section in &mut form.sections {
                    section.fields.retain(|field| field.name != "child");
                }
                Some(child)
            }
            None => None,
        };
        let mut log = LogForm {
            child,
            form,
            answers,
        };
        if log.child.is_none() {
            self.offer_children(viewer, &mut log).await?;
        }
        Ok(log)
    }

    /// Children in care, care leavers, and those the viewer works with.
    async fn offer_children(&self, viewer: &Viewer, log: &mut LogForm) -> Result<()> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let mut values = args![viewer.principal.worker];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_write("missing-log"), "p.id", 2);
        values.extend(more);
        let sql = format!(
            "select p.id, p.given, p.known_as, p.family_name, p.born_on from person p \
             where p.kind = 'child' and p.died_on is null and (p.status in ('in_care', 'care_leaver') \
             or exists (select 1 from care c where c.person_id = p.id and c.ended_on is null) \
             or exists (select 1 from involvement i where i.person_id = p.id and i.worker_id = $1 \
             and i.ended_on is null)) and {open} order by p.given, p.family_name, p.id limit 400"
        );
        let found: Vec<Candidate> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let found = self
            .gate()
            .listed(viewer, "missing-log", found, |c| {
                vec![format!("person:{}", c.id)]
            })
            .await?;
        let choices = found
            .iter()
            .map(|c| {
                let name = name_and_age(&c.given, c.known_as.as_deref(), &c.family_name, c.born_on);
                packs::Choice {
                    value: c.id.to_string(),
                    label: name,
                    ..packs::Choice::default()
                }
            })
            .collect();
        let mut fields = log.form.sections.iter_mut().flat_map(|s| &mut s.fields);
        if let Some(field) = fields.find(|f| f.name == "child") {
            field.kind = packs::Kind::Select(packs::Options {
                codes: None,
                choices,
            });
        }
        Ok(())
    }

    /// Logs a missing child; it is on the board at once. When the child is
    /// back already, the clock of the interview starts.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn log_missing(
        &self,
        viewer: &Viewer,
        child: Option<Id<ids::Person>>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let log = self.missing_form(viewer, child).await?;
        let mut findings = log.form.check(answers, None);
        findings.retain(|f| f.severity == packs::Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let child = match log.child {
            Some(child) => child,
            None => {
                let id = answers.text("child").parse().map_err(|_| Error::NotFound)?;
                self.child_to_write(viewer, id, "missing-log", &LOGS)
                    .await?
            }
        };
        let (kind, back) = match answers.text("what").split_once('_') {
            Some((kind, _)) => (kind.to_owned(), true),
            None => (answers.text("what").to_owned(), false),
        };
        let started_at = past_moment(answers, "since")?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, "/missing").await?;
        let ended_at = match (back, answers.text("back")) {
            (false, _) => None,
            (true, "") => Some(tx.now()),
            (true, _) => Some(past_moment(answers, "back")?),
        };
        let row = Missing {
            id: Id::new(),
            person_id: child.id,
            family_id: self.family_of(child.id).await?,
            care_id: self.care_now(child.id).await?.map(|now| now.care.id),
            kind,
            started_at,
            ended_at,
            last_seen: said(answers, "last_seen"),
            police: said(answers, "police"),
            worry: said(answers, "worry"),
            back_how: None,
            back_place: None,
            back_words: None,
            interview: if back { "due" } else { "none" }.into(),
            interview_at: None,
            interview_by: None,
            independent: None,
            childs_words: None,
            pushes: json!([]),
            pulls: json!([]),
            exploitation: None,
            no_interview_why: None,
            next: None,
            team_id: viewer.principal.team,
            logged_by: viewer.principal.worker,
            logged_at: tx.now(),
            version: 1,
        };
        may_begin(&mut tx, &row).await?;
        tx.insert(&row).await?;
        if let Some(at) = ended_at {
            self.start_interview_clock(&mut tx, &row, at).await?;
        }
        let wording = match row.kind.as_str() {
            "A" => "Away without permission",
            _ => "Went missing",
        };
        let source = ("missing", row.id.to_string());
        let day = time::local(started_at).date();
        asking::propose(&mut tx, child.id, day, "harm", wording, source).await?;
        let often = often(&mut tx, child.id, row.started_at).await?;
        tx.commit().await?;
        let name = child.first_name();
        let mut words = match back {
            true => format!("Logged. {name} is back: the return interview is due within 72 hours."),
            false => format!("Logged. {name} is on the board."),
        };
        if often >= OFTEN {
            words.push_str(&format!(
                " This is the {} time in 90 days: think of a strategy discussion.",
                ordinal(often)
            ));
        }
        Ok(Done::new(words, "/missing"))
    }

    /// The clock of the return interview: 72 hours from coming back.
    async fn start_interview_clock(
        &self,
        tx: &mut Tx,
        row: &Missing,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let about = self.about_missing(row).await?;
        clocks::start(tx, self.pack(), "missing.returned", at, &about).await
    }

    async fn about_missing(&self, row: &Missing) -> Result<About> {
        let path = format!("/missing/{}/interview", row.id);
        self.about_child(row.person_id, "missing", row.id.as_str(), path)
            .await
    }

    /// One time missing, behind the gate.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn missing_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Missing>,
        asked: Asked<'_>,
    ) -> Result<MissingSeen> {
        let rows: Vec<Missing> = self.rows_of("id = $1", args![id]).await?;
        let missing = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = self
            .gate()
            .person(viewer, missing.person_id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        #[derive(sqlx::FromRow)]
        struct Many {
            n: i64,
        }
        let since = missing.started_at - Days::new(WINDOW);
        let many: Many = self
            .store()
            .read_db()
            .one(
                "select count(*) as n from missing where person_id = $1 and started_at > $2 \
                 and started_at <= $3",
                args![missing.person_id, since, missing.started_at],
            )
            .await?;
        Ok(MissingSeen {
            child,
            missing,
            often: many.n,
        })
    }

    /// The page on which a child comes back.
    ///
    /// # Errors
    /// As [`Casework::missing_seen`].
    pub async fn ask_back(&self, viewer: &Viewer, id: Id<ids::Missing>) -> Result<Asking> {
        let seen = self
            .missing_seen(viewer, id, Asked::to_write("missing-back"))
            .await?;
        if !LOGS.iter().any(|capability| viewer.can(capability)) {
            return Err(Error::NotFound);
        }
        let (address, back) = (format!("/missing/{id}/back"), format!("/missing/{id}"));
        let mut asking = Asking::new(self.form("missing-back")?, seen.child, address, back);
        asking.title = format!("{} is back", asking.child.first_name());
        asking.button = format!("Save: {} is back", asking.child.first_name());
        asking.words = format!(
            "Missing since {}. The return interview is due within 72 hours of coming back.",
            plain::date_time(time::local(seen.missing.started_at))
        );
        let now = time::now_local().format("%Y-%m-%dT%H:%M").to_string();
        asking.answers.set("at", now);
        Ok(asking)
    }

    /// The child is back; the clock of the interview starts.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_back(
        &self,
        viewer: &Viewer,
        id: Id<ids::Missing>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_back(viewer, id).await?;
        asking.check(answers)?;
        let at = past_moment(answers, "at")?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut row: Missing = tx.get(id).await?;
        if row.ended_at.is_some() {
            return Err(Error::Already(asking.sheet.back));
        }
        if at < row.started_at {
            return Err(Error::finding(
                "at",
                "When did they come back?",
                "Write a time after the child went missing",
            ));
        }
        row.ended_at = Some(at);
        row.back_how = said(answers, "how");
        row.back_place = said(answers, "place");
        row.back_words = said(answers, "safe");
        row.interview = "due".into();
        tx.update(&mut row).await?;
        self.start_interview_clock(&mut tx, &row, at).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "{} is back. The return interview is due within 72 hours.",
            asking.child.first_name()
        );
        Ok(Done::new(words, asking.sheet.back))
    }
}

/// A child cannot be missing twice at a time.
async fn may_begin(tx: &mut Tx, row: &Missing) -> Result<()> {
    if row.ended_at.is_some_and(|end| end < row.started_at) {
        return Err(Error::finding(
            "back",
            "When did they come back?",
            "Write a time after the child went missing",
        ));
    }
    let others: Vec<Missing> = asking::rows(
        tx,
        "person_id = $1 order by started_at desc",
        args![row.person_id],
    )
    .await?;
    let overlaps = |other: &Missing| {
        other.ended_at.is_none_or(|end| row.started_at < end)
            && row.ended_at.is_none_or(|end| other.started_at < end)
    };
    match others.iter().find(|other| overlaps(other)) {
        Some(other) if other.ended_at.is_none() => Err(Error::finding(
            "since",
            "Since when?",
            &format!(
                "The board has this child missing since {} already: open it there and say what is new",
                plain::date_time(time::local(other.started_at))
            ),
        )),
        Some(other) => Err(Error::finding(
            "since",
            "Since when?",
            &format!(
                "The child was missing until {} already: write a later time",
                other
                    .ended_at
                    .map_or_else(String::new, |at| plain::date_time(time::local(at)))
            ),
        )),
        None => Ok(()),
    }
}

/// How often a child was missing in the 90 days up to this time, it included.
async fn often(tx: &mut Tx, child: Id<ids::Person>, at: DateTime<Utc>) -> Result<i64> {
    let rows: Vec<Missing> = asking::rows(
        tx,
        "person_id = $1 and started_at > $2 and started_at <= $3",
        args![child, at - Days::new(WINDOW), at],
    )
    .await?;
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

fn ordinal(n: i64) -> String {
    match n {
        3 => "third".into(),
        4 => "fourth".into(),
        5 => "fifth".into(),
        n => format!("{n}th"),
    }
}
