//! Grounds, borders, clips and translucent groups of one box, as page items.

use std::sync::Arc;

use super::border;
use super::gradient;
use super::outside;
use super::shape::{Corners, outline};
use super::svg;
use crate::asset::image::Image;
use crate::base::{Affine, Point, Pt, Rect};
use crate::color::{Color, Ink};
use crate::markup::style::{
    Area, BackgroundImage, BackgroundSize, Dimension, Gradient, LengthPercent, ObjectFit, Repeat, Style,
};
use crate::page::{GroupItem, ImageItem, Item, ItemList, Path, Segment, Shading, ShadingItem};

/// A background that repeats more often than this is drawn this many times only: a slip of the pen in a stylesheet
/// must not fill the disk.
const MAX_TILES: usize = 20_000;

/// Appends `item`, in a group of its own when it is translucent.
pub fn translucent(out: &mut Vec<Item>, alpha: f32, item: Item) {
    if alpha >= 1.0 {
        out.push(item);
    } else if alpha > 0.0 {
        group(out, alpha, None, vec![item]);
    }
}

/// Appends items that are cut or translucent as a whole.
pub fn group(out: &mut Vec<Item>, opacity: f32, clip: Option<Vec<Segment>>, items: Vec<Item>) {
    if !items.is_empty() && opacity > 0.0 {
        out.push(Item::Group(GroupItem { clip, opacity, ..GroupItem::new(items) }));
    }
}

/// Whether the box draws anything of its own.
#[must_use]
pub fn is_decorated(style: &Style) -> bool {
    let b = &style.border;
    style.visible
        && (style.background_color.is_visible()
            || !style.background_images.is_empty()
            || style.effects.as_ref().is_some_and(|e| !e.shadows.is_empty())
            || [&b.top, &b.right, &b.bottom, &b.left].iter().any(|s| s.width > Pt::ZERO))
}

/// Appends ground, borders and shadows of a box whose border box is `rect`. `images` are those of
/// `style.background_images` that could be loaded, in the same order.
pub fn decorate(out: &mut Vec<Item>, style: &Style, rect: Rect, images: &[Option<Arc<Image>>]) {
    let from = out.len();
    let corners = Corners::resolve(&style.radius, rect.width, rect.height);
    outside::shadows(out, style, rect, &corners, false);
    layers(out, style, images, |a| area(style, rect, a));
    outside::shadows(out, style, rect, &corners, true);
    border::paint(out, &style.border, rect, &corners);
    overprinted(out, from, style);
}

/// Makes one of what was appended from `from` on, if the element says whether that overprints.
pub fn overprinted(out: &mut Vec<Item>, from: usize, style: &Style) {
    let Some(over) = style.text.extras.as_deref().and_then(|e| e.overprint) else { return };
    if out.len() > from {
        let items = out.split_off(from);
        out.push(Item::Group(GroupItem { overprint: Some(over), ..GroupItem::new(items) }));
    }
}

/// One of the boxes of a box whose border box is `rect`, and its corners. Percentages of padding are taken of the
/// box's own width: what they are really of is not known here.
#[must_use]
pub fn area(style: &Style, rect: Rect, area: Area) -> (Rect, Corners) {
    let corners = Corners::resolve(&style.radius, rect.width, rect.height);
    let mut edges = match area {
        Area::Border => return (rect, corners),
        Area::Padding | Area::Content => border::widths(style),
    };
    if area == Area::Content {
        let p = |v: LengthPercent| v.resolve(rect.width).max(Pt::ZERO);
        edges.top += p(style.padding.top);
        edges.right += p(style.padding.right);
        edges.bottom += p(style.padding.bottom);
        edges.left += p(style.padding.left);
    }
    (rect.inset(edges), corners.inset(edges))
}

/// Appends background colour and pictures. Each is cut at its own area and placed in its own (CSS Backgrounds 3,
/// sections 2.7 and 2.8), which `areas` gives.
pub fn ground(
    out: &mut Vec<Item>,
    style: &Style,
    images: &[Option<Arc<Image>>],
    areas: impl Fn(Area) -> (Rect, Corners),
) {
    let from = out.len();
    layers(out, style, images, areas);
    overprinted(out, from, style);
}

