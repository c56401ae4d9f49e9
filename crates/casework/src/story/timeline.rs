//! The timeline: filtered by kind and dates, for one child or the family, in
//! pages.

use access::Level;
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use record::model::Person;
use record::{AssertSqlSafe, Guarded, Viewer};

use super::events::events;
use super::titles;
use crate::notes::{Circle, is_late};
use crate::{Casework, Result, time};

/// What can be chosen in the filter: the word in the address, what people
/// read, and the kinds of event behind it.
pub const KINDS: [(&str, &str, &[&str]); 9] = [
    ("notes", "Notes", &["note", "supervision", "message"]),
    ("visits", "Visits", &["visit"]),
    ("contacts", "Contacts", &["contact", "told"]),
    ("decisions", "Decisions", &["decision"]),
    ("work", "Assessments and steps", &["step"]),
    ("plans", "Plans and actions", &["plan", "action"]),
    ("meetings", "Meetings", &["meeting"]),
    ("people", "Workers and homes", &["worker", "address"]),
    ("life", "Life before us", &["life"]),
];

/// How many events a page of the timeline shows.
const PAGE: usize = 40;

/// What is asked of the timeline.
#[derive(Debug, Clone, Default)]
pub struct Asking {
    /// Words of [`KINDS`]; none means all.
    pub kinds: Vec<String>,
    /// Everyone in the family whom the viewer may see.
    pub family: bool,
    /// From this day.
    pub from: Option<NaiveDate>,
    /// To this day, itself included.
    pub to: Option<NaiveDate>,
    /// The page, counted from 1.
    pub page: usize,
}

/// One event of the timeline.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it happened; `None` when only the day is known.
    pub at: Option<DateTime<Utc>>,
    /// The day in England.
    pub day: NaiveDate,
    /// The kind: note, visit, contact, told, decision, step, plan, action,
    /// meeting, worker, address or life.
    pub kind: String,
    /// What it is, in a few words.
    pub title: String,
    /// What was written; long text is cut.
    pub words: String,
    /// The text was cut: the rest is at `path`.
    pub cut: bool,
    /// The words for this child alone.
    pub only_here: Option<String>,
    /// Who wrote, decided or told.
    pub who: String,
    /// Whom of the family it is about, first names; empty if it is all one.
    pub about: Vec<String>,
    /// Where the whole of it is.
    pub path: Option<String>,
    /// When it was written down, if more than a day later.
    pub recorded: Option<DateTime<Utc>>,
    /// Sensitive: others do not see it here.
    pub sensitive: bool,
    /// It was corrected.
    pub corrected: bool,
    /// It is in the chronology.
    pub significant: bool,
}

/// One month of the pattern strip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// How many contacts came in.
    pub contacts: i64,
    /// How often the child was visited.
    pub visits: i64,
    /// All events, those included.
    pub all: i64,
}

/// One page of the timeline.
#[derive(Debug, Clone)]
pub struct Story {
    /// The events, newest first.
    pub entries: Vec<Entry>,
    /// The page shown, counted from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
    /// How many events the filter finds.
    pub total: i64,
    /// The months of the last two years in which something happened or could
    /// have, oldest first.
    pub months: Vec<Month>,
    /// How many chronology entries wait for a choice.
    pub proposed: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    k: String,
    kind: String,
    path: String,
    about: String,
    what: String,
    detail: String,
    words: String,
    here: Option<String>,
    who: String,
    recorded: Option<String>,
    flags: String,
    significant: bool,
}

#[derive(sqlx::FromRow)]
struct Count {
    month: String,
    kind: String,
    n: i64,
}

impl Casework {
    /// One page of a child's timeline. Two statements.
    pub async fn timeline(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        circle: &Circle,
        asking: &Asking,
    ) -> Result<Story> {
        let counts = self.count_events(viewer, person, asking).await?;
        let mut story = Story {
            entries: Vec::new(),
            page: 1,
            pages: 1,
            total: 0,
            months: months(&counts, viewer.today),
            proposed: 0,
        };
        for count in &counts {
            match count.kind.as_str() {
                "proposed" => story.proposed = count.n,
                _ => story.total += count.n,
            }
        }
        let total = usize::try_from(story.total).unwrap_or_default();
        story.pages = total.div_ceil(PAGE).max(1);
        story.page = asking.page.clamp(1, story.pages);
        let skip = (story.page - 1) * PAGE;
        story.entries = self
            .read_events(viewer, person, Some(circle), asking, PAGE, skip)
            .await?;
        Ok(story)
    }

    /// The newest events of a person, for the front page of the record. One
    /// statement. Empty for someone who may not read the record itself.
    pub async fn latest(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        n: usize,
    ) -> Result<Vec<Entry>> {
        if person.level < Level::Full {
            return Ok(Vec::new());
        }
        let tomorrow = viewer.today.checked_add_days(Days::new(1));
        let asking = Asking {
            to: tomorrow,
            ..Asking::default()
        };
        self.read_events(viewer, person, None, &asking, n, 0).await
    }

    async fn read_events(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        circle: Option<&Circle>,
        asking: &Asking,
        limit: usize,
        skip: usize,
    ) -> Result<Vec<Entry>> {
        let db = self.store().read_db();
        let found = events(self.gate(), db.dialect(), viewer, person.id, asking.family);
        let (filter, values) = filtered(asking, found.values);
        let sql = format!(
            "{} select e.*, exists (select 1 from chronology c where c.source_kind = e.src \
               and c.source_id = e.id and c.state = 'accepted') as significant \
             from e where {filter} order by e.k desc, e.id desc limit {limit} offset {skip}",
            found.with
        );
        let rows: Vec<Row> = db.all(AssertSqlSafe(sql), values).await?;
        Ok(rows
            .into_iter()
            .map(|row| self.entry(row, circle, asking.family))
            .collect())
    }

