//! Which elements of a piece are the same for many records: those that the template alone fixes, and those that show
//! nothing but rows which many records share (a product with its picture and price, the address of a store, the terms
//! of a coupon). Their item lists are expected on very many pages, so the PDF can hold them once. This is decided from
//! the template's own text, before any record is read, so that it cannot depend on what a cache holds or on which thread
//! came first.

use rustc_hash::FxHashMap;

/// Elements of a template that hold no template syntax: the bytes of each, found by length and compared whole. And start
/// tags: those whose elements, wherever the templates have them, hold syntax that names shared rows alone.
#[derive(Clone, Debug, Default)]
pub struct Statics {
    by_length: FxHashMap<usize, Vec<Box<str>>>,
    count: usize,
    /// What elements with this start tag hold.
    tags: FxHashMap<Box<str>, Holds>,
    shared: Shared,
    /// Whether any element shows shared rows.
    any: bool,
}

/// The names by which templates reach rows that many records share.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// Names of rows inside others: `product` in `pick.product.name`.
    pub inner: Vec<String>,
    /// Whole names, such as `segment`, and with a last dot all that is below them: `store.`, `campaign.`.
    pub names: Vec<String>,
    /// Names of those that are not shared all the same: `store.km`.
    pub except: Vec<String>,
}

/// What an element holds; of two, the later one is what both together hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    /// No template syntax.
    Nothing,
    /// Values of shared rows.
    Shared,
    /// Anything.
    Other,
}

/// Elements that have no content and no end tag (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

struct Open {
    name: String,
    start: usize,
    /// Behind its start tag, which is free of syntax.
    tag_end: Option<usize>,
    holds: Holds,
}

impl Statics {
    /// Says which rows are shared, for the templates that are added after.
    pub fn share(&mut self, shared: Shared) {
        self.shared = shared;
    }

