//! Source packages: `.dsc` files (dsc(5)).

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use deb822_fast::borrowed::{BorrowedParagraph, iter_paragraphs_borrowed};
use pydeps_core::clause::{self, Clause};
use pydeps_core::deb_version::{DebVersion, is_later};

use crate::digest;

/// What a source package says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `Source`.
    pub name: String,
    /// `Version`, with its epoch.
    pub version: String,
    /// `Binary`: the packages that it may build.
    pub binaries: Vec<String>,
    /// What building it needs, of all three fields, as they are written.
    pub needs: Vec<Clause>,
    /// The files it consists of, with their SHA-256.
    pub files: BTreeMap<String, String>,
}

/// A source package in a directory.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What it says.
    pub source: Source,
    /// The `.dsc` file.
    pub dsc: PathBuf,
    /// The SHA-256 of that file.
    pub digest: String,
}

/// A source package cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The directory, or a file in it, cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A `.dsc` file is not one.
    #[error("{path}: {reason}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Reads the text of a `.dsc` file, signed or not. The error says what is wrong.
pub fn parse(text: &str) -> Result<Source, String> {
    let mut paragraphs = iter_paragraphs_borrowed(unsigned(text));
    let paragraph = match paragraphs.next() {
        Some(Ok(paragraph)) => paragraph,
        Some(Err(error)) => return Err(error.to_string()),
        None => return Err("it is empty".to_owned()),
    };
    let required = |name: &str| field(&paragraph, name).ok_or(format!("it has no field {name}"));
    let name = required("Source")?;
    if !is_name(&name) {
        return Err(format!("`{name}` is no name of a source package"));
    }
    let version = required("Version")?;
    version
        .parse::<DebVersion>()
        .map_err(|_| format!("`{version}` is no version"))?;
    Ok(Source {
        binaries: words(&required("Binary")?.replace(',', " ")),
        needs: needs(&paragraph)?,
        files: files(&required("Checksums-Sha256")?)?,
        name,
        version,
    })
}

/// Policy 5.6.1; nothing that leads out of a directory.
fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c);
    name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.chars().all(allowed)
}

/// What a clear signature encloses (RFC 4880, section 7).
fn unsigned(text: &str) -> &str {
    let Some(signed) = text
        .trim_start()
        .strip_prefix("-----BEGIN PGP SIGNED MESSAGE-----")
    else {
        return text;
    };
    let body = signed.split_once("\n\n").map_or(signed, |(_, body)| body);
    let end = body.find("-----BEGIN PGP SIGNATURE-----");
    &body[..end.unwrap_or(body.len())]
}

fn field(paragraph: &BorrowedParagraph<'_>, name: &str) -> Option<String> {
    let value = paragraph.get_field(name)?.join();
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn needs(paragraph: &BorrowedParagraph<'_>) -> Result<Vec<Clause>, String> {
    let fields = ["Build-Depends", "Build-Depends-Arch", "Build-Depends-Indep"];
    let values: Vec<String> = fields
        .iter()
        .filter_map(|name| field(paragraph, name))
        .collect();
    values
        .iter()
        .flat_map(|value| clause::parse(value))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

fn files(checksums: &str) -> Result<BTreeMap<String, String>, String> {
    let file = |line: &str| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [digest, _, name] if !name.contains('/') => Ok((name.to_owned(), digest.to_owned())),
        _ => Err(format!("`{}` is no line of checksums", line.trim())),
    };
    let lines = checksums.lines().filter(|line| !line.trim().is_empty());
    lines.map(file).collect()
}

/// The source packages in a directory, by name; of several versions the newest.
pub fn read_all(directory: &Path) -> Result<Vec<Packed>, SourceError> {
    let mut newest: BTreeMap<String, Packed> = BTreeMap::new();
    for entry in fs_err::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "dsc") {
            let packed = read(&path)?;
            let before = newest.get(&packed.source.name);
            if before.is_none_or(|before| is_later(&packed.source.version, &before.source.version))
            {
                newest.insert(packed.source.name.clone(), packed);
            }
        }
    }
    Ok(newest.into_values().collect())
}

/// Reads one `.dsc` file.
pub fn read(path: &Path) -> Result<Packed, SourceError> {
    let bytes = fs_err::read(path)?;
    let source = parse(&String::from_utf8_lossy(&bytes));
    let source = source.map_err(|reason| SourceError::Unreadable {
        path: path.to_owned(),
        reason,
    })?;
    Ok(Packed {
        source,
        dsc: path.to_owned(),
        digest: digest::of(&bytes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Format: 3.0 (quilt)\nSource: python-b\nBinary: python3-b, python-b-doc\n\
        Version: 1:1.0-1\nBuild-Depends: debhelper-compat (= 13), python3-a <!nocheck>\n\
        Build-Depends-Indep: python3-sphinx <!nodoc>\nChecksums-Sha256:\n aa 12 python-b_1.0.orig.tar.gz\n";

    #[test]
    fn fields() {
        let source = parse(TEXT).unwrap();
        assert_eq!(
            (source.name.as_str(), source.version.as_str()),
            ("python-b", "1:1.0-1")
        );
        assert_eq!(source.binaries, ["python3-b", "python-b-doc"]);
        let needs: Vec<&str> = source.needs.iter().map(|need| need.text.as_str()).collect();
        assert_eq!(
            needs,
            [
                "debhelper-compat (= 13)",
                "python3-a <!nocheck>",
                "python3-sphinx <!nodoc>"
            ]
        );
        assert_eq!(source.files["python-b_1.0.orig.tar.gz"], "aa");
    }

    #[test]
    fn a_signature_changes_nothing() {
        let signed = format!(
            "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{TEXT}-----BEGIN PGP SIGNATURE-----\n\nxx\n"
        );
        assert_eq!(parse(&signed), parse(TEXT));
    }

    #[track_caller]
    fn check(from: &str, to: &str, expect: &str) {
        assert_eq!(parse(&TEXT.replace(from, to)).unwrap_err(), expect);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(parse("").unwrap_err(), "it is empty");
        check("Version: 1:1.0-1\n", "", "it has no field Version");
        check(
            "Source: python-b",
            "Source: ../b",
            "`../b` is no name of a source package",
        );
        check(
            "python3-a <!nocheck>",
            "python3-a (",
            "`python3-a (` is not a relation",
        );
        check(
            "aa 12 ",
            "aa 12 ../",
            "`aa 12 ../python-b_1.0.orig.tar.gz` is no line of checksums",
        );
    }

    #[test]
    fn the_newest_version_counts() {
        let directory = tempfile::tempdir().unwrap();
        for version in ["1.9-1", "1.10-1", "1.10~rc1-1"] {
            let path = directory.path().join(format!("python-b_{version}.dsc"));
            fs_err::write(path, TEXT.replace("1:1.0-1", version)).unwrap();
        }
        let found = read_all(directory.path()).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].source.version, "1.10-1");
    }
}
