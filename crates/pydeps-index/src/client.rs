//! The client: projects, metadata and files, from the cheapest place that has them.

mod files;
mod metadata;

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Mutex;
use std::thread::available_parallelism;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{File, Metadata, Project};
use url::Url;

use crate::config::Config;
use crate::error::Error;
use crate::pages::{self, Page};
use crate::parallel::Lead;
use crate::{local, parallel};
use pydeps_http::Transport;
use pydeps_http::cache::Cache;

/// What a crew can be asked.
pub enum Question {
    /// [`Client::project`].
    Project(DistName),
    /// [`Client::metadata`]; the project needs to have that release only.
    Metadata(Project, Version),
}

/// What a crew answers.
pub enum Answer {
    /// A project.
    Project(DistName, Result<Option<Project>, Error>),
    /// A release's metadata.
    Metadata(DistName, Version, Result<Metadata, Error>),
}

/// Answers questions, see [`Client::crew`].
pub type Crew<'a> = parallel::Crew<'a, Question, Answer>;

/// Asks the configured indexes. It blocks, and may be shared between threads.
pub struct Client {
    config: Config,
    transport: Transport,
    cache: Cache,
    /// Servers that have no `.metadata` files beside their wheels.
    bare_hosts: Mutex<BTreeSet<String>>,
}

impl Client {
    /// A client. Nothing is read or connected to before the first question.
    pub fn new(config: Config) -> Self {
        let transport = Transport::new(config.settings.clone(), config.credentials.clone());
        Self {
            transport,
            cache: Cache::new(config.cache_dir.as_deref()),
            bare_hosts: Mutex::new(BTreeSet::new()),
            config,
        }
    }

    /// What there is of a project: the files of the first index that has it (the
    /// others are not asked, so that nobody can slip in a project of the same name),
    /// together with those of the `find-links` places, of which a file replaces one
    /// of the same name. `None` if nobody has it.
    pub fn project(&self, name: &DistName) -> Result<Option<Project>, Error> {
        let mut project = None;
        for index in &self.config.indexes {
            project = self.on_index(index, name)?;
            if project.is_some() {
                break;
            }
        }
        if let (Some(project), Some(limit)) = (&mut project, self.config.exclude_newer) {
            exclude_newer(project, limit);
        }
        for place in &self.config.find_links {
            if let Some(more) = self.on_links(place, name)? {
                project = Some(match project {
                    Some(project) => merge(project, more),
                    None => more,
                });
            }
        }
        Ok(project)
    }

    /// Calls `lead` with a crew that answers questions as they come, several at once.
    pub fn crew<R>(&self, lead: impl FnOnce(&mut Crew<'_>) -> R) -> R {
        let settings = &self.config.settings;
        let (limit, helps) = match settings.offline {
            // Reading files takes no patience.
            true => (available_parallelism().map_or(1, NonZero::get), Lead::Works),
            false => (settings.connections, Lead::Waits),
        };
        parallel::crew(limit, helps, |question| self.reply(question), lead)
    }

    fn reply(&self, question: Question) -> Answer {
        match question {
            Question::Project(name) => {
                let project = self.project(&name);
                Answer::Project(name, project)
            }
            Question::Metadata(project, version) => {
                let metadata = self.metadata(&project, &version);
                Answer::Metadata(project.name, version, metadata)
            }
        }
    }

    /// What was noticed so far that concerns no single project.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.config.findings.clone();
        findings.extend(self.cache.finding());
        findings
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    fn on_index(&self, index: &Url, name: &DistName) -> Result<Option<Project>, Error> {
        let Ok(url) = index.join(&format!("{name}/")) else {
            return Ok(None);
        };
        if url.scheme() == "file" {
            return local::project(&url, name);
        }
        pages::project(&self.transport, &self.cache, &url, name, Page::Index)
    }

    fn on_links(&self, place: &Url, name: &DistName) -> Result<Option<Project>, Error> {
        let project = if place.scheme() == "file" {
            Some(local::links(place, name)?)
        } else {
            pages::project(&self.transport, &self.cache, place, name, Page::Links)?
        };
        Ok(project.filter(|project| !project.releases.is_empty()))
    }
}

/// Adds files to a project; a file replaces one of the same name.
fn merge(mut project: Project, more: Project) -> Project {
    for (version, files) in more.releases {
        let names: BTreeSet<String> = files.iter().filter_map(filename).collect();
        let there = project.releases.entry(version).or_default();
        there.retain(|old| filename(old).is_none_or(|old| !names.contains(&old)));
        there.extend(files);
    }
    project.findings.extend(more.findings);
    project
}

fn filename(file: &File) -> Option<String> {
    file.details().map(|details| details.filename)
}

/// Drops what was uploaded later, and, as it might have been, what does not say when.
fn exclude_newer(project: &mut Project, limit: Timestamp) {
    let mut undated = 0_usize;
    for files in project.releases.values_mut() {
        undated += files.iter().filter(|f| f.uploaded.is_none()).count();
        files.retain(|file| file.uploaded.is_some_and(|time| time <= limit));
    }
    project.releases.retain(|_, files| !files.is_empty());
    if undated > 0 {
        let message = format!(
            "{undated} files of {} are left out: the index does not say when they were \
             uploaded, and --exclude-newer is given",
            project.name
        );
        let finding = Finding::warning("upload-time-missing", message);
        project.findings.push(finding.with_origin(&project.origin));
    }
}
