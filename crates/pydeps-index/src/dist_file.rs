//! A wheel or an sdist on this machine.

use std::path::Path;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, MetadataSource};

use crate::error::Error;
use pydeps_python::sdist::{self, Texts};
use pydeps_python::{ReadError, filename, metadata, project_file, wheel};

/// The metadata of a wheel or an sdist. The path is the origin; errors name it, and
/// [`ReadError::Dynamic`] is that of an sdist that does not tell its requirements.
pub fn metadata(path: &Path) -> Result<Metadata, Error> {
    let origin = path.strip_prefix(".").unwrap_or(path).display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let file = fs_err::File::open(path)?;
    if name.to_ascii_lowercase().ends_with(".whl") {
        let bytes = wheel::read_metadata(file, &origin)?;
        return Ok(metadata::parse(&bytes, MetadataSource::Wheel, &origin)?);
    }
    let texts = sdist::read(file, &name, &origin)?;
    let Some((project, version)) = identity(&texts, &name) else {
        let reason = "neither its name nor what is in it says which release it is; \
            it should be NAME-VERSION.tar.gz";
        return Err(ReadError::BadArchive {
            url: origin,
            reason: reason.to_owned(),
        }
        .into());
    };
    Ok(sdist::metadata(&texts, &project, &version, &origin)?)
}

/// Whose sdist it is: from `PKG-INFO`, `pyproject.toml` or its own name, which on a
/// forge's archive is that of a tag.
fn identity(texts: &Texts, name: &str) -> Option<(DistName, Version)> {
    let pkg_info = texts.pkg_info.as_ref().and_then(|text| {
        let read = metadata::parse(text.as_bytes(), MetadataSource::SdistGuess, name).ok()?;
        Some((read.name, read.version))
    });
    let project = || {
        let file = project_file::parse(texts.pyproject.as_ref()?, name).ok()?;
        Some((file.name?, file.version?))
    };
    pkg_info.or_else(project).or_else(|| filename::split(name))
}

#[cfg(test)]
mod tests {
    use pydeps_testkit::{Dist, TestSdist, TestWheel};

    use super::*;

    /// `NAME VERSION: REQUIREMENTS`, or the error.
    #[track_caller]
    fn check(dist: &Dist, expect: &str) {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join(&dist.filename);
        fs_err::write(&path, &dist.bytes).unwrap();
        assert!(pydeps_python::filename::is_release_file(&dist.filename));
        let got = match metadata(&path) {
            Ok(m) => {
                let all: Vec<String> = m.requires_dist.iter().map(ToString::to_string).collect();
                format!("{} {}: {}", m.name, m.version, all.join(", "))
            }
            Err(error) => error.to_string(),
        };
        assert!(got.contains(expect), "{got}");
    }

    fn renamed(dist: Dist, filename: &str) -> Dist {
        let filename = filename.to_owned();
        Dist { filename, ..dist }
    }

    #[test]
    fn wheels() {
        let wheel = TestWheel::new("A_b", "1.0").requires("six").build();
        check(&wheel, "a-b 1.0: six");
        check(&renamed(wheel, "x.WHL"), "a-b 1.0: six");
        let not = TestSdist::new("a", "1").zip().build();
        check(
            &renamed(not, "a-1-py3-none-any.whl"),
            "it has no *.dist-info/METADATA",
        );
    }

    #[test]
    fn sdists() {
        let sdist = || TestSdist::new("a", "1.0");
        check(
            &sdist().metadata_version("2.2").requires("six").build(),
            "a 1.0: six",
        );
        check(&sdist().requires("six").zip().build(), "a 1.0: six");
        check(&sdist().build(), "the requirements are dynamic");
        let project = b"[project]\nname = 'a'\ndynamic = ['version']\ndependencies = ['six']\n";
        let forge = || {
            sdist()
                .without_pkg_info()
                .file("pyproject.toml", project)
                .build()
        };
        check(&forge(), "a 1.0: six");
        check(
            &renamed(forge(), "main.tar.gz"),
            "should be NAME-VERSION.tar.gz",
        );
    }
}
