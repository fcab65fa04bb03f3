//! The files, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use pydeps_core::finding::Finding;
use pydeps_core::printable::escaped_lines;
use pydeps_core::shell::quoted_for_debhelper;

use super::{Draft, PlanFile};
use crate::aspects::description::{self, Description};
use crate::aspects::man_pages;
use crate::aspects::testing::Runner;
use crate::aspects::{readme_source, upstream_metadata, watch};
use crate::depends;
use crate::edits::changelog::{self, Changelog, Entry};
use crate::names::Role;
use crate::rules::{Rules, word};
use pydeps_copyright::copyright::{self, Copyright};

/// How many of the reasons why tests are left out are written down.
const SHOWN: usize = 6;

/// Files under debian/ that are being collected.
#[derive(Default)]
struct Files(BTreeMap<String, PlanFile>);

impl Files {
    /// Adds a file that people read: what steers a terminal is escaped.
    fn add(&mut self, path: &str, text: impl AsRef<str>) {
        let text = escaped_lines(text.as_ref());
        self.add_exactly(path, text.into_owned());
    }

    /// Adds a file whose bytes have to be these.
    fn add_exactly(&mut self, path: &str, text: String) {
        let file = PlanFile {
            bytes: text.into_bytes(),
            executable: path == "debian/rules",
        };
        self.0.insert(path.to_owned(), file);
    }

    /// Adds a list of paths for debhelper, where there are any.
    fn add_list(&mut self, path: &str, paths: &[String]) {
        let lines = paths.iter().map(|path| quoted_for_debhelper(path) + "\n");
        let text: String = lines.collect();
        if !text.is_empty() {
            self.add(path, text);
        }
    }
}

