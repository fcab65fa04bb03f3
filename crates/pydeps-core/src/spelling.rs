//! PEP 440 versions in Debian's spelling, and back.
//!
//! dpkg orders versions differently from PEP 440 (`1.0` and `1.0.0` differ,
//! `1.0.post1` is above `1.0.1`, `1` is below `1.0~rc1`), so a version has no
//! Debian spelling of its own: it is written the way the archive writes that
//! package. A [`Spelling`] says what that way is.

use std::fmt::Write as _;

use crate::deb_version::DebVersion;
use pep440_rs::{Prerelease, PrereleaseKind, Version};

/// How a post-release is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostForm {
    /// `1.0+post1`, which sorts below `1.0.1`: what this suite generates.
    Plus,
    /// `1.0.post1`, which dpkg sorts above `1.0.1`: most of the archive.
    Dot,
}

/// How the letters of a pre-release are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreForm {
    /// `~a1`, `~b1`, `~rc1`.
    Short,
    /// `~alpha1`, `~beta1`, `~rc1`.
    Long,
}

/// How one package of the archive spells the versions of its upstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    /// The Debian epoch (Policy 5.6.12), 0 if there is none.
    pub epoch: u64,
    /// The number of release segments; shorter releases are padded with zeros,
    /// and zeros beyond it are cut.
    pub segments: usize,
    /// How post-releases are written.
    pub post: PostForm,
    /// How pre-releases are written.
    pub pre: PreForm,
    /// What stands before `devN`.
    pub dev: &'static str,
}

impl Spelling {
    /// The spelling of packages that this suite generates: monotone in PEP 440's
    /// order at a fixed number of segments, the PEP 440 epoch as Debian epoch.
    pub fn generated(version: &Version) -> Self {
        Self {
            epoch: version.epoch(),
            segments: version.release().len(),
            post: PostForm::Plus,
            pre: PreForm::Short,
            dev: "~~dev",
        }
    }

    /// The same with at least this Debian epoch: what takes the place of a package sorts below
    /// it otherwise (Policy 5.6.12).
    pub fn above(mut self, epoch: u64) -> Self {
        self.epoch = self.epoch.max(epoch);
        self
    }

    /// How a package spells its upstream, read from one known pair: the version
    /// that the installed metadata gives, and the package's version; of a version
    /// that went back (`2+really1`) the part that tells the real one. `None` if the
    /// two are not translations of each other.
    pub fn detect(upstream: &Version, debian: &DebVersion) -> Option<Self> {
        let text = without_packaging_suffix(real_part(&debian.upstream));
        let target = bare(text)?;
        let post = if text.contains("+post") {
            PostForm::Plus
        } else {
            PostForm::Dot
        };
        Self::forms(debian, text, post)
            .find(|form| bare(&form.upstream(upstream)).is_some_and(|own| own == target))
    }

