//! Which version of a package apt would install, from the lists that are there.

use std::process::Command;

use deb822_fast::borrowed::{BorrowedParagraph, iter_paragraphs_borrowed};
use pydeps_core::archive::{ArchivePackage, Origin};
use pydeps_core::name::DebName;

use pydeps_host::process;

/// What apt knows of these packages; of those that it does not know, nothing. Without apt or
/// without lists there is nothing.
pub fn offered(names: &[DebName]) -> Vec<ArchivePackage> {
    if names.is_empty() {
        return Vec::new();
    }
    let mut command = Command::new("apt-cache");
    command.env("LC_ALL", "C.UTF-8");
    command.args(["show", "--no-all-versions"]);
    command.args(names.iter().map(DebName::as_str));
    // It fails where one of the packages is unknown, and says the others all the same.
    let said = process::output(&mut command).unwrap_or_default();
    packages(&said)
}

fn packages(text: &str) -> Vec<ArchivePackage> {
    let stanzas = iter_paragraphs_borrowed(text).map_while(Result::ok);
    let mut found: Vec<ArchivePackage> = Vec::new();
    for package in stanzas.filter_map(|stanza| package(&stanza)) {
        // Of several architectures the first is this machine's.
        if !found.iter().any(|known| known.name == package.name) {
            found.push(package);
        }
    }
    found
}

fn package(stanza: &BorrowedParagraph<'_>) -> Option<ArchivePackage> {
    let field = |name| stanza.get_single(name).map(|value| value.trim().to_owned());
    Some(ArchivePackage {
        name: field("Package")?.parse().ok()?,
        version: field("Version")?,
        section: field("Section").unwrap_or_default(),
        origin: Origin::Suite,
        details: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stanzas_of_apt_cache() {
        let text = "Package: python3-click\nArchitecture: all\nVersion: 8.3.3-3\nSection: python\n\nPackage: python3-click\nVersion: 1\n\nPackage: odd\n\nPackage: b2\nVersion: 1:2\n";
        let found = packages(text);
        let shown: Vec<String> = found
            .iter()
            .map(|package| format!("{} {} {}", package.name, package.version, package.section))
            .collect();
        assert_eq!(shown, ["python3-click 8.3.3-3 python", "b2 1:2 "]);
    }
}
