//! What a person may decide: each decision is tried before it is offered.

use std::collections::BTreeSet;

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::name::DistName;
use pydeps_core::offer::Source;

use crate::budget::Stop;
use crate::candidates;
use crate::policy::{Costs, Policy, StepBack, Waived};
use crate::problem::{ResolutionProblem, ResolutionRoot, ResolveOptions};
use crate::provider::SolveContext;
use crate::search::{CheapestSolution, UnsatCore, cheapest};
use crate::search_phase::BestSolution;
use crate::session::{MissingFacts, ResolutionSession, version_of};
use crate::why_not_newest::count_builds;
use pydeps_core::outcome::{Distribution, Resolution, Verdict, Way};

/// Where the decisions of trials come from.
const TRIAL: &str = "a trial";

/// For how many distributions decisions are tried.
const TRIED: usize = 12;

/// How many decisions are tried together, at most.
const TOGETHER: usize = 3;

/// Decisions under trial, kept from step to step.
#[derive(Default)]
pub(crate) struct Trials<'a> {
    sessions: Option<Vec<Trial<'a>>>,
    older: Vec<UnsatCore>,
}

/// Decisions under trial: one, and those that it takes with it.
struct Trial<'a> {
    decided: Vec<(DistName, Decision)>,
    session: ResolutionSession<'a>,
    /// With what turned out to be in the way.
    further: Option<Box<Trial<'a>>>,
}

impl<'a> Trial<'a> {
    fn new(name: DistName, decision: Decision, session: ResolutionSession<'a>) -> Self {
        Self {
            decided: vec![(name, decision)],
            session,
            further: None,
        }
    }
}

/// The choices for an answer that leaves something open, or that is dearer than that of
/// an older root. `cores` are those that show what has to be opened.
pub(crate) fn choices<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    best: &BestSolution,
    resolution: &Resolution,
    cores: &[UnsatCore],
    trials: &mut Trials<'a>,
) -> Result<Vec<Way>, Stop> {
    if resolution.open().next().is_none() {
        return cheaper_older_roots(context, best, &mut trials.older);
    }
    let sessions = trials
        .sessions
        .get_or_insert_with(|| begin(context, problem, resolution, cores));
    let mut ways = Vec::new();
    let mut missing = false;
    for trial in sessions {
        match outcome(context, problem, resolution, cores, trial) {
            Ok(way) => ways.extend(way),
            Err(_) => missing = true,
        }
    }
    // Of one distribution, in the order in which they were thought of.
    ways.sort_by(|one, other| one.name.cmp(&other.name));
    if missing {
        Err(Stop::Missing)
    } else {
        Ok(ways)
    }
}

/// What comes of a trial; where it opens something else, of deciding that as well.
fn outcome<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    before: &Resolution,
    cores: &[UnsatCore],
    trial: &mut Trial<'a>,
) -> Result<Option<Way>, Stop> {
    let session = &trial.session;
    let after = session.advance(context.world, context.wanted, MissingFacts::Stops)?;
    let way = way(trial, before, &after);
    if way.is_some() {
        return Ok(way);
    }
    let Some(decided) = extended_decisions(trial, before, &after) else {
        return Ok(None);
    };
    let further = trial
        .further
        .get_or_insert_with(|| Box::new(together(problem, cores, decided)));
    outcome(context, problem, before, cores, further)
}

/// The decisions of a trial, and the same for packages of the suite that only they put in
/// the way.
fn extended_decisions(
    trial: &Trial<'_>,
    before: &Resolution,
    after: &Resolution,
) -> Option<Vec<(DistName, Decision)>> {
    let (_, first) = trial.decided.first()?;
    if !matches!(first.choice, Choice::Replace | Choice::Bundle) || first.from.is_some() {
        return None;
    }
    let was_open = |row: &Distribution| before.open().any(|one| one.name == row.name);
    let new: Vec<&Distribution> = after.open().filter(|row| !was_open(row)).collect();
    let given = |row: &&Distribution| matches!(row.verdict, Verdict::TooOld | Verdict::TooNew);
    let fits = !new.is_empty() && trial.decided.len() + new.len() <= TOGETHER;
    (fits && new.iter().all(given)).then(|| {
        let same = |row: &Distribution| (row.name.clone(), Decision::new(first.choice, TRIAL));
        let new = new.into_iter().map(same);
        trial.decided.iter().cloned().chain(new).collect()
    })
}

