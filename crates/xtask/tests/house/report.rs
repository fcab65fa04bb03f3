//! A complaint names the place and what to do about it.

/// What a rule found wrong, as `place: what is wrong; what to do`.
pub(crate) type Complaint = String;

/// A complaint about a line of a file.
pub(crate) fn at(file: &str, line: usize, text: &str) -> Complaint {
    format!("{file}:{line}: {text}")
}

/// Fails with every complaint, if there are any.
#[track_caller]
pub(crate) fn expect_none(complaints: &[Complaint]) {
    assert!(
        complaints.is_empty(),
        "\n{}\n{} complaint(s)",
        complaints.join("\n"),
        complaints.len()
    );
}

#[test]
#[should_panic(expected = "a.rs:3: too long\n1 complaint(s)")]
fn a_complaint_fails_the_test() {
    expect_none(&[at("a.rs", 3, "too long")]);
}
