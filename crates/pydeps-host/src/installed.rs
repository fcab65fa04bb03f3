//! What is installed on this machine: distributions, and the packages that own them.
//!
//! Reads `usr/lib/python3/dist-packages` and dpkg's database (`info/*.list`,
//! `status`) directly: one question asks for a few files, not for a process that
//! reads the whole database.

use std::io;
use std::path::{Path, PathBuf};

use deb822_fast::borrowed::iter_paragraphs_borrowed;
use memchr::memmem;
use pep440_rs::Version;
use pydeps_core::archive::{ArchiveDist, Origin, PathClass};
use pydeps_core::name::{DebName, DistName, SuiteName};

use crate::built::{self, BuiltDist};
use pydeps_python::dist_path::dist_of_path;

const PUBLIC: &str = "usr/lib/python3/dist-packages";
const INFO: &str = "var/lib/dpkg/info";
const STATUS: &str = "var/lib/dpkg/status";
const DEFAULTS: &str = "usr/share/python3/debian_defaults";

/// The Pythons of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pythons {
    /// The default one, two segments.
    pub default: Version,
    /// All that extensions are built for.
    pub supported: Vec<Version>,
}

/// A distribution that a package has installed where every interpreter finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledDist {
    /// The distribution's normalised name.
    pub name: DistName,
    /// The version in the path.
    pub upstream: Option<String>,
    /// The package that owns the path.
    pub package: DebName,
    /// The package's version.
    pub package_version: String,
    /// The path, without a leading `/`.
    pub path: String,
    /// Always [`PathClass::Public`].
    pub class: PathClass,
}

impl InstalledDist {
    fn into_archive(self) -> ArchiveDist {
        ArchiveDist {
            name: self.name,
            upstream: self.upstream,
            package: self.package,
            described_version: self.package_version.clone(),
            package_version: self.package_version,
            section: "python".to_owned(),
            path: self.path,
            class: self.class,
            origin: Origin::Suite,
        }
    }
}

/// A system's root directory: `/`, or a chroot's.
#[derive(Clone, Debug)]
pub struct Installed {
    root: PathBuf,
}

impl Installed {
    /// What is installed below this root.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The packages that have installed this distribution, by path. What no package
    /// owns (pip's work) is not among them. Errors name the file.
    pub fn find(&self, name: &DistName) -> io::Result<Vec<InstalledDist>> {
        let mut found = Vec::new();
        for path in self.paths(name)? {
            let Some(dist) = dist_of_path(&path) else {
                continue;
            };
            if let Some(package) = self.owner(&path)? {
                found.push(InstalledDist {
                    name: dist.name,
                    upstream: dist.version,
                    package_version: self.version(&package)?.unwrap_or_default(),
                    package,
                    path,
                    class: dist.class,
                });
            }
        }
        Ok(found)
    }

    /// The same as the archive would say it. A machine whose dpkg database cannot be read
    /// has nothing installed.
    pub fn copies(&self, name: &DistName) -> Vec<ArchiveDist> {
        let found = self.find(name).unwrap_or_default();
        found.into_iter().map(InstalledDist::into_archive).collect()
    }

