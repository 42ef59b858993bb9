//! From a table's element to its grid: rows and columns, the cells in their slots, boxes around what is not in its
//! place (CSS 2.2, section 17.2.1; HTML Standard, section 4.9.12).

use std::ops::Range;

use crate::base::Point;
use crate::layout::boxes::engine::Engine;
use crate::layout::boxes::tree::{El, Kid, Part};
use crate::layout::fragment::{Escape, Parts};
use crate::markup::name::Name;
use crate::markup::style::{Direction, Display, Visibility};

/// Slots that a table may have. What goes beyond is told and left out.
const MAX_SLOTS: usize = 400_000;
/// Columns that `col` elements may make.
const MAX_COLUMNS: usize = 20_000;
/// HTML Standard, section 4.9.11.
const MAX_COLUMN_SPAN: usize = 1000;
const MAX_ROW_SPAN: usize = 65_534;

#[derive(Debug)]
pub struct Cell {
    pub el: El,
    pub row: usize,
    pub column: usize,
    pub rows: usize,
    pub columns: usize,
}

#[derive(Debug)]
pub struct Row {
    pub el: Option<El>,
    pub cells: Range<usize>,
    pub group: usize,
}

#[derive(Debug)]
pub struct Group {
    pub el: Option<El>,
    pub rows: Range<usize>,
}

#[derive(Debug, Default)]
pub struct Column {
    pub el: Option<El>,
    pub group: Option<usize>,
}

#[derive(Debug)]
pub struct ColumnGroup {
    pub el: El,
    pub columns: Range<usize>,
}

#[derive(Debug, Default)]
pub struct Table {
    pub captions: Vec<El>,
    pub groups: Vec<Group>,
    pub rows: Vec<Row>,
    /// Row by row.
    pub cells: Vec<Cell>,
    pub columns: Vec<Column>,
    pub column_groups: Vec<ColumnGroup>,
}

impl Table {
    /// Whether a row or column is taken away (`visibility: collapse`).
    pub fn row_is_gone(&self, row: usize) -> bool {
        let gone = |el: &Option<El>| el.as_ref().is_some_and(|e| e.style.visibility == Visibility::Collapse);
        self.rows.get(row).is_some_and(|r| gone(&r.el) || self.groups.get(r.group).is_some_and(|g| gone(&g.el)))
    }

    /// Columns from right to left: the first becomes the last (CSS 2.2, section 17.5).
    fn mirror(&mut self) {
        let count = self.columns.len();
        self.columns.reverse();
        for cell in &mut self.cells {
            cell.column = count.saturating_sub(cell.column + cell.columns);
        }
        for group in &mut self.column_groups {
            group.columns = count.saturating_sub(group.columns.end)..count.saturating_sub(group.columns.start);
        }
    }

    pub fn column_is_gone(&self, column: usize) -> bool {
        let gone = |el: &El| el.style.visibility == Visibility::Collapse;
        self.columns.get(column).is_some_and(|c| {
            c.el.as_ref().is_some_and(gone)
                || c.group.and_then(|g| self.column_groups.get(g)).is_some_and(|g| gone(&g.el))
        })
    }
}

/// A row before its cells have places.
type RowKids = (Option<El>, Vec<Kid>);

struct Builder<'t, 'e, 'a> {
    engine: &'e mut Engine<'a>,
    owner: &'t El,
    at: Point,
    parts: &'t mut Parts,
    table: Table,
    groups: Vec<(Display, Option<El>, Vec<RowKids>)>,
    /// Rows and cells so far.
    count: usize,
}

/// Builds the grid. What is out of flow is added to `parts` as standing at `at`.
pub fn build(engine: &mut Engine<'_>, el: &El, at: Point, parts: &mut Parts) -> Table {
    let kids = engine.kids(el, &mut parts.faults);
    let table = Table::default();
    let mut b = Builder { engine, owner: el, at, parts, table, groups: Vec::new(), count: 0 };
    b.sort(kids);
    let full = b.count > MAX_SLOTS;
    let mut slots = 0;
    let full = b.place(&mut slots) || full;
    let Builder { engine, parts, mut table, .. } = b;
    if el.style.text.direction == Direction::Rtl {
        table.mirror();
    }
    if full {
        let message = format!("a table of more than {MAX_SLOTS} cells is laid out up to there");
        engine.unsupported(el, el.start, &message, &mut parts.faults);
    }
    table
}

