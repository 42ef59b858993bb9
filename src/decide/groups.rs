//! Segmentations side by side: each puts everyone into one of its groups, by rules, by cut points of a value,
//! by a sheet of rules, or as the cells of a grid of two others.

use std::sync::Arc;

use toml::Spanned;

use super::Plan;
use super::decider::Decider;
use super::plan::{Compiler, Known, Stage};
use super::rule::{GroupNames, MOST_GROUPS, Program, Scene, Type, Value, World};
use super::segment::{OTHER, RfmPlan, quantile_ranks};
use super::sheet::Answer;
use super::spec::{Placed, SegmentationSpec};
use crate::base::diag::did_you_mean;
use crate::ledger::segments::Segmentations;

/// A segmentation as compiled.
#[derive(Clone, Debug)]
pub struct Segmentation {
    pub name: Arc<str>,
    /// The groups; the last is for everyone else. Of a sheet: what the sheet says, once it is read.
    pub groups: Vec<Arc<str>>,
    how: How,
}

#[derive(Clone, Debug)]
enum How {
    /// The first that holds.
    Rules(Vec<Program>),
    /// From each of the rising cut points on, one group further.
    Cuts {
        value: Program,
        from: Vec<f64>,
    },
    /// So many groups of equally many people; the cut points are the world's, in this place.
    Quantiles {
        value: Program,
        groups: u32,
        place: usize,
    },
    Sheet(usize),
    /// By the place of one segmentation and the other.
    Grid {
        rows: usize,
        columns: usize,
        across: usize,
        cells: Vec<u16>,
    },
}

impl Segmentation {
    /// The group of a person, as a place in the names.
    fn of(&self, scene: &Scene<'_>, names: &[Arc<str>]) -> u16 {
        let other = self.groups.len().saturating_sub(1);
        let place = match &self.how {
            How::Rules(rules) => rules.iter().position(|r| r.holds(scene)).unwrap_or(other),
            How::Cuts { value, from } => {
                number(value, scene).map_or(other, |value| from.partition_point(|cut| *cut <= value))
            }
            How::Quantiles { value, place, .. } => match (scene.world.cuts.get(*place), number(value, scene)) {
                (Some(cuts), Some(value)) => cuts.partition_point(|cut| *cut < value),
                _ => other,
            },
            How::Sheet(n) => {
                let answer = scene.world.sheets.get(*n).and_then(|s| s.answer(scene));
                let found = match answer {
                    Some(Answer::Text(t)) => names.iter().position(|n| n == t),
                    _ => None,
                };
                found.unwrap_or(names.len().saturating_sub(1))
            }
            How::Grid { rows, columns, across, cells } => {
                let group = |n: usize| scene.groups.get(n).map_or(usize::MAX, |g| usize::from(*g));
                let (row, column) = (group(*rows), group(*columns));
                let place = row.saturating_mul(*across).saturating_add(column.min(across.saturating_sub(1)));
                cells.get(place).map_or(other, |c| usize::from(*c))
            }
        };
        u16::try_from(place).unwrap_or(u16::MAX)
    }
}

/// The number that people are parted by.
fn number(value: &Program, scene: &Scene<'_>) -> Option<f64> {
    match value.value(scene) {
        #[expect(clippy::cast_precision_loss, reason = "yen beyond 2^53 do not occur")]
        Value::Integer(n) => Some(n as f64),
        // Of both zeros, one.
        Value::Number(n) if !n.is_nan() => Some(n + 0.0),
        _ => None,
    }
}

/// The cut points of all segmentations by quantiles, of the values that all people have.
pub(super) fn cuts(plan: &Plan, values: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let cut = |((_, groups), mut values): ((&Program, u32), Vec<f64>)| {
        values.sort_unstable_by(f64::total_cmp);
        quantile_ranks(values.len(), groups).filter_map(|at| values.get(at).copied()).collect()
    };
    plan.quantiles().zip(values).map(cut).collect()
}

impl Plan {
    /// The value and the number of groups of each segmentation by quantiles.
    fn quantiles(&self) -> impl Iterator<Item = (&Program, u32)> {
        self.groups.iter().filter_map(|s| match &s.how {
            How::Quantiles { value, groups, .. } => Some((value, *groups)),
            _ => None,
        })
    }

    /// Whether cut points hang on everybody's values.
    pub(super) fn cuts_by_quantiles(&self) -> bool {
        self.quantiles().next().is_some()
    }

