//! Starting early help from a child's page: the reason and the consent, and
//! nothing that is known (R001-20).

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use casework::Error;
use casework::early_help::path;
use casework::early_help::start::{BeganHelp, FORM, NewHelp, StartHelp, draft};
use packs::{Answers, Finding};
use vocabulary::{Id, ids};

use crate::app::{App, At, Signed, WebResult};
use crate::drafts::pairs_of;
use crate::forms::{self, Fields, Html, Posted};
use crate::plans::values;
use crate::ui::{Frame, Notice, Page, once, to};

#[derive(Template)]
#[template(path = "early_help/start.html")]
struct StartPage {
    frame: Frame,
    new: NewHelp,
    fields: Html,
    pairs: Vec<(String, String)>,
    once: String,
}

impl StartPage {
    fn name(&self) -> String {
        self.new.child.first_name()
    }

    fn born(&self) -> String {
        self.new.child.birth_date().map_or_else(
            || "date of birth not known".to_owned(),
            |born| {
                format!(
                    "{}, born {}",
                    born.words_on(casework::time::today()),
                    born.date_words()
                )
            },
        )
    }

    fn ticked(&self, id: &str) -> bool {
        values(&self.pairs, "also").contains(&id)
    }

    /// The words go on to those who decide, rather than start something here.
    fn passed_on(&self) -> bool {
        self.new.social_care.is_some() || !self.new.writes
    }
}

pub(super) async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
) -> WebResult {
    let kept = app.casework.my_draft(&signed.viewer, &draft(id)).await?;
    let pairs = kept.as_ref().map(pairs_of).unwrap_or_default();
    show(&app, &signed, id, pairs, &[]).await
}

pub(super) async fn start(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Person>,
    body: Bytes,
) -> WebResult {
    let posted = Posted::read(app.casework.form(FORM)?, &body);
    let also: Result<Vec<Id<ids::Person>>, _> = values(&posted.pairs, "also")
        .into_iter()
        .map(|text| text.parse().map_err(|_| Error::NotFound))
        .collect();
    let start = StartHelp {
        also: also?,
        answers: posted.answers,
        once: posted.once.clone(),
    };
    match app
        .casework
        .start_early_help(&signed.viewer, id, &start)
        .await
    {
        Ok(BeganHelp::Here(help)) => {
            Ok(Notice::new("Early help has started. Next: who leads?").on(to(&path(help))))
        }
        Ok(BeganHelp::PassedOn(reference)) => Ok(Notice::new(format!(
            "Your words went on with the reference {reference}. Whoever decides tells you what happens."
        ))
        .on(to(&format!("/people/{id}")))),
        Err(Error::Findings(found)) => show(&app, &signed, id, posted.pairs, &found).await,
        Err(other) => Err(other.into()),
    }
}

async fn show(
    app: &App,
    signed: &Signed,
    id: Id<ids::Person>,
    pairs: Vec<(String, String)>,
    findings: &[Finding],
) -> WebResult<Response> {
    let new = app.casework.new_early_help(&signed.viewer, id).await?;
    if let (Some(open), true) = (new.open, new.writes) {
        return Ok(to(&path(open)));
    }
    let form = app.casework.form(FORM)?;
    let answers = Answers::from_pairs(form, pairs.iter().map(|(k, v)| (k, v)));
    let status = match findings.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let name = new.child.first_name();
    Ok(Page(StartPage {
        fields: Fields::new(form, &answers, signed.viewer.today)
            .findings(findings)
            .html()?,
        frame: signed
            .frame(format!("Start early help for {name}"))
            .with_back(format!("Back to {name}"), format!("/people/{id}"))
            .with_errors(forms::errors(findings)),
        once: once(),
        pairs,
        new,
    })
    .with_status(status))
}
