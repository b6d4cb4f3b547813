//! What one call may spend: time, threads, and whether its caller still wants the answer.
//!
//! A budget is passed down explicitly; every loop that can run long calls [`Budget::check`]. What is found on the way is told to the
//! budget's [`Watch`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::pool;
use crate::watch::Watch;

/// Why work ended before its answer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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

/// When work must end. It says so once and for ever: what was found until then may rest on work that ended early, so nobody may be told
/// later that there was time enough.
#[derive(Debug)]
struct Limit {
    /// That of `outer` or one before it.
    deadline: Option<Instant>,
    cancelled: Option<Cancelled>,
    /// What it said first.
    stopped: OnceLock<Stop>,
    /// When this one says stop, so does this limit; not the other way round.
    outer: Option<Arc<Limit>>,
}

impl Limit {
    fn stop(&self) -> Option<Stop> {
        if let Some(&stop) = self.stopped.get() {
            return Some(stop);
        }
        let stop = self.outer.as_ref().and_then(|outer| outer.stop()).or_else(|| {
            if self.cancelled.as_ref().is_some_and(|cancelled| (cancelled.0)()) {
                return Some(Stop::Cancelled);
            }
            self.deadline.filter(|&deadline| Instant::now() >= deadline).map(|_| Stop::Timeout)
        });
        // Another thread may have been told something else meanwhile: the first one counts.
        stop.map(|stop| *self.stopped.get_or_init(|| stop)).or_else(|| self.stopped.get().copied())
    }
}

/// Time, threads and cancellation of one call, and who is told how far it is. The default is unlimited.
///
/// Once it has ended, it has ended for ever and for the same reason, in all its clones and in all budgets that were made from it with
/// further limits. That one of those has ended does not end this one.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    limit: Option<Arc<Limit>>,
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
    pub fn with_time_limit(self, limit: Duration) -> Self {
        match Instant::now().checked_add(limit) {
            Some(deadline) => self.with_limit(Some(deadline), None),
            None => self,
        }
    }

    /// Ends work with [`Stop::Cancelled`] once the flag is raised.
    pub fn with_cancel_flag(self, cancel: CancelFlag) -> Self {
        self.with_cancellation(move || cancel.is_cancelled())
    }

    /// Ends work with [`Stop::Cancelled`] once this says so; it is asked often, by any thread, and should be quick. It is not asked again
    /// after it has said so.
    pub fn with_cancellation(self, is_cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.with_limit(None, Some(Cancelled(Arc::new(is_cancelled))))
    }

    fn with_limit(self, deadline: Option<Instant>, cancelled: Option<Cancelled>) -> Self {
        let outer = self.limit;
        let deadline = outer.iter().filter_map(|outer| outer.deadline).chain(deadline).min();
        let limit = Limit { deadline, cancelled, stopped: OnceLock::new(), outer };
        Budget { limit: Some(Arc::new(limit)), ..self }
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
        let deadline = self.limit.as_ref()?.deadline?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Does independent pieces of work, at most as many at a time as there may be [threads](Budget::threads). Results are in the
    /// order of the items, whatever the number of threads.
    pub fn map<T: Sync, R: Send>(&self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        pool::map(self.threads(), items, work)
    }

    /// An error once the deadline has passed or the caller has cancelled, and from then on.
    pub fn check(&self) -> Result<(), Stop> {
        if let Some(watch) = &self.watch {
            watch.tell_if_due();
        }
        self.limit.as_ref().and_then(|limit| limit.stop()).map_or(Ok(()), Err)
    }

    /// Whether anybody has to look, while work under this budget goes on, if it must end or if there is something to tell.
    pub fn needs_checks(&self) -> bool {
        self.limit.is_some() || self.watch.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

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

    #[test]
    fn what_has_ended_has_ended_for_ever() {
        let asked = Arc::new(AtomicUsize::new(0));
        let of_closure = asked.clone();
        let only_second = move || of_closure.fetch_add(1, Ordering::SeqCst) == 1;
        let budget = Budget::unlimited().with_cancellation(only_second);
        let (clone, inner) = (budget.clone(), budget.clone().with_time_limit(Duration::from_secs(3_600)));
        assert_eq!(budget.check(), Ok(()));
        assert_eq!(inner.check(), Err(Stop::Cancelled), "an inner limit asks the outer one");
        for budget in [&budget, &clone, &inner, &inner.clone().with_threads(1)] {
            assert_eq!(budget.check(), Err(Stop::Cancelled));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 2, "nobody asks again");
    }

    #[test]
    fn an_inner_limit_does_not_end_the_outer_one() {
        let flag = CancelFlag::default();
        let outer = Budget::unlimited().with_cancel_flag(flag.clone());
        let inner = outer.clone().with_time_limit(Duration::ZERO);
        assert_eq!(inner.check(), Err(Stop::Timeout));
        assert_eq!(outer.check(), Ok(()));
        flag.cancel();
        assert_eq!(outer.check(), Err(Stop::Cancelled));
        assert_eq!(inner.check(), Err(Stop::Timeout), "the first reason stays");
        let longer = Budget::unlimited().with_time_limit(Duration::ZERO).with_time_limit(Duration::MAX);
        assert_eq!(longer.check(), Err(Stop::Timeout));
        assert_eq!(longer.with_time_limit(Duration::from_secs(9)).remaining(), Some(Duration::ZERO));
    }

    #[test]
    fn all_threads_are_told_the_same_reason() {
        for _ in 0..200 {
            let flag = CancelFlag::default();
            let budget =
                Budget::unlimited().with_time_limit(Duration::from_micros(50)).with_cancel_flag(flag.clone());
            let wait = || loop {
                if let Err(stop) = budget.check() {
                    break stop;
                }
            };
            let told: Vec<Stop> = std::thread::scope(|scope| {
                let waiting = [scope.spawn(wait), scope.spawn(wait)];
                flag.cancel();
                waiting.into_iter().map(|thread| thread.join().expect("no panic")).collect()
            });
            assert_eq!(told[0], told[1]);
        }
    }
}
