//! Builds side by side: each begins as soon as everything it needs is built.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use pydeps_core::clause::Clause;

use crate::order::Graph;
use crate::source::Source;

/// How the work on one source package ended.
#[derive(Debug)]
pub(crate) enum Ended<T, E> {
    /// Its packages are there, and depend on these.
    Built(T, Vec<Clause>),
    /// It was changed, is this now, and is to be tried again.
    Changed(Source),
    /// It does not build.
    Failed(T),
    /// Nothing can be built any more.
    Broken(E),
}

/// What became of a source package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate<T> {
    /// It was built.
    Built(T),
    /// It was tried.
    Failed(T),
    /// It was not tried: these, which it needs, are not there.
    Skipped(BTreeSet<String>),
}

struct State<T, E> {
    graph: Graph,
    waiting: Vec<String>,
    /// Everything that is waiting or was.
    known: BTreeSet<String>,
    running: usize,
    fates: BTreeMap<String, Fate<T>>,
    broken: Option<E>,
}

/// Works on all of `order`, `workers` at a time. What each came to; what was skipped
/// needs something that failed, or is on a circle.
pub(crate) fn run<T: Send, E: Send>(
    graph: Graph,
    order: Vec<String>,
    workers: usize,
    work: impl Fn(&str, &BTreeSet<String>) -> Ended<T, E> + Sync,
) -> Result<(BTreeMap<String, Fate<T>>, Graph), E> {
    let state = Mutex::new(State {
        graph,
        known: order.iter().cloned().collect(),
        waiting: order,
        running: 0,
        fates: BTreeMap::new(),
        broken: None,
    });
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..workers.max(1) {
            scope.spawn(|| worker(&state, &changed, &work));
        }
    });
    let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = state.broken {
        return Err(error);
    }
    for source in std::mem::take(&mut state.waiting) {
        let built = |need: &String| matches!(state.fates.get(need), Some(Fate::Built(_)));
        let mut needs = state.graph.closure(&source);
        needs.retain(|need| !built(need));
        state.fates.insert(source, Fate::Skipped(needs));
    }
    Ok((state.fates, state.graph))
}

fn worker<T, E>(
    state: &Mutex<State<T, E>>,
    changed: &Condvar,
    work: &impl Fn(&str, &BTreeSet<String>) -> Ended<T, E>,
) {
    let lock = || state.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let mut now: MutexGuard<'_, State<T, E>> = lock();
        let (source, needs) = loop {
            if now.broken.is_some() {
                return;
            }
            match now.next() {
                Some(found) => break found,
                None if now.running == 0 => return,
                None => now = changed.wait(now).unwrap_or_else(PoisonError::into_inner),
            }
        };
        now.running += 1;
        drop(now);
        let ended = work(&source, &needs);
        let mut now = lock();
        now.running -= 1;
        now.end(source, ended);
        drop(now);
        changed.notify_all();
    }
}

impl<T, E> State<T, E> {
    /// The first that waits for nothing, and what it needs.
    fn next(&mut self) -> Option<(String, BTreeSet<String>)> {
        let built = |need: &String| matches!(self.fates.get(need), Some(Fate::Built(_)));
        let found = self.waiting.iter().enumerate().find_map(|(at, source)| {
            let needs = self.graph.closure(source);
            needs.iter().all(built).then_some((at, needs))
        });
        found.map(|(at, needs)| (self.waiting.remove(at), needs))
    }

    /// What packages turn out to depend on is built, too.
    fn join(&mut self) {
        loop {
            let needs = self
                .waiting
                .iter()
                .flat_map(|source| self.graph.buildable(source));
            let more: BTreeSet<String> = needs.filter(|need| !self.known.contains(need)).collect();
            if more.is_empty() {
                return;
            }
            self.known.extend(more.iter().cloned());
            self.waiting.extend(more);
        }
    }

