//! What one call may spend: time, threads, and whether its caller still wants the answer.
//!
//! A budget is passed down explicitly; every loop that can run long calls [`Budget::check`].

use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

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

/// Time, threads and cancellation of one call. The default is unlimited.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    deadline: Option<Instant>,
    cancel: Option<CancelFlag>,
    threads: Option<usize>,
}

impl Budget {
    /// No deadline, no cancellation, all cores.
    pub fn unlimited() -> Self {
        Self::default()
    }

    /// Ends work with [`Stop::Timeout`] after `limit` from now. A limit beyond what the clock can express is none.
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.deadline = Instant::now().checked_add(limit);
        self
    }

    /// Ends work with [`Stop::Cancelled`] once the flag is raised.
    pub fn with_cancel_flag(mut self, cancel: CancelFlag) -> Self {
        self.cancel = Some(cancel);
        self
    }

    /// Uses at most this many threads at a time.
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// Does independent pieces of work, at most `threads` at a time, on a pool that the package owns. Results are in the
    /// order of the items, whatever the number of threads.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let threads = self.threads.unwrap_or(usize::MAX).min(items.len());
        let Some(pool) = pool().filter(|_| threads > 1) else {
            return items.iter().map(work).collect();
        };
        // Each lane works through every `threads`-th item, so no more than `threads` are under way.
        let lanes: Vec<Vec<R>> = pool.install(|| {
            let lane = |first: usize| items.iter().skip(first).step_by(threads).map(&work).collect();
            (0..threads).into_par_iter().map(lane).collect()
        });
        let mut lanes: Vec<_> = lanes.into_iter().map(Vec::into_iter).collect();
        (0..items.len()).filter_map(|index| lanes[index % threads].next()).collect()
    }

    /// An error once the deadline has passed or the caller has cancelled.
    pub fn check(&self) -> Result<(), Stop> {
        if self.cancel.as_ref().is_some_and(CancelFlag::is_cancelled) {
            return Err(Stop::Cancelled);
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Stop::Timeout),
            _ => Ok(()),
        }
    }

    /// Whether work under this budget may have to stop early at all.
    pub fn can_stop(&self) -> bool {
        self.deadline.is_some() || self.cancel.is_some()
    }
}

/// The package's own pool, made on first use; absent where no threads can be had.
fn pool() -> Option<&'static rayon::ThreadPool> {
    static POOL: OnceLock<Option<rayon::ThreadPool>> = OnceLock::new();
    POOL.get_or_init(|| {
        rayon::ThreadPoolBuilder::new().thread_name(|index| format!("stellar-fbas {index}")).build().ok()
    })
    .as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

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
    fn a_spent_budget_says_why() {
        let flag = CancelFlag::default();
        let budget = Budget::unlimited().with_cancel_flag(flag.clone());
        assert_eq!(budget.check(), Ok(()));
        flag.cancel();
        assert_eq!(budget.check(), Err(Stop::Cancelled));
        assert_eq!(Budget::unlimited().with_time_limit(Duration::ZERO).check(), Err(Stop::Timeout));
    }
}
