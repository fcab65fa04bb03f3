//! A private root in which apt fetches one release of one repository.
//!
//! ```text
//! DIRECTORY/apt.conf              the lists to fetch; the machine's hooks switched off
//! DIRECTORY/sources.list.d/       one source, in either format of sources.list(5)
//! DIRECTORY/state/, cache/        apt's own; kept, so that the next update is cheap
//! ```
//!
//! The machine's own configuration is read first: its proxies, credentials and
//! trusted keys hold here as well.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::failure::{Failure, complaints};
use super::sources::{Pocket, Trust};
use super::targets::{APT_HELPER, Lists, apt_get, targets};
use pydeps_host::process::{self, ProcessError};
use pydeps_host::progress::Listener;

/// Where packages of Debian's keys put them, newest spelling first.
const KEYRINGS: [&str; 2] = [
    "/usr/share/keyrings/debian-archive-keyring.pgp",
    "/usr/share/keyrings/debian-archive-keyring.gpg",
];

const CONFIGURATION: &str = r#"#clear Acquire::IndexTargets;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Architectures;
Acquire::IndexTargets::deb::Packages {
  MetaKey "$(COMPONENT)/binary-$(ARCHITECTURE)/Packages";
  flatMetaKey "Packages";
  flatDescription "$(RELEASE) Packages";
  ShortDescription "Packages";
  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Packages";
  Optional "false";
  KeepCompressed "true";
};
Acquire::IndexTargets::deb::Contents-deb {
  MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)";
  ShortDescription "Contents-$(ARCHITECTURE)";
  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Contents";
  Optional "true";
  KeepCompressed "true";
};
Acquire::IndexTargets::deb-src::Sources {
  MetaKey "$(COMPONENT)/source/Sources";
  ShortDescription "Sources";
  Description "$(RELEASE)/$(COMPONENT) Sources";
  Optional "true";
  KeepCompressed "true";
};
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "2";
APT::Sandbox::User "root";
"#;

/// A release could not be fetched.
#[derive(Debug)]
pub(crate) enum RootError {
    /// The private root cannot be made.
    Directory(io::Error),
    /// The keyring to check signatures with is not there.
    NoKeyring(String),
    /// apt is missing or cannot be run.
    Process(ProcessError),
    /// apt has run, and failed.
    Fetch(Failure, Vec<String>),
}

/// What is fetched in a root: a file below `sources.list.d/`.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name, `.sources` or `.list` by its format.
    pub(crate) file: &'static str,
    /// Its text.
    pub(crate) text: String,
}

/// A private root.
#[derive(Debug)]
pub(crate) struct Root {
    arguments: Vec<String>,
    /// Where files go that apt does not keep among its lists.
    directory: PathBuf,
    /// What it fetches, for people.
    label: String,
}

impl Root {
    /// Makes the root, or takes the one that is there. `options` are further
    /// `NAME=VALUE` settings for apt; the last word on any setting is theirs.
    pub(crate) fn prepare(
        directory: &Path,
        label: &str,
        entry: &Entry,
        architecture: &str,
        options: &[String],
    ) -> Result<Self, RootError> {
        for below in [
            "sources.list.d",
            "state/lists/partial",
            "cache/archives/partial",
        ] {
            fs_err::create_dir_all(directory.join(below)).map_err(RootError::Directory)?;
        }
        for (name, text) in [("apt.conf", CONFIGURATION), ("state/status", "")] {
            fs_err::write(directory.join(name), text).map_err(RootError::Directory)?;
        }
        let source = directory.join("sources.list.d").join(entry.file);
        fs_err::write(source, &entry.text).map_err(RootError::Directory)?;
        let mut arguments = settings(directory, architecture);
        arguments.extend(
            options
                .iter()
                .flat_map(|option| ["-o".to_owned(), option.clone()]),
        );
        Ok(Self {
            arguments,
            directory: directory.to_owned(),
            label: label.to_owned(),
        })
    }

    /// apt's arguments for a root that an update for this architecture has left, if it is one.
    pub(crate) fn kept(directory: &Path, architecture: &str) -> Option<Vec<String>> {
        let name = directory.file_name()?.to_str()?;
        let whole = name.strip_suffix(architecture)?.ends_with('-');
        (whole && directory.join("apt.conf").exists()).then(|| settings(directory, architecture))
    }

    /// The same root, without Contents.
    pub(crate) fn without_contents(mut self) -> Self {
        let switch = "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false";
        self.arguments.extend(["-o".to_owned(), switch.to_owned()]);
        self
    }

    /// Fetches one file through apt's methods, which nothing is known of that it could be
    /// checked against; its path.
    pub(crate) fn download(
        &self,
        address: &str,
        name: &str,
        listener: &mut dyn Listener,
    ) -> Result<PathBuf, RootError> {
        listener.progress(&format!("fetching {name} of {}", self.label), None);
        let file = self.directory.join("cache").join(name);
        let mut command = Command::new(APT_HELPER);
        command.env("LC_ALL", "C.UTF-8").args(&self.arguments);
        command.arg("download-file").arg(address).arg(&file);
        match process::run(&mut command) {
            Ok(_) => Ok(file),
            Err(error) => Err(failed(error)),
        }
    }

