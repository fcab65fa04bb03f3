//! What of a release is compiled: extension modules in C, C++ or Cython, and what
//! compiling them takes of the suite.

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;
use pydeps_core::purpose::Purpose;
use pydeps_python::source::{Call, Source};

use crate::aspects::build_downloads;
use crate::facts::{ArchiveQueries, Release};
use crate::settings::Settings;
use includes::includes;
use pydeps_core::tree::{Tree, has_suffix};

mod includes;
mod named;

/// The compiled part of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compiled {
    /// Whether there is any.
    pub any: bool,
    /// The extension modules that the source names and always builds, dotted.
    pub modules: Vec<String>,
    /// `Build-Depends` for it.
    pub build_depends: Vec<String>,
    /// C files that Cython has written and is to write again.
    pub regenerated: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

const SOURCES: [&str; 10] = [
    ".c", ".cc", ".cpp", ".cxx", ".pyx", ".f", ".f90", ".cu", ".m", ".s",
];
const HEADERS: [&str; 8] = [".h", ".hh", ".hpp", ".hxx", ".inc", ".pxd", ".tpp", ".ipp"];

/// Packages that every compiler brings.
const TOOLCHAIN: [&str; 5] = [
    "libc6-dev",
    "linux-libc-dev",
    "libgcc-",
    "libstdc++-",
    "libpython3",
];

/// Finds what is compiled.
pub fn find(release: &Release, settings: &Settings, archive: &dyn ArchiveQueries) -> Compiled {
    let tree = &release.tree;
    let mut all = release.trees().flat_map(|(_, tree)| tree.paths());
    let native = all.any(|path| has_suffix(path, &SOURCES));
    if !native || !declares(release, settings) {
        return Compiled::default();
    }
    let mut compiled = Compiled {
        any: true,
        modules: named::modules(&settings.setup_py),
        ..Compiled::default()
    };
    let mut packages = BTreeSet::new();
    for header in included(release) {
        packages.extend(by_header(&header, archive).map(|package| package.to_string()));
    }
    compiled.findings.extend(build_downloads::findings(release));
    if tree.has("CMakeLists.txt") {
        packages.extend(["cmake".to_owned(), "ninja-build".to_owned()]);
    }
    packages.extend(run(&settings.setup_py).map(str::to_owned));
    compiled.findings.extend(missing_headers(release, archive));
    for (kind, name) in asked_by_name(tree, settings) {
        match by_name(&kind, &name, archive) {
            Some(package) => drop(packages.insert(package.to_string())),
            None => compiled.findings.push(unknown(&kind, &name)),
        }
    }
    compiled.build_depends = packages.into_iter().collect();
    compiled.regenerated = regenerated(release);
    compiled
}

/// The packages of the programs that a setup.py runs, as far as it quotes their names.
fn run(setup_py: &Source) -> impl Iterator<Item = &'static str> {
    const PROGRAMS: [(&str, &str); 4] = [
        ("cmake", "cmake"),
        ("meson", "meson"),
        ("ninja", "ninja-build"),
        ("swig", "swig"),
    ];
    let quotes = |name: &str| setup_py.texts().any(|text| text == name);
    let found = PROGRAMS.into_iter().filter(move |(name, _)| quotes(name));
    found.map(|(_, package)| package)
}

/// Whether anything says that extension modules are built.
fn declares(release: &Release, settings: &Settings) -> bool {
    let backend = release.build.backend.as_deref().unwrap_or_default();
    let words = ["ext_modules", "cffi_modules", "CMakeExtension", "build_ext"];
    let script = &settings.setup_py;
    let is_builder =
        |name: &str| matches!(name, "cythonize" | "mypycify") || name.ends_with("Extension");
    let asks = |name: &str| {
        release
            .build
            .requires
            .iter()
            .any(|one| one.name.as_ref() == name)
    };
    words.iter().any(|word| script.mentions(word))
        || script.calls().any(|(call, _)| is_builder(call.name()))
        || settings
            .item(&["tool", "setuptools", "ext-modules"])
            .is_some()
        || backend.starts_with("scikit_build_core")
        || backend.starts_with("sipbuild")
        || (backend.starts_with("mesonpy") && meson_compiles(&release.tree))
        || asks("cython")
        || asks("hatch-cython")
        || settings.item(&["tool", "poetry", "build"]).is_some()
        || settings
            .table(&["tool", "pdm", "build"])
            .is_some_and(|table| table.contains_key("custom-hook"))
}

