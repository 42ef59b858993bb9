//! Where stores are, for finding the nearest ones of thousands without looking at each.
//!
//! Stores are points on the unit sphere in a k-d tree (Bentley 1975): the straight line through the earth
//! orders distances exactly as the way over its surface does, so the tree needs no notion of longitude, and
//! neither the date line nor the poles are a border. The way itself is the great circle on a sphere of
//! [`RADIUS_KM`]. Two stores are equally near when their distances are the same to the millimetre; then the
//! smaller key comes first.

use super::rule::NO_ROW;

/// The mean radius of the earth (IUGG, R1).
pub const RADIUS_KM: f64 = 6371.0088;

/// The same in millimetres.
const RADIUS_MM: f64 = RADIUS_KM * 1e6;

/// So few stores are looked at one by one.
const LEAF: usize = 8;

/// A store that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Row in the table of stores.
    pub row: u32,
    pub km: f64,
}

/// Where the stores are that may be shown. A tree without pointers: the middle of a range parts it, along the
/// axis kept beside it.
#[derive(Debug, Default)]
pub struct StoreMap {
    nodes: Vec<Node>,
    /// In the order of the stores' keys, which decides between equally near ones.
    rows: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    point: [f64; 3],
    /// Place in `rows`.
    rank: u32,
    /// Along which the range is parted whose middle this is.
    axis: u8,
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

/// The chord in whole millimetres, by which stores are told apart.
#[expect(clippy::cast_possible_truncation, reason = "at most the earth's diameter, 13 digits")]
fn millimetres(chord_2: f64) -> i64 {
    libm::round(libm::sqrt(chord_2) * RADIUS_MM) as i64
}

/// A store on the way to the nearest.
#[derive(Clone, Copy, Debug)]
struct Near {
    mm: i64,
    rank: u32,
    chord_2: f64,
}

/// The two nearest so far, and how far away a third may be to matter.
struct Search {
    from: [f64; 3],
    best: [Option<Near>; 2],
    /// Squared chord; beyond it nothing can be nearer, nor equally near.
    reach_2: f64,
}

impl Search {
    fn look(&mut self, node: &Node) {
        let chord_2 = chord_2(&self.from, &node.point);
        if chord_2 > self.reach_2 {
            return;
        }
        let this = Near { mm: millimetres(chord_2), rank: node.rank, chord_2 };
        let nearer = |than: &Option<Near>| than.is_none_or(|t| (this.mm, this.rank) < (t.mm, t.rank));
        if nearer(&self.best[0]) {
            self.best = [Some(this), self.best[0]];
        } else if nearer(&self.best[1]) {
            self.best[1] = Some(this);
        } else {
            return;
        }
        if let Some(second) = self.best[1] {
            // Rounding to whole millimetres moves a distance by half of one.
            #[expect(clippy::cast_precision_loss, reason = "13 digits")]
            let reach = (second.mm as f64 + 1.0) / RADIUS_MM;
            self.reach_2 = self.reach_2.min(reach * reach);
        }
    }

    fn within(&mut self, nodes: &[Node]) {
        if nodes.len() <= LEAF {
            nodes.iter().for_each(|n| self.look(n));
            return;
        }
        let (below, rest) = nodes.split_at(nodes.len() / 2);
        let Some((middle, above)) = rest.split_first() else { return };
        let axis = usize::from(middle.axis) % 3;
        let beside = self.from[axis] - middle.point[axis];
        let (first, second) = if beside < 0.0 { (below, above) } else { (above, below) };
        self.within(first);
        self.look(middle);
        if beside * beside <= self.reach_2 {
            self.within(second);
        }
    }
}

/// Puts the middle of each range into its middle, along the axis in which it is widest.
fn part(nodes: &mut [Node]) {
    if nodes.len() <= LEAF {
        return;
    }
    let width = |axis: usize| {
        let (low, high) = nodes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), n| {
            (low.min(n.point[axis]), high.max(n.point[axis]))
        });
        high - low
    };
    let widths = [width(0), width(1), width(2)];
    let axis = (1..3).fold(0, |widest: usize, a| if widths[a] > widths[widest] { a } else { widest });
    let middle = nodes.len() / 2;
    nodes.select_nth_unstable_by(middle, |a, b| a.point[axis].total_cmp(&b.point[axis]).then(a.rank.cmp(&b.rank)));
    let (below, rest) = nodes.split_at_mut(middle);
    if let Some((node, above)) = rest.split_first_mut() {
        node.axis = axis as u8;
        part(below);
        part(above);
    }
}

