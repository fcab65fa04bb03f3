//! What the manual pages of the commands say beyond their options.

use clap::Command;

use crate::commands;
use crate::tool::definition;

/// One section of one manual page, after the options.
pub struct Section {
    /// The command; every command's where it is empty.
    pub page: &'static str,
    /// The heading, in capitals.
    pub title: &'static str,
    /// Paragraphs before the list, separated by an empty line.
    pub text: &'static str,
    /// A list of terms and what they mean.
    pub entries: &'static [(&'static str, &'static str)],
}

/// The definitions of all commands.
pub fn definitions() -> Vec<Command> {
    vec![
        definition::<commands::pydeps::Pydeps>(),
        definition::<commands::pyelf_check::PyelfCheck>(),
        definition::<commands::pyelf_hold::PyelfHold>(),
        definition::<commands::pyelf_restore::PyelfRestore>(),
        definition::<commands::pyelf_scan::PyelfScan>(),
    ]
}

const PYELF: (&str, &str) = (
    "debian/PACKAGE.pyelf",
    "What the packager says of files and directories, see dh_pyelf(5).",
);
const RECORD: (&str, &str) = (
    "debian/.debhelper/generated/PACKAGE/pyelf/record.json",
    "What was found. It is the dh_pyelf commands' own.",
);
const HELD: (&str, &str) = (
    "debian/.debhelper/generated/PACKAGE/pyelf/held",
    "The files that are held at the moment, under their paths in the package.",
);

/// Pages that a command's own page names under SEE ALSO, before those that every page names.
pub fn see_also(command: &str) -> &'static [&'static str] {
    match command {
        "dh_pydeps" => &[
            "dh_pydeps(5)",
            "pydeps.toml(5)",
            "pydeps.lock(5)",
            "dh_python3(1)",
        ],
        _ => &[
            "dh_pyelf(5)",
            "dh_pyelf_scan(1)",
            "dh_pyelf_hold(1)",
            "dh_pyelf_restore(1)",
            "dh_pyelf_check(1)",
            "dh_pydeps(1)",
        ],
    }
}

