//! The public pages: a parent, a carer or a young person asks a service for
//! help; a professional refers a family to it.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::get;
use axum_extra::extract::CookieJar;
use casework::enquiries::Asks;
use casework::enquiries::ask::AskedService;
use casework::front_door::public::{Kept, LastPage};
use serde_json::Value;

use crate::app::{App, WebResult};
use crate::ask::MOST;
use crate::ask::pages::{self, From, Place};
use crate::ui::{Frame, Page, to};

/// The routes of both kinds of pages.
pub(super) fn routes() -> Router<App> {
    Asks::ALL
        .into_iter()
        .fold(Router::new(), |all, asks| all.merge(pages_of(asks)))
        .layer(DefaultBodyLimit::max(MOST))
}

fn pages_of(asks: Asks) -> Router<App> {
    let base = format!("/services/{{service}}/{}", asks.word());
    Router::new()
        .route(
            &base,
            get(move |app, jar, at, from| first(app, jar, at, from, asks)),
        )
        .route(
            &format!("{base}/check"),
            get(move |app, jar, at| check(app, jar, at, asks))
                .post(move |app, jar, at| send(app, jar, at, asks)),
        )
        .route(
            &format!("{base}/done"),
            get(move |app, jar, at| done(app, jar, at, asks)),
        )
        .route(
            &format!("{base}/leave"),
            get(move |app, jar, at| leave(app, jar, at, asks)),
        )
        .route(
            &format!("{base}/{{section}}"),
            get(move |app, jar, at, from| section(app, jar, at, from, asks))
                .post(move |app, jar, at, body| answer(app, jar, at, body, asks)),
        )
}

fn place(service: &AskedService, asks: Asks) -> Place {
    let words = match asks {
        Asks::Family => format!("Ask for help from {}", service.name),
        Asks::Professional => format!("Refer a family to {}", service.name),
    };
    Place {
        form: asks.form(),
        base: format!("/services/{}/{}", service.id, asks.word()),
        caption: Some(words),
        back: Some((
            format!("Back to {}", service.name),
            format!("/services/{}", service.id),
        )),
        leaves: true,
        signpost: true,
        before: "We keep it safe, and pass on only what you agreed to. It opens no record about a child. What you say of danger goes to the people at the council who keep children safe.",
        check: |app, answers| app.casework.check_asking(answers),
    }
}

async fn of(app: &App, service: &str, asks: Asks) -> WebResult<Place> {
    Ok(place(&app.casework.asked_service(service).await?, asks))
}

async fn first(
    State(app): State<App>,
    jar: CookieJar,
    Path(service): Path<String>,
    Query(from): Query<From>,
    asks: Asks,
) -> WebResult {
    pages::first(&app, &jar, &from, &of(&app, &service, asks).await?).await
}

async fn section(
    State(app): State<App>,
    jar: CookieJar,
    Path((service, id)): Path<(String, String)>,
    Query(from): Query<From>,
    asks: Asks,
) -> WebResult {
    let place = of(&app, &service, asks).await?;
    pages::section(&app, &jar, &id, &from, &place).await
}

async fn answer(
    State(app): State<App>,
    jar: CookieJar,
    Path((service, id)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
    asks: Asks,
) -> WebResult {
    let place = of(&app, &service, asks).await?;
    pages::answer(&app, jar, &id, body, &place).await
}

async fn check(
    State(app): State<App>,
    jar: CookieJar,
    Path(service): Path<String>,
    asks: Asks,
) -> WebResult {
    pages::check(&app, &jar, &of(&app, &service, asks).await?).await
}

async fn send(
    State(app): State<App>,
    jar: CookieJar,
    Path(service): Path<String>,
    asks: Asks,
) -> WebResult {
    let place = of(&app, &service, asks).await?;
    let cookie = match place.may_send(&jar) {
        Ok(cookie) => cookie,
        Err(answer) => return Ok(answer),
    };
    let sent = app.casework.send_enquiry(&service, asks, &cookie).await;
    pages::sent(&app, &jar, &place, sent).await
}

#[derive(Template)]
#[template(path = "enquiries/done.html")]
struct Done {
    frame: Frame,
    last: LastPage,
    family: bool,
    phone: String,
}

impl Done {
    fn said(&self, name: &str) -> &str {
        let found = self.last.all.get(name).and_then(Value::as_str);
        found.unwrap_or_default()
    }

    fn held(&self) -> bool {
        self.last.all.get("held") == Some(&Value::Bool(true))
    }
}

async fn done(
    State(app): State<App>,
    jar: CookieJar,
    Path(service): Path<String>,
    asks: Asks,
) -> WebResult {
    let place = of(&app, &service, asks).await?;
    match place.kept(&app, &jar).await? {
        None => Ok(place.gone()),
        Some(Kept::Answers(_)) => Ok(to(&format!("{}/check", place.base))),
        Some(Kept::Sent(last)) => Ok(Page(Done {
            frame: place.frame(&app, "Your request is sent", None),
            last,
            family: asks == Asks::Family,
            phone: app.casework.front_door_phone().await?,
        })
        .into_response()),
    }
}

async fn leave(
    State(app): State<App>,
    jar: CookieJar,
    Path(service): Path<String>,
    asks: Asks,
) -> WebResult {
    // Leaving must work whatever has become of the service.
    let gone = AskedService {
        id: service.clone(),
        name: String::new(),
        provider: String::new(),
        email: None,
    };
    pages::leave(&app, jar, &place(&gone, asks)).await
}
