//! Index pages: formats, several indexes, find-links, dates.

use fs_err as fs;
use pydeps_core::upstream::File;
use pydeps_index::{Answer, Client, Error, HttpError, Question};
use pydeps_testkit::{Scenario, StubIndex, TestSdist, TestWheel, Trouble};

use super::{client, config, details, file, filenames, name, project, versions};

fn scenario() -> Scenario {
    Scenario::new([
        TestWheel::new("a", "1.0").requires_python(">=3.8").build(),
        TestWheel::new("a", "1.10").build().yanked("broken"),
        TestSdist::new("a", "1.9").build(),
        TestWheel::new("b", "1").build(),
    ])
}

#[test]
fn json_and_html_say_the_same() {
    let json = StubIndex::start(scenario());
    let html = StubIndex::start(Scenario {
        html: true,
        ..scenario()
    });
    let [json, html] = [&json, &html].map(|index| project(&client(index)));
    assert_eq!(versions(&json), ["1.0", "1.9", "1.10"]);
    assert_eq!(versions(&html), versions(&json));
    for (json, html) in json.releases.values().zip(html.releases.values()) {
        let light = |file: &File| {
            (
                file.yanked.clone(),
                file.requires_python.clone(),
                file.uploaded,
            )
        };
        assert_eq!(light(&json[0]), light(&html[0]));
        let (json, mut html) = (details(&json[0]), details(&html[0]));
        assert!(json.size.is_some() && !json.hashes.is_empty());
        html.size = json.size;
        html.url = json.url.clone();
        if json.filename.ends_with(".tar.gz") {
            html.metadata = json.metadata.clone();
        }
        assert_eq!(json, html);
    }
}

#[test]
fn json_is_asked_for() {
    let index = StubIndex::start(scenario());
    project(&client(&index));
    let request = &index.requests()[0];
    assert_eq!(request.path, "/simple/a/");
    assert!(request.headers["accept"].starts_with("application/vnd.pypi.simple.v1+json,"));
    assert!(request.headers["user-agent"].starts_with("dh-pydeps/"));
}

#[test]
fn a_release_says_what_its_files_say() {
    let index = StubIndex::start(Scenario::new([
        TestWheel::new("a", "1.0")
            .requires_python(">=3.8")
            .build()
            .uploaded("2024-01-02T00:00:00Z"),
        TestSdist::new("a", "1.0")
            .requires_python(">=3.8")
            .build()
            .uploaded("2024-01-01T00:00:00Z"),
        TestWheel::new("a", "2.0").build().yanked(""),
        TestWheel::new("a", "3.0").requires_python(">=3.9").build(),
        TestSdist::new("a", "3.0").build().yanked("x"),
        TestWheel::new("a", "4.0").requires_python(">=3.9").build(),
        TestSdist::new("a", "4.0").build(),
    ]));
    let project = project(&client(&index));
    let check = |version: &str, yanked: bool, python: Option<&str>| {
        let version = version.parse().unwrap();
        assert_eq!(project.is_yanked(&version), yanked, "{version}");
        let got = project.requires_python(&version).map(ToString::to_string);
        assert_eq!(got.as_deref(), python, "{version}");
    };
    check("1.0", false, Some(">=3.8"));
    check("2.0", true, None);
    check("3.0", false, Some(">=3.9"));
    check("4.0", false, None);
    check("5.0", true, None);
    let time = project
        .uploaded(&"1.0".parse().unwrap())
        .unwrap()
        .to_string();
    assert_eq!(time, "2024-01-01T00:00:00Z");
}

#[test]
fn an_unknown_project_is_no_error() {
    let index = StubIndex::start(scenario());
    assert_eq!(client(&index).project(&name("c")).unwrap(), None);
}

#[test]
fn a_login_page_is_an_error_that_says_so() {
    for html in [false, true] {
        let scenario = Scenario { html, ..scenario() }.fault("/a/", usize::MAX, Trouble::Login);
        let index = StubIndex::start(scenario);
        let error = client(&index).project(&name("a")).unwrap_err();
        assert!(matches!(error, Error::NotAnIndex { .. }), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("/simple/a/") && text.contains("`Sign in`"),
            "{text}"
        );
    }
}

#[test]
fn broken_json_is_an_error_that_names_the_page() {
    let content = Trouble::Content("application/json", b"{\"files\": [".to_vec());
    let index = StubIndex::start(scenario().fault("/a/", usize::MAX, content));
    let error = client(&index).project(&name("a")).unwrap_err();
    assert!(matches!(error, Error::BadPage { .. }), "{error}");
    assert!(error.to_string().contains("/simple/a/"));
}

#[test]
fn the_first_index_that_has_it_wins_and_the_others_are_not_asked() {
    let extra = StubIndex::start(Scenario::new([TestWheel::new("a", "1.0").build()]));
    let main = StubIndex::start(Scenario::new([
        TestWheel::new("a", "9.0").build(),
        TestWheel::new("b", "1.0").build(),
    ]));
    let client = Client::new(config(&[&extra, &main]));
    assert_eq!(versions(&project(&client)), ["1.0"]);
    assert_eq!(main.requests(), []);
    assert!(client.project(&name("b")).unwrap().is_some());
    assert_eq!(extra.take_paths(), ["/simple/a/", "/simple/b/"]);
}

