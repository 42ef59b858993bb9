//! What the quick way and the browser's way make of the same markup.

use proptest::prelude::*;

use super::build;
use super::dom::{Dom, NodeId, NodeKind};
use super::fault::FaultKind;
use super::html::parse;
use super::name::Name;
use super::repair;

/// The tree as text: `(name attr=value … children)`, texts quoted.
fn tree(dom: &Dom) -> String {
    fn put(dom: &Dom, id: NodeId, out: &mut String) {
        match &dom.node(id).kind {
            NodeKind::Text(text) => out.push_str(&format!("{:?}", dom.str(text))),
            NodeKind::Element { name, .. } => {
                out.push('(');
                out.push_str(dom.name_text(*name));
                for a in dom.attributes(id) {
                    out.push_str(&format!(" {}={:?}", dom.name_text(a.name), dom.str(&a.value)));
                }
                let mut children: Vec<NodeId> = dom.children(id).collect();
                // White space after `</body>` belongs to the body for a browser; the quick way drops it.
                if *name == Name::BODY
                    && let Some(last) = children.last()
                    && dom.text(*last).is_some_and(|t| t.trim_ascii().is_empty())
                {
                    children.pop();
                }
                for (i, child) in children.iter().enumerate() {
                    out.push(' ');
                    if *name == Name::BODY && i + 1 == children.len() && dom.text(*child).is_some() {
                        out.push_str(&format!("{:?}", dom.text(*child).unwrap_or("").trim_ascii_end()));
                    } else {
                        put(dom, *child, out);
                    }
                }
                out.push(')');
            }
        }
    }
    let mut out = String::new();
    put(dom, dom.root().expect("a root"), &mut out);
    out
}

fn parsed(source: &str) -> Dom {
    let mut dom = Dom::new();
    parse(source, &mut dom).expect("within the limits");
    dom
}

/// The tree by html5ever alone.
fn browser(source: &str) -> Dom {
    let repaired = repair::repair(source).expect("within the limits");
    let mut dom = Dom { source: repaired.source, ..Dom::default() };
    build::build(&mut dom, true).expect("written out in full");
    dom
}

fn body(source: &str) -> String {
    let dom = parsed(source);
    let tree = tree(&dom);
    tree.strip_prefix("(html (head) ").and_then(|t| t.strip_suffix(')')).unwrap_or(&tree).to_owned()
}

const WELL_FORMED: &[&str] = &[
    "",
    "text",
    "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=utf-8><title>秋 &amp; 冬</title><style>p > b { color: red }</style></head>\n<body class='a b'>\n<p>こんにちは<br>世界</p>\n</body>\n</html>\n",
    "<div><p>a</p><p>b <b>c <i>d</i></b></p></div>",
    "<style>a{}</style>\n<section>x</section><bar-code type=qr value=\"https://x/?a=1&amp;b=2\"></bar-code>",
    "<title>t</title>text<br/>more<img src=a.png/>",
    "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><dl><dt>a</dt><dd>b</dd></dl>",
    "<table><tr><td>a</td></tr> <tr><td>b</td></tr></table>",
    "<table><caption>x</caption><colgroup><col><col></colgroup><thead><tr><th>a</th></tr></thead><tbody><tr><td><p>x</p></td></tr></tbody></table>",
    "<pre>\n  a\r\n b</pre><textarea>\n\nx &lt; y</textarea>",
    "<!-- a -->text<!-- b -->more<?php x ?><![CDATA[y]]>",
    "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
    "<p title=a&amp;b hidden data-x='1 2'>&yen;1,200 &#12354;&#x3042; & more</p>",
    "<html><head></head><body><DIV CLASS=Big>x</DIV></body></html>",
    "<body>\r\n<p>a\rb</p>\r\n</body>",
    "<h1>a</h1><h2>b</h2><a href=x>y</a><a href=z>w</a>",
    "<script>if (a < b) x();</script><p>x</p>",
    "<x-y><z:w>a</z:w></x-y>",
    "<p a=1 a=2 b>x</p>",
    "<div / class=x>y</div>",
];

