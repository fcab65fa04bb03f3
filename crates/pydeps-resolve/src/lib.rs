//! Debian-first dependency resolution without I/O.
