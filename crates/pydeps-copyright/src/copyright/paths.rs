//! What the names of files tell.

use std::collections::BTreeMap;

use pydeps_core::purpose::{Purpose, vendored_work};

/// How much of a file is looked at for notices.
pub const HEAD: usize = 16 * 1024;
/// How much of a licence file: some hold the licences of all that is bundled.
const WHOLE: usize = 1024 * 1024;

/// Ends of names of files that have no notices, or none that can be read.
const BINARY: [&str; 34] = [
    "7z", "a", "bin", "bz2", "db", "dll", "dylib", "eot", "exe", "gif", "gz", "ico", "jar", "jpeg",
    "jpg", "mat", "mo", "mp3", "mp4", "npy", "npz", "o", "ogg", "otf", "pdf", "pkl", "png", "pyc",
    "so", "tif", "ttf", "whl", "woff", "zip",
];

/// Ends of names of files that are programs or pages, whatever else they are called.
const NO_LICENCE: [&str; 15] = [
    "py", "pyi", "c", "h", "js", "html", "json", "toml", "yml", "yaml", "sh", "cfg", "png", "in",
    "xml",
];

/// How many bytes from the beginning of a file [`write`](super::write()) wants; 0 where
/// the file is of no use to it.
pub fn wanted(path: &str) -> usize {
    if is_licence_file(path) || is_script(path) {
        return WHOLE;
    }
    match BINARY.contains(&extension(path).as_str()) {
        true => 0,
        false => HEAD,
    }
}

/// Whether a file is a script or a style sheet for browsers.
pub(super) fn is_script(path: &str) -> bool {
    ["js", "mjs", "cjs", "css", "scss", "less"].contains(&extension(path).as_str())
}

fn extension(path: &str) -> String {
    let (_, end) = file_name(path).rsplit_once('.').unwrap_or_default();
    end.to_ascii_lowercase()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a file is there to hold a licence: `LICENSE.txt`, `COPYING`, `MIT-LICENSE`, or
/// anything in a directory `LICENSES` (REUSE) or `licenses` (PEP 639).
pub fn is_licence_file(path: &str) -> bool {
    if NO_LICENCE.contains(&extension(path).as_str()) || is_metadata(path) {
        return false;
    }
    let name = file_name(path).to_ascii_lowercase();
    let stem = [".txt", ".md", ".rst", ".html"]
        .iter()
        .find_map(|end| name.strip_suffix(end));
    let stem = stem.unwrap_or(&name);
    let starts = [
        "licenses",
        "licences",
        "license",
        "licence",
        "copying",
        "unlicense",
        "copyright",
    ];
    let ends = [
        "-license", "-licence", ".license", ".licence", "_license", "-copying",
    ];
    let begins = starts.iter().find_map(|start| stem.strip_prefix(start));
    // `license_migration` is a page of a manual, `LICENSE_STIX` is a licence.
    let shouts = file_name(path).starts_with("LICEN");
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with(['-', '.']) || shouts;
    begins.is_some_and(goes_on)
        || ends.iter().any(|end| stem.ends_with(end))
        || parent(path).is_some_and(|directory| is_licence_directory(file_name(directory)))
}

fn is_licence_directory(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["licenses", "licences", "license", "licence"].contains(&name.as_str())
}

/// Below `*.egg-info` and `*.dist-info` are copies, but not those of vendored works.
fn is_metadata(path: &str) -> bool {
    vendored_work(path).is_none() && Purpose::of(path).metadata
}

/// Whether notices in a file count: not in copies, and not in what is only generated.
pub(super) fn counts(path: &str) -> bool {
    let about = [
        "PKG-INFO",
        "METADATA",
        "setup.cfg",
        "pyproject.toml",
        "RECORD",
    ];
    let is_metadata = is_metadata(path) || about.contains(&file_name(path));
    !is_metadata && !is_lock(path) && (!is_page(path) || is_readme(path))
}

/// Locks speak of the licences of what they name.
fn is_lock(path: &str) -> bool {
    const NAMES: [&str; 3] = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml"];
    NAMES.contains(&file_name(path)) || extension(path) == "lock"
}

/// Of a README at the top only holders are taken.
pub(super) fn is_readme(path: &str) -> bool {
    parent(path).is_none() && path.to_ascii_lowercase().starts_with("readme")
}

/// READMEs and manuals speak of licences, mostly of other things'.
fn is_page(path: &str) -> bool {
    ["md", "rst", "html", "htm"].contains(&extension(path).as_str())
}

/// The directory of a file; nothing at the top.
pub(super) fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(directory, _)| directory)
}

/// The directory whose content a licence file is about; empty for the whole source.
pub(super) fn home(path: &str) -> String {
    if let Some(root) = vendored_work(path) {
        return root;
    }
    let mut home = parent(path).unwrap_or_default();
    while is_licence_directory(file_name(home)) {
        home = parent(home).unwrap_or_default();
    }
    home.to_owned()
}

/// `NOTICE` files beside a licence: at the top of the source, or of a component.
pub(super) fn notices(heads: &BTreeMap<String, Vec<u8>>, components: &[String]) -> Vec<String> {
    let is_top = |path: &str| {
        parent(path).is_none_or(|directory| components.iter().any(|name| name == directory))
    };
    let is_notice = |path: &&String| {
        let name = file_name(path).to_ascii_uppercase();
        let plain = name
            .trim_end_matches(".TXT")
            .trim_end_matches(".MD")
            .trim_end_matches(".RST");
        plain == "NOTICE" && !is_metadata(path) && is_top(path)
    };
    heads.keys().filter(is_notice).cloned().collect()
}
