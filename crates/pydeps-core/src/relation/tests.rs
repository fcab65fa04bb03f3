use super::*;

/// `specifiers` against the archive's `upstream = debian`, as a relation on `p3`.
#[track_caller]
fn check(specifiers: &str, archive: &str, expect: &str) {
    assert_eq!(translated(specifiers, archive).to_string(), expect);
}

fn translated(specifiers: &str, archive: &str) -> Relations {
    translation(specifiers, archive).relations
}

fn translation(specifiers: &str, archive: &str) -> Translation {
    let known = known(archive);
    translate(
        &"p3".parse().unwrap(),
        &specifiers.parse().unwrap(),
        known.as_ref(),
    )
}

fn known(archive: &str) -> Option<Known> {
    let (upstream, debian) = archive.split_once(" = ")?;
    Some(Known::archive(
        upstream.parse().unwrap(),
        debian.parse().unwrap(),
    ))
}

#[test]
fn every_operator() {
    let archive = "1.5.2 = 1.5.2-1";
    check("", archive, "p3");
    check(">=1.2", archive, "p3 (>= 1.2.0)");
    check(">=1.2.0.0", archive, "p3 (>= 1.2.0)");
    check(">1.2", archive, "p3 (>= 1.2.1~~)");
    check(">1.2rc1", archive, "p3 (>= 1.2.0~rc2~~)");
    check(">1.2.post1", archive, "p3 (>= 1.2.0.post2)");
    check("<2", archive, "p3 (<< 2~~)");
    check("<2.0.0", archive, "p3 (<< 2~~)");
    check("<2.0rc1", archive, "p3 (<< 2.0.0~rc1)");
    check("<=2", archive, "p3 (<< 2.0.0.0~~)");
    check("==1.5.2", archive, "p3 (>= 1.5.2), p3 (<< 1.5.2.0~~)");
    check("===1.5.2", archive, "p3 (>= 1.5.2), p3 (<< 1.5.2.0~~)");
    check("==1.5.*", archive, "p3 (>= 1.5~~), p3 (<< 1.6~~)");
    check("~=1.4", archive, "p3 (>= 1.4.0), p3 (<< 2~~)");
    check("~=1.5.1", archive, "p3 (>= 1.5.1), p3 (<< 1.6~~)");
    check("!=1.5.1", archive, "p3 (<< 1.5.1) | p3 (>= 1.5.1.0~~)");
    check("!=1.4.*", archive, "p3 (<< 1.4~~) | p3 (>= 1.5~~)");
}

#[test]
fn clauses_are_one_set() {
    let archive = "1.5.2 = 1.5.2-1";
    check(
        ">=1,<2,!=1.5.0",
        archive,
        "p3 (>= 1.0.0), p3 (<< 1.5.0) | p3 (>= 1.5.0.0~~), p3 (<< 2~~)",
    );
    check(
        ">=1,>=1.2,!=0.9,<3,<2",
        archive,
        "p3 (>= 1.2.0), p3 (<< 2~~)",
    );
    check("!=1.5.*,!=1.6.*", archive, "p3 (<< 1.5~~) | p3 (>= 1.7~~)");
}

#[test]
fn spelled_like_the_archive() {
    check(">=4.2", "4.2.23 = 3:4.2.23-1", "p3 (>= 3:4.2.0)");
    check(">=1.5.0", "1.5 = 1.5-1", "p3 (>= 1.5)");
    check(">=1!2.0", "1!2.5 = 2.5-1", "p3 (>= 2.0)");
    check(">=1.0b2", "1.0b3 = 1.0~beta3-1", "p3 (>= 1.0~beta2)");
    check(
        ">=1.0.post2",
        "1.0.post3 = 1.0+post3-1",
        "p3 (>= 1.0+post2)",
    );
}

#[test]
fn not_in_the_archive() {
    check(">=1.2,<2", "", "p3 (>= 1.2), p3 (<< 2~~)");
    check("==1.2.post1", "", "p3 (>= 1.2+post1), p3 (<< 1.2+post2~~)");
    check(">=1!1.2", "", "p3 (>= 1:1.2)");
}

