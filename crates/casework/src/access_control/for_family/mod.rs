//! Who has looked, for the family (R001-27): a parent or a young person asks, a
//! worker prepares the list, looks at what would not be safe to tell, and gives
//! it or holds it back. What was decided, by whom and why is a row of the
//! record.
//!
//! The family's page says the same words about what may be left out on every
//! list, so that nobody learns from a list that something was.

mod lines;
mod links;

pub use lines::{FamilyLine, Risk};
pub use links::{LooksLinkLine, MadeLooksLink, SeenLooks};

use access::{Purpose, Section};
use chrono::Days;
use packs::Answers;
use record::model::{LooksRequest, Person};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use crate::asking::{Asking, Done, claim, past_day};
use crate::{Casework, Error, Result, time};

/// The form that is filled in first.
pub const FORM: &str = "family-looks";
/// The page, for the journal.
const PAGE: &str = "looks-given";
/// A reason that says something.
const REASON: usize = 20;
/// How far back a list begins unless somebody says otherwise.
const YEAR: Days = Days::new(365);

/// What speaks against giving any list at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Danger {
    /// The record is restricted.
    Restricted,
    /// Somebody in the household has a protected address.
    Address,
    /// A strategy discussion or a section 47 enquiry is open.
    Enquiry,
}

impl Danger {
    const ALL: [Danger; 3] = [Danger::Restricted, Danger::Address, Danger::Enquiry];

    fn word(self) -> &'static str {
        match self {
            Danger::Restricted => "restricted",
            Danger::Address => "protected_address",
            Danger::Enquiry => "enquiry",
        }
    }

    /// In a sentence, for whoever decides.
    pub fn words(self) -> &'static str {
        match self {
            Danger::Restricted => {
                "The record is restricted: who works with the child could tell somebody where they are."
            }
            Danger::Address => {
                "Somebody in the household has a protected address: the name of a service could give it away."
            }
            Danger::Enquiry => {
                "A strategy discussion or an enquiry under section 47 is open: a list could warn somebody who is being looked into."
            }
        }
    }
}

/// A list in a child's record.
#[derive(Debug, Clone)]
pub struct LooksRequestLine {
    /// The list.
    pub id: Id<ids::Part>,
    /// "Leila Ashgrove asked on 3 November 2026".
    pub asked: String,
    /// What came of it.
    pub state: &'static str,
}

/// The lists of a record.
#[derive(Debug)]
pub struct LooksRequests {
    /// Whose record.
    pub person: Guarded<Person>,
    /// The newest first.
    pub rows: Vec<LooksRequestLine>,
}

/// One list: what it says, and what is or was decided.
#[derive(Debug)]
pub struct LooksGiven {
    /// The question and its answer.
    pub request: LooksRequest,
    /// Whose record.
    pub person: Guarded<Person>,
    /// The newest first.
    pub lines: Vec<FamilyLine>,
    /// What speaks against giving it today.
    pub dangers: Vec<Danger>,
    /// What spoke against it when it was decided.
    pub dangers_then: Vec<Danger>,
    /// "Jo Larch, on 4 November 2026"; empty while nobody has decided.
    pub decided: String,
    /// The viewer may give it.
    pub may_give: bool,
    /// The viewer may decide at all.
    pub may_decide: bool,
    /// Its links, the newest first.
    pub links: Vec<LooksLinkLine>,
}

impl LooksGiven {
    /// The lines that the family is shown.
    pub fn shown(&self) -> Vec<&FamilyLine> {
        self.lines.iter().filter(|l| !l.left_out).collect()
    }

    /// How many lines are left out.
    pub fn left_out(&self) -> usize {
        self.lines.iter().filter(|l| l.left_out).count()
    }

    /// "1 November to 22 November 2026".
    pub fn span(&self) -> String {
        span(&self.request)
    }
}

/// What somebody decides about a list.
#[derive(Debug, Clone, Default)]
pub struct Decide {
    /// give, hold_back.
    pub answer: String,
    /// The places of the lines that are left out, from 0.
    pub left_out: Vec<usize>,
    /// Why.
    pub reason: String,
    /// The form's token.
    pub once: String,
}

fn asked() -> Asked<'static> {
    Asked {
        purpose: Purpose::Share,
        section: Section::Record,
        page: PAGE,
    }
}

fn span(request: &LooksRequest) -> String {
    format!(
        "{} to {}",
        plain::date(request.from_day),
        plain::date(request.to_day)
    )
}

