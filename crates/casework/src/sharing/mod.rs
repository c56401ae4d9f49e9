//! The log of sharing (R001-26): what, with whom, why and on which legal
//! ground, and the decision not to share, each one row of the child's record.
//! And the number that identifies a child, withheld with a reason.
//!
//! The duty to share (Children Act 2004 s.16LA) has a first day in the pack
//! (codes/sharing-gateway, `information_duty`). From that day on a decision not
//! to share says how sharing would harm the child more.

mod number;

pub use number::Withheld;
pub(crate) use number::is_withheld;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Person, Sharing};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{Asking, Done, claim, past_day, said};
use crate::{Casework, Error, Result};

/// The form of a decision.
pub const FORM: &str = "sharing";
/// The page, for the journal.
const PAGE: &str = "sharing";
/// The code of the duty in the pack.
const DUTY: &str = "information_duty";

/// One decision as the page shows it.
#[derive(Debug, Clone)]
pub struct Shared {
    /// It was shared; else it was decided not to.
    pub shared: bool,
    /// The day in words.
    pub on: String,
    /// What.
    pub what: String,
    /// "Rosa Vetch, health visitor (Health)".
    pub with_whom: String,
    /// Why.
    pub why: String,
    /// The legal ground in words.
    pub gateway: Option<String>,
    /// How it would harm the child more.
    pub harm: Option<String>,
    /// "The family agreed", with the reason if there is one.
    pub consent: Option<String>,
    /// How it went.
    pub channel: Option<String>,
    /// Who decided.
    pub by: String,
}

/// The page.
#[derive(Debug)]
pub struct SharingPage {
    /// The child.
    pub child: Guarded<Person>,
    /// The newest first.
    pub rows: Vec<Shared>,
    /// "The duty to share is in force since 1 April 2027"; what holds today.
    pub duty: String,
    /// The number, if it is withheld.
    pub withheld: Option<Withheld>,
    /// There is a number to withhold.
    pub has_number: bool,
    /// The viewer may add a decision.
    pub may_write: bool,
    /// The viewer may withhold the number and give it back.
    pub may_withhold: bool,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Sharing,
    by_name: String,
}

fn path(child: Id<ids::Person>) -> String {
    format!("/people/{child}/sharing")
}

impl Casework {
    /// The first day of the duty to share, where it has one in the pack.
    pub fn duty_to_share(&self, today: NaiveDate) -> Option<NaiveDate> {
        let codes = self.pack().codes("sharing-gateway", today)?;
        codes
            .code(DUTY)
            .map(|code| code.from.unwrap_or(NaiveDate::MIN))
    }

    /// Whether the duty to share is in force.
    pub fn must_share(&self, today: NaiveDate) -> bool {
        self.duty_to_share(today).is_some_and(|from| from <= today)
    }

