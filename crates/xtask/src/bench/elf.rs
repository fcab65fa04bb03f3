//! The commands for ELF files: a look at a tree against reading it from the page cache, and
//! what they add to a build against dh_strip on the same package; dh_pyelf_restore against
//! dh_shlibdeps, as what takes time in both is dpkg-shlibdeps.

use std::path::{Path, PathBuf};

use anyhow::Result;
use xshell::{Shell, cmd};

use super::Options;
use super::measure::{Contest, Place, Runnable};
use super::table::Row;
use crate::command::root;
use crate::demo::PROGRAM;
use crate::needs;

/// As much is looked at, at least.
const BYTES: u64 = 1 << 30;
/// As much is in the package; more would take dh_strip minutes.
const PACKAGE: u64 = 64 << 20;

/// What binary wheels are looked at.
const WHEELS: [&str; 6] = ["cryptography", "h5py", "lxml", "numpy", "pillow", "scipy"];

const CONTROL: &str = "\
Source: toy
Maintainer: Nobody <nobody@example.org>
Build-Depends: debhelper-compat (= 13)

Package: toy
Architecture: any
Depends: ${misc:Depends}, ${pydeps:Depends}, ${shlibs:Depends}
Description: package to be measured
 It does nothing else.
";

/// The machine's own libraries, copied until there are enough: as if they had been linked
/// here, and as if a wheel had brought them.
pub(super) fn rows(sh: &Shell, options: &Options) -> Result<Vec<Row>> {
    let top = root().join("target/bench");
    let (local, wheel) = (top.join("elf"), top.join("elf-wheel"));
    fill(sh, &local, BYTES)?;
    if !wheel.exists() {
        let unfinished = wheel.with_extension("new");
        fill(sh, &unfinished, BYTES)?;
        describe(sh, &unfinished)?;
        fs_err::rename(unfinished, &wheel)?;
    }
    let mut rows = vec![
        look(sh, options, &local, "of 1 GiB that was linked here")?,
        look(
            sh,
            options,
            &wheel,
            "of 1 GiB of a wheel, nothing but ELF files",
        )?,
    ];
    let what = "of 1 GiB of wheels from the index";
    rows.push(match (needs::on_path("pip"), needs::on_path("unzip")) {
        (true, true) => look(sh, options, &wheels(sh, &top)?, what)?,
        _ => Row::missing(&format!("ELF scan {what}"), "pip or unzip is not installed"),
    });
    match needs::on_path("dh_strip") {
        true => rows.extend(package(sh, options, &top)?),
        false => rows.push(Row::missing("dh_pyelf_*", "dh_strip is not installed")),
    }
    Ok(rows)
}

/// Real wheels, unpacked side by side as often as it takes.
fn wheels(sh: &Shell, top: &Path) -> Result<PathBuf> {
    let (fetched, tree) = (top.join("wheels"), top.join("elf-wheels"));
    if tree.exists() {
        return Ok(tree);
    }
    let pip = ["download", "--quiet", "--no-deps", "--only-binary=:all:"];
    cmd!(sh, "pip {pip...} --dest {fetched} {WHEELS...}").run()?;
    let files = sh.read_dir(&fetched)?;
    let unfinished = tree.with_extension("new");
    sh.remove_path(&unfinished)?;
    let mut bytes = 0;
    for copy in 0.. {
        let place = unfinished.join(copy.to_string());
        sh.create_dir(&place)?;
        for file in &files {
            cmd!(sh, "unzip -q -o {file} -d {place}").quiet().run()?;
        }
        let size = cmd!(sh, "du --bytes --summarize {place}").quiet().read()?;
        let size = size.split_whitespace().next().unwrap_or_default();
        bytes += size.parse::<u64>()?;
        if bytes >= BYTES {
            break;
        }
    }
    fs_err::rename(unfinished, &tree)?;
    Ok(tree)
}

