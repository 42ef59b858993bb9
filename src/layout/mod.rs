//! Styled markup to finished pages.
//!
//! A [`Composer`] is one worker's bundle of scratch space; what all workers read is in [`Shared`]. The value is
//! a list of [`Page`]s, with every [`Fault`] that was found on the way.
//!
//! * [`statics`] – which elements the template alone fixes
//! * [`text`] – inline content to lines
//! * [`fault`] – what can be wrong with a piece

pub mod fault;
pub mod statics;
pub mod text;

use std::sync::Arc;

pub use fault::{Axis, Fault, FaultKind};
pub use statics::Statics;

use crate::page::Page;

/// Limits and switches of layout.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Keep fragments that recur. Off, every element is laid out anew; the pages are the same.
    pub caches: bool,
    /// More pages than this for one piece is a fault.
    pub max_pages: usize,
    /// Elements nested more deeply than this are a fault.
    pub max_depth: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { caches: true, max_pages: 200, max_depth: 100 }
    }
}

/// What all workers of a run read.
#[derive(Debug, Default)]
pub struct Shared {
    pub statics: Statics,
    pub options: Options,
}

/// One worker: turns markup into pages, one piece after the other.
#[derive(Debug)]
pub struct Composer {
    shared: Arc<Shared>,
}

impl Composer {
    #[must_use]
    pub fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Lays out one piece. `pages` and `faults` are emptied first. A piece with faults still has its pages, so
    /// that a proof can show what is wrong; whether it may be printed is the caller's policy.
    pub fn compose(&mut self, html: &str, pages: &mut Vec<Page>, faults: &mut Vec<Fault>) {
        pages.clear();
        faults.clear();
        let _ = (&self.shared, html);
        faults.push(Fault {
            kind: FaultKind::Unsupported { message: "layout has not landed yet".into() },
            at: 0,
            element: "html".into(),
        });
    }
}
