//! Before the panel: a household is put on its agenda, and what the panel
//! recommends is kept. Without a quorum there is no recommendation: the law
//! says that no business may be done (SI 2011/581, regulation 24).

use chrono::{DateTime, Days, Utc};
use packs::Answers;
use record::model::{AccessGrant, AdoptionMatch, PanelItem, PanelSitting, Worker};
use record::{Asked, Tx, Viewer, args};
use serde_json::{Value as Json, json};
use vocabulary::{Id, ids, plain};

use super::{ItemForm, ItemSeen, Quorum, day_of};
use crate::asking::{self, Done, Sheet, said};
use crate::carers::terms::{Proposed, words_of};
use crate::carers::{CarerSeen, is_foster};
use crate::clocks::About;
use crate::{Casework, Error, Result, clocks, time};

/// For how long after a sitting its adviser and decision-maker may open what
/// was before it: the decision, its letter, 28 days and an independent review.
const OPEN_FOR: Days = Days::new(120);

impl Casework {
    /// The page on which a household is put before a panel.
    ///
    /// # Errors
    /// [`Error::Refused`] when it is not the moment, with what to do first.
    pub async fn ask_item(
        &self,
        viewer: &Viewer,
        carer: Id<ids::Carer>,
    ) -> Result<(CarerSeen, Sheet)> {
        let seen = self
            .carer(viewer, carer, Asked::to_write("panel-item"))
            .await?;
        if !viewer.can("carers.record") && !viewer.can("panel.advise") {
            return Err(Error::NotFound);
        }
        let mut kinds = kinds_for(&seen).to_vec();
        if self.proposed_match(carer).await?.is_some() {
            kinds.push("adopt_match");
        }
        if kinds.is_empty() {
            let why = "Finish the assessment report first: a panel needs something to read.";
            return Err(Error::Refused(why.into()));
        }
        let kind = match is_foster(&seen.carer) {
            true => "foster",
            false => "adopt",
        };
        let sittings: Vec<PanelSitting> = self
            .rows_of(
                "kind = $1 and state = 'planned' order by held_at",
                args![kind],
            )
            .await?;
        if sittings.is_empty() {
            let why = "No panel is planned. Ask the panel adviser to plan one.";
            return Err(Error::Refused(why.into()));
        }
        let back = format!("/carers/{carer}");
        let mut sheet = Sheet::new(self.form("panel-item")?, format!("{back}/panel"), back);
        sheet.button = format!("Put {} before the panel", seen.carer.name);
        sheet.offer(
            "sitting",
            sittings
                .iter()
                .map(|s| (s.id.to_string(), plain::date_time(time::local(s.held_at))))
                .collect(),
        );
        sheet.offer(
            "kind",
            kinds
                .iter()
                .map(|kind| ((*kind).to_owned(), self.label("panel-item", kind)))
                .collect(),
        );
        Ok((seen, sheet))
    }

    /// Puts a household before a panel, and opens it to the adviser and the
    /// decision-maker.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_item(
        &self,
        viewer: &Viewer,
        carer: Id<ids::Carer>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (seen, sheet) = self.ask_item(viewer, carer).await?;
        sheet.check(answers)?;
        let kind = answers.text("kind").to_owned();
        let terms = Proposed::read(answers)?;
        if matches!(kind.as_str(), "approval" | "terms" | "adopt_approval") && terms.is_none() {
            let message = "Write the terms that you propose: how many children, and which ages";
            return Err(Error::finding("places", "Terms", message));
        }
        let matched = match kind.as_str() {
            "adopt_match" => self.proposed_match(carer).await?,
            _ => None,
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let id = answers
            .text("sitting")
            .parse()
            .map_err(|_| Error::NotFound)?;
        let item = self
            .put_before(&mut tx, viewer, &seen, id, |item| {
                item.kind = kind;
                item.match_id = matched;
                item.question = answers.text("question").trim().to_owned();
                item.papers = json!(answers.list("papers"));
                item.papers_on = answers.date("papers_on");
                item.terms = terms.as_ref().map_or_else(|| json!({}), Proposed::to_json);
            })
            .await?;
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = format!("{} are before the panel.", seen.carer.name);
        Ok(Done::new(words, format!("/panel-items/{}", item.id)))
    }

    /// The match of adopters that waits for a panel.
    async fn proposed_match(&self, carer: Id<ids::Carer>) -> Result<Option<Id<ids::Match>>> {
        let rows: Vec<AdoptionMatch> = self
            .rows_of(
                "carer_id = $1 and state = 'proposed' order by id desc",
                args![carer],
            )
            .await?;
        Ok(rows.into_iter().next().map(|row| row.id))
    }

