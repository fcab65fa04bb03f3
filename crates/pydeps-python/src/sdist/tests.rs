use std::io::{Cursor, Read, Write};

use bzip2::Compression;
use flate2::read::MultiGzDecoder;
use proptest::prelude::*;
use pydeps_testkit::{Dist, TestSdist};

use super::*;

const ORIGIN: &str = "https://index.example/a-1.0.tar.gz";

fn metadata_of(dist: &Dist) -> Result<Metadata, ReadError> {
    let texts = read(Cursor::new(&dist.bytes), &dist.filename, ORIGIN)?;
    metadata(
        &texts,
        &"a".parse().unwrap(),
        &"1.0".parse().unwrap(),
        ORIGIN,
    )
}

/// `expect` is the source and the requirements, or a part of the error.
#[track_caller]
fn check(sdist: TestSdist, expect: &str) {
    let got = match metadata_of(&sdist.build()) {
        Ok(m) => {
            let requires: Vec<_> = m.requires_dist.iter().map(ToString::to_string).collect();
            format!("{:?}: {}", m.source, requires.join(", "))
        }
        Err(error) => error.to_string(),
    };
    assert!(got.contains(expect), "{got}");
}

fn sdist() -> TestSdist {
    TestSdist::new("a", "1.0")
}

#[test]
fn static_pkg_info_comes_first() {
    let project = b"[project]\nname='a'\nversion='1.0'\ndependencies=['other']\n";
    let new = || {
        sdist()
            .metadata_version("2.2")
            .file("pyproject.toml", project)
    };
    check(new().requires("b>=1"), "SdistStatic: b>=1");
    check(new(), "SdistStatic: ");
    check(
        new().header("Dynamic", "requires-dist").requires("b"),
        "Pyproject: other",
    );
    check(
        new().header("Dynamic", "Version").requires("b"),
        "SdistStatic: b",
    );
    check(
        new().metadata_version("2.10").requires("b").zip(),
        "SdistStatic: b",
    );
}

#[test]
fn a_project_table_with_static_requirements() {
    let with = |text: &str| sdist().file("pyproject.toml", text.as_bytes());
    check(
        with(
            "[project]\nname='a'\ndynamic=['version']\ndependencies=['b']\n[project.optional-dependencies]\nx=['c']\n",
        ),
        "Pyproject: b, c ; extra == 'x'",
    );
    check(
        with("[project]\nname='a'\nversion='1.0'\n").without_pkg_info(),
        "Pyproject: ",
    );
    check(
        with("[project]\nname='a'\ndynamic=['dependencies']\n"),
        "requirements are dynamic",
    );
    check(
        with("[project]\nname='a'\ndynamic=['optional-dependencies']\n"),
        "requirements are dynamic",
    );
    check(
        with("[build-system]\nrequires=['setuptools']\n"),
        "requirements are dynamic",
    );
    check(with("not toml ["), "requirements are dynamic");
}

#[test]
fn what_a_build_left_behind_is_a_guess() {
    let requires = b"b>=1\n\n[x]\nc\n\n[:os_name == 'nt']\nd\n[x:python_version<'3.9']\ne\n";
    let expect = "SdistGuess: b>=1, c ; extra == 'x', d ; os_name == 'nt', \
        e ; python_version < '3.9' and extra == 'x'";
    check(sdist().file("a.egg-info/requires.txt", requires), expect);
    check(
        sdist().file("src/a.egg-info/requires.txt", requires).zip(),
        expect,
    );
    check(
        sdist().file("x/y/a.egg-info/requires.txt", requires),
        "requirements are dynamic",
    );
    check(sdist().requires("b"), "SdistGuess: b");
    check(
        sdist().file("a.egg-info/SOURCES.txt", b"setup.py\n"),
        "SdistGuess: ",
    );
    let both = sdist().file("a.egg-info/SOURCES.txt", b"");
    check(both.file("a.egg-info/requires.txt", b"c"), "SdistGuess: c");
    check(sdist(), "requirements are dynamic");
    let guessed = metadata_of(&sdist().requires("b").build()).unwrap();
    assert_eq!(guessed.findings[0].code, "requirements-guessed");
}

