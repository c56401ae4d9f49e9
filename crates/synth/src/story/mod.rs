//! From people to a history: what happened to a family, in order, up to now.
//!
//! A [`Teller`] holds the family and the clock. Each chapter of its story
//! (front door, assessment, plan, care) is a file of its own.

mod care;
mod front_door;
mod plans;
mod work;

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

use crate::build::{Built, Land};
use crate::dice::Dice;
use crate::plan::Slot;
use crate::prose::themes::Theme;
use crate::prose::{Age, Cast};
use crate::{Agency, At, BirthKind, Happening, Involvement, PersonNo, Standing, What, Who};

/// The family whose story is told, and where the telling has come to.
pub(crate) struct Teller<'a> {
    pub(crate) land: &'a mut Land,
    pub(crate) slot: &'a Slot,
    pub(crate) built: &'a Built,
    pub(crate) theme: &'static Theme,
    pub(crate) dice: Dice,
    pub(crate) cast: Cast,
    pub(crate) timeline: Vec<Happening>,
    pub(crate) involvements: Vec<Involvement>,
    last: Option<At>,
}

/// Tells the whole story of a family: its happenings and who works with it.
pub(crate) fn tell(
    slot: &Slot,
    built: &Built,
    theme: &'static Theme,
    began: Option<i64>,
    land: &mut Land,
    dice: Dice,
) -> (Vec<Happening>, Vec<Involvement>) {
    let today = land.today();
    let cast = cast(built, today);
    let mut teller = Teller {
        land,
        slot,
        built,
        theme,
        dice,
        cast,
        timeline: Vec::new(),
        involvements: Vec::new(),
        last: None,
    };
    match slot.standing {
        Standing::ContactWaiting => teller.waiting(),
        Standing::Closed => teller.closed(),
        Standing::EarlyHelp => teller.early_help(began),
        Standing::InCare | Standing::CareLeaver => teller.in_care(began),
        Standing::Assessment => teller.assessed(began),
        Standing::ChildInNeed | Standing::ProtectionPlan => teller.planned(began),
    }
    let Teller {
        mut timeline,
        involvements,
        ..
    } = teller;
    timeline.sort_by_key(|h| h.at);
    (timeline, involvements)
}

/// Who fills the gaps in this family's sentences.
fn cast(built: &Built, today: NaiveDate) -> Cast {
    let born: Vec<_> = built.people[..built.children]
        .iter()
        .filter(|p| p.born_kind != BirthKind::Expected)
        .collect();
    let child = born.first().copied().unwrap_or(&built.people[0]);
    let age = match today.years_since(child.born) {
        None => Age::Unborn,
        Some(_) if child.born_kind == BirthKind::Expected => Age::Unborn,
        Some(0..=2) => Age::Baby,
        Some(3..=10) => Age::Child,
        Some(_) => Age::Teen,
    };
    let name = |i: Option<usize>| i.map(|i| built.people[i].given.clone());
    // Sentences about the other parent say "he".
    // One from whom the family must be safe is not told of as one who visits.
    let safe = |o: &usize| built.people[*o].sex == 'M' && !built.people[0].address_protected;
    let other = built.other.filter(safe);
    Cast {
        age,
        sex: child.sex,
        child: if age == Age::Unborn {
            "the baby".to_string()
        } else {
            child.given.clone()
        },
        carer: name(built.carer),
        other: name(other),
        sib: born.get(1).map(|p| p.given.clone()),
        gran: name(built.grandmother),
        school: child.school.clone(),
        told: std::collections::HashSet::new(),
    }
}

