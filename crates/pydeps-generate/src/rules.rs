//! `debian/rules`: the dh sequence with pybuild, and what this release needs beside it.

use std::fmt::Write as _;

use pydeps_core::shell;

/// What goes into the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Exported variables: name, value, and a reason to stand above them.
    pub exports: Vec<Export>,
    /// Further targets: a name, its lines, and the reason for it.
    pub targets: Vec<Target>,
}

/// An exported variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its name.
    pub name: String,
    /// Its value, as make is to read it.
    pub value: String,
    /// Why; empty where the name says it.
    pub reason: String,
}

/// A target that hooks into the sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `override_dh_…` or `execute_after_dh_…`.
    pub name: String,
    /// Its commands.
    pub commands: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Rules {
    /// Exports a variable.
    pub fn export(&mut self, name: &str, value: &str, reason: &str) {
        self.exports.push(Export {
            name: name.to_owned(),
            value: value.to_owned(),
            reason: reason.to_owned(),
        });
    }

    /// Adds commands to a target; targets of one name become one.
    pub fn hook(&mut self, name: &str, reason: &str, commands: &[String]) {
        if let Some(known) = self.targets.iter_mut().find(|target| target.name == name) {
            known.commands.extend(commands.iter().cloned());
            known.reason = format!("{} {reason}", known.reason);
            return;
        }
        self.targets.push(Target {
            name: name.to_owned(),
            commands: commands.to_vec(),
            reason: reason.to_owned(),
        });
    }

    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = String::from("#!/usr/bin/make -f\n");
        if !self.exports.is_empty() {
            text.push('\n');
        }
        for export in &self.exports {
            text.push_str(&comment(&export.reason));
            text.push_str(&assignment(&export.name, &export.value.replace('#', "\\#")));
        }
        text.push_str("\n%:\n\tdh $@ --buildsystem=pybuild\n");
        for target in &self.targets {
            _ = write!(text, "\n{}{}:\n", comment(&target.reason), target.name);
            for command in &target.commands {
                _ = writeln!(text, "\t{command}");
            }
        }
        text
    }
}

/// How wide a line with a variable may be; a longer one has a line for each option.
const WIDTH: usize = 80;

/// The line that exports a variable, or the lines: make takes them for one.
fn assignment(name: &str, value: &str) -> String {
    let line = format!("export {name}={value}");
    if line.chars().count() <= WIDTH {
        return line + "\n";
    }
    let mut text = format!("export {name}=");
    for (at, word) in words(value).into_iter().enumerate() {
        text.push_str(match (at, word.starts_with('-')) {
            (0, false) => "",
            (_, false) => " ",
            (_, true) => " \\\n\t",
        });
        text.push_str(word);
    }
    text.replacen("= \\", "=\\", 1) + "\n"
}

/// The words of a shell's line, with their quotes.
fn words(line: &str) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let is_gap = |c: char| {
        let gap = c == ' ' && !quoted && !escaped;
        quoted ^= c == '\'' && !escaped;
        escaped = c == '\\' && !quoted && !escaped;
        gap
    };
    line.split(is_gap).filter(|word| !word.is_empty()).collect()
}

/// A word for the shell in a makefile, whatever is in it. Names of files and programs are
/// upstream's, and make runs a `$(shell …)` in a variable for any target, also outside of a
/// chroot.
pub fn word(text: &str) -> String {
    shell::quoted(&text.replace(char::is_control, "?")).replace('$', "$$")
}

/// A comment, wrapped at 80 columns; each line of the reason begins one.
fn comment(reason: &str) -> String {
    let wrapped = reason
        .lines()
        .flat_map(|line| pydeps_core::wrap::lines(line, 78));
    // A backslash at the end would make the next line a part of it.
    let line = |line: String| format!("# {}\n", line.trim_end_matches('\\'));
    wrapped.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text() {
        let mut rules = Rules::default();
        assert_eq!(
            rules.text(),
            "#!/usr/bin/make -f\n\n%:\n\tdh $@ --buildsystem=pybuild\n"
        );
        rules.export("A", "1", "Why.");
        rules.hook("override_dh_x", "One.", &["a".into()]);
        rules.hook("override_dh_x", "Two.", &["b".into()]);
        let text = "#!/usr/bin/make -f\n\n# Why.\nexport A=1\n\n%:\n\tdh $@ --buildsystem=pybuild\n\n\
            # One. Two.\noverride_dh_x:\n\ta\n\tb\n";
        assert_eq!(rules.text(), text);
    }

    #[test]
    fn long_values_have_a_line_for_each_option() {
        let check = |value: &str, expect: &str| assert_eq!(assignment("A", value), expect);
        check("--b", "export A=--b\n");
        let long = "x".repeat(60);
        check(
            &format!("t 'b  --c' --d='e --f' --{long} -g h"),
            &format!("export A=t 'b  --c' \\\n\t--d='e --f' \\\n\t--{long} \\\n\t-g h\n"),
        );
        check(
            &format!("--{long} --{long}"),
            &format!("export A=\\\n\t--{long} \\\n\t--{long}\n"),
        );
        assert_eq!(words("a 'b'\\''c d' e"), ["a", "'b'\\''c d'", "e"]);
    }
}
