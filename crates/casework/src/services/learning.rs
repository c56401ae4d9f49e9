//! What the council learns from its directory: what was looked for and not
//! found, needs against services by area, how long people wait. Numbers only:
//! none under five is told, and the others are to the nearest five, so that no
//! sum tells a hidden one.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use directory::postcodes::MILE;
use directory::search::{Catalogue, NEEDS, english};
use record::{AssertSqlSafe, Viewer, args};
use vocabulary::{Postcode, plain};

use super::searches::{Searched, UNKNOWN};
use crate::{Casework, Error, Result, time};

/// So far from the middle of an area a service still serves it.
const IN_REACH: f64 = 2.0 * MILE;
/// The area of searches and needs from nowhere that is known.
const NOWHERE: &str = "Not given";

/// A number of searches or of children, shown so that it tells of nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(i64);

impl Count {
    /// "0", "fewer than 5", "25".
    pub fn words(self) -> String {
        match self.0 {
            0 => "0".into(),
            1..=4 => "fewer than 5".into(),
            _ => plain::number(self.rounded()),
        }
    }

    /// To the nearest five; nothing when it is hidden.
    pub fn rounded(self) -> i64 {
        match self.0 {
            0..=4 => 0,
            n => (n + 2) / 5 * 5,
        }
    }
}

/// A need: what is looked for, and what there is.
#[derive(Debug, Clone)]
pub struct NeedRow {
    /// Its code, for the table by area.
    pub code: String,
    /// In words.
    pub label: String,
    /// Searches that named it.
    pub searches: Count,
    /// Of them, those that found nothing.
    pub nothing: Count,
    /// How often workers noted that there was no service (R002-16).
    pub unmet: Count,
    /// Published services that meet it.
    pub services: usize,
}

/// An area: a ward, or a postcode district.
#[derive(Debug, Clone)]
pub struct AreaRow {
    /// "LK5", "Otterbrook ward".
    pub area: String,
    /// Searches from there.
    pub searches: Count,
    /// Of them, those that found nothing.
    pub nothing: Count,
    /// Needs that workers noted for children who live there.
    pub unmet: Count,
    /// Services at a place within two miles of its middle; none for a ward,
    /// whose middle nobody told.
    pub services: Option<usize>,
}

/// How searches were narrowed.
#[derive(Debug, Clone)]
pub struct NarrowedRow {
    /// "Somali spoken", "Step-free way in".
    pub what: String,
    /// Searches.
    pub searches: Count,
    /// Of them, those that found nothing.
    pub nothing: Count,
}

/// How long people wait for a service.
#[derive(Debug, Clone)]
pub struct WaitRow {
    /// Its name.
    pub service: String,
    /// Children who wait now.
    pub waiting: Count,
    /// "9 weeks", half of them longer; nothing when they are few.
    pub so_far: String,
    /// Children whom it took in the last two years.
    pub taken: Count,
    /// "6 weeks" from the first day on which anybody asked, half of them longer.
    pub until_taken: String,
    /// What its entry says of its wait.
    pub says: String,
}

/// The page.
#[derive(Debug, Clone)]
pub struct Learning {
    /// "23 November 2025 to 22 November 2026".
    pub period: String,
    /// All searches.
    pub searches: Count,
    /// Those that found nothing.
    pub nothing: Count,
    /// By need, the most looked for first.
    pub needs: Vec<NeedRow>,
    /// By area, for all needs or for one.
    pub areas: Vec<AreaRow>,
    /// How they were narrowed, the most in vain first.
    pub narrowed: Vec<NarrowedRow>,
    /// By service, the longest wait first.
    pub waits: Vec<WaitRow>,
}

#[derive(sqlx::FromRow)]
struct Unmet {
    need: String,
    ward: Option<String>,
    postcode: Option<String>,
    n: i64,
}

#[derive(sqlx::FromRow)]
struct Referred {
    service_id: String,
    service: String,
    state: String,
    asked_on: NaiveDate,
    state_on: NaiveDate,
}

/// Whether somebody may learn from the directory: who sees counts, and who
/// keeps the directory.
pub fn may_learn(viewer: &Viewer) -> bool {
    viewer.can("data.view_counts") || viewer.can("directory.keep")
}

