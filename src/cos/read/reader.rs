//! A PDF file that lies open: objects by their numbers, read where they stand, one at a time.

use std::collections::VecDeque;
use std::path::Path;
use std::rc::Rc;

use super::Fault;
use super::filter::{Filter, unpack};
use super::source::Source;
use super::syntax::{Dict, Parser, Value, Wrong};
use super::table::{Early, Place, Table, read as read_table};

/// The first look at an object; most end within it.
const LOOK: usize = 2048;
/// The longest object without its data.
const LONGEST: usize = 64 << 20;
/// The longest data of one stream that is unpacked here: page contents, object streams, tables of objects.
const UNPACKED: usize = 256 << 20;
/// References to references.
const CHAIN: usize = 32;
/// Bytes of unpacked object streams that are kept.
const KEPT: usize = 24 << 20;

/// An object, and where its data stands if it is a stream.
#[derive(Clone, Debug)]
pub enum Object {
    Value(Value),
    Stream(Stream),
}

/// A stream whose data still lies in the file.
#[derive(Clone, Debug)]
pub struct Stream {
    pub dict: Dict,
    /// Where the data begins.
    at: u64,
}

/// An unpacked object stream (7.5.7).
#[derive(Debug)]
struct Packed {
    /// Number of each object, and where it begins in `bytes`.
    objects: Vec<(u32, usize)>,
    bytes: Vec<u8>,
}

/// A PDF file that lies open.
#[derive(Debug)]
pub struct Reader {
    source: Source,
    table: Table,
    trailer: Dict,
    /// Unpacked object streams, used last at the back.
    packed: VecDeque<(u32, Rc<Packed>)>,
    held: usize,
    /// Whether an object stream is being unpacked: what that needs must not stand in one.
    unpacking: bool,
    buffer: Vec<u8>,
}

impl Reader {
    /// Opens a file and reads where its objects stand.
    ///
    /// # Errors
    /// [`Fault`]: no PDF, encrypted, damaged, too large.
    pub fn open(path: &Path) -> Result<Self, Fault> {
        Self::of(Source::open(path)?)
    }

