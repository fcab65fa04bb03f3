//! What of a session's tree is in the build area: `AREA/state/generated.toml` says which
//! source package belongs to which distribution. `generate` writes it; `build` and `status`
//! read it.
//!
//! ```toml
//! version = 1
//!
//! [distribution.pyyaml]
//! version = "6.0.3"
//! source = "python-yaml"
//! package-version = "6.0.3-1~local1"
//!
//! [refused.orjson]
//! version = "3.10.0"
//! reason = "it is written in Rust"
//!
//! [package]
//! orjson = "python3-orjson"
//! pyyaml = "python3-yaml"
//! ```

use std::collections::BTreeMap;
use std::io;

use pep440_rs::Version;
use pydeps_core::build_summary::BuildStatus;
use pydeps_core::name::{DebName, DistName};
use serde::{Deserialize, Serialize};

use crate::area::Area;
use crate::failed::Failed;
use crate::source::Packed;
use crate::state::Record;
use crate::{BuildError, pack, read_sources};
use pydeps_host::atomic;

/// The format that is read and written.
const FORMAT: i64 = 1;

const HEADING: &str = "# Which source package was made for which distribution.\n";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ledger {
    version: i64,
    #[serde(default, rename = "distribution")]
    distributions: BTreeMap<DistName, Made>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    refused: BTreeMap<DistName, Refusal>,
    /// How others call the package of each, whether it was made or not.
    #[serde(
        default,
        rename = "package",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    packages: BTreeMap<DistName, DebName>,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            version: FORMAT,
            distributions: BTreeMap::new(),
            refused: BTreeMap::new(),
            packages: BTreeMap::new(),
        }
    }
}

/// The source package of a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Made {
    /// The release that it packages.
    pub version: Version,
    /// The source package's name.
    pub source: String,
    /// Its version.
    pub package_version: String,
}

/// Why a release could not be packaged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The release.
    pub version: Version,
    /// The reason, in a sentence.
    pub reason: String,
}

/// The source packages of a build area, and whose they are.
#[derive(Debug)]
pub struct Stock {
    area: Area,
    ledger: Ledger,
    packed: BTreeMap<String, Packed>,
}

impl Stock {
    /// What is in an area; nothing where there is none.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if a source package or the list of them cannot be read.
    pub fn read(area: &Area) -> Result<Self, BuildError> {
        let packed = read_sources(area)?.into_iter();
        Ok(Self {
            area: area.clone(),
            ledger: ledger(area)?,
            packed: packed.map(|one| (one.source.name.clone(), one)).collect(),
        })
    }

    /// Whether the area has no source packages.
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// The source package with a name, which is its own or the distribution's that it was
    /// made for.
    pub fn source(&self, name: &str) -> Option<&str> {
        if let Some((source, _)) = self.packed.get_key_value(name) {
            return Some(source);
        }
        let distribution = name.parse::<DistName>().ok()?;
        let made = self.ledger.distributions.get(&distribution)?;
        let (source, _) = self.packed.get_key_value(&made.source)?;
        Some(source)
    }

    /// Why the last attempt to package a release came to nothing, if it did.
    pub fn refusal(&self, name: &DistName, version: &Version) -> Option<&str> {
        let refusal = self.ledger.refused.get(name)?;
        (refusal.version == *version).then_some(refusal.reason.as_str())
    }

    /// The binary package of a distribution, as those that need it were told.
    pub fn package(&self, name: &DistName) -> Option<&DebName> {
        self.ledger.packages.get(name)
    }

    /// The source package of a release.
    pub fn made(&self, name: &DistName, version: &Version) -> Option<&Packed> {
        let made = self.ledger.distributions.get(name);
        let made = made.filter(|made| made.version == *version)?;
        self.packed.get(&made.source)
    }

