//! Errors as programs report them: whose fault each is, and what to do about it. The exit
//! status belongs to the error, so every command of every program gives the same.

/// Whose fault it is that there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// What was given is wrong: an option, a name, a file of the project. Exit status 2.
    Input,
    /// Something around the program is missing or fails. Exit status 3.
    Environment,
}

impl Blame {
    /// The exit status of a program that ends with such an error.
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Input => 2,
            Self::Environment => 3,
        }
    }
}

/// An error of a library that ends a program.
pub trait Diagnostic: std::error::Error + Send + Sync + 'static {
    /// Whose fault it is.
    fn blame(&self) -> Blame;

    /// One action that the user can take.
    fn hint(&self) -> Option<String> {
        None
    }
}
