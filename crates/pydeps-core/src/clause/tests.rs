use proptest::prelude::*;

use super::*;

/// Each clause's alternatives in their canonical spelling, or `?`.
fn spelled(field: &str) -> String {
    let atom = |atom: &Atom| {
        let qualifier = atom.qualifier.iter().map(|word| format!(":{word}"));
        let bound = atom
            .bound
            .iter()
            .map(|(op, version)| format!(" {op:?} {version}"));
        format!(
            "{}{}{}",
            atom.package,
            qualifier.collect::<String>(),
            bound.collect::<String>()
        )
    };
    let clause = |clause: Result<Clause, UnreadableClause>| match clause {
        Ok(clause) => clause
            .alternatives
            .iter()
            .map(atom)
            .collect::<Vec<_>>()
            .join(" | "),
        Err(_) => "?".to_owned(),
    };
    parse(field).map(clause).collect::<Vec<_>>().join(", ")
}

#[track_caller]
fn check(field: &str, expect: &str) {
    assert_eq!(spelled(field), expect, "{field}");
}

#[test]
fn fields() {
    check("", "");
    check(
        "python3:any (>= 3.13~), libc6 (>=2.4)",
        "python3:any From 3.13~, libc6 From 2.4",
    );
    check(
        "a1|b1 (<<2) ,\n c1 ( = 1:2-3 ),",
        "a1 | b1 Below 2, c1 Exactly 1:2-3",
    );
    check(
        "a1 (> 1), b1 (< 2), c1 (>> 3), d1 (<= 4)",
        "a1 From 1, b1 UpTo 2, c1 Above 3, d1 UpTo 4",
    );
    check(
        "a1 [linux-any] <!nocheck>, b1(>= 1)[!i386]<cross>",
        "a1, b1 From 1",
    );
}

#[test]
fn what_is_no_relation() {
    check("a1 (>= 1, b1", "?, b1");
    check("a1 (1)", "?");
    check("a1 (=> 1)", "?");
    check("a1 | , b1", "?, b1");
    check("${misc:Depends}", "?");
    check("a1 b1", "?");
    check("a1 (>= not_a_version)", "?");
    check("a1 <!nocheck", "?");
}

#[track_caller]
fn check_reduced(field: &str, architecture: &str, profiles: &[&str], expect: &str) {
    let clauses = parse(field).map(Result::unwrap);
    let left = clauses.filter_map(|clause| clause.reduced(architecture, profiles));
    let names = left.map(|clause| {
        let names: Vec<&str> = clause
            .alternatives
            .iter()
            .map(|a| a.package.as_str())
            .collect();
        names.join(" | ")
    });
    assert_eq!(names.collect::<Vec<_>>().join(", "), expect, "{field}");
}

#[test]
fn reduced_to_a_build() {
    let field = "a1 [amd64] | b1, c1 [i386], d1 <!nocheck>, e1 <nocheck> <cross !nodoc>, f1 <!nocheck !nodoc>";
    check_reduced(field, "amd64", &[], "a1 | b1, d1, f1");
    check_reduced(field, "i386", &["nocheck"], "b1, c1, e1");
    check_reduced(field, "amd64", &["cross", "nodoc"], "a1 | b1, d1");
    check_reduced(field, "amd64", &["cross"], "a1 | b1, d1, e1, f1");
}

proptest! {
    #[test]
    fn total(field in "[a-c0-9|,:()<>=!\\[\\] \n~é-]{0,60}") {
        let clauses = parse(&field).count();
        prop_assert!(clauses <= field.len());
    }
}
