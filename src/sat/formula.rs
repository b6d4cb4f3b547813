//! Formulas in conjunctive normal form.

use std::ops::Not;

use crate::budget::{Budget, Stop};

/// So many clauses are added before it is looked again whether there is time for more.
const CLAUSES_PER_LOOK: usize = 4_096;

/// A variable or its negation, as in DIMACS: variables count from 1, a negative number negates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lit(i32);

impl Lit {
    pub(super) fn from_dimacs(number: i32) -> Self {
        debug_assert_ne!(number, 0);
        Lit(number)
    }

    pub(super) fn dimacs(self) -> i32 {
        self.0
    }

    /// The index of the variable, counted from 0.
    pub(super) fn variable(self) -> usize {
        self.0.unsigned_abs() as usize - 1
    }

    pub(super) fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// An index for per-literal vectors: two per variable.
    pub(super) fn index(self) -> usize {
        2 * self.variable() + usize::from(!self.is_positive())
    }
}

impl Not for Lit {
    type Output = Lit;
    fn not(self) -> Lit {
        Lit(-self.0)
    }
}

/// A conjunction of clauses over variables that it hands out itself.
#[derive(Debug, Clone, Default)]
pub struct Formula {
    variables: usize,
    clauses: Vec<Vec<Lit>>,
    constant: Option<Lit>,
    /// What may be spent on writing it down.
    budget: Budget,
    /// Why it was not written to its end.
    cut: Option<Stop>,
}

impl Formula {
    /// The formula without variables and clauses, which is true.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, to be written down as long as the budget lasts. What is added later is dropped, and [`Formula::whole`] says so.
    pub fn under(budget: &Budget) -> Self {
        Formula { budget: budget.clone(), ..Self::default() }
    }

    /// An error if the budget ended before it was written down: then it means nothing.
    pub fn whole(&self) -> Result<(), Stop> {
        self.cut.map_or(Ok(()), Err)
    }

    /// A new variable, as its positive literal.
    pub fn variable(&mut self) -> Lit {
        self.variables += 1;
        Lit(self.variables as i32)
    }

    /// A literal that is true in every model.
    pub fn truth(&mut self) -> Lit {
        if let Some(truth) = self.constant {
            return truth;
        }
        let truth = self.variable();
        self.clause([truth]);
        self.constant = Some(truth);
        truth
    }

    /// Demands that one of the literals is true. No literals: the formula becomes unsatisfiable. A literal said twice counts once,
    /// and a clause with a literal and its negation demands nothing.
    pub fn clause(&mut self, literals: impl IntoIterator<Item = Lit>) {
        self.demand_one_of(literals.into_iter().collect());
    }

    fn demand_one_of(&mut self, mut clause: Vec<Lit>) {
        clause.sort_unstable_by_key(|literal| literal.index());
        clause.dedup();
        let is_tautology = clause.windows(2).any(|pair| pair[0] == !pair[1]);
        if !is_tautology && self.cut.is_none() {
            self.clauses.push(clause);
            if self.clauses.len().is_multiple_of(CLAUSES_PER_LOOK) {
                self.cut = self.budget.check().err();
            }
        }
    }

    /// Demands: if `condition` is true, so is `consequence`.
    pub fn implies(&mut self, condition: Lit, consequence: Lit) {
        self.clause([!condition, consequence]);
    }

    /// The number of variables.
    pub fn variable_count(&self) -> usize {
        self.variables
    }

    /// The clauses.
    pub fn clauses(&self) -> &[Vec<Lit>] {
        &self.clauses
    }
}

/// A value for every variable of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model(pub(super) Vec<bool>);

impl Model {
    /// Whether the literal is true.
    pub fn is_true(&self, literal: Lit) -> bool {
        self.0[literal.variable()] == literal.is_positive()
    }

    /// How many of the literals are true.
    pub fn count(&self, literals: &[Lit]) -> usize {
        literals.iter().filter(|&&literal| self.is_true(literal)).count()
    }

    /// Whether every clause of the formula is true.
    pub fn satisfies(&self, formula: &Formula) -> bool {
        formula.clauses.iter().all(|clause| clause.iter().any(|&literal| self.is_true(literal)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sat::{solve, SolverError};

    #[test]
    fn what_was_not_written_to_its_end_is_not_solved() {
        let budget = Budget::unlimited().with_time_limit(Duration::ZERO);
        let mut formula = Formula::under(&budget);
        // Each clause has a model, and only all of them together have none.
        for _ in 0..CLAUSES_PER_LOOK {
            let literal = formula.variable();
            formula.clause([literal]);
        }
        let written = formula.clauses().len();
        formula.clause([]);
        assert_eq!((written, formula.clauses().len()), (CLAUSES_PER_LOOK, CLAUSES_PER_LOOK));
        assert_eq!(formula.whole(), Err(Stop::Timeout));
        assert_eq!(solve(&formula, &Budget::unlimited()), Err(SolverError::Stopped(Stop::Timeout)));
    }

    #[test]
    fn under_a_budget_that_lasts_everything_is_written() {
        let mut formula = Formula::under(&Budget::unlimited());
        for _ in 0..CLAUSES_PER_LOOK {
            let literal = formula.variable();
            formula.clause([literal]);
        }
        formula.clause([]);
        assert_eq!(solve(&formula, &Budget::unlimited()), Ok(None));
    }
}
