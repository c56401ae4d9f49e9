//! One contact with everything around it: what was told, the children, who
//! works with them, what came before, and what has happened since.

use chrono::{DateTime, NaiveDate, Utc};
use packs::{Answers, Form};
use record::model::{Clock, Contact};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{BirthDate, Id, ids, plain};

use super::board::in_list;
use super::{ToldChild, outcome_words, route_label};
use crate::clocks::ClockView;
use crate::{Casework, Error, Result, time};

/// A contact as its page shows it.
#[derive(Debug, Clone)]
pub struct ContactView {
    /// The contact itself.
    pub contact: Guarded<Contact>,
    /// The answers, section by section, with the form's questions.
    pub told: Vec<ToldSection>,
    /// The children it is about.
    pub children: Vec<ChildView>,
    /// Who works with the identified children.
    pub working: Vec<Working>,
    /// What happened before and since, newest first.
    pub history: Vec<Happened>,
    /// Running and finished clocks, the first due first.
    pub clocks: Vec<ClockView>,
    /// Names for the ids in the contact.
    pub names: Names,
}

/// One section of what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldSection {
    /// The section's id.
    pub id: String,
    /// The section's title.
    pub title: String,
    /// The form's field name, the question, and the answer in words.
    pub lines: Vec<(String, String, String)>,
}

/// A child of a contact.
#[derive(Debug, Clone)]
pub struct ChildView {
    /// The mention, for the match page.
    pub part: Id<ids::Part>,
    /// As told.
    pub told: ToldChild,
    /// The child, once identified.
    pub person: Option<Id<ids::Person>>,
    /// Name and age of the identified child.
    pub name: String,
    /// The identified child's status, in the record's word.
    pub status: Option<String>,
}

/// Someone who works with an identified child.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Working {
    /// The child.
    pub person_id: Id<ids::Person>,
    /// Who.
    pub name: String,
    /// What they do.
    pub job_title: String,
    /// Their agency.
    pub agency: String,
    /// How to ring them.
    pub phone: Option<String>,
    /// Shown only as "someone is involved".
    pub sensitive: bool,
    /// Since.
    pub started_on: NaiveDate,
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// What, in a few words.
    pub what: String,
    /// The reasons or the words.
    pub words: String,
    /// Who did it.
    pub by: String,
    /// Where to read more.
    pub link: Option<String>,
}

/// Names for the ids in a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Names {
    /// The team that it is with.
    pub team: Option<String>,
    /// That team's kind.
    pub team_kind: Option<String>,
    /// Who screens it.
    pub screener: Option<String>,
    /// Who took it down.
    pub taken_by: Option<String>,
    /// The council that it was passed to and has not said that it has it.
    pub unanswered: Option<String>,
}

#[derive(sqlx::FromRow)]
struct ChildRow {
    id: Id<ids::Part>,
    told: serde_json::Value,
    person_id: Option<Id<ids::Person>>,
    given: Option<String>,
    known_as: Option<String>,
    family_name: Option<String>,
    born_on: Option<NaiveDate>,
    status: Option<String>,
}

#[derive(sqlx::FromRow)]
struct HistoryRow {
    kind: String,
    at: DateTime<Utc>,
    what: String,
    words: String,
    by: Option<String>,
    link: String,
}

impl Casework {
    /// A contact with everything around it. Open to whom the gate lets in.
    pub async fn contact_view(&self, viewer: &Viewer, id: Id<ids::Contact>) -> Result<ContactView> {
        let asked = Asked::to_read("contact");
        let contact = self
            .gate()
            .contact(viewer, id, asked)
            .await?
            .ok_or(Error::NotFound)?;
        let children = self.children_with_names(id).await?;
        let people: Vec<Id<ids::Person>> = children.iter().filter_map(|c| c.person).collect();
        let working = self.workers_around(viewer, &people).await?;
        let history = self.contact_history(viewer, &contact, &people).await?;
        let clocks = self.contact_clocks(id).await?;
        let names = self.names_of(&contact).await?;
        let answers = contact.answers.as_object().cloned().unwrap_or_default();
        let told = match self.form_written_on(&contact) {
            Some(form) => told_sections(form, &Answers::from_map(answers)),
            None => Vec::new(),
        };
        Ok(ContactView {
            contact,
            told,
            children,
            working,
            history,
            clocks,
            names,
        })
    }

    /// The form in the version that the contact was written on.
    fn form_written_on(&self, contact: &Contact) -> Option<&Form> {
        let version = contact.form_version.parse().ok()?;
        self.pack().form_version(&contact.form, version)
    }