#[test]
fn archive_versions_of_their_own() {
    check(">=1.0", "1.1.0 = 20250603+git-1", "p3 (>= 20250603+git)");
    check(">=1.0,<2", "1.1.0 = 20250603+git-1", "p3 (>= 20250603+git)");
    check(
        ">=1.2",
        "1.1.0 = 20250603+git-1",
        "p3 (>= 20250603+git.0~~)",
    );
    check("<1", "1.1.0 = 20250603+git-1", "p3 (<< 20250603+git)");
    check("", "1.1.0 = 20250603+git-1", "p3");
    check("<2", "1.1.0 = 20250603+git-1", "p3");
    // Another count than upstream's: protobuf for Python is one ahead of Debian's.
    check(
        ">=3.20.2,<7.0.0",
        "4.21.12 = 3.21.12-11",
        "p3 (>= 3.21.12), p3 (<< 7~~)",
    );
    check("<7.0.0", "4.21.12 = 3.21.12-11", "p3 (<< 7~~)");
    check(
        ">=1.0,<2",
        "1.0 = 1:1.0~dfsg-1",
        "p3 (>= 1:1.0~dfsg), p3 (<< 1:2~~)",
    );
    // Spelled below its own release: only the bound at that release is affected.
    check(">=1.0", "1.0 = 1.0~dfsg-1", "p3 (>= 1.0~dfsg)");
    check(">=0.9", "1.0 = 1.0~dfsg-1", "p3 (>= 0.9)");
}

#[test]
fn versions_that_went_back() {
    let archive = "8.1.8 = 8.2.0+0.really.8.1.8-1";
    check(">=8.0,<9", archive, "p3 (>= 8.0.0), p3 (<< 9~~)");
    check("!=8.1.4", archive, "p3 (<< 8.1.4) | p3 (>= 8.1.4.0~~)");
    // dpkg takes it for 8.2.
    check("<8.2", archive, "p3");
    check("==8.1.*", archive, "p3 (>= 8.2.0+0.really.8.1.8)");
    check(">=8.2", archive, "p3 (>= 8.2.0+0.really.8.1.8.0~~)");
}

#[test]
fn hyphens_in_the_upstream_version() {
    check(">=0.7", "0.6 = 2024-42-ga1-1", "p3 (>= 2024-42-ga1.0~~-0)");
    check(">=0.6", "0.6 = 2024-42-ga1-1", "p3 (>= 2024-42-ga1-0)");
}

#[test]
fn revisions_below_none() {
    check(">=1.0", "1.0 = 1.0-0~local1", "p3 (>= 1.0-0~local1)");
    check("<1", "1.1 = 2024-0~local1", "p3 (<< 2024-0~local1)");
    check(">=1.0", "1.0 = 1.0-0+deb13u1", "p3 (>= 1.0)");
}

#[track_caller]
fn check_findings(specifiers: &str, archive: &str, expect: &[&str]) {
    let findings = translation(specifiers, archive).findings;
    let codes: Vec<&str> = findings.iter().map(|f| f.code.as_str()).collect();
    assert_eq!(codes, expect, "{findings:#?}");
}

#[test]
fn inexact_translations_say_so() {
    check_findings(">=1.2.0", "1.5.2 = 1.5.2-1", &[]);
    check_findings("", "1.1.0 = 20250603+git-1", &[]);
    check_findings(">=1.2", "1.5.2 = 1.5.2-1", &["relation-loses"]);
    check_findings("===1.5.2", "1.5.2 = 1.5.2-1", &["arbitrary-equality"]);
    check_findings(">2,<1", "", &["no-version-possible"]);
    check_findings(
        "<2",
        "1.1.0 = 20250603+git-1",
        &["bound-names-archive-version"],
    );
}

#[test]
fn nothing_satisfies_the_empty_set() {
    let relations = translated(">2,<1", "1.5 = 1.5-1");
    assert!(!relations.satisfied_by(&"1.5-1".parse().unwrap()));
}

#[track_caller]
fn check_build(specifiers: &str, archive: &str, expect: &str) {
    let archive_version = known(archive).map(|known| known.debian);
    let relations = translated(specifiers, archive).for_build(archive_version.as_ref());
    assert_eq!(relations.to_string(), expect);
}

#[test]
fn build_depends_have_no_alternatives() {
    check_build("!=1.5.1", "1.5.2 = 1.5.2-1", "p3 (>= 1.5.1.0~~)");
    check_build("!=1.6", "1.5.2 = 1.5.2-1", "p3 (<< 1.6.0)");
    check_build(
        ">=1,!=1.3,<2",
        "1.5.2 = 1.5.2-1",
        "p3 (>= 1.3.0.0~~), p3 (<< 2~~)",
    );
    check_build("!=1.5.1", "", "p3 (>= 1.5.1+post~~)");
}
