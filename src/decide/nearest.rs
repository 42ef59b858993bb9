//! The store of a piece: where the person lives, which open stores there are, which of them honour a coupon,
//! and what happens when none is near enough.

use std::sync::Arc;

use super::coupon::CouponPlan;
use super::days;
use super::decider::Fault;
use super::decision::NearestStore;
use super::places::{FoundBy, LATITUDE, LONGITUDE, PlaceColumns, Places, degrees_column};
use super::plan::{Compiler, Known, Stage, like};
use super::plan_history::usual_named;
use super::rule::{NO_ROW, Program, Scene, Type, Value, World};
use super::segment::OTHER;
use super::spec::{NearestStoreSpec, NoStore, Placed, PointSpec};
use super::store::{Found, StoreMap, point};
use super::trace::Trace;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place};
use crate::data::record::Field;
use crate::data::schema::Kind;
use crate::data::table::Table;

/// The nearest store as compiled.
#[derive(Clone, Debug)]
pub struct StorePlan {
    pub table: usize,
    pub key: usize,
    pub latitude: usize,
    pub longitude: usize,
    pub opened: Option<usize>,
    pub closed: Option<usize>,
    pub condition: Option<Program>,
    pub at: AtPlan,
    pub max_km: Option<f64>,
    pub none: NoStore,
    /// By segment.
    pub none_for: Vec<(Arc<str>, NoStore)>,
}

/// Where the person lives: what is found first counts.
#[derive(Clone, Debug, Default)]
pub struct AtPlan {
    pub degrees: Option<(Program, Program)>,
    pub postcode: Option<Program>,
    pub address: Option<Program>,
    pub places: Option<(usize, PlaceColumns)>,
    /// Postcodes with the names of their places.
    pub codes: Option<(usize, PlaceColumns)>,
}

/// The stores that honour a coupon, as compiled.
#[derive(Clone, Debug)]
pub struct HonourPlan {
    /// Their keys with their places in the campaign file; none names all stores.
    pub keys: Vec<(Arc<str>, Place)>,
    pub condition: Option<Program>,
}

impl StorePlan {
    /// The tables that stores are found with.
    pub fn tables(&self) -> impl Iterator<Item = usize> + '_ {
        let places = self.at.places.iter().chain(&self.at.codes).map(|p| p.0);
        places.chain([self.table])
    }

    /// What someone of this segment gets for whom there is no store.
    #[must_use]
    pub fn without(&self, segment: Option<&str>) -> NoStore {
        let own = segment.and_then(|s| self.none_for.iter().find(|n| *n.0 == *s));
        own.map_or(self.none, |n| n.1)
    }
}

impl Compiler<'_, '_> {
    pub(super) fn store(&mut self, known: &Known, unit: usize) -> Option<StorePlan> {
        let spec: &NearestStoreSpec = self.input.nearest_store?;
        let table = self.table(&spec.table)?;
        let info = &self.input.catalog.tables[table];
        let degrees = [Kind::Number, Kind::Integer];
        let mut coordinate = |given: &Option<Placed>, usual: &[&str]| match given {
            Some(name) => self.typed(name, info, &degrees, "a number"),
            None => {
                let found = degrees_column(&info.schema, usual);
                let typed = found.filter(|c| degrees.contains(&info.schema.columns[*c].kind));
                if typed.is_none() {
                    let word = found.map_or(usual[0], |c| &*info.schema.columns[c].name);
                    let help = match found {
                        Some(_) => format!("write `{word} = \"number\"` under [tables.{}.columns]", info.name),
                        None => format!("name it: `columns = {{ {word} = \"…\" }}`; {}", like(word, &info.schema)),
                    };
                    let message = format!("the table `{}` has no column `{word}` of numbers", info.name);
                    self.tell(&spec.table, message, "needs places", Some(help));
                }
                typed
            }
        };
        let latitude = coordinate(&spec.columns.latitude, &LATITUDE);
        let longitude = coordinate(&spec.columns.longitude, &LONGITUDE);
        let mut day = |given: &Option<Placed>, usual: &str| match given {
            Some(name) => self.typed(name, info, &[Kind::Date], "a date"),
            None => {
                let found = usual_named(&info.schema, usual, Kind::Date);
                if found.is_none() && info.schema.position(usual).is_some() {
                    let help = format!("write `{usual} = \"date\"` under [tables.{}.columns]", info.name);
                    self.tell(&spec.table, format!("the column `{usual}` is not a date"), "its stores", Some(help));
                }
                found
            }
        };
        let opened = day(&spec.columns.opened, "opened_on");
        let closed = day(&spec.columns.closed, "closed_on");
        let at = self.at(&spec.at, &spec.table, known, unit);
        let condition = self.condition(spec.condition.as_ref(), known, unit, Stage::StoreOnly);
        if let Some(km) = &spec.max_km
            && !(*km.get_ref() > 0.0 && km.get_ref().is_finite())
        {
            self.tell(km, "this is no distance", "expected kilometres above 0", None);
        }
        let mut none_for = Vec::new();
        for (segment, none) in &spec.none_for {
            let name = segment.get_ref().as_str();
            let named = self.input.segments.into_iter().flat_map(|s| &s.named).map(|n| n.name.get_ref().as_str());
            let mut names: Vec<&str> = named.collect();
            if !names.is_empty() {
                names.push(OTHER);
            }
            if !names.contains(&name) {
                let help = did_you_mean(name, names.iter().copied()).map_or_else(
                    || format!("segments of this campaign: {}", names.join(", ")),
                    |like| format!("did you mean `{like}`?"),
                );
                self.tell(segment, format!("there is no segment `{name}`"), "not in [[segments.named]]", Some(help));
            }
            none_for.push((name.into(), *none));
        }
        let Some(key) = info.key else {
            let help = format!("write `key = \"…\"` in [tables.{}]", info.name);
            self.tell(&spec.table, "the stores have no key", "no key", Some(help));
            return None;
        };
        Some(StorePlan {
            table,
            key,
            latitude: latitude?,
            longitude: longitude?,
            opened,
            closed,
            condition,
            at: at?,
            max_km: spec.max_km.as_ref().map(|k| *k.get_ref()),
            none: spec.none,
            none_for,
        })
    }

