//! Source packages, made by dpkg-source(1) from a few lines.

use std::path::Path;
use std::process::Command;

use crate::scenario::digest;

/// A day long ago: the same bytes each time.
const EPOCH: &str = "1700000000";

const PATCH: &str = "--- a/README\n+++ b/README\n@@ -1 +1 @@\n-upstream\n+patched\n";

/// Writes a source package in format 3.0 (quilt), with a patch and a file that may be executed,
/// into a directory, and returns the fields of its stanza in Sources that say where it is.
///
/// # Panics
/// If the directory cannot be written, or dpkg-source fails.
pub(crate) fn write(
    top: &Path,
    name: &str,
    version: &str,
    fields: &[(&'static str, String)],
) -> Vec<(&'static str, String)> {
    let place = format!("pool/{name}");
    let directory = top.join(&place);
    let plain = version.split_once(':').map_or(version, |(_, rest)| rest);
    let upstream = plain
        .rsplit_once('-')
        .map_or(plain, |(upstream, _)| upstream);
    let file = |path: String, text: &str| {
        let path = directory.join(path);
        let parent = path.parent().expect("a file has a directory");
        fs_err::create_dir_all(parent).expect("a temporary directory");
        fs_err::write(path, text).expect("a temporary file");
    };
    file("tree/README".to_owned(), "upstream\n");
    let orig = format!("{name}_{upstream}.orig.tar.gz");
    run(Command::new("tar")
        .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
        .arg(format!("--mtime=@{EPOCH}"))
        .args(["--use-compress-program=gzip -n", "-cf", &orig, "tree"])
        .current_dir(&directory));
    for (path, text) in debian(name, version, fields) {
        file(format!("tree/debian/{path}"), &text);
    }
    run(Command::new("chmod")
        .arg("+x")
        .arg(directory.join("tree/debian/rules")));
    run(Command::new("dpkg-source")
        .env("SOURCE_DATE_EPOCH", EPOCH)
        .args(["--build", "tree"])
        .current_dir(&directory));
    fs_err::remove_dir_all(directory.join("tree")).expect("a temporary directory");
    vec![
        ("Binary", name.to_owned()),
        ("Format", "3.0 (quilt)".to_owned()),
        ("Directory", place),
        ("Checksums-Sha256", checksums(&directory)),
    ]
}

/// The files of debian/.
fn debian(
    name: &str,
    version: &str,
    fields: &[(&'static str, String)],
) -> [(&'static str, String); 6] {
    let needs: String = fields
        .iter()
        .map(|(field, value)| format!("{field}: {value}\n"))
        .collect();
    [
        ("source/format", "3.0 (quilt)\n".to_owned()),
        ("patches/series", "one.patch\n".to_owned()),
        ("patches/one.patch", PATCH.to_owned()),
        ("rules", "#!/usr/bin/make -f\n%:\n\tdh $@\n".to_owned()),
        (
            "changelog",
            format!(
                "{name} ({version}) unstable; urgency=medium\n\n  * New.\n\n -- Nobody Atall <nobody@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n"
            ),
        ),
        (
            "control",
            format!(
                "Source: {name}\nSection: python\nPriority: optional\nMaintainer: Nobody Atall <nobody@example.org>\nStandards-Version: 4.7.2\n{needs}\nPackage: {name}\nArchitecture: all\nDescription: test\n test\n"
            ),
        ),
    ]
}

fn checksums(directory: &Path) -> String {
    let entries = fs_err::read_dir(directory).expect("a temporary directory");
    let line = |path: &Path| {
        let bytes = fs_err::read(path).expect("a temporary file");
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        format!("\n {} {} {name}", digest(&bytes), bytes.len())
    };
    let mut lines: Vec<String> = entries
        .map(|entry| line(&entry.expect("a temporary file").path()))
        .collect();
    lines.sort();
    lines.concat()
}

fn run(command: &mut Command) {
    let output = command.output().expect("a program of this machine");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
