//! What the program understands; the parser, `--help`, the manual pages and the
//! completions all come from here and from the arguments of each command.

use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::commands::{
    backport, build, completions, elf, generate, map, relation, resolve, status, tree, update, why,
};

/// Native Debian packages for Python applications and their dependency trees
///
/// Finds out which of a project's requirements Debian already has, which it has in
/// another version, and which are missing, for a suite of your choice.
#[derive(Debug, Parser)]
#[command(name = "dh-pydeps", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Action,
    /// How much to say.
    #[command(flatten)]
    pub talk: Talk,
}

/// How much to say, and how.
#[derive(Args, Clone, Debug)]
pub struct Talk {
    /// Say nothing but errors on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Tell what is worth knowing, too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; the schema is in the manual page.
    Json,
}

/// The program's commands; their help is that of their arguments, all of it.
#[derive(Debug, Subcommand)]
#[expect(
    missing_docs,
    reason = "a comment here would hide the longer help of the arguments"
)]
pub enum Action {
    Update(update::UpdateArgs),
    Resolve(resolve::ResolveArgs),
    Status(status::StatusArgs),
    Tree(tree::TreeArgs),
    Why(why::WhyArgs),
    Generate(generate::GenerateArgs),
    Backport(backport::BackportArgs),
    Map(map::MapArgs),
    Relation(relation::RelationArgs),
    Elf(elf::ElfArgs),
    Build(build::BuildArgs),
    Completions(completions::CompletionsArgs),
}

/// The whole command line, for generators of pages and completions.
pub fn command() -> clap::Command {
    Cli::command()
}
