//! The campaign file as it is written. Every key that the file may hold is a field here, with its meaning
//! as its doc comment: the JSON Schema, and so the help in an editor, is made from these lines.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::impose::ImposeSpec;
use super::inks::InkSpec;
use super::integrity::IntegritySpec;
use super::spec_post::PostSpec;
use super::spec_tables::TableSpec;
use crate::decide::spec::{
    AudienceSpec, CouponRulesSpec, CouponSpec, HistorySpec, MoneySpec, NearestStoreSpec, ScoreSpec, SegmentsSpec,
    SlotsSpec, ValueSpec,
};
use crate::delivery::ticket::{Coating, Sides};

/// A Surimono campaign: who is written to, what each person is shown, and how it is printed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub campaign: CampaignSpec,
    /// The tables, by the name that the rest of the file and the rules call them.
    #[schemars(with = "BTreeMap<String, TableSpec>")]
    pub tables: BTreeMap<Spanned<String>, TableSpec>,
    #[serde(default)]
    pub audience: AudienceSpec,
    #[serde(default)]
    pub history: Option<HistorySpec>,
    #[serde(default)]
    pub segments: SegmentsSpec,
    /// Scores of behaviour: events, weighed and added up.
    #[schemars(with = "BTreeMap<String, ScoreSpec>")]
    #[serde(default)]
    pub scores: BTreeMap<Spanned<String>, ScoreSpec>,
    /// Values that sheets of rules give each person.
    #[schemars(with = "BTreeMap<String, ValueSpec>")]
    #[serde(default)]
    pub values: BTreeMap<Spanned<String>, ValueSpec>,
    #[serde(default)]
    pub slots: Option<SlotsSpec>,
    /// Coupons are given in this order, as many as a piece may have.
    #[serde(default)]
    pub coupons: Vec<CouponSpec>,
    #[serde(default)]
    pub coupon_rules: Option<CouponRulesSpec>,
    #[serde(default)]
    pub money: Option<MoneySpec>,
    #[serde(default)]
    pub nearest_store: Option<NearestStoreSpec>,
    pub piece: PieceSpec,
    #[serde(default)]
    pub fonts: FontsSpec,
    #[serde(default)]
    pub gaiji: GaijiSpec,
    #[serde(default)]
    pub paper: PaperSpec,
    /// Inks beside the process inks, by the names that the press has for them.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, InkSpec>")]
    pub inks: BTreeMap<Spanned<String>, InkSpec>,
    #[serde(default)]
    pub output: OutputSpec,
    #[serde(default)]
    pub post: Option<PostSpec>,
    #[serde(default)]
    pub inserts: InsertsSpec,
}

/// The campaign as a whole.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignSpec {
    /// Short and unique, ASCII letters, digits, `-` and `_`: it stands in piece ids and file names.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// The title of the output files, in words.
    pub title: String,
    /// Tables are read as they stood on this day; no clock is ever asked.
    #[schemars(with = "String")]
    pub as_of: Spanned<Datetime>,
    /// Ages, recency, expiry and open stores are judged on this day.
    #[schemars(with = "String")]
    pub posting_date: Spanned<Datetime>,
    /// The file whose bytes key coupon codes, hold-out and arms, in the campaign's folder.
    #[schemars(with = "Option<String>")]
    pub secret_file: Option<Spanned<String>>,
    /// The file whose bytes key what is the same in all campaigns of a shop: `audience.global_hold_out`. The same file in
    /// every campaign's folder; `secret_file` when not said.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub shop_key_file: Option<Spanned<String>>,
    /// The share of records that may be rejected before a run counts as failed (exit code 1): `"1%"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub allow_rejects: Option<Spanned<String>>,
}

/// The piece: its template, what the template is given, and what happens when something is wrong with one.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PieceSpec {
    /// A file in the campaign's folder (`template/postcard.html`), or the name of a shipped template (`postcard`).
    #[schemars(with = "String")]
    pub template: Spanned<String>,
    /// The address that the piece's QR code leads to: `{piece}`, `{code}` (the coupon's) and `{customer}` are filled in.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// Lists that the template may loop over, by the name that it uses.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, ListSpec>")]
    pub lists: BTreeMap<Spanned<String>, ListSpec>,
    /// Text or a box that does not fit.
    #[serde(default)]
    pub overflow: Policy,
    /// A character that no font has.
    #[serde(default)]
    pub missing_glyph: Policy,
    /// A variable that has no value.
    #[serde(default)]
    pub missing_field: Policy,
    /// A picture that is absent or broken.
    #[serde(default)]
    pub image: Policy,
}

