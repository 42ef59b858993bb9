//! Second step: text to atoms, each a cluster of glyphs with its width. Faces are chosen character by
//! character; stretches of plain characters take their glyphs from the face's table, all others are shaped.

use std::sync::Arc;

use harfrust::{
    Buffer, Direction, Feature, GlyphInfo, GlyphPosition, Language, Script, ShapeOptions, ShapePlan, ShaperFont, Tag,
};

use super::class::{self, Class};
use super::output::{TextFault, TextFaultKind};
use super::paragraph::{Atom, Kind, Paragraph, PieceKind, Shaped, Stand};
use super::upright;
use crate::asset::fallback::{Chain, FontSet, Pick};
use crate::asset::font::{Font, FontId, Rules};
use crate::markup::composition::{Hyphens, SpacingTrim};
use crate::markup::style::{TextStyle, WhiteSpace, WrapMode};

/// What the shaper keeps between texts.
#[derive(Default)]
pub(super) struct Shaper {
    buffer: Buffer,
    plans: Vec<Plan>,
    features: Vec<Feature>,
}

struct Plan {
    font: FontId,
    script: Script,
    /// For vertical lines.
    upright: bool,
    direction: Direction,
    lang: Arc<str>,
    features: Vec<Feature>,
    plan: ShapePlan,
}

const MOST_PLANS: usize = 64;

/// How far an advance may be off one em and still count as full width, in em.
const FULL_WIDTH: f32 = 0.005;

impl std::fmt::Debug for Shaper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shaper({} plans)", self.plans.len())
    }
}

impl Shaper {
    pub(super) fn clear(&mut self) {
        self.plans.clear();
    }
}

/// Turns all pieces into atoms.
pub(super) fn shape(p: &mut Paragraph, shaper: &mut Shaper, fonts: &FontSet) {
    // The text is lent out so that atoms can be written meanwhile.
    let text = std::mem::take(&mut p.text);
    let (mut autospace, mut trim, mut hyphens) = (false, false, false);
    for i in 0..p.pieces.len() {
        let Some(piece) = p.pieces.get(i).copied() else { break };
        let Some(span) = p.spans.get(usize::from(piece.span)) else { continue };
        let edge = |kind, advance| Atom {
            kind,
            breakable: false,
            hyphen: false,
            span: piece.span,
            byte: piece.start,
            first: 0,
            glyphs: 0,
            class: Class::None,
            stand: Stand::Along,
            advance,
            trail: 0.0,
        };
        match piece.kind {
            PieceKind::Open => p.atoms.push(edge(Kind::Open, span.margin.left + span.inset.left)),
            PieceKind::Close => p.atoms.push(edge(Kind::Close, span.margin.right + span.inset.right)),
            PieceKind::Break => p.atoms.push(edge(Kind::Break, 0.0)),
            PieceKind::Float(index) => p.atoms.push(Atom { first: index, ..edge(Kind::Float, 0.0) }),
            PieceKind::Anchor(id) => p.atoms.push(Atom { first: id, ..edge(Kind::Anchor, 0.0) }),
            PieceKind::Box(index) => {
                let width = p.boxes.get(index as usize).map_or(0.0, |b| b.width);
                p.atoms.push(Atom { first: index, class: Class::Object, ..edge(Kind::Box, width) });
            }
            PieceKind::Text => {
                autospace |= span.style.autospace.is_on();
                let how = &span.style.composition;
                hyphens |= how.hyphens == Hyphens::Auto;
                trim |= how.trim != SpacingTrim::SpaceAll;
                p.edges |= how.hanging.first || !matches!(how.trim, SpacingTrim::Normal | SpacingTrim::SpaceAll);
                let style = Arc::clone(&span.style);
                let range = piece.start as usize..piece.end as usize;
                let Some(part) = text.get(range) else { continue };
                let mut run = Run::new(p, shaper, fonts, &style, piece.span, &text);
                run.text(part, piece.start);
            }
        }
    }
    p.text = text;
    if p.soft || hyphens && p.classes & Class::Letter.bit() != 0 {
        super::hyphen::prepare(p, fonts);
    }
    let western = Class::Letter.bit() | Class::Numeral.bit();
    if autospace && p.classes & Class::Ideograph.bit() != 0 && p.classes & western != 0 {
        super::autospace::apply(p);
    }
    if trim && p.classes & class::SPACED != 0 {
        super::trim::apply(p);
    }
}

