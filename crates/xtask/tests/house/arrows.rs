//! Which crate may use which: gather (I/O), decide (pure), commit and report (I/O).

use crate::metadata::{Metadata, Package};
use crate::report::{Complaint, expect_none};
use crate::tree::root;

/// A crate of this workspace, and what it may use.
struct Row {
    name: &'static str,
    /// Whether it is pure: values in, values out.
    pure: bool,
    /// The crates of this workspace that it may link.
    uses: &'static [&'static str],
}

/// The arrows of `crates/README.md`. An edge that is not here is a decision to
/// take first, and to write down there.
const ROWS: &[Row] = &[
    Row {
        name: "pydeps-core",
        pure: true,
        uses: &[],
    },
    Row {
        name: "pydeps-python",
        pure: true,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-resolve",
        pure: true,
        uses: &["pydeps-core", "pydeps-http", "pydeps-python"],
    },
    Row {
        name: "pydeps-copyright",
        pure: true,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-generate",
        pure: true,
        uses: &[
            "pydeps-copyright",
            "pydeps-core",
            "pydeps-http",
            "pydeps-python",
        ],
    },
    Row {
        name: "pydeps-report",
        pure: true,
        uses: &["pydeps-core", "pydeps-elf"],
    },
    Row {
        name: "pydeps-elf",
        pure: true,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-debhelper",
        pure: true,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-host",
        pure: false,
        uses: &["pydeps-core", "pydeps-python"],
    },
    Row {
        name: "pydeps-archive",
        pure: false,
        uses: &["pydeps-core", "pydeps-host", "pydeps-python"],
    },
    Row {
        name: "pydeps-build",
        pure: false,
        uses: &["pydeps-archive", "pydeps-core", "pydeps-host"],
    },
    Row {
        name: "pydeps-http",
        pure: false,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-index",
        pure: false,
        uses: &["pydeps-core", "pydeps-http", "pydeps-python"],
    },
    Row {
        name: "pydeps-testkit",
        pure: false,
        uses: &["pydeps-core"],
    },
    Row {
        name: "pydeps-attack",
        pure: false,
        uses: &[
            "pydeps-archive",
            "pydeps-build",
            "pydeps-copyright",
            "pydeps-core",
            "pydeps-debhelper",
            "pydeps-elf",
            "pydeps-generate",
            "pydeps-host",
            "pydeps-http",
            "pydeps-index",
            "pydeps-python",
            "pydeps-testkit",
        ],
    },
    Row {
        name: "dh-pydeps",
        pure: false,
        uses: &[
            "pydeps-archive",
            "pydeps-build",
            "pydeps-copyright",
            "pydeps-core",
            "pydeps-elf",
            "pydeps-generate",
            "pydeps-host",
            "pydeps-index",
            "pydeps-python",
            "pydeps-report",
            "pydeps-resolve",
        ],
    },
    Row {
        name: "dh-tools",
        pure: false,
        uses: &[
            "pydeps-archive",
            "pydeps-core",
            "pydeps-debhelper",
            "pydeps-elf",
            "pydeps-host",
        ],
    },
    Row {
        name: "xtask",
        pure: false,
        uses: &[],
    },
];

/// What a test may use beside: the kit anywhere; xtask reads the program's
/// arguments to write its manual.
const IN_TESTS: &[(&str, &str)] = &[
    ("pydeps-core", "pydeps-testkit"),
    ("pydeps-python", "pydeps-testkit"),
    ("pydeps-resolve", "pydeps-testkit"),
    ("pydeps-generate", "pydeps-testkit"),
    ("pydeps-elf", "pydeps-testkit"),
    ("pydeps-debhelper", "pydeps-testkit"),
    ("pydeps-archive", "pydeps-testkit"),
    ("pydeps-build", "pydeps-testkit"),
    ("pydeps-host", "pydeps-testkit"),
    ("pydeps-index", "pydeps-testkit"),
    ("dh-pydeps", "pydeps-testkit"),
    ("dh-tools", "pydeps-testkit"),
    ("xtask", "dh-pydeps"),
    ("xtask", "dh-tools"),
];

/// What a pure crate must not link, not even through others.
const IMPURE: &[&str] = &[
    "anyhow",
    "clap",
    "fs-err",
    "indicatif",
    "memmap2",
    "pydeps-archive",
    "pydeps-build",
    "pydeps-host",
    "pydeps-http",
    "pydeps-index",
    "pydeps-testkit",
    "tempfile",
    "ureq",
    "walkdir",
    "xshell",
];

/// Libraries have error types of their own; `anyhow` is for programs.
const ANYHOW: &[&str] = &["dh-pydeps", "dh-tools", "xtask"];

fn row(name: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.name == name)
}

fn unknown_crates(metadata: &Metadata) -> Vec<Complaint> {
    let unknown = metadata
        .members()
        .filter(|member| row(&member.name).is_none());
    unknown
        .map(|member| {
            let name = &member.name;
            format!("{name}: no row in tests/house/arrows.rs; add one, and a paragraph to crates/README.md")
        })
        .collect()
}

fn edges(metadata: &Metadata) -> Vec<Complaint> {
    let ours: Vec<_> = metadata.members().map(|m| m.name.as_str()).collect();
    let of = |member| edges_of(member, &ours);
    metadata.members().flat_map(of).collect()
}

