//! Fifth step: what is left of a line's width is shared out between words and characters
//! (`text-align: justify`; the order of JLREQ 3.8.4: word spaces first, then between all characters).

use super::class::{Class, class};
use super::paragraph::{Kind, Paragraph};

/// A word space grows by this share of the font size before spaces between characters open.
const WORD_SPACE: f32 = 0.25;

/// Fills `adjust` with what is added after each atom of the range, so that they sum up to `room`.
pub(super) fn justify(p: &Paragraph, range: std::ops::Range<usize>, room: f32, adjust: &mut Vec<f32>) {
    adjust.clear();
    adjust.resize(range.len(), 0.0);
    let Some(atoms) = p.atoms.get(range) else { return };
    let size = |span: u16| p.spans.get(usize::from(span)).map_or(0.0, |s| s.size);
    let last = atoms.iter().rposition(|a| matches!(a.kind, Kind::Text | Kind::Box | Kind::Space));
    let (mut words, mut word_room, mut gaps) = (0u32, 0.0, 0u32);
    let mut classes: Option<Class> = None;
    let mut previous = 0;
    // First pass: count. `adjust` notes the kind of place: 1 a word space, 2 a gap between characters.
    for (i, atom) in atoms.iter().enumerate().take(last.map_or(0, |l| l + 1)) {
        let here = match atom.kind {
            Kind::Text => p.char_at(atom.byte).map_or(Class::Other, class),
            Kind::Space => Class::Space,
            Kind::Box => Class::Ideograph,
            _ => continue,
        };
        if here == Class::Space && Some(i) != last {
            words += 1;
            word_room += WORD_SPACE * size(atom.span);
            set(adjust, i, 1.0);
        }
        if let Some(before) = classes
            && may_open(before, here)
        {
            gaps += 1;
            set(adjust, previous, 2.0);
        }
        classes = Some(here);
        previous = i;
    }
    let (to_words, to_gaps) = match (words, gaps) {
        (0, 0) => (0.0, 0.0),
        (0, _) => (0.0, room),
        (_, 0) => (room, 0.0),
        _ => (room.min(word_room), (room - word_room).max(0.0)),
    };
    for a in adjust.iter_mut() {
        *a = match *a {
            1.0 => to_words / words.max(1) as f32,
            2.0 => to_gaps / gaps.max(1) as f32,
            _ => 0.0,
        };
    }
}

fn set(adjust: &mut [f32], at: usize, value: f32) {
    if let Some(a) = adjust.get_mut(at) {
        *a = value;
    }
}

/// Space may open between these two: beside Japanese characters, but not inside brackets, before commas and
/// stops, or within a dash.
fn may_open(before: Class, after: Class) -> bool {
    match (before, after) {
        (Class::Space, _) | (_, Class::Space) => false,
        (Class::Opening, _) | (_, Class::Closing) | (Class::Inseparable, Class::Inseparable) => false,
        (Class::Ideograph | Class::Closing, _) => !matches!((before, after), (Class::Closing, Class::Western)),
        (_, Class::Ideograph | Class::Opening) => true,
        _ => false,
    }
}
