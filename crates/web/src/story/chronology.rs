//! The chronology: what mattered, for reading, for print, and for choosing
//! what belongs in it.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use casework::story::court::CopyLine;
use casework::story::{
    Choice, ChronologyPage, EntrySeen, NewEntry, Settling, entry_draft, significance_words,
};
use casework::{Asked, Error, time};
use packs::{Answers, Finding};
use serde::Deserialize;
use vocabulary::{Id, ids, plain};

use crate::app::{App, At, Signed, WebError, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::ui::{ChildTop, Frame, Notice, Page, Part, once, to};

#[derive(Template)]
#[template(path = "story/chronology.html")]
struct ChronologyView {
    frame: Frame,
    top: ChildTop,
    id: Id<ids::Person>,
    name: String,
    printed: String,
    writes: bool,
    copies: Vec<CopyLine>,
    page: ChronologyPage,
}

#[derive(Template)]
#[template(path = "story/entry.html")]
struct EntryView {
    frame: Frame,
    top: ChildTop,
    title: String,
    action: String,
    id: Id<ids::Person>,
    source: Option<(String, Option<String>)>,
    note: Option<Id<ids::Note>>,
    fields: Option<Html>,
    rows: Vec<(&'static str, String)>,
    version: i64,
    once: String,
    target: String,
    button: String,
}

impl ChronologyView {
    fn counted(&self) -> String {
        let number = i64::try_from(self.page.entries.len()).unwrap_or(i64::MAX);
        let taken = format!("{}, oldest first", plain::count(number, "event", "events"));
        match self.page.left_out {
            0 => taken,
            n => format!("{taken}. {n} left out, to be found in the timeline"),
        }
    }
}

fn day(entry: &EntrySeen) -> String {
    plain::short_date(entry.row.happened_on)
}

fn level(entry: &EntrySeen) -> &'static str {
    significance_words(entry.row.significance.as_deref())
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_read("chronology"))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    let writes = signed.viewer.can("case.record")
        && app
            .casework
            .gate()
            .would_allow(&signed.viewer, id, Asked::to_write("chronology"))
            .await
            .map_err(Error::from)?;
    let header = app.casework.header(&person).await?;
    let page = app.casework.chronology(&person).await?;
    Ok(Page(ChronologyView {
        frame: signed.frame(format!("Chronology: {}", header.name)),
        top: ChildTop::new(header, Part::Story),
        id,
        name: person.first_name(),
        printed: format!(
            "{}, by {}",
            plain::date_time(time::now_local()),
            signed.viewer.name
        ),
        writes,
        copies: app.casework.court_copies(&person).await?,
        page,
    })
    .into_response())
}