impl Casework {
    /// What a year of searches, needs and waits tells. With a need, the table
    /// by area is of that need.
    ///
    /// # Errors
    /// [`Error::NotFound`] for posts that neither see counts nor keep the directory.
    pub async fn learning(&self, viewer: &Viewer, need: Option<&str>) -> Result<Learning> {
        if !may_learn(viewer) {
            return Err(Error::NotFound);
        }
        let today = time::today();
        let from = today - Days::new(365);
        let db = self.store().read_db();
        let searched = self.searched_since(from).await?;
        // A record that is closed to the viewer is in none of the numbers.
        let (counted, more) = self.gate().may_count(viewer, "u.person_id", 2);
        let mut values = args![from];
        values.extend(more);
        let sql = format!(
            "select u.need, a.ward, a.postcode, count(distinct u.id) as n from unmet_need u \
             left join address a on a.person_id = u.person_id and a.kind = 'home' \
             and a.ended_on is null and not a.protected \
             where u.noted_on >= $1 and {counted} group by u.need, a.ward, a.postcode"
        );
        let unmet: Vec<Unmet> = db.all(AssertSqlSafe(sql), values).await?;
        let (counted, more) = self.gate().may_count(viewer, "r.person_id", 2);
        let mut values = args![today - Days::new(730)];
        values.extend(more);
        let sql = format!(
            "select r.service_id, r.service, r.state, r.asked_on, r.state_on \
             from service_referral r where r.service_id is not null and r.asked_on >= $1 \
             and {counted}"
        );
        let referred: Vec<Referred> = db.all(AssertSqlSafe(sql), values).await?;
        let catalogue = self.catalogue().await?;
        let all = searched.iter().filter(|s| s.kind == "all");
        let (searches, nothing) =
            all.fold((0, 0), |sum, s| (sum.0 + s.searches, sum.1 + s.in_vain));
        Ok(Learning {
            period: format!("{} to {}", plain::date(from), plain::date(today)),
            searches: Count(searches),
            nothing: Count(nothing),
            needs: self.by_need(&catalogue, &searched, &unmet),
            areas: self.by_area(&catalogue, &searched, &unmet, need),
            narrowed: by_choice(&searched),
            waits: waits(&catalogue, referred, today),
        })
    }

    fn by_need(
        &self,
        catalogue: &Catalogue,
        searched: &[Searched],
        unmet: &[Unmet],
    ) -> Vec<NeedRow> {
        let mut sums: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
        let today = time::today();
        let listed = self.pack().needs(today);
        for need in listed.iter().flat_map(|n| &n.needs) {
            sums.insert(&need.code, (0, 0, 0));
        }
        for row in searched.iter().filter(|s| s.kind == "need") {
            let sum = sums.entry(&row.what).or_default();
            sum.0 += row.searches;
            sum.1 += row.in_vain;
        }
        for row in unmet {
            sums.entry(&row.need).or_default().2 += row.n;
        }
        let mut rows: Vec<NeedRow> = sums
            .into_iter()
            .map(|(code, (searches, nothing, unmet))| NeedRow {
                label: match code {
                    UNKNOWN => "In words that name none of these".into(),
                    code => self.label("unmet-need", code),
                },
                searches: Count(searches),
                nothing: Count(nothing),
                unmet: Count(unmet),
                services: self.services_meeting(catalogue, Some(code)).len(),
                code: code.to_owned(),
            })
            .collect();
        rows.sort_by_key(|r| {
            (
                r.code == UNKNOWN,
                std::cmp::Reverse(r.searches),
                r.label.clone(),
            )
        });
        rows
    }

