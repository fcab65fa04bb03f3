//! Words of `debian/rules`, as make and the shell read them.

#![expect(
    clippy::disallowed_methods,
    reason = "the oracle for words of make and the shell is make, a process"
)]

use pydeps_generate::rules::{Rules, word};

/// What the shell of a recipe, and a program that gets an exported variable, see of words.
#[test]
fn words_stay_what_they_are() {
    let hostile = [
        "tests/$(shell touch made)/a.py",
        "$$x `touch made` \"$HOME\" 'a' \\",
        "a; touch made # b",
        "--long-enough-for-lines=of their own --each",
        "{x}*?[y]~ (é)",
        "",
    ];
    let directory = tempfile::tempdir().unwrap();
    let words: Vec<String> = hostile.iter().map(|text| word(text)).collect();
    let mut rules = Rules::default();
    rules.export("ARGS", &words.join(" "), "A reason. \\");
    let print = ["printf '<%s>\\n'".to_owned() + " " + &words.join(" ")];
    rules.hook("recipe", "", &print);
    rules.hook(
        "variable",
        "",
        &[r#"@eval "printf '<%s>\n' $$ARGS""#.to_owned()],
    );
    fs_err::write(directory.path().join("rules"), rules.text()).unwrap();
    let expect: String = hostile.iter().map(|text| format!("<{text}>\n")).collect();
    for target in ["recipe", "variable"] {
        let make = ["-s", "-f", "rules", target];
        let mut make_it = std::process::Command::new("make");
        let output = make_it.args(make).current_dir(&directory).output().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            expect,
            "{output:?}"
        );
    }
    assert_eq!(fs_err::read_dir(directory.path()).unwrap().count(), 1);
}