fn layers(out: &mut Vec<Item>, style: &Style, images: &[Option<Arc<Image>>], areas: impl Fn(Area) -> (Rect, Corners)) {
    if style.background_color.is_visible() {
        let (rect, corners) = areas(style.background_clip);
        if rect.width > Pt::ZERO && rect.height > Pt::ZERO {
            fill(out, rect, &corners, style.background_color);
        }
    }
    // the first image lies on top
    for (i, layer) in style.background_images.iter().enumerate().rev() {
        let (cut, corners) = areas(layer.clip);
        let origin = areas(layer.origin).0;
        let image = images.get(i).and_then(Option::as_ref);
        let source = match (&layer.gradient, image) {
            (Some(gradient), _) => Source::Gradient(gradient),
            (None, Some(image)) => Source::Image(image),
            (None, None) => continue,
        };
        background_image(out, layer, &source, cut, origin, &corners);
    }
}

/// What a layer shows.
enum Source<'a> {
    Image(&'a Arc<Image>),
    Gradient(&'a Gradient),
}

fn fill(out: &mut Vec<Item>, rect: Rect, corners: &Corners, color: Color) {
    let mut segments = Vec::with_capacity(if corners.are_square() { 1 } else { 9 });
    outline(&mut segments, rect, corners, false);
    translucent(out, color.alpha, Item::Path(Path::filled(segments, color.ink)));
}

fn background_image(
    out: &mut Vec<Item>,
    layer: &BackgroundImage,
    source: &Source<'_>,
    area: Rect,
    origin: Rect,
    corners: &Corners,
) {
    let (mut width, mut height) = match source {
        Source::Image(image) => background_size(layer.size, &Natural::of(image), origin),
        Source::Gradient(_) => background_size(layer.size, &Natural::default(), origin),
    };
    let seen = |w: Pt, h: Pt| w.0 > 0.0 && h.0 > 0.0;
    if !(seen(width, height) && seen(area.width, area.height)) {
        return;
    }
    // what is made to fit keeps its shape where its other side is free (section 2.4)
    let free = |d: usize| match layer.size {
        BackgroundSize::Size(w, h) => [w, h].get(d).is_some_and(|d| *d == Dimension::Auto),
        _ => true,
    };
    let fitted = |size: Pt, room: Pt| room / (room / size + 0.5).floor().max(1.0);
    let (was_width, was_height) = (width, height);
    if layer.repeat.0 == Repeat::Round && origin.width > Pt::ZERO {
        width = fitted(width, origin.width);
        if free(1) && layer.repeat.1 != Repeat::Round {
            height = was_height * (width / was_width);
        }
    }
    if layer.repeat.1 == Repeat::Round && origin.height > Pt::ZERO {
        height = fitted(height, origin.height);
        if free(0) && layer.repeat.0 != Repeat::Round {
            width = was_width * (height / was_height);
        }
    }
    let across = Tiles::new(layer.repeat.0, layer.position.0, width, (origin.x, origin.width), (area.x, area.right()));
    let down = Tiles::new(layer.repeat.1, layer.position.1, height, (origin.y, origin.height), (area.y, area.bottom()));
    let count = across.count().saturating_mul(down.count());
    let shading = match source {
        Source::Gradient(g) => match gradient::shading(g, width, height) {
            Some(shading) => Some(shading),
            None => return,
        },
        Source::Image(_) => None,
    };
    // a drawing is made once and placed for each tile
    let drawing = match source {
        Source::Image(image) => image.drawing.as_ref().map(|drawing| {
            let drawn = svg::draw(drawing, Rect::new(Pt::ZERO, Pt::ZERO, width, height), Ink::BLACK);
            Arc::new(ItemList::new(drawn.into_iter().collect(), false))
        }),
        Source::Gradient(_) => None,
    };
    let mut items = Vec::with_capacity(count.min(MAX_TILES));
    let mut all_inside = true;
    'rows: for row in down.first..=down.last {
        for column in across.first..=across.last {
            if items.len() == MAX_TILES {
                break 'rows;
            }
            let rect = Rect::new(across.at(column), down.at(row), width, height);
            all_inside &= contains(area, rect);
            if let Some(list) = &drawing {
                items.push(Item::List(Point::new(rect.x, rect.y), Arc::clone(list)));
                continue;
            }
            items.push(match (source, &shading) {
                (Source::Gradient(_), Some(shading)) => {
                    let transform = shading.transform.then(&Affine::translate(rect.x, rect.y));
                    let shading = Arc::new(Shading { transform, ..shading.clone() });
                    Item::Shading(ShadingItem { segments: vec![Segment::Rect(rect)], even_odd: false, shading })
                }
                (Source::Image(image), _) => {
                    let item = Item::Image(ImageItem { image: Arc::clone(image), rect });
                    let bleeds = image.art.as_ref().is_some_and(|a| a.has_bleed());
                    all_inside &= !bleeds;
                    if bleeds && count > 1 {
                        let clip = Some(vec![Segment::Rect(rect)]);
                        Item::Group(GroupItem { clip, ..GroupItem::new(vec![item]) })
                    } else {
                        // one that stands alone may bleed to the end of the area
                        item
                    }
                }
                (Source::Gradient(_), None) => continue,
            });
        }
    }
    // one shading that fills the whole area is cut by the area's own outline
    if let [Item::Shading(item)] = items.as_mut_slice()
        && let [Segment::Rect(rect)] = item.segments.as_slice()
        && contains(*rect, area)
    {
        item.segments.clear();
        outline(&mut item.segments, area, corners, false);
        out.append(&mut items);
    } else if corners.are_square() && count == 1 && all_inside {
        out.append(&mut items);
    } else {
        let mut clip = Vec::with_capacity(9);
        outline(&mut clip, area, corners, false);
        group(out, 1.0, Some(clip), items);
    }
}

