//! Reminding partners without an account of their actions, three working days
//! before the day (R003-26). Who must be reminded follows from the actions, so
//! nothing can be forgotten by a task that did not run; what was done is kept.
//!
//! This program sends no e-mail by itself. It says so: the lead worker gets the
//! words with a one-time link and sends them, or says how else it was told.
//! Workers and partners with an account see their actions on their own page.

use chrono::NaiveDate;
use packs::Answers;
use record::model::{Action, Reminder};
use record::{Asked, AssertSqlSafe, Entity, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::links::{LinkTo, MadeLink};
use super::view::is_open;
use super::{PlanSeen, claim, some, stops};
use crate::due::family_words;
use crate::{Casework, Error, Result, time};

/// The form that says how somebody was reminded.
pub const FORM: &str = "reminder";
/// How many working days before the day somebody is reminded.
const AHEAD: i64 = 3;
/// The letter that reminds.
const LETTER: &str = "action-reminder";

/// A partner who must be reminded.
#[derive(Debug, Clone)]
pub struct ToRemind {
    /// Of which action.
    pub action: Id<ids::Action>,
    /// Who answers for it.
    pub owner: String,
    /// What they were asked.
    pub what: String,
    /// "by Friday 27 November, in 2 working days".
    pub due: String,
    /// "Kerr family".
    pub family_name: String,
    family: Id<ids::Family>,
}

/// The page on which a partner is reminded.
#[derive(Debug, Clone)]
pub struct Reminding {
    /// The plan and its children.
    pub seen: PlanSeen,
    /// The action.
    pub action: Action,
    /// Its day in words.
    pub due: String,
    /// To whom a link would go; `None` when no address is recorded.
    pub to: Option<LinkTo>,
}

#[derive(sqlx::FromRow)]
struct Found {
    id: Id<ids::Action>,
    owner: String,
    what: String,
    due_on: NaiveDate,
    family_id: Id<ids::Family>,
    family_name: String,
}

impl Casework {
    /// Partners without an account whom the viewer must remind: those of the
    /// plans that the viewer leads, the first due first.
    pub async fn to_remind(&self, viewer: &Viewer, page: &str) -> Result<Listed<ToRemind>> {
        let today = viewer.today;
        let until = self.pack().working_days().add_working_days(today, AHEAD);
        let asked = Asked {
            section: access::Section::Summary,
            ..Asked::to_read(page)
        };
        let (open, more) = self.gate().may_see(viewer, asked, "fm.person_id", 4);
        let sql = format!(
            "select a.id, a.owner, a.what, a.due_on, a.family_id, f.name as family_name \
             from plan p join action a on a.plan_id = p.id join family f on f.id = a.family_id \
             where p.worker_id = $1 and p.state = 'open' and a.state in ('to_do', 'under_way') \
             and a.owner_worker_id is null and a.agency <> 'family' \
             and a.due_on between $2 and $3 \
             and not exists (select 1 from reminder r where r.action_id = a.id and r.due_on = a.due_on) \
             and exists (select 1 from family_member fm where fm.family_id = a.family_id \
             and fm.left_on is null and {open}) order by a.due_on, a.id limit 30"
        );
        let mut values = args![viewer.principal.worker, today, until];
        values.extend(more);
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found
            .into_iter()
            .map(|row| ToRemind {
                action: row.id,
                owner: row.owner,
                what: row.what,
                due: format!(
                    "by {}, {}",
                    plain::short_date(row.due_on),
                    plain::near(row.due_on, today)
                ),
                family_name: family_words(&row.family_name),
                family: row.family_id,
            })
            .collect();
        let about = |row: &ToRemind| vec![format!("family:{}", row.family)];
        Ok(self.gate().listed(viewer, page, rows, about).await?)
    }

    /// What the page that reminds a partner starts from.
    pub async fn reminding(&self, viewer: &Viewer, id: Id<ids::Action>) -> Result<Reminding> {
        let (seen, action) = self.action_to_remind(viewer, id).await?;
        Ok(Reminding {
            due: plain::date(action.due_on),
            to: action.owner_email.clone().map(|email| LinkTo {
                name: action.owner.clone(),
                email,
            }),
            seen,
            action,
        })
    }

    async fn action_to_remind(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
    ) -> Result<(PlanSeen, Action)> {
        let (seen, action) = self.action_to_change(viewer, id).await?;
        if !is_open(action.state) {
            return Err(Error::Refused(
                "This action is settled, so nobody must be reminded of it.".into(),
            ));
        }
        if action.owner_worker_id.is_some() {
            return Err(Error::Refused(
                "Whoever answers for this action signs in here and sees it on their own page."
                    .into(),
            ));
        }
        Ok((seen, action))
    }

    /// Makes the reminder with a one-time link, to be sent through the
    /// council's own mail, and keeps that it was made.
    pub async fn remind_by_link(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        site: &str,
        once: &str,
    ) -> Result<MadeLink> {
        let page = self.reminding(viewer, id).await?;
        let to = page.to.ok_or_else(|| {
            Error::Refused(
                "No email address is recorded for this action. Ring them, and say here how you reminded them.".into(),
            )
        })?;
        let made = self
            .make_link_with(viewer, id, &to, site, once, LETTER)
            .await?;
        let sent_to = format!("{} ({})", to.name, to.email);
        self.keep_reminder(viewer, &page.action, &sent_to, "email", None)
            .await?;
        Ok(made)
    }

    /// Keeps that somebody was reminded another way, or need not be.
    pub async fn reminded(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        answers: &Answers,
    ) -> Result<Id<ids::Plan>> {
        let (seen, action) = self.action_to_remind(viewer, id).await?;
        stops(self.form(FORM)?.check(answers, None))?;
        let owner = action.owner.clone();
        let why = some(answers.text("why"));
        self.keep_reminder(viewer, &action, &owner, answers.text("how"), why)
            .await?;
        Ok(seen.plan.id)
    }

    /// One reminder for one day: a second press finds the first.
    async fn keep_reminder(
        &self,
        viewer: &Viewer,
        action: &Action,
        sent_to: &str,
        how: &str,
        why: Option<String>,
    ) -> Result<()> {
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(
            &mut tx,
            &format!("reminder {} {}", action.id, action.due_on),
            &format!("/plans/{}", action.plan_id),
        )
        .await?;
        tx.insert(&Reminder {
            id: Id::new(),
            action_id: action.id,
            family_id: action.family_id,
            due_on: action.due_on,
            sent_to: sent_to.to_owned(),
            how: how.to_owned(),
            why,
            done_by: viewer.principal.worker,
            done_at: tx.now(),
            version: 1,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// The reminders of an action, newest first: "Reminded on 3 March by email,
    /// Rosa Mbeki (rosa@nhs.example)".
    pub(crate) async fn reminders_of(&self, action: Id<ids::Action>) -> Result<Vec<String>> {
        let sql = format!(
            "select {} from reminder where action_id = $1 order by done_at desc",
            Reminder::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let rows: Vec<Reminder> = db.all(AssertSqlSafe(sql), args![action]).await?;
        Ok(rows.iter().map(words).collect())
    }
}

fn words(row: &Reminder) -> String {
    let day = plain::date(time::local(row.done_at).date());
    let how = match row.how.as_str() {
        "email" => "a message with a link was made for",
        "phone" => "reminded by telephone:",
        "in_person" => "reminded in person:",
        _ => {
            let why = row.why.as_deref().unwrap_or_default();
            return format!("{day}: no reminder was needed. {why}")
                .trim()
                .to_owned();
        }
    };
    format!("{day}: {how} {}", row.sent_to)
}
