//! Whole files through reader, table and joins: every fault with its exact row, line and column.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::base::{Diagnostic, Place};

/// A file that lives as long as the value.
struct Dropped {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn file(bytes: impl AsRef<[u8]>) -> Dropped {
    let folder = tempfile::tempdir().expect("tests can write");
    let path = folder.path().join("t.csv");
    std::fs::write(&path, bytes).expect("tests can write");
    Dropped { _folder: folder, path }
}

fn column(name: &str, kind: Kind) -> Column {
    Column { name: name.into(), kind, required: false, purpose: None }
}

fn open(bytes: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Reader, Vec<Diagnostic>> {
    let file = file(bytes);
    Reader::open(&file.path, "data/t.csv", options)
}

/// Good rows as `row:line a|b|c`, rejected ones as `row:line code@column`.
fn all(bytes: impl AsRef<[u8]>, options: &ReadOptions) -> Vec<String> {
    let mut reader = open(bytes, options).expect("the file opens");
    let mut record = reader.record();
    let mut out = Vec::new();
    loop {
        match reader.read(&mut record).expect("the file can be read") {
            Read::End => return out,
            Read::Row => {
                let cells: Vec<&str> = (0..record.len()).map(|c| record.text(c)).collect();
                out.push(format!("{}:{} {}", record.origin.row, record.origin.line, cells.join("|")));
            }
            Read::Rejected(reject) => {
                let why: Vec<String> = reject
                    .reasons
                    .iter()
                    .map(|r| format!("{}@{}", r.code, r.column.as_deref().unwrap_or("-")))
                    .collect();
                out.push(format!("{}:{} {}", reject.origin.row, reject.origin.line, why.join(" ")));
            }
        }
    }
}

fn codes(result: Result<Reader, Vec<Diagnostic>>) -> Vec<&'static str> {
    result.err().unwrap_or_default().iter().map(|d| d.code).collect()
}

fn plain() -> ReadOptions {
    ReadOptions::default()
}

fn cp932(text: &str) -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
}

#[test]
fn positions_hold_through_blank_lines_crlf_and_cells_of_several_lines() {
    let text = "id,note\r\n1,a\r\n\r\n2,\"b\r\nc\"\r\n,\r\n3,d\r\n";
    assert_eq!(all(text, &plain()), ["2:2 1|a", "4:4 2|b\r\nc", "6:7 3|d"]);
    assert_eq!(all(text.replace("\r\n", "\r"), &plain()), ["2:2 1|a", "4:4 2|b\rc", "6:7 3|d"]);
    let mut reader = open("\u{FEFF}id,note\n1,a\n,\n2,b\n", &plain()).expect("opens");
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!((record.origin.byte, record.ordinal, &*record.origin.file), (11, 0, "data/t.csv"));
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!((record.origin.byte, record.ordinal, reader.blank_rows()), (17, 1, 1));
    assert_eq!(reader.read(&mut record), Ok(Read::End));
    assert_eq!(reader.rows_read(), 2);
}

#[test]
fn byte_order_marks_are_no_part_of_the_first_name() {
    for marks in 0..3 {
        let reader = open(format!("{}会員番号,氏名\n1,山田\n", "\u{FEFF}".repeat(marks)), &plain()).expect("opens");
        assert_eq!(reader.schema().position("会員番号"), Some(0), "{marks} marks");
    }
}

#[test]
fn cp932_is_found_and_its_awkward_characters_are_kept() {
    // ソ, 表 and 能 have a backslash as their second byte, ポ a bar; ① ㈱ 髙 are NEC's and IBM's.
    let text = "id,氏名,住所\n1,髙橋 ソノ,\"①表町, ㈱能登ポスト\"\n2,ﾅｵ,〜\n".replace('〜', "～");
    let expected = ["2:2 1|髙橋 ソノ|①表町, ㈱能登ポスト", "3:3 2|ﾅｵ|～"];
    assert_eq!(all(cp932(&text), &plain()), expected);
    assert_eq!(open(cp932(&text), &plain()).expect("opens").encoding(), Encoding::Cp932);
    let declared = ReadOptions { encoding: Some(Encoding::Cp932), ..plain() };
    assert_eq!(all(cp932(&text), &declared), expected);
    assert_eq!(codes(open(&text, &ReadOptions { delimiter: Some(b'|'), ..declared.clone() })), ["wrong-encoding"]);
    assert_eq!(codes(open(cp932(&text), &ReadOptions { delimiter: Some(b'|'), ..declared })), ["bar-in-cp932"]);
    let utf8 = ReadOptions { encoding: Some(Encoding::Utf8), ..plain() };
    assert_eq!(codes(open(cp932(&text), &utf8)), ["wrong-encoding"]);
}

