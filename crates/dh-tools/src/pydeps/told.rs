//! What is told of requirements that have no answer, each with a way out.

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;
use pydeps_core::mapping::policy_name;
use pydeps_core::name::{DebName, DistName};
use pydeps_core::requirement::Requirement;
use pydeps_debhelper::substvars;
use pydeps_host::built::BuiltDist;

use super::decide::Field;
use super::extras::{Choice, Chosen};

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
    let (variable, name) = (field.variable(), field.name());
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
    let text = format!("${{{}}} lacks `{item}`", field.variable());
    Finding::error("substvar-lacking", text).with_hint("run dh_pydeps without --check")
}

/// A relation that nothing asks for any more.
pub(super) fn stale(field: Field, item: &str, package: &DebName) -> Finding {
    let variable = field.variable();
    let text = format!("${{{variable}}} has `{item}`, which nothing in the package asks for");
    let file = substvars::file(package.as_str());
    Finding::error("substvar-stale", text).with_hint(format!(
        "remove {file}, as dh_prep does, and build again; give --check the options of dh_pydeps; \
         what is added by hand belongs into debian/control"
    ))
}

pub(super) fn widened(requirement: &Requirement) -> Finding {
    let text = format!(
        "`{requirement}` holds on some architectures or Pythons only; the relation is for all"
    );
    Finding::warning("marker-widened", text)
}

pub(super) fn unknown_extra(requirement: &Requirement) -> Finding {
    let name = &requirement.name;
    let package = policy_name(name).map_or_else(|| name.to_string(), |package| package.to_string());
    let text = format!("what the extras of `{requirement}` require is not known here");
    Finding::error("extras-unknown", text).with_hint(format!(
        "add the package that has {name} to Build-Depends, or write all that is needed into debian/py3dist-overrides: {name} {package}, …"
    ))
}

/// What to do where no package is known.
pub(super) fn way_out(name: &DistName, unstable: Option<&str>) -> String {
    let usual = policy_name(name).map_or_else(|| format!("python3-{name}"), |p| p.to_string());
    let package = unstable.unwrap_or(&usual);
    format!(
        "if a package has it: add that to Build-Depends, or write `{name} {package}` into debian/py3dist-overrides; \
         if it can do without: {name} = {{ action = \"ignore\", reason = \"…\" }} below [decisions] in debian/pydeps.toml"
    )
}

/// What to do about a version that the suite has.
pub(super) fn relax(name: &DistName) -> String {
    format!(
        "correct the requirement by a patch, or, if this version will do: {}",
        relaxed(name)
    )
}

/// What to do about a version that the package itself has.
pub(super) fn relax_own(name: &DistName) -> String {
    format!(
        "put a version that meets it into the package, or, if this version will do: {}",
        relaxed(name)
    )
}

fn relaxed(name: &DistName) -> String {
    format!(
        "{name} = {{ action = \"relax\", reason = \"…\" }} below [decisions] in debian/pydeps.toml"
    )
}
