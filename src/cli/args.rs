//! The command line as typed.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// One-to-one print: customer records and rules in, press-ready pages out.
#[derive(Debug, Parser)]
#[command(name = "surimono", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make all pieces of a campaign: PDF, manifest, rejects and a closing summary
    Run(RunArgs),
    /// Find everything wrong with a campaign that can be found without rendering
    Check(CampaignArg),
    /// Make PDF and PNG of the worst records: longest name and address, rarest characters, each segment, each coupon
    Proof(ProofArgs),
    /// Make one shipment insert on demand
    Insert(InsertArgs),
    /// Make a PDF of any HTML file, without a campaign
    Render(RenderArgs),
    /// Place finished pages on sheets for the press, with marks, and say which piece lies where
    Impose(ImposeArgs),
    /// Decide who gets what and write it as JSON Lines, one line a record, without printing anything
    Decide(DecideArgs),
    /// Say in words what one customer gets, and why
    Explain(ExplainArgs),
    /// Measure how good the recommendations of a campaign are
    #[command(subcommand)]
    Recommend(RecommendCommand),
    /// Hold an address against its postcode: parts, confidence with reasons, and Japan Post's customer barcode
    Address(AddressArgs),
    /// Say whether an output folder holds all that was made, unchanged, and nothing else
    Verify(VerifyArgs),
    /// Make a report that a client can read on what the finished files hold: standard, sizes, fonts, inks, pictures, codes
    Preflight(PreflightArgs),
    /// Make a barcode alone, as PDF, SVG or PNG: QR, JAN, Code 128, GS1, NW-7, customer barcode and others
    Barcode(BarcodeArgs),
    /// Print the JSON Schema of the campaign file, for editors
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
pub struct CampaignArg {
    /// The campaign file
    #[arg(value_name = "CAMPAIGN")]
    pub campaign: PathBuf,
    /// Rejects of an earlier run, mended: `rejects.csv` or `rejects-NAME.csv`; its rows stand for those that they are from.
    /// May be given for each table
    #[arg(long, value_name = "SHEET")]
    pub mended: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// Folder for what is made [default: the campaign's `output.folder`, or `out` beside the campaign file]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Worker threads [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Only these records, counted from 1 in the order of the file, both included: `100..199`, `500..`, `..20`
    #[arg(long, value_name = "FROM..TO", value_parser = record_range)]
    pub records: Option<(u64, u64)>,
    /// Stop after this many records
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Only the records that a sheet of mended rejects has: the others were printed before
    #[arg(long, requires = "mended")]
    pub only_mended: bool,
    /// Several files: so many pieces (`5000`) or bytes (`2GB`) in each at most, instead of what the campaign's
    /// `output.split` says of that [default: as the campaign says, or all in one file]
    #[arg(long, value_name = "N|SIZE", value_parser = split_limit)]
    pub split: Option<SplitLimit>,
    /// Print what this file of decisions says instead of deciding: as `decide` writes it, reviewed, edited or made elsewhere
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Reject the records whose line in the file of decisions is faulty or missing, instead of making nothing
    #[arg(long, requires = "decisions")]
    pub reject_faulty: bool,
    /// Overwrite what an earlier run made
    #[arg(long)]
    pub force: bool,
    /// Say how long each stage took
    #[arg(long)]
    pub timings: bool,
    /// Events as JSON, one a line, instead of words
    #[arg(long)]
    pub json: bool,
    /// Lay every record out anew and keep nothing (for testing: the output is the same, only slower)
    #[arg(long, hide = true)]
    pub no_caches: bool,
}

#[derive(Debug, Args)]
pub struct ProofArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// Folder for the proofs [default: `proof` beside the campaign file]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Resolution of the PNGs
    #[arg(long, value_name = "DPI", default_value_t = 150)]
    pub dpi: u16,
    /// What draws the PDF; printpdf is for comparing, and only there when it was built in (cargo feature `printpdf`)
    #[arg(long, value_enum, default_value_t = Backend::Surimono)]
    pub backend: Backend,
    /// Overwrite earlier proofs
    #[arg(long)]
    pub force: bool,
}

