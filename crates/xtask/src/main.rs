//! Set-up, checks, demo, snapshot, man pages.

fn main() {}
