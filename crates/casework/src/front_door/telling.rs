//! Telling people: the referrer what was decided (R001-11), the other council
//! that it has the contact, and hearing that it does (R000-09).

use chrono::{DateTime, Utc};
use packs::Answers;
use record::model::{Clock, Contact, ContactState, Told};
use record::submissions::Once;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::outcome_words;
use super::public::{broken_letter, missing_letter};
use crate::clocks::{self, ClockView};
use crate::{Casework, Error, Result, time};

/// A contact of which somebody still waits to hear.
#[derive(Debug, Clone)]
pub struct ToTell {
    /// The contact.
    pub contact: Id<ids::Contact>,
    /// Its reference.
    pub reference: String,
    /// Whom to tell, or who must confirm.
    pub who: String,
    /// What was decided.
    pub outcome: String,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// The time that is left.
    pub clock: ClockView,
    /// A cross-border contact past its working day: first on the list.
    pub late: bool,
    /// Another council must say that it has it; else we must tell somebody.
    pub passed: bool,
}

/// The clock of telling a referrer.
const TELL: &str = "tell-referrer";

/// The clock of another council's answer.
const PASSED: &str = "cross-border-acknowledgement";

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    clock: Clock,
    reference: String,
    referrer_name: Option<String>,
    referrer_agency: Option<String>,
    outcome: Option<String>,
    other: Option<String>,
    decided_at: Option<DateTime<Utc>>,
}

impl Casework {
    /// Referrers who have not been told what was decided, the first due first.
    /// Needs `contact.screen`.
    pub async fn people_to_tell(&self, viewer: &Viewer) -> Result<Listed<ToTell>> {
        self.waiting_to_hear(viewer, &[TELL], "people-to-tell")
            .await
    }

    /// Contacts passed to another council that has not said that it has them,
    /// the longest first (R000-09). Needs `contact.screen`.
    pub async fn passed_not_acknowledged(&self, viewer: &Viewer) -> Result<Listed<ToTell>> {
        self.waiting_to_hear(viewer, &[PASSED], "cross-border")
            .await
    }

    /// Both at once, for a home page: whom to tell, and who must confirm.
    pub async fn waiting_for_us_and_them(&self, viewer: &Viewer) -> Result<Listed<ToTell>> {
        self.waiting_to_hear(viewer, &[TELL, PASSED], "home").await
    }

    async fn waiting_to_hear(
        &self,
        viewer: &Viewer,
        rules: &[&str],
        page: &str,
    ) -> Result<Listed<ToTell>> {
        if !viewer.can("contact.screen") {
            let nobody = self.gate().listed(viewer, page, Vec::new(), |_| Vec::new());
            return Ok(nobody.await?);
        }
        let asked = Asked::index("front-door");
        let (condition, mut values) = self.gate().may_see(viewer, asked, "cc.person_id", 1);
        let first = values.len() + 1;
        values.extend(rules.iter().map(|rule| Value::from((*rule).to_owned())));
        let rules: Vec<String> = (first..=values.len()).map(|n| format!("${n}")).collect();
        let columns: Vec<String> = Clock::COLUMNS.iter().map(|c| format!("k.{c}")).collect();
        let sql = format!(
            "select {}, c.reference, c.referrer_name, c.referrer_agency, c.outcome, \
             (select min(t.who) from told t where t.contact_id = c.id \
              and t.reason = 'passed_on') as other, c.decided_at \
             from clock k join contact c on c.id = k.contact_id \
             where k.rule in ({}) and k.done_at is null and k.about_kind = 'contact' \
             and not exists (select 1 from contact_child cc where cc.contact_id = c.id \
             and cc.person_id is not null and not ({condition})) \
             order by k.due_at, c.id limit 50",
            columns.join(", "),
            rules.join(", ")
        );
        let rows: Vec<Row> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let list = rows
            .into_iter()
            .filter_map(|row| {
                let passed = row.clock.rule == PASSED;
                let clock = ClockView::of(&row.clock, self.pack());
                let named = [row.referrer_name, row.referrer_agency];
                let who = named.into_iter().flatten().collect::<Vec<_>>().join(", ");
                Some(ToTell {
                    contact: row.clock.contact_id?,
                    reference: row.reference,
                    who: match (passed, row.other) {
                        (true, Some(other)) => other,
                        _ if who.is_empty() => "Someone who did not give a name".into(),
                        _ => who,
                    },
                    outcome: outcome_words(row.outcome.as_deref().unwrap_or_default()).to_owned(),
                    decided_at: row.decided_at?,
                    late: clock.is_late(),
                    passed,
                    clock,
                })
            })
            .collect();
        let listed = self.gate().listed(viewer, page, list, |row: &ToTell| {
            vec![format!("contact:{}", row.contact)]
        });
        Ok(listed.await?)
    }

