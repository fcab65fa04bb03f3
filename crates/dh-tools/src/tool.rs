//! A command's definition: its own options by clap, which also makes the help and the
//! manual, beside those that all commands of debhelper have.

use clap::{Arg, ArgAction, Args, Command};
use pydeps_debhelper::argv::{Own, Takes};

use crate::failure::Failure;
use crate::run::Run;

/// A debhelper command.
pub trait Tool: Args {
    /// Its name.
    const NAME: &'static str;
    /// One sentence without a final stop.
    const ABOUT: &'static str;
    /// What the manual says of it, paragraphs separated by empty lines.
    const LONG_ABOUT: &'static str;

    /// Acts on the packages of `run`.
    fn run(&self, run: &Run) -> Result<(), Failure>;
}

/// Options of every command (debhelper(7)). They are parsed by debhelper's rules, not by
/// clap; here they are for the help and the manual.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every debhelper command")]
struct Common {
    /// Print what is done
    #[arg(short, long)]
    verbose: bool,
    /// Change nothing
    #[arg(long)]
    no_act: bool,
    /// Act on the packages that are built for an architecture
    #[arg(short, long)]
    arch: bool,
    /// Act on the packages that are for all architectures
    #[arg(short, long)]
    indep: bool,
    /// Act on this package; may be repeated
    #[arg(short, long, value_name = "PACKAGE")]
    package: Vec<String>,
    /// Do not act on this package
    #[arg(short = 'N', long, value_name = "PACKAGE")]
    no_package: Vec<String>,
    /// Do not act on packages that this command has been called for in the same target
    #[arg(long)]
    remaining_packages: bool,
    /// Directory that stands for debian/PACKAGE; for one package only
    #[arg(short = 'P', long, value_name = "DIR")]
    tmpdir: Option<String>,
    /// Package whose configuration may do without its name; by default the first one
    #[arg(long, value_name = "PACKAGE")]
    mainpackage: Option<String>,
    /// Leave out files whose path has this in it
    #[arg(short = 'X', long, value_name = "ITEM")]
    exclude: Vec<String>,
    /// Option that is ignored if it is not known; dh hands its own through like this
    #[arg(short = 'O', value_name = "OPTION")]
    option: Vec<String>,
    /// Print help
    #[arg(short, long)]
    help: bool,
}

/// The whole definition, for the help and the manual.
pub fn definition<T: Tool>() -> Command {
    described::<T>(Common::augment_args(own::<T>()))
}

/// A command with its own options only.
pub(crate) fn own<T: Tool>() -> Command {
    let command = Command::new(T::NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true);
    let version = Arg::new("version")
        .long("version")
        .action(ArgAction::SetTrue)
        .help("Print version");
    described::<T>(T::augment_args(command).arg(version))
}

/// What groups of options say of themselves is not said of the command.
fn described<T: Tool>(command: Command) -> Command {
    let whole = format!("{}\n\n{}", T::ABOUT, T::LONG_ABOUT);
    command.about(T::ABOUT).long_about(whole)
}

/// The options of a definition, for debhelper's parser.
pub(crate) fn table(command: &Command) -> Vec<Own> {
    let options = command.get_arguments().filter(|arg| !arg.is_positional());
    options.map(option).collect()
}

fn option(arg: &Arg) -> Own {
    let long = arg.get_long_and_visible_aliases().unwrap_or_default();
    let short = arg.get_short_and_visible_aliases().unwrap_or_default();
    let long = long.into_iter().map(str::to_owned);
    Own {
        names: long.chain(short.iter().map(char::to_string)).collect(),
        takes: match arg.get_action().takes_values() {
            true => Takes::Value,
            false => Takes::Nothing,
        },
    }
}