    /// The same of a file in memory.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, Fault> {
        Self::of(Source::of(bytes))
    }

    fn of(mut source: Source) -> Result<Self, Fault> {
        let mut buffer = Vec::new();
        source.read(0, 1024, &mut buffer)?;
        if memchr::memmem::find(&buffer, b"%PDF-").is_none() {
            return Err(Fault::NotPdf);
        }
        let mut reader = Self {
            source,
            table: Table::default(),
            trailer: Dict::default(),
            packed: VecDeque::new(),
            held: 0,
            unpacking: false,
            buffer,
        };
        let (table, trailer) = read_table(&mut reader)?;
        if trailer.get("Encrypt").is_some_and(|e| *e != Value::Null) {
            return Err(Fault::Encrypted);
        }
        reader.table = table;
        reader.trailer = trailer;
        Ok(reader)
    }

    /// The newest trailer.
    #[must_use]
    pub fn trailer(&self) -> &Dict {
        &self.trailer
    }

    /// The catalog.
    ///
    /// # Errors
    /// [`Fault::Broken`]: there is none.
    pub fn catalog(&mut self) -> Result<Dict, Fault> {
        let root = self.trailer.get("Root").cloned().unwrap_or(Value::Null);
        match self.resolved(&root)? {
            Value::Dict(dict) => Ok(dict),
            _ => Err(Fault::broken("it has no catalog")),
        }
    }

    /// One more than the highest object number.
    #[must_use]
    pub fn objects(&self) -> usize {
        self.table.len()
    }

    /// The object `number`; null if there is none.
    ///
    /// # Errors
    /// [`Fault::Broken`], [`Fault::Io`].
    pub fn object(&mut self, number: u32) -> Result<Object, Fault> {
        match self.table.place(number) {
            Place::Nowhere => Ok(Object::Value(Value::Null)),
            Place::At(at) => {
                let (found, object) = self.object_at(at)?;
                if found == number {
                    Ok(object)
                } else {
                    Err(Fault::broken(format!("where object {number} should stand there is another")))
                }
            }
            Place::In { stream, index } => Ok(Object::Value(self.packed_object(number, stream, index)?)),
        }
    }

    /// What `value` is when references are followed; the dictionary of a stream.
    ///
    /// # Errors
    /// As [`Self::object`].
    pub fn resolved(&mut self, value: &Value) -> Result<Value, Fault> {
        let &Value::Ref(mut number) = value else { return Ok(value.clone()) };
        for _ in 0..CHAIN {
            match self.object(number)? {
                Object::Value(Value::Ref(next)) => number = next,
                Object::Value(value) => return Ok(value),
                Object::Stream(stream) => return Ok(Value::Dict(stream.dict)),
            }
        }
        Err(Fault::broken("references that lead in a circle"))
    }

    /// The value of `key`, with references followed; null if it is not there.
    ///
    /// # Errors
    /// As [`Self::object`].
    pub fn get(&mut self, dict: &Dict, key: &str) -> Result<Value, Fault> {
        match dict.get(key) {
            None => Ok(Value::Null),
            Some(value) => self.resolved(value),
        }
    }

    /// The stream that `value` refers to.
    ///
    /// # Errors
    /// [`Fault::Broken`]: it is none.
    pub fn stream(&mut self, value: &Value) -> Result<Stream, Fault> {
        let &Value::Ref(mut number) = value else { return Err(Fault::broken("a stream that has no number")) };
        for _ in 0..CHAIN {
            match self.object(number)? {
                Object::Stream(stream) => return Ok(stream),
                Object::Value(Value::Ref(next)) => number = next,
                Object::Value(_) => return Err(Fault::broken(format!("object {number} should be a stream"))),
            }
        }
        Err(Fault::broken("references that lead in a circle"))
    }

    /// The data of a stream as they stand in the file, packed, into `out`, which is emptied first.
    ///
    /// # Errors
    /// [`Fault::Broken`]: the length is wrong.
    pub fn raw(&mut self, stream: &Stream, out: &mut Vec<u8>) -> Result<(), Fault> {
        let length = self.get(&stream.dict, "Length")?.int().and_then(|n| u64::try_from(n).ok());
        let Some(length) = length.filter(|n| stream.at.saturating_add(*n) <= self.source.length()) else {
            return Err(Fault::broken("a stream says no length that can be"));
        };
        // With the word behind it, which shows that the length is right.
        let count = usize::try_from(length).map_err(|_| Fault::TooLarge("a stream".to_owned()))?;
        self.source.read(stream.at, count.saturating_add(16), out)?;
        let rest = out.get(count..).unwrap_or_default();
        let behind = rest.iter().position(|b| !matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0)).unwrap_or(rest.len());
        if !rest
            .get(behind..)
            .is_some_and(|r| r.starts_with(b"endstream") || b"endstream".starts_with(r) && r.len() > 3)
        {
            return Err(Fault::broken("a stream does not end where its length says"));
        }
        out.truncate(count);
        Ok(())
    }

    /// The data of a stream, unpacked. Filters of pictures are refused.
    ///
    /// # Errors
    /// [`Fault::Broken`], [`Fault::TooLarge`].
    pub fn unpacked(&mut self, stream: &Stream) -> Result<Vec<u8>, Fault> {
        let mut data = Vec::new();
        self.raw(stream, &mut data)?;
        if stream.dict.get("F").is_some() {
            return Err(Fault::broken("a stream whose data stand in another file"));
        }
        let filters = self.filters(&stream.dict)?;
        unpack(&filters, data, UNPACKED)
    }

    fn filters(&mut self, dict: &Dict) -> Result<Vec<Filter>, Fault> {
        let names = match self.get(dict, "Filter")? {
            Value::Null => return Ok(Vec::new()),
            Value::Array(names) => names,
            name => vec![name],
        };
        let parameters = match self.get(dict, "DecodeParms")? {
            Value::Array(all) => all,
            one => vec![one],
        };
        let mut filters = Vec::new();
        for (i, name) in names.iter().enumerate() {
            let Value::Name(name) = self.resolved(name)? else {
                return Err(Fault::broken("a filter that has no name"));
            };
            let parameters = match parameters.get(i) {
                None => Value::Null,
                Some(p) => self.resolved(p)?,
            };
            let mut parameters = match parameters {
                Value::Dict(d) => Some(d),
                _ => None,
            };
            for (_, value) in parameters.iter_mut().flat_map(|p| &mut p.0) {
                *value = self.resolved(value)?;
            }
            filters.push(Filter { name, parameters });
        }
        Ok(filters)
    }

    /// The object that begins at `at`, with its number.
    fn object_at(&mut self, at: u64) -> Result<(u32, Object), Fault> {
        let mut look = LOOK;
        let mut buffer = std::mem::take(&mut self.buffer);
        let result = loop {
            self.source.read(at, look, &mut buffer)?;
            match parse(&buffer) {
                Ok((number, value, data)) => break Ok((number, value, data)),
                Err(Wrong::Ends) if buffer.len() == look && look < LONGEST => look = (look * 8).min(LONGEST),
                Err(Wrong::TooDeep) => break Err(Fault::TooLarge("an object is nested too deeply".to_owned())),
                Err(Wrong::Ends) if look >= LONGEST => {
                    break Err(Fault::TooLarge(format!("an object of more than {LONGEST} bytes")));
                }
                Err(_) => break Err(Fault::broken(format!("there is no object at byte {at}"))),
            }
        };
        self.buffer = buffer;
        let (number, value, data) = result?;
        match (value, data) {
            (Value::Dict(dict), Some(data)) => Ok((number, Object::Stream(Stream { dict, at: at + data as u64 }))),
            (value, None) => Ok((number, Object::Value(value))),
            (_, Some(_)) => Err(Fault::broken(format!("object {number} is a stream without a dictionary"))),
        }
    }

    fn packed_object(&mut self, number: u32, stream: u32, index: u32) -> Result<Value, Fault> {
        let packed = self.packed(stream)?;
        let wrong = || Fault::broken(format!("object {number} is not in the object stream {stream}"));
        let at = match packed.objects.get(index as usize) {
            Some((n, at)) if *n == number => *at,
            // Some writers count otherwise; the number tells.
            _ => packed.objects.iter().find(|o| o.0 == number).ok_or_else(wrong)?.1,
        };
        let bytes = packed.bytes.get(at..).ok_or_else(wrong)?;
        Parser::new(bytes).value().map_err(|_| wrong())
    }

    fn packed(&mut self, number: u32) -> Result<Rc<Packed>, Fault> {
        // Those used last are at the back; the one that is wanted most often is the one wanted last.
        if let Some(at) = self.packed.iter().rposition(|(n, _)| *n == number) {
            if at + 1 < self.packed.len()
                && let Some(entry) = self.packed.remove(at)
            {
                self.packed.push_back(entry);
            }
            if let Some((_, packed)) = self.packed.back() {
                return Ok(Rc::clone(packed));
            }
        }
        let wrong = || Fault::broken(format!("the object stream {number} is wrong"));
        let Place::At(at) = self.table.place(number) else { return Err(wrong()) };
        let (_, Object::Stream(stream)) = self.object_at(at)? else { return Err(wrong()) };
        // What it says of its own length and filters could stand within it: a circle without end.
        if self.unpacking {
            return Err(wrong());
        }
        self.unpacking = true;
        let bytes = self.unpacked(&stream);
        self.unpacking = false;
        let bytes = bytes?;
        let count = |key| stream.dict.get(key).and_then(Value::int).and_then(|n| usize::try_from(n).ok());
        let (Some(n), Some(first)) = (count("N"), count("First")) else { return Err(wrong()) };
        let mut parser = Parser::new(&bytes);
        let mut objects = Vec::new();
        for _ in 0..n {
            let (Ok(number), Ok(at)) = (parser.count(), parser.count()) else { return Err(wrong()) };
            let at = usize::try_from(at).ok().and_then(|at| at.checked_add(first)).ok_or_else(wrong)?;
            objects.push((u32::try_from(number).map_err(|_| wrong())?, at));
        }
        let packed = Rc::new(Packed { objects, bytes });
        self.held += packed.bytes.len() + packed.objects.len() * 16;
        self.packed.push_back((number, Rc::clone(&packed)));
        while self.held > KEPT && self.packed.len() > 1 {
            if let Some((_, old)) = self.packed.pop_front() {
                self.held -= old.bytes.len() + old.objects.len() * 16;
            }
        }
        Ok(packed)
    }
}

