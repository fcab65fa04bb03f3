//! The client against a stub index on loopback.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod cache;
mod files;
mod network;
mod pages;
mod releases;

use std::time::Duration;

use pydeps_core::name::DistName;
use pydeps_core::upstream::{Details, File, Metadata, Project};
use pydeps_index::{Client, Config, Error};
use pydeps_testkit::StubIndex;

/// A configuration with these indexes, and without patience.
fn config(indexes: &[&StubIndex]) -> Config {
    let mut config = Config::empty();
    for index in indexes {
        config.add_index(&index.url(), "test").unwrap();
    }
    config.settings.backoff = Duration::from_millis(1);
    config.settings.timeout = Duration::from_secs(5);
    config
}

fn client(index: &StubIndex) -> Client {
    Client::new(config(&[index]))
}

fn name(text: &str) -> DistName {
    text.parse().unwrap()
}

/// The project `a`, which is there.
fn project(client: &Client) -> Project {
    client.project(&name("a")).unwrap().unwrap()
}

fn versions(project: &Project) -> Vec<String> {
    project.releases.keys().map(ToString::to_string).collect()
}

fn filenames(project: &Project) -> Vec<String> {
    let files = project.releases.values().flatten();
    files.map(|file| details(file).filename).collect()
}

fn details(file: &File) -> Details {
    file.details().unwrap()
}

/// The first file of a project.
fn file(project: &Project) -> Details {
    details(project.releases.values().flatten().next().unwrap())
}

/// The metadata of release 1.0 of the project `a`.
fn metadata(client: &Client) -> Result<Metadata, Error> {
    client.metadata(&project(client), &"1.0".parse().unwrap())
}

fn requires(metadata: &Metadata) -> Vec<String> {
    metadata
        .requires_dist
        .iter()
        .map(ToString::to_string)
        .collect()
}
