//! A command that is killed when it is about to change something, and run again, gives what
//! an undisturbed run gives: at each of the changes that it makes.

use std::process::{Command, Stdio};

use crate::world::{LIBRARY, Listing, World};

/// The calls by which a file system is changed; what one has opened in order to write is seen
/// in the next one. Not every architecture has those with a question mark.
const CALLS: [&str; 23] = [
    "write",
    "pwrite64",
    "?copy_file_range",
    "?sendfile",
    "?mkdir",
    "mkdirat",
    "?link",
    "linkat",
    "?symlink",
    "symlinkat",
    "?rename",
    "renameat",
    "?renameat2",
    "?unlink",
    "unlinkat",
    "?rmdir",
    "?chmod",
    "fchmod",
    "fchmodat",
    "?chown",
    "fchownat",
    "utimensat",
    "ftruncate",
];

/// More than any of the commands here needs of one.
const MOST: usize = 1000;

/// Runs a command until this call of it, counted from 1; whether it came that far.
fn killed(world: &World, command: &str, call: &str, at: usize) -> bool {
    let own = world.command(command, &[]);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null"]);
    strace.args(["-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={call}:signal=SIGKILL:when={at}")]);
    strace.arg(own.get_program()).current_dir(world.top());
    let set = own.get_envs().filter_map(|(k, v)| Some((k, v?)));
    strace.envs(set).stdout(Stdio::null()).stderr(Stdio::null());
    !strace.status().unwrap().success()
}

/// What there is, with the times of those files that were there before.
fn outcome(world: &World, before: &Listing) -> Listing {
    let timeless = |text: &str| -> String { text.splitn(4, ' ').skip(3).collect() };
    let known = |path: &String| before.contains_key(path) || path.contains("/held/");
    let shown = |(path, text): (String, String)| match known(&path) || text.starts_with("link ") {
        true => (path, text),
        false => (path, timeless(&text)),
    };
    world.everything().into_iter().map(shown).collect()
}

#[track_caller]
fn check(command: &str, world: &World, acts: bool) {
    let before = world.everything();
    let undisturbed = world.copy();
    undisturbed.run(command, &[]);
    let expect = outcome(&undisturbed, &before);
    let kills: Vec<usize> = CALLS
        .into_iter()
        .map(|call| {
            let kill_and_run = |at: &usize| {
                let trial = world.copy();
                let killed = killed(&trial, command, call, *at);
                trial.run(command, &[]);
                let place = format!("{command}, killed at {call} {at}");
                assert_eq!(outcome(&trial, &before), expect, "{place}");
                killed
            };
            (1..MOST).take_while(kill_and_run).count()
        })
        .collect();
    assert_eq!(
        kills.iter().sum::<usize>() > 0,
        acts,
        "{command}: {kills:?}"
    );
}

#[test]
fn at_every_change() {
    // Without strace there is only `killed_at_any_moment`.
    if Command::new("strace").arg("-V").output().is_err() {
        return;
    }
    let world = World::new();
    let cache = world.top().join("cache");
    fs_err::hard_link(world.path("usr/lib/app/six/static.a"), cache).unwrap();
    for command in ["pydeps", "scan", "hold", "restore", "check"] {
        check(command, &world, command != "check");
        world.run(command, &[]);
        if command == "hold" {
            let target = fs_err::read_link(world.path(LIBRARY)).unwrap();
            let copy = world.path(&LIBRARY.replace("libx", "libcopy"));
            std::os::unix::fs::symlink(target, copy).unwrap();
        }
    }
}
