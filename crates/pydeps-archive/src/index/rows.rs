//! How the values of `pydeps_core::archive` are written in one column.

use pydeps_core::archive::{Origin, PathClass};

pub(crate) fn origin_code(origin: &Origin) -> String {
    match origin {
        Origin::Suite => String::new(),
        Origin::Updates => "updates".to_owned(),
        Origin::Security => "security".to_owned(),
        Origin::Backports => "backports".to_owned(),
        Origin::Local(name) => format!("local:{name}"),
    }
}

/// The inverse of [`origin_code`]; what it does not know is a local repository.
pub(crate) fn origin_of(code: &str) -> Origin {
    match code {
        "" => Origin::Suite,
        "updates" => Origin::Updates,
        "security" => Origin::Security,
        "backports" => Origin::Backports,
        other => Origin::Local(other.strip_prefix("local:").unwrap_or(other).to_owned()),
    }
}

pub(crate) fn class_code(class: PathClass) -> &'static str {
    match class {
        PathClass::Public => "",
        PathClass::Versioned => "versioned",
        PathClass::Private => "private",
    }
}

/// The inverse of [`class_code`]; what it does not know is private.
pub(crate) fn class_of(code: &str) -> PathClass {
    match code {
        "" => PathClass::Public,
        "versioned" => PathClass::Versioned,
        _ => PathClass::Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        let local = |name: &str| Origin::Local(name.to_owned());
        for origin in [
            Origin::Suite,
            Origin::Updates,
            Origin::Security,
            Origin::Backports,
            local("x"),
            local("updates"),
        ] {
            assert_eq!(origin_of(&origin_code(&origin)), origin);
        }
        for class in [PathClass::Public, PathClass::Versioned, PathClass::Private] {
            assert_eq!(class_of(class_code(class)), class);
        }
    }
}
