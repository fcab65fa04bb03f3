//! Each kind of harm, and that nothing is left of it.

mod archives;

use ::tar::EntryType;
use proptest::prelude::*;

use super::*;
use archives::*;

/// Limits that a test can go beyond.
const SMALL: Limits = Limits {
    bytes: 4_000_000,
    ratio: 200,
    small: 40_000,
    members: 20,
    depth: 8,
};

/// Unpacks beside a directory that must stay as it is.
/// Says what was unpacked, or why not, and what was odd.
fn outcome(filename: &str, bytes: &[u8]) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let sdist = scratch.path().join(filename);
    fs_err::write(&sdist, bytes).unwrap();
    let area = scratch.path().join("area");
    fs_err::create_dir(&area).unwrap();
    let result = unpack_within(&sdist, &area.join("dest"), &SMALL);
    let there: Vec<_> = fs_err::read_dir(&area).unwrap().collect();
    assert_eq!(there.len(), usize::from(result.is_ok()), "{there:?}");
    assert_eq!(fs_err::read_dir(scratch.path()).unwrap().count(), 2);
    match result {
        Ok(unpacked) => told(&area.join("dest"), &unpacked),
        Err(error) => error.to_string(),
    }
}

/// The members as they are on the disk, and the findings.
fn told(dest: &Path, unpacked: &Unpacked) -> String {
    use std::os::unix::fs::PermissionsExt;
    let mut lines = vec![format!("top {:?}", unpacked.top.as_deref().unwrap_or("-"))];
    for member in &unpacked.files {
        let path = dest.join(&member.path);
        let meta = path.symlink_metadata().unwrap();
        match &member.link {
            Some(target) => {
                assert_eq!(fs_err::read_link(&path).unwrap(), Path::new(target));
                lines.push(format!("{} -> {target}", member.path));
            }
            None => {
                assert_eq!(meta.len(), member.size);
                assert_eq!(meta.permissions().mode() & 0o7777, member.mode);
                lines.push(format!("{} {} {:o}", member.path, member.size, member.mode));
            }
        }
    }
    lines.extend(
        unpacked
            .findings
            .iter()
            .map(|f| format!("{}: {}", f.code, f.message)),
    );
    lines.join("; ")
}

#[track_caller]
fn check(entries: &[Entry], expect: &str) {
    let got = outcome("a-1.0.tar.gz", &gzipped(&tar_of(entries)));
    assert!(got.contains(expect), "{got}");
}

#[track_caller]
fn check_zip(entries: &[(&str, &str, u32)], expect: &str) {
    let got = outcome("a-1.0.zip", &zip_of(entries));
    assert!(got.contains(expect), "{got}");
}

#[test]
fn what_is_well_comes_out() {
    let script = Entry {
        mode: 0o775,
        ..file("a-1.0/bin/x", "#!")
    };
    let all = [
        directory("a-1.0/"),
        file("./a-1.0/PKG-INFO", "Name: a"),
        script,
        symlink("a-1.0/link", "bin/x"),
        hard_link("a-1.0/same", "a-1.0/PKG-INFO"),
    ];
    let expect = "top \"a-1.0\"; PKG-INFO 7 644; bin/x 2 755; link -> bin/x; same 7 644";
    check(&all, expect);
    // Directories need no entries of their own.
    check(&all[1..], expect);
    let zipped = [
        ("a-1.0/PKG-INFO", "Name: a", 0o664),
        ("a-1.0/x", "", 0o100_755),
    ];
    check_zip(&zipped, "top \"a-1.0\"; PKG-INFO 7 644; x 0 755");
    check_zip(
        &[("a/x", "", 0o644), ("a/l", "x", 0o120_777)],
        "l -> x; x 0 644",
    );
}

#[test]
fn one_directory_at_the_top_or_not() {
    check(
        &[file("a/x", ""), file("b/y", "")],
        "top \"-\"; a/x 0 644; b/y 0 644; sdist-without-top",
    );
    check(&[file("x", "")], "top \"-\"; x 0 644; sdist-without-top");
    check(&[directory("a")], "top \"a\"");
    check(&[], "the whole: the archive is empty");
    check(&[directory("./")], "the archive is empty");
}

