//! The inputs, by where they come from.

mod apt;
mod elf;
mod index;
mod sdist;
mod state;

use crate::input::{Class, Input};

/// All inputs of a class.
pub fn of(class: Class) -> Vec<Input> {
    match class {
        Class::Index => index::all(),
        Class::Sdist => sdist::all(),
        Class::Elf => elf::all(),
        Class::State => state::all(),
        Class::Apt => apt::all(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_class_has_forty_ideas_with_names_of_their_own() {
        for class in Class::ALL {
            let inputs = of(class);
            assert!(inputs.len() >= 40, "{class:?}: {}", inputs.len());
            let (mut names, mut ideas) = (BTreeSet::new(), BTreeSet::new());
            for input in inputs {
                assert!(names.insert(input.name), "{class:?}: {}", input.name);
                assert!(ideas.insert(input.idea), "{class:?}: {}", input.idea);
            }
        }
    }
}
