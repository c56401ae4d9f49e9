//! Starting early help from a child's page: name and date of birth are known,
//! so it asks for the reason and the consent only (R001-20). Where social care
//! works with the child already, or the record is not open to whoever starts
//! it, the words go on as a contact: nothing typed is lost, and the page says
//! whom to call (R001-08).

use packs::Answers;
use record::model::{EarlyHelp, Person, PersonKind};
use record::{Asked, AssertSqlSafe, Guarded, Viewer, args};
use vocabulary::{Id, ids};

use super::begin::{Begins, Said, open_of};
use super::{path, with_social_care};
use crate::people::network::{self, Works};
use crate::plans::{claim, columns, stops};
use crate::{Casework, Error, Result};

/// The form.
pub const FORM: &str = "early-help-start";
const PAGE: &str = "start early help";

/// What early help for a child can be started from.
#[derive(Debug, Clone)]
pub struct NewHelp {
    /// The child, as far as the viewer may see.
    pub child: Guarded<Person>,
    /// Brothers and sisters whom it can be for as well.
    pub others: Vec<Person>,
    /// Early help that is open already.
    pub open: Option<Id<ids::Part>>,
    /// Social care works with the child now, so its worker is the one to call;
    /// with what it does, in words, for those who may know.
    pub social_care: Option<String>,
    /// Who works with the child.
    pub works: Vec<Works>,
    /// The viewer may write in the record.
    pub writes: bool,
}

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct StartHelp {
    /// Brothers and sisters whom it is for as well.
    pub also: Vec<Id<ids::Person>>,
    /// The pack's form.
    pub answers: Answers,
    /// The page's token.
    pub once: String,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeganHelp {
    /// Early help began; this is its page.
    Here(Id<ids::Part>),
    /// It went to those who decide, with this reference.
    PassedOn(String),
}

impl Casework {
    /// What early help for this child can be started from.
    pub async fn new_early_help(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<NewHelp> {
        let child = self
            .gate()
            .person(viewer, child, Asked::index(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        if !viewer.can("case.record") && !viewer.can("contact.take") {
            return Err(Error::NotFound);
        }
        if child.kind == PersonKind::Adult {
            return Err(Error::Refused(
                "Early help is for a child and the family. Open the page of the child to start it."
                    .into(),
            ));
        }
        let db = self.store().read_db();
        let works = network::of_people(db, &[child.id]).await?;
        let writes =
            viewer.can("case.record") && self.gate().allows(viewer, &child, Asked::to_write(PAGE));
        let others = match self.family_of(child.id).await? {
            Some(family) if writes => self.brothers_and_sisters(viewer, family, child.id).await?,
            _ => Vec::new(),
        };
        let sql = format!(
            "select {} from early_help h join early_help_child c on c.early_help_id = h.id \
             where c.person_id = $1 and h.state = 'open' order by h.id limit 1",
            columns::<EarlyHelp>("h")
        );
        let open: Option<EarlyHelp> = db.maybe(AssertSqlSafe(sql), args![child.id]).await?;
        let summary = Asked {
            section: access::Section::Summary,
            ..Asked::index(PAGE)
        };
        Ok(NewHelp {
            others,
            open: open.map(|help| help.id),
            social_care: child
                .status
                .as_deref()
                .filter(|status| with_social_care(Some(status)))
                .map(|status| match self.gate().allows(viewer, &child, summary) {
                    true => crate::header::status_words(status),
                    false => String::new(),
                }),
            works: works.into_values().flatten().collect(),
            writes,
            child,
        })
    }

    /// Starts early help, or passes it on to those who decide.
    ///
    /// # Errors
    /// [`Error::Findings`] when the form is not complete, or the family said no.
    pub async fn start_early_help(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        start: &StartHelp,
    ) -> Result<BeganHelp> {
        let new = self.new_early_help(viewer, child).await?;
        stops(self.form(FORM)?.check(&start.answers, None))?;
        let said = Said::read(&start.answers);
        if said.said == "refused" {
            return Err(Error::finding(
                "consent",
                "Does the family agree to early help?",
                "Early help is voluntary, so it cannot start against the family’s will. Say “not yet” if you will talk with them again. If the child may not be safe, tell the front door: you need no consent for that",
            ));
        }
        let goes_on = new.social_care.is_some()
            || (!new.writes && (new.open.is_some() || said.said != "given"));
        if goes_on || !viewer.can("case.record") {
            let reference = self
                .ask_for_early_help(viewer, &new.child, new.social_care.is_some(), start)
                .await?;
            return Ok(BeganHelp::PassedOn(reference));
        }
        if let Some(open) = new.open {
            return Err(Error::Already(path(open)));
        }
        let mut children = vec![child];
        for id in &start.also {
            let known = new.others.iter().any(|p| p.id == *id);
            if !known {
                return Err(Error::NotFound);
            }
            children.push(*id);
        }
        let team = self.early_help_team(viewer.principal.team, None).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of(start.answers.text("reason"));
        let family = match self.family_of(child).await? {
            Some(family) => family,
            None => crate::plans::start::make_family(&mut tx, &new.child).await?,
        };
        // Somebody else may have been quicker since the page was opened.
        if let Some(open) = open_of(&mut tx, &children).await? {
            return Err(Error::Already(path(open.id)));
        }
        let begins = Begins {
            family,
            children,
            source: "child_page",
            reason: start.answers.text("reason"),
            contact: None,
            team,
            by: viewer.principal.worker,
            theirs: true,
            said,
        };
        let help = self.begin_early_help(&mut tx, begins).await?;
        claim(&mut tx, &start.once, &path(help.id)).await?;
        tx.drop_draft(viewer.principal.worker, &draft(child))
            .await?;
        tx.commit().await?;
        Ok(BeganHelp::Here(help.id))
    }
}

/// Where the draft of a start is kept.
pub fn draft(child: Id<ids::Person>) -> String {
    format!("early-help:{child}")
}
