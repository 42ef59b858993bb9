//! One line's atoms to their places: height and baseline (CSS 2.2, section 10.8), alignment, glyph runs, boxes,
//! fragments of elements, and the lines along text.

use std::ops::Range;
use std::sync::Arc;

use super::line::TOLERANCE;
use super::output::{BoxPlace, Fragment, Line, Run, TextLayout};
use super::paragraph::{Atom, Edge, Hyphen, Kind, Lines, Paragraph, Span};
use super::{along, bidi, emphasis, justify, ruby, trim};
use crate::asset::fallback::FontSet;
use crate::asset::font::FontId;
use crate::base::{Point, Pt, Rect};
use crate::markup::composition::TextJustify;
use crate::markup::style::TextAlign;
use crate::page::{Glyph, GlyphRun, Lies};

/// A line to be placed: its atoms, and what became of its measure.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub range: Range<usize>,
    /// Where it begins and where it ends.
    pub indent: f32,
    pub width: f32,
    pub top: f32,
    pub align: TextAlign,
    /// It is stretched to its measure, in this way.
    pub stretch: Option<TextJustify>,
    /// It is longer than its measure and gives up space.
    pub tight: bool,
    /// The atom before which space goes, and how much ([`super::trim`]).
    pub lead: (usize, f32),
}

/// Buffers of one line.
#[derive(Debug, Default)]
pub(super) struct Placer {
    adjust: Vec<f32>,
    /// For each span what is known of it on this line.
    extents: Vec<Extent>,
    /// Where the columns of ruby begin on this line.
    columns: Vec<f32>,
    /// The atoms of the line in the order of the eye; empty where that is their own.
    order: Vec<usize>,
    /// Marks of emphasis on this line.
    wanted: Vec<emphasis::Wanted>,
    /// What the line before leaves free at its foot; below 0 what stands out of it there.
    space: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    /// It takes part in this line.
    present: bool,
    /// For a root: what hangs on it, above and below its baseline.
    above: f32,
    below: f32,
    /// For a root: its baseline below the line's top.
    baseline: f32,
    /// From where to where it is painted or decorated.
    from: f32,
    to: f32,
    drawn: bool,
    starts: bool,
    ends: bool,
}

impl Placer {
    /// Places a line and returns it; `out.runs` and the others get its content.
    pub(super) fn place(&mut self, p: &Paragraph, fonts: &FontSet, line: Setting, out: &mut TextLayout) -> Line {
        let Setting { range, indent, width, top, align, stretch, tight, lead } = line;
        let atoms = p.atoms.get(range.clone()).unwrap_or_default();
        let (content, used) = trimmed(atoms);
        let mut line_width = used - lead.1;
        let (always, needed) = match content.checked_sub(1) {
            Some(last) => trim::tail(p, range.start + last),
            None => (0.0, 0.0),
        };
        let tail = if line_width - always > width - indent + TOLERANCE { always.max(needed) } else { always };
        line_width -= tail;
        let hyphen = hyphen(p, &range);
        line_width += hyphen.map_or(0.0, |h| h.width);
        let room = width - indent - line_width;
        self.adjust.clear();
        let shown = range.start..range.start + content;
        if let Some(how) = stretch
            && room > 0.0
            && room.is_finite()
        {
            justify::stretch(p, shown, room, how, &mut self.adjust);
        } else if tight && room < 0.0 {
            justify::shrink(p, shown, -room, &mut self.adjust);
        }
        line_width += self.adjust.iter().sum::<f32>();
        if !p.rubies.is_empty() && !self.adjust.is_empty() {
            ruby::mend(p, range.start, &mut self.adjust);
        }
        let room = if room.is_finite() { (width - indent - line_width).max(0.0) } else { 0.0 };
        let align = match align {
            TextAlign::Start | TextAlign::Justify | TextAlign::JustifyAll if p.rtl => TextAlign::Right,
            TextAlign::End if p.rtl => TextAlign::Left,
            other => other,
        };
        let left = indent
            + match align {
                TextAlign::Start | TextAlign::Left | TextAlign::Justify | TextAlign::JustifyAll => 0.0,
                TextAlign::End | TextAlign::Right => room,
                TextAlign::Center => room / 2.0,
            };
        let height = self.heights(p, range.clone());
        if p.stands_out() {
            self.space = self.foot(p, &range);
        }
        let baseline = top + self.extents.first().map_or(0.0, |e| e.baseline);
        let starts = (out.runs.len(), out.decorations.len(), out.boxes.len(), out.fragments.len());
        let lead = (lead.0.wrapping_sub(range.start), lead.1);
        let shown = Shown { content, lead, tail, hyphen };
        self.emit(p, fonts, range.clone(), shown, left, top, out);
        if p.adorned {
            self.adorn(p, top, out);
        }
        Line {
            top: Pt(top),
            height: Pt(height),
            baseline: Pt(baseline),
            left: Pt(left),
            width: Pt(line_width),
            overflow: Pt::ZERO,
            bytes: (p.byte_of(range.start), p.byte_of(range.end)),
            runs: starts.0..out.runs.len(),
            decorations: starts.1..out.decorations.len(),
            boxes: starts.2..out.boxes.len(),
            fragments: starts.3..out.fragments.len(),
        }
    }

