//! Why something cannot be had, in Debian's words.

use std::ops::Bound;

use pep440_rs::Version;
use pubgrub::{DerivationTree, External};
use version_ranges::Ranges;

use crate::node::Node;
use crate::provider::Provider;

pub(crate) type Tree = DerivationTree<Node, Ranges<Version>, String>;

/// The facts that contradict each other, one sentence each, from what was asked
/// for down to what the suite has.
pub(crate) fn explain(tree: &Tree, provider: &Provider<'_>) -> Vec<String> {
    let mut facts = Vec::new();
    collect(tree, provider, &mut facts);
    facts.sort();
    facts.dedup();
    facts.into_iter().map(|(_, text)| text).collect()
}

fn collect(tree: &Tree, provider: &Provider<'_>, facts: &mut Vec<(usize, String)>) {
    match tree {
        DerivationTree::External(external) => facts.extend(fact(external, provider)),
        DerivationTree::Derived(derived) => {
            collect(&derived.cause1, provider, facts);
            collect(&derived.cause2, provider, facts);
        }
    }
}

fn fact(
    external: &External<Node, Ranges<Version>, String>,
    provider: &Provider<'_>,
) -> Option<(usize, String)> {
    let suite = provider.problem.suite;
    match external {
        External::NotRoot(..) => None,
        External::FromDependencyOf(Node::Extra(name, _), _, Node::Dist(to), _) if name == to => {
            None
        }
        External::FromDependencyOf(Node::Roots, _, to, range) => Some((
            0,
            format!("what was asked for needs {}", with_range(to, range)),
        )),
        External::FromDependencyOf(from, versions, to, range) => Some((
            1,
            format!(
                "{} needs {}",
                with_range(from, versions),
                with_range(to, range)
            ),
        )),
        External::NoVersions(node, range) => {
            let leaf = node.name().and_then(|name| provider.leaf(name));
            Some(match leaf {
                Some(leaf) => {
                    let version = leaf.upstream.map_or_else(String::new, |v| v.to_string());
                    let package_version = leaf.package_version.unwrap_or_default();
                    (
                        3,
                        format!(
                            "{suite} has {node} {version} ({} {package_version})",
                            leaf.package
                        ),
                    )
                }
                None => (2, no_release(node, range, provider)),
            })
        }
        External::Custom(node, range, reason) => Some((
            2,
            format!("{} cannot be used: {reason}", with_range(node, range)),
        )),
    }
}

fn no_release(node: &Node, range: &Ranges<Version>, provider: &Provider<'_>) -> String {
    let python = provider.problem.target.python();
    let known = node
        .name()
        .and_then(|name| provider.world.project(name))
        .flatten();
    match known {
        None => format!("no index has {node}"),
        Some(_) => format!(
            "the index has no usable release of {} for Python {python}",
            with_range(node, range)
        ),
    }
}

fn with_range(node: &Node, range: &Ranges<Version>) -> String {
    match describe_range(range).as_str() {
        "" => node.to_string(),
        text => format!("{node} {text}"),
    }
}

/// A range like a specifier; empty for all versions.
pub(crate) fn describe_range(range: &Ranges<Version>) -> String {
    let parts: Vec<String> = range
        .iter()
        .map(|(low, high)| describe_interval(low, high))
        .collect();
    parts.join(" or ")
}

fn describe_interval(low: &Bound<Version>, high: &Bound<Version>) -> String {
    if let (Bound::Included(low), Bound::Included(high)) = (low, high) {
        if low == high {
            return format!("{low}");
        }
    }
    let low = match low {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(format!(">={}", plain(version))),
        Bound::Excluded(version) => Some(format!(">{}", plain(version))),
    };
    let high = match high {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(format!("<={}", plain(version))),
        Bound::Excluded(version) => Some(format!("<{}", plain(version))),
    };
    low.into_iter().chain(high).collect::<Vec<_>>().join(",")
}

/// The version of a specifier that the bound stands for.
fn plain(version: &Version) -> Version {
    match (version.min(), version.max(), version.dev()) {
        (Some(_), _, _) => version.clone().with_min(None),
        (_, Some(_), _) => version.clone().with_max(None),
        (_, _, Some(0)) => version.clone().with_dev(None),
        _ => version.clone(),
    }
}
