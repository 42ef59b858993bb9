//! Which elements of a piece the template alone fixes. Their item lists are expected on very many pages, so
//! the PDF can hold them once. This is decided from the template's own text, before any record is read, so that
//! it cannot depend on what a cache holds or on which thread came first.

use rustc_hash::FxHashMap;

/// Elements of a template that hold no template syntax: the bytes of each, found by length and compared whole.
#[derive(Clone, Debug, Default)]
pub struct Statics {
    by_length: FxHashMap<usize, Vec<Box<str>>>,
    count: usize,
}

/// Elements that have no content and no end tag (HTML, section 13.1.2).
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

struct Open {
    name: String,
    start: usize,
    fixed: bool,
}

impl Statics {
    /// Adds every element of `template` (Tera source of HTML) whose source, start tag to end tag, has no `{{`,
    /// `{%` or `{#` in it. Elements that are not closed are left out.
    pub fn add_template(&mut self, template: &str) {
        let bytes = template.as_bytes();
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        while let Some(&b) = bytes.get(at) {
            if let Some(end) = syntax_end(bytes, at) {
                open.iter_mut().for_each(|o| o.fixed = false);
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
                    open.iter_mut().for_each(|o| o.fixed = false);
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
                open.iter_mut().for_each(|o| o.fixed = false);
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
                open.push(Open { name, start: at, fixed: plain });
                if let Some(close_at) = skip {
                    if (end..close_at).any(|i| syntax_end(bytes, i).is_some()) {
                        open.iter_mut().for_each(|o| o.fixed = false);
                    }
                    at = close_at;
                    continue;
                }
            }
            at = end;
        }
    }

    fn close(&mut self, template: &str, open: &mut Vec<Open>, name: &str, end: usize) {
        if let Some(index) = open.iter().rposition(|o| o.name == name) {
            let element = open.swap_remove(index);
            let unclosed_inside = open.len() > index;
            open.truncate(index);
            if element.fixed && !unclosed_inside {
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

    /// Whether the template alone fixes an element with this source.
    #[must_use]
    pub fn contains(&self, source: &str) -> bool {
        self.by_length.get(&source.len()).is_some_and(|list| list.iter().any(|s| **s == *source))
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
        }
        assert!(statics("<div><p>a</div>").is_empty(), "an element that holds an unclosed one is left out");
    }
}
