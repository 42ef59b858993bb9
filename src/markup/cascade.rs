//! The cascade: which declarations apply to an element, and what they compute to (CSS Cascade 5).

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use cssparser::{Parser, Token};
use selectors::parser::Selector;

use super::css::{self, Block, FontFace, Stylesheet};
use super::dom::{Dom, NodeId};
use super::effects::Effects;
use super::faces::{Asked, Faces};
use super::generated::{Generated, Generating, Piece};
use super::hints;
use super::kind::{About, Written};
use super::margin::{MarginPlace, MarginText};
use super::name::Name;
use super::page::{PageStyle, WhichPage};
use super::property::{self, Draft, Longhand, Value, Wide};
use super::selector::{self, Impl, Last, Matcher, Pseudo, Uses};
use super::style::{
    Axes, BorderStyle, Direction, Display, Float, LineHeight, Position, Style, TableStyle, TextExtras, TextStyle,
    UnicodeBidi, Visibility, WritingMode,
};
use super::tracks::Grid;
use super::values::{Read, Sum, Units, no};
use crate::base::{Diagnostic, Edges, Pt, Size, SourceText};

/// The built-in sheet.
static BUILT_IN: LazyLock<Arc<Stylesheet>> = LazyLock::new(|| {
    let source = SourceText::new("built-in stylesheet", include_str!("ua.css"));
    Arc::new(Stylesheet::parse(&source, &Arc::from("")))
});

/// What the built-in sheet says that is not understood: nothing, as a test sees to.
#[cfg(test)]
pub(super) fn built_in_faults() -> &'static [Diagnostic] {
    &BUILT_IN.diagnostics
}

/// All sheets of a document in the order of the cascade, ready to match.
#[derive(Debug)]
pub struct Sheets {
    sheets: Vec<Arc<Stylesheet>>,
    /// What went wrong on the way to the sheets.
    faults: Vec<Diagnostic>,
    /// From the weakest to the strongest.
    rules: Vec<Rule>,
    /// How many of the rules are the built-in sheet's.
    built_in: usize,
    pub(super) uses: Uses,
    /// The default page, which `vw` and `vh` are of.
    page: Size,
    /// See [`Sheets::new`].
    paper: PageStyle,
    /// What measures fonts, where lengths are in such measures.
    pub(super) faces: Option<Arc<dyn Faces>>,
}

impl Default for Sheets {
    fn default() -> Self {
        Self::new(Vec::new(), Vec::new(), PageStyle::default())
    }
}

#[derive(Debug)]
struct Rule {
    selector: Selector<Impl>,
    last: Last,
    pseudo: Option<Pseudo>,
    author: bool,
    /// Rank of its layer; what is in none is stronger than all that are.
    layer: u32,
    /// It is only looked at in documents of moderate size.
    looks_around: bool,
    order: usize,
    block: Arc<Block>,
}

impl Sheets {
    /// The author's sheets, those that are imported before those that import them, behind the built-in one.
    /// `paper` is the page where no rule says anything.
    #[must_use]
    pub fn new(author: Vec<Arc<Stylesheet>>, mut faults: Vec<Diagnostic>, mut paper: PageStyle) -> Self {
        super::inks::collect(&author, &mut paper, &mut faults);
        let mut rules = Vec::new();
        let mut uses = Uses::default();
        let page =
            PageStyle::cascade(paper.clone(), author.iter().flat_map(|s| &s.pages), &WhichPage::first(Arc::default()))
                .size;
        let ranks = layer_ranks(&author);
        let all = std::iter::once((None, &*BUILT_IN)).chain(author.iter().enumerate().map(|(i, s)| (Some(i), s)));
        for (sheet, rule) in all.flat_map(|(sheet, s)| s.rules.iter().map(move |r| (sheet, r))) {
            if !rule.media.iter().all(|m| m.applies(page)) {
                continue;
            }
            let layer = sheet.zip(rule.layer).and_then(|(s, l)| ranks.get(s)?.get(l).copied()).unwrap_or(UNLAYERED);
            for selector in rule.selectors.slice() {
                uses.note(selector);
                rules.push(Rule {
                    last: Last::of(selector),
                    pseudo: selector.pseudo_element().copied(),
                    author: sheet.is_some(),
                    layer,
                    looks_around: selector::looks_around(selector),
                    order: rules.len(),
                    block: Arc::clone(&rule.block),
                    selector: selector.clone(),
                });
            }
        }
        for block in author.iter().flat_map(|s| &s.rules).map(|r| &r.block) {
            block.declarations.iter().for_each(|d| attributes_of(&d.value, &mut uses.attributes));
            block.custom.iter().for_each(|c| attributes_in(&c.text, &mut uses.attributes));
        }
        uses.counters = author.iter().flat_map(|s| &s.rules).flat_map(|r| &r.block.declarations).any(counts);
        uses.attributes.sort_unstable();
        uses.attributes.dedup();
        uses.ids.sort_unstable();
        uses.ids.dedup();
        rules.sort_by_key(|r| (r.author, r.layer, r.selector.specificity(), r.order));
        let built_in = rules.partition_point(|r| !r.author);
        Self { sheets: author, faults, rules, built_in, uses, page, paper, faces: None }
    }

