//! Tables (CSS 2.2, chapter 17; CSS Tables 3).
//!
//! * `build` – elements to a grid of cells
//! * `columns` – how wide columns are
//! * `rows` – how high rows are, and where cells' content stands in them
//! * `edges` – collapsed borders
//! * `ground` – backgrounds, layer by layer
//!
//! A cell's content is laid out once, as high as it is; its ground and borders are drawn here, as high as its rows.

mod build;
mod columns;
mod edges;
mod ground;
mod rows;

use std::sync::Arc;

use super::engine::{Engine, TOLERANCE};
use super::sizes::{self, Frame};
use super::tree::El;
use crate::base::{Edges, Point, Pt, Rect, Size};
use crate::layout::fault::{Axis, Fault, FaultKind};
use crate::layout::fragment::{Collapse, Fragment, Height, Layer, Parts, Space, Width};
use crate::layout::pages::cuts::{Again, Gap, Repeat, Stretch};
use crate::layout::pages::slice::Dealer;
use crate::markup::style::{Border, BorderCollapse, Break, CaptionSide, Dimension, LengthPercent, Style, TableLayout};
use build::Table;
use columns::Want;
use edges::Grid;

/// Edges of slots that are looked at for collapsed borders.
const MAX_EDGES: usize = 2_000_000;

/// A table with what does not depend on its width.
pub(in crate::layout) struct Ready {
    table: Table,
    grid: Option<Grid>,
    /// Padding and border of the table itself.
    frame: Frame,
    /// Between columns and between rows.
    spacing: (Pt, Pt),
    wants: Vec<Want>,
    /// Of the captions' margin boxes.
    captions_min: Pt,
}

impl Ready {
    /// Everything across that is not in a column.
    fn around(&self) -> Pt {
        let shown = (0..self.table.columns.len()).filter(|c| !self.table.column_is_gone(*c)).count();
        let gaps = if shown == 0 { 0.0 } else { shown as f32 + 1.0 };
        self.frame.across + self.spacing.0 * gaps
    }

    /// Where the columns begin, from the edge of the table's border box: the only place that knows in which order
    /// they stand. One more comes behind the last.
    fn column_starts(&self, widths: &[Pt]) -> Vec<Pt> {
        let mut x = self.frame.left() + self.spacing.0;
        let mut starts = Vec::with_capacity(widths.len() + 1);
        for (i, width) in widths.iter().enumerate() {
            starts.push(x);
            if !self.table.column_is_gone(i) {
                x += *width + self.spacing.0;
            }
        }
        starts.push(x);
        starts
    }
}

/// A style with other border widths and without padding where that is wanted; for collapsed borders.
fn with_borders(style: &Arc<Style>, borders: Edges<Pt>, padding: bool) -> Arc<Style> {
    let mut style = Style::clone(style);
    let set = |b: &mut Border, width: Pt| b.width = width;
    set(&mut style.border.top, borders.top);
    set(&mut style.border.right, borders.right);
    set(&mut style.border.bottom, borders.bottom);
    set(&mut style.border.left, borders.left);
    if !padding {
        style.padding = Edges::all(LengthPercent::ZERO);
    }
    Arc::new(style)
}

