//! A line to what it says, held against the names of the campaign.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::super::decider::Decider;
use super::super::decision::{NearestStore, Slot, Value};
use super::super::segment::OTHER;
use super::json::{At, Json, Member, parse};
use super::{GivenCoupon, Line, LineFault, OUTCOMES, Said};
use crate::base::diag::did_you_mean;

/// What stands in a slot's `by` when the line does not say.
pub(super) const GIVEN: &str = "given";

impl Decider {
    /// Reads a line and holds it against the campaign: its names of customers are the caller's to check. Every fault
    /// of the line goes to `faults`; the line is there when there is none.
    pub fn read_line(&self, text: &str, faults: &mut Vec<LineFault>) -> Option<Line> {
        let before = faults.len();
        let root = match parse(text) {
            Ok(root) => root,
            Err(fault) => {
                faults.push(fault);
                return None;
            }
        };
        let whole = root.span.clone();
        let Json::Object(members) = root.value else {
            faults.push(LineFault::new("decision-json", whole, "a decision is an object").label("expected `{ … }`"));
            return None;
        };
        let line = Reading { decider: self, faults }.line(&members, &whole);
        line.filter(|_| faults.len() == before)
    }
}

impl Decider {
    /// The key that a line is for, though the rest of it may be faulty.
    #[must_use]
    pub fn key_of_line(&self, text: &str) -> Option<String> {
        let Json::Object(members) = parse(text).ok()?.value else { return None };
        members.into_iter().find_map(|(name, value)| match value.value {
            Json::Text(key) if name.value == self.plan.key_name() => Some(key.trim().to_owned()),
            _ => None,
        })
    }
}

/// The reading of one line.
struct Reading<'a, 'f> {
    decider: &'a Decider,
    faults: &'f mut Vec<LineFault>,
}

