//! What a file of a release would do as root on the system that its package is installed on:
//! users, directories and rules that systemd and udev act on without being asked, and units.
//!
//! A declaration is taken only as far as it is about the package's own: no user with the
//! privileges of root, no path of another's, no program that udev runs. All else refuses the file.

use std::sync::LazyLock;

use regex::Regex;

/// Groups whose members read or change what is not theirs.
const PRIVILEGED: &[&str] = &[
    "root", "sudo", "wheel", "admin", "disk", "shadow", "kmem", "staff", "docker", "lxd", "libvirt",
];

/// Where a package has directories of its own.
const OWN: &[&str] = &[
    "/run/",
    "/run/lock/",
    "/var/cache/",
    "/var/lib/",
    "/var/log/",
    "/var/spool/",
    "/tmp/",
    "/var/tmp/",
];

/// Why a declaration of users (sysusers.d(5)) is refused; `None` where all of it is harmless.
pub(super) fn refused_users(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let word = |at: usize| {
            words
                .get(at)
                .copied()
                .unwrap_or("-")
                .trim_matches(['"', '\''])
        };
        let (kind, name, id) = (word(0).trim_end_matches('!'), word(1), word(2));
        match kind {
            "u" | "g" if name == "root" => Some(format!("it declares {name}")),
            "u" | "g" if id.starts_with('/') => Some(format!("{name} gets the owner of {id}")),
            "u" | "g" if id.split(':').any(is_zero) => Some(format!("{name} is root by its id")),
            "u" if id.split(':').skip(1).any(is_privileged) => {
                Some(format!("{name} gets the group of {id}"))
            }
            "m" if is_privileged(id) => Some(format!("{name} becomes a member of {id}")),
            _ => None,
        }
    })
}

fn is_zero(id: &str) -> bool {
    id.parse() == Ok(0_u64)
}

fn is_privileged(group: &str) -> bool {
    PRIVILEGED.contains(&group)
}

/// Why a declaration of files (tmpfiles.d(5)) is refused, for a package with these `names`: its
/// own and its programs'.
pub(super) fn refused_files(text: &str, is_own: &dyn Fn(&str) -> bool) -> Option<String> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let kind = words.next().filter(|kind| !kind.starts_with('#'))?;
        let (path, mode) = (words.next().unwrap_or(""), words.next().unwrap_or("-"));
        if !is_own_path(path, is_own) {
            return Some(format!("{path} is no directory of the package's own"));
        }
        match kind.chars().next() {
            Some('b' | 'c') => Some(format!("{path} is a device")),
            Some('C' | 'L') if !words.nth(3).is_none_or(|from| is_readable(from, is_own)) => {
                Some(format!("{path} is made from another file"))
            }
            Some('t' | 'a' | 'A') => Some(format!("it sets attributes of {path}")),
            _ if is_set_uid(mode) => Some(format!("{path} is set-uid")),
            _ => None,
        }
    })
}

/// Whether a path is below a directory that is called like the package or one of its programs.
fn is_own_path(path: &str, is_own: &dyn Fn(&str) -> bool) -> bool {
    let path = path.replacen("/var/run/", "/run/", 1);
    let is_plain = |part: &str| !part.is_empty() && !matches!(part, "." | "..");
    let below = |top: &&str| {
        let Some(rest) = path.strip_prefix(*top) else {
            return false;
        };
        let rest = rest.trim_end_matches('/');
        let first = rest.split('/').next().unwrap_or_default();
        is_own(first) && rest.split('/').all(is_plain)
    };
    !path.contains(['%', '"', '\'', '\\']) && OWN.iter().any(below)
}

/// Whether a file that another is made from is the package's own, or one that all may read.
fn is_readable(from: &str, is_own: &dyn Fn(&str) -> bool) -> bool {
    let is_installed = from.starts_with("/usr/share/") || from.starts_with("/usr/lib/");
    from == "-" || (is_installed && !from.contains("..")) || is_own_path(from, is_own)
}

/// Whether a mode such as `~4755` lets programs run as the owner or group of their file.
fn is_set_uid(mode: &str) -> bool {
    let digits = mode.trim_start_matches(['~', ':']);
    u32::from_str_radix(digits, 8).is_ok_and(|mode| mode & 0o4000 != 0)
}

/// Why rules of udev(7) are refused.
pub(super) fn refused_rules(text: &str) -> Option<String> {
    let joined = text.replace("\\\n", "");
    let lines = joined
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'));
    let mut keys = lines.filter_map(|line| ACTS.captures(line));
    keys.next()
        .map(|found| format!("{} in it acts as root", &found[1]))
}

/// Keys that run a program, read one's output, start units, or write settings of the kernel;
/// whatever they are quoted in, as the rules of quoting differ between versions.
static ACTS: LazyLock<Regex> = LazyLock::new(|| {
    #[allow(clippy::unwrap_used, reason = "constant; a test uses it")]
    Regex::new(
        r"\b(RUN|PROGRAM|IMPORT|SYSCTL|ENV\{SYSTEMD_(?:USER_)?WANTS\})\s*(?:\{[^}]*\})?\s*(?:[-+:!=]?=)",
    )
    .unwrap()
});

