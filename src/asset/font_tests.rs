use super::*;

#[test]
fn the_shipped_faces_can_be_read() {
    let set = FontSet::shipped();
    for id in 0..6 {
        let font = set.get(FontId(id)).unwrap();
        assert_eq!((font.units_per_em, font.ascent, font.descent, font.line_gap), (2048, 1802, -246, 0), "{font:?}");
        assert!(font.glyph('髙').is_some() && font.glyph('𠮷').is_none());
    }
}
