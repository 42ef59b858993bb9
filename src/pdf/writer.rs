//! The ordered end: batches in, one file out. Numbers, offsets and shared objects are settled here and
//! nowhere else, so this is the only part that runs alone; it does as little as it can.

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::document::Document;
use super::dpart::{Parts, RECORD, Recurring};
use super::encoder::Sheet;
use super::font::{self, Numbers};
use super::modules::Merger;
use super::object::{fixed, indirect, int, real, reference, stream};
use super::pictures::Use;
use super::resource::{Form, GlyphSet, Kind, Needs, Overprint, Together, font_name, name_of, opacity_name, spot_name};
use super::shading::Inks;
use super::stamp::{self, Stamped, Stamper};
use super::tree::{self, Tree};
use super::weight::Weighed;
use super::xref::{Place, Xref};
use super::{Batch, Compression, Fault, Standard, content, image, metadata};
use crate::asset::font::FontLabel;
use crate::asset::loader::Files;
use crate::asset::profile;
use crate::base::digest::Hasher;
use crate::base::{Digest, Pt, Size};
use crate::color::SpotId;
use crate::cos::read::Known;

/// ISO 32000-1, annex C.2.
const MAX_OBJECTS: u64 = 8_388_607;
/// Objects that the end of the file may still need.
const RESERVE: u64 = 100_000;
/// Resource dictionaries that are remembered; later new ones are written into their pages.
const MAX_DICTIONARIES: usize = 4096;
/// Decimals of page boxes.
const BOX_PLACES: u32 = 3;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileSummary {
    pub bytes: u64,
    /// Of the whole file.
    pub sha256: Digest,
    pub pages: u64,
    pub objects: u64,
}

/// Bytes on their way out, counted and digested.
#[derive(Debug)]
pub(super) struct Sink<W> {
    pub(super) out: W,
    pub(super) written: u64,
    pub(super) hasher: Hasher,
}

impl<W: Write> Sink<W> {
    pub(super) fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)?;
        self.hasher.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }
}

/// Writes one PDF file in order. Memory does not grow with the number of pieces.
pub struct Writer<W: Write> {
    pub(super) sink: Sink<W>,
    pub(super) document: Document,
    pub(super) files: Files,
    /// Of object streams: they are small beside the pages and made of much the same, so they are worth more time.
    pub(super) compressor: libdeflater::Compressor,
    pub(super) xref: Xref,
    pub(super) tree: Tree,
    /// With PDF/VT.
    pub(super) parts: Option<Parts>,
    pub(super) recurring: Recurring,
    pub(super) pages: u64,
    /// Objects that have a place of their own, on their way to `sink`.
    pub(super) out: Vec<u8>,
    /// Objects on their way into the next object stream.
    pub(super) packed: Packed,
    pub(super) glyphs: GlyphSet,
    pub(super) fonts: Vec<((FontLabel, bool), u32)>,
    /// With `true` where a picture has a soft mask.
    pub(super) images: FxHashMap<Digest, (u32, bool)>,
    /// Objects taken over from placed artwork, by what they hold.
    pub(super) known: Known,
    pub(super) profiles: FxHashMap<Digest, u32>,
    pub(super) forms: FxHashMap<Digest, u32>,
    pub(super) dictionaries: FxHashMap<Vec<u8>, u32>,
    /// Named inks by name, with the number of their colour space.
    pub(super) spots: FxHashMap<Arc<str>, (SpotId, u32)>,
    pub(super) scratch: Vec<u8>,
    /// For [`Writer::room`] alone.
    pub(super) weighed: Weighed,
    pub(super) pictures_weighed: FxHashMap<Digest, u64>,
    pub(super) stamps: Option<Stamps>,
}

/// What counts the pieces on their pages.
#[derive(Clone, Debug)]
pub(super) struct Stamps {
    stamper: Arc<dyn Stamper>,
    /// The number of the next piece in the job.
    next: u64,
    /// The stream in front of stamped content, once there is one.
    before: Option<u32>,
}

impl<W: Write> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Writer({} pages)", self.pages)
    }
}

/// An object stream under way (7.5.7).
#[derive(Clone, Debug, Default)]
pub(super) struct Packed {
    numbers: Vec<(u32, usize)>,
    bodies: Vec<u8>,
}

