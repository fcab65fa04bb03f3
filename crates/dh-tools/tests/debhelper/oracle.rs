//! Arguments, selection, configuration files and substvars as `Dh_Lib.pm` has them.

use std::path::Path;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use pydeps_debhelper::argv::{self, Given, Own, Takes};
use pydeps_debhelper::compat::Compat;
use pydeps_debhelper::config::{self, Origin};
use pydeps_debhelper::control::{Build, Control};
use pydeps_debhelper::pkgfile::Lookup;
use pydeps_debhelper::{record, selection, substvars};
use serde_json::{Value, json};

use crate::ask::Debhelper;

const BINARIES: &str = "
Package: foo-all
Architecture: all

# a comment
Package: foo-any
Architecture: any
Depends: a,
 b

Package: foo-arm
Architecture: arm64 armhf

Package: foo-linux
Architecture: linux-any
XB-Package-Type: udeb

Package: foo-check
Architecture: all
Build-Profiles: <!nocheck !nodoc> <cross>
";

fn control(level: u64) -> String {
    format!("Source: foo\nBuild-Depends: debhelper-compat (= {level})\n{BINARIES}")
}

/// One run of a command.
#[derive(Clone, Debug)]
struct Run {
    level: u64,
    arguments: Vec<String>,
    options: Option<String>,
    internal: Option<String>,
    profiles: String,
}

fn own() -> Vec<Own> {
    let own = |names: &[&str], takes| Own {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        takes,
    };
    vec![
        own(&["check"], Takes::Nothing),
        own(&["extras", "e"], Takes::Value),
    ]
}

/// What we say, in the oracle's form; warnings are not compared.
fn ours(run: &Run) -> Value {
    match parse(run) {
        Err(_) => json!("error"),
        Ok(None) => json!("nothing"),
        Ok(Some(said)) => said,
    }
}

fn parse(run: &Run) -> Result<Option<Value>, String> {
    let control = Control::parse(&control(run.level)).map_err(|e| e.to_string())?;
    let compat = Compat::read(&control, None, None).map_err(|e| e.to_string())?;
    let given = Given {
        arguments: &run.arguments,
        options: run.options.as_deref(),
        internal: run.internal.as_deref(),
    };
    let asked = argv::parse(&given, &own(), compat).map_err(|e| e.to_string())?;
    let build = Build {
        host: "amd64".to_owned(),
        target: "amd64".to_owned(),
        profiles: run.profiles.split_whitespace().map(str::to_owned).collect(),
    };
    let logged = |name: &pydeps_core::name::DebName| {
        record::is_logged("dh_x\n", "dh_x") && name.as_str() == "foo-any"
    };
    let selected =
        selection::select(&asked, &control, &build, &logged).map_err(|e| e.to_string())?;
    if selected.packages.is_empty() {
        return Ok(None);
    }
    let packages: Vec<String> = selected.packages.iter().map(ToString::to_string).collect();
    let names = ["check", "extras"];
    let own: Vec<Value> = asked
        .own
        .iter()
        .map(|(at, value)| json!([names[*at], value]))
        .collect();
    Ok(Some(json!({
        "packages": packages,
        "verbose": asked.verbose,
        "no_act": asked.no_act,
        "no_scripts": asked.no_scripts,
        "exclude": asked.exclude,
        "tmpdir": asked.tmpdir,
        "main": asked.main_package.unwrap_or_else(|| "foo-all".to_owned()),
        "name": asked.name,
        "passed": asked.passed,
        "words": asked.words,
        "own": own,
        "level": compat.level(),
    })))
}

fn theirs(answer: &Value) -> Value {
    if answer.get("error").is_some() {
        return json!("error");
    }
    match answer.get("said") {
        None => json!("nothing"),
        Some(said) => {
            let mut said = said.clone();
            // Perl may give the level as text.
            let level = &said["level"];
            let number = level.as_str().and_then(|text| text.parse::<u64>().ok());
            said["level"] = json!(number.or(level.as_u64()));
            said
        }
    }
}

