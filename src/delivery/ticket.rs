//! The job ticket: a minimal XJDF 2.1 (CIP4's XJDF Specification 2.1; namespace `http://www.CIP4.org/JDFSchema_2_0`)
//! that says what is to be made of the files. It holds what is known and nothing that is guessed, and no person's data.
//!
//! The order of elements, which attributes there are and what their values may be follow CIP4's schema; the ticket of the
//! sample campaign was validated against it (docs/output.md).

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::base::xml::escaped;
use crate::base::{Pt, Rect, Size};
use crate::ledger::Listed;

/// How the pages of a piece lie on its sheet: `Sides` of LayoutIntent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sides {
    /// Printed on one side.
    One,
    /// On both sides, turned like the page of a book.
    HeadToHead,
    /// On both sides, turned like the sheet of a calendar.
    HeadToFoot,
}

impl Sides {
    fn word(self) -> &'static str {
        match self {
            Self::One => "OneSided",
            Self::HeadToHead => "TwoSidedHeadToHead",
            Self::HeadToFoot => "TwoSidedHeadToFoot",
        }
    }
}

/// The surface of the paper: `Coating` of MediaIntent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Coating {
    None,
    Coated,
    Gloss,
    Matte,
    Satin,
}

impl Coating {
    fn word(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Coated => "Coated",
            Self::Gloss => "Gloss",
            Self::Matte => "Matte",
            Self::Satin => "Satin",
        }
    }
}

/// What is stated of the paper.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Media {
    /// In words.
    pub stock: Option<String>,
    /// Grams a square metre.
    pub weight: Option<f32>,
    pub coating: Option<Coating>,
}

/// What a ticket says.
#[derive(Clone, Debug)]
pub struct Ticket<'a> {
    /// The campaign's id: ASCII letters, digits, `-`, `_`.
    pub job: &'a str,
    pub title: &'a str,
    /// `Postcard`, `Letter`, …
    pub product: Option<&'a str>,
    pub pieces: u64,
    /// Trim and bleed of the pages.
    pub paper: Option<(Size, Pt)>,
    /// Pages of each piece, when all have the same number.
    pub pages: Option<u32>,
    pub sides: Option<Sides>,
    pub media: &'a Media,
    /// When it must be in the post.
    pub posting_date: Date,
    /// The sheets that the pages lie on, when the files are of sheets.
    pub placing: Option<Placing>,
    pub files: &'a [Listed],
}

/// Whether sheets are printed on their backs: `WorkStyle` of Layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// `Simplex`.
    OneSide,
    /// `WorkAndBack`: the back has a content of its own, whichever edge the sheet is turned at.
    BothSides,
}

/// How pieces lie on their sheets.
#[derive(Clone, Debug, PartialEq)]
pub struct Placing {
    pub sheet: Size,
    pub work: Work,
    /// Sheets that are cut and stacked together.
    pub stack: Option<u64>,
    /// The trims on the front, from the sheet's top left corner with y down, and how pieces are turned in them.
    pub places: Vec<(Rect, u16)>,
}

