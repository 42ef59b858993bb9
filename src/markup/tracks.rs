//! Grids: tracks, lines and areas as layout reads them, and how they are read (CSS Grid 2, chapters 7 and 8).

use std::sync::Arc;

use cssparser::{Parser, Token};

use super::kind::{About, Kind};
use super::property::{Longhand as L, Value};
use super::style::LengthPercent;
use super::values::{Read, Sum, no, positive_length_percent};

/// Tracks that one `repeat()` may name, and lines that may be counted: taffy keeps no more either.
const MOST: i32 = 10_000;

/// One side of a track's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Breadth<T> {
    Auto,
    MinContent,
    MaxContent,
    /// A share of what is left.
    Fr(f32),
    Size(T),
    /// As wide as the content, and no wider than this.
    FitContent(T),
}

/// A track: its least and its greatest size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track<T = LengthPercent> {
    pub min: Breadth<T>,
    pub max: Breadth<T>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    Count(u16),
    /// As many as there is room for; of `Fit`, those that stay empty vanish.
    Fill,
    Fit,
}

/// The names of one line.
pub type Names = Vec<Arc<str>>;

/// A part of a list of tracks.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<T = LengthPercent> {
    Track(Track<T>),
    /// There is one more line than tracks.
    Repeat {
        times: Times,
        tracks: Vec<Track<T>>,
        names: Vec<Names>,
    },
}

/// `grid-template-columns` or `-rows`. There is one more line than parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template<T = LengthPercent> {
    pub parts: Vec<Part<T>>,
    pub names: Vec<Names>,
}

/// A rectangle of `grid-template-areas`; lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    pub name: Arc<str>,
    pub rows: (u16, u16),
    pub columns: (u16, u16),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    pub areas: Vec<Area>,
    pub rows: u16,
    pub columns: u16,
}

/// A line that an item begins or ends at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum GridLine {
    #[default]
    Auto,
    Line(i16),
    /// The nth line of this name; 0 where no number was written: then the area's edge is meant first.
    Named(Arc<str>, i16),
    Span(u16),
    NamedSpan(Arc<str>, u16),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridFlow {
    pub columns: bool,
    pub dense: bool,
}

/// What only grids and their items ask for; none of it is inherited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub columns: Option<Arc<Template>>,
    pub rows: Option<Arc<Template>>,
    pub areas: Option<Arc<Areas>>,
    pub auto_columns: Option<Arc<[Track]>>,
    pub auto_rows: Option<Arc<[Track]>>,
    pub flow: GridFlow,
    pub row_start: GridLine,
    pub row_end: GridLine,
    pub column_start: GridLine,
    pub column_end: GridLine,
}

fn computed(track: &Track<Sum>, about: &About<'_>) -> Track {
    let one = |b: &Breadth<Sum>| match b {
        Breadth::Auto => Breadth::Auto,
        Breadth::MinContent => Breadth::MinContent,
        Breadth::MaxContent => Breadth::MaxContent,
        Breadth::Fr(f) => Breadth::Fr(*f),
        Breadth::Size(s) => Breadth::Size(s.resolve(&about.units)),
        Breadth::FitContent(s) => Breadth::FitContent(s.resolve(&about.units)),
    };
    Track { min: one(&track.min), max: one(&track.max) }
}

fn computed_template(template: &Template<Sum>, about: &About<'_>) -> Template {
    let part = |p: &Part<Sum>| match p {
        Part::Track(t) => Part::Track(computed(t, about)),
        Part::Repeat { times, tracks, names } => Part::Repeat {
            times: *times,
            tracks: tracks.iter().map(|t| computed(t, about)).collect(),
            names: names.clone(),
        },
    };
    Template { parts: template.parts.iter().map(part).collect(), names: template.names.clone() }
}

/// `auto`, a size of the content, a length, or (where it may stand) a share.
fn breadth(input: &mut Parser<'_>, flexible: bool) -> Read<Breadth<Sum>> {
    if flexible
        && let Ok(fr) = input.try_parse(|i| match i.next()? {
            Token::Dimension { value, unit, .. } if unit.eq_ignore_ascii_case("fr") && *value >= 0.0 => Ok(*value),
            _ => no(),
        })
    {
        return Ok(Breadth::Fr(fr));
    }
    if let Ok(size) = input.try_parse(positive_length_percent) {
        return Ok(Breadth::Size(size));
    }
    Ok(match super::kind::word(input)?.as_str() {
        "auto" => Breadth::Auto,
        "min-content" => Breadth::MinContent,
        "max-content" => Breadth::MaxContent,
        _ => return no(),
    })
}

