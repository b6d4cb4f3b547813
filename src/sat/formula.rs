//! Formulas in conjunctive normal form.

use std::ops::Not;

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
}

impl Formula {
    /// The formula without variables and clauses, which is true.
    pub fn new() -> Self {
        Self::default()
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
        if !is_tautology {
            self.clauses.push(clause);
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
