//! A look at all ELF files of a tree against reading the tree from the page cache.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::Options;
use super::measure::{Contest, Runnable};
use super::table::Row;
use crate::command::root;
use crate::demo::PROGRAM;

/// As much is looked at, at least.
const BYTES: u64 = 1 << 30;

/// The machine's own libraries, copied until there are enough.
pub(super) fn row(sh: &Shell, options: &Options) -> Result<Row> {
    let tree = root().join("target/bench/elf");
    fill(sh, &tree)?;
    let tree = tree.display().to_string();
    let read = format!("find '{tree}' -type f -print0 | xargs -0 cat > /dev/null");
    let contest = Contest {
        what: "ELF scan of 1 GiB, reading it".to_owned(),
        ours: Runnable::new(&[PROGRAM, "elf", &tree]),
        theirs: Runnable {
            silent: true,
            ..Runnable::new(&["sh", "-c", &read])
        },
        target: 2.0,
    };
    contest.row(sh, options.runs)
}

fn fill(sh: &Shell, tree: &Path) -> Result<()> {
    if tree.exists() {
        return Ok(());
    }
    let unfinished = tree.with_extension("new");
    fs_err::create_dir_all(&unfinished)?;
    let found = cmd!(sh, "find /usr/lib -type f -name *.so.*")
        .quiet()
        .read()?;
    let libraries: Vec<&str> = found.lines().collect();
    let mut bytes = 0;
    for (at, library) in libraries.iter().cycle().enumerate() {
        bytes += fs_err::copy(library, unfinished.join(format!("{at}.so")))?;
        if bytes >= BYTES {
            break;
        }
    }
    Ok(fs_err::rename(unfinished, tree)?)
}
