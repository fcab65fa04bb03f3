//! `debian/upstream/metadata`: where upstream's bugs, repository and pages are (DEP-12).

use std::collections::BTreeMap;

/// Labels of `Project-URL`, as packaging.python.org lists the well-known ones and as people
/// write them, without case and punctuation, and the field of DEP-12 that means the same.
const LABELS: &[(&str, &str)] = &[
    ("bug", "Bug-Database"),
    ("bugreports", "Bug-Database"),
    ("bugs", "Bug-Database"),
    ("bugtracker", "Bug-Database"),
    ("changelog", "Changelog"),
    ("changes", "Changelog"),
    ("code", "Repository-Browse"),
    ("doc", "Documentation"),
    ("docs", "Documentation"),
    ("documentation", "Documentation"),
    ("donate", "Donation"),
    ("donation", "Donation"),
    ("funding", "Donation"),
    ("github", "Repository-Browse"),
    ("gitlab", "Repository-Browse"),
    ("history", "Changelog"),
    ("issue", "Bug-Database"),
    ("issues", "Bug-Database"),
    ("issuetracker", "Bug-Database"),
    ("releasenotes", "Changelog"),
    ("repo", "Repository-Browse"),
    ("repository", "Repository-Browse"),
    ("source", "Repository-Browse"),
    ("sourcecode", "Repository-Browse"),
    ("sources", "Repository-Browse"),
    ("sponsor", "Donation"),
    ("tracker", "Bug-Database"),
    ("whatsnew", "Changelog"),
];

/// Hosts on which the address of a repository's page is that of the repository.
const GIT_HOSTS: [&str; 3] = [
    "https://github.com/",
    "https://gitlab.com/",
    "https://codeberg.org/",
];

/// The file from `Project-URL`s (label, URL) in their order, and from `Home-page`; nothing
/// where none tells.
///
/// Labels that are well known (PEP 753) count first, then those with a word of such a label,
/// then what an address on a host of repositories looks like.
pub fn write(project_urls: &[(String, String)], homepage: Option<&str>) -> Option<String> {
    let homepage = homepage.map(|url| ("Home-page", url));
    let urls = project_urls.iter();
    let urls = urls.map(|(label, url)| (label.as_str(), url.as_str()));
    let urls: Vec<(&str, &str)> = urls
        .chain(homepage)
        .filter(|(_, url)| is_url(url))
        .collect();
    let ways: [fn(&str, &str) -> Option<&'static str>; 3] = [by_label, by_word, by_address];
    let mut fields: BTreeMap<&str, String> = BTreeMap::new();
    let mut known: Vec<&str> = Vec::new();
    for way in ways {
        for (label, url) in &urls {
            let field = way(label, url).filter(|_| !known.contains(url));
            if let Some(field) = field {
                known.push(*url);
                fields.entry(field).or_insert_with(|| (*url).to_owned());
            }
        }
    }
    let browse = fields.get("Repository-Browse").cloned();
    if let Some((browse, repository)) = browse.and_then(|url| repository(&url)) {
        let submit = fields
            .get("Bug-Database")
            .filter(|url| url.ends_with("/issues"));
        let submit = submit.map(|url| format!("{url}/new"));
        fields.extend(submit.map(|url| ("Bug-Submit", url)));
        fields.insert("Repository", repository);
        fields.insert("Repository-Browse", browse);
    }
    let lines = fields
        .iter()
        .map(|(field, url)| format!("{field}: {url}\n"));
    (!fields.is_empty()).then(|| format!("---\n{}", lines.collect::<String>()))
}

/// A label without case and punctuation (PEP 753, "Label normalization").
fn normalised(label: &str) -> String {
    let letters = label.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn by_label(label: &str, _url: &str) -> Option<&'static str> {
    let label = normalised(label);
    let found = LABELS.iter().find(|(known, _)| *known == label)?;
    Some(found.1)
}

/// `Source on GitHub`, `Report an issue`.
fn by_word(label: &str, _url: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 9] = [
        ("changelog", "Changelog"),
        ("releasenotes", "Changelog"),
        ("issue", "Bug-Database"),
        ("bug", "Bug-Database"),
        ("tracker", "Bug-Database"),
        ("documentation", "Documentation"),
        ("docs", "Documentation"),
        ("source", "Repository-Browse"),
        ("repository", "Repository-Browse"),
    ];
    let label = normalised(label);
    let found = WORDS.iter().find(|(word, _)| label.contains(word))?;
    Some(found.1)
}