impl Engine<'_> {
    /// Builds the grid and asks every cell how wide it wants to be.
    fn ready(&mut self, el: &El, block_width: Pt, parts: &mut Parts) -> Ready {
        let frame = Frame::new(&el.style, block_width);
        let mut table = build::build(self, el, Point::new(frame.left(), frame.top()), parts);
        let mut collapses = el.style.table.collapse == BorderCollapse::Collapse;
        if collapses && (table.columns.len() + 1).saturating_mul(table.rows.len() + 1) > MAX_EDGES {
            self.unsupported(el, el.start, "borders of a table as large as this do not collapse", &mut parts.faults);
            collapses = false;
        }
        let grid = collapses.then(|| Grid::new(&table, el));
        let (frame, spacing) = match &grid {
            Some(grid) => {
                for i in 0..table.cells.len() {
                    let Some(borders) = table.cells.get(i).map(|c| grid.of_cell(c)) else { break };
                    if let Some(cell) = table.cells.get_mut(i) {
                        cell.el.style = with_borders(&cell.el.style, borders, true);
                        cell.el.apart = true;
                    }
                }
                (Frame::new(&with_borders(&el.style, grid.of_table(), false), block_width), (Pt::ZERO, Pt::ZERO))
            }
            None => (frame, el.style.table.spacing),
        };
        let mut ready = Ready { table, grid, frame, spacing, wants: Vec::new(), captions_min: Pt::ZERO };
        ready.wants = self.columns_want(&ready, is_fixed(&el.style));
        for caption in &ready.table.captions {
            let (min, _) = self.contribution(caption);
            ready.captions_min = ready.captions_min.max(min);
        }
        ready
    }

    /// What columns ask for: their own elements, then cells of one column, then those over several.
    fn columns_want(&mut self, ready: &Ready, fixed: bool) -> Vec<Want> {
        let table = &ready.table;
        let mut wants = vec![Want::default(); table.columns.len()];
        for (want, column) in wants.iter_mut().zip(&table.columns) {
            let group = column.group.and_then(|g| table.column_groups.get(g)).map(|g| &g.el);
            for el in column.el.iter().chain(group) {
                let style = &el.style;
                let min = sizes::definite(style.min_width, None).unwrap_or(Pt::ZERO).0;
                let own = match style.width {
                    Dimension::Value(v) if v.percent != 0.0 => Want { share: Some(v.percent), ..Want::default() },
                    d => match sizes::definite(d, None) {
                        Some(w) => Want { max: w.0, fixed: true, ..Want::default() },
                        None => Want::default(),
                    },
                };
                want.join(Want { min, ..own });
            }
        }
        let first_row = table.rows.first().map_or(0, |r| r.cells.end);
        let mut spanning = Vec::new();
        for (i, cell) in table.cells.iter().enumerate() {
            if fixed && i >= first_row {
                break;
            }
            let want = self.cell_wants(&cell.el, fixed);
            if cell.columns > 1 {
                spanning.push((cell.columns, i, want));
            } else if let Some(column) = wants.get_mut(cell.column)
                && !(fixed && (column.fixed || column.share.is_some()))
            {
                column.join(want);
            }
        }
        spanning.sort_by_key(|(columns, ..)| *columns);
        for (_, i, want) in spanning {
            let Some(cell) = table.cells.get(i) else { continue };
            let end = (cell.column + cell.columns).min(wants.len());
            let Some(under) = wants.get_mut(cell.column..end) else { continue };
            let gaps = ready.spacing.0.0 * (under.len().saturating_sub(1)) as f32;
            if fixed {
                let count = under.len().max(1) as f32;
                let each =
                    Want { max: (want.max - gaps).max(0.0) / count, share: want.share.map(|s| s / count), ..want };
                under.iter_mut().filter(|c| !c.fixed && c.share.is_none()).for_each(|c| c.join(each));
            } else {
                columns::span(under, want, gaps);
            }
        }
        wants
    }

    fn cell_wants(&mut self, el: &El, fixed: bool) -> Want {
        let style = &el.style;
        let frame = Frame::new(style, Pt::ZERO);
        let specified = |d| sizes::specified(style, d, None, frame.across);
        let share = match style.width {
            Dimension::Value(v) if v.percent != 0.0 => Some(v.percent),
            _ => None,
        };
        let own = specified(style.width);
        if fixed {
            return Want { min: 0.0, max: own.unwrap_or(Pt::ZERO).0, share, fixed: own.is_some() };
        }
        let (min, max) = self.content_widths(el);
        let min = sizes::clamp(min + frame.across, specified(style.min_width), None);
        let max = own.unwrap_or(max + frame.across);
        let max = sizes::clamp(max, specified(style.min_width), specified(style.max_width)).max(min);
        Want { min: min.0, max: max.0, share, fixed: own.is_some() }
    }

    /// Least and greatest useful width of a table's content box.
    pub(in crate::layout) fn table_widths(&mut self, el: &El) -> (Pt, Pt) {
        let ready = self.ready(el, Pt::ZERO, &mut Parts::default());
        let (min, max) = columns::bounds(&ready.wants);
        // the caller adds the frame that the style has, which is not the one of collapsed borders
        let more = ready.around() - Frame::new(&el.style, Pt::ZERO).across;
        let min = (Pt(min) + more).max(ready.captions_min - Frame::new(&el.style, Pt::ZERO).across);
        (min, (Pt(max) + more).max(min))
    }

    /// Lays out a whole table with its captions.
    pub(in crate::layout) fn table(&mut self, el: &El, space: Space, mut parts: Parts) -> Fragment {
        let style = &el.style;
        let margin = sizes::margins(style, space.block_width);
        let ready = self.ready(el, space.block_width, &mut parts);
        let frame = ready.frame;
        let (low, high) = columns::bounds(&ready.wants);
        let least = (Pt(low) + ready.around()).max(ready.captions_min);
        let greatest = Pt(high) + ready.around();

        // -- width (CSS 2.2, section 17.5.2)
        let outer = margin.left.unwrap_or(Pt::ZERO) + margin.right.unwrap_or(Pt::ZERO);
        let specified = match space.width {
            Width::Known(w) => Some(w),
            _ => sizes::specified(style, style.width, Some(space.block_width), frame.across),
        };
        let available = match space.width {
            Width::Fit(w) => w,
            _ => space.block_width - outer,
        };
        let fixed = is_fixed(style) || (style.table.layout == TableLayout::Fixed && specified.is_some());
        let width = match (specified, style.width) {
            (Some(w), _) => w,
            (None, Dimension::MinContent) => least,
            (None, Dimension::MaxContent) => greatest,
            _ => greatest.min(available),
        };
        let width = match space.width {
            Width::Known(_) => width,
            _ => sizes::clamp_width(style, width, space.block_width, frame.across),
        };
        let mut width = if fixed { width.max(ready.captions_min) } else { width.max(least) };
        let target = (width - ready.around()).max(Pt::ZERO).0;
        let widths = if fixed { columns::fixed(&ready.wants, target) } else { columns::assign(&ready.wants, target) };
        let mut widths: Vec<Pt> = widths.into_iter().map(Pt).collect();
        for (i, w) in widths.iter_mut().enumerate() {
            if ready.table.column_is_gone(i) {
                *w = Pt::ZERO;
            }
        }
        let starts = ready.column_starts(&widths);
        let used = starts.last().copied().unwrap_or(Pt::ZERO) + frame.border.right + frame.padding.right;
        if !widths.is_empty() && (fixed || (0..widths.len()).any(|i| ready.table.column_is_gone(i))) {
            width = if fixed { width.max(used) } else { used };
        }

        // -- captions above, the grid, captions below (section 17.4)
        let mut y = Pt::ZERO;
        for caption in ready.table.captions.iter().filter(|c| c.style.table.caption == CaptionSide::Top) {
            y = self.caption(el, caption, width, y, &mut parts);
        }
        let top = y;
        let mut grid = Parts { apart: true, ..Parts::default() };
        let height = match space.height {
            Height::Known { height, .. } => Some(height),
            Height::Content => None,
            Height::Style => sizes::specified(style, style.height, space.block_height, frame.down),
        };
        let least = sizes::specified(style, style.min_height, space.block_height, frame.down);
        let height = height.into_iter().chain(least).reduce(Pt::max).map(|h| (h - frame.down).max(Pt::ZERO));
        let made = self.rows(el, &ready, &widths, &starts, height, &mut grid);
        let size = Size::new(width, made.height);
        let flowing = parts.flowing;
        if flowing {
            let avoid = style.break_inside == Break::Avoid;
            let gap = |g: &Gap| Gap { before: g.before + top, after: g.after + top, avoid: g.avoid || avoid };
            parts.gaps.extend(made.gaps.iter().map(gap));
        }
        parts.take_over(grid, Point::new(Pt::ZERO, top));
        y += made.height;
        for caption in ready.table.captions.iter().filter(|c| c.style.table.caption == CaptionSide::Bottom) {
            y = self.caption(el, caption, width, y, &mut parts);
        }
        let whole = Size::new(width, y);
        if let Height::Known { height, .. } = space.height
            && y > height + TOLERANCE
        {
            let kind = FaultKind::Overflow { axis: Axis::Vertical, by: y - height };
            parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
        }
        if width > available + TOLERANCE && matches!(space.width, Width::Fill) && space.block_width > Pt::ZERO {
            let kind = FaultKind::Overflow { axis: Axis::Horizontal, by: width - available };
            parts.faults.push(Fault { kind, at: 0, element: el.label(self.dom) });
        }
        if el.is_positioned() || el.is_transformed() {
            let block = Rect::new(Pt::ZERO, top, size.width, size.height).inset(frame.border);
            self.place_escapes(el, block, el.is_transformed(), &mut parts);
        }
        parts.ground = Some((Rect::new(Pt::ZERO, top, size.width, size.height), ready.grid.is_none()));
        parts.apart = true;
        let margin = super::engine::horizontal_margins(margin, &space, width);
        let own = |m: Option<Pt>| m.unwrap_or(Pt::ZERO);
        let margin = Edges {
            top: own(margin.top),
            right: own(margin.right),
            bottom: own(margin.bottom),
            left: own(margin.left),
        };
        self.mark_box(el, Rect::new(Pt::ZERO, Pt::ZERO, whole.width, whole.height), &mut parts);
        let baseline = made.baseline.map(|b| b + top);
        let mut fragment = Fragment {
            size: whole,
            margin,
            top: Collapse::of(margin.top),
            bottom: Collapse::of(margin.bottom),
            first_baseline: baseline,
            last_baseline: baseline,
            ..self.finish(el, whole, &frame, parts)
        };
        if flowing && (made.head.is_some() || made.foot.is_some()) {
            let repeat = repeat(&fragment, top, &made);
            fragment.repeats.push(repeat);
        }
        fragment
    }

    fn caption(&mut self, el: &El, caption: &El, width: Pt, y: Pt, parts: &mut Parts) -> Pt {
        let mut caption = caption.clone();
        caption.relative = super::block::relative(&caption.style, width, None, el.style.text.direction);
        let fragment = self.lay_out(&caption, Space::flow(width, None));
        let at = Point::new(fragment.margin.left, y + fragment.margin.top);
        parts.attach(&caption, &fragment, at, caption.start - el.start);
        at.y + fragment.size.height + fragment.margin.bottom
    }
}

