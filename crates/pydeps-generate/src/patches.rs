//! Patches to the upstream source (`debian/patches`, DEP-3), where nothing else helps.

use std::fmt::Write as _;

use crate::facts::Release;
use crate::modules::Modules;
use crate::settings::Settings;
use crate::suite::Form;

/// A patch: its name, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The file below `debian/patches`.
    pub name: &'static str,
    /// The file's text.
    pub text: String,
}

/// How many lines of context a patch has.
const CONTEXT: usize = 3;

/// Before it knew wheels, setuptools took `debian` for one of the project's packages where
/// it looks for them itself, and refused to choose. The patch says which they are.
pub fn name_packages(
    release: &Release,
    settings: &Settings,
    modules: &Modules,
    form: &Form,
) -> Option<Patch> {
    let backend = release.build.backend.as_deref().unwrap_or("setuptools");
    let text = release.tree.text("pyproject.toml")?;
    let looks =
        !form.wheel_in_setuptools && backend.starts_with("setuptools") && modules.root.is_empty();
    if !looks || is_named(settings) {
        return None;
    }
    let has_table = settings.item(&["tool", "setuptools"]).is_some();
    let quoted = |names: Vec<String>| names.join(", ");
    let is_package = |name: &&String| release.tree.has_directory(&name.replace('.', "/"));
    let (packages, files): (Vec<&String>, Vec<&String>) = modules
        .names
        .iter()
        .chain(&modules.stubs)
        .partition(is_package);
    let packages = packages
        .into_iter()
        .map(|name| format!("\"{name}*\""))
        .collect();
    let addition = match files.is_empty() {
        true => format!(
            "\n[tool.setuptools.packages.find]\ninclude = [{}]\n",
            quoted(packages)
        ),
        // A table cannot be there twice.
        false if has_table => return None,
        false => {
            let files = files
                .into_iter()
                .map(|name| format!("\"{name}\""))
                .collect();
            format!("\n[tool.setuptools]\npy-modules = [{}]\n", quoted(files))
        }
    };
    let header = "Description: Name the packages\n setuptools would take debian/ for one of them.\nForwarded: not-needed\n---\n";
    Some(Patch {
        name: "name-packages.patch",
        text: format!("{header}{}", appended("pyproject.toml", &text, &addition)),
    })
}

/// Whether the project says which packages it has.
fn is_named(settings: &Settings) -> bool {
    let tables: [&[&str]; 2] = [
        &["tool", "setuptools", "packages"],
        &["tool", "setuptools", "py-modules"],
    ];
    let by_script = ["packages", "py_modules"];
    tables.iter().any(|place| settings.item(place).is_some())
        || by_script
            .iter()
            .any(|key| settings.cfg("options", key).is_some())
        || by_script.iter().any(|key| settings.setup_py.contains(key))
}

/// The difference that adds lines at the end of a file.
fn appended(path: &str, text: &str, addition: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.len().saturating_sub(CONTEXT);
    let (context, added) = (&lines[first..], addition.lines().count());
    let mut patch = format!(
        "--- a/{path}\n+++ b/{path}\n@@ -{},{} +{},{} @@\n",
        first + 1,
        context.len(),
        first + 1,
        context.len() + added
    );
    for (at, line) in context.iter().enumerate() {
        match at + 1 == context.len() && !text.ends_with('\n') {
            true => _ = write!(patch, "-{line}\n\\ No newline at end of file\n+{line}\n"),
            false => _ = writeln!(patch, " {line}"),
        }
    }
    for line in addition.lines() {
        _ = writeln!(patch, "+{line}");
    }
    patch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_at_the_end() {
        let patch = appended("f", "a\nb\nc\nd\n", "\nx\n");
        assert_eq!(
            patch,
            "--- a/f\n+++ b/f\n@@ -2,3 +2,5 @@\n b\n c\n d\n+\n+x\n"
        );
        let patch = appended("f", "a", "x\n");
        let expect =
            "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+x\n";
        assert_eq!(patch, expect);
    }
}
