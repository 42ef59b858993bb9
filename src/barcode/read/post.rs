//! The customer barcode of Japan Post: 67 bars as wide as each other, which differ in where they begin and end.

use super::super::japan_post::{BARS, CC1, CC4, HYPHEN};
use super::Dark;
use super::shape::Band;

pub(super) fn read(dark: &[Dark], bands: &[Band]) -> Option<String> {
    let [up, middle, down] = bands else { return None };
    if middle.bars.len() != 67 || dark.len() < 67 {
        return None;
    }
    let widths = |bar: &(f64, f64)| bar.1 - bar.0;
    let first = middle.bars.first()?;
    let last = middle.bars.last()?;
    let pitch = (last.0 - first.0) / 66.0;
    let even = middle.bars.iter().enumerate().all(|(i, bar)| {
        (bar.0 - first.0 - pitch * i as f64).abs() < 0.1 * pitch && (widths(bar) - widths(first)).abs() < 0.1 * pitch
    });
    if !even {
        return None;
    }
    let has = |band: &Band, at: f64| band.bars.iter().any(|b| (b.0 - at).abs() < 0.1 * pitch);
    let states: Vec<u8> = (middle.bars.iter())
        .map(|bar| match (has(up, bar.0), has(down, bar.0)) {
            (true, true) => b'1',
            (true, false) => b'2',
            (false, true) => b'3',
            (false, false) => b'4',
        })
        .collect();
    let inner = states.strip_prefix(b"13")?.strip_suffix(b"31")?;
    let values: Vec<u8> = inner
        .chunks(3)
        .map(|three| BARS.iter().position(|bars| bars.as_bytes() == three).and_then(|n| u8::try_from(n).ok()))
        .collect::<Option<_>>()?;
    if values.iter().map(|v| u32::from(*v)).sum::<u32>() % 19 != 0 {
        return None;
    }
    let mut text = String::new();
    let mut rest = values.get(..20)?.iter().copied().peekable();
    while let Some(value) = rest.next() {
        match value {
            0..=9 => text.push(char::from(b'0' + value)),
            HYPHEN => text.push('-'),
            CC4 if rest.clone().all(|v| v == CC4) => break,
            _ if (CC1..CC1 + 3).contains(&value) => match rest.next() {
                Some(digit) if digit < 10 => text.push(char::from(b'A' + (value - CC1) * 10 + digit)),
                // the letter was cut behind its control character
                None => break,
                Some(_) => return None,
            },
            _ => return None,
        }
    }
    Some(text)
}
