//! Who the child is: looking for what was told among those we know, and
//! creating the child, the parent and the brothers and sisters when nobody is
//! found. A possible duplicate is shown first, never made or merged silently.

use record::model::{Contact, ContactChild, Person, PersonKind, Relationship};
use record::submissions::Once;
use record::{Asked, Listed, Tx, Viewer, args};
use serde_json::json;
use vocabulary::{Id, ids};

use super::ToldChild;
use super::contact::ChildView;
use crate::find::{Match, Wanted};
use crate::people::{NewAddress, NewPerson};
use crate::{Casework, Error, Result};

/// The match page: what was told, and who may be meant.
#[derive(Debug, Clone)]
pub struct Matching {
    /// The contact.
    pub contact: Contact,
    /// The child to be found.
    pub child: ChildView,
    /// The other children of the contact, found or not.
    pub others: Vec<ChildView>,
    /// What is searched for.
    pub wanted: Wanted,
    /// Who may be meant, best first, with the reasons.
    pub matches: Listed<Match>,
}

/// A child to be created, as the screener checked it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewChild {
    /// The child.
    pub child: ToldChild,
    /// The parent or carer as told: name, and whether they live with the child.
    pub parent: String,
    /// The other unidentified children of the contact to be created with it, as
    /// brothers and sisters in the same household.
    pub with: Vec<Id<ids::Part>>,
    /// The screener has looked at the suggestions: it is none of them.
    pub none_of_these: bool,
    /// The page's token.
    pub once: String,
}

#[derive(sqlx::FromRow)]
struct InFamily {
    family_id: Id<ids::Family>,
}

impl Casework {
    /// The search for one child of a contact, prefilled from what was told and
    /// changed by `typed`.
    pub async fn matching(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        part: Id<ids::Part>,
        typed: Option<Wanted>,
    ) -> Result<Matching> {
        let contact = self.contact_to_write(viewer, id, "match").await?;
        let mut children = self.children_with_names(id).await?;
        let place = children
            .iter()
            .position(|child| child.part == part)
            .ok_or(Error::NotFound)?;
        let child = children.remove(place);
        let wanted = typed.unwrap_or_else(|| wanted(&child.told, contact.postcode.as_deref()));
        let matches = self.find(viewer, &wanted, "match").await?;
        Ok(Matching {
            contact,
            child,
            others: children,
            wanted,
            matches,
        })
    }