/// What draws a proof's PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Backend {
    /// The one that draws the press files
    Surimono,
    /// The printpdf crate: a second opinion, at most 200 pieces, no conformance
    Printpdf,
}

#[derive(Debug, Args)]
pub struct InsertArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// The key of the order (or whatever the campaign's unit is)
    #[arg(long, value_name = "ID")]
    pub order: String,
    /// The PDF to write [default: `ID.pdf` in the campaign's output folder]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Overwrite an earlier file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct RenderArgs {
    /// The page: HTML, or XHTML when its name ends in .xht, .xhtml or .xml
    #[arg(value_name = "PAGE")]
    pub page: PathBuf,
    /// The PDF to write; an earlier file is replaced [default: PAGE with the ending .pdf, in this folder]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Further font files; the first is what text gets that names no family that is there. Can be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub font: Vec<PathBuf>,
    /// The folder within which pictures, stylesheets and fonts may lie; addresses that begin with / start there
    /// [default: the page's folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// The paper where no `@page` rule says so, as CSS writes it: `A4`, `A5 landscape`, `100mm 148mm`
    #[arg(long, value_name = "SIZE", default_value = "A4")]
    pub size: String,
    /// The page's margins where no `@page` rule says so, as CSS writes them [default: 40px, some 10 mm; at the right and
    /// below up to half a pixel more or less, so that what is between is a whole number of pixels]
    #[arg(long, value_name = "LENGTHS")]
    pub margin: Option<String>,
    /// Write the pages as pictures too: the first as FILE, the others with their number before the ending
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// Resolution of the pictures; at 96 a pixel is a CSS pixel
    #[arg(long, value_name = "DPI", default_value_t = 96)]
    pub dpi: u16,
    /// Write as JSON where every element and every line lies, in CSS pixels
    #[arg(long, value_name = "FILE")]
    pub boxes: Option<PathBuf>,
    /// The rules that the PDF keeps: plain for screens and office printers, pdf/x-4 for a press
    #[arg(long, value_enum, value_name = "STANDARD", default_value_t = RenderStandard::Plain, requires_if("pdf/x-4", "date"))]
    pub standard: RenderStandard,
    /// The ICC profile of the press, with pdf/x-4 [default: FOGRA39, which is part of the program]
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// The day that the PDF says it was made on, such as 2026-12-01; no clock is ever asked
    #[arg(long, value_name = "DAY")]
    pub date: Option<jiff::civil::Date>,
    /// End with 1 when there is anything to warn of; the PDF is written all the same
    #[arg(long)]
    pub strict: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RenderStandard {
    Plain,
    #[value(name = "pdf/x-4")]
    X4,
}

impl From<RenderStandard> for crate::pdf::Standard {
    fn from(standard: RenderStandard) -> Self {
        match standard {
            RenderStandard::Plain => Self::Plain,
            RenderStandard::X4 => Self::X4,
        }
    }
}

