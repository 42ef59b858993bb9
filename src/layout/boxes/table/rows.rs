//! How high rows are, and where the content of cells stands in them (CSS 2.2, section 17.5.3).

use std::sync::Arc;

use super::Ready;
use crate::base::{Point, Pt, Rect};
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::sizes::{self, Frame};
use crate::layout::boxes::tree::El;
use crate::layout::fragment::{Fragment, Height, Parts, Space, Width};
use crate::layout::pages::cuts::Gap;
use crate::markup::style::{Dimension, Display, VerticalAlign};

/// A cell whose content is laid out.
#[derive(Debug)]
pub(super) struct Content {
    pub fragment: Arc<Fragment>,
    /// Its least height.
    pub height: Pt,
    /// From its top to the baseline of its first line, or to the bottom of its content.
    pub baseline: Pt,
    pub align: VerticalAlign,
}

/// What a table comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Made {
    /// Of the border box.
    pub height: Pt,
    pub baseline: Option<Pt>,
    /// Between rows that no cell spans.
    pub gaps: Vec<Gap>,
    /// Where the rows of the head end, and those of the foot begin, if there are any and others between them.
    pub head: Option<Pt>,
    pub foot: Option<Pt>,
}

/// What is known of a row's height.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    height: Pt,
    /// Above and below the baseline.
    above: Pt,
    below: Pt,
    /// Its height was written, or is a share of the table's.
    fixed: bool,
    share: Option<f32>,
}

impl Engine<'_> {
    /// Lays out cells in columns of these widths, and draws everything of the grid into `parts`, from the corner of its
    /// border box. `height` is what the table's content box must have at least.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn rows(
        &mut self,
        el: &El,
        ready: &Ready,
        widths: &[Pt],
        starts: &[Pt],
        height: Option<Pt>,
        parts: &mut Parts,
    ) -> Made {
        let table = &ready.table;
        let contents: Vec<Content> = table
            .cells
            .iter()
            .map(|cell| {
                let end = cell.column + cell.columns;
                self.cell(&cell.el, span_width(ready, widths, cell.column, end))
            })
            .collect();
        let mut rows = first_heights(ready, &contents);
        let gap = ready.spacing.1;
        spread(ready, &contents, &mut rows, gap);
        let shown = |i: usize| !table.row_is_gone(i);
        for (i, row) in rows.iter_mut().enumerate() {
            if !shown(i) {
                *row = Row::default();
            }
        }
        if let Some(height) = height {
            let count = (0..rows.len()).filter(|i| shown(*i)).count();
            let gaps = if count == 0 { Pt::ZERO } else { gap * (count as f32 + 1.0) };
            stretch(ready, &mut rows, height - gaps, shown);
        }

        // -- where rows begin, and one more behind the last
        let mut y = ready.frame.top() + if rows.is_empty() { Pt::ZERO } else { gap };
        let mut tops = Vec::with_capacity(rows.len() + 1);
        for (i, row) in rows.iter().enumerate() {
            tops.push(y);
            if shown(i) {
                y += row.height + gap;
            }
        }
        tops.push(y);
        let own = y + ready.frame.bottom();
        let total = own.max(height.map_or(Pt::ZERO, |h| h + ready.frame.down));

        // -- draw
        let area = |row: usize, rows: usize, column: usize, columns: usize| {
            let at = |v: &[Pt], i: usize| v.get(i).copied().unwrap_or(Pt::ZERO);
            let (x, y) = (at(starts, column), at(&tops, row));
            let w = span_width(ready, widths, column, column + columns);
            let bottom = at(&tops, row + rows) - gap;
            Rect::new(x, y, w, (bottom - y).max(Pt::ZERO))
        };
        self.table_grounds(el, ready, &area, &contents, parts);
        if let Some(grid) = &ready.grid {
            // lines of the grid run along the middle of the borders
            grid.paint(starts, &tops, &mut parts.items);
        }
        let mut baseline = None;
        for (cell, content) in table.cells.iter().zip(&contents) {
            if !shown(cell.row) || table.column_is_gone(cell.column) {
                continue;
            }
            let rect = area(cell.row, cell.rows, cell.column, cell.columns);
            let row = rows.get(cell.row).copied().unwrap_or_default();
            let free = (rect.height - content.fragment.size.height).max(Pt::ZERO);
            let shift = match content.align {
                VerticalAlign::Top => Pt::ZERO,
                VerticalAlign::Middle => free / 2.0,
                VerticalAlign::Bottom => free,
                _ => (row.above - content.baseline).max(Pt::ZERO).min(free),
            };
            let mut kid = cell.el.clone();
            kid.relative = crate::layout::boxes::block::relative(&kid.style, rect.width, None, el.style.text.direction);
            let from = kid.start.saturating_sub(el.start);
            let whole = kid.is_positioned() || kid.style.cuts();
            self.mark_cell(&kid, rect, parts);
            if whole && (shift > Pt::ZERO || free > Pt::ZERO) && self.shifting < 3 {
                // it is a containing block, or cuts its content: it must be as high as its rows
                self.shifting += 1;
                self.shift = shift;
                let known = Height::Known { height: rect.height, definite: true };
                let space = Space { width: Width::Known(rect.width), height: known, ..Space::flow(rect.width, None) };
                let fragment = self.compute(&kid, space, None);
                self.shift = Pt::ZERO;
                self.shifting -= 1;
                parts.attach(&kid, &fragment, Point::new(rect.x, rect.y), from);
            } else {
                parts.attach(&kid, &content.fragment, Point::new(rect.x, rect.y + shift), from);
            }
            if cell.row == 0 {
                let own = rect.y + shift + content.baseline;
                baseline = Some(baseline.map_or(own, |b: Pt| b.max(own)));
            }
        }
        self.mark_grid(ready, &area, parts);
        let mut reach = 0;
        let mut gaps = Vec::new();
        let mut cells = table.cells.iter().peekable();
        for row in 1..tops.len().saturating_sub(1) {
            while let Some(cell) = cells.next_if(|c| c.row < row) {
                reach = reach.max(cell.row + cell.rows);
            }
            if let Some(top) = tops.get(row).filter(|_| reach <= row && shown(row)) {
                gaps.push(Gap {
                    before: *top - gap,
                    after: *top,
                    avoid: ends(ready).0 == Some(row) || ends(ready).1 == Some(row),
                });
            }
        }
        let (head, foot) = ends(ready);
        let top = |row: usize| tops.get(row).copied();
        Made { height: total, baseline, gaps, head: head.and_then(top), foot: foot.and_then(top).map(|y| y - gap) }
    }

    /// Lays out a cell's content as high as it is.
    fn cell(&mut self, el: &El, width: Pt) -> Content {
        let space = Space { width: Width::Known(width), height: Height::Content, ..Space::flow(width, None) };
        let fragment = if el.apart { Arc::new(self.compute(el, space, None)) } else { self.lay_out(el, space) };
        let frame = Frame::new(&el.style, width);
        let own = sizes::specified(&el.style, el.style.height, None, frame.down).unwrap_or(Pt::ZERO);
        let least = sizes::specified(&el.style, el.style.min_height, None, frame.down).unwrap_or(Pt::ZERO);
        let height = fragment.size.height.max(own).max(least);
        let baseline = fragment.first_baseline.unwrap_or(fragment.size.height - frame.bottom());
        Content { fragment, height, baseline, align: el.style.vertical_align }
    }
}