    /// Adds every element of `template` (Tera source of HTML) whose source, start tag to end tag, has no `{{`,
    /// `{%` or `{#` in it. Elements that are not closed are left out.
    pub fn add_template(&mut self, template: &str) {
        let bytes = template.as_bytes();
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            if let Some(end) = syntax_end(bytes, at) {
                let holds = self.shared.holds(&template[at..end]);
                open.iter_mut().for_each(|o| o.holds = o.holds.max(holds));
                at = end;
                continue;
            }
            if b != b'<' {
                at += 1;
                continue;
            }
            if bytes[at..].starts_with(b"<!--") {
                let end = find(bytes, at + 4, b"-->").map_or(bytes.len(), |e| e + 3);
                if (at..end).any(|i| syntax_end(bytes, i).is_some()) {
                    open.iter_mut().for_each(|o| o.holds = Holds::Other);
                }
                at = end;
                continue;
            }
            let closing = bytes.get(at + 1) == Some(&b'/');
            let name_at = at + 1 + usize::from(closing);
            let name_end = (name_at..bytes.len())
                .find(|&i| !(bytes[i].is_ascii_alphanumeric() || bytes[i] == b'-'))
                .unwrap_or(bytes.len());
            if name_end == name_at {
                at += 1;
                continue;
            }
            let name = template[name_at..name_end].to_ascii_lowercase();
            let (end, plain, self_closed) = tag_end(bytes, name_end);
            if !plain {
                let holds = self.shared.holds_all(&template[at..end]);
                open.iter_mut().for_each(|o| o.holds = o.holds.max(holds));
            }
            if closing {
                self.close(template, &mut open, &name, end);
            } else if VOID.contains(&name.as_str()) || self_closed {
                if plain {
                    self.insert(&template[at..end]);
                }
            } else {
                let raw = matches!(name.as_str(), "style" | "script" | "textarea" | "title");
                let skip = raw.then(|| find_end_tag(bytes, end, &name)).flatten();
                let holds = if plain { Holds::Nothing } else { Holds::Other };
                open.push(Open { name, start: at, tag_end: plain.then_some(end), holds });
                if let Some(close_at) = skip {
                    if (end..close_at).any(|i| syntax_end(bytes, i).is_some()) {
                        open.iter_mut().for_each(|o| o.holds = Holds::Other);
                    }
                    at = close_at;
                    continue;
                }
            }
            at = end;
        }
        open.iter().for_each(|element| self.tag(template, element, Holds::Other));
        self.any = self.tags.values().any(|holds| *holds == Holds::Shared);
    }

    /// Notes what one more element with its start tag holds.
    fn tag(&mut self, template: &str, element: &Open, holds: Holds) {
        if let Some(tag) = element.tag_end.and_then(|end| template.get(element.start..end)) {
            let known = self.tags.entry(tag.into()).or_insert(holds);
            *known = holds.max(*known);
        }
    }

    fn close(&mut self, template: &str, open: &mut Vec<Open>, name: &str, end: usize) {
        if let Some(index) = open.iter().rposition(|o| o.name == name) {
            let element = open.swap_remove(index);
            let unclosed_inside = open.len() > index;
            for inner in open.drain(index..) {
                self.tag(template, &inner, Holds::Other);
            }
            let holds = if unclosed_inside { Holds::Other } else { element.holds };
            self.tag(template, &element, holds);
            if holds == Holds::Nothing {
                self.insert(&template[element.start..end]);
            }
        }
    }

    fn insert(&mut self, source: &str) {
        let same_length = self.by_length.entry(source.len()).or_default();
        if !same_length.iter().any(|s| **s == *source) {
            same_length.push(source.into());
            self.count += 1;
        }
    }

    /// Whether an element with this source is the same for many records.
    #[must_use]
    pub fn contains(&self, source: &str) -> bool {
        self.by_length.get(&source.len()).is_some_and(|list| list.iter().any(|s| **s == *source))
            || self.any && self.shows_shared(source)
    }

    /// Whether an element with this source shows shared rows: every element that starts like it does.
    fn shows_shared(&self, source: &str) -> bool {
        let bytes = source.as_bytes();
        let name_end = (1..bytes.len()).find(|&i| !(bytes[i].is_ascii_alphanumeric() || bytes[i] == b'-'));
        let end = name_end.map(|from| tag_end(bytes, from).0);
        end.and_then(|end| self.tags.get(source.get(..end)?)) == Some(&Holds::Shared)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl Shared {
    /// What one piece of syntax holds, from its `{` to its `}`.
    fn holds(&self, syntax: &str) -> Holds {
        let inside = |open: &str, close: &str| syntax.strip_prefix(open)?.strip_suffix(close);
        let trimmed = |s: &str| s.trim_matches(|c: char| c == '-' || c.is_whitespace()).to_owned();
        let expression = match (inside("{{", "}}"), inside("{%", "%}"), inside("{#", "#}")) {
            (Some(expression), ..) => trimmed(expression),
            (_, Some(tag), _) => {
                let tag = trimmed(tag);
                match tag.split_once(char::is_whitespace) {
                    Some(("if" | "elif", condition)) => condition.to_owned(),
                    None if matches!(&*tag, "else" | "endif") => return Holds::Shared,
                    _ => return Holds::Other,
                }
            }
            _ => return Holds::Other,
        };
        if self.knows_all(&expression) { Holds::Shared } else { Holds::Other }
    }

    /// The same of all syntax in a text.
    fn holds_all(&self, text: &str) -> Holds {
        let (mut at, mut holds) = (0, Holds::Nothing);
        while at < text.len() {
            match syntax_end(text.as_bytes(), at) {
                Some(end) => {
                    holds = holds.max(text.get(at..end).map_or(Holds::Other, |s| self.holds(s)));
                    at = end;
                }
                None => at += 1,
            }
        }
        holds
    }

    /// Whether every name in an expression, besides those of filters and of their arguments, is that of something shared.
    fn knows_all(&self, expression: &str) -> bool {
        let mut rest = expression;
        let mut filter = false;
        while let Some(c) = rest.chars().next() {
            let length = match c {
                '"' | '\'' | '`' => match rest[1..].find(c) {
                    Some(end) => end + 2,
                    None => return false,
                },
                c if c.is_alphanumeric() || c == '_' => {
                    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                    let length = rest.find(|c| !word(c)).unwrap_or(rest.len());
                    let (name, after) = (&rest[..length], rest[length..].trim_start());
                    let argument = after.starts_with('=') && !after.starts_with("==");
                    let called = after.starts_with('(') || after.starts_with('[') || after.starts_with('?');
                    let plain = c.is_ascii_digit()
                        || matches!(name, "and" | "or" | "not" | "in" | "is" | "true" | "false" | "defined");
                    if !(filter || argument || plain || !called && self.knows(name)) {
                        return false;
                    }
                    filter = false;
                    length
                }
                // the name of a filter follows
                '|' => {
                    filter = true;
                    1
                }
                _ => c.len_utf8(),
            };
            rest = rest.get(length..).unwrap_or_default();
        }
        true
    }

    fn knows(&self, path: &str) -> bool {
        if self.except.iter().any(|e| path == e || path.starts_with(e) && path[e.len()..].starts_with('.')) {
            return false;
        }
        let below = |name: &String| if name.ends_with('.') { path.starts_with(name.as_str()) } else { path == name };
        let mut steps = path.split('.').skip(1).peekable();
        let mut inner = false;
        while let Some(step) = steps.next() {
            inner |= steps.peek().is_some() && self.inner.iter().any(|name| name == step);
        }
        inner || self.names.iter().any(below)
    }
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes.get(from..)?, what).map(|i| from + i)
}

fn find_end_tag(bytes: &[u8], from: usize, name: &str) -> Option<usize> {
    let mut at = from;
    while let Some(i) = find(bytes, at, b"</") {
        let rest = bytes.get(i + 2..i + 2 + name.len())?;
        if rest.eq_ignore_ascii_case(name.as_bytes()) {
            return Some(i);
        }
        at = i + 2;
    }
    None
}

