//! The main job on the sample campaign, as an operator runs it.
#![allow(clippy::unwrap_used)] // a test that cannot read what was made has failed

mod support;

use std::fs;

use support::{Shop, root};
use surimono::data::{Read, ReadOptions, Reader};

fn sample() -> Shop {
    Shop::copy_of(&root().join("sample-data/autumn-dm"))
}

#[test]
fn the_sample_campaign_is_made_and_its_books_close() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml"]).ends_with(0).tells("read 2,0");
    assert_eq!(
        shop.list("out"),
        [
            "2026-autumn-dm.pdf",
            "characters.csv",
            "closing.txt",
            "manifest.csv",
            "manifest.json",
            "notes.csv",
            "posting.csv",
            "posting.json",
            "rejects.csv",
            "rejects.original.csv",
            "segments.csv",
            "slips.csv",
            "slips.pdf",
            "strays-purchases.csv"
        ]
    );
    // Every card has its customer barcode, and the cards come in the order of their postcodes.
    let posting: serde_json::Value = serde_json::from_slice(&shop.read("out/posting.json")).unwrap();
    assert_eq!(posting["barcoded"], posting["pieces"]);
    let slips = shop.text("out/slips.csv");
    let districts: Vec<&str> = slips.lines().skip(1).filter_map(|l| l.split(',').nth(1)).collect();
    assert!(districts.len() > 200 && districts.is_sorted(), "{districts:?}");
    let json: serde_json::Value = serde_json::from_slice(&shop.read("out/manifest.json")).unwrap();
    let n = |key: &str| json["totals"][key].as_u64().unwrap();
    assert_eq!(
        n("read"),
        n("printed") + n("held_out") + n("suppressed") + n("over_budget") + n("rejected"),
        "{}",
        json["totals"]
    );
    assert!(n("printed") > 1_500 && n("held_out") > 0 && n("suppressed") > 0 && n("over_budget") > 0);
    assert_eq!(n("rejected"), 8, "the deliberate faults, and nothing else");
    let manifest = shop.text("out/manifest.csv");
    assert_eq!(manifest.lines().count() as u64, n("read") + 1, "a line for each row that was read");
    assert!(shop.text("out/closing.txt").contains("read 2,0"));
}

#[test]
fn same_bytes_with_one_two_and_seven_threads_and_without_caches() {
    let shop = sample();
    let runs = [
        ("a", &["--threads", "1"][..]),
        ("b", &["--threads", "2"]),
        ("c", &["--threads", "7"]),
        ("d", &["--threads", "2", "--no-caches"]),
    ];
    for (out, how) in runs {
        let mut args = vec!["run", "campaign.toml", "--limit", "700", "--out", out];
        args.extend(how);
        shop.surimono(&args).ends_with(0);
    }
    same_files(&shop, "a", &["b", "c", "d"]);
}

fn same_files(shop: &Shop, first: &str, others: &[&str]) {
    for out in others {
        assert_eq!(shop.list(first), shop.list(out));
    }
    for name in shop.list(first) {
        let bytes = shop.read(&format!("{first}/{name}"));
        for out in others {
            assert!(bytes == shop.read(&format!("{out}/{name}")), "{out}/{name} differs from {first}/{name}");
        }
    }
}

#[test]
fn split_files_are_the_same_bytes_with_one_and_two_threads() {
    let shop = sample();
    for (how, limit) in [("pieces", "60"), ("bytes", "2MB")] {
        for threads in ["1", "2"] {
            let out = format!("{how}{threads}");
            let args =
                ["run", "campaign.toml", "--limit", "200", "--split", limit, "--threads", threads, "--out", &out];
            shop.surimono(&args).ends_with(0);
        }
        same_files(&shop, &format!("{how}1"), &[&format!("{how}2")]);
    }
}

