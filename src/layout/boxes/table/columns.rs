//! How wide columns are (CSS 2.2, section 17.5.2; CSS Tables 3, section 3.8). All widths here are in points.

/// What a column, or a cell over several, asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Want {
    pub min: f32,
    pub max: f32,
    /// A share of the table's width; 1.0 = all of it.
    pub share: Option<f32>,
    /// A length was written: `max` is meant.
    pub fixed: bool,
}

impl Want {
    /// Takes in what another cell of the column asks for.
    pub fn join(&mut self, other: Self) {
        self.min = self.min.max(other.min);
        self.max = match (self.fixed, other.fixed) {
            (true, false) => self.max,
            (false, true) => other.max,
            _ => self.max.max(other.max),
        };
        self.fixed |= other.fixed;
        self.max = self.max.max(self.min);
        self.share = match (self.share, other.share) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
    }

    fn is_auto(&self) -> bool {
        !self.fixed && self.share.is_none()
    }
}

/// Shares `amount` out by weight; equally where nothing weighs anything.
fn share_out(amount: f32, weights: &[f32]) -> Vec<f32> {
    let total: f32 = weights.iter().sum();
    let count = weights.len().max(1) as f32;
    weights.iter().map(|w| if total > 0.0 { amount * w / total } else { amount / count }).collect()
}

/// Adds `amount` to the columns that `which` picks, by weight.
fn add(to: &mut [f32], amount: f32, columns: &[Want], which: impl Fn(&Want) -> bool, weight: impl Fn(&Want) -> f32) {
    let picked: Vec<usize> = (0..columns.len()).filter(|i| columns.get(*i).is_some_and(&which)).collect();
    let weights: Vec<f32> = picked.iter().filter_map(|i| columns.get(*i)).map(weight).collect();
    for (i, more) in picked.iter().zip(share_out(amount, &weights)) {
        if let Some(t) = to.get_mut(*i) {
            *t += more;
        }
    }
}

/// The widths of columns that have `target` together: between what they need, their shares, the lengths that were
/// written, and what they would like, in this order (CSS Tables 3, section 3.9.3).
pub fn assign(columns: &[Want], target: f32) -> Vec<f32> {
    let sum = |v: &[f32]| v.iter().sum::<f32>();
    let least: Vec<f32> = columns.iter().map(|c| c.min).collect();
    let of_share = |c: &Want| c.share.map(|s| (s * target).max(c.min));
    let shares: Vec<f32> = columns.iter().map(|c| of_share(c).unwrap_or(c.min)).collect();
    let written: Vec<f32> =
        columns.iter().map(|c| of_share(c).unwrap_or(if c.fixed { c.max } else { c.min })).collect();
    let liked: Vec<f32> = columns.iter().map(|c| of_share(c).unwrap_or(c.max)).collect();
    let steps = [&least, &shares, &written, &liked];
    for pair in steps.windows(2) {
        let [low, high] = pair else { continue };
        let (from, to) = (sum(low), sum(high));
        if target <= from {
            return low.to_vec();
        }
        if target < to {
            let part = (target - from) / (to - from);
            return low.iter().zip(high.iter()).map(|(l, h)| l + (h - l) * part).collect();
        }
    }
    let mut widths = liked;
    let rest = target - sum(&widths);
    if rest > 0.0 {
        if columns.iter().any(|c| c.is_auto() && c.max > 0.0) {
            add(&mut widths, rest, columns, Want::is_auto, |c| c.max);
        } else if columns.iter().any(|c| c.fixed && c.share.is_none()) {
            add(&mut widths, rest, columns, |c| c.fixed && c.share.is_none(), |c| c.max);
        } else if columns.iter().any(Want::is_auto) {
            add(&mut widths, rest, columns, Want::is_auto, |_| 1.0);
        } else {
            add(&mut widths, rest, columns, |_| true, |c| c.share.unwrap_or(0.0));
        }
    }
    widths
}

