//! The page of a period of early help: what is next, consent, who leads and
//! who is in the team, assessment, plan and meetings, and what social care
//! answered.

use chrono::{DateTime, NaiveDate, Utc};
use record::model::{Clock, Consent, EarlyHelp, Involvement, StepState};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::{HelpSeen, consent_words, with_social_care};
use crate::clocks::ClockView;
use crate::plans::columns;
use crate::{Casework, Error, Result, time};

const PAGE: &str = "early help";

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct HelpView {
    /// The period and its children.
    pub seen: HelpSeen,
    /// What the family said about consent, the latest first.
    pub consents: Vec<ConsentLine>,
    /// The lead practitioner.
    pub lead: Option<TeamLine>,
    /// The others of the team around the family.
    pub team: Vec<TeamLine>,
    /// Who led before.
    pub led: Vec<String>,
    /// Someone is involved who is not named here.
    pub sensitive: bool,
    /// The assessment: where it stands.
    pub assessment: Option<(Id<ids::Step>, StepState)>,
    /// Its outcome, one of the pack's.
    pub assessed: Option<String>,
    /// The next meeting of the plan, and when.
    pub meeting: Option<(Id<ids::Meeting>, String)>,
    /// What social care was asked last.
    pub step_up: Option<StepUpLine>,
    /// What social care does with one of the children now, in words.
    pub social_care: Option<String>,
    /// Clocks that run.
    pub clocks: Vec<ClockView>,
    /// The viewer may write.
    pub writes: bool,
}

/// What the family said on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentLine {
    /// given, asked, refused, withdrawn.
    pub said: String,
    /// In words.
    pub words: &'static str,
    /// "Dana Kerr, 3 March 2026, by phone".
    pub by: String,
    /// "Shared with: school, health"; empty if nobody was named.
    pub shares: String,
    /// What the family said, in its own words.
    pub said_words: Option<String>,
}

/// Somebody of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamLine {
    /// The involvement, to end it.
    pub id: Id<ids::Involvement>,
    /// Name.
    pub name: String,
    /// Post.
    pub post: String,
    /// Agency in words.
    pub agency: String,
    /// How to ring them.
    pub phone: Option<String>,
    /// How to write to them.
    pub email: Option<String>,
    /// Since.
    pub since: String,
    /// They may be taken out of the team here.
    pub may_leave: bool,
}

/// What social care was asked, and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepUpLine {
    /// The reference.
    pub reference: String,
    /// When it was asked.
    pub asked: String,
    /// The outcome in words, once it is decided.
    pub outcome: Option<String>,
    /// Whether social care takes it on.
    pub taken: bool,
    /// Why.
    pub rationale: Option<String>,
    /// Who decided.
    pub by: Option<String>,
}

/// A child's early help, when none is open: what there was.
#[derive(Debug, Clone)]
pub struct ChildHelp {
    /// The child.
    pub child: Guarded<record::model::Person>,
    /// The period that is open.
    pub open: Option<Id<ids::Part>>,
    /// Those that ended: page, dates, what was different.
    pub ended: Vec<(Id<ids::Part>, String, Option<String>)>,
}

#[derive(sqlx::FromRow, Default)]
struct Around {
    step_state: Option<StepState>,
    step_outcome: Option<String>,
    meeting_id: Option<Id<ids::Meeting>>,
    meeting_at: Option<DateTime<Utc>>,
    reference: Option<String>,
    asked_at: Option<DateTime<Utc>>,
    answer: Option<String>,
    rationale: Option<String>,
    decider: Option<String>,
}

impl HelpView {
    /// What the family said last: given, asked, refused, withdrawn.
    pub fn consent(&self) -> &str {
        self.consents.first().map_or("asked", |c| c.said.as_str())
    }

    /// Whether consent stands in the way of sharing.
    pub fn without_consent(&self) -> bool {
        self.consent() != "given"
    }

    /// The assessment is still being written.
    pub fn is_assessing(&self) -> bool {
        self.assessment
            .is_some_and(|(_, s)| matches!(s, StepState::Open | StepState::SentBack))
    }
}

