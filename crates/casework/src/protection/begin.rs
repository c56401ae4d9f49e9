//! Where a strategy discussion starts: the children it is about, and whose
//! work it is.

use record::model::{Contact, PersonKind};
use record::{Asked, Viewer, args};
use vocabulary::{Id, ids};

use super::strategy::From;
use crate::{Casework, Error, Result};

/// Whom it is about, before it starts.
pub(super) struct Begin {
    pub(super) family: Id<ids::Family>,
    pub(super) children: Vec<Id<ids::Person>>,
    pub(super) contact: Option<Id<ids::Contact>>,
    pub(super) team: Option<Id<ids::Team>>,
    pub(super) worker: Option<Id<ids::Worker>>,
}

#[derive(sqlx::FromRow)]
struct Placed {
    person_id: Id<ids::Person>,
    family_id: Id<ids::Family>,
    worker_id: Option<Id<ids::Worker>>,
    team_id: Option<Id<ids::Team>>,
}

impl Casework {
    /// Whom a strategy discussion is about.
    pub(super) async fn begins(&self, viewer: &Viewer, from: From) -> Result<Begin> {
        let asked = Asked::to_write("start a strategy discussion");
        match from {
            From::Contact(id) => {
                let contact = self
                    .gate()
                    .contact(viewer, id, asked)
                    .await?
                    .ok_or(Error::NotFound)?;
                self.begins_at_door(&contact).await
            }
            From::Child(id) => {
                let child = self
                    .gate()
                    .person(viewer, id, asked)
                    .await?
                    .ok_or(Error::NotFound)?;
                if child.kind == PersonKind::Adult {
                    return Err(Error::Refused(
                        "A strategy discussion is about a child. Open the page of the child."
                            .into(),
                    ));
                }
                let placed = self.placed_child(id).await?.ok_or_else(no_family)?;
                Ok(begin_for(vec![placed], None))
            }
            From::Step(id) => {
                let seen = self.step_seen(viewer, id, asked).await?;
                Ok(Begin {
                    family: seen.step.family_id,
                    children: seen.children.iter().map(|c| c.id).collect(),
                    contact: seen.step.contact_id,
                    team: seen.step.team_id,
                    worker: seen.step.worker_id,
                })
            }
            From::Plan(id) => {
                let seen = self.plan_seen(viewer, id, asked, None).await?;
                Ok(Begin {
                    family: seen.plan.family_id,
                    children: seen.children.iter().map(|c| c.id).collect(),
                    contact: None,
                    team: seen.plan.team_id,
                    worker: seen.plan.worker_id,
                })
            }
        }
    }

    async fn begins_at_door(&self, contact: &Contact) -> Result<Begin> {
        #[derive(sqlx::FromRow)]
        struct Named {
            person_id: Id<ids::Person>,
        }
        let named: Vec<Named> = self
            .store()
            .read_db()
            .all(
                "select person_id from contact_child where contact_id = $1 \
                 and person_id is not null order by id",
                args![contact.id],
            )
            .await?;
        let mut placed = Vec::new();
        for child in named {
            placed.extend(self.placed_child(child.person_id).await?);
        }
        let family = placed.first().map(|p| p.family_id).ok_or_else(|| {
            Error::Refused(
                "Find or create the child first: partners cannot look for somebody without a name. It takes a minute, and nothing here is lost. If a child is in danger now, call the police on 999.".into(),
            )
        })?;
        // Children of another family have a discussion of their own.
        placed.retain(|p| p.family_id == family);
        Ok(begin_for(placed, Some(contact.id)))
    }

    async fn placed_child(&self, child: Id<ids::Person>) -> Result<Option<Placed>> {
        Ok(self
            .store()
            .read_db()
            .maybe(
                "select m.person_id, m.family_id, i.worker_id, i.team_id from family_member m \
                 left join involvement i on i.person_id = m.person_id and i.role = 'allocated' \
                 and i.ended_on is null where m.person_id = $1 and m.left_on is null \
                 order by m.household desc, m.joined_on desc, i.started_on desc limit 1",
                args![child],
            )
            .await?)
    }
}

fn begin_for(placed: Vec<Placed>, contact: Option<Id<ids::Contact>>) -> Begin {
    let first = &placed[0];
    Begin {
        family: first.family_id,
        contact,
        team: first.team_id,
        worker: first.worker_id,
        children: placed.iter().map(|p| p.person_id).collect(),
    }
}

fn no_family() -> Error {
    Error::Refused(
        "This child is in no family yet. Add the family first, then start here again.".into(),
    )
}
