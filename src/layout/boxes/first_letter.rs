//! `::first-letter` (CSS 2.2, section 5.12.2; CSS Pseudo 4, section 3.3): the first letter of a block's own first
//! line, with the punctuation before and behind it, as an inline box of its own. It is looked for in text that stands
//! directly in the block, and in its `::before`.

use std::sync::Arc;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use super::engine::Engine;
use super::tree::{El, Inl, Kid, Part, is_blank};
use crate::markup::style::{Display, Float, Style};

impl Engine<'_> {
    /// Sets the first letter apart, if the block's first kid is a line that begins with text.
    pub(in crate::layout) fn first_letter(&mut self, el: &El, style: &Arc<Style>, kids: &mut [Kid]) {
        let first = kids.iter_mut().find(|k| !matches!(k, Kid::Out(_) | Kid::Float(_)));
        let Some(Kid::Inline(run)) = first else { return };
        let blank = |i: &Inl| matches!(i, Inl::Text(n) if self.dom.text(*n).is_some_and(is_blank));
        let Some(at) = run.iter().position(|i| !blank(i)) else { return };
        let dom = self.dom;
        match run.get(at) {
            Some(Inl::Text(node)) => {
                let node = *node;
                let text = dom.text(node).unwrap_or("");
                let Some(range) = find(text) else { return };
                let rest = Inl::Tail(node, range.end);
                let space =
                    (range.start > 0).then_some(Inl::Generated(Arc::from(text.get(..range.start).unwrap_or(""))));
                let letter = self.letter(el, style, text.get(range).unwrap_or(""));
                run.splice(at..=at, space.into_iter().chain([letter, rest]));
            }
            Some(Inl::El(before)) if before.part == Part::Before && before.style.display == Display::Inline => {
                let text = before.style.content.clone().unwrap_or_default();
                let Some(range) = find(&text) else { return };
                let mut rest = Style::clone(&before.style);
                rest.content = Some(Arc::from(text.get(range.end..).unwrap_or("")));
                let rest = Inl::El(El { style: Arc::new(rest), ..before.clone() });
                let letter = self.letter(el, style, text.get(range).unwrap_or(""));
                run.splice(at..=at, [letter, rest]);
            }
            _ => {}
        }
    }

    fn letter(&mut self, el: &El, style: &Style, text: &str) -> Inl {
        let mut own = Style::clone(style);
        own.content = Some(Arc::from(text));
        (own.display, own.float) = (Display::Inline, Float::None);
        Inl::El(self.generated(el, Part::Before, &Arc::new(own)))
    }
}

/// Where the first letter stands: behind white space; punctuation, the letter with its marks, punctuation.
fn find(text: &str) -> Option<std::ops::Range<usize>> {
    let category = |c: char| CodePointMapData::<GeneralCategory>::new().get(c);
    let is_punctuation = |c: char| {
        use GeneralCategory::{
            ClosePunctuation, FinalPunctuation, InitialPunctuation, OpenPunctuation, OtherPunctuation,
        };
        let c = category(c);
        [OpenPunctuation, ClosePunctuation, InitialPunctuation, FinalPunctuation, OtherPunctuation].contains(&c)
    };
    let is_mark = |c: char| {
        use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
        [EnclosingMark, NonspacingMark, SpacingMark].contains(&category(c))
    };
    let start = text.len() - text.trim_start_matches([' ', '\t', '\n', '\r', '\u{C}']).len();
    let rest = text.get(start..)?;
    let mut chars = rest.char_indices().skip_while(|(_, c)| is_punctuation(*c)).skip(1).peekable();
    let letter = rest.chars().find(|c| !is_punctuation(*c))?;
    if letter.is_whitespace() {
        return None;
    }
    while chars.next_if(|(_, c)| is_mark(*c)).is_some() {}
    while chars.next_if(|(_, c)| is_punctuation(*c)).is_some() {}
    Some(start..chars.peek().map_or(text.len(), |(i, _)| start + i))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_letter_takes_its_punctuation_along() {
        let found = |text: &'static str| find(text).and_then(|r| text.get(r)).unwrap_or("none");
        assert_eq!(found("Test"), "T");
        assert_eq!(found("  \n«(T)est"), "«(T)");
        assert_eq!(found("「春」の"), "「春」");
        assert_eq!(found("e\u{301}t"), "e\u{301}");
        assert_eq!(found("T"), "T");
        assert_eq!(found("\"- x"), "\"-");
        assert_eq!(found("\" x"), "none");
        assert_eq!(found(""), "none");
    }
}
