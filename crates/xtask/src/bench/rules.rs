//! The commands of `debian/rules` against `dh_python3`, on the same tree.

use std::path::Path;

use anyhow::Result;
use xshell::{Shell, cmd};

use super::Options;
use super::measure::{Contest, Place, Runnable};
use super::table::Row;
use crate::command::root;
use crate::needs;

const CONTROL: &str = "\
Source: toy
Section: python
Maintainer: Nobody <nobody@example.org>
Build-Depends: debhelper-compat (= 13)
Standards-Version: 4.7.2

Package: python3-toy
Architecture: all
Depends: ${misc:Depends}, ${pydeps:Depends}, ${python3:Depends}
Description: package to be measured
 It does nothing else.
";

const CHANGELOG: &str = "\
toy (1.0-1) unstable; urgency=medium

  * Measured.

 -- Nobody <nobody@example.org>  Sat, 01 Nov 2025 00:00:00 +0000
";

/// A distribution with some requirements, as pip leaves it in a package.
const METADATA: &str = "\
Metadata-Version: 2.1
Name: toy
Version: 1.0
Requires-Python: >=3.8
Requires-Dist: setuptools>=40
Requires-Dist: packaging!=20.0,>=19
Requires-Dist: wheel; python_version < \"3\"
";

/// Modules of the distribution.
const MODULES: usize = 20;

/// Without anything to do, and on one package.
pub(super) fn rows(sh: &Shell, options: &Options) -> Result<Vec<Row>> {
    let all = "a dh_* command";
    if !needs::on_path("dh_python3") {
        return Ok(vec![Row::missing(all, "dh_python3 is not installed")]);
    }
    cmd!(sh, "cargo build --release --locked --package dh-tools").run()?;
    let architecture = cmd!(sh, "dpkg --print-architecture").quiet().read()?;
    let top = root().join("target/bench/rules");
    let ours = root().join("target/release/dh_pydeps");
    let theirs: &Path = "dh_python3".as_ref();
    let mut rows = Vec::new();
    for (what, target) in [("nothing to do", 0.05), ("one package", 0.2)] {
        let template = top.join(what.replace(' ', "-"));
        write(&template, what == "one package")?;
        let contest = Contest {
            what: format!("dh_pydeps, {what}"),
            ours: runnable(&ours, &architecture, &top, &template),
            theirs: runnable(theirs, &architecture, &top, &template),
            target,
        };
        rows.push(contest.row(sh, options.runs)?);
    }
    Ok(rows)
}

/// As in a build, where dpkg-buildpackage has said what the architecture is.
fn runnable(program: &Path, architecture: &str, top: &Path, template: &Path) -> Runnable {
    Runnable {
        place: Some(Place {
            directory: top.join("work"),
            template: template.to_owned(),
        }),
        silent: true,
        environment: vec![("DEB_HOST_ARCH".to_owned(), architecture.to_owned())],
        ..Runnable::new(&[&program.display().to_string()])
    }
}

/// A source package, built if there is to be something in it.
fn write(top: &Path, built: bool) -> Result<()> {
    let write = |path: &str, text: &str| -> Result<()> {
        let path = top.join(path);
        fs_err::create_dir_all(path.parent().unwrap_or(top))?;
        Ok(fs_err::write(path, text)?)
    };
    write("debian/control", CONTROL)?;
    write("debian/changelog", CHANGELOG)?;
    if built {
        let place = "debian/python3-toy/usr/lib/python3/dist-packages";
        write(&format!("{place}/toy-1.0.dist-info/METADATA"), METADATA)?;
        for at in 0..MODULES {
            write(&format!("{place}/toy/module{at}.py"), "import json\n")?;
        }
    }
    Ok(())
}
