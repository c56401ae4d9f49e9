//! A home for a child in care: what the child needs, every household of our
//! own with what speaks for and against it, and the choice with its reasons.
//! Nothing is chosen by the program. A household outside its terms or over a
//! limit can be chosen only with the exemption said. The placement itself is
//! recorded with the child's care.

pub mod weigh;

use chrono::{NaiveDate, Utc};
use packs::Answers;
use record::model::{
    CarerExemption, CarerTerms, HomeSearch, Involvement, Person, PersonKind, Worker,
};
use record::{Asked, AssertSqlSafe, Guarded, Listed, Tx, Value, Viewer, args};
use serde_json::json;
use vocabulary::{Id, Postcode, ids, plain};

use crate::asking::{self, Asking, Done, said};
use crate::carers::terms::{Proposed, words_of};
use crate::{Casework, Error, Result};
use weigh::{Offered, Reasons, Wanted, weigh};

/// How many households are shown.
const SHOWN: usize = 30;
const METRES_A_MILE: f64 = 1609.344;

/// A household with what speaks for and against it.
#[derive(Debug, Clone)]
pub struct HomeRow {
    /// The household.
    pub id: Id<ids::Carer>,
    family: Id<ids::Family>,
    /// Its name.
    pub name: String,
    /// Its terms in a line.
    pub terms: String,
    /// Its supervising social worker, and how to reach them.
    pub worker: String,
    /// For and against.
    pub reasons: Reasons,
    worker_id: Option<Id<ids::Worker>>,
}

/// A search with its households.
#[derive(Debug, Clone)]
pub struct HomeSearchView {
    /// The child.
    pub child: Guarded<Person>,
    /// The search.
    pub search: HomeSearch,
    /// What is wanted, in lines.
    pub wanted: Vec<String>,
    /// Households, the best first.
    pub rows: Listed<HomeRow>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    terms: CarerTerms,
    name: String,
    postcode: Option<String>,
    away_until: Option<NaiveDate>,
    worker_id: Option<Id<ids::Worker>>,
    worker: Option<String>,
    phone: Option<String>,
    taken: i64,
    expired: bool,
}

impl Casework {
    /// The page on which the search for a home begins.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the child is not.
    pub async fn ask_home_search(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let form = "home-search";
        let child = self
            .child_to_write(viewer, child, form, &["case.record"])
            .await?;
        let (address, back) = (
            format!("/people/{}/home-search", child.id),
            format!("/people/{}/care", child.id),
        );
        let mut asking = Asking::new(self.form(form)?, child, address, back);
        asking.title = format!("A home for {}", asking.child.first_name());
        asking.button = format!("Show homes for {}", asking.child.first_name());
        asking.day("since", viewer.today);
        let others = self.who_could_come_too(viewer, &asking.child).await?;
        match others.is_empty() {
            true => {
                for section in &mut asking.form.sections {
                    section.fields.retain(|f| f.name != "siblings");
                }
            }
            false => asking.offer(
                "siblings",
                others
                    .iter()
                    .map(|p| (p.id.to_string(), crate::care::named(p)))
                    .collect(),
            ),
        }
        Ok(asking)
    }

    /// The other children of the family whom the viewer may see.
    async fn who_could_come_too(
        &self,
        viewer: &Viewer,
        child: &Guarded<Person>,
    ) -> Result<Vec<Person>> {
        let Some(family) = self.family_of(child.id).await? else {
            return Ok(Vec::new());
        };
        let seen = self
            .gate()
            .family(viewer, family, Asked::to_read("home-search"))
            .await?;
        let members = seen.map(Guarded::into_inner).map(|s| s.members);
        Ok(members
            .unwrap_or_default()
            .into_iter()
            .map(|(_, p)| p)
            .filter(|p| p.id != child.id && p.kind == PersonKind::Child)
            .collect())
    }

