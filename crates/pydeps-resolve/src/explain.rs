//! Why something cannot be had, in Debian's words.
//!
//! A derivation has a fact for every release that was tried. What a person needs is
//! one line for each pair of distributions, over all the releases concerned, in the
//! order from what was asked for down to what the suite has.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pubgrub::{DerivationTree, External};
use pydeps_core::mapping::Mapping;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::provider::DebianProvider;
use crate::range_text::{releases, specifiers};

/// How sentences about the roots begin.
pub(crate) const ASKED_FOR: &str = "what was asked for";

/// A fact in words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ConflictSentence {
    /// What was asked for, if it is about that.
    pub(crate) asked: Option<DistName>,
    /// The words.
    pub(crate) text: String,
}

impl ConflictSentence {
    fn of_fact(text: String) -> Self {
        Self { asked: None, text }
    }

    /// Whether both are about the same that was asked for, or the same altogether.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        self == other || self.asked.is_some() && self.asked == other.asked
    }
}

/// The words of sentences.
pub(crate) fn texts(sentences: Vec<ConflictSentence>) -> Vec<String> {
    let texts = sentences.into_iter().map(|sentence| sentence.text);
    texts.collect()
}

pub(crate) type Derivation = DerivationTree<SolverNode, Ranges<Version>, String>;
pub(crate) type ExternalFact = External<SolverNode, Ranges<Version>, String>;

/// The facts that contradict each other, one sentence each.
pub(crate) fn explain(tree: &Derivation, provider: &DebianProvider<'_>) -> Vec<ConflictSentence> {
    let mut all = ConflictFacts::default();
    facts(tree).into_iter().for_each(|fact| all.add(fact));
    all.merge_extras();
    all.sentences(provider)
}

/// The facts that a derivation starts from. Parts that it shares are gone through once.
pub(crate) fn facts(tree: &Derivation) -> Vec<&ExternalFact> {
    let (mut found, mut seen, mut queue) = (Vec::new(), BTreeSet::new(), vec![tree]);
    while let Some(tree) = queue.pop() {
        match tree {
            DerivationTree::External(fact) => found.push(fact),
            DerivationTree::Derived(derived) => {
                let new = derived.shared_id.is_none_or(|id| seen.insert(id));
                if new {
                    queue.extend([&*derived.cause2, &*derived.cause1]);
                }
            }
        }
    }
    found
}

#[derive(Default)]
struct ConflictFacts {
    /// Who needs whom: all releases that do, and all that would do for one of them.
    needs: BTreeMap<(SolverNode, SolverNode), (Ranges<Version>, Ranges<Version>)>,
    /// What has no version where one is needed.
    lacking: BTreeMap<SolverNode, Ranges<Version>>,
    /// What cannot be used, and why.
    unusable: BTreeMap<(SolverNode, String), Ranges<Version>>,
}

impl ConflictFacts {
    fn add(&mut self, fact: &ExternalFact) {
        let none = Ranges::empty;
        match fact {
            External::NotRoot(..) => {}
            External::FromDependencyOf(from, versions, to, range) => {
                let pair = (from.clone(), to.clone());
                let known = self.needs.entry(pair).or_insert_with(|| (none(), none()));
                known.0 = known.0.union(versions);
                known.1 = known.1.union(range);
            }
            External::NoVersions(node, range) => {
                let known = self.lacking.entry(node.clone()).or_insert_with(none);
                *known = known.union(range);
            }
            External::Custom(node, range, reason) => {
                let key = (node.clone(), reason.clone());
                let known = self.unusable.entry(key).or_insert_with(none);
                *known = known.union(range);
            }
        }
    }

    /// What a distribution needs, its extra need not be said to need.
    fn merge_extras(&mut self) {
        let twice = |node: &SolverNode,
                     to: &SolverNode,
                     needs: &BTreeMap<(SolverNode, SolverNode), _>| match node {
            SolverNode::Extra(name, _) => {
                needs.contains_key(&(SolverNode::Dist(name.clone()), to.clone()))
            }
            _ => false,
        };
        let all = std::mem::take(&mut self.needs);
        let (extras, mut kept): (BTreeMap<_, _>, BTreeMap<_, _>) = all
            .clone()
            .into_iter()
            .partition(|((from, to), _)| twice(from, to, &all));
        for ((from, to), (versions, range)) in extras {
            let Some(name) = from.name().cloned() else {
                continue;
            };
            if let Some(known) = kept.get_mut(&(SolverNode::Dist(name), to)) {
                known.0 = known.0.union(&versions);
                known.1 = known.1.union(&range);
            }
        }
        self.needs = kept;
    }

    fn sentences(&self, provider: &DebianProvider<'_>) -> Vec<ConflictSentence> {
        let mut lines = Vec::new();
        for node in self.order() {
            let own = self
                .needs
                .iter()
                .filter(|((from, to), _)| *from == node && !same(from, to));
            lines.extend(
                own.map(|((from, to), (versions, range))| {
                    need(from, versions, to, range, provider)
                }),
            );
            let unusable = self
                .unusable
                .iter()
                .filter(|((other, _), _)| *other == node);
            lines.extend(unusable.map(|((node, reason), range)| {
                let which = with_releases(node, range, provider);
                ConflictSentence::of_fact(format!("{which} cannot be used: {reason}"))
            }));
        }
        let lacking = self.lacking.iter();
        let lacking = lacking.filter_map(|(node, range)| self.lack(node, range, provider));
        lines.extend(lacking.map(ConflictSentence::of_fact));
        let mut said = BTreeSet::new();
        lines.retain(|line| said.insert(line.clone()));
        lines
    }

