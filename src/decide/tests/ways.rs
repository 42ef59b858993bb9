//! What is found out over all records before the first decision.

use super::{Shop, blocks};
use crate::decide::decision::{Decision, Outcome};
use crate::decide::ways::Way;
use crate::decide::{Decider, Scratch};

/// A hundred people in households of up to three, of whom every seventh is on a list.
fn crowd() -> Shop {
    Shop::with(|name| match name {
        "customers" => {
            let mut csv =
                "customer_id,name,postcode,birth_date,rank,joined_at,points,consent_dm,latitude,longitude,address\n"
                    .to_owned();
            for n in 0..100 {
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