    /// What the stylesheets say of a page.
    #[must_use]
    pub fn page(&self, which: &WhichPage) -> PageStyle {
        PageStyle::cascade(self.paper.clone(), self.sheets.iter().flat_map(|s| &s.pages), which)
    }

    /// The page where no rule says anything, with the document's named inks.
    #[must_use]
    pub fn paper(&self) -> &PageStyle {
        &self.paper
    }

    /// Whether there is an `@page` rule for this name.
    #[must_use]
    pub fn names_page(&self, name: &str) -> bool {
        self.sheets.iter().flat_map(|s| &s.pages).any(|page| page.is_for(name))
    }

    /// The style of a margin box in a page of this document, and what stands in it; `None` where nothing does.
    /// What is inherited comes from the document's root (CSS Paged Media 3, section 5).
    pub(super) fn margin_box(
        &self,
        dom: &Dom,
        root: NodeId,
        place: MarginPlace,
        page: &PageStyle,
        parent: &Inherited,
    ) -> Option<(Arc<Style>, Arc<[MarginText]>)> {
        let mine = || page.boxes.iter().filter(|b| b.place == place);
        let content = mine().rev().find_map(|b| b.content.clone()).filter(|c| !c.is_empty())?;
        let (align, vertical) = place.built_in();
        let mut built_in = Block::default();
        let said = [
            ("text-align", align),
            ("vertical-align", vertical),
            ("display", "block"),
            // a page number stands upright also under vertical text
            ("writing-mode", "horizontal-tb"),
        ];
        for (name, value) in said {
            let values = property::read(name, value, &Arc::default()).unwrap_or_default();
            let all = values.into_iter();
            built_in.declarations.extend(all.map(|(property, value)| property::Declaration {
                property,
                value,
                important: false,
                logical: false,
            }));
        }
        let source = |block, author| Source { block, author, layer: 0 };
        let blocks: Vec<Source<'_>> =
            std::iter::once(source(&built_in, false)).chain(mine().map(|b| source(&b.block, true))).collect();
        Some((compute(self, dom, root, &blocks, None, Some(parent), true).style, content))
    }

    /// Whether texts depend on what stands before them in the document.
    #[must_use]
    pub fn uses_counters(&self) -> bool {
        self.uses.counters
    }

    /// Whether an `@page` rule for all pages says how big they are.
    #[must_use]
    pub fn states_page_size(&self) -> bool {
        self.sheets.iter().flat_map(|s| &s.pages).any(super::page::PageRule::states_size)
    }

    pub fn font_faces(&self) -> impl Iterator<Item = &FontFace> {
        self.sheets.iter().flat_map(|s| &s.font_faces)
    }

    /// What the sheets say that is unknown or unsupported, and what could not be loaded.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.faults.iter().chain(self.sheets.iter().flat_map(|s| &s.diagnostics))
    }

    /// The rules for one element and its pseudo-elements, from the weakest to the strongest.
    pub(super) fn matching(&self, dom: &Dom, element: NodeId) -> Matching<'_> {
        let mut matcher = Matcher::new(dom);
        let mut found = Matching::default();
        for (i, rule) in self.rules.iter().enumerate() {
            if rule.last.may_match(dom, element)
                && (!rule.looks_around || matcher.may_look_around())
                && matcher.matches(&rule.selector, element)
            {
                let list = match rule.pseudo {
                    None => &mut found.own,
                    Some(Pseudo::Before) => &mut found.before,
                    Some(Pseudo::After) => &mut found.after,
                    Some(Pseudo::Marker) => &mut found.marker,
                    Some(Pseudo::FirstLetter) => &mut found.first_letter,
                };
                list.push(Source { block: &rule.block, author: i >= self.built_in, layer: rule.layer });
            }
        }
        found
    }
}

