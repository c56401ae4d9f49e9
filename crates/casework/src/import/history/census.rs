//! What a child's records in the children in need census become: contacts and
//! referrals, assessments with their factors, plans, and the end of the work.
//! Enquiries and conferences are in [`super::conferences`].

use ::returns::cin::model::{Assessment, CinDetails, CinPlan, Date, flag};
use chrono::NaiveDate;
use record::model::{
    Contact, ContactChild, ContactState, Decision, Plan, PlanState, PlanSubject, StepState,
};
use serde_json::json;
use sha2::{Digest, Sha256};
use vocabulary::{Id, ids};

use super::bring::{Bringing, Told, Was, noon};
use crate::import::Error;

/// One episode of need on its way in.
pub(super) struct Need<'a> {
    pub details: &'a CinDetails,
    /// The day of the referral.
    pub on: NaiveDate,
    /// The last day of the work, if it ended by the end of the file.
    pub closed: Option<NaiveDate>,
    /// "CINdetails 12".
    pub record: String,
    /// What tells this referral from the child's others.
    pub key: String,
}

impl Need<'_> {
    /// The day by which whatever has no day of its own was over.
    pub fn over(&self, as_at: NaiveDate) -> NaiveDate {
        self.closed.unwrap_or(as_at)
    }
}

/// The day of a date. A date that cannot be read is noted and left out.
pub(super) fn day_of(
    bringing: &mut Bringing<'_>,
    date: &Date,
    record: &str,
    field: &str,
) -> Option<NaiveDate> {
    if let (Some(text), None) = (&date.text, date.day) {
        let why = "This is not a date: it was left out";
        bringing.refuse(record, field, text, why, true);
    }
    date.day
}

/// The first day of something, without which it cannot be taken, and that is
/// not before `from`.
pub(super) fn first_day(
    bringing: &mut Bringing<'_>,
    date: &Date,
    from: NaiveDate,
    record: &str,
    field: &str,
) -> Option<NaiveDate> {
    let text = date.text.as_deref().unwrap_or_default();
    let why = match date.day {
        Some(day) if day >= from => return Some(day),
        Some(_) => "This day is before the referral: the record was not taken",
        None if text.is_empty() => "The first day is missing: the record was not taken",
        None => "This is not a date: the record was not taken",
    };
    bringing.refuse(record, field, text, why, false);
    None
}

/// The last day of something that began on a day. An end before the beginning
/// is noted, and what it ends cannot be taken: it would stay open for ever.
pub(super) fn last_day(
    bringing: &mut Bringing<'_>,
    date: &Date,
    from: NaiveDate,
    record: &str,
    field: &str,
) -> Result<Option<NaiveDate>, ()> {
    let text = date.text.as_deref().unwrap_or_default();
    let why = match date.day {
        Some(day) if day >= from => return Ok(Some(day)),
        None if text.is_empty() => return Ok(None),
        Some(_) => "It ends before it begins: the record was not taken",
        None => "This is not a date: the record was not taken",
    };
    bringing.refuse(record, field, text, why, false);
    Err(())
}