/// `[inserts]`: sheets that go into parcels.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InsertsSpec {
    /// Columns of the unit's table: of rows with the same value only the first that would be printed gets a piece. First
    /// the parcel that the sheet lies in, for orders that are packed together; then what it thanks for, for the shipments
    /// of one order: `["parcel_id", "order_id"]`.
    #[schemars(with = "Option<OneOrManyNames>")]
    pub one_per: Option<Spanned<Names>>,
    /// A column of the unit's table by which the pieces are ordered: the sequence of picking or packing.
    #[schemars(with = "Option<String>")]
    pub order: Option<Spanned<String>>,
    /// A table of stocked leaflets, in which the column `where` holds a rule that says which pieces each goes with; or a
    /// list of the piece whose rows are leaflets. `leaflets.csv` tells for each piece which to add, from the table's key and
    /// its column `bin`.
    #[schemars(with = "Option<String>")]
    pub leaflets: Option<Spanned<String>>,
}

/// Rows for the template: those of a table that belong to the record, or to rows of an earlier list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSpec {
    /// The table whose rows are listed.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// The column of `from` that holds the key looked for.
    #[schemars(with = "String")]
    pub by: Spanned<String>,
    /// Where that key is found: a column of the record (`order_id`), or of a list above (`lines.product_id`).
    #[schemars(with = "String")]
    pub is: Spanned<String>,
    /// Which rows: a condition on a row of `from`, such as `order_line.status != "cancelled"`, in which also the record,
    /// its segment and its store are known.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Spanned<String>>,
    /// A column of `from`: of rows with the same value only the first is listed.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub one_per: Option<Spanned<String>>,
    /// At most so many rows.
    #[serde(default)]
    pub limit: Option<usize>,
    /// Rows that share something with the record are left out: `{ allergens = "customer.allergies" }`. A column of `from`
    /// = a column of the record, of a row that it belongs to, or of a list above; cells may hold several items.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub never_with: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// One name, or a list of them.
#[derive(Clone, Debug, Default)]
pub struct Names(pub Vec<String>);

/// What [`Names`] are read from, for the schema.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "it is only described")]
enum OneOrManyNames {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for Names {
    // Not untagged: then a value of another kind would be told as `OneOrManyNames`.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> serde::de::Visitor<'de> for Either {
            type Value = Names;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name, or a list of names")
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut names: A) -> Result<Names, A::Error> {
                let mut all = Vec::new();
                while let Some(name) = names.next_element()? {
                    all.push(name);
                }
                Ok(Names(all))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// What a fault in one record does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// The record is not printed and goes to the rejects; the run goes on.
    #[default]
    Reject,
    /// The piece is printed as it is and the fault is told.
    Warn,
    /// The run ends and nothing is made.
    Stop,
}

/// Fonts beyond those that are part of the program. A font is a file in the campaign's folder or a bare file name
/// in one of `folders`; one face of a collection goes by its name behind `#`: `"NotoSansCJK-Regular.ttc#Noto Sans CJK JP"`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FontsSpec {
    /// Folders of fonts outside the campaign's: `"/usr/share/fonts/opentype/noto"`.
    #[schemars(with = "Vec<String>")]
    pub folders: Vec<Spanned<String>>,
    /// Families that stylesheets may name, each with its faces; weight and style are those that the files state.
    #[schemars(with = "BTreeMap<String, Vec<String>>")]
    pub families: BTreeMap<Spanned<String>, Vec<Spanned<String>>>,
    /// Families (of this table or of the program) or fonts that draw, in this order, what the fonts of a text lack.
    #[schemars(with = "Vec<String>")]
    pub fallback: Vec<Spanned<String>>,
    /// Fonts of the company's own characters: the only ones beside those that a style names which may draw
    /// private-use characters (U+E000 to U+F8FF and the two last planes).
    #[schemars(with = "Vec<String>")]
    pub private_use: Vec<Spanned<String>>,
    /// A variation sequence (an exact form of a kanji, such as U+845B U+E0100) that no font has.
    pub ivs: IvsSpec,
}

