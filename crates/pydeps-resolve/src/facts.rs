//! The facts that the proof of a failed run starts from.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use pep440_rs::Version;
use pubgrub::{DerivationTree, External};
use version_ranges::Ranges;

use crate::node::SolverNode;
use crate::provider::DebianProvider;

/// PubGrub's proof that there is no solution.
pub(crate) type Derivation = DerivationTree<SolverNode, Ranges<Version>, String>;

/// A fact that a proof starts from.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// These versions of one node need one of these of another.
    Need {
        from: SolverNode,
        versions: Ranges<Version>,
        to: SolverNode,
        range: Ranges<Version>,
    },
    /// The solver can take no version of the node in the range.
    NoVersions {
        node: SolverNode,
        range: Ranges<Version>,
    },
    /// The solver cannot take these versions of the node.
    Unusable {
        node: SolverNode,
        range: Ranges<Version>,
        reason: String,
    },
}

/// The facts of a proof, those of each part of the proof once, and why releases in ranges
/// without versions are infeasible.
pub(crate) fn facts(derivation: &Derivation, provider: &DebianProvider<'_>) -> Vec<Fact> {
    let (mut facts, mut seen, mut queue) = (Vec::new(), BTreeSet::new(), vec![derivation]);
    let mut no_versions: BTreeMap<SolverNode, Ranges<Version>> = BTreeMap::new();
    while let Some(derivation) = queue.pop() {
        match derivation {
            DerivationTree::External(External::NotRoot(..)) => {}
            DerivationTree::External(External::NoVersions(node, range)) => {
                let known = no_versions.entry(node.clone());
                let known = known.or_insert_with(Ranges::empty);
                *known = known.union(range);
            }
            DerivationTree::External(External::FromDependencyOf(from, versions, to, range)) => {
                facts.push(Fact::Need {
                    from: from.clone(),
                    versions: versions.clone(),
                    to: to.clone(),
                    range: range.clone(),
                });
            }
            DerivationTree::External(External::Custom(node, range, reason)) => {
                facts.push(Fact::Unusable {
                    node: node.clone(),
                    range: range.clone(),
                    reason: reason.clone(),
                });
            }
            DerivationTree::Derived(derived) => {
                if derived.shared_id.is_none_or(|id| seen.insert(id)) {
                    queue.extend([&*derived.cause2, &*derived.cause1]);
                }
            }
        }
    }
    for (node, range) in no_versions {
        facts.extend(provider.infeasibility_facts(&node, &range));
        facts.push(Fact::NoVersions { node, range });
    }
    facts
}

/// The range of exactly these versions, which ascend.
pub(crate) fn exactly(versions: impl IntoIterator<Item = Version>) -> Ranges<Version> {
    let single = |version: Version| (Bound::Included(version.clone()), Bound::Included(version));
    versions.into_iter().map(single).collect()
}