    /// A list of values for each segmentation by quantiles.
    pub(super) fn no_values(&self) -> Vec<Vec<f64>> {
        self.quantiles().map(|_| Vec::new()).collect()
    }

    /// Adds a person's values, 8 bytes each.
    pub(super) fn values_of(&self, scene: &Scene<'_>, values: &mut [Vec<f64>]) {
        for ((value, _), all) in self.quantiles().zip(values) {
            all.extend(number(value, scene));
        }
    }

    /// The names of each segmentation's groups.
    pub(super) fn group_names(&self, sheets: &[super::sheet::Sheet]) -> Vec<Vec<Arc<str>>> {
        let names = |s: &Segmentation| match s.how {
            How::Sheet(n) if s.groups.is_empty() => {
                let mut names = sheets.get(n).map(super::sheet::Sheet::answers).unwrap_or_default();
                names.retain(|n| **n != *OTHER);
                names.push(OTHER.into());
                names
            }
            _ => s.groups.clone(),
        };
        self.groups.iter().map(names).collect()
    }

    /// Puts a person into a group of each segmentation; the later ones may ask for the earlier.
    pub(super) fn group<'a>(&'a self, world: &'a World, scene: &mut Scene<'a>) {
        for (n, (segmentation, names)) in self.groups.iter().zip(&world.groups).enumerate() {
            let group = segmentation.of(scene, names);
            if let Some(place) = scene.groups.get_mut(n) {
                *place = group;
            }
        }
    }

    /// Each segmentation with the name of the person's group.
    pub(super) fn groups_of(&self, scene: &Scene<'_>) -> Vec<(Arc<str>, Arc<str>)> {
        let group = |(s, (names, group)): (&Segmentation, (&Vec<Arc<str>>, &u16))| {
            Some((Arc::clone(&s.name), Arc::clone(names.get(usize::from(*group))?)))
        };
        self.groups.iter().zip(scene.world.groups.iter().zip(&scene.groups)).filter_map(group).collect()
    }

    /// The names of the segmentations.
    pub fn segmentations(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|s| &*s.name)
    }
}

impl Decider {
    /// Everything that people are parted into, for the report.
    #[must_use]
    pub fn all_segments(&self) -> Segmentations {
        let mut named: Vec<(Arc<str>, Vec<Arc<str>>)> = Vec::new();
        if !self.plan.named.is_empty() {
            let names = self.plan.named.iter().map(|n| Arc::clone(&n.name)).chain([Arc::clone(&self.other)]);
            named.push(("segment".into(), names.collect()));
        }
        let groups = self.plan.groups.iter().zip(&self.world.groups);
        named.extend(groups.map(|(s, names)| (Arc::clone(&s.name), names.clone())));
        Segmentations { named, rfm: self.plan.rfm.as_ref().map(RfmPlan::cells) }
    }
}

impl Compiler<'_, '_> {
    /// All segmentations in the order of the file: each sees those before it.
    pub(super) fn segmentations(&mut self, known: &mut Known, unit: usize) -> Vec<Segmentation> {
        let input = self.input;
        let mut specs: Vec<(&Placed, &SegmentationSpec)> = input.segments.into_iter().flat_map(|s| &s.others).collect();
        specs.sort_by_key(|s| s.0.span().start);
        let mut done: Vec<Segmentation> = Vec::new();
        for (name, spec) in specs {
            if done.len() >= MOST_GROUPS {
                self.tell(name, format!("there are at most {MOST_GROUPS} segmentations"), "one too many", None);
                break;
            }
            let Some(found) = self.segmentation(name, spec, &done, known, unit) else { continue };
            known.groups.push(GroupNames { name: Arc::clone(&found.name), groups: found.groups.clone() });
            done.push(found);
        }
        done
    }