    /// The child is somebody we know.
    pub async fn match_child(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        part: Id<ids::Part>,
        person: Id<ids::Person>,
        once: &str,
    ) -> Result<()> {
        self.contact_to_write(viewer, id, "match").await?;
        let asked = Asked::index("match");
        let seen = self.gate().person(viewer, person, asked).await?;
        let seen = seen.ok_or(Error::NotFound)?;
        if seen.kind == PersonKind::Adult {
            return Err(Error::Refused(
                "This record is about an adult. A contact is about a child: look for the child, and the adult is on the family’s page."
                    .into(),
            ));
        }
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let family = match family_of(&mut tx, person).await? {
            Some(family) => family,
            None => {
                let name = family_name(&seen.family_name);
                let family = self.new_family(&mut tx, &name).await?;
                self.join_family(&mut tx, person, family.id, true).await?;
                family.id
            }
        };
        settle(&mut tx, id, part, person, family).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Creates the child, and with it the family, the parent as told, and the
    /// brothers and sisters told in one go. Needs `people.create`.
    pub async fn create_child(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        part: Id<ids::Part>,
        new: &NewChild,
    ) -> Result<Id<ids::Person>> {
        let contact = self.contact_to_write(viewer, id, "create child").await?;
        if !viewer.can("people.create") {
            return Err(Error::Refused(
                "Your role cannot open new records. Ask a colleague at the front door.".into(),
            ));
        }
        let children = self.children_with_names(id).await?;
        let child = children.iter().find(|child| child.part == part);
        let child = child.ok_or(Error::NotFound)?;
        if child.person.is_some() {
            return Err(Error::Stale);
        }
        if new.child.given.trim().is_empty() && new.child.family.trim().is_empty() {
            return Err(Error::finding(
                "given",
                "First name",
                "Write a name, or words that tell this child apart, like “boy, about 4”",
            ));
        }
        let with: Vec<&ChildView> = children
            .iter()
            .filter(|c| c.part != part && c.person.is_none() && new.with.contains(&c.part))
            .collect();
        self.none_known(viewer, &contact, new, &with).await?;
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(&new.once, &format!("/contacts/{id}")).await? {
            return Err(Error::Already(location));
        }
        let family = match contact.family_id {
            Some(family) => family,
            None => {
                let name = family_name(&new.child.family);
                self.new_family(&mut tx, &name).await?.id
            }
        };
        let postcode = contact.postcode.as_deref();
        let made = self
            .add_person(
                &mut tx,
                &person_as_told(&new.child, postcode),
                Some(family),
                true,
            )
            .await?;
        settle(&mut tx, id, part, made.id, family).await?;
        let mut brothers = vec![made.id];
        for other in with {
            let person = person_as_told(&other.told, postcode);
            let person = self
                .add_person(&mut tx, &person, Some(family), true)
                .await?;
            settle(&mut tx, id, other.part, person.id, family).await?;
            brothers.push(person.id);
        }
        self.relate(&mut tx, &contact, new, &brothers, family)
            .await?;
        tx.commit().await?;
        Ok(made.id)
    }

    /// Nothing is created beside a record that may be the same child before
    /// somebody has looked at it.
    async fn none_known(
        &self,
        viewer: &Viewer,
        contact: &Contact,
        new: &NewChild,
        with: &[&ChildView],
    ) -> Result<()> {
        let postcode = contact.postcode.as_deref();
        if !new.none_of_these {
            let wanted = wanted(&new.child, postcode);
            if !self.find(viewer, &wanted, "match").await?.is_empty() {
                return Err(Error::finding(
                    "none_of_these",
                    "Is it none of these children?",
                    "Look at the suggestions first. If it is none of them, tick the box",
                ));
            }
        }
        for other in with {
            let wanted = wanted(&other.told, postcode);
            if let Some(best) = self.find(viewer, &wanted, "match").await?.first() {
                return Err(Error::finding(
                    &format!("with-{}", other.part),
                    "Brothers and sisters",
                    &format!(
                        "{} may be known already ({}). Take the tick away, and look for {} afterwards",
                        other.told.name(),
                        best.name,
                        other.told.given
                    ),
                ));
            }
        }
        Ok(())
    }

    /// The parent as told, and who is whose.
    async fn relate(
        &self,
        tx: &mut Tx,
        contact: &Contact,
        new: &NewChild,
        children: &[Id<ids::Person>],
        family: Id<ids::Family>,
    ) -> Result<()> {
        for (i, first) in children.iter().enumerate() {
            for second in &children[i + 1..] {
                tx.insert(&related(*first, *second, "sibling")).await?;
            }
        }
        let parent = new.parent.trim();
        if parent.is_empty() {
            return Ok(());
        }
        let (given, surname) = parent.rsplit_once(' ').unwrap_or((parent, ""));
        let caller = contact.referrer_name.as_deref() == Some(parent);
        let parent = NewPerson {
            kind: PersonKind::Adult,
            given: given.to_owned(),
            family_name: surname.to_owned(),
            phone: contact.referrer_phone.clone().filter(|_| caller),
            email: contact.referrer_email.clone().filter(|_| caller),
            ..NewPerson::default()
        };
        let parent = self.add_person(tx, &parent, Some(family), true).await?;
        for child in children {
            tx.insert(&related(parent.id, *child, "parent")).await?;
        }
        Ok(())
    }

    /// Adds a child to a contact that was taken before the child was known.
    pub async fn add_told_child(
        &self,
        viewer: &Viewer,
        id: Id<ids::Contact>,
        told: &ToldChild,
        once: &str,
    ) -> Result<Id<ids::Part>> {
        self.contact_to_write(viewer, id, "add child").await?;
        if told.given.trim().is_empty() && told.family.trim().is_empty() {
            return Err(Error::finding(
                "given",
                "First name",
                "Write the child’s first name, or what is known of it",
            ));
        }
        let part = Id::new();
        let there = format!("/contacts/{id}/children/{part}/match");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        if let Once::Again { location } = tx.once(once, &there).await? {
            return Err(Error::Already(location));
        }
        tx.insert(&ContactChild {
            id: part,
            contact_id: id,
            told: json!({
                "given": told.given.trim(), "family_name": told.family.trim(),
                "born": told.born, "school": told.school, "description": "",
            }),
            person_id: None,
            settled_at: None,
            version: 1,
        })
        .await?;
        tx.commit().await?;
        Ok(part)
    }
}

/// What to search for, from what was told.
pub fn wanted(told: &ToldChild, postcode: Option<&str>) -> Wanted {
    Wanted {
        given: told.given.clone(),
        family: told.family.clone(),
        born: told.born_on(),
        postcode: postcode.unwrap_or_default().to_owned(),
        text: String::new(),
    }
}

/// The mention is this person; the contact belongs to the family. A record that
/// was closed or new is open to a contact again.
async fn settle(
    tx: &mut Tx,
    contact: Id<ids::Contact>,
    part: Id<ids::Part>,
    person: Id<ids::Person>,
    family: Id<ids::Family>,
) -> Result<()> {
    let mut child: ContactChild = tx.get(part).await?;
    if child.contact_id != contact {
        return Err(Error::NotFound);
    }
    child.person_id = Some(person);
    child.settled_at = Some(tx.now());
    tx.update(&mut child).await?;
    let mut contact: Contact = tx.get(contact).await?;
    if contact.family_id.is_none() {
        contact.family_id = Some(family);
        tx.update(&mut contact).await?;
    }
    let mut person: Person = tx.get(person).await?;
    if matches!(person.status.as_deref(), None | Some("closed")) {
        person.status = Some("contact".into());
        tx.update(&mut person).await?;
    }
    Ok(())
}

async fn family_of(tx: &mut Tx, person: Id<ids::Person>) -> Result<Option<Id<ids::Family>>> {
    let family: Option<InFamily> = tx
        .maybe(
            "select family_id from family_member where person_id = $1 and left_on is null \
             order by household desc, joined_on desc limit 1",
            args![person],
        )
        .await?;
    Ok(family.map(|f| f.family_id))
}

fn family_name(name: &str) -> String {
    match name.trim() {
        "" => "Family (name not known)".into(),
        name => format!("{name} family"),
    }
}

fn person_as_told(told: &ToldChild, postcode: Option<&str>) -> NewPerson {
    let born_on = told.born_on();
    let expected = born_on.is_some_and(|day| day > crate::time::today());
    NewPerson {
        kind: match expected {
            true => PersonKind::Expected,
            false => PersonKind::Child,
        },
        given: told.given.trim().to_owned(),
        family_name: told.family.trim().to_owned(),
        born_on,
        // Only the postcode was told: the address is completed on the child's page.
        address: postcode.map(|postcode| NewAddress {
            postcode: Some(postcode.to_owned()),
            ..NewAddress::default()
        }),
        ..NewPerson::default()
    }
}

fn related(from: Id<ids::Person>, to: Id<ids::Person>, kind: &str) -> Relationship {
    Relationship {
        id: Id::new(),
        from_id: from,
        to_id: to,
        kind: kind.to_owned(),
        parental_responsibility: None,
        standing: None,
        closeness: None,
        started_on: None,
        ended_on: None,
        end_reason: None,
        wrong_reason: None,
        version: 1,
    }
}
