//! `dh_pydeps` as a program.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::Command;

/// An unreadable file of decisions is the packager's to mend, as `dh-pydeps` says, too.
#[test]
fn decisions_that_cannot_be_read() {
    let top = tempfile::tempdir().unwrap();
    let debian = top.path().join("debian");
    fs_err::create_dir(&debian).unwrap();
    let control = "Source: app\nBuild-Depends: debhelper-compat (= 13)\n\n\
                   Package: python3-app\nArchitecture: all\nDescription: a\n b\n";
    fs_err::write(debian.join("control"), control).unwrap();
    fs_err::create_dir_all(debian.join("python3-app/usr/lib/python3/dist-packages")).unwrap();
    for (bytes, expect) in [
        (&b"\xff"[..], "error: "),
        (b"[decision]\n", "error: debian/pydeps.toml:1:2: "),
    ] {
        fs_err::write(debian.join("pydeps.toml"), bytes).unwrap();
        let program = env!("CARGO_BIN_EXE_dh_pydeps");
        let output = Command::new(program).current_dir(&top).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(expect), "{text}");
        assert_eq!(output.status.code(), Some(2), "{text}");
    }
}
