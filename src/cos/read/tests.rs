//! Files that the reader must take, and files that it must refuse, in words.

use proptest::prelude::*;

use super::*;

/// A file of `objects` (numbers from 1) with a plain table.
pub fn file(objects: &[&str]) -> Vec<u8> {
    let mut out = b"%PDF-1.6\n".to_vec();
    let mut offsets = Vec::new();
    for (i, body) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n", i + 1).as_bytes());
    }
    let start = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.extend_from_slice(trailer.as_bytes());
    out
}

fn stream(dict: &str, data: &str) -> String {
    format!("<<{dict}/Length {}>>stream\n{data}\nendstream", data.len())
}

fn opened(objects: &[&str]) -> Reader {
    Reader::from_bytes(file(objects)).expect("a file")
}

fn refused(objects: &[&str]) -> String {
    let mut reader = match Reader::from_bytes(file(objects)) {
        Ok(reader) => reader,
        Err(e) => return e.to_string(),
    };
    Pages::read(&mut reader).expect_err("refused").to_string()
}

/// Objects taken over, as text.
#[derive(Default)]
struct Taken(u32, Vec<String>);

impl Receiver for Taken {
    fn number(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
    fn object(&mut self, number: u32, body: &[u8]) {
        self.1.push(format!("{number} {}", String::from_utf8_lossy(body)));
    }
    fn stream(&mut self, number: u32, entries: &[u8], data: &[u8]) {
        let (entries, data) = (String::from_utf8_lossy(entries), String::from_utf8_lossy(data));
        self.1.push(format!("{number} <<{entries}>> {data}"));
    }
}

#[test]
fn pages_inherit_and_boxes_stand_for_each_other() {
    let content = stream("", "0 0 m");
    let mut reader = opened(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Count 3/Kids[3 0 R 5 0 R]/MediaBox[0 0 200 300]/Resources<</A 1>>>>",
        "<</Type/Pages/Count 2/Kids[4 0 R 6 0 R]/Rotate -90/CropBox[10 10 500 500]>>",
        "<</Type/Page/Contents 7 0 R/TrimBox[190 20 20 280]>>",
        "<</Type/Page/MediaBox 8 0 R/Resources<</B 2>>/BleedBox[5 5 95 95]/TrimBox[10 10 90 90]>>",
        "<</Type/Page/Contents[7 0 R 7 0 R]>>",
        &content,
        "[0 0 100 9 0 R]",
        "100",
    ]);
    let pages = Pages::read(&mut reader).expect("pages");
    assert_eq!(pages.len(), 3);
    let boxes = pages.boxes(0).unwrap();
    assert_eq!(boxes.rotate, 270);
    assert_eq!(boxes.crop, Rect { left: 10.0, bottom: 10.0, right: 200.0, top: 300.0 });
    assert_eq!(boxes.trim, Rect { left: 20.0, bottom: 20.0, right: 190.0, top: 280.0 });
    assert_eq!(boxes.bleed, boxes.crop);
    assert!(boxes.has_trim && !pages.boxes(1).unwrap().has_trim);
    assert_eq!(pages.boxes(2).unwrap().media.height(), crate::base::Pt(100.0));
    let second = pages.get(&mut reader, 1).unwrap();
    assert_eq!(second.contents(&mut reader).unwrap().len(), 2);
    assert_eq!(second.resources.dict().unwrap().get("A"), Some(&Value::Int(1)));
    assert_eq!(pages.get(&mut reader, 2).unwrap().resources.dict().unwrap().get("B"), Some(&Value::Int(2)));
    let stream = &second.contents(&mut reader).unwrap()[0];
    let mut raw = Vec::new();
    reader.raw(stream, &mut raw).unwrap();
    assert_eq!(raw, b"0 0 m");
}

