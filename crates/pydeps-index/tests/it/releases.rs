//! Metadata: which file it is read from, and what that costs.

use pydeps_core::upstream::MetadataSource;
use pydeps_index::Error;
use pydeps_testkit::{MetadataFiles, Scenario, StubIndex, TestSdist, TestWheel, Trouble};

use super::{client, metadata, name, requires};
use pydeps_python::ReadError;

fn wheel() -> TestWheel {
    // Large enough that the end of the wheel is not all of it.
    let noise: Vec<u8> = (0..400_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    TestWheel::new("a", "1.0")
        .requires("b>=1")
        .file("a/data.bin", &noise)
}

/// What was asked for beside the page.
fn files(index: &StubIndex) -> Vec<String> {
    let mut paths = index.take_paths();
    paths.retain(|path| !path.starts_with("/simple/"));
    paths
}

#[test]
fn the_metadata_file_is_cheapest() {
    let sdist = TestSdist::new("a", "1.0").metadata_version("2.2").build();
    let linux = TestWheel::new("a", "1.0")
        .tag("cp313-cp313-manylinux_2_17_x86_64")
        .build();
    let index = StubIndex::start(Scenario::new([sdist, linux, wheel().build()]));
    let got = metadata(&client(&index)).unwrap();
    assert_eq!(
        (got.source, requires(&got)),
        (MetadataSource::MetadataFile, vec!["b>=1".to_owned()])
    );
    assert_eq!(files(&index), ["/files/a-1.0-py3-none-any.whl.metadata"]);
}

#[test]
fn linux_is_nearer_than_windows() {
    let [linux, windows] = ["cp313-cp313-manylinux_2_17_x86_64", "cp313-cp313-win_amd64"]
        .map(|tag| TestWheel::new("a", "1.0").tag(tag).build());
    let index = StubIndex::start(Scenario::new([windows, linux]));
    let got = metadata(&client(&index)).unwrap();
    assert!(got.origin.contains("linux"), "{}", got.origin);
}

#[test]
fn a_metadata_file_is_found_where_nobody_announces_it() {
    let index = StubIndex::start(Scenario {
        metadata_files: MetadataFiles::Unannounced,
        ..Scenario::new([wheel().build()])
    });
    assert_eq!(
        metadata(&client(&index)).unwrap().source,
        MetadataSource::MetadataFile
    );
}

#[test]
fn a_server_without_metadata_files_is_asked_for_one_once() {
    let index = StubIndex::start(Scenario {
        metadata_files: MetadataFiles::None,
        ..Scenario::new([wheel().build(), TestWheel::new("b", "1.0").build()])
    });
    let client = client(&index);
    assert_eq!(metadata(&client).unwrap().source, MetadataSource::Wheel);
    let b = client.project(&name("b")).unwrap().unwrap();
    client.metadata(&b, &"1.0".parse().unwrap()).unwrap();
    let asked = files(&index);
    assert_eq!(
        asked
            .iter()
            .filter(|path| path.ends_with(".metadata"))
            .count(),
        1,
        "{asked:?}"
    );
}

#[test]
fn an_html_page_is_no_metadata_file() {
    let scenario = Scenario {
        metadata_files: MetadataFiles::None,
        ..Scenario::new([wheel().build()])
    };
    let index = StubIndex::start(scenario.fault(".metadata", usize::MAX, Trouble::Login));
    assert_eq!(
        metadata(&client(&index)).unwrap().source,
        MetadataSource::Wheel
    );
}

#[test]
fn a_metadata_file_with_a_wrong_hash_is_refused() {
    let index = StubIndex::start(Scenario::new([wheel().build()]).fault(
        ".metadata",
        usize::MAX,
        Trouble::Corrupt,
    ));
    let error = metadata(&client(&index)).unwrap_err();
    assert!(matches!(error, Error::Hash { .. }), "{error}");
}

#[test]
fn of_a_wheel_only_the_end_is_read() {
    let dist = wheel().build();
    let length = dist.bytes.len();
    let index = StubIndex::start(Scenario {
        metadata_files: MetadataFiles::None,
        ..Scenario::new([dist])
    });
    let got = metadata(&client(&index)).unwrap();
    assert_eq!(
        (got.source, requires(&got)),
        (MetadataSource::Wheel, vec!["b>=1".to_owned()])
    );
    let ranges: Vec<String> = index
        .requests()
        .iter()
        .filter_map(|r| r.headers.get("range").cloned())
        .collect();
    assert_eq!(ranges, [format!("bytes={}-", length - 32 * 1024)]);
}

#[test]
fn metadata_at_the_front_of_a_wheel_is_read_by_a_second_range() {
    let noise: Vec<u8> = (0..2_000_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let dist = TestWheel::new("a", "1.0")
        .requires("front")
        .metadata_first()
        .file("z.bin", &noise)
        .build();
    let index = StubIndex::start(Scenario {
        metadata_files: MetadataFiles::None,
        html: true,
        ..Scenario::new([dist])
    });
    let got = metadata(&client(&index)).unwrap();
    assert_eq!(requires(&got), ["front"]);
    let ranges = index
        .requests()
        .iter()
        .filter(|r| r.headers.contains_key("range"))
        .count();
    assert_eq!(ranges, 2);
}

#[test]
fn without_ranges_the_whole_wheel_is_read_and_verified() {
    let scenario = || Scenario {
        metadata_files: MetadataFiles::None,
        ranges: false,
        ..Scenario::new([wheel().build()])
    };
    let index = StubIndex::start(scenario());
    assert_eq!(requires(&metadata(&client(&index)).unwrap()), ["b>=1"]);
    let index = StubIndex::start(scenario().fault(".whl", usize::MAX, Trouble::Corrupt));
    let error = metadata(&client(&index)).unwrap_err();
    assert!(matches!(error, Error::Hash { .. }), "{error}");
}

#[test]
fn an_sdist_tells_if_there_is_no_wheel() {
    let sdist = TestSdist::new("a", "1.0")
        .metadata_version("2.2")
        .requires("b")
        .build();
    let index = StubIndex::start(Scenario::new([sdist]));
    let got = metadata(&client(&index)).unwrap();
    assert_eq!(
        (got.source, requires(&got)),
        (MetadataSource::SdistStatic, vec!["b".to_owned()])
    );
}

#[test]
fn a_dynamic_sdist_is_an_error_that_is_not_fatal() {
    let index = StubIndex::start(Scenario::new([
        TestSdist::new("a", "1.0").build(),
        TestWheel::new("b", "1.0").build(),
    ]));
    let client = client(&index);
    let version = "1.0".parse().unwrap();
    let [a, b] = ["a", "b"].map(|project| client.project(&name(project)).unwrap().unwrap());
    let error = client.metadata(&a, &version).unwrap_err();
    assert!(matches!(error, Error::Read(ReadError::Dynamic { .. })) && !error.is_fatal());
    assert_eq!(client.metadata(&b, &version).unwrap().name, name("b"));
    let missing = client.metadata(&a, &"2.0".parse().unwrap());
    assert!(matches!(missing, Err(Error::NoFile { .. })));
}

#[test]
fn a_wheel_that_cannot_be_read_gives_way_to_the_next_file() {
    let mut broken = TestWheel::new("a", "1.0").build();
    broken.bytes = b"not a zip".to_vec();
    broken.metadata = None;
    let sdist = TestSdist::new("a", "1.0")
        .metadata_version("2.2")
        .requires("b")
        .build();
    let index = StubIndex::start(Scenario::new([broken, sdist]));
    assert_eq!(
        metadata(&client(&index)).unwrap().source,
        MetadataSource::SdistStatic
    );
}
