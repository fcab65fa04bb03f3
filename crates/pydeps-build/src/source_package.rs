//! Source packages on disk: an upstream tree with `debian/`, and what dpkg-source makes
//! of it. Nothing of what is in them is executed.

mod components;
mod edits;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

use pydeps_host::atomic::{self, WriteError};
use pydeps_host::process::{self, ProcessError};

pub use components::{Component, component_tarballs, place_component, tarball_end};
pub use edits::{Upstream, upstream_edits};

/// A text that is read to find out about a release is not larger.
const MAX_TEXT: u64 = 4 * 1024 * 1024;

/// A source package could not be written or packed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file or directory.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file could not be replaced.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// dpkg-source, of a source package that is there.
    #[error("{dsc} cannot be unpacked: {source}")]
    Unpack {
        /// The `.dsc`.
        dsc: PathBuf,
        /// What it said.
        source: ProcessError,
    },
    /// dpkg-source.
    #[error("{directory} cannot be packed: {source}")]
    Pack {
        /// The directory.
        directory: PathBuf,
        /// What it said.
        source: ProcessError,
    },
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadFile {
    /// Its size in bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// What is in it; empty if it is too large.
    pub bytes: Vec<u8>,
}

/// Reads the regular files below a directory; links are not followed. `debian` at the top
/// is left out.
pub fn read_upstream(directory: &Path) -> io::Result<BTreeMap<String, ReadFile>> {
    let own = directory.join("debian");
    let mut files = BTreeMap::new();
    let entries = WalkDir::new(directory).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.path() != own) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_file() {
            if let Some(path) = relative(entry.path(), directory) {
                files.insert(path, read_file(entry.path())?);
            }
        }
    }
    Ok(files)
}

/// Reads the regular files below `debian` in a source tree; none if there is no such
/// directory. The paths begin with `debian/`.
pub fn read_debian(tree: &Path) -> io::Result<BTreeMap<String, ReadFile>> {
    let directory = tree.join("debian");
    if !directory.is_dir() {
        return Ok(BTreeMap::new());
    }
    let files = read_upstream(&directory)?.into_iter();
    Ok(files
        .map(|(path, file)| (format!("debian/{path}"), file))
        .collect())
}

fn relative(path: &Path, directory: &Path) -> Option<String> {
    let path = path.strip_prefix(directory).ok()?;
    path.to_str().map(str::to_owned)
}

fn read_file(path: &Path) -> io::Result<ReadFile> {
    let file = fs_err::File::open(path)?;
    let metadata = file.metadata()?;
    let mut read = ReadFile {
        size: metadata.len(),
        executable: metadata.permissions().mode() & 0o100 != 0,
        bytes: Vec::new(),
    };
    if read.size <= MAX_TEXT {
        file.take(MAX_TEXT).read_to_end(&mut read.bytes)?;
    }
    Ok(read)
}

/// Writes a file below a directory, with the directories above it.
pub fn write_file(
    tree: &Path,
    path: &str,
    bytes: &[u8],
    executable: bool,
) -> Result<(), PackageError> {
    let path = tree.join(path);
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    atomic::write(&path, bytes)?;
    let mode = if executable { 0o755 } else { 0o644 };
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Gives an unpacked upstream source the `debian/` of the tree whose place it is to take, if
/// that has one.
pub fn take_debian(tree: &Path, upstream: &Path) -> Result<(), PackageError> {
    let (from, to) = (tree.join("debian"), upstream.join("debian"));
    // What upstream has of its own under that name is not ours.
    remove(&to)?;
    match from.is_dir() {
        true => copy_tree(&from, &to),
        false => Ok(()),
    }
}

/// Puts a copy of a directory in the place of another, with its links and permissions.
pub fn copy_tree(from: &Path, to: &Path) -> Result<(), PackageError> {
    remove(to)?;
    if let Some(parent) = to.parent() {
        fs_err::create_dir_all(parent)?;
    }
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(from).arg(to);
    process::run(&mut copy).map_err(|source| PackageError::Pack {
        directory: to.to_owned(),
        source,
    })?;
    Ok(())
}

/// Removes a file, or a directory with all that is in it; nothing if it is not there.
pub fn remove(path: &Path) -> Result<(), PackageError> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
        Ok(metadata) if metadata.is_dir() => Ok(fs_err::remove_dir_all(path)?),
        Ok(_) => Ok(fs_err::remove_file(path)?),
    }
}

