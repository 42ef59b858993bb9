//! The one door to files, and to what stands in `data:` addresses: nothing outside the campaign's and the template's folder is ever opened, names
//! are judged before the disk is asked, and every size has a limit.
//!
//! Files go by *names*: relative, `/` between parts, as a person in the campaign's folder would type them
//! (`data/images/P0042.png`, `template/style.css`). Files of a template that is part of the program are
//! named `templates:postcard/style.css`. A name never holds an absolute path of the machine.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::data_url;
use super::font::FontData;
use super::mapped::{self, Mapped};
use super::shipped;
use crate::base::diag::did_you_mean;
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
    template: TemplateRoot,
    /// See [`Files::site`].
    site: bool,
    /// Folders that hold fonts and are read for nothing else; canonical.
    fonts: Vec<PathBuf>,
}

/// Where the template's files lie.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplateRoot {
    /// In the campaign's folder, below this name (empty: the campaign's folder itself).
    Inside(String),
    /// Part of the program: the folder's name in `templates/`.
    Shipped(String),
    /// A folder of its own, canonical.
    Outside(PathBuf),
}

/// One of the folders that a name may lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    Campaign,
    Template,
}

/// Before the names of files that are part of the program.
const SHIPPED: &str = "templates:";
/// Before the names of files in a template's folder that lies outside the campaign's.
const OUTSIDE: &str = "template:";
/// How many names of a folder are read for "did you mean".
const LISTED: usize = 10_000;

impl Files {
    /// A door to the campaign's folder alone.
    ///
    /// # Errors
    /// The folder is absent or unreadable.
    pub fn open(campaign: &Path) -> Result<Self, Fault> {
        Ok(Self {
            campaign: folder(campaign, "the campaign's folder")?,
            template: TemplateRoot::Inside(String::new()),
            site: false,
            fonts: Vec::new(),
        })
    }

    /// A door to a folder of pages as a browser would read them: an address is relative to the file that holds it
    /// and to nothing else, one that begins with `/` starts at this folder, `?…` and `#…` at its end are left out.
    /// Pictures have one CSS pixel for each of their pixels, whatever resolution they state.
    ///
    /// # Errors
    /// The folder is absent or unreadable.
    pub fn site(root: &Path) -> Result<Self, Fault> {
        Ok(Self {
            campaign: folder(root, "the folder of the page")?,
            template: TemplateRoot::Inside(String::new()),
            site: true,
            fonts: Vec::new(),
        })
    }

    /// Whether this is the door of [`Files::site`].
    #[must_use]
    pub fn is_site(&self) -> bool {
        self.site
    }

    /// The same door with the template's folder added, and the template's name as [`Files::read`] wants it.
    /// `template` is what the campaign says: a file in the campaign's folder (`template/postcard.html`) or the
    /// name of a template that is part of the program (`postcard`, `postcard/back.html`).
    ///
    /// # Errors
    /// No such template.
    pub fn with_template(mut self, template: &str) -> Result<(Self, String), Fault> {
        let parts = parts_of("", template)?;
        match self.find(Root::Campaign, &parts) {
            Ok(_) => {
                let name = parts.join("/");
                self.template = TemplateRoot::Inside(folder_of(&name).to_owned());
                Ok((self, name))
            }
            Err(absent) => {
                if let Some(path) = shipped::main_file(&parts.join("/")) {
                    let (folder, _) = path.split_once('/').unwrap_or((path, ""));
                    self.template = TemplateRoot::Shipped(folder.to_owned());
                    return Ok((self, format!("{SHIPPED}{path}")));
                }
                if absent.kind != FaultKind::Absent {
                    return Err(absent);
                }
                let fault = Fault::new(
                    FaultKind::Absent,
                    template,
                    format!(
                        "there is no template {template}, neither in the campaign's folder nor among the program's own"
                    ),
                );
                let mut near = self.near(Root::Campaign, &parts);
                near.extend(shipped::folders().map(str::to_owned));
                Err(match did_you_mean(template, near.iter().map(String::as_str)) {
                    Some(word) => fault.help(format!("did you mean `{word}`?")),
                    None => fault.help(format!(
                        "the program's own templates are {}",
                        shipped::folders().collect::<Vec<_>>().join(", ")
                    )),
                })
            }
        }
    }

