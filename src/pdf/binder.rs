//! A file put together from pages of other files: each placed page is a form, each sheet a page that places forms.
//! Memory does not grow with the number of sheets.

use std::io::Write;
use std::sync::Arc;

use super::document::Document;
use super::dpart::Parts;
use super::font::{self, Numbers};
use super::object::{hex_byte, indirect, int, real, reference, stream, text};
use super::resource::GlyphSet;
use super::tree::{self, Tree};
use super::writer::{self, FileSummary, Packed, Sink, Trailer};
use super::xref::{Place, Xref};
use super::{Fault, content, metadata};
use crate::asset::font::Font;
use crate::base::Size;
use crate::base::digest::Hasher;
use crate::cos::read::Receiver;

/// Sheets in one node of the page tree.
const NODE: usize = 64;
/// ISO 32000-1, annex C.2, less what the end of the file may need.
const MOST_OBJECTS: u64 = 8_388_607 - 1000;
/// Decimals of lengths.
const PLACES: u32 = 3;

/// One side of a sheet.
#[derive(Clone, Debug)]
pub struct Side<'a> {
    pub size: Size,
    /// Entries of its resource dictionary.
    pub resources: &'a [u8],
    /// Numbers of its content streams, in the order in which they are drawn.
    pub contents: &'a [u32],
    /// Its transparency group as written (`<<…>>`); empty if nothing on it needs one.
    pub group: &'a [u8],
}

/// Writes a file of sheets.
pub struct Binder<W> {
    sink: Sink<W>,
    document: Document,
    compressor: libdeflater::Compressor,
    xref: Xref,
    tree: Tree,
    pages: u64,
    out: Vec<u8>,
    packed: Packed,
    /// The node under way: its number, its parent's, and the sheets in it.
    node: Option<(u32, u32)>,
    kids: Vec<u32>,
    /// The font that text on the sheets is set in, and its number.
    font: (Arc<Font>, u32),
    glyphs: GlyphSet,
    parts: Option<Parts>,
    scratch: Vec<u8>,
}

impl<W> std::fmt::Debug for Binder<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Binder({} pages)", self.pages)
    }
}

impl<W: Write> Binder<W> {
    /// Begins a file. `font` is what text on the sheets is set in.
    ///
    /// # Errors
    /// [`Fault::Io`].
    pub fn new(out: W, document: Document, font: Arc<Font>) -> Result<Self, Fault> {
        let mut sink = Sink { out, written: 0, hasher: Hasher::default() };
        sink.write(b"%PDF-1.6\n%\xe6\x91\xba\xe7\x89\xa9\n")?;
        let mut xref = Xref::new(document.spool.clone());
        let number = xref.number();
        Ok(Self {
            sink,
            compressor: document.compression.compressor(),
            xref,
            tree: Tree::new(tree::WIDTH),
            document,
            pages: 0,
            out: Vec::new(),
            packed: Packed::default(),
            node: None,
            kids: Vec::new(),
            font: (font, number),
            glyphs: GlyphSet::default(),
            parts: None,
            scratch: Vec::new(),
        })
    }

    /// The number of the font that [`Self::line`] sets in.
    #[must_use]
    pub fn font(&self) -> u32 {
        self.font.1
    }

    /// Appends a line of text as `<…>Tj`; gives its width in ems. Characters that the font lacks are left out.
    pub fn line(&mut self, text: &str, out: &mut Vec<u8>) -> f32 {
        let (font, _) = &self.font;
        let used = self.glyphs.of(font);
        let mut width = 0u32;
        out.push(b'<');
        for glyph in text.chars().filter_map(|c| font.glyph(c)) {
            glyph.to_be_bytes().iter().for_each(|b| hex_byte(out, *b));
            width += u32::from(font.advance(glyph));
            if let Some(bits) = used.get_mut(usize::from(glyph) / 64) {
                *bits |= 1 << (glyph % 64);
            }
        }
        out.extend_from_slice(b">Tj");
        width as f32 / f32::from(font.units_per_em.max(1))
    }

    /// Writes a stream that is compressed here. `entries` are those besides its length and filter.
    pub fn packed_stream(&mut self, entries: &[u8], data: &[u8]) -> u32 {
        let number = self.number();
        let mut entries = entries.to_vec();
        entries.extend_from_slice(b"/Filter/FlateDecode");
        let mut packed = Vec::new();
        content::deflate(&mut self.compressor, data, &mut packed);
        self.stream(number, &entries, &packed);
        number
    }

