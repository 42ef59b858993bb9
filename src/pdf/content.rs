//! Items to content operators (ISO 32000-1, clauses 8 and 9). PDF's y runs up: a list's y is negated here
//! and nowhere else, and its origin is placed by a matrix.

use std::sync::Arc;

use libdeflater::Compressor;
use rustc_hash::FxHashMap;

use super::bounds::Bounds;
use super::colors::{Colors, Screen};
use super::modules::Merger;
use super::object::{fixed, int, string_byte, to_fixed};
use super::order::{Order, RANKS};
use super::pictures::Use;
use super::resource::{
    FewGlyphs, Form, GlyphSet, Kind, Needs, Overprint, Together, font_name, name_of, opacity_name, spot_name,
};
use super::shading::{self, Dictionary, Inks};
use crate::asset::font::FontId;
use crate::base::digest::Hasher;
use crate::base::{Affine, Point, Pt};
use crate::color::{Blend, Ink, SpotId};
use crate::page::colored;
use crate::page::{GlyphRun, GroupItem, ImageItem, Item, ItemList, Lies, Modules, Path, Segment, ShadingItem, Stroke};

/// Decimals of text positions: 0.01 pt is a seventh of a device pixel at 1000 dpi.
const TEXT_PLACES: u32 = 2;
/// Decimals of paths, where edges of neighbours must meet.
const PATH_PLACES: u32 = 3;
/// Decimals of matrices, which are multiplied by whole module counts or by the unit square.
const MATRIX_PLACES: u32 = 4;
/// Screen colours whose inks are remembered.
const MAX_KNOWN: usize = 4096;
/// Black that is as good as solid: what three decimals show as 1.
pub(super) const SOLID: f32 = 0.9995;
/// Operators of a recurring list that are worth an object of their own.
const FORM_BYTES: usize = 200;

/// Why an item cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    NotANumber,
    NoSuchGlyph { font: String, glyph: u16 },
    NoSuchInk,
}

/// What is kept of a list: its operators in its own coordinates, or the form that holds them; of plain text,
/// what follows the `Td` that leads to its first line.
#[derive(Debug)]
struct Kept {
    /// Without the names of pictures and the like, which depend on where the list is drawn.
    operators: Vec<u8>,
    names: Vec<Named>,
    needs: Needs,
    glyphs: Vec<FewGlyphs>,
    flaw: Option<Flaw>,
    /// Where the last line of plain text starts.
    end: (i64, i64),
}

/// A name that is left out of kept operators: where it belongs, and what it names in their own needs.
#[derive(Clone, Copy, Debug)]
struct Named {
    at: usize,
    kind: Kind,
    number: u32,
}

/// The graphics state as this list has set it; `None` where the surroundings decide.
#[derive(Clone, Debug, Default)]
struct State {
    fill: Option<Ink>,
    stroke: Option<Ink>,
    font: Option<(FontId, bool, i64)>,
    width: Option<i64>,
    dash: Option<Vec<Pt>>,
    caps: Option<bool>,
    /// What is drawn lies on top of what is below. Off wherever a list, a form or a group begins.
    overprint: bool,
}

/// Content under way.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) out: Vec<u8>,
    pub(super) needs: Needs,
    pub(super) glyphs: GlyphSet,
    pub(super) flaw: Option<Flaw>,
    /// Inside a list that recurs: what is made here recurs too.
    recurs: bool,
    state: State,
    /// Where the current line of a text object starts, in units of [`TEXT_PLACES`]; `None` outside.
    text: Option<(i64, i64)>,
    merger: Merger,
    order: Order,
    /// In operators that are kept: the names left out of `out`.
    names: Option<Vec<Named>>,
    /// How colours are written; as they are, without.
    colors: Option<Arc<Colors>>,
    /// The inks of screen colours met so far, by the exact bits of the colour: what a conversion gives depends on nothing
    /// else.
    known: FxHashMap<[u32; 3], [f32; 4]>,
    /// How much each space that pictures are drawn in is stretched by the groups around them.
    scale: Option<f32>,
    /// What the groups around say of overprinting.
    over: Option<bool>,
}

impl Content {
    pub(super) fn new(colors: Arc<Colors>) -> Self {
        Self { colors: Some(colors), ..Self::default() }
    }

    /// Empty content of the same kind.
    fn inner(&self, recurs: bool) -> Self {
        Self { recurs, colors: self.colors.clone(), scale: self.scale, over: self.over, ..Self::default() }
    }

    /// Begins anew and keeps the memory, and the glyphs.
    pub(super) fn clear(&mut self) {
        self.out.clear();
        self.needs.clear();
        self.flaw = None;
        self.state = State::default();
        self.text = None;
    }

