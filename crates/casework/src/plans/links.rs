//! One-time links: a partner answers for its action without an account.
//!
//! The token is shown once, to be sent through the council's own mail; only
//! its hash is kept. It opens one action, for 14 days, for one answer. Used,
//! expired, withdrawn and invented tokens are all the same: absent.

use chrono::{DateTime, Duration, Utc};
use packs::Answers;
use record::journal::{Deed, Event};
use record::model::{
    Action, ActionLink, ActionState, ActionUpdate, Person, Plan, PlanState, Worker,
};
use record::sessions::{new_token, token_hash};
use record::{Actor, Asked, AssertSqlSafe, Entity, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids, plain};

use super::actions::ActionHistory;
use super::network::Known;
use super::view::is_open;
use super::{claim, columns, stops};
use crate::{Casework, Error, Result, time};

/// The form that the partner fills in.
pub const ANSWER_FORM: &str = "action-answer";
const LETTER: &str = "action-request";
/// How long a link opens.
const DAYS: i64 = 14;

/// To whom a link goes.
#[derive(Debug, Clone, Default)]
pub struct LinkTo {
    /// Their name, as the letter greets them.
    pub name: String,
    /// Their work email address.
    pub email: String,
}

/// A link that was just made. The token is nowhere else.
#[derive(Debug, Clone)]
pub struct MadeLink {
    /// To whom.
    pub to: LinkTo,
    /// The address to send.
    pub address: String,
    /// The letter's subject.
    pub subject: String,
    /// The letter's text, with the address in it.
    pub body: String,
    /// "5 December 2026".
    pub until: String,
}

/// A link in an action's history.
#[derive(Debug, Clone)]
pub struct LinkLine {
    /// The link.
    pub id: Id<ids::Link>,
    /// To whom.
    pub to: String,
    /// When.
    pub made: String,
    /// "Answered on 3 March", "Opens until 5 March".
    pub state: String,
    /// Still to be used.
    pub open: bool,
}

/// What the page behind a link shows: the action, and nothing else.
#[derive(Debug, Clone)]
pub struct Asking {
    /// What is asked.
    pub what: String,
    /// By when.
    pub due: String,
    /// How we will know.
    pub measure: String,
    /// The child's initials.
    pub child: String,
    /// To whom it was sent.
    pub to: String,
    /// Whom to call with questions.
    pub worker: String,
    /// Their telephone.
    pub phone: String,
    /// Until when it opens.
    pub until: String,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    link: ActionLink,
    plan_id: Id<ids::Plan>,
}

impl Casework {
    /// An action and who can be asked about it: those of other agencies with a
    /// work email address, the action's owner first. Our own workers sign in.
    pub async fn can_be_asked(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
    ) -> Result<(ActionHistory, Vec<LinkTo>)> {
        let (seen, action) = self.action_to_share(viewer, id).await?;
        let network = self.network(viewer, &seen).await?;
        let mut to: Vec<LinkTo> = network
            .into_iter()
            .filter(|k| k.worker.is_none())
            .filter_map(reachable)
            .collect();
        if let (Some(email), None) = (&action.owner_email, action.owner_worker_id)
            && !to.iter().any(|t| t.email.eq_ignore_ascii_case(email))
        {
            to.push(LinkTo {
                name: action.owner.clone(),
                email: email.clone(),
            });
        }
        to.sort_by_key(|t| Some(&t.email) != action.owner_email.as_ref());
        Ok((self.history_of(seen, action).await?, to))
    }

    /// Makes a link and its letter; an earlier one that was not used stops
    /// working. `site` is the address of this service, such as
    /// `https://throughline.example`.
    pub async fn make_link(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        to: &LinkTo,
        site: &str,
        once: &str,
    ) -> Result<MadeLink> {
        self.make_link_with(viewer, id, to, site, once, LETTER)
            .await
    }

