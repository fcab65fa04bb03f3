//! `dist`: the source package, with the crates that it is built from as a second upstream
//! tarball, so that it builds without a network (dpkg-source(1), "additional original
//! component").
//!
//! The same commit gives the same tarballs: files of git and of the registry, sorted, with the
//! commit's date.

mod copyright;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use crate::command::{root, shell, status};
use crate::say;

/// Crates for systems that Debian has not are needed by name, as Cargo.lock lists them, but
/// their content is not: it is half of everything, and much of it has no source.
const FOREIGN: &[&str] = &["windows", "winapi", "wasi", "wit-bindgen", "js-sys", "web-"];

/// Texts of licences that no program here has in it, and that lintian takes for the licence of
/// the source itself (`license-problem-php-license`, up to trixie's; later ones take an override
/// of it for an error).
const UNUSED: [&str; 2] = ["src/text/licenses/PHP-3.0", "src/text/licenses/PHP-3.01"];

/// Writes the source package to `target/dist`.
pub(crate) fn run() -> Result<()> {
    let sh = shell()?;
    let changes = cmd!(sh, "git status --porcelain").quiet().read()?;
    if !changes.is_empty() {
        say::line("what is not committed is left out:");
        say::line(&changes);
    }
    let (name, version) = changelog(&sh)?;
    let upstream = version
        .rsplit_once('-')
        .map_or(version.as_str(), |(upstream, _)| upstream);
    let out = root().join("target/dist");
    fresh(&out)?;
    let tree = out.join(format!("{name}-{upstream}"));
    let orig = out.join(format!("{name}_{upstream}.orig.tar.xz"));
    source(&sh, &tree, &orig)?;
    let vendor = out.join(format!("{name}_{upstream}.orig-vendor.tar.xz"));
    vendored(&sh, &tree, &vendor)?;
    cmd!(
        sh,
        "git archive --format=tar -o {out}/debian.tar HEAD debian"
    )
    .quiet()
    .run()?;
    cmd!(sh, "tar -C {tree} -xf {out}/debian.tar")
        .quiet()
        .run()?;
    fs_err::remove_file(out.join("debian.tar"))?;
    add_copyright(&tree)?;
    sh.change_dir(&out);
    if status(cmd!(sh, "dpkg-source --build {tree}").quiet())? != Some(0) {
        bail!("dpkg-source failed");
    }
    say::line(&format!("written to {}", shown(&out)));
    Ok(())
}

/// The crates are part of the source package, and of the programs.
fn add_copyright(tree: &Path) -> Result<()> {
    let path = tree.join("debian/copyright");
    let own = fs_err::read_to_string(&path)?;
    let crates = copyright::paragraphs(&tree.join("vendor"), &own)?;
    Ok(fs_err::write(path, own + &crates)?)
}

/// The path from the top of the repository.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.display().to_string()
}

fn fresh(directory: &Path) -> Result<()> {
    if directory.exists() {
        fs_err::remove_dir_all(directory)?;
    }
    fs_err::create_dir_all(directory)?;
    Ok(())
}

/// The source package's name and version.
fn changelog(sh: &Shell) -> Result<(String, String)> {
    let text = sh.read_file("debian/changelog")?;
    parse_changelog(&text).context("debian/changelog has no first line `NAME (VERSION) …`")
}

fn parse_changelog(text: &str) -> Option<(String, String)> {
    let (name, rest) = text.lines().next()?.split_once(" (")?;
    let (version, _) = rest.split_once(')')?;
    Some((name.to_owned(), version.to_owned()))
}

/// What git has, without debian/.
fn source(sh: &Shell, tree: &Path, tarball: &Path) -> Result<()> {
    let name = name_of(tree)?;
    let tar = tarball.with_extension("");
    cmd!(
        sh,
        "git archive --format=tar --prefix={name}/ -o {tar} HEAD . :!debian"
    )
    .quiet()
    .run()?;
    let above = tree.parent().context("the tree has no directory")?;
    cmd!(sh, "tar -C {above} -xf {tar}").quiet().run()?;
    compress(sh, &tar)
}

