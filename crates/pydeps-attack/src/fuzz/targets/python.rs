//! Python's formats.

use std::io::Cursor;

use pydeps_core::upstream::MetadataSource;
use pydeps_core::{licence, marker, requirement, requires_txt};
use pydeps_python::lockfile::{self, Kind};
use pydeps_python::{
    dist_path, filename, metadata, project_file, requirements_txt, requires_python, sdist,
    setup_cfg, source, wheel,
};

use super::lossy;
use crate::fuzz::Target;

const MARKER: &[u8] =
    b"six[a,b]>=1.0,<2; (python_version >= '3.9' and os_name == \"posix\") or extra in 'x'";
const METADATA: &[u8] =
    b"Metadata-Version: 2.2\nName: evil\nVersion: 1.0\nSummary: x\nLicense: MIT\n\
    Classifier: License :: OSI Approved\nRequires-Python: >=3.9,!=3.10.*\nProvides-Extra: a\n\
    Requires-Dist: six>=1.0; extra == 'a'\nRequires-Dist: b @ https://example.org/b.whl\n\
    Description: x\n        |y\n\nText.\n";
const PYPROJECT: &[u8] = b"[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\
    [project]\nname = \"evil\"\nversion = \"1.0\"\ndependencies = [\"six>=1; python_version<'4'\"]\n\
    [project.optional-dependencies]\na = [\"b\"]\n[dependency-groups]\ntest = [\"pytest\", {include-group = \"dev\"}]\ndev = []\n";
const POETRY: &[u8] = b"[tool.poetry]\nname = \"evil\"\nversion = \"1\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\n\
    six = [{version = \"^1.0\", python = \"<3.10\"}, {version = \"~2\", extras = [\"a\"], markers = \"os_name=='nt'\"}]\n\
    [tool.poetry.extras]\na = [\"six\"]\n[tool.poetry.group.dev.dependencies]\nb = \"*\"\n";
const SETUP_CFG: &[u8] =
    b"[metadata]\nname = evil\nversion = attr: evil.__version__\n\n[options]\n\
    install_requires =\n    six>=1 ; python_version < '4'\n    # no\n    b %(x)s\nx = 1\n\
    [options.extras_require]\na = c\n";
