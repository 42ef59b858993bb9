//! What is done with a box as a whole, and what is drawn around it: transforms (CSS Transforms 2, in two
//! dimensions), blending (Compositing 1), shapes that cut (CSS Masking 1), shadows (CSS Backgrounds 3, section 6.1),
//! outlines (CSS UI 4). Most boxes have nothing of it, so all of it stands behind one pointer.

use std::sync::Arc;

use cssparser::Parser;

use super::ground::Area;
use super::kind::{self, About, Kind, kind, word, words};
use super::style::{self, BorderStyle, LengthPercent, Radii, Radius};
use super::values::{self, Paint, Read, Sum, no};
use crate::base::{Affine, Edges, Pt};
use crate::color::{Blend, Color};

/// The most functions of one `transform`, points of one polygon, shadows of one box.
const MAX_LIST: usize = 256;

#[derive(Clone, Debug, PartialEq)]
pub struct Effects {
    pub transform: Arc<[Transform]>,
    pub translate: Option<(LengthPercent, LengthPercent)>,
    /// Degrees, clockwise.
    pub rotate: Option<f32>,
    pub scale: Option<(f32, f32)>,
    pub origin: (LengthPercent, LengthPercent),
    pub blend: Blend,
    pub isolated: bool,
    pub clip: Option<Arc<Shape>>,
    /// `clip`: of boxes that are positioned absolutely.
    pub cut: Option<Arc<Shape>>,
    /// The first lies on top.
    pub shadows: Arc<[BoxShadow]>,
    pub outline: Outline,
}

impl Default for Effects {
    fn default() -> Self {
        Self {
            transform: Arc::default(),
            translate: None,
            rotate: None,
            scale: None,
            origin: (LengthPercent::HALF, LengthPercent::HALF),
            blend: Blend::Normal,
            isolated: false,
            clip: None,
            cut: None,
            shadows: Arc::default(),
            outline: Outline { width: Pt(2.25), style: BorderStyle::None, color: None, offset: Pt::ZERO },
        }
    }
}

impl Effects {
    #[must_use]
    pub fn is_transformed(&self) -> bool {
        !self.transform.is_empty() || self.translate.is_some() || self.rotate.is_some() || self.scale.is_some()
    }

    /// Whether the box is painted as a whole, apart from the flow around it.
    #[must_use]
    pub fn is_stacking_context(&self) -> bool {
        self.is_transformed() || self.blend != Blend::Normal || self.isolated || self.clip.is_some()
    }

    /// The transformation of a box of this size, in coordinates from its upper left corner (CSS Transforms 2,
    /// section 4).
    #[must_use]
    pub fn matrix(&self, width: Pt, height: Pt) -> Affine {
        let (x, y) = (self.origin.0.resolve(width), self.origin.1.resolve(height));
        let mut m = Affine::translate(-x, -y);
        for t in self.transform.iter().rev() {
            m = m.then(&t.matrix(width, height));
        }
        if let Some((x, y)) = self.scale {
            m = m.then(&Affine::scale(x, y));
        }
        if let Some(angle) = self.rotate {
            m = m.then(&Transform::Rotate(angle).matrix(width, height));
        }
        if let Some((x, y)) = self.translate {
            m = m.then(&Affine::translate(x.resolve(width), y.resolve(height)));
        }
        m.then(&Affine::translate(x, y))
    }
}

/// One function of `transform`. Angles in degrees.
#[derive(Clone, Debug, PartialEq)]
pub enum Transform {
    Translate(LengthPercent, LengthPercent),
    Scale(f32, f32),
    Rotate(f32),
    Skew(f32, f32),
    Matrix(Affine),
}

impl Transform {
    fn matrix(&self, width: Pt, height: Pt) -> Affine {
        match self {
            Self::Translate(x, y) => Affine::translate(x.resolve(width), y.resolve(height)),
            Self::Scale(x, y) => Affine::scale(*x, *y),
            Self::Rotate(angle) => {
                let (sin, cos) = turned(*angle);
                Affine { a: cos, b: sin, c: -sin, d: cos, e: 0.0, f: 0.0 }
            }
            Self::Skew(x, y) => {
                let tan = |a: f32| libm::tanf(a.to_radians());
                Affine { b: tan(*y), c: tan(*x), ..Affine::IDENTITY }
            }
            Self::Matrix(m) => *m,
        }
    }
}

