//! Choices: decisions that would resolve what is open. A session of its own tries each of
//! them before it is offered.

use std::collections::BTreeSet;

use pep440_rs::{Version, VersionSpecifier};
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::name::DistName;
use pydeps_core::offer::OfferSource;
use pydeps_core::outcome::{Distribution, Resolution, Verdict, Way};
use pydeps_core::requirement::Requirement;

use crate::budget::Stop;
use crate::candidates;
use crate::cost::{Costs, count_builds};
use crate::policy::{Policy, StepBack, Waived};
use crate::problem::{ResolutionProblem, ResolutionRoot, ResolveOptions};
use crate::provider::SolveContext;
use crate::search::{CheapestSolution, UnsatCore, cheapest};
use crate::search_phase::BestSolution;
use crate::session::{OnMissing, ResolutionSession, version_of};
use crate::statistics::SolverStatistics;
use pydeps_core::source::Source;

/// The origin of decisions under trial.
const TRIAL: &str = "a trial";

/// Decisions are tried for this many open distributions, at most.
const MAX_DISTRIBUTIONS: usize = 12;

/// This many decisions are tried together, at most.
const MAX_TOGETHER: usize = 3;

/// The trials of a session, kept from step to step.
#[derive(Default)]
pub(crate) struct Trials<'a> {
    sessions: Option<Vec<Trial<'a>>>,
    /// The cores of the search for older roots with fewer packages.
    older_root_cores: Vec<UnsatCore>,
}

impl Trials<'_> {
    /// How much the trials have worked so far.
    pub(crate) fn statistics(&self) -> SolverStatistics {
        let mut statistics = SolverStatistics::default();
        for trial in self.sessions.iter().flatten() {
            let mut next = Some(trial);
            while let Some(trial) = next {
                statistics += trial.session.statistics();
                next = trial.extended.as_deref();
            }
        }
        statistics
    }
}

/// Decisions under trial.
struct Trial<'a> {
    /// The decisions, the first of which suggests the others.
    decided: Vec<(DistName, Decision)>,
    session: ResolutionSession<'a>,
    /// The same with further decisions, where these alone leave something else open.
    extended: Option<Box<Trial<'a>>>,
}

impl<'a> Trial<'a> {
    fn new(name: DistName, decision: Decision, session: ResolutionSession<'a>) -> Self {
        Self {
            decided: vec![(name, decision)],
            session,
            extended: None,
        }
    }

    /// A trial of several decisions.
    fn together(
        problem: &ResolutionProblem<'a>,
        cores: &[UnsatCore],
        decided: Vec<(DistName, Decision)>,
    ) -> Self {
        let mut problem = without_choices(problem);
        problem.decisions.extend(decided.iter().cloned());
        let mut cores = cores.to_vec();
        for (name, _) in &decided {
            cores = cores_without(&cores, name);
        }
        Self {
            decided,
            session: ResolutionSession::with_cores(problem, cores),
            extended: None,
        }
    }
}

/// The choices for an answer with open distributions; for any other the older roots that
/// need fewer packages. `cores` are those of the search for the fewest waivers.
/// [`Stop::Missing`] if a trial lacks facts.
pub(crate) fn choices<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    best: &BestSolution,
    resolution: &Resolution,
    cores: &[UnsatCore],
    trials: &mut Trials<'a>,
) -> Result<Vec<Way>, Stop> {
    if resolution.open().next().is_none() {
        return older_roots_with_fewer_builds(context, best, &mut trials.older_root_cores);
    }
    let sessions = trials
        .sessions
        .get_or_insert_with(|| start_trials(context, problem, resolution, cores));
    let mut ways = Vec::new();
    let mut result = Ok(());
    for trial in sessions {
        match advance_trial(context, problem, resolution, cores, trial) {
            Ok(way) => ways.extend(way),
            Err(_) => result = Err(Stop::Missing),
        }
    }
    // The ways of one distribution keep their order.
    ways.sort_by(|one, other| one.name.cmp(&other.name));
    result.map(|()| ways)
}

/// The choice of a trial, if it leaves less open; or else of the extended trial.
fn advance_trial<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    before: &Resolution,
    cores: &[UnsatCore],
    trial: &mut Trial<'a>,
) -> Result<Option<Way>, Stop> {
    let session = &trial.session;
    let after = session.advance(context.index, context.requests, OnMissing::Stop)?;
    let way = choice_of(trial, before, &after);
    if way.is_some() {
        return Ok(way);
    }
    let Some(decided) = extended_decisions(trial, before, &after) else {
        return Ok(None);
    };
    let extended = trial
        .extended
        .get_or_insert_with(|| Box::new(Trial::together(problem, cores, decided)));
    advance_trial(context, problem, before, cores, extended)
}

