//! A resolution from the first attempt to the answer.
//!
//! First the newest roots that can be had, then the fewest packages for these, then what
//! a person may want to know of it. What was found out is kept: it follows from facts,
//! and more facts do not change it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::decision::Choice;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;

use crate::budget::{Meter, Stop};
use crate::build_order::build_order;
use crate::cache::Memo;
use crate::choices;
use crate::cost::{opened_by, paid_by};
use crate::explain::{Sentence, explain, texts};
use crate::known_index::{Wanted, World};
use crate::no_such_release;
use crate::node::Node;
use crate::policy::{Opened, Policy, Prices, Reach};
use crate::problem::{Problem, Root};
use crate::provider::{Provider, Setting};
use crate::root_outcome;
use crate::search::{Attempt, Core, Found, attempt, cheapest, shrink};
use crate::search_phase::{Best, Effort, First, Progress, Purpose, once};
use crate::unsatisfiable::hopeless;
use crate::unused_decisions;
use crate::verdict::{self, Solution, Walk};
use crate::why_not_newest;
use pydeps_core::outcome::{Action, Distribution, Minimality, Resolution};

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// It cannot go on without these; step again with a [`World`] that has them.
    Need(Wanted),
    /// The answer.
    Done(Resolution),
}

/// What facts that are lacking do to what is nice to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// They are asked for.
    Stops,
    /// It is left out.
    IsLeftOut,
}

/// A resolution under way: keeps what does not have to be worked out again.
pub struct Session<'a> {
    problem: Problem<'a>,
    memo: Memo,
    meter: Meter,
    progress: Progress<'a>,
    purpose: Purpose,
}

impl<'a> Session<'a> {
    /// Begins with a problem.
    pub fn new(mut problem: Problem<'a>) -> Self {
        pin_roots(&mut problem);
        Self {
            memo: Memo::new(&problem),
            problem,
            meter: Meter::default(),
            progress: Progress::default(),
            purpose: Purpose::Answer,
        }
    }

    /// A session for verdicts alone.
    pub(crate) fn trial(problem: Problem<'a>) -> Self {
        Self {
            purpose: Purpose::Trial,
            ..Self::new(problem)
        }
    }

    /// A session for verdicts alone, and none if not everything can be had.
    pub(crate) fn all_or_nothing(problem: Problem<'a>) -> Self {
        Self {
            purpose: Purpose::AllOrNothing,
            ..Self::new(problem)
        }
    }

    /// Begins where another session has shown that these prices have to be paid.
    pub(crate) fn after(problem: Problem<'a>, opens: Vec<Core>) -> Self {
        let mut session = Self::trial(problem);
        session.progress.in_conflict = !opens.is_empty();
        session.progress.opens.replace(opens);
        session
    }

    /// Resolves as far as the world is known. The answer depends on the problem and on
    /// what the world knows, and on nothing else.
    pub fn step(&self, world: &World) -> Step {
        let wanted = RefCell::default();
        match self.advance(world, &wanted, Lacking::Stops) {
            Ok(resolution) => Step::Done(resolution),
            Err(_) => Step::Need(wanted.take()),
        }
    }

    /// The best answer that can be given with what is known, where no more can be had:
    /// perhaps with more packages than needed, and without every choice. `None` if there
    /// is no answer yet.
    pub fn settle(&self, world: &World) -> Option<Resolution> {
        let wanted = RefCell::default();
        self.advance(world, &wanted, Lacking::IsLeftOut).ok()
    }

