//! The adoption order, and the firewall that begins with it. The record so far
//! is sealed; the child gets a new one, with the new name, in the adopters'
//! family. No row names both; the gate alone knows the link
//! (`record::Gate::across_adoption`), and tells it to keepers only.

use packs::Answers;
use record::model::{
    AdoptionMatch, Care, Carer, CarerEvent, CarerPerson, Clock, Decision, FamilyMember, HomeSearch,
    Involvement, PanelItem, Person, Placement, Restriction, Worker,
};
use record::{Asked, AssertSqlSafe, BEFORE, Guarded, KEEPS, Listed, Tx, Viewer, args};
use vocabulary::{Id, ids};

use crate::asking::{self, Done, Sheet, past_day, said};
use crate::{Casework, Error, Result, find, time};

/// What stands in the adopters' record in place of words about the child of
/// before.
const MOVED: &str = "Kept with the sealed record.";

/// A sealed record, or the one after it, by name.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SealedRow {
    /// The record.
    pub id: Id<ids::Person>,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family_name: String,
    /// It is the record before the order.
    pub before: bool,
}

impl Casework {
    /// Who can keep the sealed record: workers whose post keeps such records,
    /// and who never worked with the birth family.
    pub(super) async fn fill_order(&self, row: &AdoptionMatch, sheet: &mut Sheet) -> Result<()> {
        let child = row.person_id.ok_or(Error::NotFound)?;
        let open: Vec<Care> = self
            .rows_of("person_id = $1 and ended_on is null", args![child])
            .await?;
        if !open.is_empty() {
            let why = "The child’s time in care has not been ended. Ask the child’s worker to end it first, with the reason “adopted”: nobody can put it right once the record is sealed.";
            return Err(Error::Refused(why.into()));
        }
        let keepers = self.keepers().await?;
        if keepers.is_empty() {
            let why = "Nobody here keeps adoption records. Ask the administrator to give somebody the post “Keeper of adoption records”: a sealed record without a keeper is lost.";
            return Err(Error::Refused(why.into()));
        }
        sheet.offer(
            "keepers",
            keepers
                .iter()
                .map(|w| (w.id.to_string(), format!("{}, {}", w.name, w.job_title)))
                .collect(),
        );
        Ok(())
    }

    async fn keepers(&self) -> Result<Vec<Worker>> {
        let posts: Vec<String> = self
            .pack()
            .roles(time::today())
            .map(|roles| {
                let keep = roles
                    .roles
                    .iter()
                    .filter(|role| role.capabilities.iter().any(|c| c == KEEPS));
                keep.map(|role| role.id.clone()).collect()
            })
            .unwrap_or_default();
        let workers: Vec<Worker> = self
            .rows_of("active = $1 order by name", args![true])
            .await?;
        Ok(workers
            .into_iter()
            .filter(|w| posts.contains(&w.role))
            .collect())
    }

