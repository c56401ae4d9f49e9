//! A new entry by a form. It goes the way of every change: a version, approved
//! by a colleague where the council wants two people, shown from its first day.
//! An entry like it that is there already is named, and never stops anybody.

use directory::Directory;
use directory::clean;
use directory::fields::{FIELDS, Fault, Key, PLACE_FIELDS, PlaceKept, Snapshot, apply};
use directory::import::like;
use directory::model::{Location, Organization, Service, ServiceAtLocation};
use packs::{Answers, Choice, Finding, Form, Kind, Severity};
use record::Viewer;
use record::model::DirectoryReport;
use vocabulary::{Id, ids, names::name_key, plain};

use super::changes::keeper;
use super::decide::{shown_days, stops};
use super::entry::path_of;
use super::form::{FORM, PLACE, headings, offer};
use super::publish::{self, By, Checked};
use super::suggest::suggested;
use crate::asking::{Done, Sheet, claim};
use crate::{Casework, Error, Result, time};

/// The kind of the first version of an entry.
pub(super) const NEW: &str = "new";
/// What is asked beside the fields of every entry.
const ASKS: &str = "service-new";
/// What is asked when there is one like it.
const LIKE: &str = "service-like";
/// The choice for an organisation that the directory does not know.
const OTHER: &str = "other";
/// So many entries that are like a new one are named.
const NAMED: usize = 5;

impl Casework {
    /// The form of a new entry, filled with what a report suggests if it comes
    /// from one. `answers` is what was sent so far: where an entry like it is
    /// there already, the form says so and asks how it differs.
    ///
    /// # Errors
    /// `NotFound` for whoever does not keep the directory, and for a report
    /// that suggests nothing.
    pub async fn add_sheet(
        &self,
        viewer: &Viewer,
        report: Option<Id<ids::Report>>,
        answers: Option<&Answers>,
    ) -> Result<Sheet> {
        keeper(viewer)?;
        let catalogue = self.catalogue().await?;
        let directory = &catalogue.directory;
        let (address, back) = match report {
            None => (path_of("new"), path_of("").trim_end_matches('/').to_owned()),
            Some(id) => (
                format!("/directory/reports/{id}/add"),
                format!("/directory/reports/{id}"),
            ),
        };
        let mut sheet = Sheet::new(&self.new_form(directory)?, address, back);
        sheet.button = "Add the service".into();
        sheet.answers.set("status", "active");
        if let Some(id) = report {
            let row = self.report_row(id).await?;
            let told = suggested(&row).ok_or(Error::NotFound)?;
            sheet.answers = from_suggestion(directory, &told);
        }
        let Some(answers) = answers else {
            return Ok(sheet);
        };
        // What cannot be read yet is put right first.
        if let Ok(new) = new_version(directory, answers, "") {
            let same = self.like_it(directory, &new);
            if !same.is_empty() {
                let mut ask = self.form(LIKE)?.sections.clone();
                let there: Vec<String> = same.into_iter().map(|(_, words)| words).collect();
                for field in ask.iter_mut().flat_map(|s| &mut s.fields) {
                    field.hint = format!("In the directory: {}", there.join(". "));
                }
                sheet.form.sections.splice(0..0, ask);
            }
        }
        Ok(sheet)
    }

    /// Entries that are like a new one: id, and name with giver and reason.
    pub(super) fn like_it(&self, directory: &Directory, new: &Snapshot) -> Vec<(String, String)> {
        let found = like(directory, new).into_iter().take(NAMED);
        let words = |pair: directory::import::Alike| {
            let entry = directory.entry(&pair.other)?;
            let owner = entry.service.organization_id.as_deref();
            let owner = owner.and_then(|id| directory.organization(id));
            let by = owner.map_or_else(String::new, |o| format!(", {}", o.name));
            let why = pair.why.join(", ").to_lowercase();
            let words = format!("“{}”{by} ({why})", entry.service.name);
            Some((pair.other, words))
        };
        found.filter_map(words).collect()
    }

