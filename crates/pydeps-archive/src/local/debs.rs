//! A directory of .deb files, read with `dpkg-deb`.
//!
//! What a file says does not change while its path, size and time stay: it is kept in
//! the cache, one JSON file for each directory. A cache that cannot be read or written
//! costs time, nothing else.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use pydeps_core::deb_version::is_later;
use serde::{Deserialize, Serialize};

use super::LocalError;
use crate::index::{Contents, PackageFacts, parse_packages};
use pydeps_host::atomic;
use pydeps_host::paths;
use pydeps_host::process::{self, ProcessError};
use pydeps_host::progress::Listener;
use pydeps_python::dist_path::dist_of_path;

/// No control file is as large; one that claims to be does not fill the memory.
const LARGEST_CONTROL: u64 = 1 << 20;

/// What is kept of a directory.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// [`VERSION`] of the program that wrote it.
    version: u32,
    directory: PathBuf,
    /// By file name.
    files: BTreeMap<String, Deb>,
}

/// Another reading of the same files needs another number.
const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Deb {
    size: u64,
    /// Nanoseconds since 1970.
    modified: u64,
    /// The control file.
    control: String,
    /// The paths of distributions' metadata.
    paths: Vec<String>,
}

/// The packages in a directory that are for an architecture, and the metadata that they ship.
pub(super) fn read(
    directory: &Path,
    architecture: &str,
    cache: &Path,
    listener: &mut dyn Listener,
) -> Result<(Vec<PackageFacts>, Contents), LocalError> {
    let unreadable = |source| LocalError::Directory {
        path: directory.to_owned(),
        source,
    };
    let directory = directory.canonicalize().map_err(unreadable)?;
    let stamps = stamps(&directory).map_err(unreadable)?;
    let file = paths::local_file(cache, &directory.to_string_lossy());
    let before = kept(&file, &directory);
    let now = Kept {
        version: VERSION,
        files: refresh(&directory, &stamps, &before.files, listener)?,
        directory,
    };
    if now != before {
        // Without a cache it takes longer next time.
        let _ = keep(&file, &now);
    }
    facts(&now, architecture)
}

fn kept(file: &Path, directory: &Path) -> Kept {
    let read = || serde_json::from_slice::<Kept>(&fs_err::read(file).ok()?).ok();
    let fits = |kept: &Kept| kept.version == VERSION && kept.directory == directory;
    read().filter(fits).unwrap_or_default()
}

fn keep(file: &Path, kept: &Kept) -> io::Result<()> {
    if let Some(parent) = file.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let bytes = serde_json::to_vec(kept)?;
    atomic::write(file, &bytes).map_err(|error| error.source)
}

/// The files that are there, those that are new or changed read.
fn refresh(
    directory: &Path,
    found: &BTreeMap<String, (u64, u64)>,
    before: &BTreeMap<String, Deb>,
    listener: &mut dyn Listener,
) -> Result<BTreeMap<String, Deb>, LocalError> {
    let mut files = BTreeMap::new();
    for (at, (name, (size, modified))) in found.iter().enumerate() {
        let same = |deb: &&Deb| (deb.size, deb.modified) == (*size, *modified);
        let deb = match before.get(name).filter(same) {
            Some(deb) => deb.clone(),
            None => {
                let fraction = at as f64 / found.len() as f64;
                listener.progress(&format!("reading {name}"), Some(fraction));
                read_deb(&directory.join(name), *size, *modified)?
            }
        };
        files.insert(name.clone(), deb);
    }
    Ok(files)
}

/// Size and time of each .deb file.
fn stamps(directory: &Path) -> io::Result<BTreeMap<String, (u64, u64)>> {
    let mut found = BTreeMap::new();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".deb") {
            let metadata = fs_err::metadata(entry.path())?;
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
            let nanoseconds = modified.map_or(0, |time| time.as_nanos() as u64);
            found.insert(name, (metadata.len(), nanoseconds));
        }
    }
    Ok(found)
}

