//! Characters that old systems wrote in their own way, and what is printed for them.
//!
//! A campaign may keep a table (`from,to,note`): a private-use character (or its code in CP932, F040 to F9FC) or
//! any other single character, and the text that stands for it. Columns may be named whose half-width kana become
//! full-width ones. Both are done to what templates see, never to the data: keys, joins and rejected rows keep
//! the characters that came. Each use is told, so that the list can be audited.

use rustc_hash::FxHashMap;

use super::encoding::{Encoding, bom_length};

/// The campaign's table.
#[derive(Clone, Debug, Default)]
pub struct Gaiji {
    swaps: FxHashMap<char, Swap>,
    /// The least and the greatest character that is swapped: most texts have none between.
    least: char,
    most: char,
}

/// What is printed for a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub to: String,
    pub note: String,
}

/// What is wrong with the table; the line counts from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GaijiFault {
    pub line: u64,
    pub message: String,
}

/// Entries that a table may have: every private-use character of the first plane, and as many again.
const MOST: usize = 20_000;
/// Bytes of the text for one character.
const LONGEST: usize = 64;

impl Gaiji {
    /// Reads the table: CSV in UTF-8 or CP932 with the header `from,to` or `from,to,note`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<GaijiFault>> {
        let at = |line, message: String| GaijiFault { line, message };
        let bytes = bytes.get(bom_length(bytes)..).unwrap_or_default();
        let encoding = if std::str::from_utf8(bytes).is_ok() { Encoding::Utf8 } else { Encoding::Cp932 };
        let mut text = String::new();
        if !encoding.decode_plainly(bytes, &mut text) {
            return Err(vec![at(1, "the table is neither UTF-8 nor CP932".to_owned())]);
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(h) => h.iter().map(|c| c.trim().to_owned()).collect(),
            Err(e) => return Err(vec![at(1, format!("the table cannot be read: {e}"))]),
        };
        let column = |name: &str| header.iter().position(|h| h == name);
        let (Some(from), Some(to)) = (column("from"), column("to")) else {
            return Err(vec![at(1, "the table needs the columns `from` and `to`, and may have `note`".to_owned())]);
        };
        let note = column("note");
        let (mut swaps, mut faults) = (FxHashMap::default(), Vec::new());
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(e) => {
                    faults.push(at(e.position().map_or(0, csv::Position::line), "the row cannot be read".to_owned()));
                    break;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            let cell = |i: usize| row.get(i).unwrap_or_default();
            let Some(c) = character(cell(from)) else {
                let message = "`from` is one character: as it stands, as U+E000, or as its CP932 code F040".to_owned();
                faults.push(at(line, message));
                continue;
            };
            let Some(text) = characters(cell(to)).filter(|t| !t.is_empty() && t.len() <= LONGEST) else {
                let message = format!("`to` of U+{:04X} is a text or code points such as U+845B U+E0100", c as u32);
                faults.push(at(line, message));
                continue;
            };
            let swap = Swap { to: text, note: note.map_or("", cell).trim().to_owned() };
            if swaps.insert(c, swap).is_some() {
                faults.push(at(line, format!("U+{:04X} is in the table twice", c as u32)));
            }
            if swaps.len() > MOST {
                faults.push(at(line, format!("the table has more than {MOST} characters")));
                break;
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        // The order of a hash table does not matter to its least and greatest key.
        let keys = || swaps.keys().copied();
        let (least, most) = (keys().min().unwrap_or('\0'), keys().max().unwrap_or('\0'));
        Ok(Self { swaps, least, most })
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.swaps.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.swaps.is_empty()
    }

    /// The text with what the table says, if it says anything of it; `used` is told each character swapped.
    pub fn swap(&self, text: &str, mut used: impl FnMut(char, &Swap)) -> Option<String> {
        let known = |c: char| (self.least..=self.most).contains(&c).then(|| self.swaps.get(&c)).flatten();
        let first = text.char_indices().find(|(_, c)| known(*c).is_some())?.0;
        let mut out = String::with_capacity(text.len() + 16);
        out.push_str(text.get(..first)?);
        for c in text.get(first..)?.chars() {
            match known(c) {
                Some(swap) => {
                    used(c, swap);
                    out.push_str(&swap.to);
                }
                None => out.push(c),
            }
        }
        Some(out)
    }
}

/// One character: as it stands, as `U+E000`, or as four hexadecimal digits of the user-defined area of CP932.
fn character(cell: &str) -> Option<char> {
    let cell = cell.trim();
    let mut chars = cell.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    if let Some(hex) = cell.strip_prefix("U+").or_else(|| cell.strip_prefix("u+")) {
        return char::from_u32(u32::from_str_radix(hex, 16).ok()?);
    }
    let code = u32::from_str_radix(cell, 16).ok().filter(|_| cell.len() == 4)?;
    let (lead, trail) = (code >> 8, code & 0xff);
    if !(0xF0..=0xF9).contains(&lead) || !(0x40..=0xFC).contains(&trail) || trail == 0x7F {
        return None;
    }
    // 188 characters for each lead byte, in order (WHATWG Encoding, Shift_JIS decoder).
    let place = (lead - 0xF0) * 188 + trail - if trail < 0x7F { 0x40 } else { 0x41 };
    char::from_u32(0xE000 + place)
}

/// A text as it stands, or code points with spaces between.
fn characters(cell: &str) -> Option<String> {
    let cell = cell.trim();
    if !(cell.starts_with("U+") || cell.starts_with("u+")) {
        return Some(cell.to_owned());
    }
    cell.split_whitespace().map(character).collect()
}

/// Half-width kana and their punctuation (U+FF61 to U+FF9F) as full-width ones, voiced marks joined to their kana;
/// `None` where there are none.
#[must_use]
pub fn full_width_kana(text: &str) -> Option<String> {
    if !text.chars().any(|c| ('\u{FF61}'..='\u{FF9F}').contains(&c)) {
        return None;
    }
    const FULL: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";
    let full: Vec<char> = FULL.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let known = (c as u32).checked_sub(0xFF61).and_then(|i| full.get(i as usize)).copied();
        let Some(kana) = known.filter(|_| c <= '\u{FF9F}') else {
            out.push(c);
            continue;
        };
        let joined = match (kana, chars.peek()) {
            ('ウ', Some('\u{FF9E}')) => Some('ヴ'),
            ('ワ', Some('\u{FF9E}')) => Some('ヷ'),
            ('ヲ', Some('\u{FF9E}')) => Some('ヺ'),
            // In these rows the voiced letter follows its plain one, and in the row of ハ the half-voiced one that.
            ('カ'..='ト' | 'ハ'..='ホ', Some('\u{FF9E}')) if kana != 'ッ' => char::from_u32(kana as u32 + 1),
            ('ハ'..='ホ', Some('\u{FF9F}')) => char::from_u32(kana as u32 + 2),
            _ => None,
        };
        if joined.is_some() {
            chars.next();
        }
        out.push(joined.unwrap_or(kana));
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_codes_become_what_the_table_says_and_each_use_is_told() {
        let table = "from,to,note\r\nU+E000,U+845B U+E0100,葛の正字\r\nF041,髙,\r\nF9FC,𠮷,\r\n①,(1),社内規定\r\n";
        let gaiji = Gaiji::read(table.as_bytes()).unwrap();
        assert_eq!(gaiji.len(), 4);
        let mut told = Vec::new();
        let text = gaiji.swap("\u{E000}城\u{E001}①\u{E757}", |c, s| told.push((c, s.note.clone())));
        assert_eq!(text.as_deref(), Some("葛\u{E0100}城髙(1)𠮷"));
        assert_eq!(told.len(), 4);
        assert_eq!(told[0], ('\u{E000}', "葛の正字".to_owned()));
        assert_eq!(gaiji.swap("山田\u{E002}", |_, _| ()), None, "what the table does not know stays");
        let old = encoding_rs::SHIFT_JIS.encode(table.strip_suffix("F9FC,𠮷,\r\n①,(1),社内規定\r\n").unwrap()).0;
        assert_eq!(Gaiji::read(&old).unwrap().len(), 2, "saved by a spreadsheet");
    }

    #[test]
    fn what_is_wrong_with_a_table_is_told_by_line() {
        let wrong = |text: &str| Gaiji::read(text.as_bytes()).unwrap_err().iter().map(|f| f.line).collect::<Vec<_>>();
        assert_eq!(wrong("a,b\n1,2\n"), [1]);
        assert_eq!(wrong("from,to\nU+E000,髙\nF000,髙\nU+D800,x\nU+E001,\nU+E000,﨑\nxx,y\n"), [3, 4, 5, 6, 7]);
        assert_eq!(wrong(""), [1]);
    }

    #[test]
    fn half_width_kana_take_their_marks_with_them() {
        assert_eq!(full_width_kana("ｶﾞｰﾃﾞﾝ ﾊﾟｰﾃｨ｡ｳﾞｧ").as_deref(), Some("ガーデン パーティ。ヴァ"));
        assert_eq!(full_width_kana("ｱﾞｶﾟﾞ").as_deref(), Some("ア゛カ゜゛"), "marks without their kana stand alone");
        assert_eq!(full_width_kana("ｦﾝｯ｢ﾎﾟ｣").as_deref(), Some("ヲンッ「ポ」"));
        assert_eq!(full_width_kana("ガーデン ABC"), None);
        for (half, full) in ('\u{FF61}'..='\u{FF9F}').zip("。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜".chars()) {
            assert_eq!(full_width_kana(&half.to_string()), Some(full.to_string()));
        }
    }
}
