//! Reads and checks practice packs; decides what is due, what is missing,
//! what may follow. Pure: no database, no web, no clock of its own.
//!
//! A pack is a folder of TOML files that a head of service can read: forms,
//! steps, clocks, thresholds, roles, code sets, letters. Each is dated and
//! says where its rule comes from. A council's own pack lies over England's.
//! Start at [`Pack::load`].
#![forbid(unsafe_code)]

mod answers;
mod build;
mod check;
mod clock;
mod codes;
mod cross;
mod dated;
mod form;
mod front;
mod languages;
mod layers;
mod letter;
mod load;
mod meeting;
mod pack;
mod picture;
mod problem;
mod process;
mod raw;
mod roles;
mod standard;
mod step;
mod threshold;
mod triggers;
mod upkeep;
mod workload;

pub use answers::Answers;
pub use check::{Finding, Severity};
pub use clock::{CONDITIONS, Circumstances, ClockRule, ClockState, Due, STEP_DEEDS, Unit, When};
pub use codes::{Code, CodeSet};
pub use dated::Strength;
pub use form::{Choice, Condition, Field, Form, Kind, Options, Required, Section, Who};
pub use front::{Door, DoorSort, Language, NeedWords, Needs, Note, Topic};
pub use letter::{Letter, MissingWords};
pub use load::Layer;
pub use meeting::{MeetingDef, Need, Partner, Quorum};
pub use pack::Pack;
pub use picture::picture;
pub use problem::{Place, Problem};
pub use process::Process;
pub use roles::{Named, Role, Roles};
pub use standard::{Measure, Standard};
pub use step::{Authorise, Outcome, StepDef, Subjects};
pub use threshold::{Indicator, Level, Threshold};
pub use triggers::TRIGGERS;
pub use upkeep::{Synonyms, Upkeep, UpkeepCycle};
pub use workload::{Band, Ceiling, Load, StatusPoints, Weight, Workload};
