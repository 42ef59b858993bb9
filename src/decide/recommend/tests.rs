//! The shop of docs/recommend.md: what it says is shown to whom, and why.

use crate::decide::Scratch;
use crate::decide::decision::{Decision, Slot};
use crate::decide::evaluate::{Options, Report};
use crate::decide::shop::Shop;

const MANUAL: &str = include_str!("../../../docs/recommend.md");

/// The fenced blocks of the manual with their info strings, in order.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = MANUAL.split("```").skip(1).step_by(2);
    fenced.filter_map(|b| b.split_once('\n')).collect()
}

/// A table of the manual.
fn csv(name: &str) -> String {
    let info = format!("csv {name}");
    blocks().iter().filter(|b| b.0 == info).map(|b| b.1).collect()
}

impl Shop {
    /// What each customer's slots are told, `C1 pick_1 P4: bought …`.
    fn told(&self, toml: &str) -> Vec<String> {
        let decider = self.decider(toml);
        // One memory for all: nothing of one person may reach the next.
        let mut scratch = Scratch::default();
        let mut told = Vec::new();
        for record in &self.customers {
            let customer = record.text(0).to_owned();
            match decider.decide(record, record.number(), &mut scratch) {
                Ok(Decision { slots, .. }) => told.extend(slots.iter().map(|s| format!("{customer} {}", words(s)))),
                Err(fault) => {
                    assert_eq!(fault.code, "slot-empty");
                    let slot = fault.message.split('`').nth(1).unwrap_or_default();
                    told.push(format!("{customer} {slot} nothing"));
                }
            }
        }
        told
    }
}

fn words(slot: &Slot) -> String {
    match &slot.product {
        Some(product) => format!("{} {product}: {}", slot.name, slot.because),
        None => format!("{} nothing", slot.name),
    }
}

fn faults(toml: &str) -> Vec<String> {
    Shop::with(csv).faults(toml)
}

#[test]
fn everybody_is_shown_what_the_manual_says() {
    let shop = Shop::with(csv);
    let mut count = 0;
    for pair in blocks().windows(2) {
        if let [("toml", toml), ("told", expected)] = pair {
            let told = shop.told(toml);
            for line in expected.lines() {
                assert!(told.iter().any(|t| t == line), "{line}\nis not in {told:#?}\nof\n{toml}");
                count += 1;
            }
        }
    }
    assert!(count >= 25, "{count}");
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let shop = Shop::with(csv);
    let turned = Shop::with(|name| {
        let text = csv(name);
        let mut lines: Vec<&str> = text.lines().collect();
        // Of purchases on one day, the later row is the later one; so these stay.
        if lines.len() > 1 && !matches!(name, "purchases") {
            lines[1..].reverse();
        }
        lines.join("\n")
    });
    for (_, toml) in blocks().iter().filter(|b| b.0 == "toml") {
        let (mut a, mut b) = (shop.told(toml), turned.told(toml));
        a.sort();
        b.sort();
        assert_eq!(a, b, "{toml}");
    }
}

#[test]
fn baskets_count_by_day_or_by_a_column() {
    let shop = Shop::with(csv);
    let ladder = |more: &str| {
        format!(
            "[slots]\nnames = [\"a\"]\nmay_be_empty = [\"a\"]\n\
             ladder = [{{ by = \"bought_together\", min_support = 1, shrink = 0, to = \"last_bought\", {more} }}]\n"
        )
    };
    // C1 bought P1 last; on one day P1 was bought with P3 by C2, and with P4 by C4: equal, so the key decides.
    let told = shop.told(&ladder("per = \"day\""));
    assert!(
        told.contains(&"C1 a P3: bought P1 on 2026-09-12; 1 of 4 baskets with it held this".to_owned()),
        "{told:?}"
    );
    // The amount for a basket, to have one: P1 in four baskets of 1000 is one group.
    let told = shop.told(&ladder("per = \"amount\""));
    assert!(told.contains(&"C1 a nothing".to_owned()), "{told:?}");
    // Only what was bought in the last hundred days: C2's P4 and C4's P1 and P4.
    let told = shop.told(&ladder("days = 50"));
    assert!(told.contains(&"C1 a P4: bought P1 on 2026-09-12; 1 of 1 who did bought this".to_owned()), "{told:?}");
}

#[test]
fn the_lines_of_the_record_itself_can_be_started_from() {
    let shop = Shop::with(|name| match name {
        "order_lines" => "customer_id,product_id\nC6,P1\nC6,P9\nC5,P3\n".to_owned(),
        name => csv(name),
    });
    let toml = "[slots]\nnames = [\"a\"]\nmay_be_empty = [\"a\"]\n\
                ladder = [{ by = \"bought_together\", min_support = 1, to = \"order_lines\" }]\n";
    let told = shop.told(toml);
    assert!(told.contains(&"C6 a P3: P1 is in its order_lines; 3 of 4 who did bought this".to_owned()), "{told:?}");
    assert!(told.contains(&"C1 a nothing".to_owned()), "{told:?}");
}

