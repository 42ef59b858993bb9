//! What the manual says of sheets of rules.

use std::sync::Arc;

use super::{Shop, blocks, campaign};
use crate::base::choice::Key;
use crate::base::{Diagnostic, Place};
use crate::decide::Decider;
use crate::decide::tables::Tables;

/// The manual's shop with another sheet.
fn with(sheet: &'static str, rows: &'static str) -> Shop {
    Shop::with(|name| if name == sheet { rows.into() } else { blocks(&format!("csv {name}")).concat() })
}

/// What is told of the sheets: faults, or else warnings.
fn judged(shop: &Shop, toml: &str) -> Vec<String> {
    let plan = shop.plan(toml).unwrap_or_else(|f| panic!("{f:#?}"));
    let told = match Decider::new(Arc::new(plan), Tables::new(shop.tables.clone()), &Key::new(b"k")) {
        Ok(decider) => decider.warnings().to_vec(),
        Err(faults) => faults,
    };
    let place = |d: &Diagnostic| match &d.place {
        Some(Place::Cell { origin, column }) => {
            format!("{} row {} {}", origin.file, origin.row, column.as_deref().unwrap_or("-"))
        }
        _ => String::new(),
    };
    told.iter().map(|d| format!("{}: {} / {} / {}", place(d), d.message, d.label, d.help.join(" "))).collect()
}

/// The manual's campaign with the coupons of its sheet.
fn coupons() -> String {
    let parts: Vec<&str> = blocks("toml").into_iter().filter(|b| !b.starts_with("[[coupons]]")).collect();
    parts.concat() + blocks("toml sheet")[0]
}

#[test]
fn a_sheet_says_which_coupon() {
    let shop = Shop::open();
    let toml = coupons().replace("suppress = [\"suppressions\"]\n", "").replace("hold_out = \"5%\"\n", "");
    let decider = shop.decider(&toml);
    let of = |n| shop.decide(&decider, n).expect("decided").coupons.first().map(|c| c.id.to_string());
    assert_eq!(of(1).as_deref(), Some("big"));
    assert_eq!(of(2).as_deref(), Some("welcome-back"));
    assert_eq!(of(4), None);
    let wrong = with("coupon_rules", "segment,coupon\nvip,bigg\nvipp,big\n*,-\n");
    assert_eq!(
        judged(&wrong, &toml),
        [
            "coupon_rules row 2 coupon: there is no `bigg` / this cell / did you mean `big`?",
            "coupon_rules row 3 segment: `segment` is never `vipp` / this cell / did you mean `vip`?",
        ]
    );
}

#[test]
fn the_manuals_sheets_have_neither_gaps_nor_rows_that_nobody_reaches() {
    assert_eq!(judged(&Shop::open(), &coupons()), [""; 0]);
}

#[test]
fn the_gap_of_the_manual_is_told() {
    let told = judged(&Shop::open(), &campaign().replace("otherwise = \"0\"\n", ""));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("no rule of `discounts` fits where segment is "), "{told:#?}");
    let whole = with("discounts", "rank,age,discount\ngold,*,1\n!= gold,0-64,2\n!= gold,65〜,3\n");
    let told = judged(&whole, &campaign().replace("otherwise = \"0\"\n", ""));
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("customer.rank is none of gold and age(customer.birth_date) is -1 or less"), "{told:#?}");
    let closed = with("discounts", "rank,age,discount\ngold,*,1\n*,<65,2\n*,65〜,3\n*,(empty),4\n");
    assert_eq!(judged(&closed, &campaign().replace("otherwise = \"0\"\n", "")), [""; 0]);
}

#[test]
fn rows_that_nobody_reaches_are_told_with_the_row_before_them() {
    let shop = with(
        "discounts",
        "rank,age,priority,discount\n*,20-29,,1\ngold,25,,2\n*,<20,,3\n*,>29,,4\ngold,5-90,,5\nsilver,21,1,6\n",
    );
    let told = judged(&shop, &campaign());
    assert_eq!(
        told,
        [
            "discounts row 3 -: nobody ever reaches this rule of `discounts` / row 2 fits whoever this row fits / \
             move it up, or take it out",
            "discounts row 6 -: nobody ever reaches this rule of `discounts` / the rows before it fit whoever this row \
             fits / move it up, or take it out",
        ]
    );
}

#[test]
fn cells_that_cannot_be_read_are_told_with_row_and_column() {
    let shop = with("discounts", "rank,age >=,discount\n*,viele,1\n*,20,\n> gold,,3\n");
    assert_eq!(
        judged(&shop, &campaign()),
        [
            "discounts row 2 age >=: this cell is no condition on age(customer.birth_date): expected a whole number / this \
             cell / ",
            "discounts row 3 discount: this rule says nothing / this cell / ",
            "discounts row 4 rank: this cell is no condition on customer.rank: texts have no order: write the texts \
             themselves / this cell / ",
        ]
    );
    let heads = with("discounts", "rnk,discount\ngold,1\n");
    let told = heads.plan(&campaign()).expect_err("an unknown head");
    assert!(told[0].message.contains("the column `rnk` means nothing"), "{told:#?}");
    assert_eq!(told[0].help[0], "did you mean `rank`?");
    let nothing = with("needs", "age,nead\n*,tea\n");
    let told = nothing.plan(&campaign()).expect_err("no result");
    assert!(told[0].message.contains("has no column `need`"), "{told:#?}");
    let others = with("needs", "age,need\n*,tae\n");
    assert!(judged(&others, &campaign())[0].contains("there is no `tae`"));
}

#[test]
fn one_sheet_says_several_things() {
    let shop = with("discounts", "rank,discount,stamps,note\ngold,20,3,\n*,5,1,all others\n");
    let toml = format!("{}\n[values.stamps]\ntable = \"discounts\"\n", campaign());
    let toml = toml.replace("where = 'segment == \"vip\"'\ntitle", "where = 'value.stamps == \"3\"'\ntitle");
    assert_eq!(judged(&shop, &toml), [""; 0]);
    let decider = shop.decider(&toml.replace("suppress = [\"suppressions\"]\n", "").replace("hold_out = \"5%\"\n", ""));
    let of = |n| shop.decide(&decider, n).expect("decided").coupons.first().map(|c| c.id.to_string());
    assert_eq!((of(1).as_deref(), of(2).as_deref()), (Some("vip"), Some("everyone")));
    // of a sheet of its own it is a condition, and no column of anyone
    let told = shop.plan(&campaign()).expect_err("an unknown head");
    assert!(told[0].message.contains("the column `stamps` means nothing"), "{told:#?}");
}

#[test]
fn slots_take_the_same_cells() {
    let shop = with("rules", "age,customer.points >=,product_id\n30代,1000,P6\n40歳以上,,P3\n*,,P1\n");
    let decider =
        shop.decider(&campaign().replace("suppress = [\"suppressions\"]\n", "").replace("hold_out = \"5%\"\n", ""));
    let first = |n| shop.decide(&decider, n).expect("decided").slots[0].product.as_deref().map(str::to_owned);
    assert_eq!(first(1).as_deref(), Some("P6"));
    assert_eq!(first(2).as_deref(), Some("P3"));
    assert_eq!(first(4).as_deref(), Some("P1"));
}
