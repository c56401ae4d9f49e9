//! The record of a household as a page shows it: where it stands, its people,
//! terms and places, what is due, and everything that happened.

use record::model::{
    AdoptionMatch, CarerCheck, CarerConcern, CarerEvent, CarerExemption, CarerTerms, Clock,
    PanelItem,
};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::terms::Proposed;
use super::{CarerForm, CarerSeen, is_foster};
use crate::clocks::ClockView;
use crate::{Casework, Result, time};

/// A line of the record.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// When.
    pub when: String,
    /// What.
    pub title: String,
    /// In words.
    pub words: String,
}

/// A concern as a line, and whether it is open.
#[derive(Debug, Clone)]
pub struct ConcernLine {
    /// Which.
    pub id: Id<ids::Part>,
    /// "Allegation of harm, told on 3 March 2026".
    pub title: String,
    /// What was said, and what came of it.
    pub words: String,
    /// Nothing has come of it yet.
    pub open: bool,
}

/// A child who lives there.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Living {
    person_id: Id<ids::Person>,
    started_on: chrono::NaiveDate,
    ended_on: Option<chrono::NaiveDate>,
    given: String,
    known_as: Option<String>,
}

/// The record of a household.
#[derive(Debug, Clone)]
pub struct CarerRecord {
    /// The household with its people.
    pub seen: CarerSeen,
    /// Where it stands.
    pub stage: String,
    /// "since 3 March 2026".
    pub since: String,
    /// Its worker's name.
    pub worker: Option<String>,
    /// Terms now, in a line.
    pub terms: Option<String>,
    /// "2 places, 1 free".
    pub places: Option<String>,
    /// More children than places or than the usual limit: in a sentence.
    pub over: Option<String>,
    /// Not free until, and why.
    pub away: Option<String>,
    /// Exemptions in force.
    pub exemptions: Vec<Entry>,
    /// What is due, the next first.
    pub clocks: Vec<ClockView>,
    /// The last check of each kind and person.
    pub checks: Vec<Entry>,
    /// Concerns, open ones first.
    pub concerns: Vec<ConcernLine>,
    /// Matches with children, without their names.
    pub matches: Vec<(Id<ids::Match>, Entry)>,
    /// What came before panels.
    pub panels: Vec<(Id<ids::PanelItem>, Entry)>,
    /// Everything else, the last first.
    pub events: Vec<Entry>,
    /// Children who live or lived there, the last first (R004-09).
    pub children: Vec<Entry>,
    /// Pages that can be opened now.
    pub forms: Vec<CarerForm>,
    /// Whether something can be put before a panel.
    pub panel: bool,
    /// Whether the viewer writes here.
    pub writes: bool,
}

