//! What a checkout or a build area carries: locks, decisions, changelogs, bookkeeping; and what
//! lies in the user's own directories.

mod area;
mod caches;
mod decisions;
mod given;
mod lock;
mod names;

use crate::input::Input;
use crate::make::release::Release;
use crate::world::World;

pub(super) fn all() -> Vec<Input> {
    [
        lock::VALUES,
        lock::FILES,
        lock::TEXTS,
        decisions::INPUTS,
        area::LINKS,
        area::PERSONS,
        area::BOOKKEEPING,
        area::SOURCES,
        names::INPUTS,
        caches::INPUTS,
        given::PROJECTS,
        given::REQUIREMENTS,
    ]
    .concat()
}

/// Builds what is in the area.
const BUILD: &str = "dh-pydeps build --mirror http://debian.example.org/debian";

/// A session that has resolved `evil`, which is to be generated.
fn session(world: &mut World) {
    world.serve(|_| Release::evil("Requires-Dist: six\n").site(|_| ()));
    world.run("dh-pydeps resolve evil");
}

/// The same with a source package in the build area.
fn generated(world: &mut World) {
    session(world);
    world.run("dh-pydeps generate");
}

/// The same with the packages built.
fn built(world: &mut World) {
    generated(world);
    world.run(BUILD);
}

/// Changes a text in a file that a program has written.
fn edit(world: &mut World, path: &str, from: &str, to: &str) {
    let text = world.text(path);
    world.demand(
        text.contains(from),
        &format!("the input is stale: no `{from}` in {path}"),
    );
    world.file(path, text.replace(from, to));
    world.begin();
}
