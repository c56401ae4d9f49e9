//! What is due, across families: the running clocks of a worker or of teams,
//! with the names of those they are about. Shared by the home page and the
//! team's page.
//!
//! A clock whose child is not open to the viewer is not in the list, whoever's
//! work it is: denied looks like absent.

use chrono::{DateTime, Utc};
use packs::Pack;
use record::model::Clock;
use record::{Asked, AssertSqlSafe, Entity, Listed, Value, Viewer};
use vocabulary::{Id, ids};

use crate::clocks::ClockView;
use crate::{Casework, Result};

/// Whose clocks.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// The viewer's own, and with `true` also those of the viewer's team that
    /// are nobody's yet: a front door works on them together.
    Mine(bool),
    /// All of some teams.
    Teams(&'a [Id<ids::Team>]),
    /// All of one rule, whoever's.
    Rule(&'a str),
}

/// One thing that is due.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// The clock, with its words, rule and source.
    pub clock: ClockView,
    /// Whom it is about: "Maya Kerr", "Kerr family", "Contact LK-1234".
    pub about: String,
    /// Whose work it is, when it is somebody's.
    pub worker: Option<String>,
    /// The child, when it is about one.
    pub person: Option<Id<ids::Person>>,
    /// The family, when it is about one.
    pub family: Option<Id<ids::Family>>,
    /// The contact, when it is about one.
    pub contact: Option<Id<ids::Contact>>,
}

#[derive(sqlx::FromRow)]
struct Found {
    #[sqlx(flatten)]
    clock: Clock,
    given: Option<String>,
    known_as: Option<String>,
    surname: Option<String>,
    described_as: Option<String>,
    family_name: Option<String>,
    reference: Option<String>,
    worker_name: Option<String>,
}

impl Casework {
    /// Running clocks that are due before a moment, the latest first. One
    /// statement, and one look at all that are shown.
    pub async fn due(
        &self,
        viewer: &Viewer,
        whose: Whose<'_>,
        before: DateTime<Utc>,
        limit: i64,
        page: &str,
    ) -> Result<Listed<DueRow>> {
        let mut values: Vec<Value> = vec![before.into(), limit.into()];
        let whose = match whose {
            Whose::Mine(shared) => {
                values.push(viewer.principal.worker.into());
                match (shared, viewer.principal.team) {
                    (true, Some(team)) => {
                        values.push(team.into());
                        "(c.worker_id = $3 or (c.worker_id is null and c.team_id = $4))".to_owned()
                    }
                    _ => "c.worker_id = $3".to_owned(),
                }
            }
            Whose::Teams([]) => return Ok(Listed::default()),
            Whose::Teams(teams) => {
                let places: Vec<String> = (3..teams.len() + 3).map(|i| format!("${i}")).collect();
                values.extend(teams.iter().map(Value::from));
                format!("c.team_id in ({})", places.join(", "))
            }
            Whose::Rule(rule) => {
                values.push(rule.into());
                "c.rule = $3".to_owned()
            }
        };
        let visible = self.visible(viewer, page, &mut values);
        let columns: Vec<String> = Clock::COLUMNS.iter().map(|c| format!("c.{c}")).collect();
        let sql = format!(
            "select {}, p.given, p.known_as, p.family_name as surname, p.described_as, \
             f.name as family_name, t.reference, w.name as worker_name from clock c \
             left join person p on p.id = c.person_id \
             left join family f on f.id = c.family_id \
             left join contact t on t.id = c.contact_id \
             left join worker w on w.id = c.worker_id \
             where {whose} and c.done_at is null and c.due_at < $1 and {visible} \
             order by c.due_at, c.id limit $2",
            columns.join(", ")
        );
        let found: Vec<Found> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        let rows = found.into_iter().map(|f| row(f, self.pack())).collect();
        Ok(self.gate().listed(viewer, page, rows, subjects).await?)
    }

    /// The condition on a clock `c` that its child, a member of its family, or
    /// every identified child of its contact is open to the viewer.
    pub(crate) fn visible(&self, viewer: &Viewer, page: &str, values: &mut Vec<Value>) -> String {
        let read = Asked {
            section: access::Section::Summary,
            ..Asked::to_read(page)
        };
        let mut add = |asked, column| {
            let (sql, more) = self.gate().may_see(viewer, asked, column, values.len() + 1);
            values.extend(more);
            sql
        };
        let person = add(read, "c.person_id");
        let member = add(read, "fm.person_id");
        let named = add(Asked::index(page), "cc.person_id");
        format!(
            "case when c.person_id is not null then {person} \
             when c.family_id is not null then exists (select 1 from family_member fm \
             where fm.family_id = c.family_id and fm.left_on is null and {member}) \
             else not exists (select 1 from contact_child cc where cc.contact_id = c.contact_id \
             and cc.person_id is not null and not {named}) end"
        )
    }
}

fn row(found: Found, pack: &Pack) -> DueRow {
    let given = found.known_as.filter(|n| !n.is_empty()).or(found.given);
    let name = format!(
        "{} {}",
        given.unwrap_or_default(),
        found.surname.unwrap_or_default()
    );
    let name = match name.trim() {
        "" => found.described_as.unwrap_or_default(),
        name => name.to_owned(),
    };
    let about = match (name.is_empty(), found.family_name, found.reference) {
        (false, _, _) => name,
        (true, Some(family), _) => family_words(&family),
        (true, None, Some(reference)) => format!("Contact {reference}"),
        (true, None, None) => match found.clock.about_kind.as_str() {
            crate::matters::KIND => "Open it to see whom it is about".to_owned(),
            _ => String::new(),
        },
    };
    DueRow {
        person: found.clock.person_id,
        family: found.clock.family_id,
        contact: found.clock.contact_id,
        clock: ClockView::of(&found.clock, pack),
        about,
        worker: found.worker_name,
    }
}

/// A family's name for a list: "Kerr family".
pub fn family_words(name: &str) -> String {
    if name.to_lowercase().ends_with("family") {
        name.to_owned()
    } else {
        format!("{name} family")
    }
}

fn subjects(row: &DueRow) -> Vec<String> {
    let mut about = Vec::new();
    about.extend(row.person.map(|id| format!("person:{id}")));
    about.extend(row.family.map(|id| format!("family:{id}")));
    about.extend(row.contact.map(|id| format!("contact:{id}")));
    about
}
