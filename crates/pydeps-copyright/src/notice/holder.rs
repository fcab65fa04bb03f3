//! Lines like `Copyright (c) 2010-2014, 2016 Jane Doe <jane@example.org>`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

/// Who holds a copyright, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// As it stands there.
    pub name: String,
    /// The years that are named.
    pub years: BTreeSet<u16>,
    /// Whether it goes on ("2010-present").
    pub goes_on: bool,
}

/// Holders, each once, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    list: Vec<Holder>,
    places: BTreeMap<String, usize>,
}

impl Holders {
    /// Adds a holder, or the years to one of the same name.
    pub fn add(&mut self, holder: Holder) {
        let key = key(&holder.name);
        match self.places.get(&key) {
            Some(at) => {
                let known = &mut self.list[*at];
                known.years.extend(holder.years);
                known.goes_on |= holder.goes_on;
                if holder.name.contains('@') && !known.name.contains('@') {
                    known.name = holder.name;
                }
            }
            None => {
                self.places.insert(key, self.list.len());
                self.list.push(holder);
            }
        }
    }

    /// Adds all.
    pub fn extend(&mut self, others: &Self) {
        for holder in &others.list {
            self.add(holder.clone());
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Holder> {
        self.list.iter()
    }

    /// Whether a holder of this name is among them.
    pub fn has(&self, holder: &Holder) -> bool {
        self.places.contains_key(&key(&holder.name))
    }
}

/// Names that are the same person: without address, case and punctuation.
fn key(name: &str) -> String {
    let name = name.split('<').next().unwrap_or(name);
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let key: String = letters.flat_map(char::to_lowercase).collect();
    let forms = ["inc", "ltd", "llc", "corp", "gmbh"];
    let key = forms
        .iter()
        .find_map(|form| key.strip_suffix(form))
        .unwrap_or(&key);
    let key = key.strip_prefix("the").unwrap_or(key).to_owned();
    match key.is_empty() {
        true => name.to_owned(),
        false => key,
    }
}

impl std::fmt::Display for Holder {
    /// As in `Copyright` of debian/copyright: years, then the name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let years = ranges(&self.years, self.goes_on);
        match years.is_empty() {
            true => f.write_str(&self.name),
            false => write!(f, "{years} {}", self.name),
        }
    }
}

/// `2010-2012, 2014`.
fn ranges(years: &BTreeSet<u16>, goes_on: bool) -> String {
    let mut spans: Vec<(u16, u16)> = Vec::new();
    for year in years {
        match spans.last_mut() {
            Some(last) if last.1 + 1 == *year => last.1 = *year,
            _ => spans.push((*year, *year)),
        }
    }
    let count = spans.len();
    let one = |(at, (from, to)): (usize, (u16, u16))| match (from == to, goes_on && at + 1 == count)
    {
        (_, true) => format!("{from}-present"),
        (true, _) => from.to_string(),
        (false, _) => format!("{from}-{to}"),
    };
    spans
        .into_iter()
        .enumerate()
        .map(one)
        .collect::<Vec<_>>()
        .join(", ")
}

static MARK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)(?:^|[\s:.,'\x22(_-])(?:(?:spdx-filecopyrighttext:|(?:portions\s+)?copyright(?:ed)?(?:__)?\s*(?:[:=]\s*[fuUrb]?['\x22]?)?|©|\(c\))\s*)+",
    )
});
static YEARS: LazyLock<Regex> = LazyLock::new(|| {
    let year = r"(?:19[5-9]\d|20\d\d)";
    let to = r"\s*(?:--?|–|—|to|through)\s*";
    regex(&format!(
        r"(?i)^[\s,]*(?P<from>{year})(?:{to}(?P<to>{year}|\d\d\b|now\b|present\b|today\b|onwards?\b|\.\.\.|\+)|(?P<open>\+|\s*-\s*(?:,|\s|$)))?(?:,|;|\s+and\s|\s+&\s|\b|)"
    ))
});

/// The brackets of a template that was filled in without taking them away.
static FILLED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"<\s*(?P<years>(?:19|20)\d\d[\d\s,-]*)>\s*(?:<(?P<name>[^<>@]+)>)?"));

/// A pattern of this file.
#[allow(clippy::unwrap_used, reason = "constant; a test uses each")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// How many lines a list of holders goes on after "Copyright".
const CONTINUED: usize = 8;

