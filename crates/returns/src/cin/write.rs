//! Writes a census message as the schema orders it, child by child, so that a
//! large return never stands in memory. What was read and is written again
//! reads back equal.

use std::io::{self, Write};

use quick_xml::escape::escape;

use super::model::{
    Assessment, Child, CinDetails, Date, Header, Message, ProtectionPlan, Record, Section47, Text,
};

/// Writes one message.
pub struct Writer<W: Write> {
    out: W,
    depth: usize,
}

impl<W: Write> Writer<W> {
    /// Begins a message with its header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(out: W, header: Option<&Header>) -> io::Result<Self> {
        let mut writer = Self { out, depth: 0 };
        writeln!(writer.out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>")?;
        writer.open("Message")?;
        if let Some(header) = header {
            writer.header(header)?;
        }
        writer.open("Children")?;
        Ok(writer)
    }

    /// Writes one child.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn child(&mut self, child: &Child) -> io::Result<()> {
        self.open("Child")?;
        let who = &child.identifiers;
        self.open("ChildIdentifiers")?;
        for (name, value) in [
            ("LAchildID", &who.la_child_id),
            ("UPN", &who.upn),
            ("FormerUPN", &who.former_upn),
            ("UPNunknown", &who.upn_unknown),
            ("PersonBirthDate", &who.birth.text),
            ("ExpectedPersonBirthDate", &who.expected_birth.text),
            ("GenderCurrent", &who.gender_current),
            ("Sex", &who.sex),
            ("PersonDeathDate", &who.death.text),
        ] {
            self.text(name, value)?;
        }
        self.close("ChildIdentifiers")?;
        self.open("ChildCharacteristics")?;
        self.text("Ethnicity", &child.characteristics.ethnicity)?;
        if !child.disabilities.is_empty() {
            self.open("Disabilities")?;
            for disability in &child.disabilities {
                self.always("Disability", &disability.code)?;
            }
            self.close("Disabilities")?;
        }
        self.close("ChildCharacteristics")?;
        for details in &child.details {
            self.details(details)?;
        }
        self.close("Child")
    }

    /// Ends the message and hands back what it was written to.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end(mut self) -> io::Result<W> {
        self.close("Children")?;
        self.close("Message")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn indent(&mut self) -> io::Result<()> {
        for _ in 0..self.depth {
            self.out.write_all(b"  ")?;
        }
        Ok(())
    }

    fn open(&mut self, name: &str) -> io::Result<()> {
        self.indent()?;
        self.depth += 1;
        writeln!(self.out, "<{name}>")
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        self.indent()?;
        writeln!(self.out, "</{name}>")
    }

    fn text(&mut self, name: &str, value: &Text) -> io::Result<()> {
        match value {
            Some(value) => {
                self.indent()?;
                writeln!(self.out, "<{name}>{}</{name}>", escape(value.as_ref()))
            }
            None => Ok(()),
        }
    }

    /// An element of a list, which stands even when it has no value: its
    /// place counts.
    fn always(&mut self, name: &str, value: &Text) -> io::Result<()> {
        match value {
            Some(_) => self.text(name, value),
            None => {
                self.indent()?;
                writeln!(self.out, "<{name}/>")
            }
        }
    }

    fn date(&mut self, name: &str, date: &Date) -> io::Result<()> {
        self.text(name, &date.text)
    }

    fn header(&mut self, header: &Header) -> io::Result<()> {
        self.open("Header")?;
        self.open("CollectionDetails")?;
        self.text("Collection", &header.collection)?;
        self.text("Year", &header.year)?;
        self.date("ReferenceDate", &header.reference_date)?;
        self.close("CollectionDetails")?;
        for source in &header.sources {
            self.open("Source")?;
            for (name, value) in [
                ("SourceLevel", &source.level),
                ("LEA", &source.lea),
                ("SoftwareCode", &source.software),
                ("Release", &source.release),
                ("SerialNo", &source.serial),
                ("DateTime", &source.written),
            ] {
                self.text(name, value)?;
            }
            self.close("Source")?;
        }
        self.close("Header")
    }

    fn details(&mut self, details: &CinDetails) -> io::Result<()> {
        self.open("CINdetails")?;
        for field in CinDetails::FIELDS {
            if *field != "ReferralNFA" {
                self.text(field, &details.get(field).map(Into::into))?;
            }
        }
        for assessment in &details.assessments {
            self.assessment(assessment)?;
        }
        for plan in &details.plans {
            self.open("CINPlanDates")?;
            self.date("CINPlanStartDate", &plan.start)?;
            self.date("CINPlanEndDate", &plan.end)?;
            self.close("CINPlanDates")?;
        }
        for enquiry in &details.section47 {
            self.open("Section47")?;
            for field in Section47::FIELDS {
                self.text(field, &enquiry.get(field).map(Into::into))?;
            }
            self.close("Section47")?;
        }
        self.text("ReferralNFA", &details.referral_nfa)?;
        for plan in &details.protection_plans {
            self.protection(plan)?;
        }
        self.close("CINdetails")
    }

    fn assessment(&mut self, assessment: &Assessment) -> io::Result<()> {
        self.open("Assessments")?;
        self.date("AssessmentActualStartDate", &assessment.start)?;
        self.date("AssessmentInternalReviewDate", &assessment.internal_review)?;
        self.date("AssessmentAuthorisationDate", &assessment.authorisation)?;
        if !assessment.factors.is_empty() {
            self.open("FactorsIdentifiedAtAssessment")?;
            for factor in &assessment.factors {
                self.always("AssessmentFactors", &factor.code)?;
            }
            self.close("FactorsIdentifiedAtAssessment")?;
        }
        self.close("Assessments")
    }

    fn protection(&mut self, plan: &ProtectionPlan) -> io::Result<()> {
        self.open("ChildProtectionPlans")?;
        for field in ProtectionPlan::FIELDS {
            self.text(field, &plan.get(field).map(Into::into))?;
        }
        if !plan.reviews.is_empty() {
            self.open("Reviews")?;
            for review in &plan.reviews {
                self.always("CPPreviewDate", &review.date.text)?;
            }
            self.close("Reviews")?;
        }
        self.close("ChildProtectionPlans")
    }
}

/// Writes a whole message.
///
/// # Errors
/// When it cannot be written.
pub fn write_all(message: &Message, out: impl Write) -> io::Result<()> {
    let mut writer = Writer::begin(out, message.header.as_ref())?;
    for child in &message.children {
        writer.child(child)?;
    }
    writer.end().map(drop)
}
