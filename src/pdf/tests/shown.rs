//! A PDF as text that a person can read: objects in order of their numbers, streams inflated.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Read as _;

use super::super::document::PRODUCER;
use super::super::xref::ENTRY;

/// Bytes as text; what is not printable ASCII as `<xx>`.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut out = String::new();
    for &b in bytes {
        if b == b'\n' || (b' '..=b'~').contains(&b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "<{b:02x}>");
        }
    }
    out
}

pub(super) fn inflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut out).expect("deflate");
    out
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> usize {
    from + memchr::memmem::find(&bytes[from..], what).expect("there")
}

fn number_after(text: &str, key: &str) -> usize {
    let at = text.find(key).expect("the key") + key.len();
    let digits: String = text[at..].trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

/// The dictionary of the stream object at `at`, and its data as they lie in the file.
fn stream(bytes: &[u8], at: usize) -> (String, &[u8]) {
    let start = find(bytes, at, b">>stream\n") + 9;
    let dictionary = text(&bytes[at..start - 7]);
    let length = number_after(&dictionary, "/Length ");
    assert_eq!(&bytes[start + length..][..11], b"\nendstream\n", "object at {at}");
    (dictionary, &bytes[start..start + length])
}

/// Every object in use by its number: found by the cross-reference stream and nothing else.
pub(super) fn objects(bytes: &[u8]) -> BTreeMap<u32, String> {
    let tail = text(&bytes[bytes.len() - 40..]);
    let (dictionary, table) = stream(bytes, number_after(&tail, "startxref"));
    let mut above = [0u8; ENTRY];
    let mut out = BTreeMap::new();
    let rows = inflate(table);
    assert_eq!(rows.len(), number_after(&dictionary, "/Size ") * (ENTRY + 1));
    for (number, row) in (0u32..).zip(rows.chunks_exact(ENTRY + 1)) {
        assert_eq!(row[0], 2);
        (0..ENTRY).for_each(|i| above[i] = above[i].wrapping_add(row[i + 1]));
        let place = above[1..6].iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
        match above[0] {
            0 => assert_eq!(number, 0, "a number was given and not used"),
            1 => {
                let object = &bytes[place..];
                assert!(object.starts_with(format!("{number} 0 obj\n").as_bytes()), "object {number}");
                let head = find(object, 0, b"\n") + 1;
                let end = find(object, head, b"\nendobj\n");
                let body = text(&object[head..end]);
                if body.contains(">>stream\n") {
                    let (_, data) = stream(bytes, place + head);
                    let dictionary = &body[..body.find(">>stream\n").unwrap_or(data.len()) + 2];
                    let plain = if dictionary.contains("/FlateDecode") { inflate(data) } else { data.to_vec() };
                    out.insert(number, format!("{dictionary}\n{}", text(&plain)));
                } else {
                    out.insert(number, body);
                }
            }
            _ => {
                let index = usize::from(above[6]) << 8 | usize::from(above[7]);
                let (dictionary, data) = stream(bytes, place_of(&rows, place));
                let plain = inflate(data);
                let first = number_after(&dictionary, "/First ");
                let head: Vec<usize> =
                    text(&plain[..first]).split_whitespace().map(|n| n.parse().expect("a number")).collect();
                assert_eq!(head[index * 2], number as usize);
                let end = head.get(index * 2 + 3).map_or(plain.len(), |next| first + next - 1);
                out.insert(number, text(&plain[first + head[index * 2 + 1]..end]));
            }
        }
    }
    out
}

/// The offset of object `number` by the coded rows of the table.
fn place_of(rows: &[u8], number: usize) -> usize {
    let mut above = [0u8; ENTRY];
    for row in rows.chunks_exact(ENTRY + 1).take(number + 1) {
        (0..ENTRY).for_each(|i| above[i] = above[i].wrapping_add(row[i + 1]));
    }
    assert_eq!(above[0], 1);
    above[1..6].iter().fold(0usize, |n, b| n << 8 | usize::from(*b))
}

/// The whole file, without the font files, tables and packed objects, which nobody can read, nor the
/// digests, which change with them, and the version.
pub(super) fn file(bytes: &[u8]) -> String {
    let mut out = String::new();
    for (number, object) in objects(bytes) {
        let unread = ["/Length1 ", "/Type/ObjStm", "/Type/XRef"].into_iter().find(|key| object.contains(key));
        match unread {
            Some(key) => _ = writeln!(out, "{number}: {key}…"),
            None if object.len() > 3000 => _ = writeln!(out, "{number}: a table of {} characters", object.len()),
            None => _ = writeln!(out, "{number}: {object}"),
        }
    }
    let mut lines = String::new();
    for line in out.lines() {
        if !line.contains("uuid:") {
            lines.push_str(line.replace(PRODUCER, "Surimono").trim_end());
            lines.push('\n');
        }
    }
    lines
}

/// What `expected/NAME.txt` holds; `UPDATE=1` writes it anew.
pub(super) fn expected(name: &str, bytes: &[u8]) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/pdf/expected/{name}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, file(bytes)).expect("written");
    }
    std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n")
}
