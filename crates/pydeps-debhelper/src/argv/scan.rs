//! Options as `Getopt::Long` reads them with `bundling`, `no_ignore_case` and
//! `no_auto_abbrev` (from compat 13 on), which is how debhelper reads its own.

use std::collections::{BTreeSet, VecDeque};

use super::{Own, Takes};

/// What an option stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Verbose,
    NoAct,
    Indep,
    Arch,
    Package,
    NoPackage,
    Remaining,
    SameArch,
    NoScripts,
    OnlyScripts,
    Exclude,
    Tmpdir,
    Passed,
    All,
    Help,
    MainPackage,
    Name,
    Forward,
    /// Accepted, and without effect here.
    Unused,
    /// One of the command's own, by its place.
    Own(usize),
}

/// debhelper(7), "COMMON DEBHELPER OPTIONS", and `Dh_Getopt.pm`. A line has the names that
/// an abbreviation may mean at once.
const COMMON: &[(&[&str], Key, Takes)] = &[
    (&["v"], Key::Verbose, Takes::Nothing),
    (&["verbose"], Key::Verbose, Takes::Nothing),
    (&["no-act"], Key::NoAct, Takes::Nothing),
    (&["i"], Key::Indep, Takes::Nothing),
    (&["indep"], Key::Indep, Takes::Nothing),
    (&["a"], Key::Arch, Takes::Nothing),
    (&["arch"], Key::Arch, Takes::Nothing),
    (&["p"], Key::Package, Takes::Value),
    (&["package"], Key::Package, Takes::Value),
    (&["N"], Key::NoPackage, Takes::Value),
    (&["no-package"], Key::NoPackage, Takes::Value),
    (&["remaining-packages"], Key::Remaining, Takes::Nothing),
    (&["dbg-package"], Key::Unused, Takes::Value),
    (&["s"], Key::SameArch, Takes::Nothing),
    (&["same-arch"], Key::SameArch, Takes::Nothing),
    (&["n"], Key::NoScripts, Takes::Nothing),
    (&["noscripts"], Key::NoScripts, Takes::Nothing),
    (&["no-scripts"], Key::NoScripts, Takes::Nothing),
    (&["o"], Key::OnlyScripts, Takes::Nothing),
    (&["onlyscripts"], Key::OnlyScripts, Takes::Nothing),
    (&["only-scripts"], Key::OnlyScripts, Takes::Nothing),
    (&["X"], Key::Exclude, Takes::Value),
    (&["exclude"], Key::Exclude, Takes::Value),
    (&["d"], Key::Unused, Takes::Nothing),
    (&["P"], Key::Tmpdir, Takes::Value),
    (&["tmpdir"], Key::Tmpdir, Takes::Value),
    (&["u"], Key::Passed, Takes::Value),
    (&["V"], Key::Unused, Takes::MaybeValue),
    (&["A"], Key::All, Takes::Nothing),
    (&["all"], Key::All, Takes::Nothing),
    (&["h", "help"], Key::Help, Takes::Nothing),
    (&["mainpackage"], Key::MainPackage, Takes::Value),
    (&["name"], Key::Name, Takes::Value),
    (&["error-handler"], Key::Unused, Takes::Value),
    (&["O"], Key::Forward, Takes::Value),
];

/// The options of one command.
pub(super) struct Table<'a> {
    names: Vec<(&'a str, usize, Key, Takes)>,
    /// Whether a long option may be abbreviated.
    pub(super) abbreviations: bool,
}

/// What one pass over arguments has found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Options and words, in order.
    pub(super) events: Vec<Event>,
    /// What was not understood, in `Getopt::Long`'s words.
    pub(super) problems: Vec<String>,
    /// What follows `--`.
    pub(super) rest: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Option(Key, Option<String>),
    Word(String),
}

impl<'a> Table<'a> {
    pub(super) fn new(own: &'a [Own], abbreviations: bool) -> Self {
        let common = COMMON.iter().enumerate();
        let common = common.flat_map(|(line, (names, key, takes))| {
            names.iter().map(move |name| (*name, line, *key, *takes))
        });
        let own = own.iter().enumerate().flat_map(|(at, own)| {
            let line = COMMON.len() + at;
            let names = own.names.iter();
            names.map(move |name| (name.as_str(), line, Key::Own(at), own.takes))
        });
        Self {
            names: common.chain(own).collect(),
            abbreviations,
        }
    }

    fn exact(&self, name: &str) -> Option<(Key, Takes)> {
        let found = self.names.iter().find(|(known, ..)| *known == name);
        found.map(|(_, _, key, takes)| (*key, *takes))
    }

