//! What runs for a person, what the last assessment says of them, and what
//! happened last.

use access::{Purpose, Section};
use chrono::{DateTime, NaiveDate, Utc};
use record::model::{Clock, Person};
use record::{Asked, AssertSqlSafe, Entity, Viewer, args};
use vocabulary::plain;

use super::{Entry, Said, Work};
use crate::clocks::ClockView;
use crate::people::network;
use crate::people::profile::{COLUMNS, ProfileView, Words};
use crate::{Casework, Result, time};

#[derive(sqlx::FromRow)]
struct WorkRow {
    what: String,
    id: Option<String>,
    title: Option<String>,
    at: Option<DateTime<Utc>>,
    since: Option<NaiveDate>,
}

/// A row of work that is open, or of the story, which says who and what was
/// written.
#[derive(sqlx::FromRow)]
struct Line {
    story: bool,
    #[sqlx(flatten)]
    work: WorkRow,
    who: Option<String>,
    words: Option<String>,
}

/// What is open for a person, and what happened last.
pub(super) struct Doings {
    pub(super) clocks: Vec<ClockView>,
    pub(super) work: Vec<Work>,
    pub(super) latest: Vec<Entry>,
}

#[derive(sqlx::FromRow)]
struct Answered {
    kind: String,
    answers: Option<serde_json::Value>,
    started_on: Option<NaiveDate>,
    at: DateTime<Utc>,
    likes: Option<String>,
    matters: Option<String>,
    support: Option<String>,
    say_no: Option<String>,
    whose: Option<String>,
    helper: Option<String>,
    author: Option<String>,
}

impl Answered {
    /// The page that the child wrote, where the row is one.
    fn profile(&self) -> Option<Words> {
        Some(Words {
            likes: self.likes.clone(),
            matters: self.matters.clone(),
            support: self.support.clone(),
            say_no: self.say_no.clone(),
            whose: self.whose.clone()?,
            helper: self.helper.clone(),
            author: self.author.clone()?,
            at: self.at,
        })
    }
}

/// What is said of a person on the front page.
pub(super) struct SaidOf {
    pub(super) going_well: Option<Said>,
    pub(super) worried: Option<Said>,
    pub(super) profile: Option<ProfileView>,
}

impl Casework {
    /// What runs and what happened last: clocks in one statement; open steps,
    /// plans, the next meeting and the last five entries of the story in
    /// another.
    pub(super) async fn doings_of(
        &self,
        viewer: &Viewer,
        person: &Person,
        page: &str,
    ) -> Result<Doings> {
        let db = self.store().read_db();
        let sql = format!(
            "select {} from clock where done_at is null and (person_id = $1 \
             or (about_kind = 'step' and about_id in (select step_id from step_subject where person_id = $1)) \
             or (about_kind = 'plan' and about_id in (select plan_id from plan_subject where person_id = $1))) \
             order by due_at limit 8",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = db.all(AssertSqlSafe(sql), args![person.id]).await?;
        let sensitive = Asked {
            purpose: Purpose::Look,
            section: Section::Sensitive,
            page,
        };
        let (open, values) = self.gate().may_see(viewer, sensitive, "n.person_id", 3);
        let sql = format!(
            "select false as story, 'step' as what, s.id, s.kind as title, s.submitted_at as at, \
             s.started_on as since, null as who, null as words \
             from step s join step_subject b on b.step_id = s.id \
             where b.person_id = $1 and s.state in ('open', 'submitted', 'sent_back') \
             union all select false, 'plan', p.id, p.kind, null, p.started_on, null, null from plan p \
             join plan_subject b on b.plan_id = p.id where b.person_id = $1 and p.state = 'open' \
             union all select false, 'meeting', m.id, m.kind, m.held_at, null, null, null from meeting m \
             where m.state = 'planned' and m.held_at >= $2 and m.family_id in \
             (select family_id from family_member where person_id = $1 and left_on is null) \
             and (m.plan_id is null or exists (select 1 from plan_subject o \
             where o.plan_id = m.plan_id and o.person_id = $1)) \
             union all select true, x.what, null, null, x.at, null, x.who, x.words from ( \
             select n.kind as what, n.happened_at as at, w.name as who, substr(n.words, 1, 400) as words \
             from note n left join worker w on w.id = n.author_id \
             where n.person_id = $1 and (not n.sensitive or {open}) \
             union all select 'decision', d.decided_at, w.name, substr(d.rationale, 1, 400) \
             from decision d left join worker w on w.id = d.decided_by \
             where d.person_id = $1 order by at desc limit 5) x"
        );
        let mut all = args![person.id, Utc::now()];
        all.extend(values);
        let lines: Vec<Line> = db.all(AssertSqlSafe(sql), all).await?;
        let (mut story, open): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|l| l.story);
        story.sort_by_key(|line| std::cmp::Reverse(line.work.at));
        let mut work: Vec<WorkRow> = open.into_iter().map(|line| line.work).collect();
        // Steps, then plans, then meetings; within each the eldest first.
        work.sort_by(|a, b| (&b.what, a.since, a.at).cmp(&(&a.what, b.since, b.at)));
        let clocks = clocks
            .iter()
            // Its page opens only for those who check such looks.
            .filter(|clock| clock.about_kind != "access_grant" || viewer.can("access.review"))
            .map(|clock| ClockView::of(clock, self.pack()))
            .collect();
        Ok(Doings {
            clocks,
            work: self.work(work, person),
            latest: story.into_iter().filter_map(Line::entry).collect(),
        })
    }