#[test]
fn encodings_that_are_not_read_are_named() {
    let (euc, _, _) = encoding_rs::EUC_JP.encode("番号,氏名\n1,山田\n");
    assert_eq!(codes(open(&euc, &plain())), ["euc-jp"]);
    assert_eq!(codes(open(b"id,name\n1,M\xFCller\xA0\xFF\n", &plain())), ["unknown-encoding"]);
}

#[test]
fn an_ascii_beginning_does_not_settle_the_encoding() {
    let mut bytes = b"id,name\n".to_vec();
    for i in 0..60_000 {
        bytes.extend(format!("{i},abcdef\n").bytes());
    }
    bytes.extend(cp932("60000,山田\n"));
    assert!(bytes.len() > 512 << 10);
    assert_eq!(all(&bytes, &plain()).last().map(String::as_str), Some("60002:60002 60000|山田"));
}

#[test]
fn pasted_rows_are_rejected_by_cell_or_repaired_when_asked() {
    let mut bytes = cp932("id,氏名,町\n1,山田 太郎,表町\n2,鈴木 一郎,東町\n");
    bytes.extend("3,佐藤 花子,東\n".as_bytes());
    bytes.extend(cp932("4,髙橋,本町\n"));
    let rejected = [
        "2:2 1|山田 太郎|表町",
        "3:3 2|鈴木 一郎|東町",
        "4:4 other-encoding@氏名 other-encoding@町",
        "5:5 4|髙橋|本町",
    ];
    assert_eq!(all(&bytes, &plain()), rejected);
    let repair = ReadOptions { repair: true, ..plain() };
    assert_eq!(all(&bytes, &repair)[2], "4:4 3|佐藤 花子|東");
    let reader = open(&bytes, &plain()).expect("opens");
    assert_eq!(reader.warnings().iter().map(|w| w.code).collect::<Vec<_>>(), ["mixed-encodings"]);

    let mut bytes = "id,氏名,町\n1,山田 太郎,表町\n2,あ,い\n".as_bytes().to_vec();
    bytes.extend(cp932("3,佐藤 花子,東\n"));
    bytes.extend(b"4,a\xFFb,c\n5,\xE5\xB1,d\n");
    let found = all(&bytes, &plain());
    assert_eq!(
        found[2..],
        ["4:4 other-encoding@氏名 other-encoding@町", "5:5 undecodable@氏名", "6:6 undecodable@氏名"]
    );
    assert_eq!(all(&bytes, &repair)[2], "4:4 3|佐藤 花子|東");
}

#[test]
fn a_reject_gives_its_cells_back_and_never_a_replacement_character() {
    let bytes = [&b"id,name,day\n6,\xE5\xB1\xB1,2026-01-01\n"[..], b"7,a\xFF\xE5\xB1\xB1,2026-02-30\n"].concat();
    let options = ReadOptions { columns: vec![column("day", Kind::Date)], ..plain() };
    let mut reader = open(bytes, &options).expect("opens");
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("row 3 is broken") };
    assert_eq!(reject.cells, ["7", "a\\xFF山", "2026-02-30"]);
    assert_eq!(
        reject.why(),
        "name: byte 2 of the cell: FF E5 B1 B1 is not UTF-8; day: found 8 digits and 2 signs; expected a date such as \
         2026-11-21, 2026年11月21日 or 令和8年11月21日 (there is no such day)"
    );
    let shown: Vec<_> = reject.diagnostics().map(|d| d.place).collect();
    let Some(Place::Cell { origin, column }) = &shown[1] else { panic!("a cell") };
    assert_eq!((origin.row, origin.line, column.as_deref()), (3, 3, Some("day")));
}

#[test]
fn every_fault_of_the_header_is_told_at_once() {
    let options = ReadOptions {
        columns: vec![column("postcode", Kind::Postcode), column("birth", Kind::Date)],
        key: Some("customer_id".into()),
        ..plain()
    };
    let faults = open("customer-id,name,,name,postcod\n1,2,3,4,5\n", &options).expect_err("five faults");
    let told: Vec<_> = faults.iter().map(|f| (f.code, f.help.first().map_or("", String::as_str))).collect();
    assert_eq!(
        told,
        [
            ("column-without-name", "Give the column a name in the header row, or take the empty column out."),
            ("duplicate-column", ""),
            ("missing-column", "Did you mean `postcod`?"),
            ("missing-column", "It has `customer-id`, `name`, ``, `name`, `postcod`."),
            ("missing-column", "Did you mean `customer-id`?"),
        ]
    );
    assert_eq!(faults[1].message, "columns 2 and 4 of data/t.csv are both named `name`");
}

