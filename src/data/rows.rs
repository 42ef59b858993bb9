//! Where each row of a delimited file begins and ends.
//!
//! Rows are found before they are parsed, for three reasons: their exact line and byte are known (blank lines
//! and CRLF included); a row that never ends (a quotation mark that nobody closed, a cell of 50 MB) is met
//! with bounded memory; and after such a row reading can go on at the next line of the file, so that one
//! stray mark does not swallow everybody behind it. What is *in* a row is the `csv` crate's work.

use std::io::{self, Read};

use memchr::{memchr, memchr2, memchr3};

/// What is wrong with a row's outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// A quotation mark is never closed, or only in a later row. The span is the first line only.
    OpenQuote,
    /// Text between a closing quotation mark and the next delimiter.
    TextAfterQuote,
    /// Longer than the limit in one line. The span is its beginning.
    TooLong,
}

/// One row; blank lines are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    start: usize,
    end: usize,
    /// Whether the bytes lie in `kept`, not in the window.
    kept: bool,
    pub row: u64,
    pub line: u64,
    pub byte: u64,
    /// Lines that the row takes.
    pub lines: u64,
    pub trouble: Option<Trouble>,
}

/// How much of an over-long row is kept for the rejects.
const KEPT: usize = 64 << 10;
const WINDOW: usize = 256 << 10;

pub(super) struct Rows<R> {
    source: R,
    window: Vec<u8>,
    /// The unread bytes are `window[start..end]`.
    start: usize,
    end: usize,
    ended: bool,
    kept: Vec<u8>,
    peeked: Option<Span>,
    delimiter: u8,
    limit: usize,
    /// Of the byte at `start`.
    row: u64,
    line: u64,
    byte: u64,
}

impl<R> std::fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("row", &self.row).field("line", &self.line).finish_non_exhaustive()
    }
}

enum Scan {
    /// `body` ends before the terminator, `next` begins behind it.
    Row { body: usize, next: usize, lines: u64, text_after_quote: bool },
    /// The end is not in sight.
    More { open: bool },
}

impl<R: Read> Rows<R> {
    /// `byte` is the source's offset in its file.
    pub fn new(source: R, delimiter: u8, limit: usize, byte: u64) -> Self {
        Self {
            source,
            window: vec![0; WINDOW.min(limit.max(1024))],
            start: 0,
            end: 0,
            ended: false,
            kept: Vec::new(),
            peeked: None,
            delimiter,
            limit: limit.max(1024),
            row: 1,
            line: 1,
            byte,
        }
    }

    /// The bytes of a span, without the line end. Valid until the next call of `next`.
    pub fn bytes(&self, span: &Span) -> &[u8] {
        if span.kept { &self.kept[span.start..span.end] } else { &self.window[span.start..span.end] }
    }

    /// Whether there is another row. Its bytes stay where they are.
    pub fn peek(&mut self) -> io::Result<bool> {
        if self.peeked.is_none() {
            self.peeked = self.next()?;
        }
        Ok(self.peeked.is_some())
    }

    /// The row that [`Self::peek`] found.
    pub fn peeked(&self) -> Option<Span> {
        self.peeked
    }

    /// Offset behind what was given.
    pub fn byte(&self) -> u64 {
        self.byte
    }

