//! "Who has looked at this record": every look and every change, with who, when,
//! where and why, in plain words (R001-27, UX27).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use record::journal::history::Entry;
use record::model::Person;
use record::{Asked, AssertSqlSafe, Guarded, Value, Viewer};
use vocabulary::{Id, ids};

use crate::{Casework, Error, Result};

/// The newest events that a page reads.
const MOST: i64 = 400;

/// What the page is filtered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Which {
    /// Looks and changes.
    #[default]
    All,
    /// Only looks.
    Looks,
    /// Only changes.
    Changes,
    /// Only what was refused.
    Refused,
}

/// One look or change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name and post; plain words for the program and for people
    /// without an account.
    pub who: String,
    /// What stands for them in an address: a worker's id, or a kind of actor.
    pub key: String,
    /// What they did: "Looked at the story", "Changed an address".
    pub what: String,
    /// Why they may, and the reason they gave.
    pub why: String,
    /// Somebody who could not see the record.
    pub refused: bool,
    /// It was a change.
    pub changed: bool,
}

/// The page.
#[derive(Debug)]
pub struct Looks {
    /// The person.
    pub person: Guarded<Person>,
    /// The newest first.
    pub rows: Vec<LookRow>,
    /// Everyone in the list before it was filtered, for the filter: what
    /// stands for them, and their name.
    pub people: Vec<(String, String)>,
    /// Whether there are older events than the page reads.
    pub more: bool,
}

impl Casework {
    /// Who has looked at or changed a person's record, newest first. Whoever
    /// may read the record may see this; their own look is the first line.
    pub async fn looks(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        which: Which,
        by: &str,
    ) -> Result<Looks> {
        let person = self
            .gate()
            .person(viewer, person, Asked::to_read("looks"))
            .await?
            .ok_or(Error::NotFound)?;
        let mut entries = self.gate().looks_at(&person, MOST).await?;
        entries.extend(self.gate().changes_of(&person, MOST).await?);
        let more = entries.len() as i64 >= MOST;
        entries.sort_by(|a, b| b.recorded_at.cmp(&a.recorded_at));
        let names = self.names_of_actors(&entries).await?;
        let mut rows: Vec<LookRow> = entries
            .iter()
            .filter_map(|entry| row(entry, &names))
            .collect();
        let mut people: Vec<(String, String)> = rows
            .iter()
            .map(|r| (r.key.clone(), r.who.clone()))
            .collect();
        people.sort_by(|a, b| a.1.cmp(&b.1));
        people.dedup();
        rows.retain(|row| match which {
            Which::All => true,
            Which::Looks => !row.changed && !row.refused,
            Which::Changes => row.changed,
            Which::Refused => row.refused,
        });
        if !by.is_empty() {
            rows.retain(|row| row.key == by);
        }
        together(&mut rows);
        Ok(Looks {
            person,
            rows,
            people,
            more,
        })
    }

    /// Names and posts of the workers among the actors.
    pub(super) async fn names_of_actors(
        &self,
        entries: &[Entry],
    ) -> Result<BTreeMap<String, String>> {
        #[derive(sqlx::FromRow)]
        struct Named {
            id: String,
            name: String,
            job_title: String,
        }
        let mut ids: Vec<&str> = entries
            .iter()
            .map(|e| e.actor.as_str())
            .filter(|actor| !actor.contains(':'))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places: Vec<String> = (1..=ids.len()).map(|i| format!("${i}")).collect();
        let sql = format!(
            "select id, name, job_title from worker where id in ({})",
            places.join(", ")
        );
        let values: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let named: Vec<Named> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(named
            .into_iter()
            .map(|n| (n.id, format!("{}, {}", n.name, n.job_title.to_lowercase())))
            .collect())
    }
}

/// One opening of a page is one line: a home page that names a child in four
/// lists makes four events in the same moment.
fn together(rows: &mut Vec<LookRow>) {
    rows.dedup_by(|next, kept| {
        let same = (&next.key, &next.what, &next.why) == (&kept.key, &kept.what, &kept.why);
        same && !next.changed && (kept.at - next.at).num_seconds() < 60
    });
}

