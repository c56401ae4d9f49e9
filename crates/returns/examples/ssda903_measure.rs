//! Measures the check of an invented SSDA903 return of so many children:
//! `cargo run --release -p returns --example ssda903_measure -- 50000 FOLDER`.
//! The first run makes the files; run it again to measure the check alone.

use std::path::Path;
use std::time::Instant;

use returns::core::Reference;
use returns::ssda903::{Collection, check, invent, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let children: u32 = arguments.next().ok_or("how many children?")?.parse()?;
    let folder = arguments.next().ok_or("which folder?")?;
    let folder = Path::new(&folder);
    if !folder.join("header.csv").exists() {
        let wish = invent::Wish {
            year: 2026,
            children,
            faults_in_100: 5.0,
            seed: 1,
        };
        let invented = invent::invent(wish)?;
        invented.write(folder)?;
        println!("{} faults planted", invented.planted.values().sum::<u64>());
        return Ok(());
    }
    let started = Instant::now();
    let loaded = read(folder, None)?;
    let read = started.elapsed();
    let collection = Collection::of(2026).ok_or("no such year")?;
    let report = check(loaded, &collection, &Reference::default())?;
    println!(
        "{:?} in all, {read:?} of it reading; {} findings",
        started.elapsed(),
        report.findings.len()
    );
    let status = std::fs::read_to_string("/proc/self/status")?;
    println!(
        "{}",
        status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap_or_default()
    );
    Ok(())
}