#[derive(Debug, Args)]
pub struct ImposeArgs {
    /// A PDF file of finished pages, or the folder of a run
    #[arg(value_name = "PDF|DIR")]
    pub input: PathBuf,
    /// Folder for the sheets and their map [default: `sheets` in the run's folder, or `JOB-sheets` beside the file]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The sheet: SRA3, A3-wide, 菊四 (kiku-4), 菊半 (kiku-half), 四六半 (46-half), B2, …, `SRA3 landscape`, millimetres
    /// such as 330x1200, or 520xauto for a roll
    #[arg(long, value_name = "SHEET")]
    pub sheet: String,
    /// Places across x down [default: as many as fit]
    #[arg(long, value_name = "2x4")]
    pub up: Option<String>,
    /// Between neighbours' trims, across[,down] [default: twice the bleed, cut twice]
    #[arg(long, value_name = "MM")]
    pub gutter: Option<String>,
    /// Neighbours share a cut: no gutter, and no bleed between them
    #[arg(long, conflicts_with = "gutter")]
    pub single_cut: bool,
    /// What the press cannot print, at each edge of the sheet
    #[arg(long, value_name = "MM", default_value = "5")]
    pub margin: String,
    /// Where the press holds the sheet: kept free at its foot
    #[arg(long, value_name = "MM", default_value = "0")]
    pub gripper: String,
    /// Turn pieces in their places, clockwise [default: 0 or 90, whichever fits]
    #[arg(long, value_name = "DEGREES", value_parser = quarter)]
    pub rotate: Option<u16>,
    /// Which piece lies where
    #[arg(long, value_enum, default_value_t = OrderArg::CutAndStack)]
    pub order: OrderArg,
    /// Sheets that are cut and stacked together [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub stack: Option<u64>,
    /// At which edge the sheet is turned for its back
    #[arg(long, value_enum, default_value_t = DuplexArg::Auto)]
    pub duplex: DuplexArg,
    /// How the back stands when a piece is turned like the page of a book
    #[arg(long, value_enum, default_value_t = HeadArg::Head)]
    pub head: HeadArg,
    /// Pages of each piece, where neither a manifest nor the file itself tells [default: 2, or 1 with --duplex none]
    #[arg(long, value_name = "N")]
    pub pages: Option<NonZeroU32>,
    /// Print leaves whose back is missing
    #[arg(long)]
    pub blank_backs: bool,
    /// Marks beside the pieces: crop, center, registration, bar, all or none
    #[arg(long, value_name = "LIST", default_value = "crop,center,registration")]
    pub marks: String,
    /// Fold marks, from the left edge of the front
    #[arg(long, value_name = "MM,…")]
    pub folds: Option<String>,
    /// A pressure-sealed card: its size is checked, its folds are marked: v-card, z-card, three-panel
    #[arg(long, value_name = "NAME")]
    pub preset: Option<String>,
    /// Leave out the line of text that says what a sheet is
    #[arg(long)]
    pub no_slug: bool,
    /// At most so many bytes in a file of sheets: 500MB, 2GB; sheets that are larger are not made
    #[arg(long, value_name = "SIZE")]
    pub bytes: Option<String>,
    /// What the job is called in file names and on the sheets [default: the campaign's id, or the file's name]
    #[arg(long, value_name = "NAME")]
    pub job: Option<String>,
    /// The manifest.csv of the run that made the pages [default: the one beside them]
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Overwrite earlier sheets
    #[arg(long)]
    pub force: bool,
    /// Events as JSON, one a line, instead of words
    #[arg(long)]
    pub json: bool,
}

/// Which piece lies where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// Each pile under one place is a run of the job; the piles laid on each other are the job
    CutAndStack,
    /// Neighbours on the sheet are neighbours in the job
    Sequential,
    /// The same piece at every place: step and repeat
    Repeat,
}

/// At which edge a sheet is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DuplexArg {
    /// At the long edge, if pieces have a back
    Auto,
    /// Not printed on the back
    None,
    LongEdge,
    ShortEdge,
}

/// How backs stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HeadArg {
    /// Upright: head to head
    Head,
    /// On their heads: head to foot
    Foot,
}

/// 0, 90, 180 or 270.
fn quarter(text: &str) -> Result<u16, String> {
    match text {
        "0" => Ok(0),
        "90" => Ok(90),
        "180" => Ok(180),
        "270" => Ok(270),
        _ => Err("turns are 0, 90, 180 or 270".to_owned()),
    }
}

