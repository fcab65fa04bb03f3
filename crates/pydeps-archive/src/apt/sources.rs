//! The machine's Debian sources → those of another suite. Pure.

use pydeps_core::archive::Origin;
use pydeps_core::finding::Finding;

/// Codenames that are known to exist; others are tried as well.
const CODENAMES: [&str; 7] = [
    "buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid",
];
/// What a mirror calls them besides.
const ALIASES: [&str; 5] = ["oldoldstable", "oldstable", "stable", "testing", "unstable"];

/// A source of binary packages that is configured on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineSource {
    /// The repository's address, as apt has it.
    pub uri: String,
    /// The suite in its entry: `bookworm-security`.
    pub release: String,
    /// How apt checks it.
    pub trust: Trust,
}

/// Whose signature a repository must bear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Debian's own keyring.
    #[default]
    Debian,
    /// A value of `Signed-By` (sources.list(5)): paths, fingerprints or a key.
    SignedBy(String),
    /// None (`Trusted: yes`): for a repository on this machine.
    Unsigned,
}

/// Which suite is wanted, and how.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// A codename or an alias.
    pub suite: &'a str,
    /// Another main mirror than the machine's, and whose signature it bears.
    pub mirror: Option<(&'a str, Trust)>,
    /// Whether backports are wanted.
    pub backports: bool,
}

/// One release to fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pocket {
    /// What it is to the suite.
    pub origin: Origin,
    /// The repository's address.
    pub uri: String,
    /// The release's path below `dists`.
    pub release: String,
    /// How apt is to check it.
    pub trust: Trust,
}

/// What to fetch for a suite: the suite itself first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The releases.
    pub pockets: Vec<Pocket>,
    /// What will be missing.
    pub findings: Vec<Finding>,
}

/// The machine has no Debian source, and no mirror was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("apt has no Debian source on this machine")]
pub struct NoSource;

/// The releases that make up a suite.
pub fn plan(request: &Request<'_>, machine: &[MachineSource]) -> Result<Plan, NoSource> {
    let main = main_mirror(request, machine)?;
    let mut plan = Plan {
        pockets: vec![main.pocket(Origin::Suite, request.suite)],
        findings: Vec::new(),
    };
    if !is_rolling(request.suite) {
        plan.pockets
            .push(main.pocket(Origin::Updates, &format!("{}-updates", request.suite)));
        plan.add_security(request.suite, machine);
    }
    if request.backports {
        plan.add_backports(request.suite, &main);
    }
    Ok(plan)
}

impl Plan {
    fn add_security(&mut self, suite: &str, machine: &[MachineSource]) {
        let release = security_release(suite);
        match machine.iter().find(|source| is_security(source)) {
            Some(source) => self.pockets.push(source.pocket(Origin::Security, &release)),
            None => self.findings.push(
                Finding::warning("no-security", format!("{suite} is without its security updates: apt has no source of them on this machine"))
                    .with_origin(release)
                    .with_hint("add a source of Debian's security updates, for whichever suite, to /etc/apt/sources.list.d"),
            ),
        }
    }

    fn add_backports(&mut self, suite: &str, main: &MachineSource) {
        let release = format!("{suite}-backports");
        if is_rolling(suite) {
            let message = format!("{suite} has no backports");
            self.findings
                .push(Finding::info("no-backports", message).with_origin(suite));
        } else {
            self.pockets.push(main.pocket(Origin::Backports, &release));
        }
    }
}

impl MachineSource {
    fn pocket(&self, origin: Origin, release: &str) -> Pocket {
        Pocket {
            origin,
            uri: self.uri.clone(),
            release: release.to_owned(),
            trust: self.trust.clone(),
        }
    }
}

fn main_mirror(
    request: &Request<'_>,
    machine: &[MachineSource],
) -> Result<MachineSource, NoSource> {
    if let Some((uri, trust)) = &request.mirror {
        return Ok(MachineSource {
            uri: (*uri).to_owned(),
            release: request.suite.to_owned(),
            trust: trust.clone(),
        });
    }
    let own = machine
        .iter()
        .find(|source| source.release == request.suite && is_main(source));
    own.or_else(|| machine.iter().find(|source| is_main(source)))
        .cloned()
        .ok_or(NoSource)
}

