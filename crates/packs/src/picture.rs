//! A process drawn from the pack itself, as SVG: each step with its clocks and
//! sources, each outcome with where it leads. What the picture says is what
//! runs, because nobody drew it.

use std::fmt::Write;

use chrono::NaiveDate;

use crate::clock::ClockRule;
use crate::meeting::{MeetingDef, Need};
use crate::pack::Pack;
use crate::process::Process;
use crate::step::StepDef;
use crate::triggers::TRIGGERS;

const WIDTH: usize = 900;
const CARD: usize = 780;
const LEFT: usize = 20;
const HALF: usize = 370;
const LINE: usize = 18;
const HEAD: usize = 34;
const GAP: usize = 26;

/// A card: a step, or what goes with the process.
struct Card {
    id: String,
    title: String,
    under: String,
    left: Vec<Words>,
    right: Vec<Leads>,
}

/// A line of text, and whether it is said quietly.
struct Words {
    text: String,
    quiet: bool,
}

/// An outcome and the cards it leads to.
struct Leads {
    text: String,
    to: Vec<(String, bool)>,
    /// What may follow that this picture does not show.
    outside: Vec<Words>,
}

/// Draws a process as it is in force on a day.
pub fn picture(pack: &Pack, process: &Process, on: NaiveDate) -> String {
    let mut cards: Vec<Card> = process
        .steps
        .iter()
        .filter_map(|id| Some(step_card(pack, process, pack.step(id, on)?, on)))
        .collect();
    for id in &process.meetings {
        cards.extend(pack.meeting(id, on).map(|def| meeting_card(pack, def, on)));
    }
    let more: Vec<&ClockRule> = process
        .clocks
        .iter()
        .filter_map(|id| pack.clock(id, on))
        .collect();
    if !more.is_empty() {
        let lines = more
            .into_iter()
            .flat_map(|rule| clock_lines(pack, rule, on, true));
        cards.push(Card {
            id: String::new(),
            title: "Clocks that run beside".into(),
            under: String::new(),
            left: lines.collect(),
            right: Vec::new(),
        });
    }
    draw(process, &cards)
}

fn step_card(pack: &Pack, process: &Process, step: &StepDef, on: NaiveDate) -> Card {
    let mut left = Vec::new();
    if step.authorise.is_some() {
        left.extend(wrapped("A manager who did not write it decides", false));
    }
    for rule in pack
        .clocks(on)
        .filter(|rule| rule.step.as_deref() == Some(&step.id))
    {
        left.extend(clock_lines(pack, rule, on, false));
    }
    if !step.skip_with_reason {
        left.extend(wrapped("It cannot be left out", true));
    }
    let right = step
        .outcomes
        .iter()
        .map(|outcome| Leads {
            text: outcome.title.clone(),
            to: outcome
                .next
                .iter()
                .map(|next| (next.clone(), outcome.start.contains(next)))
                .collect(),
            outside: outside(pack, process, &outcome.next, on),
        })
        .collect();
    Card {
        id: step.id.clone(),
        title: step.title.clone(),
        under: format!("{} ({})", step.source, step.strength.label()),
        left,
        right,
    }
}

fn outside(pack: &Pack, process: &Process, next: &[String], on: NaiveDate) -> Vec<Words> {
    let titles: Vec<&str> = next
        .iter()
        .filter(|id| !process.steps.contains(id))
        .filter_map(|id| pack.step(id, on))
        .map(|step| step.title.as_str())
        .collect();
    match titles.is_empty() {
        true => Vec::new(),
        false => wrapped(&format!("Then: {}", titles.join(", ").to_lowercase()), true),
    }
}

