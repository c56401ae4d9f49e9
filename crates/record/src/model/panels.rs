//! Panels: a sitting, its members, and what is before it. An item is about one
//! household; the sitting itself is about nobody.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use vocabulary::{Id, ids};

use crate::entity;

entity! {
    /// A panel on one day.
    pub struct PanelSitting in "panel_sitting", about Nobody, at held_at {
        /// The sitting.
        pub id: Id<ids::Sitting>,
        /// foster or adopt.
        pub kind: String,
        /// When.
        pub held_at: DateTime<Utc>,
        /// Where.
        pub place: Option<String>,
        /// planned or held.
        pub state: String,
        /// What was said that belongs to no item.
        pub minutes: Option<String>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A member of a panel on that day.
    pub struct PanelMember in "panel_member", about Nobody {
        /// This row.
        pub id: Id<ids::Part>,
        /// The sitting.
        pub sitting_id: Id<ids::Sitting>,
        /// Their name.
        pub name: String,
        /// codes/panel-seat.
        pub seat: String,
        /// Independent of the service.
        pub independent: bool,
        /// Whether they came.
        pub came: Option<bool>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}

entity! {
    /// A household before a panel: papers, recommendation, decision.
    pub struct PanelItem in "panel_item", about Family(family_id) {
        /// This item.
        pub id: Id<ids::PanelItem>,
        /// The sitting.
        pub sitting_id: Id<ids::Sitting>,
        /// The household.
        pub carer_id: Id<ids::Carer>,
        /// Its family, whose key seals the words.
        pub family_id: Id<ids::Family>,
        /// The match it is about.
        pub match_id: Option<Id<ids::Match>>,
        /// codes/panel-item.
        pub kind: String,
        /// What the panel is asked.
        pub question: String,
        /// Which papers: codes/panel-papers.
        pub papers: Json,
        /// When the members had them.
        pub papers_on: Option<NaiveDate>,
        /// The terms proposed.
        pub terms: Json,
        /// Interests that were declared.
        pub interests: Option<String>,
        /// Members who left for this item.
        pub away: Json,
        /// What the household said to the panel.
        pub heard: Option<String>,
        /// yes, other, no or defer.
        pub recommendation: Option<String>,
        /// Why.
        pub reasons: Option<String>,
        /// Who saw it differently, and how.
        pub dissent: Option<String>,
        /// When.
        pub recommended_on: Option<NaiveDate>,
        /// When the decision-maker had the final minutes.
        pub minutes_on: Option<NaiveDate>,
        /// yes, other or no.
        pub decision: Option<String>,
        /// Why.
        pub decision_reasons: Option<String>,
        /// Why it differs from the recommendation.
        pub differs_why: Option<String>,
        /// The agency decision-maker.
        pub decided_by: Option<Id<ids::Worker>>,
        /// When.
        pub decided_on: Option<NaiveDate>,
        /// When they were told in person.
        pub told_words_on: Option<NaiveDate>,
        /// When they were told in writing.
        pub told_on: Option<NaiveDate>,
        /// Their answer to a determination: none, service, independent.
        pub answer: Option<String>,
        /// When.
        pub answer_on: Option<NaiveDate>,
        /// When all was done.
        pub final_on: Option<NaiveDate>,
        /// Who wrote it.
        pub made_by: Id<ids::Worker>,
        /// Goes up by one with every change.
        pub version: i64,
    }
}
