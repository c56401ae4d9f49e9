//! Draws the laid-out family: symbols with names to their right, couples joined
//! by a line below, children hanging from a bar, everything at right angles.

use crate::generations::{self, Someone, Tree, Unit};
use crate::layout::{self, PLACE, SYMBOL};
use crate::model::{BondKind, Family, PartnershipKind};
use crate::ring;
use crate::symbol::{escape, symbol, wrap};
use crate::table::{self, Row};
use std::fmt::Write;

/// A genogram: the drawing, and the same family in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// An `<svg>` element with a title and a description.
    pub svg: String,
    /// The table, oldest generation first, each from left to right.
    pub rows: Vec<Row>,
    /// What could not be drawn, in words.
    pub problems: Vec<String>,
    /// For each person: id and the rectangle of symbol and words, as left, top,
    /// width and height.
    pub boxes: Vec<(String, [i64; 4])>,
}

const MARGIN: f64 = 28.0;
const LANE: f64 = 12.0;

/// Draws `family`. Never fails: see [`Picture::problems`].
pub fn draw(family: &Family) -> Picture {
    let tree = generations::build(family);
    let x: Vec<f64> = layout::places(&tree)
        .into_iter()
        .map(|x| x + MARGIN)
        .collect();
    let page = Page::new(&tree, x);
    let lines = page.lines();
    let mut svg = String::new();
    let width = page.x.iter().copied().fold(0.0, f64::max) + PLACE + MARGIN;
    let rows = table::rows(family, &tree, &page.x);
    let about = tree
        .index
        .map_or("the family".to_owned(), |i| tree.people[i].name.clone());
    let height = page.height();
    put(
        &mut svg,
        format_args!(
            "<svg class=\"tl-genogram\" role=\"img\" aria-labelledby=\"genogram-title genogram-desc\" \
         xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\">\n\
         <title id=\"genogram-title\">Genogram of {}</title>\n<desc id=\"genogram-desc\">{} people over {} generations. \
         The table holds the same in words.</desc>\n",
            escape(&about),
            tree.people.iter().filter(|p| !p.gap).count(),
            page.tops.len(),
        ),
    );
    page.rings(family, &mut svg);
    svg.push_str(&lines);
    page.bonds(family, &mut svg);
    for (n, person) in tree.people.iter().enumerate() {
        let row = rows.iter().find(|r| r.id.as_ref() == Some(&person.id));
        page.person(n, person, row, &mut svg);
    }
    svg.push_str("</svg>\n");
    let boxes = (0..tree.people.len())
        .map(|n| {
            let (left, top) = (page.x[n] as i64, page.top(n) as i64);
            (
                tree.people[n].id.clone(),
                [left, top, PLACE as i64 - 10, SYMBOL as i64],
            )
        })
        .collect();
    let problems = tree
        .problems
        .iter()
        .map(|(_, words)| words.clone())
        .collect();
    Picture {
        svg,
        rows,
        problems,
        boxes,
    }
}

/// Writing to a `String` cannot fail.
fn put(svg: &mut String, words: std::fmt::Arguments<'_>) {
    svg.write_fmt(words).expect("a string takes any text");
}

struct Page<'t> {
    tree: &'t Tree,
    x: Vec<f64>,
    /// The top of each generation's symbols.
    tops: Vec<f64>,
    /// For each unit: the lane of the couple's line, and of the children's bar.
    lanes: Vec<(usize, usize)>,
    /// For each unit: where its line goes down.
    drops: Vec<f64>,
}

impl<'t> Page<'t> {
    fn new(tree: &'t Tree, x: Vec<f64>) -> Self {
        let rows = tree.generation.iter().copied().max().unwrap_or(0) + 1;
        let units = tree.units.len();
        let mut page = Page {
            tree,
            x,
            tops: vec![0.0; rows],
            lanes: vec![(0, 0); units],
            drops: Vec::new(),
        };
        page.drops = page.choose_drops();
        let mut top = MARGIN + 20.0;
        for row in 0..rows {
            page.tops[row] = top;
            let couples = page.choose_lanes(row, true);
            let bars = page.choose_lanes(row, false);
            top += SYMBOL + 40.0 + (couples + bars) as f64 * LANE + 22.0;
        }
        page
    }

    fn row(&self, unit: &Unit) -> usize {
        self.tree.generation[unit.parents[0]]
    }

    fn top(&self, person: usize) -> f64 {
        self.tops[self.tree.generation[person]]
    }