fn question(run: &Run, directory: &Path) -> Value {
    let mut environment = json!({ "DEB_HOST_ARCH": "amd64", "DEB_BUILD_PROFILES": run.profiles });
    let mut set = |name: &str, value: &Option<String>| {
        if let Some(value) = value {
            environment[name] = json!(value);
        }
    };
    set("DH_OPTIONS", &run.options);
    set("DH_INTERNAL_OPTIONS", &run.internal);
    json!({
        "ask": "parse",
        "directory": directory,
        "arguments": run.arguments,
        "environment": environment,
    })
}

/// Command lines with everything that matters in them.
fn runs(levels: Vec<u64>) -> impl Strategy<Value = Run> {
    let option = "-(a|i|v|n|s|av|V|Vx|A|o|d)|-[pN](foo-all|foo-any|foo-arm|foo-linux|foo-check|nope)|--(verbose|arch|no-act|no-a|verb|remaining-packages|rem|check|nope|same-arch|noscripts)|--(package|no-package|exclude|tmpdir|mainpackage|name|extras|exc|pack)(=|=foo-all|=x)?|-[XPeu](x|.libs)?|-O-(v|Nfoo-all|pfoo-any|-check|-nope|p|ai|-package=foo-arm)|foo-all|word|-|\\+v|--|-O";
    let words = |most| proptest::collection::vec(option, 0..most);
    let joined = |by: &'static str| move |words: Vec<String>| words.join(by);
    (
        proptest::sample::select(levels),
        words(5),
        proptest::option::weighted(0.3, words(3).prop_map(joined(" "))),
        proptest::option::weighted(0.4, words(3).prop_map(joined("\u{1e}"))),
        "(|nocheck|nodoc cross)",
    )
        .prop_map(|(level, arguments, options, internal, profiles)| Run {
            level,
            arguments,
            options,
            internal,
            profiles,
        })
}

fn samples<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    let mut one = || strategy.new_tree(&mut runner).unwrap().current();
    (0..count).map(|_| one()).collect()
}

#[test]
fn arguments_and_selection() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    for level in &debhelper.levels {
        let files = [
            ("debian/control", control(*level)),
            ("debian/foo-any.debhelper.log", "dh_x\n".to_owned()),
        ];
        debhelper.package(&format!("level-{level}"), &files);
    }
    let runs = samples(runs(debhelper.levels.clone()), debhelper.samples);
    let directory = |run: &Run| debhelper.package(&format!("level-{}", run.level), &[]);
    let ask = |run: &Run| question(run, &debhelper.inside(&directory(run)));
    let questions: Vec<Value> = runs.iter().map(ask).collect();
    let answers = debhelper.ask(&questions);
    let mut acted = 0;
    for (run, answer) in runs.iter().zip(&answers) {
        let (ours, mut theirs) = (ours(run), theirs(answer));
        // Without words it leaves what follows `--` in their place.
        if ours["words"] == json!([]) && theirs.is_object() {
            theirs["words"] = json!([]);
        }
        acted += usize::from(theirs.is_object());
        assert_eq!(ours, theirs, "{run:?}\n{answer}");
    }
    assert!(
        acted > debhelper.samples / 8,
        "only {acted} of the command lines do something"
    );
}

