//! Who packages: an option, or the environment as debchange(1) reads it.

use pydeps_core::finding::Finding;

use crate::failure::Failure;
use crate::ui::Ui;

/// Who stands in where nobody is named: the same on every machine.
const NOBODY: &str = "Local Packager <packager@example.org>";

/// `Name <address>`: the option, else DEBFULLNAME and DEBEMAIL, else EMAIL.
pub(crate) fn maintainer(option: Option<&str>, ui: &Ui) -> Result<String, Failure> {
    let variable = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    let by_environment = || {
        let address = variable("DEBEMAIL").or_else(|| variable("EMAIL"))?;
        match (
            address.contains('<'),
            variable("DEBFULLNAME").or_else(|| variable("NAME")),
        ) {
            (true, _) => Some(address),
            (false, Some(name)) => Some(format!("{name} <{address}>")),
            (false, None) => None,
        }
    };
    let given = option.map(str::to_owned).or_else(by_environment);
    let Some(given) = given else {
        let address = variable("DEBEMAIL").or_else(|| variable("EMAIL"));
        let lacking = match address {
            Some(address) => format!("{address} has no name, which DEBFULLNAME would give"),
            None => "nobody is named as the maintainer".to_owned(),
        };
        let message = format!("{lacking}; `{NOBODY}` stands in");
        ui.findings(&[Finding::warning("maintainer-missing", message).with_hint(HINT)]);
        return Ok(NOBODY.to_owned());
    };
    match is_maintainer(&given) {
        true => Ok(given),
        false => {
            let error = anyhow::anyhow!("`{given}` does not name a maintainer");
            Err(Failure::input(error).with_hint(HINT))
        }
    }
}

const HINT: &str =
    "set DEBFULLNAME and DEBEMAIL, or give --maintainer 'Jane Packager <jane@example.org>'";

/// A name, and an address with a domain, as Policy 5.6.2 has it.
fn is_maintainer(text: &str) -> bool {
    let Some((name, rest)) = text.split_once(" <") else {
        return false;
    };
    let Some((user, host)) = rest
        .strip_suffix('>')
        .and_then(|address| address.split_once('@'))
    else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c == '<' || c == '>' || c == '@')
    };
    !name.trim().is_empty()
        && !name.contains(['\n', ','])
        && plain(user)
        && plain(host)
        && host.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expect) in [
            ("Jane P <jane@example.org>", true),
            ("<jane@example.org>", false),
            ("Jane", false),
            ("Jane <jane@localhost>", false),
            ("Jane\nX: y <jane@example.org>", false),
        ] {
            assert_eq!(is_maintainer(text), expect, "{text}");
        }
    }
}
