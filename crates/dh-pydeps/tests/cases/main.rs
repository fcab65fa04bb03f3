//! The real program against made-up indexes and suites: the cases in `tests/cases/`,
//! which `tests/README.md` describes, and what holds for all of them.
#![allow(clippy::unwrap_used, reason = "tests")]

mod area;
mod case;
mod judge;
mod pages;
mod script;
mod suite;
mod world;

use std::sync::Mutex;

use case::Case;
use pydeps_testkit::Scenario;
use world::{Run, World};

/// Runs `work` on every case, some at a time; complaints begin with the case's name.
fn each(cases: Vec<Case>, work: impl Fn(&Case) -> Vec<String> + Sync) -> Vec<String> {
    let queue = Mutex::new(cases.into_iter());
    let complaints = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(case) = next else { break };
                    let found = work(&case);
                    let told = found.iter().map(|text| format!("{}: {text}", case.name));
                    complaints.lock().unwrap().extend(told);
                }
            });
        }
    });
    let mut complaints = complaints.into_inner().unwrap();
    complaints.sort();
    complaints
}

#[track_caller]
fn expect_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n\n"));
}

#[test]
fn cases() {
    let (cases, mut complaints) = case::all(&case::directory());
    assert!(!cases.is_empty(), "no case to run");
    complaints.extend(each(cases, |case| {
        let runs = World::new(case).play();
        let mut complaints = judge::runs(&runs);
        complaints.extend(judge::against(case, &runs));
        complaints
    }));
    expect_none(&complaints);
}

/// What an index answers in another order, and at its own pace, is the same answer.
#[test]
fn slow_and_disordered_indexes_change_nothing() {
    let (cases, _) = case::all(&case::directory());
    let calm = |case: &Case| !case.is_disturbed() && !case.indexes.is_empty();
    let cases: Vec<Case> = cases.into_iter().filter(calm).collect();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    let complaints = each(cases, |case| {
        let slow = case.with_indexes(disordered);
        let (first, second) = (World::new(case).play(), World::new(&slow).play());
        let differs = |(a, b): &(&Run, &Run)| (a.status, &a.stdout) != (b.status, &b.stdout);
        let mut pairs = first.iter().zip(&second);
        let found = pairs.find(differs);
        found
            .map(|(a, b)| format!("{}\n{}\nslow:\n{}", a.line, a.stdout, b.stdout))
            .into_iter()
            .collect()
    });
    expect_none(&complaints);
}

/// The files of each page backwards, and some answers later than others.
fn disordered(scenario: &mut Scenario) {
    scenario.dists.reverse();
    for (at, letter) in "aeiou".chars().enumerate() {
        let time = std::time::Duration::from_millis(7 * at as u64);
        let slow = pydeps_testkit::Trouble::Slow(time);
        *scenario = scenario
            .clone()
            .fault(&format!("/{letter}"), usize::MAX, slow);
    }
}

/// The second of two runs has a cache, and says the same.
#[test]
fn twice_is_the_same() {
    let (cases, _) = case::all(&case::directory());
    let calm = |case: &Case| !case.is_disturbed();
    let cases: Vec<Case> = cases.into_iter().filter(calm).collect();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    let complaints = each(cases, |case| {
        let mut world = World::new(case);
        let (first, second) = (world.play(), world.play());
        let differs = |(a, b): &(&Run, &Run)| (a.status, &a.stdout) != (b.status, &b.stdout);
        let mut pairs = first.iter().zip(&second);
        let found = pairs.find(differs);
        found
            .map(|(a, b)| format!("{}\n{}\nagain:\n{}", a.line, a.stdout, b.stdout))
            .into_iter()
            .collect()
    });
    expect_none(&complaints);
}
