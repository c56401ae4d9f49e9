//! Two versions of one section side by side: what the record has, what the
//! viewer wrote, and what differs. Questions that only one of the two changed
//! are taken from that one; where both wrote, the viewer decides.

use packs::Answers;
use record::{Asked, Viewer};
use vocabulary::{Id, ids};

use super::document::{Answered, answered};
use super::save::settle_kept;
use super::section::SectionPage;
use super::seen::SectionSeen;
use crate::drafts::Draft;
use crate::{Casework, Error, Result};

/// Both versions of a section.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The section's page, for the form below.
    pub page: SectionPage,
    /// The viewer's words, refused or still a draft.
    pub mine: Draft,
    /// Each question with both answers.
    pub pairs: Vec<FieldPair>,
    /// The text to go on with: each question from whoever changed it; the
    /// viewer's own where both did.
    pub merged: Answers,
}

/// One question with both answers.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPair {
    /// The question.
    pub label: String,
    /// As the record has it; words that the other does not have are marked.
    pub theirs: Vec<Piece>,
    /// As the viewer wrote it.
    pub mine: Vec<Piece>,
    /// The two differ.
    pub differs: bool,
}

/// Words that both have, or only one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The words, with the space after them.
    pub words: String,
    /// Only this side has them.
    pub only_here: bool,
}

impl Casework {
    /// Both versions of a section. `mine` reads a draft's stored words as
    /// answers.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the viewer has no words of their own here.
    pub async fn compare_section(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        section: &str,
        mine: impl Fn(&packs::Form, &Draft) -> Answers,
    ) -> Result<Compared> {
        let page = self.section_page(viewer, id, section).await?;
        let kept = page.refused.clone().or_else(|| page.draft.clone());
        let draft = kept.ok_or(Error::NotFound)?;
        let own = mine(&page.seen.form, &draft);
        let theirs = page.saved().map(SectionSeen::read).unwrap_or_default();
        let base = match page.saved() {
            Some(saved) => {
                let version = draft.base_version.unwrap_or(0);
                self.section_as_it_was(viewer, &page, saved.id, version)
                    .await?
            }
            None => Answers::new(),
        };
        let merged = merge(&page, &base, &theirs, &own);
        let people = &page.people;
        let left = answered(&page.section, &theirs, people);
        let right = answered(&page.section, &own, people);
        let mut pairs = Vec::new();
        for field in &page.section.fields {
            let pick = |side: &[Answered]| {
                side.iter()
                    .find(|a| a.label == field.label)
                    .map(Answered::as_text)
                    .unwrap_or_default()
            };
            let (left, right) = (pick(&left), pick(&right));
            if left.is_empty() && right.is_empty() {
                continue;
            }
            let (theirs, mine) = compare_words(&left, &right);
            pairs.push(FieldPair {
                label: field.label.clone(),
                differs: left != right,
                theirs,
                mine,
            });
        }
        Ok(Compared {
            mine: draft,
            page,
            pairs,
            merged,
        })
    }

    /// A section as it was in a version, from its changes.
    async fn section_as_it_was(
        &self,
        viewer: &Viewer,
        page: &SectionPage,
        row: Id<ids::Part>,
        version: i64,
    ) -> Result<Answers> {
        let first = self
            .gate()
            .person(viewer, page.seen.first.id, Asked::to_read("/steps/compare"))
            .await?
            .ok_or(Error::NotFound)?;
        let changes = self
            .gate()
            .changes_of_row(&first, "step_section", row.as_str())
            .await?;
        let found = changes.iter().find_map(|change| {
            let after = change.content.as_ref()?.get("after")?;
            (after.get("version")?.as_i64()? == version)
                .then(|| after.get("answers")?.as_object().cloned())?
        });
        Ok(found.map(Answers::from_map).unwrap_or_default())
    }