    fn at(&mut self, spec: &PointSpec, beside: &Placed, known: &Known, unit: usize) -> Option<AtPlan> {
        let numbers = [Type::Number, Type::Integer];
        let mut at = AtPlan::default();
        let mut sound = true;
        match (&spec.latitude, &spec.longitude) {
            (Some(north), Some(east)) => {
                let north = self.program(north, known, unit, Stage::Coordinates, &numbers);
                let east = self.program(east, known, unit, Stage::Coordinates, &numbers);
                sound = north.is_some() && east.is_some();
                at.degrees = north.zip(east);
            }
            (Some(one), None) | (None, Some(one)) => {
                self.tell(one, "a point has a latitude and a longitude", "the other one is missing", None);
                sound = false;
            }
            (None, None) => {}
        }
        for (text, place) in [(&spec.postcode, &mut at.postcode), (&spec.address, &mut at.address)] {
            if let Some(text) = text {
                *place = self.program(text, known, unit, Stage::Coordinates, &[Type::Text]);
                sound &= place.is_some();
            }
        }
        let looked_up = spec.postcode.as_ref().or(spec.address.as_ref());
        let Some(asked) = looked_up else {
            if let Some(table) = &spec.table {
                let help = "write `postcode = \"customer.postcode\"` or `address = \"customer.address\"`".to_owned();
                self.tell(table, "nothing is looked up in this table", "what for?", Some(help));
            } else if spec.latitude.is_none() && spec.longitude.is_none() {
                let help = "write `at = { latitude = \"customer.latitude\", longitude = \"customer.longitude\" }`, or \
                            `at = { postcode = \"customer.postcode\", table = \"towns\" }`";
                self.tell(beside, "it is not said where people live", "`at` is empty", Some(help.to_owned()));
                sound = false;
            }
            return sound.then_some(at);
        };
        let Some(name) = &spec.table else {
            let help = "name a table with their places: `table = \"towns\"`".to_owned();
            self.tell(asked, "postcodes and addresses are looked up in a table", "no `table`", Some(help));
            return None;
        };
        let table = self.table(name)?;
        let info = &self.input.catalog.tables[table];
        let columns = PlaceColumns::usual(info);
        if columns.latitude.is_none() || columns.longitude.is_none() {
            let help = format!(
                "it needs columns `latitude` and `longitude` (or `lat`, `lng`) of the type `number` under \
                 [tables.{}.columns]",
                info.name
            );
            self.tell(name, format!("the table `{}` has no coordinates", info.name), "needs places", Some(help));
            sound = false;
        }
        if spec.address.is_some() && !columns.has_names() {
            let help = "it needs columns `prefecture`, `city` and `town` to find addresses by".to_owned();
            self.tell(name, format!("the table `{}` has no names of places", info.name), "needs names", Some(help));
            sound = false;
        }
        at.places = Some((table, columns));
        if let Some(name) = &spec.postcodes {
            let table = self.table(name)?;
            let info = &self.input.catalog.tables[table];
            let codes = PlaceColumns::usual(info);
            if codes.postcode.is_none() || !codes.has_names() || !columns.has_names() {
                let help = "both tables need the columns `prefecture`, `city` and `town`, and this one `postcode`";
                self.tell(name, "postcodes cannot be found by this table", "needs names", Some(help.to_owned()));
                sound = false;
            }
            at.codes = Some((table, codes));
        } else if spec.postcode.is_some() && columns.postcode.is_none() {
            let help = "give it a column `postcode`, or name a table that has postcodes with the names of their \
                        places: `postcodes = \"…\"`";
            let message = format!("the table `{}` has no column `postcode`", info.name);
            self.tell(name, message, "needs postcodes", Some(help.to_owned()));
            sound = false;
        }
        sound.then_some(at)
    }

