//! The watch after a step-down: somebody looks again at 3, 6 and 12 months,
//! and when the child needs more help again it is seen and counted (R004-23).

use chrono::{DateTime, NaiveDate, Utc};
use packs::{Answers, Form};
use record::model::{Clock, Person, Watch, WatchLook, WatchState};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Tx, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::clocks::{About, ClockView};
use crate::plans::{claim, columns, stops};
use crate::{Casework, Error, Result, clocks, time};

/// The looks: after how many months, by which clock, and what stops it.
const LOOKS: [(i64, &str, &str); 3] = [
    (3, "watch-3-months", "watch.first"),
    (6, "watch-6-months", "watch.second"),
    (12, "watch-12-months", "watch.third"),
];
/// The form of a look.
const FORM: &str = "watch-look";

/// A step-down that begins to be watched.
pub(crate) struct Began<'a> {
    pub child: Id<ids::Person>,
    pub family: Id<ids::Family>,
    pub step: Id<ids::Step>,
    pub from: &'a str,
    pub to: &'a str,
    pub bring_back: &'a str,
    pub worker: Option<Id<ids::Worker>>,
    pub team: Option<Id<ids::Team>>,
}

/// The page of a watch.
#[derive(Debug, Clone)]
pub struct WatchPage {
    /// The watch.
    pub watch: Watch,
    /// The child.
    pub child: Guarded<Person>,
    /// "Child protection plan".
    pub from: String,
    /// "child in need".
    pub to: String,
    /// The looks so far.
    pub looks: Vec<LookLine>,
    /// The clocks of the looks to come.
    pub clocks: Vec<ClockView>,
    /// The form of a look.
    pub form: Form,
    /// The viewer may write.
    pub writes: bool,
}

/// A look on the page.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct LookLine {
    /// After how many months.
    pub months: i64,
    /// yes, partly, no, not_known.
    pub holding: String,
    /// What was seen.
    pub words: String,
    /// Who looked.
    pub by: String,
    /// When.
    pub looked_at: DateTime<Utc>,
}

/// A watch in the list of a team.
#[derive(Debug, Clone)]
pub struct WatchRow {
    /// The watch.
    pub id: Id<ids::Part>,
    /// The child's name.
    pub name: String,
    /// "Child protection plan".
    pub from: String,
    /// Since when.
    pub since: String,
    /// The next look.
    pub due: String,
    /// late, due-soon, on-time.
    pub state: &'static str,
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    watch: Watch,
    given: String,
    surname: String,
    due_at: Option<DateTime<Utc>>,
}

