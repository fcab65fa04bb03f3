//! What the manual pages say beyond the options.

/// One section of one manual page, after the options.
pub struct Section {
    /// The page: empty for the program's own, else the name of a command.
    pub page: &'static str,
    /// The heading, in capitals.
    pub title: &'static str,
    /// Paragraphs before the list, separated by an empty line.
    pub text: &'static str,
    /// A list of terms and what they mean.
    pub entries: &'static [(&'static str, &'static str)],
}

/// How JSON about source packages begins.
const MADE_HEADER: (&str, &str) = (
    "version, suite",
    "The version of this schema (1), and the suite's codename.",
);

/// What became of releases.
const MADE: (&str, &str) = (
    "packages",
    "In the order of the work: name, version (upstream's), done (whether there is a source package \
     now), source, binary, package_version, dsc (its path; these four are null if there is none), \
     modules (what can be imported), differences (of the dependencies since the last time), \
     findings.",
);

const HEADER: (&str, &str) = (
    "version, suite, architecture, python, archive_date",
    "The version of this schema (1), the suite's codename, its architecture, its default \
     Python, and the date of its Release file.",
);

const FINDINGS: (&str, &str) = (
    "findings",
    "What was noticed: code (stable), severity (info, warning, error), message, and, where \
     there is one, origin (file:line, URL or requirement) and hint.",
);

