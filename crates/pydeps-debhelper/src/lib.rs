//! The contract of debhelper's commands as functions over text: arguments, selection of
//! packages, compat levels, configuration files, substvars.
