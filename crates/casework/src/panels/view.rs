//! Panels as pages show them: the list of sittings, one sitting with its
//! agenda and its quorum, one item with everything up to the letter, and what
//! waits for a decision.

use chrono::{DateTime, Utc};
use record::model::{Clock, PanelItem, PanelMember, PanelSitting};
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::decide::decision_words;
use super::items::away_names;
use super::{ItemForm, ItemSeen, Quorum, is_determination};
use crate::carers::sits_with_panels;
use crate::carers::terms::{Proposed, words_of};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

/// A sitting in the list.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SittingRow {
    /// The sitting.
    pub id: Id<ids::Sitting>,
    /// foster or adopt.
    pub kind: String,
    /// When.
    pub held_at: DateTime<Utc>,
    /// Where.
    pub place: Option<String>,
    /// planned or held.
    pub state: String,
    /// How many households are before it.
    pub items: i64,
    /// How many of them wait for a decision.
    pub waiting: i64,
}

/// A line of an agenda.
#[derive(Debug, Clone)]
pub struct AgendaRow {
    /// The item.
    pub id: Id<ids::PanelItem>,
    /// Its family, for the journal.
    family: Id<ids::Family>,
    /// The household.
    pub name: String,
    /// What it is about.
    pub kind: String,
    /// When the members had the papers, or that they have not.
    pub papers: String,
    /// What the panel recommended.
    pub recommendation: String,
    /// What was decided, and when.
    pub decision: String,
    /// What is due.
    pub due: Option<(&'static str, String)>,
}

/// One sitting.
#[derive(Debug, Clone)]
pub struct SittingView {
    /// The sitting.
    pub sitting: PanelSitting,
    /// "Thursday 3 December 2026 at 10am".
    pub when: String,
    /// Its members: name, seat, and whether they came.
    pub members: Vec<(PanelMember, String)>,
    /// The quorum, once it is written who came.
    pub quorum: Option<Quorum>,
    /// The agenda, with those whom the viewer may see.
    pub agenda: Listed<AgendaRow>,
    /// Whether the viewer prepares it.
    pub prepares: bool,
}

/// One item.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// The item with its household.
    pub seen: ItemSeen,
    /// What it is about.
    pub kind: String,
    /// When the panel sits or sat.
    pub when: String,
    /// The papers, in words.
    pub papers: String,
    /// The papers came too late, or not at all: in a sentence.
    pub papers_late: Option<String>,
    /// The terms that were asked for.
    pub terms: Option<String>,
    /// The panel's other terms.
    pub other: Option<String>,
    /// The recommendation, in words.
    pub recommendation: String,
    /// Who left the room.
    pub away: String,
    /// The decision in words; empty before it.
    pub decision: String,
    /// Who decided, and when.
    pub decided: String,
    /// When they were told.
    pub told: String,
    /// It goes against them: until when they may answer.
    pub determination: Option<String>,
    /// The quorum of this item.
    pub quorum: Quorum,
    /// What is due.
    pub clocks: Vec<ClockView>,
    /// Pages that can be opened now.
    pub forms: Vec<ItemForm>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    item: PanelItem,
    name: String,
    due_at: Option<DateTime<Utc>>,
}

impl Casework {
    /// All panels, the next first, then those that were. Households whose record
    /// is closed to the viewer are not counted.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that have nothing to do with panels.
    pub async fn panels(&self, viewer: &Viewer) -> Result<Vec<SittingRow>> {
        if !sits_with_panels(viewer) && !viewer.can("carers.record") && !viewer.can("case.oversee")
        {
            return Err(Error::NotFound);
        }
        let (counted, values) = self.gate().may_count(viewer, "q.person_id", 1);
        let counted = format!(
            "not exists (select 1 from carer_person q where q.carer_id = i.carer_id \
             and q.role = 'carer' and q.until is null and not {counted})"
        );
        let sql = format!(
            "select s.id, s.kind, s.held_at, s.place, s.state, \
             (select count(*) from panel_item i where i.sitting_id = s.id \
              and {counted}) as items, \
             (select count(*) from panel_item i where i.sitting_id = s.id \
              and i.recommendation in ('yes', 'other', 'no') and i.decision is null \
              and {counted}) as waiting \
             from panel_sitting s \
             order by case s.state when 'planned' then 0 else 1 end, \
             case s.state when 'planned' then s.held_at end, s.held_at desc limit 60"
        );
        let db = self.store().read_db();
        Ok(db.all(AssertSqlSafe(sql), values).await?)
    }

