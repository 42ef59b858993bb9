//! The address side of a postcard or letter: what Japan Post wants free, and where what must be there has to stand.
//!
//! Lengths are millimetres from the trim's top left corner. Sources: 内国郵便約款 22 for the words 「郵便はがき」;
//! 郵便番号・バーコードマニュアル, pages 5, 12, 13 and 30, for boxes, barcode and postmark.

/// A rectangle in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    #[must_use]
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }
    #[must_use]
    pub fn right(&self) -> f32 {
        self.x + self.width
    }
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.y + self.height
    }
    /// What both share; `None` when that is thinner than a hair (0.05 mm) and no overlap.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let (right, bottom) = (self.right().min(other.right()), self.bottom().min(other.bottom()));
        (right - x > HAIR && bottom - y > HAIR).then(|| Self::new(x, y, right - x, bottom - y))
    }
    /// Whether it lies in `other`, within a tolerance.
    #[must_use]
    pub fn inside(&self, other: &Self) -> bool {
        self.x >= other.x - SLACK
            && self.y >= other.y - SLACK
            && self.right() <= other.right() + SLACK
            && self.bottom() <= other.bottom() + SLACK
    }
    fn grown(&self, by: f32) -> Self {
        Self::new(self.x - by, self.y - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }
    /// The least rectangle around both.
    #[must_use]
    pub fn with(&self, o: &Self) -> Self {
        let (x, y) = (self.x.min(o.x), self.y.min(o.y));
        Self::new(x, y, self.right().max(o.right()) - x, self.bottom().max(o.bottom()) - y)
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "x {:.1} y {:.1} mm, {:.1} × {:.1} mm", self.x, self.y, self.width, self.height)
    }
}

const HAIR: f32 = 0.05;
/// Lengths are rounded on their way here, and a box's line lies half outside it.
const SLACK: f32 = 0.5;

/// The corner that stamp and postmark take (manual, page 13).
const CORNER: (f32, f32) = (70.0, 35.0);
/// The barcode's distance from the edges, and what is free around it (manual, page 13).
const BAR_EDGE: f32 = 10.0;
const BAR_QUIET: f32 = 2.0;
/// The postcode's boxes from top and right, measured inside their lines, and how far off they may be (manual, page 5).
const BOX_TOP: f32 = 12.0;
const BOX_RIGHT: f32 = 8.0;
const BOX_SLACK: f32 = 1.5;
/// From the first box's left edge to the last one's right edge.
const BOXES_WIDTH: f32 = 47.7;
/// How far the words may stand from the edge that they belong to, and off its middle.
const WORDS_DEPTH: f32 = 25.0;
const WORDS_OFF: f32 = 15.0;

/// What stands on the address side.
#[derive(Clone, Debug, Default)]
pub struct Side {
    pub width: f32,
    pub height: f32,
    /// A postcard must have the words; a letter need not.
    pub postcard: bool,
    /// 料金別納 or 料金後納: nothing is cancelled, so the corner may be printed on.
    pub paid: bool,
    /// Everything that is printed but grounds.
    pub printed: Vec<Area>,
    /// Customer barcodes: their bars.
    pub barcodes: Vec<Area>,
    /// The words 「郵便はがき」, 「はがき」 or POST CARD.
    pub words: Vec<Area>,
    /// The postcode's boxes, where they are marked as such.
    pub boxes: Vec<Area>,
    /// Where the sender is told.
    pub sender: Vec<Area>,
    /// The mark of postage paid.
    pub postage: Vec<Area>,
}

/// A rule that the side breaks, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    /// A stable word, `kebab-case`.
    pub code: &'static str,
    pub message: String,
    /// What is wrong lies here; `None` for what is absent.
    pub at: Option<Area>,
    /// The area that the rule is about.
    pub wanted: Option<Area>,
}

impl Side {
    fn upright(&self) -> bool {
        self.height >= self.width
    }

    /// The corner for stamp and postmark: top left of an upright side, top right of a lying one.
    #[must_use]
    pub fn corner(&self) -> Area {
        let (long, short) = CORNER;
        if self.upright() { Area::new(0.0, 0.0, short, long) } else { Area::new(self.width - long, 0.0, long, short) }
    }

    /// Everything that is wrong, in the order of the rules.
    #[must_use]
    pub fn check(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        self.words(&mut broken);
        self.free_corner(&mut broken);
        self.postcode(&mut broken);
        if self.sender.is_empty() {
            broken.push(Broken {
                code: "post-sender",
                message: "no sender: every item needs the sender's name and address (data-post=\"sender\")".to_owned(),
                at: None,
                wanted: None,
            });
        }
        self.bars(&mut broken);
        broken
    }

