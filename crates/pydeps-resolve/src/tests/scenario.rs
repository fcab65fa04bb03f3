//! Scenarios: a suite, an index and a request, written in a small language.
//!
//! ```text
//! suite typer 0.15.2            a distribution of the suite, as python3-typer
//! index rich 14.0 2024-01-01 : a>=1 ; b[x] ; c ? python_version < '3'
//! root rich>=13
//! constraint a<2
//! project app >=3.9 all : rich ; b ? extra == 'all'
//! backports rich 14.0           a package of backports
//! newer rich 14.0 : cython      a package of sid, and its unmet build dependencies
//! decide typer relax >=0.10     a decision, with versions if there are any
//! plain                         without choices
//! budget 5                      the budget in releases, or `fitting`
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::archive::{Origin, Suite};
use pydeps_core::decision::{Choice, Decision, Decisions};
use pydeps_core::mapping::{Answer, Basis, Evidence, Mapping};
use pydeps_core::name::DistName;
use pydeps_core::offer::{Offer, OfferSource};
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Target;
use pydeps_core::upstream::{
    Details, File, FileKind, Metadata, MetadataFile, MetadataSource, Project, Rest,
};

use crate::*;

struct SolverScenario {
    suite: BTreeMap<DistName, Version>,
    index: BTreeMap<DistName, BTreeMap<Version, (Timestamp, Metadata)>>,
    roots: Vec<ResolutionRoot>,
    constraints: Vec<(Requirement, String)>,
    offers: BTreeMap<DistName, Vec<Offer>>,
    decisions: Decisions,
    budget: Budget,
    choices: bool,
}

fn parse(text: &str) -> SolverScenario {
    let mut scenario = SolverScenario {
        suite: BTreeMap::new(),
        index: BTreeMap::new(),
        roots: Vec::new(),
        constraints: Vec::new(),
        offers: BTreeMap::new(),
        decisions: Decisions::new(),
        budget: Budget::Releases(1000),
        choices: true,
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "suite" => {
                let (name, version) = rest.split_once(' ').unwrap();
                scenario
                    .suite
                    .insert(name.parse().unwrap(), version.parse().unwrap());
            }
            "index" => add_release(&mut scenario, rest),
            "project" => scenario.roots.push(project_root(rest)),
            "constraint" => {
                let constraint = (rest.parse().unwrap(), "constraints.txt:1".to_owned());
                scenario.constraints.push(constraint);
            }
            "backports" | "newer" => {
                let (name, offer) = offer(word, rest);
                scenario.offers.entry(name).or_default().push(offer);
            }
            "decide" => {
                let (name, decision) = decision(rest);
                scenario.decisions.insert(name, decision);
            }
            "plain" => scenario.choices = false,
            "budget" => {
                scenario.budget = rest.parse().map_or(Budget::Fitting, Budget::Releases);
            }
            "root" => scenario.roots.push(ResolutionRoot::Requirement {
                requirement: rest.parse().unwrap(),
                origin: "the command line".to_owned(),
            }),
            other => panic!("{other}"),
        }
    }
    scenario
}

/// `NAME VERSION [: UNMET]`
fn offer(word: &str, text: &str) -> (DistName, Offer) {
    let (head, unmet) = text.split_once(" : ").unwrap_or((text, ""));
    let (name, version) = head.split_once(' ').unwrap();
    let source = match word {
        "backports" => OfferSource::Installable(Origin::Backports),
        _ => OfferSource::Rebuild {
            suite: "sid".parse().unwrap(),
            source_package: format!("python-{name}").parse().unwrap(),
            source_version: format!("{version}-2"),
            unmet: unmet.split_whitespace().map(str::to_owned).collect(),
        },
    };
    let offer = Offer {
        upstream: version.parse().unwrap(),
        package: format!("python3-{name}").parse().unwrap(),
        package_version: format!("{version}-2"),
        source,
        findings: Vec::new(),
    };
    (name.parse().unwrap(), offer)
}

/// `NAME CHOICE [from SUITE] [VERSIONS]`
fn decision(text: &str) -> (DistName, Decision) {
    let mut words = text.split_whitespace();
    let name = words.next().unwrap().parse().unwrap();
    let word = words.next().unwrap();
    let choice = Choice::ALL
        .into_iter()
        .find(|choice| choice.word() == word)
        .unwrap();
    let mut decision = Decision::new(choice, "pydeps.toml:2");
    while let Some(word) = words.next() {
        match word {
            "from" => decision.from = words.next().map(str::to_owned),
            versions => decision.version = versions.parse().unwrap(),
        }
    }
    (name, decision)
}

