//! A whole table in memory, by column: what records are joined with.
//!
//! A column keeps each different text once (see [`super::column`]). Files are cut into blocks of whole rows by one
//! thread, and the blocks are read by all of them; what comes of it does not depend on how many there are.

use std::sync::Arc;

use rayon::prelude::*;

use super::cell;
use super::column::{Full, Texts};
use super::contents::{At, Contents, Is, Layout};
use super::csv::{Outline, Reader, stopped};
use super::lookup::Lookup;
use super::policy::{OnFault, Tally};
use super::record::{Field, Items, Record, Typed};
use super::reject::{Reason, Reject};
use super::schema::Schema;
use crate::base::{Diagnostic, Origin, Place};

/// A table in memory. Rows are numbered from 0 in the order of the file, rejected rows left out.
#[derive(Debug)]
pub struct Table {
    schema: Arc<Schema>,
    file: Arc<str>,
    key: Option<usize>,
    rows: u32,
    columns: Vec<Texts>,
    keys: Lookup,
    /// Where the step from table row to file row or line changes: rarely, at blank lines, rejected rows and
    /// cells with line breaks.
    places: Vec<Break>,
    warnings: Vec<Diagnostic>,
    sheet: Option<Arc<str>>,
    faults: Tally,
    defaulted: Tally,
}

#[derive(Clone, Copy, Debug)]
struct Break {
    from: u32,
    row: u64,
    line: u64,
}

/// After so many rows it is decided whether a column repeats itself.
const PROBE: u32 = 1 << 15;

/// Bytes of rows in one block.
const BLOCK: usize = 1 << 20;

/// Blocks that are read at a time.
const BLOCKS: usize = 8;

/// Rejected rows that are kept with their cells; the others are counted.
const KEPT_REJECTS: usize = 10_000;

/// Whole rows of a file.
#[derive(Debug, Default)]
struct Block {
    bytes: Vec<u8>,
    /// Where each row ends in `bytes`, and where it stands in the file.
    rows: Vec<(usize, At)>,
}

impl Block {
    fn bytes_of(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |r| r.0);
        self.rows.get(row).and_then(|r| self.bytes.get(start..r.0)).unwrap_or_default()
    }
}

/// What one worker made of one block.
struct Part {
    block: Block,
    columns: Vec<Texts>,
    /// For each good row, which of the block's it is.
    of_block: Vec<u32>,
    rejects: Vec<Reject>,
    faults: Tally,
    defaulted: Tally,
    /// The first row's key, and whether that row was good, where rows with the key of the row before do not count.
    leading: Option<(String, bool)>,
    last_key: String,
    stop: Option<Diagnostic>,
}

/// Cuts the next blocks off.
fn blocks(outline: &mut Outline) -> Result<Vec<Block>, Diagnostic> {
    let mut blocks = Vec::new();
    while blocks.len() < BLOCKS {
        let mut block = Block::default();
        while block.bytes.len() < BLOCK {
            let Some(span) = outline.next()? else { break };
            block.bytes.extend_from_slice(outline.bytes(&span));
            block.rows.push((block.bytes.len(), span.at()));
        }
        if block.rows.is_empty() {
            break;
        }
        blocks.push(block);
    }
    Ok(blocks)
}