/// The sections, in the order in which they are printed.
pub const SECTIONS: &[Section] = &[
    Section {
        page: "dh_pydeps",
        title: "USE",
        text: "Build-Depend on dh-sequence-pydeps beside dh-sequence-python3, and add ${pydeps:Depends} to the Depends of each package with Python code, as well as ${pydeps:Recommends} and ${pydeps:Suggests} where extras are chosen for them. From compat 14 on the fields are filled by debhelper itself.\n\n\
The add-on calls dh_python3 with --no-guessing-deps, so that requirements are translated once; dependencies on Python itself stay dh_python3's, in ${python3:Depends}, but for what it leaves alone (see PYTHON ITSELF). Where an override target calls dh_python3 without that option, or where the add-on is in Build-Depends-Indep or -Arch, both write their relations, and dpkg-gencontrol(1) takes out those that are implied by others.",
        entries: &[],
    },
    Section {
        page: "dh_pydeps",
        title: "RELATIONS",
        text: "Markers are judged for the Python of the system that builds. What holds on some architectures only becomes a relation of an Architecture: all package for all of them, with a warning. Bounds are written in the spelling of the Debian package's version, with its epoch.\n\n\
A distribution in the same package needs no relation; one in another binary package of the same source package is depended on in the version of this build. Metadata directly in a public directory or in a directory of an application's own counts; vendored copies below a public directory do not. What is in a private directory satisfies only what is in the same one.",
        entries: &[],
    },
    Section {
        page: "dh_pydeps",
        title: "PYTHON ITSELF",
        text: "An extension module outside of the public directories (below usr/lib/python3 and usr/lib/python3.N) is for the Python in its name: m.cpython-311-x86_64-linux-gnu.so gives python3 (<< 3.12), python3 (>= 3.11~), as dh_python3 has it for public ones, and the modules of a wheel with a tag like cp39-abi3 give python3 (>= 3.9~). Where a module is there for several Pythons side by side, the bounds take them all in. A tree that debian/PACKAGE.pyelf declares, and an environment below opt, needs at least python3, and the Pythons of its directories python3.N.\n\n\
A module that none of the Pythons can load that this system supports gives a warning and no bounds, as does one that only a Python can load that is not the default one; a note, where the same module is there for any Python, or in another directory for one that is supported. Without Python on this system nothing is said of that. What is for a Python that the package has itself, as libpython3.N.so, is not looked at. -X leaves files out: for what python3 has nothing to do with.",
        entries: &[],
    },
    Section {
        page: "dh_pydeps",
        title: "FILES",
        text: "",
        entries: &[
            (
                "debian/PACKAGE.pydeps",
                "Extras to be followed, and into which field: see dh_pydeps(5).",
            ),
            (
                "debian/pydeps.toml",
                "Decisions, see pydeps.toml(5). relax takes the bounds of a requirement away, ignore and bundle the whole requirement; with generate, backport and replace the package may be one that the suite does not have.",
            ),
            (
                "debian/pydeps.lock",
                "The resolved tree, written by dh-pydeps resolve, see pydeps.lock(5). A distribution that was built in another version than is locked makes the build fail.",
            ),
            (
                "debian/py3dist-overrides",
                "Mappings that come before all others, in the format of dh_python3(1).",
            ),
            (
                "debian/PACKAGE.substvars",
                "Where the relations are written to.",
            ),
        ],
    },
    Section {
        page: "dh_pyelf_scan",
        title: "FILES",
        text: "",
        entries: &[
            PYELF,
            RECORD,
            (
                "*.dist-info/RECORD, *.dist-info/WHEEL",
                "In the package: which files a distribution came with, and for which systems it was made.",
            ),
        ],
    },
    Section {
        page: "dh_pyelf_scan",
        title: "EXAMPLES",
        text: "The sequence calls the commands: Build-Depend on dh-sequence-pydeps. In a debian/rules that calls dh_strip itself, without the sequence:\n\n  \
override_dh_python3:\n  \tdh_pyelf_scan\n  \tdh_python3\n  \n  override_dh_strip:\n  \tdh_strip $$(dh_pyelf_scan --print-options=dh_strip)\n\n\
What was found, and why:\n\n  dh_pyelf_scan -v --no-act",
        entries: &[],
    },
    Section {
        page: "dh_pyelf_hold",
        title: "FILES",
        text: "",
        entries: &[RECORD, HELD],
    },
    Section {
        page: "dh_pyelf_restore",
        title: "FILES",
        text: "",
        entries: &[
            RECORD,
            HELD,
            (
                "debian/PACKAGE.substvars",
                "Where the dependencies of the files are added, to ${pydeps:Depends}.",
            ),
            (
                "usr/share/lintian/overrides/PACKAGE",
                "In the package: the overrides, between two lines that say by whom they were written; what else is in the file stays.",
            ),
        ],
    },
    Section {
        page: "dh_pyelf_restore",
        title: "EXAMPLES",
        text: "With files in a directory of their own that a hook has to change before the package is assembled:\n\n  \
execute_after_dh_pyelf_restore:\n  \tchrpath -d debian/app/usr/lib/app/plugin.so\n\n\
Without overrides for lintian:\n\n  override_dh_pyelf_restore:\n  \tdh_pyelf_restore --no-lintian-overrides",
        entries: &[],
    },
    Section {
        page: "dh_pyelf_check",
        title: "FILES",
        text: "",
        entries: &[HELD],
    },
    Section {
        page: "",
        title: "EXIT STATUS",
        text: "",
        entries: &[
            ("0", "Done, or there was nothing to act on."),
            (
                "1",
                "Something is missing or wrong in the package; the messages say what to do.",
            ),
            (
                "2",
                "What was given is wrong: an option, a file in debian/.",
            ),
            ("3", "Something around the command is missing or fails."),
        ],
    },
    Section {
        page: "",
        title: "ENVIRONMENT",
        text: "",
        entries: &[
            (
                "DH_VERBOSE, DH_NO_ACT, DH_QUIET, DH_OPTIONS, DH_COMPAT, DH_COLORS",
                "As debhelper(7) says; NO_COLOR and DPKG_COLORS, too.",
            ),
            (
                "DEB_HOST_ARCH, DEB_TARGET_ARCH, DEB_BUILD_PROFILES, DEB_BUILD_OPTIONS",
                "As dpkg-buildpackage(1) sets them.",
            ),
        ],
    },
];
