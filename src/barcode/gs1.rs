//! GS1 element strings: application identifiers with the lengths and character sets of their values, their check digits,
//! and where FNC1 stands (GS1 General Specifications, sections 3.2 and 7.8).

use super::Fault;
use super::check::{self, Check};

/// One identifier with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element {
    pub ai: String,
    pub value: String,
    /// A separator follows unless this is the last.
    open: bool,
}

/// A part of a joined element string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Char(u8),
    /// FNC1 behind a value whose length the identifier does not fix.
    Separator,
}

/// What a value consists of, as the standard's tables write it: `N14` fixed digits, `X..20` up to so many characters,
/// `C` fixed digits whose last is the check digit, `D` a date YYMMDD, `Y` characters of part numbers.
type Format = &'static str;

/// Identifiers by their beginning; `n` stands for any digit. The longest that fits counts.
const TABLE: &[(&str, Format)] = &[
    ("00", "C18"),
    ("01", "C14"),
    ("02", "C14"),
    ("03", "C14"),
    ("10", "X..20"),
    ("11", "D6"),
    ("12", "D6"),
    ("13", "D6"),
    ("15", "D6"),
    ("16", "D6"),
    ("17", "D6"),
    ("20", "N2"),
    ("21", "X..20"),
    ("22", "X..20"),
    ("235", "X..28"),
    ("240", "X..30"),
    ("241", "X..30"),
    ("242", "N..6"),
    ("243", "X..20"),
    ("250", "X..30"),
    ("251", "X..30"),
    ("253", "C13 X..17"),
    ("254", "X..20"),
    ("255", "C13 N..12"),
    ("30", "N..8"),
    ("310n", "N6"),
    ("311n", "N6"),
    ("312n", "N6"),
    ("313n", "N6"),
    ("314n", "N6"),
    ("315n", "N6"),
    ("316n", "N6"),
    ("32nn", "N6"),
    ("33nn", "N6"),
    ("34nn", "N6"),
    ("35nn", "N6"),
    ("36nn", "N6"),
    ("37", "N..8"),
    ("390n", "N..15"),
    ("391n", "N3 N..15"),
    ("392n", "N..15"),
    ("393n", "N3 N..15"),
    ("394n", "N4"),
    ("395n", "N6"),
    ("400", "X..30"),
    ("401", "X..30"),
    ("402", "C17"),
    ("403", "X..30"),
    ("41n", "C13"),
    ("420", "X..20"),
    ("421", "N3 X..9"),
    ("422", "N3"),
    ("423", "N3 N..12"),
    ("424", "N3"),
    ("425", "N3 N..12"),
    ("426", "N3"),
    ("427", "X..3"),
    ("4300", "X..35"),
    ("4301", "X..35"),
    ("4302", "X..70"),
    ("4303", "X..70"),
    ("4304", "X..70"),
    ("4305", "X..70"),
    ("4306", "X..70"),
    ("4307", "X2"),
    ("4308", "X..30"),
    ("4309", "N20"),
    ("4310", "X..35"),
    ("4311", "X..35"),
    ("4312", "X..70"),
    ("4313", "X..70"),
    ("4314", "X..70"),
    ("4315", "X..70"),
    ("4316", "X..70"),
    ("4317", "X2"),
    ("4318", "X..20"),
    ("4319", "X..30"),
    ("4320", "X..35"),
    ("4321", "N1"),
    ("4322", "N1"),
    ("4323", "N1"),
    ("4324", "N10"),
    ("4325", "N10"),
    ("4326", "N6"),
    ("433n", "N6 X..1"),
    ("7001", "N13"),
    ("7002", "X..30"),
    ("7003", "N10"),
    ("7004", "N..4"),
    ("7005", "X..12"),
    ("7006", "D6"),
    ("7007", "N6 N..6"),
    ("7008", "X..3"),
    ("7009", "X..10"),
    ("7010", "X..2"),
    ("7011", "N6 N..4"),
    ("7020", "X..20"),
    ("7021", "X..20"),
    ("7022", "X..20"),
    ("7023", "X..30"),
    ("703n", "N3 X..27"),
    ("7040", "N1 X3"),
    ("7041", "X..4"),
    ("71n", "X..20"),
    ("723n", "X2 X..28"),
    ("7240", "X..20"),
    ("7241", "N2"),
    ("7242", "X..25"),
    ("7250", "N8"),
    ("7251", "N12"),
    ("7252", "N1"),
    ("7253", "X..40"),
    ("7254", "X..40"),
    ("7255", "X..10"),
    ("7256", "X..90"),
    ("7257", "X..70"),
    ("7258", "X3"),
    ("7259", "X..40"),
    ("8001", "N14"),
    ("8002", "X..20"),
    ("8003", "C14 X..16"),
    ("8004", "X..30"),
    ("8005", "N6"),
    ("8006", "C14 N4"),
    ("8007", "X..34"),
    ("8008", "N8 N..4"),
    ("8009", "X..50"),
    ("8010", "Y..30"),
    ("8011", "N..12"),
    ("8012", "X..20"),
    ("8013", "X..25"),
    ("8014", "X..25"),
    ("8017", "C18"),
    ("8018", "C18"),
    ("8019", "N..10"),
    ("8020", "X..25"),
    ("8026", "C14 N4"),
    ("8030", "X..90"),
    ("8110", "X..70"),
    ("8111", "N4"),
    ("8112", "X..70"),
    ("8200", "X..70"),
    ("90", "X..30"),
    ("9n", "X..90"),
];