/// Reads a block. `shared` says which columns repeat their texts.
fn part(layout: &Arc<Layout>, shared: &[bool], block: Block) -> Result<Part, Diagnostic> {
    let mut contents = Contents::new(Arc::clone(layout));
    let mut record = Record::new(Arc::clone(&layout.schema), Arc::clone(&layout.file));
    record.origin.sheet.clone_from(&layout.sheet);
    let mut part = Part {
        columns: empty(layout, shared),
        block,
        of_block: Vec::new(),
        rejects: Vec::new(),
        faults: Tally::default(),
        defaulted: Tally::default(),
        leading: None,
        last_key: String::new(),
        stop: None,
    };
    for (number, (_, at)) in (0u32..).zip(&part.block.rows) {
        let is = contents.read(part.block.bytes_of(number as usize), at, &mut record)?;
        if matches!(is, Is::Blank | Is::Other) {
            continue;
        }
        if layout.first_of_key && part.leading.is_none() && !contents.last_key.is_empty() {
            part.leading = Some((contents.last_key.clone(), is == Is::Good));
        }
        if is == Is::Good {
            for (i, column) in part.columns.iter_mut().enumerate() {
                let typed = record.typed.get(i).copied().unwrap_or_default();
                column.push(record.text(i), typed).map_err(|Full| too_large(&layout.file))?;
            }
            part.of_block.push(number);
            for reason in &record.defaulted {
                part.defaulted.add(reason, &record.origin);
            }
            continue;
        }
        if let Some(reason) = layout.policies.stop(&contents.reasons) {
            part.stop = Some(stopped(&record.origin, reason));
            break;
        }
        for reason in &contents.reasons {
            part.faults.add(reason, &record.origin);
        }
        if part.rejects.len() < KEPT_REJECTS {
            let bytes = part.block.bytes_of(number as usize);
            part.rejects.push(contents.reject(record.origin.clone(), bytes));
        }
    }
    part.last_key = contents.last_key;
    Ok(part)
}

fn empty(layout: &Layout, shared: &[bool]) -> Vec<Texts> {
    let columns = layout.schema.columns.iter().zip(&layout.picks).zip(shared);
    columns
        .map(|((column, pick), shared)| {
            let texts = Texts::new(column.kind, pick.separator);
            if *shared { texts } else { texts.alone() }
        })
        .collect()
}

fn too_large(file: &str) -> Diagnostic {
    Diagnostic::error("table-too-large", format!("{file} is too large to be kept in memory"))
        .at(Place::File(file.to_owned()), "more than 4 GiB in one column")
}

/// A table that is being read.
struct Loading {
    table: Table,
    layout: Arc<Layout>,
    rejects: Vec<Reject>,
    last_key: String,
    probed: bool,
}

impl Loading {
    fn new(layout: Arc<Layout>) -> Self {
        // Keys do not repeat: there is nothing to share.
        let shared: Vec<bool> = (0..layout.schema.columns.len()).map(|i| Some(i) != layout.key).collect();
        let table = Table {
            columns: empty(&layout, &shared),
            schema: Arc::clone(&layout.schema),
            file: Arc::clone(&layout.file),
            sheet: layout.sheet.clone(),
            key: layout.key,
            rows: 0,
            keys: Lookup::default(),
            places: Vec::new(),
            warnings: Vec::new(),
            faults: Tally::default(),
            defaulted: Tally::default(),
        };
        Self { table, layout, rejects: Vec::new(), last_key: String::new(), probed: false }
    }

    fn shared(&self) -> Vec<bool> {
        self.table.columns.iter().map(Texts::is_shared).collect()
    }

