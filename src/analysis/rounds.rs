//! Several answers for one budget: where bounds are welcome, one that is hard must not cost the others.

use std::time::Duration;

use super::{AnalysisError, Options};
use crate::budget::Budget;

/// What each question may take in the first round.
const FIRST_SLICE: Duration = Duration::from_millis(25);
/// By how much a round is longer than the one before.
const GROWTH: u32 = 4;

/// Asks `count` questions, some at a time, until all are answered. With `anytime`, in rounds: in each, every question that is still
/// open gets the same slice of time, more in each round, and the last one all that is left; so a question costs the others at
/// most what they were given as well. Ends early when the budget does.
///
/// `ask` is given the open questions by number, and what makes the budget of one; it says which stay open.
pub(super) fn in_rounds(
    count: usize,
    options: &Options,
    budget: &Budget,
    mut ask: impl FnMut(&[usize], &(dyn Fn() -> Budget + Sync)) -> Result<Vec<usize>, AnalysisError>,
) -> Result<(), AnalysisError> {
    let mut open: Vec<usize> = (0..count).collect();
    let mut slice = FIRST_SLICE;
    loop {
        let lanes = budget.threads().min(open.len()) as u32;
        let fair = budget.remaining().map_or(slice, |left| left * lanes / open.len() as u32);
        let limit = slice.min(fair);
        let is_limited = options.anytime && open.len() > 1;
        open = ask(&open, &|| {
            let budget = budget.clone();
            if is_limited {
                budget.with_time_limit(limit)
            } else {
                budget
            }
        })?;
        if open.is_empty() || budget.check().is_err() {
            return Ok(());
        }
        slice = slice.saturating_mul(GROWTH);
    }
}