    /// Compresses `data` as [`Self::packed_stream`] does.
    pub fn deflated(&mut self, data: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        content::deflate(&mut self.compressor, data, &mut packed);
        packed
    }

    fn offset(&self) -> u64 {
        self.sink.written + self.out.len() as u64
    }

    fn send(&mut self) -> std::io::Result<()> {
        self.sink.write(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Writes one sheet: its sides, which share a document part that says `about` (entries of its metadata).
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::TooManyObjects`].
    pub fn sheet(&mut self, sides: &[Side<'_>], about: Option<&[u8]>) -> Result<(), Fault> {
        let numbers: Vec<u32> = sides.iter().map(|_| self.xref.number()).collect();
        let part = match (about, numbers.first(), numbers.last()) {
            (Some(about), Some(first), Some(last)) => Some(self.part(about, *first, *last)),
            _ => None,
        };
        let (node, _) = self.node();
        for (side, number) in sides.iter().zip(&numbers) {
            let body = self.packed.begin(*number);
            page(body, side, node, part);
            self.kids.push(*number);
        }
        self.pages += sides.len() as u64;
        if self.kids.len() >= NODE {
            self.close_node();
            self.xref.flush()?;
        }
        self.send()?;
        let objects = u64::from(self.xref.next());
        if objects > MOST_OBJECTS { Err(Fault::TooManyObjects { objects }) } else { Ok(()) }
    }

    fn node(&mut self) -> (u32, u32) {
        if let Some(node) = self.node {
            return node;
        }
        let parent = self.tree.parent(&mut || self.xref.number());
        let node = (self.xref.number(), parent);
        self.node = Some(node);
        node
    }

    fn close_node(&mut self) {
        let Some((node, parent)) = self.node.take() else { return };
        let body = self.packed.begin(node);
        body.extend_from_slice(b"<</Type/Pages/Parent ");
        reference(body, parent);
        body.extend_from_slice(b"/Count ");
        int(body, self.kids.len());
        body.extend_from_slice(b"/Kids[");
        for kid in &self.kids {
            reference(body, *kid);
            body.push(b' ');
        }
        body.extend_from_slice(b"]>>");
        self.pack();
        let pages = self.kids.len() as u64;
        self.kids.clear();
        for done in self.tree.add(node, pages, &mut || self.xref.number()) {
            self.xref.put(done.number, Place::At(self.sink.written + self.out.len() as u64));
            done.write(&mut self.out);
        }
    }

    fn pack(&mut self) {
        if self.packed.is_empty() {
            return;
        }
        let number = self.xref.number();
        let (entries, data) = self.packed.end(number, &mut self.compressor, &mut self.xref, &mut self.scratch);
        self.stream(number, &entries, &data);
    }

    /// The document part of one sheet.
    fn part(&mut self, about: &[u8], first: u32, last: u32) -> u32 {
        let number = self.xref.number();
        let mut parts = match self.parts.take() {
            Some(parts) => parts,
            None => Parts::new(self.xref.number(), None),
        };
        let body = self.packed.begin(number);
        let done = parts.leaf(body, number, (first, last), about, &mut || self.xref.number());
        for node in done {
            parts.node(self.packed.begin(node.number), &node, &self.document);
        }
        self.parts = Some(parts);
        number
    }

    /// Writes what the catalog needs, the font, and the table of objects. `catalog` are further entries of the catalog
    /// (the output intent that was carried over).
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::Font`].
    pub fn finish(mut self, catalog: &[u8]) -> Result<(FileSummary, W), Fault> {
        self.close_node();
        let parts = self.close_parts();
        self.embed_font()?;
        let mut root = 0;
        for node in std::mem::replace(&mut self.tree, Tree::new(tree::WIDTH)).finish(&mut || self.xref.number()) {
            self.xref.put(node.number, Place::At(self.offset()));
            node.write(&mut self.out);
            root = node.number;
        }
        self.send()?;
        let id = self.sink.hasher.clone().finish();
        let document = self.document.clone();
        let mut body = Vec::new();
        metadata::info(&mut body, &document);
        let info = self.number();
        self.object(info, &body);
        let xmp = self.number();
        self.stream(xmp, b"/Type/Metadata/Subtype/XML", metadata::xmp(&document, &id).as_bytes());
        let mut body = b"<</Type/Catalog/Pages ".to_vec();
        reference(&mut body, root);
        body.extend_from_slice(b"/Metadata ");
        reference(&mut body, xmp);
        if !document.language.is_empty() {
            body.extend_from_slice(b"/Lang");
            text(&mut body, &document.language);
        }
        if let Some(parts) = parts {
            body.extend_from_slice(b"/DPartRoot ");
            reference(&mut body, parts);
        }
        body.extend_from_slice(catalog);
        body.extend_from_slice(b"/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>");
        let catalog = self.number();
        self.object(catalog, &body);
        self.send()?;
        let Self { sink, xref, pages, .. } = self;
        writer::end(sink, xref, pages, &Trailer { root: catalog, info, id })
    }

    /// Writes the document parts' upper nodes; gives the number of their root.
    fn close_parts(&mut self) -> Option<u32> {
        let mut parts = self.parts.take()?;
        let nodes = parts.finish(&mut || self.xref.number());
        for node in &nodes {
            parts.node(self.packed.begin(node.number), node, &self.document);
        }
        self.pack();
        if let Some(job) = nodes.last() {
            self.xref.put(parts.number, Place::At(self.offset()));
            parts.root(&mut self.out, job, "Sheet");
        }
        Some(parts.number)
    }

    fn embed_font(&mut self) -> Result<(), Fault> {
        let glyphs = std::mem::take(&mut self.glyphs);
        for used in glyphs.iter() {
            let embedded = font::embed(used, false)?;
            let numbers = Numbers {
                file: self.number(),
                descriptor: self.number(),
                descendant: self.number(),
                to_unicode: self.number(),
                to_glyph: embedded.to_glyph.as_ref().map(|_| self.xref.number()),
            };
            let put = |binder: &mut Self, number, entries: &[u8], data: &[u8]| {
                let mut entries = entries.to_vec();
                entries.extend_from_slice(b"/Filter/FlateDecode");
                let packed = binder.deflated(data);
                binder.stream(number, &entries, &packed);
            };
            put(self, numbers.file, &embedded.file.0, &embedded.file.1);
            put(self, numbers.to_unicode, b"", &embedded.to_unicode);
            if let (Some(number), Some(table)) = (numbers.to_glyph, &embedded.to_glyph) {
                put(self, number, b"", table);
            }
            let mut body = Vec::new();
            embedded.descriptor(&mut body, &numbers);
            self.object(numbers.descriptor, &body);
            body.clear();
            embedded.descendant(&mut body, &numbers);
            self.object(numbers.descendant, &body);
            body.clear();
            embedded.font(&mut body, &numbers, false);
            self.object(self.font.1, &body);
        }
        Ok(())
    }
}

impl<W: Write> Receiver for Binder<W> {
    fn number(&mut self) -> u32 {
        self.xref.number()
    }