#[test]
fn names_that_lead_out() {
    check(
        &[file("a/../../x", "")],
        "a/../../x: leads out of the archive",
    );
    check(&[file("..", "")], "leads out");
    check(&[directory("a/..")], "leads out");
    check(
        &[file("/etc/passwd", "")],
        "/etc/passwd: has an absolute name",
    );
    check_zip(&[("../x", "", 0o644)], "../x: leads out");
    check_zip(&[("/x", "", 0o644)], "/x: has an absolute name");
}

#[test]
fn names_that_no_file_should_have() {
    let latin = Entry {
        name: b"a/\xe9".to_vec(),
        ..file("", "")
    };
    check(&[latin], "a/\\xe9: has a name that is not UTF-8");
    check(
        &[file("a/b\nc", "")],
        "a/b\\nc: has a name no file should have (a control character)",
    );
    check(&[file("a/\u{1b}[2J", "")], "a/\\u{1b}[2J: has a name");
    check(
        &[file("a/b/c/d/e/f/g/h/i", "")],
        "is more than 8 directories deep",
    );
    let long = "x".repeat(256);
    check(
        &[
            pax(EntryType::XHeader, &[("path", &format!("a/{long}"))]),
            file("a/b", ""),
        ],
        "longer than 255 bytes",
    );
}

#[test]
fn symbolic_links_stay_within() {
    check(
        &[symlink("a/l", "/etc/passwd")],
        "a/l: is a link to /etc/passwd, which is outside",
    );
    check(
        &[symlink("a/l", "../../x")],
        "is a link to ../../x, which is outside",
    );
    check(&[symlink("a/l", "..")], "is a link to .., which is outside");
    check(
        &[symlink("a/l", "b/../../a/x")],
        "is a link to b/../../a/x, which is outside",
    );
    check(
        &[symlink("a/l", "."), symlink("a/b/l", "..")],
        "b/l -> ..; l -> .",
    );
    check(
        &[symlink("a/l", "x")],
        "sdist-dangling-link: \"a/l\" is a link to what",
    );
    check(
        &[file("a/x", ""), symlink("a/b/l", "../x")],
        "b/l -> ../x; x 0 644",
    );
    // Word by word this stays within; the kernel goes through `deep` and ends outside.
    let by_way = [
        directory("a/b/c"),
        symlink("a/b/c/up", "../.."),
        symlink("a/out", "b/c/up/.."),
    ];
    check(&by_way, "a/out: is a link to b/c/up/.., which is outside");
    check(
        &[symlink("a/l", "m"), symlink("a/m", "l")],
        "leads round in a circle",
    );
    check(&[symlink("a/l", "")], "an empty target");
    check_zip(
        &[("a/l", "/etc", 0o120_777)],
        "is a link to /etc, which is outside",
    );
    // A link instead of the directory at the top.
    check(&[symlink("a", "/tmp"), file("b/x", "")], "which is outside");
}

#[test]
fn nothing_is_written_through_a_link() {
    let below = "a/l/x: lies below a/l, which is no directory";
    check(&[symlink("a/l", "."), file("a/l/x", "")], below);
    check(&[symlink("a/l", "/tmp"), file("a/l/x", "")], below);
    check(
        &[symlink("a/l", "."), directory("a/l")],
        "is there twice, as link and as directory",
    );
    check(
        &[symlink("a/l", "."), file("a/l", "")],
        "is there twice, as link and as file",
    );
    check(
        &[file("a/l", ""), symlink("a/l", ".")],
        "is there twice, as file and as link",
    );
    check(
        &[symlink("a/l", "x"), hard_link("a/h", "a/l")],
        "is a hard link to a/l, which is no file",
    );
    check(
        &[symlink("a/l", "."), symlink("a/l/m", "x")],
        "lies below a/l",
    );
}

#[test]
fn hard_links_are_copies_of_what_was_there() {
    check(
        &[hard_link("a/h", "/etc/passwd")],
        "is a hard link to /etc/passwd, which is no file",
    );
    check(&[hard_link("a/h", "../x")], "is a hard link to ../x");
    check(
        &[hard_link("a/h", "a/x"), file("a/x", "")],
        "is a hard link to a/x",
    );
    check(&[file("a/x", "1"), hard_link("a/x", "a/x")], "x 1 644");
    let large = "x".repeat(20_000);
    let links = (0..9).map(|n| hard_link(&format!("a/{n}"), "a/x"));
    let all: Vec<_> = [file("a/x", &large)].into_iter().chain(links).collect();
    check(&all, "comes to more than 40000 bytes");
}

