//! Decisions as a file: written by `decide`, followed by `run --decisions`.
#![allow(clippy::unwrap_used)] // a test that cannot read what was made has failed

mod support;

use support::{Shop, root};

fn sample() -> Shop {
    Shop::copy_of(&root().join("sample-data/autumn-dm"))
}

fn same_folders(shop: &Shop, a: &str, b: &str) {
    assert_eq!(shop.list(a), shop.list(b));
    for name in shop.list(a) {
        assert!(
            shop.read(&format!("{a}/{name}")) == shop.read(&format!("{b}/{name}")),
            "{b}/{name} differs from {a}/{name}"
        );
    }
}

#[test]
fn decide_then_run_makes_the_bytes_of_run() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "one.jsonl", "--threads", "1"]).ends_with(0).tells("read 2,0");
    shop.surimono(&["decide", "campaign.toml", "-o", "two.jsonl", "--threads", "2"]).ends_with(0);
    assert!(shop.read("one.jsonl") == shop.read("two.jsonl"), "the threads show");
    let lines = shop.text("one.jsonl");
    let rows = shop.read("data/customers.csv").iter().filter(|b| **b == b'\n').count() - 1;
    assert_eq!(lines.lines().count(), rows, "a line for each row");
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--out", "a"]).is_made();
    // The order of the lines does not matter.
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.reverse();
    turned.rotate_left(700);
    shop.write("turned.jsonl", turned.join("\n").as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--out", "b", "--decisions", "turned.jsonl"]).is_made();
    same_folders(&shop, "a", "b");
    // Ids only: no customer's name stands in it.
    let names = shop.read("data/customers.csv");
    let (names, _, _) = encoding_rs::SHIFT_JIS.decode(&names);
    let column = names.lines().next().unwrap().split(',').position(|c| c == "name").unwrap();
    for name in names.lines().skip(1).filter_map(|l| l.split(',').nth(column)).filter(|n| n.chars().count() > 2) {
        assert!(!lines.contains(name), "a name stands in the decisions");
    }
}

