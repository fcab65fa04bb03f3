//! The whole of it: from a release and a suite to the files under `debian/`.

mod files;
mod stanzas;

use std::collections::BTreeMap;

use jiff::Timestamp;
use pydeps_core::deb_version::is_later;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::relate::Field;
use pydeps_core::spelling::Spelling;

use crate::aspects::build_backend::{self, Tools};
use crate::aspects::compiled::{self, Compiled};
use crate::aspects::data_files::{self, Carried};
use crate::aspects::external_programs::{self, Programs};
use crate::aspects::file_conflicts::{self, Clashes, Others};
use crate::aspects::patches::{self, Patch, Patched};
use crate::aspects::testing::{self, Runner, Testing};
use crate::aspects::undeclared_imports;
use crate::depends::{self, Context, Needs};
use crate::edits::changelog::{self, Past};
use crate::facts::{Release, Taken};
use crate::modules::{self, Modules};
use crate::names::{self, Names, Role};
use crate::suite_conventions::SuiteConventions;
use pydeps_copyright::minified;

/// What a person chooses.
#[derive(Clone, Debug)]
pub struct Choices {
    /// Who packages it: `Name <address>`.
    pub maintainer: String,
    /// The number of the bug that announces the package (ITP), for Debian itself.
    pub itp: Option<u32>,
    /// Whether it is a library or an application.
    pub role: Role,
    /// Its licence, where that was decided on: an SPDX expression.
    pub licence: Option<String>,
    /// The date of a changelog's entry, unless the one below is later.
    pub date: Timestamp,
}

/// A file below the top of the source package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// Whether it may be executed.
    pub executable: bool,
}

/// A source package to be.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The source package's name.
    pub source: String,
    /// The binary package's name.
    pub binary: String,
    /// The whole version: that of the changelog's entry.
    pub version: String,
    /// The upstream part of the version, without epoch: as in the tarball's name.
    pub upstream_version: String,
    /// The modules that can be imported.
    pub modules: Vec<String>,
    /// `Depends`, without what substitution variables add.
    pub depends: Vec<String>,
    /// `Build-Depends`.
    pub build_depends: Vec<String>,
    /// The files, by their path: `debian/control` and so on.
    pub files: BTreeMap<String, PlanFile>,
    /// The date of the changelog's entry: no file in the package is newer.
    pub date: Timestamp,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Why there is no plan: at least one finding is an error.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the release cannot be packaged for this suite")]
pub struct Refused {
    /// All that was noticed.
    pub findings: Vec<Finding>,
}

/// All that is known before the files are written.
pub struct Draft<'a> {
    release: &'a Release,
    conventions: &'a SuiteConventions,
    choices: &'a Choices,
    context: Context<'a>,
    modules: Modules,
    names: Names,
    compiled: Compiled,
    tools: Tools,
    run_time: Needs,
    build_time: Needs,
    suggests: Vec<String>,
    others: Programs,
    testing: Testing,
    scripts: Vec<String>,
    clashes: Clashes,
    patches: Vec<Patch>,
    carried: Carried,
}

/// Plans the source package of a release, as far as that does not depend on what was there
/// before. [`Draft::finish`] does the rest.
///
/// # Errors
///
/// All names that the package might have are others'.
pub fn draft<'a>(
    release: &'a Release,
    conventions: &'a SuiteConventions,
    choices: &'a Choices,
    context: Context<'a>,
) -> Result<Draft<'a>, Refused> {
    let settings = &release.settings;
    let modules = modules::find(release.name.as_ref(), &release.tree, settings);
    let names = names::choose(&release.name, &modules, choices.role, context.archive).map_err(
        |collision| Refused {
            findings: vec![Finding::error("name-taken", collision.to_string())],
        },
    )?;
    let compiled = compiled::find(release, settings, context.archive);
    let mut run_time = depends::needs(&release.requires, Field::Depends, &context);
    let mut build_time = depends::needs(&release.requires, Field::BuildDepends, &context);
    let undeclared = undeclared_imports::find(release, &modules, &compiled, &run_time, &context);
    build_time.relate(&undeclared);
    run_time.extend(undeclared);
    let suggests = depends::suggestions(
        &release.requires,
        &release.extras,
        &run_time.relations,
        &context,
    );
    let mut testing = testing::decide(release, &modules, settings, &context);
    if matches!(testing.runner, Runner::Pytest | Runner::Unittest) {
        let optional = testing::optional(release, &suggests, &context);
        testing.build_depends.extend(optional);
    }
    let scripts = settings.scripts(&release.tree);
    let mut others =
        external_programs::find(release, &modules, &scripts, &run_time.relations, &context);
    others.findings.extend(settings.odd_scripts(&release.tree));
    let clashes = clashing(release, &names, &scripts, &modules, &run_time, &context);
    let mut programs = clashes.installed(&scripts);
    programs.retain(|program| scripts.contains(program));
    let carried = data_files::find(&release.tree, settings, names.binary.as_str(), &programs);
    let patched = patches::apply(release, settings, &modules, conventions, &context);
    Ok(Draft {
        tools: tools(&patched, release, conventions, &context),
        testing,
        build_time,
        suggests,
        others,
        patches: patched.series,
        scripts,
        clashes,
        carried,
        release,
        conventions,
        choices,
        context,
        modules,
        names,
        compiled,
        run_time,
    })
}

