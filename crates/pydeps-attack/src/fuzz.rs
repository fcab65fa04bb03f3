//! Fuzz targets for the readers of foreign bytes, and a plain program that runs them.
//!
//! A [`Target`] is a function over bytes that must come back, whatever they are. The program
//! ([`run`]) gives it seeds with [mutations](mutate), seeds in which something is in one another
//! many thousand times, and longer and longer seeds, whose time must not grow faster than they do.
//! The same functions are what cargo-fuzz calls, where that is installed.

pub mod growth;
pub mod mutate;
pub mod run;
mod targets;

/// A reader of foreign bytes.
#[derive(Clone, Copy)]
pub struct Target {
    /// Letters, digits and hyphens.
    pub name: &'static str,
    /// Reads bytes. It must come back, in time that is linear in their number.
    pub read: fn(&[u8]),
    /// Bytes as they should be, of every kind that there is.
    pub seeds: &'static [&'static [u8]],
    /// What opens something that can be in one another.
    pub nests: &'static [&'static str],
    /// What a text of that kind can have many of: put before the end of a seed, or in its place.
    pub repeats: &'static [&'static str],
}

/// All targets, by name.
pub fn all() -> Vec<Target> {
    let mut all = targets::all();
    all.sort_by_key(|target| target.name);
    all
}

/// A target by its name.
pub fn named(name: &str) -> Option<Target> {
    all().into_iter().find(|target| target.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_a_depth_and_a_size() {
        let all = all();
        for target in &all {
            assert!(!target.seeds.is_empty(), "{}", target.name);
            assert!(!target.nests.is_empty(), "{}", target.name);
            assert!(!target.repeats.is_empty(), "{}", target.name);
        }
        let names: std::collections::BTreeSet<_> = all.iter().map(|target| target.name).collect();
        assert_eq!(names.len(), all.len());
    }
}
