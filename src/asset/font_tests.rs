use super::*;
use crate::asset::face::faces;
use crate::asset::font::Rules;

fn families(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|n| Arc::from(*n)).collect()
}

/// A font of empty glyphs: characters with their glyphs, sequences with theirs (`None`: the character's own).
/// Every glyph but 0 is 500 of 1000 units wide.
pub(crate) fn tiny(chars: &[(char, u16)], sequences: &[(char, char, Option<u16>)]) -> FontData {
    fn u16s(values: &[i32]) -> Vec<u8> {
        values.iter().flat_map(|v| (*v as u16).to_be_bytes()).collect()
    }
    fn u32s(values: &[u32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_be_bytes()).collect()
    }
    fn u24(value: u32) -> Vec<u8> {
        value.to_be_bytes()[1..].to_vec()
    }
    let mut chars = chars.to_vec();
    chars.sort_unstable();
    let glyphs = chars.iter().map(|c| c.1).chain(sequences.iter().filter_map(|s| s.2)).max().unwrap_or(0) + 1;
    let mut groups = Vec::new();
    for (c, g) in &chars {
        groups.extend(u32s(&[*c as u32, *c as u32, u32::from(*g)]));
    }
    let format12 = [u16s(&[12, 0]), u32s(&[16 + groups.len() as u32, 0, chars.len() as u32]), groups].concat();
    let mut records = Vec::new();
    let mut tables = Vec::new();
    let first = 10 + 11 * sequences.len() as u32;
    for (c, selector, glyph) in sequences {
        let at = first + tables.len() as u32;
        records.extend(u24(*selector as u32));
        match glyph {
            None => {
                records.extend(u32s(&[at, 0]));
                tables.extend([u32s(&[1]), u24(*c as u32), vec![0]].concat());
            }
            Some(g) => {
                records.extend(u32s(&[0, at]));
                tables.extend([u32s(&[1]), u24(*c as u32), g.to_be_bytes().to_vec()].concat());
            }
        }
    }
    let length = first + tables.len() as u32;
    let format14 = [u16s(&[14]), u32s(&[length, sequences.len() as u32]), records, tables].concat();
    let cmap =
        [u16s(&[0, 2, 0, 5]), u32s(&[20 + format12.len() as u32]), u16s(&[3, 10]), u32s(&[20]), format12, format14]
            .concat();
    let mut head = vec![0; 54];
    head[18..20].copy_from_slice(&1000u16.to_be_bytes());
    let mut hhea = vec![0; 36];
    hhea[4..10].copy_from_slice(&u16s(&[800, -200, 0]));
    hhea[34..36].copy_from_slice(&u16s(&[1]));
    let hmtx = [u16s(&[500, 0]), vec![0; 2 * usize::from(glyphs - 1)]].concat();
    let maxp = [u32s(&[0x5000]), u16s(&[i32::from(glyphs)])].concat();
    let parts = [(b"cmap", cmap), (b"head", head), (b"hhea", hhea), (b"hmtx", hmtx), (b"maxp", maxp)];
    let mut file = [u32s(&[0x0001_0000]), u16s(&[5, 64, 2, 16])].concat();
    let mut at = 12 + 16 * parts.len() as u32;
    for (tag, data) in &parts {
        file.extend([tag.to_vec(), u32s(&[0, at, data.len() as u32])].concat());
        at += data.len() as u32;
    }
    file.extend(parts.into_iter().flat_map(|p| p.1));
    FontData::Loaded(file.into())
}

#[test]
fn the_shipped_faces_can_be_read() {
    let set = FontSet::shipped();
    assert_eq!(set.len(), 6);
    for id in 0..6 {
        let font = set.get(FontId(id)).unwrap();
        assert_eq!((font.units_per_em, font.ascent, font.descent, font.line_gap), (2048, 1802, -246, 0), "{font:?}");
        assert_eq!((font.cap_height, font.x_height), (1567, 1108));
        assert_eq!((font.underline, font.strikeout), ((-246, 102), (727, 102)));
        assert!(font.glyph('髙').is_some() && font.glyph('𠮷').is_none() && font.glyph('\u{0}').is_none());
    }
    assert_eq!(set.get(FontId(3)).unwrap().postscript_name, "BIZUDPGothic-Bold");
    assert!(set.get(FontId(6)).is_none());
}