impl Casework {
    /// The record of a household.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] if there is none for this viewer.
    pub async fn carer_record(&self, viewer: &Viewer, id: Id<ids::Carer>) -> Result<CarerRecord> {
        let seen = self.carer(viewer, id, Asked::to_read("carer")).await?;
        let carer = &seen.carer;
        let terms: Vec<CarerTerms> = self
            .rows_of("carer_id = $1 and until is null", args![id])
            .await?;
        // Terms are of those who foster, matches of those who adopt.
        let exemptions: Vec<CarerExemption> = match is_foster(carer) {
            false => Vec::new(),
            true => {
                self.rows_of(
                    "carer_id = $1 and (until is null or until >= $2) order by since desc",
                    args![id, viewer.today],
                )
                .await?
            }
        };
        let checks: Vec<CarerCheck> = self
            .rows_of("carer_id = $1 order by done_on desc, id desc", args![id])
            .await?;
        let events: Vec<CarerEvent> = self
            .rows_of(
                "carer_id = $1 order by happened_on desc, made_at desc limit 60",
                args![id],
            )
            .await?;
        let concerns: Vec<CarerConcern> = self
            .rows_of(
                "carer_id = $1 order by case when closed_on is null then 0 else 1 end, \
                 reported_on desc",
                args![id],
            )
            .await?;
        let matches: Vec<AdoptionMatch> = match is_foster(carer) {
            true => Vec::new(),
            false => {
                self.rows_of("carer_id = $1 order by id desc", args![id])
                    .await?
            }
        };
        let items: Vec<PanelItem> = self
            .rows_of("carer_id = $1 order by id desc", args![id])
            .await?;
        let clocks: Vec<Clock> = self
            .rows_of(
                "family_id = $1 and done_at is null and about_kind in \
                 ('carer', 'carer_check', 'carer_concern', 'panel_item', 'match') order by due_at",
                args![carer.family_id],
            )
            .await?;
        let living = self.living_with(viewer, id).await?;
        let worker = match carer.worker_id {
            Some(worker) => Some(self.worker_name(worker).await?),
            None => None,
        };
        let now = living.iter().filter(|l| l.ended_on.is_none()).count() as i64;
        let proposed = terms.first().map(Proposed::from);
        let exempt = |kind: &str| exemptions.iter().any(|e| e.kind == kind);
        let over = proposed.as_ref().and_then(|terms| {
            if now > terms.places && !exempt("terms") {
                return Some(format!(
                    "{} live there, and the terms are for {}. No exemption is on record.",
                    plain::count(now, "child", "children"),
                    terms.places
                ));
            }
            (now > self.usual_limit() && !exempt("usual_limit")).then(|| {
                format!(
                    "{} live there: more than the usual limit of {}. Unless all are brothers and sisters, an exemption must be on record.",
                    plain::count(now, "foster child", "foster children"),
                    self.usual_limit()
                )
            })
        });
        let writes = viewer.can("carers.record") || viewer.can("case.oversee");
        let record = CarerRecord {
            stage: self.label("carer-stage", &carer.stage),
            since: plain::date(carer.stage_on),
            worker,
            places: proposed.as_ref().filter(|_| is_foster(carer)).map(|t| {
                format!(
                    "{}, {} free",
                    plain::count(t.places, "place", "places"),
                    (t.places - now).max(0)
                )
            }),
            terms: proposed.as_ref().map(|t| self.terms_words(t)),
            over,
            away: carer
                .away_until
                .filter(|day| *day > viewer.today)
                .map(|day| {
                    let why = carer.away_why.clone().unwrap_or_default();
                    format!("Not free until {}: {why}", plain::date(day))
                }),
            exemptions: exemptions.iter().map(exemption_line).collect(),
            clocks: clocks
                .iter()
                .map(|clock| ClockView::of(clock, self.pack()))
                .collect(),
            checks: self.last_checks(&seen, checks),
            concerns: concerns.iter().map(|c| self.concern_line(c)).collect(),
            matches: matches
                .iter()
                .map(|row| {
                    let entry = Entry {
                        when: plain::date(row.ended_on.unwrap_or(row.proposed_on)),
                        title: crate::adopting::state_words(&row.state).to_owned(),
                        words: String::new(),
                    };
                    (row.id, entry)
                })
                .collect(),
            panels: items
                .iter()
                .map(|item| (item.id, self.item_line(item)))
                .collect(),
            events: events.iter().map(|e| self.event_line(e)).collect(),
            children: living.iter().map(child_line).collect(),
            forms: CarerForm::ALL
                .into_iter()
                .filter(|form| writes && form.fits(carer))
                .collect(),
            panel: writes && matches!(carer.stage.as_str(), "ready" | "approved"),
            writes,
            seen,
        };
        Ok(record)
    }

    /// The usual fostering limit of the pack: three.
    pub fn usual_limit(&self) -> i64 {
        self.pack()
            .standard("fostering-limit", time::today())
            .map_or(3, |standard| i64::from(standard.amount))
    }