/// A trial of several decisions.
fn together<'a>(
    problem: &ResolutionProblem<'a>,
    cores: &[UnsatCore],
    decided: Vec<(DistName, Decision)>,
) -> Trial<'a> {
    let mut problem = alone(problem);
    problem.decisions.extend(decided.iter().cloned());
    let mut cores = cores.to_vec();
    for (name, _) in &decided {
        cores = without(&cores, name);
    }
    Trial {
        decided,
        session: ResolutionSession::after(problem, cores),
        further: None,
    }
}

fn is_root(problem: &ResolutionProblem<'_>, name: &DistName) -> bool {
    let mut asked_for = problem.roots.iter().filter_map(ResolutionRoot::requirement);
    asked_for.any(|root| root.name == *name)
}

fn begin<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
    resolution: &Resolution,
    cores: &[UnsatCore],
) -> Vec<Trial<'a>> {
    let rows = resolution.open().take(TRIED);
    let decided = rows.flat_map(|row| {
        let mut decisions = decisions(row, is_root(problem, &row.name));
        decisions.extend(rebuilds(problem, row));
        let decisions = decisions.into_iter();
        decisions.map(|decision| (row.name.clone(), decision))
    });
    let mut trials: Vec<Trial<'a>> = decided
        .map(|(name, decision)| {
            let mut problem = alone(problem);
            problem.decisions.insert(name.clone(), decision.clone());
            let session = ResolutionSession::after(problem, without(cores, &name));
            Trial::new(name, decision, session)
        })
        .collect();
    trials.extend(floating(problem));
    trials.extend(unlimited_window_trial(context, problem));
    trials
}

/// What still holds when something is decided about a distribution: the contradictions
/// that have nothing to do with it.
fn without(cores: &[UnsatCore], name: &DistName) -> Vec<UnsatCore> {
    let about = |core: &&UnsatCore| core.costs.iter().any(|cost| cost.name() == name);
    cores.iter().filter(|core| !about(core)).cloned().collect()
}

/// The decisions that may lift what is open about a distribution.
fn decisions(row: &Distribution, is_root: bool) -> Vec<Decision> {
    let choices: &[Choice] = match row.verdict {
        Verdict::TooOld | Verdict::TooNew => &[Choice::Relax, Choice::Replace, Choice::Bundle],
        _ if is_root => &[],
        _ if row.origin == "index" => &[Choice::Relax, Choice::Ignore],
        _ => &[Choice::Ignore],
    };
    let choices = choices.iter();
    choices
        .map(|choice| Decision::new(*choice, TRIAL))
        .collect()
}

/// Newer suites' packages that can be rebuilt in place of the suite's.
fn rebuilds(problem: &ResolutionProblem<'_>, row: &Distribution) -> Vec<Decision> {
    let offers = (problem.offers)(&row.name).into_iter();
    let rebuild = offers.filter_map(|offer| match offer.source {
        Source::Rebuild { suite, unmet, .. } if unmet.is_empty() => Some(suite),
        _ => None,
    });
    let in_place = |suite: String| Decision {
        from: Some(suite),
        ..Decision::new(Choice::Replace, TRIAL)
    };
    match row.verdict {
        Verdict::TooOld | Verdict::TooNew => rebuild.map(in_place).collect(),
        _ => Vec::new(),
    }
}

/// The problem without trials of its own.
fn alone<'a>(problem: &ResolutionProblem<'a>) -> ResolutionProblem<'a> {
    ResolutionProblem {
        options: ResolveOptions {
            choices: false,
            ..problem.options.clone()
        },
        ..problem.clone()
    }
}

/// What was asked for in a version of its own, without it.
fn floating<'a>(problem: &ResolutionProblem<'a>) -> Option<Trial<'a>> {
    let [ResolutionRoot::Requirement { requirement, .. }] = problem.roots.as_slice() else {
        return None;
    };
    requirement.version_or_url.as_ref()?;
    let name = requirement.name.clone();
    let mut floating = alone(problem);
    let pin = Decision::new(Choice::Pin, TRIAL);
    floating.decisions.insert(name.clone(), pin.clone());
    Some(Trial::new(name, pin, ResolutionSession::trial(floating)))
}

