//! The threads of the package: one pool, shared by all calls, of which each call has a bounded share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Does independent pieces of work, at most `threads` at a time: on this thread and, as far as they are free, on those of the pool
/// that the package owns. So no call ever waits for another. Results are in the order of the items, whatever the
/// number of threads.
pub(crate) fn map<T: Sync, R: Send>(threads: usize, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let helpers = pool().map(|pool| (pool, pool.reserve(threads.min(items.len()).saturating_sub(1))));
    let Some((pool, helpers)) = helpers.filter(|(_, helpers)| *helpers > 0) else {
        return items.iter().map(work).collect();
    };
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let take_turns = || loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(item) = items.get(index) else { break };
        let result = work(item);
        *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    };
    on_threads(pool, helpers, &take_turns);
    let results = results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
    results.flatten().collect()
}

/// Does the work on this thread and, at the same time, on so many reserved ones. It is one function for all kinds of work, which keeps the addon small.
fn on_threads(pool: &Pool, helpers: usize, work: &(dyn Fn() + Sync)) {
    pool.threads.in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                let _reserved = Reserved(pool);
                work();
            });
        }
        work();
    });
}

/// How many threads this machine runs at a time.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Threads that lend a hand to calls, beside the thread that each call has of its own.
struct Pool {
    threads: rayon::ThreadPool,
    /// How many of them nobody has reserved.
    free: AtomicUsize,
}

impl Pool {
    /// Reserves up to so many threads that are free; says how many they are.
    fn reserve(&self, wanted: usize) -> usize {
        let taken =
            self.free.fetch_update(Ordering::AcqRel, Ordering::Acquire, |free| Some(free - wanted.min(free)));
        taken.map_or(0, |free| wanted.min(free))
    }
}

/// One reserved thread, free again when this is dropped.
struct Reserved<'a>(&'a Pool);

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.0.free.fetch_add(1, Ordering::AcqRel);
    }
}

/// The package's own pool, made on first use; absent where no threads can be had.
fn pool() -> Option<&'static Pool> {
    if cfg!(single_thread) {
        return None;
    }
    static POOL: OnceLock<Option<Pool>> = OnceLock::new();
    POOL.get_or_init(|| {
        // A call's own thread works, too.
        let count = (cores() - 1).max(1);
        let builder = rayon::ThreadPoolBuilder::new().num_threads(count);
        let threads = builder.thread_name(|index| format!("stellar-fbas {index}")).build().ok()?;
        Some(Pool { threads, free: AtomicUsize::new(count) })
    })
    .as_ref()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;

    #[test]
    fn work_keeps_its_order_and_its_bound_on_threads() {
        let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items: Vec<u32> = (0..50).collect();
        let doubled = map(2, &items, |item| {
            most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_micros(200));
            under_way.fetch_sub(1, Ordering::SeqCst);
            item * 2
        });
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn a_call_does_not_wait_for_another_that_holds_all_threads() {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                map(64, &[(); 64], |()| {
                    while !is_over.load(Ordering::SeqCst) {
                        std::thread::yield_now();
                    }
                })
            });
            std::thread::sleep(Duration::from_millis(20));
            assert_eq!(map(cores(), &[1, 2, 3], |item| item * 2), [2, 4, 6]);
            is_over.store(true, Ordering::SeqCst);
        });
    }
}
