//! Coupons for what the slots show: the shop of the manual, in which C1 is shown P6 and P3, and C4 P1 and P4.

use super::{Shop, campaign, told};
use crate::decide::Scratch;
use crate::decide::decision::Bound;

fn bound(coupon: &str) -> String {
    let (before, _) = campaign().split_once("[[coupons]]").map(|(b, a)| (b.to_owned(), a.to_owned())).expect("coupons");
    before + "[[coupons]]\nid = \"fits\"\ntitle = \"10%OFF\"\n" + coupon
}

#[test]
fn a_coupon_is_for_the_first_slot_whose_product_fits() {
    let shop = Shop::open();
    let of = |coupon: &str, customer: usize| {
        let decider = shop.decider(&bound(coupon));
        let decision = shop.decide(&decider, customer).expect("decided");
        decision.coupons.into_iter().map(|c| c.bound).next()
    };
    let is =
        |slot: &str, product: &str, row: u32| Some(Some(Bound { slot: slot.into(), product: product.into(), row }));
    let both = "for_slot = [\"pick_1\", \"pick_2\"]\n";
    assert_eq!(of(both, 1), is("pick_1", "P6", 5));
    assert_eq!(of(&format!("{both}where = 'product.product_id == \"P3\"'\n"), 1), is("pick_2", "P3", 2));
    assert_eq!(of(&format!("{both}where = 'product.product_id == \"P3\"'\n"), 4), None, "shown P1 and P4");
    assert_eq!(
        of("for_slot = \"pick_1\"\nwhere = 'product.product_id == \"P3\"'\n", 1),
        None,
        "it is in the other slot"
    );
    assert_eq!(of("", 1), Some(None), "without a slot, for no product");
    let person = "where = 'segment == \"vip\" && product.price > 0 && !bought(product, within = \"30 days\")'\n";
    assert_eq!(of(&format!("{both}{person}"), 1), is("pick_1", "P6", 5));
    assert_eq!(of(&format!("{both}{person}"), 4), None, "no vip");
}

#[test]
fn the_decision_and_its_words_name_the_product() {
    let shop = Shop::open();
    let decider = shop.decider(&bound("for_slot = [\"pick_1\", \"pick_2\"]\nwhere = 'product.product_id == \"P3\"'\n"));
    let words = |customer: usize| decider.explain(&shop.customers[customer - 1], customer as u64).join("\n");
    let (first, fourth) = (words(1), words(4));
    assert!(first.contains("coupon: fits (10%OFF), for P3 in pick_2, code "), "{first}");
    let not = "coupon: not fits, as `product.product_id == \"P3\"` (product.product_id is \"P1\") does not hold for P1 in pick_1";
    assert!(fourth.contains(not), "{fourth}");
    let mut line = Vec::new();
    let decided = decider.decide(&shop.customers[0], 1, &mut Scratch::default()).expect("decided");
    decider.write_decision(&decided, &mut line);
    let line = String::from_utf8(line).expect("text");
    assert!(line.contains(r#""coupon":{"id":"fits","slot":"pick_2","product":"P3","code":""#), "{line}");
    // Read back, it is the same coupon; with another product in the slot, it is a fault.
    let mut faults = Vec::new();
    let read = decider.read_line(line.trim_end(), &mut faults).unwrap_or_else(|| panic!("{faults:#?}"));
    let followed = decider.follow(&read, &shop.customers[0], 1, &mut Scratch::default()).expect("followed");
    assert_eq!(followed.coupons, decided.coupons);
    let edited = line.trim_end().replacen(r#""product":"P3""#, r#""product":"P4""#, 1);
    assert!(decider.read_line(&edited, &mut faults).is_none());
    assert_eq!(faults[0].message, "the coupon `fits` is for P3 in pick_2, which the line does not show");
}

#[test]
fn a_product_is_known_to_bound_coupons_alone() {
    let faults = told(&bound("where = 'product.price > 0'\n"));
    assert!(faults[0].contains("and in coupons with `for_slot`"), "{faults:?}");
    let faults = told("[[coupons]]\nid = \"a\"\ntitle = \"\"\nfor_slot = \"pick_1\"\n");
    assert_eq!(faults, ["4: there is no slot `pick_1` / declare it: `[slots]` with `names = [\"pick_1\"]`"]);
}