impl Teller<'_> {
    pub(crate) fn today(&self) -> NaiveDate {
        self.land.today()
    }

    /// The children who are born, or expected, on a day.
    pub(crate) fn subjects(&self, day: NaiveDate) -> Vec<PersonNo> {
        self.built.people[..self.built.children]
            .iter()
            .filter(|p| match p.born_kind {
                BirthKind::Expected => day >= p.born - Duration::days(200),
                _ => p.born <= day,
            })
            .map(|p| p.no)
            .collect()
    }

    /// Those of them whom the last referral was about: whoever is born later is
    /// referred with the next one.
    pub(crate) fn referred(&self, day: NaiveDate) -> Vec<PersonNo> {
        let last = self.timeline.iter().rev().find_map(|h| match &h.what {
            What::Referral(referral) => Some(&referral.children),
            _ => None,
        });
        let mut children = self.subjects(day);
        if let Some(last) = last {
            children.retain(|child| last.contains(child));
        }
        children
    }

    /// The first day on which there is a child to tell of.
    fn first_day(&self) -> NaiveDate {
        self.built.people[..self.built.children]
            .iter()
            .map(|p| match p.born_kind {
                BirthKind::Expected => p.born - Duration::days(198),
                _ => p.born + Duration::days(2),
            })
            .min()
            .unwrap_or_else(|| self.today())
    }

    /// The day `days` ago, or the first day there is a child, whichever is later.
    pub(crate) fn days_ago(&self, days: i64) -> NaiveDate {
        (self.today() - Duration::days(days))
            .max(self.first_day())
            .min(self.today())
    }

    /// A working hour of this day, after all that was told so far and not after now.
    pub(crate) fn hour(&mut self, day: NaiveDate) -> At {
        let minutes = self.dice.between(0, 470);
        let at = weekday(day).and_time(NaiveTime::MIN) + Duration::minutes(9 * 60 + minutes);
        let at = if at > self.land.now {
            working_back(self.land.now, self.dice.between(4, 90))
        } else {
            at
        };
        let first = self.first_day().and_time(NaiveTime::MIN) + Duration::hours(10);
        let at = at.max(first);
        let gap = self.dice.between(9, 55);
        let at = self
            .last
            .map_or(at, |last| at.max(last + Duration::minutes(gap)));
        let at = at.min(self.land.now);
        self.last = Some(at);
        at
    }

    /// A working hour of a day that may lie ahead.
    pub(crate) fn ahead(&mut self, day: NaiveDate) -> At {
        let quarter = self.dice.between(0, 26) * 15;
        let day = match day.weekday() {
            Weekday::Sat => day + Duration::days(2),
            Weekday::Sun => day + Duration::days(1),
            _ => day,
        };
        day.and_time(NaiveTime::MIN) + Duration::minutes(9 * 60 + 30 + quarter)
    }

    /// Tells that something happened; `by` is a username.
    pub(crate) fn happened(&mut self, at: At, by: &str, what: What) {
        self.timeline.push(Happening {
            at,
            by: by.to_string(),
            what,
        });
    }

    /// The worker who holds the family, or the front door's where nobody does.
    pub(crate) fn worker(&self) -> String {
        self.slot
            .worker
            .clone()
            .unwrap_or_else(|| "farah.screener".to_string())
    }

    /// The manager of the team that holds the family.
    pub(crate) fn manager(&self) -> String {
        self.land
            .managers
            .get(self.slot.team)
            .cloned()
            .unwrap_or_else(|| "ines.manager".to_string())
    }

    /// Adds those who work with the children, the worker first.
    pub(crate) fn involve(&mut self, from: NaiveDate) {
        let today = self.today();
        let worker = self.worker();
        let role = match self.slot.standing {
            Standing::EarlyHelp => "Early help practitioner",
            Standing::CareLeaver => "Personal adviser",
            _ => "Social worker",
        };
        for i in 0..self.built.children {
            let (no, born, born_kind, school) = {
                let child = &self.built.people[i];
                (child.no, child.born, child.born_kind, child.school.clone())
            };
            let from = if born_kind == BirthKind::Expected {
                from
            } else {
                from.max(born)
            };
            let mut add = |who: Who, role: &'static str, lead: bool| {
                self.involvements.push(Involvement {
                    child: no,
                    who,
                    role,
                    lead,
                    from,
                    to: None,
                });
            };
            add(Who::Worker(worker.clone()), role, true);
            if let Some(name) = school {
                let lead = self
                    .land
                    .schools
                    .iter()
                    .find(|s| s.name == name)
                    .map(|s| s.lead.clone());
                let who = professional(
                    lead.unwrap_or_else(|| "School office".to_string()),
                    Agency::School,
                    &name,
                    &mut self.dice,
                );
                add(who, "Designated safeguarding lead", false);
            }
            let young = (today - born).num_days() < 5 * 365;
            let all = self.slot.story == Some("twelve-professionals");
            // The allocated worker is one of the twelve, and so is the reviewing
            // officer, who comes with the time in care.
            let mut count = if all {
                2 + usize::from(self.built.people[i].school.is_some())
            } else {
                0
            };
            for &(organisation, agency, role) in &crate::places::PARTNERS {
                let wanted = match role {
                    "Health visitor" => young,
                    "School nurse" => !young && self.dice.chance(30),
                    "Midwife" => born_kind == BirthKind::Expected,
                    _ => self.dice.chance(7),
                };
                let fits = role != "Health visitor" && role != "Midwife";
                if (all && fits && count < 12) || (!all && wanted) {
                    let name = crate::places::professional_name(&mut self.dice);
                    let who = professional(name, agency, organisation, &mut self.dice);
                    self.involvements.push(Involvement {
                        child: no,
                        who,
                        role,
                        lead: false,
                        from,
                        to: None,
                    });
                    count += 1;
                }
            }
        }
    }
}

fn professional(name: String, agency: Agency, organisation: &str, dice: &mut Dice) -> Who {
    Who::Professional {
        name,
        agency,
        organisation: organisation.to_string(),
        phone: crate::build::phone(dice),
    }
}

/// This day, or the Friday before when it falls on a weekend.
fn weekday(day: NaiveDate) -> NaiveDate {
    match day.weekday() {
        Weekday::Sat => day - Duration::days(1),
        Weekday::Sun => day - Duration::days(2),
        _ => day,
    }
}

/// `minutes` of working time (weekdays, nine to half past five) before `now`.
pub(crate) fn working_back(now: NaiveDateTime, minutes: i64) -> NaiveDateTime {
    let open = Duration::hours(9);
    let close = Duration::minutes(17 * 60 + 30);
    let mut left = Duration::minutes(minutes);
    let mut day = now.date();
    let mut until = now - day.and_time(NaiveTime::MIN);
    loop {
        let works = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let end = until.min(close);
        if works && end > open {
            if end - open >= left {
                return day.and_time(NaiveTime::MIN) + end - left;
            }
            left -= end - open;
        }
        day -= Duration::days(1);
        until = close;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_steps_over_nights_and_weekends() {
        let at = |d: u32, h: u32, m: u32| {
            NaiveDate::from_ymd_opt(2026, 11, d)
                .and_then(|x| x.and_hms_opt(h, m, 0))
                .expect("a date")
        };
        // Monday 23 November 2026, ten in the morning; 90 minutes before is Friday at five.
        assert_eq!(working_back(at(23, 10, 0), 90), at(20, 17, 0));
        // A Sunday night has no working time of its own.
        assert_eq!(working_back(at(22, 23, 0), 30), at(20, 17, 0));
    }
}