    async fn count_events(
        &self,
        viewer: &Viewer,
        person: &Guarded<Person>,
        asking: &Asking,
    ) -> Result<Vec<Count>> {
        let db = self.store().read_db();
        let found = events(self.gate(), db.dialect(), viewer, person.id, asking.family);
        let (filter, values) = filtered(asking, found.values);
        let sql = format!(
            "{} select substr(e.k, 1, 7) as month, e.kind as kind, count(*) as n from e \
             where {filter} group by substr(e.k, 1, 7), e.kind \
             union all select '', 'proposed', count(*) from chronology \
             where person_id = $1 and state = 'proposed'",
            found.with
        );
        Ok(db.all(AssertSqlSafe(sql), values).await?)
    }

    fn entry(&self, row: Row, circle: Option<&Circle>, family: bool) -> Entry {
        let at = moment(&row.k);
        let day = at.map_or_else(|| day(&row.k), |at| time::local(at).date());
        let recorded = row.recorded.as_deref().and_then(moment);
        let about: Vec<String> = circle
            .filter(|_| family)
            .map(|circle| {
                row.about
                    .split(',')
                    .filter_map(|id| circle.member(id.parse().ok()?))
                    .map(|m| m.first_name.clone())
                    .collect()
            })
            .unwrap_or_default();
        let (words, cut) = shortened(&row.words);
        Entry {
            title: titles::of(self, &row.kind, &row.what, &row.detail),
            recorded: recorded.filter(|r| at.is_some_and(|at| is_late(at, *r))),
            at,
            day,
            words,
            cut,
            only_here: row.here.filter(|_| !family),
            who: row.who,
            about,
            path: Some(row.path).filter(|p| !p.is_empty()),
            sensitive: row.flags.contains('s'),
            corrected: row.flags.contains('c'),
            significant: row.significant || row.kind == "life",
            kind: row.kind,
        }
    }
}

/// The condition of a filter, with its values after those bound so far.
fn filtered(asking: &Asking, mut values: Vec<record::Value>) -> (String, Vec<record::Value>) {
    let mut filter = vec!["e.k is not null".to_owned()];
    let kinds: Vec<&str> = KINDS
        .iter()
        .filter(|(word, _, _)| asking.kinds.iter().any(|k| k == word))
        .flat_map(|(_, _, kinds)| kinds.iter().copied())
        .collect();
    if !kinds.is_empty() {
        filter.push(format!("e.kind in ('{}')", kinds.join("', '")));
    }
    if let Some(from) = asking.from {
        values.push(key(time::start_of(from)).into());
        filter.push(format!("e.k >= ${}", values.len()));
    }
    if let Some(after) = asking.to.and_then(|to| to.checked_add_days(Days::new(1))) {
        values.push(key(time::start_of(after)).into());
        filter.push(format!("e.k < ${}", values.len()));
    }
    (filter.join(" and "), values)
}

/// A moment as it is compared with `k`: midnight is the day itself, so that a
/// whole day is not left out.
fn key(at: DateTime<Utc>) -> String {
    let text = at.format("%Y-%m-%dT%H:%M:%S").to_string();
    text.strip_suffix("T00:00:00")
        .map_or(text.clone(), str::to_owned)
}

fn moment(k: &str) -> Option<DateTime<Utc>> {
    k.parse::<NaiveDateTime>().ok().map(|at| at.and_utc())
}

fn day(k: &str) -> NaiveDate {
    k.parse().unwrap_or_default()
}

/// The beginning of a long text, cut between two words.
fn shortened(words: &str) -> (String, bool) {
    const MOST: usize = 480;
    if words.chars().count() <= MOST {
        return (words.trim().to_owned(), false);
    }
    let start: String = words.chars().take(MOST).collect();
    let end = start.rfind(char::is_whitespace).unwrap_or(start.len());
    (format!("{}…", start[..end].trim_end()), true)
}

/// The last 24 months, each with what was counted; none if there was nothing.
fn months(counts: &[Count], today: NaiveDate) -> Vec<Month> {
    use chrono::{Datelike, Months};
    let this = today.with_day(1).unwrap_or(today);
    let mut months: Vec<Month> = (0..24)
        .rev()
        .filter_map(|back| this.checked_sub_months(Months::new(back)))
        .map(|first| Month {
            first,
            contacts: 0,
            visits: 0,
            all: 0,
        })
        .collect();
    for count in counts {
        let Some(month) = months
            .iter_mut()
            .find(|m| m.first.format("%Y-%m").to_string() == count.month)
        else {
            continue;
        };
        month.all += count.n;
        match count.kind.as_str() {
            "contact" => month.contacts += count.n,
            "visit" => month.visits += count.n,
            _ => {}
        }
    }
    if months.iter().all(|m| m.all == 0) {
        return Vec::new();
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_winter_begins_with_itself_and_in_summer_an_hour_before() {
        let winter = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let summer = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap();
        assert_eq!(key(time::start_of(winter)), "2026-01-01");
        assert_eq!(key(time::start_of(summer)), "2026-06-30T23:00:00");
        assert!("2026-07-01" >= key(time::start_of(summer)).as_str());
    }

    #[test]
    fn long_words_are_cut_between_words() {
        let (words, cut) = shortened(&"word ".repeat(200));
        assert!(cut && words.ends_with("word…"));
        assert_eq!(shortened("  short "), ("short".to_owned(), false));
    }
}