/// Whether a declaration makes texts depend on what stands before them.
fn counts(d: &property::Declaration) -> bool {
    match (&d.property, &d.value) {
        (Longhand::CounterReset | Longhand::CounterIncrement | Longhand::CounterSet, _) => true,
        (Longhand::Content, Value::Content(Some(pieces))) => pieces.iter().any(Piece::is_placed),
        (Longhand::Content, Value::Open { .. }) => true,
        _ => false,
    }
}

/// The attributes that a value asks for: `content: attr(x)`.
fn attributes_of(value: &Value, out: &mut Vec<Arc<str>>) {
    match value {
        Value::Content(Some(pieces)) => {
            for piece in pieces.iter() {
                if let Piece::Attribute(name) = piece {
                    out.push(Arc::clone(name));
                }
            }
        }
        Value::Open { text, .. } => attributes_in(text, out),
        _ => {}
    }
}

/// The attributes that a text would ask for if it came to stand in `content`.
fn attributes_in(text: &str, out: &mut Vec<Arc<str>>) {
    let lower = text.to_ascii_lowercase();
    for part in lower.split("attr(").skip(1) {
        out.push(Arc::from(part.split(')').next().unwrap_or("").trim()));
    }
}

/// The layer of what is in none.
const UNLAYERED: u32 = u32::MAX - 1;

/// The ranks of the layers of each sheet, weakest first (CSS Cascade 5, section 6.4.2): as they are first named, what
/// is directly in a layer behind the layers inside it.
fn layer_ranks(sheets: &[Arc<Stylesheet>]) -> Vec<Vec<u32>> {
    // layers without a name are each sheet's own
    let full = |sheet: usize, name: &str| name.replace('\0', &format!("\0{sheet}-"));
    let mut names: Vec<String> = Vec::new();
    for (i, sheet) in sheets.iter().enumerate() {
        for layer in &sheet.layers {
            let name = full(i, layer);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let path = |name: &str| -> Vec<usize> {
        let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let place = |end: usize| names.iter().position(|n| Some(n.as_str()) == name.get(..end)).unwrap_or(usize::MAX);
        ends.map(place).chain([usize::MAX]).collect()
    };
    let mut order: Vec<&String> = names.iter().collect();
    order.sort_by_key(|name| path(name));
    let rank = |i: usize, layer: &str| {
        let name = full(i, layer);
        order.iter().position(|n| **n == name).unwrap_or(0) as u32
    };
    sheets.iter().enumerate().map(|(i, s)| s.layers.iter().map(|l| rank(i, l)).collect()).collect()
}

/// Declarations, and where they stand in the cascade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub block: &'a Block,
    /// The author's, rather than the built-in sheet's.
    pub author: bool,
    pub layer: u32,
}

type Blocks<'a> = Vec<Source<'a>>;

#[derive(Debug, Default)]
pub(super) struct Matching<'a> {
    pub own: Blocks<'a>,
    pub before: Blocks<'a>,
    pub after: Blocks<'a>,
    pub marker: Blocks<'a>,
    pub first_letter: Blocks<'a>,
}

/// Custom properties with their values; what is not in here is not defined.
pub(super) type Vars = BTreeMap<Arc<str>, Arc<str>>;

/// What children take from an element.
#[derive(Clone, Debug)]
pub(super) struct Inherited {
    pub style: Arc<Style>,
    pub vars: Arc<Vars>,
    /// The font size and the line height of the root element.
    pub rem: Pt,
    pub rlh: Pt,
    /// The root's text; `None` above the root.
    pub root: Option<Arc<TextStyle>>,
}

