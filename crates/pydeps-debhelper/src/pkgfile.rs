//! Where the configuration of a command for a package is (`pkgfile` in `Dh_Lib.pm`;
//! debhelper(7), "DEBHELPER CONFIG FILES").

use crate::compat::Compat;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// The package.
    pub package: &'a str,
    /// The file's name without the package: `pydeps` for `debian/PACKAGE.pydeps`.
    pub file: &'a str,
    /// Whether the package is the main one, which may do without the prefix.
    pub is_main: bool,
    /// How many binary packages there are in `debian/control`.
    pub packages: usize,
    /// `--name`.
    pub name: Option<&'a str>,
    /// The package's architecture and its operating system (`DEB_HOST_ARCH`,
    /// `DEB_HOST_ARCH_OS`).
    pub architecture: (&'a str, &'a str),
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its path from the source package's top.
    pub path: String,
    /// What is to be told.
    pub warnings: Vec<String>,
}

/// A file that is there, but must not be any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "files without a package's name are no longer read in compat 15; rename {path} to debian/{package}.{file}"
)]
pub struct Nameless {
    /// The file.
    pub path: String,
    /// The package it would be for.
    pub package: String,
    /// The name after the package's.
    pub file: String,
}

impl Lookup<'_> {
    /// Finds the file, by asking of paths whether there is a file.
    pub fn find(
        &self,
        compat: Compat,
        is_file: &dyn Fn(&str) -> bool,
    ) -> Result<Option<Found>, Nameless> {
        let mut warnings = Vec::new();
        let nameless = self.nameless(compat);
        // The name without a package is complained of even where a better one is there.
        if compat.level() >= 14 && self.is_main && self.packages > 1 && is_file(&nameless) {
            if compat.level() >= 15 {
                return Err(Nameless {
                    path: nameless,
                    package: self.package.to_owned(),
                    file: self.file.to_owned(),
                });
            }
            let better = format!("debian/{}.{}", self.package, self.file);
            warnings.push(format!(
                "files without a package's name are deprecated; rename {nameless} to {better}"
            ));
        }
        let found = self
            .candidates(compat)
            .into_iter()
            .find(|path| is_file(path));
        Ok(found.map(|path| Found { path, warnings }))
    }

    /// The paths that count, best first.
    pub fn candidates(&self, compat: Compat) -> Vec<String> {
        let (package, file) = (self.package, self.full_name(compat));
        let (architecture, system) = self.architecture;
        let mut paths = Vec::new();
        if compat.has_file_variants() {
            paths.push(format!("debian/{package}.{file}.{architecture}"));
            paths.push(format!("debian/{package}.{file}.{system}"));
        }
        paths.push(format!("debian/{package}.{file}"));
        if self.is_main {
            paths.push(self.nameless(compat));
        }
        paths
    }

    fn nameless(&self, compat: Compat) -> String {
        format!("debian/{}", self.full_name(compat))
    }

    fn full_name(&self, compat: Compat) -> String {
        match self.name.filter(|_| compat.has_file_variants()) {
            Some(name) => format!("{name}.{}", self.file),
            None => self.file.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file that is found with these options among some.
    #[track_caller]
    fn check(level: u32, name: Option<&str>, packages: usize, files: &[&str], expect: &str) {
        let lookup = Lookup {
            package: "foo",
            file: "x",
            is_main: true,
            packages,
            name,
            architecture: ("amd64", "linux"),
        };
        let found = lookup.find(Compat::new(level), &|path| files.contains(&path));
        let shown = match found {
            Ok(None) => "none".to_owned(),
            Ok(Some(found)) if found.warnings.is_empty() => found.path,
            Ok(Some(found)) => format!("{} !", found.path),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expect);
    }

    #[test]
    fn the_most_particular_wins() {
        let all = [
            "debian/x",
            "debian/foo.x",
            "debian/foo.x.linux",
            "debian/foo.x.amd64",
        ];
        check(13, None, 1, &all, "debian/foo.x.amd64");
        check(13, None, 1, &all[..3], "debian/foo.x.linux");
        check(13, None, 1, &all[..2], "debian/foo.x");
        check(13, None, 2, &all[..1], "debian/x");
        check(13, None, 1, &[], "none");
        check(
            13,
            Some("n"),
            1,
            &["debian/foo.x", "debian/foo.n.x"],
            "debian/foo.n.x",
        );
        check(13, Some("n"), 1, &["debian/foo.x"], "none");
    }

    #[test]
    fn from_14_on_there_is_less_to_look_for() {
        let all = ["debian/foo.x.amd64", "debian/foo.x.linux", "debian/x"];
        check(14, None, 1, &all, "debian/x");
        check(
            14,
            Some("n"),
            1,
            &["debian/foo.x", "debian/foo.n.x"],
            "debian/foo.x",
        );
        check(14, None, 2, &all, "debian/x !");
        check(14, None, 2, &["debian/foo.x", "debian/x"], "debian/foo.x !");
        let error = "files without a package's name are no longer read in compat 15; rename debian/x to debian/foo.x";
        check(15, None, 2, &all, error);
        check(15, None, 1, &all, "debian/x");
    }
}
