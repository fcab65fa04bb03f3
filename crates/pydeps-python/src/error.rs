//! Why a wheel, an sdist or its metadata cannot be read.

/// What a file of a release does not give. The file is named by its address or path, without
/// credentials.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// More bytes than any honest file has.
    #[error("{url}: larger than {limit} bytes")]
    TooLarge {
        /// The file or the member.
        url: String,
        /// The limit.
        limit: u64,
    },
    /// A wheel or sdist that cannot be read.
    #[error("{url}: cannot read the archive: {reason}")]
    BadArchive {
        /// The file.
        url: String,
        /// Why not.
        reason: String,
    },
    /// Core metadata that cannot be read at all.
    #[error("{url}: cannot read the metadata: {reason}")]
    BadMetadata {
        /// Where it was.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A source archive whose requirements only a build can tell.
    #[error(
        "{url}: the requirements are dynamic; they need a build backend, \
         which runs only inside a chroot"
    )]
    Dynamic {
        /// The source archive.
        url: String,
    },
}
