//! Options for debhelper's commands, for those who call them in override targets.
//!
//! `-X ITEM` is a part of a path, not a pattern, in all of these commands (debhelper(7)).

use std::collections::BTreeSet;

use crate::judge::Class;
use crate::record::{Entry, Record};
use crate::rules::Rules;

/// A command of debhelper's that does something to ELF files, or to the files around them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// dh_strip(1)
    Strip,
    /// dh_dwz(1)
    Dwz,
    /// dh_makeshlibs(1)
    Makeshlibs,
    /// dh_shlibdeps(1)
    Shlibdeps,
    /// dh_strip_nondeterminism(1p)
    StripNondeterminism,
    /// dh_python3(1)
    Python3,
}

impl Tool {
    /// Each with its name.
    pub const NAMES: [(&'static str, Self); 6] = [
        ("dh_strip", Self::Strip),
        ("dh_dwz", Self::Dwz),
        ("dh_makeshlibs", Self::Makeshlibs),
        ("dh_shlibdeps", Self::Shlibdeps),
        ("dh_strip_nondeterminism", Self::StripNondeterminism),
        ("dh_python3", Self::Python3),
    ];

    /// The command of that name.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, tool)| *tool)
    }
}

/// The options by which a tool leaves the foreign files of one package alone: as exact as
/// the record, or, where nothing is recorded yet, what the packager has declared.
pub fn options(tool: Tool, package: &str, rules: &Rules, record: Option<&Record>) -> Vec<String> {
    let nothing = Record::new(Vec::new());
    let files = &record.unwrap_or(&nothing).files;
    let whole = || rules.trees().iter().map(|tree| format!("-X{tree}/"));
    match tool {
        Tool::Python3 if !rules.trees().is_empty() => vec![format!("-N{package}")],
        Tool::Python3 => renamed(files),
        Tool::StripNondeterminism => {
            let archives = files
                .iter()
                .filter(|e| e.is_held() && e.path.ends_with(".a"));
            let outside = archives.filter(|e| rules.tree_of(&e.path).is_none());
            whole()
                .chain(outside.map(|e| format!("-X{}", e.path)))
                .collect()
        }
        Tool::Strip | Tool::Dwz | Tool::Makeshlibs => excluded(files, rules),
        Tool::Shlibdeps => {
            let mut options = excluded(files, rules);
            options.extend(search(files));
            options
        }
    }
}

/// A tree in which nothing was linked here is left out as a whole.
fn excluded(files: &[Entry], rules: &Rules) -> Vec<String> {
    let has_local = |tree: &str| {
        let mut local = files.iter().filter(|e| e.class == Class::Local);
        local.any(|e| rules.tree_of(&e.path) == Some(tree))
    };
    let (whole, mixed): (Vec<&String>, Vec<&String>) =
        rules.trees().iter().partition(|tree| !has_local(tree));
    let single = files.iter().filter(|e| {
        let tree = rules.tree_of(&e.path);
        e.is_held() && tree.is_none_or(|tree| mixed.iter().any(|m| *m == tree))
    });
    let whole = whole.iter().map(|tree| format!("-X{tree}/"));
    whole
        .chain(single.map(|e| format!("-X{}", e.path)))
        .collect()
}

/// dh_python3 takes a library `NAME.so` for an extension module and renames it.
fn renamed(files: &[Entry]) -> Vec<String> {
    let mut names = files.iter().filter(|e| e.is_held()).map(Entry::file_name);
    match names.any(|name| name.starts_with("lib") && name.ends_with(".so")) {
        true => vec!["--no-ext-rename".to_owned()],
        false => Vec::new(),
    }
}

/// Where modules that were linked here find libraries that came ready-made.
fn search(files: &[Entry]) -> Option<String> {
    let held = files.iter().filter(|e| e.is_held());
    let libraries =
        held.filter(|e| e.file_name().starts_with("lib") && e.file_name().contains(".so"));
    let directories: BTreeSet<&str> = libraries
        .filter_map(|e| Some(e.path.rsplit_once('/')?.0))
        .collect();
    let list: Vec<String> = directories.iter().map(|d| format!("/{d}")).collect();
    (!list.is_empty()).then(|| format!("-l{}", list.join(":")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::entry;

    #[track_caller]
    fn check(tool: &str, tree: &str, files: &[(&str, Class)], expect: &[&str]) {
        let words: Vec<String> = tree.split_whitespace().map(str::to_owned).collect();
        let rules = Rules::read([(1, words.as_slice())]).unwrap();
        let files = files.iter().map(|(path, class)| entry(path, "", *class));
        let record = Record::new(files.collect());
        let tool = Tool::named(tool).unwrap();
        assert_eq!(options(tool, "app", &rules, Some(&record)), expect);
    }

    use Class::{Foreign, Local};

    #[test]
    fn single_files() {
        let files = [
            ("a/x.libs/liby.so", Foreign),
            ("a/m.so", Foreign),
            ("a/n.so", Local),
        ];
        let both = ["-Xa/m.so", "-Xa/x.libs/liby.so"];
        check("dh_strip", "", &files, &both);
        check("dh_makeshlibs", "", &files, &both);
        check(
            "dh_shlibdeps",
            "",
            &files,
            &[both[0], both[1], "-l/a/x.libs"],
        );
        check("dh_python3", "", &files, &["--no-ext-rename"]);
        check("dh_python3", "", &files[1..], &[]);
        check("dh_strip_nondeterminism", "", &files, &[]);
    }

    #[test]
    fn archives() {
        let files = [("a/libm.a", Foreign), ("a/libn.a", Local)];
        check("dh_strip_nondeterminism", "", &files, &["-Xa/libm.a"]);
    }

    #[test]
    fn trees() {
        let files = [("opt/x/m.so", Foreign), ("a/n.so", Foreign)];
        let tree = "tree opt/x";
        check("dh_dwz", tree, &files, &["-Xopt/x/", "-Xa/n.so"]);
        check("dh_python3", tree, &files, &["-Napp"]);
        check("dh_strip_nondeterminism", tree, &files, &["-Xopt/x/"]);
        let mixed = [("opt/x/m.so", Foreign), ("opt/x/n.so", Local)];
        check("dh_strip", tree, &mixed, &["-Xopt/x/m.so"]);
    }

    #[test]
    fn before_anything_is_recorded() {
        let words = ["tree".to_owned(), "opt/x".to_owned()];
        let rules = Rules::read([(1, words.as_slice())]).unwrap();
        let found = options(Tool::Strip, "app", &rules, None);
        assert_eq!(found, ["-Xopt/x/"]);
    }
}