fn track(input: &mut Parser<'_>) -> Read<Track<Sum>> {
    let function = input.try_parse(|i| match i.next()?.clone() {
        Token::Function(name) if name.eq_ignore_ascii_case("minmax") => i.parse_nested_block(|i| {
            let min = breadth(i, false)?;
            i.expect_comma()?;
            Ok(Track { min, max: breadth(i, true)? })
        }),
        Token::Function(name) if name.eq_ignore_ascii_case("fit-content") => i.parse_nested_block(|i| {
            Ok(Track { min: Breadth::Auto, max: Breadth::FitContent(positive_length_percent(i)?) })
        }),
        _ => no(),
    });
    if let Ok(track) = function {
        return Ok(track);
    }
    let max = breadth(input, true)?;
    // a share alone is `minmax(auto, share)`
    Ok(Track { min: if matches!(max, Breadth::Fr(_)) { Breadth::Auto } else { max.clone() }, max })
}

/// `[a b]`, as often as it comes.
fn names(input: &mut Parser<'_>) -> Read<Names> {
    let mut found = Vec::new();
    while input.try_parse(|i| Ok::<_, cssparser::ParseError<()>>(i.expect_square_bracket_block()?)).is_ok() {
        input.parse_nested_block(|i| {
            while !i.is_exhausted() {
                found.push(Arc::from(&**i.expect_ident()?));
            }
            Ok::<_, cssparser::ParseError<()>>(())
        })?;
    }
    Ok(found)
}

fn repeat(input: &mut Parser<'_>) -> Read<Part<Sum>> {
    match input.next()?.clone() {
        Token::Function(name) if name.eq_ignore_ascii_case("repeat") => input.parse_nested_block(|i| {
            let times = match i.next()?.clone() {
                Token::Number { int_value: Some(n), .. } if n >= 1 => Times::Count(n.min(MOST) as u16),
                Token::Ident(word) if word.eq_ignore_ascii_case("auto-fill") => Times::Fill,
                Token::Ident(word) if word.eq_ignore_ascii_case("auto-fit") => Times::Fit,
                _ => return no(),
            };
            i.expect_comma()?;
            let (mut tracks, mut lines) = (Vec::new(), vec![names(i)?]);
            while !i.is_exhausted() {
                tracks.push(track(i)?);
                lines.push(names(i)?);
            }
            if tracks.is_empty() { no() } else { Ok(Part::Repeat { times, tracks, names: lines }) }
        }),
        _ => no(),
    }
}

/// A list of tracks up to something else; `None` for `none`.
fn template(input: &mut Parser<'_>) -> Read<Option<Template<Sum>>> {
    if input.try_parse(|i| Ok::<_, cssparser::ParseError<()>>(i.expect_ident_matching("none")?)).is_ok() {
        return Ok(None);
    }
    let mut t = Template { parts: Vec::new(), names: vec![names(input)?] };
    let mut auto = 0;
    while let Ok(part) = input.try_parse(|i| i.try_parse(repeat).or_else(|_| track(i).map(Part::Track))) {
        auto += usize::from(matches!(part, Part::Repeat { times: Times::Fill | Times::Fit, .. }));
        t.parts.push(part);
        t.names.push(names(input)?);
    }
    if t.parts.is_empty() || auto > 1 { no() } else { Ok(Some(t)) }
}

