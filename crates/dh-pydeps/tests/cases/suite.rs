//! Archive indexes of made-up suites, made by the program itself, once for each text.

use std::collections::HashMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex};

use jiff::Timestamp;
use pydeps_testkit::Repository;

/// The time of this test run: suites are as old as they say whenever it runs.
pub(crate) static NOW: LazyLock<Timestamp> = LazyLock::new(Timestamp::now);

/// Index files by the text of their suite.
static MADE: LazyLock<Mutex<HashMap<String, Arc<Vec<u8>>>>> = LazyLock::new(Mutex::default);

/// The index file of a suite.
pub(crate) fn index(text: &str) -> Arc<Vec<u8>> {
    let mut made = MADE.lock().unwrap();
    let make = || Arc::new(make(text));
    Arc::clone(made.entry(text.to_owned()).or_insert_with(make))
}

fn make(text: &str) -> Vec<u8> {
    let temporary = tempfile::tempdir().unwrap();
    let top = temporary.path();
    let repository = Repository::parse(text).unwrap();
    repository.write(&top.join("debian"), *NOW);
    lay_out(top);
    let mirror = format!("file://{}", top.join("debian").display());
    let output = program(top)
        .args([
            "update",
            "--suite",
            &repository.suite,
            "--architecture",
            "amd64",
        ])
        .args(["--mirror", &mirror, "--trusted"])
        .args(repository.has_backports().then_some("--backports"))
        .args(repository.has_sources().then_some("--sources"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "no index of {}: {said}",
        repository.suite
    );
    fs_err::read(index_file(top, &repository.suite)).unwrap()
}

/// Where the program keeps the index of a suite, in a world at `top`.
pub(crate) fn index_file(top: &Path, suite: &str) -> PathBuf {
    top.join(format!("cache/dh-pydeps/archive/{suite}-amd64.idx"))
}

/// The directories of a world, and apt's whole configuration.
pub(crate) fn lay_out(top: &Path) {
    let apt = "Dir::Etc::main \"/dev/null\";\nDir::Etc::parts \"/dev/null\";\n\
        Dir::Etc::sourcelist \"/dev/null\";\nDir::Etc::sourceparts \"/dev/null\";\n\
        Dir::State::status \"/dev/null\";\nAcquire::Retries \"0\";\n";
    for directory in ["directory", "home", "tmp", "bin"] {
        fs_err::create_dir_all(top.join(directory)).unwrap();
    }
    fs_err::write(top.join("apt.conf"), apt).unwrap();
    programs(&top.join("bin"));
}

/// The program in a world of its own: nothing of this machine's environment, of pip's
/// or of apt's configuration gets there, and no other program than in `bin/`.
pub(crate) fn program(top: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dh-pydeps"));
    command
        .env_clear()
        .current_dir(top.join("directory"))
        .env("PATH", top.join("bin"))
        .env("HOME", top.join("home"))
        .env("XDG_CACHE_HOME", top.join("cache"))
        .env("XDG_CONFIG_DIRS", top.join("home/none"))
        .env("TMPDIR", top.join("tmp"))
        .env("APT_CONFIG", top.join("apt.conf"))
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_RETRIES", "1")
        .env("LC_ALL", "C.UTF-8");
    command
}

/// What building takes: the case's own programs, in place of a builder, and what they and
/// dpkg's need of this machine's.
pub(crate) fn builders(own: &Path, bin: &Path) {
    const SYSTEM: [&str; 24] = [
        "sh",
        "cat",
        "sed",
        "grep",
        "mkdir",
        "rm",
        "cp",
        "mv",
        "touch",
        "sleep",
        "basename",
        "tar",
        "xz",
        "gzip",
        "bzip2",
        "find",
        "patch",
        "diff",
        "kill",
        "chmod",
        "setpriv",
        "dpkg-source",
        "dpkg-scanpackages",
        "dpkg-parsechangelog",
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    for program in SYSTEM {
        let mut files = std::env::split_paths(&path).map(|directory| directory.join(program));
        if let Some(found) = files.find(|file| file.exists() && !bin.join(program).exists()) {
            symlink(found, bin.join(program)).unwrap();
        }
    }
    for entry in fs_err::read_dir(own).unwrap() {
        let entry = entry.unwrap();
        let program = entry.path().canonicalize().unwrap();
        symlink(program, bin.join(entry.file_name())).unwrap();
    }
}

/// What is run of the machine: apt, dpkg-deb, and what dpkg-source runs.
const PROGRAMS: [&str; 13] = [
    "apt-get",
    "chmod",
    "cp",
    "diff",
    "dpkg-deb",
    "dpkg-source",
    "gunzip",
    "gzip",
    "patch",
    "rm",
    "tar",
    "unxz",
    "xz",
];

/// These programs as they are on this machine, and a dpkg that says amd64 on any.
fn programs(bin: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    for program in PROGRAMS {
        let mut files = std::env::split_paths(&path).map(|directory| directory.join(program));
        if let Some(found) = files.find(|file| file.exists()) {
            symlink(found, bin.join(program)).unwrap();
        }
    }
    // A file of the sources: one that is written while other threads start processes
    // may still be open for writing in one of them when it is to be run.
    let dpkg = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/dpkg");
    symlink(dpkg, bin.join("dpkg")).unwrap();
}