    /// The questions: who gives it, those of every entry, its places, when it
    /// is shown, who says that it is right.
    fn new_form(&self, directory: &Directory) -> Result<Form> {
        let mut form = self.form(ASKS)?.clone();
        let after = form.sections.split_off(form.sections.len().min(1));
        form.sections.extend(self.form(FORM)?.sections.clone());
        form.sections.extend(after);
        let times = self.form("service-times")?.section("times").cloned();
        let last = form.sections.len().saturating_sub(1);
        form.sections.splice(last..last, times);
        let of_place: Vec<packs::Field> = self.form(PLACE)?.fields().cloned().collect();
        let fields = form.sections.iter_mut().flat_map(|s| &mut s.fields);
        for field in fields {
            if let Kind::Group { fields, .. } = &mut field.kind {
                fields.clone_from(&of_place);
            }
        }
        offer(&mut form, "categories", headings(directory));
        let mut known: Vec<Choice> = directory
            .organizations()
            .map(|o| Choice {
                value: o.id.clone(),
                label: o.name.clone(),
                ..Choice::default()
            })
            .collect();
        known.sort_by_key(|c| c.label.to_lowercase());
        let other = form.field("organisation").and_then(|f| f.kind.options());
        let other = other.and_then(|o| o.choices.iter().find(|c| c.value == OTHER));
        let all = other.cloned().into_iter().chain(known).collect();
        offer(&mut form, "organisation", all);
        Ok(form)
    }

    /// Adds an entry. It is published at once, or waits for a colleague when
    /// the council wants two people. A report that suggested it names it from
    /// now on, and waits for its answer.
    ///
    /// # Errors
    /// As [`Casework::add_sheet`]; findings at the fields that cannot be taken.
    pub async fn add_service(
        &self,
        viewer: &Viewer,
        report: Option<Id<ids::Report>>,
        answers: &Answers,
        once: &str,
    ) -> Result<Done> {
        let sheet = self.add_sheet(viewer, report, Some(answers)).await?;
        stops(sheet.form.check(answers, None))?;
        let (show_from, take_down) = shown_days(answers)?;
        let catalogue = self.catalogue().await?;
        let random: Id<ids::Change> = Id::new();
        let id = clean::id("throughline", "service", random.as_str());
        let mut after = new_version(&catalogue.directory, answers, &id)
            .map_err(|faults| Error::Findings(findings(&sheet.form, faults)))?;
        (after.show_from, after.take_down) = (show_from, take_down);
        let told = answers.text("told") == "yes";
        after.service.assured_date = told.then(|| time::today().to_string());
        let waits = self.upkeep()?.second_person;
        let item = format!("service/{id}");
        let mut tx = self.store().begin(&viewer.actor()).await?;
        let mut words = Vec::new();
        if report.is_some() {
            words.push("Suggested by somebody of the public.".to_owned());
        }
        match answers.text("another") {
            "" => {}
            differs => words.push(format!("How it differs from those like it: {differs}")),
        }
        let words = words.join(" ");
        let by = By {
            kind: NEW,
            ..By::editor(viewer, Some(&words))
        };
        let mut row = publish::proposal(&tx, &item, &Snapshot::default(), &after, &by);
        let to = match (report, waits) {
            (Some(id), _) => format!("/directory/reports/{id}"),
            (None, true) => format!("/directory/changes/{}", row.id),
            (None, false) => path_of(&id),
        };
        claim(&mut tx, once, &to).await?;
        if !waits {
            row.state = "published".into();
            let owner = self.owner_name(&after).await?;
            let checked = match told {
                true => Checked::By(&owner),
                false => Checked::No,
            };
            publish::publish(&mut tx, &item, &after, checked).await?;
        }
        tx.insert(&row).await?;
        if let Some(report) = report {
            let mut row: DirectoryReport = tx.get(report).await?;
            row.entry = item;
            tx.update(&mut row).await?;
        }
        tx.drop_draft(viewer.principal.worker, &sheet.draft())
            .await?;
        tx.commit().await?;
        let mut done = match (waits, show_from.filter(|day| *day > time::today())) {
            (true, _) => "Kept. A colleague approves it before it is shown.".to_owned(),
            (false, Some(day)) => format!("Added. It is shown from {}.", plain::date(day)),
            (false, None) => "Added: it is published.".to_owned(),
        };
        if report.is_some() {
            done.push_str(" Now answer whoever suggested it.");
        }
        Ok(Done::new(done, to))
    }
}

