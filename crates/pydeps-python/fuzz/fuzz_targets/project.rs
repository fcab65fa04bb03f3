//! Files of a project: `pyproject.toml` with Poetry's table, `setup.cfg`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for name in ["a", "test", "dev"] {
        if let (Ok(file), Ok(group)) = (pydeps_python::project_file::parse(text, "x"), name.parse()) {
            let _ = file.requires_dist();
            let _ = file.group(&group);
        }
    }
    let poetry = format!("[tool.poetry.dependencies]\na = {text}\n");
    let _ = pydeps_python::project_file::parse(&poetry, "x");
    let _ = pydeps_python::setup_cfg::parse(text, "x", &|name| Ok(name.to_owned()));
});
