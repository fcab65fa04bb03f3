//! Wheels and sdists on this machine.

use std::path::Path;

use pydeps_core::upstream::Metadata;
use pydeps_index::{Error, dist_file};
use pydeps_resolve::ResolutionRoot;

use super::{Inputs, Parts, first_error, known_extras, under};
use crate::failure::Failure;
use pydeps_python::ReadError;

impl Inputs {
    /// A wheel or an sdist: that release, and no other.
    pub(super) fn dist_file(&mut self, path: &Path, parts: &Parts) -> Result<(), Failure> {
        if let Some(group) = parts.groups.first() {
            let error =
                anyhow::anyhow!("{}: there is no dependency group `{group}`", path.display());
            return Err(Failure::input(error).with_hint("only a project directory has groups"));
        }
        let metadata = dist_file::metadata(path).map_err(failure)?;
        first_error(&metadata.findings)?;
        known_extras(&parts.extras, &metadata.provides_extra, &metadata.origin)?;
        self.findings.extend(metadata.findings.iter().cloned());
        self.roots.push(root(metadata, parts));
        Ok(())
    }
}

fn root(metadata: Metadata, parts: &Parts) -> ResolutionRoot {
    ResolutionRoot::Project {
        name: Some(metadata.name),
        version: Some(metadata.version.to_string()),
        requires_python: metadata.requires_python,
        requires: under(parts.marker.as_ref(), metadata.requires_dist),
        extras: parts.extras.clone(),
        origin: metadata.origin,
    }
}

fn failure(error: Error) -> Failure {
    let help = match &error {
        Error::Read(ReadError::Dynamic { .. }) => {
            "give a wheel of it, or its requirements with -r FILE"
        }
        Error::Io(_) => "to take a release from the index, name it, as in flower==2.0.1",
        _ => "get the file again, or name the release, as in flower==2.0.1",
    };
    Failure::input(error).with_hint(help)
}
