//! Reads `debian/py3dist-overrides`; its format is [`pydeps_core::overrides`].

use std::io;
use std::path::Path;

use pydeps_core::finding::Finding;
use pydeps_core::overrides::Overrides;

/// The file's name, from the top of a source package.
pub const FILE: &str = "debian/py3dist-overrides";

/// The overrides of a source package; none where it has no such file. The error
/// names the file.
pub fn read(source: &Path) -> io::Result<(Overrides, Vec<Finding>)> {
    match fs_err::read(source.join(FILE)) {
        Ok(bytes) => Ok(Overrides::parse(&String::from_utf8_lossy(&bytes), FILE)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Default::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_present_unreadable() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()).unwrap().0.iter().count(), 0);
        fs_err::create_dir_all(dir.path().join("debian")).unwrap();
        fs_err::write(dir.path().join(FILE), b"six python3-six\n\xff\n").unwrap();
        let (overrides, findings) = read(dir.path()).unwrap();
        assert_eq!((overrides.iter().count(), findings.len()), (1, 1));
        fs_err::remove_file(dir.path().join(FILE)).unwrap();
        fs_err::create_dir(dir.path().join(FILE)).unwrap();
        let error = read(dir.path()).unwrap_err();
        assert!(error.to_string().contains("py3dist-overrides"), "{error}");
    }
}
