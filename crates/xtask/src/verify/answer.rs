//! What the program's JSON says, as far as a judge needs it. The schema is in
//! dh-pydeps-resolve(1); fields may be added to it, so unknown ones are let pass.

use serde::Deserialize;
use serde_json::{Value, json};

/// Evidence by which a package stands in for a distribution whose metadata it lacks.
const STAND_INS: &[&str] = &["alias", "provides", "guess", "override"];

/// The whole answer.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    pub(super) roots: Vec<Root>,
    pub(super) distributions: Vec<Distribution>,
    pub(super) build_order: Vec<Vec<String>>,
    /// How few packages it is, in a word; absent in early versions.
    pub(super) minimality: Option<String>,
}

/// What was asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Root {
    pub(super) requested: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) newest: Option<String>,
}

/// One of the tree.
#[derive(Debug, Deserialize)]
pub(super) struct Distribution {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) action: Option<String>,
    pub(super) package: Option<String>,
    pub(super) package_version: Option<String>,
    pub(super) newest: Option<String>,
    evidence: Option<Evidence>,
}

#[derive(Debug, Deserialize)]
struct Evidence {
    kind: String,
}

impl Root {
    /// The name with the extras that were asked for, without the rest.
    pub(super) fn with_extras(&self) -> &str {
        let end = self
            .requested
            .find(['=', '<', '>', '!', '~', ';', ' ', '@']);
        self.requested
            .get(..end.unwrap_or(self.requested.len()))
            .unwrap_or(&self.name)
    }
}

impl Distribution {
    fn acts(&self, action: &str) -> bool {
        self.action.as_deref() == Some(action)
    }

    /// Whether it is to become a package.
    pub(super) fn is_generated(&self) -> bool {
        self.acts("generate") || self.acts("replace")
    }

    /// Whether a package of the suite of that name may be replaced.
    pub(super) fn replaces(&self) -> bool {
        self.acts("replace")
    }

    /// Whether somebody still has to decide.
    pub(super) fn is_open(&self) -> bool {
        self.action.is_none()
    }

    fn stands_in(&self) -> bool {
        let kind = self
            .evidence
            .as_ref()
            .map(|evidence| evidence.kind.as_str());
        kind.is_some_and(|kind| STAND_INS.contains(&kind))
    }

    /// `NAME==VERSION`.
    pub(super) fn pin(&self) -> Option<String> {
        Some(format!("{}=={}", self.name, self.version.as_ref()?))
    }

    /// `NAME VERSION, newest NEWEST`, where it is not the newest.
    fn step_back(&self) -> Option<String> {
        let (newest, version) = (self.newest.as_ref()?, self.version.as_ref()?);
        (newest != version).then(|| format!("{} {version} (newest {newest})", self.name))
    }
}

impl Answer {
    /// Whether everything can be had as it is.
    pub(super) fn is_solution(&self) -> bool {
        !self.distributions.iter().any(Distribution::is_open)
    }

    /// What is to become a package.
    pub(super) fn generated(&self) -> impl Iterator<Item = &Distribution> {
        self.distributions.iter().filter(|row| row.is_generated())
    }

    /// How many rows are not simply there: to be packaged, or to be decided.
    pub(super) fn to_do(&self) -> usize {
        let done = |row: &&Distribution| row.acts("use") || row.acts("ignore");
        self.distributions.len() - self.distributions.iter().filter(done).count()
    }

    /// What is not taken in its newest release although it comes from the index.
    pub(super) fn steps_back(&self) -> Vec<String> {
        let root = |name: &str| self.roots.iter().any(|root| root.name == name);
        let roots = self.roots.iter().filter_map(|root| {
            let (newest, version) = (root.newest.as_ref()?, root.version.as_ref()?);
            Some(format!("{} {version} (newest {newest})", root.name))
        });
        let others = self.generated().filter(|row| !root(&row.name));
        roots
            .chain(others.filter_map(Distribution::step_back))
            .collect()
    }

    /// What the scripts in the chroot are to do; `leaves` is where uv finds the suite.
    ///
    /// Where something is still to be decided, nothing is generated: only the suite's
    /// part is installed, so that uv knows its extras.
    pub(super) fn task(&self, leaves: &str) -> Value {
        let used = || self.distributions.iter().filter(|row| row.acts("use"));
        let generated: Vec<_> = self.generated().filter(|_| self.is_solution()).collect();
        let packages: Vec<_> = used().filter_map(|row| row.package.as_deref()).collect();
        let promised = generated
            .iter()
            .copied()
            .chain(used().filter(|row| !row.stands_in()));
        let versions = promised.filter_map(|row| Some((row.name.as_str(), row.version.as_ref()?)));
        let stand_ins = used().filter(|row| row.stands_in()).map(|row| {
            let value = json!({"package": row.package, "version": row.version});
            (row.name.clone(), value)
        });
        json!({
            "roots": self.roots.iter().map(|root| &root.requested).collect::<Vec<_>>(),
            "generated": generated.iter().map(|row| &row.name).collect::<Vec<_>>(),
            "pins": generated.iter().filter_map(|row| row.pin()).collect::<Vec<_>>(),
            "suite": used().map(|row| &row.name).collect::<Vec<_>>(),
            "versions": versions.map(|(name, version)| (name.to_owned(), json!(version)))
                .collect::<serde_json::Map<_, _>>(),
            "stand_ins": stand_ins.collect::<serde_json::Map<_, _>>(),
            "packages": packages,
            "leaves": leaves,
        })
    }
}
