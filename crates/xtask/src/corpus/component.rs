//! A tarball in the place of what the build of a release would fetch.

use std::path::Path;

/// What one release's `generate` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Component {
    /// The release's name.
    pub(super) release: String,
    /// `NAME=TARBALL`, with the whole path.
    pub(super) argument: String,
}

impl Component {
    /// Reads `RELEASE:NAME=TARBALL`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split_once(':').and_then(|(release, rest)| {
            let (name, tarball) = rest.split_once('=')?;
            Some((release, name, tarball))
        });
        let (release, name, tarball) = parts.ok_or("not RELEASE:NAME=TARBALL")?;
        // The program runs elsewhere.
        let tarball = std::path::absolute(Path::new(tarball)).map_err(|error| error.to_string())?;
        Ok(Self {
            release: release.to_owned(),
            argument: format!("{name}={}", tarball.display()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_whole() {
        let found = Component::parse("a:b=/c/d.tar.gz").unwrap();
        assert_eq!(
            (found.release.as_str(), found.argument.as_str()),
            ("a", "b=/c/d.tar.gz")
        );
        assert!(
            Component::parse("a:b=d")
                .unwrap()
                .argument
                .starts_with("b=/")
        );
        assert!(Component::parse("a=b").is_err());
    }
}