    /// The stores that honour a coupon, where it is not all of them.
    pub(super) fn honour(
        &mut self,
        stores: &[Placed],
        condition: Option<&Placed>,
        known: &Known,
        unit: usize,
    ) -> Option<HonourPlan> {
        let asked = stores.first().or(condition)?;
        if self.input.nearest_store.is_none() {
            let help = "declare `[nearest_store]`, which says where stores and people are".to_owned();
            self.tell(asked, "stores are not known in this campaign", "needs stores", Some(help));
            return None;
        }
        let source = self.input.source;
        let place = |p: &Placed| Place::Text { source: Arc::clone(source), span: p.span() };
        let keys = stores.iter().map(|s| (s.get_ref().trim().into(), place(s))).collect();
        Some(HonourPlan { keys, condition: self.condition(condition, known, unit, Stage::StoreOnly) })
    }
}

/// Where the person lives, when that is known.
pub type Home = Option<([f64; 3], FoundBy)>;

/// The stores of a campaign on the map.
#[derive(Debug, Default)]
pub struct Stores {
    all: StoreMap,
    /// By coupon; none where all stores honour it.
    honour: Vec<Option<StoreMap>>,
    keys: Vec<Arc<str>>,
    places: Places,
}

impl Stores {
    /// Puts the stores that are open on the posting date and may be shown on the map.
    pub fn new(
        plan: &StorePlan,
        coupons: &[CouponPlan],
        posting_day: i32,
        world: &World,
        faults: &mut Vec<Diagnostic>,
        warnings: &mut Vec<Diagnostic>,
    ) -> Self {
        let Some(table) = world.table(plan.table) else { return Self::default() };
        let found = open(plan, table, world, posting_day, warnings);
        let honour = coupons.iter().map(|c| Some(honouring(c.stores.as_ref()?, plan, table, world, &found, faults)));
        let honour: Vec<Option<StoreMap>> = honour.collect();
        for (coupon, map) in coupons.iter().zip(&honour) {
            if map.as_ref().is_some_and(StoreMap::is_empty) && faults.is_empty() {
                warnings.push(Diagnostic::warning(
                    "no-stores",
                    format!("no store that is open on the posting date honours the coupon `{}`", coupon.id),
                ));
            }
        }
        let places = plan.at.places.and_then(|(t, columns)| {
            let codes = plan.at.codes.and_then(|(t, columns)| Some((world.table(t)?, columns)));
            Some(Places::new(world.table(t)?, columns, codes))
        });
        Self {
            all: StoreMap::new(found),
            honour,
            keys: (0..table.len()).map(|row| table.text(row, plan.key).trim().into()).collect(),
            places: places.unwrap_or_default(),
        }
    }

