//! One worker: everything between a record and its encoded piece, with its own scratch space. The same worker
//! makes the pieces of a run, a proof, and an insert on demand.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashSet;

use super::bunch::{Bunch, Fate, Row, Took};
use super::context::Contexts;
use super::given;
use super::inserts;
use super::job::Job;
use super::post::Post;
use super::single::bundle_key;
use super::strays::Verdict;
use super::zones::{self, Spoilt};
use crate::asset::font::Font;
use crate::base::{Diagnostic, Place, Pt};
use crate::campaign::spec::{IvsSpec, Policy};
use crate::decide::decision::{Decision, Outcome};
use crate::decide::{self};
use crate::layout::trace::Traced;
use crate::layout::{Composer, Fault, FaultKind, fit};
use crate::ledger::Note;
use crate::markup::dom::Dom;
use crate::page::Page;
use crate::pdf;
use crate::press::panels::flatten;

/// See the module.
#[derive(Debug)]
pub struct Worker {
    job: Arc<Job>,
    timed: bool,
    /// Print what a run would reject.
    lenient: bool,
    scratch: decide::Scratch,
    contexts: Contexts,
    composer: Composer,
    encoder: pdf::Encoder,
    html: String,
    pages: Vec<Page>,
    /// The pages that were laid into a card; empty where pieces are no cards.
    panels: Vec<Page>,
    faults: Vec<Fault>,
}

/// Faults of one record that are told, each with its place in the template, which takes a rendering to find;
/// the rest is counted.
const TOLD_FAULTS: usize = 8;

/// Pages may differ from the stated paper by so much: CSS lengths are rounded to points.
const PAPER_TOLERANCE: Pt = Pt(0.1);

impl Worker {
    #[must_use]
    pub fn new(job: Arc<Job>, timed: bool) -> Self {
        let compression = if job.campaign.output.small { pdf::Compression::Small } else { pdf::Compression::Fast };
        let mut composer = Composer::new(Arc::clone(&job.layout));
        if timed {
            composer.laps().switch_on();
        }
        Self {
            timed,
            lenient: false,
            scratch: decide::Scratch::default(),
            contexts: Contexts::new(&job),
            composer,
            encoder: pdf::Encoder::new(compression).with_colors(&job.campaign.output.colors, &job.campaign.files),
            html: String::new(),
            pages: Vec::new(),
            panels: Vec::new(),
            faults: Vec::new(),
            job,
        }
    }

    /// The same worker, for proofs: pieces with faults that a run would reject are made as far as they can be,
    /// and their faults told as warnings.
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// Makes what the rows of a bunch become. Every row has its fate afterwards.
    pub fn make(&mut self, bunch: &mut Bunch) {
        for row in &mut bunch.rows[..bunch.filled] {
            if let Some(reject) = &row.unreadable {
                row.reasons.extend(reject.reasons.iter().map(|r| {
                    let place = r.column.as_ref().map_or(String::new(), |c| format!("{c}: "));
                    (r.code, format!("{place}{}", r.message))
                }));
                row.fate = Fate::Rejected;
                continue;
            }
            // Rejected before it came here: a key that an earlier row has.
            if !row.reasons.is_empty() {
                continue;
            }
            self.row(row, &mut bunch.pieces, &mut bunch.took, &mut bunch.stop);
            if bunch.stop.is_some() {
                return;
            }
        }
    }

    fn row(&mut self, row: &mut Row, pieces: &mut pdf::Batch, took: &mut Took, stop: &mut Option<Diagnostic>) {
        // A panic is a fault of ours; it costs this record and not the run, and its words stay unprinted, for
        // they may hold the record's texts.
        let composed = catch_unwind(AssertUnwindSafe(|| self.compose(row, took, stop)));
        let Ok(print) = composed else {
            row.reject("internal-fault", "a fault of the program kept this record from being printed");
            let lenient = self.lenient;
            *self = Self { lenient, ..Self::new(Arc::clone(&self.job), self.timed) };
            return;
        };
        if !print {
            return;
        }
        let clock = self.clock();
        match self.encoder.encode(&self.pages, pieces) {
            Ok(_) => {
                row.fate = Fate::Printed;
                if self.job.campaign.output.standard == pdf::Standard::Vt1 {
                    pieces.identify(&row.piece, &bundle_key(&self.job, row));
                }
            }
            Err(fault) => row.reject("encode", fault.to_string()),
        }
        lap(clock, &mut took.encode);
    }

