//! What one call may spend: time, threads, and whether its caller still wants the answer.
//!
//! A budget is passed down explicitly; every loop that can run long calls [`Budget::check`]. What is found on the way is told to the
//! budget's [`Watch`].

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::progress::Watch;

/// Why work ended before its answer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The time limit ran out.
    #[error("the time limit ran out before the answer was proven")]
    Timeout,
    /// The caller cancelled the work.
    #[error("the analysis was cancelled")]
    Cancelled,
}

/// A flag that the caller raises to stop work that runs on another thread. Clones share the flag.
#[derive(Debug, Clone, Default)]
pub struct CancelFlag(Arc<AtomicBool>);

impl CancelFlag {
    /// Asks the work to stop; it ends with [`Stop::Cancelled`] soon after.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`CancelFlag::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says whether the caller has cancelled.
#[derive(Clone)]
struct Cancelled(Arc<dyn Fn() -> bool + Send + Sync>);

impl std::fmt::Debug for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cancelled")
    }
}

/// Time, threads and cancellation of one call, and who is told how far it is. The default is unlimited.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    deadline: Option<Instant>,
    cancelled: Option<Cancelled>,
    threads: Option<usize>,
    watch: Option<Arc<Watch>>,
}

impl Budget {
    /// No deadline, no cancellation, all cores.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// Ends work with [`Stop::Timeout`] after `limit` from now, or before if it has a deadline already. A limit beyond what the clock
    /// can express is none.
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        let deadline = Instant::now().checked_add(limit);
        self.deadline = self.deadline.into_iter().chain(deadline).min();
        self
    }

    /// Ends work with [`Stop::Cancelled`] once the flag is raised.
    pub fn with_cancel_flag(self, cancel: CancelFlag) -> Self {
        self.with_cancellation(move || cancel.is_cancelled())
    }

    /// Ends work with [`Stop::Cancelled`] once this says so; it is asked often, by any thread, and should be quick.
    pub fn with_cancellation(mut self, is_cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.cancelled = Some(Cancelled(Arc::new(is_cancelled)));
        self
    }

    /// Uses at most this many threads at a time.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// Tells the watch how far the work is.
    pub fn with_watch(mut self, watch: Watch) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// Who is told how far the work is.
    pub fn watch(&self) -> Option<&Watch> {
        self.watch.as_deref()
    }

    /// How many threads work may use at a time.
    pub fn threads(&self) -> usize {
        self.threads.unwrap_or_else(cores)
    }

    /// The time until the deadline, if there is one.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Does independent pieces of work, at most `threads` at a time: on this thread and, as far as they are free, on those of the pool
    /// that the package owns. So no call ever waits for another. Results are in the order of the items, whatever the
    /// number of threads.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let helpers =
            pool().map(|pool| (pool, pool.reserve(self.threads().min(items.len()).saturating_sub(1))));
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
        pool.threads.in_place_scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(|_| {
                    let _reserved = Reserved(pool);
                    take_turns();
                });
            }
            take_turns();
        });
        let results =
            results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
        results.flatten().collect()
    }

    /// An error once the deadline has passed or the caller has cancelled.
    pub fn check(&self) -> Result<(), Stop> {
        if let Some(watch) = &self.watch {
            watch.tell_if_due();
        }
        if self.cancelled.as_ref().is_some_and(|cancelled| (cancelled.0)()) {
            return Err(Stop::Cancelled);
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Stop::Timeout),
            _ => Ok(()),
        }
    }

    /// Whether anybody has to look, while work under this budget goes on, if it must end or if there is something to tell.
    pub fn needs_checks(&self) -> bool {
        self.deadline.is_some() || self.cancelled.is_some() || self.watch.is_some()
    }
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

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The package's own pool, made on first use; absent where no threads can be had.
fn pool() -> Option<&'static Pool> {
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
    use super::*;

    #[test]
    fn work_keeps_its_order_and_its_bound_on_threads() {
        let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let items: Vec<u32> = (0..50).collect();
        let doubled = Budget::unlimited().with_threads(2).map(&items, |item| {
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
                Budget::unlimited().with_threads(64).map(&[(); 64], |()| {
                    while !is_over.load(Ordering::SeqCst) {
                        std::thread::yield_now();
                    }
                })
            });
            std::thread::sleep(Duration::from_millis(20));
            assert_eq!(Budget::unlimited().map(&[1, 2, 3], |item| item * 2), [2, 4, 6]);
            is_over.store(true, Ordering::SeqCst);
        });
    }

    #[test]
    fn a_spent_budget_says_why() {
        let flag = CancelFlag::default();
        let budget = Budget::unlimited().with_cancel_flag(flag.clone());
        assert_eq!(budget.check(), Ok(()));
        flag.cancel();
        assert_eq!(budget.check(), Err(Stop::Cancelled));
        assert_eq!(Budget::unlimited().with_time_limit(Duration::ZERO).check(), Err(Stop::Timeout));
    }
}
