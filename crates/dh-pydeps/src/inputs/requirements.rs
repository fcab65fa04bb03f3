//! Requirements files and constraints files, as pip reads them.

use std::path::{Path, PathBuf};

use pydeps_core::finding::Finding;
use pydeps_python::requirements_txt::{self, Place, RequirementsTxt};
use pydeps_resolve::ResolutionRoot;

use super::{Inputs, Parts, first_error};
use crate::failure::Failure;

/// What the lines of a file are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// pip's `-r`.
    Requirements,
    /// pip's `-c`.
    Constraints,
}

impl Inputs {
    /// A requirements file, and those that it names.
    pub(super) fn requirements_file(&mut self, path: &Path) -> Result<(), Failure> {
        self.file(path, Kind::Requirements, None, &mut Vec::new())
    }

    /// A constraints file, and those that it names.
    pub(super) fn constraints_file(&mut self, path: &Path) -> Result<(), Failure> {
        self.file(path, Kind::Constraints, None, &mut Vec::new())
    }

    /// A file, which the line `named_at` may have named.
    fn file(
        &mut self,
        path: &Path,
        kind: Kind,
        named_at: Option<&str>,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        if open.contains(&path.to_owned()) {
            return Err(Failure::input(anyhow::anyhow!(
                "{} includes itself; take that line out",
                path.display()
            )));
        }
        let file = self.lines(path, kind, named_at)?;
        open.push(path.to_owned());
        for include in file.includes {
            let kind = if include.constraint {
                Kind::Constraints
            } else {
                kind
            };
            let beside = path.parent().unwrap_or(Path::new("")).join(&include.path);
            self.file(&beside, kind, Some(&include.origin), open)?;
        }
        open.pop();
        Ok(())
    }

    /// Takes the lines of one file; those that name further ones are left.
    fn lines(
        &mut self,
        path: &Path,
        kind: Kind,
        named_at: Option<&str>,
    ) -> Result<RequirementsTxt, Failure> {
        let text = read(path, named_at)?;
        let mut file = requirements_txt::parse(&text, &path.display().to_string());
        first_error(&file.findings)?;
        self.findings.append(&mut file.findings);
        for line in file.requirements.drain(..) {
            match kind {
                Kind::Requirements => self.roots.push(ResolutionRoot::Requirement {
                    requirement: line.requirement,
                    origin: line.origin,
                }),
                Kind::Constraints => self.constraints.push((line.requirement, line.origin)),
            }
        }
        for place in file.places.drain(..) {
            self.named_place(&place, kind)?;
        }
        Ok(file)
    }

    /// A directory or a file that a line names.
    fn named_place(&mut self, place: &Place, kind: Kind) -> Result<(), Failure> {
        if let (Kind::Constraints, Some(name)) = (kind, &place.name) {
            let path = &place.path;
            let text = format!(
                "`{name}` is to come from {path}; any version of that name is taken for it"
            );
            let finding = Finding::warning("requirement-from-elsewhere", text);
            self.findings.push(finding.with_origin(&place.origin));
            return Ok(());
        }
        if kind == Kind::Constraints {
            let error = anyhow::anyhow!("{}: a constraint needs a name", place.origin);
            return Err(Failure::input(error).with_hint("write it like `flower==2.0.1`"));
        }
        let parts = Parts {
            extras: place.extras.clone(),
            marker: place.marker.clone(),
            ..Parts::default()
        };
        let before = self.roots.len();
        let named = self.place(Path::new(&place.path), &parts);
        named.map_err(|failure| failure.at(&place.origin))?;
        let mut roots = self.roots.iter().skip(before);
        roots.try_for_each(|root| has_name(root, place))
    }
}

/// Whether what lies at a place has the name that the line gives it.
fn has_name(root: &ResolutionRoot, place: &Place) -> Result<(), Failure> {
    let (
        Some(asked),
        ResolutionRoot::Project {
            name: Some(own), ..
        },
    ) = (&place.name, root)
    else {
        return Ok(());
    };
    if own == asked {
        return Ok(());
    }
    let (origin, path) = (&place.origin, &place.path);
    let error = anyhow::anyhow!("{origin}: {path} is `{own}`, and not `{asked}`");
    Err(Failure::input(error).with_hint("name it as its metadata do"))
}

fn read(path: &Path, named_at: Option<&str>) -> Result<String, Failure> {
    let bytes = fs_err::read(path).map_err(|error| match named_at {
        None => Failure::input(error).with_hint("-r and -c take files; name one that is there"),
        Some(origin) => Failure::input(anyhow::anyhow!("{origin}: {error}")),
    })?;
    requirements_txt::decode(&bytes).ok_or_else(|| {
        let error = anyhow::anyhow!("{}: it is not text in UTF-8", path.display());
        Failure::input(error).with_hint("write it in UTF-8")
    })
}
