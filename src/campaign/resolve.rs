//! From the file as written to the campaign as meant: names become tables, dates, rules and templates, and
//! whatever does not fit is told, all at once. What comes out can build workers.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::value::Datetime;

use super::colors;
use super::fonts::{self, Fonts};
use super::gaiji::{self, Gaiji};
use super::impose;
use super::inserts::Inserts;
use super::integrity;
use super::intent;
use super::lists::Lists;
use super::piece::Piece;
use super::post::{self, Post};
use super::read;
use super::spec::{PagesSpec, PaperSpec, Spec};
use super::split::{self, Split};
use super::tables::TableDef;
use crate::asset::loader::{FaultKind, Files};
use crate::barcode::size::Device;
use crate::base::choice::Key;
use crate::base::diag::did_you_mean;
use crate::base::{Diagnostic, Place, Pt, Severity, Share, Size, SourceText};
use crate::color::Spots;
use crate::decide::tables::{Catalog, singular};
use crate::decide::{Plan, PlanInput};
use crate::delivery::ticket::{Media, Sides};
use crate::pdf;
use crate::press::plan::{PRESETS, Preset, preset};

/// A campaign that has passed every check that needs no rows.
#[derive(Debug)]
pub struct Campaign {
    /// The campaign file, for diagnostics.
    pub source: Arc<SourceText>,
    pub folder: PathBuf,
    pub id: Arc<str>,
    pub title: String,
    pub as_of: Date,
    pub posting_date: Date,
    pub allow_rejects: Share,
    pub key: Key,
    /// Keys what is the same in all campaigns of a shop; the campaign's own key where none is named.
    pub shop_key: Key,
    pub tables: Vec<TableDef>,
    pub catalog: Catalog,
    pub plan: Arc<Plan>,
    /// Position in `tables` of the one whose rows pieces are made for.
    pub unit: usize,
    pub piece: Piece,
    pub lists: Lists,
    pub fonts: Fonts,
    pub gaiji: Gaiji,
    pub paper: Paper,
    /// The named inks that the campaign file states.
    pub inks: Arc<Spots>,
    pub output: Output,
    pub post: Option<Post>,
    pub inserts: Inserts,
    pub files: Files,
}

/// What the campaign says of the paper; checked against every piece.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    pub trim: Option<Size>,
    pub bleed: Option<Pt>,
    pub pages: Option<u32>,
    /// Content that is longer than its page goes on on the next one.
    pub flow: bool,
    /// What is said of the stock.
    pub media: Media,
    pub sides: Option<Sides>,
    /// A card whose panels are pages of their own.
    pub panels: Option<&'static Preset>,
}

#[derive(Clone, Debug)]
pub struct Output {
    pub folder: PathBuf,
    /// The folder as told in messages.
    pub label: String,
    pub small: bool,
    /// Several files instead of one.
    pub split: Option<Split>,
    /// Whether a job ticket is written, and what the pieces are.
    pub ticket: bool,
    pub product: Option<String>,
    /// How the pages are placed on sheets, if they are.
    pub impose: Option<crate::press::Plan>,
    /// The mark that says which leaf of which piece this is.
    pub integrity: Option<Arc<crate::press::integrity::Integrity>>,
    pub standard: pdf::Standard,
    /// What is printed on; none with the standard `plain`.
    pub intent: Option<Arc<pdf::Intent>>,
    /// What barcodes are drawn for.
    pub device: Device,
    /// What colours and pictures become.
    pub colors: Arc<pdf::Colors>,
    /// What is measured and told.
    pub limits: pdf::Limits,
}

impl Campaign {
    /// Reads and resolves the campaign file at `path`. The second value holds every fault and warning; the
    /// first is there only when none of them is an error.
    #[must_use]
    pub fn open(path: &Path) -> (Option<Self>, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let campaign = open(path, &mut faults);
        // Told in the order of the file; what stands elsewhere behind it.
        faults.sort_by_key(|d| match &d.place {
            Some(Place::Text { source, span }) if source.name == display(path) => (false, span.start),
            _ => (true, 0),
        });
        let sound = !faults.iter().any(Diagnostic::is_error);
        (campaign.filter(|_| sound), faults)
    }

