//! Tar files member by member, with whatever a header can say.

/// What a member is, as tar says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    File = b'0' as isize,
    HardLink = b'1' as isize,
    Link = b'2' as isize,
    CharDevice = b'3' as isize,
    BlockDevice = b'4' as isize,
    Directory = b'5' as isize,
    Fifo = b'6' as isize,
    GnuLongName = b'L' as isize,
    GnuLongLink = b'K' as isize,
    GnuSparse = b'S' as isize,
    Pax = b'x' as isize,
    PaxGlobal = b'g' as isize,
    Unknown = b'?' as isize,
}

/// A member's header.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// At most 100 bytes; what is longer is cut.
    pub name: &'a [u8],
    /// Where a link leads, likewise.
    pub link: &'a [u8],
    /// What it is.
    pub kind: Kind,
    /// Permissions.
    pub mode: u32,
    /// The size that it claims; by default that of the content.
    pub size: Option<u64>,
}

/// A tar file that grows.
#[derive(Clone, Debug, Default)]
pub struct Tar(Vec<u8>);

impl Tar {
    /// Adds a file.
    #[must_use]
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.member(name, Kind::File, "", content.as_ref())
    }

    /// Adds a directory.
    #[must_use]
    pub fn directory(self, name: &str) -> Self {
        self.member(name, Kind::Directory, "", b"")
    }

    /// Adds a symbolic link.
    #[must_use]
    pub fn link(self, name: &str, target: &str) -> Self {
        self.member(name, Kind::Link, target, b"")
    }

    /// Adds anything; a name that is too long gets a GNU header before it.
    #[must_use]
    pub fn member(self, name: &str, kind: Kind, link: &str, content: &[u8]) -> Self {
        let long = |tar: Self, kind, text: &str| match text.len() > 100 {
            true => {
                let bytes = [text.as_bytes(), b"\0"].concat();
                tar.raw(&plain(b"././@LongLink", kind), &bytes)
            }
            false => tar,
        };
        let tar = long(self, Kind::GnuLongName, name);
        let tar = long(tar, Kind::GnuLongLink, link);
        let header = Header {
            link: link.as_bytes(),
            ..plain(name.as_bytes(), kind)
        };
        tar.raw(&header, content)
    }

    /// Adds pax records for the next member.
    #[must_use]
    pub fn pax(self, records: &[(&str, &str)]) -> Self {
        let record = |(key, value): &(&str, &str)| {
            let rest = key.len() + value.len() + 3;
            let digits = |n: usize| n.to_string().len();
            let length = rest + digits(rest + digits(rest));
            format!("{length} {key}={value}\n")
        };
        let text: String = records.iter().map(record).collect();
        self.raw(&plain(b"pax", Kind::Pax), text.as_bytes())
    }

    /// Adds a member with any header.
    #[must_use]
    pub fn raw(mut self, header: &Header<'_>, content: &[u8]) -> Self {
        let size = header.size.unwrap_or(content.len() as u64);
        self.0.extend_from_slice(&block(header, size));
        self.0.extend_from_slice(content);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    /// Adds bytes as they are.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The tar file, with its end.
    pub fn finish(mut self) -> Vec<u8> {
        self.0.resize(self.0.len() + 1024, 0);
        self.0
    }

    /// The tar file without its end.
    pub fn unfinished(self) -> Vec<u8> {
        self.0
    }
}

/// The header of a harmless member.
pub fn plain(name: &[u8], kind: Kind) -> Header<'_> {
    let mode = if kind == Kind::Directory {
        0o755
    } else {
        0o644
    };
    Header {
        name,
        link: b"",
        kind,
        mode,
        size: None,
    }
}

fn block(header: &Header<'_>, size: u64) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put = |at: usize, bytes: &[u8], room: usize| {
        let count = bytes.len().min(room);
        block[at..at + count].copy_from_slice(&bytes[..count]);
    };
    put(0, header.name, 100);
    put(100, format!("{:07o}", header.mode).as_bytes(), 8);
    put(108, b"0000000", 8);
    put(116, b"0000000", 8);
    match size < 1 << 33 {
        true => put(124, format!("{size:011o}").as_bytes(), 12),
        // GNU's way for sizes that have no room in octal digits.
        false => {
            let mut bytes = [0; 12];
            bytes[0] = 0x80;
            bytes[4..].copy_from_slice(&size.to_be_bytes());
            put(124, &bytes, 12);
        }
    }
    put(136, b"14524770000", 12);
    put(148, b"        ", 8);
    put(156, &[header.kind as u8], 1);
    put(157, header.link, 100);
    put(257, b"ustar\x0000", 8);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