    fn segmentation(
        &mut self,
        name: &Placed,
        spec: &SegmentationSpec,
        done: &[Segmentation],
        known: &Known,
        unit: usize,
    ) -> Option<Segmentation> {
        let ways = [!spec.groups.is_empty(), spec.value.is_some(), spec.table.is_some(), spec.rows.is_some()];
        if ways.iter().filter(|w| **w).count() != 1 {
            let help = "say one of: `groups` (rules), `value` with `from` and `names` or with `quantiles`, `table` (a sheet of rules), `rows` \
                        with `columns` (a grid)";
            let label = "groups by what?";
            self.tell(name, "a segmentation is made in one of four ways", label, Some(help.to_owned()));
            return None;
        }
        let other: Arc<str> = spec.other.as_ref().map_or(OTHER, |o| o.get_ref().as_str()).into();
        let (mut groups, how) = if let Some(rows) = &spec.rows {
            return self.grid(name, rows, spec, done);
        } else if let Some(value) = &spec.value {
            let place = done.iter().filter(|s| matches!(s.how, How::Quantiles { .. })).count();
            match &spec.quantiles {
                Some(groups) => self.quantiles(value, groups, spec, (known, unit), place)?,
                None => self.cut(value, spec, known, unit)?,
            }
        } else if let Some(table) = &spec.table {
            let result = [name.get_ref().as_str(), "group", "segment"];
            let mut sheet = self.sheet(table, &result, known, unit, Stage::Segment)?;
            if sheet.kind != Type::Text {
                self.tell(table, "groups are named by texts", "its column is no text", None);
                return None;
            }
            sheet.answers = spec.names.iter().map(|n| n.get_ref().as_str().into()).collect();
            if !sheet.answers.is_empty() {
                sheet.answers.push(Arc::clone(&other));
            }
            if let Some(other) = spec.other.as_ref().filter(|o| sheet.answers.is_empty() && o.get_ref() != OTHER) {
                let help = "write `names = [ … ]`, the groups that the sheet may give".to_owned();
                self.tell(other, "with `other`, the groups of a sheet must be named", "`names` is missing", Some(help));
            }
            let groups = sheet.answers.clone();
            // Whether `other` was meant is known when it was said.
            sheet.otherwise = spec.other.as_ref().map(|_| Answer::Text(Arc::clone(&other)));
            self.sheets.push(sheet);
            let how = How::Sheet(self.sheets.len() - 1);
            return Some(Segmentation { name: name.get_ref().as_str().into(), groups, how });
        } else {
            let mut rules = Vec::new();
            let mut groups: Vec<Arc<str>> = Vec::new();
            for group in &spec.groups {
                let own = group.name.get_ref().as_str();
                if own.is_empty() || *own == *other || groups.iter().any(|g| **g == *own) {
                    self.tell(&group.name, "a group's name must be its own", "not a new name", None);
                }
                rules.extend(self.condition(Some(&group.condition), known, unit, Stage::Segment));
                groups.push(own.into());
            }
            (groups, How::Rules(rules))
        };
        groups.push(other);
        Some(Segmentation { name: name.get_ref().as_str().into(), groups, how })
    }

    fn cut(
        &mut self,
        value: &Placed,
        spec: &SegmentationSpec,
        known: &Known,
        unit: usize,
    ) -> Option<(Vec<Arc<str>>, How)> {
        let program = self.program(value, known, unit, Stage::Segment, &[Type::Integer, Type::Number]);
        let Some(from) = &spec.from else {
            let help =
                "write `from = [5_000, 20_000]`: below 5,000, from 5,000, from 20,000; or `quantiles = 5`: five \
                        groups of equally many people"
                    .to_owned();
            self.tell(value, "a value needs cut points", "`from` or `quantiles` is missing", Some(help));
            return None;
        };
        let cuts = from.get_ref();
        if cuts.is_empty() || !cuts.iter().all(|c| c.is_finite()) || !cuts.is_sorted_by(|a, b| a < b) {
            self.tell(from, "cut points must rise", "1 or more rising numbers", None);
            return None;
        }
        if spec.names.len() != cuts.len() + 1 {
            let message = format!("{} cut points make {} groups", cuts.len(), cuts.len() + 1);
            self.tell(from, message, "one name for each, the lowest first", Some("write `names = [ … ]`".to_owned()));
            return None;
        }
        let names = spec.names.iter().map(|n| n.get_ref().as_str().into()).collect();
        Some((names, How::Cuts { value: program?, from: cuts.clone() }))
    }

