//! `data:` addresses (RFC 2397, as the Fetch Standard reads them): a file that stands in its own name.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::loader::{Fault, FaultKind};

/// What such files are called where their name is no use.
pub(super) const NAME: &str = "data: address";

/// What comes behind `data:`, if the address is such a one; without fragment.
fn behind(url: &str) -> Option<&str> {
    let url = url.trim();
    let scheme = url.get(..5)?;
    let rest = url.get(5..).filter(|_| scheme.eq_ignore_ascii_case("data:"))?;
    Some(rest.split('#').next().unwrap_or(rest))
}

/// Whether the address holds its file.
pub(super) fn is_data(url: &str) -> bool {
    behind(url).is_some()
}

/// A name for messages: addresses that hold a file are cut short.
pub(super) fn spoken(name: &str) -> Cow<'_, str> {
    match is_data(name) {
        true if name.chars().nth(40).is_some() => Cow::Owned(name.chars().take(40).chain(['…']).collect()),
        _ => Cow::Borrowed(name),
    }
}

/// The file in the address; `None` if it holds none. Of the media type only the `charset` of texts counts: they
/// come out as UTF-8.
pub(super) fn read(url: &str, limit: u64) -> Option<Result<Vec<u8>, Fault>> {
    behind(url).map(|rest| decoded(rest, limit))
}

fn decoded(rest: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let fault = |kind, what: &str| Fault::new(kind, NAME, format!("a data: address {what}"));
    let too_large = || fault(FaultKind::TooLarge, &format!("holds more than the {limit} bytes that are allowed here"));
    let (about, body) = rest.split_once(',').ok_or_else(|| fault(FaultKind::Broken, "has no comma before its data"))?;
    // three characters can make one byte
    if (body.len() / 3) as u64 > limit {
        return Err(too_large());
    }
    let mut parameters = about.split(';').map(str::trim);
    let media = parameters.next().unwrap_or("");
    let mut bytes = percent_decoded(body);
    if about.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64") && about.contains(';')) {
        bytes = base64(&bytes).ok_or_else(|| fault(FaultKind::Broken, "holds no sound base64"))?;
    }
    let charset = parameters.find_map(|p| p.split_once('=').filter(|(name, _)| name.eq_ignore_ascii_case("charset")));
    if let Some((_, label)) = charset
        && media.get(..5).is_some_and(|m| m.eq_ignore_ascii_case("text/"))
        && let Some(encoding) = Encoding::for_label(label.trim_matches('"').as_bytes()).filter(|e| *e != UTF_8)
    {
        bytes = encoding.decode(&bytes).0.into_owned().into_bytes();
    }
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
}

/// `%41` to `A`; what is no such code stays.
fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        let code = hex(i + 1).zip(hex(i + 2)).filter(|_| b == b'%').and_then(|(h, l)| u8::try_from(h * 16 + l).ok());
        out.push(code.unwrap_or(b));
        i += if code.is_some() { 3 } else { 1 };
    }
    out
}

/// RFC 4648, section 4, with blanks and without the need for `=` (Infra Standard, forgiving-base64 decode).
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut letters: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    if letters.len().is_multiple_of(4) {
        let padding = letters.iter().rev().take(2).take_while(|b| **b == b'=').count();
        letters.truncate(letters.len() - padding);
    }
    let mut out = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    for group in letters.chunks(4) {
        let mut bits = 0u32;
        for b in group {
            let value = match b {
                b'A'..=b'Z' => b - b'A',
                b'a'..=b'z' => b - b'a' + 26,
                b'0'..=b'9' => b - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let [_, a, b, c] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        match group.len() {
            4 => out.extend([a, b, c]),
            3 => out.extend([a, b]),
            2 => out.push(a),
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(url: &str) -> Result<String, FaultKind> {
        let bytes = read(url, 16).expect("a data: address").map_err(|f| f.kind)?;
        Ok(String::from_utf8(bytes).expect("UTF-8"))
    }

    #[test]
    fn files_stand_in_their_addresses() {
        for (url, want) in [
            ("data:,plain", "plain"),
            (" DATA:text/css,a%7Bb%7d%2", "a{b}%2"),
            ("data:text/css;charset=utf-8,%E3%81%82", "あ"),
            ("data:text/css;charset=Shift_JIS;base64,gqA=", "あ"),
            ("data:text/css;charset=\"euc-jp\",%A4%A2", "あ"),
            ("data:;base64,Zg==", "f"),
            ("data:;base64,Zm8", "fo"),
            ("data:image/png;BASE64,Zm%39v%0A Ym%46y", "foobar"),
            ("data:,a,b#part", "a,b"),
            ("data:base64,Zg==", "Zg=="),
            ("data:,", ""),
        ] {
            assert_eq!(text(url).as_deref(), Ok(want), "{url}");
        }
        for url in
            ["data:", "data:text/css", "data:;base64,Z", "data:;base64,Zg=a", "data:;base64,Z!==", "data:;base64,===="]
        {
            assert_eq!(text(url), Err(FaultKind::Broken), "{url}");
        }
        assert!(["date:,a", "data", "", "a/data:,b", "日data:,"].iter().all(|url| read(url, 16).is_none()));
    }

    #[test]
    fn the_limit_is_of_what_is_held() {
        assert_eq!(text("data:,0123456789abcdef").as_deref(), Ok("0123456789abcdef"));
        assert_eq!(text("data:,0123456789abcdefg"), Err(FaultKind::TooLarge));
        assert_eq!(text(&format!("data:,{}", "%41".repeat(16))).as_deref(), Ok("AAAAAAAAAAAAAAAA"));
        assert_eq!(text(&format!("data:;base64,{}", "A".repeat(1000))), Err(FaultKind::TooLarge));
    }

    #[test]
    fn messages_are_short() {
        let long = format!("data:image/png;base64,{}", "A".repeat(1000));
        assert!(spoken(&long).chars().count() == 41 && spoken("data/images/a.png") == "data/images/a.png");
    }
}
