//! Shares one time limit among several questions. With `anytime` they are asked in rounds, each longer than the one before, so that a question
//! that takes long to answer does not use up the time of the others.

use std::time::Duration;

use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::budget::Budget;

/// What each question may take in the first round.
const FIRST_SLICE: Duration = Duration::from_millis(25);
/// By how much a round is longer than the one before.
const GROWTH: u32 = 4;

/// Asks `count` questions, some at a time, until all are answered. With `anytime`, in rounds: in each, every question that is still
/// open gets the same slice of time, more in each round, and the last one all that is left; so a question costs the others at
/// most what they were given as well. Where there is no longer time to give all of them more than before, only the first are
/// asked again. Ends early when the budget does.
///
/// `ask` is given the open questions by number, and what makes the budget of one; it says which stay open.
pub fn in_rounds(
    count: usize,
    options: &Options,
    budget: &Budget,
    mut ask: impl FnMut(&[usize], &(dyn Fn() -> Budget + Sync)) -> Result<Vec<usize>, AnalysisError>,
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
        open = ask(&open, &|| {
            let budget = budget.clone();
            if is_limited {
                budget.with_time_limit(slice)
            } else {
                budget
            }
        })?;
        open.extend(waiting);
        if budget.check().is_err() {
            break;
        }
        previous = slice;
        slice = slice.saturating_mul(GROWTH);
    }
    Ok(())
}
