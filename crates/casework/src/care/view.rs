//! The page "Home and care" of one child: where they live, under which law,
//! who was told, what is due, and every episode since the first day.

use access::Section;
use chrono::NaiveDate;
use record::model::{Care, CareEpisode, Clock, Person, Placement};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{CareForm, rules};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

const PAGE: &str = "care";

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct ChildCare {
    /// The child.
    pub child: Guarded<Person>,
    /// The time in care that lasts; nothing if there is none.
    pub now: Option<CareNow>,
    /// Every episode, the last one first.
    pub episodes: Vec<EpisodeRow>,
    /// Running clocks, the first due first.
    pub clocks: Vec<ClockView>,
    /// Reviews, the last one first.
    pub reviews: Vec<Said>,
    /// Health and school, the last one first.
    pub checks: Vec<Said>,
    /// Who was told of the home that lasts.
    pub told: Vec<Said>,
    /// People who matter.
    pub important: Vec<Said>,
    /// Seeking asylum alone, and a plan for adoption.
    pub others: Vec<Said>,
    /// The pages that may be opened now.
    pub forms: Vec<CareForm>,
}

/// The time in care that lasts, in words.
#[derive(Debug, Clone)]
pub struct CareNow {
    /// "4 March 2025".
    pub since: String,
    /// "1 year and 8 months".
    pub lasting: String,
    /// The legal status.
    pub status: String,
    /// The main reason.
    pub need: String,
    /// The kind of home.
    pub home: String,
    /// Who looks after the child.
    pub carer: String,
    /// Who provides it.
    pub provider: String,
    /// "Outside our area, 31 miles from home. The council there was told on 4 March."
    pub place: String,
    /// The council of the area still has to be told.
    pub area_waits: bool,
    /// The postcode, for those who may see it.
    pub postcode: Option<String>,
    /// The home should be registered and is not (R003-34).
    pub unregistered: bool,
    /// The kind of stay, where it is not an ordinary one.
    pub rule: Option<String>,
    /// "61 of 75 days of short breaks in 12 months" (regulation 48).
    pub short_breaks: Option<String>,
    /// More than 75 of them.
    pub too_many_breaks: bool,
    /// The reviewing officer.
    pub officer: Option<String>,
    /// The plan for a permanent home.
    pub permanence: String,
    /// It was due by the second review, and is not there.
    pub permanence_late: bool,
    /// 16 or close to it: the page of leaving care is shown (R001-41).
    pub near_leaving: bool,
}

/// An episode as a row.
#[derive(Debug, Clone)]
pub struct EpisodeRow {
    /// The episode.
    pub id: Id<ids::Episode>,
    /// "4 March 2025 to 11 June 2025".
    pub when: String,
    /// Why it began.
    pub began: &'static str,
    /// The legal status.
    pub status: String,
    /// The home and who provides it.
    pub home: String,
    /// Why it ended.
    pub ended: String,
    /// Why it was put right, if it was.
    pub corrected: Option<String>,
    /// The codes of the return, for those who check it: "S C2 N1 U6 PR1".
    pub codes: String,
}