/// Whether `meson.build` names a language that is compiled.
fn meson_compiles(tree: &Tree) -> bool {
    let text = tree.text("meson.build").unwrap_or_default();
    ["'c'", "'cpp'", "'cython'", "'fortran'", "extension_module"]
        .iter()
        .any(|word| text.contains(word))
}

/// The headers that are included, or by Cython's `extern from`, as far as the source does not
/// have them itself. What the work of others may include, its own build decides.
fn included(release: &Release) -> BTreeSet<String> {
    let mut headers = BTreeSet::new();
    for (path, member) in release.tree.members() {
        let is_source = has_suffix(path, &SOURCES) || has_suffix(path, &HEADERS);
        let purpose = Purpose::of(path);
        if !is_source || purpose.is_for_development() {
            continue;
        }
        let text = String::from_utf8_lossy(&member.bytes);
        let foreign = purpose.vendored || purpose.bundled;
        let all = includes(&text).into_iter();
        let all = all.filter(|one| one.always || !foreign);
        headers.extend(all.map(|one| one.header.to_owned()));
    }
    headers.retain(|header| !has_header(release, header));
    headers
}

/// Whether the release has a header itself, or one of its components has it.
fn has_header(release: &Release, header: &str) -> bool {
    let suffix = format!("/{header}");
    let mut paths = release.trees().flat_map(|(_, tree)| tree.paths());
    paths.any(|path| path == header || path.ends_with(&suffix))
}

/// Headers of libraries (`<dir/name.h>`) that a source includes whatever the platform, and
/// that neither the source nor any package of the suite has.
fn missing_headers(release: &Release, archive: &dyn ArchiveQueries) -> Vec<Finding> {
    let mut missing = BTreeSet::new();
    for (path, member) in release.tree.members() {
        let lower = path.to_lowercase();
        let elsewhere = [
            "win", "darwin", "osx", "mac", "sunos", "solaris", "bsd", "aix",
        ];
        if !has_suffix(path, &[".c", ".cc", ".cpp", ".cxx"])
            || elsewhere.iter().any(|word| lower.contains(word))
            || Purpose::of(path).is_for_development()
        {
            continue;
        }
        missing.extend(unconditional(&String::from_utf8_lossy(&member.bytes)));
    }
    let nowhere =
        |header: &String| !has_header(release, header) && archive.header(header).is_empty();
    missing
        .into_iter()
        .filter(nowhere)
        .map(|header| no_header(&header))
        .collect()
}

fn no_header(header: &str) -> Finding {
    let message = format!("the build needs the header {header}, which no package of the suite has");
    Finding::error("header-missing", message)
        .with_hint("package that library first, and give it with --local, or take a newer suite")
}

/// The headers of libraries that stand outside of any `#if`.
fn unconditional(text: &str) -> BTreeSet<String> {
    let all = includes(text)
        .into_iter()
        .filter(|one| one.always && one.angled);
    let all = all.filter(|one| is_of_library(one.header));
    all.map(|one| one.header.to_owned()).collect()
}

/// A header in a directory that is neither the system's nor a Python package's.
fn is_of_library(header: &str) -> bool {
    let others = [
        "sys",
        "numpy",
        "pybind11",
        "nanobind",
        "linux",
        "arpa",
        "net",
        "netinet",
        "bits",
        "asm",
        "experimental",
        "tr1",
        "mach",
        "objc",
        "windows",
        "torch",
        "ATen",
        "c10",
        "cuda",
    ];
    let top = header.split_once('/').map(|(top, _)| top);
    header.ends_with('h') && top.is_some_and(|top| !others.contains(&top))
}

/// The package that a header comes from; `None` for what every compiler has and for what
/// is nowhere, as many includes are for other systems.
fn by_header(header: &str, archive: &dyn ArchiveQueries) -> Option<DebName> {
    let packages = archive.header(header);
    let of_toolchain = |name: &DebName| {
        TOOLCHAIN
            .iter()
            .any(|prefix| name.as_str().starts_with(prefix))
    };
    if packages.iter().any(of_toolchain) || packages.len() > 3 {
        return None;
    }
    let is_dev = |name: &&DebName| name.as_str().ends_with("-dev");
    let mut devs: Vec<&DebName> = packages.iter().filter(is_dev).collect();
    devs.sort_by_key(|name| (name.as_str().len(), name.as_str()));
    devs.first().map(|name| (*name).clone())
}

