//! dpkg-deb and apt, as they are, on packages and repositories made here.

use std::process::Command;

use pydeps_core::archive::{Archive, MemoryArchive};
use pydeps_core::name::DistName;

use super::*;
use pydeps_host::progress::Silent;

fn suite() -> Suite {
    Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap())
}

struct World(tempfile::TempDir);

impl World {
    fn new() -> Self {
        let world = Self(tempfile::tempdir().unwrap());
        fs_err::create_dir(world.debs()).unwrap();
        world
    }

    fn debs(&self) -> PathBuf {
        self.0.path().join("debs")
    }

    /// Builds `python3-six` in a version, with metadata of the same upstream version.
    fn six(&self, version: &str, architecture: &str) -> PathBuf {
        let upstream = version.split('-').next().unwrap();
        let tree = tempfile::tempdir().unwrap();
        let file = |path: &str, text: &str| {
            let path = tree.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        };
        let control = format!(
            "Package: python3-six\nVersion: {version}\nArchitecture: {architecture}\nSection: python\n\
             Maintainer: Nobody <nobody@example.org>\nDescription: a test\n"
        );
        file("DEBIAN/control", &control);
        let info = format!("usr/lib/python3/dist-packages/six-{upstream}.dist-info");
        file(&format!("{info}/METADATA"), "Name: six\n");
        file(&format!("{info}/RECORD"), "");
        let deb = self
            .debs()
            .join(format!("python3-six_{version}_{architecture}.deb"));
        let mut build = Command::new("dpkg-deb");
        build.args(["--root-owner-group", "-Znone", "--build"]);
        pydeps_host::process::run(build.arg(tree.path()).arg(&deb)).unwrap();
        deb
    }

    fn open(&self, place: &Place) -> Result<MemoryArchive, LocalError> {
        let cache = self.0.path().join("cache");
        super::open(place, &suite(), &cache, &mut Silent).map(|local| local.archive)
    }

    /// `VERSION UPSTREAM`, of each copy.
    fn found(&self, place: &Place) -> Vec<String> {
        let six: DistName = "six".parse().unwrap();
        let found = self.open(place).unwrap().distribution(&six).into_iter();
        found
            .map(|dist| format!("{} {}", dist.package_version, dist.upstream.unwrap()))
            .collect()
    }
}

#[test]
fn the_newest_in_a_directory() {
    let world = World::new();
    let place = Place::Directory(world.debs());
    assert_eq!(world.found(&place), [""; 0]);
    world.six("1.17.0-1", "all");
    world.six("1.9.0-1", "all");
    world.six("1.18.0-1", "arm64");
    assert_eq!(world.found(&place), ["1.17.0-1 1.17.0"]);
}

/// A file that is not there any more when it is asked about was not read again.
#[test]
fn what_has_not_changed_is_not_read_again() {
    let world = World::new();
    let place = Place::Directory(world.debs());
    let deb = world.six("1.17.0-1", "all");
    assert_eq!(world.found(&place), ["1.17.0-1 1.17.0"]);
    let (size, time) = {
        let metadata = fs_err::metadata(&deb).unwrap();
        (metadata.len(), metadata.modified().unwrap())
    };
    fs_err::write(&deb, vec![b'x'; size as usize]).unwrap();
    let file = fs_err::OpenOptions::new().write(true).open(&deb).unwrap();
    file.file().set_modified(time).unwrap();
    assert_eq!(world.found(&place), ["1.17.0-1 1.17.0"]);
    fs_err::write(&deb, "other").unwrap();
    world.open(&place).unwrap_err();
}

#[track_caller]
fn check_error(place: &Place, world: &World, expect: &str) {
    let error = world.open(place).unwrap_err();
    let said = error.to_string().replace(
        &world.0.path().canonicalize().unwrap().display().to_string(),
        "TOP",
    );
    assert!(said.contains(expect), "{said}");
    assert!(
        error.blame() == Blame::Input && error.hint().is_some(),
        "{error:?}"
    );
}

#[test]
fn what_is_no_package_is_named() {
    let world = World::new();
    let place = Place::Directory(world.debs());
    fs_err::write(world.debs().join("a.deb"), "no package").unwrap();
    check_error(
        &place,
        &world,
        "TOP/debs/a.deb: not a Debian package that can be read: dpkg-deb: error:",
    );
    fs_err::remove_file(world.debs().join("a.deb")).unwrap();
    let six = world.six("1.17.0-1", "all");
    let bytes = fs_err::read(&six).unwrap();
    fs_err::write(&six, &bytes[..bytes.len() - 600]).unwrap();
    check_error(&place, &world, "TOP/debs/python3-six_1.17.0-1_all.deb: ");
    check_error(
        &Place::Directory("/nonexistent".into()),
        &world,
        "/nonexistent",
    );
}

/// A flat repository, as `dpkg-scanpackages` makes it: no Release file, no Contents.
#[test]
fn a_repository_by_its_line() {
    let world = World::new();
    let packages = "Package: python3-six\nVersion: 1.18.0-1\nArchitecture: all\nSection: python\nProvides: python3-seven\n";
    fs_err::write(world.debs().join("Packages"), packages).unwrap();
    let line = format!("deb [trusted=yes] file:{} ./", world.debs().display());
    let place: Place = line.parse().unwrap();
    let archive = world.open(&place).unwrap();
    let six = archive.package(&"python3-six".parse().unwrap()).unwrap();
    assert_eq!(six.version, "1.18.0-1");
    let name = format!("file:{}", world.debs().display());
    assert_eq!(six.origin, pydeps_core::archive::Origin::Local(name));
    assert_eq!(
        archive.providers(&"python3-seven".parse().unwrap()).len(),
        1
    );

    fs_err::write(
        world.debs().join("Packages"),
        packages.replace("1.18.0", "1.19.0"),
    )
    .unwrap();
    let six = world.open(&place).unwrap().package(&six.name).unwrap();
    assert_eq!(six.version, "1.19.0-1", "fetched again");

    let missing: Place = format!("deb [trusted=yes] file:{}/none ./", world.debs().display())
        .parse()
        .unwrap();
    let error = world.open(&missing).unwrap_err();
    assert!(matches!(error, LocalError::Fetch { .. }), "{error:?}");
    let unsigned: Place = format!("deb file:{} ./", world.debs().display())
        .parse()
        .unwrap();
    let error = world.open(&unsigned).unwrap_err();
    assert!(error.hint().unwrap().contains("trusted=yes"), "{error:?}");
}

#[track_caller]
fn check_place(text: &str, expect: Option<(&str, &str)>) {
    let place = text.parse::<Place>();
    let kind = |place: &Place| match place {
        Place::Directory(_) => "directory",
        Place::Line(_) => "line",
    };
    let got = place.as_ref().ok().map(|place| (kind(place), place.name()));
    let expect = expect.map(|(kind, name)| (kind, name.to_owned()));
    assert_eq!(got, expect, "{text}");
}

#[test]
fn places() {
    check_place("../result", Some(("directory", "../result")));
    check_place("debs", Some(("directory", "debs")));
    check_place("deb file:/srv/repo ./", Some(("line", "file:/srv/repo")));
    check_place(
        "deb [arch=amd64 trusted=yes] https://me:secret@mirror.example/d trixie main",
        Some(("line", "https://mirror.example/d")),
    );
    check_place("deb https://mirror.example/d", None);
    check_place("deb [trusted=yes file:/srv/repo ./", None);
    check_place("deb file:/a ./\ndeb file:/b ./", None);
    check_place("deb-src file:/srv/repo ./", None);
}
