//! Fourth step: atoms to lines. A line takes what fits, and ends at the last place where it may. Where the first
//! character that does not fit must not start the next line, the line is first tried set tighter (push-in), before it
//! gives up characters (push-out). [`super::wrap`] says where lines shall be shorter than their room.

use super::around::Around;
use super::output::{MinMax, TextFault, TextFaultKind, TextLayout};
use super::paragraph::{Atom, Kind, Paragraph};
use super::place::{Placer, Setting};
use super::trim::{self, Begins};
use super::{justify, linebreak, wrap};
use crate::asset::fallback::FontSet;
use crate::base::Pt;
use crate::markup::composition::{AlignLast, LineAdjust, TabSize, TextJustify};
use crate::markup::style::{OverflowWrap, TextAlign, WrapMode};

/// Lengths closer than this (a fiftieth of a hair) are the same: sums of rounded advances must not break a
/// line that was measured to fit.
pub(super) const TOLERANCE: f32 = 0.01;

/// Where a line ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// First atom of the next line.
    pub end: usize,
    /// By a forced break, or as the last line: not justified.
    pub last: bool,
    /// Something unbreakable stands out; the first atom that does.
    pub over: Option<usize>,
    /// It is longer than its room, and can be set as much tighter.
    tight: bool,
    /// A float that has to be placed before the line can be filled any further, and what is used of the line.
    float: Option<(usize, f32)>,
}

/// The line to be filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub start: usize,
    pub begins: Begins,
    pub width: f32,
    /// Lines may be set tighter.
    pub push_in: bool,
    /// Floats before this atom are passed over.
    pub placed: usize,
}

/// What the block says of its lines.
#[derive(Clone, Copy, Debug)]
struct Rules {
    align: TextAlign,
    last: TextAlign,
    justify: TextJustify,
    push_in: bool,
    hanging: bool,
    each_line: bool,
}

impl Rules {
    fn of(p: &Paragraph) -> Self {
        let Some(style) = p.spans.first().map(|s| &s.style) else {
            let (align, justify) = (TextAlign::Start, TextJustify::None);
            return Self { align, last: align, justify, push_in: false, hanging: false, each_line: false };
        };
        let (align, how) = (style.text_align, &style.composition);
        let last = match how.align_last {
            AlignLast::Auto if align == TextAlign::Justify => TextAlign::Start,
            AlignLast::Auto => align,
            AlignLast::Start => TextAlign::Start,
            AlignLast::End => TextAlign::End,
            AlignLast::Left => TextAlign::Left,
            AlignLast::Right => TextAlign::Right,
            AlignLast::Center => TextAlign::Center,
            AlignLast::Justify => TextAlign::JustifyAll,
        };
        let justified = is_justified(align) && how.justify != TextJustify::None;
        Self {
            align,
            last,
            justify: how.justify,
            push_in: match how.adjust {
                LineAdjust::Auto => justified,
                LineAdjust::PushIn => true,
                LineAdjust::PushOut => false,
            },
            hanging: style.text_indent.hanging,
            each_line: style.text_indent.each_line,
        }
    }
}

