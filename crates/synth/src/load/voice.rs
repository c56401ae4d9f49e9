//! The voices of children and families: a page in a child's own words, what
//! they asked of their plan and what came of it, and a letter when it began.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use record::model::*;
use vocabulary::plain;

use super::batch::{Batch, told};
use super::history::Moment;
use super::ids;
use super::people::{Entry, morning};
use crate::Person as Invented;
use crate::dice::Dice;

/// What is good, what matters, what helps, how they say no.
type Page = [&'static str; 4];

const YOUNG: [Page; 4] = [
    [
        "I am funny and I run fast.",
        "My rabbit. Nan on Sundays.",
        "Sit on the floor with me. Do not do loud.",
        "I hide under the table.",
    ],
    [
        "i am good at drawing dogs",
        "my bunk bed and my brother",
        "tell me befor we go some where",
        "i shout no",
    ],
    [
        "Smiles at everybody and loves water.",
        "The blue blanket. Someone she knows in the room.",
        "Short words and time to look first.",
        "Turns her head away.",
    ],
    [
        "I can do a cartwheel.",
        "Friday because it is pizza.",
        "Let me hold my bear when we talk.",
        "I go quiet. That means stop.",
    ],
];

const OLDER: [Page; 5] = [
    [
        "My mates say im loyal. I can cook three things.",
        "Seeing my sister. Not moving school again.",
        "Text me first. Dont ask me stuff in front of teachers.",
        "I say whatever. It means no.",
    ],
    [
        "I play bass and I am getting good.",
        "Having a lock on the bathroom. My gran.",
        "Walk while we talk, not across a desk.",
        "I will tell you straight.",
    ],
    [
        "People like that I notice things.",
        "Knowing what happens next, even when it is bad.",
        "Say sorry if you are late.",
        "I put my hood up.",
    ],
    [
        "I look after my little brothers and I am proud of that.",
        "Time when I am not looking after anyone.",
        "Ask me about football before the other stuff.",
        "I change the subject.",
    ],
    [
        "Art. Everyone says art.",
        "My phone because my cousins are on it.",
        "Do not write things down while I am crying.",
        "I leave the room. I will come back.",
    ],
];

/// What was asked, what was agreed (yes, partly, no), what, and why.
type Ask = (
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const ASKS: [Ask; 8] = [
    (
        "can we go to the park after school some times",
        "yes",
        "Every Wednesday, with the family worker, until half term.",
        None,
    ),
    (
        "I want to see dad more than I do now.",
        "partly",
        "Every second Saturday at the centre, and a call in between.",
        Some("Dad works the other Saturdays, and we want the first ones to go well."),
    ),
    (
        "I dont want a different worker again.",
        "partly",
        "Your worker stays until the plan ends, and tells you first if that changes.",
        Some("Nobody can promise that a worker never moves on."),
    ),
    (
        "Can meetings not be in school time.",
        "yes",
        "They are at four o'clock now.",
        None,
    ),
    (
        "I want my own room.",
        "no",
        "We asked the housing office to move you up the list.",
        Some("There is no bigger home free yet. We ask again every month and tell you."),
    ),
    (
        "Please talk to me on my own, not with mum there.",
        "yes",
        "At least every second visit is just you.",
        None,
    ),
    (
        "We would like one person to ring, not five.",
        "yes",
        "Your worker is the one to ring, and passes it on the same day.",
        None,
    ),
    (
        "can I have my nan at the meeting",
        "yes",
        "She is invited to all of them.",
        None,
    ),
];

impl Entry<'_> {
    /// What the children of a plan said around its beginning.
    pub(crate) fn voices(&mut self, batch: &mut Batch, m: &Moment<'_>, plan: &crate::Plan) {
        for no in &plan.children {
            let Some(child) = self.family.person(*no) else {
                continue;
            };
            let Some(years) = m.day.years_since(child.born).filter(|years| *years >= 4) else {
                continue;
            };
            let key = format!("{} {}", plan.key.0, no.0);
            let mut dice = Dice::new(crate::SEED ^ 0x701CE, u64::from(no.0));
            if dice.chance(60) {
                let day = m.day + Duration::days(dice.between(3, 20));
                self.own_page(batch, m, (child, &key), (years, day), &mut dice);
            }
            if dice.chance(45) {
                let day = m.day + Duration::days(dice.between(0, 40));
                self.ask(batch, m, plan, (child, &key, day), &mut dice);
            }
            if dice.chance(50) {
                self.letter(batch, m, (child, &key), years);
            }
        }
    }

    /// A moment of a day of the story, where it is not still to come.
    fn by_now(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let at = morning(day);
        (at <= self.land.now).then_some(at)
    }

    fn own_page(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        (child, key): (&Invented, &str),
        (years, day): (u32, NaiveDate),
        dice: &mut Dice,
    ) {
        let Some(at) = self.by_now(day) else { return };
        let [likes, matters, support, say_no] = if years < 9 {
            *dice.pick(&YOUNG)
        } else {
            *dice.pick(&OLDER)
        };
        let whose = match years {
            0..=5 => "parent",
            6..=8 => "with",
            _ => "child",
        };
        let row = Profile {
            id: ids::named("profile", key),
            person_id: ids::person(child.no),
            likes: Some(likes.to_owned()),
            matters: Some(matters.to_owned()),
            support: Some(support.to_owned()),
            say_no: Some(say_no.to_owned()),
            whose: whose.to_owned(),
            helper: match whose {
                "parent" => Some("Mum".to_owned()),
                "with" => Some("The teaching assistant".to_owned()),
                _ => None,
            },
            written_by: self.worker_or(m.who),
            written_at: at,
            version: 1,
        };
        batch.profiles.push(told(&m.by, at, row));
    }

    fn ask(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        plan: &crate::Plan,
        (child, key, day): (&Invented, &str, NaiveDate),
        dice: &mut Dice,
    ) {
        let Some(at) = self.by_now(day) else { return };
        let (words, agreed, what, why) = *dice.pick(&ASKS);
        let mut row = told(
            &m.by,
            at,
            FamilyAsk {
                id: ids::named("ask", key),
                plan_id: ids::named("plan", &plan.key.0.to_string()),
                family_id: self.id,
                person_id: Some(ids::person(child.no)),
                asked_by: child.given.clone(),
                words: words.to_owned(),
                asked_on: day,
                agreed: None,
                what: None,
                why: None,
                answered_by: None,
                answered_at: None,
                made_by: self.worker_or(m.who),
                version: 1,
            },
        );
        // Some answers are still owed: that shows on the plan.
        let answered = self.by_now(day + Duration::days(dice.between(2, 12)));
        if let Some(answered) = answered.filter(|_| dice.chance(85)) {
            let worker = self.worker_or(m.who);
            row.change(&m.by, answered, |ask| {
                ask.agreed = Some(agreed.to_owned());
                ask.what = Some(what.to_owned());
                ask.why = why.map(str::to_owned);
                ask.answered_by = Some(worker);
                ask.answered_at = Some(answered);
            });
        }
        batch.asks.push(row);
    }

    /// A letter about the plan that began, in the words of the pack.
    fn letter(
        &mut self,
        batch: &mut Batch,
        m: &Moment<'_>,
        (child, key): (&Invented, &str),
        years: u32,
    ) {
        let kind = if years < 11 {
            "letter-to-young-child"
        } else {
            "letter-to-child"
        };
        let land = self.land;
        let name = match land.workers.get(m.who) {
            Some(worker) => format!("{} {}", worker.given, worker.family),
            None => "Your worker".to_owned(),
        };
        let letter = land.casework.pack().letter(kind, m.day);
        let day = plain::date(m.day);
        let filled = letter.and_then(|letter| {
            let words = [
                ("name", child.given.as_str()),
                ("day", day.as_str()),
                ("decision", "You and your family now have a plan. It says who does what, and by when."),
                ("why", "Some things at home have been hard, and you told us what would help."),
                ("next", "We meet again in some weeks. You choose whether you come, send a message, or ask somebody to speak for you."),
                ("worker", name.as_str()),
                ("phone", "020 7946 0000"),
                ("council", land.casework.name()),
            ];
            // A council's own letter may ask for more: then none is invented.
            letter.fill(&words).ok()
        });
        let Some((subject, body)) = filled else {
            return;
        };
        let person = ids::person(child.no);
        let worker = ids::worker(m.who);
        let mut row = told(
            &m.by,
            m.at,
            Letter {
                id: ids::named("letter", key),
                person_id: person,
                to_id: person,
                decision_id: None,
                kind: kind.to_owned(),
                subject,
                body,
                made_by: worker,
                made_at: m.at,
                given: None,
                given_by: None,
                given_at: None,
                version: 1,
            },
        );
        if let Some(given) = self.by_now(m.day + Duration::days(2)) {
            let how = if years < 11 { "read_aloud" } else { "hand" };
            row.change(&m.by, given, |letter| {
                letter.given = Some(how.to_owned());
                letter.given_by = Some(worker);
                letter.given_at = Some(given);
            });
        }
        batch.letters.push(row);
    }
}
