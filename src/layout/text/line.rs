//! Fourth step: atoms to lines. Greedy: a line takes what fits, and ends at the last place where it may.

use super::around::Around;
use super::linebreak;
use super::output::{MinMax, TextFault, TextFaultKind, TextLayout};
use super::paragraph::{Atom, Kind, Paragraph};
use super::place::Placer;
use crate::asset::fallback::FontSet;
use crate::base::Pt;
use crate::markup::style::{OverflowWrap, TextAlign};

/// Lengths closer than this (a fiftieth of a hair) are the same: sums of rounded advances must not break a
/// line that was measured to fit.
pub(super) const TOLERANCE: f32 = 0.01;

/// Spaces that a tab goes on to (CSS Text 3, `tab-size`).
const TAB: f32 = 8.0;

/// Where a line ends.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// First atom of the next line.
    end: usize,
    /// By a forced break, or as the last line: not justified.
    last: bool,
    /// Something unbreakable stands out; the first atom that does.
    over: Option<usize>,
    /// A float that has to be placed before the line can be filled any further, and what is used of the line.
    float: Option<(usize, f32)>,
}

pub(super) fn lay_out(
    p: &mut Paragraph,
    placer: &mut Placer,
    fonts: &FontSet,
    indent: f32,
    width: f32,
    mut around: Option<&mut dyn Around>,
    out: &mut TextLayout,
) {
    let mut start = 0;
    let mut top = 0.0;
    placer.begin(p);
    while start < p.atoms.len() {
        let indent = if out.lines.is_empty() { indent } else { 0.0 };
        if !has_content(p, start) {
            break;
        }
        // the line's left edge counts as indent, its right edge as the width
        let (cut, indent, width) = match &mut around {
            None => (cut(p, start, width - indent, usize::MAX), indent, width),
            Some(around) => {
                let room = cut_around(p, placer, start, indent, &mut top, *around);
                (room.0, room.1 + indent, room.2)
            }
        };
        let align = p.spans.first().map_or(TextAlign::Start, |s| s.style.text_align);
        let justify = align == TextAlign::Justify && !cut.last && cut.over.is_none();
        let line = placer.place(p, fonts, start..cut.end, indent, width, top, justify, out);
        top += line.height.0;
        if let Some(around) = &mut around {
            around.line_ends(Pt(top));
        }
        let overflow = (line.left.0 + line.width.0 - width).max(0.0);
        if let Some(atom) = cut.over.and_then(|i| p.atoms.get(i))
            && overflow > TOLERANCE
        {
            let at = p.source_of(atom.byte);
            out.faults.push(TextFault { kind: TextFaultKind::TooWide(Pt(overflow)), at });
        }
        out.width = out.width.max(line.left + line.width);
        out.lines.push(super::Line { overflow: Pt(if overflow > TOLERANCE { overflow } else { 0.0 }), ..line });
        // Each line consumes at least one atom, whatever the widths are.
        start = cut.end.max(start + 1);
    }
    if let Some(around) = &mut around {
        // floats behind the last line
        for i in start..p.atoms.len() {
            if let Some(id) = float_at(p, i) {
                around.float(id, Pt(top), Pt::ZERO);
            }
        }
    }
    out.height = Pt(top);
    out.faults.extend_from_slice(&p.faults);
}

/// Whether anything from here on needs a line (CSS 2.2, section 9.4.2: lines of nothing are no lines).
fn has_content(p: &Paragraph, start: usize) -> bool {
    p.atoms.get(start..).unwrap_or_default().iter().any(|a| match a.kind {
        Kind::Text | Kind::Tab | Kind::Box | Kind::Break => true,
        Kind::Space => a.byte == 0 || !collapsible(p, a),
        Kind::Open | Kind::Close => a.advance != 0.0,
        Kind::Zero | Kind::Float => false,
    })
}

fn collapsible(p: &Paragraph, a: &Atom) -> bool {
    use crate::markup::style::WhiteSpace::{Pre, PreWrap};
    let preserved = p.spans.get(usize::from(a.span)).is_some_and(|s| matches!(s.style.white_space, Pre | PreWrap));
    !preserved && p.text.as_bytes().get(a.byte as usize) == Some(&b' ')
}

/// As [`cut`], beside floats: a line too narrow for anything moves down (`top`), floats in it are placed. The cut comes
/// back with the left and the right edge of the line.
fn cut_around(
    p: &mut Paragraph,
    placer: &mut Placer,
    start: usize,
    indent: f32,
    top: &mut f32,
    around: &mut dyn Around,
) -> (Cut, f32, f32) {
    let mut height = placer.height(p, start..start);
    let mut placed = start;
    // from where on floats wait for the end of the line
    let mut waiting = None;
    loop {
        let (left, right) = around.room(Pt(*top), Pt(height));
        let found = cut(p, start, right.0 - left.0 - indent, placed);
        if let Some((atom, used)) = found.float {
            placed = atom + 1;
            if let Some(id) = float_at(p, atom)
                && !around.float(id, Pt(*top), Pt(used))
            {
                waiting = Some(placed);
                placed = usize::MAX;
            }
            continue;
        }
        if found.over.is_some()
            && let Some(below) = around.below(Pt(*top)).filter(|b| b.0 > *top)
        {
            *top = below.0;
            continue;
        }
        let needed = placer.height(p, start..found.end);
        if needed > height + TOLERANCE {
            height = needed;
            let (l, r) = around.room(Pt(*top), Pt(height));
            if l > left || r < right {
                continue;
            }
        }
        // what was placed or waits, and stands behind the end of the line
        if let Some(id) = (found.end..waiting.unwrap_or(placed)).find_map(|i| float_at(p, i)) {
            around.rewind(id);
        }
        for i in waiting.map_or(0..0, |from| from..found.end) {
            if let Some(id) = float_at(p, i) {
                around.float(id, Pt(*top), Pt::INFINITY);
            }
        }
        return (found, left.0, right.0);
    }
}