fn is_justified(align: TextAlign) -> bool {
    matches!(align, TextAlign::Justify | TextAlign::JustifyAll)
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
    let rules = Rules::of(p);
    let mut start = 0;
    let mut top = 0.0;
    placer.begin(p);
    let mut begins = Begins::First;
    let indent_of = |begins| {
        let has = begins == Begins::First || rules.each_line && begins == Begins::AfterBreak;
        if has != rules.hanging { indent } else { 0.0 }
    };
    // Lines that shall be shorter: from where on, and by how much.
    let plan = match around {
        None => wrap::plan(p, width, rules.push_in, &indent_of),
        Some(_) => wrap::Plan::default(),
    };
    while start < p.atoms.len() {
        let indent = indent_of(begins);
        if !has_content(p, start) {
            break;
        }
        // the line's left edge counts as indent, its right edge as the width
        let (cut, indent, width) = match &mut around {
            None => {
                let shorter = if start >= plan.from { plan.by } else { 0.0 };
                let width_of = width - indent - shorter;
                let push_in = rules.push_in;
                (cut(p, Wanted { start, begins, width: width_of, push_in, placed: usize::MAX }), indent, width)
            }
            Some(around) => {
                let wanted = Wanted { start, begins, width: 0.0, push_in: rules.push_in, placed: start };
                let room = cut_around(p, placer, wanted, indent, &mut top, *around);
                (room.0, room.1 + indent, room.2)
            }
        };
        let align = if cut.last { rules.last } else { rules.align };
        let setting = Setting {
            range: start..cut.end,
            indent,
            width,
            top,
            align,
            stretch: (is_justified(align) && cut.over.is_none()).then_some(rules.justify),
            tight: cut.tight,
            lead: trim::lead(p, start, begins),
        };
        let line = placer.place(p, fonts, setting, out);
        begins = if cut.last { Begins::AfterBreak } else { Begins::Soft };
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
pub(super) fn has_content(p: &Paragraph, start: usize) -> bool {
    p.atoms.get(start..).unwrap_or_default().iter().any(|a| match a.kind {
        Kind::Text | Kind::Tab | Kind::Box | Kind::Break => true,
        Kind::Space => a.byte == 0 || !collapsible(p, a),
        Kind::Open | Kind::Close => a.advance != 0.0,
        Kind::Zero | Kind::Float | Kind::Anchor => false,
    })
}

fn collapsible(p: &Paragraph, a: &Atom) -> bool {
    let preserved = p.spans.get(usize::from(a.span)).is_some_and(|s| s.style.white_space.keeps_spaces());
    !preserved && p.text.as_bytes().get(a.byte as usize) == Some(&b' ')
}

/// As [`cut`], beside floats: a line too narrow for anything moves down (`top`), floats in it are placed. The cut comes
/// back with the left and the right edge of the line.
fn cut_around(
    p: &mut Paragraph,
    placer: &mut Placer,
    mut wanted: Wanted,
    indent: f32,
    top: &mut f32,
    around: &mut dyn Around,
) -> (Cut, f32, f32) {
    let start = wanted.start;
    let mut height = placer.height(p, start..start);
    let mut placed = start;
    // from where on floats wait for the end of the line
    let mut waiting = None;
    loop {
        let (left, right) = around.room(Pt(*top), Pt(height));
        (wanted.width, wanted.placed) = (right.0 - left.0 - indent, placed);
        let found = cut(p, wanted);
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

/// Finds the end of a line.
pub(super) fn cut(p: &mut Paragraph, wanted: Wanted) -> Cut {
    let Wanted { start, begins, width, push_in, placed } = wanted;
    let mut x = -trim::lead(p, start, begins).1;
    // without the spaces at the end
    let mut solid = 0.0f32;
    let mut candidate = None;
    let mut over = None;
    let mut seen = false;
    let mut i = start;
    while let Some(atom) = p.atoms.get(i).copied() {
        if seen && atom.breakable {
            if over.is_some() {
                return Cut { end: i, last: false, over, tight: false, float: None };
            }
            // a word is broken only where its hyphen has room
            if !atom.hyphen || x + hyphen_width(p, i) <= width + TOLERANCE {
                candidate = Some(i);
            }
        }
        match atom.kind {
            Kind::Break => return Cut { end: i + 1, last: true, over, tight: false, float: None },
            Kind::Float => {
                if i >= placed {
                    let float = Some((i, if seen { solid } else { 0.0 }));
                    return Cut { end: i, last: false, over: None, tight: false, float };
                }
            }
            Kind::Anchor => {}
            Kind::Space => {
                x += atom.advance + atom.trail;
                seen = true;
            }
            Kind::Tab => {
                let step = tab_size(p, atom.span);
                let next = if step > 0.0 { ((x / step).floor() + 1.0) * step } else { x };
                if let Some(a) = p.atoms.get_mut(i) {
                    a.advance = next - x;
                }
                x = next;
                seen = true;
            }
            _ => {
                if over.is_none()
                    && atom.advance > 0.0
                    && x + atom.advance > width + TOLERANCE
                    && x + atom.advance - reduction(p, i) > width + TOLERANCE
                {
                    if !p.marked {
                        linebreak::mark(p);
                        return cut(p, wanted);
                    }
                    if push_in
                        && candidate != Some(i)
                        && let Some(cut) = pulled_in(p, start, i, x, width)
                    {
                        return cut;
                    }
                    if let Some(end) = candidate.or_else(|| torn(p, start, i)) {
                        return Cut { end, last: false, over: None, tight: false, float: None };
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
    Cut { end: p.atoms.len(), last: true, over, tight: false, float: None }
}

/// How much less an atom takes at the end of a line, if it must.
fn reduction(p: &Paragraph, index: usize) -> f32 {
    let (always, needed) = trim::tail(p, index);
    always.max(needed)
}

/// Whether what stands from `at` on to the next place where the line may end still comes in when the line is set
/// tighter (追い込み). `x` is what stands before it.
fn pulled_in(p: &Paragraph, start: usize, at: usize, mut x: f32, width: f32) -> Option<Cut> {
    // Beyond this, whatever gives in the part itself can not be enough: a few punctuation marks.
    let most = justify::capacity(p, start..at) + 2.0 * p.atoms.get(at)?.advance;
    let (mut last, mut needs) = (at, x);
    let mut i = at;
    let (end, forced) = loop {
        let Some(atom) = p.atoms.get(i) else { break (i, true) };
        if i > at && atom.breakable && !atom.hyphen {
            break (i, false);
        }
        match atom.kind {
            Kind::Break => break (i + 1, true),
            Kind::Tab | Kind::Float => return None,
            Kind::Space | Kind::Zero | Kind::Open | Kind::Close | Kind::Anchor if atom.advance == 0.0 => {}
            Kind::Space => x += atom.advance + atom.trail,
            _ => {
                (last, needs) = (i, x + atom.advance - reduction(p, i));
                x += atom.advance + atom.trail;
            }
        }
        if needs - width > most {
            return None;
        }
        i += 1;
    };
    let fits = needs - width <= justify::capacity(p, start..last + 1) + TOLERANCE;
    fits.then_some(Cut { end, last: forced, over: None, tight: true, float: None })
}

/// The width of the hyphen at the end of a line behind which the next one starts with an atom.
fn hyphen_width(p: &Paragraph, next: usize) -> f32 {
    let before = next.checked_sub(1).and_then(|i| p.atoms.get(i));
    before.and_then(|a| p.hyphen(a.span)).map_or(0.0, |h| h.width)
}

/// How far tabs go (CSS Text 3, section 9.1): a length, or a number of spaces of the span's first face.
fn tab_size(p: &Paragraph, span: u16) -> f32 {
    let Some(s) = p.spans.get(usize::from(span)) else { return 0.0 };
    let spaces = match s.style.composition.tab_size {
        TabSize::Length(length) => return if length.is_finite() { length.0.max(0.0) } else { 0.0 },
        TabSize::Spaces(n) => n,
    };
    let Some(font) = &s.font else { return 0.0 };
    let advance = font.glyph(' ').map_or(0, |g| font.advance(g));
    let space = f32::from(advance) * s.size / f32::from(font.units_per_em);
    spaces * (space + s.style.letter_spacing.0 + s.style.word_spacing.0)
}

/// Where a word that fits no line is torn, if `overflow-wrap` lets it: the last place not after `at` that our
/// own rules allow, else any.
fn torn(p: &Paragraph, start: usize, at: usize) -> Option<usize> {
    let atom = p.atoms.get(at)?;
    let wraps = |span: u16| {
        p.spans
            .get(usize::from(span))
            .is_some_and(|s| s.style.overflow_wrap != OverflowWrap::Normal && s.style.wrap_mode == WrapMode::Wrap)
    };
    if !wraps(atom.span) {
        return None;
    }
    let first = (start..at).find(|i| p.atoms.get(*i).is_some_and(has_width))?;
    let place = |i: &usize| p.atoms.get(*i).is_some_and(|a| has_width(a) && !a.hyphen) && !p.in_ruby(*i);
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
            Kind::Anchor => continue,
            Kind::Float => {
                if let Some((_, least, most)) = p.floats.get(atom.first as usize) {
                    min = min.max(*least);
                    line += most;
                    kept.1 += most;
                }
                continue;
            }
            Kind::Tab => {
                let step = tab_size(p, atom.span);
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