/// What dpkg-source reads: ends of names, and how the file is called there.
const TARBALLS: [(&str, &str); 6] = [
    (".tar.gz", "gz"),
    (".tgz", "gz"),
    (".tar.bz2", "bz2"),
    (".tbz", "bz2"),
    (".tar.xz", "xz"),
    (".txz", "xz"),
];

/// Puts an sdist into the area under the name that dpkg-source looks for: byte for byte where
/// dpkg-source reads its format; else packed anew from the tree, the same bytes each time.
pub fn place_tarball(
    sdist: &Path,
    tree: &Path,
    area: &Path,
    source: &str,
    version: &str,
    epoch: i64,
) -> Result<PathBuf, PackageError> {
    let end = tarball_end(sdist);
    let target = area.join(format!(
        "{source}_{version}.orig.tar.{}",
        end.unwrap_or("xz")
    ));
    if end.is_some() {
        atomic::write(&target, &fs_err::read(sdist)?)?;
    } else {
        let packed = atomic::beside(&target);
        repack(tree, &packed, &format!("{source}-{version}"), epoch)?;
        fs_err::rename(&packed, &target)?;
    }
    Ok(target)
}

/// A tarball of a tree without its `debian`, in an order, with owners and times that do not
/// depend on where it is made.
fn repack(tree: &Path, target: &Path, top: &str, epoch: i64) -> Result<(), PackageError> {
    let mut tar = Command::new("tar");
    tar.args([
        "--create",
        "--xz",
        "--format=gnu",
        "--sort=name",
        "--owner=0",
        "--group=0",
    ])
    .args([
        "--numeric-owner",
        "--mode=u+rwX,go+rX,go-w",
        "--exclude=./debian",
    ])
    .arg(format!("--mtime=@{epoch}"))
    .arg(format!("--transform=flags=r;s,^\\./,{top}/,"))
    .arg("--file")
    .arg(std::path::absolute(target)?)
    .arg("--directory")
    .arg(tree)
    .arg(".");
    process::run(&mut tar).map_err(|source| PackageError::Pack {
        directory: tree.to_owned(),
        source,
    })?;
    Ok(())
}

/// Unpacks a source package with dpkg-source(1), without its patches applied: the tree is
/// upstream's, with `debian/`. The hashes in the `.dsc` are checked; whose it is, is not.
pub fn unpack(dsc: &Path, tree: &Path) -> Result<(), PackageError> {
    let mut command = Command::new("dpkg-source");
    command
        .env("LC_ALL", "C.UTF-8")
        .args(["--extract", "--skip-patches", "--no-copy"])
        .args([dsc, tree]);
    process::run(&mut command).map_err(|source| PackageError::Unpack {
        dsc: dsc.to_owned(),
        source,
    })?;
    Ok(())
}

