//! The rows of a [`super::Scene`] between agencies: who works with the child, a
//! question, what was shared, and what may be the same person.

use record::model::{FeedRow, Involvement, PossibleDuplicate, Question, QuestionMessage, Sharing};
use serde_json::json;
use vocabulary::{Id, ids};

use super::Standing;
use super::writer::Writer;
use crate::testing::{id_of, rows};
use crate::time;

impl Writer {
    /// A health visitor who does not sign in here.
    pub(super) async fn visitor(&mut self) {
        let row = Involvement {
            worker_id: None,
            team_id: None,
            role: "other".into(),
            name: "Ottoline Farrow".into(),
            job_title: "Health visitor".into(),
            agency: "health".into(),
            lead: false,
            change_reason: Some(self.words()),
            ..rows::allocated(self.child, "jo.socialworker")
        };
        self.put(&row).await;
        self.know("involvement", &row.id);
    }

    /// A question between two workers, with words of the record, and what was
    /// shared.
    pub(super) async fn between(&mut self) {
        // Whoever is on one side of a question goes on reading it: so both sides
        // are people who may read the record of this standing.
        let (asker, asked) = match self.standing {
            Standing::OtherTeam => ("okafor.director", None),
            _ => ("priya.manager", Some(id_of("amina.asye"))),
        };
        let question = Question {
            id: Id::new(),
            person_id: self.child,
            asked_by: id_of(asker),
            asked_as: "Somebody who asks".into(),
            to_worker: asked,
            to_team: None,
            to_name: "Amina Fenn, social worker".into(),
            topic: self.words(),
            waits_for: "asker".into(),
            asked_at: self.now,
            moved_at: self.now,
            version: 1,
        };
        self.put(&question).await;
        self.know("question", &question.id);
        let message = QuestionMessage {
            id: Id::new(),
            question_id: question.id,
            person_id: self.child,
            written_by: id_of("amina.asye"),
            written_as: "Amina Fenn, social worker".into(),
            words: self.words(),
            written_at: self.now,
            version: 1,
        };
        self.put(&message).await;
        let sharing = Sharing {
            id: Id::new(),
            person_id: self.child,
            shared: true,
            what: self.words(),
            with_whom: "Ottoline Farrow, health visitor".into(),
            agency: "health".into(),
            why: self.words(),
            gateway: Some("section_17".into()),
            harm: None,
            consent: None,
            consent_why: None,
            channel: None,
            on_day: time::today(),
            decided_by: id_of("jo.socialworker"),
            decided_at: self.now,
            version: 1,
        };
        self.put(&sharing).await;
    }

    /// A pair of records and a row of a list that wait for an answer.
    pub(super) async fn alike(&mut self, mother: Id<ids::Person>) {
        let pair = PossibleDuplicate {
            id: Id::new(),
            person_id: self.child,
            other_id: mother,
            because: json!([self.words()]),
            score: 88,
            raised_at: self.now,
            settled_as: None,
            settled_by: None,
            settled_at: None,
            for_shield_team: false,
            version: 1,
        };
        self.put(&pair).await;
        self.know("duplicate", &pair.id);
        let row = FeedRow {
            id: Id::new(),
            person_id: self.child,
            source: "health visitors".into(),
            source_key: pair.id.to_string(),
            digest: "1".into(),
            content: json!({
                "given": "Wren", "family": self.standing.name(), "born": null, "postcode": "",
                "name": "Ottoline Farrow", "post": "Health visitor", "agency": "health",
                "phone": null, "email": null, "start": "2026-01-05", "end": null,
                "sensitive": false,
            }),
            because: json!([self.words()]),
            score: 88,
            for_shield_team: false,
            told_at: self.now,
            settled_as: None,
            settled_by: None,
            settled_at: None,
            version: 1,
        };
        self.put(&row).await;
        self.know("feed_row", &row.id);
    }
}