    /// What rebuilds the package of a newer suite, by the name and version of a binary
    /// package. What was rebuilt has a `~` and more behind the version (Developer's Reference,
    /// section 5.11.3).
    pub fn rebuilt(&self, package: &str, version: &str) -> Option<&Packed> {
        let has = |one: &&Packed| {
            one.source.binaries.iter().any(|binary| binary == package)
                && is_rebuilt(&one.source.version, source_version(version))
        };
        self.packed.values().find(has)
    }

    /// How far a source package has come, for a suite and an architecture, whatever the
    /// profiles.
    ///
    /// # Errors
    ///
    /// [`BuildError`] if what was packed cannot be compared with what is unpacked.
    pub fn status(
        &self,
        packed: &Packed,
        suite: &str,
        architecture: &str,
    ) -> Result<BuildStatus, BuildError> {
        let built = Record::read(&self.area, &packed.source.name).is_some_and(|record| {
            let like = Record::new(suite, architecture, &record.profiles, "");
            record.holds(&self.area, packed, &like)
        });
        let failed = Failed::read(&self.area, packed, suite, architecture);
        Ok(match (built, failed) {
            (false, None) => BuildStatus::Generated,
            _ if pack::stale(&self.area, packed)?.is_some() => BuildStatus::Generated,
            (true, _) => BuildStatus::Built,
            (false, Some(failed)) => {
                let (name, version) = (&packed.source.name, &packed.source.version);
                let log = self.area.log(name, version, architecture);
                BuildStatus::Failed(format!("{}; see {}", failed.reason, log.display()))
            }
        })
    }
}

fn is_rebuilt(version: &str, of: &str) -> bool {
    let more = version.strip_prefix(of);
    more.is_some_and(|more| more.is_empty() || more.starts_with('~'))
}

/// A version without the `+bNUMBER` of a binary-only upload.
fn source_version(version: &str) -> &str {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    match version.rsplit_once("+b") {
        Some((source, number)) if !number.is_empty() && is_number(number) => source,
        _ => version,
    }
}

/// Notes the source package of a distribution, in place of an older one.
///
/// # Errors
///
/// [`BuildError`]; the list is then what it was.
pub fn note(area: &Area, name: &DistName, made: Made) -> Result<(), BuildError> {
    let mut ledger = ledger(area)?;
    ledger.refused.remove(name);
    ledger.distributions.insert(name.clone(), made);
    write(area, &ledger)
}

/// Notes why a distribution has no source package, in place of an older reason. A source
/// package that there is stays noted.
///
/// # Errors
///
/// [`BuildError`]; the list is then what it was.
pub fn note_refusal(area: &Area, name: &DistName, refusal: Refusal) -> Result<(), BuildError> {
    let mut ledger = ledger(area)?;
    ledger.refused.insert(name.clone(), refusal);
    write(area, &ledger)
}

/// Notes how the packages of distributions are called by those that need them.
///
/// # Errors
///
/// [`BuildError`]; the list is then what it was.
pub fn note_packages(
    area: &Area,
    packages: impl IntoIterator<Item = (DistName, DebName)>,
) -> Result<(), BuildError> {
    let before = ledger(area)?;
    let mut after = before.clone();
    after.packages.extend(packages);
    match after == before {
        true => Ok(()),
        false => write(area, &after),
    }
}

fn write(area: &Area, ledger: &Ledger) -> Result<(), BuildError> {
    let text = toml_edit::ser::to_string_pretty(ledger).map_err(io::Error::other)?;
    fs_err::create_dir_all(area.state())?;
    Ok(atomic::write(
        &area.generated(),
        format!("{HEADING}{text}").as_bytes(),
    )?)
}

