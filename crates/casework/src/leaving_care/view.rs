//! The page of one young person: my home, my job, my money, my adviser, and
//! what is due.

use record::model::{Clock, Leaver, LeaverContact, LeaverOffer, Person};
use record::{Asked, AssertSqlSafe, Entity, Guarded, Viewer, args};
use vocabulary::{Id, ids, plain};

use super::LeaverForm;
use crate::care::view::Said;
use crate::clocks::ClockView;
use crate::{Casework, Error, Result};

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct LeaverPage {
    /// The young person.
    pub child: Guarded<Person>,
    /// The row, if an adviser has been named.
    pub leaver: Option<LeaverNow>,
    /// Running clocks, the first due first.
    pub clocks: Vec<ClockView>,
    /// Each time we were in touch, the last first.
    pub contacts: Vec<Said>,
    /// The offer by department.
    pub offer: Vec<OfferRow>,
    /// The pages that may be opened now.
    pub forms: Vec<LeaverForm>,
}

/// How it stands.
#[derive(Debug, Clone)]
pub struct LeaverNow {
    /// Their standing in law.
    pub status: String,
    /// The personal adviser.
    pub adviser: String,
    /// Where they live, and if it suits.
    pub home: String,
    /// Education, work or training.
    pub activity: String,
    /// In touch.
    pub in_touch: String,
    /// The plan, part by part.
    pub plan: Vec<(String, String)>,
    /// What they need, part by part.
    pub needs: Vec<(String, String)>,
    /// The plan's own page.
    pub plan_page: Option<String>,
    /// When the plan was made or reviewed.
    pub planned_on: Option<String>,
}

/// One part of the offer.
#[derive(Debug, Clone)]
pub struct OfferRow {
    /// What.
    pub what: String,
    /// Which department owns it.
    pub department: String,
    /// Where it stands, with the day.
    pub state: String,
    /// Not made yet.
    pub waits: bool,
}

impl Casework {
    /// The page of one young person.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not.
    pub async fn leaver_page(&self, viewer: &Viewer, id: Id<ids::Person>) -> Result<LeaverPage> {
        let child = self
            .gate()
            .person(viewer, id, Asked::to_read("leaving-care"))
            .await?
            .ok_or(Error::NotFound)?;
        let leaver = self.leaver_now(id).await?;
        let contacts: Vec<LeaverContact> = self
            .rows_of(
                "person_id = $1 order by happened_on desc, id desc limit 60",
                args![id],
            )
            .await?;
        let offers: Vec<LeaverOffer> = self
            .rows_of(
                "person_id = $1 order by happened_on desc, id desc",
                args![id],
            )
            .await?;
        let sql = format!(
            "select {} from clock where person_id = $1 and about_kind = 'leaver' \
             and done_at is null order by due_at, id",
            Clock::COLUMNS.join(", ")
        );
        let clocks: Vec<Clock> = self
            .store()
            .read_db()
            .all(AssertSqlSafe(sql), args![id])
            .await?;
        let now = match &leaver {
            Some(leaver) => Some(self.leaver_words(leaver, &contacts).await?),
            None => None,
        };
        let writes = viewer.can("case.record");
        let forms = LeaverForm::ALL
            .into_iter()
            .filter(|form| match form {
                LeaverForm::Start => writes || viewer.can("case.allocate"),
                _ => writes && leaver.is_some(),
            })
            .collect();
        Ok(LeaverPage {
            clocks: clocks
                .iter()
                .map(|c| ClockView::of(c, self.pack()))
                .collect(),
            contacts: contacts.iter().map(|c| self.contact_words(c)).collect(),
            offer: match leaver {
                Some(_) => self.offer_rows(&offers),
                None => Vec::new(),
            },
            leaver: now,
            forms,
            child,
        })
    }