    /// The order: everything in one transaction, or nothing.
    pub(super) async fn save_order(
        &self,
        viewer: &Viewer,
        id: Id<ids::Match>,
        answers: &Answers,
        once: &str,
        sheet: &Sheet,
    ) -> Result<Done> {
        let day = past_day(answers, "on", viewer.today)?;
        let keepers: Vec<Worker> = self
            .keepers()
            .await?
            .into_iter()
            .filter(|w| answers.has("keepers", w.id.as_str()))
            .collect();
        if keepers.is_empty() {
            let message = "Choose at least one keeper of the sealed record";
            return Err(Error::finding("keepers", "Keepers", message));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &sheet.back).await?;
        let mut row: AdoptionMatch = tx.get(id).await?;
        let before: Person = tx.get(row.person_id.ok_or(Error::NotFound)?).await?;
        let carer: Carer = tx.get(row.carer_id).await?;
        let after = self.new_record(&mut tx, &before, answers, day).await?;
        self.join_family(&mut tx, after.id, carer.family_id, true)
            .await?;
        tx.insert(&CarerPerson {
            id: Id::new(),
            carer_id: carer.id,
            family_id: carer.family_id,
            person_id: after.id,
            role: "child".into(),
            since: day,
            until: None,
            version: 1,
        })
        .await?;
        let mut supports = vec![viewer.principal.worker];
        supports.extend(carer.worker_id.filter(|w| *w != viewer.principal.worker));
        for worker in &supports {
            let worker: Worker = tx.get(*worker).await?;
            let mut tie = involvement(after.id, &worker, "allocated", day, None);
            // Of two who support the household, one leads (R000-30).
            tie.lead = worker.id == viewer.principal.worker;
            tx.insert(&tie).await?;
        }
        if let Some(words) = said(answers, "words") {
            let source = ("carer", carer.id.to_string());
            asking::propose(&mut tx, after.id, day, "health", &words, source).await?;
        }
        // What is over for the record before.
        self.leave_behind(&mut tx, &before, day).await?;
        for keeper in &keepers {
            let why = "Keeps the sealed record";
            for person in [before.id, after.id] {
                let tie = involvement(person, keeper, "co_worker", day, Some(why));
                tx.insert(&tie).await?;
            }
        }
        // Nothing of the adopters' side names the child of before any more, and
        // nothing of the child's side names the adopters.
        row.state = "ordered".into();
        row.ended_on = Some(day);
        row.person_id = None;
        tx.update(&mut row).await?;
        self.forget_household(&mut tx, &before, &row).await?;
        let list: Vec<Id<ids::Worker>> = keepers.iter().map(|w| w.id).collect();
        tx.seal_adoption((before.id, after.id), &list, &supports, day)
            .await?;
        self.match_event(&mut tx, id, &carer, "match.ordered", day)
            .await?;
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let words = format!(
            "The order is recorded. {} has a new record; the one before is sealed.",
            after.first_name()
        );
        Ok(Done::new(words, format!("/people/{}", after.id)))
    }

    /// A new record: the new name, the birthday, and nothing else that a feed
    /// could join (the NHS number and the pupil number of before stay behind).
    async fn new_record(
        &self,
        tx: &mut Tx,
        before: &Person,
        answers: &Answers,
        day: chrono::NaiveDate,
    ) -> Result<Person> {
        let after = Person {
            id: Id::new(),
            given: answers.text("given").trim().to_owned(),
            family_name: answers.text("family_name").trim().to_owned(),
            known_as: None,
            described_as: None,
            nhs_number: None,
            upn: None,
            no_upn: None,
            school_id: None,
            going_well: None,
            status: None,
            created_at: time::start_of(day),
            version: 1,
            ..before.clone()
        };
        tx.insert(&after).await?;
        find::index_person(tx, &after, &[]).await?;
        Ok(after)
    }

    /// Ends what the record of before still had open.
    async fn leave_behind(
        &self,
        tx: &mut Tx,
        before: &Person,
        day: chrono::NaiveDate,
    ) -> Result<()> {
        let ties: Vec<Involvement> =
            asking::rows(tx, "person_id = $1 and ended_on is null", args![before.id]).await?;
        for mut tie in ties {
            tie.ended_on = Some(day);
            tie.change_reason = Some("Adoption order".into());
            tx.update(&mut tie).await?;
        }
        let places: Vec<FamilyMember> =
            asking::rows(tx, "person_id = $1 and left_on is null", args![before.id]).await?;
        for mut place in places {
            place.left_on = Some(day);
            tx.update(&mut place).await?;
        }
        let clocks: Vec<Clock> =
            asking::rows(tx, "person_id = $1 and done_at is null", args![before.id]).await?;
        for mut clock in clocks {
            clock.done_at = Some(time::start_of(day));
            tx.update(&mut clock).await?;
        }
        let mut before: Person = tx.get(before.id).await?;
        before.status = Some("closed".into());
        Ok(tx.update(&mut before).await?)
    }

