//! Fifth step: the difference between a line's content and its measure, shared out in the order of JLREQ 3.8.
//!
//! A line that is too long gives up space between words, around middle dots, around brackets and behind commas, and
//! between Japanese and Western, in this order and each to its limit (追い込み). A line that is too short opens
//! spaces between words up to half an em, then between Japanese and Western up to half an em, then everywhere
//! between Japanese characters alike. Nothing ever comes between the parts of …… and ――, inside brackets, before
//! commas and stops, or within a Western word.

use std::ops::Range;

use super::autospace;
use super::class::Class;
use super::paragraph::{Atom, Kind, Paragraph, Span};
use super::trim;
use crate::markup::composition::TextJustify;

/// A word space gives up at most this share of itself, and never gets narrower than [`LEAST_WORD`].
const WORD_GIVES: f32 = 1.0 / 3.0;
/// In em (JLREQ 3.8.3).
const LEAST_WORD: f32 = 0.25;
/// Word spaces and those between Japanese and Western open to this before any other (JLREQ 3.8.4), in em.
const WIDEST: f32 = 0.5;
/// The space between Japanese and Western is never less, in em.
const LEAST_AUTOSPACE: f32 = 0.125;

/// How many ranks of places give up space.
const RANKS: usize = 4;

/// Calls for every place between two characters of a range: the index of the atom before it (within the range),
/// the two atoms.
fn places(atoms: &[Atom], mut each: impl FnMut(usize, &Atom, &Atom)) {
    let mut before: Option<(usize, &Atom)> = None;
    for (i, atom) in atoms.iter().enumerate() {
        if !matches!(atom.kind, Kind::Text | Kind::Box | Kind::Space) {
            if atom.kind == Kind::Tab {
                before = None;
            }
            continue;
        }
        if let Some((at, last)) = before {
            each(at, last, atom);
        }
        before = Some((i, atom));
    }
}

fn span_of<'p>(p: &'p Paragraph, atom: &Atom) -> Option<&'p Span> {
    p.spans.get(usize::from(atom.span))
}

/// What the place between two atoms can give up: its rank and how much.
fn gives(p: &Paragraph, before: &Atom, after: &Atom) -> Option<(usize, f32)> {
    let (first, second) = (span_of(p, before)?, span_of(p, after)?);
    if before.class == Class::Space {
        let room = (before.advance * WORD_GIVES).min(before.advance - LEAST_WORD * first.em());
        return Some((0, room.max(0.0)));
    }
    let (a, b) = (before.class, after.class);
    let (gone_tail, gone_lead) = trim::between(a, b, first.style.composition.trim);
    // The space behind a full stop is never reduced inside a line.
    let tail = if a == Class::Stop { 0.0 } else { (a.tail() - gone_tail).max(0.0) * first.em() };
    let lead = if a == Class::Stop { 0.0 } else { (b.lead() - gone_lead).max(0.0) * second.em() };
    if tail + lead > 0.0 {
        let rank = if a == Class::MiddleDot || b == Class::MiddleDot { 1 } else { 2 };
        return Some((rank, tail + lead));
    }
    autospace::opens(a, b, first.style.autospace).then(|| (3, (autospace::SHARE - LEAST_AUTOSPACE) * first.em()))
}

/// How much narrower a range can be set.
pub(super) fn capacity(p: &Paragraph, range: Range<usize>) -> f32 {
    let mut all = 0.0;
    places(p.atoms.get(range).unwrap_or_default(), |_, before, after| {
        all += gives(p, before, after).map_or(0.0, |g| g.1);
    });
    all
}

/// Fills `adjust` with what goes after each atom of the range (below zero), so that they sum up to `-excess` if the
/// range can give that much.
pub(super) fn shrink(p: &Paragraph, range: Range<usize>, excess: f32, adjust: &mut Vec<f32>) {
    adjust.clear();
    adjust.resize(range.len(), 0.0);
    let atoms = p.atoms.get(range).unwrap_or_default();
    let mut room = [0.0f32; RANKS];
    places(atoms, |_, before, after| {
        if let Some((rank, by)) = gives(p, before, after)
            && let Some(r) = room.get_mut(rank)
        {
            *r += by;
        }
    });
    // Each rank gives all before the next gives anything.
    let mut left = excess;
    let shares = room.map(|room| {
        let taken = left.min(room).max(0.0);
        left -= taken;
        if room > 0.0 { taken / room } else { 0.0 }
    });
    places(atoms, |at, before, after| {
        if let Some((rank, by)) = gives(p, before, after) {
            add(adjust, at, -by * shares.get(rank).copied().unwrap_or(0.0));
        }
    });
}

