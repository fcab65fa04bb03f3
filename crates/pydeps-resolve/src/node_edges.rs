//! The edges of each node: what the roots, the releases and their extras require.

use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::upstream::Metadata;

use crate::budget::Stop;
use crate::edges::{self, EdgesOrReason, NodeEdges, RequirementEdge};
use crate::node::SolverNode;
use crate::origins::{OriginKind, unmet};
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

impl DebianProvider<'_> {
    /// The edges of a node at a version. Counts the release, and stops where the policy has
    /// a budget and that is spent.
    pub(crate) fn consult_edges(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Rc<NodeEdges>, Stop> {
        if let Some(name) = node.name() {
            if !self.origins(name).kind(version).is_package() {
                let consulted = self.context.consulted;
                consulted.consult(name, version, self.policy.budgeted)?;
            }
        }
        self.edges(node, version)
    }

    /// The edges of a node at a version, without counting the release.
    pub(crate) fn edges(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Rc<NodeEdges>, Stop> {
        if let Some(known) = self.context.cache.edges(node, version) {
            return Ok(known);
        }
        let edges = self.compute_edges(node, version)?;
        let suite_conflicts = match (&edges, node) {
            (Err(_), _) | (_, SolverNode::Roots) => Vec::new(),
            (Ok(edges), _) => self.suite_conflicts(edges),
        };
        let edges = Rc::new(NodeEdges {
            edges,
            suite_conflicts,
        });
        self.context.cache.insert_edges(node, version, &edges);
        Ok(edges)
    }

    fn compute_edges(&self, node: &SolverNode, version: &Version) -> Result<EdgesOrReason, Stop> {
        match node {
            SolverNode::Roots => Ok(Ok(self.root_edges())),
            SolverNode::Dist(name) | SolverNode::Extra(name, _) if self.exists_nowhere(name) => {
                Ok(Ok(Vec::new()))
            }
            SolverNode::Dist(name) => match self.origins(name).kind(version) {
                OriginKind::Suite | OriginKind::Backports => Ok(Ok(Vec::new())),
                OriginKind::Rebuild => self.rebuild_edges(name, version),
                OriginKind::Index => self.release_edges(name, version),
            },
            SolverNode::Extra(name, extra) => self.extra_edges(name, extra, version),
        }
    }

    fn root_edges(&self) -> Vec<RequirementEdge> {
        let roots = self.problem.roots.iter();
        roots.flat_map(|root| self.edges_of_root(root)).collect()
    }

    /// The requirements of one root.
    pub(crate) fn edges_of_root(&self, root: &ResolutionRoot) -> Vec<RequirementEdge> {
        let target = self.problem.target;
        match root {
            ResolutionRoot::Requirement { requirement, .. } => {
                edges::base_edges(std::slice::from_ref(requirement), target)
            }
            ResolutionRoot::Project {
                name,
                requires,
                extras,
                ..
            } => edges::project_edges(name.as_ref(), requires, extras, target),
        }
    }

    fn release_edges(&self, name: &DistName, version: &Version) -> Result<EdgesOrReason, Stop> {
        let target = self.problem.target;
        Ok(self.require_metadata(name, version)?.and_then(|metadata| {
            if target.admits(metadata.requires_python.as_ref()) {
                Ok(edges::base_edges(&metadata.requires_dist, target))
            } else {
                Err(python_reason(metadata, self.problem.suite, target.python()))
            }
        }))
    }

    /// The edges of a newer suite's package that is rebuilt: those of its release.
    fn rebuild_edges(&self, name: &DistName, version: &Version) -> Result<EdgesOrReason, Stop> {
        let origins = self.origins(name);
        let unmet = origins.offer(version).map_or(&[][..], unmet);
        if !unmet.is_empty() {
            let (suite, unmet) = (self.problem.suite, unmet.join("; "));
            return Ok(Err(format!("it cannot be rebuilt on {suite}: {unmet}")));
        }
        if let Some(release) = self.release_with_metadata(name, version)? {
            if self.require_metadata(name, &release)?.is_ok() {
                return self.release_edges(name, &release);
            }
        }
        // The package exists, whatever the index knows of it.
        Ok(Ok(Vec::new()))
    }

    fn extra_edges(
        &self,
        name: &DistName,
        extra: &ExtraName,
        version: &Version,
    ) -> Result<EdgesOrReason, Stop> {
        let release = match self.origins(name).kind(version) {
            OriginKind::Index => Some(version.clone()),
            _ => self.release_with_metadata(name, version)?,
        };
        let Some(release) = release else {
            return Ok(Ok(Vec::new()));
        };
        let target = self.problem.target;
        let metadata = self.require_metadata(name, &release)?;
        Ok(metadata.map(|metadata| edges::extra_edges(&metadata.requires_dist, extra, target)))
    }
}

fn python_reason(metadata: &Metadata, suite: &str, python: &Version) -> String {
    let required = metadata.requires_python.as_ref();
    let required = required.map_or_else(String::new, ToString::to_string);
    format!("it needs Python {required}, and {suite} has {python}")
}
