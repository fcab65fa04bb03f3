//! A resolution from the first run of the solver to the answer.
//!
//! A session first finds the newest feasible releases of the roots, then the fewest
//! packages for these, then the reasons and choices that a person may want to know. It
//! keeps each result: a result follows from facts, and further facts do not change it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::decision::Choice;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::outcome::{Action, Distribution, Minimality, Resolution};

use crate::budget::{ConsultedReleases, Stop};
use crate::build_order::build_order;
use crate::cache::SolverCache;
use crate::choices;
use crate::cost::{Costs, build_costs, waived_costs};
use crate::explain::{ConflictSentence, explain, texts};
use crate::known_index::{IndexRequests, KnownIndex};
use crate::no_such_release;
use crate::node::SolverNode;
use crate::policy::{Policy, StepBack, Waived};
use crate::problem::{ResolutionProblem, ResolutionRoot};
use crate::provider::{DebianProvider, SolveContext};
use crate::root_outcome;
use crate::search::{CheapestSolution, SolveOutcome, UnsatCore, cheapest, minimize, solve};
use crate::search_phase::{
    BestSolution, FirstSolution, Purpose, SearchPhase, SessionProgress, get_or_compute,
};
use crate::statistics::{SolverStatistics, count};
use crate::unused_decisions;
use crate::verdict::{self, Solution, Walk};
use crate::why_not_newest;

/// The result of one step.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionStep {
    /// The session needs these to go on: step again with a [`KnownIndex`] that has them.
    Need(IndexRequests),
    /// The answer.
    Done(Resolution),
}

/// What a session does where it lacks facts for reasons and choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnMissing {
    /// It requests the facts and stops.
    Stop,
    /// It leaves the reasons and choices out.
    Skip,
}

/// A resolution under way.
pub struct ResolutionSession<'a> {
    problem: ResolutionProblem<'a>,
    cache: SolverCache,
    consulted: ConsultedReleases,
    progress: SessionProgress<'a>,
    purpose: Purpose,
    statistics: Cell<SolverStatistics>,
}

impl<'a> ResolutionSession<'a> {
    /// A session for a problem.
    pub fn new(mut problem: ResolutionProblem<'a>) -> Self {
        pin_roots(&mut problem);
        Self {
            cache: SolverCache::new(&problem),
            problem,
            consulted: ConsultedReleases::default(),
            progress: SessionProgress::default(),
            purpose: Purpose::Answer,
            statistics: Cell::default(),
        }
    }

    /// A session that gives no reasons.
    pub(crate) fn trial(problem: ResolutionProblem<'a>) -> Self {
        Self {
            purpose: Purpose::Trial,
            ..Self::new(problem)
        }
    }

    /// A session that gives no reasons, and no distributions if there is no solution.
    pub(crate) fn all_or_nothing(problem: ResolutionProblem<'a>) -> Self {
        Self {
            purpose: Purpose::AllOrNothing,
            ..Self::new(problem)
        }
    }

    /// A session that gives no reasons, for a problem of which these cores are known.
    pub(crate) fn with_cores(problem: ResolutionProblem<'a>, waiver_cores: Vec<UnsatCore>) -> Self {
        let mut session = Self::trial(problem);
        session.progress.has_conflict = !waiver_cores.is_empty();
        session.progress.waiver_cores.replace(waiver_cores);
        session
    }

    /// Resolves as far as the index is known. The answer depends on the problem and on the
    /// index alone, and not on the order in which the index became known.
    pub fn step(&self, index: &KnownIndex) -> SessionStep {
        count(&self.statistics, |counts| counts.steps += 1);
        let requests = RefCell::default();
        match self.advance(index, &requests, OnMissing::Stop) {
            Ok(resolution) => SessionStep::Done(resolution),
            Err(_) => SessionStep::Need(requests.take()),
        }
    }

