//! What every command begins and ends with.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use pydeps_core::finding::{Finding, Severity};
use pydeps_debhelper::argv::{self, Asked, Given, Own};
use pydeps_debhelper::compat::Compat;
use pydeps_debhelper::config::{self, Line, Origin};
use pydeps_debhelper::control::{Build, Control};
use pydeps_debhelper::pkgfile::Lookup;
use pydeps_debhelper::{record, selection};
use pydeps_host::{atomic, process};

/// One run of a command.
pub(crate) struct Session {
    pub(crate) name: &'static str,
    pub(crate) asked: Asked,
    pub(crate) packages: Vec<String>,
    pub(crate) build: Build,
    compat: Compat,
    control: Control,
}

/// Runs a command: `work` does it, for the packages of the session.
pub(crate) fn run(
    name: &'static str,
    own: &[Own],
    work: impl FnOnce(&Session) -> Result<()>,
) -> ExitCode {
    let done = Session::begin(name, own).and_then(|session| {
        if !session.packages.is_empty() {
            work(&session)?;
            session.log()?;
        }
        Ok(())
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: error: {error:#}");
            ExitCode::from(2)
        }
    }
}

impl Session {
    fn begin(name: &'static str, own: &[Own]) -> Result<Self> {
        let text = fs_err::read_to_string("debian/control")?;
        let control = Control::parse(&text)?;
        let file = fs_err::read_to_string("debian/compat").ok();
        let compat = Compat::read(&control, file.as_deref(), variable("DH_COMPAT").as_deref())?;
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let (options, internal) = (variable("DH_OPTIONS"), variable("DH_INTERNAL_OPTIONS"));
        let given = Given {
            arguments: &arguments,
            options: options.as_deref(),
            internal: internal.as_deref(),
        };
        let mut asked = argv::parse(&given, own, compat)?;
        asked.no_act |= is_set("DH_NO_ACT");
        asked.verbose |= is_set("DH_VERBOSE");
        let build = build()?;
        let logged = |package: &pydeps_core::name::DebName| {
            let log = fs_err::read_to_string(record::log_file(package.as_str()));
            log.is_ok_and(|log| record::is_logged(&log, name))
        };
        let selection = selection::select(&asked, &control, &build, &logged)?;
        for warning in &selection.warnings {
            eprintln!("{name}: warning: {warning}");
        }
        let packages = selection.packages.iter().map(ToString::to_string);
        Ok(Self {
            name,
            packages: packages.collect(),
            asked,
            build,
            compat,
            control,
        })
    }

    /// Where a package is put together.
    pub(crate) fn directory(&self, package: &str) -> PathBuf {
        let given = self.asked.tmpdir.as_ref().map(PathBuf::from);
        given.unwrap_or_else(|| PathBuf::from(format!("debian/{package}")))
    }

    /// The architecture that a package's programs are for.
    pub(crate) fn architecture(&self) -> &str {
        &self.build.host
    }

    /// The lines of a package's configuration file and its path; `None` without one.
    pub(crate) fn config(&self, package: &str, file: &str) -> Result<Option<(String, Vec<Line>)>> {
        let first = self.control.packages.first().map(|p| p.name.as_str());
        let main = self.asked.main_package.as_deref().or(first);
        let system = variable("DEB_HOST_ARCH_OS").unwrap_or_else(|| "linux".to_owned());
        let lookup = Lookup {
            package,
            file,
            is_main: main == Some(package),
            packages: self.control.packages.len(),
            name: self.asked.name.as_deref(),
            architecture: (self.architecture(), &system),
        };
        let is_file = |path: &str| fs_err::metadata(path).is_ok_and(|data| data.is_file());
        let Some(found) = lookup.find(self.compat, &is_file)? else {
            return Ok(None);
        };
        found.warnings.iter().for_each(|w| self.warn(w));
        let text = fs_err::read_to_string(&found.path)?;
        let origin = Origin::File(&found.path);
        let lines = config::lines(&text, origin, self.compat, &|name| {
            variable(name.strip_prefix("env:").unwrap_or(name))
        })?;
        Ok(Some((found.path, lines)))
    }

    pub(crate) fn warn(&self, text: &str) {
        eprintln!("{}: warning: {text}", self.name);
    }

    /// A command that changes something, as it could be typed.
    pub(crate) fn verbose(&self, text: &str) {
        if self.asked.verbose {
            println!("\t{text}");
        }
    }

    /// Data.
    pub(crate) fn data(&self, text: &str) {
        println!("{text}");
    }

    pub(crate) fn finding(&self, finding: &Finding) {
        let origin = finding.origin.as_ref().map(|o| format!("{o}: "));
        let hint = finding.hint.as_ref().map(|h| format!("; {h}"));
        let text = format!(
            "{}{}{}",
            origin.unwrap_or_default(),
            finding.message,
            hint.unwrap_or_default()
        );
        match finding.severity {
            Severity::Info => self.verbose(&format!("# {text}")),
            Severity::Warning => self.warn(&text),
            Severity::Error => eprintln!("{}: error: {text}", self.name),
        }
    }

    fn log(&self) -> Result<()> {
        let wanted = self.compat.always_logs() || is_set("DH_INTERNAL_OVERRIDE");
        if self.asked.no_act || !wanted {
            return Ok(());
        }
        for package in &self.packages {
            let path = record::log_file(package);
            let log = fs_err::read_to_string(&path).unwrap_or_default();
            if !record::is_logged(&log, self.name) {
                let text = format!("{log}{}\n", self.name);
                atomic::write(path.as_ref(), text.as_bytes())?;
            }
        }
        Ok(())
    }
}

fn build() -> Result<Build> {
    let host = architecture("DEB_HOST_ARCH")?;
    let target = variable("DEB_TARGET_ARCH").unwrap_or_else(|| host.clone());
    let profiles = variable("DEB_BUILD_PROFILES").unwrap_or_default();
    Ok(Build {
        host,
        target,
        profiles: profiles.split_whitespace().map(str::to_owned).collect(),
    })
}

fn architecture(name: &str) -> Result<String> {
    if let Some(value) = variable(name) {
        return Ok(value);
    }
    let said = process::run(Command::new("dpkg-architecture").arg(format!("-q{name}")))
        .context("which architecture is built for cannot be told")?;
    Ok(said.stdout.trim().to_owned())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn is_set(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty())
}