    pub(super) async fn children_with_names(&self, id: Id<ids::Contact>) -> Result<Vec<ChildView>> {
        let rows: Vec<ChildRow> = self
            .store()
            .read_db()
            .all(
                "select cc.id, cc.told, cc.person_id, p.given, p.known_as, p.family_name, \
                 p.born_on, p.status from contact_child cc \
                 left join person p on p.id = cc.person_id where cc.contact_id = $1 \
                 order by cc.id",
                args![id],
            )
            .await?;
        Ok(rows.into_iter().map(ChildRow::shown).collect())
    }

    async fn workers_around(
        &self,
        viewer: &Viewer,
        people: &[Id<ids::Person>],
    ) -> Result<Vec<Working>> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let (list, mut values) = in_list(people, 1);
        let asked = Asked::index("contact");
        let (condition, more) = self
            .gate()
            .may_see(viewer, asked, "i.person_id", values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select i.person_id, i.name, i.job_title, i.agency, i.phone, i.sensitive, \
             i.started_on from involvement i where i.person_id in ({list}) \
             and i.ended_on is null and {condition} order by i.lead desc, i.started_on"
        );
        Ok(self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?)
    }

    /// Earlier contacts and steps of the identified children, and what was
    /// decided and told about this contact: one view, newest first.
    async fn contact_history(
        &self,
        viewer: &Viewer,
        contact: &Contact,
        people: &[Id<ids::Person>],
    ) -> Result<Vec<Happened>> {
        let own = contact.id.to_string();
        let mut values = args![own];
        let mut sql =
            "select 'decision' as kind, d.decided_at as at, d.kind || ':' || d.outcome as what, \
             d.rationale as words, w.name as by, '' as link from decision d \
             join worker w on w.id = d.decided_by where d.contact_id = $1 \
             union all select 'told', t.told_at, t.reason || ':' || t.who, t.words, w.name, '' \
             from told t join worker w on w.id = t.told_by where t.contact_id = $1"
                .to_owned();
        if !people.is_empty() {
            let (list, more) = in_list(people, values.len() + 1);
            values.extend(more);
            let asked = Asked::to_read("contact");
            let (condition, more) =
                self.gate()
                    .may_see(viewer, asked, "x.person_id", values.len() + 1);
            values.extend(more);
            // Only the day is known: it stands at the start of that day.
            let began = self.store().read_db().dialect().pick(
                "s.started_on || 'T00:00:00+00:00'",
                "cast(s.started_on as timestamptz)",
            );
            sql.push_str(&format!(
                " union all select 'contact', c.received_at, coalesce(c.outcome, c.state), \
                 c.route, coalesce(c.referrer_agency, c.referrer_role, ''), '/contacts/' || c.id \
                 from contact c where c.id <> $1 and exists (select 1 from contact_child x \
                 where x.contact_id = c.id and x.person_id in ({list}) and {condition}) \
                 union all select 'step', {began}, s.kind, s.state, w.name, \
                 '/steps/' || s.id from step s left join worker w on w.id = s.worker_id \
                 where exists (select 1 from step_subject x where x.step_id = s.id \
                 and x.person_id in ({list}) and {condition})"
            ));
        }
        sql.push_str(" order by at desc limit 60");
        let rows: Vec<HistoryRow> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), values)
            .await?;
        Ok(rows.into_iter().map(|row| self.happened(row)).collect())
    }

    fn happened(&self, row: HistoryRow) -> Happened {
        let (first, rest) = row.what.split_once(':').unwrap_or((&row.what, ""));
        let (what, words) = match (row.kind.as_str(), first) {
            ("decision", "immediate_risk") => {
                ("Immediate risk: the manager was told".into(), row.words)
            }
            ("decision", "transfer") => (format!("Passed to {rest}"), row.words),
            ("decision", "threshold") => (format!("Decided: {}", outcome_words(rest)), row.words),
            ("decision", other) => (format!("Decided: {}", other.replace('_', " ")), row.words),
            ("told", "passed_on") => (format!("Passed on: {rest} was told"), row.words),
            ("told", _) => (format!("{rest} was told"), row.words),
            ("contact", outcome) => (
                format!("Contact ({})", route_label(&row.words).to_lowercase()),
                match outcome {
                    "new" | "screening" => "Not decided yet".into(),
                    other => format!("Outcome: {}", outcome_words(other)),
                },
            ),
            (_, kind) => (
                self.pack()
                    .step(kind, time::today())
                    .map_or_else(|| kind.replace('-', " "), |step| step.title.clone()),
                match row.words.as_str() {
                    "done" => "Finished".into(),
                    "skipped" => "Left out with a reason".into(),
                    _ => "Under way".into(),
                },
            ),
        };
        Happened {
            at: row.at,
            what,
            words,
            by: row.by.unwrap_or_default(),
            link: Some(row.link).filter(|link| !link.is_empty()),
        }
    }

    async fn contact_clocks(&self, id: Id<ids::Contact>) -> Result<Vec<ClockView>> {
        let sql = format!(
            "select {} from clock where about_kind = 'contact' and about_id = $1 order by due_at",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?;
        let mut views: Vec<ClockView> = clocks
            .iter()
            .map(|clock| ClockView::of(clock, self.pack()))
            .collect();
        views.sort_by_key(|clock| clock.done_at.is_some());
        Ok(views)
    }

    async fn names_of(&self, contact: &Contact) -> Result<Names> {
        Ok(self
            .store()
            .read_db()
            .one(
                "select t.name as team, t.kind as team_kind, s.name as screener, \
                 b.name as taken_by, (select min(x.who) from told x \
                 where x.contact_id = c.id and x.reason = 'passed_on' \
                 and x.acknowledged_at is null) as unanswered from contact c \
                 left join team t on t.id = c.team_id left join worker s on s.id = c.screener_id \
                 left join worker b on b.id = c.taken_by where c.id = $1",
                args![contact.id],
            )
            .await?)
    }
}

