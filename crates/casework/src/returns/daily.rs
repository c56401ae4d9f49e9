//! The department's daily push from the record: each child's record as the
//! payload of [`::returns::daily`], and the note in the journal before any of
//! it leaves.
//!
//! Who is in it: everybody up to 25 with an episode of need, a home in care or
//! a time as care leaver on any day since 1 April of the year in which the day
//! two years ago lies (the early adopters' specification, read through
//! data-to-insight/dfe-csc-api-data-flows, version 0.4.8 of its staging build).
//! The payload names children and tells where they live, so a protected
//! address stays out of it unless the council says otherwise.

use std::collections::HashMap;

use ::returns::daily::record::{
    Adoption, Assessment, CareLeaver, ChildDetails, ChildRecord, CinPlan, Episode as Sent, Health,
    Placement, ProtectionPlan, Sdq, Section47, Worker,
};
use chrono::{Datelike, Months, NaiveDate};
use record::model::StepState;
use vocabulary::{Id, ids};

use super::daily_rows::{Named, Others};
use super::make::Maker;
use crate::dataset::{Child, Dataset, Episode, episodes};
use crate::{Casework, Result, time};

/// Until which birthday somebody is in the push.
const UNTIL_AGE: u32 = 26;

/// What the council decided about its push.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Choices {
    /// Send the postcodes of protected addresses and hidden homes too.
    pub protected_postcodes: bool,
}

/// Everybody who is in the push today.
#[derive(Debug, Clone, Default)]
pub struct Cohort {
    /// Their records, by number.
    pub records: Vec<ChildRecord>,
    /// How many of them have a restricted record.
    pub restricted: usize,
}

/// The first day that counts on a day: 1 April of the year, counted from April
/// to March, in which the day two years before lies.
pub fn window(today: NaiveDate) -> NaiveDate {
    let back = today.checked_sub_months(Months::new(24)).unwrap_or(today);
    let year = back.year() - i32::from(back.month() < 4);
    NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(back)
}

impl Casework {
    /// Reads everybody who is in the push today. Nothing of it may leave
    /// before [`Casework::note_push`].
    ///
    /// # Errors
    /// `NotFound` when the maker may not; when the record fails.
    pub async fn push_cohort(&self, maker: Maker<'_>, choices: Choices) -> Result<Cohort> {
        maker.actor()?;
        let today = time::today();
        let dataset = self.dataset(today).await?;
        let others = self.push_rows().await?;
        let from = window(today);
        let mut cohort = Cohort::default();
        for child in &dataset.children {
            let about = About {
                dataset: &dataset,
                others: &others,
                child,
                from,
                choices,
            };
            if let Some(record) = about.record() {
                cohort.restricted += usize::from(child.restricted);
                cohort.records.push(record);
            }
        }
        cohort
            .records
            .sort_by(|a, b| a.la_child_id.cmp(&b.la_child_id));
        Ok(cohort)
    }

    /// Writes down that a push is about to leave, where to and about whom.
    ///
    /// # Errors
    /// `NotFound` when the maker may not; when the record fails.
    pub async fn note_push(
        &self,
        maker: Maker<'_>,
        to: &str,
        about: &[Id<ids::Person>],
    ) -> Result<()> {
        let actor = maker.actor()?;
        let subjects = about.iter().map(|id| format!("person:{id}")).collect();
        self.note_made(&actor, "daily-push", to, about.len(), subjects)
            .await
    }
}

struct About<'a> {
    dataset: &'a Dataset,
    others: &'a Others,
    child: &'a Child,
    from: NaiveDate,
    choices: Choices,
}

/// Some of a list, nothing of an empty one: empty lists are left out.
fn listed<T>(all: Vec<T>) -> Option<Vec<T>> {
    Some(all).filter(|all| !all.is_empty())
}

fn day(step: &crate::dataset::StepRow) -> Option<NaiveDate> {
    let done = step.settled_at.filter(|_| step.state == StepState::Done);
    done.map(|at| time::local(at).date())
}

