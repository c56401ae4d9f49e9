//! The children in need census as records: what the message holds, child by
//! child. Every record knows its row: its 0-based position among the records
//! of its table in the order of the document.
//!
//! Source: the sector's XSD for census year 2025-26 (CIN_schema_2026.xsd).

use chrono::NaiveDate;

use crate::core::finding::{Cell, Touched};

/// A value as the file has it; `None` when the element is absent or blank.
pub type Text = Option<Box<str>>;

/// A date: what the file says and, when it can be understood, the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Date {
    /// The text in the file; `None` when absent or blank.
    pub text: Text,
    /// The day; `None` when absent or not a real date.
    pub day: Option<NaiveDate>,
}

impl Date {
    /// A date as the census writes it.
    pub fn on(day: NaiveDate) -> Self {
        Self {
            text: Some(day.format("%Y-%m-%d").to_string().into()),
            day: Some(day),
        }
    }
}

/// A record of one of the census's tables.
pub trait Record {
    /// The table's name in the rules.
    const TABLE: &'static str;
    /// The fields that the table has, in the rules' order.
    const FIELDS: &'static [&'static str];

    /// The record's position in its table.
    fn row(&self) -> usize;

    /// A field as text; `None` when absent.
    fn get(&self, field: &str) -> Option<&str>;

    /// This row with the fields that a rule looked at.
    fn touch(&self, fields: &[&'static str]) -> Touched {
        Touched {
            table: Self::TABLE,
            row: self.row(),
            cells: fields
                .iter()
                .map(|field| Cell::new(field, self.get(field)))
                .collect(),
        }
    }
}

