//! Taking turns in a build area, and what a run that was killed has left there.

use std::io;
use std::path::{Path, PathBuf};

use crate::area::Area;
use crate::error::BuildError;
use crate::state;

impl Area {
    /// Makes the area, takes the turn in it until the result is dropped, and puts in order
    /// what a run that was killed has left, all of which is below `state`: what is not finished
    /// goes, and a tree that was about to be replaced is put back. Nothing else is touched.
    ///
    /// # Errors
    ///
    /// [`BuildError::Busy`] if another run has the turn, [`BuildError::NotDirectory`], or what
    /// the file system says.
    pub fn turn(&self) -> Result<fs_err::File, BuildError> {
        self.check()?;
        fs_err::create_dir_all(self.top())?;
        let turn = state::lock(self)?;
        state::discard(&self.scratch())?;
        put_back(&self.replaced_trees(), self.top())?;
        put_back(&self.replaced_generated(), &self.generated_last())?;
        Ok(turn)
    }
}

fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs_err::read_dir(directory)?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

/// A tree that was moved away and has no follower is the one that counts.
fn put_back(replaced: &Path, places: &Path) -> io::Result<()> {
    if !replaced.is_dir() {
        return Ok(());
    }
    for old in entries(replaced)? {
        let place = places.join(old.file_name().unwrap_or_default());
        match place.symlink_metadata() {
            Ok(_) => fs_err::remove_dir_all(old)?,
            Err(_) => fs_err::rename(old, place)?,
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
        // What a person has put there stays, whatever it is called.
        let of_a_person = [
            ".generating-ideas/x",
            ".new-idea.txt",
            "a.old/debian/control",
            "a/.new-of-upstream",
            "a/debian/.new-thing",
            "generated/a.old/debian/control",
        ];
        let left = [
            "state/scratch/abc/tree/setup.py",
            "state/replaced/trees/a/debian/rules",
            "state/replaced/trees/b/debian/control",
            "state/replaced/generated/a/debian/control",
        ];
        for file in of_a_person.iter().chain(&left).chain(&["a/debian/control"]) {
            let path = dir.path().join(file);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, "").unwrap();
        }
        let area = Area::new(dir.path());
        let turn = area.turn().unwrap();
        let mut expect = of_a_person.to_vec();
        expect.extend([
            "a/debian/control",
            "b/debian/control",
            "generated/a/debian/control",
        ]);
        expect.sort_unstable();
        assert_eq!(files(dir.path()), expect);
        assert!(!area.scratch().exists());
        assert!(matches!(area.turn(), Err(BuildError::Busy(_))));
        drop(turn);
        area.turn().unwrap();
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (top, elsewhere) = (dir.path().join("area"), dir.path().join("elsewhere"));
        fs_err::create_dir_all(&top).unwrap();
        fs_err::create_dir_all(&elsewhere).unwrap();
        for own in ["state", "generated", "repository", "logs"] {
            let link = top.join(own);
            std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
            let turn = Area::new(&top).turn();
            assert!(matches!(turn, Err(BuildError::Link(path)) if path == link));
            fs_err::remove_file(link).unwrap();
        }
        assert!(entries(&elsewhere).unwrap().is_empty());
    }
}