    /// The best answer for the index as far as it is known: perhaps with more packages than
    /// necessary, and without some reasons and choices. `None` if there is no answer yet.
    pub fn best_so_far(&self, index: &KnownIndex) -> Option<Resolution> {
        let requests = RefCell::default();
        self.advance(index, &requests, OnMissing::Skip).ok()
    }

    /// How much the session has worked so far.
    pub fn statistics(&self) -> SolverStatistics {
        let mut statistics = self.statistics.get();
        statistics.releases = self.consulted.total();
        statistics += self.progress.trials.borrow().statistics();
        statistics
    }

    /// Resolves as far as the index is known. Adds what is missing to `requests`.
    pub(crate) fn advance(
        &self,
        index: &KnownIndex,
        requests: &RefCell<IndexRequests>,
        on_missing: OnMissing,
    ) -> Result<Resolution, Stop> {
        let context = SolveContext {
            problem: &self.problem,
            index,
            cache: &self.cache,
            consulted: &self.consulted,
            requests,
            statistics: &self.statistics,
        };
        let first = get_or_compute(&self.progress.first, || self.find_first(context))?;
        let best = get_or_compute(&self.progress.best, || {
            self.find_fewest_builds(context, &first)
        });
        let best = match on_missing {
            OnMissing::Stop => best?,
            OnMissing::Skip => best.unwrap_or_else(|_| Rc::new(self.unimproved(context, &first))),
        };
        let mut resolution = self.resolution(context, &first, &best, on_missing)?;
        if self.problem.options.choices {
            let trials = &mut *self.progress.trials.borrow_mut();
            let cores = self.progress.waiver_cores.borrow();
            let choices =
                choices::choices(context, &self.problem, &best, &resolution, &cores, trials);
            resolution.choices = match on_missing {
                OnMissing::Stop => choices?,
                OnMissing::Skip => choices.unwrap_or_default(),
            };
        }
        Ok(resolution)
    }