/// Shapes a text with the shaper alone: glyphs and advances.
fn shaped(font: &Font, text: &str) -> Vec<(u32, i32)> {
    let mut buffer = harfrust::Buffer::new();
    buffer.push_str(text);
    buffer.set_language(harfrust::Language::new("ja"));
    buffer.guess_segment_properties();
    let face = font.shaper().unwrap();
    harfrust::shape(&harfrust::ShaperFont::new(face), &mut buffer, harfrust::ShapeOptions::new()).unwrap();
    buffer.glyph_infos().iter().zip(buffer.glyph_positions()).map(|(i, p)| (i.glyph_id, p.x_advance)).collect()
}

/// What the tables say without the shaper: glyphs and advances with kerning.
fn looked_up(font: &Font, text: &str) -> Vec<(u32, i32)> {
    let glyphs: Vec<(u16, Rules)> = text.chars().map(|c| font.glyph_and_rules(c).unwrap_or((0, Rules::None))).collect();
    let kern = |i: usize| match (glyphs[i], glyphs.get(i + 1)) {
        ((glyph, Rules::Kerning), Some((next, _))) => font.kern(glyph, *next),
        _ => 0,
    };
    (0..glyphs.len()).map(|i| (u32::from(glyphs[i].0), i32::from(font.advance(glyphs[i].0)) + kern(i))).collect()
}

/// All characters of a face that need no shaper.
fn plain(font: &Font) -> Vec<char> {
    (' '..=char::MAX).filter(|c| font.glyph_and_rules(*c).is_some_and(|g| g.1 != Rules::Any)).collect()
}

/// A face of Debian's font packages; tests that need one say that they are skipped where it is not installed.
pub(crate) fn debian(path: &str, index: u32) -> Option<Font> {
    let path = std::path::Path::new("/usr/share/fonts").join(path);
    if !path.exists() {
        println!("SKIPPED: {} is not installed", path.display());
        return None;
    }
    let data = FontData::Mapped(Arc::new(crate::asset::mapped::Mapped::open(&path).unwrap()));
    Some(Font::load(data, index, "Debian", 400, false, FontId(0)).unwrap())
}

pub(crate) const NOTO_CJK: &str = "opentype/noto/NotoSansCJK-Regular.ttc";
pub(crate) const IPAMJ: &str = "truetype/ipamj/ipamjm.ttf";

