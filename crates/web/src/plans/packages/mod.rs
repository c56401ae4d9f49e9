//! Pages of a package of support: putting one together on a plan, the package
//! itself, and a page for each form about it.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use casework::plans::packages::PackageForm;
use casework::plans::packages::view::{PackagePage, PackagesPage};
use vocabulary::{Id, ids, plain};

use super::top;
use crate::app::{App, At, Signed, WebResult};
use crate::asking::{self, Shown};
use crate::ui::{ChildTop, Frame, Page, Part};

/// Addresses for the matrix of access.
pub(crate) const ROUTES: &[&str] = &[
    "/plans/{plan}/packages",
    "/plans/{plan}/packages/new",
    "/packages/{package}",
    "/packages/{package}/services",
    "/packages/{package}/review",
    "/packages/{package}/end",
    "/package-services/{package_service}",
];

/// The routes.
pub(crate) fn routes() -> Router<App> {
    let router = Router::new()
        .route("/plans/{id}/packages", get(all))
        .route("/plans/{id}/packages/new", get(ask_new).post(new))
        .route("/packages/{id}", get(one))
        .route("/package-services/{id}", get(ask_part).post(part));
    PackageForm::ALL.into_iter().fold(router, |router, what| {
        let ask =
            move |app: State<App>, signed: Signed, id: At<ids::Package>| ask(app, signed, id, what);
        let save = move |app: State<App>, signed: Signed, id: At<ids::Package>, body: Bytes| {
            save(app, signed, id, what, body)
        };
        let path = format!("/packages/{{id}}/{}", what.word());
        router.route(&path, get(ask).post(save))
    })
}

#[derive(Template)]
#[template(path = "plans/packages/one.html")]
struct OnePage {
    frame: Frame,
    top: ChildTop,
    page: PackagePage,
    id: Id<ids::Package>,
}

impl OnePage {
    fn since(&self) -> String {
        format!("Since {}", plain::date(self.page.seen.row.starts_on))
    }

    fn day(day: &chrono::NaiveDate) -> String {
        plain::date(*day)
    }
}

async fn one(State(app): State<App>, signed: Signed, At(id): At<ids::Package>) -> WebResult {
    let page = app.casework.package_page(&signed.viewer, id).await?;
    let plan = page.seen.row.plan_id;
    Ok(Page(OnePage {
        frame: signed
            .frame(page.seen.row.name.clone())
            .with_back("Back to the plan", format!("/plans/{plan}")),
        top: top(&app, &page.seen.plan.child).await?,
        page,
        id,
    })
    .into_response())
}

#[derive(Template)]
#[template(path = "plans/packages/all.html")]
struct AllPage {
    frame: Frame,
    top: ChildTop,
    page: PackagesPage,
    address: String,
}

async fn all(State(app): State<App>, signed: Signed, At(id): At<ids::Plan>) -> WebResult {
    let page = app.casework.packages_page(&signed.viewer, id).await?;
    let names = page.seen.names();
    Ok(Page(AllPage {
        frame: signed
            .frame(format!("Packages of support for {names}"))
            .with_back("Back to the plan", format!("/plans/{id}")),
        top: top(&app, &page.seen.child).await?,
        address: format!("/plans/{id}/packages/new"),
        page,
    })
    .into_response())
}

async fn ask_new(State(app): State<App>, signed: Signed, At(id): At<ids::Plan>) -> WebResult {
    let asking = app.casework.ask_package(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::on(asking, Part::Plan)).await
}

async fn new(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Plan>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = Shown::on(casework.ask_package(viewer, id).await?, Part::Plan);
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_package(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Package>,
    what: PackageForm,
) -> WebResult {
    let asking = app
        .casework
        .ask_of_package(&signed.viewer, id, what)
        .await?;
    asking::show(&app, &signed, Shown::on(asking, Part::Plan)).await
}

async fn save(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Package>,
    what: PackageForm,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_of_package(viewer, id, what).await?;
    let asking = Shown::on(asking, Part::Plan);
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_of_package(viewer, id, what, &posted.answers, &posted.once)
            .await
    })
    .await
}

async fn ask_part(State(app): State<App>, signed: Signed, At(id): At<ids::Part>) -> WebResult {
    let asking = app.casework.ask_package_part(&signed.viewer, id).await?;
    asking::show(&app, &signed, Shown::on(asking, Part::Plan)).await
}

async fn part(
    State(app): State<App>,
    signed: Signed,
    At(id): At<ids::Part>,
    body: Bytes,
) -> WebResult {
    let (casework, viewer) = (&app.casework, &signed.viewer);
    let asking = casework.ask_package_part(viewer, id).await?;
    let asking = Shown::on(asking, Part::Plan);
    asking::send(&app, &signed, asking, body, |posted| async move {
        casework
            .save_package_part(viewer, id, &posted.answers, &posted.once)
            .await
    })
    .await
}
