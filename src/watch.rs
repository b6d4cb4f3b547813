//! Who is told how far work is, and how often.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
