//! What is kept about a person for the front page, read in one statement:
//! addresses, ways to reach them, other names, school, and possible duplicates.

use access::{Purpose, Section};
use chrono::NaiveDate;
use packs::Form;
use record::model::{Person, PersonKind};
use record::{Asked, AssertSqlSafe, Viewer, args};

use super::{Place, WayToReach, address_kind};
use crate::people::kept::between;
use crate::people::names::kind_words;
use crate::people::network::Works;
use crate::people::reach::use_words;
use crate::people::related::Related;
use crate::{Casework, Result, time};

#[derive(sqlx::FromRow)]
pub(super) struct Fact {
    pub(super) what: String,
    id: Option<String>,
    pub(super) one: Option<String>,
    two: Option<String>,
    three: Option<String>,
    four: Option<String>,
    since: Option<NaiveDate>,
    until: Option<NaiveDate>,
    yes: Option<bool>,
    also: Option<bool>,
}

impl Casework {
    /// Addresses, ways to reach, other names, school and open duplicates in
    /// one statement. The lines of a protected address come only for those who
    /// may see them.
    pub(super) async fn facts_of(
        &self,
        viewer: &Viewer,
        person: &Person,
        page: &str,
    ) -> Result<Vec<Fact>> {
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
             a.unsafe_reason as three, cast(null as text) as four, a.started_on as since, a.ended_on as until, \
             a.protected as yes, a.safe_to_write as also from address a where a.person_id = $1 \
             and a.wrong_reason is null union all select 'reach', r.messages, r.value, r.kind, r.note, r.best_time, r.started_on, r.ended_on, \
               r.safe, r.asked \
               from reach r where r.person_id = $1 and r.ended_on is null \
             union all select 'name', n.id, n.given || ' ' || n.family_name, n.kind, null, \
               null, n.started_on, n.ended_on, null, null from person_name n where n.person_id = $1 \
               and n.wrong_reason is null \
             union all select 'school', o.id, o.name, o.phone, null, null, null, null, null, null \
               from organisation o join person p on p.school_id = o.id where p.id = $1 \
             union all select 'duplicate', d.id, null, null, null, null, null, null, null, null from \
               (select id, case when person_id = $1 then other_id else person_id end as seen_id \
                from possible_duplicate where (person_id = $1 or other_id = $1) \
                and settled_as is null and not for_shield_team) d where {other_open} \
             order by what, since desc"
        );
        let mut all = args![person.id];
        all.extend(values);
        Ok(self.store().read_db().all(AssertSqlSafe(sql), all).await?)
    }
}

pub(super) fn fact<'a>(facts: &'a [Fact], what: &str) -> Option<&'a Fact> {
    facts.iter().find(|f| f.what == what)
}

/// An address in words. The lines are empty when they are protected and not
/// open to the viewer.
pub(super) fn place(fact: &Fact) -> Option<Place> {
    if fact.what != "address" {
        return None;
    }
    let when = between(fact.since, fact.until);
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

/// A way to reach them with how it may be used, in the words of its form.
pub(super) fn way_to_reach(fact: &Fact, form: &Form) -> Option<WayToReach> {
    if fact.what != "reach" {
        return None;
    }
    let messages = match fact.id.as_deref() {
        Some("no") => "do not leave a message".to_owned(),
        Some("text") => "only a text message".to_owned(),
        Some("name_only") => "leave only a first name".to_owned(),
        _ => String::new(),
    };
    let times = use_words(form, "best_time", fact.four.as_deref()).to_lowercase();
    let unasked = match (fact.yes, fact.also) {
        (Some(true), Some(false)) => "nobody has asked yet if it is safe".to_owned(),
        _ => String::new(),
    };
    let note = fact.three.clone().unwrap_or_default();
    let words: Vec<String> = [times, messages, unasked, note]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect();
    Some(WayToReach {
        kind: fact.two.clone().unwrap_or_default(),
        value: fact.one.clone().unwrap_or_default(),
        safe: fact.yes != Some(false),
        note: (!words.is_empty()).then(|| words.join("; ")),
    })
}

pub(super) fn other_name(fact: &Fact) -> Option<(String, String)> {
    let kind = kind_words(fact.two.as_deref().unwrap_or_default());
    let name = fact.one.clone().unwrap_or_default();
    (fact.what == "name").then(|| (kind.to_owned(), name.trim().to_owned()))
}

/// How many homes there were in twelve months, when that is three or more.
pub(super) fn moves(facts: &[Fact], today: NaiveDate) -> Option<String> {
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
pub(super) fn gaps(person: &Person, network: &[Works], related: &[Related]) -> Vec<String> {
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