#[test]
fn files_and_directories_do_not_change_places() {
    check(
        &[file("a/x", ""), file("a/x/y", "")],
        "a/x/y: lies below a/x, which is no directory",
    );
    check(
        &[file("a/x", ""), directory("a/x")],
        "is there twice, as file and as directory",
    );
    check(
        &[directory("a/x"), file("a/x", "")],
        "is there twice, as directory and as file",
    );
    check(&[file("a", ""), file("a/x", "")], "a/x: lies below a");
    check(&[file(".", "")], "is there twice, as directory and as file");
    check(
        &[file("a/x", "1"), file("a/x", "22")],
        "x 2 644; sdist-duplicate-member: \"a/x\" is in the archive more than once",
    );
}

#[test]
fn no_devices_and_no_special_bits() {
    for (kind, word) in [
        (EntryType::Char, "device"),
        (EntryType::Block, "device"),
        (EntryType::Fifo, "fifo"),
        (EntryType::GNUSparse, "sparse file"),
        (EntryType::new(b'M'), "member of unknown kind"),
    ] {
        check(&[of_kind(kind, "a/x", "")], &format!("a/x: is a {word}"));
    }
    let set_uid = Entry {
        mode: 0o6755,
        ..file("a/x", "")
    };
    check(
        &[set_uid],
        "x 0 755; sdist-special-bits: \"a/x\" has set-uid",
    );
    let everybody = Entry {
        mode: 0o000,
        ..file("a/x", "")
    };
    check(&[everybody], "x 0 644");
}

#[test]
fn long_names() {
    let name = format!("a/{}/{}", "b".repeat(120), "c".repeat(120));
    let expect = format!("{} 1 644", &name[2..]);
    check(
        &[
            pax(EntryType::XHeader, &[("path", &name)]),
            file("a/short", "1"),
        ],
        &expect,
    );
    let gnu = Entry {
        kind: EntryType::GNULongName,
        ..file("././@LongLink", &format!("{name}\0"))
    };
    check(&[gnu, file("a/short", "1")], &expect);
    let target = Entry {
        kind: EntryType::GNULongLink,
        ..file("././@LongLink", "/etc/passwd\0")
    };
    check(&[target, symlink("a/l", "x")], "is a link to /etc/passwd");
    let endless = Entry {
        kind: EntryType::GNULongName,
        ..file("n", &"x".repeat(70_000))
    };
    let got = outcome("a-1.0.tar", &tar_of(&[endless, file("a/x", "")]));
    assert!(got.contains("longer than 64 KiB"), "{got}");
}

#[test]
fn headers_that_contradict() {
    check(
        &[
            pax(EntryType::XHeader, &[("size", "100000")]),
            file("a/x", "1"),
        ],
        "a/x: has a header that contradicts itself (two sizes)",
    );
    check(
        &[pax(EntryType::XHeader, &[("size", "1")]), file("a/x", "1")],
        "x 1 644",
    );
    check(
        &[
            pax(EntryType::XGlobalHeader, &[("path", "a/y")]),
            file("a/x", "1"),
        ],
        "a name or size for all members",
    );
    check(
        &[
            pax(EntryType::XGlobalHeader, &[("comment", "1f")]),
            file("a/x", "1"),
        ],
        "x 1 644",
    );
    check(
        &[
            pax(EntryType::XHeader, &[("GNU.sparse.major", "1")]),
            file("a/x", "1"),
        ],
        "is a sparse file",
    );
    let huge = Entry {
        claim: Some(1 << 40),
        ..file("a/x", "1")
    };
    check(&[huge], "a/x: comes to more than 40000 bytes");
    let short = Entry {
        claim: Some(5000),
        ..file("a/x", "1")
    };
    let mut bytes = tar_of(&[short]);
    bytes.truncate(1024);
    let got = outcome("a-1.0.tar", &bytes);
    assert!(
        got.contains("has 512 of the 5000 bytes that it claims"),
        "{got}"
    );
}

