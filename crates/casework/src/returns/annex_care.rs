//! Annex A, lists 8 to 11: children in care, care leavers, adoption, adopters.

use chrono::NaiveDate;
use vocabulary::{Id, ids};

use super::annex_a::{Cell, Lists, day, number, number_of_carer, text, yes};
use super::annex_rows::{Care, CareEpisode, Home, Match};

/// Homes with foster carers who are approved to adopt the child: PLACE of the
/// SSDA903.
const FOSTER_TO_ADOPT: [&str; 2] = ["U2", "U5"];

/// What stands where nobody is the adviser: the column may not be blank.
const NOBODY: &str = "Not allocated";

impl Lists<'_> {
    pub(super) fn in_care(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for care in &all.cares {
            let ended = care.ended_on.filter(|on| *on <= self.as_at);
            if ended.is_none_or(|on| on >= self.half) {
                rows.extend(self.one_in_care(care, ended));
            }
        }
        rows
    }

    fn one_in_care(&mut self, care: &Care, ended: Option<NaiveDate>) -> Option<Vec<Cell>> {
        let all = self.all;
        let id = care.person_id;
        let mut row = self.child(id)?;
        let of_care = |e: &&CareEpisode| e.care_id == care.id;
        let episodes = all.episodes.get(&id).into_iter().flatten();
        let episodes: Vec<&CareEpisode> = episodes.filter(of_care).collect();
        let now = episodes.last();
        let status = now.map_or("", |e| e.legal_status.as_str());
        let since = episodes
            .iter()
            .rev()
            .take_while(|e| e.legal_status == status);
        let homes = all.homes.get(&id).into_iter().flatten();
        let homes: Vec<&Home> = homes.filter(|h| h.care_id == care.id).collect();
        let home = homes.last();
        let again = all.cares.iter().any(|c| {
            c.person_id == id
                && c.id != care.id
                && c.ended_on
                    .is_some_and(|on| on >= self.year && on <= care.started_on)
        });
        let until = ended.unwrap_or(self.as_at);
        let latest = |kind: &str| {
            let happened = all.happened.get(&id).into_iter().flatten();
            let of_kind = happened.filter(|h| h.kind == kind && h.happened_on <= until);
            of_kind.map(|h| h.happened_on).max()
        };
        row.push(yes(self.is_alone(id, Some(self.year))));
        row.push(self.disabled(id));
        row.push(day(Some(care.started_on)));
        row.push(self.word("need", now.map_or("N0", |e| &e.need)));
        row.push(yes(again));
        row.push(day(since.last().map(|e| e.started_on)));
        row.push(self.word("legal", status));
        row.push(day(latest("review").filter(|on| *on >= care.started_on)));
        row.push(day(self
            .last_seen(id, care.started_on, until)
            .map(|(on, _)| on)));
        row.push(self.word("permanence", &care.permanence));
        let met = all.by_officer.get(&id).into_iter().flatten();
        let met = met.map(|on| crate::time::local(on.happened_at).date());
        row.push(day(met
            .filter(|on| *on >= care.started_on && *on <= until)
            .max()));
        row.push(day(latest("assessment")));
        row.push(day(latest("dentist")));
        let recent = homes
            .iter()
            .filter(|h| h.ended_on.is_none_or(|on| on >= self.year));
        row.push(number(recent.count()));
        row.push(day(ended));
        let why = now
            .and_then(|e| e.ended_why.as_deref())
            .filter(|_| ended.is_some());
        row.push(why.and_then(|code| self.word("end", code)));
        row.extend(self.lives(home.copied()));
        row.extend(self.missing(id));
        row.extend(self.allocated(id));
        Some(row)
    }

    /// The home: since when, its kind, its provider, where it is.
    fn lives(&self, home: Option<&Home>) -> [Cell; 7] {
        let Some(home) = home else {
            return Default::default();
        };
        let outside = home.outside.unwrap_or(false);
        let area = home.area.as_deref().filter(|_| outside);
        [
            day(Some(home.started_on)),
            self.word("home", &home.home),
            self.word("provider", &home.provider),
            home.postcode.as_deref().and_then(text),
            home.urn.as_deref().and_then(text),
            text(if outside { "b) Out" } else { "a) In" }),
            text(area.unwrap_or(if outside {
                "Not recorded"
            } else {
                self.council
            })),
        ]
    }

    /// Times missing and away in the twelve months, and the interview after the
    /// last one missing.
    fn missing(&self, id: Id<ids::Person>) -> [Cell; 4] {
        let found = self.all.missing.get(&id).map_or(&[][..], Vec::as_slice);
        let count = |kind: &str| number(found.iter().filter(|m| m.kind == kind).count());
        let last = found.iter().rev().find(|m| m.kind == "M");
        let (offered, accepted) = match last.map(|m| m.interview.as_str()) {
            None => (None, None),
            Some("held") => (yes(true), yes(true)),
            Some("refused") => (yes(true), yes(false)),
            Some("decided_not") => (yes(false), yes(false)),
            Some(_) => (text("c) Unknown"), text("c) Unknown")),
        };
        [count("M"), count("A"), offered, accepted]
    }

    /// Whether somebody came alone to seek asylum: ever, or still since a day.
    fn is_alone(&self, id: Id<ids::Person>, since: Option<NaiveDate>) -> bool {
        let mut alone = self.all.alone.get(&id).into_iter().flatten();
        alone.any(|a| match (since, a.ceased_on) {
            (Some(since), Some(ceased)) => ceased >= since,
            _ => true,
        })
    }

    pub(super) fn leavers(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for leaver in &all.leavers {
            let Some(mut row) = self.child(leaver.person_id) else {
                continue;
            };
            let touches = all.touches.get(&leaver.id).map_or(&[][..], Vec::as_slice);
            let last = touches.last();
            let home = touches.iter().rev().find_map(|t| t.home.as_deref());
            let activity = touches.iter().rev().find_map(|t| t.activity.as_deref());
            row.push(yes(self.is_alone(leaver.person_id, None)));
            row.push(self.disabled(leaver.person_id));
            row.extend(self.allocated(leaver.person_id));
            row.push(text(leaver.adviser.as_deref().unwrap_or(NOBODY)));
            let eligible = self.word("leaver", &leaver.status);
            row.push(eligible.or_else(|| text("e) Other")));
            row.push(day(leaver.planned_on));
            row.push(self.word("touch", last.map_or("NO", |t| &t.in_touch)));
            let met = touches.iter().rev().find(|t| t.in_touch == "YES");
            row.push(day(met.map(|t| t.happened_on)));
            row.push(home.and_then(|code| self.lives_as(code)));
            row.push(match home.and_then(|code| code.chars().nth(1)) {
                Some('1') => text("a) Suitable"),
                Some('2') => text("b) Unsuitable"),
                _ => None,
            });
            row.push(activity.and_then(|code| self.of_list(9, 16, code)));
            rows.push(row);
        }
        rows
    }

    /// The kind of home of a young person: the letter of our code.
    fn lives_as(&self, code: &str) -> Cell {
        self.of_list(9, 14, code.get(..1)?)
    }

    /// The value of a column that begins with a code.
    fn of_list(&self, list: usize, column: usize, code: &str) -> Cell {
        let values = &self.layout.get(list - 1)?.columns.get(column)?.values;
        let found = values.iter().find(|value| {
            value
                .split_once(':')
                .is_some_and(|(known, _)| known == code)
        })?;
        text(found)
    }

    pub(super) fn adoption(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for plan in &all.for_adoption {
            let id = plan.person_id;
            let before = |c: &&Care| c.person_id == id && c.started_on <= plan.decided_on;
            let care = all.cares.iter().rfind(before);
            let adopted = care
                .and_then(|c| c.ended_on)
                .filter(|_| self.was_adopted(id));
            if adopted.is_some_and(|on| on < self.year) {
                continue;
            }
            let Some(child) = self.child(id) else {
                continue;
            };
            let episodes = all.episodes.get(&id).into_iter().flatten();
            let ordered = episodes
                .filter(|e| e.legal_status == "E1")
                .map(|e| e.started_on);
            let homes = || all.homes.get(&id).into_iter().flatten();
            let began = |codes: &[&str]| {
                let found = homes().filter(|h| codes.contains(&h.home.as_str()));
                found.map(|h| h.started_on).min()
            };
            let mut row = Vec::with_capacity(16);
            let mut cells = child.into_iter();
            row.extend(cells.next());
            // The same for brothers and sisters, and no number of the record.
            let family = care.and_then(|c| c.family_id.as_deref());
            row.push(family.and_then(number_of_carer));
            row.extend(cells);
            row.push(self.disabled(id));
            row.push(day(care.map(|c| c.started_on)));
            row.push(day(Some(plan.decided_on)));
            row.push(day(ordered.min()));
            row.push(day(plan.matched_on));
            row.push(day(began(&["A3", "A4", "A5", "A6"])));
            row.push(day(adopted));
            row.push(day(plan.ended_on));
            let why = plan.ended_why.as_deref();
            row.push(why.and_then(|code| self.word("reversed", code)));
            row.push(day(began(&FOSTER_TO_ADOPT)));
            rows.push(row);
        }
        rows
    }

    /// Whether a child matched with adopters lived with them as foster carers
    /// first. After the order the record of adopters names no child.
    fn fosters_to_adopt(&self, matches: &[Match]) -> bool {
        let children = matches.iter().filter_map(|m| m.person_id);
        let mut homes = children.flat_map(|id| self.all.homes.get(&id).into_iter().flatten());
        homes.any(|h| FOSTER_TO_ADOPT.contains(&h.home.as_str()))
    }

    fn was_adopted(&self, id: Id<ids::Person>) -> bool {
        let episodes = self.all.episodes.get(&id).into_iter().flatten();
        let mut why = episodes.filter_map(|e| e.ended_why.as_deref());
        why.any(|why| ["E11", "E12"].contains(&why))
    }

    pub(super) fn adopters(&mut self) -> Vec<Vec<Cell>> {
        let all = self.all;
        let mut rows = Vec::new();
        for one in &all.adopters {
            let Some(person) = all.people.get(&one.person_id) else {
                continue;
            };
            self.about.insert(one.person_id);
            let stage = |kind: &str| {
                let stages = all.stages.get(&one.carer_id).into_iter().flatten();
                let mut of_kind = stages.filter(|s| s.kind == kind);
                of_kind.next().map(|s| s.happened_on)
            };
            let matches = all
                .matches
                .get(&one.carer_id)
                .map_or(&[][..], Vec::as_slice);
            let placed = matches.iter().filter(|m| m.placed_on.is_some());
            let ordered = matches.iter().filter(|m| m.state == "ordered");
            let ended = one.ended_on.filter(|on| *on <= self.as_at);
            let adopted = one.end_reason.as_deref() == Some("adopted");
            let mut row = vec![number_of_carer(one.person_id.as_str())];
            row.push(number_of_carer(&one.carer_id));
            row.extend(self.who(person));
            row.push(self.disabled(one.person_id));
            row.push(yes(self.fosters_to_adopt(matches)));
            row.push(day(Some(one.enquired_on)));
            row.push(day(stage("stage-1")));
            row.push(day(stage("stage-1-done")));
            row.push(day(stage("stage-2")));
            row.push(day(one.approved_on.filter(|_| stage("stage-2").is_some())));
            row.push(None);
            row.push(day(one.approved_on));
            row.push(day(matches.iter().filter_map(|m| m.agreed_on).max()));
            row.push(day(placed.clone().filter_map(|m| m.placed_on).max()));
            row.push(
                (placed.clone().count() > 0)
                    .then(|| number(placed.count()))
                    .flatten(),
            );
            row.push(day(ordered.filter_map(|m| m.ended_on).max()));
            row.push(day(ended.filter(|_| !adopted)));
            let why = one
                .end_reason
                .as_deref()
                .filter(|_| ended.is_some() && !adopted);
            row.push(why.and_then(|code| self.word("adopter-end", code)));
            rows.push(row);
        }
        rows
    }
}
