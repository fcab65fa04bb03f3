//! The dh_pyelf programs on a source package whose files are made here: what is foreign
//! comes back as it was, whatever happens in between.
#![allow(clippy::unwrap_used, reason = "tests")]

mod kill;
mod lost;
mod stale;
mod tags;
mod world;

use std::process::Command;
use std::time::Duration;

use world::{LIBRARY, World, elf};

/// The names of the programs, in their order.
const ALL: [&str; 4] = ["scan", "hold", "restore", "check"];

#[test]
fn there_and_back() {
    let world = World::new();
    let before = world.tree();
    world.run("scan", &[]);
    assert_eq!(world.tree(), before);
    world.run("hold", &[]);
    let held = world.tree();
    assert!(held[LIBRARY].starts_with("link "), "{}", held[LIBRARY]);
    assert_eq!(held["usr/lib/app/ours.a"], before["usr/lib/app/ours.a"]);
    world.run("restore", &["--no-lintian-overrides"]);
    world.run("check", &[]);
    assert_eq!(world.tree(), before);
}

#[test]
fn twice_is_once_and_no_act_is_nothing() {
    let world = World::new();
    for command in ["pydeps"].into_iter().chain(ALL) {
        let before = world.everything();
        world.run(command, &["--no-act"]);
        assert_eq!(world.everything(), before, "{command}");
        world.run(command, &[]);
        let once = world.everything();
        world.run(command, &[]);
        assert_eq!(world.everything(), once, "{command}");
    }
}

#[test]
fn what_dh_python3_does_is_undone_for_foreign_files_alone() {
    let world = World::new();
    let before = world.tree();
    world.run("scan", &[]);
    world.remove("usr/lib/app/six-1.0.dist-info/RECORD");
    world.remove("usr/lib/app/six-1.0.dist-info/WHEEL");
    world.rename("usr/lib/app", "usr/lib/moved");
    let renamed = "usr/lib/moved/six.libs/libx-0123abcd.cpython-313-x86_64-linux-gnu.so";
    world.rename("usr/lib/moved/six.libs/libx-0123abcd.so", renamed);
    for command in &ALL[..3] {
        world.run(
            command,
            &["--no-lintian-overrides"][..usize::from(*command == "restore")],
        );
    }
    let moved = LIBRARY.replace("app", "moved");
    assert_eq!(
        world.tree().get(&moved),
        before.get(LIBRARY),
        "{:#?}",
        world.tree()
    );
    assert!(!world.tree().contains_key(renamed));
}

#[test]
fn the_guard_fails_while_something_is_held() {
    let world = World::new();
    world.run("scan", &[]);
    world.run("hold", &[]);
    let (code, said) = world.try_run("check", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("only a link, the file is still held"),
        "{said}"
    );
    assert!(said.contains("hint: run dh_pyelf_restore before"), "{said}");
}

#[test]
fn a_held_file_is_not_changed_in_silence() {
    let world = World::new();
    world.run("scan", &[]);
    world.run("hold", &[]);
    fs_err::write(world.path(LIBRARY), "patched").unwrap();
    let (code, said) = world.try_run("restore", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("changed while it was kept from the tools"),
        "{said}"
    );
}

#[test]
fn hold_needs_a_scan() {
    let world = World::new();
    let (code, said) = world.try_run("hold", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("hint: run dh_pyelf_scan, before dh_python3"),
        "{said}"
    );
}

#[test]
fn other_names_of_a_file_keep_their_bytes_and_modes() {
    let world = World::new();
    let cache = world.top().join("cache");
    fs_err::hard_link(world.path("usr/lib/app/ours.a"), &cache).unwrap();
    world.run("scan", &[]);
    fs_err::write(world.path("usr/lib/app/ours.a"), "stripped").unwrap();
    assert_ne!(fs_err::read(&cache).unwrap(), b"stripped");
}

