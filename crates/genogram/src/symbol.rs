//! The small parts of a drawing: a person's shape, a name broken over lines,
//! and text made safe for XML.

use crate::generations::Someone;
use crate::layout::SYMBOL;
use crate::model::Shape;

/// Letters of a name that fit on a line; wide scripts count double.
const LETTERS: usize = 13;

/// The shape of a person, drawn smaller by `inset` for a double border.
pub fn symbol(person: &Someone, x: f64, y: f64, inset: f64, class: &str) -> String {
    let (l, t, r, b) = (x + inset, y + inset, x + SYMBOL - inset, y + SYMBOL - inset);
    let (cx, cy) = (x + SYMBOL / 2.0, y + SYMBOL / 2.0);
    match person.shape {
        _ if person.unborn => {
            let (l, r) = (l + inset * 0.6, r - inset * 0.6);
            format!(
                "<path class=\"{class}\" d=\"M{cx:.0},{:.1} L{r:.1},{b:.0} L{l:.1},{b:.0} Z\"/>",
                t + inset * 0.9
            )
        }
        Shape::Square => {
            let side = r - l;
            format!(
                "<rect class=\"{class}\" x=\"{l:.0}\" y=\"{t:.0}\" width=\"{side:.0}\" height=\"{side:.0}\"/>"
            )
        }
        Shape::Circle => {
            format!(
                "<circle class=\"{class}\" cx=\"{cx:.0}\" cy=\"{cy:.0}\" r=\"{:.0}\"/>",
                (r - l) / 2.0
            )
        }
        Shape::Diamond => {
            format!(
                "<path class=\"{class}\" d=\"M{cx:.0},{t:.0} L{r:.0},{cy:.0} L{cx:.0},{b:.0} L{l:.0},{cy:.0} Z\"/>"
            )
        }
    }
}

/// Breaks a text at spaces into at most `most` lines, and cuts what is left over.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let wide = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    let length = |s: &str| s.chars().map(wide).sum::<usize>();
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] = word.to_owned();
        } else if length(&lines[last]) + 1 + length(word) <= LETTERS || lines.len() == most {
            lines[last] = format!("{} {word}", lines[last]);
        } else {
            lines.push(word.to_owned());
        }
    }
    for line in &mut lines {
        if length(line) > LETTERS {
            let mut room = LETTERS - 1;
            let kept = line.chars().take_while(|c| {
                let fits = wide(*c) <= room;
                room = room.saturating_sub(wide(*c));
                fits
            });
            *line = format!("{}…", kept.collect::<String>().trim_end());
        }
    }
    lines
}

/// Text as XML takes it: marked characters escaped, control characters dropped.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