/// Identifiers whose first two digits fix the length: no separator follows them (section 7.8.5.2).
fn has_fixed_length(ai: &str) -> bool {
    let first = ai.get(..2).unwrap_or("");
    matches!(
        first,
        "00" | "01" | "02" | "03" | "04" | "11" | "12" | "13" | "14" | "15" | "16" | "17" | "18" | "19" | "20"
    ) || matches!(first, "31" | "32" | "33" | "34" | "35" | "36" | "41")
}

/// The characters of set 82 (section 7.11).
fn is_82(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&b)
}

/// The characters of set 39.
fn is_39(b: u8) -> bool {
    b.is_ascii_digit() || b.is_ascii_uppercase() || b"#-/".contains(&b)
}

fn format_of(ai: &str) -> Option<Format> {
    let fits = |known: &str| {
        known.len() == ai.len() && known.bytes().zip(ai.bytes()).all(|(k, a)| k == a || k == b'n' && a.is_ascii_digit())
    };
    TABLE.iter().find(|(known, _)| fits(known)).map(|(_, format)| *format)
}

/// Reads `(01)04912345678904(10)A1`: identifiers in brackets, each with its value. A bracket in a value is taken for an
/// identifier when digits and a closing bracket follow it.
pub(super) fn parse(value: &str, check: Check) -> Result<Vec<Element>, Fault> {
    let mut elements = Vec::new();
    let mut rest = value.trim();
    if rest.is_empty() {
        return Err(Fault::Empty);
    }
    while !rest.is_empty() {
        let Some((ai, after)) = identifier(rest) else {
            let message = "an application identifier in brackets was expected, such as (01)04912345678904(10)A1";
            return Err(Fault::Data(message.to_owned()));
        };
        let end = after.match_indices('(').map(|(i, _)| i).find(|i| identifier(&after[*i..]).is_some());
        let (value, next) = after.split_at(end.unwrap_or(after.len()));
        rest = next;
        let Some(format) = format_of(ai) else {
            return Err(Fault::Data(format!("GS1 has no application identifier ({ai})")));
        };
        let value = checked(ai, value, format, check)?;
        elements.push(Element { ai: ai.to_owned(), value, open: !has_fixed_length(ai) });
    }
    Ok(elements)
}

/// An identifier at the beginning, and what follows it.
fn identifier(text: &str) -> Option<(&str, &str)> {
    let (ai, after) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit())).then_some((ai, after))
}

/// The value as its format wants it, with its check digit.
fn checked(ai: &str, value: &str, format: Format, check: Check) -> Result<String, Fault> {
    let told = |what: String| Fault::Data(format!("the value of ({ai}) {what}"));
    let mut value = value.to_owned();
    // a check digit that is left out is added where the value has nothing behind it
    if let Some(length) = format.strip_prefix('C').and_then(|n| n.parse::<usize>().ok())
        && check != Check::Verify
        && value.len() + 1 == length
        && value.bytes().all(|b| b.is_ascii_digit())
    {
        let digits: Vec<u8> = value.bytes().map(|b| b - b'0').collect();
        value.push(char::from(b'0' + check::gs1_digit(&digits)));
    }
    let (least, most) = lengths(format);
    let found = value.chars().count();
    if !(least..=most).contains(&found) {
        let wanted = if least == most { format!("{most}") } else { format!("{least} to {most}") };
        return Err(told(format!("has {found} characters; it must have {wanted}")));
    }
    let mut at = 0;
    for part in format.split(' ') {
        let (kind, length) = part.split_at(1);
        let piece = match length.strip_prefix("..") {
            Some(_) => value.get(at..).unwrap_or(""),
            None => value.get(at..at + length.parse::<usize>().unwrap_or(0)).unwrap_or(""),
        };
        let (allowed, words): (fn(u8) -> bool, _) = match kind {
            "X" => (is_82, "GS1's 82 characters: letters, digits and ! \" % & ' ( ) * + , - . / : ; < = > ? _"),
            "Y" => (is_39, "capitals, digits and # - /"),
            _ => (|b| b.is_ascii_digit(), "the digits 0 to 9"),
        };
        // all allowed characters are single bytes; a piece that is cut within a longer one holds none of them
        let whole = value.get(at..).unwrap_or(&value);
        let wrong = if piece.is_empty() && !whole.is_empty() && !length.starts_with("..") {
            whole.chars().enumerate().find(|(_, c)| !c.is_ascii())
        } else {
            piece.chars().enumerate().find(|(_, c)| !u8::try_from(*c).is_ok_and(allowed))
        };
        if let Some((i, c)) = wrong {
            return Err(told(format!("has `{c}` as character {}; allowed are {words}", at + i + 1)));
        }
        match kind {
            "C" => {
                let digits: Vec<u8> = piece.bytes().map(|b| b.wrapping_sub(b'0')).collect();
                check::verify(&digits).map_err(|f| told(format!("is wrong: {f}")))?;
            }
            "D" => {
                let number = |i: usize| piece.get(i..i + 2).and_then(|n| n.parse::<u8>().ok()).unwrap_or(0);
                if !(1..=12).contains(&number(2)) || number(4) > 31 {
                    return Err(told("is no date YYMMDD (DD may be 00)".to_owned()));
                }
            }
            _ => {}
        }
        at += piece.len();
    }
    Ok(value)
}

