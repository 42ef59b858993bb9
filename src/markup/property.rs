//! The properties: one line each, with what it is called, whether it is inherited, the kind of its value and the
//! field of the style that it sets; and the shorthands, which stand for several of them.

use std::sync::Arc;

use cssparser::Parser;

use super::effects::Effects;
use super::generated::{Generated, Generating};
use super::ground::Ground;
use super::kind::{self, About, Kind};
use super::style::{Style, TextExtras, TextStyle};
use super::tracks::Grid;
use super::values::{Read, no};
use crate::base::Pt;

/// The words that every property takes (CSS Cascade 5, section 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    Inherit,
    Initial,
    Unset,
    Revert,
    RevertLayer,
}

pub(super) fn wide(word: &str) -> Option<Wide> {
    Some(match word.to_ascii_lowercase().as_str() {
        "inherit" => Wide::Inherit,
        "initial" => Wide::Initial,
        "unset" => Wide::Unset,
        "revert" => Wide::Revert,
        "revert-layer" => Wide::RevertLayer,
        _ => return None,
    })
}

/// A style in the making: the text's part apart, and the lists of the ground not yet joined.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub style: Style,
    pub text: TextStyle,
    pub extras: TextExtras,
    pub ground: Ground,
    pub effects: Effects,
    pub generated: Generated,
    pub grid: Grid,
}

impl Draft {
    /// Every property at its initial value, as it stands before `border-style: none` makes widths 0.
    pub(super) fn initial() -> Self {
        let mut style = Style::initial();
        for border in [&mut style.border.top, &mut style.border.right, &mut style.border.bottom, &mut style.border.left]
        {
            border.width = Pt(2.25);
        }
        Self {
            text: TextStyle::initial(),
            extras: TextExtras::default(),
            ground: Ground::initial(),
            effects: Effects::default(),
            generated: Generated::default(),
            grid: Grid::default(),
            style,
        }
    }

    pub(super) fn of(style: &Style) -> Self {
        Self {
            style: style.clone(),
            text: (*style.text).clone(),
            extras: style.text.extras.as_deref().cloned().unwrap_or_default(),
            ground: Ground::of(&style.background_images, style.background_clip),
            effects: style.effects.as_deref().cloned().unwrap_or_default(),
            generated: generated_of(style),
            grid: style.grid.as_deref().cloned().unwrap_or_default(),
        }
    }
}

fn generated_of(style: &Style) -> Generated {
    let mut generated = style.generated.as_deref().cloned().unwrap_or_default();
    if let (Generating::Nothing, Some(text)) = (&generated.content, &style.content) {
        generated.content = Generating::Text(Arc::clone(text));
    }
    generated
}

macro_rules! longhands {
    ($($property:ident $name:literal $inherited:literal $kind:ident ($($path:tt)+);)*) => {
        /// A property that is not a shorthand. The order is that of computing: what others refer to comes first.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Longhand { $($property),* }

        impl Longhand {
            pub(super) const ALL: &'static [Self] = &[$(Self::$property),*];
            pub(super) const COUNT: usize = Self::ALL.len();

            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$property => $name),* }
            }

            pub(super) fn named(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$property),)* _ => None }
            }

            pub(super) fn is_inherited(self) -> bool {
                match self { $(Self::$property => $inherited),* }
            }

            /// Reads a value of this property.
            pub(super) fn read(self, input: &mut Parser<'_>, base: &Arc<str>) -> Read<Value> {
                match self {
                    $(Self::$property => <kind::$kind as Kind>::read(input, base).map(|v| Value::$property(v))),*
                }
            }

            /// Takes the value that another style has.
            pub(super) fn copy(self, from: &Draft, to: &mut Draft) {
                match self { $(Self::$property => to.$($path)+.clone_from(&from.$($path)+)),* }
            }
        }

        /// A value as written, with its property.
        #[derive(Clone, Debug, PartialEq)]
        #[expect(clippy::large_enum_variant, reason = "values are made once for each stylesheet and matched often")]
        pub(super) enum Value {
            Wide(Wide),
            /// With `var()`: the text, and the property (perhaps a shorthand) that it was written for.
            Open { text: Arc<str>, property: Arc<str>, base: Arc<str> },
            $($property(<kind::$kind as Kind>::Written)),*
        }

        impl Value {
            /// Computes the value into `draft`.
            pub(super) fn apply(&self, about: &About<'_>, draft: &mut Draft) {
                match self {
                    Self::Wide(_) | Self::Open { .. } => {}
                    $(Self::$property(v) => draft.$($path)+ = <kind::$kind as Kind>::compute(v, about)),*
                }
            }
        }
    };
}

