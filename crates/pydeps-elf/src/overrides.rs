//! Lintian's complaints about binaries that nobody can link otherwise here, overridden.
//!
//! The tags are those that a foreign file trips by its facts; all of them are known to the
//! lintian of bookworm, trixie and sid but for those that [`Lintian`] tells apart: an
//! override of an unknown tag is an error (`alien-tag`).

use std::collections::BTreeMap;

use crate::content::{Elf, Kind};

/// Which lintian is going to look at the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lintian {
    /// Up to trixie's, 2.122.
    Trixie,
    /// Later ones: without `library-not-linked-against-libc`.
    Later,
}

impl Lintian {
    /// That of a release by its codename (os-release(5)).
    pub fn of_release(codename: &str) -> Self {
        match codename {
            "bookworm" | "trixie" => Self::Trixie,
            _ => Self::Later,
        }
    }
}

/// How the part of the file that is written here begins and ends.
const BEGIN: &str = "# Begin of what dh_pyelf_restore has written.";
const END: &str = "# End of what dh_pyelf_restore has written.";

/// A tag and why it is no mistake.
type Tag = (&'static str, &'static str);

const SHIPPED: &str = "It came ready-made and is shipped byte for byte.";
const LINKED: &str = "It was linked so by those who made it.";
const BUNDLED: &str = "What came ready-made brings libraries of its own.";

/// The tags of one file; `fits` says whether it is for the package's architecture.
fn tags(path: &str, elf: &Elf, fits: bool, lintian: Lintian) -> Vec<Tag> {
    if elf.damage.is_some() {
        return vec![("elf-error", SHIPPED)];
    }
    if !fits {
        return vec![("binary-from-other-architecture", SHIPPED)];
    }
    let shared = elf.kind == Kind::Shared && !elf.is_static;
    let linked = shared && !elf.needed.is_empty();
    let libc = elf.needed.iter().any(|name| name.starts_with("libc.so."));
    let absolute = elf.search.iter().any(|path| path.starts_with('/'));
    let known = lintian == Lintian::Trixie;
    let all = [
        (elf.has_symbols, ("unstripped-binary-or-object", SHIPPED)),
        (elf.is_static, ("statically-linked-binary", LINKED)),
        (
            shared && !linked,
            ("shared-library-lacks-prerequisites", LINKED),
        ),
        (
            known && linked && !libc,
            ("library-not-linked-against-libc", LINKED),
        ),
        (
            shared && elf.stack.is_none(),
            ("shared-library-lacks-stack-section", LINKED),
        ),
        (
            shared && elf.stack == Some(true),
            ("executable-stack-in-shared-library", LINKED),
        ),
        (absolute, ("custom-library-search-path", LINKED)),
        (
            !elf.is_static && !elf.has_relro,
            ("hardening-no-relro", LINKED),
        ),
        (elf.kind == Kind::Executable, ("hardening-no-pie", LINKED)),
        (
            path.starts_with("usr/share/"),
            ("arch-dependent-file-in-usr-share", SHIPPED),
        ),
    ];
    let said = all.into_iter().filter(|(says, _)| *says);
    said.map(|(_, tag)| tag).collect()
}

/// A foreign file.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its path in the package.
    pub path: &'a str,
    /// Its facts.
    pub elf: &'a Elf,
    /// Whether it is for the package's architecture.
    pub fits: bool,
    /// Whether a library is in it ([`crate::embedded`]).
    pub embeds: bool,
}

