use std::path::PathBuf;

use proptest::prelude::*;
use pydeps_core::archive::{Archive, Origin, PathClass, Provenance};
use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;

use super::container::{Container, Section, encode};
use super::*;

mod beside;

const PACKAGES: &str = include_str!("../../tests/data/trixie/Packages");
const RELEASE: &str = include_str!("../../tests/data/trixie/Release");
const CONTENTS: [&str; 2] = [
    include_str!("../../tests/data/trixie/Contents-all"),
    include_str!("../../tests/data/trixie/Contents-amd64"),
];

fn pocket(origin: Origin, packages: &str, contents: &[&str]) -> PocketFacts {
    let mut read = Contents::default();
    for text in contents {
        read.read(&mut text.as_bytes()).unwrap();
    }
    PocketFacts {
        origin,
        release: Release::parse(RELEASE).unwrap(),
        packages: parse_packages(packages).unwrap(),
        contents: read,
        sources: None,
    }
}

fn trixie() -> PocketFacts {
    pocket(Origin::Suite, PACKAGES, &CONTENTS)
}

fn stanza(name: &str, version: &str) -> String {
    format!("Package: {name}\nVersion: {version}\nSection: python\nArchitecture: all\n\n")
}

struct World {
    _dir: tempfile::TempDir,
    path: PathBuf,
    index: ArchiveIndex,
}

fn open(pockets: &[PocketFacts]) -> World {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trixie-amd64.idx");
    let (bytes, facts) = build(&"amd64".parse().unwrap(), pockets, Vec::new()).unwrap();
    fs_err::write(&path, bytes).unwrap();
    let index = ArchiveIndex::open(&path).unwrap();
    assert_eq!(*index.facts(), facts);
    World {
        _dir: dir,
        path,
        index,
    }
}

impl World {
    /// `package upstream current described origin class`, one line for each copy.
    fn dists(&self, name: &str) -> Vec<String> {
        let dists = self.index.distribution(&name.parse().unwrap());
        let line = |dist: &pydeps_core::archive::ArchiveDist| {
            let upstream = dist.upstream.as_deref().unwrap_or("-");
            let versions = format!("{} {}", dist.package_version, dist.described_version);
            format!(
                "{} {upstream} {versions} {:?} {:?}",
                dist.package, dist.origin, dist.class
            )
        };
        dists.iter().map(line).collect()
    }

    fn find(&self, kind: PathKind, name: &str) -> Vec<String> {
        let hits = self.index.find(kind, name, 5).unwrap();
        let line = |hit: &PathHit| {
            let packages: Vec<&str> = hit.packages.iter().map(DebName::as_str).collect();
            format!("{} {}", hit.name, packages.join(","))
        };
        hits.iter().map(line).collect()
    }
}

#[test]
fn a_recorded_suite() {
    let world = open(&[trixie()]);
    let suite = world.index.suite();
    assert_eq!(
        (suite.codename.as_str(), suite.alias.as_deref()),
        ("trixie", Some("stable"))
    );
    assert_eq!(
        (suite.python.to_string().as_str(), suite.supported.len()),
        ("3.13", 1)
    );
    assert_eq!(
        (suite.date.to_string().as_str(), suite.provenance),
        ("2026-09-12T07:55:41Z", Provenance::Index)
    );
    assert_eq!(
        world.dists("PyYAML"),
        ["python3-yaml 6.0.2 6.0.2-1+b2 6.0.2-1+b2 Suite Public"]
    );
    assert_eq!(
        world.dists("libtorrent"),
        ["python3-libtorrent - 2.0.11-1 2.0.11-1 Suite Public"]
    );
    assert_eq!(
        world.dists("wheel"),
        ["python3-setuptools 0.45.1 78.1.1-0.1 78.1.1-0.1 Suite Private"]
    );
    assert_eq!(world.dists("nothing"), [""; 0]);
    let yaml = world
        .index
        .package(&"python3-yaml".parse().unwrap())
        .unwrap();
    let details = yaml.details.unwrap();
    assert_eq!(
        (details.source.as_str(), details.source_version.as_str()),
        ("pyyaml", "6.0.2-1")
    );
    assert!(
        details.depends.contains("python3 (>= 3.13~)"),
        "{}",
        details.depends
    );
    let providers = world
        .index
        .providers(&"mail-transport-agent".parse().unwrap());
    let providers: Vec<&str> = providers
        .iter()
        .map(|provider| provider.package.as_str())
        .collect();
    assert_eq!(providers, ["exim4-daemon-light", "postfix"]);
}