    /// How high a line of these atoms gets.
    pub(super) fn height(&mut self, p: &Paragraph, range: Range<usize>) -> f32 {
        self.heights(p, range)
    }

    /// The height of the line; the baselines of all roots are set.
    fn heights(&mut self, p: &Paragraph, range: Range<usize>) -> f32 {
        let atoms = p.atoms.get(range.clone()).unwrap_or_default();
        self.extents.clear();
        self.extents.resize(p.spans.len(), Extent::default());
        self.include(p, 0);
        let mut last = 0;
        for atom in atoms {
            if atom.span != last {
                last = atom.span;
                self.include(p, last);
            }
            if atom.kind == Kind::Box
                && let Some(b) = p.boxes.get(atom.first as usize)
                && b.edge == Edge::Baseline
            {
                self.extend(b.root, b.shift + b.above, b.below - b.shift);
            }
        }
        let (mut above, mut below) = self.extents.first().map_or((0.0, 0.0), |e| (e.above, e.below));
        // What is aligned to the line's edges makes the line higher where it must: at the other edge.
        let edges = p.spans.iter().zip(&self.extents).filter(|(s, e)| e.present && s.edge != Edge::Baseline);
        let boxes = atoms.iter().filter(|a| a.kind == Kind::Box).filter_map(|a| p.boxes.get(a.first as usize));
        let boxes = boxes.filter(|b| b.edge != Edge::Baseline).map(|b| (b.edge, b.above + b.below));
        for (edge, height) in edges.map(|(s, e)| (s.edge, e.above + e.below)).chain(boxes) {
            if edge == Edge::Top {
                below = below.max(height - above);
            } else {
                above = above.max(height - below);
            }
        }
        if p.stands_out() {
            let (head, foot) = self.marks(p, &range, above, below);
            (above, below) = (above + head, below + foot);
        }
        for (i, span) in p.spans.iter().enumerate() {
            if let Some(e) = self.extents.get_mut(i) {
                e.baseline = match span.edge {
                    Edge::Baseline => above,
                    Edge::Top => e.above,
                    Edge::Bottom => above + below - e.below,
                };
            }
        }
        above + below
    }

    /// Before the first line of a paragraph.
    pub(super) fn begin(&mut self, p: &Paragraph) {
        if !p.stands_out() {
            return;
        }
        // A block before this one leaves as much at its foot as this one's own lines do.
        let leading = p.spans.first().map_or(0.0, |s| s.above - s.ascent);
        self.space = leading.max(p.room_above).max(0.0);
    }

    /// What text takes above and below the line's baseline.
    fn content(&self, p: &Paragraph) -> (f32, f32) {
        let present = p.spans.iter().zip(&self.extents).filter(|(s, e)| e.present && s.root == 0);
        present.fold((0.0, 0.0), |(a, b), (s, _)| (f32::max(a, s.ascent + s.shift), f32::max(b, s.descent - s.shift)))
    }

    /// By how much annotations make a line higher at its head and at its foot. They may stand in the room that the
    /// line before leaves free (CSS Ruby 1, section 3.5); what stands out at the foot is the next line's concern.
    fn marks(&self, p: &Paragraph, range: &Range<usize>, above: f32, below: f32) -> (f32, f32) {
        let (over, under) = ruby::reach(p, range);
        let head = over.map_or_else(|| -(above - self.content(p).0).max(0.0), |o| o - above);
        let head = (head - self.space).max(0.0);
        let last = range.end >= p.atoms.len();
        let foot = under.filter(|_| last).map_or(0.0, |u| (u - below).max(0.0));
        (head, foot)
    }

    /// What the line leaves free at its foot.
    fn foot(&self, p: &Paragraph, range: &Range<usize>) -> f32 {
        let below = self.extents.first().map_or(0.0, |e| e.below);
        let free = (below - self.content(p).1).max(0.0);
        ruby::reach(p, range).1.map_or(free, |u| free.min(below - u))
    }

