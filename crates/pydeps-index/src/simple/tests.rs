use proptest::prelude::*;
use pydeps_core::upstream::{File, FileKind, MetadataFile};

use super::*;

const URL: &str = "https://index.example/simple/foo/";

fn read(text: &str, content_type: &str) -> Result<Project, Error> {
    parse(
        text.as_bytes(),
        content_type,
        &URL.parse().unwrap(),
        &"foo".parse().unwrap(),
    )
}

fn describe(version: &str, file: &File) -> String {
    let details = file.details().unwrap();
    let mut text = format!("{version} {}", details.url);
    if details.kind == FileKind::Sdist {
        text += " sdist";
    }
    for (name, digest) in &details.hashes {
        text += &format!(" {name}={digest}");
    }
    if let Some(python) = &file.requires_python {
        text += &format!(" python{python}");
    }
    if let Some(reason) = &file.yanked {
        text += &format!(" yanked({reason})");
    }
    match &details.metadata {
        MetadataFile::Unknown => {}
        MetadataFile::Absent => text += " no-metadata",
        MetadataFile::Present(hashes) => text += &format!(" metadata{hashes:?}"),
    }
    if let Some(time) = file.uploaded {
        text += &format!(" {time}");
    }
    if let Some(size) = details.size {
        text += &format!(" {size}");
    }
    text
}

#[track_caller]
fn check(text: &str, content_type: &str, expect: &[&str]) {
    let project = read(text, content_type).unwrap();
    let mut got = Vec::new();
    for (version, files) in &project.releases {
        got.extend(
            files
                .iter()
                .map(|file| describe(&version.to_string(), file)),
        );
    }
    got.extend(project.findings.iter().map(|f| f.code.clone()));
    assert_eq!(got, expect);
}