#[test]
fn things_are_copied_once_with_what_they_refer_to() {
    let (font, same) = (stream("/Kind/Font", "glyphs"), stream("/Kind/Font", "glyphs"));
    let mut reader = opened(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Font<</F 3 0 R/G 4 0 R>>/Round 5 0 R/Gone 99 0 R>>",
        "<</File 6 0 R>>",
        "<</File 7 0 R>>",
        "<</Back 2 0 R>>",
        &font,
        &same,
    ]);
    let (mut copier, mut known, mut taken) = (Copier::default(), Known::default(), Taken::default());
    let first = copier.copy(&mut reader, 2, &mut known, &mut taken).unwrap();
    assert_eq!(copier.copy(&mut reader, 2, &mut known, &mut taken).unwrap(), first);
    assert_eq!(
        taken.1,
        [
            "1 <</Kind/Font>> glyphs",
            "2 <</File 1 0 R>>",
            "4 <</Back 3 0 R>>",
            "5 null",
            "3 <</Font<</F 2 0 R/G 2 0 R>>/Round 4 0 R/Gone 5 0 R>>",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_in_words() {
    let told = |bytes: &[u8]| Reader::from_bytes(bytes.to_vec()).expect_err("refused").to_string();
    assert!(told(b"hello").contains("no PDF file"));
    assert!(told(b"%PDF-1.4\nhello").contains("no startxref"));
    assert!(told(b"%PDF-1.4\nstartxref\n77777\n%%EOF").contains("names no place"));
    let whole = file(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 0/Kids[]>>"]);
    let encrypted = String::from_utf8(whole.clone()).unwrap().replace("/Root 1 0 R", "/Root 1 0 R/Encrypt 1 0 R");
    assert!(told(encrypted.as_bytes()).contains("encrypted"));
    assert!(told(&whole[..whole.len() - 40]).contains("startxref") || told(&whole[..whole.len() - 40]).contains("end"));

    let catalog = "<</Type/Catalog/Pages 2 0 R>>";
    assert!(refused(&[catalog, "<</Type/Pages/Kids[2 0 R]>>"]).contains("circle"));
    assert!(
        refused(&[catalog, "<</Type/Pages/Kids[3 0 R]>>", "<</Type/Page>>"]).contains("page 1: it has no MediaBox")
    );
    assert!(refused(&[catalog, "<</Type/Pages/Kids[7 0 R]>>"]).contains("object 7 should be a page"));
    assert!(refused(&["<</Type/Catalog>>"]).contains("names no pages"));
    assert!(refused(&[catalog, "3 0 R", "2 0 R"]).contains("object 2 should be a page"));
    let deep: Vec<String> = (2..90).map(|n| format!("<</Type/Pages/Kids[{} 0 R]>>", n + 1)).collect();
    let mut all = vec![catalog];
    all.extend(deep.iter().map(String::as_str));
    assert!(refused(&all).contains("nested too deeply"));
}

#[test]
fn an_object_stream_that_needs_itself_is_refused() {
    let mut out = b"%PDF-1.6\n".to_vec();
    let at = out.len();
    // Its filter stands in itself.
    out.extend_from_slice(
        b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter 2 0 R/Length 9>>stream\n2 0 /None\nendstream\nendobj\n",
    );
    let table = out.len();
    let rows = [[0u8, 0, 0], [1, at as u8, 0], [2, 1, 0], [1, table as u8, 0]].concat();
    out.extend_from_slice(b"3 0 obj\n<</Type/XRef/Size 4/W[1 1 1]/Root 2 0 R/Length 12>>stream\n");
    out.extend_from_slice(&rows);
    out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{table}\n%%EOF\n").as_bytes());
    let mut reader = Reader::from_bytes(out).expect("opened");
    assert!(reader.catalog().expect_err("refused").to_string().contains("object stream 1 is wrong"));
}

#[test]
fn a_wrong_length_is_not_copied() {
    let mut reader = opened(&["<</Pages 2 0 R>>", "<</Length 3>>stream\nabcdef\nendstream"]);
    let stream = reader.stream(&Value::Ref(2)).unwrap();
    let message = reader.raw(&stream, &mut Vec::new()).expect_err("refused").to_string();
    assert!(message.contains("does not end where its length says"), "{message}");
}

proptest! {
    #[test]
    fn damage_never_makes_it_fall(at in 0usize..700, with in any::<u8>(), cut in 0usize..700) {
        let content = stream("", "0 0 m");
        let mut bytes = file(&[
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 200 300]/Resources<</A 5 0 R>>>>",
            "<</Type/Page/Contents 4 0 R/TrimBox[190 20 20 280]>>",
            &content,
            "[5 0 R 1 0 R 2 0 R]",
        ]);
        let at = at % bytes.len();
        bytes[at] = with;
        for bytes in [bytes.clone(), bytes[..bytes.len() - cut % bytes.len()].to_vec()] {
            let Ok(mut reader) = Reader::from_bytes(bytes) else { continue };
            if let Ok(pages) = Pages::read(&mut reader) {
                for i in 0..pages.len() {
                    let _ = pages.get(&mut reader, i).and_then(|p| p.contents(&mut reader));
                }
            }
            let _ = Copier::default().copy(&mut reader, 5, &mut Known::default(), &mut Taken::default());
        }
    }
}
