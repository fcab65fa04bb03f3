//! What a solution costs.

use pydeps_core::relation::contains;

use crate::budget::Stop;
use crate::node::Node;
use crate::origins::Kind;
use crate::policy::{Policy, Price, Prices};
use crate::provider::{Provider, Setting};
use crate::unsat_core::opening;
use crate::verdict::{self, Solution};

/// What has to be built for a solution, or taken from backports.
pub(crate) fn paid_by(setting: Setting<'_>, solution: &Solution) -> Prices {
    let provider = Provider::new(setting, Policy::default());
    let mut prices = Prices::new();
    for (node, version) in solution {
        let Node::Dist(name) = node else {
            continue;
        };
        let supply = provider.supply(name);
        if supply.is_bundled() {
            continue;
        }
        let build = Price::Build(name.clone());
        match supply.kind(version) {
            Kind::Suite => {}
            Kind::Backports => prices.extend([Price::Backports(name.clone())]),
            Kind::Rebuild => prices.extend([build]),
            Kind::Index if supply.offers.is_empty() => prices.extend([build]),
            Kind::Index => prices.extend([build, Price::Generate(name.clone())]),
        }
    }
    prices
}

/// The distributions whose version somebody does not ask for.
pub(crate) fn opened_by(provider: &Provider<'_>, solution: &Solution) -> Result<Prices, Stop> {
    let walk = verdict::walk(provider, solution)?;
    let mut prices = Prices::new();
    for (_, _, edge) in &walk.edges {
        let node = Node::Dist(edge.name.clone());
        let Some(version) = solution
            .get(&node)
            .filter(|_| provider.is_openable(&edge.name))
        else {
            continue;
        };
        let supply = provider.supply(&edge.name);
        let unmet = !supply.is_unjudged() && !contains(&edge.specifiers, version);
        let constraints = provider.constraints_on(&edge.name).iter();
        let unmet = unmet
            || constraints
                .into_iter()
                .any(|(_, one)| !one.range.contains(version));
        if unmet || provider.is_nowhere(&edge.name) {
            prices.extend(opening(&node, provider));
        }
    }
    Ok(prices)
}
