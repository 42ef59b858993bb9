//! Ruby (CSS Ruby 1; JLREQ 3.3): short texts beside others, mostly readings over ideographs.
//!
//! Every pair of base and annotations is one column: an inline element of the paragraph whose margins take the room
//! that the annotation needs beyond its base. The annotation is laid out by itself ([`annotate`]) and set beside the
//! base once that has its place. What it may reach over its neighbours is taken from the space behind the atom
//! before, which vanishes at the end of a line: there the annotation stays inside the line.

use std::ops::Range;
use std::sync::Arc;

use super::item::{Block, InlineItem};
use super::line::{self, TOLERANCE};
use super::output::{DecorationLine, Run, TextLayout};
use super::paragraph::{Atom, Kind, Paragraph};
use super::{TextScratch, emphasis};
use crate::asset::fallback::FontSet;
use crate::base::{Point, Pt};
use crate::markup::style::{RubyAlign, RubyMerge};
use crate::page::GlyphRun;

/// One annotation, laid out on a line of its own that begins at 0.
#[derive(Debug)]
pub struct Annotation {
    /// Its runs and lines along it; also its faults.
    pub layout: TextLayout,
    /// The glyphs (counted through all runs) behind which it may be spread.
    gaps: Vec<u32>,
    /// Of its content, as wide as it is by itself.
    pub(super) width: f32,
    /// The annotation's box about its baseline.
    pub(super) above: f32,
    pub(super) below: f32,
    /// Of its baseline below the top of `layout`.
    pub(super) baseline: f32,
    size: f32,
    /// Set over the base; else under it. In vertical lines over is right.
    pub over: bool,
    pub align: RubyAlign,
    /// It may reach over kana beside its base.
    pub overhangs: bool,
}

impl Annotation {
    pub(super) fn height(&self) -> f32 {
        (self.above + self.below).max(0.0)
    }
}