    /// Takes the next part in.
    fn take(&mut self, mut part: Part) -> Result<(), Diagnostic> {
        let mut dropped = None;
        // A row that goes on with the key of the block before.
        if let Some((key, good)) = part.leading.take()
            && key == self.last_key
        {
            if good {
                dropped = Some(0);
            } else if !part.rejects.is_empty() {
                let reject = part.rejects.remove(0);
                reject.reasons.iter().for_each(|r| part.faults.take(r));
            }
        }
        if !part.last_key.is_empty() {
            self.last_key.clone_from(&part.last_key);
        }
        let kept = self.kept(&mut part, dropped)?;
        let base = self.table.rows;
        match &kept {
            None => {
                for (column, more) in self.table.columns.iter_mut().zip(&part.columns) {
                    column.append(more).map_err(|Full| too_large(&self.layout.file))?;
                }
            }
            Some(rows) => {
                for (column, more) in self.table.columns.iter_mut().zip(&part.columns) {
                    for row in rows {
                        let number = more.of_row(*row).unwrap_or(0);
                        let pushed = column.push(more.at(number), more.typed(number));
                        pushed.map_err(|Full| too_large(&self.layout.file))?;
                    }
                }
            }
        }
        let all = 0..part.of_block.len() as u32;
        let mut place = |row: u32| {
            let at = part.of_block.get(row as usize).and_then(|n| part.block.rows.get(*n as usize));
            if let Some((_, at)) = at {
                self.table.place(at.row, at.line);
            }
        };
        match kept {
            None => all.for_each(&mut place),
            Some(rows) => rows.into_iter().for_each(&mut place),
        }
        if self.table.rows < base || self.table.rows == u32::MAX {
            return Err(too_large(&self.layout.file));
        }
        self.rejects.append(&mut part.rejects);
        self.rejects.truncate(KEPT_REJECTS);
        self.table.faults.append(part.faults);
        self.table.defaulted.append(part.defaulted);
        if !self.probed && self.table.rows >= PROBE {
            self.probed = true;
            for column in &mut self.table.columns {
                if column.is_shared() && column.count() > self.table.rows / 2 {
                    column.unshare().map_err(|Full| too_large(&self.layout.file))?;
                }
            }
        }
        part.stop.map_or(Ok(()), Err)
    }

    /// The rows of a part that are kept, unless all are: the first of each key.
    fn kept(&mut self, part: &mut Part, dropped: Option<u32>) -> Result<Option<Vec<u32>>, Diagnostic> {
        let rows = part.of_block.len() as u32;
        let Some(key) = self.table.key else {
            return Ok(dropped.map(|d| (0..rows).filter(|r| *r != d).collect()));
        };
        let (Some(known), Some(new)) = (self.table.columns.get(key), part.columns.get(key)) else { return Ok(None) };
        let base = self.table.rows;
        let mut kept: Vec<u32> = Vec::with_capacity(rows as usize);
        let mut again: Vec<(u32, u32)> = Vec::new();
        for row in (0..rows).filter(|r| Some(*r) != dropped) {
            let text = new.at(row);
            let text_of = |n: u32| match n.checked_sub(base) {
                None => known.at(n),
                Some(i) => kept.get(i as usize).map_or(text, |r| new.at(*r)),
            };
            match self.table.keys.find(text, text_of) {
                Some(first) => again.push((row, first)),
                None => {
                    self.table.keys.insert(text, base + kept.len() as u32, text_of);
                    kept.push(row);
                }
            }
        }
        if self.layout.first_of_key {
            again.clear();
        }
        for (row, first) in again {
            let first = match first.checked_sub(base) {
                None => self.table.origin(first).row,
                Some(i) => kept
                    .get(i as usize)
                    .and_then(|r| part.of_block.get(*r as usize))
                    .and_then(|n| part.block.rows.get(*n as usize))
                    .map_or(0, |(_, at)| at.row),
            };
            let reject = self.again(part, row, first, key)?;
            for reason in &reject.reasons {
                self.table.faults.add(reason, &reject.origin);
            }
            if self.layout.policies.duplicate_key == OnFault::Stop
                && let Some(reason) = reject.reasons.first()
            {
                return Err(stopped(&reject.origin, reason));
            }
            part.rejects.push(reject);
        }
        Ok((kept.len() < rows as usize).then_some(kept))
    }

