//! Texts: their ink is somewhere in their boxes (ISO 32000-1, 9.4), whose widths the fonts say.

use rustc_hash::FxHashMap;

use super::{State, Walk, matrix};
use crate::base::{Affine, Point, Pt, Rect};
use crate::cos::read::{Dict, Reader, Value};

#[derive(Debug, Default)]
pub(super) struct Font {
    wide: bool,
    vertical: bool,
    usual: f32,
    first: usize,
    pub(super) widths: Vec<f32>,
    pub(super) by_code: FxHashMap<usize, f32>,
}

impl Walk<'_> {
    /// Shows a text: its ink is somewhere in its box.
    pub(super) fn show(&mut self, state: &State, text: &mut Affine, shown: &Value) {
        let (Some(font), size) = (&state.font, state.size) else { return };
        let mut long = 0.0;
        let mut string = |bytes: &[u8]| {
            let step = if font.wide { 2 } else { 1 };
            for code in bytes.chunks(step) {
                let code = code.iter().fold(0usize, |v, b| v << 8 | usize::from(*b));
                let width = font.by_code.get(&code).copied().unwrap_or_else(|| {
                    code.checked_sub(font.first).and_then(|at| font.widths.get(at)).copied().unwrap_or(font.usual)
                });
                let word = if step == 1 && code == 32 { state.spaces[1] } else { 0.0 };
                long +=
                    (width / 1000.0 * size + state.spaces[0] + word) * if font.vertical { 1.0 } else { state.scale };
            }
        };
        match shown {
            Value::String(bytes) => string(bytes),
            Value::Array(parts) => {
                let mut moved = 0.0;
                for part in parts {
                    match part {
                        Value::String(bytes) => string(bytes),
                        other => moved += other.number().unwrap_or(0.0) as f32,
                    }
                }
                long -= moved / 1000.0 * size * if font.vertical { -1.0 } else { state.scale };
            }
            _ => return,
        }
        if state.shown {
            let (left, bottom, width, height) = if font.vertical {
                (-size / 2.0, -long, size, long)
            } else {
                (0.0, state.rise - 0.22 * size, long, 1.1 * size)
            };
            let rect = Rect::new(Pt(left), Pt(bottom), Pt(width), Pt(height));
            self.sprinkle(state, &text.then(&state.m), &rect);
        }
        *text = if font.vertical {
            Affine::translate(Pt(0.0), Pt(-long)).then(text)
        } else {
            Affine::translate(Pt(long), Pt(0.0)).then(text)
        };
    }

    /// Ink that is somewhere in a box.
    pub(super) fn sprinkle(&mut self, state: &State, m: &Affine, rect: &Rect) {
        let (ink, meets) = self.ink(state, false);
        let corners =
            [(rect.x, rect.y), (rect.right(), rect.y), (rect.right(), rect.bottom()), (rect.x, rect.bottom())].map(
                |(x, y)| {
                    let p = m.apply(Point::new(x, y));
                    (p.x.0, p.y.0)
                },
            );
        self.plates.sprinkle(&state.clip, corners, meets, ink);
    }
}

/// The widths of a font's glyphs (9.6.2 and 9.7.4.3).
pub(super) fn font(reader: &mut Reader, value: &Value) -> Font {
    let found = reader.dict(value);
    let mut font = Font { usual: 500.0, ..Font::default() };
    if !reader.get(&found, "Subtype").is_ok_and(|s| s.is_name("Type0")) {
        font.first = found.get("FirstChar").and_then(Value::int).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        font.widths = reader.numbers(&found, "Widths");
        if let Some(m) = matrix(&reader.numbers(&found, "FontMatrix")) {
            font.widths.iter_mut().for_each(|w| *w *= m.a * 1000.0);
        }
        return font;
    }
    font.wide = true;
    font.vertical = reader.get(&found, "Encoding").is_ok_and(|e| matches!(e, Value::Name(n) if n.ends_with(b"-V")));
    font.usual = 1000.0;
    if font.vertical {
        return font;
    }
    let below = match reader.get(&found, "DescendantFonts") {
        Ok(Value::Array(all)) => all.first().map(|f| reader.dict(f)).unwrap_or_default(),
        _ => Dict::default(),
    };
    if let Some(usual) = reader.get(&below, "DW").ok().and_then(|v| v.number()) {
        font.usual = usual as f32;
    }
    let Ok(Value::Array(widths)) = reader.get(&below, "W") else { return font };
    let mut at = 0;
    while let Some(first) = widths.get(at).and_then(Value::int).and_then(|n| usize::try_from(n).ok()) {
        let next = widths.get(at + 1).map(|v| reader.resolved(v));
        match (next, widths.get(at + 2).and_then(Value::number)) {
            (Some(Ok(Value::Array(some))), _) => {
                for (i, width) in some.iter().filter_map(Value::number).enumerate() {
                    font.by_code.insert(first + i, width as f32);
                }
                at += 2;
            }
            (Some(Ok(last)), Some(width)) => {
                let last = last.int().and_then(|n| usize::try_from(n).ok()).unwrap_or(first);
                for code in first..=last.min(first + 65_535) {
                    font.by_code.insert(code, width as f32);
                }
                at += 3;
            }
            _ => break,
        }
        if font.by_code.len() > 70_000 {
            break;
        }
    }
    font
}
