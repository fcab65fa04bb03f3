//! Whether an archive satisfies a relation.

use crate::deb_version::DebVersion;

use crate::archive::{Archive, ArchivePackage, Origin, Provider};
use crate::clause::Atom;
use crate::name::DebName;

/// What apt could install: an archive, with one package perhaps in another version.
#[derive(Clone, Copy)]
pub struct Stock<'a> {
    archive: &'a dyn Archive,
    backports: Option<&'a dyn Archive>,
    changed: Option<(&'a DebName, &'a DebVersion)>,
}

impl<'a> Stock<'a> {
    /// What the archive has, without its backports.
    pub fn new(archive: &'a dyn Archive) -> Self {
        Self {
            archive,
            backports: None,
            changed: None,
        }
    }

    /// The same with backports beside it, of which everything counts.
    #[must_use]
    pub fn with_backports(mut self, backports: &'a dyn Archive) -> Self {
        self.backports = Some(backports);
        self
    }

    /// The same with a package in this version. What it provides at its own version
    /// goes along; what it provides otherwise stays.
    #[must_use]
    pub fn with(mut self, package: &'a DebName, version: &'a DebVersion) -> Self {
        self.changed = Some((package, version));
        self
    }

    /// The archive.
    pub fn archive(&self) -> &'a dyn Archive {
        self.archive
    }

    /// Whether a package of it, or what one provides, satisfies the relation on the
    /// archive's own architecture.
    pub fn has(&self, atom: &Atom) -> bool {
        self.real(&atom.package).any(|(package, version)| {
            self.is_of(atom, package.as_ref()) && fits(atom, Some(&version))
        }) || self.provided(&atom.package).any(|(provider, version)| {
            let package = self.candidates(&provider.package);
            self.is_of(atom, package.iter().find(|p| p.origin == provider.origin))
                && fits(atom, version.as_deref())
        })
    }

    /// What there is of a name: `trixie has 1.0-1`, `trixie has 13 (debhelper)`,
    /// `trixie has none`.
    pub fn describe(&self, name: &DebName) -> String {
        let real = self.real(name).map(|(_, version)| (version, None));
        let provided = self
            .provided(name)
            .filter_map(|(provider, version)| Some((version?, Some(provider.package))));
        let newest = (real.chain(provided)).max_by_key(|(text, _)| text.parse::<DebVersion>().ok());
        let suite = &self.archive.suite().codename;
        match newest {
            Some((version, None)) => format!("{suite} has {version}"),
            Some((version, Some(package))) => format!("{suite} has {version} ({package})"),
            None => match self.provided(name).next() {
                Some((provider, _)) => {
                    format!("{suite} has no version of it ({})", provider.package)
                }
                None => format!("{suite} has none"),
            },
        }
    }

    /// The packages of a name with their versions; the changed one need not be in the
    /// archive.
    fn real(&self, name: &DebName) -> impl Iterator<Item = (Option<ArchivePackage>, String)> {
        let changed = self.changed.filter(|(package, _)| *package == name);
        let found = self.candidates(name).into_iter();
        let mut found: Vec<_> = found
            .map(|package| (Some(package.clone()), package.version))
            .collect();
        if let Some((_, version)) = changed {
            let old = found.into_iter().next().and_then(|(package, _)| package);
            found = vec![(old, version.to_string())];
        }
        found.into_iter()
    }

    /// Of every origin that counts.
    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        let mut found = self.archive.candidates(name);
        found.retain(|package| package.origin != Origin::Backports);
        found.extend(
            self.backports
                .iter()
                .flat_map(|beside| beside.candidates(name)),
        );
        found
    }

    fn provided(&self, name: &DebName) -> impl Iterator<Item = (Provider, Option<String>)> {
        let own = self.archive.providers(name).into_iter();
        let own = own.filter(|provider| provider.origin != Origin::Backports);
        let backports = self
            .backports
            .iter()
            .flat_map(|beside| beside.providers(name));
        let found = own.chain(backports);
        let with_version = |provider: Provider| {
            let version = self.provided_version(&provider);
            (provider, version)
        };
        found.map(with_version).collect::<Vec<_>>().into_iter()
    }

    fn provided_version(&self, provider: &Provider) -> Option<String> {
        let version = provider.version.clone()?;
        let Some((_, new)) = self
            .changed
            .filter(|(package, _)| **package == provider.package)
        else {
            return Some(version);
        };
        let own = self.candidates(&provider.package);
        let own = own.iter().find(|package| package.origin == provider.origin);
        Some(own.map_or(version.clone(), |own| moved(&version, &own.version, new)))
    }

    /// `:any` is satisfied by packages that allow it (Multi-Arch: allowed); `:native`
    /// and the architecture itself by what is not foreign.
    fn is_of(&self, atom: &Atom, package: Option<&ArchivePackage>) -> bool {
        let details = package.and_then(|package| package.details.as_ref());
        match atom.qualifier.as_deref() {
            None | Some("native") => true,
            Some("any") => details.is_none_or(|details| details.multi_arch == "allowed"),
            Some(architecture) => self.archive.suite().architecture == *architecture,
        }
    }
}

/// A version that is none fits only where none is asked for.
fn fits(atom: &Atom, version: Option<&str>) -> bool {
    atom.bound.is_none()
        || version
            .and_then(|version| version.parse().ok())
            .is_some_and(|version| atom.admits(&version))
}

/// The version at which something is provided once its package has become `new`.
fn moved(provided: &str, own: &str, new: &DebVersion) -> String {
    let upstream = |version: &DebVersion| version.upstream.clone();
    let own_upstream = own.parse::<DebVersion>().ok().map(|own| upstream(&own));
    match () {
        () if provided == own => new.to_string(),
        () if Some(provided) == own_upstream.as_deref() => upstream(new),
        () => provided.to_owned(),
    }
}
