//! No address of a package index or of a Debian mirror, and no path of the machine
//! that somebody worked on, is written anywhere in the repository: the user's own
//! configuration says where to go.
//!
//! The names are put together from parts, so that this file passes its own test.

use std::path::Path;

use crate::report::{Complaint, at, expect_none};
use crate::tree::{Source, root, sources};

/// Domains whose hosts are mirrors unless they are known to be something else.
const DEBIAN: &[[&str; 2]] = &[["debian", "org"], ["debian", "net"]];

/// Hosts of those domains that serve documents, code or redirections.
const DEBIAN_ALLOWED: &[&str] = &[
    "www",
    "bugs",
    "dep-team.pages",
    "lintian",
    "lists",
    "manpages",
    "packages",
    "pypi",
    "qa",
    "salsa",
    "sources",
    "tracker",
    "wiki",
];

/// Other hosts, in parts.
const FORBIDDEN: &[&[&str]] = &[
    &["pypi", "org"],
    &["pypi", "python", "org"],
    &["pythonhosted", "org"],
    &["devpi", "net"],
    &["index", "crates", "io"],
    &["static", "crates", "io"],
    &["registry", "npmjs", "org"],
    &["registry", "yarnpkg", "com"],
    &["conda", "anaconda", "org"],
    &["archive", "ubuntu", "com"],
    &["proxy", "golang", "org"],
];

/// Beginnings of paths on somebody's machine, in parts joined by `/`.
const HOMES: &[[&str; 2]] = &[["", "home"], ["", "Users"], ["", "root"]];

/// cargo writes the registry's address into this file itself.
const EXEMPT: &[&str] = &["Cargo.lock"];

/// What must not be found, put together.
struct Forbidden {
    hosts: Vec<String>,
    debian: Vec<String>,
    paths: Vec<String>,
}

impl Forbidden {
    fn new(checkout: &Path) -> Self {
        let homes = HOMES.iter().map(|parts| parts.join("/") + "/");
        // A checkout directly below the root would forbid an ordinary word.
        let deep = checkout.components().count() > 2;
        let here = deep.then(|| checkout.display().to_string());
        Self {
            hosts: FORBIDDEN.iter().map(|parts| parts.join(".")).collect(),
            debian: DEBIAN.iter().map(|parts| parts.join(".")).collect(),
            paths: homes.chain(here).collect(),
        }
    }

    /// What is wrong with one line.
    fn in_line(&self, line: &str) -> Option<String> {
        let host = words(&line.to_lowercase()).find_map(|word| self.host(word));
        host.or_else(|| self.path(line))
    }

    fn host(&self, word: &str) -> Option<String> {
        let within = |domain: &String| is_within(word, domain);
        if self.hosts.iter().any(within) || self.is_mirror(word) {
            return Some(format!(
                "`{word}` is the address of an index or a mirror; take it from the configuration"
            ));
        }
        None
    }

    /// A host of Debian's that is not known to be something else.
    fn is_mirror(&self, word: &str) -> bool {
        self.debian.iter().any(|domain| {
            word.strip_suffix(domain.as_str())
                .and_then(|front| front.strip_suffix('.'))
                .is_some_and(|host| !DEBIAN_ALLOWED.contains(&host))
        })
    }

    fn path(&self, line: &str) -> Option<String> {
        let path = self.paths.iter().find(|path| has_path(line, path))?;
        Some(format!(
            "`{path}` is a path of one machine; use a relative one"
        ))
    }
}

/// The host names in a line, and other words with stops in them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
        .map(|word| word.trim_matches('.'))
}

fn is_within(word: &str, domain: &str) -> bool {
    word.strip_suffix(domain)
        .is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// Whether the line has the path, not as the tail of a longer one.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + path.len()..].chars().next();
        let joined = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | '~');
        let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_');
        let ends_in_slash = path.ends_with('/');
        !before.is_some_and(joined) && (!ends_in_slash || after.is_some_and(goes_on))
    })
}

fn complaints(source: &Source, forbidden: &Forbidden) -> Vec<Complaint> {
    let lines = source.text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let text = forbidden.in_line(line)?;
            Some(at(&source.path, index + 1, &text))
        })
        .collect()
}

#[test]
fn no_address_and_no_path_of_a_machine() {
    let forbidden = Forbidden::new(&root());
    let found: Vec<_> = sources()
        .iter()
        .filter(|source| !EXEMPT.contains(&source.path.as_str()))
        .flat_map(|source| complaints(source, &forbidden))
        .collect();
    expect_none(&found);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `line`, with `@` for a stop and `|` for nothing, is complained of.
    /// The signs keep this file from being complained of itself.
    #[track_caller]
    fn check(line: &str, expect: bool) {
        let line = line.replace('@', ".").replace('|', "");
        let forbidden = Forbidden::new(Path::new("/srv/somebody/check-out"));
        let found = complaints(&Source::new("a", &format!("fine\n{line}\n")), &forbidden);
        assert_eq!(!found.is_empty(), expect, "{line}: {found:?}");
        assert!(found.iter().all(|text| text.starts_with("a:2: ")));
    }

    #[test]
    fn package_indexes() {
        check("https://pypi@org/simple/", true);
        check("see PyPI@org.", true);
        check("https://test@pypi@org/", true);
        check("https://files@pythonhosted@org/packages/", true);
        check("https://pypi@python@org/pypi", true);
        check("sparse+https://index@crates@io/", true);
        check("https://registry@npmjs@org/left-pad", true);
        check("https://pypi@example/simple/", false);
        check("PyPI, the Python package index", false);
    }

    #[test]
    fn mirrors() {
        check("deb http://deb@debian@org/debian sid main", true);
        check("http://ftp@de@debian@org/debian", true);
        check("http://security@debian@org/", true);
        check("https://snapshot@debian@org/archive", true);
        check("http://httpredir@debian@org/", true);
        check("http://cloudfront@debian@net/", true);
        check("http://any-other-name@debian@net/", true);
    }

    #[test]
    fn documents_and_redirectors_are_no_mirrors() {
        check(
            "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
            false,
        );
        check("https://pypi.debian.net/copier/", false);
        check(
            "https://bugs.debian.org/1 https://salsa.debian.org/a",
            false,
        );
        check("the domain debian.org itself", false);
    }

    #[test]
    fn paths_of_a_machine() {
        check("/ho|me/somebody/src", true);
        check("PATH=/ro|ot/.cargo/bin", true);
        check("file:///srv/somebody/check-out/Cargo.toml", true);
        check("/srv/somebody/else", false);
        check("debian/home/x usr/home/y", false);
        check("$HOME/.cache", false);
    }
}
