//! An object with all that it refers to, into another file, each once.
//!
//! What an object refers to is written before it, so that equal things of several files (the fonts, pictures and
//! profiles of one job's parts) come out as the same bytes with the same numbers within and are written once.

use rustc_hash::FxHashMap;

use super::Fault;
use super::reader::{Object, Reader};
use super::syntax::{Dict, Value};
use crate::base::Digest;
use crate::base::digest::Hasher;

/// References within references; deeper ones are refused.
const DEPTH: usize = 200;
/// Objects that later ones are compared with.
const MOST_KNOWN: usize = 1 << 17;

/// A file that objects are written into.
pub trait Receiver {
    /// A new object number.
    fn number(&mut self) -> u32;
    /// Writes an object that is no stream. `body` has no `obj` and `endobj`.
    fn object(&mut self, number: u32, body: &[u8]);
    /// Writes a stream. `entries` are those of its dictionary besides `/Length`.
    fn stream(&mut self, number: u32, entries: &[u8], data: &[u8]);
}

/// What of one file has been copied into another.
#[derive(Debug, Default)]
pub struct Copier {
    /// New number by old number; 0 for what was not copied.
    numbers: Vec<u32>,
    /// What is being copied: a reference to it makes a circle.
    open: Vec<u32>,
}

/// Objects of the file that is written, by what they hold.
pub type Known = FxHashMap<Digest, u32>;

impl Copier {
    /// Copies the object `number` with all that it refers to; gives its new number. The second time, only that.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn copy(
        &mut self,
        reader: &mut Reader,
        number: u32,
        known: &mut Known,
        to: &mut impl Receiver,
    ) -> Result<u32, Fault> {
        self.copied(&mut Way { reader, known, to }, number, 0)
    }

    /// Appends `value` with all references renewed, and copies what they refer to.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn write(
        &mut self,
        reader: &mut Reader,
        value: &Value,
        out: &mut Vec<u8>,
        known: &mut Known,
        to: &mut impl Receiver,
    ) -> Result<(), Fault> {
        let mut way = Way { reader, known, to };
        value.write(out, &mut |number| self.copied(&mut way, number, 0))
    }

    fn copied<R: Receiver>(&mut self, way: &mut Way<'_, R>, number: u32, depth: usize) -> Result<u32, Fault> {
        let at = number as usize;
        if let Some(new) = self.numbers.get(at).filter(|n| **n != 0) {
            return Ok(*new);
        }
        if depth >= DEPTH {
            return Err(Fault::TooLarge("its objects refer to each other too deeply".to_owned()));
        }
        if at >= way.reader.objects() {
            // A reference to nothing means null (7.3.10).
            let new = way.to.number();
            way.to.object(new, b"null");
            return Ok(new);
        }
        if self.numbers.len() <= at {
            self.numbers.resize(way.reader.objects().max(at + 1), 0);
        }
        if self.open.contains(&number) {
            // A circle: the number is given before the object is written, which then is compared with nothing.
            let new = way.to.number();
            self.numbers[at] = new;
            return Ok(new);
        }
        self.open.push(number);
        let new = self.made(way, number, depth);
        self.open.pop();
        let new = new?;
        self.numbers[at] = new;
        Ok(new)
    }

    fn made<R: Receiver>(&mut self, way: &mut Way<'_, R>, number: u32, depth: usize) -> Result<u32, Fault> {
        let mut body = Vec::new();
        let mut data = None;
        match way.reader.object(number)? {
            Object::Value(value) => value.write(&mut body, &mut |n| self.copied(way, n, depth + 1))?,
            Object::Stream(stream) => {
                let mut raw = Vec::new();
                way.reader.raw(&stream, &mut raw)?;
                for (key, value) in &stream.dict.0 {
                    if **key == *b"Length" {
                        continue;
                    }
                    super::super::object::name_of(&mut body, key);
                    value.write(&mut body, &mut |n| self.copied(way, n, depth + 1))?;
                }
                data = Some(raw);
            }
        }
        // Given already where it is part of a circle.
        let given = self.numbers.get(number as usize).copied().filter(|n| *n != 0);
        let mut hasher = Hasher::default();
        hasher.update(if data.is_some() { b"s" } else { b"o" });
        hasher.update(&body);
        if let Some(data) = &data {
            hasher.update(b"stream");
            hasher.update(data);
        }
        let digest = hasher.finish();
        if given.is_none()
            && let Some(same) = way.known.get(&digest)
        {
            return Ok(*same);
        }
        let new = given.unwrap_or_else(|| way.to.number());
        match &data {
            Some(data) => way.to.stream(new, &body, data),
            None => way.to.object(new, &body),
        }
        if given.is_none() && way.known.len() < MOST_KNOWN {
            way.known.insert(digest, new);
        }
        Ok(new)
    }
}

/// From where to where.
struct Way<'a, R> {
    reader: &'a mut Reader,
    known: &'a mut Known,
    to: &'a mut R,
}

/// The entries of a content stream's dictionary that say how its data are packed.
///
/// # Errors
/// [`Fault`].
pub fn packing(reader: &mut Reader, dict: &Dict, out: &mut Vec<u8>) -> Result<(), Fault> {
    for key in ["Filter", "DecodeParms"] {
        let value = reader.get(dict, key)?;
        if value == Value::Null {
            continue;
        }
        super::super::object::name(out, key);
        value.write(out, &mut |_| Err(Fault::broken("the parameters of a page content's filter refer elsewhere")))?;
    }
    Ok(())
}
