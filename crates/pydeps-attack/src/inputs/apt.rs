//! What comes by apt or from a builder: lists, packages, results, logs.

mod archive;
mod debs;
mod logs;
mod results;

use crate::input::Input;
use crate::make::release::Release;
use crate::world::World;

pub(super) fn all() -> Vec<Input> {
    [
        archive::PACKAGES,
        archive::CONTENTS,
        archive::RELEASE,
        archive::OPTIONS,
        debs::INPUTS,
        debs::PLACES,
        results::FILES,
        results::PROCESSES,
        logs::INPUTS,
    ]
    .concat()
}

/// Builds what is in the area.
const BUILD: &str = "dh-pydeps build --mirror http://debian.example.org/debian";

/// Makes a source package of `evil`, and builds it by a script in the place of sbuild. Where
/// the script ends, nothing more is done; a chroot is made as it should be.
fn build(world: &mut World, script: &str) {
    world.serve(|_| Release::evil("").site(|_| ()));
    world.run("dh-pydeps generate evil==1.0");
    let chroot = crate::record::GOOD
        .split_once("fi\n")
        .map_or("", |(chroot, _)| chroot);
    world.builder(&format!("{chroot}fi\n{script}"));
    world.begin();
    world.run(BUILD);
}

/// The same by a builder that does its work, with this script behind it.
fn build_and(world: &mut World, script: &str) {
    world.serve(|_| Release::evil("").site(|_| ()));
    world.run("dh-pydeps generate evil==1.0");
    world.builder(&format!("{}{script}", crate::record::GOOD));
    world.begin();
    world.run(BUILD);
}
