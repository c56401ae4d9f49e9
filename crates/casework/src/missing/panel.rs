//! The exploitation panel: who is on its list, and what it decided (R002-11).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Clock, PanelReferral};
use record::{Asked, AssertSqlSafe, Entity, Listed, Viewer, args};
use serde_json::{Value as Json, json};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Done, past_day};
use crate::care::board::{due_words, name_and_age, sees_boards};
use crate::{Casework, Error, Result, clocks};

/// A child on the list.
#[derive(Debug, Clone)]
pub struct PanelRow {
    /// The referral.
    pub id: Id<ids::Part>,
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// Which kinds, in words.
    pub kinds: String,
    /// Since when on the list.
    pub since: String,
    /// When the panel must have heard the child.
    pub due: Option<(&'static str, String)>,
    /// What was decided, and when.
    pub decision: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Part>,
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    kinds: Json,
    referred_on: NaiveDate,
    decided_on: Option<NaiveDate>,
    decision: Option<String>,
}

impl Casework {
    /// The list of the panel: those who wait first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn panel_list(&self, viewer: &Viewer) -> Result<Listed<PanelRow>> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let (open, values) = self
            .gate()
            .may_see(viewer, Asked::to_read("panel"), "p.id", 1);
        let sql = format!(
            "select r.id, r.person_id, p.given, p.known_as, p.family_name, p.born_on, r.kinds, \
             r.referred_on, r.decided_on, r.decision from panel_referral r \
             join person p on p.id = r.person_id where {open} \
             order by case when r.decided_on is null then 0 else 1 end, r.referred_on, r.id limit 200"
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), values).await?;
        let sql = format!(
            "select {} from clock where about_kind = 'panel' and done_at is null",
            Clock::COLUMNS.join(", ")
        );
        let running: Vec<Clock> = db.all(AssertSqlSafe(sql), args![]).await?;
        let rows = found.into_iter().map(|f| self.panel_row(f, &running));
        Ok(self
            .gate()
            .listed(viewer, "panel", rows.collect(), |row: &PanelRow| {
                vec![format!("person:{}", row.person)]
            })
            .await?)
    }

    fn panel_row(&self, found: Found, running: &[Clock]) -> PanelRow {
        let due = running.iter().find(|c| c.about_id == found.id.as_str());
        PanelRow {
            name: name_and_age(
                &found.given,
                found.known_as.as_deref(),
                &found.family_name,
                found.born_on,
            ),
            kinds: self.kinds_words(&found.kinds),
            since: plain::date(found.referred_on),
            due: due.map(|clock| due_words(clock.due_at)),
            decision: found
                .decision
                .zip(found.decided_on)
                .map(|(what, day)| format!("{}, {}", decision_words(&what), plain::date(day))),
            id: found.id,
            person: found.person_id,
        }
    }

    fn kinds_words(&self, kinds: &Json) -> String {
        let kinds: Vec<String> = kinds
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .map(|kind| self.label("exploitation-kind", kind))
            .collect();
        plain::list(&kinds)
    }

    /// The page on which a child is put on the list.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not.
    pub async fn ask_panel(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let child = self
            .child_to_write(
                viewer,
                child,
                "panel-refer",
                &["case.record", "case.oversee"],
            )
            .await?;
        let address = format!("/people/{}/panel", child.id);
        let mut asking = Asking::new(
            self.form("panel-refer")?,
            child,
            address,
            "/missing/panel".into(),
        );
        asking.button = format!("Put {} on the list", asking.child.first_name());
        Ok(asking)
    }

    /// Puts a child on the list of the panel.
    ///
    /// # Errors
    /// [`Error::Findings`] when the child is on the list already.
    pub async fn save_panel(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_panel(viewer, child).await?;
        asking.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let waiting: Vec<PanelReferral> = asking::rows(
            &mut tx,
            "person_id = $1 and decided_on is null",
            args![child],
        )
        .await?;
        if !waiting.is_empty() {
            let message = "The child is on the list already: the panel has not decided yet";
            return Err(Error::finding("kinds", "What kind?", message));
        }
        let row = PanelReferral {
            id: Id::new(),
            person_id: child,
            kinds: json!(answers.list("kinds")),
            words: answers.text("words").trim().to_owned(),
            referred_on: viewer.today,
            referred_by: viewer.principal.worker,
            decided_on: None,
            decision: None,
            decision_words: None,
            version: 1,
        };
        tx.insert(&row).await?;
        let path = format!("/panel/{}", row.id);
        let about = self
            .about_child(child, "panel", row.id.as_str(), path)
            .await?;
        let now = tx.now();
        clocks::start(&mut tx, self.pack(), "panel.referred", now, &about).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!("{} is on the list of the panel.", asking.child.first_name());
        Ok(Done::new(words, asking.sheet.back))
    }

    /// The page on which the panel's decision is kept.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such referral for this viewer.
    pub async fn ask_panel_decision(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<Asking> {
        let rows: Vec<PanelReferral> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = self
            .child_to_write(
                viewer,
                row.person_id,
                "panel-decide",
                &["case.record", "case.oversee"],
            )
            .await?;
        let address = format!("/panel/{id}");
        let mut asking = Asking::new(
            self.form("panel-decide")?,
            child,
            address,
            "/missing/panel".into(),
        );
        asking.words = format!("{}: {}", self.kinds_words(&row.kinds), row.words);
        asking.button = format!("Save the decision about {}", asking.child.first_name());
        Ok(asking)
    }

    /// Keeps the panel's decision. A child who stays on the list is heard
    /// again within the next cycle.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_panel_decision(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_panel_decision(viewer, id).await?;
        asking.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut row: PanelReferral = tx.get(id).await?;
        if row.decided_on.is_some() {
            return Err(Error::Already(asking.sheet.back));
        }
        let decision = answers.text("decision").to_owned();
        row.decided_on = Some(day);
        row.decision = Some(decision.clone());
        row.decision_words = asking::said(answers, "words");
        tx.update(&mut row).await?;
        let now = tx.now();
        clocks::stop(
            &mut tx,
            self.pack(),
            "panel.decided",
            now,
            "panel",
            id.as_str(),
        )
        .await?;
        if matches!(decision.as_str(), "keep" | "disrupt") {
            let again = PanelReferral {
                id: Id::new(),
                referred_on: day,
                decided_on: None,
                decision: None,
                decision_words: None,
                version: 1,
                ..row.clone()
            };
            tx.insert(&again).await?;
            let path = format!("/panel/{}", again.id);
            let about = self
                .about_child(row.person_id, "panel", again.id.as_str(), path)
                .await?;
            let at = crate::time::start_of(day);
            clocks::start(&mut tx, self.pack(), "panel.referred", at, &about).await?;
        }
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("The decision is saved.", asking.sheet.back))
    }
}

fn decision_words(code: &str) -> &'static str {
    match code {
        "strategy" => "A strategy discussion",
        "keep" => "Stays on the list",
        "disrupt" => "Act against those who exploit; stays on the list",
        _ => "Off the list",
    }
}
