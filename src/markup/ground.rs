//! Layers of a box's ground (CSS Backgrounds 3, section 2): each property is a list, and the lists are joined when
//! all are known.

use std::sync::Arc;

use cssparser::Parser;

use super::gradient::{self, Gradient};
use super::kind::{About, Kind, kind, word, words};
use super::style::{self, BackgroundImage, BackgroundSize, LengthPercent};
use super::values::{Read, no};

/// The box that something refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Area {
    #[default]
    Border,
    Padding,
    Content,
}

/// How a picture fills its area along one axis (section 2.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeat {
    #[default]
    Repeat,
    No,
    /// As often as it fits, with even room between.
    Space,
    /// As often as it fits once it is made a little larger or smaller.
    Round,
}

/// A picture of a layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Picture {
    /// An address and the folder that it is relative to.
    Url(Arc<str>, Arc<str>),
    Gradient(Arc<Gradient>),
}

/// The same as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PictureWritten {
    Url(Arc<str>, Arc<str>),
    Gradient(Arc<gradient::Written>),
}

pub(super) fn picture(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Option<PictureWritten>> {
    if input.try_parse(|i| i.expect_ident_matching("none")).is_ok() {
        return Ok(None);
    }
    if let Ok(url) = input.try_parse(|i| i.expect_url()) {
        return Ok(Some(PictureWritten::Url(Arc::from(&*url), Arc::clone(base))));
    }
    Ok(Some(PictureWritten::Gradient(Arc::new(gradient::read(input)?))))
}

fn computed(written: &PictureWritten, about: &About<'_>) -> Picture {
    match written {
        PictureWritten::Url(url, base) => Picture::Url(Arc::clone(url), Arc::clone(base)),
        PictureWritten::Gradient(g) => Picture::Gradient(Arc::new(g.compute(about))),
    }
}

/// One or two words for the two axes.
pub(super) fn repeat(input: &mut Parser<'_>) -> Read<(Repeat, Repeat)> {
    fn one(word: &str) -> Read<Repeat> {
        match word {
            "repeat" => Ok(Repeat::Repeat),
            "no-repeat" => Ok(Repeat::No),
            "space" => Ok(Repeat::Space),
            "round" => Ok(Repeat::Round),
            _ => no(),
        }
    }
    match word(input)?.as_str() {
        "repeat-x" => Ok((Repeat::Repeat, Repeat::No)),
        "repeat-y" => Ok((Repeat::No, Repeat::Repeat)),
        first => {
            let x = one(first)?;
            Ok((x, input.try_parse(|i| one(&word(i)?)).unwrap_or(x)))
        }
    }
}

pub(super) fn area(input: &mut Parser<'_>) -> Read<Area> {
    match word(input)?.as_str() {
        "border-box" => Ok(Area::Border),
        "padding-box" => Ok(Area::Padding),
        "content-box" => Ok(Area::Content),
        _ => no(),
    }
}

pub(super) fn list<T>(input: &mut Parser<'_>, one: impl FnMut(&mut Parser<'_>) -> Read<T>) -> Read<Arc<[T]>> {
    Ok(Arc::from(input.parse_comma_separated(one)?))
}

kind!(
    Images: Arc<[Option<PictureWritten>]> => Arc<[Option<Picture>]>,
    |i, base| { let base = Arc::clone(base); list(i, |i| picture(i, &base)) },
    |v, a| v.iter().map(|p| p.as_ref().map(|p| computed(p, a))).collect()
);
kind!(Repeats: Arc<[(Repeat, Repeat)]> => Arc<[(Repeat, Repeat)]>, |i, _| list(i, repeat), |v, _| Arc::clone(v));
kind!(Areas: Arc<[Area]> => Arc<[Area]>, |i, _| list(i, area), |v, _| Arc::clone(v));
kind!(
    /// `fixed` and `local` are as `scroll`: nothing moves on paper.
    Attachments: () => (),
    |i, _| {
        i.parse_comma_separated(|i| match word(i)?.as_str() { "scroll" | "fixed" | "local" => Ok(()), _ => no() })?;
        Ok(())
    },
    |(), _| ()
);

words! {
    Orientation { "from-image" => FromImage, "none" => None }
}

/// The lists as they are computed.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub images: Arc<[Option<Picture>]>,
    pub sizes: Arc<[BackgroundSize]>,
    pub positions: Arc<[(LengthPercent, LengthPercent)]>,
    pub repeats: Arc<[(Repeat, Repeat)]>,
    pub origins: Arc<[Area]>,
    pub clips: Arc<[Area]>,
    pub attachments: (),
}

impl Ground {
    pub(super) fn initial() -> Self {
        Self {
            images: Arc::from([None]),
            sizes: Arc::from([BackgroundSize::Auto]),
            positions: Arc::from([(LengthPercent::ZERO, LengthPercent::ZERO)]),
            repeats: Arc::from([(Repeat::Repeat, Repeat::Repeat)]),
            origins: Arc::from([Area::Padding]),
            clips: Arc::from([Area::Border]),
            attachments: (),
        }
    }

    pub(super) fn of(images: &[BackgroundImage], clip: Area) -> Self {
        if images.is_empty() {
            return Self { clips: Arc::from([clip]), ..Self::initial() };
        }
        let picture = |i: &BackgroundImage| match &i.gradient {
            Some(g) => Some(Picture::Gradient(Arc::clone(g))),
            None => Some(Picture::Url(Arc::clone(&i.url), Arc::clone(&i.base))),
        };
        Self {
            images: images.iter().map(picture).collect(),
            sizes: images.iter().map(|i| i.size).collect(),
            positions: images.iter().map(|i| i.position).collect(),
            repeats: images.iter().map(|i| i.repeat).collect(),
            origins: images.iter().map(|i| i.origin).collect(),
            clips: images.iter().map(|i| i.clip).collect(),
            attachments: (),
        }
    }

    /// The area that the colour fills: that of the last layer, whether it has a picture or not (section 2.7).
    pub(super) fn color_clip(&self) -> Area {
        let last = self.images.len().saturating_sub(1);
        nth(&self.clips, last).unwrap_or_default()
    }

    /// One layer per image; shorter lists start again (section 2).
    pub(super) fn layers(&self) -> Arc<[BackgroundImage]> {
        if self.images.iter().all(Option::is_none) {
            return Arc::default();
        }
        let layers = self.images.iter().enumerate().filter_map(|(i, image)| {
            let (url, base, gradient) = match image.as_ref()? {
                Picture::Url(url, base) => (Arc::clone(url), Arc::clone(base), None),
                Picture::Gradient(g) => (Arc::from(""), Arc::from(""), Some(Arc::clone(g))),
            };
            Some(BackgroundImage {
                url,
                base,
                gradient,
                size: nth(&self.sizes, i)?,
                position: nth(&self.positions, i)?,
                repeat: nth(&self.repeats, i)?,
                origin: nth(&self.origins, i)?,
                clip: nth(&self.clips, i)?,
            })
        });
        layers.collect()
    }
}

fn nth<T: Copy>(list: &[T], i: usize) -> Option<T> {
    list.get(i % list.len().max(1)).copied()
}
