//! Takes the files of a return and checks them: the census while it arrives,
//! the tables of children looked after when all of them are here.

use ::returns::cin;
use ::returns::core::Reference;
use ::returns::core::reference::{Postcodes, Providers};
use ::returns::core::report::Report;
use ::returns::ssda903::{self, Collection, Named, zipped};
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart};
use axum::http::StatusCode;
use axum::response::Response;

use super::arriving::{whole, with};
use super::{AskPage, YEAR};
use crate::app::{App, Signed, WebError, WebResult};
use crate::ui::{FieldError, Page, once, to};

/// The most that the tables of one return may hold together.
const MOST_BYTES: usize = 512 << 20;

/// Why nothing was checked.
enum Stopped {
    /// Something about what was sent, at a field of the page.
    Ask(&'static str, String),
    /// A fault of the program.
    Fault(String),
}

impl Stopped {
    fn ask(field: &'static str, message: impl Into<String>) -> Stopped {
        Stopped::Ask(field, message.into())
    }
}

/// What was sent besides a census.
#[derive(Default)]
struct Sent {
    looked_after: bool,
    year: u16,
    this: Vec<Named>,
    last: Vec<Named>,
    bytes: usize,
    reference: Reference,
}

/// Reads the form, checks, and says what came out.
async fn taken(form: &mut Multipart, sent: &mut Sent) -> Result<Report, Stopped> {
    loop {
        let field = form.next_field().await;
        let field = field.map_err(|error| {
            let at = if sent.looked_after { "this" } else { "file" };
            Stopped::ask(at, format!("The files could not be read: {error}"))
        })?;
        let Some(mut field) = field else { break };
        let name = field.name().unwrap_or_default().to_owned();
        let file = field.file_name().unwrap_or_default().to_owned();
        match name.as_str() {
            "kind" => sent.looked_after = short(&mut field).await? == "ssda903",
            "year" => sent.year = short(&mut field).await?.parse().unwrap_or(YEAR),
            // An empty field of a file has no name.
            _ if file.is_empty() => {}
            "file" => return census(field, file, sent.year).await,
            "this" => sent.add(&mut field, file, "this").await?,
            "last" => sent.add(&mut field, file, "last").await?,
            "postcodes" => {
                let read = with(&mut field, move |source| Postcodes::read(&file, source)).await;
                let read = read.map_err(Stopped::Fault)?;
                let read = read.map_err(|p| Stopped::ask("postcodes", p.to_string()))?;
                sent.reference.postcodes = Some(read);
            }
            "providers" => {
                let read = with(&mut field, move |source| Providers::read(&file, source)).await;
                let read = read.map_err(Stopped::Fault)?;
                let read = read.map_err(|p| Stopped::ask("providers", p.to_string()))?;
                sent.reference.providers = Some(read);
            }
            _ => {}
        }
    }
    if !sent.looked_after {
        return Err(Stopped::ask("file", "Choose the census file"));
    }
    let whole = std::mem::take(sent);
    sent.year = whole.year;
    looked_after(whole).await
}

/// A short answer of the form.
async fn short(field: &mut Field<'_>) -> Result<String, Stopped> {
    let text = whole(field, 100).await.map_err(Stopped::Fault)?;
    Ok(String::from_utf8_lossy(&text.unwrap_or_default()).into_owned())
}

impl Sent {
    /// Adds a file, or those of a zip file.
    async fn add(
        &mut self,
        field: &mut Field<'_>,
        name: String,
        at: &'static str,
    ) -> Result<(), Stopped> {
        let left = MOST_BYTES.saturating_sub(self.bytes);
        let content = whole(field, left).await;
        let content = content.map_err(|error| Stopped::ask(at, format!("{name}: {error}")))?;
        let Some(content) = content else {
            return Err(Stopped::ask(
                at,
                format!("{name}: the files hold more than 512 MB together: this is no return"),
            ));
        };
        let (this, last) = if zipped::is_zip(&content) {
            let unpacked = tokio::task::spawn_blocking(move || zipped::unpack(&content)).await;
            let unpacked = unpacked.map_err(|error| Stopped::Fault(error.to_string()))?;
            unpacked.map_err(|error| Stopped::ask(at, format!("{name}: {error}")))?
        } else if zipped::is_last_years(&name) {
            (Vec::new(), vec![Named { name, content }])
        } else {
            (vec![Named { name, content }], Vec::new())
        };
        let size = |files: &[Named]| files.iter().map(|file| file.content.len()).sum::<usize>();
        self.bytes += size(&this) + size(&last);
        if at == "last" {
            self.last.extend(this.into_iter().map(|file| Named {
                name: format!("prev/{}", file.name),
                content: file.content,
            }));
        } else {
            self.this.extend(this);
        }
        self.last.extend(last);
        Ok(())
    }
}

/// Checks a census while it arrives.
async fn census(mut field: Field<'_>, name: String, year: u16) -> Result<Report, Stopped> {
    let checked = with(&mut field, move |source| {
        cin::check(&name, source, cin::Options { year }, &|_| {})
    });
    let report = checked.await.map_err(Stopped::Fault)?;
    let report = report.map_err(|error| Stopped::ask("file", error))?;
    readable(report, "file")
}

/// Checks the tables of children looked after.
async fn looked_after(sent: Sent) -> Result<Report, Stopped> {
    if sent.this.is_empty() {
        return Err(Stopped::ask("this", "Choose this year’s files"));
    }
    let collection = Collection::of(sent.year)
        .ok_or_else(|| Stopped::ask("ssda903-year", "Choose a collection year"))?;
    let names: Vec<&str> = sent.this.iter().map(|file| file.name.as_str()).collect();
    let file = names.join(", ");
    let checked = tokio::task::spawn_blocking(move || {
        let loaded = ssda903::read_memory(sent.this, sent.last);
        ssda903::check(loaded, &collection, &sent.reference)
    });
    let report = checked
        .await
        .map_err(|error| Stopped::Fault(error.to_string()))?;
    let mut report = report.map_err(|error| Stopped::ask("this", error.to_string()))?;
    report.file = file;
    readable(report, "this")
}

/// A file of which nothing could be read is an error of the form and no list
/// of findings.
fn readable(report: Report, at: &'static str) -> Result<Report, Stopped> {
    if report.children > 0 || !report.incomplete() {
        return Ok(report);
    }
    let why: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    Err(Stopped::ask(at, why.join(". ")))
}

/// Checks the files of the form, notes it, and shows the findings.
pub(super) async fn check(
    State(app): State<App>,
    signed: Signed,
    mut form: Multipart,
) -> WebResult<Response> {
    app.casework.may_check_returns(&signed.viewer)?;
    let mut sent = Sent {
        year: YEAR,
        ..Sent::default()
    };
    let report = match taken(&mut form, &mut sent).await {
        Ok(report) => report,
        Err(Stopped::Fault(error)) => return Err(WebError(casework::Error::Page(error))),
        Err(Stopped::Ask(field, message)) => {
            // What is still on its way is passed over, so that the browser
            // hears the answer.
            while let Ok(Some(_)) = form.next_field().await {}
            let errors = vec![FieldError::new(field, message)];
            let page = Page(AskPage::new(&signed, errors, sent.year));
            return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let number = once();
    let findings = report.findings.len() + report.whole.len();
    app.casework
        .note_return_checked(
            &signed.viewer,
            &number,
            &report.title,
            report.children,
            findings,
        )
        .await?;
    let address = format!("/returns/{number}");
    app.kept.keep(number, &signed.viewer, report);
    Ok(to(&address))
}
