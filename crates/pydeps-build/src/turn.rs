//! Taking turns in a build area, and what a run that was killed has left there.

use std::io;
use std::path::{Path, PathBuf};

use crate::area::Area;
use crate::error::BuildError;
use crate::state;

/// How the directory of a package that is being generated begins.
pub const GENERATING: &str = ".generating-";

/// What an unfinished file begins with (see [`pydeps_host::atomic`]).
const UNFINISHED: &str = ".new-";

/// What is added to the name of a tree that is being replaced.
const REPLACED: &str = "old";

impl Area {
    /// Makes the area, takes the turn in it until the result is dropped, and puts in order
    /// what a run that was killed has left: unfinished files go, and a tree that was about to
    /// be replaced is put back.
    ///
    /// # Errors
    ///
    /// [`BuildError::Busy`] if another run has the turn, [`BuildError::NotDirectory`], or what
    /// the file system says.
    pub fn turn(&self) -> Result<fs_err::File, BuildError> {
        self.check()?;
        fs_err::create_dir_all(self.top())?;
        let turn = state::lock(self)?;
        let generated = self.generated_last();
        for directory in [self.top(), &generated] {
            if directory.is_dir() {
                entries(directory)?.iter().try_for_each(|path| tidy(path))?;
            }
        }
        Ok(turn)
    }
}

fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs_err::read_dir(directory)?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn tidy(path: &Path) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if !path.is_dir() {
        return match name.starts_with(UNFINISHED) {
            true => fs_err::remove_file(path),
            false => Ok(()),
        };
    }
    if name.starts_with(GENERATING) {
        return fs_err::remove_dir_all(path);
    }
    let old = path.extension().is_some_and(|end| end == REPLACED);
    if old && path.join("debian").is_dir() {
        return put_back(path);
    }
    sweep(&path.join("debian"))
}

/// A tree that was moved away and has no follower is the one that counts.
fn put_back(old: &Path) -> io::Result<()> {
    let tree = old.with_extension("");
    match tree.exists() {
        true => fs_err::remove_dir_all(old),
        false => fs_err::rename(old, tree),
    }
}

/// Removes unfinished files, which dpkg-source would pack.
fn sweep(directory: &Path) -> io::Result<()> {
    if !directory.is_dir() {
        return Ok(());
    }
    for path in entries(directory)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match path.symlink_metadata()?.is_dir() {
            true => sweep(&path)?,
            false if name.starts_with(UNFINISHED) => fs_err::remove_file(&path)?,
            false => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(top: &Path) -> Vec<String> {
        let mut found: Vec<String> = walk(top);
        found.sort();
        found
            .iter()
            .map(|path| path.replace(&format!("{}/", top.display()), ""))
            .filter(|path| !path.starts_with("state"))
            .collect()
    }

    fn walk(directory: &Path) -> Vec<String> {
        let inside = |path: PathBuf| match path.is_dir() {
            true => walk(&path),
            false => vec![path.display().to_string()],
        };
        entries(directory)
            .unwrap()
            .into_iter()
            .flat_map(inside)
            .collect()
    }

    #[test]
    fn what_a_killed_run_has_left_is_put_in_order() {
        let dir = tempfile::tempdir().unwrap();
        for file in [
            ".generating-abc/tree/setup.py",
            ".new-abc",
            "a/debian/control",
            "a/debian/.new-abc",
            "a/debian/source/.new-abc",
            "a/.new-of-upstream",
            "a.old/debian/control",
            "b.old/debian/control",
            "generated/a.old/debian/control",
        ] {
            let path = dir.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        }
        let area = Area::new(dir.path());
        let turn = area.turn().unwrap();
        let expect = [
            "a/.new-of-upstream",
            "a/debian/control",
            "b/debian/control",
            "generated/a/debian/control",
        ];
        assert_eq!(files(dir.path()), expect);
        assert!(matches!(area.turn(), Err(BuildError::Busy(_))));
        drop(turn);
        area.turn().unwrap();
    }
}