/// The holders named in a text without comment signs.
pub(super) fn read(text: &str) -> Holders {
    let mut holders = Holders::default();
    let text = FILLED.replace_all(text, "$years $name");
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if !may_name(line) {
            continue;
        }
        let Some(mark) = MARK.find(line) else {
            continue;
        };
        let rest = &line[mark.end()..];
        let before = years_before(&line[..mark.start()]);
        if let Some(mut holder) = holder(rest, mark.as_str(), !before.is_empty()) {
            holder.years.extend(before);
            let ends = rest.trim_end().ends_with(',');
            holders.add(holder);
            continued(&lines[at + 1..], ends, &mut holders);
        }
    }
    holders
}

/// Whether it is worth while to look closer.
fn may_name(line: &str) -> bool {
    let signs = ["opyright", "OPYRIGHT", "©", "(c)", "(C)"];
    signs.iter().any(|sign| line.contains(sign))
}

/// Further holders on the lines below, each with its years.
fn continued(lines: &[&str], comma: bool, holders: &mut Holders) {
    for line in lines.iter().take(CONTINUED) {
        let starts = YEARS.is_match(line) && !MARK.is_match(line);
        match holder(line, "", false) {
            Some(holder) if starts && (comma || !holder.years.is_empty()) => holders.add(holder),
            _ => return,
        }
    }
}

/// Years, then a name; or a name after a mark that can mean nothing else.
fn holder(rest: &str, mark: &str, has_years: bool) -> Option<Holder> {
    let mut years = BTreeSet::new();
    let mut goes_on = false;
    let mut rest = rest.trim_start();
    while let Some(found) = YEARS.captures(rest) {
        let from: u16 = found["from"].parse().ok()?;
        goes_on |= found.name("open").is_some();
        let to = found.name("to").map(|to| last_year(from, to.as_str()));
        goes_on |= to == Some(None);
        years.extend(from..=to.flatten().unwrap_or(from).clamp(from, from + 99));
        rest = rest[found[0].len()..].trim_start();
    }
    let says = mark.to_lowercase().contains("copyright") || mark.contains('©');
    let certain = ["(c)", "(C)", "©", ":", "="];
    let is_certain = says && certain.iter().any(|sign| mark.contains(sign));
    if years.is_empty() && !(has_years || is_certain || says && looks_like_name(rest)) {
        return None;
    }
    let (name, years) = trailing_years(name(rest)?, years);
    is_name(&name).then_some(Holder {
        name,
        years,
        goes_on,
    })
}

/// Some write the years first: `2015-2026 (c) Jane Doe`.
fn years_before(text: &str) -> BTreeSet<u16> {
    static BEFORE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b((?:19|20)\d\d)(?:\s*[-–]\s*((?:19|20)\d\d))?,?\s*$"));
    let mut years = BTreeSet::new();
    let found = BEFORE.captures(text);
    let number = |at: usize| found.as_ref()?.get(at)?.as_str().parse::<u16>().ok();
    if let Some(from) = number(1) {
        years.extend(from..=number(2).unwrap_or(from).clamp(from, from + 99));
    }
    years
}

/// `2014`, or `14` after `2010`; nothing for "present".
fn last_year(from: u16, to: &str) -> Option<u16> {
    let number: u16 = to.parse().ok()?;
    Some(if number < 100 {
        from / 100 * 100 + number
    } else {
        number
    })
}

/// Some write the years behind the name.
fn trailing_years(name: String, mut years: BTreeSet<u16>) -> (String, BTreeSet<u16>) {
    static BEHIND: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^(.*?\D)[,\s(]+((?:19|20)\d\d)(?:\s*[-–]\s*((?:19|20)?\d\d))?\)?$")
    });
    let Some(found) = BEHIND.captures(&name).filter(|_| years.is_empty()) else {
        return (name, years);
    };
    if let Ok(from) = found[2].parse::<u16>() {
        let to = found.get(3).and_then(|to| last_year(from, to.as_str()));
        years.extend(from..=to.unwrap_or(from).clamp(from, from + 99));
    }
    let name = found[1].trim_end_matches([' ', ',', '(']).to_owned();
    (name, years)
}

