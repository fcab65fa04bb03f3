//! Source distributions that were made to harm, served with the right hash.

mod archive;
mod carried;
mod project;
mod sizes;
mod texts;
mod zips;

use crate::input::Input;
use crate::make::gz;
use crate::make::release::{Release, sdist_tar};
use crate::make::tar::Tar;
use crate::server::Answer;
use crate::world::World;

pub(super) fn all() -> Vec<Input> {
    [
        archive::PATHS,
        archive::KINDS,
        archive::HEADERS,
        zips::INPUTS,
        sizes::BOMBS,
        sizes::LONG_TEXTS,
        project::IDENTITY,
        project::DEBIAN,
        project::PATHS,
        texts::METADATA,
        texts::PROGRAMS,
        carried::INPUTS,
    ]
    .concat()
}

/// Makes a package of these bytes, which are offered as `evil-1.0.tar.gz`.
fn packed(world: &mut World, bytes: Vec<u8>) {
    world.serve(|_| Release::sdist(bytes).site(|_| ()));
    world.run("dh-pydeps generate evil==1.0");
}

/// The same of an sdist as it should be, and what follows in the archive.
fn with(world: &mut World, more: impl FnOnce(Tar) -> Tar) {
    packed(world, gz(&more(sdist_tar("", &[])).finish()));
}

/// The same of an sdist with further headers of its metadata and further files.
fn files(world: &mut World, headers: &str, files: &[(&str, Vec<u8>)]) {
    packed(world, gz(&sdist_tar(headers, files).finish()));
}

/// The same of bytes with another extension.
fn named(world: &mut World, extension: &str, bytes: Vec<u8>) {
    let name = format!("evil-1.0{extension}");
    world.serve(|_| {
        let release = Release::sdist(bytes.clone());
        let site = release.site(|page| {
            page["files"][0]["filename"] = name.clone().into();
            page["files"][0]["url"] = format!("../../files/{name}").into();
        });
        site.with(
            &format!("/files/{name}"),
            Answer::ok("application/octet-stream", bytes),
        )
    });
    world.run("dh-pydeps generate evil==1.0");
}

/// A file of the package that was made.
fn made(world: &World, file: &str) -> String {
    world.text(&format!("build-area/python-evil/debian/{file}"))
}

/// All files of `debian/` in one text, names and contents.
fn all_made(world: &World) -> String {
    fn walk(directory: &std::path::Path, text: &mut String) {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            *text += &format!("{}\n", entry.path().display());
            match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => walk(&entry.path(), text),
                false => {
                    let bytes = std::fs::read(entry.path()).unwrap_or_default();
                    *text += &String::from_utf8_lossy(&bytes);
                }
            }
        }
    }
    let mut text = String::new();
    walk(&world.path("build-area/python-evil/debian"), &mut text);
    text
}
