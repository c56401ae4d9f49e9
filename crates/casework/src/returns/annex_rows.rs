//! What Annex A asks for beyond the census, in one statement for each kind of
//! thing over everybody at once.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use record::args;
use vocabulary::{Id, ids};

use crate::dataset::{Child, Dataset};
use crate::{Casework, Result};

/// Declares rows as a statement gives them.
macro_rules! rows {
    ($($(#[$meta:meta])* $name:ident { $($field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, sqlx::FromRow)]
        pub(super) struct $name { $(pub(super) $field: $type,)* }
    )*};
}

type Person = Id<ids::Person>;

rows! {
    /// Who is allocated to a child today.
    Allocated { person_id: Person, worker: String, team: Option<String>, }
    /// A child whom a contact was about.
    Told { person_id: Person, received_at: DateTime<Utc>, source: Option<String>, }
    /// Early help for a child.
    Helped {
        person_id: Person, began_on: NaiveDate, ended_on: Option<NaiveDate>,
        assessed_at: Option<DateTime<Utc>>, team: Option<String>,
    }
    /// A visit at which the child was seen.
    Visit { person_id: Person, happened_at: DateTime<Utc>, seen_alone: Option<bool>, }
    /// A time in care.
    Care {
        id: String, family_id: Option<String>, person_id: Person, started_on: NaiveDate, ended_on: Option<NaiveDate>,
        permanence: String,
    }
    /// An episode of care.
    CareEpisode {
        care_id: String, person_id: Person, started_on: NaiveDate, legal_status: String,
        need: String, ended_on: Option<NaiveDate>, ended_why: Option<String>,
    }
    /// A home in care.
    Home {
        care_id: String, person_id: Person, started_on: NaiveDate, ended_on: Option<NaiveDate>,
        home: String, provider: String, postcode: Option<String>, outside: Option<bool>,
        area: Option<String>, urn: Option<String>,
    }
    /// Something that happened to a child on a day, by kind.
    Happened { person_id: Person, kind: String, happened_on: NaiveDate, }
    /// A visit at which a reviewing officer saw the child.
    ByOfficer { person_id: Person, happened_at: DateTime<Utc>, }
    /// A child who came alone.
    Alone { person_id: Person, ceased_on: Option<NaiveDate>, }
    /// A time missing or away.
    Missing { person_id: Person, kind: String, interview: String, }
    /// A young person who leaves or has left care.
    Leaver {
        id: String, person_id: Person, status: String, planned_on: Option<NaiveDate>,
        adviser: Option<String>,
    }
    /// A time we were in touch with a young person, or tried.
    Touch {
        leaver_id: String, happened_on: NaiveDate, in_touch: String, home: Option<String>,
        activity: Option<String>,
    }
    /// A plan for adoption.
    ForAdoption {
        person_id: Person, decided_on: NaiveDate, ended_on: Option<NaiveDate>,
        ended_why: Option<String>, matched_on: Option<NaiveDate>,
    }
    /// An adopter, or somebody who asked to be one.
    Adopter {
        person_id: Person, carer_id: String, enquired_on: NaiveDate,
        approved_on: Option<NaiveDate>, ended_on: Option<NaiveDate>, end_reason: Option<String>,
    }
    /// A stage on the way of an adopter.
    Stage { carer_id: String, kind: String, happened_on: NaiveDate, }
    /// A child matched with adopters. After the order it names no child.
    Match {
        carer_id: String, person_id: Option<Person>, state: String, agreed_on: Option<NaiveDate>,
        placed_on: Option<NaiveDate>, ended_on: Option<NaiveDate>,
    }
}

/// Everything that the lists are made of.
#[derive(Debug, Default)]
pub(super) struct All {
    pub dataset: Dataset,
    pub people: HashMap<Person, Child>,
    pub allocated: HashMap<Person, Allocated>,
    pub contacts: Vec<Told>,
    pub helped: Vec<Helped>,
    pub visits: HashMap<Person, Vec<Visit>>,
    pub cares: Vec<Care>,
    pub episodes: HashMap<Person, Vec<CareEpisode>>,
    pub homes: HashMap<Person, Vec<Home>>,
    pub happened: HashMap<Person, Vec<Happened>>,
    pub by_officer: HashMap<Person, Vec<ByOfficer>>,
    pub alone: HashMap<Person, Vec<Alone>>,
    pub missing: HashMap<Person, Vec<Missing>>,
    pub leavers: Vec<Leaver>,
    pub touches: HashMap<String, Vec<Touch>>,
    pub for_adoption: Vec<ForAdoption>,
    pub adopters: Vec<Adopter>,
    pub stages: HashMap<String, Vec<Stage>>,
    pub matches: HashMap<String, Vec<Match>>,
}

fn by<K: std::hash::Hash + Eq, T>(rows: Vec<T>, of: impl Fn(&T) -> K) -> HashMap<K, Vec<T>> {
    let mut all: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        all.entry(of(&row)).or_default().push(row);
    }
    all
}

