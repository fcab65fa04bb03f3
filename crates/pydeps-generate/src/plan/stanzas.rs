//! The stanzas of `debian/control`, and the lists in them.

use std::collections::BTreeSet;

use pydeps_core::name::DebName;

use super::Draft;
use crate::aspects::testing::Runner;
use crate::control::{Control, Value, line, list};
use crate::names::Role;

impl Draft<'_> {
    pub(super) fn control(&self) -> Control {
        Control {
            source: self.source_stanza(),
            binary: self.binary_stanza(),
        }
    }

    fn source_stanza(&self) -> Vec<(String, Value)> {
        let conventions = self.conventions;
        let mut fields = vec![
            line("Source", self.names.source.as_str()),
            line("Section", self.section()),
            line("Maintainer", &self.choices.maintainer),
        ];
        if conventions.priority {
            fields.insert(2, line("Priority", "optional"));
        }
        fields.push(list("Build-Depends", self.build_depends()));
        fields.push(line("Standards-Version", &conventions.standards));
        if conventions.rules_requires_root {
            fields.push(line("Rules-Requires-Root", "no"));
        }
        fields.extend(self.homepage().map(|page| line("Homepage", page)));
        fields.extend(self.testsuite().map(|name| line("Testsuite", name)));
        fields
    }

    fn binary_stanza(&self) -> Vec<(String, Value)> {
        let architecture = if self.compiled.any { "any" } else { "all" };
        vec![
            line("Package", self.names.binary.as_str()),
            line("Architecture", architecture),
            list("Depends", self.depends()),
            list(
                "Recommends",
                self.others.recommends.iter().cloned().collect(),
            ),
            list("Suggests", self.suggests()),
            list("Conflicts", texts(&self.clashes.conflicts)),
            list("Replaces", texts(&self.clashes.replaces)),
            ("Description".to_owned(), self.description()),
        ]
    }

    fn description(&self) -> Value {
        let described = self.describe();
        Value::Description(described.synopsis, described.extended + "\n")
    }

    fn section(&self) -> &'static str {
        match self.choices.role {
            Role::Library => "python",
            Role::Application => "utils",
        }
    }

    /// At compat 14 debhelper adds the variables by itself; they are written all the same
    /// where there is anything to list, for those who read the field.
    fn depends(&self) -> Vec<String> {
        let mut depends = vec![
            "${misc:Depends}".to_owned(),
            "${python3:Depends}".to_owned(),
        ];
        if self.compiled.any {
            depends.push("${shlibs:Depends}".to_owned());
        }
        if self.modules.names.is_empty() {
            // dh_python3 sees no module, and adds nothing.
            depends.push("python3:any".to_owned());
        }
        depends.extend(self.run_time.relations.iter().cloned());
        depends
    }

    /// What extras would take, and programs that it may run.
    fn suggests(&self) -> Vec<String> {
        let of_extras = self.suggests.iter();
        let all: BTreeSet<&String> = of_extras.chain(&self.others.suggests).collect();
        let named = &self.others.recommends;
        all.into_iter()
            .filter(|one| !named.contains(*one))
            .cloned()
            .collect()
    }

    pub(super) fn build_depends(&self) -> Vec<String> {
        let mut plain: BTreeSet<String> = BTreeSet::new();
        plain.insert("dh-sequence-python3".to_owned());
        plain.insert(self.interpreters().to_owned());
        if self.conventions.compat >= 14 {
            plain.insert("dh-sequence-single-binary".to_owned());
        } else if self
            .carried
            .files
            .keys()
            .any(|file| file.ends_with(".sysusers"))
        {
            // From compat 14 on, dh runs dh_installsysusers by itself.
            plain.insert("dh-sequence-installsysusers".to_owned());
        }
        plain.extend(self.tools.build_depends.iter().cloned());
        plain.extend(self.compiled.build_depends.iter().cloned());
        let for_tests = self.for_tests().into_iter().filter(|relation| {
            let package = package_of(relation);
            !plain.iter().any(|known| package_of(known) == package)
        });
        let for_tests: BTreeSet<String> = for_tests
            .map(|relation| format!("{relation} <!nocheck>"))
            .collect();
        let mut all = vec![format!("debhelper-compat (= {})", self.conventions.compat)];
        all.extend(plain.into_iter().chain(for_tests).collect::<BTreeSet<_>>());
        all
    }

    fn interpreters(&self) -> &'static str {
        if self.compiled.any {
            "python3-all-dev"
        } else {
            "python3-all"
        }
    }

    /// What runs the tests, and what the package itself needs then.
    fn for_tests(&self) -> Vec<String> {
        if self.testing.runner == Runner::Nothing {
            return Vec::new();
        }
        let own = self.build_time.relations.iter();
        let bounded: BTreeSet<&str> = own.clone().map(|relation| package_of(relation)).collect();
        let tests = self.testing.build_depends.iter();
        let tests = tests
            .filter(|relation| relation.contains('(') || !bounded.contains(package_of(relation)));
        own.chain(tests).cloned().collect()
    }

    /// The autopkgtest that suits: the build's tests, or an import (autodep8(1)).
    fn testsuite(&self) -> Option<&'static str> {
        match self.testing.runner {
            Runner::Pytest | Runner::Unittest => Some("autopkgtest-pkg-pybuild"),
            // autodep8 imports what packages of libraries have, and looks at no others.
            Runner::Import => self.is_library().then_some("autopkgtest-pkg-python"),
            Runner::Nothing => None,
        }
    }

    /// Whether the package is called like one of a library.
    pub(super) fn is_library(&self) -> bool {
        self.names.binary.as_str().starts_with("python3-")
    }

    /// The project's own page. The index's is none (lintian: pypi-homepage).
    pub(super) fn homepage(&self) -> Option<String> {
        let about = &self.release.about;
        let labels = [
            "homepage",
            "home-page",
            "home",
            "source",
            "repository",
            "source code",
            "github",
            "code",
            "documentation",
        ];
        let by_label = labels.iter().flat_map(|label| {
            about
                .urls
                .iter()
                .filter(move |(own, _)| own.to_lowercase() == **label)
        });
        let all = about.homepage.iter().chain(by_label.map(|(_, url)| url));
        let all = all.chain(about.urls.iter().map(|(_, url)| url));
        all.map(|url| url.trim())
            .find(|url| is_page(url))
            .map(str::to_owned)
    }
}

fn texts(names: &BTreeSet<DebName>) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn is_page(url: &str) -> bool {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let index = ["://pypi.", "python.org/pypi"];
    web && !url.contains(char::is_whitespace) && !index.iter().any(|part| url.contains(part))
}

/// The package that a relation begins with.
pub(super) fn package_of(relation: &str) -> &str {
    relation.split([' ', '(', '|']).next().unwrap_or(relation)
}
