//! Members of tar files: where they would go, what they are, what their headers say.

use super::{packed, with};
use crate::input::{Input, either, refuse, take};
use crate::make::gz;
use crate::make::release::sdist_tar;
use crate::make::tar::{Header, Kind, Tar, plain};

pub(super) const PATHS: &[Input] = {
    &[
        refuse("path-up", "a member that leads up and out", |w| {
            with(w, |tar| tar.file("evil-1.0/../../../outside/PWNED", "x"));
        }),
        refuse("path-absolute", "a member with an absolute path", |w| {
            let path = w.outside("PWNED");
            with(w, |tar| tar.file(&path, "x"));
        }),
        refuse("path-newline", "a member whose name has two lines", |w| {
            with(w, |tar| tar.file("evil-1.0/a\nerror: b", "x"));
        }),
        refuse(
            "path-escape",
            "a member whose name steers the terminal",
            |w| {
                with(w, |tar| tar.file("evil-1.0/\x1b[2J", "x"));
            },
        ),
        refuse(
            "path-direction",
            "a member whose name overrides the direction of writing",
            |w| {
                with(w, |tar| tar.file("evil-1.0/\u{202e}yp.a", "x"));
            },
        ),
        refuse("path-bytes", "a member whose name is not UTF-8", |w| {
            with(w, |tar| {
                tar.raw(&plain(b"evil-1.0/caf\xe9.py", Kind::File), b"x")
            });
        }),
        refuse(
            "path-long",
            "a member with a name of three hundred characters",
            |w| {
                with(w, |tar| {
                    tar.file(&format!("evil-1.0/{}", "a".repeat(300)), "x")
                });
            },
        ),
        refuse("path-deep", "a member ten thousand directories down", |w| {
            with(w, |tar| {
                tar.file(&format!("evil-1.0/{}x", "a/".repeat(10_000)), "x")
            });
        }),
        take("path-dashes", "members that read like options", |w| {
            with(w, |tar| {
                tar.file("evil-1.0/--checkpoint-action=exec=touch", "x")
                    .file("evil-1.0/-rf", "x")
            });
        }),
        either(
            "path-globs",
            "members that are patterns, and words with blanks",
            |w| {
                with(w, |tar| {
                    tar.file("evil-1.0/*", "x").file("evil-1.0/a b [c] ?", "x")
                });
            },
        ),
        either("path-case", "members that differ by case alone", |w| {
            with(w, |tar| {
                tar.file("evil-1.0/EVIL.py", "x")
                    .file("evil-1.0/pkg-info", "x")
            });
        }),
        refuse(
            "file-and-directory",
            "a file that is a directory later",
            |w| {
                with(w, |tar| tar.file("evil-1.0/evil.py/x.py", "x"));
            },
        ),
        either("no-top", "an archive without a directory at its top", |w| {
            packed(w, gz(&sdist_tar("", &[]).file("other/x", "x").finish()));
        }),
        refuse("empty", "an archive of nothing", |w| {
            packed(w, gz(&Tar::default().finish()));
        }),
        refuse("not-an-archive", "bytes that are no archive", |w| {
            packed(w, b"nonsense".to_vec());
        }),
        refuse("cut", "half of an archive", |w| {
            let bytes = gz(&sdist_tar("", &[]).finish());
            packed(w, bytes[..bytes.len() / 2].to_vec());
        }),
    ]
};