    fn clock(&self) -> Option<Instant> {
        self.timed.then(Instant::now)
    }

    /// Decides, renders, lays out; whether `self.pages` are now to be printed.
    fn compose(&mut self, row: &mut Row, took: &mut Took, stop: &mut Option<Diagnostic>) -> bool {
        if let Some((verdict, code, message)) = self.job.admit(&mut row.record) {
            let place = Place::Cell { origin: row.record.origin.clone(), column: None };
            match verdict {
                Verdict::Reject => {
                    row.reject(code, message);
                    return false;
                }
                Verdict::Warn => row.warnings.push(Diagnostic::warning(code, message).at(place, "")),
                Verdict::Stop => {
                    let help = "the campaign says `unknown_key = \"stop\"` for this table";
                    *stop = Some(Diagnostic::error(code, message).at(place, "the run ends here").help(help));
                    return false;
                }
            }
        }
        let clock = self.clock();
        let decided = match &row.given {
            None => self.job.decider.decide(&row.record, row.record.number(), &mut self.scratch),
            Some(given) => given::follow(&self.job.decider, given, &row.record, &mut self.scratch),
        };
        lap(clock, &mut took.decide);
        let mut decision = match decided {
            Ok(decision) => decision,
            Err(fault) => {
                row.reject(fault.code, fault.message);
                return false;
            }
        };
        self.job.merged.settle(&row.record, &mut decision);
        row.piece.push_str(&decision.piece);
        let [segment, coupon, code, _, product] = &mut row.extra;
        segment.push_str(decision.segment.as_deref().unwrap_or(""));
        row.segment.clone_from(&decision.segment);
        row.segments.extend_from_slice(&decision.segments);
        row.rfm = decision.rfm;
        for (i, c) in decision.coupons.iter().enumerate() {
            let between = if i > 0 { " " } else { "" };
            coupon.extend([between, &c.id]);
            code.extend([between, &c.code]);
            // One for each coupon, so that they can be told apart.
            product.extend([between, c.bound.as_ref().map_or("-", |b| &b.product)]);
        }
        row.shown.resize_with(decision.slots.len(), String::new);
        for (shown, slot) in row.shown.iter_mut().zip(&decision.slots) {
            shown.push_str(slot.product.as_deref().unwrap_or(""));
        }
        match &decision.outcome {
            Outcome::Print => {}
            Outcome::HeldOut { cause } => {
                row.fate = Fate::HeldOut(cause.clone());
                return false;
            }
            Outcome::Suppressed { cause } => {
                row.fate = Fate::Suppressed(Arc::clone(cause));
                return false;
            }
            Outcome::OverBudget => {
                row.fate = Fate::OverBudget;
                return false;
            }
        }
        self.render(&decision, row, took, stop)
    }

