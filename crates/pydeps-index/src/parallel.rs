//! Many questions at once, answered as they come.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Questions that nobody has begun with.
struct Queue<Q> {
    state: Mutex<State<Q>>,
    changed: Condvar,
}

struct State<Q> {
    waiting: VecDeque<Q>,
    idle: usize,
    closed: bool,
}

impl<Q> Queue<Q> {
    fn new() -> Self {
        let state = State {
            waiting: VecDeque::new(),
            idle: 0,
            closed: false,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<Q>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a question, of which so many are left to the one who asks; whether nobody is
    /// there to take it.
    fn push(&self, question: Q, own: usize) -> bool {
        let mut state = self.lock();
        state.waiting.push_back(question);
        if state.waiting.len() > own {
            self.changed.notify_one();
        }
        state.waiting.len() > state.idle + own
    }

    /// A question that nobody has begun with.
    fn take(&self) -> Option<Q> {
        self.lock().waiting.pop_front()
    }

    /// The next question, once there is one; `None` when there will be none.
    fn next(&self) -> Option<Q> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(question) = state.waiting.pop_front() {
                return Some(question);
            }
            state.idle += 1;
            let woken = self.changed.wait(state);
            state = woken.unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }
}

/// What the one who asks does while answers are under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// It waits: the answers take long, and not by work.
    Waits,
    /// It works on one itself: to wake another thread would take longer.
    Works,
}

/// Threads that answer questions, for the one who asks them.
pub struct Crew<'a, Q, A> {
    queue: &'a Queue<Q>,
    answers: Receiver<A>,
    enlist: &'a dyn Fn(),
    work: &'a dyn Fn(Q) -> A,
    lead: Lead,
    /// How many more threads there may be.
    free: usize,
    open: usize,
}

impl<Q, A> Crew<'_, Q, A> {
    /// Asks; this does not wait.
    pub fn ask(&mut self, question: Q) {
        self.open += 1;
        let own = usize::from(self.lead == Lead::Works);
        if self.queue.push(question, own) && self.free > 0 {
            self.free -= 1;
            (self.enlist)();
        }
    }

    /// The next answer, in whatever order; `None` if every question was answered.
    pub fn answer(&mut self) -> Option<A> {
        self.open = self.open.checked_sub(1)?;
        let own = match self.lead {
            Lead::Waits => None,
            Lead::Works => self.queue.take(),
        };
        match own {
            Some(question) => Some((self.work)(question)),
            None => self.answers.recv().ok(),
        }
    }

    /// An answer that is there already.
    pub fn ready(&mut self) -> Option<A> {
        let answer = self.answers.try_recv().ok()?;
        self.open -= 1;
        Some(answer)
    }
}

/// What nobody has begun with will not be needed.
impl<Q, A> Drop for Crew<'_, Q, A> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Calls `lead` with a crew of at most `limit` threads, which do `work`, as it does itself
/// if it `helps`. What has been begun when it returns is waited for.
pub(crate) fn crew<Q: Send, A: Send, R>(
    limit: usize,
    helps: Lead,
    work: impl Fn(Q) -> A + Sync,
    lead: impl FnOnce(&mut Crew<'_, Q, A>) -> R,
) -> R {
    let queue = Queue::new();
    let (sender, answers) = channel();
    let worker = || {
        while let Some(question) = queue.next() {
            // Nobody listens any more when the crew is gone.
            let _ = sender.send(work(question));
        }
    };
    std::thread::scope(|scope| {
        let enlist = || {
            scope.spawn(worker);
        };
        let mut crew = Crew {
            queue: &queue,
            answers,
            enlist: &enlist,
            work: &work,
            lead: helps,
            free: limit.max(1),
            open: 0,
        };
        lead(&mut crew)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_question_is_answered_once() {
        every_question(Lead::Waits);
        every_question(Lead::Works);
    }

    fn every_question(lead: Lead) {
        let double = |n: usize| 2 * n;
        let mut got = crew(8, lead, double, |crew| {
            (0..200).for_each(|n| crew.ask(n));
            let mut got = Vec::new();
            while let Some(answer) = crew.answer() {
                got.push(answer);
                got.extend(crew.ready());
            }
            crew.ask(200);
            got.extend(crew.answer());
            assert_eq!((crew.answer(), crew.ready()), (None, None));
            got
        });
        got.sort_unstable();
        assert_eq!(got, (0..=200).map(|n| 2 * n).collect::<Vec<_>>());
    }

    #[test]
    fn one_question_wakes_nobody() {
        let here = std::thread::current().id();
        let by = |()| std::thread::current().id();
        crew(8, Lead::Works, by, |crew| {
            for _ in 0..20 {
                crew.ask(());
                assert_eq!(crew.answer(), Some(here));
            }
        });
    }

    #[test]
    fn there_are_no_more_threads_than_allowed() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |()| {
            let busy = now.fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(busy, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2));
            now.fetch_sub(1, Ordering::SeqCst);
        };
        crew(3, Lead::Waits, work, |crew| {
            (0..30).for_each(|_| crew.ask(()));
            while crew.answer().is_some() {}
        });
        assert_eq!(most.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn what_was_not_begun_is_dropped_at_the_end() {
        let begun = AtomicUsize::new(0);
        let work = |()| {
            begun.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
        };
        crew(2, Lead::Waits, work, |crew| {
            (0..1000).for_each(|_| crew.ask(()));
            crew.answer();
        });
        assert!(begun.load(Ordering::SeqCst) < 100);
    }
}
