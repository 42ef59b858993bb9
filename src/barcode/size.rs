//! How large a symbol is drawn: its module, in whole dots of the device where its resolution is known; the height of its
//! bars; and what its kind allows.

use super::symbol::{Beside, Label, Symbol, Tall};
use super::{Fault, Kind, databar};
use crate::base::{Pt, Size};

/// What draws on paper.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Device {
    /// Dots in an inch; modules are whole dots wide then. 0 = not known.
    pub dpi: f32,
    /// What bars are made narrower by, because ink spreads: half of it is taken from each edge.
    pub reduction: Pt,
}

impl Device {
    /// One dot, where the resolution is known.
    #[must_use]
    pub fn dot(&self) -> Option<Pt> {
        (self.dpi > 0.0).then(|| Pt(72.0 / self.dpi))
    }

    /// A reduction as it is written: a length such as `0.02mm`, or dots of the device: `1dot`.
    ///
    /// # Errors
    /// It is neither, or it is in dots and no resolution is known.
    pub fn set_reduction(&mut self, text: &str) -> Result<(), Fault> {
        let wrong = || {
            Fault::Size(format!("a bar width reduction is a length such as 0.02mm or dots such as 1dot, not `{text}`"))
        };
        let number = text.trim().strip_suffix("dots").or_else(|| text.trim().strip_suffix("dot"));
        let length = match number {
            Some(n) => {
                let n: f32 = n.trim().parse().map_err(|_| wrong())?;
                let Some(dot) = self.dot() else {
                    return Err(Fault::Size("a bar width reduction in dots needs the device's dpi".to_owned()));
                };
                dot * n
            }
            None => Pt::parse(text).ok_or_else(wrong)?,
        };
        // what is below nothing makes bars wider, for processes that lose ink
        if !length.is_finite() || length.abs() > Pt::from_mm(0.3) {
            return Err(Fault::Size("a bar width reduction is at most 0.3 mm".to_owned()));
        }
        self.reduction = length;
        Ok(())
    }
}

/// What a kind allows and has where nothing is said, in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The narrowest module.
    pub least: f32,
    pub usual: f32,
    /// The widest module.
    pub most: f32,
    /// The height of the bars; of no meaning for square modules.
    pub height: f32,
    /// Bars lower than this are not drawn: readers would miss them.
    pub least_height: f32,
}

/// Heights of text and what is around it, in modules of JAN: what the standard's drawing shows (ISO/IEC 15420, figure 7).
const JAN_TEXT: f32 = 11.0;
/// Text below other bars, in points.
const TEXT: Pt = Pt(8.0);
/// Smaller text below bars cannot be read.
const LEAST_TEXT: Pt = Pt(4.0);
/// Space between JAN's bars and its digits, in modules, and between others and their text.
const TEXT_GAP: f32 = 0.5;
const GAP: Pt = Pt(1.0);
/// From line to line, in shares of the text's size.
const LINE: f32 = 1.1;
/// The height of digits and capitals in the shipped font, in shares of its size.
pub const CAPITALS: f32 = 0.8;

impl Kind {
    /// docs/barcodes.md lists them with their sources.
    #[must_use]
    pub fn limits(self) -> Limits {
        let of = |least, usual, most, height, least_height| Limits { least, usual, most, height, least_height };
        match self {
            Self::Qr | Self::Gs1Qr => of(0.3, 0.5, 10.0, 0.0, 0.0),
            Self::MicroQr => of(0.3, 0.4, 10.0, 0.0, 0.0),
            Self::DataMatrix | Self::Gs1DataMatrix => of(0.25, 0.35, 10.0, 0.0, 0.0),
            Self::Jan13 | Self::Jan8 => of(0.264, 0.33, 0.66, if self == Self::Jan13 { 22.85 } else { 18.23 }, 5.0),
            // slips for paying at shops are at most 60 mm long, and have modules of about 0.19 mm
            Self::Gs1128 => of(0.19, 0.25, 1.016, 12.0, 5.0),
            Self::Code128 | Self::Itf | Self::Nw7 | Self::Code39 => of(0.19, 0.25, 2.0, 10.0, 5.0),
            Self::Itf14 => of(0.495, 0.5, 1.016, 31.75, 12.7),
            Self::DataBarExpanded | Self::DataBarExpandedStacked => of(0.264, 0.264, 0.66, 0.0, 0.0),
            // 8 to 11.5 points: bars of 0.6 mm at 10
            Self::JapanPost => of(0.48, 0.6, 0.69, 0.0, 0.0),
        }
    }
}

fn is_jan(kind: Kind) -> bool {
    matches!(kind, Kind::Jan13 | Kind::Jan8)
}

/// The size of the text below: small enough to be no wider than the bars.
fn text_size(kind: Kind, symbol: &Symbol, characters: usize, module: Pt) -> Result<Pt, Fault> {
    if is_jan(kind) {
        return Ok(module * JAN_TEXT);
    }
    // the characters of the font that is taken are half as wide as it is high
    let fits = module * f32::from(symbol.columns) / (0.5 * characters.max(1) as f32);
    if fits < LEAST_TEXT {
        let message = "the text below the bars would be smaller than 4 points; leave it out (text=\"off\")";
        return Err(Fault::Size(message.to_owned()));
    }
    Ok(TEXT.min(fits))
}

