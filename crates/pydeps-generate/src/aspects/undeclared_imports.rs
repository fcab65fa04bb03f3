//! What the modules import whenever they are imported, although the metadata do not require
//! it: parts of Python that Debian has in packages of their own, what belongs to an extra,
//! what upstream has forgotten. Without it the module cannot be used, so it is a dependency
//! (Debian Policy 7.2), whatever the metadata say.

mod foreign;

use std::slice::from_ref;

use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::{DebName, DistName};
use pydeps_core::relate::{Field, relate};
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Applies;

use crate::aspects::compiled::{self, Compiled};
use crate::aspects::testing::{BUILT_IN, is_standard};
use crate::depends::{self, Context, Needs};
use crate::facts::Release;
use crate::modules::{self, Modules};
use foreign::Foreign;

/// Relations for what is imported and not required, with a warning for each.
pub(crate) fn find(
    release: &Release,
    modules: &Modules,
    compiled: &Compiled,
    required: &Needs,
    context: &Context<'_>,
) -> Needs {
    let mut found = Needs::default();
    let there = context.archive.closure(&required.relations);
    for foreign in foreign::find(release, modules, compiled) {
        if is_built_in(&foreign) {
            continue;
        }
        let owners = owners(&foreign, context);
        let is_there = |package: &DebName| there.contains(package) || is_standard(package.as_str());
        if owners.iter().any(is_there) || may_come(&foreign.module, release, context) {
            continue;
        }
        let more = match chosen(&foreign.module, &owners) {
            Some(package) => present(&foreign, &relation(package, release, context)),
            None => lacking(&foreign, release, context),
        };
        // One module of a distribution speaks for the others.
        if more.relations.is_empty() || !found.has(&more) {
            found.append(more);
        }
    }
    found
}

fn present(foreign: &Foreign, relation: &str) -> Needs {
    let mut needs = Needs::default();
    needs.add(relation);
    needs.findings.push(told(foreign, relation));
    needs
}

/// Requirements that the metadata should have, as the suite has nothing for what is imported,
/// and it is known which distribution does.
pub fn forgotten(release: &Release, context: &Context<'_>) -> Vec<Requirement> {
    let settings = &release.settings;
    let modules = modules::find(release.name.as_ref(), &release.tree, settings);
    let compiled = compiled::find(release, settings, context.archive);
    let foreign = foreign::find(release, &modules, &compiled).into_iter();
    let foreign = foreign.filter(|one| !is_built_in(one) && owners(one, context).is_empty());
    foreign
        .filter_map(|one| distribution(&one, release, context))
        .collect()
}

fn is_built_in(foreign: &Foreign) -> bool {
    let top = foreign.module.split('.').next();
    top.is_some_and(|top| BUILT_IN.contains(&top))
}

/// The distribution of a module that nothing in the suite has: what an extra requires by the
/// module's name, else what alone has it in other suites.
fn distribution(
    foreign: &Foreign,
    release: &Release,
    context: &Context<'_>,
) -> Option<Requirement> {
    let top = foreign.module.split('.').next().unwrap_or_default();
    let is_named = |one: &&Requirement| folded(one.name.as_ref()) == folded(top);
    let of_extra = release.requires.iter().find(is_named);
    let plain = |one: &Requirement| Requirement {
        extras: Vec::new(),
        ..one.clone().without_marker()
    };
    of_extra.map(plain).or_else(|| {
        let names = above(foreign).map(|name| context.archive.elsewhere(name));
        let found = names.into_iter().find(|found| !found.is_empty())?;
        let mut found = found.into_iter();
        let only = found.next().filter(|_| found.next().is_none())?;
        only.to_string().parse().ok()
    })
}

/// A dependency on what the suite lacks, if a package of it is under way.
fn lacking(foreign: &Foreign, release: &Release, context: &Context<'_>) -> Needs {
    let requirement = distribution(foreign, release, context);
    let under_way = requirement.and_then(|one| {
        let generated = context.archive.generated(&one.name)?;
        Some((one, generated))
    });
    let Some((requirement, generated)) = under_way else {
        let to_be = above(foreign).find_map(|name| context.archive.module_to_be(name));
        if let Some(package) = to_be {
            return present(foreign, package.as_str());
        }
        return Needs {
            findings: nowhere(foreign, release, context).into_iter().collect(),
            ..Needs::default()
        };
    };
    let mut needs = depends::needs(from_ref(&requirement), Field::Depends, context);
    let mut told = told(foreign, &needs.relations.join(", "));
    if generated.missing {
        let hint = format!(
            "dh-pydeps resolve {} {} plans both",
            release.name, requirement.name
        );
        told = told.with_hint(hint);
    }
    needs.findings.insert(0, told);
    needs
}

