//! Who works with a child: now and before, from the record and from partners'
//! lists, each with start and end; one lead professional, whose change is a
//! recorded handover (R000-30); and children under five without a health
//! visitor (R000-37).

mod lead;
mod visitors;

pub(crate) use lead::others_step_back;
pub use visitors::{NoVisitor, VisitorBoard};

use packs::Answers;
use record::model::{Involvement, Person};
use record::{Asked, AssertSqlSafe, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use crate::asking::{Asking, Done, claim, past_day, said};
use crate::people::network::{ASK, lower_first};
use crate::{Casework, Error, Result};

/// From how many people one more is asked a reason for (R000-30).
const MANY: usize = 12;

/// One line of the page.
#[derive(Debug, Clone)]
pub struct Works {
    /// Which.
    pub id: Id<ids::Involvement>,
    /// Their name; empty for a service that is not named.
    pub name: String,
    /// "Health visitor, Fernside clinic. Health".
    pub what: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// The one lead professional.
    pub lead: bool,
    /// "since 4 March 2026", "4 March 2024 to 1 May 2026".
    pub when: String,
    /// Why it ended.
    pub why: Option<String>,
    /// "From the list “health visitors”, 22 November 2026".
    pub source: Option<String>,
    /// It may be ended here: a worker who holds the work is allocated elsewhere.
    pub may_end: bool,
}

/// The page.
#[derive(Debug)]
pub struct Working {
    /// The child.
    pub child: Guarded<Person>,
    /// Who works with them now, the lead first.
    pub now: Vec<Works>,
    /// Who did before, the last first.
    pub before: Vec<Works>,
    /// What a manager sees when there are many (R000-30).
    pub many: Option<String>,
    /// The viewer may change it.
    pub may_change: bool,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    row: Involvement,
    source: Option<String>,
    told_at: Option<chrono::DateTime<chrono::Utc>>,
}

fn path(child: Id<ids::Person>) -> String {
    format!("/people/{child}/working")
}

impl Casework {
    /// Who works with a child and who did, for whoever reads the record.
    pub async fn working(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Working> {
        let child = self
            .gate()
            .person(viewer, child, Asked::to_read("working"))
            .await?
            .ok_or(Error::NotFound)?;
        let columns: Vec<String> = <Involvement as record::Entity>::COLUMNS
            .iter()
            .map(|c| format!("i.{c}"))
            .collect();
        let sql = format!(
            "select {}, s.source, s.told_at from involvement i \
             left join involvement_source s on s.involvement_id = i.id \
             where i.person_id = $1 order by i.lead desc, i.ended_on desc, i.started_on desc, i.id",
            columns.join(", ")
        );
        let db = self.store().read_db();
        let found: Vec<Found> = db.all(AssertSqlSafe(sql), args![child.id]).await?;
        let over = |f: &Found| f.row.ended_on.is_some_and(|day| day <= viewer.today);
        let (before, now): (Vec<Found>, Vec<Found>) = found.into_iter().partition(over);
        let many = (now.len() > MANY).then(|| {
            format!(
                "{} people work with {}. Does each of them still help, and does {} know who they all are?",
                now.len(),
                child.first_name(),
                child.first_name()
            )
        });
        let lines = |rows: Vec<Found>| rows.into_iter().map(|f| self.works(f)).collect();
        Ok(Working {
            may_change: self
                .gate()
                .allows(viewer, &child, Asked::to_write("working"))
                && viewer.can("case.record"),
            now: lines(now),
            before: lines(before),
            many,
            child,
        })
    }

    fn works(&self, found: Found) -> Works {
        let row = found.row;
        let hidden = row.sensitive;
        let open = |text: &Option<String>| text.clone().filter(|_| !hidden);
        Works {
            id: row.id,
            name: if hidden {
                String::new()
            } else {
                row.name.clone()
            },
            what: match hidden {
                true => ASK.to_owned(),
                false => format!("{}. {}", row.job_title, self.label("agencies", &row.agency)),
            },
            phone: open(&row.phone),
            email: open(&row.email),
            lead: row.lead && !hidden,
            when: crate::people::kept::between(Some(row.started_on), row.ended_on),
            why: open(&row.change_reason),
            source: match (found.source, found.told_at) {
                (Some(source), Some(at)) if !hidden => Some(format!(
                    "From the list “{source}” of {}",
                    plain::date(crate::time::local(at).date())
                )),
                _ => None,
            },
            may_end: row.role == "other",
        }
    }

    /// The page that adds somebody.
    pub async fn ask_involvement(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let needs = ["case.record"];
        let child = self
            .child_to_write(viewer, child, "working", &needs)
            .await?;
        let (address, back) = (format!("{}/new", path(child.id)), path(child.id));
        let mut asking = Asking::new(self.form("involvement")?, child, address, back);
        asking.title = format!("Who else works with {}?", asking.child.first_name());
        asking.button = format!("Save for {}", asking.child.first_name());
        asking.day("since", viewer.today);
        Ok(asking)
    }

    /// Adds somebody. From the thirteenth on it asks what one more is for; it
    /// never stops it.
    pub async fn add_involvement(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_involvement(viewer, child).await?;
        asking.check(answers)?;
        let since = past_day(answers, "since", viewer.today)?;
        let many = said(answers, "many");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(child)).await?;
        let there: Vec<Involvement> =
            crate::asking::rows(&mut tx, "person_id = $1 and ended_on is null", args![child])
                .await?;
        let name = answers.text("name").trim();
        if there
            .iter()
            .any(|r| !r.sensitive && r.name.eq_ignore_ascii_case(name))
        {
            return Err(Error::finding(
                "name",
                "Name",
                &format!("{name} is in the list already"),
            ));
        }
        if there.len() >= MANY && many.is_none() {
            return Err(Error::finding(
                "many",
                "Why is one more needed?",
                &format!(
                    "{} people work with {} already. Write what one more is for",
                    there.len(),
                    asking.child.first_name()
                ),
            ));
        }
        if let Some(many) = &many {
            tx.because_of(many);
        }
        let row = Involvement {
            id: Id::new(),
            person_id: child,
            worker_id: None,
            team_id: None,
            role: "other".into(),
            name: name.to_owned(),
            job_title: answers.text("post").trim().to_owned(),
            agency: answers.text("agency").to_owned(),
            phone: said(answers, "phone"),
            email: said(answers, "email"),
            lead: false,
            sensitive: answers.text("sensitive") == "yes",
            started_on: since,
            ended_on: None,
            change_reason: None,
            version: 1,
        };
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new(format!("{name} is in the list."), path(child)))
    }

    /// The page that ends an involvement.
    pub async fn ask_stop_working(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        which: Id<ids::Involvement>,
    ) -> Result<(Asking, Involvement)> {
        let needs = ["case.record"];
        let child = self
            .child_to_write(viewer, child, "working", &needs)
            .await?;
        let rows: Vec<Involvement> = self
            .rows_of("id = $1 and person_id = $2", args![which, child.id])
            .await?;
        let row = rows.into_iter().find(|r| r.ended_on.is_none());
        let row = row.ok_or(Error::NotFound)?;
        if row.role != "other" {
            return Err(Error::Refused(
                "This person holds the work or leads. A manager allocates somebody else, or agree first who leads from now on.".into(),
            ));
        }
        let back = path(child.id);
        let address = format!("{back}/{which}/end");
        let mut asking = Asking::new(self.form("involvement-end")?, child, address, back);
        let who = match row.sensitive {
            true => "This service".to_owned(),
            false => format!("{}, {}", row.name, lower_first(&row.job_title)),
        };
        asking.title = format!("{who}: works with {} no longer", asking.child.first_name());
        asking.button = format!("Save for {}", asking.child.first_name());
        asking.day("ended", viewer.today);
        Ok((asking, row))
    }

    /// Ends an involvement, with its reason. Whoever leads hands that over first.
    pub async fn stop_working(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        which: Id<ids::Involvement>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let (asking, mut row) = self.ask_stop_working(viewer, child, which).await?;
        asking.check(answers)?;
        if row.lead {
            return Err(Error::finding(
                "ended",
                "Since when?",
                "They lead. Agree first who leads from now on",
            ));
        }
        let ended = past_day(answers, "ended", viewer.today)?;
        if ended < row.started_on {
            return Err(Error::finding(
                "ended",
                "Since when?",
                "This day is before the day on which they began",
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, &path(child)).await?;
        row.ended_on = Some(ended);
        row.change_reason = said(answers, "reason");
        tx.update(&mut row).await?;
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(Done::new("The end is recorded.", path(child)))
    }
}
