//! The child index: a practitioner of any agency confirms who a child is and
//! learns who works with them and how to reach those (R001-25). The reason is
//! asked first and is on record before anything is shown; nothing says why
//! anybody is involved.
//!
//! The role opens the page and nothing else. For the one search that a reason
//! was given for, the viewer is lent a capability that no role holds, and the
//! access policy opens the index to that: so no other page of the program
//! knows these viewers.

mod sure;

use chrono::{Duration, Utc};
use packs::Answers;
use record::model::{IndexLook, IndexSearch};
use record::{Asked, Listed, Viewer, args};
use vocabulary::{Id, ids};

use crate::find::{Match, Wanted};
use crate::people::network::Works;
use crate::{Casework, Error, Result};

/// Whose role may ask who a child is.
pub const CAPABILITY: &str = "index.confirm";
/// Lent for one search, for the reason that was just given.
const LENT: &str = "index.reason";
/// The form: the reason, then what is known of the child.
pub const FORM: &str = "index";
/// The page, for the journal.
const PAGE: &str = "index";
/// So many searches of one worker in an hour are work; more are browsing.
const HOURLY: i64 = 40;

/// Somebody who works with a child, as the index tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they do.
    pub post: String,
    /// Their agency, in words.
    pub agency: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The one lead professional (R000-30).
    pub lead: bool,
}

/// A child whom the search may mean.
#[derive(Debug, Clone)]
pub struct Found {
    /// The look that is on record.
    pub look: Id<ids::Part>,
    /// Name.
    pub name: String,
    /// Age in words.
    pub age: String,
    /// Why they may be meant, in sentences.
    pub because: Vec<String>,
    /// Who works with them, the lead first; never a sensitive service.
    pub people: Vec<Person>,
    /// Somebody is involved who is not named: ask.
    pub unnamed: bool,
    person: Id<ids::Person>,
}

/// What the index answers.
#[derive(Debug)]
pub struct Answer {
    /// Best first, at most five; empty: no confident match.
    pub children: Listed<Found>,
    /// The first of them leads clearly, and stands alone.
    pub sure: bool,
    /// The telephone of the front door, for whatever the index does not say.
    pub front_door: Option<String>,
}

impl Casework {
    /// Who a child is and who works with them, for a practitioner who says why
    /// they ask. The reason, the search and each child shown are on record
    /// before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a role without the index, [`Error::Findings`] for
    /// a reason or a question that is not enough, [`Error::Refused`] when
    /// somebody searches as nobody works.
    pub async fn who_is(&self, viewer: &Viewer, answers: &Answers) -> Result<Answer> {
        if !viewer.can(CAPABILITY) {
            return Err(Error::NotFound);
        }
        let mut findings = self.form(FORM)?.check(answers, None);
        findings.retain(|f| f.severity == packs::Severity::Stop);
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        let (wanted, whole) = wanted(answers)?;
        self.not_browsing(viewer).await?;
        let lent = lent(viewer);
        let mut matches = self.who_fits(&lent, &wanted, PAGE).await?;
        matches.retain(|m| m.child && (m.likely >= sure::SHOWN || m.twin));
        let found: Vec<(u8, f32)> = matches.iter().map(|m| (m.likely, m.bits)).collect();
        let given = answers.text("given");
        let sure = whole && sure::leads(&found) && !sure::may_be_a_twin(given, &matches);
        matches.truncate(if sure { 1 } else { sure::MOST });
        let found = self.on_record(viewer, answers, matches).await?;
        let why = self.label("index-reasons", answers.text("reason"));
        let about = |f: &Found| vec![format!("person:{}", f.person)];
        let gate = self.gate();
        let children = gate.shown_because(&lent, Asked::index(PAGE), &why, found, about);
        Ok(Answer {
            children: children.await?,
            sure,
            front_door: Some(self.front_door_phone().await?)
                .filter(|phone| phone.contains(|c: char| c.is_ascii_digit())),
        })
    }

