//! The matrix of access: every address × every persona × records they may not
//! see (S4), no personal data without its look (S5), no access for whoever
//! left (S7); and bad input to every form.
//!
//! The addresses come from [`web::ROUTES`], whose completeness [`addresses`]
//! proves, the personas and records from `casework::testing`: an area that adds
//! a page is tested from that day on.

mod addresses;
mod asking;
mod bad_input;
mod canary;
mod denied;
mod ends;
mod expected;
mod forms;
mod looks;
mod oracle;
mod posts;
mod statements;