/// Sine and cosine of an angle in degrees; of right angles without a rest.
#[must_use]
pub fn turned(degrees: f32) -> (f32, f32) {
    let angle = degrees.rem_euclid(360.0);
    if angle == 0.0 {
        (0.0, 1.0)
    } else if angle == 90.0 {
        (1.0, 0.0)
    } else if angle == 180.0 {
        (0.0, -1.0)
    } else if angle == 270.0 {
        (-1.0, 0.0)
    } else {
        let radians = angle.to_radians();
        (libm::sinf(radians), libm::cosf(radians))
    }
}

/// A basic shape (CSS Shapes 1, section 3) in one of the box's areas.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    pub area: Area,
    pub form: Form,
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there are few shapes, and each is behind an `Arc` with its style")]
pub enum Form {
    /// The area itself, with the box's corners.
    Area,
    Inset(Edges<LengthPercent>, Radii),
    Ellipse {
        x: Reach,
        y: Reach,
        circle: bool,
        center: (LengthPercent, LengthPercent),
    },
    Polygon {
        even_odd: bool,
        points: Arc<[(LengthPercent, LengthPercent)]>,
    },
}

/// A radius of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reach {
    Closest,
    Farthest,
    Value(LengthPercent),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoxShadow {
    pub x: Pt,
    pub y: Pt,
    pub spread: Pt,
    pub color: Color,
    pub inset: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outline {
    pub width: Pt,
    pub style: BorderStyle,
    /// `None`: the text's colour.
    pub color: Option<Color>,
    pub offset: Pt,
}

/// A transform as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TransformWritten {
    Translate(Sum, Sum),
    Done(Transform),
}

fn transform(input: &mut Parser<'_>) -> Read<TransformWritten> {
    let name = input.expect_function()?.to_ascii_lowercase();
    input.parse_nested_block(|i| {
        let second = |i: &mut Parser<'_>| i.try_parse(Parser::expect_comma).is_ok();
        let number = values::number_or_percent;
        let done = |t| Ok(TransformWritten::Done(t));
        match name.as_str() {
            "translate" => {
                let x = values::length_percent(i)?;
                let y = if second(i) { values::length_percent(i)? } else { Sum::ZERO };
                Ok(TransformWritten::Translate(x, y))
            }
            "translatex" => Ok(TransformWritten::Translate(values::length_percent(i)?, Sum::ZERO)),
            "translatey" => Ok(TransformWritten::Translate(Sum::ZERO, values::length_percent(i)?)),
            "scale" => {
                let x = number(i)?;
                let y = if second(i) { number(i)? } else { x };
                done(Transform::Scale(x, y))
            }
            "scalex" => done(Transform::Scale(number(i)?, 1.0)),
            "scaley" => done(Transform::Scale(1.0, number(i)?)),
            "rotate" | "rotatez" => done(Transform::Rotate(values::angle(i, true)?)),
            "skew" => {
                let x = values::angle(i, true)?;
                let y = if second(i) { values::angle(i, true)? } else { 0.0 };
                done(Transform::Skew(x, y))
            }
            "skewx" => done(Transform::Skew(values::angle(i, true)?, 0.0)),
            "skewy" => done(Transform::Skew(0.0, values::angle(i, true)?)),
            "matrix" => {
                let mut m = [0.0; 6];
                for (n, v) in m.iter_mut().enumerate() {
                    if n > 0 {
                        i.expect_comma()?;
                    }
                    *v = values::number(i)?;
                }
                let [a, b, c, d, e, f] = m;
                // the last two are pixels (section 13)
                done(Transform::Matrix(Affine { a, b, c, d, e: Pt::from_px(e).0, f: Pt::from_px(f).0 }))
            }
            _ => no(),
        }
    })
}

fn is_none(input: &mut Parser<'_>) -> bool {
    input.try_parse(|i| i.expect_ident_matching("none")).is_ok()
}

