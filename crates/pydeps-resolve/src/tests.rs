//! Small worlds, written in a language of their own.
//!
//! ```text
//! suite typer 0.15.2            a distribution of the suite, as python3-typer
//! index rich 14.0 2024-01-01 : a>=1 ; b[x] ; c ? python_version < '3'
//! root rich>=13
//! ```

use std::collections::BTreeMap;

use jiff::Timestamp;
use pep440_rs::Version;
use pep508_rs::Requirement;
use pydeps_core::archive::{Origin, Provenance, Suite};
use pydeps_core::mapping::{Answer, Basis, Evidence, Mapping};
use pydeps_core::name::DistName;
use pydeps_core::target::Target;
use pydeps_core::upstream::{File, FileKind, Metadata, MetadataFile, MetadataSource, Project};

use super::*;

struct Scenario {
    suite: BTreeMap<DistName, Version>,
    index: BTreeMap<DistName, BTreeMap<Version, (Timestamp, Metadata)>>,
    roots: Vec<Root>,
}

fn parse(text: &str) -> Scenario {
    let mut scenario = Scenario {
        suite: BTreeMap::new(),
        index: BTreeMap::new(),
        roots: Vec::new(),
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap();
        match word {
            "suite" => {
                let (name, version) = rest.split_once(' ').unwrap();
                scenario
                    .suite
                    .insert(name.parse().unwrap(), version.parse().unwrap());
            }
            "index" => add_release(&mut scenario, rest),
            "root" => scenario.roots.push(Root::Requirement {
                requirement: rest.parse().unwrap(),
                origin: "the command line".to_owned(),
            }),
            other => panic!("{other}"),
        }
    }
    scenario
}

