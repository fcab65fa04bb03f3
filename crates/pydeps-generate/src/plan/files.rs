//! The files, one after the other.

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;

use super::{Draft, PlanFile};
use crate::changelog::Entry;
use crate::control::Value;
use crate::depends;
use crate::rules::Rules;
use crate::testing::Runner;
use crate::upstream_files;

/// Files under debian/ that are being collected.
#[derive(Default)]
struct Files(BTreeMap<String, PlanFile>);

impl Files {
    fn add(&mut self, path: &str, text: impl Into<String>) {
        let file = PlanFile {
            bytes: text.into().into_bytes(),
            executable: path == "debian/rules",
        };
        self.0.insert(path.to_owned(), file);
    }
}

impl Draft<'_> {
    pub(super) fn files(&self) -> (BTreeMap<String, PlanFile>, Vec<Finding>) {
        let mut files = Files::default();
        let release = self.release;
        files.add("debian/control", self.control().text());
        files.add("debian/rules", self.rules().text());
        files.add("debian/changelog", self.entry().text());
        files.add("debian/source/format", "3.0 (quilt)\n");
        files.add("debian/source/options", SOURCE_OPTIONS);
        files.add(
            "debian/watch",
            upstream_files::watch(self.form, &release.filename, &release.version),
        );
        files.add("debian/copyright", self.copyright());
        if !self.testing.files.is_empty() {
            files.add(
                "debian/pybuild.testfiles",
                self.testing.files.join("\n") + "\n",
            );
        }
        if let Some(conf) = self.autopkgtest_conf() {
            files.add("debian/tests/autopkgtest-pkg-python.conf", conf);
        }
        if !self.compiled.regenerated.is_empty() {
            files.add("debian/clean", self.compiled.regenerated.join("\n") + "\n");
        }
        (files.0, Vec::new())
    }

    fn entry(&self) -> Entry {
        let itp = self
            .choices
            .itp
            .map(|number| format!(" (Closes: #{number})"));
        let change = match itp {
            Some(itp) => format!("Initial release.{itp}"),
            None => format!(
                "{} {} from the Python Package Index.",
                self.release.spelled, self.release.version
            ),
        };
        Entry {
            source: self.names.source.to_string(),
            version: self.version(),
            suite: if self.choices.itp.is_some() {
                "unstable".to_owned()
            } else {
                self.form.codename.clone()
            },
            changes: vec![change],
            maintainer: self.choices.maintainer.clone(),
            date: self.choices.date,
        }
    }

    /// The name to import, where it does not follow from the package's.
    fn autopkgtest_conf(&self) -> Option<String> {
        if self.testing.runner != Runner::Import {
            return None;
        }
        let package = self.names.binary.as_str();
        let by_name = package
            .strip_prefix("python3-")
            .map(|name| name.replace('-', "_"));
        let module = self.modules.representative(self.release.name.as_ref())?;
        (by_name.as_deref() != Some(module)).then(|| format!("import_name={module}\n"))
    }

    fn rules(&self) -> Rules {
        let mut rules = Rules::default();
        if let Some(name) = self.names.binary.as_str().strip_prefix("python3-") {
            rules.export("PYBUILD_NAME", name, "");
        }
        for (name, value) in &self.tools.environment {
            rules.export(
                name,
                value,
                "There is no repository to read the version from.",
            );
        }
        self.test_rules(&mut rules);
        self.install_rules(&mut rules);
        if depends::confuses_dh_python(&self.release.requires, self.context.target) {
            let command = ["dh_python3 --no-guessing-deps".to_owned()];
            let reason = "debian/control names what is required here; dh_python3 would add what other \
                implementations of Python require.";
            rules.hook("override_dh_python3", reason, &command);
        }
        rules
    }

    fn test_rules(&self, rules: &mut Rules) {
        let why = self
            .testing
            .reason
            .as_ref()
            .map(|reason| format!("The tests are not run: {reason}."));
        match self.testing.runner {
            Runner::Pytest if !self.testing.arguments.is_empty() => {
                let reason =
                    "What the project asks of plugins that measure its source is left out.";
                rules.export(
                    "PYBUILD_TEST_ARGS",
                    &self.testing.arguments.join(" "),
                    reason,
                );
            }
            Runner::Pytest | Runner::Unittest => {}
            Runner::Import => {
                let reason = why.unwrap_or_else(|| "There are no tests in the release.".to_owned());
                let imports = format!("import {}", self.modules.names.join(", "));
                rules.export(
                    "PYBUILD_TEST_CUSTOM",
                    "1",
                    &format!("{reason} What it installs has to be importable."),
                );
                rules.export(
                    "PYBUILD_TEST_ARGS",
                    &format!("{{interpreter}} -c '{imports}'"),
                    "",
                );
            }
            Runner::Nothing => {
                let reason =
                    why.unwrap_or_else(|| "There are no tests, and nothing to import.".to_owned());
                rules.export("PYBUILD_DISABLE", "test", &reason);
            }
        }
    }

    fn install_rules(&self, rules: &mut Rules) {
        let package = self.names.binary.as_str();
        if !self.modules.stray.is_empty() {
            let name = |module: &String| {
                format!(
                    "rm -rf debian/{package}/usr/lib/python3*/dist-packages/{0} debian/{package}/usr/lib/python3*/dist-packages/{0}.py",
                    module
                )
            };
            let commands: Vec<String> = self.modules.stray.iter().map(name).collect();
            rules.hook(
                "execute_after_dh_auto_install",
                "These are not meant for everybody's path.",
                &commands,
            );
        }
        if self.compiled.any {
            rules.hook(
                "execute_after_dh_auto_install",
                COMPILED_REASON,
                &self.check_compiled(),
            );
        }
    }

    /// Commands that fail where an extension module is not there for each Python.
    fn check_compiled(&self) -> Vec<String> {
        let package = self.names.binary.as_str();
        let all = match self.compiled.modules.is_empty() {
            true => vec![String::from("*")],
            false => self.compiled.modules.clone(),
        };
        let last = |module: &String| module.rsplit('.').next().unwrap_or(module).to_owned();
        let mut names: Vec<String> = all.iter().map(last).collect();
        names.sort();
        names.dedup();
        names
            .iter()
            .map(|name| format!("find debian/{package} -name '{name}*.so' | grep -q ."))
            .collect()
    }

    pub(super) fn description(&self) -> Value {
        let summary = self.release.about.summary.clone().unwrap_or_default();
        let extended =
            format!(" {summary}\n .\n This package installs the library for Python 3.\n");
        Value::Description(summary, extended)
    }

    fn copyright(&self) -> String {
        String::new()
    }
}

const COMPILED_REASON: &str =
    "Where the extension modules cannot be compiled, the build falls back to none.";

/// A rebuild would otherwise find changes of the upstream in what a build has written.
const SOURCE_OPTIONS: &str =
    "extend-diff-ignore = \"^[^/]+\\.(egg-info|dist-info)/|^[^/]+/[^/]+\\.egg-info/\"\n";