    pub fn next(&mut self) -> io::Result<Option<Span>> {
        if let Some(span) = self.peeked.take() {
            return Ok(Some(span));
        }
        loop {
            match scan(&self.window[self.start..self.end], self.delimiter, self.ended) {
                Scan::Row { body, next, lines, text_after_quote } => {
                    if next == 0 {
                        return Ok(None);
                    }
                    let span = self.span(body, lines, None);
                    // Text behind a closing mark several lines further down: the mark that closed it was
                    // another cell's opening one.
                    if text_after_quote && lines > 1 {
                        return Ok(Some(self.first_line(&span)));
                    }
                    self.advance(next, lines);
                    if body > 0 {
                        let trouble = text_after_quote.then_some(Trouble::TextAfterQuote);
                        return Ok(Some(Span { trouble, ..span }));
                    }
                }
                Scan::More { open } => {
                    let seen = self.end - self.start;
                    if self.ended {
                        // Only an open quotation mark keeps a row from ending with the file.
                        debug_assert!(open);
                        let span = self.span(seen, 1, None);
                        return Ok(Some(self.first_line(&span)));
                    }
                    if seen >= self.limit {
                        if open && memchr2(b'\n', b'\r', &self.window[self.start..self.end]).is_some() {
                            let span = self.span(seen, 1, None);
                            return Ok(Some(self.first_line(&span)));
                        }
                        return self.too_long().map(Some);
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Takes a row that was given as whole for its first line only, and goes on at the next one. The span
    /// must be the latest, and have several lines.
    pub fn first_line(&mut self, span: &Span) -> Span {
        self.start = span.start;
        (self.row, self.line, self.byte) = (span.row, span.line, span.byte);
        let rest = &self.window[span.start..self.end];
        let (body, next) = match memchr2(b'\n', b'\r', rest) {
            Some(i) => (i, line_end(rest, i)),
            None => (rest.len(), rest.len()),
        };
        let cut = self.span(body, 1, Some(Trouble::OpenQuote));
        self.advance(next, 1);
        cut
    }

    fn span(&self, length: usize, lines: u64, trouble: Option<Trouble>) -> Span {
        Span {
            start: self.start,
            end: self.start + length,
            kept: false,
            row: self.row,
            line: self.line,
            byte: self.byte,
            lines,
            trouble,
        }
    }

    fn advance(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.byte += bytes as u64;
        self.line += lines;
        self.row += 1;
    }

    /// Keeps the beginning of a row and passes over the rest of its line.
    fn too_long(&mut self) -> io::Result<Span> {
        let keep = KEPT.min(self.end - self.start);
        self.kept.clear();
        self.kept.extend_from_slice(&self.window[self.start..self.start + keep]);
        let span = Span { start: 0, end: keep, kept: true, ..self.span(0, 1, Some(Trouble::TooLong)) };
        loop {
            let rest = &self.window[self.start..self.end];
            match memchr2(b'\n', b'\r', rest) {
                // A CR that is the last byte in sight may have its LF behind it.
                Some(i) if self.ended || rest[i] == b'\n' || i + 1 < rest.len() => {
                    let next = line_end(rest, i);
                    self.advance(next, 1);
                    return Ok(span);
                }
                found => {
                    let pass = found.unwrap_or(rest.len());
                    self.start += pass;
                    self.byte += pass as u64;
                    if self.ended {
                        self.advance(0, 1);
                        return Ok(span);
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Reads more behind what is there, growing the window only when it is full of one row.
    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.window.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.window.len() {
            let more = self.window.len().min(self.limit.saturating_sub(self.window.len()).max(4096));
            self.window.resize(self.window.len() + more, 0);
        }
        loop {
            match self.source.read(&mut self.window[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(n) => self.end += n,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                Err(fault) => return Err(fault),
            }
            return Ok(());
        }
    }
}

/// Whether the bytes of a row that was cut short end inside a quoted cell.
pub(super) fn is_open(bytes: &[u8], delimiter: u8) -> bool {
    matches!(scan(bytes, delimiter, true), Scan::More { .. })
}

/// Where the line behind the CR or LF at `at` begins.
fn line_end(bytes: &[u8], at: usize) -> usize {
    if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 }
}

/// Finds the end of the row that begins at 0, by the rules of RFC 4180 as the `csv` crate reads them: a
/// quotation mark means something only as the first byte of a cell; CR, LF and CRLF all end a row.
fn scan(bytes: &[u8], delimiter: u8, ended: bool) -> Scan {
    let at_end = |open: bool| {
        if ended && !open {
            Scan::Row { body: bytes.len(), next: bytes.len(), lines: 1, text_after_quote: false }
        } else {
            Scan::More { open }
        }
    };
    let row = |end: usize, lines: u64, text_after_quote: bool| {
        if end + 1 == bytes.len() && bytes[end] == b'\r' && !ended {
            return Scan::More { open: false };
        }
        Scan::Row { body: end, next: line_end(bytes, end), lines, text_after_quote }
    };
    // Most rows have no quotation mark at all.
    match memchr3(b'"', b'\n', b'\r', bytes) {
        None => return at_end(false),
        Some(i) if bytes[i] != b'"' => return row(i, 1, false),
        Some(_) => {}
    }
    let (mut at, mut lines, mut text_after_quote) = (0, 1, false);
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        if quoted {
            let open = at + 1;
            at = open;
            loop {
                match memchr(b'"', &bytes[at..]) {
                    None => return Scan::More { open: true },
                    Some(i) if bytes.get(at + i + 1) == Some(&b'"') => at += i + 2,
                    // What follows the mark decides what it means.
                    Some(i) if at + i + 1 == bytes.len() && !ended => return Scan::More { open: true },
                    Some(i) => {
                        lines += line_ends(&bytes[open..at + i]);
                        at += i + 1;
                        break;
                    }
                }
            }
        }
        let end = memchr3(delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |i| at + i);
        text_after_quote |= quoted && bytes[at..end].iter().any(|b| *b != b' ');
        match bytes.get(end) {
            None if ended => return Scan::Row { body: end, next: end, lines, text_after_quote },
            None => return Scan::More { open: false },
            Some(b) if *b == delimiter => at = end + 1,
            Some(_) => return row(end, lines, text_after_quote),
        }
    }
}

/// Line ends in a quoted cell: LF, CRLF, or CR alone.
fn line_ends(bytes: &[u8]) -> u64 {
    let lone_cr = |i: &usize| bytes.get(i + 1) != Some(&b'\n');
    (memchr::memchr_iter(b'\n', bytes).count() + memchr::memchr_iter(b'\r', bytes).filter(lone_cr).count()) as u64
}

/// Whether any line of a row that has several is a row of `columns` cells by itself: then the lines were not
/// meant to be one cell.
pub(super) fn holds_rows(bytes: &[u8], delimiter: u8, columns: usize) -> bool {
    columns > 2
        && bytes
            .split(|b| *b == b'\n')
            .skip(1)
            .any(|line| !line.contains(&b'"') && memchr::memchr_iter(delimiter, line).count() + 1 == columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8], limit: usize) -> Vec<(u64, u64, u64, String, Option<Trouble>)> {
        // One byte at a time: every boundary is met in the middle.
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let n = self.0.len().min(out.len()).min(1);
                out[..n].copy_from_slice(&self.0[..n]);
                self.0 = &self.0[n..];
                Ok(n)
            }
        }
        let mut rows = Rows::new(Slow(bytes), b',', limit, 0);
        let mut out = Vec::new();
        while let Some(span) = rows.next().expect("memory can be read") {
            let text = String::from_utf8_lossy(rows.bytes(&span)).into_owned();
            out.push((span.row, span.line, span.byte, text, span.trouble));
        }
        out
    }

    #[test]
    fn rows_lines_and_bytes_are_exact_with_every_kind_of_line_end() {
        let found = rows(b"a,b\r\n\r\n1,\"x\r\ny\"\r2,z\n\n3,", 4096);
        let expected =
            [(1, 1, 0, "a,b", None), (3, 3, 7, "1,\"x\r\ny\"", None), (4, 5, 16, "2,z", None), (6, 7, 21, "3,", None)];
        let expected = expected.map(|(r, l, b, t, x)| (r, l, b, t.to_owned(), x));
        assert_eq!(found, expected);
    }

    #[test]
    fn an_open_quotation_mark_costs_one_line() {
        let found = rows(b"a,b\n1,\"open\n2,x\n3,y\n", 4096);
        let texts: Vec<_> = found.iter().map(|r| (r.1, r.3.as_str(), r.4)).collect();
        assert_eq!(
            texts,
            [(1, "a,b", None), (2, "1,\"open", Some(Trouble::OpenQuote)), (3, "2,x", None), (4, "3,y", None)]
        );
        // Closed by the opening mark of a later cell: the text behind it gives it away.
        let found = rows(b"1,\"open\n2,\"x\",\n3,y\n", 4096);
        let texts: Vec<_> = found.iter().map(|r| (r.1, r.3.as_str(), r.4)).collect();
        assert_eq!(texts, [(1, "1,\"open", Some(Trouble::OpenQuote)), (2, "2,\"x\",", None), (3, "3,y", None)]);
    }

    #[test]
    fn a_row_beyond_the_limit_is_passed_over() {
        let mut bytes = b"a,b\n1,".to_vec();
        bytes.resize(bytes.len() + 5000, b'x');
        bytes.extend(b"\r\n2,y\n");
        let found = rows(&bytes, 2048);
        assert_eq!(found[1].4, Some(Trouble::TooLong));
        assert_eq!((found[2].0, found[2].1, found[2].2, found[2].3.as_str()), (3, 3, 5008, "2,y"));
    }
}
