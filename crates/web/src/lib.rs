//! Pages, forms and assets.
#![forbid(unsafe_code)]

pub mod forms;
pub mod ui;
