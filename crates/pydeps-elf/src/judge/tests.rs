use super::*;
use crate::machine::Machine;

const AMD64: Machine = Machine {
    number: 62,
    wide: true,
    little: true,
};

fn plain() -> Elf {
    Elf {
        machine: Some(AMD64),
        kind: Kind::Shared,
        soname: None,
        needed: vec!["libc.so.6".to_owned()],
        search: Vec::new(),
        is_static: false,
        has_symbols: true,
        stack: Some(false),
        has_relro: true,
        rearranged: false,
        damage: None,
    }
}

fn item(elf: Elf) -> Item {
    Item {
        path: "usr/lib/app/m.so".to_owned(),
        size: 7,
        content: Content::Elf(Box::new(elf)),
        sha256: Some("5a".to_owned()),
    }
}

fn listed(platform: &str, says: Recorded) -> Vec<Distribution> {
    vec![Distribution {
        name: "six 1.0".to_owned(),
        stable: None,
        platforms: vec![platform.to_owned()],
        files: [("usr/lib/app/m.so".to_owned(), says)].into(),
    }]
}

fn same() -> Recorded {
    Recorded::Sha256("5a".to_owned(), Some(7))
}

fn judged(item: &Item, distributions: &[Distribution], rules: &str) -> Judgement {
    let words: Vec<String> = rules.split_whitespace().map(str::to_owned).collect();
    let rules = Rules::read([(1, words.as_slice())]).unwrap();
    let setting = Setting {
        distributions,
        rules: &rules,
        architecture: "amd64",
    };
    judge(item, &setting)
}

#[track_caller]
fn check(item: &Item, distributions: &[Distribution], expect: (Class, Treatment, &str)) {
    let judged = judged(item, distributions, "");
    let found = (judged.class, judged.treatment, judged.reason.as_str());
    assert_eq!(found, expect);
}

use Class::{Foreign, Local, NotElf};
use Treatment::{Hold, Leave, Refuse, Tools};

#[test]
fn tags_and_record() {
    let item = item(plain());
    let ready = "manylinux_2_28_x86_64";
    check(
        &item,
        &listed(ready, same()),
        (
            Foreign,
            Hold,
            "as in the wheel of six 1.0 (manylinux_2_28_x86_64)",
        ),
    );
    check(
        &item,
        &listed("any", same()),
        (Foreign, Hold, "as in the wheel of six 1.0 (any)"),
    );
    check(
        &item,
        &listed("linux_x86_64", same()),
        (
            Local,
            Tools,
            "belongs to the wheel of six 1.0 (linux_x86_64)",
        ),
    );
    check(
        &item,
        &listed(ready, Recorded::Unhashed),
        (
            Foreign,
            Hold,
            "listed without a hash by six 1.0 (manylinux_2_28_x86_64)",
        ),
    );
    let nobody = "linked here: nothing says that it came ready-made";
    check(&item, &[], (Local, Tools, nobody));
}

#[test]
fn another_content_than_recorded() {
    let changed = Recorded::Sha256("00".to_owned(), None);
    let distributions = listed("manylinux1_x86_64", changed);
    let judged = judged(&item(plain()), &distributions, "");
    assert_eq!((judged.class, judged.treatment), (Local, Tools));
    assert_eq!(judged.findings[0].code, "elf-changed");
    let patched = item(Elf {
        rearranged: true,
        ..plain()
    });
    let expect = "differs from what RECORD of six 1.0 lists; patchelf has moved its sections";
    check(&patched, &distributions, (Foreign, Hold, expect));
}

#[test]
fn traces_without_metadata() {
    let hashed = item(Elf {
        soname: Some("libz-eb09ad1d.so.1".to_owned()),
        ..plain()
    });
    let expect = "bears a hash in its name (libz-eb09ad1d.so.1)";
    check(&hashed, &[], (Foreign, Hold, expect));
    let grafted = Item {
        path: "usr/lib/app.libs/libx.so".to_owned(),
        ..item(plain())
    };
    let expect = "lies among grafted libraries (usr/lib/app.libs)";
    check(&grafted, &[], (Foreign, Hold, expect));
}

#[test]
fn a_module_that_uses_a_grafted_library_is_local() {
    let links = item(Elf {
        needed: vec!["libz-eb09ad1d.so.1".to_owned(), "libc.so.6".to_owned()],
        ..plain()
    });
    let expect =
        "linked here: nothing says that it came ready-made; uses grafted libz-eb09ad1d.so.1";
    check(&links, &[], (Local, Tools, expect));
}

