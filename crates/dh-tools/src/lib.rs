//! The debhelper commands of the suite.
//!
//! A command is a [`Tool`]: its own options, and what it does with a [`Run`], which is what
//! every command of debhelper has to find out first: what it was asked for, the compat level,
//! the packages to act on. The programs in `src/bin` name the command and call [`main`].

pub mod commands;
mod failure;
pub mod manual;
mod pydeps;
mod pyelf;
mod run;
mod say;
mod tool;

pub use failure::Failure;
pub use run::Run;
pub use say::Say;
pub use tool::{Tool, definition};

use std::process::ExitCode;

/// Runs a command with the arguments and the environment of this process.
pub fn main<T: Tool>() -> ExitCode {
    let say = Say::new(T::NAME);
    let done = run::prepare::<T>(say).and_then(|prepared| match prepared {
        run::Prepared::Help(text) => {
            say.data(&text);
            Ok(())
        }
        run::Prepared::Nothing => Ok(()),
        run::Prepared::Ready(run, options) => {
            options.run(&run)?;
            run.log()
        }
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(say),
    }
}
