//! What is added to a template before Tera compiles it, so that no fault passes silently and no record takes
//! for ever:
//!
//! * each loop and component counts its turns, because Tera sets no limit to work;
//! * each name glued with `~` or listed in `[ ]` must have a value, because Tera would pass over it in silence.
//!
//! What is added has no output of its own. [`Guarded::original`] leads from places in the guarded text back to
//! the source as written.

use std::cell::Cell;
use std::ops::Range;

use super::scan::{Kind, Piece, Token, paths, tokens};

/// Turns of loops, members of `range` and calls of components that one record may take.
pub const MAX_WORK: u64 = 1_000_000;
/// Bytes of markup that one record may fill.
pub const MAX_OUTPUT: usize = 4 << 20;
/// What a template that exceeds [`MAX_WORK`] is told.
pub const ENDLESS: &str = "the template takes more than 1,000,000 turns of its loops for one record";
/// What a glued or listed name without a value is told.
pub const NOTHING: &str = "nothing stands here";

thread_local! {
    static WORK: Cell<u64> = const { Cell::new(0) };
}

/// To be called before each record.
pub fn start_work() {
    WORK.set(0);
}

/// Counts work done.
///
/// # Errors
/// [`ENDLESS`], when it is too much.
pub fn work(turns: u64) -> Result<(), tera::Error> {
    let done = WORK.get().saturating_add(turns);
    WORK.set(done);
    if done > MAX_WORK { Err(tera::Error::message(ENDLESS)) } else { Ok(()) }
}

/// The function and the filter that the added text calls.
pub fn register(tera: &mut tera::Tera) {
    tera.register_function("__turn", |_: tera::Kwargs, _: &tera::State| work(1).map(|()| tera::Value::safe_string("")));
    tera.register_filter(
        "__given",
        |value: tera::Value, _: tera::Kwargs, _: &tera::State| {
            if value.is_undefined() { Err(tera::Error::message(NOTHING)) } else { Ok(value) }
        },
    );
}

/// A template's text with the guards in it.
#[derive(Clone, Debug)]
pub struct Guarded {
    pub text: String,
    /// In order.
    added: Vec<Added>,
}

#[derive(Clone, Debug)]
struct Added {
    /// Place in the source.
    at: usize,
    /// Bytes added there.
    len: usize,
    /// What of the source it is about.
    about: Range<usize>,
}

impl Guarded {
    #[must_use]
    pub fn new(src: &str, pieces: &[Piece]) -> Self {
        let mut additions: Vec<(usize, &str, Range<usize>)> = Vec::new();
        for piece in pieces.iter().filter(|p| matches!(p.kind, Kind::Output | Kind::Tag)) {
            let tokens = tokens(src, piece.inner.clone());
            let skip = usize::from(piece.kind == Kind::Tag);
            for path in paths(&tokens, skip).iter().filter(|p| p.glued && !p.forgiven) {
                additions.push((path.span.start, "(", path.span.clone()));
                additions.push((path.span.end, " | __given)", path.span.clone()));
            }
            if piece.kind == Kind::Tag && matches!(tokens.first(), Some((Token::Word("for" | "component"), _))) {
                let turn = if piece.trims_behind { "{{__turn()-}}" } else { "{{__turn()}}" };
                additions.push((piece.span.end, turn, piece.inner.clone()));
            }
        }
        additions.sort_by_key(|(at, ..)| *at);
        let mut text = String::with_capacity(src.len() + additions.len() * 12);
        let mut added = Vec::with_capacity(additions.len());
        let mut copied = 0;
        for (at, addition, about) in additions {
            text.push_str(&src[copied..at]);
            text.push_str(addition);
            added.push(Added { at, len: addition.len(), about });
            copied = at;
        }
        text.push_str(&src[copied..]);
        Self { text, added }
    }

    /// The place in the source of a place in the guarded text; within what was added, that which it is about.
    fn original(&self, at: usize) -> Range<usize> {
        let mut shift = 0;
        for added in &self.added {
            if at < added.at + shift {
                break;
            }
            if at < added.at + shift + added.len {
                return added.about.clone();
            }
            shift += added.len;
        }
        at - shift..at - shift
    }

    /// The span in the source of a span in the guarded text.
    #[must_use]
    pub fn original_span(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.original(span.start).start;
        let end = match span.end.checked_sub(1) {
            // the last byte may be the last of what was added
            Some(last) if last >= span.start => {
                let last = self.original(last);
                if last.is_empty() { self.original(span.end).start } else { last.end }
            }
            _ => start,
        };
        start..end.max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::pieces;
    use super::*;

    fn guarded(src: &str) -> Guarded {
        Guarded::new(src, &pieces(src))
    }

    #[test]
    fn loops_count_and_glued_names_must_be_given() {
        assert_eq!(
            guarded("{% for a in b -%} {{ a.x ~ \"-\" ~ c }}{% endfor %}").text,
            "{% for a in b -%}{{__turn()-}} {{ (a.x | __given) ~ \"-\" ~ (c | __given) }}{% endfor %}"
        );
        assert_eq!(guarded("{% raw %}{% for %}{% endraw %}a ~ b").text, "{% raw %}{% for %}{% endraw %}a ~ b");
        assert_eq!(guarded("{{ a ~ b | default(value=1) }}").text, "{{ (a | __given) ~ b | default(value=1) }}");
    }

    #[test]
    fn every_character_is_found_again() {
        let src = "{% for a in b %}秋{{ a ~ c.d }} x{% endfor %}";
        let g = guarded(src);
        for (i, c) in src.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let found = g.text.char_indices().filter(|(j, d)| *d == c && g.original(*j) == (i..i)).count();
            assert!(found >= 1, "{c} at {i}");
        }
    }
}