#[test]
fn other_architectures_and_damage() {
    let arm = item(Elf {
        machine: Some(Machine {
            number: 183,
            ..AMD64
        }),
        ..plain()
    });
    check(&arm, &[], (Foreign, Hold, "linked for arm64"));
    let broken = item(Elf {
        damage: Some("it is cut off".to_owned()),
        ..plain()
    });
    let expect = "linked here: nothing says that it came ready-made; it is cut off";
    check(&broken, &[], (Local, Refuse, expect));
    let expect = "as in the wheel of six 1.0 (manylinux1_x86_64); it is cut off";
    check(
        &broken,
        &listed("manylinux1_x86_64", same()),
        (Foreign, Hold, expect),
    );
}

#[test]
fn what_no_tool_touches() {
    let object = item(Elf {
        kind: Kind::Relocatable,
        ..plain()
    });
    let ready = listed("manylinux1_x86_64", same());
    let expect = "as in the wheel of six 1.0 (manylinux1_x86_64)";
    check(&object, &ready, (Foreign, Leave, expect));
    let text = Item {
        content: Content::Other,
        ..item(plain())
    };
    let expect = "it has a library's name, but is no ELF file";
    check(&text, &ready, (NotElf, Leave, expect));
    let archive = Item {
        content: Content::Archive,
        ..item(plain())
    };
    let expect = "as in the wheel of six 1.0 (manylinux1_x86_64)";
    check(&archive, &ready, (Foreign, Hold, expect));
    let expect = "built here: nothing says that it came ready-made";
    check(&archive, &[], (Local, Tools, expect));
}

#[test]
fn the_packager_has_the_last_word() {
    let ready = listed("manylinux1_x86_64", same());
    let local = judged(&item(plain()), &ready, "local usr/lib/app/*.so");
    assert_eq!((local.class, local.treatment), (Local, Tools));
    assert!(
        local.reason.starts_with("local by line 1"),
        "{}",
        local.reason
    );
    let foreign = judged(&item(plain()), &[], "foreign usr/lib/app");
    assert_eq!((foreign.class, foreign.treatment), (Foreign, Hold));
}

#[track_caller]
fn hashed(item: &Item, distributions: &[Distribution], rules: &str, expect: bool) {
    let words: Vec<String> = rules.split_whitespace().map(str::to_owned).collect();
    let lines = (!words.is_empty()).then_some((1, words.as_slice()));
    let rules = Rules::read(lines).unwrap();
    let setting = Setting {
        distributions,
        rules: &rules,
        architecture: "amd64",
    };
    assert_eq!(needs_hash(item, &setting), expect);
}

/// A hash costs a look at every byte, so it has to be good for something.
#[test]
fn hashes_where_they_decide_or_are_kept() {
    let item = Item {
        sha256: None,
        ..item(plain())
    };
    let ready = listed("manylinux1_x86_64", same());
    hashed(&item, &[], "", false);
    hashed(&item, &ready, "", true);
    hashed(&item, &listed("any", same()), "", true);
    hashed(&item, &listed("linux_x86_64", same()), "", false);
    let unsized_row = Recorded::Sha256("5a".to_owned(), None);
    hashed(&item, &listed("manylinux1_x86_64", unsized_row), "", true);
    let other = Recorded::Sha256("5a".to_owned(), Some(8));
    hashed(&item, &listed("manylinux1_x86_64", other), "", false);
    let unhashed = listed("manylinux1_x86_64", Recorded::Unhashed);
    hashed(&item, &unhashed, "", true);
    hashed(&item, &ready, "local usr/lib/app", false);
    hashed(&item, &[], "foreign usr/lib/app", true);
    let grafted = Item {
        path: "usr/lib/app.libs/libx.so".to_owned(),
        ..item.clone()
    };
    hashed(&grafted, &[], "", true);
    let text = Item {
        content: Content::Other,
        ..item
    };
    hashed(&text, &ready, "", false);
}

#[test]
fn the_length_is_enough_to_tell_another_file() {
    let item = Item {
        sha256: None,
        ..item(plain())
    };
    let other = Recorded::Sha256("5a".to_owned(), Some(8));
    let ready = listed("manylinux1_x86_64", other.clone());
    let changed = judged(&item, &ready, "");
    assert_eq!((changed.class, changed.findings.len()), (Local, 1));
    let ruled = judged(&item, &ready, "local usr/lib/app");
    assert_eq!((ruled.class, ruled.findings.len()), (Local, 0));
    let rebuilt = judged(&item, &listed("linux_x86_64", other), "");
    assert_eq!((rebuilt.class, rebuilt.findings.len()), (Local, 0));
}

#[test]
fn names_of_libraries() {
    for name in ["a/m.so", "m.cpython-311-x86_64-linux-gnu.so", "libz.so.1.2"] {
        assert!(has_library_name(name), "{name}");
    }
    for name in ["a.so.txt", "sox", "a/b.so/c", "x.sort", "m.so."] {
        assert!(!has_library_name(name), "{name}");
    }
}
