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

use crate::budget::{ConsultedReleases, Stop};
use crate::build_order::build_order;
use crate::cache::SolverCache;
use crate::choices;
use crate::cost::{build_costs, waived_costs};
use crate::explain::{ConflictSentence, explain, texts};
use crate::known_index::{IndexRequests, KnownIndex};
use crate::no_such_release;
use crate::node::SolverNode;
use crate::policy::{Costs, Policy, StepBack, Waived};
use crate::problem::{ResolutionProblem, ResolutionRoot};
use crate::provider::{DebianProvider, SolveContext};
use crate::root_outcome;
use crate::search::{CheapestSolution, SolveOutcome, UnsatCore, cheapest, minimize, solve};
use crate::search_phase::{
    BestSolution, FirstSolution, Purpose, SearchPhase, SessionProgress, get_or_compute,
};
use crate::unsatisfiable::infeasible;
use crate::unused_decisions;
use crate::verdict::{self, Solution, Walk};
use crate::why_not_newest;
use pydeps_core::outcome::{Action, Distribution, Minimality, Resolution};

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionStep {
    /// It cannot go on without these; step again with a [`KnownIndex`] that has them.
    Need(IndexRequests),
    /// The answer.
    Done(Resolution),
}

/// What facts that are lacking do to what is nice to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingFacts {
    /// They are asked for.
    Stops,
    /// It is left out.
    IsLeftOut,
}

/// A resolution under way: keeps what does not have to be worked out again.
pub struct ResolutionSession<'a> {
    problem: ResolutionProblem<'a>,
    cache: SolverCache,
    consulted: ConsultedReleases,
    progress: SessionProgress<'a>,
    purpose: Purpose,
}

impl<'a> ResolutionSession<'a> {
    /// Begins with a problem.
    pub fn new(mut problem: ResolutionProblem<'a>) -> Self {
        pin_roots(&mut problem);
        Self {
            cache: SolverCache::new(&problem),
            problem,
            consulted: ConsultedReleases::default(),
            progress: SessionProgress::default(),
            purpose: Purpose::Answer,
        }
    }

    /// A session for verdicts alone.
    pub(crate) fn trial(problem: ResolutionProblem<'a>) -> Self {
        Self {
            purpose: Purpose::Trial,
            ..Self::new(problem)
        }
    }

    /// A session for verdicts alone, and none if not everything can be had.
    pub(crate) fn all_or_nothing(problem: ResolutionProblem<'a>) -> Self {
        Self {
            purpose: Purpose::AllOrNothing,
            ..Self::new(problem)
        }
    }

    /// Begins where another session has shown that these prices have to be paid.
    pub(crate) fn after(problem: ResolutionProblem<'a>, waiver_cores: Vec<UnsatCore>) -> Self {
        let mut session = Self::trial(problem);
        session.progress.in_conflict = !waiver_cores.is_empty();
        session.progress.waiver_cores.replace(waiver_cores);
        session
    }

    /// Resolves as far as the world is known. The answer depends on the problem and on
    /// what the world knows, and on nothing else.
    pub fn step(&self, world: &KnownIndex) -> SessionStep {
        let wanted = RefCell::default();
        match self.advance(world, &wanted, MissingFacts::Stops) {
            Ok(resolution) => SessionStep::Done(resolution),
            Err(_) => SessionStep::Need(wanted.take()),
        }
    }

    /// The best answer that can be given with what is known, where no more can be had:
    /// perhaps with more packages than needed, and without every choice. `None` if there
    /// is no answer yet.
    pub fn best_so_far(&self, world: &KnownIndex) -> Option<Resolution> {
        let wanted = RefCell::default();
        self.advance(world, &wanted, MissingFacts::IsLeftOut).ok()
    }

    /// As far as it goes; what is missing is added to `wanted`.
    pub(crate) fn advance(
        &self,
        world: &KnownIndex,
        wanted: &RefCell<IndexRequests>,
        lacking: MissingFacts,
    ) -> Result<Resolution, Stop> {
        let context = SolveContext {
            problem: &self.problem,
            world,
            cache: &self.cache,
            consulted: &self.consulted,
            wanted,
        };
        let first = get_or_compute(&self.progress.first, || {
            let mut first = self.first(context)?;
            let policy = Policy {
                waived: first.waived.clone(),
                ..Policy::default()
            };
            first.infeasible = Rc::new(infeasible(&DebianProvider::new(context, policy))?);
            Ok(first)
        })?;
        let best = get_or_compute(&self.progress.best, || self.fewest(context, &first));
        let best = match (best, lacking) {
            (Err(_), MissingFacts::IsLeftOut) => Rc::new(self.unimproved(context, &first)),
            (best, _) => best?,
        };
        let mut resolution = self.resolution(context, &first, &best, lacking)?;
        if self.problem.options.choices {
            let trials = &mut *self.progress.trials.borrow_mut();
            let waiver_cores = self.progress.waiver_cores.borrow();
            let found = choices::choices(
                context,
                &self.problem,
                &best,
                &resolution,
                &waiver_cores,
                trials,
            );
            resolution.choices = match (found, lacking) {
                (Err(_), MissingFacts::IsLeftOut) => Vec::new(),
                (found, _) => found?,
            };
        }
        Ok(resolution)
    }