impl Casework {
    /// The page of a period of early help.
    pub async fn early_help_view(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<HelpView> {
        let seen = self
            .early_help_seen(viewer, id, Asked::to_read(PAGE))
            .await?;
        let help = &seen.help;
        let around = self.around(help).await?;
        let (rows, consents) = (
            self.everybody_around(&seen).await?,
            self.consents_of(id).await?,
        );
        let writes = seen.is_open()
            && viewer.can("case.record")
            && self
                .gate()
                .allows(viewer, &seen.child, Asked::to_write(PAGE));
        let (open, ended): (Vec<&Involvement>, Vec<&Involvement>) =
            rows.iter().partition(|r| r.ended_on.is_none());
        let mut team: Vec<TeamLine> = Vec::new();
        let mut lead = None;
        for row in open.iter().filter(|r| !r.sensitive && !r.name.is_empty()) {
            let line = self.team_line(row);
            let again = |t: &TeamLine| t.name == line.name && t.agency == line.agency;
            if row.lead && lead.is_none() {
                lead = Some(line);
            } else if !lead.as_ref().is_some_and(again) && !team.iter().any(again) {
                team.push(line);
            }
        }
        let status = seen
            .children
            .iter()
            .find(|c| with_social_care(c.status.as_deref()))
            .and_then(|c| c.status.as_deref());
        Ok(HelpView {
            led: led_before(&ended),
            sensitive: open.iter().any(|r| r.sensitive),
            team,
            lead,
            assessment: help.step_id.zip(around.step_state),
            assessed: around.step_outcome.clone(),
            meeting: around.meeting_id.zip(
                around
                    .meeting_at
                    .map(|at| plain::date_time(time::local(at))),
            ),
            step_up: step_up(&around),
            social_care: status.map(crate::header::status_words),
            clocks: self.clocks_of_help(help).await?,
            consents,
            writes,
            seen,
        })
    }

    /// Assessment, next meeting and step up in one statement.
    async fn around(&self, help: &EarlyHelp) -> Result<Around> {
        let found: Option<Around> = self
            .store()
            .read_db()
            .maybe(
                "select s.state as step_state, s.outcome as step_outcome, \
                 m.id as meeting_id, m.held_at as meeting_at, c.reference, \
                 c.received_at as asked_at, c.outcome as answer, d.rationale, w.name as decider \
                 from early_help h left join step s on s.id = h.step_id \
                 left join meeting m on m.id = (select x.id from meeting x \
                   where x.plan_id = h.plan_id and x.state = 'planned' and x.held_at >= $2 \
                   order by x.held_at limit 1) \
                 left join contact c on c.id = h.step_up_id \
                 left join decision d on d.id = (select y.id from decision y \
                   where y.contact_id = h.step_up_id and y.kind = 'threshold' \
                   order by y.decided_at desc limit 1) \
                 left join worker w on w.id = d.decided_by where h.id = $1",
                args![help.id, Utc::now()],
            )
            .await?;
        Ok(found.unwrap_or_default())
    }

    async fn everybody_around(&self, seen: &HelpSeen) -> Result<Vec<Involvement>> {
        let children = seen.ids();
        let places: Vec<String> = (1..=children.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "select {} from involvement i where i.person_id in ({}) \
             order by i.lead desc, i.started_on desc, i.id",
            columns::<Involvement>("i"),
            places.join(", ")
        );
        let values = children.iter().map(|child| (*child).into()).collect();
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    async fn consents_of(&self, id: Id<ids::Part>) -> Result<Vec<ConsentLine>> {
        let sql = format!(
            "select {} from consent where early_help_id = $1 \
             order by recorded_at desc, id desc",
            Consent::COLUMNS.join(", ")
        );
        let rows: Vec<Consent> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?;
        Ok(rows.into_iter().map(|row| self.consent_line(row)).collect())
    }

    fn consent_line(&self, row: Consent) -> ConsentLine {
        let how = match row.how.as_deref() {
            Some("in_person") => ", face to face",
            Some("phone") => ", by phone",
            Some("writing") => ", in writing",
            _ => "",
        };
        let shares: Vec<String> = row
            .shares
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|code| code.as_str())
            .map(|code| self.label("agencies", code).to_lowercase())
            .collect();
        ConsentLine {
            words: consent_words(&row.said),
            by: format!(
                "{}{}{how}",
                row.said_by.map_or_else(String::new, |by| format!("{by}, ")),
                plain::date(row.said_on)
            ),
            shares: match shares.is_empty() {
                true => String::new(),
                false => format!("May be shared with: {}", plain::list(&shares)),
            },
            said_words: row.words,
            said: row.said,
        }
    }

    fn team_line(&self, row: &Involvement) -> TeamLine {
        TeamLine {
            id: row.id,
            name: row.name.clone(),
            post: row.job_title.clone(),
            agency: self.label("agencies", &row.agency),
            phone: row.phone.clone(),
            email: row.email.clone(),
            since: plain::date(row.started_on),
            may_leave: !row.lead && row.role != "allocated" && row.team_id.is_none(),
        }
    }

    async fn clocks_of_help(&self, help: &EarlyHelp) -> Result<Vec<ClockView>> {
        let sql = format!(
            "select {} from clock where done_at is null and ((about_kind = 'early_help' \
             and about_id = $1) or (about_kind = 'step' and about_id = $2) \
             or (about_kind = 'plan' and about_id = $3)) order by due_at",
            Clock::COLUMNS.join(", ")
        );
        let text = |id: Option<String>| id.unwrap_or_default();
        let values = args![
            help.id,
            text(help.step_id.map(|id| id.to_string())),
            text(help.plan_id.map(|id| id.to_string()))
        ];
        let rows: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(rows.iter().map(|c| ClockView::of(c, self.pack())).collect())
    }

    /// A child's early help, open and ended.
    pub async fn early_help_of(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
    ) -> Result<ChildHelp> {
        let child = self
            .gate()
            .person(viewer, child, Asked::to_read(PAGE))
            .await?
            .ok_or(Error::NotFound)?;
        let sql = format!(
            "select {} from early_help h join early_help_child c on c.early_help_id = h.id \
             where c.person_id = $1 order by h.began_on desc, h.id desc",
            columns::<EarlyHelp>("h")
        );
        let rows: Vec<EarlyHelp> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![child.id])
            .await?;
        let open = rows.iter().find(|h| h.ended_on.is_none()).map(|h| h.id);
        let ended = rows
            .into_iter()
            .filter_map(|h| {
                let to = plain::date(h.ended_on?);
                let when = format!("{} to {to}", plain::date(h.began_on));
                Some((h.id, when, h.different))
            })
            .collect();
        Ok(ChildHelp { child, open, ended })
    }
}