/// Strings, one a row (section 7.3).
fn areas(rows: &[Arc<str>]) -> Read<Areas> {
    let mut found: Vec<Area> = Vec::new();
    let mut columns = 0;
    for (y, row) in rows.iter().enumerate() {
        // a dot needs no space around it, and several of them are one cell
        let mut cells: Vec<&str> = Vec::new();
        for word in row.split_ascii_whitespace() {
            let mut rest = word;
            while !rest.is_empty() {
                let dots = rest.len() - rest.trim_start_matches('.').len();
                let end = if dots > 0 { dots } else { rest.find('.').unwrap_or(rest.len()) };
                let (cell, next) = rest.split_at(end);
                cells.push(if dots > 0 { "." } else { cell });
                rest = next;
            }
        }
        if cells.is_empty() || (y > 0 && cells.len() != columns) || cells.len() > MOST as usize || y >= MOST as usize {
            return no();
        }
        columns = cells.len();
        let mut x = 0;
        while let Some(name) = cells.get(x).copied() {
            let end = x + cells.iter().skip(x).take_while(|c| **c == name).count();
            let line = |i: usize| (i + 1) as u16;
            if name != "." {
                let span = (line(x), line(end));
                match found.iter_mut().find(|a| *a.name == *name) {
                    // only a rectangle grows downwards
                    Some(a) if a.rows.1 == line(y) && a.columns == span => a.rows.1 += 1,
                    Some(_) => return no(),
                    None => found.push(Area { name: Arc::from(name), rows: (line(y), line(y + 1)), columns: span }),
                }
            }
            x = end;
        }
    }
    Ok(Areas { areas: found, rows: rows.len() as u16, columns: columns as u16 })
}

fn line(input: &mut Parser<'_>) -> Read<GridLine> {
    let (mut span, mut number, mut name) = (false, None, None);
    let mut any = false;
    while let Ok(token) = input.try_parse(|i| match i.next()?.clone() {
        Token::Delim('/') => no(),
        token => Ok(token),
    }) {
        any = true;
        match token {
            Token::Ident(word) if word.eq_ignore_ascii_case("auto") => {
                return if span || number.is_some() || name.is_some() { no() } else { Ok(GridLine::Auto) };
            }
            Token::Ident(word) if word.eq_ignore_ascii_case("span") && !span => span = true,
            Token::Ident(word) if name.is_none() => name = Some(Arc::from(&*word)),
            Token::Number { int_value: Some(n), .. } if n != 0 && number.is_none() => {
                number = Some(n.clamp(-MOST, MOST));
            }
            _ => return no(),
        }
    }
    if !any || (span && number.is_some_and(|n| n < 1)) {
        return no();
    }
    Ok(match (span, number, name) {
        (true, n, None) => GridLine::Span(n.unwrap_or(1) as u16),
        (true, n, Some(name)) => GridLine::NamedSpan(name, n.unwrap_or(1) as u16),
        (false, n, Some(name)) => GridLine::Named(name, n.unwrap_or(0) as i16),
        (false, Some(n), None) => GridLine::Line(n as i16),
        (false, None, None) => return no(),
    })
}

fn flow(input: &mut Parser<'_>) -> Read<GridFlow> {
    let (mut columns, mut dense) = (None, false);
    let mut any = false;
    while let Ok(word) = input.try_parse(super::kind::word) {
        match word.as_str() {
            "row" if columns.is_none() => columns = Some(false),
            "column" if columns.is_none() => columns = Some(true),
            "dense" if !dense => dense = true,
            _ => return no(),
        }
        any = true;
    }
    if any { Ok(GridFlow { columns: columns.unwrap_or(false), dense }) } else { no() }
}

type TemplateWritten = Option<Arc<Template<Sum>>>;
type TracksWritten = Option<Arc<[Track<Sum>]>>;

/// `grid-template-columns`, `grid-template-rows`.
#[derive(Debug)]
pub(super) struct Template_;
impl Kind for Template_ {
    type Written = TemplateWritten;
    type Computed = Option<Arc<Template>>;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<TemplateWritten> {
        Ok(template(input)?.map(Arc::new))
    }
    fn compute(written: &TemplateWritten, about: &About<'_>) -> Option<Arc<Template>> {
        written.as_ref().map(|t| Arc::new(computed_template(t, about)))
    }
}

/// `grid-auto-columns`, `grid-auto-rows`.
#[derive(Debug)]
pub(super) struct Tracks;
impl Kind for Tracks {
    type Written = TracksWritten;
    type Computed = Option<Arc<[Track]>>;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<TracksWritten> {
        let mut list = vec![track(input)?];
        while let Ok(next) = input.try_parse(track) {
            list.push(next);
        }
        Ok(Some(Arc::from(list)))
    }
    fn compute(written: &TracksWritten, about: &About<'_>) -> Option<Arc<[Track]>> {
        written.as_ref().map(|list| list.iter().map(|t| computed(t, about)).collect())
    }
}

