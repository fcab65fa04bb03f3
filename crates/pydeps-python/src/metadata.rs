//! Core metadata: `METADATA` of a wheel, `PKG-INFO` of an sdist.

mod about;

use std::str::FromStr;

use mailparse::MailHeader;
use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::upstream::{Metadata, MetadataSource};

use crate::error::ReadError;
use crate::requires_python;
use pydeps_core::requirement;

pub use about::about;

/// Reads core metadata. Only a missing or unreadable name or version is an error;
/// everything else that cannot be read is a finding.
pub fn parse(bytes: &[u8], source: MetadataSource, origin: &str) -> Result<Metadata, ReadError> {
    let headers = Headers::parse(bytes, origin)?;
    let mut metadata = Metadata {
        name: headers.name()?,
        version: headers.version()?,
        requires_dist: Vec::new(),
        requires_python: None,
        provides_extra: Vec::new(),
        license: headers.license(),
        summary: headers.first("Summary"),
        source,
        origin: origin.to_owned(),
        findings: Vec::new(),
    };
    for text in headers.all("Requires-Dist") {
        let (requirement, finding) = requirement::parse(text.trim(), origin);
        metadata.requires_dist.extend(requirement);
        metadata.findings.extend(finding);
    }
    read_python(&mut metadata, &headers);
    read_extras(&mut metadata, &headers);
    Ok(metadata)
}

fn read_python(metadata: &mut Metadata, headers: &Headers<'_>) {
    let Some(text) = headers.first("Requires-Python") else {
        return;
    };
    let (specifiers, problem) = requires_python::read(&text);
    metadata.requires_python = specifiers;
    if let Some(problem) = problem {
        let finding = Finding::warning("requires-python-unreadable", problem);
        metadata
            .findings
            .push(finding.with_origin(&metadata.origin));
    }
}

fn read_extras(metadata: &mut Metadata, headers: &Headers<'_>) {
    for text in headers.all("Provides-Extra") {
        match ExtraName::from_str(text.trim()) {
            Ok(extra) if !metadata.provides_extra.contains(&extra) => {
                metadata.provides_extra.push(extra);
            }
            Ok(_) => {}
            Err(_) => {
                let message = format!("`{text}` is not an extra's name; it is ignored");
                let finding = Finding::warning("extra-unreadable", message);
                metadata
                    .findings
                    .push(finding.with_origin(&metadata.origin));
            }
        }
    }
}

/// The headers of a metadata file, without the description that may follow them.
pub(crate) struct Headers<'a> {
    headers: Vec<MailHeader<'a>>,
    origin: &'a str,
}

impl<'a> Headers<'a> {
    pub(crate) fn parse(bytes: &'a [u8], origin: &'a str) -> Result<Self, ReadError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let (headers, _) = mailparse::parse_headers(bytes).map_err(|e| ReadError::BadMetadata {
            url: origin.to_owned(),
            reason: e.to_string(),
        })?;
        Ok(Self { headers, origin })
    }

    /// The values of all headers of that name. They are UTF-8 (PEP 566); `UNKNOWN`
    /// is what old setuptools wrote for nothing.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = String> {
        self.headers
            .iter()
            .filter(move |header| header.get_key_ref().eq_ignore_ascii_case(name))
            .map(|header| String::from_utf8_lossy(header.get_value_raw()).into_owned())
            .filter(|value| !value.trim().is_empty() && value.trim() != "UNKNOWN")
    }

    pub(crate) fn first(&self, name: &str) -> Option<String> {
        let value = self.all(name).next()?;
        Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn bad(&self, reason: String) -> ReadError {
        ReadError::BadMetadata {
            url: self.origin.to_owned(),
            reason,
        }
    }

    fn name(&self) -> Result<DistName, ReadError> {
        let text = self
            .first("Name")
            .ok_or_else(|| self.bad("it has no Name".to_owned()))?;
        DistName::from_str(&text).map_err(|_| self.bad(format!("`{text}` is not a name")))
    }

    fn version(&self) -> Result<Version, ReadError> {
        let text = self
            .first("Version")
            .ok_or_else(|| self.bad("it has no Version".to_owned()))?;
        Version::from_str(&text).map_err(|_| self.bad(format!("`{text}` is not a version")))
    }

    /// `License-Expression`, else a short `License`, else the licence classifiers, else a
    /// long `License`.
    fn license(&self) -> Option<String> {
        if let Some(expression) = self.first("License-Expression") {
            return Some(expression);
        }
        let name = self.all("License").next().and_then(|text| short(&text));
        if name.is_some() {
            return name;
        }
        let classifiers: Vec<String> = self
            .all("Classifier")
            .filter_map(|c| Some(c.trim().strip_prefix("License :: ")?.to_owned()))
            .collect();
        match classifiers.is_empty() {
            true => self.first("License"),
            false => Some(classifiers.join("; ")),
        }
    }

    /// Whether `Requires-Dist` can be relied on in an sdist (PEP 643).
    pub(crate) fn is_static(&self) -> bool {
        let version = self.first("Metadata-Version").unwrap_or_default();
        let mut parts = version
            .split('.')
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let version = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
        let dynamic = |field: &str| {
            self.all("Dynamic")
                .any(|d| d.trim().eq_ignore_ascii_case(field))
        };
        version >= (2, 2) && !dynamic("Requires-Dist") && !dynamic("Provides-Extra")
    }
}

