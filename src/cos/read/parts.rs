//! Document parts (ISO 32000-2, 14.12; ISO 16612-2, 6.5): which pages belong together, and what they are called.

use super::Fault;
use super::pages::Pages;
use super::reader::{Object, Reader};
use super::syntax::{Dict, Value};

/// Nodes within each other.
const DEPTH: usize = 16;
/// Nodes in all.
const MOST: usize = 1 << 24;
/// Where the name of a record stands in its metadata.
const NAMES: [[&str; 3]; 2] =
    [["CIP4_Root", "CIP4_Recipient", "CIP4_UniqueID"], ["CIP4_Root", "CIP4_Recipient", "CIP4_ExternalID"]];

/// Calls `each` with the pages (from 0) and the name (empty if it has none) of each part at the end of the tree, in
/// order. Gives `false` if the file has no document parts.
///
/// # Errors
/// [`Fault::Broken`]: the parts do not cover the pages in order.
pub fn parts(
    reader: &mut Reader,
    pages: &Pages,
    mut each: impl FnMut(std::ops::Range<usize>, &str),
) -> Result<bool, Fault> {
    let catalog = reader.catalog()?;
    let Value::Dict(root) = reader.get(&catalog, "DPartRoot")? else { return Ok(false) };
    let Some(Value::Ref(top)) = root.get("DPartRootNode").cloned() else {
        return Err(Fault::broken("its document parts have no root"));
    };
    let mut open = vec![vec![top].into_iter()];
    let (mut next, mut nodes) = (0, 0);
    while let Some(kids) = open.last_mut() {
        let Some(number) = kids.next() else {
            open.pop();
            continue;
        };
        nodes += 1;
        if nodes > MOST || open.len() > DEPTH {
            return Err(Fault::TooLarge("its document parts are too many or nested too deeply".to_owned()));
        }
        let Object::Value(Value::Dict(node)) = reader.object(number)? else {
            return Err(Fault::broken("a document part is no dictionary"));
        };
        if let Value::Array(groups) = reader.get(&node, "DParts")? {
            let mut kids = Vec::new();
            for group in &groups {
                let group = reader.resolved(group)?;
                kids.extend(group.array().unwrap_or_default().iter().filter_map(Value::reference));
            }
            open.push(kids.into_iter());
            continue;
        }
        let wrong = || Fault::broken("its document parts do not cover the pages in their order");
        let start = node.get("Start").and_then(Value::reference).ok_or_else(wrong)?;
        let end = node.get("End").and_then(Value::reference).unwrap_or(start);
        if pages.number(next) != Some(start) {
            return Err(wrong());
        }
        let first = next;
        while pages.number(next).ok_or_else(wrong)? != end {
            next += 1;
        }
        next += 1;
        let name = name(reader, &node)?;
        each(first..next, &name);
    }
    if next == pages.len() { Ok(true) } else { Err(Fault::broken("its document parts leave pages out")) }
}

fn name(reader: &mut Reader, node: &Dict) -> Result<String, Fault> {
    for path in NAMES {
        let mut at = reader.get(node, "DPM")?;
        for key in path {
            at = match &at {
                Value::Dict(dict) => reader.get(dict, key)?,
                _ => Value::Null,
            };
        }
        if let Value::String(bytes) = at {
            return Ok(text_of(&bytes));
        }
    }
    Ok(String::new())
}

/// A text string (7.9.2.2): UTF-16 or UTF-8 if it says so, else what PDFDocEncoding shares with Latin-1.
#[must_use]
pub fn text_of(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|u| u16::from_be_bytes([u[0], u[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|b| char::from(*b)).collect(),
    }
}
