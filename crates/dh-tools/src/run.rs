//! The run-up that all commands have: arguments, compat level, packages; and at the end the
//! log (`init` and `END` in `Dh_Lib.pm`).

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, anyhow};
use pydeps_core::name::DebName;
use pydeps_debhelper::argv::{self, Asked, Given};
use pydeps_debhelper::compat::Compat;
use pydeps_debhelper::config::{self, Line, Origin};
use pydeps_debhelper::control::{self, Build, Control, Package};
use pydeps_debhelper::pkgfile::Lookup;
use pydeps_debhelper::{record, selection, substvars};
use pydeps_host::{atomic, process};

use crate::failure::Failure;
use crate::say::Say;
use crate::tool::{self, Tool};

/// What a command was asked for, in this source package.
#[derive(Debug)]
pub struct Run {
    /// The command's name.
    pub name: &'static str,
    /// Where to say things.
    pub say: Say,
    /// The options that every command has.
    pub asked: Asked,
    /// `debian/control`.
    pub control: Control,
    /// The compat level.
    pub compat: Compat,
    /// The architectures and profiles of this build.
    pub build: Build,
    /// The packages to act on; at least one.
    pub packages: Vec<DebName>,
    /// Whether nothing is to be changed (`--no-act`, `DH_NO_ACT`).
    pub no_act: bool,
}

/// How far the run-up came.
pub(crate) enum Prepared<T> {
    /// Help was asked for.
    Help(String),
    /// There is nothing to act on, which was told.
    Nothing,
    /// The command can run.
    Ready(Box<Run>, T),
}

/// A variable of the environment that is not empty.
fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Does the run-up.
pub(crate) fn prepare<T: Tool>(say: Say) -> Result<Prepared<T>, Failure> {
    let arguments = arguments()?;
    let command = tool::own::<T>();
    if let Some(text) = help::<T>(&arguments) {
        return Ok(Prepared::Help(text));
    }
    let control = control()?;
    let compat = compat(&control)?;
    let table = tool::table(&command);
    let asked = asked(&arguments, &table, compat)?;
    let options = options::<T>(command, &table, &asked)?;
    let say = say.with(
        asked.verbose,
        set("DH_QUIET").is_some() || build_option("terse"),
    );
    let build = build(&control)?;
    let logged = |package: &DebName| is_logged(package, T::NAME);
    let selected = selection::select(&asked, &control, &build, &logged).map_err(Failure::input)?;
    selected.warnings.iter().for_each(|text| say.warning(text));
    if selected.packages.is_empty() {
        return Ok(Prepared::Nothing);
    }
    let run = Run {
        name: T::NAME,
        say,
        no_act: asked.no_act,
        asked,
        control,
        compat,
        build,
        packages: selected.packages,
    };
    Ok(Prepared::Ready(Box::new(run), options))
}

/// What the arguments and the variables of the environment ask for.
fn asked(arguments: &[String], table: &[argv::Own], compat: Compat) -> Result<Asked, Failure> {
    let (variable, internal) = (set("DH_OPTIONS"), set("DH_INTERNAL_OPTIONS"));
    let given = Given {
        arguments,
        options: variable.as_deref(),
        internal: internal.as_deref(),
    };
    let mut asked = argv::parse(&given, table, compat).map_err(Failure::input)?;
    let always = set("DH_ALWAYS_EXCLUDE").unwrap_or_default();
    let always = always.split(':').filter(|item| !item.is_empty());
    asked.exclude.extend(always.map(str::to_owned));
    asked.verbose |= set("DH_VERBOSE").is_some();
    asked.no_act |= set("DH_NO_ACT").is_some();
    Ok(asked)
}

fn arguments() -> Result<Vec<String>, Failure> {
    let words = std::env::args_os().skip(1).map(|word| {
        let text = word.into_string();
        text.map_err(|word| Failure::input(anyhow!("an argument is not UTF-8: {word:?}")))
    });
    words.collect()
}

