//! Stepping up: the lead practitioner asks, the front door decides. Everything
//! early help has written goes with it as it was written, each part with who
//! wrote it and when (R001-23); nobody types it again.

use chrono::{DateTime, NaiveDate, Utc};
use packs::Answers;
use record::model::{ActionState, EarlyHelp, GoalState};
use record::{Viewer, args};
use serde_json::Value as Json;
use vocabulary::{Id, ids, plain};

use super::{HelpSeen, consent_words, path};
use crate::plans::view::{goal_words, state_words};
use crate::plans::{claim, stops};
use crate::{Casework, Error, Result, time};

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
struct Piece {
    what: String,
    one: String,
    two: Option<String>,
    three: Option<String>,
    four: Option<String>,
    day: Option<NaiveDate>,
    at: Option<DateTime<Utc>>,
}

#[derive(sqlx::FromRow)]
struct Written {
    kind: String,
    form: Option<String>,
    form_version: Option<String>,
    started_on: NaiveDate,
    section: String,
    answers: Json,
    saver: String,
    saved_at: DateTime<Utc>,
}

/// Consent, goals, actions, meetings, and a contact that waits, in one
/// statement.
const PIECES: &str = "select 0 as sort, c.id, 'contact' as what, c.reference as one, \
    cast(null as text) as two, cast(null as text) as three, cast(null as text) as four, \
    cast(null as date) as day, c.received_at as at from contact c \
    where c.id = $3 and c.state <> 'decided' \
    union all select 1, n.id, 'consent', n.said, n.said_by, n.words, null, n.said_on, null \
    from consent n where n.early_help_id = $1 \
    union all select 2, g.id, 'goal', g.wording, g.state, g.child_words, g.result, g.set_on, null \
    from goal g where g.plan_id = $2 \
    union all select 3, a.id, 'action', a.what, a.state, a.owner, a.agency, a.due_on, null \
    from action a where a.plan_id = $2 \
    union all select 4, m.id, 'meeting', m.kind, m.discussion, m.decision, null, null, m.held_at \
    from meeting m where m.plan_id = $2 order by sort, id";

impl Casework {
    /// What the page starts from.
    pub async fn step_up_page(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<StepUpPage> {
        let seen = self.early_help_to_change(viewer, id, "step up").await?;
        let help = &seen.help;
        let text = |id: Option<String>| id.unwrap_or_default();
        let values = args![
            help.id,
            text(help.plan_id.map(|id| id.to_string())),
            text(help.step_up_id.map(|id| id.to_string()))
        ];
        let pieces: Vec<Piece> = self.store().read_db().all(PIECES, values).await?;
        let waiting = pieces.iter().find(|p| p.what == "contact");
        let waiting = waiting.map(|p| p.one.clone());
        let mut carried = vec![Carried {
            part: "Why early help started".into(),
            words: help.reason.clone(),
            source: format!("Start of early help, {}", plain::date(help.began_on)),
        }];
        if let Some(step) = help.step_id {
            carried.extend(self.of_assessment(viewer, help.family_id, step).await?);
        }
        carried.extend(pieces.into_iter().filter_map(|piece| self.piece(piece)));
        Ok(StepUpPage {
            seen,
            carried,
            waiting,
        })
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

    /// What the assessment says so far. Its children are those of the period,
    /// whom the viewer sees.
    async fn of_assessment(
        &self,
        viewer: &Viewer,
        family: Id<ids::Family>,
        step: Id<ids::Step>,
    ) -> Result<Vec<Carried>> {
        let rows: Vec<Written> = self
            .store()
            .read_db()
            .all(
                "select t.kind, t.form, t.form_version, t.started_on, s.section, s.answers, \
                 w.name as saver, s.saved_at from step_section s join step t on t.id = s.step_id \
                 join worker w on w.id = s.saved_by where t.id = $1",
                args![step],
            )
            .await?;
        let Some(first) = rows.first() else {
            return Ok(Vec::new());
        };
        let version = first.form_version.as_deref().and_then(|v| v.parse().ok());
        let form = version
            .zip(first.form.as_deref())
            .and_then(|(version, form)| self.pack().form_version(form, version))
            .cloned();
        let form = match form {
            Some(form) => form,
            None => self.form(super::ASSESSMENT)?.clone(),
        };
        let def = self.pack().step(&first.kind, first.started_on);
        let title = def.map_or("Early help assessment", |def| def.title.as_str());
        let people = self.people_of_family(viewer, family, "step up").await?;
        let mut all = Vec::new();
        for section in &form.sections {
            let Some(saved) = rows.iter().find(|row| row.section == section.id) else {
                continue;
            };
            let answers = saved.answers.as_object().cloned().unwrap_or_default();
            let source = format!("{title}, {}, {}", saved.saver, day(saved.saved_at));
            let lines = crate::steps::answered(section, &Answers::from_map(answers), &people);
            all.extend(lines.into_iter().filter_map(|line| {
                Some(Carried {
                    words: crate::plans::some(&line.as_text())?,
                    part: line.label,
                    source: source.clone(),
                })
            }));
        }
        Ok(all)
    }

    fn piece(&self, piece: Piece) -> Option<Carried> {
        let on = piece.day.map_or_else(String::new, plain::date);
        let lines = |lines: &[Option<String>]| {
            let lines: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
            lines.join("\n")
        };
        Some(match piece.what.as_str() {
            "consent" => Carried {
                part: "Consent".into(),
                words: lines(&[Some(format!("{}.", consent_words(&piece.one))), piece.three]),
                source: match piece.two {
                    Some(by) => format!("{by}, {on}"),
                    None => on,
                },
            },
            "goal" => Carried {
                part: "Goal of the plan".into(),
                words: lines(&[
                    Some(piece.one),
                    state::<GoalState>(piece.two).map(|s| goal_words(s).to_owned()),
                    piece.three.map(|said| format!("The child: “{said}”")),
                    piece.four,
                ]),
                source: format!("Early help plan, set on {on}"),
            },
            "action" => Carried {
                part: "Action of the plan".into(),
                words: lines(&[
                    Some(piece.one),
                    state::<ActionState>(piece.two).map(|s| state_words(s).to_owned()),
                ]),
                source: format!(
                    "{}, {}, due {on}",
                    piece.three.unwrap_or_default(),
                    self.label("agencies", &piece.four.unwrap_or_default())
                        .to_lowercase()
                ),
            },
            "meeting" => Carried {
                part: self.label("meeting-kinds", &piece.one),
                words: crate::plans::some(&lines(&[piece.two, piece.three]))?,
                source: format!("Meeting of {}", day(piece.at?)),
            },
            // The contact itself is no part of what was written.
            _ => return None,
        })
    }
}

/// A state by its word in the record.
fn state<T: std::str::FromStr>(word: Option<String>) -> Option<T> {
    word?.parse().ok()
}

/// Where the draft of a step up is kept.
pub fn draft(id: Id<ids::Part>) -> String {
    format!("early-help:{id}:step-up")
}

fn day(at: DateTime<Utc>) -> String {
    plain::date(time::local(at).date())
}
