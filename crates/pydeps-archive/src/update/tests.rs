//! Real apt against repositories made in a temporary directory.

mod machine;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use pydeps_core::archive::Archive;
use pydeps_core::name::DistName;
use sha2::{Digest, Sha256};

use super::*;
use crate::index::ArchiveIndex;
use pydeps_host::progress::Silent;

const PACKAGES: &str = include_str!("../../tests/data/trixie/Packages");
const CONTENTS_ALL: &str = include_str!("../../tests/data/trixie/Contents-all");
const CONTENTS_AMD64: &str = include_str!("../../tests/data/trixie/Contents-amd64");
const NEWER_SIX: &str =
    "Package: python3-six\nVersion: 1.18.0-1\nSection: python\nArchitecture: all\n";

/// A repository and a cache, in one temporary directory.
struct World {
    dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        world.release(
            "trixie",
            PACKAGES,
            &[("all", CONTENTS_ALL), ("amd64", CONTENTS_AMD64)],
            "",
        );
        world.release("trixie-updates", NEWER_SIX, &[], "");
        world
    }

    fn repository(&self) -> PathBuf {
        self.dir.path().join("debian")
    }

    fn write(&self, release: &str, file: &str, text: &str) {
        let path = self.repository().join("dists").join(release).join(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(&path, text).unwrap();
        age(&path);
    }

    fn release(&self, release: &str, packages: &str, contents: &[(&str, &str)], fields: &str) {
        let mut files = vec![("main/binary-amd64/Packages".to_owned(), packages)];
        files.extend(
            contents
                .iter()
                .map(|(arch, text)| (format!("main/Contents-{arch}"), *text)),
        );
        let mut hashes = String::new();
        for (file, text) in files {
            self.write(release, &file, text);
            let hash: String = Sha256::digest(text)
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            hashes += &format!(" {hash} {} {file}\n", text.len());
        }
        let text = format!(
            "Origin: Debian\nSuite: stable\nCodename: {release}\nDate: Sat, 12 Sep 2026 07:55:41 UTC\n{fields}\
             Architectures: all amd64\nComponents: main\nNo-Support-for-Architecture-all: Packages\nSHA256:\n{hashes}"
        );
        self.write(release, "Release", &text);
    }

    fn request(&self, suite: &str) -> Request {
        let mirror = format!("file://{}", self.repository().display());
        Request {
            architecture: Some("amd64".parse().unwrap()),
            mirror: Some((mirror, Trust::Unsigned)),
            apt_options: vec![
                "Acquire::Retries=0".into(),
                "Acquire::Check-Valid-Until=true".into(),
                "Acquire::Check-Date=false".into(),
            ],
            ..Request::new(suite.parse().unwrap(), self.dir.path().join("a cache"))
        }
    }

    fn index(&self) -> PathBuf {
        paths::index_file(&self.dir.path().join("a cache"), "trixie", "amd64")
    }
}

/// Gives every file another time: apt looks again at what has changed only.
fn age(path: &Path) {
    static MINUTES: AtomicU64 = AtomicU64::new(0);
    let minutes = MINUTES.fetch_add(1, Ordering::Relaxed);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_600_000_000 + 60 * minutes);
    let file = fs_err::OpenOptions::new().write(true).open(path).unwrap();
    file.file().set_modified(time).unwrap();
}

fn run(request: &Request) -> Result<Updated, UpdateError> {
    update(request, &Machine::default(), &mut Silent)
}

fn codes(updated: &Updated) -> Vec<&str> {
    updated
        .facts
        .findings
        .iter()
        .map(|finding| finding.code.as_str())
        .collect()
}

fn fetch_error(request: &Request, expect: Failure) -> UpdateError {
    let error = run(request).unwrap_err();
    match &error {
        UpdateError::Fetch { failure, .. } if *failure == expect => error,
        other => panic!("not {expect:?}: {other:?}"),
    }
}

fn version_of_six(path: &Path) -> String {
    let six: DistName = "six".parse().unwrap();
    let dist = &ArchiveIndex::open(path).unwrap().distribution(&six)[0];
    format!("{} {}", dist.package_version, dist.described_version)
}

#[test]
fn a_suite_and_its_updates() {
    let world = World::new();
    let updated = run(&world.request("trixie")).unwrap();
    assert_eq!(updated.path, world.index());
    assert_eq!(updated.size, fs_err::metadata(&updated.path).unwrap().len());
    assert_eq!(codes(&updated), ["no-security"]);
    assert_eq!(version_of_six(&updated.path), "1.18.0-1 1.17.0-1");
    let first = fs_err::read(&updated.path).unwrap();
    run(&world.request("trixie")).unwrap();
    assert!(
        first == fs_err::read(&updated.path).unwrap(),
        "the same lists make the same index"
    );
}

