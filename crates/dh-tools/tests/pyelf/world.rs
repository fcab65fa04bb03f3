//! A source package with one binary package that has foreign and local files.

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A library that a wheel has brought; it is for arm64, so that nobody asks what it needs.
pub(crate) const LIBRARY: &str = "usr/lib/app/six.libs/libx-0123abcd.so";

const CONTROL: &str = "Source: app\nMaintainer: A <a@example.org>\n\
    Build-Depends: debhelper-compat (= 13)\n\nPackage: app\nArchitecture: any\n\
    Description: a\n b\n";

/// A source package in a directory of its own.
pub(crate) struct World {
    top: tempfile::TempDir,
    /// The system that the programs see; by default this one.
    pub(crate) system: Option<PathBuf>,
}

/// Paths with what is there: modes, times and bytes, or where a link leads.
pub(crate) type Listing = BTreeMap<String, String>;

/// The smallest ELF file that is whole: a header, and a program header that says nothing.
pub(crate) fn elf(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 120];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16..18].copy_from_slice(&3_u16.to_le_bytes());
    bytes[18..20].copy_from_slice(&machine.to_le_bytes());
    bytes[20..24].copy_from_slice(&1_u32.to_le_bytes());
    bytes[32..40].copy_from_slice(&64_u64.to_le_bytes());
    for (at, value) in [(52, 64_u16), (54, 56), (56, 1), (58, 64)] {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

impl World {
    pub(crate) fn new() -> Self {
        let world = Self {
            top: tempfile::tempdir().unwrap(),
            system: None,
        };
        fs_err::create_dir_all(world.top().join("debian")).unwrap();
        fs_err::write(world.top().join("debian/control"), CONTROL).unwrap();
        world.add("usr/lib/app/ours.a", b"!<arch>\nours");
        world.add(LIBRARY, &elf(183));
        world.add("usr/lib/app/six.libs/liby-0123abcd.so.1", &elf(243));
        world.add("usr/lib/app/six/static.a", b"!<arch>\ntheirs");
        world.add("usr/lib/app/six/text.so", b"no ELF file");
        let record = b"six/static.a,,\nsix/text.so,,\n";
        world.add("usr/lib/app/six-1.0.dist-info/RECORD", record);
        let wheel = b"Wheel-Version: 1.0\nTag: cp313-cp313-manylinux_2_28_x86_64\n";
        world.add("usr/lib/app/six-1.0.dist-info/WHEEL", wheel);
        world
    }

    /// Another world that is the same.
    pub(crate) fn copy(&self) -> Self {
        let top = tempfile::tempdir().unwrap();
        let mut copy = Command::new("cp");
        copy.arg("-a").arg(self.top().join(".")).arg(top.path());
        assert!(copy.status().unwrap().success());
        let system = self.system.clone();
        Self { top, system }
    }

    /// Foreign files, many of them.
    pub(crate) fn add_many(&self, number: usize) {
        for at in 0..number {
            let path = format!("usr/lib/app/more.libs/lib{at}-0123abcd.so");
            self.add(&path, &[elf(183), at.to_le_bytes().to_vec()].concat());
        }
    }

    fn add(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, bytes).unwrap();
        let permissions = std::fs::Permissions::from_mode(0o644);
        fs_err::set_permissions(path, permissions).unwrap();
    }

    pub(crate) fn top(&self) -> &Path {
        self.top.path()
    }

    /// A path in the package.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.top().join("debian/app").join(path)
    }

    /// Reads a file of the source package.
    pub(crate) fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.top().join(path)).unwrap()
    }

    /// Writes a file of the source package.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.top().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs_err::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        fs_err::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Writes `debian/app.pyelf`.
    pub(crate) fn config(&self, text: &str) {
        fs_err::write(self.top().join("debian/app.pyelf"), text).unwrap();
    }

    /// What the package has.
    pub(crate) fn tree(&self) -> Listing {
        listing(&self.top().join("debian/app"))
    }

    /// What there is at all.
    pub(crate) fn everything(&self) -> Listing {
        listing(self.top())
    }

    /// A program that is to be run here.
    pub(crate) fn command(&self, command: &str, words: &[&str]) -> Command {
        let program = match command {
            "scan" => env!("CARGO_BIN_EXE_dh_pyelf_scan"),
            "hold" => env!("CARGO_BIN_EXE_dh_pyelf_hold"),
            "restore" => env!("CARGO_BIN_EXE_dh_pyelf_restore"),
            "check" => env!("CARGO_BIN_EXE_dh_pyelf_check"),
            "pydeps" => env!("CARGO_BIN_EXE_dh_pydeps"),
            other => panic!("{other}"),
        };
        let mut command = Command::new(program);
        command.args(words).current_dir(self.top());
        command.env("DEB_HOST_ARCH", "amd64");
        command.envs(self.system.as_ref().map(|system| ("DPKG_ROOT", system)));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Its exit status and what it says on standard error.
    pub(crate) fn try_run(&self, command: &str, words: &[&str]) -> (Option<i32>, String) {
        let output = self.command(command, words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), said)
    }

    /// Runs a program that has to succeed.
    #[track_caller]
    pub(crate) fn run(&self, command: &str, words: &[&str]) {
        let (code, said) = self.try_run(command, words);
        assert_eq!(code, Some(0), "{command}: {said}");
    }

    /// What a program says on standard output.
    pub(crate) fn said(&self, command: &str, words: &[&str]) -> String {
        let output = self.command(command, words).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

fn listing(top: &Path) -> Listing {
    let mut found = Listing::new();
    walk(top, "", &mut found);
    found
}

fn walk(top: &Path, below: &str, found: &mut Listing) {
    for entry in fs_err::read_dir(top.join(below)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = match below {
            "" => name,
            _ => format!("{below}/{name}"),
        };
        let data = fs_err::symlink_metadata(entry.path()).unwrap();
        if data.is_dir() {
            walk(top, &path, found);
        } else if data.is_symlink() {
            let target = fs_err::read_link(entry.path()).unwrap();
            found.insert(path, format!("link {}", target.display()));
        } else {
            let bytes = fs_err::read(entry.path()).unwrap();
            let (mode, time) = (data.mode(), (data.mtime(), data.mtime_nsec()));
            found.insert(path, format!("{mode:o} {time:?} {}", bytes.escape_ascii()));
        }
    }
}