#[derive(Debug, Args)]
pub struct BarcodeArgs {
    /// The kind: qr, micro-qr, jan13, jan8, code128, gs1-128, itf, itf14, nw7, code39, databar-expanded,
    /// databar-expanded-stacked, datamatrix, gs1-datamatrix, japan-post
    #[arg(value_name = "TYPE")]
    pub kind: String,
    /// What it says; GS1 kinds as `(01)04912345678904(10)A1`, japan-post as 7 digits and the address number
    #[arg(value_name = "VALUE", conflicts_with = "lines", allow_hyphen_values = true)]
    pub value: Option<String>,
    /// The file to write: its ending, .pdf, .svg or .png, says what it is. An earlier file is replaced
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// A file with a value in each line, `-` for standard input: a PDF with a page for each
    #[arg(long, value_name = "FILE")]
    pub lines: Option<PathBuf>,
    /// Width of a module (of a narrow bar): `0.33mm` [default: what is usual for the kind]
    #[arg(long, value_name = "LENGTH")]
    pub module: Option<String>,
    /// Width of the whole with its quiet zones, instead of a module
    #[arg(long, value_name = "LENGTH", conflicts_with = "module")]
    pub width: Option<String>,
    /// Height of the bars: `15mm` [default: what is usual for the kind]
    #[arg(long, value_name = "LENGTH")]
    pub height: Option<String>,
    /// Dots in an inch of the device that prints it: modules become whole dots wide
    #[arg(long, value_name = "DPI", value_parser = clap::value_parser!(u16).range(72..))]
    pub dpi: Option<u16>,
    /// What bars are made narrower by because ink spreads: `0.02mm`, or in dots: `1dot`
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    pub bwr: Option<String>,
    /// Leave out the text that people read
    #[arg(long)]
    pub no_text: bool,
    /// Error correction of QR and Micro QR: L, M, Q or H [default: M]
    #[arg(long, value_name = "LEVEL")]
    pub ecc: Option<String>,
    /// QR: no smaller version than this, 1 to 40
    #[arg(long, value_name = "N")]
    pub least_version: Option<String>,
    /// The check digit: auto, none, add or verify; for nw7 also add-7 or verify-7 [default: auto]
    #[arg(long, value_name = "HOW")]
    pub check: Option<String>,
    /// Wide to narrow bars of itf, itf14, nw7 and code39: 2, 2.5 or 3 [default: 2.5]
    #[arg(long, value_name = "RATIO")]
    pub ratio: Option<String>,
    /// databar-expanded-stacked: pairs of characters in a row, 2 to 10 [default: 2]
    #[arg(long, value_name = "N")]
    pub blocks: Option<String>,
    /// Resolution of a PNG where --dpi says nothing
    #[arg(long, value_name = "DPI", default_value_t = 600)]
    pub png_dpi: u16,
}

#[derive(Debug, Args)]
pub struct DecideArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// The file to write, such as decisions.jsonl [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Worker threads [default: one for each core]
    #[arg(short, long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    /// Only these records, counted from 1 in the order of the file, both included: `100..199`, `500..`, `..20`
    #[arg(long, value_name = "FROM..TO", value_parser = record_range)]
    pub records: Option<(u64, u64)>,
    /// Stop after this many records
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Overwrite an earlier file
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// That of a line in a file of decisions instead
    #[arg(long)]
    pub decisions: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// The customer's key
    #[arg(value_name = "CUSTOMER")]
    pub customer: String,
    /// The decision as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum RecommendCommand {
    /// Hide what everyone bought last, let the rungs guess it, and tell how often they do: hit rate@k, NDCG@k and coverage,
    /// for the ladder, each of its rungs, and plain popularity
    Evaluate(RecommendEvaluateArgs),
}