/// Computes an element's (or pseudo-element's) style. `element` is the element itself, or the one that has it.
pub(super) fn compute(
    sheets: &Sheets,
    dom: &Dom,
    element: NodeId,
    blocks: &[Source<'_>],
    inline: Option<&Block>,
    parent: Option<&Inherited>,
    pseudo: bool,
) -> Inherited {
    let hints = if pseudo { Block::default() } else { hints(dom, element) };
    let built_in = blocks.iter().filter(|s| !s.author).map(|s| s.block);
    let author = blocks.iter().filter(|s| s.author).map(|s| s.block);
    // Weakest first (section 6.1): later entries win. With `!important` the first layers are the strongest.
    let normal = built_in.clone().chain([&hints]).chain(author).chain(inline);
    let mut urgent: Vec<&Source<'_>> = blocks.iter().filter(|s| s.author).collect();
    urgent.sort_by_key(|s| std::cmp::Reverse(s.layer));
    let important = urgent.iter().map(|s| s.block).chain(inline).chain(built_in.clone());

    let normal_declarations = normal.clone().flat_map(|b| &b.declarations).filter(|d| !d.important);
    let important_declarations = important.clone().flat_map(|b| &b.declarations).filter(|d| d.important);
    let declarations = normal_declarations.chain(important_declarations);
    let mut custom: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
    let normal = normal.flat_map(|b| &b.custom).filter(|c| !c.important);
    let important = important.flat_map(|b| &b.custom).filter(|c| c.important);
    for c in normal.chain(important) {
        custom.insert(Arc::clone(&c.name), Arc::clone(&c.text));
    }
    let none = Arc::new(Vars::new());
    let vars = variables(&custom, parent.map_or(&none, |p| &p.vars));

    // The last declaration wins; sides of the direction of writing go where the element's own direction has them.
    let mut winners: [Option<(&Value, Longhand)>; Longhand::COUNT] = [None; Longhand::COUNT];
    let mut writing = None;
    for d in declarations.clone() {
        let mut property = d.property;
        if d.logical {
            let (axes, direction) = *writing.get_or_insert_with(|| writing_of(declarations.clone(), parent, &vars));
            property = super::logical::on_paper(property, axes, direction);
        }
        winners[property as usize] = Some((&d.value, d.property));
    }

    let initial = Draft::initial();
    let from = parent.map_or_else(|| initial.clone(), |p| Draft::of(&p.style));
    let mut draft = initial.clone();
    draft.text = from.text.clone();
    draft.extras = from.extras.clone();
    draft.style.visibility = from.style.visibility;
    draft.style.table = TableStyle { layout: draft.style.table.layout, ..from.style.table };
    draft.style.page = Arc::clone(&from.style.page);
    draft.style.image_orientation = from.style.image_orientation;
    draft.generated.quotes.clone_from(&from.generated.quotes);
    draft.generated.inside = from.generated.inside;
    draft.generated.image.clone_from(&from.generated.image);
    draft.style.copy_fit = from.style.copy_fit;
    (draft.style.orphans, draft.style.widows) = (from.style.orphans, from.style.widows);
    if !pseudo && let Some(lang) = dom.attr(element, Name::LANG) {
        draft.text.lang = Arc::from(lang);
    }

    let attribute = |name: &str| dom.attr_named(element, name).map(str::to_owned);
    let rem = parent.map_or(from.text.font_size, |p| p.rem);
    // The size of the font is in the parent's measures, all else in the element's own.
    let asked = |text: &TextStyle| Asked::new(sheets.faces.as_ref(), text);
    let parents_face = asked(&from.text);
    let root_face = asked(parent.and_then(|p| p.root.as_deref()).unwrap_or(&from.text));
    let own_face = OnceCell::new();
    let mut about = About {
        units: Units {
            em: from.text.font_size,
            rem,
            lh: line_height(&from.text),
            rlh: parent.map_or_else(|| line_height(&from.text), |p| p.rlh),
            page: (sheets.page.width, sheets.page.height),
            face: Some(&parents_face),
            root_face: Some(&root_face),
        },
        color: from.text.color,
        inks: &sheets.paper.inks,
        parent_size: from.text.font_size,
        parent_weight: from.text.font_weight,
        attribute: &attribute,
    };
    for longhand in Longhand::ALL {
        let winner = winners.get(*longhand as usize).copied().flatten();
        let (declared, source) = winner.map_or((None, *longhand), |(value, source)| (Some(value), source));
        let mut filled = match declared {
            Some(Value::Open { text, property, base }) => Some(fill(source, text, property, base, &vars)),
            _ => None,
        };
        if source != *longhand {
            filled = filled.as_ref().or(declared).map(|v| super::logical::moved(v, *longhand));
        }
        // A value that turns out wrong when filled in counts as `unset` (CSS Custom Properties 1, section 3.1).
        let value = filled.as_ref().or(declared);
        let mut wide = match value {
            Some(Value::Wide(wide)) => Some(*wide),
            _ => None,
        };
        let mut value = value;
        if wide == Some(Wide::RevertLayer) {
            value = before_layer(*longhand, blocks, &hints, inline);
            wide = match value {
                Some(Value::Wide(wide)) => Some(*wide),
                Some(_) => None,
                None => Some(Wide::Unset),
            };
        }
        if wide == Some(Wide::Revert) {
            // To what the built-in sheet says (section 7.3.4).
            value = built_in.clone().flat_map(|b| &b.declarations).rfind(|d| d.property == *longhand).map(|d| &d.value);
            wide = match value {
                Some(Value::Wide(wide)) => Some(*wide),
                Some(_) => None,
                None => Some(Wide::Unset),
            };
        }
        match (value, wide) {
            (_, Some(Wide::Inherit)) => longhand.copy(&from, &mut draft),
            (_, Some(Wide::Initial)) => reset(*longhand, &initial, &about, &mut draft),
            (_, Some(Wide::Unset | Wide::Revert | Wide::RevertLayer)) => {
                if longhand.is_inherited() {
                    longhand.copy(&from, &mut draft);
                } else {
                    reset(*longhand, &initial, &about, &mut draft);
                }
            }
            (Some(value), None) => value.apply(&about, &mut draft),
            (None, None) => {
                if is_border_color(*longhand) {
                    reset(*longhand, &initial, &about, &mut draft);
                }
            }
        }
        match longhand {
            Longhand::FontSize => {
                about.units.em = draft.text.font_size;
                if parent.is_none() {
                    about.units.rem = draft.text.font_size;
                }
            }
            Longhand::FontStyle => {
                let face = own_face.get_or_init(|| asked(&draft.text));
                about.units.face = Some(face);
                if parent.is_none() {
                    about.units.root_face = Some(face);
                }
            }
            Longhand::LineHeight => {
                about.units.lh = line_height(&draft.text);
                if parent.is_none() {
                    about.units.rlh = about.units.lh;
                }
            }
            Longhand::Color => about.color = draft.text.color,
            _ => {}
        }
    }
    let style = finish(draft, parent.map(|p| &*p.style));
    let root = parent.and_then(|p| p.root.clone()).unwrap_or_else(|| Arc::clone(&style.text));
    let (rem, rlh) = (about.units.rem, about.units.rlh);
    Inherited { style: Arc::new(style), vars, rem, rlh, root: Some(root) }
}

/// What a property would be without the layer (or the `style` attribute) that says `revert-layer` and wins
/// (section 7.3.5).
fn before_layer<'a>(
    longhand: Longhand,
    blocks: &[Source<'a>],
    hints: &'a Block,
    inline: Option<&'a Block>,
) -> Option<&'a Value> {
    let rank = |s: &Source<'_>| if s.author { 2 + u64::from(s.layer) } else { 0 };
    let sources = blocks.iter().filter(|s| !s.author).map(|s| (rank(s), s.block)).chain([(1, hints)]);
    let sources = sources.chain(blocks.iter().filter(|s| s.author).map(|s| (rank(s), s.block)));
    let sources = sources.chain(inline.map(|b| (u64::MAX, b)));
    let mut all: Vec<(u64, &Value)> = sources
        .flat_map(|(rank, b)| b.declarations.iter().filter(|d| d.property == longhand).map(move |d| (rank, &d.value)))
        .collect();
    while let Some((rank, value)) = all.pop() {
        if !matches!(value, Value::Wide(Wide::RevertLayer)) {
            return Some(value);
        }
        all.retain(|(other, _)| *other < rank);
    }
    None
}