/// What is asked for by pkg-config's or cmake's name.
fn asked_by_name(tree: &Tree, settings: &Settings) -> BTreeSet<(String, String)> {
    let mut asked = BTreeSet::new();
    for (path, _) in tree.members() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let vendored = path.matches('/').count() > 1;
        let text = match name {
            "CMakeLists.txt" | "meson.build" if !vendored => tree.text(path).unwrap_or_default(),
            _ => continue,
        };
        let (kind, calls): (_, &[&str]) = match name {
            "meson.build" => ("pkg-config", &["dependency("]),
            _ => ("cmake", &["find_package("]),
        };
        for call in calls {
            let names = text
                .match_indices(call)
                .filter_map(|(at, _)| word(&text[at + call.len()..]));
            asked.extend(names.map(|name| (kind.to_owned(), name.to_owned())));
        }
        let modules = text
            .match_indices("pkg_check_modules(")
            .filter_map(|(at, call)| text[at + call.len()..].split(')').next());
        for list in modules {
            let words = list.split_whitespace().skip(1);
            let names =
                words.filter(|word| !matches!(*word, "REQUIRED" | "QUIET" | "IMPORTED_TARGET"));
            asked.extend(
                names
                    .filter_map(word)
                    .map(|name| ("pkg-config".to_owned(), name.to_owned())),
            );
        }
    }
    let is_asked = |call: &Call| {
        call.function.ends_with("pkgconfig.parse") || call.function.ends_with("pkg_config")
    };
    let calls = settings.setup_py.calls().filter(|(call, _)| is_asked(call));
    let names = calls.filter_map(|(call, _)| call.arguments.first()?.value.text());
    asked.extend(names.map(|name| ("pkg-config".to_owned(), name.to_owned())));
    asked.retain(|(_, name)| !is_of_build(name));
    asked
}

/// What comes with Python, the compiler or the build system.
fn is_of_build(name: &str) -> bool {
    let lower = name.to_lowercase();
    let own = [
        "python",
        "python3",
        "threads",
        "numpy",
        "pybind11",
        "nanobind",
        "cython",
        "openmp",
        "pythoninterp",
        "pythonlibs",
        "skbuild",
        "pythonextensions",
        "git",
        "pkgconfig",
        "f2py",
        "unixcommands",
        "sanitizers",
        "m",
        "dl",
    ];
    own.contains(&lower.as_str())
}

/// The first word of a call's arguments.
fn word(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches(['\'', '"']);
    let end = text.find(|c: char| !(c.is_alphanumeric() || "._+-".contains(c)));
    let word = &text[..end.unwrap_or(text.len())];
    (!word.is_empty()).then_some(word)
}

fn by_name(kind: &str, name: &str, archive: &dyn ArchiveQueries) -> Option<DebName> {
    let mut packages = match kind {
        "cmake" => archive.cmake(name),
        _ => archive.pkg_config(name),
    };
    packages.extend(archive.pkg_config(&name.to_lowercase()));
    let is_dev = |package: &&DebName| package.as_str().ends_with("-dev");
    packages.iter().find(is_dev).or(packages.first()).cloned()
}

fn unknown(kind: &str, name: &str) -> Finding {
    let message = format!("the build asks {kind} for `{name}`, which no package of the suite has");
    Finding::warning("library-unknown", message)
        .with_hint("add the -dev package to Build-Depends if the build needs it")
}

/// C files beside a `.pyx`, where Cython is there to write them anew.
fn regenerated(release: &Release) -> Vec<String> {
    let cython = release
        .build
        .requires
        .iter()
        .any(|one| one.name.as_ref() == "cython");
    let sources = release
        .tree
        .paths()
        .filter_map(|path| path.strip_suffix(".pyx"));
    let written = sources.flat_map(|stem| [format!("{stem}.c"), format!("{stem}.cpp")]);
    let by_cython = |path: &String| {
        release
            .tree
            .text(path)
            .is_some_and(|text| text.starts_with("/* Generated by Cython"))
    };
    written.filter(|path| cython && by_cython(path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_setup_py() {
        let check = |text, expect: &[&str]| {
            assert_eq!(run(&Source::parse(text)).collect::<Vec<_>>(), expect);
        };
        check("subprocess.run([\"cmake\", *args])", &["cmake"]);
        check(
            "call(['swig', '-python'])\ncall([\"ninja\"])",
            &["ninja-build", "swig"],
        );
        check("# needs cmake\nargs = '-DCMAKE_BUILD_TYPE'", &[]);
    }

    #[test]
    fn headers_of_components_are_there() {
        let release = Release::of_texts(&[("a.cpp", "#include <thing/a.h>\n#include <b.h>\n")]);
        assert_eq!(included(&release).len(), 2);
        let release = release.with_component("thing", &[("include/thing/a.h", "")]);
        assert_eq!(Vec::from_iter(included(&release)), ["b.h"]);
    }
}
