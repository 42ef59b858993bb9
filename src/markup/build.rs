//! The quick way from text to tree: one pass over markup that is well formed, with the end tags written out.
//!
//! It follows the HTML Standard's tokenisation (section 13.2.5) and, of its tree construction (13.2.6), the part
//! that needs no repair: implied `html`, `head`, `body` and `tbody`. At the first construct for which the standard
//! has a rule beyond that (an end tag left out, a block inside an open `p`, text directly in a table, …) it stops
//! with [`Stop::Repair`], and [`super::repair`] does the work. Two liberties, neither of which shows on paper: white space
//! after `</body>` is dropped, and so is the content of `script`.

use memchr::{memchr, memmem};

use super::dom::{Attribute, Dom, Node, NodeId, NodeKind, Text};
use super::entity;
use super::fault::{Fault, FaultKind};
use super::hash;
use super::html::{MAX_ATTRIBUTES, MAX_DEPTH};
use super::name::{KNOWN, Name};

/// An element whose end tag has not come yet.
#[derive(Debug)]
pub(super) struct Open {
    node: NodeId,
    name: Name,
    last: Option<NodeId>,
    hash: u64,
    /// Not written in the markup.
    implied: bool,
}

/// Why the quick way ended early.
#[derive(Debug)]
pub(super) enum Stop {
    Repair { byte: usize, reason: &'static str },
    Fault(Fault),
}

type Done<T = ()> = Result<T, Stop>;

fn repair<T>(byte: usize, reason: &'static str) -> Done<T> {
    Err(Stop::Repair { byte, reason })
}

fn fault<T>(kind: FaultKind, byte: usize) -> Done<T> {
    Err(Stop::Fault(Fault { kind, byte }))
}

const VOID: u16 = 1;
/// Content is characters up to the end tag, without entities.
const RAW: u16 = 2;
/// The same with entities.
const RCDATA: u16 = 4;
const CLOSES_P: u16 = 8;
const HEADING: u16 = 16;
/// Elements with rules of their own, left to [`super::repair`].
const ALIEN: u16 = 32;
const TABLE_PART: u16 = 64;
const IN_HEAD: u16 = 128;
/// End tags that other tags may imply.
const IMPLIED_END: u16 = 256;
/// The first line break of the content is not part of it.
const SKIPS_NEWLINE: u16 = 512;
/// May not stand inside another of its own name.
const NOT_NESTED: u16 = 1024;
/// Some rule looks for it: everything that is not here is ordinary.
const RULED: u16 = CLOSES_P | HEADING | ALIEN | TABLE_PART | IMPLIED_END | NOT_NESTED;

#[rustfmt::skip]
const FLAGS: [u16; KNOWN as usize] = {
    const fn set(flags: &mut [u16; KNOWN as usize], flag: u16, names: &[Name]) {
        let mut i = 0;
        while i < names.len() {
            flags[names[i].0 as usize] |= flag;
            i += 1;
        }
    }
    let mut f = [0; KNOWN as usize];
    set(&mut f, VOID, &[Name::AREA, Name::BASE, Name::BASEFONT, Name::BGSOUND, Name::BR, Name::COL, Name::EMBED, Name::HR,
        Name::IMG, Name::INPUT, Name::KEYGEN, Name::LINK, Name::META, Name::PARAM, Name::SOURCE, Name::TRACK, Name::WBR]);
    set(&mut f, RAW, &[Name::STYLE, Name::SCRIPT, Name::IFRAME, Name::NOEMBED, Name::NOFRAMES, Name::XMP]);
    set(&mut f, RCDATA, &[Name::TITLE, Name::TEXTAREA]);
    set(&mut f, CLOSES_P, &[Name::ADDRESS, Name::ARTICLE, Name::ASIDE, Name::BLOCKQUOTE, Name::CENTER, Name::DETAILS,
        Name::DIALOG, Name::DIR, Name::DIV, Name::DL, Name::FIELDSET, Name::FIGCAPTION, Name::FIGURE, Name::FOOTER,
        Name::HEADER, Name::HGROUP, Name::MAIN, Name::MENU, Name::NAV, Name::OL, Name::P, Name::SEARCH, Name::SECTION,
        Name::SUMMARY, Name::UL, Name::H1, Name::H2, Name::H3, Name::H4, Name::H5, Name::H6, Name::PRE, Name::LISTING,
        Name::FORM, Name::LI, Name::DD, Name::DT, Name::PLAINTEXT, Name::TABLE, Name::HR, Name::XMP]);
    set(&mut f, HEADING, &[Name::H1, Name::H2, Name::H3, Name::H4, Name::H5, Name::H6]);
    set(&mut f, ALIEN, &[Name::SELECT, Name::OPTION, Name::OPTGROUP, Name::FRAMESET, Name::FRAME, Name::TEMPLATE,
        Name::NOSCRIPT, Name::SVG, Name::MATH, Name::PLAINTEXT, Name::IMAGE, Name::APPLET, Name::MARQUEE, Name::OBJECT,
        Name::XMP, Name::IFRAME, Name::NOEMBED, Name::NOFRAMES, Name::HTML, Name::HEAD, Name::BODY]);
    set(&mut f, TABLE_PART, &[Name::CAPTION, Name::COLGROUP, Name::COL, Name::TBODY, Name::THEAD, Name::TFOOT, Name::TR,
        Name::TD, Name::TH]);
    set(&mut f, IN_HEAD, &[Name::BASE, Name::BASEFONT, Name::BGSOUND, Name::LINK, Name::META, Name::TITLE, Name::STYLE,
        Name::SCRIPT]);
    set(&mut f, IMPLIED_END, &[Name::P, Name::LI, Name::DD, Name::DT, Name::RB, Name::RP, Name::RT, Name::RTC]);
    set(&mut f, SKIPS_NEWLINE, &[Name::PRE, Name::LISTING, Name::TEXTAREA]);
    set(&mut f, NOT_NESTED, &[Name::A, Name::NOBR, Name::BUTTON, Name::FORM]);
    f
};

fn flags(name: Name) -> u16 {
    FLAGS.get(name.0 as usize).copied().unwrap_or(0)
}

/// Whether an element is written without an end tag (outside `svg` and `math`).
pub(super) fn is_void(name: &str) -> bool {
    Name::known(name).is_some_and(|n| flags(n) & VOID != 0)
}

/// Whether an element's content is characters as they stand (outside `svg` and `math`).
pub(super) fn is_raw(name: &str) -> bool {
    Name::known(name).is_some_and(|n| flags(n) & RAW != 0)
}

/// Whether the first line break of an element's content is dropped.
pub(super) fn skips_newline(name: &str) -> bool {
    Name::known(name).is_some_and(|n| flags(n) & SKIPS_NEWLINE != 0)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    BeforeHtml,
    BeforeHead,
    InHead,
    AfterHead,
    InBody,
    AfterBody,
    AfterHtml,
}

fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\n' | b'\t' | b'\r' | 0x0C)
}