/// Works through one stretch of text of one style.
pub(super) struct Run<'a> {
    pub(super) p: &'a mut Paragraph,
    pub(super) shaper: &'a mut Shaper,
    pub(super) fonts: &'a FontSet,
    pub(super) style: &'a TextStyle,
    pub(super) span: u16,
    pub(super) all: &'a str,
    pub(super) size: f32,
    /// How the stretch at hand stands in its line.
    pub(super) stand: Stand,
    /// The face of the stretch at hand, where its atoms, glyphs and bytes begin, and whether all of it is plain.
    font: Option<FontId>,
    atom: usize,
    glyph: usize,
    byte: u32,
    plain: bool,
    /// From right to left.
    turned: bool,
    /// Spaces never hang: `white-space: pre`, `break-spaces`.
    solid: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        p: &'a mut Paragraph,
        shaper: &'a mut Shaper,
        fonts: &'a FontSet,
        style: &'a TextStyle,
        span: u16,
        all: &'a str,
    ) -> Self {
        let size = p.spans.get(usize::from(span)).map_or(0.0, |s| s.size);
        let solid = style.white_space == WhiteSpace::BreakSpaces
            || style.white_space.keeps_spaces() && style.wrap_mode == WrapMode::Nowrap;
        Self {
            p,
            shaper,
            fonts,
            style,
            span,
            all,
            size,
            stand: Stand::Along,
            font: None,
            atom: 0,
            glyph: 0,
            byte: 0,
            plain: true,
            turned: false,
            solid,
        }
    }

    fn text(&mut self, text: &str, start: u32) {
        if self.p.levels.is_empty() {
            return self.directed(text, start);
        }
        // Stretches of one level each.
        let level = |p: &Paragraph, at: usize| p.levels.get(start as usize + at).copied().unwrap_or(0);
        let mut from = 0;
        while from < text.len() {
            let own = level(self.p, from);
            let to = (from + 1..text.len()).find(|at| level(self.p, *at) != own).unwrap_or(text.len());
            self.turned = own % 2 == 1;
            let Some(part) = text.get(from..to) else { return };
            self.directed(part, start + from as u32);
            from = to;
        }
    }

    /// A stretch of one direction.
    fn directed(&mut self, text: &str, start: u32) {
        if !upright::may_stand(self.style) {
            self.level(text, start);
        } else if let Some(chain) = self.chain() {
            self.column(text, start, &chain);
        }
    }

    fn chain(&self) -> Option<Arc<Chain>> {
        self.p.spans.get(usize::from(self.span)).map(|s| Arc::clone(&s.chain))
    }

    /// A stretch of one stand.
    pub(super) fn level(&mut self, text: &str, start: u32) {
        let Some(chain) = self.chain() else { return };
        if chain.short {
            let at = self.p.source_of(start);
            self.p.faults.push(TextFault { kind: TextFaultKind::Instances, at });
        }
        let first = chain.first(self.fonts);
        let styled = !self.style.font_features.is_empty();
        let simple = first.filter(|f| !styled && !self.turned && f.is_plain_for(&self.style.lang));
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
            let here = start + at as u32;
            let taken = match simple {
                Some(_) if self.is_joined(here) => 0,
                Some(font) if self.stand == Stand::Upright => self.upright_stretch(font, rest, here),
                Some(font) => self.plain_stretch(font, rest, here),
                None => 0,
            };
            at += taken;
            let Some(rest) = text.get(at..) else { break };
            at += self.cluster(&chain, rest, start + at as u32, styled);
        }
        self.flush(start + text.len() as u32);
    }

    /// Takes the characters of the first face that need no shaper from the front of the text; returns how many
    /// bytes.
    fn plain_stretch(&mut self, font: &Font, text: &str, start: u32) -> usize {
        // What is under way in another face goes on if that face draws what follows too.
        if text.chars().next().and_then(|c| font.glyph_and_rules(c)).is_none_or(|f| f.1 == Rules::Any) {
            return 0;
        }
        if self.font != Some(font.id) {
            self.flush(start);
            self.font = Some(font.id);
        }
        let em = self.size / f32::from(font.units_per_em);
        let thousandth = 1000.0 / f32::from(font.units_per_em);
        let mut last = 0;
        // The glyph before, where it kerns with what follows.
        let mut kerning = None;
        for (offset, c) in text.char_indices() {
            let found = font.glyph_and_rules(c).filter(|f| f.1 != Rules::Any);
            let Some((id, rules)) = found else {
                if offset > 0 && is_extender(c) {
                    // It belongs to the character before.
                    self.p.atoms.pop();
                    self.p.glyphs.pop();
                    return last;
                }
                return offset;
            };
            if let Some((before, word)) = kerning {
                let kern = font.kern(before, id);
                if kern != 0
                    && self.same_script(start + offset as u32, c)
                    && let (Some(glyph), Some(atom)) = (self.p.glyphs.last_mut(), self.p.atoms.last_mut())
                {
                    // As the shaper's result is taken over, to the bit.
                    glyph.extra = kern as f32 * thousandth;
                    let natural = (i32::from(font.advance(before)) + kern) as f32 * em;
                    atom.advance = natural * self.style.stretch + word;
                }
            }
            kerning = (rules == Rules::Kerning).then(|| (id, self.kind(c).1));
            let glyph = Shaped { id, font: font.id, extra: 0.0, dx: 0.0, dy: 0.0 };
            self.atom(c, start + offset as u32, glyph, f32::from(font.advance(id)) * em);
            last = offset;
        }
        text.len()
    }

    /// The same for upright characters of a vertical line.
    fn upright_stretch(&mut self, font: &Font, text: &str, start: u32) -> usize {
        let first = text.chars().next().and_then(|c| font.vertical_glyph_and_plain(c));
        if !matches!(first, Some((_, true))) {
            return 0;
        }
        if self.font != Some(font.id) {
            self.flush(start);
            self.font = Some(font.id);
        }
        let mut last = 0;
        for (offset, c) in text.char_indices() {
            let Some((id, true)) = font.vertical_glyph_and_plain(c) else {
                if offset > 0 && is_extender(c) {
                    self.p.atoms.pop();
                    self.p.glyphs.pop();
                    return last;
                }
                return offset;
            };
            let glyph = Shaped { id, font: font.id, extra: 0.0, dx: 0.0, dy: 0.0 };
            self.atom(c, start + offset as u32, glyph, self.scaled(font, id));
            last = offset;
        }
        text.len()
    }

    /// Whether the shaper would see the character at `byte` in one run with what stands before it.
    fn same_script(&self, byte: u32, c: char) -> bool {
        let Some(script) = script_of(c) else { return true };
        let before = self.all.get(self.byte as usize..byte as usize).unwrap_or_default();
        before.chars().rev().find_map(script_of).is_none_or(|b| b == script)
    }

    /// Takes one character with what belongs to it from the front of the text; returns how many bytes.
    fn cluster(&mut self, chain: &Chain, text: &str, byte: u32, styled: bool) -> usize {
        let Some(c) = text.chars().next() else { return 0 };
        let mut taken = c.len_utf8();
        if let Some(kind) = special(c) {
            self.flush(byte);
            self.control(kind, byte);
            self.p.soft |= c == '\u{AD}';
            self.flush(byte + taken as u32);
            return taken;
        }
        let mut selector = None;
        let base = taken;
        for e in text.get(taken..).unwrap_or_default().chars().take_while(|e| is_extender(*e)) {
            taken += e.len_utf8();
            if is_selector(e) {
                selector = Some(e);
            }
        }
        let picked = match selector {
            // What is joined to the picture before is a part of the same sequence.
            None if self.is_joined(byte) => self.joined(c).or_else(|| chain.pick(self.fonts, c, None)),
            None => chain.pick(self.fonts, c, None),
            Some('\u{FE0E}') => chain.pick_style(self.fonts, c, false),
            Some('\u{FE0F}') => chain.pick_style(self.fonts, c, true),
            Some(s) => chain.pick(self.fonts, c, Some(s)).or_else(|| {
                self.missing(c, selector, byte);
                chain.pick(self.fonts, c, None)
            }),
        };
        let Some(pick) = picked else {
            self.flush(byte);
            if selector.is_none_or(|s| matches!(s, '\u{FE0E}' | '\u{FE0F}')) {
                self.missing(c, None, byte);
            }
            if let Some(font) = chain.first(self.fonts) {
                let glyph = Shaped { id: 0, font: font.id, extra: 0.0, dx: 0.0, dy: 0.0 };
                self.atom(c, byte, glyph, self.scaled(font, 0));
            }
            // What belongs to the missing character is not looked for.
            self.flush(byte + taken as u32);
            return taken;
        };
        let font = pick.font;
        if self.font != Some(font.id) {
            self.flush(byte);
            self.font = Some(font.id);
        }
        let (mut id, mut plain) = (pick.glyph, pick.plain);
        if self.stand == Stand::Upright {
            let found = font.vertical_glyph_and_plain(c);
            if selector.is_none() {
                (id, plain) = found.unwrap_or((id, false));
            } else {
                plain &= found == Some((font.outline(id), true));
            }
        }
        // What the font says of a sequence, the shaper finds too.
        let alone = taken == base + selector.map_or(0, char::len_utf8);
        let pictured = font.has_colors() && matches!(selector, Some('\u{FE0E}' | '\u{FE0F}'));
        self.plain &= plain && alone && !pictured && !styled && !self.turned && font.is_plain_for(&self.style.lang);
        let glyph = Shaped { id, font: font.id, extra: 0.0, dx: 0.0, dy: 0.0 };
        self.atom(c, byte, glyph, self.scaled(font, id));
        taken
    }

    /// Whether the character at `byte` is joined by U+200D to one of a face with colours that is under way.
    fn is_joined(&self, byte: u32) -> bool {
        self.font.and_then(|id| self.fonts.get(id)).is_some_and(|f| f.has_colors())
            && self.all.get(..byte as usize).is_some_and(|t| t.ends_with('\u{200D}'))
    }

    /// The character in the face under way.
    fn joined(&self, c: char) -> Option<Pick<'a>> {
        let font = self.fonts.get(self.font?)?;
        font.glyph_and_plain(c).map(|(glyph, plain)| Pick { font, glyph, plain })
    }

    fn scaled(&self, font: &Font, glyph: u16) -> f32 {
        let units = if self.stand == Stand::Upright { font.vertical_advance(glyph) } else { font.advance(glyph) };
        f32::from(units) * self.size / f32::from(font.units_per_em)
    }

    /// What comes next begins at this byte; nothing before it is touched again.
    pub(super) fn restart(&mut self, byte: u32) {
        self.font = None;
        self.flush(byte);
    }

    fn missing(&mut self, c: char, selector: Option<char>, byte: u32) {
        let at = self.p.source_of(byte);
        self.p.faults.push(TextFault { kind: TextFaultKind::MissingGlyph(c, selector), at });
    }

    fn control(&mut self, kind: Kind, byte: u32) {
        let first = self.p.glyphs.len() as u32;
        let (span, advance, trail) = (self.span, 0.0, 0.0);
        let (class, stand) = (Class::None, Stand::Along);
        self.p.atoms.push(Atom {
            kind,
            breakable: false,
            hyphen: false,
            span,
            byte,
            first,
            glyphs: 0,
            class,
            stand,
            advance,
            trail,
        });
    }

    /// One character that is one glyph.
    #[inline]
    fn atom(&mut self, c: char, byte: u32, glyph: Shaped, advance: f32) {
        let first = self.p.glyphs.len() as u32;
        self.p.glyphs.push(glyph);
        let (kind, word) = self.kind(c);
        let trail = self.style.letter_spacing.0;
        let mut class = class::class(c);
        // Only what is as wide as an ideograph has halves to give.
        if class.bit() & class::SPACED != 0 && (advance - self.size).abs() > FULL_WIDTH * self.size {
            class = class.narrow();
        } else if class.bit() & class::SPACED != 0
            && let Some(font) = self.fonts.get(glyph.font)
            && let Some(half) = font.half(glyph.id, self.stand == Stand::Upright)
        {
            class = class.with_half(half.map(|h| (h.lead, h.tail)), i32::from(font.units_per_em));
        }
        self.p.classes |= class.bit();
        let (span, advance) = (self.span, advance * self.style.stretch + word);
        let stand = self.stand;
        self.p.atoms.push(Atom {
            kind,
            breakable: false,
            hyphen: false,
            span,
            byte,
            first,
            glyphs: 1,
            class,
            stand,
            advance,
            trail,
        });
    }

    /// The kind of a character and what `word-spacing` adds to it.
    #[inline]
    fn kind(&self, c: char) -> (Kind, f32) {
        match c {
            ' ' if self.solid => (Kind::Text, self.style.word_spacing.0),
            ' ' => (Kind::Space, self.style.word_spacing.0),
            '\u{A0}' => (Kind::Text, self.style.word_spacing.0),
            // Other space separators hang too (CSS Text 3, section 4.1.2).
            '\u{1680}' | '\u{2000}'..='\u{2006}' | '\u{2008}'..='\u{200A}' | '\u{205F}' | '\u{3000}' if !self.solid => {
                (Kind::Space, 0.0)
            }
            _ => (Kind::Text, 0.0),
        }
    }

    /// Ends the stretch of one face at `end`; shapes it if it is not plain.
    fn flush(&mut self, end: u32) {
        if let Some(id) = self.font.take()
            && !self.plain
            && let Some(font) = self.fonts.get(id)
            && let Some(shaper) = font.shaper()
        {
            self.p.atoms.truncate(self.atom);
            self.p.glyphs.truncate(self.glyph);
            self.shaped(font, shaper, self.byte, end);
        }
        self.atom = self.p.atoms.len();
        self.glyph = self.p.glyphs.len();
        self.byte = end;
        self.plain = true;
    }

    /// Splits a stretch by script and shapes each part.
    fn shaped(&mut self, font: &Font, shaper: &harfrust::Font, start: u32, end: u32) {
        let Some(text) = self.all.get(start as usize..end as usize) else { return };
        let mut from = start;
        let mut script = None;
        for (offset, c) in text.char_indices() {
            let Some(s) = script_of(c) else { continue };
            if script.is_some_and(|known| known != s) {
                let here = start + offset as u32;
                self.part(font, shaper, script, from, here);
                from = here;
            }
            script = Some(s);
        }
        self.part(font, shaper, script, from, end);
    }

    fn part(&mut self, font: &Font, face: &harfrust::Font, script: Option<Script>, start: u32, end: u32) {
        let Some(text) = self.all.get(start as usize..end as usize).filter(|t| !t.is_empty()) else { return };
        let script = script.unwrap_or(Script::COMMON);
        let Shaper { buffer, plans, features } = &mut *self.shaper;
        features.clear();
        features.extend(self.style.font_features.iter().map(|(tag, v)| Feature::new(Tag::new(tag), *v, ..)));
        if self.style.letter_spacing.0 != 0.0 {
            // Spaced letters take no optional ligatures (CSS Text 3, section 8.2).
            features.extend([b"liga", b"clig"].map(|t| Feature::new(Tag::new(t), 0, ..)));
        }
        let upright = self.stand == Stand::Upright;
        let direction = match (upright, self.turned) {
            (true, _) => Direction::TopToBottom,
            (false, true) => Direction::RightToLeft,
            (false, false) => Direction::LeftToRight,
        };
        let known = plans.iter().position(|k| {
            k.font == font.id
                && k.script == script
                && k.upright == upright
                && k.direction == direction
                && k.features == *features
                && k.lang == self.style.lang
        });
        let index = known.unwrap_or_else(|| {
            if plans.len() >= MOST_PLANS {
                plans.clear();
            }
            let lang = Arc::clone(&self.style.lang);
            let language = Language::new(if lang.is_empty() { "ja" } else { &lang });
            let plan = ShapePlan::new(face, direction, Some(script), language.as_ref(), features);
            plans.push(Plan { font: font.id, script, upright, direction, lang, features: features.clone(), plan });
            plans.len() - 1
        });
        let Some(plan) = plans.get(index) else { return };
        buffer.clear();
        for (offset, c) in text.char_indices() {
            buffer.push(c as u32, start + offset as u32);
        }
        buffer.set_direction(direction);
        buffer.set_script(Some(script));
        let options = ShapeOptions::new().plan(Some(&plan.plan)).features(&plan.features);
        if harfrust::shape(&ShaperFont::new(face), buffer, options).is_err() {
            return;
        }
        // The buffer is lent out while atoms are written.
        let buffer = std::mem::take(&mut self.shaper.buffer);
        self.take(font, &buffer);
        self.shaper.buffer = buffer;
    }

    /// A glyph that was shaped for a vertical line, and its advance. The shaper speaks of horizontal origins; here
    /// it hangs by its vertical one.
    fn hung(&self, font: &Font, id: u16, pos: &GlyphPosition) -> (Shaped, f32) {
        let em = self.size / f32::from(font.units_per_em);
        let thousandth = 1000.0 / f32::from(font.units_per_em);
        let natural = i32::from(font.vertical_advance(id));
        if !font.has_vertical_metrics() {
            let glyph = Shaped { id, font: font.id, extra: 0.0, dx: 0.0, dy: 0.0 };
            return (glyph, natural as f32 * em);
        }
        let (x, y) = font.vertical_origin(id);
        // Half a unit is the rounding of the middle of an odd width.
        let off = |v: f32| if v.abs() < 1.0 { 0.0 } else { v * thousandth };
        let glyph = Shaped {
            id,
            font: font.id,
            extra: (-pos.y_advance - natural) as f32 * thousandth,
            dx: off(pos.x_offset as f32 + x),
            dy: off((pos.y_offset + i32::from(y)) as f32),
        };
        (glyph, -pos.y_advance as f32 * em)
    }

    /// Takes the shaped glyphs over, one atom for each cluster. Glyphs that are set from right to left come in the
    /// order of the eye: their clusters are taken from the end, the glyphs of each as they are.
    fn take(&mut self, font: &Font, buffer: &Buffer) {
        let (infos, places) = (buffer.glyph_infos(), buffer.glyph_positions());
        if !self.turned {
            return self.take_part(font, infos, places);
        }
        let mut end = infos.len();
        while let Some(last) = end.checked_sub(1).and_then(|i| infos.get(i)) {
            let start = infos.iter().take(end).rposition(|i| i.cluster != last.cluster).map_or(0, |i| i + 1);
            let (Some(part), Some(at)) = (infos.get(start..end), places.get(start..end)) else { return };
            self.take_part(font, part, at);
            end = start;
        }
    }

    fn take_part(&mut self, font: &Font, infos: &[GlyphInfo], places: &[GlyphPosition]) {
        let em = self.size / f32::from(font.units_per_em);
        let thousandth = 1000.0 / f32::from(font.units_per_em);
        let mut cluster = None;
        for (info, pos) in infos.iter().zip(places) {
            let mut id = u16::try_from(info.glyph_id).unwrap_or(0);
            let mut chars = self.all.get(info.cluster as usize..).unwrap_or_default().chars();
            let c = chars.next().unwrap_or(' ');
            if let Some(selector) = chars.next().filter(|s| is_selector(*s))
                && let Some(known) = font.variant(c, selector).filter(|v| font.outline(*v) == id)
            {
                id = known;
            }
            let natural = i32::from(font.advance(id));
            if id == 0 {
                self.missing(c, None, info.cluster);
            }
            let (glyph, advance) = if self.stand == Stand::Upright {
                self.hung(font, id, pos)
            } else {
                let glyph = Shaped {
                    id,
                    font: font.id,
                    extra: (pos.x_advance - natural) as f32 * thousandth,
                    dx: pos.x_offset as f32 * thousandth,
                    dy: pos.y_offset as f32 * thousandth,
                };
                (glyph, pos.x_advance as f32 * em)
            };
            if cluster == Some(info.cluster)
                && let Some(atom) = self.p.atoms.last_mut()
                && atom.glyphs < u16::MAX
            {
                atom.glyphs += 1;
                atom.advance += advance * self.style.stretch;
                self.p.glyphs.push(glyph);
            } else {
                cluster = Some(info.cluster);
                self.atom(c, info.cluster, glyph, advance);
            }
        }
    }
}