    /// Notes that a span and those around it take part in the line.
    fn include(&mut self, p: &Paragraph, mut index: u16) {
        while let (Some(span), Some(e)) = (p.spans.get(usize::from(index)), self.extents.get_mut(usize::from(index))) {
            if e.present {
                return;
            }
            e.present = true;
            self.extend(span.root, span.shift + span.above, span.below - span.shift);
            if index == 0 {
                return;
            }
            index = span.parent;
        }
    }

    fn extend(&mut self, root: u16, above: f32, below: f32) {
        if let Some(e) = self.extents.get_mut(usize::from(root)) {
            if e.above == 0.0 && e.below == 0.0 {
                (e.above, e.below) = (above, below);
            } else {
                (e.above, e.below) = (e.above.max(above), e.below.max(below));
            }
        }
    }

    fn root_baseline(&self, root: u16) -> f32 {
        self.extents.get(usize::from(root)).map_or(0.0, |e| e.baseline)
    }

    #[allow(clippy::too_many_arguments)]
    fn emit(
        &mut self,
        p: &Paragraph,
        fonts: &FontSet,
        range: Range<usize>,
        Shown { content, lead, tail, hyphen }: Shown,
        left: f32,
        top: f32,
        out: &mut TextLayout,
    ) {
        let atoms = p.atoms.get(range.clone()).unwrap_or_default();
        self.wanted.clear();
        self.columns.clear();
        self.columns.resize(p.rubies.len(), 0.0);
        let mut pen = Pen {
            x: left,
            gap: 0.0,
            first: out.runs.len(),
            font: None,
            stand: (false, Lies::Level),
            span: None,
            moved: 0.0,
            room: content,
        };
        self.order.clear();
        if !p.levels.is_empty() {
            bidi::order(p, &range, content, &mut self.order);
        }
        for step in 0..atoms.len() {
            let i = self.order.get(step).copied().unwrap_or(step);
            let Some(mut atom) = atoms.get(i) else { break };
            let hanging = i >= content;
            let turned = p.is_turned(range.start + i);
            let adjust = self.adjust.get(i).copied().unwrap_or(0.0);
            let after = if hanging { 0.0 } else { adjust + if i + 1 == content { 0.0 } else { atom.trail } };
            let other_side;
            if turned {
                // What comes behind it stands at its left, and elements end there.
                let kind = match atom.kind {
                    Kind::Open => Kind::Close,
                    Kind::Close => Kind::Open,
                    kind => kind,
                };
                other_side = Atom { kind, ..*atom };
                atom = &other_side;
                if after != 0.0 {
                    pen.skip(after);
                }
            }
            let Some(span) = p.spans.get(usize::from(atom.span)) else { continue };
            let before = pen.x;
            if i == lead.0 {
                pen.skip(-lead.1);
            }
            match atom.kind {
                Kind::Text | Kind::Space if !hanging => {
                    let baseline = top + self.root_baseline(span.root) - span.shift + span.moved.1;
                    pen.glyphs(p, fonts, atom, span, baseline, out);
                    if p.emphasized && span.mark.is_some() && span.visible && emphasis::takes(p, atom) {
                        let middle = before + atom.advance / 2.0;
                        self.wanted.push(emphasis::Wanted { atom: range.start + i, middle, baseline });
                    }
                }
                Kind::Box => {
                    if let Some(b) = p.boxes.get(atom.first as usize) {
                        let y = match b.edge {
                            Edge::Baseline => self.root_baseline(b.root) - b.shift - b.above,
                            Edge::Top => 0.0,
                            Edge::Bottom => {
                                self.extents.first().map_or(0.0, |e| e.baseline + e.below) - b.above - b.below
                            }
                        };
                        let at = Point::new(Pt(pen.x + span.moved.0), Pt(top + y + span.moved.1));
                        out.boxes.push(BoxPlace { id: b.id, at });
                    }
                    pen.skip(atom.advance);
                }
                Kind::Anchor => {
                    out.boxes.push(BoxPlace { id: atom.first as usize, at: Point::new(Pt(pen.x), Pt(top)) })
                }
                Kind::Tab if !hanging => pen.skip(atom.advance),
                Kind::Open | Kind::Close => {
                    pen.skip(atom.advance);
                    if let Some(index) = p.ruby_of(atom.span) {
                        if atom.kind == Kind::Open {
                            if let Some(start) = self.columns.get_mut(index) {
                                *start = before;
                            }
                        } else {
                            let baseline = top + self.root_baseline(span.root);
                            ruby::set(p, index, &self.columns, &range, pen.x, baseline, out);
                            // What follows begins a run of its own.
                            pen.font = None;
                        }
                    }
                }
                _ => {}
            }
            if p.adorned && !hanging {
                let to = if i + 1 == content { pen.x - tail } else { pen.x };
                self.reach(p, atom, before, to);
            } else if p.adorned && atom.kind == Kind::Close {
                self.close(p, atom, before, pen.x);
            }
            if after != 0.0 && !turned {
                pen.skip(after);
            }
        }
        if let Some(h) = hyphen
            && let Some(span) = p.spans.get(usize::from(h.span))
        {
            let (before, baseline) = (pen.x, top + self.root_baseline(span.root) - span.shift);
            let atom = Atom::hyphen(h);
            pen.glyphs(p, fonts, &atom, span, baseline, out);
            if p.adorned {
                self.reach(p, &atom, before, pen.x);
            }
        }
        if !self.wanted.is_empty() {
            emphasis::set(p, &self.wanted, out);
        }
    }

