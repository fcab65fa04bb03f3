use super::*;

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn debian(text: &str) -> DebVersion {
    text.parse().unwrap()
}

/// `upstream` as the archive's `package` version would spell `other`.
#[track_caller]
fn check_detect(upstream: &str, package: &str, other: &str, expect: Option<&str>) {
    let spelling = Spelling::detect(&version(upstream), &debian(package));
    let spelled = spelling.map(|spelling| spelling.spell(&version(other)));
    assert_eq!(spelled.as_deref(), expect, "{upstream} = {package}");
}

#[test]
fn spelled_like_the_archive() {
    check_detect("2.32.3", "2.32.3+dfsg-5", "2.31", Some("2.31.0"));
    check_detect("1.5", "1.5-2", "1.4.0", Some("1.4"));
    check_detect("1.5", "1.5-2", "1.4.9", Some("1.4.9"));
    check_detect("4.2.23", "3:4.2.23-1", "4.2", Some("3:4.2.0"));
    check_detect("2024.8.6", "2024.08.06+dfsg-1", "2024.1", Some("2024.1.0"));
    check_detect("1.0rc1", "1.0~rc1-1", "1.0b2", Some("1.0~b2"));
    check_detect("1.0b1", "1.0~beta1-1", "1.0a2", Some("1.0~alpha2"));
    check_detect("1.0.post1", "1.0+post1-1", "1.0.post2", Some("1.0+post2"));
    check_detect("1.0.post1", "1.0.post1-1", "1.0.post2", Some("1.0.post2"));
    check_detect("1!2.0", "2.0-1", "1!1.0", Some("1.0"));
    check_detect("1.0", "1.0~dfsg-1", "1.1", Some("1.1"));
    check_detect("1.0.0", "1.0+git20240101-1", "2", Some("2.0"));
    check_detect("1.5", "1:2.0+really1.5-1", "1.0", Some("1:1.0"));
    check_detect("8.1.8", "8.2.0+0.really.8.1.8-1", "8", Some("8.0.0"));
    check_detect("5.3.5", "7.0.0-really-5.3.5-6", "5", Some("5.0.0"));
}

#[test]
fn not_translations_of_each_other() {
    check_detect("1.1.0", "20250603+git-1", "1.0", None);
    check_detect("0.1.0", "0.9.2-1", "1.0", None);
    check_detect("1.13.2.dev0", "1.13.2-4", "1.0", None);
}

#[track_caller]
fn check_back(package: &str, expect: Option<&str>) {
    let read = read_back(&debian(package)).map(|version| version.to_string());
    assert_eq!(read.as_deref(), expect, "{package}");
}

#[test]
fn read_back_from_debian() {
    check_back("2.32.3+dfsg-5+deb13u1", Some("2.32.3"));
    check_back("3:4.2.23-1", Some("4.2.23"));
    check_back("1.0~rc1-1", Some("1.0rc1"));
    check_back("1.0~~dev3-1", Some("1.0.dev3"));
    check_back("1.0~dev3-1", Some("1.0.dev3"));
    check_back("1.0~a1~~dev3-1", Some("1.0a1.dev3"));
    check_back("1.0~beta2-1", Some("1.0b2"));
    check_back("1.0+post1-1", Some("1.0.post1"));
    check_back("2.0+really1.5-1", Some("1.5"));
    check_back("0.2.2+really+0.1-1", Some("0.1"));
    check_back("7.0.0-really-5.3.5-6", Some("5.3.5"));
    check_back("2.1~bzr52-2", Some("2.1.dev0"));
    check_back("1.0~dfsg-1", Some("1.0"));
    check_back("0git.960a94834f-6", None);
}
