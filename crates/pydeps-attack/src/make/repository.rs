//! A Debian repository of one suite, whose lists fit its Release file, whatever they say.

use std::fmt::Write as _;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{hex, sha256};
use crate::suite;
use crate::world::World;

/// What a repository has; the files are written as they are.
#[derive(Clone, Debug)]
pub struct Hostile {
    /// Its name, by which it is asked for.
    pub suite: String,
    /// `main/binary-amd64/Packages`.
    pub packages: Vec<u8>,
    /// `main/Contents-amd64`.
    pub contents: Vec<u8>,
    /// The extension of that: `.gz`, or nothing.
    pub packed: &'static str,
    /// `main/source/Sources`.
    pub sources: Vec<u8>,
    /// Further fields of Release, each with its end of line.
    pub fields: String,
    /// The codename that Release says; the name without.
    pub codename: Option<String>,
    /// The date of Release; today's without.
    pub date: Option<String>,
    /// Further lines of checksums.
    pub checksums: String,
}

impl Default for Hostile {
    fn default() -> Self {
        Self {
            suite: suite::SUITE.to_owned(),
            packages: stanza("python3", "3.13.5-1", ""),
            contents: b"usr/bin/python3 python/python3\n".to_vec(),
            packed: "",
            sources: Vec::new(),
            fields: String::new(),
            codename: None,
            date: None,
            checksums: String::new(),
        }
    }
}

/// A stanza of Packages, with its empty line.
pub fn stanza(name: &str, version: &str, fields: &str) -> Vec<u8> {
    format!("Package: {name}\nVersion: {version}\nArchitecture: amd64\nSection: python\n{fields}\n")
        .into()
}

impl Hostile {
    /// The same with these stanzas behind Python's.
    #[must_use]
    pub fn with_packages(mut self, stanzas: &[u8]) -> Self {
        self.packages.extend_from_slice(stanzas);
        self
    }

    /// The same with these lines of Contents.
    #[must_use]
    pub fn with_contents(mut self, lines: impl AsRef<[u8]>) -> Self {
        self.contents.extend_from_slice(lines.as_ref());
        self
    }

    /// Writes it to `TOP/debian`, beside updates that have nothing.
    pub fn write(&self, world: &World<'_>) {
        let contents = format!("main/Contents-amd64{}", self.packed);
        let files: Vec<(&str, &[u8])> = vec![
            ("main/binary-amd64/Packages", &self.packages),
            (&contents, &self.contents),
            ("main/source/Sources", &self.sources),
        ];
        self.release(world, &self.suite, &files);
        let nothing = stanza("nothing-new", "1", "");
        let updates = format!("{}-updates", self.suite);
        Self::default().release(world, &updates, &[("main/binary-amd64/Packages", &nothing)]);
    }

    fn release(&self, world: &World<'_>, name: &str, files: &[(&str, &[u8])]) {
        let top = format!("../debian/dists/{name}");
        let mut sums = String::new();
        for (file, bytes) in files.iter().filter(|(_, bytes)| !bytes.is_empty()) {
            world.file(&format!("{top}/{file}"), bytes);
            _ = writeln!(sums, " {} {} {file}", sha256(bytes), bytes.len());
        }
        // As in Debian, where only the packed file is there.
        if self.packed == ".gz" && files.len() > 1 {
            let (digest, length) = unpacked(&self.contents);
            _ = writeln!(sums, " {digest} {length} main/Contents-amd64");
        }
        let today = Timestamp::now()
            .strftime("%a, %d %b %Y 00:00:00 UTC")
            .to_string();
        let date = self.date.clone().unwrap_or(today);
        let codename = self.codename.as_deref().unwrap_or(name);
        let text = format!(
            "Origin: Debian\nSuite: {name}\nCodename: {codename}\nDate: {date}\nArchitectures: amd64\n\
             Components: main\n{}SHA256:\n{sums}{}",
            self.fields, self.checksums
        );
        world.file(&format!("{top}/Release"), text);
    }
}

/// SHA-256 and length of what is packed, as far as it can be unpacked.
fn unpacked(packed: &[u8]) -> (String, u64) {
    let mut reader = MultiGzDecoder::new(packed);
    let (mut digest, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        digest.update(&buffer[..count]);
        length += count as u64;
    }
    (hex(&digest.finalize()), length)
}
