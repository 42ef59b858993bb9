//! Where each object stands: cross-reference tables and streams, through all revisions (ISO 32000-1, 7.5.4, 7.5.8).

use super::Fault;
use super::source::Source;
use super::syntax::{Dict, Parser, Value};

/// Object numbers end here (ISO 32000-1, annex C.2).
pub(super) const MOST_OBJECTS: u64 = 8_388_607;
/// Revisions of one file.
const SECTIONS: usize = 4096;
/// Entries in all revisions together.
const ENTRIES: u64 = 4 * MOST_OBJECTS;

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere: references to it mean null.
    Nowhere,
    /// Bytes from the beginning of the file.
    At(u64),
    /// As the object `index` within the object stream `stream`.
    In { stream: u32, index: u32 },
}

/// Eight bytes an object, so that the table of a very large file stays small: two bits of kind, then 62 of offset, or
/// 30 of index and 32 of number. Kind 0 says that no revision has told yet.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<u64>);

const FREE: u64 = 1;
const AT: u64 = 2;
const IN: u64 = 3;

impl Table {
    pub(super) fn place(&self, number: u32) -> Place {
        let entry = self.0.get(number as usize).copied().unwrap_or(0);
        let rest = entry >> 2;
        match entry & 3 {
            AT => Place::At(rest),
            IN => Place::In { stream: (rest & 0xffff_ffff) as u32, index: (rest >> 32) as u32 },
            _ => Place::Nowhere,
        }
    }

    /// One more than the highest number.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Newer revisions are read first, so what is there stays.
    fn put(&mut self, number: u64, place: Place) -> Result<(), Fault> {
        if number > MOST_OBJECTS {
            return Err(Fault::TooLarge(format!("an object with the number {number}")));
        }
        let at = number as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if self.0[at] == 0 {
            self.0[at] = match place {
                Place::Nowhere => FREE,
                Place::At(offset) => AT | offset << 2,
                Place::In { stream, index } => IN | u64::from(stream) << 2 | u64::from(index) << 34,
            };
        }
        Ok(())
    }
}

/// What reading a section needs of the reader, which has no table yet: an object that stands at `at`, with its data
/// unpacked if it is a stream.
pub(super) trait Early {
    fn section_stream(&mut self, at: u64) -> Result<(Dict, Vec<u8>), Fault>;
    fn source(&mut self) -> &mut Source;
}

/// Reads all sections, the newest first; gives the table and the newest trailer.
pub(super) fn read(early: &mut impl Early) -> Result<(Table, Dict), Fault> {
    let mut table = Table::default();
    let mut newest: Option<Dict> = None;
    let mut waiting = vec![start(early.source())?];
    let mut seen: Vec<u64> = Vec::new();
    let mut entries = 0u64;
    while let Some(at) = waiting.pop() {
        if seen.contains(&at) {
            continue;
        }
        if seen.len() >= SECTIONS {
            return Err(Fault::TooLarge(format!("it has more than {SECTIONS} revisions")));
        }
        seen.push(at);
        let trailer = section(early, at, &mut table, &mut entries)?;
        let offset = |key| trailer.get(key).and_then(Value::int).and_then(|n| u64::try_from(n).ok());
        // The stream that a hybrid file has beside its table comes before older revisions (7.5.8.4).
        waiting.extend(offset("Prev"));
        waiting.extend(offset("XRefStm"));
        newest.get_or_insert(trailer);
    }
    Ok((table, newest.unwrap_or_default()))
}

/// What `startxref` says.
fn start(source: &mut Source) -> Result<u64, Fault> {
    let length = source.length();
    let from = length.saturating_sub(2048);
    let mut tail = Vec::new();
    source.read(from, 2048, &mut tail)?;
    let found =
        memchr::memmem::rfind(&tail, b"startxref").ok_or_else(|| Fault::broken("its end is missing (no startxref)"))?;
    tail.push(b' ');
    let mut parser = Parser::new(tail.get(found + 9..).unwrap_or_default());
    match parser.count() {
        Ok(at) if at < length => Ok(at),
        _ => Err(Fault::broken("startxref names no place in the file")),
    }
}

fn section(early: &mut impl Early, at: u64, table: &mut Table, entries: &mut u64) -> Result<Dict, Fault> {
    let mut head = Vec::new();
    early.source().read(at, 64, &mut head)?;
    let mut parser = Parser::new(&head);
    parser.skip();
    let skipped = parser.at as u64;
    if head.get(parser.at..).is_some_and(|rest| rest.starts_with(b"xref")) {
        return plain(&mut Walk::new(early.source(), at + skipped + 4), table, entries);
    }
    let (dict, data) = early.section_stream(at)?;
    stream(&dict, &data, table, entries)?;
    Ok(dict)
}

fn count(entries: &mut u64, more: u64) -> Result<(), Fault> {
    *entries = entries.saturating_add(more);
    if *entries > ENTRIES { Err(Fault::TooLarge("its tables have too many entries".to_owned())) } else { Ok(()) }
}

