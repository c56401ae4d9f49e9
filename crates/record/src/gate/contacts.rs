//! Asking for a contact, which is about children who may not be known yet.

use access::{Facts, Level};
use vocabulary::{Id, ids};

use super::{Asked, Gate, Guarded, Listed, Viewer};
use crate::Result;
use crate::db::{AssertSqlSafe, Value};
use crate::entity::Entity;
use crate::model::{Contact, ContactState};

/// A child whom a contact names.
#[derive(sqlx::FromRow)]
struct Named {
    contact_id: Id<ids::Contact>,
    person_id: Id<ids::Person>,
    sees: bool,
    barred: bool,
}

impl Gate {
    /// One contact. Open to the front door while no identified child bars the
    /// viewer, to the team it went to, and to whoever may see all its
    /// identified children.
    pub async fn contact(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        asked: Asked<'_>,
    ) -> Result<Option<Guarded<Contact>>> {
        let Some(contact) = self.row::<Contact, _>(id).await? else {
            return Ok(None);
        };
        let named = self.named(viewer, &[id], asked).await?;
        let mut subjects = vec![format!("contact:{id}")];
        subjects.extend(named.iter().map(|c| format!("person:{}", c.person_id)));
        let id = id.to_string();
        let barred = named.iter().find(|child| child.barred);
        let all_seen = !named.is_empty() && named.iter().all(|child| child.sees);
        let because = match barred {
            None => self.contact_reason(viewer, &contact, all_seen),
            Some(_) => None,
        };
        let Some(because) = because else {
            let because = match barred {
                Some(child) => self.decide(viewer, child.person_id, asked).await?.because,
                None => "Nothing connects the worker with this contact.".to_owned(),
            };
            self.refused(viewer, asked, "contact", &id, &because, subjects)
                .await?;
            return Ok(None);
        };
        self.looked(viewer, asked, "contact", &id, &because, subjects)
            .await?;
        Ok(Some(Guarded {
            value: contact,
            level: Level::Full,
            because,
            facts: Facts::default(),
        }))
    }

    /// Those of these contacts that the viewer may see, in this order and at
    /// most so many, as a list: one look for all of them.
    pub async fn contacts(
        &self,
        viewer: &Viewer,
        ids: &[Id<ids::Contact>],
        asked: Asked<'_>,
        most: usize,
    ) -> Result<Listed<Contact>> {
        if ids.is_empty() {
            return Ok(Listed::default());
        }
        let sql = format!(
            "select {} from contact where id in ({})",
            Contact::COLUMNS.join(", "),
            places(ids.len())
        );
        let values = ids.iter().map(|id| Value::from(*id)).collect();
        let found: Vec<Contact> = self.store.read_db().all(AssertSqlSafe(sql), values).await?;
        let named = self.named(viewer, ids, asked).await?;
        let of = |id: Id<ids::Contact>| named.iter().filter(move |c| c.contact_id == id);
        let seen = |contact: &&Contact| {
            let all = of(contact.id).next().is_some() && of(contact.id).all(|c| c.sees);
            !of(contact.id).any(|c| c.barred) && self.contact_reason(viewer, contact, all).is_some()
        };
        let in_order = ids
            .iter()
            .filter_map(|id| found.iter().find(|c| c.id == *id));
        let rows: Vec<Contact> = in_order.filter(seen).take(most).cloned().collect();
        self.listed(viewer, asked.page, rows, |contact| {
            let people = of(contact.id).map(|c| format!("person:{}", c.person_id));
            people.chain([format!("contact:{}", contact.id)]).collect()
        })
        .await
    }

    /// The children whom contacts name, in one statement: whether the viewer
    /// sees them, and whether something bars the way.
    async fn named(
        &self,
        viewer: &Viewer,
        ids: &[Id<ids::Contact>],
        asked: Asked<'_>,
    ) -> Result<Vec<Named>> {
        let mut values: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
        let column = "c.person_id";
        let (sees, more) = self.may_see(viewer, asked, column, values.len() + 1);
        values.extend(more);
        let (barred, more) = self.barred(viewer, column, values.len() + 1);
        values.extend(more);
        let sql = format!(
            "select c.contact_id, c.person_id, {sees} as sees, {barred} as barred \
             from contact_child c where c.contact_id in ({}) and c.person_id is not null",
            places(ids.len())
        );
        let db = self.store.read_db();
        db.all(AssertSqlSafe(sql), values).await
    }

    fn contact_reason(&self, viewer: &Viewer, contact: &Contact, all: bool) -> Option<String> {
        if !viewer.principal.active || self.policy.never(&viewer.principal).is_some() {
            return None;
        }
        let open = contact.state != ContactState::Decided;
        let mine = viewer.principal.team.is_some() && viewer.principal.team == contact.team_id;
        if viewer.can("contact.screen") && open {
            return Some("A contact is open at the front door.".into());
        }
        if all {
            return Some("The children whom the contact is about are open to this worker.".into());
        }
        let team_may = viewer.can("case.record") || viewer.can("case.allocate");
        // Anybody in early help may take up a request for it.
        if open && contact.route == "early_help" && viewer.can("early_help.work") {
            return Some("A request for early help waits to be taken up.".into());
        }
        if mine && team_may && !open {
            return Some("The contact went to this worker's team.".into());
        }
        if viewer.can("contact.screen") {
            return Some("The contact was decided at the front door.".into());
        }
        None
    }
}

/// `$1, $2 ...`, so many.
fn places(count: usize) -> String {
    let places: Vec<String> = (1..=count).map(|i| format!("${i}")).collect();
    places.join(", ")
}
