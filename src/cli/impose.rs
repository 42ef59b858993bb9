//! `surimono impose`: finished pages onto sheets.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::End;
use super::args::{DuplexArg, HeadArg, ImposeArgs, OrderArg};
use super::terminal::Terminal;
use crate::base::digest::Hasher;
use crate::base::{Diagnostic, Place};
use crate::batch::{counted, grouped};
use crate::campaign::Campaign;
use crate::campaign::impose::{DuplexSpec, HeadSpec, ImposeSpec, OrderSpec, plan};
use crate::delivery::sheets::{FOLDER as SHEETS, ascii, map_of};
use crate::delivery::ticket::{Placing, Ticket, Work};
use crate::ledger::manifest::Listed;
use crate::ledger::outputs::{MANIFEST, MANIFEST_CSV, TICKET};
use crate::ledger::{Made, Outputs};
use crate::press::order::Order;
use crate::press::turn::Turn;
use crate::press::{self, Imposed, Job, Plan};

pub(super) fn impose(args: &ImposeArgs) -> End {
    let terminal = Terminal::new(args.json);
    match made(args, &terminal) {
        Ok((imposed, label)) => {
            imposed.iter().for_each(|one| tell(&terminal, one, &label));
            End::Made
        }
        Err(fault) => {
            terminal.tell(&[fault]);
            terminal.line("nothing was made");
            terminal.event(&json!({ "event": "end", "made": false }));
            End::NotMade
        }
    }
}

/// What was made, in words and as an event.
pub(super) fn tell(terminal: &Terminal, imposed: &Imposed, label: &str) {
    terminal.line(&format!(
        "{}/{}: {} on {} of {}x{} places{} ({}){}, {} bytes",
        label,
        imposed.file,
        if imposed.leaves == 1 { "1 leaf".to_owned() } else { counted(imposed.leaves, "leave") },
        counted(imposed.sheets, "sheet"),
        imposed.up.0,
        imposed.up.1,
        if imposed.turned { ", pieces turned" } else { "" },
        counted(imposed.sides, "side"),
        match imposed.blanks {
            0 => String::new(),
            n => format!(", {} left empty at the end", counted(n, "place")),
        },
        grouped(imposed.bytes)
    ));
    terminal.event(&json!({
        "event": "imposed", "file": imposed.file, "sheets": imposed.sheets, "sides": imposed.sides,
        "leaves": imposed.leaves, "blanks": imposed.blanks, "bytes": imposed.bytes, "sha256": imposed.digest.to_string(),
    }));
}

fn wrong(code: &'static str, message: String) -> Diagnostic {
    Diagnostic::error(code, message)
}

/// The plan that the arguments say.
fn plan_of(args: &ImposeArgs) -> Result<Plan, Diagnostic> {
    let spec = ImposeSpec {
        sheet: args.sheet.clone(),
        up: args.up.clone(),
        gutter: args.gutter.clone(),
        single_cut: args.single_cut,
        margin: Some(args.margin.clone()),
        gripper: Some(args.gripper.clone()),
        rotate: args.rotate,
        order: match args.order {
            OrderArg::CutAndStack => OrderSpec::CutAndStack,
            OrderArg::Sequential => OrderSpec::Sequential,
            OrderArg::Repeat => OrderSpec::Repeat,
        },
        stack: args.stack,
        duplex: match args.duplex {
            DuplexArg::Auto => DuplexSpec::Auto,
            DuplexArg::None => DuplexSpec::None,
            DuplexArg::LongEdge => DuplexSpec::LongEdge,
            DuplexArg::ShortEdge => DuplexSpec::ShortEdge,
        },
        head: match args.head {
            HeadArg::Head => HeadSpec::Head,
            HeadArg::Foot => HeadSpec::Foot,
        },
        blank_backs: args.blank_backs,
        marks: Some(args.marks.clone()),
        folds: args.folds.clone(),
        preset: args.preset.clone(),
        no_slug: args.no_slug,
        bytes: args.bytes.clone(),
    };
    let mut plan = plan(&spec).map_err(|message| wrong("impose-options", message))?;
    plan.pages = args.pages.map(std::num::NonZeroU32::get);
    Ok(plan)
}