/// Whether a service of the system runs as root: as a whole, or commands of it.
pub(super) fn runs_as_root(text: &str) -> bool {
    let mut user = "";
    let mut is_dynamic = false;
    let mut is_lifted = false;
    for (key, value) in settings(text) {
        match key {
            "User" => user = value,
            "DynamicUser" => is_dynamic = matches!(value, "yes" | "true" | "on" | "1"),
            "PermissionsStartOnly" => is_lifted |= matches!(value, "yes" | "true" | "on" | "1"),
            key if key.starts_with("Exec") => {
                let marks = value.len()
                    - value
                        .trim_start_matches(['@', '-', ':', '+', '!', '|'])
                        .len();
                is_lifted |= value[..marks].contains(['+', '!']);
            }
            _ => {}
        }
    }
    let is_root = matches!(user, "" | "root" | "0") && !is_dynamic;
    is_root || is_lifted
}

/// Whether a unit that is no service runs commands of its own.
pub(super) fn runs_commands(text: &str) -> bool {
    settings(text).any(|(key, value)| key.starts_with("Exec") && !value.is_empty())
}

fn settings(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().filter_map(|line| line.split_once('='));
    lines.map(|(key, value)| (key.trim(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(refused_users(text).as_deref(), expect, "{text}");
        };
        check(
            "# x\nu _tool - \"Tool\" /var/lib/tool\nm _tool dialout\n",
            None,
        );
        check("u! _tool 999:games", None);
        check(
            "u evil 0 \"x\" /root /bin/sh",
            Some("evil is root by its id"),
        );
        check("u evil \"00\"", Some("evil is root by its id"));
        check("u evil 1000:0", Some("evil is root by its id"));
        check("u evil -:sudo", Some("evil gets the group of -:sudo"));
        check(
            "u evil /usr/bin/sudo",
            Some("evil gets the owner of /usr/bin/sudo"),
        );
        check("g evil 0", Some("evil is root by its id"));
        check("u root -", Some("it declares root"));
        check("m evil sudo", Some("evil becomes a member of sudo"));
    }

    #[test]
    fn files() {
        let check = |line: &str, expect: Option<&str>| {
            let found = refused_files(line, &|name| name == "tool");
            assert_eq!(found.as_deref(), expect, "{line}");
        };
        check(
            "# c\n\nd /run/tool 0755 _tool\nf+ /var/lib/tool/a/b 0644 - - - x",
            None,
        );
        check("d /var/run/tool/", None);
        check("d /run/lock/tool 2755 _tool", None);
        check("C /var/lib/tool/x - - - - /usr/share/tool/x", None);
        let foreign = |path: &str| format!("{path} is no directory of the package's own");
        for path in [
            "/etc/sudoers.d/x",
            "/run/tool/../x",
            "/run/other",
            "/run/toolbox",
            "/var/lib/%m",
            "\"/run/tool\"",
            "/run",
            "",
        ] {
            check(&format!("f {path}"), Some(&foreign(path)));
        }
        check(
            "L+ /run/tool/x - - - - /etc/shadow",
            Some("/run/tool/x is made from another file"),
        );
        check("b! /run/tool/sda", Some("/run/tool/sda is a device"));
        check("f /run/tool/x ~4755 root", Some("/run/tool/x is set-uid"));
    }

    #[test]
    fn rules() {
        let check = |text: &str, expect: Option<&str>| {
            let expect = expect.map(|key| format!("{key} in it acts as root"));
            assert_eq!(refused_rules(text), expect, "{text}");
        };
        check(
            "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"1\", MODE=\"0660\", GROUP=\"x\", TAG+=\"uaccess\"\n",
            None,
        );
        check("# RUN+=\"x\"\n", None);
        check("ACTION==\"add\", RUN+=\"/bin/sh\"", Some("RUN"));
        check("RU\\\nN{program} = \"/bin/sh\"", Some("RUN"));
        check("PROGRAM==\"/bin/sh\"", Some("PROGRAM"));
        check("IMPORT{program}=\"/bin/sh\"", Some("IMPORT"));
        check("SYSCTL{kernel/core_pattern}=\"|x\"", Some("SYSCTL"));
        check(
            "ENV{SYSTEMD_WANTS}+=\"x.service\"",
            Some("ENV{SYSTEMD_WANTS}"),
        );
    }

    #[test]
    fn services() {
        let check = |text: &str, expect| assert_eq!(runs_as_root(text), expect, "{text}");
        check("ExecStart=/usr/bin/tool\n", true);
        check("User=_tool\nExecStart=/usr/bin/tool\n", false);
        check("DynamicUser = yes\nExecStart=-/usr/bin/tool\n", false);
        check("User=_tool\nUser=\nExecStart=tool\n", true);
        check("User=root\n", true);
        check("User=_tool\nExecStartPre=-+/bin/sh\n", true);
        assert!(runs_commands("[Socket]\nExecStartPre=/bin/sh\n"));
        assert!(!runs_commands("[Socket]\nListenStream=1\n"));
    }
}
