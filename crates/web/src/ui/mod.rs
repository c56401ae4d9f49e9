//! What every page shares: the frame around it, the pieces it is made of, the
//! built styles, the security headers, the error pages.
//!
//! A page is a struct with a `frame: Frame` field and a template that says
//! `{% extends "ui/base.html" %}` and fills the block `content`. A handler
//! returns `Page(my_page)`. The pieces (button, summary rows, tags, clocks)
//! are macros in `ui/macros.html`.

pub mod assets;
mod child;
pub mod errors;
mod frame;
pub mod guard;
pub mod notice;
mod page;
#[cfg(test)]
mod tests;

pub use child::{ChildTop, Part};
pub use frame::{Exit, FieldError, Frame, FrameWords, Link, NavItem, Who};
pub use notice::Notice;
pub use page::{Page, moment, once, tel, to};

use axum::Router;
use axum::middleware::from_fn;
use tower_http::compression::CompressionLayer;

/// Adds to the finished router what every answer needs: the styles' routes,
/// the page for an address that does not exist, plain words for what cannot be
/// read, the refusal of posts from other sites, the security headers, and compression.
///
/// Call it last, on the router with all areas merged.
pub fn finish<S>(areas: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    areas
        .merge(assets::routes())
        .fallback(errors::absent)
        .method_not_allowed_fallback(errors::absent)
        .layer(from_fn(guard::plain_words))
        .layer(from_fn(guard::same_site))
        .layer(from_fn(guard::headers))
        .layer(CompressionLayer::new())
}
