//! The cheapest model of a formula, between bounds.
//!
//! Searches from above: each model found is examined and becomes the new best, each proof of unsatisfiability ends the search.

use super::counter::Unary;
use super::{solve, Formula, Lit, Model, SolverError};
use crate::budget::Budget;

/// What a model turned out to be.
pub enum Examined<W> {
    /// A solution of this cost, which may be less than the model's.
    Solution(u32, W),
    /// No solution: the formula lacks these clauses.
    Refuted(Vec<Vec<Lit>>),
}

/// A proven minimum: the cheapest solution with its cost, or none if there is no solution.
pub type Minimum<W> = Option<(u32, W)>;

/// The cheapest solution, given that none is cheaper than `lower` and, if there is one, a `known` solution.
///
/// `cost` is a tally: its i-th literal is true whenever the cost is at least i + 1. It has a literal for every cost up to
/// that of the known solution or, if none is known, up to the highest possible.
pub fn minimise<W, E: From<SolverError>>(
    formula: &mut Formula,
    cost: &Unary,
    lower: u32,
    known: Minimum<W>,
    budget: &Budget,
    mut examine: impl FnMut(&Model) -> Result<Examined<W>, E>,
) -> Result<Minimum<W>, E> {
    let mut best = known;
    let mut is_bounded_to = None;
    loop {
        if let Some((best_cost, _)) = best {
            if best_cost <= lower {
                return Ok(best);
            }
            if is_bounded_to != Some(best_cost) {
                let reached = cost.get(best_cost as usize - 1);
                reached.into_iter().for_each(|&reached| formula.clause([!reached]));
                is_bounded_to = Some(best_cost);
            }
        }
        let Some(model) = solve(formula, budget)? else {
            return Ok(best);
        };
        match examine(&model)? {
            Examined::Solution(cost, solution) => best = Some((cost, solution)),
            Examined::Refuted(clauses) => clauses.into_iter().for_each(|clause| formula.clause(clause)),
        }
    }
}
