//! A process: the steps, meetings and clocks that belong together, in the
//! order in which a family meets them. It is for people: what runs is in the
//! steps and clocks themselves.

use crate::dated::dated;

dated! {
    /// One process.
    pub struct Process {
        /// What it is for, in a line or two.
        pub intro: String,
        /// Its steps in order.
        pub steps: Vec<String>,
        /// Its meetings.
        pub meetings: Vec<String>,
        /// Clocks of it that belong to no step.
        pub clocks: Vec<String>,
    }
}
