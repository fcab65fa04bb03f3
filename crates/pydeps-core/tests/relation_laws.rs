//! The laws of version spelling and of relations, on random versions.
//!
//! The oracles are pep440_rs's `contains`, and dpkg itself for the order.
#![allow(
    clippy::disallowed_methods,
    reason = "the oracle for dpkg's order is dpkg, a process"
)]
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use pep440_rs::{Version, VersionSpecifiers};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use pydeps_core::deb_version::DebVersion;
use pydeps_core::relation::{Known, contains, translate};
use pydeps_core::spelling::{PostForm, PreForm, Spelling, read_back};

const SEGMENTS: usize = 3;

/// Public versions of one to three release segments, small so that they collide.
fn version() -> impl Strategy<Value = Version> {
    let release = prop::collection::vec(prop_oneof![4 => 0..4u64, 1 => 9..12u64], 1..=SEGMENTS);
    let pre = prop::option::weighted(0.3, (prop::sample::select(&["a", "b", "rc"]), 0..3u64));
    let post = prop::option::weighted(0.2, 0..3u64);
    let dev = prop::option::weighted(0.2, 0..3u64);
    let epoch = prop_oneof![9 => Just(0u64), 1 => Just(1u64)];
    (epoch, release, pre, post, dev).prop_map(|(epoch, release, pre, post, dev)| {
        let release: Vec<String> = release.iter().map(u64::to_string).collect();
        let pre = pre.map_or(String::new(), |(kind, n)| format!("{kind}{n}"));
        let post = post.map_or(String::new(), |n| format!(".post{n}"));
        let dev = dev.map_or(String::new(), |n| format!(".dev{n}"));
        let text = format!("{epoch}!{}{pre}{post}{dev}", release.join("."));
        text.parse().unwrap()
    })
}

fn specifiers() -> impl Strategy<Value = VersionSpecifiers> {
    let operators = prop::sample::select(&["==", "!=", ">=", "<=", ">", "<", "~=", "==*", "!=*"]);
    prop::collection::vec((operators, version()), 0..4).prop_filter_map(
        "not a specifier",
        |clauses| {
            let clauses: Vec<String> = clauses.iter().map(|(op, v)| clause(op, v)).collect();
            clauses.join(",").parse().ok()
        },
    )
}

fn clause(operator: &str, version: &Version) -> String {
    match operator.strip_suffix('*') {
        Some(operator) => format!("{operator}{}.*", version.only_release()),
        None => format!("{operator}{version}"),
    }
}

/// A spelling as packagers use it. PEP 440's epoch becomes Debian's or goes,
/// so versions of one package share an epoch here.
fn spelling() -> impl Strategy<Value = Spelling> {
    let post = prop::sample::select(&[PostForm::Plus, PostForm::Dot]);
    let pre = prop::sample::select(&[PreForm::Short, PreForm::Long]);
    (0..3u64, post, pre).prop_map(|(epoch, post, pre)| Spelling {
        epoch,
        segments: SEGMENTS,
        post,
        pre,
        dev: "~~dev",
    })
}

fn debian(text: &str) -> DebVersion {
    format!("{text}-1").parse().unwrap()
}

/// Pre-releases of a post-release and the like, which no project publishes and
/// which the specifiers' own definition treats in a way of its own.
fn published(version: &Version) -> bool {
    let parts = [version.is_pre(), version.is_post(), version.is_dev()];
    parts.iter().filter(|part| **part).count() <= 1
}

/// Exclusive comparisons with anything but a final release are no intervals in
/// PEP 440 (`>1.dev0` admits 1 and 2, but not 1.post0); the law of the archive's
/// own version covers them.
fn published_specifiers() -> impl Strategy<Value = VersionSpecifiers> {
    use pep440_rs::Operator::{GreaterThan, LessThan};
    specifiers().prop_filter("published versions only", |specifiers| {
        specifiers.iter().all(|s| {
            let exclusive = matches!(s.operator(), GreaterThan | LessThan);
            let final_release = s.version() == &s.version().only_release();
            published(s.version()) && s.version().epoch() == 0 && (final_release || !exclusive)
        })
    })
}