#[test]
fn an_index_that_fails_is_not_passed_over() {
    // Else whoever keeps the first from answering chooses the second.
    let extra = StubIndex::start(scenario().fault("/a/", usize::MAX, Trouble::Status(403)));
    let main = StubIndex::start(scenario());
    let error = Client::new(config(&[&extra, &main]))
        .project(&name("a"))
        .unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Status { status: 403, .. })),
        "{error}"
    );
    assert_eq!(main.requests(), []);
}

#[test]
fn find_links_add_to_the_index() {
    let directory = tempfile::tempdir().unwrap();
    for dist in [
        TestWheel::new("a", "1.0").build(),
        TestWheel::new("a", "2.0").build(),
    ] {
        fs::write(directory.path().join(&dist.filename), &dist.bytes).unwrap();
    }
    fs::write(directory.path().join("notes.txt"), "x").unwrap();
    let index = StubIndex::start(scenario());
    let mut config = config(&[&index]);
    config
        .add_find_links(&directory.path().display().to_string(), "test")
        .unwrap();
    let client = Client::new(config);
    let project = project(&client);
    assert_eq!(versions(&project), ["1.0", "1.9", "1.10", "2.0"]);
    assert_eq!(file(&project).url.scheme(), "file");
    assert_eq!(client.project(&name("c")).unwrap(), None);
    let metadata = client.metadata(&project, &"2.0".parse().unwrap()).unwrap();
    assert_eq!(metadata.version.to_string(), "2.0");
}

#[test]
fn find_links_may_be_a_page() {
    let page = b"<a href='/files/a-3.0.zip'>x</a><a href='/files/b-1.0.zip'>y</a>".to_vec();
    let links = StubIndex::start(Scenario::default().fault(
        "/links",
        usize::MAX,
        Trouble::Content("text/html", page),
    ));
    let mut config = config(&[]);
    config
        .add_find_links(&format!("{}/links.html", links.root()), "test")
        .unwrap();
    let client = Client::new(config);
    assert_eq!(filenames(&project(&client)), ["a-3.0.zip"]);
}

#[test]
fn a_directory_may_be_an_index() {
    let directory = tempfile::tempdir().unwrap();
    let dist = TestWheel::new("a", "1.0").build();
    fs::create_dir_all(directory.path().join("a")).unwrap();
    fs::create_dir_all(directory.path().join("b")).unwrap();
    fs::write(directory.path().join("a").join(&dist.filename), &dist.bytes).unwrap();
    let page = "<a href='../a/b-1.0.zip#sha256=00'>x</a>";
    fs::write(directory.path().join("b/index.html"), page).unwrap();
    let mut config = config(&[]);
    config
        .add_index(&directory.path().display().to_string(), "test")
        .unwrap();
    let client = Client::new(config);
    assert_eq!(filenames(&project(&client)), [dist.filename.as_str()]);
    assert_eq!(super::metadata(&client).unwrap().name, name("a"));
    let b = client.project(&name("b")).unwrap().unwrap();
    assert!(file(&b).url.path().ends_with("/a/b-1.0.zip"));
    assert_eq!(client.project(&name("c")).unwrap(), None);
}

#[test]
fn exclude_newer_drops_what_is_newer_or_undated() {
    let at = |version: &str, time: &str| TestWheel::new("a", version).build().uploaded(time);
    let index = StubIndex::start(Scenario::new([
        at("1.0", "2024-01-01T00:00:00Z"),
        at("2.0", "2024-01-01T00:00:01Z"),
        TestWheel::new("a", "3.0").build(),
    ]));
    let mut config = config(&[&index]);
    config.exclude_newer = Some("2024-01-01T00:00:00Z".parse().unwrap());
    let project = project(&Client::new(config));
    assert_eq!(versions(&project), ["1.0"]);
    assert_eq!(project.findings[0].code, "upload-time-missing");
}

#[test]
fn many_are_asked_at_once() {
    let dists = (0..40).map(|n| TestWheel::new(&format!("p{n}"), "1.0").build());
    let slow = Trouble::Slow(std::time::Duration::from_millis(30));
    let index = StubIndex::start(Scenario::new(dists).fault("/simple/", usize::MAX, slow));
    let begun = std::time::Instant::now();
    let mut found = client(&index).crew(|crew| {
        (0..41).for_each(|n| crew.ask(Question::Project(name(&format!("p{n}")))));
        let mut found = Vec::new();
        while let Some(Answer::Project(name, project)) = crew.answer() {
            found.push((name, project.unwrap().map(|project| project.name)));
        }
        found
    });
    assert!(begun.elapsed() < std::time::Duration::from_millis(41 * 30 / 2));
    found.sort();
    let expect = |n| {
        (
            name(&format!("p{n}")),
            (n < 40).then(|| name(&format!("p{n}"))),
        )
    };
    let mut expect: Vec<_> = (0..41).map(expect).collect();
    expect.sort();
    assert_eq!(found, expect);
}
