//! What tills read of coupons, held against the rules of its symbols before anything is made: characters, length, check
//! digits. The symbols are encoded as they will be on the pieces, so that what is told here is what would be told there.

use std::sync::Arc;

use super::spec::Spec;
use crate::barcode::{Fault, Kind, Request, encode, qr};
use crate::base::{Diagnostic, SourceText};
use crate::decide::symbol::{SymbolKind, samples};

/// Whether a symbol can hold a value.
///
/// # Errors
/// Why not; the value is not repeated.
pub fn judge(kind: SymbolKind, value: &str, scratch: &mut qr::Scratch) -> Result<(), Fault> {
    let kind = match kind {
        SymbolKind::Jan13 => Kind::Jan13,
        SymbolKind::Code128 => Kind::Code128,
        SymbolKind::Gs1128 => Kind::Gs1128,
        SymbolKind::Nw7 => Kind::Nw7,
        SymbolKind::Qr => Kind::Qr,
    };
    encode(&Request::new(kind, value), scratch).map(drop)
}

/// What helps where a symbol cannot hold its value.
#[must_use]
pub fn help(kind: SymbolKind) -> &'static str {
    match kind {
        SymbolKind::Jan13 => "a `jan13` has 13 digits: `prefix = \"29\"` makes all of them",
        SymbolKind::Code128 => {
            "Code 128 has the characters of ASCII: write such as `value = \"CAFE-{code}\"`, or take `qr`"
        }
        SymbolKind::Gs1128 => {
            "every part begins with its application identifier: write such as `value = \"(21){code}\"`; where a number ends \
             in a check digit, leave that out, and it is added"
        }
        SymbolKind::Nw7 => {
            "NW-7 has digits and - $ : / . + between a start and a stop A to D: write such as `value = \"A{number}A\"`, or \
             take `code128`, which holds letters"
        }
        SymbolKind::Qr => "a till's QR symbol is small: let it say `{code}` alone",
    }
}

/// Tells every coupon whose symbol cannot hold what it would have to say on some pieces. Codes of a pool are judged when
/// its table was read.
pub(super) fn check(spec: &Spec, source: &Arc<SourceText>, faults: &mut Vec<Diagnostic>) {
    let mut scratch = qr::Scratch::default();
    for coupon in &spec.coupons {
        let Some(symbol) = &coupon.symbol else { continue };
        let Some((kind, values)) = samples(symbol, coupon.id.get_ref(), coupon.pool.is_some()) else { continue };
        let failed = values.iter().filter_map(|v| Some((v, judge(kind, v, &mut scratch).err()?)));
        let failed: Vec<(&String, Fault)> = failed.collect();
        let Some((value, fault)) = failed.first() else { continue };
        let some = if failed.len() < values.len() { " on some pieces" } else { "" };
        let message = format!("a `{}` cannot hold this{some}: {fault}", kind.name());
        let place = symbol.value.as_ref().unwrap_or(&symbol.kind).span();
        let d = Diagnostic::error("coupon-symbol", message);
        faults.push(d.at_text(source, place, format!("such as `{value}`")).help(help(kind)));
    }
}