/// The sections, in the order in which they are printed.
pub const SECTIONS: &[Section] = &[
    Section {
        page: "",
        title: "EXIT STATUS",
        text: "The same for every command.",
        entries: &[
            ("0", "Done, or the answer is yes."),
            (
                "1",
                "The answer is no: something is missing, or there is something to do.",
            ),
            ("2", "What was given is wrong: an option, a name, a file."),
            (
                "3",
                "Something around the program is missing or fails: the network, apt, the cache.",
            ),
        ],
    },
    Section {
        page: "",
        title: "ENVIRONMENT",
        text: "",
        entries: &[
            (
                "DH_PYDEPS_SUITE",
                "The suite to look into, where neither --suite is given nor a lock says it.",
            ),
            (
                "DH_PYDEPS_NO_LOCK",
                "If set and not 0, false or empty: as with --no-lock, no lock is written.",
            ),
            (
                "XDG_CACHE_HOME",
                "Where the cache is kept, in the directory dh-pydeps; by default ~/.cache.",
            ),
            (
                "PIP_INDEX_URL, UV_DEFAULT_INDEX",
                "The package index, where --index-url is not given; then pip's configuration files count, then pip's own default.",
            ),
            (
                "PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS, PIP_NO_INDEX, PIP_CERT, PIP_TIMEOUT, PIP_RETRIES",
                "As pip(1) reads them.",
            ),
            (
                "SSL_CERT_FILE, SSL_CERT_DIR",
                "Certificate authorities to trust instead of the system's.",
            ),
            (
                "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
                "How to reach the package index. apt has its own configuration.",
            ),
            (
                "NETRC",
                "Credentials for package indexes; by default ~/.netrc.",
            ),
            ("NO_COLOR", "If set, no colours."),
        ],
    },
    Section {
        page: "",
        title: "FILES",
        text: "",
        entries: &[
            (
                "build-area/",
                "Source packages, logs/, and repository/, which is a local apt repository of what was built.",
            ),
            (
                "~/.cache/sbuild/SUITE-ARCH.tar.zst",
                "The chroot that packages are built in, where sbuild(1) looks for it, too.",
            ),
            (
                "debian/py3dist-overrides",
                "Mappings that come before all others, in the format of dh_python3(1).",
            ),
            (
                "debian/pydeps.toml",
                "Decisions on distributions, see dh-pydeps-resolve(1); pydeps.toml in a directory without debian/.",
            ),
            (
                "debian/pydeps.lock",
                "The tree that was resolved last and how it was asked for, as TOML, sorted; meant for version control. pydeps.lock in a directory without debian/.",
            ),
            (
                "~/.cache/dh-pydeps/archive/SUITE-ARCH.idx",
                "What a suite offers, written by dh-pydeps update.",
            ),
            (
                "~/.cache/dh-pydeps/local/",
                "What was read of .deb files in local repositories. May be removed at any time.",
            ),
            (
                "~/.cache/dh-pydeps/index/",
                "Answers of package indexes. May be removed at any time.",
            ),
        ],
    },
    Section {
        page: "resolve",
        title: "INPUTS",
        text: "What WHAT may be. Nothing of it is executed. PATH[EXTRA] asks for an extra. A requirement that is to come from a repository, an address or a path is taken by its name alone, with a warning.",
        entries: &[
            (
                "a directory",
                "The first of these that tells the requirements: pyproject.toml with [project] or [tool.poetry] (with both, [project] counts where it lists requirements that are not dynamic); the files that [tool.setuptools.dynamic] names; setup.cfg; PKG-INFO or *.egg-info, which are what an earlier build has written down. setup.py is neither run nor read for requirements.",
            ),
            (
                "a wheel, an sdist",
                "By the end of its name: .whl; .zip, .tar, .tar.gz, .tar.bz2, .tar.xz and their short forms. That release counts, and no other.",
            ),
            (
                "a lock",
                "uv.lock: what the workspace's members require. pylock.toml, pylock.NAME.toml: the packages that no other one in it lists as its dependency, or all where nothing is listed; --extra and --group choose among those that it has, and without --group its default groups count. The versions in it bind with --locked only.",
            ),
            (
                "a requirement",
                "Anything else, as in PEP 508. One without a version may step back (--window).",
            ),
        ],
    },
    Section {
        page: "resolve",
        title: "DECISIONS",
        text: "debian/pydeps.toml says what is to happen to a distribution, with one line for each under [decisions]: pyyaml = { action = \"relax\", reason = \"6.0.2 will do\" }. In a directory without debian/ it is pydeps.toml. A line given with --decide wins. version limits the decision to these versions, as in \">=2,<3\"; reason may be anything. What is not known there is an error.",
        entries: &[
            (
                "relax",
                "The suite's version is taken, whatever its requirers say.",
            ),
            (
                "backport",
                "A newer suite's package is rebuilt, of what the suite lacks; from names the suite.",
            ),
            (
                "replace",
                "The suite's package makes way for a newer one; from names a suite, or index.",
            ),
            (
                "generate",
                "A package is generated from the index, even where one could be rebuilt; from may say index.",
            ),
            ("pin", "Only the versions in version come into question."),
            (
                "bundle",
                "It goes into the application's own directory, and is nobody else's.",
            ),
            ("ignore", "The requirement is left out; it has no version."),
        ],
    },
    Section {
        page: "resolve",
        title: "VERDICTS",
        text: "Each distribution of the tree has one.",
        entries: &[
            (
                "satisfied",
                "The suite has it in a version that everybody accepts.",
            ),
            (
                "too old, too new",
                "The suite has it, but somebody asks for a later or an earlier version. Nothing is done about it by itself: a package of the suite is not replaced behind its back.",
            ),
            (
                "missing",
                "The suite lacks it. It is to be packaged in the version shown.",
            ),
        ],
    },
    Section {
        page: "resolve",
        title: "JSON",
        text: "With --format json, one object is printed. Fields may be added within a version of the schema.",
        entries: &[
            HEADER,
            ("satisfied", "Whether the exit status is 0."),
            (
                "roots",
                "What was asked for: requested (as given), name, version (settled on), newest (if that is a later release), stepped_back (why that cannot be had).",
            ),
            (
                "distributions",
                "The tree, by name: name, version (upstream's; null if any will do), verdict (satisfied, too-old, too-new, missing), action (use, relax, backport, replace, generate, bundle, ignore; null if somebody has to decide), origin (suite, updates, security, backports, a newer suite, a local repository, index, none), package and package_version (Debian's), unstable (the package that unstable has of what this suite lacks), required_by (name, requirement, met; constraint, where it only restricts what others ask for), evidence (kind, and path, at, reason or name). Of what is to be built also newest (the newest release, if it is another one), stepped_back (why it is not that one), saves (how many packages that saves, if known), because (why it has to be built, where that is one contradiction), licence (as its metadata state it), freedom (free, non-free, unclear: at first sight).",
            ),
            (
                "build_order",
                "Lists of names: each list needs only those before it.",
            ),
            (
                "minimality",
                "What is known of there being fewer packages to build, for these versions of what \
                 was asked for and within the window: proven (there cannot be), irreducible (none \
                 of them can be left out), budget reached (not known); null with --budget 0.",
            ),
            (
                "conflict",
                "Sentences that contradict each other; empty if everything can be had.",
            ),
            (
                "choices",
                "Decisions that were tried: name, choice, version (that comes of it), line (for debian/pydeps.toml, under [decisions]), \
                 effect (what comes of it), to_build (how many packages then; null if something is \
                 still to be decided), also (what has to be decided together with it: the same \
                 fields, without to_build's number; absent where it is enough alone).",
            ),
            FINDINGS,
        ],
    },
    Section {
        page: "why",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            HEADER,
            (
                "distribution",
                "The distribution, as in dh-pydeps-resolve(1).",
            ),
            (
                "needed_by",
                "Who asks for it, and who asks for those: depth (1 for those who ask for it), \
                 name, requirement (as written), met. Nobody is entered twice.",
            ),
        ],
    },
    Section {
        page: "tree",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            HEADER,
            ("nodes", "The distributions, as in dh-pydeps-resolve(1)."),
            (
                "edges",
                "Who requires what: from (a distribution, or the place where something was asked \
                 for), to, requirement (as written), met.",
            ),
        ],
    },
    Section {
        page: "map",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            HEADER,
            (
                "distributions",
                "In the order of the arguments: name, state (mapped, ignored, missing), package, package_version, dependency (an override's text), origin (suite, updates, security, backports, or a local repository), upstream (the version that bounds are judged by; null if any will do), basis (kind: metadata, debian-version with because, any-version), public (whether every program can import it), evidence (kind, and path, at, reason or name), others (further packages that hold it), unstable (the package that holds it there), findings (with the codes offer and breaks for what backports and a newer suite have).",
            ),
        ],
    },
    Section {
        page: "relation",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            HEADER,
            (
                "relations",
                "In the order of the arguments: requirement, relation (empty if its marker does not hold), satisfied (by the suite's version), findings.",
            ),
        ],
    },
    Section {
        page: "generate",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[MADE_HEADER, MADE],
    },
    Section {
        page: "generate",
        title: "DATES",
        text: "Two runs give the same bytes. The date of the changelog's entry, which is that of \
               every file of the packages, is that of SOURCE_DATE_EPOCH, or of the release's upload; \
               it is not before the policy that the package names in Standards-Version, and not \
               before the entry below it.",
        entries: &[],
    },
    Section {
        page: "backport",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[MADE_HEADER, MADE],
    },
    Section {
        page: "status",
        title: "JSON",
        text: "With --format json, the object of dh-pydeps-resolve(1) is printed, as the lock has it.",
        entries: &[],
    },
    Section {
        page: "build",
        title: "BUILD AREA",
        text: "Below the directory that --output names. A record of what was built is written when everything else is in its place, and a build counts as done if the .dsc and all files are as they were; so a run may be killed at any moment.",
        entries: &[
            (
                "SRC/",
                "The source tree. If its debian/ is edited, it is packed again before it is built.",
            ),
            (
                "SRC_VERSION.dsc",
                "The source package; of several versions the newest counts.",
            ),
            (
                "repository/",
                "What was built, for apt (deb [trusted=yes] file:/…/repository ./) and for dh-pydeps resolve --local.",
            ),
            (
                "SRC_VERSION_ARCH.changes",
                "What was built, for dput(1) and debsign(1); the packages are linked beside it.",
            ),
            ("logs/", "What was said, for each build."),
            (
                "state/fixes.json",
                "What was changed to make packages build, and why.",
            ),
        ],
    },
    Section {
        page: "build",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            (
                "version, suite, architecture, repository, good",
                "The version of this schema (1), what was built for, the directory of the repository, and whether everything is built.",
            ),
            (
                "builds",
                "By name: source, version, result (built, built-before, failed, skipped), reason, needs (what is not there, of one that was skipped), seconds, lintian (errors, warnings, infos, others: how many; lines: the errors and warnings), autopkgtest (pass, pass (superficial), fail, no tests), fixes (source, version, change, reason), log.",
            ),
            (
                "cycle",
                "Source packages of which each needs the next, or null.",
            ),
        ],
    },
    Section {
        page: "elf",
        title: "JSON",
        text: "With --format json, one object is printed.",
        entries: &[
            (
                "version, architecture",
                "The version of this schema (1), and the architecture that is built for.",
            ),
            (
                "files",
                "By path: path, class (foreign, local, not-elf), treatment (hold: kept away from \
                 debhelper's tools; tools: left to them; leave: no tool touches it; refuse: \
                 damaged, and not as it came), distribution (whose RECORD lists it), reason, \
                 evidence (kind: rule, recorded, changed, listed, grafted, hashed-name, \
                 rearranged, other-architecture, damaged, static, links; and what), findings.",
            ),
            FINDINGS,
        ],
    },
];
