//! The team around the family, with one lead practitioner: a person, a post and
//! an agency, of the council or of any partner. Who led before, and why it
//! changed, stays (R000-22).

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Contact, EarlyHelp, Involvement};
use record::{AssertSqlSafe, Entity, Tx, Viewer, args};
use vocabulary::{Id, ids};

use super::{HelpSeen, about, path};
use crate::plans::network::{self, Known};
use crate::plans::{claim, some, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The form of the lead practitioner.
pub const LEAD_FORM: &str = "early-help-lead";
/// The form of a member of the team.
pub const MEMBER_FORM: &str = "early-help-member";
/// The role of a lead practitioner who holds no case of the council's.
const ROLE: &str = "lead_practitioner";

/// Somebody as they are written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Somebody {
    pub name: String,
    pub post: String,
    pub agency: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub worker: Option<Id<ids::Worker>>,
}

impl Somebody {
    /// From the answers, with what the network knows of them (R001-21).
    fn read(answers: &Answers, known: Option<&Known>) -> Somebody {
        let text = |name: &str| some(answers.text(name));
        Somebody {
            name: known.map_or_else(|| answers.text("name").to_owned(), |k| k.name.clone()),
            post: answers.text("post").to_owned(),
            agency: answers.text("agency").to_owned(),
            phone: text("phone").or_else(|| known.and_then(|k| k.phone.clone())),
            email: text("email").or_else(|| known.and_then(|k| k.email.clone())),
            worker: known.and_then(|k| k.worker),
        }
    }

    fn row(&self, child: Id<ids::Person>, role: &str, today: NaiveDate) -> Involvement {
        Involvement {
            id: Id::new(),
            person_id: child,
            worker_id: self.worker,
            team_id: None,
            role: role.to_owned(),
            name: self.name.trim().to_owned(),
            job_title: self.post.clone(),
            agency: self.agency.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            lead: role == ROLE,
            sensitive: false,
            started_on: today,
            ended_on: None,
            change_reason: None,
            version: 1,
        }
    }
}

impl Casework {
    /// A period of early help about to get a lead or a member, and who can be
    /// chosen: those who work with the children already, and the viewer.
    pub async fn early_help_network(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
    ) -> Result<(HelpSeen, Vec<Known>)> {
        let seen = self.early_help_to_change(viewer, id, "team").await?;
        let network = self
            .network_of(viewer, seen.help.family_id, &seen.ids())
            .await?;
        let mut known: Vec<Known> = network.into_iter().filter(|k| k.person.is_none()).collect();
        known.extend(self.who_asked(&seen.help).await?);
        let me = viewer.principal.worker;
        if !known.iter().any(|k| k.worker == Some(me))
            && let Some(worker) = self.worker(me).await?
        {
            known.push(Known {
                key: format!("worker:{me}"),
                name: worker.name,
                role: worker.job_title,
                agency: worker.agency,
                person: None,
                worker: Some(me),
                email: worker.email,
                phone: worker.phone,
                interpreter: None,
            });
        }
        Ok((seen, known))
    }

