//! Which packages a command acts on (debhelper(7), `-a`, `-i`, `-p`, `-N`; `parseopts` in
//! `Dh_Getopt.pm`).

use std::collections::BTreeSet;

use pydeps_core::name::DebName;

use crate::argv::{Asked, Place, Which};
use crate::control::{Build, Control, Half, Package};

/// The packages that a command acts on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// In the order in which they were asked for, else in that of `debian/control`. If it
    /// is empty there is nothing to do, which is no failure; the warnings say why.
    pub packages: Vec<DebName>,
    /// What is to be told.
    pub warnings: Vec<String>,
}

/// The packages cannot be selected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// No such package.
    #[error("Requested unknown package {package} via {option}, expected one of: {}", .known.join(" "))]
    Unknown {
        /// The name that was given.
        package: String,
        /// The option.
        option: &'static str,
        /// The names that there are.
        known: Vec<String>,
    },
    /// `-P` is for one package.
    #[error("-P was specified, but multiple packages would be acted on ({})", .0.join(","))]
    OneDirectory(Vec<String>),
}

const EXCLUDED: &str = "All requested packages have been excluded (e.g. via a Build-Profile or due to architecture restrictions).";
const NONE_OF_TYPE: &str =
    "You asked that all arch in(dep) packages be built, but there are none of that type.";

/// Selects the packages. `logged` says whether a package's log already has the command,
/// which matters for `--remaining-packages`.
pub fn select(
    asked: &Asked,
    control: &Control,
    build: &Build,
    logged: &dyn Fn(&DebName) -> bool,
) -> Result<Selection, SelectionError> {
    let mut work = Work::new(control, build);
    work.apply(asked, |place| place == Place::Internal)?;
    work.restrict();
    work.apply(asked, |place| place != Place::Internal)?;
    let mut selection = work.finish(asked.remaining.then_some(logged));
    selection
        .warnings
        .splice(0..0, asked.warnings.iter().cloned());
    if asked.tmpdir.is_some() && selection.packages.len() > 1 {
        let names = selection.packages.iter().map(ToString::to_string);
        return Err(SelectionError::OneDirectory(names.collect()));
    }
    Ok(selection)
}

/// The state of `Dh_Getopt.pm`.
struct Work<'a> {
    control: &'a Control,
    build: &'a Build,
    /// What was asked for; `None` if nothing was.
    wanted: Option<Vec<&'a Package>>,
    /// Whether a half of the build was asked for.
    half: bool,
    /// Whether a package was named that this build does not make.
    disabled: bool,
    /// Packages that were named.
    named: BTreeSet<&'a DebName>,
    except: BTreeSet<&'a DebName>,
    /// Those that `dh` does not act on just now.
    internal: BTreeSet<&'a DebName>,
    warnings: Vec<String>,
}

impl<'a> Work<'a> {
    fn new(control: &'a Control, build: &'a Build) -> Self {
        Self {
            control,
            build,
            wanted: None,
            half: false,
            disabled: false,
            named: BTreeSet::new(),
            except: BTreeSet::new(),
            internal: BTreeSet::new(),
            warnings: Vec::new(),
        }
    }

    /// Applies the selectors of some places. An unknown package is an error on the command
    /// line only; elsewhere it is told.
    fn apply(&mut self, asked: &Asked, of: impl Fn(Place) -> bool) -> Result<(), SelectionError> {
        for selector in asked.selectors.iter().filter(|selector| of(selector.place)) {
            match self.one(&selector.which) {
                Err(error) if selector.place == Place::Line && !selector.forwarded => {
                    return Err(error);
                }
                Err(error) => self.warnings.push(error.to_string()),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    fn one(&mut self, which: &Which) -> Result<(), SelectionError> {
        match which {
            Which::Arch => self.want_half(Half::Arch),
            Which::Indep => self.want_half(Half::Indep),
            Which::Package(name) => {
                let package = self.known(name, "-p/--package")?;
                self.named.insert(&package.name);
                match package.is_built(self.build) {
                    true => self.wanted.get_or_insert_default().push(package),
                    false => self.disabled = true,
                }
            }
            Which::Except(name) => {
                let package = self.known(name, "-N/--no-package")?;
                self.except.insert(&package.name);
            }
        }
        Ok(())
    }

    fn want_half(&mut self, half: Half) {
        self.half = true;
        let packages = self.control.built(self.build, half);
        self.wanted.get_or_insert_default().extend(packages);
    }

    fn known(&self, name: &str, option: &'static str) -> Result<&'a Package, SelectionError> {
        let known = || self.control.packages.iter().map(|p| p.name.to_string());
        self.control
            .package(name)
            .ok_or_else(|| SelectionError::Unknown {
                package: name.to_owned(),
                option,
                known: known().collect(),
            })
    }

    /// What `dh` asks for is no request but a limit.
    fn restrict(&mut self) {
        let Some(wanted) = self.wanted.take() else {
            return;
        };
        let asked: BTreeSet<_> = wanted.iter().map(|package| &package.name).collect();
        let all = self.control.packages.iter().map(|package| &package.name);
        let others: Vec<_> = all.filter(|name| !asked.contains(name)).collect();
        self.except.extend(&others);
        self.internal.extend(others);
        self.half = false;
    }

    fn finish(mut self, logged: Option<&dyn Fn(&DebName) -> bool>) -> Selection {
        let wanted = self.wanted.take().unwrap_or_default();
        let none = match (wanted.is_empty(), self.disabled, self.half) {
            (false, ..) | (true, false, false) => None,
            (true, true, _) => Some(EXCLUDED),
            (true, false, true) => Some(NONE_OF_TYPE),
        };
        if let Some(warning) = none {
            return self.nothing(warning.to_owned());
        }
        let wanted = match wanted.is_empty() {
            true => self.control.built(self.build, Half::Both),
            false => wanted,
        };
        let is_done = |name: &DebName| logged.is_some_and(|logged| logged(name));
        let mut seen = BTreeSet::new();
        let names = wanted.iter().map(|package| &package.name);
        let left = names.filter(|name| !self.except.contains(name) && !is_done(name));
        let left: Vec<DebName> = left.filter(|name| seen.insert(*name)).cloned().collect();
        if left.is_empty() {
            let reason = self.reason();
            return self.nothing(reason);
        }
        Selection {
            packages: left,
            warnings: self.warnings,
        }
    }

    fn nothing(mut self, warning: String) -> Selection {
        self.warnings.push(warning);
        Selection {
            packages: Vec::new(),
            warnings: self.warnings,
        }
    }

    /// Why nothing is left.
    fn reason(&self) -> String {
        let is_out = |name: &&DebName| {
            let package = self.control.package(name.as_str());
            self.internal.contains(*name) || !package.is_some_and(|p| p.is_built(self.build))
        };
        if !self.named.is_empty() && self.named.iter().all(is_out) {
            return EXCLUDED.to_owned();
        }
        let wanted = self
            .control
            .packages
            .iter()
            .map(|p| p.architecture.as_str());
        let wanted: Vec<&str> = wanted.collect::<BTreeSet<_>>().into_iter().collect();
        format!(
            "No packages to build. Possible architecture mismatch: {}, want: {}",
            self.build.host,
            wanted.join(" ")
        )
    }
}

#[cfg(test)]
mod tests;
