//! Finding out what a delimited file does not say: its encoding and its delimiter.

use std::io;

use super::csv::ReadOptions;
use super::encoding::{self, Encoding, Evidence, Verdict};
use super::source::{Source, cannot_read, look};
use crate::base::{Diagnostic, Place};

/// How much of a file is looked at to find its encoding and delimiter.
pub(super) const LOOK: usize = 256 << 10;

/// The encoding, declared or found. An export whose first part is ASCII says nothing yet: then the file
/// is read on to the first part that does.
pub(super) fn find_encoding(
    source: &Source,
    start: &[u8],
    bom: usize,
    options: &ReadOptions,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Encoding, Diagnostic> {
    let label = &**source.label();
    let place = || Place::File(label.to_owned());
    let save_as = "Save it as CSV UTF-8, or as CSV (which is CP932 on a Japanese machine).";
    if let Some(wide) = source.wide() {
        return Ok(wide);
    }
    if bom > 0 {
        return match options.encoding {
            Some(Encoding::Cp932) => {
                let message = format!("{label} is declared CP932, but begins with the mark of UTF-8 (EF BB BF)");
                let help = "Take `encoding` out of the campaign file: it is found out.";
                Err(Diagnostic::error("wrong-encoding", message).at(place(), "").help(help))
            }
            _ => Ok(Encoding::Utf8),
        };
    }
    if let (Some(declared), Some(wide)) = (options.encoding, encoding::utf16(start)) {
        let message = format!("{label} is declared {declared}, but reads as {wide}");
        let help = "Take `encoding` out of the campaign file: it is found out.";
        return Err(Diagnostic::error("wrong-encoding", message).at(place(), "").help(help));
    }
    let mut evidence = Evidence::of(start, start.len() < LOOK);
    if start.len() == LOOK && evidence.lines() == 0 {
        let cannot = |fault: io::Error| cannot_read(label, &fault).at(place(), "");
        let mut stream = source.stream().map_err(cannot)?;
        look(&mut stream, LOOK).map_err(cannot)?;
        loop {
            let part = look(&mut stream, LOOK).map_err(cannot)?;
            if part.is_ascii() && part.len() == LOOK {
                continue;
            }
            // The part may begin inside a character.
            let from = memchr::memchr(b'\n', &part).map_or(0, |i| i + 1);
            evidence = Evidence::of(part.get(from..).unwrap_or_default(), part.len() < LOOK);
            if evidence.lines() > 0 || part.len() < LOOK {
                break;
            }
        }
    }
    let verdict = evidence.verdict();
    if let Some(declared) = options.encoding {
        if evidence.lines() > 0 && evidence.lines_in(declared) == 0 {
            let found = match verdict {
                Verdict::Is(other) if other != declared => format!("reads as {other}"),
                _ => "is another encoding".to_owned(),
            };
            let message = format!("{label} is declared {declared}, but {found}");
            let help = "Take `encoding` out of the campaign file: it is found out.";
            return Err(Diagnostic::error("wrong-encoding", message).at(place(), "").help(help));
        }
        return Ok(declared);
    }
    let other = match verdict {
        Verdict::Ascii => return Ok(Encoding::Utf8),
        Verdict::EucJp => {
            let fault = Diagnostic::error("euc-jp", format!("{label} looks like EUC-JP, which is not read"));
            let help = "If it is CP932 with half-width kana only, say `encoding = \"cp932\"`.";
            return Err(fault.at(place(), "").help(save_as).help(help));
        }
        Verdict::Unknown => {
            let message = format!("{label} is neither UTF-8 nor CP932 nor UTF-16");
            return Err(Diagnostic::error("unknown-encoding", message).at(place(), "").help(save_as));
        }
        Verdict::Is(Encoding::Cp932) => Encoding::Utf8,
        Verdict::Is(_) => Encoding::Cp932,
    };
    let Verdict::Is(found) = verdict else { return Ok(Encoding::Utf8) };
    if evidence.lines_in(other) > 0 || evidence.neither > 0 {
        let message = format!(
            "{label} is read as {found}, but not all of its lines are {found}: {} {other}, {} neither",
            evidence.lines_in(other),
            evidence.neither
        );
        warnings.push(
            Diagnostic::warning("mixed-encodings", message)
                .at(place(), "")
                .help("each cell that cannot be read is told with its row and column"),
        );
    }
    Ok(found)
}

/// The delimiter that stands most often in the first row, outside quotation marks; the comma if none does.
pub(super) fn find_delimiter(start: &[u8], declared: Option<u8>) -> u8 {
    if let Some(declared) = declared {
        return declared;
    }
    let mut counts = [(0usize, b','), (0, b'\t'), (0, b';')];
    let mut quoted = false;
    for b in start.iter().skip_while(|b| matches!(b, b'\r' | b'\n')) {
        match b {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(_, d)| d == b).for_each(|(n, _)| *n += 1),
            _ => {}
        }
    }
    // The first of equals: the comma.
    counts.iter().rev().max_by_key(|(n, _)| *n).map_or(b',', |(_, d)| *d)
}
