//! Placed artwork: a page of another PDF file as a form XObject (ISO 32000-1, 8.10), with all that it refers to and
//! never drawn anew. Its matrix lays the trim on the unit square, so that it is placed as pictures are.

use std::io::Write;

use super::Fault;
use super::object::real;
use super::writer::Writer;
use crate::asset::artwork::{Artwork, MAX_BYTES};
use crate::asset::image::Image;
use crate::base::Digest;
use crate::cos::read::{Copier, Fault as Unread, Pages, Reader, Receiver, Value, packing};

/// Decimals of a length in points.
const PLACES: u32 = 4;

/// Objects of another file on their way into this one.
struct Into<'a, W: Write>(&'a mut Writer<W>);

impl<W: Write> Receiver for Into<'_, W> {
    fn number(&mut self) -> u32 {
        self.0.new_number()
    }
    fn object(&mut self, number: u32, body: &[u8]) {
        self.0.put_object(number, |out| out.extend_from_slice(body));
    }
    fn stream(&mut self, number: u32, entries: &[u8], data: &[u8]) {
        self.0.put_stream(number, entries, data);
    }
}

impl<W: Write> Writer<W> {
    /// Writes the page that `picture` is, and gives the number of its form.
    pub(super) fn artwork(&mut self, picture: &Image, art: &Artwork) -> Result<u32, Fault> {
        let wrong = |reason: String| Fault::Image { path: picture.path.clone(), reason };
        let bytes = self.files.read_named(&picture.path, MAX_BYTES).map_err(|e| wrong(e.message))?;
        if Digest::of(&bytes) != art.file {
            return Err(wrong("it was changed while the run was using it; run again".to_owned()));
        }
        let mut known = std::mem::take(&mut self.known);
        let number = self.page_form(bytes.into_owned(), art, &mut known);
        self.known = known;
        number.map_err(|e| wrong(e.to_string()))
    }

    fn page_form(&mut self, bytes: Vec<u8>, art: &Artwork, known: &mut crate::cos::read::Known) -> Result<u32, Unread> {
        let mut reader = Reader::from_bytes(bytes)?;
        let page = Pages::read(&mut reader)?.get(&mut reader, art.page)?;
        let mut entries = b"/Type/XObject/Subtype/Form/BBox[".to_vec();
        for v in [art.area.left, art.area.bottom, art.area.right, art.area.top] {
            real(&mut entries, v, PLACES);
            entries.push(b' ');
        }
        entries.extend_from_slice(b"]/Matrix[");
        for v in art.matrix {
            // A thousandth of a point on a page of four metres.
            entries.extend_from_slice(format!("{v:.10} ").as_bytes());
        }
        entries.extend_from_slice(b"]/Resources");
        let mut copier = Copier::default();
        match &page.resources {
            Value::Null => entries.extend_from_slice(b"<<>>"),
            resources => copier.write(&mut reader, resources, &mut entries, known, &mut Into(self))?,
        }
        if art.is_translucent {
            // A page's group is isolated whatever it says (11.4.7).
            entries.extend_from_slice(b"/Group<</S/Transparency/I true");
            let group = reader.get(&page.dict, "Group")?;
            if let Some(space) = group.dict().and_then(|g| g.get("CS")) {
                entries.extend_from_slice(b"/CS");
                copier.write(&mut reader, &space.clone(), &mut entries, known, &mut Into(self))?;
            }
            entries.extend_from_slice(b">>");
        }
        let contents = page.contents(&mut reader)?;
        let mut data = Vec::new();
        let as_it_is = match contents.as_slice() {
            [one] => match reader.get(&one.dict, "Filter")? {
                // LZW has no place in PDF/X.
                Value::Name(filter) => matches!(&*filter, b"FlateDecode" | b"Fl"),
                _ => false,
            },
            _ => false,
        };
        let number = self.new_number();
        if let (true, [one]) = (as_it_is, contents.as_slice()) {
            reader.raw(one, &mut data)?;
            packing(&mut reader, &one.dict, &mut entries)?;
            self.put_stream(number, &entries, &data);
        } else {
            // Operators may not be cut in two between streams, words may (7.8.2).
            for stream in &contents {
                data.extend(reader.unpacked(stream)?);
                data.push(b'\n');
            }
            self.put_deflated(number, entries, &data);
        }
        Ok(number)
    }
}
