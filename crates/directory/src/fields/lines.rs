//! Times, numbers and people as lines of text, and lines of text as times,
//! numbers and people.

use vocabulary::plain;

use crate::clean;
use crate::model::{Contact, CostOption, Phone, Schedule, Service};
use crate::search::{days, minutes};

const LETTERS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const DAYS: [&str; 7] = [
    "Mondays",
    "Tuesdays",
    "Wednesdays",
    "Thursdays",
    "Fridays",
    "Saturdays",
    "Sundays",
];

/// How a service is met: the answer of the form, and the words that are kept.
pub(super) const HOW: [(&str, &str); 3] = [
    ("in_person", "in person"),
    ("online", "online"),
    ("telephone", "telephone"),
];

/// How a service is met, as answers of the form, one on each line. Empty when
/// its times do not say it.
pub(super) fn how_codes(service: &Service) -> String {
    let said = |words: &str| {
        let words = words.to_lowercase();
        [
            words.contains("person") || words.contains("venue") || words.contains("home"),
            words.contains("online") || words.contains("virtual"),
            words.contains("phone"),
        ]
    };
    let mut met = [false; 3];
    let told = service.schedules.iter();
    for words in told.filter_map(|s| s.attending_type.as_deref()) {
        for (one, is) in met.iter_mut().zip(said(words)) {
            *one |= is;
        }
    }
    let codes = HOW.iter().zip(met).filter(|(_, is)| *is);
    codes
        .map(|((code, _), _)| *code)
        .collect::<Vec<_>>()
        .join("\n")
}

/// When a schedule is open: "Tuesdays and Thursdays, 9:30am to 11am". None if
/// it says nothing.
pub fn times_words(schedule: &Schedule) -> Option<String> {
    let days: Vec<&str> = schedule
        .byday
        .iter()
        .flat_map(|d| d.split(','))
        .filter_map(|d| {
            let letters = d
                .trim()
                .trim_start_matches(|c: char| !c.is_ascii_alphabetic());
            LETTERS
                .iter()
                .position(|l| *l == letters)
                .map(|at| DAYS[at])
        })
        .collect();
    let time = |text: &Option<String>| {
        let read = text.as_deref().and_then(plain::read_time);
        read.map(plain::time)
    };
    let hours = match (time(&schedule.opens_at), time(&schedule.closes_at)) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("from {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => String::new(),
    };
    let told = [plain::list(&days), hours];
    let told: Vec<&str> = told
        .iter()
        .map(String::as_str)
        .filter(|t| !t.is_empty())
        .collect();
    if told.is_empty() {
        let words = schedule.description.as_deref().map(one_line);
        return words.filter(|w| !w.is_empty());
    }
    Some(told.join(", "))
}

/// A line of words as a time. A line with a figure that is no time is refused;
/// one without figures and days is kept as words.
pub(super) fn read_times(line: &str) -> Result<Schedule, String> {
    let mask = days_of(line);
    let mut hours = Vec::new();
    for word in line.split([' ', ',', '-', '–', ';']) {
        if !word.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        match minutes(word) {
            Some(m) => hours.push(format!("{:02}:{:02}", m / 60, m % 60)),
            None => {
                return Err(format!(
                    "“{line}”: write the times like 9:30am to 11am, or 9:30 to 11:00"
                ));
            }
        }
    }
    if hours.len() > 2 {
        return Err(format!(
            "“{line}”: write one time on each line, such as Tuesdays, 9:30am to 11am"
        ));
    }
    let until = line.to_lowercase().contains("until") && hours.len() == 1;
    let mut hours = hours.into_iter();
    let (opens_at, closes_at) = match until {
        true => (None, hours.next()),
        false => (hours.next(), hours.next()),
    };
    let told: Vec<&str> = (0..7)
        .filter(|d| mask & 1 << d != 0)
        .map(|d| LETTERS[d])
        .collect();
    let only_words = told.is_empty() && opens_at.is_none() && closes_at.is_none();
    Ok(Schedule {
        freq: (!told.is_empty()).then(|| "WEEKLY".to_owned()),
        byday: (!told.is_empty()).then(|| told.join(",")),
        opens_at,
        closes_at,
        description: only_words.then(|| line.to_owned()),
        ..Schedule::default()
    })
}