    /// Positions of the tables whose rows must be in memory: those of the rules, of the lists, and those that
    /// the record, the slots' products and the lists' rows belong to. The unit's own table streams.
    #[must_use]
    pub fn wanted_tables(&self) -> BTreeSet<usize> {
        let mut wanted: BTreeSet<usize> = self.plan.needed_tables().into_iter().collect();
        let mut from = vec![self.unit];
        from.extend(self.plan.products());
        from.extend(self.lists.lists.iter().map(|l| l.table));
        for table in from {
            // What rows belong to, and what that belongs to: order_lines → orders → customers.
            let (mut next, mut seen) = (vec![table], BTreeSet::new());
            while let Some(table) = next.pop() {
                if seen.insert(table) {
                    let joins = self.catalog.tables.get(table).map_or(&[][..], |t| &t.joins);
                    next.extend(joins.iter().filter_map(|j| self.catalog.position(&j.to)));
                }
            }
            wanted.append(&mut seen);
        }
        wanted.remove(&self.unit);
        wanted
    }

    /// The name that rules and templates give to one row of the unit's table: `customer`, `order`.
    #[must_use]
    pub fn unit_name(&self) -> String {
        crate::decide::tables::singular(&self.catalog.tables[self.unit].name)
    }
}

/// The campaign file as its user named it.
fn display(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn open(path: &Path, faults: &mut Vec<Diagnostic>) -> Option<Campaign> {
    let name = display(path);
    let text = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) => {
            let what = if e.kind() == std::io::ErrorKind::NotFound {
                "there is no such campaign file".to_owned()
            } else {
                format!("the campaign file cannot be read: {e}")
            };
            faults.push(Diagnostic::error("campaign-file", what).at(Place::File(name), ""));
            return None;
        }
    };
    let text = match String::from_utf8(text) {
        Ok(text) => text,
        Err(e) => {
            let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
            faults.push(
                Diagnostic::error("campaign-encoding", format!("line {line} is not UTF-8, as TOML must be"))
                    .at(Place::File(name), "")
                    .help("save the campaign file as UTF-8"),
            );
            return None;
        }
    };
    let source = SourceText::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text));
    let spec: Spec = read::read(&source, faults)?;
    let campaign = resolve(&spec, path, &source, faults);
    // What is said of a value that only stands in for a missing one was told already.
    let filled =
        |d: &Diagnostic| matches!(&d.place, Some(Place::Text { source, span }) if read::of_filling(source, span));
    faults.retain(|d| !filled(d));
    campaign
}