    fn work(&self, rows: Vec<WorkRow>, person: &Person) -> Vec<Work> {
        let mut next_meeting = false;
        rows.into_iter()
            .filter_map(|row| {
                let id = row.id.unwrap_or_default();
                let title = row.title.unwrap_or_default();
                let since = |day: Option<NaiveDate>| {
                    day.map_or_else(String::new, |d| format!("since {}", plain::date(d)))
                };
                let (title, when, path) = match row.what.as_str() {
                    "step" if row.at.is_some() => (
                        self.step_title(&title),
                        "waiting for a manager".to_owned(),
                        format!("/steps/{id}"),
                    ),
                    "step" => (
                        self.step_title(&title),
                        since(row.since),
                        format!("/steps/{id}"),
                    ),
                    "plan" => (
                        format!("{} plan", crate::header::status_words(&title)),
                        since(row.since),
                        format!("/people/{}/plan", person.id),
                    ),
                    _ if next_meeting => return None,
                    _ => {
                        next_meeting = true;
                        let at = row.at.map(time::local).unwrap_or_default();
                        (
                            format!("Next meeting: {}", self.label("meeting-kinds", &title)),
                            plain::date_time(at),
                            format!("/meetings/{id}"),
                        )
                    }
                };
                Some(Work {
                    kind: row.what,
                    title,
                    when,
                    path,
                })
            })
            .collect()
    }

    /// The title of a step of the pack.
    pub fn step_title(&self, kind: &str) -> String {
        self.pack()
            .step(kind, time::today())
            .map_or_else(|| kind.replace(['_', '-'], " "), |step| step.title.clone())
    }

    /// Strengths and worries of the latest assessment, the record's own words
    /// about what goes well, which stand first, and the page that the child
    /// wrote. One statement.
    pub(super) async fn said_of(&self, person: &Person) -> Result<SaidOf> {
        let sql = format!(
            "select x.*, null as likes, null as matters, null as support, null as say_no, \
             null as whose, null as helper, null as author from ( \
             select s.kind, c.answers, s.started_on, c.saved_at as at from step_section c \
             join step s on s.id = c.step_id join step_subject b on b.step_id = s.id \
             where b.person_id = $1 and s.state <> 'skipped' and c.section = 'balance' \
             order by s.started_on desc, c.saved_at desc limit 12) x \
             union all select 'profile', cast(null as json), cast(null as date), y.at, y.likes, \
             y.matters, y.support, y.say_no, y.whose, y.helper, y.author from ( \
             select {COLUMNS} from profile f join worker w on w.id = f.written_by \
             where f.person_id = $1 order by f.written_at desc, f.id desc limit 1) y \
             order by started_on desc, at desc"
        );
        let rows: Vec<Answered> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![person.id])
            .await?;
        let said = |field: &str| {
            rows.iter().find_map(|row| {
                let began = row.started_on?;
                let words = row.answers.as_ref()?.get(field)?.as_str()?.trim();
                (!words.is_empty()).then(|| Said {
                    words: words.to_owned(),
                    source: format!(
                        "From the {} that began on {}",
                        network::lower_first(&self.step_title(&row.kind)),
                        plain::date(began)
                    ),
                })
            })
        };
        let well = person
            .going_well
            .as_deref()
            .filter(|w| !w.trim().is_empty())
            .map(|words| Said {
                words: words.to_owned(),
                source: String::new(),
            });
        let page = rows.iter().find_map(Answered::profile);
        Ok(SaidOf {
            going_well: well.or_else(|| said("strengths")),
            worried: said("worries"),
            profile: page.map(|p| self.profile_view(&p, person)).transpose()?,
        })
    }
}

impl Line {
    /// The entry of the story that the row holds.
    fn entry(self) -> Option<Entry> {
        Some(Entry {
            kind: match self.work.what.as_str() {
                "visit" => "Visit",
                "supervision" => "Supervision",
                "message" => "Message",
                "decision" => "Decision",
                _ => "Note",
            }
            .to_owned(),
            when: plain::date_time(time::local(self.work.at?)),
            who: self.who.unwrap_or_else(|| "Not known".into()),
            words: beginning(&self.words?),
        })
    }
}

/// The first two lines' worth of a text, cut at a word.
fn beginning(words: &str) -> String {
    const MOST: usize = 180;
    let one_line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= MOST {
        return one_line;
    }
    let cut: String = one_line.chars().take(MOST).collect();
    let at = cut.rfind(' ').unwrap_or(cut.len());
    format!("{} …", &cut[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let long = "word ".repeat(100);
        let short = beginning(&long);
        assert!(short.ends_with("word …") && short.chars().count() < 190);
        assert_eq!(beginning("Two\nlines"), "Two lines");
    }
}
