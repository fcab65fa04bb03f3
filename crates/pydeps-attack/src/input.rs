//! One hostile input: what it is, what is expected of the programs, how it is put before them.

use crate::world::World;

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Class {
    /// A package index: pages, metadata, files by HTTP.
    Index,
    /// A source distribution.
    Sdist,
    /// The tree of a package that is being built: ELF files, wheels' metadata, records.
    Elf,
    /// Files of a session and of the build area, caches, configuration.
    State,
    /// What apt fetches, .deb files, results and logs of builds.
    Apt,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Index, Self::Sdist, Self::Elf, Self::State, Self::Apt];

    /// Its name on the command line and in the table.
    pub fn word(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Sdist => "sdist",
            Self::Elf => "elf",
            Self::State => "state",
            Self::Apt => "apt",
        }
    }
}

/// What is expected of the last command that an input is put before. Whatever it is, the
/// [judge](crate::judge) has its demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// One clear error.
    Refuse,
    /// An answer.
    Take,
    /// One or the other.
    Either,
}

/// A hostile input.
#[derive(Clone)]
pub struct Input {
    /// Unique in its class; letters, digits and hyphens.
    pub name: &'static str,
    /// What is hostile about it.
    pub idea: &'static str,
    /// What is expected.
    pub expect: Expect,
    /// What an error has to name: the file, URL or distribution at fault; one of several that `|`
    /// separates.
    pub names: &'static str,
    /// Whether only root can make it.
    pub root_only: bool,
    /// Lays it out and runs the programs on it.
    pub play: fn(&mut World),
}

/// An input that has to be refused.
pub const fn refuse(name: &'static str, idea: &'static str, play: fn(&mut World)) -> Input {
    input(Expect::Refuse, name, idea, play)
}

/// An input that has to be taken.
pub const fn take(name: &'static str, idea: &'static str, play: fn(&mut World)) -> Input {
    input(Expect::Take, name, idea, play)
}

/// An input that may be refused or taken.
pub const fn either(name: &'static str, idea: &'static str, play: fn(&mut World)) -> Input {
    input(Expect::Either, name, idea, play)
}

const fn input(
    expect: Expect,
    name: &'static str,
    idea: &'static str,
    play: fn(&mut World),
) -> Input {
    Input {
        name,
        idea,
        expect,
        names: "evil",
        root_only: false,
        play,
    }
}

impl Input {
    /// The same, of which an error has to name something else than `evil`.
    #[must_use]
    pub const fn names(mut self, text: &'static str) -> Self {
        self.names = text;
        self
    }

    /// The same, which only root can make.
    #[must_use]
    pub const fn root_only(mut self) -> Self {
        self.root_only = true;
        self
    }
}
