use super::*;

/// The standard text, as people write it into a file: with their names, and wrapped anew.
fn filled(id: &str, width: usize) -> String {
    let text = standard_text(id).unwrap();
    let text = text
        .replace("<year>", "2024")
        .replace("<copyright holders>", "Jane Doe");
    let paragraphs = text.split("\n\n").map(|paragraph| {
        let mut lines = vec![String::new()];
        for word in paragraph.split_whitespace() {
            if lines.last().unwrap().len() + word.len() > width {
                lines.push(String::new());
            }
            let line = lines.last_mut().unwrap();
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
        lines.join("\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn ids(text: &str) -> Vec<String> {
    recognise(text).into_iter().map(|found| found.id).collect()
}

#[track_caller]
fn check(text: &str, expect: &[&str]) {
    assert_eq!(ids(text), expect);
}

#[test]
fn every_known_licence_is_itself() {
    for id in known::ids() {
        for width in [60, 78, 500] {
            assert_eq!(ids(&filled(id, width)), [id], "{id} at {width}");
        }
    }
}

#[test]
fn several_in_one_file() {
    let (mit, bsd, isc) = (
        filled("MIT", 70),
        filled("BSD-3-Clause", 70),
        filled("ISC", 70),
    );
    let text = format!("Ours:\n\n{mit}\n\nThe parser is another's:\n\n{bsd}\n\nThe rest\n\n{isc}");
    check(&text, &["MIT", "BSD-3-Clause", "ISC"]);
    let found = recognise(&text);
    let lines: Vec<_> = text.lines().collect();
    let first = lines[found[1].lines.clone()].join("\n");
    assert!(first.starts_with("Redistribution and use"), "{first}");
    assert!(
        first.trim_end().ends_with("POSSIBILITY OF SUCH DAMAGE."),
        "{first}"
    );
}

#[test]
fn one_sentence_makes_another_licence() {
    let bsd = filled("BSD-3-Clause", 70);
    let names = bsd.find("3. Neither").unwrap();
    let end = bsd.find("THIS SOFTWARE").unwrap();
    check(
        &format!("{}{}", &bsd[..names], &bsd[end..]),
        &["BSD-2-Clause"],
    );
    let advert = "3. All advertising materials mentioning features or use of this software \
        must display the following acknowledgement: This product includes software of Jane.\n\n";
    check(
        &format!("{}{advert}{}", &bsd[..names], &bsd[names..]),
        &["BSD-4-Clause"],
    );
    let mit = filled("MIT", 70);
    let evil = "The Software shall be used for Good, not Evil.\n\nTHE SOFTWARE IS PROVIDED";
    check(&mit.replace("THE SOFTWARE IS PROVIDED", evil), &["JSON"]);
}

#[test]
fn what_is_no_licence() {
    for text in [
        "",
        "\n\n",
        "See LICENSE.",
        "MIT",
        "Permission is hereby granted",
    ] {
        check(text, &[]);
    }
    check(
        &"All rights reserved, and nothing is allowed. ".repeat(30),
        &[],
    );
}

#[test]
fn a_rule_ends_a_licence() {
    let rule = "-".repeat(40);
    let text = format!("{}\n{rule}\nIt is in:\n * a.py\n", filled("MIT", 70));
    let text = format!("Others' work:\n\n{text}\nOf that:\n\n{}", filled("ISC", 70));
    let found = recognise(&text);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[found[0].lines.end], rule);
    check(&text, &["MIT", "ISC"]);
}
