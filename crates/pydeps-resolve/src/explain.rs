//! Why there is no solution, in Debian's words.
//!
//! A derivation has a fact for every release that the solver tried. The explanation has
//! one sentence for each pair of distributions, over all releases concerned, in the order
//! from the roots down to what the suite has.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::mapping::Mapping;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::edges::RequirementEdge;
use crate::facts::{Derivation, Fact, facts};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::provider::DebianProvider;
use crate::range_text::{releases, specifiers};

/// The beginning of sentences about the roots.
pub(crate) const ASKED_FOR: &str = "what was asked for";

/// A fact of a conflict as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConflictSentence {
    /// The root, if the sentence is about what the user requests.
    pub(crate) root: Option<DistName>,
    /// The words.
    pub(crate) text: String,
}

impl ConflictSentence {
    fn new(text: String) -> Self {
        Self { root: None, text }
    }

    /// Whether both sentences are equal or about the same root.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self == other || self.root.is_some() && self.root == other.root
    }
}

/// The words of the sentences.
pub(crate) fn texts(sentences: Vec<ConflictSentence>) -> Vec<String> {
    let texts = sentences.into_iter().map(|sentence| sentence.text);
    texts.collect()
}

/// The facts that contradict each other, one sentence each.
pub(crate) fn explain(
    derivation: &Derivation,
    provider: &DebianProvider<'_>,
) -> Vec<ConflictSentence> {
    let mut all = ConflictFacts::default();
    for fact in facts(derivation, provider) {
        all.add(fact);
    }
    all.merge_extras();
    all.sentences(provider)
}

/// The versions of one node that need another, and the versions of the other that meet
/// the need of at least one of them.
type NeedRanges = (Ranges<Version>, Ranges<Version>);

/// The facts of a conflict, merged over releases.
#[derive(Default)]
struct ConflictFacts {
    /// By the node that needs and the node that is needed.
    needs: BTreeMap<(SolverNode, SolverNode), NeedRanges>,
    /// The ranges in which nodes have no version.
    no_versions: BTreeMap<SolverNode, Ranges<Version>>,
    /// The versions that the solver cannot take, by node and reason.
    unusable: BTreeMap<(SolverNode, String), Ranges<Version>>,
}

impl ConflictFacts {
    fn add(&mut self, fact: Fact) {
        let none = Ranges::empty;
        match fact {
            Fact::Need {
                from,
                versions,
                to,
                range,
            } => {
                let known = self.needs.entry((from, to));
                let known = known.or_insert_with(|| (none(), none()));
                known.0 = known.0.union(&versions);
                known.1 = known.1.union(&range);
            }
            Fact::NoVersions { node, range } => {
                let known = self.no_versions.entry(node).or_insert_with(none);
                *known = known.union(&range);
            }
            Fact::Unusable {
                node,
                range,
                reason,
            } => {
                let known = self.unusable.entry((node, reason)).or_insert_with(none);
                *known = known.union(&range);
            }
        }
    }

    /// Merges the need of an extra into the same need of its distribution.
    fn merge_extras(&mut self) {
        let pairs: Vec<(SolverNode, SolverNode)> = self.needs.keys().cloned().collect();
        for pair in pairs {
            let (SolverNode::Extra(name, _), to) = &pair else {
                continue;
            };
            let of_distribution = (SolverNode::Dist(name.clone()), to.clone());
            if !self.needs.contains_key(&of_distribution) {
                continue;
            }
            let Some((versions, range)) = self.needs.remove(&pair) else {
                continue;
            };
            if let Some(known) = self.needs.get_mut(&of_distribution) {
                known.0 = known.0.union(&versions);
                known.1 = known.1.union(&range);
            }
        }
    }

    fn sentences(&self, provider: &DebianProvider<'_>) -> Vec<ConflictSentence> {
        let mut lines = Vec::new();
        for node in self.order() {
            for ((from, to), (versions, range)) in &self.needs {
                if *from == node && !is_same_distribution(from, to) {
                    lines.push(need_sentence(from, versions, to, range, provider));
                }
            }
            for ((other, reason), range) in &self.unusable {
                if *other == node {
                    let which = with_releases(&node, range, provider);
                    let text = format!("{which} cannot be used: {reason}");
                    lines.push(ConflictSentence::new(text));
                }
            }
        }
        for (node, range) in &self.no_versions {
            let text = self.why_no_version(node, range, provider);
            lines.extend(text.map(ConflictSentence::new));
        }
        let mut seen = BTreeSet::new();
        lines.retain(|line| seen.insert(line.clone()));
        lines
    }

    /// Why a node has no version in a range; `None` if the facts about its other releases
    /// say enough.
    fn why_no_version(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
        provider: &DebianProvider<'_>,
    ) -> Option<String> {
        let name = node.name()?;
        let (origins, suite) = (provider.origins(name), provider.problem.suite);
        let is_tried = self.needs.keys().any(|(from, _)| from == node)
            || self.unusable.keys().any(|(other, _)| other == node);
        if is_tried && origins.is_leaf() {
            return None;
        }
        if let Some(leaf) = origins.suite() {
            return Some(suite_has(node, leaf, suite));
        }
        if !provider.admits(name, &origins, OriginKind::Index) {
            return Some(format!("{suite} has no {node}"));
        }
        if !origins.index {
            return (!is_tried).then(|| format!("nobody who was asked has another {node}"));
        }
        let Some(project) = provider.index.project(name).flatten() else {
            return Some(format!("no index has {node}"));
        };
        why_unusable(project, node, range, provider).or_else(|| {
            let which = with_specifiers(node, range);
            let python = provider.problem.target.python();
            (!is_tried).then(|| format!("the index has no release of {which} for Python {python}"))
        })
    }