    /// Draws a list with its origin at `x`, `y`: points from the lower left corner, y up.
    pub(super) fn list(&mut self, x: f32, y: f32, list: &Arc<ItemList>) {
        // What can stand anywhere needs no coordinates of its own. The choice follows from the items alone, so
        // that a list has the same operators whether it is kept or not.
        match list.items.as_slice() {
            [] => return,
            [Item::Image(image)] => return self.image(image, x, y),
            [Item::Modules(modules)] => return self.modules(modules, x, y),
            items => {
                if let Some(first) = plain_text(items, list.recurs) {
                    return self.plain(list, first, x, y);
                }
            }
        }
        self.end_text();
        self.overprint(false);
        self.out.extend_from_slice(b"q 1 0 0 1 ");
        self.number(x, TEXT_PLACES);
        self.number(y, TEXT_PLACES);
        self.out.extend_from_slice(b"cm\n");
        // Inside what recurs everything is made once: no forms in forms.
        if (list.recurs || Arc::strong_count(list) > 1) && self.scale.is_none() && self.over.is_none() && !self.recurs {
            let kept = list.encoded.get_or_init(|| Box::new(Kept::of(list, self.inner(list.recurs))));
            // Nobody else puts anything here; if somebody did, the list is simply drawn again.
            if let Some(kept) = kept.downcast_ref::<Kept>() {
                self.put_kept(kept);
                self.glyphs.add_few(&kept.glyphs);
                if self.flaw.is_none() {
                    self.flaw.clone_from(&kept.flaw);
                }
                self.out.extend_from_slice(b"Q\n");
                return;
            }
        }
        let outer = (std::mem::take(&mut self.state), self.recurs);
        self.recurs |= list.recurs;
        self.items(&list.items);
        (self.state, self.recurs) = outer;
        self.out.extend_from_slice(b"Q\n");
    }

    /// Appends kept operators, with the names that their pictures and the like have here.
    fn put_kept(&mut self, kept: &Kept) {
        self.needs.add(&kept.needs);
        let mut from = 0;
        for named in &kept.names {
            self.out.extend_from_slice(kept.operators.get(from..named.at).unwrap_or_default());
            from = named.at;
            let (needs, number) = (&kept.needs, named.number);
            let number = match named.kind {
                Kind::Image => needs.images.get(number).map(|i| self.needs.images.put(i)),
                Kind::Form => needs.forms.get(number).map(|f| self.needs.forms.put(f)),
                Kind::Shading => needs.shadings.get(number).map(|s| self.needs.shadings.put(s)),
                Kind::Mask => needs.masks.get(number).map(|m| self.needs.masks.put(m)),
            };
            self.name(named.kind, number.unwrap_or(0));
        }
        self.out.extend_from_slice(kept.operators.get(from..).unwrap_or_default());
    }

    /// Names what has the place `number` in `needs`.
    fn name(&mut self, kind: Kind, number: u32) {
        match &mut self.names {
            Some(names) => names.push(Named { at: self.out.len(), kind, number }),
            None => name_of(&mut self.out, kind, number),
        }
    }

    /// Draws a list of plain text, in the text object under way if there is one.
    fn plain(&mut self, list: &Arc<ItemList>, first: &GlyphRun, x: f32, y: f32) {
        let at = (self.units(x, TEXT_PLACES), self.units(y, TEXT_PLACES));
        self.begin_text(first);
        let start = self.start(first);
        self.go_to(at.0 + start.0, at.1 + start.1);
        if (list.recurs || Arc::strong_count(list) > 1) && self.over.is_none() {
            let kept = list.encoded.get_or_init(|| Box::new(Kept::of_plain(&list.items, start, self.inner(false))));
            if let Some(kept) = kept.downcast_ref::<Kept>() {
                self.out.extend_from_slice(&kept.operators);
                self.glyphs.add_few(&kept.glyphs);
                self.text = Some((at.0 + kept.end.0, at.1 + kept.end.1));
                if self.flaw.is_none() {
                    self.flaw.clone_from(&kept.flaw);
                }
                return;
            }
        }
        self.lines(&list.items, at);
    }

    /// The lines of plain text, from behind the `Td` of the first.
    fn lines(&mut self, items: &[Item], at: (i64, i64)) {
        for (i, item) in items.iter().enumerate() {
            let Item::Glyphs(run) = item else { continue };
            if i > 0 {
                let start = self.start(run);
                self.go_to(at.0 + start.0, at.1 + start.1);
            }
            self.use_glyphs(run);
            self.show(run);
        }
    }

    /// Where a run starts, in units of [`TEXT_PLACES`].
    fn start(&mut self, run: &GlyphRun) -> (i64, i64) {
        (self.units(run.origin.x.0, TEXT_PLACES), self.units(-run.origin.y.0, TEXT_PLACES))
    }

