//! Rectangles as what they stand for: a square of modules, or bands of bars.

use super::Dark;

/// How far off a whole number of modules an edge may be, in modules.
const OFF: f64 = 0.12;
/// Modules on a side of the smallest and the largest symbol.
const SIDES: std::ops::RangeInclusive<usize> = 10..=177;
/// Bands that are looked for at most: rows of a stacked symbol with their separators.
const BANDS: usize = 64;

/// A square of modules.
pub(super) struct Grid {
    pub side: usize,
    pub module: f64,
    bits: Vec<bool>,
}

impl Grid {
    /// The square that the rectangles fill; `None` if it is none.
    pub fn of(dark: &[Dark]) -> Option<Self> {
        let (left, right) = extent(dark.iter().map(|d| (d.x, d.x + d.width)))?;
        let (top, bottom) = extent(dark.iter().map(|d| (d.y, d.y + d.height)))?;
        let (width, height) = (right - left, bottom - top);
        if (width - height).abs() > 0.03 * width.max(height) {
            return None;
        }
        // every column of a symbol begins a rectangle in some row, or at least two columns side by side do
        let module = step(dark.iter().map(|d| d.x))?;
        let side = libm::round(width / module);
        if side < *SIDES.start() as f64 || side > *SIDES.end() as f64 {
            return None;
        }
        let side = side as usize;
        let mut bits = vec![false; side * side];
        for d in dark {
            let (x, y) = ((d.x - left) / module, (d.y - top) / module);
            if off(x) > OFF {
                return None;
            }
            // modules that were made narrower are joined to the next row by rectangles half a module lower
            if off(y) > 0.3 {
                continue;
            }
            let (x, y) = (libm::round(x) as usize, libm::round(y) as usize);
            let (w, h) = (libm::round(d.width / module) as usize, libm::round(d.height / module) as usize);
            for row in y..y.saturating_add(h.max(1)).min(side) {
                for column in x..x.saturating_add(w.max(1)).min(side) {
                    if let Some(bit) = bits.get_mut(row * side + column) {
                        *bit = true;
                    }
                }
            }
        }
        Some(Self { side, module, bits })
    }

    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.bits.get(y * self.side + x).copied().unwrap_or(false)
    }
}

fn off(n: f64) -> f64 {
    (n - libm::round(n)).abs()
}

fn extent(edges: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    edges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The step that positions are whole multiples of, from the first on: their least distance, made exact by their span.
fn step(positions: impl Iterator<Item = f64>) -> Option<f64> {
    let mut all: Vec<f64> = positions.collect();
    all.sort_unstable_by(f64::total_cmp);
    let (first, last) = (*all.first()?, *all.last()?);
    let span = last - first;
    // closer than this is the same place, rounded another way
    let same = span / 1000.0;
    let least = all.windows(2).filter_map(|w| Some(w.get(1)? - w.first()?)).filter(|d| *d > same).reduce(f64::min)?;
    let count = libm::round(span / least);
    let step = span / count;
    (count >= 1.0 && all.iter().all(|p| off((p - first) / step) <= OFF)).then_some(step)
}

/// Bars of one height: their left and right edges, from the left.
#[derive(Clone, Debug)]
pub(super) struct Band {
    pub height: f64,
    pub bars: Vec<(f64, f64)>,
}

/// The bands from the head to the foot.
pub(super) fn bands(dark: &[Dark]) -> Option<Vec<Band>> {
    let (top, bottom) = extent(dark.iter().map(|d| (d.y, d.y + d.height)))?;
    let same = (bottom - top) / 1000.0;
    let mut edges: Vec<f64> = dark.iter().flat_map(|d| [d.y, d.y + d.height]).collect();
    edges.sort_unstable_by(f64::total_cmp);
    edges.dedup_by(|b, a| *b - *a <= same);
    if edges.len() < 2 || edges.len() > BANDS {
        return None;
    }
    let mut out = Vec::with_capacity(edges.len());
    for pair in edges.windows(2) {
        let [from, to] = pair else { continue };
        let middle = (from + to) / 2.0;
        let mut bars: Vec<(f64, f64)> =
            dark.iter().filter(|d| d.y < middle && middle < d.y + d.height).map(|d| (d.x, d.x + d.width)).collect();
        bars.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        out.push(Band { height: to - from, bars });
    }
    Some(out)
}

/// Whether the fullest band could be a symbol: many bars that do not touch, of several widths, taller than wide.
pub(super) fn looks_like_bars(bands: &[Band]) -> bool {
    let Some(band) = bands.iter().max_by_key(|b| b.bars.len()) else { return false };
    let apart = band.bars.windows(2).all(|w| matches!(w, [a, b] if b.0 > a.1));
    let narrowest = band.bars.iter().map(|b| b.1 - b.0).fold(f64::MAX, f64::min);
    let widest = band.bars.iter().map(|b| b.1 - b.0).fold(0.0, f64::max);
    band.bars.len() >= super::MANY && apart && widest > 1.5 * narrowest && band.height > widest
}
