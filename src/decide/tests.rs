//! The shop of docs/rules.md: its tables, its rules and what it says of them.

use std::sync::Arc;

use jiff::civil::date;

use super::decision::{Decision, Outcome, Worth};
use super::rule::{Program, Scene, Value};
use super::shop::Shop;
use super::tables::Tables;
use super::{Decider, Fault, Scratch};
use crate::base::Place;
use crate::base::choice::Key;

mod coupons;
mod segments;
mod sheets;
mod stores;
mod ways;

const MANUAL: &str = include_str!("../../docs/rules.md");

/// The fenced blocks of the manual with this info string.
fn blocks(info: &str) -> Vec<&'static str> {
    let fence = format!("```{info}\n");
    MANUAL.split(&fence).skip(1).filter_map(|b| b.split("```").next()).collect()
}

/// The manual's campaign: all its TOML.
fn campaign() -> String {
    blocks("toml").concat()
}

/// The faults of rules, each as `line: message / help`.
fn told(toml: &str) -> Vec<String> {
    Shop::open().faults(toml)
}

impl Shop {
    /// With the manual's tables.
    fn open() -> Self {
        Self::with(|name| blocks(&format!("csv {name}")).concat())
    }

    fn decide(&self, decider: &Decider, customer: usize) -> Result<Decision, Fault> {
        decider.decide(&self.customers[customer - 1], customer as u64 - 1, &mut Scratch::default())
    }
}

fn words(value: Value<'_>) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Integer(n) => n.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(t) => t.to_owned(),
        Value::Date(d) => d.to_string(),
        Value::List(items) => items.iter().collect::<Vec<_>>().join(", "),
    }
}

#[test]
fn the_expressions_of_the_manual_yield_what_it_says() {
    let shop = Shop::open();
    // Rules that count rows, so that these are at hand.
    let counts = "[[segments.counts.groups]]\nname = \"yes\"\nwhere = \"any(interests) || any(purchases) || \
                  any(rules, where = rule.category == last_bought.category)\"\n";
    let decider = shop.decider(&(campaign() + counts));
    let mut count = 0;
    for (info, customer) in [("rule", 1), ("rule C3", 3)] {
        for line in blocks(info).iter().flat_map(|b| b.lines()) {
            let (text, expected) = line.split_once('→').expect("an arrow");
            let value = decider.with_scene(&shop.customers[customer - 1], |scene: &Scene<'_>, scope| {
                let program = Program::compile(text.trim(), scope).unwrap_or_else(|f| panic!("{text}: {f:#?}"));
                words(program.value(scene))
            });
            assert_eq!(value, expected.trim(), "{text}");
            count += 1;
        }
    }
    assert!(count > 30);
}

#[test]
fn rfm_is_what_was_worked_out_by_hand() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign());
    // Customer; days, purchases, yen; R, F, M.
    let expected = [
        (1, Some((21, 2, 3_000, [5, 2, 2]))),
        (2, Some((707, 1, 2_000, [1, 1, 1]))),
        (3, None),
        (4, Some((90, 1, 3_000, [4, 1, 2]))),
        (5, Some((91, 3, 300, [3, 3, 1]))),
        (6, None),
    ];
    for (customer, expected) in expected {
        let found = decider.with_scene(&shop.customers[customer - 1], |scene, _| {
            let rfm = scene.rfm.expect("declared");
            rfm.cells.map(|c| (rfm.days.expect("bought"), rfm.purchases, rfm.spent, [c.r, c.f, c.m]))
        });
        assert_eq!(found, expected, "C{customer}");
    }
}

#[test]
fn everyone_is_counted_under_the_first_that_holds() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign());
    let outcome = |n| shop.decide(&decider, n).expect("decided").outcome;
    let suppressed = |cause: &str| Outcome::Suppressed { cause: cause.into() };
    assert_eq!(outcome(1), Outcome::Print);
    assert_eq!(outcome(2), suppressed("suppressions: moved"));
    assert_eq!(outcome(3), suppressed("no consent"));
    assert_eq!(outcome(4), Outcome::Print);
    assert_eq!(outcome(5), suppressed("outside the audience"));
    // Suppression comes before the hold-out, and whom it holds out gets nothing.
    let all_held = shop.decider(&campaign().replace("5%", "100%"));
    assert_eq!(shop.decide(&all_held, 1).expect("decided").outcome, Outcome::HeldOut { cause: None });
    assert_eq!(shop.decide(&all_held, 2).expect("decided").outcome, suppressed("suppressions: moved"));
    assert_eq!(shop.decide(&all_held, 1).expect("decided").coupons, []);
}