    /// Draws items in the current coordinates.
    fn items(&mut self, items: &[Item]) {
        let mut order = std::mem::take(&mut self.order);
        match order.of_items(items) {
            None => items.iter().for_each(|item| self.item(item)),
            Some(ranks) => {
                for rank in 0..RANKS {
                    let items = items.iter().zip(ranks).filter(|(_, goes)| **goes == rank);
                    items.for_each(|(item, _)| self.item(item));
                }
            }
        }
        self.order = order;
        self.end_text();
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Glyphs(run) => self.run(run),
            Item::Path(path) => self.path(path),
            Item::Image(image) => self.image(image, 0.0, 0.0),
            Item::Modules(modules) => self.modules(modules, 0.0, 0.0),
            Item::Group(group) => self.group(group),
            Item::Shading(item) => self.shading(item),
            Item::List(at, list) => self.list(at.x.0, -at.y.0, list),
        }
    }

    fn units(&mut self, v: f32, places: u32) -> i64 {
        to_fixed(v, places).unwrap_or_else(|| {
            self.flaw.get_or_insert(Flaw::NotANumber);
            0
        })
    }

    fn number(&mut self, v: f32, places: u32) {
        let n = self.units(v, places);
        self.fixed(n, places);
    }

    fn fixed(&mut self, n: i64, places: u32) {
        fixed(&mut self.out, n, places);
        self.out.push(b' ');
    }

    fn point(&mut self, p: Point) {
        self.number(p.x.0, PATH_PLACES);
        self.number(-p.y.0, PATH_PLACES);
    }

    /// A matrix of page space (y down) as `cm`.
    fn matrix(&mut self, m: &Affine) {
        for v in [m.a, -m.b, -m.c, m.d] {
            self.number(v, MATRIX_PLACES);
        }
        self.number(m.e, PATH_PLACES);
        self.number(-m.f, PATH_PLACES);
        self.out.extend_from_slice(b"cm\n");
    }

    fn ink(&mut self, ink: Ink, fill: bool) {
        let place = if fill { &mut self.state.fill } else { &mut self.state.stroke };
        if *place == Some(ink) {
            return;
        }
        *place = Some(ink);
        let (ink, tagged) = match (ink, self.colors.as_deref().map(|c| &c.screen)) {
            (Ink::Rgb(rgb), Some(Screen::Converted(conversion))) => {
                let key = rgb.map(f32::to_bits);
                let inks = match self.known.get(&key) {
                    Some(inks) => *inks,
                    None => {
                        let inks = conversion.ink(rgb);
                        if self.known.len() < MAX_KNOWN {
                            self.known.insert(key, inks);
                        }
                        inks
                    }
                };
                (Ink::Cmyk(inks), false)
            }
            (Ink::Rgb(rgb), Some(Screen::Kept)) => (Ink::Rgb(rgb), true),
            (ink, _) => (ink, false),
        };
        // Small letters for filling, capitals for stroking.
        match ink {
            Ink::Rgb(rgb) if tagged => {
                self.needs.srgb = true;
                self.out.extend_from_slice(if fill { b"/RGB cs " } else { b"/RGB CS " });
                rgb.into_iter().for_each(|v| self.number(v, 3));
                self.out.extend_from_slice(if fill { b"sc\n" } else { b"SC\n" });
            }
            Ink::Spot { ink: SpotId::UNDEFINED, .. } => {
                self.flaw.get_or_insert(Flaw::NoSuchInk);
            }
            Ink::Spot { ink, tint } => {
                let spot = ink.spot();
                spot_name(&mut self.out, &spot);
                self.out.extend_from_slice(if fill { b" cs " } else { b" CS " });
                self.number(tint, 3);
                self.out.extend_from_slice(if fill { b"scn\n" } else { b"SCN\n" });
                self.needs.spot(ink);
            }
            Ink::Black(k) => {
                self.out.extend_from_slice(b"0 0 0 ");
                self.number(k, 3);
                self.out.extend_from_slice(if fill { b"k\n" } else { b"K\n" });
            }
            Ink::Rgb(rgb) => {
                self.needs.rgb = true;
                rgb.into_iter().for_each(|v| self.number(v, 3));
                self.out.extend_from_slice(if fill { b"rg\n" } else { b"RG\n" });
            }
            Ink::Cmyk(cmyk) => {
                cmyk.into_iter().for_each(|v| self.number(v, 3));
                self.out.extend_from_slice(if fill { b"k\n" } else { b"K\n" });
            }
        }
    }

    /// Whether what is drawn from here on cuts away what is below (ISO 32000-1, 8.6.7). With mode 1, in which inks that are 0
    /// leave what is below alone.
    fn overprint(&mut self, on: bool) {
        if self.state.overprint != on {
            self.state.overprint = on;
            let name = if on { Overprint::On } else { Overprint::Off };
            self.out.extend_from_slice(name.name());
            self.out.extend_from_slice(b" gs\n");
            self.needs.overprint(name);
        }
    }

    /// Whether text of this colour lies on top of what is below.
    fn text_overprints(&self, ink: Ink) -> bool {
        match (self.over, ink) {
            (None, Ink::Black(k)) => k >= SOLID && self.colors.as_deref().is_some_and(|c| c.black_overprints),
            _ => self.overprints(ink),
        }
    }

    /// Whether an area of this colour does: as the groups around it say, or as its ink is. What is white would vanish.
    fn overprints(&self, ink: Ink) -> bool {
        match self.over {
            Some(over) => over && !is_white(ink),
            None => overprints(ink),
        }
    }

    fn end_text(&mut self) {
        if self.text.take().is_some() {
            self.out.extend_from_slice(b"ET\n");
        }
    }

    /// Begins a text object, unless one is under way, and chooses font and ink.
    fn begin_text(&mut self, run: &GlyphRun) {
        if self.text.is_none() {
            self.out.extend_from_slice(b"BT\n");
            self.text = Some((0, 0));
        }
        let size = self.units(run.size.0, PATH_PLACES);
        let font = (run.font.id, run.vertical, size);
        if self.state.font != Some(font) {
            self.state.font = Some(font);
            self.needs.font(run.font.label, run.vertical);
            font_name(&mut self.out, run.font.label, run.vertical);
            self.out.push(b' ');
            self.fixed(size, PATH_PLACES);
            self.out.extend_from_slice(b"Tf\n");
        }
        self.overprint(self.text_overprints(run.ink));
        self.ink(run.ink, true);
    }

    /// Notes which glyphs of the font are used.
    fn use_glyphs(&mut self, run: &GlyphRun) {
        let count = run.font.advances.len();
        let used = self.glyphs.of(&run.font);
        for glyph in &run.glyphs {
            if usize::from(glyph.id) < count {
                used[usize::from(glyph.id / 64)] |= 1 << (glyph.id % 64);
            } else {
                let font = run.font.postscript_name.clone();
                self.flaw.get_or_insert(Flaw::NoSuchGlyph { font, glyph: glyph.id });
            }
        }
    }

    fn run(&mut self, run: &GlyphRun) {
        if run.glyphs.is_empty() {
            return;
        }
        self.text_run(run);
        if run.font.has_colors() {
            match colored::colored(run) {
                Ok(items) => self.items(&items),
                Err(glyph) => {
                    let font = run.font.postscript_name.clone();
                    self.flaw.get_or_insert(Flaw::NoSuchGlyph { font, glyph });
                }
            }
        }
    }

    fn text_run(&mut self, run: &GlyphRun) {
        self.begin_text(run);
        self.use_glyphs(run);
        if run.stretch != 1.0 || run.lies != Lies::Level {
            self.by_matrix(run);
            return;
        }
        if leaves_its_line(run) {
            self.one_by_one(run, run.origin);
            return;
        }
        let (x, y) = self.start(run);
        self.go_to(x, y);
        self.show(run);
    }

    /// Shows glyphs from the start of the line.
    fn show(&mut self, run: &GlyphRun) {
        if run.glyphs.iter().all(|g| g.extra == 0.0 && g.dx == 0.0 && g.dy == 0.0) {
            self.out.push(b'(');
            run.glyphs.iter().for_each(|g| glyph_code(&mut self.out, g.id));
            self.out.extend_from_slice(b")Tj\n");
        } else {
            self.spaced(run);
        }
    }

    /// Begins a line at `x`, `y` in units of [`TEXT_PLACES`]: `Td` counts from the line before.
    fn go_to(&mut self, x: i64, y: i64) {
        let (line_x, line_y) = self.text.unwrap_or((0, 0));
        self.fixed(x - line_x, TEXT_PLACES);
        self.fixed(y - line_y, TEXT_PLACES);
        self.out.extend_from_slice(b"Td");
        self.text = Some((x, y));
    }

    /// A run that is scaled along its line, or lies on its side: a text matrix of its own (9.4.2) and a text object of its own, so
    /// that lines after it are not counted in scaled units.
    fn by_matrix(&mut self, run: &GlyphRun) {
        let matrix = match run.lies {
            _ if run.vertical => [1.0, 0.0, 0.0, run.stretch],
            Lies::Level => [run.stretch, 0.0, 0.0, 1.0],
            Lies::Right => [0.0, -run.stretch, 1.0, 0.0],
            Lies::Left => [0.0, run.stretch, -1.0, 0.0],
        };
        for v in matrix {
            self.number(v, MATRIX_PLACES);
        }
        self.number(run.origin.x.0, TEXT_PLACES);
        self.number(-run.origin.y.0, TEXT_PLACES);
        self.out.extend_from_slice(b"Tm");
        self.text = Some((0, 0));
        if leaves_its_line(run) {
            self.one_by_one(run, Point::ZERO);
        } else {
            self.show(run);
        }
        self.end_text();
    }

    /// Vertical text in which glyphs leave the line: `TJ` cannot move sideways there, nor `Ts`.
    fn one_by_one(&mut self, run: &GlyphRun, origin: Point) {
        let per_mille = run.size.0 / 1000.0;
        let mut along = 0.0;
        for glyph in &run.glyphs {
            let x = self.units(origin.x.0 + glyph.dx * per_mille, TEXT_PLACES);
            let y = self.units(-origin.y.0 - along + glyph.dy * per_mille, TEXT_PLACES);
            self.go_to(x, y);
            self.out.push(b'(');
            glyph_code(&mut self.out, glyph.id);
            self.out.extend_from_slice(b")Tj\n");
            let advance = f32::from(run.font.vertical_advance(glyph.id)) / f32::from(run.font.units_per_em);
            along += run.size.0 * advance + glyph.extra * per_mille;
        }
    }

    /// `TJ` arrays: in thousandths of the size, rounded so that errors do not add up along the line.
    fn spaced(&mut self, run: &GlyphRun) {
        // A positive number in TJ moves against the direction of horizontal writing, and downwards in
        // vertical writing (9.4.4).
        let sign = if run.vertical { 1.0 } else { -1.0 };
        let mut rise = 0;
        let mut owed = 0.0f32;
        self.out.extend_from_slice(b"[(");
        for glyph in &run.glyphs {
            let lift = self.units(glyph.dy * run.size.0 / 1000.0, PATH_PLACES);
            if lift != rise {
                self.out.extend_from_slice(b")]TJ ");
                self.fixed(lift, PATH_PLACES);
                self.out.extend_from_slice(b"Ts[(");
                rise = lift;
            }
            owed += sign * glyph.dx;
            self.space(&mut owed);
            glyph_code(&mut self.out, glyph.id);
            owed += sign * (glyph.extra - glyph.dx);
            self.space(&mut owed);
        }
        self.out.extend_from_slice(b")]TJ");
        if rise != 0 {
            self.out.extend_from_slice(b" 0 Ts");
        }
        self.out.push(b'\n');
    }

    fn space(&mut self, owed: &mut f32) {
        let whole = self.units(*owed, 0);
        // Half a unit may wait for the next glyph's share.
        if owed.abs() > 0.5 && whole != 0 {
            self.out.push(b')');
            int(&mut self.out, whole);
            self.out.push(b'(');
            *owed -= whole as f32;
        }
    }

    fn segments(&mut self, segments: &[Segment]) {
        for segment in segments {
            let operator: &[u8] = match segment {
                Segment::Rect(r) => {
                    self.number(r.x.0, PATH_PLACES);
                    self.number(-r.bottom().0, PATH_PLACES);
                    self.number(r.width.0, PATH_PLACES);
                    self.number(r.height.0, PATH_PLACES);
                    b"re\n"
                }
                Segment::Move(p) => {
                    self.point(*p);
                    b"m\n"
                }
                Segment::Line(p) => {
                    self.point(*p);
                    b"l\n"
                }
                Segment::Cubic(a, b, c) => {
                    [a, b, c].into_iter().for_each(|p| self.point(*p));
                    b"c\n"
                }
                Segment::Close => b"h\n",
            };
            self.out.extend_from_slice(operator);
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.ink(stroke.ink, false);
        let width = self.units(stroke.width.0, PATH_PLACES);
        if self.state.width != Some(width) {
            self.state.width = Some(width);
            self.fixed(width, PATH_PLACES);
            self.out.extend_from_slice(b"w\n");
        }
        if self.state.dash.as_ref() != Some(&stroke.dash) || stroke.dash_phase != Pt::ZERO {
            self.out.push(b'[');
            stroke.dash.iter().for_each(|d| self.number(d.0, PATH_PLACES));
            self.out.push(b']');
            self.number(stroke.dash_phase.0, PATH_PLACES);
            self.out.extend_from_slice(b"d\n");
            self.state.dash = (stroke.dash_phase == Pt::ZERO).then(|| stroke.dash.clone());
        }
        if self.state.caps != Some(stroke.round_caps) {
            self.state.caps = Some(stroke.round_caps);
            self.out.extend_from_slice(if stroke.round_caps { b"1 J\n" } else { b"0 J\n" });
        }
    }

    fn path(&mut self, path: &Path) {
        if path.segments.is_empty() || path.fill.is_none() && path.stroke.is_none() {
            return;
        }
        self.end_text();
        let over = path.fill.into_iter().chain(path.stroke.as_ref().map(|s| s.ink)).any(|ink| self.overprints(ink));
        self.overprint(over);
        if let Some(fill) = path.fill {
            self.ink(fill, true);
        }
        if let Some(stroke) = &path.stroke {
            self.stroke(stroke);
        }
        self.segments(&path.segments);
        self.out.extend_from_slice(match (path.fill.is_some(), path.stroke.is_some(), path.even_odd) {
            (true, true, true) => b"B*\n",
            (true, true, false) => b"B\n",
            (true, false, true) => b"f*\n",
            (true, false, false) => b"f\n",
            (false, ..) => b"S\n",
        });
    }

    /// The unit square that a picture fills, stretched to `rect`. What an EXIF orientation asks for is the
    /// image object's own affair.
    fn image(&mut self, item: &ImageItem, x: f32, y: f32) {
        self.end_text();
        self.overprint(false);
        let r = &item.rect;
        let picture = Use::new(&item.image, self.step(item));
        self.out.extend_from_slice(b"q ");
        self.number(r.width.0, MATRIX_PLACES);
        self.out.extend_from_slice(b"0 0 ");
        self.number(r.height.0, MATRIX_PLACES);
        self.number(x + r.x.0, PATH_PLACES);
        self.number(y - r.bottom().0, PATH_PLACES);
        self.out.extend_from_slice(b"cm");
        let number = self.needs.images.put(&Arc::new(picture));
        self.name(Kind::Image, number);
        self.out.extend_from_slice(b" Do Q\n");
    }

    /// How many times fewer pixels the picture needs here: at least the stated resolution remains.
    fn step(&self, item: &ImageItem) -> u8 {
        if item.image.art.is_some() {
            return 1;
        }
        let Some(dpi) = self.colors.as_deref().and_then(|c| c.dpi) else { return 1 };
        let ppi = |pixels: u32, length: Pt| pixels as f32 * 72.0 / (length.0 * self.scale.unwrap_or(1.0));
        let ppi = ppi(item.image.width, item.rect.width).min(ppi(item.image.height, item.rect.height));
        // what is no number stays as it is
        (ppi / f32::from(dpi.max(1))).clamp(1.0, 64.0) as u8
    }

    fn modules(&mut self, modules: &Modules, x: f32, y: f32) {
        self.end_text();
        // bars keep their contrast unless they are told otherwise
        let over = self.over == Some(true) && self.overprints(modules.ink);
        self.overprint(over);
        self.ink(modules.ink, true);
        if !modules.is_plain() {
            for r in modules.rectangles() {
                self.number(x + r.x.0, PATH_PLACES);
                self.number(y - r.bottom().0, PATH_PLACES);
                self.number(r.width.0, PATH_PLACES);
                self.number(r.height.0, PATH_PLACES);
                self.out.extend_from_slice(b"re\n");
            }
            self.out.extend_from_slice(b"f\n");
            return;
        }
        self.out.extend_from_slice(b"q ");
        self.number(modules.module.0, MATRIX_PLACES);
        self.out.extend_from_slice(b"0 0 ");
        self.number(-modules.module.0, MATRIX_PLACES);
        self.number(x + modules.at.x.0, PATH_PLACES);
        self.number(y - modules.at.y.0, PATH_PLACES);
        self.out.extend_from_slice(b"cm\n");
        self.merger.rectangles(modules, &mut self.out);
        self.out.extend_from_slice(b"Q\n");
    }

    fn group(&mut self, group: &GroupItem) {
        let opacity = self.units(group.opacity, 3).clamp(0, 1000) as u16;
        if group.items.is_empty() || opacity == 0 {
            return;
        }
        self.end_text();
        self.overprint(false);
        self.out.extend_from_slice(b"q\n");
        let outer = self.state.clone();
        let (scale, over) = (self.scale, self.over);
        self.over = group.overprint.or(over);
        let stretch = group.transform.stretch();
        if stretch > 1.0 {
            self.scale = Some(scale.unwrap_or(1.0) * stretch);
        }
        if group.transform != Affine::IDENTITY {
            self.matrix(&group.transform);
        }
        if let Some(clip) = &group.clip {
            self.segments(clip);
            self.out.extend_from_slice(b"W n\n");
        }
        if opacity < 1000 {
            self.needs.opacity(opacity);
            opacity_name(&mut self.out, opacity);
            self.out.extend_from_slice(b" gs\n");
        }
        if group.blend != Blend::Normal {
            self.needs.blend(group.blend);
            self.out.extend_from_slice(b"/B");
            self.out.extend_from_slice(group.blend.name().as_bytes());
            self.out.extend_from_slice(b" gs\n");
        }
        // A group that keeps to itself is only one where something in it could blend.
        let isolated = group.isolated && blends(&group.items, 0);
        let one = |items: &[Item]| !overlaps(items);
        if isolated || (opacity < 1000 || group.blend != Blend::Normal) && !one(&group.items) {
            // Blended one by one, what lies below would show through what lies above.
            let mut inner = self.inner(self.recurs);
            inner.items(&group.items);
            let together = if isolated { Together::Isolated } else { Together::Group };
            let form = inner.into_form(&group.items, together, self.recurs, &mut self.flaw);
            self.draw(&form);
        } else {
            self.items(&group.items);
        }
        self.state = outer;
        (self.scale, self.over) = (scale, over);
        self.out.extend_from_slice(b"Q\n");
    }

    /// A shape filled by a shading: the shape cuts, the shading paints all that is left.
    fn shading(&mut self, item: &ShadingItem) {
        if item.segments.is_empty() {
            return;
        }
        if !shading::is_sound(&item.shading) || !item.shading.transform.is_finite() {
            self.flaw.get_or_insert(Flaw::NotANumber);
            return;
        }
        // what a degenerate matrix stretches over no area paints nothing
        let Some(back) = item.shading.transform.inverse() else { return };
        self.end_text();
        let over = item.shading.stops.iter().any(|s| self.overprints(s.ink));
        self.overprint(over);
        self.out.extend_from_slice(b"q\n");
        self.segments(&item.segments);
        self.out.extend_from_slice(if item.even_odd { b"W* n\n" } else { b"W n\n" });
        if item.shading.transform != Affine::IDENTITY {
            self.matrix(&item.shading.transform);
        }
        let same = item.shading.stops.first().map_or(1.0, |s| s.alpha);
        if item.shading.stops.iter().all(|s| s.alpha == same) {
            let opacity = self.units(same, 3).clamp(0, 1000) as u16;
            if opacity < 1000 {
                self.needs.opacity(opacity);
                opacity_name(&mut self.out, opacity);
                self.out.extend_from_slice(b" gs\n");
            }
        } else if let Some(light) = shading::opacities(&item.shading) {
            let mut inner = self.inner(self.recurs);
            inner.paint(light);
            let corners = Bounds::around(&item.segments, &back).corners();
            let mask = inner.into_object(corners, Together::Mask, self.recurs, &mut self.flaw);
            let number = self.needs.masks.put(&mask);
            self.name(Kind::Mask, number);
            self.out.extend_from_slice(b" gs\n");
        }
        let colors = shading::colors(&item.shading, self.colors.as_deref());
        self.needs.rgb |= colors.space == Inks::Rgb;
        self.paint(colors);
        self.out.extend_from_slice(b"Q\n");
    }

    fn paint(&mut self, shading: Dictionary) {
        let number = self.needs.shadings.put(&Arc::new(shading));
        self.name(Kind::Shading, number);
        self.out.extend_from_slice(b" sh\n");
    }

    fn draw(&mut self, form: &Arc<Form>) {
        let number = self.needs.forms.put(form);
        self.name(Kind::Form, number);
        self.out.extend_from_slice(b" Do\n");
    }

    /// Makes an object of this content, which draws `items`.
    fn into_form(self, items: &[Item], group: Together, recurs: bool, flaw: &mut Option<Flaw>) -> Arc<Form> {
        self.into_object(Bounds::of(items).corners(), group, recurs, flaw)
    }

    /// The same, within a box.
    fn into_object(self, bbox: [f32; 4], group: Together, recurs: bool, flaw: &mut Option<Flaw>) -> Arc<Form> {
        if flaw.is_none() {
            flaw.clone_from(&self.flaw);
        }
        let mut hasher = Hasher::default();
        hasher.update(&self.out);
        bbox.iter().for_each(|v| hasher.update(&v.to_be_bytes()));
        hasher.update(&[group as u8]);
        self.needs.digest_into(&mut hasher);
        let mut data = Vec::new();
        // Made once, read by every page: worth a little more time than content.
        deflate(&mut Compressor::new(libdeflater::CompressionLvl::default()), &self.out, &mut data);
        let glyphs = self.glyphs.few();
        Arc::new(Form { digest: hasher.finish(), bbox, data, needs: self.needs, glyphs, group, recurs })
    }
}