/// Behind the template syntax that starts at `at`, if any does.
fn syntax_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let close: &[u8] = match bytes.get(at + 1)? {
        b'{' => b"}}",
        b'%' => b"%}",
        b'#' => b"#}",
        _ => return None,
    };
    Some(find(bytes, at + 2, close).map_or(bytes.len(), |e| e + 2))
}

/// From behind a tag's name: where the tag ends, whether it is free of template syntax, whether it closes itself.
fn tag_end(bytes: &[u8], from: usize) -> (usize, bool, bool) {
    let (mut at, mut plain, mut quote) = (from, true, None);
    while let Some(&b) = bytes.get(at) {
        if let Some(end) = syntax_end(bytes, at) {
            plain = false;
            at = end;
            continue;
        }
        match (quote, b) {
            (None, b'>') => return (at + 1, plain, at > from && bytes[at - 1] == b'/'),
            (None, b'"' | b'\'') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), false, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statics(template: &str) -> Statics {
        let mut s = Statics::default();
        s.add_template(template);
        s
    }

    #[test]
    fn elements_without_template_syntax_are_found() {
        let s = statics(r#"<div><p class="a">固定</p><p>{{ name }}</p><img src="bg.jpg"></div>"#);
        assert!(s.contains(r#"<p class="a">固定</p>"#));
        assert!(s.contains(r#"<img src="bg.jpg">"#));
        assert!(!s.contains("<p>{{ name }}</p>"));
        assert_eq!(s.len(), 2, "the div holds a variable");
    }

    #[test]
    fn syntax_in_an_attribute_spoils_the_element_and_those_around_it() {
        let s = statics(r#"<div><p class="{{ c }}"><b>x</b></p></div><i>y</i>"#);
        assert!(s.contains("<b>x</b>"));
        assert!(s.contains("<i>y</i>"));
        assert_eq!(s.len(), 2);
    }

    #[test]
    fn what_is_written_in_a_loop_is_static_too() {
        let s = statics("<ul>{% for p in products %}<li>●</li>{% endfor %}</ul>");
        assert!(s.contains("<li>●</li>"));
        assert_eq!(s.len(), 1);
    }

    fn sharing(template: &str) -> Statics {
        let mut s = Statics::default();
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        s.share(Shared {
            inner: names(&["product"]),
            names: names(&["store.", "coupon.title", "segment"]),
            except: names(&["store.km"]),
        });
        s.add_template(template);
        s
    }

    #[test]
    fn elements_that_show_shared_rows_alone_are_found_by_their_start_tags() {
        let s = sharing(
            r#"<div class="pick"><img src="{{ pick.product.image }}"><b>{{ pick.product.price | number(places=0) }}</b></div>
            <p class="why">{{ pick.because }}</p><p class="shop">{% if store.open == "yes" %}{{ store.name }}{% endif %}</p>
            <p class="far">{{ store.km }}</p><i class="{{ segment }}">x</i><u>{{ coupon.title }}{{ coupon.code }}</u>"#,
        );
        assert!(s.contains(r#"<div class="pick"><img src="a.jpg"><b>980</b></div>"#));
        assert!(s.contains(r#"<p class="shop">本店</p>"#));
        for own in [r#"<p class="why">近くの</p>"#, r#"<p class="far">3</p>"#, "<u>a1</u>", r#"<i class="vip">x</i>"#]
        {
            assert!(!s.contains(own), "{own}");
        }
    }

    #[test]
    fn a_start_tag_that_also_stands_before_something_else_is_not_shared() {
        let s = sharing("<div><p>{{ pick.product.name }}</p><p>{{ customer.name }}</p></div>");
        assert!(!s.contains("<p>茶</p>"));
        let s = sharing("<div><p>{{ pick.product.name }}</p><p>固定</p></div>");
        assert!(s.contains("<p>茶</p>") && s.contains("<p>固定</p>"));
        let s = sharing(
            r#"<div class="a">{% include "parts/pick.html" %}</div><ul>{% for p in picks %}<li>{{ p.product.name }}</li>{% endfor %}</ul>"#,
        );
        assert!(
            !s.contains(r#"<div class="a">x</div>"#)
                && s.contains("<li>茶</li>")
                && !s.contains("<ul><li>茶</li></ul>")
        );
    }

    #[test]
    fn broken_templates_do_no_harm() {
        for t in [
            "<",
            "</",
            "<a",
            "{{",
            "<a {{",
            "<b></i></b>",
            "<style>{# </style>",
            "<p>a<p>b</div>",
            "<!-- <p></p>",
            "é<é>",
        ] {
            let _ = statics(t);
            let _ = sharing(t);
        }
        assert!(statics("<div><p>a</div>").is_empty(), "an element that holds an unclosed one is left out");
    }
}
