//! One page about me: what people like about a child, what matters to it, how
//! best to support it, in its own words, with who wrote it and when. Words of a
//! child are never edited: a new page is written, and the one before stays.

use chrono::{DateTime, Months, NaiveDate, Utc};
use packs::{Answers, Finding, Severity};
use record::model::{Person, Profile};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::edit::{claim, filled, may_change, stop_on};
use crate::{Casework, Error, Result, time};

/// After how many months the page asks to be looked at again (R002-14).
const FRESH: Months = Months::new(6);

/// A page that a child wrote about itself, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileView {
    /// Heading and words, as they were said; none is empty.
    pub parts: Vec<(String, String)>,
    /// "In Maya’s own words, written down by Jo Larch on 4 March 2026".
    pub by: String,
    /// It is older than six months: "Written 8 months ago. Ask Maya if it is
    /// still right".
    pub stale: Option<String>,
}

/// A page as it was read, with the name of whoever wrote it down.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(in crate::people) struct Words {
    pub(in crate::people) likes: Option<String>,
    pub(in crate::people) matters: Option<String>,
    pub(in crate::people) support: Option<String>,
    pub(in crate::people) say_no: Option<String>,
    pub(in crate::people) whose: String,
    pub(in crate::people) helper: Option<String>,
    pub(in crate::people) author: String,
    pub(in crate::people) at: DateTime<Utc>,
}

/// The columns of [`Words`], of a profile `f` and its author `w`.
pub(in crate::people) const COLUMNS: &str = "f.likes, f.matters, f.support, f.say_no, f.whose, f.helper, \
    w.name as author, f.written_at as at";

impl Casework {
    /// The pages a child wrote about itself, the present one first; at most
    /// `most` of them.
    pub async fn profiles(&self, person: &Guarded<Person>, most: i64) -> Result<Vec<ProfileView>> {
        let sql = format!(
            "select {COLUMNS} from profile f join worker w on w.id = f.written_by \
             where f.person_id = $1 order by f.written_at desc, f.id desc limit $2"
        );
        let db = self.store().read_db();
        let rows: Vec<Words> = db.all(AssertSqlSafe(sql), args![person.id, most]).await?;
        rows.iter()
            .map(|row| self.profile_view(row, person))
            .collect()
    }

    /// A page with the headings of its form.
    pub(in crate::people) fn profile_view(
        &self,
        words: &Words,
        person: &Person,
    ) -> Result<ProfileView> {
        Ok(shown(words, person, &self.headings()?, time::today()))
    }

    fn headings(&self) -> Result<Vec<(String, String)>> {
        let form = self.form("profile")?;
        let fields = form.sections.iter().flat_map(|s| &s.fields);
        Ok(fields.map(|f| (f.name.clone(), f.label.clone())).collect())
    }

    /// What the form starts from: the words of the present page, so that the
    /// child goes on where it left off; whose words the new ones are is asked
    /// anew.
    pub async fn profile_to_write(&self, person: &Guarded<Person>) -> Result<Answers> {
        let sql = format!(
            "select {} from profile where person_id = $1 order by written_at desc, id desc limit 1",
            Profile::COLUMNS.join(", ")
        );
        let db = self.store().read_db();
        let last: Option<Profile> = db.maybe(AssertSqlSafe(sql), args![person.id]).await?;
        let mut answers = Answers::new();
        if let Some(page) = last {
            for (name, words) in [
                ("like", page.likes),
                ("matters", page.matters),
                ("support", page.support),
                ("say_no", page.say_no),
            ] {
                answers.set(name, words.unwrap_or_default());
            }
        }
        Ok(answers)
    }

    /// Keeps a new page. The words are kept as they were typed.
    pub async fn save_profile(
        &self,
        viewer: &Viewer,
        id: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<()> {
        self.gate()
            .person(viewer, id, Asked::to_write("people.profile"))
            .await?
            .ok_or(Error::NotFound)?;
        may_change(viewer)?;
        let mut findings = self.form("profile")?.check(answers, None);
        let words = ["like", "matters", "support", "say_no"];
        if words
            .iter()
            .all(|name| answers.text(name).trim().is_empty())
        {
            findings.push(Finding {
                field: "like".into(),
                label: "One page about me".into(),
                message: "Write at least one thing: what people like, what is important, or how best to support".into(),
                severity: Severity::Stop,
            });
        }
        stop_on(findings)?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        claim(&mut tx, once, id).await?;
        let row = Profile {
            id: Id::new(),
            person_id: id,
            likes: filled(answers.text("like")),
            matters: filled(answers.text("matters")),
            support: filled(answers.text("support")),
            say_no: filled(answers.text("say_no")),
            whose: answers.text("who").to_owned(),
            helper: filled(answers.text("helper")),
            written_by: viewer.principal.worker,
            written_at: tx.now(),
            version: 1,
        };
        tx.insert(&row).await?;
        tx.drop_draft(viewer.principal.worker, &draft_of(id))
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Where the draft of a page is kept while it is being written.
pub fn draft_of(person: Id<ids::Person>) -> String {
    format!("profile:{person}")
}

fn shown(
    page: &Words,
    person: &Person,
    headings: &[(String, String)],
    today: NaiveDate,
) -> ProfileView {
    let heading = |name: &str| {
        let found = headings.iter().find(|(field, _)| field == name);
        found.map_or_else(|| name.to_owned(), |(_, label)| label.clone())
    };
    let all = [
        ("like", &page.likes),
        ("matters", &page.matters),
        ("support", &page.support),
        ("say_no", &page.say_no),
    ];
    let day = time::local(page.at).date();
    ProfileView {
        parts: all
            .into_iter()
            .filter_map(|(name, words)| Some((heading(name), words.clone()?)))
            .collect(),
        by: by(page, &person.first_name()),
        stale: (day < today - FRESH).then(|| {
            format!(
                "This page is from {}. Ask {} if it is still right",
                plain::date(day),
                person.first_name()
            )
        }),
    }
}

fn by(page: &Words, name: &str) -> String {
    let (author, day) = (&page.author, plain::date(time::local(page.at).date()));
    let helper = page.helper.as_deref();
    let whose = match (page.whose.as_str(), helper) {
        ("child", _) => format!("In {name}’s own words"),
        ("with", Some(helper)) => format!("In {name}’s words, with help from {helper}"),
        ("with", None) => format!("In {name}’s words, with help"),
        ("parent", Some(helper)) => format!("{helper} said this for {name}"),
        ("parent", None) => format!("A parent or carer said this for {name}"),
        _ => "What a worker saw".to_owned(),
    };
    format!("{whose}. Written down by {author} on {day}")
}
