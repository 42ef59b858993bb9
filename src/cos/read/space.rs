//! Colour spaces as a file states them (ISO 32000-1, 8.6), one step at a time: who looks at a file says what each means
//! to him, and follows the spaces within as far as he likes.

use super::fault::Fault;
use super::lenient::named;
use super::reader::Reader;
use super::syntax::{Dict, Value};

/// Names of one space; more are left out (annex C.2 allows 32).
const MOST_NAMES: usize = 64;

/// What a colour space is.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    DeviceGray,
    DeviceRgb,
    DeviceCmyk,
    CalGray,
    CalRgb,
    /// By a profile, with so many components.
    Icc(i64),
    /// Colours of another space, by number.
    Indexed {
        base: Value,
        /// A string or a stream.
        table: Value,
    },
    /// Inks by their names: one (Separation) or several (DeviceN).
    Named {
        names: Vec<Box<[u8]>>,
        /// A Separation.
        alone: bool,
        /// The space in which others stand for these inks, and the function that leads there.
        alternate: Value,
        tint: Value,
        /// What a DeviceN says of its inks besides.
        attributes: Value,
    },
    /// A pattern, with the space of its colour where it has none of its own.
    Pattern(Option<Value>),
    /// Another one, or none.
    Other,
}

impl Space {
    /// The spaces that have a name alone, with the short names of inline pictures (8.9.7).
    #[must_use]
    pub fn simple(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"DeviceGray" | b"G" => Self::DeviceGray,
            b"DeviceRGB" | b"RGB" => Self::DeviceRgb,
            b"DeviceCMYK" | b"CMYK" => Self::DeviceCmyk,
            b"Pattern" => Self::Pattern(None),
            _ => return None,
        })
    }

    /// The space that an operator or a picture calls `name`: a simple one, or one of the list of the resources.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_name(reader: &mut Reader, list: &Dict, name: &[u8]) -> Result<Self, Fault> {
        match Self::simple(name) {
            Some(simple) => Ok(simple),
            None => Self::read(reader, &named(list, name)),
        }
    }

    /// # Errors
    /// As [`Reader::object`].
    pub fn read(reader: &mut Reader, value: &Value) -> Result<Self, Fault> {
        let parts = match reader.resolved(value)? {
            Value::Name(name) => return Ok(Self::simple(&name).unwrap_or(Self::Other)),
            Value::Array(parts) => parts,
            _ => return Ok(Self::Other),
        };
        let part = |at: usize| parts.get(at).cloned().unwrap_or(Value::Null);
        let Value::Name(family) = reader.resolved(&part(0))? else { return Ok(Self::Other) };
        Ok(match &*family {
            b"CalGray" => Self::CalGray,
            b"CalRGB" => Self::CalRgb,
            b"ICCBased" => match reader.resolved(&part(1))? {
                Value::Dict(profile) => reader.get(&profile, "N")?.int().map_or(Self::Other, Self::Icc),
                _ => Self::Other,
            },
            b"Indexed" | b"I" => Self::Indexed { base: part(1), table: part(3) },
            b"Separation" | b"DeviceN" => {
                let (all, alone) = match reader.resolved(&part(1))? {
                    Value::Array(all) => (all, false),
                    one => (vec![one], true),
                };
                let mut names = Vec::with_capacity(all.len().min(MOST_NAMES));
                for name in all.iter().take(MOST_NAMES) {
                    // a name that is none still has its place among the values of a colour
                    names.push(match reader.resolved(name)? {
                        Value::Name(name) => name,
                        _ => Box::from(&b"None"[..]),
                    });
                }
                Self::Named { names, alone, alternate: part(2), tint: part(3), attributes: part(4) }
            }
            b"Pattern" => Self::Pattern(parts.get(1).cloned()),
            simple => Self::simple(simple).unwrap_or(Self::Other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::file;
    use super::*;

    fn space(text: &str) -> Space {
        let bytes = file(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>", text, "<</N 4>>"]);
        Space::read(&mut Reader::from_bytes(bytes).unwrap(), &Value::Ref(3)).unwrap()
    }

    #[test]
    fn every_family_is_known_by_its_name() {
        assert_eq!(space("/DeviceRGB"), Space::DeviceRgb);
        assert_eq!(space("[/DeviceCMYK]"), Space::DeviceCmyk);
        assert_eq!(space("[/ICCBased 4 0 R]"), Space::Icc(4));
        assert_eq!(space("[/Pattern/DeviceGray]"), Space::Pattern(Some(Value::Name(Box::from(&b"DeviceGray"[..])))));
        assert_eq!(space("[/Lab<<>>]"), Space::Other);
        assert_eq!(space("[/CalRGB<<>>]"), Space::CalRgb);
        assert_eq!(space("12"), Space::Other);
        assert!(matches!(space("[/Indexed/DeviceRGB 0<ffffff>]"), Space::Indexed { table: Value::String(_), .. }));
    }

    #[test]
    fn named_inks_keep_their_places() {
        let Space::Named { names, alone, .. } = space("[/DeviceN[/Gold 5/Cyan]/DeviceCMYK 4 0 R]") else { panic!() };
        assert_eq!(
            (names.iter().map(|n| &**n).collect::<Vec<_>>(), alone),
            (vec![&b"Gold"[..], b"None", b"Cyan"], false)
        );
        assert!(matches!(space("[/Separation/Gold/DeviceCMYK 4 0 R]"), Space::Named { alone: true, .. }));
    }
}