    /// The newest roots, and any tree for them.
    fn first(&self, context: SolveContext<'_>) -> Result<FirstSolution, Stop> {
        let mut conflict = Vec::new();
        let known = self.progress.conflict.borrow().clone();
        if let Some(conflict) = known {
            return self.nearest(context, conflict);
        }
        for step_back in [StepBack::Window, StepBack::Major] {
            if step_back == StepBack::Window && self.progress.in_conflict {
                continue;
            }
            let policy = Policy {
                step_back,
                ..Policy::default()
            };
            let provider = DebianProvider::new(context, policy);
            if step_back == StepBack::Window && self.purpose == Purpose::Answer {
                provider.prefetch_newest_tree();
            }
            match solve(&provider)? {
                SolveOutcome::Solved(solution) => {
                    return Ok(FirstSolution {
                        solution,
                        step_back,
                        waived: Waived::None,
                        conflict: Vec::new(),
                        infeasible: Rc::default(),
                    });
                }
                SolveOutcome::NoSolution(tree) => conflict = explain(&tree, &provider),
                SolveOutcome::BudgetReached => {}
            }
        }
        if self.purpose == Purpose::AllOrNothing {
            return Ok(FirstSolution::none(conflict));
        }
        *self.progress.conflict.borrow_mut() = Some(conflict.clone());
        self.nearest(context, conflict)
    }

    /// What comes nearest where there is no solution: the fewest distributions of which
    /// the given version is let through.
    fn nearest(
        &self,
        context: SolveContext<'_>,
        mut conflict: Vec<ConflictSentence>,
    ) -> Result<FirstSolution, Stop> {
        let policy = |costs: &Costs| Policy {
            waived: Waived::by(costs),
            budgeted: true,
            ..Policy::default()
        };
        self.allow(SearchPhase::Nearest, &Solution::new());
        let cores = &mut *self.progress.waiver_cores.borrow_mut();
        let found = cheapest(context, &policy, cores)?;
        // What is in conflict whatever the rest: each of these has to be decided.
        for line in cores
            .iter()
            .filter(|core| core.costs.len() == 1)
            .flat_map(|core| &core.because)
        {
            if !conflict.iter().any(|known| known.says_the_same(line)) {
                conflict.push(line.clone());
            }
        }
        let (solution, waived) = match found {
            CheapestSolution::Cheapest(solution, costs) => (solution, Waived::by(&costs)),
            CheapestSolution::NoSolution => (Solution::new(), Waived::All),
            CheapestSolution::BudgetReached => self.waive_all(context, &policy)?,
        };
        Ok(FirstSolution {
            solution,
            step_back: StepBack::Window,
            waived,
            conflict,
            infeasible: Rc::default(),
        })
    }

    /// Everything let through at first, then less.
    fn waive_all(
        &self,
        context: SolveContext<'_>,
        policy: &dyn Fn(&Costs) -> Policy,
    ) -> Result<(Solution, Waived), Stop> {
        let all = Policy {
            waived: Waived::All,
            ..Policy::default()
        };
        let provider = DebianProvider::new(context, all);
        let SolveOutcome::Solved(solution) = solve(&provider)? else {
            return Ok((Solution::new(), Waived::All));
        };
        self.allow(SearchPhase::Nearer, &Solution::new());
        let costs = waived_costs(&provider, &solution)?;
        let build_costs = |_: &Solution| costs.clone();
        let start = (solution, costs.clone());
        let (solution, costs, _) = minimize(context, policy, start, &build_costs)?;
        Ok((solution, Waived::by(&costs)))
    }

    /// The fewest packages for the roots as they are.
    fn fewest(
        &self,
        context: SolveContext<'_>,
        first: &FirstSolution,
    ) -> Result<BestSolution, Stop> {
        if !self.problem.options.fewest || first.solution.is_empty() {
            return Ok(self.unimproved(context, first));
        }
        self.allow(SearchPhase::Fewest, &first.solution);
        let policy = |costs: &Costs| self.policy(context, first, Some(costs.clone()));
        let cores = &mut *self.progress.build_cores.borrow_mut();
        let (solution, costs, minimality) = match cheapest(context, &policy, cores)? {
            CheapestSolution::Cheapest(solution, costs) => (solution, costs, Minimality::Proven),
            CheapestSolution::NoSolution => return Ok(self.unimproved(context, first)),
            CheapestSolution::BudgetReached => {
                self.allow(SearchPhase::Fewer, &first.solution);
                let build_costs = |solution: &Solution| build_costs(context, solution);
                let start = (first.solution.clone(), build_costs(&first.solution));
                let (solution, costs, whole) = minimize(context, &policy, start, &build_costs)?;
                let word = match whole {
                    true => Minimality::Irreducible,
                    false => Minimality::BudgetReached,
                };
                (solution, costs, word)
            }
        };
        Ok(BestSolution {
            solution,
            policy: policy(&costs),
            minimality: Some(minimality),
            cores: cores.clone(),
        })
    }

