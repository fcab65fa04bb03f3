//! Foreign files are taken out of the tree, under the names that they came with.

use anyhow::{Result, bail};
use pydeps_elf::record::{Entry, Record, home};
use pydeps_host::hold;
use pydeps_host::tree::{self, File, Tree};

use super::{Package, is_same};

/// Takes the foreign files of a package.
pub(crate) fn hold(package: &Package<'_>) -> Result<()> {
    if !package.root.exists() {
        return Ok(());
    }
    let Some(record) = package.record()? else {
        bail!(
            "{}: not scanned yet; run dh_pyelf_scan before dh_python3",
            package.name
        );
    };
    let tree = tree::list(&package.root)?;
    let away = tree::list(&package.hold.held(""))?;
    let places = Places { tree, away };
    let mut files = Vec::new();
    for entry in record.files {
        let entry = match entry.is_held() {
            true => one(package, &places, entry)?,
            false => entry,
        };
        files.push(entry);
    }
    package.keep(&Record::new(files))
}

struct Places {
    tree: Tree,
    away: Tree,
}

/// Takes one file; its entry, with its path as it is now.
fn one(package: &Package<'_>, places: &Places, mut entry: Entry) -> Result<Entry> {
    let Some(found) = find(&places.tree, &entry, |path| package.root.join(path))? else {
        let away = find(&places.away, &entry, |path| package.hold.held(path))?;
        match away {
            Some(path) => entry.path = path,
            None => gone(package, &entry),
        }
        return Ok(entry);
    };
    let home = home(&entry.path, &found);
    let root = package.root.display();
    if home != found {
        package
            .session
            .verbose(&format!("mv {root}/{found} {root}/{home}"));
        if package.acts() {
            hold::rename(&package.root, &found, &home)?;
        }
    }
    let held = package.hold.held(&home);
    package
        .session
        .verbose(&format!("mv {root}/{home} {}", held.display()));
    if package.acts() {
        package.hold.take(&home)?;
        entry.path = home;
        let mode = permissions(&entry.path, u32::from_str_radix(&entry.mode, 8)?);
        hold::set_mode(&held, mode)?;
    }
    Ok(entry)
}

/// Where a file is: in its place, or wherever a file with its content has been put.
fn find(
    tree: &Tree,
    entry: &Entry,
    at: impl Fn(&str) -> std::path::PathBuf,
) -> Result<Option<String>> {
    if is_same(&at(&entry.path), entry)? {
        return Ok(Some(entry.path.clone()));
    }
    let alike = |file: &&File| file.size == entry.size && !hold::is_unfinished(&file.path);
    for file in tree.files.iter().filter(alike) {
        if tree::sha256(&at(&file.path))? == entry.sha256 {
            return Ok(Some(file.path.clone()));
        }
    }
    Ok(None)
}

fn gone(package: &Package<'_>, entry: &Entry) {
    let path = package.root.join(&entry.path);
    if path.exists() {
        let path = path.display();
        package.session.warn(&format!(
            "{path}: changed since dh_pyelf_scan has seen it; it is left to the tools"
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