fn resolve(spec: &Spec, path: &Path, source: &Arc<SourceText>, faults: &mut Vec<Diagnostic>) -> Option<Campaign> {
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut files = match Files::open(&folder) {
        Ok(files) => Some(files),
        Err(e) => {
            faults.push(e.diagnostic());
            None
        }
    };
    let told = Told { source };
    files = fonts::folders(&spec.fonts, files, told, faults);
    let fonts = files.as_ref().map(|files| fonts::resolve(&spec.fonts, files, told, faults));

    // The campaign itself.
    let id = spec.campaign.id.get_ref();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if id.is_empty() || id.len() > 64 || !id.bytes().all(plain) {
        faults.push(
            told.error("campaign-id", spec.campaign.id.span(), "this cannot be a campaign's id", "not an id")
                .help("use up to 64 ASCII letters, digits, `-` and `_`: the id stands in file names and piece ids"),
        );
    }
    let as_of = told.date(&spec.campaign.as_of, faults);
    let posting_date = told.date(&spec.campaign.posting_date, faults);
    if let (Some(as_of), Some(posting)) = (as_of, posting_date)
        && posting < as_of
    {
        faults.push(told.error(
            "campaign-dates",
            spec.campaign.posting_date.span(),
            "the posting date lies before the day on which the tables stood",
            format!("before as_of = {as_of}"),
        ));
    }
    let allow_rejects = told.share(spec.campaign.allow_rejects.as_ref(), faults);
    let key = secret(spec, files.as_ref(), told, faults);
    let shop_key = match &spec.campaign.shop_key_file {
        Some(file) => key_file(file, files.as_ref(), told, faults),
        None => key.clone(),
    };

    // Tables and rules.
    let tables = files.as_ref().map(|f| super::tables::resolve(&spec.tables, f, source, faults))?;
    let gaiji = files.as_ref().map(|f| gaiji::resolve(&spec.gaiji, f, &tables, told, faults));
    let catalog = super::tables::catalog(&tables);
    let (as_of, posting_date) = (as_of?, posting_date?);
    let mut ruled = Vec::new();
    let plan = Plan::compile(
        &PlanInput {
            source,
            campaign: id,
            as_of,
            posting_date,
            catalog: &catalog,
            audience: Some(&spec.audience),
            history: spec.history.as_ref(),
            segments: Some(&spec.segments),
            scores: &spec.scores,
            values: &spec.values,
            slots: spec.slots.as_ref(),
            coupons: &spec.coupons,
            coupon_rules: spec.coupon_rules.as_ref(),
            money: spec.money.as_ref(),
            nearest_store: spec.nearest_store.as_ref(),
            row_rules: &super::lists::rules(&spec.piece.lists),
            // A list of that name goes first.
            leaflets: spec.inserts.leaflets.as_ref().filter(|l| !spec.piece.lists.contains_key(l.get_ref().as_str())),
        },
        &mut ruled,
    );
    // A table that could not be read was told; that rules do not find it is no news.
    let lost = spec.tables.keys().map(|n| n.get_ref().as_str()).filter(|n| catalog.position(n).is_none());
    let lost: Vec<String> = lost.flat_map(|n| [n.to_owned(), singular(n)]).map(|n| format!("`{n}`")).collect();
    ruled.retain(|d| !lost.iter().any(|name| d.message.contains(name.as_str())));
    faults.extend(ruled);
    super::till::check(spec, source, faults);

    let intent = intent::resolve(&spec.output, files.as_ref(), told, faults);

    // The piece.
    let template = files.take().and_then(|f| match f.with_template(spec.piece.template.get_ref()) {
        Ok(found) => Some(found),
        Err(e) => {
            let mut d = told.error(e.code(), spec.piece.template.span(), e.message.clone(), "this template");
            d.help.clone_from(&e.help);
            faults.push(d);
            None
        }
    });
    let unit = plan.as_ref().map(Plan::unit);
    // Other tables may have no rows; without rows here, there is nobody to print for.
    let label = unit.and_then(|u| tables.get(u)).map(|t| Place::File(t.label.clone()));
    if let Some(d) = faults.iter_mut().find(|d| d.code == "no-rows" && d.place == label) {
        d.severity = Severity::Error;
    }
    let lists = unit.map(|unit| Lists::resolve(&spec.piece.lists, &catalog, unit, source, faults));
    let piece = template
        .as_ref()
        .and_then(|(files, name)| Piece::resolve(&spec.piece, &spec.paper, files, name, source, faults));
    if let (Some(plan), Some(piece), Some(lists)) = (&plan, &piece, &lists) {
        faults.extend(piece.template.check(&super::known::known(spec, &catalog, plan, lists)));
    }
    let paper = paper(&spec.paper, told, faults);
    let columns = unit.map(|unit| &tables[unit]);
    let post = spec
        .post
        .as_ref()
        .zip(template.as_ref())
        .and_then(|(p, (files, _))| post::resolve(p, files, &tables, unit, told, faults));
    let inks = super::inks::resolve(&spec.inks, told, faults);
    let by_post = spec.post.as_ref().is_some_and(|p| p.order == super::spec_post::PostOrder::Postcode);
    let inserts = super::inserts::resolve(&spec.inserts, &tables, unit, lists.as_ref(), by_post, told, faults);
    let output = output(spec, &folder, columns, (intent, &inks, paper.panels), told, faults);
    Some(Campaign {
        id: id.as_str().into(),
        title: spec.campaign.title.clone(),
        as_of,
        posting_date,
        allow_rejects,
        key: key?,
        shop_key: shop_key?,
        tables,
        catalog,
        unit: unit?,
        plan: Arc::new(plan?),
        piece: piece?,
        lists: lists?,
        fonts: fonts?,
        gaiji: gaiji?,
        paper,
        inks,
        output,
        post,
        inserts,
        files: template?.0,
        folder,
        source: Arc::clone(source),
    })
}

