//! Exports that many shops have: which of their columns mean what, and which tables one file holds.
//!
//! The names of columns are those that the programs themselves write; docs/tables.md says where each was looked up.

use crate::data::schema::Kind;
use crate::data::schema::Kind::{Bool, Date, Integer, List, Money, Postcode, Text};

/// An export, by the name that campaigns call it.
#[derive(Debug)]
pub(super) struct Preset {
    pub name: &'static str,
    /// The first goes under the name that the campaign gives it, the others under their own.
    pub parts: &'static [Part],
}

/// One table in the file.
#[derive(Debug)]
pub(super) struct Part {
    pub table: &'static str,
    pub key: Option<&'static str>,
    /// Of rows with the same key one behind the other, only the first counts.
    pub first_of_key: bool,
    /// Rows without anything in this column of the file are none of this table.
    pub only_with: Option<&'static str>,
    /// Columns that are not listed here are left out.
    pub only_listed: bool,
    pub columns: &'static [Named],
    /// Joins to tables of the campaign, where it has them; the first part goes by `""`.
    pub of: &'static [(&'static str, &'static str)],
}

/// One column: its name for rules and templates, its kind, and its names in the file.
#[derive(Debug)]
pub(super) struct Named {
    pub name: &'static str,
    pub kind: Kind,
    pub from: &'static [&'static str],
    /// Without it the file is not this export.
    pub must: bool,
}

const fn must(name: &'static str, kind: Kind, from: &'static [&'static str]) -> Named {
    Named { name, kind, from, must: true }
}

const fn may(name: &'static str, kind: Kind, from: &'static [&'static str]) -> Named {
    Named { name, kind, from, must: false }
}

/// All presets.
pub(super) const PRESETS: [Preset; 5] = [SHOPIFY, EC_CUBE, NEXT_ENGINE, YAMATO, MANIFEST];

/// The preset of this name.
pub(super) fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|p| p.name == name)
}

/// One row for each line item; what belongs to the order stands in its first row only.
const SHOPIFY: Preset = Preset {
    name: "shopify-orders",
    parts: &[
        Part {
            table: "orders",
            key: Some("order_id"),
            first_of_key: true,
            only_with: None,
            only_listed: false,
            columns: &[
                must("order_id", Text, &["Name"]),
                may("shopify_id", Text, &["Id"]),
                may("email", Text, &["Email"]),
                may("phone", Text, &["Phone"]),
                must("financial_status", Text, &["Financial Status"]),
                may("paid_at", Date, &["Paid at"]),
                may("fulfillment_status", Text, &["Fulfillment Status"]),
                may("fulfilled_at", Date, &["Fulfilled at"]),
                may("accepts_marketing", Bool, &["Accepts Marketing"]),
                may("currency", Text, &["Currency"]),
                may("subtotal", Money, &["Subtotal"]),
                may("shipping", Money, &["Shipping"]),
                may("taxes", Money, &["Taxes"]),
                may("total", Money, &["Total"]),
                may("discount_code", Text, &["Discount Code"]),
                may("discount", Money, &["Discount Amount"]),
                may("shipping_method", Text, &["Shipping Method"]),
                must("ordered_at", Date, &["Created at"]),
                may("bill_name", Text, &["Billing Name"]),
                may("bill_address1", Text, &["Billing Address1", "Billing Street"]),
                may("bill_address2", Text, &["Billing Address2"]),
                may("bill_company", Text, &["Billing Company"]),
                may("bill_city", Text, &["Billing City"]),
                may("bill_postcode", Text, &["Billing Zip"]),
                may("bill_prefecture", Text, &["Billing Province Name", "Billing Province"]),
                may("bill_country", Text, &["Billing Country"]),
                may("bill_phone", Text, &["Billing Phone"]),
                must("ship_name", Text, &["Shipping Name"]),
                may("ship_address1", Text, &["Shipping Address1", "Shipping Street"]),
                may("ship_address2", Text, &["Shipping Address2"]),
                may("ship_company", Text, &["Shipping Company"]),
                may("ship_city", Text, &["Shipping City"]),
                may("ship_postcode", Postcode, &["Shipping Zip"]),
                may("ship_prefecture", Text, &["Shipping Province Name", "Shipping Province"]),
                may("ship_country", Text, &["Shipping Country"]),
                may("ship_phone", Text, &["Shipping Phone"]),
                may("note", Text, &["Notes"]),
                may("note_attributes", Text, &["Note Attributes"]),
                may("cancelled_at", Date, &["Cancelled at", "Canceled at"]),
                may("payment_method", Text, &["Payment Method"]),
                may("refunded", Money, &["Refunded Amount"]),
                may("outstanding", Money, &["Outstanding Balance"]),
                may("tags", List, &["Tags"]),
                may("risk", Text, &["Risk Level"]),
                may("source", Text, &["Source"]),
                may("location", Text, &["Location"]),
            ],
            of: &[],
        },
        Part {
            table: "order_lines",
            key: None,
            first_of_key: false,
            only_with: Some("Lineitem quantity"),
            only_listed: true,
            columns: &[
                must("order_id", Text, &["Name"]),
                must("quantity", Integer, &["Lineitem quantity"]),
                must("name", Text, &["Lineitem name"]),
                may("price", Money, &["Lineitem price"]),
                may("product_id", Text, &["Lineitem sku", "Lineitem SKU"]),
                may("discount", Money, &["Lineitem discount"]),
                may("requires_shipping", Bool, &["Lineitem requires shipping"]),
                may("fulfillment_status", Text, &["Lineitem fulfillment status"]),
                may("vendor", Text, &["Vendor"]),
            ],
            of: &[("order_id", ""), ("product_id", "products")],
        },
    ],
};

