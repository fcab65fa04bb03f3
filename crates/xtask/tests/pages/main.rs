//! The manual pages and completions, from the program's own definition of its
//! arguments. `cargo xtask man` and `cargo xtask completions` run this with
//! `XTASK_WRITE` set; without it, the pages are compared.

mod formats;
mod manual;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap_complete::Shell;
use dh_pydeps::manual::Section;

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("crates/xtask").to_owned()
}

fn asked_to_write(what: &str) -> bool {
    std::env::var("XTASK_WRITE").is_ok_and(|asked| asked == what)
}

/// What differs between the pages as they should be and as they are.
fn differences(expect: &BTreeMap<String, String>, found: &BTreeMap<String, String>) -> Vec<String> {
    let names = expect
        .keys()
        .chain(found.keys().filter(|n| !expect.contains_key(*n)));
    names
        .filter_map(|name| match (expect.get(name), found.get(name)) {
            (Some(_), None) => Some(format!("man/{name} is missing")),
            (None, Some(_)) => Some(format!("man/{name} belongs to no command")),
            (a, b) if a != b => Some(format!("man/{name} is out of date")),
            _ => None,
        })
        .collect()
}

fn pages_in(dir: &Path) -> BTreeMap<String, String> {
    let entries = fs_err::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| {
            let text = fs_err::read_to_string(entry.path()).expect("a page");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn write_pages(dir: &Path, pages: &BTreeMap<String, String>) {
    fs_err::create_dir_all(dir).expect("a directory for pages");
    for stale in pages_in(dir)
        .keys()
        .filter(|name| !pages.contains_key(*name))
    {
        fs_err::remove_file(dir.join(stale)).expect("a page that can be removed");
    }
    for (name, text) in pages {
        fs_err::write(dir.join(name), text).expect("a page that can be written");
    }
}

/// The pages of the program and of the debhelper commands.
fn pages() -> BTreeMap<String, String> {
    let program = dh_pydeps::cli::command();
    let mut pages = manual::pages(program, dh_pydeps::manual::SECTIONS, &["dh_pydeps(1)"]);
    for command in dh_tools::manual::definitions() {
        let sections = sections_of(command.get_name());
        let own = dh_tools::manual::see_also(command.get_name());
        let related = [own, &["debhelper(7)", "dh-pydeps(1)"]].concat();
        pages.extend(manual::pages(command, &sections, &related));
    }
    pages.extend(formats::pages(&root()));
    pages
}

/// The sections of a debhelper command, as those of a program's own page.
fn sections_of(command: &str) -> Vec<Section> {
    let all = dh_tools::manual::SECTIONS.iter();
    let own = all.filter(|section| section.page.is_empty() || section.page == command);
    let section = |section: &dh_tools::manual::Section| Section {
        page: "",
        title: section.title,
        text: section.text,
        entries: section.entries,
    };
    own.map(section).collect()
}

#[test]
fn sections_of_debhelper_commands_have_a_page() {
    let names: Vec<String> = dh_tools::manual::definitions()
        .iter()
        .map(|command| command.get_name().to_owned())
        .collect();
    for section in dh_tools::manual::SECTIONS {
        let known = section.page.is_empty() || names.iter().any(|name| name == section.page);
        assert!(known, "{}: no page `{}`", section.title, section.page);
    }
}

/// What a page ends with.
#[track_caller]
fn check_see_also(page: &str, expect: &str) {
    let pages = pages();
    let last = pages[page]
        .lines()
        .last()
        .map(|line| line.replace('\\', ""));
    assert_eq!(last.as_deref(), Some(expect), "{page}");
}

#[test]
fn pages_of_debhelper_commands_name_each_other() {
    check_see_also(
        "dh_pyelf_hold.1",
        "dh_pyelf(5), dh_pyelf_scan(1), dh_pyelf_restore(1), dh_pyelf_check(1), dh_pydeps(1), \
         debhelper(7), dh-pydeps(1)",
    );
    check_see_also(
        "dh_pydeps.1",
        "dh_pydeps(5), pydeps.toml(5), pydeps.lock(5), dh_python3(1), debhelper(7), dh-pydeps(1)",
    );
}

#[test]
fn pages_that_are_named_exist() {
    let pages = pages();
    for command in dh_tools::manual::definitions() {
        let named = dh_tools::manual::see_also(command.get_name()).iter();
        for name in named.filter(|name| **name != "dh_python3(1)") {
            let file = name.trim_end_matches(')').replace('(', ".");
            assert!(pages.contains_key(&file), "{name}");
        }
    }
}

#[test]
fn manual_pages_are_up_to_date() {
    let pages = pages();
    let dir = root().join("man");
    if asked_to_write("man") {
        write_pages(&dir, &pages);
    }
    let found = differences(&pages, &pages_in(&dir));
    assert!(
        found.is_empty(),
        "{found:#?}\nwrite them with: cargo xtask man"
    );
}

#[test]
fn a_page_that_differs_is_noticed() {
    let page = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let expect = BTreeMap::from([page("a.1", "new"), page("b.1", "same"), page("c.1", "")]);
    let found = BTreeMap::from([page("a.1", "old"), page("b.1", "same"), page("d.1", "")]);
    assert_eq!(
        differences(&expect, &found),
        [
            "man/a.1 is out of date",
            "man/c.1 is missing",
            "man/d.1 belongs to no command"
        ]
    );
}

#[test]
fn pages_are_the_same_every_time() {
    assert_eq!(pages(), pages());
}

#[test]
fn writing_removes_stale_pages() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("old.1"), "").unwrap();
    let pages = BTreeMap::from([("new.1".to_owned(), "text".to_owned())]);
    write_pages(dir.path(), &pages);
    assert_eq!(pages_in(dir.path()), pages);
}

#[test]
fn completions_know_every_command() {
    let out = root().join("target/completions");
    let keep = asked_to_write("completions");
    for shell in SHELLS {
        let mut command = dh_pydeps::cli::command();
        let text = completion(shell, &mut command);
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            assert!(text.contains(sub.get_name()), "{shell}: {sub}");
        }
        if keep {
            fs_err::create_dir_all(&out).expect("target/completions");
            fs_err::write(out.join(format!("dh-pydeps.{shell}")), text).expect("a completion");
        }
    }
}

const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Zsh, Shell::Fish];

fn completion(shell: Shell, command: &mut clap::Command) -> String {
    let mut text = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, command, name, &mut text);
    String::from_utf8(text).expect("UTF-8")
}

/// Where Debian's shells look for a command's completions, below `share`.
fn completion_file(shell: Shell, command: &str) -> (&'static str, String) {
    match shell {
        Shell::Zsh => ("zsh/vendor-completions", format!("_{command}")),
        Shell::Fish => ("fish/vendor_completions.d", format!("{command}.fish")),
        _ => ("bash-completion/completions", command.to_owned()),
    }
}

/// Those of the debhelper commands are committed: the commands do not tell them, to stay small.
#[test]
fn completions_of_debhelper_commands_are_up_to_date() {
    for shell in SHELLS {
        let mut expect = BTreeMap::new();
        let (directory, _) = completion_file(shell, "");
        for mut command in dh_tools::manual::definitions() {
            let (_, file) = completion_file(shell, command.get_name());
            expect.insert(file, completion(shell, &mut command));
        }
        let dir = root().join("crates/dh-tools/share").join(directory);
        if asked_to_write("man") {
            write_pages(&dir, &expect);
        }
        let same = expect == pages_in(&dir);
        assert!(
            same,
            "crates/dh-tools/share/{directory}: write them with: cargo xtask man"
        );
    }
}
