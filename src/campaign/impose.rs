//! Sheets for the press, as the campaign and the command line say them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::resolve::Told;
use super::split::size;
use crate::base::{Diagnostic, Pt, Size};
use crate::press::order::Order;
use crate::press::paper::Paper;
use crate::press::plan::Preset;
use crate::press::turn::{Head, Turn};
use crate::press::{Plan, plan};

/// `[output.impose]`: the pages of a run are placed on sheets for the press when all of them are made.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImposeSpec {
    /// The sheet: `"SRA3"`, `"菊四"`, `"SRA3 landscape"`, millimetres such as `"330x1200"`, or `"520xauto"` for a roll.
    pub sheet: String,
    /// Places across x down, `"2x4"`. When not stated: as many as fit.
    pub up: Option<String>,
    /// Between the trims of neighbours, across[, down]: `"6mm"`. When not stated: twice the bleed, so that it is cut twice.
    pub gutter: Option<String>,
    /// Neighbours share a cut: no gutter, and no bleed between them.
    pub single_cut: bool,
    /// What the press cannot print, at each edge of the sheet. When not stated: 5 mm.
    pub margin: Option<String>,
    /// Where the press holds the sheet: kept free at its foot.
    pub gripper: Option<String>,
    /// How pieces are turned in their places, clockwise: 0, 90, 180, 270. When not stated: 0 or 90, whichever fits.
    pub rotate: Option<u16>,
    /// Which piece lies where.
    pub order: OrderSpec,
    /// With `cut-and-stack`: sheets that are cut and stacked together. When not stated: all.
    pub stack: Option<u64>,
    /// At which edge the sheet is turned for its back.
    pub duplex: DuplexSpec,
    /// How the back stands when a piece is turned like the page of a book.
    pub head: HeadSpec,
    /// Print leaves whose back is missing.
    pub blank_backs: bool,
    /// Marks beside the pieces: `"crop,center,registration,bar"`, `"all"` or `"none"`. When not stated: all but the bar.
    pub marks: Option<String>,
    /// Fold marks, from the left edge of the front: `"100mm,200mm"`.
    pub folds: Option<String>,
    /// A pressure-sealed card, whose size is checked and whose folds are marked: `"v-card"`, `"z-card"`, `"three-panel"`.
    pub preset: Option<String>,
    /// Leave out the line of text that says what a sheet is.
    pub no_slug: bool,
    /// At most so many bytes in each file of sheets: `"2GB"`. When not stated: what `[output.split]` says of the pages' files.
    pub bytes: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrderSpec {
    /// Each pile under one place is a run of the job; the piles laid on each other are the job.
    #[default]
    CutAndStack,
    /// Neighbours on the sheet are neighbours in the job.
    Sequential,
    /// The same piece at every place: step and repeat.
    Repeat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DuplexSpec {
    /// At the long edge, if pieces have a back.
    #[default]
    Auto,
    /// Not printed on the back.
    None,
    LongEdge,
    ShortEdge,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HeadSpec {
    /// Upright: head to head.
    #[default]
    Head,
    /// On their heads: head to foot.
    Foot,
}

fn length(key: &str, text: &str) -> Result<Pt, String> {
    let text = text.trim();
    let mm = text.parse::<f32>().ok().filter(|n| n.is_finite()).map(Pt::from_mm);
    let length = mm.or_else(|| Pt::parse(text)).filter(|l| (0.0..=14_400.0).contains(&l.0));
    length.ok_or_else(|| format!("{key}: `{text}` is no length such as 6mm or 6"))
}

/// What the keys mean.
///
/// # Errors
/// The first that means nothing, in words.
pub fn plan(spec: &ImposeSpec) -> Result<Plan, String> {
    if spec.sheet.trim().is_empty() {
        return Err("no sheet is stated, such as SRA3 or 320x450".to_owned());
    }
    let mut plan = Plan::new(Paper::parse(&spec.sheet)?);
    plan.up = spec.up.as_deref().map(plan::up).transpose()?;
    match (&spec.gutter, spec.single_cut) {
        (Some(_), true) => return Err("a single cut has no gutter: state one of the two".to_owned()),
        (Some(text), false) => {
            let (across, down) = text.split_once(',').unwrap_or((text, text));
            plan.gutter = Some((length("gutter", across)?, length("gutter", down)?));
        }
        (None, true) => plan.gutter = Some((Pt::ZERO, Pt::ZERO)),
        (None, false) => {}
    }
    if let Some(text) = &spec.margin {
        plan.margin = length("margin", text)?;
    }
    if let Some(text) = &spec.gripper {
        plan.gripper = length("gripper", text)?;
    }
    if spec.rotate.is_some_and(|r| !matches!(r, 0 | 90 | 180 | 270)) {
        return Err("rotate: turns are 0, 90, 180 or 270".to_owned());
    }
    plan.rotate = spec.rotate;
    plan.order = match (spec.order, spec.stack) {
        (_, Some(0)) => return Err("stack: a pile has at least one sheet".to_owned()),
        (OrderSpec::CutAndStack, stack) => Order::CutAndStack { stack },
        (_, Some(_)) => return Err("stack is for the order cut-and-stack".to_owned()),
        (OrderSpec::Sequential, None) => Order::Sequential,
        (OrderSpec::Repeat, None) => Order::Repeat,
    };
    plan.turn = match spec.duplex {
        DuplexSpec::Auto => None,
        DuplexSpec::None => Some(Turn::None),
        DuplexSpec::LongEdge => Some(Turn::LongEdge),
        DuplexSpec::ShortEdge => Some(Turn::ShortEdge),
    };
    plan.head = match spec.head {
        HeadSpec::Head => Head::ToHead,
        HeadSpec::Foot => Head::ToFoot,
    };
    plan.blank_backs = spec.blank_backs;
    if let Some(text) = &spec.marks {
        plan.marks = plan::marks(text)?;
    }
    plan.slug = !spec.no_slug;
    if let Some(text) = &spec.bytes {
        let bytes = size(text).filter(|n| *n > 0);
        plan.bytes = Some(bytes.ok_or_else(|| format!("bytes: `{text}` is no size of files such as 500MB or 2GB"))?);
    }
    if let Some(name) = &spec.preset {
        let preset = plan::preset(name)?;
        plan.trim = Some(Size::new(Pt::from_mm(preset.width), Pt::from_mm(preset.height)));
        plan.folds = preset.folds.iter().map(|f| Pt::from_mm(*f)).collect();
    }
    if let Some(text) = &spec.folds {
        plan.folds = text.split(',').map(|t| length("folds", t)).collect::<Result<_, _>>()?;
    }
    Ok(plan)
}

/// `panels` is the card that [paper] says pieces are: its folds are marked without another word.
pub(super) fn resolve(
    spec: &toml::Spanned<ImposeSpec>,
    panels: Option<&Preset>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Plan> {
    let mut said = spec.get_ref().clone();
    if let (None, Some(panels)) = (&said.preset, panels) {
        said.preset = Some(panels.name.to_owned());
    }
    match plan(&said) {
        Ok(plan) => Some(plan),
        Err(message) => {
            faults.push(told.error("campaign-impose", spec.span(), message, "in these lines"));
            None
        }
    }
}