/// The order CSV of EC-CUBE 4: one row for each line, with the order and its shipment repeated.
const EC_CUBE: Preset = Preset {
    name: "ec-cube-orders",
    parts: &[
        Part {
            table: "orders",
            key: Some("order_id"),
            first_of_key: true,
            only_with: None,
            only_listed: false,
            columns: &[
                must("order_id", Text, &["注文ID"]),
                may("order_no", Text, &["注文番号"]),
                may("customer_id", Text, &["会員ID"]),
                may("last_name", Text, &["お名前(姓)"]),
                may("first_name", Text, &["お名前(名)"]),
                may("last_kana", Text, &["お名前(セイ)"]),
                may("first_kana", Text, &["お名前(メイ)"]),
                may("company", Text, &["会社名"]),
                may("postcode", Postcode, &["郵便番号"]),
                may("prefecture", Text, &["都道府県(名称)"]),
                may("address1", Text, &["住所1"]),
                may("address2", Text, &["住所2"]),
                may("email", Text, &["メールアドレス"]),
                may("phone", Text, &["TEL"]),
                may("birth_date", Date, &["誕生日"]),
                may("note", Text, &["ショップ用メモ欄"]),
                may("subtotal", Money, &["小計"]),
                may("discount", Money, &["値引き"]),
                may("delivery_fee", Money, &["送料"]),
                may("tax", Money, &["税金"]),
                may("total", Money, &["合計"]),
                may("payment_total", Money, &["支払合計"]),
                may("status_id", Text, &["対応状況(ID)"]),
                must("status", Text, &["対応状況(名称)"]),
                may("payment", Text, &["支払方法(名称)"]),
                may("ordered_at", Date, &["受注日"]),
                may("paid_at", Date, &["入金日"]),
                may("shipment_id", Text, &["出荷ID"]),
                may("ship_last_name", Text, &["配送先_お名前(姓)"]),
                may("ship_first_name", Text, &["配送先_お名前(名)"]),
                may("ship_company", Text, &["配送先_会社名"]),
                may("ship_postcode", Postcode, &["配送先_郵便番号"]),
                may("ship_prefecture", Text, &["配送先_都道府県(名称)"]),
                may("ship_address1", Text, &["配送先_住所1"]),
                may("ship_address2", Text, &["配送先_住所2"]),
                may("ship_phone", Text, &["配送先_TEL"]),
                may("carrier", Text, &["配送業者(名称)"]),
                may("delivery_time", Text, &["お届け時間(名称)"]),
                may("delivery_date", Date, &["お届け希望日"]),
                may("shipped_at", Date, &["発送日"]),
                may("tracking", Text, &["出荷伝票番号"]),
            ],
            of: &[("customer_id", "customers")],
        },
        Part {
            table: "order_lines",
            key: None,
            first_of_key: false,
            only_with: Some("商品ID"),
            only_listed: true,
            columns: &[
                must("order_id", Text, &["注文ID"]),
                may("line", Text, &["注文詳細ID"]),
                must("product_id", Text, &["商品コード", "商品ID"]),
                may("name", Text, &["商品名"]),
                may("variant1", Text, &["規格分類名1"]),
                may("variant2", Text, &["規格分類名2"]),
                may("price", Money, &["価格"]),
                must("quantity", Integer, &["個数"]),
                may("line_kind", Text, &["明細区分(名称)"]),
                may("shipment_id", Text, &["出荷ID"]),
            ],
            of: &[("order_id", ""), ("product_id", "products"), ("shipment_id", "shipments")],
        },
        Part {
            table: "shipments",
            key: Some("shipment_id"),
            first_of_key: true,
            only_with: Some("出荷ID"),
            only_listed: true,
            columns: &[
                must("shipment_id", Text, &["出荷ID"]),
                must("order_id", Text, &["注文ID"]),
                may("ship_last_name", Text, &["配送先_お名前(姓)"]),
                may("ship_first_name", Text, &["配送先_お名前(名)"]),
                may("ship_company", Text, &["配送先_会社名"]),
                may("ship_postcode", Postcode, &["配送先_郵便番号"]),
                may("ship_prefecture", Text, &["配送先_都道府県(名称)"]),
                may("ship_address1", Text, &["配送先_住所1"]),
                may("ship_address2", Text, &["配送先_住所2"]),
                may("ship_phone", Text, &["配送先_TEL"]),
                may("delivery_date", Date, &["お届け希望日"]),
                may("shipped_at", Date, &["発送日"]),
                may("tracking", Text, &["出荷伝票番号"]),
            ],
            of: &[("order_id", "")],
        },
    ],
};

