//! A map of our own: drawn on the server from what we hold (the middles of
//! postcode sectors and the places of services), with no tiles and nobody
//! else's server, so that nobody learns what is looked for. Each pin is a link
//! with the number of the list beneath, which says everything in words.
//! Hidden places never come here.

use std::fmt::Write as _;

use directory::postcodes::{MILE, Point, Postcodes, Sector};
use directory::search::{Council, Near};

use super::words::Words;

const WIDE: f64 = 320.0;
const HIGH: f64 = 300.0;
/// What stays free around the pins, so that none is cut off.
const EDGE: f64 = 34.0;
/// No two pins are nearer than this: a finger must find each.
const APART: f64 = 27.0;
/// The side of one piece of the shaded ground.
const PIECE: f64 = 5.0;
/// Metres in a degree of latitude.
const DEGREE: f64 = 111_195.0;

/// A result at a place.
pub(super) struct Pin {
    pub number: usize,
    pub name: String,
    pub href: String,
    pub point: Point,
    pub over_the_border: bool,
}

/// A pin as drawn; where it had to move aside, a line leads to its place.
pub(super) struct DrawnPin {
    pub number: usize,
    pub name: String,
    pub href: String,
    pub over_the_border: bool,
    pub x: f64,
    pub y: f64,
    pub at_x: f64,
    pub at_y: f64,
    pub moved: bool,
}

/// The name of an area.
pub(super) struct Area {
    pub name: String,
    pub x: f64,
    pub y: f64,
}

/// The middle of where the reader is.
pub(super) struct Here {
    pub x: f64,
    pub y: f64,
}

/// The finished map.
pub(super) struct Drawing {
    pub wide: f64,
    pub high: f64,
    /// The ground of other councils.
    pub abroad: String,
    pub areas: Vec<Area>,
    pub here: Option<Here>,
    pub pins: Vec<DrawnPin>,
    pub scale: f64,
    pub scale_words: String,
    /// What the map leaves out and what its shading means.
    pub says: String,
}

/// Turns points into places on the paper.
struct Paper {
    middle: Point,
    /// Units for one degree of latitude.
    unit: f64,
    squeeze: f64,
}

impl Paper {
    fn over(points: &[Point]) -> Paper {
        let fold = |pick: fn(&Point) -> f64, better: fn(f64, f64) -> f64, from: f64| {
            points.iter().map(pick).fold(from, better)
        };
        let (south, north) = (
            fold(|p| p.latitude, f64::min, f64::INFINITY),
            fold(|p| p.latitude, f64::max, f64::NEG_INFINITY),
        );
        let (west, east) = (
            fold(|p| p.longitude, f64::min, f64::INFINITY),
            fold(|p| p.longitude, f64::max, f64::NEG_INFINITY),
        );
        let middle = Point {
            latitude: f64::midpoint(south, north),
            longitude: f64::midpoint(west, east),
        };
        let squeeze = middle.latitude.to_radians().cos();
        // Never closer than a mile across: one service is no street map.
        let least = MILE / DEGREE;
        let tall = (north - south).max(least);
        let broad = ((east - west) * squeeze).max(least);
        let unit = ((WIDE - 2.0 * EDGE) / broad).min((HIGH - 2.0 * EDGE) / tall);
        Paper {
            middle,
            unit,
            squeeze,
        }
    }

    fn place(&self, point: Point) -> (f64, f64) {
        let x = (point.longitude - self.middle.longitude) * self.squeeze * self.unit;
        let y = (self.middle.latitude - point.latitude) * self.unit;
        (tenth(WIDE / 2.0 + x), tenth(HIGH / 2.0 + y))
    }