impl Kept {
    /// `content` is empty.
    fn of(list: &ItemList, mut content: Content) -> Self {
        let empty = content.inner(true);
        content.names = Some(Vec::new());
        content.items(&list.items);
        let mut flaw = content.flaw.take();
        if !list.recurs || content.out.len() < FORM_BYTES {
            return Self::new(content, flaw);
        }
        let mut inner = Content { glyphs: std::mem::take(&mut content.glyphs), ..empty };
        inner.put_kept(&Self::new(content, None));
        let form = inner.into_form(&list.items, Together::No, true, &mut flaw);
        let mut content = Content { names: Some(Vec::new()), ..Content::default() };
        content.draw(&form);
        // The form's glyphs are counted where the form is written.
        Self::new(content, flaw)
    }

    fn new(content: Content, flaw: Option<Flaw>) -> Self {
        let (operators, glyphs) = (content.out, content.glyphs.few());
        let names = content.names.unwrap_or_default();
        Self { operators, names, needs: content.needs, glyphs, flaw, end: (0, 0) }
    }

    /// `start` is where the first line starts; `content` is empty.
    fn of_plain(items: &[Item], start: (i64, i64), mut content: Content) -> Self {
        content.text = Some(start);
        content.lines(items, (0, 0));
        let end = content.text.unwrap_or(start);
        let flaw = content.flaw.take();
        Self { end, ..Self::new(content, flaw) }
    }
}