fn read_deb(path: &Path, size: u64, modified: u64) -> Result<Deb, LocalError> {
    let unreadable = |error| unreadable(path, error);
    let mut unpack = dpkg_deb("--ctrl-tarfile", path);
    let (control, _) = process::stream(&mut unpack, control_file).map_err(unreadable)?;
    let mut unpack = dpkg_deb("--fsys-tarfile", path);
    let (paths, _) = process::stream(&mut unpack, metadata_paths).map_err(unreadable)?;
    Ok(Deb {
        size,
        modified,
        control,
        paths,
    })
}

fn dpkg_deb(action: &str, path: &Path) -> Command {
    let mut command = Command::new("dpkg-deb");
    command.env("LC_ALL", "C.UTF-8").arg(action).arg(path);
    command
}

fn unreadable(path: &Path, error: ProcessError) -> LocalError {
    let reason = match error {
        ProcessError::NotFound { .. } => return LocalError::NoDpkgDeb,
        ProcessError::Failed { stderr, .. } => {
            let line = stderr.lines().find(|line| !line.trim().is_empty());
            line.unwrap_or("dpkg-deb failed").to_owned()
        }
        error => error.to_string(),
    };
    LocalError::Package {
        path: path.to_owned(),
        reason,
    }
}

/// The text of `control` in a tar file; empty if it has none.
fn control_file(out: &mut impl Read) -> io::Result<String> {
    let mut control = Vec::new();
    let mut archive = tar::Archive::new(&mut *out);
    for entry in archive.entries()? {
        let entry = entry?;
        let name = entry.path_bytes().into_owned();
        if name == b"control" || name == b"./control" {
            entry.take(LARGEST_CONTROL).read_to_end(&mut control)?;
        }
    }
    io::copy(out, &mut io::sink())?;
    Ok(String::from_utf8_lossy(&control).into_owned())
}

/// The paths in a tar file that belong to the metadata of distributions, one for each.
fn metadata_paths(out: &mut impl Read) -> io::Result<Vec<String>> {
    let mut paths: BTreeMap<String, String> = BTreeMap::new();
    let mut archive = tar::Archive::new(&mut *out);
    for entry in archive.entries()? {
        let entry = entry?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = path.trim_start_matches("./");
        if let Some(dist) = dist_of_path(path).filter(|_| !path.contains('\n')) {
            paths.entry(dist.path).or_insert_with(|| path.to_owned());
        }
    }
    // To its very end, or dpkg-deb complains.
    io::copy(out, &mut io::sink())?;
    Ok(paths.into_values().collect())
}

/// Of each package that is for this architecture the newest version, and its paths.
fn facts(kept: &Kept, architecture: &str) -> Result<(Vec<PackageFacts>, Contents), LocalError> {
    let mut newest: BTreeMap<String, (PackageFacts, &[String])> = BTreeMap::new();
    for (name, deb) in &kept.files {
        let package = package(&deb.control).map_err(|reason| LocalError::Package {
            path: kept.directory.join(name),
            reason,
        })?;
        let before = newest.get(&package.name);
        if ["all", architecture].contains(&package.architecture.as_str())
            && before.is_none_or(|(before, _)| is_later(&package.version, &before.version))
        {
            newest.insert(package.name.clone(), (package, &deb.paths));
        }
    }
    let mut lines = String::new();
    for (package, paths) in newest.values() {
        let line = |path: &String| format!("{path} {}/{}\n", package.section, package.name);
        lines.extend(paths.iter().map(line));
    }
    let mut contents = Contents::default();
    contents
        .read(&mut lines.as_bytes())
        .map_err(|source| LocalError::Directory {
            path: kept.directory.clone(),
            source,
        })?;
    let packages = newest.into_values().map(|(package, _)| package);
    Ok((packages.collect(), contents))
}

fn package(control: &str) -> Result<PackageFacts, String> {
    let mut packages = parse_packages(control).map_err(|error| error.to_string())?;
    match (packages.pop(), packages.pop()) {
        (Some(package), None) => Ok(package),
        _ => Err("its control file does not name one package and its version".to_owned()),
    }
}
