//! The files that `elf` looks at: a tree, or of one file the tree that tells of it.

use std::path::{Path, PathBuf};

use pydeps_core::finding::Finding;
use pydeps_host::tree;

use crate::failure::Failure;
use crate::ui::Ui;

/// The files of a directory; for one file, those of the tree whose metadata tell of it.
pub(crate) fn files(path: &Path, ui: &Ui) -> Result<(PathBuf, Vec<tree::File>), Failure> {
    if !path.exists() {
        let error = anyhow::anyhow!("there is no file or directory {}", path.display());
        return Err(Failure::input(error));
    }
    // A link to it that was named is meant to be followed; those inside of a tree are not.
    let target = match path.is_symlink() {
        true => fs_err::canonicalize(path).map_err(Failure::input)?,
        false => path.to_owned(),
    };
    let path = target.as_path();
    let there = fs_err::metadata(path).map_err(Failure::input)?;
    let root = match there.is_dir() {
        true => path.to_owned(),
        false => {
            packed(path)?;
            match described(path) {
                Some(root) => root.to_owned(),
                None => return alone(path),
            }
        }
    };
    let tree = tree::list(&root).map_err(Failure::environment)?;
    let unnamed = tree.unnamed.into_iter().map(|path| {
        Finding::warning("name-not-utf-8", "not looked at: its name is not UTF-8").with_origin(path)
    });
    ui.findings(&unnamed.collect::<Vec<_>>());
    Ok((root, tree.files))
}

/// A file that no metadata are near of.
fn alone(path: &Path) -> Result<(PathBuf, Vec<tree::File>), Failure> {
    let root = path.parent().filter(|p| !p.as_os_str().is_empty());
    let root = root.unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str());
    let mut files = tree::list_here(root).map_err(Failure::environment)?;
    files.retain(|file| Some(file.path.as_str()) == name);
    Ok((root.to_owned(), files))
}

/// The nearest directory above a file that has metadata of distributions (PEP 376).
fn described<'p>(path: &'p Path) -> Option<&'p Path> {
    let has_metadata = |directory: &&Path| {
        let entries = fs_err::read_dir(*directory).into_iter().flatten();
        let mut names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
        names.any(|name| name.to_string_lossy().ends_with(".dist-info"))
    };
    let here = |directory: &'p Path| match directory.as_os_str().is_empty() {
        true => Path::new("."),
        false => directory,
    };
    path.ancestors().skip(1).map(here).find(has_metadata)
}

/// What is packed has to be unpacked first: nothing can be said of it as it is.
fn packed(path: &Path) -> Result<(), Failure> {
    let kinds = [
        ("whl", "wheel", "python3 -m zipfile -e"),
        ("deb", "Debian package", "dpkg-deb -x"),
    ];
    let extension = path.extension().and_then(|extension| extension.to_str());
    let kind = kinds.iter().find(|(end, ..)| Some(*end) == extension);
    kind.map_or(Ok(()), |(_, what, command)| {
        let file = path.display();
        let error = anyhow::anyhow!("{file} is a {what}, which is not looked into");
        Err(Failure::input(error).with_hint(format!("unpack it: {command} {file} DIRECTORY")))
    })
}