impl ChildRow {
    fn shown(self) -> ChildView {
        let told = ToldChild::read(&self.told);
        let first = self
            .known_as
            .filter(|name| !name.is_empty())
            .or(self.given)
            .unwrap_or_default();
        let family = self.family_name.unwrap_or_default();
        let mut name = format!("{first} {family}").trim().to_owned();
        if let Some(day) = self.born_on {
            let age = BirthDate::exact(day).words_on(time::today());
            name = format!("{name}, {age}");
        }
        ChildView {
            part: self.id,
            name: match self.person_id {
                Some(_) => name,
                None => told.words(),
            },
            person: self.person_id,
            told,
            status: self.status,
        }
    }
}

/// Answers with the form's questions and in the form's words; unanswered
/// questions are left out.
pub fn told_sections(form: &Form, answers: &Answers) -> Vec<ToldSection> {
    form.sections
        .iter()
        .map(|section| ToldSection {
            id: section.id.clone(),
            title: section.title.clone(),
            lines: section
                .fields
                .iter()
                .filter(|field| form.shows_field(field, answers))
                .map(|field| {
                    (
                        field.name.clone(),
                        field.label.clone(),
                        answer_words(field, answers),
                    )
                })
                .filter(|(_, _, answer)| !answer.is_empty())
                .collect(),
        })
        .filter(|section| !section.lines.is_empty())
        .collect()
}

/// One answer in words: labels for codes, dates as people write them, a line
/// for each member of a group.
pub fn answer_words(field: &packs::Field, answers: &Answers) -> String {
    if !field.group_fields().is_empty() {
        return answers
            .groups(&field.name)
            .iter()
            .map(|item| {
                let parts: Vec<String> = field
                    .group_fields()
                    .iter()
                    .map(|inner| (inner, answer_words(inner, item)))
                    .filter(|(_, words)| !words.is_empty())
                    .map(|(inner, words)| match inner.name.as_str() {
                        "given" | "family" => words,
                        _ => format!("{}: {words}", inner.label.to_lowercase()),
                    })
                    .collect();
                name_then_rest(&parts, item)
            })
            .collect::<Vec<_>>()
            .join("\n");
    }
    if let Some(date) = answers.date_time(&field.name) {
        return plain::date_time(date);
    }
    if let Some(date) = answers.date(&field.name) {
        return plain::date(date);
    }
    let words: Vec<String> = answers
        .list(&field.name)
        .into_iter()
        .map(|value| match (field.kind.options(), value) {
            (Some(options), value) => options.label(value).to_owned(),
            (None, "yes") if field.kind == packs::Kind::YesNo => "Yes".into(),
            (None, "no") if field.kind == packs::Kind::YesNo => "No".into(),
            (None, value) => value.to_owned(),
        })
        .collect();
    words.join(", ")
}

fn name_then_rest(parts: &[String], item: &Answers) -> String {
    let named = ["given", "family"]
        .iter()
        .filter(|name| !item.text(name).is_empty())
        .count();
    let (name, rest) = parts.split_at(named.min(parts.len()));
    let mut words = name.join(" ");
    for part in rest {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(part);
    }
    words
}