/// Copies along one axis: the one at index n begins at `start + step * n`.
struct Tiles {
    start: Pt,
    step: Pt,
    first: i32,
    last: i32,
}

impl Tiles {
    /// `origin` is where pictures are placed (its start and size), `cut` what is seen (from and to).
    fn new(repeat: Repeat, position: LengthPercent, size: Pt, origin: (Pt, Pt), cut: (Pt, Pt)) -> Self {
        let placed = origin.0 + place(position, origin.1 - size);
        let one = Self { start: placed, step: size, first: 0, last: 0 };
        match repeat {
            Repeat::No => one,
            Repeat::Space => {
                let count = (origin.1 / size + 1e-3).floor();
                if count < 2.0 {
                    return one;
                }
                let step = size + (origin.1 - size * count) / (count - 1.0);
                Self { start: origin.0, step, ..one }.over(cut, size)
            }
            Repeat::Repeat | Repeat::Round => one.over(cut, size),
        }
    }

    /// The indices of the first and the last copy that meet what is seen.
    fn over(self, cut: (Pt, Pt), size: Pt) -> Self {
        let first = ((cut.0 - self.start - size) / self.step + 1e-3).ceil();
        let last = ((cut.1 - self.start) / self.step - 1e-3).ceil() - 1.0;
        let bound = |v: f32| v.clamp(-20_000.0, 20_000.0) as i32;
        Self { first: bound(first), last: bound(last), ..self }
    }

    fn at(&self, index: i32) -> Pt {
        self.start + self.step * index as f32
    }

    fn count(&self) -> usize {
        (i64::from(self.last) - i64::from(self.first) + 1).max(0) as usize
    }
}

fn contains(outer: Rect, inner: Rect) -> bool {
    let e = 0.01;
    inner.x.0 >= outer.x.0 - e
        && inner.y.0 >= outer.y.0 - e
        && inner.right().0 <= outer.right().0 + e
        && inner.bottom().0 <= outer.bottom().0 + e
}

/// A position: percentages are of the room that is left (CSS Backgrounds 3, section 3.6).
fn place(position: LengthPercent, room: Pt) -> Pt {
    position.resolve(room)
}

/// What a picture says of its own size (CSS Images 3, section 5.1). A drawing need not say all of it.
#[derive(Clone, Copy, Debug, Default)]
struct Natural {
    width: Option<Pt>,
    height: Option<Pt>,
    /// Width by height.
    ratio: Option<f32>,
}