    /// The words for the referrer, from the pack's letter, to be changed before
    /// they are said.
    pub async fn words_for_referrer(&self, viewer: &Viewer, contact: &Contact) -> Result<String> {
        let letter = self
            .pack()
            .letter("tell-referrer", time::today())
            .ok_or_else(|| missing_letter("tell-referrer"))?;
        let outcome = contact.outcome.as_deref().unwrap_or_default();
        let day = plain::date(time::local(contact.received_at).date());
        let phone = self.front_door_phone().await?;
        let words = [
            (
                "name",
                contact.referrer_name.as_deref().unwrap_or("colleague"),
            ),
            ("day", &day),
            ("reference", &contact.reference),
            ("outcome", outcome_words(outcome)),
            ("next", next_words(outcome)),
            ("worker", &viewer.name),
            ("phone", &phone),
            ("council", self.name()),
        ];
        let (_, body) = letter.fill(&words).map_err(|e| broken_letter(&e))?;
        Ok(body.trim().to_owned())
    }

    /// Records that the referrer was told, or why that was not possible; stops
    /// the clock. Needs `contact.screen`.
    pub async fn tell_referrer(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let contact = self
            .contact_to_write(viewer, id, "tell the referrer")
            .await?;
        let form = self.form("tell-referrer")?;
        let mut findings = form.check(answers, None);
        findings.extend(super::incoming::too_long(form, answers));
        if !findings.is_empty() {
            return Err(Error::Findings(findings));
        }
        if contact.state != ContactState::Decided {
            return Err(Error::Refused(
                "There is nothing to tell yet: this contact is not decided.".into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let now = tx.now();
        let words = [
            answers.text("said"),
            answers.text("not_possible_why"),
            answers.text("reply"),
        ];
        let mut said: Vec<String> = Vec::new();
        for (lead, text) in ["", "Not told: ", "They said: "].into_iter().zip(words) {
            if !text.is_empty() {
                said.push(format!("{lead}{text}"));
            }
        }
        // What was drafted was not said when nobody could be told.
        if answers.text("how") == "not_possible" {
            said.retain(|text| text.starts_with("Not told: "));
        }
        tx.insert(&Told {
            id: Id::new(),
            contact_id: Some(id),
            family_id: contact.family_id,
            who: contact
                .referrer_name
                .clone()
                .unwrap_or_else(|| "The person who made contact".into()),
            how: answers.text("how").to_owned(),
            words: said.join("\n\n"),
            told_by: viewer.principal.worker,
            told_at: now,
            reason: "outcome".into(),
            acknowledged_at: None,
            acknowledged_by: None,
            version: 1,
        })
        .await?;
        let event = "contact.referrer_told";
        clocks::stop(&mut tx, self.pack(), event, now, "contact", id.as_str()).await?;
        tx.drop_draft(viewer.principal.worker, &tell_draft(id))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Records that the other council has the contact: who said so (R000-09).
    pub async fn acknowledged(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        who: &str,
        once: &str,
    ) -> Result<()> {
        self.contact_to_write(viewer, id, "other council answered")
            .await?;
        let who = who.trim();
        if who.is_empty() {
            return Err(Error::finding(
                "acknowledged_by",
                "Who there said so?",
                "Write who at the other council said that they have it",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let sql = format!(
            "select {} from told where contact_id = $1 and reason = 'passed_on' \
             and acknowledged_at is null",
            Told::COLUMNS.join(", ")
        );
        let passed: Vec<Told> = tx.all(AssertSqlSafe(sql), args![id]).await?;
        if passed.is_empty() {
            return Err(Error::Refused(
                "This contact does not wait for another council to answer.".into(),
            ));
        }
        let now = tx.now();
        for mut told in passed {
            told.acknowledged_at = Some(now);
            told.acknowledged_by = Some(who.to_owned());
            tx.update(&mut told).await?;
        }
        let event = "cross_border.acknowledged";
        clocks::stop(&mut tx, self.pack(), event, now, "contact", id.as_str()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Where the draft of what is told is kept.
pub fn tell_draft(contact: Id<ids::Contact>) -> String {
    format!("contact:{contact}:tell")
}

/// What the referrer can expect, said plainly and without the family's affairs.
fn next_words(outcome: &str) -> &'static str {
    match outcome {
        "advice" => {
            "we have given information and advice. We do not plan to do more at the moment."
        }
        "early_help" => "someone from early help will talk with the family, if the family agrees.",
        "referral" => {
            "a social worker will talk with the family and the people who know the child."
        }
        "other_council" => {
            "the child lives in another council’s area. That council has your message and will decide."
        }
        "immediate_risk" => "a social worker acts on it today.",
        _ => "we will tell you if we need anything more from you.",
    }
}
