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
        Fixed::at(self).metres_to(&Fixed::at(other))
    }
}

/// A point from which many distances are measured: what each of them asks of
/// the point alone is worked out once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fixed {
    pub(crate) point: Point,
    /// Its latitude in radians.
    latitude: f64,
    /// The cosine of its latitude.
    cosine: f64,
}

impl Fixed {
    pub(crate) fn at(point: Point) -> Fixed {
        let latitude = point.latitude.to_radians();
        Fixed {
            point,
            latitude,
            cosine: latitude.cos(),
        }
    }

    /// Metres to another: never negative and always a number, whatever a feed
    /// gives as degrees.
    pub(crate) fn metres_to(&self, other: &Fixed) -> f64 {
        const EARTH: f64 = 6_371_008.8;
        let north = (other.latitude - self.latitude) / 2.0;
        let east = (other.point.longitude - self.point.longitude).to_radians() / 2.0;
        let h = north.sin().powi(2) + self.cosine * other.cosine * east.sin().powi(2);
        2.0 * EARTH * h.sqrt().min(1.0).asin()
    }
}