/// The general order CSV of Next Engine: one row for each line, with the order repeated.
const NEXT_ENGINE: Preset = Preset {
    name: "next-engine-orders",
    parts: &[
        Part {
            table: "orders",
            key: Some("order_id"),
            first_of_key: true,
            only_with: None,
            only_listed: false,
            columns: &[
                must("order_id", Text, &["店舗伝票番号"]),
                must("ordered_at", Date, &["受注日"]),
                may("postcode", Postcode, &["受注郵便番号"]),
                may("address1", Text, &["受注住所１", "受注住所1"]),
                may("address2", Text, &["受注住所２", "受注住所2"]),
                may("name", Text, &["受注名"]),
                may("kana", Text, &["受注名カナ"]),
                may("phone", Text, &["受注電話番号"]),
                may("email", Text, &["受注メールアドレス"]),
                may("ship_postcode", Postcode, &["発送郵便番号", "発送先郵便番号"]),
                may("ship_address1", Text, &["発送先住所１", "発送先住所1"]),
                may("ship_address2", Text, &["発送先住所２", "発送先住所2"]),
                must("ship_name", Text, &["発送先名"]),
                may("ship_kana", Text, &["発送先カナ"]),
                may("ship_phone", Text, &["発送電話番号"]),
                may("payment", Text, &["支払方法"]),
                may("delivery", Text, &["発送方法"]),
                may("subtotal", Money, &["商品計"]),
                may("tax", Money, &["税金"]),
                may("delivery_fee", Money, &["発送料"]),
                may("fee", Money, &["手数料"]),
                may("points_used", Money, &["ポイント"]),
                may("other_fee", Money, &["その他費用"]),
                may("total", Money, &["合計金額"]),
                may("gift", Bool, &["ギフトフラグ"]),
                may("delivery_time", Text, &["時間帯指定"]),
                may("delivery_date", Date, &["日付指定"]),
                may("staff_note", Text, &["作業者欄"]),
                may("note", Text, &["備考"]),
                may("shipped", Bool, &["出荷済フラグ"]),
                may("customer_class", Text, &["顧客区分"]),
                may("customer_id", Text, &["顧客コード"]),
                may("noshi", Text, &["のし"]),
                may("wrapping", Text, &["ラッピング"]),
                may("message", Text, &["メッセージ"]),
            ],
            of: &[("customer_id", "customers")],
        },
        Part {
            table: "order_lines",
            key: None,
            first_of_key: false,
            only_with: Some("商品コード"),
            only_listed: true,
            columns: &[
                must("order_id", Text, &["店舗伝票番号"]),
                must("product_id", Text, &["商品コード"]),
                may("name", Text, &["商品名"]),
                may("price", Money, &["商品価格"]),
                must("quantity", Integer, &["受注数量"]),
                may("option", Text, &["商品オプション"]),
            ],
            of: &[("order_id", ""), ("product_id", "products")],
        },
    ],
};