#[track_caller]
fn check_json(file: &str, expect: &[&str]) {
    let page = format!(r#"{{"meta": {{"api-version": "1.4"}}, "files": [{file}], "x": [{{}}]}}"#);
    check(&page, "application/vnd.pypi.simple.v1+json", expect);
}

const WHEEL: &str = r#""filename": "foo-1.0-py3-none-any.whl", "url": "foo-1.0-py3-none-any.whl""#;

#[test]
fn json_files() {
    check_json("", &[]);
    check_json(
        r#"{"filename": "foo-1.0.tar.gz", "url": "../../f/foo-1.0.tar.gz#x", "hashes": {"SHA256": "AB"},
        "requires-python": ">=3.8", "yanked": "bro\u006ben", "upload-time": "2024-05-06T07:08:09.123456Z",
        "size": 7, "gpg-sig": true, "provenance": null}"#,
        &[
            "1.0 https://index.example/f/foo-1.0.tar.gz sdist sha256=ab python>=3.8 yanked(broken) 2024-05-06T07:08:09.123456Z 7",
        ],
    );
    let url = "https://index.example/simple/foo/foo-1.0-py3-none-any.whl";
    for (more, expect) in [
        (r#", "yanked": true"#, " yanked()"),
        (r#", "yanked": false, "hashes": {}"#, ""),
        (r#", "core-metadata": true"#, " metadata{}"),
        (
            r#", "core-metadata": {"sha256": "AA"}, "dist-info-metadata": false"#,
            " metadata{\"sha256\": \"aa\"}",
        ),
        (r#", "dist-info-metadata": false"#, " no-metadata"),
        (r#", "data-dist-info-metadata": true"#, " metadata{}"),
        (
            r#", "requires-python": null, "size": null, "upload-time": null, "yanked": null"#,
            "",
        ),
        (r#", "requires-python": "" "#, ""),
    ] {
        check_json(
            &format!("{{{WHEEL}{more}}}"),
            &[&format!("1.0 {url}{expect}")],
        );
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    check_json(
        r#"{"filename": "foo-x.tar.gz", "url": "a"}"#,
        &["file-name-unreadable"],
    );
    check_json(r#"{"filename": "foo-1.0-py2.7.egg", "url": "a"}"#, &[]);
    check_json(
        r#"{"filename": "foo-1.0.tar.gz", "url": "https://["}"#,
        &["file-url-unusable"],
    );
    for url in ["file:///etc/passwd", "ftp://files.example/foo-1.0.tar.gz"] {
        let file = format!(r#"{{"filename": "foo-1.0.tar.gz", "url": "{url}"}}"#);
        check_json(&file, &["file-url-unusable"]);
    }
    let url = "1.0 https://index.example/simple/foo/foo-1.0-py3-none-any.whl";
    check_json(
        &format!("{{{WHEEL}, \"upload-time\": \"yesterday\"}}"),
        &[url, "upload-time-unreadable"],
    );
    check_json(
        &format!("{{{WHEEL}, \"requires-python\": \"3\"}}"),
        &[url, "requires-python-unreadable"],
    );
    check_json(
        &format!("{{{WHEEL}, \"requires-python\": \">=3.6.*\"}}"),
        &[&format!("{url} python>=3.6"), "requires-python-unreadable"],
    );
}

#[test]
fn json_of_another_kind_is_an_error() {
    for (text, expect) in [
        (
            r#"{"meta": {"api-version": "2.0"}, "files": []}"#,
            "API version 2.0",
        ),
        ("{}", "missing field `files`"),
        ("{\"files\": [", "EOF"),
        ("[]", "invalid"),
    ] {
        let error = read(text, "application/json").unwrap_err().to_string();
        assert!(error.contains(expect) && error.contains(URL), "{error}");
    }
}

#[track_caller]
fn check_html(body: &str, expect: &[&str]) {
    check(body, "text/html; charset=UTF-8", expect);
}

#[test]
fn html_files() {
    check_html("<html><body></body></html>", &[]);
    check_html(
        r#"<A HREF='../../f/foo-1.0.tar.gz#sha256=AB' data-requires-python="&gt;=3.8,&lt;4" data-yanked>x</a>"#,
        &["1.0 https://index.example/f/foo-1.0.tar.gz sdist sha256=ab python>=3.8, <4 yanked()"],
    );
    let url = "1.0 https://index.example/simple/foo/foo-1.0-py3-none-any.whl";
    for (more, expect) in [
        (
            "data-core-metadata=\"sha256=AA\" data-dist-info-metadata=\"false\"",
            " metadata{\"sha256\": \"aa\"}",
        ),
        ("data-dist-info-metadata=true", " metadata{}"),
        ("data-yanked='a &quot;b&quot;'", " yanked(a \"b\")"),
        (
            "data-upload-time='2024-01-01T00:00:00Z'",
            " 2024-01-01T00:00:00Z",
        ),
    ] {
        let anchor = format!("<a href=foo-1.0-py3-none-any.whl {more}>x</a>");
        check_html(&anchor, &[&format!("{url}{expect}")]);
    }
}

#[test]
fn html_addresses() {
    let file = |base: &str, href: &str| format!("{base}<a href=\"{href}\">x</a>");
    for (text, expect) in [
        (
            file("", "/f/foo-1.0.tar.gz?a=b&amp;c=d"),
            "https://index.example/f/foo-1.0.tar.gz?a=b&c=d",
        ),
        (
            file("", "https://files.example/foo-1%2E0.tar.gz"),
            "https://files.example/foo-1%2E0.tar.gz",
        ),
        (
            file("<base href='https://files.example/x/'>", "foo-1.0.tar.gz"),
            "https://files.example/x/foo-1.0.tar.gz",
        ),
        (
            file("<base href='../'>", "foo-1.0.tar.gz"),
            "https://index.example/simple/foo-1.0.tar.gz",
        ),
        (
            file("", " foo-1.0.tar.gz\n"),
            "https://index.example/simple/foo/foo-1.0.tar.gz",
        ),
    ] {
        check_html(&text, &[&format!("1.0 {expect} sdist")]);
    }
    let commented =
        "<!-- <a href='foo-1.0.tar.gz'> --><textarea title='<a href=foo-2.0.zip>'></textarea>";
    check_html(commented, &[]);
}

#[test]
fn a_page_of_another_kind_is_an_error() {
    let login = "<title>Please  log\nin</title><form><input type=password></form>";
    for (text, content_type, expect) in [
        (
            login,
            "text/html",
            "the HTML page `Please log in` without a link to any file",
        ),
        (
            "<a href='/about'>About</a>",
            "text/html",
            "an HTML page without a link",
        ),
        ("hello", "text/plain", "got `text/plain`"),
        (
            "",
            "application/octet-stream",
            "got `application/octet-stream`",
        ),
    ] {
        let error = read(text, content_type).unwrap_err().to_string();
        assert!(error.contains(expect) && error.contains(URL), "{error}");
    }
    check(r#"{"files": []}"#, "text/plain", &[]);
    check("<a href='../'>../</a>", "application/xhtml+xml", &[]);
}

#[test]
fn find_links_are_of_any_project() {
    let page = "<a href=foo-1.0.zip>a</a><a href=bar-1.0.zip>b</a><a href=/x>c</a><form>";
    let url = "https://index.example/links.html".parse().unwrap();
    let project = parse_links(page.as_bytes(), &url, &"foo".parse().unwrap()).unwrap();
    assert_eq!(project.releases.len(), 1);
    assert_eq!(project.findings, []);
}

proptest! {
    #[test]
    fn total(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for content_type in ["application/json", "text/html", ""] {
            let _ = parse(&bytes, content_type, &URL.parse().unwrap(), &"foo".parse().unwrap());
        }
    }

    #[test]
    fn total_near_html(text in "(<a |href=|'|\"|foo-1.0.tar.gz|%|#|&#|;|>|<base |<title>|data-yanked|\\PC{0,5}){0,20}") {
        let _ = read(&text, "text/html");
    }

    #[test]
    fn total_near_json(value in "(null|true|1|\"\\PC{0,5}\"|\\{\\}|\\[\\])", at in 0_usize..7) {
        let keys = ["filename", "url", "hashes", "requires-python", "yanked", "core-metadata", "size"];
        let _ = read(&format!("{{\"files\": [{{{WHEEL}, \"{}\": {value}}}]}}", keys[at]), "application/json");
    }
}