fn meeting_card(pack: &Pack, def: &MeetingDef, on: NaiveDate) -> Card {
    let mut left = Vec::new();
    for partner in &def.partners {
        let need = match partner.need {
            Need::Must => "must take part",
            Need::Reason => "if absent, the reason is asked",
            Need::Expected => "expected",
        };
        left.extend(wrapped(
            &format!("{}: {need}", partner.title),
            partner.need == Need::Expected,
        ));
    }
    if let Some(quorum) = &def.quorum {
        left.extend(wrapped(&format!("To decide: {}", quorum.rule), false));
    }
    if let Some(days) = def.reports_before {
        left.extend(wrapped(
            &format!("Reports {days} working days before"),
            false,
        ));
    }
    let held = format!("meeting.{}.held", def.id);
    let started = pack.clocks(on).filter(|rule| rule.is_started_by(&held));
    let right = started.map(|rule| Leads {
        text: format!("Starts: {}, {}", rule.title.to_lowercase(), rule.rule),
        to: Vec::new(),
        outside: Vec::new(),
    });
    Card {
        id: String::new(),
        title: format!("Meeting: {}", def.title),
        under: format!("{} ({})", def.source, def.strength.label()),
        right: right.collect(),
        left,
    }
}

fn clock_lines(pack: &Pack, rule: &ClockRule, on: NaiveDate, starts: bool) -> Vec<Words> {
    let mut lines = wrapped(&format!("{}: {}", rule.title, rule.rule), false);
    if starts {
        let from: Vec<String> = rule
            .triggers
            .iter()
            .map(|event| words_of(pack, event, on))
            .collect();
        lines.extend(wrapped(&format!("Starts: {}", from.join("; ")), true));
    }
    lines.extend(wrapped(rule.strength.label(), true));
    lines
}

/// An event in people's words.
fn words_of(pack: &Pack, event: &str, on: NaiveDate) -> String {
    if let Some((_, words)) = TRIGGERS.iter().find(|(id, _)| *id == event) {
        return (*words).to_owned();
    }
    if let Some(meeting) = event
        .strip_prefix("meeting.")
        .and_then(|rest| rest.strip_suffix(".held"))
        && let Some(def) = pack.meeting(meeting, on)
    {
        return format!("{} was held", def.title);
    }
    let Some((step, deed)) = event.rsplit_once('.') else {
        return event.to_owned();
    };
    let Some(def) = pack.step(step, on) else {
        return event.to_owned();
    };
    let deed = def.outcome(deed).map_or(deed, |outcome| &outcome.title);
    format!("{}: {}", def.title, deed.to_lowercase())
}

/// Lines of a column, cut between words.
fn wrapped(text: &str, quiet: bool) -> Vec<Words> {
    lines_of(text, 50, quiet)
}

fn lines_of(text: &str, most: usize, quiet: bool) -> Vec<Words> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let long = lines[last].chars().count() + word.chars().count() + 1 > most;
        match (lines[last].is_empty(), long) {
            (true, _) => lines[last].push_str(word),
            (false, false) => {
                lines[last].push(' ');
                lines[last].push_str(word);
            }
            (false, true) => lines.push(format!("  {word}")),
        }
    }
    lines
        .into_iter()
        .map(|text| Words { text, quiet })
        .collect()
}

/// The height of a card, and for each outcome its first line.
fn measure(card: &Card) -> (usize, Vec<usize>) {
    let mut at = Vec::new();
    let mut right = 0;
    for leads in &card.right {
        at.push(right);
        right += wrapped(&leads.text, false).len() + leads.outside.len() + 1;
    }
    let lines = card.left.len().max(right).max(1);
    let under = usize::from(!card.under.is_empty()) * LINE;
    (HEAD + under + lines * LINE + 16, at)
}

