//! A child and adopters: proposed by the child's worker, heard by the panel,
//! decided, introduced, placed, visited and reviewed, until the order or the
//! end. The order itself is in [`order`].

pub mod order;
mod recording;

use chrono::NaiveDate;
use packs::Answers;
use record::model::{AdoptionMatch, Carer, Person};
use record::{Asked, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Done, Sheet, said};
use crate::carers::works_with_carers;
use crate::clocks::{About, ClockView};
use crate::{Casework, Error, Result, clocks, time};

/// A page about a match with one form on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchForm {
    /// Introductions begin.
    Introductions,
    /// The child moved in.
    Placed,
    /// A visit.
    Visit,
    /// An adoption review.
    Review,
    /// It ended without an order.
    End,
    /// The adoption order.
    Order,
}

impl MatchForm {
    /// Every page, in order.
    pub const ALL: [MatchForm; 6] = [
        MatchForm::Introductions,
        MatchForm::Placed,
        MatchForm::Visit,
        MatchForm::Review,
        MatchForm::Order,
        MatchForm::End,
    ];

    /// The last part of its address.
    pub fn word(self) -> &'static str {
        match self {
            MatchForm::Introductions => "introductions",
            MatchForm::Placed => "placed",
            MatchForm::Visit => "visit",
            MatchForm::Review => "review",
            MatchForm::End => "end",
            MatchForm::Order => "order",
        }
    }

    /// The words of the link that leads there.
    pub fn link(self) -> &'static str {
        match self {
            MatchForm::Introductions => "Introductions begin",
            MatchForm::Placed => "The child moved in",
            MatchForm::Visit => "Record a visit",
            MatchForm::Review => "Record an adoption review",
            MatchForm::End => "It ended without an order",
            MatchForm::Order => "The adoption order was made",
        }
    }

    /// The page with this word.
    pub fn of(word: &str) -> Option<MatchForm> {
        MatchForm::ALL.into_iter().find(|form| form.word() == word)
    }

    /// Whether it is the moment for this page.
    pub fn fits(self, row: &AdoptionMatch) -> bool {
        let state = row.state.as_str();
        match self {
            MatchForm::Introductions => state == "agreed",
            MatchForm::Placed => matches!(state, "agreed" | "introductions"),
            MatchForm::Visit | MatchForm::Review | MatchForm::Order => state == "placed",
            MatchForm::End => !matches!(state, "ordered" | "ended"),
        }
    }
}

/// A match, for those who may see one of its sides.
#[derive(Debug, Clone)]
pub struct MatchView {
    /// The match.
    pub row: AdoptionMatch,
    /// The adopters, by name.
    pub adopters: String,
    /// The child's first name, for whom the child may be known; nobody once
    /// the order is made.
    pub child: Option<(Id<ids::Person>, String)>,
    /// Where it stands, in words.
    pub state: String,
    /// What happened, with the day.
    pub days: Vec<(&'static str, String)>,
    /// What is due.
    pub clocks: Vec<ClockView>,
    /// Pages that can be opened now.
    pub forms: Vec<MatchForm>,
}

impl Casework {
    /// The page on which the child's worker proposes adopters.
    ///
    /// # Errors
    /// [`Error::Refused`] when nobody is approved, or a match is under way.
    pub async fn ask_match(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let form = "match-propose";
        let child = self
            .child_to_write(viewer, child, form, &["case.record"])
            .await?;
        let open: Vec<AdoptionMatch> = self
            .rows_of(
                "person_id = $1 and state not in ('ended', 'ordered')",
                args![child.id],
            )
            .await?;
        if !open.is_empty() {
            let why = "A match is under way for this child already.";
            return Err(Error::Refused(why.into()));
        }
        let adopters: Vec<Carer> = self
            .rows_of(
                "kind = 'adopt' and stage = 'approved' and ended_on is null order by name",
                args![],
            )
            .await?;
        if adopters.is_empty() {
            let why = "No adopters of our own are approved. Ask the adoption team.";
            return Err(Error::Refused(why.into()));
        }
        let (address, back) = (
            format!("/people/{}/adopters", child.id),
            format!("/people/{}/care", child.id),
        );
        let mut asking = Asking::new(self.form(form)?, child, address, back);
        asking.title = format!("Adopters for {}", asking.child.first_name());
        asking.button = format!("Propose for {}", asking.child.first_name());
        let listed = self
            .gate()
            .listed(viewer, form, adopters, |c: &Carer| {
                vec![format!("family:{}", c.family_id)]
            })
            .await?;
        let choices = listed.iter().map(|c| (c.id.to_string(), c.name.clone()));
        asking.offer("carer", choices.collect());
        Ok(asking)
    }

