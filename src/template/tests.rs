//! Whole templates from files: loading, faults with their places, limits, the way back.

use tera::Context;

use super::{Fault, Template};
use crate::asset::loader::Files;
use crate::base::{Diagnostic, Place};

/// A campaign whose template folder holds these files; the page is `page.html`.
fn load(files: &[(&str, &str)]) -> Result<(tempfile::TempDir, Template), Vec<Diagnostic>> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join("template").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let (files, name) = Files::open(dir.path()).unwrap().with_template("template/page.html").unwrap();
    Template::load(&files, &name).map(|t| (dir, t))
}

fn context() -> Context {
    tera::context! {
        customer => &std::collections::BTreeMap::from([("name", "山田 <太郎>"), ("rank", "gold")]),
        picks => &[1980, 500],
    }
}

fn render(page: &str) -> Result<String, Fault> {
    let (_dir, template) = load(&[("page.html", page)]).unwrap();
    let mut out = "left over".to_owned();
    template.render(&context(), &mut out).map(|()| out)
}

/// file:line:column of a diagnostic, and what is underlined.
fn place(d: &Diagnostic) -> (String, String) {
    let Some(Place::Text { source, span }) = &d.place else { panic!("{d:?}") };
    let (line, column) = source.line_column(span.start);
    (format!("{}:{line}:{column}", source.name), source.text[span.clone()].to_owned())
}

fn load_faults(files: &[(&str, &str)]) -> Vec<Diagnostic> {
    load(files).err().unwrap()
}

#[test]
fn values_are_escaped_and_includes_followed() {
    let (_dir, template) = load(&[
        (
            "page.html",
            "\u{feff}{% extends \"base.html\" %}{% block body %}{% include \"parts/name.html\" %}{% endblock %}",
        ),
        ("base.html", "<body>{% block body %}{% endblock %}</body>"),
        ("parts/name.html", "{{ customer.name | honorific }}{{ <Price yen={1980} /> }}"),
        ("components.html", "{% component Price(yen: integer) %}<b>{{ yen | yen }}</b>{% endcomponent Price %}"),
    ])
    .unwrap();
    let mut out = String::new();
    template.render(&context(), &mut out).unwrap();
    assert_eq!(out, "<body>山田 &lt;太郎&gt;様<b>1,980円</b></body>");
    template.render(&context(), &mut out).unwrap();
    assert_eq!(out, "<body>山田 &lt;太郎&gt;様<b>1,980円</b></body>", "the buffer is emptied first");
}

#[test]
fn every_syntax_fault_is_told_with_its_place() {
    let faults = load_faults(&[
        ("page.html", "<p>秋\n{% include \"a.html\" %}{% include \"b.html\" %}"),
        ("a.html", "x\n  {{ customer.name | }}\n"),
        ("b.html", "{% if x %}never closed"),
    ]);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(faults[0].code, "template-syntax");
    assert_eq!(place(&faults[0]).0, "template/a.html:2:22");
    assert!(place(&faults[1]).0.starts_with("template/b.html:1:"));
}

#[test]
fn unknown_filters_and_files_are_told_with_what_is_near() {
    let faults =
        load_faults(&[("page.html", "{% for a in b %}\n秋{{ a ~ b }}{{ a | yne }}{% endfor %}{{ b | wekday }}")]);
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert_eq!(place(&faults[0]), ("template/page.html:2:20".into(), "yne".into()));
    assert_eq!(faults[0].help, ["did you mean `yen`?"]);
    assert_eq!(faults[1].help, ["did you mean `weekday`?"]);

    let faults = load_faults(&[("page.html", "a\n{% include \"parts/cupon.html\" %}"), ("parts/coupon.html", "")]);
    assert_eq!(place(&faults[0]), ("template/page.html:2:13".into(), "parts/cupon.html".into()));
    assert_eq!(faults[0].help, ["did you mean `parts/coupon.html`?"]);
}

#[test]
fn circles_are_found_when_loading() {
    let faults = load_faults(&[
        ("page.html", "{% include \"a.html\" %}"),
        ("a.html", "\n {% include \"b.html\" %}"),
        ("b.html", "{% include \"a.html\" %}"),
    ]);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].code, "template-circle");
    assert!(faults[0].message.contains("a.html → b.html → a.html"), "{}", faults[0].message);
    assert_eq!(place(&faults[0]), ("template/b.html:1:13".into(), "a.html".into()));

    for page in ["{% include \"page.html\" %}", "{% extends \"page.html\" %}"] {
        assert_eq!(load_faults(&[("page.html", page)])[0].code, "template-circle");
    }
    let through_both = [
        ("page.html", "{% extends \"base.html\" %}"),
        ("base.html", "{% block b %}{% include \"page.html\" %}{% endblock %}"),
    ];
    assert_eq!(load_faults(&through_both)[0].code, "template-circle");
}

