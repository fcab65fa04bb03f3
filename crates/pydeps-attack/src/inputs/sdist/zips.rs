//! Sdists as zip files.

use super::named;
use crate::input::{Input, either, refuse};
use crate::make::release::sdist_members;
use crate::make::zip::{Member, Zip};
use crate::world::World;

fn sdist() -> Zip {
    let members = sdist_members("", &[]);
    members.iter().fold(Zip::default(), |zip, (path, bytes)| {
        zip.file(&format!("evil-1.0/{path}"), bytes)
    })
}

fn with(world: &mut World, member: &Member) {
    named(world, ".zip", sdist().member(member).finish());
}

pub(super) const INPUTS: &[Input] = {
    &[
        refuse("zip-path-up", "a zip member that leads up and out", |w| {
            with(w, &Member::file("evil-1.0/../../../outside/PWNED", b"x"));
        }),
        either(
            "zip-path-backslash",
            "a zip member with a path as on Windows",
            |w| {
                with(w, &Member::file("evil-1.0\\..\\..\\outside\\PWNED", b"x"));
            },
        ),
        refuse("zip-link", "a zip member that is a link out", |w| {
            let link = Member {
                mode: 0o120_777,
                ..Member::file("evil-1.0/x", b"../../../outside/canary")
            };
            with(w, &link);
        }),
        refuse("zip-encrypted", "a zip member that is encrypted", |w| {
            let member = Member {
                flags: 0x801,
                ..Member::file("evil-1.0/x", b"x")
            };
            with(w, &member);
        }),
        refuse(
            "zip-method",
            "a zip member of a method that there is not",
            |w| {
                let member = Member {
                    method: 4242,
                    ..Member::file("evil-1.0/x", b"x")
                };
                with(w, &member);
            },
        ),
        refuse("zip-crc", "a zip member of another checksum", |w| {
            let member = Member {
                crc: 1,
                ..Member::file("evil-1.0/x", b"x")
            };
            with(w, &member);
        }),
        either(
            "zip-two-names",
            "a zip member with another name before its content",
            |w| {
                let member = Member {
                    local_name: b"../../../outside/PWNED".to_vec(),
                    ..Member::file("evil-1.0/x", b"x")
                };
                with(w, &member);
            },
        ),
        refuse(
            "zip-overlap",
            "a thousand zip members with one content of ten megabytes",
            |w| {
                let first = Member::bomb("evil-1.0/x0", 10 << 20);
                let zip = sdist();
                let at = u32::try_from(zip.len()).unwrap_or(0);
                let again = |zip: Zip, number: usize| {
                    zip.member(&Member {
                        name: format!("evil-1.0/x{number}").into(),
                        offset: Some(at),
                        ..first.clone()
                    })
                };
                let zip = (1..1000).fold(zip.member(&first), again);
                named(w, ".zip", zip.finish());
            },
        ),
        refuse("zip-bomb", "a zip member of eight gigabytes", |w| {
            w.patience(60);
            let mut bomb = Member::bomb("evil-1.0/x", 3 << 30);
            bomb.size = 5;
            with(w, &bomb);
        }),
        refuse(
            "zip-name-escape",
            "a zip member whose name steers the terminal",
            |w| {
                with(w, &Member::file("evil-1.0/\x1b[2J\u{202e}", b"x"));
            },
        ),
    ]
};