/// The head and the foot of a table whose grid begins at `top`, cut out of it as they are drawn.
fn repeat(fragment: &Fragment, top: Pt, made: &rows::Made) -> Repeat {
    let bottom = top + made.height;
    let from = made.head.map_or(top, |head| top + head);
    let to = made.foot.map_or(bottom, |foot| top + foot);
    let parts = [(Pt(f32::NEG_INFINITY), top), (top, from), (from, to), (to, bottom), (bottom, Pt::INFINITY)];
    let stretches = parts.map(|(from, to)| Stretch::new(from, to));
    let mut dealer = Dealer::new(&stretches);
    let (mut head, mut foot) = (Vec::new(), Vec::new());
    // the flow of the table lies below what is positioned in it
    let own = Layer { z: 0, float: true, overlaps: false, order: 0, at: Point::ZERO, list: Arc::clone(&fragment.list) };
    for layer in std::iter::once(&own).chain(&fragment.layers) {
        for (part, list) in dealer.deal(&layer.list, layer.at) {
            match part {
                1 => head.push(Layer { list, ..layer.clone() }),
                3 => foot.push(Layer { list, ..layer.clone() }),
                _ => {}
            }
        }
    }
    let again = |top: Pt, height: Pt, layers| Arc::new(Again { top, height, layers });
    Repeat {
        at: Point::ZERO,
        from,
        to,
        head: made.head.map(|height| again(top, height, head)),
        foot: made.foot.map(|_| again(to, bottom - to, foot)),
    }
}

/// Fixed layout needs a width (CSS 2.2, section 17.5.2).
fn is_fixed(style: &Style) -> bool {
    style.table.layout == TableLayout::Fixed && matches!(style.width, Dimension::Value(_))
}
