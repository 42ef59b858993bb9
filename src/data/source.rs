//! Where the bytes of a table come from: a file as it stands, a packed one, one in UTF-16, a sheet of a workbook.
//!
//! Whatever it is, what comes out is delimited text in UTF-8 or CP932, which [`super::rows`] cuts. A packed file is
//! unpacked while it is read and never held as a whole; how far it may unfold is bounded, because a few kilobytes can
//! be made to unfold to any size.

use std::fs::File;
use std::io::{self, BufRead as _, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::archive;
use super::encoding::{self, Encoding};
use crate::base::{Diagnostic, Place};

/// How a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Packing {
    #[default]
    None,
    /// RFC 1952; also several members one behind the other.
    Gzip,
    /// RFC 8878; also several frames one behind the other.
    Zstd,
    /// A zip archive with one file.
    Zip(archive::Inside),
}

impl std::fmt::Display for Packing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "not packed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Zip(_) => "zip",
        })
    }
}

/// A packed table may unfold to this much, whatever its size, …
const SMALL: u64 = 64 << 20;
/// … and beyond that to so many times its size. Tables unfold to 5 to 30 times, a bomb to 1,000 and more.
const RATIO: u64 = 200;

/// Text that must be held in memory because it is read out of order takes no more than this.
const HELD: u64 = 1 << 30;

/// A file that was looked at, to be read from its beginning as often as needed.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    label: Arc<str>,
    packing: Packing,
    /// UTF-16, and the length of its byte order mark.
    wide: Option<(Encoding, usize)>,
    /// The rows of a sheet as delimited text.
    sheet: Option<Sheet>,
}

/// A table of a workbook or a database, as UTF-8 with commas. Its lines stand where its rows stand.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    pub name: Arc<str>,
    pub text: Arc<[u8]>,
}

/// A stream that can be read anywhere.
pub(super) trait Anywhere: Read + Seek + Send {}
impl<T: Read + Seek + Send> Anywhere for T {}

impl Source {
    /// Looks at the beginning of the file at `path`. `declared` is what the campaign says of its encoding.
    ///
    /// # Errors
    /// The file cannot be read, or is packed in a way that is not read.
    pub(super) fn open(path: &Path, label: &str, declared: Option<Encoding>) -> Result<Self, Diagnostic> {
        let cannot = |fault: io::Error| cannot_read(label, &fault).at(Place::File(label.to_owned()), "");
        let mut file = File::open(path).map_err(cannot)?;
        if file.metadata().map_err(cannot)?.is_dir() {
            let fault = Diagnostic::error("cannot-read", format!("{label} is a folder, not a file"));
            return Err(fault.at(Place::File(label.to_owned()), ""));
        }
        let start = look(&mut file, 8).map_err(cannot)?;
        let packing = match start.as_slice() {
            [0x1F, 0x8B, ..] => Packing::Gzip,
            // a frame, or one to be passed over with a frame behind it
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Packing::Zstd,
            start if archive::is_zip(start) => {
                let inside = archive::list(&mut file).and_then(|list| list.only(&mut file));
                Packing::Zip(inside.map_err(|fault| {
                    let message = format!("{label} cannot be read: {}", fault.message());
                    let fault = Diagnostic::error("cannot-unpack", message).at(Place::File(label.to_owned()), "");
                    fault.help("unpack it yourself, and name the file that holds the table")
                })?)
            }
            _ => Packing::None,
        };
        let mut source = Self { path: path.to_owned(), label: label.into(), packing, wide: None, sheet: None };
        source.wide = match declared {
            Some(wide) if wide.is_wide() => {
                let start = source.start(2).map_err(cannot)?;
                Some((wide, usize::from(matches!(start.as_slice(), [0xFF, 0xFE] | [0xFE, 0xFF])) * 2))
            }
            Some(_) => None,
            None => {
                let start = source.start(4096).map_err(cannot)?;
                let mark = usize::from(matches!(start.as_slice(), [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])) * 2;
                encoding::utf16(&start).map(|wide| (wide, mark))
            }
        };
        Ok(source)
    }

    /// The rows of a sheet, read already.
    #[cfg(any(feature = "excel", feature = "sqlite"))]
    pub(super) fn of_sheet(path: &Path, label: &str, sheet: Sheet) -> Self {
        let (path, label) = (path.to_owned(), label.into());
        Self { path, label, packing: Packing::None, wide: None, sheet: Some(sheet) }
    }

    /// The file's name as the campaign writes it.
    #[must_use]
    pub fn label(&self) -> &Arc<str> {
        &self.label
    }

    #[must_use]
    pub fn packing(&self) -> Packing {
        self.packing
    }