impl Early for Reader {
    fn section_stream(&mut self, at: u64) -> Result<(Dict, Vec<u8>), Fault> {
        match self.object_at(at)? {
            (_, Object::Stream(stream)) => {
                let data = self.unpacked(&stream)?;
                Ok((stream.dict, data))
            }
            _ => Err(Fault::broken("there is no table of objects where it should stand")),
        }
    }

    fn source(&mut self) -> &mut Source {
        &mut self.source
    }
}

/// `12 0 obj`, a value, and `endobj` or `stream` and where the data begins.
fn parse(bytes: &[u8]) -> Result<(u32, Value, Option<usize>), Wrong> {
    let mut parser = Parser::new(bytes);
    let number = u32::try_from(parser.count()?).map_err(|_| Wrong::NoObject)?;
    parser.count()?;
    if parser.word()? != b"obj" {
        return Err(Wrong::NoObject);
    }
    let value = parser.value()?;
    if parser.word()? != b"stream" {
        // `endobj` is missing in some files; what follows is another object then.
        return Ok((number, value, None));
    }
    match (bytes.get(parser.at), bytes.get(parser.at + 1)) {
        (Some(b'\r'), Some(b'\n')) => Ok((number, value, Some(parser.at + 2))),
        (Some(b'\n' | b'\r'), _) => Ok((number, value, Some(parser.at + 1))),
        (Some(_), _) => Ok((number, value, Some(parser.at))),
        (None, _) => Err(Wrong::Ends),
    }
}
