//! A conference: its day and guests, its reports, and writing it down.

use askama::Template;
use axum::Form;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use casework::Error;
use casework::protection::{Arrange, ConferencePage, Hold, Seated};
use casework::time;
use chrono::NaiveDate;
use packs::{Answers, Finding};
use vocabulary::{Id, ids, plain};

use super::strategy::now;
use super::table::{seated, table};
use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::{ask_again, top, value, values};
use crate::ui::{ChildTop, FieldError, Frame, Notice, Page, once, to};

type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "protection/conference.html")]
struct View {
    frame: Frame,
    top: ChildTop,
    of: ConferencePage,
    when_fields: Html,
    agencies: Vec<(String, String)>,
    pairs: Pairs,
    today: NaiveDate,
    once: String,
}

impl View {
    const OTHERS: [usize; 3] = [1, 2, 3];

    fn typed(&self, name: &str) -> &str {
        match (value(&self.pairs, name), name, &self.of.meeting) {
            ("", "place", Some(meeting)) => meeting.place.as_deref().unwrap_or_default(),
            (typed, ..) => typed,
        }
    }

    fn other(&self, n: &usize, part: &str) -> String {
        format!("other.{n}.{part}")
    }

    fn typed_other(&self, n: &usize, part: &str) -> &str {
        value(&self.pairs, &self.other(n, part))
    }

    fn is_chair(&self, id: &str) -> bool {
        let chair = self.of.row.as_ref().and_then(|row| row.chair_id.as_ref());
        match value(&self.pairs, "chair") {
            "" => chair.is_some_and(|chair| chair.as_str() == id),
            typed => typed == id,
        }
    }

    fn invited(&self, key: &str, name: &str) -> bool {
        let posted = values(&self.pairs, "invite");
        let row = |seat: &casework::protection::Seat| seat.row.invited && seat.row.name == name;
        posted.contains(&key) || (posted.is_empty() && self.of.seats.iter().any(row))
    }

    fn state(&self) -> &'static str {
        casework::steps::state_words(self.of.seen.step.state)
    }

    fn due(&self) -> Option<String> {
        let day = self.of.due_on.filter(|_| self.of.is_open())?;
        Some(plain::date_with_day(day))
    }

    fn when(&self) -> String {
        let at = self.of.meeting.as_ref().map(|m| time::local(m.held_at));
        at.map(plain::date_time).unwrap_or_default()
    }

    fn day(&self, day: &NaiveDate) -> String {
        plain::date(*day)
    }

    fn is_late(&self, day: &NaiveDate) -> bool {
        *day < self.today
    }

    fn hold_page(&self) -> String {
        format!("/conferences/{}/hold", self.of.seen.step.id)
    }

    /// The outline plan is to be given, by somebody who may say so.
    fn to_give(&self) -> bool {
        let given = self
            .of
            .row
            .as_ref()
            .is_some_and(|row| row.given_at.is_some());
        let made = self
            .of
            .row
            .as_ref()
            .is_some_and(|row| row.plan_id.is_some());
        self.of.writes && made && !given && self.of.seen.step.kind != "review-conference"
    }
}

pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    page(&app, &signed, id, Vec::new(), &[]).await
}

/// Day and time, as a form of the pack asks for them.
fn when_form(app: &App) -> WebResult<packs::Form> {
    let mut form = app.casework.form("conference")?.clone();
    form.sections.truncate(1);
    for section in &mut form.sections {
        section.title = "When is it?".into();
        section.fields.retain(|field| field.name == "when");
        for field in &mut section.fields {
            field.label = "Day and time".into();
        }
    }
    Ok(form)
}

async fn page(
    app: &App,
    signed: &Signed,
    id: Id<ids::Step>,
    pairs: Pairs,
    findings: &[Finding],
) -> WebResult {
    let of = app.casework.conference(&signed.viewer, id).await?;
    let form = when_form(app)?;
    let mut answers = Answers::from_pairs(&form, pairs.iter().map(|(k, v)| (k, v)));
    if let (true, Some(meeting)) = (pairs.is_empty(), &of.meeting) {
        let at = time::local(meeting.held_at).format("%Y-%m-%dT%H:%M");
        answers.set("when", at.to_string());
    }
    let errors = forms::errors(findings);
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let agencies = app
        .casework
        .pack()
        .codes("agencies", time::today())
        .map(|set| {
            let codes = set.codes.iter();
            codes.map(|c| (c.code.clone(), c.label.clone())).collect()
        })
        .unwrap_or_default();
    Ok(Page(View {
        when_fields: Fields::new(&form, &answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame(format!("{} for {}", of.def.title, of.seen.names()))
            .with_errors(errors),
        top: top(app, &of.seen.first).await?,
        today: signed.viewer.today,
        agencies,
        once: once(),
        pairs,
        of,
    })
    .with_status(status))
}

pub(super) async fn arrange(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    body: Bytes,
) -> WebResult {
    let form = when_form(&app)?;
    let posted = Posted::read(&form, &body);
    let pairs = posted.pairs.clone();
    let text = |name: &str| value(&pairs, name).to_owned();
    let when = posted.answers.date_time("when");
    let wanted = Arrange {
        when: when.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string()),
        place: text("place"),
        chair: text("chair"),
        invite: values(&pairs, "invite")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        others: View::OTHERS
            .iter()
            .map(|n| {
                (
                    text(&format!("other.{n}.name")),
                    text(&format!("other.{n}.agency")),
                )
            })
            .collect(),
        late_reason: text("late_reason"),
        late_agreed: text("late_agreed"),
        once: posted.once.clone(),
    };
    let done = app
        .casework
        .arrange_conference(&signed.viewer, id, &wanted)
        .await;
    after(
        &app,
        &signed,
        id,
        pairs,
        done,
        "The day and the guests are saved.",
    )
    .await
}

