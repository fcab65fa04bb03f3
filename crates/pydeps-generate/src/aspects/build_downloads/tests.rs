//! What is found, and what is made of it.

use proptest::prelude::*;
use pydeps_core::finding::Severity;

use super::*;

/// A release with this `CMakeLists.txt` and a component `thing`.
fn with_thing(path: &str, text: &str) -> Release {
    Release::of_texts(&[(path, text)]).with_component("thing", &[("a.h", "")])
}

/// What the file becomes.
fn edited(path: &str, text: &str) -> String {
    let edits = edits(&with_thing(path, text));
    edits
        .into_iter()
        .next()
        .map_or_else(|| text.to_owned(), |one| one.new)
}

#[track_caller]
fn check(text: &str, expect: &str) {
    let release = Release::of_texts(&[("CMakeLists.txt", text)]);
    let said = findings(&release).into_iter().map(|finding| {
        let end = finding.message.split(" while building").next();
        let word = match finding.severity {
            Severity::Error => "error",
            _ => "warning",
        };
        let hint = finding.hint.unwrap_or_default();
        format!("{word}: {}; {hint}\n", end.unwrap_or_default())
    });
    assert_eq!(said.collect::<String>(), expect, "{text}");
}

#[test]
fn fetches_and_how_to_do_without() {
    check(
        "ExternalProject_Add(t\n  GIT_REPOSITORY https://example.org/a/my_thing.git\n  GIT_TAG 5.2.0\n)\n",
        "error: CMakeLists.txt fetches https://example.org/a/my_thing.git (tag 5.2.0); \
         fetch tag 5.2.0 of that repository as a tarball and give it: --component my-thing=TARBALL\n",
    );
    check(
        "if(X)\nFetchContent_Declare(t GIT_REPOSITORY git@example.org:thing)\nendif()\n",
        "warning: CMakeLists.txt fetches git@example.org:thing; \
         fetch that repository as a tarball and give it: --component thing=TARBALL\n",
    );
    check(
        "CPMAddPackage(NAME t\n  GIT_REPOSITORY https://example.org/t\n)\n",
        "error: CMakeLists.txt fetches https://example.org/t; \
         package that software first, and patch the build to use it\n",
    );
    check(
        "FetchContent_Declare(t URL https://example.org/o/thing/archive/v1.tar.gz)\n",
        "warning: CMakeLists.txt fetches https://example.org/o/thing/archive/v1.tar.gz; \
         fetch that archive and give it: --component thing=TARBALL\n",
    );
    check(
        "# GIT_REPOSITORY a\nset(GIT_REPOSITORY a)\nf(GIT_REPOSITORY)\n",
        "",
    );
    check(
        "FetchContent_Declare(t URL ${CMAKE_SOURCE_DIR}/t.tar.gz)\n",
        "",
    );
}

#[test]
fn variables_that_are_set_are_filled_in() {
    let release = Release::of_texts(&[(
        "CMakeLists.txt",
        "set(V 1.2)\nset(R \"https://example.org/thing\")\n\
         FetchContent_Declare(t GIT_REPOSITORY ${R} GIT_TAG v${V})\n\
         FetchContent_Declare(u GIT_REPOSITORY ${U} GIT_TAG v1)\n",
    )]);
    let found = find(&release);
    assert_eq!(found[0].url, "https://example.org/thing");
    assert_eq!(found[0].tag.as_deref(), Some("v1.2"));
    assert_eq!(found[1].component, None);
}

#[track_caller]
fn named(url: &str, expect: Option<&str>) {
    assert_eq!(name_of(url).as_deref(), expect, "{url}");
}

#[test]
fn names_of_components() {
    named("https://example.org/a/thing-cpp.git", Some("thing-cpp"));
    named("https://example.org/a/thing_cpp/", Some("thing-cpp"));
    named("git@example.org:Thing2.git", Some("Thing2"));
    named(
        "https://example.org/a/thing/archive/refs/tags/v1.zip",
        Some("thing"),
    );
    named(
        "https://example.org/a/thing/-/archive/v1/thing-v1.tar.gz",
        Some("thing"),
    );
    named(
        "https://example.org/thing-lib-1.3.tar.gz",
        Some("thing-lib"),
    );
    named("${URL}/thing.git", None);
    named("https://example.org/__", None);
}