fn ledger(area: &Area) -> Result<Ledger, BuildError> {
    let path = area.generated();
    let wrong = |reason: String| BuildError::Ledger {
        path: path.clone(),
        reason,
    };
    let text = match fs_err::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Ledger::default()),
        Err(error) => return Err(error.into()),
    };
    let ledger: Ledger =
        toml_edit::de::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
    match ledger.version {
        FORMAT => Ok(ledger),
        other => Err(wrong(format!(
            "the format is {other}, and this program reads {FORMAT}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(version: &str, source: &str) -> Made {
        Made {
            version: version.parse().unwrap(),
            source: source.to_owned(),
            package_version: format!("{version}-1"),
        }
    }

    #[test]
    fn what_is_noted_is_sorted_and_found_again() {
        let top = tempfile::tempdir().unwrap();
        let area = Area::new(top.path());
        let name = |name: &str| name.parse::<DistName>().unwrap();
        note(&area, &name("Foo_Bar"), made("1.0", "python-foo-bar")).unwrap();
        note(&area, &name("aa"), made("1", "python-aa")).unwrap();
        note(&area, &name("foo-bar"), made("2.0", "python-foo-bar")).unwrap();
        let text = fs_err::read_to_string(area.generated()).unwrap();
        let expect = "version = 1\n\n[distribution.aa]\nversion = \"1\"\nsource = \"python-aa\"\npackage-version = \"1-1\"\n\n[distribution.foo-bar]\nversion = \"2.0\"\nsource = \"python-foo-bar\"\npackage-version = \"2.0-1\"\n";
        assert_eq!(text, format!("{HEADING}{expect}"));
        let read = ledger(&area).unwrap().distributions;
        assert_eq!(read[&name("aa")], made("1", "python-aa"));
    }

    #[test]
    fn refusals_last_until_a_package_is_made() {
        let top = tempfile::tempdir().unwrap();
        let area = Area::new(top.path());
        let (name, version) = ("foo".parse().unwrap(), "1.0".parse().unwrap());
        let refusal = Refusal {
            version: "1.0".parse().unwrap(),
            reason: "Rust".to_owned(),
        };
        note_refusal(&area, &name, refusal).unwrap();
        let reason = |version: &Version| {
            let stock = Stock::read(&area).unwrap();
            stock.refusal(&name, version).map(str::to_owned)
        };
        assert_eq!(reason(&version).as_deref(), Some("Rust"));
        assert_eq!(reason(&"2.0".parse().unwrap()), None);
        note(&area, &name, made("1.0", "foo")).unwrap();
        assert_eq!(reason(&version), None);
    }

    #[test]
    fn a_file_is_no_area() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let area = Area::new(file.path());
        let is_it = |error: &BuildError| matches!(error, BuildError::NotDirectory(_));
        assert!(is_it(&Stock::read(&area).unwrap_err()));
        assert!(is_it(&area.turn().unwrap_err()));
    }

    #[track_caller]
    fn check(version: &str, of: &str, expect: bool) {
        assert_eq!(is_rebuilt(version, source_version(of)), expect, "{version}");
    }

    #[test]
    fn versions_of_what_was_rebuilt() {
        check("5.0-1~bpo13+1", "5.0-1", true);
        check("5.0-1~bpo13+1", "5.0-1+b3", true);
        check("5.0-1", "5.0-1", true);
        check("5.0-1~bpo13+1", "5.0-11", false);
        check("5.0-10~bpo13+1", "5.0-1", false);
        check("4.0-1~bpo13+1", "5.0-1", false);
        check("5.0-1+b~bpo13+1", "5.0-1+b", true);
    }

    #[track_caller]
    fn wrong(text: &str, expect: &str) {
        let top = tempfile::tempdir().unwrap();
        let area = Area::new(top.path());
        fs_err::create_dir_all(area.state()).unwrap();
        fs_err::write(area.generated(), text).unwrap();
        let error = Stock::read(&area).unwrap_err();
        assert!(error.to_string().ends_with(expect), "{error}");
    }

    #[test]
    fn a_list_that_cannot_be_read() {
        wrong("version = 2\n", "the format is 2, and this program reads 1");
        wrong("version", "generated.toml: key with no value, expected `=`");
    }
}
