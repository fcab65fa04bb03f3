//! The arguments of a command, as debhelper understands them (debhelper(7), "COMMON
//! DEBHELPER OPTIONS"; `Dh_Getopt.pm`).
//!
//! They come from three places: `DH_INTERNAL_OPTIONS`, by which `dh` reaches through an
//! override target; `DH_OPTIONS`; and the command line. `-O OPTION` is an option that was
//! given to `dh`: a command that does not know it ignores it.

mod scan;
#[cfg(test)]
mod tests;

use crate::compat::Compat;
use scan::{Event, Key, Table};

/// An option of a command's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its names without hyphens; one letter is a short option.
    pub names: Vec<String>,
    /// Whether it takes a value.
    pub takes: Takes,
}

/// Whether an option takes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// It is a switch.
    Nothing,
    /// `--name=VALUE`, `--name VALUE`, `-nVALUE`, `-n VALUE`.
    Value,
    /// The same, but the value may be missing.
    MaybeValue,
}

/// What a command was started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// The command line without the command's name.
    pub arguments: &'a [String],
    /// `DH_OPTIONS`.
    pub options: Option<&'a str>,
    /// `DH_INTERNAL_OPTIONS`.
    pub internal: Option<&'a str>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// `-v`: what changes something is printed.
    pub verbose: bool,
    /// `--no-act`: nothing is changed.
    pub no_act: bool,
    /// `-n`: maintainer scripts are left alone.
    pub no_scripts: bool,
    /// `-o`: nothing but maintainer scripts.
    pub only_scripts: bool,
    /// `-A`: what is named on the command line is for all packages.
    pub all: bool,
    /// `-h`.
    pub help: bool,
    /// `--remaining-packages`: those whose log has this command are left out.
    pub remaining: bool,
    /// `-X`: parts of file names.
    pub exclude: Vec<String>,
    /// `-P`: the directory that stands for `debian/PACKAGE`.
    pub tmpdir: Option<String>,
    /// `--mainpackage`.
    pub main_package: Option<String>,
    /// `--name`.
    pub name: Option<String>,
    /// `-u` and what follows `--`: for the program that a command wraps.
    pub passed: Vec<String>,
    /// What is no option.
    pub words: Vec<String>,
    /// The command's own options by their place in its table, in order.
    pub own: Vec<(usize, Option<String>)>,
    /// Options that select packages, in order.
    pub selectors: Vec<Selector>,
    /// What is to be told, though it stops nothing.
    pub warnings: Vec<String>,
}

/// An option that selects packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Where it was given.
    pub place: Place,
    /// Whether it came as `-O`.
    pub forwarded: bool,
    /// What it selects.
    pub which: Which,
}

/// Where an option was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In `DH_INTERNAL_OPTIONS`.
    Internal,
    /// In `DH_OPTIONS`.
    Variable,
    /// On the command line.
    Line,
}

/// What an option selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// `-a`
    Arch,
    /// `-i`
    Indep,
    /// `-p`
    Package(String),
    /// `-N`
    Except(String),
}

/// An option that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}unknown option or error during option parsing; aborting", .problems.iter().map(|p| format!("{p}; ")).collect::<String>())]
pub struct BadOptions {
    /// What is wrong, one sentence each.
    pub problems: Vec<String>,
}

/// What separates the options in `DH_INTERNAL_OPTIONS`.
const RECORD: char = '\u{1e}';

/// The words of one place.
struct Words {
    place: Place,
    words: Vec<String>,
}

/// Reads the arguments of a command with these options of its own. `compat` decides whether
/// long options may be abbreviated (up to 12).
pub fn parse(given: &Given<'_>, own: &[Own], compat: Compat) -> Result<Asked, BadOptions> {
    let table = Table::new(own, compat.abbreviates_options());
    let mut asked = Asked::default();
    // What follows `--` in the variables comes last, and DH_OPTIONS' instead of the other's.
    let mut after = Vec::new();
    for source in sources(given) {
        let (rest, problems) = apply(&source, &table, compat, &mut asked);
        match source.place {
            Place::Internal => after = rest,
            Place::Variable => {
                after = rest;
                let told = "ignored unknown options in DH_OPTIONS".to_owned();
                asked
                    .warnings
                    .extend((!problems.is_empty()).then_some(told));
            }
            Place::Line if problems.is_empty() => asked.passed.extend(rest),
            Place::Line => return Err(BadOptions { problems }),
        }
    }
    asked.passed.extend(after);
    Ok(asked)
}