    /// Stops whoever searches as nobody works: a reason is no key to a list.
    async fn not_browsing(&self, viewer: &Viewer) -> Result<()> {
        #[derive(sqlx::FromRow)]
        struct Count {
            n: i64,
        }
        let sql =
            "select count(*) as n from index_search where worker_id = $1 and searched_at > $2";
        let since = Utc::now() - Duration::hours(1);
        let values = args![viewer.principal.worker, since];
        let searched: Count = self.store().read_db().one(sql, values).await?;
        if searched.n >= HOURLY {
            let why = "You have looked for many children in the last hour. Wait a while, or ring \
                       the front door: they look with you.";
            return Err(Error::Refused(why.into()));
        }
        Ok(())
    }

    /// Writes the search and whom it shows, with the reason, and makes of each
    /// match what the index tells.
    async fn on_record(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        matches: Vec<Match>,
    ) -> Result<Vec<Found>> {
        let reason = answers.text("reason");
        let words = crate::asking::said(answers, "reason_words").filter(|_| reason == "other");
        let worker = viewer.principal.worker;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let search = IndexSearch {
            id: Id::new(),
            worker_id: worker,
            reason: reason.to_owned(),
            shown: i64::try_from(matches.len()).unwrap_or(i64::MAX),
            searched_at: tx.now(),
            version: 1,
        };
        tx.insert(&search).await?;
        tx.because_of(&match &words {
            Some(words) => words.clone(),
            None => self.label("index-reasons", reason),
        });
        let mut found = Vec::new();
        for one in matches {
            let look = IndexLook {
                id: Id::new(),
                search_id: search.id,
                person_id: one.person,
                worker_id: worker,
                reason: reason.to_owned(),
                words: words.clone(),
                looked_at: tx.now(),
                version: 1,
            };
            tx.insert(&look).await?;
            found.push(self.found_at(look.id, one));
        }
        tx.commit().await?;
        Ok(found)
    }

    fn found_at(&self, look: Id<ids::Part>, one: Match) -> Found {
        // What a service is for can say why: those of the pack's list are not
        // named here, whoever forgot to mark them.
        let unnamed = self.pack().codes("index-unnamed", crate::time::today());
        let hidden =
            |w: &&Works| w.sensitive || unnamed.is_some_and(|list| list.code(&w.agency).is_some());
        let named = one.network.iter().filter(|w| !hidden(w));
        Found {
            look,
            name: one.name,
            age: one.age,
            because: one.because,
            people: named.map(|w| self.colleague(w)).collect(),
            unnamed: one.network.iter().any(|w| hidden(&w)),
            person: one.person,
        }
    }

    pub(crate) fn colleague(&self, works: &Works) -> Person {
        Person {
            name: works.name.clone(),
            post: works.job_title.clone(),
            agency: self.label("agencies", &works.agency),
            phone: works.phone.clone(),
            email: works.email.clone(),
            lead: works.lead,
        }
    }
}

/// The viewer with what is lent for one search, or for coming back to what it
/// showed: only ever after the reason is on record.
pub(crate) fn lent(viewer: &Viewer) -> Viewer {
    let mut lent = viewer.clone();
    lent.principal.capabilities.insert(LENT.to_owned());
    lent
}

/// What was asked, and whether it is enough for one confident answer: a whole
/// date of birth or a number. A name alone fits too many children, so that it
/// would be a way to leaf through them.
fn wanted(answers: &Answers) -> Result<(Wanted, bool)> {
    let text = |name: &str| answers.text(name).trim().to_owned();
    let named = !text("given").is_empty() || !text("family").is_empty();
    let number = !text("nhs").is_empty() || !text("upn").is_empty();
    let born = answers.date("born");
    let more = born.is_some() || !text("year").is_empty() || !text("postcode").is_empty();
    let enough = number || (named && more);
    if !enough {
        return Err(Error::finding(
            "given",
            "First name",
            "Write a name and one thing more, such as the date of birth, or a number",
        ));
    }
    let year = match born {
        Some(_) => String::new(),
        None => text("year"),
    };
    let wanted = Wanted {
        given: text("given"),
        family: text("family"),
        born,
        postcode: text("postcode"),
        text: [year, text("nhs"), text("upn")].join(" ").trim().to_owned(),
    };
    Ok((wanted, number || (named && born.is_some())))
}
