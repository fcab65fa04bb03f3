use std::collections::BTreeMap;

use pep440_rs::Version;
use pydeps_core::archive::{Origin, PathClass, Suite};
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::dependencies::{
    Generated, Lookup, PackagedDist, Planned, Problem, Requirements, Sibling,
};
use pydeps_core::finding::Severity;
use pydeps_core::mapping::{Answer, Basis, Evidence, Mapping, policy_name};
use pydeps_core::name::DistName;
use pydeps_core::requirement::{self, Requirement};
use pydeps_core::target::Target;
use pydeps_debhelper::control::{Control, Package};

use super::*;
use crate::pydeps::messages;

const CONTROL: &str = "Source: app

Package: python3-app
Architecture: all

Package: python3-app-lib
Architecture: all

Package: python3-app-ext
Architecture: any
";

/// Distributions of the packages, decisions, and a suite that has `NAME VERSION` as
/// `python3-NAME VERSION-1`.
struct Table {
    built: Built,
    suite: BTreeMap<DistName, Answer>,
    decisions: BTreeMap<DistName, Decision>,
    extras: BTreeMap<(DistName, ExtraName), Vec<Requirement>>,
    locked: Vec<Distribution>,
}

fn read(text: &str) -> Requirement {
    requirement::parse(text, "test").0.unwrap()
}

fn has(name: &str, version: &str) -> (DistName, Answer) {
    let name: DistName = name.parse().unwrap();
    let found = Answer::Mapped(Mapping {
        distribution: name.clone(),
        package: policy_name(&name).unwrap(),
        package_version: Some(format!("{version}-1")),
        dependency: None,
        upstream: Some(version.parse().unwrap()),
        basis: Basis::Metadata,
        evidence: Evidence::Archive {
            path: "x".to_owned(),
        },
        public: true,
        origin: Origin::Suite,
        others: Vec::new(),
        findings: Vec::new(),
    });
    (name, found)
}

fn dist(name: &str, directory: &str, requires: &[&str]) -> BuiltDist {
    let public = directory == "usr/lib/python3/dist-packages";
    BuiltDist {
        name: name.parse().unwrap(),
        version: "1.0".parse().ok(),
        path: format!("{directory}/{name}-1.0.dist-info"),
        class: if public {
            PathClass::Public
        } else {
            PathClass::Private
        },
        requires: requires.iter().map(|text| read(text)).collect(),
        extras: vec!["x".parse().unwrap(), "y".parse().unwrap()],
        requires_python: ">=3.9".parse().ok(),
        findings: Vec::new(),
    }
}

const PUBLIC: &str = "usr/lib/python3/dist-packages";

impl Table {
    /// `python3-app` with a distribution `app` that has these requirements.
    fn new(requires: &[&str]) -> Self {
        let mut old = has("hidden", "1.0");
        if let Answer::Mapped(mapping) = &mut old.1 {
            mapping.public = false;
        }
        let mut whole = has("whole", "1.0");
        if let Answer::Mapped(mapping) = &mut whole.1 {
            mapping.dependency = Some("python3-whole (>= 1), python3-part".to_owned());
        }
        let mut table = Self {
            built: Built {
                packages: Control::parse(CONTROL).unwrap().packages,
                trees: BTreeMap::new(),
            },
            suite: BTreeMap::from([
                has("six", "1.17.0"),
                has("idna", "3.10.0"),
                has("gone", "1.0.0"),
                old,
                whole,
            ]),
            decisions: BTreeMap::new(),
            extras: BTreeMap::new(),
            locked: Vec::new(),
        };
        table.put("python3-app", dist("app", PUBLIC, requires));
        table
    }

    fn put(&mut self, package: &str, dist: BuiltDist) {
        let dists = self
            .built
            .trees
            .entry(package.parse().unwrap())
            .or_default();
        dists.push(dist);
    }

    fn decide(mut self, name: &str, choice: Choice) -> Self {
        let decision = Decision::new(choice, "debian/pydeps.toml:3");
        self.decisions.insert(name.parse().unwrap(), decision);
        self
    }

    fn answer(&self, package: &str, chosen: &Chosen) -> Dependencies {
        let is_it = |one: &&Package| one.name.as_str() == package;
        let package = self.built.packages.iter().find(is_it).unwrap();
        let suite = Suite::in_memory("hazel".parse().unwrap(), "3.13".parse().unwrap());
        let scope = Scope {
            lookup: &InPackage {
                table: self,
                package,
            },
            target: &Target::new(&suite, None),
            suite: "hazel",
        };
        super::package(&package.name, &self.built, scope, &self.locked, chosen)
    }

