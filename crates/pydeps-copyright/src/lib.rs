//! Under which terms the files of a source may be distributed: licence texts, notices, and
//! `debian/copyright` (DEP-5). Pure: the files are a parameter.
//!
//! | module | question |
//! |---|---|
//! | [`copyright`] | the whole of `debian/copyright` |
//! | [`licence_text`] | which licence a text is |
//! | [`notice`] | who holds what, by notices in files |
//! | [`minified`] | what nobody can edit |

pub mod copyright;
pub mod licence_text;
pub mod minified;
pub mod notice;
