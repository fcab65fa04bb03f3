//! Progress of long work, told to whoever can show it.

/// Hears how far long work has come. Implemented by programs.
pub trait Listener {
    /// `message` is what is being done now, a phrase without a final stop;
    /// `fraction` how much of it is done, from 0 to 1, where that is known.
    fn progress(&mut self, message: &str, fraction: Option<f64>);
}

/// Nobody is listening.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {
    fn progress(&mut self, _message: &str, _fraction: Option<f64>) {}
}