impl Casework {
    /// Reads what the lists need. `half` is six months before `as_at`, `year`
    /// twelve. Lists are in the order in which they happened.
    pub(super) async fn annex_rows(
        &self,
        as_at: NaiveDate,
        half: NaiveDate,
        year: NaiveDate,
    ) -> Result<All> {
        // On connections of their own: two cores read sooner than one.
        let (dataset, people, others) = tokio::try_join!(
            self.dataset(as_at),
            self.everybody(),
            self.rows_of_lists(as_at, half, year)
        )?;
        Ok(All {
            dataset,
            people: people.into_iter().map(|p| (p.id, p)).collect(),
            ..others
        })
    }

    /// Everything but the children themselves and their steps.
    async fn rows_of_lists(
        &self,
        as_at: NaiveDate,
        half: NaiveDate,
        year: NaiveDate,
    ) -> Result<All> {
        let db = self.store().read_db();
        let (from, to) = (crate::time::start_of(half), crate::time::end_of(as_at));
        let allocated: Vec<Allocated> = db
            .all(
                "select i.person_id, i.name as worker, t.name as team from involvement i \
                 left join worker w on w.id = i.worker_id \
                 left join team t on t.id = coalesce(i.team_id, w.team_id) \
                 where i.role = 'allocated' and (i.ended_on is null or i.ended_on > $1) \
                 order by i.started_on, i.id",
                args![as_at],
            )
            .await?;
        let contacts = db
            .all(
                "select x.person_id, c.received_at, c.source from contact c \
                 join contact_child x on x.contact_id = c.id where x.person_id is not null \
                 and c.received_at >= $1 and c.received_at <= $2 order by c.received_at, x.id",
                args![from, to],
            )
            .await?;
        let helped = db
            .all(
                "select x.person_id, e.began_on, e.ended_on, s.settled_at as assessed_at, \
                 t.name as team from early_help e join early_help_child x on x.early_help_id = e.id \
                 left join step s on s.id = e.step_id and s.state = 'done' \
                 left join team t on t.id = e.team_id where e.began_on <= $2 \
                 and (e.ended_on is null or e.ended_on >= $1) order by e.began_on, x.id",
                args![half, as_at],
            )
            .await?;
        let visits: Vec<Visit> = db
            .all(
                "select person_id, happened_at, seen_alone from note where kind = 'visit' and seen \
                 and happened_at <= $1 order by happened_at, id",
                args![to],
            )
            .await?;
        let cares = db
            .all(
                "select id, family_id, person_id, started_on, ended_on, permanence from care \
                 where started_on <= $1 order by started_on, id",
                args![as_at],
            )
            .await?;
        let episodes: Vec<CareEpisode> = db
            .all(
                "select care_id, person_id, started_on, legal_status, need, ended_on, ended_why \
                 from care_episode where started_on <= $1 order by started_on, id",
                args![as_at],
            )
            .await?;
        let homes: Vec<Home> = db
            .all(
                "select care_id, person_id, started_on, ended_on, home, provider, postcode, \
                 outside, area, urn from placement where started_on <= $1 order by started_on, id",
                args![as_at],
            )
            .await?;
        let happened: Vec<Happened> = db
            .all(
                "select person_id, kind, happened_on from care_check where done = 'yes' \
                 and kind in ('assessment', 'dentist') and happened_on <= $1 \
                 union all select person_id, 'review', held_on from care_review where held_on <= $1 \
                 order by 3",
                args![as_at],
            )
            .await?;
        let by_officer: Vec<ByOfficer> = db
            .all(
                "select n.person_id, n.happened_at from note n \
                 join worker w on w.id = n.author_id where w.role = 'iro' \
                 and n.kind = 'visit' and n.seen and n.happened_at <= $1 order by n.happened_at, n.id",
                args![to],
            )
            .await?;
        let alone: Vec<Alone> = db
            .all("select person_id, ceased_on from unaccompanied", args![])
            .await?;
        let missing: Vec<Missing> = db
            .all(
                "select person_id, kind, interview from missing \
                 where started_at >= $1 and started_at <= $2 order by started_at, id",
                args![crate::time::start_of(year), to],
            )
            .await?;
        let leavers = db
            .all(
                "select l.id, l.person_id, l.status, l.planned_on, w.name as adviser from leaver l \
                 left join worker w on w.id = l.adviser_id \
                 where l.ended_on is null and l.since <= $1 order by l.id",
                args![as_at],
            )
            .await?;
        let touches: Vec<Touch> = db
            .all(
                "select leaver_id, happened_on, in_touch, home, activity from leaver_contact \
                 where happened_on <= $1 order by happened_on, id",
                args![as_at],
            )
            .await?;
        let for_adoption = db
            .all(
                "select person_id, decided_on, ended_on, ended_why, matched_on from adoption_plan \
                 where decided_on <= $1 and (ended_on is null or ended_on >= $2) order by id",
                args![as_at, year],
            )
            .await?;
        let adopters = db
            .all(
                "select x.person_id, c.id as carer_id, c.enquired_on, c.approved_on, c.ended_on, \
                 c.end_reason from carer c join carer_person x on x.carer_id = c.id \
                 where c.kind = 'adopt' and x.role = 'carer' and x.until is null \
                 and c.enquired_on <= $1 and (c.ended_on is null or c.ended_on >= $2) order by x.id",
                args![as_at, year],
            )
            .await?;
        let stages: Vec<Stage> = db
            .all(
                "select carer_id, kind, happened_on from carer_event \
                 where kind in ('stage-1', 'stage-1-done', 'stage-2') and happened_on <= $1 \
                 order by happened_on, id",
                args![as_at],
            )
            .await?;
        let matches: Vec<Match> = db
            .all(
                "select carer_id, person_id, state, agreed_on, placed_on, ended_on from adoption_match \
                 where proposed_on <= $1 order by proposed_on, id",
                args![as_at],
            )
            .await?;
        Ok(All {
            allocated: allocated.into_iter().map(|a| (a.person_id, a)).collect(),
            contacts,
            helped,
            visits: by(visits, |v| v.person_id),
            cares,
            episodes: by(episodes, |e| e.person_id),
            homes: by(homes, |h| h.person_id),
            happened: by(happened, |h| h.person_id),
            by_officer: by(by_officer, |b| b.person_id),
            alone: by(alone, |a| a.person_id),
            missing: by(missing, |m| m.person_id),
            leavers,
            touches: by(touches, |t| t.leaver_id.clone()),
            for_adoption,
            adopters,
            stages: by(stages, |s| s.carer_id.clone()),
            matches: by(matches, |m| m.carer_id.clone()),
            ..All::default()
        })
    }

    /// Everybody who can stand in a list: children, young people and adopters.
    async fn everybody(&self) -> Result<Vec<Child>> {
        let db = self.store().read_db();
        Ok(db
            .all(
                "select p.id, p.kind, p.sex, p.born_on, p.born_kind, p.died_on, p.ethnicity, \
                 p.upn, p.no_upn, p.disabilities, p.status, \
                 exists (select 1 from restriction r where r.person_id = p.id \
                 and r.ended_at is null) as restricted from person p where p.id in ( \
                 select person_id from step_subject union select person_id from contact_child \
                 union select person_id from early_help_child union select person_id from care \
                 union select person_id from leaver union select person_id from adoption_plan \
                 union select person_id from carer_person where role = 'carer')",
                args![],
            )
            .await?)
    }
}