struct Tag {
    start: usize,
    end: usize,
    name: Name,
    attributes: std::ops::Range<u32>,
}

struct Builder<'a> {
    dom: &'a mut Dom,
    source: &'a str,
    bytes: &'a [u8],
    /// The text comes from [`super::repair`]: nothing is checked, everything is written out.
    repaired: bool,
    stage: Stage,
    has_cr: bool,
    has_amp: bool,
    open_p: u32,
    /// Open `svg` and `math`: inside, no element is void or raw.
    foreign: u32,
    skip_newline: bool,
    scratch: String,
}

/// Builds the tree of `dom.source`.
pub(super) fn build(dom: &mut Dom, repaired: bool) -> Done {
    let source = std::mem::take(&mut dom.source);
    let bytes = source.as_bytes();
    let mut builder = Builder {
        source: &source,
        bytes,
        repaired,
        stage: Stage::BeforeHtml,
        has_cr: memchr(b'\r', bytes).is_some(),
        has_amp: memchr(b'&', bytes).is_some(),
        open_p: 0,
        foreign: 0,
        skip_newline: false,
        scratch: String::new(),
        dom,
    };
    let done = builder.run();
    dom.source = source;
    done
}

impl Builder<'_> {
    fn run(&mut self) -> Done {
        if !self.repaired
            && let Some(byte) = memchr(0, self.bytes)
        {
            return repair(byte, "the markup contains a NUL character");
        }
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|r| !r.is_empty()) {
            if rest[0] == b'<' {
                at = self.markup(at)?;
            } else {
                let end = memchr(b'<', rest).map_or(self.bytes.len(), |i| at + i);
                self.text(at, end)?;
                at = end;
            }
            if self.dom.open.len() > MAX_DEPTH {
                return fault(FaultKind::TooDeep, at);
            }
        }
        self.finish()
    }

    fn byte(&self, at: usize) -> u8 {
        // 0 cannot occur in the text, so it stands for its end.
        self.bytes.get(at).copied().unwrap_or(0)
    }

    fn rest(&self, at: usize) -> &[u8] {
        self.bytes.get(at..).unwrap_or(&[])
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while is_space(self.byte(at)) {
            at += 1;
        }
        at
    }

    /// What starts with `<`; answers where it ends.
    fn markup(&mut self, at: usize) -> Done<usize> {
        match self.byte(at + 1) {
            b'a'..=b'z' | b'A'..=b'Z' => {
                self.skip_newline = false;
                self.start_tag(at)
            }
            b'/' => {
                self.skip_newline = false;
                self.end_tag(at)
            }
            b'!' => {
                self.skip_newline = false;
                self.declaration(at)
            }
            b'?' => {
                self.skip_newline = false;
                match memchr(b'>', self.rest(at)) {
                    Some(i) => Ok(at + i + 1),
                    None => repair(at, "a `<?` is not closed"),
                }
            }
            _ => repair(at, "a `<` starts no tag; as a character it is written `&lt;`"),
        }
    }

    /// Comments and the document type (13.2.5.42 to 13.2.5.68).
    fn declaration(&mut self, at: usize) -> Done<usize> {
        let rest = self.rest(at);
        if let Some(body) = rest.strip_prefix(b"<!--") {
            if body.starts_with(b">") || body.starts_with(b"->") {
                // An empty comment of the standard's; [`super::repair`] writes none such.
                return repair(at, "a comment is closed before it began");
            }
            return match memmem::find(body, b"-->") {
                Some(i) if memmem::find(&body[..i], b"--!>").is_none() => Ok(at + 4 + i + 3),
                _ => repair(at, "a comment is not closed by `-->`"),
            };
        }
        let is_doctype = rest.get(2..9).is_some_and(|w| w.eq_ignore_ascii_case(b"doctype"));
        if is_doctype && self.stage != Stage::BeforeHtml {
            return repair(at, "the document type stands within the document");
        }
        match memchr(b'>', rest) {
            Some(i) => Ok(at + i + 1),
            None => repair(at, "a `<!` is not closed"),
        }
    }

    /// Reads a name up to white space, `/`, `>` (and, in attributes, `=`), in lower case.
    fn name(&mut self, at: usize, attribute: bool) -> Done<(Name, usize)> {
        let mut end = at;
        let mut upper = false;
        loop {
            let b = self.byte(end);
            match b {
                b'a'..=b'z' | b'-' | b'0'..=b'9' => {}
                b'/' | b'>' => break,
                // A leading `=` is part of an attribute's name (13.2.5.32).
                b'=' if attribute && end > at => break,
                0 => return repair(at, "a tag is not closed"),
                b'A'..=b'Z' => upper = true,
                b if is_space(b) => break,
                _ => {}
            }
            end += 1;
        }
        let Some(text) = self.source.get(at..end) else { return repair(at, "a tag is cut") };
        let name = if upper {
            let mut lower = std::mem::take(&mut self.scratch);
            lower.clear();
            lower.push_str(text);
            lower.make_ascii_lowercase();
            let name = self.dom.intern(&lower);
            self.scratch = lower;
            name
        } else {
            self.dom.intern(text)
        };
        match name {
            Some(name) => Ok((name, end)),
            None => fault(FaultKind::TooManyNames, at),
        }
    }

    fn start_tag(&mut self, start: usize) -> Done<usize> {
        let (name, mut at) = self.name(start + 1, false)?;
        let first = self.dom.attributes.len();
        loop {
            at = self.skip_space(at);
            match self.byte(at) {
                b'>' => {
                    at += 1;
                    break;
                }
                // A solidus means nothing on an HTML element, even before `>`.
                b'/' => {
                    at += 1;
                    continue;
                }
                0 => return repair(start, "a tag is not closed"),
                _ => {}
            }
            let (attribute, end) = self.name(at, true)?;
            let name_span = at as u32..end as u32;
            at = self.skip_space(end);
            let (value, span) = if self.byte(at) == b'=' {
                at = self.skip_space(at + 1);
                let quote = self.byte(at);
                let (from, to) = match quote {
                    b'"' | b'\'' => match memchr(quote, self.rest(at + 1)) {
                        Some(i) => (at + 1, at + 1 + i),
                        None => return repair(at, "an attribute's quotation is not closed"),
                    },
                    b'>' => return repair(at, "an attribute has `=` and no value"),
                    _ => {
                        let len = self.rest(at).iter().position(|b| is_space(*b) || *b == b'>');
                        match len {
                            Some(len) => (at, at + len),
                            None => return repair(start, "a tag is not closed"),
                        }
                    }
                };
                at = if matches!(quote, b'"' | b'\'') { to + 1 } else { to };
                (self.decode(from, to)?, from as u32..to as u32)
            } else {
                at = end;
                (Text::Source(end as u32..end as u32), name_span)
            };
            let so_far = self.dom.attributes.get(first..).unwrap_or(&[]);
            if so_far.len() >= MAX_ATTRIBUTES {
                return fault(FaultKind::TooManyAttributes, start);
            }
            // The first of two attributes with one name counts (13.2.5.33).
            if so_far.iter().all(|a| a.name != attribute) {
                self.dom.attributes.push(Attribute { name: attribute, value, span });
            }
        }
        let tag = Tag { start, end: at, name, attributes: first as u32..self.dom.attributes.len() as u32 };
        self.place(tag)
    }

    /// Puts a start tag's element where it belongs (13.2.6.4); answers where reading goes on.
    fn place(&mut self, tag: Tag) -> Done<usize> {
        let flag = flags(tag.name);
        loop {
            match self.stage {
                Stage::BeforeHtml if tag.name == Name::HTML => {
                    self.stage = Stage::BeforeHead;
                    self.open(&tag, false);
                    return Ok(tag.end);
                }
                Stage::BeforeHtml => {
                    self.imply(Name::HTML, tag.start);
                    self.stage = Stage::BeforeHead;
                }
                Stage::BeforeHead if tag.name == Name::HEAD => {
                    self.stage = Stage::InHead;
                    self.dom.head = Some(self.open(&tag, false));
                    return Ok(tag.end);
                }
                Stage::BeforeHead => {
                    if tag.name == Name::HTML {
                        return repair(tag.start, "there are two `<html>`");
                    }
                    self.dom.head = Some(self.imply(Name::HEAD, tag.start));
                    self.stage = Stage::InHead;
                }
                Stage::InHead if self.repaired => return self.content(tag, flag),
                Stage::InHead if flag & IN_HEAD != 0 => return self.content(tag, flag),
                Stage::InHead => {
                    if flag & ALIEN != 0 && tag.name != Name::BODY {
                        return repair(tag.start, "this element is read by a browser's own rules");
                    }
                    self.close(tag.start);
                    self.stage = Stage::AfterHead;
                }
                Stage::AfterHead if tag.name == Name::BODY => {
                    self.stage = Stage::InBody;
                    self.dom.body = Some(self.open(&tag, false));
                    return Ok(tag.end);
                }
                Stage::AfterHead if self.repaired => return self.content(tag, flag),
                Stage::AfterHead => {
                    if flag & (IN_HEAD | ALIEN) != 0 {
                        return repair(tag.start, "this element stands between head and body");
                    }
                    self.dom.body = Some(self.imply(Name::BODY, tag.start));
                    self.stage = Stage::InBody;
                }
                Stage::InBody => {
                    if !self.repaired {
                        self.check(&tag, flag)?;
                    }
                    return self.content(tag, flag);
                }
                Stage::AfterBody | Stage::AfterHtml => return repair(tag.start, "an element stands after `</body>`"),
            }
        }
    }

    fn parent(&self) -> Name {
        self.dom.open.last().map_or(Name::HTML, |o| o.name)
    }

    /// Whether the standard would do anything but nest the element.
    fn check(&mut self, tag: &Tag, flag: u16) -> Done {
        if matches!(self.parent(), Name::TBODY | Name::TABLE) && flag & TABLE_PART != 0 {
            if self.parent() == Name::TABLE && tag.name == Name::TR {
                self.imply(Name::TBODY, tag.start);
            } else if tag.name != Name::TR && self.dom.open.last().is_some_and(|o| o.implied) {
                self.close(tag.start);
            }
        }
        let parent = self.parent();
        let allowed: &[Name] = match parent {
            Name::TABLE => {
                &[Name::CAPTION, Name::COLGROUP, Name::THEAD, Name::TBODY, Name::TFOOT, Name::STYLE, Name::SCRIPT]
            }
            Name::TBODY | Name::THEAD | Name::TFOOT => &[Name::TR, Name::STYLE, Name::SCRIPT],
            Name::TR => &[Name::TD, Name::TH, Name::STYLE, Name::SCRIPT],
            Name::COLGROUP => &[Name::COL],
            _ => {
                if flag & TABLE_PART != 0 {
                    return repair(tag.start, "a part of a table stands outside of one");
                }
                &[]
            }
        };
        if !allowed.is_empty() {
            return if allowed.contains(&tag.name) {
                Ok(())
            } else {
                repair(tag.start, "this element may not stand directly in a table")
            };
        }
        if flag & RULED == 0 {
            return Ok(());
        }
        if flag & ALIEN != 0 {
            return repair(tag.start, "this element is read by a browser's own rules");
        }
        if flag & CLOSES_P != 0 && self.open_p > 0 {
            return repair(tag.start, "this element may not stand in a `<p>` and ends it");
        }
        if flag & HEADING != 0 && flags(parent) & HEADING != 0 {
            return repair(tag.start, "a heading stands in a heading");
        }
        if flag & NOT_NESTED != 0 && self.dom.open.iter().any(|o| o.name == tag.name) {
            return repair(tag.start, "this element may not stand in another of its name");
        }
        match tag.name {
            Name::LI => self.not_within(tag, &[Name::LI], &[Name::UL, Name::OL, Name::MENU, Name::DIR]),
            Name::DD | Name::DT => self.not_within(tag, &[Name::DD, Name::DT], &[Name::DL]),
            Name::RB | Name::RP | Name::RT | Name::RTC if flags(parent) & IMPLIED_END != 0 => {
                repair(tag.start, "an end tag is left out")
            }
            _ => Ok(()),
        }
    }

    /// Looks upward for one of `these`, as far as one of `within`.
    fn not_within(&self, tag: &Tag, these: &[Name], within: &[Name]) -> Done {
        for open in self.dom.open.iter().rev() {
            if these.contains(&open.name) {
                return repair(tag.start, "an end tag is left out");
            }
            if within.contains(&open.name) {
                break;
            }
        }
        Ok(())
    }

    /// Makes the element and, where its content is characters, reads it to its end.
    fn content(&mut self, tag: Tag, flag: u16) -> Done<usize> {
        if self.foreign > 0 {
            self.open(&tag, false);
        } else if flag & VOID != 0 {
            self.leaf(&tag);
        } else if flag & (RAW | RCDATA) != 0 {
            return self.characters(&tag, flag);
        } else {
            self.open(&tag, false);
            self.skip_newline = flag & SKIPS_NEWLINE != 0;
        }
        Ok(tag.end)
    }

    /// `style`, `script`, `title`, `textarea`: characters up to the end tag.
    fn characters(&mut self, tag: &Tag, flag: u16) -> Done<usize> {
        let name = tag.name.known_text().unwrap_or("");
        let mut at = tag.end;
        let (end, after) = loop {
            let Some(i) = memmem::find(self.rest(at), b"</") else {
                return repair(tag.start, "an end tag is missing");
            };
            at += i;
            let word = self.rest(at + 2).get(..name.len());
            let next = self.byte(at + 2 + name.len());
            if word.is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes()))
                && (is_space(next) || next == b'/' || next == b'>')
            {
                let after = self.skip_space(at + 2 + name.len());
                if self.byte(after) != b'>' {
                    return repair(at, "an end tag has attributes");
                }
                break (at, after + 1);
            }
            at += 2;
        };
        if tag.name == Name::SCRIPT
            && memmem::find(self.rest(tag.end).get(..end - tag.end).unwrap_or(&[]), b"<!--").is_some()
        {
            return repair(tag.start, "a script contains `<!--`");
        }
        self.open(tag, false);
        if tag.name != Name::SCRIPT {
            let mut from = tag.end;
            if flag & SKIPS_NEWLINE != 0 {
                from = self.after_newline(from, end);
            }
            if from < end {
                let text = if flag & RCDATA != 0 { self.decode(from, end)? } else { self.normal(from, end) };
                self.add_text(text, from, end);
            }
        }
        self.close(after);
        Ok(after)
    }

    fn after_newline(&self, from: usize, end: usize) -> usize {
        match self.bytes.get(from..end) {
            Some([b'\r', b'\n', ..]) => from + 2,
            Some([b'\n' | b'\r', ..]) => from + 1,
            _ => from,
        }
    }

    fn end_tag(&mut self, at: usize) -> Done<usize> {
        if !self.byte(at + 2).is_ascii_alphabetic() {
            return repair(at, "a `</` starts no end tag");
        }
        let (name, end) = self.name(at + 2, false)?;
        let end = self.skip_space(end);
        if self.byte(end) != b'>' {
            return repair(at, "an end tag has attributes");
        }
        let end = end + 1;
        match (self.stage, name) {
            (Stage::InHead, Name::HEAD) if self.parent() == Name::HEAD => {
                self.close(end);
                self.stage = Stage::AfterHead;
            }
            (Stage::InBody, Name::BODY) if self.parent() == Name::BODY => {
                self.close(end);
                self.stage = Stage::AfterBody;
            }
            (Stage::InBody, Name::HTML) if self.parent() == Name::BODY => {
                self.close(at);
                self.close(end);
                self.stage = Stage::AfterHtml;
            }
            (Stage::AfterBody, Name::HTML) => {
                self.close(end);
                self.stage = Stage::AfterHtml;
            }
            (Stage::InBody, _) | (Stage::InHead | Stage::AfterHead, _)
                if self.repaired || self.stage == Stage::InBody =>
            {
                if name == Name::TABLE
                    && self.parent() == Name::TBODY
                    && self.dom.open.last().is_some_and(|o| o.implied)
                {
                    self.close(at);
                }
                if self.parent() != name || matches!(name, Name::BODY | Name::HTML | Name::HEAD) {
                    return repair(at, "this end tag does not match the element that is open");
                }
                self.close(end);
            }
            _ => return repair(at, "an end tag stands where nothing is open"),
        }
        Ok(end)
    }

    /// Characters between tags.
    fn text(&mut self, mut from: usize, end: usize) -> Done {
        if self.skip_newline {
            self.skip_newline = false;
            if self.byte(from) == b'&' {
                return repair(from, "preformatted text starts with a character reference");
            }
            from = self.after_newline(from, end);
            if from == end {
                return Ok(());
            }
        }
        if self.stage != Stage::InBody {
            let word = self.skip_space(from).min(end);
            match self.stage {
                Stage::InHead if self.repaired => {
                    let text = self.decode(from, end)?;
                    self.add_text(text, from, end);
                    return Ok(());
                }
                Stage::InHead | Stage::AfterHead if word > from => {
                    let text = self.normal(from, word);
                    self.add_text(text, from, word);
                }
                _ => {}
            }
            if word == end {
                return Ok(());
            }
            if self.byte(word) == b'&' && !self.repaired {
                return repair(word, "text starts with a character reference before the body");
            }
            if self.stage == Stage::BeforeHtml {
                self.imply(Name::HTML, word);
                self.stage = Stage::BeforeHead;
            }
            if self.stage == Stage::BeforeHead {
                self.dom.head = Some(self.imply(Name::HEAD, word));
                self.stage = Stage::InHead;
            }
            if self.stage == Stage::InHead {
                self.close(word);
                self.stage = Stage::AfterHead;
            }
            if self.stage != Stage::AfterHead {
                return repair(word, "text stands after `</body>`");
            }
            self.dom.body = Some(self.imply(Name::BODY, word));
            self.stage = Stage::InBody;
            from = word;
        }
        if !self.repaired
            && matches!(
                self.parent(),
                Name::TABLE | Name::TBODY | Name::THEAD | Name::TFOOT | Name::TR | Name::COLGROUP
            )
            && self.skip_space(from) < end
        {
            return repair(from, "text stands directly in a table");
        }
        let text = self.decode(from, end)?;
        self.add_text(text, from, end);
        Ok(())
    }

    /// Characters without entities: only line breaks may need to change (13.2.3.5).
    fn normal(&mut self, from: usize, end: usize) -> Text {
        let source = self.source.get(from..end).unwrap_or("");
        if !self.has_cr || memchr(b'\r', source.as_bytes()).is_none() {
            return Text::Source(from as u32..end as u32);
        }
        let start = self.dom.decoded.len();
        push_lines(source, &mut self.dom.decoded);
        Text::Decoded(start as u32..self.dom.decoded.len() as u32)
    }

    /// Characters with entities.
    fn decode(&mut self, from: usize, end: usize) -> Done<Text> {
        let bytes = self.bytes.get(from..end).unwrap_or(&[]);
        let Some(first) = self.has_amp.then(|| memchr(b'&', bytes)).flatten() else {
            return Ok(self.normal(from, end));
        };
        let start = self.dom.decoded.len();
        let mut at = from;
        let mut next = Some(first);
        while let Some(i) = next {
            push_lines(self.source.get(at..at + i).unwrap_or(""), &mut self.dom.decoded);
            at += i;
            let rest = self.source.get(at + 1..end).unwrap_or("");
            match entity::decode(rest) {
                entity::Decoded::Char(c, len) => {
                    self.dom.decoded.push(c);
                    at += 1 + len;
                }
                entity::Decoded::Plain => {
                    self.dom.decoded.push('&');
                    at += 1;
                }
                entity::Decoded::Unknown => {
                    return repair(at, "a character reference is not one of the common ones, or lacks its `;`");
                }
            }
            next = memchr(b'&', self.bytes.get(at..end).unwrap_or(&[]));
        }
        push_lines(self.source.get(at..end).unwrap_or(""), &mut self.dom.decoded);
        Ok(Text::Decoded(start as u32..self.dom.decoded.len() as u32))
    }

    fn add_text(&mut self, text: Text, from: usize, end: usize) {
        let hash = hash::bytes(self.bytes.get(from..end).unwrap_or(&[]));
        self.add(Node {
            kind: NodeKind::Text(text),
            parent: None,
            first_child: None,
            next_sibling: None,
            prev_sibling: None,
            index: 0,
            element_children: 0,
            span: from as u32..end as u32,
            content: end as u32,
            hash,
        });
        if let Some(parent) = self.dom.open.last_mut() {
            parent.hash = hash::mix(parent.hash, hash);
        }
    }

    /// Links a node as the last child of the innermost open element.
    fn add(&mut self, mut node: Node) -> NodeId {
        let id = NodeId(self.dom.nodes.len() as u32);
        if let Some(parent) = self.dom.open.last_mut() {
            node.parent = Some(parent.node);
            node.prev_sibling = parent.last;
            match parent.last.replace(id) {
                Some(last) => self.dom.nodes[last.0 as usize].next_sibling = Some(id),
                None => self.dom.nodes[parent.node.0 as usize].first_child = Some(id),
            }
            if matches!(node.kind, NodeKind::Element { .. }) {
                let count = &mut self.dom.nodes[parent.node.0 as usize].element_children;
                *count += 1;
                node.index = *count;
            }
        }
        self.dom.nodes.push(node);
        id
    }

    fn add_element(
        &mut self,
        name: Name,
        attributes: std::ops::Range<u32>,
        span: std::ops::Range<u32>,
        hash: u64,
    ) -> NodeId {
        let id = self.add(Node {
            kind: NodeKind::Element { name, attributes },
            parent: None,
            first_child: None,
            next_sibling: None,
            prev_sibling: None,
            index: 0,
            element_children: 0,
            content: span.end,
            span,
            hash,
        });
        if matches!(name, Name::STYLE | Name::LINK) {
            self.dom.sheets.push(id);
        }
        id
    }

    fn open(&mut self, tag: &Tag, implied: bool) -> NodeId {
        let hash = if implied {
            hash::mix(u64::from(tag.name.0), 1)
        } else {
            hash::bytes(self.bytes.get(tag.start..tag.end).unwrap_or(&[]))
        };
        let node = self.add_element(tag.name, tag.attributes.clone(), tag.start as u32..tag.end as u32, hash);
        self.dom.open.push(Open { node, name: tag.name, last: None, hash, implied });
        match tag.name {
            Name::P => self.open_p += 1,
            Name::SVG | Name::MATH => self.foreign += 1,
            _ => {}
        }
        node
    }

    /// An element that the markup leaves out.
    fn imply(&mut self, name: Name, at: usize) -> NodeId {
        self.open(&Tag { start: at, end: at, name, attributes: 0..0 }, true)
    }

    fn leaf(&mut self, tag: &Tag) {
        let hash = hash::bytes(self.bytes.get(tag.start..tag.end).unwrap_or(&[]));
        self.add_element(tag.name, tag.attributes.clone(), tag.start as u32..tag.end as u32, hash);
        if let Some(parent) = self.dom.open.last_mut() {
            parent.hash = hash::mix(parent.hash, hash);
        }
    }

    /// Ends the innermost open element at byte `end`.
    fn close(&mut self, end: usize) {
        let Some(open) = self.dom.open.pop() else { return };
        match open.name {
            Name::P => self.open_p -= 1,
            Name::SVG | Name::MATH => self.foreign -= 1,
            _ => {}
        }
        let node = &mut self.dom.nodes[open.node.0 as usize];
        node.span.end = end as u32;
        node.hash = hash::mix(open.hash, u64::from(node.span.end - node.span.start));
        let hash = node.hash;
        if let Some(parent) = self.dom.open.last_mut() {
            parent.hash = hash::mix(parent.hash, hash);
        }
    }

    /// The end of the text.
    fn finish(&mut self) -> Done {
        let end = self.bytes.len();
        if self.stage == Stage::BeforeHtml {
            self.imply(Name::HTML, end);
            self.stage = Stage::BeforeHead;
        }
        if self.stage == Stage::BeforeHead {
            self.dom.head = Some(self.imply(Name::HEAD, end));
            self.stage = Stage::InHead;
        }
        if self.stage == Stage::InHead {
            if self.parent() != Name::HEAD {
                return repair(end, "an element is not closed");
            }
            self.close(end);
            self.stage = Stage::AfterHead;
        }
        if self.stage == Stage::AfterHead {
            self.dom.body = Some(self.imply(Name::BODY, end));
            self.stage = Stage::InBody;
        }
        if self.stage == Stage::InBody {
            if self.parent() != Name::BODY {
                let open = self.dom.open.last().map_or(end, |o| self.dom.node(o.node).span.start as usize);
                return repair(open, "this element is not closed");
            }
            self.close(end);
            self.stage = Stage::AfterBody;
        }
        if self.stage == Stage::AfterBody {
            self.close(end);
        }
        Ok(())
    }
}

/// Adds `text` with line breaks as HTML has them: CR LF and CR become LF.
fn push_lines(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(i) = memchr(b'\r', rest.as_bytes()) {
        out.push_str(&rest[..i]);
        out.push('\n');
        rest = &rest[i + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
}