    async fn leaver_words(&self, leaver: &Leaver, contacts: &[LeaverContact]) -> Result<LeaverNow> {
        let adviser = match leaver.adviser_id {
            Some(worker) => self.worker_name(worker).await?,
            None => "Nobody yet".into(),
        };
        let last =
            |of: fn(&LeaverContact) -> &Option<String>| contacts.iter().find_map(|c| of(c).clone());
        let home = last(|c| &c.home);
        let activity = last(|c| &c.activity);
        let touch = contacts.iter().find(|c| c.how != "home");
        Ok(LeaverNow {
            status: self.label("leaver-status", &leaver.status),
            adviser,
            home: home.map_or_else(
                || "Not written down".into(),
                |code| self.label("leaver-home", &code),
            ),
            activity: activity.map_or_else(
                || "Not written down".into(),
                |code| self.label("leaver-activity", &code),
            ),
            in_touch: touch.map_or_else(
                || "Not written down".into(),
                |c| {
                    format!(
                        "{}, {}",
                        self.label("leaver-in-touch", &c.in_touch),
                        plain::date(c.happened_on)
                    )
                },
            ),
            plan: parts_in_words(leaver.pathway.as_ref()),
            needs: parts_in_words(leaver.assessment.as_ref()),
            plan_page: leaver.plan_id.map(|id| format!("/plans/{id}")),
            planned_on: leaver.planned_on.map(plain::date),
        })
    }

    fn contact_words(&self, contact: &LeaverContact) -> Said {
        let how = match contact.how.as_str() {
            "visit" => "A visit",
            "met" => "Met elsewhere",
            "phone" => "A call or message",
            "home" => "Moved into a home that we provide",
            "return" => "From the yearly return",
            _ => "Tried, and did not reach them",
        };
        let mut words: Vec<String> = Vec::new();
        if let Some(home) = &contact.home {
            words.push(format!("{}.", self.label("leaver-home", home)));
        }
        if let Some(activity) = &contact.activity {
            words.push(format!("{}.", self.label("leaver-activity", activity)));
        }
        words.extend(contact.words.clone());
        Said {
            when: plain::date(contact.happened_on),
            title: format!(
                "{how}. {}",
                self.label("leaver-in-touch", &contact.in_touch)
            ),
            words: words.join(" "),
        }
    }

    /// Each part of the offer with its department; the last word counts.
    fn offer_rows(&self, offers: &[LeaverOffer]) -> Vec<OfferRow> {
        let codes = self.pack().codes("leaver-offer", crate::time::today());
        codes
            .into_iter()
            .flat_map(|set| &set.codes)
            .map(|code| {
                let made = offers.iter().find(|o| o.what == code.code);
                OfferRow {
                    what: code.label.clone(),
                    department: self.label(
                        "council-departments",
                        made.map_or(code.group.as_str(), |o| &o.department),
                    ),
                    state: made.map_or_else(
                        || "Not offered yet".into(),
                        |o| format!("{}, {}", offer_words(&o.state), plain::date(o.happened_on)),
                    ),
                    waits: made.is_none(),
                }
            })
            .collect()
    }
}

fn offer_words(state: &str) -> &'static str {
    match state {
        "taken" => "Taken up",
        "declined" => "Not wanted now",
        "not_for" => "Not for this young person",
        _ => "Offered",
    }
}

/// The parts of a life that were written about, in the words of the plan.
fn parts_in_words(parts: Option<&serde_json::Value>) -> Vec<(String, String)> {
    const TITLES: [(&str, &str); 10] = [
        ("home", "My home"),
        ("learning", "My learning and work"),
        ("work", "My job, school or training"),
        ("money", "My money"),
        ("health", "My health"),
        ("people", "My people"),
        ("identity", "My identity and papers"),
        ("skills", "My daily life"),
        ("if_not", "If it does not work"),
        ("childs_words", "In my words"),
    ];
    TITLES
        .iter()
        .filter_map(|(part, title)| {
            let words = parts?.get(part)?.as_str()?;
            Some(((*title).to_owned(), words.to_owned()))
        })
        .collect()
}
