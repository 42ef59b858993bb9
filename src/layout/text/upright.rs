//! Vertical lines: which characters stand upright (UAX 50, `text-orientation`), and what is set side by side within
//! one em (縦中横, `text-combine-upright`). Everything else about a line is the same in both directions.
//!
//! In such lines the baseline that all measures count from is the central one: upright glyphs hang by the middle of
//! their width, and text that lies on its side is shifted so that the middle between its ascent and descent lies there.

use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::VerticalOrientation;

use super::class::Class;
use super::output::{Run as Drawn, TextLayout};
use super::paragraph::{Atom, Kind, Lines, Paragraph, Span, Stand};
use super::place::Pen;
use super::shape::{self, Run};
use crate::asset::fallback::{Chain, FontSet};
use crate::asset::font::Font;
use crate::base::{Point, Pt};
use crate::markup::style::{TextCombineUpright, TextOrientation, TextStyle, WritingMode};
use crate::page::{Glyph, GlyphRun, Lies};

impl Lines {
    /// How the lines of a block of this style lie.
    pub(super) fn of(style: &TextStyle) -> Self {
        match style.writing_mode {
            WritingMode::HorizontalTb => Self::Level,
            WritingMode::SidewaysRl => Self::Side(Lies::Right),
            WritingMode::SidewaysLr => Self::Side(Lies::Left),
            _ if style.orientation == TextOrientation::Sideways => Self::Side(Lies::Right),
            _ => Self::Central,
        }
    }

    /// How text lies that is not upright.
    fn lies(self) -> Lies {
        match self {
            Self::Level => Lies::Level,
            Self::Central => Lies::Right,
            Self::Side(lies) => lies,
        }
    }
}

/// How far the middle of a face's ascent and descent lies above its alphabetic baseline.
fn middle(font: &Font, size: f32) -> f32 {
    (f32::from(font.ascent) + f32::from(font.descent)) / 2.0 * size / f32::from(font.units_per_em)
}

/// Whether text of this style has upright characters at all.
pub(super) fn may_stand(style: &TextStyle) -> bool {
    matches!(style.writing_mode, WritingMode::VerticalRl | WritingMode::VerticalLr)
        && (style.orientation != TextOrientation::Sideways || style.combine != TextCombineUpright::None)
}

