//! The part of `cargo metadata` that the rules look at, for the platform that is
//! built on (others' packages need not have been downloaded).

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;

use crate::tree::root;

/// What cargo says.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    /// The workspace's packages and everything they depend on.
    pub(crate) packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

/// A package at one version.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) rust_version: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// What a manifest asks for.
#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `None` for a normal one, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Metadata {
    /// Asks cargo. Once the crates are fetched, `--locked` needs no network.
    pub(crate) fn load() -> Self {
        let platform = host();
        let text = output(
            &std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()),
            &[
                "metadata",
                "--format-version=1",
                "--locked",
                "--filter-platform",
                &platform,
            ],
        );
        Self::parse(&text)
    }

    /// Reads what cargo said.
    pub(crate) fn parse(text: &str) -> Self {
        serde_json::from_str(text).expect("cargo metadata, version 1")
    }

    /// The packages of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        let ours = |package: &&Package| self.workspace_members.contains(&package.id);
        self.packages.iter().filter(ours)
    }

    /// Every package that `from` links, with the chain of names that leads there.
    pub(crate) fn reached_from<'a>(&'a self, from: &'a Package) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut chains = BTreeMap::new();
        let mut queue = vec![(from.id.as_str(), vec![from.name.as_str()])];
        while let Some((id, chain)) = queue.pop() {
            for id in self.linked_by(id) {
                let name = self.name(id);
                if !chains.contains_key(name) {
                    let chain = [chain.as_slice(), &[name]].concat();
                    queue.push((id, chain.clone()));
                    chains.insert(name, chain);
                }
            }
        }
        chains
    }

    fn linked_by<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a str> {
        let nodes = self.resolve.nodes.iter().filter(move |node| node.id == id);
        let normal = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.is_none());
        nodes
            .flat_map(|node| &node.deps)
            .filter(normal)
            .map(|edge| edge.pkg.as_str())
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let package = self.packages.iter().find(|package| package.id == id);
        package.map_or(id, |package| package.name.as_str())
    }
}

fn host() -> String {
    let text = output("rustc", &["--version", "--verbose"]);
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.expect("rustc names its platform").to_owned()
}

fn output(program: &str, words: &[&str]) -> String {
    let output = Command::new(program)
        .args(words)
        .current_dir(root())
        .output()
        .expect("the toolchain runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {words:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// A made-up workspace for the tests of rules: its members, and every normal
/// dependency `(from, to)`, of members and of others.
#[cfg(test)]
pub(crate) fn made_up(members: &[&str], edges: &[(&str, &str)]) -> Metadata {
    use serde_json::json;
    let names: BTreeSet<&str> = edges
        .iter()
        .flat_map(|(from, to)| [*from, *to])
        .chain(members.iter().copied())
        .collect();
    let targets = |name: &str| {
        let own = edges.iter().filter(move |(from, _)| *from == name);
        own.map(|(_, to)| *to).collect::<Vec<_>>()
    };
    let packages: Vec<_> = names
        .iter()
        .map(|name| {
            let dependencies: Vec<_> = targets(name)
                .iter()
                .map(|to| json!({"name": to, "kind": null}))
                .collect();
            json!({"id": name, "name": name, "version": "1.0.0", "rust_version": "1.85",
                   "dependencies": dependencies})
        })
        .collect();
    let nodes: Vec<_> = names
        .iter()
        .map(|name| {
            let deps: Vec<_> = targets(name)
                .iter()
                .map(|to| json!({"pkg": to, "dep_kinds": [{"kind": null}]}))
                .collect();
            json!({"id": name, "deps": deps})
        })
        .collect();
    let all = json!({"packages": packages, "workspace_members": members,
                     "resolve": {"nodes": nodes}});
    Metadata::parse(&all.to_string())
}
