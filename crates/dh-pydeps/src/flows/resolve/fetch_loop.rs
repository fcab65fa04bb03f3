//! Obtains what resolution asks for, until it answers.
//!
//! There are no rounds: as soon as something that was asked for is there, resolution
//! is tried again, while the rest is under way. Its answer depends on what is known of
//! the index and not on when it became known.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::lock::{LockedFile, LockedKind};
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, MetadataSource, Project};
use pydeps_index::{Answer, Client, Crew, Error, Question};
use pydeps_resolve::{
    Distribution, IndexRequest, IndexRequests, KnownIndex, MetadataUnavailable, Minimality,
    Resolution, ResolutionProblem, ResolutionSession, SessionStep, SolverStatistics,
};

use crate::failure::Failure;
use crate::ui::{Progress, Ui};
use pydeps_python::ReadError;

/// No tree that takes so many is one that a person wants to package: something is wrong.
const MAX_STEPS: usize = 10_000;

/// An answer, and what of the index belongs to it.
pub(crate) struct Gathered {
    pub(crate) resolution: Resolution,
    /// The source archives of what is to be generated.
    pub(crate) files: Vec<LockedFile>,
}

/// Resolves with what the index says.
pub(crate) fn resolve(
    problem: ResolutionProblem<'_>,
    client: &Client,
    ui: &Ui,
) -> Result<Gathered, Failure> {
    let session = ResolutionSession::new(problem);
    client.crew(|crew| {
        let mut gathering = Gathering {
            crew,
            world: KnownIndex::default(),
            asked: BTreeSet::new(),
            answered: BTreeSet::new(),
            failed: BTreeMap::new(),
            patient: client.config().settings.offline,
            progress: ui.progress(),
            waits: 0,
        };
        let resolution = gathering.resolve(&session)?;
        ui.work(&gathering.work(session.statistics()));
        let files = source_archives(&resolution, &gathering.world);
        Ok(Gathered { resolution, files })
    })
}

/// The source archive of each distribution to be generated, where the index has one.
fn source_archives(resolution: &Resolution, world: &KnownIndex) -> Vec<LockedFile> {
    let sdist = |row: &Distribution| {
        let project = world.project(&row.name).flatten()?;
        let details = project.sdist(row.version.as_ref()?)?;
        Some(LockedFile {
            distribution: row.name.clone(),
            name: details.filename,
            kind: LockedKind::Sdist,
            tags: Vec::new(),
            size: details.size,
            hashes: details.hashes,
        })
    };
    resolution.to_build().filter_map(sdist).collect()
}

struct Gathering<'a, 'c> {
    crew: &'a mut Crew<'c>,
    world: KnownIndex,
    asked: BTreeSet<IndexRequest>,
    answered: BTreeSet<IndexRequest>,
    /// What stops a resolution that cannot do without.
    failed: BTreeMap<IndexRequest, Error>,
    /// Whether all answers come so soon that trying in between takes longer.
    patient: bool,
    progress: Progress,
    /// How often it has waited for an answer.
    waits: usize,
}

impl Gathering<'_, '_> {
    fn resolve(&mut self, session: &ResolutionSession<'_>) -> Result<Resolution, Failure> {
        for _ in 0..MAX_STEPS {
            match session.step(&self.world) {
                SessionStep::Done(resolution) => return Ok(resolution),
                SessionStep::Need(wanted) => {
                    if let Err(failure) = self.obtain(&wanted) {
                        return match session.best_so_far(&self.world) {
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
    fn obtain(&mut self, wanted: &IndexRequests) -> Result<(), Failure> {
        for request in wanted.all() {
            self.ask(request);
        }
        self.show();
        while !self.has_enough(wanted) {
            self.listen()?;
        }
        match wanted.all().any(|one| self.answered.contains(one)) {
            true => Ok(()),
            false => Err(self.failure(&wanted.required)),
        }
    }

    /// Whether there is something new, or nothing to wait for.
    fn has_enough(&self, wanted: &IndexRequests) -> bool {
        let answered = |one: &IndexRequest| self.answered.contains(one);
        let open = |one: &&IndexRequest| !answered(one) && !self.failed.contains_key(*one);
        let all = wanted.all().filter(open).count() == 0;
        all || !self.patient && wanted.all().any(answered)
    }

    fn ask(&mut self, request: &IndexRequest) {
        if !self.asked.insert(request.clone()) {
            return;
        }
        let question = match request {
            IndexRequest::Project(name) => Question::Project(name.clone()),
            IndexRequest::Metadata(name, version) => match self.world.project(name).flatten() {
                Some(project) => Question::Metadata(alone(project, version), version.clone()),
                None => return self.nowhere(name, version),
            },
        };
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

    /// Waits for an answer, and takes all that are there.
    fn listen(&mut self) -> Result<(), Failure> {
        let nobody = || Failure::environment(anyhow::anyhow!("a question was not answered"));
        self.waits += 1;
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
        let request = IndexRequest::Project(name.clone());
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
        let request = IndexRequest::Metadata(name.clone(), version.clone());
        let known = match answer {
            Err(Error::Read(ReadError::Dynamic { url })) => Ok(undisclosed(name, version, url)),
            Err(error) if error.is_fatal() => {
                self.failed.insert(request, error);
                return;
            }
            answer => answer.map_err(|error| MetadataUnavailable(error.to_string())),
        };
        self.world
            .add_metadata(name.clone(), version.clone(), known);
        self.answered.insert(request);
    }

    /// The error of the first of the requests, which does not depend on which came first.
    fn failure(&mut self, requests: &BTreeSet<IndexRequest>) -> Failure {
        let mut errors = requests
            .iter()
            .filter_map(|request| self.failed.remove(request));
        match errors.next() {
            Some(error) => error.into(),
            None => Failure::environment(anyhow::anyhow!("a question has failed")),
        }
    }

    /// How much work the resolution was.
    fn work(&self, solver: SolverStatistics) -> String {
        let SolverStatistics {
            steps,
            runs,
            decisions,
            releases,
        } = solver;
        let (projects, metadata) = self.count_requests();
        let waits = self.waits;
        format!(
            "projects requested: {projects}; metadata requested: {metadata}, read: {releases}; \
             waits: {waits}; steps: {steps}; solver runs: {runs}; decisions: {decisions}"
        )
    }

    /// The number of projects and of releases that were requested.
    fn count_requests(&self) -> (usize, usize) {
        let is_project = |request: &&IndexRequest| matches!(request, IndexRequest::Project(_));
        let projects = self.asked.iter().filter(is_project).count();
        (projects, self.asked.len() - projects)
    }

    fn show(&self) {
        let (projects, releases) = self.count_requests();
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
