//! At the archive's actual versions a relation is satisfied exactly if the specifiers
//! contain the upstream version.

use pep440_rs::VersionSpecifiers;
use pydeps_core::archive::{Archive, ArchiveDist};
use pydeps_core::deb_version::DebVersion;
use pydeps_core::mapping::judged_version;
use pydeps_core::name::DebName;
use pydeps_core::relation::{Known, contains, translate};

use super::shapes::{Shape, clause, neighbours, real, shapes};
use super::{rows, snapshots};

/// Of a thousand rows at most so many may have no readable upstream version.
const UNREADABLE_PER_THOUSAND: usize = 20;
/// Without optimisation, each row has every operator with each tenth of its versions
/// only, another tenth with the next operator; with it, all.
const STRIDE: usize = 10;

#[derive(Debug, Default)]
struct Counts {
    checked: usize,
    held: usize,
    by_archive_version: usize,
}

fn known(dist: &ArchiveDist) -> Option<Known> {
    let upstream = judged_version(dist).0?;
    Some(Known::archive(upstream, dist.package_version.parse().ok()?))
}

impl Counts {
    /// Panics with an example where relation and specifiers disagree.
    fn check(&mut self, package: &DebName, known: &Known, specifiers: &str) {
        let specifiers: VersionSpecifiers = specifiers.parse().unwrap();
        let translation = translate(package, &specifiers, Some(known));
        let wanted = contains(&specifiers, &known.upstream);
        let says = || {
            format!(
                "{package} {} ({}), `{specifiers}`",
                known.debian, known.upstream
            )
        };
        let relations = translation.relations;
        let at: &DebVersion = &known.debian;
        assert_eq!(
            relations.satisfied_by(at),
            wanted,
            "{}: {relations}",
            says()
        );
        let build = relations.for_build(Some(at));
        assert_eq!(build.satisfied_by(at), wanted, "{}: {build}", says());
        assert!(build.0.iter().all(|clause| clause.len() == 1), "{build}");
        self.checked += 1;
        self.held += usize::from(wanted);
        let named = |f: &pydeps_core::finding::Finding| f.code == "bound-names-archive-version";
        self.by_archive_version += usize::from(translation.findings.iter().any(named));
    }
}

#[test]
fn real_specifiers_on_the_distributions_they_name() {
    let real = real();
    let mut counts = Counts::default();
    for dist in rows() {
        let (Some(known), Some(all)) = (known(&dist), real.get(dist.name.as_ref())) else {
            continue;
        };
        for specifiers in all {
            counts.check(&dist.package, &known, &specifiers.to_string());
        }
    }
    println!("real specifiers: {counts:?}");
    assert!(counts.checked > 1000 && counts.held > 500, "{counts:?}");
    assert!(counts.held < counts.checked, "{counts:?}");
}

#[test]
fn real_shapes_on_every_version_of_trixie() {
    real_shapes_on_every_version("trixie");
}

#[test]
fn real_shapes_on_every_version_of_bookworm() {
    real_shapes_on_every_version("bookworm");
}

fn real_shapes_on_every_version(suite: &str) {
    let snapshot = pydeps_archive::snapshot::built_in(suite).unwrap();
    let (single, several) = shapes();
    let every = if cfg!(debug_assertions) { STRIDE } else { 1 };
    let mut counts = Counts::default();
    for (at, dist) in snapshot.distributions().enumerate() {
        let Some(known) = known(&dist) else { continue };
        let versions = neighbours(&known.upstream);
        for (place, operator) in single.iter().enumerate() {
            for version in versions.iter().skip((at + place) % every).step_by(every) {
                if let Some(clause) = clause(operator, version) {
                    counts.check(&dist.package, &known, &clause);
                }
            }
        }
        // Of the longer ones another one on each row, with other versions.
        let shape = &several[at % several.len()];
        for turn in (0..versions.len()).step_by(every) {
            let specifiers = fill(shape, at + turn, &versions);
            counts.check(&dist.package, &known, &specifiers);
        }
    }
    println!("{suite}: {counts:?}");
    assert!(counts.checked * every > 700_000, "{counts:?}");
    assert!(
        counts.held > counts.checked / 4 && counts.held < counts.checked * 3 / 4,
        "{counts:?}"
    );
}

/// A shape with neighbours as versions, beginning with the `from`th.
fn fill(shape: &Shape, from: usize, versions: &[pep440_rs::Version]) -> String {
    let clauses = shape.iter().enumerate().filter_map(|(at, operator)| {
        let version = &versions[(from + 3 * at) % versions.len()];
        clause(operator, version)
    });
    clauses.collect::<Vec<_>>().join(",")
}

#[test]
fn few_rows_have_no_readable_upstream_version() {
    for snapshot in snapshots() {
        let all: Vec<ArchiveDist> = snapshot.distributions().collect();
        let excluded: Vec<String> = all
            .iter()
            .filter(|dist| known(dist).is_none())
            .map(|dist| format!("{} {} ({})", dist.package, dist.package_version, dist.path))
            .collect();
        let spelled = |dist: &&ArchiveDist| known(dist).is_some_and(|k| k.spelling.is_some());
        let (suite, spelled) = (
            &snapshot.suite().codename,
            all.iter().filter(spelled).count(),
        );
        let (count, listed) = (excluded.len(), excluded.join("\n  "));
        println!(
            "{suite}: {} rows, {spelled} in the upstream's spelling, {count} excluded:\n  {listed}",
            all.len()
        );
        assert!(
            count * 1000 <= all.len() * UNREADABLE_PER_THOUSAND,
            "{suite}: {listed}"
        );
    }
}
