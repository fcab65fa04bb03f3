//! What a person has decided about distributions: values. The file
//! (`debian/pydeps.toml`) is read elsewhere.

use std::collections::BTreeMap;

use pep440_rs::VersionSpecifiers;
use serde::Serialize;

use crate::name::DistName;

/// The decisions of a session, one for each distribution.
pub type Decisions = BTreeMap<DistName, Decision>;

/// One decision. As a line of `[decisions]` in `debian/pydeps.toml`:
///
/// ```toml
/// pyyaml = { action = "relax", reason = "6.0.2 has all that is used" }
/// typer = { action = "replace", version = ">=0.26.1", from = "sid" }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// What is to happen.
    pub choice: Choice,
    /// The versions it is about; all where it is empty.
    pub version: VersionSpecifiers,
    /// Where the package is to be taken from, for `replace` and `backport`: the name
    /// of a suite (`sid`, `trixie-backports`), or `index`.
    pub from: Option<String>,
    /// Why, in the person's words.
    pub reason: Option<String>,
    /// Where it was written: `file:line`, or the command line.
    pub origin: String,
}

/// The kinds of decisions (the design's actions that a person chooses).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// The suite's version is taken, whatever its requirers say.
    Relax,
    /// A newer suite's package is rebuilt, of what the suite lacks.
    Backport,
    /// The suite's package makes way for a newer one.
    Replace,
    /// A package is generated from the index, even where one could be rebuilt.
    Generate,
    /// Only these versions come into question.
    Pin,
    /// It goes into the application's own directory, and is nobody else's.
    Bundle,
    /// The requirement is left out.
    Ignore,
}

impl Choice {
    /// Every choice, in the order of the manual.
    pub const ALL: [Self; 7] = [
        Self::Relax,
        Self::Backport,
        Self::Replace,
        Self::Generate,
        Self::Pin,
        Self::Bundle,
        Self::Ignore,
    ];

    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Relax => "relax",
            Self::Backport => "backport",
            Self::Replace => "replace",
            Self::Generate => "generate",
            Self::Pin => "pin",
            Self::Bundle => "bundle",
            Self::Ignore => "ignore",
        }
    }
}

impl Decision {
    /// A decision without version, source and reason.
    pub fn new(choice: Choice, origin: &str) -> Self {
        Self {
            choice,
            version: VersionSpecifiers::empty(),
            from: None,
            reason: None,
            origin: origin.to_owned(),
        }
    }

    /// The decision as a line of `[decisions]`, without its reason.
    pub fn line(&self, name: &DistName) -> String {
        let mut fields = vec![format!("action = \"{}\"", self.choice.word())];
        if !self.version.is_empty() {
            fields.push(format!("version = \"{}\"", self.version));
        }
        let from = self.from.as_ref();
        fields.extend(from.map(|from| format!("from = \"{from}\"")));
        format!("{name} = {{ {} }}", fields.join(", "))
    }
}