/// The days that a line names. "Monday to Friday" names five.
fn days_of(line: &str) -> u8 {
    let words: Vec<&str> = line
        .split(|c: char| !c.is_alphabetic() && c != '-' && c != '–')
        .filter(|w| !w.is_empty())
        .collect();
    let day = |word: &str| {
        let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let lower = word.to_lowercase();
        known.iter().position(|d| lower.starts_with(d))
    };
    let mut mask = 0u8;
    for (at, word) in words.iter().enumerate() {
        if let Some((from, to)) = word.split_once(['-', '–'])
            && let (Some(from), Some(to)) = (day(from), day(to))
        {
            mask |= between(from, to);
        }
        let next = words.get(at + 1).map(|w| w.to_lowercase());
        let joins = next.is_some_and(|w| w == "to" || w == "until");
        if let (Some(from), Some(to), true) =
            (day(word), words.get(at + 2).and_then(|w| day(w)), joins)
        {
            mask |= between(from, to);
        }
    }
    let lower = line.to_lowercase();
    if lower.contains("every day") || lower.contains("daily") {
        return 0x7f;
    }
    if lower.contains("weekday") {
        return 0x1f;
    }
    // Only whole names of days: "summer" begins with no day.
    let named: Vec<&str> = words.into_iter().filter(|w| day(w).is_some()).collect();
    mask | days(&named.join(" "))
}

fn between(from: usize, to: usize) -> u8 {
    let mut mask = 0;
    let mut at = from;
    loop {
        mask |= 1 << at;
        if at == to {
            return mask;
        }
        at = (at + 1) % 7;
    }
}

/// What it costs, in words.
pub(super) fn cost_words(s: &Service) -> String {
    let said = s.fees.clone().or_else(|| s.fees_description.clone());
    said.unwrap_or_else(|| {
        let options = s.cost_options.iter().filter_map(|c| {
            let amount = c.amount.map(|a| match a == a.trunc() {
                true => format!("£{a}"),
                false => format!("£{a:.2}"),
            });
            match (amount, c.option.clone()) {
                (Some(amount), Some(what)) => Some(format!("{amount} ({what})")),
                (amount, what) => amount.or(what),
            }
        });
        options.collect::<Vec<_>>().join(", ")
    })
}

/// The price that a text names, if it is a plain one.
pub(super) fn read_cost(text: &str) -> Option<CostOption> {
    let first = text.trim().strip_prefix('£')?;
    let figure: String = first
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    Some(CostOption {
        amount: Some(figure.parse().ok()?),
        option: Some(text.trim().to_owned()),
        currency: Some("GBP".into()),
        ..CostOption::default()
    })
}

/// A number and whose it is: "020 7946 0000, evenings".
pub(super) fn phone_words(phone: &Phone) -> String {
    match phone.description.as_deref().map(one_line) {
        Some(whose) if !whose.is_empty() => format!("{}, {whose}", one_line(&phone.number)),
        _ => one_line(&phone.number),
    }
}

/// A line as a number.
pub(super) fn read_phone(line: &str) -> Result<Phone, String> {
    let (number, whose) = line.split_once(',').unwrap_or((line, ""));
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let plain = number
        .chars()
        .all(|c| c.is_ascii_digit() || " +()-.".contains(c));
    if !plain || !(3..=15).contains(&digits) {
        return Err(format!(
            "“{line}”: begin with the number, such as 020 7946 0000, evenings"
        ));
    }
    Ok(Phone {
        number: number.trim().to_owned(),
        description: Some(whose.trim().to_owned()).filter(|w| !w.is_empty()),
        ..Phone::default()
    })
}

/// Whom to ask for: "Family worker, Sam Larch, 020 7946 0000, sam@example.org".
pub(super) fn contact_words(contact: &Contact) -> String {
    let own = [&contact.title, &contact.department, &contact.name];
    let own = own.into_iter().flatten().map(|t| one_line(t));
    let phones = contact.phones.iter().map(|p| one_line(&p.number));
    let parts: Vec<String> = own
        .chain(phones)
        .chain(contact.email.clone())
        .filter(|t| !t.is_empty())
        .collect();
    parts.join(", ")
}

/// A line as somebody to ask for.
pub(super) fn read_contact(line: &str) -> Result<Contact, String> {
    let mut contact = Contact::default();
    for part in line.split(',').map(str::trim).filter(|p| !p.is_empty()) {
        if part.contains('@') {
            if !clean::is_email(part) {
                return Err(format!("“{part}” is no email address"));
            }
            contact.email = Some(part.to_owned());
        } else if part.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '(') {
            contact.phones.push(read_phone(part)?);
        } else if contact.title.is_none() {
            contact.title = Some(part.to_owned());
        } else {
            contact.name = Some(part.to_owned());
        }
    }
    if contact.title.is_none() && contact.name.is_none() {
        return Err(format!("“{line}”: begin with the name or the post"));
    }
    Ok(contact)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