/// What builds the release once it is patched.
fn tools(
    patched: &Patched,
    release: &Release,
    conventions: &SuiteConventions,
    context: &Context<'_>,
) -> Tools {
    let (build, settings) = (&patched.build, &patched.settings);
    let mut tools = build_backend::tools(build, settings, &release.version, conventions, context);
    tools
        .findings
        .splice(0..0, patched.findings.iter().cloned());
    tools
}

/// Which files of the package others have as well.
fn clashing(
    release: &Release,
    names: &Names,
    scripts: &[String],
    modules: &Modules,
    run_time: &Needs,
    context: &Context<'_>,
) -> Clashes {
    let archive = context.archive;
    let holds = |taken: Taken| taken.holds.contains(&release.name);
    let others = Others {
        programs: &|name| archive.program_owners(name),
        modules: &|name| {
            let mut owners = archive.module_owners(name);
            owners.extend(archive.module_to_be(name));
            owners
        },
        is_predecessor: &|package| archive.taken(package.as_str()).is_some_and(holds),
        closure: &archive.closure(&run_time.relations),
    };
    file_conflicts::find(
        &names.binary,
        &release.name,
        scripts,
        &modules.names,
        &others,
    )
}

impl Draft<'_> {
    /// The source package's name.
    pub fn source(&self) -> &str {
        self.names.source.as_str()
    }

    /// Writes the files, for a package that has this changelog already.
    ///
    /// # Errors
    ///
    /// The suite cannot build the package or run it, its licence is not known, or its past
    /// has a newer release.
    pub fn finish(self, past: &Past) -> Result<Plan, Refused> {
        let mut findings = self.findings();
        let changelog = changelog::go_on(&self.entry(), self.choices.itp, past);
        let changelog = changelog.map_err(|refusal| Refused {
            findings: vec![refusal],
        })?;
        findings.extend(changelog.findings.iter().cloned());
        let (files, noticed) = self.files(&changelog);
        findings.extend(noticed);
        if findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            return Err(Refused { findings });
        }
        Ok(Plan {
            source: self.names.source.to_string(),
            binary: self.names.binary.to_string(),
            version: changelog.version,
            upstream_version: self.upstream_version(),
            modules: self.modules.names.clone(),
            depends: self.run_time.relations.clone(),
            build_depends: self.build_depends(),
            date: changelog.date,
            files,
            findings,
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let parts = [
            &self.names.findings,
            &self.tools.findings,
            &self.compiled.findings,
            &self.run_time.findings,
            &self.others.findings,
            &self.clashes.findings,
            &self.testing.findings,
            &self.carried.findings,
        ];
        let mut findings: Vec<Finding> = parts.into_iter().flatten().cloned().collect();
        findings.extend(self.python());
        findings.extend(self.guess());
        findings.extend(self.downgrade());
        let has = |package: &str| self.context.archive.version(package).is_some();
        for (prefix, tree) in self.release.trees() {
            let found = minified::find(tree, &has);
            findings.extend(found.map(|one| match prefix.as_str() {
                "" => one,
                prefix => one.with_origin(prefix),
            }));
        }
        findings
    }

    /// A Python that the suite does not have.
    fn python(&self) -> Option<Finding> {
        let asked = self.release.requires_python.as_ref();
        let python = self.context.target.python();
        (!self.context.target.admits(asked)).then(|| {
            let asked = asked.map_or_else(String::new, ToString::to_string);
            let suite = &self.conventions.codename;
            let message = format!("it requires Python {asked}, and {suite} has {python}");
            Finding::error("requires-python", message)
                .with_hint("take an older release, or a newer suite")
        })
    }

    fn guess(&self) -> Option<Finding> {
        let modules = &self.modules;
        match (
            modules.names.is_empty() && modules.stubs.is_empty(),
            modules.guessed,
        ) {
            (true, _) => {
                let message = "no module was found in the source; what it installs is not checked";
                Some(Finding::warning("no-modules", message))
            }
            (false, true) => {
                let message = format!(
                    "nothing names its modules; found by looking: {}",
                    modules.names.join(", ")
                );
                Some(Finding::info("modules-guessed", message))
            }
            (false, false) => None,
        }
    }

    /// A package that stands in for a newer one of the suite: apt takes the newer.
    fn downgrade(&self) -> Option<Finding> {
        let package = self.names.binary.as_str();
        let there = self.context.archive.version(package)?;
        let (new, suite) = (self.version(), &self.conventions.codename);
        is_later(&there, &new).then(|| {
            let message =
                format!("{package} {new} is older than the {there} of {suite}, which apt prefers");
            Finding::warning("older-than-suite", message).with_hint(
                "pin it in apt_preferences(5) with a priority above 1000, or take a newer release",
            )
        })
    }

    fn upstream_version(&self) -> String {
        let version = &self.release.version;
        Spelling::generated(version).upstream(version)
    }

    fn version(&self) -> String {
        let revision = if self.choices.itp.is_some() {
            "1"
        } else {
            "1~local1"
        };
        let version = &self.release.version;
        let epoch = depends::epoch(self.names.binary.as_str(), self.context.archive);
        let spelling = Spelling::generated(version).above(epoch);
        format!("{}-{revision}", spelling.spell(version))
    }
}