#[test]
fn what_is_returned_is_not_bought() {
    let shop = Shop::with(|name| match name {
        "purchases" => csv(name) + "C4,P1,2026-10-20,-1,-1000\n",
        name => csv(name),
    });
    let toml = "[slots]\nnames = [\"a\"]\nmay_be_empty = [\"a\"]\n\
                ladder = [{ by = \"bought_together\", min_support = 1, shrink = 0 }]\n";
    // P1 and P4 are now together in C2's purchases only; C4 has P4 alone.
    let told = shop.told(toml);
    assert!(told.contains(&"C1 a P4: bought P1 on 2026-09-12; 1 of 3 who did bought this".to_owned()), "{told:?}");
    assert!(told.contains(&"C4 a P5: bought P4 on 2026-10-10; 1 of 3 who did bought this".to_owned()), "{told:?}");
}

#[test]
fn explanations_say_what_was_refused() {
    let shop = Shop::with(csv);
    let toml = blocks().iter().find(|b| b.0 == "toml" && b.1.contains("most_alike")).expect("the guards").1;
    let decider = shop.decider(toml);
    let lines = decider.explain(&shop.customers[0], 1).join("\n");
    for part in
        ["P2 (similar): taken for pick_1", "never when shown(product, pieces = 1)", "1 of its kind are on the piece"]
    {
        assert!(lines.contains(part), "{part} is not in\n{lines}");
    }
    let toml = "[slots]\nnames = [\"a\", \"b\", \"c\"]\nmost_alike = \"20%\"\n\
                ladder = [{ by = \"popular\", days = 365 }]\n";
    let lines = shop.decider(toml).explain(&shop.customers[5], 6).join("\n");
    assert!(lines.contains("25 % alike with P4, which is on the piece"), "{lines}");
}

#[test]
fn every_fault_of_a_ladder_is_told_with_its_line() {
    let found = faults(
        "[slots]\nnames = [\"a\", \"b\"]\nnever = [\"shown(product, pieces = 2)\"]\nmost_alike = \"60\"\nladder = [\n\
         { by = \"bought_togethr\" },\n\
         { by = \"bought_together\", evidence = [\"rank\"] },\n\
         { by = \"bought_together\", per = \"baskets\", measure = \"cos\" },\n\
         { by = \"similar\", words = [\"nam\"], to = \"last\" },\n\
         { by = \"similar\", weights = { categry = 3 } },\n\
         { by = \"bayes\" },\n\
         { by = \"bayes\", evidence = [\"rnk\", \"birth_date\"] },\n\
         { by = \"bayes\", evidence = [\"rank\", \"age\"], parents = { rank = \"age\", age = \"rank\" } },\n\
         { by = \"people_like_you\" },\n\
         { by = \"scores\", table = \"purchases\" },\n\
         { by = \"popular\", days = 0 },\n\
         { by = \"popular\", days = 9, most = 0 },\n\
         { by = \"popular\", days = 9, measure = \"heads\" },\n\
         { by = \"bought_again\", half_life = \"long\" },\n\
         ]\n[slots.ladders]\nc = [{ by = \"popular\", days = 9 }]\n",
    );
    for (line, part) in [
        (3, "`shown` needs a table of past pieces"),
        (4, "no share"),
        (6, "did you mean `bought_together`?"),
        (7, "`evidence` belongs to bayes"),
        (8, "no column `baskets`"),
        (8, "no measure"),
        (9, "no column `nam` / did you mean `name`?"),
        (9, "nothing to start from"),
        (10, "`categry` is not compared / did you mean `category`?"),
        (11, "must say what it knows"),
        (12, "`rnk`"),
        (12, "this is a date / count years or days: `age(customer.birth_date)`"),
        (13, "makes a circle"),
        (14, "must say in what"),
        (15, "no column `score`"),
        (16, "does not do"),
        (17, "does not do"),
        (18, "no measure"),
        (19, "no span of time"),
        (22, "no slot `c`"),
    ] {
        assert!(
            found.iter().any(|f| f.starts_with(&format!("{line}: ")) && f.contains(part)),
            "line {line}: {part} is not in {found:#?}"
        );
    }
}

