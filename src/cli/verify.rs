//! `surimono verify`: whether a folder holds what its manifest says.

use serde_json::json;

use super::End;
use super::args::VerifyArgs;
use super::terminal::Terminal;
use crate::batch::{counted, grouped};
use crate::delivery::verify as look;

pub(super) fn verify(args: &VerifyArgs) -> End {
    let terminal = Terminal::new(args.json);
    let label = args.folder.to_string_lossy().replace('\\', "/");
    let verified = match look(&args.folder, label.trim_end_matches('/')) {
        Ok(verified) => verified,
        Err(fault) => {
            terminal.tell(&[fault]);
            terminal.event(&json!({ "event": "end", "judged": false }));
            return End::NotMade;
        }
    };
    terminal.tell(&verified.faults);
    let v = &verified;
    let (sound, manifest) = (v.faults.is_empty(), v.manifest.map(|d| d.to_string()));
    if sound {
        terminal.line(&format!(
            "{label}: all is there and unchanged: {}, {}, {}, {}{} bytes",
            counted(v.files, "file"),
            counted(v.pieces, "piece"),
            counted(v.pages, "page"),
            if v.sheets > 0 { format!("{}, ", counted(v.sheets, "sheet")) } else { String::new() },
            grouped(v.bytes)
        ));
    } else {
        terminal.line(&format!("{label}: {}", counted(v.faults.len() as u64, "fault")));
    }
    if let Some(digest) = &manifest {
        terminal.line(&format!("manifest.json  sha256 {digest}"));
    }
    terminal.event(&json!({
        "event": "end", "judged": true, "sound": sound, "faults": v.faults.len(), "files": v.files, "bytes": v.bytes,
        "rows": v.rows, "pieces": v.pieces, "pages": v.pages, "sheets": v.sheets, "manifest_sha256": manifest,
    }));
    if sound { End::Made } else { End::TooManyRejects }
}
