//! Units of systemd: those whose program is one of the package's.
//!
//! A service is installed by dh_installsystemd(1), or dh_installsystemduser(1) where it is of
//! a user's session, under its own name, with the program's path as Debian has it. It is
//! neither enabled nor started: nothing in a source says that a service runs without being
//! configured first.

use std::collections::BTreeSet;

use super::{Carried, Looking, base, privileges};
use crate::rules::word;

const SYSTEM: &str = "Neither enabled nor started: they may need to be configured first.";

impl Looking<'_> {
    pub(super) fn units(&self, carried: &mut Carried) {
        let unit = |path: &str| {
            let (stem, kind) = base(path).rsplit_once('.')?;
            let known = matches!(kind, "service" | "timer" | "socket" | "path");
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_@".contains(c);
            (known && stem.chars().all(plain)).then(|| base(path).to_owned())
        };
        let found = self.single(unit, carried);
        let mut accepted: BTreeSet<(&str, bool)> = BTreeSet::new();
        for (name, path) in found.iter().filter(|(name, _)| name.ends_with(".service")) {
            let text = self.tree.text(path).unwrap_or_default();
            match service(&text, self.programs, &carried.users) {
                Ok(text) => {
                    let user = is_of_user(path, &text);
                    accepted.insert((stem(name), user));
                    self.unit(carried, name, path, user, text);
                }
                Err(why) => carried.tell(path, &format!("not installed: {why}")),
            }
        }
        for (name, path) in found.iter().filter(|(name, _)| !name.ends_with(".service")) {
            let of = accepted.iter().find(|(service, _)| *service == stem(name));
            match of {
                Some((_, user)) => {
                    let text = self.tree.text(path).unwrap_or_default();
                    if privileges::runs_commands(&text) {
                        carried.tell_always(path, "not installed: it runs commands of its own");
                        continue;
                    }
                    self.unit(carried, name, path, *user, text);
                }
                None => carried.tell(path, "not installed: its service is not"),
            }
        }
        self.targets(carried, &accepted);
    }

    /// `debian/PACKAGE.NAME.service`, as debhelper(7) has it.
    fn unit(&self, carried: &mut Carried, name: &str, path: &str, user: bool, text: String) {
        let (stem, kind) = name.rsplit_once('.').unwrap_or((name, ""));
        let package = self.package;
        let is_system_service = !user && kind == "service";
        let kind = if user {
            format!("user.{kind}")
        } else {
            kind.to_owned()
        };
        let file = match stem == package {
            true => format!("debian/{package}.{kind}"),
            false => format!("debian/{package}.{stem}.{kind}"),
        };
        let by_root = if is_system_service && privileges::runs_as_root(&text) {
            "; it runs as root"
        } else {
            ""
        };
        let what = format!("installed from {file}, neither enabled nor started{by_root}");
        carried.tell_always(path, &what);
        carried.files.insert(file, text);
    }

    fn targets(&self, carried: &mut Carried, accepted: &BTreeSet<(&str, bool)>) {
        let kinds = [
            (
                false,
                "override_dh_installsystemd",
                "dh_installsystemd --no-enable --no-start",
            ),
            (
                true,
                "override_dh_installsystemduser",
                "dh_installsystemduser --no-enable",
            ),
        ];
        for (user, target, command) in kinds {
            let names = accepted.iter().filter(|(_, of)| *of == user);
            let commands: Vec<String> = names
                .map(|(name, _)| match *name == self.package {
                    true => command.to_owned(),
                    false => format!("{command} {}", word(&format!("--name={name}"))),
                })
                .collect();
            if !commands.is_empty() {
                carried.targets.push((target, commands, SYSTEM));
            }
        }
    }
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn is_of_user(path: &str, text: &str) -> bool {
    stem(base(path)).ends_with("-user")
        || path.split('/').any(|part| part == "user")
        || text
            .lines()
            .any(|line| line.trim() == "WantedBy=default.target")
}

/// A service with its programs where Debian has them; or why it cannot be taken.
fn service(text: &str, programs: &[String], users: &BTreeSet<String>) -> Result<String, String> {
    if ["{{", "{%", "@BINDIR@", "@bindir@", "@prefix@"]
        .iter()
        .any(|mark| text.contains(mark))
    {
        return Err("it is a template".to_owned());
    }
    let mut runs = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.split_once('=') {
            Some((key, command)) if key.trim().starts_with("Exec") => {
                let (command, ours) = with_paths(command.trim_start(), programs);
                runs |= ours && key.trim() == "ExecStart";
                lines.push(format!("{}={command}", key.trim()));
            }
            Some((key, user))
                if key.trim() == "User"
                    && !is_known(user.trim())
                    && !users.contains(user.trim()) =>
            {
                return Err(format!(
                    "it runs as the user {}, whom nothing makes",
                    user.trim()
                ));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    match runs {
        true => Ok(lines.join("\n") + "\n"),
        false => Err("it starts none of the package's programs".to_owned()),
    }
}

/// Users that each system has, and what systemd fills in.
fn is_known(user: &str) -> bool {
    matches!(user, "root" | "nobody") || user.starts_with('%')
}

/// A command with the package's programs in /usr/bin, and whether it has one.
fn with_paths(command: &str, programs: &[String]) -> (String, bool) {
    let mut ours = false;
    let words = command.split(' ').map(|word| {
        let marks = word.len() - word.trim_start_matches(['-', '@', ':', '+', '!']).len();
        let (marks, program) = word.split_at(marks);
        let is_first = !ours && programs.iter().any(|known| known == base(program));
        match is_first
            && (program.starts_with('/') || program.starts_with('%') || !program.contains('/'))
        {
            true => {
                ours = true;
                format!("{marks}/usr/bin/{}", base(program))
            }
            false => word.to_owned(),
        }
    });
    let words: Vec<String> = words.collect();
    (words.join(" "), ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Result<&str, &str>) {
        let made = BTreeSet::from(["made".to_owned()]);
        let found = service(text, &["tool".to_owned()], &made);
        assert_eq!(found.as_deref().map_err(String::as_str), expect);
    }

    #[test]
    fn services() {
        check(
            "ExecStart=/usr/local/bin/tool -d",
            Ok("ExecStart=/usr/bin/tool -d\n"),
        );
        check(
            "ExecStart = %h/.local/bin/tool",
            Ok("ExecStart=/usr/bin/tool\n"),
        );
        check(
            "ExecStart=-nice -n 5 /x/tool tool",
            Ok("ExecStart=-nice -n 5 /usr/bin/tool tool\n"),
        );
        check(
            "ExecStart=/usr/bin/other",
            Err("it starts none of the package's programs"),
        );
        check(
            "ExecReload=/usr/bin/tool",
            Err("it starts none of the package's programs"),
        );
        check("ExecStart={{ bin }}/tool", Err("it is a template"));
        check(
            "User=me\nExecStart=tool",
            Err("it runs as the user me, whom nothing makes"),
        );
        check(
            "User=made\nExecStart=tool",
            Ok("User=made\nExecStart=/usr/bin/tool\n"),
        );
        check(
            "User=root\nExecStart=tool",
            Ok("User=root\nExecStart=/usr/bin/tool\n"),
        );
    }
}