/// The decisions of a trial, and the same choice for each package of the suite that is open
/// because of them.
fn extended_decisions(
    trial: &Trial<'_>,
    before: &Resolution,
    after: &Resolution,
) -> Option<Vec<(DistName, Decision)>> {
    let (_, first) = trial.decided.first()?;
    if !matches!(first.choice, Choice::Replace | Choice::Bundle) || first.from.is_some() {
        return None;
    }
    let was_open = |row: &Distribution| before.open().any(|open| open.name == row.name);
    let mut decided = trial.decided.clone();
    for row in after.open().filter(|row| !was_open(row)) {
        if !matches!(row.verdict, Verdict::TooOld | Verdict::TooNew) {
            return None;
        }
        decided.push((row.name.clone(), Decision::new(first.choice, TRIAL)));
    }
    let is_extended = decided.len() > trial.decided.len();
    (is_extended && decided.len() <= MAX_TOGETHER).then_some(decided)
}

fn start_trials<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    resolution: &Resolution,
    cores: &[UnsatCore],
) -> Vec<Trial<'a>> {
    let mut trials = Vec::new();
    for row in resolution.open().take(MAX_DISTRIBUTIONS) {
        let mut roots = problem.roots.iter().filter_map(ResolutionRoot::requirement);
        let is_root = roots.any(|root| root.name == row.name);
        let mut decisions = possible_decisions(row, is_root);
        decisions.extend(rebuild_decisions(problem, row));
        for decision in decisions {
            let mut problem = without_choices(problem);
            problem.decisions.insert(row.name.clone(), decision.clone());
            let cores = cores_without(cores, &row.name);
            let session = ResolutionSession::with_cores(problem, cores);
            trials.push(Trial::new(row.name.clone(), decision, session));
        }
    }
    trials.extend(other_version_trial(problem));
    trials.extend(any_age_trial(context, problem));
    trials
}

/// The cores that a decision about a distribution leaves valid: those without it.
fn cores_without(cores: &[UnsatCore], name: &DistName) -> Vec<UnsatCore> {
    let mut cores = cores.to_vec();
    cores.retain(|core| core.costs.iter().all(|cost| cost.name() != name));
    cores
}

/// The decisions that may resolve what is open about a distribution.
fn possible_decisions(row: &Distribution, is_root: bool) -> Vec<Decision> {
    let choices: &[Choice] = match row.verdict {
        Verdict::TooOld | Verdict::TooNew => &[Choice::Relax, Choice::Replace, Choice::Bundle],
        _ if is_root => &[],
        _ if row.origin == Source::Index => &[Choice::Relax, Choice::Ignore],
        _ => &[Choice::Ignore],
    };
    let choices = choices.iter();
    choices
        .map(|choice| Decision::new(*choice, TRIAL))
        .collect()
}

/// The decisions to replace the suite's package by that of a newer suite.
fn rebuild_decisions(problem: &ResolutionProblem<'_>, row: &Distribution) -> Vec<Decision> {
    if !matches!(row.verdict, Verdict::TooOld | Verdict::TooNew) {
        return Vec::new();
    }
    let mut decisions = Vec::new();
    for offer in (problem.offers)(&row.name) {
        match offer.source {
            OfferSource::Rebuild { suite, unmet, .. } if unmet.is_empty() => {
                decisions.push(Decision {
                    from: Some(suite.to_string()),
                    ..Decision::new(Choice::Replace, TRIAL)
                });
            }
            _ => {}
        }
    }
    decisions
}

/// The problem of a trial, which has no trials itself.
fn without_choices<'a>(problem: &ResolutionProblem<'a>) -> ResolutionProblem<'a> {
    ResolutionProblem {
        options: ResolveOptions {
            choices: false,
            ..problem.options.clone()
        },
        ..problem.clone()
    }
}

/// The only root with a version, in any version of the window.
fn other_version_trial<'a>(problem: &ResolutionProblem<'a>) -> Option<Trial<'a>> {
    let [ResolutionRoot::Requirement { requirement, .. }] = problem.roots.as_slice() else {
        return None;
    };
    if requirement.is_unbounded() {
        return None;
    }
    let name = requirement.name.clone();
    let mut problem = without_choices(problem);
    let pin = Decision::new(Choice::Pin, TRIAL);
    problem.decisions.insert(name.clone(), pin.clone());
    Some(Trial::new(name, pin, ResolutionSession::trial(problem)))
}