/// Characters that old systems wrote in their own way, and what is printed for them. Data stays as it is; each use is
/// listed in notes.csv.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GaijiSpec {
    /// A CSV file with the columns `from` (a character, U+E000, or a CP932 code F040 to F9FC), `to` (a text, or code
    /// points such as U+845B U+E0100) and `note`.
    #[schemars(with = "Option<String>")]
    pub table: Option<Spanned<String>>,
    /// Columns (`customers.name_kana`) whose half-width kana are printed full-width, with their voiced marks joined.
    #[schemars(with = "Vec<String>")]
    pub kana: Vec<Spanned<String>>,
}

/// What happens to a variation sequence that no font has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IvsSpec {
    /// As to a character that no font has: `missing_glyph` of `[piece]` says.
    #[default]
    Reject,
    /// The usual form is drawn, and that is told.
    Base,
}

/// The paper that the piece is printed on. What is stated here is held against the template's `@page`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaperSpec {
    /// Trim size, width and height: `"100mm 148mm"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub trim: Option<Spanned<String>>,
    /// Bleed on each side: `"3mm"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub bleed: Option<Spanned<String>>,
    /// Pages of each piece: a number, or `"any"` to let content that is longer than its page go on on the next one.
    #[serde(default)]
    #[schemars(with = "Option<PagesSpec>")]
    pub pages: Option<Spanned<PagesSpec>>,
    /// The stock, in words, for the job ticket.
    #[serde(default)]
    pub stock: Option<String>,
    /// Its weight in grams a square metre, for the job ticket.
    #[serde(default)]
    #[schemars(with = "Option<f32>")]
    pub weight: Option<Spanned<f32>>,
    /// Its surface, for the job ticket.
    #[serde(default)]
    pub coating: Option<Coating>,
    /// A pressure-sealed card whose panels the template makes as pages of their own, each with the panel's name
    /// (`page: address`): `"v-card"`, `"z-card"` or `"three-panel"`. They are laid side by side into a front and a back.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub panels: Option<Spanned<String>>,
    /// How the pages of a piece lie on its sheet, for the job ticket. When it is not stated, a piece of one page is
    /// printed on one side, one of two pages head to head, and of others the ticket does not say.
    #[serde(default)]
    pub sides: Option<Sides>,
}

/// How many pages a piece has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number of pages, or \"any\"")]
pub enum PagesSpec {
    Exactly(u32),
    Any(AnyPages),
}

/// The word for as many pages as the content takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnyPages {
    Any,
}

/// What is written, and how.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSpec {
    /// The folder for what is made, in the campaign's folder.
    #[schemars(with = "String")]
    pub folder: Option<Spanned<String>>,
    pub standard: Standard,
    /// What the job is printed on, for `pdf/x-4` and `pdf/vt-1`. When not stated: FOGRA39 (offset on coated paper), with the
    /// profile that is part of the program.
    pub intent: Option<IntentSpec>,
    pub compress: Compress,
    #[schemars(with = "Option<SplitSpec>")]
    pub split: Option<SplitSpec>,
    /// Write a job ticket (`ticket.xjdf`) beside the files.
    pub ticket: bool,
    /// What the pieces are, for the job ticket: `"Postcard"`, `"Letter"`, `"SelfMailer"`, …
    pub product: Option<String>,
    /// The pages are placed on sheets for the press as well, in the folder `sheets` of the output.
    #[schemars(with = "Option<ImposeSpec>")]
    pub impose: Option<Spanned<ImposeSpec>>,
    /// A mark on the piece by which machines see that nothing is missing, double or in the wrong order.
    pub integrity: Option<IntegritySpec>,
    /// Dots in an inch of the press or printer: modules of barcodes are a whole number of them wide.
    #[schemars(with = "Option<u16>")]
    pub device_dpi: Option<Spanned<u16>>,
    /// What the bars of barcodes are made narrower by, because ink spreads: `"0.02mm"`, or in dots: `"1dot"`.
    #[schemars(with = "Option<String>")]
    pub bar_width_reduction: Option<Spanned<String>>,
    /// What becomes of screen colours (`rgb()`, `#c02`, RGB pictures) under an output intent.
    pub rgb: RgbSpec,
    /// How colours that the press cannot print are converted.
    pub rendering_intent: RenderingIntentSpec,
    /// Whether the darkest of a picture becomes the darkest of the press, and what is between is moved along. On when not
    /// stated.
    #[schemars(with = "Option<bool>")]
    pub black_point_compensation: Option<bool>,
    /// Pictures are made smaller to this many pixels to the inch (at least so many remain, at most twice as many): `350`. As
    /// they are when not stated.
    #[schemars(with = "Option<u16>")]
    pub dpi: Option<Spanned<u16>>,
    /// Pictures with fewer pixels to the inch where they are drawn are told: `200`.
    #[schemars(with = "Option<u16>")]
    pub dpi_floor: Option<Spanned<u16>>,
    /// The most ink at one place that the press can take, in percent (solid cyan, magenta and yellow are 300): pages with
    /// more are told.
    #[schemars(with = "Option<u16>")]
    pub ink_limit: Option<Spanned<u16>>,
}