fn sources(given: &Given<'_>) -> impl Iterator<Item = Words> {
    let words = |place, words: Vec<String>| Words { place, words };
    let split_record = |text: &str| {
        let text = text.trim_end_matches(RECORD);
        text.split(RECORD).map(str::to_owned).collect()
    };
    let split_blank = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let internal = given.internal.filter(|text| !text.is_empty());
    let internal = internal.map(|text| words(Place::Internal, split_record(text)));
    let variable = given.options.map(split_blank);
    let variable = variable.map(|found| words(Place::Variable, found));
    let line = words(Place::Line, given.arguments.to_vec());
    internal.into_iter().chain(variable).chain([line])
}

/// Applies all that one place says, `-O` last. Returns what follows `--`, and what is wrong.
fn apply(
    source: &Words,
    table: &Table<'_>,
    compat: Compat,
    asked: &mut Asked,
) -> (Vec<String>, Vec<String>) {
    let mut scan = scan::scan(&source.words, table);
    if compat.level() >= 12 && scan.events.iter().any(is_same_arch) {
        let removed = "-s/--same-arch has been removed; use -a/--arch instead";
        scan.problems.push(removed.to_owned());
    }
    let mut forwarded = asked.take(scan.events, source.place, false);
    while !forwarded.is_empty() {
        let scan = scan::scan(&[forwarded.remove(0)], table);
        // One that is not known, or only in part, is ignored.
        if scan.problems.is_empty() {
            let more = asked.take(scan.events, source.place, true);
            forwarded.splice(0..0, more);
        }
    }
    (scan.rest, scan.problems)
}

/// `-s` went with compat 12.
fn is_same_arch(event: &Event) -> bool {
    matches!(event, Event::Option(Key::SameArch, _))
}

fn which(key: Key, value: Option<&str>) -> Option<Which> {
    let value = value.unwrap_or_default().to_owned();
    match key {
        Key::Arch | Key::SameArch => Some(Which::Arch),
        Key::Indep => Some(Which::Indep),
        Key::Package => Some(Which::Package(value)),
        Key::NoPackage => Some(Which::Except(value)),
        _ => None,
    }
}

impl Asked {
    /// Applies what was found; the options that are to be forwarded.
    fn take(&mut self, events: Vec<Event>, place: Place, forwarded: bool) -> Vec<String> {
        let mut later = Vec::new();
        for event in events {
            match event {
                Event::Word(word) => self.words.push(word),
                Event::Option(Key::Forward, option) => later.extend(option),
                Event::Option(key, value) => match which(key, value.as_deref()) {
                    None => self.set(key, value),
                    Some(which) => self.selectors.push(Selector {
                        place,
                        forwarded,
                        which,
                    }),
                },
            }
        }
        later
    }

    /// Sets what an option says that selects no packages.
    fn set(&mut self, key: Key, value: Option<String>) {
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        match key {
            Key::Verbose => self.verbose = true,
            Key::NoAct => self.no_act = true,
            Key::NoScripts => self.no_scripts = true,
            Key::OnlyScripts => self.only_scripts = true,
            Key::All => self.all = true,
            Key::Help => self.help = true,
            Key::Remaining => self.remaining = true,
            Key::Exclude => self.exclude.extend(value),
            Key::Tmpdir => self.tmpdir = value,
            Key::MainPackage => self.main_package = value,
            Key::Name => self.name = value,
            Key::Passed => self.passed = value.as_deref().map(words).unwrap_or_default(),
            Key::Own(at) => self.own.push((at, value)),
            Key::Arch | Key::Indep | Key::SameArch | Key::Package | Key::NoPackage => {}
            Key::Forward | Key::Unused => {}
        }
    }
}