fn is_main(source: &MachineSource) -> bool {
    CODENAMES.contains(&source.release.as_str()) || ALIASES.contains(&source.release.as_str())
}

/// Since bullseye `SUITE-security`, before that `SUITE/updates`.
fn is_security(source: &MachineSource) -> bool {
    let suite = source
        .release
        .strip_suffix("-security")
        .or(source.release.strip_suffix("/updates"));
    suite.is_some_and(|suite| CODENAMES.contains(&suite) || ALIASES.contains(&suite))
}

fn security_release(suite: &str) -> String {
    match suite {
        "buster" => "buster/updates".to_owned(),
        suite => format!("{suite}-security"),
    }
}

/// Suites that are updated in place: they have neither updates nor backports.
pub fn is_rolling(suite: &str) -> bool {
    matches!(suite, "sid" | "unstable" | "experimental" | "rc-buggy")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(uri: &str, release: &str) -> MachineSource {
        MachineSource {
            uri: uri.into(),
            release: release.into(),
            trust: Trust::SignedBy(format!("/k/{release}.gpg")),
        }
    }

    #[track_caller]
    fn check(
        suite: &str,
        mirror: Option<&str>,
        backports: bool,
        machine: &[MachineSource],
        expect: &[&str],
    ) -> Plan {
        let mirror = mirror.map(|uri| (uri, Trust::Debian));
        let plan = plan(
            &Request {
                suite,
                mirror,
                backports,
            },
            machine,
        )
        .unwrap();
        let got: Vec<String> = plan
            .pockets
            .iter()
            .map(|pocket| format!("{} {}", pocket.uri, pocket.release))
            .collect();
        assert_eq!(got, expect);
        plan
    }

    #[test]
    fn another_suite() {
        let machine = [
            source("vendor:", "nodistro"),
            source("main:", "bookworm"),
            source("main:", "bookworm-updates"),
            source("sec:", "bookworm-security"),
        ];
        let plan = check(
            "trixie",
            None,
            true,
            &machine,
            &[
                "main: trixie",
                "main: trixie-updates",
                "sec: trixie-security",
                "main: trixie-backports",
            ],
        );
        assert_eq!(
            plan.pockets[2].trust,
            Trust::SignedBy("/k/bookworm-security.gpg".into())
        );
        assert!(plan.findings.is_empty());
        check(
            "buster",
            None,
            false,
            &machine,
            &[
                "main: buster",
                "main: buster-updates",
                "sec: buster/updates",
            ],
        );
        let plan = check("sid", None, true, &machine, &["main: sid"]);
        assert_eq!(plan.findings[0].code, "no-backports");
    }

    #[test]
    fn the_source_of_the_suite_itself_is_preferred() {
        let machine = [source("old:", "bookworm"), source("new:", "trixie")];
        check(
            "trixie",
            None,
            false,
            &machine,
            &["new: trixie", "new: trixie-updates"],
        );
    }

    #[test]
    fn a_given_mirror_takes_security_from_the_machine() {
        let machine = [source("main:", "stable"), source("sec:", "stable-security")];
        check(
            "trixie",
            Some("given:"),
            false,
            &machine,
            &[
                "given: trixie",
                "given: trixie-updates",
                "sec: trixie-security",
            ],
        );
        let plan = check(
            "trixie",
            Some("given:"),
            false,
            &[],
            &["given: trixie", "given: trixie-updates"],
        );
        assert_eq!(plan.findings[0].code, "no-security");
    }

    #[test]
    fn a_derivative_has_no_debian_source() {
        let request = Request {
            suite: "trixie",
            mirror: None,
            backports: false,
        };
        assert_eq!(plan(&request, &[source("vendor:", "noble")]), Err(NoSource));
    }
}
