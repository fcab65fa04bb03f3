//! `completions`: for the shell that asks.

use clap::Args;
use clap_complete::Shell;
use pydeps_core::printable::Printable;

use crate::failure::{Failure, Outcome};
use crate::ui::Ui;

/// Print completions for a shell
///
/// The Debian package installs them; elsewhere put the output where the shell looks,
/// for bash: dh-pydeps completions bash > ~/.local/share/bash-completion/completions/dh-pydeps
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

pub(crate) fn run(
    args: &CompletionsArgs,
    mut definition: clap::Command,
    ui: &Ui,
) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut definition, "dh-pydeps", &mut script);
    let script = String::from_utf8_lossy(&script);
    ui.data(&Printable::lines(script.trim_end()));
    Ok(Outcome::Yes)
}
