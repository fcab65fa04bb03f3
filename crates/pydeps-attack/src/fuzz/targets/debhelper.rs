//! What the debhelper commands read: ELF files, a wheel's lists, files under debian/.

use pydeps_debhelper::argv::{self, Given, Own, Takes};
use pydeps_debhelper::compat::Compat;
use pydeps_debhelper::config::{self, Origin};
use pydeps_debhelper::control::Control;
use pydeps_debhelper::{record, substvars};
use pydeps_elf::distribution::Distribution;
use pydeps_elf::overrides::{self, Lintian};
use pydeps_elf::rules::Rules;
use pydeps_elf::{content, embedded, record as elf_record, survey};

use super::lossy;
use crate::fuzz::Target;

const ELF: &[u8] = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\
    \0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x38\0\x01\0\x40\0\0\0\0\0\x02\0\0\0\x04\0\0\0\x80\0\0\0\0\0\0\0\x80\0\0\0\0\0\0\0\
    \x80\0\0\0\0\0\0\0\x30\0\0\0\0\0\0\0\x30\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\
    \x05\0\0\0\0\0\0\0\xb0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0libc.so.6\0";
const SCAN: &[u8] = br#"{"version":1,"files":[{"path":"usr/lib/a.so","class":"foreign","reason":"x","treatment":"hold","sha256":"00","size":1,"mode":420,"modified":[0,0]}]}"#;

/// debian/PKG.pyelf, with the patterns tried.
fn rules(text: &str) {
    let variables = |name: &str| Some(format!("<{name}>"));
    for level in [12, 13] {
        let lines = config::lines(text, Origin::File("x"), Compat::new(level), &variables);
        let Ok(lines) = lines else { continue };
        let lines = lines
            .iter()
            .map(|line| (line.number, line.words.as_slice()));
        if let Ok(rules) = Rules::read(lines) {
            _ = rules.of("usr/lib/app/plugins/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.so");
            _ = rules.tree_of("usr/lib/app/x");
        }
    }
}

fn arguments(text: &str) {
    let arguments: Vec<String> = text
        .lines()
        .next()
        .unwrap_or_default()
        .split(' ')
        .map(str::to_owned)
        .collect();
    let given = Given {
        arguments: &arguments,
        options: text.lines().nth(1),
        internal: text.lines().nth(2),
    };
    let own = [Own {
        names: vec!["declared".to_owned(), "d".to_owned()],
        takes: Takes::Value,
    }];
    for level in [12, 13] {
        _ = argv::parse(&given, &own, Compat::new(level));
    }
}

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "elf",
        read: |bytes| {
            _ = content::inspect(bytes);
            _ = embedded::since(bytes);
            _ = survey::read("usr/lib/x.so", bytes);
        },
        seeds: &[ELF, b"!<arch>\nx.o/            0           0     0     644     1         `\nx\n"],
        nests: &["\x7fELF", "!<arch>\n"],
        repeats: &["\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0", "\0", "inflate 1.{n} ", "x/              0           0     0     644     0         `\n"],
    },
    Target {
        name: "wheel-lists",
        read: |bytes| {
            // WHEEL, then RECORD.
            let at = bytes.windows(2).position(|two| two == b"\n\n").unwrap_or(bytes.len());
            let (wheel, record) = bytes.split_at(at);
            let (read, _) = Distribution::read("lib/x-1.dist-info", Some(wheel), Some(record));
            _ = (read.made(), read.platform());
        },
        seeds: &[b"Wheel-Version: 1.0\nTag: cp39.cp310-abi3-manylinux_2_17_x86_64\n\nx/a.so,sha256=abc,12\n\"x/b,c\",,\nx-1.dist-info/RECORD,,\n"],
        nests: &["\"", ",", "../"],
        repeats: &["x/f{n},sha256=a,1\n", "Tag: cp3{n}-none-any\n", ".cp3{n}", "\"a\nb\",,\n", ","],
    },
    Target {
        name: "pyelf-rules",
        read: |bytes| rules(&lossy(bytes)),
        seeds: &[b"# x\nforeign usr/lib/app/plugins/*.so\nlocal usr/lib/app/**/x?.so [ab].so\ntree usr/lib/app ${env:HOME} ${}\n"],
        nests: &["*", "**/", "[", "${", "*a"],
        repeats: &["foreign usr/lib/a{n}/*.so\n", "${Dollar}", " x{n}", "*", "a*"],
    },
    Target {
        name: "scan-record",
        read: |bytes| _ = serde_json::from_slice::<elf_record::Record>(bytes),
        seeds: &[SCAN],
        nests: &["[", "{\"a\":"],
        repeats: &[",{\"path\":\"a{n}\"}", " ", "[],"],
    },
    Target {
        name: "control",
        read: |bytes| _ = Control::parse(&lossy(bytes)),
        seeds: &[b"Source: a\nBuild-Depends: debhelper-compat (= 13), b [linux-any]\n\n# x\nPackage: a\nArchitecture: any all\nMulti-Arch: same\nBuild-Profiles: <!x>\nDepends: ${pydeps:Depends},\n c (>= 1) | d\nDescription: a\n b\n .\n"],
        nests: &["(", "[", "<", "\n ", "${"],
        repeats: &["\nPackage: p{n}\nArchitecture: all\n", ", a{n}", "X{n}: y\n", " z\n", "# x\n"],
    },
    Target {
        name: "substvars",
        read: |bytes| {
            let text = lossy(bytes);
            _ = substvars::get(&text, "pydeps:Depends");
            if let Ok(text) = substvars::add(&text, "pydeps:Depends", "b (>= 1)") {
                assert!(substvars::get(&text, "pydeps:Depends").contains("b (>= 1)"), "{text}");
            }
            _ = record::is_logged(&text, "dh_x");
        },
        seeds: &[b"pydeps:Depends=a (>= 1), b\nshlibs:Depends?=libc6\nmisc:Depends!=x\n"],
        nests: &["=", "${", ","],
        repeats: &["v{n}=x\n", ", a{n}", "pydeps:Depends=x\n"],
    },
    Target {
        name: "arguments",
        read: |bytes| arguments(&lossy(bytes)),
        seeds: &[b"-pa -Nb --exclude=x -X y -O--declared=z -- a b\n-v -d x\n-a\x1e-i\n"],
        nests: &["-", "-O", "\"", "\\"],
        repeats: &[" -p{n}", " -Xa", " x", "\x1e-i", " -O-O"],
    },
    Target {
        name: "lintian-overrides",
        read: |bytes| {
            for lintian in [Lintian::of_release("bookworm"), Lintian::of_release("trixie")] {
                _ = overrides::text("a", &lossy(bytes), &[], lintian);
            }
        },
        seeds: &[b"# x\na: embedded-library zlib [usr/lib/a.so]\na binary: x *\n"],
        nests: &["[", "*", "# "],
        repeats: &["a: x{n}\n", "# x\n", "\n"],
    },
];
