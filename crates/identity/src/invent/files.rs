//! Invented records and queries as files, the truth beside them.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::{Child, Dice, Maker, Query, Record, Special, queries};

fn field(out: &mut impl Write, text: &str) -> io::Result<()> {
    if text.contains([',', '"']) {
        write!(out, "\"{}\"", text.replace('"', "\"\""))
    } else {
        out.write_all(text.as_bytes())
    }
}

fn line(out: &mut impl Write, fields: &[&str]) -> io::Result<()> {
    for (i, text) in fields.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        field(out, text)?;
    }
    out.write_all(b"\n")
}

fn create(folder: &Path, name: &str) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(
        1 << 20,
        File::create(folder.join(name))?,
    ))
}

const HEADER: &[u8] = b"rec_id,source,given,middle,family,dob,sex,address,postcode,nhs\n";

/// Writes `records.csv` with about two records for each of so many children,
/// in no order; `truth.csv` (rec_id, person, household, flags, errors); and
/// `forbidden.csv`, the pairs of identities that must never meet.
pub fn write_records(folder: &Path, children: usize, seed: u64, noise: f64) -> io::Result<usize> {
    std::fs::create_dir_all(folder)?;
    let mut maker = Maker::new(seed, children);
    let mut forbidden = create(folder, "forbidden.csv")?;
    forbidden.write_all(b"person_id_a,person_id_b\n")?;
    let mut all: Vec<(Record, u64, u64, String)> = Vec::with_capacity(children * 2);
    let mut dice = Dice::new(seed, u64::MAX);
    while maker.children() < children as u64 {
        let household = maker.household();
        for (i, child) in household.iter().enumerate() {
            let sibling = household
                .iter()
                .enumerate()
                .find(|(j, c)| *j != i && c.household == child.household);
            let mut n = 1;
            while n < 6 && dice.chance(0.49) {
                n += 1;
            }
            for _ in 0..n {
                let record = Record::of(
                    child,
                    sibling.map(|(_, s)| s.nhs.as_str()),
                    noise,
                    &mut dice,
                );
                let flags = format!("{}|{}", child.culture_name(), child.special.word());
                all.push((
                    record,
                    child.person,
                    child.household,
                    flags.trim_end_matches('|').to_owned(),
                ));
            }
        }
        if let [first, .., last] = household.as_slice()
            && last.special == Special::AdoptedAfter
        {
            writeln!(forbidden, "{},{}", first.person, last.person)?;
        }
    }
    for i in (1..all.len()).rev() {
        all.swap(i, dice.below(i + 1));
    }
    let mut records = create(folder, "records.csv")?;
    let mut truth = create(folder, "truth.csv")?;
    records.write_all(HEADER)?;
    truth.write_all(b"rec_id,person_id,household_id,flags,errors\n")?;
    for (i, (r, person, household, flags)) in all.iter().enumerate() {
        let id = i.to_string();
        line(
            &mut records,
            &[
                &id,
                r.source,
                &r.given,
                &r.middle,
                &r.family,
                &r.dob,
                r.sex,
                &r.address,
                &r.postcode,
                &r.nhs,
            ],
        )?;
        let (person, household) = (person.to_string(), household.to_string());
        line(
            &mut truth,
            &[
                &id,
                &person,
                &household,
                &flags.replace(',', ""),
                &r.errors.join("|"),
            ],
        )?;
    }
    records.flush()?;
    truth.flush()?;
    forbidden.flush()?;
    Ok(all.len())
}

/// Writes `index.csv` with each of so many children once, and once more for
/// each home or family name they also have or had (the same rec_id again);
/// `queries.csv` and `query_truth.csv` (qid, rec_id, kind) with so many
/// questions, one in five about a child who is not there.
pub fn write_index(
    folder: &Path,
    children: usize,
    n_queries: usize,
    seed: u64,
    noise: f64,
) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut maker = Maker::new(seed, children);
    let mut index = create(folder, "index.csv")?;
    let mut asked = create(folder, "queries.csv")?;
    let mut truth = create(folder, "query_truth.csv")?;
    index.write_all(HEADER)?;
    asked.write_all(b"qid,given,family,dob,sex,postcode,nhs\n")?;
    truth.write_all(b"qid,rec_id,kind\n")?;
    let mut dice = Dice::new(seed, u64::MAX - 1);
    let every = (children / n_queries.max(1)).max(1) as u64;
    let mut qid = 0u64;
    while maker.children() < children as u64 {
        for child in maker.household() {
            if child.special == Special::AdoptedBefore {
                continue;
            }
            let is_asked = child.person % every == 0 && qid < n_queries as u64;
            let present = !is_asked || !dice.chance(0.2);
            if present {
                write_child(&mut index, &child)?;
            }
            if is_asked {
                write_query(
                    &mut asked,
                    &mut truth,
                    qid,
                    &queries(&child, present, noise, &mut dice),
                )?;
                qid += 1;
            }
        }
    }
    index.flush()?;
    asked.flush()?;
    truth.flush()
}

fn write_child(index: &mut impl Write, child: &Child) -> io::Result<()> {
    let id = child.person.to_string();
    let dob = super::people::iso(child.born);
    let sex = if child.girl { "F" } else { "M" };
    let mut facet = |family: &str, home: &super::people::HomeText| {
        line(
            index,
            &[
                &id,
                "index",
                &child.given,
                &child.middle,
                family,
                &dob,
                sex,
                &home.line,
                &home.postcode,
                &child.nhs,
            ],
        )
    };
    facet(&child.family, &child.home)?;
    for home in child.before.iter().chain(&child.second) {
        facet(&child.family, home)?;
    }
    if let Some(other) = &child.other_family {
        facet(other, &child.home)?;
    }
    Ok(())
}

fn write_query(
    asked: &mut impl Write,
    truth: &mut impl Write,
    qid: u64,
    query: &Query,
) -> io::Result<()> {
    let id = qid.to_string();
    line(
        asked,
        &[
            &id,
            &query.given,
            &query.family,
            &query.dob,
            query.sex,
            &query.postcode,
            &query.nhs,
        ],
    )?;
    let right = query.right.map(|r| r.to_string()).unwrap_or_default();
    let kind = format!(
        "{}: {}",
        if query.right.is_some() {
            "present"
        } else {
            "absent"
        },
        query.kind
    );
    line(truth, &[&id, &right, &kind])
}