/// Words of a long stretch of the file, read in parts.
struct Walk<'a> {
    source: &'a mut Source,
    /// Where `held` begins in the file.
    from: u64,
    held: Vec<u8>,
    at: usize,
}

const PART: usize = 1 << 16;
/// The longest trailer dictionary.
const TRAILER: usize = 1 << 20;

impl<'a> Walk<'a> {
    fn new(source: &'a mut Source, from: u64) -> Self {
        Self { source, from, held: Vec::new(), at: 0 }
    }

    /// Makes sure that a word ends within what is held.
    fn fill(&mut self) -> Result<(), Fault> {
        if self.held.len() - self.at < 64 {
            self.from += self.at as u64;
            self.at = 0;
            self.source.read(self.from, PART, &mut self.held)?;
            self.held.push(b' ');
        }
        Ok(())
    }

    fn word(&mut self) -> Result<&[u8], Fault> {
        self.fill()?;
        let mut parser = Parser::new(self.held.get(self.at..).unwrap_or_default());
        let word = parser.word().map_err(|_| Fault::broken("its table of objects does not end"))?;
        self.at += parser.at;
        Ok(word)
    }

    fn number(&mut self) -> Result<u64, Fault> {
        let word = self.word()?;
        Parser::new(&[word, b" "].concat())
            .count()
            .map_err(|_| Fault::broken("its table of objects is not made of numbers"))
    }
}

fn plain(walk: &mut Walk<'_>, table: &mut Table, entries: &mut u64) -> Result<Dict, Fault> {
    loop {
        let word = walk.word()?;
        if word == b"trailer" {
            break;
        }
        let first = Parser::new(&[word, b" "].concat())
            .count()
            .map_err(|_| Fault::broken("its table of objects has no trailer"))?;
        let n = walk.number()?;
        count(entries, n)?;
        for number in first..first.saturating_add(n) {
            let offset = walk.number()?;
            walk.number()?;
            let place = match walk.word()? {
                b"n" if offset > 0 => Place::At(offset),
                b"n" | b"f" => Place::Nowhere,
                _ => return Err(Fault::broken("its table of objects has an entry of no known kind")),
            };
            table.put(number, place)?;
        }
    }
    let at = walk.from + walk.at as u64;
    let mut text = Vec::new();
    walk.source.read(at, TRAILER, &mut text)?;
    match Parser::new(&text).value() {
        Ok(Value::Dict(dict)) => Ok(dict),
        _ => Err(Fault::broken("its trailer is no dictionary")),
    }
}

fn stream(dict: &Dict, data: &[u8], table: &mut Table, entries: &mut u64) -> Result<(), Fault> {
    let wrong = || Fault::broken("the stream that says where its objects stand is wrong");
    if !dict.get("Type").is_some_and(|t| t.is_name("XRef")) {
        return Err(wrong());
    }
    let widths: Vec<usize> = dict
        .get("W")
        .and_then(Value::array)
        .ok_or_else(wrong)?
        .iter()
        .map(|w| w.int().and_then(|w| usize::try_from(w).ok()).filter(|w| *w <= 8).ok_or_else(wrong))
        .collect::<Result<_, _>>()?;
    let [kind, second, third] = widths[..] else { return Err(wrong()) };
    let width = kind + second + third;
    if width == 0 {
        return Err(wrong());
    }
    let size = dict.get("Size").and_then(Value::int).and_then(|n| u64::try_from(n).ok()).ok_or_else(wrong)?;
    let ranges: Vec<u64> = match dict.get("Index").and_then(Value::array) {
        None => vec![0, size],
        Some(index) => index
            .iter()
            .map(|n| n.int().and_then(|n| u64::try_from(n).ok()).ok_or_else(wrong))
            .collect::<Result<_, _>>()?,
    };
    let mut rows = data.chunks_exact(width);
    let field = |bytes: &[u8]| bytes.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
    for range in ranges.chunks_exact(2) {
        let (first, n) = (range[0], range[1]);
        count(entries, n.min(rows.len() as u64))?;
        // Rows that are missing at the end are objects that are not there.
        for (number, row) in (first..first.saturating_add(n)).zip(&mut rows) {
            let (k, rest) = row.split_at(kind);
            let (a, b) = rest.split_at(second);
            let (a, b) = (field(a), field(b));
            let place = match if kind == 0 { 1 } else { field(k) } {
                1 if a < 1 << 62 => Place::At(a),
                2 => match (u32::try_from(a), u32::try_from(b)) {
                    (Ok(stream), Ok(index)) if index < 1 << 30 => Place::In { stream, index },
                    _ => return Err(wrong()),
                },
                // Kinds of later versions mean null (7.5.8.3).
                _ => Place::Nowhere,
            };
            table.put(number, place)?;
        }
    }
    Ok(())
}
