//! The fostering and permanence panel, and the adoption panel (R004-08): a
//! sitting with its members and quorum; what is before it, one household at a
//! time, with papers, interests, a recommendation and reasons; then the agency
//! decision-maker's decision, who is told when, and the answer to a
//! determination.
//!
//! A sitting is no meeting of a family: it has its own members and hears many
//! households on one day, each sealed under its own key. So it has rows of its
//! own, and each item leads to one household.

mod decide;
mod items;
pub mod view;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{PanelItem, PanelMember, PanelSitting};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids};

use crate::asking::{self, Done, Sheet};
use crate::carers::{CarerSeen, sits_with_panels};
use crate::{Casework, Error, Result, time};

/// A page about something before a panel, with one form on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemForm {
    /// What the panel recommends.
    Recommend,
    /// The decision-maker has the final minutes.
    Minutes,
    /// The decision.
    Decide,
    /// They were told.
    Told,
    /// Their answer to a determination.
    Answer,
    /// The final decision after it.
    Final,
}

impl ItemForm {
    /// Every page, in order.
    pub const ALL: [ItemForm; 6] = [
        ItemForm::Recommend,
        ItemForm::Minutes,
        ItemForm::Decide,
        ItemForm::Told,
        ItemForm::Answer,
        ItemForm::Final,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            ItemForm::Recommend => "recommend",
            ItemForm::Minutes => "minutes",
            ItemForm::Decide => "decide",
            ItemForm::Told => "told",
            ItemForm::Answer => "answer",
            ItemForm::Final => "final",
        }
    }

    /// The form that is filled in there. The exploitation panel decides on a
    /// form of its own.
    pub(super) fn form(self) -> String {
        match self {
            ItemForm::Decide => "panel-decision".to_owned(),
            other => format!("panel-{}", other.word()),
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            ItemForm::Recommend => "Record the recommendation",
            ItemForm::Minutes => "The decision-maker has the final minutes",
            ItemForm::Decide => "Decide",
            ItemForm::Told => "Say when they were told",
            ItemForm::Answer => "Record their answer",
            ItemForm::Final => "Record the final decision",
        }
    }

    /// The page with this word.
    pub fn of(word: &str) -> Option<ItemForm> {
        ItemForm::ALL.into_iter().find(|form| form.word() == word)
    }

    /// Whether it is the moment for this page.
    pub fn fits(self, item: &PanelItem) -> bool {
        let recommended = item.recommendation.as_deref().is_some_and(|r| r != "defer");
        match self {
            ItemForm::Recommend => item.decision.is_none(),
            ItemForm::Minutes => {
                recommended && item.minutes_on.is_none() && item.decision.is_none()
            }
            ItemForm::Decide => recommended && item.minutes_on.is_some() && item.decision.is_none(),
            ItemForm::Told => item.decision.is_some() && item.told_on.is_none(),
            ItemForm::Answer => is_open_determination(item) && item.answer.is_none(),
            ItemForm::Final => {
                is_open_determination(item) && item.answer.as_deref().is_some_and(|a| a != "none")
            }
        }
    }

    /// Whether the viewer's post does this.
    pub(crate) fn is_for(self, viewer: &Viewer, sitting: &PanelSitting) -> bool {
        match self {
            ItemForm::Decide | ItemForm::Final => viewer.can(decides(&sitting.kind)),
            ItemForm::Recommend | ItemForm::Minutes => viewer.can("panel.advise"),
            ItemForm::Told | ItemForm::Answer => {
                viewer.can("panel.advise")
                    || viewer.can("carers.record")
                    || viewer.can(decides(&sitting.kind))
            }
        }
    }
}

/// The capability that decides after a panel of a kind.
fn decides(kind: &str) -> &'static str {
    match kind {
        "adopt" => "panel.decide_adoption",
        _ => "panel.decide_fostering",
    }
}

/// A decision against the household of which they were told in writing, with
/// the time to answer still running or an answer still open. A decision on a
/// match is no determination of suitability.
pub(crate) fn is_open_determination(item: &PanelItem) -> bool {
    item.told_on.is_some() && item.final_on.is_none() && is_determination(item)
}

/// Whether a decision goes against the household, so that it has 28 days.
pub(crate) fn is_determination(item: &PanelItem) -> bool {
    let about_them = !matches!(item.kind.as_str(), "permanence" | "adopt_match");
    let against = match item.kind.as_str() {
        "end" => item.decision.as_deref() == Some("yes"),
        _ => item.decision.as_deref().is_some_and(|d| d != "yes"),
    };
    about_them && against
}