    /// Why there is no version in a range. Where other releases were looked at, that
    /// there are no more is no news.
    fn lack(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
        provider: &DebianProvider<'_>,
    ) -> Option<String> {
        let origins = provider.origins(node.name()?);
        let tried = self.needs.keys().any(|(from, _)| from == node)
            || self.unusable.keys().any(|(other, _)| other == node);
        if tried && origins.is_leaf() {
            return None;
        }
        if let Some(leaf) = origins.suite() {
            return Some(leaf_version(node, leaf, provider.problem.suite));
        }
        let choice = !origins.offers.is_empty();
        if !provider
            .policy
            .admits(node.name()?, OriginKind::Index, choice)
        {
            return Some(format!("{} has no {node}", provider.problem.suite));
        }
        if !origins.index {
            return (!tried).then(|| format!("nobody who was asked has another {node}"));
        }
        let project = node.name().and_then(|name| provider.world.project(name));
        let Some(project) = project.flatten() else {
            return Some(format!("no index has {node}"));
        };
        let known = node.name().and_then(|name| provider.infeasible(name));
        if known.is_some_and(|set| set.iter().any(|version| range.contains(version))) {
            let (wanted, suite) = (with_specifiers(node, range), provider.problem.suite);
            return Some(format!("no release of {wanted} fits {suite}"));
        }
        unusable(project, node, range, provider).or_else(|| {
            let wanted = with_specifiers(node, range);
            let python = provider.problem.target.python();
            (!tried).then(|| format!("the index has no release of {wanted} for Python {python}"))
        })
    }

    /// The nodes as one meets them from the roots on.
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

/// Whether both are the same distribution: an extra needs its own.
fn same(from: &SolverNode, to: &SolverNode) -> bool {
    from.name().is_some() && from.name() == to.name()
}

fn need(
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> ConflictSentence {
    let required = match from {
        SolverNode::Roots => None,
        _ => provider.required(from, versions, to),
    };
    let range = required.as_ref().unwrap_or(range);
    let text = match (range.is_empty(), from) {
        (true, _) => clash(from, versions, to, provider),
        (_, SolverNode::Roots) => {
            let wanted = with_releases(to, range, provider);
            format!("{ASKED_FOR} is {wanted}{}", constrained(to, provider))
        }
        _ => {
            let from = with_releases(from, versions, provider);
            let wanted = with_specifiers(to, range);
            format!("{from} needs {wanted}{}", constrained(to, provider))
        }
    };
    let asked = (*from == SolverNode::Roots).then(|| to.name().cloned());
    ConflictSentence {
        asked: asked.flatten(),
        text,
    }
}

fn constrained(node: &SolverNode, provider: &DebianProvider<'_>) -> String {
    let name = node.name();
    match name.map_or(&[][..], |name| provider.constraints_on(name)) {
        [] => String::new(),
        [(origin, _), ..] => format!(", with the constraint at {origin}"),
    }
}

/// Requirements on the same that no version meets together, as they were written.
fn clash(
    from: &SolverNode,
    versions: &Ranges<Version>,
    to: &SolverNode,
    provider: &DebianProvider<'_>,
) -> String {
    let Some(name) = to.name() else {
        return String::new();
    };
    let own = provider.texts(from, name, versions).into_iter();
    let constraints = provider.constraints_on(name).iter();
    let constraints = constraints.map(|(origin, edge)| format!("{} ({origin})", edge.text));
    let all: Vec<String> = own.chain(constraints).collect();
    let all = all.join(", ");
    match from {
        SolverNode::Roots => format!("{ASKED_FOR} contradicts itself: {all}"),
        _ => {
            let from = with_releases(from, versions, provider);
            format!("{from} needs what no {name} is: {all}")
        }
    }
}

fn leaf_version(node: &SolverNode, leaf: &Mapping, suite: &str) -> String {
    let version = leaf
        .upstream
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    let package_version = leaf.package_version.as_deref().unwrap_or_default();
    format!(
        "{suite} has {node} {version} ({} {package_version})",
        leaf.package
    )
}

/// Why none of the releases in a range can be used, where it is one reason for all.
fn unusable(
    project: &Project,
    node: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> Option<String> {
    let inside = || {
        project
            .releases
            .iter()
            .filter(|(version, _)| range.contains(*version))
    };
    inside().next()?;
    let which = with_releases(node, range, provider);
    let target = provider.problem.target;
    let admits = |file: &File| target.admits(file.requires_python.as_deref());
    if inside().all(|(version, _)| project.is_yanked(version)) {
        return Some(match *range == Ranges::full() {
            true => format!("every release of {node} was yanked"),
            false => format!("{which} was yanked"),
        });
    }
    let foreign = inside().all(|(_, files)| !files.iter().any(admits));
    foreign.then(|| format!("{which} is not for Python {}", target.python()))
}

fn with_specifiers(node: &SolverNode, range: &Ranges<Version>) -> String {
    match specifiers(range).as_str() {
        "" => node.to_string(),
        text => format!("{node} {text}"),
    }
}

/// The node and which of its releases are meant, by the first and the last.
fn with_releases(
    node: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> String {
    let project = node
        .name()
        .and_then(|name| provider.world.project(name))
        .flatten();
    let known: Vec<&Version> = project
        .iter()
        .flat_map(|project| project.releases.keys())
        .collect();
    match releases(range, &known) {
        Some(text) => format!("{node} {text}"),
        None => with_specifiers(node, range),
    }
}