#[test]
fn empty_files_and_headers_without_rows() {
    assert_eq!(codes(open("", &plain())), ["empty-file"]);
    assert_eq!(codes(open("\u{FEFF}", &plain())), ["empty-file"]);
    assert_eq!(codes(open("\n\r\n", &plain())), ["empty-file"]);
    assert_eq!(codes(Reader::open(Path::new("/no/such/file.csv"), "x.csv", &plain())), ["cannot-read"]);
    let reader = open("id,name\r\n\r\n", &plain()).expect("a joined table may be empty");
    assert_eq!(reader.warnings().iter().map(|w| w.code).collect::<Vec<_>>(), ["no-rows"]);
    assert_eq!(codes(open("id,name\n", &ReadOptions { must_have_rows: true, ..plain() })), ["no-rows"]);
}

#[test]
fn ragged_rows_nuls_and_long_cells_reject_their_row_only() {
    let text = format!("id,name,note\n1,a\n2,b,c,d\n3,x\0y,z\n4,{},z\n5,e,f\n", "w".repeat(2000));
    let options = ReadOptions { cell_limit: 1000, ..plain() };
    assert_eq!(
        all(&text, &options),
        ["2:2 ragged@-", "3:3 ragged@-", "4:4 nul@name", "5:5 cell-too-long@name", "6:6 5|e|f"]
    );
    let mut reader = open(&text, &options).expect("opens");
    let mut record = reader.record();
    let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("row 2 is short") };
    assert_eq!(reject.why(), "the row has 2 cells, the header has 3");
    assert_eq!(reject.cells, ["1", "a"]);
}

#[test]
fn a_cell_of_fifty_megabytes_is_passed_over_in_bounded_memory() {
    // Made while it is read: the test holds none of it either.
    struct Endless(usize);
    impl std::io::Read for Endless {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let n = out.len().min(self.0);
            out[..n].fill(b'x');
            self.0 -= n;
            Ok(n)
        }
    }
    let folder = tempfile::tempdir().expect("tests can write");
    let path = folder.path().join("t.csv");
    let mut made = std::fs::File::create(&path).expect("tests can write");
    let parts: [&mut dyn std::io::Read; 3] =
        [&mut &b"id,note\n1,a\n2,\""[..], &mut Endless(50 << 20), &mut &b"\"\r\n3,c\r\n"[..]];
    for part in parts {
        std::io::copy(part, &mut made).expect("tests can write");
    }
    let mut reader = Reader::open(&path, "t.csv", &plain()).expect("opens");
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    let Ok(Read::Rejected(reject)) = reader.read(&mut record) else { panic!("row 3 is too long") };
    assert_eq!((reject.reasons[0].code, reject.reasons[0].column.as_deref()), ("row-too-long", Some("note")));
    assert_eq!(reject.cells[0], "2");
    assert!(reject.cells[1].len() < 100 << 10, "only the beginning is kept");
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!((record.text(0), record.origin.row, record.origin.line), ("3", 4, 4));
}

#[test]
fn a_quotation_mark_that_nobody_closes_costs_its_row_only() {
    let mut text = String::from("id,name,note\n1,a,b\n2,\"c,d\n");
    for i in 3..2000 {
        text.push_str(&format!("{i},e,f\n"));
    }
    let small = ReadOptions { row_limit: 4096, ..plain() };
    for options in [plain(), small] {
        let found = all(&text, &options);
        assert_eq!(found.len(), 1999);
        assert_eq!(found[..3], ["2:2 1|a|b", "3:3 open-quote@name", "4:4 3|e|f"]);
        assert_eq!(found[1998], "2000:2000 1999|e|f");
    }
    // Closed by another cell's opening mark, seen by the text behind it.
    let text = "id,name,note\n1,\"a,b\n2,\"c\",d\n3,e,f\n";
    assert_eq!(all(text, &plain()), ["2:2 open-quote@name", "3:3 2|c|d", "4:4 3|e|f"]);
    // Closed by a mark at the end of another row: the lines between are rows of their own.
    let text = "id,name,note\n1,\"a,b\n2,c,d\n3,e,f\"\n4,g,h\n";
    assert_eq!(all(text, &plain()), ["2:2 open-quote@name", "3:3 2|c|d", "4:4 3|e|f\"", "5:5 4|g|h"]);
    let text = "id,name,note\n1,\"a\"b,c\n2,5\" pipe,d\n3,\"x \"\"y\"\"\" ,z\n";
    assert_eq!(all(text, &plain()), ["2:2 text-after-quote@-", "3:3 2|5\" pipe|d", "4:4 3|x \"y\" |z"]);
}