    /// The two corners of the paper, and as much again around it: what lies
    /// outside decides where a border runs inside.
    fn corners(&self) -> (Point, Point) {
        let tall = HIGH / self.unit;
        let broad = WIDE / self.unit / self.squeeze;
        let at = |sign: f64| Point {
            latitude: self.middle.latitude + sign * tall,
            longitude: self.middle.longitude + sign * broad,
        };
        (at(-1.0), at(1.0))
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// Draws results around where the reader is.
pub(super) fn draw(
    pins: Vec<Pin>,
    of: usize,
    near: Option<&Near>,
    postcodes: &Postcodes,
    council: &Council,
    words: &Words,
) -> Drawing {
    let mut points: Vec<Point> = pins.iter().map(|p| p.point).collect();
    points.extend(near.map(|n| n.point));
    if points.is_empty() {
        points.push(Point {
            latitude: 52.5,
            longitude: -1.5,
        });
    }
    let paper = Paper::over(&points);
    let (low, high) = paper.corners();
    let sectors = postcodes.sectors_between(low, high);
    let abroad = shade(&paper, &sectors, council);
    let left_out = of.saturating_sub(pins.len());
    let mut says = String::new();
    if left_out > 0 {
        says.push_str(&words.count("map.left_out", left_out));
    }
    if !abroad.is_empty() {
        let said = words.fill("map.abroad", &[("council", &council.name)]);
        says = format!("{says} {said}").trim().to_owned();
    }
    let (miles, scale) = scale_bar(paper.unit);
    Drawing {
        wide: WIDE,
        high: HIGH,
        abroad,
        areas: areas(&paper, &sectors),
        here: near.map(|n| {
            let (x, y) = paper.place(n.point);
            Here { x, y }
        }),
        pins: spread(pins, &paper),
        scale,
        scale_words: match miles {
            "1" => words.say("why.miles.one").to_owned(),
            n => words.fill("why.miles", &[("number", n)]),
        },
        says,
    }
}

/// The longest round distance that fits below.
fn scale_bar(unit: f64) -> (&'static str, f64) {
    const BARS: [(&str, f64); 8] = [
        ("50", 50.0),
        ("20", 20.0),
        ("10", 10.0),
        ("5", 5.0),
        ("2", 2.0),
        ("1", 1.0),
        ("0.5", 0.5),
        ("0.2", 0.2),
    ];
    let mile = unit * MILE / DEGREE;
    let fits = BARS.iter().find(|(_, miles)| miles * mile <= 110.0);
    let (words, miles) = fits.copied().unwrap_or(("0.2", 0.2));
    (words, tenth(miles * mile))
}

/// Moves pins apart until a finger finds each, and keeps them on the paper.
fn spread(pins: Vec<Pin>, paper: &Paper) -> Vec<DrawnPin> {
    let places: Vec<(f64, f64)> = pins.iter().map(|p| paper.place(p.point)).collect();
    let mut now = places.clone();
    for _ in 0..120 {
        let mut still = true;
        for a in 0..now.len() {
            for b in a + 1..now.len() {
                let (mut dx, mut dy) = (now[b].0 - now[a].0, now[b].1 - now[a].1);
                let mut far = dx.hypot(dy);
                if far >= APART {
                    continue;
                }
                if far < 0.1 {
                    // At one place: each goes its own way.
                    let turn = b as f64 * 2.4;
                    (dx, dy, far) = (turn.cos(), turn.sin(), 1.0);
                }
                let push = (APART - far.min(APART)) / 2.0 / far + 0.01;
                now[a] = (now[a].0 - dx * push, now[a].1 - dy * push);
                now[b] = (now[b].0 + dx * push, now[b].1 + dy * push);
                still = false;
            }
        }
        for place in &mut now {
            place.0 = place.0.clamp(16.0, WIDE - 16.0);
            place.1 = place.1.clamp(16.0, HIGH - 30.0);
        }
        if still {
            break;
        }
    }
    let each = pins.into_iter().zip(places).zip(now);
    each.map(|((pin, (at_x, at_y)), (x, y))| DrawnPin {
        moved: (x - at_x).hypot(y - at_y) > 4.0,
        number: pin.number,
        name: pin.name,
        href: pin.href,
        over_the_border: pin.over_the_border,
        x: tenth(x),
        y: tenth(y),
        at_x,
        at_y,
    })
    .collect()
}

/// The middle of each outward code on the paper, for finding one's way.
fn areas(paper: &Paper, sectors: &[Sector<'_>]) -> Vec<Area> {
    let mut sums: std::collections::BTreeMap<&str, (f64, f64, f64)> =
        std::collections::BTreeMap::new();
    for sector in sectors {
        let outcode = sector.name.split(' ').next().unwrap_or_default();
        let sum = sums.entry(outcode).or_default();
        sum.0 += sector.point.latitude;
        sum.1 += sector.point.longitude;
        sum.2 += 1.0;
    }
    let mut areas: Vec<Area> = Vec::new();
    for (name, (latitude, longitude, count)) in sums {
        let (x, y) = paper.place(Point {
            latitude: latitude / count,
            longitude: longitude / count,
        });
        let inside = (14.0..WIDE - 14.0).contains(&x) && (14.0..HIGH - 24.0).contains(&y);
        // Names that would lie on one another are left out.
        let free = areas
            .iter()
            .all(|a| (a.x - x).abs() > 30.0 || (a.y - y).abs() > 14.0);
        if inside && free && areas.len() < 14 {
            areas.push(Area {
                name: name.to_owned(),
                x,
                y,
            });
        }
    }
    areas
}

/// The ground that belongs to other councils, in small squares: each to the
/// council of the nearest sector. Nothing when no council is known, or when
/// all of it is one council's.
fn shade(paper: &Paper, sectors: &[Sector<'_>], council: &Council) -> String {
    let known: Vec<(f64, f64, bool)> = sectors
        .iter()
        .filter_map(|sector| {
            let (x, y) = paper.place(sector.point);
            let code = sector.council?;
            Some((x, y, council.codes.iter().any(|c| c == code)))
        })
        .collect();
    if council.codes.is_empty() || !known.iter().any(|(.., ours)| *ours) {
        return String::new();
    }
    let ours = |x: f64, y: f64| {
        let far = |k: &&(f64, f64, bool)| (k.0 - x).powi(2) + (k.1 - y).powi(2);
        let nearest = known.iter().min_by(|a, b| far(a).total_cmp(&far(b)));
        nearest.is_none_or(|(.., ours)| *ours)
    };
    let (across, down) = ((WIDE / PIECE) as usize, (HIGH / PIECE) as usize);
    let mut path = String::new();
    for row in 0..down {
        let y = row as f64 * PIECE;
        let mut from = None;
        for column in 0..=across {
            let x = column as f64 * PIECE;
            let abroad = column < across && !ours(x + PIECE / 2.0, y + PIECE / 2.0);
            match (abroad, from) {
                (true, None) => from = Some(x),
                (false, Some(start)) => {
                    // Writing to a text cannot fail.
                    if write!(path, "M{start} {y}h{}v{PIECE}h-{0}z", x - start).is_err() {
                        return path;
                    }
                    from = None;
                }
                _ => {}
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use directory::invented;

    fn pin(number: usize, point: Point) -> Pin {
        Pin {
            number,
            name: format!("Service {number}"),
            href: format!("#s-{number}"),
            point,
            over_the_border: false,
        }
    }

    #[test]
    fn pins_at_one_place_are_moved_apart_and_say_where_they_belong() {
        let here = invented::MIDDLE;
        let pins: Vec<Pin> = (1..=20).map(|n| pin(n, here)).collect();
        let paper = Paper::over(&[here]);
        let drawn = spread(pins, &paper);
        for (at, one) in drawn.iter().enumerate() {
            assert!((0.0..WIDE).contains(&one.x) && (0.0..HIGH).contains(&one.y));
            for other in &drawn[at + 1..] {
                let far = (one.x - other.x).hypot(one.y - other.y);
                assert!(far > 24.0, "{} and {}: {far}", one.number, other.number);
            }
        }
        assert!(drawn.iter().filter(|p| p.moved).count() >= 19);
    }

    #[test]
    fn the_scale_is_true() {
        let paper = Paper::over(&[
            invented::MIDDLE,
            Point {
                latitude: invented::MIDDLE.latitude + 5.0 * MILE / DEGREE,
                ..invented::MIDDLE
            },
        ]);
        let (words, long) = scale_bar(paper.unit);
        let (_, y1) = paper.place(invented::MIDDLE);
        let (_, y2) = paper.place(Point {
            latitude: invented::MIDDLE.latitude + MILE / DEGREE,
            ..invented::MIDDLE
        });
        let miles: f64 = words.parse().unwrap();
        assert!(((y1 - y2) * miles - long).abs() < 1.0, "{words}: {long}");
    }

    #[test]
    fn the_ground_over_the_border_is_shaded_and_ours_is_not() {
        let table = invented::postcodes();
        let council = Council {
            name: "Larkmere".into(),
            codes: vec![invented::COUNCIL.into()],
        };
        let point = |code: &str| table.find_area(code).unwrap().point;
        let paper = Paper::over(&[point("LK6 6"), point("LX1 5")]);
        let (low, high) = paper.corners();
        let sectors = table.sectors_between(low, high);
        let path = shade(&paper, &sectors, &council);
        assert!(
            path.starts_with('M') && path.len() < 6_000,
            "{}",
            path.len()
        );
        let alone = Paper::over(&[point("LK5 5")]);
        let (low, high) = alone.corners();
        let sectors = table.sectors_between(low, high);
        assert!(shade(&alone, &sectors, &council).is_empty());
        assert!(shade(&paper, &sectors, &Council::default()).is_empty());
    }
}