/// Makes the columns under a spanning cell wide enough for it; `gaps` is what lies between them.
pub fn span(columns: &mut [Want], want: Want, gaps: f32) {
    if let Some(share) = want.share {
        let known: f32 = columns.iter().filter_map(|c| c.share).sum();
        let open: Vec<usize> =
            (0..columns.len()).filter(|i| columns.get(*i).is_some_and(|c| c.share.is_none())).collect();
        if share > known && !open.is_empty() {
            let weights: Vec<f32> = open.iter().filter_map(|i| columns.get(*i)).map(|c| c.max).collect();
            for (i, s) in open.iter().zip(share_out(share - known, &weights)) {
                if let Some(c) = columns.get_mut(*i) {
                    c.share = Some(s);
                }
            }
        }
    }
    let min = (want.min - gaps).max(0.0);
    if min > columns.iter().map(|c| c.min).sum::<f32>() {
        // shares are of the table, not of this cell
        let plain: Vec<Want> = columns.iter().map(|c| Want { share: None, ..*c }).collect();
        for (c, width) in columns.iter_mut().zip(assign(&plain, min)) {
            c.min = c.min.max(width);
            c.max = c.max.max(c.min);
        }
    }
    let max = (want.max - gaps).max(0.0);
    let known: f32 = columns.iter().map(|c| c.max).sum();
    if max > known {
        let mut more: Vec<f32> = vec![0.0; columns.len()];
        if columns.iter().any(|c| !c.fixed) {
            add(&mut more, max - known, columns, |c| !c.fixed, |c| c.max);
        } else {
            add(&mut more, max - known, columns, |_| true, |c| c.max);
        }
        for (c, more) in columns.iter_mut().zip(more) {
            c.max += more;
        }
    }
}

/// The least and the greatest useful width of all columns together. Shares make the table so wide that the columns
/// that have them, and those that do not, find the room that they like.
pub fn bounds(columns: &[Want]) -> (f32, f32) {
    const MOST: f32 = 1e5;
    let min: f32 = columns.iter().map(|c| c.min).sum();
    let mut max: f32 = columns.iter().map(|c| c.max).sum();
    let shares: f32 = columns.iter().filter_map(|c| c.share).sum();
    for c in columns {
        if let Some(share) = c.share.filter(|s| *s > 0.0) {
            max = max.max(c.max / share);
        }
    }
    let rest: f32 = columns.iter().filter(|c| c.share.is_none()).map(|c| c.max).sum();
    if shares > 0.0 && rest > 0.0 {
        max = max.max(if shares < 1.0 { rest / (1.0 - shares) } else { MOST });
    }
    (min, max.min(MOST).max(min))
}

/// Fixed layout (CSS 2.2, section 17.5.2.1): what the columns and the first row say; the rest is shared equally.
pub fn fixed(columns: &[Want], target: f32) -> Vec<f32> {
    let mut widths: Vec<f32> =
        columns.iter().map(|c| c.share.map_or(if c.fixed { c.max } else { 0.0 }, |s| s * target)).collect();
    let rest = target - widths.iter().sum::<f32>();
    if rest > 0.0 {
        if columns.iter().any(Want::is_auto) {
            add(&mut widths, rest, columns, Want::is_auto, |_| 1.0);
        } else {
            let weights = widths.clone();
            for (w, more) in widths.iter_mut().zip(share_out(rest, &weights)) {
                *w += more;
            }
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(min: f32, max: f32) -> Want {
        Want { min, max, ..Want::default() }
    }

    #[test]
    fn room_goes_to_what_was_written_before_what_is_liked() {
        let columns =
            [auto(10.0, 50.0), Want { fixed: true, ..auto(10.0, 30.0) }, Want { share: Some(0.5), ..auto(10.0, 20.0) }];
        assert_eq!(assign(&columns, 20.0), [10.0, 10.0, 10.0]);
        assert_eq!(assign(&columns, 100.0), [20.0, 30.0, 50.0]);
        assert_eq!(assign(&columns, 200.0), [70.0, 30.0, 100.0]);
        assert_eq!(assign(&[auto(0.0, 10.0), auto(0.0, 30.0)], 80.0), [20.0, 60.0]);
    }

    #[test]
    fn a_spanning_cell_widens_what_is_under_it() {
        let mut columns = [auto(10.0, 10.0), auto(10.0, 30.0)];
        span(&mut columns, auto(62.0, 102.0), 2.0);
        assert_eq!(columns.map(|c| c.min), [15.0, 45.0]);
        assert!((columns.iter().map(|c| c.max).sum::<f32>() - 100.0).abs() < 0.01);
    }

    #[test]
    fn shares_widen_the_table() {
        let columns = [Want { share: Some(0.25), ..auto(5.0, 20.0) }, auto(5.0, 30.0)];
        assert_eq!(bounds(&columns), (10.0, 80.0));
    }
}
