//! Stepping up: the lead practitioner asks, the front door decides. Everything
//! early help has written goes with it as it was written, each part with who
//! wrote it and when (R001-23); nobody types it again.

use chrono::{DateTime, NaiveDate, Utc};
use packs::Answers;
use record::model::{Action, Contact, ContactState, EarlyHelp, Goal, Meeting};
use record::{AssertSqlSafe, Entity, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{HelpSeen, consent_words, path};
use crate::plans::view::{goal_words, state_words};
use crate::plans::{claim, stops};
use crate::steps::SectionSeen;
use crate::{Asked, Casework, Error, Result, time};

/// The form.
pub const FORM: &str = "early-help-step-up";

/// One part of what early help has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// "What is going well, for the child and in the family?"
    pub part: String,
    /// As it was written.
    pub words: String,
    /// "Early help assessment, Dev Moss, 3 March 2026".
    pub source: String,
}

/// The page on which social care is asked.
#[derive(Debug, Clone)]
pub struct StepUpPage {
    /// The period of early help.
    pub seen: HelpSeen,
    /// What goes with it.
    pub carried: Vec<Carried>,
    /// The reference of a contact that is not decided yet.
    pub waiting: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Said {
    said: String,
    said_by: Option<String>,
    said_on: NaiveDate,
    words: Option<String>,
}

impl Casework {
    /// What the page starts from.
    pub async fn step_up_page(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<StepUpPage> {
        let seen = self.early_help_to_change(viewer, id, "step up").await?;
        let carried = self.carried(viewer, &seen).await?;
        let waiting = match seen.help.step_up_id {
            Some(contact) => self.undecided(contact).await?,
            None => None,
        };
        Ok(StepUpPage {
            seen,
            carried,
            waiting,
        })
    }

    async fn undecided(&self, id: Id<ids::Contact>) -> Result<Option<String>> {
        let sql = format!(
            "select {} from contact where id = $1",
            Contact::COLUMNS.join(", ")
        );
        let contact: Option<Contact> = self
            .store()
            .read_db()
            .maybe(AssertSqlSafe(sql), args![id])
            .await?;
        Ok(contact
            .filter(|c| c.state != ContactState::Decided)
            .map(|c| c.reference))
    }

    /// Asks social care. Gives the reference of the contact at the front door.
    ///
    /// # Errors
    /// [`Error::Refused`] while the front door has not answered yet.
    pub async fn step_up(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<String> {
        let page = self.step_up_page(viewer, id).await?;
        stops(self.form(FORM)?.check(answers, None))?;
        if let Some(reference) = page.waiting {
            return Err(Error::Refused(format!(
                "The front door has {reference} and has not decided yet. If something new happened, call them and give the reference."
            )));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(id)).await?;
        tx.because_of(answers.text("what"));
        let mut whole = answers.clone();
        let parts = page.carried.iter().map(|part| {
            let mut item = Answers::new();
            item.set("part", part.part.clone());
            item.set("words", part.words.clone());
            item.set("source", part.source.clone());
            item
        });
        whole.set_groups("carried", parts.collect());
        let (contact, reference) = self
            .step_up_contact(&mut tx, viewer, &page.seen, whole)
            .await?;
        let mut help: EarlyHelp = tx.get(id).await?;
        help.step_up_id = Some(contact);
        tx.update(&mut help).await?;
        for child in page.seen.ids() {
            let row = super::begin::entry(&tx, child, &help, "Early help asked social care.");
            tx.insert(&row).await?;
        }
        tx.drop_draft(viewer.principal.worker, &draft(id)).await?;
        tx.commit().await?;
        Ok(reference)
    }

    /// Everything early help has written, with its sources.
    async fn carried(&self, viewer: &Viewer, seen: &HelpSeen) -> Result<Vec<Carried>> {
        let db = self.store().read_db();
        let mut all = vec![Carried {
            part: "Why early help started".into(),
            words: seen.help.reason.clone(),
            source: format!("Start of early help, {}", plain::date(seen.help.began_on)),
        }];
        let said: Vec<Said> = db
            .all(
                "select said, said_by, said_on, words from consent where early_help_id = $1 \
                 order by recorded_at, id",
                args![seen.help.id],
            )
            .await?;
        all.extend(said.into_iter().map(|row| Carried {
            part: "Consent".into(),
            words: match &row.words {
                Some(words) => format!("{}. {words}", consent_words(&row.said)),
                None => consent_words(&row.said).to_owned(),
            },
            source: format!(
                "{}{}",
                row.said_by.map_or_else(String::new, |by| format!("{by}, ")),
                plain::date(row.said_on)
            ),
        }));
        if let Some(step) = seen.help.step_id {
            all.extend(self.of_assessment(viewer, step).await?);
        }
        if let Some(plan) = seen.help.plan_id {
            all.extend(self.of_plan(plan).await?);
        }
        Ok(all)
    }

    async fn of_assessment(&self, viewer: &Viewer, id: Id<ids::Step>) -> Result<Vec<Carried>> {
        let step = self
            .step_seen(viewer, id, Asked::to_read("step up"))
            .await?;
        let sections = self.step_sections(&step).await?;
        let people = self.family_people(viewer, &step).await?;
        let mut all = Vec::new();
        for section in &step.form.sections {
            let Some(saved) = crate::steps::find(&sections, &section.id) else {
                continue;
            };
            if saved.left_out().is_some() {
                continue;
            }
            let source = source(&step.def.title, saved);
            let answers = saved.read();
            all.extend(
                crate::steps::answered(section, &answers, &people)
                    .into_iter()
                    .filter_map(|line| {
                        Some(Carried {
                            words: crate::plans::some(&line.as_text())?,
                            part: line.label,
                            source: source.clone(),
                        })
                    }),
            );
        }
        Ok(all)
    }

    async fn of_plan(&self, plan: Id<ids::Plan>) -> Result<Vec<Carried>> {
        let db = self.store().read_db();
        let sql = |columns: &[&str], table: &str, order: &str| {
            AssertSqlSafe(format!(
                "select {} from {table} where plan_id = $1 order by {order}",
                columns.join(", ")
            ))
        };
        let goals: Vec<Goal> = db.all(sql(Goal::COLUMNS, "goal", "id"), args![plan]).await?;
        let actions: Vec<Action> = db
            .all(sql(Action::COLUMNS, "action", "due_on, id"), args![plan])
            .await?;
        let meetings: Vec<Meeting> = db
            .all(sql(Meeting::COLUMNS, "meeting", "held_at"), args![plan])
            .await?;
        let mut all = Vec::new();
        for goal in goals {
            let mut words = vec![goal.wording, goal_words(goal.state).to_owned()];
            words.extend(goal.child_words.map(|said| format!("The child: “{said}”")));
            words.extend(goal.result);
            all.push(Carried {
                part: "Goal of the plan".into(),
                words: words.join("\n"),
                source: format!("Early help plan, set on {}", plain::date(goal.set_on)),
            });
        }
        for action in actions {
            all.push(Carried {
                part: "Action of the plan".into(),
                words: format!("{}\n{}", action.what, state_words(action.state)),
                source: format!(
                    "{}, {}, due {}",
                    action.owner,
                    self.label("agencies", &action.agency).to_lowercase(),
                    plain::date(action.due_on)
                ),
            });
        }
        for meeting in meetings {
            let words: Vec<String> = [meeting.discussion, meeting.decision]
                .into_iter()
                .flatten()
                .collect();
            if !words.is_empty() {
                all.push(Carried {
                    part: self.label("meeting-kinds", &meeting.kind),
                    words: words.join("\n"),
                    source: format!("Meeting of {}", day(meeting.held_at)),
                });
            }
        }
        Ok(all)
    }
}

/// Where the draft of a step up is kept.
pub fn draft(id: Id<ids::Part>) -> String {
    format!("early-help:{id}:step-up")
}

fn day(at: DateTime<Utc>) -> String {
    plain::date(time::local(at).date())
}

fn source(title: &str, saved: &SectionSeen) -> String {
    format!("{title}, {}, {}", saved.saver, day(saved.saved_at))
}