fn published_version() -> impl Strategy<Value = Version> {
    version().prop_filter("published", |v| published(v) && v.epoch() == 0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    /// What this suite writes keeps PEP 440's order.
    #[test]
    fn generated_spelling_is_strictly_monotone(a in version(), b in version()) {
        let spell = |v: &Version| {
            let spelling = Spelling { segments: SEGMENTS, ..Spelling::generated(v) };
            debian(&spelling.spell(v))
        };
        prop_assert_eq!(spell(&a).cmp(&spell(&b)), a.cmp(&b));
    }

    /// At every version in the archive's spelling, relation and specifiers agree.
    #[test]
    fn relations_agree_with_specifiers(
        specifiers in published_specifiers(),
        known in published_version(),
        other in published_version(),
        spelling in spelling(),
    ) {
        let archive = debian(&spelling.spell(&known));
        let known = Known { upstream: known, debian: archive, spelling: Some(spelling.clone()) };
        let package = "p3".parse().unwrap();
        let relations = translate(&package, &specifiers, Some(&known)).relations;
        let at = |v: &Version| relations.satisfied_by(&debian(&spelling.spell(v)));
        prop_assert_eq!(at(&known.upstream), contains(&specifiers, &known.upstream), "{}", relations);
        prop_assert_eq!(at(&other), contains(&specifiers, &other), "{}", relations);
    }

    /// Whatever the archive's two versions are, the relation is right at them.
    #[test]
    fn relations_are_right_at_the_archive_version(
        specifiers in specifiers(),
        upstream in version(),
        packaged in version(),
        suffix in prop::sample::select(&["", "+dfsg", "~dfsg1", "+really9", "+git2024"]),
        spelling in spelling(),
    ) {
        let archive = debian(&format!("{}{suffix}", spelling.spell(&packaged)));
        let known = Known::archive(upstream.clone(), archive.clone());
        let relations = translate(&"p3".parse().unwrap(), &specifiers, Some(&known)).relations;
        prop_assert_eq!(
            relations.satisfied_by(&archive), contains(&specifiers, &upstream), "{}", relations
        );
        let build = relations.for_build(Some(&archive));
        prop_assert_eq!(build.satisfied_by(&archive), contains(&specifiers, &upstream), "{}", build);
    }

    /// What is spelled can be recognised, and read back.
    #[test]
    fn spelling_round_trip(v in published_version(), other in published_version(), spelling in spelling()) {
        let archive = debian(&spelling.spell(&v));
        let detected = Spelling::detect(&v, &archive).expect("a translation");
        prop_assert_eq!(detected.spell(&v), spelling.spell(&v));
        prop_assert_eq!(read_back(&archive), Some(v.clone()));
        if other.pre().is_none() && other.dev().is_none() && other.post().is_none() {
            prop_assert_eq!(detected.spell(&other), spelling.spell(&other));
        }
    }

    /// Total on anything that Debian allows as a version.
    #[test]
    fn any_debian_version_is_read(text in "[0-9][0-9a-z.+~]{0,12}(-[0-9a-z.+~]{1,5})?") {
        let archive: DebVersion = text.parse().unwrap();
        _ = read_back(&archive);
        _ = Spelling::detect(&"1.0".parse().unwrap(), &archive);
    }
}

/// The order used by the other laws is dpkg's own, on the kind of versions that
/// occur here: one shell asks dpkg for each pair.
#[test]
fn order_is_dpkgs() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let pairs: Vec<(String, String)> = (0..1500)
        .map(|_| {
            let mut draw = || {
                let tree = (spelling(), version()).new_tree(&mut runner).unwrap();
                let (spelling, version) = tree.current();
                format!("{}-1", spelling.spell(&version))
            };
            (draw(), draw())
        })
        .collect();
    let answers = ask_dpkg(&pairs);
    for ((a, b), below) in pairs.iter().zip(answers) {
        let ours = a.parse::<DebVersion>().unwrap() < b.parse().unwrap();
        assert_eq!(ours, below, "{a} << {b}");
    }
}

fn ask_dpkg(pairs: &[(String, String)]) -> Vec<bool> {
    let script =
        "while read -r a b; do dpkg --compare-versions \"$a\" lt \"$b\" && echo y || echo n; done";
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = pairs.iter().map(|(a, b)| format!("{a} {b}\n")).collect();
    let mut stdin = shell.stdin.take().unwrap();
    let writer = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(lines.as_bytes()));
        shell.wait_with_output().unwrap()
    });
    let answers: Vec<bool> = String::from_utf8(writer.stdout)
        .unwrap()
        .lines()
        .map(|line| line == "y")
        .collect();
    assert_eq!(answers.len(), pairs.len());
    answers
}