    /// The first tree for the roots, whether it is the smallest or not.
    fn unimproved(&self, context: SolveContext<'_>, first: &FirstSolution) -> BestSolution {
        let looked_for = self.problem.options.fewest && !first.solution.is_empty();
        BestSolution {
            solution: first.solution.clone(),
            policy: self.policy(context, first, None),
            minimality: looked_for.then_some(Minimality::BudgetReached),
            cores: Vec::new(),
        }
    }

    /// The roots settled, the window for everything else.
    fn policy(
        &self,
        context: SolveContext<'_>,
        first: &FirstSolution,
        allowed: Option<Costs>,
    ) -> Policy {
        let infeasible = match allowed {
            Some(_) => Rc::clone(&first.infeasible),
            None => Rc::default(),
        };
        let provider = DebianProvider::new(context, Policy::default());
        let version =
            |name: &DistName| first.solution.get(&SolverNode::Dist(name.clone())).cloned();
        let roots = self
            .problem
            .roots
            .iter()
            .filter_map(ResolutionRoot::requirement);
        let fixed = roots.filter_map(|root| Some((root.name.clone(), version(&root.name)?)));
        let kept = first.solution.iter().filter_map(|(node, version)| {
            let name = node.name().filter(|name| !provider.is_leaf(name))?;
            Some((name.clone(), version.clone()))
        });
        Policy {
            step_back: first.step_back,
            waived: first.waived.clone(),
            budgeted: allowed.is_some(),
            allowed,
            fixed: fixed.collect(),
            kept: Some(kept.collect()),
            infeasible,
        }
    }

    /// An allowance for an effort, given when that is begun, for a better answer than
    /// `solution`.
    fn allow(&self, effort: SearchPhase, solution: &Solution) {
        if self.progress.phases_begun.borrow_mut().insert(effort) {
            let budget = self.problem.options.budget;
            let distributions = solution
                .keys()
                .filter(|node| matches!(node, SolverNode::Dist(_)));
            let (consulted, distributions) = (self.consulted.total(), distributions.count());
            self.consulted
                .allow(effort.allowance(budget, consulted, distributions));
        }
    }

    /// Projects at hand that do not work with the target's Python.
    fn python_conflicts(&self) -> impl Iterator<Item = String> + '_ {
        let ResolutionProblem { suite, target, .. } = self.problem;
        self.problem.roots.iter().filter_map(move |root| {
            let ResolutionRoot::Project {
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
        context: SolveContext<'_>,
        first: &FirstSolution,
        best: &BestSolution,
        lacking: MissingFacts,
    ) -> Result<Resolution, Stop> {
        let provider = &DebianProvider::new(context, best.policy.clone());
        let solution = &best.solution;
        let walk = verdict::walk(provider, solution)?;
        let mut distributions = verdict::distributions(provider, solution, &walk);
        for row in distributions.iter_mut().filter(|row| is_built(row)) {
            row.because = because(&best.cores, &row.name);
            if self.purpose != Purpose::Answer {
                continue;
            }
            let found = why_not_newest::explain_distribution(context, best, &walk, row);
            if lacking == MissingFacts::Stops {
                found?;
            }
        }
        let (build_order, cycles) = build_order(&needs(&distributions, &walk));
        let roots = root_outcome::roots(context, provider, solution)?;
        let mut findings = walk.findings;
        findings.extend(cycles.iter().map(|names| cycle_finding(names)));
        findings.extend(root_outcome::not_needed(provider));
        findings.extend(root_outcome::urls(provider));
        match no_such_release::findings(provider) {
            Err(stop) if lacking == MissingFacts::Stops => return Err(stop),
            found => findings.extend(found.unwrap_or_default()),
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
                .python_conflicts()
                .chain(texts(first.conflict.clone()))
                .collect(),
            minimality: best.minimality,
            choices: Vec::new(),
            findings,
        })
    }
}

/// A decision to pin what was asked for takes the place of the versions it was asked in.
fn pin_roots(problem: &mut ResolutionProblem<'_>) {
    for root in &mut problem.roots {
        let ResolutionRoot::Requirement { requirement, .. } = root else {
            continue;
        };
        let decision = problem.decisions.get(&requirement.name);
        if decision.is_some_and(|decision| decision.choice == Choice::Pin) {
            requirement.version_or_url = None;
        }
    }
}

/// Why a package has to be built, where one contradiction is about it alone.
fn because(cores: &[UnsatCore], name: &DistName) -> Vec<String> {
    let about = |core: &&UnsatCore| {
        core.costs.len() == 1 && core.costs.iter().all(|cost| cost.name() == name)
    };
    let core = cores.iter().find(about);
    core.map_or_else(Vec::new, |core| texts(core.because.clone()))
}

fn is_built(row: &Distribution) -> bool {
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
    let built = distributions.iter().filter(|row| is_built(row));
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
    solution.get(&SolverNode::Dist(name.clone()))
}