impl Casework {
    /// Begins to watch, with a clock for each look.
    pub(crate) async fn begin_watch(
        &self,
        tx: &mut Tx,
        began: &Began<'_>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let watch = Watch {
            id: Id::new(),
            person_id: began.child,
            family_id: began.family,
            step_id: Some(began.step),
            from_kind: began.from.to_owned(),
            to_kind: began.to.to_owned(),
            began_on: time::local(at).date(),
            bring_back: began.bring_back.to_owned(),
            state: WatchState::Watching,
            back_on: None,
            back_by: None,
            version: 1,
        };
        tx.insert(&watch).await?;
        let about = About {
            kind: "watch",
            id: watch.id.to_string(),
            person: Some(began.child),
            family: Some(began.family),
            contact: None,
            team: began.team,
            worker: began.worker,
            path: format!("/watch/{}", watch.id),
        };
        clocks::start(tx, self.pack(), "step_down.decided", at, &about).await
    }

    /// Children who are being watched need more help again.
    pub(crate) async fn back_again(
        &self,
        tx: &mut Tx,
        children: &[Id<ids::Person>],
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let sql = format!(
            "select {} from watch where person_id = $1 and state = 'watching'",
            Watch::COLUMNS.join(", ")
        );
        for child in children {
            let rows: Vec<Watch> = tx.all(AssertSqlSafe(sql.clone()), args![*child]).await?;
            for mut watch in rows {
                watch.state = WatchState::Back;
                watch.back_on = Some(time::local(at).date());
                watch.back_by = Some(by.to_owned());
                tx.update(&mut watch).await?;
                clocks::stop_all(tx, at, "watch", watch.id.as_str()).await?;
            }
        }
        Ok(())
    }

    /// The page of a watch.
    pub async fn watch(&self, viewer: &Viewer, id: Id<ids::Part>) -> Result<WatchPage> {
        let db = self.store().read_db();
        let sql = format!(
            "select {} from watch where id = $1",
            Watch::COLUMNS.join(", ")
        );
        let watch: Option<Watch> = db.maybe(AssertSqlSafe(sql), args![id]).await?;
        let watch = watch.ok_or(Error::NotFound)?;
        let child = self
            .gate()
            .person(viewer, watch.person_id, Asked::to_read("watch"))
            .await?
            .ok_or(Error::NotFound)?;
        let looks = db
            .all(
                "select l.months, l.holding, l.words, w.name as by, l.looked_at from watch_look l \
                 join worker w on w.id = l.looked_by where l.watch_id = $1 order by l.looked_at",
                args![id],
            )
            .await?;
        let running = self.clocks_of_watch(id).await?;
        let writes = watch.state == WatchState::Watching
            && viewer.can("case.record")
            && self.gate().allows(viewer, &child, Asked::to_write("watch"));
        Ok(WatchPage {
            from: crate::plans::kind_words(&watch.from_kind),
            to: crate::header::status_words(&watch.to_kind),
            clocks: running
                .iter()
                .map(|c| ClockView::of(c, self.pack()))
                .collect(),
            form: self.form(FORM)?.clone(),
            looks,
            child,
            watch,
            writes,
        })
    }

    /// Looks again. The last look ends the watch.
    pub async fn look_again(
        &self,
        viewer: &Viewer,
        id: Id<ids::Part>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        let page = self.watch(viewer, id).await?;
        if !page.writes {
            return Err(Error::Refused(
                "You can read this, but not write here: the child’s worker or a manager looks again, while the watch lasts.".into(),
            ));
        }
        stops(page.form.check(answers, None))?;
        let running = self.clocks_of_watch(id).await?;
        let Some((months, rule, event)) = LOOKS
            .into_iter()
            .find(|(_, rule, _)| running.iter().any(|c| c.rule == *rule))
        else {
            return Err(Error::NotFound);
        };
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &format!("/watch/{id}")).await?;
        let now = tx.now();
        tx.insert(&WatchLook {
            id: Id::new(),
            watch_id: id,
            person_id: page.watch.person_id,
            months,
            holding: answers.text("holding").to_owned(),
            words: answers.text("words").to_owned(),
            looked_by: viewer.principal.worker,
            looked_at: now,
            version: 1,
        })
        .await?;
        clocks::stop(&mut tx, self.pack(), event, now, "watch", id.as_str()).await?;
        if LOOKS.last().is_some_and(|(_, last, _)| *last == rule) {
            let mut watch: Watch = tx.get(id).await?;
            watch.state = WatchState::Ended;
            tx.update(&mut watch).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The watches that the viewer may see, the next look first.
    pub async fn watches(&self, viewer: &Viewer) -> Result<Vec<WatchRow>> {
        let asked = Asked::to_read("step-downs");
        let (condition, values) = self.gate().may_see(viewer, asked, "p.id", 1);
        let sql = format!(
            "select {}, p.given, p.family_name as surname, \
             (select min(c.due_at) from clock c where c.about_kind = 'watch' \
               and c.about_id = w.id and c.done_at is null) as due_at \
             from watch w join person p on p.id = w.person_id \
             where w.state = 'watching' and {condition} order by due_at, w.id limit 200",
            columns::<Watch>("w")
        );
        let rows: Vec<Row> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let listed = self
            .gate()
            .listed(viewer, "step-downs", rows, |row| {
                vec![format!("person:{}", row.watch.person_id)]
            })
            .await?;
        let today = time::today();
        Ok(listed.into_iter().map(|row| line(row, today)).collect())
    }

    /// Of the step-downs that are at least so many months old: how many, and
    /// how many needed more help again within that time. Numbers, no names;
    /// without children whose record is closed to the viewer.
    pub async fn re_escalated(&self, viewer: &Viewer, months: u32) -> Result<(i64, i64)> {
        #[derive(sqlx::FromRow)]
        struct Seen {
            began_on: NaiveDate,
            back_on: Option<NaiveDate>,
        }
        let (counted, values) = self.gate().may_count(viewer, "w.person_id", 1);
        let sql = format!("select w.began_on, w.back_on from watch w where {counted}");
        let db = self.store().read_db();
        let rows: Vec<Seen> = db.all(AssertSqlSafe(sql), values).await?;
        let today = time::today();
        let after = |day: NaiveDate| day + chrono::Months::new(months);
        let old: Vec<&Seen> = rows.iter().filter(|w| after(w.began_on) <= today).collect();
        let back = |w: &&&Seen| w.back_on.is_some_and(|day| day <= after(w.began_on));
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        Ok((count(old.len()), count(old.iter().filter(back).count())))
    }

    async fn clocks_of_watch(&self, id: Id<ids::Part>) -> Result<Vec<Clock>> {
        let sql = format!(
            "select {} from clock where about_kind = 'watch' and about_id = $1 \
             and done_at is null order by due_at",
            Clock::COLUMNS.join(", ")
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?)
    }
}

fn line(row: Row, today: NaiveDate) -> WatchRow {
    let due = row.due_at.map(|at| time::local(at).date());
    let left = due.map(|day| (day - today).num_days());
    WatchRow {
        id: row.watch.id,
        name: format!("{} {}", row.given, row.surname),
        from: crate::plans::kind_words(&row.watch.from_kind),
        since: plain::date(row.watch.began_on),
        due: left.map_or_else(String::new, plain::days_left),
        state: match left {
            Some(n) if n < 0 => "late",
            Some(n) if n <= 14 => "due-soon",
            _ => "on-time",
        },
    }
}