/// The first row behind the head, and the first of the foot, where there are rows between.
fn ends(ready: &Ready) -> (Option<usize>, Option<usize>) {
    let groups = &ready.table.groups;
    let is = |g: &&super::build::Group, display| g.el.as_ref().is_some_and(|e| e.style.display == display);
    let head = groups.first().filter(|g| is(g, Display::TableHeaderGroup)).map(|g| g.rows.end);
    let foot = groups.last().filter(|g| is(g, Display::TableFooterGroup)).map(|g| g.rows.start);
    let rows = head.unwrap_or(0)..foot.unwrap_or(ready.table.rows.len());
    if rows.is_empty() { (None, None) } else { (head, foot) }
}

/// From the first to before the last column, with the gaps between them.
fn span_width(ready: &Ready, widths: &[Pt], first: usize, end: usize) -> Pt {
    let (mut width, mut count) = (Pt::ZERO, 0);
    for (i, w) in widths.iter().enumerate().take(end).skip(first) {
        if !ready.table.column_is_gone(i) {
            width += *w;
            count += 1;
        }
    }
    width + ready.spacing.0 * (count as f32 - 1.0).max(0.0)
}

fn is_baseline(align: VerticalAlign) -> bool {
    !matches!(align, VerticalAlign::Top | VerticalAlign::Middle | VerticalAlign::Bottom)
}

