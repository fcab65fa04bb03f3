//! `debian/control` as debhelper reads it (`_parse_debian_control`; deb-src-control(5)):
//! which packages there are, and which of them a build makes.

use std::collections::BTreeSet;

use deb822_fast::borrowed::{BorrowedField, BorrowedParagraph, iter_paragraphs_borrowed};
use pydeps_core::clause::{architecture_matches, profiles_hold};
use pydeps_core::name::DebName;

/// The file, as it is named in messages.
pub const FILE: &str = "debian/control";

/// What debhelper wants to know of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The source package.
    pub source: DebName,
    /// `Build-Depends`, `Build-Depends-Arch` and `Build-Depends-Indep`, each on one line;
    /// empty where there is none.
    pub build_depends: [String; 3],
    /// `X-DH-Compat`.
    pub x_dh_compat: Option<String>,
    /// Every binary package, in the file's order; at least one.
    pub packages: Vec<Package>,
}

/// A binary package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: DebName,
    /// `Architecture`, as declared.
    pub architecture: String,
    /// `Package-Type`; `deb` where nothing is said.
    pub package_type: String,
    /// `Multi-Arch`; empty where nothing is said.
    pub multi_arch: String,
    /// `Section`, its own or the source's.
    pub section: String,
    /// `Build-Profiles`.
    pub build_profiles: Option<String>,
    /// Whether it is built for the architecture that a compiler in it compiles for
    /// (`X-DH-Build-For-Type: target`).
    pub for_target: bool,
    /// The relation fields and their text on one line, as written: `Depends` and the like.
    pub relations: Vec<(String, String)>,
}

/// The architectures and profiles of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// `DEB_HOST_ARCH`.
    pub host: String,
    /// `DEB_TARGET_ARCH`.
    pub target: String,
    /// The words of `DEB_BUILD_PROFILES`.
    pub profiles: Vec<String>,
}

/// Which packages: all that are built, or one of the halves of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Both.
    Both,
    /// Those of an architecture (`-a`).
    Arch,
    /// Those of all (`-i`).
    Indep,
}

/// Why the file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{FILE}:{line}: {reason}")]
pub struct ControlError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub reason: String,
}

/// Fields that hold relations to binary packages (deb-control(5)).
const RELATIONS: [&str; 9] = [
    "Pre-Depends",
    "Depends",
    "Recommends",
    "Suggests",
    "Enhances",
    "Breaks",
    "Conflicts",
    "Provides",
    "Replaces",
];

impl Control {
    /// Reads the file's text.
    pub fn parse(text: &str) -> Result<Self, ControlError> {
        let text = without_blanks_at_ends(text);
        let place = Place { text: &text };
        let stanzas = iter_paragraphs_borrowed(&text).collect::<Result<Vec<_>, _>>();
        let stanzas = stanzas.map_err(|error| place.syntax(&error))?;
        let Some((first, rest)) = stanzas.split_first() else {
            return Err(place.at(
                1,
                "it is empty; the first stanza has to have a Source field",
            ));
        };
        stanzas.iter().try_for_each(|stanza| place.check(stanza))?;
        let source = value(first, "Source").unwrap_or_default();
        let section = value(first, "Section").unwrap_or_default();
        let packages = rest.iter().map(|stanza| package(stanza, &section, place));
        let control = Self {
            source: (source.parse())
                .map_err(|error| place.error(first, &format!("Source: {error}")))?,
            build_depends: ["Build-Depends", "Build-Depends-Arch", "Build-Depends-Indep"]
                .map(|name| without_comments(first, name)),
            x_dh_compat: value(first, "X-DH-Compat"),
            packages: packages.collect::<Result<_, _>>()?,
        };
        control.each_once(rest, place)
    }

    fn each_once(
        self,
        stanzas: &[BorrowedParagraph<'_>],
        place: Place<'_>,
    ) -> Result<Self, ControlError> {
        let mut seen = BTreeSet::new();
        for (package, stanza) in self.packages.iter().zip(stanzas) {
            if !seen.insert(&package.name) {
                let reason = format!("there is a second stanza of the package {}", package.name);
                return Err(place.error(stanza, &reason));
            }
        }
        match self.packages.is_empty() {
            true => Err(place.at(1, "there is no binary package in it")),
            false => Ok(self),
        }
    }

    /// The package of that name.
    pub fn package(&self, name: &str) -> Option<&Package> {
        self.packages
            .iter()
            .find(|package| package.name.as_str() == name)
    }

    /// The packages that a build makes, in the file's order.
    pub fn built(&self, build: &Build, half: Half) -> Vec<&Package> {
        let wanted = |package: &&Package| match half {
            Half::Both => package.is_built(build),
            Half::Arch => !package.is_indep() && package.is_built(build),
            Half::Indep => package.is_indep() && package.is_built(build),
        };
        self.packages.iter().filter(wanted).collect()
    }
}

impl Package {
    /// Whether it is for all architectures.
    pub fn is_indep(&self) -> bool {
        self.architecture == "all"
    }

