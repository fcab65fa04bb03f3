//! What the foreign files of a package need of the system.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use pydeps_debhelper::substvars;
use pydeps_elf::content::{Content, Elf, Kind};
use pydeps_elf::record::Record;
use pydeps_host::tree::{self, File};
use pydeps_host::{atomic, process};

use super::{Facts, Package};

/// The variable that dependencies are written to.
const VARIABLE: &str = "pydeps:Depends";

/// Asks dpkg-shlibdeps, and adds what it says to the package's substvars.
pub(crate) fn write(package: &Package<'_>, record: &Record) -> Result<()> {
    let linked = linked(package, record)?;
    if linked.is_empty() || !package.acts() {
        return Ok(());
    }
    // dpkg-shlibdeps knows by this directory where the package begins.
    fs_err::create_dir_all(package.root.join("DEBIAN"))?;
    let mut command = command(package, &linked);
    package.session.verbose(&format!("{command:?}"));
    let said = process::run(&mut command).with_context(|| {
        format!(
            "what the foreign files of {} need cannot be told; install the packages that \
             have these libraries (Build-Depends), or leave out the files that need them",
            package.name
        )
    })?;
    let file = substvars::file(package.name);
    let before = fs_err::read_to_string(&file).unwrap_or_default();
    let mut text = before.clone();
    for item in items(&said.stdout) {
        text = substvars::add(&text, VARIABLE, item)?;
    }
    if text != before {
        atomic::write(Path::new(&file), text.as_bytes())?;
    }
    Ok(())
}

/// Foreign files that a dynamic linker of this architecture loads.
fn linked(package: &Package<'_>, record: &Record) -> Result<Vec<(String, Elf)>> {
    let foreign: BTreeSet<&str> = record
        .files
        .iter()
        .filter(|entry| entry.is_held())
        .map(|entry| entry.path.as_str())
        .collect();
    let files = tree::list(&package.root)?.files;
    let files: Vec<File> = files
        .into_iter()
        .filter(|file| foreign.contains(file.path.as_str()))
        .collect();
    let seen = tree::inspect(&package.root, &files, &Facts)?;
    let linked = seen.into_iter().filter_map(|seen| match seen.made {
        Content::Elf(elf) => is_linked(package, &elf).then_some((seen.file.path, *elf)),
        Content::Archive | Content::Other => None,
    });
    Ok(linked.collect())
}

fn is_linked(package: &Package<'_>, elf: &Elf) -> bool {
    let architecture = package.session.architecture();
    let fits = elf.machine.is_some_and(|m| m.fits(architecture));
    let runs = matches!(elf.kind, Kind::Executable | Kind::Shared);
    fits && runs && !elf.is_static && elf.damage.is_none()
}

fn command(package: &Package<'_>, linked: &[(String, Elf)]) -> Command {
    let mut command = Command::new("dpkg-shlibdeps");
    command.args(["-O", "-ppydeps", "--warnings=0"]);
    command.arg(format!("-x{}", package.name));
    let libraries = linked.iter().filter(|(_, elf)| elf.soname.is_some());
    let directories: BTreeSet<&str> = libraries
        .filter_map(|(path, _)| Some(path.rsplit_once('/')?.0))
        .collect();
    if !directories.is_empty() {
        // A second -l would take the place of the first.
        let list: Vec<String> = directories.iter().map(|d| format!("/{d}")).collect();
        command.arg(format!("-l{}", list.join(":")));
    }
    command.args(linked.iter().map(|(path, _)| package.root.join(path)));
    command
}

/// Of `pydeps:Depends=libc6 (>= 2.34), zlib1g` the relations.
fn items(said: &str) -> impl Iterator<Item = &str> {
    said.lines()
        .filter_map(|line| line.strip_prefix(VARIABLE)?.strip_prefix('='))
        .flat_map(|value| value.split(", "))
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations_of_the_variable_alone() {
        let said = "pydeps:Depends=libc6 (>= 2.34), zlib1g\npydeps:Recommends=x\n";
        assert_eq!(
            items(said).collect::<Vec<_>>(),
            ["libc6 (>= 2.34)", "zlib1g"]
        );
        assert_eq!(items("").count(), 0);
    }
}