#[test]
fn consent_is_asked_for_even_when_the_campaign_forgets() {
    let shop = Shop::open();
    let decider = shop.decider("");
    assert_eq!(shop.decide(&decider, 3).expect("decided").outcome, Outcome::Suppressed { cause: "no consent".into() });
    assert_eq!(shop.decide(&decider, 1).expect("decided").outcome, Outcome::Print);
}

#[test]
fn a_whole_decision_is_as_the_manual_tells_it() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign());
    let d = shop.decide(&decider, 1).expect("decided");
    assert_eq!((d.piece.as_str(), d.customer.as_str()), ("2026-autumn-dm-00000000", "C1"));
    assert_eq!(d.segment.as_deref(), Some("vip"));
    assert!(matches!(d.arm.as_deref(), Some("calm" | "bold")));
    let slots: Vec<_> = d.slots.iter().map(|s| (&*s.name, s.product.as_deref(), s.because.as_str())).collect();
    assert_eq!(
        slots,
        [
            ("pick_1", Some("P6"), "bought P4 on 2026-11-10; the rule 'rules row 2' offers P6"),
            ("pick_2", Some("P3"), "bought P4 on 2026-11-10; the rule 'rules row 3' offers P3"),
        ]
    );
    assert_eq!(d.slots[0].note.as_deref(), Some("お茶と一緒にいかがですか"));
    let coupon = &d.coupons[0];
    assert_eq!((&*coupon.id, coupon.expires), ("vip", Some(date(2026, 12, 31))));
    assert_eq!(coupon.value, Some(Worth::Percent { percent: 20, up_to: Some(3_000) }));
    assert_eq!(decider.codes().verify(&coupon.code), Ok((0, 0)));
    let store = d.store.expect("near");
    assert_eq!((&*store.id, store.km, store.second.as_deref()), ("S1", 0.3, Some("S4")));

    let d = shop.decide(&decider, 4).expect("decided");
    assert_eq!(d.segment.as_deref(), Some("other"));
    assert_eq!((d.slots[0].product.as_deref(), &*d.slots[0].by), (Some("P1"), "rules"));
    assert_eq!((d.slots[1].product.as_deref(), &*d.slots[1].by), (Some("P4"), "popular"));
    assert_eq!(d.slots[1].because, "3 sold in 120 days, rank 1");
    assert_eq!((&*d.coupons[0].id, d.coupons[0].expires), ("everyone", Some(date(2026, 12, 25))));
    assert_eq!(d.store, None, "Sapporo is far from every store");
}

#[test]
fn guards_pass_products_over() {
    let shop = Shop::open();
    let popular = |more: &str| {
        let toml = format!("[slots]\nnames = [\"a\", \"b\", \"c\"]\nmay_be_empty = [\"b\", \"c\"]\n{more}\n");
        let d = shop.decide(&shop.decider(&toml), 1).expect("decided");
        d.slots.iter().map(|s| s.product.as_deref().unwrap_or("-").to_owned()).collect::<Vec<_>>().join(" ")
    };
    let ladder = "ladder = [{ by = \"popular\", days = 730 }]";
    // Units sold in two years: P4 3, P1 2 (one came back), P3 2, P5 1; P2 was sold on the day before the window.
    assert_eq!(popular(ladder), "P4 P1 P3");
    assert_eq!(popular(&format!("{ladder}\nnever = ['bought(product, within = \"180 days\")']")), "P3 P5 -");
    assert_eq!(popular(&format!("{ladder}\nat_most = {{ per = \"product.category\", count = 1 }}")), "P4 P1 P3");
    assert_eq!(popular(&format!("{ladder}\nnever = [\"product.stock < 9\"]")), "P1 P5 -");
    assert_eq!(
        popular("ladder = [{ by = \"popular\", days = 730, where = \"product.category == last_bought.category\" }]"),
        "P4 P5 -"
    );
    // By category: what sold first (none twice), then the rest by key.
    assert_eq!(popular("ladder = [{ by = \"rules\", rules = [{ name = \"t\", category = \"茶\" }] }]"), "P1 P2 P6");
}

