//! The pipeline: read, work in parallel, commit in order, account for every record.
//!
//! * [`job`] – a campaign with its rows in memory, ready to build workers
//! * [`pipeline`] – the run: [`run`]
//! * [`decide`] – the decisions alone, as lines; [`given`] – a file of them that a run follows
//! * [`worker`] – everything between a record and its encoded piece
//! * [`context`] – what a template sees
//! * [`bunch`] – what travels through the pipeline
//! * [`worst`] – the records that a proof shows; [`single`] – a few pieces outside a run
//! * [`sequencer`] – the bounded window: work on all cores, results in order
//! * `inserts` – records that share a piece, and the list of leaflets to add
//! * [`strays`] – keys of other tables that find nothing there
//! * [`survey`] – a first look over the rows: how many, and which keys occur twice
//! * `overview` – the ways through all records before the first decision, where the campaign asks for one
//! * `order` – the rows in the order of their postcodes; [`post`] – customer barcodes; `posting` – counts, slips, discounts
//! * `till` – codes of pools held against the symbols that tills read
//! * [`side`] – the address side held against the rules of the post
//! * [`commit`] – files, ledger, rejects
//! * [`mend`] – rejects that come back mended
//! * `returned` – rows that are given back: with the reasons, and as they came
//! * `split` – where one file ends and the next begins, and what they are called
//! * [`summary`] – the closing sheet

pub mod bunch;
pub mod commit;
pub mod context;
pub mod decide;
pub mod given;
mod inserts;
pub mod job;
pub mod mend;
mod order;
mod overview;
pub mod pipeline;
pub mod post;
mod posting;
mod returned;
pub mod sequencer;
pub mod side;
pub mod single;
mod slips;
mod split;
pub mod strays;
pub mod summary;
pub mod survey;
mod till;
pub mod worker;
pub mod worst;
mod zones;

pub use bunch::Took;
pub use commit::Finished;
pub use decide::decide;
pub use given::Faulty;
pub use job::Job;
pub use pipeline::{Event, RunOptions, RunResult, check_rows, run};
pub use single::{bunch_of, document, write_file, write_pdf};
pub use summary::{Verdict, books, counted, grouped};
pub use worker::Worker;
pub use worst::{Chosen, find, worst};
