//! Obtains what resolution asks for, until it answers.
//!
//! There are no rounds: as soon as something that was asked for is there, resolution
//! is tried again, while the rest is under way. Its answer depends on what is known of
//! the index and not on when it became known.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, MetadataSource, Project};
use pydeps_index::{Answer, Client, Crew, Error, Question};
use pydeps_resolve::{
    Minimality, Problem, Request, Resolution, Session, Step, Unavailable, Wanted, World,
};

use crate::failure::Failure;
use crate::ui::{Progress, Ui};

/// No tree that takes so many is one that a person wants to package: something is wrong.
const MAX_STEPS: usize = 10_000;
/// So many releases of a distribution are asked for one by one.
const PATIENCE: usize = 3;
/// How many more than resolution asks for are asked for then, at most.
const AHEAD: usize = 16;

/// Resolves with what the index says.
pub(crate) fn resolve(
    problem: Problem<'_>,
    client: &Client,
    ui: &Ui,
) -> Result<Resolution, Failure> {
    let session = Session::new(problem);
    client.crew(|crew| {
        let mut gathering = Gathering {
            crew,
            world: World::default(),
            asked: BTreeSet::new(),
            answered: BTreeSet::new(),
            failed: BTreeMap::new(),
            looks: BTreeMap::new(),
            progress: ui.progress(),
        };
        gathering.resolve(&session)
    })
}

struct Gathering<'a, 'c> {
    crew: &'a mut Crew<'c>,
    world: World,
    asked: BTreeSet<Request>,
    answered: BTreeSet<Request>,
    /// What stops a resolution that cannot do without.
    failed: BTreeMap<Request, Error>,
    /// How many releases of a distribution were asked for.
    looks: BTreeMap<DistName, usize>,
    progress: Progress,
}

impl Gathering<'_, '_> {
    fn resolve(&mut self, session: &Session<'_>) -> Result<Resolution, Failure> {
        for _ in 0..MAX_STEPS {
            match session.step(&self.world) {
                Step::Done(resolution) => return Ok(resolution),
                Step::Need(wanted) => {
                    if let Err(failure) = self.obtain(&wanted) {
                        return match session.settle(&self.world) {
                            Some(resolution) => Ok(unfinished(resolution, &failure)),
                            None => Err(failure),
                        };
                    }
                }
            }
        }
        Err(Failure::environment(anyhow::anyhow!(
            "no answer after {MAX_STEPS} questions to the package index"
        ))
        .with_hint("name a version, as in NAME==1.2, or a smaller --window"))
    }

    /// Asks, and waits until one of the requests has its answer. What fails and is not
    /// needed yet is not waited for.
    fn obtain(&mut self, wanted: &Wanted) -> Result<(), Failure> {
        for request in wanted.all() {
            if !self.asked.contains(request) {
                self.ask(request);
                self.ask_ahead(request);
            }
        }
        self.show();
        while !wanted.all().any(|request| self.is_known(request)) {
            if wanted
                .now
                .iter()
                .all(|request| self.failed.contains_key(request))
            {
                return Err(self.failure(&wanted.now));
            }
            self.listen()?;
        }
        Ok(())
    }

    fn is_known(&self, request: &Request) -> bool {
        self.answered.contains(request) && !self.failed.contains_key(request)
    }

    fn ask(&mut self, request: &Request) {
        if !self.asked.insert(request.clone()) {
            return;
        }
        let question = match request {
            Request::Project(name) => Question::Project(name.clone()),
            Request::Metadata(name, version) => match self.world.project(name).flatten() {
                Some(project) => Question::Metadata(alone(project, version), version.clone()),
                None => return self.nowhere(name, version),
            },
        };
        if let Request::Metadata(name, _) = request {
            *self.looks.entry(name.clone()).or_default() += 1;
        }
        self.crew.ask(question);
    }

    /// A release of a project that is not there.
    fn nowhere(&mut self, name: &DistName, version: &Version) {
        let error = Error::NoFile {
            name: name.clone(),
            version: version.clone(),
        };
        self.hear_metadata(name, version, Err(error));
    }

