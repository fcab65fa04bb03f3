use proptest::prelude::*;

use super::*;

fn show(name: &DistName, decision: &Decision) -> String {
    let mut text = format!("{} {name} {}", decision.origin, decision.choice.word());
    if !decision.version.is_empty() {
        text += &format!(" {}", decision.version);
    }
    for (field, value) in [("from", &decision.from), ("because", &decision.reason)] {
        if let Some(value) = value {
            text += &format!(" {field} {value}");
        }
    }
    text
}

fn shown_error(error: &DecisionError) -> String {
    format!("{error}; {}", error.help)
}

/// A file, and each decision in a line, or the error.
#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let got = match parse(text, "p.toml") {
        Ok(decisions) => decisions.iter().map(|(n, d)| show(n, d)).collect(),
        Err(error) => vec![shown_error(&error)],
    };
    assert_eq!(got, expect, "{text}");
}

/// The table with one line, and the decision or the error.
#[track_caller]
fn check_entry(entry: &str, expect: &str) {
    check(&format!("[decisions]\n{entry}\n"), &[expect]);
}

#[track_caller]
fn check_line(text: &str, expect: &str) {
    let got = match parse_line(text, "--decide") {
        Ok((name, decision)) => show(&name, &decision),
        Err(error) => shown_error(&error),
    };
    assert_eq!(got, expect, "{text}");
}

#[test]
fn every_action() {
    check("", &[]);
    check("# nothing yet\nversion = 1\n[decisions]\n", &[]);
    check_entry("a = { action = 'relax' }", "p.toml:2 a relax");
    check_entry(
        "a = { action = 'relax', version = '<3', reason = 'tried' }",
        "p.toml:2 a relax <3 because tried",
    );
    check_entry(
        "A_b = { action = 'backport', from = 'trixie-backports' }",
        "p.toml:2 a-b backport from trixie-backports",
    );
    check_entry(
        "a = { action = 'replace', version = '>=0.26.1', from = 'sid' }",
        "p.toml:2 a replace >=0.26.1 from sid",
    );
    check_entry(
        "a = { action = 'replace', from = 'index' }",
        "p.toml:2 a replace from index",
    );
    check_entry(
        "a = { action = 'generate', version = '==1', from = 'index' }",
        "p.toml:2 a generate ==1 from index",
    );
    check_entry(
        "a = { action = 'pin', version = '==2.*' }",
        "p.toml:2 a pin ==2.*",
    );
    check_entry(
        "a = { action = 'bundle', version = '>1' }",
        "p.toml:2 a bundle >1",
    );
    check_entry(
        "a = { action = 'ignore', reason = 'Windows only' }",
        "p.toml:2 a ignore because Windows only",
    );
}

#[test]
fn every_way_to_write_a_table() {
    let text = "[decisions.b]\naction = 'ignore'\n\n[decisions]\na.action = 'relax'\n";
    check(text, &["p.toml:5 a relax", "p.toml:1 b ignore"]);
    check(
        "decisions = { a = { action = 'relax' } }",
        &["p.toml:1 a relax"],
    );
}

#[test]
fn what_is_not_known_is_an_error() {
    let known = "there are `version`, and the tables [decisions] and [[fix]]";
    check(
        "[decision]\n",
        &[&format!(
            "p.toml:1:2: `decision` is not known here; {known}"
        )],
    );
    check_entry(
        "a = { action = 'relaxed' }",
        "p.toml:2:16: `relaxed` is not an action; the actions are relax, backport, replace, \
         generate, pin, bundle, ignore",
    );
    check_entry(
        "a = { action = 'relax', form = 'sid' }",
        "p.toml:2:25: `form` is not a field of a decision; the fields are action, version, \
         from, reason",
    );
    check(
        "version = 2",
        &["p.toml:1:11: the format is 2; this program reads version = 1; a later one may read it"],
    );
}

#[test]
fn what_is_missing_or_of_the_wrong_kind() {
    let form = "write it like pyyaml = { action = \"relax\", reason = \"…\" }";
    check_entry(
        "a = 'relax'",
        &format!("p.toml:2:5: the decision on `a` is not a table; {form}"),
    );
    check_entry(
        "a = { reason = 'x' }",
        "p.toml:2:5: the decision on `a` has no action; the actions are relax, backport, \
         replace, generate, pin, bundle, ignore",
    );
    check_entry(
        "a = { action = 'pin' }",
        "p.toml:2:5: a pin needs a version; say which: version = \"==2.0.1\"",
    );
    check_entry(
        "a = { action = 'relax', reason = 7 }",
        "p.toml:2:34: `reason` is not a string; put it into quotes",
    );
    check(
        "decisions = 1",
        &[&format!("p.toml:1:13: `decisions` is not a table; {form}")],
    );
    check_entry(
        "\"a b\" = { action = 'relax' }",
        &format!("p.toml:2:1: `a b` is not the name of a distribution; {form}"),
    );
    check_entry(
        "\"\" = { action = 'relax' }",
        &format!("p.toml:2:1: `` is not the name of a distribution; {form}"),
    );
    for version in ["", "2.0", "=>2"] {
        check_entry(
            &format!("a = {{ action = 'relax', version = '{version}' }}"),
            &format!(
                "p.toml:2:35: `{version}` does not say which versions (PEP 440); write it like \
                 \"==2.0.1\" or \">=2,<3\""
            ),
        );
    }
}

