//! The bytes of a page or a stylesheet to text, as browsers choose the encoding: the byte order mark, what the file
//! says of itself, and else UTF-8 (HTML Standard, section 13.2.3; CSS Syntax 3, section 3.2).

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a page its encoding may be stated (13.2.3.2).
const SEARCHED: usize = 1024;

/// A page's text without its byte order mark, and whether bytes of it had to be replaced by U+FFFD.
#[must_use]
pub fn page(bytes: &[u8]) -> (String, bool) {
    text(bytes, || {
        let head = bytes.get(..SEARCHED).unwrap_or(bytes).to_ascii_lowercase();
        xml_declaration(&head).or_else(|| meta(&head))
    })
}

/// A stylesheet's text.
#[must_use]
pub fn stylesheet(bytes: &[u8]) -> String {
    let said = || {
        let rest = bytes.strip_prefix(b"@charset \"")?;
        let end = rest.iter().take(SEARCHED).position(|b| *b == b'"')?;
        label(&rest[..end])
    };
    text(bytes, said).0
}

fn text(bytes: &[u8], said: impl Fn() -> Option<&'static Encoding>) -> (String, bool) {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or(&[]));
        return (text.into_owned(), broken);
    }
    let encoding = said().unwrap_or_else(|| guess(bytes));
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), broken)
}

/// Nobody says: UTF-8 where it is; Shift_JIS, which Japanese pages of that age are in, where it is; else what browsers
/// take in the West, in which no byte is wrong.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else if SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes).is_some() {
        SHIFT_JIS
    } else {
        WINDOWS_1252
    }
}

/// A page that can say so in ASCII is not in UTF-16, whatever it says (13.2.3.2).
fn label(name: &[u8]) -> Option<&'static Encoding> {
    let encoding = Encoding::for_label(name)?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

/// `<?xml version="1.0" encoding="…"?>`
fn xml_declaration(head: &[u8]) -> Option<&'static Encoding> {
    let rest = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(rest, b"?>")?;
    value(rest.get(..end)?, b"encoding")
}

/// `<meta charset=…>` or `<meta http-equiv content="text/html; charset=…">`
fn meta(head: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    while let Some(i) = memchr::memmem::find(head.get(at..)?, b"<meta") {
        let from = at + i + 5;
        let tag = head.get(from..)?;
        let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
        if let Some(found) = value(&tag[..end], b"charset") {
            return Some(found);
        }
        at = from + end;
    }
    None
}

/// What stands behind `name =`, in quotation marks or without.
fn value(text: &[u8], name: &[u8]) -> Option<&'static Encoding> {
    let rest = text.get(memchr::memmem::find(text, name)? + name.len()..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| b.is_ascii_whitespace() || b"\"';/>".contains(b)).unwrap_or(rest.len());
    label(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_in_which_encoding_it_is() {
        let sjis = |text: &str| SHIFT_JIS.encode(text).0.into_owned();
        let text = "<meta charset=\"shift_jis\"><p>秋のご優待";
        assert_eq!(page(&sjis(text)), (text.to_owned(), false));
        let text = "<meta http-equiv='Content-Type' content='text/html; charset=Shift_JIS'><p>漢字";
        assert_eq!(page(&sjis(text)), (text.to_owned(), false));
        let text = "<?xml version='1.0' encoding='Shift_JIS'?><html>漢字</html>";
        assert_eq!(page(&sjis(text)), (text.to_owned(), false));
    }

    #[test]
    fn marks_go_before_words_and_utf_8_before_guesses() {
        assert_eq!(page("\u{feff}<meta charset=shift_jis>é".as_bytes()).0, "<meta charset=shift_jis>é");
        assert_eq!(page(&[0xff, 0xfe, 0x42, 0x30]).0, "あ");
        assert_eq!(page("あ".as_bytes()).0, "あ");
        assert_eq!(page(&[0x82, 0xa0]).0, "あ", "Shift_JIS where nobody says");
        assert_eq!(page(b"caf\xe9 \xa0").0, "café \u{a0}");
        assert_eq!(page(b"<meta charset=utf-16>\xe3\x81\x82").0, "<meta charset=utf-16>あ");
        assert!(page(b"<meta charset=utf-8>\xff").1);
    }

    #[test]
    fn a_stylesheet_says_it_at_its_start() {
        assert_eq!(stylesheet(b"@charset \"windows-1252\"; \xe9"), "@charset \"windows-1252\"; é");
    }
}
