//! Counters, quotes and markers, as the texts that are set.

use super::*;

const ONE: &str = "div { margin: 0 }";

/// The texts of a page, run by run from top to bottom, put together again from their glyphs.
fn texts(css: &str, body: &str) -> String {
    let page = page(&format!("{ONE}{css}"), body);
    let mut runs: Vec<(Point, String)> = drawn(&page)
        .into_iter()
        .filter_map(|d| match d {
            Drawn::Text(at, run) => {
                let text: String = run.glyphs.iter().filter_map(|g| run.font.text_of(g.id)).collect();
                Some((at, text))
            }
            _ => None,
        })
        .collect();
    runs.sort_by(|a, b| a.0.y.0.total_cmp(&b.0.y.0).then(a.0.x.0.total_cmp(&b.0.x.0)));
    runs.into_iter().map(|(_, t)| t.replace(' ', "")).collect::<Vec<_>>().join("")
}

#[test]
fn counters_count_in_the_order_of_the_document() {
    let three = "<div><b></b></div><div><b></b></div><div><b></b></div>";
    for (css, body, want) in [
        ("div { counter-increment: n } b::before { content: counter(n) }", three, "123"),
        ("div { counter-increment: n 2 } b::before { content: counter(n) }", three, "246"),
        ("body { counter-reset: n 5 } div { counter-increment: n } b::before { content: counter(n) }", three, "678"),
        ("div { counter-reset: n; counter-increment: n } b::before { content: counter(n) }", three, "111"),
        ("div { counter-increment: n } b::after { content: counter(n, japanese-informal) }", three, "一二三"),
        ("div { counter-increment: n } b::before { content: '第' counter(n) '回' }", three, "第1回第2回第3回"),
        ("div { counter-set: n 7 } b::before { content: counter(n, upper-roman) }", three, "VIIVIIVII"),
        ("b::before { counter-increment: n; content: counter(n) }", three, "111"),
        ("b::before { content: counter(nobody) }", three, "000"),
        (
            "body { counter-reset: n } b::before { counter-increment: n; content: counter(n) }",
            "<div><b></b></div><div style='display: none'><b></b></div><div><b></b></div>",
            "12",
        ),
        (
            "i { counter-reset: n; display: block } b { display: block; counter-increment: n } b::before { content: counters(n, '.') }",
            "<i><b></b><b><i><b></b><b></b></i></b><b></b></i>",
            "122.12.23",
        ),
    ] {
        assert_eq!(texts(css, body), want, "{css}");
    }
}

#[test]
fn a_counter_in_a_style_attribute_counts_too() {
    let css = "b::before { content: var(--c) } div { --c: counter(n) }";
    let body = "<div style='counter-reset: n 3'><b></b></div>";
    assert_eq!(texts(css, body), "3");
}

#[test]
fn quotes_are_those_of_the_language_or_the_style() {
    for (css, body, want) in [
        ("", "<div lang=en><q>a<q>b</q></q></div>", "“a‘b’”"),
        ("", "<div lang=ja><q>あ<q>い</q></q></div>", "「あ『い』」"),
        ("q { quotes: '<' '>' '(' ')' }", "<div><q>a<q>b<q>c</q></q></q></div>", "<a(b(c))>"),
        ("q { quotes: none }", "<div><q>a</q></div>", "a"),
        (
            "i::before { content: no-open-quote } b::before { content: open-quote }",
            "<div lang=en><i></i><b>x</b></div>",
            "‘x",
        ),
    ] {
        assert_eq!(texts(css, body), want, "{css} {body}");
    }
}

#[test]
fn markers_are_written_in_the_style_of_the_list() {
    for (css, body, want) in [
        ("", "<ol><li>a<li>b</ol>", "1.a2.b"),
        ("ol { list-style: japanese-informal }", "<ol start=9><li>あ<li>い</ol>", "九、あ十、い"),
        ("ol { list-style-type: lower-roman }", "<ol><li>a<li value=9>b</ol>", "i.aix.b"),
        ("ol { list-style-type: '※' }", "<ol><li>a<li>b</ol>", "※a※b"),
        ("ol { list-style-type: hiragana-iroha }", "<ol><li>a<li>b<li>c</ol>", "い、aろ、bは、c"),
        ("ol { list-style: inside upper-alpha }", "<ol><li>a<li>b</ol>", "A.aB.b"),
        ("ol { list-style: none }", "<ol><li>a<li>b</ol>", "ab"),
        ("li::marker { content: '注' }", "<ol><li>a</ol>", "注a"),
        (
            "li::marker { content: counters(list-item, '-') ')' }",
            "<ol><li>a<ol><li>b<li>c</ol><li>d</ol>",
            "1)a1-1)b1-2)c2)d",
        ),
    ] {
        assert_eq!(texts(css, body), want, "{css} {body}");
    }
}

#[test]
fn a_marker_outside_has_a_style_of_its_own() {
    let page = page("li::marker { color: red; font-size: 20pt }", "<ol><li>a</ol>");
    let runs: Vec<_> = drawn(&page)
        .into_iter()
        .filter_map(|d| if let Drawn::Text(_, run) = d { Some((run.size.0, run.ink)) } else { None })
        .collect();
    assert!(runs.contains(&(20.0, ink("red"))), "{runs:?}");
}

#[test]
fn counted_texts_are_the_same_with_caches_and_without() {
    let css = "div { counter-increment: n } b::before { content: counter(n) }";
    let body = "<div><b></b></div><div><b></b></div>";
    let html = document(css, body);
    let fixture = |caches| Fixture::new(move |shared| shared.options.caches = caches);
    let mut with = fixture(true);
    let first = format!("{:?}", with.compose(&html).0.iter().map(drawn).collect::<Vec<_>>());
    for _ in 0..3 {
        let again = format!("{:?}", with.compose(&html).0.iter().map(drawn).collect::<Vec<_>>());
        assert_eq!(first, again);
    }
    let without = format!("{:?}", fixture(false).compose(&html).0.iter().map(drawn).collect::<Vec<_>>());
    assert_eq!(first, without);
}
