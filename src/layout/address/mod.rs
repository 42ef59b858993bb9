//! `<address-block>`: name and address set as addressing software sets them, from what the attributes say.
//!
//! The element is written out as ordinary elements with classes that begin with `ab-` before the markup is read,
//! so that everything after that (styles, layout, caches, faults) knows nothing of it, and a template's own styles
//! can change all of it. The look comes from the built-in stylesheet (`markup/ua.css`).
//!
//! * [`numbers`] – numerals and hyphens of addresses in vertical lines
//! * `split` – prefecture, city and town, number, building
//! * `write` – the elements

mod numbers;
mod split;
mod write;

#[cfg(test)]
mod tests;

use super::fault::{Fault, FaultKind};
use crate::markup::dom::{Dom, NodeId};
use crate::markup::html;

/// The element's name.
const TAG: &str = "<address-block";

/// The longest start tag. Longer ones are left as they stand.
const MAX_TAG: usize = 8 << 10;

/// Markup whose address blocks are written out. Its memory is used again.
#[derive(Debug, Default)]
pub(super) struct Expander {
    pub html: String,
    /// (byte of `html`, byte of what was given, whether the bytes that follow stand there alike), rising.
    map: Vec<(u32, u32, bool)>,
    tag: Dom,
}

impl Expander {
    /// Writes the address blocks of a page out into `self.html`; whether there are any.
    pub fn expand(&mut self, html: &str, faults: &mut Vec<Fault>) -> bool {
        let mut places = memchr::memmem::find_iter(html.as_bytes(), TAG).peekable();
        if places.peek().is_none() {
            return false;
        }
        self.html.clear();
        self.map.clear();
        let mut copied = 0;
        for at in places {
            let Some(end) = tag_end(&html[at..]).map(|n| at + n) else { continue };
            if at < copied {
                continue;
            }
            self.copy(html, copied, at);
            copied = end;
            let tag = &html[at..end];
            let closed = tag.ends_with("/>");
            let mut written = tag.trim_end_matches('>').trim_end_matches('/').to_owned();
            written.push_str("></address-block>");
            let parsed = html::parse(&written, &mut self.tag);
            let Some(node) = parsed.ok().and_then(|()| block(&self.tag)) else { continue };
            if let Err(message) = write::write(&self.tag, node, at, &mut self.html, &mut self.map) {
                faults.push(Fault {
                    kind: FaultKind::Unsupported { message },
                    at: number(at),
                    element: "address-block".into(),
                });
            }
            // whatever stands between the tags comes after what is generated
            if closed {
                self.html.push_str("</address-block>");
            }
        }
        self.copy(html, copied, html.len());
        true
    }

    fn copy(&mut self, html: &str, from: usize, to: usize) {
        self.map.push((number(self.html.len()), number(from), true));
        self.html.push_str(&html[from..to]);
    }

    /// Where a byte of `html` stood in what was given.
    pub fn original(&self, byte: u32) -> u32 {
        let after = self.map.partition_point(|(written, ..)| *written <= byte);
        match after.checked_sub(1).and_then(|i| self.map.get(i)) {
            Some((written, given, true)) => given + (byte - written),
            Some((_, given, false)) => *given,
            None => 0,
        }
    }
}

fn block(dom: &Dom) -> Option<NodeId> {
    let body = dom.body()?;
    dom.subtree(body).find(|n| dom.is_element(*n) && dom.element_name(*n) == "address-block")
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Length of the start tag that a text begins with; `None` when it is another element's, or never ends.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut quote = None;
    if !matches!(bytes.get(TAG.len())?, b' ' | b'\t' | b'\n' | b'\r' | 0x0c | b'/' | b'>') {
        return None;
    }
    for (i, b) in bytes.iter().enumerate().take(MAX_TAG).skip(TAG.len()) {
        match (quote, *b) {
            (Some(q), b) if q == b => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(*b),
            (None, b'>') => return Some(i + 1),
            (None, _) => {}
        }
    }
    None
}