impl Bringing<'_> {
    /// Brings one episode of need in.
    pub async fn need(&mut self, details: &CinDetails) -> Result<(), Error> {
        let record = format!("CINdetails {}", details.row);
        let date = &details.referral_date;
        let Some(on) = first_day(self, date, NaiveDate::MIN, &record, "CINreferralDate") else {
            return Ok(());
        };
        let date = &details.closure_date;
        let Ok(closed) = last_day(self, date, on, &record, "CINclosureDate") else {
            return Ok(());
        };
        let key = self.nth(on.to_string());
        let need = Need {
            details,
            on,
            closed,
            record,
            key,
        };
        let contact = self.contact(&need).await?;
        self.referral(&need, contact).await?;
        for assessment in &details.assessments {
            self.assessment(&need, assessment).await?;
        }
        self.enquiries(&need).await?;
        for plan in &details.plans {
            self.need_plan(&need, plan).await?;
        }
        for plan in &details.protection_plans {
            self.protection_plan(&need, plan).await?;
        }
        self.end(&need).await
    }

    async fn contact(&mut self, need: &Need<'_>) -> Result<Id<ids::Contact>, Error> {
        let source = self.code(
            "contact-source",
            need.details.referral_source.as_deref(),
            &need.record,
            "ReferralSource",
        );
        let key = format!("contact {}", need.key);
        let digest = hex::encode(Sha256::digest(format!(
            "{}/{}/{key}",
            self.origin.source(),
            self.number
        )));
        let form = self.casework.form("phone-contact")?;
        let row = Contact {
            id: Id::new(),
            reference: format!("IMP-{}", digest[..12].to_uppercase()),
            route: "council".to_owned(),
            form: form.id.clone(),
            form_version: form.version.to_string(),
            answers: json!({}),
            state: ContactState::Decided,
            priority: 3,
            received_at: noon(need.on),
            source: source.clone(),
            referrer_name: None,
            referrer_role: None,
            referrer_agency: None,
            referrer_phone: None,
            referrer_email: None,
            concern: format!(
                "Brought in from {}, which has no words.",
                self.origin.title()
            ),
            postcode: None,
            family_id: Some(self.family),
            team_id: None,
            screener_id: None,
            taken_by: None,
            screening_started_at: None,
            decided_at: Some(noon(need.on)),
            outcome: Some("referral".to_owned()),
            version: 1,
        };
        let told = Told {
            kind: "contacts",
            key: &key,
            record: &need.record,
            says: format!("{source:?}"),
        };
        let (id, was) = self
            .bring(told, row, |old, new| {
                old.source = old.source.take().or(new.source)
            })
            .await?;
        let id: Id<ids::Contact> = id.parse().map_err(|_| crate::Error::NotFound)?;
        if was == Was::New {
            self.tx
                .insert(&ContactChild {
                    id: Id::new(),
                    contact_id: id,
                    told: json!({}),
                    person_id: Some(self.child),
                    settled_at: Some(noon(need.on)),
                    version: 1,
                })
                .await?;
        }
        Ok(id)
    }

    async fn referral(&mut self, need: &Need<'_>, contact: Id<ids::Contact>) -> Result<(), Error> {
        let code = need.details.primary_need.as_deref();
        let code = self.code("primary-need", code, &need.record, "PrimaryNeedCode");
        let nothing_followed = flag(&need.details.referral_nfa) == Some(true);
        let mut step = self.step("referral", StepState::Done, need.on, Some(need.on))?;
        step.contact_id = Some(contact);
        let outcome = if nothing_followed {
            "no_further_action"
        } else {
            "assess"
        };
        step.outcome = Some(outcome.to_owned());
        let told = Told {
            kind: "referrals",
            key: &format!("referral {}", need.key),
            record: &need.record,
            says: format!("{outcome} {code:?}"),
        };
        let (_, was) = self
            .bring(told, step.clone(), |old, new| old.outcome = new.outcome)
            .await?;
        if was == Was::New {
            self.subject(step.id).await?;
            if let Some(code) = code {
                self.answers(&step, &[("cin.primary_need", json!(code))], noon(need.on))
                    .await?;
            }
        }
        Ok(())
    }

    async fn assessment(&mut self, need: &Need<'_>, one: &Assessment) -> Result<(), Error> {
        let record = format!("Assessments {}", one.row);
        let field = "AssessmentActualStartDate";
        let Some(on) = first_day(self, &one.start, need.on, &record, field) else {
            return Ok(());
        };
        let field = "AssessmentAuthorisationDate";
        let Ok(done) = last_day(self, &one.authorisation, on, &record, field) else {
            return Ok(());
        };
        let field = "AssessmentInternalReviewDate";
        let looked = day_of(self, &one.internal_review, &record, field);
        let mut factors = Vec::new();
        for factor in &one.factors {
            let code = factor.code.as_deref();
            factors.extend(self.code("assessment-factors", code, &record, "AssessmentFactors"));
        }
        let state = match done {
            Some(_) => StepState::Done,
            None => StepState::Open,
        };
        let step = self.step("child-and-family-assessment", state, on, done)?;
        let key = self.nth(format!("assessment {} {on}", need.key));
        let told = Told {
            kind: "assessments",
            key: &key,
            record: &record,
            says: format!("{done:?} {factors:?}"),
        };
        let (id, was) = self
            .bring(told, step.clone(), |old, new| {
                old.state = new.state;
                old.settled_at = new.settled_at;
            })
            .await?;
        if was == Was::New {
            self.subject(step.id).await?;
            if let Some(looked) = looked {
                let row =
                    self.decision("checkpoint", looked, "Looked at on its way", Some(step.id));
                self.tx.insert(&row).await?;
            }
        }
        // The factors come with the end of an assessment, and so do those of
        // one that an earlier file left open.
        let step = record::model::Step {
            id: id.parse().map_err(|_| crate::Error::NotFound)?,
            ..step
        };
        if was != Was::Same
            && let Some(done) = done
        {
            if !factors.is_empty() {
                self.answers(&step, &[("assessment.factors", json!(factors))], noon(done))
                    .await?;
            }
            let wording = "Child and family assessment finished.";
            self.chronicle(
                done,
                "assessment",
                wording,
                ("step", step.id.as_str()),
                &record,
            )
            .await?;
        }
        Ok(())
    }

    async fn need_plan(&mut self, need: &Need<'_>, one: &CinPlan) -> Result<(), Error> {
        let record = format!("CINplanDates {}", one.row);
        let field = "CINPlanStartDate";
        let Some(on) = first_day(self, &one.start, need.on, &record, field) else {
            return Ok(());
        };
        let Ok(ended) = last_day(self, &one.end, on, &record, "CINPlanEndDate") else {
            return Ok(());
        };
        let plan = self.plan_row("child_in_need", on, ended);
        let key = self.nth(format!("plan {} {on}", need.key));
        let told = Told {
            kind: "child in need plans",
            key: &key,
            record: &record,
            says: format!("{ended:?}"),
        };
        let (_, was) = self.bring(told, plan.clone(), ends).await?;
        if was == Was::New {
            self.planned_for(plan.id).await?;
            let wording = "Child in need plan started.";
            self.chronicle(on, "plan", wording, ("plan", plan.id.as_str()), &record)
                .await?;
        }
        Ok(())
    }

    /// A plan without a worker, a team, a goal or a clock.
    pub fn plan_row(&self, kind: &str, on: NaiveDate, ended: Option<NaiveDate>) -> Plan {
        Plan {
            id: Id::new(),
            kind: kind.to_owned(),
            family_id: self.family,
            step_id: None,
            worker_id: None,
            team_id: None,
            state: match ended {
                Some(_) => PlanState::Closed,
                None => PlanState::Open,
            },
            started_on: on,
            ended_on: ended,
            end_reason: None,
            different: None,
            summary: Some(format!(
                "Brought in from {}, which has no words.",
                self.origin.title()
            )),
            version: 1,
        }
    }

    /// Names the child of a plan.
    pub async fn planned_for(&mut self, plan_id: Id<ids::Plan>) -> Result<(), Error> {
        self.tx
            .insert(&PlanSubject {
                id: Id::new(),
                plan_id,
                person_id: self.child,
                version: 1,
            })
            .await?;
        Ok(())
    }

    /// The end of the work, as a decision with the census's reason.
    async fn end(&mut self, need: &Need<'_>) -> Result<(), Error> {
        let reason = need.details.reason_for_closure.as_deref();
        let reason = self.code("closure-reason", reason, &need.record, "ReasonForClosure");
        let Some(closed) = need.closed else {
            return Ok(());
        };
        let form = self.casework.form(crate::plans::close::FORM)?;
        let field = form
            .sections
            .iter()
            .flat_map(|section| &section.fields)
            .find(|field| field.fact.as_deref() == Some("cin.closure_reason"));
        let answers = match (field, &reason) {
            (Some(field), Some(reason)) => json!({ field.name.as_str(): reason }),
            _ => json!({}),
        };
        let (form, version) = (form.id.clone(), form.version.to_string());
        let row = Decision {
            form: Some(form),
            form_version: Some(version),
            answers,
            ..self.decision("closure", closed, "Our work ended", None)
        };
        let told = Told {
            kind: "ends of work",
            key: &format!("end {}", need.key),
            record: &need.record,
            says: format!("{closed} {reason:?}"),
        };
        let id = row.id.to_string();
        let (_, was) = self
            .bring(told, row, |old, new| {
                old.decided_at = new.decided_at;
                old.answers = new.answers;
            })
            .await?;
        if was == Was::New {
            let wording = "Our work with the child ended.";
            self.chronicle(closed, "other", wording, ("decision", &id), &need.record)
                .await?;
        }
        Ok(())
    }

    /// A decision that the file tells of. Who decided is not in it.
    pub fn decision(
        &self,
        kind: &str,
        on: NaiveDate,
        outcome: &str,
        step: Option<Id<ids::Step>>,
    ) -> Decision {
        Decision {
            id: Id::new(),
            kind: kind.to_owned(),
            contact_id: None,
            family_id: Some(self.family),
            person_id: Some(self.child),
            step_id: step,
            level: None,
            indicators: json!([]),
            outcome: outcome.to_owned(),
            rationale: format!(
                "Brought in from {}, which has no words.",
                self.origin.title()
            ),
            considered: None,
            alternatives: None,
            child_words: None,
            guide_version: None,
            form: None,
            form_version: None,
            answers: json!({}),
            decided_by: self.clerk,
            decided_at: noon(on),
            version: 1,
        }
    }
}

/// A plan that an earlier file left open ends.
pub(super) fn ends(old: &mut Plan, new: Plan) {
    old.ended_on = old.ended_on.or(new.ended_on);
    old.state = match old.ended_on {
        Some(_) => PlanState::Closed,
        None => old.state,
    };
}
