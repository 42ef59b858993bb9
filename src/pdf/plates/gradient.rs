//! Where along its axis a gradient is at a place (ISO 32000-1, 8.7.4.5.3 and 8.7.4.5.4).

/// The axis: between two points, or two circles.
#[derive(Clone, Copy, Debug)]
pub(super) enum Axis {
    Linear { from: (f32, f32), to: (f32, f32) },
    Radial { from: (f32, f32, f32), to: (f32, f32, f32) },
}

impl Axis {
    /// How far along, 0 at the beginning and 1 at the end; beyond both only where it goes on there. `None` where nothing is
    /// painted.
    pub(super) fn at(&self, (x, y): (f32, f32), goes_on: [bool; 2]) -> Option<f32> {
        let ends = |t: f32| (t >= 0.0 || goes_on[0]) && (t <= 1.0 || goes_on[1]);
        match *self {
            Self::Linear { from, to } => {
                let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                let long = dx * dx + dy * dy;
                let t = if long > 0.0 { ((x - from.0) * dx + (y - from.1) * dy) / long } else { 1.0 };
                ends(t).then_some(t)
            }
            Self::Radial { from, to } => {
                // |p - c(t)| = r(t), the larger t whose radius is none below 0
                let (cx, cy, dr) = (to.0 - from.0, to.1 - from.1, to.2 - from.2);
                let (px, py) = (x - from.0, y - from.1);
                let a = cx * cx + cy * cy - dr * dr;
                let b = px * cx + py * cy + from.2 * dr;
                let c = px * px + py * py - from.2 * from.2;
                let sound = |t: f32| (t.is_finite() && from.2 + t * dr >= 0.0 && ends(t)).then_some(t);
                if a.abs() < 1e-6 {
                    return if b.abs() < 1e-9 { None } else { sound(c / (2.0 * b)) };
                }
                let root = b * b - a * c;
                if root < 0.0 {
                    return None;
                }
                let root = root.sqrt();
                let (one, other) = ((b + root) / a, (b - root) / a);
                sound(one.max(other)).or_else(|| sound(one.min(other)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_within_each_other_and_lines_are_measured() {
        let line = Axis::Linear { from: (0.0, 0.0), to: (10.0, 0.0) };
        assert_eq!(line.at((5.0, 7.0), [true, true]), Some(0.5));
        assert_eq!(line.at((-5.0, 0.0), [false, true]), None);
        let ring = Axis::Radial { from: (0.0, 0.0, 0.0), to: (0.0, 0.0, 10.0) };
        assert_eq!(ring.at((0.0, 5.0), [true, true]), Some(0.5));
        assert_eq!(ring.at((0.0, 15.0), [true, true]), Some(1.5));
        assert_eq!(ring.at((0.0, 15.0), [true, false]), None);
    }
}
