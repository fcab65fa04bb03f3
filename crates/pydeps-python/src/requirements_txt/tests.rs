use proptest::prelude::*;

use pydeps_core::marker::Marker;

use super::*;

/// One line for each requirement, include and finding.
#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let file = parse(text, "r.txt");
    let requirements = file.requirements.iter().map(|line| {
        let hashes: String = line.hashes.iter().map(|h| format!(" {h}")).collect();
        format!("{} {}{hashes}", line.origin, line.requirement)
    });
    let includes = file.includes.iter().map(|i| {
        format!(
            "{} {} {}",
            i.origin,
            if i.constraint { "-c" } else { "-r" },
            i.path
        )
    });
    let places = file.places.iter().map(|place| {
        let marker = place.marker.as_ref().map(Marker::to_string);
        let marker = marker.map_or_else(String::new, |marker| format!(" ; {marker}"));
        let name = place.name.as_ref().map(|name| format!("{name}: "));
        let (origin, path) = (&place.origin, &place.path);
        format!(
            "{origin} {}{path} {:?}{marker}",
            name.unwrap_or_default(),
            place.extras
        )
    });
    let findings = file
        .findings
        .iter()
        .map(|f| format!("{} {}", f.origin.as_deref().unwrap(), f.code));
    let got: Vec<String> = requirements
        .chain(places)
        .chain(includes)
        .chain(findings)
        .collect();
    assert_eq!(got, expect, "{text:?}");
}

#[test]
fn requirements() {
    check("", &[]);
    check(
        "\u{feff}flask\r\n\r\n# no\nrequests >= 2 # yes\n",
        &["r.txt:1 flask", "r.txt:4 requests>=2"],
    );
    check("a \\\n >=1\nb", &["r.txt:1 a>=1", "r.txt:3 b"]);
    check(
        "a==1 \\\n  --hash=sha256:00 \\\n  --hash sha256:11\n",
        &["r.txt:1 a==1 sha256:00 sha256:11"],
    );
    check(
        "a @ https://files.example/a.zip#egg=a",
        &["r.txt:1 a @ https://files.example/a.zip#egg=a"],
    );
    check("a; os_name == 'x'", &["r.txt:1 a ; os_name == 'x'"]);
    check("# a \\\nb", &["r.txt:2 b"]);
}

#[test]
fn includes_are_for_the_caller() {
    check(
        "-r base.txt\n--requirement=x y.txt\n-cz.txt\n-r",
        &[
            "r.txt:1 -r base.txt",
            "r.txt:2 -r x y.txt",
            "r.txt:3 -c z.txt",
            "r.txt:4 requirements-include-empty",
        ],
    );
}

#[test]
fn what_is_left_out_is_told() {
    check(
        "--no-binary :all:",
        &["r.txt:1 requirements-option-ignored"],
    );
    check("a b c", &["r.txt:1 requirement-unreadable"]);
}

#[test]
fn a_comment_ends_a_line_that_goes_on() {
    check("a \\\n# c \\\nb", &["r.txt:1 a", "r.txt:3 b"]);
    check("a\\\n#c", &["r.txt:1 a"]);
}

#[test]
fn paths() {
    check("-e .", &["r.txt:1 . []"]);
    check(
        "--editable=./dir[x,Y_z]",
        &["r.txt:1 ./dir [ExtraName(\"x\"), ExtraName(\"y-z\")]"],
    );
    check("-e 'sub dir'", &["r.txt:1 sub dir []"]);
    check(
        "./dir # here\nsub/dir",
        &["r.txt:1 ./dir []", "r.txt:2 sub/dir []"],
    );
    check(
        "./dir[x] ; os_name == 'x'",
        &["r.txt:1 ./dir [ExtraName(\"x\")] ; os_name == 'x'"],
    );
    check("a-1.0.whl --hash=sha256:00", &["r.txt:1 a-1.0.whl []"]);
    check("file:///srv/a%20b", &["r.txt:1 /srv/a b []"]);
    check("./dir ; ?", &["r.txt:1 requirement-not-named"]);
}

