//! The examples in docs/ and the README are run, so that they stay true.
#![allow(clippy::unwrap_used)] // a test that cannot read the documents has failed

mod support;

use std::fs;

use support::{Shop, root};

/// The `sh` code blocks of a document, line by line, without remarks.
fn commands(document: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let mut inside = false;
    let mut out = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            out.push(line.split('#').next().unwrap().trim().to_owned());
        }
    }
    out.retain(|l| !l.is_empty());
    out
}

#[test]
fn the_commands_of_the_operators_pages_do_what_they_say() {
    let mut commands = commands("docs/operating.md");
    assert!(commands.len() >= 5, "{commands:?}");
    commands.extend(self::commands("docs/output.md"));
    commands.extend(self::commands("docs/impose.md"));
    commands.extend(self::commands("docs/decisions-file.md"));
    assert!(commands.iter().any(|c| c.contains("verify")), "{commands:?}");
    let shop = Shop::empty();
    let sample = Shop::copy_of(&root().join("sample-data/autumn-dm"));
    fs::create_dir_all(shop.path().join("sample-data")).unwrap();
    copy(sample.path(), &shop.path().join("sample-data/autumn-dm"));
    for command in commands {
        let words: Vec<String> = command
            .split_whitespace()
            .map(|w| w.replace("/tmp/", &format!("{}/", shop.path().to_string_lossy())))
            .collect();
        assert_eq!(words[0], "surimono", "{command}");
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        shop.surimono(&args).ends_with(0);
    }
}

