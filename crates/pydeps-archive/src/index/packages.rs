//! Packages: the stanzas of a suite's binary packages.

use deb822_fast::borrowed::{BorrowedParagraph, iter_paragraphs_borrowed};
use pydeps_core::name::DebName;

/// What the index keeps of one stanza.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFacts {
    /// `Package`.
    pub name: String,
    /// `Version`.
    pub version: String,
    /// `Section`.
    pub section: String,
    /// `Source` without its version, or the package's own name.
    pub source: String,
    /// The version in `Source`, or the package's own.
    pub source_version: String,
    /// `Architecture`.
    pub architecture: String,
    /// `Multi-Arch`, empty for `no`.
    pub multi_arch: String,
    /// `Provides`, `Depends`, `Pre-Depends`, `Breaks`, `Conflicts`, in this order.
    pub relations: [String; 5],
}

const RELATIONS: [&str; 5] = ["Provides", "Depends", "Pre-Depends", "Breaks", "Conflicts"];

/// A Packages file that is not in deb822 format (deb-control(5)).
#[derive(Debug, thiserror::Error)]
#[error("stanza {stanza}: {message}")]
pub struct PackagesError {
    /// Which stanza, counted from 1.
    pub stanza: usize,
    /// The parser's reason.
    pub message: String,
}

/// Reads every stanza that has a package name and a version.
pub fn parse_packages(text: &str) -> Result<Vec<PackageFacts>, PackagesError> {
    let mut packages = Vec::new();
    for (number, stanza) in iter_paragraphs_borrowed(text).enumerate() {
        let stanza = stanza.map_err(|error| PackagesError {
            stanza: number + 1,
            message: error.to_string(),
        })?;
        packages.extend(facts(&stanza));
    }
    Ok(packages)
}

fn facts(stanza: &BorrowedParagraph<'_>) -> Option<PackageFacts> {
    let field = |name| {
        stanza
            .get_field(name)
            .map(|field| field.join().trim().to_owned())
    };
    let name = field("Package").filter(|name| name.parse::<DebName>().is_ok())?;
    let version = field("Version").filter(|version| !version.is_empty())?;
    let source = field("Source").unwrap_or_default();
    let (source, source_version) = match source.split_once('(') {
        Some((source, rest)) => (source.trim(), rest.trim_end().trim_end_matches(')').trim()),
        None => (source.as_str(), ""),
    };
    let or = |text: &str, default: &str| if text.is_empty() { default } else { text }.to_owned();
    Some(PackageFacts {
        source: or(source, &name),
        source_version: or(source_version, &version),
        section: field("Section").unwrap_or_default(),
        architecture: field("Architecture").unwrap_or_default(),
        multi_arch: field("Multi-Arch")
            .filter(|value| value != "no")
            .unwrap_or_default(),
        relations: RELATIONS.map(|relation| field(relation).unwrap_or_default()),
        name,
        version,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stanza() {
        let text = "Package: python3-yaml\nSource: pyyaml (6.0.2-1)\nVersion: 6.0.2-1+b2\nArchitecture: amd64\n\
                    Depends: python3 (<< 3.14),\n python3:any\nSection: python\n\nPackage: odd\n\nPackage: a2\nVersion: 1\n";
        let packages = parse_packages(text).unwrap();
        assert_eq!(packages.len(), 2);
        let yaml = &packages[0];
        assert_eq!(
            (yaml.source.as_str(), yaml.source_version.as_str()),
            ("pyyaml", "6.0.2-1")
        );
        assert_eq!(yaml.relations[1], "python3 (<< 3.14),\npython3:any");
        assert_eq!(
            (
                packages[1].source.as_str(),
                packages[1].source_version.as_str()
            ),
            ("a2", "1")
        );
    }

    #[test]
    fn nonsense_names_its_stanza() {
        let error = parse_packages("Package: a2\nVersion: 1\n\n no field\n").unwrap_err();
        assert_eq!(error.stanza, 2, "{error}");
    }

    proptest! {
        #[test]
        fn total(text in "[PV:a \n(#]{0,80}") {
            let _ = parse_packages(&text);
        }
    }
}