#[test]
fn cells_are_typed_and_every_fault_of_a_row_is_told() {
    let options = ReadOptions {
        columns: vec![
            Column { required: true, ..column("postcode", Kind::Postcode) },
            column("born", Kind::Date),
            column("points", Kind::Integer),
            column("spent", Kind::Money),
            column("lat", Kind::Number),
            column("dm", Kind::Bool),
        ],
        key: Some("id".into()),
        ..plain()
    };
    let text = "id,postcode,born,points,spent,lat,dm\n\
                 C1 ,〒１００-0001,昭和39年10月10日,\"1,200\",\\300,35.5,可\n\
                 C2,1000001,,,,,\n\
                 ,100-00,1/2/3,x,1.5,N35,maybe\n\
                 C4,　,,,,,\n";
    let mut reader = open(text, &options).expect("opens");
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!(record.text(0), "C1", "blanks are no part of a key");
    assert_eq!(record.field(1), Field::Text("100-0001"));
    assert_eq!(record.field(2), Field::Date(jiff::civil::date(1964, 10, 10)));
    assert_eq!((record.field(3), record.text(3)), (Field::Integer(1200), "1,200"));
    assert_eq!(record.field(4), Field::Integer(300));
    assert_eq!(record.field(5), Field::Number(35.5));
    assert_eq!(record.field(6), Field::Bool(true));
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!((record.field(1), record.field(2)), (Field::Text("100-0001"), Field::Missing));
    assert_eq!(
        all(text, &options)[2..],
        [
            "4:4 missing@id not-a-postcode@postcode not-a-date@born not-an-integer@points not-yen@spent not-a-number@lat \
         not-yes-or-no@dm",
            "5:5 missing@postcode"
        ]
    );
}

#[test]
fn tabs_and_semicolons_are_found_and_names_can_be_given() {
    assert_eq!(all("a\tb\tc,d\n1\t2,3\t4\n", &plain()), ["2:2 1|2,3|4"]);
    assert_eq!(all("\"a;x\";b\n1;2\n", &plain()), ["2:2 1|2"]);
    assert_eq!(all("a\n1\n", &plain()), ["2:2 1"]);
    let names = ReadOptions { names: Some(vec!["x".into(), "y".into()]), ..plain() };
    assert_eq!(all("1,2\n3,4\n", &names), ["1:1 1|2", "2:2 3|4"]);
    // columns without a name, and those further right, are left out; every row must have them
    let names = ReadOptions { names: Some(vec!["".into(), "y".into()]), ..plain() };
    assert_eq!(all("1,2,5\n3,4,6\n7,8\n", &names), ["1:1 2", "2:2 4", "3:3 ragged@-"]);
    assert_eq!(codes(open("1\n", &names)), ["header-too-long"]);
}

#[test]
fn the_table_in_a_zip_archive_is_read_and_held_against_its_checksum() {
    let text = "id,name\n1,花\n2,月\n";
    for deflate in [true, false] {
        let zipped = archive::tests::zip(&[("out/", b""), ("out/t.csv", text.as_bytes())], deflate);
        assert_eq!(all(&zipped, &plain()), ["2:2 1|花", "3:3 2|月"]);
        let last = memchr::memmem::rfind(&zipped, b"PK\x01\x02").expect("a list");
        let mut other = zipped.clone();
        other[last + 16] ^= 1; // the checksum
        assert_eq!(codes(open(&other, &plain())), ["cannot-unpack"]);
        assert_eq!(codes(open(&zipped[..zipped.len() - 30], &plain())), ["cannot-unpack"]);
    }
    let two = archive::tests::zip(&[("a.csv", b"a\n1\n"), ("b.csv", b"b\n1\n")], true);
    assert_eq!(codes(open(two, &plain())), ["cannot-unpack"]);
}

#[test]
fn nothing_is_allocated_for_a_good_row_after_the_first() {
    let mut text = String::from("id,氏名,born,postcode\n");
    for i in 1000..3000 {
        text.push_str(&format!("{i},山田太郎,2001-02-03,1000001\n"));
    }
    let options =
        ReadOptions { columns: vec![column("born", Kind::Date), column("postcode", Kind::Postcode)], ..plain() };
    let mut reader = open(cp932(&text), &options).expect("opens");
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    let held = |r: &Record| (r.text.as_ptr(), r.ends.as_ptr(), r.typed.as_ptr(), Arc::as_ptr(&r.schema));
    let before = held(&record);
    while reader.read(&mut record) == Ok(Read::Row) {
        assert_eq!(held(&record), before);
    }
}

fn load(text: impl AsRef<[u8]>, options: &ReadOptions) -> (Table, Vec<Reject>) {
    Table::load(open(text, options).expect("opens")).expect("loads")
}

fn keyed(key: &str) -> ReadOptions {
    ReadOptions { key: Some(key.into()), ..plain() }
}

#[test]
fn a_table_finds_by_key_and_keeps_the_first_of_doubles() {
    let (table, rejects) = load("id,name\nP1,a\nP2,b\n\nP1 ,c\nP3\nP4,d\n", &keyed("id"));
    assert_eq!(table.len(), 3);
    assert_eq!(table.find("P1").map(|r| table.text(r, 1)), Some("a"));
    assert_eq!(table.find(" P4 ").map(|r| (r, table.text(r, 1))), Some((2, "d")));
    assert_eq!(table.find("P9"), None);
    assert_eq!((table.origin(1).row, table.origin(2).row, table.origin(2).line), (3, 7, 7));
    let told: Vec<_> = rejects.iter().map(|r| (r.origin.row, r.why())).collect();
    assert_eq!(
        told,
        [
            (5, "id: the key of row 2 again; the first row is kept".to_owned()),
            (6, "the row has 1 cell, the header has 2".to_owned())
        ]
    );
    assert_eq!(rejects[0].cells, ["P1 ", "c"]);
    assert_eq!((table.field(99, 0), table.text(0, 99)), (Field::Missing, ""));
}