    /// The relations, fields separated by ` / `, then the codes of what was found.
    fn shown(&self, package: &str, chosen: &Chosen) -> String {
        let answer = self.answer(package, chosen);
        let fields = Field::BINARY.map(|field| {
            let items: Vec<&str> = answer.of(field).iter().map(String::as_str).collect();
            items.join(", ")
        });
        let mut shown = fields.join(" / ").trim_end_matches([' ', '/']).to_owned();
        for finding in &answer.findings {
            let mark = match finding.severity {
                Severity::Error => '!',
                Severity::Warning => '?',
                Severity::Info => continue,
            };
            shown += &format!(" {mark}{}", finding.code);
        }
        shown.trim().to_owned()
    }

    #[track_caller]
    fn check(&self, expect: &str) {
        assert_eq!(self.shown("python3-app", &Chosen::default()), expect);
    }
}

/// One package of the table.
struct InPackage<'a> {
    table: &'a Table,
    package: &'a Package,
}

impl Lookup for InPackage<'_> {
    fn own(&self, name: &DistName, directory: &str) -> Option<PackagedDist<'_>> {
        self.table.built.own(&self.package.name, name, directory)
    }

    fn decision(&self, name: &DistName) -> Option<&Decision> {
        self.table.decisions.get(name)
    }

    fn sibling(&self, name: &DistName) -> Option<Sibling<'_>> {
        self.table.built.sibling(self.package, name)
    }

    fn overridden(&self, _: &DistName) -> Option<Answer> {
        None
    }

    fn installed(&self, _: &DistName) -> Option<Mapping> {
        None
    }

    fn planned(&self, name: &DistName) -> Option<Planned> {
        let decision = self.table.decisions.get(name);
        decision.filter(|decision| decision.choice == Choice::Generate)?;
        Some(Planned::Generated(Generated {
            package: policy_name(name)?,
            version: None,
            epoch: 0,
            guessed: false,
            missing: false,
        }))
    }

    fn archived(&self, name: &DistName) -> Answer {
        let missing = || Answer::Missing {
            unstable: None,
            findings: Vec::new(),
        };
        self.table.suite.get(name).cloned().unwrap_or_else(missing)
    }

    fn requirements(
        &self,
        name: &DistName,
        _: Option<&Version>,
        extras: &[ExtraName],
    ) -> Requirements {
        let of = |extra: &ExtraName| {
            self.table
                .extras
                .get(&(name.clone(), extra.clone()))
                .cloned()
        };
        let found: Option<Vec<Vec<Requirement>>> = extras.iter().map(of).collect();
        found.map_or(Requirements::Unknown, |all| {
            Requirements::Known(all.concat())
        })
    }

    fn hint(&self, problem: Problem<'_>, requirement: &Requirement) -> String {
        messages::hint(problem, requirement)
    }
}

#[test]
fn plain_requirements() {
    Table::new(&[]).check("");
    Table::new(&["six>=1.10,!=1.11,<2", "idna"]).check(
        "python3-idna, python3-six (<< 1.11.0) | python3-six (>= 1.11.0.0~~), python3-six (<< 2~~), python3-six (>= 1.10.0)",
    );
    Table::new(&[
        "six; python_version < '3.9'",
        "idna; sys_platform == 'win32'",
    ])
    .check("");
    Table::new(&["six; python_version > '3.8' and os_name == 'posix'"]).check("python3-six");
    Table::new(&["six; platform_machine == 'x86_64'"]).check("python3-six ?marker-widened");
    Table::new(&["six; platform_release >= '6'"]).check("python3-six ?marker-widened");
    Table::new(&[
        "nowhere; python_version in '2.7, 3.1, 3.2'",
        "nowhere; python_version < '3.9.'",
        "six; python_version === '3.13'",
    ])
    .check("python3-six");
    Table::new(&["whole>=9"]).check("python3-part, python3-whole (>= 1)");
}

#[test]
fn nothing_is_dropped_in_silence() {
    Table::new(&["nowhere>=1", "six"]).check("python3-six !missing");
    Table::new(&["hidden"]).check("!missing");
    Table::new(&["six>=2"]).check("python3-six (>= 2.0.0) !unsatisfied");
    Table::new(&["six[fast]"]).check("python3-six !extras-unknown");
    Table::new(&["six @ https://files.example/six.zip"]).check("python3-six ?url-requirement");
}

