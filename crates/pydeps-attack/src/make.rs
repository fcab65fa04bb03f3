//! Archives, releases, pages, ELF files and packages, right or wrong as one likes.

pub mod deb;
pub mod elf;
pub mod release;
pub mod repository;
pub mod tar;
pub mod zip;

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use sha2::{Digest, Sha256};

/// Bytes in gzip's format.
pub fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory is writable");
    encoder.finish().expect("memory is writable")
}

/// `times` times the same bytes in gzip's format, a member for each.
pub fn gz_repeated(bytes: &[u8], times: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory is writable");
    encoder.finish().expect("memory is writable").repeat(times)
}

/// `total` bytes in gzip's format, one member: the same bytes over and over.
pub fn gz_bomb(begin: &[u8], unit: &[u8], total: u64) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(begin).expect("memory is writable");
    repeat(&mut encoder, unit, total);
    encoder.finish().expect("memory is writable")
}

/// The same in the format of a zip's member is deflate; this is zlib's.
pub fn zlib_bomb(unit: &[u8], total: u64) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    repeat(&mut encoder, unit, total);
    encoder.finish().expect("memory is writable")
}

pub(crate) fn repeat(to: &mut impl std::io::Write, unit: &[u8], total: u64) {
    let block = unit.repeat((1 << 20) / unit.len() + 1);
    let mut left = total;
    while left > 0 {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        to.write_all(&block[..count]).expect("memory is writable");
        left -= count as u64;
    }
}

/// Bytes through a program of this machine that compresses: `xz`, `zstd`, `bzip2`.
pub fn through(program: &str, arguments: &[&str], bytes: Vec<u8>) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a program that compresses");
    let mut stdin = child.stdin.take().expect("it is piped");
    let writer = std::thread::spawn(move || _ = stdin.write_all(&bytes));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("no panic");
    output.stdout
}

/// A SHA-256 in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}
