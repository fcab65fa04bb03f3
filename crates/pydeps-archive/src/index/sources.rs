//! Sources: the stanzas of a suite's source packages, and their table in the index.

use std::collections::BTreeMap;

use deb822_fast::borrowed::{BorrowedParagraph, iter_paragraphs_borrowed};
use pydeps_core::archive::SourcePackage;
use pydeps_core::deb_version::is_later;
use pydeps_core::name::DebName;

use super::build::PocketFacts;
use super::packages::PackagesError;
use super::table::{Row, TableWriter};

const DEPENDS: [&str; 3] = ["Build-Depends", "Build-Depends-Arch", "Build-Depends-Indep"];
const CONFLICTS: [&str; 3] = [
    "Build-Conflicts",
    "Build-Conflicts-Arch",
    "Build-Conflicts-Indep",
];

/// Reads every stanza that has a name and a version. Those that the archive keeps only
/// because binaries in it were built with them (`Extra-Source-Only`) are left out.
pub fn parse_sources(text: &str) -> Result<Vec<SourcePackage>, PackagesError> {
    let mut sources = Vec::new();
    for (number, stanza) in iter_paragraphs_borrowed(text).enumerate() {
        let stanza = stanza.map_err(|error| PackagesError {
            stanza: number + 1,
            message: error.to_string(),
        })?;
        sources.extend(facts(&stanza));
    }
    Ok(sources)
}

fn facts(stanza: &BorrowedParagraph<'_>) -> Option<SourcePackage> {
    let field = |name: &str| {
        let found = stanza.get_field(name);
        found.map(|field| field.join().trim().trim_end_matches(',').to_owned())
    };
    if field("Extra-Source-Only").is_some_and(|value| value == "yes") {
        return None;
    }
    let conflicts: Vec<String> = CONFLICTS.into_iter().filter_map(field).collect();
    Some(SourcePackage {
        name: field("Package").filter(|name| name.parse::<DebName>().is_ok())?,
        version: field("Version").filter(|version| !version.is_empty())?,
        build_depends: DEPENDS.map(|name| field(name).unwrap_or_default()),
        build_conflicts: conflicts.join(", "),
    })
}

/// Name, version, the three fields of dependencies, conflicts: of each source package
/// the newest version in the suite, its updates and its security updates.
pub(super) fn source_table(pockets: &[PocketFacts]) -> Vec<u8> {
    let mut newest: BTreeMap<&str, &SourcePackage> = BTreeMap::new();
    let own = pockets.iter().filter(|pocket| pocket.origin.tier() == 0);
    for source in own.filter_map(|pocket| pocket.sources.as_ref()).flatten() {
        let best = newest.entry(&source.name).or_insert(source);
        if is_later(&source.version, &best.version) {
            *best = source;
        }
    }
    let mut table = TableWriter::default();
    for source in newest.values() {
        let [depends, arch, indep] = &source.build_depends;
        table.row(&[
            &source.name,
            &source.version,
            depends,
            arch,
            indep,
            &source.build_conflicts,
        ]);
    }
    table.finish()
}

/// A row of that table.
pub(super) fn source(row: Row<'_>) -> SourcePackage {
    let mut columns = row.columns().map(str::to_owned);
    let mut next = || columns.next().unwrap_or_default();
    SourcePackage {
        name: next(),
        version: next(),
        build_depends: [next(), next(), next()],
        build_conflicts: next(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stanza() {
        let text = "Package: six\nBinary: python3-six\nVersion: 1.17.0-1\nBuild-Depends: debhelper-compat (= 13),\n dh-python,\n\
                    Build-Depends-Indep: python3-all\nBuild-Conflicts-Indep: x1\nBuild-Conflicts: y1\n\n\
                    Package: six\nVersion: 1.16.0-1\nExtra-Source-Only: yes\n\nPackage: No\nVersion: 1\n";
        let sources = parse_sources(text).unwrap();
        assert_eq!(
            sources,
            [SourcePackage {
                name: "six".into(),
                version: "1.17.0-1".into(),
                build_depends: [
                    "debhelper-compat (= 13),\ndh-python".into(),
                    String::new(),
                    "python3-all".into()
                ],
                build_conflicts: "y1, x1".into(),
            }]
        );
    }

    proptest! {
        #[test]
        fn total(text in "[PV:a \n(#,]{0,80}") {
            let _ = parse_sources(&text);
        }
    }
}