#[derive(Debug, Args)]
pub struct RecommendEvaluateArgs {
    #[command(flatten)]
    pub campaign: CampaignArg,
    /// How many products each gives
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub k: u16,
    /// Draws which of the last products is looked for; the same seed gives the same figures
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Look also for products that the person had bought before, and let them be given
    #[arg(long)]
    pub repeats: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The output folder of a run, or a copy of it
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Faults as JSON, one a line, instead of words
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct PreflightArgs {
    /// The output folder of a run, or one PDF file
    #[arg(value_name = "DIR|FILE.pdf")]
    pub path: PathBuf,
    /// Folder for report.html and report.json; earlier ones are replaced [default: DIR, or this folder for a file]
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Pages of each file whose content is looked at, evenly spread
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub pages: usize,
    /// Pages of each file that are drawn, evenly spread, to read their codes back: QR, JAN, Code 128, NW-7, Data Matrix, customer barcodes and others
    #[arg(long, value_name = "N", default_value_t = 24)]
    pub codes: usize,
    /// Write the values of codes into the report; without this it tells their kind, page and length, for they may be personal
    #[arg(long)]
    pub values: bool,
    /// Findings as JSON, one a line, instead of words
    #[arg(long)]
    pub json: bool,
}

/// The most that one file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitLimit {
    Pieces(u32),
    Bytes(u64),
}

/// `5000` or `2GB`.
fn split_limit(text: &str) -> Result<SplitLimit, String> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return match text.parse::<u32>() {
            Ok(pieces) if pieces > 0 => Ok(SplitLimit::Pieces(pieces)),
            _ => Err("a file holds at least one piece, and at most 4,294,967,295".to_owned()),
        };
    }
    crate::campaign::split::size(text)
        .map(SplitLimit::Bytes)
        .ok_or_else(|| format!("`{text}` is neither a number of pieces nor a size such as 500MB, 2GB or 4GiB"))
}

#[derive(Debug, Args)]
pub struct AddressArgs {
    /// The postcode: `100-0013`; without it and the address, a CSV with the columns 郵便番号 (postcode) and 住所 (address)
    /// is read from standard input
    #[arg(value_name = "POSTCODE")]
    pub postcode: Option<String>,
    /// The address as it is written, prefecture first
    #[arg(value_name = "ADDRESS")]
    pub address: Option<String>,
    /// Japan Post's table of towns: ken_all.zip or utf_ken_all.zip as it is shipped, or the CSV in it
    #[arg(long, value_name = "FILE")]
    pub ken_all: Option<PathBuf>,
    /// Japan Post's table of offices with a postcode of their own: jigyosyo.zip, or the CSV in it
    #[arg(long, value_name = "FILE")]
    pub jigyosyo: Option<PathBuf>,
    /// As JSON; of a CSV, one object a line
    #[arg(long)]
    pub json: bool,
}

/// `100..199`, `500..`, `..20`, `7`: from and to, both included, from 1.
fn record_range(text: &str) -> Result<(u64, u64), String> {
    let wrong = || format!("`{text}` is not a range of records such as 100..199, 500.. or ..20");
    let number = |t: &str, open: u64| if t.is_empty() { Ok(open) } else { t.parse::<u64>().map_err(|_| wrong()) };
    let (from, to) = match text.split_once("..") {
        Some((from, to)) => (number(from, 1)?, number(to.strip_prefix('=').unwrap_or(to), u64::MAX)?),
        None => {
            let one = number(text, 0)?;
            (one, one)
        }
    };
    if from == 0 {
        return Err("records are counted from 1".to_owned());
    }
    if from > to {
        return Err(format!("the range {from}..{to} is empty"));
    }
    Ok((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_holds_together() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn ranges_include_both_ends_and_may_be_open() {
        assert_eq!(record_range("100..199"), Ok((100, 199)));
        assert_eq!(record_range("500.."), Ok((500, u64::MAX)));
        assert_eq!(record_range("..20"), Ok((1, 20)));
        assert_eq!(record_range("7"), Ok((7, 7)));
        assert!(record_range("9..3").is_err() && record_range("0..3").is_err() && record_range("a..b").is_err());
    }
}