/// A line with its day.
#[derive(Debug, Clone)]
pub struct Said {
    /// "4 March 2025".
    pub when: String,
    /// What it is.
    pub title: String,
    /// More of it.
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct Fact {
    src: String,
    day: NaiveDate,
    a: String,
    b: String,
    c: String,
    d: String,
}

/// Six small tables of one child in one question.
const FACTS: &str = "\
    select 'told' as src, told_on as day, whom as a, how as b, coalesce(words, '') as c, placement_id as d \
      from placement_told where person_id = $1 \
    union all select 'review', held_on, part, permanence, decided, coalesce(early, '') \
      from care_review where person_id = $1 \
    union all select 'check', happened_on, kind, done, coalesce(words, ''), \
      coalesce(cast(score as text), no_score, help, place, '') from care_check where person_id = $1 \
    union all select 'important', since, name, who, coalesce(in_touch, ''), coalesce(no_plan_why, '') \
      from important_person where person_id = $1 \
    union all select 'alone', since, coalesce(age, ''), coalesce(leave_kind, ''), coalesce(words, ''), \
      coalesce(cast(leave_ends as text), '') from unaccompanied where person_id = $1 \
    union all select 'adoption', decided_on, coalesce(cast(matched_on as text), ''), \
      coalesce(ended_why, ''), '', coalesce(cast(ended_on as text), '') from adoption_plan where person_id = $1 \
    order by day desc";

impl Casework {
    /// The page of one child.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not.
    pub async fn child_care(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<ChildCare> {
        let child = self
            .gate()
            .person(viewer, id, Asked::to_read(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let cares: Vec<Care> = self
            .rows_of(
                "person_id = $1 order by started_on desc, id desc",
                args![id],
            )
            .await?;
        let homes: Vec<Placement> = self
            .rows_of(
                "person_id = $1 order by started_on desc, id desc",
                args![id],
            )
            .await?;
        let episodes: Vec<CareEpisode> = self
            .rows_of(
                "person_id = $1 order by started_on desc, id desc",
                args![id],
            )
            .await?;
        let facts: Vec<Fact> = self.store().read_db().all(FACTS, args![id]).await?;
        let clocks = self.care_clocks(id).await?;
        let open = cares.iter().find(|c| c.ended_on.is_none());
        let now = match open {
            Some(care) => {
                self.now_in_words(viewer, &child, care, &homes, &episodes, &facts)
                    .await?
            }
            None => None,
        };
        let here = homes.first().map_or("", |home| home.id.as_str());
        let said = |src: &str| -> Vec<Said> {
            let own = facts.iter().filter(|f| f.src == src);
            own.filter(|f| src != "told" || f.d == here)
                .map(|f| self.said(f))
                .collect()
        };
        let mut others = said("alone");
        others.extend(said("adoption"));
        let writes = viewer.can("case.record");
        let forms = CareForm::ALL
            .into_iter()
            .filter(|form| form.needs().iter().any(|need| viewer.can(need)))
            .filter(|form| writes || *form != CareForm::Start)
            .filter(|form| match (now.is_some(), form) {
                (true, CareForm::Start) => false,
                (true, CareForm::Secure) => homes.first().is_some_and(|h| h.rule == "secure"),
                (true, _) => true,
                (false, form) => {
                    matches!(
                        form,
                        CareForm::Start | CareForm::Alone | CareForm::Important
                    )
                }
            })
            .collect();
        Ok(ChildCare {
            episodes: episodes
                .iter()
                .map(|episode| self.episode_row(episode, &homes))
                .collect(),
            reviews: said("review"),
            checks: said("check"),
            told: said("told"),
            important: said("important"),
            others,
            clocks,
            forms,
            now,
            child,
        })
    }

    async fn care_clocks(&self, child: Id<ids::Person>) -> Result<Vec<ClockView>> {
        let sql = format!(
            "select {} from clock where person_id = $1 and done_at is null and about_kind in \
             ('care', 'placement', 'care_visit', 'leave', 'leaver', 'deprivation') \
             order by due_at, id",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![child])
            .await?;
        Ok(clocks
            .iter()
            .map(|clock| ClockView::of(clock, self.pack()))
            .collect())
    }

    async fn now_in_words(
        &self,
        viewer: &Viewer,
        child: &Guarded<Person>,
        care: &Care,
        homes: &[Placement],
        episodes: &[CareEpisode],
        facts: &[Fact],
    ) -> Result<Option<CareNow>> {
        let Some((home, episode)) = homes
            .iter()
            .find(|h| h.care_id == care.id)
            .zip(episodes.iter().find(|e| e.care_id == care.id))
        else {
            return Ok(None);
        };
        let officer = match care.iro_id {
            Some(worker) => Some(self.worker_name(worker).await?),
            None => None,
        };
        let area_told = facts
            .iter()
            .filter(|f| f.src == "told" && f.a == "area" && f.d == home.id.as_str())
            .map(|f| f.day)
            .min();
        let asked = Asked {
            section: Section::ProtectedAddress,
            ..Asked::to_read(PAGE)
        };
        let sees = !home.hidden || self.gate().would_allow(viewer, child.id, asked).await?;
        let reviews = facts
            .iter()
            .filter(|f| f.src == "review" && f.day >= care.started_on)
            .count();
        let today = time::today();
        let breaks = homes.iter().filter(|h| h.rule == "short_break");
        let breaks = rules::short_break_days(breaks.map(|h| (h.started_on, h.ended_on)), today);
        Ok(Some(CareNow {
            short_breaks: (home.rule == "short_break" || breaks > 0)
                .then(|| format!("{breaks} of 75 days of short breaks in 12 months")),
            too_many_breaks: breaks > 75,
            since: plain::date(care.started_on),
            lasting: plain::lasting(care.started_on, today),
            status: self.label("care-legal-status", &episode.legal_status),
            need: self.label("care-need", &episode.need),
            home: self.label("care-home", &home.home),
            carer: home.carer.clone(),
            provider: self.label("care-provider", &home.provider),
            place: place_words(home, area_told),
            area_waits: home.outside == Some(true) && area_told.is_none(),
            postcode: home.postcode.clone().filter(|_| sees),
            unregistered: !home.registered,
            rule: (home.rule != "ordinary").then(|| self.label("care-rule", &home.rule)),
            officer,
            permanence: self.label("care-permanence", &care.permanence),
            permanence_late: care.permanence == "none" && reviews >= 2,
            near_leaving: child
                .born_on
                .is_some_and(|born| today >= born + chrono::Months::new(15 * 12 + 9)),
        }))
    }

    fn episode_row(&self, episode: &CareEpisode, homes: &[Placement]) -> EpisodeRow {
        let home = homes.iter().find(|h| h.id == episode.placement_id);
        let until = match episode.ended_on {
            Some(day) => format!("to {}", plain::date(day)),
            None => "until today".to_owned(),
        };
        let (code, provider) = home.map_or(("", ""), |h| (&h.home, &h.provider));
        let words = home.map_or_else(String::new, |h| {
            format!("{}, {}", self.label("care-home", &h.home), h.carer)
        });
        let ended = match (&episode.ended_why, home) {
            (None, _) => String::new(),
            (Some(code), Some(h)) if code == "X1" && h.ended_on == episode.ended_on => {
                h.move_reason.as_ref().map_or_else(
                    || "Moved".to_owned(),
                    |why| self.label("care-move-reason", why),
                )
            }
            (Some(code), _) if code == "X1" => "The legal status changed".to_owned(),
            (Some(code), _) => self.label("care-end", code),
        };
        EpisodeRow {
            id: episode.id,
            when: format!("{} {until}", plain::date(episode.started_on)),
            began: began_words(&episode.began),
            status: self.label("care-legal-status", &episode.legal_status),
            home: words,
            ended,
            corrected: episode.correction_reason.clone(),
            codes: format!(
                "{} {} {} {code} {provider}",
                episode.began, episode.legal_status, episode.need
            ),
        }
    }

    fn said(&self, fact: &Fact) -> Said {
        let (title, words) = match fact.src.as_str() {
            "told" => (self.label("care-told", &fact.a), fact.c.clone()),
            "review" => (
                format!("Review. {}", self.label("care-review-part", &fact.a)),
                format!(
                    "A permanent home: {}. {}",
                    self.label("care-permanence", &fact.b).to_lowercase(),
                    fact.c
                ),
            ),
            "check" => (check_words(&fact.a, &fact.b, &fact.d), fact.c.clone()),
            "important" => (
                format!("{}, {}", fact.a, fact.b),
                match (fact.c.as_str(), fact.d.as_str()) {
                    ("", "") => "How they stay in touch is not written down.".to_owned(),
                    ("", why) => format!("No plan yet: {why}"),
                    (how, _) => how.to_owned(),
                },
            ),
            "alone" => (
                "Seeks asylum alone".to_owned(),
                match fact.d.parse::<NaiveDate>() {
                    Ok(day) => format!("Leave to remain until {}. {}", plain::date(day), fact.c),
                    Err(_) => fact.c.clone(),
                },
            ),
            _ => (
                "The plan is adoption".to_owned(),
                match fact.b.as_str() {
                    "" => String::new(),
                    why => format!("Ended: {}", self.label("adoption-ceased", why)),
                },
            ),
        };
        Said {
            when: plain::date(fact.day),
            title,
            words,
        }
    }
}

/// "Outside our area, 31 miles from home. The council there was told on 4 March." (R000-42)
fn place_words(home: &Placement, area_told: Option<NaiveDate>) -> String {
    let miles = match home.miles {
        Some(0) => ", less than a mile from home".to_owned(),
        Some(n) => format!(", {} from home", plain::count(n, "mile", "miles")),
        None => String::new(),
    };
    let area = home.area.as_deref().map(|a| format!(" ({a})"));
    match (home.outside, area_told) {
        (Some(false), _) => format!("In our area{miles}."),
        (Some(true), Some(day)) => format!(
            "Outside our area{}{miles}. The council there was told on {}.",
            area.unwrap_or_default(),
            plain::date(day)
        ),
        (Some(true), None) => format!(
            "Outside our area{}{miles}. The council there has not been told.",
            area.unwrap_or_default()
        ),
        (None, _) => format!("In our area or outside: not known{miles}."),
    }
}

/// Why an episode began (RNE).
fn began_words(code: &str) -> &'static str {
    match code {
        "S" => "Came into care",
        "L" => "The legal status changed",
        "P" => "Moved to other carers",
        "T" => "Moved with the same carers",
        "B" => "Moved, and the legal status changed",
        "U" => "Moved with the same carers, and the legal status changed",
        _ => "Began",
    }
}

fn check_words(kind: &str, done: &str, more: &str) -> String {
    let what = match kind {
        "assessment" => "Health assessment",
        "dentist" => "Dentist",
        "immunisations" => "Immunisations",
        "development" => "Check of development",
        "questionnaire" => "Strengths and difficulties questionnaire",
        "substance" => "Drugs and alcohol",
        "convicted" => "Conviction, warning or reprimand",
        "plan" => "Personal education plan",
        "review" => "Review of the education plan",
        "locked" => "Review of the locked stay",
        other => other,
    };
    let how = match (kind, done) {
        ("questionnaire", _) if !more.is_empty() && !more.starts_with("SDQ") => {
            return format!("{what}: {more} of 40");
        }
        ("substance" | "convicted", "yes") => "yes",
        ("substance" | "convicted", "no") => "no",
        ("locked", "yes") => "the law still allows it",
        ("locked", "no") => "the law no longer allows it",
        ("locked", _) => "the panel was not complete",
        (_, "yes") => "done",
        (_, "refused") => "refused",
        _ => "not done",
    };
    format!("{what}: {how}")
}