/// `NAME PYTHONS EXTRA : REQUIREMENT ; …`
fn project_root(text: &str) -> ResolutionRoot {
    let (head, requires) = text.split_once(" : ").unwrap();
    let words: Vec<&str> = head.split(' ').collect();
    let requires = requires.split(" ; ").map(|r| r.replace(" ? ", " ; "));
    ResolutionRoot::Project {
        name: Some(words[0].parse().unwrap()),
        version: None,
        requires_python: Some(words[1].parse().unwrap()),
        requires: requires.map(|r| r.trim().parse().unwrap()).collect(),
        extras: vec![words[2].parse().unwrap()],
        origin: "pyproject.toml".to_owned(),
    }
}

fn add_release(scenario: &mut SolverScenario, text: &str) {
    let (head, requires) = text.split_once(':').unwrap_or((text, ""));
    let words: Vec<&str> = head.split_whitespace().collect();
    let name: DistName = words[0].parse().unwrap();
    let version: Version = words[1].parse().unwrap();
    let date = words.get(2).copied().unwrap_or("2026-01-01");
    let requires = requires
        .split(" ; ")
        .map(str::trim)
        .filter(|r| !r.is_empty());
    let requires: Vec<String> = requires.map(|r| r.replace(" ? ", " ; ")).collect();
    let metadata = Metadata {
        name: name.clone(),
        version: version.clone(),
        requires_dist: requires
            .iter()
            .map(|r| r.parse::<Requirement>().unwrap())
            .collect(),
        requires_python: words.get(3).map(|text| text.parse().unwrap()),
        provides_extra: Vec::new(),
        license: Some("MIT".to_owned()),
        summary: None,
        source: MetadataSource::Wheel,
        origin: "a scenario".to_owned(),
        findings: Vec::new(),
    };
    let time = format!("{date}T00:00:00Z").parse().unwrap();
    scenario
        .index
        .entry(name)
        .or_default()
        .insert(version, (time, metadata));
}

fn project(name: &DistName, releases: &BTreeMap<Version, (Timestamp, Metadata)>) -> Project {
    let details = |version: &Version| Details {
        filename: format!("{name}-{version}.tar.gz"),
        url: format!("https://index.example/{name}-{version}.tar.gz")
            .parse()
            .unwrap(),
        kind: FileKind::Sdist,
        hashes: BTreeMap::new(),
        metadata: MetadataFile::Unknown,
        size: None,
    };
    let file = |version: &Version, uploaded: Timestamp| File {
        requires_python: None,
        yanked: None,
        uploaded: Some(uploaded),
        rest: Rest::Known(Box::new(details(version))),
    };
    let releases = releases.iter();
    Project {
        name: name.clone(),
        origin: "https://index.example/".to_owned(),
        releases: releases
            .map(|(v, (time, _))| (v.clone(), vec![file(v, *time)]))
            .collect(),
        findings: Vec::new(),
    }
}

fn lookup(scenario: &SolverScenario, name: &DistName) -> Answer {
    let Some(version) = scenario.suite.get(name) else {
        return Answer::Missing {
            unstable: None,
            findings: Vec::new(),
        };
    };
    Answer::Mapped(Mapping {
        distribution: name.clone(),
        package: format!("python3-{name}").parse().unwrap(),
        package_version: Some(format!("{version}-1")),
        dependency: None,
        upstream: Some(version.clone()),
        basis: Basis::Metadata,
        evidence: Evidence::Archive {
            path: format!("{name}.dist-info"),
        },
        public: true,
        origin: Origin::Suite,
        others: Vec::new(),
        findings: Vec::new(),
    })
}

fn suite() -> Suite {
    Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap())
}

/// Resolves a scenario, and counts the rounds of requests.
pub(super) fn resolve(text: &str) -> (Resolution, usize) {
    let (resolution, rounds, _) = resolve_with_index(text);
    (resolution, rounds)
}

/// [`resolve`], and the part of the index that was requested.
pub(super) fn resolve_with_index(text: &str) -> (Resolution, usize, KnownIndex) {
    let (resolution, index, statistics) = resolve_with_statistics(text);
    (resolution, statistics.steps, index)
}

