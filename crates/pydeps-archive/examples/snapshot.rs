//! Renews the tables that are built into the program, from the indexes in a cache
//! directory; `cargo xtask snapshot` runs it after `dh-pydeps update`.

use std::path::PathBuf;
use std::process::ExitCode;

use pydeps_archive::snapshot;
use pydeps_host::paths;

fn main() -> ExitCode {
    let Ok(cache) = paths::cache_dir(&|name| std::env::var_os(name)) else {
        return ExitCode::from(3);
    };
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data");
    match snapshot::write_all(&cache, &data) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            use std::io::Write as _;
            _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