/// Sheets are made from finished files, whose bytes do not depend on threads; neither do theirs, whole and split.
#[test]
fn sheets_are_the_same_bytes_with_one_and_two_threads() {
    for case in ["impose-in-one-run", "impose-split", "panels-three-panel"] {
        let shop = Shop::copy_of(&root().join("tests/cases").join(case));
        for (out, threads) in [("a", "1"), ("b", "2"), ("c", "2")] {
            shop.surimono(&["run", "campaign.toml", "--threads", threads, "--out", out]).ends_with(0);
        }
        let sheets = shop.list("a/sheets");
        assert!(sheets.iter().any(|n| n.ends_with("-sheets.pdf")), "{sheets:?}");
        same_files(&shop, "a/sheets", &["b/sheets", "c/sheets"]);
    }
}

#[test]
fn files_split_by_bytes_are_as_large_as_they_may_be() {
    let shop = sample();
    // pictures as they came: in four inks a single piece brings much more at once
    let campaign = shop.text("campaign.toml").replace("[output]", "[output]\nrgb = \"keep\"");
    shop.write("campaign.toml", campaign.as_bytes());
    let limit = 2_000_000;
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--split", "2MB"]).ends_with(0);
    let json: serde_json::Value = serde_json::from_slice(&shop.read("out/manifest.json")).unwrap();
    let files = json["files"].as_array().unwrap();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let bytes = file["bytes"].as_u64().unwrap();
        assert!(bytes <= limit, "{file}");
        assert_eq!(shop.read(&format!("out/{}", file["name"].as_str().unwrap())).len() as u64, bytes);
    }
    // one piece more would not have fitted, but for what the end of a file is reckoned larger than it comes out
    let one_more = (files[0]["pieces"].as_u64().unwrap() + 1).to_string();
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--split", &one_more, "--out", "more"]).ends_with(0);
    let json: serde_json::Value = serde_json::from_slice(&shop.read("more/manifest.json")).unwrap();
    let bytes = json["files"][0]["bytes"].as_u64().unwrap();
    assert!(bytes > limit - 40_000, "{one_more} pieces take {bytes} bytes and were not put into one file");
    // One page alone, with its fonts and pictures, takes more than that.
    shop.surimono(&["run", "campaign.toml", "--limit", "20", "--split", "101kB", "--out", "small"])
        .ends_with(2)
        .tells("split-bytes");
    assert!(shop.list("small").is_empty());
}

/// Sheets are larger than their pages: the limits that the message names must be ones with which the run goes through.
#[test]
fn the_limits_told_for_sheets_that_are_too_large_are_ones_that_fit() {
    let shop = Shop::copy_of(&root().join("tests/cases/impose-over-the-limit"));
    let few = shop.text("customers.csv");
    let (head, rows) = few.split_once('\n').unwrap();
    let many = (0..300).filter_map(|i| Some(format!("M{i:04},{}\n", rows.lines().next()?.split_once(',')?.1)));
    shop.write("customers.csv", (format!("{head}\n") + &many.collect::<String>()).as_bytes());
    let campaign = shop.text("campaign.toml");
    let (limit, most) = ("\"814kB\"", 840_000);
    shop.write("campaign.toml", campaign.replace(limit, "\"840kB\"").as_bytes());
    let ran = shop.surimono(&["run", "campaign.toml"]);
    ran.ends_with(2).tells("sheets-bytes");
    let limits: Vec<&str> = ran.told.split('`').filter_map(|part| part.strip_prefix("bytes = ")).collect();
    let [pages, sheets] = limits.as_slice() else { panic!("{}", ran.told) };
    assert_eq!(*sheets, "\"840kB\"");
    let fits = campaign.replace(limit, pages).replace("[output.impose]", &format!("[output.impose]\nbytes = {sheets}"));
    shop.write("campaign.toml", fits.as_bytes());
    shop.surimono(&["run", "campaign.toml", "--out", "fits"]).ends_with(0);
    let made = shop.list("fits/sheets");
    let sizes: Vec<usize> =
        made.iter().filter(|n| n.ends_with(".pdf")).map(|n| shop.read(&format!("fits/sheets/{n}")).len()).collect();
    assert!(!sizes.is_empty() && sizes.iter().all(|bytes| *bytes <= most), "{sizes:?}");
}

