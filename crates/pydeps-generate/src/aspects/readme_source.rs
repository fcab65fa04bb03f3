//! `debian/README.source`: what is unusual about the source package (Policy 4.14).

use std::fmt::Write as _;

use crate::aspects::build_downloads;
use crate::aspects::patches;
use crate::facts::Release;
use pydeps_core::wrap;

/// How wide its text is.
const WIDTH: usize = 76;

/// What to say of the component tarballs of a release, if it has any. `stem` is the beginning
/// of their names.
pub fn write(release: &Release, stem: &str) -> Option<String> {
    let all = build_downloads::with_components(release);
    if all.is_empty() {
        return None;
    }
    let name = &release.spelled;
    let mut text = filled(&format!(
        "The build of {name} fetches further sources, and a build of Debian's has no network. \
         They are here as additional upstream tarballs, which dpkg-source(1) unpacks into \
         directories of their names:"
    ));
    for (component, fetch) in &all {
        let (name, what, path) = (&component.name, fetch.spelled(), &fetch.path);
        _ = write!(
            text,
            "\n * {name}/ ({stem}.orig-{name}.tar.*)\n   takes the place of {what},\n   \
             which {path} fetches.\n"
        );
    }
    let end = filled(&format!(
        "debian/patches/{} makes the build use these directories.\n\n\
         debian/watch is about the release alone. Where a new one fetches another tag, it takes \
         a tarball of that.",
        patches::COMPONENTS
    ));
    Some(format!("{text}\n{end}"))
}

fn filled(text: &str) -> String {
    wrap::filled(text, WIDTH) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_component_is_named() {
        let list = "FetchContent_Declare(t GIT_REPOSITORY https://example.org/thing GIT_TAG v1)";
        let release = Release::of_texts(&[("CMakeLists.txt", list)]);
        assert_eq!(write(&release, "foo_1.5"), None);
        let text = write(&release.with_component("thing", &[]), "foo_1.5").unwrap();
        assert!(
            text.contains(
                " * thing/ (foo_1.5.orig-thing.tar.*)\n   takes the place of https://example.org/thing (tag v1),\n"
            ),
            "{text}"
        );
        assert!(text.lines().all(|line| line.len() < 80), "{text}");
    }
}
