//! A changed form put into a record: only fields whose text differs are
//! touched, and a line that stayed as it was keeps all that stands behind it.

use super::lines::{
    HOW, contact_words, phone_words, read_contact, read_cost, read_phone, read_times, times_words,
};
use super::{Key, PlaceKept, Snapshot};
use crate::clean::{self, Notes};
use crate::model::{Accessibility, Address, Attribute, Language, Schedule, ServiceArea, Status};

/// A text that cannot be taken, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub key: Key,
    /// What is wrong and what to do.
    pub message: String,
}

/// Puts texts into a record. What stays as it was is not touched.
///
/// # Errors
/// Every text that cannot be taken.
pub fn apply(before: &Snapshot, texts: &[(Key, String)]) -> Result<Snapshot, Vec<Fault>> {
    let mut after = before.clone();
    let mut faults = Vec::new();
    for (key, text) in texts {
        let text = tidy(text);
        if text == tidy(&before.text(key)) {
            continue;
        }
        let done = match &key.place {
            None => own(&mut after, key.name, &text),
            Some(id) => place(&mut after, id, key.name, &text),
        };
        if let Err(message) = done {
            faults.push(Fault {
                key: key.clone(),
                message,
            });
        }
    }
    match faults.is_empty() {
        true => Ok(after),
        false => Err(faults),
    }
}

/// Lines without spaces at their ends, and none that are empty at the end.
fn tidy(text: &str) -> String {
    let lines = text.lines().map(str::trim_end);
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|l| !l.is_empty())
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|t| !t.is_empty())
}

fn own(after: &mut Snapshot, name: &str, text: &str) -> Result<(), String> {
    let s = &mut after.service;
    let id = s.id.clone();
    let part = |kind: &str, words: &str| clean::id("throughline", kind, &format!("{id}/{words}"));
    match name {
        "name" => match text.is_empty() {
            true => return Err("Write the name of the service".into()),
            false => s.name = text.to_owned(),
        },
        "description" => s.description = some(text),
        "status" => {
            s.status = match text {
                "active" => Status::Active,
                "inactive" => Status::Inactive,
                "defunct" => Status::Defunct,
                "temporarily closed" => Status::TemporarilyClosed,
                _ => return Err("Choose whether it is running".into()),
            }
        }
        "alert" => s.alert = some(text),
        "categories" => {
            let wanted: Vec<&str> = lines(text).collect();
            let is_wanted = |t: &Attribute| {
                let term = t.taxonomy_term_id.as_deref();
                term.is_none_or(|term| wanted.contains(&term))
            };
            s.attributes.retain(is_wanted);
            for term in wanted {
                let there = s.attributes.iter();
                if !there
                    .filter_map(|t| t.taxonomy_term_id.as_deref())
                    .any(|t| t == term)
                {
                    s.attributes.push(Attribute {
                        id: part("attribute", term),
                        link_id: Some(s.id.clone()),
                        link_type: Some("category".into()),
                        taxonomy_term_id: Some(term.to_owned()),
                        ..Attribute::default()
                    });
                }
            }
        }
        "ages_from" => s.minimum_age = age(text)?,
        "ages_to" => s.maximum_age = age(text)?,
        "who" => s.eligibility_description = some(text),
        "areas" => {
            let old = std::mem::take(&mut s.service_areas);
            s.service_areas = merge(
                old,
                text,
                |a| a.name.clone(),
                |line| {
                    Ok(ServiceArea {
                        id: part("area", line),
                        service_id: Some(id.clone()),
                        name: some(line),
                        ..ServiceArea::default()
                    })
                },
            )?;
        }
        "languages" => {
            let old = std::mem::take(&mut s.languages);
            s.languages = merge(
                old,
                text,
                |l| l.name.clone(),
                |line| {
                    Ok(Language {
                        id: part("language", line),
                        service_id: Some(id.clone()),
                        name: some(line),
                        ..Language::default()
                    })
                },
            )?;
        }
        "times" => {
            let old = std::mem::take(&mut s.schedules);
            s.schedules = times(old, text, |schedule, line| {
                schedule.id = part("schedule", line);
                schedule.service_id = Some(id.clone());
            })?;
        }
        "how" => {
            let met: Vec<&str> = HOW
                .iter()
                .filter(|(code, _)| lines(text).any(|line| line == *code))
                .map(|(_, words)| *words)
                .collect();
            let met = some(&met.join(", "));
            for schedule in &mut s.schedules {
                schedule.attending_type = met.clone();
            }
            // What is neither at a time nor met in a way says nothing.
            s.schedules
                .retain(|t| t.attending_type.is_some() || times_words(t).is_some());
            if s.schedules.is_empty() && met.is_some() {
                s.schedules.push(Schedule {
                    id: part("schedule", "how"),
                    service_id: Some(id.clone()),
                    attending_type: met,
                    ..Schedule::default()
                });
            }
        }
        "cost" => {
            s.fees = some(text);
            s.fees_description = None;
            // A price beside it that says otherwise would win in the search.
            s.cost_options = read_cost(text).into_iter().collect();
            for cost in &mut s.cost_options {
                cost.id = part("cost", text);
                cost.service_id = Some(id.clone());
            }
        }
        "apply" => s.application_process = some(text),
        "wait" => s.wait_time = some(text),
        "phones" => {
            let old = std::mem::take(&mut s.phones);
            s.phones = merge(
                old,
                text,
                |p| Some(phone_words(p)),
                |line| {
                    let mut phone = read_phone(line)?;
                    phone.id = part("phone", line);
                    Ok(phone)
                },
            )?;
        }
        "contacts" => {
            let old = std::mem::take(&mut s.contacts);
            s.contacts = merge(
                old,
                text,
                |c| Some(contact_words(c)),
                |line| {
                    let mut contact = read_contact(line)?;
                    contact.id = part("contact", line);
                    contact.service_id = Some(id.clone());
                    for phone in &mut contact.phones {
                        phone.id = part("contact-phone", line);
                    }
                    Ok(contact)
                },
            )?;
        }
        "email" => match text.is_empty() || clean::is_email(text) {
            true => s.email = some(text),
            false => return Err(format!("“{text}” is no email address")),
        },
        "url" => s.url = web_address(text)?,
        "show_from" => after.show_from = day(text)?,
        "take_down" => after.take_down = day(text)?,
        _ => return Err("There is no such field".into()),
    }
    ages_in_order(after)
}

