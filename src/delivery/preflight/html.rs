//! The report as one page: no scripts, nothing loaded, set for A4.

use std::fmt::Write as _;

use super::file::{Facts, PageBoxes};
use super::{FileReport, Finding, Level, Report};
use crate::base::xml::escaped;

const STYLE: &str = "\
@page{size:A4;margin:18mm 16mm}\
*{box-sizing:border-box}\
body{margin:0 auto;padding:24px;max-width:860px;font:14px/1.5 \"BIZ UDPGothic\",\"Hiragino Sans\",\"Yu Gothic\",\"Noto Sans CJK JP\",sans-serif;color:#1b1b1b;background:#fff}\
h1{font-size:24px;margin:0 0 2px}h2{font-size:17px;margin:32px 0 8px;padding-top:12px;border-top:2px solid #1b1b1b;overflow-wrap:anywhere}h3{font-size:14px;margin:20px 0 4px}\
p{margin:4px 0}.quiet{color:#5a5a5a}.verdict{display:inline-block;margin:14px 0 4px;padding:6px 14px;font-weight:700;border:2px solid}\
.good{color:#146c2e}.warning{color:#8a5300}.fault{color:#b3171d}\
table{width:100%;border-collapse:collapse;margin:4px 0 8px}th,td{text-align:left;vertical-align:top;padding:4px 10px 4px 0;border-bottom:1px solid #d9d9d9}\
th{font-weight:600;color:#5a5a5a;white-space:nowrap}td.n,th.n{text-align:right;padding-right:18px;font-variant-numeric:tabular-nums}\
tr{break-inside:avoid}thead{display:table-header-group}h2,h3{break-after:avoid}\
.mark{width:7em;font-weight:700;white-space:nowrap}.rule{width:8em}code{font:12px/1.5 ui-monospace,Consolas,monospace;overflow-wrap:anywhere}\
dl{display:grid;grid-template-columns:15em 1fr;gap:3px 12px;margin:4px 0}dt{color:#5a5a5a}dd{margin:0;overflow-wrap:anywhere}\
@media print{body{padding:0;max-width:none;font-size:9.5pt}h2{break-before:auto}}";

/// Pictures and fonts of one file that are listed; the JSON report has them all.
const LISTED: usize = 60;

pub(super) fn page(report: &Report) -> String {
    let mut out = String::from("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width\"><title>Preflight: ");
    out.push_str(&escaped(&report.of));
    let _ = write!(out, "</title><style>{STYLE}</style></head>\n<body><h1>Preflight</h1>");
    let _ = writeln!(out, "<p class=\"quiet\">{} &middot; {}</p>", escaped(&report.of), escaped(report.program));
    let (class, words) = match report.verdict {
        Level::Good => ("good", "Nothing is wrong."),
        Level::Warning => ("warning", "Nothing is wrong; there are warnings."),
        Level::Fault => ("fault", "There are faults."),
    };
    let _ = writeln!(out, "<p class=\"verdict {class}\">{words}</p>");
    if let Some(job) = &report.job {
        out.push_str("<h2>The job</h2>\n");
        list(
            &mut out,
            &[
                ("Campaign", job.campaign.clone()),
                ("Data as of", job.as_of.clone()),
                ("Rows read", count(job.rows)),
                ("Pieces, pages", format!("{} on {} pages", count(job.pieces), count(job.pages))),
                ("Files", count(report.files.len() as u64)),
                ("SHA-256 of the manifest", job.manifest_sha256.clone().unwrap_or_default()),
            ],
        );
        findings(&mut out, &job.findings);
        if report.files.len() > 1 {
            files(&mut out, report);
        }
    }
    for file in &report.files {
        one(&mut out, file);
    }
    out.push_str(
        "<h2>What this report is</h2>\n<p>It was made by reading the files themselves. The structure of the files was \
         checked; that is no certificate of conformance to ISO 15930 or ISO 16612. Inks are the sums of flat colours: \
         those of pictures are not measured. Codes of all kinds are read from the bars and modules in the file, through the \
         tables that draw them; QR symbols also from pages drawn at 300 dpi, by a reader of its own.</p>\n</body></html>\n",
    );
    out
}