/// The shipping labels of Yamato's B2 Cloud: one row for each parcel.
const YAMATO: Preset = Preset {
    name: "yamato-b2",
    parts: &[Part {
        table: "shipments",
        key: Some("shipment_id"),
        first_of_key: false,
        only_with: None,
        only_listed: false,
        columns: &[
            must("shipment_id", Text, &["お客様管理番号"]),
            may("label_kind", Text, &["送り状種類", "送り状種別"]),
            may("cool", Text, &["クール区分"]),
            may("tracking", Text, &["伝票番号"]),
            may("ship_date", Date, &["出荷予定日"]),
            may("delivery_date", Date, &["お届け予定日", "お届け予定（指定）日", "お届け予定(指定)日"]),
            may("delivery_time", Text, &["配達時間帯", "配送時間帯"]),
            may("ship_code", Text, &["お届け先コード"]),
            may("ship_phone", Text, &["お届け先電話番号"]),
            must("ship_postcode", Postcode, &["お届け先郵便番号"]),
            may("ship_address", Text, &["お届け先住所"]),
            may(
                "ship_building",
                Text,
                &["お届け先アパートマンション名", "お届け先住所（アパートマンション名）", "お届け先アパートマンション"],
            ),
            may("ship_company", Text, &["お届け先会社・部門１", "お届け先会社・部門名１", "お届け先会社・部門1"]),
            may("ship_department", Text, &["お届け先会社・部門２", "お届け先会社・部門名２", "お届け先会社・部門2"]),
            must("ship_name", Text, &["お届け先名"]),
            may("ship_kana", Text, &["お届け先名(ｶﾅ)", "お届け先名略称カナ"]),
            may("honorific", Text, &["敬称"]),
            may("sender_phone", Text, &["ご依頼主電話番号"]),
            may("sender_postcode", Text, &["ご依頼主郵便番号"]),
            may("sender_address", Text, &["ご依頼主住所"]),
            may("sender_name", Text, &["ご依頼主名"]),
            may("item_code1", Text, &["品名コード１", "品名コード1"]),
            may("item1", Text, &["品名１", "品名1"]),
            may("item_code2", Text, &["品名コード２", "品名コード2"]),
            may("item2", Text, &["品名２", "品名2"]),
            may("note", Text, &["記事"]),
        ],
        of: &[],
    }],
};

/// The manifest of an earlier run: past pieces.
const MANIFEST: Preset = Preset {
    name: "surimono-manifest",
    parts: &[Part {
        table: "past_pieces",
        key: None,
        first_of_key: false,
        only_with: Some("first_page"),
        only_listed: false,
        columns: &[
            must("source_file", Text, &["source_file"]),
            must("source_row", Integer, &["source_row"]),
            may("source_line", Integer, &["source_line"]),
            must("piece", Text, &["piece"]),
            must("outcome", Text, &["outcome"]),
            may("cause", Text, &["cause"]),
            may("first_page", Integer, &["first_page"]),
            may("last_page", Integer, &["last_page"]),
            may("posted_on", Date, &["posted_on"]),
        ],
        of: &[("customer", "customers")],
    }],
};