#[test]
fn bombs() {
    let zeros = "0".repeat(100_000);
    check(
        &[file("a/x", &zeros)],
        "a/x: comes to more than 40000 bytes when unpacked (what may come",
    );
    check_zip(&[("a/x", &zeros, 0o644)], "a/x: comes to more than 4");
    let many: Vec<_> = (0..30).map(|n| file(&format!("a/{n}"), "")).collect();
    check(&many, "the archive has more than 20 members");
    // What is not a member counts as well.
    let comment = "c".repeat(50_000);
    let headers = pax(EntryType::XHeader, &[("comment", &comment)]);
    check(
        &[headers.clone(), file("a/x", "")],
        "PaxHeader: comes to more than 4",
    );
    let by_ratio = Meter::new(&SMALL, 1000);
    assert!(by_ratio.spend(200_000).is_ok());
    let refusal = by_ratio.spend(1).unwrap_err().to_string();
    assert!(
        refusal.contains("200000 bytes when unpacked (200 times its size)"),
        "{refusal}"
    );
    let absolute = Meter::new(&SMALL, 1_000_000)
        .spend(4_000_001)
        .unwrap_err()
        .to_string();
    assert!(
        absolute.contains("what may come of any archive"),
        "{absolute}"
    );
}

#[test]
fn archives_that_are_none() {
    let good = gzipped(&tar_of(&[file("a/x", &"text ".repeat(500))]));
    let damaged = "the file is damaged or no archive of that kind: remove it and fetch it again";
    for (filename, bytes) in [
        ("a.tar.gz", &good[..good.len() / 2]),
        ("a.tar.xz", &good),
        ("a.zip", &good),
        ("a.tar", &good),
        ("a.tar.gz", b"<html>"),
    ] {
        let got = outcome(filename, bytes);
        assert!(got.contains(damaged), "{filename}: {got}");
    }
    assert!(outcome("a.rar", &good).contains("this kind of archive is not read"));
}

#[test]
fn what_is_there_stays() {
    let scratch = tempfile::tempdir().unwrap();
    let sdist = scratch.path().join("a.tar");
    fs_err::write(&sdist, tar_of(&[file("a/x", "")])).unwrap();
    let dest = scratch.path().join("dest");
    std::os::unix::fs::symlink("/nowhere", &dest).unwrap();
    let error = unpack(&sdist, &dest).unwrap_err().to_string();
    assert!(error.contains("exists already; remove it"), "{error}");
    let error = unpack(&scratch.path().join("b.tar"), &scratch.path().join("d")).unwrap_err();
    assert!(matches!(error, UnpackError::Io(_)), "{error}");
}

#[test]
fn times_are_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let sdist = scratch.path().join("a.tar");
    fs_err::write(&sdist, tar_of(&[file("a/x", "")])).unwrap();
    unpack(&sdist, &scratch.path().join("d")).unwrap();
    let modified = fs_err::metadata(scratch.path().join("d/x"))
        .unwrap()
        .modified()
        .unwrap();
    let seconds = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert_eq!(seconds, 1_600_000_000);
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let name = "(a|b|\\.\\.|/|l){1}(/(a|b|l|\\.\\.|\\.)){0,3}";
    let kind = prop::sample::select(b"012345".to_vec());
    (name, kind, name, "[xy]{0,3}").prop_map(|(name, kind, link, content)| {
        let kind = EntryType::new(kind);
        Entry {
            content: content.into(),
            ..of_kind(kind, &name, &link)
        }
    })
}

proptest! {
    /// `outcome` looks whether anything else has changed.
    #[test]
    fn nothing_leaves_the_destination(entries in prop::collection::vec(any_entry(), 0..8)) {
        let scratch = tempfile::tempdir().unwrap();
        let sdist = scratch.path().join("a.tar");
        fs_err::write(&sdist, tar_of(&entries)).unwrap();
        let dest = scratch.path().join("deep/dest");
        fs_err::create_dir(scratch.path().join("deep")).unwrap();
        if let Ok(unpacked) = unpack_within(&sdist, &dest, &SMALL) {
            let inside = dest.canonicalize().unwrap();
            for member in unpacked.files {
                // What can be followed ends within.
                if let Ok(real) = dest.join(&member.path).canonicalize() {
                    prop_assert!(real.starts_with(&inside), "{member:?} is {real:?}");
                }
            }
        }
        prop_assert_eq!(fs_err::read_dir(scratch.path()).unwrap().count(), 2);
    }
}