fn float_at(p: &Paragraph, atom: usize) -> Option<usize> {
    let atom = p.atoms.get(atom).filter(|a| a.kind == Kind::Float)?;
    p.floats.get(atom.first as usize).map(|f| f.0)
}

/// Finds the end of the line that starts at an atom. Floats before the atom `placed` are passed over.
fn cut(p: &mut Paragraph, start: usize, width: f32, placed: usize) -> Cut {
    let mut x = 0.0f32;
    // without the spaces at the end
    let mut solid = 0.0f32;
    let mut candidate = None;
    let mut over = None;
    let mut seen = false;
    let mut i = start;
    while let Some(atom) = p.atoms.get(i).copied() {
        if seen && atom.breakable {
            if over.is_some() {
                return Cut { end: i, last: false, over, float: None };
            }
            candidate = Some(i);
        }
        match atom.kind {
            Kind::Break => return Cut { end: i + 1, last: true, over, float: None },
            Kind::Float => {
                if i >= placed {
                    return Cut { end: i, last: false, over: None, float: Some((i, if seen { solid } else { 0.0 })) };
                }
            }
            Kind::Space => {
                x += atom.advance + atom.trail;
                seen = true;
            }
            Kind::Tab => {
                let step = TAB * space_width(p, atom.span);
                let next = if step > 0.0 { ((x / step).floor() + 1.0) * step } else { x };
                if let Some(a) = p.atoms.get_mut(i) {
                    a.advance = next - x;
                }
                x = next;
                seen = true;
            }
            _ => {
                if over.is_none() && atom.advance > 0.0 && x + atom.advance > width + TOLERANCE {
                    if !p.marked {
                        linebreak::mark(p);
                        return cut(p, start, width, placed);
                    }
                    if let Some(end) = candidate.or_else(|| torn(p, start, i)) {
                        return Cut { end, last: false, over: None, float: None };
                    }
                    over = Some(i);
                }
                x += atom.advance + atom.trail;
                solid = x;
                seen |= !matches!(atom.kind, Kind::Open | Kind::Close | Kind::Zero);
            }
        }
        i += 1;
    }
    Cut { end: p.atoms.len(), last: true, over, float: None }
}

/// Width of a space in the first face of a span, for tabs.
fn space_width(p: &Paragraph, span: u16) -> f32 {
    let Some(s) = p.spans.get(usize::from(span)) else { return 0.0 };
    let Some(font) = &s.font else { return 0.0 };
    let advance = font.glyph(' ').map_or(0, |g| font.advance(g));
    f32::from(advance) * s.size / f32::from(font.units_per_em)
}

/// Where a word that fits no line is torn, if `overflow-wrap` lets it: the last place not after `at` that our
/// own rules allow, else any.
fn torn(p: &Paragraph, start: usize, at: usize) -> Option<usize> {
    let atom = p.atoms.get(at)?;
    let wraps = |span: u16| {
        use crate::markup::style::WhiteSpace::{Nowrap, Pre};
        p.spans.get(usize::from(span)).is_some_and(|s| {
            s.style.overflow_wrap != OverflowWrap::Normal && !matches!(s.style.white_space, Nowrap | Pre)
        })
    };
    if !wraps(atom.span) {
        return None;
    }
    let first = (start..at).find(|i| p.atoms.get(*i).is_some_and(has_width))?;
    let place = |i: &usize| p.atoms.get(*i).is_some_and(has_width) && !p.in_ruby(*i);
    (first + 1..=at)
        .rev()
        .filter(place)
        .find(|i| linebreak::emergency(p, *i))
        .or_else(|| (first + 1..=at).rev().find(place))
}

fn has_width(a: &Atom) -> bool {
    matches!(a.kind, Kind::Text | Kind::Box)
}

/// Widths at which nothing stands out, and at which nothing is broken.
pub(super) fn measure(p: &mut Paragraph, indent: f32) -> MinMax {
    linebreak::mark(p);
    let (mut min, mut max) = (0.0f32, 0.0f32);
    // Widths of the word and the line at hand, and without what vanishes at their ends.
    let (mut word, mut line) = (indent, indent);
    let mut kept = (indent, indent);
    for i in 0..p.atoms.len() {
        let Some(atom) = p.atoms.get(i).copied() else { break };
        let anywhere = has_width(&atom)
            && p.spans.get(usize::from(atom.span)).is_some_and(|s| s.style.overflow_wrap == OverflowWrap::Anywhere)
            && linebreak::emergency(p, i);
        if atom.breakable || anywhere {
            min = min.max(kept.0);
            (word, kept.0) = (0.0, 0.0);
        }
        match atom.kind {
            Kind::Break => {
                min = min.max(kept.0);
                max = max.max(kept.1);
                (word, line, kept) = (0.0, 0.0, (0.0, 0.0));
                continue;
            }
            Kind::Space => {}
            Kind::Float => {
                if let Some((_, least, most)) = p.floats.get(atom.first as usize) {
                    min = min.max(*least);
                    line += most;
                    kept.1 += most;
                }
                continue;
            }
            Kind::Tab => {
                let step = TAB * space_width(p, atom.span);
                if step > 0.0 {
                    line = ((line / step).floor() + 1.0) * step;
                    word += step;
                }
                continue;
            }
            _ => kept = (word + atom.advance, line + atom.advance),
        }
        word += atom.advance + atom.trail;
        line += atom.advance + atom.trail;
    }
    MinMax { min: Pt(min.max(kept.0).max(0.0)), max: Pt(max.max(kept.1).max(0.0)) }
}