/// As pip 23.2 and uv 0.13 read them.
#[test]
fn paths_as_pip_reads_them() {
    check(
        "-e ./proj[x] ; python_version >= \"3.9\"",
        &["r.txt:1 ./proj [ExtraName(\"x\")] ; python_version >= '3.9'"],
    );
    check(
        "-e \"./my proj\" ; os_name == 'x'",
        &["r.txt:1 ./my proj [] ; os_name == 'x'"],
    );
    check("-e './it\"s'", &["r.txt:1 ./it\"s []"]);
    check("-r \"a b.txt\"", &["r.txt:1 -r a b.txt"]);
    check("file:./proj", &["r.txt:1 ./proj []"]);
    check("file:../a%20b/proj", &["r.txt:1 ../a b/proj []"]);
    check("-e file:proj#egg=proj", &["r.txt:1 proj []"]);
    check(
        "file:proj#egg=proj[x]&subdirectory=y",
        &["r.txt:1 proj/y [ExtraName(\"x\")]"],
    );
    check("file:/srv/proj", &["r.txt:1 /srv/proj []"]);
    check("file://localhost/srv/proj", &["r.txt:1 /srv/proj []"]);
    check(
        "A_b[x] @ file:///srv/proj",
        &["r.txt:1 a-b: /srv/proj [ExtraName(\"x\")]"],
    );
    check(
        "-e a @ file:///srv/proj ; os_name == 'x'",
        &["r.txt:1 a: /srv/proj [] ; os_name == 'x'"],
    );
}

#[test]
fn line_ends() {
    for end in [
        "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\u{85}", "\u{2028}", "\u{2029}",
    ] {
        check(&format!("a>1{end}b{end}"), &["r.txt:1 a>1", "r.txt:2 b"]);
    }
    check("a\r\r\nb", &["r.txt:1 a", "r.txt:3 b"]);
    check("a \\\r>=1\rb", &["r.txt:1 a>=1", "r.txt:3 b"]);
}

#[test]
fn addresses_with_a_name_in_them() {
    let elsewhere = "r.txt:1 requirement-from-elsewhere";
    check(
        "-e git+https://vcs.example/a.git@v1#egg=A_b[x]",
        &["r.txt:1 a-b[x]", elsewhere],
    );
    check(
        "https://files.example/a_b-1.0-py3-none-any.whl",
        &["r.txt:1 a-b", elsewhere],
    );
    check(
        "https://files.example/x/a-1.0.tar.gz#sha256=0",
        &["r.txt:1 a", elsewhere],
    );
    check(
        "git+https://vcs.example/a",
        &["r.txt:1 requirement-not-named"],
    );
    check(
        "https://files.example/main.zip",
        &["r.txt:1 requirement-not-named"],
    );
}

#[test]
fn encodings() {
    let wide = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let big = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    assert_eq!(decode("é".as_bytes()).unwrap(), "é");
    assert_eq!(decode(&wide("\u{feff}six")).unwrap(), "six");
    assert_eq!(decode(&big("\u{feff}six")).unwrap(), "six");
    assert_eq!(decode(b"\xff\xfe\0\0s\0\0\0").unwrap(), "s");
    assert_eq!(decode(b"\xef\xbb\xbfsix").unwrap(), "six");
    for name in ["latin-1", "Latin_1", "ISO-8859-1"] {
        for line in [
            format!("# -*- coding: {name} -*-\n"),
            format!("six\n#coding={name}\n"),
        ] {
            let bytes = [line.as_bytes(), b"# caf\xe9"].concat();
            assert_eq!(decode(&bytes).unwrap(), format!("{line}# caf\u{e9}"));
        }
    }
    assert_eq!(decode(b"\n\n# coding: latin-1\n\xe9"), None);
    assert_eq!(decode(b"# coding: koi8-r\n\xe9"), None);
    assert_eq!(decode(b"\xff"), None);
    assert_eq!(decode(b"\xff\xfes"), None);
}

proptest! {
    #[test]
    fn total(text in "(\\./|\\[|\\]|://|#egg=|-r|-c|-e|--hash|#|\\\\\n|\n|=| |\\PC{0,6}){0,20}") {
        let _ = parse(&text, "r");
    }
}
