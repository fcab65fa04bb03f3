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
fn removing_and_setting() {
    assert_eq!(remove("a=x, y\nb=x\n", "a", "x"), "a=y\nb=x\n");
    assert_eq!(remove("a=x\nb=x\n", "a", "x"), "b=x\n");
    assert_eq!(remove("a=y, x\n", "a", "z"), "a=y, x\n");
    assert_eq!(delete("a?=x\nab=x\n", "a"), "ab=x\n");
    let items = |words: &str| words.split_whitespace().map(str::to_owned).collect();
    assert_eq!(
        set("a=1\nb=2\n", "a", &items("z x")).unwrap(),
        "b=2\na=x, z\n"
    );
    assert_eq!(set("a=1\nb=2\n", "a", &items("")).unwrap(), "b=2\na?=\n");
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
        let _ = (add(&text, &name, &item), remove(&text, &name, &item), delete(&text, &name));
    }
}