#[test]
fn what_is_bought_again_stands_by_its_days_and_their_age() {
    // Ages on 21 November: P1 10 and 20 days (two lines of one day are one), P4 40, 60 and 80, P5 5 and, sent back, 3.
    let purchases = "customer_id,product_id,bought_at,quantity,amount\n\
                     C1,P4,2026-09-02,1,1\nC1,P1,2026-11-11,1,1\nC1,P4,2026-10-12,1,1\nC1,P1,2026-11-01,2,1\n\
                     C1,P5,2026-11-16,1,1\nC1,P5,2026-11-18,1,1\nC1,P5,2026-11-19,-1,-1\nC1,P1,2026-11-11,1,1\n\
                     C1,P4,2026-09-22,1,1\nC2,P2,2026-11-20,9,1\nC2,P1,2026-11-20,1,1\n";
    let told = |purchases: &str, rung: &str| {
        let shop = Shop::with(|name| if name == "purchases" { purchases.into() } else { csv(name) });
        let slots = "names = [\"a\", \"b\", \"c\"]\nmay_be_empty = [\"a\", \"b\", \"c\"]";
        shop.told(&format!("[slots]\n{slots}\nladder = [{rung}]\n"))
    };
    // P1: 2^(−10/20) + 2^(−20/20) = 1.207; P4: 2^−2 + 2^−3 + 2^−4 = 0.438. P5 was kept on one day only.
    let again = told(purchases, "{ by = \"bought_again\", half_life = \"20 days\" }");
    let c1 = [
        "C1 a P1: bought on 2 days, last on 2026-11-11",
        "C1 b P4: bought on 3 days, last on 2026-10-12",
        "C1 c nothing",
    ];
    assert_eq!(again[..3], c1);
    assert!(again[3..].iter().all(|line| line.ends_with("nothing")), "{again:#?}");
    // With a long half-life, days count more than their age: P4 2.69, P1 1.94.
    let slow = told(purchases, "{ by = \"bought_again\", half_life = \"1 years\" }");
    assert!(slow[0].starts_with("C1 a P4"), "{slow:#?}");
    // Whatever the order of the file; and within 30 days P4 was not bought.
    let (head, rows) = purchases.split_once('\n').expect("a header");
    let turned: Vec<&str> = std::iter::once(head).chain(rows.lines().rev()).collect();
    let rung = "{ by = \"bought_again\", half_life = \"20 days\" }";
    assert_eq!(told(&turned.join("\n"), rung), again);
    let lately = told(purchases, "{ by = \"bought_again\", half_life = \"20 days\", days = 30 }");
    assert_eq!(lately[..2], ["C1 a P1: bought on 2 days, last on 2026-11-11", "C1 b nothing"]);
    // Bestsellers by units, and by people.
    let units = told(purchases, "{ by = \"popular\", days = 90 }");
    assert_eq!(units[0], "C1 a P2: 9 sold in 90 days, rank 1");
    let people = told(purchases, "{ by = \"popular\", days = 90, measure = \"people\" }");
    assert_eq!(people[0], "C1 a P1: 2 people bought it in 90 days, rank 1");
    assert_eq!(people[1], "C1 b P2: 1 person bought it in 90 days, rank 2");
}

#[test]
fn what_was_bought_last_is_guessed_as_worked_out_by_hand() {
    let shop = Shop::with(csv);
    let toml = "[slots]\nnames = [\"a\"]\n\
                ladder = [{ by = \"bought_together\", min_support = 1, shrink = 0 }, { by = \"bayes\", evidence = [\"rank\"] }]\n";
    let report = |k, repeats| {
        let options = Options { k, seed: 7, repeats };
        shop.decider(toml).evaluate(options, |see| shop.people(see)).expect("nothing fails").expect("slots")
    };
    // Hidden: C1's P1, C2's P4, C3's P3; C4 and C5 bought on one day only, C6 nothing. Left: P1 3, P4 3, P3 2, P5 1.
    let one = report(1, false);
    assert_eq!((one.people, one.products), (3, 4));
    let row = |report: &Report, name: &str| report.rows.iter().find(|r| r.name == name).expect("a row").clone();
    // Popularity gives P1 to C1 (right), P4 to C2 (right), and P4 to C3.
    let popularity = row(&one, "popularity");
    assert_eq!((popularity.hits, popularity.coverage, popularity.answered), (2, 0.5, 1.0));
    // P3 leads C1 to P1; P1 and P3 lead C2 to P4; P1 leads C3 to P3 and P4 equally, and P3 comes first by key.
    let together = row(&one, "bought_together");
    assert_eq!((together.hits, together.hit_rate, together.ndcg, together.coverage), (3, 1.0, 1.0, 0.75));
    // With two each, popularity finds C3's in the second place: (1 + 1 + 1 / log2 3) / 3.
    let popularity = row(&report(2, false), "popularity");
    assert_eq!(popularity.hits, 3);
    assert!((popularity.ndcg - (2.0 + 1.0 / libm::log2(3.0)) / 3.0).abs() < 1e-12);
    // Nobody had bought the hidden products before, so the targets stay; but what is known is given too.
    let popularity = row(&report(1, true), "popularity");
    assert_eq!((popularity.hits, popularity.coverage), (1, 0.25));
    assert_eq!(report(1, false), one, "the same seed, the same figures");
    assert!(one.table().contains("66.67 % ± 53.34"), "{}", one.table());
}