/// Every line of the ledgers says how a rule is met and what shows it; the tests and files that they name are there.
#[test]
fn what_the_ledgers_name_is_there() {
    let mut sources = String::new();
    let mut folders = vec![root().join("src"), root().join("tests"), root().join("fuzz")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs" || e == "py") {
                sources.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut wrong = Vec::new();
    for ledger in fs::read_dir(root().join("docs/conformance")).unwrap() {
        let path = ledger.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for (number, line) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            let Some(row) = line.strip_prefix("| ").and_then(|l| l.strip_suffix('|')) else { continue };
            let cells: Vec<&str> = row.split(" |").map(str::trim).collect();
            let heading = cells.iter().skip(1).all(|c| c.is_empty());
            if cells.iter().any(|c| c.starts_with("---")) || heading {
                continue;
            }
            let last = cells.last().copied().unwrap_or("");
            if cells.len() < 3 || last.is_empty() || cells.first().is_none_or(|c| c.is_empty()) {
                wrong.push(format!("{name}:{number}: a rule, how it is met, what shows it: {line}"));
            }
            // every second piece stands in backquotes
            for code in line.split('`').skip(1).step_by(2) {
                let file = code.split_whitespace().next().unwrap_or("");
                let is_file = [".rs", ".py", ".html"].iter().any(|e| file.ends_with(e)) && file.contains('/');
                if is_file && !root().join("src").join(file).exists() && !root().join(file).exists() {
                    wrong.push(format!("{name}:{number}: there is no file {file}"));
                }
                if let Some(test) = code.strip_suffix("()").filter(|t| !t.contains('-'))
                    && !sources.contains(&format!("fn {test}("))
                {
                    wrong.push(format!("{name}:{number}: there is no {code}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What docs/fonts.md and docs/output.md show of campaign files stands in cases that are run.
#[test]
fn the_pages_examples_of_campaigns_are_cases() {
    let cases: Vec<String> = fs::read_dir(root().join("tests/cases"))
        .unwrap()
        .filter_map(|case| fs::read_to_string(case.unwrap().path().join("campaign.toml")).ok())
        .collect();
    for (page, least) in [
        ("docs/fonts.md", 3),
        ("docs/output.md", 1),
        ("docs/impose.md", 1),
        ("docs/post.md", 1),
        ("docs/ink.md", 1),
        ("docs/tables.md", 3),
        ("docs/inserts.md", 2),
        ("docs/consent.md", 1),
        ("docs/coupons.md", 1),
        ("docs/value.md", 1),
    ] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let examples: Vec<&str> = text.split("```toml\n").skip(1).filter_map(|b| b.split("```").next()).collect();
        assert!(examples.len() >= least, "{page}: {examples:?}");
        for example in examples {
            assert!(cases.iter().any(|c| c.contains(example)), "{page}: no case has\n{example}");
        }
    }
    let page = fs::read_to_string(root().join("docs/inserts.md")).unwrap();
    let leaflets = page.split("```csv\n").nth(1).and_then(|b| b.split("```").next()).unwrap();
    let kept = fs::read_to_string(root().join("tests/cases/inserts-of-split-shipments/leaflets.csv")).unwrap();
    assert_eq!(leaflets, kept);
}

#[test]
fn the_commands_of_the_barcodes_page_make_what_they_say() {
    let commands = commands("docs/barcodes.md");
    assert_eq!(commands.len(), 3, "{commands:?}");
    let shop = Shop::empty();
    for command in commands {
        let words: Vec<String> = command
            .split_whitespace()
            .map(|w| w.replace("/tmp/", &format!("{}/", shop.path().to_string_lossy())))
            .collect();
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        shop.surimono(&args).ends_with(0);
    }
    assert!(fs::read(shop.path().join("jan.pdf")).unwrap().starts_with(b"%PDF-"));
    assert!(fs::read_to_string(shop.path().join("gs1.svg")).unwrap().contains("(10)A1</text>"));
    assert!(fs::read(shop.path().join("qr.png")).unwrap().starts_with(b"\x89PNG"));
    shop.surimono(&["barcode", "jan13", "4901234567890", "-o", "x.pdf"]).ends_with(2).tells("it must be `4`");
    shop.surimono(&["barcode", "jan13", "1", "-o", "x.gif"]).ends_with(2).tells(".pdf, .svg or .png");
}

#[test]
fn the_pages_about_type_show_markup_that_is_laid_out_without_fault() {
    for (document, least) in [("docs/japanese.md", 5), ("docs/address.md", 1), ("docs/barcodes.md", 16)] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        let examples: Vec<&str> =
            text.split("```html\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
        assert!(examples.len() >= least, "{document}");
        for example in examples {
            // an expression of the template language stands for a text
            let parts: Vec<&str> = example.split("{{").collect();
            let rest = parts[1..].iter().map(|p| format!("京都府 一{}", p.split_once("}}").unwrap().1));
            let body = parts[0].to_owned() + &rest.collect::<String>();
            let shop = Shop::empty();
            let page = format!(
                "<!DOCTYPE html><html lang=\"ja\"><meta charset=\"utf-8\"><title>x</title><body>{body}</body></html>"
            );
            fs::write(shop.path().join("page.html"), page).unwrap();
            let ran = shop.surimono(&["render", "page.html", "-o", "page.pdf", "--size", "A4", "--strict"]);
            ran.ends_with(0);
        }
    }
}

/// The case's shop is that of docs/recommend.md; the figures are worked out by hand in the rungs' own tests.
#[test]
fn recommendations_are_measured_as_their_page_says() {
    let shop = Shop::copy_of(&root().join("tests/cases/recommend-by-every-rung"));
    let decided = shop.surimono(&["decide", "campaign.toml"]);
    for by in ["scores", "bought_together", "bayes", "popular", "similar", "people_like_you"] {
        assert!(decided.out.contains(&format!("\"by\":\"{by}\"")), "{by} is not in\n{}", decided.out);
    }
    decided.ends_with(0);
    let ran = shop.surimono(&["recommend", "evaluate", "campaign.toml", "--k", "1"]);
    assert!(ran.out.contains("3 people asked") && ran.out.contains("popularity"), "{}", ran.out);
    ran.ends_with(0);
    let ran = shop.surimono(&["recommend", "evaluate", "campaign.toml", "--k", "1", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let popularity = rows.iter().find(|r| r["name"] == "popularity").unwrap();
    assert_eq!((&report["people"], &popularity["hits"]), (&3.into(), &2.into()), "{}", ran.out);
    ran.ends_with(0);
}

#[test]
fn the_readmes_two_commands_stand_first_and_name_what_is_there() {
    for readme in ["README.md", "README.ja.md"] {
        let commands = commands(readme);
        assert_eq!(commands[0], "cargo run --release -- run sample-data/autumn-dm/campaign.toml", "{readme}");
        assert_eq!(commands[1], "cargo test", "{readme}");
    }
    assert!(root().join("sample-data/autumn-dm/campaign.toml").exists());
}

#[test]
fn both_readmes_name_the_same_files_commands_and_figures() {
    let facts = |name: &str| {
        let text = fs::read_to_string(root().join(name)).unwrap();
        let mut facts: Vec<String> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .chain(text.split("](").skip(1).map(|t| t.split(')').next().unwrap()))
            .filter(|f| f.is_ascii() && !f.is_empty() && !f.contains('\n') && !f.starts_with("README"))
            .map(str::to_owned)
            .collect();
        facts.sort();
        facts.dedup();
        facts
    };
    let (english, japanese) = (facts("README.md"), facts("README.ja.md"));
    assert_eq!(english, japanese);
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut documents = vec![root().join("README.md"), root().join("README.ja.md"), root().join("CONTRIBUTING.md")];
    for folder in ["docs", "docs/decisions"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "md") {
                documents.push(path);
            }
        }
    }
    let mut dead = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).unwrap();
        for link in text.split("](").skip(1).map(|t| t.split(')').next().unwrap()) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !link.contains("://") && !document.parent().unwrap().join(file).exists() {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "dead links:\n{}", dead.join("\n"));
}

#[test]
fn the_campaign_page_names_every_key_of_the_file() {
    let schema: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(root().join("docs/campaign.schema.json")).unwrap()).unwrap();
    let pages = fs::read_to_string(root().join("docs/campaign.md")).unwrap()
        + &fs::read_to_string(root().join("docs/rules.md")).unwrap()
        + &fs::read_to_string(root().join("docs/recommend.md")).unwrap()
        + &fs::read_to_string(root().join("docs/tables.md")).unwrap()
        + &fs::read_to_string(root().join("docs/consent.md")).unwrap()
        + &fs::read_to_string(root().join("docs/inserts.md")).unwrap()
        + &fs::read_to_string(root().join("docs/coupons.md")).unwrap()
        + &fs::read_to_string(root().join("docs/value.md")).unwrap();
    let mut missing = Vec::new();
    let mut look = |owner: &str, properties: &serde_json::Value| {
        for key in properties.as_object().into_iter().flatten().map(|(k, _)| k) {
            if !pages.contains(key.as_str()) {
                missing.push(format!("{owner}.{key}"));
            }
        }
    };
    look("", &schema["properties"]);
    for (name, part) in schema["$defs"].as_object().unwrap() {
        look(name, &part["properties"]);
    }
    assert!(
        missing.is_empty(),
        "not in docs/campaign.md, docs/rules.md, docs/recommend.md, docs/tables.md, docs/consent.md, docs/inserts.md, docs/coupons.md or docs/value.md: {missing:?}"
    );
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What docs/templates.md shows of stylesheets for what does not fit, and of pages, stands in cases that are run.
#[test]
fn the_template_pages_stylesheets_are_cases() {
    let page = fs::read_to_string(root().join("docs/templates.md")).unwrap();
    let cases: Vec<String> = fs::read_dir(root().join("tests/cases"))
        .unwrap()
        .filter_map(|case| fs::read_to_string(case.unwrap().path().join("card.html")).ok())
        .collect();
    let examples: Vec<&str> = page.split("```css\n").skip(1).filter_map(|b| b.split("```").next()).collect();
    assert!(examples.len() >= 2, "{examples:?}");
    for example in examples {
        assert!(cases.iter().any(|c| c.contains(example)), "no case has\n{example}");
    }
}

/// The ledgers of standards name tests as functions (`like_this()`); each of them is there.
#[test]
fn every_test_that_a_ledger_names_is_there() {
    let mut sources = String::new();
    gather(&root().join("src"), &mut sources);
    gather(&root().join("tests"), &mut sources);
    for page in ["PDF_X4.md", "PDF_VT1.md"] {
        let text = fs::read_to_string(root().join("docs/conformance").join(page)).unwrap();
        let named = text.split('`').filter_map(|word| word.strip_suffix("()"));
        // CSS has functions too, with hyphens in their names
        let named: Vec<&str> = named.filter(|name| !name.contains('-')).collect();
        assert!(named.len() >= 3, "{page}: {named:?}");
        for name in named {
            assert!(sources.contains(&format!("fn {name}(")), "{page}: there is no {name}");
        }
    }
}

fn gather(folder: &std::path::Path, out: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// What docs/artwork.md shows stands in a template that is run.
#[test]
fn the_artwork_pages_examples_are_a_case() {
    let page = fs::read_to_string(root().join("docs/artwork.md")).unwrap();
    let card = fs::read_to_string(root().join("tests/cases/artwork-front-and-back/card.html")).unwrap();
    let examples = ["```css\n", "```html\n"].iter().flat_map(|kind| page.split(kind).skip(1));
    let mut lines = 0;
    for line in examples.flat_map(|e| e.split("```").next().unwrap().lines()) {
        assert!(card.contains(line), "the template has no line\n{line}");
        lines += 1;
    }
    assert!(lines >= 4);
}