    /// A long option, perhaps abbreviated.
    fn long(&self, name: &str) -> Result<(Key, Takes), String> {
        let unknown = || match name {
            "" => "Missing option after --".to_owned(),
            _ => format!("Unknown option: {name}"),
        };
        if let Some(found) = self.exact(name) {
            return Ok(found);
        }
        if !self.abbreviations || name.is_empty() {
            return Err(unknown());
        }
        let hits = self
            .names
            .iter()
            .filter(|(known, ..)| known.starts_with(name));
        let hits: Vec<_> = hits.collect();
        let lines: BTreeSet<usize> = hits.iter().map(|(_, line, ..)| *line).collect();
        match (lines.len(), hits.first()) {
            (1, Some((_, _, key, takes))) => Ok((*key, *takes)),
            (0, _) | (_, None) => Err(unknown()),
            _ => Err(format!("Option {name} is ambiguous")),
        }
    }
}

/// Reads arguments to their end or to `--`.
pub(super) fn scan(arguments: &[String], table: &Table<'_>) -> Scan {
    let mut scan = Scan::default();
    let mut queue: VecDeque<String> = arguments.iter().cloned().collect();
    while let Some(argument) = queue.pop_front() {
        if argument == "--" {
            scan.rest = queue.into();
            break;
        }
        match one(&argument, &mut queue, table) {
            Ok(event) => scan.events.push(event),
            Err(problem) => scan.problems.push(problem),
        }
    }
    scan
}

/// Reads one argument. What is left of a bundle goes back to the queue.
fn one(argument: &str, queue: &mut VecDeque<String>, table: &Table<'_>) -> Result<Event, String> {
    if argument == "-" || !argument.starts_with(['-', '+']) {
        return Ok(Event::Word(argument.to_owned()));
    }
    match (argument.strip_prefix("--"), argument.strip_prefix('-')) {
        (Some(long), _) => {
            let (name, value) = split_value(long);
            option(name, table.long(name)?, value, queue)
        }
        (None, Some(bundle)) => short(bundle, queue, table),
        // `+` begins an option, too, which has no value after `=`.
        (None, None) => option(&argument[1..], table.long(&argument[1..])?, None, queue),
    }
}

/// `NAME=VALUE`; the name has at least one character.
fn split_value(long: &str) -> (&str, Option<&str>) {
    let first = long.chars().next().map_or(0, char::len_utf8);
    match long[first..].find('=') {
        Some(at) => (&long[..first + at], Some(&long[first + at + 1..])),
        None => (long, None),
    }
}

/// One letter of a bundle: what follows is its value if it takes one, else more letters.
fn short(bundle: &str, queue: &mut VecDeque<String>, table: &Table<'_>) -> Result<Event, String> {
    let first = bundle.chars().next().map_or(0, char::len_utf8);
    let (name, rest) = bundle.split_at(first);
    let found = table.exact(name);
    let takes = found.map_or(Takes::Nothing, |(_, takes)| takes);
    if takes == Takes::Nothing && !rest.is_empty() {
        queue.push_front(format!("-{rest}"));
    }
    match found {
        None => Err(format!("Unknown option: {name}")),
        Some((key, Takes::Nothing)) => Ok(Event::Option(key, None)),
        Some((key, _)) if !rest.is_empty() => Ok(Event::Option(key, Some(rest.to_owned()))),
        Some(found) => option(name, found, None, queue),
    }
}

/// An option whose value, if it takes one, is `value` or the next argument.
fn option(
    name: &str,
    (key, takes): (Key, Takes),
    value: Option<&str>,
    queue: &mut VecDeque<String>,
) -> Result<Event, String> {
    let missing = || format!("Option {name} requires an argument");
    let value = match (takes, value) {
        (Takes::Nothing, None) => None,
        (Takes::Nothing, Some(_)) => {
            return Err(format!("Option {name} does not take an argument"));
        }
        (Takes::Value, Some("")) => return Err(missing()),
        (Takes::Value | Takes::MaybeValue, Some(value)) => Some(value.to_owned()),
        (Takes::Value, None) => Some(queue.pop_front().ok_or_else(missing)?),
        (Takes::MaybeValue, None) => Some(next_word(queue)),
    };
    Ok(Event::Option(key, value))
}

/// The next argument if it is no option.
fn next_word(queue: &mut VecDeque<String>) -> String {
    let is_option = |word: &String| word.len() > 1 && word.starts_with(['-', '+']);
    match queue.front() {
        Some(word) if !is_option(word) => queue.pop_front().unwrap_or_default(),
        _ => String::new(),
    }
}