    /// The suite that is installed, by `VERSION_CODENAME` of os-release(5).
    pub fn codename(&self) -> Option<SuiteName> {
        let files = ["etc/os-release", "usr/lib/os-release"];
        let text = files
            .iter()
            .find_map(|file| fs_err::read_to_string(self.root.join(file)).ok())?;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("VERSION_CODENAME="))?;
        line.trim_matches(['"', '\'']).parse().ok()
    }

    /// The Pythons that Debian's own tools build for (python3-minimal's
    /// `debian_defaults`); `None` where that is not installed.
    pub fn pythons(&self) -> io::Result<Option<Pythons>> {
        let text = match fs_err::read_to_string(self.root.join(DEFAULTS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read?,
        };
        let value = |key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key))?;
            let (_, value) = line.split_once('=')?;
            let versions = value
                .split(',')
                .map(|word| word.trim().strip_prefix("python"));
            versions
                .map(|version| version?.parse().ok())
                .collect::<Option<Vec<Version>>>()
        };
        let default = value("default-version").and_then(|versions| versions.into_iter().next());
        Ok(default.map(|default| Pythons {
            supported: value("supported-versions").unwrap_or_else(|| vec![default.clone()]),
            default,
        }))
    }

    /// The version and the section of an installed package.
    pub fn package(&self, name: &DebName) -> io::Result<Option<(String, String)>> {
        let bytes = fs_err::read(self.root.join(STATUS))?;
        let stanza = stanza(&bytes, name);
        let text = String::from_utf8_lossy(stanza.unwrap_or_default());
        let Some(Ok(stanza)) = iter_paragraphs_borrowed(&text).next() else {
            return Ok(None);
        };
        let field = |name| stanza.get_single(name).map(|value| value.trim().to_owned());
        // What was removed keeps a stanza for its configuration.
        let is_there = field("Status").is_none_or(|status| status.ends_with(" installed"));
        let version = field("Version").filter(|_| is_there);
        Ok(version.map(|version| (version, field("Section").unwrap_or_default())))
    }

    /// The core metadata of an installed distribution: what it requires.
    pub fn metadata(&self, path: &str) -> io::Result<Option<BuiltDist>> {
        built::at(&self.root, path)
    }

    fn paths(&self, name: &DistName) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        for entry in entries(&self.root.join(PUBLIC))? {
            let path = format!("{PUBLIC}/{entry}");
            if dist_of_path(&path).is_some_and(|dist| dist.name == *name) {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// `info/PACKAGE.list`, or `PACKAGE:ARCHITECTURE.list` (Multi-Arch: same).
    fn owner(&self, path: &str) -> io::Result<Option<DebName>> {
        let line = format!("\n/{path}\n");
        // Most often the package has the distribution's name, and one list is enough.
        let word = path
            .rsplit('/')
            .next()
            .and_then(|file| file.split('-').next());
        let word = word
            .unwrap_or_default()
            .to_lowercase()
            .replace(['_', '.'], "-");
        let mut lists = entries(&self.root.join(INFO))?;
        lists.sort_by_key(|entry| !entry.contains(&word));
        for entry in lists {
            let Some(package) = entry.strip_suffix(".list") else {
                continue;
            };
            let list = fs_err::read(self.root.join(INFO).join(&entry))?;
            if memmem::find(&list, line.as_bytes()).is_some() {
                return Ok(package.split(':').next().and_then(|name| name.parse().ok()));
            }
        }
        Ok(None)
    }

    fn version(&self, package: &DebName) -> io::Result<Option<String>> {
        Ok(self.package(package)?.map(|(version, _)| version))
    }
}

/// A package's stanza in dpkg's status file. The file is large and has one stanza for
/// each package, so it is searched and not parsed.
fn stanza<'a>(status: &'a [u8], package: &DebName) -> Option<&'a [u8]> {
    let line = format!("Package: {package}\n");
    let start = match status.starts_with(line.as_bytes()) {
        true => 0,
        false => memmem::find(status, format!("\n{line}").as_bytes())? + 1,
    };
    let rest = &status[start..];
    let end = memmem::find(rest, b"\n\n").map_or(rest.len(), |at| at + 1);
    Some(&rest[..end])
}

/// The names in a directory, ascending; none where there is no such directory.
fn entries(directory: &Path) -> io::Result<Vec<String>> {
    let read = match fs_err::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let names =
        read.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<io::Result<_>>()?;
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &str) {
        let path = root.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    #[test]
    fn owner_and_version() {
        let dir = tempfile::tempdir().unwrap();
        let installed = Installed::new(dir.path());
        let yaml: DistName = "pyyaml".parse().unwrap();
        assert_eq!(installed.find(&yaml).unwrap(), []);
        assert_eq!(installed.codename(), None);

        let path = "usr/lib/python3/dist-packages/PyYAML-6.0.2.dist-info";
        write(dir.path(), &format!("{path}/METADATA"), "");
        write(
            dir.path(),
            "usr/lib/python3/dist-packages/six-1.17.0.dist-info/METADATA",
            "",
        );
        write(
            dir.path(),
            "etc/os-release",
            "ID=debian\nVERSION_CODENAME=\"trixie\"\n",
        );
        write(
            dir.path(),
            "var/lib/dpkg/info/a2.list",
            &format!("/.\n/{path}x\n"),
        );
        write(
            dir.path(),
            "var/lib/dpkg/info/python3-yaml:amd64.list",
            &format!("/.\n/{path}\n/{path}/METADATA\n"),
        );
        write(
            dir.path(),
            "var/lib/dpkg/status",
            "Package: a2\nVersion: 9\n\nPackage: python3-yaml\nVersion: 6.0.2-1+b2\n",
        );
        let found = installed.find(&yaml).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].package.as_str(), found[0].package_version.as_str()),
            ("python3-yaml", "6.0.2-1+b2")
        );
        assert_eq!(found[0].upstream.as_deref(), Some("6.0.2"));
        assert_eq!(
            installed.find(&"six".parse().unwrap()).unwrap(),
            [],
            "no package owns it"
        );
        assert_eq!(installed.codename().unwrap(), "trixie");
    }
}
