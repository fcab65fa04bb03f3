//! Programs in front of the search path that write down how they are called.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The variable with the directory that calls are written to, a file for each.
pub const RECORD: &str = "ATTACK_RECORD";
/// The variable with the script that stands for sbuild and mmdebstrap, `$0` being which.
pub const BUILDER: &str = "ATTACK_BUILDER";

/// Programs of this machine that do their work as ever.
const PASSED_ON: [&str; 6] = [
    "apt-get",
    "dpkg-deb",
    "dpkg-scanpackages",
    "dpkg-shlibdeps",
    "dpkg-source",
    "tar",
];

/// What pbuilder does with its configuration, and nothing else.
const PBUILDER: &str = "while [ $# -gt 0 ]; do\n\
    [ \"$1\" = --configfile ] && . \"$2\"\nshift\ndone\nexit 1\n";

/// What sbuild does with its configuration, before it builds.
const SBUILD: &str =
    "[ -z \"$SBUILD_CONFIG\" ] || perl -e 'do $ENV{SBUILD_CONFIG} or die' || exit 1\n";

/// One call of a program: its name and its arguments.
pub type Call = Vec<String>;

/// A builder that does its work: an empty chroot, and packages made out of nothing.
pub const GOOD: &str = r#"
if [ "$0" = mmdebstrap ]; then
	for word; do
		case $word in *.tar.zst) : >"$word" ;; esac
	done
	exit 0
fi
for word; do dsc=$word; done
field() { sed -n "s/^$1: *//p" "$dsc"; }
version=$(field Version)
file=$(echo "$version" | sed 's/^[0-9]*://')
for package in $(field Binary | sed 's/,/ /g'); do
	mkdir -p "$package/DEBIAN"
	printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: x\n' 		"$package" "$version" >"$package/DEBIAN/control"
	dpkg-deb --root-owner-group --build "$package" "${package}_${file}_all.deb" || exit 1
	rm -r "$package"
done
printf 'Date: Thu, 01 Jan 2026 12:00:00 +0000\n' >"$(field Source)_${file}_amd64.changes"
echo "Status: successful"
"#;

/// Puts the programs into `bin`.
///
/// # Panics
/// If they cannot be written.
pub fn put(bin: &Path) {
    for program in PASSED_ON {
        let own = real(program).unwrap_or_else(|| PathBuf::from("/nonexistent"));
        write(bin, program, &format!("exec {} \"$@\"\n", own.display()));
    }
    let builder = |name: &str| format!("exec sh -c '. \"${BUILDER}\"' {name} \"$@\"\n");
    write(bin, "mmdebstrap", &builder("mmdebstrap"));
    write(bin, "sbuild", &format!("{SBUILD}{}", builder("sbuild")));
    write(bin, "pbuilder", PBUILDER);
    write(bin, "autopkgtest", "");
    write(bin, "autodep8", "");
}

fn write(bin: &Path, name: &str, script: &str) {
    let path = bin.join(name);
    let text =
        format!("#!/bin/sh\nprintf '%s\\0' {name} \"$@\" >\"${RECORD}/{name}.$$\"\n{script}");
    let executable = std::fs::Permissions::from_mode(0o755);
    let written =
        fs_err::write(&path, text).and_then(|()| fs_err::set_permissions(path, executable));
    written.expect("a temporary directory");
}

/// What was recorded, without order.
pub fn calls(record: &Path) -> Vec<Call> {
    let entries = std::fs::read_dir(record).into_iter().flatten().flatten();
    let call = |path: PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        let words = bytes.split(|byte| *byte == 0);
        words
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect()
    };
    entries.map(|entry| call(entry.path())).collect()
}

fn real(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|directory| directory.join(program))
        .find(|file| file.is_file())
}
