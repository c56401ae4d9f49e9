//! Reads the records of a census message, element by element, in the order
//! and by the names of the schema (CIN_schema_2026.xsd).

use std::io::Read;

use super::model::{
    Assessment, Child, ChildCharacteristics, ChildIdentifiers, CinDetails, CinPlan, Date,
    Disability, Factor, Header, ProtectionPlan, Review, Section47, Source,
};
use super::read::Reader;
use super::xml::Broken;

/// A child element's name and whether it may stand more than once.
pub(super) type Part = (&'static str, bool);

const HEADER: &[Part] = &[
    ("CollectionDetails", false),
    ("Source", true),
    ("Content", false),
];
const COLLECTION: &[Part] = &[
    ("Collection", false),
    ("Year", false),
    ("ReferenceDate", false),
];
const SOURCE: &[Part] = &[
    ("SourceLevel", false),
    ("LEA", false),
    ("SoftwareCode", false),
    ("Release", false),
    ("SerialNo", false),
    ("DateTime", false),
];
const CHILD: &[Part] = &[
    ("ChildIdentifiers", false),
    ("ChildCharacteristics", false),
    ("CINdetails", true),
];
const IDENTIFIERS: &[Part] = &[
    ("LAchildID", false),
    ("UPN", false),
    ("FormerUPN", false),
    ("UPNunknown", false),
    ("PersonBirthDate", false),
    ("ExpectedPersonBirthDate", false),
    ("GenderCurrent", false),
    ("Sex", false),
    ("PersonDeathDate", false),
];
const CHARACTERISTICS: &[Part] = &[("Ethnicity", false), ("Disabilities", false)];
const DETAILS: &[Part] = &[
    ("CINreferralDate", false),
    ("ReferralSource", false),
    ("PrimaryNeedCode", false),
    ("CINclosureDate", false),
    ("ReasonForClosure", false),
    ("DateOfInitialCPC", false),
    ("Assessments", true),
    ("CINPlanDates", true),
    ("Section47", true),
    ("ReferralNFA", false),
    ("ChildProtectionPlans", true),
];
const ASSESSMENT: &[Part] = &[
    ("AssessmentActualStartDate", false),
    ("AssessmentInternalReviewDate", false),
    ("AssessmentAuthorisationDate", false),
    ("FactorsIdentifiedAtAssessment", false),
];
const PLAN: &[Part] = &[("CINPlanStartDate", false), ("CINPlanEndDate", false)];
const SECTION47: &[Part] = &[
    ("S47ActualStartDate", false),
    ("InitialCPCtarget", false),
    ("DateOfInitialCPC", false),
    ("ICPCnotRequired", false),
];
const PROTECTION: &[Part] = &[
    ("CPPstartDate", false),
    ("CPPendDate", false),
    ("InitialCategoryOfAbuse", false),
    ("LatestCategoryOfAbuse", false),
    ("NumberOfPreviousCPP", false),
    // The schema has one group of reviews; files with one group a review are read too.
    ("Reviews", true),
];

fn count(counter: &mut usize) -> usize {
    let row = *counter;
    *counter += 1;
    row
}

impl<R: Read> Reader<R> {
    pub(super) fn read_header(&mut self) -> Result<Header, Broken> {
        let mut header = Header::default();
        self.each("Header", HEADER, |me, part| match part {
            "CollectionDetails" => me.each("CollectionDetails", COLLECTION, |me, part| {
                match part {
                    "Collection" => header.collection = me.leaf("Collection")?,
                    "Year" => header.year = me.leaf("Year")?,
                    _ => header.reference_date = me.date("ReferenceDate")?,
                }
                Ok(())
            }),
            "Source" => {
                let mut source = Source::default();
                me.each("Source", SOURCE, |me, part| {
                    let value = me.leaf(part)?;
                    match part {
                        "SourceLevel" => source.level = value,
                        "LEA" => source.lea = value,
                        "SoftwareCode" => source.software = value,
                        "Release" => source.release = value,
                        "SerialNo" => source.serial = value,
                        _ => source.written = value,
                    }
                    Ok(())
                })?;
                header.sources.push(source);
                Ok(())
            }
            // Real messages say here which levels they hold; nothing depends on it.
            _ => me.pass_over(),
        })?;
        Ok(header)
    }

    pub(super) fn read_child(&mut self) -> Result<Child, Broken> {
        let at = self.events.at;
        let mut child = Child::default();
        // Where their rows would stand, should the elements be missing.
        child.identifiers.row = self.counts.identifiers;
        child.characteristics.row = self.counts.characteristics;
        let (mut identified, mut described) = (false, false);
        self.each("Child", CHILD, |me, part| {
            match part {
                "ChildIdentifiers" => {
                    identified = true;
                    child.identifiers = me.read_identifiers()?;
                }
                "ChildCharacteristics" => {
                    described = true;
                    me.read_characteristics(&mut child)?;
                }
                _ => {
                    let details = me.read_details()?;
                    child.details.push(details);
                }
            }
            Ok(())
        })?;
        let end = std::mem::replace(&mut self.events.at, at);
        for (there, name) in [
            (identified, "ChildIdentifiers"),
            (described, "ChildCharacteristics"),
        ] {
            if !there {
                let message = format!("This <Child> has no <{name}>");
                self.events.problem("missing", false, message);
            }
        }
        self.events.at = end;
        Ok(child)
    }

    fn read_identifiers(&mut self) -> Result<ChildIdentifiers, Broken> {
        let mut child = ChildIdentifiers {
            row: count(&mut self.counts.identifiers),
            ..ChildIdentifiers::default()
        };
        self.each("ChildIdentifiers", IDENTIFIERS, |me, part| {
            match part {
                "LAchildID" => child.la_child_id = me.leaf(part)?,
                "UPN" => child.upn = me.leaf(part)?,
                "FormerUPN" => child.former_upn = me.leaf(part)?,
                "UPNunknown" => child.upn_unknown = me.leaf(part)?,
                "PersonBirthDate" => child.birth = me.date(part)?,
                "ExpectedPersonBirthDate" => child.expected_birth = me.date(part)?,
                "GenderCurrent" => child.gender_current = me.leaf(part)?,
                "Sex" => child.sex = me.leaf(part)?,
                _ => child.death = me.date(part)?,
            }
            Ok(())
        })?;
        Ok(child)
    }

    fn read_characteristics(&mut self, child: &mut Child) -> Result<(), Broken> {
        child.characteristics = ChildCharacteristics {
            row: count(&mut self.counts.characteristics),
            ethnicity: None,
        };
        self.each("ChildCharacteristics", CHARACTERISTICS, |me, part| {
            if part == "Ethnicity" {
                child.characteristics.ethnicity = me.leaf(part)?;
                return Ok(());
            }
            me.each("Disabilities", &[("Disability", true)], |me, part| {
                let row = count(&mut me.counts.disabilities);
                let code = me.leaf(part)?;
                child.disabilities.push(Disability { row, code });
                Ok(())
            })
        })
    }

    fn read_details(&mut self) -> Result<CinDetails, Broken> {
        let mut details = CinDetails {
            row: count(&mut self.counts.details),
            ..CinDetails::default()
        };
        self.each("CINdetails", DETAILS, |me, part| {
            match part {
                "CINreferralDate" => details.referral_date = me.date(part)?,
                "ReferralSource" => details.referral_source = me.leaf(part)?,
                "PrimaryNeedCode" => details.primary_need = me.leaf(part)?,
                "CINclosureDate" => details.closure_date = me.date(part)?,
                "ReasonForClosure" => details.reason_for_closure = me.leaf(part)?,
                "DateOfInitialCPC" => details.initial_cpc = me.date(part)?,
                "ReferralNFA" => details.referral_nfa = me.leaf(part)?,
                "Assessments" => {
                    let assessment = me.read_assessment()?;
                    details.assessments.push(assessment);
                }
                "CINPlanDates" => {
                    let mut plan = CinPlan {
                        row: count(&mut me.counts.plans),
                        ..CinPlan::default()
                    };
                    me.each("CINPlanDates", PLAN, |me, part| {
                        match part {
                            "CINPlanStartDate" => plan.start = me.date(part)?,
                            _ => plan.end = me.date(part)?,
                        }
                        Ok(())
                    })?;
                    details.plans.push(plan);
                }
                "Section47" => {
                    let enquiry = me.read_section47()?;
                    details.section47.push(enquiry);
                }
                _ => {
                    let plan = me.read_protection()?;
                    details.protection_plans.push(plan);
                }
            }
            Ok(())
        })?;
        Ok(details)
    }

    fn read_assessment(&mut self) -> Result<Assessment, Broken> {
        let mut assessment = Assessment {
            row: count(&mut self.counts.assessments),
            ..Assessment::default()
        };
        self.each("Assessments", ASSESSMENT, |me, part| {
            match part {
                "AssessmentActualStartDate" => assessment.start = me.date(part)?,
                "AssessmentInternalReviewDate" => assessment.internal_review = me.date(part)?,
                "AssessmentAuthorisationDate" => assessment.authorisation = me.date(part)?,
                group => me.each(group, &[("AssessmentFactors", true)], |me, part| {
                    let row = count(&mut me.counts.factors);
                    let code = me.leaf(part)?;
                    assessment.factors.push(Factor { row, code });
                    Ok(())
                })?,
            }
            Ok(())
        })?;
        assessment.list_factors();
        Ok(assessment)
    }

    fn read_section47(&mut self) -> Result<Section47, Broken> {
        let mut enquiry = Section47 {
            row: count(&mut self.counts.section47),
            ..Section47::default()
        };
        self.each("Section47", SECTION47, |me, part| {
            match part {
                "S47ActualStartDate" => enquiry.start = me.date(part)?,
                "InitialCPCtarget" => enquiry.cpc_target = me.date(part)?,
                "DateOfInitialCPC" => enquiry.initial_cpc = me.date(part)?,
                _ => enquiry.cpc_not_required = me.leaf(part)?,
            }
            Ok(())
        })?;
        Ok(enquiry)
    }

    fn read_protection(&mut self) -> Result<ProtectionPlan, Broken> {
        let mut plan = ProtectionPlan {
            row: count(&mut self.counts.protection),
            ..ProtectionPlan::default()
        };
        self.each("ChildProtectionPlans", PROTECTION, |me, part| {
            match part {
                "CPPstartDate" => plan.start = me.date(part)?,
                "CPPendDate" => plan.end = me.date(part)?,
                "InitialCategoryOfAbuse" => plan.initial_category = me.leaf(part)?,
                "LatestCategoryOfAbuse" => plan.latest_category = me.leaf(part)?,
                "NumberOfPreviousCPP" => plan.previous_plans = me.leaf(part)?,
                _ => {
                    let before = plan.reviews.len();
                    me.each("Reviews", &[("CPPreviewDate", true)], |me, part| {
                        let row = count(&mut me.counts.reviews);
                        let date = me.date(part)?;
                        plan.reviews.push(Review { row, date });
                        Ok(())
                    })?;
                    if plan.reviews.len() == before {
                        // A group without a date is a record with a missing date.
                        let row = count(&mut me.counts.reviews);
                        let date = Date::default();
                        plan.reviews.push(Review { row, date });
                    }
                }
            }
            Ok(())
        })?;
        Ok(plan)
    }
}