    /// The published services that meet a need, or all of them.
    fn services_meeting<'a>(&self, catalogue: &'a Catalogue, need: Option<&str>) -> Vec<&'a str> {
        let published = catalogue.directory.published(catalogue.today);
        let ids = published.map(|e| e.service.id.as_str());
        let Some(code) = need else {
            return ids.collect();
        };
        let today = time::today();
        let listed = self.pack().needs(today).into_iter();
        let names: Vec<String> = listed
            .flat_map(|n| &n.needs)
            .filter(|n| n.code == code)
            .flat_map(|n| n.categories.clone())
            .collect();
        let terms = catalogue.terms_named(&names);
        ids.filter(|id| catalogue.is_under(id, &terms)).collect()
    }

    fn by_area(
        &self,
        catalogue: &Catalogue,
        searched: &[Searched],
        unmet: &[Unmet],
        need: Option<&str>,
    ) -> Vec<AreaRow> {
        let kind = if need.is_some() { "need" } else { "all" };
        let mut sums: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
        let of = searched
            .iter()
            .filter(|s| s.kind == kind && s.what == need.unwrap_or_default());
        for row in of {
            let area = match row.area.as_str() {
                "" => NOWHERE,
                area => area,
            };
            let sum = sums.entry(area.to_owned()).or_default();
            sum.0 += row.searches;
            sum.1 += row.in_vain;
        }
        for row in unmet.iter().filter(|u| need.is_none_or(|n| n == u.need)) {
            let district = || {
                let code: Postcode = row.postcode.as_deref()?.parse().ok()?;
                Some(code.outcode().to_owned())
            };
            let ward = row.ward.as_deref().filter(|w| !w.trim().is_empty());
            let area = ward.map(|w| format!("{w} ward")).or_else(district);
            let area = area.unwrap_or_else(|| NOWHERE.to_owned());
            sums.entry(area).or_default().2 += row.n;
        }
        let postcodes = self.postcodes();
        let meeting = self.services_meeting(catalogue, need);
        let rows = sums.into_iter().map(|(area, (searches, nothing, unmet))| {
            let middle = postcodes.find_outcode(&area).map(|f| f.point);
            AreaRow {
                services: middle.map(|p| catalogue.index.count_near(&meeting, p, IN_REACH)),
                searches: Count(searches),
                nothing: Count(nothing),
                unmet: Count(unmet),
                area,
            }
        });
        let mut rows: Vec<AreaRow> = rows.collect();
        rows.sort_by_key(|r| (r.area == NOWHERE, r.services.is_none()));
        rows
    }
}

fn by_choice(searched: &[Searched]) -> Vec<NarrowedRow> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in searched.iter().filter(|s| s.kind == "narrowed") {
        let sum = sums.entry(&row.what).or_default();
        sum.0 += row.searches;
        sum.1 += row.in_vain;
    }
    let mut rows: Vec<NarrowedRow> = sums
        .into_iter()
        .map(|(what, (searches, nothing))| NarrowedRow {
            what: choice_words(what),
            searches: Count(searches),
            nothing: Count(nothing),
        })
        .collect();
    rows.sort_by_key(|r| std::cmp::Reverse((r.nothing, r.searches)));
    rows
}

fn choice_words(what: &str) -> String {
    match what.split_once(' ') {
        Some(("language", name)) => format!("{name} spoken"),
        Some(("access", need)) => {
            let known = NEEDS.iter().any(|n| n.id == need);
            if known {
                english(need).to_owned()
            } else {
                need.to_owned()
            }
        }
        Some(("age", band)) => format!("For ages {band}"),
        _ => match what {
            "free" => "Free only".into(),
            "weekend" => "On Saturdays or Sundays".into(),
            "evening" => "In the evening".into(),
            _ => "Another language".into(),
        },
    }
}