#[test]
fn lines_are_grouped_and_joined_and_strays_are_listed() {
    let (products, _) = load("id,name\nP1,a\nP2,b\n", &keyed("id"));
    let (lines, _) = load("customer,product\nC1,P1\nC2,P2\nC1,P9\nC1 ,P2\nC3,\n,P1\n", &plain());
    let index = Index::new(&lines, 0);
    assert_eq!(index.rows_of(&lines, "C1"), [0, 2, 3]);
    assert_eq!(index.rows_of(&lines, "C3"), [4]);
    assert_eq!(index.rows_of(&lines, "C9"), [0u32; 0]);
    assert_eq!(index.groups(&lines).map(|(k, r)| (k, r.len())).collect::<Vec<_>>(), [("C1", 3), ("C2", 1), ("C3", 1)]);
    let strays = index.strays(&lines, 1, |key| key == "C2");
    assert_eq!((strays.rows, strays.first.len(), strays.first[0].row), (4, 1, 2));
    let join = Join::new(&lines, 1, &products, 10);
    assert_eq!(
        (0..7).map(|r| join.row_of(r)).collect::<Vec<_>>(),
        [Some(0), Some(1), None, Some(1), None, Some(0), None]
    );
    assert_eq!(join.strays().rows, 1);
    assert_eq!(join.strays().first[0].row, 4);
}

#[test]
fn purchases_take_less_than_sixty_bytes_a_line() {
    const ROWS: u32 = 50_000;
    let mut text = String::from("customer_id,product_id,store_id,bought_at,quantity,amount\n");
    for i in 0..ROWS {
        // Spread by a multiplicative step, as a real list is.
        let j = i.wrapping_mul(2_654_435_761) >> 8;
        text.push_str(&format!(
            "C{:06},P{:04},S{:03},202{}-{:02}-{:02},{},{}\n",
            j % 2000,
            j % 120,
            j % 40,
            j % 2 + 5,
            j % 12 + 1,
            j % 28 + 1,
            j % 5 + 1,
            (j % 4000) * 10
        ));
    }
    let options = ReadOptions {
        columns: vec![
            column("bought_at", Kind::Date),
            column("quantity", Kind::Integer),
            column("amount", Kind::Money),
        ],
        ..plain()
    };
    let (table, rejects) = load(&text, &options);
    assert_eq!((table.len(), rejects.len()), (ROWS, 0));
    let index = Index::new(&table, 0);
    let bytes = (table.bytes() + index.bytes()) as f64 / f64::from(ROWS);
    assert!(bytes < 40.0, "{bytes} bytes a line");
    let last = text.lines().last().expect("has lines").split(',').collect::<Vec<_>>();
    for (i, cell) in last.iter().enumerate() {
        assert_eq!(table.text(ROWS - 1, i), *cell);
    }
    assert_eq!(table.field(ROWS - 1, 5), Field::Integer(last[5].parse().expect("a number")));
}

#[test]
fn columns_that_do_not_repeat_are_kept_plainly_and_alike() {
    let mut text = String::from("id,lat,note\n");
    for i in 0..40_000 {
        text.push_str(&format!("K{i},{}.{:05},{}\n", i % 90, i, i % 3));
    }
    let (table, _) = load(&text, &ReadOptions { columns: vec![column("lat", Kind::Number)], ..keyed("id") });
    assert_eq!(table.distinct(1), (40_000, false));
    assert_eq!(table.distinct(2), (3, true));
    for (row, line) in (0..).zip(text.lines().skip(1)) {
        let cells: Vec<_> = line.split(',').collect();
        assert_eq!((table.text(row, 0), table.text(row, 1), table.text(row, 2)), (cells[0], cells[1], cells[2]));
        assert_eq!(table.field(row, 1), Field::Number(cells[1].parse().expect("a number")));
        assert_eq!(table.find(cells[0]), Some(row));
    }
}

/// Data of others that lies beside a checkout; the tests that use it say so when it is absent.
fn shared(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|a| a.join("shared/data").join(name)).find(|p| p.exists())
}