    /// The same door with a template's folder that lies somewhere else; its files are named `template:…`.
    ///
    /// # Errors
    /// The folder is absent or unreadable.
    pub fn with_template_folder(mut self, dir: &Path) -> Result<Self, Fault> {
        self.template = TemplateRoot::Outside(folder(dir, "the template's folder")?);
        Ok(self)
    }

    /// The same door with one more folder in which [`Files::font`] looks for files by their bare names.
    ///
    /// # Errors
    /// The folder is absent or unreadable.
    pub fn with_font_folder(mut self, dir: &Path) -> Result<Self, Fault> {
        let shown = dir.to_string_lossy();
        self.fonts.push(folder(&self.campaign.join(dir), &format!("the font folder {shown}"))?);
        Ok(self)
    }

    /// The font file that `url` names when it stands in the file `base`, and its name; looked for as by
    /// [`Files::read`], and a bare file name then in the font folders. Large files are not read but looked at
    /// where they lie.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn font(&self, base: &str, url: &str, limit: u64) -> Result<(String, FontData), Fault> {
        let (name, data) = match data_url::read(url, limit) {
            Some(bytes) => (data_url::NAME.to_owned(), FontData::Loaded(bytes?.into())),
            None => self.font_file(base, url, limit)?,
        };
        let unusable = |f| Fault::new(FaultKind::Broken, name.as_str(), format!("{name} cannot be used: {f}"));
        let data = data.unpacked().map_err(unusable)?;
        Ok((name, data))
    }

    fn font_file(&self, base: &str, url: &str, limit: u64) -> Result<(String, FontData), Fault> {
        let inside = self.first(base, url, |root, parts| {
            let name = self.name(root, parts);
            if let (Root::Template, TemplateRoot::Shipped(_)) = (root, &self.template) {
                return Ok((name, FontData::Loaded(self.load(root, parts, limit)?.bytes.into())));
            }
            let path = self.find(root, parts)?;
            font_data(&path, &name, limit).map(|data| (name, data))
        });
        let fault = match inside {
            Err(fault) if fault.kind == FaultKind::Absent && !self.fonts.is_empty() => fault,
            done => return done,
        };
        let parts = parts_of("", url)?;
        let [name] = parts.as_slice() else { return Err(fault) };
        for folder in &self.fonts {
            let path = folder.join(name);
            if path.is_file() {
                return font_data(&path, name, limit).map(|data| (name.clone(), data));
            }
        }
        if !fault.help.is_empty() {
            return Err(fault);
        }
        let listed = self.fonts.iter().flat_map(|f| std::fs::read_dir(f).into_iter().flatten()).take(LISTED);
        let mut near: Vec<String> = listed.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
        near.sort_unstable();
        Err(match did_you_mean(name, near.iter().map(String::as_str)) {
            Some(word) => fault.help(format!("did you mean `{word}`?")),
            None => fault,
        })
    }

    /// Reads the file that `url` names when it stands in the file `base` (a name that this door gave; empty for
    /// the campaign file itself). Looked for beside `base`, then from the template's folder, then from the
    /// campaign's folder.
    ///
    /// # Errors
    /// See [`FaultKind`]; more than `limit` bytes is a fault too.
    pub fn read(&self, base: &str, url: &str, limit: u64) -> Result<Loaded, Fault> {
        if let Some(bytes) = data_url::read(url, limit) {
            return Ok(Loaded { name: data_url::NAME.to_owned(), bytes: Cow::Owned(bytes?) });
        }
        self.first(base, url, |root, parts| self.load(root, parts, limit))
    }

    /// The name of the file that [`Files::read`] would read, which is there. A `data:` address is a name itself.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn resolve(&self, base: &str, url: &str) -> Result<String, Fault> {
        if data_url::is_data(url) {
            return Ok(url.to_owned());
        }
        self.first(base, url, |root, parts| {
            let name = self.name(root, parts);
            match (root, &self.template) {
                (Root::Template, TemplateRoot::Shipped(_)) => self.load(root, parts, u64::MAX).map(|l| l.name),
                _ => self.find(root, parts).map(|_| name),
            }
        })
    }

    /// Asks at each place where `url` may lie, in order, until one has it.
    fn first<T>(&self, base: &str, url: &str, ask: impl Fn(Root, &[String]) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.site {
            return self.on_site(base, url, ask);
        }
        let (root, base_in_root) = self.split(base);
        let mut tries: Vec<(Root, Vec<String>)> = Vec::with_capacity(3);
        let mut refused = None;
        for (root, base) in [(root, base_in_root), (Root::Template, ""), (Root::Campaign, "")] {
            match parts_of(base, url) {
                Ok(parts) if !tries.contains(&(root, parts.clone())) => tries.push((root, parts)),
                Ok(_) => {}
                Err(fault) => {
                    // `..` may be right from one folder and lead out of another
                    refused.get_or_insert(fault);
                }
            }
        }
        let Some((first_root, first_parts)) = tries.first() else {
            return Err(refused
                .unwrap_or_else(|| Fault::new(FaultKind::Refused, url, format!("{url} is not a name of a file"))));
        };
        for (root, parts) in &tries {
            match ask(*root, parts) {
                Err(fault) if fault.kind == FaultKind::Absent => {}
                done => return done,
            }
        }
        let fault = Fault::new(FaultKind::Absent, url, format!("there is no file {url}"));
        let mut near = self.near(*first_root, first_parts);
        for (root, parts) in &tries[1..] {
            near.extend(self.near(*root, parts));
        }
        let wanted = first_parts.last().map_or("", String::as_str);
        Err(match did_you_mean(wanted, near.iter().map(String::as_str)) {
            Some(word) => fault.help(format!("did you mean `{}`?", beside(url, word))),
            None => fault,
        })
    }

    /// The one place where `url` may lie on a site.
    fn on_site<T>(&self, base: &str, url: &str, ask: impl Fn(Root, &[String]) -> Result<T, Fault>) -> Result<T, Fault> {
        let plain = url.trim();
        let plain = plain.find(['?', '#']).map_or(plain, |i| &plain[..i]);
        let absolute = plain.starts_with('/') && !plain.starts_with("//");
        let parts = if absolute { parts_of("", plain.trim_start_matches('/')) } else { parts_of(base, plain) };
        let parts = parts.map_err(|mut fault| {
            // advice about a campaign helps nobody here
            fault.help = vec!["only files of the page's own folder are read; --root names a larger one".to_owned()];
            fault
        })?;
        ask(Root::Campaign, &parts).map_err(|fault| match fault.kind {
            FaultKind::Refused => Fault { help: Vec::new(), ..fault },
            _ => fault,
        })
    }

    /// Where on this machine the file `name` of the campaign's folder lies, for a reader that streams it. The
    /// path is not for messages.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn locate(&self, name: &str) -> Result<PathBuf, Fault> {
        let parts = parts_of("", name)?;
        self.find(Root::Campaign, &parts).map_err(|fault| {
            let near = self.near(Root::Campaign, &parts);
            let wanted = parts.last().map_or("", String::as_str);
            match did_you_mean(wanted, near.iter().map(String::as_str)) {
                Some(word) if fault.kind == FaultKind::Absent => {
                    fault.help(format!("did you mean `{}`?", beside(name, word)))
                }
                _ => fault,
            }
        })
    }

    /// Reads a file of the template's folder by its path in that folder; the campaign's other files are not
    /// looked at. This is how templates include each other.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn read_template(&self, path: &str, limit: u64) -> Result<Loaded, Fault> {
        let parts = parts_of("", path)?;
        self.load(Root::Template, &parts, limit).map_err(|fault| {
            if fault.kind != FaultKind::Absent {
                return fault;
            }
            let near = self.near(Root::Template, &parts);
            let wanted = parts.last().map_or("", String::as_str);
            match did_you_mean(wanted, near.iter().map(String::as_str)) {
                Some(word) => fault.help(format!("did you mean `{}`?", beside(path, word))),
                None => fault,
            }
        })
    }

    /// The path in the template's folder of a file that this door named, if it lies there.
    #[must_use]
    pub fn path_in_template<'a>(&self, name: &'a str) -> Option<&'a str> {
        match (&self.template, self.split(name)) {
            (_, (Root::Template, path)) => Some(path),
            (TemplateRoot::Inside(below), (Root::Campaign, path)) if below.is_empty() => Some(path),
            (TemplateRoot::Inside(below), (Root::Campaign, path)) => {
                path.strip_prefix(below.as_str())?.strip_prefix('/')
            }
            _ => None,
        }
    }

    /// Reads a file again by the name that it was given before.
    ///
    /// # Errors
    /// As [`Files::read`].
    pub fn read_named(&self, name: &str, limit: u64) -> Result<Cow<'static, [u8]>, Fault> {
        if let Some(bytes) = data_url::read(name, limit) {
            return bytes.map(Cow::Owned);
        }
        let (root, path) = self.split(name);
        self.load(root, &parts_of("", path)?, limit).map(|l| l.bytes)
    }

    /// A name as root and path in it.
    fn split<'a>(&self, name: &'a str) -> (Root, &'a str) {
        match &self.template {
            TemplateRoot::Shipped(folder) => {
                match name.strip_prefix(SHIPPED).and_then(|n| n.strip_prefix(folder.as_str())) {
                    Some(path) => (Root::Template, path.trim_start_matches('/')),
                    None => (Root::Campaign, name),
                }
            }
            TemplateRoot::Outside(_) => match name.strip_prefix(OUTSIDE) {
                Some(path) => (Root::Template, path),
                None => (Root::Campaign, name),
            },
            TemplateRoot::Inside(_) => (Root::Campaign, name),
        }
    }

    /// The name of a path in a root.
    fn name(&self, root: Root, parts: &[String]) -> String {
        let path = parts.join("/");
        match (root, &self.template) {
            (Root::Campaign, _) => path,
            (Root::Template, TemplateRoot::Inside(below)) if below.is_empty() => path,
            (Root::Template, TemplateRoot::Inside(below)) => format!("{below}/{path}"),
            (Root::Template, TemplateRoot::Shipped(folder)) => format!("{SHIPPED}{folder}/{path}"),
            (Root::Template, TemplateRoot::Outside(_)) => format!("{OUTSIDE}{path}"),
        }
    }

    /// The folder on disk that a root stands for, and the same of it that nothing may leave.
    fn folder(&self, root: Root) -> Option<(PathBuf, &Path)> {
        match (root, &self.template) {
            (Root::Campaign, _) => Some((self.campaign.clone(), &self.campaign)),
            (Root::Template, TemplateRoot::Inside(below)) => Some((self.campaign.join(below), &self.campaign)),
            (Root::Template, TemplateRoot::Outside(dir)) => Some((dir.clone(), dir)),
            (Root::Template, TemplateRoot::Shipped(_)) => None,
        }
    }

    /// The canonical place of a regular file below a root.
    fn find(&self, root: Root, parts: &[String]) -> Result<PathBuf, Fault> {
        let name = self.name(root, parts);
        let absent = || Fault::new(FaultKind::Absent, &name, format!("there is no file {name}"));
        let (dir, limit) = self.folder(root).ok_or_else(absent)?;
        let mut path = dir;
        path.extend(parts);
        let real = std::fs::canonicalize(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => absent(),
            _ => unreadable(&name, &e),
        })?;
        if !real.starts_with(limit) {
            return Err(Fault::new(
                FaultKind::Refused,
                &name,
                format!("{name} is a link to a place outside the campaign's folder"),
            )
            .help("copy the file into the campaign's folder"));
        }
        // a pipe or a device could block for ever or never end
        match std::fs::metadata(&real) {
            Ok(m) if m.is_file() => Ok(real),
            Ok(m) if m.is_dir() => {
                Err(Fault::new(FaultKind::Refused, &name, format!("{name} is a folder, not a file")))
            }
            Ok(_) => Err(Fault::new(FaultKind::Refused, &name, format!("{name} is not an ordinary file"))),
            Err(e) => Err(unreadable(&name, &e)),
        }
    }

    fn load(&self, root: Root, parts: &[String], limit: u64) -> Result<Loaded, Fault> {
        let name = self.name(root, parts);
        let too_large = || {
            Fault::new(
                FaultKind::TooLarge,
                &name,
                format!("{name} is larger than the {limit} bytes that are allowed here"),
            )
        };
        if let (Root::Template, TemplateRoot::Shipped(_)) = (root, &self.template) {
            let path = name.strip_prefix(SHIPPED).unwrap_or(&name);
            let bytes = shipped::file(path)
                .ok_or_else(|| Fault::new(FaultKind::Absent, &name, format!("there is no file {name}")))?;
            if bytes.len() as u64 > limit {
                return Err(too_large());
            }
            return Ok(Loaded { name, bytes: Cow::Borrowed(bytes) });
        }
        let file = File::open(self.find(root, parts)?).map_err(|e| unreadable(&name, &e))?;
        let mut bytes = Vec::new();
        // the size that the system tells may be wrong or change: what counts is what arrives
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| unreadable(&name, &e))?;
        if bytes.len() as u64 > limit {
            return Err(too_large());
        }
        Ok(Loaded { name, bytes: Cow::Owned(bytes) })
    }

    /// The names that lie where `parts` was looked for, in order.
    fn near(&self, root: Root, parts: &[String]) -> Vec<String> {
        let folder_parts = parts.split_last().map_or(&[][..], |(_, f)| f);
        let mut names: Vec<String> = match self.folder(root) {
            None => {
                let mut prefix = self.name(root, folder_parts).trim_start_matches(SHIPPED).to_owned();
                if !prefix.ends_with('/') {
                    prefix.push('/');
                }
                shipped::names().filter_map(|n| n.strip_prefix(prefix.as_str())).map(str::to_owned).collect()
            }
            Some((mut dir, limit)) => {
                dir.extend(folder_parts);
                match std::fs::canonicalize(&dir) {
                    Ok(real) if real.starts_with(limit) => std::fs::read_dir(real)
                        .into_iter()
                        .flatten()
                        .take(LISTED)
                        .filter_map(|e| e.ok()?.file_name().into_string().ok())
                        .collect(),
                    _ => Vec::new(),
                }
            }
        };
        names.sort_unstable();
        names
    }
}