    fn middle(&self, person: usize) -> f64 {
        self.x[person] + SYMBOL / 2.0
    }

    fn height(&self) -> f64 {
        self.tops.last().copied().unwrap_or(0.0) + SYMBOL + 3.0 * LANE + MARGIN + 10.0
    }

    /// Where a person's line to `unit` leaves the symbol: side by side when
    /// there have been several partners.
    fn stub(&self, person: usize, unit: usize) -> f64 {
        let theirs: Vec<usize> = (0..self.tree.units.len())
            .filter(|u| self.tree.units[*u].parents.contains(&person))
            .collect();
        let place = theirs.iter().position(|u| *u == unit).unwrap_or(0) as f64;
        let spread = (SYMBOL - 16.0) / theirs.len().max(3) as f64;
        self.middle(person) + (place - (theirs.len() as f64 - 1.0) / 2.0) * spread
    }

    /// The way down from each unit, clear of other lines and, where it passes a
    /// generation, of the people there.
    fn choose_drops(&self) -> Vec<f64> {
        let units = &self.tree.units;
        let mut drops: Vec<(usize, f64)> = Vec::new();
        for (n, unit) in units.iter().enumerate() {
            let row = self.row(unit);
            let start = layout::mean(unit.parents.iter().map(|p| self.stub(*p, n)));
            let stubs: Vec<f64> = (0..units.len())
                .filter(|u| self.row(&units[*u]) == row && unit.parents.len() == 2)
                .flat_map(|u| units[u].parents.iter().map(move |p| (*p, u)))
                .map(|(p, u)| self.stub(p, u))
                .collect();
            let deepest = unit.children.iter().map(|c| self.tree.generation[*c]).max();
            let free = |x: f64| {
                stubs.iter().all(|s| (s - x).abs() >= 6.0)
                    && drops.iter().all(|(r, d)| *r != row || (d - x).abs() >= 6.0)
                    && (0..self.x.len()).all(|p| {
                        let between =
                            (row + 1..deepest.unwrap_or(0)).contains(&self.tree.generation[p]);
                        !between || x < self.x[p] - 4.0 || x > self.x[p] + PLACE - 8.0
                    })
            };
            let tries =
                (0..400).flat_map(|k| [start + f64::from(k) * 4.0, start - f64::from(k) * 4.0]);
            // An only child hangs straight down where that is possible.
            let only = match unit.children[..] {
                [child] => Some(self.middle(child)).filter(|x| (x - start).abs() < PLACE / 2.0),
                _ => None,
            };
            let tries = only.into_iter().chain(tries);
            let x = tries.into_iter().find(|x| free(*x)).unwrap_or(start);
            drops.push((row, x));
        }
        drops.into_iter().map(|(_, x)| x).collect()
    }

    /// Gives each horizontal line of a gap the first lane where it meets no other.
    fn choose_lanes(&mut self, row: usize, couples: bool) -> usize {
        let mut spans: Vec<(f64, f64, usize)> = Vec::new();
        for (n, unit) in self.tree.units.iter().enumerate() {
            let ends: Vec<f64> = match couples {
                true if self.row(unit) == row && unit.parents.len() == 2 => unit
                    .parents
                    .iter()
                    .map(|p| self.stub(*p, n))
                    .chain(
                        [self.drops[n]]
                            .into_iter()
                            .filter(|_| !unit.children.is_empty()),
                    )
                    .collect(),
                false if self.row(unit) == row && !unit.children.is_empty() => unit
                    .children
                    .iter()
                    .map(|c| self.middle(*c))
                    .chain([self.drops[n]])
                    .collect(),
                _ => continue,
            };
            let low = ends.iter().copied().fold(f64::INFINITY, f64::min);
            spans.push((low, ends.into_iter().fold(low, f64::max), n));
        }
        spans.sort_by(|a, b| (a.1 - a.0).total_cmp(&(b.1 - b.0)).then(a.2.cmp(&b.2)));
        let mut lanes: Vec<Vec<(f64, f64)>> = Vec::new();
        for (low, high, n) in spans {
            let clear = |lane: &Vec<(f64, f64)>| {
                lane.iter().all(|(l, h)| high + 6.0 < *l || *h + 6.0 < low)
            };
            let lane = lanes.iter().position(clear).unwrap_or(lanes.len());
            if lane == lanes.len() {
                lanes.push(Vec::new());
            }
            lanes[lane].push((low, high));
            if couples {
                self.lanes[n].0 = lane;
            } else {
                self.lanes[n].1 = lane;
            }
        }
        lanes.len()
    }