impl StoreMap {
    /// `stores` are key, row and place of each store that may be shown.
    #[must_use]
    pub fn new(mut stores: Vec<(&str, u32, [f64; 3])>) -> Self {
        stores.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let mut nodes: Vec<Node> = (0u32..).zip(&stores).map(|(rank, s)| Node { point: s.2, rank, axis: 0 }).collect();
        part(&mut nodes);
        Self { nodes, rows: stores.iter().map(|s| s.1).collect() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The nearest store and the second nearest, none farther than `most` kilometres. Among equally near
    /// ones, the smaller key comes first.
    #[must_use]
    pub fn nearest(&self, from: [f64; 3], most: Option<f64>) -> [Option<Found>; 2] {
        let mut search = Search { from, best: [None, None], reach_2: f64::INFINITY };
        if let Some(most) = most.filter(|m| *m < RADIUS_KM) {
            // A metre more: what lies on the border is decided by its own distance.
            let chord = 2.0 * libm::sin((most + 0.001) / (2.0 * RADIUS_KM));
            search.reach_2 = chord * chord;
        }
        search.within(&self.nodes);
        search.best.map(|b| {
            let found =
                b.map(|b| Found { row: self.rows.get(b.rank as usize).copied().unwrap_or(NO_ROW), km: km(b.chord_2) });
            found.filter(|f| most.is_none_or(|most| f.km <= most))
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
        assert_eq!(map.nearest(at(0.0, -179.9), None)[0].map(|f| f.row), Some(0));
    }

    #[test]
    fn of_equally_near_stores_the_smaller_key_is_first() {
        let here = at(35.0, 139.0);
        let map = StoreMap::new(vec![("S3", 0, here), ("S1", 1, here), ("S2", 2, here)]);
        assert_eq!(map.nearest(here, None).map(|f| f.map(|f| f.row)), [Some(1), Some(2)]);
    }

    #[test]
    fn what_is_no_place_has_no_point() {
        for (latitude, longitude) in [(139.7, 35.7), (f64::NAN, 0.0), (0.0, 200.0), (0.0, f64::INFINITY)] {
            assert_eq!(point(latitude, longitude), None);
        }
        assert_eq!(StoreMap::new(Vec::new()).nearest(at(0.0, 0.0), None), [None, None]);
    }

    #[test]
    fn a_distance_at_most_is_kept_to_the_metre() {
        let map = StoreMap::new(vec![("a", 0, at(35.0, 139.0)), ("b", 1, at(36.0, 139.0))]);
        let from = at(35.1, 139.0);
        let there = |most| map.nearest(from, Some(most)).map(|f| f.map(|f| f.row));
        assert_eq!(there(11.0), [None, None]);
        assert_eq!(there(11.12), [Some(0), None]);
        assert_eq!(there(99.0), [Some(0), None]);
        assert_eq!(there(101.0), [Some(0), Some(1)]);
        assert_eq!(there(30_000.0), [Some(0), Some(1)]);
    }

    #[test]
    fn at_the_pole_all_longitudes_are_one_place() {
        let map = StoreMap::new(vec![("c", 0, at(90.0, 10.0)), ("a", 1, at(90.0, -170.0)), ("b", 2, at(89.9, 0.0))]);
        assert_eq!(map.nearest(at(90.0, 55.0), None).map(|f| f.map(|f| f.row)), [Some(1), Some(0)]);
        assert_eq!(map.nearest(at(89.95, 180.0), None).map(|f| f.map(|f| f.row)), [Some(1), Some(0)]);
    }

    /// What a scan of all stores finds, by the same measure.
    fn scan(stores: &[(&str, u32, [f64; 3])], from: [f64; 3], most: Option<f64>) -> [Option<u32>; 2] {
        let mut all: Vec<(i64, &str, u32)> = stores
            .iter()
            .map(|s| (chord_2(&from, &s.2), s))
            .filter(|(chord, _)| most.is_none_or(|most| km(*chord) <= most))
            .map(|(chord, s)| (millimetres(chord), s.0, s.1))
            .collect();
        all.sort_unstable();
        [all.first().map(|s| s.2), all.get(1).map(|s| s.2)]
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_a_scan_finds(
            stores in prop::collection::vec((-9i32..=9, -18i32..=18), 0..90),
            from in (-90.0f64..=90.0, -180.0f64..=180.0),
            on_the_grid in any::<bool>(),
            most in prop::option::of(1.0f64..12_000.0),
        ) {
            // A coarse grid, so that many are equally near; with both poles and both sides of the date line.
            let keys: Vec<String> = (0..stores.len()).map(|i| format!("S{:03}", (i * 37) % 101)).collect();
            let all: Vec<(&str, u32, [f64; 3])> = (0u32..).zip(&stores).zip(&keys)
                .map(|((row, s), key)| (key.as_str(), row, at(f64::from(s.0) * 10.0, f64::from(s.1) * 10.0)))
                .collect();
            let grid = |degrees: f64| if on_the_grid { libm::round(degrees / 10.0) * 10.0 } else { degrees };
            let from = at(grid(from.0), grid(from.1));
            let expected = scan(&all, from, most);
            prop_assert_eq!(StoreMap::new(all).nearest(from, most).map(|f| f.map(|f| f.row)), expected);
        }

        #[test]
        fn close_to_each_other_too(
            stores in prop::collection::vec((35.0f64..35.02, 139.0f64..139.02), 1..200),
            from in (34.99f64..35.03, 138.99f64..139.03),
        ) {
            let keys: Vec<String> = (0..stores.len()).map(|i| format!("S{i:04}")).collect();
            let all: Vec<(&str, u32, [f64; 3])> =
                (0u32..).zip(&stores).zip(&keys).map(|((row, s), key)| (key.as_str(), row, at(s.0, s.1))).collect();
            let from = at(from.0, from.1);
            let expected = scan(&all, from, None);
            prop_assert_eq!(StoreMap::new(all).nearest(from, None).map(|f| f.map(|f| f.row)), expected);
        }
    }

    /// `cargo test --release --lib decide::store::tests::a_million -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement, to be run in release mode on a quiet machine"]
    fn a_million_customers_and_five_thousand_stores() {
        use std::io::Write as _;
        // A multiplicative sequence: the same places in every run, over the islands' length and breadth.
        let dice = |n: u32, salt: u32| f64::from(n.wrapping_mul(2_654_435_761).wrapping_add(salt) >> 8) / 16_777_216.0;
        let place = |n: u32| at(31.0 + 13.0 * dice(n, 1), 130.0 + 15.0 * dice(n.wrapping_mul(31), 7));
        let keys: Vec<String> = (0..5_000).map(|n| format!("S{n:05}")).collect();
        let start = std::time::Instant::now();
        let map = StoreMap::new((0u32..).zip(&keys).map(|(row, key)| (key.as_str(), row, place(row + 77))).collect());
        let built = start.elapsed();
        for most in [None, Some(30.0)] {
            let start = std::time::Instant::now();
            let found: usize = (0..1_000_000u32).map(|n| map.nearest(place(n), most).iter().flatten().count()).sum();
            let _ = writeln!(
                std::io::stderr().lock(),
                "{:?} for a million, within {most:?} km ({found} found); the map was made in {built:?}",
                start.elapsed()
            );
        }
    }
}