fn files(out: &mut String, report: &Report) {
    out.push_str(
        "<table><thead><tr><th>File</th><th class=\"n\">Pieces</th><th class=\"n\">Pages</th><th class=\"n\">Bytes</th>\
         <th>Verdict</th></tr></thead><tbody>\n",
    );
    for f in &report.files {
        let level = f.findings.iter().map(|f| f.level).max().unwrap_or(Level::Good);
        let pages = f.facts.as_ref().map_or(0, |f| f.pages as u64);
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"{}\">{}</td></tr>",
            escaped(&f.name),
            f.pieces.map_or(String::new(), count),
            count(pages),
            count(f.bytes),
            class(level),
            word(level)
        );
    }
    out.push_str("</tbody></table>\n");
}

fn one(out: &mut String, file: &FileReport) {
    let _ = writeln!(out, "<h2>{}</h2>", escaped(&file.name));
    findings(out, &file.findings);
    let mut facts = vec![("Bytes", count(file.bytes)), ("SHA-256", file.sha256.clone())];
    if let Some(f) = &file.facts {
        let pieces = file.pieces.map_or(String::new(), |n| format!("{} pieces on ", count(n)));
        let looked = match f.looked_at == f.pages {
            true => "all looked at".to_owned(),
            false => format!("{} of them looked at, evenly spread", count(f.looked_at as u64)),
        };
        facts.insert(0, ("Pieces, pages", format!("{pieces}{} pages; {looked}", count(f.pages as u64))));
        facts.push(("PDF version", f.version.clone()));
        facts.push(("Title", f.title.clone()));
        facts.push(("Made by", f.producer.clone()));
        facts.push(("Standards", f.standards.join(", ")));
        if let Some(i) = &f.intent {
            let info = if i.info.is_empty() { String::new() } else { format!(" – {}", i.info) };
            facts.push((
                "Output intent",
                format!("{}{info}; profile of {} bytes", i.condition, count(i.profile_bytes as u64)),
            ));
        }
        if let Some(parts) = f.parts {
            facts.push(("Document parts", count(parts)));
        }
        facts.push(("Inks", f.inks.join(", ")));
        facts.push(("Most ink at one place", format!("{} %", f.most_ink)));
        facts.push(("Overprint", yes(f.overprint)));
        let blends = if f.blend_modes.is_empty() { String::new() } else { format!(": {}", f.blend_modes.join(", ")) };
        facts.push(("Transparency", format!("{}{blends}", yes(f.transparency))));
        let forms = format!(
            "{} forms, drawn {} times; the most used {} times",
            f.forms.objects,
            count(f.forms.uses),
            count(f.forms.most_used)
        );
        facts.push(("Shared objects", forms));
    }
    if let Some(c) = &file.codes {
        facts.push(("QR symbols drawn", format!("{} found and {} read on {} pages", c.found, c.read, c.pages)));
    }
    list(out, &facts);
    if let Some(f) = &file.facts {
        tables(out, f);
    }
}

fn tables(out: &mut String, f: &Facts) {
    out.push_str(
        "<h3>Page sizes in millimetres</h3>\n<table><thead><tr><th class=\"n\">Pages</th><th class=\"n\">First</th><th>Trim</th>\
         <th>Bleed</th><th>Media</th></tr></thead><tbody>\n",
    );
    for b in f.boxes.iter().take(LISTED) {
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            count(b.pages),
            b.first_page,
            size(b.trim),
            bleed(b),
            size(b.media)
        );
    }
    out.push_str("</tbody></table>\n");
    symbols(out, f);
    if !f.fonts.is_empty() {
        out.push_str(
            "<h3>Fonts</h3>\n<table><thead><tr><th>Font</th><th>Kind</th><th>In the file</th><th class=\"n\">Glyphs</th>\
             </tr></thead><tbody>\n",
        );
        for font in f.fonts.iter().take(LISTED) {
            let embedded = match (font.embedded, font.subset) {
                (false, _) => "no",
                (true, true) => "what is used of it",
                (true, false) => "whole",
            };
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{embedded}</td><td class=\"n\">{}</td></tr>",
                escaped(&font.name),
                escaped(&font.kind),
                font.glyphs.map_or(String::new(), |n| count(n as u64))
            );
        }
        out.push_str("</tbody></table>\n");
        more(out, f.fonts.len());
    }
    if !f.pictures.is_empty() {
        out.push_str(
            "<h3>Pictures</h3>\n<table><thead><tr><th class=\"n\">Object</th><th>Pixels</th><th>Colours</th><th>Packed</th>\
             <th class=\"n\">Least ppi</th><th class=\"n\">Uses</th></tr></thead><tbody>\n",
        );
        for p in f.pictures.iter().take(LISTED) {
            let _ = writeln!(
                out,
                "<tr><td class=\"n\">{}</td><td>{} &times; {}</td><td>{}, {} bit</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
                p.object,
                p.width,
                p.height,
                escaped(&p.space),
                p.bits,
                escaped(&p.filter),
                p.ppi.round(),
                count(p.uses)
            );
        }
        out.push_str("</tbody></table>\n");
        more(out, f.pictures.len());
    }
}

