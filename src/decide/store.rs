//! The nearest store that is open on the posting date.
//!
//! Stores are points on the unit sphere in an R*-tree (Beckmann et al. 1990): the straight line through the
//! earth orders distances exactly as the way over its surface does, so the tree needs no notion of longitude.
//! The way itself is the great circle on a sphere of [`RADIUS_KM`].

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::rule::NO_ROW;

/// The mean radius of the earth (IUGG, R1).
pub const RADIUS_KM: f64 = 6371.0088;

/// A store that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Row in the table of stores.
    pub row: u32,
    pub km: f64,
}

/// Where the stores are that may be shown.
#[derive(Debug)]
pub struct StoreMap {
    /// Each point with its place in `rows`.
    tree: RTree<GeomWithData<[f64; 3], u32>>,
    /// In the order of the stores' keys, which decides between equally near ones.
    rows: Vec<u32>,
}

/// A place on the unit sphere; `None` for anything that is no place: latitude −90 to 90, longitude −180 to
/// 180 degrees.
#[must_use]
pub fn point(latitude: f64, longitude: f64) -> Option<[f64; 3]> {
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return None;
    }
    let (phi, lambda) = (latitude.to_radians(), longitude.to_radians());
    let (up, flat) = (libm::sin(phi), libm::cos(phi));
    Some([flat * libm::cos(lambda), flat * libm::sin(lambda), up])
}

/// The squared straight distance between two places.
fn chord_2(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let (x, y, z) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    x * x + y * y + z * z
}

/// Great-circle kilometres for a squared chord of the unit sphere: 2 R asin(chord / 2).
fn km(chord_2: f64) -> f64 {
    2.0 * RADIUS_KM * libm::asin((libm::sqrt(chord_2) / 2.0).min(1.0))
}

impl StoreMap {
    /// `stores` are key, row and place of each store that may be shown.
    #[must_use]
    pub fn new(mut stores: Vec<(&str, u32, [f64; 3])>) -> Self {
        stores.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let points = (0u32..).zip(&stores).map(|(rank, s)| GeomWithData::new(s.2, rank)).collect();
        Self { tree: RTree::bulk_load(points), rows: stores.iter().map(|s| s.1).collect() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The nearest store and the second nearest. Among equally near ones, the smaller key comes first.
    #[must_use]
    pub fn nearest(&self, from: [f64; 3]) -> [Option<Found>; 2] {
        let mut best: [Option<(f64, u32)>; 2] = [None, None];
        for (store, distance_2) in self.tree.nearest_neighbor_iter_with_distance_2(from) {
            // The tree comes in the order of its own sums; ours may differ in the last bit. One step of
            // slack, and equal distances are all seen before the search ends.
            if let Some((second, _)) = best[1]
                && distance_2 > second * (1.0 + 1e-9)
            {
                break;
            }
            let this = (chord_2(&from, store.geom()), store.data);
            let nearer =
                |than: Option<(f64, u32)>| than.is_none_or(|t| this.0.total_cmp(&t.0).then(this.1.cmp(&t.1)).is_lt());
            if nearer(best[0]) {
                best = [Some(this), best[0]];
            } else if nearer(best[1]) {
                best[1] = Some(this);
            }
        }
        best.map(|b| {
            b.map(|(d, rank)| Found { row: self.rows.get(rank as usize).copied().unwrap_or(NO_ROW), km: km(d) })
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> [f64; 3] {
        point(latitude, longitude).expect("a place")
    }

    #[test]
    fn distances_are_those_of_the_globe() {
        // A quarter of the way round, and one degree along a meridian.
        let quarter = km(chord_2(&at(0.0, 0.0), &at(0.0, 90.0)));
        assert!((quarter - RADIUS_KM * std::f64::consts::FRAC_PI_2).abs() < 1e-9);
        let degree = km(chord_2(&at(35.0, 139.0), &at(36.0, 139.0)));
        assert!((degree - 111.195).abs() < 0.001, "{degree}");
        // Tokyo station to Osaka station: 403 km.
        let tokaido = km(chord_2(&at(35.6812, 139.7671), &at(34.7025, 135.4959)));
        assert!((tokaido - 403.0).abs() < 1.0, "{tokaido}");
    }

    #[test]
    fn the_date_line_is_no_border() {
        let map = StoreMap::new(vec![("a", 0, at(0.0, 179.9)), ("b", 1, at(0.0, 170.0))]);
        assert_eq!(map.nearest(at(0.0, -179.9))[0].map(|f| f.row), Some(0));
    }

    #[test]
    fn of_equally_near_stores_the_smaller_key_is_first() {
        let here = at(35.0, 139.0);
        let map = StoreMap::new(vec![("S3", 0, here), ("S1", 1, here), ("S2", 2, here)]);
        assert_eq!(map.nearest(here).map(|f| f.map(|f| f.row)), [Some(1), Some(2)]);
    }

    #[test]
    fn what_is_no_place_has_no_point() {
        for (latitude, longitude) in [(139.7, 35.7), (f64::NAN, 0.0), (0.0, 200.0), (0.0, f64::INFINITY)] {
            assert_eq!(point(latitude, longitude), None);
        }
        assert_eq!(StoreMap::new(Vec::new()).nearest(at(0.0, 0.0)), [None, None]);
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_a_scan_finds(
            stores in prop::collection::vec((-9i32..=9, -18i32..=18), 0..60),
            from in (-90.0f64..=90.0, -180.0f64..=180.0),
        ) {
            // A coarse grid, so that many are equally near.
            let keys: Vec<String> = (0..stores.len()).map(|i| format!("S{:03}", (i * 37) % 101)).collect();
            let all: Vec<(&str, u32, [f64; 3])> = (0u32..).zip(&stores).zip(&keys)
                .map(|((row, s), key)| (key.as_str(), row, at(f64::from(s.0) * 10.0, f64::from(s.1) * 10.0)))
                .collect();
            let from = at(from.0, from.1);
            let mut scan: Vec<(f64, &str, u32)> = all.iter().map(|s| (chord_2(&from, &s.2), s.0, s.1)).collect();
            scan.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            let expected = [scan.first().map(|s| s.2), scan.get(1).map(|s| s.2)];
            prop_assert_eq!(StoreMap::new(all).nearest(from).map(|f| f.map(|f| f.row)), expected);
        }
    }
}
