//! Many questions at once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Applies `work` to all items on at most `limit` threads. The answers are in the
/// order of the items. After the first error no further item is begun; of several
/// errors the one of the first item is returned.
pub(crate) fn map<T: Sync, R: Send, E: Send>(
    items: &[T],
    limit: usize,
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let threads = limit.clamp(1, items.len().max(1));
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let answers = Mutex::new(Vec::with_capacity(items.len()));
    let worker = || {
        while !failed.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { break };
            let answer = work(item);
            failed.fetch_or(answer.is_err(), Ordering::Relaxed);
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.push((at, answer));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_keep_the_order() {
        let items: Vec<usize> = (0..200).collect();
        let doubled = map(&items, 8, |&n| Ok::<_, ()>(2 * n)).unwrap();
        assert_eq!(doubled, items.iter().map(|n| 2 * n).collect::<Vec<_>>());
        assert_eq!(map(&[], 8, |&n: &usize| Ok::<_, ()>(n)), Ok(vec![]));
    }

    #[test]
    fn the_first_error_is_returned_and_stops_the_rest() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let result = map(&items, 4, |&n| {
            begun.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(std::time::Duration::from_micros(200));
            if n >= 20 { Err(n) } else { Ok(n) }
        });
        assert_eq!(result, Err(20));
        assert!(begun.load(Ordering::Relaxed) < 100);
    }
}
