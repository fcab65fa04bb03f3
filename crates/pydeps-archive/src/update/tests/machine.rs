//! The machine's own lists, used as they are.

use super::*;

/// Lists as apt would have them for a source of this machine.
fn machine(world: &World, contents: bool) -> Machine {
    let lists = world.dir.path().join("lists");
    fs_err::create_dir_all(&lists).unwrap();
    let prefix = "mirror.example_debian_dists_sid_";
    let uri = "https://mirror.example/debian/";
    let release = "Suite: unstable\nCodename: sid\nDate: Sat, 12 Sep 2026 07:55:41 UTC\n";
    fs_err::write(lists.join(format!("{prefix}InRelease")), release).unwrap();
    let mut targets = Vec::new();
    for (kind, architecture, file, text) in [
        ("Packages", "amd64", "main_binary-amd64_Packages", PACKAGES),
        ("Contents-deb", "all", "main_Contents-all", CONTENTS_ALL),
    ] {
        let file = lists.join(format!("{prefix}{file}"));
        if kind == "Packages" || contents {
            fs_err::write(&file, text).unwrap();
        }
        targets.push(Target {
            kind: kind.into(),
            uri: uri.into(),
            release: "sid".into(),
            component: "main".into(),
            architecture: architecture.into(),
            entry: String::new(),
            file,
        });
    }
    let sources = vec![MachineSource {
        uri: uri.into(),
        release: "sid".into(),
        trust: Trust::Unsigned,
    }];
    Machine { targets, sources }
}

#[test]
fn lists_of_the_machine_are_used_as_they_are() {
    let world = World::new();
    let request = Request {
        architecture: Some("amd64".parse().unwrap()),
        ..Request::new("sid".parse().unwrap(), world.dir.path().join("cache"))
    };
    let updated = update(&request, &machine(&world, true), &mut Silent).unwrap();
    assert_eq!(
        (updated.facts.codename.as_str(), codes(&updated)),
        ("sid", vec!["machine-lists"])
    );
    assert!(
        !world.dir.path().join("cache/apt").exists(),
        "nothing is fetched"
    );
}

#[test]
fn lists_without_contents_are_not_enough() {
    let world = World::new();
    let request = Request {
        architecture: Some("amd64".parse().unwrap()),
        ..Request::new("sid".parse().unwrap(), world.dir.path().join("cache"))
    };
    let machine = machine(&world, false);
    let job = Job {
        architecture: "amd64".parse().unwrap(),
        components: vec!["main".into()],
        request: &request,
        machine: &machine,
    };
    assert!(job.of_machine().is_none());
    let whole = self::machine(&world, true);
    assert!(
        Job {
            machine: &whole,
            ..job
        }
        .of_machine()
        .is_some()
    );
}
