//! Terms of an approval, and more than they say: numbers, ages, kinds of care,
//! brothers and sisters, the usual limit of three (Children Act 1989, schedule
//! 7) and its exemptions.

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Carer, CarerExemption, CarerTerms};
use record::{Tx, args};
use serde_json::{Value as Json, json};
use vocabulary::{Id, plain};

use super::Filled;
use crate::asking::{self, said};
use crate::{Casework, Error, Result};

/// Terms as somebody proposes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// How many children at a time.
    pub places: i64,
    /// From this age.
    pub age_from: i64,
    /// Up to this age.
    pub age_to: i64,
    /// Kinds of care.
    pub kinds: Vec<String>,
    /// Needs they can meet.
    pub offers: Vec<String>,
    /// Brothers and sisters together.
    pub siblings: bool,
    /// In words.
    pub words: Option<String>,
}

impl Proposed {
    /// Terms from a form; nothing if none were written.
    ///
    /// # Errors
    /// A finding if only some were.
    pub fn read(answers: &Answers) -> Result<Option<Proposed>> {
        let number = |name: &str| answers.text(name).trim().parse::<i64>().ok();
        let (places, from, to) = (number("places"), number("age_from"), number("age_to"));
        let (places, age_from, age_to) = match (places, from, to) {
            (None, None, None) => return Ok(None),
            (Some(places), Some(from), Some(to)) => (places, from, to),
            (None, _, _) => {
                return Err(Error::finding(
                    "places",
                    "How many?",
                    "Write how many children",
                ));
            }
            _ => {
                let message = "Write both ages, in years";
                return Err(Error::finding("age_from", "Ages", message));
            }
        };
        if age_from > age_to {
            let message = "The first age must not be above the last";
            return Err(Error::finding("age_from", "Ages", message));
        }
        let list = |name: &str| answers.list(name).iter().map(|w| (*w).to_owned()).collect();
        Ok(Some(Proposed {
            places,
            age_from,
            age_to,
            kinds: list("kinds"),
            offers: list("offers"),
            siblings: answers.text("siblings") == "yes",
            words: said(answers, "terms_words"),
        }))
    }

    /// As it is kept with what is before a panel.
    pub fn to_json(&self) -> Json {
        json!({
            "places": self.places, "age_from": self.age_from, "age_to": self.age_to,
            "kinds": self.kinds, "offers": self.offers, "siblings": self.siblings,
            "words": self.words,
        })
    }

    /// Back from where it was kept; nothing if there are none.
    pub fn of_json(kept: &Json) -> Option<Proposed> {
        let number = |name: &str| kept.get(name).and_then(Json::as_i64);
        Some(Proposed {
            places: number("places")?,
            age_from: number("age_from")?,
            age_to: number("age_to")?,
            kinds: words_of(kept.get("kinds")?),
            offers: words_of(kept.get("offers")?),
            siblings: kept.get("siblings")?.as_bool()?,
            words: kept.get("words").and_then(Json::as_str).map(str::to_owned),
        })
    }
}

/// The words of a list that is kept as JSON.
pub(crate) fn words_of(list: &Json) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|word| Some(word.as_str()?.to_owned()))
        .collect()
}

impl Casework {
    /// Terms in a line: "2 children, 5 to 12 years, brothers and sisters
    /// together; short term, long term".
    pub fn terms_words(&self, terms: &Proposed) -> String {
        let mut line = format!(
            "{}, {} to {} years",
            plain::count(terms.places, "child", "children"),
            terms.age_from,
            terms.age_to
        );
        if terms.siblings {
            line.push_str(", brothers and sisters together");
        }
        let kinds: Vec<String> = terms
            .kinds
            .iter()
            .map(|code| crate::people::network::lower_first(&self.label("carer-kinds", code)))
            .collect();
        if !kinds.is_empty() {
            line.push_str("; ");
            line.push_str(&kinds.join(", "));
        }
        if let Some(words) = &terms.words {
            line.push_str(". ");
            line.push_str(words);
        }
        line
    }

    /// New terms take the place of those before.
    pub(crate) async fn set_terms(
        &self,
        tx: &mut Tx,
        carer: &Carer,
        terms: &Proposed,
        day: NaiveDate,
    ) -> Result<()> {
        self.end_terms(tx, carer, day).await?;
        let row = CarerTerms {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            since: day,
            until: None,
            places: terms.places,
            age_from: terms.age_from,
            age_to: terms.age_to,
            kinds: json!(terms.kinds),
            offers: json!(terms.offers),
            siblings: terms.siblings,
            words: terms.words.clone(),
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }

    pub(super) async fn end_terms(&self, tx: &mut Tx, carer: &Carer, day: NaiveDate) -> Result<()> {
        let open: Vec<CarerTerms> =
            asking::rows(tx, "carer_id = $1 and until is null", args![carer.id]).await?;
        for mut terms in open {
            terms.until = Some(day);
            tx.update(&mut terms).await?;
        }
        Ok(())
    }

    pub(super) async fn save_exemption(&self, tx: &mut Tx, form: &Filled<'_>) -> Result<String> {
        let carer = &form.seen.carer;
        let since = form
            .answers
            .date("since")
            .ok_or_else(|| Error::finding("since", "From which day?", "Write from which day"))?;
        tx.insert(&CarerExemption {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            kind: form.text("kind").to_owned(),
            about: form.text("about").to_owned(),
            why: form.text("why").to_owned(),
            agreed_by: form.text("agreed_by").to_owned(),
            since,
            until: form.answers.date("until"),
            made_by: form.viewer.principal.worker,
            version: 1,
        })
        .await?;
        Ok("The exemption is saved: give the carers the letter that names the children.".into())
    }
}

impl From<&CarerTerms> for Proposed {
    fn from(row: &CarerTerms) -> Proposed {
        Proposed {
            places: row.places,
            age_from: row.age_from,
            age_to: row.age_to,
            kinds: words_of(&row.kinds),
            offers: words_of(&row.offers),
            siblings: row.siblings,
            words: row.words.clone(),
        }
    }
}