    /// What was shared about a child and what was not.
    pub async fn sharing_page(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
    ) -> Result<SharingPage> {
        let child = self
            .gate()
            .person(viewer, child, Asked::to_read(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let columns: Vec<String> = Sharing::COLUMNS.iter().map(|c| format!("s.{c}")).collect();
        let sql = format!(
            "select {}, w.name as by_name from sharing s join worker w on w.id = s.decided_by \
             where s.person_id = $1 order by s.on_day desc, s.decided_at desc, s.id",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Found> = db.all(AssertSqlSafe(sql), args![child.id]).await?;
        let withheld = self.number_withheld(child.id).await?;
        let duty = match self.duty_to_share(viewer.today) {
            Some(from) if from <= viewer.today => {
                "The duty to share for safeguarding is in force. Not sharing needs to say how sharing would harm the child more.".to_owned()
            }
            _ => "The duty to share for safeguarding (Children Act 2004, section 16LA) is law and not in force yet: its first day has not been set.".to_owned(),
        };
        Ok(SharingPage {
            rows: rows.into_iter().map(|f| self.shared(f)).collect(),
            duty,
            has_number: child.nhs_number.is_some(),
            withheld,
            may_write: self.gate().allows(viewer, &child, Asked::to_write(PAGE))
                && self.may_log(viewer),
            may_withhold: self.gate().allows(viewer, &child, Asked::to_write(PAGE))
                && viewer.can(number::NEEDS),
            child,
        })
    }

    fn may_log(&self, viewer: &Viewer) -> bool {
        viewer.can("case.record") || viewer.can("case.review") || viewer.can("case.oversee")
    }

    fn shared(&self, found: Found) -> Shared {
        let row = found.row;
        let consent = row.consent.as_deref().map(|consent| {
            let words = match consent {
                "yes" => "The family agreed",
                "no" => "The family did not agree",
                _ => "The family was not asked",
            };
            match &row.consent_why {
                Some(why) => format!("{words}: {why}"),
                None => words.to_owned(),
            }
        });
        Shared {
            shared: row.shared,
            on: plain::date(row.on_day),
            with_whom: format!(
                "{} ({})",
                row.with_whom,
                self.label("agencies", &row.agency)
            ),
            gateway: row.gateway.map(|g| self.label("sharing-gateway", &g)),
            channel: row.channel.map(|c| self.label("sharing-channel", &c)),
            what: row.what,
            why: row.why,
            harm: row.harm,
            consent,
            by: found.by_name,
        }
    }

    /// The page that writes a decision down.
    pub async fn ask_sharing(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let needs = ["case.record", "case.review", "case.oversee"];
        let child = self.child_to_write(viewer, child, PAGE, &needs).await?;
        let (address, back) = (format!("{}/new", path(child.id)), path(child.id));
        let mut asking = Asking::new(self.form(FORM)?, child, address, back);
        asking.title = format!(
            "Something shared about {}, or not",
            asking.child.first_name()
        );
        asking.button = format!("Save for {}", asking.child.first_name());
        asking.day("on_day", viewer.today);
        Ok(asking)
    }

    /// Writes a decision down. It is never edited: what was wrong is said in a
    /// new one.
    pub async fn log_sharing(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_sharing(viewer, child).await?;
        asking.check(answers)?;
        let on_day = past_day(answers, "on_day", viewer.today)?;
        let shared = answers.text("decision") == "shared";
        let only = |when: bool, name: &str| said(answers, name).filter(|_| when);
        let harm = only(!shared, "harm");
        if !shared && harm.is_none() && self.must_share(on_day) {
            return Err(Error::finding(
                "harm",
                "How would sharing harm the child more?",
                "The duty to share is in force. Write how sharing would harm the child more than not sharing",
            ));
        }
        if shared && answers.text("gateway") == DUTY && !self.must_share(on_day) {
            return Err(Error::finding(
                "gateway",
                "On what legal ground?",
                "The duty to share was not in force on that day. Choose another ground",
            ));
        }
        let consent = said(answers, "consent");
        let consent_why = said(answers, "consent_why");
        let by_consent = answers.text("gateway") == "consent";
        if shared && by_consent && consent.as_deref() != Some("yes") {
            return Err(Error::finding(
                "consent",
                "Did they agree?",
                "You chose agreement as the ground. Say yes here, or choose the ground that holds without it",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(child)).await?;
        let row = Sharing {
            id: Id::new(),
            person_id: child,
            shared,
            what: said(answers, "what").unwrap_or_default(),
            with_whom: said(answers, "with_whom").unwrap_or_default(),
            agency: answers.text("agency").to_owned(),
            why: said(answers, "why").unwrap_or_default(),
            gateway: only(shared, "gateway"),
            harm,
            consent,
            consent_why,
            channel: only(shared, "channel"),
            on_day,
            decided_by: viewer.principal.worker,
            decided_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = match shared {
            true => "What was shared is on record.",
            false => "The decision not to share is on record.",
        };
        Ok(Done::new(words, path(child)))
    }
}
