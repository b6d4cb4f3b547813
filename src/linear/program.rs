//! Linear inequalities over bounded whole numbers.

/// A variable of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub(super) u32);

impl Var {
    /// The variable as an index into a solution.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A sum of variables with whole coefficients that must lie between two limits.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Variables with their coefficients; no variable twice, no coefficient 0.
    pub terms: Vec<(Var, i64)>,
    pub low: i64,
    pub high: i64,
}

/// No lower limit.
pub(super) const NO_LOW: i64 = i64::MIN;
/// No upper limit.
pub(super) const NO_HIGH: i64 = i64::MAX;

/// Inequalities over variables that it hands out itself.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Per variable, its least and greatest value.
    pub(super) bounds: Vec<(i64, i64)>,
    /// Per variable: lower ranks are branched on first.
    pub(super) ranks: Vec<u8>,
    pub(super) rows: Vec<Row>,
}

impl Program {
    /// The program without variables and inequalities.
    pub fn new() -> Self {
        Self::default()
    }

    /// A new variable between two values. Variables of lower rank are branched on first.
    pub fn variable(&mut self, low: i64, high: i64, rank: u8) -> Var {
        self.bounds.push((low, high));
        self.ranks.push(rank);
        Var(self.bounds.len() as u32 - 1)
    }

    /// A new variable that is 0 or 1.
    pub fn binary(&mut self, rank: u8) -> Var {
        self.variable(0, 1, rank)
    }

    /// Demands that the sum is at least this much.
    pub fn at_least(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, low: i64) {
        self.between(terms, low, NO_HIGH);
    }

    /// Demands that the sum is at most this much.
    pub fn at_most(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, high: i64) {
        self.between(terms, NO_LOW, high);
    }

    /// The greatest value that the variable was given.
    pub fn greatest(&self, variable: Var) -> i64 {
        self.bounds[variable.index()].1
    }

    /// Demands that the sum lies between these limits, inclusive.
    pub fn between(&mut self, terms: impl IntoIterator<Item = (Var, i64)>, low: i64, high: i64) {
        self.demand(terms.into_iter().collect(), low, high);
    }

    fn demand(&mut self, mut terms: Vec<(Var, i64)>, low: i64, high: i64) {
        terms.sort_unstable();
        terms.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        terms.retain(|&(_, coefficient)| coefficient != 0);
        self.rows.push(Row { terms, low, high });
    }

    /// Whether the values satisfy all inequalities and bounds.
    pub(super) fn is_solved_by(&self, values: &[i64]) -> bool {
        let in_bounds =
            self.bounds.iter().zip(values).all(|(&(low, high), &value)| (low..=high).contains(&value));
        in_bounds
            && self.rows.iter().all(|row| {
                let sum: i64 =
                    row.terms.iter().map(|&(var, coefficient)| coefficient * values[var.index()]).sum();
                (row.low..=row.high).contains(&sum)
            })
    }
}
