use proptest::prelude::*;

use super::*;

fn own() -> Vec<Own> {
    let own = |names: &[&str], takes| Own {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        takes,
    };
    vec![
        own(&["check"], Takes::Nothing),
        own(&["extras", "e"], Takes::Value),
        own(&["perhaps"], Takes::MaybeValue),
    ]
}

/// What is not as it is without arguments, in a form that is easily compared.
fn shown(arguments: &[&str], level: u32) -> String {
    let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
    let given = Given {
        arguments: &arguments,
        ..Given::default()
    };
    let asked = match parse(&given, &own(), Compat::new(level)) {
        Ok(asked) => asked,
        Err(error) => return error.problems.join("; "),
    };
    let mut words = Vec::new();
    let switches = [
        (asked.verbose, "verbose"),
        (asked.no_act, "no-act"),
        (asked.no_scripts, "no-scripts"),
        (asked.only_scripts, "only-scripts"),
        (asked.all, "all"),
        (asked.help, "help"),
        (asked.remaining, "remaining"),
    ];
    words.extend(
        switches
            .iter()
            .filter(|(on, _)| *on)
            .map(|(_, word)| (*word).to_owned()),
    );
    words.extend(asked.exclude.iter().map(|text| format!("X={text}")));
    words.extend(asked.tmpdir.map(|text| format!("P={text}")));
    words.extend(asked.main_package.map(|text| format!("main={text}")));
    words.extend(asked.name.map(|text| format!("name={text}")));
    words.extend(
        asked
            .selectors
            .iter()
            .map(|selector| format!("{:?}", selector.which)),
    );
    words.extend(
        asked
            .own
            .iter()
            .map(|(at, value)| format!("own{at}={}", value.as_deref().unwrap_or("-"))),
    );
    words.extend(asked.words.iter().map(|word| format!("word={word}")));
    words.extend(asked.passed.iter().map(|word| format!("passed={word}")));
    words.join(" ")
}

#[track_caller]
fn check(arguments: &[&str], expect: &str) {
    assert_eq!(shown(arguments, 13), expect, "{arguments:?}");
}

#[test]
fn bundles_and_values() {
    check(&["-av"], "verbose Arch");
    check(&["-vpfoo"], "verbose Package(\"foo\")");
    check(&["-p", "foo", "-N=x"], "Package(\"foo\") Except(\"=x\")");
    check(
        &["--package=foo", "--no-package", "bar"],
        "Package(\"foo\") Except(\"bar\")",
    );
    check(&["-X-v"], "X=-v");
    check(&["-X", "-v"], "X=-v");
    check(&["--exclude="], "Option exclude requires an argument");
    check(&["-X"], "Option X requires an argument");
    check(&["--verbose=1"], "Option verbose does not take an argument");
    check(&["-v1"], "Unknown option: 1");
    check(&["-V", "-v"], "verbose");
    check(&["-V", "foo"], "");
    check(&["--a", "+i"], "Arch Indep");
    check(&["a", "-", ""], "word=a word=- word=");
    check(
        &["-n", "--onlyscripts", "-A", "-h"],
        "no-scripts only-scripts all help",
    );
}

#[test]
fn what_follows_two_hyphens_is_passed_on() {
    check(
        &["-u", "a b", "--", "-v", "c"],
        "passed=a passed=b passed=-v passed=c",
    );
    check(&["-a-"], "Arch");
}

#[test]
fn options_of_its_own() {
    check(
        &["--check", "-e", "x", "--extras=y", "--perhaps"],
        "own0=- own1=x own1=y own2=",
    );
    check(&["--perhaps", "a"], "own2=a");
    check(&["--nope", "--check"], "Unknown option: nope");
}

#[test]
fn forwarded_options_are_tried() {
    check(&["-O-v", "-O--nope", "-O-vz"], "verbose");
    check(&["-O-Nfoo", "-O--check"], "Except(\"foo\") own0=-");
    check(&["-O-p"], "");
    check(&["-O", "--no-act"], "no-act");
    check(&["-O-O-v"], "verbose");
}

#[test]
fn abbreviations_went_with_13() {
    check(&["--verb"], "Unknown option: verb");
    assert_eq!(shown(&["--verb", "--rem"], 12), "verbose remaining");
    assert_eq!(shown(&["--no"], 12), "Option no is ambiguous");
    assert_eq!(shown(&["--ex=a"], 12), "Option ex is ambiguous");
    assert_eq!(shown(&["--exc=a"], 12), "X=a");
}

#[test]
fn same_arch_went_with_12() {
    check(
        &["-s"],
        "-s/--same-arch has been removed; use -a/--arch instead",
    );
    check(&["-O-s"], "Arch");
}

#[test]
fn three_places() {
    let arguments = ["--check".to_owned()];
    let given = Given {
        arguments: &arguments,
        options: Some(" -v  --nope -X a -- b"),
        internal: Some("-O--no-act\u{1e}--nope\u{1e}-Nx y\u{1e}-- c"),
    };
    let asked = parse(&given, &own(), Compat::new(13)).unwrap();
    assert!(asked.verbose && asked.no_act);
    assert_eq!(asked.selectors[0].which, Which::Except("x y".to_owned()));
    assert_eq!(asked.warnings, ["ignored unknown options in DH_OPTIONS"]);
    assert_eq!(
        (asked.exclude, asked.passed),
        (vec!["a".to_owned()], vec!["b".to_owned()])
    );
}

proptest! {
    #[test]
    fn total(words in proptest::collection::vec("[-+]{0,3}[a-zO=]{0,6}", 0..6), level in 11u32..15) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let _ = shown(&words, level);
    }

    /// An option that was given to `dh` counts as if it were given directly, if it is known.
    #[test]
    fn forwarding_is_transparent(word in "-[vainoA]|--(check|no-act|extras=x)|-[pNX]foo") {
        prop_assert_eq!(shown(&[&format!("-O{word}")], 13), shown(&[&word], 13));
    }
}
