//! From the document to pages: it is split at breaks, laid out, and dealt out; then each page is hung with what recurs.
//!
//! * `paginate` – the way from the document to pages
//! * `cuts` – where a flow that is longer than its page is cut; `slice` – what of it lies on which page
//! * `carry` – boxes whose content goes on elsewhere
//! * `sheet`, `margin`, `marks` – one page, and what stands around its content
//! * `quiet` – what lies too near a barcode on the finished page

pub mod carry;
pub mod cuts;
pub mod margin;
pub mod marks;
pub mod paginate;
pub mod quiet;
pub mod sheet;
pub mod slice;
