use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, item: &str, expect: &str) {
    assert_eq!(add(text, "a:D", item).unwrap(), expect);
}

#[test]
fn items_are_a_sorted_set() {
    check("", "x", "a:D=x\n");
    check("a:D=z, b (>= 1)\nm=\n", "x", "a:D=b (>= 1), x, z\nm=\n");
    check("a:D=z, x\n", "x", "a:D=z, x\n");
    check("a:D?=z\n", "x", "a:D?=x, z\n");
    check("a:D!=z\n", "x", "a:D!=x, z\n");
    check("a:D=\n", "x", "a:D=x\n");
    check("a:Da=z\nba:D=z\n", "x", "a:Da=z\nba:D=z\na:D=x\n");
    check("a:D=p,q\n", "q", "a:D=p,q, q\n");
    check("b=1", "x", "b=1\na:D=x\n");
    assert!(add("", "a:D", "x\ny").is_err());
}

#[test]
fn defining_and_asking() {
    assert_eq!(define("b=2\n", "a"), "b=2\na?=\n");
    assert_eq!(define("a=z, x\n", "a"), "a=z, x\n");
    assert_eq!(define("a?=\n", "a"), "a?=\n");
    assert_eq!(add("a?=\n", "a", "x").unwrap(), "a?=x\n");
    assert_eq!(get("a=x, y\n", "a"), BTreeSet::from(["x", "y"]));
    assert_eq!(get("a=\n", "a"), BTreeSet::new());
}

proptest! {
    /// The same item twice changes nothing, the order of items does not matter, and the
    /// other lines stay.
    #[test]
    fn laws(text in "((a:D|b|c)[?!]?=[xyz]?(, [xyz])?\n){0,4}", one in "[p-s]{1,2}", two in "[p-s]{1,2}") {
        let once = add(&text, "a:D", &one).unwrap();
        prop_assert_eq!(&add(&once, "a:D", &one).unwrap(), &once);
        let both = add(&once, "a:D", &two).unwrap();
        let other = add(&add(&text, "a:D", &two).unwrap(), "a:D", &one).unwrap();
        prop_assert_eq!(get(&both, "a:D"), get(&other, "a:D"));
        let rest = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.starts_with("a:D")).map(str::to_owned).collect()
        };
        prop_assert_eq!(rest(&both), rest(&text));
    }

    #[test]
    fn total(text in "\\PC{0,60}", name in "\\PC{0,5}", item in "\\PC{0,5}") {
        let _ = (add(&text, &name, &item), define(&text, &name), get(&text, &name));
    }
}