/// Resolves a scenario: the answer, the part of the index that was requested, and how much
/// work it was.
pub(super) fn resolve_with_statistics(text: &str) -> (Resolution, KnownIndex, SolverStatistics) {
    let scenario = parse(text);
    let target = Target::new(&suite(), None);
    let options = ResolveOptions {
        window_days: Some(1096),
        pre_releases: false,
        fewest: true,
        budget: scenario.budget,
        prefetch: 3,
        choices: scenario.choices,
        cheaper: scenario.choices,
    };
    let offers = |name: &DistName| scenario.offers.get(name).cloned().unwrap_or_default();
    let look = |name: &DistName| lookup(&scenario, name);
    let problem = ResolutionProblem {
        roots: scenario.roots.clone(),
        constraints: scenario.constraints.clone(),
        target: &target,
        suite: "trixie",
        lookup: &look,
        offers: &offers,
        decisions: scenario.decisions.clone(),
        options,
    };
    let mut index = KnownIndex::default();
    let session = ResolutionSession::new(problem);
    for _ in 1..100 {
        match session.step(&index) {
            SessionStep::Done(resolution) => return (resolution, index, session.statistics()),
            SessionStep::Need(requests) => {
                assert!(!requests.required.is_empty());
                requests
                    .all()
                    .for_each(|request| satisfy(&scenario, &mut index, request.clone()));
            }
        }
    }
    panic!("no end");
}

fn satisfy(scenario: &SolverScenario, index: &mut KnownIndex, request: IndexRequest) {
    match request {
        IndexRequest::Project(name) => {
            let found = scenario
                .index
                .get(&name)
                .map(|releases| project(&name, releases));
            assert!(index.project(&name).is_none(), "{name} asked for twice");
            index.add_project(name, found);
        }
        IndexRequest::Metadata(name, version) => {
            let (_, metadata) = scenario.index[&name][&version].clone();
            assert!(
                index.metadata(&name, &version).is_none(),
                "{name} {version} twice"
            );
            index.add_metadata(name, version, Ok(metadata));
        }
    }
}

pub(super) fn show(resolution: &Resolution) -> String {
    let mut lines = Vec::new();
    for root in &resolution.roots {
        for reason in &root.stepped_back {
            lines.push(format!("not {}: {reason}", root.newest.as_ref().unwrap()));
        }
    }
    for d in &resolution.distributions {
        let version = d
            .version
            .as_ref()
            .map_or("-".to_owned(), ToString::to_string);
        let by: Vec<String> = d.required_by.iter().map(|by| by.name.clone()).collect();
        let verdict = serde_name(&format!("{:?}", d.verdict));
        lines.push(format!(
            "{} {version} {verdict} <- {}",
            d.name,
            by.join(", ")
        ));
    }
    let groups = resolution.build_order.iter().map(|group| {
        let names: Vec<String> = group.iter().map(ToString::to_string).collect();
        names.join(" ")
    });
    let order = groups.collect::<Vec<_>>().join(" | ");
    if !order.is_empty() {
        lines.push(format!("build {order}"));
    }
    lines.extend(
        resolution
            .conflict
            .iter()
            .map(|line| format!("conflict: {line}")),
    );
    lines.join("\n")
}

/// What is to be built and what is open, why a release is not the newest, and the choices.
pub(super) fn show_decided(resolution: &Resolution) -> String {
    let mut lines = Vec::new();
    for d in &resolution.distributions {
        let version = d
            .version
            .as_ref()
            .map_or("-".to_owned(), ToString::to_string);
        let action = match d.action {
            Some(Action::Use) if d.origin.word() == "suite" => continue,
            Some(action) => serde_name(&format!("{action:?}")),
            None => format!("open ({})", serde_name(&format!("{:?}", d.verdict))),
        };
        let from = match d.origin.word() {
            "suite" | "index" | "none" => String::new(),
            origin => format!(" from {origin}"),
        };
        lines.push(format!("{} {version} {action}{from}", d.name));
        let saves = d.saves.map(|saves| format!(" saves {saves}"));
        if !d.stepped_back.is_empty() || saves.is_some() {
            let why = d.stepped_back.join("; ");
            lines.push(format!("  older{}: {why}", saves.unwrap_or_default()));
        }
    }
    let word = resolution
        .minimality
        .map_or("", |minimality| minimality.word());
    lines.push(format!(
        "{} to build, {word}",
        resolution.to_build().count()
    ));
    lines.extend(
        resolution
            .conflict
            .iter()
            .map(|line| format!("conflict: {line}")),
    );
    let way = |way: &Way| {
        let count = way.to_build.map(|count| format!(", {count} to build"));
        let also = way.also.iter();
        let also: String = also.map(|way| format!(" + {}", way.line)).collect();
        let count = count.unwrap_or_default();
        format!("{}{also} # {}{count}", way.line, way.effect)
    };
    lines.extend(resolution.choices.iter().map(way));
    lines.join("\n")
}

fn serde_name(debug: &str) -> String {
    let mut name = String::new();
    for c in debug.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}