#[test]
fn the_csv_spectrum_reads_as_its_authors_say() {
    let Some(folder) = shared("csv_suites/csv-spectrum") else { return };
    let mut names: Vec<_> =
        std::fs::read_dir(folder.join("csvs")).expect("a folder").flatten().map(|e| e.path()).collect();
    names.sort();
    assert!(names.len() >= 12);
    for path in names {
        let name = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let json = std::fs::read_to_string(folder.join("json").join(format!("{name}.json"))).expect("a pair");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let expected = json.as_array().cloned().unwrap_or_else(|| vec![json]);
        let mut reader = Reader::open(&path, &name, &plain()).expect("opens");
        let mut record = reader.record();
        let mut rows = expected.iter();
        loop {
            match reader.read(&mut record).expect("reads") {
                Read::End => break,
                // One file of the set has lost a character on its way: its own JSON shows U+FFFD.
                Read::Rejected(reject) => {
                    assert_eq!((name.as_str(), reject.reasons[0].code), ("location_coordinates", "lost-character"));
                    assert!(rows.next().expect("as many rows").to_string().contains('\u{FFFD}'));
                }
                Read::Row => {
                    let row = rows.next().expect("as many rows");
                    for (i, column) in record.schema.columns.iter().enumerate() {
                        assert_eq!(row[&*column.name].as_str(), Some(record.text(i)), "{name}");
                    }
                }
            }
        }
        assert_eq!(rows.next(), None, "{name}");
    }
}

#[test]
fn marks_of_the_hundred_knocks_files() {
    let Some(folder) = shared("ds100_supermarket") else { return };
    for (name, first, rows) in
        [("customer.csv", "customer_id", 21_971), ("product.csv", "product_cd", 10_030), ("store.csv", "store_cd", 53)]
    {
        let reader = Reader::open(&folder.join(name), name, &keyed(first)).expect("opens");
        let (table, rejects) = Table::load(reader).expect("loads");
        assert_eq!((table.len(), rejects.len()), (rows, 0), "{name}");
        assert_eq!(&*table.schema().columns[0].name, first);
    }
}

#[test]
fn all_postcodes_of_japan_are_read_from_cp932() {
    let Some(path) = shared("jp_postal/ken_all.zip") else { return };
    let names = "jis old postcode prefecture_kana city_kana town_kana prefecture city town a b c d e f";
    let options = ReadOptions {
        names: Some(names.split(' ').map(Arc::from).collect()),
        columns: vec![Column { required: true, ..column("postcode", Kind::Postcode) }],
        ..plain()
    };
    let mut reader = Reader::open(&path, "ken_all.zip", &options).expect("opens");
    assert_eq!(reader.form(), "CP932, commas, zip");
    let mut record = reader.record();
    for expected in [
        "01101|060  |060-0000|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ|ｲｶﾆｹｲｻｲｶﾞﾅｲﾊﾞｱｲ|北海道|札幌市中央区|以下に掲載がない場合|0|0|0|0|0|0",
        "01101|064  |064-0941|ﾎｯｶｲﾄﾞｳ|ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ|ｱｻﾋｶﾞｵｶ|北海道|札幌市中央区|旭ケ丘|0|0|1|0|0|0",
    ] {
        assert_eq!(reader.read(&mut record), Ok(Read::Row));
        assert_eq!((0..15).map(|c| record.text(c)).collect::<Vec<_>>().join("|"), expected);
    }
    while reader.read(&mut record) == Ok(Read::Row) {}
    assert_eq!((reader.rows_read(), record.origin.row, record.text(6)), (124_825, 124_825, "沖縄県"));
}

/// What the `csv` crate alone finds behind the header, blank rows left out.
fn counted_by_csv(bytes: &[u8]) -> usize {
    let mut reader = csv_crate().from_reader(bytes);
    let mut record = ::csv::ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).expect("memory can be read") {
        rows += usize::from(!record.as_slice().is_empty());
    }
    rows
}