/// What is asked of a symbol's size.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Wanted {
    pub module: Option<Pt>,
    /// Of the bars, without what reaches below them.
    pub height: Option<Pt>,
    /// The width that it must keep to: what is left over lies on both sides.
    pub across: Option<Pt>,
    /// The height that it must keep to, with its text.
    pub down: Option<Pt>,
    /// The text below the bars is left out.
    pub no_text: bool,
    /// The quiet zone lies outside the box.
    pub bare: bool,
    pub device: Device,
}

/// A symbol's measures.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    pub module: Pt,
    /// Of each row; empty where rows are as high as a module is wide.
    pub rows: Vec<Pt>,
    /// The box: with quiet zone and text.
    pub size: Size,
    /// Where the first module is in the box.
    pub left: Pt,
    pub top: Pt,
    pub text: Option<TextSize>,
    pub reduction: Pt,
}

/// How text below bars is set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextSize {
    pub size: Pt,
    /// From the first row's top to the first baseline below the bars.
    pub below: Pt,
    /// From there to the next.
    pub step: Pt,
    /// To the baseline above bars that begin lower.
    pub above: Pt,
}

impl TextSize {
    /// Each text with its baseline, from the first row's top: those in cells on one line, others below each other.
    pub fn baselines<'a>(&self, labels: &'a [Label]) -> impl Iterator<Item = (&'a Label, Pt)> {
        let Self { below, step, above, .. } = *self;
        let mut next = below;
        labels.iter().map(move |label| match (label.place, label.cell) {
            (Beside::Above, _) => (label, above),
            (Beside::Below, Some(_)) => (label, below),
            (Beside::Below, None) => {
                let at = next;
                next += step;
                (label, at)
            }
        })
    }
}

/// Columns of a symbol for one narrow bar: two where wide ones are two and a half times as wide.
fn columns_a_module(kind: Kind, narrow: u8) -> f32 {
    if matches!(kind, Kind::Itf | Kind::Itf14 | Kind::Nw7 | Kind::Code39) { f32::from(narrow) } else { 1.0 }
}

/// Finds a symbol's measures. `narrow` is the columns that make one narrow bar ([`super::wide::Ratio::columns`]).
///
/// # Errors
/// The box is too small, or the module or the bars are not what the kind allows.
pub fn measure(kind: Kind, symbol: &Symbol, narrow: u8, wanted: &Wanted) -> Result<Measures, Fault> {
    let limits = kind.limits();
    let per = columns_a_module(kind, narrow);
    let quiet = |n: f32| if wanted.bare { 0.0 } else { n.max(0.0) };
    let across = f32::from(symbol.columns) + quiet(symbol.quiet.left) + quiet(symbol.quiet.right);
    let beyond = quiet(symbol.quiet.top) + quiet(symbol.quiet.bottom);

    // the width of one column
    let module = match (wanted.module, wanted.across, wanted.down) {
        (Some(module), ..) => near(module / per, wanted.device, limits.least / per),
        (None, Some(width), down) => {
            let mut column = width / across;
            if symbol.heights.is_empty()
                && let Some(down) = down
            {
                column = column.min(down / (f32::from(symbol.rows) + beyond));
            }
            whole(column, wanted.device)
        }
        (None, None, _) => near(Pt::from_mm(limits.usual) / per, wanted.device, limits.least / per),
    };
    let mm = (module * per).to_mm();
    if mm < limits.least * 0.998 {
        let advice = match wanted.module {
            Some(_) => String::new(),
            None => {
                format!("; its box must be at least {:.1} mm wide", wide_enough(across, limits.least / per, wanted))
            }
        };
        let is = what(kind);
        return Err(Fault::Size(format!(
            "{is} of {mm:.3} mm is too narrow for {}: {:.3} mm is the least{advice}",
            kind.name(),
            limits.least
        )));
    }
    if mm > limits.most * 1.002 {
        let is = what(kind);
        return Err(Fault::Size(format!(
            "{is} of {mm:.3} mm is too wide for {}: {:.3} mm is the most",
            kind.name(),
            limits.most
        )));
    }
    if wanted.device.reduction.0 >= (module * per).0 * 0.5 {
        let half =
            "the bar width reduction takes half of a module or more; it is meant for the few µm that ink spreads";
        return Err(Fault::Size(half.to_owned()));
    }
    let width = module * across;
    if wanted.across.is_some_and(|w| width > w + SLACK) {
        return Err(Fault::Size(format!(
            "the symbol is {:.1} mm wide with its quiet zones and its box {:.1} mm",
            width.to_mm(),
            wanted.across.unwrap_or(Pt::ZERO).to_mm()
        )));
    }

    let text = match symbol.labels.first() {
        Some(_) if !wanted.no_text => {
            let longest = symbol.labels.iter().map(|l| l.text.len()).max().unwrap_or(1);
            Some(text_size(kind, symbol, longest, module)?)
        }
        _ => None,
    };
    let gap = if is_jan(kind) { module * TEXT_GAP } else { GAP };
    let below = text.map_or(Pt::ZERO, |size| gap + size * CAPITALS);
    // digits in cells stand side by side
    let lines = symbol.labels.iter().filter(|l| l.place == Beside::Below && l.cell.is_none()).count().max(1);
    let step = text.map_or(Pt::ZERO, |size| size * LINE);
    let below_all = below + step * (lines - 1) as f32;
    let foot = match symbol.heights.last() {
        // guard bars reach down beside the text
        Some(Tall::Modules(m)) if symbol.quiet.bottom < 0.0 => module * *m,
        _ => Pt::ZERO,
    };
    let beside = (below_all - foot).max(Pt::ZERO);
    let top = module * quiet(symbol.quiet.top);
    let rows = heights(kind, symbol, &limits, module, wanted, beside + module * beyond)?;
    let tall = match symbol.heights.is_empty() {
        true => module * f32::from(symbol.rows),
        false => rows.iter().copied().sum(),
    };
    let height = tall + beside + module * beyond;
    if wanted.down.is_some_and(|h| height > h + SLACK) {
        return Err(Fault::Size(format!(
            "the symbol is {:.1} mm high with its text and quiet zones and its box {:.1} mm",
            height.to_mm(),
            wanted.down.unwrap_or(Pt::ZERO).to_mm()
        )));
    }
    let text = text.map(|size| TextSize {
        size,
        below: tall - foot + below,
        step,
        above: match symbol.heights.first() {
            Some(Tall::Modules(m)) => module * (*m - 1.0),
            _ => Pt::ZERO,
        },
    });
    let left = module * quiet(symbol.quiet.left);
    Ok(Measures { module, rows, size: Size::new(width, height), left, top, text, reduction: wanted.device.reduction })
}