    /// Keeps what the child needs, and leads to the households.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right.
    pub async fn save_home_search(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_home_search(viewer, child).await?;
        asking.check(answers)?;
        let since = answers
            .date("since")
            .ok_or_else(|| Error::finding("since", "When?", "Write from which day"))?;
        let near = match said(answers, "near") {
            None => None,
            Some(typed) => {
                let read: Postcode = typed.parse().map_err(|_| {
                    let message = "Write the whole postcode, such as LK1 4AB";
                    Error::finding("near", "Near which postcode?", message)
                })?;
                Some(read.to_string())
            }
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let row = HomeSearch {
            id: Id::new(),
            person_id: child,
            since,
            kind: answers.text("kind").to_owned(),
            needs: json!(answers.list("needs")),
            siblings: json!(answers.list("siblings")),
            near,
            words: said(answers, "words"),
            state: "open".into(),
            carer_id: None,
            carer_name: None,
            why: None,
            exemption: None,
            child_said: None,
            chosen_by: None,
            chosen_at: None,
            made_by: viewer.principal.worker,
            made_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(
            "Saved. These are the homes.",
            format!("/home-searches/{}", row.id),
        ))
    }

    /// A search with its households, the best first, each with its reasons.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none for this viewer.
    pub async fn home_search(
        &self,
        viewer: &Viewer,
        id: Id<ids::HomeSearch>,
    ) -> Result<HomeSearchView> {
        let rows: Vec<HomeSearch> = self.rows_of("id = $1", args![id]).await?;
        let search = rows.into_iter().next().ok_or(Error::NotFound)?;
        let child = self
            .child_to_write(viewer, search.person_id, "home-search", &["case.record"])
            .await?;
        let siblings: Vec<Person> = self
            .who_could_come_too(viewer, &child)
            .await?
            .into_iter()
            .filter(|p| words_of(&search.siblings).contains(&p.id.to_string()))
            .collect();
        let label =
            |set: &str, code: &str| crate::people::network::lower_first(&self.label(set, code));
        let wanted = Wanted {
            ages: std::iter::once(&*child)
                .chain(&siblings)
                .map(|p| age(p, viewer.today))
                .collect(),
            kind: (search.kind.clone(), label("carer-kinds", &search.kind)),
            needs: words_of(&search.needs)
                .into_iter()
                .map(|code| {
                    let words = label("home-needs", &code);
                    (code, words)
                })
                .collect(),
        };
        let mut lines = vec![format!(
            "{}, from {}",
            self.label("carer-kinds", &search.kind),
            plain::date(search.since)
        )];
        lines.extend(wanted.needs.iter().map(|(_, words)| words.clone()));
        if !siblings.is_empty() {
            let names: Vec<String> = siblings.iter().map(Person::first_name).collect();
            lines.push(format!("together with {}", plain::list(&names)));
        }
        if let Some(near) = &search.near {
            lines.push(format!("near {near}"));
        }
        let mut rows = self.homes(viewer, &wanted, search.near.as_deref()).await?;
        rows.sort_by_key(|row| (row.reasons.order(), row.name.clone()));
        rows.truncate(SHOWN);
        let rows = self
            .gate()
            .listed(viewer, "home-search", rows, |row: &HomeRow| {
                vec![format!("family:{}", row.family)]
            })
            .await?;
        Ok(HomeSearchView {
            child,
            search,
            wanted: lines,
            rows,
        })
    }

    /// Every approved household whose carers the viewer may know of by name,
    /// weighed. One statement.
    async fn homes(
        &self,
        viewer: &Viewer,
        wanted: &Wanted,
        near: Option<&str>,
    ) -> Result<Vec<HomeRow>> {
        let mut values: Vec<Value> = args![Utc::now()];
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::index("home-search"), "p.id", 2);
        values.extend(more);
        let columns: Vec<String> = <CarerTerms as record::Entity>::COLUMNS
            .iter()
            .map(|c| format!("t.{c}"))
            .collect();
        let sql = format!(
            "select {}, c.name, c.postcode, c.away_until, c.worker_id, w.name as worker, w.phone, \
             (select count(*) from placement h where h.carer_id = c.id and h.ended_on is null) as taken, \
             exists (select 1 from clock k where k.family_id = c.family_id \
             and k.about_kind = 'carer_check' and k.done_at is null and k.due_at < $1) as expired \
             from carer c join carer_terms t on t.carer_id = c.id and t.until is null \
             left join worker w on w.id = c.worker_id \
             where c.kind = 'foster' and c.stage = 'approved' and c.ended_on is null \
             and not exists (select 1 from carer_person q join person p on p.id = q.person_id \
             where q.carer_id = c.id and q.role = 'carer' and q.until is null and not {open})",
            columns.join(", ")
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let postcodes = self.postcodes();
        let place = |text: Option<&str>| {
            let read: Postcode = text?.parse().ok()?;
            postcodes.find(&read)
        };
        let here = place(near);
        let limit = self.usual_limit();
        let rows = found.into_iter().map(|f| {
            let there = place(f.postcode.as_deref());
            let miles = here
                .as_ref()
                .zip(there.as_ref())
                .map(|(a, b)| a.point.metres_to(b.point) / METRES_A_MILE);
            let about = [&here, &there]
                .iter()
                .any(|p| p.as_ref().is_some_and(|p| p.about));
            let terms = Proposed::from(&f.terms);
            let line = self.terms_words(&terms);
            let offered = Offered {
                terms,
                taken: f.taken,
                away: f.away_until.is_some_and(|day| day > viewer.today),
                expired: f.expired,
                miles,
                about,
            };
            HomeRow {
                id: f.terms.carer_id,
                family: f.terms.family_id,
                name: f.name,
                terms: line,
                worker: match (f.worker, f.phone) {
                    (Some(name), Some(phone)) => format!("{name}, {phone}"),
                    (Some(name), None) => name,
                    _ => "Nobody yet".into(),
                },
                reasons: weigh(wanted, &offered, limit),
                worker_id: f.worker_id,
            }
        });
        Ok(rows.collect())
    }

    /// The page on which a home is chosen. Nothing is chosen beforehand.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such search for this viewer.
    pub async fn ask_home_choice(
        &self,
        viewer: &Viewer,
        id: Id<ids::HomeSearch>,
    ) -> Result<(HomeSearchView, Asking)> {
        let view = self.home_search(viewer, id).await?;
        if view.search.state != "open" {
            let why = "A home was chosen already. Start another search if it did not work out.";
            return Err(Error::Refused(why.into()));
        }
        if view.rows.is_empty() {
            let why = "We have no household of our own that you may know of. Ask the commissioner.";
            return Err(Error::Refused(why.into()));
        }
        let (address, back) = (
            format!("/home-searches/{id}/choose"),
            format!("/home-searches/{id}"),
        );
        let mut asking = Asking::new(self.form("home-choose")?, view.child.clone(), address, back);
        asking.title = format!("Choose a home for {}", asking.child.first_name());
        asking.button = format!("Choose for {}", asking.child.first_name());
        let choices = view.rows.iter().map(|row| {
            let words = match row.reasons.outside.is_empty() {
                true => row.name.clone(),
                false => format!("{} (needs an exemption)", row.name),
            };
            (row.id.to_string(), words)
        });
        asking.offer("carer", choices.collect());
        Ok((view, asking))
    }

    /// Keeps the choice with its reasons, and lets the household's supervising
    /// social worker know who the child is.
    ///
    /// # Errors
    /// [`Error::Findings`] when something must be put right: outside the terms
    /// or over a limit, the exemption must be said.
    pub async fn save_home_choice(
        &self,
        viewer: &Viewer,
        id: Id<ids::HomeSearch>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (view, asking) = self.ask_home_choice(viewer, id).await?;
        asking.check(answers)?;
        let chosen = view
            .rows
            .iter()
            .find(|row| row.id.as_str() == answers.text("carer"))
            .ok_or(Error::NotFound)?;
        let exemption = said(answers, "exemption");
        if !chosen.reasons.outside.is_empty() && exemption.is_none() {
            let message = format!(
                "{}: {}. Write who agreed to an exemption, and why",
                chosen.name,
                chosen.reasons.outside.join("; ")
            );
            return Err(Error::finding("exemption", "Exemption", &message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        let mut search: HomeSearch = tx.get(id).await?;
        search.state = "chosen".into();
        search.carer_id = Some(chosen.id);
        search.carer_name = Some(chosen.name.clone());
        search.why = said(answers, "why");
        search.exemption = exemption.clone();
        search.child_said = said(answers, "child_said");
        search.chosen_by = Some(viewer.principal.worker);
        search.chosen_at = Some(tx.now());
        tx.update(&mut search).await?;
        if let Some(why) = exemption.filter(|_| !chosen.reasons.outside.is_empty()) {
            let over = chosen.reasons.outside.iter();
            let limit = over.clone().any(|w| w.contains("usual limit"));
            tx.insert(&CarerExemption {
                id: Id::new(),
                carer_id: chosen.id,
                family_id: chosen.family,
                kind: if limit { "usual_limit" } else { "terms" }.into(),
                about: asking.child.first_name(),
                why: over.cloned().collect::<Vec<_>>().join("; "),
                agreed_by: why,
                since: search.since,
                until: None,
                made_by: viewer.principal.worker,
                version: 1,
            })
            .await?;
        }
        let children = std::iter::once(search.person_id.to_string())
            .chain(words_of(&search.siblings))
            .filter_map(|id| id.parse().ok());
        for child in children {
            self.supports_carers_of(&mut tx, child, chosen.worker_id, viewer.today)
                .await?;
        }
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "{} are chosen. Record the move when {} lives there: the names are filled in.",
            chosen.name,
            asking.child.first_name()
        );
        Ok(Done::new(words, asking.back.clone()))
    }

    /// The supervising social worker of the carers is involved with the child:
    /// they know who it is, and not the record.
    pub(crate) async fn supports_carers_of(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        worker: Option<Id<ids::Worker>>,
        today: NaiveDate,
    ) -> Result<()> {
        let Some(worker) = worker else {
            return Ok(());
        };
        let there: Vec<Involvement> = asking::rows(
            tx,
            "person_id = $1 and worker_id = $2 and ended_on is null",
            args![child, worker],
        )
        .await?;
        if !there.is_empty() {
            return Ok(());
        }
        let worker: Worker = tx.get(worker).await?;
        // No team: the team of the carers does not come to know the child.
        let row = Involvement {
            id: Id::new(),
            person_id: child,
            worker_id: Some(worker.id),
            team_id: None,
            role: "other".into(),
            name: worker.name,
            job_title: worker.job_title,
            agency: worker.agency,
            phone: worker.phone,
            email: worker.email,
            lead: false,
            sensitive: false,
            started_on: today,
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        Ok(tx.insert(&row).await?)
    }

    /// The household that was chosen for a child and not moved into yet, to
    /// fill in the page of the move.
    pub(crate) async fn chosen_home(
        &self,
        child: Id<ids::Person>,
    ) -> Result<Option<(HomeSearch, Option<String>)>> {
        let rows: Vec<HomeSearch> = self
            .rows_of(
                "person_id = $1 and state = 'chosen' order by chosen_at desc limit 1",
                args![child],
            )
            .await?;
        let Some(search) = rows.into_iter().next() else {
            return Ok(None);
        };
        #[derive(sqlx::FromRow)]
        struct Where {
            postcode: Option<String>,
        }
        let place: Option<Where> = self
            .store()
            .read_db()
            .maybe(
                "select postcode from carer where id = $1",
                args![search.carer_id],
            )
            .await?;
        Ok(Some((search, place.and_then(|p| p.postcode))))
    }

    /// The household of a new placement: the one that was chosen, if the page
    /// of the move still names it.
    pub(crate) async fn moved_to_chosen(
        &self,
        tx: &mut Tx,
        child: Id<ids::Person>,
        carer: &str,
    ) -> Result<Option<Id<ids::Carer>>> {
        let rows: Vec<HomeSearch> = asking::rows(
            tx,
            "person_id = $1 and state = 'chosen' order by chosen_at desc limit 1",
            args![child],
        )
        .await?;
        let Some(mut search) = rows.into_iter().next() else {
            return Ok(None);
        };
        if search.carer_name.as_deref() != Some(carer.trim()) {
            return Ok(None);
        }
        search.state = "done".into();
        tx.update(&mut search).await?;
        Ok(search.carer_id)
    }
}

/// The age of a child in years; nought for one whose birth is not known.
fn age(person: &Person, today: NaiveDate) -> i64 {
    person
        .born_on
        .and_then(|born| today.years_since(born))
        .map_or(0, i64::from)
}
