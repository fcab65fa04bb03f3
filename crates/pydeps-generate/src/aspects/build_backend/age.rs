//! Since which release a backend reads what the project's metadata say.

use pep440_rs::Version;

use crate::settings::Settings;

/// What a project may say in newer words than a backend knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// A `[project]` table (PEP 621).
    Project,
    /// A licence expression, as a text (PEP 639).
    Expression,
    /// A list of licence files (PEP 639).
    Files,
    /// Names to import (PEP 794).
    ImportNames,
    /// Extension modules in `[tool.setuptools]`.
    ExtModules,
    /// A classifier that the backend's own list does not have: it fails on it, unless it can
    /// be told not to, by `HATCH_METADATA_CLASSIFIERS_NO_VERIFY`.
    Classifier,
}

/// The release of a backend from which on it reads this. What it always did is not here,
/// nor what it passes over, as all but setuptools do with fields that they do not know.
const SINCE: [(&str, Word, &str); 13] = [
    ("setuptools", Word::Project, "61"),
    ("setuptools", Word::Expression, "77"),
    ("setuptools", Word::Files, "77"),
    ("setuptools", Word::ImportNames, "83"),
    ("setuptools", Word::ExtModules, "74.1"),
    ("flit-core", Word::Project, "3.2"),
    ("flit-core", Word::Expression, "3.11"),
    ("poetry-core", Word::Project, "2.0"),
    ("hatchling", Word::Files, "1.26"),
    ("hatchling", Word::Classifier, "1.26"),
    ("pdm-backend", Word::Expression, "2.4"),
    ("meson-python", Word::Expression, "0.18"),
    ("meson-python", Word::Files, "0.18"),
];

/// The release from which on a backend reads this; `None` where any will do.
pub fn since(backend: &str, word: Word) -> Option<Version> {
    let known = SINCE
        .iter()
        .find(|(name, own, _)| *name == backend && *own == word);
    known.and_then(|(.., version)| version.parse().ok())
}

/// What a project says in these words; which classifiers are known, nobody can say here.
pub fn words(settings: &Settings) -> Vec<Word> {
    let item = |key| settings.item(&["project", key]);
    let files = item("license-files").is_some_and(toml_edit::Item::is_array);
    let expression = settings.text(&["project", "license"]).is_some();
    let project = settings.table(&["project"]).is_some();
    let imports = item("import-names").or_else(|| item("import-namespaces"));
    let modules = settings.item(&["tool", "setuptools", "ext-modules"]);
    let all = [
        (Word::Project, project),
        (Word::ImportNames, imports.is_some()),
        (Word::Expression, expression),
        (Word::Files, files),
        (Word::ExtModules, modules.is_some()),
    ];
    let said = all.into_iter().filter(|(_, is_said)| *is_said);
    said.map(|(word, _)| word).collect()
}

/// The release that a backend has to have for a project, and for the sake of what.
pub fn needed(backend: &str, settings: &Settings) -> Option<(Version, &'static str)> {
    let words = words(settings).into_iter();
    let all = words.filter_map(|word| Some((since(backend, word)?, reason(word))));
    all.max_by(|(one, _), (other, _)| one.cmp(other))
}

fn reason(word: Word) -> &'static str {
    match word {
        Word::Project => "its [project] table (PEP 621)",
        Word::Expression => "its licence expression (PEP 639)",
        Word::Files => "its list of licence files (PEP 639)",
        Word::ImportNames => "its names to import (PEP 794)",
        Word::ExtModules => "its extension modules in [tool.setuptools]",
        Word::Classifier => "its classifiers",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(backend: &str, text: &str, expect: Option<&str>) {
        let settings = Settings::default().with_pyproject(text);
        let found = needed(backend, &settings).map(|(version, _)| version.to_string());
        assert_eq!(found.as_deref(), expect, "{text}");
    }

    #[test]
    fn since_when_words_are_read() {
        check("setuptools", "", None);
        check("setuptools", "[project]\nname = 'a'\n", Some("61"));
        check(
            "setuptools",
            "[project]\nname = 'a'\n[[tool.setuptools.ext-modules]]\nname = 'b'\n",
            Some("74.1"),
        );
        check(
            "hatchling",
            "[project]\nlicense-files = ['L']\n",
            Some("1.26"),
        );
    }
}