#[test]
fn sections_that_cannot_be_read_are_left_out() {
    let requires = parse_requires_txt("a\n[b c]\nd\n[:os_name ~= '1']\ne\n[f]\ng\n", "r");
    let listed: Vec<_> = requires
        .requires_dist
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(listed, ["a", "g ; extra == 'f'"]);
    let origins: Vec<_> = requires
        .findings
        .iter()
        .map(|f| f.origin.as_deref().unwrap())
        .collect();
    assert_eq!(origins, ["r: requires.txt:2", "r: requires.txt:4"]);
}

/// The same sdist with another compression, by the ends of both names.
fn repacked(dist: &Dist, end: &str) -> Dist {
    let mut tar = Vec::new();
    MultiGzDecoder::new(dist.bytes.as_slice())
        .read_to_end(&mut tar)
        .unwrap();
    let bytes = match end {
        ".tar" => tar,
        ".tar.bz2" | ".tbz" => {
            let mut packed = bzip2::write::BzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(&tar).unwrap();
            packed.finish().unwrap()
        }
        _ => {
            let options = lzma_rust2::XzOptions::with_preset(1);
            let mut packed = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
            packed.write_all(&tar).unwrap();
            packed.finish().unwrap()
        }
    };
    let filename = dist.filename.replace(".tar.gz", end);
    Dist {
        filename,
        bytes,
        ..dist.clone()
    }
}

#[test]
fn every_compression() {
    let dist = sdist().metadata_version("2.2").requires("b>=1").build();
    for end in [".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz"] {
        let repacked = repacked(&dist, end);
        let metadata = metadata_of(&repacked).unwrap();
        assert_eq!(metadata.requires_dist[0].to_string(), "b>=1", "{end}");
        let mut cut = repacked;
        cut.bytes.truncate(30);
        assert!(metadata_of(&cut).is_err(), "{end}");
    }
}

#[test]
fn poetrys_table_is_static() {
    let poetry = "[tool.poetry]\nname = 'a'\nversion = '1.0'\n[tool.poetry.dependencies]\n";
    let with = |line: &str| {
        let text = format!("{poetry}b = {line}\n");
        sdist()
            .requires("c")
            .file("pyproject.toml", text.as_bytes())
    };
    check(with("'^1'"), "Pyproject: b>=1,<2");
    check(with("'newest'"), "SdistGuess: c");
}

#[test]
fn archives_are_not_trusted() {
    let good = sdist().metadata_version("2.2").build();
    let mut cut = good.clone();
    cut.bytes.truncate(cut.bytes.len() / 2);
    assert!(matches!(
        metadata_of(&cut),
        Err(ReadError::BadArchive { .. })
    ));
    let mut unknown = good;
    unknown.filename = "a-1.0.tar.Z".to_owned();
    assert!(matches!(
        metadata_of(&unknown),
        Err(ReadError::BadArchive { .. })
    ));
    let huge = vec![b' '; 9 * 1024 * 1024];
    let bomb = sdist().file("pyproject.toml", &huge);
    check(bomb.clone(), "larger than");
    check(bomb.zip(), "larger than");
}

proptest! {
    #[test]
    fn total(bytes in proptest::collection::vec(any::<u8>(), 0..200), at: prop::sample::Index) {
        for name in ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2", "a.tar.xz"] {
            let _ = read(Cursor::new(&bytes), name, "x");
        }
        let mut good = sdist().zip().build().bytes;
        let at = at.index(good.len());
        good[at] ^= 0x41;
        let _ = read(Cursor::new(&good), "a.zip", "x");
        let _ = parse_requires_txt(&String::from_utf8_lossy(&bytes), "x");
    }
}
