//! ICC profiles (ICC.1:2010, the same as ISO 15076-1): what a header and a description say, and whether a profile can
//! stand for a printing condition. Colours are converted elsewhere.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::opentype::u32_at;
use crate::base::Digest;

/// Bytes of one profile: those of presses have one to four million.
pub const MAX_BYTES: u64 = 32 << 20;

/// What a profile is of (ICC.1:2010, 7.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// `scnr`: a scanner or camera.
    Input,
    /// `mntr`: a screen.
    Display,
    /// `prtr`: a press or printer.
    Output,
    /// `spac`: a colour space.
    Space,
    /// `link`, `abst`, `nmcl`: no device at all.
    Other,
}

/// The colours that a profile knows (ICC.1:2010, 7.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    Gray,
    Rgb,
    Cmyk,
    Lab,
    /// More inks, or spaces that print has no use for.
    Other,
}

impl Space {
    /// Numbers in one colour; 0 for [`Space::Other`].
    #[must_use]
    pub fn components(self) -> u8 {
        match self {
            Self::Gray => 1,
            Self::Rgb | Self::Lab => 3,
            Self::Cmyk => 4,
            Self::Other => 0,
        }
    }
}

/// A profile that is whole: its header and the table of its tags are sound.
#[derive(Clone)]
pub struct Profile {
    /// The file, as long as its header says.
    pub bytes: Arc<[u8]>,
    pub class: Class,
    pub space: Space,
    /// Numbers in one colour of [`Profile::space`].
    pub components: u8,
    /// The profile's own name: `ISO Coated v2 300% (basICColor)`. May be empty.
    pub description: String,
    /// Major and minor version of the format: (2, 1), (4, 2).
    pub version: (u8, u8),
    /// Of [`Profile::bytes`].
    pub digest: Digest,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Profile({}, {:?}, {:?}, {} bytes)", self.description, self.class, self.space, self.bytes.len())
    }
}

/// Why a profile cannot be used, to go behind its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No ICC profile at all.
    NotOne,
    /// Shorter than it says.
    CutOff { stated: usize, found: usize },
    /// A tag lies outside the file.
    Tags,
    /// Not the profile of a press.
    NotOfAPress(&'static str),
    /// A press profile of other colours than CMYK.
    NotCmyk(&'static str),
    /// Newer than PDF 1.6 knows.
    Version(u8, u8),
    /// The tables that lead from and to its colours are not there.
    NoTables(&'static str),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOne => f.write_str("is not an ICC profile"),
            Self::CutOff { stated, found } => {
                write!(f, "is cut off: it says that it has {stated} bytes, and there are {found}")
            }
            Self::Tags => f.write_str("is damaged: its table of contents leads out of it"),
            Self::NotOfAPress(what) => write!(f, "is the profile of {what}, not of a press"),
            Self::NotCmyk(what) => write!(f, "is a profile of {what}; a press prints CMYK"),
            Self::Version(major, minor) => {
                write!(f, "has version {major}.{minor} of the ICC format; PDF 1.6 knows 2.x and 4.0 to 4.2")
            }
            Self::NoTables(tag) => write!(f, "holds no table `{tag}`, which a press profile must have"),
        }
    }
}

impl std::error::Error for Flaw {}

/// Length of the header (ICC.1:2010, 7.2).
const HEADER: usize = 128;

impl Profile {
    /// Reads a profile. Bytes behind the end that the header states are dropped.
    ///
    /// # Errors
    /// [`Flaw::NotOne`], [`Flaw::CutOff`], [`Flaw::Tags`].
    pub fn read(bytes: &[u8]) -> Result<Self, Flaw> {
        if bytes.get(36..40) != Some(b"acsp") || bytes.len() < HEADER + 4 {
            return Err(Flaw::NotOne);
        }
        let stated = u32_at(bytes, 0).unwrap_or(0);
        let bytes = match bytes.get(..stated) {
            Some(bytes) if bytes.len() >= HEADER + 4 => bytes,
            Some(_) => return Err(Flaw::NotOne),
            None => return Err(Flaw::CutOff { stated, found: bytes.len() }),
        };
        let class = match bytes.get(12..16) {
            Some(b"scnr") => Class::Input,
            Some(b"mntr") => Class::Display,
            Some(b"prtr") => Class::Output,
            Some(b"spac") => Class::Space,
            _ => Class::Other,
        };
        let space = match bytes.get(16..20) {
            Some(b"GRAY") => Space::Gray,
            Some(b"RGB ") => Space::Rgb,
            Some(b"CMYK") => Space::Cmyk,
            Some(b"Lab ") => Space::Lab,
            _ => Space::Other,
        };
        let count = u32_at(bytes, HEADER).unwrap_or(0);
        let table = bytes.get(HEADER + 4..).unwrap_or_default();
        if count > table.len() / 12 || table.chunks_exact(12).take(count).any(|entry| tag_data(bytes, entry).is_none())
        {
            return Err(Flaw::Tags);
        }
        Ok(Self {
            class,
            space,
            components: space.components(),
            description: described(tag_of(bytes, b"desc").unwrap_or_default()),
            version: (bytes.get(8).copied().unwrap_or(0), bytes.get(9).copied().unwrap_or(0) >> 4),
            digest: Digest::of(bytes),
            bytes: Arc::from(bytes),
        })
    }