#[test]
fn large_faces_need_the_shaper_for_little() {
    for (path, least) in [(NOTO_CJK, 30_000), (IPAMJ, 20_000)] {
        let Some(font) = debian(path, 0) else { continue };
        let chars = plain(&font);
        assert!(chars.len() > least, "{path}: {}", chars.len());
        let wanted = "山田太郎さまガーデン、。「」株式会社〒100-0001 AVTo 1,980円（税込）０１２";
        let asked: String = wanted.chars().filter(|c| font.glyph_and_rules(*c).unwrap().1 == Rules::Any).collect();
        assert_eq!(asked, "", "{path}: what stands on every postcard");
        // Walks of different steps; each second one among those that kern, where most can go wrong.
        let kerning: Vec<char> =
            chars.iter().copied().filter(|c| font.glyph_and_rules(*c).unwrap().1 == Rules::Kerning).collect();
        for chars in [&chars, &kerning] {
            for step in [1usize, 617, 5003] {
                let text: Vec<char> = (0..chars.len()).map(|i| chars[i * step % chars.len()]).collect();
                for part in text.chunks(100) {
                    let part: String = part.iter().collect();
                    assert_eq!(looked_up(&font, &part), shaped(&font, &part), "{path} {part}");
                }
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn any_text_that_needs_no_shaper_in_a_kerning_face_equals_its_shaping(
        picks in proptest::collection::vec((0usize..40_000, proptest::bool::ANY), 1..40)
    ) {
        let Some((font, chars, kerning)) = NOTO.get_or_init(|| {
            let font = debian(NOTO_CJK, 0)?;
            let chars = plain(&font);
            let kerning = chars.iter().copied().filter(|c| font.glyph_and_rules(*c).unwrap().1 == Rules::Kerning);
            let kerning: Vec<char> = kerning.collect();
            Some((font, chars, kerning))
        }) else { return Ok(()) };
        let of = |(i, kerns): &(usize, bool)| if *kerns { kerning[i % kerning.len()] } else { chars[i % chars.len()] };
        let text: String = picks.iter().map(of).collect();
        proptest::prop_assert_eq!(looked_up(font, &text), shaped(font, &text));
    }
}

/// A face, what of it needs no shaper, and what of that kerns.
type Kerning = (Font, Vec<char>, Vec<char>);

static NOTO: OnceLock<Option<Kerning>> = OnceLock::new();

#[test]
fn plain_characters_are_what_the_shaper_finds_in_any_order() {
    let set = FontSet::shipped();
    for id in 0..6 {
        let font = set.get(FontId(id)).unwrap();
        let chars = plain(font);
        assert!(chars.len() > 11_600, "{font:?}: {}", chars.len());
        // Three walks of different step through all of them: each character with many neighbours.
        for step in [1, 617, 5003] {
            let text: String = (0..chars.len()).map(|i| chars[i * step % chars.len()]).collect();
            for part in text.chars().collect::<Vec<_>>().chunks(100) {
                let part: String = part.iter().collect();
                assert_eq!(looked_up(font, &part), shaped(font, &part), "{font:?} {part}");
            }
        }
    }
}

#[test]
fn letters_that_begin_ligatures_are_not_plain_but_kana_are() {
    let set = FontSet::shipped();
    let p = set.get(FontId(2)).unwrap();
    assert!(!p.glyph_and_plain('f').unwrap().1, "fi is one glyph");
    assert_ne!(looked_up(p, "fi"), shaped(p, "fi"), "or this test proves nothing");
    assert!(p.glyph_and_plain('か').unwrap().1);
    assert!(!p.glyph_and_plain('\u{309A}').unwrap().1);
    assert_eq!(shaped(p, "か\u{309A}").len(), 1, "か with a combining mark is one glyph");
}

#[test]
fn fallback_faces_come_after_the_families_and_private_use_is_only_drawn_where_it_is_stated() {
    let mut set = FontSet::shipped();
    let about = |weight| About { weight, ..faces(tiny(&[('A', 1)], &[]).as_ref()).unwrap().remove(0) };
    let named = set.add(tiny(&[('\u{E000}', 1), ('山', 2)], &[]), 0, "Icons", 400, false).unwrap();
    let mut later = |chars: &[(char, u16)], weight, family: &str, role| {
        set.add_later(tiny(chars, &[]), &about(weight), family, role).unwrap()
    };
    let a = later(&[('𠮷', 1), ('\u{E000}', 2)], 400, "a", Role::Fallback);
    let bold = later(&[('𠮷', 1)], 700, "a", Role::Fallback);
    let b = later(&[('𠮷', 1), ('한', 2)], 400, "b", Role::Fallback);
    let own = later(&[('\u{E001}', 1), ('한', 2)], 400, "own", Role::Private);
    let pick =
        |names: &[&str], weight, c| set.chain(&families(names), weight, false).pick(&set, c, None).map(|p| p.font.id);
    assert_eq!(pick(&["BIZ UDPMincho"], 400, '𠮷'), Some(a));
    assert_eq!(pick(&["BIZ UDPMincho"], 700, '𠮷'), Some(bold), "the weight that fits, of the family that is first");
    assert_eq!(pick(&["BIZ UDPMincho"], 400, '한'), Some(b));
    assert_eq!(pick(&["a"], 400, '山'), Some(FontId(2)), "no style can name a fallback face");
    assert_eq!(pick(&["BIZ UDPMincho"], 400, '\u{E001}'), Some(own));
    assert_eq!(pick(&["BIZ UDPMincho"], 400, '\u{E000}'), None, "what U+E000 is in face a or in icons, nobody knows");
    assert_eq!(pick(&["Icons"], 400, '\u{E000}'), Some(named), "the style asks for it");
    assert!(set.get(a).unwrap().stand_in && !set.get(named).unwrap().stand_in);
}

proptest::proptest! {
    #[test]
    fn any_plain_string_equals_its_shaping(picks in proptest::collection::vec(0usize..11_600, 0..40), id in 0u16..6) {
        let set = SHARED.get_or_init(FontSet::shipped);
        let font = set.get(FontId(id)).unwrap();
        let chars = PLAIN.get_or_init(|| plain(set.get(FontId(2)).unwrap()));
        let text: String = picks.iter().map(|i| chars[i % chars.len()]).collect();
        proptest::prop_assume!(text.chars().all(|c| font.glyph_and_plain(c).is_some_and(|g| g.1)));
        proptest::prop_assert_eq!(looked_up(font, &text), shaped(font, &text));
    }

    #[test]
    fn broken_bytes_are_a_fault_and_never_a_panic(at in 0usize..900, value: u8, cut in 0usize..1200) {
        let FontData::Loaded(good) = tiny(&[('A', 1), ('一', 2)], &[('一', '\u{E0100}', Some(3))]) else { return Ok(()) };
        let mut bytes = good.to_vec();
        if let Some(b) = bytes.get_mut(at) {
            *b = value;
        }
        bytes.truncate(cut);
        let _ = Font::load(FontData::Loaded(bytes.into()), 0, "x", 400, false, FontId(0));
    }
}

static SHARED: OnceLock<FontSet> = OnceLock::new();
static PLAIN: OnceLock<Vec<char>> = OnceLock::new();

#[test]
fn glyphs_give_back_the_character_that_people_write() {
    let set = FontSet::shipped();
    let font = set.get(FontId(0)).unwrap();
    for c in ['山', '髙', 'A', 'あ', '一', '神', '-', ' ', '1', '－', '￥'] {
        assert_eq!(font.text_of(font.glyph(c).unwrap()), Some(c));
    }
    assert_eq!(font.text_of(0), None);
    assert_eq!(font.text_of(u16::MAX), None);
    // ⼀ (Kangxi radical) is drawn as 一 where the font has it at all.
    let shared = tiny(&[('\u{2F00}', 1), ('\u{4E00}', 1), ('\u{F900}', 2), ('\u{8C48}', 2)], &[]);
    let font = Font::load(shared, 0, "x", 400, false, FontId(0)).unwrap();
    assert_eq!((font.text_of(1), font.text_of(2)), (Some('\u{4E00}'), Some('\u{8C48}')));
}

#[test]
fn variation_sequences_are_those_that_the_font_lists() {
    let data = tiny(&[('葛', 1), ('辻', 2)], &[('葛', '\u{E0100}', None), ('葛', '\u{E0101}', Some(3))]);
    let font = Font::load(data, 0, "x", 400, false, FontId(0)).unwrap();
    assert_eq!(font.variant('葛', '\u{E0100}'), Some(1), "listed as the usual form");
    assert_eq!(font.variant('葛', '\u{E0101}'), Some(3));
    assert_eq!(font.variant('葛', '\u{E0102}'), None);
    assert_eq!(font.variant('辻', '\u{E0100}'), None);
}

#[test]
fn bytes_that_are_no_font_are_refused() {
    let load = |bytes: &[u8]| Font::load(FontData::Loaded(bytes.into()), 0, "x", 400, false, FontId(0)).err();
    assert_eq!(load(b""), Some(FontFault::NotAFont));
    assert_eq!(load(b"<html>404</html>"), Some(FontFault::NotAFont));
    let none = Font::load(tiny(&[], &[]), 0, "x", 400, false, FontId(0));
    assert!(none.is_err());
}

#[test]
fn families_and_weights_choose_faces() {
    let set = FontSet::shipped();
    let name = |family: &str, weight| {
        let font = set.get(set.find(family, weight, false).unwrap()).unwrap();
        (font.family.to_string(), font.weight)
    };
    assert_eq!(name("BIZ UDGothic", 400), ("BIZ UDGothic".into(), 400));
    assert_eq!(name("biz udgothic", 700), ("BIZ UDGothic".into(), 700));
    assert_eq!(name("sans-serif", 500), ("BIZ UDPGothic".into(), 400));
    assert_eq!(name("sans-serif", 600), ("BIZ UDPGothic".into(), 700));
    assert_eq!(name("serif", 700), ("BIZ UDPMincho".into(), 400));
    assert_eq!(name("monospace", 900), ("BIZ UDGothic".into(), 700));
    assert!(set.find("Comic Sans", 400, false).is_none());
}

#[test]
fn weights_are_tried_in_the_order_of_css() {
    let mut set = FontSet::new();
    for weight in [100, 300, 400, 500, 600, 900] {
        set.add(tiny(&[('A', 1)], &[]), 0, "f", weight, false).unwrap();
    }
    set.add(tiny(&[('A', 1)], &[]), 0, "f", 400, true).unwrap();
    let weight = |w| set.get(set.find("f", w, false).unwrap()).unwrap().weight;
    let found: Vec<_> = [100, 200, 350, 450, 500, 550, 700, 1000].map(weight).into();
    assert_eq!(found, [100, 100, 300, 500, 500, 600, 900, 900]);
    assert!(set.get(set.find("f", 900, true).unwrap()).unwrap().italic, "style comes before weight");
}

#[test]
fn the_first_face_that_has_a_character_draws_it() {
    let mut set = FontSet::shipped();
    let gaiji =
        set.add(tiny(&[('𠮷', 1), ('山', 2)], &[('葛', '\u{E01EF}', Some(3))]), 0, "Gaiji", 400, false).unwrap();
    let pick = |names: &[&str], c, s| set.chain(&families(names), 400, false).pick(&set, c, s).map(|p| p.font.id);
    assert_eq!(pick(&["BIZ UDPMincho"], '山', None), Some(FontId(5)));
    assert_eq!(pick(&["Gaiji", "BIZ UDPMincho"], '山', None), Some(gaiji));
    assert_eq!(pick(&["Gaiji", "BIZ UDPMincho"], '川', None), Some(FontId(5)));
    assert_eq!(pick(&["BIZ UDPMincho"], '𠮷', None), Some(gaiji), "all other faces are the last resort");
    assert_eq!(pick(&["BIZ UDPMincho"], '葛', Some('\u{E01EF}')), Some(gaiji));
    assert_eq!(pick(&["nowhere"], '山', None), Some(FontId(2)), "unknown families fall on");
    assert_eq!(pick(&["BIZ UDPMincho"], '\u{1F600}', None), None);
}

#[test]
fn vertical_lines_have_their_own_metrics_and_forms() {
    let file = std::fs::read("fonts/BIZUDPGothic-Regular.ttf").unwrap();
    let font = Font::load(FontData::Loaded(file.into()), 0, "x", 400, false, FontId(0)).unwrap();
    let kanji = font.glyph('東').unwrap();
    assert_eq!(font.vertical_glyph_and_plain('東'), Some((kanji, true)), "kanji stay as they are");
    assert_eq!(font.vertical_advance(kanji), font.units_per_em);
    // Its side bearing of 51 over an outline that ends 1751 above the baseline.
    assert_eq!(font.vertical_origin(kanji), (1024.0, 1802));
    for c in "、。「」（）ー～っゃ…".chars() {
        let flat = font.glyph(c).unwrap();
        let (tall, plain) = font.vertical_glyph_and_plain(c).unwrap();
        assert!(plain && tall != flat && font.has_vertical_form(flat), "{c} has a form for vertical lines");
    }
    assert!(!font.has_vertical_form(kanji));
    assert!(font.has_vertical_metrics());
}

#[test]
fn a_font_without_vertical_metrics_gets_cells_of_one_em() {
    let font = Font::load(tiny(&[('永', 1)], &[]), 0, "x", 400, false, FontId(0)).unwrap();
    assert!(!font.has_vertical_metrics());
    assert_eq!(font.vertical_advance(1), 1000);
    assert_eq!(font.vertical_origin(1), (250.0, 800), "ascent 800 and descent 200 fill the em");
    assert_eq!(font.vertical_glyph_and_plain('永'), Some((1, true)));
}

#[test]
fn vertical_text_of_plain_characters_is_what_the_shaper_makes() {
    use harfrust::{Buffer, Direction, Script, ShapeOptions, ShaperFont};
    for name in ["BIZUDPGothic-Regular", "BIZUDMincho-Regular"] {
        let file = std::fs::read(format!("fonts/{name}.ttf")).unwrap();
        let font = Font::load(FontData::Loaded(file.into()), 0, "x", 400, false, FontId(0)).unwrap();
        let shaper = font.shaper().unwrap();
        let mut seen = 0;
        for c in ('\u{2010}'..='\u{30ff}').chain('\u{4e00}'..='\u{4fff}').chain('\u{ff01}'..='\u{ff60}') {
            let Some((glyph, true)) = font.vertical_glyph_and_plain(c) else { continue };
            let mut buffer = Buffer::default();
            buffer.push(c as u32, 0);
            buffer.set_direction(Direction::TopToBottom);
            buffer.set_script(Some(Script::HIRAGANA));
            harfrust::shape(&ShaperFont::new(shaper), &mut buffer, ShapeOptions::new()).unwrap();
            let (info, pos) = (buffer.glyph_infos()[0], buffer.glyph_positions()[0]);
            assert_eq!(info.glyph_id, u32::from(glyph), "{name} U+{:04X}", c as u32);
            assert_eq!(-pos.y_advance, i32::from(font.vertical_advance(glyph)), "{name} U+{:04X}", c as u32);
            let (x, y) = font.vertical_origin(glyph);
            assert!((pos.x_offset as f32 + x).abs() < 1.0, "{name} U+{:04X}: {}", c as u32, pos.x_offset);
            assert_eq!(-pos.y_offset, i32::from(y), "{name} U+{:04X}", c as u32);
            seen += 1;
        }
        assert!(seen > 500, "{name}: {seen}");
    }
}

#[test]
fn punctuation_of_half_width_is_as_the_font_says() {
    let Some(japanese) = debian(NOTO_CJK, 0) else { return };
    let half = |font: &Font, c, vertical| {
        let glyph = if vertical { font.vertical_glyph_and_plain(c).unwrap().0 } else { font.glyph(c).unwrap() };
        font.half(glyph, vertical).unwrap().map(|h| (h.lead, h.tail))
    };
    for vertical in [false, true] {
        assert_eq!(half(&japanese, '「', vertical), Some((500, 0)), "{vertical}");
        assert_eq!(half(&japanese, '」', vertical), Some((0, 500)), "{vertical}");
        assert_eq!(half(&japanese, '、', vertical), Some((0, 500)), "{vertical}");
        assert_eq!(half(&japanese, '・', vertical), Some((250, 250)), "{vertical}");
    }
    assert_eq!(half(&japanese, '山', false), None);
    // the face of Taiwan has its commas in the middle
    let taiwan = (0..10).filter_map(|i| debian(NOTO_CJK, i)).find(|f| half(f, '、', false) == Some((250, 250)));
    assert!(taiwan.is_some());
    assert_eq!(FontSet::shipped().get(FontId(0)).unwrap().half(1, false), None, "BIZ UD has no such rules");
}

#[test]
fn where_a_font_has_only_proportional_widths_these_show_where_the_space_is() {
    let bytes = include_bytes!("../../tests/fixtures/marks.ttf");
    let font = Font::load(FontData::Shipped(bytes), 0, "x", 400, false, FontId(0)).unwrap();
    let half = |c, vertical| font.half(font.glyph(c).unwrap(), vertical).map(|h| h.map(|h| (h.lead, h.tail)));
    assert_eq!(half('「', false), Some(Some((500, 0))));
    assert_eq!(half('」', false), Some(Some((0, 500))));
    assert_eq!(half('、', false), Some(Some((0, 500))), "narrower than half an em, but no more than that is taken");
    assert_eq!(half('・', false), Some(Some((250, 250))));
    assert_eq!((half('山', false), half('〈', false)), (None, None), "nothing is said of these");
    assert_eq!((half('「', true), half('」', true)), (Some(Some((500, 0))), Some(Some((0, 500)))));
    assert_eq!(half('、', true), None);
}
