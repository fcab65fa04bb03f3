//! See the command.

use std::process::ExitCode;

fn main() -> ExitCode {
    dh_tools::commands::pyelf_restore::main()
}
