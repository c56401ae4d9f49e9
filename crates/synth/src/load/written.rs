//! What an invented assessment says, as answers to the questions of the form.

use chrono::NaiveDate;
use serde_json::{Map, Value as Json, json};

use super::ids;
use super::people::Entry;
use crate::{Part, PlanKind, What};

impl Entry<'_> {
    /// What followed an assessment that began on a day.
    pub(super) fn after(&self, day: NaiveDate) -> &'static str {
        let later = self.family.timeline.iter().filter(|h| h.at.date() >= day);
        for happening in later {
            match &happening.what {
                What::Plan(plan) if plan.kind == PlanKind::ChildInNeed => return "plan",
                What::Plan(plan) if plan.kind == PlanKind::EarlyHelp => return "early_help",
                What::Plan(_) | What::StrategyDiscussion(_) | What::ProtectionPlan(_) => {
                    return "strategy";
                }
                What::Closed(_) => return "close",
                _ => {}
            }
        }
        "close"
    }

    /// The answers by section, in the words of the form.
    pub(super) fn written(
        &self,
        work: &crate::Assessment,
        need: &str,
        began: NaiveDate,
        done: bool,
    ) -> Map<String, Json> {
        let text = |part: Part| {
            let found = work.parts.iter().find(|p| p.0 == part);
            found.map(|p| p.1.clone())
        };
        let join = |a: Option<String>, b: Option<String>| match (a, b) {
            (Some(a), Some(b)) => Some(format!("{a}\n\n{b}")),
            (a, b) => a.or(b),
        };
        let mut all = Map::new();
        let mut put = |section: &str, answers: Option<Json>| {
            if let Some(answers) = answers {
                all.insert(section.to_owned(), answers);
            }
        };
        let summary = join(text(Part::WhyNow), text(Part::Summary));
        put("summary", summary.map(|t| json!({ "summary": t })));
        let children: Vec<String> = work
            .children
            .iter()
            .map(|c| ids::person(*c).to_string())
            .collect();
        let other = text(Part::OtherParent);
        put(
            "people",
            other.is_some().then(|| {
                let adults: Vec<String> = self
                    .family
                    .people
                    .iter()
                    .filter(|p| !p.child)
                    .map(|p| ids::person(p.no).to_string())
                    .collect();
                let apart = self.family.people.iter().any(|p| p.address_protected);
                let one = adults.len() < 2;
                let answer = match (apart, one) {
                    (true, _) => "not_safe",
                    (_, true) => "no_other_parent",
                    _ => "took_part",
                };
                let mut said = json!({
                    "children": children,
                    "took_part": adults,
                    "agencies": ["school", "health"],
                    "other_parent": answer,
                });
                if apart {
                    said["other_parent_why"] =
                        "To ask him now could tell him where the family lives.".into();
                }
                said
            }),
        );
        put(
            "development",
            text(Part::ChildsNeeds).map(|t| json!({ "development": t })),
        );
        put(
            "parenting",
            text(Part::Parenting).map(|t| json!({ "parenting": t })),
        );
        put(
            "family",
            text(Part::FamilyAndEnvironment).map(|t| json!({ "family": t })),
        );
        put(
            "balance",
            text(Part::Strengths).map(|strengths| {
                let grey = text(Part::GreyAreas).unwrap_or_default();
                let unknown: Vec<Json> = grey
                    .split_inclusive(". ")
                    .filter(|t| !t.trim().is_empty())
                    .map(|t| json!({ "unknown": t.trim(), "find_out": "Ask at the next visit" }))
                    .collect();
                json!({
                    "strengths": strengths,
                    "worries": text(Part::Worries).unwrap_or_default(),
                    "grey_areas": unknown,
                })
            }),
        );
        let voice = text(Part::ChildsVoice);
        put(
            "child",
            voice.map(|t| json!({ "childs_words": t, "parents_view": other.unwrap_or_default() })),
        );
        let next = text(Part::NextSteps);
        put(
            "analysis",
            text(Part::Analysis).map(|t| {
                let mut said = json!({ "analysis": t });
                if done {
                    said["outcome"] = self.after(began).into();
                }
                said
            }),
        );
        if done {
            put(
                "factors",
                Some(json!({ "factors": work.factors, "primary_need": need })),
            );
            let names = self.names(&work.children);
            let next = next.unwrap_or_else(|| "We will come and see you again.".to_owned());
            let letter = format!(
                "Dear {names}. Thank you for talking with us. We have written down what you said. {next}"
            );
            put("telling", Some(json!({ "tell_child": letter })));
        }
        all
    }
}
