//! What the modules import whenever they are imported, although the metadata do not require
//! it: parts of Python that Debian has in packages of their own, what belongs to an extra,
//! what upstream has forgotten. Without it the module cannot be used, so it is a dependency
//! (Debian Policy 7.2), whatever the metadata say.

mod foreign;

use pep508_rs::{MarkerTree, Requirement};
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::{DebName, DistName};
use pydeps_core::relate::{Field, relate};
use pydeps_core::target::Applies;

use crate::compiled::Compiled;
use crate::depends::{For, Needs};
use crate::facts::Release;
use crate::modules::Modules;
use crate::testing::{BUILT_IN, is_standard};
use foreign::Foreign;

/// Relations for what is imported and not required, with a warning for each.
pub(crate) fn find(
    release: &Release,
    modules: &Modules,
    compiled: &Compiled,
    required: &Needs,
    context: &For<'_>,
) -> Needs {
    let mut found = Needs::default();
    let there = context.debian.closure(&required.relations);
    for foreign in foreign::find(&release.tree, modules, compiled) {
        let top = foreign.module.split('.').next();
        if top.is_some_and(|top| BUILT_IN.contains(&top)) {
            continue;
        }
        let owners = owners(&foreign, context);
        let is_there = |package: &DebName| there.contains(package) || is_standard(package.as_str());
        if owners.iter().any(is_there) || may_come(&foreign.module, release, context) {
            continue;
        }
        let Some(package) = chosen(&foreign.module, &owners) else {
            found.findings.extend(nowhere(&foreign, release, context));
            continue;
        };
        let relation = relation(package, release, context);
        found.findings.push(told(&foreign, &relation));
        found.add(&relation);
    }
    found
}

/// The packages that have a module, or else what it is in.
fn owners(foreign: &Foreign, context: &For<'_>) -> Vec<DebName> {
    let mut name = foreign.module.as_str();
    loop {
        let owners = context.debian.module_owners(name);
        match name.rsplit_once('.') {
            Some((above, _)) if owners.is_empty() && above.len() > foreign.namespace.len() => {
                name = above;
            }
            _ => return owners,
        }
    }
}

/// Whether something that is required is to be generated, and may have the module: nobody
/// can tell yet.
fn may_come(module: &str, release: &Release, context: &For<'_>) -> bool {
    let top = module.split('.').next().unwrap_or(module);
    let fold = |name: &str| name.to_lowercase().replace(['-', '.'], "_");
    release.requires.iter().any(|one| {
        context.debian.generated(&one.name).is_some()
            && fold(one.name.as_ref()).starts_with(&fold(top))
    })
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
fn relation(package: &DebName, release: &Release, context: &For<'_>) -> String {
    let of_extra = |one: &&Requirement| {
        let target = context.target;
        target.applies(&one.marker, &[]) == Applies::Never
            && target.applies(&one.marker, &release.extras) != Applies::Never
    };
    let bounded = release.requires.iter().filter(of_extra).find_map(|one| {
        let answer = context.debian.answer(&one.name);
        let Answer::Mapped(mapping) = &answer else {
            return None;
        };
        let is_it = mapping.package == *package;
        let plain = Requirement {
            marker: MarkerTree::default(),
            extras: Vec::new(),
            ..one.clone()
        };
        let field = Field::Depends;
        let related = relate(&plain, &answer, context.target, field, context.suite);
        (is_it && related.satisfied).then_some(related.relation)
    });
    bounded.unwrap_or_else(|| package.to_string())
}

/// A module that nothing has, as far as can be told: what belongs to a namespace may be no
/// module at all, and what is to be generated may have any.
fn nowhere(foreign: &Foreign, release: &Release, context: &For<'_>) -> Option<Finding> {
    let is_new = |one: &Requirement| context.debian.generated(&one.name).is_some();
    let top = foreign.module.split('.').next().unwrap_or_default();
    let namesake: Option<DistName> = top.parse().ok();
    let is_missing =
        namesake.is_some_and(|name| matches!(context.debian.answer(&name), Answer::Missing { .. }));
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
