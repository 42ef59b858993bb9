//! Copy-fit (`-surimono-overflow: shrink`): text that does not fit its box is set tighter, then narrower (長体),
//! then smaller, then with less leading; the least of it that fits.
//!
//! The search is the same for the same input, and bounded. Rung by rung in that order, each is tried at its floor
//! with those before it at theirs, until one fits; within that rung the least step that fits is then found by
//! halving. Whoever fits a rung at its floor also fits with it there and further ones, so the rungs after it stay
//! as they are.

use std::fmt;
use std::sync::Arc;

use super::fault::{Axis, Fault, FaultKind};
use super::fragment::{Fragment, Parts, Space};
use crate::base::Pt;
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::{El, Kid};
use crate::markup::paged::{CopyFit, OnOverflow};
use crate::markup::style::{LineHeight, Style, TextStyle};

/// Steps between nothing and a rung's floor: a power of two, found in [`HALVINGS`] layouts.
const STEPS: u32 = 1 << HALVINGS;
const HALVINGS: u32 = 6;

/// How the text of a subtree is changed: thousandths, as in [`CopyFit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fit {
    pub tracking: i16,
    pub scale: u16,
    pub size: u16,
    pub leading: u16,
}

/// The rungs, in the order in which they are climbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    Tracking,
    Scale,
    Size,
    Leading,
}

impl Rung {
    const ALL: [Self; 4] = [Self::Tracking, Self::Scale, Self::Size, Self::Leading];

    /// The word for it in stylesheets and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tracking => "tracking",
            Self::Scale => "scale",
            Self::Size => "size",
            Self::Leading => "leading",
        }
    }
}

impl Fit {
    const NONE: Self = Self { tracking: 0, scale: 1000, size: 1000, leading: 1000 };

    /// As a number, for keys of tables.
    #[must_use]
    pub fn bits(self) -> u64 {
        let [a, b] = self.tracking.to_be_bytes();
        let t = u64::from(u16::from_be_bytes([a, b]));
        t << 48 | u64::from(self.scale) << 32 | u64::from(self.size) << 16 | u64::from(self.leading)
    }

    /// The furthest rung that was climbed.
    #[must_use]
    pub fn rung(self) -> Option<Rung> {
        let climbed = [self.tracking != 0, self.scale != 1000, self.size != 1000, self.leading != 1000];
        Rung::ALL.into_iter().zip(climbed).rev().find(|(_, c)| *c).map(|(r, _)| r)
    }

    /// With `rung` so many [`STEPS`] of the way to its floor.
    fn with(self, rung: Rung, floors: &CopyFit, step: u32) -> Self {
        let share = |floor: u16| {
            let way = u32::from(1000 - floor.min(1000));
            (1000 - (way * step).div_ceil(STEPS)) as u16
        };
        let mut fit = self;
        match rung {
            Rung::Tracking => {
                let way = u32::from(floors.tracking.unsigned_abs());
                fit.tracking = -((way * step).div_ceil(STEPS) as i16);
            }
            Rung::Scale => fit.scale = share(floors.scale),
            Rung::Size => fit.size = share(floors.size),
            Rung::Leading => fit.leading = share(floors.leading),
        }
        fit
    }

    /// The style with its text changed.
    #[must_use]
    pub fn style(self, style: &Arc<Style>) -> Arc<Style> {
        let share = |v: u16| f32::from(v) / 1000.0;
        let size = share(self.size);
        let mut text = TextStyle::clone(&style.text);
        text.font_size = text.font_size * size;
        text.letter_spacing = text.letter_spacing * size + text.font_size * (f32::from(self.tracking) / 1000.0);
        text.word_spacing = text.word_spacing * size;
        text.text_indent.by.length = text.text_indent.by.length * size;
        if let LineHeight::Length(l) = text.line_height {
            text.line_height = LineHeight::Length(l * size);
        }
        text.stretch *= share(self.scale);
        text.leading *= share(self.leading);
        Arc::new(Style { text: Arc::new(text), ..Style::clone(style) })
    }
}

/// What was changed, rung by rung: `tracking -50, scale 92%`.
impl fmt::Display for Fit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        let mut part = |f: &mut fmt::Formatter<'_>, text: String| {
            let comma = if std::mem::take(&mut first) { "" } else { ", " };
            write!(f, "{comma}{text}")
        };
        if self.tracking != 0 {
            part(f, format!("tracking {}", self.tracking))?;
        }
        for (rung, share) in [(Rung::Scale, self.scale), (Rung::Size, self.size), (Rung::Leading, self.leading)] {
            if share != 1000 {
                let (whole, tenth) = (share / 10, share % 10);
                let tenth = if tenth == 0 { String::new() } else { format!(".{tenth}") };
                part(f, format!("{} {whole}{tenth}%", rung.word()))?;
            }
        }
        if first { f.write_str("nothing") } else { Ok(()) }
    }
}