/// In the order of the post, with a budget, coupons that are short, codes from a pool, and keys that lead nowhere: what is
/// decided row by row in the order of the file is what the run makes, and what `explain` says.
#[test]
fn a_run_in_posting_order_with_budgets_and_pools_follows_its_decisions() {
    let shop = Shop::copy_of(&root().join("tests/cases/post-in-order"));
    let places = shop.text("customers.csv");
    let places: Vec<&str> = places.lines().skip(1).filter_map(|l| l.splitn(3, ',').nth(2)).collect();
    let header = places.len();
    assert!(header > 3, "{places:?}");
    let named = shop.text("customers.csv").lines().next().unwrap().splitn(3, ',').nth(2).unwrap().to_owned();
    let mut rows = format!("customer_id,name,rank,spent,shop,{named}\n");
    for i in 0..120 {
        let rank = ["gold", "plain", "plain"][i % 3];
        let (spent, shop) = ((i * 7919) % 9000, ["S1", "S2", "S9"][(i / 2) % 3]);
        rows.push_str(&format!("C{i:03},姓{i} 名,{rank},{spent},{shop},{}\n", places[(i * 7) % places.len()]));
    }
    shop.write("customers.csv", rows.as_bytes());
    shop.write("shops.csv", b"shop\nS1\nS2\n");
    let pool: String = (0..25).map(|i| format!("CAFE-{i:04}\n")).collect();
    shop.write("pool.csv", format!("code\n{pool}").as_bytes());
    shop.write("campaign.key", &std::fs::read(root().join("tests/cases/coupon-budgets/campaign.key")).unwrap());
    let rules = "\n[tables.customers.columns]\nspent = \"money\"\n\n[tables.shops]\nfile = \"shops.csv\"\nkey = \"shop\"\n\n\
                 [tables.pool]\nfile = \"pool.csv\"\n\n[audience]\npiece_cost = { print = 100 }\nbudget = { pieces = 60 }\n\n[money]\n\
                 response = \"customer.spent / 10000.0\"\norder_margin = \"3000\"\nbasket = \"customer.spent\"\n\n\
                 [coupon_rules]\nper_piece = 2\n\n[[coupons]]\nid = \"gold\"\nwhere = 'customer.rank == \"gold\"'\n\
                 title = \"20%OFF\"\nvalue = { percent = 20, up_to = 3_000 }\nbudget = { count = 9 }\naward_by = \"customer.spent\"\n\n\
                 [[coupons]]\nid = \"cafe\"\ntitle = \"喫茶\"\npriority = -1\npool = { table = \"pool\" }\n\n[piece]";
    let campaign = shop.text("campaign.toml");
    for policy in ["reject", "default"] {
        let keys = "key = \"customer_id\"\nof = { shop = \"shops\" }\nfaults = { unknown_key = \"POLICY\" }"
            .replace("POLICY", policy);
        let own = campaign.replace("key = \"customer_id\"", &keys).replace("[piece]", rules);
        let own = own.replace(
            "posting_date = 2026-12-01",
            "posting_date = 2026-12-01\nsecret_file = \"campaign.key\"\nallow_rejects = \"100%\"",
        );
        shop.write("campaign.toml", own.as_bytes());
        let [a, b, d] = ["a", "b", "d.jsonl"].map(|n| format!("{policy}-{n}"));
        shop.surimono(&["run", "campaign.toml", "--out", &a]).is_made();
        shop.surimono(&["decide", "campaign.toml", "-o", &d]).is_made();
        shop.surimono(&["run", "campaign.toml", "--out", &b, "--decisions", &d]).is_made();
        same_folders(&shop, &a, &b);
        let lines = shop.text(&d);
        // In the order of the file, whatever the order of the post.
        assert!(lines.lines().next().unwrap().contains("\"customer\":\"C000\""), "{lines}");
        let manifest = shop.text(&format!("{a}/manifest.csv"));
        assert!(!manifest.lines().nth(1).unwrap().starts_with("customers.csv,2,"), "in the order of the post");
        let closing = shop.text(&format!("{a}/closing.txt"));
        assert!(closing.contains("budget: 60 pieces") && closing.contains("coupon gold: 9 given"), "{closing}");
        let rejected = lines.lines().filter(|l| l.contains("\"outcome\":\"rejected\"")).count();
        assert_eq!(rejected, if policy == "reject" { 40 } else { 0 });
        // C004 names a shop that there is not.
        let explained = shop.surimono(&["explain", "campaign.toml", "C004"]).out;
        let json = shop.surimono(&["explain", "campaign.toml", "C004", "--json"]).out;
        assert_eq!(explained.contains("unknown-key"), policy == "reject", "{explained}");
        assert_eq!(json.trim(), lines.lines().find(|l| l.contains("\"C004\"")).unwrap());
        shop.surimono(&["proof", "campaign.toml", "--out", &format!("{policy}-proof")]).ends_with(0);
    }
}

#[test]
fn inserts_for_orders_go_the_same_way() {
    let shop = sample();
    shop.surimono(&["decide", "inserts.toml", "-o", "orders.jsonl"]).is_made();
    assert!(shop.text("orders.jsonl").starts_with("{\"piece\":"), "a line");
    assert!(shop.text("orders.jsonl").contains("\"shipment\":\""));
    shop.surimono(&["run", "inserts.toml", "--limit", "60", "--out", "a"]).is_made();
    shop.surimono(&["run", "inserts.toml", "--limit", "60", "--out", "b", "--decisions", "orders.jsonl"]).is_made();
    same_folders(&shop, "a", "b");
}

/// Whoever looks for the sheet of a row that shares another's is told so, by decisions and in words.
#[test]
fn a_shared_sheet_is_decided_once() {
    let shop = Shop::copy_of(&root().join("tests/cases/inserts-of-split-shipments"));
    shop.surimono(&["decide", "campaign.toml", "-o", "d.jsonl"]).ends_with(0).tells("read 7 = to print 3");
    let lines = shop.text("d.jsonl");
    let of = |key: &str| lines.lines().find(|l| l.contains(&format!("\"shipment\":\"{key}\""))).unwrap();
    assert!(of("S2").contains("\"outcome\":\"print\""), "{}", of("S2"));
    assert!(of("S4").contains("one piece for each parcel_id"), "{}", of("S4"));
    shop.surimono(&["run", "campaign.toml", "--out", "a"]).ends_with(0);
    shop.surimono(&["run", "campaign.toml", "--out", "b", "--decisions", "d.jsonl"]).ends_with(0);
    same_folders(&shop, "a", "b");
    let told = shop.surimono(&["explain", "campaign.toml", "S3"]).ends_with(0).out.clone();
    assert!(told.contains("gets nothing: one piece for each order_id"), "{told}");
}

