//! From facts about an upstream release to the files under `debian/`. Values in, values
//! out: what reads an sdist and what writes a source package is elsewhere.
//!
//! [`plan`] is the whole of it. Beside it stand the parts, of use on their own:
//!
//! | module | question |
//! |---|---|
//! | [`facts`] | what is known of the release |
//! | [`suite_conventions`] | what packages of the target suite look like |
//! | [`settings`] | how the source is laid out |
//! | [`modules`] | which modules can be imported once it is installed |
//! | [`names`] | how the packages are called |
//! | [`depends`] | what the package needs |
//! | [`aspects`] | what each side of the release adds to the source package |
//! | [`control`], [`rules`] | the files as values |
//! | [`edits`] | what is done to a `debian/` that is there already |

pub mod aspects;
pub mod control;
pub mod depends;
pub mod edits;
pub mod facts;
pub mod modules;
pub mod names;
pub mod plan;
pub mod rules;
pub mod settings;
pub mod suite_conventions;
