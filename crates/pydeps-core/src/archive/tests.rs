use super::*;

fn suite() -> Suite {
    Suite {
        codename: "trixie".parse().unwrap(),
        alias: Some("stable".into()),
        architecture: "amd64".parse().unwrap(),
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

fn local(name: &str) -> Origin {
    Origin::Local(name.into())
}

/// The suite's `python3-six` at 1.17.0-1, and a local repository's at this version.
fn layered(version: &str, described: bool) -> Layered<MemoryArchive> {
    let own = dist("python3-six", PathClass::Public, "python", Origin::Suite);
    let backport = dist(
        "python3-six",
        PathClass::Public,
        "python",
        Origin::Backports,
    );
    let packages = [
        package(
            "python3-six",
            "1.17.0-1",
            "python3-seven (= 1)",
            Origin::Suite,
        ),
        package("python3-six", "1.19.0-1~bpo", "", Origin::Backports),
    ];
    let base = MemoryArchive::new(suite(), [own, backport], packages);
    let mut held = dist("python3-six", PathClass::Public, "python", local("x"));
    held.package_version = version.into();
    held.upstream = Some("9.9".into());
    let packages = [package("python3-six", version, "python3-eight", local("x"))];
    let archive = MemoryArchive::new(suite(), described.then_some(held), packages);
    Layered::new(base, vec![Local { archive, described }])
}

#[track_caller]
fn check_layered(version: &str, described: bool, dists: &[&str], provides: &[&str]) {
    let layered = layered(version, described);
    let found = layered.distribution(&"six".parse().unwrap()).into_iter();
    let found = found.map(|d| {
        format!(
            "{} {} {}",
            d.package_version,
            d.upstream.unwrap(),
            d.described_version
        )
    });
    assert_eq!(found.collect::<Vec<_>>(), dists, "{version}");
    let names = ["python3-seven", "python3-eight"];
    let provided = |name: &&&str| !layered.providers(&name.parse().unwrap()).is_empty();
    let provided: Vec<&&str> = names.iter().filter(provided).collect();
    assert_eq!(provided, provides.iter().collect::<Vec<_>>(), "{version}");
}

#[test]
fn the_highest_version_is_what_apt_would_install() {
    check_layered(
        "1.18.0-1",
        true,
        &["1.18.0-1 9.9 1.17.0-1"],
        &["python3-eight"],
    );
    check_layered(
        "1.16.0-1",
        true,
        &["1.17.0-1 1.17.0 1.17.0-1"],
        &["python3-seven"],
    );
    check_layered(
        "1.17.0-1",
        true,
        &["1.17.0-1 1.17.0 1.17.0-1"],
        &["python3-seven"],
    );
    check_layered(
        "1.9.0-1",
        true,
        &["1.17.0-1 1.17.0 1.17.0-1"],
        &["python3-seven"],
    );
}

#[test]
fn what_is_not_described_is_as_in_the_suite() {
    check_layered(
        "1.18.0-1",
        false,
        &["1.18.0-1 1.17.0 1.17.0-1"],
        &["python3-eight"],
    );
    check_layered(
        "1.16.0-1",
        false,
        &["1.17.0-1 1.17.0 1.17.0-1"],
        &["python3-seven"],
    );
}

#[test]
fn a_public_copy_in_a_local_repository_comes_before_a_private_one() {
    let private = dist("app", PathClass::Private, "utils", Origin::Suite);
    let base = MemoryArchive::new(suite(), [private], [package("app", "1", "", Origin::Suite)]);
    let held = dist("python3-six", PathClass::Public, "python", local("x"));
    let packages = [package("python3-six", "1.17.0-1", "", local("x"))];
    let archive = MemoryArchive::new(suite(), [held], packages);
    let layered = Layered::new(
        base,
        vec![Local {
            archive,
            described: true,
        }],
    );
    let found = layered.distribution(&"six".parse().unwrap());
    let packages: Vec<&str> = found.iter().map(|dist| dist.package.as_str()).collect();
    assert_eq!(packages, ["python3-six", "app"]);
}

#[test]
fn backports_alone() {
    let layered = layered("1.0-1", true);
    let backports = BackportsOnly(layered.base());
    let found = backports.distribution(&"six".parse().unwrap());
    assert_eq!((found.len(), &found[0].origin), (1, &Origin::Backports));
    let package = backports.package(&"python3-six".parse().unwrap()).unwrap();
    assert_eq!(package.version, "1.19.0-1~bpo");
    assert!(
        backports
            .providers(&"python3-seven".parse().unwrap())
            .is_empty()
    );
}