    fn object(&mut self, number: u32, body: &[u8]) {
        self.xref.put(number, Place::At(self.offset()));
        indirect(&mut self.out, number, |out| out.extend_from_slice(body));
    }

    fn stream(&mut self, number: u32, entries: &[u8], data: &[u8]) {
        self.xref.put(number, Place::At(self.offset()));
        stream(&mut self.out, number, entries, data);
    }
}

/// A page dictionary: media, bleed and trim are the sheet.
fn page(out: &mut Vec<u8>, side: &Side<'_>, node: u32, part: Option<u32>) {
    out.extend_from_slice(b"<</Type/Page/Parent ");
    reference(out, node);
    for key in ["/MediaBox", "/BleedBox", "/TrimBox"] {
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"[0 0 ");
        real(out, side.size.width.0, PLACES);
        out.push(b' ');
        real(out, side.size.height.0, PLACES);
        out.push(b']');
    }
    out.extend_from_slice(b"/Resources<<");
    out.extend_from_slice(side.resources);
    out.extend_from_slice(b">>");
    if !side.group.is_empty() {
        out.extend_from_slice(b"/Group");
        out.extend_from_slice(side.group);
    }
    if let Some(part) = part {
        out.extend_from_slice(b"/DPart ");
        reference(out, part);
    }
    out.extend_from_slice(b"/Contents[");
    for number in side.contents {
        reference(out, *number);
        out.push(b' ');
    }
    out.extend_from_slice(b"]>>");
}
