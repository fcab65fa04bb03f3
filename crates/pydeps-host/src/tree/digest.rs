//! SHA-256 of files. A core's unit for it waits for its own results longer than it computes:
//! two files whose blocks take turns are done in less time than one after the other.

use std::path::Path;
use std::slice::from_ref;

use memmap2::{Mmap, MmapOptions};
use sha2::digest::core_api::{Block, CoreProxy, UpdateCore};
use sha2::{Digest, Sha256};

use super::{TreeError, map, read};

type Core = <Sha256 as CoreProxy>::Core;

/// Bytes of a block (FIPS 180-4, 1).
const BLOCK: usize = 64;

/// The SHA-256 of a file, in hexadecimal digits.
pub fn sha256(path: &Path) -> Result<String, TreeError> {
    Ok(hexadecimal(Sha256::digest(&open(path)?)))
}

/// The same of two files.
pub(super) fn pair(one: &Path, other: &Path) -> Result<[String; 2], TreeError> {
    Ok(together(&open(one)?, &open(other)?))
}

/// What the digest of two values is; they take turns as long as both have blocks.
fn together(one: &[u8], other: &[u8]) -> [String; 2] {
    let (mut first, mut second) = (Core::default(), Core::default());
    let both = one.len().min(other.len()) / BLOCK * BLOCK;
    let blocks = one[..both].chunks_exact(BLOCK);
    for (a, b) in blocks.zip(other[..both].chunks_exact(BLOCK)) {
        first.update_blocks(from_ref(Block::<Core>::from_slice(a)));
        second.update_blocks(from_ref(Block::<Core>::from_slice(b)));
    }
    [finish(first, &one[both..]), finish(second, &other[both..])]
}

fn finish(core: Core, rest: &[u8]) -> String {
    hexadecimal(Sha256::from_core(core).chain_update(rest).finalize())
}

fn hexadecimal(digest: impl AsRef<[u8]>) -> String {
    let bytes = digest.as_ref().iter();
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// Maps a file and brings it in before it is read: no page is waited for, none is copied.
fn open(path: &Path) -> Result<Mmap, TreeError> {
    let open = || map(MmapOptions::new().populate(), &fs_err::File::open(path)?);
    open().map_err(|error| read(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_take_turns_and_neither_notices() {
        let bytes: Vec<u8> = (0..300_u32).map(|at| (at * 7 % 251) as u8).collect();
        let lengths = [0, 1, 55, 56, 63, 64, 65, 127, 128, 129, 192, 300];
        for one in lengths {
            for other in lengths {
                let values = [&bytes[..one], &bytes[bytes.len() - other..]];
                let expect = values.map(|value| hexadecimal(Sha256::digest(value)));
                assert_eq!(together(values[0], values[1]), expect, "{one}, {other}");
            }
        }
    }
}
