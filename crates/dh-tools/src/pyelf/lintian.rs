//! What lintian is told of the foreign files of a package.

use std::path::Path;

use pydeps_elf::content::Elf;
use pydeps_elf::overrides::{self, File, Lintian};
use pydeps_host::{atomic, hold};

use super::Package;
use super::dependencies::Foreign;
use crate::failure::Failure;

/// Writes the package's overrides, beside what dh_lintian has put there.
pub(crate) fn write(package: &Package<'_>, foreign: &[Foreign]) -> Result<(), Failure> {
    let name = package.name.as_str();
    let directory = package.root.join("usr/share/lintian/overrides");
    let path = directory.join(name);
    let before = fs_err::read_to_string(&path).unwrap_or_default();
    let fits = |elf: &Elf| elf.machine.is_none_or(|m| m.fits(package.architecture()));
    let files: Vec<File<'_>> = foreign
        .iter()
        .map(|file| File {
            path: &file.path,
            elf: &file.elf,
            fits: fits(&file.elf),
            embeds: file.embeds,
        })
        .collect();
    let text = overrides::text(name, &before, &files, lintian());
    let Some(text) = text.filter(|text| *text != before && package.acts()) else {
        return Ok(());
    };
    package.run.say.verbose(&format!("edit {}", path.display()));
    fs_err::create_dir_all(&directory).map_err(Failure::environment)?;
    atomic::write_in_build(&path, text.as_bytes()).map_err(Failure::environment)?;
    hold::set_mode(&path, 0o644).map_err(Failure::environment)?;
    hold::give_to_root(&path).map_err(Failure::environment)
}

/// The one of the release that this is built on.
fn lintian() -> Lintian {
    let release = fs_err::read_to_string(Path::new("/etc/os-release")).unwrap_or_default();
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="));
    Lintian::of_release(codename.unwrap_or_default())
}