    fn render(&mut self, decision: &Decision, row: &mut Row, took: &mut Took, stop: &mut Option<Diagnostic>) -> bool {
        let job = Arc::clone(&self.job);
        let piece = &job.campaign.piece;
        let clock = self.clock();
        let (context, url) = self.contexts.build(&job, &row.record, decision);
        row.extra[3].push_str(url);
        let rendered = piece.template.render(context, &mut self.html);
        self.contexts.take_notes(&mut row.notes);
        inserts::note_leaflets(&job, &self.contexts, decision, row);
        if let Some(post) = &job.campaign.post {
            row.postcode = Post::postcode(post, &job.tables, &row.record);
            row.barcoded = job.post.as_ref().is_some_and(Post::prints_barcodes) && self.contexts.has_barcode();
            if let Some(why) = self.contexts.take_refusal().filter(|_| !self.lenient) {
                row.reject("postal-inexact", why);
                return false;
            }
        }
        lap(clock, &mut took.render);
        if let Err(fault) = rendered {
            let policy = if fault.code == "template-undefined" { piece.policies.missing_field } else { Policy::Reject };
            let mut d = fault.diagnostic();
            match policy {
                Policy::Stop => {
                    d.more.push(record_label(row));
                    *stop = Some(d);
                }
                // There is no page to print in any case.
                Policy::Reject | Policy::Warn => {
                    let place = fault.at.as_ref().map_or(String::new(), |at| {
                        let field = at.field.as_ref().map_or(String::new(), |f| format!(", field {f}"));
                        format!(" ({}:{}:{}{field})", at.file(), at.line, at.column)
                    });
                    row.reject(fault.code, format!("{}{place}", fault.message));
                }
            }
            return false;
        }
        let clock = self.clock();
        self.composer.compose(&self.html, &mut self.pages, &mut self.faults);
        if clock.is_some() {
            took.add_steps(&self.composer.laps().take());
        }
        lap(clock, &mut took.layout);
        if job.campaign.fonts.stand_ins {
            stood_in(&self.pages, &mut row.stood_in);
        }
        let limits = job.campaign.output.limits;
        if limits != pdf::Limits::default() {
            let found = pdf::inspect(&self.pages, &job.campaign.output.colors, limits, &job.campaign.files);
            row.notes.extend(found.iter().map(|f| out_of_bounds(f, limits)));
        }
        let mut print = true;
        let (mut told, mut untold) = (0, 0u64);
        for fault in std::mem::take(&mut self.faults) {
            let missing = match fault.kind {
                FaultKind::MissingGlyph(c) => Some((c, None)),
                FaultKind::MissingSequence(c, selector) => Some((c, Some(selector))),
                _ => None,
            };
            row.missing.extend(missing.filter(|m| !row.missing.contains(m)));
            if fault.is_note() {
                row.notes.push(note(&fault));
                continue;
            }
            let policy = match &fault.kind {
                FaultKind::MissingGlyph(_) => piece.policies.missing_glyph,
                FaultKind::Overflow { .. } | FaultKind::NoFit { .. } | FaultKind::OffPage { .. } => {
                    piece.policies.overflow
                }
                FaultKind::MissingSequence(..) if job.campaign.fonts.ivs == IvsSpec::Base => Policy::Warn,
                FaultKind::MissingSequence(..) => piece.policies.missing_glyph,
                FaultKind::Image { .. } => piece.policies.image,
                // Markup so broken that nothing can be laid out makes no page.
                FaultKind::Markup { .. } if self.pages.is_empty() => Policy::Reject,
                FaultKind::Markup { .. } | FaultKind::Unsupported { .. } | FaultKind::DeepBreak => Policy::Warn,
                _ => Policy::Reject,
            };
            let policy = if self.lenient { Policy::Warn } else { policy };
            if told == TOLD_FAULTS && policy != Policy::Stop {
                untold += 1;
                print &= policy == Policy::Warn;
                continue;
            }
            told += 1;
            let at = piece.template.locate(self.contexts.last(), &self.html, fault.at as usize);
            match policy {
                Policy::Reject => {
                    let place = at.as_ref().map_or(String::new(), |at| {
                        let field = at.field.as_ref().map_or(String::new(), |f| format!(", field {f}"));
                        format!(" ({}:{}:{}{field})", at.file(), at.line, at.column)
                    });
                    row.reject(fault.code(), format!("{fault}{place}"));
                    print = false;
                }
                Policy::Warn | Policy::Stop => {
                    let mut d = Diagnostic::warning(fault.code(), fault.to_string());
                    if let Some(at) = at {
                        let label = at.field.map_or(String::new(), |f| format!("field {f}"));
                        d = d.at_text(&at.source, at.span, label);
                    }
                    d.more.push(record_label(row));
                    if policy == Policy::Stop {
                        d.severity = crate::base::Severity::Error;
                        *stop = Some(d);
                        return false;
                    }
                    row.warnings.push(d);
                }
            }
        }
        if untold > 0 {
            let more = format!("{untold} further faults of this record are not listed");
            match (row.reasons.last_mut(), row.warnings.last_mut()) {
                (Some((_, message)), _) => {
                    message.push_str("; ");
                    message.push_str(&more);
                }
                (None, Some(d)) => d.help.push(more),
                (None, None) => {}
            }
        }
        if self.pages.is_empty() {
            if row.reasons.is_empty() {
                row.reject("no-page", "the template makes no page for this record");
            }
            return false;
        }
        if let Some(d) = self.card(row).or_else(|| self.paper_fault()) {
            *stop = Some(d);
            return false;
        }
        if let Some(integrity) = &self.job.campaign.output.integrity {
            let at = |d: Diagnostic| {
                let d = d.at(crate::base::Place::File(self.job.campaign.piece.template.name().to_owned()), "");
                d.help(
                    "give the mark another `place` in [output.integrity], or keep the template's content away from it",
                )
            };
            match zones::mark(integrity, &self.pages) {
                None => {}
                Some(Spoilt::OffPage(message)) => {
                    *stop = Some(at(Diagnostic::error("integrity-place", message)));
                    return false;
                }
                Some(Spoilt::Printed(message)) => match self.job.campaign.piece.policies.overflow {
                    Policy::Reject if !self.lenient => {
                        row.reject("integrity-zone", message);
                        return false;
                    }
                    Policy::Stop => {
                        *stop = Some(at(Diagnostic::error("integrity-zone", message)));
                        return false;
                    }
                    _ => row.warnings.push(at(Diagnostic::warning("integrity-zone", message))),
                },
            }
        }
        if let Some(wanted) = self.job.campaign.paper.pages
            && self.pages.len() != wanted as usize
        {
            let made = self.pages.len();
            let s = if made == 1 { "" } else { "s" };
            let message = format!("the piece has {made} page{s} and [paper] says {wanted}");
            if self.lenient {
                let mut d = Diagnostic::warning("paper-pages", message);
                d.more.push(record_label(row));
                row.warnings.push(d);
            } else {
                row.reject("paper-pages", message);
                return false;
            }
        }
        print
    }

