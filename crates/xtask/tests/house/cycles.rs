//! The files of a program do not import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{ItemMod, ItemUse, Path, UseTree, VisRestricted};

use crate::functions::is_for_tests;
use crate::report::{Complaint, expect_none};
use crate::sizes::is_tests;
use crate::tree::{Source, sources};

/// The crates whose files are held to it.
const CRATES: &[&str] = &["dh-pydeps", "pydeps-report"];

/// The path of a module, from the root of its crate.
type Module = Vec<String>;

/// The files of a crate by their modules; the root is the empty path.
struct Modules<'a> {
    files: BTreeMap<Module, &'a Source>,
}

impl<'a> Modules<'a> {
    fn of(name: &str, sources: &'a [Source]) -> Self {
        let top = format!("crates/{name}/src/");
        let of_crate = sources.iter().filter_map(|source| {
            let below = source.path.strip_prefix(&top)?.strip_suffix(".rs")?;
            (!is_tests(&source.path) && below != "main").then(|| (module(below), source))
        });
        Self {
            files: of_crate.collect(),
        }
    }

    /// The module whose file has what a path names.
    fn owner(&self, path: &[String]) -> Option<Module> {
        let lengths = (0..=path.len()).rev();
        let mut prefixes = lengths.map(|length| path[..length].to_vec());
        prefixes.find(|prefix| self.files.contains_key(prefix))
    }

    /// What each module imports of the others.
    fn imports(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |(module, source): (&'_ Module, &&Source)| {
            let file = syn::parse_file(&source.text).expect("Rust, as `functions` checks");
            let mut imports = Imports {
                module,
                modules: self,
                found: BTreeSet::new(),
            };
            imports.visit_file(&file);
            imports.found.remove(module);
            imports.found
        };
        let each = self.files.iter();
        each.map(|entry| (entry.0, of(entry))).collect()
    }
}

/// `a/b` and `a/b/mod` are `a::b`; `lib` is the root.
fn module(below: &str) -> Module {
    let words = below.split('/').filter(|word| *word != "mod");
    let words: Module = words.map(str::to_owned).collect();
    match words.as_slice() {
        [root] if root == "lib" => Module::new(),
        _ => words,
    }
}

/// Collects the modules that one file names, in `use` and elsewhere.
struct Imports<'a> {
    module: &'a Module,
    modules: &'a Modules<'a>,
    found: BTreeSet<Module>,
}

impl Imports<'_> {
    /// Notes what a path names, if that is of this crate.
    fn note(&mut self, words: &[String]) {
        let Some(absolute) = self.absolute(words) else {
            return;
        };
        self.found.extend(self.modules.owner(&absolute));
    }

    /// The path from the root of the crate; `None` for what is of another crate, or local.
    fn absolute(&self, words: &[String]) -> Option<Module> {
        let mut base = self.module.clone();
        let mut rest = words;
        match words.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &rest[1..];
            }
            "self" => rest = &rest[1..],
            "super" => {}
            child => {
                base.push(child.to_owned());
                let is_child = rest.len() > 1 && self.modules.files.contains_key(&base);
                return is_child.then(|| [self.module.as_slice(), rest].concat());
            }
        }
        while rest.first().is_some_and(|word| word == "super") {
            base.pop();
            rest = &rest[1..];
        }
        base.extend_from_slice(rest);
        Some(base)
    }

    fn note_tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.note_tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.note(&with(name.ident.to_string())),
            UseTree::Rename(name) => self.note(&with(name.ident.to_string())),
            UseTree::Glob(_) => self.note(before),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.note_tree(before, tree);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Imports<'_> {
    fn visit_item_use(&mut self, node: &'ast ItemUse) {
        self.note_tree(&[], &node.tree);
    }

    fn visit_path(&mut self, node: &'ast Path) {
        let words = node
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        self.note(&words.collect::<Vec<_>>());
        visit::visit_path(self, node);
    }

    /// `pub(super)` takes nothing from there.
    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}

    fn visit_item_mod(&mut self, node: &'ast ItemMod) {
        if !node.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, node);
        }
    }
}

