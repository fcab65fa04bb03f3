//! What builds leave: logs, source packages, bookkeeping.

use pydeps_build::{Area, Phase, Stock, parse, problems, tags};

use super::{as_file, lossy};
use crate::fuzz::Target;

const LOG: &[u8] = b"| Build environment                                                            |\n\
    ModuleNotFoundError: No module named 'a.b'\nx.c:1:1: fatal error: x.h: No such file or directory\n\
    /bin/sh: 1: tool: not found\n   dh_auto_test\nFAILED tests/test_a.py::test_b - OSError: x\n\
    E: a: tag x [y]\nN: z\nI: Lintian run has ended.\nAutopkgtest: pass\nFail-Stage: build\nStatus: attempted\n";

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "build-log",
        read: |bytes| {
            let log = lossy(bytes);
            _ = problems(&log);
            _ = tags(&log);
            _ = log.lines().filter_map(Phase::of).count();
        },
        seeds: &[LOG],
        nests: &["'", "error: ", "(", "FAILED ", "["],
        repeats: &[
            "ModuleNotFoundError: No module named 'm{n}'\n", "FAILED tests/t{n}.py::t - x\n", "error: ", "E: a: t{n}\n", "x", "\n",
        ],
    },
    Target {
        name: "dsc",
        read: |bytes| _ = parse(&lossy(bytes)),
        seeds: &[
            b"Format: 3.0 (quilt)\nSource: python-b\nBinary: python3-b, b-doc\nVersion: 1:1.0-1\nBuild-Depends: a (= 1), c <!nocheck>\nChecksums-Sha256:\n aa 12 b_1.0.orig.tar.gz\n",
            b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSource: a\n-----BEGIN PGP SIGNATURE-----\n\nxx\n",
        ],
        nests: &["(", "[", "<", "\n ", "-----BEGIN PGP SIGNED MESSAGE-----\n\n"],
        repeats: &["\n aa 1 f{n}", ", a{n} (= 1)", "X{n}: y\n", " z\n"],
    },
    Target {
        name: "generated-toml",
        read: |bytes| {
            as_file(bytes, "state/generated.toml", |top| _ = Stock::read(&Area::new(top)));
        },
        seeds: &[b"version = 1\n[distribution.evil]\nversion = \"1.0\"\nsource = \"python-evil\"\npackage-version = \"1.0-1\"\n[refused.a]\nversion = \"1\"\nreason = \"x\"\n[package]\nevil = \"python3-evil\"\n"],
        nests: &["[", "{a=", "a.", "\""],
        repeats: &["[distribution.d{n}]\nversion = \"1\"\n", "p{n} = \"x\"\n", "# x\n"],
    },
];
