//! Facts and evidence → where a file came from, and what to do with it.

use pydeps_core::finding::Finding;
use serde::{Deserialize, Serialize};

use crate::content::{Content, Elf, Kind};
use crate::distribution::{Distribution, Made, Recorded};
use crate::rules::{Rules, Says};
use crate::traces;

/// Where a file came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Ready-made: not linked in this build.
    Foreign,
    /// Linked in this build.
    Local,
    /// It has a library's name and is no ELF file.
    NotElf,
}

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// Kept away from debhelper's ELF tools and put back, its dependencies computed.
    Hold,
    /// Left to debhelper's tools, as any other.
    Tools,
    /// No tool touches such a file.
    Leave,
    /// The build cannot go on with it.
    Refuse,
}

/// One thing that speaks for a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "what")]
pub enum Evidence {
    /// The packager says so, in this line of `debian/PKG.pyelf`.
    Rule(Class, usize),
    /// RECORD of this distribution has this very file; its wheel was for this platform.
    Recorded(String, String),
    /// RECORD of this distribution has a file of that name and another content.
    Changed(String),
    /// RECORD of this distribution lists it; without a hash, or it does not matter.
    Listed(String, String),
    /// It lies in a directory of grafted libraries.
    Grafted(String),
    /// Its name, or its SONAME, has the hash that auditwheel gives.
    HashedName(String),
    /// patchelf has moved its sections.
    Rearranged,
    /// It was linked for another architecture.
    OtherArchitecture(String),
    /// It cannot be read to its end.
    Damaged(String),
    /// It is loaded without a dynamic linker.
    Static,
    /// It needs grafted libraries by these names.
    Links(Vec<String>),
}

/// A file to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its path in the tree.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// What it is.
    pub content: Content,
    /// Its SHA-256, in hexadecimal digits, where it is known.
    pub sha256: Option<String>,
}

/// What is known beside the file.
pub struct Setting<'a> {
    /// The distributions that are installed in the tree.
    pub distributions: &'a [Distribution],
    /// What the packager says.
    pub rules: &'a Rules,
    /// The architecture that the package is built for, as dpkg calls it.
    pub architecture: &'a str,
}

/// A judgement with its grounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The file's path in the tree.
    pub path: String,
    /// Where it came from.
    pub class: Class,
    /// What is done with it.
    pub treatment: Treatment,
    /// The distribution that it belongs to, where RECORD says so.
    pub distribution: Option<String>,
    /// Why, in a sentence.
    pub reason: String,
    /// What was found, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// What the packager should know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// Whether a file of that name is expected to be an ELF file or an archive.
pub fn has_library_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let versioned = name.split_once(".so.").is_some_and(|(_, version)| {
        !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.')
    });
    name.ends_with(".so") || versioned
}

/// Judges one file.
pub fn judge(item: &Item, setting: &Setting<'_>) -> Judgement {
    let owner = owner(item, setting.distributions);
    let evidence = evidence(item, owner.as_ref(), setting);
    let class = class(item, &evidence, owner.as_ref().map(|owner| owner.of.made()));
    let treatment = treatment(&item.content, class);
    Judgement {
        path: item.path.clone(),
        class,
        treatment,
        distribution: owner.map(|owner| owner.of.name.clone()),
        reason: reason::reason(item, class, &evidence),
        findings: findings(item, class, treatment, &evidence),
        evidence,
    }
}

/// Whether the file's hash has to be known before it is judged: where it decides, as RECORD
/// of a ready-made wheel has one, or where the file is foreign on other grounds, and is
/// known by its hash from now on. Every byte has to be read for a hash.
pub fn needs_hash(item: &Item, setting: &Setting<'_>) -> bool {
    let rule = setting.rules.of(&item.path).map(|(says, _)| says);
    match rule {
        _ if item.content == Content::Other => false,
        Some(says) => says == Says::Foreign,
        None => is_claimed(item, setting) || judge(item, setting).class == Class::Foreign,
    }
}

/// Whether a ready-made wheel may have this very file.
fn is_claimed(item: &Item, setting: &Setting<'_>) -> bool {
    let ready = setting
        .distributions
        .iter()
        .filter(|of| is_ready(of.made()));
    let mut says = ready.filter_map(|of| of.files.get(&item.path));
    says.any(|says| {
        matches!(says, Recorded::Sha256(_, size) if size.is_none_or(|size| size == item.size))
    })
}

fn is_ready(made: Made) -> bool {
    matches!(made, Made::Ready | Made::Anywhere)
}

struct Owner<'a> {
    of: &'a Distribution,
    says: &'a Recorded,
}

/// The distribution that lists the file; rather one that has its very content.
fn owner<'a>(item: &Item, distributions: &'a [Distribution]) -> Option<Owner<'a>> {
    let of = |of: &'a Distribution| Some((of, of.files.get(&item.path)?));
    let mut owners: Vec<Owner<'a>> = distributions
        .iter()
        .filter_map(of)
        .map(|(of, says)| Owner { of, says })
        .collect();
    let same = |owner: &Owner<'_>| has(owner.says, item) == Some(true);
    let best = owners.iter().position(same).unwrap_or(0);
    (best < owners.len()).then(|| owners.swap_remove(best))
}

fn evidence(item: &Item, owner: Option<&Owner<'_>>, setting: &Setting<'_>) -> Vec<Evidence> {
    let rule = setting.rules.of(&item.path);
    let mut found: Vec<Evidence> = Vec::new();
    found.extend(rule.map(|(says, line)| Evidence::Rule(says.into(), line)));
    found.extend(owner.map(|owner| recorded(item, owner)));
    let directory = traces::graft_directory(&item.path);
    found.extend(directory.map(|directory| Evidence::Grafted(directory.to_owned())));
    let name = item.path.rsplit('/').next().unwrap_or(&item.path);
    match &item.content {
        Content::Elf(elf) => found.extend(of_elf(elf, name, setting.architecture)),
        Content::Archive | Content::Other => {}
    }
    found
}