/// Imposes what a run left in the folder `out`, into `out/sheets`. `most` is how large a file may be.
pub(super) fn after_run(
    campaign: &Campaign,
    plan: &Plan,
    (out, label): (&Path, &str),
    (force, most): (bool, Option<u64>),
    terminal: &Terminal,
) -> Result<Vec<Imposed>, Diagnostic> {
    let found = find(out, None)?;
    let files: Vec<(PathBuf, String)> = found
        .files
        .into_iter()
        .map(|(path, _)| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (path.clone(), format!("{label}/{name}"))
        })
        .collect();
    let manifest = found.manifest.map(|(path, _)| (path, format!("{label}/{MANIFEST_CSV}")));
    let job = Wanted { name: &campaign.id, plan, force, most, ticket: campaign.output.ticket.then_some(campaign) };
    sheets(&job, &files, manifest, (&out.join(SHEETS), &format!("{label}/{SHEETS}")), terminal)
}

/// The files to impose, the manifest beside them, and what the job is called.
struct Found {
    files: Vec<(PathBuf, String)>,
    manifest: Option<(PathBuf, String)>,
    name: String,
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn find(input: &Path, manifest: Option<&Path>) -> Result<Found, Diagnostic> {
    let label = shown(input);
    let missing = |path: &Path, what: &str| {
        wrong("not-there", format!("{}: {what}", shown(path))).at(Place::File(shown(path)), "")
    };
    if input.is_dir() {
        let path = manifest.map_or_else(|| input.join(MANIFEST_CSV), Path::to_path_buf);
        if !path.is_file() {
            return Err(missing(&path, "there is no manifest, so nothing says in which order the files come")
                .help("Give a folder that `surimono run` made, or the PDF files one by one."));
        }
        let names = files_of(&path)?;
        let files: Vec<(PathBuf, String)> =
            names.iter().map(|name| (input.join(name), format!("{label}/{name}"))).collect();
        let first = names.first().ok_or_else(|| missing(&path, "nothing was printed in this run"))?;
        let name = campaign_of(&input.join(MANIFEST)).unwrap_or_else(|| stem(Path::new(first)));
        return Ok(Found { files, manifest: Some((path.clone(), shown(&path))), name });
    }
    if !input.is_file() {
        return Err(missing(input, "there is no such file or folder"));
    }
    let beside = input.with_file_name(MANIFEST_CSV);
    let file_name = input.file_name().unwrap_or_default().to_string_lossy();
    let manifest = match manifest {
        Some(path) if !path.is_file() => return Err(missing(path, "there is no such manifest")),
        Some(path) => Some(path.to_path_buf()),
        // A manifest beside it that does not know it is another run's.
        None if beside.is_file() => files_of(&beside)?.iter().any(|n| *n == file_name).then_some(beside),
        None => None,
    };
    Ok(Found {
        files: vec![(input.to_path_buf(), label)],
        manifest: manifest.map(|p| (p.clone(), shown(&p))),
        name: stem(input),
    })
}

/// The files that a manifest tells of, in their order.
fn files_of(manifest: &Path) -> Result<Vec<String>, Diagnostic> {
    let label = shown(manifest);
    let cannot = |e: &dyn std::fmt::Display| {
        wrong("manifest", format!("{label} cannot be read: {e}")).at(Place::File(label.clone()), "")
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(manifest).map_err(|e| cannot(&e))?;
    let column = reader.headers().map_err(|e| cannot(&e))?.iter().position(|h| h == "file");
    let column = column.ok_or_else(|| cannot(&"it has no column `file`"))?;
    let mut names: Vec<String> = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| cannot(&e))? {
        let name = record.get(column).unwrap_or_default();
        let plain = !name.is_empty() && !name.contains(['/', '\\', ':']);
        if plain && names.last().is_none_or(|n| n != name) && !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// The campaign that a run's manifest.json is of; its first line says.
fn campaign_of(manifest: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut head = Vec::new();
    std::fs::File::open(manifest).ok()?.take(4096).read_to_end(&mut head).ok()?;
    let head = String::from_utf8_lossy(&head);
    let rest = head.strip_prefix("{\"campaign\":\"")?;
    let id = rest.get(..rest.find('"')?)?;
    Some(ascii(id))
}

fn stem(path: &Path) -> String {
    ascii(&path.file_stem().unwrap_or_default().to_string_lossy())
}

fn made(args: &ImposeArgs, terminal: &Terminal) -> Result<(Vec<Imposed>, String), Diagnostic> {
    let plan = plan_of(args)?;
    let found = find(&args.input, args.manifest.as_deref())?;
    let name = args.job.as_ref().map_or(found.name, |j| ascii(j));
    let out = match &args.out {
        Some(out) => out.clone(),
        None if args.input.is_dir() => args.input.join(SHEETS),
        None => args.input.with_file_name(format!("{name}-sheets")),
    };
    let job = Wanted { name: &name, plan: &plan, force: args.force, most: None, ticket: None };
    let imposed = sheets(&job, &found.files, found.manifest, (&out, &shown(&out)), terminal)?;
    Ok((imposed, shown(&out)))
}

/// What is wanted of the sheets.
struct Wanted<'a> {
    name: &'a str,
    plan: &'a Plan,
    force: bool,
    /// Bytes of a file.
    most: Option<u64>,
    /// The campaign, when a ticket is written.
    ticket: Option<&'a Campaign>,
}

/// Imposes files into a folder of its own. Where a job is in several files, each becomes sheets of its own: what was cut
/// into files (for shops, bundles, press runs) stays apart, and no sheet holds pieces of two of them.
fn sheets(
    job: &Wanted<'_>,
    files: &[(PathBuf, String)],
    manifest: Option<(PathBuf, String)>,
    (out, label): (&Path, &str),
    terminal: &Terminal,
) -> Result<Vec<Imposed>, Diagnostic> {
    // A folder's old results go when new ones come; the pages must not be among them.
    let same = |path: &Path| path.parent().and_then(|p| p.canonicalize().ok()) == out.canonicalize().ok();
    if out.is_dir() && files.iter().any(|(path, _)| same(path)) {
        let message = format!("{label} holds the pages themselves");
        return Err(wrong("output-folder", message).help("Name another folder for the sheets (--out)."));
    }
    let earlier = if job.force { earlier(out) } else { Vec::new() };
    let mut outputs = Outputs::begin(out, label, job.force)?;
    let made_by = manifest.as_ref().and_then(|(path, _)| digest(&path.with_file_name(MANIFEST)));
    let mut all: Vec<Imposed> = Vec::new();
    for file in files {
        let before = all.iter().map(|i| i.leaves).sum();
        let stem = if files.len() == 1 { job.name.to_owned() } else { stem(&file.0) };
        let map = map_of(&stem, files.len());
        let spool = out.join(format!("{stem}-sheets.pdf.objects.partial"));
        let one = Job {
            name: job.name,
            stem: &stem,
            map: &map,
            before,
            made_by: made_by.clone(),
            files: std::slice::from_ref(file),
            manifest: manifest.clone(),
            plan: job.plan,
            spool: Some(spool),
        };
        let mut told = Vec::new();
        let result = press::impose(&one, &mut outputs, &mut told, &mut |done, of| {
            terminal.event(&json!({ "event": "progress", "sheets": done, "of": of }));
        });
        terminal.tell(&told);
        let imposed = result?;
        if let Some(most) = job.plan.bytes.or(job.most).filter(|most| imposed.bytes > *most) {
            return Err(too_large(&imposed, most, &file.0));
        }
        all.push(imposed);
    }
    if let Some(campaign) = job.ticket {
        use std::io::Write as _;
        let mut file = outputs.create(TICKET)?;
        let written = file.write_all(ticket(campaign, job.plan, &all).as_bytes());
        written.map_err(|e| wrong("cannot-write", format!("{TICKET} cannot be written: {}", e.kind())))?;
        outputs.finish(file)?;
    }
    outputs.commit()?;
    // Those of an earlier run that was cut into other files.
    let made = |name: &str| all.iter().any(|i| i.file == name || i.maps.iter().any(|m| m == name));
    for name in earlier.iter().filter(|n| !made(n) && (*n != TICKET || job.ticket.is_none())) {
        let _ = std::fs::remove_file(out.join(name));
    }
    Ok(all)
}

/// What earlier runs left in the folder of sheets.
fn earlier(out: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(out).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let ours = |n: &String| {
        let (stem, end) = n.rsplit_once('.').unwrap_or((n, ""));
        n == TICKET || (stem == SHEETS || stem.ends_with("-sheets")) && ["pdf", "csv", "json"].contains(&end)
    };
    names.filter(ours).collect()
}

/// The digest of a file, if it can be read.
fn digest(path: &Path) -> Option<String> {
    use std::io::Read as _;
    let mut file = std::fs::File::open(path).ok()?;
    let (mut hasher, mut buffer) = (Hasher::default(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(hasher.finish().to_string()),
            n => hasher.update(buffer.get(..n)?),
        }
    }
}

fn too_large(imposed: &Imposed, most: u64, pages: &Path) -> Diagnostic {
    let has = std::fs::metadata(pages).map_or(0, |m| m.len());
    // Less by what sheets have beside their pages, and by a little more.
    let better = most.saturating_sub(imposed.bytes.saturating_sub(has) / 10 * 11);
    let message = format!("{} has {} bytes, and files have {} at most", imposed.file, imposed.bytes, most);
    wrong("sheets-bytes", message).help(format!(
        "Sheets take a little more than their pages: with `bytes = \"{}kB\"` in [output.split] and `bytes = \"{}kB\"` in \
         [output.impose] they fit.",
        better / 1000,
        most / 1000
    ))
}

/// The ticket of the sheets.
fn ticket(campaign: &Campaign, plan: &Plan, all: &[Imposed]) -> String {
    let files: Vec<Listed> = all
        .iter()
        .map(|i| Listed {
            made: Made { name: i.file.clone(), bytes: i.bytes, sha256: i.digest },
            pieces: i.leaves,
            pages: i.sides,
            first_piece: String::new(),
            last_piece: String::new(),
            part: None,
        })
        .collect();
    let first = all.first();
    let placing = first.map(|i| Placing {
        sheet: i.sheet,
        work: match (i.turn, plan.head) {
            (Turn::None, _) => Work::OneSide,
            _ => Work::BothSides,
        },
        stack: match plan.order {
            Order::CutAndStack { .. } => Some(i.sheets),
            _ => None,
        },
        places: i.places.iter().map(|p| (p.trim, p.turn)).collect(),
    });
    let pages = first.and_then(|i| i.pages).filter(|pages| all.iter().all(|i| i.pages == Some(*pages)));
    let ticket = Ticket {
        job: &campaign.id,
        title: &campaign.title,
        product: campaign.output.product.as_deref(),
        pieces: all.iter().map(|i| i.pieces).sum(),
        paper: first.map(|i| (i.trim, i.bleed)),
        pages,
        sides: campaign.paper.sides,
        media: &campaign.paper.media,
        posting_date: campaign.posting_date,
        placing,
        files: &files,
    };
    ticket.xml()
}
