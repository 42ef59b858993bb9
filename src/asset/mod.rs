//! What is loaded once and shared by all workers: files of the campaign's folders, fonts, images.
//!
//! * [`loader`] – the one door to files: nothing outside the campaign's folders, with limits
//! * `data_url` – files that stand in their own address
//! * [`shipped`] – the templates that are part of the program
//! * [`face`] – the faces of a font file, from a look at a few tables
//! * [`font`] – font files, metrics, the flat table from characters to glyphs
//! * [`fallback`] – which font of a set draws a character
//! * `woff`, `woff2` – font files packed for the web
//! * [`instance`] – fonts that are written anew for the PDF: instances of variable ones, those with colours, CFF2
//! * [`variation`] – what a style asks of a face, and the instances that come of it
//! * `vertical` – origins, advances and forms of glyphs in vertical lines
//! * [`halves`] – punctuation at half width, as the font says
//! * [`mapped`] – large fonts looked at where they lie
//! * `charmap`, `touched`, `pairs` – what stands behind the table: the entries, which glyphs rules act on, kerning
//! * `opentype` – tables of fonts as bytes
//! * [`colored`] – glyphs in colour: layers of shapes, and pictures
//! * `texts` – what a glyph says, for those who copy from a PDF
//! * [`profile`] – ICC profiles: found sound, and fit for a press
//! * [`image`] – pictures: passed through where the file allows it, decoded where not
//! * [`artwork`] – pages of PDF files: looked at, and left to the writer
//! * [`svg`] – drawings: found sound and bounded, then taken as shapes

pub mod artwork;
mod charmap;
pub mod colored;
mod data_url;
pub mod face;
pub mod fallback;
pub mod font;
pub mod halves;
pub mod image;
pub mod instance;
mod jpeg;
pub mod loader;
pub mod mapped;
mod opentype;
mod pairs;
pub mod profile;
pub mod shipped;
pub mod svg;
mod texts;
mod touched;
pub mod variation;
mod vertical;
mod woff;
mod woff2;

#[cfg(test)]
mod image_tests;
