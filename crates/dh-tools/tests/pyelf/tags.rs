//! What the names of extension modules say of Python reaches `${pydeps:Depends}`, and what the
//! build's Python cannot load does not get through.

use crate::world::{LIBRARY, World, elf};

const MODULE: &str = "usr/lib/ujtool/ujson.cpython-311-x86_64-linux-gnu.so";
const PUBLIC: &str = "usr/lib/python3/dist-packages/ujson.cpython-311-x86_64-linux-gnu.so";
const RENAMED: &str = "usr/lib/app/six.libs/libx-0123abcd.cpython-311-x86_64-linux-gnu.so";

/// A package with these files and `${pydeps:Depends}`, on a system with this Python.
pub(crate) fn world(python: Option<&str>, files: &[&str]) -> World {
    let mut world = World::new();
    let defaults = python.map(|python| {
        format!("[DEFAULT]\ndefault-version = {python}\nsupported-versions = {python}\n")
    });
    if let Some(defaults) = defaults {
        world.write("system/usr/share/python3/debian_defaults", &defaults);
    }
    let status = "Package: libc6\nStatus: install ok installed\nVersion: 2.41-1\n\n";
    world.write("system/var/lib/dpkg/status", status);
    world.system = Some(world.top().join("system"));
    let control = world.read("debian/control") + "Depends: ${pydeps:Depends}\n";
    world.write("debian/control", &control);
    for path in files {
        let path = world.path(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, elf(183)).unwrap();
    }
    world
}

/// What `dh_pydeps` makes of it, and that it says the same a second time.
#[track_caller]
fn check(world: &World, expect: &str) {
    world.run("pydeps", &[]);
    let text = world.read("debian/app.substvars");
    let mut lines = text.lines();
    let found = lines.find_map(|l| l.strip_prefix("pydeps:Depends="));
    assert_eq!(found.unwrap_or_default(), expect);
    world.run("pydeps", &["--check"]);
}

const BOUNDS: &str = "python3 (<< 3.12), python3 (>= 3.11~)";

#[test]
fn modules_outside_of_public_directories() {
    check(&world(Some("python3.11"), &[MODULE]), BOUNDS);
    check(&world(None, &[MODULE]), BOUNDS);
    check(&world(Some("python3.11"), &[PUBLIC]), "");
    check(&world(Some("python3.13"), &[PUBLIC]), "");
    let other = MODULE.replace("311", "313");
    let both = world(Some("python3.11"), &[MODULE, &other]);
    check(&both, "python3 (<< 3.14), python3 (>= 3.11~)");
}

#[test]
fn a_declared_tree() {
    let world = world(Some("python3.11"), &[MODULE]);
    world.config("tree usr/lib/ujtool");
    check(&world, BOUNDS);
}

#[test]
fn held_modules() {
    let world = world(Some("python3.11"), &[MODULE]);
    world.config("foreign usr/lib/ujtool");
    world.run("scan", &[]);
    world.run("hold", &[]);
    check(&world, BOUNDS);
}

#[test]
fn modules_for_another_python() {
    let world = world(Some("python3.13"), &[MODULE]);
    let (code, said) = world.try_run("pydeps", &[]);
    assert_eq!(code, Some(0), "{said}");
    let warning = format!(
        "warning: app: {MODULE}: it can be loaded by CPython 3.11 only, and this system has 3.13\n"
    );
    assert!(said.contains(&warning), "{said}");
    assert!(said.contains("(cp313)"), "{said}");
    let option = "-X.cpython-311-x86_64-linux-gnu";
    assert!(said.contains(option), "{said}");
    world.run("pydeps", &[option]);
}

/// It puts the tag of the default Python into the names of libraries; they get their own back.
#[test]
fn libraries_that_dh_python3_has_renamed() {
    let world = world(Some("python3.11"), &[]);
    world.run("scan", &[]);
    world.rename(LIBRARY, RENAMED);
    check(&world, "");
    world.rename(RENAMED, LIBRARY);
    check(&world, "");
}

/// dh_python3 removes WHEEL.
#[test]
fn a_wheel_for_the_stable_abi() {
    let directory = "debian/app/usr/lib/ujtool/toy-1.0.dist-info";
    let world = world(Some("python3.11"), &["usr/lib/ujtool/toy.abi3.so"]);
    let wheel = format!("{directory}/WHEEL");
    world.write(&wheel, "Tag: cp39-abi3-manylinux_2_28_x86_64\n");
    let metadata = "Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n";
    world.write(&format!("{directory}/METADATA"), metadata);
    world.run("scan", &[]);
    world.remove("usr/lib/ujtool/toy-1.0.dist-info/WHEEL");
    check(&world, "python3 (>= 3.9~)");
    world.run("scan", &[]);
    check(&world, "python3 (>= 3.9~)");
}