pub(super) fn row(entry: &Entry, names: &BTreeMap<String, String>) -> Option<LookRow> {
    let at = DateTime::parse_from_rfc3339(&entry.recorded_at)
        .inspect_err(|problem| tracing::error!(%problem, "an event has no readable time"))
        .ok()?
        .with_timezone(&Utc);
    let changed = matches!(entry.action.as_str(), "created" | "changed" | "erased");
    let refused = entry.action == "refused";
    let mut why: Vec<String> = Vec::new();
    why.extend(entry.because.as_deref().map(about_somebody));
    why.extend(entry.why.as_ref().map(|w| format!("Reason given: {w}")));
    Some(LookRow {
        at,
        who: who(&entry.actor, names),
        key: match entry.actor.split_once(':') {
            Some((kind, _)) => kind.to_owned(),
            None => entry.actor.clone(),
        },
        what: what(entry),
        why: why.join(" "),
        refused,
        changed,
    })
}

/// An actor in words.
fn who(actor: &str, names: &BTreeMap<String, String>) -> String {
    match actor.split_once(':') {
        Some(("public", _)) => "Somebody without an account, who asked for help".into(),
        Some(("family", _)) => "Somebody of the family, through a one-time link".into(),
        Some(("partner", _)) => "A partner, through a one-time link".into(),
        Some(("system", name)) => match name {
            "import" => "The program, when records were brought in".into(),
            "demo" | "synth" | "load" => "The program, when the demonstration was made".into(),
            _ => "The program".into(),
        },
        _ => names
            .get(actor)
            .cloned()
            .unwrap_or_else(|| "A worker who is not known any more".into()),
    }
}

fn what(entry: &Entry) -> String {
    let page = entry
        .content
        .as_ref()
        .and_then(|c| c.get("page"))
        .and_then(|p| p.as_str());
    match entry.action.as_str() {
        "created" => format!("Added {}", thing(&entry.object_kind)),
        "changed" => format!("Changed {}", thing(&entry.object_kind)),
        "erased" => "Erased the record’s content for good".into(),
        "listed" if entry.object_kind == "return" => format!(
            "Made a return that holds this record, by number and without the name: {}",
            return_words(&entry.object_id)
        ),
        "listed" => format!("Saw the name in a list: {}", page_words(&entry.object_id)),
        "refused" => match page {
            Some(page) => format!("Was refused: {}", page_words(page)),
            None => "Was refused".into(),
        },
        _ => format!("Looked at {}", page_words(page.unwrap_or("the record"))),
    }
}

/// A return of the journal in words.
fn return_words(which: &str) -> String {
    match which.split_once(' ') {
        Some(("cin", year)) => {
            format!("the children in need census of the year that ends in {year}")
        }
        Some(("annex-a", day)) => format!("Annex A as at {day}"),
        _ => which.to_owned(),
    }
}

/// A page or command of the journal in words.
pub(super) fn page_words(page: &str) -> String {
    let known = match page.trim_start_matches('/') {
        "home" => "my work",
        "your-data" => "what the census would find in the record",
        "team" | "caseloads" => "the team’s page",
        "allocate" | "transfer" | "handover" => "the allocation page",
        "complexity" => "how the work is weighed",
        "overview" | "person" | "people.overview" => "the front page of the record",
        "people.edit"
        | "people.address"
        | "people.addresses"
        | "people.relationship"
        | "people.relationships"
        | "people.related"
        | "people.kept"
        | "people.names"
        | "people.reach"
        | "people.languages" => "the details of the person",
        "letter" => "a letter",
        "what was asked" => "what the family asked for",
        "people.profile" => "the page that the child wrote",
        "matching queue" | "people.duplicates" | "people.alike" | "match" => {
            "records that look alike"
        }
        "family" | "family.page" | "family.add" | "family.join" | "network" => "the family page",
        "looks" => "who has looked",
        "subject-copy" => "the whole record, for a copy that somebody asked for",
        "looks-given" => "who has looked, for the family",
        "find" => "search results",
        "index" => "who they are and who works with them",
        "working" => "who works with them",
        "questions" => "questions between practitioners",
        "sharing" => "what was shared",
        "front-door" => "the front door board",
        "contact" | "contacts" => "a contact",
        "decisions" => "a decision",
        "break-glass" => "the page that opens a record in an emergency",
        "as-known" => "the record as it was known on a day",
        "work" | "people/work" => "assessments and decisions",
        "steps" | "step" | "steps/section" | "steps/read" | "steps/compare" | "steps/submit"
        | "steps/skip" => "an assessment",
        "steps/authorise" => "an assessment to authorise",
        "clocks/reason" => "the reason for a late date",
        "story" => "the story",
        "chronology" | "chronology/new" => "the chronology",
        "note" | "notes" | "notes/new" | "notes/correct" => "a note",
        "visits/new" => "the page that records a visit",
        "plan" | "plans" => "the plan",
        "action" | "link" | "ask a partner" => "an action of the plan",
        "meeting" | "plan a meeting" => "a meeting",
        "restrict" => "who may see the record",
        other => return other.replace(['-', '_', '/', '.'], " ").trim().to_owned(),
    };
    known.to_owned()
}

