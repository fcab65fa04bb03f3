//! What the foreign files of a package need of the system.

use std::collections::BTreeSet;
use std::process::Command;

use pydeps_core::finding::Finding;
use pydeps_core::relate::Field;
use pydeps_debhelper::substvars;
use pydeps_elf::content::{self, Content, Elf, Kind};
use pydeps_elf::embedded;
use pydeps_elf::overrides::Lintian;
use pydeps_elf::record::Record;
use pydeps_host::process;
use pydeps_host::tree::{self, File};

use super::Package;
use crate::failure::Failure;
use crate::pydeps::messages;
use crate::pydeps::substvars::is_unused;

/// A foreign ELF file.
pub(crate) struct Foreign {
    pub(crate) path: String,
    pub(crate) elf: Elf,
    /// The first lintian that finds a library in it.
    pub(crate) embeds: Option<Lintian>,
}

/// Facts, and whether there is a library in it, for which every byte is looked at.
const ALL: tree::Reader<(Content, Option<Lintian>)> = tree::Reader {
    wants: |_, head| content::is_candidate(head),
    read: |_, bytes| (content::inspect(bytes), embedded::since(bytes)),
};

/// Facts alone.
const FACTS: tree::Reader<(Content, Option<Lintian>)> = tree::Reader {
    read: |_, bytes| (content::inspect(bytes), None),
    ..ALL
};

/// The variable that dependencies are written to.
const VARIABLE: &str = "pydeps:Depends";

/// Asks dpkg-shlibdeps, and adds what it says to the package's substvars, and to its record,
/// by which `dh_pydeps --check` knows where it comes from.
pub(crate) fn write(
    package: &Package<'_>,
    mut record: Record,
    foreign: &[Foreign],
) -> Result<(), Failure> {
    let linked = foreign.iter().filter(|file| is_linked(package, &file.elf));
    let linked: Vec<&Foreign> = linked.collect();
    if linked.is_empty() || !package.acts() {
        return Ok(());
    }
    // dpkg-shlibdeps knows by this directory where the package begins.
    fs_err::create_dir_all(package.root.join("DEBIAN")).map_err(Failure::environment)?;
    let mut command = command(package, &linked);
    package.run.say.verbose(&words(&command));
    let said = process::run(&mut command).map_err(|error| {
        Failure::no(error).with_hint(
            "packages that have these libraries belong into Build-Depends; \
             files that need what Debian does not have, into no package",
        )
    })?;
    let mut text = package.run.substvars(package.name)?;
    for item in items(&said.stdout) {
        text = substvars::add(&text, VARIABLE, item).map_err(Failure::environment)?;
        record.needs.insert(item.to_owned());
    }
    package.keep(&record)?;
    package.run.write_substvars(package.name, &text)?;
    let lost = lost(package, &record.needs, &text);
    package.run.say.findings(lost.as_slice());
    match lost {
        None => Ok(()),
        Some(_) => Err(Failure::no(anyhow::anyhow!(
            "the dependencies of foreign files would be lost"
        ))),
    }
}

/// What no field of debian/control would have: dh_shlibdeps has not seen these files.
fn lost(package: &Package<'_>, needs: &BTreeSet<String>, text: &str) -> Option<Finding> {
    let elsewhere = substvars::get(text, "shlibs:Depends");
    let lost = needs
        .iter()
        .filter(|item| !elsewhere.contains(item.as_str()));
    let lost: BTreeSet<String> = lost.cloned().collect();
    let unused = is_unused(package.run, package.name, Field::Depends);
    let finding = || messages::unused(Field::Depends, &lost).with_origin(package.name.as_str());
    (unused && !lost.is_empty()).then(finding)
}

/// The foreign ELF files of a package; `whole` says whether libraries are looked for.
pub(crate) fn foreign(
    package: &Package<'_>,
    record: &Record,
    whole: bool,
) -> Result<Vec<Foreign>, Failure> {
    let foreign: BTreeSet<&str> = record
        .files
        .iter()
        .filter(|entry| entry.is_held())
        .map(|entry| entry.path.as_str())
        .collect();
    let files = tree::list(&package.root)
        .map_err(Failure::environment)?
        .files;
    let files: Vec<File> = files
        .into_iter()
        .filter(|file| foreign.contains(file.path.as_str()))
        .collect();
    let reader = if whole { &ALL } else { &FACTS };
    let seen = tree::inspect(&package.root, &files, reader).map_err(Failure::environment)?;
    let elf = seen.into_iter().filter_map(|seen| match seen.made {
        (Content::Elf(elf), embeds) => Some(Foreign {
            path: seen.file.path,
            elf: *elf,
            embeds,
        }),
        (Content::Archive | Content::Other, _) => None,
    });
    Ok(elf.collect())
}

/// Whether a dynamic linker of this architecture loads it.
fn is_linked(package: &Package<'_>, elf: &Elf) -> bool {
    let architecture = package.architecture();
    let fits = elf.machine.is_some_and(|m| m.fits(architecture));
    let runs = matches!(elf.kind, Kind::Executable | Kind::Shared);
    fits && runs && !elf.is_static && elf.damage.is_none()
}

fn command(package: &Package<'_>, linked: &[&Foreign]) -> Command {
    let mut command = Command::new("dpkg-shlibdeps");
    command.args(["-O", "-ppydeps", "--warnings=0"]);
    command.arg(format!("-x{}", package.name));
    let libraries = linked.iter().filter(|file| file.elf.soname.is_some());
    let directories: BTreeSet<&str> = libraries
        .filter_map(|file| Some(file.path.rsplit_once('/')?.0))
        .collect();
    if !directories.is_empty() {
        // A second -l would take the place of the first.
        let list: Vec<String> = directories.iter().map(|d| format!("/{d}")).collect();
        command.arg(format!("-l{}", list.join(":")));
    }
    command.args(linked.iter().map(|file| package.root.join(&file.path)));
    command
}

/// A command as it could be typed.
fn words(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
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