#[test]
fn every_row_is_found_by_its_name() {
    let world = open(&[trixie()]);
    let mut count = 0;
    for dist in world.index.distributions() {
        assert!(
            world.index.distribution(&dist.name).contains(&dist),
            "{}",
            dist.name
        );
        count += 1;
    }
    assert!(count > 20, "{count}");
    for package in world.index.packages() {
        assert_eq!(world.index.candidates(&package.name), [package]);
    }
}

#[test]
fn what_a_build_looks_for() {
    let world = open(&[trixie()]);
    let check =
        |kind, name: &str, expect: &[&str]| assert_eq!(world.find(kind, name), expect, "{name}");
    check(PathKind::Module, "requests", &["requests python3-requests"]);
    check(PathKind::Module, "yaml._yaml", &["yaml._yaml python3-yaml"]);
    check(
        PathKind::Module,
        "_cffi_backend",
        &["_cffi_backend python3-cffi-backend"],
    );
    check(
        PathKind::Module,
        "google",
        &[
            "google.auth python3-google-auth",
            "google.oauth2 python3-google-auth",
            "google.auth.aws python3-google-auth",
        ],
    );
    check(
        PathKind::Header,
        "openssl/ssl.h",
        &["openssl/ssl.h libssl-dev"],
    );
    check(
        PathKind::Header,
        "openssl/opensslconf.h",
        &["openssl/opensslconf.h libssl-dev"],
    );
    check(
        PathKind::Header,
        "Eigen/Core",
        &["eigen3/Eigen/Core libeigen3-dev"],
    );
    check(PathKind::Header, "sl.h", &[]);
    check(PathKind::PkgConfig, "libssl", &["libssl libssl-dev"]);
    check(PathKind::Cmake, "OpenSSL", &["openssl libssl-dev"]);
    check(PathKind::Cmake, "Eigen3", &["eigen3 libeigen3-dev"]);
    check(
        PathKind::Command,
        "mailq",
        &["mailq exim4-daemon-light,postfix"],
    );
    check(PathKind::Command, "nothing", &[]);
}

#[test]
fn the_newest_package_wins_and_says_what_contents_described() {
    let updates = pocket(Origin::Updates, &stanza("python3-six", "1.16.0-9"), &[]);
    let security = pocket(
        Origin::Security,
        &stanza("python3-requests", "2.32.9-1"),
        &[],
    );
    let world = open(&[trixie(), updates, security]);
    assert_eq!(
        world.dists("requests"),
        ["python3-requests 2.32.3 2.32.9-1 2.32.3+dfsg-5+deb13u1 Security Public"]
    );
    assert_eq!(
        world.dists("six"),
        ["python3-six 1.17.0 1.17.0-1 1.17.0-1 Suite Public"]
    );
}

#[test]
fn the_newest_contents_are_believed() {
    let contents = "usr/lib/python3/dist-packages/six-1.18.0.dist-info/METADATA  python/python3-six\n\
                    usr/lib/python3/dist-packages/requests/x.py  python/python3-requests\n";
    let packages = stanza("python3-six", "1.18.0-1") + &stanza("python3-requests", "2.33-1");
    let world = open(&[trixie(), pocket(Origin::Updates, &packages, &[contents])]);
    assert_eq!(
        world.dists("six"),
        ["python3-six 1.18.0 1.18.0-1 1.18.0-1 Updates Public"]
    );
    assert_eq!(
        world.dists("requests"),
        [""; 0],
        "the newer Contents list the package, without it"
    );
}

