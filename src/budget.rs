//! What one call may spend: time, threads, and whether its caller still wants the answer.
//!
//! A budget is passed down explicitly; every loop that can run long calls [`Budget::check`]. What is found on the way is told to the
//! budget's [`Watch`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::pool;
use crate::watch::Watch;

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
        self.threads.unwrap_or_else(pool::cores)
    }

    /// The time until the deadline, if there is one.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Does independent pieces of work, at most as many at a time as there may be [threads](Budget::threads). Results are in the
    /// order of the items, whatever the number of threads.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        pool::map(self.threads(), items, work)
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

#[cfg(test)]
mod tests {
    use super::*;

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
