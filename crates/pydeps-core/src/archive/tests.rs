use super::*;

fn suite() -> Suite {
    Suite {
        codename: "trixie".into(),
        alias: Some("stable".into()),
        architecture: "amd64".into(),
        python: "3.13".parse().unwrap(),
        supported: vec!["3.13".parse().unwrap()],
        date: "2025-09-06T10:00:00Z".parse().unwrap(),
        provenance: Provenance::Snapshot,
    }
}

fn dist(package: &str, class: PathClass, section: &str, origin: Origin) -> ArchiveDist {
    ArchiveDist {
        name: "six".parse().unwrap(),
        upstream: Some("1.17.0".into()),
        package: package.parse().unwrap(),
        package_version: "1.17.0-1".into(),
        described_version: "1.17.0-1".into(),
        section: section.into(),
        path: "usr/lib/python3/dist-packages/six-1.17.0.egg-info".into(),
        class,
        origin,
    }
}

fn package(name: &str, version: &str, provides: &str, origin: Origin) -> ArchivePackage {
    ArchivePackage {
        name: name.parse().unwrap(),
        version: version.into(),
        section: "python".into(),
        origin,
        details: Some(PackageDetails {
            provides: provides.into(),
            ..PackageDetails::default()
        }),
    }
}

#[track_caller]
fn check_provides(field: &str, expect: &[(&str, Option<&str>)]) {
    let got = parse_provides(field);
    let got: Vec<_> = got
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_deref()))
        .collect();
    assert_eq!(got, expect, "{field}");
}

#[test]
fn provides_fields() {
    check_provides("", &[]);
    check_provides("mail-transport-agent", &[("mail-transport-agent", None)]);
    check_provides(
        "python3-six (= 1.17.0), python3.13-six:any",
        &[("python3-six", Some("1.17.0")), ("python3.13-six", None)],
    );
    check_provides("Not_A_Name, ok-name (>= 1)", &[("ok-name", None)]);
}

#[test]
fn best_copy_first() {
    let archive = MemoryArchive::new(
        suite(),
        [
            dist(
                "zz-backport",
                PathClass::Public,
                "python",
                Origin::Backports,
            ),
            dist("aa-vendoring", PathClass::Private, "python", Origin::Suite),
            dist("bb-tool", PathClass::Public, "devel", Origin::Suite),
            dist(
                "python3-six",
                PathClass::Public,
                "non-free/python",
                Origin::Security,
            ),
        ],
        [],
    );
    let names: Vec<String> = archive
        .distribution(&"Six".parse().unwrap())
        .iter()
        .map(|dist| dist.package.to_string())
        .collect();
    assert_eq!(
        names,
        ["python3-six", "bb-tool", "aa-vendoring", "zz-backport"]
    );
    assert!(archive.distribution(&"seven".parse().unwrap()).is_empty());
}

#[test]
fn backports_are_no_default() {
    let archive = MemoryArchive::new(
        suite(),
        [],
        [
            package("pkg", "2-1~bpo13+1", "", Origin::Backports),
            package("pkg", "1-1", "virtual (= 1), pkg", Origin::Security),
            package("only-bpo", "2-1~bpo13+1", "virtual", Origin::Backports),
        ],
    );
    let get = |name: &str| archive.package(&name.parse().unwrap());
    assert_eq!(get("pkg").unwrap().version, "1-1");
    assert_eq!(get("only-bpo"), None);
    let candidates = archive.candidates(&"pkg".parse().unwrap());
    assert_eq!(candidates.len(), 2);
    let providers = archive.providers(&"virtual".parse().unwrap());
    let providers: Vec<_> = providers
        .iter()
        .map(|p| (p.package.as_str(), p.version.as_deref()))
        .collect();
    assert_eq!(providers, [("only-bpo", None), ("pkg", Some("1"))]);
    assert!(archive.providers(&"pkg".parse().unwrap()).is_empty());
}

#[test]
fn staleness_is_told_with_the_way_out() {
    let suite = suite();
    let at = |text: &str| suite.staleness(text.parse().unwrap(), 30);
    assert_eq!(at("2025-09-01T00:00:00Z"), None);
    assert_eq!(at("2025-10-06T23:00:00Z"), None);
    let finding = at("2025-10-07T10:00:01Z").unwrap();
    assert_eq!(
        finding.message,
        "the built-in snapshot of trixie is 31 days old"
    );
    assert_eq!(
        finding.hint.as_deref(),
        Some("dh-pydeps update --suite trixie")
    );
}