impl Ticket<'_> {
    /// The ticket as text: UTF-8 with a line break at its end.
    #[must_use]
    pub fn xml(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = writeln!(
            out,
            "<XJDF xmlns=\"http://www.CIP4.org/JDFSchema_2_0\" Version=\"2.1\" JobID=\"{}\"{} Types=\"Product\">",
            escaped(&name(self.job)),
            attribute("DescriptiveName", Some(self.title))
        );
        self.product(&mut out);
        resource(&mut out, "CustomerInfo", &attribute("CustomerJobName", Some(self.title)));
        // The Japanese day, to its end; its offset has not changed since 1951.
        let end = format!("{}T23:59:59+09:00", self.posting_date);
        resource(&mut out, "NodeInfo", &attribute("LastEnd", Some(&end)));
        if let Some(placing) = &self.placing {
            self.placing(placing, &mut out);
        }
        if !self.files.is_empty() {
            self.run_list(&mut out);
        }
        out.push_str("</XJDF>\n");
        out
    }

    fn product(&self, out: &mut String) {
        // `Amount` is a 32-bit integer (xs:int).
        let amount = i32::try_from(self.pieces).unwrap_or(i32::MAX).to_string();
        let product = self.product.map(name);
        let _ = writeln!(
            out,
            "  <ProductList>\n    <Product Amount=\"{amount}\"{}>",
            attribute("ProductType", product.as_deref())
        );
        let mut layout = String::new();
        if let Some((trim, bleed)) = self.paper {
            if bleed.0 > 0.0 {
                layout.push_str(&attribute("Bleed", Some(&points(bleed))));
            }
            let shape = format!("{} {} 0", points(trim.width), points(trim.height));
            layout.push_str(&attribute("FinishedDimensions", Some(&shape)));
        }
        if let Some(pages) = self.pages {
            layout.push_str(&attribute("Pages", Some(&pages.to_string())));
        }
        // One page is one side, and the two of a card are its front and back; how a letter is printed must be stated.
        let sides = self.sides.or(match self.pages {
            Some(1) => Some(Sides::One),
            Some(2) => Some(Sides::HeadToHead),
            _ => None,
        });
        layout.push_str(&attribute("Sides", sides.map(Sides::word)));
        intent(out, "LayoutIntent", &layout);
        if *self.media != Media::default() {
            let mut media = attribute("Coating", self.media.coating.map(Coating::word));
            media.push_str(&attribute("MediaQuality", self.media.stock.as_deref()));
            media.push_str(&attribute("MediaType", Some("Paper")));
            media.push_str(&attribute("Weight", self.media.weight.map(|w| w.to_string()).as_deref()));
            intent(out, "MediaIntent", &media);
        }
        out.push_str("    </Product>\n  </ProductList>\n");
    }

    /// The sheet as it is bought, and where pieces lie on it: boxes from its lower left corner, in points.
    fn placing(&self, placing: &Placing, out: &mut String) {
        let size = format!("{} {}", points(placing.sheet.width), points(placing.sheet.height));
        let mut media = attribute("Coating", self.media.coating.map(Coating::word));
        media.push_str(&attribute("Dimension", Some(&size)));
        media.push_str(&attribute("MediaQuality", self.media.stock.as_deref()));
        media.push_str(&attribute("MediaType", Some("Paper")));
        media.push_str(&attribute("Weight", self.media.weight.map(|w| w.to_string()).as_deref()));
        let work = match placing.work {
            Work::OneSide => "Simplex",
            Work::BothSides => "WorkAndBack",
        };
        let _ = writeln!(out, "  <ResourceSet Name=\"Layout\" Usage=\"Input\">\n    <Resource>");
        let _ = writeln!(out, "      <Layout PaperRef=\"paper\" WorkStyle=\"{work}\">");
        for (n, (trim, turn)) in placing.places.iter().enumerate() {
            let bottom = placing.sheet.height - trim.bottom();
            let area = [trim.x, bottom, trim.right(), bottom + trim.height].map(points).join(" ");
            let turned = match turn {
                90 => "Rotate270",
                180 => "Rotate180",
                270 => "Rotate90",
                _ => "Rotate0",
            };
            let stack = placing.stack.map(|n| i32::try_from(n).unwrap_or(i32::MAX).to_string());
            let _ = writeln!(
                out,
                "        <Position AbsoluteBox=\"{area}\" Orientation=\"{turned}\" PositionOrd=\"{n}\"{}/>",
                stack.map_or(String::new(), |s| format!(" StackDepth=\"{s}\" StackOrd=\"{n}\""))
            );
        }
        let _ = writeln!(out, "      </Layout>\n    </Resource>\n  </ResourceSet>");
        let _ = writeln!(
            out,
            "  <ResourceSet Name=\"Media\">\n    <Resource ID=\"paper\">\n      <Media{media}/>\n    </Resource>\n  </ResourceSet>"
        );
    }

    /// The files in the order of printing, each a run; pages are counted from 0, and -1 is the last.
    fn run_list(&self, out: &mut String) {
        out.push_str("  <ResourceSet Name=\"RunList\" Usage=\"Input\">\n");
        for (i, file) in self.files.iter().enumerate() {
            out.push_str("    <Resource>\n");
            if self.files.len() > 1 {
                let _ = writeln!(out, "      <Part Run=\"part{:04}\"/>", i + 1);
            }
            let (pages, name) = (file.pages, escaped(&file.made.name));
            let _ = writeln!(
                out,
                "      <RunList NPage=\"{pages}\" Pages=\"0 -1\">\n        <FileSpec FileSize=\"{}\" \
                 MimeType=\"application/pdf\" NPage=\"{pages}\" URL=\"{name}\"/>\n      </RunList>\n    </Resource>",
                file.made.bytes
            );
        }
        out.push_str("  </ResourceSet>\n");
    }
}

