//! What a release would do as root on the system that it is installed on.

use super::{all_made, files};
use crate::input::{Input, either, take};
use crate::world::World;

/// An sdist with the program `evil` and these files.
fn carries(world: &mut World, more: &[(&str, &str)]) {
    let text = "[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\
        [project]\nname = \"evil\"\nversion = \"1.0\"\n[project.scripts]\nevil = \"evil:main\"\n";
    let mut all: Vec<(&str, Vec<u8>)> = vec![("pyproject.toml", text.into())];
    all.extend(
        more.iter()
            .map(|(path, text)| (*path, text.as_bytes().to_vec())),
    );
    files(world, "", &all);
}

/// Demands that a text is in no file of the package.
fn demand_absent(world: &mut World, text: &str) {
    let there = all_made(world).contains(text);
    world.demand(!there, &format!("`{text}` is in the package"));
}

/// Demands that what acts on the installed system is told without being asked for.
fn demand_told(world: &mut World, text: &str) {
    let packed = all_made(world).contains(text);
    let told = world.said().contains(text);
    world.demand(
        !packed || told,
        &format!("`{text}` is in the package, which is not told"),
    );
}

pub(super) const INPUTS: &[Input] = {
    &[
        either("sysusers-root", "a second root in sysusers.d", |w| {
            carries(
                w,
                &[("evil.sysusers", "u evilroot 0:0 \"Evil\" /root /bin/bash\n")],
            );
            demand_absent(w, "evilroot 0");
        }),
        either("sysusers-member", "a user made a member of sudo", |w| {
            carries(w, &[("evil.sysusers", "u evil - \"Evil\"\nm evil sudo\n")]);
            demand_told(w, "evil.sysusers");
        }),
        either(
            "tmpfiles-passwd",
            "a line of tmpfiles.d that writes /etc/passwd",
            |w| {
                carries(
                    w,
                    &[(
                        "tmpfiles.d/evil.conf",
                        "F /etc/passwd 0644 root root - evilroot::0:0::/:/bin/sh\n",
                    )],
                );
                demand_absent(w, "/etc/passwd");
            },
        ),
        either(
            "tmpfiles-setuid",
            "a line of tmpfiles.d that makes a shell set-uid",
            |w| {
                carries(
                    w,
                    &[(
                        "tmpfiles.d/evil.conf",
                        "z /bin/sh 4755 root root -\nL+ /etc/cron.d/x - - - - /x\n",
                    )],
                );
                demand_absent(w, "4755");
            },
        ),
        either(
            "tmpfiles-told",
            "a directory made by tmpfiles.d is told",
            |w| {
                carries(
                    w,
                    &[("tmpfiles.d/evil.conf", "d /run/evil 0755 root root -\n")],
                );
                demand_told(w, "tmpfiles");
            },
        ),
        either("udev-run", "a rule of udev that runs a program", |w| {
            carries(
                w,
                &[(
                    "udev/99-evil.rules",
                    "ACTION==\"add\", RUN+=\"/bin/sh -c 'touch /PWNED'\"\n",
                )],
            );
            demand_absent(w, "RUN+=");
        }),
        either(
            "udev-program",
            "rules of udev with PROGRAM and IMPORT",
            |w| {
                carries(
                    w,
                    &[(
                        "udev/99-evil.rules",
                        "PROGRAM=\"/bin/sh\"\nIMPORT{program}=\"/bin/sh\"\n",
                    )],
                );
                demand_absent(w, "/bin/sh");
            },
        ),
        either("unit-root", "a unit that runs a shell as root", |w| {
            let unit =
                "[Service]\nExecStartPre=/bin/sh -c 'touch /PWNED'\nExecStart=/usr/bin/evil\n";
            carries(w, &[("evil.service", unit)]);
            demand_told(w, "evil.service");
        }),
        either(
            "unit-specifiers",
            "a unit with newlines escaped and specifiers",
            |w| {
                let unit = "[Service]\nExecStart=/usr/bin/evil \\\n %n $(touch PWNED)\nUser=root\n\x1b[2J\u{202e}\n";
                carries(w, &[("evil.service", unit)]);
            },
        ),
        either(
            "cron-and-sudoers",
            "data files in /etc/cron.d and /etc/sudoers.d",
            |w| {
                let text = "[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\
                [project]\nname = \"evil\"\nversion = \"1.0\"\n[tool.setuptools.data-files]\n\
                \"/etc/cron.d\" = [\"evil.cron\"]\n\"../../etc/sudoers.d\" = [\"evil.cron\"]\n\"etc/profile.d\" = [\"evil.cron\"]\n";
                files(
                    w,
                    "",
                    &[
                        ("pyproject.toml", text.into()),
                        ("evil.cron", b"* * * * * root touch /PWNED\n".to_vec()),
                    ],
                );
                let told = w.said().contains("cron.d");
                w.demand(told, "that a file goes to /etc/cron.d is not told");
            },
        ),
        either(
            "bash-completion",
            "a completion that runs when a shell starts, told",
            |w| {
                carries(w, &[("completions/evil.bash", "touch ~/PWNED\n")]);
                demand_told(w, "completions/evil");
            },
        ),
        either(
            "desktop-exec",
            "a desktop file that runs a shell, and starts by itself",
            |w| {
                carries(
                    w,
                    &[(
                        "evil.desktop",
                        "[Desktop Entry]\nExec=sh -c 'touch /PWNED' evil\nX-GNOME-Autostart-enabled=true\n",
                    )],
                );
                demand_absent(w, "touch /PWNED");
            },
        ),
        take(
            "man-page-roff",
            "a manual page with requests that run programs",
            |w| {
                carries(
                    w,
                    &[(
                        "man/evil.1",
                        ".TH evil 1\n.sy touch PWNED\n.pso touch PWNED\n.open x /PWNED\n",
                    )],
                );
            },
        ),
    ]
};