#[test]
fn an_older_mirror_does_not_replace_the_index() {
    let world = World::new();
    let contents = [("all", CONTENTS_ALL), ("amd64", CONTENTS_AMD64)];
    run(&world.request("trixie")).unwrap();
    let before = fs_err::read(world.index()).unwrap();
    world.release("trixie", PACKAGES, &contents, "");
    let release = world.repository().join("dists/trixie/Release");
    let text = fs_err::read_to_string(&release).unwrap();
    world.write(
        "trixie",
        "Release",
        &text.replace("12 Sep 2026", "05 Sep 2026"),
    );
    // Another root, as for another name of the suite.
    fs_err::remove_dir_all(world.dir.path().join("a cache/apt")).unwrap();
    let error = run(&world.request("trixie")).unwrap_err();
    assert!(matches!(error, UpdateError::Older { .. }), "{error:?}");
    let said = error.to_string();
    assert!(
        said.contains("2026-09-05") && said.contains("2026-09-12"),
        "{said}"
    );
    assert!(error.hint().unwrap().contains("--force"));
    assert!(before == fs_err::read(world.index()).unwrap());

    let forced = Request {
        force: true,
        ..world.request("trixie")
    };
    run(&forced).unwrap();
    assert!(before != fs_err::read(world.index()).unwrap());
    world.write("trixie", "Release", &text);
    run(&world.request("trixie")).unwrap();
}

#[test]
fn source_packages_where_they_are_asked_for() {
    let world = World::new();
    let request = Request {
        sources: true,
        ..world.request("trixie")
    };
    let error = run(&request).unwrap_err();
    let expect = "trixie: the mirror has no Sources of this suite for amd64";
    assert_eq!(error.to_string(), expect);
    assert!(!world.index().exists());
}

#[test]
fn two_at_a_time() {
    let world = World::new();
    let request = world.request("trixie");
    let updates = [(); 2].map(|()| {
        let request = request.clone();
        std::thread::spawn(move || run(&request).map(|updated| updated.size))
    });
    let sizes = updates.map(|update| update.join().unwrap().unwrap());
    assert_eq!(sizes[0], sizes[1]);
}

/// Replaces the suite by one that is signed, and expired in 2020.
fn signed(world: &World, keyring: &[u8]) -> Request {
    fs_err::remove_file(world.repository().join("dists/trixie/Release")).unwrap();
    world.write(
        "trixie",
        "InRelease",
        include_str!("../../tests/data/signed/InRelease"),
    );
    let path = world.dir.path().join("keyring.gpg");
    fs_err::write(&path, keyring).unwrap();
    let mut request = world.request("trixie");
    let trust = Trust::SignedBy(path.display().to_string());
    request.apt_options.push("Acquire::Check-Date=true".into());
    request.mirror = request.mirror.map(|(mirror, _)| (mirror, trust));
    request
}

const KEYRING: &[u8] = include_bytes!("../../tests/data/signed/keyring.gpg");

#[test]
fn an_expired_suite_names_the_option() {
    let world = World::new();
    let mut request = signed(&world, KEYRING);
    let error = fetch_error(&request, Failure::Expired);
    assert!(
        error.to_string().contains("expired (invalid since"),
        "{error}"
    );
    assert!(
        error
            .hint()
            .unwrap()
            .contains("--apt-option Acquire::Check-Valid-Until=false")
    );
    assert!(!world.index().exists());
    request
        .apt_options
        .push("Acquire::Check-Valid-Until=false".into());
    run(&request).unwrap();
}

#[test]
fn a_signature_of_another_key_is_refused() {
    let world = World::new();
    let debian = Path::new("/usr/share/keyrings/debian-archive-keyring.gpg");
    let other = fs_err::read(debian).unwrap_or_default();
    let error = fetch_error(&signed(&world, &other), Failure::Key);
    assert!(error.hint().unwrap().contains("debian-archive-keyring"));
}

#[test]
fn a_keyring_that_is_not_there() {
    let world = World::new();
    let request = signed(&world, KEYRING);
    fs_err::remove_file(world.dir.path().join("keyring.gpg")).unwrap();
    let error = run(&request).unwrap_err();
    assert!(matches!(error, UpdateError::NoKeyring { .. }), "{error:?}");
    assert!(error.to_string().contains("keyring.gpg"), "{error}");
}

#[test]
fn a_damaged_mirror_leaves_the_old_index() {
    let world = World::new();
    run(&world.request("trixie")).unwrap();
    let before = fs_err::read(world.index()).unwrap();
    let newer =
        CONTENTS_AMD64.replace("six-1.17.0", "six-1.19.0") + "usr/bin/new  python/python3-six\n";
    world.release("trixie", PACKAGES, &[("amd64", &newer)], "");
    world.write("trixie", "main/Contents-amd64", "half");
    fetch_error(&world.request("trixie"), Failure::Inconsistent);
    assert!(before == fs_err::read(world.index()).unwrap());
}

