//! Scripts and style sheets that nobody can edit: they are minified, and what they were made
//! from is not in the release. Debian wants that source (DFSG 2; lintian:
//! source-is-missing).

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;
use pydeps_core::purpose::Purpose;

use pydeps_core::tree::{Tree, has_suffix};

/// Nobody writes a line of so many bytes.
const LINE: usize = 2000;

/// How many files are named.
const SHOWN: usize = 3;

/// What to say of such files; `has` tells whether the suite has a package.
pub fn find(tree: &Tree, has: &dyn Fn(&str) -> bool) -> Option<Finding> {
    let names: BTreeSet<&str> = tree.paths().map(file_name).collect();
    let members = tree
        .members()
        .filter(|(path, _)| has_suffix(path, &[".js", ".css"]));
    let minified = members.filter(|(path, member)| {
        let is_named = stem(path).is_some();
        let source =
            stem(path).is_some_and(|(stem, end)| names.contains(format!("{stem}{end}").as_str()));
        !source && (is_named || is_one_line(&member.bytes))
    });
    let mut paths: Vec<&str> = minified.map(|(path, _)| path).collect();
    paths.sort_by_key(|path| Purpose::of(path).is_for_development());
    let shown = paths
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    let files = match paths.len() {
        0 => return None,
        1 => format!("{shown} is minified, and its source is"),
        2..=SHOWN => format!("{shown} are minified, and their sources are"),
        more => format!(
            "{shown} and {} more are minified, and their sources are",
            more - SHOWN
        ),
    };
    let packages: BTreeSet<String> = paths.iter().filter_map(|path| package(path, has)).collect();
    let message = format!("{files} not in the release (DFSG 2; lintian: source-is-missing)");
    Some(Finding::warning("source-missing", message).with_hint(hint(&packages)))
}

fn hint(packages: &BTreeSet<String>) -> String {
    let sources = "put the sources into debian/missing-sources/";
    if packages.is_empty() {
        return format!("{sources}, or repack the tarball without them (+ds)");
    }
    let packages = packages.iter().cloned().collect::<Vec<_>>().join(", ");
    format!(
        "{sources}; or depend on {packages}, and put links to their files in the place of these"
    )
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// `bootstrap` and `.js`, of `bootstrap.min.js`; nothing where a name does not say so.
fn stem(path: &str) -> Option<(&str, &str)> {
    let name = file_name(path);
    let (before, end) = name.split_at(name.rfind('.')?);
    let stem = before
        .strip_suffix(".min")
        .or_else(|| before.strip_suffix("-min"))?;
    Some((stem, end))
}

fn is_one_line(bytes: &[u8]) -> bool {
    bytes
        .split(|byte| *byte == b'\n')
        .any(|line| line.len() > LINE)
}

/// The package of a script: `libjs-jquery` for `jquery-3.6.4.min.js`.
fn package(path: &str, has: &dyn Fn(&str) -> bool) -> Option<String> {
    let name = file_name(path).to_lowercase();
    let plain = name.strip_suffix(".js")?;
    let plain = [".min", "-min", ".bundle"]
        .iter()
        .fold(plain, |plain, end| plain.strip_suffix(end).unwrap_or(plain));
    let is_version = |at: &usize| plain[at + 1..].starts_with(|c: char| c.is_ascii_digit());
    let version = plain
        .match_indices(['-', '.'])
        .map(|(at, _)| at)
        .find(is_version);
    let package = format!(
        "libjs-{}",
        plain[..version.unwrap_or(plain.len())].replace(['.', '_'], "-")
    );
    has(&package).then_some(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &[&str]) {
        let found = find(&Tree::of_texts(files), &|name| name == "libjs-jquery");
        let text =
            found.map(|found| format!("{}; {}", found.message, found.hint.unwrap_or_default()));
        let text = text.unwrap_or_default();
        assert!(expect.iter().all(|part| text.contains(part)), "{text}");
        assert_eq!(text.is_empty(), expect.is_empty(), "{text}");
    }

    #[test]
    fn what_has_a_source_is_not_told() {
        check(&[("a.js", "x"), ("m/a.min.js", "x"), ("b.py", "x")], &[]);
        check(&[("a.css", "x\n".repeat(3000).as_str())], &[]);
    }

    #[test]
    fn what_has_none_is() {
        check(
            &[("s/jquery-3.6.4.min.js", "x")],
            &["s/jquery-3.6.4.min.js is ", "libjs-jquery"],
        );
        check(&[("a.min.css", "x")], &["a.min.css", "+ds"]);
        let long = "x".repeat(3000);
        check(&[("bundle.js", long.as_str())], &["bundle.js is"]);
        let many =
            ["a.min.js", "b.min.js", "c.min.js", "d.min.js", "e.min.js"].map(|path| (path, ""));
        check(&many, &["a.min.js, b.min.js, c.min.js and 2 more are"]);
    }
}