    /// Couples, drops, bars and the lines to each child.
    fn lines(&self) -> String {
        let mut svg = String::new();
        for (n, unit) in self.tree.units.iter().enumerate() {
            let under = self.top(unit.parents[0]) + SYMBOL;
            let mut start = under;
            if let [a, b] = unit.parents[..] {
                let y = under + 16.0 + self.lanes[n].0 as f64 * LANE;
                let (a, b) = (self.stub(a, n), self.stub(b, n));
                let kind = match unit.kind {
                    None => " tl-genogram-line--unknown",
                    Some(PartnershipKind::Cohabiting) => " tl-genogram-line--cohabiting",
                    Some(_) => "",
                };
                let far = self.drops[n];
                put(
                    &mut svg,
                    format_args!(
                        "<path class=\"tl-genogram-line{kind}\" d=\"M{a:.0},{under:.0} V{y:.0} H{b:.0} V{under:.0}\"/>\n"
                    ),
                );
                if !unit.children.is_empty() && (far < a.min(b) || far > a.max(b)) {
                    let near = if far < a.min(b) { a.min(b) } else { a.max(b) };
                    put(
                        &mut svg,
                        format_args!(
                            "<path class=\"tl-genogram-line\" d=\"M{near:.0},{y:.0} H{far:.0}\"/>\n"
                        ),
                    );
                }
                let strokes = match unit.kind {
                    Some(PartnershipKind::Separated) => 1,
                    Some(PartnershipKind::Divorced) => 2,
                    _ => 0,
                };
                let at = (a + b) / 2.0 - (b - a).abs().min(80.0) / 4.0;
                for stroke in 0..strokes {
                    let x = at + f64::from(stroke) * 6.0;
                    put(
                        &mut svg,
                        format_args!(
                            "<path class=\"tl-genogram-line\" d=\"M{:.0},{:.0} L{:.0},{:.0}\"/>\n",
                            x - 4.0,
                            y + 7.0,
                            x + 4.0,
                            y - 7.0
                        ),
                    );
                }
                start = y;
            }
            let Some(highest) = unit.children.iter().map(|c| self.tree.generation[*c]).min() else {
                continue;
            };
            let drop = self.drops[n];
            // The bar hangs above the nearest children, lanes counted upwards.
            let gap = self.row(unit) + 1;
            let bar = self.tops[gap] - 18.0 - self.lanes[n].1 as f64 * LANE;
            put(
                &mut svg,
                format_args!(
                    "<path class=\"tl-genogram-line\" d=\"M{drop:.0},{start:.0} V{bar:.0}\"/>\n"
                ),
            );
            if highest > gap {
                // Nobody of this unit stands in the row just below: go further down.
                let y = self.tops[highest] - 8.0;
                put(
                    &mut svg,
                    format_args!(
                        "<path class=\"tl-genogram-line\" d=\"M{drop:.0},{bar:.0} V{y:.0}\"/>\n"
                    ),
                );
            }
            for child in &unit.children {
                let (x, top) = (self.middle(*child), self.top(*child));
                let y = if self.tree.generation[*child] > gap {
                    top - 8.0
                } else {
                    bar
                };
                put(
                    &mut svg,
                    format_args!(
                        "<path class=\"tl-genogram-line\" d=\"M{drop:.0},{y:.0} H{x:.0} V{top:.0}\"/>\n"
                    ),
                );
            }
        }
        svg
    }

    fn rings(&self, family: &Family, svg: &mut String) {
        let home = |p: usize| family.household.contains(&self.tree.people[p].id);
        let rows: Vec<_> = (0..self.tops.len())
            .map(|row| {
                let people = (0..self.x.len()).filter(|p| self.tree.generation[*p] == row);
                (
                    self.tops[row],
                    self.tops[row] + SYMBOL,
                    people.map(|p| (self.x[p], home(p))).collect(),
                )
            })
            .collect();
        for (path, x, y) in ring::outlines(&rows) {
            put(
                svg,
                format_args!(
                    "<path class=\"tl-genogram-ring\" d=\"{path}\"/>\n<text class=\"tl-genogram-home\" x=\"{x:.0}\" y=\"{y:.0}\">Live together</text>\n"
                ),
            );
        }
    }

