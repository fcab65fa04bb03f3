//! What of the machine's configuration holds in the chroot: where the package index is,
//! and how to reach it. Pure.

/// Keys of pip's configuration that hold there, with uv's name for them.
const KEYS: &[(&str, &str)] = &[
    ("index-url", "UV_DEFAULT_INDEX"),
    ("extra-index-url", "UV_INDEX"),
    ("trusted-host", "UV_INSECURE_HOST"),
    ("timeout", "UV_HTTP_TIMEOUT"),
    ("default-timeout", "UV_HTTP_TIMEOUT"),
    ("retries", "UV_HTTP_RETRIES"),
    ("proxy", "ALL_PROXY"),
];

/// Proxies, as most programs read them.
pub(super) const PROXIES: &[&str] = &[
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// Reads `pip config list`: a later line takes precedence over an earlier one, and the
/// environment over both.
pub(super) fn settings(listed: &str) -> Vec<(&str, &str)> {
    let line = |line: &'_ str| -> Option<(usize, usize, usize)> {
        let equals = line.find('=')?;
        let dot = line[..equals].rfind('.')?;
        Some((dot + 1, equals, equals + 1))
    };
    let mut found: Vec<(bool, &str, &str)> = listed
        .lines()
        .filter_map(|text| {
            let (key, end, value) = line(text)?;
            let value = text[value..].trim_matches(['\'', '"']);
            Some((text.starts_with(":env:"), &text[key..end], value))
        })
        .collect();
    found.sort_by_key(|(environment, _, _)| *environment);
    found
        .into_iter()
        .map(|(_, key, value)| (key, value))
        .collect()
}

/// The variables for pip and uv in the chroot.
pub(super) fn variables(listed: &str) -> Vec<(String, String)> {
    let settings = settings(listed);
    let known = settings.into_iter().filter_map(|(key, value)| {
        let (_, uv) = KEYS.iter().find(|(known, _)| *known == key)?;
        let pip = format!("PIP_{}", key.replace('-', "_").to_uppercase());
        Some([
            (pip, value.to_owned()),
            ((*uv).to_owned(), value.to_owned()),
        ])
    });
    known.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTED: &str = ":env:.timeout='9'\nglobal.timeout='180'\nglobal.cert='/a=b/ca.crt'\n\
        global.find-links='/somewhere'\nsite.index-url='https://index.example/simple'\nodd\n";

    #[test]
    fn the_environment_comes_last() {
        let timeouts = settings(LISTED)
            .into_iter()
            .filter(|(key, _)| *key == "timeout");
        assert_eq!(
            timeouts.map(|(_, value)| value).collect::<Vec<_>>(),
            ["180", "9"]
        );
        assert!(settings(LISTED).contains(&("cert", "/a=b/ca.crt")));
    }

    #[test]
    fn only_what_leads_to_the_index_is_carried_in() {
        let variables = variables(LISTED);
        let of = |name: &str| {
            variables
                .iter()
                .rfind(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
        };
        assert_eq!(of("PIP_INDEX_URL"), Some("https://index.example/simple"));
        assert_eq!(of("UV_DEFAULT_INDEX"), Some("https://index.example/simple"));
        assert_eq!(of("UV_HTTP_TIMEOUT"), Some("9"));
        assert_eq!(of("PIP_FIND_LINKS"), None);
        assert_eq!(of("PIP_CERT"), None);
    }
}
