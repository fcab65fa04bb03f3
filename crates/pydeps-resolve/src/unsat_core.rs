//! What a failed attempt shows: one of these prices has to be paid.

use pubgrub::External;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::explain::{Tree, facts};
use crate::node::Node;
use crate::origins::Kind;
use crate::policy::{Opened, Price, Prices};
use crate::provider::Provider;

/// The prices of which at least one has to be paid, as the attempt failed without them.
/// Empty if nothing helps.
pub(crate) fn core(tree: &Tree, provider: &Provider<'_>) -> Result<Prices, Stop> {
    let mut prices = Prices::new();
    for fact in facts(tree) {
        match fact {
            External::NoVersions(node, _) => {
                prices.extend(unpaid(node, provider));
                prices.extend(open(node, provider)?);
            }
            External::FromDependencyOf(_, _, node, range) if *range != Ranges::full() => {
                prices.extend(open(node, provider)?);
            }
            External::FromDependencyOf(..) | External::NotRoot(..) | External::Custom(..) => {}
        }
    }
    Ok(prices)
}

/// What would have given a node more versions.
fn unpaid(node: &Node, provider: &Provider<'_>) -> Prices {
    let Some(name) = node.name() else {
        return Prices::new();
    };
    let supply = provider.supply(name);
    let choice = !supply.offers.is_empty();
    let mut kinds: Vec<Kind> = supply.fixed().map(|(kind, _)| kind).collect();
    kinds.extend(supply.index.then_some(Kind::Index));
    kinds.retain(|kind| !supply.is_bundled() && !provider.policy.admits(name, *kind, choice));
    let build = Price::Build(name.clone());
    let paid = provider.policy.paid.as_ref();
    let price = |kind: Kind| match kind {
        Kind::Suite | Kind::Backports => Price::Backports(name.clone()),
        Kind::Index if paid.is_some_and(|paid| paid.contains(&build)) => {
            Price::Generate(name.clone())
        }
        Kind::Rebuild | Kind::Index => build.clone(),
    };
    kinds.into_iter().map(price).collect()
}

/// That requirements on it are let through, where that is for sale.
fn open(node: &Node, provider: &Provider<'_>) -> Result<Option<Price>, Stop> {
    let Some(name) = node.name() else {
        return Ok(None);
    };
    let for_sale = matches!(provider.policy.opened, Opened::Some(_))
        && provider.policy.paid.is_none()
        && !provider.policy.opened.contains(name)
        && provider.is_openable(name);
    if !for_sale {
        return Ok(None);
    }
    if !provider.is_leaf(name) {
        // What nobody has is let through more cheaply: that has to be known.
        provider.project(name)?;
    }
    Ok(opening(node, provider))
}

/// The price of letting requirements on a distribution through.
pub(crate) fn opening(node: &Node, provider: &Provider<'_>) -> Option<Price> {
    let name = node.name()?;
    let given = provider.is_leaf(name) || provider.is_nowhere(name);
    Some(match given {
        true => Price::Open(name.clone()),
        false => Price::Unbind(name.clone()),
    })
}