    fn bonds(&self, family: &Family, svg: &mut String) {
        for bond in &family.bonds {
            let ends = (
                self.tree.numbers.get(&bond.a),
                self.tree.numbers.get(&bond.b),
            );
            let (Some(&a), Some(&b)) = ends else { continue };
            let (ax, ay) = (self.middle(a), self.top(a) + SYMBOL / 2.0);
            let (dx, dy) = (self.middle(b) - ax, self.top(b) + SYMBOL / 2.0 - ay);
            // Within a row a bond runs along the feet, below the words.
            let (ay, inset) = match dy == 0.0 {
                true => (ay + SYMBOL / 2.0 + 5.0, 0.3),
                false => (ay, 0.7),
            };
            let length = dx.hypot(dy);
            if length < SYMBOL {
                continue;
            }
            let (ux, uy) = (dx / length, dy / length);
            let at = |along: f64, aside: f64| {
                format!(
                    "{:.1},{:.1}",
                    ax + ux * along - uy * aside,
                    ay + uy * along + ux * aside
                )
            };
            let (from, to) = (SYMBOL * inset, length - SYMBOL * inset);
            let (path, class) = match bond.kind {
                BondKind::Distant => (format!("M{} L{}", at(from, 0.0), at(to, 0.0)), "distant"),
                BondKind::Close => {
                    let side = |s: f64| format!("M{} L{}", at(from, s), at(to, s));
                    (format!("{} {}", side(-2.5), side(2.5)), "close")
                }
                BondKind::Conflict => {
                    let mut path = format!("M{}", at(from, 0.0));
                    let teeth = ((to - from) / 9.0).max(1.0) as u32;
                    for tooth in 1..teeth {
                        let side = if tooth % 2 == 0 { -5.0 } else { 5.0 };
                        put(
                            &mut path,
                            format_args!(" L{}", at(from + f64::from(tooth) * 9.0, side)),
                        );
                    }
                    put(&mut path, format_args!(" L{}", at(to, 0.0)));
                    (path, "conflict")
                }
            };
            put(
                svg,
                format_args!(
                    "<path class=\"tl-genogram-bond tl-genogram-bond--{class}\" d=\"{path}\"/>\n"
                ),
            );
        }
    }

    fn person(&self, n: usize, person: &Someone, row: Option<&Row>, svg: &mut String) {
        let (x, y) = (self.x[n], self.top(n));
        let full = match row {
            Some(row) => format!("{}. {}. {}", person.name, row.relation, row.notes),
            None => person.name.clone(),
        };
        put(
            svg,
            format_args!("<g><title>{}</title>\n", escape(full.trim())),
        );
        let class = if person.gap {
            "tl-genogram-symbol tl-genogram-gap"
        } else {
            "tl-genogram-symbol"
        };
        let insets: &[f64] = if self.tree.index == Some(n) {
            &[0.0, 5.0]
        } else {
            &[0.0]
        };
        for inset in insets {
            put(
                svg,
                format_args!("{}\n", symbol(person, x, y, *inset, class)),
            );
        }
        if person.died {
            let (r, b) = (x + SYMBOL, y + SYMBOL);
            put(
                svg,
                format_args!(
                    "<path class=\"tl-genogram-line\" d=\"M{x:.0},{y:.0} L{r:.0},{b:.0} M{r:.0},{y:.0} L{x:.0},{b:.0}\"/>\n"
                ),
            );
        }
        if person.gap {
            put(
                svg,
                format_args!(
                    "<text class=\"tl-genogram-mark\" x=\"{:.0}\" y=\"{:.0}\">?</text>\n",
                    x + SYMBOL / 2.0,
                    y + 29.0
                ),
            );
        }
        let text = x + SYMBOL + 8.0;
        let name = wrap(&person.name, 2);
        let words = if person.words.is_empty() {
            Vec::new()
        } else {
            wrap(&person.words, 1)
        };
        let first = y + 29.0 - 15.0 * (name.len() + words.len()) as f64 / 2.0 + 7.0;
        let lines = name
            .iter()
            .map(|l| (l, "name"))
            .chain(words.iter().map(|l| (l, "words")));
        for (k, (line, class)) in lines.enumerate() {
            let y = first + 15.0 * k as f64 - 3.0;
            put(
                svg,
                format_args!(
                    "<text class=\"tl-genogram-{class}\" x=\"{text:.0}\" y=\"{y:.0}\">{}</text>\n",
                    escape(line)
                ),
            );
        }
        svg.push_str("</g>\n");
    }
}
