//! `[nearest_store]`: which store a piece names; exactly as typed (see [`super`]).

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::Placed;

/// `[nearest_store]`: the nearest store that is open on the posting date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NearestStoreSpec {
    #[schemars(with = "String")]
    pub table: Placed,
    /// Where the person lives.
    pub at: PointSpec,
    /// Only stores for which this holds, a condition on `store.…` alone.
    #[serde(default, rename = "where")]
    #[schemars(with = "Option<String>")]
    pub condition: Option<Placed>,
    /// Stores farther away than this are no help.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub max_km: Option<Spanned<f64>>,
    /// What happens when there is none (or nobody knows where the person lives).
    #[serde(default)]
    pub none: NoStore,
    /// The same for those of one segment: `{ vip = "reject", new = "no-coupon" }`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, NoStore>")]
    pub none_for: BTreeMap<Placed, NoStore>,
    /// Which columns of the stores say what.
    #[serde(default)]
    pub columns: StoreColumnsSpec,
}

/// Where the person lives: given in degrees, or looked up in a table of places by postcode or address. What
/// is found first counts: coordinates, then the postcode, then the address.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PointSpec {
    /// Degrees, such as `customer.latitude`.
    #[schemars(with = "Option<String>")]
    pub latitude: Option<Placed>,
    #[schemars(with = "Option<String>")]
    pub longitude: Option<Placed>,
    /// A postcode, such as `customer.postcode`; needs `table`.
    #[schemars(with = "Option<String>")]
    pub postcode: Option<Placed>,
    /// An address that begins with the prefecture, such as `customer.address`; needs `table`.
    #[schemars(with = "Option<String>")]
    pub address: Option<Placed>,
    /// The table of places: columns `latitude` and `longitude`, and `postcode` or `prefecture`, `city` and `town`.
    #[schemars(with = "Option<String>")]
    pub table: Option<Placed>,
    /// A table of postcodes with `prefecture`, `city` and `town`, when the table of places has no postcodes.
    #[schemars(with = "Option<String>")]
    pub postcodes: Option<Placed>,
}

#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StoreColumnsSpec {
    /// Degrees; `latitude` when not said.
    #[schemars(with = "Option<String>")]
    pub latitude: Option<Placed>,
    /// Degrees; `longitude` when not said.
    #[schemars(with = "Option<String>")]
    pub longitude: Option<Placed>,
    /// The first day of business; `opened_on` when not said and there is such a column. Empty: always open.
    #[schemars(with = "Option<String>")]
    pub opened: Option<Placed>,
    /// The first day without business; `closed_on` when not said and there is such a column. Empty: not closing.
    #[schemars(with = "Option<String>")]
    pub closed: Option<Placed>,
}

/// What a person gets for whom no store is near enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NoStore {
    /// The piece is made without a store; the template shows the online shop, where coupons hold too.
    #[default]
    Online,
    /// The piece is made without a store and without a coupon.
    NoCoupon,
    /// The record is rejected.
    Reject,
}