impl Reading<'_, '_> {
    fn line(&mut self, members: &[Member<'_>], whole: &Range<usize>) -> Option<Line> {
        let plan = &*self.decider.plan;
        let key_name = plan.key_name();
        let mut line = Line {
            key: None,
            number: None,
            said: Said::Print,
            segment: None,
            segments: Vec::new(),
            arm: None,
            slots: Vec::new(),
            coupons: Vec::new(),
            store: None,
            value: None,
        };
        let slot_names: &[Arc<str>] = plan.slots.as_ref().map_or(&[], |s| &s.names);
        let mut slots: Vec<Option<Slot>> = vec![None; slot_names.len()];
        let mut codes: Vec<(u64, Range<usize>)> = Vec::new();
        let (mut outcome, mut cause, mut reasons, mut piece) = (None, None, None, None);
        for (name, value) in members {
            match &*name.value {
                n if n == key_name => line.key = self.text(value, "a key").map(str::to_owned),
                "piece" => {
                    piece = Some(value.span.clone());
                    line.number = self.piece(value);
                }
                "outcome" => outcome = self.one_of(value, OUTCOMES.into_iter(), "an outcome", "no-such-outcome"),
                "cause" => cause = self.text(value, "a cause").map(str::to_owned),
                "reasons" => reasons = self.reasons(value),
                "segment" => {
                    let known = || plan.named.iter().map(|n| &*n.name).chain((!plan.named.is_empty()).then_some(OTHER));
                    let found = self.one_of(value, known(), "a segment of this campaign", "decision-segment");
                    line.segment = found.map(Arc::from);
                }
                "segments" => line.segments = self.segments(value).unwrap_or_default(),
                "arm" => {
                    let known = plan.draw.arms.iter().map(|a| &*a.0);
                    line.arm = self.one_of(value, known, "an arm of this campaign", "decision-arm").map(Arc::from);
                }
                "coupon" => line.coupons.extend(self.coupon(value, &mut codes)),
                "coupons" => match &value.value {
                    Json::List(items) => {
                        for item in items {
                            line.coupons.extend(self.coupon(item, &mut codes));
                        }
                    }
                    other => self.kind(value, "a list of coupons", other),
                },
                "store" => line.store = self.store(value),
                "value" => line.value = self.value(value),
                "origin" => self.origin(value),
                other => match slot_names.iter().position(|n| **n == *other) {
                    Some(at) => slots[at] = self.slot(value, &slot_names[at]),
                    None => {
                        let known =
                            ["piece", "outcome", "cause", "segment", "segments", "arm", "coupon", "coupons", "store"];
                        let known = known.into_iter().chain(["value", "origin", "reasons", key_name]);
                        let all: Vec<&str> = known.chain(slot_names.iter().map(|n| &**n)).collect();
                        let help = match did_you_mean(other, all.iter().copied()) {
                            Some(like) => format!("did you mean `{like}`?"),
                            None => format!("names that may stand here: {}", all.join(", ")),
                        };
                        let message = format!("a decision of this campaign has no `{other}`");
                        let fault = LineFault::new("decision-unknown-name", name.span.clone(), message);
                        self.faults.push(fault.label("unknown name").help(help));
                    }
                },
            }
        }
        let has = |name: &str| members.iter().any(|(n, _)| n.value == name);
        let start = whole.start..whole.start + 1;
        let Some(outcome) = outcome else {
            if !has("outcome") {
                self.missing("outcome", start, &format!("one of {}", OUTCOMES.join(", ")));
            }
            return None;
        };
        if outcome != "rejected" && !has(key_name) {
            self.missing(key_name, start.clone(), "whom the decision is for");
        }
        line.said = match outcome {
            "held-out" => Said::HeldOut(cause.take().map(Into::into)),
            "suppressed" => match cause.take() {
                Some(cause) => Said::Suppressed(cause.into()),
                None => {
                    if !has("cause") {
                        self.missing("cause", start.clone(), "why the customer is not written to");
                    }
                    return None;
                }
            },
            "over-budget" => Said::OverBudget,
            "rejected" => Said::Rejected(reasons.take().unwrap_or_default()),
            _ => Said::Print,
        };
        for (name, wrong) in [("cause", cause.is_some()), ("reasons", reasons.is_some())] {
            if let Some((at, _)) = members.iter().find(|(n, _)| wrong && n.value == name) {
                let message = format!("`{name}` says nothing of a decision whose outcome is `{outcome}`");
                self.faults.push(LineFault::new("decision-outcome", at.span.clone(), message).label("take it away"));
            }
        }
        self.codes(&mut line, &codes, piece);
        if line.said == Said::Print {
            self.fill(&mut line, slots, slot_names, &has, &start);
            if line.slots.len() == slot_names.len() {
                self.bound(&line);
            }
        } else {
            line.slots = slots.into_iter().flatten().collect();
        }
        Some(line)
    }

    /// All slots that a piece needs are there, and no product stands twice.
    fn fill(
        &mut self,
        line: &mut Line,
        slots: Vec<Option<Slot>>,
        names: &[Arc<str>],
        has: &dyn Fn(&str) -> bool,
        start: &Range<usize>,
    ) {
        let may_be_empty = self.decider.plan.slots.as_ref().map_or(&[][..], |s| &s.may_be_empty);
        for (i, slot) in slots.into_iter().enumerate() {
            let may = may_be_empty.get(i).copied().unwrap_or(false);
            match slot {
                Some(slot) if slot.product.is_none() && !may => {
                    let message = format!("the slot `{}` is empty, and the campaign wants it filled", slot.name);
                    let fault = LineFault::new("decision-slot", start.clone(), message).label("in this line");
                    self.faults.push(fault.help("give a product, or name the slot in `slots.may_be_empty`"));
                }
                Some(slot) => line.slots.push(slot),
                None => match names.get(i) {
                    Some(name) if may => line.slots.push(Slot {
                        name: Arc::clone(name),
                        product: None,
                        product_row: None,
                        by: GIVEN.into(),
                        because: "the line leaves it empty".to_owned(),
                        note: None,
                    }),
                    // One that is there and faulty has been told.
                    Some(name) if !has(name) => self.missing(name, start.clone(), "a slot of the piece"),
                    Some(_) | None => {}
                },
            }
        }
        let products: Vec<&Arc<str>> = line.slots.iter().filter_map(|s| s.product.as_ref()).collect();
        for (i, product) in products.iter().enumerate() {
            if products[..i].contains(product) {
                let message = format!("the product `{product}` stands on the piece twice");
                self.faults.push(LineFault::new("decision-slot", start.clone(), message).label("in this line"));
            }
        }
    }

    /// Coupons that are bound to a slot are for the product that the line puts there.
    fn bound(&mut self, line: &Line) {
        let decider = self.decider;
        for given in &line.coupons {
            let Some(coupon) = decider.plan.coupons.get(given.rule) else { continue };
            let message = if coupon.slots.is_empty() {
                if given.slot.is_none() && given.product.is_none() {
                    continue;
                }
                format!("the coupon `{}` is for no slot's product", coupon.id)
            } else if given.candidates(coupon, &line.slots).next().is_some() {
                continue;
            } else {
                match (&given.slot, &given.product) {
                    (Some(slot), Some(product)) => {
                        format!("the coupon `{}` is for {product} in {slot}, which the line does not show", coupon.id)
                    }
                    (None, Some(product)) => {
                        format!("the coupon `{}` is for {product}, which its slots do not show", coupon.id)
                    }
                    _ => format!("the coupon `{}` is for the product of a slot that is empty", coupon.id),
                }
            };
            let help = if coupon.slots.is_empty() {
                "leave `slot` and `product` out, or bind it in the campaign: `for_slot = \"pick_1\"`"
            } else {
                "leave `slot` and `product` out, and the run takes what the slot shows; or take the coupon away"
            };
            let fault = LineFault::new("decision-coupon", given.at.clone(), message).label("this coupon");
            self.faults.push(fault.help(help));
        }
    }

    /// Codes are the piece's own.
    fn codes(&mut self, line: &mut Line, codes: &[(u64, Range<usize>)], piece: Option<Range<usize>>) {
        for (number, span) in codes {
            match line.number {
                None if piece.is_none() => line.number = Some(*number),
                Some(n) if n != *number => {
                    let plan = &self.decider.plan;
                    let message = format!("this code belongs to the piece {}", plan.piece_id(*number));
                    let label = format!("not the code of {}", plan.piece_id(n));
                    let fault = LineFault::new("decision-code", span.clone(), message).label(label);
                    self.faults.push(fault.help("leave `code` out, and the run issues the piece's own"));
                }
                Some(_) | None => {}
            }
        }
    }

    /// The group of each further segmentation, in the order of the campaign.
    fn segments(&mut self, at: &At<Json<'_>>) -> Option<Vec<(Arc<str>, Arc<str>)>> {
        let plan = Arc::clone(&self.decider.plan);
        let names: Vec<&str> = plan.segmentations().collect();
        let members = self.members(at, "`segments`", &names)?;
        let mut segments = Vec::new();
        for (n, name) in names.iter().enumerate() {
            let Some((_, value)) = members.iter().find(|(m, _)| m.value == *name) else { continue };
            let groups = self.decider.world.groups.get(n).map_or(&[][..], Vec::as_slice);
            let known = groups.iter().map(|g| &**g);
            let found = self.one_of(value, known, "a group of this segmentation", "decision-segment");
            segments.extend(found.map(|g| (Arc::from(*name), Arc::from(g))));
        }
        Some(segments)
    }

    fn missing(&mut self, name: &str, at: Range<usize>, what: &str) {
        let fault = LineFault::new("decision-missing-name", at, format!("`{name}` is missing in this decision"));
        self.faults.push(fault.label(format!("expected `\"{name}\": …`, {what}")));
    }

    fn kind(&mut self, at: &At<Json<'_>>, expected: &str, found: &Json<'_>) {
        let fault = LineFault::new("decision-value", at.span.clone(), format!("this is {}", found.words()));
        self.faults.push(fault.label(format!("expected {expected}")));
    }

    fn text<'j>(&mut self, at: &'j At<Json<'_>>, expected: &str) -> Option<&'j str> {
        match &at.value {
            Json::Text(text) if !text.trim().is_empty() => return Some(text.trim()),
            Json::Text(_) => {
                let fault = LineFault::new("decision-value", at.span.clone(), "this text is empty");
                self.faults.push(fault.label(format!("expected {expected}")));
            }
            other => self.kind(at, &format!("{expected}, a text in quotation marks"), other),
        }
        None
    }

    fn one_of<'k>(
        &mut self,
        at: &At<Json<'_>>,
        known: impl Iterator<Item = &'k str> + Clone,
        what: &str,
        code: &'static str,
    ) -> Option<&'k str> {
        let text = self.text(at, what)?;
        let found = known.clone().find(|k| *k == text);
        if found.is_none() {
            let help = match did_you_mean(text, known.clone()) {
                Some(like) => format!("did you mean `{like}`?"),
                None => {
                    let all: Vec<&str> = known.take(20).collect();
                    if all.is_empty() {
                        "this campaign has none".to_owned()
                    } else {
                        format!("known: {}", all.join(", "))
                    }
                }
            };
            let fault = LineFault::new(code, at.span.clone(), format!("`{text}` is not {what}"));
            self.faults.push(fault.label("unknown").help(help));
        }
        found
    }

    /// The row of a key.
    fn key_of(&mut self, at: &At<Json<'_>>, position: Option<usize>, what: &str) -> Option<(u32, Arc<str>)> {
        let text = self.text(at, &format!("the key of {what}"))?;
        let table = position.and_then(|t| self.decider.world.table(t));
        let key = |row: u32| table.and_then(|t| Some(t.text(row, t.key()?).trim())).unwrap_or_default();
        if let Some(row) = table.and_then(|t| t.find(text)) {
            return Some((row, key(row).into()));
        }
        let (noun, code) =
            if what == "a store" { ("store", "decision-store") } else { ("product", "decision-product") };
        let fault = LineFault::new(code, at.span.clone(), format!("there is no {noun} `{text}`")).label("unknown key");
        let rows = table.map_or(0, crate::data::Table::len);
        self.faults.push(match did_you_mean(text, (0..rows).map(key)) {
            Some(like) => fault.help(format!("did you mean `{like}`?")),
            None => fault,
        });
        None
    }

    fn piece(&mut self, at: &At<Json<'_>>) -> Option<u64> {
        let text = self.text(at, "a piece's name")?;
        let plan = &self.decider.plan;
        let number = plan.piece_number(text);
        if number.is_none() {
            let fault =
                LineFault::new("decision-piece", at.span.clone(), format!("`{text}` is no piece of this campaign"));
            self.faults.push(fault.label(format!("expected a name such as {}", plan.piece_id(17))));
        }
        number
    }

    fn members<'j, 'a>(&mut self, at: &'j At<Json<'a>>, what: &str, known: &[&str]) -> Option<&'j [Member<'a>]> {
        let Json::Object(members) = &at.value else {
            self.kind(at, &format!("{what}: an object"), &at.value);
            return None;
        };
        for (name, _) in members {
            if !known.contains(&&*name.value) {
                let help = match did_you_mean(&name.value, known.iter().copied()) {
                    Some(like) => format!("did you mean `{like}`?"),
                    None => format!("names that may stand here: {}", known.join(", ")),
                };
                let message = format!("{what} has no `{}`", name.value);
                let fault = LineFault::new("decision-unknown-name", name.span.clone(), message);
                self.faults.push(fault.label("unknown name").help(help));
            }
        }
        Some(members)
    }

    fn slot(&mut self, at: &At<Json<'_>>, name: &Arc<str>) -> Option<Slot> {
        let plan = Arc::clone(&self.decider.plan);
        let members = self.members(at, "a slot", &["product", "by", "because", "note"])?;
        let mut slot = Slot {
            name: Arc::clone(name),
            product: None,
            product_row: None,
            by: GIVEN.into(),
            because: "as the file of decisions says".to_owned(),
            note: None,
        };
        let mut sound = true;
        for (name, value) in members {
            match &*name.value {
                "product" if value.value == Json::Null => {}
                "product" => match self.key_of(value, plan.products(), "a product") {
                    Some((row, key)) => (slot.product, slot.product_row) = (Some(key), Some(row)),
                    None => sound = false,
                },
                "by" => slot.by = self.text(value, "which rung filled it").map_or_else(|| GIVEN.into(), Arc::from),
                "because" => slot.because = self.words(value).into_owned(),
                "note" => slot.note = Some(self.words(value).as_ref().into()),
                _ => {}
            }
        }
        if !members.iter().any(|(n, _)| n.value == "product") {
            self.missing("product", at.span.start..at.span.start + 1, "the product's key, or null");
            sound = false;
        }
        sound.then_some(slot)
    }

    /// A text that may be empty.
    fn words<'j>(&mut self, at: &'j At<Json<'_>>) -> Cow<'j, str> {
        match &at.value {
            Json::Text(text) => Cow::Borrowed(text),
            other => {
                self.kind(at, "a text in quotation marks", other);
                Cow::Borrowed("")
            }
        }
    }

    fn coupon(&mut self, at: &At<Json<'_>>, codes: &mut Vec<(u64, Range<usize>)>) -> Option<GivenCoupon> {
        let decider = self.decider;
        let plan = &decider.plan;
        let members = self.members(at, "a coupon", &["id", "slot", "product", "code", "expires", "symbol", "store"])?;
        let (mut rule, mut code, mut expires, mut store) = (None, None, None, None);
        let (mut slot, mut product) = (None, None);
        for (name, value) in members {
            match &*name.value {
                "id" => {
                    let known = plan.coupons.iter().map(|c| &*c.id);
                    let id = self.one_of(value, known, "a coupon of this campaign", "decision-coupon");
                    rule = plan.coupons.iter().position(|c| Some(&*c.id) == id);
                }
                "code" => {
                    if let Some(text) = self.text(value, "a coupon's code") {
                        code = Some((text.to_owned(), value.span.clone()));
                    }
                }
                "expires" => expires = self.date(value),
                "store" => store = self.store(value),
                "slot" => {
                    let known = plan.slots.iter().flat_map(|s| &s.names).map(|n| &**n);
                    slot = self.one_of(value, known, "a slot of this campaign", "decision-slot").map(Arc::from);
                }
                "product" => product = self.key_of(value, plan.products(), "a product").map(|p| p.1),
                _ => {}
            }
        }
        if !members.iter().any(|(n, _)| n.value == "id") {
            self.missing("id", at.span.start..at.span.start + 1, "the coupon's id in the campaign");
        }
        let rule = rule?;
        let is_ours = plan.coupons.get(rule).is_some_and(|c| c.pool.is_none());
        if let Some((text, span)) = code.as_ref().filter(|_| is_ours) {
            let told =
                |message: String, label: &str| LineFault::new("decision-code", span.clone(), message).label(label);
            match decider.codes().verify(text) {
                Ok((of, number)) if of == rule as u64 => codes.push((number, span.clone())),
                Ok((of, _)) => {
                    let other = usize::try_from(of).ok().and_then(|of| plan.coupons.get(of));
                    let other = other.map_or_else(|| "no coupon".to_owned(), |c| format!("the coupon `{}`", c.id));
                    self.faults.push(told(format!("this is a code of {other}"), "another coupon's code"));
                }
                Err(fault) => self.faults.push(
                    told(fault.to_string(), "not this piece's code")
                        .help("leave `code` out, and the run issues the piece's own"),
                ),
            }
        }
        Some(GivenCoupon { rule, code: code.map(|c| c.0), expires, store, slot, product, at: at.span.clone() })
    }

    fn date(&mut self, at: &At<Json<'_>>) -> Option<Date> {
        let text = self.text(at, "a day such as \"2026-12-31\"")?;
        let posting = self.decider.plan.posting_date;
        match text.parse::<Date>() {
            Ok(day) if day < posting => {
                let message = format!("the coupon expires before the posting date {posting}");
                self.faults.push(LineFault::new("decision-expiry", at.span.clone(), message).label("too early"));
                None
            }
            Ok(day) => Some(day),
            Err(_) => {
                let fault = LineFault::new("decision-value", at.span.clone(), format!("`{text}` is no day"));
                self.faults.push(fault.label("expected such as \"2026-12-31\""));
                None
            }
        }
    }

    fn store(&mut self, at: &At<Json<'_>>) -> Option<NearestStore> {
        let decider = self.decider;
        let table = decider.plan.stores();
        let members = self.members(at, "a store", &["id", "km", "second"])?;
        let (mut id, mut km, mut second) = (None, None, None);
        for (name, value) in members {
            match &*name.value {
                "id" => id = self.key_of(value, table, "a store"),
                "second" => second = self.key_of(value, table, "a store"),
                "km" => match &value.value {
                    Json::Number(n) if *n >= 0.0 => km = Some(*n),
                    other => self.kind(value, "kilometres: a number from 0", other),
                },
                _ => {}
            }
        }
        for (name, what) in [("id", "the store's key"), ("km", "how far away it is")] {
            if !members.iter().any(|(n, _)| n.value == name) {
                self.missing(name, at.span.start..at.span.start + 1, what);
            }
        }
        let (row, id) = id?;
        Some(NearestStore { id, row, km: km?, second: second.map(|s| s.1) })
    }

    fn value(&mut self, at: &At<Json<'_>>) -> Option<Value> {
        let members = self.members(at, "a value", &["ltv", "expected_margin"])?;
        let mut value = Value { ltv: None, expected_margin: None };
        for (name, given) in members {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within bounds")]
            let yen = match &given.value {
                Json::Number(n) if libm::trunc(*n) == *n && n.abs() < 9e15 => Some(*n as i64),
                Json::Null => None,
                other => {
                    self.kind(given, "whole yen", other);
                    None
                }
            };
            match &*name.value {
                "ltv" => value.ltv = yen,
                "expected_margin" => value.expected_margin = yen,
                _ => {}
            }
        }
        Some(value)
    }

    /// Where the record stood: only its form is looked at.
    fn origin(&mut self, at: &At<Json<'_>>) {
        let Some(members) = self.members(at, "an origin", &["file", "sheet", "row"]) else { return };
        for (name, value) in members {
            match (&*name.value, &value.value) {
                ("file" | "sheet", Json::Text(_)) | ("row", Json::Number(_)) => {}
                ("row", other) => self.kind(value, "the number of a row", other),
                ("file" | "sheet", other) => self.kind(value, "a text in quotation marks", other),
                _ => {}
            }
        }
    }

    fn reasons(&mut self, at: &At<Json<'_>>) -> Option<Vec<(String, String)>> {
        let Json::List(items) = &at.value else {
            self.kind(at, "a list of reasons", &at.value);
            return None;
        };
        let mut reasons = Vec::new();
        for item in items {
            let Some(members) = self.members(item, "a reason", &["code", "message"]) else { continue };
            let mut of = |wanted: &str| {
                let found = members.iter().find(|(n, _)| n.value == wanted);
                found.map_or_else(String::new, |(_, v)| self.words(v).into_owned())
            };
            reasons.push((of("code"), of("message")));
        }
        Some(reasons)
    }
}
