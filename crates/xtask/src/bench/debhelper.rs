//! The debhelper commands against dh_python3, and the ELF scan against reading the files.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::Shell;

use super::measure::{Contest, Runnable};
use super::table::Row;
use crate::command::{cargo, root, status};
use crate::demo::PROGRAM;
use crate::needs;

const BUILD: &[&str] = &["build", "--release", "--locked", "--package", "dh-tools"];
const CONTROL: &str = "Source: bench\nMaintainer: A Tester <tester@example.org>\n\
    Build-Depends: debhelper-compat (= 13)\n\nPackage: python3-bench\nArchitecture: any\n\
    Depends: ${pydeps:Depends}\nDescription: bench\n nothing else\n";
const COMMANDS: [&str; 5] = [
    "dh_pydeps",
    "dh_pyelf_scan",
    "dh_pyelf_hold",
    "dh_pyelf_restore",
    "dh_pyelf_check",
];
/// How much the scan reads: a gibibyte, in files like those of a large environment.
const FILES: usize = 64;
const FILE: usize = 16 << 20;

/// All rows.
pub(super) fn rows(sh: &Shell, runs: usize) -> Result<Vec<Row>> {
    let top = root().join("target/bench");
    let mut rows = vec![scan(sh, &top.join("elf"), runs)?];
    if !needs::on_path("dh_python3") {
        rows.push(Row::missing(
            "a dh_* command",
            "dh_python3 is not installed",
        ));
        return Ok(rows);
    }
    if status(cargo(sh, BUILD).env_remove("CARGO_TARGET_DIR"))? != Some(0) {
        bail!("the build failed");
    }
    for (what, full, target) in [("nothing to do", false, 0.05), ("one package", true, 0.2)] {
        let source = source(&top.join(what.replace(' ', "-")), full)?;
        for command in COMMANDS {
            let contest = Contest {
                what: format!("{command}, {what}"),
                ours: command_in(&source, &program(command)),
                theirs: command_in(&source, Path::new("dh_python3")),
                target,
            };
            rows.push(contest.row(sh, runs)?);
        }
    }
    Ok(rows)
}

fn program(command: &str) -> PathBuf {
    root().join("target/release").join(command)
}

fn command_in(source: &Path, program: &Path) -> Runnable {
    Runnable {
        directory: Some(source.to_owned()),
        is_silent: true,
        ..Runnable::new(&[&program.to_string_lossy()])
    }
}

/// A source package whose one package is empty, or has a distribution of a hundred modules,
/// two of them compiled, that requires nothing.
fn source(top: &Path, full: bool) -> Result<PathBuf> {
    if top.exists() {
        fs_err::remove_dir_all(top)?;
    }
    let tree = top.join("debian/python3-bench");
    fs_err::create_dir_all(&tree)?;
    fs_err::write(top.join("debian/control"), CONTROL)?;
    if full {
        let public = tree.join("usr/lib/python3/dist-packages");
        let metadata = public.join("bench-1.0.dist-info");
        fs_err::create_dir_all(public.join("bench"))?;
        fs_err::create_dir_all(&metadata)?;
        let headers = "Metadata-Version: 2.1\nName: bench\nVersion: 1.0\n";
        fs_err::write(metadata.join("METADATA"), headers)?;
        for number in 0..98 {
            fs_err::write(public.join(format!("bench/m{number}.py")), "x = 1\n")?;
        }
        for name in ["a", "b"] {
            fs_err::copy(
                program(COMMANDS[1]),
                public.join(format!("bench/{name}.abi3.so")),
            )?;
        }
    }
    Ok(top.to_owned())
}

/// `elf` of a large tree against reading it, both from the page cache.
fn scan(sh: &Shell, tree: &Path, runs: usize) -> Result<Row> {
    fs_err::create_dir_all(tree)?;
    let content = fs_err::read(root().join(PROGRAM))?;
    for number in 0..FILES {
        let mut bytes = content.clone();
        bytes.resize(FILE, u8::try_from(number)?);
        fs_err::write(tree.join(format!("m{number}.so")), bytes)?;
    }
    let place = tree.to_str().context("the path is not text")?;
    let contest = Contest {
        what: "ELF scan of 1 GiB".to_owned(),
        ours: Runnable::new(&[PROGRAM, "elf", "--format", "json", place]),
        theirs: Runnable {
            is_silent: true,
            ..Runnable::new(&["sh", "-c", "cat \"$0\"/* > /dev/null", place])
        },
        target: 2.0,
    };
    let row = contest.row(sh, runs);
    fs_err::remove_dir_all(tree)?;
    row
}
