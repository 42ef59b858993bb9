//! HTML text to a tree.

use super::build::{self, Stop};
use super::dom::{Dom, Repair};
use super::fault::{Fault, FaultKind};
use super::{repair, xhtml};

/// The longest markup of one record.
pub const MAX_BYTES: usize = 16 << 20;
/// The longest markup that is repaired when it is not well formed.
pub const MAX_REPAIR_BYTES: usize = 2 << 20;
/// Elements inside one another.
pub const MAX_DEPTH: usize = 512;
/// Attributes of one tag.
pub const MAX_ATTRIBUTES: usize = 1024;

/// How markup is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// As HTML (HTML Standard, section 13).
    #[default]
    Html,
    /// As XML (section 14): tags nest as they are written, `<br/>` and `<div/>` close themselves, `<![CDATA[` holds
    /// characters. What is not well formed is read as HTML.
    Xml,
}

/// [`parse`], in either syntax.
///
/// # Errors
/// As [`parse`].
pub fn parse_as(syntax: Syntax, source: &str, dom: &mut Dom) -> Result<(), Fault> {
    if syntax == Syntax::Html || source.len() > MAX_REPAIR_BYTES {
        return parse(source, dom);
    }
    let Some(written) = xhtml::rewrite(source) else { return parse(source, dom) };
    dom.clear();
    dom.source.push_str(&written.source);
    dom.map = written.map;
    dom.repaired = Some(Repair { byte: 0, reason: "the document is XML" });
    match build::build(dom, true) {
        Ok(()) => Ok(()),
        Err(Stop::Fault(fault)) => Err(Fault { byte: dom.original(fault.byte as u32), ..fault }),
        Err(Stop::Repair { .. }) => parse(source, dom),
    }
}

/// Parses a document, or a part of one (`html`, `head` and `body` are then added, as browsers do), into `dom`,
/// whose earlier content is lost and whose memory is used again.
///
/// # Errors
/// Only for markup beyond the limits above; markup that is not well formed is repaired as browsers do, and
/// [`Dom::repaired`](Dom) says so.
pub fn parse(source: &str, dom: &mut Dom) -> Result<(), Fault> {
    dom.clear();
    if source.len() > MAX_BYTES {
        return Err(Fault { kind: FaultKind::TooLong, byte: MAX_BYTES });
    }
    dom.source.push_str(source);
    let (byte, reason) = match build::build(dom, false) {
        Ok(()) => return Ok(()),
        Err(Stop::Fault(fault)) => return Err(fault),
        Err(Stop::Repair { byte, reason }) => (byte, reason),
    };
    if source.len() > MAX_REPAIR_BYTES {
        return Err(Fault { kind: FaultKind::TooLong, byte });
    }
    let repaired = repair::repair(source)?;
    dom.clear_tree();
    dom.source.clear();
    dom.source.push_str(&repaired.source);
    dom.map = repaired.map;
    dom.repaired = Some(Repair { byte, reason });
    match build::build(dom, true) {
        Ok(()) => Ok(()),
        Err(Stop::Fault(fault)) => Err(Fault { byte: dom.original(fault.byte as u32), ..fault }),
        Err(Stop::Repair { .. }) => Err(Fault { kind: FaultKind::Unrepairable, byte }),
    }
}