/// Help and version are to be had anywhere, not only in a source package.
fn help<T: Tool>(arguments: &[String]) -> Option<String> {
    let own = arguments.iter().take_while(|word| *word != "--");
    let asked = |names: &[&str]| own.clone().any(|word| names.contains(&word.as_str()));
    if asked(&["--version"]) {
        return Some(format!("{} {}", T::NAME, env!("CARGO_PKG_VERSION")));
    }
    let mut definition = tool::definition::<T>();
    let short = asked(&["-h"]).then(|| definition.render_help().to_string());
    short.or_else(|| asked(&["--help"]).then(|| definition.render_long_help().to_string()))
}

fn control() -> Result<Control, Failure> {
    let text = fs_err::read_to_string(control::FILE).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::input(anyhow!("there is no debian/control here"))
            .with_hint("call it in the top directory of a source package"),
        _ => Failure::environment(error),
    })?;
    Control::parse(&text).map_err(Failure::input)
}

fn compat(control: &Control) -> Result<Compat, Failure> {
    let file = optional(Path::new("debian/compat"))?;
    let variable = set("DH_COMPAT");
    Compat::read(control, file.as_deref(), variable.as_deref()).map_err(Failure::input)
}

/// A file's text, if it is there.
fn optional(path: &Path) -> Result<Option<String>, Failure> {
    match fs_err::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::environment(error)),
    }
}

/// The command's own options, typed.
fn options<T: Tool>(
    command: clap::Command,
    table: &[argv::Own],
    asked: &Asked,
) -> Result<T, Failure> {
    let words = asked.own.iter().map(|(at, value)| {
        let name = table.get(*at).and_then(|own| own.names.first());
        let name = name.map_or("", String::as_str);
        match value {
            Some(value) => format!("--{name}={value}"),
            None => format!("--{name}"),
        }
    });
    let words = std::iter::once(T::NAME.to_owned()).chain(words);
    let matches = command.args_override_self(true).try_get_matches_from(words);
    let options = matches.and_then(|matches| T::from_arg_matches(&matches));
    options.map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default();
        Failure::input(anyhow!(
            "{}",
            first.trim_start_matches("error: ").to_owned()
        ))
    })
}

/// Whether `DEB_BUILD_OPTIONS` has a word.
fn build_option(word: &str) -> bool {
    set("DEB_BUILD_OPTIONS").is_some_and(|words| words.split_whitespace().any(|w| w == word))
}

fn build(control: &Control) -> Result<Build, Failure> {
    let host = match set("DEB_HOST_ARCH") {
        Some(host) => host,
        None => {
            let mut dpkg = Command::new("dpkg");
            let said = process::run(dpkg.arg("--print-architecture"));
            said.map_err(Failure::environment)?.stdout.trim().to_owned()
        }
    };
    let needs_target = control.packages.iter().any(|package| package.for_target);
    let target = match needs_target {
        true => architecture_value("DEB_TARGET_ARCH")?,
        false => host.clone(),
    };
    let profiles = set("DEB_BUILD_PROFILES").unwrap_or_default();
    Ok(Build {
        host,
        target,
        profiles: profiles.split_whitespace().map(str::to_owned).collect(),
    })
}

/// A value of dpkg-architecture(1), from the environment if it has it.
fn architecture_value(name: &str) -> Result<String, Failure> {
    if let Some(value) = set(name) {
        return Ok(value);
    }
    let mut command = Command::new("dpkg-architecture");
    let said = process::run(command.arg("-q").arg(name)).map_err(Failure::environment)?;
    Ok(said.stdout.trim().to_owned())
}

fn is_logged(package: &DebName, command: &str) -> bool {
    let log = fs_err::read_to_string(record::log_file(package.as_str()));
    log.is_ok_and(|log| record::is_logged(&log, command))
}

impl Run {
    /// The stanza of a package; one that is acted on has one.
    pub fn package(&self, name: &DebName) -> Option<&Package> {
        self.control.package(name.as_str())
    }

    /// The tree in which a package is put together.
    pub fn tree(&self, package: &DebName) -> PathBuf {
        let own = || PathBuf::from("debian").join(package.as_str());
        self.asked.tmpdir.as_ref().map_or_else(own, PathBuf::from)
    }