fn add_release(scenario: &mut Scenario, text: &str) {
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
        license: None,
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
    let file = |version: &Version, uploaded: Timestamp| File {
        filename: format!("{name}-{version}.tar.gz"),
        url: format!("https://index.example/{name}-{version}.tar.gz")
            .parse()
            .unwrap(),
        kind: FileKind::Sdist,
        hashes: BTreeMap::new(),
        requires_python: None,
        yanked: None,
        metadata: MetadataFile::Unknown,
        uploaded: Some(uploaded),
        size: None,
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

fn lookup(scenario: &Scenario, name: &DistName) -> Answer {
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
    Suite {
        codename: "trixie".to_owned(),
        alias: None,
        architecture: "amd64".to_owned(),
        python: "3.13".parse().unwrap(),
        supported: vec!["3.13".parse().unwrap()],
        date: Timestamp::UNIX_EPOCH,
        provenance: Provenance::Memory,
    }
}

/// Answers every request until there is an answer; counts the rounds.
fn resolve(text: &str) -> (Resolution, usize) {
    let scenario = parse(text);
    let target = Target::new(&suite(), None);
    let options = Options {
        window_days: Some(1096),
        pre_releases: false,
    };
    let look = |name: &DistName| lookup(&scenario, name);
    let problem = Problem {
        roots: &scenario.roots,
        target: &target,
        suite: "trixie",
        lookup: &look,
        options: &options,
    };
    let mut world = World::default();
    let session = Session::new(problem);
    for round in 1..100 {
        match session.step(&world) {
            Step::Done(resolution) => return (resolution, round),
            Step::Need(requests) => {
                assert!(!requests.is_empty());
                requests
                    .into_iter()
                    .for_each(|request| satisfy(&scenario, &mut world, request));
            }
        }
    }
    panic!("no end");
}

fn satisfy(scenario: &Scenario, world: &mut World, request: Request) {
    match request {
        Request::Project(name) => {
            let found = scenario
                .index
                .get(&name)
                .map(|releases| project(&name, releases));
            assert!(world.project(&name).is_none(), "{name} asked for twice");
            world.add_project(name, found);
        }
        Request::Metadata(name, version) => {
            let (_, metadata) = scenario.index[&name][&version].clone();
            assert!(
                world.metadata(&name, &version).is_none(),
                "{name} {version} twice"
            );
            world.add_metadata(name, version, Ok(metadata));
        }
    }
}

fn show(resolution: &Resolution) -> String {
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

#[track_caller]
fn check(scenario: &str, expect: &str) {
    let (resolution, _) = resolve(scenario);
    let expect: Vec<&str> = expect
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    assert_eq!(show(&resolution), expect.join("\n"));
}

#[test]
fn the_suite_comes_first() {
    check(
        "suite click 8.1
         index click 9.0
         index app 1.0 : click>=8 ; lib
         index lib 2.0
         root app",
        "app 1.0 missing <- the command line
         click 8.1 satisfied <- app
         lib 2.0 missing <- app
         build lib | app",
    );
}

#[test]
fn a_floating_root_steps_back() {
    check(
        "suite typer 0.15
         index app 1.0 : typer>=0.10
         index app 1.1 : typer>=0.20
         root app",
        "not 1.1: it needs typer>=0.20, and trixie has 0.15
         app 1.0 missing <- the command line
         typer 0.15 satisfied <- app
         build app",
    );
}

#[test]
fn out_of_its_window_it_says_so() {
    let text = "suite typer 0.15
         index app 1.0 2021-01-01 : typer
         index app 1.1 2026-01-01 : typer>=0.20
         root app";
    let (resolution, _) = resolve(text);
    assert_eq!(resolution.roots[0].version, Some("1.0".parse().unwrap()));
    let codes: Vec<&str> = resolution
        .findings
        .iter()
        .map(|f| f.code.as_str())
        .collect();
    assert_eq!(codes, ["outside-window"]);
}

#[test]
fn but_not_to_another_major_version() {
    check(
        "suite typer 0.15
         index app 1.0 : typer
         index app 2.0 : typer>=0.20
         index app 2.1 : typer>=0.30
         root app",
        "app 2.1 missing <- the command line
         typer 0.15 too-old <- app
         build app
         conflict: what was asked for is app 2.0 to 2.1
         conflict: app 2.0 to 2.1 needs typer >=0.20
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)",
    );
}

#[test]
fn a_fixed_root_stays() {
    check(
        "suite typer 0.15
         index app 1.0 : typer
         index app 1.1 : typer<0.10
         root app==1.1",
        "app 1.1 missing <- the command line
         typer 0.15 too-new <- app
         build app
         conflict: what was asked for is app 1.1
         conflict: app 1.1 needs typer <0.10
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)",
    );
}

#[test]
fn a_dependency_steps_back_before_the_root_does() {
    check(
        "suite base 1.0
         index app 1.0 : lib
         index lib 1.0 : base
         index lib 2.0 : base>=2
         root app",
        "app 1.0 missing <- the command line
         base 1.0 satisfied <- lib
         lib 1.0 missing <- app
         build lib | app",
    );
}

#[test]
fn extras_add_requirements() {
    check(
        "suite leaf 1.0
         index leaf 1.0 : more ? extra == 'x'
         index more 1.0
         index app 1.0 : leaf[x] ; self ? extra == 'y' ; app[y] ? extra == 'z'
         index self 1.0
         root app[z]",
        "app 1.0 missing <- app[z], the command line
         leaf 1.0 satisfied <- app
         more 1.0 missing <- leaf[x]
         self 1.0 missing <- app[y]
         build more self | app",
    );
}

#[test]
fn markers_are_the_targets() {
    check(
        "index app 1.0 : old ? python_version < '3.13' ; new ? python_version >= '3.13' ; win ? sys_platform == 'win32'
         index new 1.0
         root app",
        "app 1.0 missing <- the command line
         new 1.0 missing <- app
         build new | app",
    );
}

#[test]
fn pythons_that_do_not_fit() {
    check(
        "index app 1.0
         index app 1.1 2026-01-01 >=3.14
         root app",
        "not 1.1: it needs Python >=3.14, and trixie has 3.13
         app 1.0 missing <- the command line
         build app",
    );
}

#[test]
fn what_nobody_has() {
    check(
        "index app 1.0 : nowhere
         root app",
        "app 1.0 missing <- the command line
         nowhere - missing <- app
         build app
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs nowhere
         conflict: no index has nowhere",
    );
}

#[test]
fn cycles_share_a_group() {
    check(
        "index a 1.0 : b
         index b 1.0 : a
         root a",
        "a 1.0 missing <- b, the command line
         b 1.0 missing <- a
         build a b",
    );
}

#[test]
fn pre_releases_only_where_there_is_nothing_else() {
    check(
        "index app 1.0 : pre
         index app 2.0rc1
         index pre 0.5b1
         root app",
        "app 1.0 missing <- the command line
         pre 0.5b1 missing <- app
         build pre | app",
    );
}

#[test]
fn or_where_they_are_named() {
    check(
        "index app 1.0 : pinned==2.0rc1 ; ranged>=1.0rc1,<1.0rc3 ; plain>=1
         index pinned 1.0
         index pinned 2.0rc1
         index ranged 1.0rc2
         index ranged 1.0
         index plain 1.0
         index plain 2.0rc1
         root app",
        "app 1.0 missing <- the command line
         pinned 2.0rc1 missing <- app
         plain 1.0 missing <- app
         ranged 1.0rc2 missing <- app
         build pinned plain ranged | app",
    );
}

#[test]
fn a_conflict_does_not_bring_pre_releases_in() {
    check(
        "suite base 1
         index app 1.0 : base>=2
         index app 1.1b1
         root app",
        "app 1.0 missing <- the command line
         base 1 too-old <- app
         build app
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs base >=2
         conflict: trixie has base 1 (python3-base 1-1)",
    );
}

#[test]
fn the_order_of_roots_and_lines_does_not_matter() {
    let world = [
        "suite a 1",
        "index b 1 : a",
        "index c 1 : b",
        "index c 2 : a>=2",
    ];
    let mut texts = Vec::new();
    for roots in [["root b", "root c"], ["root c", "root b"]] {
        for rotated in 0..world.len() {
            let mut lines = world.to_vec();
            lines.rotate_left(rotated);
            lines.extend(roots);
            texts.push(show(&resolve(&lines.join("\n")).0));
        }
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:#?}");
}

#[test]
fn rounds_follow_the_depth_of_the_tree() {
    let (_, rounds) = resolve("index a 1 : b ; c\nindex b 1 : d\nindex c 1\nindex d 1\nroot a");
    assert!(rounds <= 7, "{rounds}");
}

#[test]
fn a_long_way_back_takes_few_rounds() {
    let releases = (0..60).map(|minor| {
        let base = if minor < 10 { "base" } else { "base>=2" };
        format!("index app 1.{minor} : {base}")
    });
    let releases: Vec<String> = releases.collect();
    let text = format!("suite base 1\n{}\nroot app", releases.join("\n"));
    let (resolution, rounds) = resolve(&text);
    assert_eq!(resolution.roots[0].version, Some("1.9".parse().unwrap()));
    assert!(rounds <= 12, "{rounds}");
}