#[test]
fn decisions() {
    Table::new(&["nowhere>=1"])
        .decide("nowhere", Choice::Ignore)
        .check("");
    Table::new(&["nowhere>=1"])
        .decide("nowhere", Choice::Bundle)
        .check("");
    Table::new(&["six>=2"])
        .decide("six", Choice::Relax)
        .check("python3-six");
    let generated = Table::new(&["nowhere>=1"]).decide("nowhere", Choice::Generate);
    generated.check("python3-nowhere (>= 1)");
}

#[test]
fn what_this_source_package_has() {
    let mut table = Table::new(&["helper>=1", "app-lib", "wheel-ext", "helper[x]"]);
    table.put(
        "python3-app",
        dist("helper", PUBLIC, &["six; extra == 'x'"]),
    );
    table.put("python3-app-lib", dist("app-lib", PUBLIC, &["app"]));
    table.put(
        "python3-app-ext",
        dist("wheel-ext", PUBLIC, &["app", "app-lib"]),
    );
    table.check("python3-app-ext (>= ${source:Version}), python3-app-lib (= ${source:Version}), python3-six");
    let none = Chosen::default();
    assert_eq!(
        table.shown("python3-app-lib", &none),
        "python3-app (= ${source:Version})"
    );
}

/// A mapping or a Build-Depends would change nothing: the copy is what is imported.
#[test]
fn another_version_in_the_same_package() {
    let table = || {
        let mut table = Table::new(&["helper>=2"]);
        table.put("python3-app", dist("helper", PUBLIC, &[]));
        table
    };
    table().check("!unsatisfied");
    table().decide("helper", Choice::Relax).check("");
    table().decide("helper", Choice::Ignore).check("");
    let bundled = table().decide("helper", Choice::Bundle);
    bundled.check("!unsatisfied");
    let answer = bundled.answer("python3-app", &Chosen::default());
    assert_eq!(
        answer.findings[0].hint.as_deref(),
        Some(
            "put a version that meets it into the package, or, if this version will do: \
             helper = { action = \"relax\", reason = \"…\" } below [decisions] in debian/pydeps.toml"
        )
    );
}

/// Half a build must say the same as a whole one: the usual name is enough.
#[test]
fn a_package_that_is_not_built_now() {
    Table::new(&["app-ext"]).check("python3-app-ext (>= ${source:Version})");
}

#[test]
fn private_directories_are_worlds_of_their_own() {
    let mut table = Table::new(&["helper"]);
    table.put(
        "python3-app",
        dist("helper", "opt/app/site-packages", &["nowhere"]),
    );
    table.put(
        "python3-app",
        dist("nowhere", "opt/app/site-packages", &["app"]),
    );
    table.check("!missing");
}

#[test]
fn extras_by_choice() {
    let requires = [
        "six; extra == 'x'",
        "idna; extra == 'y'",
        "gone",
        "app[y]; extra == 'x'",
    ];
    let chosen = |line: &str| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let mut chosen = Chosen::default();
        chosen.add_line(&words, "f:1").unwrap();
        chosen
    };
    let shown = |line| Table::new(&requires).shown("python3-app", &chosen(line));
    assert_eq!(shown("depends y"), "python3-gone, python3-idna");
    assert_eq!(
        shown("recommends x"),
        "python3-gone / python3-idna, python3-six"
    );
    assert_eq!(shown("suggests app[y]"), "python3-gone /  / python3-idna");
    assert_eq!(shown("suggests other[y]"), "python3-gone !extra-unknown");
    assert_eq!(shown("depends nope"), "python3-gone !extra-unknown");
}

#[test]
fn extras_of_others() {
    let mut table = Table::new(&["six[fast]"]);
    let requires = [
        "idna; extra == 'fast'",
        "nowhere; extra == 'slow'",
        "nowhere",
    ];
    let key = ("six".parse().unwrap(), "fast".parse().unwrap());
    table
        .extras
        .insert(key, requires.iter().map(|text| read(text)).collect());
    table.check("python3-idna, python3-six");
}

#[test]
fn what_was_locked() {
    let mut table = Table::new(&[]);
    let text = r#"{"name":"app","version":"1.1","verdict":"missing","origin":"index"}"#;
    table.locked.push(serde_json::from_str(text).unwrap());
    table.check("!not-as-locked");
    table.locked[0].version = "1.0.0".parse().ok();
    table.check("");
}

#[test]
fn the_suites_python() {
    let mut table = Table::new(&[]);
    let mut other = dist("other", PUBLIC, &[]);
    other.requires_python = ">=3.14".parse().ok();
    table.put("python3-app", other);
    table.check("!python");
}