    fn words(&self, broken: &mut Vec<Broken>) {
        if !self.postcard {
            return;
        }
        let (w, h) = (self.width, self.height);
        // top centre; of an upright card also the middle of the left side, of a lying one of the right side
        let top = Area::new(w / 2.0 - WORDS_OFF, 0.0, 2.0 * WORDS_OFF, WORDS_DEPTH);
        let edge = if self.upright() { 0.0 } else { w - WORDS_DEPTH };
        let beside = Area::new(edge, h / 2.0 - WORDS_OFF, WORDS_DEPTH, 2.0 * WORDS_OFF);
        let middle = |a: &Area| Area::new(a.x + a.width / 2.0, a.y + a.height / 2.0, 0.0, 0.0);
        let stands = |a: &&Area| middle(a).inside(&top) || middle(a).inside(&beside);
        match self.words.first() {
            None => broken.push(Broken {
                code: "post-words",
                message: "the words 「郵便はがき」 (or はがき, POST CARD) are absent: without them the card is charged as a letter"
                    .to_owned(),
                at: None,
                wanted: Some(top),
            }),
            Some(first) if !self.words.iter().any(|a| stands(&a)) => broken.push(Broken {
                code: "post-words",
                message: format!(
                    "the words 「郵便はがき」 ({first}) stand neither at the top centre nor at the middle of the {} side",
                    if self.upright() { "left" } else { "right" }
                ),
                at: Some(*first),
                wanted: Some(top),
            }),
            Some(_) => {}
        }
    }

    fn free_corner(&self, broken: &mut Vec<Broken>) {
        let corner = self.corner();
        if self.paid {
            if self.postage.is_empty() {
                broken.push(Broken {
                    code: "post-postage",
                    message: "the mark of postage paid (料金別納 or 料金後納) is absent".to_owned(),
                    at: None,
                    wanted: Some(corner),
                });
            }
            return;
        }
        // The words may stand there; one finding for all that should not.
        let allowed = |a: &Area| self.words.iter().any(|w| a.inside(w));
        let found = self.printed.iter().filter(|a| !allowed(a)).filter_map(|a| a.shared(&corner));
        if let Some(all) = found.reduce(|a, b| a.with(&b)) {
            broken.push(Broken {
                code: "post-corner",
                message: format!("something is printed ({all}) where stamp and postmark need {corner} free"),
                at: Some(all),
                wanted: Some(corner),
            });
        }
    }

    fn postcode(&self, broken: &mut Vec<Broken>) {
        let mut boxes = self.boxes.iter().copied();
        let Some(all) = boxes.next().map(|first| boxes.fold(first, |a, b| a.with(&b))) else { return };
        let right = self.width - all.right();
        let off = |found: f32, wanted: f32| (found - wanted).abs() > BOX_SLACK;
        let wanted = Area::new(self.width - BOX_RIGHT - BOXES_WIDTH, BOX_TOP, BOXES_WIDTH, 8.0);
        if off(all.y, BOX_TOP) || off(right, BOX_RIGHT) || off(all.width, BOXES_WIDTH) {
            let y = all.y;
            broken.push(Broken {
                code: "post-boxes",
                message: format!(
                    "the postcode's boxes stand {y:.1} mm from the top and {right:.1} mm from the right and are {:.1} mm wide; they \
                     must stand {BOX_TOP} and {BOX_RIGHT} mm (±{BOX_SLACK}) and be {BOXES_WIDTH} mm wide",
                    all.width
                ),
                at: Some(all),
                wanted: Some(wanted),
            });
        }
    }