    /// An item of a sitting, with the doors that it opens.
    pub(crate) async fn put_before(
        &self,
        tx: &mut Tx,
        viewer: &Viewer,
        seen: &CarerSeen,
        sitting: Id<ids::Sitting>,
        fill: impl FnOnce(&mut PanelItem),
    ) -> Result<PanelItem> {
        let sitting: PanelSitting = tx.get(sitting).await?;
        let mut item = PanelItem {
            id: Id::new(),
            sitting_id: sitting.id,
            carer_id: seen.carer.id,
            family_id: seen.carer.family_id,
            match_id: None,
            kind: String::new(),
            question: String::new(),
            papers: json!([]),
            papers_on: None,
            terms: json!({}),
            interests: None,
            away: json!([]),
            heard: None,
            recommendation: None,
            reasons: None,
            dissent: None,
            recommended_on: None,
            minutes_on: None,
            decision: None,
            decision_reasons: None,
            differs_why: None,
            decided_by: None,
            decided_on: None,
            told_words_on: None,
            told_on: None,
            answer: None,
            answer_on: None,
            final_on: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        fill(&mut item);
        tx.insert(&item).await?;
        let role = match sitting.kind.as_str() {
            "adopt" => "decision_maker_adoption",
            _ => "decision_maker_fostering",
        };
        let workers: Vec<Worker> = asking::rows(
            tx,
            "active = $1 and role in ('panel_adviser', $2)",
            args![true, role],
        )
        .await?;
        for worker in workers {
            for (_, person) in &seen.people {
                let grant = open_to(tx.now(), &worker, person.id, &sitting);
                tx.insert(&grant).await?;
            }
        }
        Ok(item)
    }

    /// One of the pages about something before a panel.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] when it is
    /// not the moment, with why.
    pub async fn ask_item_form(
        &self,
        viewer: &Viewer,
        id: Id<ids::PanelItem>,
        what: ItemForm,
    ) -> Result<(ItemSeen, Sheet)> {
        let form = what.form();
        let seen = self.panel_item(viewer, id, Asked::to_write(&form)).await?;
        if !what.is_for(viewer, &seen.sitting) {
            return Err(Error::NotFound);
        }
        if !what.fits(&seen.item) {
            let why =
                "It is not the moment for this page. What is next stands on the page of the item.";
            return Err(Error::Refused(why.into()));
        }
        let back = format!("/panel-items/{id}");
        let address = format!("{back}/{}", what.word());
        let mut sheet = Sheet::new(self.form(&form)?, address, back);
        sheet.title = format!("{}: {}", sheet.form.title, seen.seen.carer.name);
        sheet.button = format!("Save for {}", seen.seen.carer.name);
        match what {
            ItemForm::Recommend => {
                self.may_do_business(&seen, &[])?;
                let there: Vec<_> = seen
                    .members
                    .iter()
                    .filter(|m| m.came == Some(true))
                    .cloned()
                    .collect();
                sheet.offer("away", self.member_choices(&there));
                sheet.words = seen.item.question.clone();
            }
            ItemForm::Minutes => sheet.day("minutes_on", viewer.today),
            ItemForm::Decide => {
                self.may_decide(viewer, &seen)?;
                sheet.words = self.recommended_words(&seen.item);
            }
            ItemForm::Answer | ItemForm::Final => sheet.day("on", viewer.today),
            ItemForm::Told => {
                if let Some(day) = seen.item.told_words_on {
                    sheet.day("told_words_on", day);
                }
            }
        }
        Ok((seen, sheet))
    }

    /// Saves one of the pages about something before a panel.
    ///
    /// # Errors
    /// As [`Casework::ask_item_form`]; [`Error::Findings`] when something must
    /// be put right, [`Error::Already`] when it was sent before.
    pub async fn save_item_form(
        &self,
        viewer: &Viewer,
        id: Id<ids::PanelItem>,
        what: ItemForm,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (seen, sheet) = self.ask_item_form(viewer, id, what).await?;
        sheet.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let words = match what {
            ItemForm::Recommend => self.save_recommendation(&mut tx, &seen, answers).await?,
            ItemForm::Minutes => {
                let day = asking::past_day(answers, "minutes_on", viewer.today)?;
                let mut item: PanelItem = tx.get(id).await?;
                self.minutes_sent(&mut tx, &seen, &mut item, day).await?;
                tx.update(&mut item).await?;
                "Saved. The decision is due within 7 working days.".to_owned()
            }
            ItemForm::Decide => self.save_decision(&mut tx, viewer, &seen, answers).await?,
            ItemForm::Told => self.save_told_item(&mut tx, &seen, answers).await?,
            ItemForm::Answer => self.save_answer(&mut tx, viewer, &seen, answers).await?,
            ItemForm::Final => self.save_final(&mut tx, viewer, &seen, answers).await?,
        };
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(words, sheet.back))
    }

    /// No business without a quorum.
    fn may_do_business(&self, seen: &ItemSeen, away: &[String]) -> Result<()> {
        let quorum = Quorum::of(&seen.members, away, self.quorum_least());
        match quorum.met() {
            true => Ok(()),
            false => Err(Error::Refused(format!(
                "The panel is not quorate for this: {}. The law does not let it do business (SI 2011/581, regulation 24). Write who came, or put it before another panel.",
                quorum.missing.join("; ")
            ))),
        }
    }

