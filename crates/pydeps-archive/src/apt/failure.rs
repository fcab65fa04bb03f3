//! What apt says when it fails → what happened, and what to do about it. Pure.

use std::fmt;

/// Suites to name where one is not found.
pub const KNOWN_SUITES: &str =
    "bullseye, bookworm, trixie, forky, sid; oldstable, stable, testing, unstable";

/// Why a release could not be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Its Release file is past its `Valid-Until` (or not valid yet).
    Expired,
    /// The mirror has no such release.
    Unknown,
    /// The keyring lacks the key that signed it.
    Key,
    /// The keyring itself is not there.
    Keyring,
    /// The mirror cannot be reached.
    Network,
    /// Files do not fit the Release file: the mirror is being updated, or the
    /// download was damaged.
    Inconsistent,
    /// The disk is full.
    Space,
    /// Another apt works in the same private root.
    Busy,
    /// Anything else.
    Other,
}

/// Phrases of apt's methods and libapt-pkg 2.2 to 3.1, most telling first.
const PHRASES: [(&str, Failure); 26] = [
    ("No space left on device", Failure::Space),
    ("Could not get lock", Failure::Busy),
    ("Unable to lock directory", Failure::Busy),
    ("is expired (invalid since", Failure::Expired),
    ("is not valid yet", Failure::Expired),
    ("is not (yet) available", Failure::Keyring),
    ("Keyring file", Failure::Keyring),
    ("NO_PUBKEY", Failure::Key),
    ("Missing key", Failure::Key),
    ("EXPKEYSIG", Failure::Key),
    ("is not signed", Failure::Key),
    ("signature verification", Failure::Key),
    ("signatures were invalid", Failure::Key),
    ("Hash Sum mismatch", Failure::Inconsistent),
    ("Mirror sync in progress", Failure::Inconsistent),
    ("unexpected size", Failure::Inconsistent),
    ("resolving", Failure::Network),
    ("Could not resolve", Failure::Network),
    ("onnect to", Failure::Network),
    ("Connection", Failure::Network),
    ("Could not wait for server", Failure::Network),
    ("Could not handshake", Failure::Network),
    ("Certificate verification failed", Failure::Network),
    ("404  Not Found", Failure::Unknown),
    ("File not found", Failure::Unknown),
    ("does not have a Release file", Failure::Unknown),
];

impl Failure {
    /// The most telling thing in apt's standard error.
    pub fn of(stderr: &str) -> Self {
        let found = PHRASES.iter().find(|(phrase, _)| stderr.contains(phrase));
        found.map_or(Self::Other, |(_, failure)| *failure)
    }

    /// One action that the user can take.
    pub fn hint(self) -> Option<&'static str> {
        Some(match self {
            Self::Expired => {
                "if the mirror is known to lag behind: --apt-option Acquire::Check-Valid-Until=false"
            }
            Self::Unknown => "name another suite, or another mirror with --mirror",
            Self::Key => {
                "install a newer debian-archive-keyring (the one of the suite itself will do)"
            }
            Self::Keyring => "install debian-archive-keyring",
            Self::Network => {
                "check the network and apt's proxy settings; --mirror names another mirror"
            }
            Self::Inconsistent => {
                "try again later; --mirror names another mirror, --unchecked-contents takes \
                 Contents that do not fit"
            }
            Self::Space => "make room in the cache directory's file system",
            Self::Busy => "wait for the other update to end",
            Self::Other => return None,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "its Release file is past the date until which it is valid",
            Self::Unknown => "the mirror has no such suite",
            Self::Key => "it is not signed with a key that the keyring has",
            Self::Keyring => "the keyring to check it with is not there",
            Self::Network => "the mirror cannot be reached",
            Self::Inconsistent => "its files do not fit its Release file",
            Self::Space => "there is no space left for it",
            Self::Busy => "another update is fetching it",
            Self::Other => "apt failed",
        })
    }
}

/// The errors and warnings in apt's standard error, without their prefixes and
/// without the closing summary.
pub(super) fn complaints(stderr: &str) -> Vec<String> {
    let said = stderr
        .lines()
        .filter_map(|line| line.strip_prefix("E: ").or(line.strip_prefix("W: ")));
    let mut lines: Vec<String> = said
        .filter(|line| !line.starts_with("Some index files failed"))
        .map(str::to_owned)
        .collect();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stderr: &str, expect: Failure) {
        assert_eq!(Failure::of(stderr), expect, "{stderr}");
    }

    #[test]
    fn apt_in_its_own_words() {
        check(
            "E: Release file for https://mirror.example/debian/dists/sid/InRelease is expired (invalid since 7d 1h). Updates for this repository will not be applied.",
            Failure::Expired,
        );
        check(
            "E: Release file for x is not valid yet (invalid for another 3h).",
            Failure::Expired,
        );
        check(
            "Err:2 x\n  404  Not Found [IP: ::1 80]\nE: The repository 'x nosuch Release' does not have a Release file.",
            Failure::Unknown,
        );
        check(
            "W: GPG error: x sid InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 00",
            Failure::Key,
        );
        check("E: The repository 'x' is not signed.", Failure::Key);
        check(
            "E: Failed to fetch x  Hash Sum mismatch\n   Hashes of expected file:",
            Failure::Inconsistent,
        );
        check(
            "E: Failed to fetch x  File has unexpected size (1 != 2). Mirror sync in progress? [IP: ::1 80]",
            Failure::Inconsistent,
        );
        check(
            "W: Failed to fetch x  Temporary failure resolving 'mirror.example'",
            Failure::Network,
        );
        check(
            "W: Failed to fetch x  Could not connect to mirror.example:80 (::1). - connect (111: Connection refused)",
            Failure::Network,
        );
        check(
            "E: Could not get lock /x/lists/lock. It is held by process 1 (apt-get)",
            Failure::Busy,
        );
        check(
            "E: Write error - write (28: No space left on device)",
            Failure::Space,
        );
        check("E: something new", Failure::Other);
    }

    #[test]
    fn complaints_without_the_summary() {
        let stderr = "W: one\nW: one\n   detail\nE: two\nE: Some index files failed to download. They have been ignored, or old ones used instead.\n";
        assert_eq!(complaints(stderr), ["one", "two"]);
    }
}
