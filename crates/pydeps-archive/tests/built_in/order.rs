//! The order of real Debian versions is dpkg's.

use std::io::Write as _;
use std::process::{Command, Stdio};

use pydeps_core::deb_version::DebVersion;

use super::rows;

/// Comparisons with the next version of the sorted list, and with one further away.
const STEPS: [usize; 2] = [1, 97];
const PAIRS: usize = 3000;

#[test]
fn real_versions_are_ordered_as_dpkg_orders_them() {
    let pairs = pairs();
    assert_eq!(pairs.len(), PAIRS);
    let answers = ask_dpkg(&pairs);
    for ((a, b), below) in pairs.iter().zip(&answers) {
        let ours = a.parse::<DebVersion>().unwrap() < b.parse().unwrap();
        assert_eq!(ours, *below, "{a} << {b}");
    }
    let below = answers.iter().filter(|below| **below).count();
    assert!(below > PAIRS / 10 && below < PAIRS * 9 / 10, "{below}");
}

/// Pairs of versions that are near each other, as text and as versions: sorted as
/// text, neighbours differ late; every second pair is turned round.
fn pairs() -> Vec<(String, String)> {
    let mut versions: Vec<String> = rows()
        .into_iter()
        .map(|dist| dist.package_version)
        .collect();
    versions.sort();
    versions.dedup();
    let all = versions.len();
    let stride = all * STEPS.len() / PAIRS;
    let firsts = (0..all).step_by(stride.max(1));
    let pair = |(at, step): (usize, usize)| {
        let (a, b) = (versions[at].clone(), versions[(at + step) % all].clone());
        if at / stride % 2 == 0 { (a, b) } else { (b, a) }
    };
    firsts
        .flat_map(|at| STEPS.map(|step| (at, step)))
        .map(pair)
        .take(PAIRS)
        .collect()
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
    let output = std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(lines.as_bytes()));
        shell.wait_with_output().unwrap()
    });
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<bool> = text.lines().map(|line| line == "y").collect();
    assert_eq!(answers.len(), pairs.len());
    answers
}
