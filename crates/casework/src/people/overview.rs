//! The front page of a child or an adult: what goes well above what worries
//! us (R001-34), when they were last seen, who works with them, what runs,
//! what happened last. At most six statements beside the header.

use access::{Purpose, Section};
use chrono::{DateTime, NaiveDate, Utc};
use record::model::{Clock, Person, PersonKind};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::network::{self, Works};
use super::related::Related;
use crate::clocks::ClockView;
use crate::header::ChildHeader;
use crate::{Casework, Error, Listed, Result, time};

/// Everything on the front page of a person.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The person.
    pub person: Guarded<Person>,
    /// The header of the page.
    pub header: ChildHeader,
    /// What goes well, in the words of the record (R001-34).
    pub going_well: Option<Said>,
    /// What we are worried about.
    pub worried: Option<Said>,
    /// Who works with them.
    pub network: Vec<Works>,
    /// Involvements that everybody would expect and that nobody recorded:
    /// "Health visitor: not recorded" (R000-37).
    pub gaps: Vec<String>,
    /// Family and others who matter.
    pub related: Listed<Related>,
    /// Clocks that run, the nearest first.
    pub clocks: Vec<ClockView>,
    /// Open steps, plans and the next meeting.
    pub work: Vec<Work>,
    /// The last five entries of the story.
    pub latest: Vec<Entry>,
    /// Addresses, the present ones first.
    pub addresses: Vec<Place>,
    /// Telephone numbers and e-mail addresses.
    pub reach: Vec<WayToReach>,
    /// Other names, with their kind in words.
    pub names: Vec<(String, String)>,
    /// School.
    pub school: Option<String>,
    /// "3 addresses in 12 months", where that is so (R004-05).
    pub moves: Option<String>,
    /// Records that may be about the same person and that wait for an answer.
    pub duplicates: i64,
    /// The viewer may change what is recorded.
    pub may_edit: bool,
}

/// What someone sees who may only know that the person is known and who works
/// with them (R001-25).
#[derive(Debug, Clone)]
pub struct IndexCard {
    /// Who.
    pub id: Id<ids::Person>,
    /// Name.
    pub name: String,
    /// Age and date of birth in words.
    pub born: String,
    /// Who works with them.
    pub network: Vec<Works>,
    /// The viewer may open the record in an emergency, with a reason.
    pub may_break_glass: bool,
}

/// The front page of a person, as far as the viewer may see it.
#[derive(Debug, Clone)]
pub enum Front {
    /// The whole page.
    Whole(Box<Overview>),
    /// Only who they are and who works with them.
    Index(IndexCard),
}

/// A text of the record with where it comes from.
#[derive(Debug, Clone)]
pub struct Said {
    /// The words.
    pub words: String,
    /// "From the assessment begun on 4 March 2026"; empty for the profile.
    pub source: String,
}

/// A piece of work that is open.
#[derive(Debug, Clone)]
pub struct Work {
    /// step, plan or meeting.
    pub kind: String,
    /// "Child and family assessment".
    pub title: String,
    /// "since 4 March 2026", "Tuesday 24 November at 2pm".
    pub when: String,
    /// Its page.
    pub path: String,
}

/// One line of the story.
#[derive(Debug, Clone)]
pub struct Entry {
    /// "Visit", "Note", "Decision", "Chronology".
    pub kind: String,
    /// When it happened, in words.
    pub when: String,
    /// Who.
    pub who: String,
    /// The beginning of the words.
    pub words: String,
}

/// An address as it may be shown.
#[derive(Debug, Clone)]
pub struct Place {
    /// Which.
    pub id: Id<ids::Address>,
    /// "Home", "Temporary home".
    pub kind: String,
    /// The lines as one; empty when protected and not open to the viewer.
    pub lines: String,
    /// "since 4 March 2026", "4 March 2020 to 1 May 2026".
    pub when: String,
    /// It is a place that someone must not learn.
    pub protected: bool,
    /// Letters must not go there, and why.
    pub unsafe_reason: Option<String>,
    /// They live there now.
    pub current: bool,
}