/// Lays out the content of an annotation.
pub fn annotate(scratch: &mut TextScratch, fonts: &FontSet, items: &[InlineItem<'_>], block: &Block<'_>) -> Annotation {
    let mut layout = TextLayout::default();
    let before = scratch.prepare(fonts, items, block);
    let p = &mut scratch.paragraph;
    line::lay_out(p, &mut scratch.placer, fonts, 0.0, f32::INFINITY, None, &mut layout);
    let gaps =
        if layout.lines.len() == 1 { gaps(p, layout.lines.first().map_or(0, |l| l.runs.end)) } else { Vec::new() };
    let root = p.spans.first();
    let (above, below, size) = root.map_or((0.0, 0.0, 0.0), |s| (s.ascent, s.descent, s.size));
    scratch.laps.begin(before);
    let extra = layout.lines.len().saturating_sub(1) as f32 * (above + below);
    Annotation {
        width: layout.lines.iter().map(|l| l.width.0).fold(0.0, f32::max),
        baseline: layout.last_baseline().map_or(above, |b| b.0),
        layout,
        gaps,
        above: above + extra,
        below,
        size,
        over: true,
        align: RubyAlign::default(),
        overhangs: true,
    }
}

/// Where the line of an annotation may be spread. With no run at all (nothing visible), nowhere.
fn gaps(p: &Paragraph, runs: usize) -> Vec<u32> {
    let mut gaps = Vec::new();
    if runs == 0 {
        return gaps;
    }
    let mut glyphs = 0u32;
    let mut before: Option<char> = None;
    for atom in &p.atoms {
        if !matches!(atom.kind, Kind::Text | Kind::Space) {
            continue;
        }
        let Some(c) = p.char_at(atom.byte) else { continue };
        if before.is_some_and(|b| opens(b, c)) && glyphs > 0 {
            gaps.push(glyphs - 1);
        }
        before = Some(c);
        if p.spans.get(usize::from(atom.span)).is_some_and(|s| s.visible && s.style.color.is_visible() && s.size > 0.0)
        {
            glyphs += u32::from(atom.glyphs);
        }
    }
    gaps
}

/// Space may open between these two: behind a word space, and beside characters that are set without words.
fn opens(before: char, after: char) -> bool {
    after != ' ' && (before == ' ' || is_solid(before) || is_solid(after))
}

/// Ideographs, kana, and what is as wide.
fn is_solid(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// A base with its annotations, in the paragraph.
#[derive(Debug)]
pub(super) struct Ruby {
    /// The inline element that the column is.
    pub span: u16,
    pub annotations: Vec<Arc<Annotation>>,
    pub merge: RubyMerge,
    /// Columns of one number follow each other and belong together.
    pub group: usize,
    /// Set as one with the others of its group.
    pub merged: bool,
    /// A line may begin with it, inside its group.
    pub parts: bool,
    /// Its atoms: the one that opens it and the one that closes it.
    pub open: usize,
    pub close: usize,
    /// What the base takes above and below the baseline, annotations of smaller columns inside it included.
    pub above: f32,
    pub below: f32,
}

impl Ruby {
    pub(super) fn heights(&self) -> (f32, f32) {
        let side = |over| self.annotations.iter().filter(|a| a.over == over).map(|a| a.height()).sum();
        (side(true), side(false))
    }

    fn width(&self) -> f32 {
        self.annotations.iter().map(|a| a.width).fold(0.0, f32::max)
    }

    fn inside(&self) -> Range<usize> {
        self.open + 1..self.close
    }
}

impl Paragraph {
    /// The column that this span is.
    pub(super) fn ruby_of(&self, span: u16) -> Option<usize> {
        if self.rubies.is_empty() {
            return None;
        }
        self.rubies.binary_search_by_key(&span, |r| r.span).ok()
    }

    /// A line must not begin with this atom, because a column would be torn.
    pub(super) fn in_ruby(&self, atom: usize) -> bool {
        self.rubies.iter().any(|r| !r.annotations.is_empty() && r.open < atom && atom <= r.close)
    }

    /// Something may stand out of lines: annotations, marks.
    pub(super) fn stands_out(&self) -> bool {
        !self.rubies.is_empty() || self.emphasized
    }
}

/// Gives every column the room that its annotations need. Called when all atoms have their widths.
pub(super) fn fit(p: &mut Paragraph) {
    for i in 0..p.atoms.len() {
        let Some(atom) = p.atoms.get(i).copied() else { break };
        let Some(index) = p.ruby_of(atom.span) else { continue };
        let Some(ruby) = p.rubies.get_mut(index) else { continue };
        match atom.kind {
            Kind::Open => ruby.open = i,
            Kind::Close => ruby.close = i,
            _ => {}
        }
    }
    // Columns inside others come later in the list.
    for index in (0..p.rubies.len()).rev() {
        extents(p, index);
        let Some(ruby) = p.rubies.get(index) else { continue };
        let (merge, group) = (ruby.merge, ruby.group);
        if merge == RubyMerge::Separate {
            widen(p, index..index + 1);
            continue;
        }
        let first = index == 0 || p.rubies.get(index - 1).is_none_or(|r| r.group != group || r.merge != merge);
        if first {
            let end = (index..p.rubies.len()).find(|i| p.rubies.get(*i).is_none_or(|r| r.group != group));
            group_of(p, index..end.unwrap_or(p.rubies.len()), merge);
        }
    }
}

/// What a column takes above and below the baseline.
fn extents(p: &mut Paragraph, index: usize) {
    let Some(ruby) = p.rubies.get(index) else { return };
    let own = p.spans.get(usize::from(ruby.span));
    let (mut above, mut below) = own.map_or((0.0, 0.0), |s| (s.shift + s.ascent, s.descent - s.shift));
    for atom in p.atoms.get(ruby.inside()).unwrap_or_default() {
        if let Some(s) = p.spans.get(usize::from(atom.span)) {
            above = above.max(s.shift + s.ascent);
            below = below.max(s.descent - s.shift);
        }
    }
    for inner in p.rubies.iter().skip(index + 1).take_while(|r| r.open < ruby.close) {
        let (over, under) = inner.heights();
        above = above.max(inner.above + over);
        below = below.max(inner.below + under);
    }
    if let Some(ruby) = p.rubies.get_mut(index) {
        (ruby.above, ruby.below) = (above, below);
    }
}

/// How wide the base of a column is.
fn base_width(p: &Paragraph, ruby: &Ruby) -> f32 {
    let atoms = p.atoms.get(ruby.inside()).unwrap_or_default();
    let all: f32 = atoms.iter().map(|a| a.advance + a.trail).sum();
    all - last_content(atoms).and_then(|i| atoms.get(i)).map_or(0.0, |a| a.trail)
}

fn last_content(atoms: &[Atom]) -> Option<usize> {
    atoms.iter().rposition(|a| matches!(a.kind, Kind::Text | Kind::Space | Kind::Box | Kind::Tab))
}

/// The atoms of a base behind which it may be spread.
fn base_gaps(p: &Paragraph, ruby: &Ruby) -> Vec<usize> {
    let mut found = Vec::new();
    let mut before: Option<(usize, char)> = None;
    for i in ruby.inside() {
        let Some(atom) = p.atoms.get(i) else { break };
        let c = match atom.kind {
            Kind::Text | Kind::Space => p.char_at(atom.byte).unwrap_or(' '),
            Kind::Box => '\u{3013}',
            _ => continue,
        };
        if let Some((at, b)) = before
            && opens(b, c)
        {
            found.push(at);
        }
        before = Some((i, c));
    }
    found
}

/// Widens the columns of a range, as one, where their annotations are wider than their bases.
fn widen(p: &mut Paragraph, range: Range<usize>) {
    let Some(rubies) = p.rubies.get(range.clone()).filter(|r| r.iter().any(|r| !r.annotations.is_empty())) else {
        return;
    };
    let base: f32 = rubies.iter().map(|r| base_width(p, r)).sum();
    let wanted: f32 = rubies.iter().map(Ruby::width).sum();
    let excess = wanted - base;
    if excess <= TOLERANCE {
        return;
    }
    let inner: Vec<Vec<usize>> = rubies.iter().map(|r| base_gaps(p, r)).collect();
    let count = inner.iter().map(Vec::len).sum::<usize>() + rubies.len() - 1;
    let Some(first) = rubies.first() else { return };
    let style = p.spans.get(usize::from(first.span));
    let align = style.and_then(|s| s.style.extras.as_ref()).map_or(RubyAlign::default(), |e| e.ruby_align);
    let size = style.map_or(0.0, |s| s.size);
    let (lead, gap) = spread(align, excess, count, size);
    let edges: Vec<(usize, usize)> = rubies.iter().map(|r| (r.open, r.close)).collect();
    let overhangs = rubies.iter().flat_map(|r| &r.annotations).all(|a| a.overhangs);
    let most = rubies.iter().flat_map(|r| &r.annotations).map(|a| a.size).fold(f32::INFINITY, f32::min);
    let last = edges.len() - 1;
    for (i, ((open, close), gaps)) in edges.iter().zip(&inner).enumerate() {
        let left = if i == 0 { lead } else { gap / 2.0 };
        let right = if i == last { excess - lead - gap * count as f32 } else { gap / 2.0 };
        if let Some(a) = p.atoms.get_mut(*open) {
            a.advance += left;
        }
        if let Some(a) = p.atoms.get_mut(*close) {
            a.advance += right;
        }
        for at in gaps {
            if let Some(a) = p.atoms.get_mut(*at) {
                a.trail += gap;
            }
        }
        // So that grounds and lines along text begin and end with the base.
        let span = p.atoms.get(*open).map(|a| a.span);
        if let Some(s) = span.and_then(|s| p.spans.get_mut(usize::from(s))) {
            s.margin.left += left;
            s.margin.right += right;
        }
    }
    if overhangs && most.is_finite() {
        let (Some((open, _)), Some((_, close))) = (edges.first().copied(), edges.last().copied()) else { return };
        let right = excess - lead - gap * count as f32;
        if let Some((at, share)) = neighbour(p, (0..open).rev(), false)
            && let Some(a) = p.atoms.get_mut(at)
        {
            a.trail -= lead.min(share * most);
        }
        if let Some((_, share)) = neighbour(p, close + 1..p.atoms.len(), true)
            && let Some(a) = p.atoms.get_mut(close)
        {
            a.trail -= right.min(share * most);
        }
    }
}

/// The character beside a column, if an annotation may reach over it, and by how many of its own characters
/// (JLREQ 3.3.8): over kana by one, over the space of punctuation by half.
fn neighbour(p: &Paragraph, mut atoms: impl Iterator<Item = usize>, behind: bool) -> Option<(usize, f32)> {
    let at = atoms.find_map(|i| match p.atoms.get(i) {
        Some(a) if matches!(a.kind, Kind::Open | Kind::Close) && a.advance == 0.0 => None,
        Some(a) if a.kind == Kind::Zero => None,
        Some(a) if a.kind == Kind::Text => Some(Some(i)),
        _ => Some(None),
    })??;
    if p.in_ruby(at) {
        return None;
    }
    let share = match p.atoms.get(at).and_then(|a| p.char_at(a.byte))? {
        '・' | '：' | '；' => 0.5,
        'ぁ'..='ゟ' | 'ァ'..='ヿ' | '\u{31F0}'..='\u{31FF}' => 1.0,
        '、' | '。' | '，' | '．' | '」' | '』' | '）' | '〕' | '］' | '｝' | '〉' | '》' | '】' if !behind => {
            0.5
        }
        '「' | '『' | '（' | '〔' | '［' | '｛' | '〈' | '《' | '【' if behind => 0.5,
        _ => return None,
    };
    Some((at, share))
}

/// How room is shared out: what goes before, and what between; the rest goes behind (CSS Ruby 1, section 4.3). At the
/// ends goes no more than one character.
fn spread(align: RubyAlign, room: f32, gaps: usize, size: f32) -> (f32, f32) {
    let n = gaps as f32;
    match align {
        RubyAlign::Start => (0.0, 0.0),
        RubyAlign::Center => (room / 2.0, 0.0),
        _ if gaps == 0 => (room / 2.0, 0.0),
        RubyAlign::SpaceBetween => (0.0, room / n),
        RubyAlign::SpaceAround => {
            let lead = (room / (n + 1.0) / 2.0).min(size);
            (lead, (room - 2.0 * lead) / n)
        }
    }
}

/// Jukugo and group ruby.
fn group_of(p: &mut Paragraph, range: Range<usize>, merge: RubyMerge) {
    let Some(rubies) = p.rubies.get(range.clone()) else { return };
    let fits = merge == RubyMerge::Auto && rubies.iter().all(|r| r.width() <= base_width(p, r) + TOLERANCE);
    if fits || rubies.len() < 2 {
        // Each by itself; lines may break between.
        for index in range {
            widen(p, index..index + 1);
            if let Some(r) = p.rubies.get_mut(index) {
                r.parts = true;
            }
        }
        return;
    }
    widen(p, range.clone());
    // A jukugo may be parted where the readings before and behind still fit over what is theirs.
    let Some(rubies) = p.rubies.get(range.clone()) else { return };
    let wide = |r: &Ruby| {
        let edge = |i: usize| p.atoms.get(i).map_or(0.0, |a| a.advance);
        base_width(p, r) + edge(r.open) + edge(r.close)
    };
    let widths: Vec<(f32, f32)> = rubies.iter().map(|r| (wide(r), r.width())).collect();
    let all = widths.iter().fold((0.0, 0.0), |s, w| (s.0 + w.0, s.1 + w.1));
    let mut before = (0.0, 0.0);
    for (index, w) in range.clone().zip(&widths) {
        let fits = before.1 <= before.0 + TOLERANCE && all.1 - before.1 <= all.0 - before.0 + TOLERANCE;
        if let Some(r) = p.rubies.get_mut(index) {
            r.merged = true;
            r.parts = index == range.start || merge == RubyMerge::Auto && fits;
        }
        before = (before.0 + w.0, before.1 + w.1);
    }
}

/// Takes back the places for line ends inside columns and groups.
pub(super) fn keep(p: &mut Paragraph) {
    for index in 0..p.rubies.len() {
        let Some(ruby) = p.rubies.get(index).filter(|r| !r.annotations.is_empty()) else { continue };
        let (open, close, parts) = (ruby.open, ruby.close, ruby.parts || !ruby.merged);
        for atom in p.atoms.get_mut(open + 1..=close).unwrap_or_default() {
            atom.breakable = false;
        }
        // The place before it is noted at the first of the elements that begin here.
        if parts {
            continue;
        }
        let mut i = open;
        loop {
            if let Some(atom) = p.atoms.get_mut(i) {
                atom.breakable = false;
            }
            match i.checked_sub(1) {
                Some(b) if p.atoms.get(b).is_some_and(|a| a.kind == Kind::Open) => i = b,
                _ => break,
            }
        }
    }
}

/// What justification put behind the last character of a column goes behind the column.
pub(super) fn mend(p: &Paragraph, start: usize, adjust: &mut [f32]) {
    for ruby in p.rubies.iter().filter(|r| r.open >= start && !r.annotations.is_empty()) {
        let atoms = p.atoms.get(ruby.inside()).unwrap_or_default();
        let Some(last) = last_content(atoms).map(|i| ruby.open + 1 + i - start) else { continue };
        let moved = adjust.get(last).copied().unwrap_or(0.0);
        if moved != 0.0
            && let Some(behind) = adjust.get_mut(ruby.close - start)
        {
            *behind += moved;
            if let Some(a) = adjust.get_mut(last) {
                *a = 0.0;
            }
        }
    }
}

/// How far the annotations and marks of a line reach above and below the baseline; `None` without any.
pub(super) fn reach(p: &Paragraph, range: &Range<usize>) -> (Option<f32>, Option<f32>) {
    let (mut above, mut below) = if p.emphasized { emphasis::reach(p, range) } else { (None, None) };
    for ruby in p.rubies.iter().filter(|r| range.contains(&r.open)) {
        let (over, under) = ruby.heights();
        if over > 0.0 {
            above = Some(above.unwrap_or(f32::MIN).max(ruby.above + over));
        }
        if under > 0.0 {
            below = Some(below.unwrap_or(f32::MIN).max(ruby.below + under));
        }
    }
    (above, below)
}

/// Sets the annotations of a column that ends at `to`, unless more of its group follow on this line. `starts` is
/// where each column of the paragraph begins, as far as the line has come.
pub(super) fn set(
    p: &Paragraph,
    index: usize,
    starts: &[f32],
    line: &Range<usize>,
    to: f32,
    baseline: f32,
    out: &mut TextLayout,
) {
    let Some(ruby) = p.rubies.get(index) else { return };
    let mut first = index;
    if ruby.merged {
        let same =
            |i: usize| p.rubies.get(i).is_some_and(|r| r.merged && r.group == ruby.group && line.contains(&r.open));
        if same(index + 1) {
            return;
        }
        while first > 0 && same(first - 1) {
            first -= 1;
        }
    }
    let from = starts.get(first).copied().unwrap_or(to);
    let columns = p.rubies.get(first..=index).unwrap_or_default();
    let above = columns.iter().map(|r| r.above).fold(0.0, f32::max);
    let below = columns.iter().map(|r| r.below).fold(0.0, f32::max);
    // One annotation of each column for each level.
    let levels = columns.iter().map(|r| r.annotations.len()).max().unwrap_or(0);
    let (mut up, mut down) = (baseline - above, baseline + below);
    for level in 0..levels {
        let row: Vec<&Annotation> = columns.iter().filter_map(|r| r.annotations.get(level).map(|a| &**a)).collect();
        let Some(one) = row.first() else { continue };
        let tall = row.iter().map(|a| a.above).fold(0.0, f32::max);
        let deep = row.iter().map(|a| a.below).fold(0.0, f32::max);
        let own = if one.over { up - deep } else { down + tall };
        if one.over {
            up = own - tall;
        } else {
            down = own + deep;
        }
        row_of(&row, from, to, own, out);
    }
}

/// Sets a row of annotations between two places, spread as one.
fn row_of(row: &[&Annotation], from: f32, to: f32, baseline: f32, out: &mut TextLayout) {
    let Some(first) = row.first() else { return };
    let width: f32 = row.iter().map(|a| a.width).sum();
    let gaps = row.iter().map(|a| a.gaps.len()).sum::<usize>() + row.len() - 1;
    let room = to - from - width;
    let (lead, gap) = if room > 0.0 { spread(first.align, room, gaps, first.size) } else { (room / 2.0, 0.0) };
    let mut x = from + lead;
    for a in row {
        let corner = Point::new(Pt(x), Pt(baseline - a.baseline));
        let mut shift = 0.0;
        let mut glyph = 0u32;
        let mut places = a.gaps.iter().copied().peekable();
        for run in &a.layout.runs {
            let GlyphRun { size, stretch, .. } = run.glyphs;
            let mut glyphs = run.glyphs.clone();
            glyphs.origin = run.glyphs.origin + corner + Point::new(Pt(shift), Pt::ZERO);
            for g in &mut glyphs.glyphs {
                if places.next_if_eq(&glyph).is_some() {
                    g.extra += gap * 1000.0 / (size.0 * stretch);
                    shift += gap;
                }
                glyph += 1;
            }
            out.runs.push(Run { glyphs, alpha: run.alpha, overprint: run.overprint, shadows: run.shadows.clone() });
        }
        for d in &a.layout.decorations {
            let mut rect = d.rect.translated(corner);
            rect.width += Pt(shift);
            out.decorations.push(DecorationLine { rect, ..d.clone() });
        }
        x += a.width + shift + gap;
    }
}
