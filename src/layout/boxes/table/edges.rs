//! Collapsed borders (CSS 2.2, section 17.6.2): which border wins at each edge of the grid, how wide that makes the
//! borders of cells and table, and how they are drawn so that they meet at the corners.

use super::build::{Cell, Table};
use crate::base::{Edges, Pt, Rect};
use crate::layout::boxes::tree::El;
use crate::layout::paint::border;
use crate::markup::style::{Border, BorderStyle, Style};
use crate::page::Item;

/// The winner at one edge of a slot.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    border: Border,
    /// Whose it is: 5 a cell's, down to 0 the table's.
    rank: u8,
    known: bool,
}

const NONE: Edge = Edge {
    border: Border { width: Pt::ZERO, style: BorderStyle::None, color: crate::color::Color::TRANSPARENT },
    rank: 0,
    known: false,
};

/// Which of two styles wins at equal widths.
fn style_rank(style: BorderStyle) -> u8 {
    match style {
        BorderStyle::None => 0,
        BorderStyle::Inset => 1,
        BorderStyle::Groove => 2,
        BorderStyle::Outset => 3,
        BorderStyle::Ridge => 4,
        BorderStyle::Dotted => 5,
        BorderStyle::Dashed => 6,
        BorderStyle::Solid => 7,
        BorderStyle::Double => 8,
    }
}

impl Edge {
    /// The stronger of two; the one that was there first (further left or up) where they are equal.
    fn meet(&mut self, border: Border, rank: u8) {
        let key = |b: &Border, r: u8| (b.width.0, style_rank(b.style), r);
        if !self.known || key(&border, rank) > key(&self.border, self.rank) {
            *self = Self { border, rank, known: true };
        }
    }

    fn is_drawn(&self) -> bool {
        self.border.width > Pt::ZERO && self.border.style != BorderStyle::None && self.border.color.is_visible()
    }

    fn looks_like(&self, other: &Self) -> bool {
        self.border == other.border
    }
}

/// All edges of a table.
#[derive(Debug)]
pub struct Grid {
    columns: usize,
    rows: usize,
    /// Above each row and below the last, column by column.
    across: Vec<Edge>,
    /// Left of each column and right of the last, row by row.
    down: Vec<Edge>,
}

/// Who owns the four borders of a rectangle of slots.
struct Owner<'s> {
    style: &'s Style,
    rank: u8,
    rows: (usize, usize),
    columns: (usize, usize),
}

impl Grid {
    pub fn new(table: &Table, el: &El) -> Self {
        let (columns, rows) = (table.columns.len(), table.rows.len());
        let mut grid =
            Self { columns, rows, across: vec![NONE; columns * (rows + 1)], down: vec![NONE; (columns + 1) * rows] };
        for cell in &table.cells {
            grid.own(&Owner {
                style: &cell.el.style,
                rank: 5,
                rows: (cell.row, cell.row + cell.rows),
                columns: (cell.column, cell.column + cell.columns),
            });
        }
        for (i, row) in table.rows.iter().enumerate() {
            if let Some(row) = &row.el {
                grid.own(&Owner { style: &row.style, rank: 4, rows: (i, i + 1), columns: (0, columns) });
            }
        }
        for group in &table.groups {
            if let Some(el) = &group.el {
                let rows = (group.rows.start, group.rows.end);
                grid.own(&Owner { style: &el.style, rank: 3, rows, columns: (0, columns) });
            }
        }
        for (i, column) in table.columns.iter().enumerate() {
            if let Some(column) = &column.el {
                grid.own(&Owner { style: &column.style, rank: 2, rows: (0, rows), columns: (i, i + 1) });
            }
        }
        for group in &table.column_groups {
            let span = (group.columns.start, group.columns.end);
            grid.own(&Owner { style: &group.el.style, rank: 1, rows: (0, rows), columns: span });
        }
        grid.own(&Owner { style: &el.style, rank: 0, rows: (0, rows), columns: (0, columns) });
        // no border runs through a cell
        for cell in table.cells.iter().filter(|c| c.rows > 1 || c.columns > 1) {
            let (bottom, right) = (cell.row + cell.rows, (cell.column + cell.columns).min(columns));
            for line in cell.row + 1..bottom {
                (cell.column..right).for_each(|c| grid.across_mut(line, c).into_iter().for_each(|e| *e = NONE));
            }
            for line in cell.column + 1..right {
                (cell.row..bottom).for_each(|r| grid.down_mut(r, line).into_iter().for_each(|e| *e = NONE));
            }
        }
        grid
    }

    fn across_mut(&mut self, line: usize, column: usize) -> Option<&mut Edge> {
        self.across.get_mut(line * self.columns + column)
    }

    fn down_mut(&mut self, row: usize, line: usize) -> Option<&mut Edge> {
        self.down.get_mut(row * (self.columns + 1) + line)
    }

    fn across(&self, line: usize, column: usize) -> Edge {
        if column >= self.columns {
            NONE
        } else {
            self.across.get(line * self.columns + column).copied().unwrap_or(NONE)
        }
    }