#[test]
fn configuration_files() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    let line = "( |\t)?(#|a|b # c|\\$\\{(Space|Dollar|Tab|DEB_HOST_ARCH|env:FOO|env:NO|nope|a b|-x)?\\}|\\$|\\}|x){0,4}( )?\n";
    let texts = samples(
        proptest::collection::vec(line, 0..4).prop_map(|lines| lines.concat()),
        120,
    );
    for level in &debhelper.levels {
        let name = format!("config-{level}");
        let directory = debhelper.package(&name, &[("debian/control", control(*level))]);
        let mut questions = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let file = format!("debian/file-{at}");
            debhelper.package(&name, &[(&file, text.clone())]);
            questions.push(json!({
                "ask": "config",
                "directory": debhelper.inside(&directory),
                "environment": { "DEB_HOST_ARCH": "amd64", "FOO": "f o" },
                "file": file,
            }));
        }
        let compat = Compat::new(u32::try_from(*level).unwrap());
        for (text, answer) in texts.iter().zip(debhelper.ask(&questions)) {
            let variables = |name: &str| match name {
                "DEB_HOST_ARCH" => Some("amd64".to_owned()),
                "env:FOO" => Some("f o".to_owned()),
                _ => None,
            };
            let ours = config::lines(text, Origin::File("file"), compat, &variables);
            let ours =
                ours.map(|lines| lines.into_iter().map(|line| line.words).collect::<Vec<_>>());
            assert_eq!(
                json!(ours.ok()),
                answer["said"],
                "{text:?} at {level}: {answer}"
            );
        }
    }
}

#[test]
fn which_configuration_file() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    let names = [
        "foo-all.x",
        "foo-all.x.amd64",
        "foo-all.x.linux",
        "x",
        "n.x",
        "foo-all.n.x",
        "foo-any.x",
    ];
    for level in &debhelper.levels {
        let compat = Compat::new(u32::try_from(*level).unwrap());
        let mut questions = Vec::new();
        let mut expected = Vec::new();
        for present in (0u32..1 << names.len()).step_by(debhelper.step) {
            let mut files = vec![("debian/control".to_owned(), control(*level))];
            let here = names
                .iter()
                .enumerate()
                .filter(|(at, _)| present & (1 << at) != 0);
            files.extend(here.map(|(_, name)| (format!("debian/{name}"), "a\n".to_owned())));
            let files: Vec<(&str, String)> = files
                .iter()
                .map(|(path, text)| (path.as_str(), text.clone()))
                .collect();
            let directory = debhelper.package(&format!("file-{level}-{present}"), &files);
            let named = present % 3 == 0;
            questions.push(json!({
                "ask": "pkgfile",
                "directory": debhelper.inside(&directory),
                "environment": { "DEB_HOST_ARCH": "amd64", "DEB_HOST_ARCH_OS": "linux" },
                "arguments": if named { vec!["--name=n"] } else { vec![] },
                "package": "foo-all",
                "file": "x",
            }));
            let lookup = Lookup {
                package: "foo-all",
                file: "x",
                is_main: true,
                packages: 5,
                name: named.then_some("n"),
                architecture: ("amd64", "linux"),
            };
            let is_there = |path: &str| files.iter().any(|(file, _)| *file == path);
            let found = lookup.find(compat, &is_there).unwrap();
            expected.push(found.map_or_else(String::new, |found| found.path));
        }
        let answers = debhelper.ask(&questions);
        for ((answer, expected), question) in answers.iter().zip(&expected).zip(&questions) {
            assert_eq!(answer["said"], json!(expected), "{question}");
        }
    }
}

#[test]
fn items_of_substvars() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    let line = "(a:D|b|a:Da)(=|\\?=)(x|x, y|y \\(>= 1\\), b|)\n";
    let texts = samples(
        proptest::collection::vec(line, 0..4).prop_map(|lines| lines.concat()),
        60,
    );
    let mut questions = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let files = [
            ("debian/control", control(13)),
            ("debian/foo-all.substvars", text.clone()),
        ];
        let directory = debhelper.package(&format!("substvars-{at}"), &files);
        questions.push(json!({
            "ask": "substvar",
            "directory": debhelper.inside(&directory),
            "environment": {},
            "name": "a:D",
            "item": "m (<< 2)",
        }));
    }
    for (text, answer) in texts.iter().zip(debhelper.ask(&questions)) {
        let ours = substvars::add(text, "a:D", "m (<< 2)").unwrap();
        assert_eq!(json!(ours), answer["said"], "{text:?}");
    }
}
