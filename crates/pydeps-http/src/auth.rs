//! Credentials: from index URLs and netrc, sent to nobody else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::{Origin, Url};

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    user: String,
    password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login(…)")
    }
}

impl Login {
    /// The credentials in a URL, which is left without them.
    pub fn take_from(url: &mut Url) -> Option<Self> {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = decode(url.username());
        let password = url.password().map(decode).unwrap_or_default();
        // Fails only for URLs that cannot have credentials in the first place.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        (!user.is_empty() || !password.is_empty()).then_some(Self { user, password })
    }

    fn header(&self) -> String {
        let pair = format!("{}:{}", self.user, self.password);
        format!("Basic {}", STANDARD.encode(pair))
    }
}

/// Who to be, and where.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    logins: Vec<(Origin, Login)>,
    netrc: Vec<Machine>,
}

impl Credentials {
    /// Credentials for one scheme, host and port.
    pub fn add(&mut self, url: &Url, login: Login) {
        self.logins.push((url.origin(), login));
    }

    /// Adds what a netrc file says.
    pub fn add_netrc(&mut self, text: &str) {
        self.netrc.extend(parse_netrc(text));
    }

    /// The `Authorization` header for a URL: from an index URL of the same origin,
    /// else from netrc for the same host. netrc's `default` is not used: it would
    /// hand a password to every host that a page names.
    pub fn header(&self, url: &Url) -> Option<String> {
        let origin = url.origin();
        let exact = self.logins.iter().find(|(at, _)| *at == origin);
        if let Some((_, login)) = exact {
            return Some(login.header());
        }
        let host = url.host_str()?;
        let machine = self
            .netrc
            .iter()
            .find(|m| m.name.eq_ignore_ascii_case(host))?;
        Some(machine.login.header())
    }
}

/// One `machine` entry of a netrc file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Machine {
    name: String,
    login: Login,
}

/// Reads a netrc file; macros, `default` and what makes no sense are passed over.
fn parse_netrc(text: &str) -> Vec<Machine> {
    let tokens = netrc_tokens(text);
    let mut tokens = tokens.iter().map(String::as_str);
    let mut machines: Vec<Machine> = Vec::new();
    let mut current: Option<Machine> = None;
    while let Some(token) = tokens.next() {
        match token {
            "machine" | "default" => {
                machines.extend(current.take());
                let name = if token == "machine" {
                    tokens.next()
                } else {
                    None
                };
                current = name.map(|name| Machine {
                    name: name.to_owned(),
                    login: Login {
                        user: String::new(),
                        password: String::new(),
                    },
                });
            }
            "login" | "password" | "account" => {
                let value = tokens.next().unwrap_or_default().to_owned();
                match (token, &mut current) {
                    ("login", Some(machine)) => machine.login.user = value,
                    ("password", Some(machine)) => machine.login.password = value,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    machines.extend(current);
    machines
}

/// Words, without comments and macro definitions (which end at an empty line).
fn netrc_tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut in_macro = false;
    for line in text.lines() {
        in_macro &= !line.trim().is_empty();
        if in_macro {
            continue;
        }
        for word in line.split_whitespace() {
            match word {
                _ if word.starts_with('#') && tokens.last().is_none_or(|t| t != "password") => {
                    break;
                }
                "macdef" => {
                    in_macro = true;
                    break;
                }
                _ => tokens.push(word.trim_matches('"').to_owned()),
            }
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(netrc: &str, url: &str, expect: Option<&str>) {
        let mut credentials = Credentials::default();
        credentials.add_netrc(netrc);
        let got = credentials.header(&url.parse().unwrap());
        let expect = expect.map(|pair| format!("Basic {}", STANDARD.encode(pair)));
        assert_eq!(got, expect, "{netrc}");
    }

    #[test]
    fn netrc() {
        let url = "https://index.example/simple/";
        let plain = "machine index.example login me password se#cret\n";
        check(plain, url, Some("me:se#cret"));
        check(plain, "https://files.example/", None);
        check("# machine index.example login me password x", url, None);
        check(
            "machine index.example\nlogin me\npassword #x",
            url,
            Some("me:#x"),
        );
        check("default login me password x", url, None);
        check(
            "machine a login x password y machine index.example login b",
            url,
            Some("b:"),
        );
        let with_macro = format!("macdef init\nmachine index.example login no\n\n{plain}");
        check(&with_macro, url, Some("me:se#cret"));
    }

    #[test]
    fn logins_are_for_one_origin() {
        let mut url: Url = "https://us%40r:p%3aw@index.example:8443/simple"
            .parse()
            .unwrap();
        let login = Login::take_from(&mut url).unwrap();
        assert_eq!(url.as_str(), "https://index.example:8443/simple");
        assert!(!format!("{login:?}").contains("us"));
        let mut credentials = Credentials::default();
        credentials.add(&url, login);
        let header = |url: &str| credentials.header(&url.parse().unwrap());
        let expect = format!("Basic {}", STANDARD.encode("us@r:p:w"));
        assert_eq!(header("https://index.example:8443/files/x"), Some(expect));
        assert_eq!(header("https://index.example/files/x"), None);
        assert_eq!(header("http://index.example:8443/"), None);
        assert_eq!(header("https://other.example:8443/"), None);
    }

    proptest! {
        #[test]
        fn total(text in "(machine|login|password|macdef|\\PC{0,8}|[ \n]){0,12}") {
            let _ = parse_netrc(&text);
        }
    }
}