/// Makes a record: the struct, its table and its fields by name.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident = $table:literal {
        $($(#[$field_doc:meta])* $field:ident: $kind:ident = $element:literal,)*
        $(; $($(#[$part_doc:meta])* $part:ident: $part_type:ty,)*)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct $name {
            /// The position in its table, from 0.
            pub row: usize,
            $($(#[$field_doc])* pub $field: $kind,)*
            $($($(#[$part_doc])* pub $part: $part_type,)*)?
        }

        impl Record for $name {
            const TABLE: &'static str = $table;
            const FIELDS: &'static [&'static str] = &[$($element),*];
            fn row(&self) -> usize {
                self.row
            }
            fn get(&self, field: &str) -> Option<&str> {
                match field {
                    $($element => record!(@text $kind self.$field),)*
                    _ => None,
                }
            }
        }
    };
    (@text Text $value:expr) => { $value.as_deref() };
    (@text Date $value:expr) => { $value.text.as_deref() };
}

record! {
    /// Who sends the message, and for which year.
    Header = "Header" {
        /// "CIN".
        collection: Text = "Collection",
        /// The year of the reference date.
        year: Text = "Year",
        /// N00603: the last day of the census, 31 March.
        reference_date: Date = "ReferenceDate",
        ;
        /// The systems that the message comes from.
        sources: Vec<Source>,
    }
}

/// One source of the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// "L" for a local authority.
    pub level: Text,
    /// The authority's three digits.
    pub lea: Text,
    /// The software that wrote it.
    pub software: Text,
    /// Its release.
    pub release: Text,
    /// The message's serial number.
    pub serial: Text,
    /// When it was written, YYYY-MM-DDThh:mm:ss.
    pub written: Text,
}

/// One child of the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Child {
    /// Who the child is.
    pub identifiers: ChildIdentifiers,
    /// Ethnicity.
    pub characteristics: ChildCharacteristics,
    /// Disabilities, one row a code.
    pub disabilities: Vec<Disability>,
    /// Episodes of need, one row a referral.
    pub details: Vec<CinDetails>,
}

impl Child {
    /// The council's own number for the child, "" when absent.
    pub fn id(&self) -> &str {
        self.identifiers.la_child_id.as_deref().unwrap_or_default()
    }
}

record! {
    /// Who a child is.
    ChildIdentifiers = "ChildIdentifiers" {
        /// N00097: the council's own number for the child.
        la_child_id: Text = "LAchildID",
        /// N00001: the unique pupil number.
        upn: Text = "UPN",
        /// N00002: an earlier pupil number.
        former_upn: Text = "FormerUPN",
        /// N00135: why there is no pupil number, UN1 to UN7.
        upn_unknown: Text = "UPNunknown",
        /// N00066.
        birth: Date = "PersonBirthDate",
        /// N00098: for a child not born yet.
        expected_birth: Date = "ExpectedPersonBirthDate",
        /// The older field, up to census year 2023-24.
        gender_current: Text = "GenderCurrent",
        /// N00783: M, F or U.
        sex: Text = "Sex",
        /// N00108.
        death: Date = "PersonDeathDate",
    }
}

record! {
    /// What a child is like.
    ChildCharacteristics = "ChildCharacteristics" {
        /// N00177.
        ethnicity: Text = "Ethnicity",
    }
}

record! {
    /// One disability of a child.
    Disability = "Disabilities" {
        /// N00099.
        code: Text = "Disability",
    }
}

record! {
    /// One episode of need, from a referral to its closure.
    CinDetails = "CINdetails" {
        /// N00100.
        referral_date: Date = "CINreferralDate",
        /// N00152.
        referral_source: Text = "ReferralSource",
        /// N00101.
        primary_need: Text = "PrimaryNeedCode",
        /// N00102.
        closure_date: Date = "CINclosureDate",
        /// N00103.
        reason_for_closure: Text = "ReasonForClosure",
        /// N00110, only when no section 47 enquiry carries it.
        initial_cpc: Date = "DateOfInitialCPC",
        /// N00112: no further action, 0 or 1, true or false.
        referral_nfa: Text = "ReferralNFA",
        ;
        /// Assessments of this episode.
        assessments: Vec<Assessment>,
        /// Child in need plans of this episode.
        plans: Vec<CinPlan>,
        /// Section 47 enquiries of this episode.
        section47: Vec<Section47>,
        /// Child protection plans of this episode.
        protection_plans: Vec<ProtectionPlan>,
    }
}

/// One assessment of need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// The position in its table, from 0.
    pub row: usize,
    /// N00159.
    pub start: Date,
    /// The internal review point.
    pub internal_review: Date,
    /// N00160: when it was authorised, which ends it.
    pub authorisation: Date,
    /// N00181: the factors found, one row a code.
    pub factors: Vec<Factor>,
    /// The factors' codes with commas between, as findings show them.
    pub factor_list: Text,
}

impl Record for Assessment {
    const TABLE: &'static str = "Assessments";
    const FIELDS: &'static [&'static str] = &[
        "AssessmentActualStartDate",
        "AssessmentInternalReviewDate",
        "AssessmentAuthorisationDate",
        "AssessmentFactors",
    ];
    fn row(&self) -> usize {
        self.row
    }
    fn get(&self, field: &str) -> Option<&str> {
        match field {
            "AssessmentActualStartDate" => self.start.text.as_deref(),
            "AssessmentInternalReviewDate" => self.internal_review.text.as_deref(),
            "AssessmentAuthorisationDate" => self.authorisation.text.as_deref(),
            "AssessmentFactors" => self.factor_list.as_deref(),
            _ => None,
        }
    }
}

impl Assessment {
    /// Writes down the factors' codes as one text, after the last was added.
    pub fn list_factors(&mut self) {
        let codes: Vec<&str> = self
            .factors
            .iter()
            .filter_map(|factor| factor.code.as_deref())
            .collect();
        self.factor_list = (!codes.is_empty()).then(|| codes.join(",").into());
    }

    /// Whether a factor is among those found.
    pub fn has_factor(&self, code: &str) -> bool {
        self.factors.iter().any(|f| f.code.as_deref() == Some(code))
    }
}

record! {
    /// One factor found at an assessment.
    Factor = "AssessmentFactorsList" {
        /// N00181.
        code: Text = "AssessmentFactor",
    }
}

record! {
    /// One child in need plan.
    CinPlan = "CINplanDates" {
        /// N00689.
        start: Date = "CINPlanStartDate",
        /// N00690.
        end: Date = "CINPlanEndDate",
    }
}

record! {
    /// One enquiry under section 47 of the Children Act 1989.
    Section47 = "Section47" {
        /// N00148.
        start: Date = "S47ActualStartDate",
        /// N00109: when the conference should be held at the latest.
        cpc_target: Date = "InitialCPCtarget",
        /// N00110: when the conference was held.
        initial_cpc: Date = "DateOfInitialCPC",
        /// N00111: 1 or true when no conference was needed.
        cpc_not_required: Text = "ICPCnotRequired",
    }
}

record! {
    /// One child protection plan.
    ProtectionPlan = "ChildProtectionPlans" {
        /// N00105.
        start: Date = "CPPstartDate",
        /// N00115.
        end: Date = "CPPendDate",
        /// N00113.
        initial_category: Text = "InitialCategoryOfAbuse",
        /// N00114.
        latest_category: Text = "LatestCategoryOfAbuse",
        /// N00106: a whole number from 0.
        previous_plans: Text = "NumberOfPreviousCPP",
        ;
        /// Reviews, one row a date.
        reviews: Vec<Review>,
    }
}

record! {
    /// One review of a child protection plan.
    Review = "Reviews" {
        /// N00116.
        date: Date = "CPPreviewDate",
    }
}

/// A whole message in memory: for writing and for small returns. Large files
/// are read child by child.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The header; `None` when the message has none.
    pub header: Option<Header>,
    /// The children in order.
    pub children: Vec<Child>,
}

/// What a flag says: 1 and true are yes, 0 and false are no, all else nothing.
pub fn flag(value: &Text) -> Option<bool> {
    match value.as_deref() {
        Some("1" | "true") => Some(true),
        Some("0" | "false") => Some(false),
        _ => None,
    }
}
