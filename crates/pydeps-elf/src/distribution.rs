//! What the metadata of an installed distribution says about its files: WHEEL and RECORD
//! (PyPA, "Recording installed projects" and "Binary distribution format").

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailparse::MailHeaderMap as _;
use pydeps_core::finding::Finding;

/// What RECORD says of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// Its SHA-256, in hexadecimal digits, and its length in bytes where that is said.
    Sha256(String, Option<u64>),
    /// It is listed, without a hash that is known here.
    Unhashed,
}

/// Who made the binaries of a wheel, by its tags (PEP 425, 513, 600, 656).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// For many systems: manylinux, musllinux, or another operating system's.
    Ready,
    /// `linux_*`: what a build on this machine gives.
    Here,
    /// `any`: such a wheel is built without a compiler.
    Anywhere,
    /// Nothing says so.
    Unknown,
}

/// An installed distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// As in the name of the directory, e.g. `numpy 2.4.6`.
    pub name: String,
    /// Platforms of its tags, e.g. `manylinux_2_28_x86_64`.
    pub platforms: Vec<String>,
    /// From which minor version of Python on its modules work, if they are for the stable ABI.
    pub stable: Option<u32>,
    /// Files by their path in the tree.
    pub files: BTreeMap<String, Recorded>,
}

/// The directory of an installed distribution's metadata that a file is in, if its name
/// is one that [`Distribution::read`] wants: `…/NAME-VERSION.dist-info/RECORD` or `WHEEL`.
pub fn metadata_directory(path: &str) -> Option<&str> {
    let (directory, file) = path.rsplit_once('/')?;
    let wanted = directory.ends_with(".dist-info") && matches!(file, "RECORD" | "WHEEL");
    wanted.then_some(directory)
}

impl Distribution {
    /// Reads the metadata in `directory` (its path in the tree). What is wrong with a file
    /// is told, and the rest of it is used.
    pub fn read(
        directory: &str,
        wheel: Option<&[u8]>,
        record: Option<&[u8]>,
    ) -> (Self, Vec<Finding>) {
        let mut findings = Vec::new();
        let (base, own) = directory.rsplit_once('/').unwrap_or(("", directory));
        let files = record.map(|bytes| {
            files(base, bytes).unwrap_or_else(|(files, error)| {
                let message = format!("RECORD cannot be read to its end: {error}");
                let finding = Finding::warning("record-unreadable", message);
                findings.push(finding.with_origin(format!("{directory}/RECORD")));
                files
            })
        });
        let distribution = Self {
            name: own.trim_end_matches(".dist-info").replacen('-', " ", 1),
            platforms: wheel.map(platforms).unwrap_or_default(),
            stable: wheel.and_then(stable),
            files: files.unwrap_or_default(),
        };
        (distribution, findings)
    }

    /// Who made its binaries.
    pub fn made(&self) -> Made {
        let is = |test: fn(&str) -> bool| self.platforms.iter().any(|p| test(p));
        match () {
            () if self.platforms.is_empty() => Made::Unknown,
            () if is(|p| p != "any" && !p.starts_with("linux_")) => Made::Ready,
            () if is(|p| p.starts_with("linux_")) => Made::Here,
            () => Made::Anywhere,
        }
    }

    /// The tags' platform that says most.
    pub fn platform(&self) -> &str {
        let told = self.platforms.iter().max_by_key(|p| (*p != "any", *p));
        told.map_or("none", String::as_str)
    }
}

/// WHEEL has the form of mail headers.
fn tags(wheel: &[u8]) -> Vec<String> {
    let headers = mailparse::parse_headers(wheel);
    headers.map_or_else(|_| Vec::new(), |(all, _)| all.get_all_values("Tag"))
}

/// The oldest of the Pythons in tags like `cp39-abi3-manylinux_2_17_x86_64`.
fn stable(wheel: &[u8]) -> Option<u32> {
    let tags = tags(wheel);
    let pythons = tags.iter().filter_map(|tag| {
        let (pythons, rest) = tag.trim().split_once('-')?;
        rest.starts_with("abi3-").then_some(pythons)
    });
    let pythons = pythons.flat_map(|pythons| pythons.split('.'));
    let minors = pythons.filter_map(|python| python.strip_prefix("cp3")?.parse().ok());
    // Nobody has more, and what is added to it has to fit.
    minors.filter(|minor| *minor < 1000).min()
}

fn platforms(wheel: &[u8]) -> Vec<String> {
    let tags = tags(wheel);
    let mut platforms: Vec<String> = tags
        .iter()
        .filter_map(|tag| tag.trim().rsplit('-').next())
        .flat_map(|platforms| platforms.split('.').map(str::to_owned))
        .collect();
    platforms.sort_unstable();
    platforms.dedup();
    platforms
}

type Files = BTreeMap<String, Recorded>;

