//! XHTML written out as the HTML that [`super::build`] reads without any rule of repair: one pass over well-formed
//! XML. What is not well formed is left to HTML's own rules, so that every file gives pages.
//!
//! Entities are those of HTML; what a document type defines itself is not read. Prefixes of names are dropped
//! where they stand for elements (`html:p` is `p`).

use super::build::{is_raw, is_void, skips_newline};
use super::entity::{self, Decoded};
use super::html::MAX_DEPTH;
use super::repair::{Repaired, escape};

/// The same document with every tag as HTML wants it; `None` when it is not well formed.
pub(super) fn rewrite(source: &str) -> Option<Repaired> {
    let mut w =
        Rewriter { source, at: 0, out: String::with_capacity(source.len() + 64), map: Vec::new(), open: Vec::new() };
    w.run()?;
    Some(Repaired { source: w.out, map: w.map })
}

struct Rewriter<'a> {
    source: &'a str,
    at: usize,
    out: String,
    map: Vec<(u32, u32)>,
    /// Open elements as they are written, with what they are in HTML.
    open: Vec<Open<'a>>,
}

struct Open<'a> {
    written: &'a str,
    name: String,
    foreign: bool,
    /// Only in the root: a head and a body have been written.
    head: bool,
    body: bool,
}

impl<'a> Rewriter<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    /// What stands before `end`, and goes on behind it.
    fn until(&mut self, end: &str) -> Option<&'a str> {
        let rest = self.rest();
        let i = rest.find(end)?;
        self.at += i + end.len();
        rest.get(..i)
    }

    fn mark(&mut self) {
        if let (Ok(out), Ok(at)) = (u32::try_from(self.out.len()), u32::try_from(self.at)) {
            self.map.push((out, at));
        }
    }

    fn run(&mut self) -> Option<()> {
        let mut done = false;
        while !self.rest().is_empty() {
            let rest = self.rest();
            self.mark();
            if rest.starts_with("<!--") {
                self.at += 4;
                self.until("-->")?;
                if !self.open.is_empty() && !self.is_raw() {
                    self.out.push_str("<!-- -->");
                }
            } else if rest.starts_with("<![CDATA[") {
                self.at += 9;
                let text = self.until("]]>")?;
                self.text(text, false)?;
            } else if rest.starts_with("<?") {
                self.until("?>")?;
            } else if rest.starts_with("<!") {
                self.document_type()?;
            } else if rest.starts_with("</") {
                self.at += 2;
                let name = self.until(">")?.trim();
                let open = self.open.pop().filter(|o| o.written == name)?;
                self.close(&open);
                done = self.open.is_empty();
            } else if rest.starts_with('<') {
                if done {
                    return None;
                }
                self.at += 1;
                self.start_tag()?;
                done = self.open.is_empty();
            } else {
                let end = rest.find('<').unwrap_or(rest.len());
                self.at += end;
                self.text(rest.get(..end)?, true)?;
            }
        }
        done.then_some(())
    }

    /// `<!DOCTYPE … [ … ]>`
    fn document_type(&mut self) -> Option<()> {
        let rest = self.rest();
        let end = rest.find('>')?;
        let subset = rest.find('[').filter(|i| *i < end);
        self.at += match subset {
            None => end + 1,
            Some(from) => {
                let close = from + rest.get(from..)?.find(']')?;
                close + rest.get(close..)?.find('>')? + 1
            }
        };
        Some(())
    }

    fn is_raw(&self) -> bool {
        self.open.last().is_some_and(|o| !o.foreign && is_raw(&o.name))
    }

    fn text(&mut self, text: &str, references: bool) -> Option<()> {
        let Some(parent) = self.open.last() else {
            return text.trim().is_empty().then_some(());
        };
        if self.open.len() == 1 && parent.name == "html" {
            // only elements stand between head and body
            return text.trim().is_empty().then_some(());
        }
        if parent.name == "script" && !parent.foreign {
            return Some(());
        }
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while references && let Some(i) = rest.find('&') {
            plain.push_str(rest.get(..i)?);
            rest = rest.get(i + 1..)?;
            match entity::decode(rest) {
                Decoded::Char(c, len) => {
                    plain.push(c);
                    rest = rest.get(len..)?;
                }
                Decoded::Plain => plain.push('&'),
                // a name of the longer list: HTML's own reader knows it
                Decoded::Unknown => return None,
            }
        }
        plain.push_str(rest);
        if !self.is_raw() {
            escape(&plain, &mut self.out);
        } else if !plain.contains("</") {
            self.out.push_str(&plain);
        }
        Some(())
    }

    fn start_tag(&mut self) -> Option<()> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/')?;
        let written = rest.get(..end).filter(|n| !n.is_empty() && !n.contains(['<', '"', '\'', '=']))?;
        self.at += end;
        let mut name = written.rsplit(':').next()?.to_ascii_lowercase();
        let level = self.open.len();
        let foreign = self.open.last().is_some_and(|o| o.foreign || matches!(o.name.as_str(), "svg" | "math"));
        if level >= MAX_DEPTH {
            return None;
        }
        match (level, name.as_str()) {
            (0, "html") => {}
            (0, _) => return None,
            (1, "head" | "body") => {
                let root = self.open.first_mut()?;
                if root.body || (name == "head" && root.head) {
                    return None;
                }
                if name == "body" && !root.head {
                    self.out.push_str("<head></head>");
                }
                root.head = true;
                root.body = name == "body";
            }
            (1, _) => return None,
            (_, "html" | "head" | "body") => name.insert_str(0, "x-"),
            _ => {}
        }
        self.out.push('<');
        self.out.push_str(&name);
        let closed = self.attributes()?;
        self.out.push('>');
        let open = Open { written, name, foreign, head: false, body: false };
        if !foreign && skips_newline(&open.name) {
            self.out.push('\n');
        }
        if closed {
            self.close(&open);
        } else {
            self.open.push(open);
        }
        Some(())
    }

    /// Writes the attributes; whether the tag closes itself.
    fn attributes(&mut self) -> Option<bool> {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let rest = self.rest();
            if rest.starts_with("/>") {
                self.at += 2;
                return Some(true);
            }
            if rest.starts_with('>') {
                self.at += 1;
                return Some(false);
            }
            let name = self.until("=")?.trim();
            if name.is_empty() || name.contains(|c: char| c.is_whitespace() || "<>\"'/&".contains(c)) {
                return None;
            }
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start().len();
            let quote = self.rest().get(..1).filter(|q| matches!(*q, "\"" | "'"))?;
            self.at += 1;
            self.mark();
            let value = self.until(quote)?;
            if value.contains('<') {
                return None;
            }
            self.out.push(' ');
            self.out.push_str(match name {
                "xml:lang" => "lang",
                name => name,
            });
            self.out.push_str("=\"");
            // references stand as they are; a quotation mark can only come from a value in apostrophes
            self.out.push_str(&value.replace('"', "&quot;"));
            self.out.push('"');
        }
    }

    fn close(&mut self, open: &Open<'_>) {
        if open.name == "html" && self.open.is_empty() {
            if !open.head {
                self.out.push_str("<head></head>");
            }
            if !open.body {
                self.out.push_str("<body></body>");
            }
        }
        if open.foreign || !is_void(&open.name) {
            self.out.push_str("</");
            self.out.push_str(&open.name);
            self.out.push('>');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(source: &str) -> Option<String> {
        rewrite(source).map(|r| r.source)
    }

    #[test]
    fn tags_nest_as_they_are_written() {
        let xml = "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"x.dtd\">\n\
            <html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>a</title></head>\n\
            <body><p>x<div id='q'/>y<br/></p><![CDATA[<b>&]]></body></html>\n";
        assert_eq!(
            written(xml).unwrap(),
            "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>a</title></head>\
             <body><p>x<div id=\"q\"></div>y<br></p>&lt;b&gt;&amp;</body></html>"
        );
    }

    #[test]
    fn a_style_is_characters() {
        let xml = "<html><head><style><![CDATA[ p > b { color: red } ]]></style><style>a &gt; b {}</style></head><body/></html>";
        assert_eq!(
            written(xml).unwrap(),
            "<html><head><style> p > b { color: red } </style><style>a > b {}</style></head><body></body></html>"
        );
    }

    #[test]
    fn what_is_not_well_formed_is_left_to_html() {
        for xml in [
            "",
            "text",
            "<p>a</p>",
            "<html>",
            "<html></p></html>",
            "<html><body><p></body></html>",
            "<html></html><p/>",
            "<html><body a=b></body></html>",
            "<html",
            "<html><body><!-- </body></html>",
            "<html><body>&foo;</body></html>",
            "<html><body <p></body></html>",
            "<!DOCTYPE html [ <!ENTITY",
            "<html><p/></html>",
        ] {
            assert_eq!(written(xml), None, "{xml}");
        }
        assert_eq!(written("<html/>").unwrap(), "<html><head></head><body></body></html>");
    }

    #[test]
    fn the_way_back_is_kept() {
        let xml = "<html><body><p/><p>あ</p></body></html>";
        let r = rewrite(xml).unwrap();
        let (new, old) = (r.source.find("<p>あ").unwrap() as u32, xml.find("<p>あ").unwrap() as u32);
        assert!(r.map.contains(&(new, old)), "{:?}", r.map);
    }
}