    /// The sheet of a workbook.
    #[must_use]
    pub fn sheet(&self) -> Option<&Arc<str>> {
        self.sheet.as_ref().map(|s| &s.name)
    }

    /// The encoding, where it is UTF-16.
    pub(super) fn wide(&self) -> Option<Encoding> {
        self.wide.map(|(encoding, _)| encoding)
    }

    /// The same, and whether the file begins with a byte order mark.
    pub(super) fn wide_with_mark(&self) -> Option<(Encoding, bool)> {
        self.wide.map(|(encoding, mark)| (encoding, mark > 0))
    }

    /// The text from its beginning.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(super) fn stream(&self) -> io::Result<Box<dyn Read + Send>> {
        let Some((encoding, mark)) = self.wide else { return self.bytes() };
        let mut bytes = self.bytes()?;
        io::copy(&mut bytes.by_ref().take(mark as u64), &mut io::sink())?;
        Ok(Box::new(Narrow::new(bytes, encoding)))
    }

    /// The text, to be read anywhere. What is not a plain file is held in memory for it.
    ///
    /// # Errors
    /// The file cannot be read, or would take too much memory.
    pub(super) fn anywhere(&self) -> Result<Box<dyn Anywhere>, Diagnostic> {
        let place = || Place::File(self.label.to_string());
        let cannot = |fault: io::Error| cannot_read(&self.label, &fault).at(place(), "");
        if let Some(sheet) = &self.sheet {
            return Ok(Box::new(io::Cursor::new(Arc::clone(&sheet.text))));
        }
        if self.packing == Packing::None && self.wide.is_none() {
            return Ok(Box::new(File::open(&self.path).map_err(cannot)?));
        }
        let mut text = Vec::new();
        self.stream().and_then(|s| s.take(HELD + 1).read_to_end(&mut text)).map_err(cannot)?;
        if text.len() as u64 > HELD {
            let message = format!("{} is too large to be read in another order as it is", self.label);
            let help = "unpack it and save it as UTF-8: then it need not be held in memory";
            return Err(Diagnostic::error("table-too-large", message).at(place(), "more than 1 GiB").help(help));
        }
        Ok(Box::new(io::Cursor::new(text)))
    }

    /// Up to `most` bytes of the unpacked file.
    fn start(&self, most: usize) -> io::Result<Vec<u8>> {
        look(&mut self.bytes()?, most)
    }

    fn bytes(&self) -> io::Result<Box<dyn Read + Send>> {
        if let Some(sheet) = &self.sheet {
            return Ok(Box::new(io::Cursor::new(Arc::clone(&sheet.text))));
        }
        let file = File::open(&self.path)?;
        let packed = file.metadata()?.len();
        let most = SMALL.max(packed.saturating_mul(RATIO));
        let inside: Box<dyn Read + Send> = match self.packing {
            Packing::None => return Ok(Box::new(file)),
            Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::with_capacity(64 << 10, file))),
            Packing::Zstd => Box::new(Frames::new(file)),
            Packing::Zip(inside) => inside.open(file)?,
        };
        Ok(Box::new(Bounded { inside, left: most }))
    }
}

/// A zstd file: its frames one behind the other.
struct Frames {
    source: Option<io::BufReader<File>>,
    frame: Option<Box<Frame>>,
}

type Frame = StreamingDecoder<io::Chain<io::Cursor<[u8; 4]>, io::BufReader<File>>, FrameDecoder>;

impl Frames {
    fn new(file: File) -> Self {
        Self { source: Some(io::BufReader::with_capacity(64 << 10, file)), frame: None }
    }

    /// Begins the next frame; whether there is one.
    fn next(&mut self) -> io::Result<bool> {
        let Some(mut source) = self.source.take() else { return Ok(false) };
        loop {
            if source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            let mut magic = [0; 4];
            source.read_exact(&mut magic)?;
            // a frame to be passed over: its length stands behind
            if matches!(magic, [0x50..=0x5F, 0x2A, 0x4D, 0x18]) {
                let mut length = [0; 4];
                source.read_exact(&mut length)?;
                io::copy(&mut source.by_ref().take(u64::from(u32::from_le_bytes(length))), &mut io::sink())?;
                continue;
            }
            let inside = StreamingDecoder::new(io::Cursor::new(magic).chain(source)).map_err(|_| broken())?;
            self.frame = Some(Box::new(inside));
            return Ok(true);
        }
    }

    /// Ends a frame: what was read must be what was packed.
    fn end(&mut self) -> io::Result<()> {
        let Some(frame) = self.frame.take() else { return Ok(()) };
        let (source, decoder) = frame.into_parts();
        let (stated, found) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
        if stated.is_some() && stated != found {
            return Err(broken());
        }
        self.source = Some(source.into_inner().1);
        Ok(())
    }
}