    fn bars(&self, broken: &mut Vec<Broken>) {
        let card = Area::new(0.0, 0.0, self.width, self.height);
        for bars in &self.barcodes {
            let inner = Area::new(BAR_EDGE, BAR_EDGE, card.width - 2.0 * BAR_EDGE, card.height - 2.0 * BAR_EDGE);
            // to a hair: the barcode's own tolerance is not the place's
            let near = bars.x < inner.x - HAIR
                || bars.y < inner.y - HAIR
                || bars.right() > inner.right() + HAIR
                || bars.bottom() > inner.bottom() + HAIR;
            if near {
                broken.push(Broken {
                    code: "post-barcode-edge",
                    message: format!("the customer barcode ({bars}) lies within {BAR_EDGE} mm of the edge"),
                    at: Some(*bars),
                    wanted: Some(inner),
                });
            }
            let quiet = bars.grown(BAR_QUIET);
            let own = |a: &Area| a.inside(bars);
            let found = self.printed.iter().filter(|a| !own(a)).filter_map(|a| a.shared(&quiet));
            if let Some(all) = found.reduce(|a, b| a.with(&b)) {
                broken.push(Broken {
                    code: "post-barcode-quiet",
                    message: format!("something is printed ({all}) within {BAR_QUIET} mm of the customer barcode"),
                    at: Some(all),
                    wanted: Some(quiet),
                });
            }
            if !self.paid
                && let Some(both) = bars.shared(&self.corner())
            {
                broken.push(Broken {
                    code: "post-barcode-corner",
                    message: format!("the customer barcode ({both}) lies where the postmark comes"),
                    at: Some(both),
                    wanted: Some(self.corner()),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An upright postcard that breaks no rule.
    fn card() -> Side {
        let bars = Area::new(10.0, 120.0, 79.8, 3.6);
        Side {
            width: 100.0,
            height: 148.0,
            postcard: true,
            printed: vec![Area::new(45.0, 3.0, 10.0, 3.0), Area::new(50.0, 40.0, 20.0, 60.0), bars],
            barcodes: vec![bars],
            words: vec![Area::new(40.0, 3.0, 20.0, 3.0)],
            boxes: vec![Area::new(44.3, 12.0, 5.7, 8.0), Area::new(86.3, 12.0, 5.7, 8.0)],
            sender: vec![Area::new(10.0, 128.0, 20.0, 6.0)],
            ..Side::default()
        }
    }

    fn codes(side: &Side) -> Vec<&'static str> {
        side.check().iter().map(|b| b.code).collect()
    }

    #[test]
    fn a_card_that_keeps_all_rules_has_nothing_told() {
        assert_eq!(card().check(), []);
    }

    #[test]
    fn each_rule_is_told_with_its_place() {
        let with = |change: fn(&mut Side)| {
            let mut side = card();
            change(&mut side);
            codes(&side)
        };
        assert_eq!(with(|s| s.words.clear()), ["post-words"]);
        assert_eq!(with(|s| s.words = vec![Area::new(70.0, 100.0, 20.0, 3.0)]), ["post-words"]);
        assert_eq!(with(|s| s.words = vec![Area::new(2.0, 66.0, 3.0, 16.0)]), Vec::<&str>::new());
        assert_eq!(with(|s| s.printed.push(Area::new(20.0, 60.0, 20.0, 20.0))), ["post-corner"]);
        assert_eq!(with(|s| s.boxes.iter_mut().for_each(|b| b.y += 2.0)), ["post-boxes"]);
        assert_eq!(with(|s| s.boxes.iter_mut().for_each(|b| b.x -= 1.0)), Vec::<&str>::new());
        assert_eq!(with(|s| s.sender.clear()), ["post-sender"]);
        assert_eq!(with(|s| s.printed.push(Area::new(30.0, 125.0, 20.0, 3.0))), ["post-barcode-quiet"]);
        assert_eq!(with(|s| s.printed.push(Area::new(30.0, 125.7, 20.0, 3.0))), Vec::<&str>::new());
        assert_eq!(with(|s| s.barcodes = vec![Area::new(9.0, 110.0, 79.8, 3.6)]), ["post-barcode-edge"]);
        assert_eq!(with(|s| s.paid = true), ["post-postage"]);
        let broken = {
            let mut side = card();
            side.printed.push(Area::new(20.0, 60.0, 20.0, 20.0));
            side.check().remove(0)
        };
        assert_eq!(broken.at, Some(Area::new(20.0, 60.0, 15.0, 10.0)), "only what lies in the corner");
        assert!(broken.message.contains("x 20.0 y 60.0 mm, 15.0 × 10.0 mm"), "{}", broken.message);
    }

    #[test]
    fn a_lying_card_has_its_corner_at_the_right() {
        let side = Side { width: 148.0, height: 100.0, postcard: true, ..Side::default() };
        assert_eq!(side.corner(), Area::new(78.0, 0.0, 70.0, 35.0));
        let side = Side { words: vec![Area::new(140.0, 42.0, 4.0, 16.0)], sender: vec![side.corner()], ..side };
        assert_eq!(codes(&side), Vec::<&str>::new());
    }

    #[test]
    fn a_barcode_at_the_postmark_is_refused_unless_postage_is_paid() {
        let mut side = card();
        side.barcodes = vec![Area::new(15.0, 40.0, 3.6, 79.8)];
        side.printed = side.barcodes.clone();
        assert_eq!(codes(&side), ["post-corner", "post-barcode-corner"]);
        side.paid = true;
        side.postage = vec![Area::new(10.0, 10.0, 20.0, 20.0)];
        assert_eq!(codes(&side), Vec::<&str>::new());
    }
}
