//! The frame of an index file: little-endian integers, then the sections.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `DHPYDEPS` |
//! | 4 | format version |
//! | 4 | number of sections |
//! | 8 | length of the whole file |
//! | 24 each | a section: id (4), CRC-32 (4), offset (8), length (8) |
//! | 4 | CRC-32 of everything above |
//!
//! The header is checked when the file is opened, a section when it is first
//! asked for.

use std::sync::OnceLock;

const MAGIC: &[u8; 8] = b"DHPYDEPS";
const FIXED: usize = 24;
const ENTRY: usize = 24;

/// The version of the format that this program writes and reads.
pub const FORMAT: u32 = 2;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub(crate) enum Section {
    Meta = 1,
    Distributions = 2,
    Packages = 3,
    Provides = 4,
    Owners = 5,
    Modules = 6,
    Headers = 7,
    PkgConfig = 8,
    Cmake = 9,
    Commands = 10,
    Sources = 11,
}

/// A file is not an index that this program can read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It does not start as an index does.
    #[error("not an archive index of dh-pydeps")]
    Foreign,
    /// It was written by a program with another format.
    #[error("format version {0}, this program reads version {FORMAT}")]
    OtherVersion(u32),
    /// It is shorter or longer than its header says.
    #[error("{actual} bytes long instead of {expected}: cut short or damaged")]
    Length {
        /// The length in the header, or what the header alone would need.
        expected: u64,
        /// The length of the file.
        actual: u64,
    },
    /// A checksum does not fit.
    #[error("damaged: {0} does not fit its checksum")]
    Checksum(&'static str),
    /// A part that every index has is missing or cannot be read.
    #[error("damaged: {0} cannot be read")]
    Unreadable(&'static str),
}

impl Section {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Meta => "the description of the suite",
            Self::Distributions => "the table of distributions",
            Self::Packages => "the table of packages",
            Self::Provides => "the table of provided names",
            Self::Owners => "the list of owners",
            Self::Modules => "the map of modules",
            Self::Headers => "the map of headers",
            Self::PkgConfig => "the map of pkg-config files",
            Self::Cmake => "the map of cmake files",
            Self::Commands => "the map of commands",
            Self::Sources => "the table of source packages",
        }
    }
}

/// The file with these sections, in the order given.
pub(crate) fn encode(sections: &[(Section, Vec<u8>)]) -> Vec<u8> {
    let header = FIXED + ENTRY * sections.len() + 4;
    let total = header + sections.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    let mut out = Vec::with_capacity(total);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&(sections.len() as u32).to_le_bytes());
    out.extend_from_slice(&(total as u64).to_le_bytes());
    let mut offset = header as u64;
    for (section, bytes) in sections {
        out.extend_from_slice(&(*section as u32).to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        offset += bytes.len() as u64;
    }
    let checksum = crc32fast::hash(&out);
    out.extend_from_slice(&checksum.to_le_bytes());
    sections
        .iter()
        .for_each(|(_, bytes)| out.extend_from_slice(bytes));
    out
}

/// An index file whose header has been checked.
#[derive(Debug)]
pub(crate) struct Container<B> {
    bytes: B,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    id: u32,
    checksum: u32,
    start: usize,
    end: usize,
    intact: OnceLock<bool>,
}

impl<B: AsRef<[u8]>> Container<B> {
    pub(crate) fn parse(bytes: B) -> Result<Self, FormatError> {
        let entries = parse_header(bytes.as_ref())?;
        Ok(Self { bytes, entries })
    }

    /// A section's bytes, checked against their checksum the first time.
    pub(crate) fn section(&self, section: Section) -> Result<&[u8], FormatError> {
        let entry = self.entries.iter().find(|entry| entry.id == section as u32);
        let entry = entry.ok_or(FormatError::Unreadable(section.name()))?;
        let bytes = &self.bytes.as_ref()[entry.start..entry.end];
        let intact = || crc32fast::hash(bytes) == entry.checksum;
        match *entry.intact.get_or_init(intact) {
            true => Ok(bytes),
            false => Err(FormatError::Checksum(section.name())),
        }
    }
}

fn parse_header(bytes: &[u8]) -> Result<Vec<Entry>, FormatError> {
    if !bytes.starts_with(MAGIC) {
        return Err(FormatError::Foreign);
    }
    let actual = bytes.len() as u64;
    let length = |expected: u64| FormatError::Length { expected, actual };
    let version = u32_at(bytes, 8).ok_or(length(FIXED as u64))?;
    if version != FORMAT {
        return Err(FormatError::OtherVersion(version));
    }
    let count = u32_at(bytes, 12).ok_or(length(FIXED as u64))?;
    let total = u64_at(bytes, 16).ok_or(length(FIXED as u64))?;
    if total != actual {
        return Err(length(total));
    }
    let end = FIXED as u64 + ENTRY as u64 * u64::from(count);
    let end = usize::try_from(end).ok().filter(|end| *end < bytes.len());
    let end = end.ok_or(FormatError::Unreadable("the header"))?;
    if u32_at(bytes, end) != Some(crc32fast::hash(&bytes[..end])) {
        return Err(FormatError::Checksum("the header"));
    }
    let entries = bytes[FIXED..end].chunks_exact(ENTRY);
    entries
        .map(|entry| parse_entry(entry, bytes.len()))
        .collect()
}

fn parse_entry(entry: &[u8], total: usize) -> Result<Entry, FormatError> {
    let parse = || {
        let start = usize::try_from(u64_at(entry, 8)?).ok()?;
        let end = start.checked_add(usize::try_from(u64_at(entry, 16)?).ok()?)?;
        (end <= total).then_some(Entry {
            id: u32_at(entry, 0)?,
            checksum: u32_at(entry, 4)?,
            start,
            end,
            intact: OnceLock::new(),
        })
    };
    parse().ok_or(FormatError::Unreadable("the list of sections"))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}