    /// Lays the panels of a card side by side. A template that does not make them is wrong for every record.
    fn card(&mut self, row: &mut Row) -> Option<Diagnostic> {
        let preset = self.job.campaign.paper.panels?;
        let at = |d: Diagnostic| d.at(crate::base::Place::File(self.job.campaign.piece.template.name().to_owned()), "");
        match flatten(preset, &self.pages) {
            Ok(sides) => {
                self.panels = std::mem::replace(&mut self.pages, sides.into());
                for message in zones::glue(preset, &self.pages) {
                    let mut d = at(Diagnostic::warning("glue-zone", message));
                    d.more.push(record_label(row));
                    row.warnings.push(d);
                }
                None
            }
            Err(wrong) => {
                let mut wrong = wrong.into_iter();
                let (message, help) = wrong.next()?;
                let mut d = at(Diagnostic::error("panels", message));
                d.help.extend(help);
                for (message, help) in wrong {
                    d.help.push(message);
                    d.help.extend(help);
                }
                Some(d)
            }
        }
    }

    /// The template makes other paper than the campaign says: no record can be right.
    fn paper_fault(&self) -> Option<Diagnostic> {
        let paper = &self.job.campaign.paper;
        let told = |message: String| {
            Some(
                Diagnostic::error("paper", message)
                    .at(crate::base::Place::File(self.job.campaign.piece.template.name().to_owned()), "")
                    .help("mend `@page` in the template or [paper] in the campaign: they must agree"),
            )
        };
        for page in &self.pages {
            if let Some(trim) = paper.trim {
                let off = (page.trim.width - trim.width).abs().max((page.trim.height - trim.height).abs());
                if off.0 > PAPER_TOLERANCE.0 {
                    return told(format!(
                        "the template's page is {:.1} × {:.1} mm and [paper] says {:.1} × {:.1} mm",
                        page.trim.width.to_mm(),
                        page.trim.height.to_mm(),
                        trim.width.to_mm(),
                        trim.height.to_mm()
                    ));
                }
            }
            if let Some(bleed) = paper.bleed
                && (page.bleed - bleed).abs().0 > PAPER_TOLERANCE.0
            {
                return told(format!(
                    "the template's bleed is {:.1} mm and [paper] says {:.1} mm",
                    page.bleed.to_mm(),
                    bleed.to_mm()
                ));
            }
        }
        None
    }

