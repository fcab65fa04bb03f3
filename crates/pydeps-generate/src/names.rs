//! How the packages of a distribution are called (Python Policy 4.3, 4.4).
//!
//! Source: `python-` and the distribution's name, unless that name begins with `py`,
//! which already shows what it is. Binary: `python3-` and the import name. A distribution
//! that unstable has keeps unstable's binary name, so that the one takes the other's place.
//! An application has its plain name for both. No name is one that another software's
//! package has in any suite that is known here.

use pydeps_core::finding::Finding;
use pydeps_core::name::{DebName, DistName};

use crate::facts::{ArchiveQueries, Taken};
use crate::modules::Modules;

/// What a distribution is to its users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Others import it; it may have programs, too.
    Library,
    /// It is run, and nobody imports it.
    Application,
}

/// The names of one distribution's packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The source package.
    pub source: DebName,
    /// The binary package.
    pub binary: DebName,
    /// What was noticed on the way.
    pub findings: Vec<Finding>,
}

/// Every name that would do is another software's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no package name is left for {distribution}: {reasons}")]
pub struct Collision {
    /// The distribution.
    pub distribution: DistName,
    /// Which names are taken, and by what.
    pub reasons: String,
}

/// Chooses the names of a distribution.
pub fn choose(
    distribution: &DistName,
    modules: &Modules,
    role: Role,
    archive: &dyn ArchiveQueries,
) -> Result<Names, Collision> {
    let mut findings = Vec::new();
    let unstable = archive
        .unstable(distribution)
        .filter(|_| role == Role::Library);
    let binaries = unstable.into_iter().map(|name| name.to_string());
    let binaries = binaries.chain(binary_names(distribution, modules, role));
    let binary = free(distribution, binaries, archive, &mut findings)?;
    let sources = source_names(distribution, role).into_iter();
    let source = free(distribution, sources, archive, &mut findings)?;
    Ok(Names {
        source,
        binary,
        findings,
    })
}

/// The name that Python Policy gives the package of a library.
pub fn binary_name(distribution: &DistName, modules: &Modules) -> Option<DebName> {
    let names = binary_names(distribution, modules, Role::Library);
    names.into_iter().find_map(|name| name.parse().ok())
}

fn binary_names(distribution: &DistName, modules: &Modules, role: Role) -> Vec<String> {
    let by_module = modules.namesake(distribution.as_ref());
    let by_module = by_module.map(|module| format!("python3-{}", package_form(module)));
    let by_distribution = format!("python3-{distribution}");
    let library = by_module.into_iter().chain([by_distribution]);
    match role {
        Role::Library => library.collect(),
        Role::Application => [distribution.to_string()]
            .into_iter()
            .chain(library)
            .collect(),
    }
}

fn source_names(distribution: &DistName, role: Role) -> Vec<String> {
    let plain = distribution.to_string();
    let prefixed = format!("python-{plain}");
    match role {
        Role::Application => vec![plain, prefixed],
        Role::Library if plain.starts_with("py") => vec![plain, prefixed],
        Role::Library => vec![prefixed, format!("python-{plain}-module")],
    }
}

/// A module's name as part of a package's: lower case, `-` for `_`.
fn package_form(module: &str) -> String {
    let text = module.to_lowercase().replace('_', "-");
    text.trim_matches('-').to_owned()
}

/// The first that is a package name and that nobody else has.
fn free(
    distribution: &DistName,
    candidates: impl Iterator<Item = String>,
    archive: &dyn ArchiveQueries,
    findings: &mut Vec<Finding>,
) -> Result<DebName, Collision> {
    let mut reasons: Vec<String> = Vec::new();
    for candidate in candidates {
        let Ok(name) = candidate.parse::<DebName>() else {
            continue;
        };
        let taken = archive.taken(name.as_str());
        match taken.filter(|taken| !taken.holds.contains(distribution)) {
            None => {
                findings.extend(avoided(&name, &reasons));
                return Ok(name);
            }
            Some(taken) => reasons.push(told(&name, &taken)),
        }
    }
    Err(Collision {
        distribution: distribution.clone(),
        reasons: reasons.join("; "),
    })
}

fn told(name: &DebName, taken: &Taken) -> String {
    let holds: Vec<&str> = taken.holds.iter().map(AsRef::as_ref).collect();
    match holds.is_empty() {
        true => format!("{name} is another package of {}", taken.suite),
        false => format!("{name} of {} holds {}", taken.suite, holds.join(", ")),
    }
}

fn avoided(name: &DebName, reasons: &[String]) -> Option<Finding> {
    (!reasons.is_empty()).then(|| {
        let message = format!("the package is called {name}, as {}", reasons.join("; "));
        Finding::warning("name-taken", message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(distribution: &str, module: &[&str], expect: &[&str]) {
        let modules = Modules {
            names: module.iter().map(|name| (*name).to_owned()).collect(),
            ..Modules::default()
        };
        let name: DistName = distribution.parse().unwrap();
        assert_eq!(binary_names(&name, &modules, Role::Library), expect);
    }

    #[test]
    fn by_the_import_name() {
        check("pyxdg", &["xdg"], &["python3-xdg", "python3-pyxdg"]);
        check(
            "Uri_Template",
            &["uri_template"],
            &["python3-uri-template", "python3-uri-template"],
        );
        check(
            "x",
            &["google.cloud.x"],
            &["python3-google.cloud.x", "python3-x"],
        );
        check("types-x", &[], &["python3-types-x"]);
        check(
            "opentelemetry-exporter-otlp",
            &["opentelemetry.exporter.otlp.version"],
            &[
                "python3-opentelemetry.exporter.otlp",
                "python3-opentelemetry-exporter-otlp",
            ],
        );
        // None of them stands for the whole.
        check(
            "google-cloud-core",
            &["google.cloud._helpers", "google.cloud.client"],
            &["python3-google-cloud-core"],
        );
    }

    #[test]
    fn sources() {
        let names = |name: &str, role| source_names(&name.parse().unwrap(), role)[0].clone();
        assert_eq!(names("uri-template", Role::Library), "python-uri-template");
        assert_eq!(names("pyfoo", Role::Library), "pyfoo");
        assert_eq!(names("python-foo", Role::Library), "python-foo");
        assert_eq!(names("copier", Role::Application), "copier");
    }
}