    /// Whether there is no store to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Where the person lives. `folded` is memory to work in.
    pub fn home<'a>(&self, plan: &'a StorePlan, scene: &Scene<'a>, folded: &mut String) -> Home {
        let given = plan.at.degrees.as_ref();
        let given = given.and_then(|(n, e)| degrees(n.value(scene)).zip(degrees(e.value(scene))));
        if let Some(p) = given.and_then(|(north, east)| point(north, east)) {
            return Some((p, FoundBy::Coordinates));
        }
        let text = |p: &'a Option<Program>| match p.as_ref().map(|p| p.value(scene)) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        };
        if let Some(p) = text(&plan.at.postcode).and_then(|t| self.places.of_postcode(t)) {
            return Some((p, FoundBy::Postcode));
        }
        let found = text(&plan.at.address).and_then(|t| self.places.of_address(t, folded));
        found.map(|p| (p, FoundBy::Address))
    }

    /// The nearest store of all, and what it was found by; without one, the record may be rejected.
    ///
    /// # Errors
    /// There is none, and the campaign rejects such records.
    pub(super) fn nearest(
        &self,
        plan: &StorePlan,
        home: Home,
        scene: &mut Scene<'_>,
        trace: &mut Trace,
    ) -> Result<Option<NearestStore>, Fault> {
        if let Some((store, found)) = self.on(&self.all, plan, home) {
            scene.store = found.row;
            scene.store_km = found.km;
            trace.line(|| {
                let second = store.second.as_ref().map_or_else(String::new, |s| format!("; second choice {s}"));
                let by = match home {
                    Some((_, FoundBy::Coordinates)) | None => String::new(),
                    Some((_, by)) => format!(", the home found {}", by.words()),
                };
                format!("store: {} at {:.1} km{second}{by}", store.id, store.km)
            });
            return Ok(Some(store));
        }
        let why = match (home, plan.max_km) {
            (None, _) if plan.at.places.is_some() => "nothing tells where the person lives".to_owned(),
            (None, _) => "the record has no usable coordinates".to_owned(),
            (Some(_), Some(max)) => format!("none is open within {max} km"),
            (Some(_), None) => "none is open".to_owned(),
        };
        match plan.without(scene.segment) {
            NoStore::Online => trace.line(|| format!("store: none ({why}); the online shop stands in")),
            NoStore::NoCoupon => trace.line(|| format!("store: none ({why}); so there is no coupon")),
            NoStore::Reject => return Err(Fault::new("no-store", format!("no store can be shown: {why}"))),
        }
        Ok(None)
    }

    /// The nearest store that honours a coupon: `Some(None)` when none is near enough, `None` when all
    /// stores honour it.
    pub(super) fn honouring(&self, plan: &StorePlan, coupon: usize, home: Home) -> Option<Option<NearestStore>> {
        let map = self.honour.get(coupon)?.as_ref()?;
        Some(self.on(map, plan, home).map(|(store, _)| store))
    }

    fn on(&self, map: &StoreMap, plan: &StorePlan, home: Home) -> Option<(NearestStore, Found)> {
        let (from, _) = home?;
        let [first, second] = map.nearest(from, plan.max_km);
        let key = |f: &Found| self.keys.get(f.row as usize).map(Arc::clone);
        let found = first?;
        let store = NearestStore {
            id: key(&found)?,
            row: found.row,
            km: libm::round(found.km * 10.0) / 10.0,
            second: second.and_then(|s| key(&s)),
        };
        Some((store, found))
    }
}

fn degrees(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Number(n) => Some(n),
        #[expect(clippy::cast_precision_loss, reason = "degrees are small")]
        Value::Integer(n) => Some(n as f64),
        _ => None,
    }
}

/// A store that may be shown: its key, its row, its place.
type Open<'a> = (&'a str, u32, [f64; 3]);

/// The stores that are open on the day and fit the condition.
fn open<'a>(
    plan: &StorePlan,
    table: &'a Table,
    world: &World,
    day: i32,
    warnings: &mut Vec<Diagnostic>,
) -> Vec<Open<'a>> {
    let on = |row: u32, column: Option<usize>| match column.map(|c| table.field(row, c)) {
        Some(Field::Date(d)) => Some(days::number(d)),
        _ => None,
    };
    let mut stores = Vec::new();
    for row in 0..table.len() {
        let open = on(row, plan.opened).is_none_or(|d| d <= day) && on(row, plan.closed).is_none_or(|d| day < d);
        let scene = Scene { store: row, ..Scene::new(world) };
        if !open || plan.condition.as_ref().is_some_and(|c| !c.holds(&scene)) {
            continue;
        }
        let degree = |column: usize| degrees(table.field(row, column).into());
        match degree(plan.latitude).zip(degree(plan.longitude)).and_then(|(north, east)| point(north, east)) {
            Some(place) => stores.push((table.text(row, plan.key).trim(), row, place)),
            None => warnings.push(
                Diagnostic::warning("store-place", "this store has no usable coordinates and is never the nearest")
                    .at(Place::Cell { origin: table.origin(row), column: None }, "this store"),
            ),
        }
    }
    stores
}

/// Those of the open stores that honour a coupon.
fn honouring(
    plan: &HonourPlan,
    stores: &StorePlan,
    table: &Table,
    world: &World,
    open: &[Open<'_>],
    faults: &mut Vec<Diagnostic>,
) -> StoreMap {
    let mut named = Vec::new();
    for (key, place) in &plan.keys {
        match table.find(key) {
            Some(row) => named.push(row),
            None => {
                let keys = (0..table.len()).map(|r| table.text(r, stores.key));
                let d = Diagnostic::error("coupon-store", format!("there is no store `{key}`"))
                    .at(place.clone(), "not in the table of stores");
                faults.push(match did_you_mean(key, keys) {
                    Some(like) => d.help(format!("did you mean `{like}`?")),
                    None => d,
                });
            }
        }
    }
    let honours = |row: u32| {
        let scene = Scene { store: row, ..Scene::new(world) };
        (plan.keys.is_empty() || named.contains(&row)) && plan.condition.as_ref().is_none_or(|c| c.holds(&scene))
    };
    StoreMap::new(open.iter().filter(|s| s.1 != NO_ROW && honours(s.1)).copied().collect())
}
