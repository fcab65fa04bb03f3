//! Every fuzz target for a second: `cargo xtask fuzz` gives them more.

use std::process::Command;

#[test]
fn every_target_for_a_second() {
    let output = Command::new(env!("CARGO_BIN_EXE_fuzz"))
        .arg("--seconds=1")
        .arg("--output")
        .arg(env!("CARGO_TARGET_TMPDIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