    /// Fetches the release, and finds what came. Lists of an earlier update never
    /// stand in for those that could not be fetched now.
    pub(crate) fn fetch(&self, listener: &mut dyn Listener) -> Result<Lists, RootError> {
        let message = format!("fetching {}", self.label);
        listener.progress(&message, None);
        let mut command = apt_get();
        command.args(&self.arguments).args([
            "-qq",
            "--error-on=any",
            "-o",
            "APT::Status-Fd=1",
            "update",
        ]);
        let said = process::run_lines(&mut command, |line| {
            if let Some(fraction) = status_fraction(line) {
                listener.progress(&message, Some(fraction));
            }
        });
        match said {
            Ok(_) => targets(&self.arguments)
                .map(|targets| Lists::of(&targets))
                .map_err(RootError::Process),
            Err(error) => Err(failed(error)),
        }
    }
}

/// What apt says of itself where it fails.
fn failed(error: ProcessError) -> RootError {
    match error {
        ProcessError::Failed { stderr, .. } => {
            RootError::Fetch(Failure::of(&stderr), complaints(&stderr))
        }
        error => RootError::Process(error),
    }
}

/// `dlstatus:1:34.5:Retrieving file 1 of 3`.
fn status_fraction(line: &str) -> Option<f64> {
    let percent: f64 = line
        .strip_prefix("dlstatus:")?
        .split(':')
        .nth(1)?
        .parse()
        .ok()?;
    Some((percent / 100.0).clamp(0.0, 1.0))
}

fn settings(directory: &Path, architecture: &str) -> Vec<String> {
    let mut arguments = vec!["-c".to_owned(), path(directory, "apt.conf")];
    let mut set =
        |name: &str, value: String| arguments.extend(["-o".to_owned(), format!("{name}={value}")]);
    set("APT::Architecture", architecture.to_owned());
    set("APT::Architectures", architecture.to_owned());
    set("Dir::State", path(directory, "state/"));
    set("Dir::State::lists", path(directory, "state/lists/"));
    set("Dir::State::status", path(directory, "state/status"));
    set("Dir::Cache", path(directory, "cache/"));
    set("Dir::Etc::sourcelist", "/dev/null".to_owned());
    set("Dir::Etc::sourceparts", path(directory, "sources.list.d/"));
    set("Dir::Etc::preferences", "/dev/null".to_owned());
    set("Dir::Etc::preferencesparts", "/dev/null".to_owned());
    arguments
}

fn path(directory: &Path, below: &str) -> String {
    directory.join(below).to_string_lossy().into_owned()
}

/// The entry of a release, in deb822 format; with its source packages if they are wanted.
pub(crate) fn entry(
    pocket: &Pocket,
    components: &[String],
    architecture: &str,
    sources: bool,
) -> Result<Entry, RootError> {
    let types = if sources { "deb deb-src" } else { "deb" };
    let trust = trust(&pocket.trust)?;
    let (uri, release, components) = (&pocket.uri, &pocket.release, components.join(" "));
    Ok(Entry {
        file: "debian.sources",
        text: format!(
            "Types: {types}\nURIs: {uri}\nSuites: {release}\nComponents: {components}\nArchitectures: {architecture}\n{trust}\n"
        ),
    })
}

/// apt reports a keyring that is not there as if a key were missing from it.
fn trust(trust: &Trust) -> Result<String, RootError> {
    let absent = |path: &&str| path.starts_with('/') && !Path::new(path).exists();
    match trust {
        Trust::Unsigned => Ok("Trusted: yes".to_owned()),
        Trust::SignedBy(value) => match value.split_whitespace().find(absent) {
            Some(path) => Err(RootError::NoKeyring(path.to_owned())),
            None => Ok(format!("Signed-By: {}", indent(value))),
        },
        Trust::Debian => {
            let keyring = KEYRINGS.into_iter().find(|path| Path::new(path).exists());
            let keyring = keyring.ok_or_else(|| RootError::NoKeyring(KEYRINGS[1].to_owned()))?;
            Ok(format!("Signed-By: {keyring}"))
        }
    }
}

/// A key inside an entry goes on over many lines.
fn indent(value: &str) -> String {
    let lines: Vec<&str> = value
        .lines()
        .map(|line| {
            if line.trim().is_empty() {
                "."
            } else {
                line.trim_end()
            }
        })
        .collect();
    match lines.as_slice() {
        [one] => (*one).to_owned(),
        lines => format!("\n {}", lines.join("\n "))
            .trim_start_matches("\n .")
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_of_apt() {
        assert_eq!(
            status_fraction("dlstatus:1:50.0:Retrieving file 1 of 2"),
            Some(0.5)
        );
        assert_eq!(status_fraction("dlstatus:1:250:x"), Some(1.0));
        assert_eq!(status_fraction("Get:1 x"), None);
    }

    #[test]
    fn entry_with_a_key_inside() {
        let pocket = Pocket {
            origin: pydeps_core::archive::Origin::Suite,
            uri: "https://mirror.example/debian".into(),
            release: "trixie".into(),
            trust: Trust::SignedBy("\n-----BEGIN\n\nabc\n-----END".into()),
        };
        let areas = ["main".into(), "contrib".into()];
        let entry = entry(&pocket, &areas, "amd64", true).unwrap();
        assert_eq!(
            entry.text,
            "Types: deb deb-src\nURIs: https://mirror.example/debian\nSuites: trixie\nComponents: main contrib\n\
             Architectures: amd64\nSigned-By: \n -----BEGIN\n .\n abc\n -----END\n"
        );
    }
}