/// A table in words.
pub(super) fn thing(kind: &str) -> &str {
    match kind {
        "person" => "details of the person",
        "person_name" => "a name",
        "address" => "an address",
        "reach" => "a telephone number or email address",
        "person_language" => "languages and interpreter",
        "profile" => "the page that the child wrote",
        "letter" => "a letter",
        "looks_request" => "the list of who has looked, for the family",
        "subject_copy" => "a copy of the record for whoever asked for it",
        "looks_link" => "a one-time link to the list of who has looked",
        "court_copy" => "a chronology frozen for court",
        "relationship" => "a relationship",
        "family_member" => "a place in the family",
        "involvement" => "who works with them",
        "restriction" => "a restriction of the record",
        "access_grant" => "an access to the record",
        "note" => "a note",
        "chronology" => "an entry of the chronology",
        "step_subject" | "step_section" => "a part of an assessment",
        "step" => "an assessment or other piece of work",
        "plan" => "a plan",
        "goal" => "a goal of a plan",
        "action" => "an action of a plan",
        "action_update" => "what was said of an action",
        "family_ask" => "what the family asked for",
        "meeting" => "a meeting",
        "meeting_person" => "who was asked to a meeting, and what they said",
        "support_package" | "support_part" => "a package of support",
        "support_review" => "how a package of support goes",
        "service_referral" | "service_move" => "a referral to a service",
        "unmet_need" => "a need for which there was no service",
        "early_help" => "early help",
        "consent" => "an agreement to early help",
        "plan_subject" => "a place in a plan",
        "clock" => "a due date",
        "decision" => "a decision",
        "complexity" => "how the work is weighed",
        "possible_duplicate" => "a possible second record",
        "question" | "question_message" => "a question between practitioners",
        "sharing" => "a decision to share, or not to",
        "number_withheld" => "whether the NHS number is withheld",
        "involvement_source" => "where it is known from who works with them",
        "feed_row" => "a row of a partner’s list",
        "merged" => "whether two records are one person",
        "index_look" => "a reason for asking who they are",
        "conflict" => "a personal connection of a worker",
        _ => "a part of the record",
    }
}

/// The policy speaks to the viewer ("You are their allocated worker."); in
/// this list it speaks about somebody else.
fn about_somebody(because: &str) -> String {
    const VERBS: [(&str, &str); 9] = [
        ("You are ", "Is "),
        ("You were ", "Was "),
        (
            "You asked for emergency access and gave a reason",
            "Asked for emergency access and gave a reason",
        ),
        ("You supervise ", "Supervises "),
        ("You support ", "Supports "),
        ("You oversee ", "Oversees "),
        ("You work with ", "Works with "),
        ("You may ", "May "),
        ("Your team ", "Their own team "),
    ];
    for (from, to) in VERBS {
        if let Some(rest) = because.strip_prefix(from) {
            return format!("{to}{rest}").replace(" This look is recorded.", "");
        }
    }
    because.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_speak_about_somebody_else() {
        assert_eq!(
            about_somebody("You are their allocated worker."),
            "Is their allocated worker."
        );
        assert_eq!(
            about_somebody("You oversee the whole service. This look is recorded."),
            "Oversees the whole service."
        );
    }

    #[test]
    fn actors_without_an_account_have_plain_words() {
        let names = BTreeMap::new();
        assert_eq!(who("system:looks", &names), "The program");
        assert!(!who("public:AB12", &names).contains("AB12"));
        assert!(!who("018f3c2e-9d7a-7b3c-8d4e-5f60718293a4", &names).contains("018f"));
    }
}
