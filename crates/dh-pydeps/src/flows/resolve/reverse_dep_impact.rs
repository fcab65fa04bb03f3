//! Who is affected where a package of the suite would make way for a newer one.

use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::deb_version::DebVersion;
use pydeps_core::decision::Choice;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Mapping};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::reverse::Broken;
use pydeps_core::spelling::Spelling;
use pydeps_resolve::{Action, Distribution, Resolution, Way};

use crate::archive::Debian;
use pydeps_core::source::Source;

/// The revision of what is generated.
const REVISION: &str = "1~local1";

/// How many of those that would break are named beside a choice.
const NAMED: usize = 3;

/// Adds findings for what is replaced, and to the choices what replacing breaks.
pub(crate) fn tell(debian: &Debian, resolution: &mut Resolution) {
    let mut findings = Vec::new();
    let replaced = |row: &&Distribution| row.action == Some(Action::Replace);
    let replaced: Vec<&Distribution> = resolution.distributions.iter().filter(replaced).collect();
    // What is replaced itself is built anew, against what is new.
    let gone: Vec<DebName> = replaced
        .iter()
        .filter_map(|row| Some(suite(debian, &row.name)?.package))
        .collect();
    for row in replaced {
        if let (Some(mapping), Some(version)) = (suite(debian, &row.name), &row.version) {
            let own = row
                .package_version
                .as_deref()
                .filter(|_| row.origin != Source::Index);
            let new = new_version(&mapping, version, own);
            findings.extend(affected(debian, &mapping, &new, &gone));
            findings.extend(lost(debian, row, &mapping));
        }
    }
    resolution.findings.extend(findings);
    for way in &mut resolution.choices {
        tell_way(debian, way, &gone);
        way.also
            .iter_mut()
            .for_each(|way| tell_way(debian, way, &gone));
    }
}

/// Adds to a choice what replacing breaks.
fn tell_way(debian: &Debian, way: &mut Way, gone: &[DebName]) {
    let mapping = suite(debian, &way.name).filter(|_| way.choice == Choice::Replace);
    if let (Some(mapping), Some(version)) = (mapping, &way.version) {
        let new = new_version(&mapping, version, None);
        let broken = broken_by(debian, &mapping, &new, gone);
        way.effect.push_str(&in_short(broken));
        let others = names(&debian.also_in(&mapping.package, &way.name));
        if !others.is_empty() {
            let package = &mapping.package;
            let more = format!("; {package} holds {others} as well, which would be gone");
            way.effect.push_str(&more);
        }
    }
}

/// The suite's package of a distribution.
fn suite(debian: &Debian, name: &DistName) -> Option<Mapping> {
    match debian.look_up(name) {
        Answer::Mapped(mapping) => Some(mapping),
        _ => None,
    }
}

/// The version of the package that takes the place: that of a source package, or that
/// which a generated one gets, with the epoch that the suite's has.
fn new_version(mapping: &Mapping, version: &Version, own: Option<&str>) -> String {
    if let Some(own) = own {
        return own.to_owned();
    }
    let text = Spelling::generated(version).upstream(version);
    let has = mapping.package_version.as_deref().unwrap_or_default();
    let epoch = match has.split_once(':') {
        Some((epoch, _)) => format!("{epoch}:"),
        None => String::new(),
    };
    format!("{epoch}{text}-{REVISION}")
}

fn names(names: &BTreeSet<DistName>) -> String {
    Vec::from_iter(names.iter().map(DistName::to_string)).join(", ")
}

/// What goes with a package that makes way: the other distributions in it.
fn lost(debian: &Debian, row: &Distribution, mapping: &Mapping) -> Option<Finding> {
    let others = debian.also_in(&mapping.package, &row.name);
    let message = format!(
        "{} holds {} as well, which {} in its place would not have",
        mapping.package,
        names(&others),
        row.name
    );
    let hint = "whoever uses them would fail: package the release under another name, or decide \
                otherwise";
    (!others.is_empty()).then(|| Finding::warning("replaces-more", message).with_hint(hint))
}

/// `None`: not known.
fn broken_by(
    debian: &Debian,
    mapping: &Mapping,
    version: &str,
    gone: &[DebName],
) -> Option<Vec<Broken>> {
    let version: DebVersion = version.parse().ok()?;
    let mut broken = debian.broken_by(&mapping.package, &version)?;
    broken.retain(|one| !gone.contains(&one.package));
    Some(broken)
}

fn affected(debian: &Debian, mapping: &Mapping, new: &str, gone: &[DebName]) -> Vec<Finding> {
    let (package, has) = (&mapping.package, mapping.package_version.as_deref());
    let what = format!("{package} {new} in place of {}", has.unwrap_or("nothing"));
    match broken_by(debian, mapping, new, gone) {
        None => {
            let text = format!("it is not known what {what} would break");
            let suite = &debian.archive().suite().codename;
            let hint = format!("dh-pydeps update --suite {suite}");
            vec![Finding::warning("breaks-unknown", text).with_hint(hint)]
        }
        Some(broken) if broken.is_empty() => {
            let text = format!("{what} breaks no relation of the suite's packages");
            vec![Finding::info("breaks-nothing", text)]
        }
        Some(broken) => broken
            .iter()
            .map(|broken| Finding::warning("breaks", format!("{what} breaks {broken}")))
            .collect(),
    }
}

fn in_short(broken: Option<Vec<Broken>>) -> String {
    let Some(broken) = broken else {
        return "; what that breaks is not known".to_owned();
    };
    let mut names: Vec<String> = broken.iter().map(|one| one.package.to_string()).collect();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    match &names[..names.len() - more] {
        [] => "; breaks no relation of the suite's packages".to_owned(),
        names if more > 0 => format!("; breaks {} and {more} more", names.join(", ")),
        names => format!("; breaks {}", names.join(", ")),
    }
}