/// The first run, if `items` are text of one font, size and ink: then its lines can be shown from anywhere in
/// any text object. Much text that recurs is better off as a form.
fn plain_text(items: &[Item], recurs: bool) -> Option<&GlyphRun> {
    let Some(Item::Glyphs(first)) = items.first() else { return None };
    let mut glyphs = 0;
    for item in items {
        let Item::Glyphs(run) = item else { return None };
        glyphs += run.glyphs.len();
        let like_first = run.font.id == first.font.id
            && run.vertical == first.vertical
            && run.size == first.size
            && run.ink == first.ink;
        if !like_first || run.glyphs.is_empty() || run.stretch != 1.0 || run.lies != Lies::Level || leaves_its_line(run)
        {
            return None;
        }
    }
    (!first.font.has_colors() && (!recurs || glyphs * 2 < FORM_BYTES)).then_some(first)
}

/// Vertical text whose glyphs cannot be reached by moving along the line.
fn leaves_its_line(run: &GlyphRun) -> bool {
    run.vertical && run.glyphs.iter().any(|g| g.dx != 0.0 || g.dy != 0.0)
}

/// Whether anything in `items` blends with what is below it otherwise than by lying on it.
pub(super) fn blends(items: &[Item], depth: usize) -> bool {
    // deeper than elements can be nested
    depth < 1000
        && items.iter().any(|item| match item {
            Item::Group(g) => g.blend != Blend::Normal || blends(&g.items, depth + 1),
            Item::List(_, list) => blends(&list.items, depth + 1),
            _ => false,
        })
}

