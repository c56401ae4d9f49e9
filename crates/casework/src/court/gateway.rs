//! The legal gateway: where a case begins, for some children of a family.

use packs::Answers;
use record::model::{CourtCase, CourtChild, PersonKind};
use record::{Asked, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use crate::asking::{self, Asking, Decided, Done, past_day, said};
use crate::{Casework, Error, Result, clocks, time};

impl Casework {
    /// The page of the legal gateway, from one child's page.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the record is not.
    pub async fn ask_gateway(&self, viewer: &Viewer, child: Id<ids::Person>) -> Result<Asking> {
        let child = self
            .child_to_write(viewer, child, "court-gateway", &["case.record"])
            .await?;
        let family = self.family_of(child.id).await?.ok_or_else(|| {
            Error::Refused(
                "This child is on no family page yet, and a case belongs to one. Add the child to a family first.".into(),
            )
        })?;
        let seen = self
            .gate()
            .family(viewer, family, Asked::to_write("court-gateway"))
            .await?
            .ok_or(Error::NotFound)?;
        let mut children: Vec<_> = seen
            .members
            .iter()
            .map(|(_, p)| p)
            .filter(|p| p.kind != PersonKind::Adult && p.died_on.is_none())
            .collect();
        children.sort_by_key(|c| (c.born_on.is_none(), c.born_on, c.id));
        let address = format!("/people/{}/court", child.id);
        let back = format!("/people/{}/care", child.id);
        let mut asking = Asking::new(self.form("court-gateway")?, child, address, back);
        asking.people = children
            .into_iter()
            .map(|c| {
                let age = c
                    .birth_date()
                    .map_or_else(String::new, |b| b.words_on(time::today()));
                (c.id.to_string(), c.first_name(), age)
            })
            .collect();
        asking.button = "Save the legal gateway".into();
        Ok(asking)
    }

    /// Begins a case with the decision of the legal gateway.
    ///
    /// # Errors
    /// [`Error::Findings`] when a child has an open case already.
    pub async fn save_gateway(
        &self,
        viewer: &Viewer,
        child: Id<ids::Person>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let asking = self.ask_gateway(viewer, child).await?;
        asking.check(answers)?;
        let day = past_day(answers, "on", viewer.today)?;
        let family = self.family_of(child).await?.ok_or(Error::NotFound)?;
        let mut chosen: Vec<Id<ids::Person>> = Vec::new();
        for id in answers.list("children") {
            // A child who was not offered is as absent as one who is not there.
            if !asking.people.iter().any(|(known, _, _)| known == id) {
                return Err(Error::NotFound);
            }
            chosen.push(id.parse().map_err(|_| Error::NotFound)?);
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        asking::claim(&mut tx, once, &asking.back).await?;
        for one in &chosen {
            let open: Vec<CourtCase> = asking::rows(
                &mut tx,
                "state <> 'ended' and exists (select 1 from court_child c \
                 where c.case_id = court_case.id and c.person_id = $1)",
                args![*one],
            )
            .await?;
            if let Some(case) = open.first() {
                return Err(Error::Already(format!("/court/{}", case.id)));
            }
        }
        let decision = answers.text("decision").to_owned();
        let ends = decision == "not_now";
        let about = self.about_child(child, "court", "", String::new()).await?;
        let case = CourtCase {
            id: Id::new(),
            family_id: family,
            state: if ends { "ended" } else { "gateway" }.into(),
            gateway_on: Some(day),
            gateway_words: said(answers, "words"),
            letter_on: None,
            letter_to: None,
            letter_words: None,
            met_on: None,
            met_words: None,
            issued_on: None,
            number: None,
            court: None,
            seeks: None,
            papers: json!([]),
            ended_on: ends.then_some(day),
            outcome: ends.then(|| "not_now".into()),
            outcome_words: None,
            lawyer: said(answers, "lawyer"),
            worker_id: about.worker,
            team_id: about.team,
            version: 1,
        };
        tx.insert(&case).await?;
        for person_id in &chosen {
            tx.insert(&CourtChild {
                id: Id::new(),
                case_id: case.id,
                person_id: *person_id,
                version: 1,
            })
            .await?;
            let source = ("court_case", case.id.to_string());
            let wording = match decision.as_str() {
                "issue" => "Legal gateway: to go to court",
                "not_now" => "Legal gateway: the threshold was not met",
                _ => "Legal gateway: pre-proceedings begin",
            };
            asking::propose(&mut tx, *person_id, day, "plan", wording, source).await?;
        }
        let decided = Decided {
            kind: "court",
            outcome: "Legal gateway",
            why: answers.text("words"),
            asking: &asking,
            answers,
            family: Some(family),
        };
        asking::decide(&mut tx, viewer, decided).await?;
        if !ends {
            let about = self.about_case(&case, child).await?;
            let at = time::start_of(day);
            let pack = self.pack();
            for rule in pack.clocks_started_by("court.gateway", day) {
                // Who goes to court at once sends no letter.
                if decision == "issue" && rule.id == "court-letter" {
                    continue;
                }
                clocks::start_rule(&mut tx, pack, rule, at, &about).await?;
            }
        }
        tx.drop_draft(viewer.principal.worker, &asking.draft())
            .await?;
        tx.commit().await?;
        Ok(match ends {
            true => Done::new("The decision is saved.", asking.sheet.back),
            false => Done::new(
                "The case has begun. Its clocks are running.",
                format!("/court/{}", case.id),
            ),
        })
    }

    /// What the clocks of a case are about.
    pub(super) async fn about_case(
        &self,
        case: &CourtCase,
        child: Id<ids::Person>,
    ) -> Result<clocks::About> {
        let path = format!("/court/{}", case.id);
        let mut about = self
            .about_child(child, "court", case.id.as_str(), path)
            .await?;
        about.family = Some(case.family_id);
        about.worker = case.worker_id.or(about.worker);
        Ok(about)
    }
}