/// Packs a source tree with dpkg-source(1) into the directory that it lies in, beside the
/// upstream tarball, and returns the path of the `.dsc`. `debian/*.new`, which stand beside
/// files that a person has edited, are left out. `epoch` is the time, in seconds,
/// that no file in the package is newer than.
pub fn pack(tree: &Path, dsc: &str, epoch: i64) -> Result<PathBuf, PackageError> {
    let area = tree.parent().unwrap_or(Path::new("."));
    let mut command = Command::new("dpkg-source");
    command
        .current_dir(area)
        .env("SOURCE_DATE_EPOCH", epoch.to_string())
        .env("LC_ALL", "C.UTF-8")
        // By itself, a pattern takes the place of those that dpkg-source has of its own, which
        // the option without a pattern adds.
        .args(["--tar-ignore", "--tar-ignore=debian/*.new"])
        .arg("--build")
        .arg(tree.file_name().unwrap_or_default());
    process::run(&mut command).map_err(|source| PackageError::Pack {
        directory: tree.to_owned(),
        source,
    })?;
    Ok(area.join(dsc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_is_packed_anew_and_a_tarball_is_not() {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("a");
        write_file(&tree, "x/y", b"z", false).unwrap();
        write_file(&tree, "debian/control", b"", false).unwrap();
        let place = |name: &str| {
            let sdist = top.path().join(name);
            fs_err::write(&sdist, "bytes").unwrap();
            let placed = place_tarball(&sdist, &tree, top.path(), "a", "1", 0).unwrap();
            fs_err::read(placed).unwrap()
        };
        assert_eq!(place("a-1.tar.gz"), b"bytes");
        let packed = place("a-1.zip");
        assert_eq!(place("a-1.zip"), packed);
        let mut list = Command::new("tar");
        let said = process::run(
            list.arg("--list")
                .arg("-f")
                .arg(top.path().join("a_1.orig.tar.xz")),
        );
        assert_eq!(said.unwrap().stdout, "./\na-1/x/\na-1/x/y\n");
    }

    /// What is packed of these files below debian/, beside those without which nothing is.
    #[track_caller]
    fn check_packed(format: &str, tarball: &str, files: &[&str], expect: &[&str]) {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("a");
        let write = |path: &str, text: &str| {
            write_file(&tree, path, text.as_bytes(), false).unwrap();
        };
        write("x.new", "y");
        place_tarball(Path::new("a.zip"), &tree, top.path(), "a", "1", 0).unwrap();
        write("debian/source/format", format);
        write(
            "debian/control",
            "Source: a\nMaintainer: A <a@example.org>\n\nPackage: a\nArchitecture: all\nDescription: a\n",
        );
        let end = "\n\n  * x\n\n -- A <a@example.org>  Thu, 01 Jan 1970 00:00:00 +0000\n";
        let version = if tarball.contains(".debian.") {
            "1-1"
        } else {
            "1"
        };
        let first = format!("a ({version}) sid; urgency=low");
        write("debian/changelog", &format!("{first}{end}"));
        files.iter().for_each(|file| write(file, "x"));
        let dsc = format!("a_{version}.dsc");
        assert!(pack(&tree, &dsc, 0).unwrap().exists());
        let mut list = Command::new("tar");
        list.arg("--list").arg("-f").arg(top.path().join(tarball));
        let said = process::run(&mut list).unwrap().stdout;
        let fixed = ["changelog", "control", "source/format"].map(|name| format!("debian/{name}"));
        let mut packed: Vec<&str> = said.lines().filter(|path| !path.ends_with('/')).collect();
        packed = packed
            .iter()
            .map(|path| path.trim_start_matches("a/"))
            .collect();
        packed.retain(|path| !fixed.iter().any(|one| one == path));
        packed.sort_unstable();
        assert_eq!(packed, expect);
    }

    #[test]
    fn what_generate_leaves_beside_edited_files_is_not_packed() {
        let files = [
            "debian/copyright",
            "debian/copyright.new",
            "debian/new",
            "debian/patches/a.new.patch",
            "debian/tests/data",
            "debian/tests/data.new",
            // These dpkg-source leaves out by itself.
            "debian/copyright~",
            "debian/.gitignore",
        ];
        let expect = [
            "debian/copyright",
            "debian/new",
            "debian/patches/a.new.patch",
            "debian/tests/data",
        ];
        check_packed("3.0 (quilt)\n", "a_1-1.debian.tar.xz", &files, &expect);
        let expect = [&expect[..], &["x.new"]].concat();
        check_packed("3.0 (native)\n", "a_1.tar.xz", &files, &expect);
    }

    #[test]
    fn files_are_read_and_links_are_not_followed() {
        let top = tempfile::tempdir().unwrap();
        write_file(top.path(), "a/b", b"x", true).unwrap();
        write_file(top.path(), "debian/c", b"y", false).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", top.path().join("link")).unwrap();
        let upstream = read_upstream(top.path()).unwrap();
        assert_eq!(Vec::from_iter(upstream.keys()), ["a/b"]);
        assert!(upstream["a/b"].executable);
        let debian = read_debian(top.path()).unwrap();
        assert_eq!(debian["debian/c"].bytes, b"y");
    }
}