impl Run<'_> {
    /// Text of a vertical line: stretches that stand, stretches that lie, and what is combined.
    pub(super) fn column(&mut self, text: &str, start: u32, chain: &Chain) {
        match self.style.combine {
            TextCombineUpright::None => self.stretches(text, start, chain),
            TextCombineUpright::All => {
                let inner = text.trim_matches(|c: char| c.is_ascii_whitespace());
                let before = text.len() - text.trim_start_matches(|c: char| c.is_ascii_whitespace()).len();
                self.stretches(text.get(..before).unwrap_or_default(), start, chain);
                if !inner.is_empty() {
                    self.combined(inner, start + before as u32);
                }
                let end = (before + inner.len()).min(text.len());
                self.stretches(text.get(end..).unwrap_or_default(), start + end as u32, chain);
            }
            TextCombineUpright::Digits(most) => {
                let mut at = 0;
                while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
                    let plain = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
                    let after = rest.get(plain..).unwrap_or_default();
                    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
                    let combines = (1..=usize::from(most)).contains(&digits);
                    let taken = if combines { plain } else { plain + digits };
                    self.stretches(rest.get(..taken).unwrap_or_default(), start + at as u32, chain);
                    if combines {
                        let at = start + (at + plain) as u32;
                        self.combined(after.get(..digits).unwrap_or_default(), at);
                    }
                    at += plain + digits;
                }
            }
        }
    }

    /// Alternating stretches of characters that stand and that lie; what follows a character stands as it does.
    fn stretches(&mut self, text: &str, start: u32, chain: &Chain) {
        let mut from = 0;
        let mut now = Stand::Along;
        for (offset, c) in text.char_indices() {
            if offset > 0 && shape::is_extender(c) {
                continue;
            }
            let stand = self.stand_of(c, chain).unwrap_or(now);
            if stand != now {
                self.stretch(text.get(from..offset).unwrap_or_default(), start + from as u32, now);
                (from, now) = (offset, stand);
            }
        }
        self.stretch(text.get(from..).unwrap_or_default(), start + from as u32, now);
    }

    fn stretch(&mut self, text: &str, start: u32, stand: Stand) {
        if !text.is_empty() {
            self.stand = stand;
            self.level(text, start);
            self.stand = Stand::Along;
        }
    }

    /// `None`: as what is before it (spaces, which show nothing either way).
    fn stand_of(&self, c: char, chain: &Chain) -> Option<Stand> {
        match self.style.orientation {
            TextOrientation::Sideways => return Some(Stand::Along),
            TextOrientation::Upright => return (c != ' ').then_some(Stand::Upright),
            TextOrientation::Mixed => {}
        }
        Some(match c {
            '\0'..='\u{7F}' => Stand::Along,
            'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{3400}'..='\u{9FFF}' | '、' | '。' => Stand::Upright,
            _ => match CodePointMapData::<VerticalOrientation>::new().get(c) {
                VerticalOrientation::Upright | VerticalOrientation::TransformedUpright => Stand::Upright,
                // Brackets, dashes: by a form of their own, else on their side.
                VerticalOrientation::TransformedRotated => {
                    let pick = chain.pick(self.fonts, c, None);
                    if pick.is_some_and(|p| p.font.has_vertical_form(p.glyph)) { Stand::Upright } else { Stand::Along }
                }
                _ => Stand::Along,
            },
        })
    }

    /// Sets text side by side within one em. Where it is wider, half, third or quarter widths are taken if the face
    /// has them, else it is made narrower when it is drawn (CSS Writing Modes 4, section 9.1.3).
    fn combined(&mut self, text: &str, start: u32) {
        let atoms = self.p.atoms.len();
        let glyphs = self.p.glyphs.len();
        self.level(text, start);
        let em = self.size * self.style.stretch;
        let width = self.width_from(atoms);
        let narrow = match text.chars().count() {
            2 => Some(*b"hwid"),
            3 => Some(*b"twid"),
            4 => Some(*b"qwid"),
            _ => None,
        };
        if let Some(tag) = narrow.filter(|_| width > em * 1.001) {
            let kept = (self.p.atoms.split_off(atoms), self.p.glyphs.split_off(glyphs));
            let mut style = self.style.clone();
            style.font_features = style.font_features.iter().copied().chain([(tag, 1)]).collect();
            Run::new(&mut *self.p, &mut *self.shaper, self.fonts, &style, self.span, self.all).level(text, start);
            if self.width_from(atoms) > em * 1.001 {
                self.p.atoms.truncate(atoms);
                self.p.glyphs.truncate(glyphs);
                self.p.atoms.extend(kept.0);
                self.p.glyphs.extend(kept.1);
            }
        }
        let Some(first) = self.p.atoms.get(atoms).copied() else { return };
        self.p.atoms.truncate(atoms);
        let count = u16::try_from(self.p.glyphs.len() - glyphs).unwrap_or(u16::MAX);
        let trail = self.style.letter_spacing.0;
        // To its neighbours it is one ideograph.
        let (kind, class, stand) = (Kind::Text, Class::Ideograph, Stand::Combined);
        self.p.classes |= class.bit();
        let first_glyph = glyphs as u32;
        self.p.atoms.push(Atom { kind, class, stand, first: first_glyph, glyphs: count, advance: em, trail, ..first });
        self.restart(start + text.len() as u32);
    }

    fn width_from(&self, atom: usize) -> f32 {
        self.p.atoms.get(atom..).unwrap_or_default().iter().map(|a| a.advance).sum()
    }
}