    /// One sitting with its agenda.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn sitting_view(&self, viewer: &Viewer, id: Id<ids::Sitting>) -> Result<SittingView> {
        let (sitting, members) = self.sitting(viewer, id).await?;
        let agenda = self
            .agenda(viewer, "i.sitting_id = $1", args![id], "panel")
            .await?;
        let quorum = members
            .iter()
            .any(|m| m.came.is_some())
            .then(|| Quorum::of(&members, &[], self.quorum_least()));
        Ok(SittingView {
            when: plain::date_time(time::local(sitting.held_at)),
            members: members
                .into_iter()
                .map(|m| {
                    let seat = self.label("panel-seat", &m.seat);
                    (m, seat)
                })
                .collect(),
            quorum,
            agenda,
            prepares: viewer.can("panel.advise"),
            sitting,
        })
    }

    /// What waits for the viewer's decision, or its minutes.
    ///
    /// # Errors
    /// When the record fails.
    pub async fn to_decide(&self, viewer: &Viewer) -> Result<Listed<AgendaRow>> {
        let kind = match (
            viewer.can("panel.decide_fostering"),
            viewer.can("panel.decide_adoption"),
        ) {
            (true, false) => "foster",
            (false, true) => "adopt",
            _ => "both",
        };
        let condition = "i.final_on is null and i.recommendation in ('yes', 'other', 'no') \
             and (s.kind = $1 or $1 = 'both')";
        self.agenda(viewer, condition, args![kind], "to-decide")
            .await
    }

    /// Items whose households the viewer may see. One statement.
    async fn agenda(
        &self,
        viewer: &Viewer,
        condition: &'static str,
        mut values: Vec<record::Value>,
        page: &str,
    ) -> Result<Listed<AgendaRow>> {
        let (open, more) =
            self.gate()
                .may_see(viewer, Asked::to_read(page), "p.id", values.len() + 1);
        values.extend(more);
        let columns: Vec<String> = <PanelItem as record::Entity>::COLUMNS
            .iter()
            .map(|c| format!("i.{c}"))
            .collect();
        let sql = format!(
            "select {}, c.name, (select min(k.due_at) from clock k where k.about_kind = 'panel_item' \
             and k.about_id = i.id and k.done_at is null) as due_at \
             from panel_item i join carer c on c.id = i.carer_id \
             join panel_sitting s on s.id = i.sitting_id where {condition} \
             and not exists (select 1 from carer_person q join person p on p.id = q.person_id \
             where q.carer_id = c.id and q.role = 'carer' and q.until is null and not {open}) \
             order by i.id limit 80",
            columns.join(", ")
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows: Vec<AgendaRow> = found.into_iter().map(|f| self.agenda_row(f)).collect();
        Ok(self
            .gate()
            .listed(viewer, page, rows, |row: &AgendaRow| {
                vec![format!("family:{}", row.family)]
            })
            .await?)
    }

    fn agenda_row(&self, found: Found) -> AgendaRow {
        let item = found.item;
        AgendaRow {
            id: item.id,
            family: item.family_id,
            name: found.name,
            kind: self.label("panel-item", &item.kind),
            papers: match item.papers_on {
                Some(day) => format!("Sent {}", plain::date(day)),
                None => "Not sent yet".into(),
            },
            recommendation: recommendation_words(item.recommendation.as_deref()).to_owned(),
            decision: match (item.decision.as_deref(), item.decided_on) {
                (Some(decision), Some(day)) => {
                    format!("{}, {}", decision_words(decision), plain::date(day))
                }
                _ => String::new(),
            },
            due: found.due_at.map(crate::care::board::due_words),
        }
    }

    /// One item with everything.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn item_view(&self, viewer: &Viewer, id: Id<ids::PanelItem>) -> Result<ItemView> {
        let seen = self
            .panel_item(viewer, id, Asked::to_read("panel-item"))
            .await?;
        let item = &seen.item;
        let clocks: Vec<Clock> = self
            .rows_of(
                "about_kind = 'panel_item' and about_id = $1 and done_at is null order by due_at",
                args![id],
            )
            .await?;
        let who = match item.decided_by {
            Some(worker) => self.worker_name(worker).await?,
            None => String::new(),
        };
        let papers: Vec<String> = words_of(&item.papers)
            .iter()
            .map(|code| crate::people::network::lower_first(&self.label("panel-papers", code)))
            .collect();
        let away = words_of(&item.away);
        let sits = super::day_of(&seen.sitting);
        let days = self.pack().working_days();
        let papers_late = match item.papers_on {
            None => Some("It is not written when the members had the papers.".to_owned()),
            Some(day) if days.between(day, sits) < 5 => Some(format!(
                "The members had the papers {} before the panel. The standard is 5 (National Minimum Standards 14.3).",
                plain::count(
                    days.between(day, sits).max(0),
                    "working day",
                    "working days"
                )
            )),
            Some(_) => None,
        };
        Ok(ItemView {
            kind: self.label("panel-item", &item.kind),
            when: plain::date_time(time::local(seen.sitting.held_at)),
            papers: plain::list(&papers),
            papers_late,
            terms: Proposed::of_json(&item.terms).map(|t| self.terms_words(&t)),
            other: item
                .terms
                .get("other")
                .and_then(Proposed::of_json)
                .map(|t| self.terms_words(&t)),
            recommendation: recommendation_words(item.recommendation.as_deref()).to_owned(),
            away: plain::list(&away_names(item, &seen.members)),
            decision: match item.decision.as_deref() {
                Some(decision) => decision_words(decision).to_owned(),
                None => String::new(),
            },
            decided: match item.decided_on {
                Some(day) => format!("{who}, {}", plain::date(day)),
                None => String::new(),
            },
            told: told_words(item),
            determination: is_determination(item).then(|| match (item.told_on, item.final_on) {
                (_, Some(day)) => format!("Final since {}.", plain::date(day)),
                (Some(day), None) => format!(
                    "They may answer, or ask for an independent review, until {}.",
                    plain::date(day + chrono::Days::new(28))
                ),
                (None, None) => "The 28 days begin with the letter.".into(),
            }),
            quorum: Quorum::of(&seen.members, &away, self.quorum_least()),
            clocks: clocks
                .iter()
                .map(|clock| ClockView::of(clock, self.pack()))
                .collect(),
            forms: ItemForm::ALL
                .into_iter()
                .filter(|form| form.fits(item) && form.is_for(viewer, &seen.sitting))
                .collect(),
            seen,
        })
    }

    /// An item as a line of the household's record.
    pub(crate) fn item_line(&self, item: &PanelItem) -> crate::carers::view::Entry {
        crate::carers::view::Entry {
            when: item
                .decided_on
                .or(item.recommended_on)
                .map(plain::date)
                .unwrap_or_default(),
            title: self.label("panel-item", &item.kind),
            words: match item.decision.as_deref() {
                Some(decision) => format!("Decided: {}", decision_words(decision)),
                None => format!(
                    "Recommended: {}",
                    recommendation_words(item.recommendation.as_deref())
                ),
            },
        }
    }
}

fn recommendation_words(recommendation: Option<&str>) -> &'static str {
    match recommendation {
        Some("yes") => "yes, as asked",
        Some("other") => "yes, on other terms",
        Some("no") => "no",
        Some("defer") => "not yet: more is needed",
        _ => "not heard yet",
    }
}

fn told_words(item: &PanelItem) -> String {
    let person = item
        .told_words_on
        .map(|day| format!("in person on {}", plain::date(day)));
    let letter = item
        .told_on
        .map(|day| format!("in writing on {}", plain::date(day)));
    let both: Vec<String> = [person, letter].into_iter().flatten().collect();
    plain::list(&both)
}