fn csv_crate() -> ::csv::ReaderBuilder {
    let mut builder = ::csv::ReaderBuilder::new();
    builder.has_headers(true).flexible(true).delimiter(b',');
    builder
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused_without_panic(bytes in proptest::collection::vec(
        prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(0x83), Just(b'1'), any::<u8>()], 0..400)) {
        for repair in [false, true] {
            let options = ReadOptions { delimiter: Some(b','), row_limit: 64, repair, ..plain() };
            if let Ok(mut reader) = open(&bytes, &options) {
                let mut record = reader.record();
                while reader.read(&mut record).expect("reads") != Read::End {}
            }
        }
    }

    #[test]
    fn rows_and_rejects_are_as_many_as_the_csv_crate_counts(
        cells in proptest::collection::vec(proptest::collection::vec("[ab,\"\n\ré表]{0,4}", 1..5), 0..12),
        ends in proptest::collection::vec(prop_oneof![Just("\n"), Just("\r\n"), Just("\r"), Just("\n\n")], 12)) {
        let mut text = String::from("c1,c2,c3\n");
        for (row, end) in cells.iter().zip(&ends) {
            let quoted: Vec<String> = row.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            text.push_str(&quoted.join(","));
            text.push_str(end);
        }
        let found = all(&text, &ReadOptions { delimiter: Some(b','), ..plain() });
        // A row of the wrong length with line breaks in its cells may be taken for rows that a quotation mark has
        // swallowed, and then is given back line by line: more rejects, never fewer.
        let swallowed = |row: &Vec<String>| row.len() != 3 && row.iter().any(|c| c.contains(['\n', '\r']));
        if cells.iter().any(swallowed) {
            prop_assert!(found.len() >= counted_by_csv(text.as_bytes()));
            return Ok(());
        }
        prop_assert_eq!(found.len(), counted_by_csv(text.as_bytes()));
        // And each good row has the very cells that were written.
        let mut expected = cells.iter().filter(|row| row.len() == 3 && row.iter().any(|c| !c.is_empty()));
        let mut reader = open(&text, &ReadOptions { delimiter: Some(b','), ..plain() }).expect("opens");
        let mut record = reader.record();
        loop {
            match reader.read(&mut record).expect("reads") {
                Read::End => break,
                Read::Rejected(_) => {}
                Read::Row => {
                    let row = expected.next().expect("as many");
                    for (i, cell) in row.iter().enumerate() {
                        prop_assert_eq!(record.text(i), cell);
                    }
                }
            }
        }
        prop_assert!(expected.next().is_none());
    }
}

/// A table of many blocks with all that is awkward in it: cells of several lines, blank lines, rows with faults, keys
/// that come again, marks that nobody closed.
fn awkward() -> String {
    let mut text = String::from("id,name,amount,day\n");
    for i in 0..60_000u32 {
        match i % 997 {
            1 => text.push_str("\n,,,\n"),
            2 => text.push_str(&format!("K{i},\"two\nlines, {i}\",{i},2026-11-{:02}\n", i % 28 + 1)),
            3 => text.push_str(&format!("K{i},\"open,{i},2026-11-01\n")),
            4 => text.push_str(&format!("K{},again,1,2026-11-01\n", i / 2)),
            5 => text.push_str(&format!("K{i},x,many,2026-11-31\n")),
            6 => text.push_str(&format!("K{i},short\n")),
            _ => text.push_str(&format!("K{i},山田 {},{},2026/11/{}\n", i % 300, i % 7000, i % 28 + 1)),
        }
    }
    text
}

#[test]
fn a_table_is_the_same_whatever_the_threads() {
    let text = awkward();
    assert!(text.len() > 3 << 19, "several blocks");
    let options = ReadOptions {
        columns: vec![column("amount", Kind::Integer), column("day", Kind::Date)],
        key: Some("id".into()),
        ..plain()
    };
    let file = file(&text);
    let load = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let reader = Reader::open(&file.path, "t.csv", &options).expect("opens");
        pool.install(|| Table::load(reader)).expect("loads")
    };
    let ((one, first), (two, second)) = (load(1), load(2));
    assert_eq!(first, second);
    assert_eq!((one.len(), one.bytes(), one.faults()), (two.len(), two.bytes(), two.faults()));
    // Row by row as a reader on one thread gives them, but for keys that come again.
    let mut reader = Reader::open(&file.path, "t.csv", &options).expect("opens");
    let mut record = reader.record();
    let (mut row, mut unread) = (0, 0);
    loop {
        match reader.read(&mut record).expect("reads") {
            Read::End => break,
            Read::Rejected(_) => unread += 1,
            Read::Row if one.find(record.text(0)).is_some_and(|r| one.origin(r).row != record.origin.row) => {}
            Read::Row => {
                for table in [&one, &two] {
                    assert_eq!(table.origin(row).row, record.origin.row);
                    assert_eq!(table.origin(row).line, record.origin.line);
                    for c in 0..record.len() {
                        assert_eq!(table.text(row, c), record.text(c), "row {row}");
                        assert_eq!(table.field(row, c), record.field(c), "row {row}");
                    }
                }
                row += 1;
            }
        }
    }
    assert_eq!(row, one.len());
    let again: u64 = one.faults().told.iter().filter(|t| t.code == "duplicate-key").map(|t| t.count).sum();
    assert_eq!(first.len() as u64, unread + again);
    assert!(again > 20 && unread > 100, "{again} {unread}");
}