    /// Finds a solution with the newest feasible releases of the roots, or else with the
    /// fewest waivers.
    fn find_first(&self, context: SolveContext<'_>) -> Result<FirstSolution, Stop> {
        let known_conflict = self.progress.conflict.borrow().clone();
        if let Some(conflict) = known_conflict {
            return self.find_fewest_waivers(context, conflict);
        }
        let mut conflict = Vec::new();
        for step_back in [StepBack::Window, StepBack::Major] {
            if step_back == StepBack::Window && self.progress.has_conflict {
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
                    });
                }
                SolveOutcome::NoSolution(derivation) => conflict = explain(&derivation, &provider),
                SolveOutcome::BudgetReached => {}
            }
        }
        if self.purpose == Purpose::AllOrNothing {
            return Ok(FirstSolution::none(conflict));
        }
        *self.progress.conflict.borrow_mut() = Some(conflict.clone());
        self.find_fewest_waivers(context, conflict)
    }

    /// Finds the solution with the fewest waivers. `conflict` says why there is none
    /// without.
    fn find_fewest_waivers(
        &self,
        context: SolveContext<'_>,
        mut conflict: Vec<ConflictSentence>,
    ) -> Result<FirstSolution, Stop> {
        let policy = |costs: &Costs| Policy {
            waived: Waived::by(costs),
            budgeted: true,
            ..Policy::default()
        };
        self.begin(SearchPhase::FewestWaivers, &Solution::new());
        let cores = &mut *self.progress.waiver_cores.borrow_mut();
        let found = cheapest(context, &policy, cores)?;
        // A core with one cost has to be decided whatever the rest of the answer is.
        let single = cores.iter().filter(|core| core.costs.len() == 1);
        for sentence in single.flat_map(|core| &core.because) {
            if !conflict.iter().any(|known| known.says_the_same(sentence)) {
                conflict.push(sentence.clone());
            }
        }
        let (solution, waived) = match found {
            CheapestSolution::Found(solution, costs) => (solution, Waived::by(&costs)),
            CheapestSolution::NoSolution => (Solution::new(), Waived::All),
            CheapestSolution::BudgetReached => self.find_fewer_waivers(context, &policy)?,
        };
        Ok(FirstSolution {
            solution,
            step_back: StepBack::Window,
            waived,
            conflict,
        })
    }

    /// Finds a solution that waives everything, and removes waivers from it.
    fn find_fewer_waivers(
        &self,
        context: SolveContext<'_>,
        policy: &dyn Fn(&Costs) -> Policy,
    ) -> Result<(Solution, Waived), Stop> {
        let waive_all = Policy {
            waived: Waived::All,
            ..Policy::default()
        };
        let provider = DebianProvider::new(context, waive_all);
        let SolveOutcome::Solved(solution) = solve(&provider)? else {
            return Ok((Solution::new(), Waived::All));
        };
        self.begin(SearchPhase::FewerWaivers, &Solution::new());
        let costs = waived_costs(&provider, &solution)?;
        let cost_of = |_: &Solution| costs.clone();
        let (solution, costs, _) = minimize(context, policy, solution, &cost_of)?;
        Ok((solution, Waived::by(&costs)))
    }

    /// Finds the fewest packages to build for the releases of the roots.
    fn find_fewest_builds(
        &self,
        context: SolveContext<'_>,
        first: &FirstSolution,
    ) -> Result<BestSolution, Stop> {
        if !self.problem.options.fewest || first.solution.is_empty() {
            return Ok(self.unimproved(context, first));
        }
        self.begin(SearchPhase::FewestBuilds, &first.solution);
        let policy = |costs: &Costs| self.policy(context, first, Some(costs.clone()));
        let cores = &mut *self.progress.build_cores.borrow_mut();
        let (solution, costs, minimality) = match cheapest(context, &policy, cores)? {
            CheapestSolution::Found(solution, costs) => (solution, costs, Minimality::Proven),
            CheapestSolution::NoSolution => return Ok(self.unimproved(context, first)),
            CheapestSolution::BudgetReached => {
                self.begin(SearchPhase::FewerBuilds, &first.solution);
                let cost_of = |solution: &Solution| build_costs(context, solution);
                minimize(context, &policy, first.solution.clone(), &cost_of)?
            }
        };
        Ok(BestSolution {
            solution,
            policy: policy(&costs),
            minimality: Some(minimality),
            cores: cores.clone(),
        })
    }

    /// The first solution, with however many packages to build.
    fn unimproved(&self, context: SolveContext<'_>, first: &FirstSolution) -> BestSolution {
        let is_wanted = self.problem.options.fewest && !first.solution.is_empty();
        BestSolution {
            solution: first.solution.clone(),
            policy: self.policy(context, first, None),
            minimality: is_wanted.then_some(Minimality::BudgetReached),
            cores: Vec::new(),
        }
    }

    /// A policy that pins the roots to the first solution and holds the rest within the
    /// window.
    fn policy(
        &self,
        context: SolveContext<'_>,
        first: &FirstSolution,
        allowed: Option<Costs>,
    ) -> Policy {
        let provider = DebianProvider::new(context, Policy::default());
        let mut pinned = BTreeMap::new();
        for root in self
            .problem
            .roots
            .iter()
            .filter_map(ResolutionRoot::requirement)
        {
            if let Some(version) = version_of(&first.solution, &root.name) {
                pinned.insert(root.name.clone(), version.clone());
            }
        }
        let mut outside_window = BTreeMap::new();
        for (node, version) in &first.solution {
            if let Some(name) = node.name().filter(|name| !provider.is_leaf(name)) {
                outside_window.insert(name.clone(), version.clone());
            }
        }
        Policy {
            step_back: first.step_back,
            waived: first.waived.clone(),
            budgeted: allowed.is_some(),
            allowed,
            pinned,
            outside_window: Some(outside_window),
        }
    }

    /// Sets the budget of a phase when it begins for the first time. `solution` is the one
    /// that it may improve.
    fn begin(&self, phase: SearchPhase, solution: &Solution) {
        if self.progress.phases_begun.borrow_mut().insert(phase) {
            let is_dist = |node: &&SolverNode| matches!(node, SolverNode::Dist(_));
            let distributions = solution.keys().filter(is_dist).count();
            let budget = self.problem.options.budget;
            let consulted = self.consulted.total();
            let more = phase.budget(budget, consulted, distributions);
            self.consulted.allow(more);
        }
    }

    /// A sentence for each project at hand that excludes the target's Python.
    fn python_conflicts(&self) -> Vec<String> {
        let ResolutionProblem { suite, target, .. } = self.problem;
        let mut conflicts = Vec::new();
        for root in &self.problem.roots {
            let ResolutionRoot::Project {
                requires_python: Some(required),
                ..
            } = root
            else {
                continue;
            };
            if !target.admits(Some(required)) {
                let (label, python) = (root.label(), target.python());
                conflicts.push(format!(
                    "{label} needs Python {required}, and {suite} has {python}"
                ));
            }
        }
        conflicts
    }

    /// The answer without choices.
    fn resolution(
        &self,
        context: SolveContext<'_>,
        first: &FirstSolution,
        best: &BestSolution,
        on_missing: OnMissing,
    ) -> Result<Resolution, Stop> {
        let provider = &DebianProvider::new(context, best.policy.clone());
        let solution = &best.solution;
        let walk = verdict::walk(provider, solution)?;
        let mut distributions = verdict::distributions(provider, solution, &walk);
        for row in distributions.iter_mut().filter(|row| is_built(row)) {
            row.because = build_reason(&best.cores, &row.name);
            if self.purpose == Purpose::Answer {
                let explained = why_not_newest::explain_distribution(context, best, &walk, row);
                if on_missing == OnMissing::Stop {
                    explained?;
                }
            }
        }
        let (build_order, cycles) = build_order(&build_needs(&distributions, &walk));
        let roots = root_outcome::roots(context, provider, solution)?;
        let mut conflict = self.python_conflicts();
        conflict.extend(texts(first.conflict.clone()));
        let mut findings = walk.findings;
        findings.extend(cycles.iter().map(|names| cycle_finding(names)));
        findings.extend(root_outcome::false_marker_findings(provider));
        findings.extend(root_outcome::url_findings(provider));
        match (no_such_release::findings(provider), on_missing) {
            (Ok(unreleased), _) => findings.extend(unreleased),
            (Err(stop), OnMissing::Stop) => return Err(stop),
            (Err(_), OnMissing::Skip) => {}
        }
        findings.extend(root_outcome::window_findings(provider, &roots));
        findings.extend(unused_decisions::findings(provider, &distributions));
        findings.sort();
        findings.dedup();
        Ok(Resolution {
            roots,
            distributions,
            build_order,
            conflict,
            minimality: best.minimality,
            choices: Vec::new(),
            findings,
        })
    }
}

/// Drops the versions of a requested root that a decision pins: the decision counts.
fn pin_roots(problem: &mut ResolutionProblem<'_>) {
    for root in &mut problem.roots {
        let ResolutionRoot::Requirement { requirement, .. } = root else {
            continue;
        };
        let decision = problem.decisions.get(&requirement.name);
        if decision.is_some_and(|decision| decision.choice == Choice::Pin) {
            requirement.drop_bounds();
        }
    }
}

/// Why a package has to be built, if a core is about it alone.
fn build_reason(cores: &[UnsatCore], name: &DistName) -> Vec<String> {
    let is_about = |core: &&UnsatCore| {
        core.costs.len() == 1 && core.costs.iter().all(|cost| cost.name() == name)
    };
    let core = cores.iter().find(is_about);
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

/// For each distribution to build the others to build that it requires.
fn build_needs(
    distributions: &[Distribution],
    walk: &Walk,
) -> BTreeMap<DistName, BTreeSet<DistName>> {
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