    /// Groups that hold equally many people each.
    fn quantiles(
        &mut self,
        value: &Placed,
        groups: &Spanned<u32>,
        spec: &SegmentationSpec,
        (known, unit): (&Known, usize),
        place: usize,
    ) -> Option<(Vec<Arc<str>>, How)> {
        let numbers = [Type::Integer, Type::Number];
        let told = self.faults.len();
        // The values of all people are taken before anyone is in a group.
        let before = Known { groups: Vec::new(), ..known.clone() };
        let program = self.program(value, &before, unit, Stage::Segment, &numbers);
        if program.is_none() {
            let faults = self.faults.split_off(told);
            if self.program(value, known, unit, Stage::Segment, &numbers).is_some() {
                let help = "cut it by `from`, or ask for what the other segmentation is made of".to_owned();
                let message = "a value that is cut by quantiles cannot ask for another segmentation";
                self.tell(value, message, "all values are taken before anyone is in a group", Some(help));
            } else {
                self.faults.truncate(told);
                self.faults.extend(faults);
            }
        }
        let many = *groups.get_ref();
        if spec.from.is_some() {
            self.tell(groups, "a value is cut by `quantiles` or by `from`, not by both", "take one away", None);
            return None;
        }
        if !(2..=100).contains(&many) {
            self.tell(groups, "this is no number of groups", "2 to 100", None);
            return None;
        }
        if !spec.names.is_empty() && spec.names.len() != many as usize {
            let label = "one name for each group, the lowest first";
            let help = "write `names = [ … ]`, or leave it out: the groups are then called 1, 2, …".to_owned();
            self.tell(groups, format!("{many} quantiles make {many} groups"), label, Some(help));
            return None;
        }
        let names = match spec.names.as_slice() {
            [] => (1..=many).map(|n| n.to_string().into()).collect(),
            names => names.iter().map(|n| n.get_ref().as_str().into()).collect(),
        };
        Some((names, How::Quantiles { value: program?, groups: many, place }))
    }

    fn grid(
        &mut self,
        name: &Placed,
        rows: &Placed,
        spec: &SegmentationSpec,
        done: &[Segmentation],
    ) -> Option<Segmentation> {
        let Some(columns) = &spec.columns else {
            self.tell(rows, "a grid has rows and columns", "`columns` is missing", None);
            return None;
        };
        let mut side = |word: &Placed| {
            let found = done.iter().position(|s| *s.name == **word.get_ref());
            match found {
                None => {
                    let names: Vec<&str> = done.iter().map(|s| &*s.name).collect();
                    let help = did_you_mean(word.get_ref(), names.iter().copied()).map_or_else(
                        || "name a segmentation that stands before this one".to_owned(),
                        |like| format!("did you mean `{like}`?"),
                    );
                    let message = format!("there is no segmentation `{}`", word.get_ref());
                    self.tell(word, message, "not known here", Some(help));
                }
                Some(n) if done[n].groups.is_empty() => {
                    let help = format!("name them: `names = [ … ]` in [segments.{}]", word.get_ref());
                    self.tell(word, "the groups of this sheet are not known", "by which names?", Some(help));
                    return None;
                }
                Some(_) => {}
            }
            found
        };
        let (down, across) = (side(rows), side(columns));
        let (down, across) = (down?, across?);
        let mut groups: Vec<Arc<str>> = Vec::new();
        let mut cells = Vec::new();
        let mut used = 0;
        for row in &done[down].groups {
            let named = spec.cells.iter().find(|(k, _)| **k.get_ref() == **row).map(|(_, cells)| cells);
            for column in &done[across].groups {
                let cell = named.and_then(|n| n.iter().find(|(k, _)| **k.get_ref() == **column));
                used += usize::from(cell.is_some());
                let cell: Arc<str> =
                    cell.map_or_else(|| format!("{row} / {column}").into(), |(_, name)| name.get_ref().as_str().into());
                let place = groups.iter().position(|g| *g == cell).unwrap_or_else(|| {
                    groups.push(cell);
                    groups.len() - 1
                });
                cells.push(u16::try_from(place).unwrap_or(u16::MAX));
            }
        }
        if used < spec.cells.values().map(std::collections::BTreeMap::len).sum() {
            let names = |n: usize| done[n].groups.iter().map(|g| &**g).collect::<Vec<_>>();
            for (row, cells) in &spec.cells {
                let wrong = |word: &Placed, known: &[&str]| !known.contains(&word.get_ref().as_str());
                let mut tell = |word: &Placed, known: Vec<&str>| {
                    let help = did_you_mean(word.get_ref(), known.iter().copied()).map_or_else(
                        || format!("known here: {}", known.join(", ")),
                        |l| format!("did you mean `{l}`?"),
                    );
                    self.tell(word, format!("there is no group `{}`", word.get_ref()), "no such group", Some(help));
                };
                if wrong(row, &names(down)) {
                    tell(row, names(down));
                }
                for column in cells.keys().filter(|c| wrong(c, &names(across))) {
                    tell(column, names(across));
                }
            }
        }
        let how = How::Grid { rows: down, columns: across, across: done[across].groups.len(), cells };
        Some(Segmentation { name: name.get_ref().as_str().into(), groups, how })
    }
}
