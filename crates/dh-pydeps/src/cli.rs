//! What the program understands; the parser, `--help`, the manual pages and the
//! completions all come from here and from the arguments of each command.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    backport, build, completions, elf, generate, map, relation, resolve, status, tree, update, why,
};
use crate::shared_args::Talk;

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