/// Who came, and whether that is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quorum {
    /// How many came and stayed.
    pub there: usize,
    /// How many there must be.
    pub of: usize,
    /// What is missing, in words; empty if nothing is.
    pub missing: Vec<String>,
}

impl Quorum {
    /// Counts those who came and did not leave.
    pub fn of(members: &[PanelMember], away: &[String], least: usize) -> Quorum {
        let there: Vec<&PanelMember> = members
            .iter()
            .filter(|m| m.came == Some(true) && !away.contains(&m.id.to_string()))
            .collect();
        let has = |seat: &str| there.iter().any(|m| m.seat == seat);
        let mut missing = Vec::new();
        if there.len() < least {
            missing.push(format!("{} of {least} members", there.len()));
        }
        if !has("chair") && !has("vice_chair") {
            missing.push("no chair and no vice chair".into());
        }
        if !has("social_worker") {
            missing.push("no social worker with 3 years’ experience".into());
        }
        let vice_independent = there
            .iter()
            .any(|m| m.seat == "vice_chair" && m.independent);
        let independent = there
            .iter()
            .any(|m| m.independent && m.seat != "vice_chair");
        if !has("chair") && has("vice_chair") && !vice_independent && !independent {
            missing.push("no independent member while the chair is away".into());
        }
        Quorum {
            there: there.len(),
            of: least,
            missing,
        }
    }

    /// Whether the panel may do its business.
    pub fn met(&self) -> bool {
        self.missing.is_empty()
    }
}

/// An item with its sitting and its household.
#[derive(Debug, Clone)]
pub struct ItemSeen {
    /// The item.
    pub item: PanelItem,
    /// The sitting.
    pub sitting: PanelSitting,
    /// Its members.
    pub members: Vec<PanelMember>,
    /// The household.
    pub seen: CarerSeen,
}

impl Casework {
    /// How many members make a quorum.
    pub(crate) fn quorum_least(&self) -> usize {
        self.pack()
            .standard("panel-quorum", time::today())
            .map_or(5, |standard| standard.amount as usize)
    }

    /// The page on which a panel is planned.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not prepare panels.
    pub fn ask_sitting(&self, viewer: &Viewer) -> Result<Sheet> {
        if !viewer.can("panel.advise") {
            return Err(Error::NotFound);
        }
        let form = self.form("panel-sitting")?;
        let mut sheet = Sheet::new(form, "/panels/new".into(), "/panels".into());
        sheet.button = "Save the panel".into();
        Ok(sheet)
    }

    /// Plans a panel. The members of the last one of its kind are asked again.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_sitting(
        &self,
        viewer: &Viewer,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_sitting(viewer)?;
        sheet.check(answers)?;
        let at = answers
            .date_time("at")
            .ok_or_else(|| Error::finding("at", "When?", "Write the day and the time"))?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let row = PanelSitting {
            id: Id::new(),
            kind: answers.text("kind").to_owned(),
            held_at: time::from_local(at),
            place: asking::said(answers, "place"),
            state: "planned".into(),
            minutes: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        tx.insert(&row).await?;
        let last: Vec<PanelMember> = asking::rows(
            &mut tx,
            "sitting_id = (select s.id from panel_sitting s where s.kind = $1 and s.id <> $2 \
             order by s.held_at desc limit 1) order by id",
            args![row.kind.clone(), row.id],
        )
        .await?;
        for member in last {
            tx.insert(&PanelMember {
                id: Id::new(),
                sitting_id: row.id,
                came: None,
                version: 1,
                ..member
            })
            .await?;
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(
            "The panel is planned.",
            format!("/panels/{}", row.id),
        ))
    }

    /// A sitting and its members: no household, so no look.
    pub(crate) async fn sitting(
        &self,
        viewer: &Viewer,
        id: Id<ids::Sitting>,
    ) -> Result<(PanelSitting, Vec<PanelMember>)> {
        if !sits_with_panels(viewer) && !viewer.can("carers.record") && !viewer.can("case.oversee")
        {
            return Err(Error::NotFound);
        }
        let rows: Vec<PanelSitting> = self.rows_of("id = $1", args![id]).await?;
        let sitting = rows.into_iter().next().ok_or(Error::NotFound)?;
        let members = self
            .rows_of("sitting_id = $1 order by id", args![id])
            .await?;
        Ok((sitting, members))
    }

