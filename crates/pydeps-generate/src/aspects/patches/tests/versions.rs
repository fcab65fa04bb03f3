//! Versions that plug-ins read from a repository.

use super::*;

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

#[test]
fn extras_of_its_own() {
    let all = "all = ['foo-bar[a]', 'x']\na = ['foo-bar[b]', 'y']\nb = ['foo-bar[a]']\n";
    let text = VERSIONED.replace("all = ['foo-cli=={{version}}']\n", all);
    let plain = ["six>=1", "foo-core==1.5"];
    let check = |extras: &[&str], is_fine: bool| {
        let requires = [&plain[..], extras].concat();
        let patched = patched(&release(&[(PYPROJECT, &text)], &requires), &TRIXIE);
        assert_eq!(patched.findings[0].code == "patched", is_fine);
    };
    let put_in = [
        "x; extra == 'all'",
        "y; extra == 'all'",
        "y; extra == 'a'",
        "y; extra == 'b'",
    ];
    check(&put_in, true);
    let left = [
        "foo-bar[a]; extra == 'all'",
        "x; extra == 'all'",
        "foo-bar[b]; extra == 'a'",
        "y; extra == 'a'",
        "foo-bar[a]; extra == 'b'",
    ];
    check(&left, true);
    check(&["x; extra == 'all'"], false);
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
fn readmes_that_a_plugin_makes() {
    let text = "[build-system]
requires = ['hatchling', 'hatch-fancy-pypi-readme>=25.1', 'hatch-vcs']
build-backend = 'hatchling.build'
[project]
name = 'foo-bar'
dynamic = ['readme', 'version']
[tool.hatch.version]
source = 'vcs'
[tool.hatch.metadata.hooks.fancy-pypi-readme]
content-type = 'text/markdown'
[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]
path = 'README.md'
";
    let expect = "drop-readme.patch
-requires = ['hatchling', 'hatch-fancy-pypi-readme>=25.1', 'hatch-vcs']
+requires = ['hatchling', 'hatch-vcs']
-dynamic = ['readme', 'version']
+dynamic = ['version']
-[tool.hatch.metadata.hooks.fancy-pypi-readme]
-content-type = 'text/markdown'
-[[tool.hatch.metadata.hooks.fancy-pypi-readme.fragments]]
-path = 'README.md'
";
    check(text, &BOOKWORM, expect);
    let with = [("hatch-fancy-pypi-readme", "24.1"), ("hatchling", "1.27")];
    check(text, &with, "");
}
