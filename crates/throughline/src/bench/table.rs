//! The one table that all measurements are printed in: what was measured, the
//! figure, its budget, and how it compares with a yardstick of the same machine
//! and run.

/// The names of the columns.
pub(super) fn head() {
    println!(
        "{:<4}  {:<46} {:>16}   {:<18}  against a yardstick",
        "", "what", "measured", "budget"
    );
}

/// A figure, with its budget and its ratio to a yardstick where it has them.
pub(super) fn row(id: &str, what: &str, measured: impl ToString, budget: &str, ratio: &str) {
    let line = format!(
        "{id:<4}  {what:<46} {:>16}   {budget:<18}  {ratio}",
        measured.to_string()
    );
    println!("{}", line.trim_end());
}
