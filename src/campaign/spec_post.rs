//! `[post]` of the campaign file, as it is written.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// What goes to the post: customer barcodes, the order of the mailing, the address side.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PostSpec {
    /// Japan Post's table of towns: ken_all.zip or utf_ken_all.zip as it is shipped, or the CSV in it.
    #[schemars(with = "Option<String>")]
    pub ken_all: Option<Spanned<String>>,
    /// Japan Post's table of offices with a postcode of their own: jigyosyo.zip, or the CSV in it.
    #[schemars(with = "Option<String>")]
    pub jigyosyo: Option<Spanned<String>>,
    /// The column that holds the postcode: of the record (`postal_code`), or of the row that it belongs to
    /// (`customer.postal_code`).
    #[schemars(with = "Option<String>")]
    pub postcode: Option<Spanned<String>>,
    /// The columns that hold the address, in the order in which they are read together.
    #[schemars(with = "Vec<String>")]
    pub address: Vec<Spanned<String>>,
    /// A record whose postcode is not exact for its address, so that it gets no customer barcode.
    pub inexact: Inexact,
    /// The order of the pieces.
    pub order: PostOrder,
    /// Pieces in one bundle at most, each with a line in slips.csv. 100 when not said.
    #[schemars(with = "Option<u32>")]
    pub bundle: Option<Spanned<u32>>,
    /// What is posted, for the postage: a name in the file of rates, `postcard` (the default) or `letter`.
    #[schemars(with = "Option<String>")]
    pub mail: Option<Spanned<String>>,
    /// Postage and discounts of your own, in the form of docs/post.md. The program brings those of 1 October 2024.
    #[schemars(with = "Option<String>")]
    pub rates: Option<Spanned<String>>,
    /// The page of the piece that is its address side, from 1: `check` and `proof` hold it against the post's rules.
    #[schemars(with = "Option<u32>")]
    pub address_page: Option<Spanned<u32>>,
    /// What the address side is of. Taken from its shape when not said.
    pub kind: Option<SideKind>,
    /// How the postage is shown: with `stamp` the corner for stamp and postmark must be free.
    pub postage: Postage,
}

/// What becomes of a record without a customer barcode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Inexact {
    /// It is printed without one, and the reason stands in notes.csv.
    #[default]
    Note,
    /// It is not printed and goes to the rejects.
    Reject,
}

/// The order in which pieces are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PostOrder {
    /// That of the table.
    #[default]
    File,
    /// That of the postcodes; of one postcode, that of the table.
    Postcode,
}

/// A kind of address side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SideKind {
    /// A postcard (はがき), upright or lying.
    Postcard,
    /// A letter of standard size (定形郵便物).
    Letter,
}

/// How postage is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Postage {
    /// A stamp or a meter's mark: the corner is kept free.
    #[default]
    Stamp,
    /// 料金別納 or 料金後納, printed in the corner.
    Paid,
}