/// The only root without a version, without the window; unless the older major versions
/// have no release or more than the budget allows.
fn any_age_trial<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
) -> Option<Trial<'a>> {
    let [ResolutionRoot::Requirement { requirement, .. }] = problem.roots.as_slice() else {
        return None;
    };
    if !requirement.is_unbounded() || problem.options.window_days.is_none() {
        return None;
    }
    let project = context.index.project(&requirement.name).flatten()?;
    let candidates = context.cache.candidates(project, context.problem);
    let major = candidates::within(project, &candidates, &problem.options, StepBack::Major);
    let is_older = |version: &&Version| !major.contains(version);
    let older = candidates.iter().filter(is_older).count();
    if older == 0 || older > problem.options.budget.alone() {
        return None;
    }
    let mut problem = without_choices(problem);
    problem.options.window_days = None;
    let pin = Decision::new(Choice::Pin, TRIAL);
    let session = ResolutionSession::all_or_nothing(problem);
    Some(Trial::new(requirement.name.clone(), pin, session))
}

/// A trial as a choice, if it leaves less open.
fn choice_of(trial: &Trial<'_>, before: &Resolution, after: &Resolution) -> Option<Way> {
    let open = |resolution: &Resolution| {
        let names = resolution.open().map(|row| row.name.clone());
        names.collect::<BTreeSet<DistName>>()
    };
    let (before, left) = (open(before), open(after));
    if left.len() >= before.len() || !left.is_subset(&before) {
        return None;
    }
    let decided = trial.decided.iter();
    let mut ways = decided.map(|(name, decision)| way(name, decision, after));
    let mut way = ways.next()?;
    way.also = ways.collect();
    way.to_build = left.is_empty().then(|| after.to_build().count());
    Some(way)
}

/// One decision with its effect on an answer.
fn way(name: &DistName, decision: &Decision, after: &Resolution) -> Way {
    let row = after.get(name);
    let version = row.and_then(|row| row.version.clone());
    let effect = effect(decision, version.as_ref(), row);
    let mut decision = decision.clone();
    if let (Choice::Pin, Some(version)) = (decision.choice, &version) {
        decision.version = VersionSpecifier::equals_version(version.clone()).into();
    }
    Way {
        line: decision.line(name),
        name: name.clone(),
        choice: decision.choice,
        version,
        effect,
        to_build: None,
        also: Vec::new(),
    }
}

/// The effect of a decision in words.
fn effect(decision: &Decision, version: Option<&Version>, row: Option<&Distribution>) -> String {
    let version = version.map_or_else(String::new, |version| format!(" {version}"));
    let name = row.map_or_else(String::new, |row| format!("{}{version}", row.name));
    let package = row.and_then(|row| row.package.as_ref());
    let package = package.map_or_else(String::new, ToString::to_string);
    match decision.choice {
        Choice::Relax if package.is_empty() => format!("takes {name} all the same"),
        Choice::Relax => format!("takes {package} with {name} all the same"),
        Choice::Replace => match &decision.from {
            Some(suite) => format!("{suite}'s {name}, rebuilt, takes the place of {package}"),
            None => format!("{name} takes the place of {package}"),
        },
        Choice::Bundle => format!("a copy of {name}, yours to keep secure, for this alone"),
        Choice::Ignore => "leaves the requirement out".to_owned(),
        Choice::Pin | Choice::Backport | Choice::Generate => format!("takes {name}"),
    }
}

/// The older releases of floating roots that need fewer packages than the answer.
fn older_roots_with_fewer_builds(
    context: SolveContext<'_>,
    best: &BestSolution,
    cores: &mut Vec<UnsatCore>,
) -> Result<Vec<Way>, Stop> {
    let problem = context.problem;
    let floats = |root: &ResolutionRoot| {
        let requirement = root.requirement();
        requirement.is_some_and(Requirement::is_unbounded)
    };
    let builds = best.policy.allowed.as_ref().map_or(0, count_builds);
    if !problem.options.cheaper
        || best.policy.waived != Waived::None
        || builds <= problem.roots.len()
        || !problem.roots.iter().all(floats)
    {
        return Ok(Vec::new());
    }
    let policy = |costs: &Costs| Policy {
        pinned: Default::default(),
        allowed: Some(costs.clone()),
        ..best.policy.clone()
    };
    let CheapestSolution::Found(solution, costs) = cheapest(context, &policy, cores)? else {
        return Ok(Vec::new());
    };
    let fewer = count_builds(&costs);
    let mut ways = Vec::new();
    for root in problem.roots.iter().filter_map(ResolutionRoot::requirement) {
        let version = version_of(&solution, &root.name);
        let Some(version) = version.filter(|_| fewer < builds) else {
            continue;
        };
        if best.policy.pinned.get(&root.name) != Some(version) {
            ways.push(pin(&root.name, version, fewer));
        }
    }
    Ok(ways)
}

fn pin(name: &DistName, version: &Version, to_build: usize) -> Way {
    let mut decision = Decision::new(Choice::Pin, TRIAL);
    decision.version = VersionSpecifier::equals_version(version.clone()).into();
    Way {
        name: name.clone(),
        choice: decision.choice,
        version: Some(version.clone()),
        line: decision.line(name),
        effect: format!("takes {name} {version}"),
        to_build: Some(to_build),
        also: Vec::new(),
    }
}
