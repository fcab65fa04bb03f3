use proptest::prelude::*;

use super::*;

fn variables(name: &str) -> Option<String> {
    Some(match name {
        "DEB_HOST_ARCH" => "amd64".to_owned(),
        "env:LONG" => "x".repeat(5000),
        "env:FOO" => "${DEB_HOST_ARCH} $".to_owned(),
        _ => return None,
    })
}

/// Words separated by `|`, lines by `/`; or the error.
fn shown(text: &str, origin: Origin<'_>, level: u32) -> String {
    match lines(text, origin, Compat::new(level), &variables) {
        Ok(lines) => {
            let line = |line: &Line| format!("{}:{}", line.number, line.words.join("|"));
            lines.iter().map(line).collect::<Vec<_>>().join("/")
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(shown(text, Origin::File("f"), 13), expect, "{text}");
}

#[test]
fn comments_are_whole_lines() {
    check("a  b\n\n # c\n#d\n\te # f \n", "1:a|b/5:e|#|f");
    check("", "");
}

#[test]
fn variables_are_expanded_word_by_word() {
    check("a${Space}b c", "1:a b|c");
    check("${DEB_HOST_ARCH}/${}{x}${Dollar}", "1:amd64/${x}$");
    check("${env:FOO}", "1:${DEB_HOST_ARCH} $");
    check("${-x} ${a.b} ${ $x", "1:${-x}|${a.b}|${|$x");
    check("x\n${nope}", "f:2: cannot resolve variable \"${nope}\"");
    check(
        "${env:NOPE}",
        "f:1: cannot resolve variable \"${env:NOPE}\"",
    );
    let long = "f:1: refusing to expand ${env:LONG}: too many variables, or too long a word";
    check("${env:LONG}", long);
    check(&"${Space}".repeat(19), &format!("1:{}", " ".repeat(19)));
    assert!(shown(&"${Space}".repeat(20), Origin::File("f"), 13).contains("too many"));
    assert_eq!(shown("${nope}", Origin::File("f"), 12), "1:${nope}");
}

#[test]
fn output_has_no_comments() {
    let output = |text| shown(text, Origin::Output("f"), 13);
    assert_eq!(output("# a\n\nb ${Tab}\n"), "1:#|a/3:b|\t");
    assert!(output("a\n  \n").starts_with("f:2: a line of nothing but blanks"));
}

proptest! {
    #[test]
    fn total(text in "\\PC{0,80}", level in 12u32..16) {
        let _ = shown(&text, Origin::File("f"), level);
    }

    /// What has no variable stays as it is.
    #[test]
    fn words_without_a_dollar_stay(word in "[!-#%-~]{1,20}") {
        prop_assert_eq!(expand(&word, &variables).unwrap(), word);
    }
}