/// The crates of Cargo.lock, unpacked to `vendor` in the tree and packed.
fn vendored(sh: &Shell, tree: &Path, tarball: &Path) -> Result<()> {
    let vendor = tree.join("vendor");
    let manifest = tree.join("Cargo.toml");
    say::line("fetching the crates");
    cmd!(
        sh,
        "cargo vendor --quiet --locked --manifest-path {manifest} {vendor}"
    )
    .quiet()
    .ignore_stdout()
    .run()?;
    for entry in fs_err::read_dir(&vendor)? {
        let path = entry?.path();
        if FOREIGN
            .iter()
            .any(|prefix| name_of(&path).is_ok_and(|name| name.starts_with(prefix)))
        {
            empty(&path)?;
        }
    }
    for file in UNUSED {
        empty_file(&vendor.join("spdx"), file)?;
    }
    let date = cmd!(sh, "git log -1 --format=%ct").quiet().read()?;
    let tar = tarball.with_extension("");
    let fixed = [
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--mode=go=rX,u+rw",
    ];
    cmd!(
        sh,
        "tar -C {tree} {fixed...} --mtime=@{date} -cf {tar} vendor"
    )
    .quiet()
    .run()?;
    compress(sh, &tar)
}

/// Leaves of a crate what cargo reads to know that it is there.
fn empty(path: &Path) -> Result<()> {
    let manifest = fs_err::read_to_string(path.join("Cargo.toml"))?;
    let sums: serde_json::Value =
        serde_json::from_slice(&fs_err::read(path.join(".cargo-checksum.json"))?)?;
    fresh(path)?;
    fs_err::create_dir(path.join("src"))?;
    fs_err::write(path.join("src/lib.rs"), "")?;
    fs_err::write(path.join("Cargo.toml"), manifest)?;
    let sums = serde_json::json!({ "files": {}, "package": sums["package"] });
    fs_err::write(path.join(".cargo-checksum.json"), sums.to_string())?;
    Ok(())
}

/// Empties a file of a crate, whose sum is then no longer known. The crate includes the file as
/// an expression, so an empty text stays.
fn empty_file(path: &Path, file: &str) -> Result<()> {
    let list = path.join(".cargo-checksum.json");
    let mut sums: serde_json::Value = serde_json::from_slice(&fs_err::read(&list)?)?;
    let files = sums["files"].as_object_mut();
    let known = files.and_then(|files| files.remove(file));
    known.with_context(|| format!("{} has no {file}", path.display()))?;
    fs_err::write(path.join(file), "\"\"\n")?;
    fs_err::write(list, sums.to_string())?;
    Ok(())
}

fn name_of(path: &Path) -> Result<String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned).context("a file without a name")
}

fn compress(sh: &Shell, tar: &PathBuf) -> Result<()> {
    cmd!(sh, "xz --threads=1 -6 {tar}").quiet().run()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_line_of_a_changelog() {
        let found = parse_changelog("foo-bar (1.0~rc1-2) unstable; urgency=low\n\n  * A.\n");
        assert_eq!(found, Some(("foo-bar".to_owned(), "1.0~rc1-2".to_owned())));
        assert_eq!(parse_changelog(""), None);
    }

    #[test]
    fn an_emptied_file_has_no_sum() {
        let dir = tempfile::tempdir().unwrap();
        let list = dir.path().join(".cargo-checksum.json");
        fs_err::write(&list, r#"{"files":{"a":"1","b":"2"},"package":"3"}"#).unwrap();
        fs_err::write(dir.path().join("a"), "text").unwrap();
        empty_file(dir.path(), "a").unwrap();
        let read = |path: PathBuf| fs_err::read_to_string(path).unwrap();
        assert_eq!(read(list), r#"{"files":{"b":"2"},"package":"3"}"#);
        assert_eq!(read(dir.path().join("a")), "\"\"\n");
        assert!(empty_file(dir.path(), "c").is_err());
    }

    #[test]
    fn an_emptied_crate_keeps_its_manifest_and_its_sum() {
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("Cargo.toml", "[package]"),
            ("big.a", "x"),
            (
                ".cargo-checksum.json",
                r#"{"files":{"big.a":"1"},"package":"2"}"#,
            ),
        ] {
            fs_err::write(dir.path().join(file), text).unwrap();
        }
        empty(dir.path()).unwrap();
        let read = |file: &str| fs_err::read_to_string(dir.path().join(file)).unwrap();
        assert_eq!(read("Cargo.toml"), "[package]");
        assert_eq!(
            read(".cargo-checksum.json"),
            r#"{"files":{},"package":"2"}"#
        );
        assert!(!dir.path().join("big.a").exists() && dir.path().join("src/lib.rs").exists());
    }
}
