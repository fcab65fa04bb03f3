//! Where things are kept, by the XDG Base Directory Specification.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A value of the environment, by name; programs pass `|name| std::env::var_os(name)`.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// There is no directory to keep a cache in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither XDG_CACHE_HOME nor HOME is set to an absolute path: no place for a cache")]
pub struct NoCacheDir;

/// The program's cache directory: `$XDG_CACHE_HOME/dh-pydeps`, by default
/// `$HOME/.cache/dh-pydeps`. Relative values count as unset, as the
/// specification says.
pub fn cache_dir(environment: Environment<'_>) -> Result<PathBuf, NoCacheDir> {
    let absolute = |name| {
        environment(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    base.map(|base| base.join("dh-pydeps")).ok_or(NoCacheDir)
}

/// The index file of a suite in a cache directory: `archive/CODENAME-ARCHITECTURE.idx`.
pub fn index_file(cache: &Path, codename: &str, architecture: &str) -> PathBuf {
    let name = format!("{codename}-{architecture}.idx").replace('/', "_");
    cache.join("archive").join(name)
}

/// apt's private root for one release of one repository.
pub fn apt_root(cache: &Path, release: &str, architecture: &str) -> PathBuf {
    let name = format!("{release}-{architecture}").replace('/', "_");
    cache.join("apt").join(name)
}

/// What was read of a local repository, by the place that its user gave.
pub fn local_file(cache: &Path, place: &str) -> PathBuf {
    let number = crc32fast::hash(place.as_bytes());
    cache.join("local").join(format!("{number:08x}.json"))
}

/// apt's private root for a local repository, by its source line.
pub fn local_root(cache: &Path, line: &str, architecture: &str) -> PathBuf {
    let number = crc32fast::hash(line.as_bytes());
    cache
        .join("apt")
        .join(format!("local-{number:08x}-{architecture}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expect: Option<&str>) {
        let environment = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        assert_eq!(cache_dir(&environment).ok(), expect.map(PathBuf::from));
    }

    #[test]
    fn base_directories() {
        check(&[], None);
        check(&[("HOME", "/h")], Some("/h/.cache/dh-pydeps"));
        check(
            &[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")],
            Some("/x/dh-pydeps"),
        );
        check(
            &[("HOME", "/h"), ("XDG_CACHE_HOME", "x")],
            Some("/h/.cache/dh-pydeps"),
        );
        check(&[("HOME", "")], None);
    }

    #[test]
    fn names_stay_in_the_directory() {
        let file = index_file(Path::new("/c"), "../../etc", "amd64");
        assert_eq!(file, Path::new("/c/archive/.._.._etc-amd64.idx"));
        let root = apt_root(Path::new("/c"), "buster/updates", "amd64");
        assert_eq!(root, Path::new("/c/apt/buster_updates-amd64"));
    }
}
