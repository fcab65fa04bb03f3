//! Downloads: verified, or not there.

use fs_err as fs;
use pydeps_index::{Client, Error, HttpError};
use pydeps_testkit::{Scenario, StubIndex, TestSdist, Trouble};

use super::{client, config, file, project};
use pydeps_python::ReadError;

fn scenario() -> Scenario {
    Scenario::new([TestSdist::new("a", "1.0").build()])
}

fn download(scenario: Scenario) -> (Result<Vec<u8>, Error>, usize) {
    let index = StubIndex::start(scenario);
    let client = client(&index);
    let directory = tempfile::tempdir().unwrap();
    let result = client.download(&file(&project(&client)), directory.path());
    let result = result.map(|path| fs::read(path).unwrap());
    (result, fs::read_dir(directory.path()).unwrap().count())
}

#[test]
fn a_download_is_the_file() {
    let (bytes, left) = download(scenario());
    assert_eq!(
        (bytes.unwrap(), left),
        (scenario().dists[0].bytes.clone(), 1)
    );
}

#[test]
fn wrong_bytes_are_an_error_and_nothing_is_left() {
    let (result, left) = download(scenario().fault(".tar.gz", usize::MAX, Trouble::Corrupt));
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Hash { .. }) && left == 0, "{error}");
    assert!(error.to_string().contains("/files/a-1.0.tar.gz: sha256 is"));
}

#[test]
fn half_a_file_is_an_error_and_nothing_is_left() {
    let (result, left) = download(scenario().fault(".tar.gz", usize::MAX, Trouble::Truncated));
    let error = result.unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Incomplete { .. })) && left == 0,
        "{error}"
    );
}

#[test]
fn half_a_file_once_is_asked_for_again() {
    let (bytes, _) = download(scenario().fault(".tar.gz", 1, Trouble::Truncated));
    assert_eq!(bytes.unwrap(), scenario().dists[0].bytes);
}

#[test]
fn what_nobody_vouches_for_is_not_downloaded() {
    let index = StubIndex::start(scenario());
    let client = client(&index);
    let mut file = file(&project(&client));
    file.hashes = [("md5".to_owned(), "00".to_owned())].into();
    let directory = tempfile::tempdir().unwrap();
    let error = client.download(&file, directory.path()).unwrap_err();
    assert!(matches!(error, Error::NoHash { .. }), "{error}");
}

#[test]
fn a_cached_file_is_verified_again() {
    let index = StubIndex::start(scenario());
    let cache = tempfile::tempdir().unwrap();
    let mut config = config(&[&index]);
    config.cache_dir = Some(cache.path().to_owned());
    let client = Client::new(config);
    let directory = tempfile::tempdir().unwrap();
    let project = project(&client);
    let count = || {
        index
            .requests()
            .iter()
            .filter(|r| r.path.starts_with("/files/"))
            .count()
    };
    for _ in 0..2 {
        client.download(&file(&project), directory.path()).unwrap();
    }
    assert_eq!(count(), 1);
    let digest = &file(&project).hashes["sha256"];
    let kept = cache
        .path()
        .join("index-2/files")
        .join(&digest[..2])
        .join(digest);
    let kept = kept.join("a-1.0.tar.gz");
    fs::write(&kept, "spoilt").unwrap();
    let path = client.download(&file(&project), directory.path()).unwrap();
    assert_eq!(fs::read(path).unwrap(), scenario().dists[0].bytes);
    assert_eq!(count(), 2);
}

#[test]
fn a_file_name_stays_in_its_directory() {
    let index = StubIndex::start(scenario());
    let client = client(&index);
    let mut file = file(&project(&client));
    let directory = tempfile::tempdir().unwrap();
    for filename in ["../a-1.0.tar.gz", "/tmp/a-1.0.tar.gz", ".."] {
        filename.clone_into(&mut file.filename);
        let error = client.download(&file, directory.path()).unwrap_err();
        assert!(
            matches!(error, Error::Read(ReadError::BadArchive { .. })),
            "{error}"
        );
    }
}