/// The campaign file, to say where something is wrong.
#[derive(Clone, Copy)]
pub(super) struct Told<'a> {
    pub source: &'a Arc<SourceText>,
}

impl Told<'_> {
    pub fn error(
        self,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::error(code, message).at_text(self.source, span, label)
    }

    fn date(self, value: &Spanned<Datetime>, faults: &mut Vec<Diagnostic>) -> Option<Date> {
        let when = value.get_ref();
        let date = when
            .date
            .filter(|_| when.time.is_none() && when.offset.is_none())
            .and_then(|d| Date::new(i16::try_from(d.year).ok()?, d.month.cast_signed(), d.day.cast_signed()).ok());
        if date.is_none() {
            faults.push(self.error(
                "campaign-date",
                value.span(),
                "this is not a day",
                "expected a date such as 2026-12-01",
            ));
        }
        date
    }

    fn share(self, value: Option<&Spanned<String>>, faults: &mut Vec<Diagnostic>) -> Share {
        let Some(value) = value else { return Share::NONE };
        Share::parse(value.get_ref()).unwrap_or_else(|| {
            faults.push(self.error(
                "campaign-share",
                value.span(),
                "this is not a share",
                "expected a percentage such as \"1%\"",
            ));
            Share::NONE
        })
    }

    fn length(self, value: &Spanned<String>, text: &str, faults: &mut Vec<Diagnostic>) -> Option<Pt> {
        let length = Pt::parse(text).filter(|l| l.0 >= 0.0);
        if length.is_none() {
            faults.push(self.error(
                "campaign-length",
                value.span(),
                format!("`{text}` is not a length"),
                "expected lengths such as 3mm, 0.5in or 12pt",
            ));
        }
        length
    }
}

/// Shorter secrets can be guessed.
const SHORTEST_SECRET: usize = 16;

