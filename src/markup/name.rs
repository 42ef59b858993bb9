//! Names of elements and attributes as numbers. The vocabulary below has fixed numbers, the same in every
//! [`Dom`](super::dom::Dom); a name outside it gets a number of its own that only its `Dom` understands.

/// An element's or attribute's name. Names of the vocabulary are constants of this type and compare
/// across trees; any other name is known only to the [`Dom`](super::dom::Dom) that gave it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

macro_rules! vocabulary {
    ($($constant:ident $text:literal),* $(,)?) => {
        /// Numbers the vocabulary: the compiler counts.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Number { $($constant),* }

        impl Name {
            $(#[doc = concat!("`", $text, "`")]
            pub const $constant: Self = Self(Number::$constant as u32);)*
        }

        /// The texts of the vocabulary, by number.
        pub(super) const TEXTS: &[&str] = &[$($text),*];
    };
}

vocabulary! {
    A "a", ABBR "abbr", ADDRESS "address", ALIGN "align", ALT "alt", APPLET "applet", AREA "area", ARTICLE "article",
    ASIDE "aside", AUDIO "audio", B "b", BAR_CODE "bar-code", BASE "base", BASEFONT "basefont", BDI "bdi", BDO "bdo",
    BGSOUND "bgsound", BIG "big", BLOCKQUOTE "blockquote", BODY "body", BR "br", BUTTON "button", CANVAS "canvas",
    CAPTION "caption", CENTER "center", CHARSET "charset", CITE "cite", CLASS "class", CODE "code", COL "col",
    COLGROUP "colgroup", COLOR "color", COLSPAN "colspan", CONTENT "content", DATA "data", DATALIST "datalist", DD "dd",
    DEL "del", DETAILS "details", DFN "dfn", DIALOG "dialog", DIR "dir", DIV "div", DL "dl", DT "dt", ECC "ecc", EM "em",
    EMBED "embed", FIELDSET "fieldset", FIGCAPTION "figcaption", FIGURE "figure", FONT "font", FOOTER "footer",
    FORM "form", FRAME "frame", FRAMESET "frameset", H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6", HEAD "head",
    HEADER "header", HEIGHT "height", HGROUP "hgroup", HIDDEN "hidden", HR "hr", HREF "href", HTML "html", I "i", ID "id",
    IFRAME "iframe", IMAGE "image", IMG "img", INPUT "input", INS "ins", KBD "kbd", KEYGEN "keygen", LABEL "label",
    LANG "lang", LEGEND "legend", LI "li", LINK "link", LISTING "listing", MAIN "main", MAP "map", MARK "mark",
    MARQUEE "marquee", MATH "math", MEDIA "media", MENU "menu", META "meta", METER "meter", NAME "name", NAV "nav",
    NOBR "nobr", NOEMBED "noembed", NOFRAMES "noframes", NOSCRIPT "noscript", OBJECT "object", OL "ol",
    OPTGROUP "optgroup", OPTION "option", OUTPUT "output", P "p", PARAM "param", PICTURE "picture",
    PLAINTEXT "plaintext", PRE "pre", PROGRESS "progress", Q "q", QUIET "quiet", RB "rb", REL "rel", ROWSPAN "rowspan",
    RP "rp", RT "rt", RTC "rtc", RUBY "ruby", S "s", SAMP "samp", SCRIPT "script", SEARCH "search", SECTION "section",
    SELECT "select", SLOT "slot", SMALL "small", SOURCE "source", SPAN "span", SRC "src", START "start", STRIKE "strike",
    STRONG "strong", STYLE "style", SUB "sub", SUMMARY "summary", SUP "sup", SVG "svg", TABLE "table", TBODY "tbody",
    TD "td", TEMPLATE "template", TEXTAREA "textarea", TFOOT "tfoot", TH "th", THEAD "thead", TIME "time",
    TITLE "title", TR "tr", TRACK "track", TT "tt", TYPE "type", U "u", UL "ul", VALUE "value", VAR "var",
    VIDEO "video", WBR "wbr", WIDTH "width", XMP "xmp",
}

/// How many names have fixed numbers.
pub(super) const KNOWN: u32 = TEXTS.len() as u32;

const SLOTS: usize = 1024;
const EMPTY: u16 = u16::MAX;

/// The first eight bytes as one word: most names are no longer, so that one comparison settles them.
const fn word(text: &[u8]) -> u64 {
    let mut w = 0u64;
    let mut i = 0;
    while i < text.len() && i < 8 {
        w |= (text[i] as u64) << (8 * i);
        i += 1;
    }
    w
}

const fn slot(word: u64, len: usize) -> usize {
    ((word ^ (len as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 54) as usize
}

/// Open addressing over the vocabulary, computed by the compiler.
const TABLE: [u16; SLOTS] = {
    let mut table = [EMPTY; SLOTS];
    let mut i = 0;
    while i < TEXTS.len() {
        let text = TEXTS[i].as_bytes();
        let mut s = slot(word(text), text.len());
        while table[s] != EMPTY {
            s = (s + 1) % SLOTS;
        }
        table[s] = i as u16;
        i += 1;
    }
    table
};

impl Name {
    /// The number of a name of the vocabulary; `text` in lower case.
    #[must_use]
    pub fn known(text: &str) -> Option<Self> {
        let mut s = slot(word(text.as_bytes()), text.len());
        loop {
            let entry = TABLE[s];
            if entry == EMPTY {
                return None;
            }
            if TEXTS[usize::from(entry)] == text {
                return Some(Self(u32::from(entry)));
            }
            s = (s + 1) % SLOTS;
        }
    }

    /// The text of a name of the vocabulary.
    #[must_use]
    pub fn known_text(self) -> Option<&'static str> {
        TEXTS.get(self.0 as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_vocabulary_finds_its_number() {
        for (i, text) in TEXTS.iter().enumerate() {
            assert_eq!(Name::known(text), Some(Name(i as u32)), "{text}");
        }
        assert_eq!(Name::known("no-such-name"), None);
        assert_eq!(Name::known(""), None);
        assert_eq!(Name::BAR_CODE.known_text(), Some("bar-code"));
    }
}