/// The choices about proposals: `choice_ID` is take or leave, the other fields
/// carry the wording as it is to stand.
pub(super) async fn settle(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> WebResult {
    let value = |name: &str| {
        pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    let choices: Vec<Settling> = pairs
        .iter()
        .filter_map(|(name, choice)| {
            let entry: Id<ids::Chronology> = name.strip_prefix("choice_")?.parse().ok()?;
            let choice = match choice.as_str() {
                "take" => Choice::Take,
                "leave" => Choice::Leave,
                _ => return None,
            };
            let of = |field: &str| value(&format!("{field}_{entry}"));
            Some(Settling {
                id: entry,
                version: of("version").parse().unwrap_or(0),
                choice,
                wording: of("wording"),
                response: of("response"),
                impact: of("impact"),
                significance: of("significance"),
            })
        })
        .collect();
    let address = format!("/people/{id}/chronology");
    if choices.is_empty() {
        return Ok(Notice::new("Nothing was chosen, so nothing was changed.").on(to(&address)));
    }
    let (taken, left) = app
        .casework
        .settle_chronology(&signed.viewer, id, &choices)
        .await?;
    let other = choices.len() - taken - left;
    let mut words = format!("{taken} taken in, {left} left out.");
    if other > 0 {
        words.push_str(" The others had been settled by someone else already.");
    }
    Ok(Notice::new(words).on(to(&address)))
}

#[derive(Debug, Deserialize)]
pub(super) struct From {
    #[serde(default)]
    note: String,
}

pub(super) async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    Query(from): Query<From>,
) -> WebResult {
    let note: Option<Id<ids::Note>> = from.note.parse().ok();
    let mut answers = Answers::new();
    if let Some(note) = note {
        let seen = app.casework.note(&signed.viewer, note).await?;
        if seen.person.id != id || seen.note.sensitive {
            return Err(WebError(Error::NotFound));
        }
        let day = time::local(seen.note.happened_at).date();
        answers.set("happened_on", day.to_string());
        answers.set("wording", seen.note.words.as_str());
    } else {
        let target = entry_draft(id);
        if let Some(draft) = app.casework.my_draft(&signed.viewer, &target).await? {
            answers = Answers::from_pairs(&app.casework.entry_form(false)?, pairs_of(&draft));
        }
    }
    new_page(&app, &signed, id, note, &answers, &[], once()).await
}

async fn new_page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    note: Option<Id<ids::Note>>,
    answers: &Answers,
    findings: &[Finding],
    once: String,
) -> WebResult {
    let person = app
        .casework
        .gate()
        .person(&signed.viewer, id, Asked::to_write("chronology/new"))
        .await
        .map_err(Error::from)?
        .ok_or(Error::NotFound)?;
    let header = app.casework.header(&person).await?;
    let form = app.casework.entry_form(note.is_some())?;
    let name = person.first_name();
    let page = EntryView {
        frame: signed
            .frame(format!("Add to the chronology: {}", header.name))
            .with_errors(forms::errors(findings)),
        top: ChildTop::new(header, Part::Story),
        title: format!("Add to the chronology of {name}"),
        action: format!("/people/{id}/chronology/new"),
        id,
        source: note.map(|note| ("Case note".to_owned(), Some(format!("/notes/{note}")))),
        note,
        fields: Some(
            Fields::new(&form, answers, time::today())
                .section("entry")
                .findings(findings)
                .html()?,
        ),
        rows: Vec::new(),
        version: 1,
        once,
        target: entry_draft(id),
        button: format!("Add to {name}’s chronology"),
    };
    Ok(match findings.is_empty() {
        true => Page(page).into_response(),
        false => Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

pub(super) async fn add(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let form = app.casework.entry_form(false)?;
    let posted = Posted::read(&form, &body);
    let note: Option<Id<ids::Note>> = posted.other("note").parse().ok();
    if posted.then == "later" {
        crate::drafts::keep_draft(&app, &signed.viewer, &entry_draft(id), &posted.pairs).await?;
        return Ok(
            Notice::new("Kept for later. You find it under unfinished writing.").on(to("/")),
        );
    }
    let new = NewEntry {
        person: id,
        answers: posted.answers.clone(),
        note,
        once: posted.once.clone(),
    };
    match app.casework.add_to_chronology(&signed.viewer, &new).await {
        Ok(_) => {
            let address = format!("/people/{id}/chronology");
            Ok(Notice::new("Added to the chronology.").on(to(&address)))
        }
        Err(Error::Findings(findings)) => {
            new_page(
                &app,
                &signed,
                id,
                note,
                &posted.answers,
                &findings,
                posted.once,
            )
            .await
        }
        Err(other) => Err(WebError(other)),
    }
}

pub(super) async fn entry(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Chronology>,
) -> WebResult {
    entry_page(&app, &signed, id, None, &[]).await
}

async fn entry_page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Chronology>,
    posted: Option<&Posted>,
    findings: &[Finding],
) -> WebResult {
    let (person, seen) = app
        .casework
        .chronology_entry(&signed.viewer, id, Asked::to_read("chronology"))
        .await?;
    let writes = signed.viewer.can("case.record")
        && app
            .casework
            .gate()
            .would_allow(&signed.viewer, person.id, Asked::to_write("chronology"))
            .await
            .map_err(Error::from)?;
    let header = app.casework.header(&person).await?;
    let form = app.casework.entry_form(seen.row.source_id.is_some())?;
    let answers = posted.map_or_else(|| seen.answers(), |p| p.answers.clone());
    let fields = match writes {
        true => Some(
            Fields::new(&form, &answers, time::today())
                .section("entry")
                .findings(findings)
                .html()?,
        ),
        false => None,
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let version = posted
        .and_then(|p| p.other("version").parse().ok())
        .unwrap_or(seen.row.version);
    let page = EntryView {
        frame: signed
            .frame(format!("Chronology entry: {}", header.name))
            .with_errors(forms::errors(findings)),
        top: ChildTop::new(header, Part::Story),
        title: format!("Chronology entry of {}", plain::date(seen.row.happened_on)),
        action: format!("/chronology/{id}"),
        id: person.id,
        source: Some((seen.source.words.clone(), seen.source.path.clone())),
        note: None,
        rows: vec![
            ("What happened", seen.row.wording.clone()),
            ("What was done", text(&seen.row.response)),
            ("What it meant", text(&seen.row.impact)),
            ("How much it mattered", level(&seen).to_owned()),
        ],
        fields,
        version,
        once: once(),
        target: String::new(),
        button: "Save this entry".to_owned(),
    };
    Ok(match findings.is_empty() {
        true => Page(page).into_response(),
        false => Page(page).with_status(StatusCode::UNPROCESSABLE_ENTITY),
    })
}

pub(super) async fn change(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Chronology>,
    body: Bytes,
) -> WebResult {
    let (person, seen) = app
        .casework
        .chronology_entry(&signed.viewer, id, Asked::to_write("chronology"))
        .await?;
    let form = app.casework.entry_form(seen.row.source_id.is_some())?;
    let mut posted = Posted::read(&form, &body);
    let version = posted.other("version").parse().unwrap_or(0);
    let done = app
        .casework
        .change_entry(&signed.viewer, id, version, &posted.answers)
        .await;
    match done {
        Ok(()) => {
            let address = format!("/people/{}/chronology", person.id);
            Ok(Notice::new("The entry was changed.").on(to(&address)))
        }
        Err(Error::Findings(findings)) => {
            entry_page(&app, &signed, id, Some(&posted), &findings).await
        }
        Err(Error::Stale) => {
            posted.pairs.retain(|(name, _)| name != "version");
            let words = format!(
                "Someone else changed this entry while you were writing. It now says: “{}”. \
                 Put the two together and save again.",
                seen.row.wording
            );
            match Error::finding("wording", "What happened?", &words) {
                Error::Findings(findings) => {
                    entry_page(&app, &signed, id, Some(&posted), &findings).await
                }
                other => Err(WebError(other)),
            }
        }
        Err(other) => Err(WebError(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use casework::header::ChildHeader;
    use casework::model::{Chronology, ChronologyState};
    use casework::story::SourceLink;
    use chrono::{Days, NaiveDate, Utc};

    fn header() -> ChildHeader {
        ChildHeader {
            id: Id::new(),
            name: "Maya Ashgrove".into(),
            first_name: "Maya".into(),
            pronouns: None,
            age: "13".into(),
            born: "27 March 2013".into(),
            reference: "0A1B2C3D".into(),
            statuses: vec!["Child in need since 4 March 2026".into()],
            last_seen: "Last seen 12 November 2026, alone, by Jo Larch".into(),
            worker: "Jo Larch, social worker, since 4 March 2026".into(),
            workers: String::new(),
            worker_phone: Some("020 7946 0001".into()),
            needs: Vec::new(),
            safety: Vec::new(),
            family: Some(Id::new()),
            died_on: None,
        }
    }

    fn entry(n: u64) -> EntrySeen {
        let start = NaiveDate::from_ymd_opt(2013, 3, 27).unwrap();
        EntrySeen {
            row: Chronology {
                id: Id::new(),
                person_id: Id::new(),
                happened_on: start + Days::new(n * 9),
                kind: "contact".into(),
                wording: format!("School saw Maya without a coat, day {n}."),
                response: Some("Jo rang her mother.".into()),
                impact: Some("She was cold and late.".into()),
                significance: Some("medium".into()),
                state: ChronologyState::Accepted,
                source_kind: Some("contact".into()),
                source_id: Some(Id::<ids::Contact>::new().to_string()),
                reported_by: None,
                made_at: Utc::now(),
                settled_by: None,
                settled_at: None,
                version: 1,
            },
            source: SourceLink {
                words: "Contact".into(),
                path: None,
            },
        }
    }

    /// ux.md section 7: 500 events under 120 KB, numbered, each with its
    /// source.
    #[test]
    fn five_hundred_events_are_one_light_page() {
        let html = ChronologyView {
            frame: Frame::public("Larkmere", "Chronology"),
            top: ChildTop::new(header(), Part::Story),
            id: Id::new(),
            name: "Maya".into(),
            printed: "today, by Jo Larch".into(),
            writes: true,
            copies: Vec::new(),
            page: ChronologyPage {
                entries: (0..500).map(entry).collect(),
                proposed: Vec::new(),
                left_out: 3,
            },
        }
        .render()
        .unwrap();
        println!("500 events: {} bytes", html.len());
        assert!(html.len() < 120 * 1024, "{} bytes", html.len());
        assert!(html.contains("<tr><td>500<td>"));
        assert_eq!(html.matches(">Contact</a>").count(), 500);
        assert!(html.contains("500 events, oldest first. 3 left out"));
    }
}
