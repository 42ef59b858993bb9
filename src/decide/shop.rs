//! A shop for tests: tables as a manual shows them, and what rules make of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;

use super::spec::{
    AudienceSpec, CouponSpec, HistorySpec, NearestStoreSpec, Placed, ScoreSpec, SegmentsSpec, SlotsSpec, ValueSpec,
};
use super::tables::{Catalog, Join, TableInfo, Tables};
use super::{Decider, Plan, PlanInput};
use crate::base::choice::Key;
use crate::base::{Diagnostic, Place, SourceText};
use crate::data::csv::{Read, ReadOptions, Reader};
use crate::data::record::Record;
use crate::data::schema::{Column, Kind};
use crate::data::table::Table;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rules {
    audience: Option<AudienceSpec>,
    history: Option<HistorySpec>,
    segments: Option<SegmentsSpec>,
    scores: BTreeMap<Placed, ScoreSpec>,
    values: BTreeMap<Placed, ValueSpec>,
    slots: Option<SlotsSpec>,
    coupons: Vec<CouponSpec>,
    coupon_rules: Option<super::spec::CouponRulesSpec>,
    money: Option<super::spec::MoneySpec>,
    nearest_store: Option<NearestStoreSpec>,
}

/// The tables, each with its key and with what its columns are keys of.
type Tabled = (&'static str, Option<&'static str>, &'static [(&'static str, &'static str)]);
const PEOPLE: &[(&str, &str)] = &[("customer_id", "customers")];
const BOTH: &[(&str, &str)] = &[("customer_id", "customers"), ("product_id", "products")];
const TABLES: [Tabled; 16] = [
    ("customers", Some("customer_id"), &[]),
    ("products", Some("product_id"), &[]),
    ("purchases", None, BOTH),
    ("scores", None, BOTH),
    ("past_pieces", None, PEOPLE),
    ("order_lines", None, BOTH),
    ("stores", Some("store_id"), &[]),
    ("suppressions", None, PEOPLE),
    ("rules", None, &[]),
    ("family", None, PEOPLE),
    ("interests", None, PEOPLE),
    ("events", None, PEOPLE),
    ("needs", None, &[]),
    ("discounts", None, &[]),
    ("coupon_rules", None, &[]),
    ("towns", None, &[]),
];

/// What columns are, by their names.
const KINDS: [(&str, Kind); 20] = [
    ("birth_date", Kind::Date),
    ("joined_at", Kind::Date),
    ("points", Kind::Integer),
    ("consent_dm", Kind::Bool),
    ("likes", Kind::List),
    ("latitude", Kind::Number),
    ("longitude", Kind::Number),
    ("price", Kind::Money),
    ("stock", Kind::Integer),
    ("bought_at", Kind::Date),
    ("posted_on", Kind::Date),
    ("quantity", Kind::Integer),
    ("amount", Kind::Money),
    ("opened_on", Kind::Date),
    ("closed_on", Kind::Date),
    ("accepts_coupon", Kind::Bool),
    ("score", Kind::Number),
    ("seen_at", Kind::Date),
    ("at", Kind::Date),
    ("discount", Kind::Integer),
];

pub(super) struct Shop {
    pub catalog: Catalog,
    pub tables: Vec<Option<Arc<Table>>>,
    pub customers: Vec<Record>,
}

impl Shop {
    /// With tables as `csv` writes them; those that it leaves empty are not there.
    pub fn with(csv: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shop = Self { catalog: Catalog::default(), tables: Vec::new(), customers: Vec::new() };
        for (name, key, joins) in TABLES {
            let path = folder.path().join(format!("{name}.csv"));
            let text = csv(name);
            let Some(header) = text.lines().next() else { continue };
            let has = |column: &str| header.split(',').any(|c| c == column);
            let column = |(name, kind): &(&str, Kind)| Column {
                name: (*name).into(),
                kind: *kind,
                required: false,
                purpose: (*name == "consent_dm").then(|| "print".into()),
            };
            let options = ReadOptions {
                columns: KINDS.iter().filter(|k| has(k.0)).map(column).collect(),
                key: key.map(Into::into),
                ..ReadOptions::default()
            };
            std::fs::write(&path, &text).expect("written");
            let open = || Reader::open(&path, name, &options).expect("readable");
            let mut reader = open();
            let schema = Arc::clone(reader.schema());
            let joins = joins
                .iter()
                .map(|(column, to)| Join { column: schema.position(column).expect("a column"), to: (*to).into() })
                .collect();
            shop.catalog.tables.push(TableInfo { name: name.into(), schema, key: reader.key(), joins });
            if name == "customers" {
                let mut record = reader.record();
                while reader.read(&mut record).expect("readable") == Read::Row {
                    shop.customers.push(record.clone());
                }
                shop.tables.push(None);
            } else {
                let (table, rejects) = Table::load(open()).expect("loaded");
                assert_eq!(rejects.len(), 0, "{name}");
                shop.tables.push(Some(Arc::new(table)));
            }
        }
        shop
    }

    pub fn plan(&self, toml: &str) -> Result<Plan, Vec<Diagnostic>> {
        let rules: Rules = toml::from_str(toml).expect("well-formed rules");
        let source = SourceText::new("campaign.toml", toml);
        let input = PlanInput {
            source: &source,
            campaign: "2026-autumn-dm",
            as_of: date(2026, 11, 21),
            posting_date: date(2026, 12, 1),
            catalog: &self.catalog,
            audience: rules.audience.as_ref(),
            history: rules.history.as_ref(),
            segments: rules.segments.as_ref(),
            scores: &rules.scores,
            values: &rules.values,
            slots: rules.slots.as_ref(),
            coupons: &rules.coupons,
            coupon_rules: rules.coupon_rules.as_ref(),
            money: rules.money.as_ref(),
            nearest_store: rules.nearest_store.as_ref(),
            row_rules: &[],
            leaflets: None,
        };
        let mut faults = Vec::new();
        Plan::compile(&input, &mut faults).ok_or(faults)
    }

    /// The faults of rules, each as `line: message / help`.
    pub fn faults(&self, toml: &str) -> Vec<String> {
        let line = |f: &Diagnostic| match &f.place {
            Some(Place::Text { source, span }) => source.line_column(span.start).0,
            _ => 0,
        };
        let faults = self.plan(toml).expect_err("faults");
        faults.iter().map(|f| format!("{}: {} / {}", line(f), f.message, f.help.join(" "))).collect()
    }

    /// A decider that has learnt from the people, where its rules do.
    pub fn decider(&self, toml: &str) -> Decider {
        let plan = self.plan(toml).unwrap_or_else(|f| panic!("{f:#?}"));
        let tables = Tables::new(self.tables.clone());
        let mut decider =
            Decider::new(Arc::new(plan), tables, &Key::new(b"manual")).unwrap_or_else(|f| panic!("{f:#?}"));
        if decider.learns_from_people() {
            decider.learn(|see| self.people(see)).expect("nothing fails");
        }
        decider
    }

    /// Hands the customers on, until no more are wanted.
    pub fn people(&self, see: &mut dyn FnMut(&Record) -> bool) -> Result<(), ()> {
        let _ = self.customers.iter().all(see);
        Ok(())
    }
}