#[test]
fn backports_stand_beside_the_suite() {
    let contents = "usr/lib/python3/dist-packages/six-2.0.dist-info/METADATA  python/python3-six\n";
    let backports = pocket(
        Origin::Backports,
        &stanza("python3-six", "2.0-1~bpo13+1"),
        &[contents],
    );
    let world = open(&[trixie(), backports]);
    assert_eq!(
        world.dists("six"),
        [
            "python3-six 1.17.0 1.17.0-1 1.17.0-1 Suite Public",
            "python3-six 2.0 2.0-1~bpo13+1 2.0-1~bpo13+1 Backports Public"
        ]
    );
    assert_eq!(
        world
            .index
            .package(&"python3-six".parse().unwrap())
            .unwrap()
            .version,
        "1.17.0-1"
    );
    assert_eq!(
        world
            .index
            .candidates(&"python3-six".parse().unwrap())
            .len(),
        2
    );
}

#[test]
fn packages_wins_over_contents() {
    let gone = "usr/lib/python3/dist-packages/gone-1.dist-info/METADATA  python/python3-gone\nusr/bin/gone  python/python3-gone\n";
    let world = open(&[pocket(Origin::Suite, PACKAGES, &[gone, CONTENTS[0]])]);
    assert_eq!(world.dists("gone"), [""; 0]);
    assert_eq!(world.find(PathKind::Command, "gone"), [""; 0]);
    let finding: &Finding = &world.index.facts().findings[0];
    assert_eq!(
        (finding.code.as_str(), world.index.facts().counts.dropped),
        ("contents-ahead", 1)
    );
}

#[test]
fn the_newest_release_file_dates_the_suite() {
    let mut security = pocket(Origin::Security, "", &[]);
    security.release.date = "2026-11-21T00:53:03Z".parse().unwrap();
    let mut backports = pocket(Origin::Backports, "", &[]);
    backports.release.date = "2027-01-01T00:00:00Z".parse().unwrap();
    let world = open(&[trixie(), security, backports]);
    assert_eq!(world.index.suite().date.to_string(), "2026-11-21T00:53:03Z");
    assert_eq!(world.index.facts().parts[0].date, "2026-09-12T07:55:41Z");
}

#[test]
fn of_two_versions_in_one_repository_the_newer_counts() {
    let both = format!(
        "{PACKAGES}\n{}{}",
        stanza("python3-six", "1.9.0-1"),
        stanza("python3-six", "1.17.0-10")
    );
    let world = open(&[pocket(Origin::Suite, &both, &CONTENTS)]);
    assert_eq!(
        world.dists("six"),
        ["python3-six 1.17.0 1.17.0-10 1.17.0-10 Suite Public"]
    );
}

#[test]
fn same_input_same_bytes_in_any_order() {
    let reversed = |text: &str, by: &str| {
        text.split(by)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join(by)
    };
    let other = pocket(
        Origin::Suite,
        &reversed(PACKAGES.trim(), "\n\n"),
        &[&reversed(CONTENTS[1], "\n"), &reversed(CONTENTS[0], "\n")],
    );
    let bytes = |pocket| {
        build(&"amd64".parse().unwrap(), &[pocket], Vec::new())
            .unwrap()
            .0
    };
    assert!(bytes(trixie()) == bytes(other));
}

#[test]
fn a_suite_needs_itself_and_a_python() {
    let error = |pockets: &[PocketFacts]| {
        build(&"amd64".parse().unwrap(), pockets, Vec::new())
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        error(&[pocket(Origin::Updates, PACKAGES, &[])]),
        "the suite's own Packages are missing"
    );
    assert_eq!(
        error(&[pocket(Origin::Suite, &stanza("python3-six", "1"), &[])]),
        "the suite has no package python3 of version 3.N"
    );
}