    /// A row whose key stood in the row `first`.
    fn again(&self, part: &Part, row: u32, first: u64, key: usize) -> Result<Reject, Diagnostic> {
        let number = part.of_block.get(row as usize).map_or(0, |n| *n as usize);
        let at = part.block.rows.get(number).map(|(_, at)| *at);
        let mut contents = Contents::new(Arc::clone(&self.layout));
        let mut origin = self.table.origin(0);
        let bytes = part.block.bytes_of(number);
        if let Some(at) = at {
            contents.cut(bytes, &at)?;
            (origin.row, origin.line, origin.byte) = (at.row, at.line, at.byte);
        }
        let message = format!("the key of row {first} again; the first row is kept");
        let column = self.table.schema.columns.get(key).map(|c| Arc::clone(&c.name));
        let reasons = vec![Reason { code: "duplicate-key", column, message }];
        Ok(Reject { origin, bytes: bytes.to_vec(), cells: contents.shown(), reasons })
    }
}

impl Table {
    /// Reads `reader` to its end, on all threads of the pool. Rows with faults, and rows whose key stood in an earlier
    /// row, are given back (the first 10,000 of them; [`Self::faults`] counts all); the first row of a key is kept.
    ///
    /// # Errors
    /// The file cannot be read further, the table is too large to be kept (4 Gi bytes in one column), or a row has a
    /// fault that the campaign says must stop the run.
    pub fn load(reader: Reader) -> Result<(Self, Vec<Reject>), Diagnostic> {
        let (mut outline, warnings) = reader.into_parts();
        let mut loading = Loading::new(Arc::clone(&outline.layout));
        let mut next = blocks(&mut outline)?;
        let mut parts: Vec<Result<Part, Diagnostic>> = Vec::new();
        while !next.is_empty() || !parts.is_empty() {
            let (shared, layout) = (loading.shared(), Arc::clone(&loading.layout));
            let here = std::mem::take(&mut next);
            let before = std::mem::take(&mut parts);
            // While some threads read blocks, one puts the parts before them in and cuts off the next ones.
            let last = here.is_empty();
            let (cut, read) = rayon::join(
                || {
                    before.into_iter().try_for_each(|p| loading.take(p?))?;
                    if last { Ok(Vec::new()) } else { blocks(&mut outline) }
                },
                || here.into_par_iter().map(|b| part(&layout, &shared, b)).collect::<Vec<_>>(),
            );
            next = cut?;
            parts = read;
        }
        let Loading { mut table, mut rejects, .. } = loading;
        for column in &mut table.columns {
            column.shrink();
        }
        table.places.shrink_to_fit();
        table.warnings = warnings;
        rejects.sort_by_key(|r| (r.origin.row, r.origin.line));
        Ok((table, rejects))
    }

    /// Leaves out the rows for which `keep` does not hold.
    #[must_use]
    pub fn only(&self, keep: impl Fn(u32) -> bool) -> Self {
        let kept: Vec<u32> = (0..self.rows).filter(|row| keep(*row)).collect();
        let mut table = Self {
            schema: Arc::clone(&self.schema),
            file: Arc::clone(&self.file),
            sheet: self.sheet.clone(),
            key: self.key,
            rows: 0,
            columns: Vec::with_capacity(self.columns.len()),
            keys: Lookup::default(),
            places: Vec::new(),
            warnings: self.warnings.clone(),
            faults: self.faults.clone(),
            defaulted: self.defaulted.clone(),
        };
        for column in &self.columns {
            // Fewer rows than before always have room.
            table.columns.push(column.only(&kept).unwrap_or_else(|Full| column.none()));
        }
        for (new, old) in (0u32..).zip(&kept) {
            let i = self.places.partition_point(|p| p.from <= *old);
            let at = i.checked_sub(1).and_then(|i| self.places.get(i)).map_or((0, 0), |p| p.at(*old));
            table.place(at.0, at.1);
            if let Some(texts) = table.key.and_then(|key| table.columns.get(key)) {
                table.keys.insert(texts.at(new), new, |n| texts.at(n));
            }
        }
        table
    }