fn state_words(state: &str) -> &'static str {
    match state {
        "given" => "Given",
        "held_back" => "Held back",
        _ => "Not decided yet",
    }
}

impl Casework {
    /// The lists that a family asked for, and the form for a new one.
    pub async fn looks_requests(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
    ) -> Result<(LooksRequests, Asking)> {
        let person = self.person_to_tell(viewer, person).await?;
        let condition = "person_id = $1 order by asked_on desc, made_at desc, id";
        let rows: Vec<LooksRequest> = self.rows_of(condition, args![person.id]).await?;
        let back = format!("/people/{}/looks/family", person.id);
        let address = format!("{back}/new");
        let mut asking = Asking::new(self.form(FORM)?, person.clone(), address, back);
        asking.title = format!("Who has looked: the list for {}", person.first_name());
        asking.button = format!("Make the list for {}", person.first_name());
        asking.day("asked_on", viewer.today);
        asking.day("to_day", viewer.today);
        asking.day("from_day", viewer.today - YEAR);
        let rows = rows.into_iter().map(|row| LooksRequestLine {
            id: row.id,
            asked: format!("{} asked on {}", row.asker, plain::date(row.asked_on)),
            state: state_words(&row.state),
        });
        let rows = rows.collect();
        Ok((LooksRequests { person, rows }, asking))
    }

