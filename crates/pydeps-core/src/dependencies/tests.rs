use super::*;
use crate::archive::{Origin, Suite};
use crate::decision::Choice;
use crate::finding::Severity;
use crate::mapping::{Basis, Evidence, policy_name};
use crate::requirement;

/// Packages by name of distribution: what each place says of it.
#[derive(Default)]
struct Table {
    own: BTreeMap<DistName, (Version, Vec<Requirement>)>,
    decisions: BTreeMap<DistName, Decision>,
    siblings: BTreeMap<DistName, Option<Vec<Requirement>>>,
    overridden: BTreeMap<DistName, Answer>,
    installed: BTreeMap<DistName, Mapping>,
    planned: BTreeMap<DistName, Planned>,
    archived: BTreeMap<DistName, Mapping>,
    requirements: BTreeMap<DistName, Requirements>,
}

fn name(text: &str) -> DistName {
    text.parse().unwrap()
}

fn target() -> Target {
    let suite = Suite::in_memory("hazel".parse().unwrap(), "3.13".parse().unwrap());
    Target::new(&suite, None)
}

fn read(texts: &[&str]) -> Vec<Requirement> {
    let read = |text: &&str| requirement::parse(text, "test").0.unwrap();
    texts.iter().map(read).collect()
}

/// `python3-NAME VERSION-1`, or another package.
fn mapping(distribution: &str, package: &str, version: &str) -> (DistName, Mapping) {
    let mapping = Mapping {
        distribution: name(distribution),
        package: package.parse().unwrap(),
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
    };
    (name(distribution), mapping)
}

fn generated(distribution: &str, version: Option<&str>) -> (DistName, Planned) {
    let generated = Generated {
        package: policy_name(&name(distribution)).unwrap(),
        version: version.map(|version| version.parse().unwrap()),
        epoch: 0,
        guessed: false,
        missing: false,
    };
    (name(distribution), Planned::Generated(generated))
}

impl Lookup for Table {
    fn own(&self, name: &DistName, _: &str) -> Option<PackagedDist<'_>> {
        let (version, requires) = self.own.get(name)?;
        Some(PackagedDist {
            version: Some(version),
            requires,
            directory: "",
            path: "own.dist-info",
        })
    }

    fn decision(&self, name: &DistName) -> Option<&Decision> {
        self.decisions.get(name)
    }

    fn sibling(&self, name: &DistName) -> Option<Sibling<'_>> {
        let requires = self.siblings.get(name)?;
        Some(Sibling {
            relation: format!("{name}-sibling (= ${{source:Version}})"),
            dist: requires.as_ref().map(|requires| PackagedDist {
                version: None,
                requires,
                directory: "",
                path: "sibling.dist-info",
            }),
        })
    }

    fn overridden(&self, name: &DistName) -> Option<Answer> {
        self.overridden.get(name).cloned()
    }

    fn installed(&self, name: &DistName) -> Option<Mapping> {
        self.installed.get(name).cloned()
    }

    fn planned(&self, name: &DistName) -> Option<Planned> {
        self.planned.get(name).cloned()
    }

    fn archived(&self, name: &DistName) -> Answer {
        let missing = Answer::Missing {
            unstable: None,
            findings: Vec::new(),
        };
        self.archived
            .get(name)
            .cloned()
            .map_or(missing, Answer::Mapped)
    }

    fn requirements(&self, name: &DistName, _: Option<&Version>, _: &[ExtraName]) -> Requirements {
        self.requirements
            .get(name)
            .cloned()
            .unwrap_or(Requirements::Unknown)
    }

    fn hint(&self, problem: Problem<'_>, _: &Requirement) -> String {
        format!("{problem:?}")
    }
}

impl Table {
    fn answer(&self, requires: &[&str], field: Field) -> Dependencies {
        let target = target();
        let mut collector = Collector::new(Scope {
            lookup: self,
            target: &target,
            suite: "hazel",
        });
        collector.require(&read(requires), field, "", "");
        collector.finish()
    }

    /// The relations, then the codes of findings: `!` errors, `?` warnings, and notes.
    fn shown(&self, requires: &[&str], field: Field) -> String {
        let answer = self.answer(requires, field);
        let mut shown = Vec::from_iter(answer.of(field).iter().map(String::as_str)).join(", ");
        for finding in &answer.findings {
            let mark = match finding.severity {
                Severity::Error => "!",
                Severity::Warning => "?",
                Severity::Info => "",
            };
            shown += &format!(" {mark}{}", finding.code);
        }
        shown.trim().to_owned()
    }

    #[track_caller]
    fn check(&self, requires: &[&str], expect: &str) {
        assert_eq!(self.shown(requires, Field::Depends), expect);
    }
}

/// Whoever comes first is asked; without each in turn, the next one.
#[test]
fn one_order_of_precedence() {
    let mut table = Table {
        own: BTreeMap::from([(name("foo"), ("1.0".parse().unwrap(), Vec::new()))]),
        decisions: BTreeMap::from([(name("foo"), Decision::new(Choice::Bundle, "toml"))]),
        siblings: BTreeMap::from([(name("foo"), None)]),
        overridden: BTreeMap::from([mapping("foo", "by-override", "1.0")])
            .into_iter()
            .map(|(name, mapping)| (name, Answer::Mapped(mapping)))
            .collect(),
        installed: BTreeMap::from([mapping("foo", "by-dpkg", "1.0")]),
        planned: BTreeMap::from([generated("foo", Some("1.0"))]),
        archived: BTreeMap::from([mapping("foo", "by-archive", "1.0")]),
        ..Table::default()
    };
    table.check(&["foo"], "");
    table.own.clear();
    table.check(&["foo"], "decided");
    table.decisions.clear();
    table.check(&["foo"], "foo-sibling (= ${source:Version})");
    table.siblings.clear();
    table.check(&["foo"], "by-override");
    table.overridden.clear();
    table.check(&["foo"], "by-dpkg");
    table.installed.clear();
    table.check(&["foo"], "python3-foo");
    table.planned.clear();
    table.check(&["foo"], "by-archive");
    table.archived.clear();
    table.check(&["foo"], "!missing");
}

