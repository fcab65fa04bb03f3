//! The files of the repository: what git would commit, or, in an unpacked source
//! package, what lies there.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A text file of the repository.
pub(crate) struct Source {
    /// Its path from the top, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

impl Source {
    /// A file that only a test knows.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

/// Products of builds, which are not source.
const PRODUCTS: &[&str] = &[".git", "target", ".debhelper"];

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/xtask").to_owned()
}

/// The text of one file.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs_err::read_to_string(root().join(path)).expect("a file of the repository")
}

/// Every text file, sorted by path.
pub(crate) fn sources() -> Vec<Source> {
    let root = root();
    let mut paths = listed_by_git(&root).unwrap_or_else(|| walked(&root, ""));
    paths.sort();
    let sources: Vec<_> = paths.into_iter().filter_map(|p| text(&root, p)).collect();
    assert!(sources.len() > 20, "only {} files found", sources.len());
    sources
}

/// Binary files, links to nowhere and deleted files are left out.
fn text(root: &Path, path: String) -> Option<Source> {
    let bytes = fs_err::read(root.join(&path)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains('\0')).then_some(Source { path, text })
}

/// Tracked files and those that are neither tracked nor ignored yet.
fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others"])
        .arg("--exclude-standard")
        .current_dir(root)
        .output()
        .ok()?;
    let listed = String::from_utf8(output.stdout).ok()?;
    let paths: Vec<_> = listed.split_terminator('\0').map(str::to_owned).collect();
    let ours = paths.iter().any(|path| path == "Cargo.toml");
    (output.status.success() && ours).then_some(paths)
}

fn walked(root: &Path, under: &str) -> Vec<String> {
    let entries = fs_err::read_dir(root.join(under)).expect("a directory of the repository");
    let mut paths = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if under.is_empty() {
            name.clone()
        } else {
            format!("{under}/{name}")
        };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && PRODUCTS.contains(&name.as_str()) => {}
            Ok(kind) if kind.is_dir() => paths.extend(walked(root, &path)),
            _ => paths.push(path),
        }
    }
    paths
}

#[test]
fn walking_finds_what_git_lists() {
    let Some(listed) = listed_by_git(&root()) else {
        return;
    };
    let walked = walked(&root(), "");
    let is_there = |path: &&String| root().join(path).is_file();
    for path in listed.iter().filter(is_there) {
        assert!(walked.contains(path), "{path}");
    }
    assert!(!walked.iter().any(|path| path.starts_with("target/")));
}

#[test]
fn a_directory_without_git_is_walked() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::create_dir_all(dir.path().join("a/target")).unwrap();
    fs_err::write(dir.path().join("a/b"), "text").unwrap();
    fs_err::write(dir.path().join("a/target/c"), "product").unwrap();
    assert_eq!(listed_by_git(dir.path()), None);
    assert_eq!(walked(dir.path(), ""), ["a/b"]);
}

#[test]
fn binary_files_are_left_out() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("zero"), b"a\0b").unwrap();
    fs_err::write(dir.path().join("text"), b"a b").unwrap();
    assert!(text(dir.path(), "zero".to_owned()).is_none());
    assert!(text(dir.path(), "text".to_owned()).is_some());
}