impl Builder<'_, '_, '_> {
    /// Captions, columns, groups of rows.
    fn sort(&mut self, kids: Vec<Kid>) {
        let mut loose: Vec<Kid> = Vec::new();
        for kid in kids {
            if self.count > MAX_SLOTS {
                break;
            }
            let display = match &kid {
                Kid::Block(k) => k.style.display,
                Kid::Out(_) => {
                    self.out(kid);
                    continue;
                }
                _ => Display::Block,
            };
            if !matches!(
                display,
                Display::TableCaption
                    | Display::TableColumnGroup
                    | Display::TableColumn
                    | Display::TableRowGroup
                    | Display::TableHeaderGroup
                    | Display::TableFooterGroup
                    | Display::TableRow
            ) {
                loose.push(kid);
                continue;
            }
            self.loose_row(&mut loose);
            let Kid::Block(part) = kid else { continue };
            match display {
                Display::TableCaption => self.table.captions.push(part),
                Display::TableColumn => self.column(part, None),
                Display::TableColumnGroup => self.column_group(part),
                Display::TableRow => self.row(part),
                _ => self.group(display, part),
            }
        }
        self.loose_row(&mut loose);
    }

    fn out(&mut self, kid: Kid) {
        if let Kid::Out(el) = kid {
            self.parts.escapes.push(Escape { el, at: self.at, far: [false; 2], room: Default::default() });
        }
    }

    fn column(&mut self, el: El, group: Option<usize>) {
        for _ in 0..self.number(&el, "span").clamp(1, MAX_COLUMN_SPAN) {
            if self.table.columns.len() < MAX_COLUMNS {
                self.table.columns.push(Column { el: Some(el.clone()), group });
            }
        }
    }

    fn column_group(&mut self, el: El) {
        let group = Some(self.table.column_groups.len());
        let before = self.table.columns.len();
        for kid in self.engine.kids(&el, &mut Vec::new()) {
            if let Kid::Block(k) = kid
                && k.style.display == Display::TableColumn
            {
                self.column(k, group);
            }
        }
        if self.table.columns.len() == before {
            for _ in 0..self.number(&el, "span").clamp(1, MAX_COLUMN_SPAN) {
                if self.table.columns.len() < MAX_COLUMNS {
                    self.table.columns.push(Column { el: None, group });
                }
            }
        }
        let columns = before..self.table.columns.len();
        self.table.column_groups.push(ColumnGroup { el, columns });
    }

    /// Of an attribute; 1 where there is none.
    fn number(&self, el: &El, name: &str) -> usize {
        if el.part != Part::Element {
            return 1;
        }
        let dom = self.engine.dom;
        let value = match Name::known(name) {
            Some(name) => dom.attr(el.node, name),
            None => dom.attr_named(el.node, name),
        };
        value.and_then(|v| v.trim().parse::<f64>().ok()).map_or(1, |v| v.clamp(0.0, 100_000.0) as usize)
    }

    /// Rows directly in the table are a group without an element.
    fn push_row(&mut self, row: RowKids) {
        match self.groups.last_mut() {
            Some((Display::TableRowGroup, None, rows)) => rows.push(row),
            _ => self.groups.push((Display::TableRowGroup, None, vec![row])),
        }
    }

    fn row(&mut self, el: El) {
        let mut faults = Vec::new();
        let kids = self.engine.kids(&el, &mut faults);
        self.count += 1 + kids.len();
        self.take(&el, faults);
        self.push_row((Some(el), kids));
    }

    fn take(&mut self, el: &El, faults: Vec<crate::layout::fault::Fault>) {
        let from = el.start.saturating_sub(self.owner.start);
        self.parts.faults.extend(faults.into_iter().map(|f| crate::layout::fault::Fault { at: f.at + from, ..f }));
    }

    fn loose_row(&mut self, loose: &mut Vec<Kid>) {
        if !loose.is_empty() {
            self.count += 1 + loose.len();
            let kids = std::mem::take(loose);
            self.push_row((None, kids));
        }
    }

    fn group(&mut self, display: Display, el: El) {
        let mut faults = Vec::new();
        let kids = self.engine.kids(&el, &mut faults);
        self.take(&el, faults);
        let mut rows: Vec<RowKids> = Vec::new();
        let mut loose = Vec::new();
        for kid in kids {
            if self.count > MAX_SLOTS {
                break;
            }
            match kid {
                Kid::Out(_) => self.out(kid),
                Kid::Block(row) if row.style.display == Display::TableRow => {
                    if !loose.is_empty() {
                        rows.push((None, std::mem::take(&mut loose)));
                    }
                    let mut faults = Vec::new();
                    let kids = self.engine.kids(&row, &mut faults);
                    self.count += 1 + kids.len();
                    self.take(&row, faults);
                    rows.push((Some(row), kids));
                }
                kid => loose.push(kid),
            }
        }
        if !loose.is_empty() {
            rows.push((None, loose));
        }
        // only the first of them is the head, or the foot
        let taken = self.groups.iter().any(|(d, ..)| *d == display);
        let display = if taken { Display::TableRowGroup } else { display };
        self.groups.push((display, Some(el), rows));
    }

    /// Gives every cell its slots. True when there are too many.
    fn place(&mut self, slots: &mut usize) -> bool {
        let mut groups = std::mem::take(&mut self.groups);
        // the head comes first and the foot last, wherever they stand; stable
        groups.sort_by_key(|(display, ..)| match display {
            Display::TableHeaderGroup => 0,
            Display::TableFooterGroup => 2,
            _ => 1,
        });
        let mut full = false;
        for (_, el, rows) in groups {
            if full {
                break;
            }
            let first = self.table.rows.len();
            let group = self.table.groups.len();
            let last = first + rows.len();
            // for each column, the row before which it is taken from above
            let mut taken: Vec<usize> = Vec::new();
            for (row_el, kids) in rows {
                if full {
                    break;
                }
                let row = self.table.rows.len();
                let start = self.table.cells.len();
                let owner = row_el.clone().or_else(|| el.clone());
                let mut column = 0;
                for el in self.cells(owner.as_ref(), kids) {
                    while taken.get(column).is_some_and(|until| *until > row) {
                        column += 1;
                    }
                    let columns = self.number(&el, "colspan").clamp(1, MAX_COLUMN_SPAN);
                    let rows = match self.number(&el, "rowspan") {
                        0 => last - row,
                        n => n.min(MAX_ROW_SPAN).min(last - row),
                    };
                    *slots += columns * rows;
                    if *slots > MAX_SLOTS {
                        full = true;
                        break;
                    }
                    if taken.len() < column + columns {
                        taken.resize(column + columns, 0);
                    }
                    for t in taken.iter_mut().skip(column).take(columns) {
                        *t = row + rows;
                    }
                    self.table.cells.push(Cell { el, row, column, rows, columns });
                    column += columns;
                }
                self.table.rows.push(Row { el: row_el, cells: start..self.table.cells.len(), group });
            }
            self.table.groups.push(Group { el, rows: first..self.table.rows.len() });
            while self.table.columns.len() < taken.len() {
                self.table.columns.push(Column::default());
            }
        }
        // rows that were left out end the spans into them
        let count = self.table.rows.len();
        for cell in &mut self.table.cells {
            cell.rows = cell.rows.min(count.saturating_sub(cell.row)).max(1);
        }
        full
    }

    /// The cells of a row; what is not a cell stands in one without an element.
    fn cells(&mut self, row: Option<&El>, kids: Vec<Kid>) -> Vec<El> {
        let mut cells = Vec::with_capacity(kids.len());
        let mut loose = Vec::new();
        let owner = row.unwrap_or(self.owner).clone();
        for kid in kids {
            match kid {
                Kid::Out(_) => self.out(kid),
                Kid::Block(cell) if cell.style.display == Display::TableCell => {
                    if !loose.is_empty() {
                        cells.push(self.engine.anonymous(
                            &owner,
                            Display::TableCell,
                            Part::Cell,
                            std::mem::take(&mut loose),
                        ));
                    }
                    cells.push(cell);
                }
                kid => loose.push(kid),
            }
        }
        if !loose.is_empty() {
            cells.push(self.engine.anonymous(&owner, Display::TableCell, Part::Cell, loose));
        }
        cells
    }
}
