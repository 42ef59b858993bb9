//! What is found out over all records before the first decision.

use super::{Shop, blocks};
use crate::decide::decision::{Decision, Outcome};
use crate::decide::ways::Way;
use crate::decide::{Decider, Scratch};

/// A hundred people in households of up to three, of whom every seventh is on a list.
fn crowd() -> Shop {
    crowd_in(|_| {})
}

/// The same, in another order of the rows.
fn crowd_in(order: impl Fn(&mut Vec<u64>)) -> Shop {
    Shop::with(|name| match name {
        "customers" => {
            let mut people: Vec<u64> = (0..100).collect();
            order(&mut people);
            let mut csv =
                "customer_id,name,postcode,birth_date,rank,joined_at,points,consent_dm,latitude,longitude,address\n"
                    .to_owned();
            for n in people {
                let (house, points) = (n * 37 % 45, n * 61 % 97);
                csv.push_str(&format!("C{n:03},,{house:07},1980-01-01,gold,2020-01-01,{points},yes,,,\n"));
            }
            csv
        }
        "suppressions" => {
            let rows: String = (0..100).step_by(7).map(|n| format!("C{n:03},moved\n")).collect();
            format!("customer_id,reason\n{rows}")
        }
        name => blocks(&format!("csv {name}")).concat(),
    })
}

/// Goes the ways that are told, each over the records in pieces of so many, and decides for all.
fn decided(shop: &Shop, decider: &mut Decider, ways: &[Way], size: usize) -> Vec<Decision> {
    for way in ways {
        let mut gathered = decider.nothing_gathered(*way);
        for records in shop.customers.chunks(size) {
            let mut found = decider.nothing_found(*way);
            let mut scratch = Scratch::default();
            records.iter().for_each(|record| decider.find(*way, record, &mut scratch, &mut found));
            gathered.take(found);
        }
        decider.settle(gathered);
    }
    assert_eq!(decider.next_way(), None);
    let decide = |r| decider.decide(r, r.number(), &mut Scratch::default()).expect("decided");
    shop.customers.iter().map(decide).collect()
}

const RULES: &str = "[audience]
household = [\"customer.postcode\"]
household_first = \"customer.points\"
one_per_household = true
suppress = [{ table = \"suppressions\", by = \"household\" }]
hold_out = \"10%\"
rank_by = \"customer.points\"
budget = { pieces = 12 }

[[coupons]]
id = \"few\"
title = \"\"
budget = { count = 5 }
award_by = \"customer.points\"
";

#[test]
fn households_and_budgets_are_settled_on_one_way_as_on_two() {
    let shop = crowd();
    let (both, standing, short) = (
        Way::Records { standing: true, short: true },
        Way::Records { standing: true, short: false },
        Way::Records { standing: false, short: true },
    );
    let mut decider = shop.decider(RULES);
    assert_eq!(decider.next_way(), Some(both));
    let one = decided(&shop, &mut decider, &[both], 100);
    for size in [1, 7, 100] {
        assert_eq!(decided(&shop, &mut shop.decider(RULES), &[standing, short], size), one);
        assert_eq!(decided(&shop, &mut shop.decider(RULES), &[both], size), one);
    }
    let count = |of: &dyn Fn(&Decision) -> bool| one.iter().filter(|d| of(d)).count();
    assert_eq!(count(&|d| d.outcome == Outcome::Print), 12);
    assert_eq!(count(&|d| !d.coupons.is_empty()), 5);
    assert!(count(&|d| d.outcome == Outcome::OverBudget) > 0);
    assert!(count(&|d| matches!(&d.outcome, Outcome::Suppressed { cause } if cause.contains("household"))) > 20);
}

#[test]
fn arms_within_segments_are_found_before_what_they_may_change() {
    let rules = RULES.replace("budget = { p", "arms = { calm = 1, bold = 1 }\narms_within = \"segment\"\nbudget = { p");
    let rules = format!("{rules}\n[[segments.named]]\nname = \"rich\"\nwhere = \"customer.points > 50\"\n");
    let shop = crowd();
    let mut decider = shop.decider(&rules);
    let first = Way::Records { standing: true, short: false };
    assert_eq!(decider.next_way(), Some(first));
    let mut gathered = decider.nothing_gathered(first);
    let mut found = decider.nothing_found(first);
    shop.customers.iter().for_each(|r| decider.find(first, r, &mut Scratch::default(), &mut found));
    gathered.take(found);
    decider.settle(gathered);
    assert_eq!(decider.next_way(), Some(Way::Records { standing: false, short: true }));
}

#[test]
fn who_needs_no_look_is_asked_for_none() {
    assert_eq!(crowd().decider("[audience]\nhold_out = \"5%\"\n").next_way(), None);
}

#[test]
fn the_order_of_the_rows_settles_nothing() {
    let more = "arms = { calm = 1, bold = 3 }\n[segments.points]\nvalue = \"customer.points\"\nquantiles = 7\n";
    let rules = RULES.replace("\n[[coupons]]", &format!("{more}\n[[coupons]]")) + "cost = \"customer.points\"\n";
    let told = |shop: &Shop| {
        let mut decider = shop.decider(&rules);
        let (values, both) = (Way::Values, Way::Records { standing: true, short: true });
        assert_eq!(decider.next_way(), Some(values));
        let all = decided(shop, &mut decider, &[values, both], 9);
        let tell = |d: &Decision| {
            let coupons: Vec<&str> = d.coupons.iter().map(|c| &*c.id).collect();
            format!("{} {:?} {:?} {:?} {coupons:?}", d.customer, d.outcome, d.arm, d.segments)
        };
        let mut told: Vec<String> = all.iter().map(tell).collect();
        told.sort();
        told
    };
    let first = told(&crowd());
    assert!(first.iter().any(|d| d.contains("HeldOut")) && first.iter().any(|d| d.contains("few")), "{first:#?}");
    for turn in 1..30u64 {
        let key = |n: &u64| (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15 ^ turn).rotate_left(17) % 1_000_003;
        assert_eq!(told(&crowd_in(|people| people.sort_by_key(key))), first);
    }
}
