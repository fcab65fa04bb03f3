//! Binary packages, as deb(5) says or not.

use super::gz;
use super::tar::Tar;

/// The control file of the package `evil`, with further fields.
pub fn control(fields: &str) -> String {
    format!(
        "Package: evil\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\n{fields}Description: x\n"
    )
}

/// A package of these members.
pub fn members(list: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in list {
        out.extend(member(name, &bytes.len().to_string(), bytes));
    }
    out
}

/// A member that claims a size.
pub fn member(name: &str, size: &str, bytes: &[u8]) -> Vec<u8> {
    let header = format!(
        "{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n",
        0, 0, 0, 100_644
    );
    let mut out = [header.as_bytes(), bytes].concat();
    if bytes.len() % 2 == 1 {
        out.push(b'\n');
    }
    out
}

/// A package with this control file and these paths.
pub fn deb(control: impl AsRef<[u8]>, paths: &[&str]) -> Vec<u8> {
    let control = Tar::default().file("./control", control).finish();
    let data = paths
        .iter()
        .fold(Tar::default(), |tar, path| tar.file(path, ""))
        .finish();
    with(&control, &data)
}

/// A package of two tar files.
pub fn with(control: &[u8], data: &[u8]) -> Vec<u8> {
    members(&[
        ("debian-binary", b"2.0\n"),
        ("control.tar.gz", &gz(control)),
        ("data.tar.gz", &gz(data)),
    ])
}
