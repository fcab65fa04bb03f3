//! Settings that tell how a source is laid out: the tables of `pyproject.toml` and the
//! sections of `setup.cfg`, read without judging them; and its Python source. All of it is read
//! once.

use std::collections::BTreeMap;
use std::sync::Arc;

use pydeps_python::ini::Ini;
use pydeps_python::source::Source;
use toml_edit::{DocumentMut, Item, TableLike};

use pydeps_core::finding::Finding;
use pydeps_core::tree::Tree;

/// The settings of a source tree, and what its Python source says; what is not there or cannot
/// be read is empty.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pyproject: DocumentMut,
    setup_cfg: Ini,
    /// What `setup.py` says.
    pub setup_py: Arc<Source>,
    python: Arc<BTreeMap<String, Source>>,
}

impl Settings {
    /// Reads the files at the top of a tree.
    pub fn of(tree: &Tree) -> Self {
        let pyproject = tree.text("pyproject.toml");
        let setup_cfg = tree.text("setup.cfg").unwrap_or_default();
        let python = python(tree);
        Self {
            pyproject: pyproject
                .and_then(|text| text.parse().ok())
                .unwrap_or_default(),
            setup_cfg: Ini::parse(&setup_cfg).unwrap_or_default(),
            setup_py: python.get("setup.py").cloned().unwrap_or_default().into(),
            python: python.into(),
        }
    }

    /// The same settings with another text of `pyproject.toml`.
    pub fn with_pyproject(&self, text: &str) -> Self {
        Self {
            pyproject: text.parse().unwrap_or_default(),
            ..self.clone()
        }
    }

    /// What a file of Python source (`*.py`) says.
    pub fn python(&self, path: &str) -> Option<&Source> {
        self.python.get(path)
    }

    /// Every file of Python source, ascending by path.
    pub fn python_files(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.python
            .iter()
            .map(|(path, source)| (path.as_str(), source))
    }

    /// The item at a dotted place of `pyproject.toml`.
    pub fn item(&self, place: &[&str]) -> Option<&Item> {
        let mut item = self.pyproject.as_item();
        for key in place {
            item = item.as_table_like()?.get(key)?;
        }
        Some(item)
    }

    /// The table at a dotted place.
    pub fn table(&self, place: &[&str]) -> Option<&dyn TableLike> {
        self.item(place)?.as_table_like()
    }

    /// The text at a dotted place.
    pub fn text(&self, place: &[&str]) -> Option<&str> {
        self.item(place)?.as_str()
    }

    /// The texts of a list at a dotted place, or a single text.
    pub fn texts(&self, place: &[&str]) -> Vec<&str> {
        self.item(place).map_or_else(Vec::new, texts)
    }

    /// The keys of a table at a dotted place.
    pub fn keys(&self, place: &[&str]) -> Vec<&str> {
        let table = self.table(place);
        table.map_or_else(Vec::new, |table| table.iter().map(|(key, _)| key).collect())
    }

    /// A value of `setup.cfg`.
    pub fn cfg(&self, section: &str, key: &str) -> Option<&str> {
        self.setup_cfg.get(section, key)
    }

    /// The keys of a section of `setup.cfg`.
    pub fn cfg_keys(&self, section: &str) -> Vec<&str> {
        self.setup_cfg.options(section).into_iter().collect()
    }

    /// A list of `setup.cfg`: one entry on each line, or separated by commas.
    pub fn cfg_list(&self, section: &str, key: &str) -> Vec<&str> {
        let value = self.cfg(section, key).unwrap_or_default();
        let entries = value.split(['\n', ',']).map(str::trim);
        entries.filter(|entry| !entry.is_empty()).collect()
    }

    /// The programs that are declared: console and GUI scripts, wherever they stand; those of
    /// them whose names programs of Debian have.
    pub fn scripts(&self, tree: &Tree) -> Vec<String> {
        let mut scripts = self.declared_scripts(tree);
        scripts.retain(|name| is_program(name));
        scripts
    }

    /// The declared programs that [`Settings::scripts`] leaves out: an error where no package can
    /// have a program of that name.
    pub fn odd_scripts(&self, tree: &Tree) -> Vec<Finding> {
        let mut findings = Vec::new();
        for name in self.declared_scripts(tree) {
            if let Some(why) = not_installable(&name) {
                let message = format!("it has a program `{}`: {why}", shortened(&name));
                findings.push(
                    Finding::error("program-name", message)
                        .with_hint("take a release whose entry points have names of programs"),
                );
            } else if !is_program(&name) {
                let message = format!(
                    "the program `{name}` has a name unlike those of Debian's programs; it gets no manual page"
                );
                findings.push(Finding::warning("program-name", message));
            }
        }
        findings
    }