#[test]
fn what_an_editor_changes_is_printed() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "d.jsonl", "--limit", "40"]).is_made();
    let lines = shop.text("d.jsonl");
    let first = lines.lines().find(|l| l.contains("\"outcome\":\"print\"")).unwrap();
    let line: serde_json::Value = serde_json::from_str(first).unwrap();
    let (piece, key) = (line["piece"].as_str().unwrap(), line["customer"].as_str().unwrap());
    let edited = format!("{{\"customer\":\"{key}\",\"outcome\":\"suppressed\",\"cause\":\"the shop's wish\"}}");
    shop.write("d.jsonl", lines.replace(first, &edited).as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "40", "--decisions", "d.jsonl"])
        .is_made()
        .tells("the shop's wish");
    let row = shop.text("out/manifest.csv").lines().find(|l| l.contains(piece)).unwrap().to_owned();
    assert!(row.contains("suppressed,the shop's wish"), "{row}");
}

#[test]
fn nobody_is_written_to_against_their_will() {
    let shop = sample();
    shop.surimono(&["decide", "campaign.toml", "-o", "d.jsonl", "--limit", "200"]).is_made();
    let lines = shop.text("d.jsonl");
    let of = |words: &str| lines.lines().find(|l| l.contains(words)).unwrap().to_owned();
    let (wanted, unwilling) = (of("\"outcome\":\"print\""), of("\"cause\":\"no consent\""));
    let field = |line: &str, name: &str| {
        serde_json::from_str::<serde_json::Value>(line).unwrap()[name].as_str().unwrap().to_owned()
    };
    let mut forced: serde_json::Value = serde_json::from_str(&wanted).unwrap();
    forced["piece"] = field(&unwilling, "piece").into();
    forced["customer"] = field(&unwilling, "customer").into();
    forced["coupon"].as_object_mut().unwrap().remove("code");
    shop.write("d.jsonl", lines.replace(&unwilling, &forced.to_string()).as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "200", "--decisions", "d.jsonl"]).is_made();
    let piece = field(&unwilling, "piece");
    let row = shop.text("out/manifest.csv").lines().find(|l| l.contains(&piece)).unwrap().to_owned();
    assert!(row.contains("suppressed,no consent"), "{row}");
}

fn households() -> Shop {
    Shop::copy_of(&root().join("tests/cases/consent-lists-and-households"))
}

#[test]
fn explain_says_why_someone_gets_nothing() {
    let shop = households();
    let explained = |customer: &str| shop.surimono(&["explain", "campaign.toml", customer]).ends_with(0).out.clone();
    for (customer, words) in [
        (
            "C01",
            &["gets nothing: another of the household", "household: another of the household gets its one piece"][..],
        ),
        ("C02", &["gets the piece spring-00000002", "`customer.points >= 100` (customer.points is 30)"]),
        ("C03", &["gets nothing: consent not given yet", "2026-12-01"]),
        ("C04", &["gets nothing: consent withdrawn"]),
        ("C05", &["gets nothing: no consent"]),
        ("C06", &["gets nothing: stops: moved", "since 2026-10-01 (stops.csv row 2)"]),
        ("C07", &["gets nothing: deceased: deceased", "(deceased.csv row 2)"]),
        ("C09", &["gets nothing: returned: returned", "the household is on a list"]),
        ("C10", &["outside the audience", "`customer.status == \"active\"` (customer.status is \"left\")"]),
        ("C11", &["segment: many-points", "arm: "]),
    ] {
        let told = explained(customer);
        for word in words {
            assert!(told.contains(word), "{customer}: `{word}` is not in\n{told}");
        }
    }
    let told = explained("C10");
    let audience = told.lines().find(|l| l.starts_with("audience:")).unwrap();
    assert!(!audience.contains("customer.points"), "only what fails is told: {audience}");
}