    /// As far as it goes; what is missing is added to `wanted`.
    pub(crate) fn advance(
        &self,
        world: &World,
        wanted: &RefCell<Wanted>,
        lacking: Lacking,
    ) -> Result<Resolution, Stop> {
        let setting = Setting {
            problem: &self.problem,
            world,
            memo: &self.memo,
            meter: &self.meter,
            wanted,
        };
        let first = once(&self.progress.first, || {
            let mut first = self.first(setting)?;
            let policy = Policy {
                opened: first.opened.clone(),
                ..Policy::default()
            };
            first.hopeless = Rc::new(hopeless(&Provider::new(setting, policy))?);
            Ok(first)
        })?;
        let best = once(&self.progress.best, || self.fewest(setting, &first));
        let best = match (best, lacking) {
            (Err(_), Lacking::IsLeftOut) => Rc::new(self.as_it_is(setting, &first)),
            (best, _) => best?,
        };
        let mut resolution = self.resolution(setting, &first, &best, lacking)?;
        if self.problem.options.choices {
            let trials = &mut *self.progress.trials.borrow_mut();
            let opens = self.progress.opens.borrow();
            let found =
                choices::choices(setting, &self.problem, &best, &resolution, &opens, trials);
            resolution.choices = match (found, lacking) {
                (Err(_), Lacking::IsLeftOut) => Vec::new(),
                (found, _) => found?,
            };
        }
        Ok(resolution)
    }

    /// The newest roots, and any tree for them.
    fn first(&self, setting: Setting<'_>) -> Result<First, Stop> {
        let mut conflict = Vec::new();
        let known = self.progress.conflict.borrow().clone();
        if let Some(conflict) = known {
            return self.nearest(setting, conflict);
        }
        for reach in [Reach::Window, Reach::Major] {
            if reach == Reach::Window && self.progress.in_conflict {
                continue;
            }
            let policy = Policy {
                reach,
                ..Policy::default()
            };
            let provider = Provider::new(setting, policy);
            if reach == Reach::Window && self.purpose == Purpose::Answer {
                provider.scout();
            }
            match attempt(&provider)? {
                Attempt::Solved(solution) => {
                    return Ok(First {
                        solution,
                        reach,
                        opened: Opened::None,
                        conflict: Vec::new(),
                        hopeless: Rc::default(),
                    });
                }
                Attempt::Impossible(tree) => conflict = explain(&tree, &provider),
                Attempt::TooFar => {}
            }
        }
        if self.purpose == Purpose::AllOrNothing {
            return Ok(First::none(conflict));
        }
        *self.progress.conflict.borrow_mut() = Some(conflict.clone());
        self.nearest(setting, conflict)
    }

    /// What comes nearest where there is no solution: the fewest distributions of which
    /// the given version is let through.
    fn nearest(&self, setting: Setting<'_>, mut conflict: Vec<Sentence>) -> Result<First, Stop> {
        let policy = |prices: &Prices| Policy {
            opened: Opened::by(prices),
            metered: true,
            ..Policy::default()
        };
        self.allow(Effort::Nearest, &Solution::new());
        let cores = &mut *self.progress.opens.borrow_mut();
        let found = cheapest(setting, &policy, cores)?;
        // What is in conflict whatever the rest: each of these has to be decided.
        for line in cores
            .iter()
            .filter(|core| core.prices.len() == 1)
            .flat_map(|core| &core.because)
        {
            if !conflict.iter().any(|known| known.says_the_same(line)) {
                conflict.push(line.clone());
            }
        }
        let (solution, opened) = match found {
            Found::Cheapest(solution, prices) => (solution, Opened::by(&prices)),
            Found::Hopeless => (Solution::new(), Opened::All),
            Found::TooFar => self.all_open(setting, &policy)?,
        };
        Ok(First {
            solution,
            reach: Reach::Window,
            opened,
            conflict,
            hopeless: Rc::default(),
        })
    }

    /// Everything let through at first, then less.
    fn all_open(
        &self,
        setting: Setting<'_>,
        policy: &dyn Fn(&Prices) -> Policy,
    ) -> Result<(Solution, Opened), Stop> {
        let all = Policy {
            opened: Opened::All,
            ..Policy::default()
        };
        let provider = Provider::new(setting, all);
        let Attempt::Solved(solution) = attempt(&provider)? else {
            return Ok((Solution::new(), Opened::All));
        };
        self.allow(Effort::Nearer, &Solution::new());
        let prices = opened_by(&provider, &solution)?;
        let paid_by = |_: &Solution| prices.clone();
        let start = (solution, prices.clone());
        let (solution, prices, _) = shrink(setting, policy, start, &paid_by)?;
        Ok((solution, Opened::by(&prices)))
    }

