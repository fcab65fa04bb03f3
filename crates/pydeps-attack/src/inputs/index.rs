//! A package index that nobody should trust.

mod credentials;
mod files;
mod http;
mod metadata;
mod pages;

use crate::input::Input;
use crate::world::World;

pub(super) fn all() -> Vec<Input> {
    [
        http::INPUTS,
        http::REDIRECTS,
        pages::SIZES,
        pages::ADDRESSES,
        pages::FIELDS,
        files::HASHES,
        files::NAMES,
        files::RANGES,
        metadata::IDENTITY,
        metadata::TEXTS,
        metadata::REQUIREMENTS,
        credentials::INPUTS,
    ]
    .concat()
}

/// Resolves `evil` from the index.
fn resolve(world: &mut World) {
    world.run("dh-pydeps resolve evil");
}

/// Makes a source package of `evil` 1.0.
fn generate(world: &mut World) {
    world.run("dh-pydeps generate evil==1.0");
}
