//! A page about a linking: what was found, where the line between one child
//! and two lies, which weights decided, and the pairs nearest the line.

use std::fmt::Write;
use std::time::Duration;

use identity::block::KEYS;
use identity::link::{Decision, Linked, Pair, ids};
use identity::model::{probability, weight_names};
use identity::row::Row;
use identity::table::Table;

use super::link::why;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#0b0c0c}\
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;\
border-bottom:1px solid #b1b4b6;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
svg{max-width:100%;height:auto}caption{text-align:left;font-weight:bold;padding:.3rem 0}";

/// Writes the page.
pub fn page(table: &Table, linked: &Linked, took: Duration) -> String {
    let mut page = String::new();
    let joined = linked
        .pairs
        .iter()
        .filter(|p| p.decision == Decision::Join)
        .count();
    let review = linked
        .pairs
        .iter()
        .filter(|p| p.decision == Decision::Review)
        .count();
    let groups = linked.groups.all();
    put(
        &mut page,
        format_args!(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Linking report</title><style>{STYLE}</style></head><body>\
<h1>Linking report</h1><p>This page holds personal data: keep it like the records.</p>\
<table><caption>What was found</caption>\
<tr><th>Records</th><td class=\"n\">{}</td></tr><tr><th>Pairs compared</th><td class=\"n\">{}</td></tr>\
<tr><th>Pairs joined as one child</th><td class=\"n\">{joined}</td></tr><tr><th>Pairs for a person to look at</th><td class=\"n\">{review}</td></tr>\
<tr><th>Children with more than one record</th><td class=\"n\">{}</td></tr><tr><th>Largest group</th><td class=\"n\">{}</td></tr>\
<tr><th>Seconds</th><td class=\"n\">{:.1}</td></tr></table>",
            table.rows.len(),
            linked.compared,
            groups.len(),
            groups.iter().map(Vec::len).max().unwrap_or(1),
            took.as_secs_f32(),
        ),
    );
    curve(&mut page, linked);
    sizes(&mut page, &groups);
    near(&mut page, table, linked);
    weights(&mut page, linked);
    keys(&mut page, linked);
    page.push_str("</body></html>\n");
    page
}

/// Writes to a string, which cannot fail.
fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    if page.write_fmt(text).is_err() {
        page.push_str("<!-- a value could not be written -->");
    }
}

/// Expected precision and recall for each line that could be drawn, from the
/// probabilities themselves.
fn curve(page: &mut String, linked: &Linked) {
    let mut scored: Vec<f32> = linked
        .pairs
        .iter()
        .filter(|p| p.decision != Decision::Apart)
        .map(|p| p.score)
        .collect();
    scored.sort_by(|a, b| b.total_cmp(a));
    let all: f64 = scored.iter().map(|s| f64::from(probability(*s))).sum();
    page.push_str(
        "<h2>Where the line lies</h2><p>A score is in bits: 0 means as likely one child as not, 10 means about a thousand to one for. \
What a line would give is estimated from the scores; only a check of real pairs by people shows how good it is.</p>\
<table><caption>Pairs at and above each score</caption><tr><th class=\"n\">Score</th><th class=\"n\">Pairs</th>\
<th class=\"n\">Right, estimated</th><th class=\"n\">Found of all seen, estimated</th></tr>",
    );
    let (mut i, mut sum) = (0, 0.0f64);
    let mut points = Vec::new();
    for tenth in (-12..=40).rev() {
        let line = tenth as f32 / 2.0;
        while i < scored.len() && scored[i] >= line {
            sum += f64::from(probability(scored[i]));
            i += 1;
        }
        if i == 0 {
            continue;
        }
        let (right, found) = (sum / i as f64, sum / all.max(1e-9));
        points.push((line, right, found));
        if tenth % 4 == 0 || tenth == 0 {
            put(
                page,
                format_args!(
                    "<tr><td class=\"n\">{line}</td><td class=\"n\">{i}</td><td class=\"n\">{:.2}%</td><td class=\"n\">{:.2}%</td></tr>",
                    right * 100.0,
                    found * 100.0
                ),
            );
        }
    }
    page.push_str("</table>");
    let path = |of: fn(&(f32, f64, f64)) -> f64| {
        let at: Vec<String> = points
            .iter()
            .map(|p| {
                format!(
                    "{:.1},{:.1}",
                    40.0 + (f64::from(p.0) + 6.0) * 24.0,
                    210.0 - (of(p).max(0.8) - 0.8) * 950.0
                )
            })
            .collect();
        at.join(" ")
    };
    put(
        page,
        format_args!(
            "<svg viewBox=\"0 0 700 240\" role=\"img\" aria-label=\"Estimated share right and share found, by score\">\
<line x1=\"40\" y1=\"210\" x2=\"690\" y2=\"210\" stroke=\"#505a5f\"/><line x1=\"184\" y1=\"20\" x2=\"184\" y2=\"210\" stroke=\"#b1b4b6\"/>\
<polyline fill=\"none\" stroke=\"#00703c\" stroke-width=\"2\" points=\"{}\"/><polyline fill=\"none\" stroke=\"#1d70b8\" stroke-width=\"2\" points=\"{}\"/>\
<text x=\"180\" y=\"230\">0</text><text x=\"416\" y=\"230\">10</text><text x=\"0\" y=\"24\">100%</text><text x=\"0\" y=\"214\">80%</text>\
<text x=\"520\" y=\"200\" fill=\"#00703c\">right</text><text x=\"580\" y=\"200\" fill=\"#1d70b8\">found</text></svg>",
            path(|p| p.1),
            path(|p| p.2)
        ),
    );
}

