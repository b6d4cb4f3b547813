//! Shares one time limit among several questions. With `anytime` they are asked in rounds, each longer than the one before, so that a question
//! that takes long to answer does not use up the time of the others.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::refine::Refine;
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::budget::Budget;

/// What each question may take in the first round.
const FIRST_SLICE: Duration = Duration::from_millis(25);
/// By how much a round is longer than the one before.
const GROWTH: u32 = 4;

/// What is known of the answer to a question that is asked again and again.
pub struct Slot<A>(Mutex<Option<A>>);

impl<A: Refine> Slot<A> {
    /// It has not been asked.
    pub fn new() -> Self {
        Slot(Mutex::new(None))
    }

    /// Takes over an answer, and says whether more time would not tell more.
    pub fn keep(&self, later: A) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *known {
            Some(known) => known.refine(later),
            none => *none = Some(later),
        }
        known.as_ref().is_some_and(A::is_settled)
    }

    /// The answer, if there is one.
    pub fn answer(self) -> Option<A> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks `count` questions, by number, several at a time, until all are settled. With `anytime`, in rounds: in each, every question that is
/// still open gets the same slice of time, more in each round, and the last one all that is left; so a question costs the others at
/// most what they were given as well. Where there is no longer time to give all of them more than before, only the first are
/// asked again. Ends early when the budget does.
///
/// `ask` says whether the question is settled now. In each round those that `are_first` are asked before the others, which make use of what comes
/// of it. An error is that of the first question that fails, whatever the number of threads.
pub fn in_rounds(
    count: usize,
    are_first: impl Fn(usize) -> bool,
    options: &Options,
    budget: &Budget,
    ask: impl Fn(usize, &Budget) -> Result<bool, AnalysisError> + Sync,
) -> Result<(), AnalysisError> {
    let mut open: Vec<usize> = (0..count).collect();
    let mut slice = FIRST_SLICE;
    let mut previous = Duration::ZERO;
    while !open.is_empty() {
        let is_limited = options.anytime && open.len() > 1;
        let mut asked = open.len();
        if let Some(left) = budget.remaining().filter(|_| is_limited) {
            let left = left * budget.threads().min(asked) as u32;
            asked = (1..=asked)
                .rev()
                .find(|&asked| previous.is_zero() || left / asked as u32 > previous)
                .unwrap_or(1);
            slice = slice.min(left / asked as u32);
        }
        let waiting = open.split_off(asked);
        let (first, others): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&question| are_first(question));
        let mut settled = Vec::new();
        for some in [first, others] {
            // Those after one that failed are not asked.
            let failed = AtomicUsize::new(count);
            let answers = budget.map(&some, |&question| {
                if question > failed.load(Ordering::Relaxed) {
                    return Ok(false);
                }
                let budget = budget.clone();
                let budget = if is_limited { budget.with_time_limit(slice) } else { budget };
                let answer = ask(question, &budget);
                if answer.is_err() {
                    failed.fetch_min(question, Ordering::Relaxed);
                }
                answer
            });
            for (question, is_settled) in some.into_iter().zip(answers) {
                if is_settled.map_err(AnalysisError::without_bounds)? {
                    settled.push(question);
                }
            }
        }
        open.retain(|question| !settled.contains(question));
        open.extend(waiting);
        if budget.check().is_err() {
            break;
        }
        previous = slice;
        slice = slice.saturating_mul(GROWTH);
    }
    Ok(())
}
