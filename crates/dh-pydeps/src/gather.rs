//! Obtains what resolution asks for, until it answers.

use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, MetadataSource, Project};
use pydeps_index::{Client, Error};
use pydeps_resolve::{Minimality, Problem, Request, Resolution, Session, Step, Unavailable, World};

use crate::failure::Failure;
use crate::ui::{Progress, Ui};

/// No tree of this size is one that a person wants to package: something is wrong.
const MAX_ROUNDS: usize = 2000;

/// Resolves with what the index says.
pub(crate) fn resolve(
    problem: Problem<'_>,
    client: &Client,
    ui: &Ui,
) -> Result<Resolution, Failure> {
    let mut world = World::default();
    let mut counts = Counts {
        progress: ui.progress(),
        projects: 0,
        releases: 0,
    };
    let session = Session::new(problem);
    for _ in 0..MAX_ROUNDS {
        match session.step(&world) {
            Step::Done(resolution) => return Ok(resolution),
            Step::Need(requests) => {
                if let Err(failure) = obtain(&requests, client, &mut world, &mut counts) {
                    return match session.settle(&world) {
                        Some(resolution) => Ok(unfinished(resolution, &failure)),
                        None => Err(failure),
                    };
                }
            }
        }
    }
    Err(Failure::environment(anyhow::anyhow!(
        "no answer after {MAX_ROUNDS} rounds of questions to the package index"
    ))
    .with_hint("name a version, as in NAME==1.2, or a smaller --window"))
}

/// An answer that could be better, if the index answered.
fn unfinished(mut resolution: Resolution, failure: &Failure) -> Resolution {
    let text = format!("a better answer was not looked for: {failure}");
    let severity = match resolution.minimality {
        Some(Minimality::BudgetReached) => Severity::Warning,
        _ => Severity::Info,
    };
    resolution
        .findings
        .push(Finding::new(severity, "unfinished", text));
    resolution
}

/// What the user has named wrongly is not the fault of the network.
fn failure(error: Error) -> Failure {
    match error {
        Error::Certificates { .. } | Error::Proxy { .. } => Failure::input(error),
        error => Failure::environment(error),
    }
}

struct Counts {
    progress: Progress,
    projects: usize,
    releases: usize,
}

impl Counts {
    fn show(&self) {
        let (projects, releases) = (self.projects, self.releases);
        self.progress.say(&format!(
            "Asking the package index (projects: {projects}, releases: {releases})"
        ));
    }
}

fn obtain(
    requests: &[Request],
    client: &Client,
    world: &mut World,
    counts: &mut Counts,
) -> Result<(), Failure> {
    let mut names: Vec<DistName> = Vec::new();
    let mut releases: BTreeSet<(DistName, Version)> = BTreeSet::new();
    for request in requests {
        match request {
            Request::Project(name) => names.push(name.clone()),
            Request::Metadata(name, version) => {
                releases.insert((name.clone(), version.clone()));
            }
        }
    }
    counts.projects += names.len();
    counts.releases += releases.len();
    counts.show();
    let projects = client.projects(&names).map_err(failure)?;
    for (name, project) in names.into_iter().zip(projects) {
        world.add_project(name, project);
    }
    obtain_metadata(&releases, client, world)
}

fn obtain_metadata(
    releases: &BTreeSet<(DistName, Version)>,
    client: &Client,
    world: &mut World,
) -> Result<(), Failure> {
    let pairs: Vec<(&Project, &Version)> = releases
        .iter()
        .filter_map(|(name, version)| Some((world.project(name).flatten()?, version)))
        .collect();
    let answers = client.metadata_of_all(&pairs).map_err(failure)?;
    let names = pairs
        .iter()
        .map(|(project, version)| (project.name.clone(), (*version).clone()));
    let names: Vec<(DistName, Version)> = names.collect();
    for ((name, version), answer) in names.into_iter().zip(answers) {
        let answer = match answer {
            Err(Error::Dynamic { url }) => Ok(undisclosed(&name, &version, url)),
            answer => answer.map_err(|error| Unavailable(error.to_string())),
        };
        world.add_metadata(name, version, answer);
    }
    Ok(())
}

/// A release that does not say what it requires is still the one to take; that the
/// tree may be larger than shown is a warning.
fn undisclosed(name: &DistName, version: &Version, url: String) -> Metadata {
    let finding = Finding::warning(
        "requirements-unknown",
        format!("what {name} {version} requires is not known: only a build can tell"),
    );
    Metadata {
        name: name.clone(),
        version: version.clone(),
        requires_dist: Vec::new(),
        requires_python: None,
        provides_extra: Vec::new(),
        license: None,
        summary: None,
        source: MetadataSource::SdistGuess,
        findings: vec![finding.with_origin(&url)],
        origin: url,
    }
}
