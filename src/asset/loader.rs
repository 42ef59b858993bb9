//! The one door to files: nothing outside the campaign's and the template's folder is ever opened, names
//! are judged before the disk is asked, and every size has a limit.
//!
//! Files go by *names*: relative, `/` between parts, as a person in the campaign's folder would type them
//! (`data/images/P0042.png`, `template/style.css`). Files of a template that is part of the program are
//! named `templates:postcard/style.css`. A name never holds an absolute path of the machine.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::base::{Diagnostic, Place};

/// What can be wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// There is no such file.
    Absent,
    /// The name leads out of the folders that may be read, or is not a name of a file.
    Refused,
    /// The file has more bytes or pixels than allowed.
    TooLarge,
    /// The system could not read it.
    Unreadable,
    /// It is not what its use requires: a broken picture, text that is not UTF-8.
    Broken,
    /// It is sound, but of a kind that we cannot use.
    Unsupported,
}

/// A file that cannot be used, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The file as its user named it.
    pub path: String,
    /// A whole sentence that names the file.
    pub message: String,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Fault {
    #[must_use]
    pub fn new(kind: FaultKind, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, path: path.into(), message: message.into(), help: Vec::new() }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The stable word for this kind of fault.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            FaultKind::Absent => "file-absent",
            FaultKind::Refused => "file-refused",
            FaultKind::TooLarge => "file-too-large",
            FaultKind::Unreadable => "file-unreadable",
            FaultKind::Broken => "file-broken",
            FaultKind::Unsupported => "file-unsupported",
        }
    }

    /// As a diagnostic about the file as a whole; callers that know where it was named add that place.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let mut d = Diagnostic::error(self.code(), self.message.clone()).at(Place::File(self.path.clone()), "");
        d.help.clone_from(&self.help);
        d
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its one name, however it was referred to: the same file has the same name.
    pub name: String,
    pub bytes: Cow<'static, [u8]>,
}

/// The folders that may be read.
#[derive(Clone, Debug)]
pub struct Files {
    /// Canonical.
    campaign: PathBuf,
}

impl Files {
    /// A door to the campaign's folder alone.
    ///
    /// # Errors
    /// The folder is absent or unreadable.
    pub fn open(campaign: &Path) -> Result<Self, Fault> {
        let _ = campaign;
        Err(Fault::new(FaultKind::Absent, "", "not a folder"))
    }

    /// The same door with the template's folder added, and the template's name as [`Files::read`] wants it.
    /// `template` is what the campaign says: a file in the campaign's folder (`template/postcard.html`) or the
    /// name of a template that is part of the program (`postcard`, `postcard/back.html`).
    ///
    /// # Errors
    /// No such template.
    pub fn with_template(self, template: &str) -> Result<(Self, String), Fault> {
        let _ = template;
        Err(Fault::new(FaultKind::Absent, "", "not a folder"))
    }

    /// Reads the file that `url` names when it stands in the file `base` (a name that this door gave; empty for
    /// the campaign file itself). Looked for beside `base`, then from the template's folder, then from the
    /// campaign's folder.
    ///
    /// # Errors
    /// See [`FaultKind`]; more than `limit` bytes is a fault too.
    pub fn read(&self, base: &str, url: &str, limit: u64) -> Result<Loaded, Fault> {
        let _ = (base, limit, &self.campaign);
        Err(Fault::new(FaultKind::Absent, url, format!("there is no file {url}")))
    }

    /// Reads a file again by the name that it was given before.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn read_named(&self, name: &str, limit: u64) -> Result<Cow<'static, [u8]>, Fault> {
        self.read("", name, limit).map(|l| l.bytes)
    }
}