    async fn save_recommendation(
        &self,
        tx: &mut Tx,
        seen: &ItemSeen,
        answers: &Answers,
    ) -> Result<String> {
        let away: Vec<String> = answers
            .list("away")
            .iter()
            .map(|id| (*id).to_owned())
            .collect();
        self.may_do_business(seen, &away)?;
        let recommendation = answers.text("recommendation").to_owned();
        let mut item: PanelItem = tx.get(seen.item.id).await?;
        if recommendation == "other" {
            let terms = Proposed::read(answers)?
                .ok_or_else(|| Error::finding("places", "Other terms", "Write the other terms"))?;
            item.terms = with_other(&item.terms, &terms);
        }
        let day = day_of(&seen.sitting);
        item.interests = said(answers, "interests");
        item.away = json!(away);
        item.heard = said(answers, "heard");
        item.reasons = said(answers, "reasons");
        item.dissent = said(answers, "dissent");
        item.recommended_on = Some(day);
        item.recommendation = Some(recommendation.clone());
        let carer = &seen.seen.carer;
        if recommendation != "defer" {
            let event = match item.kind.as_str() {
                "approval" => Some("sitting.recommended_approval"),
                "first_review" | "review" => Some("sitting.recommended_review"),
                _ => None,
            };
            if let Some(event) = event {
                self.carer_event(tx, carer, event, day, "panel").await?;
            }
            if let Some(matched) = item.match_id {
                self.match_event(tx, matched, carer, "match.recommended", day)
                    .await?;
            }
        }
        if let Some(day) = answers.date("minutes_on") {
            self.minutes_sent(tx, seen, &mut item, day).await?;
        }
        tx.update(&mut item).await?;
        Ok("The recommendation is saved.".into())
    }

    async fn minutes_sent(
        &self,
        tx: &mut Tx,
        seen: &ItemSeen,
        item: &mut PanelItem,
        day: chrono::NaiveDate,
    ) -> Result<()> {
        item.minutes_on = Some(day);
        let about = self.about_item(seen, "decide");
        clocks::stop_all(tx, time::start_of(day), "panel_item", item.id.as_str()).await?;
        clocks::start(
            tx,
            self.pack(),
            "sitting.minutes_sent",
            time::start_of(day),
            &about,
        )
        .await
    }

    /// Whose the clocks of an item are: the household’s, for whoever decides.
    pub(super) fn about_item(&self, seen: &ItemSeen, word: &str) -> About {
        About {
            kind: "panel_item",
            id: seen.item.id.to_string(),
            path: format!("/panel-items/{}/{word}", seen.item.id),
            ..self.about_carer(&seen.seen.carer, "")
        }
    }

    /// "The panel recommends: Yes, as asked. Because ..."
    pub(crate) fn recommended_words(&self, item: &PanelItem) -> String {
        let what = match item.recommendation.as_deref() {
            Some("yes") => "yes, as asked",
            Some("other") => "yes, on other terms",
            Some("no") => "no",
            Some(_) => "not yet: more is needed",
            None => return "The panel has not recommended anything yet.".into(),
        };
        let reasons = item.reasons.clone().unwrap_or_default();
        format!("The panel recommends: {what}. {reasons}")
    }
}

/// What may be asked of a panel about a household as it stands.
fn kinds_for(seen: &CarerSeen) -> &'static [&'static str] {
    match (is_foster(&seen.carer), seen.carer.stage.as_str()) {
        (true, "ready") => &["approval"],
        (true, "approved") => &["first_review", "review", "terms", "end", "permanence"],
        (false, "ready") => &["adopt_approval"],
        (false, "approved") => &["adopt_review", "end"],
        _ => &[],
    }
}

/// The other terms beside those that were asked for, which stay.
fn with_other(asked: &Json, other: &Proposed) -> Json {
    let mut kept = asked.clone();
    if let Some(map) = kept.as_object_mut() {
        map.insert("other".into(), other.to_json());
        return kept;
    }
    json!({ "other": other.to_json() })
}

/// The terms that a decision gives: those asked for, or the panel's.
pub(super) fn terms_given(item: &PanelItem, decision: &str) -> Option<Proposed> {
    match decision {
        "yes" => Proposed::of_json(&item.terms),
        "other" => item.terms.get("other").and_then(Proposed::of_json),
        _ => None,
    }
}

/// Members who left for an item, by name.
pub(crate) fn away_names(item: &PanelItem, members: &[record::model::PanelMember]) -> Vec<String> {
    let away = words_of(&item.away);
    members
        .iter()
        .filter(|m| away.contains(&m.id.to_string()))
        .map(|m| m.name.clone())
        .collect()
}

fn open_to(
    now: DateTime<Utc>,
    worker: &Worker,
    person: Id<ids::Person>,
    sitting: &PanelSitting,
) -> AccessGrant {
    AccessGrant {
        id: Id::new(),
        kind: "meeting".into(),
        worker_id: worker.id,
        person_id: person,
        section: "record".into(),
        reason: "They are before a panel".into(),
        starts_at: now,
        ends_at: sitting.held_at.max(now) + OPEN_FOR,
        ended_at: None,
        reviewed_by: None,
        reviewed_at: None,
        review_note: None,
        version: 1,
    }
}