impl Read for Frames {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(frame) = &mut self.frame {
                let read = frame.read(out).map_err(|_| broken())?;
                if read > 0 {
                    return Ok(read);
                }
                self.end()?;
            }
            if !self.next()? {
                return Ok(0);
            }
        }
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Told("it is packed, and damaged"))
}

/// What an error of ours says, in words that are the same on every machine.
#[derive(Debug)]
struct Told(&'static str);

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Told {}

/// What is unpacked, up to a bound.
struct Bounded {
    inside: Box<dyn Read + Send>,
    left: u64,
}

impl Read for Bounded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.inside.read(out).map_err(|fault| match fault.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof => broken(),
            _ => fault,
        })?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                Told("it unfolds to more than 200 times its size, which no table does"),
            )
        })?;
        Ok(read)
    }
}

/// UTF-16 as UTF-8. A unit that is half of a character becomes U+FFFD, which no cell may have: its row is told.
struct Narrow<R> {
    inside: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The bytes of `raw` that are not decoded.
    from: usize,
    to: usize,
    ended: bool,
    out: Vec<u8>,
    given: usize,
}

const WIDE: usize = 64 << 10;

impl<R: Read> Narrow<R> {
    fn new(inside: R, encoding: Encoding) -> Self {
        let wide = if encoding == Encoding::Utf16Be { UTF_16BE } else { UTF_16LE };
        Self {
            inside,
            decoder: wide.new_decoder_without_bom_handling(),
            raw: vec![0; WIDE],
            from: 0,
            to: 0,
            ended: false,
            out: Vec::new(),
            given: 0,
        }
    }
}

impl<R: Read> Read for Narrow<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            if self.ended && self.from == self.to {
                return Ok(0);
            }
            if self.from == self.to {
                (self.from, self.to) = (0, self.inside.read(&mut self.raw)?);
                self.ended = self.to == 0;
            }
            self.given = 0;
            // 3 bytes for each unit, and some room that the decoder asks for.
            self.out.resize(WIDE * 2, 0);
            let raw = self.raw.get(self.from..self.to).unwrap_or_default();
            let (result, read, written, _) = self.decoder.decode_to_utf8(raw, &mut self.out, self.ended);
            self.out.truncate(written);
            self.from += read;
            if self.ended && result == CoderResult::InputEmpty && written == 0 {
                return Ok(0);
            }
        }
        let rest = self.out.get(self.given..).unwrap_or_default();
        let n = rest.len().min(out.len());
        if let (Some(to), Some(from)) = (out.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.given += n;
        Ok(n)
    }
}

/// Gives byte offset and length of one row after the other.
pub type Places = Box<dyn FnMut() -> Option<(u64, u32)> + Send>;

/// The rows of a file, one behind the other in an order of their own.
pub(super) struct Reordered {
    pub file: Box<dyn Anywhere>,
    pub next: Places,
    /// Bytes of the row under way that are not read.
    pub left: u64,
    /// Whether what was given last ends with a line end.
    pub ended: bool,
}

impl Read for Reordered {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < out.len() {
            if self.left == 0 {
                // The last row of a file may have no line end.
                if !self.ended {
                    if let Some(place) = out.get_mut(filled) {
                        *place = b'\n';
                    }
                    (filled, self.ended) = (filled + 1, true);
                    continue;
                }
                let Some((byte, length)) = (self.next)() else { break };
                self.file.seek(SeekFrom::Start(byte))?;
                self.left = u64::from(length);
                continue;
            }
            let room = out.get_mut(filled..).unwrap_or_default();
            let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(room.len());
            let read = self.file.read(room.get_mut(..most).unwrap_or_default())?;
            if read == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file became shorter"));
            }
            self.left -= read as u64;
            filled += read;
            self.ended = out.get(filled - 1) == Some(&b'\n');
        }
        Ok(filled)
    }
}

pub(super) fn cannot_read(label: &str, fault: &io::Error) -> Diagnostic {
    // The system's own words differ from machine to machine; the kind does not.
    match fault.get_ref().and_then(|inner| inner.downcast_ref::<Told>()) {
        Some(told) => Diagnostic::error("cannot-unpack", format!("{label} cannot be read: {told}"))
            .help("ask for the file again, or unpack it yourself and name the unpacked one"),
        None => Diagnostic::error("cannot-read", format!("{label} cannot be read: {}", fault.kind())),
    }
}

/// Up to `most` bytes from where the stream stands.
pub(super) fn look(stream: &mut dyn Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
