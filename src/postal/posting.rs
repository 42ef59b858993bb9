//! The posting: how many pieces go to each 郵便区番号, the slips of their bundles, and which discounts the run meets.

use std::collections::BTreeMap;

use serde::Serialize;

use super::code::{District, Postcode};
use super::rates::{Need, Rates, Step};

/// Pieces of one district.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub pieces: u64,
    /// With a customer barcode.
    pub barcoded: u64,
}

/// The slip of one bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// From 1, over the whole run.
    pub number: u64,
    /// `None`: pieces without a postcode.
    pub district: Option<District>,
    /// This bundle of so many of its district, from 1.
    pub bundle: u64,
    pub of: u64,
    pub pieces: u32,
    /// Ids of the first and the last piece in it.
    pub first: String,
    pub last: String,
}

/// Counts printed pieces in their order.
#[derive(Debug)]
pub struct Posting {
    /// `None` counts pieces without a postcode.
    counts: BTreeMap<Option<District>, Count>,
    /// Pieces of one bundle at most.
    bundle: u32,
    /// Slips of the district under way; its number of bundles is known at its end.
    open: Vec<Slip>,
    slips: u64,
    ordered: bool,
}

impl Posting {
    /// `ordered`: the pieces come in the order of their postcodes; only then are there slips.
    #[must_use]
    pub fn new(bundle: u32, ordered: bool) -> Self {
        Self { counts: BTreeMap::new(), bundle: bundle.max(1), open: Vec::new(), slips: 0, ordered }
    }

    /// Counts a printed piece. The slips of a district that has ended go to `ended`.
    pub fn add(&mut self, district: Option<District>, piece: &str, barcoded: bool, ended: &mut Vec<Slip>) {
        let count = self.counts.entry(district).or_default();
        count.pieces += 1;
        count.barcoded += u64::from(barcoded);
        if !self.ordered {
            return;
        }
        if self.open.first().is_some_and(|s| s.district != district) {
            self.end_district(ended);
        }
        match self.open.last_mut() {
            Some(slip) if slip.pieces < self.bundle => {
                slip.pieces += 1;
                piece.clone_into(&mut slip.last);
            }
            _ => {
                self.slips += 1;
                let bundle = self.open.len() as u64 + 1;
                let (first, last) = (piece.to_owned(), piece.to_owned());
                self.open.push(Slip { number: self.slips, district, bundle, of: 0, pieces: 1, first, last });
            }
        }
    }

    /// The slips of the last district.
    pub fn end_district(&mut self, ended: &mut Vec<Slip>) {
        let of = self.open.len() as u64;
        ended.extend(self.open.drain(..).map(|s| Slip { of, ..s }));
    }

    /// Pieces by district, in order; those without a postcode first.
    pub fn counts(&self) -> impl Iterator<Item = (Option<District>, &Count)> {
        self.counts.iter().map(|(d, c)| (*d, c))
    }

    /// What the run costs and which discounts it meets; `None` for a kind of mail that the rates do not have.
    #[must_use]
    pub fn assess(&self, rates: &Rates, mail: &str) -> Option<Assessment> {
        let unit = rates.postage(mail)?;
        let pieces: u64 = self.counts.values().map(|c| c.pieces).sum();
        let barcoded: u64 = self.counts.values().map(|c| c.barcoded).sum();
        let addressed = pieces - self.counts.get(&None).map_or(0, |c| c.pieces);
        let discounts = rates
            .discount
            .iter()
            .filter(|d| d.mail.is_empty() || d.mail.iter().any(|m| m == mail))
            .map(|d| {
                let mut why = Vec::new();
                let mut counted = pieces;
                if d.needs.contains(&Need::Barcode) {
                    counted = counted.min(barcoded);
                    if barcoded < pieces {
                        why.push(format!("{} pieces have no customer barcode", pieces - barcoded));
                    }
                }
                let mut possible = true;
                if d.needs.contains(&Need::Order) {
                    counted = counted.min(addressed);
                    if addressed < pieces {
                        why.push(format!("{} pieces have no postcode", pieces - addressed));
                    }
                    if !self.ordered {
                        possible = false;
                        why.push("the run is not in the order of postcodes".to_owned());
                    }
                }
                let met = d.steps.iter().rfind(|s| possible && s.pieces <= counted);
                let next = d.steps.iter().find(|s| s.pieces > counted);
                if met.is_none()
                    && let Some(next) = next
                {
                    why.push(format!("{} pieces are missing of {}", next.pieces - counted, next.pieces));
                }
                let yen = |step: &Step, pieces: u64| step.percent.of(pieces.saturating_mul(u64::from(unit)));
                Assessed {
                    name: d.name.clone(),
                    title: d.title.clone(),
                    pieces: counted,
                    met: met.is_some(),
                    percent: met.map_or(0.0, |s| s.percent.number()),
                    yen: met.map_or(0, |s| yen(s, counted)),
                    next: next.map(|s| Next {
                        pieces: s.pieces,
                        missing: s.pieces - counted,
                        percent: s.percent.number(),
                        yen: yen(s, s.pieces),
                    }),
                    why,
                    asks: d.asks.clone(),
                }
            })
            .collect();
        Some(Assessment {
            mail: mail.to_owned(),
            pieces,
            barcoded,
            districts: self.counts.keys().flatten().count(),
            unit_yen: unit,
            postage_yen: pieces.saturating_mul(u64::from(unit)),
            rates_valid_from: rates.valid_from.to_string(),
            rates_source: rates.source.clone(),
            discounts,
        })
    }
}

