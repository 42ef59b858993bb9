//! What is known of a template before any record is.

use super::Template;
use super::contract::Known;
use crate::asset::loader::Files;
use crate::base::{Diagnostic, Place};

fn load(files: &[(&str, &str)]) -> Result<Template, Vec<Diagnostic>> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let (files, name) = Files::open(dir.path()).unwrap().with_template("page.html").unwrap();
    Template::load(&files, &name)
}

fn read(page: &str) -> Vec<String> {
    let template = load(&[("page.html", page)]).unwrap();
    template.uses().all().iter().map(|u| u.path.join(".")).collect()
}

#[test]
fn loops_and_names_lead_back_to_the_top() {
    for (page, expected) in [
        ("{{ customer.name | honorific }}", &["customer.name"][..]),
        (
            "{% for p in picks %}{{ p.product.price }}{{ loop.index }}{% endfor %}{{ p }}",
            &["picks", "picks.[].product.price", "p"],
        ),
        (
            "{% for l in o.lines %}{% for t in l.tags %}{{ t.n }}{% endfor %}{% endfor %}",
            &["o.lines", "o.lines.[].tags", "o.lines.[].tags.[].n"],
        ),
        ("{% set c = customer.card %}{{ c.no }}{% set x = 1 %}{{ x }}", &["customer.card", "customer.card.no"]),
        ("{% set x %}{{ a }}{% endset %}{{ x }}", &["a"]),
        ("{{ [x.y for x in xs if x.ok] | join(sep=z) }}", &["xs", "z"]),
        ("{% component C(a, b=1) %}{{ a }}{{ b }}{{ body }}{% endcomponent C %}{{ <C a={q.r} /> }}", &["q.r"]),
        (
            "{% if a.b and not c %}{% elif d == \"e\" %}{% endif %}{% filter truncate_chars(length=n) %}x{% endfilter %}",
            &["a.b", "c", "d", "n"],
        ),
        ("{% for k, v in customer %}{{ k }}{{ v.x }}{% endfor %}", &["customer"]),
    ] {
        assert_eq!(read(page), expected, "{page}");
    }
}

fn known() -> Known {
    let value = || Known::Value;
    let product = Known::fields([("name", value()), ("price", value()), ("subtitle", value())]);
    Known::fields([
        ("customer", Known::fields([("name", value()), ("address2", value())])),
        ("picks", Known::rows(Known::fields([("product", product), ("by", value())]))),
        ("campaign", Known::Anything),
        ("segment", value()),
    ])
}

fn told(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let faults = load(files).unwrap().check(&known());
    faults
        .iter()
        .map(|d| {
            let Some(Place::Text { source, span }) = &d.place else { panic!("{d:?}") };
            let (line, column) = source.line_column(span.start);
            (format!("{}:{line}:{column}", source.name), d.message.clone(), d.help.join(" "))
        })
        .collect()
}

#[test]
fn a_misspelt_field_is_told_before_any_run() {
    let told = told(&[
        (
            "page.html",
            "{{ customer.name }}\n{{ customer.nmae }}{% for p in picks %}{% include \"pick.html\" %}{% endfor %}",
        ),
        (
            "pick.html",
            "{{ p.product.prcie | yen }}\n {{ campaign.anything.at.all }}{{ segment.x }}{{ picks.x }}{% if sgement %}{% endif %}",
        ),
    ]);
    let expected = [
        ("page.html:2:4", "`customer` has no field `nmae`", "did you mean `name`?"),
        ("pick.html:1:4", "`picks[].product` has no field `prcie`", "did you mean `price`?"),
        ("pick.html:2:35", "`segment` is a single value and has no field `x`", ""),
        ("pick.html:2:50", "`picks` is a list: its members have fields, not it", ""),
        ("pick.html:2:66", "there is nothing named `sgement`", "did you mean `segment`?"),
    ];
    let told: Vec<_> = told.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    assert_eq!(told, expected);
}

#[test]
fn the_contract_is_read_and_compared() {
    let contract = "needs = [\"customer.name\", \"customer.phone\"]\nmay_be_empty = [\"customer.address2\", \"product.subtitle\", \"product.subtitel\"]\n";
    let files = [("page.html", "{{ customer.name }}"), ("page.contract.toml", contract)];
    let template = load(&files).unwrap();
    assert!(template.contract().may_be_empty("customer", "address2"));
    assert!(!template.contract().may_be_empty("customer", "name"));
    let told = told(&files);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0.starts_with("page.contract.toml:1:") && told[0].1.contains("phone"), "{told:?}");
    assert!(told[1].0.starts_with("page.contract.toml:2:"), "{told:?}");

    let faults = load(&[("page.html", ""), ("page.contract.toml", "neds = []")]).unwrap_err();
    assert_eq!(faults[0].code, "contract-syntax");
}

#[test]
fn columns_that_nobody_reads_need_not_be_built() {
    let uses = load(&[("page.html", "name {{ customer.name }}{{ a[\"rank\"] }}")]).unwrap();
    let uses = uses.uses();
    assert!(uses.may_read("name") && uses.may_read("rank") && !uses.may_read("phone"));
    for page in ["{{ customer[x] }}", "{% for k, v in customer %}{% endfor %}", "{{ customer | values }}"] {
        assert!(load(&[("page.html", page)]).unwrap().uses().may_read("phone"), "{page}");
    }
}