#[test]
fn supported_pythons_are_those_of_python3_all() {
    let all = "Package: python3\nVersion: 3.14.2-1\n\nPackage: python3-all\nVersion: 3.14.2-1\n\
               Depends: python3 (= 3.14.2-1), python3.14 (>= 3.14.2-1~), python3.9, python3.15\n";
    let world = open(&[pocket(Origin::Suite, all, &[])]);
    assert_eq!(world.index.facts().supported, ["3.9", "3.14", "3.15"]);
    assert_eq!(world.index.facts().python, "3.14");
}

fn error_of(world: &World, bytes: &[u8]) -> String {
    fs_err::write(&world.path, bytes).unwrap();
    ArchiveIndex::open(&world.path).unwrap_err().to_string()
}

#[test]
fn a_file_that_is_no_index_says_what_to_do() {
    let world = open(&[trixie()]);
    let good = fs_err::read(&world.path).unwrap();
    let check = |bytes: &[u8], expect: &str| {
        let error = error_of(&world, bytes);
        let way_out = "; `dh-pydeps update --suite trixie` makes a new one";
        assert_eq!(
            error,
            format!("{}: {expect}{way_out}", world.path.display())
        );
    };
    check(b"", "not an archive index of dh-pydeps");
    check(b"Package: x\n", "not an archive index of dh-pydeps");
    let cut = &good[..good.len() - 1];
    check(
        cut,
        &format!(
            "{} bytes long instead of {}: cut short or damaged",
            cut.len(),
            good.len()
        ),
    );
    check(
        b"DHPYDEPS\x01\0\0\0",
        "format version 1, this program reads version 2",
    );
    let absent = ArchiveIndex::open(&world.path.with_file_name("absent.idx")).unwrap_err();
    assert!(absent.to_string().contains("absent.idx"), "{absent}");
}

#[test]
fn every_flipped_bit_is_noticed() {
    let world = open(&[trixie()]);
    let good = fs_err::read(&world.path).unwrap();
    for at in (0..good.len()).step_by(37) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        fs_err::write(&world.path, &bytes).unwrap();
        let Ok(index) = ArchiveIndex::open(&world.path) else {
            continue;
        };
        let found = PathKind::ALL.map(|kind| index.find(kind, "x", 1));
        assert!(found.iter().any(Result::is_err), "bit flipped in byte {at}");
    }
}

fn exercise(bytes: &[u8]) {
    if let Ok(container) = Container::parse(bytes) {
        let _ = container.section(Section::Meta);
        let _ = container.section(Section::Owners);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_refused_not_feared(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        exercise(&bytes);
        exercise(&[b"DHPYDEPS\x01\0\0\0".as_slice(), &bytes].concat());
    }

    #[test]
    fn truncations_are_refused(cut in 0usize..200) {
        let bytes = encode(&[(Section::Meta, b"{}".to_vec()), (Section::Owners, b"x\n".to_vec())]);
        let cut = cut % bytes.len();
        prop_assert!(Container::parse(&bytes[..cut]).is_err());
    }

    #[test]
    fn headers_with_a_right_checksum_but_wrong_offsets(id in 0u32..12, offset: u64, length: u64) {
        let mut bytes = encode(&[(Section::Meta, b"{}".to_vec())]);
        bytes[24..28].copy_from_slice(&id.to_le_bytes());
        bytes[32..40].copy_from_slice(&offset.to_le_bytes());
        bytes[40..48].copy_from_slice(&length.to_le_bytes());
        let checksum = crc32fast::hash(&bytes[..48]).to_le_bytes();
        bytes[48..52].copy_from_slice(&checksum);
        exercise(&bytes);
    }
}

#[test]
fn public_first() {
    let contents = "usr/share/x/six-9.dist-info/METADATA  misc/aaa\n".to_owned() + CONTENTS[0];
    let packages = PACKAGES.to_owned() + "\n" + &stanza("aaa", "1");
    let world = open(&[pocket(Origin::Suite, &packages, &[&contents])]);
    let classes: Vec<PathClass> = world
        .index
        .distribution(&"six".parse().unwrap())
        .iter()
        .map(|dist| dist.class)
        .collect();
    assert_eq!(classes, [PathClass::Public, PathClass::Private]);
}
