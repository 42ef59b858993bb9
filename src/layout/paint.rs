//! Grounds, borders, clips and translucent groups of one box, as page items.

use std::sync::Arc;

use super::border;
use super::shape::{Corners, outline};
use crate::asset::image::Image;
use crate::base::{Pt, Rect};
use crate::color::Color;
use crate::markup::style::{BackgroundImage, BackgroundSize, Dimension, LengthPercent, ObjectFit, Style};
use crate::page::{GroupItem, ImageItem, Item, Path, Segment};

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
            || [&b.top, &b.right, &b.bottom, &b.left].iter().any(|s| s.width > Pt::ZERO))
}

/// Appends ground and borders of a box whose border box is `rect`. `images` are those of
/// `style.background_images` that could be loaded, in the same order.
pub fn decorate(out: &mut Vec<Item>, style: &Style, rect: Rect, images: &[Option<Arc<Image>>]) {
    let corners = Corners::resolve(&style.radius, rect.width, rect.height);
    let origin = rect.inset(border::widths(style));
    ground(out, style, rect, origin, &corners, images);
    border::paint(out, style, rect, &corners);
}

/// Appends background colour and images. They are cut at `area`; images are placed in `origin`, the padding box
/// (CSS Backgrounds 3, sections 3.7 and 3.8: the initial values of clip and origin).
pub fn ground(
    out: &mut Vec<Item>,
    style: &Style,
    area: Rect,
    origin: Rect,
    corners: &Corners,
    images: &[Option<Arc<Image>>],
) {
    if style.background_color.is_visible() && area.width > Pt::ZERO && area.height > Pt::ZERO {
        fill(out, area, corners, style.background_color);
    }
    // the first image lies on top
    for (layer, image) in style.background_images.iter().zip(images).rev() {
        if let Some(image) = image {
            background_image(out, layer, image, area, origin, corners);
        }
    }
}

fn fill(out: &mut Vec<Item>, rect: Rect, corners: &Corners, color: Color) {
    let mut segments = Vec::with_capacity(if corners.are_square() { 1 } else { 9 });
    outline(&mut segments, rect, corners, false);
    translucent(out, color.alpha, Item::Path(Path::filled(segments, color.ink)));
}

fn background_image(
    out: &mut Vec<Item>,
    layer: &BackgroundImage,
    image: &Arc<Image>,
    area: Rect,
    origin: Rect,
    corners: &Corners,
) {
    let (width, height) = background_size(layer.size, image, origin);
    if !(width.0 > 0.0 && height.0 > 0.0 && area.width.0 > 0.0 && area.height.0 > 0.0) {
        return;
    }
    let x = origin.x + place(layer.position.0, origin.width - width);
    let y = origin.y + place(layer.position.1, origin.height - height);
    let columns = tiles(layer.repeat.0, x, width, area.x, area.right());
    let rows = tiles(layer.repeat.1, y, height, area.y, area.bottom());
    let count = ((columns.1 - columns.0 + 1).max(0) as usize).saturating_mul((rows.1 - rows.0 + 1).max(0) as usize);
    let mut items = Vec::with_capacity(count.min(MAX_TILES));
    'rows: for row in rows.0..=rows.1 {
        for column in columns.0..=columns.1 {
            if items.len() == MAX_TILES {
                break 'rows;
            }
            let rect = Rect::new(x + width * column as f32, y + height * row as f32, width, height);
            items.push(Item::Image(ImageItem { image: Arc::clone(image), rect }));
        }
    }
    let inside = corners.are_square()
        && count == 1
        && items.iter().all(|i| matches!(i, Item::Image(i) if contains(area, i.rect)));
    if inside {
        out.append(&mut items);
    } else {
        let mut clip = Vec::with_capacity(9);
        outline(&mut clip, area, corners, false);
        group(out, 1.0, Some(clip), items);
    }
}

/// Indices of the first and the last tile that meet the area, counted from the one that is placed.
fn tiles(repeat: bool, start: Pt, size: Pt, from: Pt, to: Pt) -> (i32, i32) {
    if !repeat {
        return (0, 0);
    }
    let first = ((from - start) / size + 1e-3).floor();
    let last = ((to - start) / size - 1e-3).ceil() - 1.0;
    let bound = |v: f32| v.clamp(-20_000.0, 20_000.0) as i32;
    (bound(first), bound(last))
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

fn background_size(size: BackgroundSize, image: &Image, origin: Rect) -> (Pt, Pt) {
    let (nw, nh) = (image.natural_width, image.natural_height);
    if !(nw.0 > 0.0 && nh.0 > 0.0) {
        return (Pt::ZERO, Pt::ZERO);
    }
    let scaled = |f: f32| (nw * f, nh * f);
    match size {
        BackgroundSize::Auto => (nw, nh),
        BackgroundSize::Cover => scaled((origin.width / nw).max(origin.height / nh)),
        BackgroundSize::Contain => scaled((origin.width / nw).min(origin.height / nh)),
        BackgroundSize::Size(w, h) => {
            let used = |d: Dimension, of: Pt| match d {
                Dimension::Value(v) => Some(v.resolve(of).max(Pt::ZERO)),
                _ => None,
            };
            match (used(w, origin.width), used(h, origin.height)) {
                (Some(w), Some(h)) => (w, h),
                (Some(w), None) => (w, nh * (w / nw)),
                (None, Some(h)) => (nw * (h / nh), h),
                (None, None) => (nw, nh),
            }
        }
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
    let (width, height) = match style.object_fit {
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
    let item = Item::Image(ImageItem { image: Arc::clone(image), rect });
    if corners.are_square() && contains(content, rect) {
        out.push(item);
    } else {
        let mut clip = Vec::with_capacity(9);
        outline(&mut clip, content, corners, false);
        group(out, 1.0, Some(clip), vec![item]);
    }
}
