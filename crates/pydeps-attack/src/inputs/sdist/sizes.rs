//! Too much: archives that grow, and texts that are read with more than linear work.

use super::{files, named, packed};
use crate::input::{Input, either, refuse};
use crate::make::release::sdist_tar;
use crate::make::tar::{Header, Kind, plain};
use crate::make::{gz, gz_bomb, gz_repeated, through};

pub(super) const BOMBS: &[Input] = {
    /// The beginning of an sdist with a file of so many zeros in it.
    fn grows(total: u64) -> Vec<u8> {
        let header = Header {
            size: Some(total),
            ..plain(b"evil-1.0/zeros", Kind::File)
        };
        sdist_tar("", &[]).raw(&header, b"").unfinished()
    }
    &[
        refuse(
            "gzip-bomb",
            "five gigabytes of zeros in five megabytes of gzip",
            |w| {
                w.patience(60);
                packed(w, gz_bomb(&grows(5 << 30), &[0], 5 << 30));
            },
        ),
        refuse("xz-bomb", "half a gigabyte of zeros in xz", |w| {
            w.patience(60);
            let tar = [grows(512 << 20), vec![0; 512 << 20]].concat();
            named(w, ".tar.xz", through("xz", &["-0"], tar));
        }),
        refuse(
            "bzip2-bomb",
            "a gigabyte of zeros in bzip2, a stream for each ten megabytes",
            |w| {
                w.patience(60);
                let zeros = through("bzip2", &["-1"], vec![0; 10 << 20]).repeat(100);
                named(
                    w,
                    ".tar.bz2",
                    [through("bzip2", &[], grows(1000 << 20)), zeros].concat(),
                );
            },
        ),
        refuse(
            "xz-dictionary",
            "an xz file that asks for a dictionary of four gigabytes",
            |w| {
                let mut bytes = through("xz", &["-0"], grows(100));
                // The LZMA2 filter's one property, and the CRC of the block header.
                if let Some(at) = bytes.windows(2).position(|two| two == [0x21, 0x01]) {
                    bytes[at + 2] = 40;
                    let (begin, length) = (12, (usize::from(bytes[12]) + 1) * 4);
                    let crc = crate::make::zip::crc(&bytes[begin..begin + length - 4]);
                    bytes[begin + length - 4..begin + length].copy_from_slice(&crc.to_le_bytes());
                }
                named(w, ".tar.xz", bytes);
            },
        ),
        refuse("many-members", "six hundred thousand empty files", |w| {
            w.patience(90);
            let each =
                |tar: crate::make::tar::Tar, n: usize| tar.file(&format!("evil-1.0/d/{n}"), "");
            packed(w, gz(&(0..600_000).fold(sdist_tar("", &[]), each).finish()));
        }),
        either(
            "garbage-behind",
            "garbage behind the compressed member",
            |w| {
                let bytes = gz(&sdist_tar("", &[]).finish());
                packed(w, [bytes, vec![b'x'; 50 << 20]].concat());
            },
        ),
        either(
            "zeros-behind",
            "gigabytes behind the end of the archive",
            |w| {
                w.patience(60);
                let bytes = gz(&sdist_tar("", &[]).finish());
                packed(w, [bytes, gz_repeated(&vec![0; 10 << 20], 300)].concat());
            },
        ),
    ]
};