pub(super) async fn report(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let seat = value(&pairs, "seat").parse().map_err(|_| Error::NotFound)?;
    let done = app.casework.report_received(&signed.viewer, id, seat).await;
    after(&app, &signed, id, pairs, done, "The report is on record.").await
}

pub(super) async fn given(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let who = value(&pairs, "who").to_owned();
    let token = value(&pairs, "once").to_owned();
    let done = app
        .casework
        .outline_given(&signed.viewer, id, &who, &token)
        .await;
    after(
        &app,
        &signed,
        id,
        pairs,
        done,
        "Who has the outline plan is on record.",
    )
    .await
}

async fn after(
    app: &App,
    signed: &Signed,
    id: Id<ids::Step>,
    pairs: Pairs,
    done: Result<(), Error>,
    words: &str,
) -> WebResult {
    match done {
        Ok(()) => Ok(Notice::new(words).on(to(&format!("/conferences/{id}")))),
        Err(Error::Findings(found)) => page(app, signed, id, pairs, &found).await,
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn open_review(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    Form(pairs): Form<Pairs>,
) -> WebResult {
    let step = app
        .casework
        .open_review(&signed.viewer, id, value(&pairs, "once"))
        .await?;
    Ok(to(&format!("/conferences/{step}")))
}

#[derive(Template)]
#[template(path = "protection/hold.html")]
struct HoldView {
    frame: Frame,
    top: ChildTop,
    of: ConferencePage,
    fields: Html,
    table: Html,
    asked: bool,
    not_quorate_why: String,
    once: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
) -> WebResult {
    let of = app.casework.conference(&signed.viewer, id).await?;
    if !of.is_open() || of.meeting.is_none() {
        return Ok(to(&format!("/conferences/{id}")));
    }
    let draft = app
        .casework
        .my_draft(&signed.viewer, &format!("conference:{id}"))
        .await?;
    let pairs = draft.as_ref().map(pairs_of).unwrap_or_default();
    let mut answers = Answers::from_pairs(&of.form, pairs.iter().map(|(k, v)| (k, v)));
    if answers.text("when").is_empty() {
        answers.set("when", now());
    }
    if let (true, Some(chair)) = (
        answers.text("chair").is_empty(),
        of.meeting.as_ref().and_then(|m| m.chaired_by.clone()),
    ) {
        answers.set("chair", chair);
    }
    let posted = Written {
        seats: seated(&pairs),
        adding: None,
        not_quorate_why: value(&pairs, "not_quorate_why").to_owned(),
        once: once(),
    };
    hold_page(&app, &signed, of, &answers, &posted, &[]).await
}

/// What was posted beside the form's own answers.
struct Written {
    seats: Vec<Seated>,
    adding: Option<String>,
    not_quorate_why: String,
    once: String,
}

pub(super) async fn hold(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Step>,
    body: Bytes,
) -> WebResult {
    let of = app.casework.conference(&signed.viewer, id).await?;
    let posted = Posted::read(&of.form, &body);
    let written = Written {
        seats: seated(&posted.pairs),
        adding: posted.adding().map(str::to_owned),
        not_quorate_why: posted.other("not_quorate_why").to_owned(),
        once: posted.once.clone(),
    };
    if posted.reshape.is_some() {
        return hold_page(&app, &signed, of, &posted.answers, &written, &[]).await;
    }
    let findings = of.form.check(&posted.answers, None);
    let hold = Hold {
        answers: posted.answers.clone(),
        seats: written.seats.clone(),
        not_quorate_why: written.not_quorate_why.clone(),
        once: posted.once.clone(),
    };
    let stops = findings.iter().any(|f| f.severity == packs::Severity::Stop);
    let saved = match !stops && ask_again(&findings, &posted.pairs) {
        true => Err(Error::Findings(findings)),
        false => {
            app.casework
                .hold_conference(&signed.viewer, id, &hold)
                .await
        }
    };
    match saved {
        Ok(plan) => {
            let words = match plan {
                Some(_) => "The conference is on record, and the plan is there.",
                None => "The conference is on record.",
            };
            Ok(Notice::new(words).on(to(&format!("/conferences/{id}"))))
        }
        Err(Error::Findings(found)) => {
            hold_page(&app, &signed, of, &posted.answers, &written, &found).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn hold_page(
    app: &App,
    signed: &Signed,
    of: ConferencePage,
    answers: &Answers,
    posted: &Written,
    findings: &[Finding],
) -> WebResult {
    let errors: Vec<FieldError> = forms::errors(findings);
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(Page(HoldView {
        fields: Fields::new(&of.form, answers, signed.viewer.today)
            .findings(findings)
            .adding(posted.adding.as_deref())
            .html()?,
        table: table(app, &of.seats, &posted.seats, &errors, true)?,
        asked: !findings.is_empty(),
        not_quorate_why: posted.not_quorate_why.clone(),
        frame: signed
            .frame(format!(
                "{} for {}: write it down",
                of.def.title,
                of.seen.names()
            ))
            .with_back(
                "Back to the conference",
                format!("/conferences/{}", of.seen.step.id),
            )
            .with_errors(errors),
        top: top(app, &of.seen.first).await?,
        once: posted.once.clone(),
        of,
    })
    .with_status(status))
}
