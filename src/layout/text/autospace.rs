//! A quarter em between Japanese and Western characters (CSS Text 4, `text-autospace`; JLREQ 3.2.6).

use super::class::{Class, class};
use super::paragraph::{Kind, Paragraph};

const SHARE: f32 = 0.25;

pub(super) fn apply(p: &mut Paragraph) {
    let mut before: Option<(usize, Class)> = None;
    let text = std::mem::take(&mut p.text);
    for i in 0..p.atoms.len() {
        let Some(atom) = p.atoms.get(i).copied() else { break };
        match atom.kind {
            Kind::Open | Kind::Close | Kind::Zero => continue,
            Kind::Text => {}
            _ => {
                before = None;
                continue;
            }
        }
        let Some(c) = text.get(atom.byte as usize..).and_then(|t| t.chars().next()) else { continue };
        let here = if is_apart(c) { Class::Other } else { class(c) };
        if let Some((at, last)) = before
            && matches!((last, here), (Class::Ideograph, Class::Western) | (Class::Western, Class::Ideograph))
            && let Some(a) = p.atoms.get(at)
            && let Some(s) = p.spans.get(usize::from(a.span)).filter(|s| s.style.autospace)
        {
            let space = SHARE * s.size;
            if let Some(a) = p.atoms.get_mut(at) {
                a.trail += space;
            }
        }
        before = Some((i, here));
    }
    p.text = text;
}

/// Set like ideographs, yet not ideographs for this spacing (CSS Text 4, section 8.4.1: Han, kana and their
/// marks only): symbols, full-width forms, enclosed and squared characters. 〒611 and 10:00～19:00 stay close.
fn is_apart(c: char) -> bool {
    matches!(c, '〒' | '〓' | '〃' | '\u{3200}'..='\u{33FF}' | '\u{2460}'..='\u{24FF}' | '\u{25A0}'..='\u{26FF}'
        | '\u{FF01}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_and_full_width_forms_are_no_ideographs() {
        assert!("〒～（￥㈱①●".chars().all(|c| is_apart(c) || class(c) != Class::Ideograph));
        assert!("漢かカ々ーゝ".chars().all(|c| !is_apart(c)));
    }
}