    /// Notes how far a span and those around it reach.
    fn reach(&mut self, p: &Paragraph, atom: &Atom, from: f32, to: f32) {
        match atom.kind {
            Kind::Open => return self.open(p, atom, to),
            Kind::Close => return self.close(p, atom, from, to),
            _ => {}
        }
        let mut index = atom.span;
        while let (Some(span), Some(e)) = (p.spans.get(usize::from(index)), self.extents.get_mut(usize::from(index))) {
            if !e.drawn {
                (e.drawn, e.from) = (true, from);
            }
            e.to = to;
            if index == 0 {
                return;
            }
            index = span.parent;
        }
    }

    fn open(&mut self, p: &Paragraph, atom: &Atom, to: f32) {
        if let (Some(span), Some(e)) =
            (p.spans.get(usize::from(atom.span)), self.extents.get_mut(usize::from(atom.span)))
        {
            (e.drawn, e.starts) = (true, true);
            (e.from, e.to) = (to - span.inset.left, to);
        }
    }

    fn close(&mut self, p: &Paragraph, atom: &Atom, from: f32, to: f32) {
        if let (Some(span), Some(e)) =
            (p.spans.get(usize::from(atom.span)), self.extents.get_mut(usize::from(atom.span)))
        {
            if !e.drawn {
                (e.drawn, e.from) = (true, from);
            }
            e.ends = true;
            e.to = to - span.margin.right;
        }
    }

    /// Fragments of painted spans and lines along decorated ones.
    fn adorn(&self, p: &Paragraph, top: f32, out: &mut TextLayout) {
        for (span, e) in p.spans.iter().zip(&self.extents).filter(|(_, e)| e.drawn) {
            let baseline = top + self.root_baseline(span.root) - span.shift;
            if span.painted && span.visible {
                let (above, below) = (span.ascent + span.inset.top, span.descent + span.inset.bottom);
                let (dx, dy) = span.moved;
                let rect = Rect::new(Pt(e.from + dx), Pt(baseline - above + dy), Pt(e.to - e.from), Pt(above + below));
                out.fragments.push(Fragment { id: span.id, rect, starts: e.starts, ends: e.ends });
            }
            if span.visible && span.decoration.lines.any() {
                let from = if e.starts { e.from + span.inset.left } else { e.from };
                let to = if e.ends { e.to - span.inset.right } else { e.to };
                along::decorate(span, from + span.moved.0, to + span.moved.0, baseline + span.moved.1, out);
            }
        }
    }
}

/// How many atoms remain when what vanishes at the end of a line is left off, and their width.
fn trimmed(atoms: &[Atom]) -> (usize, f32) {
    let mut content = atoms.len();
    while let Some(atom) = content.checked_sub(1).and_then(|i| atoms.get(i)) {
        match atom.kind {
            Kind::Space | Kind::Break | Kind::Zero | Kind::Float | Kind::Anchor => content -= 1,
            Kind::Close if atom.advance == 0.0 => content -= 1,
            _ => break,
        }
    }
    let mut width = 0.0;
    for atom in atoms.iter().take(content) {
        width += atom.advance + atom.trail;
    }
    width -= content.checked_sub(1).and_then(|i| atoms.get(i)).map_or(0.0, |a| a.trail);
    (content, width)
}

/// What of a line's atoms is shown: how many, and what goes before one of them and behind the last.
#[derive(Clone, Copy)]
struct Shown {
    content: usize,
    lead: (usize, f32),
    tail: f32,
    hyphen: Option<Hyphen>,
}