/// `grid-template-areas`.
#[derive(Debug)]
pub(super) struct Areas_;
impl Kind for Areas_ {
    type Written = Option<Arc<Areas>>;
    type Computed = Option<Arc<Areas>>;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<Option<Arc<Areas>>> {
        if input.try_parse(|i| Ok::<_, cssparser::ParseError<()>>(i.expect_ident_matching("none")?)).is_ok() {
            return Ok(None);
        }
        let mut rows = vec![Arc::from(&*input.expect_string_cloned()?)];
        while let Ok(row) = input.try_parse(|i| i.expect_string_cloned()) {
            rows.push(Arc::from(&*row));
        }
        Ok(Some(Arc::new(areas(&rows)?)))
    }
    fn compute(written: &Option<Arc<Areas>>, _: &About<'_>) -> Option<Arc<Areas>> {
        written.clone()
    }
}

/// `grid-row-start` and the like.
#[derive(Debug)]
pub(super) struct Line_;
impl Kind for Line_ {
    type Written = GridLine;
    type Computed = GridLine;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<GridLine> {
        line(input)
    }
    fn compute(written: &GridLine, _: &About<'_>) -> GridLine {
        written.clone()
    }
}

/// `grid-auto-flow`.
#[derive(Debug)]
pub(super) struct Flow;
impl Kind for Flow {
    type Written = GridFlow;
    type Computed = GridFlow;
    fn read(input: &mut Parser<'_>, _: &Arc<str>) -> Read<GridFlow> {
        flow(input)
    }
    fn compute(written: &GridFlow, _: &About<'_>) -> GridFlow {
        *written
    }
}

const TEMPLATE: &[L] = &[L::GridTemplateRows, L::GridTemplateColumns, L::GridTemplateAreas];

/// The shorthands of this file's properties, as [`super::shorthand::SHORTHANDS`] has them.
pub(super) const SHORTHANDS: &[(&str, &[L])] = &[
    ("grid-row", &[L::GridRowStart, L::GridRowEnd]),
    ("grid-column", &[L::GridColumnStart, L::GridColumnEnd]),
    ("grid-area", &[L::GridRowStart, L::GridColumnStart, L::GridRowEnd, L::GridColumnEnd]),
    ("grid-template", TEMPLATE),
    (
        "grid",
        &[
            L::GridTemplateRows,
            L::GridTemplateColumns,
            L::GridTemplateAreas,
            L::GridAutoRows,
            L::GridAutoColumns,
            L::GridAutoFlow,
        ],
    ),
];

/// Reads one of [`SHORTHANDS`].
pub(super) fn shorthand(name: &str, input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    match name {
        "grid-row" | "grid-column" | "grid-area" => {
            let mut lines = vec![line(input)?];
            while input.try_parse(|i| i.expect_delim('/')).is_ok() {
                lines.push(line(input)?);
            }
            // what is left out is the opposite side's name, else `auto` (section 8.4)
            let same = |i: usize| match lines.get(i) {
                Some(GridLine::Named(name, 0)) => GridLine::Named(Arc::clone(name), 0),
                _ => GridLine::Auto,
            };
            let at = |i: usize, of: usize| lines.get(i).cloned().unwrap_or_else(|| same(of));
            match name {
                "grid-row" if lines.len() <= 2 => Ok(vec![
                    (L::GridRowStart, Value::GridRowStart(at(0, 0))),
                    (L::GridRowEnd, Value::GridRowEnd(at(1, 0))),
                ]),
                "grid-column" if lines.len() <= 2 => Ok(vec![
                    (L::GridColumnStart, Value::GridColumnStart(at(0, 0))),
                    (L::GridColumnEnd, Value::GridColumnEnd(at(1, 0))),
                ]),
                "grid-area" if lines.len() <= 4 => {
                    let column = at(1, 0);
                    let end = match (lines.get(3), &column) {
                        (Some(end), _) => end.clone(),
                        (None, GridLine::Named(name, 0)) => GridLine::Named(Arc::clone(name), 0),
                        _ => GridLine::Auto,
                    };
                    Ok(vec![
                        (L::GridRowStart, Value::GridRowStart(at(0, 0))),
                        (L::GridColumnStart, Value::GridColumnStart(column)),
                        (L::GridRowEnd, Value::GridRowEnd(at(2, 0))),
                        (L::GridColumnEnd, Value::GridColumnEnd(end)),
                    ])
                }
                _ => no(),
            }
        }
        "grid-template" => grid_template(input),
        "grid" => grid(input, base),
        _ => no(),
    }
}

