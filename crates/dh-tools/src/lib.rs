//! The `dh_*` programs: one small file for each, over what they share.
