//! The build area: where sources, packages and what was generated last lie.

use std::path::{Path, PathBuf};

use pydeps_core::finding::Finding;
use pydeps_generate::plan::Plan;
use pydeps_host::source_package as host;

use super::fetch::Fetched;
use crate::failure::Failure;

/// What was written.
pub(crate) struct Written {
    pub(crate) dsc: PathBuf,
    pub(crate) findings: Vec<Finding>,
}

/// The directory that is given, else `build-area` here or, in a source package, above.
pub(crate) fn directory(given: Option<&Path>) -> PathBuf {
    match given {
        Some(directory) => directory.to_owned(),
        None if Path::new("debian").is_dir() => PathBuf::from("../build-area"),
        None => PathBuf::from("build-area"),
    }
}

/// Puts a release and its plan into the area, and packs them.
pub(crate) fn write(
    area: &Path,
    fetched: &Fetched,
    plan: &Plan,
    epoch: i64,
) -> Result<Written, Failure> {
    let tree = area.join(&plan.source);
    host::place_upstream(&fetched.tree, &tree).map_err(Failure::environment)?;
    let tarball = host::place_tarball(&fetched.sdist, area, &plan.source, &plan.upstream_version);
    tarball.map_err(Failure::environment)?;
    for (path, file) in &plan.files {
        host::write_file(&tree, path, &file.bytes, file.executable)
            .map_err(Failure::environment)?;
    }
    let version = plan
        .version
        .split_once(':')
        .map_or(plan.version.as_str(), |(_, rest)| rest);
    let dsc = format!("{}_{version}.dsc", plan.source);
    let dsc = host::pack(&tree, &dsc, epoch).map_err(Failure::environment)?;
    Ok(Written {
        dsc,
        findings: Vec::new(),
    })
}