    /// Where the elements and lines of the last row that was composed lie, and its tree; where layout is traced.
    #[must_use]
    pub fn traced(&self) -> (&[Traced], &Dom) {
        self.composer.traced()
    }

    /// The pages of the last row as layout made them: the panels of a card one by one.
    #[must_use]
    pub fn laid_out(&self) -> &[Page] {
        if self.job.campaign.paper.panels.is_some() { &self.panels } else { &self.pages }
    }

    /// The pages of the last row that was composed.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }
}

/// Notes which glyphs of fallback fonts are on the pages, each once.
fn stood_in(pages: &[Page], out: &mut Vec<(Arc<Font>, u16)>) {
    let mut known = FxHashSet::default();
    for page in pages {
        page.runs(&mut |run| {
            if !run.font.stand_in {
                return;
            }
            for glyph in &run.glyphs {
                if known.insert((run.font.id, glyph.id)) {
                    out.push((Arc::clone(&run.font), glyph.id));
                }
            }
        });
    }
}

/// Something measured that the campaign's limits do not allow: the piece is printed.
fn out_of_bounds(finding: &pdf::Finding, limits: pdf::Limits) -> Note {
    let place = |page: usize, r: &crate::base::Rect| {
        let [x, y, w, h] = [r.x, r.y, r.width, r.height].map(Pt::to_mm);
        format!("on page {} at {x:.0}, {y:.0} mm, {w:.0} × {h:.0} mm", page + 1)
    };
    match finding {
        pdf::Finding::Coarse { picture, ppi, page, place: r } => Note {
            code: "low-resolution",
            element: picture.clone(),
            class: format!("page {}", page + 1),
            text: format!(
                "{picture} has {ppi} pixels to the inch {} (the campaign wants {})",
                place(*page, r),
                limits.dpi_floor.unwrap_or(0)
            ),
        },
        pdf::Finding::Ink { percent, page, place: r } => Note {
            code: "ink-limit",
            element: format!("page {}", page + 1),
            class: format!("{percent} %"),
            text: format!("up to {percent} % of ink {} (the limit is {} %)", place(*page, r), limits.ink.unwrap_or(0)),
        },
    }
}

fn note(fault: &Fault) -> Note {
    let class = match &fault.kind {
        FaultKind::Fitted(fit) => fit.rung().map_or("", fit::Rung::word).to_owned(),
        FaultKind::Clipped { axis, .. } => format!("too {axis}"),
        FaultKind::Continued { name } => format!("on `{name}`"),
        _ => String::new(),
    };
    Note { code: fault.code(), element: fault.element.to_string(), class, text: fault.to_string() }
}

fn record_label(row: &Row) -> crate::base::diag::Label {
    crate::base::diag::Label {
        place: crate::base::Place::Cell { origin: row.record.origin.clone(), column: None },
        text: "in this record".to_owned(),
    }
}

fn lap(clock: Option<Instant>, into: &mut u64) {
    if let Some(start) = clock {
        *into += u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
    }
}
