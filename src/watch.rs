//! Tells a listener how far an analysis is, and limits how often.
//!
//! The listener may use the budget that it watches, or start another analysis with it. So it is called while no lock is held. It is never
//! called while it is still being called: not by another thread, so that the reports stay in order, and not by what it does itself.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::subject::Subject;

/// How far one analysis is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is looked for.
    pub subject: Subject,
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
    /// Per subject the best bounds so far: a search that starts over does not take them back.
    bounds: BTreeMap<Subject, (u32, Option<u32>)>,
    news: Option<Progress>,
    /// Whether somebody is being told: the others leave their news here.
    is_telling: bool,
}

impl Watch {
    /// Tells `tell` what is new, once an interval at most; of news that come faster, or while it is told, only the last counts. It is
    /// told in order: bounds on one subject only ever get better. It may use the budget that it watches. Begins now.
    pub fn new(interval: Duration, tell: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Watch { interval, began: Instant::now(), tell: Box::new(tell), state: Mutex::default() }
    }

    /// Notes bounds on what is looked for.
    pub fn note(&self, subject: &Subject, phase: &'static str, lower: u32, upper: Option<u32>) {
        let mut state = self.state();
        let (known_lower, known_upper) = state.bounds.get(subject).copied().unwrap_or_default();
        let lower_bound = lower.max(known_lower);
        let upper_bound = upper.into_iter().chain(known_upper).min();
        state.bounds.insert(subject.clone(), (lower_bound, upper_bound));
        let subject = subject.clone();
        state.news =
            Some(Progress { subject, phase, lower_bound, upper_bound, elapsed: self.began.elapsed() });
        drop(state);
        self.tell_if_due();
    }

    /// Tells what is new, if it is time.
    pub fn tell_if_due(&self) {
        let Some(news) = self.due() else { return };
        let _telling = Telling(self);
        (self.tell)(news);
    }

    /// What has to be told now; whoever takes it has to tell it.
    fn due(&self) -> Option<Progress> {
        let mut state = self.state();
        if state.is_telling || state.told.is_some_and(|told| told.elapsed() < self.interval) {
            return None;
        }
        let news = state.news.take()?;
        state.told = Some(Instant::now());
        state.is_telling = true;
        Some(news)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While this lives, somebody is being told; also where the listener panics.
struct Telling<'a>(&'a Watch);

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.0.state().is_telling = false;
    }
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").field("interval", &self.interval).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::subject::Figure;

    #[test]
    fn a_listener_may_come_back_and_is_told_afterwards_what_it_did() {
        let (watch, told): (Arc<OnceLock<Watch>>, Arc<Mutex<Vec<u32>>>) = Default::default();
        let (of_listener, list) = (watch.clone(), told.clone());
        let listen = move |news: Progress| {
            list.lock().expect("no panic").push(news.lower_bound);
            let watch = of_listener.get().expect("there is one");
            watch.tell_if_due();
            watch.note(&Figure::Quorums.into(), "again", (news.lower_bound + 1).min(3), None);
            // The threads of an analysis that it starts.
            std::thread::scope(|scope| scope.spawn(|| watch.tell_if_due()).join()).expect("no panic");
        };
        let watch = watch.get_or_init(|| Watch::new(Duration::ZERO, listen));
        watch.note(&Figure::Quorums.into(), "first", 1, None);
        assert_eq!(*told.lock().expect("no panic"), [1]);
        watch.tell_if_due();
        assert_eq!(*told.lock().expect("no panic"), [1, 2]);
    }

    #[test]
    fn news_of_several_threads_are_told_in_order() {
        let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let times = Arc::new(AtomicUsize::new(0));
        let (list, times_told) = (told.clone(), times.clone());
        let watch = Watch::new(Duration::ZERO, move |news| {
            // Whoever is told out of order, or twice at a time, is found out.
            let mut list = list.try_lock().expect("nobody else is told at the same time");
            std::thread::sleep(Duration::from_micros(20));
            list.push(news);
            times_told.fetch_add(1, Relaxed);
        });
        std::thread::scope(|scope| {
            for of_thread in 0..4 {
                let (watch, times) = (&watch, &times);
                scope.spawn(move || {
                    // However slow the listener is on a busy machine.
                    let is_enough = |step: u32| step >= 300 && times.load(Relaxed) > 10;
                    (0..).take_while(|&step| !is_enough(step)).for_each(|step| {
                        let (lower, upper) = ((step * 7 + of_thread) % 301, 900 - step.min(300));
                        watch.note(&Figure::Quorums.into(), "bounds", lower, Some(upper));
                    });
                });
            }
        });
        let told = told.lock().expect("no panic");
        for pair in told.windows(2) {
            assert!(pair[0].lower_bound <= pair[1].lower_bound && pair[0].elapsed <= pair[1].elapsed);
            assert!(pair[0].upper_bound >= pair[1].upper_bound);
        }
    }

    #[test]
    fn a_listener_that_panics_is_told_again() {
        let calls = Arc::new(Mutex::new(0));
        let of_listener = calls.clone();
        let watch = Watch::new(Duration::ZERO, move |_| {
            let mut calls = of_listener.lock().unwrap_or_else(PoisonError::into_inner);
            *calls += 1;
            assert_ne!(*calls, 1, "a defect of the listener");
        });
        let first = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            watch.note(&Figure::Quorums.into(), "", 1, None)
        }));
        assert!(first.is_err());
        watch.note(&Figure::Quorums.into(), "", 2, None);
        assert_eq!(*calls.lock().unwrap_or_else(PoisonError::into_inner), 2);
    }
}