    /// The partner who started it, with number and post, so that nobody types
    /// them again.
    async fn who_asked(&self, help: &EarlyHelp) -> Result<Option<Known>> {
        let Some(contact) = help.contact_id else {
            return Ok(None);
        };
        let sql = format!(
            "select {} from contact where id = $1 and route = 'early_help'",
            Contact::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let contact: Option<Contact> = db.maybe(AssertSqlSafe(sql), args![contact]).await?;
        Ok(contact.and_then(|contact| {
            Some(Known {
                key: format!("contact:{}", contact.id),
                name: contact.referrer_name?,
                role: contact.referrer_agency.unwrap_or_default(),
                agency: String::new(),
                person: None,
                worker: None,
                email: contact.referrer_email,
                phone: contact.referrer_phone,
                interpreter: None,
            })
        }))
    }

    /// Agrees who leads. A change of lead needs its reason, and keeps who led
    /// before.
    pub async fn agree_lead(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let (seen, known) = self.early_help_network(viewer, id).await?;
        stops(self.form(LEAD_FORM)?.check(answers, None))?;
        let lead = Somebody::read(answers, network::find(&known, answers.text("name")));
        let reason = some(answers.text("reason"));
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        if let Some(reason) = &reason {
            tx.because_of(reason);
        }
        let led = has_lead(&mut tx, seen.child.id).await?;
        if led && reason.is_none() {
            return Err(Error::finding(
                "reason",
                "Why does the lead change?",
                "Write why the lead changes and what the family says: they get a new person to ring",
            ));
        }
        self.lead_from_now(&mut tx, &seen.help, &seen.ids(), &lead, reason.as_deref())
            .await?;
        Ok(tx.commit().await?)
    }

    /// Somebody leads from now on, for all the children.
    pub(crate) async fn lead_from_now(
        &self,
        tx: &mut Tx,
        help: &EarlyHelp,
        children: &[Id<ids::Person>],
        lead: &Somebody,
        reason: Option<&str>,
    ) -> Result<()> {
        let today = time::local(tx.now()).date();
        for child in children {
            let mut theirs = false;
            // Whoever led steps back first: nobody has two leads at once.
            let mut rows = open_rows(tx, *child).await?;
            rows.sort_by_key(|row| !row.lead);
            for mut row in rows {
                let same = row.name.eq_ignore_ascii_case(lead.name.trim());
                match (row.lead, same) {
                    (true, true) => theirs = true,
                    (false, true) if row.role != "allocated" => {
                        // A member becomes the lead: one line for one person.
                        end(tx, &mut row, today, "Leads from now on").await?;
                    }
                    (false, true) => {
                        row.lead = true;
                        tx.update(&mut row).await?;
                        theirs = true;
                    }
                    (true, false) => {
                        step_back(tx, &mut row, today, reason).await?;
                    }
                    (false, false) => {}
                }
            }
            if !theirs {
                tx.insert(&lead.row(*child, ROLE, today)).await?;
            }
        }
        let (now, about) = (tx.now(), about(help, children[0]));
        let event = "early_help.lead_agreed";
        clocks::stop(tx, self.pack(), event, now, about.kind, &about.id).await
    }

    /// Adds somebody to the team, for all the children.
    pub async fn add_to_team(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let (seen, known) = self.early_help_network(viewer, id).await?;
        stops(self.form(MEMBER_FORM)?.check(answers, None))?;
        let new = Somebody::read(answers, network::find(&known, answers.text("name")));
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        let today = time::local(tx.now()).date();
        for child in seen.ids() {
            let there = open_rows(&mut tx, child).await?;
            let again = |row: &&Involvement| row.name.eq_ignore_ascii_case(new.name.trim());
            if there.iter().find(again).is_none() {
                tx.insert(&new.row(child, "other", today)).await?;
            }
        }
        Ok(tx.commit().await?)
    }

    /// Somebody leaves the team, for all the children, with the reason.
    pub async fn leave_team(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        member: Id<ids::Involvement>,
        reason: &str,
        once: &str,
    ) -> Result<()> {
        let seen = self.early_help_to_change(viewer, id, "team").await?;
        let reason = some(reason).ok_or_else(|| {
            Error::finding(
                "reason",
                "Why?",
                "Write why they leave the team, so that the family knows",
            )
        })?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        tx.because_of(&reason);
        let today = time::local(tx.now()).date();
        let row: Involvement = tx.get(member).await?;
        if !seen.ids().contains(&row.person_id) || row.sensitive {
            return Err(Error::NotFound);
        }
        if row.lead || row.role == "allocated" {
            return Err(Error::Refused(
                "This person leads or holds the work. Agree on a new lead practitioner first, or ask a manager to allocate somebody else.".into(),
            ));
        }
        for child in seen.ids() {
            for mut other in open_rows(&mut tx, child).await? {
                if other.name == row.name && other.agency == row.agency && !other.lead {
                    end(&mut tx, &mut other, today, &reason).await?;
                }
            }
        }
        Ok(tx.commit().await?)
    }
}

/// Everybody involved with a child now, but for sensitive services.
async fn open_rows(tx: &mut Tx, child: Id<ids::Person>) -> Result<Vec<Involvement>> {
    let sql = format!(
        "select {} from involvement where person_id = $1 and ended_on is null \
         and not sensitive order by id",
        Involvement::COLUMNS.join(", ")
    );
    Ok(tx.all(AssertSqlSafe(sql), args![child]).await?)
}

async fn has_lead(tx: &mut Tx, child: Id<ids::Person>) -> Result<bool> {
    Ok(open_rows(tx, child).await?.iter().any(|row| row.lead))
}

async fn end(tx: &mut Tx, row: &mut Involvement, today: NaiveDate, reason: &str) -> Result<()> {
    row.ended_on = Some(today);
    row.change_reason = Some(reason.to_owned());
    Ok(tx.update(row).await?)
}

/// Whoever led before leads no more. A worker who holds the case goes on with
/// it, in a new line: the old one says until when they led.
async fn step_back(
    tx: &mut Tx,
    row: &mut Involvement,
    today: NaiveDate,
    reason: Option<&str>,
) -> Result<()> {
    let goes_on = Involvement {
        id: Id::new(),
        lead: false,
        started_on: today,
        version: 1,
        ..row.clone()
    };
    end(tx, row, today, reason.unwrap_or("Somebody else leads")).await?;
    if row.role == "allocated" {
        tx.insert(&goes_on).await?;
    }
    Ok(())
}
