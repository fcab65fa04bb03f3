//! Scenarios, trees, wheels and a stub index for tests.