#[test]
fn the_first_row_of_each_key_is_the_order() {
    // One row for each line of an order; what belongs to the order stands in the first only.
    let mut text = String::from("order,who,sku\n");
    for order in 0..40_000 {
        text.push_str(&format!("O{order},somebody of order {order},A\n"));
        for sku in ["B", "C"].iter().take(order % 3) {
            text.push_str(&format!("O{order},,{sku}\n"));
        }
    }
    assert!(text.len() > 1 << 20, "several blocks");
    let orders = ReadOptions { key: Some("order".into()), first_of_key: true, ..plain() };
    let (table, rejects) = Table::load(open(&text, &orders).expect("opens")).expect("loads");
    assert_eq!((table.len(), rejects.len(), table.faults().is_empty()), (40_000, 0, true));
    assert!((0..table.len()).all(|r| table.text(r, 1) == format!("somebody of order {r}")));
    assert_eq!(all(&text, &orders).len(), 40_000);
    let lines = ReadOptions { only_with: Some("who".into()), ..plain() };
    assert_eq!(Table::load(open(&text, &lines).expect("opens")).expect("loads").0.len(), 40_000);
}

#[test]
fn packed_and_two_byte_files_read_as_the_plain_one() {
    use std::io::Write as _;
    let text = format!("会員番号,氏名\r\n{}", (0..5000).map(|i| format!("C{i},山田 上{i}\r\n")).collect::<String>());
    let expected = all(&text, &plain());
    let wide = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
        units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    for (big, mark) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(all(wide(big, mark), &plain()), expected, "UTF-16, {big} {mark}");
    }
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).expect("memory");
        packer.finish().expect("memory")
    };
    let packed = gzip(text.as_bytes());
    assert_eq!(all(&packed, &plain()), expected);
    assert_eq!(open(&packed, &plain()).expect("opens").form(), "UTF-8, commas, gzip");
    assert_eq!(all(gzip(&wide(true, true)), &plain()), expected, "one in the other");
    let (a, b) = text.as_bytes().split_at(text.len() / 2);
    assert_eq!(all([gzip(a), gzip(b)].concat(), &plain()), expected, "two members");
    let zstd = |bytes: &[u8]| ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest);
    assert_eq!(all(zstd(text.as_bytes()), &plain()), expected);
    let skipped = b"\x50\x2A\x4D\x18\x03\0\0\0abc".to_vec();
    assert_eq!(all([skipped, zstd(a), zstd(b)].concat(), &plain()), expected, "two frames, one passed over");
    // What was cut off or changed on its way is not read as if it were whole.
    for packed in [packed.clone(), zstd(text.as_bytes())] {
        let mut reader = open(&packed[..packed.len() - 9], &plain());
        let mut last = reader.as_mut().map(|_| ()).map_err(|d| d[0].code);
        if let Ok(reader) = &mut reader {
            let mut record = reader.record();
            while let Ok(read) = reader.read(&mut record).map_err(|d| last = Err(d.code)) {
                assert_ne!(read, Read::End, "it is read to its end");
            }
        }
        assert_eq!(last, Err("cannot-unpack"));
    }
}

#[test]
fn columns_are_renamed_defaulted_and_split_in_lists() {
    let text = "番号,興味,点数,点数,住所\n1,茶／菓子 ／,,9,x\n2,,abc,9,y\n";
    let reading =
        |name: &str, from: &str| Reading { column: name.into(), from: vec![from.into()], ..Reading::default() };
    let mut options = ReadOptions {
        columns: vec![column("id", Kind::Text), column("likes", Kind::List), column("points", Kind::Integer)],
        readings: vec![
            reading("id", "番号"),
            Reading { separator: Some('／'), ..reading("likes", "興味") },
            Reading { default: Some("5".into()), ..reading("points", "点数") },
        ],
        key: Some("id".into()),
        loose_header: true,
        ..plain()
    };
    assert_eq!(all(text, &options), ["2:2 1|茶／菓子 ／|5|x", "3:3 not-an-integer@points"]);
    options.policies.wrong_type = OnFault::Default;
    let mut reader = open(text, &options).expect("opens");
    assert_eq!(reader.header().iter().map(|n| &**n).collect::<Vec<_>>(), ["番号", "興味", "点数", "点数", "住所"]);
    let mut record = reader.record();
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    let Field::List(items) = record.field(1) else { panic!("a list") };
    assert_eq!(items.iter().collect::<Vec<_>>(), ["茶", "菓子"]);
    assert_eq!(reader.read(&mut record), Ok(Read::Row));
    assert_eq!((record.field(1), record.field(2)), (Field::Missing, Field::Integer(5)));
    assert_eq!(record.defaulted[0].code, "not-an-integer");
    let (table, _) = Table::load(open(text, &options).expect("opens")).expect("loads");
    assert_eq!((table.field(1, 2), table.defaulted().told[0].count), (Field::Integer(5), 1));
    options.policies.wrong_type = OnFault::Stop;
    assert_eq!(
        Table::load(open(text, &options).expect("opens")).map(|_| ()).map_err(|d| d.code),
        Err("not-an-integer")
    );
    let only = table.only(|row| row == 1);
    assert_eq!((only.len(), only.text(0, 0), only.find("2"), only.origin(0).row), (1, "2", Some(0), 3));
    options.only_declared = true;
    assert_eq!(open(text, &options).expect("opens").schema().columns.len(), 3);
}
