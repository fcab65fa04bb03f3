//! Foreign files are taken out of the tree, under the names that they came with.

use std::path::PathBuf;

use anyhow::anyhow;
use pydeps_elf::record::{Entry, Record, home, is_renamed};
use pydeps_host::tree::{self, File, Tree};
use pydeps_host::{atomic, hold};

use super::{Package, is_same};
use crate::failure::Failure;

/// Takes the foreign files of a package.
pub(crate) fn hold(package: &Package<'_>) -> Result<(), Failure> {
    if !package.root.exists() {
        return Ok(());
    }
    let Some(record) = package.record()? else {
        let error = anyhow!("{}: its ELF files were not recorded", package.name);
        return Err(Failure::no(error).with_hint("run dh_pyelf_scan, before dh_python3"));
    };
    let tree = tree::list(&package.root).map_err(Failure::environment)?;
    let away = tree::list(&package.hold.held("")).map_err(Failure::environment)?;
    let mut places = Places { tree, away };
    let mut files = Vec::new();
    for entry in record.files {
        let entry = match entry.is_held() {
            true => one(package, &mut places, entry)?,
            false => entry,
        };
        files.push(entry);
    }
    package.keep(&Record::new(files).with_needs(record.needs))
}

struct Places {
    tree: Tree,
    away: Tree,
}

/// Takes one file; its entry, with its path as it is now.
fn one(package: &Package<'_>, places: &mut Places, mut entry: Entry) -> Result<Entry, Failure> {
    let Some(found) = find(&mut places.tree, &entry, |path| package.root.join(path))? else {
        let away = find(&mut places.away, &entry, |path| package.hold.held(path))?;
        match away {
            Some(path) => entry.path = path,
            None => gone(package, &entry),
        }
        return Ok(entry);
    };
    let home = home(&entry.path, &found);
    let say = package.run.say;
    let (old, new) = (package.shown(&found), package.shown(&home));
    if home != found {
        say.verbose(&format!("mv {old} {new}"));
        if package.acts() {
            hold::rename(&package.root, &found, &home).map_err(Failure::no)?;
        }
    }
    let held = package.hold.held(&home);
    say.verbose(&format!("mv {new} {}", held.display()));
    if package.acts() {
        package.hold.take(&home).map_err(Failure::environment)?;
        let mode = u32::from_str_radix(&entry.mode, 8).unwrap_or(0o644);
        hold::set_mode(&held, permissions(&home, mode)).map_err(Failure::environment)?;
        entry.path = home;
    }
    Ok(entry)
}

/// Where a file is: in its place, or wherever a file with its content has been put. What was
/// found is not found again.
fn find(
    tree: &mut Tree,
    entry: &Entry,
    at: impl Fn(&str) -> PathBuf,
) -> Result<Option<String>, Failure> {
    let alike = |file: &File| file.size == entry.size && !atomic::is_unfinished(&file.path);
    let mut places: Vec<usize> = (0..tree.files.len())
        .filter(|place| alike(&tree.files[*place]))
        .collect();
    places.sort_by_key(|place| {
        let path = &tree.files[*place].path;
        (*path != entry.path, !is_renamed(&entry.path, path))
    });
    for place in places {
        let path = &tree.files[place].path;
        let same = match *path == entry.path {
            true => is_same(&at(path), entry)?,
            // Files of one wheel often have one time.
            false => {
                let hash = tree::sha256(&at(path)).map_err(Failure::environment)?;
                Some(hash) == entry.sha256
            }
        };
        if same {
            return Ok(Some(tree.files.remove(place).path));
        }
    }
    Ok(None)
}

fn gone(package: &Package<'_>, entry: &Entry) {
    let path = package.root.join(&entry.path);
    if path.exists() {
        package.run.say.warning(&format!(
            "{}: changed since dh_pyelf_scan has seen it; it is left to the tools",
            path.display()
        ));
    }
}

/// The permissions that dh_fixperms gives: it does not see a file that is held.
fn permissions(path: &str, mode: u32) -> u32 {
    const LIBRARIES: [&str; 3] = [".so", ".a", ".la"];
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_library = name.contains(".so.") || LIBRARIES.iter().any(|end| name.ends_with(end));
    let executable = mode & 0o111 != 0;
    match executable && !is_library {
        true => 0o755,
        false => 0o644,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, mode: u32, expect: u32) {
        assert_eq!(permissions(path, mode), expect, "{path}");
    }

    #[test]
    fn permissions_are_those_of_dh_fixperms() {
        check("usr/lib/libz.so.1.2", 0o755, 0o644);
        check("usr/lib/m.so", 0o555, 0o644);
        check("usr/lib/libm.a", 0o600, 0o644);
        check("usr/bin/ruff", 0o750, 0o755);
        check("usr/share/data", 0o640, 0o644);
    }
}