/// Whether anything in `items` may cover anything else in it.
fn overlaps(items: &[Item]) -> bool {
    match items {
        [Item::Path(path)] => path.fill.is_some() && path.stroke.is_some(),
        [Item::Glyphs(run)] => run.font.has_colors(),
        [Item::Image(_) | Item::Modules(_) | Item::Shading(_)] => false,
        _ => true,
    }
}

/// Whether a named ink lies on top of what is below.
fn overprints(ink: Ink) -> bool {
    matches!(ink, Ink::Spot { ink, .. } if ink != SpotId::REGISTRATION && ink.spot().overprint)
}

/// Whether a colour is the paper's own: no ink at all.
pub(super) fn is_white(ink: Ink) -> bool {
    match ink {
        Ink::Black(k) => k <= 0.0,
        Ink::Cmyk(inks) => inks.iter().all(|v| *v <= 0.0),
        Ink::Rgb(rgb) => rgb.iter().all(|v| *v >= 1.0),
        Ink::Spot { tint, .. } => tint <= 0.0,
    }
}

/// A glyph's code, two bytes, inside `(…)`.
#[inline]
fn glyph_code(out: &mut Vec<u8>, glyph: u16) {
    let [high, low] = glyph.to_be_bytes();
    string_byte(out, high);
    string_byte(out, low);
}

/// Appends `data` as a zlib stream.
pub(super) fn deflate(compressor: &mut Compressor, data: &[u8], out: &mut Vec<u8>) {
    let from = out.len();
    let bound = compressor.zlib_compress_bound(data.len());
    out.resize(from + bound, 0);
    // The bound makes room for the worst case, so this cannot fail.
    let length = compressor.zlib_compress(data, &mut out[from..]).unwrap_or(0);
    out.truncate(from + length);
}