/// The hyphen at the end of a line that ends within a word.
fn hyphen(p: &Paragraph, range: &Range<usize>) -> Option<Hyphen> {
    p.atoms.get(range.end).filter(|a| a.hyphen)?;
    p.hyphen(p.atoms.get(range.end.checked_sub(1)?)?.span)
}

/// Writes glyphs along a line.
pub(super) struct Pen {
    pub(super) x: f32,
    /// Space since the last glyph that belongs to no glyph.
    pub(super) gap: f32,
    /// The line's first run.
    first: usize,
    /// Face of the last run, and the span whose ink and size it has.
    font: Option<FontId>,
    stand: (bool, Lies),
    span: Option<u16>,
    /// By how much the last run is drawn to the right of where it stands.
    moved: f32,
    /// Glyphs to expect.
    room: usize,
}

impl Pen {
    /// Leaves room for what is not drawn, or drawn apart; a new run begins after it.
    pub(super) fn leave_out(&mut self, by: f32) {
        self.skip(by);
        self.font = None;
    }

    fn skip(&mut self, by: f32) {
        self.x += by;
        self.gap += by;
    }

    fn glyphs(
        &mut self,
        p: &Paragraph,
        fonts: &FontSet,
        atom: &Atom,
        span: &Span,
        baseline: f32,
        out: &mut TextLayout,
    ) {
        if p.lines != Lines::Level {
            return self.in_column(p, fonts, atom, span, baseline, out);
        }
        let start = self.x;
        let color = span.style.color;
        let shaped = p.glyphs.get(atom.first as usize..atom.first as usize + usize::from(atom.glyphs));
        let mut drawn = 0.0;
        if span.visible && color.is_visible() && span.size > 0.0 {
            let per_mille = span.size / 1000.0;
            for g in shaped.unwrap_or_default() {
                let level = (false, Lies::Level);
                let Some(run) = self.run(fonts, g.font, atom.span, span, baseline, level, out) else { continue };
                if self.gap != 0.0 {
                    if let Some(last) = run.glyphs.last_mut() {
                        last.extra += self.gap * 1000.0 / (span.size * span.stretch);
                    }
                    self.gap = 0.0;
                }
                let natural = run.font.advance(g.id);
                run.glyphs.push(Glyph { id: g.id, extra: g.extra, dx: g.dx, dy: g.dy });
                let step = f32::from(natural) * span.size / f32::from(run.font.units_per_em) + g.extra * per_mille;
                let step = step * span.stretch;
                drawn += step;
                self.x += step;
            }
            // Word spacing is part of the atom's width but of no glyph.
            let rest = atom.advance - drawn;
            if rest.abs() > 1e-3 {
                self.gap += rest;
            }
            self.x = start + atom.advance;
        } else {
            self.skip(atom.advance);
            // A new run begins after what is not drawn.
            self.font = None;
        }
    }

    /// The run that the next glyph goes to: the last one if face, size, ink, baseline and stand (upright in a vertical
    /// line, or how it lies) are the same.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn run<'o>(
        &mut self,
        fonts: &FontSet,
        font: FontId,
        index: u16,
        span: &Span,
        baseline: f32,
        stand: (bool, Lies),
        out: &'o mut TextLayout,
    ) -> Option<&'o mut GlyphRun> {
        let color = span.style.color;
        let overprint = span.style.extras.as_deref().and_then(|e| e.overprint);
        let same = self.font == Some(font)
            && self.stand == stand
            && (self.span == Some(index)
                || out.runs.get(self.first..).and_then(<[Run]>::last).is_some_and(|r| {
                    r.glyphs.size.0 == span.size
                        && r.glyphs.stretch == span.stretch
                        && r.glyphs.ink == color.ink
                        && r.alpha == color.alpha * span.opacity
                        && r.overprint == overprint
                        && self.moved == span.moved.0
                        && r.shadows == span.shadows
                        && r.glyphs.origin.y.0 == baseline
                }));
        self.span = Some(index);
        if !same {
            self.font = Some(font);
            self.stand = stand;
            self.gap = 0.0;
            self.moved = span.moved.0;
            let glyphs = GlyphRun {
                font: Arc::clone(fonts.get(font)?),
                size: Pt(span.size),
                ink: color.ink,
                origin: Point::new(Pt(self.x + span.moved.0), Pt(baseline)),
                vertical: stand.0,
                lies: stand.1,
                stretch: span.stretch,
                glyphs: Vec::with_capacity(self.room),
            };
            let shadows = span.shadows.clone();
            out.runs.push(Run { glyphs, alpha: color.alpha * span.opacity, overprint, shadows });
        }
        out.runs.last_mut().map(|r| &mut r.glyphs)
    }
}
