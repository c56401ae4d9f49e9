//! Splink on the same file in the same run, where it is installed: the peer
//! that P4 is measured beside.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;

use super::table::row;

/// What the script prints.
#[derive(Deserialize)]
struct Measured {
    f1: f64,
    cpu: f64,
    wall: f64,
    mb: u64,
}

const SCRIPT: &str = include_str!("splink.py");

/// Links the records of a folder with Splink and prints its figures beside
/// ours. `THROUGHLINE_PYTHON` names another Python than `python3`. Says so
/// when Splink is not there; it is never needed.
pub(super) fn beside(folder: &Path, ours: Option<f64>) {
    let python = std::env::var("THROUGHLINE_PYTHON").unwrap_or_else(|_| "python3".into());
    let installed = Command::new(&python).args(["-c", "import splink"]).output();
    if !installed.is_ok_and(|said| said.status.success()) {
        row("P4", "Splink", "not installed", "", "");
        return;
    }
    let said = Command::new(&python)
        .args(["-c", SCRIPT])
        .arg(folder)
        .output();
    let measured = said.map_err(|e| e.to_string()).and_then(|said| {
        let text = String::from_utf8_lossy(&said.stdout);
        let last = text.lines().last().unwrap_or_default();
        serde_json::from_str::<Measured>(last)
            .map_err(|_| String::from_utf8_lossy(&said.stderr).trim().to_owned())
    });
    match measured {
        Ok(splink) => {
            let ratio = ours.map_or_else(String::new, |ours| {
                format!("ours is {:.0} times as fast", splink.cpu / ours.max(0.01))
            });
            row(
                "P4",
                "Splink: CPU seconds",
                format!("{:.1}", splink.cpu),
                "",
                &ratio,
            );
            row(
                "P4",
                "Splink: seconds on the clock",
                format!("{:.1}", splink.wall),
                "",
                "",
            );
            row(
                "P4",
                "Splink: peak memory",
                format!("{} MB", splink.mb),
                "",
                "",
            );
            row(
                "P4",
                "Splink: best F1 at any threshold",
                format!("{:.4}", splink.f1),
                "",
                "",
            );
        }
        Err(problem) => {
            let last = problem.lines().last().unwrap_or("no answer").to_owned();
            row("P4", "Splink did not finish", last, "", "");
        }
    }
}
