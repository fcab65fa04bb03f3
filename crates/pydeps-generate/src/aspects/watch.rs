//! Files that point to the upstream: `debian/watch` and `debian/upstream/metadata`.

use pep440_rs::Version;

use crate::suite_conventions::SuiteConventions;

/// `debian/watch` (uscan(1)): new releases on the package index, through Debian's
/// redirector. `filename` is the sdist's name. Pre-releases sort before the release and,
/// in our versions, post-releases before the next one.
pub fn watch(conventions: &SuiteConventions, filename: &str, version: &Version) -> String {
    let stem = stem(filename, version);
    match conventions.watch {
        5 => format!("Version: 5\n\nTemplate: Pypi\nDist: {stem}\nUversion-Mangle: {MANGLE}\n"),
        _ => {
            let page = stem.replace('_', "-").to_lowercase();
            format!(
                "version=4\nopts=uversionmangle={MANGLE} \\\n \
                 https://pypi.debian.net/{page}/{pattern}-(\\d.*)\\.(?:zip|tar\\.(?:gz|bz2|xz))\n",
                pattern = stem.replace(['-', '_', '.'], "[-_.]")
            )
        }
    }
}

/// What makes an upstream version ours: `~rc1`, `~~dev1`, `+post1`.
const MANGLE: &str = "s/\\.?(dev)/~~$1/;s/[-._]?(rc|a|b|c)(\\d)/~$1$2/;s/[-._]?post/+post/";

/// The distribution's name as the sdist's file name has it.
fn stem<'a>(filename: &'a str, version: &Version) -> &'a str {
    let suffix = format!("-{version}.");
    let split = filename.split_once(&suffix).map(|(stem, _)| stem);
    let loose = || filename.rsplit_once('-').map(|(stem, _)| stem);
    split.or_else(loose).unwrap_or(filename)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(watch: u8) -> SuiteConventions {
        SuiteConventions {
            codename: "trixie".into(),
            compat: 13,
            standards: "4.7.2".into(),
            not_before: jiff::Timestamp::UNIX_EPOCH,
            priority: true,
            rules_requires_root: false,
            watch,
            common_licences: Vec::new(),
            wheel_in_setuptools: true,
        }
    }

    #[test]
    fn watch_files() {
        let version: Version = "1.0".parse().unwrap();
        let five = watch(&form(5), "foo_bar-1.0.tar.gz", &version);
        assert!(
            five.starts_with("Version: 5\n\nTemplate: Pypi\nDist: foo_bar\n"),
            "{five}"
        );
        let four = watch(&form(4), "foo_bar-1.0.tar.gz", &version);
        assert!(
            four.contains("https://pypi.debian.net/foo-bar/foo[-_.]bar-(\\d.*)"),
            "{four}"
        );
    }
}