const SOURCE: &[u8] = b"#!/usr/bin/python3\n\"\"\"Doc.\"\"\"\nimport os, sys as s\nfrom . import a\ntry:\n    import b\nexcept ImportError:\n    b = None\n\
    if TYPE_CHECKING:\n    from c import d\ndef f(x, *, y=(1, [2, {3: 'x' \"y\"}])):\n    subprocess.run([\"tool\", f\"{x!r:>{y}}\"])\n\
    setup(name='evil', install_requires=['six', \"b\" + v], extras_require={'a': ['c']})\n";

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "requirement",
        read: |bytes| {
            _ = requirement::parse(&lossy(bytes), "x");
            _ = requirement::repair_specifiers(&lossy(bytes));
        },
        seeds: &[MARKER, b"x @ https://example.org/x.whl ; os_name=='x'", b"a (>=1,==2.*)"],
        nests: &["(", "[", "'", "not "],
        repeats: &[" or os_name=='{n}'", " and os_name=='{n}'", ",!=1.{n}", "[a]", " ", "9", ".0"],
    },
    Target {
        name: "marker",
        read: |bytes| _ = marker::parse(&lossy(bytes)),
        seeds: &[b"(python_version >= '3.9' and os_name == \"posix\") or 'x' not in extra"],
        nests: &["(", "'", "((os_name=='x' or "],
        repeats: &[" or os_name=='{n}'", " and (a=='{n}' or b=='{n}')", " ", "(os_name=='x') and "],
    },
    Target {
        name: "requires-python",
        read: |bytes| _ = requires_python::read(&lossy(bytes)),
        seeds: &[b">=3.9,!=3.10.*,<4", b"~=3.9"],
        nests: &["(", "="],
        repeats: &[",!=3.{n}", ",", "0", ".0", ">=3"],
    },
    Target {
        name: "metadata",
        read: |bytes| {
            _ = metadata::parse(bytes, MetadataSource::Wheel, "x");
            _ = metadata::about(bytes, "x");
            _ = metadata::header_block(bytes);
        },
        seeds: &[METADATA, b"Name: a\nVersion: 1\n"],
        nests: &["(", "=?utf-8?q?", "\n ", "[", "{"],
        repeats: &[
            "Requires-Dist: six>={n}\n",
            "Requires-Dist: e{n}; extra == 'a{n}'\n",
            "Provides-Extra: a{n}\n",
            "Classifier: x\n",
            " folded\n",
            "(", "=?utf-8?q?x?= ",
        ],
    },
    Target {
        name: "requires-txt",
        read: |bytes| _ = requires_txt::parse(&lossy(bytes), "x"),
        seeds: &[b"six>=1\n\n[a]\nb\n\n[:python_version<'3']\nc\n\n[d:os_name=='nt']\ne\n"],
        nests: &["[", "(", "[:("],
        repeats: &["six>={n}\n", "[a{n}]\nb\n", "[:(os_name=='x')]\nx\n"],
    },
    Target {
        name: "project-file",
        read: |bytes| {
            let text = lossy(bytes);
            if let Ok(file) = project_file::parse(&text, "x") {
                _ = file.requires_dist();
                for group in ["test", "dev", "g0"] {
                    _ = file.group(&group.parse().expect("a name"));
                }
            }
        },
        seeds: &[PYPROJECT, POETRY],
        nests: &["[", "{a=", "a.", "\"", "(", "''' "],
        repeats: &[
            "[[a]]\n", "a{n} = 1\n", "# x\n",
            "\n[dependency-groups]\ng0 = [{include-group = \"g0\"}]\n",
            "[tool.poetry.dependencies.d{n}]\nversion = \"^1\"\n",
        ],
    },
    Target {
        name: "setup-cfg",
        read: |bytes| _ = setup_cfg::parse(&lossy(bytes), "x", &|name| Ok(name.to_owned())),
        seeds: &[SETUP_CFG, b"[metadata]\nname: a\n  b\n"],
        nests: &["%(", "[", "(", "\n  "],
        repeats: &["a{n} = %(b)s\n", "[s{n}]\n", "  six\n", "# x\n", "x = %(x)s%(x)s\n"],
    },
    Target {
        name: "requirements-txt",
        read: |bytes| {
            if let Some(text) = requirements_txt::decode(bytes) {
                _ = requirements_txt::parse(&text, "x");
            }
        },
        seeds: &[
            b"# x\nsix>=1 ; os_name=='x' \\\n  --hash=sha256:0 # y\n-r other.txt\n-c c.txt\n-e ./a[b]\nhttps://example.org/x.whl\n--index-url x\n",
            b"\xff\xfes\0i\0x\0",
        ],
        nests: &["(", "[", "\\\n", "${", "-r "],
        repeats: &["six>={n}\n", "-r r{n}.txt\n", " \\\n", "--hash=sha256:0 ", "./a{n}[b]\n"],
    },
    Target {
        name: "lockfile",
        read: |bytes| {
            let text = lossy(bytes);
            for kind in [Kind::Uv, Kind::Pylock] {
                _ = lockfile::parse(&text, kind, "x");
            }
        },
        seeds: &[
            b"version = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"x\" }\ndependencies = [{ name = \"b\", marker = \"os_name == 'x'\" }]\n",
            b"lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\nmarker = \"os_name == 'x'\"\ndependencies = [{ name = \"b\" }]\n",
        ],
        nests: &["[", "{a=", "a.", "(", "\""],
        repeats: &["[[package]]\nname = \"a{n}\"\nversion = \"1\"\n", "[[packages]]\nname = \"a{n}\"\n", "# x\n"],
    },
    Target {
        name: "file-name",
        read: |bytes| {
            let text = lossy(bytes);
            _ = filename::parse(&text, &"evil".parse().expect("a name"));
            _ = filename::split(&text);
            _ = dist_path::dist_of_path(&text);
        },
        seeds: &[
            b"evil-1.0.tar.gz",
            b"evil-1.0-1-cp39.cp310-abi3.none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
            b"usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA",
        ],
        nests: &["-", ".", "../", "usr/"],
        repeats: &[".0", ".cp3{n}", "-a", "x", "a/", "_"],
    },
    Target {
        name: "sdist",
        read: |bytes| {
            for name in ["a-1.tar", "a-1.tar.gz", "a-1.tar.bz2", "a-1.tar.xz", "a-1.zip"] {
                if let Ok(texts) = sdist::read(Cursor::new(bytes), name, "x") {
                    let (name, version) = ("a".parse().expect("a name"), "1".parse().expect("a version"));
                    _ = sdist::metadata(&texts, &name, &version, "x");
                }
            }
        },
        seeds: &[b"PK\x03\x04\x14\0\0\0\0\0", b"\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\xfd7zXZ\0\0\x04", b"a-1/PKG-INFO\0"],
        nests: &["PK\x03\x04", "\x1f"],
        repeats: &["\0", "PK\x01\x02", "a-1/PKG-INFO\0\0\0\0"],
    },
    Target {
        name: "wheel",
        read: |bytes| _ = wheel::read_metadata(Cursor::new(bytes), "x"),
        seeds: &[b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"PK\x03\x04PK\x01\x02PK\x05\x06"],
        nests: &["PK\x05\x06", "PK\x01\x02"],
        repeats: &["\0", "PK\x01\x02\x14\x03", "PK\x05\x06"],
    },
    Target {
        name: "python-source",
        read: |bytes| {
            let source = source::Source::parse(&lossy(bytes));
            _ = source.texts().count();
            _ = source.mentions("six");
        },
        seeds: &[SOURCE, b"print 'x'\nexec \"\"\"a\n"],
        nests: &["(", "[", "{", "f'{", "f\"\"\"{", "if x:\n ", "lambda: ", "\\\n", "'''", "\t"],
        repeats: &[
            "import m{n}\n", "f({n},", "x = 'y' 'z'\n", "if x:\n  y\n", " \\\n", "a.", "'", "\"\"\"", "@d\n", "x = (1,\n",
        ],
    },
    Target {
        name: "licence",
        read: |bytes| _ = licence::freedom(&lossy(bytes)),
        seeds: &[b"MIT AND (Apache-2.0 OR GPL-3.0-or-later WITH x)", b"BSD 3-Clause", b"License :: OSI Approved :: MIT License"],
        nests: &["(", "MIT AND ("],
        repeats: &[" OR MIT", " AND (MIT)", "x ", "\n"],
    },
];
