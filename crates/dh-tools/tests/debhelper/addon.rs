//! Where the add-on puts its commands, by what `dh --no-act` says it would run.

use crate::ask::Debhelper;

/// How the add-ons are loaded: Build-Depends, then the words after `dh $@`.
const LOADED: [(&str, &str); 6] = [
    ("dh-sequence-pydeps, dh-sequence-python3", ""),
    ("dh-sequence-python3", "--with pydeps"),
    ("dh-sequence-pydeps", "--with python3"),
    ("", "--with python3,pydeps"),
    ("", "--with pydeps,python3"),
    ("dh-sequence-pydeps", ""),
];

/// The commands that `dh` would run, in order.
fn commands(
    debhelper: &Debhelper,
    level: u64,
    depends: &str,
    words: &str,
    target: &str,
) -> Vec<String> {
    let control = format!(
        "Source: foo\nBuild-Depends: debhelper-compat (= {level}), {depends}\n\n\
         Package: foo\nArchitecture: any\n\nPackage: foo-doc\nArchitecture: all\n"
    );
    let changelog = "foo (1) unstable; urgency=low\n\n  * A.\n\n -- A <a@example.org>  Sun, 22 Nov 2026 12:00:00 +0000\n";
    let files = [
        ("debian/control", control),
        ("debian/changelog", changelog.to_owned()),
        (
            "debian/rules",
            format!("#!/usr/bin/make -f\n%:\n\tdh $@ {words}\n"),
        ),
    ];
    let directory = debhelper.package("addon", &files);
    let script = format!(
        "cd {} && dh {target} --no-act {words}",
        debhelper.inside(&directory).display()
    );
    let output = debhelper
        .command("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{level} {depends} {words}: {stderr}"
    );
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = stdout.lines().filter(|line| line.starts_with([' ', '\t']));
    lines.map(|line| line.trim().to_owned()).collect()
}

/// The place of a command; the end where it is not run.
fn place(commands: &[String], name: &str) -> usize {
    let is_it = |line: &String| line.split(' ').next() == Some(name);
    commands.iter().position(is_it).unwrap_or(commands.len())
}

#[track_caller]
fn check_order(commands: &[String], names: &[&str]) {
    for pair in names.windows(2) {
        let (first, second) = (place(commands, pair[0]), place(commands, pair[1]));
        assert!(
            first < second,
            "{} is not before {}: {commands:#?}",
            pair[0],
            pair[1]
        );
    }
}

fn is_once(commands: &[String], name: &str) -> bool {
    commands
        .iter()
        .filter(|line| line.split(' ').next() == Some(name))
        .count()
        == 1
}

#[test]
fn places_in_every_sequence() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    for level in &debhelper.levels {
        for (depends, words) in LOADED.into_iter().step_by(debhelper.step.min(2)) {
            for target in ["binary", "binary-arch", "binary-indep"] {
                let commands = commands(&debhelper, *level, depends, words, target);
                check_order(
                    &commands,
                    &[
                        "dh_install",
                        "dh_pyelf_scan",
                        "dh_pydeps",
                        "dh_installdeb",
                        "dh_gencontrol",
                        "dh_pyelf_check",
                        "dh_md5sums",
                    ],
                );
                assert!(is_once(&commands, "dh_pydeps") && is_once(&commands, "dh_pyelf_scan"));
                if format!("{depends}{words}").contains("python3") {
                    check_order(&commands, &["dh_pyelf_scan", "dh_python3", "dh_pydeps"]);
                    let python = &commands[place(&commands, "dh_python3")];
                    assert!(python.contains("--no-guessing-deps"), "{python}");
                }
                if target != "binary-indep" {
                    check_order(
                        &commands,
                        &[
                            "dh_pyelf_hold",
                            "dh_strip",
                            "dh_makeshlibs",
                            "dh_shlibdeps",
                            "dh_pyelf_restore",
                            "dh_pyelf_check",
                        ],
                    );
                    check_order(&commands, &["dh_pyelf_hold", "dh_dwz"]);
                    let wide = [
                        "dh_pyelf_hold",
                        "dh_strip_nondeterminism",
                        "dh_pyelf_restore",
                    ];
                    check_order(&commands, &wide);
                    check_order(&commands, &["dh_pyelf_restore", "dh_installdeb"]);
                    assert!(is_once(&commands, "dh_pyelf_hold"));
                }
            }
        }
    }
}

/// From compat 14 on dh_dwz comes with an add-on, loaded before or after.
#[test]
fn dwz_by_its_add_on() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    for level in debhelper.levels.iter().filter(|level| **level >= 14) {
        for (depends, words) in [
            ("dh-sequence-dwz, dh-sequence-pydeps", ""),
            ("dh-sequence-pydeps", "--with dwz"),
            ("dh-sequence-dwz", "--with pydeps"),
        ] {
            let commands = commands(&debhelper, *level, depends, words, "binary");
            check_order(&commands, &["dh_pyelf_hold", "dh_dwz", "dh_strip"]);
            assert!(place(&commands, "dh_dwz") < commands.len());
        }
    }
}

/// In Build-Depends-Indep or -Arch the commands are for that half.
#[test]
fn half_of_a_build() {
    let Some(debhelper) = Debhelper::new() else {
        return;
    };
    for level in &debhelper.levels {
        let half = |field: &str, target| {
            let depends = format!("dh-sequence-python3\n{field}: dh-sequence-pydeps");
            commands(&debhelper, *level, &depends, "", target)
        };
        let indep = half("Build-Depends-Indep", "binary");
        assert!(
            indep[place(&indep, "dh_pydeps")].contains("-i"),
            "{indep:#?}"
        );
        let arch = half("Build-Depends-Arch", "binary-arch");
        check_order(
            &arch,
            &[
                "dh_pyelf_scan",
                "dh_python3",
                "dh_pydeps",
                "dh_pyelf_hold",
                "dh_strip",
                "dh_pyelf_restore",
                "dh_pyelf_check",
            ],
        );
        let none = half("Build-Depends-Arch", "binary-indep");
        assert_eq!(place(&none, "dh_pydeps"), none.len());
    }
}