/// A font's bytes: read where they are few, looked at where they lie otherwise.
fn font_data(path: &Path, name: &str, limit: u64) -> Result<FontData, Fault> {
    let length = std::fs::metadata(path).map_err(|e| unreadable(name, &e))?.len();
    if length > limit {
        let message = format!("{name} is larger than the {limit} bytes that are allowed here");
        return Err(Fault::new(FaultKind::TooLarge, name, message));
    }
    if length >= mapped::LEAST {
        return Mapped::open(path).map(|m| FontData::Mapped(Arc::new(m))).map_err(|e| unreadable(name, &e));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| unreadable(name, &e))?;
    file.take(limit.min(mapped::LEAST)).read_to_end(&mut bytes).map_err(|e| unreadable(name, &e))?;
    Ok(FontData::Loaded(bytes.into()))
}

fn folder(dir: &Path, what: &str) -> Result<PathBuf, Fault> {
    let fault = |why: &str| Fault::new(FaultKind::Absent, "", format!("{what} {why}"));
    let real = std::fs::canonicalize(dir).map_err(|e| fault(&format!("cannot be opened: {}", words(&e))))?;
    if real.is_dir() { Ok(real) } else { Err(fault("is not a folder")) }
}

fn unreadable(name: &str, e: &std::io::Error) -> Fault {
    Fault::new(FaultKind::Unreadable, name, format!("{name} cannot be read: {}", words(e)))
}

