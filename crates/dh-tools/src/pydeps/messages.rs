//! What is told of requirements that have no answer, each with a way out.

use std::collections::BTreeSet;

use pydeps_core::dependencies::Problem;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::policy_name;
use pydeps_core::name::{DebName, DistName};
use pydeps_core::relate::Field;
use pydeps_core::requirement::Requirement;
use pydeps_debhelper::substvars;
use pydeps_host::built::BuiltDist;

use super::extras::{Choice, Chosen};
use super::substvars::variable;

/// Extras that no distribution of the package has.
pub(super) fn unknown_extras(dists: &[BuiltDist], chosen: &Chosen) -> Vec<Finding> {
    let has = |choice: &Choice| {
        let named =
            |dist: &&BuiltDist| choice.distribution.as_ref().is_none_or(|d| *d == dist.name);
        dists
            .iter()
            .filter(named)
            .any(|dist| dist.extras.contains(&choice.extra))
    };
    let unknown = chosen.all().iter().filter(|choice| !has(choice));
    let finding = |choice: &Choice| {
        let extra = &choice.extra;
        let known: BTreeSet<String> = (dists.iter().flat_map(|dist| &dist.extras))
            .map(ToString::to_string)
            .collect();
        let known: Vec<String> = known.into_iter().collect();
        let hint = match known.is_empty() {
            true => "take it out: no distribution in it has extras".to_owned(),
            false => format!("there are: {}", known.join(", ")),
        };
        let text = format!("no distribution in it has the extra `{extra}`");
        Finding::error("extra-unknown", text)
            .with_origin(&choice.place)
            .with_hint(hint)
    };
    unknown.map(finding).collect()
}

/// A relation that would be lost, as its variable is not used.
pub(crate) fn unused(field: Field, items: &BTreeSet<String>) -> Finding {
    let (variable, name) = (variable(field), field.name());
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let text = format!(
        "nothing in debian/control uses ${{{variable}}}, so this would be lost: {}",
        items.join(", ")
    );
    Finding::error("substvar-unused", text).with_hint(format!(
        "add ${{{variable}}} to its {name} (from compat 14 on it is added by itself)"
    ))
}

/// A relation that the file does not have.
pub(super) fn lacking(field: Field, item: &str) -> Finding {
    let text = format!("${{{}}} lacks `{item}`", variable(field));
    Finding::error("substvar-lacking", text).with_hint("run dh_pydeps without --check")
}

/// A relation that nothing asks for any more.
pub(super) fn stale(field: Field, item: &str, package: &DebName) -> Finding {
    let variable = variable(field);
    let text = format!("${{{variable}}} has `{item}`, which nothing in the package asks for");
    let file = substvars::file(package.as_str());
    Finding::error("substvar-stale", text).with_hint(format!(
        "remove {file}, as dh_prep does, and build again; give --check the options of dh_pydeps; \
         what is added by hand belongs into debian/control"
    ))
}

/// What a person can do about a problem with a requirement.
pub(super) fn hint(problem: Problem<'_>, requirement: &Requirement) -> String {
    let name = &requirement.name;
    match problem {
        Problem::Missing(unstable) => way_out(name, unstable),
        Problem::Private => way_out(name, None),
        Problem::Unsatisfied => {
            let relaxed = relaxed(name);
            format!("correct the requirement by a patch, or, if this version will do: {relaxed}")
        }
        Problem::OwnUnsatisfied => {
            let relaxed = relaxed(name);
            format!(
                "put a version that meets it into the package, or, if this version will do: {relaxed}"
            )
        }
        Problem::ExtrasUnknown => {
            let package = usual_name(name);
            format!(
                "add the package that has {name} to Build-Depends, or write all that is needed into \
                 debian/py3dist-overrides: {name} {package}, …"
            )
        }
    }
}

fn usual_name(name: &DistName) -> String {
    policy_name(name).map_or_else(|| format!("python3-{name}"), String::from)
}

fn way_out(name: &DistName, unstable: Option<&DebName>) -> String {
    let package = unstable.map_or_else(|| usual_name(name), ToString::to_string);
    format!(
        "if a package has it: add that to Build-Depends, or write `{name} {package}` into debian/py3dist-overrides; \
         if it can do without: {name} = {{ action = \"ignore\", reason = \"…\" }} below [decisions] in debian/pydeps.toml"
    )
}

fn relaxed(name: &DistName) -> String {
    format!(
        "{name} = {{ action = \"relax\", reason = \"…\" }} below [decisions] in debian/pydeps.toml"
    )
}