    /// Children who live or lived with a household, whom the viewer may know
    /// of, those who live there now first.
    async fn living_with(&self, viewer: &Viewer, id: Id<ids::Carer>) -> Result<Vec<Living>> {
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::index("carer"), "p.id", 2);
        let mut values = args![id];
        values.extend(more);
        let sql = format!(
            "select p.id as person_id, h.started_on, h.ended_on, p.given, p.known_as \
             from placement h \
             join person p on p.id = h.person_id where h.carer_id = $1 and {open} \
             order by case when h.ended_on is null then 0 else 1 end, h.started_on desc limit 80"
        );
        let db = self.store().read_db();
        let rows: Vec<Living> = db.all(record::AssertSqlSafe(sql), values).await?;
        let about = |row: &Living| vec![format!("person:{}", row.person_id)];
        let listed = self.gate().listed(viewer, "carer", rows, about).await?;
        Ok(listed.into_iter().collect())
    }

    fn last_checks(&self, seen: &CarerSeen, checks: Vec<CarerCheck>) -> Vec<Entry> {
        let mut shown: Vec<(String, Option<Id<ids::Person>>)> = Vec::new();
        let mut lines = Vec::new();
        for check in checks {
            let key = (check.kind.clone(), check.person_id);
            if shown.contains(&key) {
                continue;
            }
            shown.push(key);
            let who = check
                .person_id
                .and_then(|id| seen.people.iter().find(|(_, p)| p.id == id))
                .map(|(_, p)| format!(": {}", p.name()))
                .unwrap_or_default();
            let mut words = match check.result.as_str() {
                "clear" => "Nothing that matters".to_owned(),
                _ => check.words.clone().unwrap_or_default(),
            };
            if let Some(day) = check.expires_on {
                words = format!("{words}. Again by {}", plain::date(day));
            }
            lines.push(Entry {
                when: plain::date(check.done_on),
                title: format!("{}{who}", self.label("carer-checks", &check.kind)),
                words,
            });
        }
        lines
    }

    fn concern_line(&self, row: &CarerConcern) -> ConcernLine {
        let mut words = row.words.clone();
        if let (Some(outcome), Some(day)) = (&row.outcome, row.closed_on) {
            words = format!(
                "{words} {} ({}). {}",
                self.label("carer-concern-outcome", outcome),
                plain::date(day),
                row.outcome_words.clone().unwrap_or_default()
            );
        }
        ConcernLine {
            id: row.id,
            title: format!(
                "{}, told on {}",
                self.label("carer-concern-kind", &row.kind),
                plain::date(row.reported_on)
            ),
            words,
            open: row.closed_on.is_none(),
        }
    }

    fn event_line(&self, row: &CarerEvent) -> Entry {
        let label = |set: &str| {
            let code = row.detail.clone().unwrap_or_default();
            self.label(set, &code)
        };
        let title = match row.kind.as_str() {
            "visit" => label("carer-visit-kind"),
            "training" => format!("Training: {}", label("carer-training")),
            "first-visit" => "First visit".into(),
            "stage-1" => "Stage 1 began".into(),
            "stage-1-done" => "Stage 1 was decided".into(),
            "stage-2" => "Stage 2 began".into(),
            "assessment" => "Assessment report finished".into(),
            "review" => "Review of the approval".into(),
            "away" => "Free or not free".into(),
            "end" => format!("Ended: {}", label("carer-end")),
            _ => label("carer-stage"),
        };
        Entry {
            when: plain::date(row.happened_on),
            title,
            words: row.words.clone(),
        }
    }
}

fn exemption_line(row: &CarerExemption) -> Entry {
    let kind = match row.kind.as_str() {
        "usual_limit" => "More than the usual limit",
        _ => "Outside the terms",
    };
    let until = row
        .until
        .map_or_else(String::new, |day| format!(" to {}", plain::date(day)));
    Entry {
        when: format!("{}{until}", plain::date(row.since)),
        title: format!("{kind}: {}", row.about),
        words: format!("{} Agreed by {}.", row.why, row.agreed_by),
    }
}

fn child_line(row: &Living) -> Entry {
    let name = row
        .known_as
        .clone()
        .filter(|n| !n.is_empty())
        .unwrap_or_else(|| row.given.clone());
    Entry {
        when: match row.ended_on {
            None => format!("since {}", plain::date(row.started_on)),
            Some(day) => format!("{} to {}", plain::date(row.started_on), plain::date(day)),
        },
        title: name,
        words: match row.ended_on {
            None => "Lives there now".into(),
            Some(day) => plain::lasting(row.started_on, day),
        },
    }
}
