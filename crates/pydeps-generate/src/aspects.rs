//! The aspects of a release: each looks at one side of it, and says what that adds to the
//! source package.
//!
//! | module | question |
//! |---|---|
//! | [`build_backend`] | what builds it |
//! | [`build_downloads`] | what its build would fetch, and what stands in for that |
//! | [`compiled`] | what is compiled, and what that takes |
//! | [`data_files`] | what is installed beside modules and programs |
//! | [`description`] | what it is, in Debian's form |
//! | `external_programs` | which programs of other packages it runs |
//! | [`file_conflicts`] | which of its files other packages have as well |
//! | [`man_pages`] | manual pages for its programs |
//! | [`patches`] | what has to be changed in the source |
//! | [`readme_source`] | what is unusual about the source package |
//! | [`testing`] | which tests run at build time |
//! | `undeclared_imports` | what it needs though its metadata do not say so |
//! | [`upstream_metadata`], [`watch`] | where upstream is |

pub mod build_backend;
pub mod build_downloads;
pub mod compiled;
pub mod data_files;
pub mod description;
pub(crate) mod external_programs;
pub mod file_conflicts;
pub mod man_pages;
pub mod patches;
pub mod readme_source;
pub mod testing;
pub mod undeclared_imports;
pub mod upstream_metadata;
pub mod watch;