    /// Takes the names of the two sides out of each other's rows.
    async fn forget_household(
        &self,
        tx: &mut Tx,
        before: &Person,
        row: &AdoptionMatch,
    ) -> Result<()> {
        let homes: Vec<Placement> = asking::rows(
            tx,
            "person_id = $1 and carer_id = $2",
            args![before.id, row.carer_id],
        )
        .await?;
        for mut home in homes {
            home.carer_id = None;
            tx.update(&mut home).await?;
        }
        let searches: Vec<HomeSearch> = asking::rows(
            tx,
            "person_id = $1 and carer_id = $2",
            args![before.id, row.carer_id],
        )
        .await?;
        for mut search in searches {
            search.carer_id = None;
            tx.update(&mut search).await?;
        }
        self.move_words(tx, before, row).await
    }

    /// What people wrote about the match names the child of before. It moves
    /// into the sealed record; the adopters' record keeps the days alone.
    async fn move_words(&self, tx: &mut Tx, before: &Person, row: &AdoptionMatch) -> Result<()> {
        let mut moved = vec![(row.proposed_on, row.why.clone())];
        moved.extend(row.childs_words.clone().map(|said| (row.proposed_on, said)));
        let mut kept: AdoptionMatch = tx.get(row.id).await?;
        kept.why = MOVED.into();
        kept.childs_words = None;
        tx.update(&mut kept).await?;
        let events: Vec<CarerEvent> = asking::rows(
            tx,
            "carer_id = $1 and kind like 'match-%'",
            args![row.carer_id],
        )
        .await?;
        for mut event in events {
            moved.push((event.happened_on, event.words.clone()));
            event.words = MOVED.into();
            event.answers = serde_json::json!({});
            tx.update(&mut event).await?;
        }
        let items: Vec<PanelItem> = asking::rows(tx, "match_id = $1", args![row.id]).await?;
        for mut item in items {
            let day = item.decided_on.unwrap_or(row.proposed_on);
            moved.extend(self.move_decision(tx, row, &item).await?);
            let said = [
                Some(std::mem::replace(&mut item.question, MOVED.into())),
                item.reasons.replace(MOVED.into()),
                item.decision_reasons.replace(MOVED.into()),
                item.differs_why.take(),
                item.dissent.take(),
                item.heard.take(),
                item.interests.take(),
            ];
            moved.extend(said.into_iter().flatten().map(|words| (day, words)));
            item.match_id = None;
            tx.update(&mut item).await?;
        }
        for (day, words) in moved.into_iter().filter(|(_, w)| !w.trim().is_empty()) {
            let source = ("match", row.id.to_string());
            asking::propose(tx, before.id, day, "move", &words, source).await?;
        }
        Ok(())
    }

    /// The decision on the match stands among the household's decisions. What
    /// it says of the child moves too; that it was made, by whom and when,
    /// stays. The words of what was considered and of the alternatives are
    /// given back: the reasons stand on the item as well.
    async fn move_decision(
        &self,
        tx: &mut Tx,
        row: &AdoptionMatch,
        item: &PanelItem,
    ) -> Result<Vec<(chrono::NaiveDate, String)>> {
        let Some(reasons) = item.decision_reasons.clone() else {
            return Ok(Vec::new());
        };
        let carer: Carer = tx.get(row.carer_id).await?;
        let made: Vec<Decision> = asking::rows(
            tx,
            "family_id = $1 and kind = 'panel'",
            args![carer.family_id],
        )
        .await?;
        let kind = self.label("panel-item", &item.kind);
        let on_this = |d: &Decision| d.rationale == reasons && d.outcome.starts_with(&kind);
        let mut moved = Vec::new();
        for mut decision in made.into_iter().filter(on_this) {
            let day = time::local(decision.decided_at).date();
            decision.rationale = MOVED.into();
            decision.answers = serde_json::json!({});
            let words = [decision.considered.take(), decision.alternatives.take()];
            moved.extend(words.into_iter().flatten().map(|words| (day, words)));
            tx.update(&mut decision).await?;
        }
        Ok(moved)
    }

    /// The other side of an adoption, for a keeper with a reason.
    ///
    /// # Errors
    /// [`Error::Findings`] without a reason, [`Error::NotFound`] for everybody
    /// who is no keeper, and for who was not adopted.
    pub async fn across_adoption(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        why: &str,
    ) -> Result<Guarded<Person>> {
        if !viewer.can(KEEPS) {
            return Err(Error::NotFound);
        }
        if why.trim().chars().count() < 10 {
            let message = "Write why you open the link, in a sentence";
            return Err(Error::finding("why", "Why", message));
        }
        self.gate()
            .across_adoption(viewer, person, why.trim())
            .await?
            .ok_or(Error::NotFound)
    }