/// What follows a holder on the same line.
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)[\s,;:(\[]*(?:all\s+rights?\b | \ball$ | \bsee\s+(?:the\s+)?(?:authors|license|licence|copying|copyright)
        | \blicen[sc]ed?\s+(?:under|to|is) | \breleased\s+under | \bdistributed\s+under | \bthis\s+(?:file|code|software|program|module|is)\b
        | \bunder\s+the\s+(?:terms|\w+\s+licen) | \bSPDX-|\bpermission\s+is\b|\bredistribution\b|\bFor\s+(?:conditions|license)|\band\s+licensed\b|\bsome\s+rights|\buse\s+of\s+this|\bportions\s+copyright).*$",
    )
});

/// The name, without what is no part of it.
fn name(rest: &str) -> Option<String> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"\[([^\]]+)\](?:\([^)]*\))?"));
    let rest = LINK.replace_all(rest, "$1");
    let rest = AFTER.replace(&rest, "");
    // The end of a string in a program, with a comment behind it.
    static END: LazyLock<Regex> = LazyLock::new(|| regex(r#"["']\s*\#.*$"#));
    let rest = END.replace(&rest, "");
    // A table's column, or a substitution of reStructuredText.
    let rest = rest
        .split(" |")
        .next()
        .unwrap_or(&rest)
        .trim()
        .trim_start_matches(['-', ',', ':', ';', '.', '*', '|'])
        .trim();
    let by = rest
        .get(..3)
        .is_some_and(|by| by.eq_ignore_ascii_case("by "));
    let rest = if by { &rest[3..] } else { rest };
    let rest = rest.trim_start_matches("held by ");
    let rest = rest
        .trim_end_matches(|c: char| " ,;:'\"*/\\|[(<".contains(c))
        .trim_end_matches("\\n");
    let keeps_dot = [
        "Inc.", "Ltd.", "Corp.", "Co.", "Jr.", "al.", "LLC.", "B.V.", "e.V.", "S.A.",
    ];
    let rest = match keeps_dot.iter().any(|end| rest.ends_with(end)) {
        true => rest,
        false => rest.trim_end_matches('.'),
    };
    let mut name = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.ends_with(')') && !name.contains('(') {
        name.pop();
    }
    // The line ends within the name that is the most frequent of all.
    if name == "Free" || name == "Free Software" {
        name = "Free Software Foundation, Inc.".to_owned();
    }
    (!name.is_empty()).then_some(name)
}

/// `Copyright Jane Doe`, but not `copyright notice`.
fn looks_like_name(rest: &str) -> bool {
    let first = rest.trim_start().trim_start_matches("by ").chars().next();
    first.is_some_and(char::is_uppercase) && rest.len() < 80 && !rest.contains(':')
}

/// Words of licence texts and forms, never of a name.
const NO_WORDS: &[&str] = &[
    "act",
    "claim",
    "claims",
    "disclaimer",
    "fullname",
    "header",
    "headers",
    "holder",
    "holders",
    "information",
    "infringement",
    "interest",
    "law",
    "laws",
    "license",
    "licence",
    "licenses",
    "notice",
    "notices",
    "owner",
    "owners",
    "permission",
    "protected",
    "protection",
    "return",
    "statement",
    "string",
    "strings",
    "template",
    "yyyy",
];
const NO_PARTS: &[&str] = &[
    "<year>",
    "[year]",
    "{year}",
    "name of author",
    "name of the author",
    "name of copyright",
    "{",
    "%(",
    "$",
    "and related",
    "<name",
    "[name",
    "your name",
];

fn is_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let code = [
        "()", "=", "==", " = ", "\\x", "re.", "{}", "\\u", "\\d", "](", "](http",
    ];
    let is_word =
        ["true", "false", "sign", "none", "info", "all", "the", "by"].contains(&lower.as_str());
    let known = name
        .chars()
        .any(|c| c.is_uppercase() || c == '@' || !c.is_ascii())
        || lower.contains("://");
    letters >= 2
        && !is_word
        && (known || name.contains(' '))
        && !lower.contains("shown in")
        && name.len() <= 150
        && !lower
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| NO_WORDS.contains(&word))
        && !NO_PARTS.iter().any(|part| lower.contains(part))
        && !code.iter().any(|sign| name.contains(sign))
        && name
            .chars()
            .filter(|c| c.is_alphanumeric() || " .,&-@<>()'".contains(*c))
            .count()
            * 10
            >= name.chars().count() * 8
}
