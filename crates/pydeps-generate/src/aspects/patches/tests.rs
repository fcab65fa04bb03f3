mod uv_build;
mod versions;

use proptest::prelude::*;

use super::*;
use crate::facts::Release;
use crate::modules;
use pydeps_core::tree::Tree;

/// What bookworm has.
const BOOKWORM: [(&str, &str); 6] = [
    ("setuptools", "66.1.1"),
    ("flit-core", "3.8.0"),
    ("hatchling", "1.12.2"),
    ("meson-python", "0.12.0"),
    ("poetry-core", "1.4.0"),
    ("hatch-vcs", "0.3.0"),
];

/// What trixie has.
const TRIXIE: [(&str, &str); 4] = [
    ("setuptools", "78.1.1"),
    ("flit-core", "3.12.0"),
    ("hatchling", "1.27.0"),
    ("meson-python", "0.17.1"),
];

fn release(files: &[(&str, &str)], requires: &[&str]) -> Release {
    let parsed = requires
        .iter()
        .filter_map(|text| pydeps_core::requirement::parse(text, "").0);
    let release = Release::of_texts(files);
    Release {
        requires: parsed.collect(),
        build: build(&Settings::of(&release.tree)),
        ..release
    }
}

fn form(wheel_in_setuptools: bool) -> SuiteConventions {
    SuiteConventions {
        codename: "bookworm".to_owned(),
        compat: 13,
        standards: "4.6.2".to_owned(),
        not_before: jiff::Timestamp::UNIX_EPOCH,
        priority: true,
        rules_requires_root: true,
        watch: 4,
        common_licences: Vec::new(),
        wheel_in_setuptools,
    }
}

fn patched(release: &Release, versions: &[(&str, &str)]) -> Patched {
    let has = |name: &DistName| {
        let found = versions.iter().find(|(known, _)| *known == name.as_ref());
        found.map(|(_, version)| version.parse().ok())
    };
    let suite = Suite {
        name: "bookworm",
        has: &has,
    };
    let settings = Settings::of(&release.tree);
    let modules = modules::find("foo-bar", &release.tree, &settings);
    let is_new = versions == TRIXIE;
    series(release, &settings, &modules, &form(is_new), &suite)
}

/// The lines that the series takes out and puts in, the patches' names before them, and
/// what is refused at the end. Whatever the case, the patches applied give what the backends
/// are judged by.
#[track_caller]
fn check_release(release: &Release, versions: &[(&str, &str)], expect: &str) {
    let patched = patched(release, versions);
    let mut text = release.tree.exact_text(PYPROJECT).unwrap_or_default();
    let mut shown = String::new();
    for patch in &patched.series {
        shown = shown + patch.name + "\n";
        let (header, difference) = patch.text.split_once("---\n").expect("a header");
        assert!(header.starts_with("Description: ") && header.ends_with("Forwarded: not-needed\n"));
        text = applied(&text, difference);
        let lines = difference.lines().skip(2);
        for line in lines.filter(|line| line.starts_with(['+', '-'])) {
            shown = shown + line + "\n";
        }
    }
    let refused = patched.findings.iter();
    for finding in refused.filter(|one| one.severity == pydeps_core::finding::Severity::Error) {
        shown = shown + "error: " + &finding.message + "\n";
    }
    assert_eq!(shown, expect);
    let settings = Settings::of(&Tree::of_texts(&[(PYPROJECT, &text)]));
    assert_eq!(patched.build, build(&settings), "{text}");
}

/// The same for a pyproject.toml alone.
#[track_caller]
fn check(text: &str, versions: &[(&str, &str)], expect: &str) {
    let files = [(PYPROJECT, text), ("src/foo_bar/__init__.py", "")];
    check_release(&release(&files, &[]), versions, expect);
}

/// A text with a unified difference applied to it, every line of context compared.
#[track_caller]
fn applied(text: &str, difference: &str) -> String {
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let (mut at, mut new) = (0, String::new());
    let lines: Vec<&str> = difference.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate().skip(2) {
        let is_cut = lines
            .get(index + 1)
            .is_some_and(|next| next.starts_with('\\'));
        let body = &line[1..line.len() - usize::from(is_cut)];
        if let Some(hunk) = line.strip_prefix("@@ -") {
            let start = hunk.split([',', ' ']).next().expect("a start");
            let start: usize = start.parse().expect("a number");
            let next = start.saturating_sub(1);
            new.extend(old[at..next].iter().copied());
            at = next;
        } else if line.starts_with([' ', '-']) {
            assert_eq!(old[at], body);
            at += 1;
            new += if line.starts_with(' ') { body } else { "" };
        } else if line.starts_with('+') {
            new += body;
        }
    }
    new + &old[at..].concat()
}

const SETUPTOOLS: &str = "[build-system]
requires = ['setuptools>=77']
build-backend = 'setuptools.build_meta'