#[test]
fn a_name_is_not_given_twice() {
    let tree = Tree::of_texts(&[("thing/__init__.py", "")]);
    let mut names = Names::new(&tree);
    let mut name = |url: &str, tag: &str| names.of(url, Some(tag)).unwrap_or_default();
    assert_eq!(name("https://example.org/thing", "1"), "thing-2");
    assert_eq!(name("https://example.org/b", "1"), "b");
    assert_eq!(name("https://example.org/b", "1"), "b");
    assert_eq!(name("https://example.org/b", "2"), "b-2");
    assert_eq!(name("https://example.org/debian", "2"), "debian-2");
}

#[track_caller]
fn becomes(text: &str, expect: &str) {
    assert_eq!(edited("CMakeLists.txt", text), expect);
    // What is edited fetches nothing more.
    assert_eq!(edited("CMakeLists.txt", expect), expect);
    assert_eq!(find(&with_thing("CMakeLists.txt", expect)), []);
}

#[test]
fn download_arguments_make_place_for_a_directory() {
    becomes(
        "include(ExternalProject)\nExternalProject_Add(t\n  GIT_REPOSITORY https://example.org/thing.git\n  \
         GIT_TAG 5.2.0\n  GIT_SHALLOW true\n  GIT_SUBMODULES \"\"\n  CMAKE_ARGS -DA=B\n)\n",
        "include(ExternalProject)\nExternalProject_Add(t\n  SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/thing\n  \
         CMAKE_ARGS -DA=B\n)\n",
    );
    becomes(
        "FetchContent_Declare(t GIT_REPOSITORY https://example.org/thing GIT_TAG v1)\r\nx()\r\n",
        "FetchContent_Declare(t SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/thing)\r\nx()\r\n",
    );
    becomes(
        "ExternalProject_Add(t PREFIX p\n  URL https://example.org/thing-1.zip\n  DEPENDS d\n  \
         URL_HASH MD5=1 # of 1\n  TIMEOUT 5 BUILD_COMMAND \"\"\n  LOG_BUILD 1 GIT_CONFIG a b)",
        "ExternalProject_Add(t PREFIX p\n  SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/thing\n  DEPENDS d\n  \
         BUILD_COMMAND \"\"\n  LOG_BUILD 1)",
    );
}

#[test]
fn who_works_in_the_source_gets_a_copy() {
    becomes(
        "ExternalProject_Add(t\n  GIT_REPOSITORY https://example.org/thing\n  SOURCE_DIR ${D}/t)\n",
        "ExternalProject_Add(t\n  DOWNLOAD_COMMAND ${CMAKE_COMMAND} -E copy_directory \
         ${CMAKE_CURRENT_SOURCE_DIR}/thing <SOURCE_DIR>\n  SOURCE_DIR ${D}/t)\n",
    );
}

#[test]
fn the_way_to_the_directory() {
    let text = "FetchContent_Declare(t GIT_REPOSITORY https://example.org/thing)\n";
    let below = edited("cpp/CMakeLists.txt", text);
    assert!(
        below.contains("{CMAKE_CURRENT_SOURCE_DIR}/../thing)"),
        "{below}"
    );
}

#[test]
fn what_a_component_fetches_can_be_a_component_too() {
    let text = "FetchContent_Declare(t GIT_REPOSITORY https://example.org/other)\n";
    let release = Release::of_texts(&[]).with_component("thing", &[("CMakeLists.txt", text)]);
    let said = findings(&release);
    assert_eq!(said[0].severity, Severity::Warning);
    assert!(said[0].message.starts_with("thing/CMakeLists.txt fetches"));
    let edits = edits(&release.with_component("other", &[]));
    assert_eq!(edits[0].path, "thing/CMakeLists.txt");
    assert!(
        edits[0]
            .new
            .contains("{CMAKE_CURRENT_SOURCE_DIR}/../other)")
    );
}

proptest! {
    /// Lines outside of the calls stay as they are, whatever they are.
    #[test]
    fn other_lines_stay(before in "([a-z#(\")\\[ ]{0,12}\r?\n){0,3}", after in "[a-z#()\" \n]{0,20}") {
        let call = "FetchContent_Declare(t\n  GIT_REPOSITORY https://example.org/thing\n)\n";
        let new = edited("CMakeLists.txt", &format!("{before}{call}{after}"));
        prop_assert!(new.starts_with(&before) && new.ends_with(&after));
    }

    #[test]
    fn no_text_is_too_odd(text in "(ExternalProject_Add\\(|GIT_REPOSITORY|URL|GIT_TAG|https://a\\.b/thing|[a\"#\\\\\\[\\]() \n]){0,20}") {
        let new = edited("CMakeLists.txt", &text);
        prop_assert!(new.len() <= text.len() + 2000);
    }
}