    fn down(&self, row: usize, line: usize) -> Edge {
        self.down.get(row * (self.columns + 1) + line).copied().unwrap_or(NONE)
    }

    fn own(&mut self, o: &Owner<'_>) {
        let b = o.style.border;
        for column in o.columns.0..o.columns.1.min(self.columns) {
            if let Some(e) = self.across_mut(o.rows.0, column) {
                e.meet(b.top, o.rank);
            }
            if let Some(e) = self.across_mut(o.rows.1.min(self.rows), column) {
                e.meet(b.bottom, o.rank);
            }
        }
        for row in o.rows.0..o.rows.1.min(self.rows) {
            if let Some(e) = self.down_mut(row, o.columns.0) {
                e.meet(b.left, o.rank);
            }
            if let Some(e) = self.down_mut(row, o.columns.1.min(self.columns)) {
                e.meet(b.right, o.rank);
            }
        }
    }

    /// Half of the widest border on each side of a rectangle of slots.
    fn halves(&self, rows: (usize, usize), columns: (usize, usize)) -> Edges<Pt> {
        let most = |edges: &mut dyn Iterator<Item = Edge>| edges.map(|e| e.border.width).fold(Pt::ZERO, Pt::max) / 2.0;
        Edges {
            top: most(&mut (columns.0..columns.1).map(|c| self.across(rows.0, c))),
            right: most(&mut (rows.0..rows.1).map(|r| self.down(r, columns.1.min(self.columns)))),
            bottom: most(&mut (columns.0..columns.1).map(|c| self.across(rows.1.min(self.rows), c))),
            left: most(&mut (rows.0..rows.1).map(|r| self.down(r, columns.0))),
        }
    }

    /// The cell's part of the borders around it.
    pub fn of_cell(&self, cell: &Cell) -> Edges<Pt> {
        let end = (cell.column + cell.columns).min(self.columns);
        self.halves((cell.row, cell.row + cell.rows), (cell.column, end))
    }

    /// The table's part of its outer borders.
    pub fn of_table(&self) -> Edges<Pt> {
        self.halves((0, self.rows), (0, self.columns))
    }

    /// Draws all borders. `x` and `y` are where the lines of the grid lie, in the middle of the borders. The strongest
    /// are drawn last, and each reaches to the far side of those that it meets.
    pub fn paint(&self, x: &[Pt], y: &[Pt], out: &mut Vec<Item>) {
        let at = |v: &[Pt], i: usize| v.get(i).copied().unwrap_or(Pt::ZERO);
        // half the widest border that crosses a corner, along the other axis
        let beside_across = |line: usize, corner: usize| {
            let above = line.checked_sub(1).map_or(NONE, |r| self.down(r, corner));
            let below = if line < self.rows { self.down(line, corner) } else { NONE };
            drawn_width(&above).max(drawn_width(&below)) / 2.0
        };
        let beside_down = |line: usize, corner: usize| {
            let before = line.checked_sub(1).map_or(NONE, |c| self.across(corner, c));
            let behind = self.across(corner, line);
            drawn_width(&before).max(drawn_width(&behind)) / 2.0
        };
        let mut strokes: Vec<(Edge, Rect, bool)> = Vec::new();
        for line in 0..=self.rows {
            for (first, end) in runs(self.columns, |c| self.across(line, c)) {
                let edge = self.across(line, first);
                let (left, right) = (beside_across(line, first), beside_across(line, end));
                let half = edge.border.width / 2.0;
                let (from, to) = (at(x, first) - left, at(x, end) + right);
                strokes.push((edge, Rect::new(from, at(y, line) - half, to - from, edge.border.width), false));
            }
        }
        for line in 0..=self.columns {
            for (first, end) in runs(self.rows, |r| self.down(r, line)) {
                let edge = self.down(first, line);
                let (top, bottom) = (beside_down(line, first), beside_down(line, end));
                let half = edge.border.width / 2.0;
                let (from, to) = (at(y, first) - top, at(y, end) + bottom);
                strokes.push((edge, Rect::new(at(x, line) - half, from, edge.border.width, to - from), true));
            }
        }
        let key = |e: &Edge| (e.border.width.0, style_rank(e.border.style), e.rank);
        strokes.sort_by(|(a, ..), (b, ..)| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal));
        for (edge, rect, down) in strokes {
            border::line(out, &edge.border, rect, down);
        }
    }
}

fn drawn_width(e: &Edge) -> Pt {
    if e.is_drawn() { e.border.width } else { Pt::ZERO }
}

/// Stretches of edges that look alike and are drawn: first, and one behind the last.
fn runs(count: usize, edge: impl Fn(usize) -> Edge) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut i = 0;
    while i < count {
        let first = edge(i);
        let mut end = i + 1;
        while end < count && edge(end).looks_like(&first) {
            end += 1;
        }
        if first.is_drawn() {
            found.push((i, end));
        }
        i = end;
    }
    found
}
