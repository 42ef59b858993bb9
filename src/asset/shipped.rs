//! The templates that are part of the program: `/templates`, embedded, so that one binary is enough.
//! To add a file, put it into `/templates` and its path into the list; a test compares the two.

/// A file of `/templates`: path in that folder, bytes.
type Entry = (&'static str, &'static [u8]);

macro_rules! embed {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/", $path)))),*]
    };
}

/// In the order of their paths.
const FILES: &[Entry] = embed![
    "insert/art/head.jpg",
    "insert/insert.contract.toml",
    "insert/insert.html",
    "insert/parts/coupon.html",
    "insert/parts/lines.html",
    "insert/parts/pairs.html",
    "insert/parts/recipe.html",
    "insert/parts/service.html",
    "insert/parts/store.html",
    "insert/parts/thanks-first.html",
    "insert/parts/thanks-gift.html",
    "insert/parts/thanks.html",
    "insert/style.css",
    "postcard/art/autumn.jpg",
    "postcard/art/hagi.jpg",
    "postcard/parts/address.html",
    "postcard/parts/coupon.html",
    "postcard/parts/greeting.html",
    "postcard/parts/pick.html",
    "postcard/parts/store.html",
    "postcard/parts/treat.html",
    "postcard/postcard.contract.toml",
    "postcard/postcard.html",
    "postcard/style.css",
    "pressure-card/art/back.jpg",
    "pressure-card/art/hagi.jpg",
    "pressure-card/art/inside.jpg",
    "pressure-card/parts/address.html",
    "pressure-card/parts/back.html",
    "pressure-card/parts/coupon.html",
    "pressure-card/parts/legal.html",
    "pressure-card/parts/letter.html",
    "pressure-card/parts/picks.html",
    "pressure-card/parts/points.html",
    "pressure-card/parts/store.html",
    "pressure-card/pressure-card.contract.toml",
    "pressure-card/pressure-card.html",
    "pressure-card/style.css",
];

/// A file by its path in `/templates`.
#[must_use]
pub fn file(path: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(p, _)| *p == path).map(|(_, b)| *b)
}

/// All paths.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(p, _)| *p)
}

/// The names of the templates.
pub fn folders() -> impl Iterator<Item = &'static str> {
    let mut last = "";
    names().filter_map(|n| n.split_once('/')).map(|(folder, _)| folder).filter(move |f| {
        let new = *f != last;
        last = f;
        new
    })
}

/// The file that a campaign means by `template`: a path (`postcard/back.html`), or a template's name
/// (`postcard`), whose main file has the same name or is its only page.
#[must_use]
pub fn main_file(template: &str) -> Option<&'static str> {
    let exact = |path: &str| names().find(|n| *n == path);
    let pages = || {
        names().filter(|n| {
            n.strip_prefix(template)
                .and_then(|n| n.strip_prefix('/'))
                .is_some_and(|n| !n.contains('/') && n.ends_with(".html"))
        })
    };
    exact(template)
        .filter(|n| n.ends_with(".html"))
        .or_else(|| exact(&format!("{template}/{template}.html")))
        .or_else(|| exact(&format!("{template}/index.html")))
        .or_else(|| pages().next().filter(|_| pages().count() == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_disk(dir: &std::path::Path, prefix: &str, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(dir).into_iter().flatten().flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                on_disk(&entry.path(), &format!("{name}/"), out);
            } else if name.contains('/') {
                out.push(name);
            }
        }
    }

    #[test]
    fn the_list_is_the_folder() {
        let mut disk = Vec::new();
        on_disk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), "", &mut disk);
        disk.sort();
        assert_eq!(names().map(str::to_owned).collect::<Vec<_>>(), disk, "src/asset/shipped.rs lists /templates");
    }

    #[test]
    fn every_template_has_a_main_file() {
        for folder in folders() {
            assert!(main_file(folder).is_some(), "{folder}");
        }
        assert_eq!(main_file("no such"), None);
    }
}