/// A way to reach someone.
#[derive(Debug, Clone)]
pub struct WayToReach {
    /// phone or email.
    pub kind: String,
    /// The number or address.
    pub value: String,
    /// Safe to use.
    pub safe: bool,
    /// When and how.
    pub note: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Fact {
    what: String,
    id: Option<String>,
    one: Option<String>,
    two: Option<String>,
    three: Option<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    yes: Option<bool>,
    also: Option<bool>,
}

#[derive(sqlx::FromRow)]
struct WorkRow {
    what: String,
    id: Option<String>,
    title: Option<String>,
    at: Option<DateTime<Utc>>,
    since: Option<NaiveDate>,
}

#[derive(sqlx::FromRow)]
struct StoryRow {
    what: String,
    at: DateTime<Utc>,
    who: Option<String>,
    words: String,
}

#[derive(sqlx::FromRow)]
struct Answered {
    answers: serde_json::Value,
    started_on: NaiveDate,
    kind: String,
}

impl Casework {
    /// The front page, whole or as far as the index goes.
    pub async fn front(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Front> {
        let page = "people.overview";
        let whole = self
            .gate()
            .would_allow(viewer, id, Asked::to_read(page))
            .await?;
        if whole {
            return Ok(Front::Whole(Box::new(self.overview(viewer, id).await?)));
        }
        let person = self
            .gate()
            .person(viewer, id, Asked::index(page))
            .await?
            .ok_or(Error::NotFound)?;
        let network = network::of_people(self.store().read_db(), &[id]).await?;
        let born = person.birth_date().map_or_else(
            || "Date of birth not known".to_owned(),
            |b| format!("{}, born {}", b.words_on(time::today()), b.date_words()),
        );
        Ok(Front::Index(IndexCard {
            id,
            name: person.name(),
            born,
            network: network.into_values().flatten().collect(),
            may_break_glass: viewer.can("access.break_glass"),
        }))
    }

    /// The front page of a child or an adult.
    pub async fn overview(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<Overview> {
        let page = "people.overview";
        let person = self
            .gate()
            .person(viewer, id, Asked::to_read(page))
            .await?
            .ok_or(Error::NotFound)?;
        let header = self.header(&person).await?;
        let db = self.store().read_db();
        let network = network::of_people(db, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default();
        let facts = self.facts_of(viewer, &person, page).await?;
        let related = self.related(viewer, &person).await?;
        let (clocks, work) = self.running_of(viewer, &person).await?;
        let (going_well, worried) = self.said_of(&person).await?;
        let latest = self.latest_of(viewer, &person, page).await?;
        let gaps = gaps(&person, &network, &related);
        Ok(Overview {
            gaps,
            network,
            related,
            clocks,
            work,
            going_well,
            worried,
            latest,
            moves: moves(&facts, viewer.today),
            addresses: facts.iter().filter_map(place).collect(),
            reach: facts.iter().filter_map(way_to_reach).collect(),
            names: facts.iter().filter_map(other_name).collect(),
            school: fact(&facts, "school").and_then(|f| f.one.clone()),
            duplicates: facts.iter().filter(|f| f.what == "duplicate").count() as i64,
            may_edit: viewer.can("case.record") || viewer.can("people.create"),
            header,
            person,
        })
    }

    /// Addresses, ways to reach, other names, school and open duplicates in
    /// one statement. The lines of a protected address come only for those who
    /// may see them.
    async fn facts_of(&self, viewer: &Viewer, person: &Person, page: &str) -> Result<Vec<Fact>> {
        let protected = Asked {
            purpose: Purpose::Look,
            section: Section::ProtectedAddress,
            page,
        };
        let (open, mut values) = self.gate().may_see(viewer, protected, "a.person_id", 2);
        let (other_open, more) =
            self.gate()
                .may_see(viewer, Asked::index(page), "d.seen_id", 2 + values.len());
        values.extend(more);
        let sql = format!(
            "select 'address' as what, a.id, \
             case when a.protected and not {open} then null else \
               a.line1 || coalesce(', ' || a.line2, '') || coalesce(', ' || a.town, '') || \
               coalesce(', ' || a.postcode, '') end as one, a.kind as two, \
             a.unsafe_reason as three, a.started_on as since, a.ended_on as until, \
             a.protected as yes, a.safe_to_write as also from address a where a.person_id = $1 \
             union all select 'reach', r.id, r.value, r.kind, r.note, null, r.ended_on, r.safe, null \
               from reach r where r.person_id = $1 and r.ended_on is null \
             union all select 'name', n.id, n.given || ' ' || n.family_name, n.kind, null, \
               n.started_on, n.ended_on, null, null from person_name n where n.person_id = $1 \
             union all select 'school', o.id, o.name, o.phone, null, null, null, null, null \
               from organisation o join person p on p.school_id = o.id where p.id = $1 \
             union all select 'duplicate', d.id, null, null, null, null, null, null, null from \
               (select id, case when person_id = $1 then other_id else person_id end as seen_id \
                from possible_duplicate where (person_id = $1 or other_id = $1) \
                and settled_as is null and not for_shield_team) d where {other_open} \
             order by what, since desc"
        );
        let mut all = args![person.id];
        all.extend(values);
        Ok(self.store().read_db().all(AssertSqlSafe(sql), all).await?)
    }

    /// What runs: clocks in one statement; open steps, plans and the next
    /// meeting in another.
    async fn running_of(
        &self,
        viewer: &Viewer,
        person: &Person,
    ) -> Result<(Vec<ClockView>, Vec<Work>)> {
        let db = self.store().read_db();
        let sql = format!(
            "select {} from clock where done_at is null and (person_id = $1 \
             or (about_kind = 'step' and about_id in (select step_id from step_subject where person_id = $1)) \
             or (about_kind = 'plan' and about_id in (select plan_id from plan_subject where person_id = $1))) \
             order by due_at limit 8",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = db.all(AssertSqlSafe(sql), args![person.id]).await?;
        let rows: Vec<WorkRow> = db
            .all(
                "select 'step' as what, s.id, s.kind as title, s.submitted_at as at, s.started_on as since \
                 from step s join step_subject b on b.step_id = s.id \
                 where b.person_id = $1 and s.state in ('open', 'submitted', 'sent_back') \
                 union all select 'plan', p.id, p.kind, null, p.started_on from plan p \
                 join plan_subject b on b.plan_id = p.id where b.person_id = $1 and p.state = 'open' \
                 union all select 'meeting', m.id, m.kind, m.held_at, null from meeting m \
                 where m.state = 'planned' and m.held_at >= $2 and m.family_id in \
                 (select family_id from family_member where person_id = $1 and left_on is null) \
                 order by what desc, since, at",
                args![person.id, Utc::now()],
            )
            .await?;
        let clocks = clocks
            .iter()
            // Its page opens only for those who check such looks.
            .filter(|clock| clock.about_kind != "access_grant" || viewer.can("access.review"))
            .map(|clock| ClockView::of(clock, self.pack()))
            .collect();
        Ok((clocks, self.work(rows, person)))
    }

    fn work(&self, rows: Vec<WorkRow>, person: &Person) -> Vec<Work> {
        let mut next_meeting = false;
        rows.into_iter()
            .filter_map(|row| {
                let id = row.id.unwrap_or_default();
                let title = row.title.unwrap_or_default();
                let since = |day: Option<NaiveDate>| {
                    day.map_or_else(String::new, |d| format!("since {}", plain::date(d)))
                };
                let (title, when, path) = match row.what.as_str() {
                    "step" if row.at.is_some() => (
                        self.step_title(&title),
                        "waiting for a manager".to_owned(),
                        format!("/steps/{id}"),
                    ),
                    "step" => (
                        self.step_title(&title),
                        since(row.since),
                        format!("/steps/{id}"),
                    ),
                    "plan" => (
                        format!("{} plan", crate::header::status_words(&title)),
                        since(row.since),
                        format!("/people/{}/plan", person.id),
                    ),
                    _ if next_meeting => return None,
                    _ => {
                        next_meeting = true;
                        let at = row.at.map(time::local).unwrap_or_default();
                        (
                            format!("Next meeting: {}", self.label("meeting-kinds", &title)),
                            plain::date_time(at),
                            format!("/meetings/{id}"),
                        )
                    }
                };
                Some(Work {
                    kind: row.what,
                    title,
                    when,
                    path,
                })
            })
            .collect()
    }

    /// The title of a step of the pack.
    pub fn step_title(&self, kind: &str) -> String {
        self.pack()
            .step(kind, time::today())
            .map_or_else(|| kind.replace(['_', '-'], " "), |step| step.title.clone())
    }

    /// Strengths and worries of the latest assessment, and the profile's own
    /// words about what goes well, which stand first.
    async fn said_of(&self, person: &Person) -> Result<(Option<Said>, Option<Said>)> {
        let rows: Vec<Answered> = self
            .store()
            .read_db()
            .all(
                "select c.answers, s.started_on, s.kind from step_section c \
                 join step s on s.id = c.step_id join step_subject b on b.step_id = s.id \
                 where b.person_id = $1 and s.state <> 'skipped' \
                 and c.section = 'balance' \
                 order by s.started_on desc, c.saved_at desc limit 12",
                args![person.id],
            )
            .await?;
        let said = |field: &str| {
            rows.iter().find_map(|row| {
                let words = row.answers.get(field)?.as_str()?.trim();
                (!words.is_empty()).then(|| Said {
                    words: words.to_owned(),
                    source: format!(
                        "From the {} that began on {}",
                        network::lower_first(&self.step_title(&row.kind)),
                        plain::date(row.started_on)
                    ),
                })
            })
        };
        let well = person
            .going_well
            .as_deref()
            .filter(|w| !w.trim().is_empty())
            .map(|words| Said {
                words: words.to_owned(),
                source: String::new(),
            });
        Ok((well.or_else(|| said("strengths")), said("worries")))
    }

    /// The last five entries of the story in one statement.
    async fn latest_of(&self, viewer: &Viewer, person: &Person, page: &str) -> Result<Vec<Entry>> {
        let sensitive = Asked {
            purpose: Purpose::Look,
            section: Section::Sensitive,
            page,
        };
        let (open, values) = self.gate().may_see(viewer, sensitive, "n.person_id", 2);
        let sql = format!(
            "select n.kind as what, n.happened_at as at, w.name as who, substr(n.words, 1, 400) as words \
             from note n left join worker w on w.id = n.author_id \
             where n.person_id = $1 and (not n.sensitive or {open}) \
             union all select 'decision', d.decided_at, w.name, substr(d.rationale, 1, 400) \
             from decision d left join worker w on w.id = d.decided_by \
             where d.person_id = $1 \
             order by at desc limit 5"
        );
        let mut all = args![person.id];
        all.extend(values);
        let rows: Vec<StoryRow> = self.store().read_db().all(AssertSqlSafe(sql), all).await?;
        Ok(rows
            .into_iter()
            .map(|row| Entry {
                kind: match row.what.as_str() {
                    "visit" => "Visit",
                    "supervision" => "Supervision",
                    "message" => "Message",
                    "decision" => "Decision",
                    _ => "Note",
                }
                .to_owned(),
                when: plain::date_time(time::local(row.at)),
                who: row.who.unwrap_or_else(|| "Not known".into()),
                words: beginning(&row.words),
            })
            .collect())
    }
}

/// The first two lines' worth of a text, cut at a word.
pub(crate) fn beginning(words: &str) -> String {
    const MOST: usize = 180;
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= MOST {
        return one_line;
    }
    let cut: String = one_line.chars().take(MOST).collect();
    let at = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", &cut[..at])
}

fn fact<'a>(facts: &'a [Fact], what: &str) -> Option<&'a Fact> {
    facts.iter().find(|f| f.what == what)
}

/// An address in words. The lines are empty when they are protected and not
/// open to the viewer.
fn place(fact: &Fact) -> Option<Place> {
    if fact.what != "address" {
        return None;
    }
    let when = match (fact.since, fact.until) {
        (Some(since), None) => format!("since {}", plain::date(since)),
        (Some(since), Some(until)) => {
            format!("{} to {}", plain::date(since), plain::date(until))
        }
        (None, Some(until)) => format!("until {}", plain::date(until)),
        (None, None) => String::new(),
    };
    Some(Place {
        id: fact.id.as_deref().and_then(|id| id.parse().ok())?,
        kind: address_kind(fact.two.as_deref().unwrap_or_default()).to_owned(),
        lines: fact.one.clone().unwrap_or_default(),
        when,
        protected: fact.yes == Some(true),
        unsafe_reason: (fact.also == Some(false)).then(|| {
            fact.three
                .clone()
                // The reason of a protected address may itself say where.
                .filter(|_| fact.one.is_some())
                .unwrap_or_else(|| "Ask the lead worker".into())
        }),
        current: fact.until.is_none(),
    })
}

/// The kind of an address in people's words.
pub fn address_kind(kind: &str) -> &'static str {
    match kind {
        "home" => "Home",
        "placement" => "Home in care",
        "temporary" => "Temporary home",
        "correspondence" => "Address for letters",
        "other_parent" => "Other parent’s home",
        _ => "Address",
    }
}

fn way_to_reach(fact: &Fact) -> Option<WayToReach> {
    (fact.what == "reach").then(|| WayToReach {
        kind: fact.two.clone().unwrap_or_default(),
        value: fact.one.clone().unwrap_or_default(),
        safe: fact.yes != Some(false),
        note: fact.three.clone(),
    })
}

fn other_name(fact: &Fact) -> Option<(String, String)> {
    let kind = match fact.two.as_deref() {
        Some("birth") => "Name at birth",
        Some("former") => "Name before",
        Some("preferred") => "Likes to be called",
        _ => "Also written",
    };
    (fact.what == "name").then(|| {
        (
            kind.to_owned(),
            fact.one.clone().unwrap_or_default().trim().to_owned(),
        )
    })
}

/// How many homes there were in twelve months, when that is three or more.
fn moves(facts: &[Fact], today: NaiveDate) -> Option<String> {
    let year_ago = today - chrono::Days::new(365);
    let homes = facts
        .iter()
        .filter(|f| f.what == "address")
        .filter(|f| matches!(f.two.as_deref(), Some("home" | "temporary" | "placement")))
        .filter(|f| f.until.is_none_or(|until| until >= year_ago))
        .filter(|f| f.since.is_some_and(|since| since <= today))
        .count();
    (homes >= 3).then(|| format!("{homes} addresses in 12 months"))
}

/// What everybody would expect to be recorded for a child, and is not.
fn gaps(person: &Person, network: &[Works], related: &[Related]) -> Vec<String> {
    let mut gaps = Vec::new();
    if person.kind == PersonKind::Adult {
        return gaps;
    }
    let works = |words: &[&str]| {
        network.iter().any(|w| {
            let job = w.job_title.to_lowercase();
            words.iter().any(|word| job.contains(word))
        })
    };
    let age = person.birth_date().and_then(|b| b.years_on(time::today()));
    match (person.kind, age) {
        (PersonKind::Expected, _) if !works(&["midwife"]) => {
            gaps.push("Midwife: not recorded".to_owned());
        }
        (_, Some(0..5)) if !works(&["health visitor"]) => {
            gaps.push("Health visitor: not recorded".to_owned());
        }
        _ => {}
    }
    if !network.iter().any(|w| w.lead) {
        gaps.push("Lead professional: not recorded".to_owned());
    }
    let parents = |word: &str| {
        related
            .iter()
            .any(|r| r.relation.to_lowercase().contains(word))
    };
    let two = related
        .iter()
        .filter(|r| r.relation.to_lowercase().contains("parent"))
        .count();
    if !parents("father") && two < 2 {
        gaps.push("Father: not recorded".to_owned());
    }
    if !parents("mother") && two < 2 && !parents("father") {
        gaps.push("Mother: not recorded".to_owned());
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let long = "word ".repeat(100);
        let short = beginning(&long);
        assert!(short.ends_with("word …") && short.chars().count() < 190);
        assert_eq!(beginning("Two\nlines"), "Two lines");
    }
}