pub(super) const LONG_TEXTS: &[Input] = {
    fn project(extra: &str) -> Vec<u8> {
        let text = "[build-system]\nrequires = [\"setuptools>=61\"]\n\
            build-backend = \"setuptools.build_meta\"\n[project]\nname = \"evil\"\nversion = \"1.0\"\n";
        format!("{text}{extra}\n").into()
    }
    &[
        either("licence-long", "a licence file of four megabytes", |w| {
            let text = "Copyright (c) 2020 Fred\nPermission is hereby granted, free of charge\n";
            files(w, "", &[("LICENSE", text.repeat(55_000).into())]);
        }),
        either(
            "licences-many",
            "three hundred licence files of a megabyte",
            |w| {
                w.patience(60);
                let text: Vec<u8> = "Permission to use this software is granted by nobody.\n"
                    .repeat(19_000)
                    .into();
                let names: Vec<String> =
                    (0..300).map(|n| format!("LICENSES/LICENSE.{n}")).collect();
                let all: Vec<(&str, Vec<u8>)> = names
                    .iter()
                    .map(|name| (name.as_str(), text.clone()))
                    .collect();
                files(w, "", &all);
            },
        ),
        either(
            "holders-many",
            "a hundred thousand holders of copyright",
            |w| {
                let line = |n: usize| {
                    format!(
                        "# Copyright 20{:02} Holder Number {n} <h{n}@example.org>\n",
                        n % 100
                    )
                };
                files(
                    w,
                    "",
                    &[("evil.py", (0..100_000).map(line).collect::<String>().into())],
                );
            },
        ),
        either("requires-thousands", "four thousand requirements", |w| {
            w.patience(4);
            let line = |n: usize| format!("Requires-Dist: six>=0.{n}\n");
            files(w, &(0..4000).map(line).collect::<String>(), &[]);
        }),
        either(
            "requires-names",
            "four thousand requirements of different names",
            |w| {
                w.patience(20);
                let line = |n: usize| format!("Requires-Dist: evil{n}>=0.{n}\n");
                files(w, &(0..4000).map(line).collect::<String>(), &[]);
            },
        ),
        either(
            "pyproject-deep",
            "a pyproject.toml of 100,000 lists in one another",
            |w| {
                let deep = format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000));
                files(w, "", &[("pyproject.toml", project(&deep))]);
            },
        ),
        either(
            "pyproject-long",
            "a pyproject.toml of forty megabytes",
            |w| {
                files(
                    w,
                    "",
                    &[(
                        "pyproject.toml",
                        project(&"# a comment\n".repeat(3_500_000)),
                    )],
                );
            },
        ),
        either(
            "setup-cfg-long",
            "a setup.cfg of twenty megabytes and continuation lines",
            |w| {
                let text = format!(
                    "[metadata]\nname = evil\nlong_description =\n{}",
                    "  x\n".repeat(5_000_000)
                );
                files(w, "", &[("setup.cfg", text.into())]);
            },
        ),
        either(
            "setup-py-deep",
            "a setup.py of a million parentheses",
            |w| {
                let text = format!(
                    "from setuptools import setup\nsetup({})",
                    "(".repeat(1_000_000)
                );
                files(w, "", &[("setup.py", text.into())]);
            },
        ),
        either(
            "python-one-line",
            "a Python file of thirty megabytes in one line",
            |w| {
                files(
                    w,
                    "",
                    &[("evil.py", format!("x = [{}]", "1,".repeat(15 << 20)).into())],
                );
            },
        ),
        either(
            "python-strings",
            "a Python file that opens strings and never closes them",
            |w| {
                files(
                    w,
                    "",
                    &[("evil.py", "'''\n\"\"\"\nf'{f'{".repeat(1_000_000).into())],
                );
            },
        ),
        either(
            "imports-many",
            "a hundred thousand imports of different modules",
            |w| {
                let line = |n: usize| format!("import module_{n}.sub\n");
                files(
                    w,
                    "",
                    &[("evil.py", (0..100_000).map(line).collect::<String>().into())],
                );
            },
        ),
        either(
            "readme-deep",
            "a README of 100,000 quotes in one another",
            |w| {
                let headers = "Description-Content-Type: text/markdown\n";
                let text = format!("{}\n{}", "> ".repeat(100_000), "[".repeat(1_000_000));
                files(w, headers, &[("README.md", text.into())]);
            },
        ),
        either(
            "cmake-deep",
            "a CMakeLists.txt of a million open calls",
            |w| {
                let text = "ExternalProject_Add(x GIT_REPOSITORY ${a${a${a(\n".repeat(200_000);
                files(w, "", &[("CMakeLists.txt", text.into())]);
            },
        ),
    ]
};