#[test]
fn an_empty_slot_rejects_the_record_unless_it_may_be_empty() {
    let shop = Shop::open();
    let toml = "[slots]\nnames = [\"a\"]\nladder = [{ by = \"popular\", days = 90 }]\nnever = [\"true\"]\n";
    let fault = shop.decide(&shop.decider(toml), 1).expect_err("nothing may be shown");
    assert_eq!(fault.code, "slot-empty");
    let toml = toml.replace("never", "may_be_empty = [\"a\"]\nnever");
    assert_eq!(shop.decide(&shop.decider(&toml), 1).expect("decided").slots[0].product, None);
}

#[test]
fn no_store_is_what_the_campaign_makes_of_it() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign().replace("none = \"online\"", "none = \"reject\""));
    assert_eq!(shop.decide(&decider, 4).expect_err("far away").code, "no-store");
    assert_eq!(shop.decide(&decider, 6).expect_err("no coordinates").code, "no-store");
    assert!(shop.decide(&decider, 1).is_ok());
}

#[test]
fn the_inline_rules_of_the_manual_hold() {
    let shop = Shop::open();
    let decider = shop.decider(blocks("toml inline")[0]);
    let d = shop.decide(&decider, 1).expect("decided");
    assert_eq!(d.slots[0].product.as_deref(), Some("P6"));
    assert_eq!(d.slots[0].note.as_deref(), Some("お茶好きの方へ"));
}

#[test]
fn the_order_of_the_file_changes_nothing_but_the_number() {
    let shop = Shop::open();
    let turned = Shop::with(|name| {
        let csv = blocks(&format!("csv {name}")).concat();
        let mut lines: Vec<&str> = csv.lines().collect();
        if matches!(name, "products" | "stores" | "suppressions") {
            lines[1..].reverse();
        }
        lines.join("\n")
    });
    let (a, b) = (shop.decider(&campaign()), turned.decider(&campaign()));
    for n in 1..=6 {
        let (mut x, mut y) = (shop.decide(&a, n).expect("decided"), turned.decide(&b, n).expect("decided"));
        // Rows of tables are not part of the decision's text.
        for d in [&mut x, &mut y] {
            d.slots.iter_mut().for_each(|s| s.product_row = None);
            d.store.iter_mut().for_each(|s| s.row = 0);
        }
        assert_eq!(x, y);
    }
}

#[test]
fn explanations_say_what_was_weighed() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign());
    let lines = decider.explain(&shop.customers[0], 0).join("\n");
    for part in [
        "C1 (customers row 2)",
        "gets the piece 2026-autumn-dm-00000000",
        "the last that stands on 2026-11-10 (P4)",
        "RFM 5-2-2: 21 days ago, bought on 2 days, 3000 yen",
        "segment: vip",
        "P6 (rules): taken for pick_1, because bought P4",
        "store: S1 at 0.3 km; second choice S4",
        "coupon: vip (全品20%OFF), code ",
        "until 2026-12-31",
    ] {
        assert!(lines.contains(part), "{part} is not in\n{lines}");
    }
    let lines = decider.explain(&shop.customers[1], 1).join("\n");
    assert!(lines.contains("gets nothing: suppressions: moved"), "{lines}");
    let strict = shop.decider(&campaign().replace("none = \"online\"", "none = \"reject\""));
    let lines = strict.explain(&shop.customers[3], 3).join("\n");
    assert!(lines.contains("is rejected (no-store)"), "{lines}");
}

#[test]
fn every_fault_of_the_rules_is_told_at_once_with_its_line() {
    let found = told(
        "[audience]\nwhere = 'customer.statsu == \"active\"'\nsuppress = [\"supressions\"]\nhold_out = \"5\"\narms = { a = 0 }\n\
         [segments.rfm]\nwindow = \"24\"\nrecency = { days = [90, 30] }\nfrequency = { quantiles = 99 }\nmonetary = {}\n\
         [slots]\nnames = [\"a\", \"a\"]\nmay_be_empty = [\"b\"]\n\
         ladder = [\n{ by = \"crystal-ball\" },\n{ by = \"rule\" },\n{ by = \"popular\" },\n{ by = \"rules\", rules = [{ name = \"r\" }] }]\n\
         never = [\"product.stok == 0\"]\n\
         [[coupons]]\nid = \"x\"\ntitle = \"t\"\nexpires = \"posting_date + 30\"\nvalue = { percent = 200 }\n\
         [[coupons]]\nid = \"x\"\ntitle = \"u\"\n\
         [nearest_store]\ntable = \"stores\"\nat = { latitude = \"customer.rank\", longitude = \"customer.longitude\" }\nmax_km = -1\n",
    );
    for (line, part) in [
        (2, "no column `statsu` / did you mean `status`?"),
        (3, "did you mean `suppressions`?"),
        (4, "no share"),
        (5, "weight 0"),
        (7, "span of time"),
        (8, "cut points must rise"),
        (9, "number of cells"),
        (12, "a slot's name"),
        (13, "no slot `b`"),
        (15, "no rung `crystal-ball` / rungs that there are: rules, "),
        (16, "did you mean `rules`?"),
        (17, "over how many days"),
        (18, "exactly one of"),
        (19, "did you mean `stock`?"),
        (23, "`+` needs numbers"),
        (24, "no value of a coupon"),
        (26, "must be its own"),
        (30, "this is a text"),
        (31, "no distance"),
    ] {
        assert!(
            found.iter().any(|f| f.starts_with(&format!("{line}: ")) && f.contains(part)),
            "line {line}: {part} is not in {found:#?}"
        );
    }
}