    /// Whether `-X` is for a path: parts of the whole of it, as in debhelper's own commands.
    pub fn excludes(&self, path: &Path) -> bool {
        let path = path.to_string_lossy();
        let mut items = self.asked.exclude.iter();
        items.any(|item| path.contains(item.as_str()))
    }

    /// The lines of a package's configuration `debian/PACKAGE.FILE`, with the path of the
    /// file that was read; none where there is no file.
    pub fn config(&self, package: &DebName, file: &str) -> Result<(String, Vec<Line>), Failure> {
        let Some(path) = self.config_file(package, file)? else {
            return Ok((String::new(), Vec::new()));
        };
        let variables = |name: &str| match name.strip_prefix("env:") {
            Some(name) => std::env::var(name).ok(),
            None => architecture_value(name).ok(),
        };
        let lines = match is_executable(&path) {
            true => {
                let text = self.output(&path)?;
                config::lines(&text, Origin::Output(&path), self.compat, &variables)
            }
            false => {
                let text = fs_err::read_to_string(&path).map_err(Failure::input)?;
                config::lines(&text, Origin::File(&path), self.compat, &variables)
            }
        };
        Ok((path.clone(), lines.map_err(Failure::input)?))
    }

    fn config_file(&self, package: &DebName, file: &str) -> Result<Option<String>, Failure> {
        let first = self
            .control
            .packages
            .first()
            .map(|first| first.name.as_str());
        let main = self.asked.main_package.as_deref().or(first);
        let stanza = self.package(package);
        let architecture =
            stanza.map_or(self.build.host.as_str(), |stanza| match stanza.for_target {
                true => &self.build.target,
                false => &self.build.host,
            });
        let lookup = Lookup {
            package: package.as_str(),
            file,
            is_main: main == Some(package.as_str()),
            packages: self.control.packages.len(),
            name: self.asked.name.as_deref(),
            architecture: (architecture, "linux"),
        };
        let found = lookup.find(self.compat, &|path| Path::new(path).is_file());
        let Some(found) = found.map_err(Failure::input)? else {
            return Ok(None);
        };
        found
            .warnings
            .iter()
            .for_each(|text| self.say.warning(text));
        Ok(Some(found.path))
    }

    /// What an executable configuration file prints.
    fn output(&self, path: &str) -> Result<String, Failure> {
        let names: Vec<&str> = self.packages.iter().map(DebName::as_str).collect();
        let whole = fs_err::canonicalize(path).map_err(Failure::environment)?;
        let mut command = Command::new(whole);
        let said = process::run(command.env("DH_CONFIG_ACT_ON_PACKAGES", names.join(",")));
        let said = said.map_err(|error| {
            Failure::input(error).with_hint(format!("if {path} is no program: chmod -x {path}"))
        })?;
        Ok(said.stdout)
    }

    /// The substvars of a package.
    pub fn substvars(&self, package: &DebName) -> Result<String, Failure> {
        let path = substvars::file(package.as_str());
        Ok(optional(Path::new(&path))?.unwrap_or_default())
    }

    /// Writes the substvars of a package, if they are others than before.
    pub fn write_substvars(&self, package: &DebName, text: &str) -> Result<(), Failure> {
        let path = substvars::file(package.as_str());
        if self.no_act || optional(Path::new(&path))?.as_deref() == Some(text) {
            return Ok(());
        }
        self.say.verbose(&format!("edit {path}"));
        write(&path, text)
    }

    /// Notes in the packages' logs that the command has done its work, where that is
    /// asked for.
    pub(crate) fn log(&self) -> Result<(), Failure> {
        let wanted = self.compat.always_logs() || set("DH_INTERNAL_OVERRIDE").is_some();
        if self.no_act || !wanted {
            return Ok(());
        }
        for package in &self.packages {
            let path = record::log_file(package.as_str());
            let log = optional(Path::new(&path))?.unwrap_or_default();
            write(&path, &format!("{log}{}\n", self.name))?;
        }
        Ok(())
    }
}

fn write(path: &str, text: &str) -> Result<(), Failure> {
    let written =
        atomic::write_in_build(Path::new(path), text.as_bytes()).context("debhelper's files");
    written.map_err(Failure::environment)
}

fn is_executable(path: &str) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs_err::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o111 != 0)
}
