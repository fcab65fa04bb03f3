//! The disk cache: freshness, revalidation, offline, damage.

use std::path::Path;

use fs_err as fs;
use pydeps_index::{Client, Error, HttpError};
use pydeps_testkit::{Scenario, StubIndex, TestSdist, TestWheel, Trouble};

use super::{config, metadata, name, project, requires, versions};

fn scenario() -> Scenario {
    Scenario::new([TestWheel::new("a", "1.0").requires("b").build()])
}

fn cached(index: &StubIndex, cache: &Path) -> Client {
    let mut config = config(&[index]);
    config.cache_dir = Some(cache.to_owned());
    Client::new(config)
}

fn offline(index: &StubIndex, cache: &Path) -> Client {
    let mut config = config(&[index]);
    config.cache_dir = Some(cache.to_owned());
    config.settings.offline = true;
    Client::new(config)
}

#[test]
fn what_is_fresh_is_not_asked_for_again() {
    let (index, cache) = (StubIndex::start(scenario()), tempfile::tempdir().unwrap());
    let first = metadata(&cached(&index, cache.path())).unwrap();
    assert_eq!(index.take_paths().len(), 2);
    let second = metadata(&cached(&index, cache.path())).unwrap();
    assert_eq!(first, second);
    assert_eq!(index.take_paths(), [""; 0]);
}

#[test]
fn what_is_stale_is_revalidated() {
    let index = StubIndex::start(Scenario {
        max_age: Some(0),
        ..scenario()
    });
    let cache = tempfile::tempdir().unwrap();
    let first = project(&cached(&index, cache.path()));
    assert_eq!(project(&cached(&index, cache.path())), first);
    let requests = index.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].headers.contains_key("if-none-match"));
    index.change(|scenario| scenario.dists.push(TestWheel::new("a", "2.0").build()));
    assert_eq!(
        versions(&project(&cached(&index, cache.path()))),
        ["1.0", "2.0"]
    );
}

#[test]
fn a_revalidated_page_is_fresh_again() {
    let index = StubIndex::start(Scenario {
        max_age: Some(0),
        ..scenario()
    });
    let cache = tempfile::tempdir().unwrap();
    project(&cached(&index, cache.path()));
    index.change(|scenario| scenario.max_age = Some(600));
    project(&cached(&index, cache.path()));
    index.take_paths();
    project(&cached(&index, cache.path()));
    assert_eq!(index.take_paths(), [""; 0]);
}

#[test]
fn without_a_word_on_freshness_the_server_is_asked() {
    let index = StubIndex::start(Scenario {
        max_age: None,
        etag: false,
        ..scenario()
    });
    let cache = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        project(&cached(&index, cache.path()));
    }
    assert_eq!(index.take_paths().len(), 2);
}

#[test]
fn offline_is_answered_from_the_cache_however_old() {
    let index = StubIndex::start(Scenario {
        max_age: Some(0),
        ..scenario()
    });
    let cache = tempfile::tempdir().unwrap();
    let online = cached(&index, cache.path());
    let expect = metadata(&online).unwrap();
    assert_eq!(online.project(&name("nothing")).unwrap(), None);
    index.take_paths();
    let client = offline(&index, cache.path());
    assert_eq!(metadata(&client).unwrap(), expect);
    assert_eq!(client.project(&name("nothing")).unwrap(), None);
    assert_eq!(index.take_paths(), [""; 0]);
}

#[test]
fn offline_says_what_is_missing() {
    let (index, cache) = (StubIndex::start(scenario()), tempfile::tempdir().unwrap());
    let error = offline(&index, cache.path())
        .project(&name("a"))
        .unwrap_err();
    assert!(matches!(error, Error::Http(HttpError::Offline { .. })));
    let text = error.to_string();
    assert!(
        text.contains("/simple/a/") && text.contains("run once without --offline"),
        "{text}"
    );
    project(&cached(&index, cache.path()));
    let error = metadata(&offline(&index, cache.path())).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("a-1.0-py3-none-any.whl.metadata"),
        "{error}"
    );
    assert_eq!(index.take_paths(), ["/simple/a/"]);
}

#[test]
fn an_sdist_is_read_once() {
    let sdist = TestSdist::new("a", "1.0")
        .file("a.egg-info/requires.txt", b"b\n")
        .build();
    let (index, cache) = (
        StubIndex::start(Scenario::new([sdist])),
        tempfile::tempdir().unwrap(),
    );
    metadata(&cached(&index, cache.path())).unwrap();
    index.take_paths();
    let again = metadata(&offline(&index, cache.path())).unwrap();
    assert_eq!(requires(&again), ["b"]);
}

/// All files of the cache.
fn entries(cache: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(cache).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(entries(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn damaged_entries_are_fetched_anew() {
    let (index, cache) = (StubIndex::start(scenario()), tempfile::tempdir().unwrap());
    let expect = metadata(&cached(&index, cache.path())).unwrap();
    let entries = entries(cache.path());
    assert_eq!(entries.len(), 2);
    for damage in [
        |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
        |bytes: &mut Vec<u8>| bytes[40] ^= 1,
    ] {
        for path in &entries {
            let mut bytes = fs::read(path).unwrap();
            damage(&mut bytes);
            fs::write(path, bytes).unwrap();
        }
        index.take_paths();
        assert_eq!(metadata(&cached(&index, cache.path())).unwrap(), expect);
        assert_eq!(index.take_paths().len(), 2);
        assert_eq!(metadata(&offline(&index, cache.path())).unwrap(), expect);
    }
}

#[test]
fn a_cache_that_cannot_be_written_is_told_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let index = StubIndex::start(Scenario::new([TestSdist::new("a", "1.0")
        .requires("b")
        .build()]));
    let client = cached(&index, &file);
    assert_eq!(requires(&metadata(&client).unwrap()), ["b"]);
    let codes: Vec<_> = client.findings().into_iter().map(|f| f.code).collect();
    assert_eq!(codes, ["cache-read-only"]);
}

#[test]
fn credentials_are_not_cached() {
    let login = Some(("me".to_owned(), "secret".to_owned()));
    let index = StubIndex::start(Scenario {
        login,
        ..scenario()
    });
    let cache = tempfile::tempdir().unwrap();
    let mut config = config(&[]);
    config.cache_dir = Some(cache.path().to_owned());
    config
        .add_index(&index.url().replace("://", "://me:secret@"), "test")
        .unwrap();
    metadata(&Client::new(config)).unwrap();
    for path in entries(cache.path()) {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        // `bWU6c2VjcmV0` is what Basic authentication makes of it.
        assert!(
            !text.contains("secret") && !text.contains("bWU6c2VjcmV0"),
            "{text}"
        );
    }
}

#[test]
fn several_clients_may_share_a_cache() {
    let (index, cache) = (StubIndex::start(scenario()), tempfile::tempdir().unwrap());
    let expect = metadata(&super::client(&index)).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(metadata(&cached(&index, cache.path())).unwrap(), expect));
        }
    });
    let slow = Trouble::Status(500);
    index.change(|scenario| *scenario = scenario.clone().fault("", usize::MAX, slow));
    assert_eq!(metadata(&offline(&index, cache.path())).unwrap(), expect);
}
