//! Lines beside things that stand in their way.

use super::*;

/// A block at the left, `width` wide down to `bottom`; floats of the text are placed where the line begins.
#[derive(Debug)]
struct Pillar {
    width: f32,
    bottom: f32,
    floats: Vec<(usize, f32, f32)>,
    waiting: Vec<usize>,
    size: f32,
}

impl Pillar {
    fn new(width: f32, bottom: f32) -> Self {
        Self { width, bottom, floats: Vec::new(), waiting: Vec::new(), size: 0.0 }
    }
}

const WIDTH: f32 = 100.0;

impl Around for Pillar {
    fn room(&mut self, top: Pt, _: Pt) -> (Pt, Pt) {
        let beside = self.floats.iter().filter(|f| f.1 <= top.0 && top.0 < f.1 + 10.0).count() as f32 * self.size;
        (Pt(if top.0 < self.bottom { self.width } else { 0.0 }), Pt(WIDTH - beside))
    }
    fn below(&mut self, top: Pt) -> Option<Pt> {
        (top.0 < self.bottom).then_some(Pt(self.bottom))
    }
    fn float(&mut self, id: usize, top: Pt, used: Pt) -> bool {
        let (left, right) = self.room(top, Pt::ZERO);
        if used.0 + self.size > right.0 - left.0 || !self.waiting.is_empty() {
            self.waiting.push(id);
            return false;
        }
        self.floats.push((id, top.0, used.0));
        true
    }
    fn rewind(&mut self, id: usize) {
        self.waiting.retain(|w| *w < id);
        self.floats.retain(|f| f.0 < id);
    }
    fn line_ends(&mut self, bottom: Pt) {
        self.floats.extend(self.waiting.drain(..).map(|id| (id, bottom.0, 0.0)));
    }
}

fn set_around(items: &[InlineItem<'_>], pillar: &mut Pillar) -> TextLayout {
    let style = Arc::new(TextStyle { line_height: LineHeight::Length(Pt(10.0)), ..style() });
    let mut out = TextLayout::default();
    let block = Block::new(&style);
    lay_out_around(&mut TextScratch::default(), fonts(), items, &block, Pt(WIDTH), pillar, &mut out);
    out
}

fn float(id: usize) -> InlineItem<'static> {
    InlineItem::Float { id, widths: (Pt(20.0), Pt(30.0)) }
}

#[test]
fn lines_are_short_beside_it_and_long_below() {
    let out = set_around(&[text("あいうえおかきくけこさしすせそたちつてと")], &mut Pillar::new(60.0, 15.0));
    assert_eq!(read(&out), ["あいうえ", "おかきく", "けこさしすせそたちつ", "てと"]);
    let lefts: Vec<_> = out.lines.iter().map(|l| (l.left.0, l.top.0)).collect();
    assert_eq!(lefts, [(60.0, 0.0), (60.0, 10.0), (0.0, 20.0), (0.0, 30.0)]);
}

#[test]
fn a_word_too_long_for_the_room_moves_down() {
    let out = set_around(&[text("abcdefghijkl あ")], &mut Pillar::new(60.0, 15.0));
    assert_eq!(read(&out)[0], "abcdefghijkl あ");
    assert_eq!((out.lines[0].left.0, out.lines[0].top.0), (0.0, 15.0));
    assert_eq!(out.height.0, 25.0);
    assert_eq!(out.faults, []);
}

#[test]
fn a_float_that_fits_shortens_its_line_and_others_wait() {
    let mut pillar = Pillar { size: 30.0, ..Pillar::new(0.0, 0.0) };
    let items = [text("あいうえ"), float(1), text("おか"), float(2), float(3), text("きくけこ")];
    let out = set_around(&items, &mut pillar);
    assert_eq!(read(&out), ["あいうえおかき", "くけこ"]);
    assert_eq!(pillar.floats, [(1, 0.0, 40.0), (2, 10.0, 0.0), (3, 10.0, 0.0)]);
}

#[test]
fn a_float_goes_with_the_word_that_it_stands_in() {
    let mut pillar = Pillar { size: 30.0, ..Pillar::new(0.0, 0.0) };
    let out = set_around(&[text("あいうえおか abc"), float(1), text("defghijk")], &mut pillar);
    assert_eq!(read(&out), ["あいうえおか", "abcdefghijk"]);
    assert_eq!(pillar.floats, [(1, 10.0, 15.0)]);
}

#[test]
fn floats_without_text_make_no_line() {
    let mut pillar = Pillar { size: 30.0, ..Pillar::new(0.0, 0.0) };
    let out = set_around(&[text(" "), float(1), text(" "), float(2)], &mut pillar);
    assert_eq!((out.lines.len(), out.height.0), (0, 0.0));
    assert_eq!(pillar.floats, [(1, 0.0, 0.0), (2, 0.0, 0.0)]);
}

#[test]
fn floats_widen_what_is_measured() {
    let style = Arc::new(style());
    let m = measure(&mut TextScratch::default(), fonts(), &[float(1), text("あいう")], &Block::new(&style));
    assert_eq!((m.min.0, m.max.0), (20.0, 60.0));
}