#[test]
fn files_are_split_by_pieces_and_records_chosen_by_range() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml", "--records", "100..499", "--split", "150"]).ends_with(0);
    let json: serde_json::Value = serde_json::from_slice(&shop.read("out/manifest.json")).unwrap();
    assert_eq!(json["totals"]["read"], 400);
    let files = json["files"].as_array().unwrap();
    assert!(files.len() >= 2, "{files:?}");
    for file in &files[..files.len() - 1] {
        assert_eq!(file["pieces"], 150);
    }
    // Each file has a list and a manifest of its own, and together they hold what was printed.
    let mut sum = 0;
    for file in files {
        let stem = file["name"].as_str().unwrap().strip_suffix(".pdf").unwrap();
        let own: serde_json::Value = serde_json::from_slice(&shop.read(&format!("out/{stem}.json"))).unwrap();
        assert_eq!(&own["file"], file);
        let list = shop.text(&format!("out/{stem}.csv"));
        assert_eq!(list.lines().count() as u64, file["pieces"].as_u64().unwrap() + 1);
        let (first, last) = (list.lines().nth(1).unwrap(), list.lines().last().unwrap());
        assert!(first.contains(file["first_piece"].as_str().unwrap()), "{first}");
        assert!(last.contains(file["last_piece"].as_str().unwrap()), "{last}");
        assert!(stem.contains(&format!("_{:03}-{:03}_", file["from"].as_u64().unwrap(), file["to"].as_u64().unwrap())));
        sum += file["pieces"].as_u64().unwrap();
    }
    assert_eq!(sum, json["totals"]["printed"].as_u64().unwrap());
    let manifest = shop.text("out/manifest.csv");
    let mut rows: Vec<u32> = manifest.lines().skip(1).map(|l| l.split(',').nth(1).unwrap().parse().unwrap()).collect();
    assert!(!rows.is_sorted(), "the order is that of the postcodes");
    rows.sort_unstable();
    assert!(rows.iter().copied().eq(101..=500), "record 100 stands in row 101: {rows:?}");
    // A piece is the same whichever run makes it: its digest, its code, its id.
    shop.surimono(&["run", "campaign.toml", "--records", "300..300", "--out", "one"]).ends_with(0);
    let alone = shop.text("one/manifest.csv");
    let digest = |text: &str| {
        let line = text.lines().find(|l| l.contains(",301,")).unwrap().to_owned();
        line.split(',').filter(|c| c.len() == 64 || c.starts_with("2026-autumn")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(digest(&manifest)[..1], digest(&alone)[..1]);
}

/// The report judges the files as they are: ours, and one that was spoiled.
#[test]
fn the_preflight_of_a_run_finds_nothing_wrong_and_reads_the_codes_back() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml", "--limit", "30"]).ends_with(0);
    let report = |args: &[&str]| -> serde_json::Value {
        let mut all = vec!["preflight", "out", "--codes", "12"];
        all.extend(args);
        shop.surimono(&all);
        serde_json::from_slice(&shop.read("out/report.json")).unwrap()
    };
    let json = report(&[]);
    let faults = |json: &serde_json::Value| -> Vec<String> {
        let of = |findings: &serde_json::Value| findings.as_array().unwrap().clone();
        let mut all = of(&json["job"]["findings"]);
        json["files"].as_array().unwrap().iter().for_each(|f| all.extend(of(&f["findings"])));
        all.iter().filter(|f| f["level"] == "fault").map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(faults(&json), Vec::<String>::new(), "{json:#}");
    let file = &json["files"][0];
    let facts = &file["facts"];
    assert_eq!(facts["standards"][0], "PDF/X-4");
    let trim = facts["boxes"][0]["trim"].as_array().unwrap();
    assert_eq!(trim.iter().filter_map(serde_json::Value::as_f64).collect::<Vec<_>>(), [100.0, 148.0]);
    assert!(facts["fonts"].as_array().unwrap().iter().all(|f| f["embedded"] == true && f["subset"] == true));
    assert!(facts["inks"].as_array().unwrap().contains(&"Black".into()), "{facts:#}");
    let codes = &file["codes"];
    assert_eq!(codes["expected"], codes["right"]);
    assert!(codes["right"].as_u64().unwrap() >= 5, "{codes}");
    // Every card's QR symbol, customer barcode and till symbol are read from their bars; values stand there only when asked for.
    let symbols = &facts["symbols"];
    let pieces = file["pieces"].as_u64().unwrap();
    let kinds: Vec<(&str, u64, u64)> = symbols["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| (k["kind"].as_str().unwrap(), k["symbols"].as_u64().unwrap(), k["agree"].as_u64().unwrap()))
        .collect();
    assert_eq!(kinds, [("jan13", pieces, 0), ("japan-post", pieces, 0), ("qr", pieces, pieces)], "{symbols:#}");
    assert!(
        !shop.text("out/report.json").contains("kohagido.example") && symbols["unread"].as_array().unwrap().is_empty()
    );
    let with_values = report(&["--values"]);
    let first = &with_values["files"][0]["facts"]["symbols"]["found"];
    assert!(first.to_string().contains("https://kohagido.example/a/"), "{first:#}");
    let html = shop.text("out/report.html");
    // values may be addresses, but nothing is linked or fetched
    assert!(html.contains("PDF/X-4"), "{html:.400}");
    assert!(!["<script", "<a ", "src=", "url(", "@import"].iter().any(|w| html.contains(w)), "{html:.400}");
    // The codes of other pieces are not those that the manifest names.
    let manifest = shop.text("out/manifest.json").replace("\"url\":\"https://", "\"url\":\"https://not.");
    shop.write("out/manifest.json", manifest.as_bytes());
    assert!(faults(&report(&[])).contains(&"codes".to_owned()));
}

#[test]
fn an_existing_output_is_kept_unless_forced() {
    let shop = sample();
    let run = |more: &[&str]| {
        let mut args = vec!["run", "campaign.toml", "--limit", "10"];
        args.extend(more);
        shop.surimono(&args)
    };
    run(&[]).ends_with(0);
    let before = shop.read("out/manifest.json");
    run(&[]).ends_with(2).tells("--force");
    assert!(before == shop.read("out/manifest.json"));
    run(&["--force", "--records", "20..40"]).ends_with(0);
    assert!(before != shop.read("out/manifest.json"));
    assert!(!shop.list("out").iter().any(|n| n.ends_with(".partial")));
}

#[test]
fn more_rejects_than_allowed_end_with_exit_code_1() {
    let shop = Shop::minimal("customer_id,name\nC1,山田 花子\nC2,佐藤 健\nC3,鈴木\n\u{7f}C4\n".as_bytes());
    shop.surimono(&["run", "campaign.toml"]).ends_with(1).tells("rejected").does_not_tell("花子");
    assert!(shop.list("out").contains(&"minimal.pdf".to_owned()), "it is made all the same");
}

#[test]
fn events_are_json_one_a_line() {
    let shop = sample();
    let ran = shop.surimono(&["run", "campaign.toml", "--limit", "50", "--json", "--timings"]);
    ran.ends_with(0);
    let events: Vec<serde_json::Value> = ran.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    // What is wrong with the inputs is told before anything starts.
    let first = events.iter().find(|e| e["event"] != "diagnostic").unwrap();
    assert_eq!(first["event"], "start");
    let end = events.last().unwrap();
    assert_eq!((&end["event"], &end["made"]), (&"end".into(), &true.into()));
    for step in ["tokenise", "style", "boxes", "shape", "lines", "symbols"] {
        let timed = |e: &serde_json::Value| e["stage"] == "lay out" && e["step"] == step;
        assert!(events.iter().any(|e| e["event"] == "timing" && timed(e) && e["nanoseconds"] != 0), "{step}");
    }
}

#[test]
fn one_insert_on_demand_and_none_for_a_cancelled_order() {
    let shop = sample();
    let rows = |file: &str| -> Vec<std::collections::HashMap<String, String>> {
        csv::Reader::from_reader(shop.text(file).as_bytes()).deserialize().map(|r| r.unwrap()).collect()
    };
    let (orders, shipments) = (rows("data/orders.csv"), rows("data/shipments.csv"));
    // The first parcel with an order that stands so.
    let of = |wanted: &str| {
        let order = &orders.iter().find(|o| o["status"] == wanted).unwrap()["order_id"];
        shipments.iter().find(|s| s["order_id"] == *order).unwrap()["shipment_id"].clone()
    };
    let paid = of("paid");
    let ran = shop.surimono(&["insert", "inserts.toml", "--order", &paid, "--out", "one.pdf"]);
    ran.ends_with(0);
    assert!(shop.read("one.pdf").starts_with(b"%PDF-1."));
    shop.surimono(&["insert", "inserts.toml", "--order", &of("cancelled"), "--out", "none.pdf"])
        .ends_with(2)
        .tells("gets no piece");
    shop.surimono(&["insert", "inserts.toml", "--order", "O-NOT-THERE", "--out", "none.pdf"]).ends_with(2);
    assert!(!shop.list(".").contains(&"none.pdf".to_owned()));
}

#[test]
fn explain_says_what_a_customer_gets_and_why() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml", "--limit", "60"]).ends_with(0);
    let manifest = shop.text("out/manifest.csv");
    let printed = manifest.lines().find(|l| l.contains("printed")).unwrap();
    let row: usize = printed.split(',').find_map(|c| c.parse().ok()).unwrap();
    let customers = shop.read("data/customers.csv");
    let line = customers.split(|b| *b == b'\n').nth(row - 1).unwrap();
    let id = String::from_utf8_lossy(&line[..7]).into_owned();
    let ran = shop.surimono(&["explain", "campaign.toml", &id]);
    ran.ends_with(0);
    assert!(ran.out.contains("coupon") && ran.out.contains("pick_1"), "{}", ran.out);
    shop.surimono(&["explain", "campaign.toml", "C9999999"]).ends_with(2).tells("no customer");
}

#[test]
fn a_proof_shows_the_worst_records() {
    let shop = sample();
    shop.surimono(&["proof", "campaign.toml", "--dpi", "40"]).ends_with(0).tells("longest name").tells("coupon");
    let made = shop.list("proof");
    assert!(made.contains(&"proof.pdf".to_owned()) && made.contains(&"proof.csv".to_owned()), "{made:?}");
    assert!(made.iter().filter(|n| n.ends_with(".png")).count() >= 10, "{made:?}");
}

/// A tool of the machine, when it has it.
fn tool(name: &str, args: &[&str]) -> Option<String> {
    let output = std::process::Command::new(name).args(args).env("TZ", "UTC").output().ok()?;
    assert!(output.status.success(), "{name} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn each_printed_name_can_be_read_on_its_page() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml", "--limit", "80"]).ends_with(0);
    let pdf = shop.path().join("out/2026-autumn-dm.pdf");
    let Some(text) = tool("pdftotext", &["-raw", &pdf.to_string_lossy(), "-"]) else {
        eprintln!("skipped: no pdftotext on this machine");
        return;
    };
    let plain = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let pages: Vec<String> = text.split('\u{c}').map(plain).collect();
    let customers = shop.path().join("data/customers.csv");
    let mut reader = Reader::open(&customers, "customers.csv", &ReadOptions::default()).unwrap();
    let name = reader.schema().position("name").unwrap();
    let mut names = std::collections::BTreeMap::new();
    let mut record = reader.record();
    loop {
        match reader.read(&mut record).unwrap() {
            Read::End => break,
            Read::Row => drop(names.insert(record.origin.row.to_string(), plain(record.text(name)))),
            Read::Rejected(_) => {}
        }
    }
    let manifest = shop.text("out/manifest.csv");
    let mut seen = 0;
    for row in csv::Reader::from_reader(manifest.as_bytes()).into_records().map(|r| r.unwrap()) {
        if &row[4] == "printed" {
            let (first, last): (usize, usize) = (row[7].parse().unwrap(), row[8].parse().unwrap());
            let on_them = pages[first - 1..last].concat();
            assert!(on_them.contains(&names[&row[1]]), "row {}: its name is not on pages {first}-{last}", &row[1]);
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn the_files_bear_the_campaigns_day_and_not_the_clocks() {
    let shop = sample();
    let campaign = shop.text("campaign.toml").replace("as_of = 2026-11-21", "as_of = 2026-11-19");
    shop.write("campaign.toml", campaign.as_bytes());
    shop.surimono(&["run", "campaign.toml", "--limit", "20"]).is_made();
    assert!(shop.text("out/closing.txt").contains("2026-11-19"));
    let pdf = shop.path().join("out/2026-autumn-dm.pdf");
    let Some(info) = tool("pdfinfo", &["-isodates", &pdf.to_string_lossy()]) else {
        eprintln!("skipped: no pdfinfo on this machine");
        return;
    };
    let dates: Vec<&str> = info.lines().filter(|l| l.contains("Date:")).collect();
    assert!(!dates.is_empty() && dates.iter().all(|l| l.contains("2026-11-19")), "{dates:?}");
}

#[test]
fn a_record_is_the_same_piece_alone_and_among_all() {
    let shop = sample();
    shop.surimono(&["run", "campaign.toml", "--limit", "300", "--out", "all"]).is_made();
    shop.surimono(&["run", "campaign.toml", "--records", "201..260", "--out", "some"]).is_made();
    // Piece id, digest, segment, coupon, code and URL of each row; its file's pages may differ.
    let rows = |text: String| -> std::collections::BTreeMap<String, Vec<String>> {
        csv::Reader::from_reader(text.as_bytes())
            .into_records()
            .map(|r| r.unwrap())
            .map(|r| (r[1].to_owned(), [3, 4, 5, 9, 10, 11, 12, 13].map(|i| r[i].to_owned()).to_vec()))
            .collect()
    };
    let (all, some) = (rows(shop.text("all/manifest.csv")), rows(shop.text("some/manifest.csv")));
    assert_eq!(some.len(), 60);
    for (row, piece) in &some {
        assert_eq!(all.get(row), Some(piece), "row {row}");
    }
}

/// The benchmark postcard with invented records of the same make as its data: addresses, names and codes differ from record to
/// record, products and greetings come from short lists.
fn bench_postcard(standard: &str, records: usize) -> Shop {
    const TOWNS: [&str; 12] = [
        "東京都江東区豊洲",
        "福岡県福岡市博多区博多駅前",
        "沖縄県那覇市久茂地",
        "大阪府大阪市北区梅田",
        "北海道札幌市中央区大通西",
        "愛知県名古屋市中村区名駅",
        "京都府京都市中京区烏丸通",
        "宮城県仙台市青葉区一番町",
        "広島県広島市中区八丁堀",
        "兵庫県神戸市中央区三宮町",
        "神奈川県横浜市西区みなとみらい",
        "石川県金沢市香林坊",
    ];
    const HOUSES: [&str; 6] =
        ["パークハイツ", "レジデンス東", "コーポひまわり", "メゾン桜", "グランドタワー", "第二住吉ビル"];
    const FAMILIES: [&str; 16] = [
        "後藤",
        "桜井",
        "渡部",
        "太田",
        "山口",
        "佐々木",
        "石川",
        "小林",
        "長谷川",
        "村上",
        "近藤",
        "坂本",
        "遠藤",
        "青木",
        "西村",
        "福田",
    ];
    const GIVEN: [&str; 16] = [
        "颯太",
        "麻衣",
        "朝陽",
        "裕子",
        "健一",
        "美咲",
        "大輔",
        "さくら",
        "直樹",
        "陽菜",
        "翔",
        "恵子",
        "拓也",
        "由美",
        "蓮",
        "和子",
    ];
    const PRODUCTS: [&str; 10] = [
        "南部鉄器 急須 0.6L",
        "有田焼 小皿 5枚組",
        "越前塩うに風味ふりかけ",
        "瀬戸内レモンケーキ 5個セット",
        "鹿児島県産 黒酢 720ml",
        "北海道十勝 つぶあん最中 8個入",
        "美濃焼 湯呑み 夫婦セット",
        "椿油ヘアオイル 60ml",
        "米ぬか化粧水 200ml",
        "加賀棒ほうじ茶 100g 3袋",
    ];
    const GREETINGS: [&str; 2] = [
        "日頃よりご利用いただき、ありがとうございます。前回お求めいただいた商品と一緒にお楽しみいただける、季節のおすすめを選びました。お近くの店舗でもご利用いただけるクーポンをぜひお使いください。",
        "いつも格別のご愛顧を賜り、誠にありがとうございます。日頃の感謝の気持ちを込めまして、特別会員の皆さまだけにご用意した限定セットと優待クーポンをお届けいたします。ぜひこの機会にお試しください。",
    ];
    const PICTURES: usize = 6;
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below
    };
    let mut csv = String::from(
        "customer_id,postcode,address1,address2,name,segment,greeting,p1_img,p1_name,p1_price,p2_img,p2_name,p2_price,p3_img,\
         p3_name,p3_price,coupon_title,coupon_code,coupon_expiry,qr_url,store_name,store_address,store_distance_km\n",
    );
    for n in 0..records {
        let code = format!("{:06X}{:06X}", next(1 << 24), next(1 << 24));
        let town = TOWNS[next(12)];
        let house =
            if next(100) < 72 { format!("{}{}号室", HOUSES[next(6)], 101 + next(1200)) } else { String::new() };
        csv.push_str(&format!(
            "C{n:09}-{code}-{:06},{:03}-{:04},{town}{}丁目{}番{}号,{house},{} {},loyal,{}",
            next(1_000_000),
            100 + next(800),
            next(10_000),
            1 + next(9),
            1 + next(30),
            1 + next(20),
            FAMILIES[next(16)],
            GIVEN[next(16)],
            GREETINGS[next(2)],
        ));
        for _ in 0..3 {
            csv.push_str(&format!(
                ",p{}.jpg,{},\"{},{}0円（税込）\"",
                next(PICTURES),
                PRODUCTS[next(10)],
                1 + next(5),
                10 + next(90)
            ));
        }
        let (a, b, c) = (&code[..4], &code[4..8], &code[8..]);
        csv.push_str(&format!(
            ",\"1,000円OFF\",{a}-{b}-{c},2026年12月31日まで,https://ex.jp/c/{code}{:08x}{:08x},{}店,{town}{}-{},{}.{}\n",
            next(1 << 31),
            next(1 << 31),
            town.chars().skip(3).collect::<String>(),
            1 + next(8),
            1 + next(30),
            next(9),
            next(10),
        ));
    }
    let shop = Shop::copy_of(&root().join("benches/postcard"));
    let mut campaign = shop.text("campaign.toml");
    campaign.push_str(&format!("\n[output]\nstandard = \"{standard}\"\n"));
    shop.write("campaign.toml", campaign.as_bytes());
    shop.write("data/records.csv", csv.as_bytes());
    let pictures = root().join("sample-data/autumn-dm/data/images");
    for n in 0..PICTURES {
        shop.write(&format!("data/img/p{n}.jpg"), &fs::read(pictures.join(format!("p000{}.jpg", n + 1))).unwrap());
    }
    shop.write("data/img/bg.jpg", &fs::read(root().join("templates/postcard/art/autumn.jpg")).unwrap());
    shop
}

#[test]
fn a_further_postcard_costs_less_than_2048_bytes_in_both_standards() {
    for standard in ["pdf/x-4", "pdf/vt-1"] {
        let bytes = |records| {
            let shop = bench_postcard(standard, records);
            shop.surimono(&["run", "campaign.toml"]).ends_with(0);
            fs::metadata(shop.path().join("out/bench.pdf")).unwrap().len()
        };
        let further = (bytes(320) - bytes(192)) / 128;
        assert!(further < 2_048, "{standard}: {further} bytes a piece");
        assert!(further > 1_500, "{standard}: {further} bytes a piece: these are no whole pieces");
    }
}
