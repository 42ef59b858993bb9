//! The elements that an address block becomes.

use std::fmt::Write as _;

use super::{number, numbers, split};
use crate::markup::dom::{Dom, NodeId};

/// Titles that a name may bring along.
const HONORIFICS: [&str; 6] = ["様", "御中", "殿", "先生", "各位", "行"];

/// Between the given names of people at one address.
const BETWEEN_NAMES: [char; 5] = ['、', '，', ',', '|', '｜'];

/// Attributes of the element that are its own; every other (`id`, `class`, `style`, `lang` …) stays on it.
const OWN: [&str; 16] = [
    "writing",
    "numbers",
    "postcode",
    "address",
    "prefecture",
    "city",
    "town",
    "number",
    "building",
    "company",
    "section",
    "title",
    "name",
    "joint",
    "honorific",
    "joint-honorific",
];

struct Writer<'a> {
    dom: &'a Dom,
    node: NodeId,
    /// Where the tag stands in the page.
    at: usize,
    html: &'a mut String,
    map: &'a mut Vec<(u32, u32, bool)>,
    vertical: bool,
    spelled: bool,
    digits: bool,
}

/// Writes the element without its end tag.
///
/// # Errors
/// What its attributes lack or contradict; the element is then empty.
pub(super) fn write(
    dom: &Dom,
    node: NodeId,
    at: usize,
    html: &mut String,
    map: &mut Vec<(u32, u32, bool)>,
) -> Result<(), String> {
    let mut w = Writer { dom, node, at, html, map, vertical: true, spelled: false, digits: false };
    let switches = w.switches();
    w.start_tag();
    switches?;
    w.content()
}