/// What becomes of screen colours under an output intent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RgbSpec {
    /// Inks of the intent's profile.
    #[default]
    Convert,
    /// As they are, with the profile that says what they are: the print shop's RIP converts them.
    Keep,
}

/// What happens to colours that the press cannot print (the intents of ICC profiles).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RenderingIntentSpec {
    /// What can be printed stays as it is, all else becomes the nearest that can.
    #[default]
    RelativeColorimetric,
    /// All colours are moved, so that their differences remain.
    Perceptual,
    /// Strong colours stay strong.
    Saturation,
    /// As relative, with the paper's white imitated.
    AbsoluteColorimetric,
}

/// The rules that the PDF keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Standard {
    /// PDF 1.6 with trim and bleed boxes and black text in black ink alone; no output intent.
    #[serde(rename = "plain")]
    Plain,
    /// PDF/X-4 (ISO 15930-7): with an output intent, and nothing that a press could read in two ways.
    #[default]
    #[serde(rename = "pdf/x-4")]
    X4,
    /// PDF/VT-1 (ISO 16612-2): PDF/X-4 in which every piece is a document part with its id.
    #[serde(rename = "pdf/vt-1")]
    Vt1,
}

/// The printing condition that all colours are made for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntentSpec {
    /// The ICC profile of the press, a CMYK output profile in the campaign's folder: `"JapanColor2011Coated.icc"`. The
    /// print shop says which.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub profile: Option<Spanned<String>>,
    /// The condition's name in its registry (`"JCS2011"`); known for many profiles by their own names, else `"Custom"`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Spanned<String>>,
    /// The registry in which `condition` stands; the ICC's (`"http://www.color.org"`) for conditions that are known to be in it.
    #[serde(default)]
    pub registry: Option<String>,
    /// The condition in words; the profile's own name when not stated.
    #[serde(default)]
    pub info: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compress {
    #[default]
    Fast,
    /// About 6 % smaller files for about 25 µs more a piece.
    Small,
}

/// Several files instead of one. What is stated here may be combined; a piece is never torn.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SplitSpec {
    /// At most so many pieces in each file.
    #[schemars(with = "Option<u32>")]
    pub pieces: Option<Spanned<u32>>,
    /// At most so many bytes in each file: `"500MB"`, `"2GB"`, `"4GiB"`. A file is closed before the piece that would
    /// take it over the limit.
    #[schemars(with = "Option<String>")]
    pub bytes: Option<Spanned<String>>,
    /// A new file for each value of this column of the pieces' table; its rows must stand together.
    #[schemars(with = "Option<String>")]
    pub column: Option<Spanned<String>>,
    /// Rows with the same value in this column that follow one another are a bundle, and stay in one file: a file ends
    /// with the bundle in which it reaches `pieces` or `bytes`, and without these with every bundle.
    #[schemars(with = "Option<String>")]
    pub bundle: Option<Spanned<String>>,
    /// The value of `column` stands in the names of the files. Only for short ASCII values that say nothing of a person.
    #[schemars(with = "bool")]
    pub value_in_name: Option<Spanned<bool>>,
}