    /// Proposes a match. The adopters' worker comes to know who the child is.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_match(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_match(viewer, child).await?;
        asking.check(answers)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let id: Id<ids::Carer> = answers.text("carer").parse().map_err(|_| Error::NotFound)?;
        let carer: Carer = tx.get(id).await?;
        if carer.kind != "adopt" || carer.stage != "approved" {
            return Err(Error::NotFound);
        }
        let row = AdoptionMatch {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            person_id: Some(child),
            state: "proposed".into(),
            why: answers.text("why").trim().to_owned(),
            childs_words: said(answers, "childs_words"),
            proposed_on: viewer.today,
            agreed_on: None,
            introductions_on: None,
            placed_on: None,
            reviews: 0,
            ended_on: None,
            end_words: None,
            made_by: viewer.principal.worker,
            version: 1,
        };
        tx.insert(&row).await?;
        self.supports_carers_of(&mut tx, child, carer.worker_id, viewer.today)
            .await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "{} are proposed. Their worker puts the match before the adoption panel.",
            carer.name
        );
        Ok(Done::new(words, format!("/matches/{}", row.id)))
    }

    /// A match, for the child's worker or the adopters' worker.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn match_view(&self, viewer: &Viewer, id: Id<ids::Match>) -> Result<MatchView> {
        let (row, carer, child) = self.match_seen(viewer, id, Asked::to_read("match")).await?;
        let clocks: Vec<record::model::Clock> = self
            .rows_of(
                "about_kind = 'match' and about_id = $1 and done_at is null order by due_at",
                args![id],
            )
            .await?;
        let day = |day: Option<NaiveDate>| day.map(plain::date);
        let days = [
            ("Proposed", Some(plain::date(row.proposed_on))),
            ("Agreed", day(row.agreed_on)),
            ("Introductions", day(row.introductions_on)),
            ("Moved in", day(row.placed_on)),
            ("Ended", day(row.ended_on)),
        ];
        Ok(MatchView {
            adopters: carer.name.clone(),
            child: child.map(|c| (c.id, c.first_name())),
            state: state_words(&row.state).to_owned(),
            days: days
                .into_iter()
                .filter_map(|(what, day)| Some((what, day?)))
                .collect(),
            clocks: clocks
                .iter()
                .map(|clock| ClockView::of(clock, self.pack()))
                .collect(),
            forms: MatchForm::ALL
                .into_iter()
                .filter(|form| form.fits(&row))
                .filter(|form| *form != MatchForm::Order || viewer.can("adoption.seal"))
                .collect(),
            row,
        })
    }

    /// A match with its adopters and the child, as far as the viewer may.
    pub(crate) async fn match_seen(
        &self,
        viewer: &Viewer,
        id: Id<ids::Match>,
        asked: Asked<'_>,
    ) -> Result<(AdoptionMatch, Carer, Option<Guarded<Person>>)> {
        let rows: Vec<AdoptionMatch> = self.rows_of("id = $1", args![id]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = match row.person_id {
            Some(person) => {
                let index = Asked {
                    section: Asked::index(asked.page).section,
                    ..Asked::to_read(asked.page)
                };
                let best = [asked, index];
                self.gate().person_at_best(viewer, person, &best).await?
            }
            None => None,
        };
        if works_with_carers(viewer) {
            let seen = self.carer(viewer, row.carer_id, asked).await;
            if let Ok(seen) = seen {
                return Ok((row, seen.carer, child));
            }
        }
        // The child's own worker, who may write in the record.
        let records = viewer.can("case.record");
        let writes = match (&child, records) {
            (Some(child), true) => {
                self.gate()
                    .would_allow(viewer, child.id, Asked::to_write(asked.page))
                    .await?
            }
            _ => false,
        };
        if !writes {
            return Err(Error::NotFound);
        }
        let carers: Vec<Carer> = self.rows_of("id = $1", args![row.carer_id]).await?;
        let carer = carers.into_iter().next().ok_or(Error::NotFound)?;
        Ok((row, carer, child))
    }

    /// One of the pages about a match.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom it is not; [`Error::Refused`] when it is
    /// not the moment.
    pub async fn ask_match_form(
        &self,
        viewer: &Viewer,
        id: Id<ids::Match>,
        what: MatchForm,
    ) -> Result<(AdoptionMatch, Carer, Sheet)> {
        let form = format!("match-{}", what.word());
        let (row, carer, _) = self.match_seen(viewer, id, Asked::to_write(&form)).await?;
        if what == MatchForm::Order && !viewer.can("adoption.seal") {
            return Err(Error::NotFound);
        }
        if !what.fits(&row) {
            return Err(Error::Refused(format!(
                "This is not the moment for this page: the match is “{}”.",
                state_words(&row.state)
            )));
        }
        let back = format!("/matches/{id}");
        let address = format!("{back}/{}", what.word());
        let mut sheet = Sheet::new(self.form(&form)?, address, back);
        sheet.day("on", viewer.today);
        if what == MatchForm::Order {
            self.fill_order(&row, &mut sheet).await?;
        }
        Ok((row, carer, sheet))
    }

    /// Whose the clocks of a match are: the adopters' worker's.
    pub(crate) fn about_match(&self, carer: &Carer, id: Id<ids::Match>, word: &str) -> About {
        About {
            kind: "match",
            id: id.to_string(),
            path: match word {
                "" => format!("/matches/{id}"),
                word => format!("/matches/{id}/{word}"),
            },
            ..self.about_carer(carer, "")
        }
    }

    /// Starts and stops the clocks of a match by one event of a day.
    pub(crate) async fn match_event(
        &self,
        tx: &mut Tx,
        id: Id<ids::Match>,
        carer: &Carer,
        trigger: &str,
        day: NaiveDate,
    ) -> Result<()> {
        let at = time::start_of(day);
        clocks::stop(tx, self.pack(), trigger, at, "match", id.as_str()).await?;
        for rule in self.pack().clocks_started_by(trigger, day) {
            let word = match rule.id.as_str() {
                "match-decision" => "",
                rule if rule.starts_with("adoption-visit") => "visit",
                _ => "review",
            };
            let about = self.about_match(carer, id, word);
            clocks::start_rule(tx, self.pack(), rule, at, &about).await?;
        }
        Ok(())
    }

    /// The panel's decision-maker decided on a match.
    pub(crate) async fn match_decided(
        &self,
        tx: &mut Tx,
        id: Id<ids::Match>,
        carer: &Carer,
        decision: &str,
        day: NaiveDate,
    ) -> Result<()> {
        let mut row: AdoptionMatch = tx.get(id).await?;
        self.match_event(tx, id, carer, "match.decided", day)
            .await?;
        match decision {
            "no" => {
                row.state = "ended".into();
                row.ended_on = Some(day);
                row.end_words = Some("The decision was no.".into());
            }
            _ => {
                row.state = "agreed".into();
                row.agreed_on = Some(day);
                self.carer_event(tx, carer, "match.agreed", day, "").await?;
            }
        }
        Ok(tx.update(&mut row).await?)
    }
}

/// Where a match stands, in words.
pub(crate) fn state_words(state: &str) -> &'static str {
    match state {
        "proposed" => "Proposed",
        "agreed" => "Agreed",
        "introductions" => "Introductions",
        "placed" => "Lives with them, until the order",
        "ordered" => "Adopted",
        _ => "Ended without an order",
    }
}