    /// The fewest packages for the roots as they are.
    fn fewest(&self, setting: Setting<'_>, first: &First) -> Result<Best, Stop> {
        if !self.problem.options.fewest || first.solution.is_empty() {
            return Ok(self.as_it_is(setting, first));
        }
        self.allow(Effort::Fewest, &first.solution);
        let policy = |prices: &Prices| self.policy(setting, first, Some(prices.clone()));
        let cores = &mut *self.progress.builds.borrow_mut();
        let (solution, prices, minimality) = match cheapest(setting, &policy, cores)? {
            Found::Cheapest(solution, prices) => (solution, prices, Minimality::Proven),
            Found::Hopeless => return Ok(self.as_it_is(setting, first)),
            Found::TooFar => {
                self.allow(Effort::Fewer, &first.solution);
                let paid_by = |solution: &Solution| paid_by(setting, solution);
                let start = (first.solution.clone(), paid_by(&first.solution));
                let (solution, prices, whole) = shrink(setting, &policy, start, &paid_by)?;
                let word = match whole {
                    true => Minimality::Irreducible,
                    false => Minimality::BudgetReached,
                };
                (solution, prices, word)
            }
        };
        Ok(Best {
            solution,
            policy: policy(&prices),
            minimality: Some(minimality),
            cores: cores.clone(),
        })
    }

    /// The first tree for the roots, whether it is the smallest or not.
    fn as_it_is(&self, setting: Setting<'_>, first: &First) -> Best {
        let looked_for = self.problem.options.fewest && !first.solution.is_empty();
        Best {
            solution: first.solution.clone(),
            policy: self.policy(setting, first, None),
            minimality: looked_for.then_some(Minimality::BudgetReached),
            cores: Vec::new(),
        }
    }

    /// The roots settled, the window for everything else.
    fn policy(&self, setting: Setting<'_>, first: &First, paid: Option<Prices>) -> Policy {
        let hopeless = match paid {
            Some(_) => Rc::clone(&first.hopeless),
            None => Rc::default(),
        };
        let provider = Provider::new(setting, Policy::default());
        let version = |name: &DistName| first.solution.get(&Node::Dist(name.clone())).cloned();
        let roots = self.problem.roots.iter().filter_map(Root::requirement);
        let fixed = roots.filter_map(|root| Some((root.name.clone(), version(&root.name)?)));
        let kept = first.solution.iter().filter_map(|(node, version)| {
            let name = node.name().filter(|name| !provider.is_leaf(name))?;
            Some((name.clone(), version.clone()))
        });
        Policy {
            reach: first.reach,
            opened: first.opened.clone(),
            metered: paid.is_some(),
            paid,
            fixed: fixed.collect(),
            kept: Some(kept.collect()),
            hopeless,
        }
    }

    /// An allowance for an effort, given when that is begun, for a better answer than
    /// `solution`.
    fn allow(&self, effort: Effort, solution: &Solution) {
        if self.progress.begun.borrow_mut().insert(effort) {
            let budget = self.problem.options.budget;
            let distributions = solution.keys().filter(|node| matches!(node, Node::Dist(_)));
            let (consulted, distributions) = (self.meter.total(), distributions.count());
            self.meter
                .allow(effort.allowance(budget, consulted, distributions));
        }
    }