/// `https://github.com/OWNER/NAME`, and what is below it.
fn by_address(_label: &str, url: &str) -> Option<&'static str> {
    let (page, _) = repository(url)?;
    let rest = url.strip_prefix(&page)?.trim_start_matches(".git");
    match rest.trim_matches('/') {
        "" => Some("Repository-Browse"),
        "issues" | "-/issues" => Some("Bug-Database"),
        "releases" | "-/releases" => Some("Changelog"),
        _ => None,
    }
}

/// A plain scalar of YAML needs no quotes where nothing in it means something there.
fn is_url(url: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?&=%+,;@".contains(c);
    let known = url.starts_with("https://") || url.starts_with("http://");
    known && url.chars().all(allowed) && !url.ends_with(':')
}

/// The repository's page and its address for git, where the host is known to have both.
fn repository(browse: &str) -> Option<(String, String)> {
    let host = GIT_HOSTS.iter().find(|host| browse.starts_with(**host))?;
    let mut parts = browse[host.len()..]
        .split('/')
        .filter(|part| !part.is_empty());
    let (owner, name) = (parts.next()?, parts.next()?.trim_end_matches(".git"));
    let page = format!("{host}{owner}/{name}");
    let address = format!("{page}.git");
    Some((page, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(urls: &[(&str, &str)], expect: &str) {
        let urls = urls
            .iter()
            .map(|(label, url)| ((*label).to_owned(), (*url).to_owned()));
        let got = write(&urls.collect::<Vec<_>>(), None).unwrap_or_default();
        assert_eq!(got, expect);
    }

    #[test]
    fn other_labels_and_addresses() {
        check(
            &[
                ("Homepage", "https://codeberg.org/a/b/"),
                ("Report an Issue", "https://b.example/bugs"),
                ("Source on the forge", "https://codeberg.org/a/b/src"),
            ],
            "---\nBug-Database: https://b.example/bugs\n\
             Repository: https://codeberg.org/a/b.git\n\
             Repository-Browse: https://codeberg.org/a/b\n",
        );
        check(
            &[
                ("Support", "https://github.com/a/b/issues"),
                ("Homepage", "https://github.com/a/b"),
            ],
            "---\nBug-Database: https://github.com/a/b/issues\n\
             Bug-Submit: https://github.com/a/b/issues/new\n\
             Repository: https://github.com/a/b.git\n\
             Repository-Browse: https://github.com/a/b\n",
        );
        let by_header = write(&[], Some("https://gitlab.com/a/b.git"));
        let expect = "---\nRepository: https://gitlab.com/a/b.git\n\
            Repository-Browse: https://gitlab.com/a/b\n";
        assert_eq!(by_header.as_deref(), Some(expect));
    }

    #[test]
    fn labels() {
        check(
            &[
                ("Bug Tracker", "https://github.com/a/b/issues"),
                ("Source Code", "https://github.com/a/b/tree/main"),
                ("What's New", "https://b.example/new"),
                ("docs", "https://b.example/"),
                ("Documentation", "https://second.example/"),
                ("Chat", "https://chat.example/"),
            ],
            "---\nBug-Database: https://github.com/a/b/issues\n\
             Bug-Submit: https://github.com/a/b/issues/new\nChangelog: https://b.example/new\n\
             Documentation: https://b.example/\nRepository: https://github.com/a/b.git\n\
             Repository-Browse: https://github.com/a/b\n",
        );
        check(
            &[("Source", "https://git.example/b")],
            "---\nRepository-Browse: https://git.example/b\n",
        );
    }

    #[test]
    fn what_tells_nothing() {
        check(&[], "");
        check(&[("Homepage", "https://a.example")], "");
        check(
            &[("Source", "not a url"), ("Docs", "https://a.example/ x: y")],
            "",
        );
        check(&[("Source", "https://a.example/\nX: y")], "");
    }
}
