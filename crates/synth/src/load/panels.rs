//! Invented panels: one that sat, with a decision that waits, and one that
//! will sit.

use casework::clocks::About;
use casework::{Result, time};
use chrono::Duration;
use record::model::*;
use serde_json::json;
use vocabulary::Id;

use super::carers::{Write, about, rows};
use super::ids;

impl Write<'_> {
    /// A panel that sat, with a decision that waits, and one that will sit.
    pub(super) async fn panels(
        &mut self,
        ready: Option<Carer>,
        first: Option<&Carer>,
    ) -> Result<()> {
        let ida = ids::worker("ida.panel");
        for (n, (days, state)) in [(6, "held"), (-8, "planned")].into_iter().enumerate() {
            let sitting = PanelSitting {
                id: ids::named("sitting", &n.to_string()),
                kind: "foster".into(),
                held_at: time::start_of(self.day(days)) + Duration::hours(10),
                place: Some("Larkmere Hall, room 4".into()),
                state: state.into(),
                minutes: None,
                made_by: ida,
                version: 1,
            };
            self.tx.insert(&sitting).await?;
            for (name, seat, independent) in [
                ("Ash Corriemoor", "chair", true),
                ("Bea Dunwick", "social_worker", false),
                ("Cal Eskdale", "independent", true),
                ("Dot Firthby", "medical", false),
                ("Eli Gairloch", "elected", true),
            ] {
                self.tx
                    .insert(&PanelMember {
                        id: Id::new(),
                        sitting_id: sitting.id,
                        name: name.into(),
                        seat: seat.into(),
                        independent,
                        came: (state == "held").then_some(true),
                        version: 1,
                    })
                    .await?;
            }
            let carer = match state {
                "held" => ready.as_ref(),
                _ => first,
            };
            if let Some(carer) = carer {
                self.item(n, &sitting, carer).await?;
            }
        }
        Ok(())
    }

    async fn item(&mut self, n: usize, sitting: &PanelSitting, carer: &Carer) -> Result<()> {
        let held = sitting.state == "held";
        let day = time::local(sitting.held_at).date();
        let item = PanelItem {
            id: ids::named("panel item", &n.to_string()),
            sitting_id: sitting.id,
            carer_id: carer.id,
            family_id: carer.family_id,
            match_id: None,
            kind: if held { "approval" } else { "first_review" }.into(),
            question: "Are they suitable, and on which terms?".into(),
            papers: json!(["report", "checks", "references"]),
            papers_on: Some(day - Duration::days(9)),
            terms: json!({ "places": 2, "age_from": 5, "age_to": 12, "kinds": ["short_term"],
                "offers": ["trauma"], "siblings": true, "words": null }),
            interests: None,
            away: json!([]),
            heard: held.then(|| "They would like brothers and sisters.".to_owned()),
            recommendation: held.then(|| "yes".to_owned()),
            reasons: held.then(|| "They know themselves, and who helps them.".to_owned()),
            dissent: None,
            recommended_on: held.then_some(day),
            minutes_on: held.then(|| day + Duration::days(2)),
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
            made_by: ids::worker("leila.fostering"),
            version: 1,
        };
        self.tx.insert(&item).await?;
        if held {
            let decide = About {
                kind: "panel_item",
                id: item.id.to_string(),
                path: format!("/panel-items/{}/decide", item.id),
                ..about(carer, "")
            };
            self.clocks("sitting.minutes_sent", day + Duration::days(2), &decide)
                .await?;
        }
        let people: Vec<CarerPerson> = rows(self.tx, "carer_id = $1", carer.id.as_str()).await?;
        for person in people {
            for username in ["ida.panel", "vic.decides"] {
                self.tx
                    .insert(&AccessGrant {
                        id: Id::new(),
                        kind: "meeting".into(),
                        worker_id: ids::worker(username),
                        person_id: person.person_id,
                        section: "record".into(),
                        reason: "They are before a panel".into(),
                        starts_at: self.now - Duration::days(20),
                        ends_at: self.now + Duration::days(120),
                        ended_at: None,
                        reviewed_by: None,
                        reviewed_at: None,
                        review_note: None,
                        version: 1,
                    })
                    .await?;
            }
        }
        Ok(())
    }
}
