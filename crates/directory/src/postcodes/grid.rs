//! The national grid, in which the full table of postcodes says where each is.

use super::Point;

/// A point of the national grid (metres, OSGB36) in WGS84, by the published
/// inverse Transverse Mercator series and a seven-parameter shift: right to
/// about five metres, which is less than a postcode's own width.
/// Source: Ordnance Survey, A guide to coordinate systems in Great Britain.
pub fn from_grid(easting: f64, northing: f64) -> Point {
    const A: f64 = 6_377_563.396;
    const B: f64 = 6_356_256.909;
    const F0: f64 = 0.999_601_271_7;
    let lat0 = 49f64.to_radians();
    let lon0 = (-2f64).to_radians();
    let (n0, e0) = (-100_000.0, 400_000.0);
    let e2 = 1.0 - (B * B) / (A * A);
    let n = (A - B) / (A + B);
    let arc = |lat: f64| {
        let (minus, plus) = (lat - lat0, lat + lat0);
        B * F0
            * ((1.0 + n + 1.25 * n * n + 1.25 * n.powi(3)) * minus
                - (3.0 * n + 3.0 * n * n + 2.625 * n.powi(3)) * minus.sin() * plus.cos()
                + (1.875 * n * n + 1.875 * n.powi(3)) * (2.0 * minus).sin() * (2.0 * plus).cos()
                - 35.0 / 24.0 * n.powi(3) * (3.0 * minus).sin() * (3.0 * plus).cos())
    };
    let mut lat = lat0;
    for _ in 0..12 {
        let off = northing - n0 - arc(lat);
        if off.abs() < 0.000_01 {
            break;
        }
        lat += off / (A * F0);
    }
    let (sin, cos, tan) = (lat.sin(), lat.cos(), lat.tan());
    let nu = A * F0 / (1.0 - e2 * sin * sin).sqrt();
    let rho = A * F0 * (1.0 - e2) / (1.0 - e2 * sin * sin).powf(1.5);
    let eta2 = nu / rho - 1.0;
    let (t2, d) = (tan * tan, easting - e0);
    let vii = tan / (2.0 * rho * nu);
    let viii = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * t2 + eta2 - 9.0 * t2 * eta2);
    let ix = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * t2 + 45.0 * t2 * t2);
    let x = 1.0 / (cos * nu);
    let xi = 1.0 / (6.0 * cos * nu.powi(3)) * (nu / rho + 2.0 * t2);
    let xii = 1.0 / (120.0 * cos * nu.powi(5)) * (5.0 + 28.0 * t2 + 24.0 * t2 * t2);
    let airy_lat = lat - vii * d.powi(2) + viii * d.powi(4) - ix * d.powi(6);
    let airy_lon = lon0 + x * d - xi * d.powi(3) + xii * d.powi(5);
    shift(airy_lat, airy_lon)
}

/// From the Airy ellipsoid to WGS84.
fn shift(lat: f64, lon: f64) -> Point {
    let (a, b) = (6_377_563.396_f64, 6_356_256.909_f64);
    let e2 = 1.0 - (b * b) / (a * a);
    let nu = a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
    let (x, y, z) = (
        nu * lat.cos() * lon.cos(),
        nu * lat.cos() * lon.sin(),
        nu * (1.0 - e2) * lat.sin(),
    );
    let second = std::f64::consts::PI / 180.0 / 3600.0;
    let (rx, ry, rz) = (0.1502 * second, 0.2470 * second, 0.8421 * second);
    let s = 1.0 - 20.4894e-6;
    let (x, y, z) = (
        446.448 + s * x - rz * y + ry * z,
        -125.157 + rz * x + s * y - rx * z,
        542.060 - ry * x + rx * y + s * z,
    );
    let (a, b) = (6_378_137.0_f64, 6_356_752.314_2_f64);
    let e2 = 1.0 - (b * b) / (a * a);
    let p = x.hypot(y);
    let mut lat = (z / (p * (1.0 - e2))).atan();
    for _ in 0..6 {
        let nu = a / (1.0 - e2 * lat.sin().powi(2)).sqrt();
        lat = ((z + e2 * nu * lat.sin()) / p).atan();
    }
    Point {
        latitude: lat.to_degrees(),
        longitude: y.atan2(x).to_degrees(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_turns_into_degrees() {
        // The Ordnance Survey's worked example: Caister water tower,
        // E 651409.903, N 313177.270; in WGS84 about 52.65798 N, 1.71605 E.
        let point = from_grid(651_409.903, 313_177.270);
        let real = Point {
            latitude: 52.657_98,
            longitude: 1.716_05,
        };
        assert!(point.metres_to(real) < 10.0, "{point:?}");
    }
}