fn recorded(item: &Item, owner: &Owner<'_>) -> Evidence {
    let (name, platform) = (owner.of.name.clone(), owner.of.platform().to_owned());
    match has(owner.says, item) {
        Some(true) => Evidence::Recorded(name, platform),
        // What was built here may have been built again.
        Some(false) if is_ready(owner.of.made()) => Evidence::Changed(name),
        Some(false) | None => Evidence::Listed(name, platform),
    }
}

/// Whether RECORD speaks of this very file, if that can be told.
fn has(says: &Recorded, item: &Item) -> Option<bool> {
    match (says, &item.sha256) {
        (Recorded::Sha256(_, Some(size)), _) if *size != item.size => Some(false),
        (Recorded::Sha256(hash, _), Some(found)) => Some(hash == found),
        (Recorded::Sha256(..), None) | (Recorded::Unhashed, _) => None,
    }
}

fn of_elf(elf: &Elf, name: &str, architecture: &str) -> Vec<Evidence> {
    let mut found = Vec::new();
    let hashed = elf.soname.iter().map(String::as_str).chain([name]);
    let hashed = hashed.filter(|name| traces::is_hashed(name)).take(1);
    found.extend(hashed.map(|name| Evidence::HashedName(name.to_owned())));
    if elf.rearranged {
        found.push(Evidence::Rearranged);
    }
    let other = elf.machine.filter(|machine| !machine.fits(architecture));
    found.extend(other.map(|machine| Evidence::OtherArchitecture(machine.describe())));
    found.extend(elf.damage.clone().map(Evidence::Damaged));
    if elf.is_static {
        found.push(Evidence::Static);
    }
    let needed = elf.needed.iter().filter(|name| traces::is_hashed(name));
    let needed: Vec<String> = needed.cloned().collect();
    if !needed.is_empty() {
        found.push(Evidence::Links(needed));
    }
    found
}

fn class(item: &Item, evidence: &[Evidence], made: Option<Made>) -> Class {
    if item.content == Content::Other {
        return Class::NotElf;
    }
    let said = evidence.iter().find_map(|e| said_by(e, made));
    said.unwrap_or(Class::Local)
}

/// What one piece of evidence decides by itself. A wheel that was built here lists what
/// was linked here; what a ready-made wheel lists and is another file now was linked here,
/// too, unless it bears traces.
fn said_by(evidence: &Evidence, made: Option<Made>) -> Option<Class> {
    let ready = made.is_some_and(is_ready);
    match evidence {
        Evidence::Rule(class, _) => Some(*class),
        Evidence::Recorded(..) | Evidence::Listed(..) => ready.then_some(Class::Foreign),
        Evidence::Grafted(_)
        | Evidence::HashedName(_)
        | Evidence::Rearranged
        | Evidence::OtherArchitecture(_) => Some(Class::Foreign),
        Evidence::Changed(_) | Evidence::Damaged(_) | Evidence::Static | Evidence::Links(_) => None,
    }
}

impl From<Says> for Class {
    fn from(says: Says) -> Self {
        match says {
            Says::Foreign => Self::Foreign,
            Says::Local => Self::Local,
        }
    }
}

fn treatment(content: &Content, class: Class) -> Treatment {
    match (class, content) {
        (Class::NotElf, _) => Treatment::Leave,
        (Class::Foreign, Content::Elf(elf)) if is_untouched(elf) => Treatment::Leave,
        (Class::Foreign, _) => Treatment::Hold,
        (Class::Local, Content::Elf(elf)) if elf.damage.is_some() => Treatment::Refuse,
        (Class::Local, _) => Treatment::Tools,
    }
}

/// debhelper's tools look at programs and libraries only (dh_strip, dh_dwz,
/// dh_makeshlibs, dh_shlibdeps: ELF version 1, type EXEC or DYN).
fn is_untouched(elf: &Elf) -> bool {
    elf.damage.is_none() && matches!(elf.kind, Kind::Relocatable | Kind::Other)
}

fn findings(
    item: &Item,
    class: Class,
    treatment: Treatment,
    evidence: &[Evidence],
) -> Vec<Finding> {
    let is_ruled = matches!(evidence.first(), Some(Evidence::Rule(..)));
    let told = evidence.iter().filter_map(|evidence| match evidence {
        Evidence::Damaged(damage) if treatment == Treatment::Refuse => Some(refused(damage)),
        Evidence::Damaged(damage) => Some(Finding::warning(
            "elf-damaged",
            format!("{damage}; it came so and is shipped so"),
        )),
        Evidence::OtherArchitecture(other) if class == Class::Foreign => Some(Finding::warning(
            "elf-other-architecture",
            format!("it is for {other}; no dependencies are computed for it"),
        )),
        Evidence::Changed(name) if class == Class::Local && !is_ruled => Some(changed(name)),
        _ => None,
    });
    told.map(|finding| finding.with_origin(&item.path))
        .collect()
}

fn refused(damage: &str) -> Finding {
    Finding::error("elf-damaged", damage).with_hint(
        "build it again, or write `foreign PATH` into debian/PKG.pyelf to ship it as it is",
    )
}

fn changed(name: &str) -> Finding {
    let message = format!("it is not the file that RECORD of {name} lists; taken as linked here");
    Finding::warning("elf-changed", message)
        .with_hint("write `foreign PATH` or `local PATH` into debian/PKG.pyelf to say which it is")
}

mod reason;
#[cfg(test)]
mod tests;
