//! Grid containers (CSS Grid 2): what taffy is told of them and of their items. The rest of the way is that of
//! [`super::flex`].

use taffy::geometry::{Line, MinMax, Size as TSize};
use taffy::style::{
    Dimension as TDimension, GridAutoFlow, GridPlacement, GridTemplateArea, GridTemplateAreas, GridTemplateComponent,
    GridTemplateRepetition, LengthPercentage, LengthPercentageAuto, MaxTrackSizingFunction, MinTrackSizingFunction,
    RepetitionCount, TrackSizingFunction,
};

use crate::base::Pt;
use crate::markup::style::{BoxSizing, Dimension, LengthPercent, Style};
use crate::markup::tracks::{Areas, Breadth, Grid, GridFlow, GridLine, Names, Part, Template, Times, Track};

/// A share that taffy can work out itself, of the grid area.
fn share(v: LengthPercent) -> Option<f32> {
    (v.percent != 0.0 && v.length == Pt::ZERO && v.bounds.is_none()).then_some(v.percent)
}

/// Shares of a size that is not known count as automatic (CSS Grid 2, section 7.2.1).
fn length(v: LengthPercent, of: Option<Pt>) -> Option<f32> {
    match of {
        Some(of) => Some(v.resolve(of).0.max(0.0)),
        None if v.percent == 0.0 => Some(v.resolve(Pt::ZERO).0.max(0.0)),
        None => None,
    }
}

fn track(t: &Track, of: Option<Pt>) -> TrackSizingFunction {
    let min = match t.min {
        Breadth::Size(v) => length(v, of).map_or(MinTrackSizingFunction::auto(), MinTrackSizingFunction::length),
        Breadth::MinContent => MinTrackSizingFunction::min_content(),
        Breadth::MaxContent => MinTrackSizingFunction::max_content(),
        Breadth::Auto | Breadth::Fr(_) | Breadth::FitContent(_) => MinTrackSizingFunction::auto(),
    };
    let max = match t.max {
        Breadth::Size(v) => length(v, of).map_or(MaxTrackSizingFunction::auto(), MaxTrackSizingFunction::length),
        Breadth::MinContent => MaxTrackSizingFunction::min_content(),
        Breadth::MaxContent => MaxTrackSizingFunction::max_content(),
        Breadth::Auto => MaxTrackSizingFunction::auto(),
        Breadth::Fr(f) => MaxTrackSizingFunction::fr(f),
        Breadth::FitContent(v) => {
            length(v, of).map_or(MaxTrackSizingFunction::max_content(), MaxTrackSizingFunction::fit_content_px)
        }
    };
    MinMax { min, max }
}

fn names(of: &[Names]) -> Vec<Vec<String>> {
    of.iter().map(|line| line.iter().map(|n| n.to_string()).collect()).collect()
}

fn template(t: Option<&Template>, of: Option<Pt>) -> (Vec<GridTemplateComponent<String>>, Vec<Vec<String>>) {
    let Some(t) = t else { return (Vec::new(), Vec::new()) };
    let part = |p: &Part| match p {
        Part::Track(t) => GridTemplateComponent::Single(track(t, of)),
        Part::Repeat { times, tracks, names: lines } => GridTemplateComponent::Repeat(GridTemplateRepetition {
            count: match times {
                Times::Count(n) => RepetitionCount::Count(*n),
                Times::Fill => RepetitionCount::AutoFill,
                Times::Fit => RepetitionCount::AutoFit,
            },
            tracks: tracks.iter().map(|t| track(t, of)).collect(),
            line_names: names(lines),
        }),
    };
    (t.parts.iter().map(part).collect(), names(&t.names))
}

fn areas(areas: &Areas) -> GridTemplateAreas<String> {
    let area = |a: &crate::markup::tracks::Area| GridTemplateArea {
        name: a.name.to_string(),
        row_start: a.rows.0,
        row_end: a.rows.1,
        column_start: a.columns.0,
        column_end: a.columns.1,
    };
    GridTemplateAreas {
        areas: areas.areas.iter().map(area).collect(),
        row_count: areas.rows,
        column_count: areas.columns,
    }
}