/// The lines for some files, one group for each tag.
fn lines(package: &str, files: &[File<'_>], lintian: Lintian) -> String {
    let mut groups: BTreeMap<Tag, Vec<String>> = BTreeMap::new();
    for file in files {
        let path = file.path;
        for tag in tags(path, file.elf, file.fits, lintian) {
            groups.entry(tag).or_default().push(format!("[{path}]"));
        }
        if file.embeds {
            let tag = ("embedded-library", BUNDLED);
            groups.entry(tag).or_default().push(format!("* [{path}]"));
        }
    }
    let mut text = String::new();
    for ((tag, reason), places) in groups {
        text += &format!("# {reason}\n");
        for place in places {
            text += &format!("{package}: {tag} {place}\n");
        }
    }
    text
}

/// The text of an overrides file with the lines for these files, in the place of those of
/// an earlier run; `None` where nothing is to be overridden and nothing was.
pub fn text(package: &str, before: &str, files: &[File<'_>], lintian: Lintian) -> Option<String> {
    let (head, rest) = before.split_once(BEGIN).unwrap_or((before, ""));
    let tail = rest.split_once(END).map_or("", |(_, tail)| tail);
    let own = lines(package, files, lintian);
    let mut text = head.to_owned();
    if !own.is_empty() {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text += &format!("{BEGIN}\n{own}{END}");
        text += if tail.is_empty() { "\n" } else { "" };
    }
    text += match own.is_empty() {
        true => tail.trim_start_matches('\n'),
        false => tail,
    };
    (!text.is_empty() || !before.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf() -> Elf {
        Elf {
            machine: None,
            kind: Kind::Shared,
            soname: None,
            needed: vec!["libc.so.6".to_owned()],
            search: Vec::new(),
            is_static: false,
            has_symbols: false,
            stack: Some(false),
            has_relro: true,
            rearranged: false,
            damage: None,
        }
    }

    #[track_caller]
    fn check(elf: &Elf, fits: bool, lintian: Lintian, expect: &[&str]) {
        let found = tags("usr/lib/m.so", elf, fits, lintian);
        let found: Vec<&str> = found.iter().map(|tag| tag.0).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn facts_and_tags() {
        let later = Lintian::Later;
        check(&elf(), true, later, &[]);
        check(&elf(), false, later, &["binary-from-other-architecture"]);
        let bare = Elf {
            has_symbols: true,
            needed: Vec::new(),
            stack: None,
            has_relro: false,
            ..elf()
        };
        let expect = [
            "unstripped-binary-or-object",
            "shared-library-lacks-prerequisites",
            "shared-library-lacks-stack-section",
            "hardening-no-relro",
        ];
        check(&bare, true, later, &expect);
        let cut = Elf {
            damage: Some(String::new()),
            ..elf()
        };
        check(&cut, true, later, &["elf-error"]);
        let path = Elf {
            search: vec!["$ORIGIN".to_owned(), "/opt/lib".to_owned()],
            stack: Some(true),
            ..elf()
        };
        let expect = [
            "executable-stack-in-shared-library",
            "custom-library-search-path",
        ];
        check(&path, true, later, &expect);
    }

    #[test]
    fn a_tag_that_later_ones_do_not_know() {
        let other = Elf {
            needed: vec!["libm.so.6".to_owned()],
            ..elf()
        };
        let trixie = Lintian::of_release("trixie");
        check(&other, true, trixie, &["library-not-linked-against-libc"]);
        check(&other, true, Lintian::of_release("forky"), &[]);
        check(&other, true, Lintian::of_release(""), &[]);
    }

    #[test]
    fn a_second_run_changes_nothing() {
        let elf = Elf {
            has_symbols: true,
            ..elf()
        };
        let files = [File {
            path: "usr/lib/m.so",
            elf: &elf,
            fits: true,
            embeds: true,
        }];
        for own in ["", "# Mine.\np: some-tag\n"] {
            let once = text("p", own, &files, Lintian::Later).unwrap();
            assert!(once.starts_with(own));
            assert!(
                once.contains("\np: unstripped-binary-or-object [usr/lib/m.so]\n"),
                "{once}"
            );
            assert!(
                once.contains("\np: embedded-library * [usr/lib/m.so]\n"),
                "{once}"
            );
            assert_eq!(text("p", &once, &files, Lintian::Later).unwrap(), once);
            assert_eq!(text("p", &once, &[], Lintian::Later).unwrap(), own);
        }
        assert_eq!(text("p", "", &[], Lintian::Later), None);
    }
}