fn draw(process: &Process, cards: &[Card]) -> String {
    let mut tops: Vec<(String, usize)> = Vec::new();
    let intro = lines_of(&process.intro, 112, false);
    // The first card begins under the last line of the introduction.
    let mut y = 96.max(60 + intro.len() * LINE + 6);
    let mut heights = Vec::new();
    for card in cards {
        let (height, outcomes) = measure(card);
        tops.push((card.id.clone(), y));
        heights.push((y, height, outcomes));
        y += height + GAP;
    }
    let mut svg = String::new();
    line(
        &mut svg,
        format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" role="img" font-family="Arial, Helvetica, sans-serif" font-size="13">"#
        ),
    );
    line(
        &mut svg,
        format_args!(
            "<title>{}</title><desc>{}</desc>",
            safe(&process.title),
            safe(&process.intro)
        ),
    );
    line(
        &mut svg,
        format_args!(
            r##"<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 10 5 0 10z" fill="#0b5c5c"/></marker></defs><rect width="{WIDTH}" height="{y}" fill="#ffffff"/>"##
        ),
    );
    text(&mut svg, LEFT, 36, 22, true, "#0b0c0c", &process.title);
    for (i, words) in intro.iter().enumerate() {
        text(
            &mut svg,
            LEFT,
            60 + i * LINE,
            14,
            false,
            "#0b0c0c",
            &words.text,
        );
    }
    let mut lane = 0;
    for (card, (top, height, outcomes)) in cards.iter().zip(&heights) {
        draw_card(&mut svg, card, *top, *height);
        for (leads, row) in card.right.iter().zip(outcomes) {
            let under = usize::from(!card.under.is_empty()) * LINE;
            let from = top + HEAD + under + 10 + row * LINE;
            for (to, at_once) in &leads.to {
                let Some((_, target)) = tops.iter().find(|(id, _)| id == to) else {
                    continue;
                };
                lane = (lane + 1) % 7;
                arrow(&mut svg, from, target + HEAD / 2, lane, *at_once);
            }
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_card(svg: &mut String, card: &Card, top: usize, height: usize) {
    line(
        svg,
        format_args!(
            r##"<rect x="{LEFT}" y="{top}" width="{CARD}" height="{height}" rx="4" fill="#f4f8f8" stroke="#0b5c5c"/><rect x="{LEFT}" y="{top}" width="{CARD}" height="{HEAD}" rx="4" fill="#0b5c5c"/>"##
        ),
    );
    text(svg, LEFT + 12, top + 22, 16, true, "#ffffff", &card.title);
    let mut y = top + HEAD + 18;
    if !card.under.is_empty() {
        let short = shortened(&card.under);
        text(svg, LEFT + 12, y, 12, false, "#505a5f", &short);
        y += LINE;
    }
    for (i, words) in card.left.iter().enumerate() {
        let colour = if words.quiet { "#505a5f" } else { "#0b0c0c" };
        text(svg, LEFT + 12, y + i * LINE, 13, false, colour, &words.text);
    }
    let mut row = y;
    for leads in &card.right {
        for words in wrapped(&leads.text, false) {
            text(svg, LEFT + HALF + 24, row, 13, true, "#0b0c0c", &words.text);
            row += LINE;
        }
        for words in &leads.outside {
            text(
                svg,
                LEFT + HALF + 24,
                row,
                13,
                false,
                "#505a5f",
                &words.text,
            );
            row += LINE;
        }
        row += LINE;
    }
}

/// From an outcome's edge to the head of another card, in its own lane.
/// Dashed: it may follow. Whole: it begins at once.
fn arrow(svg: &mut String, from: usize, to: usize, lane: usize, at_once: bool) {
    let edge = LEFT + CARD;
    let x = edge + 18 + lane * 11;
    let dash = if at_once {
        ""
    } else {
        r#" stroke-dasharray="4 3""#
    };
    let y = from + 4;
    line(
        svg,
        format_args!(
            r##"<path d="M{edge} {y} H{x} V{to} H{edge}" fill="none" stroke="#0b5c5c" stroke-width="1.5"{dash} marker-end="url(#head)"/>"##
        ),
    );
}

fn text(svg: &mut String, x: usize, y: usize, size: usize, bold: bool, colour: &str, words: &str) {
    let weight = if bold { r#" font-weight="bold""# } else { "" };
    line(
        svg,
        format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" fill="{colour}"{weight}>{}</text>"#,
            safe(words)
        ),
    );
}

/// Writing to a text cannot fail.
fn line(svg: &mut String, words: std::fmt::Arguments<'_>) {
    if svg.write_fmt(words).is_ok() {
        svg.push('\n');
    }
}

/// A source as long as the card is wide.
fn shortened(words: &str) -> String {
    const MOST: usize = 112;
    if words.chars().count() <= MOST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}

fn safe(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