kind!(
    Transforms: Vec<TransformWritten> => Arc<[Transform]>,
    |i, _| {
        if is_none(i) {
            return Ok(Vec::new());
        }
        let mut all = vec![transform(i)?];
        while !i.is_exhausted() && all.len() < MAX_LIST {
            all.push(transform(i)?);
        }
        Ok(all)
    },
    |v, a| {
        let one = |t: &TransformWritten| match t {
            TransformWritten::Translate(x, y) => Transform::Translate(x.resolve(&a.units), y.resolve(&a.units)),
            TransformWritten::Done(t) => t.clone(),
        };
        v.iter().map(one).collect()
    }
);
kind!(
    Translate: Option<(Sum, Sum)> => Option<(LengthPercent, LengthPercent)>,
    |i, _| {
        if is_none(i) {
            return Ok(None);
        }
        let x = values::length_percent(i)?;
        Ok(Some((x, i.try_parse(values::length_percent).unwrap_or(Sum::ZERO))))
    },
    |v, a| v.as_ref().map(|(x, y)| (x.resolve(&a.units), y.resolve(&a.units)))
);
kind!(
    Rotate: Option<f32> => Option<f32>,
    |i, _| {
        if is_none(i) {
            return Ok(None);
        }
        let _ = i.try_parse(|i| i.expect_ident_matching("z"));
        values::angle(i, false).map(Some)
    },
    |v, _| *v
);
kind!(
    Scale: Option<(f32, f32)> => Option<(f32, f32)>,
    |i, _| {
        if is_none(i) {
            return Ok(None);
        }
        let x = values::number_or_percent(i)?;
        Ok(Some((x, i.try_parse(values::number_or_percent).unwrap_or(x))))
    },
    |v, _| *v
);
words! {
    Blending {
        "normal" => Normal, "multiply" => Multiply, "screen" => Screen, "overlay" => Overlay, "darken" => Darken,
        "lighten" => Lighten, "color-dodge" => ColorDodge, "color-burn" => ColorBurn, "hard-light" => HardLight,
        "soft-light" => SoftLight, "difference" => Difference, "exclusion" => Exclusion, "hue" => Hue,
        "saturation" => Saturation, "color" => Color, "luminosity" => Luminosity,
    }
}
kind!(
    Isolation: bool => bool,
    |i, _| match word(i)?.as_str() { "auto" => Ok(false), "isolate" => Ok(true), _ => no() },
    |v, _| *v
);

kind!(
    /// Whether what an element draws lies on top of what is below it, which is not cut away for it.
    Overprint: Option<bool> => Option<bool>,
    |i, _| match word(i)?.as_str() { "auto" => Ok(None), "on" => Ok(Some(true)), "off" => Ok(Some(false)), _ => no() },
    |v, _| *v
);

/// A shape as written: lengths wait for their units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShapeWritten {
    area: Area,
    form: FormWritten,
}

#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there are few shapes in a stylesheet")]
enum FormWritten {
    Area,
    Inset([Sum; 4], [(Sum, Sum); 4]),
    Ellipse { x: ReachWritten, y: ReachWritten, circle: bool, center: (Sum, Sum) },
    Polygon { even_odd: bool, points: Vec<(Sum, Sum)> },
}

#[derive(Clone, Debug, PartialEq)]
enum ReachWritten {
    Closest,
    Farthest,
    Value(Sum),
}

fn reach(input: &mut Parser<'_>) -> Read<ReachWritten> {
    if let Ok(sum) = input.try_parse(values::positive_length_percent) {
        return Ok(ReachWritten::Value(sum));
    }
    match word(input)?.as_str() {
        "closest-side" => Ok(ReachWritten::Closest),
        "farthest-side" => Ok(ReachWritten::Farthest),
        _ => no(),
    }
}

/// One to four values for four sides.
fn four(input: &mut Parser<'_>, mut one: impl FnMut(&mut Parser<'_>) -> Read<Sum>) -> Read<[Sum; 4]> {
    let top = one(input)?;
    let right = input.try_parse(&mut one).unwrap_or_else(|_| top.clone());
    let bottom = input.try_parse(&mut one).unwrap_or_else(|_| top.clone());
    let left = input.try_parse(&mut one).unwrap_or_else(|_| right.clone());
    Ok([top, right, bottom, left])
}