#[test]
fn contents_that_do_not_fit_are_taken_on_request() {
    let world = World::new();
    world.write("trixie", "main/Contents-amd64", CONTENTS_ALL);
    let plain = world.request("trixie");
    let error = fetch_error(&plain, Failure::Inconsistent);
    assert!(error.hint().unwrap().contains("--unchecked-contents"));
    let request = Request {
        unchecked_contents: true,
        ..plain
    };
    let updated = run(&request).unwrap();
    assert_eq!(codes(&updated), ["no-security", "unchecked-contents"]);
    assert_eq!(version_of_six(&updated.path), "1.18.0-1 1.17.0-1");
}

#[test]
fn packages_have_to_fit_all_the_same() {
    let world = World::new();
    world.write("trixie", "main/binary-amd64/Packages", "half");
    let request = Request {
        unchecked_contents: true,
        ..world.request("trixie")
    };
    fetch_error(&request, Failure::Inconsistent);
}

#[test]
fn updates_out_of_step_lose_their_contents_only() {
    let world = World::new();
    let contents =
        "usr/lib/python3/dist-packages/six-1.18.0.dist-info/METADATA  python/python3-six\n";
    world.release("trixie-updates", NEWER_SIX, &[("all", contents)], "");
    world.write("trixie-updates", "main/Contents-all", "something else");
    let updated = run(&world.request("trixie")).unwrap();
    assert_eq!(codes(&updated), ["no-security", "incomplete-archive"]);
    let message = &updated.facts.findings[1].message;
    assert!(
        message.starts_with("trixie is without the Contents of trixie-updates: "),
        "{message}"
    );
    assert_eq!(version_of_six(&updated.path), "1.18.0-1 1.17.0-1");
}

#[test]
fn absent_updates_and_backports_are_findings() {
    let world = World::new();
    fs_err::remove_dir_all(world.repository().join("dists/trixie-updates")).unwrap();
    let request = Request {
        backports: true,
        ..world.request("trixie")
    };
    let updated = run(&request).unwrap();
    assert_eq!(
        codes(&updated),
        ["no-security", "incomplete-archive", "incomplete-archive"]
    );
    let origins: Vec<_> = updated
        .facts
        .findings
        .iter()
        .filter_map(|finding| finding.origin.as_deref())
        .collect();
    assert_eq!(
        origins,
        ["trixie-security", "trixie-updates", "trixie-backports"]
    );
    assert_eq!(version_of_six(&updated.path), "1.17.0-1 1.17.0-1");
}

#[test]
fn an_unknown_suite_lists_the_known_ones() {
    let world = World::new();
    let error = fetch_error(&world.request("trixi"), Failure::Unknown);
    assert!(
        error
            .hint()
            .unwrap()
            .contains("bookworm, trixie, forky, sid")
    );
}

#[test]
fn a_suite_without_contents_is_no_use() {
    let world = World::new();
    world.release("trixie", PACKAGES, &[], "");
    let error = run(&world.request("trixie")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "trixie: the mirror has no Contents of this suite for amd64"
    );
}

#[test]
fn an_unsigned_repository_is_refused() {
    let world = World::new();
    let mut request = world.request("trixie");
    let (mirror, _) = request.mirror.take().unwrap();
    let keyring = world.dir.path().join("keyring.gpg");
    fs_err::write(&keyring, "").unwrap();
    request.mirror = Some((mirror, Trust::SignedBy(keyring.display().to_string())));
    fetch_error(&request, Failure::Key);
}

#[test]
fn an_unreachable_mirror() {
    let world = World::new();
    let mut request = world.request("trixie");
    request.mirror = Some(("http://127.0.0.1:9/debian".into(), Trust::Unsigned));
    request
        .apt_options
        .push("Acquire::http::Proxy=DIRECT".into());
    fetch_error(&request, Failure::Network);
}

#[test]
fn a_cache_that_cannot_be_written_is_named() {
    let world = World::new();
    let file = world.dir.path().join("file");
    fs_err::write(&file, "").unwrap();
    let request = Request {
        cache: file.join("cache"),
        ..world.request("trixie")
    };
    let error = run(&request).unwrap_err();
    assert!(matches!(error, UpdateError::Cache { .. }), "{error:?}");
    assert!(
        error.to_string().contains(&file.display().to_string()),
        "{error}"
    );
}

#[test]
fn without_any_source() {
    let world = World::new();
    let request = Request {
        mirror: None,
        ..world.request("trixie")
    };
    let error = run(&request).unwrap_err();
    assert_eq!(
        error.to_string(),
        "apt has no Debian source on this machine"
    );
    assert_eq!(error.hint().unwrap(), "name a Debian mirror with --mirror");
}