longhands! {
    // First of all what lengths in the others are of, up to `line-height`; see the cascade.
    FontSize "font-size" true FontSize (text.font_size);
    Color "color" true Color_ (text.color);
    FontFamily "font-family" true Families (text.font_family);
    FontWeight "font-weight" true FontWeight (text.font_weight);
    WritingMode "writing-mode" true WritingMode (text.writing_mode);
    TextOrientation "text-orientation" true TextOrientation (text.orientation);
    FontStyle "font-style" true FontStyle (text.font_style);
    LineHeight "line-height" true LineHeight (text.line_height);
    FontStretch "font-stretch" true FontStretch (extras.axes.stretch);
    FontOptical "font-optical-sizing" true OpticalSizing (extras.axes.one_design);
    FontVariations "font-variation-settings" true Variations (extras.axes.settings);
    FontFeatures "font-feature-settings" true Features (extras.forms.settings);
    FontKerning "font-kerning" true Kerning (extras.forms.kerning);
    FontLigatures "font-variant-ligatures" true Ligatures (extras.forms.ligatures);
    FontCaps "font-variant-caps" true Caps (extras.forms.caps);
    FontNumeric "font-variant-numeric" true Numeric (extras.forms.numeric);
    FontEastAsian "font-variant-east-asian" true EastAsian (extras.forms.east_asian);
    FontPosition "font-variant-position" true FontPosition (extras.forms.position);
    FontAlternates "font-variant-alternates" true Alternates (extras.forms.alternates);
    RubyPosition "ruby-position" true RubyPosition (extras.ruby_position);
    RubyAlign "ruby-align" true RubyAlign (extras.ruby_align);
    RubyMerge "ruby-merge" true RubyMerge (extras.ruby_merge);
    RubyOverhang "ruby-overhang" true RubyOverhang (extras.ruby_stays);
    EmphasisStyle "text-emphasis-style" true Emphasis (extras.emphasis);
    EmphasisColor "text-emphasis-color" true OwnColor (extras.emphasis_color);
    EmphasisPosition "text-emphasis-position" true EmphasisPosition (extras.emphasis_position);
    UnderlineOffset "text-underline-offset" true UnderlineOffset (extras.underline_offset);
    UnderlinePosition "text-underline-position" true UnderlinePosition (extras.underline_position);
    TextShadow "text-shadow" true Shadows (extras.shadows);
    SurimonoOverprint "-surimono-overprint" true Overprint (extras.overprint);
    UnicodeBidi "unicode-bidi" false UnicodeBidi (style.unicode_bidi);
    LetterSpacing "letter-spacing" true Spacing (text.letter_spacing);
    WordSpacing "word-spacing" true Spacing (text.word_spacing);
    TextAlign "text-align" true TextAlign (text.text_align);
    TextIndent "text-indent" true TextIndent (text.text_indent);
    WhiteSpace "white-space-collapse" true WhiteSpace (text.white_space);
    WrapMode "text-wrap-mode" true WrapMode (text.wrap_mode);
    WrapStyle "text-wrap-style" true WrapStyle (text.composition.wrap_style);
    SpacingTrim "text-spacing-trim" true SpacingTrim (text.composition.trim);
    HangingPunctuation "hanging-punctuation" true HangingPunctuation (text.composition.hanging);
    AlignLast "text-align-last" true AlignLast (text.composition.align_last);
    TextJustify "text-justify" true TextJustify (text.composition.justify);
    LineAdjust "-surimono-line-adjust" true LineAdjust (text.composition.adjust);
    Hyphens "hyphens" true Hyphens (text.composition.hyphens);
    HyphenateCharacter "hyphenate-character" true HyphenateCharacter (text.composition.hyphenate_character);
    HyphenateLimits "hyphenate-limit-chars" true HyphenateLimits (text.composition.hyphenate_limits);
    TabSize "tab-size" true TabSize (text.composition.tab_size);
    WordBreak "word-break" true WordBreak (text.word_break);
    OverflowWrap "overflow-wrap" true OverflowWrap (text.overflow_wrap);
    LineBreak "line-break" true LineBreak (text.line_break);
    TextTransform "text-transform" true TextTransform (text.text_transform);
    Autospace "text-autospace" true Autospace (text.autospace);
    ListStyle "list-style-type" true ListStyle_ (text.list_style);
    Direction "direction" true Direction (text.direction);
    TextCombine "text-combine-upright" true TextCombineUpright (text.combine);
    Display "display" false Display (style.display);
    Position "position" false Position (style.position);
    Top "top" false Offset (style.inset.top);
    Right "right" false Offset (style.inset.right);
    Bottom "bottom" false Offset (style.inset.bottom);
    Left "left" false Offset (style.inset.left);
    ZIndex "z-index" false ZIndex (style.z_index);
    Width "width" false Size (style.width);
    Height "height" false Size (style.height);
    MinWidth "min-width" false Size (style.min_width);
    MinHeight "min-height" false Size (style.min_height);
    MaxWidth "max-width" false MaxSize (style.max_width);
    MaxHeight "max-height" false MaxSize (style.max_height);
    AspectRatio "aspect-ratio" false Ratio (style.aspect_ratio);
    MarginTop "margin-top" false Offset (style.margin.top);
    MarginRight "margin-right" false Offset (style.margin.right);
    MarginBottom "margin-bottom" false Offset (style.margin.bottom);
    MarginLeft "margin-left" false Offset (style.margin.left);
    PaddingTop "padding-top" false Padding (style.padding.top);
    PaddingRight "padding-right" false Padding (style.padding.right);
    PaddingBottom "padding-bottom" false Padding (style.padding.bottom);
    PaddingLeft "padding-left" false Padding (style.padding.left);
    BorderTopWidth "border-top-width" false BorderWidth (style.border.top.width);
    BorderRightWidth "border-right-width" false BorderWidth (style.border.right.width);
    BorderBottomWidth "border-bottom-width" false BorderWidth (style.border.bottom.width);
    BorderLeftWidth "border-left-width" false BorderWidth (style.border.left.width);
    BorderTopStyle "border-top-style" false BorderStyle (style.border.top.style);
    BorderRightStyle "border-right-style" false BorderStyle (style.border.right.style);
    BorderBottomStyle "border-bottom-style" false BorderStyle (style.border.bottom.style);
    BorderLeftStyle "border-left-style" false BorderStyle (style.border.left.style);
    BorderTopColor "border-top-color" false Color_ (style.border.top.color);
    BorderRightColor "border-right-color" false Color_ (style.border.right.color);
    BorderBottomColor "border-bottom-color" false Color_ (style.border.bottom.color);
    BorderLeftColor "border-left-color" false Color_ (style.border.left.color);
    RadiusTopLeft "border-top-left-radius" false Corner (style.radius[0]);
    RadiusTopRight "border-top-right-radius" false Corner (style.radius[1]);
    RadiusBottomRight "border-bottom-right-radius" false Corner (style.radius[2]);
    RadiusBottomLeft "border-bottom-left-radius" false Corner (style.radius[3]);
    BoxSizing "box-sizing" false BoxSizing (style.box_sizing);
    OverflowX "overflow-x" false Overflow (style.overflow.0);
    OverflowY "overflow-y" false Overflow (style.overflow.1);
    Visibility "visibility" true Visibility (style.visibility);
    Float "float" false Float (style.float);
    Clear "clear" false Clear (style.clear);
    Opacity "opacity" false Opacity (style.opacity);
    BackgroundColor "background-color" false Color_ (style.background_color);
    BackgroundImage "background-image" false Images (ground.images);
    BackgroundSize "background-size" false Sizes (ground.sizes);
    BackgroundPosition "background-position" false Positions (ground.positions);
    BackgroundRepeat "background-repeat" false Repeats (ground.repeats);
    BackgroundOrigin "background-origin" false Areas (ground.origins);
    BackgroundClip "background-clip" false Areas (ground.clips);
    BackgroundAttachment "background-attachment" false Attachments (ground.attachments);
    Transform "transform" false Transforms (effects.transform);
    TransformOrigin "transform-origin" false TransformOrigin (effects.origin);
    Translate "translate" false Translate (effects.translate);
    Rotate "rotate" false Rotate (effects.rotate);
    Scale "scale" false Scale (effects.scale);
    MixBlendMode "mix-blend-mode" false Blending (effects.blend);
    Isolation "isolation" false Isolation (effects.isolated);
    ClipPath "clip-path" false ClipPath (effects.clip);
    Clip "clip" false ClipRect (effects.cut);
    BoxShadow "box-shadow" false BoxShadows (effects.shadows);
    OutlineWidth "outline-width" false BorderWidth (effects.outline.width);
    OutlineStyle "outline-style" false OutlineStyle (effects.outline.style);
    OutlineColor "outline-color" false OutlineColor (effects.outline.color);
    OutlineOffset "outline-offset" false OutlineOffset (effects.outline.offset);
    ImageOrientation "image-orientation" true Orientation (style.image_orientation);
    FlexDirection "flex-direction" false FlexDirection (style.flex_direction);
    FlexWrap "flex-wrap" false FlexWrap (style.flex_wrap);
    FlexGrow "flex-grow" false Number (style.flex_grow);
    FlexShrink "flex-shrink" false Number (style.flex_shrink);
    FlexBasis "flex-basis" false Size (style.flex_basis);
    Order "order" false Integer (style.order);
    AlignContent "align-content" false Aligning (style.align_content);
    AlignItems "align-items" false Aligning (style.align_items);
    AlignSelf "align-self" false Aligning (style.align_self);
    JustifyContent "justify-content" false Aligning (style.justify_content);
    JustifyItems "justify-items" false Aligning (style.justify_items);
    JustifySelf "justify-self" false Aligning (style.justify_self);
    GridTemplateColumns "grid-template-columns" false GridTemplate (grid.columns);
    GridTemplateRows "grid-template-rows" false GridTemplate (grid.rows);
    GridTemplateAreas "grid-template-areas" false GridAreas (grid.areas);
    GridAutoColumns "grid-auto-columns" false GridTracks (grid.auto_columns);
    GridAutoRows "grid-auto-rows" false GridTracks (grid.auto_rows);
    GridAutoFlow "grid-auto-flow" false GridFlow (grid.flow);
    GridRowStart "grid-row-start" false GridLine (grid.row_start);
    GridRowEnd "grid-row-end" false GridLine (grid.row_end);
    GridColumnStart "grid-column-start" false GridLine (grid.column_start);
    GridColumnEnd "grid-column-end" false GridLine (grid.column_end);
    TableLayout "table-layout" false TableLayout (style.table.layout);
    BorderCollapse "border-collapse" true BorderCollapse (style.table.collapse);
    BorderSpacing "border-spacing" true BorderSpacing (style.table.spacing);
    CaptionSide "caption-side" true CaptionSide (style.table.caption);
    EmptyCells "empty-cells" true EmptyCells (style.table.empty);
    RowGap "row-gap" false Gap (style.row_gap);
    ColumnGap "column-gap" false Gap (style.column_gap);
    BreakBefore "break-before" false Break (style.break_before);
    BreakAfter "break-after" false Break (style.break_after);
    BreakInside "break-inside" false Break (style.break_inside);
    Orphans "orphans" true LineCount (style.orphans);
    Widows "widows" true LineCount (style.widows);
    ObjectFit "object-fit" false ObjectFit (style.object_fit);
    ObjectPosition "object-position" false Place (style.object_position);
    Content "content" false Content (generated.content);
    CounterReset "counter-reset" false Resets (generated.reset);
    CounterIncrement "counter-increment" false Increments (generated.increment);
    CounterSet "counter-set" false Resets (generated.set);
    Quotes "quotes" true QuotePairs (generated.quotes);
    ListPosition "list-style-position" true ListPosition (generated.inside);
    ListImage "list-style-image" true ListImage (generated.image);
    TextDecoration "text-decoration-line" false DecorationLines (style.text_decoration.lines);
    DecorationStyle "text-decoration-style" false LineStyle (style.text_decoration.style);
    DecorationColor "text-decoration-color" false OwnColor (style.text_decoration.color);
    DecorationThickness "text-decoration-thickness" false Thickness (style.text_decoration.thickness);
    VerticalAlign "vertical-align" false VerticalAlign (style.vertical_align);
    Page "page" true PageName (style.page);
    OnOverflow "-surimono-overflow" false Overflowing (style.on_overflow);
    CopyFit "-surimono-copy-fit" true Fitting (style.copy_fit);
}

