//! WOFF 2.0 (W3C Recommendation, 2024): an OpenType file as one Brotli stream, in which outlines and advances are put in
//! another order so that they pack better. They are put back; offsets in `loca` are long then, and no check sums are
//! written, for nothing here reads them. Collections are not unpacked.

use std::io::Read as _;

/// Bytes of all tables once they are unpacked.
const MAX_UNPACKED: usize = 64 << 20;

/// Section 4.1, table 0: what the numbers of the directory stand for.
const TAGS: &[u8; 63 * 4] =
    b"cmapheadhheahmtxmaxpnameOS/2postcvt fpgmglyflocaprepCFF VORGEBDTEBLCgasphdmxkernLTSHPCLTVDMXvheavmtxBASEGDEFGPOS\
GSUBEBSCJSTFMATHCBDTCBLCCOLRCPALSVG sbixacntavarbdatblocbslncvarfdscfeatfmtxfvargvarhstyjustlcarmortmorxopbdproptrak\
ZapfSilfGlatGlocFeatSill";

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// `255UInt16` (section 6.1.1).
    fn small(&mut self) -> Option<u16> {
        Some(match self.u8()? {
            253 => self.u16()?,
            254 => u16::from(self.u8()?) + 506,
            255 => u16::from(self.u8()?) + 253,
            code => u16::from(code),
        })
    }

    /// `UIntBase128` (section 6.1.2).
    fn base128(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for i in 0..5 {
            let byte = self.u8()?;
            if i == 0 && byte == 0x80 || value >> 25 != 0 {
                return None;
            }
            value = value << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// The plain file. `None`: the package is broken, holds a collection, or unpacks to more than is allowed.
pub(super) fn unpack(file: &[u8]) -> Option<Vec<u8>> {
    let mut head = Bytes(file);
    head.take(4)?;
    let flavor = head.take(4)?;
    head.take(4)?;
    let count = head.u16()?;
    head.take(6)?;
    let packed = head.u32()? as usize;
    head.take(24)?;
    if flavor == b"ttcf" || count == 0 {
        return None;
    }
    // Tag, whether it is transformed, length in the stream.
    let mut directory = Vec::new();
    let mut total = 0usize;
    for _ in 0..count {
        let flags = head.u8()?;
        let tag = match usize::from(flags & 63) {
            63 => head.take(4)?,
            known => TAGS.get(known * 4..known * 4 + 4)?,
        };
        let version = flags >> 6;
        let plain = head.base128()? as usize;
        let outlines = tag == b"glyf" || tag == b"loca";
        let transformed = if outlines { version != 3 } else { version != 0 };
        let length = if transformed { head.base128()? as usize } else { plain };
        total = total.checked_add(length).filter(|t| *t <= MAX_UNPACKED)?;
        directory.push((tag, transformed, length));
    }
    let mut stream = Vec::new();
    let brotli = brotli_decompressor::Decompressor::new(head.0.get(..packed)?, 4096);
    brotli.take(total as u64 + 1).read_to_end(&mut stream).ok()?;
    if stream.len() != total {
        return None;
    }
    let mut rest = Bytes(&stream);
    let mut tables: Vec<(&[u8], bool, Vec<u8>)> = Vec::with_capacity(directory.len());
    for (tag, transformed, length) in directory {
        tables.push((tag, transformed, rest.take(length)?.to_vec()));
    }
    let find = |tables: &[(&[u8], bool, Vec<u8>)], tag: &[u8; 4]| tables.iter().position(|t| t.0 == tag);
    let mut lefts = Vec::new();
    if let Some(at) = find(&tables, b"glyf").filter(|at| tables.get(*at).is_some_and(|t| t.1)) {
        let outlines = outlines(&tables.get(at)?.2)?;
        tables.get_mut(at)?.2 = outlines.glyf;
        let loca = find(&tables, b"loca")?;
        tables.get_mut(loca)?.2 = outlines.loca;
        let head = find(&tables, b"head")?;
        tables.get_mut(head)?.2.get_mut(50..52)?.copy_from_slice(&[0, 1]);
        lefts = outlines.lefts;
    }
    if let Some(at) = find(&tables, b"hmtx").filter(|at| tables.get(*at).is_some_and(|t| t.1)) {
        let hhea = &tables.get(find(&tables, b"hhea")?)?.2;
        let measured = u16::from_be_bytes(hhea.get(34..36)?.try_into().ok()?);
        tables.get_mut(at)?.2 = advances(&tables.get(at)?.2, measured, &lefts)?;
    }
    tables.sort_by(|a, b| a.0.cmp(b.0));
    write(flavor, count, &tables)
}

fn write(flavor: &[u8], count: u16, tables: &[(&[u8], bool, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut out = flavor.to_vec();
    out.extend(count.to_be_bytes());
    out.extend([0; 6]);
    let mut at = 12 + 16 * tables.len();
    for (tag, _, data) in tables {
        out.extend_from_slice(tag);
        out.extend([0; 4]);
        out.extend(u32::try_from(at).ok()?.to_be_bytes());
        out.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
        at += data.len().next_multiple_of(4);
    }
    for (_, _, data) in tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    Some(out)
}

struct Outlines {
    glyf: Vec<u8>,
    loca: Vec<u8>,
    /// Left edges by glyph; 0 of empty ones.
    lefts: Vec<i16>,
}

/// Section 5.1: the transformed `glyf` table.
fn outlines(data: &[u8]) -> Option<Outlines> {
    let mut table = Bytes(data);
    table.u16()?;
    let options = table.u16()?;
    let count = usize::from(table.u16()?);
    table.u16()?;
    let mut sizes = [0; 7];
    for size in &mut sizes {
        *size = table.u32()? as usize;
    }
    let [mut contours, mut points, mut flags, mut glyphs, mut composites, mut boxes, mut instructions] = {
        let mut streams = Vec::with_capacity(7);
        for size in sizes {
            streams.push(Bytes(table.take(size)?));
        }
        <[Bytes<'_>; 7]>::try_from(streams).ok()?
    };
    let stated = boxes.take(count.div_ceil(32) * 4)?;
    let overlaps = if options & 1 != 0 { table.take(count.div_ceil(8))? } else { &[] };
    let bit = |bits: &[u8], at: usize| bits.get(at / 8).is_some_and(|b| b >> (7 - at % 8) & 1 == 1);

    let mut out = Outlines { glyf: Vec::new(), loca: Vec::new(), lefts: Vec::with_capacity(count) };
    for id in 0..count {
        out.loca.extend(u32::try_from(out.glyf.len()).ok()?.to_be_bytes());
        let number = contours.u16()?;
        let edges = if bit(stated, id) { Some(boxes.take(8)?) } else { None };
        let left = |edges: &[u8]| Some(i16::from_be_bytes(edges.get(..2)?.try_into().ok()?));
        match number {
            0 => {
                if edges.is_some() {
                    return None;
                }
                out.lefts.push(0);
            }
            u16::MAX => {
                let edges = edges?;
                out.glyf.extend(number.to_be_bytes());
                out.glyf.extend_from_slice(edges);
                out.lefts.push(left(edges)?);
                if composite(&mut composites, &mut out.glyf)? {
                    let length = glyphs.small()?;
                    out.glyf.extend(length.to_be_bytes());
                    out.glyf.extend_from_slice(instructions.take(usize::from(length))?);
                }
            }
            _ => {
                let mut ends = Vec::with_capacity(usize::from(number) * 2);
                let mut total = 0u16;
                for _ in 0..number {
                    total = total.checked_add(points.small()?)?;
                    ends.extend(total.checked_sub(1)?.to_be_bytes());
                }
                let shape = shape(flags.take(usize::from(total))?, &mut glyphs, bit(overlaps, id))?;
                let length = glyphs.small()?;
                let own: [u8; 8] = match edges {
                    Some(edges) => edges.try_into().ok()?,
                    None => shape.edges,
                };
                out.glyf.extend(number.to_be_bytes());
                out.glyf.extend_from_slice(&own);
                out.lefts.push(left(&own)?);
                out.glyf.extend(ends);
                out.glyf.extend(length.to_be_bytes());
                out.glyf.extend_from_slice(instructions.take(usize::from(length))?);
                out.glyf.extend(shape.data);
            }
        }
        out.glyf.resize(out.glyf.len().next_multiple_of(4), 0);
        if out.glyf.len() > MAX_UNPACKED {
            return None;
        }
    }
    out.loca.extend(u32::try_from(out.glyf.len()).ok()?.to_be_bytes());
    Some(out)
}

/// Copies the parts of a composite glyph (OpenType, `glyf`); whether instructions follow.
fn composite(from: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<bool> {
    let mut instructed = false;
    loop {
        let flags = from.u16()?;
        let arguments = if flags & 0x01 != 0 { 4 } else { 2 };
        let matrix = match flags {
            f if f & 0x08 != 0 => 2,
            f if f & 0x40 != 0 => 4,
            f if f & 0x80 != 0 => 8,
            _ => 0,
        };
        out.extend(flags.to_be_bytes());
        out.extend_from_slice(from.take(2 + arguments + matrix)?);
        instructed |= flags & 0x100 != 0;
        if flags & 0x20 == 0 {
            return Some(instructed);
        }
    }
}

struct Shape {
    edges: [u8; 8],
    /// Flags, then steps across, then steps up.
    data: Vec<u8>,
}

/// The points of a simple glyph (section 5.2).
fn shape(flags: &[u8], glyphs: &mut Bytes<'_>, overlaps: bool) -> Option<Shape> {
    let (mut marks, mut across, mut up) = (Vec::with_capacity(flags.len()), Vec::new(), Vec::new());
    let (mut x, mut y) = (0i16, 0i16);
    let mut edges: Option<[i16; 4]> = None;
    for (i, flag) in flags.iter().enumerate() {
        let (dx, dy) = step(*flag & 0x7f, glyphs)?;
        (x, y) = (x.checked_add(dx)?, y.checked_add(dy)?);
        let [a, b, c, d] = edges.unwrap_or([x, y, x, y]);
        edges = Some([a.min(x), b.min(y), c.max(x), d.max(y)]);
        // On the curve where the bit is not set.
        let mut mark = u8::from(flag & 0x80 == 0) | if overlaps && i == 0 { 0x40 } else { 0 };
        for (delta, bytes, bit) in [(dx, &mut across, 0), (dy, &mut up, 1)] {
            match delta {
                0 => mark |= 0x10 << bit,
                -255..=255 => {
                    mark |= 0x02 << bit | if delta > 0 { 0x10 << bit } else { 0 };
                    bytes.push(delta.unsigned_abs() as u8);
                }
                _ => bytes.extend(delta.to_be_bytes()),
            }
        }
        marks.push(mark);
    }
    let mut own = [0; 8];
    for (to, v) in own.chunks_exact_mut(2).zip(edges.unwrap_or_default()) {
        to.copy_from_slice(&v.to_be_bytes());
    }
    marks.extend(across);
    marks.extend(up);
    Some(Shape { edges: own, data: marks })
}

/// One step from point to point (section 5.2, triplet encoding).
fn step(flag: u8, glyphs: &mut Bytes<'_>) -> Option<(i16, i16)> {
    let f = i32::from(flag);
    let mut next = || glyphs.u8().map(i32::from);
    let sign = |bit: i32, v: i32| if bit & 1 == 1 { v } else { -v };
    let (dx, dy) = match f {
        0..10 => (0, sign(f, ((f & 14) << 7) + next()?)),
        10..20 => (sign(f, (((f - 10) & 14) << 7) + next()?), 0),
        20..84 => {
            let (g, b) = (f - 20, next()?);
            (sign(f, 1 + (g & 0x30) + (b >> 4)), sign(f >> 1, 1 + ((g & 0x0c) << 2) + (b & 0x0f)))
        }
        84..120 => {
            let (g, a, b) = (f - 84, next()?, next()?);
            (sign(f, 1 + ((g / 12) << 8) + a), sign(f >> 1, 1 + (((g % 12) >> 2) << 8) + b))
        }
        120..124 => {
            let (a, b, c) = (next()?, next()?, next()?);
            (sign(f, (a << 4) + (b >> 4)), sign(f >> 1, ((b & 0x0f) << 8) + c))
        }
        _ => {
            let (a, b, c, d) = (next()?, next()?, next()?, next()?);
            (sign(f, (a << 8) + b), sign(f >> 1, (c << 8) + d))
        }
    };
    Some((i16::try_from(dx).ok()?, i16::try_from(dy).ok()?))
}

/// Section 5.4: the transformed `hmtx` table; bearings that are left out are the left edges.
fn advances(data: &[u8], measured: u16, lefts: &[i16]) -> Option<Vec<u8>> {
    let measured = usize::from(measured);
    let mut table = Bytes(data);
    let flags = table.u8()?;
    let widths = table.take(measured * 2)?;
    let stated = if flags & 1 == 0 { Some(table.take(measured * 2)?) } else { None };
    let others = lefts.len().checked_sub(measured)?;
    let rest = if flags & 2 == 0 { Some(table.take(others * 2)?) } else { None };
    let mut out = Vec::with_capacity(measured * 4 + others * 2);
    for (i, width) in widths.chunks_exact(2).enumerate() {
        out.extend_from_slice(width);
        match stated {
            Some(bearings) => out.extend_from_slice(bearings.get(2 * i..2 * i + 2)?),
            None => out.extend(lefts.get(i)?.to_be_bytes()),
        }
    }
    match rest {
        Some(bearings) => out.extend_from_slice(bearings),
        None => lefts.iter().skip(measured).for_each(|left| out.extend(left.to_be_bytes())),
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asset::font::{Font, FontData, FontFault, FontId};

    const PACKED: &[u8] = include_bytes!("../../tests/fixtures/axes.woff2");
    const PLAIN: &[u8] = include_bytes!("../../tests/fixtures/axes.ttf");

    #[test]
    fn outlines_and_advances_are_put_back() {
        let font = |data| Font::load(data, 0, "x", 400, false, FontId(0)).unwrap();
        let plain = font(FontData::Shipped(PLAIN));
        let packed = font(FontData::Shipped(PACKED).unpacked().unwrap());
        assert_eq!((&packed.postscript_name, &packed.advances), (&plain.postscript_name, &plain.advances));
        let all: Vec<u16> = (0..plain.advances.len() as u16).collect();
        // Outlines, left edges and boxes; the rest of the head may differ by what an encoder writes there.
        let table = |font: &Font, tag: &[u8; 4]| {
            let bytes = font.cut(&all).unwrap();
            let file = skrifa::raw::FontRef::new(&bytes).unwrap();
            file.table_data(skrifa::raw::types::Tag::new(tag)).unwrap().as_bytes().to_vec()
        };
        for tag in [b"glyf", b"loca", b"hmtx"] {
            assert_eq!(table(&packed, tag), table(&plain, tag));
        }
        let unpacked = unpack(PACKED).unwrap();
        let tables = |bytes: &[u8]| {
            let file = skrifa::raw::FontRef::new(bytes).unwrap();
            let bearings = file.table_data(skrifa::raw::types::Tag::new(b"hmtx")).unwrap().as_bytes().to_vec();
            (bearings, file.table_data(skrifa::raw::types::Tag::new(b"gvar")).unwrap().as_bytes().to_vec())
        };
        assert_eq!(tables(&unpacked), tables(PLAIN));
    }

    #[test]
    fn numbers_are_read_as_they_are_packed() {
        assert_eq!(Bytes(&[252]).small(), Some(252));
        assert_eq!([[255, 0], [255, 253], [254, 0]].map(|b| Bytes(&b).small().unwrap()), [253, 506, 506]);
        assert_eq!(Bytes(&[253, 1, 2]).small(), Some(0x102));
        assert_eq!(Bytes(&[0x3f]).base128(), Some(63));
        assert_eq!(Bytes(&[0x8f, 0xff, 0xff, 0xff, 0x7f]).base128(), Some(u32::MAX));
        assert_eq!(Bytes(&[0x80, 1]).base128(), None, "leading zeros");
        assert_eq!(Bytes(&[0xff; 5]).base128(), None, "too large");
        // Every kind of step: examples that can be counted out by hand.
        let step = |flag: u8, bytes: &[u8]| step(flag, &mut Bytes(bytes)).unwrap();
        assert_eq!((step(0, &[5]), step(1, &[5]), step(3, &[5])), ((0, -5), (0, 5), (0, 261)));
        assert_eq!((step(10, &[5]), step(13, &[5])), ((-5, 0), (261, 0)));
        assert_eq!((step(20, &[0x12]), step(23, &[0x12])), ((-2, -3), (2, 3)));
        assert_eq!(step(87, &[4, 9]), (5, 10));
        assert_eq!(step(123, &[1, 0x23, 4]), (0x12, 0x304));
        assert_eq!(step(127, &[1, 2, 3, 4]), (0x102, 0x304));
    }

    #[test]
    fn broken_packages_are_told_and_bombs_do_not_go_off() {
        for end in 4..PACKED.len() {
            // What is cut off at the very end is padding.
            if let Some(whole) = unpack(&PACKED[..end]) {
                assert!(end + 4 > PACKED.len() && whole.len() < 4000, "{end} bytes");
            }
        }
        let mut bomb = PACKED.to_vec();
        // The first table claims 4 GB.
        bomb.splice(49..50, [0x8f, 0xff, 0xff, 0xff, 0x7f]);
        assert_eq!(FontData::Loaded(bomb.into()).unpacked().unwrap_err(), FontFault::Packed);
    }

    proptest::proptest! {
        #[test]
        fn packages_that_lie_do_not_panic(changes in proptest::collection::vec((0usize..PACKED.len(), 0u8..=255), 1..6)) {
            let mut bytes = PACKED.to_vec();
            for (at, value) in changes {
                bytes[at] = value;
            }
            let _ = unpack(&bytes);
        }

        #[test]
        fn outlines_that_lie_do_not_panic(mut bytes in proptest::collection::vec(0u8..=255, 36..300), count in 0u8..40) {
            // Small sizes, so that streams are met.
            bytes[4..6].copy_from_slice(&[0, count]);
            for size in bytes[8..36].chunks_exact_mut(4) {
                size[..3].fill(0);
            }
            let _ = outlines(&bytes);
            let _ = advances(&bytes, 3, &[1, 2, 3, 4]);
        }
    }
}
