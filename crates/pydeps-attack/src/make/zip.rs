//! Zip files member by member, whose two lists of members need not agree.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// A member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in the central directory.
    pub name: Vec<u8>,
    /// Its name before its content.
    pub local_name: Vec<u8>,
    /// How it is packed: 0 not at all, 8 by deflate.
    pub method: u16,
    /// Flags: 1 encrypted, 0x800 names in UTF-8.
    pub flags: u16,
    /// Its content, packed.
    pub packed: Vec<u8>,
    /// The length that it claims to have, in bytes.
    pub size: u64,
    /// CRC-32 of the content.
    pub crc: u32,
    /// Unix mode; what is a link says so here.
    pub mode: u32,
    /// Where its content is, if not behind that of the member before.
    pub offset: Option<u32>,
}

impl Member {
    /// A file as it should be.
    pub fn file(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).expect("memory is writable");
        Self {
            name: name.into(),
            local_name: name.into(),
            method: 8,
            flags: 0x800,
            packed: encoder.finish().expect("memory is writable"),
            size: content.len() as u64,
            crc: crc(content),
            mode: 0o100_644,
            offset: None,
        }
    }

    /// A file of so many times the same byte.
    pub fn bomb(name: &str, total: u64) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        super::repeat(&mut encoder, b" ", total);
        Self {
            packed: encoder.finish().expect("memory is writable"),
            size: total,
            ..Self::file(name, b"")
        }
    }
}

/// A zip file.
#[derive(Clone, Debug, Default)]
pub struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    /// Adds a file.
    #[must_use]
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.member(&Member::file(name, content.as_ref()))
    }

    /// Adds any member.
    #[must_use]
    pub fn member(mut self, member: &Member) -> Self {
        let at = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let offset = member.offset.unwrap_or(at);
        let size = u32::try_from(member.size).unwrap_or(u32::MAX - 1);
        let packed = u32::try_from(member.packed.len()).unwrap_or(u32::MAX - 1);
        let common = |name: &[u8]| {
            let mut out = Vec::new();
            for value in [20, member.flags, member.method, 0, 0x21] {
                out.extend_from_slice(&u16::to_le_bytes(value));
            }
            for value in [member.crc, packed, size] {
                out.extend_from_slice(&value.to_le_bytes());
            }
            let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
            out.extend_from_slice(&length.to_le_bytes());
            out.extend_from_slice(&[0, 0]);
            out
        };
        if member.offset.is_none() {
            self.bytes.extend_from_slice(b"PK\x03\x04");
            self.bytes.extend_from_slice(&common(&member.local_name));
            self.bytes.extend_from_slice(&member.local_name);
            self.bytes.extend_from_slice(&member.packed);
        }
        // Made on Unix.
        self.directory.extend_from_slice(b"PK\x01\x02\x14\x03");
        self.directory.extend_from_slice(&common(&member.name));
        self.directory.extend_from_slice(&[0; 6]);
        self.directory
            .extend_from_slice(&(member.mode << 16).to_le_bytes());
        self.directory.extend_from_slice(&offset.to_le_bytes());
        self.directory.extend_from_slice(&member.name);
        self.count += 1;
        self
    }

    /// The length of what is there so far, which is where the next member will be, in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing is there so far.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The zip file.
    pub fn finish(self) -> Vec<u8> {
        let (count, size) = (self.count, self.directory.len());
        self.with_end(count, u32::try_from(size).unwrap_or(u32::MAX))
    }

    /// The zip file, whose end claims so many members and such a directory.
    pub fn with_end(mut self, count: u16, size: u32) -> Vec<u8> {
        let at = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.bytes.append(&mut self.directory);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend_from_slice(&count.to_le_bytes());
        self.bytes.extend_from_slice(&count.to_le_bytes());
        self.bytes.extend_from_slice(&size.to_le_bytes());
        self.bytes.extend_from_slice(&at.to_le_bytes());
        self.bytes.extend_from_slice(&[0, 0]);
        self.bytes
    }
}

/// CRC-32 as zip has it.
pub fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