impl Natural {
    fn of(image: &Image) -> Self {
        let seen = |v: Pt| v.0 > 0.0 && v.is_finite();
        match &image.drawing {
            Some(drawing) => {
                let points = |v: Option<f32>| v.map(|v| Pt(v * 0.75));
                let ratio = drawing.ratio.filter(|r| *r > 0.0 && r.is_finite());
                Self { width: points(drawing.width), height: points(drawing.height), ratio }
            }
            None => {
                let (width, height) = (image.natural_width, image.natural_height);
                let ratio = (seen(width) && seen(height)).then(|| width / height);
                Self { width: Some(width), height: Some(height), ratio }
            }
        }
    }

    /// Its size where one side may be given (CSS Images 3, section 5.3.2).
    fn sized(&self, width: Option<Pt>, height: Option<Pt>, room: (Pt, Pt)) -> (Pt, Pt) {
        match (width, height) {
            (Some(w), Some(h)) => (w, h),
            (Some(w), None) => (w, self.ratio.map(|r| w / r).or(self.height).unwrap_or(room.1)),
            (None, Some(h)) => (self.ratio.map(|r| h * r).or(self.width).unwrap_or(room.0), h),
            (None, None) => match (self.width, self.height) {
                (None, None) => self.contained(room, false),
                (w, h) => self.sized(Some(w.unwrap_or_else(|| self.sized(None, h, room).0)), h, room),
            },
        }
    }

    /// As large as it may be within this room, or as small as it may be to cover it.
    fn contained(&self, room: (Pt, Pt), covers: bool) -> (Pt, Pt) {
        match self.ratio {
            Some(r) if (room.0 < room.1 * r) != covers => (room.0, room.0 / r),
            Some(r) => (room.1 * r, room.1),
            None => room,
        }
    }
}

/// CSS Backgrounds 3, section 2.9.
fn background_size(size: BackgroundSize, natural: &Natural, origin: Rect) -> (Pt, Pt) {
    let used = |d: Dimension, of: Pt| match d {
        Dimension::Value(v) => Some(v.resolve(of).max(Pt::ZERO)),
        _ => None,
    };
    let room = (origin.width, origin.height);
    match size {
        BackgroundSize::Auto => natural.sized(None, None, room),
        BackgroundSize::Cover => natural.contained(room, true),
        BackgroundSize::Contain => natural.contained(room, false),
        BackgroundSize::Size(w, h) => natural.sized(used(w, room.0), used(h, room.1), room),
    }
}

/// Appends a picture that fills the content box `content` as `object-fit` and `object-position` say
/// (CSS Images 3, section 5.5), cut at the content box and its round corners.
pub fn picture(out: &mut Vec<Item>, style: &Style, content: Rect, corners: &Corners, image: &Arc<Image>) {
    let (nw, nh) = (image.natural_width, image.natural_height);
    if !(nw.0 > 0.0 && nh.0 > 0.0 && content.width.0 > 0.0 && content.height.0 > 0.0) {
        return;
    }
    let contain = (content.width / nw).min(content.height / nh);
    // a drawing of no shape fills what it is to fit in
    let shapeless = image.drawing.as_ref().is_some_and(|d| d.ratio.is_none());
    let (width, height) = match style.object_fit {
        ObjectFit::Contain | ObjectFit::Cover if shapeless => (content.width, content.height),
        ObjectFit::Fill => (content.width, content.height),
        ObjectFit::Contain => (nw * contain, nh * contain),
        ObjectFit::Cover => {
            let f = (content.width / nw).max(content.height / nh);
            (nw * f, nh * f)
        }
        ObjectFit::None => (nw, nh),
        ObjectFit::ScaleDown => (nw * contain.min(1.0), nh * contain.min(1.0)),
    };
    let rect = Rect::new(
        content.x + place(style.object_position.0, content.width - width),
        content.y + place(style.object_position.1, content.height - height),
        width,
        height,
    );
    let item = match &image.drawing {
        None => Item::Image(ImageItem { image: Arc::clone(image), rect }),
        Some(drawing) => match svg::draw(drawing, rect, Ink::BLACK) {
            Some(item) => item,
            None => return,
        },
    };
    // what bleeds over the trim of artwork is cut off with the box
    let bleeds = image.art.as_ref().is_some_and(|a| a.has_bleed());
    if corners.are_square() && contains(content, rect) && !bleeds {
        out.push(item);
    } else {
        let mut clip = Vec::with_capacity(9);
        outline(&mut clip, content, corners, false);
        group(out, 1.0, Some(clip), vec![item]);
    }
}
