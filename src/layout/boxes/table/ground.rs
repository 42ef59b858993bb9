//! Backgrounds of a table's parts, layer by layer: groups of columns, columns, groups of rows, rows, cells (CSS 2.2,
//! section 17.5.1), and the borders of cells where they stand apart.

use super::Ready;
use super::rows::Content;
use crate::base::{Pt, Rect};
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::El;
use crate::layout::boxes::turn;
use crate::layout::fragment::Parts;
use crate::layout::paint::ground;
use crate::layout::paint::shape::Corners;
use crate::markup::style::Area;
use crate::markup::style::{EmptyCells, Style};

/// From first row, rows, first column, columns to a rectangle.
type Slots<'a> = &'a dyn Fn(usize, usize, usize, usize) -> Rect;

fn has_ground(style: &Style) -> bool {
    style.visible && (style.background_color.is_visible() || !style.background_images.is_empty())
}

impl Engine<'_> {
    pub(super) fn table_grounds(
        &mut self,
        el: &El,
        ready: &Ready,
        area: Slots<'_>,
        contents: &[Content],
        parts: &mut Parts,
    ) {
        let table = &ready.table;
        let (rows, columns) = (table.rows.len(), table.columns.len());
        for group in &table.column_groups {
            let (first, end) = (group.columns.start, group.columns.end);
            let origin = area(0, rows, first, end - first);
            self.behind_cells(el, &group.el, origin, ready, area, (0, rows), (first, end), parts);
        }
        for (i, column) in table.columns.iter().enumerate() {
            if let Some(column) = &column.el {
                self.behind_cells(el, column, area(0, rows, i, 1), ready, area, (0, rows), (i, i + 1), parts);
            }
        }
        for group in &table.groups {
            if let Some(own) = &group.el {
                let (first, end) = (group.rows.start, group.rows.end);
                let origin = area(first, end - first, 0, columns);
                self.behind_cells(el, own, origin, ready, area, (first, end), (0, columns), parts);
            }
        }
        for (i, row) in table.rows.iter().enumerate() {
            if let Some(own) = &row.el {
                self.behind_cells(el, own, area(i, 1, 0, columns), ready, area, (i, i + 1), (0, columns), parts);
            }
        }
        for (cell, content) in table.cells.iter().zip(contents) {
            let style = &cell.el.style;
            if table.row_is_gone(cell.row) || table.column_is_gone(cell.column) || !ground::is_decorated(style) {
                continue;
            }
            let empty = content.fragment.list.items.is_empty()
                && content.fragment.layers.is_empty()
                && content.fragment.first_baseline.is_none();
            if empty && style.table.empty == EmptyCells::Hide && ready.grid.is_none() {
                continue;
            }
            let rect = area(cell.row, cell.rows, cell.column, cell.columns);
            self.part_ground(el, &cell.el, rect, rect, ready.grid.is_none(), parts);
        }
    }

    /// The ground of a row or column lies behind the cells that begin in it, not between them.
    #[allow(clippy::too_many_arguments)]
    fn behind_cells(
        &mut self,
        owner: &El,
        el: &El,
        origin: Rect,
        ready: &Ready,
        area: Slots<'_>,
        rows: (usize, usize),
        columns: (usize, usize),
        parts: &mut Parts,
    ) {
        if !has_ground(&el.style) {
            return;
        }
        let table = &ready.table;
        let cells = || {
            let first = table.rows.get(rows.0).map_or(0, |r| r.cells.start);
            let end = rows.1.checked_sub(1).and_then(|r| table.rows.get(r)).map_or(first, |r| r.cells.end);
            table.cells.get(first..end).unwrap_or_default().iter().filter(|c| {
                c.column >= columns.0
                    && c.column < columns.1
                    && !table.row_is_gone(c.row)
                    && !table.column_is_gone(c.column)
            })
        };
        // where cells leave no gap and no hole, one rectangle does: no seams between them
        let slots: usize = cells().map(|c| c.rows * c.columns).sum();
        let inside = cells().all(|c| c.row + c.rows <= rows.1 && c.column + c.columns <= columns.1);
        let gone =
            (rows.0..rows.1).any(|r| table.row_is_gone(r)) || (columns.0..columns.1).any(|c| table.column_is_gone(c));
        let solid = ready.spacing == (Pt::ZERO, Pt::ZERO) || (ready.spacing.0 == Pt::ZERO && rows.1 - rows.0 == 1);
        if solid && inside && !gone && slots == (rows.1 - rows.0) * (columns.1 - columns.0) {
            return self.part_ground(owner, el, origin, origin, false, parts);
        }
        let rects: Vec<Rect> = cells().map(|c| area(c.row, c.rows, c.column, c.columns)).collect();
        for rect in rects {
            self.part_ground(owner, el, rect, origin, false, parts);
        }
    }

    /// Draws the ground of a part as far as `area`, as if its box were `origin`.
    fn part_ground(&mut self, owner: &El, el: &El, area: Rect, origin: Rect, borders: bool, parts: &mut Parts) {
        let before = parts.faults.len();
        let images = self.background_images(el, &el.style, &mut parts.faults);
        for fault in parts.faults.iter_mut().skip(before) {
            fault.at = el.start.saturating_sub(owner.start);
        }
        let style = &el.style;
        if borders {
            return turn::decorate(&mut parts.items, style.axes, style.on_paper(), area, &images);
        }
        if style.axes.is_horizontal() {
            let areas = |a| (if a == Area::Border { area } else { origin }, Corners::default());
            return ground::ground(&mut parts.items, style, &images, areas);
        }
        let mut paper = Style::clone(style.on_paper());
        let b = &mut paper.border;
        for side in [&mut b.top, &mut b.right, &mut b.bottom, &mut b.left] {
            side.width = Pt::ZERO;
        }
        turn::decorate(&mut parts.items, style.axes, &paper, area, &images);
    }

    /// Tells a trace of a cell's whole box.
    pub(super) fn mark_cell(&self, el: &El, rect: Rect, parts: &mut Parts) {
        self.mark_box(el, rect, parts);
    }

    /// Tells a trace of rows, groups and columns, which have no boxes of their own here.
    pub(super) fn mark_grid(&self, ready: &Ready, area: Slots<'_>, parts: &mut Parts) {
        if !self.shared.options.trace {
            return;
        }
        let table = &ready.table;
        let (rows, columns) = (table.rows.len(), table.columns.len());
        for (i, row) in table.rows.iter().enumerate() {
            if let Some(el) = &row.el {
                self.mark_box(el, area(i, 1, 0, columns), parts);
            }
        }
        for group in &table.groups {
            if let Some(el) = &group.el {
                let (first, end) = (group.rows.start, group.rows.end);
                self.mark_box(el, area(first, end - first, 0, columns), parts);
            }
        }
        for (i, column) in table.columns.iter().enumerate() {
            if let Some(el) = &column.el {
                self.mark_box(el, area(0, rows, i, 1), parts);
            }
        }
    }
}
