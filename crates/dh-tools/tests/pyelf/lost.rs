//! What foreign files need of the system reaches a field of debian/control, or the build fails.

use crate::world::World;

/// A package with a program that came ready-made and needs the C library, held.
fn held(depends: &str) -> World {
    let world = World::new();
    let control = world.read("debian/control") + depends;
    world.write("debian/control", &control);
    let program = fs_err::read("/bin/true").unwrap();
    fs_err::write(world.path("usr/lib/app/true"), program).unwrap();
    world.config("foreign usr/lib/app/true");
    world.run("scan", &[]);
    world.run("hold", &[]);
    world
}

#[test]
fn an_unused_variable() {
    let world = held("Depends: ${shlibs:Depends}\n");
    let (code, said) = world.try_run("restore", &[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("nothing in debian/control uses ${pydeps:Depends}"),
        "{said}"
    );
    assert!(said.contains("libc6"), "{said}");
    // The files are back, and what they need is in the substvars all the same.
    assert!(
        world
            .read("debian/app.substvars")
            .contains("pydeps:Depends")
    );
    assert!(world.path("usr/lib/app/true").is_file());
}

#[test]
fn a_variable_that_is_used() {
    let world = held("Depends: ${pydeps:Depends}\n");
    world.run("restore", &[]);
    assert!(world.read("debian/app.substvars").contains("libc6"));
}