/// One declaration, as the cascade takes it.
#[derive(Clone, Debug)]
pub(super) struct Declaration {
    pub property: Longhand,
    pub value: Value,
    pub important: bool,
    /// The property is a side of the direction of writing ([`super::logical`]).
    pub logical: bool,
}

/// Reads the value of any property, shorthand or not, from its whole text (without `!important`).
pub(super) fn read(name: &str, text: &str, base: &Arc<str>) -> Read<Vec<(Longhand, Value)>> {
    let targets = match super::shorthand::longhands(name) {
        Some(targets) => targets.to_vec(),
        None => match super::shorthand::alias(name) {
            Some(longhand) => vec![longhand],
            None => return no(),
        },
    };
    if let Some(wide) = wide(text.trim()) {
        return Ok(targets.into_iter().map(|t| (t, Value::Wide(wide))).collect());
    }
    // CSS Text 3, section 7.1.4: what the parent has. `start` and `end` would stay what they are there, for the
    // direction that they speak of is the parent's.
    if matches!(name, "text-align" | "text-align-last") && text.trim().eq_ignore_ascii_case("match-parent") {
        return Ok(targets.into_iter().map(|t| (t, Value::Wide(Wide::Inherit))).collect());
    }
    if has_var(text) {
        let open = Value::Open { text: Arc::from(text), property: Arc::from(name), base: Arc::clone(base) };
        return Ok(targets.into_iter().map(|t| (t, open.clone())).collect());
    }
    let mut input = Parser::new(text);
    input.parse_entirely(|input| match super::shorthand::longhands(name) {
        Some(_) => super::shorthand::read(name, input, base),
        None => match targets.first() {
            Some(longhand) => Ok(vec![(*longhand, longhand.read(input, base)?)]),
            None => no(),
        },
    })
}

/// Whether a value refers to custom properties.
pub(super) fn has_var(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'(', bytes).any(|i| i >= 3 && bytes[i - 3..i].eq_ignore_ascii_case(b"var"))
}