fn form(input: &mut Parser<'_>) -> Read<FormWritten> {
    let name = input.expect_function()?.to_ascii_lowercase();
    input.parse_nested_block(|i| match name.as_str() {
        "inset" => {
            let edges = four(i, values::length_percent)?;
            let mut radii = [const { (Sum::ZERO, Sum::ZERO) }; 4];
            if i.try_parse(|i| i.expect_ident_matching("round")).is_ok() {
                let x = four(i, values::positive_length_percent)?;
                let y = match i.try_parse(|i| i.expect_delim('/')) {
                    Ok(()) => four(i, values::positive_length_percent)?,
                    Err(_) => x.clone(),
                };
                for (radius, (x, y)) in radii.iter_mut().zip(x.into_iter().zip(y)) {
                    *radius = (x, y);
                }
            }
            Ok(FormWritten::Inset(edges, radii))
        }
        "circle" | "ellipse" => {
            let circle = name == "circle";
            let (mut x, mut y) = (ReachWritten::Closest, ReachWritten::Closest);
            if let Ok(r) = i.try_parse(reach) {
                (x, y) = (r.clone(), r);
                if !circle {
                    y = reach(i)?;
                }
            }
            let center = match i.try_parse(|i| i.expect_ident_matching("at")) {
                Ok(()) => kind::position(i)?,
                Err(_) => (Sum::percent(0.5), Sum::percent(0.5)),
            };
            Ok(FormWritten::Ellipse { x, y, circle, center })
        }
        "polygon" => {
            let rule = i.try_parse(|i| {
                let even_odd = match word(i)?.as_str() {
                    "evenodd" => true,
                    "nonzero" => false,
                    _ => return no(),
                };
                i.expect_comma()?;
                Ok(even_odd)
            });
            let points = i.parse_comma_separated(|i| Ok((values::length_percent(i)?, values::length_percent(i)?)))?;
            if points.len() > MAX_LIST {
                return no();
            }
            Ok(FormWritten::Polygon { even_odd: rule.unwrap_or(false), points })
        }
        _ => no(),
    })
}

kind!(
    ClipPath: Option<ShapeWritten> => Option<Arc<Shape>>,
    |i, _| {
        if is_none(i) {
            return Ok(None);
        }
        let mut area = i.try_parse(super::ground::area).ok();
        let form = i.try_parse(form).ok();
        if area.is_none() && form.is_some() {
            area = i.try_parse(super::ground::area).ok();
        }
        match (area, form) {
            (None, None) => no(),
            (area, form) => {
                Ok(Some(ShapeWritten { area: area.unwrap_or_default(), form: form.unwrap_or(FormWritten::Area) }))
            }
        }
    },
    |v, a| {
        let v = v.as_ref()?;
        let at = |s: &Sum| s.resolve(&a.units);
        let reach = |r: &ReachWritten| match r {
            ReachWritten::Closest => Reach::Closest,
            ReachWritten::Farthest => Reach::Farthest,
            ReachWritten::Value(s) => Reach::Value(s.resolve_positive(&a.units)),
        };
        let form = match &v.form {
            FormWritten::Area => Form::Area,
            FormWritten::Inset([top, right, bottom, left], radii) => Form::Inset(
                Edges { top: at(top), right: at(right), bottom: at(bottom), left: at(left) },
                radii.each_ref().map(|(x, y)| Radius { x: at(x), y: at(y) }),
            ),
            FormWritten::Ellipse { x, y, circle, center } => {
                Form::Ellipse { x: reach(x), y: reach(y), circle: *circle, center: (at(&center.0), at(&center.1)) }
            }
            FormWritten::Polygon { even_odd, points } => {
                Form::Polygon { even_odd: *even_odd, points: points.iter().map(|(x, y)| (at(x), at(y))).collect() }
            }
        };
        Some(Arc::new(Shape { area: v.area, form }))
    }
);

/// The sides of `rect()`, from the top left corner of the border box; `None` for `auto`.
type RectWritten = [Option<Sum>; 4];