#[test]
fn fields() {
    let table = Table {
        archived: BTreeMap::from([mapping("foo", "python3-foo", "1.5.0")]),
        planned: BTreeMap::from([generated("new", Some("2.0"))]),
        ..Table::default()
    };
    let holes = ["foo!=1.2.0", "new!=1.0"];
    table.check(
        &holes,
        "python3-foo (<< 1.2.0) | python3-foo (>= 1.2.0.0~~), \
         python3-new (<< 1.0) | python3-new (>= 1.0+post~~)",
    );
    assert_eq!(
        table.shown(&holes, Field::BuildDepends),
        "python3-foo (>= 1.2.0.0~~), python3-new (>= 1.0+post~~)"
    );
}

#[test]
fn decisions_and_versions() {
    let mut table = Table {
        own: BTreeMap::from([(name("own"), ("1.0".parse().unwrap(), Vec::new()))]),
        archived: BTreeMap::from([
            mapping("foo", "python3-foo", "1.5.0"),
            mapping("hidden", "bigapp", "1.0"),
        ]),
        planned: BTreeMap::from([generated("new", None)]),
        ..Table::default()
    };
    table.archived.get_mut(&name("hidden")).unwrap().public = false;
    table.check(
        &["foo>=2"],
        "python3-foo (>= 2.0.0) relation-loses !unsatisfied",
    );
    table.check(&["own>=2"], "!unsatisfied");
    table.check(&["hidden"], "!missing");
    table.check(&["new>=2,<3"], "python3-new (<< 3~~), python3-new (>= 2)");
    table.check(
        &["foo @ https://files.example/foo.zip"],
        "python3-foo ?url-requirement",
    );
    for relaxed in ["foo", "own"] {
        table
            .decisions
            .insert(name(relaxed), Decision::new(Choice::Relax, "toml"));
    }
    table.check(&["foo>=2"], "python3-foo relaxed");
    table.check(&["own>=2"], "");
    table.check(&["foo"], "python3-foo");
}

#[test]
fn extras() {
    let requires = ["six; extra == 'x'", "idna; extra == 'y'", "gone"];
    let mut table = Table {
        own: BTreeMap::from([(
            name("own"),
            (
                "1.0".parse().unwrap(),
                read(&["six; extra == 'x'", "own[x]; extra == 'all'"]),
            ),
        )]),
        siblings: BTreeMap::from([
            (name("beside"), Some(read(&requires))),
            (name("later"), None),
        ]),
        archived: ["six", "idna", "foo", "gone"]
            .map(|one| mapping(one, &format!("python3-{one}"), "1.0"))
            .into(),
        planned: BTreeMap::from([
            generated("new", Some("1.0")),
            generated("unread", Some("1.0")),
        ]),
        requirements: BTreeMap::from([
            (name("foo"), Requirements::Known(read(&requires))),
            (
                name("new"),
                Requirements::Known(read(&["foo[y]; extra == 'x'"])),
            ),
            (name("unread"), Requirements::Unread),
            (
                name("six"),
                Requirements::Failed("the index says 503".to_owned()),
            ),
        ]),
        ..Table::default()
    };
    table.check(&["own[all]"], "python3-six");
    table.check(&["foo[x,y]"], "python3-foo, python3-idna, python3-six");
    table.check(&["new[x]"], "python3-foo, python3-idna, python3-new");
    table.check(
        &["beside[y]"],
        "beside-sibling (= ${source:Version}), python3-idna",
    );
    table.check(&["later"], "later-sibling (= ${source:Version})");
    table.check(
        &["later[x]"],
        "later-sibling (= ${source:Version}) !extras-unknown",
    );
    table.check(&["idna[x]"], "python3-idna !extras-unknown");
    table.check(&["six[x]"], "python3-six !extras-unknown");
    table.check(&["unread[x]"], "python3-unread !extras-unknown");
    let answer = table.answer(&["six[x]", "unread[x]"], Field::Depends);
    assert_eq!(
        answer.unread,
        BTreeSet::from([(name("unread"), "1.0".parse().unwrap())])
    );
    assert!(answer.findings[0].message.ends_with(": the index says 503"));
    // What an override says is the whole.
    let (foo, mut whole) = mapping("foo", "python3-foo", "1.0");
    whole.dependency = Some("python3-foo, python3-gone".to_owned());
    table.overridden.insert(foo, Answer::Mapped(whole));
    table.check(&["foo[x]>=3"], "python3-foo, python3-gone");
}

#[test]
fn the_stronger_field_has_it() {
    let table = Table {
        archived: BTreeMap::from([mapping("foo", "python3-foo", "1.0")]),
        ..Table::default()
    };
    let target = target();
    let mut collector = Collector::new(Scope {
        lookup: &table,
        target: &target,
        suite: "hazel",
    });
    collector.require(&read(&["foo"]), Field::Suggests, "", "");
    collector.require(&read(&["foo"]), Field::Recommends, "", "");
    let answer = collector.finish();
    assert_eq!(answer.of(Field::Recommends).len(), 1);
    assert!(answer.of(Field::Suggests).is_empty());
}