    /// Gives some rows another text in one column, which is not the key.
    ///
    /// # Errors
    /// The column would hold more than 4 GiB.
    pub fn put(&mut self, rows: &[u32], column: usize, text: &str, typed: Typed) -> Result<(), Diagnostic> {
        let file = Arc::clone(&self.file);
        let Some(texts) = self.columns.get_mut(column).filter(|_| Some(column) != self.key) else { return Ok(()) };
        texts.put(rows, text, typed).map_err(|Full| too_large(&file))
    }

    /// Notes where the next row stands.
    fn place(&mut self, row: u64, line: u64) {
        let from = self.rows;
        if self.places.last().is_none_or(|last| last.at(from) != (row, line)) {
            self.places.push(Break { from, row, line });
        }
        self.rows = from.saturating_add(1);
    }

    #[must_use]
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The file's name as the campaign writes it.
    #[must_use]
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.rows
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Position of the key column.
    #[must_use]
    pub fn key(&self) -> Option<usize> {
        self.key
    }

    /// The reader's warnings about the file as a whole.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The faults of all rows that were left out.
    #[must_use]
    pub fn faults(&self) -> &Tally {
        &self.faults
    }

    /// The faults of cells that were read as their column's default.
    #[must_use]
    pub fn defaulted(&self) -> &Tally {
        &self.defaulted
    }

    /// The row whose key is `key` (blanks around it do not count). Always `None` without a key column.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        let texts = self.columns.get(self.key?)?;
        self.keys.find(cell::trim(key), |n| texts.at(n))
    }

    /// The meaning of a cell; `Missing` outside the table.
    #[must_use]
    pub fn field(&self, row: u32, column: usize) -> Field<'_> {
        let Some(texts) = self.columns.get(column) else { return Field::Missing };
        let Some(number) = texts.of_row(row) else { return Field::Missing };
        match texts.typed(number) {
            Typed::Missing => Field::Missing,
            Typed::Text => Field::Text(texts.at(number)),
            Typed::Integer(i) => Field::Integer(i),
            Typed::Number(n) => Field::Number(n),
            Typed::Date(d) => Field::Date(d),
            Typed::Bool(b) => Field::Bool(b),
            Typed::List(separator) => Field::List(Items { text: texts.at(number), separator }),
        }
    }

    /// The text of a cell; empty outside the table.
    #[must_use]
    pub fn text(&self, row: u32, column: usize) -> &str {
        let Some(texts) = self.columns.get(column) else { return "" };
        texts.of_row(row).map_or("", |number| texts.at(number))
    }

    /// A small number that stands for the text of a cell: equal exactly where the texts of the column are
    /// equal, if the column is shared (see [`Self::distinct`]). For counting without hashing.
    #[must_use]
    pub fn number(&self, row: u32, column: usize) -> Option<u32> {
        self.columns.get(column)?.of_row(row)
    }

    /// How many numbers [`Self::number`] gives for a column, and whether equal texts share theirs.
    #[must_use]
    pub fn distinct(&self, column: usize) -> (u32, bool) {
        self.columns.get(column).map_or((0, true), |c| (c.count(), c.is_shared()))
    }

    /// Where a row stands in its file. `byte` is not kept and is 0.
    #[must_use]
    pub fn origin(&self, row: u32) -> Origin {
        let i = self.places.partition_point(|p| p.from <= row);
        let (row, line) = i.checked_sub(1).and_then(|i| self.places.get(i)).map_or((0, 0), |p| p.at(row));
        Origin { file: Arc::clone(&self.file), sheet: self.sheet.clone(), row, line, byte: 0 }
    }

    /// Bytes of memory that the table holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.columns.iter().map(Texts::bytes).sum::<usize>()
            + self.keys.bytes()
            + self.places.capacity() * size_of::<Break>()
    }

    pub(super) fn texts(&self, column: usize) -> Option<&Texts> {
        self.columns.get(column)
    }
}

impl Break {
    fn at(&self, row: u32) -> (u64, u64) {
        let step = u64::from(row - self.from);
        (self.row + step, self.line + step)
    }
}