#[test]
fn well_formed_markup_gives_the_tree_that_a_browser_gives() {
    for source in WELL_FORMED {
        let quick = parsed(source);
        assert_eq!(quick.repaired, None, "{source}");
        assert_eq!(tree(&quick), tree(&browser(source)), "{source}");
    }
}

#[test]
fn a_document_has_the_tree_one_expects() {
    assert_eq!(body("<p class=x>a &amp; b<br>c</p>"), r#"(body (p class="x" "a & b" (br) "c"))"#);
    assert_eq!(tree(&parsed("")), "(html (head) (body))");
}

#[test]
fn what_is_not_well_formed_becomes_what_a_browser_makes_of_it() {
    for (source, want) in [
        ("<p>a<p>b", r#"(body (p "a") (p "b"))"#),
        ("<ul><li>a<li>b</ul>", r#"(body (ul (li "a") (li "b")))"#),
        ("<b>a<p>b</b>c</p>", r#"(body (b "a") (p (b "b") "c"))"#),
        ("<p>a<div>b</div>", r#"(body (p "a") (div "b"))"#),
        ("<table>x<tr><td>y</table>", r#"(body "x" (table (tbody (tr (td "y")))))"#),
        ("a < b &notit; &eacute;", r#"(body "a < b ¬it; é")"#),
        ("<div>a</span></div>", r#"(body (div "a"))"#),
        ("<a>x<a>y</a>", r#"(body (a "x") (a "y"))"#),
        ("<div/>a", r#"(body (div "a"))"#),
        (
            "<svg viewBox='0 0 1 1'><title>t</title><path d=x /></svg>b",
            r#"(body (svg viewbox="0 0 1 1" (title "t") (path d="x")) "b")"#,
        ),
        ("<p>a</body></html>b", r#"(body (p "ab"))"#),
    ] {
        let dom = parsed(source);
        assert!(dom.repaired.is_some(), "{source}");
        assert_eq!(body(source), want, "{source}");
    }
}

#[test]
fn spans_cover_elements_and_equal_subtrees_have_equal_hashes() {
    let dom = parsed("<div><p>a</p><p>b</p><p>a</p></div>");
    let div = dom.children(dom.body().expect("a body")).next().expect("a div");
    let p: Vec<NodeId> = dom.children(div).collect();
    assert_eq!(dom.bytes(div), b"<div><p>a</p><p>b</p><p>a</p></div>");
    assert_eq!(dom.bytes(p[1]), b"<p>b</p>");
    assert_eq!(dom.node(p[0]).hash, dom.node(p[2]).hash);
    assert_ne!(dom.node(p[0]).hash, dom.node(p[1]).hash);
    assert_eq!(dom.node(p[2]).index, 3);
    assert_eq!(dom.node(p[2]).prev_sibling, Some(p[1]));
    assert_eq!(dom.node(div).element_children, 3);
}

#[test]
fn a_repaired_tree_leads_back_to_the_lines_of_the_original() {
    let dom = parsed("<div>\n<p>a\n<p>b\n</div>");
    let repair = dom.repaired.clone().expect("repaired");
    assert_eq!(repair.byte, "<div>\n<p>a\n".len());
    let b =
        dom.subtree(dom.body().expect("a body")).filter(|n| dom.name(*n) == Some(Name::P)).nth(1).expect("a second p");
    assert_eq!(dom.original(dom.node(b).span.start), "<div>\n<p>a\n".len());
}

#[test]
fn nesting_and_size_are_bounded() {
    let mut dom = Dom::new();
    let deep = "<div>".repeat(100_000);
    assert_eq!(parse(&deep, &mut dom).map_err(|f| f.kind), Err(FaultKind::TooDeep));
    let deep = format!("<p>{}", "<b>".repeat(100_000));
    assert_eq!(parse(&deep, &mut dom).map_err(|f| f.kind), Err(FaultKind::TooDeep));
    let wide: String = (0..5000).map(|i| format!(" a{i}")).collect();
    assert_eq!(parse(&format!("<p{wide}>"), &mut dom).map_err(|f| f.kind), Err(FaultKind::TooManyAttributes));
    assert_eq!(parse(&format!("<p>a<p{wide}>"), &mut dom).map_err(|f| f.kind), Err(FaultKind::TooManyAttributes));
    let names: String = (0..5000).map(|i| format!("<e-{i}></e-{i}>")).collect();
    assert_eq!(parse(&names, &mut dom).map_err(|f| f.kind), Err(FaultKind::TooManyNames));
    assert_eq!(parse(&" ".repeat(17 << 20), &mut dom).map_err(|f| f.kind), Err(FaultKind::TooLong));
    // And the tree still serves afterwards.
    parse("<p>a</p>", &mut dom).expect("an ordinary document");
}

#[test]
fn parsing_again_uses_the_memory_it_has() {
    let mut dom = Dom::new();
    let source = WELL_FORMED[2];
    parse(source, &mut dom).expect("parsed");
    let before = (dom.source.capacity(), dom.nodes.capacity(), dom.attributes.capacity(), dom.decoded.capacity());
    for _ in 0..10 {
        parse(source, &mut dom).expect("parsed");
    }
    assert_eq!(
        before,
        (dom.source.capacity(), dom.nodes.capacity(), dom.attributes.capacity(), dom.decoded.capacity())
    );
}

/// Random markup, mostly well formed, from pieces that interact.
fn markup() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("text".to_owned()),
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("&amp;&nbsp;x".to_owned()),
        Just("<br>".to_owned()),
        Just("<img src=x>".to_owned()),
        Just("<hr/>".to_owned()),
        Just("<!-- c -->".to_owned()),
        Just("<title>t</title>".to_owned()),
        Just("<style>a > b {}</style>".to_owned()),
        Just("<p>".to_owned()),
        Just("</p>".to_owned()),
        Just("</div>".to_owned()),
        Just("<li>".to_owned()),
        Just("<td>".to_owned()),
        Just("<b>".to_owned()),
    ];
    let name = prop_oneof![
        Just("div"),
        Just("p"),
        Just("b"),
        Just("a"),
        Just("span"),
        Just("ul"),
        Just("li"),
        Just("table"),
        Just("tr"),
        Just("td"),
        Just("tbody"),
        Just("h1"),
        Just("h2"),
        Just("section"),
        Just("bar-code"),
        Just("head"),
        Just("body"),
        Just("html"),
        Just("pre"),
        Just("ruby"),
        Just("rt"),
        Just("button"),
        Just("dl"),
        Just("dd"),
        Just("svg"),
        Just("form"),
        Just("select"),
        Just("option"),
        Just("caption"),
        Just("colgroup"),
        Just("nobr"),
        Just("noscript"),
        Just("template"),
        Just("textarea"),
        Just("center"),
        Just("i"),
        Just("math"),
        Just("object"),
        Just("frameset"),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..5)).prop_map(|(n, c)| format!("<{n}>{}</{n}>", c.concat()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn both_ways_agree(pieces in prop::collection::vec(markup(), 0..4)) {
        let source = pieces.concat();
        let quick = parsed(&source);
        if quick.repaired.is_none() {
            prop_assert_eq!(tree(&quick), tree(&browser(&source)), "{}", source);
        }
    }

    #[test]
    fn a_repaired_tree_is_its_own_repair(pieces in prop::collection::vec(markup(), 0..4)) {
        let source = pieces.concat();
        let once = browser(&source);
        prop_assert_eq!(once.root(), Some(NodeId(0)));
        prop_assert!(once.body().is_some() && once.head().is_some());
    }

    #[test]
    fn any_text_can_be_parsed(source in ".*") {
        let mut dom = Dom::new();
        prop_assert!(parse(&source, &mut dom).is_ok());
        prop_assert!(dom.body().is_some());
    }

    #[test]
    fn any_text_with_angles_can_be_parsed(source in "[<>/a-c=\"' &;!?#x\\-\\n\\r\u{0}秋]{0,60}") {
        let mut dom = Dom::new();
        prop_assert!(parse(&source, &mut dom).is_ok());
        if dom.repaired.is_none() {
            prop_assert_eq!(tree(&dom), tree(&browser(&source)));
        }
    }
}