#[test]
fn a_damaged_file_is_refused_where_it_was_not_damaged_when_it_came() {
    let world = World::new();
    fs_err::write(world.path("usr/lib/app/broken.so"), &elf(183)[..70]).unwrap();
    world.config("local usr/lib/app/broken.so");
    let (code, said) = world.try_run("scan", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("its program headers lie beyond its end (70 bytes)"),
        "{said}"
    );
    assert!(
        said.contains("write `foreign PATH` into debian/PKG.pyelf"),
        "{said}"
    );
    world.config("foreign usr/lib/app/broken.so");
    let before = world.tree();
    world.run("scan", &[]);
    world.run("hold", &[]);
    world.run("restore", &["--no-lintian-overrides"]);
    assert_eq!(world.tree(), before);
}

#[test]
fn bad_configuration_names_file_and_line() {
    let world = World::new();
    world.config("# A comment.\nforein x");
    let (code, said) = world.try_run("scan", &[]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("debian/app.pyelf: line 2: `forein` is not known"),
        "{said}"
    );
}

#[test]
fn overrides_are_written_once() {
    let world = World::new();
    for command in ["scan", "hold", "restore", "restore"] {
        world.run(command, &[]);
    }
    let path = world.path("usr/share/lintian/overrides/app");
    let text = fs_err::read_to_string(path).unwrap();
    let line = format!("app: binary-from-other-architecture [{LIBRARY}]");
    assert_eq!(text.matches(&line).count(), 1, "{text}");
}

#[test]
fn options_for_override_targets() {
    let world = World::new();
    let ask = |command: &str| world.said("scan", &[&format!("--print-options={command}")]);
    assert_eq!(ask("dh_strip"), "");
    world.run("scan", &[]);
    let strip = ask("dh_strip");
    assert!(
        strip.lines().any(|line| line == format!("-X{LIBRARY}")),
        "{strip}"
    );
    world.config("tree usr/lib/app");
    assert_eq!(ask("dh_python3"), "-Napp\n");
    assert_eq!(ask("dh_strip_nondeterminism"), "-Xusr/lib/app/\n");
    let (code, _) = world.try_run("scan", &["--print-options=dh_install"]);
    assert_eq!(code, Some(2));
}

/// dh_python3 is told not to look at a package with a tree of its own.
#[test]
fn a_tree_of_its_own_depends_on_its_python() {
    // Whatever Python this machine has.
    let world = tags::world(None, &[]);
    let depends = || {
        world.run("pydeps", &[]);
        let text = fs_err::read_to_string(world.top().join("debian/app.substvars")).unwrap();
        let line = text.lines().find_map(|l| l.strip_prefix("pydeps:Depends"));
        line.unwrap_or_default()
            .trim_start_matches(['?', '='])
            .to_owned()
    };
    assert_eq!(depends(), "");
    world.config("tree usr/lib/app");
    assert_eq!(depends(), "python3");
    world.rename(LIBRARY, "usr/lib/app/x.cpython-313-x86_64-linux-gnu.so");
    fs_err::remove_file(world.top().join("debian/app.substvars")).unwrap();
    assert_eq!(depends(), "python3 (<< 3.14), python3 (>= 3.13~)");
}

/// A command that is killed at any moment and run again gives what it would have given.
#[test]
fn killed_at_any_moment() {
    let world = World::new();
    world.add_many(150);
    let before = world.tree();
    for command in ["scan", "hold", "restore"] {
        for delay in 1..25 {
            let mut child = world.command(command, &["--no-lintian-overrides"]);
            let child = &mut strip(command, &mut child).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(delay * 400));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let words = ["--no-lintian-overrides"];
        world.run(command, &words[..usize::from(command == "restore")]);
    }
    world.run("check", &[]);
    assert_eq!(world.tree(), before);
}

/// Only one of the commands has that option.
fn strip<'a>(command: &str, child: &'a mut Command) -> &'a mut Command {
    if command != "restore" {
        let program = child.get_program().to_owned();
        let directory = child.get_current_dir().unwrap().to_owned();
        *child = Command::new(program);
        child.current_dir(directory);
    }
    child
}