    fn forms<'a>(
        debian: &'a DebVersion,
        text: &'a str,
        post: PostForm,
    ) -> impl Iterator<Item = Self> + 'a {
        let segments = count_segments(text);
        let pres = [PreForm::Short, PreForm::Long];
        let devs = ["~~dev", "~dev", ".dev"];
        pres.into_iter().flat_map(move |pre| {
            devs.into_iter().map(move |dev| Self {
                epoch: u64::from(debian.epoch),
                segments,
                post,
                pre,
                dev,
            })
        })
    }

    /// The upstream part of a Debian version, without epoch. The local part is
    /// dropped: Debian has no place for it.
    pub fn upstream(&self, version: &Version) -> String {
        let mut text = self.release(version.release(), self.segments);
        if let Some(pre) = version.pre() {
            let letters = self.pre_letters(pre);
            _ = write!(text, "~{letters}{}", pre.number);
        }
        if let Some(post) = version.post() {
            let form = match self.post {
                PostForm::Plus => "+post",
                PostForm::Dot => ".post",
            };
            _ = write!(text, "{form}{post}");
        }
        if let Some(dev) = version.dev() {
            _ = write!(text, "{}{dev}", self.dev);
        }
        text
    }

    /// A version as a bound: [`Spelling::upstream`] behind the epoch.
    pub fn spell(&self, version: &Version) -> String {
        self.with_epoch(&self.upstream(version))
    }

    /// Puts the epoch before an upstream part.
    pub fn with_epoch(&self, upstream: &str) -> String {
        if self.epoch == 0 {
            upstream.to_owned()
        } else {
            format!("{}:{upstream}", self.epoch)
        }
    }

    /// Release numbers, padded with zeros to `segments`, and without the zeros
    /// beyond them.
    pub fn release(&self, numbers: &[u64], segments: usize) -> String {
        let significant = numbers.len() - numbers.iter().rev().take_while(|n| **n == 0).count();
        let length = significant.max(segments).max(1);
        let padded = numbers.iter().copied().chain(std::iter::repeat(0));
        let parts: Vec<String> = padded.take(length).map(|n| n.to_string()).collect();
        parts.join(".")
    }

    fn pre_letters(&self, pre: Prerelease) -> &'static str {
        match (pre.kind, self.pre) {
            (PrereleaseKind::Alpha, PreForm::Short) => "a",
            (PrereleaseKind::Alpha, PreForm::Long) => "alpha",
            (PrereleaseKind::Beta, PreForm::Short) => "b",
            (PrereleaseKind::Beta, PreForm::Long) => "beta",
            (PrereleaseKind::Rc, _) => "rc",
        }
    }
}

/// An upstream part alone, in dpkg's order.
fn bare(upstream: &str) -> Option<DebVersion> {
    let version: DebVersion = format!("{upstream}-0").parse().ok()?;
    Some(version)
}

/// The number of leading dot-separated numbers.
fn count_segments(upstream: &str) -> usize {
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let end = upstream
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(upstream.len());
    let head = upstream[..end].trim_end_matches('.');
    head.split('.').take_while(digits).count().max(1)
}

/// `1` of `2+really1`, which stands for it where a version had to go back.
fn real_part(upstream: &str) -> &str {
    let real = upstream.rsplit_once("really").map(|(_, real)| real);
    real.map_or(upstream, |real| real.trim_start_matches(['.', '-', '+']))
}

/// What packagers append to an upstream version when they change the source
/// (`+dfsg1`, `~ds`, `+repack`) or take it from a repository (`+git2024…`).
pub fn without_packaging_suffix(upstream: &str) -> &str {
    let plus = upstream
        .match_indices('+')
        .map(|(at, _)| at)
        .find(|at| !upstream[*at..].starts_with("+post"));
    let tilde = SUFFIXES.iter().filter_map(|suffix| upstream.find(suffix));
    let end = plus.into_iter().chain(tilde).min();
    &upstream[..end.unwrap_or(upstream.len())]
}

/// Suffixes after `~` or `.` that speak of the packaging, not of a pre-release.
const SUFFIXES: [&str; 8] = [
    "~dfsg", "~ds", "~repack", "~bpo", "~deb", "~nmu", ".dfsg", ".ds",
];

/// Reads a Debian version back as the PEP 440 version that it packages, as far
/// as that can be seen: epoch, revision and packaging suffixes go, `~rc1` becomes
/// `rc1`, `1+really2` is 2, and a snapshot before a release (`2.1~git…`) is that
/// release's `dev0`. `None` if it is not readable as PEP 440.
pub fn read_back(debian: &DebVersion) -> Option<Version> {
    let text = without_packaging_suffix(real_part(&debian.upstream));
    let plain = text.replace("~~", "~").replace("+post", ".post");
    let (head, tail) = plain.split_once('~').unwrap_or((&plain, ""));
    let known = ["a", "b", "rc", "alpha", "beta", "dev", "pre", "c"];
    let letters: String = tail.chars().take_while(char::is_ascii_alphabetic).collect();
    if tail.is_empty() || known.contains(&letters.as_str()) {
        let dot = if letters == "dev" { "." } else { "" };
        return format!("{head}{dot}{}", tail.replace("~dev", ".dev"))
            .parse()
            .ok();
    }
    format!("{head}.dev0").parse().ok()
}

#[cfg(test)]
mod tests;
