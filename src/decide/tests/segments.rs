//! What the manual says of segmentations, scores, and of rows that are counted.

use super::{Shop, blocks, campaign, told};

#[test]
fn everyone_is_in_one_group_of_each_segmentation() {
    let shop = Shop::open();
    let decider = shop.decider(&campaign());
    let table = super::MANUAL.split("| | life_stage |").nth(1).and_then(|t| t.split("\n\n").next()).expect("a table");
    let rows: Vec<Vec<&str>> =
        table.lines().skip(2).map(|l| l.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let customer: usize = row[0].trim_start_matches('C').parse().expect("a number");
        let segments = shop.decide(&decider, customer).expect("decided").segments;
        let found: Vec<(&str, &str)> = segments.iter().map(|(s, g)| (&**s, &**g)).collect();
        let expected = [("life_stage", row[1]), ("need", row[2]), ("profit", row[3]), ("plan", row[4])];
        assert_eq!(found, expected, "{}", row[0]);
    }
    let decision = shop.decide(&decider, 2).expect("decided");
    let mut json = Vec::new();
    decider.write_decision(&decision, &mut json);
    let json = String::from_utf8(json).expect("UTF-8");
    let mut faults = Vec::new();
    let line = decider.read_line(json.trim(), &mut faults).unwrap_or_else(|| panic!("{faults:#?}"));
    let read = decider.follow(&line, &shop.customers[1], 1, &mut super::Scratch::default()).expect("followed");
    assert_eq!(read.segments, decision.segments);
    let wrong = json.replace("\"need\":\"tea\"", "\"need\":\"tee\"");
    assert!(decider.read_line(wrong.trim(), &mut faults).is_none());
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `tea`?"));
    assert!(json.contains(r#""segments":{"life_stage":"other","need":"tea","#), "{json}");
    let words = decider.explain(&shop.customers[0], 0).join("\n");
    assert!(words.contains("groups: life_stage 子育て, need sweets, profit high, plan sweets-care"), "{words}");
}

#[test]
fn scores_fade_and_end_with_the_window() {
    let shop = Shop::open();
    let of = |toml: &str, customer: usize| {
        shop.decider(toml).with_scene(&shop.customers[customer - 1], |scene, scope| {
            let program = super::Program::compile("score.interest", scope).expect("a score");
            super::words(program.value(scene))
        })
    };
    assert_eq!(of(&campaign(), 1), "2.275572");
    assert_eq!(of(&campaign(), 4), "0.629961");
    assert_eq!(of(&campaign(), 2), "0");
    let plain = campaign().replace("half_life = \"30 days\"\n", "");
    assert_eq!(of(&plain, 1), "4");
    // 90 days before 21 November is 23 August, so a year lets the purchase of June count.
    assert_eq!(of(&plain.replace("window = \"90 days\"", "window = \"1 year\""), 1), "14");
    let web = plain.replace("[scores.interest]", "[scores.interest]\nwhere = 'event.kind == \"cart\"'");
    assert_eq!(of(&web, 1), "3");
    let tags = "[scores.interest]\nfrom = \"interests\"\nvalue = \"interest.score\"\n";
    assert_eq!(of(tags, 1), "1.7");
}

#[test]
fn cancelled_lines_count_nowhere() {
    let shop = Shop::with(|name| {
        let csv = blocks(&format!("csv {name}")).concat();
        if name == "purchases" { csv + "C4,P3,2026-11-15,1,9000,cancelled\nC4,P1,2026-11-16,1,800,held\n" } else { csv }
    });
    // Rules that count purchases, so that these are at hand.
    let campaign = || campaign() + "[[segments.buyers.groups]]\nname = \"yes\"\nwhere = \"any(purchases)\"\n";
    let spent = |toml: &str| {
        shop.decider(toml).with_scene(&shop.customers[3], |scene, scope| {
            let spent = super::Program::compile("rfm.spent + sum(purchases.amount)", scope).expect("a sum");
            (scene.rfm.expect("declared").days, super::words(spent.value(scene)))
        })
    };
    assert_eq!(spent(&campaign()), (Some(90), "6000".into()));
    let with = campaign().replace("where = '!(purchase.status in [\"cancelled\", \"held\"])'\n", "");
    assert_eq!(spent(&with), (Some(15), "25600".into()));
}

#[test]
fn a_status_may_stand_in_the_order() {
    // The purchases name their customer; the list of suppressions is put to use as the orders.
    let toml = campaign();
    let shop = Shop::open();
    assert!(shop.plan(&toml.replace("purchase.status in", "customer.status in")).is_err(), "people are not looked up");
    let product = toml.replace("!(purchase.status in [\"cancelled\", \"held\"])", "product.category != \"茶器\"");
    let decider = shop.decider(&product);
    let days = decider.with_scene(&shop.customers[3], |scene, _| scene.rfm.expect("declared").days);
    assert_eq!(days, None, "C4 bought nothing else");
}

#[test]
fn faults_of_segmentations_are_told_where_they_stand() {
    let found = told(
        "[scores.a]\nfrom = \"products\"\n[scores.b]\nfrom = \"events\"\nwindow = \"9\"\n[scores.c]\nfrom = \"events\"\nweights = { view = 1 }\n\
         [scores.d]\nfrom = \"events\"\nwhere = 'event.knd == \"view\"'\n\
         [segments.x]\n[segments.y]\nvalue = \"customer.points\"\nfrom = [1, 2]\nnames = [\"a\"]\n\
         [segments.z]\nvalue = \"customer.points\"\nfrom = [1]\nnames = [\"low\", \"high\"]\n\
         [segments.g]\nrows = \"zz\"\ncolumns = \"z\"\n\
         [segments.h]\nrows = \"z\"\ncolumns = \"z\"\ncells = { low = { hihg = \"a\" } }\n\
         [[segments.named]]\nname = \"vip\"\nwhere = 'segment.z == \"hgh\" && segment.q == \"a\"'\n\
         [[coupons]]\nid = \"a\"\ntitle = \"a\"\nwhere = 'segment in [\"vipp\"] && count(famly) > 1 && count(stores) > 1'\n",
    );
    for (line, part) in [
        (2, "nothing in this table says whose the rows are"),
        (5, "no span of time"),
        (6, "which weight a row has"),
        (11, "did you mean `kind`?"),
        (12, "four ways"),
        (15, "2 cut points make 3 groups"),
        (22, "did you mean `z`?"),
        (27, "did you mean `high`?"),
        (30, "there is no group `hgh` / did you mean `high`?"),
        (30, "there is no segmentation `q`"),
        (34, "there is no segment `vipp` / did you mean `vip`?"),
        (34, "there is no table `famly` / did you mean `family`?"),
        (34, "nothing joins the table `stores` with `customers`"),
    ] {
        assert!(
            found.iter().any(|f| f.starts_with(&format!("{line}: ")) && f.contains(part)),
            "line {line}: {part} is not in {found:#?}"
        );
    }
    assert!(!blocks("csv needs").is_empty());
}