fn resource(out: &mut String, element: &str, attributes: &str) {
    let _ = writeln!(
        out,
        "  <ResourceSet Name=\"{element}\">\n    <Resource>\n      <{element}{attributes}/>\n    </Resource>\n  </ResourceSet>"
    );
}

fn intent(out: &mut String, element: &str, attributes: &str) {
    if !attributes.is_empty() {
        let _ = writeln!(out, "      <Intent Name=\"{element}\">\n        <{element}{attributes}/>\n      </Intent>");
    }
}

fn attribute(key: &str, value: Option<&str>) -> String {
    value.filter(|v| !v.is_empty()).map_or(String::new(), |value| format!(" {key}=\"{}\"", escaped(value)))
}

/// A name token (XML 1.0, `Nmtoken`): what stands here is ASCII; anything else becomes `_`.
fn name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '_' }).collect()
}

/// Points with at most three decimals, as page boxes have them.
fn points(length: Pt) -> String {
    let text = format!("{:.3}", length.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Digest;
    use crate::ledger::Made;

    fn files(n: u64) -> Vec<Listed> {
        (1..=n)
            .map(|i| Listed {
                made: Made { name: format!("dm_{i:02}.pdf"), bytes: 1000 * i, sha256: Digest([0; 32]) },
                pieces: 10,
                pages: 20,
                first_piece: String::new(),
                last_piece: String::new(),
                part: None,
            })
            .collect()
    }

    fn ticket<'a>(files: &'a [Listed], media: &'a Media) -> Ticket<'a> {
        Ticket {
            job: "2026-autumn",
            title: "秋の\"ご案内\" <&>\u{1}",
            product: Some("Postcard"),
            pieces: 20,
            paper: Some((Size::new(Pt::from_mm(100.0), Pt::from_mm(148.0)), Pt::from_mm(3.0))),
            pages: Some(2),
            sides: None,
            media,
            posting_date: Date::constant(2026, 12, 1),
            placing: None,
            files,
        }
    }

    const NAMESPACE: &str = "http://www.CIP4.org/JDFSchema_2_0";

    /// Elements in the order in which the schema wants them, each with the attributes that it allows.
    fn check(text: &str) {
        let allowed: &[(&str, &[&str], &[&str])] = &[
            ("XJDF", &["JobID", "Types", "Version", "DescriptiveName"], &["ProductList", "ResourceSet"]),
            ("ProductList", &[], &["Product"]),
            ("Product", &["Amount", "ProductType"], &["Intent"]),
            ("Intent", &["Name"], &["LayoutIntent", "MediaIntent"]),
            ("LayoutIntent", &["Bleed", "FinishedDimensions", "Pages", "Sides"], &[]),
            ("MediaIntent", &["Coating", "MediaQuality", "MediaType", "Weight"], &[]),
            ("ResourceSet", &["Name", "Usage"], &["Resource"]),
            ("Resource", &["ID"], &["Part", "RunList", "NodeInfo", "CustomerInfo", "Layout", "Media"]),
            ("Layout", &["PaperRef", "WorkStyle"], &["Position"]),
            ("Position", &["AbsoluteBox", "Orientation", "PositionOrd", "StackDepth", "StackOrd"], &[]),
            ("Media", &["Coating", "Dimension", "MediaQuality", "MediaType", "Weight"], &[]),
            ("Part", &["Run"], &[]),
            ("RunList", &["NPage", "Pages"], &["FileSpec"]),
            ("FileSpec", &["FileSize", "MimeType", "NPage", "URL"], &[]),
            ("NodeInfo", &["LastEnd"], &[]),
            ("CustomerInfo", &["CustomerJobName"], &[]),
        ];
        let document = roxmltree::Document::parse(text).expect("well-formed");
        assert_eq!(document.root_element().tag_name().name(), "XJDF");
        for element in document.descendants().filter(roxmltree::Node::is_element) {
            assert_eq!(element.tag_name().namespace(), Some(NAMESPACE));
            let name = element.tag_name().name();
            let (_, attributes, children) = allowed.iter().find(|(n, ..)| *n == name).expect(name);
            for attribute in element.attributes() {
                assert!(attributes.contains(&attribute.name()), "{name}/{}", attribute.name());
                assert!(!attribute.value().is_empty(), "{name}/{}", attribute.name());
            }
            let order: Vec<usize> = element
                .children()
                .filter(roxmltree::Node::is_element)
                .map(|c| children.iter().position(|n| *n == c.tag_name().name()).expect("allowed here"))
                .collect();
            assert!(order.is_sorted(), "{name}: {order:?}");
            if ["Intent", "ResourceSet"].contains(&name) {
                let child = element.descendants().any(|d| Some(d.tag_name().name()) == element.attribute("Name"));
                assert!(child, "{name} holds what its name says");
            }
        }
    }

    #[test]
    fn a_ticket_holds_the_rules_of_its_schema() {
        let full = Media { stock: Some("上質紙 180kg".into()), weight: Some(209.5), coating: Some(Coating::Matte) };
        for media in [&Media::default(), &full] {
            for n in [0, 1, 2] {
                let files = files(n);
                let mut ticket = ticket(&files, media);
                check(&ticket.xml());
                (ticket.paper, ticket.pages, ticket.product) = (None, None, None);
                check(&ticket.xml());
            }
        }
    }

    #[test]
    fn a_ticket_of_sheets_says_where_pieces_lie() {
        let (files, media) = (files(1), Media::default());
        let mut ticket = ticket(&files, &media);
        let place = Rect::new(Pt(10.0), Pt(20.0), Pt(283.5), Pt(419.5));
        let (sheet, places) = (Size::new(Pt(907.0), Pt(1276.0)), vec![(place, 90)]);
        ticket.placing = Some(Placing { sheet, work: Work::BothSides, stack: Some(500), places });
        let text = ticket.xml();
        check(&text);
        for part in [
            "<Layout PaperRef=\"paper\" WorkStyle=\"WorkAndBack\">",
            "AbsoluteBox=\"10 836.5 293.5 1256\" Orientation=\"Rotate270\" PositionOrd=\"0\" StackDepth=\"500\"",
            "<Media Dimension=\"907 1276\" MediaType=\"Paper\"/>",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn what_is_known_is_said_and_nothing_is_guessed() {
        let (files, media) = (files(2), Media { weight: Some(209.5), ..Media::default() });
        let mut ticket = ticket(&files, &media);
        let text = ticket.xml();
        for part in [
            "JobID=\"2026-autumn\" DescriptiveName=\"秋の&quot;ご案内&quot; &lt;&amp;&gt; \"",
            "<Product Amount=\"20\" ProductType=\"Postcard\">",
            "<LayoutIntent Bleed=\"8.504\" FinishedDimensions=\"283.465 419.528 0\" Pages=\"2\" Sides=\"TwoSidedHeadToHead\"/>",
            "<MediaIntent MediaType=\"Paper\" Weight=\"209.5\"/>",
            "<NodeInfo LastEnd=\"2026-12-01T23:59:59+09:00\"/>",
            "<Part Run=\"part0002\"/>",
            "<FileSpec FileSize=\"2000\" MimeType=\"application/pdf\" NPage=\"20\" URL=\"dm_02.pdf\"/>",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        ticket.pages = Some(4);
        assert!(!ticket.xml().contains("Sides="), "whether a letter is printed on both sides is not known");
        ticket.sides = Some(Sides::HeadToFoot);
        assert!(ticket.xml().contains("Sides=\"TwoSidedHeadToFoot\""));
    }
}