#[test]
fn faults_underline_the_very_word() {
    let toml = "[audience]\nwhere = 'customer.statsu == \"active\"'\n";
    let faults = Shop::open().plan(toml).expect_err("one fault");
    let Some(Place::Text { source, span }) = &faults[0].place else { panic!("no place") };
    assert_eq!(&source.text[span.clone()], "statsu");
}

#[test]
fn rules_tables_are_checked_cell_by_cell() {
    let shop = Shop::with(|name| match name {
        "rules" => {
            "segment,category,product_id,priority,customer.points\nvip,,P99,1,\n,,P1,first,\n,,,1,\n,,P1,1,many\n"
                .into()
        }
        name => blocks(&format!("csv {name}")).concat(),
    });
    let plan = shop.plan(&campaign()).unwrap_or_else(|f| panic!("{f:#?}"));
    let faults =
        Decider::new(Arc::new(plan), Tables::new(shop.tables.clone()), &Key::new(b"k")).expect_err("four faults");
    let found: Vec<String> = faults
        .iter()
        .map(|f| match &f.place {
            Some(Place::Cell { origin, column }) => format!("{} {:?}: {}", origin.row, column.as_deref(), f.message),
            _ => f.message.clone(),
        })
        .collect();
    assert_eq!(
        found,
        [
            "2 Some(\"product_id\"): there is no product `P99`",
            "3 Some(\"priority\"): a priority is a whole number",
            "4 Some(\"product_id\"): this rule offers nothing",
            "5 Some(\"customer.points\"): this cell is no condition on customer.points: expected a whole number",
        ]
    );
}

