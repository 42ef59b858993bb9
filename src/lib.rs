//! *Surimono* (摺物) were prints that someone had made for one particular circle of people. This crate makes
//! one-to-one print: customer records and rules in, a decision for every person, that person's page from a
//! Tera template in HTML and CSS, and press-ready PDF out, on all cores, with every record accounted for.
//!
//! Two lines run up through the house and meet only in `campaign` and `batch`: the **data line** (who gets
//! what, and what became of it) and the **paper line** (from markup to ink).
//!
//! | stage | verb | value |
//! |---|---|---|
//! | [`data`] | read | [`data::record::Record`] |
//! | [`decide`] | decide | [`decide::decision::Decision`] |
//! | [`template`] | render | markup: HTML text, with a way back to template lines |
//! | [`markup`] | style | styled tree |
//! | [`layout`] | lay out | [`page::Page`]s |
//! | [`pdf`] | encode | an encoded piece |
//! | [`batch`] | commit | file in order, ledger entry, manifest |

pub mod asset;
pub mod barcode;
pub mod base;
pub mod batch;
pub mod campaign;
pub mod cli;
pub mod color;
pub mod cos;
pub mod data;
pub mod decide;
pub mod delivery;
pub mod layout;
pub mod ledger;
pub mod markup;
pub mod page;
pub mod pdf;
pub mod postal;
pub mod press;
pub mod raster;
pub mod template;