impl Draft<'_> {
    pub(super) fn files(
        &self,
        changelog: &Changelog,
    ) -> (BTreeMap<String, PlanFile>, Vec<Finding>) {
        let mut files = Files::default();
        let release = self.release;
        let copyright = self.copyright(changelog);
        files.add("debian/control", self.control().text());
        files.add("debian/rules", self.rules(&copyright.notices).text());
        files.add("debian/changelog", &changelog.text);
        files.add("debian/source/format", "3.0 (quilt)\n");
        files.add("debian/source/options", SOURCE_OPTIONS);
        files.add(
            "debian/watch",
            watch::watch(self.conventions, &release.filename, &release.version),
        );
        let about = &release.about;
        let metadata = upstream_metadata::write(&about.urls, about.homepage.as_deref());
        if let Some(metadata) = metadata {
            files.add("debian/upstream/metadata", metadata);
        }
        self.manual_pages(changelog, &mut files);
        for (path, text) in &self.carried.files {
            files.add(path, text);
        }
        if let Some(text) = copyright.text {
            files.add("debian/copyright", text);
        }
        let notices = copyright.notices.into_iter();
        let notices: Vec<String> = notices.filter(|path| !path.contains('/')).collect();
        files.add_list(&format!("debian/{}.docs", self.names.binary), &notices);
        let stem = format!("{}_{}", self.names.source, self.upstream_version());
        if let Some(text) = readme_source::write(release, &stem) {
            files.add("debian/README.source", text);
        }
        self.patches(&mut files);
        if !self.testing.files.is_empty() {
            files.add(
                "debian/pybuild.testfiles",
                self.testing.files.join("\n") + "\n",
            );
        }
        if let Some(conf) = self.autopkgtest_conf() {
            files.add("debian/tests/autopkgtest-pkg-python.conf", conf);
        }
        if let Some(tests) = self.import_test() {
            files.add("debian/tests/control", tests);
        }
        files.add_list("debian/clean", &self.compiled.regenerated);
        let findings = [copyright.findings, self.describe().findings].concat();
        (files.0, findings)
    }

    fn patches(&self, files: &mut Files) {
        let mut series = String::new();
        for patch in &self.patches {
            series = series + patch.name + "\n";
            let path = format!("debian/patches/{}", patch.name);
            files.add_exactly(&path, patch.text.clone());
        }
        if !series.is_empty() {
            files.add("debian/patches/series", series);
        }
    }

    pub(super) fn entry(&self) -> Entry {
        let change = match self.choices.itp {
            Some(bug) => changelog::initial(bug),
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
                self.conventions.codename.clone()
            },
            changes: vec![change],
            maintainer: self.choices.maintainer.clone(),
            date: self.choices.date,
        }
    }

    /// The name to import, where it does not follow from the package's.
    fn autopkgtest_conf(&self) -> Option<String> {
        if self.testing.runner != Runner::Import || !self.is_library() {
            return None;
        }
        let package = self.names.binary.as_str();
        let by_name = package
            .strip_prefix("python3-")
            .map(|name| name.replace('-', "_"));
        let module = self.modules.representative(self.release.name.as_ref())?;
        (by_name.as_deref() != Some(module)).then(|| format!("import_name={module}\n"))
    }

    /// The autopkgtest of an application that has no tests: what it installs is importable.
    fn import_test(&self) -> Option<String> {
        let modules = &self.modules.names;
        let own = self.testing.runner == Runner::Import && !self.is_library();
        (own && !modules.is_empty()).then(|| {
            format!(
                "Test-Command: cd /tmp && python3 -c 'import {}'\nDepends:\n @,\n python3,\n\
                 Restrictions: allow-stderr, superficial\nFeatures: test-name=import\n",
                modules.join(", ")
            )
        })
    }

    fn rules(&self, notices: &[String]) -> Rules {
        let mut rules = Rules::default();
        if let Some(name) = self.names.binary.as_str().strip_prefix("python3-") {
            rules.export("PYBUILD_NAME", name, "");
        }
        if self.compiled.any {
            rules.export("DEB_BUILD_MAINT_OPTIONS", "hardening=+all", "");
        }
        for (name, value) in &self.tools.environment {
            rules.export(name, value, reason_of(name));
        }
        self.test_rules(&mut rules);
        if self.release.tree.paths().any(is_cleaned_away) {
            let command = ["rm -rf .pybuild build *.egg-info src/*.egg-info".to_owned()];
            let reason = "pybuild cleans every *.egg-info away; those in the tests are their data.";
            rules.hook("override_dh_auto_clean", reason, &command);
        }
        self.install_rules(&mut rules);
        self.notice_rules(notices, &mut rules);
        if depends::confuses_dh_python(&self.release.requires, self.context.target) {
            let command = ["dh_python3 --no-guessing-deps".to_owned()];
            let reason = "debian/control names what is required here; dh_python3 would add what only other \
                Pythons require.";
            rules.hook("override_dh_python3", reason, &command);
        }
        rules
    }

    fn test_rules(&self, rules: &mut Rules) {
        match self.testing.runner {
            Runner::Pytest if !self.testing.arguments.is_empty() => self.pytest_rules(rules),
            Runner::Pytest | Runner::Unittest => {}
            Runner::Import => {
                let reason = self.no_tests("There are no tests in the release.");
                let reason = format!("{reason} What it installs has to be importable.");
                let imports = format!("import {}", self.modules.names.join(", "));
                rules.export("PYBUILD_TEST_CUSTOM", "1", &reason);
                let command = format!("{{interpreter}} -c '{imports}'");
                rules.export("PYBUILD_TEST_ARGS", &command, "");
            }
            Runner::Nothing => {
                let reason = self.no_tests("There are no tests, and nothing to import.");
                rules.export("PYBUILD_DISABLE", "test", &reason);
            }
        }
    }

    fn pytest_rules(&self, rules: &mut Rules) {
        let arguments = self.testing.arguments.iter();
        let (arguments, mut reasons): (Vec<&str>, Vec<&str>) = arguments
            .map(|(argument, why)| (argument.as_str(), why.as_str()))
            .unzip();
        let mut told = BTreeSet::new();
        reasons.retain(|reason| reason.is_empty() || told.insert(*reason));
        if reasons.len() > SHOWN {
            reasons.truncate(SHOWN);
            reasons.push("The others are left out for reasons of the same kind.");
        }
        let reason = reasons.join("\n");
        rules.export("PYBUILD_TEST_ARGS", &arguments.join(" "), &reason);
    }

    /// Why tests are not run; `none` where there are none.
    fn no_tests(&self, none: &str) -> String {
        let reason = self.testing.reason.as_ref();
        reason.map_or_else(
            || none.to_owned(),
            |reason| format!("The tests are not run: {reason}."),
        )
    }

    fn install_rules(&self, rules: &mut Rules) {
        let package = self.names.binary.as_str();
        if !self.modules.stray.is_empty() {
            let name = |module: &String| {
                let module = word(module);
                format!(
                    "rm -rf debian/{package}/usr/lib/python3*/dist-packages/{module} debian/{package}/usr/lib/python3*/dist-packages/{module}.py"
                )
            };
            let commands: Vec<String> = self.modules.stray.iter().map(name).collect();
            rules.hook(
                "execute_after_dh_auto_install",
                "These are not meant for everybody's path.",
                &commands,
            );
        }
        if !self.modules.shared.is_empty() {
            let name = |file: &String| {
                let file = word(file);
                format!("rm -f debian/{package}/usr/lib/python3*/dist-packages/{file}")
            };
            let commands: Vec<String> = self.modules.shared.iter().map(name).collect();
            let reason = "Each package of the namespace would have it; none needs it (PEP 420).";
            rules.hook("execute_after_dh_auto_install", reason, &commands);
        }
        self.rename_rules(rules);
        if !self.carried.install.is_empty() {
            let reason = "What the release carries beside its modules goes where Debian wants it.";
            rules.hook(
                "execute_after_dh_auto_install",
                reason,
                &self.carried.install,
            );
        }
        for (target, commands, reason) in &self.carried.targets {
            rules.hook(target, reason, commands);
        }
        if self.compiled.any {
            rules.hook(
                "execute_after_dh_auto_install",
                COMPILED_REASON,
                &self.check_compiled(),
            );
        }
    }

    /// Notices of components, whose names the release's own may have.
    fn notice_rules(&self, notices: &[String], rules: &mut Rules) {
        let package = self.names.binary.as_str();
        let of_components = notices.iter().filter_map(|path| path.split_once('/'));
        let command = |(component, file): (&str, &str)| {
            let stem = file.split('.').next().unwrap_or(file);
            let doc = format!("debian/{package}/usr/share/doc/{package}");
            let (from, to) = (
                format!("{component}/{file}"),
                format!("{doc}/{stem}.{component}"),
            );
            format!("install -D -m 644 {} {}", word(&from), word(&to))
        };
        let commands: Vec<String> = of_components.map(command).collect();
        if !commands.is_empty() {
            let reason = "The Apache licence wants the notices of what is built in to be kept.";
            rules.hook("execute_after_dh_installdocs", reason, &commands);
        }
    }

    /// Programs, with their manual pages, that are called otherwise or left out.
    fn rename_rules(&self, rules: &mut Rules) {
        let package = self.names.binary.as_str();
        for renamed in &self.clashes.renamed {
            let (name, top) = (&renamed.name, format!("debian/{package}/usr"));
            let command = match &renamed.becomes {
                Some(new) => format!("mv {top}/bin/{name} {top}/bin/{new}"),
                None => format!("rm -f {top}/bin/{name}"),
            };
            let reason = format!("Another package has a program {name}.");
            rules.hook("execute_after_dh_auto_install", &reason, &[command]);
            let page = self.upstream_page(name);
            if let Some((new, _)) = renamed.becomes.as_ref().zip(page) {
                let pages = format!("{top}/share/man/man1");
                let command = format!("mv {pages}/{name}.1 {pages}/{new}.1");
                rules.hook("execute_after_dh_installman", &reason, &[command]);
            }
        }
    }

    /// Commands that fail where an extension module is not there.
    fn check_compiled(&self) -> Vec<String> {
        let package = self.names.binary.as_str();
        let last = |module: &String| module.rsplit('.').next().unwrap_or(module).to_owned();
        let mut names: Vec<String> = self.compiled.modules.iter().map(last).collect();
        names.sort();
        names.dedup();
        if names.is_empty() {
            return vec![format!("find debian/{package} -name '*.so' | grep .")];
        }
        vec![
            format!("set -e; for module in {}; do \\", names.join(" ")),
            format!("\tfind debian/{package} -name \"$$module.*so\" | grep . \\"),
            "\t\t|| { echo \"$$module was not built\" >&2; exit 1; }; \\".to_owned(),
            "done".to_owned(),
        ]
    }

    pub(super) fn describe(&self) -> Description {
        let about = &self.release.about;
        let about = description::About {
            name: &self.release.spelled,
            summary: about.summary.as_deref(),
            description: about.description.as_deref(),
            content_type: about.description_type.as_deref(),
        };
        let scripts = self.clashes.installed(&self.scripts);
        let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
        let role = match self.choices.role {
            Role::Application => description::Role::Programs(&scripts),
            Role::Library => description::Role::Library,
        };
        description::describe(&about, self.names.binary.as_str(), role)
    }

    /// A manual page for each program: upstream's where there is one (Policy 12.1).
    fn manual_pages(&self, changelog: &Changelog, files: &mut Files) {
        let described = self.describe();
        let homepage = self.homepage();
        let date = changelog.date.to_zoned(TimeZone::UTC).date().to_string();
        let mut pages = Vec::new();
        for program in &self.scripts {
            let Some(name) = self.clashes.installed(std::slice::from_ref(program)).pop() else {
                continue;
            };
            if let Some(page) = self.upstream_page(program) {
                // What the backend installs is not installed twice.
                pages.extend(Some(page).filter(|page| !self.carried.by_backend.contains(page)));
                continue;
            }
            let page = man_pages::write(&man_pages::Program {
                name: &name,
                package: self.names.binary.as_str(),
                version: &self.release.version.to_string(),
                date: &date,
                synopsis: &described.synopsis,
                description: &described.extended,
                homepage: homepage.as_deref(),
            });
            let path = format!("debian/{name}.1");
            files.add(&path, page);
            pages.push(path);
        }
        let further = self.carried.pages.iter().cloned();
        pages.extend(further);
        pages.sort();
        pages.dedup();
        files.add_list(&format!("debian/{}.manpages", self.names.binary), &pages);
    }

    fn upstream_page(&self, name: &str) -> Option<String> {
        let suffix = format!("{name}.1");
        let is_page = |path: &&str| *path == suffix || path.ends_with(&format!("/{suffix}"));
        self.release.tree.paths().find(is_page).map(str::to_owned)
    }

    fn copyright(&self, changelog: &Changelog) -> Copyright {
        let release = self.release;
        let about = &release.about;
        let decided = self.choices.licence.as_ref();
        let upstream = copyright::Upstream {
            name: release.spelled.clone(),
            expression: decided.or(about.licence_expression.as_ref()).cloned(),
            is_decided: decided.is_some(),
            licence: about.licence.clone(),
            classifiers: about.classifiers.clone(),
            authors: about.author.iter().cloned().collect(),
            source: self.homepage().or_else(|| Some(self.index_page())),
            components: release
                .components
                .iter()
                .map(|one| one.name.clone())
                .collect(),
        };
        let packaging = copyright::Packaging {
            packager: self.choices.maintainer.clone(),
            years: changelog.years,
            common_licences: self.conventions.common_licences.clone(),
        };
        copyright::write(&upstream, &packaging, &self.heads())
    }

    /// The beginnings of the files, as far as notices are looked for in them.
    fn heads(&self) -> BTreeMap<String, Vec<u8>> {
        let mut heads = BTreeMap::new();
        for (prefix, tree) in self.release.trees() {
            for (path, member) in tree.members() {
                let path = format!("{prefix}{path}");
                let length = copyright::wanted(&path).min(member.bytes.len());
                heads.insert(path, member.bytes[..length].to_vec());
            }
        }
        heads
    }

    /// Debian's redirector to the release on the package index, for projects without a page.
    fn index_page(&self) -> String {
        format!("https://pypi.debian.net/{}/", self.release.name)
    }
}

/// Whether pybuild's clean step removes a file that no build makes anew: metadata below
/// another directory than the modules' own.
fn is_cleaned_away(path: &str) -> bool {
    let mut parts = path.split('/');
    let at = parts.position(|part| part.ends_with(".egg-info"));
    let top = path.split('/').next().unwrap_or(path);
    at.is_some_and(|at| {
        at > 0 && path.matches('/').count() > at && !matches!(top, "src" | "lib" | "python")
    })
}

/// Why a build needs a variable.
fn reason_of(variable: &str) -> &'static str {
    match variable {
        "HATCH_METADATA_CLASSIFIERS_NO_VERIFY" => {
            "Classifiers may be younger than the list that hatchling compares them with."
        }
        _ => "There is no repository to read the version from.",
    }
}

const COMPILED_REASON: &str =
    "Where the extension modules cannot be compiled, the build falls back to none.";

/// A rebuild would otherwise find changes of the upstream in what a build has written.
const SOURCE_OPTIONS: &str =
    "extend-diff-ignore = \"^[^/]+\\.(egg-info|dist-info)/|^[^/]+/[^/]+\\.egg-info/\"\n";