    /// Throws the viewer's own words of a section away, because they chose the
    /// other's.
    pub async fn keep_theirs(
        &self,
        viewer: &Viewer,
        id: Id<ids::Step>,
        section: &str,
    ) -> Result<()> {
        let seen = self
            .step_seen(viewer, id, Asked::to_read("/steps/compare"))
            .await?;
        let target = seen.target(&seen.section(section)?.id);
        let mut tx = self.store().begin(&viewer.actor()).await?;
        settle_kept(&mut tx, viewer, &target).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Question by question: what only they changed is theirs, the rest is mine.
fn merge(page: &SectionPage, base: &Answers, theirs: &Answers, mine: &Answers) -> Answers {
    let mut merged = mine.clone();
    for field in &page.section.fields {
        for name in [field.name.clone(), field.reason_name()] {
            let (was, now, own) = (
                base.as_map().get(&name),
                theirs.as_map().get(&name),
                mine.as_map().get(&name),
            );
            if own == was && now != was {
                let mut map = merged.into_map();
                match now {
                    Some(value) => map.insert(name, value.clone()),
                    None => map.shift_remove(&name),
                };
                merged = Answers::from_map(map);
            }
        }
    }
    merged
}

/// Marks the words that only one of two texts has.
pub fn compare_words(left: &str, right: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (a, b) = (split(left), split(right));
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let room = a.len().min(b.len()) - start;
    let end = (0..room)
        .take_while(|i| a[a.len() - 1 - i] == b[b.len() - 1 - i])
        .count();
    let (in_a, in_b) = common(&a[start..a.len() - end], &b[start..b.len() - end]);
    let mark = |words: &[&str], inner: &[bool]| {
        let mut pieces: Vec<Piece> = Vec::new();
        for (i, word) in words.iter().enumerate() {
            let only_here = i >= start && i < words.len() - end && !inner[i - start];
            match pieces.last_mut() {
                Some(last) if last.only_here == only_here => last.words.push_str(word),
                _ => pieces.push(Piece {
                    words: (*word).to_owned(),
                    only_here,
                }),
            }
        }
        pieces
    };
    (mark(&a, &in_a), mark(&b, &in_b))
}

/// Words with the space behind them.
fn split(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// Which words of each side belong to the longest common sequence. Texts so
/// long and different that the table would be large count as all different.
fn common(a: &[&str], b: &[&str]) -> (Vec<bool>, Vec<bool>) {
    const MOST: usize = 4_000_000;
    let (mut in_a, mut in_b) = (vec![false; a.len()], vec![false; b.len()]);
    let width = b.len() + 1;
    if a.len().saturating_mul(b.len()) > MOST {
        return (in_a, in_b);
    }
    let mut longest = vec![0u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i].trim() == b[j].trim() {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i].trim() == b[j].trim() {
            (in_a[i], in_b[j]) = (true, true);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (in_a, in_b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(pieces: &[Piece]) -> String {
        let show = |p: &Piece| match p.only_here {
            true => format!("[{}]", p.words),
            false => p.words.clone(),
        };
        pieces.iter().map(show).collect()
    }

    #[test]
    fn words_that_only_one_side_has_are_marked() {
        let (left, right) = compare_words(
            "Maya sleeps well at Nan’s.",
            "Maya sleeps badly at Nan’s now.",
        );
        assert_eq!(marked(&left), "Maya sleeps [well ]at [Nan’s.]");
        assert_eq!(marked(&right), "Maya sleeps [badly ]at [Nan’s now.]");
        let (same, _) = compare_words("same", "same");
        assert_eq!(marked(&same), "same");
        let (none, all) = compare_words("", "all new");
        assert!(none.is_empty());
        assert_eq!(marked(&all), "[all new]");
    }

    #[test]
    fn nothing_is_lost_from_either_text() {
        let (a, b) = ("one two\n\nthree  four", "zero one\n three four five");
        let (left, right) = compare_words(a, b);
        let join = |pieces: Vec<Piece>| pieces.into_iter().map(|p| p.words).collect::<String>();
        assert_eq!(join(left), a);
        assert_eq!(join(right), b);
    }
}
