//! What the names of files tell.

use std::collections::BTreeMap;

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
    if is_licence_file(path) {
        return WHOLE;
    }
    match BINARY.contains(&extension(path).as_str()) {
        true => 0,
        false => HEAD,
    }
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
    let starts = [
        "licens",
        "licenc",
        "copying",
        "unlicense",
        "copyright",
        "eula",
    ];
    let ends = [
        "-license", "-licence", ".license", ".licence", "_license", "-copying",
    ];
    let stem = name
        .trim_end_matches(".txt")
        .trim_end_matches(".md")
        .trim_end_matches(".rst");
    starts.iter().any(|start| name.starts_with(start))
        || ends.iter().any(|end| stem.ends_with(end))
        || parent(path).is_some_and(|directory| is_licence_directory(file_name(directory)))
}

fn is_licence_directory(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["licenses", "licences", "license", "licence"].contains(&name.as_str())
}

/// Below `*.egg-info` and `*.dist-info` are copies.
fn is_metadata(path: &str) -> bool {
    path.split('/')
        .any(|part| part.ends_with(".egg-info") || part.ends_with(".dist-info"))
}

/// Whether notices in a file count: not in copies, and not in what is only generated.
pub(super) fn counts(path: &str) -> bool {
    !is_metadata(path) && !matches!(path, "PKG-INFO" | "setup.cfg")
}

/// The directory of a file; nothing at the top.
pub(super) fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(directory, _)| directory)
}

/// The directory whose content a licence file is about; empty for the whole source.
pub(super) fn home(path: &str) -> &str {
    let mut home = parent(path).unwrap_or_default();
    while is_licence_directory(file_name(home)) {
        home = parent(home).unwrap_or_default();
    }
    home
}

/// Names of directories that hold the works of others.
const VENDORED: [&str; 15] = [
    "_vendor",
    "_vendored",
    "vendor",
    "vendored",
    "vendored_packages",
    "third_party",
    "thirdparty",
    "third-party",
    "3rdparty",
    "extern",
    "externals",
    "external",
    "bundled",
    "node_modules",
    "_external",
];

/// The work of others that a file is part of: the directory or file in a vendor directory.
pub(super) fn vendored(path: &str) -> Option<&str> {
    let mut end = 0;
    let mut parts = path.split('/');
    while let Some(part) = parts.next() {
        end += part.len() + 1;
        if VENDORED.contains(&part.to_ascii_lowercase().as_str()) {
            let next = parts.next()?;
            return path.get(..end + next.len());
        }
    }
    None
}

/// `NOTICE` files beside a licence.
pub(super) fn notices(heads: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let is_notice = |path: &&String| {
        let name = file_name(path).to_ascii_uppercase();
        let plain = name
            .trim_end_matches(".TXT")
            .trim_end_matches(".MD")
            .trim_end_matches(".RST");
        plain == "NOTICE" && !is_metadata(path) && !path.contains('/')
    };
    heads.keys().filter(is_notice).cloned().collect()
}