    /// The same with another letter of the pack around the link.
    pub(super) async fn make_link_with(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
        to: &LinkTo,
        site: &str,
        once: &str,
        letter: &str,
    ) -> Result<MadeLink> {
        let (seen, action) = self.action_to_share(viewer, id).await?;
        check_to(to)?;
        if !is_open(action.state) {
            return Err(Error::Refused(
                "This action is settled, so there is nothing to ask. Set it back to “to do” first."
                    .into(),
            ));
        }
        let me = self
            .worker(viewer.principal.worker)
            .await?
            .ok_or(Error::NotFound)?;
        let token = new_token();
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/actions/{id}")).await?;
        withdraw(&mut tx, id).await?;
        let link = ActionLink {
            id: Id::new(),
            token_hash: token_hash(&token),
            action_id: id,
            sent_to: format!("{} ({})", to.name.trim(), to.email.trim()),
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            ends_at: tx.now() + Duration::days(DAYS),
            used_at: None,
            withdrawn_at: None,
            version: 1,
        };
        tx.insert(&link).await?;
        let mut shared = Event::new(Deed::Looked, "action", id);
        shared.purpose = Some("share".into());
        shared.because =
            Some("A link to answer for the action was made, to be sent to a partner.".into());
        shared.plain = Some(json!({ "link": link.id, "letter": letter }));
        shared.subjects = whom(&action, seen.children.iter().map(|c| c.id));
        tx.note(shared).await?;
        let until = plain::date(time::local(link.ends_at).date());
        let made = self.letter(
            letter,
            &action,
            &seen.children,
            to,
            &format!("{site}/answer/{token}"),
            &until,
            &me,
        )?;
        tx.commit().await?;
        Ok(made)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is a gap of the letter, and the letter has one caller"
    )]
    fn letter(
        &self,
        name: &str,
        action: &Action,
        children: &[Person],
        to: &LinkTo,
        address: &str,
        until: &str,
        me: &Worker,
    ) -> Result<MadeLink> {
        let missing = |what: String| Error::Record(record::Error::Settings(what));
        let letter = self.pack().letter(name, time::today()).ok_or_else(|| {
            missing(format!(
                "the practice pack has no letter \"{name}\" in force today"
            ))
        })?;
        let due = plain::date(action.due_on);
        let child = initials(children);
        let words = [
            ("name", to.name.trim()),
            ("what", &action.what),
            ("child", &child),
            ("due", &due),
            ("measure", &action.measure),
            ("link", address),
            ("link_until", until),
            ("worker", &me.name),
            ("phone", me.phone.as_deref().unwrap_or("the council")),
            ("council", self.name()),
        ];
        let (subject, body) = letter.fill(&words).map_err(|e| missing(e.to_string()))?;
        Ok(MadeLink {
            to: to.clone(),
            address: address.to_owned(),
            subject,
            body,
            until: until.to_owned(),
        })
    }

    /// Withdraws a link that was not used.
    pub async fn withdraw_link(&self, viewer: &Viewer, id: Id<ids::Action>) -> Result<()> {
        let (_, action) = self.action_to_change(viewer, id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        withdraw(&mut tx, action.id).await?;
        Ok(tx.commit().await?)
    }

    pub(crate) async fn links_of(&self, action: Id<ids::Action>) -> Result<Vec<LinkLine>> {
        let sql = format!(
            "select {} from action_link where action_id = $1 order by made_at desc",
            ActionLink::COLUMNS.join(", ")
        );
        let links: Vec<ActionLink> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![action])
            .await?;
        Ok(links.into_iter().map(link_line).collect())
    }

    /// An action whose words may leave the council.
    pub(crate) async fn action_to_share(
        &self,
        viewer: &Viewer,
        id: Id<ids::Action>,
    ) -> Result<(super::PlanSeen, Action)> {
        let (seen, action) = self.action_to_change(viewer, id).await?;
        if seen.plan.kind == "early_help" {
            self.may_share_plan(seen.plan.id).await?;
        }
        let asked = Asked {
            purpose: access::Purpose::Share,
            ..Asked::to_read("ask a partner")
        };
        // Of an only child the facts are known; of several, each is asked for.
        if seen.children.len() == 1 {
            return match self.gate().allows(viewer, &seen.child, asked) {
                true => Ok((seen, action)),
                false => Err(Error::NotFound),
            };
        }
        let seen = self.plan_seen(viewer, action.plan_id, asked, None).await?;
        Ok((seen, action))
    }

    /// What a link asks. The look is on record before this returns.
    ///
    /// # Errors
    /// [`Error::NotFound`] for every token that does not open, whatever the
    /// cause.
    pub async fn asking(&self, token: &str) -> Result<Asking> {
        let (mut tx, link, action, _) = self.open_link(token).await?;
        let subjects = super::subjects(&mut tx, action.plan_id).await?;
        let mut children = Vec::new();
        for id in &subjects {
            children.push(tx.get::<Person>(*id).await?);
        }
        let maker: Worker = tx.get(link.made_by).await?;
        let mut look = Event::new(Deed::Looked, "action", action.id);
        look.purpose = Some("look".into());
        look.because = Some("They hold the one-time link to answer for this action.".into());
        look.plain = Some(json!({ "page": "answer", "link": link.id }));
        look.subjects = whom(&action, subjects.into_iter());
        tx.note(look).await?;
        tx.commit().await?;
        Ok(Asking {
            child: initials(&children),
            due: plain::date(action.due_on),
            what: action.what,
            measure: action.measure,
            to: name_of(&link.sent_to).to_owned(),
            worker: maker.name,
            phone: maker.phone.unwrap_or_default(),
            until: plain::date(time::local(link.ends_at).date()),
        })
    }

    /// Takes a partner's answer. The link is used up by it.
    ///
    /// # Errors
    /// [`Error::NotFound`] as [`Casework::asking`]; [`Error::Findings`] leaves
    /// the link as it was.
    pub async fn answer(&self, token: &str, answers: &Answers) -> Result<()> {
        let (mut tx, mut link, mut action, plan) = self.open_link(token).await?;
        stops(self.form(ANSWER_FORM)?.check(answers, None))?;
        let state = match answers.text("state") {
            "done" => ActionState::Done,
            "cannot" => ActionState::Cannot,
            _ => ActionState::UnderWay,
        };
        link.used_at = Some(tx.now());
        tx.update(&mut link).await?;
        super::actions::settle(&mut tx, &mut action, state).await?;
        tx.insert(&ActionUpdate {
            id: Id::new(),
            action_id: action.id,
            family_id: plan.family_id,
            state,
            words: [answers.text("words"), answers.text("cannot_why")]
                .iter()
                .filter(|w| !w.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join("\n\n"),
            said_by: name_of(&link.sent_to).to_owned(),
            worker_id: None,
            link_id: Some(link.id),
            said_at: tx.now(),
            version: 1,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// The transaction in which an open link is looked at or used, in the name
    /// of whoever holds it.
    async fn open_link(&self, token: &str) -> Result<(Tx, ActionLink, Action, Plan)> {
        let plausible = token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit());
        if !plausible {
            return Err(Error::NotFound);
        }
        let sql = format!(
            "select {}, a.plan_id from action_link l join action a on a.id = l.action_id \
             where l.token_hash = $1",
            columns::<ActionLink>("l")
        );
        let found: Option<Found> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![token_hash(token)])
            .await?;
        let found = found.ok_or(Error::NotFound)?;
        let actor = Actor::partner(found.link.id.as_str());
        let mut tx = self.store().begin(&actor).await?;
        // Read again inside the transaction: of two answers at once, one wins.
        let link: ActionLink = tx.get(found.link.id).await?;
        let plan: Plan = tx.get(found.plan_id).await?;
        let action: Action = tx.get(link.action_id).await?;
        let opens = link.used_at.is_none()
            && link.withdrawn_at.is_none()
            && link.ends_at > tx.now()
            && plan.state == PlanState::Open
            && is_open(action.state);
        if !opens {
            return Err(Error::NotFound);
        }
        Ok((tx, link, action, plan))
    }
}

/// Stops every unused link of an action.
pub(crate) async fn withdraw(tx: &mut Tx, action: Id<ids::Action>) -> Result<()> {
    let sql = format!(
        "select {} from action_link where action_id = $1 and used_at is null \
         and withdrawn_at is null",
        ActionLink::COLUMNS.join(", ")
    );
    let links: Vec<ActionLink> = tx.all(AssertSqlSafe(sql), args![action]).await?;
    for mut link in links {
        link.withdrawn_at = Some(tx.now());
        tx.update(&mut link).await?;
    }
    Ok(())
}

fn reachable(known: Known) -> Option<LinkTo> {
    Some(LinkTo {
        email: known.email?,
        name: known.name,
    })
}

fn check_to(to: &LinkTo) -> Result<()> {
    if to.name.trim().is_empty() {
        return Err(Error::finding(
            "name",
            "Their name",
            "Write the name of the person whom you ask",
        ));
    }
    let email = to.email.trim();
    let fine = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !email.contains(char::is_whitespace)
    });
    if !fine {
        return Err(Error::finding(
            "email",
            "Their work email address",
            "Write their work email address, like name@school.example, so that it is on record where the link went",
        ));
    }
    Ok(())
}