    /// What has stepped back a few times will most likely step back further; asking
    /// for one release at a time takes as many journeys as releases.
    fn ask_ahead(&mut self, request: &Request) {
        let Request::Metadata(name, version) = request else {
            return;
        };
        let looks = self.looks.get(name).copied().unwrap_or(0);
        let ahead = looks.saturating_sub(PATIENCE).min(AHEAD);
        let Some(project) = self.world.project(name).flatten() else {
            return;
        };
        let older = project.releases.range(..version).rev();
        let usual = older.filter(|(version, _)| version.is_stable() && !project.is_yanked(version));
        let next: Vec<Version> = usual
            .take(ahead)
            .map(|(version, _)| version.clone())
            .collect();
        for version in next {
            self.ask(&Request::Metadata(name.clone(), version));
        }
    }

    /// Waits for an answer, and takes all that are there.
    fn listen(&mut self) -> Result<(), Failure> {
        let nobody = || Failure::environment(anyhow::anyhow!("a question was not answered"));
        let first = self.crew.answer().ok_or_else(nobody)?;
        self.hear(first);
        while let Some(more) = self.crew.ready() {
            self.hear(more);
        }
        Ok(())
    }

    fn hear(&mut self, answer: Answer) {
        match answer {
            Answer::Project(name, project) => self.hear_project(name, project),
            Answer::Metadata(name, version, answer) => self.hear_metadata(&name, &version, answer),
        }
    }

    fn hear_project(&mut self, name: DistName, answer: Result<Option<Project>, Error>) {
        let request = Request::Project(name.clone());
        match answer {
            Ok(project) => {
                self.world.add_project(name, project);
                self.answered.insert(request);
            }
            Err(error) => _ = self.failed.insert(request, error),
        }
    }

    fn hear_metadata(
        &mut self,
        name: &DistName,
        version: &Version,
        answer: Result<Metadata, Error>,
    ) {
        let request = Request::Metadata(name.clone(), version.clone());
        let known = match answer {
            Err(Error::Dynamic { url }) => Ok(undisclosed(name, version, url)),
            Err(error) if error.is_fatal() => {
                self.failed.insert(request, error);
                return;
            }
            answer => answer.map_err(|error| Unavailable(error.to_string())),
        };
        self.world
            .add_metadata(name.clone(), version.clone(), known);
        self.answered.insert(request);
    }

    /// The error of the first of the requests, which does not depend on which came first.
    fn failure(&mut self, requests: &BTreeSet<Request>) -> Failure {
        let mut errors = requests
            .iter()
            .filter_map(|request| self.failed.remove(request));
        match errors.next() {
            // What the user has named wrongly is not the fault of the network.
            Some(error @ (Error::Certificates { .. } | Error::Proxy { .. })) => {
                Failure::input(error)
            }
            Some(error) => Failure::environment(error),
            None => Failure::environment(anyhow::anyhow!("a question has failed")),
        }
    }

    fn show(&self) {
        let is_project = |request: &&Request| matches!(request, Request::Project(_));
        let projects = self.asked.iter().filter(is_project).count();
        let releases = self.asked.len() - projects;
        self.progress.say(&format!(
            "Asking the package index (projects: {projects}, releases: {releases})"
        ));
    }
}

/// An answer that could be better, if the index answered.
fn unfinished(mut resolution: Resolution, failure: &Failure) -> Resolution {
    let text = format!("a better answer was not looked for: {failure}");
    let severity = match resolution.minimality {
        Some(Minimality::BudgetReached) => Severity::Warning,
        _ => Severity::Info,
    };
    let finding = Finding::new(severity, "unfinished", text);
    resolution.findings.push(finding);
    resolution
}

/// A project with one release only.
fn alone(project: &Project, version: &Version) -> Project {
    let release = (version.clone(), project.files(version).to_vec());
    Project {
        name: project.name.clone(),
        origin: project.origin.clone(),
        releases: [release].into(),
        findings: Vec::new(),
    }
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