/// The system's error without what may hold a path.
fn words(e: &std::io::Error) -> String {
    e.kind().to_string()
}

/// The folder part of a name, without the last `/`.
fn folder_of(name: &str) -> &str {
    name.rfind('/').map_or("", |i| &name[..i])
}

/// `word` where `url` has its last part.
fn beside(url: &str, word: &str) -> String {
    match folder_of(url) {
        "" => word.to_owned(),
        folder => format!("{folder}/{word}"),
    }
}

/// The parts of the path that `url` names when it stands in the file `base`, both in one root. What comes out
/// has no `.`, no `..`, and no part that a file system could take for something else than a name.
fn parts_of(base: &str, url: &str) -> Result<Vec<String>, Fault> {
    let refuse = |why: &str| Fault::new(FaultKind::Refused, url, format!("{} {why}", shown(url)));
    let text = percent_decoded(url).ok_or_else(|| refuse("is not UTF-8 once its %-codes are read"))?;
    if text.is_empty() {
        return Err(Fault::new(FaultKind::Refused, url, "the name of a file is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(refuse("holds a control character"));
    }
    if let Some((scheme, _)) = text.split_once(':').filter(|(s, _)| is_scheme(s)) {
        return Err(match scheme.to_ascii_lowercase().as_str() {
            "http" | "https" | "ftp" => refuse("is on the network, and nothing is fetched from there")
                .help("save the file in the campaign's folder and name it from there"),
            "data" => refuse("is a data: address, and this must be a file"),
            s if s.len() == 1 => {
                refuse("names a drive").help("name the file from the campaign's folder, such as images/logo.png")
            }
            _ => refuse("is not a name of a file in the campaign's folder"),
        });
    }
    if text.contains('\\') {
        return Err(refuse("has a backslash").help("write / between folders, on Windows too"));
    }
    if text.starts_with('/') {
        return Err(
            refuse("is an absolute path").help("name the file from the campaign's folder, such as images/logo.png")
        );
    }
    let mut parts: Vec<String> = folder_of(base).split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Err(refuse("leads out of the folders that may be read")
                        .help("put the file into the campaign's folder and name it from there"));
                }
            }
            _ => {
                check_part(part).map_err(refuse)?;
                parts.push(part.to_owned());
            }
        }
    }
    if parts.is_empty() { Err(refuse("is a folder, not a file")) } else { Ok(parts) }
}