impl About<'_> {
    fn record(&self) -> Option<ChildRecord> {
        let (id, child) = (self.child.id, self.child);
        let named = self.others.named.get(&id)?;
        let grown = child
            .born_on
            .and_then(|born| born.checked_add_months(Months::new(UNTIL_AGE * 12)))
            .is_some_and(|day| day <= self.from);
        if grown && !child.is_expected() {
            return None;
        }
        let all = episodes(self.dataset, child);
        let mut sent: Vec<Sent> = Vec::new();
        let last = all.len().saturating_sub(1);
        for (at, episode) in all.iter().enumerate() {
            let next = all.get(at + 1).map(|e| e.started_on);
            let ended = episode.closed.map(|(on, _)| on);
            let ended = match (episode.nfa, ended) {
                (true, _) => Some(episode.started_on),
                (false, ended) => ended,
            };
            let homes = self.placements(episode.started_on, next);
            let still = homes
                .iter()
                .flatten()
                .any(|h| h.end_date.is_none_or(|on| on >= self.from));
            let leaver = (at == last).then(|| self.leaver()).flatten();
            if ended.is_none_or(|on| on >= self.from) || still || leaver.is_some() {
                let adoption = self.adoption(episode.started_on, next);
                sent.push(self.episode(episode, homes, adoption, leaver));
            }
        }
        if sent.is_empty() {
            return None;
        }
        Some(ChildRecord {
            la_child_id: self.dataset.number(id),
            mis_child_id: Some(id.to_string()),
            child_details: Some(self.details(named)),
            health_and_wellbeing: self.scores().map(|scores| Health {
                sdq_assessments: Some(scores),
                purge: false,
            }),
            social_care_episodes: listed(sent),
            purge: false,
        })
    }

    fn details(&self, named: &Named) -> ChildDetails {
        let child = self.child;
        let expected = child.is_expected();
        let disabilities: Vec<String> = child
            .disability_codes()
            .into_iter()
            .map(str::to_owned)
            .collect();
        let alone = self.others.alone.get(&child.id);
        ChildDetails {
            unique_pupil_number: child.upn.clone(),
            unique_pupil_number_unknown_reason: match child.upn {
                Some(_) => None,
                None => child.no_upn.clone(),
            },
            first_name: Some(named.given.clone()).filter(|n| !n.is_empty()),
            surname: Some(named.family_name.clone()).filter(|n| !n.is_empty()),
            date_of_birth: child.born_on.filter(|_| !expected),
            expected_date_of_birth: child.born_on.filter(|_| expected),
            sex: child.sex.clone().or_else(|| Some("U".to_owned())),
            ethnicity: child.ethnicity.clone(),
            disabilities: listed(disabilities),
            postcode: self.postcode(named),
            uasc_flag: Some(alone.is_some()),
            uasc_end_date: alone.and_then(|a| a.ceased_on),
            ..ChildDetails::default()
        }
    }

    fn postcode(&self, named: &Named) -> Option<String> {
        let kept = !named.protected.unwrap_or(false) || self.choices.protected_postcodes;
        named.postcode.clone().filter(|_| kept)
    }

    fn scores(&self) -> Option<Vec<Sdq>> {
        let all = self.others.scores.get(&self.child.id)?;
        let in_time = all.iter().filter(|s| s.happened_on >= self.from);
        let scores = in_time.filter_map(|s| {
            Some(Sdq {
                date: s.happened_on,
                score: u8::try_from(s.score).ok()?,
            })
        });
        listed(scores.collect())
    }

    fn episode(
        &self,
        episode: &Episode<'_>,
        homes: Option<Vec<Placement>>,
        adoption: Option<Adoption>,
        leaver: Option<CareLeaver>,
    ) -> Sent {
        Sent {
            social_care_episode_id: self.episode_id(episode),
            referral_date: Some(episode.started_on),
            referral_source: episode.source().map(str::to_owned),
            referral_no_further_action_flag: Some(episode.nfa),
            care_worker_details: self.workers(episode),
            child_and_family_assessments: self.assessments(episode),
            child_in_need_plans: listed(
                episode
                    .plans
                    .iter()
                    .map(|plan| CinPlan {
                        child_in_need_plan_id: plan.id.to_string(),
                        start_date: Some(plan.started_on),
                        end_date: plan.ended_on,
                        purge: false,
                    })
                    .collect(),
            ),
            section_47_assessments: listed(
                episode
                    .enquiries
                    .iter()
                    .map(|enquiry| Section47 {
                        section_47_assessment_id: enquiry.step.id.to_string(),
                        start_date: Some(enquiry.step.started_on),
                        icpc_required_flag: Some(!enquiry.no_conference()),
                        icpc_date: enquiry.conference.map(|c| c.held_on),
                        end_date: enquiry.decided_on(),
                        purge: false,
                    })
                    .collect(),
            ),
            child_protection_plans: listed(
                episode
                    .protection
                    .iter()
                    .map(|(time_on, _)| ProtectionPlan {
                        child_protection_plan_id: time_on.plan_id.to_string(),
                        start_date: Some(time_on.started_on),
                        end_date: time_on.ended_on,
                        purge: false,
                    })
                    .collect(),
            ),
            child_looked_after_placements: homes,
            adoption,
            care_leavers: leaver,
            closure_date: episode.closed.map(|(on, _)| on),
            closure_reason: episode.closed.and_then(|(_, why)| why).map(str::to_owned),
            purge: false,
        }
    }

    /// The number of an episode: that of the referral that opened it, else the
    /// child's with the day on which the work began.
    fn episode_id(&self, episode: &Episode<'_>) -> String {
        match episode.referral {
            Some(referral) => referral.id.to_string(),
            None => {
                let day = episode.started_on.format("%Y%m%d");
                format!("{}-{day}", self.dataset.number(self.child.id))
            }
        }
    }

    fn assessments(&self, episode: &Episode<'_>) -> Option<Vec<Assessment>> {
        let one = |step: &&crate::dataset::StepRow| {
            let authorised = day(step);
            let factors = self.dataset.all(step.id, "assessment.factors").to_vec();
            Assessment {
                child_and_family_assessment_id: step.id.to_string(),
                start_date: Some(step.started_on),
                authorisation_date: authorised,
                factors: listed(factors).filter(|_| authorised.is_some()),
                purge: false,
            }
        };
        listed(episode.assessments.iter().map(one).collect())
    }

    /// Registered workers who were allocated while the episode was open.
    fn workers(&self, episode: &Episode<'_>) -> Option<Vec<Worker>> {
        let all = self.others.workers.get(&self.child.id)?;
        let until = episode.closed.map(|(on, _)| on);
        let during = all.iter().filter(|w| {
            until.is_none_or(|on| w.started_on <= on)
                && w.ended_on.is_none_or(|on| on >= episode.started_on)
        });
        let sent = during.map(|w| Worker {
            worker_id: w.social_work_number.clone(),
            start_date: Some(w.started_on),
            end_date: w.ended_on,
        });
        listed(sent.collect())
    }

    /// Homes in care that began in an episode; the first episode takes those
    /// before it too.
    fn placements(&self, from: NaiveDate, next: Option<NaiveDate>) -> Option<Vec<Placement>> {
        let all = self.others.homes.get(&self.child.id)?;
        let spans = self.others.spans.get(&self.child.id);
        let spans = spans.map_or(&[][..], Vec::as_slice);
        let in_it = all.iter().filter(|home| {
            next.is_none_or(|next| home.started_on < next)
                && home.ended_on.is_none_or(|on| on > from)
                && (home.started_on >= from || self.is_first(from))
        });
        let sent = in_it.map(|home| {
            let began = spans
                .iter()
                .find(|s| s.placement_id == home.id && s.started_on == home.started_on);
            let ended = spans
                .iter()
                .rev()
                .find(|s| s.placement_id == home.id && s.ended_on.is_some())
                .filter(|s| s.ended_on == home.ended_on);
            let shown = !home.hidden || self.choices.protected_postcodes;
            Placement {
                child_looked_after_placement_id: home.id.clone(),
                start_date: Some(home.started_on),
                start_reason: began.map(|s| s.began.clone()),
                placement_type: Some(home.home.clone()),
                postcode: home.postcode.clone().filter(|_| shown),
                end_date: home.ended_on,
                end_reason: ended.and_then(|s| s.ended_why.clone()),
                change_reason: home.move_reason.clone(),
                purge: false,
            }
        });
        listed(sent.collect())
    }

    fn is_first(&self, from: NaiveDate) -> bool {
        let first = episodes(self.dataset, self.child);
        first.first().is_some_and(|e| e.started_on == from)
    }

    fn adoption(&self, from: NaiveDate, next: Option<NaiveDate>) -> Option<Adoption> {
        let all = self.others.for_adoption.get(&self.child.id)?;
        let plan = all
            .iter()
            .rfind(|p| p.decided_on >= from && next.is_none_or(|next| p.decided_on < next))?;
        Some(Adoption {
            initial_decision_date: Some(plan.decided_on),
            matched_date: plan.matched_on,
            placed_date: plan.placed_on,
            purge: false,
        })
    }

    /// The latest contact with a young person who has left care.
    fn leaver(&self) -> Option<CareLeaver> {
        let touches = self.others.touches.get(&self.child.id)?;
        let last = touches.iter().rfind(|t| t.happened_on >= self.from)?;
        let activity = touches.iter().rev().find_map(|t| t.activity.clone());
        let home = touches.iter().rev().find_map(|t| t.home.clone());
        Some(CareLeaver {
            contact_date: Some(last.happened_on),
            activity,
            accommodation: home,
            purge: false,
        })
    }
}

/// Rows by the person whom they are about.
pub(super) fn by_person<T>(
    rows: Vec<T>,
    of: impl Fn(&T) -> Id<ids::Person>,
) -> HashMap<Id<ids::Person>, Vec<T>> {
    let mut all: HashMap<Id<ids::Person>, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(of(&row)).or_default().push(row);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_begins_on_the_first_of_april_before_two_years_ago() {
        let on = |text: &str| text.parse::<NaiveDate>().map(window).ok();
        let april = |year| NaiveDate::from_ymd_opt(year, 4, 1);
        assert_eq!(on("2026-11-22"), april(2024));
        assert_eq!(on("2026-03-31"), april(2023));
        assert_eq!(on("2026-04-01"), april(2024));
        assert_eq!(on("2028-02-29"), april(2025));
    }
}
