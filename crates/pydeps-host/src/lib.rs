//! The machine: files, processes, apt, archive indexes, debian/ trees.
