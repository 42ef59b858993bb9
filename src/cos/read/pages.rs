//! The pages in order, with what they inherit, and their boxes (ISO 32000-1, 7.7.3 and 14.11.2).

use super::Fault;
use super::reader::{Object, Reader, Stream};
use super::syntax::{Dict, Value};
use crate::base::Pt;

/// Nodes within each other.
const DEPTH: usize = 64;
/// Pages of one file.
const MOST: usize = 1 << 24;
/// Kinds of page among which a further one is looked for before it is a new one.
const NEAR: usize = 16;

/// Left, bottom, right, top in points, `y` up, as the file has them (rounded to single precision).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f32,
    pub bottom: f32,
    pub right: f32,
    pub top: f32,
}

impl Rect {
    #[must_use]
    pub fn width(&self) -> Pt {
        Pt(self.right - self.left)
    }

    #[must_use]
    pub fn height(&self) -> Pt {
        Pt(self.top - self.bottom)
    }

    fn within(self, outer: Self) -> Self {
        Self {
            left: self.left.max(outer.left).min(outer.right),
            bottom: self.bottom.max(outer.bottom).min(outer.top),
            right: self.right.min(outer.right).max(outer.left),
            top: self.top.min(outer.top).max(outer.bottom),
        }
    }
}

/// The boxes of a page, each within the one before; what the file does not say is what it stands for: crop is media,
/// bleed and trim are crop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Boxes {
    pub media: Rect,
    pub crop: Rect,
    pub bleed: Rect,
    pub trim: Rect,
    /// Whether the file names a trim (or art) box.
    pub has_trim: bool,
    /// Clockwise turn for display: 0, 90, 180 or 270.
    pub rotate: u16,
    /// Points in one unit of the page; 1 nearly always.
    pub unit: f32,
}

/// A page: what a form that shows it needs.
#[derive(Clone, Debug)]
pub struct Page {
    pub number: u32,
    pub dict: Dict,
    pub boxes: Boxes,
    /// Its own or inherited resources, unresolved.
    pub resources: Value,
}

/// What pages have in common: their boxes and what they inherit.
#[derive(Debug, PartialEq)]
struct Kind {
    boxes: Boxes,
    /// Resources of the nodes above; `Null` if only pages have some.
    resources: Value,
}

/// All pages of a file, found once.
#[derive(Debug)]
pub struct Pages {
    /// Object and kind of each.
    pages: Vec<(u32, u32)>,
    kinds: Vec<Kind>,
}

#[derive(Clone, Debug)]
struct Inherited {
    media: Value,
    crop: Value,
    rotate: Value,
    resources: Value,
}

impl Inherited {
    fn with(&self, node: &Dict) -> Self {
        let own = |key: &str, above: &Value| node.get(key).unwrap_or(above).clone();
        Self {
            media: own("MediaBox", &self.media),
            crop: own("CropBox", &self.crop),
            rotate: own("Rotate", &self.rotate),
            resources: own("Resources", &self.resources),
        }
    }
}

impl Pages {
    /// Walks through the page tree.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn read(reader: &mut Reader) -> Result<Self, Fault> {
        let catalog = reader.catalog()?;
        let Some(root) = catalog.get("Pages").and_then(Value::reference) else {
            return Err(Fault::broken("its catalog names no pages"));
        };
        let mut found = Self { pages: Vec::new(), kinds: Vec::new() };
        let mut seen = rustc_hash::FxHashSet::default();
        let nothing = Inherited { media: Value::Null, crop: Value::Null, rotate: Value::Null, resources: Value::Null };
        // Children that are still to be looked at, with what they inherit: a level each.
        let mut open = vec![(vec![Value::Ref(root)].into_iter(), nothing)];
        while let Some((kids, inherited)) = open.last_mut() {
            let Some(kid) = kids.next() else {
                open.pop();
                continue;
            };
            let Value::Ref(number) = kid else {
                return Err(Fault::broken("a page that has no number"));
            };
            let Object::Value(Value::Dict(dict)) = reader.object(number)? else {
                return Err(Fault::broken(format!("object {number} should be a page")));
            };
            let below = inherited.with(&dict);
            // The type is missing in some files; only nodes have children.
            if dict.get("Kids").is_none() {
                found.add(reader, number, &dict, below)?;
                continue;
            }
            if !seen.insert(number) {
                return Err(Fault::broken("its tree of pages runs in a circle"));
            }
            if open.len() >= DEPTH {
                return Err(Fault::TooLarge("its tree of pages is nested too deeply".to_owned()));
            }
            let Value::Array(kids) = reader.get(&dict, "Kids")? else {
                return Err(Fault::broken("a node of its tree of pages has no list of pages"));
            };
            open.push((kids.into_iter(), below));
        }
        Ok(found)
    }

    fn add(&mut self, reader: &mut Reader, number: u32, dict: &Dict, inherited: Inherited) -> Result<(), Fault> {
        if self.pages.len() >= MOST {
            return Err(Fault::TooLarge(format!("it has more than {MOST} pages")));
        }
        let boxes = boxes(reader, dict, &inherited).map_err(|e| match e {
            Fault::Broken(what) => Fault::Broken(format!("page {}: {what}", self.pages.len() + 1)),
            other => other,
        })?;
        let own = dict.get("Resources").is_some();
        let kind = Kind { boxes, resources: if own { Value::Null } else { inherited.resources } };
        let near = self.kinds.len().saturating_sub(NEAR);
        let at = match self.kinds.iter().skip(near).rposition(|k| *k == kind) {
            Some(at) => near + at,
            None => {
                self.kinds.push(kind);
                self.kinds.len() - 1
            }
        };
        self.pages.push((number, at as u32));
        Ok(())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The boxes of page `index`, from 0.
    #[must_use]
    pub fn boxes(&self, index: usize) -> Option<&Boxes> {
        self.kinds.get(self.pages.get(index)?.1 as usize).map(|k| &k.boxes)
    }

    /// The object number of page `index`, from 0.
    #[must_use]
    pub fn number(&self, index: usize) -> Option<u32> {
        self.pages.get(index).map(|p| p.0)
    }

    /// The page `index`, from 0.
    ///
    /// # Errors
    /// [`Fault::Broken`]: there is no such page, or it is none.
    pub fn get(&self, reader: &mut Reader, index: usize) -> Result<Page, Fault> {
        let missing = || Fault::broken(format!("there is no page {}", index + 1));
        let (number, kind) = *self.pages.get(index).ok_or_else(missing)?;
        let kind = self.kinds.get(kind as usize).ok_or_else(missing)?;
        let Object::Value(Value::Dict(dict)) = reader.object(number)? else { return Err(missing()) };
        let resources = dict.get("Resources").unwrap_or(&kind.resources).clone();
        Ok(Page { number, dict, boxes: kind.boxes, resources })
    }
}

