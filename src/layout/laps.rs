//! How long the steps of composing take, for `--timings`. Off, a step costs one test; on, two readings of the
//! clock, which are part of what is measured. Times never reach the pages.

use std::time::Instant;

/// What a composer is busy with. The steps exclude each other: text that is shaped inside a box is not counted
/// with the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    /// Waiting for the next piece.
    #[default]
    Idle,
    /// Markup to elements.
    Tokenise,
    /// Rules and values to computed styles.
    Style,
    /// Boxes: their sizes and places, what they draw, what is found again.
    Boxes,
    /// Characters to glyphs.
    Shape,
    /// Glyphs to lines.
    Lines,
    /// Texts to symbols such as QR.
    Symbols,
}

/// Nanoseconds of each step but [`Step::Idle`], with their names, in the order of [`Step`].
pub type Times = [(&'static str, u64); 6];

#[derive(Debug, Default)]
pub struct Laps {
    on: bool,
    step: Step,
    since: Option<Instant>,
    times: [u64; 7],
}

impl Laps {
    pub fn switch_on(&mut self) {
        self.on = true;
    }

    /// Ends the step at hand and begins another; the one at hand, to be gone back to.
    #[inline]
    pub fn begin(&mut self, step: Step) -> Step {
        let before = self.step;
        if self.on {
            let now = Instant::now();
            if let Some(since) = self.since.replace(now) {
                let passed = now.duration_since(since).as_nanos();
                self.times[before as usize] += u64::try_from(passed).unwrap_or(u64::MAX);
            }
            self.step = step;
        }
        before
    }

    /// Since the last call.
    pub fn take(&mut self) -> Times {
        let [_, tokenise, style, boxes, shape, lines, symbols] = std::mem::take(&mut self.times);
        [
            ("tokenise", tokenise),
            ("style", style),
            ("boxes", boxes),
            ("shape", shape),
            ("lines", lines),
            ("symbols", symbols),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_inside_another_is_counted_once() {
        let mut laps = Laps::default();
        laps.switch_on();
        let idle = laps.begin(Step::Boxes);
        let outer = laps.begin(Step::Shape);
        assert_eq!((idle, outer), (Step::Idle, Step::Boxes));
        std::thread::sleep(std::time::Duration::from_millis(3));
        laps.begin(outer);
        laps.begin(idle);
        let times = laps.take();
        assert!(times[3].0 == "shape" && times[3].1 >= 3_000_000, "{times:?}");
        assert!(times[2].1 < times[3].1, "{times:?}");
        assert_eq!(laps.take().map(|t| t.1), [0; 6]);
    }

    #[test]
    fn switched_off_nothing_is_counted() {
        let mut laps = Laps::default();
        laps.begin(Step::Boxes);
        laps.begin(Step::Idle);
        assert_eq!(laps.take().map(|t| t.1), [0; 6]);
    }
}
