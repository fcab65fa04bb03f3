//! Reads `debian/py3dist-overrides`; its format is [`pydeps_core::overrides`].

use std::io;
use std::path::Path;

/// The file's name, from the top of a source package.
pub const FILE: &str = "debian/py3dist-overrides";

/// The text of a source package's overrides; `None` where it has no such file. The
/// error names the file.
pub fn read(source: &Path) -> io::Result<Option<String>> {
    match fs_err::read(source.join(FILE)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_present_unreadable() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path()).unwrap(), None);
        fs_err::create_dir_all(dir.path().join("debian")).unwrap();
        fs_err::write(dir.path().join(FILE), b"six python3-six\n").unwrap();
        assert_eq!(read(dir.path()).unwrap().unwrap(), "six python3-six\n");
        fs_err::remove_file(dir.path().join(FILE)).unwrap();
        fs_err::create_dir(dir.path().join(FILE)).unwrap();
        let error = read(dir.path()).unwrap_err();
        assert!(error.to_string().contains("py3dist-overrides"), "{error}");
    }
}
