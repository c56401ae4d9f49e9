//! Invented carers, adopters and panels, so that their boards have life: what
//! runs out, a missed review, room for a child, people on the way to approval,
//! a panel that sat and one that will, a decision that waits.

use casework::clocks::{self, About};
use casework::{Casework, Result, time};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use record::model::*;
use record::{AssertSqlSafe, Entity, Tx, args};
use serde_json::json;
use vocabulary::{Id, ids as id};

use super::ids;
use crate::dice::Dice;
use crate::{Borough, Size};

/// Posts that only this part of the service needs.
const POSTS: [(&str, &str, &str, &str); 5] = [
    (
        "petra.adoption",
        "Petra Lunecroft",
        "Adoption social worker",
        "adoption_worker",
    ),
    (
        "ida.panel",
        "Ida Fellmere",
        "Panel adviser",
        "panel_adviser",
    ),
    (
        "vic.decides",
        "Vic Harrowgate",
        "Agency decision-maker, fostering",
        "decision_maker_fostering",
    ),
    (
        "una.decides",
        "Una Weirholm",
        "Agency decision-maker, adoption",
        "decision_maker_adoption",
    ),
    (
        "kit.records",
        "Kit Alderby",
        "Keeper of adoption records",
        "adoption_records",
    ),
];

const FIRST: [&str; 12] = [
    "Wren", "Sol", "Marit", "Oda", "Bram", "Tamsin", "Idrissa", "Nell", "Corin", "Asha", "Pell",
    "Juno",
];
const LAST: [&str; 12] = [
    "Tarnside",
    "Beckley",
    "Fernhay",
    "Aldermoor",
    "Quillan",
    "Rushmere",
    "Hollin",
    "Marrable",
    "Osterly",
    "Pikering",
    "Saltby",
    "Thornaby",
];

/// Where an invented household stands.
struct Plan {
    kind: &'static str,
    stage: &'static str,
    /// Days since the stage began.
    days: i64,
}

/// Writes them, in the caller's transaction.
pub(crate) async fn write(tx: &mut Tx, borough: &Borough, casework: &Casework) -> Result<()> {
    posts(tx).await?;
    let approved = match borough.size {
        Size::Small => 10,
        Size::Full | Size::Large => 48,
        Size::County => 100,
    };
    let mut plans: Vec<Plan> = (0..approved)
        .map(|n| Plan {
            kind: "foster",
            stage: "approved",
            days: 200 + n * 37,
        })
        .collect();
    for (kind, stage, days) in [
        ("foster", "enquiry", 6),
        ("foster", "stage_1", 45),
        ("foster", "ready", 12),
        ("adopt", "enquiry", 9),
        ("adopt", "stage_1", 40),
        ("adopt", "stage_2", 100),
        ("adopt", "approved", 220),
        ("adopt", "approved", 380),
    ] {
        plans.push(Plan { kind, stage, days });
    }
    let mut write = Write {
        tx,
        casework,
        now: time::from_local(borough.now),
        dice: Dice::new(crate::SEED ^ 0xF057, 1),
    };
    let mut ready = None;
    let mut foster = Vec::new();
    for (n, plan) in plans.iter().enumerate() {
        let carer = write.household(n, plan).await?;
        match (plan.kind, plan.stage) {
            ("foster", "ready") => ready = Some(carer),
            ("foster", "approved") => foster.push(carer),
            _ => {}
        }
    }
    write.panels(ready, foster.first()).await
}

/// Once every family is there: children in care who live with our own carers
/// fill their places.
pub(crate) async fn fill(tx: &mut Tx) -> Result<()> {
    let foster: Vec<Carer> =
        rows(tx, "kind = 'foster' and stage = $1 order by id", "approved").await?;
    let homes: Vec<Placement> = rows(
        tx,
        "provider = $1 and home in ('U4', 'U6') and ended_on is null and carer_id is null \
         order by id",
        "PR1",
    )
    .await?;
    for (mut home, carer) in homes.into_iter().zip(foster.iter().step_by(2)) {
        home.carer_id = Some(carer.id);
        home.carer.clone_from(&carer.name);
        tx.update(&mut home).await?;
    }
    Ok(())
}