    /// The page on which a member is added.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not prepare panels.
    pub async fn ask_member(&self, viewer: &Viewer, id: Id<ids::Sitting>) -> Result<Sheet> {
        let (sitting, _) = self.sitting(viewer, id).await?;
        if !viewer.can("panel.advise") {
            return Err(Error::NotFound);
        }
        let back = format!("/panels/{}", sitting.id);
        let mut sheet = Sheet::new(self.form("panel-member")?, format!("{back}/member"), back);
        sheet.button = "Add to the panel".into();
        Ok(sheet)
    }

    /// Adds a member.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_member(
        &self,
        viewer: &Viewer,
        id: Id<ids::Sitting>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_member(viewer, id).await?;
        sheet.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let row = PanelMember {
            id: Id::new(),
            sitting_id: id,
            name: answers.text("name").trim().to_owned(),
            seat: answers.text("seat").to_owned(),
            independent: answers.text("independent") == "yes",
            came: None,
            version: 1,
        };
        tx.insert(&row).await?;
        tx.commit().await?;
        let words = format!("{} is on the panel.", row.name);
        Ok(Done::new(words, sheet.back))
    }

    /// The page on which it is written who came.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that do not prepare panels.
    pub async fn ask_came(&self, viewer: &Viewer, id: Id<ids::Sitting>) -> Result<Sheet> {
        let (sitting, members) = self.sitting(viewer, id).await?;
        if !viewer.can("panel.advise") {
            return Err(Error::NotFound);
        }
        let back = format!("/panels/{}", sitting.id);
        let mut sheet = Sheet::new(self.form("panel-came")?, format!("{back}/came"), back);
        sheet.button = "Save who came".into();
        sheet.offer("came", self.member_choices(&members));
        let came = members.iter().filter(|m| m.came == Some(true));
        sheet
            .answers
            .set_list("came", came.map(|m| m.id.to_string()));
        sheet.known("minutes", &sitting.minutes);
        Ok(sheet)
    }

    /// Keeps who came. Saving again puts it right.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_came(
        &self,
        viewer: &Viewer,
        id: Id<ids::Sitting>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.ask_came(viewer, id).await?;
        sheet.check(answers)?;
        let (_, mut members) = self.sitting(viewer, id).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        for member in &mut members {
            let came = Some(answers.has("came", member.id.as_str()));
            if member.came != came {
                member.came = came;
                tx.update(member).await?;
            }
        }
        let mut sitting: PanelSitting = tx.get(id).await?;
        sitting.state = "held".into();
        sitting.minutes = asking::said(answers, "minutes");
        tx.update(&mut sitting).await?;
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let quorum = Quorum::of(&members, &[], self.quorum_least());
        let words = match quorum.met() {
            true => "Saved. The panel is quorate.".to_owned(),
            false => format!(
                "Saved. The panel is not quorate: {}.",
                quorum.missing.join("; ")
            ),
        };
        Ok(Done::new(words, sheet.back))
    }

    pub(crate) fn member_choices(&self, members: &[PanelMember]) -> Vec<(String, String)> {
        members
            .iter()
            .map(|m| {
                let seat = crate::people::network::lower_first(&self.label("panel-seat", &m.seat));
                (m.id.to_string(), format!("{}, {seat}", m.name))
            })
            .collect()
    }

    /// Something before a panel, for whom its household is open.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn panel_item(
        &self,
        viewer: &Viewer,
        id: Id<ids::PanelItem>,
        asked: Asked<'_>,
    ) -> Result<ItemSeen> {
        let rows: Vec<PanelItem> = self.rows_of("id = $1", args![id]).await?;
        let item = rows.into_iter().next().ok_or(Error::NotFound)?;
        let seen = self.carer(viewer, item.carer_id, asked).await?;
        let sittings: Vec<PanelSitting> = self.rows_of("id = $1", args![item.sitting_id]).await?;
        let sitting = sittings.into_iter().next().ok_or(Error::NotFound)?;
        let members = self
            .rows_of("sitting_id = $1 order by id", args![item.sitting_id])
            .await?;
        Ok(ItemSeen {
            item,
            sitting,
            members,
            seen,
        })
    }
}

/// The day of a sitting in England.
pub(crate) fn day_of(sitting: &PanelSitting) -> NaiveDate {
    time::local(sitting.held_at).date()
}