/// The packages that have a module, or else what it is in.
fn owners(foreign: &Foreign, context: &Context<'_>) -> Vec<DebName> {
    let owners = above(foreign).map(|name| context.archive.module_owners(name));
    let mut owners = owners.filter(|owners| !owners.is_empty());
    owners.next().unwrap_or_default()
}

/// A module and what it is in, up to the namespace that it shares with the release's.
fn above(foreign: &Foreign) -> impl Iterator<Item = &str> {
    let inside = |name: &&str| name.len() > foreign.namespace.len();
    let all = std::iter::successors(Some(foreign.module.as_str()), |name| {
        Some(name.rsplit_once('.')?.0)
    });
    all.take_while(inside)
}

/// Whether something that is required is to be generated, and may have the module: nobody
/// can tell yet.
fn may_come(module: &str, release: &Release, context: &Context<'_>) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    release.requires.iter().any(|one| {
        context.target.applies(&one.marker, &[]) != Applies::Never
            && context.archive.generated(&one.name).is_some()
            && folded(one.name.as_ref()).starts_with(&folded(top))
    })
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace(['-', '.'], "_")
}

/// The package that is named after a module (Python Policy 4.3), else the first library.
fn chosen<'a>(module: &str, owners: &'a [DebName]) -> Option<&'a DebName> {
    let is_named = |name: &str| {
        let policy = format!("python3-{}", name.to_lowercase().replace(['_', '.'], "-"));
        owners.iter().find(|package| package.as_str() == policy)
    };
    let mut ends = module.match_indices('.').map(|(at, _)| &module[..at]);
    let named = is_named(module).or_else(|| ends.find_map(is_named));
    let library = |package: &&DebName| package.as_str().starts_with("python3-");
    named.or_else(|| owners.iter().find(library))
}

/// The package, with the bounds that an extra has for it, if the suite satisfies them.
fn relation(package: &DebName, release: &Release, context: &Context<'_>) -> String {
    let of_extra = |one: &&Requirement| {
        let target = context.target;
        target.applies(&one.marker, &[]) == Applies::Never
            && target.applies(&one.marker, &release.extras) != Applies::Never
    };
    let bounded = release.requires.iter().filter(of_extra).find_map(|one| {
        let answer = context.archive.answer(&one.name);
        let Answer::Mapped(mapping) = &answer else {
            return None;
        };
        let is_it = mapping.package == *package;
        let plain = Requirement {
            extras: Vec::new(),
            ..one.clone().without_marker()
        };
        let field = Field::Depends;
        let related = relate(&plain, &answer, context.target, field, context.suite);
        (is_it && related.is_satisfied()).then_some(related.relation)
    });
    bounded.unwrap_or_else(|| package.to_string())
}

/// A module that nothing has, as far as can be told: what belongs to a namespace may be no
/// module at all, and what is to be generated may have any.
fn nowhere(foreign: &Foreign, release: &Release, context: &Context<'_>) -> Option<Finding> {
    let is_new = |one: &Requirement| {
        context.target.applies(&one.marker, &[]) != Applies::Never
            && context.archive.generated(&one.name).is_some()
    };
    let top = foreign.module.split('.').next().unwrap_or_default();
    let namesake: Option<DistName> = top.parse().ok();
    let is_missing = namesake
        .is_some_and(|name| matches!(context.archive.answer(&name), Answer::Missing { .. }));
    let is_known = foreign.namespace.is_empty() && !release.requires.iter().any(is_new);
    let Foreign { file, module, .. } = foreign;
    let message = format!(
        "{file} imports {module}, which the metadata do not require and {} does not have",
        context.suite
    );
    (is_known && is_missing).then(|| {
        Finding::warning("undeclared-import", message)
            .with_hint("the package cannot be imported without it: tell upstream, and package it")
    })
}

fn told(foreign: &Foreign, relation: &str) -> Finding {
    let Foreign { file, module, .. } = foreign;
    let message = format!(
        "{file} imports {module}, which the metadata do not require; the package depends on \
         {relation}"
    );
    Finding::warning("undeclared-import", message)
        .with_hint("tell upstream, so that the metadata name it")
}
