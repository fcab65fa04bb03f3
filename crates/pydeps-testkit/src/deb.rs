//! Binary packages, written as deb(5) says.

use std::io::Write;

/// A package with this control file and these empty files.
pub(crate) fn deb(control: &str, paths: &[&str]) -> Vec<u8> {
    let control = tar(&[("./control", control)]);
    let files: Vec<(&str, &str)> = paths.iter().map(|path| (*path, "")).collect();
    let mut out = b"!<arch>\n".to_vec();
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar", control),
        ("data.tar", tar(&files)),
    ];
    for (name, bytes) in members {
        let header = format!(
            "{name:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n",
            0,
            0,
            0,
            100_644,
            bytes.len()
        );
        out.extend_from_slice(header.as_bytes());
        out.extend_from_slice(&bytes);
        if bytes.len() % 2 == 1 {
            out.push(b'\n');
        }
    }
    out
}

fn tar(files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, path, text.as_bytes())
            .expect("memory can be written");
    }
    let mut out = archive.into_inner().expect("memory can be written");
    out.flush().expect("memory can be written");
    out
}