impl Engine<'_> {
    /// A style as the copy-fit under way has it.
    #[inline]
    pub(super) fn fitted(&self, style: &Arc<Style>) -> Arc<Style> {
        match self.fit {
            None => Arc::clone(style),
            Some(fit) => fit.style(style),
        }
    }

    /// Whether this box's text is to be changed when it does not fit. Within a copy-fit no other begins: the outer
    /// one changes everything in its box.
    pub(super) fn shrinks(&self, el: &El) -> bool {
        el.style.on_overflow == OnOverflow::Shrink && self.fit.is_none()
    }

    /// Lays out a box, and again with its text changed until it fits.
    pub(super) fn shrink(&mut self, el: &El, space: Space) -> Fragment {
        let first = self.whole(el, space, None, Parts::default());
        if !first.faults.iter().any(is_overflow) {
            return first;
        }
        let (fit, mut fragment, fits) = self.climb(&el.style.copy_fit, first, |engine, fit| {
            let changed = El { style: fit.style(&el.style), ..el.clone() };
            let fragment = engine.whole(&changed, space, None, Parts::default());
            let fits = !fragment.faults.iter().any(is_overflow);
            (fragment, fits)
        });
        let element = el.label(self.dom);
        tell(fit, fits, &element, &mut fragment.faults);
        fragment
    }

    /// Climbs the ladder: what was laid out last on the way that counts, how, and whether it fits.
    pub(super) fn climb<T>(
        &mut self,
        floors: &CopyFit,
        first: T,
        mut lay: impl FnMut(&mut Self, Fit) -> (T, bool),
    ) -> (Fit, T, bool) {
        let outer = self.fit;
        let mut attempt = |engine: &mut Self, fit: Fit| {
            engine.fit = Some(fit);
            let made = lay(engine, fit);
            engine.fit = outer;
            made
        };
        let (mut below, mut made) = (Fit::NONE, first);
        for rung in Rung::ALL {
            let floor = below.with(rung, floors, STEPS);
            if floor == below {
                continue;
            }
            let (last, fits) = attempt(self, floor);
            if !fits {
                (below, made) = (floor, last);
                continue;
            }
            // `low` does not fit, `high` does
            let (mut best, mut kept) = (floor, last);
            let (mut low, mut high) = (0, STEPS);
            while high - low > 1 {
                let middle = u32::midpoint(low, high);
                let fit = below.with(rung, floors, middle);
                if fit == best {
                    high = middle;
                    continue;
                }
                let (made, fits) = attempt(self, fit);
                if fits {
                    (high, best, kept) = (middle, fit, made);
                } else {
                    low = middle;
                }
            }
            return (best, kept, true);
        }
        (below, made, false)
    }

    /// Children that were found before the copy-fit began, with their text changed.
    pub(super) fn fitted_kids(&self, kids: &[Kid]) -> Vec<Kid> {
        let change = |el: &El| El { style: self.fitted(&el.style), ..el.clone() };
        let one = |kid: &Kid| match kid {
            Kid::Block(el) => Kid::Block(change(el)),
            Kid::Out(el) => Kid::Out(change(el)),
            Kid::Float(el) => Kid::Float(change(el)),
            Kid::Inline(run) => Kid::Inline(run.clone()),
            Kid::Slice { el, kids, first, last } => {
                Kid::Slice { el: change(el), kids: self.fitted_kids(kids), first: *first, last: *last }
            }
        };
        kids.iter().map(one).collect()
    }
}

pub(super) fn is_overflow(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::Overflow { .. })
}

/// Puts in place of overflows what copy-fit has to say: how text was changed, or that it was not enough.
pub(super) fn tell(fit: Fit, fits: bool, element: &Arc<str>, faults: &mut Vec<Fault>) {
    if fits {
        faults.push(Fault { kind: FaultKind::Fitted(fit), at: 0, element: Arc::clone(element) });
        return;
    }
    for fault in faults.iter_mut() {
        if let FaultKind::Overflow { axis, by } = fault.kind {
            fault.kind = FaultKind::NoFit { axis, by, fit };
        }
    }
}

/// Of a box that cuts its content: in place of what does not fit, that it is cut. Whether anything is.
pub(super) fn cut(element: &Arc<str>, tall: Option<Pt>, faults: &mut Vec<Fault>) -> bool {
    let mut wide: Option<Pt> = None;
    faults.retain(|f| match f.kind {
        FaultKind::Overflow { axis: Axis::Horizontal, by } => {
            wide = Some(wide.map_or(by, |w| w.max(by)));
            false
        }
        _ => true,
    });
    for (axis, by) in [(Axis::Horizontal, wide), (Axis::Vertical, tall)] {
        if let Some(by) = by {
            faults.push(Fault { kind: FaultKind::Clipped { axis, by }, at: 0, element: Arc::clone(element) });
        }
    }
    wide.is_some() || tall.is_some()
}