pub(super) const KINDS: &[Input] = {
    &[
        refuse(
            "link-out",
            "a link out of the source, and a file through it",
            |w| {
                let outside = w.outside("");
                with(w, |tar| {
                    tar.link("evil-1.0/d", &outside)
                        .file("evil-1.0/d/PWNED", "x")
                });
            },
        ),
        refuse("link-up", "a relative link out of the source", |w| {
            with(w, |tar| {
                tar.link("evil-1.0/canary", "../../../outside/canary")
            });
        }),
        refuse("link-chain", "two links that only together lead out", |w| {
            with(w, |tar| {
                tar.directory("evil-1.0/a/b")
                    .link("evil-1.0/a/b/up", "../..")
                    .link("evil-1.0/out", "a/b/up/../canary")
            });
        }),
        refuse("link-round", "a link to itself", |w| {
            with(w, |tar| tar.link("evil-1.0/a", "b").link("evil-1.0/b", "a"));
        }),
        refuse(
            "link-over-file",
            "a link in the place of a file that comes again",
            |w| {
                with(w, |tar| {
                    tar.link("evil-1.0/evil.py", "/etc/passwd")
                        .file("evil-1.0/evil.py", "x")
                });
            },
        ),
        refuse("top-is-link", "a top directory that is a link", |w| {
            let tar = Tar::default()
                .link("evil-1.0", "../../outside")
                .file("evil-1.0/PWNED", "x");
            packed(w, gz(&tar.finish()));
        }),
        refuse(
            "hard-link-out",
            "a hard link to a file of this machine",
            |w| {
                let target = w.outside("canary");
                with(w, |tar| {
                    tar.member("evil-1.0/x", Kind::HardLink, &target, b"")
                });
            },
        ),
        refuse("hard-link-up", "a hard link out of the source", |w| {
            with(w, |tar| {
                tar.member("evil-1.0/x", Kind::HardLink, "../../../outside/canary", b"")
            });
        }),
        refuse("fifo", "a fifo", |w| {
            with(w, |tar| {
                tar.member("evil-1.0/PKG-INFO2", Kind::Fifo, "", b"")
            });
        }),
        refuse("char-device", "a character device", |w| {
            with(w, |tar| {
                tar.member("evil-1.0/null", Kind::CharDevice, "", b"")
            });
        }),
        refuse("block-device", "a block device", |w| {
            with(w, |tar| {
                tar.member("evil-1.0/disk", Kind::BlockDevice, "", b"")
            });
        }),
        either(
            "unknown-kind",
            "a member of a kind that there is not",
            |w| {
                with(w, |tar| tar.member("evil-1.0/x", Kind::Unknown, "", b"x"));
            },
        ),
        refuse("sparse", "a sparse file of GNU tar's", |w| {
            with(w, |tar| tar.member("evil-1.0/x", Kind::GnuSparse, "", b"x"));
        }),
        take("set-uid", "a program with all bits set", |w| {
            let header = Header {
                mode: 0o7777,
                ..plain(b"evil-1.0/su", Kind::File)
            };
            with(w, |tar| tar.raw(&header, b"x"));
            let tree = w.path("build-area/python-evil/su");
            let bits = std::fs::metadata(tree).map_or(0, |data| {
                std::os::unix::fs::PermissionsExt::mode(&data.permissions())
            });
            w.demand(bits & 0o7022 == 0, "special bits were kept");
        }),
        take("mode-none", "files that nobody may read", |w| {
            let header = Header {
                mode: 0,
                ..plain(b"evil-1.0/secret.py", Kind::File)
            };
            with(w, |tar| tar.raw(&header, b"x = 1\n"));
        }),
    ]
};

pub(super) const HEADERS: &[Input] = {
    &[
        refuse("long-name-huge", "a long name of four gigabytes", |w| {
            let header = Header {
                size: Some(4 << 30),
                ..plain(b"././@LongLink", Kind::GnuLongName)
            };
            with(w, |tar| tar.raw(&header, b"x"));
        }),
        refuse("size-huge", "a file that claims 2^62 bytes", |w| {
            let header = Header {
                size: Some(1 << 62),
                ..plain(b"evil-1.0/x", Kind::File)
            };
            with(w, |tar| tar.raw(&header, b"x"));
        }),
        refuse("pax-path-up", "a pax header with a path up and out", |w| {
            with(w, |tar| {
                tar.pax(&[("path", "../../../outside/PWNED")])
                    .file("evil-1.0/x", "x")
            });
        }),
        refuse("pax-size", "a pax header with another size", |w| {
            with(w, |tar| {
                tar.pax(&[("size", "99999999999")]).file("evil-1.0/x", "x")
            });
        }),
        refuse(
            "pax-path-control",
            "a pax header whose path steers the terminal",
            |w| {
                with(w, |tar| {
                    tar.pax(&[("path", "evil-1.0/\x1b[2J\u{202e}")])
                        .file("evil-1.0/x", "x")
                });
            },
        ),
        either(
            "pax-many",
            "a hundred thousand pax headers before one file",
            |w| {
                with(w, |tar| {
                    (0..100_000)
                        .fold(tar, |tar, _| tar.pax(&[("comment", "x")]))
                        .file("evil-1.0/x", "x")
                });
            },
        ),
        either(
            "pax-global",
            "a global header that gives all files one name",
            |w| {
                let header = plain(b"pax_global_header", Kind::PaxGlobal);
                with(w, |tar| {
                    tar.raw(&header, b"25 path=evil-1.0/evil.py\n")
                        .file("evil-1.0/x", "x")
                });
            },
        ),
        refuse("checksum", "a header whose checksum is wrong", |w| {
            with(w, |tar| tar.bytes(&[b'x'; 512]));
        }),
    ]
};
