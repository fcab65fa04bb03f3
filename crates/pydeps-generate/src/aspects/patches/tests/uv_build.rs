//! uv_build, and hatchling in its place.

use super::*;

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
    check_uv(
        "foo-bar",
        "",
        &["src/foo_bar/__init__.py", "hatch.toml"],
        "bookworm has no uv_build, and hatchling cannot take its place: there is a hatch.toml, which hatchling would read\n",
    );
}