    /// Sealed records, and the records after them, that a keeper keeps: names
    /// alone, in no order that joins them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub async fn sealed_records(&self, viewer: &Viewer) -> Result<Listed<SealedRow>> {
        if !viewer.can(KEEPS) {
            return Err(Error::NotFound);
        }
        let (open, more) = self
            .gate()
            .may_see(viewer, Asked::to_read("sealed"), "p.id", 3);
        let mut values = args![BEFORE, record::AFTER];
        values.extend(more);
        let sql = format!(
            "select p.id, p.given, p.family_name, r.reason = $1 as before from restriction r \
             join person p on p.id = r.person_id where r.ended_at is null \
             and r.reason in ($1, $2) and {open} order by p.family_name, p.given, p.id limit 200"
        );
        let rows: Vec<SealedRow> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let whose = |row: &SealedRow| vec![format!("person:{}", row.id)];
        Ok(self.gate().listed(viewer, "sealed", rows, whose).await?)
    }

    /// The page on which a keeper opens the link, with a reason.
    ///
    /// # Errors
    /// [`Error::NotFound`] for everybody else.
    pub async fn ask_across(&self, viewer: &Viewer, person: Id<ids::Person>) -> Result<Sheet> {
        if !viewer.can(KEEPS) {
            return Err(Error::NotFound);
        }
        let seen = self
            .gate()
            .person(viewer, person, Asked::to_read("adoption-link"))
            .await?
            .ok_or(Error::NotFound)?;
        let address = format!("/people/{}/adoption-link", seen.id);
        let mut sheet = Sheet::new(self.form("adoption-link")?, address, "/sealed".into());
        sheet.button = "Open the other record".into();
        Ok(sheet)
    }

    /// Lets another worker see the record after the order. Somebody who stands
    /// on the other side never comes on this list.
    ///
    /// # Errors
    /// [`Error::Refused`] for who stands across, [`Error::NotFound`] for whom
    /// the record is not.
    pub async fn let_see_adopted(
        &self,
        viewer: &Viewer,
        person: Id<ids::Person>,
        worker: Id<ids::Worker>,
        why: &str,
    ) -> Result<()> {
        let seen = self
            .gate()
            .person(viewer, person, Asked::to_write("let-see-adopted"))
            .await?
            .ok_or(Error::NotFound)?;
        let rows: Vec<Restriction> = self
            .rows_of(
                "person_id = $1 and ended_at is null and reason in ($2, $3)",
                args![seen.id, record::AFTER, BEFORE],
            )
            .await?;
        let list = rows.into_iter().next().ok_or(Error::NotFound)?;
        if list.reason == BEFORE && !viewer.can(KEEPS) {
            return Err(Error::NotFound);
        }
        if self.gate().stands_across(worker, person).await? {
            let why = "This worker cannot come on the list of this record. Choose somebody else.";
            return Err(Error::Refused(why.into()));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        tx.because_of(why.trim());
        tx.insert(&record::model::RestrictionAllow {
            id: Id::new(),
            restriction_id: list.id,
            worker_id: worker,
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(())
    }
}

fn involvement(
    person: Id<ids::Person>,
    worker: &Worker,
    role: &str,
    day: chrono::NaiveDate,
    why: Option<&str>,
) -> Involvement {
    Involvement {
        id: Id::new(),
        person_id: person,
        worker_id: Some(worker.id),
        team_id: None,
        role: role.to_owned(),
        name: worker.name.clone(),
        job_title: worker.job_title.clone(),
        agency: worker.agency.clone(),
        phone: worker.phone.clone(),
        email: worker.email.clone(),
        lead: role == "allocated",
        sensitive: false,
        started_on: day,
        ended_on: None,
        change_reason: why.map(str::to_owned),
        version: 1,
    }
}
