//! A decision to its line.

use serde::Serialize;

use super::super::decider::{Decider, Fault};
use super::super::decision::{Coupon, Decision, NearestStore, Outcome, Slot};
use crate::base::Origin;
use crate::data::Record;

/// The members of one object, in the order in which they are written.
struct Members<'o> {
    out: &'o mut Vec<u8>,
    first: bool,
}

impl<'o> Members<'o> {
    fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn name(&mut self, name: &str) -> &mut Vec<u8> {
        if !self.first {
            self.out.push(b',');
        }
        self.first = false;
        json(self.out, name);
        self.out.push(b':');
        self.out
    }

    fn value(&mut self, name: &str, value: impl Serialize) {
        json(self.name(name), value);
    }

    fn some(&mut self, name: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

fn json(out: &mut Vec<u8>, value: impl Serialize) {
    // Writing into memory cannot fail.
    drop(serde_json::to_writer(out, &value));
}

impl Decider {
    /// Writes the line of a record, with its line break.
    pub fn write_line(&self, decided: &Result<Decision, Fault>, record: &Record, number: u64, out: &mut Vec<u8>) {
        match decided {
            Ok(decision) => self.write_decision(decision, out),
            Err(fault) => {
                let plan = &self.plan;
                let mut line = Members::begin(out);
                line.value("piece", plan.piece_id(number));
                let key = if plan.key < record.len() { record.text(plan.key).trim() } else { "" };
                line.some(plan.key_name(), Some(key).filter(|k| !k.is_empty()));
                line.value("outcome", "rejected");
                write_reasons(&mut line, [(fault.code, fault.message.as_str())]);
                write_origin(&mut line, &record.origin);
                line.end();
                out.push(b'\n');
            }
        }
    }

    /// Writes the line of a row that could not be read, or whose key stood in an earlier row: nothing is decided for
    /// it, so it has no piece.
    pub fn write_unread<'a>(
        &self,
        key: Option<&str>,
        reasons: impl IntoIterator<Item = (&'a str, &'a str)>,
        origin: &Origin,
        out: &mut Vec<u8>,
    ) {
        let mut line = Members::begin(out);
        line.some(self.plan.key_name(), key.filter(|k| !k.is_empty()));
        line.value("outcome", "rejected");
        write_reasons(&mut line, reasons);
        write_origin(&mut line, origin);
        line.end();
        out.push(b'\n');
    }

    /// Writes the line of a decision, with its line break.
    pub fn write_decision(&self, d: &Decision, out: &mut Vec<u8>) {
        let mut line = Members::begin(out);
        line.value("piece", &d.piece);
        line.value(self.plan.key_name(), &d.customer);
        let (word, cause) = match &d.outcome {
            Outcome::Print => ("print", None),
            Outcome::HeldOut { cause } => ("held-out", cause.as_deref()),
            Outcome::Suppressed { cause } => ("suppressed", Some(&**cause)),
            Outcome::OverBudget => ("over-budget", None),
        };
        line.value("outcome", word);
        line.some("cause", cause);
        line.some("segment", d.segment.as_deref());
        if !d.segments.is_empty() {
            let mut object = Members::begin(line.name("segments"));
            for (segmentation, group) in &d.segments {
                object.value(segmentation, &**group);
            }
            object.end();
        }
        line.some("arm", d.arm.as_deref());
        for slot in &d.slots {
            write_slot(line.name(&slot.name), slot);
        }
        match d.coupons.as_slice() {
            [] => {}
            [one] => write_coupon(line.name("coupon"), one),
            several => {
                let out = line.name("coupons");
                for (i, coupon) in several.iter().enumerate() {
                    out.push(if i == 0 { b'[' } else { b',' });
                    write_coupon(out, coupon);
                }
                out.push(b']');
            }
        }
        if let Some(store) = &d.store {
            write_store(line.name("store"), store);
        }
        if let Some(value) = &d.value {
            let mut object = Members::begin(line.name("value"));
            object.some("ltv", value.ltv);
            object.some("expected_margin", value.expected_margin);
            object.end();
        }
        write_origin(&mut line, &d.origin);
        line.end();
        out.push(b'\n');
    }
}

fn write_slot(out: &mut Vec<u8>, slot: &Slot) {
    let mut object = Members::begin(out);
    object.value("product", slot.product.as_deref());
    object.value("by", &*slot.by);
    object.value("because", &slot.because);
    object.some("note", slot.note.as_deref());
    object.end();
}

fn write_coupon(out: &mut Vec<u8>, coupon: &Coupon) {
    let mut object = Members::begin(out);
    object.value("id", &*coupon.id);
    if let Some(bound) = &coupon.bound {
        object.value("slot", &*bound.slot);
        object.value("product", &*bound.product);
    }
    object.value("code", &coupon.code);
    object.some("expires", coupon.expires);
    object.some("symbol", coupon.symbol.as_ref().map(|s| s.value.as_str()));
    if let Some(store) = &coupon.store {
        write_store(object.name("store"), store);
    }
    object.end();
}

fn write_store(out: &mut Vec<u8>, store: &NearestStore) {
    let mut object = Members::begin(out);
    object.value("id", &*store.id);
    object.value("km", store.km);
    object.some("second", store.second.as_deref());
    object.end();
}

fn write_reasons<'a>(line: &mut Members<'_>, reasons: impl IntoIterator<Item = (&'a str, &'a str)>) {
    let out = line.name("reasons");
    out.push(b'[');
    for (i, (code, message)) in reasons.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        let mut object = Members::begin(out);
        object.value("code", code);
        object.value("message", message);
        object.end();
    }
    out.push(b']');
}

fn write_origin(line: &mut Members<'_>, origin: &Origin) {
    let mut object = Members::begin(line.name("origin"));
    object.value("file", &*origin.file);
    object.some("sheet", origin.sheet.as_deref());
    object.value("row", origin.row);
    object.end();
}