/// Makes a flex container's style that of a grid.
pub fn container(mut taffy: taffy::Style, style: &Style, width: Option<Pt>, height: Option<Pt>) -> taffy::Style {
    taffy.display = taffy::Display::Grid;
    taffy.justify_items = super::flex::align_items(style.justify_items).unwrap_or(taffy.justify_items);
    let Some(grid) = &style.grid else { return taffy };
    let Grid { columns, rows, areas: named, auto_columns, auto_rows, flow, .. } = &**grid;
    (taffy.grid_template_columns, taffy.grid_template_column_names) = template(columns.as_deref(), width);
    (taffy.grid_template_rows, taffy.grid_template_row_names) = template(rows.as_deref(), height);
    taffy.grid_template_areas = named.as_deref().map(areas);
    let list = |t: &Option<std::sync::Arc<[Track]>>, of| {
        t.as_deref().unwrap_or_default().iter().map(|t| track(t, of)).collect()
    };
    taffy.grid_auto_columns = list(auto_columns, width);
    taffy.grid_auto_rows = list(auto_rows, height);
    taffy.grid_auto_flow = match flow {
        GridFlow { columns: false, dense: false } => GridAutoFlow::Row,
        GridFlow { columns: false, dense: true } => GridAutoFlow::RowDense,
        GridFlow { columns: true, dense: false } => GridAutoFlow::Column,
        GridFlow { columns: true, dense: true } => GridAutoFlow::ColumnDense,
    };
    taffy
}

fn line(line: &GridLine) -> GridPlacement<String> {
    match line {
        GridLine::Auto => GridPlacement::Auto,
        GridLine::Line(n) => GridPlacement::Line((*n).into()),
        GridLine::Named(name, n) => GridPlacement::NamedLine(name.to_string(), *n),
        GridLine::Span(n) => GridPlacement::Span(*n),
        GridLine::NamedSpan(name, n) => GridPlacement::NamedSpan(name.to_string(), *n),
    }
}

/// Makes a flex item's style that of a grid item: shares are of its area, which only taffy knows.
pub fn item(mut taffy: taffy::Style, style: &Style) -> taffy::Style {
    taffy.justify_self = super::flex::align_items(style.justify_self);
    let percent = |d: Dimension| match d {
        Dimension::Value(v) => share(v),
        _ => None,
    };
    let sized = [style.width, style.height, style.min_width, style.min_height, style.max_width, style.max_height];
    if style.box_sizing == BoxSizing::ContentBox && sized.iter().any(|d| percent(*d).is_some()) {
        // lengths were made those of the border box, which shares are not of
        taffy.box_sizing = taffy::BoxSizing::ContentBox;
        let inner = |d: Dimension| super::sizes::definite(d, None).map(|v| v.0.max(0.0));
        let set = |to: &mut TDimension, d| {
            if let Some(v) = inner(d) {
                *to = TDimension::length(v);
            }
        };
        set(&mut taffy.size.width, style.width);
        set(&mut taffy.size.height, style.height);
        let set = |to: &mut LengthPercentageAuto, d| {
            if let Some(v) = inner(d) {
                *to = LengthPercentageAuto::length(v);
            }
        };
        set(&mut taffy.min_size.width, style.min_width);
        set(&mut taffy.min_size.height, style.min_height);
        set(&mut taffy.max_size.width, style.max_width);
        set(&mut taffy.max_size.height, style.max_height);
    }
    let sizes = [(style.width, style.height), (style.min_width, style.min_height), (style.max_width, style.max_height)];
    let [size, min, max] = sizes.map(|(w, h)| TSize { width: percent(w), height: percent(h) });
    let set = |to: &mut LengthPercentageAuto, v: Option<f32>| {
        if let Some(v) = v {
            *to = LengthPercentageAuto::percent(v);
        }
    };
    if let Some(v) = size.width {
        taffy.size.width = TDimension::percent(v);
    }
    if let Some(v) = size.height {
        taffy.size.height = TDimension::percent(v);
    }
    set(&mut taffy.min_size.width, min.width);
    set(&mut taffy.min_size.height, min.height);
    set(&mut taffy.max_size.width, max.width);
    set(&mut taffy.max_size.height, max.height);
    let m = &style.margin;
    set(&mut taffy.margin.left, percent(m.left));
    set(&mut taffy.margin.right, percent(m.right));
    set(&mut taffy.margin.top, percent(m.top));
    set(&mut taffy.margin.bottom, percent(m.bottom));
    let padding = |to: &mut LengthPercentage, v: LengthPercent| {
        if let Some(v) = share(v) {
            *to = LengthPercentage::percent(v);
        }
    };
    padding(&mut taffy.padding.left, style.padding.left);
    padding(&mut taffy.padding.right, style.padding.right);
    padding(&mut taffy.padding.top, style.padding.top);
    padding(&mut taffy.padding.bottom, style.padding.bottom);
    if let Some(grid) = &style.grid {
        taffy.grid_row = Line { start: line(&grid.row_start), end: line(&grid.row_end) };
        taffy.grid_column = Line { start: line(&grid.column_start), end: line(&grid.column_end) };
    }
    taffy
}