kind!(
    /// CSS 2.2, section 11.1.2.
    ClipRect: Option<RectWritten> => Option<Arc<Shape>>,
    |i, _| {
        if i.try_parse(|i| word(i).and_then(|w| if w == "auto" { Ok(()) } else { no() })).is_ok() {
            return Ok(None);
        }
        i.expect_function_matching("rect")?;
        i.parse_nested_block(|i| {
            let mut sides: RectWritten = [None, None, None, None];
            for (n, side) in sides.iter_mut().enumerate() {
                if n > 0 {
                    let _ = i.try_parse(|i| i.expect_comma());
                }
                if i.try_parse(|i| word(i).and_then(|w| if w == "auto" { Ok(()) } else { no() })).is_err() {
                    *side = Some(values::length(i)?);
                }
            }
            Ok(Some(sides))
        })
    },
    |v, a| {
        let [top, right, bottom, left] = v.as_ref()?;
        let at = |side: &Option<Sum>, auto: f32| {
            side.as_ref().map_or(LengthPercent::percent(auto), |s| s.resolve(&a.units))
        };
        let (t, r, b, l) = (at(top, 0.0), at(right, 1.0), at(bottom, 1.0), at(left, 0.0));
        let form = Form::Polygon { even_odd: false, points: [(l, t), (r, t), (r, b), (l, b)].into() };
        Some(Arc::new(Shape { area: Area::Border, form }))
    }
);

/// A shadow as written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShadowWritten {
    x: Sum,
    y: Sum,
    spread: Sum,
    color: Paint,
    inset: bool,
}

/// A shadow without blur: a blurred one is not read.
fn shadow(input: &mut Parser<'_>) -> Read<ShadowWritten> {
    let (mut lengths, mut color, mut inset) = (None, None, false);
    while !input.is_exhausted() {
        if !inset && input.try_parse(|i| i.expect_ident_matching("inset")).is_ok() {
            inset = true;
        } else if lengths.is_none()
            && let Ok(first) = input.try_parse(values::length)
        {
            let y = values::length(input)?;
            let blur = input.try_parse(values::length).unwrap_or(Sum::ZERO);
            if blur != Sum::ZERO && blur != Sum::pt(0.0) {
                return no();
            }
            lengths = Some((first, y, input.try_parse(values::length).unwrap_or(Sum::ZERO)));
        } else if color.is_none()
            && let Ok(c) = input.try_parse(values::color)
        {
            color = Some(c);
        } else {
            break;
        }
    }
    let Some((x, y, spread)) = lengths else { return no() };
    Ok(ShadowWritten { x, y, spread, color: color.unwrap_or(Paint::Current), inset })
}

kind!(
    BoxShadows: Vec<ShadowWritten> => Arc<[BoxShadow]>,
    |i, _| {
        if is_none(i) {
            return Ok(Vec::new());
        }
        let all = i.parse_comma_separated(shadow)?;
        if all.len() > MAX_LIST { no() } else { Ok(all) }
    },
    |v, a| {
        let one = |s: &ShadowWritten| BoxShadow {
            x: s.x.length(&a.units),
            y: s.y.length(&a.units),
            spread: s.spread.length(&a.units),
            color: s.color.color(a),
            inset: s.inset,
        };
        v.iter().map(one).collect()
    }
);
kind!(
    OutlineStyle: BorderStyle => BorderStyle,
    |i, base| {
        if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
            return Ok(BorderStyle::Solid);
        }
        if i.try_parse(|i| i.expect_ident_matching("hidden")).is_ok() {
            return no();
        }
        kind::BorderStyle::read(i, base)
    },
    |v, _| *v
);
kind!(
    OutlineColor: Option<Paint> => Option<Color>,
    |i, _| {
        if i.try_parse(|i| i.expect_ident_matching("auto")).is_ok() {
            return Ok(None);
        }
        values::color(i).map(Some)
    },
    |v, a| v.as_ref().map(|p| p.color(a))
);
kind!(OutlineOffset: Sum => Pt, |i, _| values::length(i), |v, a| v.length(&a.units));
kind!(
    /// Two parts are a place in the box; a third, the depth, must be nothing.
    TransformOrigin: (Sum, Sum) => (LengthPercent, LengthPercent),
    |i, _| {
        let place = kind::position(i)?;
        if !i.is_exhausted() && values::length(i)? != Sum::ZERO {
            return no();
        }
        Ok(place)
    },
    |(x, y), a| (x.resolve(&a.units), y.resolve(&a.units))
);