/// What is longer than this, in bytes, is the text of a licence and not its name.
const LICENCE_NAME: usize = 80;

/// A text in one line, if it can be a name. Of a licence's text, most is not looked at.
fn short(text: &str) -> Option<String> {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > LICENCE_NAME {
            return None;
        }
    }
    Some(line)
}

/// Where the headers end: the description that follows is of no use here, and
/// most of the bytes.
pub fn header_block(bytes: &[u8]) -> &[u8] {
    let ends = |i: usize| matches!(bytes[i + 1..], [b'\n', ..] | [b'\r', b'\n', ..]);
    let end = (0..bytes.len()).find(|&i| bytes[i] == b'\n' && ends(i));
    &bytes[..end.map_or(bytes.len(), |i| i + 1)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Metadata, ReadError> {
        parse(
            text.as_bytes(),
            MetadataSource::Wheel,
            "https://index.example/m",
        )
    }

    #[track_caller]
    fn check(text: &str, license: Option<&str>) {
        let text = format!("Metadata-Version: 2.1\nName: Foo\nVersion: 1.0\n{text}");
        assert_eq!(read(&text).unwrap().license.as_deref(), license);
    }

    #[test]
    fn licences_in_order_of_worth() {
        let classifier = "Classifier: License :: OSI Approved :: MIT License\n";
        check("", None);
        check("License: UNKNOWN\n", None);
        check(classifier, Some("OSI Approved :: MIT License"));
        check(&format!("License: MIT\n{classifier}"), Some("MIT"));
        check(
            "License: MIT\nLicense-Expression: MIT OR X11\n",
            Some("MIT OR X11"),
        );
        check("License: a\n        b\n", Some("a b"));
        let whole = format!("License: {}\n", "Copyright ".repeat(20));
        check(
            &format!("{whole}{classifier}"),
            Some("OSI Approved :: MIT License"),
        );
        check(&whole, Some("Copyright ".repeat(20).trim_end()));
    }

    #[test]
    fn what_resolution_needs() {
        let text = "Metadata-Version: 2.1\r\nName: Foo.Bar\r\nVersion: 1.0.0\r\n\
            Summary: caf\u{e9}\r\nRequires-Python: >=3.8\r\nProvides-Extra: A_b\r\n\
            Requires-Dist: x>=1\r\nRequires-Dist: y>=1.*\r\nRequires-Dist: ??\r\n\
            \r\nRequires-Dist: not-a-header\r\n";
        let metadata = read(text).unwrap();
        assert_eq!(metadata.name.as_ref(), "foo-bar");
        assert_eq!(metadata.summary.as_deref(), Some("caf\u{e9}"));
        assert_eq!(metadata.provides_extra[0].as_ref(), "a-b");
        let requires: Vec<_> = metadata
            .requires_dist
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(requires, ["x>=1", "y>=1"]);
        let codes: Vec<_> = metadata.findings.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["requirement-repaired", "requirement-unreadable"]);
        assert_eq!(
            header_block(text.as_bytes()).len(),
            text.find("\r\n\r\n").unwrap() + 2
        );
    }

    #[test]
    fn a_name_and_a_version_are_needed() {
        for (text, expect) in [
            ("Version: 1\n", "it has no Name"),
            ("Name: a\n", "it has no Version"),
            ("Name: a b\nVersion: 1\n", "`a b` is not a name"),
            ("Name: a\nVersion: x\n", "`x` is not a version"),
            ("", "it has no Name"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expect), "{error}");
        }
    }

    proptest! {
        #[test]
        fn total(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&bytes, MetadataSource::Wheel, "x");
            let mut text = b"Name: a\nVersion: 1\nRequires-Dist: ".to_vec();
            text.extend(&bytes);
            let _ = parse(&text, MetadataSource::Wheel, "x");
            prop_assert!(bytes.starts_with(header_block(&bytes)));
        }
    }
}
