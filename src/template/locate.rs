//! From a byte of the markup back to the template. A copy of the template is compiled with a mark in front of
//! every text and every `{{ … }}`; it is rendered for the one record in question, and the marks tell which text
//! or expression made which characters. Marks can disturb white space (`{%-` trims up to a mark and no further),
//! so the two renderings are walked side by side over their other characters only.

use tera::{Context, Tera};

use super::engine::Source;
use super::fault::Located;
use super::scan::Kind;
use super::{filters, guard};

/// A mark is this, a number, and [`CLOSE`]: noncharacters, which no text for print contains (Unicode 23.7).
const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';

pub(super) struct Locator {
    tera: Tera,
    /// For each mark: the file's and the piece's number.
    marks: Vec<(usize, usize)>,
}

impl Locator {
    pub(super) fn new(sources: &[Source]) -> Option<Self> {
        let mut marks = Vec::new();
        let marked: Vec<(&str, String)> = sources
            .iter()
            .enumerate()
            .map(|(s, source)| {
                let src = &source.text.text;
                let mut text = String::with_capacity(src.len() * 2);
                for (p, piece) in source.pieces.iter().enumerate() {
                    let whole = &src[piece.span.clone()];
                    if matches!(piece.kind, Kind::Text | Kind::Output) {
                        // behind the white space of a text: what `-%}` before it trims stays trimmed
                        let lead = match piece.kind {
                            Kind::Text => whole.len() - whole.trim_start().len(),
                            _ => 0,
                        };
                        text.push_str(&whole[..lead]);
                        text.push_str(&format!("{OPEN}{}{CLOSE}", marks.len()));
                        text.push_str(&whole[lead..]);
                        marks.push((s, p));
                    } else {
                        text.push_str(whole);
                    }
                }
                (source.path.as_str(), text)
            })
            .collect();
        let mut tera = Tera::new();
        filters::register(&mut tera);
        tera.autoescape_on(vec![".html", ".htm", ".xhtml", ".xml", ".svg"]);
        tera.add_raw_templates(marked).ok()?;
        Some(Self { tera, marks })
    }

    pub(super) fn locate(&self, sources: &[Source], context: &Context, markup: &str, byte: usize) -> Option<Located> {
        guard::start_work();
        let marked = self.tera.render(&sources.first()?.path, context).ok()?;
        let mut byte = byte.min(markup.len());
        while !markup.is_char_boundary(byte) {
            byte -= 1;
        }
        let wanted = markup[..byte].chars().filter(|c| !c.is_whitespace()).count();
        let mut plain = markup.chars().filter(|c| !c.is_whitespace());
        let mut chars = marked.chars();
        // the mark that holds, and how many characters were seen since
        let mut mark: Option<usize> = None;
        let (mut seen, mut since) = (0, 0);
        while let Some(c) = chars.next() {
            if c == OPEN {
                let number: String = chars.by_ref().take_while(|c| *c != CLOSE).collect();
                mark = number.parse().ok();
                since = 0;
            } else if !c.is_whitespace() {
                // a mark inside a captured text can change what a filter makes of it: from here on nothing is sure
                if plain.next() != Some(c) || seen == wanted {
                    break;
                }
                seen += 1;
                since += 1;
            }
        }
        let (s, p) = *self.marks.get(mark?)?;
        let source = sources.get(s)?;
        let piece = source.pieces.get(p)?;
        let span = match piece.kind {
            Kind::Text => {
                let text = &source.text.text[piece.span.clone()];
                let (at, c) = text
                    .char_indices()
                    .filter(|(_, c)| !c.is_whitespace())
                    .nth(since)
                    .or_else(|| text.char_indices().rfind(|(_, c)| !c.is_whitespace()))?;
                piece.span.start + at..piece.span.start + at + c.len_utf8()
            }
            _ => piece.span.clone(),
        };
        Some(Located::new(&source.text, span, &source.pieces))
    }
}
