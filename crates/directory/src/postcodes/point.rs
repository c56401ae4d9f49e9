//! Points, and how far apart they are.

/// Metres in a mile.
pub const MILE: f64 = 1609.344;

/// A point in WGS84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl Point {
    /// Metres to another point, over a round earth: right to 0.5%.
    pub fn metres_to(self, other: Point) -> f64 {
        const EARTH: f64 = 6_371_008.8;
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let north = (b - a) / 2.0;
        let east = (other.longitude - self.longitude).to_radians() / 2.0;
        let h = north.sin().powi(2) + a.cos() * b.cos() * east.sin().powi(2);
        2.0 * EARTH * h.sqrt().min(1.0).asin()
    }
}