fn waits(catalogue: &Catalogue, referred: Vec<Referred>, today: NaiveDate) -> Vec<WaitRow> {
    let mut by_service: BTreeMap<String, (String, Vec<i64>, Vec<i64>)> = BTreeMap::new();
    for row in referred {
        let held = by_service
            .entry(row.service_id)
            .or_insert_with(|| (row.service, Vec::new(), Vec::new()));
        match row.state.as_str() {
            "asked" | "waiting" => held.1.push((today - row.asked_on).num_days()),
            "accepted" => held.2.push((row.state_on - row.asked_on).num_days()),
            _ => {}
        }
    }
    let mut rows: Vec<(i64, WaitRow)> = by_service
        .into_iter()
        .map(|(id, (name, mut now, mut taken))| {
            let entry = catalogue.directory.entry(&id);
            let says = entry.and_then(|e| e.service.wait_time.clone());
            let order = median(&mut now).unwrap_or_default();
            let row = WaitRow {
                waiting: Count(now.len() as i64),
                so_far: weeks(median(&mut now)),
                taken: Count(taken.len() as i64),
                until_taken: weeks(median(&mut taken)),
                says: says.unwrap_or_default(),
                service: entry.map_or(name, |e| e.service.name.clone()),
            };
            (order, row)
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.service.cmp(&b.1.service)));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The middle of at least five: of fewer it would tell of one.
fn median(days: &mut [i64]) -> Option<i64> {
    if days.len() < 5 {
        return None;
    }
    days.sort_unstable();
    days.get(days.len() / 2).copied()
}

fn weeks(days: Option<i64>) -> String {
    match days.map(|d| d / 7) {
        None => String::new(),
        Some(0) => "under a week".into(),
        Some(1) => "1 week".into(),
        Some(n) => format!("{n} weeks"),
    }
}

impl Learning {
    /// One of the tables as a file: "needs", "areas", "choices" or "waits".
    pub fn csv(&self, name: &str) -> Option<String> {
        let mut lines: Vec<Vec<String>> = Vec::new();
        let mut head = |words: &[&str]| lines.push(words.iter().map(|w| (*w).to_owned()).collect());
        match name {
            "needs" => {
                head(&[
                    "Need",
                    "Searches",
                    "Found nothing",
                    "Noted by workers",
                    "Services",
                ]);
                lines.extend(self.needs.iter().map(|r| {
                    let counts = [r.searches, r.nothing, r.unmet].map(Count::words);
                    let [a, b, c] = counts;
                    vec![r.label.clone(), a, b, c, r.services.to_string()]
                }));
            }
            "areas" => {
                head(&[
                    "Area",
                    "Searches",
                    "Found nothing",
                    "Noted by workers",
                    "Services within 2 miles",
                ]);
                lines.extend(self.areas.iter().map(|r| {
                    let [a, b, c] = [r.searches, r.nothing, r.unmet].map(Count::words);
                    let services = r.services.map(|s| s.to_string()).unwrap_or_default();
                    vec![r.area.clone(), a, b, c, services]
                }));
            }
            "choices" => {
                head(&["Choice", "Searches", "Found nothing"]);
                lines.extend(
                    self.narrowed
                        .iter()
                        .map(|r| vec![r.what.clone(), r.searches.words(), r.nothing.words()]),
                );
            }
            "waits" => {
                head(&[
                    "Service",
                    "Waiting now",
                    "Half have waited longer than",
                    "Taken in two years",
                    "Half waited longer than",
                    "Its entry says",
                ]);
                lines.extend(self.waits.iter().map(|r| {
                    vec![
                        r.service.clone(),
                        r.waiting.words(),
                        r.so_far.clone(),
                        r.taken.words(),
                        r.until_taken.clone(),
                        r.says.clone(),
                    ]
                }));
            }
            _ => return None,
        }
        Some(table(&lines))
    }
}

/// Lines of a file that a spreadsheet opens without running anything in it.
fn table(lines: &[Vec<String>]) -> String {
    let cell = |text: &String| {
        let safe = text.strip_prefix(['=', '+', '-', '@', '\t']).is_none();
        let guard = if safe { "" } else { "'" };
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    };
    let line = |cells: &Vec<String>| cells.iter().map(cell).collect::<Vec<_>>().join(",");
    lines.iter().map(|l| line(l) + "\r\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_tells_of_few() {
        let told: Vec<String> = [0, 1, 4, 5, 7, 8, 1_203].map(|n| Count(n).words()).into();
        assert_eq!(
            told,
            ["0", "fewer than 5", "fewer than 5", "5", "5", "10", "1,205"]
        );
        assert_eq!(median(&mut [7, 14, 21, 28]), None, "four are too few");
        assert_eq!(median(&mut [35, 7, 14, 21, 28]), Some(21));
    }

    #[test]
    fn a_spreadsheet_runs_nothing() {
        let lines = [vec!["=1+1".to_owned(), "say \"ah\"".to_owned()]];
        assert_eq!(table(&lines), "\"'=1+1\",\"say \"\"ah\"\"\"\r\n");
    }
}