/// Rounding of boxes.
const SLACK: Pt = Pt(0.02);

/// The heights of the rows: `around` is what the box holds above and below them.
fn heights(
    kind: Kind,
    symbol: &Symbol,
    limits: &Limits,
    module: Pt,
    wanted: &Wanted,
    around: Pt,
) -> Result<Vec<Pt>, Fault> {
    if symbol.heights.is_empty() {
        return Ok(Vec::new());
    }
    let fixed: Pt = symbol.heights.iter().map(|t| if let Tall::Modules(m) = t { module * *m } else { Pt::ZERO }).sum();
    let growing = symbol.heights.iter().filter(|t| **t == Tall::Grows).count() as f32;
    let inside = match symbol.heights.last() {
        Some(Tall::Modules(m)) if symbol.quiet.bottom < 0.0 => fixed - module * *m,
        _ => fixed,
    };
    let is_databar = matches!(kind, Kind::DataBarExpanded | Kind::DataBarExpandedStacked);
    let usual = if is_databar {
        module * databar::least_height()
    } else if is_jan(kind) {
        // the drawing's bars grow with the module
        Pt::from_mm(limits.height) * (module.to_mm() / limits.usual)
    } else {
        Pt::from_mm(limits.height)
    };
    let each = match (wanted.height, wanted.down) {
        _ if growing == 0.0 => Pt::ZERO,
        (Some(height), _) => (height - inside) / growing,
        (None, Some(down)) => (down - around - fixed) / growing,
        (None, None) => usual,
    };
    let least = if is_databar { module * databar::least_height() } else { Pt::from_mm(limits.least_height) };
    if growing > 0.0 && each + SLACK < least {
        return Err(Fault::Size(format!(
            "the bars are {:.1} mm high; {} needs {:.1} mm at least",
            each.max(Pt::ZERO).to_mm(),
            kind.name(),
            least.to_mm()
        )));
    }
    Ok(symbol.heights.iter().map(|t| if let Tall::Modules(m) = t { module * *m } else { each }).collect())
}

/// What a module is called.
fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Itf | Kind::Itf14 | Kind::Nw7 | Kind::Code39 => "a narrow bar",
        Kind::JapanPost => "a bar",
        _ => "a module",
    }
}

/// A box in millimetres in which modules are wide enough.
fn wide_enough(across: f32, least: f32, wanted: &Wanted) -> f32 {
    let module = near(Pt::from_mm(least), wanted.device, least);
    // to the next tenth, as the message writes it
    libm::ceilf((module * across).to_mm() * 10.0) / 10.0
}

/// The next whole number of dots below.
fn whole(column: Pt, device: Device) -> Pt {
    // a hair of rounding must not cost a dot
    device.dot().map_or(column, |dot| dot * libm::floorf(column / dot + 1e-3))
}

/// The nearest whole number of dots that is not too narrow.
fn near(column: Pt, device: Device, least: f32) -> Pt {
    let Some(dot) = device.dot() else { return column };
    let dots = libm::floorf(column / dot + 0.5).max(1.0);
    let enough = libm::ceilf(Pt::from_mm(least) * 0.998 / dot);
    // what is asked for too narrow stays so, and is told
    if column.to_mm() < least * 0.998 { dot * dots } else { dot * dots.max(enough) }
}
