//! Every distribution of a snapshot maps to a package that holds it.

use pydeps_core::alias::Aliases;
use pydeps_core::archive::{Archive, PathClass};
use pydeps_core::mapping::{Answer, Evidence, Mapping, Tables, map};
use pydeps_core::name::DistName;

use super::snapshots;

fn mapped(archive: &dyn Archive, name: &DistName) -> Mapping {
    let tables = Tables {
        archive,
        overrides: None,
        installed: None,
        aliases: &Aliases::built_in(),
        unstable: &|_| None,
        by_unstable_name: false,
    };
    match map(name, &tables) {
        Answer::Mapped(mapping) => mapping,
        other => panic!("{name}: {other:?}"),
    }
}

#[test]
fn every_distribution_maps_to_a_package_that_holds_it() {
    for snapshot in snapshots() {
        let suite = &snapshot.suite().codename;
        let mut names: Vec<DistName> = snapshot.distributions().map(|dist| dist.name).collect();
        names.dedup();
        assert!(names.len() > 5000, "{suite} has {}", names.len());
        for name in &names {
            let copies = snapshot.distribution(name);
            let mapping = mapped(&snapshot, name);
            let Evidence::Archive { path } = &mapping.evidence else {
                panic!("{suite} {name}: {:?}", mapping.evidence);
            };
            let held = copies
                .iter()
                .find(|dist| dist.package == mapping.package && dist.path == *path);
            assert!(held.is_some(), "{suite} {name}: {mapping:?}");
            let found = |class| copies.iter().any(|dist| dist.class == class);
            let findable = found(PathClass::Public) || found(PathClass::Versioned);
            assert_eq!(mapping.public, findable, "{suite} {name}");
            let told = mapping.findings.iter().any(|f| f.code == "private-copy");
            assert_eq!(told, !findable, "{suite} {name}: {:?}", mapping.findings);
        }
    }
}
