//! `surimono address`: an address held against its postcode, one from the command line or many from standard input.

use std::io::{BufRead, Read as _, Write as _};
use std::ops::Range;
use std::path::Path;

use serde_json::json;

use super::End;
use super::args::AddressArgs;
use super::terminal::Terminal;
use crate::base::Diagnostic;
use crate::data::Encoding;
use crate::data::encoding::{Evidence, Verdict};
use crate::postal::{Index, Judged, judge};

/// Longer lines of a table are told and passed over.
const LONGEST_LINE: u64 = 1 << 20;

/// How much of standard input is looked at to find its encoding.
const LOOK: usize = 256 << 10;

/// Names of columns, in lower case, that hold what is wanted.
const POSTCODES: [&str; 7] = ["郵便番号", "postcode", "postal_code", "postal_cd", "postalcode", "zip", "zipcode"];
const ADDRESSES: [&str; 4] = ["住所", "address", "所在地", "宛先住所"];

pub(super) fn address(args: &AddressArgs) -> End {
    let terminal = Terminal::new(false);
    let label = |p: &Path| p.to_string_lossy().replace('\\', "/");
    let file = |p: &Option<std::path::PathBuf>| p.as_ref().map(|p| (p.clone(), label(p)));
    let (ken_all, jigyosyo) = (file(&args.ken_all), file(&args.jigyosyo));
    if ken_all.is_none() && jigyosyo.is_none() {
        terminal.tell(&[Diagnostic::error("postcodes-absent", "no table of postcodes was given")
            .help("give --ken-all FILE: ken_all.zip or utf_ken_all.zip as Japan Post ships it, or the CSV in it")
            .help("and --jigyosyo FILE for offices that have a postcode of their own")]);
        return End::NotMade;
    }

    let index = match Index::read(
        ken_all.as_ref().map(|(p, l)| (p.as_path(), l.as_str())),
        jigyosyo.as_ref().map(|(p, l)| (p.as_path(), l.as_str())),
    ) {
        Ok(index) => index,
        Err(faults) => {
            terminal.tell(&faults);
            return End::NotMade;
        }
    };
    match (&args.postcode, &args.address) {
        (Some(code), Some(address)) => one(&index, code, address, args.json, &terminal),
        (None, _) => match many(&index, args.json, &terminal) {
            Ok(end) => end,
            Err(d) => {
                terminal.tell(&[d]);
                End::NotMade
            }
        },
        (Some(_), None) => {
            terminal.tell(&[Diagnostic::error("address-absent", "a postcode was given and no address")
                .help("write `surimono address 100-0013 東京都千代田区霞が関1-3-2`, or give a CSV on standard input")]);
            End::NotMade
        }
    }
}

/// The parts of an address with their names.
fn parts<'a>(address: &'a str, judged: &Judged) -> [(&'static str, &'a str); 5] {
    let at = |r: &Range<usize>| address.get(r.clone()).unwrap_or("").trim();
    let p = &judged.parts;
    [
        ("prefecture", at(&p.prefecture)),
        ("city", at(&p.city)),
        ("town", at(&p.town)),
        ("number", at(&p.number)),
        ("building", at(&p.building)),
    ]
}

fn one(index: &Index, code: &str, address: &str, as_json: bool, terminal: &Terminal) -> End {
    let judged = judge(index, code, address);
    if as_json {
        terminal.result(&format!("{}\n", value(None, address, &judged)));
    } else {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                text.push_str(&format!("{name:<12}{value}\n"));
            }
        };
        line("postcode", &judged.postcode.map_or(String::new(), |c| c.to_string()));
        parts(address, &judged).iter().for_each(|(name, part)| line(name, part));
        line("confidence", judged.confidence.word());
        judged.reasons.iter().for_each(|r| line("", &format!("{} [{}]", r.text, r.code)));
        line("suggested", &suggested(&judged));
        match &judged.customer {
            Some(customer) => {
                line("barcode", &customer.value());
                line("characters", &customer.to_string());
                line("bars", &customer.bars());
            }
            None => line("barcode", "none: refused"),
        }
        terminal.result(&text);
    }
    if judged.customer.is_some() { End::Made } else { End::TooManyRejects }
}

fn suggested(judged: &Judged) -> String {
    judged.suggested.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn value(row: Option<u64>, address: &str, judged: &Judged) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    if let Some(row) = row {
        out.insert("row".to_owned(), json!(row));
    }
    out.insert("postcode".to_owned(), json!(judged.postcode.map(|c| c.to_string())));
    let named: serde_json::Map<_, _> =
        parts(address, judged).iter().map(|(name, part)| ((*name).to_owned(), json!(part))).collect();
    out.insert("parts".to_owned(), named.into());
    out.insert("confidence".to_owned(), json!(judged.confidence));
    out.insert("reasons".to_owned(), json!(judged.reasons));
    out.insert("suggested".to_owned(), json!(judged.suggested.iter().map(ToString::to_string).collect::<Vec<_>>()));
    out.insert(
        "barcode".to_owned(),
        judged.customer.map_or(
            serde_json::Value::Null,
            |c| json!({ "data": c.value(), "characters": c.to_string(), "check": c.check(), "bars": c.bars() }),
        ),
    );
    out.into()
}