/// The direction that an element is written in, ahead of all else. The built-in sheet says nothing of it.
fn writing_of<'a>(
    declarations: impl Iterator<Item = &'a property::Declaration>,
    parent: Option<&Inherited>,
    vars: &Vars,
) -> (Axes, Direction) {
    let inherited = parent.map_or_else(Default::default, |p| (p.style.text.writing_mode, p.style.text.direction));
    let (mut mode, mut direction) = inherited;
    for d in declarations.filter(|d| matches!(d.property, Longhand::WritingMode | Longhand::Direction)) {
        let filled = match &d.value {
            Value::Open { text, property, base } => Some(fill(d.property, text, property, base, vars)),
            _ => None,
        };
        match (filled.as_ref().unwrap_or(&d.value), d.property) {
            (Value::WritingMode(m), _) => mode = *m,
            (Value::Direction(d), _) => direction = *d,
            (Value::Wide(Wide::Initial), Longhand::WritingMode) => mode = WritingMode::default(),
            (Value::Wide(Wide::Initial), _) => direction = Direction::default(),
            (_, Longhand::WritingMode) => mode = inherited.0,
            _ => direction = inherited.1,
        }
    }
    (mode.axes(), direction)
}

fn is_border_color(longhand: Longhand) -> bool {
    use Longhand as L;
    matches!(longhand, L::BorderTopColor | L::BorderRightColor | L::BorderBottomColor | L::BorderLeftColor)
}