fn whom(action: &Action, children: impl Iterator<Item = Id<ids::Person>>) -> Vec<String> {
    let mut subjects: Vec<String> = children.map(|id| format!("person:{id}")).collect();
    subjects.push(format!("family:{}", action.family_id));
    subjects
}

/// "M T and I T": enough for those who know the child, nothing for others.
pub(crate) fn initials(children: &[Person]) -> String {
    let of = |p: &Person| {
        let letters: Vec<String> = p
            .name()
            .split_whitespace()
            .filter_map(|w| w.chars().next())
            .map(|c| c.to_uppercase().to_string())
            .collect();
        letters.join(" ")
    };
    plain::list(&children.iter().map(of).collect::<Vec<_>>())
}

/// The name in "Rosa Mbeki (rosa@nhs.example)".
fn name_of(sent_to: &str) -> &str {
    sent_to.rsplit_once(" (").map_or(sent_to, |(name, _)| name)
}

fn link_line(link: ActionLink) -> LinkLine {
    let day = |at: DateTime<Utc>| plain::date(time::local(at).date());
    let open = link.used_at.is_none() && link.withdrawn_at.is_none() && link.ends_at > Utc::now();
    LinkLine {
        id: link.id,
        to: link.sent_to,
        made: day(link.made_at),
        state: match (link.used_at, link.withdrawn_at) {
            (Some(at), _) => format!("answered on {}", day(at)),
            (None, Some(at)) => format!("withdrawn on {}", day(at)),
            (None, None) if open => format!("opens until {}", day(link.ends_at)),
            (None, None) => format!("ran out on {} without an answer", day(link.ends_at)),
        },
        open,
    }
}