/// Rows as high as their own cells and what is written.
fn first_heights(ready: &Ready, contents: &[Content]) -> Vec<Row> {
    let mut rows = vec![Row::default(); ready.table.rows.len()];
    for (known, row) in rows.iter_mut().zip(&ready.table.rows) {
        let Some(el) = &row.el else { continue };
        let style = &el.style;
        if let Dimension::Value(v) = style.height
            && v.percent != 0.0
        {
            known.share = Some(v.percent);
        }
        if let Some(h) = sizes::definite(style.height, None) {
            (known.height, known.fixed) = (h, h > Pt::ZERO);
        }
        known.height = known.height.max(sizes::definite(style.min_height, None).unwrap_or(Pt::ZERO));
    }
    for (cell, content) in ready.table.cells.iter().zip(contents) {
        let Some(row) = rows.get_mut(cell.row) else { continue };
        if is_baseline(content.align) {
            row.above = row.above.max(content.baseline);
        }
        if cell.rows > 1 {
            continue;
        }
        if cell.el.style.height != Dimension::Auto {
            row.fixed |= sizes::definite(cell.el.style.height, None).is_some_and(|h| h > Pt::ZERO);
        }
        row.height = row.height.max(content.height);
        if is_baseline(content.align) {
            row.below = row.below.max(content.height - content.baseline);
        }
    }
    for row in &mut rows {
        row.height = row.height.max(row.above + row.below);
    }
    rows
}

/// Makes rows higher for cells that span several of them: those whose height is open first, by their heights.
fn spread(ready: &Ready, contents: &[Content], rows: &mut [Row], gap: Pt) {
    let mut spanning: Vec<usize> =
        (0..contents.len()).filter(|i| ready.table.cells.get(*i).is_some_and(|c| c.rows > 1)).collect();
    spanning.sort_by_key(|i| ready.table.cells.get(*i).map_or(0, |c| c.rows));
    for i in spanning {
        let (Some(cell), Some(content)) = (ready.table.cells.get(i), contents.get(i)) else { continue };
        let Some(under) = rows.get_mut(cell.row..(cell.row + cell.rows).min(ready.table.rows.len())) else { continue };
        let shift = under.first().map_or(Pt::ZERO, |r| r.above - content.baseline);
        let shift = if is_baseline(content.align) { shift.max(Pt::ZERO) } else { Pt::ZERO };
        let have: f32 = under.iter().map(|r| r.height.0).sum();
        let more = (content.height + shift).0 - have - gap.0 * (under.len() as f32 - 1.0);
        if more > 0.0 {
            grow(under, more, |r| !r.fixed);
        }
    }
}

/// Shares `more` out among the rows that `open` picks, or among all where it picks none, by their heights.
fn grow(rows: &mut [Row], more: f32, open: impl Fn(&Row) -> bool) {
    let any = rows.iter().any(&open);
    let picks = |r: &Row| !any || open(r);
    let total: f32 = rows.iter().filter(|r| picks(r)).map(|r| r.height.0).sum();
    if total > 0.0 {
        for r in rows.iter_mut() {
            if picks(r) {
                r.height += Pt(more * r.height.0 / total);
            }
        }
    } else if let Some(last) = rows.iter_mut().rev().find(|r| picks(r)) {
        last.height += Pt(more);
    }
}

/// Fills a table that is to be higher than its rows are: shares first, then rows without a written height.
fn stretch(ready: &Ready, rows: &mut [Row], height: Pt, shown: impl Fn(usize) -> bool) {
    let sum = |rows: &[Row]| rows.iter().map(|r| r.height.0).sum::<f32>();
    for row in rows.iter_mut() {
        if let Some(share) = row.share {
            let wanted = height * share;
            if wanted > row.height {
                row.height = wanted;
            }
            row.fixed = true;
        }
    }
    let more = height.0 - sum(rows);
    if more <= 0.0 || rows.is_empty() {
        return;
    }
    // heads and feet keep their heights where there is a body
    let mut body = vec![true; rows.len()];
    let is_body = |g: &super::build::Group| {
        g.el.as_ref().is_none_or(|e| e.style.display == crate::markup::style::Display::TableRowGroup)
    };
    if ready.table.groups.iter().any(|g| is_body(g) && !g.rows.is_empty()) {
        for group in ready.table.groups.iter().filter(|g| !is_body(g)) {
            group.rows.clone().for_each(|i| body.get_mut(i).into_iter().for_each(|b| *b = false));
        }
    }
    let mut picked: Vec<Row> = Vec::new();
    let index: Vec<usize> = (0..rows.len()).filter(|i| shown(*i) && body.get(*i) == Some(&true)).collect();
    picked.extend(index.iter().filter_map(|i| rows.get(*i)).copied());
    if picked.iter().all(|r| r.height <= Pt::ZERO) {
        let each = Pt(more / picked.len().max(1) as f32);
        picked.iter_mut().for_each(|r| r.height += each);
    } else {
        grow(&mut picked, more, |r| !r.fixed);
    }
    for (i, row) in index.into_iter().zip(picked) {
        if let Some(r) = rows.get_mut(i) {
            *r = row;
        }
    }
}