    fn end(&mut self, source: String, ended: Ended<T, E>) {
        let fate = match ended {
            Ended::Built(result, depends) => {
                self.graph.learn(&source, &depends);
                self.join();
                Fate::Built(result)
            }
            Ended::Changed(changed) => {
                // It may need what was to be built after it.
                self.graph.change(&changed);
                self.waiting.insert(0, source);
                self.join();
                return;
            }
            Ended::Failed(result) => Fate::Failed(result),
            Ended::Broken(error) => {
                self.broken = Some(error);
                return;
            }
        };
        self.fates.insert(source, fate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::parse;

    fn clauses(text: &str) -> Vec<Clause> {
        pydeps_core::clause::parse(text)
            .collect::<Result<_, _>>()
            .unwrap()
    }

    /// Runs `NAME: BUILD-NEEDS; RUN-NEEDS` lines; those whose name begins with `x` fail, and
    /// the build needs of `c` come out at its first try only.
    #[track_caller]
    fn check(lines: &[&str], workers: usize, expect: &str) {
        let mut sources = Vec::new();
        let mut run = BTreeMap::new();
        for line in lines {
            let (name, rest) = line.split_once(':').unwrap();
            let (needs, depends) = rest.split_once(';').unwrap_or((rest, ""));
            let text = format!(
                "Source: {name}\nBinary: {name}\nVersion: 1\nBuild-Depends: make, {needs}\nChecksums-Sha256:\n a 1 x\n"
            );
            sources.push(parse(&text).unwrap());
            run.insert(name.to_owned(), clauses(depends));
        }
        let mut at_first = sources.clone();
        for source in &mut at_first {
            source.needs.retain(|_| !source.name.starts_with('c'));
        }
        let graph = Graph::new(&at_first, "amd64", &[]);
        let tried = Mutex::new(BTreeSet::new());
        // What comes up on the way joins in.
        let named = sources
            .iter()
            .filter(|source| !source.name.starts_with('q'));
        let named = named.map(|source| source.name.clone()).collect();
        let order = graph.order(&named);
        let done = Mutex::new(Vec::new());
        let work = |name: &str, needs: &BTreeSet<String>| {
            if name.starts_with('c') && tried.lock().unwrap().insert(name.to_owned()) {
                let changed = sources.iter().find(|source| source.name == name);
                return Ended::Changed(changed.unwrap().clone());
            }
            let mut done = done.lock().unwrap();
            assert!(
                needs.iter().all(|need| done.contains(need)),
                "{name} is early"
            );
            if name.starts_with('x') {
                return Ended::<(), ()>::Failed(());
            }
            done.push(name.to_owned());
            Ended::Built((), run[name].clone())
        };
        let (fates, _) = super::run(graph, order, workers, work).unwrap();
        let told = fates.iter().map(|(name, fate)| match fate {
            Fate::Built(()) => name.clone(),
            Fate::Failed(()) => format!("{name}!"),
            Fate::Skipped(needs) => format!(
                "{name}({})",
                needs.iter().cloned().collect::<Vec<_>>().join(" ")
            ),
        });
        assert_eq!(told.collect::<Vec<_>>().join(" "), expect);
    }

    #[test]
    fn everything_is_built_in_order() {
        for workers in [1, 2, 7] {
            let chain = ["p3: p2", "p2: p1", "p1:", "p4: p1"];
            check(&chain, workers, "p1 p2 p3 p4");
            check(&["p3: p2", "p2:; p1", "p1:"], workers, "p1 p2 p3");
            let late = ["p3: p2", "p2:; q1", "q1: q2", "q2:", "q3:"];
            check(&late, workers, "p2 p3 q1 q2");
            check(
                &["c1: p2, q1", "p2: p3", "p3:", "q1:"],
                workers,
                "c1 p2 p3 q1",
            );
        }
    }

    #[test]
    fn a_failure_stops_only_who_needs_it() {
        let lines = ["x1:", "p1: x1", "p2: p1", "p3:"];
        check(&lines, 2, "p1(x1) p2(p1) p3 x1!");
        check(&["c1: x1", "x1:"], 1, "c1(x1) x1!");
        check(&["c1: p1", "p1: c1"], 1, "c1(p1) p1(c1)");
        let circle = ["p1: p2", "p2: p1", "p3:"];
        check(&circle, 2, "p1(p2) p2(p1) p3");
    }

    #[test]
    fn an_error_ends_it() {
        let graph = Graph::default();
        let order = vec!["a".to_owned(), "b".to_owned()];
        let broken = super::run(graph, order, 1, |_, _| Ended::<(), _>::Broken("disk"));
        assert_eq!(broken.unwrap_err(), "disk");
    }
}
