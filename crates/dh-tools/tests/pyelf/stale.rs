//! `dh_pydeps --check`: what the substvars have is compared with what the built tree needs.

use crate::world::World;

const SUBSTVARS: &str = "debian/app.substvars";
const METADATA: &str = "usr/lib/python3/dist-packages/toy-1.0.dist-info/METADATA";
/// A system that has one distribution, and Python.
const SYSTEM: [(&str, &str); 4] = [
    (
        "usr/share/python3/debian_defaults",
        "[DEFAULT]\ndefault-version = python3.13\nsupported-versions = python3.13\n",
    ),
    (
        "usr/lib/python3/dist-packages/idna-3.10.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: idna\nVersion: 3.10\n",
    ),
    (
        "var/lib/dpkg/info/python3-idna.list",
        "/.\n/usr/lib/python3/dist-packages/idna-3.10.dist-info\n",
    ),
    (
        "var/lib/dpkg/status",
        "Package: python3\nStatus: install ok installed\nVersion: 3.13.5-1\n\n\
         Package: python3-idna\nStatus: install ok installed\nVersion: 3.10-1\n\n",
    ),
];

/// A package with a distribution that requires another one, after dh_pydeps.
fn built() -> World {
    let mut world = World::new();
    for (path, text) in SYSTEM {
        world.write(&format!("system/{path}"), text);
    }
    world.system = Some(world.top().join("system"));
    let control = world.read("debian/control") + "Depends: ${pydeps:Depends}\n";
    world.write("debian/control", &control);
    metadata(&world, "Requires-Dist: idna>=3\n");
    world.run("pydeps", &[]);
    world
}

fn metadata(world: &World, requires: &str) {
    let text = format!("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n{requires}");
    world.write(&format!("debian/app/{METADATA}"), &text);
}

#[track_caller]
fn check(world: &World, expect: &[&str]) {
    let before = world.everything();
    let (code, said) = world.try_run("pydeps", &["--check"]);
    assert_eq!(world.everything(), before);
    assert_eq!(code, Some(i32::from(!expect.is_empty())), "{said}");
    let errors = said
        .lines()
        .filter_map(|l| l.strip_prefix("dh_pydeps: error: "));
    assert_eq!(errors.collect::<Vec<_>>(), expect);
    assert_eq!(
        said.matches("dh_pydeps: hint: ").count(),
        expect.len(),
        "{said}"
    );
}

#[test]
fn what_is_as_it_should_be() {
    let world = built();
    assert!(
        world
            .read(SUBSTVARS)
            .contains("pydeps:Depends=python3-idna (>= 3.0)")
    );
    check(&world, &[]);
}

#[test]
fn relations_that_nothing_asks_for_any_more() {
    let world = built();
    metadata(&world, "");
    let stale = "app: ${pydeps:Depends} has `python3-idna (>= 3.0)`, \
                 which nothing in the package asks for";
    check(&world, &[stale]);
    metadata(&world, "Requires-Dist: idna\n");
    check(
        &world,
        &["app: ${pydeps:Depends} lacks `python3-idna`", stale],
    );
}

#[test]
fn other_variables_are_not_looked_at() {
    let world = built();
    let text = world.read(SUBSTVARS);
    world.write(SUBSTVARS, &format!("{text}misc:Depends=x\npydeps:Foo=y\n"));
    check(&world, &[]);
}

#[test]
fn what_foreign_files_need_is_known() {
    let world = built();
    let text = world.read(SUBSTVARS);
    world.write(
        SUBSTVARS,
        &text.replace("python3-idna", "libc6 (>= 2.34), python3-idna"),
    );
    let stale = "app: ${pydeps:Depends} has `libc6 (>= 2.34)`, \
                 which nothing in the package asks for";
    check(&world, &[stale]);
    let record = r#"{"version": 1, "files": [], "needs": ["libc6 (>= 2.34)"]}"#;
    world.write("debian/.debhelper/generated/app/pyelf/record.json", record);
    check(&world, &[]);
}

#[test]
fn another_version_than_the_locked_one() {
    let world = built();
    world.write("debian/pydeps.lock", LOCK);
    check(
        &world,
        &["app: usr/lib/python3/dist-packages/toy-1.0.dist-info: \
           toy 1.0 was built, and 0.9 is locked"],
    );
}

const LOCK: &str = "\
version = 1
suite = \"trixie\"
architecture = \"amd64\"
python = \"3.13\"
archive-date = \"2026-01-01T00:00:00Z\"
minimality = \"proven\"

[asked]
what = [\"toy\"]

[[distribution]]
name = \"toy\"
version = \"0.9\"
verdict = \"missing\"
action = \"generate\"
origin = \"index\"
";