#[test]
fn fields_that_do_not_fit() {
    let out = |field: &str, action: &str| {
        format!("p.toml:2:7: `{field}` says nothing with the action `{action}`; take it out")
    };
    for action in ["relax", "bundle", "ignore"] {
        let entry = format!("a = {{ from = 'sid', action = '{action}' }}");
        check_entry(&entry, &out("from", action));
    }
    check_entry(
        "a = { from = 'sid', action = 'pin', version = '==1' }",
        &out("from", "pin"),
    );
    check_entry(
        "a = { version = '>1', action = 'ignore' }",
        &out("version", "ignore"),
    );
    check_entry(
        "a = { action = 'generate', from = 'sid' }",
        "p.toml:2:35: nothing can be taken from `sid` to generate; leave it out: what is \
         generated comes from the index",
    );
    let suite = "name a suite, as in from = \"sid\" or \"trixie-backports\"";
    for from in ["index", "", "two words"] {
        check_entry(
            &format!("a = {{ action = 'backport', from = '{from}' }}"),
            &format!("p.toml:2:35: nothing can be taken from `{from}` to backport; {suite}"),
        );
    }
}

#[test]
fn nobody_decides_twice() {
    check(
        "[decisions]\nmy_app = { action = 'relax' }\n\nMy-App = { action = 'ignore' }\n",
        &["p.toml:4:1: `my-app` is decided twice, first at p.toml:2; take one of them out"],
    );
    let error = parse("[decisions]\na.action = 'relax'\na.action = 'pin'\n", "p").unwrap_err();
    assert_eq!(error.origin, "p:3:3");
}

#[test]
fn a_line() {
    check_line("a = { action = 'relax' }", "--decide a relax");
    check_line(
        "Foo.Bar.action = 'pin'\n",
        "--decide, character 5: `Bar` is not a field of a decision; the fields are action, \
         version, from, reason",
    );
    let form = "write it like pyyaml = { action = \"relax\", reason = \"…\" }";
    check_line("", &format!("--decide: it is empty; {form}"));
    check_line(
        "a = { action = 'relax' }\nb = { action = 'relax' }",
        &format!("--decide: there is more than one decision in it; {form}"),
    );
    let error = parse_line("pyyaml", "--decide").unwrap_err();
    assert!(error.origin.starts_with("--decide, character"), "{error}");
}

#[test]
fn the_file_of_a_directory() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(read(dir.path()).unwrap(), Decisions::new());
    let line = "[decisions]\nsix = { action = 'relax' }\n";
    fs_err::write(dir.path().join(FILE_ELSEWHERE), line).unwrap();
    assert_eq!(read(dir.path()).unwrap().len(), 1);
    // A source package has its own place, and no other.
    fs_err::create_dir(dir.path().join("debian")).unwrap();
    assert_eq!(read(dir.path()).unwrap(), Decisions::new());
    fs_err::write(dir.path().join(FILE), "[decision]\n").unwrap();
    let error = read(dir.path()).unwrap_err().to_string();
    assert!(error.contains("debian/pydeps.toml:1:2: "), "{error}");
    fs_err::write(dir.path().join(FILE), b"\xff").unwrap();
    assert!(matches!(read(dir.path()), Err(ReadError::Io(_))));
    assert_eq!(shown(Path::new("."), FILE), FILE);
}

/// A file with one more decision, as a line.
#[track_caller]
fn check_with(text: &str, line: &str, expect: &str) {
    let (name, decision) = parse_line(line, "--decide").unwrap();
    let got = with(text, "p.toml", &name, &decision).unwrap();
    assert_eq!(got, expect);
    assert_eq!(
        show(&name, &parse(&got, "p.toml").unwrap()[&name])
            .split(' ')
            .nth(1),
        Some(name.as_ref())
    );
    // Recorded twice is recorded once.
    assert_eq!(with(&got, "p.toml", &name, &decision).unwrap(), got);
}

#[test]
fn a_decision_is_recorded_and_nothing_else_changes() {
    let six = "six = { action = \"relax\", reason = \"tried\" }";
    check_with("", six, &format!("version = 1\n\n[decisions]\n{six}\n"));
    let old = "# ours\n[decisions] # here\nb = {action='ignore'} # why\n";
    check_with(old, six, &format!("{old}{six}\n"));
    check_with(
        "[decisions]\nSIX = { action = 'ignore' } # once\na = { action = 'ignore' }\n",
        six,
        "[decisions]\nSIX = { action = \"relax\", reason = \"tried\" } # once\na = { action = 'ignore' }\n",
    );
    let pin = "a = { action = \"pin\", version = \"==2.0\" }";
    check_with(
        "[decisions.a]\naction = 'ignore'\n",
        pin,
        &format!("[decisions]\n{pin}\n"),
    );
}

#[test]
fn a_wrong_file_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(FILE_ELSEWHERE);
    fs_err::write(&file, "[decision]\n").unwrap();
    let (name, decision) = parse_line("a = { action = 'relax' }", "--decide").unwrap();
    assert!(record(dir.path(), &name, &decision).is_err());
    assert_eq!(fs_err::read_to_string(&file).unwrap(), "[decision]\n");
    fs_err::remove_file(&file).unwrap();
    assert_eq!(record(dir.path(), &name, &decision).unwrap(), file);
    assert_eq!(read(dir.path()).unwrap().len(), 1);
}

proptest! {
    #[test]
    fn total(text in "(\\[decisions\\]\n|[ab]|=|\\{|\\}|'|action|relax|pin|version|from|,|\n| |\\PC{0,6}){0,20}") {
        let _ = parse(&text, "p");
        let _ = parse_line(&text, "p");
    }
}