    /// The data of a tag: type signature first.
    #[must_use]
    pub fn tag(&self, signature: &[u8; 4]) -> Option<&[u8]> {
        tag_of(&self.bytes, signature)
    }

    /// Whether this can be the output intent of a PDF 1.6 file that is printed in CMYK (ISO 15930-7; ISO 32000-1,
    /// 14.11.5 and table 66), and lead colours to it (ICC.1:2010, 8.4).
    ///
    /// # Errors
    /// The first thing that stands against it.
    pub fn for_press(&self) -> Result<(), Flaw> {
        let space = match self.space {
            Space::Cmyk => None,
            Space::Gray => Some("one gray"),
            Space::Rgb => Some("red, green and blue"),
            Space::Lab => Some("Lab colours"),
            Space::Other => Some("other colours"),
        };
        match self.class {
            Class::Output => {}
            Class::Display => return Err(Flaw::NotOfAPress("a screen")),
            Class::Input => return Err(Flaw::NotOfAPress("a scanner or camera")),
            Class::Space => return Err(Flaw::NotOfAPress("a colour space")),
            Class::Other => return Err(Flaw::NotOfAPress("no device")),
        }
        if let Some(space) = space {
            return Err(Flaw::NotCmyk(space));
        }
        if !matches!(self.version, (2, _) | (4, 0..=2)) {
            return Err(Flaw::Version(self.version.0, self.version.1));
        }
        for (signature, name) in [(b"A2B0", "A2B0"), (b"B2A0", "B2A0")] {
            if self.tag(signature).is_none() {
                return Err(Flaw::NoTables(name));
            }
        }
        Ok(())
    }
}

/// The data that an entry of the tag table leads to.
fn tag_data<'a>(bytes: &'a [u8], entry: &[u8]) -> Option<&'a [u8]> {
    let (at, length) = (u32_at(entry, 4)?, u32_at(entry, 8)?);
    bytes.get(at..at.checked_add(length)?)
}

fn tag_of<'a>(bytes: &'a [u8], signature: &[u8; 4]) -> Option<&'a [u8]> {
    let count = u32_at(bytes, HEADER)?;
    let entry = bytes.get(HEADER + 4..)?.chunks_exact(12).take(count).find(|e| e.starts_with(signature))?;
    tag_data(bytes, entry)
}

