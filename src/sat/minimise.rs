//! The cheapest model of a formula, between bounds.
//!
//! Searches from above: each model found is examined and becomes the new best, each proof of unsatisfiability ends the search.

use super::counter::Tally;
use super::{solve, Formula, Lit, Model, SolverError};
use crate::known::Known;

/// What a model turned out to be.
pub enum Examined<W> {
    /// A solution of this cost, which may be less than the model's.
    Solution(u32, W),
    /// No solution: the formula lacks these clauses.
    Refuted(Vec<Vec<Lit>>),
}

/// Looks for the cheapest solution, until the best one known is proven to be.
///
/// `cost` counts up to what a solution has to cost less than or, if nothing limits it, up to the highest possible.
pub fn minimise<W, E: From<SolverError>>(
    formula: &mut Formula,
    cost: &Tally,
    known: &mut Known<W>,
    mut examine: impl FnMut(&Model) -> Result<Examined<W>, E>,
) -> Result<(), E> {
    let mut is_bounded_to = None;
    while !known.is_proven() {
        if let Some(limit) = known.limit().filter(|&limit| is_bounded_to != Some(limit)) {
            let reached = cost.reaches(limit as usize);
            reached.into_iter().for_each(|reached| formula.clause([!reached]));
            is_bounded_to = Some(limit);
        }
        match solve(formula, known.budget())? {
            None => known.prove(),
            Some(model) => match examine(&model)? {
                Examined::Solution(cost, solution) => known.offer(cost, solution),
                Examined::Refuted(clauses) => {
                    clauses.into_iter().for_each(|clause| formula.clause(clause));
                }
            },
        }
    }
    Ok(())
}
