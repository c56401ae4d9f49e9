//! A child's record as the department's interface takes it. Absent values are
//! left out. Each block has `purge`: true says that the receiver must delete
//! what it has of it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Makes a block: every field optional and left out when absent, lists left
/// out when empty, and `purge` always there.
macro_rules! block {
    ($(#[$doc:meta])* $name:ident $(known by $id:ident ($id_doc:literal))? {
        $($(#[$field_doc:meta])* $field:ident: $kind:ty,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name {
            $(#[doc = $id_doc] pub $id: String,)?
            $(
                $(#[$field_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$kind>,
            )*
            /// Whether the receiver must delete what it has of this.
            #[serde(default)]
            pub purge: bool,
        }
    };
}

block! {
    /// One child.
    ChildRecord known by la_child_id ("The council's own number for the child.") {
        /// The case system's number for the child.
        mis_child_id: String,
        /// Who the child is.
        child_details: ChildDetails,
        /// Strengths and difficulties scores.
        health_and_wellbeing: Health,
        /// Episodes of social care.
        social_care_episodes: Vec<Episode>,
    }
}

block! {
    /// Who a child is.
    ChildDetails {
        /// The unique pupil number.
        unique_pupil_number: String,
        /// An earlier pupil number.
        former_unique_pupil_number: String,
        /// Why there is no pupil number, UN1 to UN10.
        unique_pupil_number_unknown_reason: String,
        /// Given name.
        first_name: String,
        /// Family name.
        surname: String,
        /// Date of birth.
        date_of_birth: NaiveDate,
        /// For a child not born yet.
        expected_date_of_birth: NaiveDate,
        /// M, F or U.
        sex: String,
        /// The census's code, at most 4 characters.
        ethnicity: String,
        /// At most 12 codes, or NONE alone.
        disabilities: Vec<String>,
        /// Where the child lives.
        postcode: String,
        /// Whether the child came to the country alone to seek asylum.
        uasc_flag: bool,
        /// When that ended.
        uasc_end_date: NaiveDate,
    }
}

block! {
    /// Strengths and difficulties: left out when there is none.
    Health {
        /// The scores.
        sdq_assessments: Vec<Sdq>,
    }
}

/// One strengths and difficulties score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sdq {
    /// When it was scored.
    pub date: NaiveDate,
    /// 0 to 40.
    pub score: u8,
}

block! {
    /// One episode of social care, from a referral to its closure.
    Episode known by social_care_episode_id ("Its number.") {
        /// When it was referred.
        referral_date: NaiveDate,
        /// Who referred, by the census's codes.
        referral_source: String,
        /// Whether nothing followed.
        referral_no_further_action_flag: bool,
        /// The workers.
        care_worker_details: Vec<Worker>,
        /// Assessments.
        child_and_family_assessments: Vec<Assessment>,
        /// Child in need plans.
        child_in_need_plans: Vec<CinPlan>,
        /// Section 47 enquiries.
        section_47_assessments: Vec<Section47>,
        /// Child protection plans.
        child_protection_plans: Vec<ProtectionPlan>,
        /// Placements in care.
        child_looked_after_placements: Vec<Placement>,
        /// Adoption.
        adoption: Adoption,
        /// Leaving care.
        care_leavers: CareLeaver,
        /// When it was closed.
        closure_date: NaiveDate,
        /// Why, RC1 to RC9.
        closure_reason: String,
    }
}

/// One worker of an episode.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// The Social Work England number, at most 12 characters.
    pub worker_id: String,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<NaiveDate>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<NaiveDate>,
}

block! {
    /// One assessment.
    Assessment known by child_and_family_assessment_id ("Its number.") {
        /// When it began.
        start_date: NaiveDate,
        /// When it was authorised.
        authorisation_date: NaiveDate,
        /// The factors, by the census's codes.
        factors: Vec<String>,
    }
}

block! {
    /// One child in need plan.
    CinPlan known by child_in_need_plan_id ("Its number.") {
        /// When it began.
        start_date: NaiveDate,
        /// When it ended.
        end_date: NaiveDate,
    }
}

block! {
    /// One section 47 enquiry.
    Section47 known by section_47_assessment_id ("Its number.") {
        /// When it began.
        start_date: NaiveDate,
        /// Whether a conference was needed.
        icpc_required_flag: bool,
        /// When the conference was held.
        icpc_date: NaiveDate,
        /// When it ended.
        end_date: NaiveDate,
    }
}

block! {
    /// One child protection plan.
    ProtectionPlan known by child_protection_plan_id ("Its number.") {
        /// When it began.
        start_date: NaiveDate,
        /// When it ended.
        end_date: NaiveDate,
    }
}

block! {
    /// One placement in care.
    Placement known by child_looked_after_placement_id ("Its number.") {
        /// When it began.
        start_date: NaiveDate,
        /// Why it began: one character.
        start_reason: String,
        /// What kind of home: at most 3 characters.
        placement_type: String,
        /// Where.
        postcode: String,
        /// When it ended.
        end_date: NaiveDate,
        /// Why it ended: at most 3 characters.
        end_reason: String,
        /// Why the home changed: at most 6 characters.
        change_reason: String,
    }
}

block! {
    /// The dates of adoption.
    Adoption {
        /// The decision that the child should be adopted.
        initial_decision_date: NaiveDate,
        /// The match with adopters.
        matched_date: NaiveDate,
        /// The placement with adopters.
        placed_date: NaiveDate,
    }
}

block! {
    /// A young person who has left care.
    CareLeaver {
        /// The latest contact.
        contact_date: NaiveDate,
        /// What they do, by the SSDA903's codes.
        activity: String,
        /// Where they live, by the SSDA903's codes.
        accommodation: String,
    }
}

impl ChildRecord {
    /// The order to delete a child: the numbers and nothing else.
    pub fn purged(la_child_id: &str, mis_child_id: Option<&str>) -> Self {
        Self {
            la_child_id: la_child_id.to_owned(),
            mis_child_id: mis_child_id.map(str::to_owned),
            purge: true,
            ..Self::default()
        }
    }
}