fn secret(spec: &Spec, files: Option<&Files>, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Option<Key> {
    let Some(file) = &spec.campaign.secret_file else {
        let needs = if !spec.coupons.is_empty() {
            "coupon codes need"
        } else if spec.audience.hold_out.is_some()
            || spec.audience.global_hold_out.is_some() && spec.campaign.shop_key_file.is_none()
        {
            "the hold-out needs"
        } else if !spec.audience.arms.is_empty() {
            "arms need"
        } else if spec.audience.budget.is_some() {
            "a budget, whose last places are drawn, needs"
        } else {
            return Some(Key::new(b""));
        };
        faults.push(
            told.error(
                "campaign-secret",
                spec.campaign.id.span(),
                format!("{needs} a secret, and the campaign names no `secret_file`"),
                "no secret_file in this table",
            )
            .help("put 32 random bytes into a file `campaign.key` and write `secret_file = \"campaign.key\"`"),
        );
        return None;
    };
    key_file(file, files, told, faults)
}

/// A key of at least [`SHORTEST_SECRET`] bytes.
fn key_file(
    file: &Spanned<String>,
    files: Option<&Files>,
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Key> {
    match files?.read("", file.get_ref(), 1 << 16) {
        Ok(loaded) if loaded.bytes.trim_ascii().len() >= SHORTEST_SECRET => Some(Key::new(loaded.bytes.trim_ascii())),
        Ok(_) => {
            faults.push(told.error(
                "campaign-secret",
                file.span(),
                format!("the secret has fewer than {SHORTEST_SECRET} bytes"),
                "too short to keep codes unguessable",
            ));
            None
        }
        Err(e) => {
            let mut d = told.error(e.code(), file.span(), e.message.clone(), "this file");
            if e.kind == FaultKind::Absent {
                d.help.push(format!("put 32 random bytes into a file `{}`, and keep it: codes follow from it", e.path));
            } else {
                d.help.clone_from(&e.help);
            }
            faults.push(d);
            None
        }
    }
}

fn paper(spec: &PaperSpec, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Paper {
    let mut media = Media { stock: spec.stock.clone(), weight: None, coating: spec.coating };
    if let Some(weight) = &spec.weight {
        match *weight.get_ref() {
            w if w > 0.0 && w <= 5_000.0 => media.weight = Some(w),
            _ => faults.push(told.error(
                "campaign-weight",
                weight.span(),
                "no paper weighs that",
                "expected grams a square metre, such as 186",
            )),
        }
    }
    let mut paper = Paper { media, sides: spec.sides, ..Paper::default() };
    if let Some(trim) = &spec.trim {
        let parts: Vec<&str> = trim.get_ref().split_whitespace().collect();
        if let [width, height] = parts[..] {
            let (w, h) = (told.length(trim, width, faults), told.length(trim, height, faults));
            paper.trim = w.zip(h).map(|(w, h)| Size::new(w, h));
        } else {
            faults.push(told.error(
                "campaign-length",
                trim.span(),
                "a trim size is a width and a height",
                "expected two lengths such as \"100mm 148mm\"",
            ));
        }
    }
    if let Some(panels) = &spec.panels {
        match preset(panels.get_ref()) {
            Ok(preset) => paper.panels = Some(preset),
            Err(message) => {
                let d = told.error("campaign-panels", panels.span(), message, "not a preset");
                let like = did_you_mean(panels.get_ref(), PRESETS.iter().map(|p| p.name));
                faults.push(like.into_iter().fold(d, |d, l| d.help(format!("did you mean `{l}`?"))));
            }
        }
    }
    paper.bleed = spec.bleed.as_ref().and_then(|b| told.length(b, b.get_ref(), faults));
    match spec.pages.as_ref().map(|p| (p.get_ref(), p.span())) {
        None => {}
        Some((PagesSpec::Any(_), _)) => paper.flow = true,
        Some((PagesSpec::Exactly(pages), span)) => {
            if *pages == 0 {
                faults.push(told.error("campaign-pages", span, "a piece has at least one page", "0 pages"));
            }
            paper.pages = Some(*pages);
        }
    }
    paper
}

fn output(
    spec: &Spec,
    folder: &Path,
    unit: Option<&TableDef>,
    (intent, inks, panels): (Option<Arc<pdf::Intent>>, &Arc<Spots>, Option<&'static Preset>),
    told: Told<'_>,
    faults: &mut Vec<Diagnostic>,
) -> Output {
    let press = intent.as_ref().map(|i| &*i.profile.bytes);
    let (colors, limits) = colors::resolve(&spec.output, press, inks, told, faults);
    let (mut name, mut span) = ("out", None);
    if let Some(f) = &spec.output.folder {
        (name, span) = (f.get_ref().as_str(), Some(f.span()));
    }
    let inside = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if name.is_empty() || !inside {
        faults.push(
            told.error(
                "campaign-output",
                span.unwrap_or(0..0),
                "the output folder must lie in the campaign's folder",
                "leads out of the campaign's folder",
            )
            .help("name a folder such as \"out\", or give another place on the command line with --out"),
        );
    }
    let device = device(spec, told, faults);
    let mark = spec.output.integrity.as_ref();
    Output {
        folder: folder.join(name),
        label: folder.join(name).to_string_lossy().replace('\\', "/").trim_start_matches("./").to_owned(),
        small: spec.output.compress == super::spec::Compress::Small,
        ticket: spec.output.ticket,
        product: spec.output.product.clone(),
        split: spec.output.split.as_ref().and_then(|s| split::resolve(s, unit, told, faults)),
        impose: spec.output.impose.as_ref().and_then(|s| impose::resolve(s, panels, told, faults)),
        standard: intent::standard(&spec.output),
        colors,
        limits,
        intent,
        integrity: mark.and_then(|m| integrity::resolve(m, spec.campaign.id.get_ref(), device, told, faults)),
        device,
    }
}

fn device(spec: &Spec, told: Told<'_>, faults: &mut Vec<Diagnostic>) -> Device {
    let mut device = Device::default();
    if let Some(dpi) = &spec.output.device_dpi {
        if *dpi.get_ref() < 72 {
            let what = "a device has 72 dots in an inch or more";
            faults.push(told.error("campaign-device", dpi.span(), what, "dots in an inch"));
        }
        device.dpi = f32::from(*dpi.get_ref());
    }
    if let Some(reduction) = &spec.output.bar_width_reduction
        && let Err(fault) = device.set_reduction(reduction.get_ref())
    {
        faults.push(told.error("campaign-device", reduction.span(), fault.to_string(), "a length or dots"));
    }
    device
}
