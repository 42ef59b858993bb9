//! What is wanted of an imposition.

use super::order::Order;
use super::paper::Paper;
use super::turn::{Head, Turn};
use crate::base::{Pt, Size};

/// What is wanted; every length as stated, nothing resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub paper: Paper,
    /// Places across and down; `None`: as many as fit.
    pub up: Option<(u16, u16)>,
    /// Between the trims of neighbours, across and down. `None`: twice the bleed, so that each keeps its own.
    pub gutter: Option<(Pt, Pt)>,
    /// Kept free at each edge of the sheet: what the press cannot print.
    pub margin: Pt,
    /// Kept free at the foot of the sheet, where the press holds it.
    pub gripper: Pt,
    /// How the piece is turned in its place, clockwise: 0, 90, 180, 270. `None`: 0 or 90, whichever fits (more).
    pub rotate: Option<u16>,
    pub order: Order,
    /// `None`: turned at the long edge if pieces have a back.
    pub turn: Option<Turn>,
    pub head: Head,
    /// Pages of each piece where neither manifest nor document parts tell. `None`: two if turned, else one.
    pub pages: Option<u32>,
    /// Whether a leaf without a back is printed all the same.
    pub blank_backs: bool,
    pub marks: Marks,
    /// Where pieces are folded: from the left edge of the front.
    pub folds: Vec<Pt>,
    /// The size that the trim must have; a preset's.
    pub trim: Option<Size>,
    pub slug: bool,
    /// The most bytes of a file of sheets.
    pub bytes: Option<u64>,
}

/// What stands beside the pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Where to cut, with the bleed: 内トンボ and 外トンボ.
    pub crop: bool,
    /// The middle of each edge.
    pub center: bool,
    /// Circles with crosses beside the middle.
    pub registration: bool,
    /// A bar of patches of the process inks.
    pub bar: bool,
}

impl Default for Marks {
    fn default() -> Self {
        Self { crop: true, center: true, registration: true, bar: false }
    }
}

impl Preset {
    /// Panels of one side (0: the front) from left to right: name, left edge and width in millimetres.
    pub fn panels(&self, side: usize) -> impl Iterator<Item = (&'static str, f32, f32)> + '_ {
        let names = if side == 0 { self.front } else { self.back };
        let at = move |n: usize| -> f32 {
            let edge = |n: usize| match n {
                0 => 0.0,
                n => self.folds.get(n - 1).copied().unwrap_or(self.width),
            };
            // The back's folds lie behind the front's.
            if side == 0 { edge(n) } else { self.width - edge(names.len() - n) }
        };
        names.iter().enumerate().map(move |(n, name)| (*name, at(n), at(n + 1) - at(n)))
    }

    /// Strips along the trimmed edges of the panels that are glued onto one another, which glue and heavy ink keep off: side,
    /// panel, and left, top, width and height in millimetres.
    #[must_use]
    pub fn glue_free(&self) -> Vec<(usize, &'static str, [f32; 4])> {
        let by = self.strip;
        let mut strips = Vec::new();
        for side in 0..2 {
            let last = self.folds.len();
            for (n, (name, x, width)) in self.panels(side).enumerate() {
                if OUTSIDE.contains(&name) {
                    continue;
                }
                strips.push((side, name, [x, 0.0, width, by]));
                strips.push((side, name, [x, self.height - by, width, by]));
                if n == 0 {
                    strips.push((side, name, [x, 0.0, by, self.height]));
                }
                if n == last {
                    strips.push((side, name, [x + width - by, 0.0, by, self.height]));
                }
            }
        }
        strips
    }
}

/// Panels that are seen when the card is closed; all others are glued.
const OUTSIDE: [&str; 2] = ["address", "back"];

impl Plan {
    /// A plan for `paper` with everything else as it is most often.
    #[must_use]
    pub fn new(paper: Paper) -> Self {
        Self {
            paper,
            up: None,
            gutter: None,
            margin: Pt::from_mm(5.0),
            gripper: Pt::ZERO,
            rotate: None,
            order: Order::CutAndStack { stack: None },
            turn: None,
            head: Head::ToHead,
            pages: None,
            blank_backs: false,
            marks: Marks::default(),
            folds: Vec::new(),
            trim: None,
            slug: true,
            bytes: None,
        }
    }
}

/// `2x4`: places across and down.
///
/// # Errors
/// What was expected.
pub fn up(text: &str) -> Result<(u16, u16), String> {
    let wrong = || format!("`{text}` is no number of places such as 2x4 (across x down)");
    let (across, down) = text.split_once(['x', 'X', '×']).ok_or_else(wrong)?;
    let number = |t: &str| t.trim().parse::<u16>().ok().filter(|n| (1..=100).contains(n)).ok_or_else(wrong);
    Ok((number(across)?, number(down)?))
}

/// `crop,center,registration,bar`, `all` or `none`.
///
/// # Errors
/// What was expected.
pub fn marks(text: &str) -> Result<Marks, String> {
    let mut marks = Marks { crop: false, center: false, registration: false, bar: false };
    for word in text.split(',').map(str::trim) {
        match word {
            "none" => {}
            "all" => marks = Marks { crop: true, center: true, registration: true, bar: true },
            "crop" => marks.crop = true,
            "center" => marks.center = true,
            "registration" => marks.registration = true,
            "bar" => marks.bar = true,
            _ => return Err(format!("`{word}` is no mark: there are crop, center, registration, bar, all, none")),
        }
    }
    Ok(marks)
}

/// A pressure-sealed card: leaves that are folded onto each other and pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Preset {
    pub name: &'static str,
    /// Of the flat sheet, in millimetres.
    pub width: f32,
    pub height: f32,
    /// From the left edge of the front, in millimetres.
    pub folds: &'static [f32],
    /// Panels of the front and of the back, from left to right, by what lies on top when the card is closed.
    pub front: &'static [&'static str],
    pub back: &'static [&'static str],
    /// Kept free of varnish and ink-heavy grounds along the edges that are trimmed or peeled, in millimetres.
    pub strip: f32,
}

/// Cards that close to a postcard of 100 × 148 mm.
pub const PRESETS: [Preset; 3] = [
    Preset {
        name: "v-card",
        width: 200.0,
        height: 148.0,
        folds: &[100.0],
        front: &["back", "address"],
        back: &["inside-left", "inside-right"],
        strip: 5.0,
    },
    Preset {
        name: "z-card",
        width: 300.0,
        height: 148.0,
        folds: &[100.0, 200.0],
        front: &["address", "inside-left", "inside-right"],
        back: &["back", "peeled-left", "peeled-right"],
        strip: 5.0,
    },
    Preset {
        name: "three-panel",
        width: 299.0,
        height: 148.0,
        folds: &[100.0, 200.0],
        front: &["inside-left", "inside-middle", "inside-right"],
        back: &["flap", "back", "address"],
        strip: 5.0,
    },
];

/// The preset `name`.
///
/// # Errors
/// What was expected.
pub fn preset(name: &str) -> Result<&'static Preset, String> {
    PRESETS.iter().find(|p| p.name == name).ok_or_else(|| {
        let all: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
        format!("`{name}` is no preset: there are {}", all.join(", "))
    })
}