#[test]
fn includes_that_leave_the_folder_are_refused() {
    for path in ["../campaign.toml", "/etc/passwd", "a/../../x.html", "http://example.com/x.html", "C:/x.html"] {
        let faults = load_faults(&[("page.html", &format!("{{% include \"{path}\" %}}"))]);
        assert_eq!(faults[0].code, "file-refused", "{path}");
        assert_eq!(place(&faults[0]).1, path);
    }
}

#[test]
fn a_file_that_is_not_utf8_is_told_with_its_line() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("page.html"), b"ok\n\x83A").unwrap();
    let (files, name) = Files::open(dir.path()).unwrap().with_template("page.html").unwrap();
    let faults = Template::load(&files, &name).unwrap_err();
    assert_eq!(faults[0].code, "template-encoding");
    assert!(faults[0].message.contains("line 2"));
}

#[test]
fn a_missing_value_is_never_a_blank() {
    let mut wrong = Vec::new();
    for (page, line, column, field) in [
        ("<p>\n {{ customer.nmae }}", 2, 14, "customer.nmae"),
        ("{{ nobody }}", 1, 4, "nobody"),
        ("{{ nobody.name }}", 1, 4, "nobody.name"),
        ("{{ customer.nmae.first }}", 1, 13, "customer.nmae.first"),
        ("{% if customer.rank == \"gold\" %}\n{{ customer.nmae | honorific }}{% endif %}", 2, 4, "customer.nmae"),
        ("{{ customer.nmae | yen }}", 1, 4, "customer.nmae"),
        ("{{ customer.nmae | date }}", 1, 4, "customer.nmae"),
        ("{% for p in picks %}\n  {{ p.price }}\n{% endfor %}", 2, 8, "p.price"),
        ("{% for p in pciks %}{{ p }}{% endfor %}", 1, 13, "pciks"),
        ("a {{ \"a\" ~ customer.nmae }}", 1, 12, "customer.nmae"),
        ("{{ customer.nmae ~ \"a\" }}", 1, 4, "customer.nmae"),
        ("{% set x = customer.rank ~ customer.nmae %}{{ x }}", 1, 28, "customer.nmae"),
        ("{{ [customer.rank, customer.nmae] | join(sep=\"・\") }}", 1, 20, "customer.nmae"),
        ("{{ customer[\"nmae\"] }}", 1, 4, "customer.nmae"),
        ("{% if customer.nmae > 3 %}{% endif %}", 1, 7, "customer.nmae"),
    ] {
        let fault = render(page).unwrap_err();
        assert_eq!(fault.code, "template-undefined", "{page}: {}", fault.message);
        let at = fault.at.unwrap();
        assert_eq!(at.file(), "template/page.html");
        assert_eq!(at.field.as_deref(), Some(field), "{page}");
        if (at.line, at.column) != (line, column) {
            wrong.push(format!("{page}: {}:{} and not {line}:{column}", at.line, at.column));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let fault = render("{{ customer.nmae }}").unwrap_err();
    assert!(fault.help[0].contains("`name`"), "{:?}", fault.help);
    assert!(!fault.message.contains("山田"));
}

#[test]
fn what_may_be_empty_can_be_said() {
    for (page, expected) in [
        ("{{ customer.x | default(value=\"-\") }}", "-"),
        ("{% if customer.x %}a{% else %}b{% endif %}", "b"),
        ("{% if customer.x is defined %}a{% else %}b{% endif %}", "b"),
    ] {
        assert_eq!(render(page).unwrap(), expected, "{page}");
    }
}

#[test]
fn the_place_is_exact_behind_guards() {
    let fault =
        render("{% for p in picks -%}\n  秋の{{ \"a\" ~ customer.rank }}{{ p | date }}\n{% endfor %}").unwrap_err();
    let at = fault.at.unwrap();
    assert_eq!((at.line, at.field.as_deref()), (2, Some("p")));
    assert_eq!(&at.source.text[at.span.clone()], "date");
    assert_eq!(fault.code, "template-value");
}

#[test]
fn work_and_output_have_an_end() {
    let start = std::time::Instant::now();
    for (page, code) in [
        ("{% for i in range(end=1000000000) %}{% endfor %}", "template-endless"),
        (
            "{% for i in range(end=1000) %}{% for j in range(end=1000) %}{% for k in range(end=1000) %}{% endfor %}{% endfor %}{% endfor %}",
            "template-endless",
        ),
        (
            "{% set r = range(end=2000) %}{% for i in r %}{% for j in r %}{% set x = i %}{% endfor %}{% endfor %}",
            "template-endless",
        ),
        (
            "{% for i in range(end=100000) %}0123456789012345678901234567890123456789012345678901234567890123456789{% endfor %}",
            "template-too-long",
        ),
        ("{% component A() %}{{ <A/> }}{{ <A/> }}{% endcomponent A %}{{ <A/> }}", "template"),
    ] {
        let fault = render(page).unwrap_err();
        assert!(fault.code.starts_with(code), "{page}: {fault:?}");
    }
    assert!(start.elapsed().as_secs() < 20);
    assert_eq!(render("{% for i in range(end=3) %}{{ i }}{% endfor %}").unwrap(), "012");
}

#[test]
fn the_way_back_from_the_markup() {
    let page = "<h1>\n  {%- if customer.rank == \"gold\" -%}\n  金の\n    お客様 {{ customer.name }}様\n  {%- endif %}\n</h1>\n<ul>\n{% for p in picks -%}\n  <li class=\"a\n b\">価格{{ p | yen }}</li>\n{% endfor %}</ul>{% include \"end.html\" %}";
    let (_dir, template) = load(&[("page.html", page), ("end.html", "<p>\n 終わり{{ customer.rank }}</p>")]).unwrap();
    let mut markup = String::new();
    template.render(&context(), &mut markup).unwrap();
    let at = |needle: &str, offset: usize| {
        let byte = markup.find(needle).unwrap() + offset;
        let l = template.locate(&context(), &markup, byte).unwrap();
        (l.file().to_owned(), l.line, l.column, l.field)
    };
    let page = "template/page.html".to_owned();
    assert_eq!(at("<h1>", 0), (page.clone(), 1, 1, None));
    assert_eq!(at("金の", 3), (page.clone(), 3, 4, None));
    assert_eq!(at("お客様", 0), (page.clone(), 4, 5, None));
    assert_eq!(at("山田", 0), (page.clone(), 4, 9, Some("customer.name".into())));
    assert_eq!(at("太郎", 3), (page.clone(), 4, 9, Some("customer.name".into())));
    assert_eq!(at("様\n</h1>", 0), (page.clone(), 4, 28, None));
    assert_eq!(at("500円", 0), (page.clone(), 10, 7, Some("p".into())));
    assert_eq!(at("</ul>", 0), (page, 11, 13, None));
    assert_eq!(at("終わり", 6), ("template/end.html".into(), 2, 4, None));
    assert_eq!(at("gold", 0), ("template/end.html".into(), 2, 5, Some("customer.rank".into())));
    assert!(template.locate(&context(), &markup, markup.len() + 99).is_some());
}

#[test]
fn a_mark_inside_a_captured_text_does_not_mislead() {
    let page = "start {% set x %}{{ customer.rank }}{% endset %}{% if x | length == 4 %}four{% else %}other{% endif %} {{ customer.name }}";
    let (_dir, template) = load(&[("page.html", page)]).unwrap();
    let mut markup = String::new();
    template.render(&context(), &mut markup).unwrap();
    assert!(markup.contains("four"));
    let found = template.locate(&context(), &markup, 2).unwrap();
    assert_eq!((found.line, found.column), (1, 3));
    // beyond the point where the marked copy goes another way, the last sure place is named
    let found = template.locate(&context(), &markup, markup.find("山田").unwrap()).unwrap();
    assert_eq!(found.line, 1);
}

#[test]
fn the_programs_own_templates_compile() {
    let dir = tempfile::tempdir().unwrap();
    for name in crate::asset::shipped::folders() {
        let (files, page) = Files::open(dir.path()).unwrap().with_template(name).unwrap();
        let template = Template::load(&files, &page).unwrap_or_else(|faults| panic!("{name}: {faults:#?}"));
        assert!(template.uses().all().len() > 5, "{name}");
    }
}