/// The initial value; that of border colours is the text's.
fn reset(longhand: Longhand, initial: &Draft, about: &About<'_>, draft: &mut Draft) {
    longhand.copy(initial, draft);
    let border = &mut draft.style.border;
    match longhand {
        Longhand::BorderTopColor => border.top.color = about.color,
        Longhand::BorderRightColor => border.right.color = about.color,
        Longhand::BorderBottomColor => border.bottom.color = about.color,
        Longhand::BorderLeftColor => border.left.color = about.color,
        _ => {}
    }
}

/// What `lh` means; `normal` counts as 1.2, because fonts are not asked here.
fn line_height(text: &TextStyle) -> Pt {
    match text.line_height {
        LineHeight::Normal => text.font_size * 1.2,
        LineHeight::Number(n) => text.font_size * n,
        LineHeight::Length(l) => l,
    }
}

/// What one property's value depends on in others (sections of their own modules).
fn finish(draft: Draft, parent: Option<&Style>) -> Style {
    let Draft { mut style, mut text, extras, ground, grid, mut effects, mut generated } = draft;
    style.content = match std::mem::take(&mut generated.content) {
        Generating::Nothing => None,
        Generating::Text(text) => Some(text),
        // layout says what it is
        pieces @ Generating::Pieces(_) => {
            generated.content = pieces;
            Some(Arc::from(""))
        }
    };
    style.generated = (generated != Generated::default()).then(|| Arc::new(generated));
    if let Some(cut) = effects.cut.take()
        && matches!(style.position, Position::Absolute | Position::Fixed)
    {
        effects.clip.get_or_insert(cut);
    }
    style.effects = (effects != Effects::default()).then(|| Arc::new(effects));
    style.visible = style.visibility == Visibility::Visible;
    style.grid = (grid != Grid::default()).then(|| Arc::new(grid));
    let border = &mut style.border;
    for side in [&mut border.top, &mut border.right, &mut border.bottom, &mut border.left] {
        if side.style == BorderStyle::None {
            side.width = Pt::ZERO;
        }
    }
    let Edges { top, right, bottom, left } = &mut style.padding;
    for side in [top, right, bottom, left] {
        if side.is_length() {
            side.length = side.length.max(Pt::ZERO);
        }
    }
    // CSS Display 3, section 2.7: out of flow, a float, a flex item or the root, a box is a block.
    if matches!(style.position, Position::Absolute | Position::Fixed) {
        style.float = Float::None;
    }
    let blockified = matches!(style.position, Position::Absolute | Position::Fixed)
        || style.float != Float::None
        || parent.is_none_or(|p| {
            matches!(p.display, Display::Flex | Display::InlineFlex | Display::Grid | Display::InlineGrid)
        });
    if blockified && !(parent.is_none() && style.display == Display::Contents) {
        style.was_inline = style.display.is_inline_level();
        style.display = style.display.blockified();
    } else if blockified {
        style.display = Display::Block;
    }
    // CSS Writing Modes 4, section 3.1: what is written another way than its surroundings is a box of its own.
    if parent.is_some_and(|p| p.text.writing_mode != text.writing_mode) {
        style.display = match style.display {
            Display::Inline => Display::InlineBlock,
            Display::Block => Display::FlowRoot,
            other => other,
        };
    }
    style.background_images = ground.layers();
    style.background_clip = ground.color_clip();
    let known = parent.and_then(|p| p.text.extras.as_ref());
    text.extras = match known {
        Some(known) if **known == extras => Some(Arc::clone(known)),
        _ if extras == TextExtras::default() => None,
        _ => Some(Arc::new(extras)),
    };
    text.font_features = match (parent, text.extras.as_ref()) {
        (_, None) => Arc::default(),
        (Some(parent), Some(own)) if known.is_some_and(|k| k.forms == own.forms) => {
            Arc::clone(&parent.text.font_features)
        }
        (_, Some(own)) => own.forms.features(),
    };
    style.text = match parent {
        Some(parent) if *parent.text == text => Arc::clone(&parent.text),
        _ => Arc::new(text),
    };
    style
}

