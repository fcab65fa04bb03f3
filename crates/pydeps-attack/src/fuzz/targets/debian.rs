//! What Debian says: lists of packages, versions, relations, control files.

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_archive::index::{ArchiveIndex, Contents, Release, parse_packages, parse_sources};
use pydeps_core::archive::parse_provides;
use pydeps_core::clause;
use pydeps_core::deb_version::DebVersion;
use pydeps_core::relation::{Known, contains, translate};
use pydeps_core::spelling::read_back;

use super::{as_file, lossy};
use crate::fuzz::Target;

/// A Debian version beside an upstream version and specifiers: whatever the two are, the relation
/// is right at them.
fn versions(text: &str) {
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (debian, upstream, specifiers) = (next(), next(), next());
    let Ok(debian) = debian.parse::<DebVersion>() else {
        return;
    };
    _ = read_back(&debian);
    let (Ok(upstream), Ok(specifiers)) = (
        upstream.parse::<Version>(),
        specifiers.parse::<VersionSpecifiers>(),
    ) else {
        return;
    };
    let known = Known::archive(upstream.clone(), debian.clone());
    let package = "p3".parse().expect("a name");
    let relations = translate(&package, &specifiers, Some(&known)).relations;
    assert_eq!(
        relations.satisfied_by(&debian),
        contains(&specifiers, &upstream)
    );
}

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "packages",
        read: |bytes| _ = parse_packages(&lossy(bytes)),
        seeds: &[b"Package: python3-a\nVersion: 1:1.0-1\nArchitecture: all\nSection: python\nProvides: b (= 1), c\nDepends: d (>= 1) | e,\n f [amd64]\n\nPackage: g\nVersion: 1\n"],
        nests: &["(", "[", "<", "|", "\n "],
        repeats: &["Package: p{n}\nVersion: {n}\n\n", ", a{n} (= 1)", " | b", "X{n}: y\n", " z\n"],
    },
    Target {
        name: "sources",
        read: |bytes| _ = parse_sources(&lossy(bytes)),
        seeds: &[b"Package: a\nBinary: b, c\nVersion: 1-1\nFormat: 3.0 (quilt)\nDirectory: pool/a\nBuild-Depends: d <!nocheck>, e (>= 1) [linux-any]\nChecksums-Sha256:\n 00 1 a_1.dsc\n\n"],
        nests: &["(", "[", "<", "|", "\n "],
        repeats: &["Package: p{n}\nVersion: {n}\n\n", ", a{n} (= 1)", " <x> <!y>", "\n 00 1 f{n}"],
    },
    Target {
        name: "release",
        read: |bytes| _ = Release::parse(&lossy(bytes)),
        seeds: &[b"Origin: Debian\nSuite: stable\nCodename: hazel\nDate: Sat, 01 Aug 2026 10:00:00 UTC\nComponents: main\nSHA256:\n 00 1 main/x\n"],
        nests: &["(", "\n "],
        repeats: &[" 00 1 f{n}\n", "X{n}: y\n", "Date: x\n"],
    },
    Target {
        name: "contents",
        read: |bytes| _ = Contents::default().read(&mut &bytes[..]),
        seeds: &[b"usr/lib/python3/dist-packages/a-1.dist-info/METADATA python/python3-a,python/b\nusr/include/a.h libs/a-dev\nusr/bin/x y/x\n"],
        nests: &["usr/", ",", " "],
        repeats: &["usr/lib/python3/dist-packages/a{n}-1.dist-info/METADATA python/python3-a\n", ",python/p{n}", "d/", "x\n"],
    },
    Target {
        name: "archive-index",
        read: |bytes| {
            as_file(bytes, "hazel-amd64.idx", |top| {
                if let Ok(index) = ArchiveIndex::open(&top.join("hazel-amd64.idx")) {
                    _ = index.distributions().count();
                    _ = index.packages().count();
                    _ = index.source("a");
                }
            });
        },
        seeds: &[b"PYDEPSIX\x02\0\0\0", b"PYDEPSIX\x02\0\0\0\x0b\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"],
        nests: &["\x01\0\0\0"],
        repeats: &["\0", "\x01\0\0\0\0\0\0\0"],
    },
    Target {
        name: "clauses",
        read: |bytes| {
            for clause in clause::parse(&lossy(bytes)).flatten() {
                _ = clause.reduced("amd64", &["nocheck"]);
            }
            _ = parse_provides(&lossy(bytes));
            _ = clause::profiles_hold(&lossy(bytes), &["nocheck"]);
        },
        seeds: &[b"a (>= 1:1.0~rc1) [linux-any !i386] <!nocheck> <a b>, b | c:any, d (= 1)"],
        nests: &["(", "[", "<", "|", "!"],
        repeats: &[", a{n} (>= 1)", " | b{n}", " <x>", " [a]", "!a "],
    },
    Target {
        name: "versions",
        read: |bytes| versions(&lossy(bytes)),
        seeds: &[b"1:2.0.0~rc1+dfsg-1\n2.0.0rc1\n>=2.0rc1,<3,!=2.1.*\n", b"4.0-1\n4.0\n~=4.0\n"],
        nests: &["~", ".", "+"],
        repeats: &[".0", "~a", ",!=2.{n}", "9", "+x"],
    },
];
