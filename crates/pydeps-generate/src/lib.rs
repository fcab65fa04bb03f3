//! From facts about an upstream release to the files under `debian/`. Values in, values
//! out: what reads an sdist and what writes a source package is elsewhere.
//!
//! [`plan`] is the whole of it. Beside it stand the parts, of use on their own:
//!
//! | module | question |
//! |---|---|
//! | [`facts`] | what is known of the release |
//! | [`suite`] | what packages of the target suite look like |
//! | [`modules`] | which modules can be imported once it is installed |
//! | [`compiled`] | what is compiled, and what that takes |
//! | [`backend`] | what builds it |
//! | [`names`] | how the packages are called |
//! | [`depends`] | what the package needs |
//! | `undeclared` | what it needs though its metadata do not say so |
//! | [`clashes`] | which of its files other packages have as well |
//! | [`fetches`] | what its build would fetch, and what stands in for that |
//! | [`patches`] | what has to be changed in the source |
//! | [`readme_source`] | what is unusual about the source package |
//! | [`carried`] | what is installed beside modules and programs |
//! | [`testing`] | which tests run at build time |
//! | [`description`], [`manpage`] | what it is, in Debian's form |
//! | [`rebuild`] | how a newer suite's package is called that is rebuilt |
//! | [`changelog`] | how an older changelog goes on |
//! | [`merge`] | what a person has changed since |

pub mod backend;
pub mod carried;
pub mod changelog;
pub mod clashes;
pub mod compiled;
pub mod control;
pub mod depends;
pub mod description;
pub mod facts;
pub mod fetches;
pub mod manpage;
pub mod merge;
pub mod modules;
pub mod names;
pub mod patches;
pub mod plan;
mod programs;
pub mod readme_source;
pub mod rebuild;
pub mod rules;
pub mod settings;
pub mod suite;
pub mod testing;
pub mod undeclared;
pub mod upstream_files;
pub mod upstream_metadata;