fn edges_of(member: &Package, ours: &[&str]) -> Vec<Complaint> {
    let from = member.name.as_str();
    let allowed = row(from).map_or(&[][..], |row| row.uses);
    let refused = |to: &str, kind: Option<&str>| {
        let in_tests = kind == Some("dev") && IN_TESTS.contains(&(from, to));
        ours.contains(&to) && !allowed.contains(&to) && !in_tests
    };
    member
        .dependencies
        .iter()
        .filter(|dependency| refused(&dependency.name, dependency.kind.as_deref()))
        .map(|dependency| {
            let to = &dependency.name;
            format!(
                "{from} must not use {to}: data flows gather, decide, report (crates/README.md)"
            )
        })
        .collect()
}

fn purity(metadata: &Metadata) -> Vec<Complaint> {
    let is_pure = |member: &&Package| row(&member.name).is_some_and(|row| row.pure);
    let of = |member| impurities(metadata, member);
    metadata.members().filter(is_pure).flat_map(of).collect()
}

fn impurities(metadata: &Metadata, member: &Package) -> Vec<Complaint> {
    let reached = metadata.reached_from(member);
    IMPURE
        .iter()
        .filter_map(|name| reached.get(name))
        .map(|chain| {
            let name = &member.name;
            let way = chain.join(" -> ");
            format!("{name} is pure and must not link this: {way}; take values as parameters")
        })
        .collect()
}

fn anyhow_in_libraries(metadata: &Metadata) -> Vec<Complaint> {
    let has = |member: &&Package| member.dependencies.iter().any(|d| d.name == "anyhow");
    metadata
        .members()
        .filter(has)
        .filter(|member| !ANYHOW.contains(&member.name.as_str()))
        .map(|member| {
            let name = &member.name;
            format!("{name} must not use anyhow: a library names its errors; use thiserror")
        })
        .collect()
}

/// The nearest clippy.toml wins, so one of its own would lift the bans.
fn own_bans(is_there: impl Fn(&str) -> bool) -> Vec<Complaint> {
    let pure = ROWS.iter().filter(|row| row.pure);
    let paths = pure.flat_map(|row| {
        ["clippy.toml", ".clippy.toml"].map(|file| format!("crates/{}/{file}", row.name))
    });
    paths
        .filter(|path| is_there(path))
        .map(|path| format!("{path}: remove it; pure crates keep the bans of the root"))
        .collect()
}

#[test]
fn data_flows_one_way() {
    let metadata = Metadata::load();
    expect_none(&unknown_crates(&metadata));
    expect_none(&edges(&metadata));
    expect_none(&purity(&metadata));
    expect_none(&anyhow_in_libraries(&metadata));
    expect_none(&own_bans(|path| root().join(path).exists()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::made_up;

    #[track_caller]
    fn check(found: &[Complaint], expect: &[&str]) {
        let heads = |(found, expect): (&Complaint, &&str)| found.starts_with(expect);
        assert_eq!(found.len(), expect.len(), "{found:?}");
        assert!(found.iter().zip(expect).all(heads), "{found:?}");
    }

    const OURS: &[&str] = &[
        "dh-pydeps",
        "pydeps-core",
        "pydeps-host",
        "pydeps-resolve",
        "xtask",
    ];

    #[test]
    fn an_edge_that_is_not_in_the_table() {
        let world = |edges| super::edges(&made_up(OURS, edges));
        check(&world(&[("pydeps-resolve", "pydeps-core")]), &[]);
        check(
            &world(&[("pydeps-core", "pydeps-resolve")]),
            &["pydeps-core must not use pydeps-resolve"],
        );
        check(
            &world(&[("xtask", "dh-pydeps")]),
            &["xtask must not use dh-pydeps"],
        );
    }

    #[test]
    fn a_crate_that_is_not_in_the_table() {
        check(
            &unknown_crates(&made_up(&["pydeps-new"], &[])),
            &["pydeps-new: no row"],
        );
    }

    #[test]
    fn an_impurity_behind_others() {
        let world = |edges| purity(&made_up(OURS, edges));
        check(&world(&[("pydeps-core", "a"), ("a", "b")]), &[]);
        check(
            &world(&[("pydeps-core", "a"), ("a", "b"), ("b", "tempfile")]),
            &["pydeps-core is pure and must not link this: pydeps-core -> a -> b -> tempfile;"],
        );
        check(&world(&[("pydeps-host", "a"), ("a", "tempfile")]), &[]);
        check(
            &world(&[("pydeps-resolve", "pydeps-host")]),
            &["pydeps-resolve is pure and must not link this: pydeps-resolve -> pydeps-host;"],
        );
    }

    #[test]
    fn anyhow_outside_of_programs() {
        let world = |edges| anyhow_in_libraries(&made_up(OURS, edges));
        check(&world(&[("dh-pydeps", "anyhow")]), &[]);
        check(
            &world(&[("pydeps-host", "anyhow")]),
            &["pydeps-host must not use anyhow"],
        );
    }

    #[test]
    fn bans_of_its_own() {
        check(
            &own_bans(|path| path == "crates/pydeps-core/.clippy.toml"),
            &["crates/pydeps-core/.clippy.toml: remove it"],
        );
        check(&own_bans(|_| false), &[]);
    }
}
