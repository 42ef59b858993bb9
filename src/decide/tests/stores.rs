//! What the manual says of the nearest store.

use super::{Shop, blocks, campaign, told};
use crate::base::choice::Key;
use crate::decide::Decider;
use crate::decide::tables::Tables;
use std::sync::Arc;

/// Store, kilometres, second choice and coupon of each customer; or why there is no piece.
fn stores(shop: &Shop, toml: &str) -> Vec<String> {
    let decider = shop.decider(toml);
    let of = |n| match shop.decide(&decider, n) {
        Ok(d) => {
            let store =
                d.store.map_or("-".to_owned(), |s| format!("{} {} {}", s.id, s.km, s.second.as_deref().unwrap_or("-")));
            let coupon = d.coupons.first().map_or("-".to_owned(), |c| {
                format!("{}{}", c.id, c.store.as_ref().map_or(String::new(), |s| format!("@{}", s.id)))
            });
            format!("{store}, {coupon}")
        }
        Err(fault) => fault.code.to_owned(),
    };
    [1, 2, 4, 6].map(of).to_vec()
}

#[test]
fn people_without_coordinates_are_found_by_postcode_or_address() {
    let towns = blocks("toml towns")[0];
    // C6 lives in the middle of two 丁目, 1,204 km from Osaka by the haversine formula, which this campaign does not mind.
    let found = stores(&Shop::open(), towns);
    assert_eq!(found[..2], ["S1 0.3 S4, -", "S2 0.1 S1, -"]);
    assert_eq!(found[3], "S2 1204 S1, -");
    let by_postcode = towns.replace("latitude = \"customer.latitude\", longitude = \"customer.longitude\", ", "");
    let by_address = by_postcode.replace("postcode = \"customer.postcode\", ", "");
    let (code, name) = (stores(&Shop::open(), &by_postcode), stores(&Shop::open(), &by_address));
    assert_eq!(code, name, "here both mean the same places");
    assert_eq!(code[3], found[3]);
    // Sapporo is not in the table of places.
    assert_eq!(code[2], "-, -");
    let lines = Shop::open().decider(&by_address).explain(&Shop::open().customers[5], 5).join("\n");
    assert!(lines.contains("the home found by the town of the address"), "{lines}");
}

#[test]
fn a_table_without_postcodes_is_found_through_one_that_has_names() {
    // The places have no postcodes; the manual's table of rules is put to use as the table of postcodes.
    let shop = Shop::with(|name| match name {
        "towns" => "pref,city,town,latitude,longitude\n沖縄県,那覇市,久茂地一丁目,26.2140,127.6790\n".into(),
        "rules" => "postcode,prefecture,city,town\n9000015,沖縄県,那覇市,久茂地（１丁目）\n".into(),
        name => blocks(&format!("csv {name}")).concat(),
    });
    let toml = "[nearest_store]\ntable = \"stores\"\n\
                at = { postcode = \"customer.postcode\", table = \"towns\", postcodes = \"rules\" }\n";
    let found = stores(&shop, toml);
    assert_eq!(found[3], "S2 1204.2 S1, -");
    assert_eq!(found[0], "-, -");
}

#[test]
fn only_stores_that_honour_a_coupon_are_its_stores() {
    let found = stores(&Shop::open(), blocks("toml honour")[0]);
    assert_eq!(found, ["S1 0.3 -, old-shops@S1", "S2 0.1 -, umeda@S2", "-, everyone", "-, everyone"]);
}

#[test]
fn what_happens_without_a_store_is_said_by_segment() {
    let shop = Shop::open();
    // C1 is a vip, C2 and C6 are dormant, C4 is of the others.
    let with = |none: &str| {
        let toml = campaign().replace("suppress = [\"suppressions\"]\n", "").replace("hold_out = \"5%\"\n", "");
        stores(&shop, &toml.replace("none = \"online\"", none))
    };
    assert_eq!(with("none = \"online\"")[2..], ["-, everyone", "-, everyone"]);
    assert_eq!(with("none = \"no-coupon\"")[2..], ["-, -", "-, -"]);
    assert_eq!(with("none = \"reject\"\nnone_for = { dormant = \"no-coupon\" }")[2..], ["no-store", "-, -"]);
    assert_eq!(with("none_for = { other = \"reject\" }")[2..], ["no-store", "-, everyone"]);
}

#[test]
fn faults_of_stores_are_told_where_they_stand() {
    let found = told(
        "[nearest_store]\ntable = \"stores\"\nat = { latitude = \"customer.latitude\" }\nnone_for = { vipp = \"reject\" }\n\
         [[coupons]]\nid = \"a\"\ntitle = \"a\"\nstore_where = 'store.nam == \"x\"'\n[[segments.named]]\nname = \"vip\"\nwhere = \"true\"\n",
    );
    for (line, part) in
        [(3, "a point has a latitude and a longitude"), (4, "did you mean `vip`?"), (8, "did you mean `name`?")]
    {
        assert!(found.iter().any(|f| f.starts_with(&format!("{line}: ")) && f.contains(part)), "{part}: {found:#?}");
    }
    for (at, part) in [
        ("{}", "where people live"),
        ("{ postcode = \"customer.postcode\" }", "name a table with their places"),
        ("{ postcode = \"customer.postcode\", table = \"products\" }", "no coordinates"),
        ("{ address = \"customer.address\", table = \"stores\" }", "no names of places"),
        ("{ postcode = \"customer.postcode\", table = \"stores\" }", "has no column `postcode`"),
        ("{ postcode = \"customer.points\", table = \"towns\" }", "this is a whole number"),
    ] {
        let found = told(&format!("[nearest_store]\ntable = \"stores\"\nat = {at}\n"));
        assert!(found.iter().any(|f| f.contains(part)), "{at}: {found:#?}");
    }
    let found = told("[[coupons]]\nid = \"a\"\ntitle = \"a\"\nstores = [\"S1\"]\n");
    assert!(found[0].starts_with("4: stores are not known") && found[0].contains("[nearest_store]"), "{found:#?}");
    let shop = Shop::open();
    let plan = shop.plan(&blocks("toml honour")[0].replace("\"S2\"", "\"S22\"")).unwrap_or_else(|f| panic!("{f:#?}"));
    let faults = Decider::new(Arc::new(plan), Tables::new(shop.tables.clone()), &Key::new(b"k")).expect_err("a fault");
    assert_eq!(
        (faults[0].message.as_str(), faults[0].help[0].as_str()),
        ("there is no store `S22`", "did you mean `S2`?")
    );
}
