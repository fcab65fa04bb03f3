//! The targets, by what they read.

mod build;
mod debhelper;
mod debian;
mod generate;
mod index;
mod python;
mod session;

use super::Target;

pub(super) fn all() -> Vec<Target> {
    [
        python::TARGETS,
        index::TARGETS,
        debian::TARGETS,
        debhelper::TARGETS,
        generate::TARGETS,
        session::TARGETS,
        build::TARGETS,
    ]
    .concat()
}

/// The bytes as text, what is not UTF-8 replaced.
fn lossy(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Lets a reader of files read these bytes, and forgets them.
fn as_file(bytes: &[u8], name: &str, read: impl FnOnce(&std::path::Path)) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path().join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).expect("a temporary directory");
    }
    std::fs::write(&path, bytes).expect("a temporary file");
    read(directory.path());
}