impl Pen {
    /// As [`Pen::glyphs`], in a line that is not horizontal.
    pub(super) fn in_column(
        &mut self,
        p: &Paragraph,
        fonts: &FontSet,
        atom: &Atom,
        span: &Span,
        baseline: f32,
        out: &mut TextLayout,
    ) {
        if !(span.visible && span.style.color.is_visible() && span.size > 0.0) {
            return self.leave_out(atom.advance);
        }
        let start = self.x;
        let shaped = p.glyphs.get(atom.first as usize..atom.first as usize + usize::from(atom.glyphs));
        let shaped = shaped.unwrap_or_default();
        if atom.stand == Stand::Combined {
            self.combined(p, fonts, atom, span, baseline, out);
            return self.leave_out(atom.advance);
        }
        let upright = atom.stand == Stand::Upright;
        let lies = if upright { Lies::Level } else { p.lines.lies() };
        let mut drawn = 0.0;
        for g in shaped {
            let Some(font) = fonts.get(g.font) else { continue };
            let y = match (p.lines == Lines::Central, upright) {
                (true, false) => baseline + middle(font, span.size),
                (false, true) => baseline - middle(font, span.size),
                _ => baseline,
            };
            let gap = self.gap;
            let Some(run) = self.run(fonts, g.font, atom.span, span, y, (upright, lies), out) else { continue };
            if gap != 0.0
                && let Some(last) = run.glyphs.last_mut()
            {
                last.extra += gap * 1000.0 / (span.size * span.stretch);
            }
            let natural = if upright { font.vertical_advance(g.id) } else { font.advance(g.id) };
            run.glyphs.push(Glyph { id: g.id, extra: g.extra, dx: g.dx, dy: g.dy });
            self.gap = 0.0;
            let em = span.size * span.stretch;
            let step = (f32::from(natural) / f32::from(font.units_per_em) + g.extra / 1000.0) * em;
            drawn += step;
            self.x += step;
        }
        let rest = atom.advance - drawn;
        if rest.abs() > 1e-3 {
            self.gap += rest;
        }
        self.x = start + atom.advance;
    }

    /// Draws a horizontal run into the square of one em that begins at the pen.
    fn combined(
        &mut self,
        p: &Paragraph,
        fonts: &FontSet,
        atom: &Atom,
        span: &Span,
        baseline: f32,
        out: &mut TextLayout,
    ) {
        let shaped = p.glyphs.get(atom.first as usize..atom.first as usize + usize::from(atom.glyphs));
        let shaped = shaped.unwrap_or_default();
        let width_of = |font: &Font, g: &super::paragraph::Shaped| {
            (f32::from(font.advance(g.id)) / f32::from(font.units_per_em) + g.extra / 1000.0) * span.size
        };
        let width: f32 = shaped.iter().filter_map(|g| fonts.get(g.font).map(|f| width_of(f, g))).sum();
        let stretch = if width > span.size { span.size / width } else { 1.0 };
        let center = match (p.lines, span.font.as_deref()) {
            (Lines::Central, _) | (_, None) => baseline,
            (_, Some(font)) => baseline - middle(font, span.size),
        };
        // Along the line is down on the paper, across it to the left: text that goes right goes up across the line.
        let mut right = -width * stretch / 2.0;
        for face in shaped.chunk_by(|a, b| a.font == b.font) {
            let Some(font) = face.first().and_then(|g| fonts.get(g.font)) else { continue };
            let down = self.x + atom.advance / 2.0 + middle(font, span.size);
            let glyphs = GlyphRun {
                font: Arc::clone(font),
                size: Pt(span.size),
                ink: span.style.color.ink,
                origin: Point::new(Pt(down), Pt(center - right)),
                vertical: false,
                lies: Lies::Level,
                stretch,
                glyphs: face.iter().map(|g| Glyph { id: g.id, extra: g.extra, dx: g.dx, dy: g.dy }).collect(),
            };
            let overprint = span.style.extras.as_deref().and_then(|e| e.overprint);
            let alpha = span.style.color.alpha;
            out.runs.push(Drawn { glyphs, alpha, overprint, shadows: span.shadows.clone() });
            right += face.iter().map(|g| width_of(font, g)).sum::<f32>() * stretch;
        }
    }
}

/// Turns the lines of `vertical-lr` round: their over side is at the right, as in `vertical-rl`, while the lines follow
/// one another to the right (CSS Writing Modes 4, section 6.3). `height` gives the extent of a box across its line.
pub(super) fn flip(out: &mut TextLayout, height: impl Fn(usize) -> Option<f32>) {
    for i in 0..out.lines.len() {
        let Some(line) = out.lines.get_mut(i) else { break };
        let sum = line.top + line.top + line.height;
        line.baseline = sum - line.baseline;
        let line = line.clone();
        for run in out.runs.get_mut(line.runs).unwrap_or_default() {
            run.glyphs.origin.y = sum - run.glyphs.origin.y;
        }
        for d in out.decorations.get_mut(line.decorations).unwrap_or_default() {
            d.rect.y = sum - d.rect.y - d.rect.height;
        }
        for b in out.boxes.get_mut(line.boxes).unwrap_or_default() {
            b.at.y = sum - b.at.y - Pt(height(b.id).unwrap_or(0.0));
        }
        for f in out.fragments.get_mut(line.fragments).unwrap_or_default() {
            f.rect.y = sum - f.rect.y - f.rect.height;
        }
    }
}
