use jiff::Timestamp;

use super::*;
use crate::archive::{ArchivePackage, MemoryArchive, PackageDetails, Provenance, Suite};

const DIST_PACKAGES: &str = "usr/lib/python3/dist-packages";

fn suite() -> Suite {
    Suite {
        codename: "trixie".parse().unwrap(),
        alias: Some("stable".to_owned()),
        architecture: "amd64".parse().unwrap(),
        python: "3.13".parse().unwrap(),
        supported: vec!["3.13".parse().unwrap()],
        date: Timestamp::UNIX_EPOCH,
        provenance: Provenance::Memory,
    }
}

/// `name upstream package package_version [class]`
fn dist(row: &str) -> ArchiveDist {
    let words: Vec<&str> = row.split(' ').collect();
    let class = match words.get(4) {
        Some(&"private") => PathClass::Private,
        _ => PathClass::Public,
    };
    let directory = match class {
        PathClass::Private => "usr/share/app",
        _ => DIST_PACKAGES,
    };
    ArchiveDist {
        name: words[0].parse().unwrap(),
        upstream: (words[1] != "-").then(|| words[1].to_owned()),
        package: words[2].parse().unwrap(),
        package_version: words[3].to_owned(),
        described_version: words.get(5).unwrap_or(&words[3]).to_string(),
        section: "python".to_owned(),
        path: format!("{directory}/{}-{}.dist-info", words[0], words[1]),
        class,
        origin: Origin::Suite,
    }
}

/// `package version provides`
fn package(row: &str) -> ArchivePackage {
    let words: Vec<&str> = row.split(' ').collect();
    ArchivePackage {
        name: words[0].parse().unwrap(),
        version: words[1].to_owned(),
        section: "python".to_owned(),
        origin: Origin::Suite,
        details: Some(PackageDetails {
            provides: words.get(2).copied().unwrap_or_default().to_owned(),
            ..PackageDetails::default()
        }),
    }
}

const DISTS: [&str; 9] = [
    "requests 2.32.3 python3-requests 2.32.3+dfsg-5",
    "click 8.1.8 python3-click 8.1.8-1",
    "click 0.5.2 python3-a-click-package 0.5.2-1",
    "thefuck 3.32 thefuck 3.32-1 private",
    "psycopg2 2.9.10 python3-psycopg2 2.9.10-1+b1",
    "zeroes 0.0.0 python3-zeroes 1:2.5~rc1-1",
    "nonsense py3 python3-nonsense 1.2-1",
    "none - python3-none 1.3-1",
    "lags 1.2 python3-lags 1.3-1 public 1.2-5",
];

const PACKAGES: [&str; 6] = [
    "python3-requests 2.32.3+dfsg-5",
    "python3-psycopg2 2.9.10-1+b1",
    "tzdata 2026c-0+deb13u1",
    "python3-guess 1.4-1",
    "python3-real 1.6-1 python3-virtual",
    "python3-z3 4.13.3-1",
];

fn answer(name: &str, overrides: &str) -> Answer {
    let archive = MemoryArchive::new(suite(), DISTS.map(dist), PACKAGES.map(package));
    let (overrides, _) = Overrides::parse(overrides, "debian/py3dist-overrides").unwrap();
    let unstable =
        |name: &DistName| (name.to_string() == "new").then(|| "python3-new".parse().unwrap());
    let tables = Tables {
        archive: &archive,
        overrides: Some((&overrides, "debian/py3dist-overrides")),
        installed: None,
        aliases: &Aliases::built_in(),
        unstable: &unstable,
        by_unstable_name: false,
    };
    map(&name.parse().unwrap(), &tables)
}

/// Package, upstream version and the kind of evidence, or why there is none.
fn line(answer: Answer) -> String {
    match answer {
        Answer::Ignored(evidence) => format!("ignored: {}", evidence.describe()),
        Answer::Missing { unstable, .. } => match unstable {
            Some(package) => format!("missing, in unstable as {package}"),
            None => "missing".to_owned(),
        },
        Answer::Mapped(mapping) => {
            let upstream = mapping.upstream.map_or("any".to_owned(), |v| v.to_string());
            let codes: Vec<String> = mapping.findings.into_iter().map(|f| f.code).collect();
            let package = mapping.dependency.unwrap_or(mapping.package.to_string());
            let line = format!("{package} {upstream} {}", codes.join(" "));
            line.trim_end().to_owned()
        }
    }
}

#[track_caller]
fn check(name: &str, expect: &str) {
    assert_eq!(line(answer(name, "")), expect);
}

#[test]
fn archive() {
    check("requests", "python3-requests 2.32.3");
    check("click", "python3-click 8.1.8 ambiguous");
    check("thefuck", "thefuck 3.32 private-copy");
}

#[test]
fn versions_that_metadata_does_not_tell() {
    check("zeroes", "python3-zeroes 2.5rc1 version-read-back");
    check("nonsense", "python3-nonsense 1.2 version-read-back");
    check("none", "python3-none 1.3 version-read-back");
    check("lags", "python3-lags 1.3 version-read-back");
}

#[test]
fn aliases() {
    check("psycopg2-binary", "python3-psycopg2 2.9.10");
    check("tzdata", "tzdata any");
    check("z3-solver", "python3-z3 4.13.3");
    check("opencv-python", "missing");
    check("pycryptodome", "missing");
}

#[test]
fn provides_guesses_and_what_is_missing() {
    check("virtual", "python3-real 1.6");
    check("guess", "python3-guess 1.4 guess");
    check("new", "missing, in unstable as python3-new");
    check("nowhere", "missing");
}

#[track_caller]
fn check_override(line_text: &str, expect: &str) {
    assert_eq!(line(answer("requests", line_text)), expect, "{line_text}");
}

#[test]
fn overrides() {
    check_override("requests python3-z3", "python3-z3 4.13.3");
    check_override(
        "requests python3-requests (>= 2)",
        "python3-requests (>= 2) 2.32.3",
    );
    check_override("requests nosuch", "nosuch any override-not-in-archive");
    check_override(
        "requests",
        "ignored: override at debian/py3dist-overrides:1",
    );
    check_override("requests 2.7-3.12 nosuch", "python3-requests 2.32.3");
}

#[test]
fn a_look_alike_is_told() {
    let Answer::Missing { findings, .. } = answer("pycryptodome", "") else {
        panic!("mapped");
    };
    assert!(findings[0].message.contains("Cryptodome"));
}