/// The shortest way from a module back to itself.
fn circle(from: &Module, imports: &BTreeMap<&Module, BTreeSet<Module>>) -> Option<Vec<Module>> {
    let mut ways = vec![vec![from.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in &imports[way.last()?] {
                if next == from {
                    return Some([way, vec![from.clone()]].concat());
                }
                if seen.insert(next.clone()) {
                    longer.push([way.clone(), vec![next.clone()]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

/// One complaint for each circle that has no file of an earlier one.
fn complaints(name: &str, sources: &[Source]) -> Vec<Complaint> {
    let modules = Modules::of(name, sources);
    let imports = modules.imports();
    let mut told: BTreeSet<Module> = BTreeSet::new();
    let mut complaints = Vec::new();
    for module in modules.files.keys() {
        let circle = circle(module, &imports);
        let Some(circle) = circle.filter(|circle| !circle.iter().any(|one| told.contains(one)))
        else {
            continue;
        };
        let path = |module: &Module| modules.files[module].path.clone();
        let paths: Vec<String> = circle.iter().map(path).collect();
        complaints.push(format!(
            "{}; cut the circle: move what both need into a module below them",
            paths.join(" imports ")
        ));
        told.extend(circle);
    }
    complaints
}

#[test]
fn no_file_imports_itself_through_others() {
    let sources = sources();
    let of = |name: &&str| complaints(name, &sources);
    let found: Vec<_> = CRATES.iter().flat_map(of).collect();
    expect_none(&found);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The circles of a crate whose files are given by what stands below `src/`.
    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &[&str]) {
        let source =
            |(below, text): &(&str, &str)| Source::new(&format!("crates/a/src/{below}"), text);
        let sources: Vec<Source> = files.iter().map(source).collect();
        let found = complaints("a", &sources);
        let short = |complaint: &Complaint| {
            let circle = complaint.split(';').next().unwrap_or_default();
            circle.replace("crates/a/src/", "")
        };
        assert_eq!(found.iter().map(short).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn circles_are_found_however_they_are_written() {
        let two = "b.rs imports c.rs imports b.rs";
        check(&[("b.rs", "use crate::c::C;"), ("c.rs", "")], &[]);
        check(
            &[("b.rs", "use crate::c::C;"), ("c.rs", "use crate::b;")],
            &[two],
        );
        check(
            &[("b.rs", "use crate::{c::C};"), ("c.rs", "use super::b::*;")],
            &[two],
        );
        check(
            &[
                ("b.rs", "fn f() { crate::c::f() }"),
                ("c.rs", "use crate::b::B as D;"),
            ],
            &[two],
        );
        check(
            &[
                ("b.rs", "use crate::c::C;"),
                ("c.rs", "use crate::d::D;"),
                ("d.rs", "use crate::b::B;"),
            ],
            &["b.rs imports c.rs imports d.rs imports b.rs"],
        );
    }

    #[test]
    fn a_module_and_its_children() {
        let circle = "b.rs imports b/c.rs imports b.rs";
        check(&[("b.rs", "mod c;"), ("b/c.rs", "use super::B;")], &[]);
        check(
            &[("b.rs", "mod c; use c::C;"), ("b/c.rs", "use super::B;")],
            &[circle],
        );
        check(
            &[
                ("b.rs", "mod c; fn f() { c::f() }"),
                ("b/c.rs", "use super::B;"),
            ],
            &[circle],
        );
        check(
            &[
                ("b/mod.rs", "mod c; use self::c::C;"),
                ("b/c.rs", "use crate::b::B;"),
            ],
            &["b/mod.rs imports b/c.rs imports b/mod.rs"],
        );
    }

    #[test]
    fn what_does_not_count() {
        check(
            &[
                ("b.rs", "mod c; use c::C;"),
                ("b/c.rs", "pub(super) struct C;"),
            ],
            &[],
        );
        check(
            &[
                ("b.rs", "use crate::b::B; use c::D;"),
                ("c.rs", "use crate::b::B;"),
            ],
            &[],
        );
        check(
            &[
                ("b.rs", "use crate::c::C;"),
                ("c.rs", "#[cfg(test)] mod tests { use crate::b::B; }"),
            ],
            &[],
        );
    }
}
