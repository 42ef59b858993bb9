//! `data:` addresses (RFC 2397, as the Fetch Standard reads them): a file that stands in its own name.

use std::borrow::Cow;

use data_url::DataUrl;
use encoding_rs::{Encoding, UTF_8};

use super::loader::{Fault, FaultKind};

/// What such files are called where their name is no use.
pub(super) const NAME: &str = "data: address";

/// Whether the address holds its file.
pub(super) fn is_data(url: &str) -> bool {
    url.trim_start().get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// A name for messages: addresses that hold a file are cut short.
pub(super) fn spoken(name: &str) -> Cow<'_, str> {
    match is_data(name) {
        true if name.chars().nth(40).is_some() => Cow::Owned(name.chars().take(40).chain(['…']).collect()),
        _ => Cow::Borrowed(name),
    }
}

/// The file in the address; `None` if it holds none. Of the media type only the `charset` of stylesheets counts:
/// they come out as UTF-8.
pub(super) fn read(url: &str, limit: u64) -> Option<Result<Vec<u8>, Fault>> {
    is_data(url).then(|| decoded(url.trim(), limit))
}

fn decoded(url: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let fault = |kind, what: &str| Fault::new(kind, NAME, format!("a data: address {what}"));
    let too_large = || fault(FaultKind::TooLarge, &format!("holds more than the {limit} bytes that are allowed here"));
    let parsed = DataUrl::process(url).map_err(|_| fault(FaultKind::Broken, "has no comma before its data"))?;
    // three characters can make one byte
    let body = url.split_once(',').map_or("", |(_, body)| body);
    if (body.len() / 3) as u64 > limit {
        return Err(too_large());
    }
    let (mut bytes, _) = parsed.decode_to_vec().map_err(|_| fault(FaultKind::Broken, "holds no sound base64"))?;
    let media = parsed.mime_type();
    if media.matches("text", "css")
        && let Some(label) = media.get_parameter("charset")
        && let Some(encoding) = Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_8)
    {
        bytes = encoding.decode(&bytes).0.into_owned().into_bytes();
    }
    if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
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