/// `cargo test --release --lib decide::tests::decisions_a_second -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, to be run in release mode on a quiet machine"]
fn decisions_a_second() {
    use std::fmt::Write as _;
    use std::io::Write as _;

    const PEOPLE: u32 = 20_000;
    const LINES: u32 = 20;
    // A multiplicative hash: the same data in every run.
    let dice = |seed: u32, sides: u32| (seed.wrapping_mul(2_654_435_761) >> 8) % sides;
    let categories = ["茶", "菓子", "食品", "茶器", "うつわ", "台所道具", "布もの", "本"];
    let shop = Shop::with(|name| {
        let mut csv = String::new();
        match name {
            "customers" => {
                csv.push_str(
                    "customer_id,rank,prefecture,birth_date,joined_at,points,status,consent_dm,latitude,longitude,\
                     postcode,address\n",
                );
                for n in 0..PEOPLE {
                    let (north, east) = (f64::from(dice(n, 1000)) / 100.0, f64::from(dice(n + 7, 1000)) / 100.0);
                    let _ = writeln!(
                        csv,
                        "C{n:06},silver,東京都,1980-05-05,20{:02}-04-01,{},active,yes,{},{},,",
                        10 + dice(n, 16),
                        dice(n, 9999),
                        33.0 + north,
                        131.0 + east
                    );
                }
            }
            "products" => {
                csv.push_str("product_id,name,category,price,stock\n");
                for n in 0..120u32 {
                    let _ = writeln!(csv, "P{n:04},品,{},{},{}", categories[n as usize % 8], 500 + n * 20, dice(n, 12));
                }
            }
            "purchases" => {
                csv.push_str("customer_id,product_id,bought_at,quantity,amount,status\n");
                for n in 0..PEOPLE * LINES {
                    let day = dice(n, 700);
                    let (year, month, day) = (2025 + day / 365, 1 + (day % 365) / 31, 1 + day % 28);
                    let back = n % 97 == 0;
                    let _ = writeln!(
                        csv,
                        "C{:06},P{:04},{year}-{month:02}-{day:02},{},{},done",
                        n / LINES,
                        dice(n + 3, 120),
                        if back { -1 } else { 1 },
                        if back { -900 } else { 900 + i64::from(dice(n, 3000)) }
                    );
                }
            }
            "stores" => {
                csv.push_str("store_id,name,latitude,longitude,opened_on,closed_on,accepts_coupon\n");
                for n in 0..40u32 {
                    let (north, east) = (f64::from(dice(n, 1000)) / 100.0, f64::from(dice(n + 9, 1000)) / 100.0);
                    let _ = writeln!(csv, "S{n:03},店,{},{},2001-01-01,,yes", 33.0 + north, 131.0 + east);
                }
            }
            "rules" => {
                csv.push_str("segment,category,product_id,priority,because\n");
                for n in 0..66u32 {
                    let segment = ["vip", "dormant", "regular", "*"][n as usize % 4];
                    let _ = writeln!(
                        csv,
                        "{segment},{},P{:04},{},お客様へ",
                        categories[(n / 8) as usize % 8],
                        dice(n, 120),
                        n % 3
                    );
                }
            }
            "suppressions" => csv.push_str("customer_id,cause\nC000001,moved\n"),
            name => csv.push_str(&blocks(&format!("csv {name}")).concat()),
        }
        csv
    });
    let toml = campaign().replace("quantiles = 3", "quantiles = 5");
    let decider = shop.decider(&toml);
    let mut scratch = Scratch::default();
    let mut printed = 0;
    let start = std::time::Instant::now();
    for (number, record) in (0u64..).zip(&shop.customers) {
        let decided = decider.decide(record, number, &mut scratch);
        printed += u32::from(decided.is_ok_and(|d| d.outcome == Outcome::Print));
    }
    let each = start.elapsed() / PEOPLE;
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{each:?} a decision, {printed} of {PEOPLE} printed");
    let codes = decider.codes();
    let start = std::time::Instant::now();
    let made: usize = (0..100_000).filter_map(|n| codes.code(1, n)).map(|c| c.len()).sum();
    let _ = writeln!(out, "{:?} a code ({made} characters)", start.elapsed() / 100_000);
    let rule = |text: &str| {
        decider.with_scene(&shop.customers[5], |scene, scope| {
            let program = Program::compile(text, scope).expect("a rule");
            let start = std::time::Instant::now();
            let held = (0..1_000_000).filter(|_| std::hint::black_box(&program).holds(scene)).count();
            (start.elapsed() / 1_000_000, held)
        })
    };
    // Fifty different rules, as a campaign with many segments would have them.
    let fifty: Vec<String> = (0..50u32)
        .map(|n| match n % 5 {
            0 => format!("rfm.r >= {} && rfm.f >= 4 && rfm.m >= {}", n % 5 + 1, n % 4 + 1),
            1 => format!("customer.status == \"active\" && customer.points > {}", n * 100),
            2 => format!("age(customer.birth_date) >= {n} && customer.rank in [\"gold\", \"silver\"]"),
            3 => format!("customer.joined_at >= posting_date - {} days || missing(customer.birth_date)", n * 30),
            _ => format!("bought(category = \"茶\", within = {} days) && customer.prefecture == \"東京都\"", 30 + n),
        })
        .collect();
    let mut held = 0;
    let mut spent = std::time::Duration::ZERO;
    for record in shop.customers.iter().take(2_000) {
        decider.with_scene(record, |scene, scope| {
            let programs: Vec<Program> = fifty.iter().map(|t| Program::compile(t, scope).expect("a rule")).collect();
            let start = std::time::Instant::now();
            held += std::hint::black_box(&programs).iter().filter(|p| p.holds(scene)).count();
            spent += start.elapsed();
        });
    }
    let _ = writeln!(out, "{:?} for fifty rules of one customer ({held} held)", spent / 2_000);
    for text in [
        "rfm.r >= 4 && rfm.f >= 4 && rfm.m >= 4",
        "customer.status == \"active\" && customer.points > 100",
        "bought(category = \"茶\", within = 90 days)",
        "value.discount > 3",
        "segment.plan == \"tea-care\"",
        "count(family, where = age(family.birth_date) < 7) > 1",
        "score.interest > 2",
        "age(customer.birth_date) >= 20 && customer.joined_at >= posting_date - 240 days",
    ] {
        let (each, held) = rule(text);
        let _ = writeln!(out, "{each:?} a rule: {text} ({held})");
    }
}