impl<'a> Writer<'a> {
    /// The text of an attribute, `None` when it is absent or blank.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.dom.attr_named(self.node, name).map(str::trim).filter(|v| !v.is_empty())
    }

    fn switches(&mut self) -> Result<(), String> {
        self.vertical = match self.get("writing") {
            None | Some("vertical") => true,
            Some("horizontal") => false,
            Some(other) => return Err(format!("`writing` is `{other}`; it can be vertical or horizontal")),
        };
        match self.get("numbers") {
            None | Some("kanji") => {}
            Some("spelled") => self.spelled = true,
            Some("digits") => self.digits = true,
            Some(other) => return Err(format!("`numbers` is `{other}`; it can be kanji, spelled or digits")),
        }
        if self.get("name").is_none() && self.get("company").is_none() {
            return Err("there is neither a `name` nor a `company`".to_owned());
        }
        if self.vertical && self.get("postcode").is_some() {
            let message = "a vertical block prints no `postcode`: print it into the boxes of the card, or write \
                           writing=\"horizontal\"";
            return Err(message.to_owned());
        }
        Ok(())
    }

    fn start_tag(&mut self) {
        self.map.push((number(self.html.len()), number(self.at), false));
        self.html.push_str("<address-block");
        let mut class = false;
        let way = if self.vertical { "ab-vertical" } else { "ab-horizontal" };
        for attribute in self.dom.attributes(self.node) {
            let name = self.dom.name_text(attribute.name);
            if OWN.contains(&name) {
                continue;
            }
            let value = self.dom.str(&attribute.value);
            let _ = write!(self.html, " {name}=\"");
            escape(value, self.html);
            if name == "class" {
                class = true;
                let _ = write!(self.html, " {way}");
            }
            self.html.push('"');
        }
        if !class {
            let _ = write!(self.html, " class=\"{way}\"");
        }
        self.html.push('>');
    }

    fn content(&mut self) -> Result<(), String> {
        self.html.push_str("<div class=\"ab-side\"><div class=\"ab-to\">");
        if let Some(code) = self.get("postcode") {
            let digits: String =
                code.chars().filter_map(numbers::digit).filter_map(|d| char::from_digit(d, 10)).collect();
            let text = match digits.len() {
                7 => format!("〒{}-{}", &digits[..3], &digits[3..]),
                _ => code.to_owned(),
            };
            self.div("ab-postcode", "postcode", &text);
        }
        self.address();
        self.html.push_str("</div>");
        if self.get("name").is_some() {
            self.html.push_str("<div class=\"ab-who\">");
            self.organisations(false);
            self.html.push_str("</div></div>");
            self.names();
        } else {
            self.html.push_str("</div><div class=\"ab-names ab-organisation\">");
            self.organisations(true);
            self.html.push_str("</div>");
        }
        self.html.push_str("<div class=\"ab-rest\"></div>");
        Ok(())
    }

    fn address(&mut self) {
        let mut building = self.get("building");
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for name in ["prefecture", "city", "town", "number"] {
            parts.extend(self.get(name).map(|text| (name, text)));
        }
        if let Some(address) = self.get("address") {
            let found = split::split(address);
            parts.extend(found.parts.into_iter().map(|p| ("address", p)));
            if building.is_none() {
                building = found.building;
            }
        }
        if !parts.is_empty() {
            self.html.push_str("<div class=\"ab-address\">");
            // the town's 丁目 decides what its numbers mean: they are looked at together
            let joined: String = parts.iter().map(|(_, text)| *text).collect();
            let spelled = self.spelled.then(|| numbers::spelled(&numbers::plain(&joined)));
            let changed = spelled.filter(|s| *s != numbers::plain(&joined));
            if let Some(changed) = &changed {
                let found = split::split(changed);
                for part in found.parts {
                    self.part("address", part);
                }
            } else {
                for (name, text) in &parts {
                    self.part(name, text);
                }
            }
            self.html.push_str("</div>");
        }
        if let Some(building) = building {
            let text = self.numerals(building);
            let name = if self.get("building").is_some() { "building" } else { "address" };
            self.div("ab-building", name, &text);
        }
    }

    fn part(&mut self, attribute: &str, text: &str) {
        let text = self.numerals(text);
        if !self.html.ends_with('>') || self.html.ends_with("</span>") {
            self.html.push_str("<wbr>");
        }
        self.html.push_str("<span class=\"ab-part\">");
        self.text(attribute, &text);
        self.html.push_str("</span>");
    }

    fn numerals(&self, text: &str) -> String {
        let plain = numbers::plain(text);
        if self.vertical && !self.digits { numbers::vertical(&plain) } else { plain }
    }

    /// Company and department; the last of them has the honorific when it is not for a person.
    fn organisations(&mut self, honoured: bool) {
        let section = self.get("section");
        if let Some(company) = self.get("company") {
            self.organisation("ab-company", "company", company, honoured && section.is_none());
        }
        if let Some(section) = section {
            self.organisation("ab-section", "section", section, honoured);
        }
    }

    fn organisation(&mut self, class: &str, attribute: &str, text: &str, last: bool) {
        let _ = write!(self.html, "<div class=\"{class}\">");
        self.text(attribute, text);
        if last && !HONORIFICS.iter().any(|h| text.ends_with(h)) {
            let honorific = self.get("honorific").unwrap_or("御中");
            self.html.push_str("<span class=\"ab-honorific\">");
            self.text("honorific", honorific);
            self.html.push_str("</span>");
        }
        self.html.push_str("</div>");
    }

    fn names(&mut self) {
        let Some(name) = self.get("name") else { return };
        let (name, brought) = honorific_of(name);
        let honorific = self.get("honorific").or(brought).unwrap_or("様");
        let (family, given) = halves(name);
        let joint: Vec<&str> = self
            .get("joint")
            .map_or_else(Vec::new, |j| j.split(BETWEEN_NAMES).map(str::trim).filter(|n| !n.is_empty()).collect());
        // one person's name is spread by its length; several names are made equally long by the columns
        let people = if joint.is_empty() { "ab-names ab-one" } else { "ab-names ab-joint" };
        let (spread, gap) = spread(family.chars().count() + given.map_or(0, |g| g.chars().count()), given.is_some());
        let _ = write!(self.html, "<div class=\"{people}\">");
        if let Some(title) = self.get("title") {
            self.div("ab-title", "title", title);
        } else {
            self.html.push_str("<div class=\"ab-title\"></div>");
        }
        if joint.is_empty() {
            let _ = write!(self.html, "<div class=\"ab-family\" style=\"letter-spacing:{spread}em\">");
            self.text("name", family);
            let _ = write!(
                self.html,
                "</div><div class=\"ab-given\" style=\"letter-spacing:{spread}em;margin-inline-start:{gap}em\">"
            );
            self.text("name", given.unwrap_or_default());
            self.html.push_str("</div>");
        } else {
            self.div("ab-family", "name", family);
            self.div("ab-given", "name", given.unwrap_or_default());
        }
        self.div("ab-honorific", "honorific", honorific);
        let joint_honorific = self.get("joint-honorific").unwrap_or(honorific);
        for other in joint {
            let (other, brought) = honorific_of(other);
            let (own_family, own_given) = halves(other);
            self.html.push_str("<div class=\"ab-title\"></div>");
            // a given name alone stands below the family name that it shares
            let (family, given) = own_given.map_or(("", own_family), |g| (own_family, g));
            self.div("ab-family", "joint", if family == halves(name).0 { "" } else { family });
            self.div("ab-given", "joint", given);
            self.div("ab-honorific", "joint", brought.unwrap_or(joint_honorific));
        }
        self.html.push_str("</div>");
    }

    fn div(&mut self, class: &str, attribute: &str, text: &str) {
        let _ = write!(self.html, "<div class=\"{class}\">");
        self.text(attribute, text);
        self.html.push_str("</div>");
    }

    /// A text that an attribute gave: its faults are that attribute's.
    fn text(&mut self, attribute: &str, text: &str) {
        let given = self.dom.attributes(self.node).iter().find(|a| self.dom.name_text(a.name) == attribute);
        let at = self.at + given.map_or(0, |a| a.span.start as usize);
        self.map.push((number(self.html.len()), number(at), false));
        escape(text, self.html);
        self.map.push((number(self.html.len()), number(self.at), false));
    }
}

/// A name and the title that it brings along.
fn honorific_of(name: &str) -> (&str, Option<&'static str>) {
    for honorific in HONORIFICS {
        if let Some(rest) = name.strip_suffix(honorific)
            && !rest.trim().is_empty()
            // a name of one word may end so by itself: 行 is a given name's last character too
            && (honorific != "行" || rest.ends_with(char::is_whitespace))
        {
            return (rest.trim(), Some(honorific));
        }
    }
    (name, None)
}

/// Family and given name, where a blank says which is which.
fn halves(name: &str) -> (&str, Option<&str>) {
    match name.split_once(char::is_whitespace) {
        Some((family, given)) => (family, Some(given.trim()).filter(|g| !g.is_empty())),
        None => (name, None),
    }
}

/// The space between the characters of a name, and between family and given name, in ems: names of up to four
/// characters are spread over five, as printers of name cards do; longer ones are set close.
fn spread(count: usize, two: bool) -> (f32, f32) {
    let count = count.max(1) as f32;
    let extra = (5.0 - count).max(0.0);
    match two {
        true if extra > 0.0 => ((extra / count * 100.0).round() / 100.0, (extra / count * 100.0).round() / 100.0),
        true => (0.0, 0.25),
        false => ((extra / count).min(0.25), 0.0),
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}
