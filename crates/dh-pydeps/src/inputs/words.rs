//! Words of a command line: requirements, names, extras.

use std::path::Path;

use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::outcome::COMMAND_LINE;
use pydeps_core::requirement::Requirement;
use pydeps_python::filename;

use crate::failure::{Failure, REQUIREMENT_HINT};

/// Parses a requirement, or says what is wrong with it.
pub(crate) fn requirement(text: &str) -> Result<Requirement, Failure> {
    if !text.contains('@') && filename::is_release_file(text) {
        return Err(
            Failure::input(anyhow::anyhow!("`{text}` is a file, not a requirement"))
                .with_hint("name the release, as in flower==2.0.1"),
        );
    }
    if Path::new(text).is_file() {
        let error = anyhow::anyhow!("`{text}` is a file here, not a requirement");
        return Err(Failure::input(error).with_hint(format!(
            "-r {text} reads a requirements file, `.` the project here"
        )));
    }
    let (requirement, finding) = pydeps_core::requirement::parse(text, COMMAND_LINE);
    requirement.ok_or_else(|| {
        let reason = finding.map_or_else(String::new, |finding| finding.message);
        let failure = Failure::input(anyhow::anyhow!(reason));
        match Path::new(text).is_dir() {
            true => failure.with_hint(format!("for the directory say ./{text}")),
            false => failure.with_hint(REQUIREMENT_HINT),
        }
    })
}

/// Parses a distribution's name, or says what is wrong with it.
pub(crate) fn distribution(name: &str) -> Result<DistName, Failure> {
    name.parse().map_err(|_| {
        Failure::input(anyhow::anyhow!(
            "`{name}` is not the name of a distribution"
        ))
        .with_hint("give a name alone, as in `dh-pydeps map requests`")
    })
}

/// Names of extras.
pub(super) fn extras<T: AsRef<str>>(texts: &[T]) -> Result<Vec<ExtraName>, Failure> {
    names(texts, "an extra", "-e docs")
}

/// Names of dependency groups.
pub(super) fn groups<T: AsRef<str>>(texts: &[T]) -> Result<Vec<ExtraName>, Failure> {
    names(texts, "a dependency group", "--group docs")
}

fn names<T: AsRef<str>>(texts: &[T], what: &str, example: &str) -> Result<Vec<ExtraName>, Failure> {
    let name = |text: &T| {
        let text = text.as_ref();
        // The parser lets an empty name through.
        let parsed = text
            .parse()
            .ok()
            .filter(|name: &ExtraName| !name.as_ref().is_empty());
        parsed.ok_or_else(|| {
            Failure::input(anyhow::anyhow!("`{text}` is not the name of {what}"))
                .with_hint(format!("give its name alone, as in `{example}`"))
        })
    };
    texts.iter().map(name).collect()
}