fn ages_in_order(after: &Snapshot) -> Result<(), String> {
    match (after.service.minimum_age, after.service.maximum_age) {
        (Some(from), Some(to)) if from > to => {
            Err("The first age must not be above the second".into())
        }
        _ => Ok(()),
    }
}

fn place(after: &mut Snapshot, id: &str, name: &str, text: &str) -> Result<(), String> {
    let part = |kind: &str, words: &str| clean::id("throughline", kind, &format!("{id}/{words}"));
    if name == "place_times" {
        let all = after.service.service_at_locations.iter_mut();
        let Some(at) = all
            .into_iter()
            .find(|at| at.location_id.as_deref() == Some(id))
        else {
            return Err("There is no such place".into());
        };
        let at_id = at.id.clone();
        let old = std::mem::take(&mut at.schedules);
        at.schedules = times(old, text, |schedule, line| {
            schedule.id = part("at-schedule", line);
            schedule.service_at_location_id = Some(at_id.clone());
        })?;
        return Ok(());
    }
    let Some(kept) = after.places.get_mut(id) else {
        return Err("There is no such place".into());
    };
    let PlaceKept { location, hidden } = kept;
    match name {
        "secret" => {
            *hidden = text == "yes";
            return Ok(());
        }
        "place" => {
            location.name = some(text);
            return Ok(());
        }
        "access" => {
            let old = std::mem::take(&mut location.accessibility);
            location.accessibility = merge(
                old,
                text,
                |a| a.description.clone(),
                |line| {
                    Ok(Accessibility {
                        id: part("accessibility", line),
                        location_id: Some(id.to_owned()),
                        description: some(line),
                        ..Accessibility::default()
                    })
                },
            )?;
            return Ok(());
        }
        _ => {}
    }
    if location.addresses.is_empty() {
        location.addresses.push(Address {
            id: part("address", "0"),
            location_id: Some(id.to_owned()),
            country: "GB".into(),
            state_province: "England".into(),
            ..Address::default()
        });
    }
    let address = &mut location.addresses[0];
    match name {
        "address_1" => address.address_1 = text.to_owned(),
        "address_2" => address.address_2 = some(text),
        "town" => address.city = text.to_owned(),
        "postcode" => {
            let code = text.parse::<vocabulary::Postcode>();
            let code = code
                .map_err(|_| format!("“{text}” is no postcode. Write it whole, such as LK4 7QT"))?;
            address.postal_code = code.to_string();
            // The old point belongs to the old postcode.
            location.latitude = None;
            location.longitude = None;
        }
        _ => return Err("There is no such field".into()),
    }
    Ok(())
}

/// The parts that the lines of a text name: those that were there stay as they
/// are, others are read.
fn merge<T>(
    mut old: Vec<T>,
    text: &str,
    words: impl Fn(&T) -> Option<String>,
    mut read: impl FnMut(&str) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let mut all = Vec::new();
    for line in lines(text) {
        let there = old.iter().position(|o| words(o).as_deref() == Some(line));
        all.push(match there {
            Some(at) => old.remove(at),
            None => read(line)?,
        });
    }
    Ok(all)
}

fn times(
    old: Vec<Schedule>,
    text: &str,
    name: impl Fn(&mut Schedule, &str),
) -> Result<Vec<Schedule>, String> {
    // How it is met (in person, online) is a question of its own: it stays,
    // also when no time is left.
    let met = old.iter().find_map(|s| s.attending_type.clone());
    let bare = |s: &&Schedule| s.attending_type.is_some();
    let last = old.iter().find(bare).cloned();
    let mut all = merge(old, text, times_words, |line| {
        let mut schedule = read_times(line)?;
        name(&mut schedule, line);
        schedule.attending_type = met.clone();
        Ok(schedule)
    })?;
    if let (true, Some(last)) = (all.is_empty(), last) {
        all.push(Schedule {
            id: last.id,
            service_id: last.service_id,
            service_at_location_id: last.service_at_location_id,
            attending_type: last.attending_type,
            ..Schedule::default()
        });
    }
    Ok(all)
}

fn age(text: &str) -> Result<Option<f64>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(age) if (0.0..=120.0).contains(&age) => Ok(Some(age)),
        _ => Err(format!("“{text}”: write the age in years, such as 4")),
    }
}

fn day(text: &str) -> Result<Option<chrono::NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = vocabulary::plain::read_date(text);
    read.map(Some)
        .ok_or_else(|| format!("“{text}” is no day. Write it like 27 3 2027"))
}

fn web_address(text: &str) -> Result<Option<String>, String> {
    let mut url = some(text);
    let mut notes = Notes::default();
    clean::web_address("url", &mut url, &mut notes);
    match (text.is_empty(), url) {
        (true, _) => Ok(None),
        (false, Some(url)) => Ok(Some(url)),
        (false, None) => Err(format!(
            "“{text}” is no web address. Write it like https://example.org/page"
        )),
    }
}
