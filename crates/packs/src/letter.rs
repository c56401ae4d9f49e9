//! Letters: plain words with gaps for names and dates. Every gap is declared,
//! so that a letter with an unfilled gap cannot be sent.

use crate::dated::dated;

dated! {
    /// A letter or message.
    pub struct Letter {
        /// The subject line, with gaps.
        pub subject: String,
        /// The text, with gaps such as `{child}`; blank lines part paragraphs.
        pub body: String,
        /// The names of the gaps.
        pub gaps: Vec<String>,
    }
}

/// A gap for which no words were given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the letter needs words for “{0}”")]
pub struct MissingWords(pub String);

impl Letter {
    /// The subject and the text with the gaps filled.
    ///
    /// # Errors
    /// When a gap that the letter uses has no words.
    pub fn fill(&self, words: &[(&str, &str)]) -> Result<(String, String), MissingWords> {
        Ok((fill(&self.subject, words)?, fill(&self.body, words)?))
    }
}

fn fill(text: &str, words: &[(&str, &str)]) -> Result<String, MissingWords> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, gap, after)) = next_gap(rest) {
        let Some((_, value)) = words.iter().find(|(name, _)| *name == gap) else {
            return Err(MissingWords(gap.to_owned()));
        };
        filled.push_str(before);
        filled.push_str(value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The text before the next gap, its name, and the text after it.
pub(crate) fn next_gap(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (gap, after) = rest.split_once('}')?;
    Some((before, gap, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_once_and_none_is_left() {
        let words = [("child", "Maya {x}"), ("day", "3 May 2027")];
        assert_eq!(
            fill("About {child}, by {day}.", &words).unwrap(),
            "About Maya {x}, by 3 May 2027."
        );
        assert_eq!(fill("{who}", &words), Err(MissingWords("who".into())));
    }
}
