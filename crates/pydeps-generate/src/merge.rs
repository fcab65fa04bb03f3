//! What a person has changed since a file was generated, kept when it is generated anew.