/// What was asked for in any version, without the window; if that is not too many.
fn unlimited_window_trial<'a>(
    context: SolveContext<'_>,
    problem: &ResolutionProblem<'a>,
) -> Option<Trial<'a>> {
    let [ResolutionRoot::Requirement { requirement, .. }] = problem.roots.as_slice() else {
        return None;
    };
    let floats = requirement.version_or_url.is_none();
    problem.options.window_days.filter(|_| floats)?;
    let project = context.world.project(&requirement.name).flatten()?;
    let candidates = context.cache.candidates(project, context.problem);
    let major = candidates::within(project, &candidates, &problem.options, StepBack::Major);
    let older = candidates
        .iter()
        .filter(|version| !major.contains(version))
        .count();
    if older == 0 || older > problem.options.budget.alone() {
        return None;
    }
    let name = requirement.name.clone();
    let mut unbounded = alone(problem);
    unbounded.options.window_days = None;
    let pin = Decision::new(Choice::Pin, TRIAL);
    let session = ResolutionSession::all_or_nothing(unbounded);
    Some(Trial::new(name, pin, session))
}

/// The trial as a choice, if it leaves less open.
fn way(trial: &Trial<'_>, before: &Resolution, after: &Resolution) -> Option<Way> {
    let open = |resolution: &Resolution| {
        let names = resolution.open().map(|row| row.name.clone());
        names.collect::<BTreeSet<DistName>>()
    };
    let (before, left) = (open(before), open(after));
    let lifted = left.len() < before.len() && left.is_subset(&before);
    if !lifted {
        return None;
    }
    let mut parts = trial
        .decided
        .iter()
        .map(|(name, decision)| part(name, decision, after));
    let mut way = parts.next()?;
    way.also = parts.collect();
    way.to_build = left.is_empty().then(|| after.to_build().count());
    Some(way)
}

/// One decision as a choice, with what comes of it.
fn part(name: &DistName, decision: &Decision, after: &Resolution) -> Way {
    let row = after.get(name);
    let version = row.and_then(|row| row.version.clone());
    let mut decision = decision.clone();
    if let (Choice::Pin, Some(version)) = (decision.choice, &version) {
        decision.version = exactly(version);
    }
    Way {
        effect: effect(&decision, version.as_ref(), row),
        line: decision.line(name),
        name: name.clone(),
        choice: decision.choice,
        version,
        to_build: None,
        also: Vec::new(),
    }
}

fn exactly(version: &Version) -> VersionSpecifiers {
    pep440_rs::VersionSpecifier::equals_version(version.clone()).into()
}

/// What comes of a decision, in words.
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

/// Older releases of the roots that take fewer packages.
fn cheaper_older_roots(
    context: SolveContext<'_>,
    best: &BestSolution,
    cores: &mut Vec<UnsatCore>,
) -> Result<Vec<Way>, Stop> {
    let problem = context.problem;
    let floats = |root: &ResolutionRoot| {
        root.requirement()
            .is_some_and(|r| r.version_or_url.is_none())
    };
    let allowed = best.policy.allowed.as_ref().map_or(0, count_builds);
    let wanted = problem.options.cheaper && best.policy.waived == Waived::None;
    if !wanted || !problem.roots.iter().all(floats) {
        return Ok(Vec::new());
    }
    if allowed <= problem.roots.len() {
        return Ok(Vec::new());
    }
    let policy = |costs: &Costs| Policy {
        fixed: Default::default(),
        allowed: Some(costs.clone()),
        ..best.policy.clone()
    };
    let CheapestSolution::Cheapest(solution, costs) = cheapest(context, &policy, cores)? else {
        return Ok(Vec::new());
    };
    let fewer = count_builds(&costs);
    if fewer >= allowed {
        return Ok(Vec::new());
    }
    let roots = problem.roots.iter().filter_map(ResolutionRoot::requirement);
    let ways = roots.filter_map(|root| {
        let version = version_of(&solution, &root.name)?;
        let settled = best.policy.fixed.get(&root.name);
        (settled != Some(version)).then(|| pin(&root.name, version, fewer))
    });
    Ok(ways.collect())
}

fn pin(name: &DistName, version: &Version, to_build: usize) -> Way {
    let mut decision = Decision::new(Choice::Pin, TRIAL);
    decision.version = exactly(version);
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