[project]
name = \"foo-bar\"
license = \"MIT\" # for all
license-files = [\"LICENSE\", \"vendor/*\"]
version = '1'
";

#[test]
fn an_older_pytest() {
    let text = "[tool.pytest.ini_options]\nminversion = \"8.4\"\ntestpaths = [\"tests\"]\n";
    let patch = "any-pytest.patch\n-minversion = \"8.4\"\n";
    check(text, &[("pytest", "8.3.5")], patch);
    check(text, &[("pytest", "8.4.0")], "");
    check(text, &[], "");
    check(
        "[tool.pytest]\nini_options = 1\n",
        &[("pytest", "8.3.5")],
        "",
    );
}

#[test]
fn licences() {
    check(SETUPTOOLS, &TRIXIE, "");
    check(
        SETUPTOOLS,
        &BOOKWORM,
        "licence-fields.patch
-license = \"MIT\" # for all
-license-files = [\"LICENSE\", \"vendor/*\"]
+license = { text = \"MIT\" } # for all
+
+[tool.setuptools]
+license-files = [
+    \"LICENSE\",
+    \"vendor/*\",
+]
",
    );
}

#[test]
fn a_licence_that_the_backend_understands() {
    let table = "[project]\nlicense = {text = 'MIT'}\nversion = '1'\nname = 'foo-bar'\n";
    check(table, &BOOKWORM, "");
    let poetry =
        "[build-system]\nrequires = ['poetry-core']\nbuild-backend = 'poetry.core.masonry.api'\n";
    check(
        &(poetry.to_owned() + "[project]\nlicense = 'MIT'\n"),
        &BOOKWORM,
        "",
    );
}

#[test]
fn a_list_of_files_alone() {
    let meson = "[build-system]\nrequires = ['meson-python']\nbuild-backend = 'mesonpy'\n[project]\ndynamic = ['version']\nlicense-files = ['LICENSE']\n";
    check(
        meson,
        &TRIXIE,
        "licence-fields.patch\n-license-files = ['LICENSE']\n",
    );
    let dynamic = "[project]\nlicense = 'MIT'\ndynamic = ['license-files', 'version']\n";
    check(
        dynamic,
        &BOOKWORM,
        "licence-fields.patch
-license = 'MIT'
-dynamic = ['license-files', 'version']
+license = { text = 'MIT' }
+dynamic = ['version']
",
    );
}

const HATCHLING: &str = "[build-system]
requires = ['hatchling']
build-backend = 'hatchling.build'
";

#[test]
fn lists_for_hatchling() {
    let text = "[project]
license = 'MIT'
license-files = ['LICENSE']
classifiers = [
  'Programming Language :: Python :: 3.14',
]
name = 'foo-bar'
";
    let hatchling = HATCHLING.to_owned() + text;
    check(&hatchling, &TRIXIE, "");
    check(
        &hatchling,
        &BOOKWORM,
        "licence-fields.patch
-license-files = ['LICENSE']
+license-files = { globs = ['LICENSE'] }
drop-classifiers.patch
-classifiers = [
-  'Programming Language :: Python :: 3.14',
-]
",
    );
}

#[test]
fn names_to_import() {
    let text = "[project]
name = 'foo-bar'
import-names = ['foo_bar']
import-namespaces = []
dynamic = ['version']
";
    check(
        text,
        &TRIXIE,
        "drop-import-names.patch
-import-names = ['foo_bar']
-import-namespaces = []
",
    );
    check(text, &[("setuptools", "83.0.0")], "");
    check(&(HATCHLING.to_owned() + text), &TRIXIE, "");
}

#[test]
fn line_ends_stay() {
    let dos = "[project]\r\nname = 'foo-bar'\r\nlicense = 'MIT'\r\nversion = '1'";
    check(
        dos,
        &BOOKWORM,
        "licence-fields.patch\n-license = 'MIT'\n+license = { text = 'MIT' }\n",
    );
    let text = "[project]\r\nlicense = 'MIT'\ndescription = '''a\r\nb\n'''\r\n";
    let patched = patched(&release(&[(PYPROJECT, text)], &[]), &BOOKWORM);
    let difference = patched.series[0]
        .text
        .split_once("---\n")
        .expect("a header")
        .1;
    let expect = "[project]\r\nlicense = { text = 'MIT' }\r\ndescription = '''a\r\nb\n'''\r\n";
    assert_eq!(applied(text, difference), expect);
}

#[test]
fn packages() {
    let text = "[project]\nname = 'x'\n";
    let files = [
        (PYPROJECT, text),
        ("foo/__init__.py", ""),
        ("baz/__init__.py", ""),
    ];
    let expect = "name-packages.patch
+
+[tool.setuptools.packages.find]
+include = [
+    \"baz*\",
+    \"foo*\",
+]
";
    check_release(&release(&files, &[]), &BOOKWORM, expect);
    check_release(&release(&files, &[]), &TRIXIE, "");
    let files = [
        (PYPROJECT, "[tool.setuptools]\nzip-safe = false"),
        ("foo_bar.py", ""),
    ];
    let expect = "name-packages.patch
-zip-safe = false
+zip-safe = false
+py-modules = [
+    \"foo_bar\",
+]
";
    check_release(&release(&files, &[]), &BOOKWORM, expect);
}

#[test]
fn what_cannot_be_read_is_left_alone() {
    check("[project\nlicense = 'MIT'", &BOOKWORM, "");
    check("[project]\nlicense = 'MIT'\rversion = '1'\n", &BOOKWORM, "");
    check("project = 'x'\n[tool]\nsetuptools = 1\n", &BOOKWORM, "");
}

proptest! {
    #[test]
    fn a_difference_applied(old in "([a-c]{0,2}(\n|\r\n)){0,9}[a-c]?", new in "([a-c]{0,2}(\n|\r\n)){0,9}[a-c]?") {
        let difference = difference::unified("f", &old, &new);
        prop_assert_eq!(applied(&old, &difference), new);
    }

    #[test]
    fn no_line_end_is_changed(old in "([a-c]{0,2}(\n|\r\n)){0,9}[a-c]?") {
        let edited = old.replace('\r', "");
        prop_assert_eq!(difference::with_line_ends(&old, &edited), old);
    }
}