/// The text of a `desc` (version 2: ICC.1:2001-04, 6.5.17) or `mluc` (version 4: ICC.1:2010, 10.13) tag: in English, else in
/// the first language. Control characters are left out.
fn described(tag: &[u8]) -> String {
    let text = match tag.get(..4) {
        Some(b"desc") => {
            let length = u32_at(tag, 8).unwrap_or(0);
            let text = tag.get(12..).unwrap_or_default();
            let text = text.get(..length).unwrap_or(text);
            text.iter().take_while(|b| **b != 0).map(|b| char::from(*b)).collect()
        }
        Some(b"mluc") => {
            let count = u32_at(tag, 8).unwrap_or(0);
            let records = || tag.get(16..).unwrap_or_default().chunks_exact(12).take(count);
            let record = records().find(|r| r.starts_with(b"en")).or_else(|| records().next());
            let units = record.and_then(|r| tag_data(tag, &[&[0; 4], r.get(8..12)?, r.get(4..8)?].concat()));
            let units = units.unwrap_or_default().chunks_exact(2).map(|u| u16::from_be_bytes([u[0], u[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        _ => String::new(),
    };
    text.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
}

/// FOGRA39 with at most 300 % of ink, by basICColor (zlib licence, see `profiles/`): what a campaign prints to that names
/// no profile of its own.
#[must_use]
pub fn shipped() -> Arc<Profile> {
    static SHIPPED: OnceLock<Arc<Profile>> = OnceLock::new();
    static BYTES: &[u8] = include_bytes!("../../profiles/ISOcoated_v2_300_bas.icc");
    Arc::clone(SHIPPED.get_or_init(|| {
        // A test reads it; were it broken, the writer would refuse an output intent without a profile.
        Arc::new(Profile::read(BYTES).unwrap_or_else(|_| Profile {
            bytes: Arc::from(BYTES),
            class: Class::Other,
            space: Space::Other,
            components: 0,
            description: String::new(),
            version: (0, 0),
            digest: Digest::of(BYTES),
        }))
    }))
}

/// sRGB (IEC 61966-2-1) as a display profile of version 2: what screen colours without a profile of their own are.
#[must_use]
pub fn srgb() -> Arc<Profile> {
    static SRGB: OnceLock<Arc<Profile>> = OnceLock::new();
    Arc::clone(SRGB.get_or_init(|| {
        let bytes = srgb_bytes();
        Arc::new(Profile {
            class: Class::Display,
            space: Space::Rgb,
            components: 3,
            description: SRGB_NAME.to_owned(),
            version: (2, 1),
            digest: Digest::of(&bytes),
            bytes: bytes.into(),
        })
    }))
}

const SRGB_NAME: &str = "sRGB IEC61966-2.1";
/// Entries of the curve: with linear steps between them off by less than a 10,000th.
const CURVE: u16 = 1024;

/// The profile, built: the primaries of IEC 61966-2-1 adapted to D50 by Bradford's matrix, as every sRGB profile has them.
fn srgb_bytes() -> Vec<u8> {
    let fixed = |v: f64| ((v * 65536.0).round() as i32).to_be_bytes();
    let xyz = |v: [f64; 3]| {
        let mut tag = b"XYZ \0\0\0\0".to_vec();
        v.iter().for_each(|v| tag.extend(fixed(*v)));
        tag
    };
    let mut text = b"text\0\0\0\0No copyright, use freely\0".to_vec();
    text.resize(text.len().next_multiple_of(4), 0);
    let mut description = b"desc\0\0\0\0".to_vec();
    description.extend((SRGB_NAME.len() as u32 + 1).to_be_bytes());
    description.extend(SRGB_NAME.as_bytes());
    // its end, and the empty Unicode and Macintosh forms (ICC.1:2001-04, 6.5.17)
    description.resize(description.len() + 1 + 4 + 4 + 2 + 1 + 67, 0);
    description.resize(description.len().next_multiple_of(4), 0);
    let mut curve = b"curv\0\0\0\0".to_vec();
    curve.extend(u32::from(CURVE).to_be_bytes());
    for i in 0..CURVE {
        let v = f64::from(i) / f64::from(CURVE - 1);
        let linear = if v <= 0.04045 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) };
        curve.extend(((linear * 65535.0).round() as u16).to_be_bytes());
    }
    let tags: [(&[u8; 4], Vec<u8>); 9] = [
        (b"desc", description),
        (b"cprt", text),
        (b"wtpt", xyz([0.950_45, 1.0, 1.089_05])),
        (b"rXYZ", xyz([0.436_07, 0.222_49, 0.013_92])),
        (b"gXYZ", xyz([0.385_15, 0.716_87, 0.097_08])),
        (b"bXYZ", xyz([0.143_07, 0.060_61, 0.714_10])),
        (b"rTRC", curve),
        (b"gTRC", Vec::new()),
        (b"bTRC", Vec::new()),
    ];
    let mut table = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data: Vec<u8> = Vec::new();
    let first = HEADER + 4 + 12 * tags.len();
    let mut at = (0, 0);
    for (signature, tag) in &tags {
        // the three colours share one curve
        if !tag.is_empty() {
            at = (first + data.len(), tag.len());
            data.extend(tag);
        }
        table.extend(*signature);
        table.extend((at.0 as u32).to_be_bytes());
        table.extend((at.1 as u32).to_be_bytes());
    }
    let mut out = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| out.splice(at..at + bytes.len(), bytes.iter().copied()).for_each(drop);
    put(0, &((first + data.len()) as u32).to_be_bytes());
    put(8, &[2, 0x10, 0, 0]);
    put(12, b"mntrRGB XYZ ");
    // the day of the standard's text
    [1999u16, 10, 18].iter().enumerate().for_each(|(i, v)| put(24 + 2 * i, &v.to_be_bytes()));
    put(36, b"acsp");
    // the white of the connection space (ICC.1:2010, 7.2.16)
    [0.9642, 1.0, 0.8249].iter().enumerate().for_each(|(i, v)| put(68 + 4 * i, &fixed(*v)));
    out.extend(table);
    out.extend(data);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_profile_is_that_of_a_press() {
        let p = shipped();
        assert_eq!((p.class, p.space, p.components, p.version), (Class::Output, Space::Cmyk, 4, (2, 1)));
        assert_eq!(p.description, "ISO Coated v2 300% (basICColor)");
        assert_eq!(p.bytes.len(), 1_052_612);
        assert_eq!(p.for_press(), Ok(()));
    }

    #[test]
    fn what_is_cut_off_damaged_or_something_else_is_told() {
        let whole = shipped().bytes.to_vec();
        let told = |bytes: &[u8]| Profile::read(bytes).map(|_| ()).map_err(|f| f.to_string());
        assert_eq!(told(b"GIF89a"), Err("is not an ICC profile".into()));
        assert_eq!(told(&[0; 200]), Err("is not an ICC profile".into()));
        assert_eq!(
            told(&whole[..1000]),
            Err("is cut off: it says that it has 1052612 bytes, and there are 1000".into())
        );
        let mut damaged = whole.clone();
        damaged[HEADER + 4 + 4] = 0x7f;
        assert!(told(&damaged).unwrap_err().contains("leads out of it"));
        let mut many = whole.clone();
        many[HEADER..HEADER + 4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(told(&many), Err(Flaw::Tags.to_string()));
        // what stands behind the end is no part of it
        let mut longer = whole.clone();
        longer.extend([0; 7]);
        assert_eq!(Profile::read(&longer).unwrap().digest, shipped().digest);
    }

    #[test]
    fn only_a_cmyk_press_can_be_the_output_intent() {
        let with = |at: usize, bytes: &[u8]| {
            let mut p = shipped().bytes.to_vec();
            p[at..at + bytes.len()].copy_from_slice(bytes);
            Profile::read(&p).unwrap().for_press().map_err(|f| f.to_string())
        };
        assert_eq!(with(12, b"mntr"), Err("is the profile of a screen, not of a press".into()));
        assert_eq!(with(12, b"link"), Err("is the profile of no device, not of a press".into()));
        assert_eq!(with(16, b"RGB "), Err("is a profile of red, green and blue; a press prints CMYK".into()));
        assert_eq!(with(16, b"6CLR"), Err("is a profile of other colours; a press prints CMYK".into()));
        assert_eq!(with(8, &[4, 0x20]), Ok(()));
        assert!(with(8, &[4, 0x40]).unwrap_err().starts_with("has version 4.4"));
        assert!(with(8, &[5, 0]).unwrap_err().starts_with("has version 5.0"));
        assert_eq!(with(132, b"xxxx"), Ok(()));
        let b2a0 = 132 + 7 * 12;
        assert!(shipped().bytes[b2a0..].starts_with(b"B2A0"));
        assert!(with(b2a0, b"xxxx").unwrap_err().contains("`B2A0`"));
    }

    #[test]
    fn the_name_is_found_in_both_versions() {
        let mut v4 = b"mluc\0\0\0\0\0\0\0\x02\0\0\0\x0c".to_vec();
        v4.extend(b"jaJP\0\0\0\x04\0\0\0\x28enUS\0\0\0\x06\0\0\0\x2c");
        v4.extend("日本".encode_utf16().flat_map(u16::to_be_bytes));
        v4.extend("A\u{7}Z".encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(described(&v4), "AZ");
        assert_eq!(described(&v4[..40]), "", "what leads out of the tag is nothing");
        assert_eq!(described(b"desc\0\0\0\0\0\0\0\x04Abc\0xyz"), "Abc");
        assert_eq!(described(b"desc\0\0\0\0\xff\xff\xff\xffAbc"), "Abc");
        assert_eq!(described(b"text"), "");
    }

    #[test]
    fn srgb_is_a_sound_profile_of_screens() {
        let p = srgb();
        let again = Profile::read(&p.bytes).unwrap();
        assert_eq!((again.class, again.space, again.version), (p.class, p.space, p.version));
        assert_eq!((again.description.as_str(), again.digest), (SRGB_NAME, p.digest));
        assert_eq!(p.for_press(), Err(Flaw::NotOfAPress("a screen")));
        let curve = p.tag(b"gTRC").unwrap();
        assert_eq!(curve.len(), 12 + 2 * 1024);
        let at = |i: usize| u16::from_be_bytes([curve[12 + 2 * i], curve[13 + 2 * i]]);
        // half of the signal is 21.4 % of the light
        assert_eq!((at(0), at(1023)), (0, 65535));
        assert!((f64::from(at(511)) / 65535.0 - 0.2136).abs() < 0.001);
        let white: Vec<i32> = ["rXYZ", "gXYZ", "bXYZ"]
            .iter()
            .map(|t| p.tag(t.as_bytes().try_into().unwrap()).unwrap()[8..].to_vec())
            .fold(vec![0; 3], |sum, t| {
                let v = t.chunks(4).map(|c| i32::from_be_bytes(c.try_into().unwrap()));
                sum.iter().zip(v).map(|(a, b)| a + b).collect()
            });
        for (got, d50) in white.iter().zip([0.9642, 1.0, 0.8249]) {
            assert!((f64::from(*got) / 65536.0 - d50).abs() < 0.0005, "{white:?}");
        }
    }
}