    /// Projects at hand that do not work with the target's Python.
    fn wrong_pythons(&self) -> impl Iterator<Item = String> + '_ {
        let Problem { suite, target, .. } = self.problem;
        self.problem.roots.iter().filter_map(move |root| {
            let Root::Project {
                requires_python, ..
            } = root
            else {
                return None;
            };
            let wanted = requires_python
                .as_ref()
                .filter(|w| !target.admits(Some(w)))?;
            let (label, python) = (root.label(), target.python());
            Some(format!(
                "{label} needs Python {wanted}, and {suite} has {python}"
            ))
        })
    }

    fn resolution(
        &self,
        setting: Setting<'_>,
        first: &First,
        best: &Best,
        lacking: Lacking,
    ) -> Result<Resolution, Stop> {
        let provider = &Provider::new(setting, best.policy.clone());
        let solution = &best.solution;
        let walk = verdict::walk(provider, solution)?;
        let mut distributions = verdict::distributions(provider, solution, &walk);
        for row in distributions.iter_mut().filter(|row| builds(row)) {
            row.because = because(&best.cores, &row.name);
            if self.purpose != Purpose::Answer {
                continue;
            }
            let told = why_not_newest::explain_row(setting, best, &walk, row);
            if lacking == Lacking::Stops {
                told?;
            }
        }
        let (build_order, cycles) = build_order(&needs(&distributions, &walk));
        let roots = root_outcome::roots(setting, provider, solution)?;
        let mut findings = walk.findings;
        findings.extend(cycles.iter().map(|names| cycle_finding(names)));
        findings.extend(root_outcome::not_needed(provider));
        findings.extend(root_outcome::urls(provider));
        match no_such_release::findings(provider) {
            Err(stop) if lacking == Lacking::Stops => return Err(stop),
            told => findings.extend(told.unwrap_or_default()),
        }
        findings.extend(root_outcome::findings(provider, &roots));
        findings.extend(unused_decisions::findings(provider, &distributions));
        findings.sort();
        findings.dedup();
        Ok(Resolution {
            roots,
            distributions,
            build_order,
            conflict: self
                .wrong_pythons()
                .chain(texts(first.conflict.clone()))
                .collect(),
            minimality: best.minimality,
            choices: Vec::new(),
            findings,
        })
    }
}

/// A decision to pin what was asked for takes the place of the versions it was asked in.
fn pin_roots(problem: &mut Problem<'_>) {
    for root in &mut problem.roots {
        let Root::Requirement { requirement, .. } = root else {
            continue;
        };
        let decision = problem.decisions.get(&requirement.name);
        if decision.is_some_and(|decision| decision.choice == Choice::Pin) {
            requirement.version_or_url = None;
        }
    }
}

/// Why a package has to be built, where one contradiction is about it alone.
fn because(cores: &[Core], name: &DistName) -> Vec<String> {
    let about = |core: &&Core| {
        core.prices.len() == 1 && core.prices.iter().all(|price| price.name() == name)
    };
    let core = cores.iter().find(about);
    core.map_or_else(Vec::new, |core| texts(core.because.clone()))
}

fn builds(row: &Distribution) -> bool {
    row.action.is_some_and(Action::builds)
}

fn cycle_finding(names: &[DistName]) -> Finding {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Finding::warning(
        "cycle",
        format!("these require each other: {}", names.join(", ")),
    )
    .with_hint("build one of them without its tests first")
}

/// What each distribution that is built needs of the others.
fn needs(distributions: &[Distribution], walk: &Walk) -> BTreeMap<DistName, BTreeSet<DistName>> {
    let built = distributions.iter().filter(|row| builds(row));
    let mut needs: BTreeMap<DistName, BTreeSet<DistName>> =
        built.map(|d| (d.name.clone(), BTreeSet::new())).collect();
    for (from, _, edge) in &walk.edges {
        if !needs.contains_key(&edge.name) {
            continue;
        }
        if let Some(list) = from.name().and_then(|name| needs.get_mut(name)) {
            list.insert(edge.name.clone());
        }
    }
    needs
}

/// The version of a distribution in a solution.
pub(crate) fn version_of<'s>(solution: &'s Solution, name: &DistName) -> Option<&'s Version> {
    solution.get(&Node::Dist(name.clone()))
}