/// Fills `adjust` with what is added after each atom of the range, so that they sum up to `room` where there is a
/// place for it.
pub(super) fn stretch(p: &Paragraph, range: Range<usize>, room: f32, how: TextJustify, adjust: &mut Vec<f32>) {
    adjust.clear();
    adjust.resize(range.len(), 0.0);
    let atoms = p.atoms.get(range).unwrap_or_default();
    let (mut words, mut word_room, mut mixed, mut mixed_room, mut gaps) = (0u32, 0.0f32, 0u32, 0.0f32, 0u32);
    places(atoms, |_, before, after| match place(p, before, after, how) {
        Some(Place::Word(room)) => (words, word_room) = (words + 1, word_room + room),
        Some(Place::Mixed(room)) => (mixed, mixed_room) = (mixed + 1, mixed_room + room),
        Some(Place::Gap) => gaps += 1,
        None => {}
    });
    let of = |room: f32, all: f32| if all > 0.0 { room / all } else { 0.0 };
    let to_words = room.min(word_room);
    let to_mixed = (room - to_words).min(mixed_room);
    let rest = room - to_words - to_mixed;
    let everywhere = of(rest, (words + mixed + gaps) as f32);
    let (word, mix) = (of(to_words, word_room), of(to_mixed, mixed_room));
    places(atoms, |at, before, after| {
        let by = match place(p, before, after, how) {
            Some(Place::Word(room)) => room * word + everywhere,
            Some(Place::Mixed(room)) => room * mix + everywhere,
            Some(Place::Gap) => everywhere,
            None => return,
        };
        add(adjust, at, by);
    });
}

fn add(adjust: &mut [f32], at: usize, by: f32) {
    if let Some(a) = adjust.get_mut(at) {
        *a += by;
    }
}

/// A place where space may open, with what it takes before all others do.
enum Place {
    Word(f32),
    Mixed(f32),
    Gap,
}

fn place(p: &Paragraph, before: &Atom, after: &Atom, how: TextJustify) -> Option<Place> {
    let (a, b) = (before.class, after.class);
    match how {
        TextJustify::None => None,
        TextJustify::InterWord => (a == Class::Space).then_some(Place::Word(0.0)),
        TextJustify::InterCharacter => {
            ((a, b) != (Class::Inseparable, Class::Inseparable) && !is_tight(a, b)).then_some(Place::Gap)
        }
        TextJustify::Auto => {
            let span = span_of(p, before)?;
            if a == Class::Space {
                return Some(Place::Word((WIDEST * span.em() - before.advance).max(0.0)));
            }
            if autospace::opens(a, b, span.style.autospace) {
                return Some(Place::Mixed((WIDEST - autospace::SHARE) * span.em()));
            }
            may_open(a, b).then_some(Place::Gap)
        }
    }
}

/// Inside brackets, and before closing ones, commas and stops.
fn is_tight(a: Class, b: Class) -> bool {
    use Class::{Closing, Comma, Dividing, MiddleDot, NarrowClosing, NarrowOpening, Opening, Stop};
    matches!(a, Opening | NarrowOpening) || matches!(b, Closing | Comma | Stop | MiddleDot | Dividing | NarrowClosing)
}

/// Space may open between these two: beside Japanese characters, but not inside brackets, before commas and
/// stops, or within a dash.
fn may_open(a: Class, b: Class) -> bool {
    use Class::{Apart, Closing, Comma, Dividing, Ideograph, Inseparable, MiddleDot, Object, Opening, Space, Stop};
    if is_tight(a, b) || matches!((a, b), (Space, _) | (_, Space) | (Inseparable, Inseparable)) {
        return false;
    }
    match a {
        Ideograph | Apart | Object => true,
        Closing | Comma | Stop | MiddleDot | Dividing => !b.is_western(),
        _ => matches!(b, Ideograph | Apart | Object | Opening),
    }
}
