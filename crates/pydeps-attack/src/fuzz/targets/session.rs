//! Files of a session.

use pydeps_core::build_summary::Fix;
use pydeps_core::overrides::Overrides;
use pydeps_host::{built, decisions, lock};

use super::{as_file, lossy};
use crate::fuzz::Target;

const LOCK: &[u8] = b"version = 1\nsuite = \"hazel\"\narchitecture = \"amd64\"\npython = \"3.13\"\narchive-date = \"2026-12-01T00:00:00Z\"\n\
    minimality = \"proven\"\nbuild-order = [[\"evil\"]]\n[asked]\nwhat = [\"evil\"]\n[[root]]\nlabel = \"evil\"\nname = \"evil\"\nversion = \"1.0\"\n\
    [[distribution]]\nname = \"evil\"\nversion = \"1.0\"\nverdict = \"missing\"\naction = \"generate\"\norigin = \"index\"\n\
    required-by = [{ name = \"x\", requirement = \"evil\", met = true }]\nfreedom = \"unclear\"\n[sdist]\nevil = { file = \"evil-1.0.tar.gz\", sha256 = \"00\" }\n";

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "lock",
        read: |bytes| {
            if let Ok(lock) = lock::parse(&lossy(bytes), "x") {
                let text = lock::print(&lock);
                let again = lock::parse(&text, "x").map(|lock| lock::print(&lock));
                assert_eq!(again.ok().as_ref(), Some(&text));
            }
        },
        seeds: &[LOCK, b"version = 2\nsuite = \"hazel\"\n"],
        nests: &["[", "{a=", "a.", "(", "\"", "''' "],
        repeats: &["[[distribution]]\nname = \"d{n}\"\nverdict = \"missing\"\n", "# x\n", "k{n} = 1\n", "[t{n}]\n"],
    },
    Target {
        name: "decisions",
        read: |bytes| {
            let text = lossy(bytes);
            _ = decisions::parse(&text, "x");
            _ = decisions::parse_line(&text, "x");
            let fix = Fix {
                source: "a".to_owned(),
                version: "1".to_owned(),
                change: "b".to_owned(),
                reason: "c".to_owned(),
            };
            _ = decisions::with_fixes(&text, "x", &[fix]);
        },
        seeds: &[
            b"version = 1\n[decisions]\nsix = { action = \"pin\", version = \"==1.0,<2\", reason = \"x\" }\na = { action = \"replace\", from = \"sid\" }\n[[fix]]\nsource = \"a\"\nversion = \"1\"\nchange = \"b\"\nreason = \"c\"\n",
            b"six = { action = \"relax\" }",
        ],
        nests: &["[", "{a=", "a.", "\"", "''' "],
        repeats: &["d{n} = { action = \"ignore\" }\n", "# x\n", "[[fix]]\nsource = \"a{n}\"\n", ",!=1.{n}"],
    },
    Target {
        name: "overrides",
        read: |bytes| _ = Overrides::parse(&lossy(bytes), "x"),
        seeds: &[b"# x\nsix python3-six | python3-b; PEP386 s/a/b/,y/x/z/\nrequests\na <3 python3-a; PEP440\n"],
        nests: &["s/", "(", "|", ";", "[", "\\"],
        repeats: &["d{n} python3-d{n}\n", ",s/a/b/", " | x", "# x\n", "a"],
    },
    Target {
        name: "built-metadata",
        read: |bytes| {
            let path = "usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA";
            as_file(bytes, path, |top| _ = built::distributions(top));
        },
        seeds: &[b"Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nRequires-Dist: six>=1; extra == 'a'\nProvides-Extra: a\n\nx\n"],
        nests: &["(", "[", "\n "],
        repeats: &["Requires-Dist: six>={n}\n", "Classifier: x\n", " x\n"],
    },
    Target {
        name: "built-egg",
        read: |bytes| {
            let path = "usr/lib/python3/dist-packages/evil-1.0.egg-info";
            as_file(bytes, path, |top| _ = built::distributions(top));
        },
        seeds: &[b"Metadata-Version: 1.1\nName: evil\nVersion: 1.0\nRequires: six (>=1)\n"],
        nests: &["(", "[", "\n "],
        repeats: &["Requires: six{n}\n", "Requires: a (>=1,<2)\n", " x\n"],
    },
];
