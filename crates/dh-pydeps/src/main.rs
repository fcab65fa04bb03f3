//! Native Debian packages for Python applications and their dependency trees.

fn main() {}
