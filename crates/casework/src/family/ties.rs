//! What the people of a family are to one another, in words that agree with the
//! genogram, and whose father or other parent nobody recorded.

use record::FamilySeen;
use record::model::{Person, PersonKind, Relationship};
use vocabulary::plain;

use super::age_order;
use crate::Casework;
use crate::people::couple;
use crate::people::kept::between;
use crate::people::related::PARENTS;

/// What someone is to the others: "Mother of Maya and Idris".
pub(super) fn of(
    casework: &Casework,
    person: &Person,
    seen: &FamilySeen,
    relationships: &[Relationship],
) -> Vec<String> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let mut rows: Vec<&Relationship> = relationships
        .iter()
        .filter(|r| r.from_id == person.id && couple::standing(r).is_none())
        .collect();
    rows.sort_by_key(|r| age_order(seen, r.to_id));
    for row in rows {
        let Some(other) = seen.member(row.to_id) else {
            continue;
        };
        let mut word = casework.label("relationships", &row.kind);
        if row.parental_responsibility == Some(true) {
            word = format!("{word}, with parental responsibility,");
        }
        match groups.iter_mut().find(|(w, _)| *w == word) {
            Some((_, names)) => names.push(other.first_name()),
            None => groups.push((word, vec![other.first_name()])),
        }
    }
    let mut ties: Vec<String> = couple::today(relationships)
        .into_iter()
        .filter_map(|row| as_couple(person, seen, relationships, row))
        .collect();
    ties.extend(
        groups
            .into_iter()
            .map(|(word, names)| format!("{word} of {}", plain::list(&names))),
    );
    ties
}

/// "Divorced from Idris since 1 May 2024; married 4 March 2010 to
/// 1 May 2024": said of both, as the genogram draws it.
fn as_couple(
    person: &Person,
    seen: &FamilySeen,
    relationships: &[Relationship],
    row: &Relationship,
) -> Option<String> {
    let two = [row.from_id, row.to_id];
    let other = two.into_iter().find(|id| *id != person.id)?;
    let other = seen.member(other).filter(|_| two.contains(&person.id))?;
    // What has ended without another standing counts from its last day.
    let since = row.ended_on.or(row.started_on);
    let mut words = format!(
        "{} {}",
        couple::words(couple::standing(row)?),
        other.first_name()
    );
    if let Some(since) = since {
        words = format!("{words} since {}", plain::date(since));
    }
    let before = relationships.iter().filter(|r| {
        r.id != row.id && two.contains(&r.from_id) && two.contains(&r.to_id) && r.ended_on.is_some()
    });
    for past in before {
        let standing = past.standing.as_deref().map_or("", couple::standing_words);
        let span = between(past.started_on, past.ended_on);
        if !standing.is_empty() {
            words = format!("{words}; {standing} {span}");
        }
    }
    Some(words)
}

/// Children whose father or other parent nobody recorded.
pub(super) fn missing_parents(seen: &FamilySeen, relationships: &[Relationship]) -> Vec<String> {
    let mut gaps = Vec::new();
    for (_, child) in seen
        .members
        .iter()
        .filter(|(_, p)| p.kind != PersonKind::Adult)
    {
        let parents: Vec<&str> = relationships
            .iter()
            .filter(|r| r.to_id == child.id && PARENTS.contains(&r.kind.as_str()))
            .map(|r| r.kind.as_str())
            .collect();
        let of = vocabulary::names::possessive(&child.first_name());
        if parents.len() >= 2 {
            continue;
        }
        if !parents.contains(&"father") {
            gaps.push(format!("{of} father: not recorded"));
        }
        if parents.is_empty() || parents == ["father"] {
            gaps.push(format!("{of} mother: not recorded"));
        }
    }
    gaps
}
