use super::*;
use crate::archive::{ArchivePackage, BackportsOnly, MemoryArchive, Origin, PackageDetails, Suite};

/// `NAME VERSION [PROVIDES]`, one package a line; a name that begins with `+` is
/// Multi-Arch: allowed, with `~` from backports.
fn archive(lines: &str) -> MemoryArchive {
    let suite = Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap());
    let package = |line: &str| {
        let mut words = line.splitn(3, ' ');
        let name = words.next().unwrap();
        ArchivePackage {
            name: name.trim_start_matches(['+', '~']).parse().unwrap(),
            version: words.next().unwrap().into(),
            section: "python".into(),
            origin: if name.starts_with('~') {
                Origin::Backports
            } else {
                Origin::Suite
            },
            details: Some(PackageDetails {
                multi_arch: if name.starts_with('+') { "allowed" } else { "" }.into(),
                provides: words.next().unwrap_or_default().into(),
                ..PackageDetails::default()
            }),
        }
    };
    MemoryArchive::new(suite, [], lines.lines().map(package).collect::<Vec<_>>())
}

const TRIXIE: &str = "+python3 3.13.5-1
debhelper 13.24.2 debhelper-compat (= 12), debhelper-compat (= 13), dh-sequence-x
python3-tomli 2.2.1-2
python3-setuptools 78.1.1-0.1
libfoo-dev 1.2-1
exim4 4.98-3 mail-transport-agent
~python3-new 2.0-1~bpo13+1";

#[track_caller]
fn check_with(fields: [&str; 4], profiles: &[&str], alternatives: Alternatives, expect: &[&str]) {
    let [depends, arch, indep, conflicts] = fields.map(str::to_owned);
    let source = SourcePackage {
        name: "x".into(),
        version: "1-1".into(),
        build_depends: [depends, arch, indep],
        build_conflicts: conflicts,
    };
    let archive = archive(TRIXIE);
    let unmet = unmet(&source, &Stock::new(&archive), profiles, alternatives);
    let unmet: Vec<String> = unmet.iter().map(Unmet::to_string).collect();
    assert_eq!(unmet, expect, "{fields:?}");
}

#[track_caller]
fn check(depends: &str, expect: &[&str]) {
    check_with([depends, "", "", ""], &[], Alternatives::First, expect);
}

#[test]
fn versions() {
    check("python3-tomli, libfoo-dev (>= 1.2)", &[]);
    check(
        "libfoo-dev (>= 1.3)",
        &["libfoo-dev (>= 1.3): trixie has 1.2-1"],
    );
    check(
        "libfoo-dev (<< 1.2~)",
        &["libfoo-dev (<< 1.2~): trixie has 1.2-1"],
    );
    check("python3-none", &["python3-none: trixie has none"]);
}

#[test]
fn provided_names() {
    check(
        "debhelper-compat (= 13), dh-sequence-x, mail-transport-agent",
        &[],
    );
    check(
        "debhelper-compat (= 14)",
        &["debhelper-compat (= 14): trixie has 13 (debhelper)"],
    );
    check(
        "dh-sequence-x (>= 2)",
        &["dh-sequence-x (>= 2): trixie has no version of it (debhelper)"],
    );
}

#[test]
fn qualifiers() {
    check("python3:any, libfoo-dev:native, libfoo-dev:amd64", &[]);
    check("libfoo-dev:any", &["libfoo-dev:any: trixie has 1.2-1"]);
    check("libfoo-dev:i386", &["libfoo-dev:i386: trixie has 1.2-1"]);
}

#[test]
fn what_does_not_count_in_this_build() {
    check(
        "none1 [arm64], none2 [!amd64], none3 <cross>, none4 [hurd-any] | python3",
        &[],
    );
    check("none1 [any-amd64]", &["none1 [any-amd64]: trixie has none"]);
    check("none1 <!nocheck>", &["none1 <!nocheck>: trixie has none"]);
    check_with(
        ["none1 <!nocheck>", "", "", ""],
        &["nocheck"],
        Alternatives::First,
        &[],
    );
}

#[test]
fn alternatives() {
    let field = "none1 | python3-tomli";
    let told = "none1 | python3-tomli: trixie has none; python3-tomli would do, but sbuild takes the first alternative";
    check(field, &[told]);
    check_with([field, "", "", ""], &[], Alternatives::All, &[]);
    check("libfoo-dev (>= 2) | libfoo-dev (<< 1.5)", &[]);
    check("none1 [arm64] | python3-tomli", &[]);
}

#[test]
fn every_field() {
    let none = ["none1", "none2", "none3", ""];
    let told = [
        "none1: trixie has none",
        "none2: trixie has none",
        "none3: trixie has none",
    ];
    check_with(none, &[], Alternatives::First, &told);
    check("a b", &["a b: not a relation"]);
}

#[test]
fn conflicts_with_what_is_asked_for() {
    let conflict = |conflicts| ["python3-setuptools, libfoo-dev", "", "", conflicts];
    let told = ["python3-setuptools (>= 78): a build conflict; trixie has 78.1.1-0.1"];
    check_with(
        conflict("python3-setuptools (>= 78)"),
        &[],
        Alternatives::First,
        &told,
    );
    check_with(
        conflict("python3-setuptools (<< 78), python3-tomli"),
        &[],
        Alternatives::First,
        &[],
    );
}

#[test]
fn backports_do_not_count() {
    check("python3-new", &["python3-new: trixie has none"]);
}

#[test]
fn unless_they_are_asked_for() {
    let archive = archive(&format!(
        "{TRIXIE}\n~debhelper 14.5~bpo13+1 debhelper-compat (= 14)"
    ));
    let backports = BackportsOnly(&archive);
    let stock = Stock::new(&archive).with_backports(&backports);
    let source = SourcePackage {
        build_depends: [
            "python3-new (>= 2.0), debhelper-compat (= 14), python3-tomli".into(),
            "python3-new (>= 2.0-1)".into(),
            String::new(),
        ],
        ..SourcePackage::default()
    };
    let unmet = unmet(&source, &stock, &[], Alternatives::First);
    let told: Vec<String> = unmet.iter().map(Unmet::to_string).collect();
    assert_eq!(told, ["python3-new (>= 2.0-1): trixie has 2.0-1~bpo13+1"]);
}