fn template_values(rows: TemplateWritten, columns: TemplateWritten, areas: Option<Arc<Areas>>) -> Vec<(L, Value)> {
    vec![
        (L::GridTemplateRows, Value::GridTemplateRows(rows)),
        (L::GridTemplateColumns, Value::GridTemplateColumns(columns)),
        (L::GridTemplateAreas, Value::GridTemplateAreas(areas)),
    ]
}

/// Section 7.4: `rows / columns`, or strings with the rows' sizes behind them.
fn grid_template(input: &mut Parser<'_>) -> Read<Vec<(L, Value)>> {
    if let Ok(found) = input.try_parse(|i| {
        let rows = template(i)?.map(Arc::new);
        if rows.is_none() && i.is_exhausted() {
            return Ok(template_values(None, None, None));
        }
        i.expect_delim('/')?;
        let columns = template(i)?.map(Arc::new);
        if i.is_exhausted() { Ok(template_values(rows, columns, None)) } else { no() }
    }) {
        return Ok(found);
    }
    let (mut strings, mut parts) = (Vec::new(), Vec::new());
    let mut lines = vec![names(input)?];
    while let Ok(row) = input.try_parse(|i| i.expect_string_cloned()) {
        strings.push(Arc::from(&*row));
        let size = input.try_parse(track).unwrap_or(Track { min: Breadth::Auto, max: Breadth::Auto });
        parts.push(Part::Track(size));
        lines.push(names(input)?);
    }
    if strings.is_empty() {
        return no();
    }
    let columns = if input.try_parse(|i| i.expect_delim('/')).is_ok() { template(input)?.map(Arc::new) } else { None };
    let rows = Some(Arc::new(Template { parts, names: lines }));
    Ok(template_values(rows, columns, Some(Arc::new(areas(&strings)?))))
}

/// Section 7.8: a template, or one axis of it and how the other is filled.
fn grid(input: &mut Parser<'_>, base: &Arc<str>) -> Read<Vec<(L, Value)>> {
    let auto = |input: &mut Parser<'_>| -> Read<(bool, TracksWritten)> {
        let mut dense = false;
        let mut seen = false;
        while let Ok(word) = input.try_parse(|i| match super::kind::word(i)?.as_str() {
            "auto-flow" => Ok(true),
            "dense" => Ok(false),
            _ => no(),
        }) {
            seen |= word;
            dense |= !word;
        }
        if !seen {
            return no();
        }
        Ok((dense, input.try_parse(|i| Tracks::read(i, base)).unwrap_or(None)))
    };
    let rest = |rows, columns, flow| {
        vec![
            (L::GridAutoRows, Value::GridAutoRows(rows)),
            (L::GridAutoColumns, Value::GridAutoColumns(columns)),
            (L::GridAutoFlow, Value::GridAutoFlow(flow)),
        ]
    };
    // `auto-flow rows / columns`
    if let Ok(found) = input.try_parse(|i| {
        let (dense, rows) = auto(i)?;
        i.expect_delim('/')?;
        let columns = template(i)?.map(Arc::new);
        let mut all = template_values(None, columns, None);
        all.extend(rest(rows, None, GridFlow { columns: false, dense }));
        Ok::<_, cssparser::ParseError<()>>(all)
    }) {
        return Ok(found);
    }
    // `rows / auto-flow columns`
    if let Ok(found) = input.try_parse(|i| {
        let rows = template(i)?.map(Arc::new);
        i.expect_delim('/')?;
        let (dense, columns) = auto(i)?;
        let mut all = template_values(rows, None, None);
        all.extend(rest(None, columns, GridFlow { columns: true, dense }));
        Ok::<_, cssparser::ParseError<()>>(all)
    }) {
        return Ok(found);
    }
    let mut all = grid_template(input)?;
    all.extend(rest(None, None, GridFlow::default()));
    Ok(all)
}
