//! The bytes of PDF objects (ISO 32000-1, 7.3): names, numbers, strings, arrays, dictionaries, streams.
//! No opinions: what is written where is decided elsewhere.

/// Appends a whole number.
pub fn int(out: &mut Vec<u8>, n: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(n).as_bytes());
}

/// The number `n` / 10^`places` in as few characters as say it exactly; never an exponent.
pub fn fixed(out: &mut Vec<u8>, n: i64, places: u32) {
    if n < 0 {
        out.push(b'-');
    }
    let n = n.unsigned_abs();
    let unit = 10u64.pow(places);
    let (whole, mut part) = (n / unit, n % unit);
    if whole > 0 || part == 0 {
        int(out, whole);
    }
    if part > 0 {
        // From the last digit that says anything to the first.
        let mut places = places as usize;
        while part % 10 == 0 {
            part /= 10;
            places -= 1;
        }
        let point = out.len();
        out.push(b'.');
        out.resize(point + 1 + places, b'0');
        for digit in out[point + 1..].iter_mut().rev() {
            *digit = b'0' + (part % 10) as u8;
            part /= 10;
        }
    }
}

/// `v` in units of 10^-`places`, halves away from zero; `None` for what is no number or beyond ±2^31 units.
#[must_use]
pub fn to_fixed(v: f32, places: u32) -> Option<i64> {
    let scaled = f64::from(v) * 10u64.pow(places) as f64;
    // Written so that NaN fails too. Rounding by hand: `round` is a call on machines without an instruction for it.
    if scaled.abs() < 2_147_483_648.0 { Some((scaled + 0.5f64.copysign(scaled)) as i64) } else { None }
}

/// Appends `v` with at most `places` decimals; 0 for what is no number.
pub fn real(out: &mut Vec<u8>, v: f32, places: u32) {
    fixed(out, to_fixed(v, places).unwrap_or(0), places);
}

/// Appends `/name`, with everything outside the regular characters as `#xx` (7.3.5).
pub fn name(out: &mut Vec<u8>, name: &str) {
    name_of(out, name.as_bytes());
}

/// As [`name`], of any bytes.
pub fn name_of(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for &b in name {
        if b.is_ascii_graphic() && !b"#()<>[]{}/%".contains(&b) {
            out.push(b);
        } else {
            out.push(b'#');
            hex_byte(out, b);
        }
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Two hexadecimal digits.
pub fn hex_byte(out: &mut Vec<u8>, b: u8) {
    out.push(HEX[usize::from(b >> 4)]);
    out.push(HEX[usize::from(b & 15)]);
}

/// `<…>` (7.3.4.3).
pub fn hex_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'<');
    bytes.iter().for_each(|b| hex_byte(out, *b));
    out.push(b'>');
}

/// One byte of a `(…)` string (7.3.4.2): a bare carriage return would be read as a line feed.
#[inline]
pub fn string_byte(out: &mut Vec<u8>, b: u8) {
    match b {
        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', b]),
        b'\r' => out.extend_from_slice(b"\\r"),
        _ => out.push(b),
    }
}

/// `(…)` with the bytes as they are.
pub fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    bytes.iter().for_each(|b| string_byte(out, *b));
    out.push(b')');
}

/// A text string (7.9.2.2): ASCII as it is, everything else as UTF-16BE with a byte order mark, in hex.
pub fn text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        string(out, text.as_bytes());
    } else {
        out.extend_from_slice(b"<feff");
        for unit in text.encode_utf16() {
            unit.to_be_bytes().iter().for_each(|b| hex_byte(out, *b));
        }
        out.push(b'>');
    }
}

/// `12 0 R`
pub fn reference(out: &mut Vec<u8>, number: u32) {
    int(out, number);
    out.extend_from_slice(b" 0 R");
}

/// `12 0 obj`, the body, `endobj`.
pub fn indirect(out: &mut Vec<u8>, number: u32, body: impl FnOnce(&mut Vec<u8>)) {
    int(out, number);
    out.extend_from_slice(b" 0 obj\n");
    body(out);
    out.extend_from_slice(b"\nendobj\n");
}

/// A stream object. `entries` are those of its dictionary besides `/Length`.
pub fn stream(out: &mut Vec<u8>, number: u32, entries: &[u8], data: &[u8]) {
    int(out, number);
    out.extend_from_slice(b" 0 obj\n<<");
    out.extend_from_slice(entries);
    out.extend_from_slice(b"/Length ");
    int(out, data.len());
    out.extend_from_slice(b">>stream\n");
    out.extend_from_slice(data);
    out.extend_from_slice(b"\nendstream\nendobj\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(f: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        f(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (v, places, want) in [
            (0.0, 3, "0"),
            (-0.0, 3, "0"),
            (0.5, 3, ".5"),
            (-0.25, 2, "-.25"),
            (283.464_57, 3, "283.465"),
            (100.0, 2, "100"),
            (0.0004, 3, "0"),
            (-0.0004, 3, "0"),
            (1.05, 2, "1.05"),
            (f32::NAN, 2, "0"),
        ] {
            assert_eq!(shown(|o| real(o, v, places)), want, "{v} with {places} places");
        }
    }

    #[test]
    fn numbers_beyond_what_pdf_holds_are_told_apart() {
        assert_eq!(to_fixed(f32::INFINITY, 2), None);
        assert_eq!(to_fixed(f32::NAN, 2), None);
        assert_eq!(to_fixed(1e9, 2), None);
        assert_eq!(to_fixed(-14400.0, 2), Some(-1_440_000));
    }

    proptest! {
        #[test]
        fn a_number_reads_back_as_itself(n in -2_147_483_647i64..2_147_483_647, places in 0u32..5) {
            let text = shown(|o| fixed(o, n, places));
            let read: f64 = text.parse().expect("a number");
            prop_assert_eq!((read * 10f64.powi(places as i32)).round() as i64, n);
            prop_assert!(!text.contains('e'));
        }
    }

    #[test]
    fn names_and_strings_escape_what_has_a_meaning() {
        assert_eq!(shown(|o| name(o, "BIZ UD/P#")), "/BIZ#20UD#2fP#23");
        assert_eq!(shown(|o| string(o, b"a(b)\\\r\n")), "(a\\(b\\)\\\\\\r\n)");
        assert_eq!(shown(|o| text(o, "Autumn")), "(Autumn)");
        assert_eq!(shown(|o| text(o, "秋")), "<feff79cb>");
    }
}