/// What file systems take for something else than a plain name: the same everywhere, so that a campaign that
/// works on one machine works on all.
fn check_part(part: &str) -> Result<(), &'static str> {
    if part.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Err("has a character that not every file system allows: one of : * ? \" < > |");
    }
    if part.ends_with(['.', ' ']) {
        return Err("has a part that ends in a dot or a blank");
    }
    if part.len() > 255 {
        return Err("has a part that is longer than 255 bytes");
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_ascii_uppercase();
    let numbered = |word: &str| {
        stem.strip_prefix(word)
            .is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
    };
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || numbered("COM")
        || numbered("LPT")
    {
        return Err("has the name of a device");
    }
    Ok(())
}

/// RFC 3986, section 3.1.
fn is_scheme(s: &str) -> bool {
    s.starts_with(|c: char| c.is_ascii_alphabetic())
        && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// `%41` to `A`; what is no such code stays. None when the outcome is not UTF-8.
fn percent_decoded(url: &str) -> Option<String> {
    let url = url.trim();
    if !url.contains('%') {
        return Some(url.to_owned());
    }
    let hex = |b: u8| (b as char).to_digit(16);
    let bytes = url.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while let Some(&b) = bytes.get(i) {
        let code = match (b, bytes.get(i + 1), bytes.get(i + 2)) {
            (b'%', Some(&h), Some(&l)) => hex(h).zip(hex(l)).and_then(|(h, l)| u8::try_from(h * 16 + l).ok()),
            _ => None,
        };
        out.push(code.unwrap_or(b));
        i += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).ok()
}

/// For messages: short, and without characters that would disturb a terminal.
fn shown(url: &str) -> String {
    let mut s: String = url.chars().take(120).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if s.len() < url.len() && url.chars().nth(120).is_some() {
        s.push('…');
    }
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign() -> (tempfile::TempDir, Files) {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("campaign");
        for folder in ["template/parts", "data/images"] {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        for (name, text) in [
            ("template/postcard.html", "postcard"),
            ("template/style.css", "style"),
            ("template/parts/coupon.html", "coupon"),
            ("template/秋 の.css", "autumn"),
            ("data/images/P0042.png", "apple"),
            ("campaign.toml", ""),
        ] {
            std::fs::write(root.join(name), text).unwrap();
        }
        std::fs::write(dir.path().join("secret.txt"), "secret").unwrap();
        let files = Files::open(&root).unwrap().with_template("template/postcard.html").unwrap().0;
        (dir, files)
    }

    #[test]
    fn a_name_is_looked_for_beside_its_file_then_in_the_template_then_in_the_campaign() {
        let (_dir, files) = campaign();
        let base = "template/parts/coupon.html";
        for (url, name) in [
            ("coupon.html", "template/parts/coupon.html"),
            ("../style.css", "template/style.css"),
            ("style.css", "template/style.css"),
            ("./style.css", "template/style.css"),
            ("data/images/P0042.png", "data/images/P0042.png"),
            ("../../data/images/P0042.png", "data/images/P0042.png"),
            ("%E7%A7%8B%20の.css", "template/秋 の.css"),
        ] {
            let loaded = files.read(base, url, 100).unwrap();
            assert_eq!(loaded.name, name, "{url}");
            assert_eq!(files.read_named(name, 100).unwrap(), loaded.bytes, "{url}");
        }
    }

    #[test]
    fn nothing_outside_is_opened_and_no_path_of_the_machine_is_told() {
        let (dir, files) = campaign();
        let absolute = dir.path().join("secret.txt").display().to_string();
        for url in [
            "../../secret.txt",
            "../../../secret.txt",
            "%2e%2e/%2E%2E/secret.txt",
            "..%2F..%2Fsecret.txt",
            "images/../../../secret.txt",
            "..\\..\\secret.txt",
            "%5c%5cserver%5cshare",
            "\\\\server\\share",
            "//server/share",
            "/etc/passwd",
            absolute.as_str(),
            "C:/Windows/win.ini",
            "c:secret.txt",
            "file:///etc/passwd",
            "http://example.com/a.png",
            "HTTPS://example.com/a.png",
            "javascript:alert(1)",
            "style.css\0.png",
            "style.css%00.png",
            "style.css:stream",
            "NUL",
            "aux.html",
            "com1.txt",
            "style.css.",
            "style.css ",
            "a/.../b",
            "%ff%fe",
            "",
            ".",
            "data",
            "data/images/",
        ] {
            let url = if url == "style.css " { "style.css%20" } else { url };
            let fault = files.read("template/postcard.html", url, 100).unwrap_err();
            assert_eq!(fault.kind, FaultKind::Refused, "{url}: {fault}");
            assert!(!fault.message.contains("/tmp") || url == absolute, "{url}: {fault}");
            assert!(!fault.message.contains('\0'));
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_leave_the_folder_and_things_that_are_no_files_are_refused() {
        let (dir, files) = campaign();
        let root = dir.path().join("campaign");
        std::os::unix::fs::symlink(dir.path().join("secret.txt"), root.join("template/link.txt")).unwrap();
        std::os::unix::fs::symlink(dir.path(), root.join("template/up")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", root.join("template/zero")).unwrap();
        std::os::unix::fs::symlink("style.css", root.join("template/same.css")).unwrap();
        std::os::unix::fs::symlink("round.css", root.join("template/round.css")).unwrap();
        for url in ["link.txt", "up/secret.txt", "zero"] {
            assert_eq!(files.read("template/postcard.html", url, 100).unwrap_err().kind, FaultKind::Refused, "{url}");
        }
        assert!(files.read("template/postcard.html", "round.css", 100).is_err());
        assert_eq!(&*files.read("template/postcard.html", "same.css", 100).unwrap().bytes, b"style");
    }

    #[test]
    fn an_absent_file_offers_the_nearest_name() {
        let (_dir, files) = campaign();
        let fault = files.read("template/postcard.html", "data/images/P0042.pgn", 100).unwrap_err();
        assert_eq!(fault.kind, FaultKind::Absent);
        assert_eq!(fault.help, ["did you mean `data/images/P0042.png`?"]);
        let fault = files.read_template("parts/cupon.html", 100).unwrap_err();
        assert_eq!(fault.help, ["did you mean `parts/coupon.html`?"]);
    }

    #[test]
    fn what_stands_in_its_address_is_read_without_a_file() {
        let (_dir, files) = campaign();
        let base = "template/postcard.html";
        assert_eq!(&*files.read(base, "data:text/css,../../secret.txt", 100).unwrap().bytes, b"../../secret.txt");
        let font = super::super::fallback::tests::tiny(&[('a', 1)], &[]);
        let url: String = font.as_ref().iter().map(|b| format!("%{b:02x}")).collect();
        let (name, data) = files.font(base, &format!("data:font/ttf,{url}"), 1000).unwrap();
        assert_eq!((name.as_str(), data.as_ref()), ("data: address", font.as_ref()));
        let woff = files.font(base, "data:font/woff,wOFF%00%01%00%00", 1000).unwrap_err();
        assert_eq!(woff.kind, FaultKind::Broken, "{woff}");
        assert_eq!(files.read_template("data:,a", 100).unwrap_err().kind, FaultKind::Refused);
    }

    #[test]
    fn the_limit_is_a_limit() {
        let (_dir, files) = campaign();
        assert_eq!(&*files.read("", "template/style.css", 5).unwrap().bytes, b"style");
        assert_eq!(files.read("", "template/style.css", 4).unwrap_err().kind, FaultKind::TooLarge);
    }

    #[test]
    fn includes_stay_in_the_templates_folder() {
        let (_dir, files) = campaign();
        assert!(files.read_template("parts/coupon.html", 100).is_ok());
        assert_eq!(files.read_template("../campaign.toml", 100).unwrap_err().kind, FaultKind::Refused);
        assert_eq!(files.read_template("campaign.toml", 100).unwrap_err().kind, FaultKind::Absent);
        assert_eq!(files.path_in_template("template/parts/coupon.html"), Some("parts/coupon.html"));
        assert_eq!(files.path_in_template("data/images/P0042.png"), None);
    }

    #[test]
    fn a_template_that_does_not_exist_is_told_with_those_that_do() {
        let (dir, _) = campaign();
        let files = Files::open(&dir.path().join("campaign")).unwrap();
        let fault = files.clone().with_template("template/postcrad.html").unwrap_err();
        assert_eq!(fault.kind, FaultKind::Absent);
        assert_eq!(files.with_template("../secret.txt").unwrap_err().kind, FaultKind::Refused);
    }
}
