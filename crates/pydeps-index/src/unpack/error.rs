//! Why an archive was not unpacked.

use std::path::PathBuf;

/// Why [`unpack`](super::unpack()) left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive, or a member, is one that must not be unpacked.
    #[error("{archive}: {member}: {refusal}", archive = archive.display(), member = shown(member))]
    Refused {
        /// The archive.
        archive: PathBuf,
        /// The member's name as it stands there; nothing, where it is about the whole.
        member: Vec<u8>,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// It cannot be read to its end.
    #[error(
        "{archive}: {reason}; the file is damaged or no archive of that kind: remove it and fetch it again",
        archive = archive.display()
    )]
    Broken {
        /// The archive.
        archive: PathBuf,
        /// What the library says.
        reason: String,
    },
    /// The directory to unpack into is there already.
    #[error("{} exists already; remove it, or name another directory", .0.display())]
    Exists(PathBuf),
    /// A file of ours cannot be read or written.
    #[error("{0}; see to the permissions and the space there, and try again")]
    Io(#[from] std::io::Error),
}

/// What is wrong with a member.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `/etc/passwd`.
    #[error("has an absolute name; such an archive is an attack or a mistake: report it upstream")]
    Absolute,
    /// `a/../../b`.
    #[error("leads out of the archive by `..`; it is an attack or a mistake: report it upstream")]
    Traversal,
    /// A name that is not UTF-8.
    #[error("has a name that is not UTF-8; unpack it by hand, rename it and pack it as +ds")]
    Encoding,
    /// A control character in a name, or a part of a name that no file system takes.
    #[error(
        "has a name no file should have ({0}); unpack it by hand, rename it and pack it as +ds"
    )]
    Name(&'static str),
    /// More directories in one another than anybody needs.
    #[error("is more than {0} directories deep; look at the archive, it may be an attack")]
    Depth(usize),
    /// A symbolic link out of the tree.
    #[error("is a link to {0}, which is outside the source; leave it out and pack the rest as +ds")]
    Link(String),
    /// A symbolic link that leads to itself.
    #[error("is a link that leads round in a circle; leave it out and pack the rest as +ds")]
    Loop,
    /// A hard link to what is not there, or not a file.
    #[error(
        "is a hard link to {0}, which is no file before it in the archive; pack it anew as +ds"
    )]
    HardLink(String),
    /// Below a file or a link.
    #[error(
        "lies below {0}, which is no directory; it is an attack or a mistake: report it upstream"
    )]
    Below(String),
    /// A file and a directory or link of one name.
    #[error("is there twice, as {0} and as {1}; it is an attack or a mistake: report it upstream")]
    Changes(&'static str, &'static str),
    /// A device, fifo, socket or sparse file.
    #[error("is a {0}, which no source needs; leave it out and pack the rest as +ds")]
    Special(&'static str),
    /// A header that says something else than the one it belongs to.
    #[error(
        "has a header that contradicts itself ({0}); it is an attack or a mistake: report it upstream"
    )]
    Header(&'static str),
    /// More members than allowed.
    #[error("the archive has more than {0} members; look at it, it may be an attack")]
    Members(usize),
    /// More bytes than allowed.
    #[error(
        "comes to more than {allowed} bytes when unpacked ({rule}); look at it, it may be an attack"
    )]
    Bytes {
        /// So many are allowed.
        allowed: u64,
        /// Which limit that is.
        rule: String,
    },
    /// There is nothing in it.
    #[error("the archive is empty; fetch it again, or report it upstream")]
    Empty,
}

/// A member's name in a message, with nothing in it that a terminal acts on.
fn shown(member: &[u8]) -> String {
    match std::str::from_utf8(member) {
        Ok("") => "the whole".to_owned(),
        Ok(name) => name.escape_debug().to_string(),
        Err(_) => member.escape_ascii().to_string(),
    }
}
