//! Values of floats and tables, as layout reads them.

use crate::base::Pt;

/// Where a box floats to (CSS 2.2, section 9.5.1). `inline-start` and `inline-end` are the sides at which lines start
/// and end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Float {
    #[default]
    None,
    Left,
    Right,
}

/// Which floats a box stands below (CSS 2.2, section 9.5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clear {
    #[default]
    None,
    Left,
    Right,
    Both,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableLayout {
    #[default]
    Auto,
    Fixed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BorderCollapse {
    #[default]
    Separate,
    Collapse,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaptionSide {
    #[default]
    Top,
    Bottom,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmptyCells {
    #[default]
    Show,
    Hide,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Visibility {
    #[default]
    Visible,
    Hidden,
    /// Rows and columns of tables vanish; everything else is hidden.
    Collapse,
}

/// What only tables ask for (CSS 2.2, chapter 17). All but the layout is inherited.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TableStyle {
    pub layout: TableLayout,
    pub collapse: BorderCollapse,
    /// Between the cells: along the lines, and from row to row.
    pub spacing: (Pt, Pt),
    pub caption: CaptionSide,
    pub empty: EmptyCells,
}