/// The rows of RECORD; on an error, those before it.
fn files(base: &str, record: &[u8]) -> Result<Files, (Files, csv::Error)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(record);
    let mut files = Files::new();
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => return Err((files, error)),
        };
        let path = row.get(0).and_then(|path| join(base, path));
        if let Some(path) = path {
            let size = row.get(2).and_then(|size| size.trim().parse().ok());
            files.insert(path, recorded(row.get(1).unwrap_or_default(), size));
        }
    }
    Ok(files)
}

fn recorded(hash: &str, size: Option<u64>) -> Recorded {
    let digest = hash
        .strip_prefix("sha256=")
        .and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
    match digest {
        Some(bytes) if bytes.len() == 32 => Recorded::Sha256(hexadecimal(&bytes), size),
        _ => Recorded::Unhashed,
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A path of RECORD in the tree: relative to where the distribution is installed, with
/// `..` for scripts. An absolute path is one of the tree's root; one that leads out of the
/// tree is nobody's.
fn join(base: &str, path: &str) -> Option<String> {
    let whole = match path.strip_prefix('/') {
        Some(absolute) => absolute.to_owned(),
        None => format!("{base}/{path}"),
    };
    let mut parts = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";

    fn read(wheel: &str, record: &str) -> Distribution {
        let directory = "usr/lib/app/six-1.0.dist-info";
        let (read, findings) =
            Distribution::read(directory, Some(wheel.as_bytes()), Some(record.as_bytes()));
        assert_eq!(findings, []);
        read
    }

    #[test]
    fn files_with_and_without_hashes() {
        let record = format!(
            "six.py,sha256={EMPTY},0\n../../bin/six,md5=x,3\n\"a,b.so\",,\n/abs,sha256=short,\n"
        );
        let read = read("", &record);
        assert_eq!(read.name, "six 1.0");
        let paths: Vec<_> = read.files.keys().map(String::as_str).collect();
        assert_eq!(
            paths,
            [
                "abs",
                "usr/bin/six",
                "usr/lib/app/a,b.so",
                "usr/lib/app/six.py"
            ]
        );
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            read.files["usr/lib/app/six.py"],
            Recorded::Sha256(hash.to_owned(), Some(0))
        );
        assert_eq!(read.files["abs"], Recorded::Unhashed);
    }

    #[test]
    fn paths_do_not_leave_the_tree() {
        assert_eq!(join("usr/lib", "../../../x"), None);
        assert_eq!(join("usr/lib", "./a//b"), Some("usr/lib/a/b".to_owned()));
    }

    #[track_caller]
    fn made(tags: &[&str], expect: Made) {
        let wheel: String = tags.iter().map(|tag| format!("Tag: {tag}\n")).collect();
        assert_eq!(read(&wheel, "").made(), expect);
    }

    #[test]
    fn tags_say_who_made_it() {
        made(&[], Made::Unknown);
        made(&["cp311-cp311-manylinux_2_17_x86_64"], Made::Ready);
        made(&["cp311-cp311-musllinux_1_2_x86_64"], Made::Ready);
        made(&["cp311-cp311-win_amd64"], Made::Ready);
        made(&["cp311-cp311-linux_x86_64"], Made::Here);
        made(&["py3-none-any"], Made::Anywhere);
        made(&["py2-none-any", "py3-none-manylinux1_x86_64"], Made::Ready);
        made(
            &["cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64"],
            Made::Ready,
        );
    }

    #[track_caller]
    fn stable_since(tags: &[&str], expect: Option<u32>) {
        let wheel: String = tags.iter().map(|tag| format!("Tag: {tag}\n")).collect();
        assert_eq!(read(&wheel, "").stable, expect);
    }

    #[test]
    fn the_stable_abi() {
        stable_since(&["cp39-abi3-manylinux_2_17_x86_64"], Some(9));
        stable_since(&["cp310.cp39-abi3-linux_x86_64"], Some(9));
        stable_since(&["cp311-abi3-linux_x86_64", "cp310-abi3-any"], Some(10));
        stable_since(&["cp313-cp313-linux_x86_64", "py3-none-any"], None);
        stable_since(&["cp3-abi3-any", "cp399999999999-abi3-any", "abi3"], None);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let (read, findings) =
            Distribution::read("x.dist-info", None, Some(b"a.so,,\n\xff\xfe,,\nb.so,,\n"));
        assert_eq!(read.files.len(), 1);
        assert_eq!(findings[0].code, "record-unreadable");
        assert_eq!(findings[0].origin.as_deref(), Some("x.dist-info/RECORD"));
    }

    #[test]
    fn only_two_files_are_wanted() {
        let wanted = metadata_directory;
        assert_eq!(wanted("a/x-1.dist-info/RECORD"), Some("a/x-1.dist-info"));
        assert_eq!(wanted("a/x-1.dist-info/METADATA"), None);
        assert_eq!(wanted("a/x-1.dist-info/licenses/RECORD"), None);
    }
}
