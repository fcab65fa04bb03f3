//! What an ELF file or ar archive is, and what debhelper may do to it. Bytes and policy
//! in, facts and treatments out.