impl Page {
    /// The streams that its content is made of, in order.
    ///
    /// # Errors
    /// [`Fault::Broken`].
    pub fn contents(&self, reader: &mut Reader) -> Result<Vec<Stream>, Fault> {
        let contents = match self.dict.get("Contents") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Ref(number)) => match reader.object(*number)? {
                Object::Stream(stream) => return Ok(vec![stream]),
                Object::Value(value) => value,
            },
            Some(value) => value.clone(),
        };
        match contents {
            Value::Array(parts) => parts.iter().map(|part| reader.stream(part)).collect(),
            Value::Null => Ok(Vec::new()),
            one => Ok(vec![reader.stream(&one)?]),
        }
    }
}

fn rect(reader: &mut Reader, value: &Value, what: &str) -> Result<Option<Rect>, Fault> {
    let Value::Array(items) = reader.resolved(value)? else { return Ok(None) };
    let mut sides = [0f32; 4];
    if items.len() != 4 {
        return Err(Fault::broken(format!("its {what} does not have four sides")));
    }
    for (side, item) in sides.iter_mut().zip(&items) {
        let n = reader.resolved(item)?.number().filter(|n| n.abs() < 1e6);
        *side = n.ok_or_else(|| Fault::broken(format!("its {what} has a side that is no length")))? as f32;
    }
    let [a, b, c, d] = sides;
    Ok(Some(Rect { left: a.min(c), bottom: b.min(d), right: a.max(c), top: b.max(d) }))
}

fn boxes(reader: &mut Reader, dict: &Dict, inherited: &Inherited) -> Result<Boxes, Fault> {
    let media = rect(reader, &inherited.media, "MediaBox")?.ok_or_else(|| Fault::broken("it has no MediaBox"))?;
    if media.width().0 <= 0.0 || media.height().0 <= 0.0 {
        return Err(Fault::broken("its MediaBox is empty"));
    }
    let crop = rect(reader, &inherited.crop, "CropBox")?.map_or(media, |r| r.within(media));
    let own = |reader: &mut Reader, key| rect(reader, dict.get(key).unwrap_or(&Value::Null), key);
    // A bleed box may lie outside of the crop box of files that are cropped for display.
    let bleed = own(reader, "BleedBox")?.map_or(crop, |r| r.within(media));
    let trim = match own(reader, "TrimBox")? {
        Some(trim) => Some(trim),
        None => own(reader, "ArtBox")?,
    };
    let has_trim = trim.is_some();
    let trim = trim.map_or(crop, |r| r.within(media));
    let bleed = Rect {
        left: bleed.left.min(trim.left),
        bottom: bleed.bottom.min(trim.bottom),
        right: bleed.right.max(trim.right),
        top: bleed.top.max(trim.top),
    };
    let turn = reader.resolved(&inherited.rotate)?.int().unwrap_or(0).rem_euclid(360);
    let rotate = u16::try_from(turn).ok().filter(|r| r % 90 == 0);
    let rotate = rotate.ok_or_else(|| Fault::broken("it is turned by other than quarters"))?;
    let unit = reader.get(dict, "UserUnit")?.number().unwrap_or(1.0) as f32;
    Ok(Boxes { media, crop, bleed, trim, has_trim, rotate, unit })
}