/// "Rosa Mbeki, school nurse, 3 March to 4 June 2026: moved to another school".
fn led_before(ended: &[&Involvement]) -> Vec<String> {
    let mut rows: Vec<&&Involvement> = ended.iter().filter(|r| r.lead && !r.sensitive).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.ended_on));
    let mut lines: Vec<String> = Vec::new();
    for row in rows {
        let to: Option<NaiveDate> = row.ended_on;
        let line = format!(
            "{}, {}, {} to {}: {}",
            row.name,
            row.job_title.to_lowercase(),
            plain::date(row.started_on),
            to.map_or_else(String::new, plain::date),
            row.change_reason
                .as_deref()
                .unwrap_or("no reason is on record")
        );
        // A lead of two brothers is one line.
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn step_up(around: &Around) -> Option<StepUpLine> {
    let answer = around.answer.as_deref();
    Some(StepUpLine {
        reference: around.reference.clone()?,
        asked: plain::date_time(time::local(around.asked_at?)),
        outcome: answer.map(|code| crate::front_door::outcome_words(code).to_owned()),
        taken: matches!(answer, Some("referral" | "immediate_risk")),
        rationale: around.rationale.clone().filter(|_| answer.is_some()),
        by: around.decider.clone().filter(|_| answer.is_some()),
    })
}