    /// Whether a build makes it.
    pub fn is_built(&self, build: &Build) -> bool {
        let active: Vec<&str> = build.profiles.iter().map(String::as_str).collect();
        let enabled =
            (self.build_profiles.as_deref()).is_none_or(|formula| profiles_hold(formula, &active));
        let wanted = self.own_architecture(build);
        let fits = |pattern| architecture_matches(pattern, wanted);
        enabled && (self.is_indep() || self.architecture.split_whitespace().any(fits))
    }

    /// The architecture of the .deb: `all`, or that of the build.
    pub fn binary_architecture<'a>(&'a self, build: &'a Build) -> &'a str {
        match self.is_indep() {
            true => "all",
            false => self.own_architecture(build),
        }
    }

    fn own_architecture<'a>(&self, build: &'a Build) -> &'a str {
        match self.for_target {
            true => &build.target,
            false => &build.host,
        }
    }

    /// The text of a relation field; empty where there is none.
    pub fn relation(&self, field: &str) -> &str {
        let found = self.relations.iter().find(|(name, _)| name == field);
        found.map_or("", |(_, text)| text)
    }
}

fn package(
    stanza: &BorrowedParagraph<'_>,
    section: &str,
    place: Place<'_>,
) -> Result<Package, ControlError> {
    let get = |name| value(stanza, name);
    let name = get("Package").unwrap_or_default();
    if name.is_empty() {
        return Err(place.error(stanza, "the stanza has no Package field"));
    }
    let for_type = get("X-DH-Build-For-Type").unwrap_or_else(|| "host".to_owned());
    if !["host", "target"].contains(&for_type.as_str()) {
        let reason = format!("X-DH-Build-For-Type: `{for_type}` is neither host nor target");
        return Err(place.error(stanza, &reason));
    }
    let relations = RELATIONS.iter().filter_map(|field| {
        let text = get(field)?;
        Some(((*field).to_owned(), text))
    });
    Ok(Package {
        name: (name.parse()).map_err(|error| place.error(stanza, &format!("Package: {error}")))?,
        architecture: get("Architecture").unwrap_or_default(),
        package_type: package_type(stanza).unwrap_or_else(|| "deb".to_owned()),
        multi_arch: get("Multi-Arch").unwrap_or_default(),
        section: get("Section").unwrap_or_else(|| section.to_owned()),
        build_profiles: get("Build-Profiles"),
        for_target: for_type == "target",
        relations: relations.collect(),
    })
}

/// `Package-Type` with or without the prefixes of a field of one's own.
fn package_type(stanza: &BorrowedParagraph<'_>) -> Option<String> {
    let field = stanza.iter().find(|field| is_package_type(field.name()))?;
    value(stanza, field.name())
}

fn is_package_type(name: &str) -> bool {
    canonical(name) == "package-type"
}

/// A field's name in the spelling by which repetitions are found.
fn canonical(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    match name.strip_prefix('x') {
        Some(rest) => match rest.trim_start_matches(['b', 'c']) {
            "-package-type" => "package-type".to_owned(),
            _ => name,
        },
        None => name,
    }
}

/// A field's value on one line.
fn value(stanza: &BorrowedParagraph<'_>, name: &str) -> Option<String> {
    let lines = stanza.get(name)?;
    let words = lines.iter().flat_map(|line| line.split_whitespace());
    Some(words.collect::<Vec<_>>().join(" "))
}

/// The same without lines that are comments, which may be indented there.
fn without_comments(stanza: &BorrowedParagraph<'_>, name: &str) -> String {
    let lines = stanza.get(name).unwrap_or_default().iter();
    let lines = lines.filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(|line| line.split_whitespace());
    words.collect::<Vec<_>>().join(" ")
}

/// A line of blanks ends a stanza, as an empty one does. The number of lines stays.
fn without_blanks_at_ends(text: &str) -> String {
    let lines = text.lines().map(str::trim_end);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Where something stands in the text.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a str,
}

impl Place<'_> {
    fn at(self, line: usize, reason: &str) -> ControlError {
        ControlError {
            line,
            reason: reason.to_owned(),
        }
    }

    /// The line of a part of the text.
    fn line_of(self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// An error of a whole stanza.
    fn error(self, stanza: &BorrowedParagraph<'_>, reason: &str) -> ControlError {
        let first = stanza.iter().next().map_or("", BorrowedField::name);
        self.at(self.line_of(first), reason)
    }

    /// What the parser says; its error quotes the rest of the line.
    fn syntax(self, error: &deb822_fast::Error) -> ControlError {
        let quoted = match error {
            deb822_fast::Error::UnexpectedToken(token) => token.as_str(),
            _ => "",
        };
        let first = quoted.lines().next().unwrap_or_default();
        let offset = self.text.find(quoted).unwrap_or_default();
        let line = 1 + self.text[..offset].matches('\n').count();
        self.at(
            line,
            &format!("`{}` is neither a field nor the rest of one", first.trim()),
        )
    }

    /// No field of a stanza may be repeated.
    fn check(self, stanza: &BorrowedParagraph<'_>) -> Result<(), ControlError> {
        let mut seen = BTreeSet::new();
        for field in stanza.iter() {
            if !seen.insert(canonical(field.name())) {
                let reason = format!("the field {} appears twice in its stanza", field.name());
                return Err(self.at(self.line_of(field.name()), &reason));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
