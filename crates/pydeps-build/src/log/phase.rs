//! How far a build has come, read from its log while it grows. Pure.

/// What a build is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// A chroot is unpacked.
    #[default]
    Unpacking,
    /// Build dependencies are installed.
    Dependencies,
    /// The package is built.
    Building,
    /// Its tests run.
    Testing,
    /// lintian looks at the result.
    Lintian,
    /// Everything else that comes after.
    Finishing,
}

/// Headings of sbuild, and what debhelper and pbuilder say, at the beginning of a line.
const MARKS: [(&str, Phase); 10] = [
    ("| Install package build dependencies", Phase::Dependencies),
    (
        " -> Attempting to satisfy build-dependencies",
        Phase::Dependencies,
    ),
    ("| Build  ", Phase::Building),
    ("dpkg-buildpackage: info: source package", Phase::Building),
    ("   dh_auto_test", Phase::Testing),
    (
        "   create-stamp debian/debhelper-build-stamp",
        Phase::Building,
    ),
    ("   dh_testroot", Phase::Building),
    ("| lintian  ", Phase::Lintian),
    ("| Post Build  ", Phase::Finishing),
    ("I: unmounting", Phase::Finishing),
];

impl Phase {
    /// The phase that a line begins, if it does.
    pub fn of(line: &str) -> Option<Self> {
        let mark = MARKS.iter().find(|(mark, _)| line.starts_with(mark));
        mark.map(|(_, phase)| *phase)
    }

    /// In a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unpacking => "unpacking the chroot",
            Self::Dependencies => "installing build dependencies",
            Self::Building => "building",
            Self::Testing => "testing",
            Self::Lintian => "lintian",
            Self::Finishing => "finishing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: Option<Phase>) {
        assert_eq!(Phase::of(line), expect, "{line}");
    }

    #[test]
    fn lines_of_sbuild() {
        check(
            "| Install package build dependencies                                           |",
            Some(Phase::Dependencies),
        );
        check(
            "| Build                                                                        |",
            Some(Phase::Building),
        );
        check("| Build environment  ", None);
        check(
            "   dh_auto_test -O--buildsystem=pybuild",
            Some(Phase::Testing),
        );
        check("", None);
    }
}