/// What a sent form says, as the first version of an entry.
pub(super) fn new_version(
    directory: &Directory,
    answers: &Answers,
    id: &str,
) -> std::result::Result<Snapshot, Vec<Fault>> {
    let of = |kind: &str, words: &str| clean::id("throughline", kind, &format!("{id}/{words}"));
    let mut new = Snapshot {
        service: Service {
            id: id.to_owned(),
            ..Service::default()
        },
        ..Snapshot::default()
    };
    match answers.text("organisation") {
        "" | OTHER => {
            let name = answers.text("new_organisation").trim();
            // Typed once more, it is the one that is there.
            let known = directory
                .organizations()
                .find(|o| name_key(&o.name) == name_key(name));
            let owner = known.map_or_else(|| of("organization", name), |o| o.id.clone());
            if known.is_none() && !name.is_empty() {
                let about = answers.text("new_about").trim();
                new.owner = Some(Organization {
                    id: owner.clone(),
                    name: name.to_owned(),
                    // The standard wants a description.
                    description: if about.is_empty() { name } else { about }.to_owned(),
                    ..Organization::default()
                });
            }
            new.service.organization_id = Some(owner).filter(|_| !name.is_empty());
        }
        known => new.service.organization_id = Some(known.to_owned()),
    }
    let mut texts: Vec<(Key, String)> = FIELDS
        .iter()
        .filter(|name| !matches!(**name, "show_from" | "take_down"))
        .map(|name| {
            let text = match *name {
                "categories" | "how" => answers.list(name).join("\n"),
                _ => answers.text(name).to_owned(),
            };
            (Key { place: None, name }, text)
        })
        .collect();
    for (number, place) in answers.groups("places").iter().enumerate() {
        let said = |name: &&&str| **name != "secret" && !place.text(name).is_empty();
        if !PLACE_FIELDS.iter().any(|name| said(&name)) {
            continue;
        }
        let place_id = of("location", &number.to_string());
        new.service.service_at_locations.push(ServiceAtLocation {
            id: of("at", &number.to_string()),
            service_id: Some(id.to_owned()),
            location_id: Some(place_id.clone()),
            ..ServiceAtLocation::default()
        });
        let location = Location {
            id: place_id.clone(),
            ..Location::default()
        };
        let kept = PlaceKept {
            location,
            hidden: false,
        };
        new.places.insert(place_id.clone(), kept);
        texts.extend(PLACE_FIELDS.iter().map(|name| {
            let place_id = Some(place_id.clone());
            let key = Key {
                place: place_id,
                name,
            };
            (key, place.text(name).to_owned())
        }));
    }
    apply(&new, &texts).map_err(|faults| named(&new, answers, faults))
}

/// Faults at a place say which of the form's places it is.
fn named(new: &Snapshot, answers: &Answers, mut faults: Vec<Fault>) -> Vec<Fault> {
    // Empty places of the form were left out.
    let filled = |place: &Answers| {
        let mut fields = PLACE_FIELDS.iter().filter(|name| **name != "secret");
        fields.any(|name| !place.text(name).is_empty())
    };
    let places = answers.groups("places");
    let numbers: Vec<usize> = (0..places.len()).filter(|n| filled(&places[*n])).collect();
    let ids = new.place_ids();
    for fault in &mut faults {
        let at = fault.key.place.as_ref();
        let at = at.and_then(|id| ids.iter().position(|known| known == id));
        if let Some(number) = at.and_then(|at| numbers.get(at)) {
            fault.key.place = Some(number.to_string());
        }
    }
    faults
}

/// Faults as the page shows them, each at its field.
fn findings(form: &Form, faults: Vec<Fault>) -> Vec<Finding> {
    let finding = |fault: Fault| {
        let name = fault.key.name;
        let (field, label) = match &fault.key.place {
            None => (name.to_owned(), form.field(name).map(|f| f.label.clone())),
            Some(number) => {
                let group = form.field("places").map_or(&[][..], |f| f.group_fields());
                let label = group.iter().find(|f| f.name == name);
                (
                    format!("places.{number}.{name}"),
                    label.map(|f| f.label.clone()),
                )
            }
        };
        Finding {
            field,
            label: label.unwrap_or_default(),
            message: fault.message,
            severity: Severity::Stop,
        }
    };
    faults.into_iter().map(finding).collect()
}

/// The answers of a suggestion, as the form of a new entry has them.
pub(super) fn from_suggestion(directory: &Directory, told: &Answers) -> Answers {
    let mut answers = Answers::new();
    answers.set("status", "active");
    for (from, to) in [
        ("name", "name"),
        ("what", "description"),
        ("phones", "phones"),
        ("email", "email"),
        ("url", "url"),
    ] {
        answers.set(to, told.text(from));
    }
    let giver = told.text("organisation");
    let known = directory
        .organizations()
        .find(|o| name_key(&o.name) == name_key(giver));
    match known {
        Some(known) => answers.set("organisation", known.id.clone()),
        None if giver.is_empty() => {}
        None => {
            answers.set("organisation", OTHER);
            answers.set("new_organisation", giver);
        }
    }
    let at = told.text("where");
    if at.to_lowercase().contains("online") {
        answers.set_list("how", ["online"]);
    } else if !at.is_empty() {
        let mut place = Answers::new();
        place.set("address_1", at);
        answers.set_groups("places", vec![place]);
    }
    answers
}