async fn posts(tx: &mut Tx) -> Result<()> {
    let leila: Worker = tx.get(ids::worker("leila.fostering")).await?;
    for (username, name, job_title, role) in POSTS {
        tx.insert(&Worker {
            id: ids::worker(username),
            username: username.to_owned(),
            name: name.to_owned(),
            job_title: job_title.to_owned(),
            role: role.to_owned(),
            team_id: None,
            email: Some(format!("{username}@larkmere.example")),
            version: 1,
            ..leila.clone()
        })
        .await?;
    }
    Ok(())
}

pub(super) struct Write<'a> {
    pub(super) tx: &'a mut Tx,
    casework: &'a Casework,
    pub(super) now: DateTime<Utc>,
    dice: Dice,
}

impl Write<'_> {
    pub(super) fn day(&self, days: i64) -> NaiveDate {
        time::local(self.now).date() - Duration::days(days)
    }

    async fn household(&mut self, n: usize, plan: &Plan) -> Result<Carer> {
        let surname = LAST[n % LAST.len()];
        let two = n % 3 != 1;
        let (one, other) = (
            FIRST[(n + n / 12) % FIRST.len()],
            FIRST[(n * 5 + n / 12 + 3) % FIRST.len()],
        );
        let name = match two && one != other {
            true => format!("{one} and {other} {surname}"),
            false => format!("{one} {surname}"),
        };
        let username = match plan.kind {
            "adopt" => "petra.adoption",
            _ => "leila.fostering",
        };
        let worker: Worker = self.tx.get(ids::worker(username)).await?;
        let family = Family {
            id: ids::named("carer family", &n.to_string()),
            name: name.clone(),
            created_at: self.now - Duration::days(plan.days + 300),
            version: 1,
        };
        self.tx.insert(&family).await?;
        let since = self.day(plan.days);
        let carer = Carer {
            id: ids::named("carer", &n.to_string()),
            kind: plan.kind.to_owned(),
            family_id: family.id,
            name,
            stage: plan.stage.to_owned(),
            stage_on: since,
            enquired_on: self.day(plan.days + if plan.stage == "enquiry" { 0 } else { 240 }),
            approved_on: (plan.stage == "approved").then_some(since),
            ended_on: None,
            end_reason: None,
            away_until: (n % 9 == 4).then(|| self.day(-30)),
            away_why: (n % 9 == 4).then(|| "A parent of theirs is ill.".to_owned()),
            worker_id: Some(worker.id),
            team_id: worker.team_id,
            postcode: Some(format!("LK{} {}AB", 1 + n % 9, 1 + n % 7)),
            version: 1,
        };
        self.tx.insert(&carer).await?;
        let mut people = vec![one];
        people.extend(Some(other).filter(|_| two && one != other));
        for given in people {
            let person = self.person(given, surname, &carer, &worker).await?;
            if plan.stage == "approved" {
                // One in four runs out within 60 days, one in twelve has run out.
                let left = match n % 12 {
                    0 | 3 | 6 => 60,
                    11 => -14,
                    n => 200 + 40 * n as i64,
                };
                self.check(&carer, "dbs", Some(person), left).await?;
            }
        }
        self.stage(n, plan, &carer).await?;
        Ok(carer)
    }

    async fn person(
        &mut self,
        given: &str,
        surname: &str,
        carer: &Carer,
        worker: &Worker,
    ) -> Result<Id<id::Person>> {
        let years = self.dice.between(32, 58);
        let born = self.day(365 * years);
        let new = casework::people::NewPerson {
            kind: PersonKind::Adult,
            given: given.to_owned(),
            family_name: surname.to_owned(),
            born_on: Some(born),
            ..casework::people::NewPerson::default()
        };
        let casework = self.casework;
        let person = casework
            .add_person(self.tx, &new, Some(carer.family_id), true)
            .await?;
        self.tx
            .insert(&CarerPerson {
                id: Id::new(),
                carer_id: carer.id,
                family_id: carer.family_id,
                person_id: person.id,
                role: "carer".into(),
                since: carer.enquired_on,
                until: None,
                version: 1,
            })
            .await?;
        self.tx
            .insert(&Involvement {
                id: Id::new(),
                person_id: person.id,
                worker_id: Some(worker.id),
                team_id: carer.team_id,
                role: "allocated".into(),
                name: worker.name.clone(),
                job_title: worker.job_title.clone(),
                agency: worker.agency.clone(),
                phone: worker.phone.clone(),
                email: worker.email.clone(),
                lead: true,
                sensitive: false,
                started_on: carer.enquired_on,
                ended_on: None,
                change_reason: None,
                version: 1,
            })
            .await?;
        Ok(person.id)
    }

    /// A check that runs out in so many days, and its clock.
    async fn check(
        &mut self,
        carer: &Carer,
        kind: &str,
        person: Option<Id<id::Person>>,
        left: i64,
    ) -> Result<()> {
        let expires = self.day(-left);
        let months = if kind == "home_safety" { 12 } else { 36 };
        let done = expires - Months::new(months);
        let whose = person.map_or_else(|| "home".to_owned(), |p| p.to_string());
        let about = About {
            kind: "carer_check",
            id: format!("{}/{whose}", carer.id),
            person,
            ..about(carer, "check")
        };
        self.clocks(&format!("carer_check.{kind}"), done, &about)
            .await?;
        self.tx
            .insert(&CarerCheck {
                id: Id::new(),
                carer_id: carer.id,
                family_id: carer.family_id,
                person_id: person,
                kind: kind.to_owned(),
                done_on: done,
                result: "clear".into(),
                words: None,
                expires_on: Some(expires),
                made_by: ids::worker("leila.fostering"),
                version: 1,
            })
            .await?;
        Ok(())
    }

    /// The clocks of where the household stands, and its terms.
    async fn stage(&mut self, n: usize, plan: &Plan, carer: &Carer) -> Result<()> {
        let since = carer.stage_on;
        let at = about(carer, "");
        match (plan.kind, plan.stage) {
            ("foster", "enquiry") => self.clocks("carer.enquired", since, &at).await,
            ("foster", "approved") => {
                let terms = CarerTerms {
                    id: Id::new(),
                    carer_id: carer.id,
                    family_id: carer.family_id,
                    since,
                    until: None,
                    places: 1 + (n as i64 % 3),
                    age_from: [0, 5, 8][n % 3],
                    age_to: [8, 17, 17][n % 3],
                    kinds: json!(["short_term", "long_term"]),
                    offers: json!([(["trauma", "babies", "teenagers", "alone"][n % 4])]),
                    siblings: n.is_multiple_of(2),
                    words: None,
                    version: 1,
                };
                self.tx.insert(&terms).await?;
                self.check(carer, "home_safety", None, 30 + 23 * (n as i64 % 12))
                    .await?;
                // The last review: within the year, but one in ten was missed.
                let reviewed = match n % 10 {
                    2 => self.day(390),
                    n => self.day(25 * n as i64),
                };
                let review = about(carer, "review");
                self.clocks("carer.reviewed", reviewed, &review).await?;
                let days = self.dice.between(3, 50);
                let seen = self.day(days);
                let visit = about(carer, "visit");
                self.clocks("carer.supervised", seen, &visit).await
            }
            ("foster", _) => self.clocks("carer.applied", since, &at).await,
            ("adopt", "stage_1") => self.clocks("adopter.registered", since, &at).await,
            ("adopt", "stage_2") => {
                let report = about(carer, "assessment");
                self.clocks("adopter.stage_2_began", since, &report).await
            }
            ("adopt", "approved") => {
                let review = about(carer, "review");
                self.clocks("adopter.approved", since, &review).await
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn clocks(
        &mut self,
        trigger: &str,
        day: NaiveDate,
        about: &About,
    ) -> Result<()> {
        let pack = self.casework.pack();
        for rule in pack.clocks_started_by(trigger, day) {
            let clock = clocks::clock_of(Id::new(), pack, rule, time::start_of(day), about);
            self.tx.insert(&clock).await?;
        }
        Ok(())
    }
}

pub(super) fn about(carer: &Carer, word: &str) -> About {
    About {
        kind: "carer",
        id: carer.id.to_string(),
        family: Some(carer.family_id),
        team: carer.team_id,
        worker: carer.worker_id,
        path: match word {
            "" => format!("/carers/{}", carer.id),
            word => format!("/carers/{}/{word}", carer.id),
        },
        ..About::default()
    }
}

pub(super) async fn rows<E: Entity>(tx: &mut Tx, condition: &str, value: &str) -> Result<Vec<E>> {
    let sql = format!(
        "select {} from {} where {condition}",
        E::COLUMNS.join(", "),
        E::TABLE
    );
    Ok(tx.all(AssertSqlSafe(sql), args![value]).await?)
}
