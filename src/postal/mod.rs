//! What the post wants: addresses held against postcodes, the customer barcode's data, the order of the mailing.
//!
//! Imports `base` and `data`. Nothing here reads a clock or the network: Japan Post's tables are files that the user
//! supplies, and what may not be told of a person stays out of every reason.
//!
//! * [`code`] – a postcode, and the district (郵便区番号) that it lies in
//! * [`index`] – KEN_ALL and JIGYOSYO in memory, by code and by address; `source` reads them
//! * `town`, `part` – the name of a town taken apart, and which part of it a postcode is for
//! * `fold`, `numeral` – spellings of one place made comparable
//! * [`judge`] – an address held against its postcode: parts, confidence, reasons
//! * [`posting`] – pieces by district, slips, which discounts are met; [`rates`] – postage and discounts, as data
//! * [`side`] – what must stand and what must be free on an address side
//! * [`customer`] – the customer barcode: the address number by the manual's rules, characters, check, bars

pub mod code;
pub mod customer;
mod fold;
pub mod index;
pub mod judge;
mod numeral;
mod part;
pub mod posting;
pub mod rates;
pub mod side;
mod source;
mod town;

pub use code::{District, Postcode};
pub use customer::Customer;
pub use index::Index;
pub use judge::{Confidence, Judged, Parts, Reason, judge};
pub use posting::{Posting, Slip};
pub use rates::Rates;

#[cfg(test)]
mod tests;