/// A CSV with a postcode and an address in each row; what was found out, row by row, as CSV or as JSON lines.
fn many(index: &Index, as_json: bool, terminal: &Terminal) -> Result<End, Diagnostic> {
    let cannot = |e: std::io::Error| Diagnostic::error("cannot-read", format!("standard input cannot be read: {e}"));
    let mut input = std::io::BufReader::with_capacity(LOOK, std::io::stdin().lock());
    let look = input.fill_buf().map_err(cannot)?;
    let encoding = match Evidence::of(look, false).verdict() {
        Verdict::Is(encoding) => encoding,
        _ => Encoding::Utf8,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut columns = None;
    let (mut line, mut row, mut refused) = (Vec::new(), 0u64, 0u64);
    loop {
        line.clear();
        let read = input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(cannot)?;
        if read == 0 {
            break;
        }
        row += 1;
        if read as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            return Err(Diagnostic::error(
                "row-too-long",
                format!("line {row} of standard input is longer than 1 MiB"),
            ));
        }
        let cells = cells(&line, encoding, row)?;
        if cells.iter().all(|c| c.trim().is_empty()) {
            continue;
        }
        let (code, address) = match columns {
            Some(columns) => columns,
            None => {
                let found = find_columns(&cells)?;
                columns = Some((found.0, found.1));
                let head =
                    "row,postcode,prefecture,city,town,number,building,confidence,reasons,suggested,data,check,bars\n";
                if !as_json && out.write_all(head.as_bytes()).is_err() {
                    return Ok(End::NotMade);
                }
                if found.2 {
                    continue;
                }
                (found.0, found.1)
            }
        };
        let cell = |n: usize| cells.get(n).map_or("", |c| c.trim());
        let (code, address) = (cell(code), cell(address));
        let judged = judge(index, code, address);
        refused += u64::from(judged.customer.is_none());
        let written = if as_json {
            writeln!(out, "{}", value(Some(row), address, &judged))
        } else {
            let quoted = |t: &str| format!("\"{}\"", t.replace('"', "\"\""));
            let [prefecture, city, town, number, building] = parts(address, &judged).map(|(_, p)| quoted(p));
            let reasons: Vec<&str> = judged.reasons.iter().map(|r| r.code).collect();
            let (data, check, bars) =
                judged.customer.map_or_else(Default::default, |c| (c.value(), c.check(), c.bars()));
            writeln!(
                out,
                "{row},{},{prefecture},{city},{town},{number},{building},{},{},{},{data},{check},{bars}",
                judged.postcode.map_or(String::new(), |c| c.to_string()),
                judged.confidence.word(),
                reasons.join(" "),
                suggested(&judged),
            )
        };
        // whoever reads may have seen enough
        if written.is_err() {
            return Ok(End::Made);
        }
    }
    let _ = out.flush();
    if row == 0 {
        return Err(Diagnostic::error("no-rows", "standard input is empty")
            .help("give POSTCODE and ADDRESS, or a CSV with the columns 郵便番号 and 住所"));
    }
    terminal.line(&format!("{refused} addresses get no customer barcode"));
    Ok(End::Made)
}

fn cells(line: &[u8], encoding: Encoding, row: u64) -> Result<Vec<String>, Diagnostic> {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").filter(|_| row == 1).unwrap_or(line);
    let mut parsed = csv::ByteRecord::new();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line);
    // Nothing in memory keeps a line from being split.
    if reader.read_byte_record(&mut parsed).is_err() {
        return Ok(Vec::new());
    }
    let mut cells = Vec::with_capacity(parsed.len());
    for (n, cell) in parsed.iter().enumerate() {
        let mut text = String::new();
        if !encoding.decode_plainly(cell, &mut text) {
            let message = format!("column {} in line {row} of standard input is not {encoding}", n + 1);
            return Err(
                Diagnostic::error("undecodable", message).help("give the table in one encoding, UTF-8 or CP932")
            );
        }
        cells.push(text);
    }
    Ok(cells)
}

/// The columns of postcode and address, and whether the row that tells them is a header.
fn find_columns(first: &[String]) -> Result<(usize, usize, bool), Diagnostic> {
    let named = |names: &[&str]| first.iter().position(|c| names.contains(&c.trim().to_lowercase().as_str()));
    match (named(&POSTCODES), named(&ADDRESSES)) {
        (Some(code), Some(address)) => Ok((code, address, true)),
        (None, None)
            if first.len() >= 2 && crate::postal::Postcode::parse(first.first().map_or("", |c| c)).is_some() =>
        {
            Ok((0, 1, false))
        }
        _ => Err(Diagnostic::error("address-columns", "the first line names no column of postcodes and of addresses")
            .help(format!("known names are {} and {}", POSTCODES.join(", "), ADDRESSES.join(", ")))
            .help("without a header line, the first column is the postcode and the second the address")),
    }
}
