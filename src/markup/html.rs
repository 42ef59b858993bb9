//! HTML text to a tree.

use super::dom::Dom;
use super::fault::{Fault, FaultKind};

/// The longest markup of one record.
pub const MAX_BYTES: usize = 16 << 20;
/// The longest markup that is repaired when it is not well formed.
pub const MAX_REPAIR_BYTES: usize = 2 << 20;
/// Elements inside one another.
pub const MAX_DEPTH: usize = 512;
/// Attributes of one tag.
pub const MAX_ATTRIBUTES: usize = 1024;

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
    Ok(())
}
