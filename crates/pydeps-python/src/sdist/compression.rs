//! Which kinds of source archives there are, by the end of the file's name.

use std::io::{BufReader, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;

/// What to say of another kind.
pub const UNKNOWN: &str = "this kind of archive is not read; .zip and .tar with .gz, .bz2, .xz are";

/// The kinds of tar files, by the end of the file's name.
const TARS: [(&str, Compression); 7] = [
    (".tar.gz", Compression::Gzip),
    (".tgz", Compression::Gzip),
    (".tar.bz2", Compression::Bzip2),
    (".tbz", Compression::Bzip2),
    (".tar.xz", Compression::Xz),
    (".txz", Compression::Xz),
    (".tar", Compression::None),
];

/// A kind of archive.
#[derive(Clone, Copy)]
pub enum Kind {
    /// A zip file.
    Zip,
    /// A tar file, compressed as a whole.
    Tar(Compression),
}

/// How a tar file is compressed.
#[derive(Clone, Copy)]
pub enum Compression {
    /// gzip.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
    /// Not at all.
    None,
}

impl Kind {
    /// The kind of a file of this name, in any case.
    pub fn of(filename: &str) -> Option<Self> {
        let lower = filename.to_ascii_lowercase();
        if lower.ends_with(".zip") {
            return Some(Self::Zip);
        }
        let tar = TARS.iter().find(|(end, _)| lower.ends_with(end));
        tar.map(|(_, compression)| Self::Tar(*compression))
    }
}

impl Compression {
    /// The tar file within.
    pub fn open<'r>(self, file: impl Read + 'r) -> Box<dyn Read + 'r> {
        let file = BufReader::with_capacity(64 * 1024, file);
        match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(file)),
            Self::Bzip2 => Box::new(MultiBzDecoder::new(file)),
            Self::Xz => Box::new(XzReader::new(file, true)),
            Self::None => Box::new(file),
        }
    }
}
