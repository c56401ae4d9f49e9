//! An invented child goes through child protection, with the ways it goes
//! wrong.
#![allow(clippy::unwrap_used)]

#[path = "../at_work/mod.rs"]
mod at_work;
mod conference;
mod moving;
mod one_goal;
mod strategy;
mod support;
mod watching;