    /// Makes a list. Nobody has it yet.
    pub async fn prepare_looks(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (LooksRequests { person, .. }, asking) = self.looks_requests(viewer, person).await?;
        asking.check(answers)?;
        let asked_on = past_day(answers, "asked_on", viewer.today)?;
        let from_day = past_day(answers, "from_day", viewer.today)?;
        let to_day = past_day(answers, "to_day", viewer.today)?;
        if from_day > to_day {
            let message = "The last day lies before the first: change one of them";
            return Err(Error::finding("to_day", "Looks to", message));
        }
        let lines = self.family_lines(&person, from_day, to_day).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let id: Id<ids::Part> = Id::new();
        let to = format!("/looks-given/{id}");
        claim(&mut tx, once, &to).await?;
        tx.insert(&LooksRequest {
            id,
            person_id: person.id,
            asked_by: answers.text("asked_by").to_owned(),
            asker: answers.text("asker").trim().to_owned(),
            asked_on,
            from_day,
            to_day,
            lines: json!(lines),
            state: "open".into(),
            dangers: json!([]),
            reason: None,
            decided_by: None,
            decided_at: None,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        })
        .await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("The list is made. Nobody has it yet.", to))
    }

    /// One list, for whoever may tell the family.
    pub async fn looks_given(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<LooksGiven> {
        let request = self.looks_request(id).await?;
        let person = self.person_to_tell(viewer, request.person_id).await?;
        let dangers = self.dangers(person.id).await?;
        let may_decide = request.state == "open";
        let decided = match (request.decided_by, request.decided_at) {
            (Some(by), Some(at)) => {
                let by = self.worker(by).await?;
                let by = by.map_or_else(String::new, |w| w.name);
                format!("{by}, on {}", plain::date(time::local(at).date()))
            }
            _ => String::new(),
        };
        Ok(LooksGiven {
            lines: lines_of(&request)?,
            may_give: may_decide && (dangers.is_empty() || manages(viewer)),
            may_decide,
            dangers_then: then(&request),
            links: self.looks_links(id).await?,
            dangers,
            decided,
            request,
            person,
        })
    }

    /// Gives a list or holds it back, with the reason. Once decided it stays.
    pub async fn decide_looks(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        decide: &Decide,
    ) -> Result<()> {
        let seen = self.looks_given(viewer, id).await?;
        if !seen.may_decide {
            let why = "This list is decided already. Make a new one if the family asks again.";
            return Err(Error::Refused(why.into()));
        }
        let gives = match decide.answer.as_str() {
            "give" => true,
            "hold_back" => false,
            _ => {
                let message = "Say if the list is given or held back";
                return Err(Error::finding("answer", "What do you decide?", message));
            }
        };
        let mut lines = seen.lines;
        let (mut more, mut fewer) = (false, false);
        for (place, line) in lines.iter_mut().enumerate() {
            line.left_out = decide.left_out.contains(&place);
            more |= line.left_out && line.risk.is_none();
            fewer |= !line.left_out && line.risk.is_some();
        }
        if gives && !manages(viewer) && (fewer || !seen.dangers.is_empty()) {
            let why = "Something speaks against telling the family, so a manager decides. Nothing was given. You can hold the list back, or ask your manager to open this page.";
            return Err(Error::Refused(why.into()));
        }
        let needs_words = !gives || more || fewer || !seen.dangers.is_empty();
        let reason = decide.reason.trim();
        if needs_words && reason.chars().count() < REASON {
            let message = "Write why, in a sentence of at least 20 characters: who could be harmed, or why it is safe";
            return Err(Error::finding("reason", "Why?", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, &decide.once, &format!("/looks-given/{id}")).await?;
        let mut row: LooksRequest = tx.get(id).await?;
        if row.state != "open" {
            return Err(Error::Stale);
        }
        row.lines = json!(lines);
        row.state = if gives { "given" } else { "held_back" }.to_owned();
        let words: Vec<&str> = seen.dangers.iter().map(|d| d.word()).collect();
        row.dangers = json!(words);
        row.reason = (!reason.is_empty()).then(|| reason.to_owned());
        row.decided_by = Some(viewer.principal.worker);
        row.decided_at = Some(tx.now());
        if let Some(reason) = &row.reason {
            tx.because_of(reason);
        }
        tx.update(&mut row).await?;
        Ok(tx.commit().await?)
    }

    /// A person about whom the viewer may tell the family something.
    async fn person_to_tell(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
    ) -> Result<Guarded<Person>> {
        let person = self.gate().person(viewer, id, asked()).await?;
        let person = person.ok_or(Error::NotFound)?;
        if !viewer.can("case.record") {
            let why = "The child’s worker makes this list and gives it. Ask them.";
            return Err(Error::Refused(why.into()));
        }
        Ok(person)
    }

    async fn looks_request(&self, id: Id<ids::Part>) -> Result<LooksRequest> {
        let rows: Vec<LooksRequest> = self.rows_of("id = $1", args![id]).await?;
        rows.into_iter().next().ok_or(Error::NotFound)
    }

    /// What speaks against telling the family of a person anything today.
    async fn dangers(&self, person: Id<ids::Person>) -> Result<Vec<Danger>> {
        let db = self.store().read_db();
        let found: Counted = db.one(DANGERS, args![person]).await?;
        Ok(found.dangers())
    }

    async fn dangers_in(tx: &mut Tx, person: Id<ids::Person>) -> Result<Vec<Danger>> {
        let found: Option<Counted> = tx.maybe(DANGERS, args![person]).await?;
        Ok(found.map(|f| f.dangers()).unwrap_or_default())
    }
}

#[derive(sqlx::FromRow)]
struct Counted {
    closed: i64,
    protected: i64,
    enquiries: i64,
}

impl Counted {
    fn dangers(&self) -> Vec<Danger> {
        let holds = |danger: &Danger| match danger {
            Danger::Restricted => self.closed > 0,
            Danger::Address => self.protected > 0,
            Danger::Enquiry => self.enquiries > 0,
        };
        Danger::ALL.into_iter().filter(holds).collect()
    }
}

/// Counted over the person, and for addresses over the household.
const DANGERS: &str = "select \
    (select count(*) from restriction r where r.person_id = $1 and r.ended_at is null) as closed, \
    (select count(*) from address a where a.protected and a.ended_on is null \
     and a.wrong_reason is null and (a.person_id = $1 or a.person_id in \
     (select kin.person_id from family_member mine join family_member kin \
      on kin.family_id = mine.family_id where mine.person_id = $1 \
      and mine.left_on is null and kin.left_on is null))) as protected, \
    (select count(*) from step s join step_subject x on x.step_id = s.id where x.person_id = $1 \
     and s.kind in ('strategy-discussion', 'section-47') \
     and s.state in ('open', 'submitted', 'sent_back')) as enquiries";

fn manages(viewer: &Viewer) -> bool {
    viewer.can("case.authorise")
}

fn lines_of(request: &LooksRequest) -> Result<Vec<FamilyLine>> {
    serde_json::from_value(request.lines.clone())
        .map_err(|e| Error::Page(format!("a list of who has looked cannot be read: {e}")))
}

fn then(request: &LooksRequest) -> Vec<Danger> {
    let kept = request.dangers.as_array();
    let kept: Vec<&str> = kept
        .map(|list| list.iter().filter_map(|v| v.as_str()).collect())
        .unwrap_or_default();
    let all = Danger::ALL.into_iter();
    all.filter(|d| kept.contains(&d.word())).collect()
}

/// The columns of an entity, for a statement of this module.
fn columns<E: Entity>(condition: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!(
        "select {} from {} where {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    ))
}