impl Packed {
    /// Begins the body of an object.
    pub(super) fn begin(&mut self, number: u32) -> &mut Vec<u8> {
        if !self.bodies.is_empty() {
            self.bodies.push(b'\n');
        }
        self.numbers.push((number, self.bodies.len()));
        &mut self.bodies
    }

    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Ends the stream, which becomes the object `number`; gives its entries and its data, and tells the table where
    /// its objects are.
    pub(super) fn end(
        &mut self,
        number: u32,
        compressor: &mut libdeflater::Compressor,
        xref: &mut Xref,
        plain: &mut Vec<u8>,
    ) -> (Vec<u8>, Vec<u8>) {
        plain.clear();
        for (index, (object, at)) in self.numbers.iter().enumerate() {
            int(plain, *object);
            plain.push(b' ');
            int(plain, *at);
            plain.push(b' ');
            xref.put(*object, Place::In { stream: number, index: index as u16 });
        }
        let first = plain.len();
        plain.extend_from_slice(&self.bodies);
        let mut data = Vec::new();
        content::deflate(compressor, plain, &mut data);
        let mut entries = b"/Type/ObjStm/N ".to_vec();
        int(&mut entries, self.numbers.len());
        entries.extend_from_slice(b"/First ");
        int(&mut entries, first);
        entries.extend_from_slice(b"/Filter/FlateDecode");
        self.numbers.clear();
        self.bodies.clear();
        (entries, data)
    }
}

/// How a page names its resources.
enum Resources {
    Shared(u32),
    Own(Vec<u8>),
}

impl<W: Write> Writer<W> {
    /// Begins a file. `files` is where pictures are read from, at their first use.
    ///
    /// # Errors
    /// [`Fault::Standard`], [`Fault::Io`].
    pub fn new(out: W, document: Document, files: Files) -> Result<Self, Fault> {
        document.check()?;
        let mut sink = Sink { out, written: 0, hasher: Hasher::default() };
        // Four bytes above 127 tell transfer programs that this is no text (7.5.2).
        sink.write(b"%PDF-1.6\n%\xe6\x91\xba\xe7\x89\xa9\n")?;
        let mut xref = Xref::new(document.spool.clone());
        Ok(Self {
            sink,
            compressor: Compression::Small.compressor(),
            parts: (document.standard == Standard::Vt1).then(|| Parts::new(xref.number(), document.bundles)),
            xref,
            recurring: Recurring::default(),
            document,
            files,
            tree: Tree::new(tree::WIDTH),
            pages: 0,
            out: Vec::new(),
            packed: Packed::default(),
            glyphs: GlyphSet::default(),
            fonts: Vec::new(),
            images: FxHashMap::default(),
            known: Known::default(),
            profiles: FxHashMap::default(),
            forms: FxHashMap::default(),
            dictionaries: FxHashMap::default(),
            spots: FxHashMap::default(),
            scratch: Vec::new(),
            weighed: Weighed::default(),
            pictures_weighed: FxHashMap::default(),
            stamps: None,
        })
    }

    /// Draws what `stamper` says on the pages; the first piece has the number `first` in its job.
    #[must_use]
    pub fn stamped(mut self, stamper: Arc<dyn Stamper>, first: u64) -> Self {
        self.stamps = Some(Stamps { stamper, next: first, before: None });
        self
    }

