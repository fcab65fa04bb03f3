//! The tree of a binary package that a wheel was unpacked into, and what the debhelper commands
//! keep beside it.

mod binaries;
mod debian;
mod held;
mod links;
mod wheels;

use sha2::{Digest, Sha256};

use crate::input::Input;
use crate::make::elf::Elf;
use crate::world::World;

pub(super) fn all() -> Vec<Input> {
    [
        binaries::HEADERS,
        binaries::NAMES,
        links::INPUTS,
        wheels::LISTS,
        wheels::METADATA,
        held::RECORDS,
        held::PLACES,
        debian::FILES,
        debian::CONFIGURATION,
    ]
    .concat()
}

/// Where modules are in the package.
const SITE: &str = "debian/demo/usr/lib/python3/dist-packages";
/// The module that the wheel has brought.
const MODULE: &str = "evil/evil.cpython-313-x86_64-linux-gnu.so";
/// What `dh_pyelf_scan` writes.
const RECORD: &str = "debian/.debhelper/generated/demo/pyelf/record.json";
/// Where files are held.
const HELD: &str = "debian/.debhelper/generated/demo/pyelf/held";

const CONTROL: &str = "Source: demo\nSection: python\nMaintainer: A <a@example.org>\n\
    Build-Depends: debhelper-compat (= 13)\n\nPackage: demo\nArchitecture: amd64\n\
    Depends: ${pydeps:Depends}, ${python3:Depends}, ${shlibs:Depends}\nDescription: a\n b\n";

/// A source package with a wheel whose module is these bytes; the commands that scan, hold and
/// restore can be run on it.
fn package(world: &mut World, module: &[u8]) {
    world.set("DEB_HOST_ARCH", "amd64");
    world.file("debian/control", CONTROL);
    world.file("debian/changelog", "demo (1-1) hazel; urgency=medium\n\n  * x\n\n -- A <a@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n");
    let wheel =
        "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-manylinux_2_17_x86_64\n";
    file(world, "evil-1.0.dist-info/WHEEL", wheel);
    file(
        world,
        "evil-1.0.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
    );
    file(world, "evil/__init__.py", "");
    file(world, MODULE, module);
    let record = format!("{}evil-1.0.dist-info/RECORD,,\n", line(MODULE, module));
    file(world, "evil-1.0.dist-info/RECORD", record);
}

/// A file of the wheel.
fn file(world: &World, path: &str, bytes: impl AsRef<[u8]>) {
    world.file(&format!("{SITE}/{path}"), bytes);
}

/// A line of RECORD.
fn line(path: &str, bytes: &[u8]) -> String {
    format!(
        "{path},sha256={},{}\n",
        base64(&Sha256::digest(bytes)),
        bytes.len()
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=chunk.len() {
            let value = (word >> (18 - 6 * digit)) & 63;
            text.push(char::from(DIGITS[value as usize]));
        }
    }
    text
}

/// A module that needs nothing.
fn module() -> Vec<u8> {
    let elf = Elf {
        needed: Vec::new(),
        ..Elf::default()
    };
    elf.bytes()
}

/// All commands, in debhelper's order.
fn build(world: &mut World) {
    for command in [
        "dh_pydeps",
        "dh_pyelf_scan",
        "dh_pyelf_hold",
        "dh_pyelf_restore",
        "dh_pyelf_check",
    ] {
        world.run(command);
        let failed = world
            .runs
            .last()
            .is_some_and(|run| run.outcome.status != Some(0));
        if failed {
            return;
        }
    }
}

/// A package with a module of these bytes goes through all commands.
fn with_module(world: &mut World, bytes: &[u8]) {
    package(world, bytes);
    build(world);
}

/// The hexadecimal digits of a SHA-256.
fn hex(bytes: &[u8]) -> String {
    crate::make::sha256(bytes)
}