/// What a posting costs by the rates of a day. An estimate: the post office counts and decides.
#[derive(Clone, Debug, Serialize)]
pub struct Assessment {
    pub mail: String,
    pub pieces: u64,
    pub barcoded: u64,
    pub districts: usize,
    pub unit_yen: u32,
    pub postage_yen: u64,
    pub rates_valid_from: String,
    pub rates_source: String,
    pub discounts: Vec<Assessed>,
}

/// One discount of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Assessed {
    pub name: String,
    pub title: String,
    /// Pieces that count for it.
    pub pieces: u64,
    pub met: bool,
    pub percent: f64,
    /// What it saves, in yen.
    pub yen: u64,
    /// The next threshold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asks: Option<String>,
}

/// A threshold that is not reached.
#[derive(Clone, Debug, Serialize)]
pub struct Next {
    pub pieces: u64,
    pub missing: u64,
    pub percent: f64,
    /// What it would save at just that many pieces, in yen.
    pub yen: u64,
}

/// The key that pieces are put in order by: the district, and in it the postcode; rows without one come last. Districts of
/// five digits lie among the postcodes of one of three, whose pieces must stay together all the same.
#[must_use]
pub fn order_key(postcode: Option<Postcode>, district: impl FnOnce(Postcode) -> District) -> u32 {
    let Some(code) = postcode else { return u32::MAX };
    let number = code.number();
    // three digits; the two that a district of five adds, or none of them; the rest
    let fifth = if district(code).has_five() { 1 + number / 100 % 100 } else { 0 };
    (number / 10_000 * 101 + fifth) * 10_000 + number % 10_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn district(code: &str) -> Option<District> {
        Postcode::parse(code).map(|c| District::of(c, false))
    }

    #[test]
    fn bundles_end_with_their_district_and_know_how_many_they_are() {
        let mut posting = Posting::new(2, true);
        let mut slips = Vec::new();
        for (n, code) in ["0600000", "0600001", "0600002", "1000001"].iter().enumerate() {
            posting.add(district(code), &format!("p{n}"), n > 0, &mut slips);
        }
        posting.end_district(&mut slips);
        let told: Vec<String> = slips
            .iter()
            .map(|s| {
                let d = s.district.map_or(String::new(), |d| d.to_string());
                format!("{} {d} {}/{} {} {}-{}", s.number, s.bundle, s.of, s.pieces, s.first, s.last)
            })
            .collect();
        assert_eq!(told, ["1 060 1/2 2 p0-p1", "2 060 2/2 1 p2-p2", "3 100 1/1 1 p3-p3"]);
        assert_eq!(posting.counts().map(|(_, c)| (c.pieces, c.barcoded)).collect::<Vec<_>>(), [(3, 2), (1, 1)]);
    }

    #[test]
    fn a_districts_pieces_stay_together() {
        let code = |text: &str| Postcode::parse(text).expect("a postcode");
        let key = |text: &str, five: bool| order_key(Some(code(text)), |c| District::of(c, five));
        // 192-03 has an office of its own, and 192-0001 and 192-0906 the same one
        let mut all = [("192-0906", false), ("192-0372", true), ("192-0001", false), ("193-0801", false)];
        all.sort_by_key(|(text, five)| key(text, *five));
        assert_eq!(all.map(|(text, _)| text), ["192-0001", "192-0906", "192-0372", "193-0801"]);
        assert!(key("999-9999", true) < order_key(None, |c| District::of(c, false)));
        let districts = [District::of(code("192-0906"), false), District::of(code("192-0372"), true)];
        assert!(districts.is_sorted(), "counts come in the same order");
    }

    #[test]
    fn discounts_are_met_or_missed_and_told_in_yen() {
        let rates = Rates::shipped().expect("sound");
        let run = |pieces: u64, barcoded: u64, ordered: bool| {
            let mut posting = Posting::new(100, ordered);
            let mut slips = Vec::new();
            for n in 0..pieces {
                posting.add(district("0600000"), "p", n < barcoded, &mut slips);
            }
            posting.assess(&rates, "postcard").expect("a kind of mail")
        };
        let a = run(2500, 2500, true);
        let by = |a: &Assessment, name: &str| a.discounts.iter().find(|d| d.name == name).cloned().expect("a discount");
        assert_eq!(a.postage_yen, 212_500);
        assert_eq!((by(&a, "sorted").met, by(&a, "sorted").yen), (true, 6375));
        assert_eq!(by(&a, "sorted").next.map(|n| (n.pieces, n.missing)), Some((10_000, 7_500)));
        assert_eq!((by(&a, "barcode").met, by(&a, "barcode").yen), (true, 6375));
        let a = run(1500, 999, false);
        assert!(!by(&a, "barcode").met);
        assert_eq!(by(&a, "barcode").why, ["501 pieces have no customer barcode", "1 pieces are missing of 1000"]);
        assert_eq!(by(&a, "sorted").why[0], "the run is not in the order of postcodes");
        assert!(run(0, 0, true).discounts.iter().all(|d| !d.met));
        assert!(Posting::new(1, true).assess(&rates, "parcel").is_none());
    }
}