/// Attributes that say something of style (HTML Standard, section 15.2 and 15.4.3): author rules win over them.
fn hints(dom: &Dom, element: NodeId) -> Block {
    let mut block = Block::default();
    let mut set = |property, value| {
        block.declarations.push(property::Declaration { property, value, important: false, logical: false })
    };
    if dom.attr(element, Name::HIDDEN).is_some() {
        set(Longhand::Display, Value::Display(Display::None));
    }
    let dir = dom.attr(element, Name::DIR).map(str::trim);
    let direction = dir.and_then(|dir| match () {
        () if dir.eq_ignore_ascii_case("rtl") => Some((Direction::Rtl, UnicodeBidi::Isolate)),
        () if dir.eq_ignore_ascii_case("ltr") => Some((Direction::Ltr, UnicodeBidi::Isolate)),
        () if dir.eq_ignore_ascii_case("auto") => Some((Direction::Ltr, UnicodeBidi::Plaintext)),
        () => None,
    });
    if let Some((direction, bidi)) = direction {
        if bidi != UnicodeBidi::Plaintext {
            set(Longhand::Direction, Value::Direction(direction));
        }
        let bdo = dom.name(element) == Some(Name::BDO);
        let bidi = if bdo { UnicodeBidi::IsolateOverride } else { bidi };
        set(Longhand::UnicodeBidi, Value::UnicodeBidi(bidi));
    }
    if matches!(
        dom.name(element),
        Some(Name::IMG | Name::VIDEO | Name::CANVAS | Name::SVG | Name::OBJECT | Name::EMBED)
    ) {
        if let Some(width) = dom.attr(element, Name::WIDTH).and_then(dimension) {
            set(Longhand::Width, Value::Width(Written::Sum(width)));
        }
        if let Some(height) = dom.attr(element, Name::HEIGHT).and_then(dimension) {
            set(Longhand::Height, Value::Height(Written::Sum(height)));
        }
    }
    if hints::reads(dom.name(element)) {
        let mut text = String::new();
        hints::declarations(dom, element, &mut text);
        if !text.is_empty() {
            block.declarations.append(&mut css::attribute(&text, &Arc::from(""), None).declarations);
        }
    }
    block
}

/// HTML Standard, section 2.3.4.4: pixels, or with `%` a share.
fn dimension(text: &str) -> Option<Sum> {
    let text = text.trim_ascii_start();
    let end = text.bytes().position(|b| !b.is_ascii_digit() && b != b'.').unwrap_or(text.len());
    let number: f32 = text.get(..end)?.parse().ok()?;
    let rest = text.get(end..)?;
    Some(if rest.starts_with('%') { Sum::percent(number / 100.0) } else { Sum::pt(Pt::from_px(number).0) })
}

/// The longest text that filling in variables may make: definitions that double each other soon pass any bound.
const MAX_FILLED: usize = 1 << 16;

/// A value with `var()` once the variables are filled in; `unset` where that gives nothing valid.
fn fill(longhand: Longhand, text: &str, property: &str, base: &Arc<str>, vars: &Vars) -> Value {
    let mut filled = String::new();
    let done = substitute(&mut value_parser(text), &mut |name| vars.get(name).cloned(), &mut filled);
    if done.is_err() || property::has_var(&filled) {
        return Value::Wide(Wide::Unset);
    }
    let values = property::read(property, &filled, base).unwrap_or_default();
    values.into_iter().find(|(l, _)| *l == longhand).map_or(Value::Wide(Wide::Unset), |(_, v)| v)
}