    fn declared_scripts(&self, tree: &Tree) -> Vec<String> {
        let tables: [&[&str]; 4] = [
            &["project", "scripts"],
            &["project", "gui-scripts"],
            &["tool", "poetry", "scripts"],
            &["tool", "flit", "scripts"],
        ];
        let declared = tables.iter().flat_map(|place| self.keys(place));
        let mut scripts: Vec<String> = declared.map(str::to_owned).collect();
        for key in ["console_scripts", "gui_scripts"] {
            let lines = self.cfg_list("options.entry_points", key);
            scripts.extend(lines.into_iter().filter_map(script_name));
        }
        let built = tree
            .paths()
            .find(|path| path.ends_with(".egg-info/entry_points.txt"));
        if let Some(text) = built.and_then(|path| tree.text(path)) {
            scripts.extend(of_entry_points(&text));
        }
        scripts.sort();
        scripts.dedup();
        scripts
    }
}

fn python(tree: &Tree) -> BTreeMap<String, Source> {
    let files = tree.members().filter(|(path, _)| path.ends_with(".py"));
    let read = files.map(|(path, member)| {
        let text = String::from_utf8_lossy(&member.bytes);
        (path.to_owned(), Source::parse(&text))
    });
    read.collect()
}

/// Whether Debian has programs with such names.
fn is_program(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    not_installable(name).is_none() && name.chars().all(plain)
}

/// The longest name of a program, in bytes: with `debian/` files and `.1` behind it, the name of
/// a file has 255 at most.
const LONGEST: usize = 200;

/// Why no file in /usr/bin can be called so, or no command line should name it.
fn not_installable(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("the name is empty"),
        "." | ".." => Some("that is a directory"),
        name if name.contains('/') => Some("that is a path"),
        name if name.starts_with('-') => Some("commands read that as an option"),
        name if name.len() > LONGEST => Some("the name is too long"),
        name if name.chars().any(char::is_control) => Some("the name has control characters"),
        _ => None,
    }
}

/// The beginning of a name that may be very long.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// The names of the scripts in an `entry_points.txt`.
fn of_entry_points(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut scripts = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = matches!(line, "[console_scripts]" | "[gui_scripts]");
        } else if inside {
            scripts.extend(script_name(line));
        }
    }
    scripts
}

/// The name before the `=` of `name = module:function`.
fn script_name(line: &str) -> Option<String> {
    let (name, _) = line.split_once('=')?;
    let is_comment = name.starts_with(['#', ';']);
    (!is_comment).then(|| name.trim().to_owned())
}

fn texts(item: &Item) -> Vec<&str> {
    match (item.as_str(), item.as_array()) {
        (Some(text), _) => vec![text],
        (None, Some(array)) => array.iter().filter_map(|value| value.as_str()).collect(),
        (None, None) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use pydeps_core::finding::Severity;

    use super::*;

    #[test]
    fn names_of_programs() {
        let check = |name: &str, expect: Option<(Severity, &str)>| {
            let text = format!("[project.scripts]\n{name:?} = 'm:f'\n");
            let tree = Tree::of_texts(&[("pyproject.toml", text.as_str())]);
            let settings = Settings::of(&tree);
            let findings = settings.odd_scripts(&tree);
            let severities: Vec<_> = findings.iter().map(|one| one.severity).collect();
            let expected: Vec<_> = expect.iter().map(|one| one.0).collect();
            assert_eq!(severities, expected, "{name}");
            for (finding, (_, part)) in findings.iter().zip(expect) {
                assert!(finding.message.contains(part), "{}", finding.message);
            }
            let is_taken = !settings.scripts(&tree).is_empty();
            assert_eq!(is_taken, expect.is_none(), "{name}");
        };
        check("tool-1.x_y+z", None);
        check(".", Some((Severity::Error, "`.`: that is a directory")));
        check("..", Some((Severity::Error, "`..`: that is a directory")));
        check("-rf", Some((Severity::Error, "`-rf`: commands read that")));
        check("../x", Some((Severity::Error, "that is a path")));
        check(
            &"x".repeat(201),
            Some((Severity::Error, "…`: the name is too long")),
        );
        check("a b", Some((Severity::Warning, "`a b` has a name unlike")));
    }

    #[test]
    fn scripts_wherever_they_stand() {
        let tree = Tree::of_texts(&[
            ("pyproject.toml", "[project.scripts]\nb = 'm:f'\n"),
            (
                "setup.cfg",
                "[options.entry_points]\nconsole_scripts =\n  a = m:f\n  b=m:f\n",
            ),
            (
                "x.egg-info/entry_points.txt",
                "[console_scripts]\nc = m:f\n\n[x]\nd = m\n",
            ),
        ]);
        assert_eq!(Settings::of(&tree).scripts(&tree), ["a", "b", "c"]);
    }

    #[test]
    fn what_cannot_be_read_is_empty() {
        let tree = Tree::of_texts(&[("pyproject.toml", "= ["), ("setup.cfg", "[")]);
        let settings = Settings::of(&tree);
        assert_eq!(settings.text(&["project", "name"]), None);
        assert_eq!(settings.cfg("options", "x"), None);
    }
}
