//! Python package index client.
