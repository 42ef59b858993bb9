//! Emoji: sequences are one picture, the selectors choose between text and picture, and copied text says what was
//! written. The face is a small subset of Noto Color Emoji.

use std::sync::Arc;

use super::{Drawn, Fixture, document, drawn};
use crate::asset::fallback::FontSet;
use crate::asset::font::FontData;
use crate::page::Page;
use crate::page::colored::colored;

static EMOJI: &[u8] = include_bytes!("../../../tests/fixtures/fonts/NotoColorEmoji-subset.ttf");

#[track_caller]
fn page(css: &str, body: &str) -> Page {
    let mut fixture = Fixture::new(|shared| {
        let mut fonts = FontSet::shipped();
        fonts.add(FontData::Shipped(EMOJI), 0, "Emoji", 400, false).expect("a font");
        shared.fonts = Arc::new(fonts);
    });
    let (mut pages, faults) = fixture.compose(&document(css, body));
    assert_eq!(faults, [], "no faults");
    pages.remove(0)
}

/// What is copied from the page, each run of a face apart, pictures in brackets; and how many pictures there are.
fn read(css: &str, body: &str) -> (Vec<String>, usize) {
    let (mut texts, mut pictures) = (Vec::new(), 0);
    for d in drawn(&page(css, body)) {
        let Drawn::Text(_, run) = d else { continue };
        let mut text = String::new();
        for g in &run.glyphs {
            run.font.text(g.id, &mut text);
        }
        pictures += colored(&run).expect("sound pictures").len();
        texts.push(if run.font.has_colors() { format!("[{text}]") } else { text });
    }
    (texts, pictures)
}

#[test]
fn a_picture_stands_among_words() {
    assert_eq!(read("", "<p>春😀と秋"), (vec!["春".into(), "[😀]".into(), "と秋".into()], 1));
}

#[test]
fn a_sequence_is_one_picture_and_is_copied_whole() {
    for sequence in ["🇯🇵", "👍🏽", "👩‍⚕", "1⃣"] {
        // The last with the selector that keycaps need; it is not part of what is copied.
        let written = sequence.replace('1', "1\u{FE0F}");
        let (texts, pictures) = read("", &format!("<p>あ{written}い"));
        assert_eq!(pictures, 1, "{texts:?}");
        let copied: String = texts.concat().replace('\u{FE0F}', "");
        assert_eq!(copied, format!("あ[{sequence}]い"));
    }
    // Qualified or not, a part that is joined belongs to the face of the part before, even where an earlier face has
    // it too.
    let (texts, pictures) = read("p{font-family:'BIZ UDPGothic',Emoji}", "<p>👩‍⚕️👩‍⚕👍👍🏽");
    assert_eq!((texts.len(), pictures), (1, 4), "{texts:?}");
}

#[test]
fn selectors_choose_between_text_and_picture() {
    let ten = "p{font-family:Emoji,'BIZ UDPGothic'}";
    // 1 is in both faces: the first named draws it, unless a selector says otherwise.
    assert_eq!(read("", "<p>1\u{FE0F}\u{20E3}").1, 1);
    assert_eq!(read("", "<p>1").1, 0);
    assert_eq!(read(ten, "<p>1").1, 1, "the face that is named first has a picture of the digit");
    assert_eq!(read(ten, "<p>1\u{FE0E}").0, ["1"]);
    assert_eq!(read("", "<p>❤\u{FE0F}").1, 1);
}

#[test]
fn pictures_are_drawn_once_for_a_text_with_a_shadow() {
    assert_eq!(read("p{text-shadow:1pt 1pt red}", "<p>😀").1, 1);
}

#[test]
fn pictures_stand_upright_in_vertical_lines() {
    let page = page("p{writing-mode:vertical-rl;height:50mm;font-size:10pt}", "<p>縦😀");
    let runs: Vec<_> = drawn(&page)
        .into_iter()
        .filter_map(|d| match d {
            Drawn::Text(_, run) if run.font.has_colors() => Some(run),
            _ => None,
        })
        .collect();
    assert_eq!(runs.len(), 1);
    assert!(runs[0].vertical);
    let items = colored(&runs[0]).expect("a sound picture");
    assert!(matches!(items.as_slice(), [crate::page::Item::Image(_)]), "{items:?}");
}