fn look(sh: &Shell, options: &Options, tree: &Path, what: &str) -> Result<Row> {
    let tree = tree.display().to_string();
    let read = format!("find '{tree}' -type f -print0 | xargs -0 cat > /dev/null");
    let contest = Contest {
        what: format!("ELF scan {what}, reading it"),
        ours: Runnable::new(&[PROGRAM, "elf", &tree]),
        theirs: Runnable {
            silent: true,
            ..Runnable::new(&["sh", "-c", &read])
        },
        target: 2.0,
    };
    contest.row(sh, options.runs)
}

/// What is done to a package whose files a wheel has brought, each command on what the one
/// before has left, against debhelper's on the package as it was.
fn package(sh: &Shell, options: &Options, top: &Path) -> Result<Vec<Row>> {
    cmd!(sh, "cargo build --release --locked --package dh-tools").run()?;
    let top = top.join("elf-package");
    sh.remove_path(&top)?;
    let start = top.join("start");
    fs_err::create_dir_all(start.join("debian"))?;
    fs_err::write(start.join("debian/control"), CONTROL)?;
    let tree = start.join("debian/toy/usr/lib/toy");
    fill(sh, &tree, PACKAGE)?;
    describe(sh, &tree)?;
    let mut rows = Vec::new();
    let mut template = start.clone();
    let all = [
        ("dh_pyelf_scan", "dh_strip"),
        ("dh_pyelf_hold", "dh_strip"),
        ("dh_pyelf_restore", "dh_shlibdeps"),
    ];
    for (command, theirs) in all {
        let program = root().join("target/release").join(command);
        let contest = Contest {
            what: format!("{command} on 64 MiB of a wheel, {theirs}"),
            ours: runnable(&program, &top, &template),
            theirs: runnable(theirs.as_ref(), &top, &start),
            target: 1.0,
        };
        rows.push(contest.row(sh, options.runs)?);
        let done = top.join(format!("after-{command}"));
        cmd!(sh, "cp -a {template} {done}").quiet().run()?;
        let _there = sh.push_dir(&done);
        cmd!(sh, "{program}").quiet().run()?;
        template = done;
    }
    Ok(rows)
}

fn runnable(program: &Path, top: &Path, template: &Path) -> Runnable {
    Runnable {
        place: Some(Place {
            directory: top.join("work"),
            template: template.to_owned(),
        }),
        silent: true,
        ..Runnable::new(&[&program.display().to_string()])
    }
}

/// Copies libraries of this machine into a directory.
fn fill(sh: &Shell, tree: &Path, least: u64) -> Result<()> {
    if tree.exists() {
        return Ok(());
    }
    let unfinished = PathBuf::from(format!("{}.part", tree.display()));
    fs_err::create_dir_all(&unfinished)?;
    let found = cmd!(sh, "find /usr/lib -type f -name *.so.*")
        .quiet()
        .read()?;
    let libraries: Vec<&str> = found.lines().collect();
    let mut bytes = 0;
    for (at, library) in libraries.iter().cycle().enumerate() {
        bytes += fs_err::copy(library, unfinished.join(format!("{at}.so")))?;
        if bytes >= least {
            break;
        }
    }
    Ok(fs_err::rename(unfinished, tree)?)
}

/// Writes what a wheel says of its files.
fn describe(sh: &Shell, tree: &Path) -> Result<()> {
    let _there = sh.push_dir(tree);
    let script = "for f in *.so; do \
        printf '%s,sha256=%s,%s\\n' \"$f\" \
        \"$(openssl dgst -sha256 -binary \"$f\" | base64 | tr '+/' '-_' | tr -d =)\" \
        \"$(stat -c %s \"$f\")\"; done";
    let record = cmd!(sh, "sh -c {script}").quiet().read()?;
    let about = tree.join("toy-1.0.dist-info");
    fs_err::create_dir_all(&about)?;
    fs_err::write(about.join("RECORD"), record + "\n")?;
    let wheel = "Wheel-Version: 1.0\nTag: cp313-cp313-manylinux_2_28_x86_64\n";
    Ok(fs_err::write(about.join("WHEEL"), wheel)?)
}
