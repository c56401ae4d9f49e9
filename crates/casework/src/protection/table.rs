//! The table of a meeting: who belongs there by the pack, who came, who is
//! missing and why. Nobody is ticked in advance (UX08), and a missing partner
//! asks for its reason (R003-24, UX09).

use packs::{Finding, MeetingDef, Need, Severity};
use record::model::{Meeting, MeetingPerson};
use record::{AssertSqlSafe, Entity, Tx, args};
use vocabulary::{Id, ids};

use crate::meetings::{attendance, fill};
use crate::plans::network::Known;
use crate::plans::some;
use crate::{Casework, Result};

/// A place at the table as a page shows it.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The row.
    pub row: MeetingPerson,
    /// What the place is called, "Police"; the agency for a guest.
    pub title: String,
    /// Why they belong there.
    pub why: String,
    /// Whether an empty place asks for its reason.
    pub asked: bool,
}

/// What was posted about one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seated {
    /// The row, or nothing for somebody new.
    pub row: Option<Id<ids::Attendance>>,
    /// Their name.
    pub name: String,
    /// Their agency, a code of the pack.
    pub agency: String,
    /// came, sent_views, absent, or nothing.
    pub came: String,
    /// Why they were not there.
    pub absent_why: String,
    /// What they think.
    pub views: String,
    /// Where they disagree.
    pub dissent: String,
}

impl Seated {
    fn is_empty(&self) -> bool {
        self.row.is_none() && self.name.trim().is_empty() && self.came.is_empty()
    }
}

impl Casework {
    /// Lays the table: each place of the pack's meeting, with those of the
    /// network who fill it, none of them ticked.
    pub(crate) async fn lay_table(
        &self,
        tx: &mut Tx,
        meeting: &Meeting,
        def: &MeetingDef,
        known: &[Known],
    ) -> Result<()> {
        for partner in &def.partners {
            let fills = |k: &&Known| partner.agencies.contains(&k.agency);
            let mut here: Vec<&Known> = known.iter().filter(fills).collect();
            // One row for an agency; the family is named, each of it.
            if !partner.agencies.iter().any(|a| a == "family") {
                here.truncate(1);
            }
            if here.is_empty() {
                let agency = partner.agencies.first().map_or("", String::as_str);
                let mut row = attendance(meeting, "", agency);
                row.role.clone_from(&partner.title);
                row.place = Some(partner.id.clone());
                tx.insert(&row).await?;
            }
            for known in here {
                let mut row = attendance(meeting, &known.name, &known.agency);
                fill(&mut row, known);
                row.place = Some(partner.id.clone());
                tx.insert(&row).await?;
            }
        }
        Ok(())
    }

    /// The table as it stands.
    pub(crate) async fn seats(&self, meeting: &Meeting, def: &MeetingDef) -> Result<Vec<Seat>> {
        let rows = self.people_of(meeting.id).await?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let place = row.place.as_deref();
                let partner = def.partners.iter().find(|p| Some(p.id.as_str()) == place);
                Seat {
                    title: partner
                        .map_or_else(|| self.label("agencies", &row.agency), |p| p.title.clone()),
                    why: partner.map(|p| p.why.clone()).unwrap_or_default(),
                    asked: partner.is_some_and(|p| p.need != Need::Expected),
                    row,
                }
            })
            .collect())
    }
}

/// Writes down who came. Those listed are found by their row; others are
/// added; nobody is taken out.
pub(crate) async fn seat(
    tx: &mut Tx,
    meeting: &Meeting,
    def: &MeetingDef,
    posted: &[Seated],
) -> Result<Vec<MeetingPerson>> {
    let sql = format!(
        "select {} from meeting_person where meeting_id = $1 order by id",
        MeetingPerson::COLUMNS.join(", ")
    );
    let mut rows: Vec<MeetingPerson> = tx.all(AssertSqlSafe(sql), args![meeting.id]).await?;
    for one in posted.iter().filter(|one| !one.is_empty()) {
        let found = rows.iter().position(|row| Some(row.id) == one.row);
        let mut row = match found {
            Some(i) => rows[i].clone(),
            None => {
                let mut row = attendance(meeting, &one.name, &one.agency);
                row.place = def.partner_of(&one.agency).map(|p| p.id.clone());
                row
            }
        };
        if let Some(name) = some(&one.name) {
            row.name = name;
        }
        if found.is_some() && !one.agency.is_empty() {
            row.agency.clone_from(&one.agency);
        }
        row.came = some(&one.came);
        row.absent_why = (one.came != "came")
            .then(|| some(&one.absent_why))
            .flatten();
        row.views = some(&one.views);
        row.dissent = some(&one.dissent);
        match found {
            Some(i) if rows[i] != row => {
                tx.update(&mut row).await?;
                rows[i] = row;
            }
            Some(_) => {}
            None => {
                tx.insert(&row).await?;
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// What is missing at the table: for each place that asks for it, somebody who
/// came, or the reason why nobody did (R003-24). `seats` are the rows before,
/// `posted` what was answered about them and about guests, by position.
pub(crate) fn missing(def: &MeetingDef, seats: &[Seat], posted: &[Seated]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let stop = |field: String, label: &str, message: String| Finding {
        field,
        label: label.to_owned(),
        message,
        severity: Severity::Stop,
    };
    for (i, one) in posted.iter().enumerate() {
        if one.came == "came" && one.name.trim().is_empty() {
            let title = seats.get(i).map_or("them", |seat| seat.title.as_str());
            findings.push(stop(
                format!("seat.{i}.name"),
                title,
                format!("Write who took part for {}", title.to_lowercase()),
            ));
        }
    }
    for partner in def.partners.iter().filter(|p| p.need != Need::Expected) {
        let fills = |(i, one): &(usize, &Seated)| {
            let placed = seats
                .get(*i)
                .is_some_and(|seat| seat.row.place.as_deref() == Some(partner.id.as_str()));
            placed || partner.agencies.contains(&one.agency)
        };
        let here: Vec<(usize, &Seated)> = posted.iter().enumerate().filter(fills).collect();
        if here.iter().any(|(_, one)| one.came == "came") {
            continue;
        }
        let first = here.first().map_or(0, |(i, _)| *i);
        let title = partner.title.to_lowercase();
        if partner.need == Need::Must {
            findings.push(stop(
                format!("seat.{first}.came"),
                &partner.title,
                format!(
                    "{} must take part: {}",
                    partner.title,
                    partner.why.to_lowercase()
                ),
            ));
        } else if here.iter().all(|(_, one)| one.absent_why.trim().is_empty()) {
            findings.push(stop(
                format!("seat.{first}.absent_why"),
                &partner.title,
                format!("Write why nobody took part for {title}"),
            ));
        }
    }
    findings
}