/// The script that a character makes its stretch of; `None` for those that go with any. Han and kana count
/// as one script, for Japanese mixes them within words and fonts give them the same rules.
fn script_of(c: char) -> Option<Script> {
    match harfrust::unicode::script(c as u32) {
        Script::COMMON | Script::INHERITED | Script::UNKNOWN => None,
        Script::HAN | Script::HIRAGANA | Script::KATAKANA | Script::BOPOMOFO => Some(Script::HIRAGANA),
        s => Some(s),
    }
}

/// Characters that are no glyphs: forced breaks and tabs that were preserved, and invisible ones. A soft
/// hyphen is seen only at the end of a line.
fn special(c: char) -> Option<Kind> {
    match c {
        '\n' => Some(Kind::Break),
        '\t' => Some(Kind::Tab),
        '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' => Some(Kind::Zero),
        _ => None,
    }
}

/// Selects a form of the character before it; the two are never parted.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}')
}

/// Belongs to the character before it when a face is chosen.
#[inline]
pub(super) fn is_extender(c: char) -> bool {
    if c < '\u{300}' || ('\u{30A0}'..'\u{A000}').contains(&c) {
        return false;
    }
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{200C}' | '\u{200D}' | '\u{20D0}'..='\u{20FF}' | '\u{302A}'..='\u{302F}' | '\u{3099}' | '\u{309A}'
        | '\u{FE20}'..='\u{FE2F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}')
        || is_selector(c)
}
