//! What is known of an answer while it is looked for, and who is told.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::budget::Budget;

/// How far one analysis is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is looked for, as results call it: `blockingSets`, or `node.blockingSetsMinSize`.
    pub analysis: String,
    /// How it is looked for at the moment.
    pub phase: &'static str,
    /// Proven: the answer is not smaller.
    pub lower_bound: u32,
    /// The best answer so far, if there is one.
    pub upper_bound: Option<u32>,
    /// Time since the watch began.
    pub elapsed: Duration,
}

/// Who is told how far work is, and how often at most.
pub struct Watch {
    interval: Duration,
    began: Instant,
    tell: Box<dyn Fn(Progress) + Send + Sync>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    told: Option<Instant>,
    /// Per analysis the best bounds so far: an analysis that starts over does not take them back.
    bounds: BTreeMap<String, (u32, Option<u32>)>,
    news: Option<Progress>,
}

impl Watch {
    /// Tells `tell` what is new, once an interval at most; of news that come faster only the last counts. Begins now.
    pub fn new(interval: Duration, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Watch { interval, began: Instant::now(), tell: Box::new(tell), state: Mutex::default() }
    }

    /// Notes bounds on what an analysis looks for.
    pub fn note(&self, analysis: &str, phase: &'static str, lower: u32, upper: Option<u32>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (known_lower, known_upper) = state.bounds.get(analysis).copied().unwrap_or_default();
        let lower_bound = lower.max(known_lower);
        let upper_bound = upper.into_iter().chain(known_upper).min();
        state.bounds.insert(analysis.to_string(), (lower_bound, upper_bound));
        let analysis = analysis.to_string();
        state.news =
            Some(Progress { analysis, phase, lower_bound, upper_bound, elapsed: self.began.elapsed() });
        drop(state);
        self.tell_if_due();
    }

    /// Tells what is new, if it is time.
    pub fn tell_if_due(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.told.is_some_and(|told| told.elapsed() < self.interval) {
            return;
        }
        if let Some(news) = state.news.take() {
            state.told = Some(Instant::now());
            (self.tell)(news);
        }
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("interval", &self.interval).finish_non_exhaustive()
    }
}

/// What is known of a minimum while it is looked for: a bound from below, and the cheapest solution so far.
pub struct Known<'a, W> {
    /// Absent: nobody is told.
    analysis: Option<&'a str>,
    budget: &'a Budget,
    phase: &'static str,
    lower: u32,
    best: Option<(u32, W)>,
    is_proven: bool,
}

impl<'a, W> Known<'a, W> {
    /// Nothing is known yet of what this analysis looks for.
    pub fn new(analysis: &'a str, budget: &'a Budget) -> Self {
        Known { analysis: Some(analysis), ..Known::unwatched(budget) }
    }

    /// Nothing is known yet of something that is looked for on the way, of which nobody is told.
    pub fn unwatched(budget: &'a Budget) -> Self {
        Known { analysis: None, budget, phase: "bounds", lower: 0, best: None, is_proven: false }
    }

    /// What may be spent on the search.
    pub fn budget(&self) -> &'a Budget {
        self.budget
    }

    /// From now on it is looked for in this way.
    pub fn enter(&mut self, phase: &'static str) {
        self.phase = phase;
        self.tell();
    }

    /// No solution costs less than this.
    pub fn raise(&mut self, lower: u32) {
        if lower > self.lower {
            self.lower = lower;
            self.tell();
        }
    }

    /// There is this solution.
    pub fn offer(&mut self, cost: u32, solution: W) {
        if self.upper().is_none_or(|upper| cost < upper) {
            self.best = Some((cost, solution));
            self.tell();
        }
    }

    /// No solution is cheaper than the best one known; if none is known, there is none.
    pub fn prove(&mut self) {
        self.is_proven = true;
        self.raise(self.upper().unwrap_or_default());
    }

    /// Whether the best solution known is proven to be the cheapest or, if none is known, that there is none.
    pub fn is_proven(&self) -> bool {
        self.is_proven || self.upper().is_some_and(|upper| upper <= self.lower)
    }

    /// No solution costs less than this.
    pub fn lower(&self) -> u32 {
        self.lower
    }

    /// What the best solution known costs.
    pub fn upper(&self) -> Option<u32> {
        self.best.as_ref().map(|&(cost, _)| cost)
    }

    /// The best solution known, with its cost.
    pub fn best(&self) -> Option<&(u32, W)> {
        self.best.as_ref()
    }

    /// The best solution known, with its cost.
    pub fn into_best(self) -> Option<(u32, W)> {
        self.best
    }

    fn tell(&self) {
        if let (Some(watch), Some(analysis)) = (self.budget.watch(), self.analysis) {
            watch.note(analysis, self.phase, self.lower, self.upper());
        }
    }
}