    /// The nodes in breadth-first order from the roots.
    fn order(&self) -> Vec<SolverNode> {
        let mut order = vec![SolverNode::Roots];
        let mut at = 0;
        while at < order.len() {
            let node = order[at].clone();
            for (from, to) in self.needs.keys() {
                if *from == node && !order.contains(to) {
                    order.push(to.clone());
                }
            }
            at += 1;
        }
        let others = self.needs.keys().map(|(from, _)| from);
        for node in others.chain(self.unusable.keys().map(|(node, _)| node)) {
            if !order.contains(node) {
                order.push(node.clone());
            }
        }
        order
    }
}

/// Whether both nodes are about one distribution. An extra needs its distribution.
fn is_same_distribution(from: &SolverNode, to: &SolverNode) -> bool {
    from.name().is_some() && from.name() == to.name()
}

fn need_sentence(
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> ConflictSentence {
    let required = match from {
        SolverNode::Roots => None,
        _ => required_range(provider, from, versions, to),
    };
    let range = required.as_ref().unwrap_or(range);
    let text = if range.is_empty() {
        contradiction(from, versions, to, provider)
    } else if *from == SolverNode::Roots {
        let which = with_releases(to, range, provider);
        format!("{ASKED_FOR} is {which}{}", with_constraint(to, provider))
    } else {
        let from = with_releases(from, versions, provider);
        let which = with_specifiers(to, range);
        format!("{from} needs {which}{}", with_constraint(to, provider))
    };
    let root = (*from == SolverNode::Roots).then(|| to.name().cloned());
    ConflictSentence {
        root: root.flatten(),
        text,
    }
}

/// Calls `visit` with each edge from some versions of a node to a distribution, as far as
/// the edges are known.
fn for_each_edge_between(
    provider: &DebianProvider<'_>,
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &DistName,
    mut visit: impl FnMut(&RequirementEdge),
) {
    for (version, edges) in provider.context.cache.edges_by_version(from) {
        if versions.contains(&version) {
            let edges = edges.list().iter();
            edges.filter(|edge| edge.name == *to).for_each(&mut visit);
        }
    }
}

/// The versions of a node that at least one version of another requires, without the
/// window. `None` if no requirement is known.
fn required_range(
    provider: &DebianProvider<'_>,
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &SolverNode,
) -> Option<Ranges<Version>> {
    let mut required: Option<Ranges<Version>> = None;
    for_each_edge_between(provider, from, versions, to.name()?, |edge| {
        let range = provider.range(edge);
        match &mut required {
            Some(known) if range.subset_of(known) => {}
            Some(known) => *known = known.union(&range),
            None => required = Some(range),
        }
    });
    required
}

fn with_constraint(node: &SolverNode, provider: &DebianProvider<'_>) -> String {
    let name = node.name();
    match name.map_or(&[][..], |name| provider.constraints_on(name)) {
        [] => String::new(),
        [(origin, _), ..] => format!(", with the constraint at {origin}"),
    }
}

/// A sentence about requirements that no version meets together, as they are written.
fn contradiction(
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &SolverNode,
    provider: &DebianProvider<'_>,
) -> String {
    let Some(name) = to.name() else {
        return String::new();
    };
    let mut own = BTreeSet::new();
    for_each_edge_between(provider, from, versions, name, |edge| {
        own.insert(edge.text.clone());
    });
    let mut texts: Vec<String> = own.into_iter().collect();
    for (origin, constraint) in provider.constraints_on(name) {
        texts.push(format!("{} ({origin})", constraint.text));
    }
    let texts = texts.join(", ");
    match from {
        SolverNode::Roots => format!("{ASKED_FOR} contradicts itself: {texts}"),
        _ => {
            let from = with_releases(from, versions, provider);
            format!("{from} needs what no {name} is: {texts}")
        }
    }
}

fn suite_has(node: &SolverNode, leaf: &Mapping, suite: &str) -> String {
    let version = leaf.upstream.as_ref();
    let version = version.map_or_else(String::new, ToString::to_string);
    let package_version = leaf.package_version.as_deref().unwrap_or_default();
    let package = &leaf.package;
    format!("{suite} has {node} {version} ({package} {package_version})")
}

/// Why the target can use none of the releases in a range, if one reason holds for all.
fn why_unusable(
    project: &Project,
    node: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> Option<String> {
    let releases = project.releases.iter();
    let inside: Vec<_> = releases
        .filter(|(version, _)| range.contains(*version))
        .collect();
    if inside.is_empty() {
        return None;
    }
    let which = with_releases(node, range, provider);
    if inside.iter().all(|(version, _)| project.is_yanked(version)) {
        return Some(if *range == Ranges::full() {
            format!("every release of {node} was yanked")
        } else {
            format!("{which} was yanked")
        });
    }
    let target = provider.problem.target;
    let admits = |file: &File| target.admits(file.requires_python.as_deref());
    let is_for_target = inside.iter().any(|(_, files)| files.iter().any(admits));
    (!is_for_target).then(|| format!("{which} is not for Python {}", target.python()))
}

fn with_specifiers(node: &SolverNode, range: &Ranges<Version>) -> String {
    match specifiers(range).as_str() {
        "" => node.to_string(),
        text => format!("{node} {text}"),
    }
}

/// The node with the oldest and the newest of its releases in a range.
fn with_releases(
    node: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> String {
    let project = node.name().and_then(|name| provider.index.project(name));
    let known: Vec<&Version> = project
        .flatten()
        .map_or_else(Vec::new, |project| project.releases.keys().collect());
    match releases(range, &known) {
        Some(text) => format!("{node} {text}"),
        None => with_specifiers(node, range),
    }
}