/// Copies tokens, with each `var()` replaced.
fn substitute(input: &mut Parser<'_>, lookup: &mut dyn FnMut(&str) -> Option<Arc<str>>, out: &mut String) -> Read<()> {
    loop {
        let start = input.position();
        let Ok(token) = input.next_including_whitespace_and_comments() else { return Ok(()) };
        let close = match token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                let text = input.parse_nested_block(|input| {
                    let name = input.expect_ident_cloned()?;
                    let mut fallback = None;
                    if input.try_parse(Parser::expect_comma).is_ok() {
                        let mut text = String::new();
                        fallback = substitute(input, lookup, &mut text).ok().map(|()| text);
                        // What is left after a fault is of no use, but must be read.
                        while input.next().is_ok() {}
                    }
                    match (lookup(&name), fallback) {
                        (Some(value), _) => Ok(value.to_string()),
                        (None, Some(fallback)) => Ok(fallback),
                        (None, None) => no(),
                    }
                })?;
                // Tokens stay apart where they meet (CSS Syntax 3, section 9.1).
                out.push_str("/**/");
                out.push_str(&text);
                out.push_str("/**/");
                None
            }
            Token::Function(_) | Token::ParenthesisBlock => Some(')'),
            Token::SquareBracketBlock => Some(']'),
            Token::CurlyBracketBlock => Some('}'),
            _ => {
                out.push_str(input.slice_from(start));
                None
            }
        };
        if let Some(close) = close {
            out.push_str(input.slice_from(start));
            input.parse_nested_block(|input| substitute(input, lookup, out))?;
            out.push(close);
        }
        if out.len() > MAX_FILLED {
            return no();
        }
    }
}

/// The custom properties of an element: its own filled in, the rest inherited.
fn variables(custom: &BTreeMap<Arc<str>, Arc<str>>, inherited: &Arc<Vars>) -> Arc<Vars> {
    if custom.is_empty() {
        return Arc::clone(inherited);
    }
    let mut resolving = Resolving { custom, inherited, done: BTreeMap::new(), open: Vec::new() };
    for name in custom.keys() {
        resolving.value(name);
    }
    let mut vars = (**inherited).clone();
    for (name, value) in resolving.done {
        match value {
            Some(value) => vars.insert(name, value),
            None => vars.remove(&name),
        };
    }
    Arc::new(vars)
}

/// Variables inside one another, deeper than anyone writes them.
const MAX_CHAIN: usize = 32;

/// Brackets inside one another in a value with variables; with [`MAX_CHAIN`] it bounds the stack.
const MAX_BRACKETS: u8 = 24;

/// A parser for a value with variables.
fn value_parser(text: &str) -> Parser<'_> {
    let mut parser = Parser::new(text);
    parser.set_nested_block_limit(MAX_BRACKETS);
    parser
}

struct Resolving<'a> {
    custom: &'a BTreeMap<Arc<str>, Arc<str>>,
    inherited: &'a Vars,
    done: BTreeMap<Arc<str>, Option<Arc<str>>>,
    /// Names being resolved, and whether they were found to be part of a cycle.
    open: Vec<(Arc<str>, bool)>,
}

impl Resolving<'_> {
    /// CSS Custom Properties 1, section 2.3: everything on a cycle is invalid, fallbacks or not.
    fn value(&mut self, name: &str) -> Option<Arc<str>> {
        if let Some(done) = self.done.get(name) {
            return done.clone();
        }
        let Some((key, text)) = self.custom.get_key_value(name) else { return self.inherited.get(name).cloned() };
        if let Some(start) = self.open.iter().position(|(n, _)| **n == *name) {
            self.open.iter_mut().skip(start).for_each(|(_, cyclic)| *cyclic = true);
            return None;
        }
        if self.open.len() >= MAX_CHAIN {
            return None;
        }
        let value = match property::wide(text) {
            Some(Wide::Initial) => None,
            Some(_) => self.inherited.get(name).cloned(),
            None if !property::has_var(text) => Some(Arc::clone(text)),
            None => {
                self.open.push((Arc::clone(key), false));
                let mut filled = String::new();
                let done = substitute(&mut value_parser(text), &mut |n| self.value(n), &mut filled);
                let cyclic = self.open.pop().is_some_and(|(_, cyclic)| cyclic);
                (done.is_ok() && !cyclic).then(|| Arc::from(filled))
            }
        };
        self.done.insert(Arc::clone(key), value.clone());
        value
    }
}
