//! Help and completions.

use std::process::Command;

/// The program's commands.
const COMMANDS: &[&str] = &["update", "resolve", "map", "relation", "completions"];

fn output(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dh-pydeps"));
    let output = command.args(arguments).env_clear().output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn completions_know_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = output(&["completions", shell]);
        for command in COMMANDS {
            assert!(script.contains(command), "{shell}: {command}");
        }
        assert!(
            script.contains("exclude-newer"),
            "{shell}: options of commands"
        );
    }
}

#[track_caller]
fn check_help(arguments: &[&str], teaches: &[&str]) {
    let help = output(arguments);
    for line in help.lines() {
        assert!(line.chars().count() <= 100, "{arguments:?}: {line}");
    }
    for text in teaches {
        assert!(
            help.contains(text),
            "{arguments:?} says nothing of `{text}`:\n{help}"
        );
    }
}

#[test]
fn help_fits_and_teaches() {
    check_help(&["--help"], COMMANDS);
    check_help(&["-h"], COMMANDS);
    check_help(
        &["help", "resolve"],
        &["exit status", "flower==2.0.1", "--extra", "--exclude-newer"],
    );
    check_help(
        &["resolve", "--help"],
        &["exit status", "flower==2.0.1", "--extra", "--offline"],
    );
    check_help(
        &["map", "--help"],
        &["exit status", "py3dist-overrides", "guess"],
    );
    check_help(
        &["relation", "--help"],
        &["exit status", "PEP 508", "Build-Depends"],
    );
    check_help(&["update", "--help"], &["apt", "--mirror", "--trusted"]);
    check_help(&["completions", "--help"], &["bash", "zsh", "fish"]);
}
