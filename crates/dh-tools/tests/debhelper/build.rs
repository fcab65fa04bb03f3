//! Whole builds in a chroot, with our commands and nothing of a home or a network: only
//! where `DEBHELPER_ROOT` is set.

use std::path::Path;

use crate::ask::Debhelper;

/// The example that is installed with the package.
const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../debian/examples/toy");

const COMMANDS: [(&str, &str); 5] = [
    ("dh_pydeps", env!("CARGO_BIN_EXE_dh_pydeps")),
    ("dh_pyelf_scan", env!("CARGO_BIN_EXE_dh_pyelf_scan")),
    ("dh_pyelf_hold", env!("CARGO_BIN_EXE_dh_pyelf_hold")),
    ("dh_pyelf_restore", env!("CARGO_BIN_EXE_dh_pyelf_restore")),
    ("dh_pyelf_check", env!("CARGO_BIN_EXE_dh_pyelf_check")),
];

/// What stands after the pattern rule.
const RULES: [(&str, &str); 3] = [
    ("plain", ""),
    (
        "override",
        "override_dh_pydeps:\n\tdh_pydeps -ppython3-toy --suggests-extra=socks\n\tdh_pydeps --remaining-packages\n",
    ),
    (
        "hooks",
        "execute_before_dh_pydeps:\n\ttest -d debian/python3-toy\nexecute_after_dh_pydeps-indep:\n\tdh_pydeps --check\n",
    ),
];

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => {
                fs_err::copy(&path, &target).unwrap();
            }
        }
    }
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs_err::read_to_string(file).unwrap();
    assert!(text.contains(from), "{}: {from}", file.display());
    fs_err::write(file, text.replace(from, to)).unwrap();
}

/// Builds the example; the fields Depends, Recommends and Suggests of its package.
fn build(
    debhelper: &Debhelper,
    level: u64,
    (name, rules): (&str, &str),
    half: &str,
) -> [String; 3] {
    let place = debhelper.package(&format!("{name}-{level}{half}/toy"), &[]);
    copy(Path::new(EXAMPLE), &place);
    replace(
        &place.join("debian/control"),
        "(= 13)",
        &format!("(= {level})"),
    );
    let text = fs_err::read_to_string(place.join("debian/rules")).unwrap();
    fs_err::write(place.join("debian/rules"), format!("{text}\n{rules}")).unwrap();
    let bin = debhelper.package("bin", &[]);
    let script = format!(
        "export PATH={}:$PATH HOME=/nonexistent; cd {} && dpkg-buildpackage -d -us -uc --build={half} >&2 && \
         for field in Depends Recommends Suggests; do dpkg-deb -f ../python3-toy_*.deb $field; echo; done",
        debhelper.inside(&bin).display(),
        debhelper.inside(&place).display(),
    );
    let output = debhelper
        .command("sh")
        .args(["-c", &script])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} at {level}: {stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut fields: Vec<String> = Vec::new();
    let mut lines = stdout.lines();
    while fields.len() < 3 {
        let line = lines.next().unwrap_or_default();
        fields.push(line.to_owned());
        if !line.is_empty() {
            lines.next();
        }
    }
    fields.try_into().unwrap()
}

#[test]
fn the_example_in_every_way() {
    let Some(debhelper) = Debhelper::new().filter(|_| std::env::var_os("DEBHELPER_ROOT").is_some())
    else {
        return;
    };
    let bin = debhelper.package("bin", &[]);
    fs_err::create_dir_all(&bin).unwrap();
    for (name, path) in COMMANDS {
        fs_err::copy(path, bin.join(name)).unwrap();
    }
    for level in &debhelper.levels {
        for rules in RULES {
            for half in ["binary", "all"] {
                let [depends, recommends, suggests] = build(&debhelper, *level, rules, half);
                let place = format!("{} at {level}, {half}", rules.0);
                for relation in [
                    "python3:any",
                    "python3-requests (>= 2.20.0)",
                    "python3-requests (<< 3~~)",
                ] {
                    assert!(
                        depends.split(", ").any(|item| item == relation),
                        "{place}: {depends}"
                    );
                }
                assert!(!depends.contains("colorama"), "{place}: {depends}");
                let extra = if recommends.is_empty() {
                    &suggests
                } else {
                    &recommends
                };
                assert!(
                    extra.contains("python3-socks"),
                    "{place}: {recommends} / {suggests}"
                );
            }
        }
    }
}
