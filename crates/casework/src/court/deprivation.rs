//! The register of orders that deprive a child of liberty, and of children in
//! homes that should be registered and are not (R003-34).

use chrono::{Days, NaiveDate};
use packs::Answers;
use record::model::Deprivation;
use record::{Asked, AssertSqlSafe, Listed, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{self, Asking, Decided, Done, past_day, said};
use crate::care::board::{due_words, name_and_age, sees_boards};
use crate::{Casework, Error, Result, clocks, time};

/// A child on the register.
#[derive(Debug, Clone)]
pub struct DeprivationRow {
    /// The child.
    pub person: Id<ids::Person>,
    /// "Maya Kerr, 13".
    pub name: String,
    /// Since when, and until when if it has ended.
    pub when: String,
    /// Where the child lives.
    pub place: String,
    /// The home is registered.
    pub registered: bool,
    /// The review; nothing once it has ended, or when there is no order.
    pub review: Option<(&'static str, String)>,
    /// There is no order: the child is here because the home is not registered.
    pub only_unregistered: bool,
}

#[derive(sqlx::FromRow)]
struct Found {
    person_id: Id<ids::Person>,
    given: String,
    known_as: Option<String>,
    family_name: String,
    born_on: Option<NaiveDate>,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    review_on: Option<NaiveDate>,
    place: String,
    registered: bool,
}

impl Casework {
    /// The register, orders that last first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that work with no children.
    pub async fn deprivation_register(&self, viewer: &Viewer) -> Result<Listed<DeprivationRow>> {
        if !sees_boards(viewer) {
            return Err(Error::NotFound);
        }
        let mut values = args![time::today() - Days::new(365), false];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("deprivation"), "p.id", 3);
        values.extend(more);
        let sql = format!(
            "select x.person_id, p.given, p.known_as, p.family_name, p.born_on, x.started_on, \
             x.ended_on, x.review_on, x.place, x.registered from ( \
             select d.person_id, d.started_on, d.ended_on, d.review_on, d.place, d.registered \
             from deprivation d where d.ended_on is null or d.ended_on >= $1 \
             union all select h.person_id, h.started_on, h.ended_on, cast(null as date), h.carer, \
             h.registered from placement h where h.ended_on is null and h.registered = $2 \
             and not exists (select 1 from deprivation d where d.person_id = h.person_id \
             and d.ended_on is null)) x join person p on p.id = x.person_id where {open} \
             order by case when x.ended_on is null then 0 else 1 end, x.review_on nulls last, \
             x.person_id limit 200"
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found.into_iter().map(row).collect();
        Ok(self
            .gate()
            .listed(viewer, "deprivation", rows, |row: &DeprivationRow| {
                vec![format!("person:{}", row.person)]
            })
            .await?)
    }

    /// The page of one child's order, with what is known.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not.
    pub async fn ask_deprivation(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let child = self
            .child_to_write(viewer, child, "deprivation", &["case.record"])
            .await?;
        let known = self.deprivation_now(child.id).await?;
        let address = format!("/people/{}/deprivation", child.id);
        let mut asking = Asking::new(
            self.form("deprivation")?,
            child,
            address,
            "/court/deprivation".into(),
        );
        asking.button = format!("Save for {}", crate::care::named(&asking.child));
        asking.words = "An order is kept with the day of its review, or not at all.".into();
        if let Some(known) = known {
            asking.day("on", known.started_on);
            asking.day("review_on", known.review_on);
            asking.answers.set("place", known.place);
            asking
                .answers
                .set("registered", if known.registered { "yes" } else { "no" });
            asking.known("urn", &known.urn);
            asking.answers.set("words", known.words);
        }
        Ok(asking)
    }

    async fn deprivation_now(&self, child: Id<ids::Person>) -> Result<Option<Deprivation>> {
        let rows: Vec<Deprivation> = self
            .rows_of(
                "person_id = $1 and ended_on is null order by started_on desc",
                args![child],
            )
            .await?;
        Ok(rows.into_iter().next())
    }

    /// Keeps an order, moves its review, or ends it.
    ///
    /// # Errors
    /// [`Error::Findings`] when there is no day of review, or it lies before
    /// the order.
    pub async fn save_deprivation(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_deprivation(viewer, child).await?;
        asking.check(answers)?;
        let started_on = past_day(answers, "on", viewer.today)?;
        let review_on = answers
            .date("review_on")
            .filter(|day| *day > started_on)
            .ok_or_else(|| {
                Error::finding(
                    "review_on",
                    "When is it reviewed?",
                    "Write the day of the review, after the day of the order",
                )
            })?;
        let ended_on = answers.date("ended");
        if ended_on.is_some_and(|end| end < started_on) {
            return Err(Error::finding(
                "ended",
                "Until when?",
                "Write a day after the order began",
            ));
        }
        let known = self.deprivation_now(child).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut row = Deprivation {
            id: known.as_ref().map_or_else(Id::new, |k| k.id),
            person_id: child,
            started_on,
            ended_on,
            review_on,
            place: answers.text("place").to_owned(),
            registered: answers.text("registered") == "yes",
            urn: said(answers, "urn"),
            words: answers.text("words").to_owned(),
            childs_words: said(answers, "childs_words"),
            made_by: viewer.principal.worker,
            version: known.as_ref().map_or(1, |k| k.version),
        };
        match known {
            Some(_) => tx.update(&mut row).await?,
            None => {
                tx.insert(&row).await?;
                let source = ("deprivation", row.id.to_string());
                let wording = "An order deprives the child of liberty";
                asking::propose(&mut tx, child, started_on, "plan", wording, source).await?;
            }
        }
        let decided = Decided {
            kind: "court",
            outcome: "Deprivation of liberty",
            why: &row.words,
            asking: &asking,
            answers,
            family: self.family_of(child).await?,
        };
        asking::decide(&mut tx, viewer, decided).await?;
        let now = tx.now();
        let (pack, id) = (self.pack(), row.id.to_string());
        clocks::stop(
            &mut tx,
            pack,
            "deprivation.reviewed",
            now,
            "deprivation",
            &id,
        )
        .await?;
        if row.ended_on.is_none() {
            // The clock stands still until 28 days before the review.
            let path = format!("/people/{child}/deprivation");
            let about = self.about_child(child, "deprivation", &id, path).await?;
            let at = time::start_of(review_on - Days::new(28));
            clocks::start(&mut tx, pack, "deprivation.review_in_28_days", at, &about).await?;
        }
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = match row.registered {
            true => "The order is on the register.",
            false => {
                "The order is on the register. The home is not registered: tell the director today."
            }
        };
        Ok(Done::new(words, asking.sheet.back))
    }
}

fn row(found: Found) -> DeprivationRow {
    let since = plain::date(found.started_on);
    DeprivationRow {
        person: found.person_id,
        name: name_and_age(
            &found.given,
            found.known_as.as_deref(),
            &found.family_name,
            found.born_on,
        ),
        when: match found.ended_on {
            Some(day) => format!("{since} to {}", plain::date(day)),
            None => format!("Since {since}"),
        },
        place: found.place,
        registered: found.registered,
        only_unregistered: found.review_on.is_none(),
        review: found
            .review_on
            .filter(|_| found.ended_on.is_none())
            .map(|day| due_words(time::end_of(day))),
    }
}
