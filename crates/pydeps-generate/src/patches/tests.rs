use proptest::prelude::*;

use super::*;
use crate::facts::Release;
use crate::modules;
use crate::tree::Tree;

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
    let tree = Tree::of_texts(files);
    Release {
        name: "foo-bar".parse().expect("a name"),
        spelled: "foo-bar".to_owned(),
        version: "1.5".parse().expect("a version"),
        uploaded: None,
        filename: "foo_bar-1.5.tar.gz".to_owned(),
        requires: parsed.collect(),
        requires_python: None,
        extras: Vec::new(),
        about: pydeps_core::upstream::About::default(),
        build: build(&Settings::of(&tree)),
        test_groups: Vec::new(),
        tree,
    }
}

fn form(wheel_in_setuptools: bool) -> Form {
    Form {
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

#[test]
fn lists_for_hatchling() {
    let hatchling = "[build-system]
requires = ['hatchling']
build-backend = 'hatchling.build'
[project]
license = 'MIT'
license-files = ['LICENSE']
classifiers = [
  'Programming Language :: Python :: 3.14',
]
name = 'foo-bar'
";
    check(hatchling, &TRIXIE, "");
    check(
        hatchling,
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

/// A project that uv_build builds, with these settings.
fn uv(name: &str, settings: &str) -> String {
    format!(
        "[build-system]
requires = [\"uv_build>=0.9,<0.10\"] # fast
build-backend = \"uv_build\"

[project]
name = \"{name}\"
version = \"1\"

[tool.uv.build-backend]
{settings}

[tool.ruff]
line-length = 99
"
    )
}

/// What is put into its table for hatchling, each on a line, or why nothing is.
#[track_caller]
fn check_uv(name: &str, settings: &str, files: &[&str], expect: &str) {
    let text = uv(name, settings);
    let mut files: Vec<(&str, &str)> = files.iter().map(|path| (*path, "")).collect();
    files.push((PYPROJECT, &text));
    let patched = patched(&release(&files, &[]), &TRIXIE);
    let wheel = ["tool", "hatch", "build", "targets", "wheel"];
    let table = patched.settings.table(&wheel);
    let entry = |(key, item): (&str, &toml_edit::Item)| match item.as_bool() {
        Some(value) => format!("{key} {value}\n"),
        None => {
            let place: Vec<&str> = wheel.into_iter().chain([key]).collect();
            format!("{key} {}\n", patched.settings.texts(&place).join(" "))
        }
    };
    let shown: String = match table {
        Some(table) => table.iter().map(entry).collect(),
        None => patched
            .findings
            .iter()
            .map(|one| one.message.clone() + "\n")
            .collect(),
    };
    assert_eq!(shown, expect);
    assert_eq!(patched.build.backend.as_deref(), Some("hatchling.build"));
    assert_eq!(names(&patched.build.requires), ["hatchling"]);
}

#[test]
fn hatchling_for_uv_build() {
    let text = uv("Foo.Bar", "");
    check(
        &text,
        &TRIXIE,
        "build-with-hatchling.patch
-requires = [\"uv_build>=0.9,<0.10\"] # fast
-build-backend = \"uv_build\"
+requires = [\"hatchling\"] # fast
+build-backend = \"hatchling.build\"
+
+[tool.hatch.build.targets.wheel]
+only-include = [
+    \"src/foo_bar\",
+]
+sources = [
+    \"src\",
+]
+ignore-vcs = true
",
    );
    check(&text, &[("uv-build", "0.8"), ("hatchling", "1.27")], "");
    check(&text, &[("setuptools", "78")], "");
}

#[test]
fn modules_of_uv_build() {
    let inits = [
        "src/foo_bar/__init__.py",
        "src/a/b/__init__.py",
        "lib/PyX/__init__.py",
        "top/x.py",
        "src/foo-stubs/__init__.pyi",
    ];
    let check = |name: &str, settings: &str, expect: &str| {
        check_uv(name, settings, &inits, expect);
    };
    let rest = "sources src\nignore-vcs true\n";
    check("foo-bar", "", &format!("only-include src/foo_bar\n{rest}"));
    check(
        "foo-stubs",
        "",
        &format!("only-include src/foo-stubs\n{rest}"),
    );
    check(
        "x",
        "module-name = 'a.b'\nnamespace = true",
        &format!("only-include src/a/b\n{rest}"),
    );
    check(
        "x",
        "module-name = ['a', 'foo_bar']",
        &format!("only-include src/a src/foo_bar\n{rest}"),
    );
    check(
        "pyx",
        "module-root = './lib'",
        "only-include lib/PyX\nsources lib\nignore-vcs true\n",
    );
    check(
        "top",
        "module-root = ''",
        "only-include top\nignore-vcs true\n",
    );
    check(
        "top",
        "module-root = ''\nsource-exclude = ['*.bin', '/top/x.py']\nwheel-exclude = ['t/**']",
        "only-include top\nexclude **/t/** **/*.bin /top/x.py\nignore-vcs true\n",
    );
}

#[test]
fn what_hatchling_cannot_say() {
    let check = |settings: &str, expect: &str| {
        let expect =
            format!("bookworm has no uv_build, and hatchling cannot take its place: {expect}\n");
        check_uv("foo-bar", settings, &["src/foo_bar/__init__.py"], &expect);
    };
    check(
        "data = { scripts = 'bin' }",
        "it installs data files (`data`)",
    );
    check(
        "[tool.uv.build-backend.data]\ndata = 'd'",
        "it installs data files (`data`)",
    );
    check(
        "module-name = 'other'",
        "there is no module `other` in `src/`",
    );
    check("new = 1", "it sets `new`, which is not known here");
    check(
        "wheel-exclude = ['a\\b']",
        "it excludes `a\\b`, with a backslash",
    );
}

const VERSIONED: &str = "[build-system]
requires = ['hatchling', 'uv_dynamic_versioning>=0.7']
build-backend = 'hatchling.build'

[tool.hatch.version]
source = 'uv-dynamic-versioning'

[tool.uv-dynamic-versioning]
vcs = 'git'

[project]
name = 'foo-bar'
dynamic = ['version', 'dependencies', 'optional-dependencies']

[tool.hatch.metadata.hooks.uv-dynamic-versioning]
dependencies = [
    'six>=1',
    'foo-core=={{ version }}', # its other half
]

[tool.hatch.metadata.hooks.uv-dynamic-versioning.optional-dependencies]
all = ['foo-cli=={{version}}']
";

#[test]
fn versions_of_a_repository() {
    let files = [(PYPROJECT, VERSIONED)];
    let requires = ["six>=1", "foo-core==1.5", "foo-cli==1.5; extra == 'all'"];
    let expect = "write-version.patch
-requires = ['hatchling', 'uv_dynamic_versioning>=0.7']
+requires = ['hatchling']
-
-[tool.hatch.version]
-source = 'uv-dynamic-versioning'
-[tool.uv-dynamic-versioning]
-vcs = 'git'
-
-dynamic = ['version', 'dependencies', 'optional-dependencies']
-
-[tool.hatch.metadata.hooks.uv-dynamic-versioning]
+version = \"1.5\"
-    'foo-core=={{ version }}', # its other half
+    \"foo-core==1.5\", # its other half
-[tool.hatch.metadata.hooks.uv-dynamic-versioning.optional-dependencies]
-all = ['foo-cli=={{version}}']
+[project.optional-dependencies]
+all = [\"foo-cli==1.5\"]
";
    check_release(&release(&files, &requires), &TRIXIE, expect);
    let with = [("uv-dynamic-versioning", "0.8"), ("hatchling", "1.27")];
    check_release(&release(&files, &requires), &with, "");
}

/// Why a project with the plug-in is refused all the same.
#[track_caller]
fn check_refused(text: &str, requires: &[&str], expect: &str) {
    let patched = patched(&release(&[(PYPROJECT, text)], requires), &TRIXIE);
    let messages: Vec<&str> = patched
        .findings
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    let expect = format!(
        "bookworm has no uv-dynamic-versioning, and more than the version comes from it: {expect}"
    );
    assert_eq!(messages, [expect]);
}

#[test]
fn more_than_a_version() {
    check_refused(
        VERSIONED,
        &["six>=1", "foo-core==1.5"],
        "PKG-INFO and the templates differ in `foo-cli==1.5 ; extra == 'all'`",
    );
    check_refused(
        &VERSIONED.replace("{{version}}", "{{ major }}"),
        &[],
        "the template `foo-cli=={{ major }}` asks for more",
    );
    let hook = "[tool.hatch.build.hooks.uv-dynamic-versioning]\n";
    check_refused(
        &(VERSIONED
            .split("[tool.hatch.metadata")
            .next()
            .unwrap_or_default()
            .to_owned()
            + hook),
        &[],
        "[tool.hatch.build.hooks.uv-dynamic-versioning]",
    );
}

#[test]
fn versions_elsewhere() {
    let poetry = "[build-system]
requires = ['poetry-core', 'poetry-dynamic-versioning>=1,<2']
build-backend = 'poetry_dynamic_versioning.backend'
[tool.poetry]
name = 'foo-bar'
version = '0.0.0' # a placeholder
[tool.poetry-dynamic-versioning]
enable = true
";
    let expect = "write-version.patch
-requires = ['poetry-core', 'poetry-dynamic-versioning>=1,<2']
-build-backend = 'poetry_dynamic_versioning.backend'
+requires = ['poetry-core']
+build-backend = \"poetry.core.masonry.api\"
-version = '0.0.0' # a placeholder
-[tool.poetry-dynamic-versioning]
-enable = true
+version = \"1.5\" # a placeholder
";
    check(poetry, &BOOKWORM, expect);
    let setuptools = "[build-system]
requires = ['setuptools>=61', 'versioningit']
[project]
name = 'foo-bar'
dynamic = ['version', 'readme']
[tool.versioningit.vcs]
method = 'git'
[tool.ruff]
x = 1
";
    let expect = "write-version.patch
-requires = ['setuptools>=61', 'versioningit']
+requires = ['setuptools>=61']
-dynamic = ['version', 'readme']
-[tool.versioningit.vcs]
-method = 'git'
+dynamic = ['readme']
+version = \"1.5\"
";
    check(setuptools, &BOOKWORM, expect);
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
