//! What `build` takes from this machine, and what it shows while it works.

pub(crate) mod build_status;
pub(crate) mod fixes;
pub(crate) mod request;

use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use pydeps_archive::index::ArchiveIndex;
use pydeps_archive::open::{self, OpenArchive};
use pydeps_build::{Area, Built, Event, Phase, Request};
use pydeps_core::finding::Finding;
use pydeps_host::paths;

use crate::failure::Failure;
use crate::machine;
use crate::ui::{Progress, Ui};
use pydeps_core::name::SuiteName;

/// The suite that all changelogs in the area are for, if they agree on one.
pub(crate) fn suite_of(area: &Area) -> Option<SuiteName> {
    let entries = fs_err::read_dir(area.top()).ok()?.filter_map(Result::ok);
    let mut suites: Vec<SuiteName> = entries
        .filter_map(|entry| {
            let text = fs_err::read_to_string(entry.path().join("debian/changelog")).ok()?;
            distribution(text.lines().next()?)
        })
        .collect();
    suites.sort();
    suites.dedup();
    match suites.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// `SOURCE (VERSION) DISTRIBUTION; …` (deb-changelog(5)); `None` where that is no suite, such as
/// `UNRELEASED`.
fn distribution(line: &str) -> Option<SuiteName> {
    let (_, rest) = line.split_once(") ")?;
    let (distribution, _) = rest.split_once(';')?;
    distribution.parse().ok()
}

/// One build takes a processor and a half.
pub(crate) fn default_jobs() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    if processors >= 4 { 2 } else { 1 }
}

/// `$XDG_CACHE_HOME`, which sbuild looks into, too.
pub(crate) fn user_cache() -> io::Result<PathBuf> {
    let own = paths::cache_dir(&|name| std::env::var_os(name));
    let own = own.map_err(|error| io::Error::new(io::ErrorKind::NotFound, error))?;
    Ok(own.parent().unwrap_or(&own).to_owned())
}

/// What the suite's packages hold; without an index nothing is mended, which is told.
pub(crate) fn index(request: &Request, ui: &Ui) -> Result<Option<Arc<ArchiveIndex>>, Failure> {
    let cache = machine::cache_dir()?;
    match open::open(&request.suite, &request.architecture, &cache) {
        Ok(OpenArchive::Index(index)) => Ok(Some(Arc::from(index))),
        Ok(OpenArchive::Snapshot(_)) | Err(open::OpenError::Unknown { .. }) => {
            let message = format!(
                "without an index of {}, no failed build is mended",
                request.suite
            );
            let hint = format!("dh-pydeps update --suite {}", request.suite);
            ui.findings(&[Finding::warning("no-index", message).with_hint(hint)]);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where programs are.
pub(crate) fn programs() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// The user's name and number.
pub(crate) fn user() -> io::Result<(String, u32)> {
    let uid = fs_err::metadata("/proc/self")?.uid();
    let users = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    Ok((name.unwrap_or_else(|| uid.to_string()), uid))
}

/// Tells what happens: a line for each beginning and end, and what is going on.
pub(crate) struct Watcher<'a> {
    ui: &'a Ui,
    progress: &'a Progress,
    running: BTreeMap<String, Phase>,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(ui: &'a Ui, progress: &'a Progress) -> Self {
        Self {
            ui,
            progress,
            running: BTreeMap::new(),
        }
    }

    pub(crate) fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Begun {
                source,
                version,
                log,
            } => {
                self.running.insert(source.to_owned(), Phase::default());
                let text = format!("building {source} {version}: {}", log.display());
                self.progress.around(|| self.ui.status(&text));
            }
            Event::Phase(source, phase) => {
                self.running.insert(source.to_owned(), phase);
            }
            Event::Mended(fix) => {
                let text = format!("{}: {}: {}", fix.source, fix.change, fix.reason);
                self.progress.around(|| self.ui.status(&text));
            }
            Event::Ended(source, built) => {
                // What was there before was not begun.
                if self.running.remove(source).is_some() {
                    let text = ended(source, built);
                    self.progress.around(|| self.ui.status(&text));
                }
            }
        }
        let each = self.running.iter();
        let words: Vec<String> = each
            .map(|(source, phase)| format!("{source}: {}", phase.words()))
            .collect();
        self.progress.say(&words.join(", "));
    }
}

fn ended(source: &str, built: &Built) -> String {
    let version = &built.version;
    match (built.good, &built.reason) {
        (true, _) => format!("built {source} {version}"),
        (false, Some(reason)) => format!("{source} {version} is not built: {reason}"),
        (false, None) => format!("{source} {version} is not built"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_of_a_changelog() {
        let check = |line: &str, expect: Option<&str>| {
            assert_eq!(distribution(line).as_deref(), expect, "{line}");
        };
        check("a (1:2-1) trixie; urgency=medium", Some("trixie"));
        check("a (1) trixie sid; urgency=low", None);
        check("a (1) UNRELEASED; urgency=low", None);
        check("a (1) --setup-hook=true; urgency=low", None);
        check("a (1) ../../x; urgency=low", None);
        check("nonsense", None);
    }

    #[test]
    fn changelogs_that_agree_name_the_suite() {
        let top = tempfile::tempdir().unwrap();
        let write = |name: &str, suite: &str| {
            let directory = top.path().join(name).join("debian");
            fs_err::create_dir_all(&directory).unwrap();
            let text = format!("{name} (1) {suite}; urgency=medium\n");
            fs_err::write(directory.join("changelog"), text).unwrap();
        };
        let area = Area::new(top.path());
        write("a", "UNRELEASED");
        assert_eq!(suite_of(&area), None);
        write("b", "trixie");
        assert_eq!(suite_of(&area).as_deref(), Some("trixie"));
        write("c", "bookworm");
        assert_eq!(suite_of(&area), None);
    }
}