    /// Pages written so far.
    #[must_use]
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// Writes the pieces `pieces` of `batch`; gives the number (from 0) of the first page written. A whole
    /// batch is `0..batch.len()`; a part of one serves where a file ends after a given number of pieces.
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::Image`] at the first use of a picture, [`Fault::TooManyObjects`].
    pub fn write(&mut self, batch: &Batch, pieces: Range<usize>) -> Result<u64, Fault> {
        let first_page = self.pages;
        let first_piece = pieces.start;
        let pieces = batch.pieces.get(pieces).unwrap_or_default();
        let sheets = match (pieces.first(), pieces.last()) {
            (Some(first), Some(last)) => batch.sheets.get(first.0.start..last.0.end).unwrap_or_default(),
            _ => &[],
        };
        let Some(first) = sheets.first() else { return Ok(first_page) };
        self.glyphs.add(&batch.glyphs);

        if self.parts.is_some() {
            self.recurring.clear();
            for (index, piece) in pieces.iter().enumerate() {
                let sheets = batch.sheets.get(piece.0.clone()).unwrap_or_default();
                let needs = sheets.iter().filter_map(|s| batch.needs.get(s.needs));
                needs.for_each(|needs| self.recurring.count(index, needs));
            }
        }
        let parent = self.tree.parent(&mut || self.xref.number());
        let node = self.xref.number();
        let mut resources: Vec<Option<(Resources, bool)>> = Vec::new();
        resources.resize_with(batch.needs.len(), || None);
        for sheet in sheets {
            if let (Some(slot @ None), Some(needs)) = (resources.get_mut(sheet.needs), batch.needs.get(sheet.needs)) {
                let named = self.resources(needs)?;
                *slot = Some((named, self.is_translucent(needs)));
            }
        }

        let first_content = self.xref.next();
        for sheet in sheets {
            let number = self.xref.number();
            self.xref.put(number, Place::At(self.offset()));
            let data = batch.bytes.get(sheet.content.clone()).unwrap_or_default();
            stream(&mut self.out, number, b"/Filter/FlateDecode", data);
        }
        let stamps = self.stamp(batch, pieces);
        // Pieces have their parts' numbers in front of all pages, which name them.
        let first_part = self.xref.next();
        if self.parts.is_some() {
            pieces.iter().for_each(|_| _ = self.xref.number());
        }
        let first_number = self.xref.next();
        let owners = pieces.iter().zip(first_part..).flat_map(|(piece, part)| piece.0.clone().map(move |_| part));
        for (at, ((content, sheet), owner)) in (first_content..).zip(sheets).zip(owners).enumerate() {
            let number = self.xref.number();
            let content = Drawn { content, stamp: stamps.get(at).copied().flatten() };
            let resources = resources.get(sheet.needs).and_then(Option::as_ref);
            let part = self.parts.is_some().then_some(owner);
            let body = self.packed.begin(number);
            page(body, sheet, node, content, resources, part, same_media(sheet, first));
        }
        self.records(batch, first_piece, pieces, first_part, first_number);
        let body = self.packed.begin(node);
        body.extend_from_slice(b"<</Type/Pages/Parent ");
        reference(body, parent);
        media_box(body, first);
        body.extend_from_slice(b"/Count ");
        int(body, sheets.len());
        body.extend_from_slice(b"/Kids[");
        for number in first_number..first_number + sheets.len() as u32 {
            reference(body, number);
            body.push(b' ');
        }
        body.extend_from_slice(b"]>>");
        self.pack();

        for done in self.tree.add(node, sheets.len() as u64, &mut || self.xref.number()) {
            self.xref.put(done.number, Place::At(self.sink.written + self.out.len() as u64));
            done.write(&mut self.out);
        }
        self.pages += sheets.len() as u64;
        self.send()?;
        self.xref.flush()?;
        let objects = u64::from(self.xref.next()) + RESERVE;
        if objects > MAX_OBJECTS { Err(Fault::TooManyObjects { objects }) } else { Ok(first_page) }
    }

    /// Writes the stamps of pieces; for each of their pages the streams before and behind its content, if it has any.
    fn stamp(&mut self, batch: &Batch, pieces: &[(Range<usize>, Digest)]) -> Vec<Option<(u32, u32)>> {
        let Some(mut stamps) = self.stamps.take() else { return Vec::new() };
        let mut merger = Merger::default();
        let mut made = Vec::new();
        for (sheets, _) in pieces {
            let sheets = batch.sheets.get(sheets.clone()).unwrap_or_default();
            for (page, sheet) in sheets.iter().enumerate() {
                let trim = Size::new(Pt(sheet.width), Pt(sheet.height));
                let which = Stamped { sequence: stamps.next, page, pages: sheets.len(), trim };
                let Some(stamp) = stamps.stamper.stamp(which) else {
                    made.push(None);
                    continue;
                };
                let before = *stamps.before.get_or_insert_with(|| {
                    let number = self.xref.number();
                    self.put_stream(number, b"", stamp::BEFORE);
                    number
                });
                let plain = stamp.content(sheet.bleed + sheet.slug, sheet.height, &mut merger);
                let mut data = Vec::new();
                content::deflate(&mut self.compressor, &plain, &mut data);
                let number = self.xref.number();
                self.put_stream(number, b"/Filter/FlateDecode", &data);
                made.push(Some((before, number)));
            }
            stamps.next += 1;
        }
        self.stamps = Some(stamps);
        made
    }

    /// The document parts of pieces: object numbers from `part` on, pages from `page` on.
    fn records(&mut self, batch: &Batch, first: usize, pieces: &[(Range<usize>, Digest)], part: u32, mut page: u32) {
        let Some(mut parts) = self.parts.take() else { return };
        for ((index, part), piece) in (first..).zip(part..).zip(pieces) {
            let pages = piece.0.len() as u32;
            let range = (page, page + pages.saturating_sub(1));
            let body = self.packed.begin(part);
            let done = parts.piece(body, part, range, batch.id(index), &mut || self.xref.number());
            for node in done {
                parts.node(self.packed.begin(node.number), &node, &self.document);
            }
            page += pages;
        }
        self.parts = Some(parts);
    }

    pub(super) fn offset(&self) -> u64 {
        self.sink.written + self.out.len() as u64
    }

    fn send(&mut self) -> std::io::Result<()> {
        self.sink.write(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Closes the object stream under way.
    fn pack(&mut self) {
        if self.packed.is_empty() {
            return;
        }
        let number = self.xref.number();
        let (entries, data) = self.packed.end(number, &mut self.compressor, &mut self.xref, &mut self.scratch);
        self.put_stream(number, &entries, &data);
    }

    pub(super) fn new_number(&mut self) -> u32 {
        self.xref.number()
    }

    pub(super) fn put_stream(&mut self, number: u32, entries: &[u8], data: &[u8]) {
        self.xref.put(number, Place::At(self.offset()));
        stream(&mut self.out, number, entries, data);
    }

    /// A stream that is compressed here.
    pub(super) fn put_deflated(&mut self, number: u32, mut entries: Vec<u8>, data: &[u8]) {
        let mut packed = Vec::new();
        let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
        content::deflate(&mut compressor, data, &mut packed);
        entries.extend_from_slice(b"/Filter/FlateDecode");
        self.put_stream(number, &entries, &packed);
    }

    pub(super) fn put_object(&mut self, number: u32, body: impl FnOnce(&mut Vec<u8>)) {
        self.xref.put(number, Place::At(self.offset()));
        indirect(&mut self.out, number, body);
    }

    /// The resource dictionary for `needs`, with everything in it written.
    fn resources(&mut self, needs: &Needs) -> Result<Resources, Fault> {
        let dictionary = self.dictionary(needs)?;
        if let Some(number) = self.dictionaries.get(&dictionary) {
            return Ok(Resources::Shared(*number));
        }
        if self.dictionaries.len() >= MAX_DICTIONARIES || needs.has_single_use() {
            return Ok(Resources::Own(dictionary));
        }
        let number = self.xref.number();
        self.packed.begin(number).extend_from_slice(&dictionary);
        self.dictionaries.insert(dictionary, number);
        Ok(Resources::Shared(number))
    }

    fn dictionary(&mut self, needs: &Needs) -> Result<Vec<u8>, Fault> {
        let mut out = b"<<".to_vec();
        if !needs.fonts.is_empty() {
            out.extend_from_slice(b"/Font<<");
            for &(id, vertical) in &needs.fonts {
                font_name(&mut out, id, vertical);
                out.push(b' ');
                reference(&mut out, self.font_number(id, vertical));
            }
            out.extend_from_slice(b">>");
        }
        let default = needs.rgb && self.document.standard.is_x4();
        if !needs.spots.is_empty() || needs.srgb || default {
            out.extend_from_slice(b"/ColorSpace<<");
            if default {
                // Screen colours that nobody converted are those of sRGB, not whatever the press makes of them (ISO
                // 15930-7).
                let profile = self.srgb_number();
                out.extend_from_slice(b"/DefaultRGB[/ICCBased ");
                reference(&mut out, profile);
                out.push(b']');
            }
            if needs.srgb {
                let profile = self.srgb_number();
                out.extend_from_slice(b"/RGB[/ICCBased ");
                reference(&mut out, profile);
                out.push(b']');
            }
            for &spot in &needs.spots {
                spot_name(&mut out, &spot.spot());
                out.push(b' ');
                reference(&mut out, self.spot_number(spot)?);
            }
            out.extend_from_slice(b">>");
        }
        let states = [needs.opacities.len(), needs.masks.len(), needs.blends.len(), needs.overprints.len()];
        if states.iter().any(|n| *n > 0) {
            out.extend_from_slice(b"/ExtGState<<");
            for overprint in &needs.overprints {
                out.extend_from_slice(overprint.name());
                out.extend_from_slice(match overprint {
                    Overprint::On => b"<</OP true/op true/OPM 1>>".as_slice(),
                    Overprint::Off => b"<</OP false/op false>>",
                });
            }
            for blend in &needs.blends {
                out.extend_from_slice(b"/B");
                out.extend_from_slice(blend.name().as_bytes());
                out.extend_from_slice(b"<</BM/");
                out.extend_from_slice(blend.name().as_bytes());
                out.extend_from_slice(b">>");
            }
            for (mask, number) in needs.masks.iter().zip(0..) {
                name_of(&mut out, Kind::Mask, number);
                out.extend_from_slice(b"<</SMask<</S/Luminosity/G ");
                reference(&mut out, self.form_number(mask)?);
                out.extend_from_slice(b">>>>");
            }
            for &opacity in &needs.opacities {
                opacity_name(&mut out, opacity);
                out.extend_from_slice(b"<</ca ");
                fixed(&mut out, i64::from(opacity), 3);
                out.extend_from_slice(b"/CA ");
                fixed(&mut out, i64::from(opacity), 3);
                out.extend_from_slice(b">>");
            }
            out.extend_from_slice(b">>");
        }
        if !needs.shadings.is_empty() {
            out.extend_from_slice(b"/Shading<<");
            for (shading, number) in needs.shadings.iter().zip(0..) {
                name_of(&mut out, Kind::Shading, number);
                out.extend_from_slice(&shading.before);
                match shading.space {
                    Inks::Gray => out.extend_from_slice(b"/DeviceGray"),
                    Inks::Cmyk => out.extend_from_slice(b"/DeviceCMYK"),
                    Inks::Rgb => out.extend_from_slice(b"/DeviceRGB"),
                    Inks::Srgb => {
                        let profile = self.srgb_number();
                        out.extend_from_slice(b"[/ICCBased ");
                        reference(&mut out, profile);
                        out.push(b']');
                    }
                    Inks::Spot(spot) => {
                        out.push(b' ');
                        reference(&mut out, self.spot_number(spot)?);
                    }
                }
                out.extend_from_slice(&shading.after);
            }
            out.extend_from_slice(b">>");
        }
        if !needs.images.is_empty() || !needs.forms.is_empty() {
            out.extend_from_slice(b"/XObject<<");
            for (image, number) in needs.images.iter().zip(0..) {
                name_of(&mut out, Kind::Image, number);
                out.push(b' ');
                reference(&mut out, self.image_number(image)?);
            }
            for (form, number) in needs.forms.iter().zip(0..) {
                name_of(&mut out, Kind::Form, number);
                out.push(b' ');
                reference(&mut out, self.form_number(form)?);
            }
            out.extend_from_slice(b">>");
        }
        out.extend_from_slice(b">>");
        Ok(out)
    }

    /// Whether what has been written of `needs` asks for a blending space.
    fn is_translucent(&self, needs: &Needs) -> bool {
        needs.is_translucent(&|image| self.images.get(&image.key).is_some_and(|(_, soft)| *soft))
    }

    /// Fonts are written at the end; their numbers are given now.
    pub(super) fn font_number(&mut self, id: FontLabel, vertical: bool) -> u32 {
        let key = (id, vertical);
        match self.fonts.binary_search_by_key(&key, |f| f.0) {
            Ok(at) => self.fonts[at].1,
            Err(at) => {
                let number = self.xref.number();
                self.fonts.insert(at, (key, number));
                number
            }
        }
    }

    /// Whether the picture is in the file.
    pub(super) fn has_image(&self, digest: &Digest) -> bool {
        self.images.contains_key(digest)
    }

    /// Whether the form is in the file.
    pub(super) fn has_form(&self, digest: &Digest) -> bool {
        self.forms.contains_key(digest)
    }

    fn form_number(&mut self, form: &Form) -> Result<u32, Fault> {
        if let Some(number) = self.forms.get(&form.digest) {
            return Ok(*number);
        }
        let resources = self.dictionary(&form.needs)?;
        self.glyphs.add_few(&form.glyphs);
        let mut entries = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
        for (i, v) in form.bbox.into_iter().enumerate() {
            if i > 0 {
                entries.push(b' ');
            }
            real(&mut entries, v, 0);
        }
        entries.extend_from_slice(b"]/Resources");
        entries.extend_from_slice(&resources);
        entries.extend_from_slice(match form.group {
            Together::No => b"",
            Together::Group => b"/Group<</S/Transparency>>",
            Together::Isolated => b"/Group<</S/Transparency/I true>>",
            Together::Mask => b"/Group<</S/Transparency/CS/DeviceGray>>",
        });
        self.recurring.hint(&mut entries, &form.digest);
        entries.extend_from_slice(b"/Filter/FlateDecode");
        let number = self.xref.number();
        self.put_stream(number, &entries, &form.data);
        if form.recurs {
            self.forms.insert(form.digest, number);
        }
        Ok(number)
    }

    fn srgb_number(&mut self) -> u32 {
        self.profile_number(&profile::srgb().bytes, 3)
    }

    /// A `Separation` space (ISO 32000-1, 8.6.6.4): from tints to the process inks that stand for it.
    fn spot_number(&mut self, id: SpotId) -> Result<u32, Fault> {
        let spot = id.spot();
        if let Some((known, number)) = self.spots.get(&spot.name) {
            let (one, other) = (known.spot().alternate, spot.alternate);
            if one != other {
                return Err(Fault::InkTwice { ink: spot.name.to_string(), one, other });
            }
            return Ok(*number);
        }
        let number = self.xref.number();
        let body = self.packed.begin(number);
        body.extend_from_slice(b"[/Separation");
        super::object::name(body, &spot.name);
        body.extend_from_slice(b"/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[");
        for v in spot.alternate {
            real(body, v, 4);
            body.push(b' ');
        }
        body.extend_from_slice(b"]/N 1>>]");
        self.spots.insert(Arc::clone(&spot.name), (id, number));
        Ok(number)
    }

    fn image_number(&mut self, picture: &Use) -> Result<u32, Fault> {
        if let Some((number, _)) = self.images.get(&picture.key) {
            return Ok(*number);
        }
        if let Some(art) = &picture.image.art {
            let number = self.artwork(&picture.image, art)?;
            self.images.insert(picture.key, (number, art.is_translucent));
            return Ok(number);
        }
        let colors = Arc::clone(&self.document.colors);
        let parts = colors
            .picture(picture, &self.files)
            .map_err(|e| Fault::Image { path: picture.image.path.clone(), reason: e.message })?;
        let soft_mask = parts.soft_mask.as_ref().map(|(entries, data)| {
            let number = self.xref.number();
            self.put_stream(number, entries, data);
            number
        });
        let press = self.document.intent.clone().filter(|_| self.document.standard.is_x4());
        let profile = parts.profile(press.as_deref()).map(|(icc, components)| self.profile_number(icc, components));
        let mut entries = parts.entries(soft_mask, profile);
        self.recurring.hint_image(&mut entries, &picture.key);
        let mut number = self.xref.number();
        self.put_stream(number, &entries, &parts.data);
        if let Some(matrix) = image::upright(picture.image.orientation).filter(|_| parts.turned) {
            let drawn = number;
            number = self.xref.number();
            let mut entries = b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Matrix[".to_vec();
            for (i, v) in matrix.into_iter().enumerate() {
                if i > 0 {
                    entries.push(b' ');
                }
                int(&mut entries, v);
            }
            entries.extend_from_slice(b"]/Resources<</XObject<</I ");
            reference(&mut entries, drawn);
            entries.extend_from_slice(b">>>>");
            self.put_stream(number, &entries, b"/I Do");
        }
        self.images.insert(picture.key, (number, soft_mask.is_some()));
        Ok(number)
    }

    fn profile_number(&mut self, icc: &[u8], components: u8) -> u32 {
        let digest = Digest::of(icc);
        if let Some(number) = self.profiles.get(&digest) {
            return *number;
        }
        let number = self.xref.number();
        let mut entries = b"/N ".to_vec();
        int(&mut entries, components);
        self.put_deflated(number, entries, icc);
        self.profiles.insert(digest, number);
        number
    }

    /// Writes fonts, page tree, metadata and the table of objects, flushes, and gives the destination back.
    ///
    /// # Errors
    /// [`Fault::Io`], [`Fault::Font`].
    pub fn finish(mut self) -> Result<(FileSummary, W), Fault> {
        self.embed_fonts()?;
        let document = self.document.clone();
        let intent = document.intent.as_ref().filter(|_| document.standard.is_x4()).map(|intent| {
            let number = self.xref.number();
            let (entries, data) = intent.stream();
            self.put_stream(number, &entries, data);
            (intent, number)
        });
        let parts = self.parts.take().map(|mut parts| {
            let nodes = parts.finish(&mut || self.xref.number());
            for node in &nodes {
                parts.node(self.packed.begin(node.number), node, &document);
            }
            self.pack();
            if let Some(job) = nodes.last() {
                self.xref.put(parts.number, Place::At(self.offset()));
                parts.root(&mut self.out, job, RECORD);
            }
            parts.number
        });
        let nodes = std::mem::replace(&mut self.tree, Tree::new(tree::WIDTH)).finish(&mut || self.xref.number());
        let mut root = 0;
        for node in nodes {
            self.xref.put(node.number, Place::At(self.offset()));
            node.write(&mut self.out);
            root = node.number;
        }
        self.send()?;
        // From what the file holds so far: all pages, pictures and fonts.
        let id = self.sink.hasher.clone().finish();

        let info = self.xref.number();
        self.put_object(info, |out| metadata::info(out, &document));
        let xmp = self.xref.number();
        // Not compressed, so that tools which know nothing of PDF find it.
        self.put_stream(xmp, b"/Type/Metadata/Subtype/XML", metadata::xmp(&document, &id).as_bytes());
        let catalog = self.xref.number();
        self.put_object(catalog, |out| {
            out.extend_from_slice(b"<</Type/Catalog/Pages ");
            reference(out, root);
            out.extend_from_slice(b"/Metadata ");
            reference(out, xmp);
            if !document.language.is_empty() {
                out.extend_from_slice(b"/Lang");
                super::object::text(out, &document.language);
            }
            if let Some(parts) = parts {
                out.extend_from_slice(b"/DPartRoot ");
                reference(out, parts);
            }
            if let Some((intent, profile)) = intent {
                out.extend_from_slice(b"/OutputIntents[");
                intent.dictionary(out, profile);
                out.push(b']');
            }
            out.extend_from_slice(b"/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>");
        });

        self.send()?;
        let Self { sink, xref, pages, .. } = self;
        end(sink, xref, pages, &Trailer { root: catalog, info, id })
    }

    fn embed_fonts(&mut self) -> Result<(), Fault> {
        let fonts = std::mem::take(&mut self.fonts);
        let glyphs = std::mem::take(&mut self.glyphs);
        // Ids of instances depend on which record met them first; labels do not.
        let mut used: Vec<_> = glyphs.iter().collect();
        used.sort_by_key(|u| u.font.label);
        for used in used {
            let at =
                |vertical| fonts.binary_search_by_key(&(used.font.label, vertical), |f| f.0).ok().map(|at| fonts[at].1);
            let (horizontal, vertical) = (at(false), at(true));
            if horizontal.is_none() && vertical.is_none() {
                continue;
            }
            let embedded = font::embed(used, vertical.is_some())?;
            let numbers = Numbers {
                file: self.xref.number(),
                descriptor: self.xref.number(),
                descendant: self.xref.number(),
                to_unicode: self.xref.number(),
                to_glyph: embedded.to_glyph.as_ref().map(|_| self.xref.number()),
            };
            self.put_deflated(numbers.file, embedded.file.0.clone(), &embedded.file.1);
            self.put_object(numbers.descriptor, |out| embedded.descriptor(out, &numbers));
            self.put_object(numbers.descendant, |out| embedded.descendant(out, &numbers));
            self.put_deflated(numbers.to_unicode, Vec::new(), &embedded.to_unicode);
            if let (Some(number), Some(table)) = (numbers.to_glyph, &embedded.to_glyph) {
                self.put_deflated(number, Vec::new(), table);
            }
            for (number, vertical) in [(horizontal, false), (vertical, true)] {
                if let Some(number) = number {
                    self.put_object(number, |out| embedded.font(out, &numbers, vertical));
                }
            }
            self.send()?;
        }
        Ok(())
    }
}

/// What the end of a file points to.
pub(super) struct Trailer {
    pub(super) root: u32,
    pub(super) info: u32,
    pub(super) id: Digest,
}

/// Writes the table of objects, and where it stands.
pub(super) fn end<W: Write>(
    mut sink: Sink<W>,
    mut xref: Xref,
    pages: u64,
    trailer: &Trailer,
) -> Result<(FileSummary, W), Fault> {
    let table = xref.number();
    let start = sink.written;
    xref.put(table, Place::At(start));
    let objects = xref.next();
    xref.finish(
        &mut sink,
        |sink, length| {
            let mut head = Vec::new();
            int(&mut head, table);
            head.extend_from_slice(b" 0 obj\n<</Type/XRef/Size ");
            int(&mut head, objects);
            head.extend_from_slice(b"/W[1 5 2]/Root ");
            reference(&mut head, trailer.root);
            head.extend_from_slice(b"/Info ");
            reference(&mut head, trailer.info);
            head.extend_from_slice(b"/ID[");
            super::object::hex_string(&mut head, &trailer.id.0[..16]);
            super::object::hex_string(&mut head, &trailer.id.0[..16]);
            head.extend_from_slice(b"]/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 8>>/Length ");
            int(&mut head, length);
            head.extend_from_slice(b">>stream\n");
            sink.write(&head)
        },
        |sink, bytes| sink.write(bytes),
    )?;
    sink.write(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
    sink.out.flush()?;
    let summary =
        FileSummary { bytes: sink.written, sha256: sink.hasher.finish(), pages, objects: u64::from(objects) - 1 };
    Ok((summary, sink.out))
}

fn same_media(a: &Sheet, b: &Sheet) -> bool {
    a.width == b.width && a.height == b.height && a.bleed + a.slug == b.bleed + b.slug
}

fn media_box(out: &mut Vec<u8>, sheet: &Sheet) {
    out.extend_from_slice(b"/MediaBox[0 0 ");
    let edge = 2.0 * (sheet.bleed + sheet.slug);
    real(out, sheet.width + edge, BOX_PLACES);
    out.push(b' ');
    real(out, sheet.height + edge, BOX_PLACES);
    out.push(b']');
}

/// The streams of a page: its content, and what stands before and behind it where it is stamped.
#[derive(Clone, Copy, Debug)]
struct Drawn {
    content: u32,
    stamp: Option<(u32, u32)>,
}

/// A page dictionary. The media box is the bleed box with the slug; where it equals that of the batch's node it is
/// inherited.
fn page(
    out: &mut Vec<u8>,
    sheet: &Sheet,
    node: u32,
    drawn: Drawn,
    resources: Option<&(Resources, bool)>,
    part: Option<u32>,
    inherits: bool,
) {
    out.extend_from_slice(b"<</Type/Page/Parent ");
    reference(out, node);
    if !inherits {
        media_box(out, sheet);
    }
    let (slug, trim) = (sheet.slug, sheet.slug + sheet.bleed);
    let bleed = trim + sheet.bleed;
    out.extend_from_slice(b"/BleedBox[");
    for (i, v) in [slug, slug, bleed + sheet.width, bleed + sheet.height].into_iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        real(out, v, BOX_PLACES);
    }
    out.extend_from_slice(b"]/TrimBox[");
    for v in [trim, trim, trim + sheet.width, trim + sheet.height] {
        real(out, v, BOX_PLACES);
        out.push(b' ');
    }
    out.extend_from_slice(b"]/Resources");
    let translucent = resources.is_some_and(|r| r.1);
    match resources.map(|r| &r.0) {
        Some(Resources::Shared(number)) => {
            out.push(b' ');
            reference(out, *number);
        }
        Some(Resources::Own(dictionary)) => out.extend_from_slice(dictionary),
        None => out.extend_from_slice(b"<<>>"),
    }
    if translucent {
        // So that the blending space is not left to the reader.
        out.extend_from_slice(b"/Group<</S/Transparency/CS/DeviceCMYK>>");
    }
    if let Some(part) = part {
        out.extend_from_slice(b"/DPart ");
        reference(out, part);
    }
    out.extend_from_slice(b"/Contents ");
    match drawn.stamp {
        None => reference(out, drawn.content),
        Some((before, behind)) => {
            for (mark, number) in [(b'[', before), (b' ', drawn.content), (b' ', behind)] {
                out.push(mark);
                reference(out, number);
            }
            out.push(b']');
        }
    }
    out.extend_from_slice(b">>");
}