/// The least and the greatest length of a value.
fn lengths(format: Format) -> (usize, usize) {
    let mut of = (0, 0);
    let parts = format.split(' ').count();
    for part in format.split(' ') {
        let length = part.get(1..).unwrap_or("");
        match length.strip_prefix("..") {
            // a second part may be left out, the only one may not
            Some(most) => {
                of.0 += usize::from(parts == 1);
                of.1 += most.parse().unwrap_or(0);
            }
            None => {
                let n = length.parse().unwrap_or(0);
                of = (of.0 + n, of.1 + n);
            }
        }
    }
    if matches!(format, "N3 X..9" | "N3 N..12" | "N3 N..15" | "N3 X..27" | "X2 X..28") {
        of.0 += 1;
    }
    of
}

/// Identifiers and values one after the other, separated where that is needed.
pub(super) fn joined(elements: &[Element]) -> Vec<Piece> {
    let mut out = Vec::new();
    for (i, element) in elements.iter().enumerate() {
        out.extend(element.ai.bytes().chain(element.value.bytes()).map(Piece::Char));
        if element.open && i + 1 < elements.len() {
            out.push(Piece::Separator);
        }
    }
    out
}

/// As people read it.
pub(super) fn shown(elements: &[Element]) -> String {
    elements.iter().map(|e| format!("({}){}", e.ai, e.value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: &str) -> String {
        parse(value, Check::Auto).map_or_else(|f| f.to_string(), |e| shown(&e))
    }

    #[test]
    fn values_are_held_against_their_identifiers() {
        assert_eq!(told("(01)0491234567890"), "(01)04912345678904", "the check digit is added");
        assert_eq!(
            told("(01)04912345678905"),
            "the value of (01) is wrong: the check digit is `5` where it must be `4`"
        );
        assert_eq!(told("(01)123"), "the value of (01) has 3 characters; it must have 14");
        assert_eq!(told("(10)"), "the value of (10) has 0 characters; it must have 1 to 20");
        assert_eq!(told("(17)261301"), "the value of (17) is no date YYMMDD (DD may be 00)");
        assert_eq!(told("(17)261300"), "the value of (17) is no date YYMMDD (DD may be 00)");
        assert_eq!(told("(17)261200"), "(17)261200");
        assert_eq!(told("(05)1"), "GS1 has no application identifier (05)");
        assert_eq!(told("(3103)00125a"), "the value of (3103) has `a` as character 6; allowed are the digits 0 to 9");
        let wrong = "an application identifier in brackets was expected, such as (01)04912345678904(10)A1";
        assert_eq!(told("04912345678904"), wrong);
        assert!(told("(10)あ").contains("has `あ` as character 1"));
        assert!(told("(421)日本東京").contains("allowed are the digits"), "{}", told("(421)日本東京"));
    }

    #[test]
    fn separators_stand_behind_open_values_that_others_follow() {
        let all = parse("(01)04912345678904(10)A(B)(21)7", Check::Auto).unwrap();
        let text: String =
            joined(&all).iter().map(|p| if let Piece::Char(c) = p { char::from(*c) } else { '|' }).collect();
        assert_eq!(text, "010491234567890410A(B)|217");
        let one = parse("(91)0123", Check::Auto).unwrap();
        assert_eq!(joined(&one).len(), 6);
    }
}