/// Codes by kind, then one by one.
fn symbols(out: &mut String, f: &Facts) {
    let of = &f.symbols;
    if of.found.is_empty() && of.unread.is_empty() {
        return;
    }
    out.push_str(
        "<h3>Codes, read from their bars</h3>\n<table><thead><tr><th>Kind</th><th class=\"n\">Codes</th><th class=\"n\">Different \
         values</th><th class=\"n\">As the manifest says</th><th>Module in mm</th></tr></thead><tbody>\n",
    );
    for k in &of.kinds {
        let module = match k.least_module_mm == k.most_module_mm {
            true => k.least_module_mm.to_string(),
            false => format!("{} to {}", k.least_module_mm, k.most_module_mm),
        };
        let agree = if k.agree == 0 { "not told".to_owned() } else { count(k.agree as u64) };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{agree}</td><td>{module}</td></tr>",
            k.kind,
            count(k.symbols as u64),
            count(k.distinct as u64),
        );
    }
    out.push_str(
        "</tbody></table>\n<table><thead><tr><th class=\"n\">Page</th><th>Kind</th><th class=\"n\">Characters</th>\
         <th>As the manifest says</th><th>Value</th></tr></thead><tbody>\n",
    );
    for s in of.found.iter().take(LISTED) {
        let agrees = match s.agrees {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "not told",
        };
        let _ = writeln!(
            out,
            "<tr><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td><td>{agrees}</td><td>{}</td></tr>",
            s.page,
            s.kind,
            s.characters,
            s.value.as_deref().map_or(String::new(), escaped)
        );
    }
    out.push_str("</tbody></table>\n");
    more(out, of.found.len());
}

fn more(out: &mut String, all: usize) {
    if all > LISTED {
        let _ = writeln!(out, "<p class=\"quiet\">and {} more, all in report.json</p>", all - LISTED);
    }
}

fn findings(out: &mut String, findings: &[Finding]) {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.level));
    out.push_str("<table><tbody>\n");
    for f in sorted {
        let _ = writeln!(
            out,
            "<tr><td class=\"mark {}\">{}</td><td class=\"rule\">{}</td><td>{}</td></tr>",
            class(f.level),
            word(f.level),
            escaped(f.rule),
            escaped(&f.text)
        );
    }
    out.push_str("</tbody></table>\n");
}

fn list(out: &mut String, facts: &[(&str, String)]) {
    out.push_str("<dl>\n");
    for (name, value) in facts.iter().filter(|(_, v)| !v.is_empty()) {
        let value = escaped(value);
        let value = if name.starts_with("SHA") { format!("<code>{value}</code>") } else { value };
        let _ = writeln!(out, "<dt>{name}</dt><dd>{value}</dd>");
    }
    out.push_str("</dl>\n");
}

fn class(level: Level) -> &'static str {
    match level {
        Level::Good => "good",
        Level::Warning => "warning",
        Level::Fault => "fault",
    }
}

/// Words beside the colour: reports are printed in black too.
fn word(level: Level) -> &'static str {
    match level {
        Level::Good => "good",
        Level::Warning => "warning",
        Level::Fault => "FAULT",
    }
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "none" }.to_owned()
}

fn size(of: [f64; 2]) -> String {
    format!("{} &times; {}", of[0], of[1])
}

fn bleed(b: &PageBoxes) -> String {
    match b.bleed.iter().all(|e| *e == b.bleed[0]) {
        true => b.bleed[0].to_string(),
        false => format!("left {}, below {}, right {}, above {}", b.bleed[0], b.bleed[1], b.bleed[2], b.bleed[3]),
    }
}

/// 12345 as `12,345`.
fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}
