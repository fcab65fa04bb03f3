//! What one is given to resolve: projects, requirements files, locks of other tools.

use crate::input::{Input, either, refuse, take};
use crate::world::World;

pub(super) const PROJECTS: &[Input] = {
    fn project(world: &mut World, file: &str, text: &str) {
        world.file(file, text);
        world.run("dh-pydeps resolve");
    }
    &[
        refuse("pyproject-zero", "a pyproject.toml that is a link to /dev/zero", |w| {
            w.link("pyproject.toml", "/dev/zero");
            w.run("dh-pydeps resolve");
        })
        .names("pyproject.toml"),
        refuse("pyproject-fifo", "a pyproject.toml that is a fifo", |w| {
            w.fifo("pyproject.toml");
            w.run("dh-pydeps resolve");
        })
        .names("pyproject.toml"),
        refuse("pyproject-deep", "a pyproject.toml of a million lists in one another", |w| {
            project(w, "pyproject.toml", &format!("x = {}", "[".repeat(1_000_000)));
        })
        .names("pyproject.toml"),
        either("pyproject-control", "a project whose texts steer the terminal", |w| {
            project(w, "pyproject.toml", "[project]\nname = \"evil\"\nversion = \"1.0\"\ndescription = \"\\u001b[2J\"\n\
                dependencies = [\"six\\u001b[2J\\u202e\"]\nlicense = \"\\u001b[2J\\u202e\"\n");
        })
        .names("pyproject.toml"),
        either("groups-circle", "dependency groups that include each other", |w| {
            w.file("pyproject.toml", "[project]\nname = \"evil\"\nversion = \"1.0\"\n[dependency-groups]\n\
                a = [{include-group = \"b\"}]\nb = [{include-group = \"a\"}]\n");
            w.run("dh-pydeps resolve . --group a");
        })
        .names("pyproject.toml"),
        either("groups-chain", "five thousand dependency groups, each of which includes the next twice", |w| {
            let each = |n: usize| {
                format!("g{n} = [{{include-group = \"g{}\"}}, {{include-group = \"g{0}\"}}]\n", n + 1)
            };
            let groups: String = (0..5000).map(each).collect();
            w.file("pyproject.toml", format!("[project]\nname = \"evil\"\nversion = \"1.0\"\n[dependency-groups]\n{groups}g5000 = [\"six\"]\n"));
            w.run("dh-pydeps resolve . --group g0");
        })
        .names("pyproject.toml"),
        either("setup-cfg-interpolation", "a setup.cfg whose values double a hundred times", |w| {
            let each = |n: usize| format!("v{n} = %(v{})s%(v{0})s\n", n + 1);
            let values: String = (0..100).map(each).collect();
            project(w, "setup.cfg", &format!("[metadata]\nname = evil\nversion = %(v0)s\n{values}v100 = x\n[options]\ninstall_requires = %(v0)s\n"));
        })
        .names("setup.cfg"),
        either("readme-outside", "a version that is read from somebody's file", |w| {
            w.file("../outside/secret", "SEKRET==1\n");
            w.secrets.push("SEKRET".to_owned());
            let path = w.outside("secret");
            project(w, "setup.cfg", &format!("[metadata]\nname = evil\nversion = file: {path}\n[options]\ninstall_requires = file: {path}\n"));
        })
        .names("setup.cfg"),
        refuse("uv-lock-long", "a uv.lock of 300 MB", |w| {
            w.long_file("uv.lock", "version = 1\n", b"[[package]]\nname = \"six\"\nversion = \"1.17.0\"\n\n", 6_500_000, "");
            w.run("dh-pydeps resolve uv.lock");
        })
        .names("uv.lock"),
        refuse("pylock-deep", "a pylock.toml of a million lists in one another", |w| {
            w.file("pylock.toml", format!("lock-version = \"1.0\"\nx = {}", "[".repeat(1_000_000)));
            w.run("dh-pydeps resolve pylock.toml");
        })
        .names("pylock.toml"),
        refuse("wheel-fifo", "a wheel that is a fifo", |w| {
            w.fifo("evil-1.0-py3-none-any.whl");
            w.run("dh-pydeps resolve ./evil-1.0-py3-none-any.whl");
        }),
        refuse("sdist-zero", "an sdist that is a link to /dev/zero", |w| {
            w.link("evil-1.0.tar.gz", "/dev/zero");
            w.run("dh-pydeps resolve ./evil-1.0.tar.gz");
        }),
        refuse("sdist-other", "an sdist on the disk whose PKG-INFO has another name", |w| {
            let text = crate::make::release::metadata("").replace("Name: evil", "Name: victim");
            let tar = crate::make::release::sdist_tar("", &[("PKG-INFO", text.into())]);
            w.file("evil-1.0.tar.gz", crate::make::gz(&tar.finish()));
            w.run("dh-pydeps resolve ./evil-1.0.tar.gz");
        }),
        refuse("words-control", "a requirement on the command line that steers the terminal", |w| {
            w.run_words("dh-pydeps resolve …", &["dh-pydeps", "resolve", "six\x1b[2J\u{202e}"]);
        })
        .names("six"),
        either(
            "words-deep", "a requirement on the command line with 4,000 parentheses", |w| {
            let marker = format!("six; {}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
            w.run_words("dh-pydeps relation …", &["dh-pydeps", "relation", &marker]);
        })
        .names("six"),
    ]
};

pub(super) const REQUIREMENTS: &[Input] = {
    fn requirements(world: &mut World, text: &str) {
        world.file("r.txt", text);
        world.run("dh-pydeps resolve -r r.txt");
    }
    &[
        refuse("requirements-zero", "a requirements file that is /dev/zero", |w| {
            w.run("dh-pydeps resolve -r /dev/zero");
        })
        .names("/dev/zero"),
        refuse("requirements-fifo", "a requirements file that is a fifo", |w| {
            w.fifo("r.txt");
            w.run("dh-pydeps resolve -r r.txt");
        })
        .names("r.txt"),
        refuse("requirements-long", "a requirements file of 300 MB", |w| {
            w.long_file("r.txt", "", b"# nothing is required here\n", 11_000_000, "six\n");
            w.run("dh-pydeps resolve -r r.txt");
        })
        .names("r.txt"),
        refuse("includes-circle", "requirements files that include each other by other names", |w| {
            w.file("a/r.txt", "-r ../a/../b/r.txt\n");
            w.file("b/r.txt", "-r ../b/../a/r.txt\n");
            w.run("dh-pydeps resolve -r a/r.txt");
        })
        .names("r.txt"),
        either(
            "includes-deep", "fifty thousand requirements files that include one another", |w| {
            for number in 0..50_000 {
                w.file(&format!("r{number}.txt"), format!("-r r{}.txt\n", number + 1));
            }
            w.file("r50000.txt", "six\n");
            w.run("dh-pydeps resolve -r r0.txt");
        })
        .names(".txt"),
        refuse("includes-wide", "thirty requirements files that include the next twice", |w| {
            for number in 0..30 {
                w.file(&format!("r{number}.txt"), format!("-r r{0}.txt\n-r r{0}.txt\n", number + 1));
            }
            w.file("r30.txt", "six\n");
            w.run("dh-pydeps resolve -r r0.txt");
        })
        .names(".txt"),
        either("requirements-deep", "a line of requirements with a marker of 4,000 parentheses", |w| {
            let marker = format!("{}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
            requirements(w, &format!("six; {marker}\n"));
        })
        .names("r.txt"),
        refuse("requirements-control", "a requirement that steers the terminal", |w| {
            requirements(w, "six\x1b[2J\u{202e}\n");
        })
        .names("r.txt"),
        either("requirements-options", "options that lead to somebody's files", |w| {
            let text = "--index-url file:///etc\n--find-links /etc\n--trusted-host x\n-e /etc\nsix --config-settings=PWNED\n";
            requirements(w, text);
        })
        .names("r.txt"),
        take("requirements-secret", "a password in a URL of a requirements file", |w| {
            w.secrets.push("SEKRET".to_owned());
            w.file("given/r.txt", "six @ https://user:SEKRET@index.example/six-1.0.tar.gz\n");
            w.run("dh-pydeps resolve -r given/r.txt");
        }),
        either("requirements-many", "fifty thousand requirements", |w| {
            let each = |n: usize| format!("six>=0.{n}\n");
            requirements(w, &(0..50_000).map(each).collect::<String>());
        })
        .names("r.txt"),
        either("requirements-continued", "a line of a million continuations", |w| {
            requirements(w, &format!("six{}>=1\n", " \\\n".repeat(1_000_000)));
        })
        .names("r.txt"),
    ]
};