fn sizes(page: &mut String, groups: &[Vec<u32>]) {
    let mut counts = std::collections::BTreeMap::<usize, usize>::new();
    for group in groups {
        *counts.entry(group.len()).or_default() += 1;
    }
    page.push_str("<table><caption>Records in one group</caption><tr><th class=\"n\">Records</th><th class=\"n\">Groups</th></tr>");
    for (size, n) in counts {
        put(
            page,
            format_args!("<tr><td class=\"n\">{size}</td><td class=\"n\">{n}</td></tr>"),
        );
    }
    page.push_str("</table>");
}

fn near(page: &mut String, table: &Table, linked: &Linked) {
    let mut pairs: Vec<&Pair> = linked
        .pairs
        .iter()
        .filter(|p| p.decision == Decision::Review)
        .collect();
    pairs.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let strangers = linked.model.strangers(table.rows.len());
    page.push_str("<h2>Pairs to look at</h2><p>The hundred strongest that were not joined. All of them: <code>--review FILE</code>.</p>\
<table><tr><th>Records</th><th>Why</th><th class=\"n\">Bits</th></tr>");
    for pair in pairs.into_iter().take(100) {
        let (l, r) = ids(table, pair);
        put(
            page,
            format_args!(
                "<tr><td>{}: {}<br>{}: {}</td><td>{}</td><td class=\"n\">{:.1}</td></tr>",
                escape(l),
                escape(&shown(table, &table.rows[pair.left as usize])),
                escape(r),
                escape(&shown(table, &table.rows[pair.right as usize])),
                escape(&why(pair, &linked.model, strangers)),
                pair.bits
            ),
        );
    }
    page.push_str("</table>");
}

/// A record as it was compared.
fn shown(table: &Table, row: &Row) -> String {
    let names = &table.lists.names;
    let number = match row.home.number & 0x7ff {
        0 => String::new(),
        n => n.to_string(),
    };
    let date = match (row.dob.year(), row.dob.month(), row.dob.day()) {
        (0, ..) => "no date".to_owned(),
        (y, m, d) => format!("{y}-{m:02}-{d:02}"),
    };
    format!(
        "{} {} {}, {date}, {number} {}",
        names.text(row.given),
        names.text(row.middle),
        names.text(row.family),
        table.lists.streets.text(row.home.street)
    )
}

fn weights(page: &mut String, linked: &Linked) {
    let about = &linked.model.about;
    put(
        page,
        format_args!(
            "<h2>The weights that decided</h2><p>{}, learnt {}, from {} records.</p>\
<table><tr><th>When</th><th class=\"n\">Bits</th></tr>",
            escape(&about.version),
            escape(&about.learnt),
            about.records
        ),
    );
    for (name, bits) in weight_names()
        .iter()
        .zip(linked.model.weights())
        .filter(|(_, b)| b.abs() >= 0.2)
    {
        put(
            page,
            format_args!(
                "<tr><td>{}</td><td class=\"n\">{bits:+.2}</td></tr>",
                escape(&name.replace('_', " "))
            ),
        );
    }
    page.push_str("</table>");
}

fn keys(page: &mut String, linked: &Linked) {
    page.push_str("<h2>How pairs were found</h2><p>Records that share one of these are compared. Groups that are too large are split by date and area.</p>\
<table><tr><th>Shared</th><th>Forgives</th><th class=\"n\">Groups split</th><th class=\"n\">Records in them</th></tr>");
    for ((key, forgives), (groups, records)) in KEYS.iter().zip(&linked.capped.groups) {
        put(
            page,
            format_args!(
                "<tr><td>{key}</td><td>{forgives}</td><td class=\"n\">{groups}</td><td class=\"n\">{records}</td></tr>"
            ),
        );
    }
    page.push_str("</table>");
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