/// Who of a household gets the piece, and arms within segments, do not follow the order of the rows or the threads.
#[test]
fn the_order_of_the_rows_moves_nobody() {
    let shop = households();
    let outcomes = |shop: &Shop, threads: &str| -> Vec<String> {
        let out = shop.surimono(&["decide", "campaign.toml", "--threads", threads]).is_made().out.clone();
        let mut all: Vec<String> = out
            .lines()
            .map(|l| {
                let line: serde_json::Value = serde_json::from_str(l).unwrap();
                format!("{} {} {} {}", line["customer"], line["outcome"], line["cause"], line["arm"])
            })
            .collect();
        all.sort();
        all
    };
    let first = outcomes(&shop, "1");
    assert_eq!(first, outcomes(&shop, "2"));
    let text = shop.text("customers.csv");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[1..].reverse();
    lines[1..].swap(2, 9);
    shop.write("customers.csv", lines.join("\n").as_bytes());
    assert_eq!(first, outcomes(&shop, "2"));
}

/// Shares within the binomial bound (or, within segments, to one person), the same whatever the order, and the global
/// hold-out the same people in two campaigns.
#[test]
fn hold_outs_and_arms_hold_their_shares() {
    let shop = households();
    let mut csv = String::from("customer_id,name,points\n");
    for n in 0..4_000 {
        csv.push_str(&format!("C{n:05},n,{}\n", if n % 5 == 0 { 100 } else { 0 }));
    }
    let campaign = |id: &str, within: &str| {
        format!(
            "[campaign]\nid = \"{id}\"\ntitle = \"t\"\nas_of = 2026-11-21\nposting_date = 2026-12-01\nsecret_file = \"campaign.key\"\n\
             shop_key_file = \"shop.key\"\n[tables.customers]\nfile = \"customers.csv\"\nkey = \"customer_id\"\n\
             [tables.customers.columns]\npoints = \"integer\"\n[audience]\nhold_out = \"5%\"\nglobal_hold_out = \"2%\"\n\
             arms = {{ a = 1, b = 3 }}\n{within}[[segments.named]]\nname = \"many\"\nwhere = \"customer.points >= 100\"\n\
             [piece]\ntemplate = \"card.html\"\n"
        )
    };
    shop.write("shop.key", b"the key of the shop, the same for all");
    shop.write("customers.csv", csv.as_bytes());
    let decided = |file: &str| -> Vec<serde_json::Value> {
        let out = shop.surimono(&["decide", file]).ends_with(0).out.clone();
        out.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let keys = |lines: &[serde_json::Value], outcome: &str, cause: &serde_json::Value| -> Vec<String> {
        let fits = |l: &&serde_json::Value| l["outcome"] == outcome && l["cause"] == *cause;
        lines.iter().filter(fits).map(|l| l["customer"].as_str().unwrap().to_owned()).collect()
    };
    shop.write("one.toml", campaign("one", "").as_bytes());
    shop.write("two.toml", campaign("two", "arms_within = \"segment\"\n").as_bytes());
    let (one, two) = (decided("one.toml"), decided("two.toml"));
    let always = serde_json::Value::from("every campaign");
    let (first, second) = (keys(&one, "held-out", &always), keys(&two, "held-out", &always));
    assert_eq!(first, second, "the same people in every campaign");
    // Five standard deviations: sqrt(4000·0.02·0.98) = 8.9, sqrt(4000·0.05·0.95) = 13.8.
    assert!((36..=124).contains(&first.len()), "{}", first.len());
    let (own, other) = (keys(&one, "held-out", &().into()), keys(&two, "held-out", &().into()));
    assert!((126..=270).contains(&own.len()) && own != other, "{}", own.len());
    let share = |lines: &[serde_json::Value], segment: &str| {
        let of: Vec<_> = lines.iter().filter(|l| l["outcome"] == "print" && l["segment"] == segment).collect();
        (of.iter().filter(|l| l["arm"] == "b").count(), of.len())
    };
    for segment in ["many", "other"] {
        let (b, all) = share(&two, segment);
        assert!((4 * b).abs_diff(3 * all) <= 4, "{segment}: {b} of {all} is not three quarters to one person");
        let (b, all) = share(&one, segment);
        // Five standard deviations of n·0.25·0.75.
        let bound = (25 * all * 3 / 16).isqrt() + 1;
        assert!(b.abs_diff(all * 3 / 4) <= bound, "{segment}: {b} of {all}");
    }
}
